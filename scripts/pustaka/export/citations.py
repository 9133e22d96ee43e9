"""A study's citation for reference managers: BibTeX, RIS and CSL-JSON, all from the same CSL-JSON item."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import rispy
from pybtex.bibtex.utils import split_name_list
from pybtex.database import BibliographyData, Person
from pybtex.database import Entry as BibtexEntry

from pustaka.model import Entry, Site
from pustaka.render import citeproc

#: CSL item types -> RIS reference types (RIS format specifications, "Reference types").
_RIS_TYPES = {"article-journal": "JOUR", "thesis": "THES", "book": "BOOK", "chapter": "CHAP", "report": "RPRT", "webpage": "ELEC"}


@dataclass(frozen=True)
class Download:
    """A file for readers to take: its label, its address below the root, its media type and its text."""

    label: str
    address: str
    media_type: str
    text: str


def downloads(site: Site) -> dict[str, tuple[Download, ...]]:
    """Each study's citation in every format, by slug. The names never change: `cite/KEY.bib`, `.ris`, `.json`."""
    items = {item["id"]: item for item in citeproc.csl_items(site)}
    return {study.slug: tuple(_formats(site, study.entry, items[study.entry])) for study in site.studies}


def _formats(site: Site, key: str, item: dict) -> Iterator[Download]:
    entry = site.entry[key]
    item = {name: value for name, value in item.items() if name != "keyword"}  # our own slugs
    kind = site.words.say("genres", entry.fields.get("type", ""), entry.language)  # in the work's own language
    if kind:
        item["genre"] = kind
    yield Download("BibTeX", f"cite/{key}.bib", "application/x-bibtex", bibtex(entry, kind))
    yield Download("RIS", f"cite/{key}.ris", "application/x-research-info-systems", ris([item]))
    yield Download("CSL-JSON", f"cite/{key}.json", "application/vnd.citationstyles.csl+json", csl_json([item]))


#: BibLaTeX entry types and fields -> BibTeX's (BibLaTeX manual, 2.1.2 and 2.2.5); a type that is not here becomes @misc.
_BIBTEX_TYPES = {"article": "article", "book": "book", "thesis": "mastersthesis", "unpublished": "unpublished"}
_BIBTEX_FIELDS = {"journaltitle": "journal", "location": "address", "institution": "school"}
_BIBTEX_KEPT = ("title", "volume", "number", "pages", "publisher", "doi", "url", "urldate", "isbn", "issn")


def bibtex(entry: Entry, kind: str = "") -> str:
    """An entry as classic BibTeX, in ASCII with TeX's accents; `kind` is the bracketed kind of a thesis ("Skripsi")."""
    fields = {name: entry.fields[name] for name in _BIBTEX_KEPT if name in entry.fields}
    fields |= {new: entry.fields[old] for old, new in _BIBTEX_FIELDS.items() if old in entry.fields}
    fields["title"] = f"{{{fields['title']}}}"  # classic styles would take the capitals off
    for name, value in (("year", entry.year), ("type", kind), ("language", entry.fields.get("langid"))):
        if value:
            fields[name] = value
    authors = [Person(name) for name in split_name_list(entry.fields.get("author", ""))]
    bibtex_entry = BibtexEntry(_BIBTEX_TYPES.get(entry.type, "misc"), fields, {"author": authors} if authors else {})
    return BibliographyData({entry.key: bibtex_entry}).to_string("bibtex")


def csl_json(items: Iterable[dict]) -> str:
    """CSL-JSON items as a file (CSL-JSON schema 1.0.2)."""
    return json.dumps(list(items), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def ris(items: Iterable[dict]) -> str:
    """CSL-JSON items as RIS."""
    return rispy.dumps([dict(_ris(item)) for item in items], implementation=_Ris).lstrip()


class _Ris(rispy.RisWriter):
    """RIS without the number that rispy puts above each reference."""

    def set_header(self, count):
        return ""


def _ris(item: dict) -> Iterator[tuple[str, object]]:
    yield "type_of_reference", _RIS_TYPES.get(item["type"], "GEN")
    yield "id", item["id"]
    if names := [_ris_name(name) for name in item.get("author", ())]:
        yield "authors", names
    for tag, field in _RIS_FIELDS:
        if value := item.get(field):
            yield tag, value
    if parts := item.get("issued", {}).get("date-parts"):
        yield "year", str(parts[0][0])
    if pages := item.get("page"):
        first, _, last = pages.partition("-")
        yield "start_page", first
        if last:
            yield "end_page", last.lstrip("-")
    if url := item.get("URL") or (f"https://doi.org/{item['DOI']}" if "DOI" in item else ""):
        yield "urls", [url]


_RIS_FIELDS = (
    ("title", "title"),
    ("secondary_title", "container-title"),
    ("volume", "volume"),
    ("number", "issue"),
    ("doi", "DOI"),
    ("publisher", "publisher"),
    ("language", "language"),
    ("type_of_work", "genre"),
)


def _ris_name(name: dict) -> str:
    """ "Family, Given"; a one-word or corporate name stays whole."""
    return name.get("literal") or ", ".join(filter(None, (name.get("family"), name.get("given"))))
