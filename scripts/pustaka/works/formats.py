"""The file formats in which reference managers take a work, and lists of works: each is one function from works to text."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import latexcodec  # noqa: F401  registers the codec "ulatex"
import yaml

from pustaka.works import Name, Work


@dataclass(frozen=True)
class Download:
    """A file for readers to take: its label, its address below the root, its media type and its text."""

    label: str
    address: str
    media_type: str
    text: str


@dataclass(frozen=True)
class Format:
    """A file format: its name, how its files are named, its media type, and what makes it of works, and of the page that lists them.

    A file's name is what is added to a stem, or, where the format prescribes one, that in a folder.
    """

    label: str
    suffix: str
    media_type: str
    written: Callable[[Sequence[Work], Work | None], str]
    prescribed: bool = False


def downloads(stem: str, folder: str, works: Sequence[Work], listing: Work | None = None) -> tuple[Download, ...]:
    """Works in every format. The names never change: STEM.bib, STEM.ris, … and FOLDER/CITATION.cff.

    Args:
        stem: the files' address below the site's root, without what the format adds.
        folder: where files stand whose name is prescribed, with a slash at its end.
        listing: where the works are a list: the page that shows it.
    """
    named = ((format, (folder if format.prescribed else stem) + format.suffix) for format in FORMATS)
    return tuple(Download(format.label, address, format.media_type, format.written(works, listing)) for format, address in named)


# -- BibTeX and BibLaTeX ---------------------------------------------------------------------------------------------

#: BibLaTeX entry types and fields -> BibTeX's (BibLaTeX manual, 2.1.2 and 2.2.5); a type that is not here becomes @misc.
_BIBTEX_TYPES = {
    **dict.fromkeys(("article", "book", "unpublished", "manual", "inbook", "incollection", "inproceedings", "proceedings"), ""),
    "collection": "book",
    "report": "techreport",
}
_THESES = {"phdthesis": "phdthesis"}  # by the kind of thesis; any other kind is a master's to BibTeX, which knows two
_BIBTEX_FIELDS = {"journaltitle": "journal", "location": "address"}
_BIBTEX_KEPT = "author editor title volume number pages publisher series edition note eprint doi url urldate isbn issn booktitle chapter".split()
#: What BibTeX calls the body behind a work, by the entry's type (btxdoc, 3.1).
_BODY = {"thesis": "school", "report": "institution", "online": "howpublished", "misc": "howpublished"}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def bibtex(works: Iterable[Work], listing: Work | None = None) -> str:
    """Works as classic BibTeX, in ASCII with TeX's accents."""
    return "\n".join(_bibtex(work) for work in works)


def _accent(match: re.Match) -> str:
    """A letter beyond ASCII as TeX writes it, in braces, so that BibTeX takes it for one letter; itself where TeX has none."""
    written = codecs.encode(match.group(), "ulatex", "keep")
    return f"{{{written}}}" if "\\" in written else written


def _bibtex(work: Work) -> str:
    entry = work.entry
    fields = {name: entry.fields[name] for name in _BIBTEX_KEPT if name in entry.fields}
    fields |= {new: entry.fields[old] for old, new in _BIBTEX_FIELDS.items() if old in entry.fields}
    if "title" in fields:
        fields["title"] = f"{{{fields['title']}}}"  # classic styles would take the capitals off
    if body := entry.fields.get("institution") or entry.fields.get("organization"):
        fields[_BODY.get(entry.type, "organization")] = body
    stated = [(name, str(part)) for name, part in zip(("year", "month", "day"), work.issued, strict=False)]
    fields |= {name: _MONTHS[int(part) - 1] if name == "month" else part for name, part in stated}
    if work.type == "thesis" and (kind := work.text("genre")):
        fields["type"] = kind
    for name, value in (("language", entry.fields.get("langid")), ("copyright", work.licence)):
        if value:
            fields[name] = value
    kind = _THESES.get(entry.fields.get("type", ""), "mastersthesis") if entry.type == "thesis" else _BIBTEX_TYPES.get(entry.type, "misc")
    return _entry(kind or entry.type, work.key, {name: _NOT_ASCII.sub(_accent, value) for name, value in fields.items()})


def _entry(kind: str, key: str, fields: Mapping[str, str]) -> str:
    return f"@{kind}{{{key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"


