"""Findings that the text itself sets aside, each with a reason.

    <!-- pustaka: ignore P204 P203, the words are our own -->   in Markdown: the block that it stands in; on a line of its
                                                                own, the block or heading that follows
    <!-- pustaka: ignore-page P204, every page asks questions --> in Markdown, anywhere: the whole page
    <!-- pustaka: write … -->                                   is none: see `prompts`
    % pustaka: ignore E312, the source prints it so             in .bib: the entry that it stands in or right above
    pustaka-ignore = {E312, the source prints it so},           in .bib: the entry whose field it is

Without a reason nothing is set aside. What stands in code is no suppression.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pustaka.model import Abbreviation, Block, Entry, Finding, Page, Place, Site, Source

#: What every suppression begins with.
_NAME = "pustaka"

#: The field of an entry that holds a suppression.
FIELD = "pustaka-ignore"

_COMMAND = re.compile(r"\s*+(?P<verb>[\w-]*+)(?P<codes>(?:[\s,]++[A-Za-z]\d{3}\b)*)[\s,:;–—-]*+(?P<reason>.*)", re.DOTALL)
_OPENING = re.compile(r"\\[\\`<]|`++|<!--")
_IN_COMMENT = re.compile(r"\s*+pustaka:")
#: A comment that sets nothing aside, but asks whoever writes the page for something: see `prompts`.
PROMPT = re.compile(r"\s*+pustaka:\s*+write\b[\s,:;–—-]*+(?P<what>.*)", re.DOTALL)
_IN_BIB = re.compile(r"%++[ \t]*+pustaka:(?P<words>[^\n]*+)")

_NOTHING, _EVERYTHING = (0, 0), (1, 0)


@dataclass(frozen=True)
class Suppression:
    """A place where the text sets findings aside.

    `verb` is "ignore" or "ignore-page", or whatever else is written there and means nothing. `lines` are the first and
    the last of those that it covers; no line where nothing follows it.
    """

    place: Place
    verb: str
    codes: tuple[str, ...]
    reason: str
    lines: tuple[int, int] = _NOTHING

    @property
    def counts(self) -> bool:
        """Whether it sets anything aside: it must be understood, and give a reason."""
        return self.verb in ("ignore", "ignore-page") and bool(self.reason)


class Outcome(NamedTuple):
    """What became of the findings: those that are left, those set aside with the reason, and the suppressions themselves.

    `idle` are those, each with a code, that set nothing aside although the code's rule was asked.
    """

    left: tuple[Finding, ...] = ()
    suppressed: tuple[tuple[Finding, str], ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    idle: tuple[tuple[Suppression, str], ...] = ()


def apply(findings: Iterable[Finding], site: Site, asked: Collection[str]) -> Outcome:
    """Set aside what the texts of a site say is to be set aside.

    Args:
        findings: what the rules found.
        site: its pages and entries hold the suppressions.
        asked: the codes of the rules that were run. A suppression of any other cannot be said to be idle.
    """
    suppressions = tuple(in_site(site))
    cover = _Cover(suppressions)
    left, suppressed, used = [], [], set()
    for finding in findings:
        suppression = cover.of(finding)
        if suppression is None:
            left.append(finding)
        else:
            suppressed.append((finding, suppression.reason))
            used.add((suppression.place, finding.code))
    idle = tuple(
        (suppression, code)
        for suppression in suppressions
        if suppression.counts
        for code in suppression.codes
        if code in asked and (suppression.place, code) not in used
    )
    return Outcome(tuple(left), tuple(suppressed), suppressions, idle)


def in_site(site: Site) -> Iterator[Suppression]:
    """All suppressions of a site, in the order of its pages and files."""
    for page in site.pages:
        if page.source is None or _NAME in page.source.text:
            yield from in_page(page)
    sources = {entry.source.path: entry.source for entry in site.entries if entry.source}
    entries: dict[str, list[Entry]] = {path: [] for path, source in sources.items() if _NAME in source.text.lower()}
    for entry in site.entries:
        if entry.source and entry.source.path in entries:
            entries[entry.source.path].append(entry)
    for path, listed in entries.items():
        yield from in_bibliography(listed[0].source, listed, [abbreviation for abbreviation in site.abbreviations if abbreviation.place.path == path])


class _Cover:
    """Finds the suppression that covers a finding; of several, the first."""

    def __init__(self, suppressions: Iterable[Suppression]):
        self.by_code: dict[tuple[str, tuple[int, int], str], Suppression] = {}
        spans: dict[str, set[tuple[int, int]]] = {}
        for suppression in suppressions:
            if suppression.counts and suppression.lines != _NOTHING:
                path = suppression.place.path
                spans.setdefault(path, set()).add(suppression.lines)
                for code in suppression.codes:
                    self.by_code.setdefault((path, suppression.lines, code), suppression)
        self.pieces = {path: _Pieces(those - {_EVERYTHING}) for path, those in spans.items()}

    def of(self, finding: Finding) -> Suppression | None:
        path = finding.place.path
        if finding.code.startswith("F") or path not in self.pieces:  # what cannot be read cannot be set aside
            return None
        piece = self.pieces[path].at(finding.place.line)
        return self.by_code.get((path, piece, finding.code)) or self.by_code.get((path, _EVERYTHING, finding.code))


class _Pieces:
    """The pieces of a file that can be covered, none reaching into another: (first line, last line)."""

    def __init__(self, spans: Iterable[tuple[int, int]]):
        self.spans = sorted(spans)
        self.starts = [first for first, _ in self.spans]

    def at(self, line: int) -> tuple[int, int]:
        """The piece that a line belongs to."""
        number = bisect_right(self.starts, line) - 1
        return self.spans[number] if number >= 0 and line <= self.spans[number][1] else _NOTHING

    def after(self, line: int) -> tuple[int, int]:
        """The piece that follows a line."""
        number = bisect_right(self.starts, line)
        return self.spans[number] if number < len(self.spans) else _NOTHING


def _read(words: str, place: Place, lines: tuple[int, int]) -> Suppression:
    """What stands behind `pustaka:`."""
    command = _COMMAND.match(words)
    verb = command["verb"]
    codes = tuple(dict.fromkeys(re.split(r"[\s,]+", command["codes"].lstrip(" ,\t\n")))) if command["codes"] else ()
    reason = " ".join(command["reason"].split())
    reason = reason if re.search(r"[^\W\d_]", reason) else ""
    return Suppression(place, verb, codes, reason, _EVERYTHING if verb == "ignore-page" else lines)


# -- Markdown -------------------------------------------------------------------------------------------------------


def in_page(page: Page) -> Iterator[Suppression]:
    """The suppressions of a page: its comments that begin with `pustaka:`."""
    commented = [block for block in page.blocks if "<!--" in block.text and block.kind not in ("code", "metadata")]
    found = [(block, list(comments(block.text))) for block in commented]
    places = {block.place for block in page.blocks}
    headings = [section for section in page.sections if section.level and section.place not in places]  # a paper's are blocks as well
    alone = {block.place for block, those in found if block.kind == "html" and _is_nothing_else(block, those)}
    pieces = _Pieces(
        {(block.place.line, block.place.line + block.text.count("\n")) for block in page.blocks if block.place not in alone}
        | {(section.place.line, section.place.line) for section in headings}
    )
    for block, those in found:
        for offset, words in those:
            if (mark := _IN_COMMENT.match(words)) and not PROMPT.match(words):
                place = block.place.after(block.text[:offset])
                lines = pieces.after(place.line) if block.place in alone else pieces.at(place.line)
                yield _read(words[mark.end() :], place, lines)
    for section in headings:
        for _, words in comments(section.title):
            if mark := _IN_COMMENT.match(words):
                yield _read(words[mark.end() :], section.place, pieces.at(section.place.line))


def _is_nothing_else(block: Block, those: list[tuple[int, str]]) -> bool:
    """Whether a block holds comments and nothing else."""
    return len(re.sub(r"\s+", "", block.text)) == sum(len(re.sub(r"\s+", "", words)) + len("<!---->") for _, words in those)


def comments(text: str) -> Iterator[tuple[int, str]]:
    """The HTML comments in Markdown, outside code: (where it opens, what it says).

    Source: CommonMark 0.31.2, "Code spans" and "Raw HTML". One that is never closed is none.
    """
    ends: dict[int, list[int]] = {}  # of the runs of backticks, by their length: a run ends a span that a run as long opened
    for run in re.finditer(r"`++", text):
        ends.setdefault(len(run.group()), []).append(run.end())
    position = 0
    while opening := _OPENING.search(text, position):
        position = opening.end()
        if opening.group() == "<!--":
            end = text.find("-->", position)
            if end < 0:
                return
            yield opening.start(), text[position:end]
            position = end + len("-->")
        elif opening.group()[0] == "`":
            closing = ends.get(len(opening.group()), [])
            number = bisect_right(closing, position)
            position = closing[number] if number < len(closing) else position


# -- BibLaTeX -------------------------------------------------------------------------------------------------------


def in_bibliography(source: Source, entries: Iterable[Entry], abbreviations: Iterable[Abbreviation] = ()) -> Iterator[Suppression]:
    """The suppressions of a .bib file, in whose `source` the entries and abbreviations stand: comments and fields."""
    entries = tuple(entries)
    spans = {(entry.place.line, source.place(entry.span[1]).line) for entry in entries}
    pieces = _Pieces(spans | {(abbreviation.place.line, abbreviation.place.line) for abbreviation in abbreviations})
    above = _above(source.text.split("\n"), pieces)
    values = sorted((written.value_start, written.value_end) for entry in entries for written in entry.written)
    starts = [start for start, _ in values]
    for comment in _IN_BIB.finditer(source.text):
        value = bisect_left(starts, comment.start()) - 1
        if value >= 0 and comment.start() < values[value][1]:
            continue  # a percent sign in a value is no comment
        place = source.place(comment.start())
        yield _read(comment["words"], place, above.get(place.line) or pieces.at(place.line))
    for entry in entries:
        for written in entry.written:
            if written.name.lower() == FIELD:
                place = source.place(written.start)
                yield _read(f"ignore {written.value}", place, pieces.at(place.line))


def _above(lines: list[str], pieces: _Pieces) -> dict[int, tuple[int, int]]:
    """The lines of comments right above a piece, with no line between."""
    above = {}
    for first, last in pieces.spans:
        line = first - 1
        while line >= 1 and lines[line - 1].lstrip().startswith("%") and line not in above:
            above[line] = (first, last)
            line -= 1
    return above
