"""What every surface must say, from the model alone: a study or any entry of the bibliography, and a page of the site.

A field that a work does not have is "", and then no surface may have it; a field that is not there at all is not judged.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import NamedTuple

import latexcodec  # noqa: F401  registers the codec "ulatex"

from pustaka.model import Entry, Message, Settings, Site, Study, say
from pustaka.surfaces import Names, Value, address, doi, name, pages, words

#: BibLaTeX entry types -> the types that are compared; others are not: formats differ too much in them (BibLaTeX manual, 2.1).
_TYPES = {
    **{same: same for same in ("article", "book", "thesis", "report")},
    **dict.fromkeys(("mastersthesis", "phdthesis"), "thesis"),
    **dict.fromkeys(("online", "www", "electronic"), "webpage"),
}
#: In which field the work is that an entry is a part of, by the entry's type; of other types it is not judged.
_CONTAINERS = {"article": ("journaltitle", "journal"), "thesis": ()}
_COMMAND = re.compile(r"\\[A-Za-z]+\s*|[{}]")


class Work(NamedTuple):
    """A work as it must be stated: what it is ("study SLUG", "entry KEY", "page"), who says so, and its fields.

    `key` is the citation key, "" of a page; `thesis` BibLaTeX' word for the kind of thesis.
    """

    subject: str
    key: str
    source: Message
    fields: Mapping[str, Value]
    thesis: str = ""


def of_entry(site: Site, entry: Entry) -> Work:
    """An entry of the bibliography; the one of a study has the licence and the ORCID iDs of the study's record."""
    study = site.study_citing(entry.key)
    kind = entry.text("type") if entry.type == "thesis" else ""
    identifiers = tuple(study.orcid[author] for author in entry.authors if author in study.orcid) if study else ()
    fields: dict[str, Value] = {
        "title": ": ".join(filter(None, (plain(entry, "title"), plain(entry, "subtitle")))),
        "authors": authors(entry),
        "orcid": " ".join(f"https://orcid.org/{identifier}" for identifier in identifiers),
        "date": entry.text("date").partition("/")[0].rstrip("~?%") or entry.text("year"),
        "doi": doi(entry.text("doi")),
        "url": address(entry.text("url")),
        "language": entry.language,
        "licence": licence(study),
        "kind": site.words.say("genres", kind, entry.language) if kind else "",
    }
    if entry.type in _CONTAINERS:
        fields["container"] = next(filter(None, (plain(entry, name) for name in _CONTAINERS[entry.type])), "")
        fields["volume"] = plain(entry, "volume")
        fields["issue"] = plain(entry, "number") or plain(entry, "issue")
        fields["pages"] = pages(plain(entry, "pages"))
    if entry.type in _TYPES:
        fields["type"] = _TYPES[entry.type]
    subject = f"study {study.slug}" if study else f"entry {entry.key}"
    return Work(subject, entry.key, say("the entry “{key}”", key=entry.key), fields, kind)


def of_page(settings: Settings, title: str, language: str, updated: str, url: str, source: Message, version: str = "") -> Work:
    """A page of the site as a thing of its own.

    Args:
        title: its title as a work: of a study's page with the study's short title.
        updated: when it was last changed (ISO 8601).
        url: its canonical address.
        source: where the page's title is written.
        version: the edition that it is of, of a study's page.
    """
    fields: dict[str, Value] = {
        "title": words(title),
        "authors": (name(settings.publisher),),
        "orcid": "",
        "date": updated,
        "container": words(settings.name),
        "volume": "",
        "issue": "",
        "pages": "",
        "doi": "",
        "url": url,
        "type": "webpage",
        "language": language,
        "licence": settings.licence,
        "kind": "",
        "version": version,
    }
    return Work("page", "", source, fields)


def licence(study: Study | None) -> str:
    """The SPDX identifier of a study's licence; "" where the source states none."""
    return study.licence if study and study.licence != "none" else ""


def authors(entry: Entry) -> Names:
    """An entry's authors; a body's name stays whole, whatever commas are in it."""
    written = entry.fields.get("author", "")
    return tuple(name(_letters(author)) if f"{{{author}}}" in written else name(*_letters(author).split(",", 1)) for author in entry.authors)


def plain(entry: Entry, field: str) -> str:
    """A field as text, without TeX."""
    return words(_letters(entry.fields.get(field, "")))


def _letters(tex: str) -> str:
    if "\\" in tex:
        tex = codecs.decode(tex, "ulatex")
    return _COMMAND.sub("", tex).replace("~", " ")