def biblatex(works: Iterable[Work], listing: Work | None = None) -> str:
    """Works as BibLaTeX, their entries field by field; the slugs of our studies are left out."""
    return "\n".join(_biblatex(work) for work in works)


def _biblatex(work: Work) -> str:
    return _entry(work.entry.type, work.key, {name: value for name, value in work.entry.fields.items() if name != "keywords"})


# -- Tagged lines: RIS and refer -------------------------------------------------------------------------------------

#: CSL item types -> RIS reference types (RIS format specifications, "Reference types") and EndNote's (EndNote, "Export: refer").
_TAGGED_TYPES = {
    "article-journal": ("JOUR", "Journal Article"),
    "thesis": ("THES", "Thesis"),
    "book": ("BOOK", "Book"),
    "chapter": ("CHAP", "Book Section"),
    "paper-conference": ("CPAPER", "Conference Paper"),
    "report": ("RPRT", "Report"),
    "webpage": ("ELEC", "Web Page"),
    **dict.fromkeys(("manuscript", "speech"), ("MANSCPT", "Unpublished Work")),  # Zotero takes UNPB for an article
    "dataset": ("DATA", "Dataset"),
}
_OTHER_TYPE = ("GEN", "Generic")


def _line(text: str) -> str:
    """A value on one line: a line break would begin another field."""
    return " ".join(text.split())


def _tagged(name: Name) -> str:
    """ "Family, Given"; a comma at its end tells EndNote, and whoever reads as it does, that a body's name is one name."""
    return f"{name.body}," if name.body else name.inverted


def ris(works: Iterable[Work], listing: Work | None = None) -> str:
    """Works as RIS (RIS format specifications, Research Information Systems, 2011)."""
    return "\n".join("".join(f"{tag}  - {_line(value)}\n" for tag, value in _ris(work)) + "ER  - \n" for work in works)


def _ris(work: Work) -> Iterator[tuple[str, str]]:
    yield "TY", _TAGGED_TYPES.get(work.type, _OTHER_TYPE)[0]
    yield "ID", work.key
    yield from (("AU", _tagged(name)) for name in work.authors)
    yield from (("A2", _tagged(name)) for name in work.editors)
    first, last = work.pages
    values = (
        ("TI", work.text("title")),
        ("T2", work.text("container-title")),
        ("PY", str(work.issued[0]) if work.issued else ""),
        ("DA", "/".join(f"{part:02}" for part in work.issued) if len(work.issued) > 1 else ""),
        ("VL", work.text("volume")),
        ("IS", work.text("issue")),
        ("SP", first),
        ("EP", last),
        ("ET", work.text("edition")),
        ("PB", work.text("publisher")),
        ("CY", work.text("publisher-place")),
        ("SN", work.text("ISBN") or work.text("ISSN")),
        ("DO", work.text("DOI")),
        ("UR", work.address),
        ("Y2", "/".join(f"{part:02}" for part in work.accessed)),
        ("LA", work.text("language")),
        ("M3", work.text("genre")),
    )
    yield from ((tag, value) for tag, value in values if value)


def endnote(works: Iterable[Work], listing: Work | None = None) -> str:
    """Works as EndNote's tagged format, which refer brought up (refer(1); EndNote, "EndNote Import")."""
    return "\n".join("".join(f"%{tag} {_line(value)}\n" for tag, value in _endnote(work)) for work in works)


def _endnote(work: Work) -> Iterator[tuple[str, str]]:
    yield "0", _TAGGED_TYPES.get(work.type, _OTHER_TYPE)[1]
    yield from (("A", _tagged(name)) for name in work.authors)
    yield from (("E", _tagged(name)) for name in work.editors)
    container = "J" if work.type == "article-journal" else "B"
    values = (
        ("T", work.text("title")),
        (container, work.text("container-title")),
        ("D", str(work.issued[0]) if work.issued else ""),
        ("8", "-".join(f"{part:02}" for part in work.issued) if len(work.issued) > 1 else ""),
        ("V", work.text("volume")),
        ("N", work.text("issue")),
        ("P", "-".join(filter(None, work.pages))),
        ("7", work.text("edition")),
        ("I", work.text("publisher")),
        ("C", work.text("publisher-place")),
        ("@", work.text("ISBN") or work.text("ISSN")),
        ("R", work.text("DOI")),
        ("U", work.address),
        ("G", work.text("language")),
        ("9", work.text("genre")),
        ("F", work.key),
    )
    yield from ((tag, value) for tag, value in values if value)


