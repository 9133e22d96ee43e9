"""A reference as APA 7 prints it, read back field by field, and compared with what it ought to say.

    (Sari & Putra, 2020) Sari, D., & Putra, A. (2020). Kebun Bersama. Jurnal Contoh, 3(1), 11–20. https://doi.org/10.5555/contoh

APA 7 sections 9.4 (the elements of a reference), 9.8 (authors), 9.25 (volume, issue, pages), 9.35 (DOI).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

from pustaka.model import Entry, Message, Study, say

_IN_TEXT = re.compile(r"^\((?P<in_text>[^()]+,[^(),]+)\)\s*")
_AUTHOR_AND_YEAR = re.compile(r"^(?P<author>.+?)\s*\((?P<year>[^()]*)\)\.?\s*")
_DOI = re.compile(r"\s*(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(?P<doi>\S+?)\.?$", re.IGNORECASE)
_NUMBERS = re.compile(r",\s*(?P<volume>\d+)\s*(?:\((?P<issue>[^()]+)\))?(?:,\s*(?P<pages>[^,]+?))?\.?$")
_KIND = re.compile(r"\s*\[[^\[\]]*\]\.?\s*")  # [Skripsi]
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")

#: Marks that no reference style prints; an address may hold any of them.
_STRAY = re.compile(r"(?P<address>https?://\S+|10\.\d+/\S+)|[_*|~^#\\{}<>=]+|([.,;:])\2+")


@dataclass(frozen=True)
class Reference:
    """What a reference says; "" where it says nothing. `in_text` is the "(Author, year)" that may stand before it."""

    in_text: str = ""
    author: str = ""
    year: str = ""
    title: str = ""
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""


def of_entry(entry: Entry) -> Reference:
    """What a reference to an entry must say."""
    title = ": ".join(filter(None, (entry.text("title"), entry.text("subtitle"))))
    names = entry.authors if len(entry.authors) <= 20 else (*entry.authors[:19], entry.authors[-1])  # APA 7, 9.8
    reference = Reference(author="; ".join(names), year=entry.year, title=title, doi=entry.text("doi"))
    if not (journal := entry.text("journaltitle") or entry.text("journal")):
        return reference
    numbers = (entry.text("volume"), entry.text("number") or entry.text("issue"), entry.text("pages").replace("--", "–"))
    return Reference("", reference.author, reference.year, title, journal, *numbers, reference.doi)


def read(text: str, journal: str = "") -> Reference:
    """What a printed reference says. `journal`, where it is known, tells the dots in its name from ends of sentences."""
    found: dict[str, str] = {}

    def cut(pattern: re.Pattern, text: str) -> str:
        match = pattern.search(text)
        found.update({name: value for name, value in match.groupdict().items() if value} if match else {})
        return text[: match.start()] + text[match.end() :] if match else text

    text = cut(_IN_TEXT, " ".join(text.split()))
    text = cut(_AUTHOR_AND_YEAR, cut(_DOI, text))
    text = cut(_NUMBERS, text)
    title, container = _title_and_container(text, journal, numbered="volume" in found)
    year = re.search(r"\d{4}", found.get("year", ""))
    return Reference(**found | {"year": year.group() if year else "", "title": title, "journal": container})


def without_slips(study: Study) -> str:
    """The string that a study's source prints of itself, each recorded slip taken out once."""
    text = study.printed
    for slip in study.slips:
        text = text.replace(slip, "", 1)
    return text


def stray_marks(text: str) -> list[str]:
    """The marks in a printed reference that no style prints."""
    return [match.group() for match in _STRAY.finditer(text) if not match["address"]]


def printed_by(study: Study, due: Reference) -> Reference:
    """What a study's source says of itself, slips and stray marks apart; `due` is what its entry says."""
    return read(_STRAY.sub(lambda match: match["address"] or "", without_slips(study)), due.journal)


def _title_and_container(text: str, journal: str, numbered: bool) -> tuple[str, str]:
    """A title may hold dots: before volume and pages the last sentence is the journal, else the first one is the title."""
    if journal and text.casefold().rstrip(". ").endswith(journal.casefold()):
        start = len(text.rstrip(". ")) - len(journal)
        return text[:start].rstrip(". "), text[start:].rstrip(". ")
    ends = [match.span() for match in _KIND.finditer(text)] or [match.span() for match in _SENTENCE_END.finditer(text)]
    if not ends:
        return text.rstrip(". "), ""
    start, end = ends[-1] if numbered else ends[0]
    return text[:start].rstrip(". "), text[end:].rstrip(". ")


def disagreements(stated: Reference, due: Reference) -> Iterator[tuple[str, str, str]]:
    """(field, what is stated, what is due) for each field in which two references differ.

    A work without a journal has no volume, issue or pages in its reference, and what follows its title is its publisher.
    """
    for name, said, wanted in zip((field.name for field in fields(Reference)), astuple(stated), astuple(due), strict=True):
        if name == "in_text" or (not due.journal and name in ("journal", "volume", "issue", "pages")):
            continue
        if not _AGREES.get(name, _same_words)(said, wanted):
            yield name, said, wanted


#: The names of the fields of a `Reference` in messages.
_NAMES = {
    "author": say("author"),
    "year": say("year"),
    "title": say("title"),
    "journal": say("journal"),
    "volume": say("volume"),
    "issue": say("issue"),
    "pages": say("pages"),
    "doi": say("DOI"),
}


def says(field: str, value: str) -> Message:
    """A field in a message: "has the year “2020”", "has no DOI"."""
    if value:
        return say("has the {field} “{value}”", field=_NAMES[field], value=value)
    return say("has no {field}", field=_NAMES[field])


def fits_in_text(in_text: str, due: Reference) -> bool:
    """Whether "(Sari & Putra, 2020)" begins with the first author's family name and ends with the year."""
    family = _words(re.split(r"[,;]", due.author)[0])
    words = _words(in_text)
    return words[: len(family)] == family and (not due.year or words[-1].startswith(due.year))


def _words(text: str) -> list[str]:
    return re.sub(r"\W+", " ", text.casefold()).split()


def _same_words(one: str, other: str) -> bool:
    """The same words: capitals, dashes and quotation marks are a matter of style."""
    return _words(one) == _words(other)


def _same_names(one: str, other: str) -> bool:
    """The same names in the same order; an initial stands for any name that it begins."""
    names = [[word for word in _words(text) if word not in ("and", "dan")] for text in (one, other)]
    if len(names[0]) != len(names[1]):
        return False
    return all(a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in zip(*names, strict=True))


def _same_doi(one: str, other: str) -> bool:
    """Letter case does not tell two DOIs apart (DOI Handbook, “General Characteristics of the DOI Syntax”)."""
    return one.casefold() == other.casefold()


_AGREES = {"author": _same_names, "doi": _same_doi}
