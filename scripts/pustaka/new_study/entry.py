"""A BibLaTeX entry in the manner of the house, in its place in references.bib; every other byte of the file stays."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pustaka.bib import Bibliography
from pustaka.model import Entry
from pustaka.names import fold
from pustaka.registry import doi_of

#: The order in which fields stand; any other follows before the last three.
_ORDER = (
    "author editor translator title subtitle titleaddon type booktitle booksubtitle journaltitle eventtitle organization institution publisher"
    " location series edition version volume volumes number chapter pages eid pagetotal date origdate eprint eprinttype eprintclass doi url urldate"
    " isbn issn note"
).split()
_LAST = ("options", "langid", "keywords")

HEADER = "% Every work that the site cites, once, sorted by key.\n"


def written(key: str, kind: str, fields: Mapping[str, str]) -> str:
    """The text of an entry: a field a line, in order, the equals signs below one another."""
    names = [name for name in _ORDER if fields.get(name)]
    names += sorted(name for name in fields if fields[name] and name not in _ORDER and name not in _LAST)
    names += [name for name in _LAST if fields.get(name)]
    width = max(map(len, names))
    return "".join((f"@{kind}{{{key},\n", *(f"  {name:<{width}} = {{{fields[name]}}},\n" for name in names), "}\n"))


def read(text: str, path: str) -> list[Entry]:
    """The entries of a .bib text; what is wrong with it is others' business."""
    bibliography = Bibliography(lambda place, message: None)
    bibliography.read(text, path)
    return bibliography.entries


def placed(text: str, entry: str, key: str, path: str) -> str:
    """The text of a .bib with an entry more: behind the last one whose key comes before its own, a line apart."""
    end = "\r\n" if "\r\n" in text else "\n"
    entry = entry.replace("\n", end)
    there = read(text, path)
    before = [each for each in there if each.key.casefold() < key.casefold()]
    if before:
        position = max(each.span[1] for each in before)
        rest = text[position:]
        return f"{text[:position]}{end}{end}{entry.rstrip()}{rest if rest.strip() or rest else end}"
    if there:
        position = _with_comments_above(text, min(each.span[0] for each in there))
        return f"{text[:position]}{entry}{end}{text[position:]}"
    return f"{text.rstrip()}{end}{end}{entry}" if text.strip() else f"{HEADER}\n{entry}"


def _with_comments_above(text: str, position: int) -> int:
    """Where the comments begin that stand right above an entry; where they are the file's first lines, they are the file's, and stay above."""
    above, lines = position, text[:position].splitlines(keepends=True)
    while lines and lines[-1].lstrip().startswith("%"):
        above -= len(lines.pop())
    return above if lines else position


def with_keyword(text: str, entry: Entry, slug: str) -> str:
    """The text of a .bib in which an entry of it carries one keyword more."""
    keywords = entry.field("keywords")
    if keywords is None:
        last = entry.span[1] - 1  # the closing brace
        head = text[: entry.span[0]] + text[entry.span[0] : last].rstrip().rstrip(",")
        return f"{head},\n  keywords = {{{slug}}},\n{text[last:]}"
    position = keywords.value_end - 1  # before the mark around it
    begin = ", " if keywords.value.strip() else ""
    return f"{text[:position]}{begin}{slug}{text[position:]}"


def same_work(entries: Iterable[Entry], fields: Mapping[str, str]) -> Entry | None:
    """The entry of the same work: of the same DOI, or else of the same title and year."""
    entries = list(entries)
    doi = doi_of(Entry("", "", fields, None))
    title, year = fold(_letters(fields.get("title", ""))), fields.get("date", "")[:4]
    if doi and (found := next((entry for entry in entries if doi_of(entry) == doi), None)):
        return found
    alike = (entry for entry in entries if title and fold(_letters(entry.fields.get("title", ""))) == title and entry.year == year)
    return next((entry for entry in alike if not (doi and doi_of(entry))), None)  # of two DOIs there are two works


def _letters(text: str) -> str:
    return re.sub(r"\\[a-z]+|[{}\\]", "", text)


def key_for(fields: Mapping[str, str], taken: Iterable[str]) -> str:
    """The key of the house, "sari2020", "sari-nd" without a year; with a letter behind it where it is taken. "" where there is no author."""
    entry = Entry("", "", fields, None)
    if not entry.authors:
        return ""
    first = fold(entry.authors[0].partition(",")[0])
    family = first.encode("ascii", "ignore").decode()[:24]
    key = f"{family}{entry.year}" if entry.year.isdigit() else f"{family}-nd"
    used = {each.casefold() for each in taken}
    return next(each for each in (key, *(f"{key}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"), f"{key}-new") if each.casefold() not in used)