# -- CSL-JSON and CFF ------------------------------------------------------------------------------------------------


def csl_json(works: Iterable[Work], listing: Work | None = None) -> str:
    """Works as CSL-JSON (CSL-JSON schema 1.0.2)."""
    return json.dumps([work.item for work in works], ensure_ascii=False, indent=2, sort_keys=True) + "\n"


#: CSL item types -> CFF reference types (Citation File Format 1.2.0, "definitions.reference.type").
_CFF_TYPES = {
    "article-journal": "article",
    "thesis": "thesis",
    "book": "book",
    "chapter": "book",
    "paper-conference": "conference-paper",
    "report": "report",
    "webpage": "website",
    "manuscript": "unpublished",
    "dataset": "data",
}
#: What the whole of a CITATION.cff says of the work that it prefers to be cited; a dataset, for CFF has only that beside software.
_CFF_TOP = ("title", "authors", "doi", "url", "license")


def cff(works: Sequence[Work], listing: Work | None = None) -> str:
    """A work as a CITATION.cff with that work as `preferred-citation`; of a list the works as `references` (Citation File Format 1.2.0)."""
    described = [dict(_cff(work)) for work in works]
    main = dict(_cff(listing or works[0]))
    file = {"cff-version": "1.2.0", "message": "If you use this work, please cite it as below.", "type": "dataset"}
    if listing:
        file["message"] = "This is a list of works: cite the one that you use."
    file |= {name: main[name] for name in _CFF_TOP if name in main}
    file |= {"references": described} if listing else {"preferred-citation": main}
    return yaml.dump(file, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # by libyaml, where it is
    """YAML without anchors, which people and simple programs read."""

    def ignore_aliases(self, data):
        return True


def _cff(work: Work) -> Iterator[tuple[str, object]]:
    yield "type", _CFF_TYPES.get(work.type, "generic")
    yield "title", work.text("title")
    yield "authors", [_cff_name(name) for name in work.authors] or [{"name": "anonymous"}]
    if work.editors:
        yield "editors", [_cff_name(name) for name in work.editors]
    first, last = work.pages
    for name, value in (
        ("journal" if work.type == "article-journal" else "collection-title", work.text("container-title")),
        ("volume", work.text("volume")),
        ("issue", work.text("issue")),
        ("start", first),
        ("end", last),
        ("doi", work.text("DOI")),
        ("url", work.address if work.address.startswith("http") else ""),
        ("isbn", work.text("ISBN")),
        ("issn", work.text("ISSN")),
        ("version", work.text("version")),
        ("license", "" if work.licence.startswith("LicenseRef-") else work.licence),  # CFF takes those in SPDX's list
        ("thesis-type", work.text("genre") if work.type == "thesis" else ""),
    ):
        if value:
            yield name, value
    for name, part in zip(("year", "month"), work.issued, strict=False):
        yield name, part
    if len(work.issued) == 3:
        yield "date-published", "-".join(f"{part:02}" for part in work.issued)
    if language := work.text("language"):
        yield "languages", [language]
    if body := work.text("publisher"):
        yield ("institution" if work.type in ("thesis", "report") else "publisher"), {"name": body}


def _cff_name(name: Name) -> dict[str, str]:
    if name.body:
        return {"name": name.body}
    parts = {"family-names": name.family, "given-names": name.given, "orcid": name.orcid}
    return {part: value for part, value in parts.items() if value}


#: Every format that is offered; the first is shown first.
FORMATS = (
    Format("BibTeX", ".bib", "application/x-bibtex", bibtex),
    Format("BibLaTeX", ".biblatex.bib", "text/x-bibtex", biblatex),
    Format("RIS", ".ris", "application/x-research-info-systems", ris),
    Format("EndNote", ".enw", "application/x-endnote-refer", endnote),
    Format("CSL-JSON", ".json", "application/vnd.citationstyles.csl+json", csl_json),
    Format("CFF", "CITATION.cff", "application/yaml", cff, prescribed=True),
)
