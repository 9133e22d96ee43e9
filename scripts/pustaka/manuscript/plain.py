"""Markdown or plain text as its readers see it, of which every character still knows where it came from.

Marks of emphasis, escapes, links, HTML and line breaks are taken out: what is left is a sentence in one line.
Source of the syntax: Pandoc User's Guide, "Pandoc's Markdown".
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from pustaka.model import Place

_TARGET = r"\((?=[#/.<]|https?:|mailto:|doi:)[^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)"
_ATTRIBUTES = r"\{[#.][^{}\n]*\}"
#: The words of a link, a few of which may have attributes of their own: "[[Sari, 2020]{.underline}](#sari)", as of a word processor's links.
_LABEL = rf"[^\[\]]*(?:\[[^\[\]]*\]{_ATTRIBUTES}[^\[\]]*){{0,3}}"
#: What is not printed as it is written. `keep` is the part that stays, `space` and `dash` are replaced.
_MARK = re.compile(
    r"(?P<address>https?://(?:(?!\][({])[^\s<>*])+)"
    r"|<(?P<keep>[a-z]{3,8}:[^\s<>]*)>"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<space>\\[ \n]|[^\S\n]*<br\s?/?>\s*|[^\S\n]*\n\s*(?:>[ \t]?)*|[^\S\n]{2,}|[\t\xa0\u2007\u202f])"
    rf"|(?P<link>!?\[(?={_LABEL}\](?:{_TARGET}|{_ATTRIBUTES}))|\](?:{_TARGET}|{_ATTRIBUTES}))"
    rf"|(?P<attributes>[ ]?{_ATTRIBUTES})"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9]*(?:\s[^<>\n]*)?/?>)"
    r"|(?P<entity>&(?:[A-Za-z]{2,8}|\#\d{1,6});)"
    r"|(?P<dash>(?<!-)-{2,3}(?!-))"
    r"|(?P<emphasis>\*+|(?<![^\W_])_+(?=\S)|(?<=\S)_+(?![^\W_])|[\u00ad\u200b-\u200f\u2060\ufeff])"
)
_LINE_END = re.compile(r"\n|<br\b")
_BREAK = re.compile(r"(?:\\|  )\n|<br\b")
_FENCE = re.compile(r"(?:`{3,}|~{3,})")
_OUTSIDE = re.compile(r":{3,}.*|[-=_*]{3,}|[|+][-=:+| ]{3,}")  # fences of divs, rules, and the lines of tables
_RULER = re.compile(r"\s*-{2,}(?:[ ]+-{2,})+\s*")  # the line below the heads of a table whose columns are parted by spaces
_MOST_COLUMNS = 50  # what has more is no table
_DASHES = re.compile(r"\s*-{3,}[- ]*")
_ITEM = re.compile(r"(?:[-*•–]|\(?\d{1,3}[.)]|\[\d{1,4}\])[^\S\n]+")
_HEADING = re.compile(r"#{1,6}[^\S\n]+")
_NOTE = re.compile(r"\[\^[^\]\s]+\]:[^\S\n]*")
#: A line that says by itself that the list of references follows, whatever it is marked up with.
LIST_TITLE = re.compile(
    r"\W*(?:(?:\d{1,2}|[IVX]{1,5}|[A-Z])[.)]?\s+)?[*_]*(?:(?:daftar (?:pustaka|rujukan|referensi|acuan|kepustakaan|bacaan)|kepustakaan|"
    r"referensi|rujukan|pustaka(?: acuan)?|bibliografi|"
    r"references?(?: list| cited)?|list of references|bibliography|works cited|literature cited|literature|"
    r"sources cited)(?: ?[/|(] ?(?:references?|bibliography|daftar pustaka)\)?)?)"
    r"[*_:.\s]*(?:\{[^{}]*\})?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Source:
    """A text and where its lines begin."""

    path: str
    text: str
    starts: tuple[int, ...]

    def place(self, offset: int) -> Place:
        line = bisect_right(self.starts, offset)
        return Place(self.path, line, offset - self.starts[line - 1] + 1)


@dataclass(frozen=True)
class Passage:
    """A heading, paragraph, list item, note or line of a table. `marks` are pairs (offset in `words`, offset in the source)."""

    words: str
    source: Source
    marks: tuple[tuple[int, int], ...]
    heading: bool = False
    item: bool = False
    note: bool = False

    def place(self, offset: int = 0) -> Place:
        """Where a character of `words` stands in the source."""
        at = max(bisect_right(self.marks, (offset, len(self.source.text))) - 1, 0)
        here, there = self.marks[at]
        return self.source.place(there + offset - here)

    @property
    def line_ends(self) -> list[int]:
        """The offsets in `words` at which a line of the source ended."""
        return self._spaces_for(_LINE_END)

    @property
    def breaks(self) -> list[int]:
        """Those of the line ends, and tags, that are printed as the end of a line."""
        return self._spaces_for(_BREAK)

    def _spaces_for(self, written: re.Pattern) -> list[int]:
        """The offsets of the spaces that stand for something written so in the source."""
        ends = zip(self.marks, self.marks[1:], strict=False)
        spaces = ((here, there, beyond) for (here, there), (_, beyond) in ends if self.words[here : here + 1] == " ")
        return [here for here, there, beyond in spaces if written.search(self.source.text, there, beyond)]

    def part(self, start: int, end: int | None = None) -> Passage:
        """A part of the passage, from one offset to another."""
        words = self.words[start:end]
        first = max(bisect_right(self.marks, (start, len(self.source.text))) - 1, 0)
        marks = [(max(here - start, 0), there + max(start - here, 0)) for here, there in self.marks[first:] if here <= start + len(words)]
        return Passage(words, self.source, tuple(marks), self.heading, self.item, self.note)


def passages(text: str, path: str) -> Iterator[Passage]:
    """The passages of a text, in order. Front matter, comments and code are none."""
    text = text.replace("\r\n", " \n").replace("\r", "\n").replace("\f", "\n").replace("\0", " ")
    lines = text.split("\n")
    source = Source(path, text, (0, *accumulate(len(line) + 1 for line in lines)))
    lines = _without_code(_without_comments(_without_front_matter(text)).split("\n"))
    block: list[tuple[int, str]] = []
    cells = _cells(lines, source.starts)
    for number, (start, line) in enumerate(zip(source.starts, lines, strict=False)):
        if number in cells:
            yield from (_passage(cell, source) for cell in cells[number])
            line = ""
        bare = line.strip()
        item = _ITEM.match(bare)
        heading = _HEADING.match(bare) or (len(bare) < 80 and LIST_TITLE.fullmatch(bare))
        outside = not bare.strip("> ") or _OUTSIDE.fullmatch(bare)
        if item and bare[0] in "(0123456789" and block and not (_ITEM.match(block[0][1].strip()) or block[-1][1].rstrip().endswith((":", ";"))):
            item = None  # a line that happens to begin with the end of a bracket: "(Sari, 2020, hlm.⏎14) menulis"
        if block and (outside or heading or item or bare[0] in "|+" or _NOTE.match(bare)):
            yield _passage(block, source)
            block = []
        if not outside:
            block.append((start, line))
        if block and heading:
            yield _passage(block, source)
            block = []
    if block:
        yield _passage(block, source)


def _cells(lines: list[str], starts: tuple[int, ...]) -> dict[int, list[list[tuple[int, str]]]]:
    """The cells of the tables whose columns are parted by spaces: at the first line of each row its cells, at its others none.

    A cell is given as the lines of its row, blank but for its own column.
    Source: Pandoc User's Guide, "Extension: simple_tables", "Extension: multiline_tables".
    """
    cells: dict[int, list[list[tuple[int, str]]]] = {}
    done = 0
    for number, line in enumerate(lines):
        if number < done or not _RULER.fullmatch(line):
            continue
        begins = [match.start() for match in re.finditer("-+", line)]
        if len(begins) > _MOST_COLUMNS:
            continue
        rows, done = _rows(lines, number + 1)
        for row in rows:
            cells |= {at: [] for at in row}
            cells[row[0]] = [
                [(starts[at], " " * begin + lines[at][begin:end]) for at in row]
                for begin, end in zip(begins, [*begins[1:], None], strict=True)
                if any(lines[at][begin:end].strip() for at in row)
            ]
    return cells


def _rows(lines: list[str], start: int) -> tuple[list[list[int]], int]:
    """The rows of a table, each as the numbers of its lines, and the number after its last line.

    Where dashes close the table, a blank line parts its rows; else every line is a row, up to a blank one.
    """
    end = start
    while end < len(lines) and (not lines[end].strip() or lines[end][0] == " ") and not _DASHES.fullmatch(lines[end]):
        end += 1
    if end == len(lines) or not _DASHES.fullmatch(lines[end]):
        end = next((at for at in range(start, end) if not lines[at].strip()), end)
        return [[at] for at in range(start, end)], end
    rows: list[list[int]] = [[]]
    for at in range(start, end):
        if lines[at].strip():
            rows[-1].append(at)
        elif rows[-1]:
            rows.append([])
    return [row for row in rows if row], end + 1


def _passage(block: list[tuple[int, str]], source: Source) -> Passage:
    first = block[0][0]
    text = "\n".join(line for _, line in block)
    begin = len(text) - len(text.lstrip(" \t>"))
    heading, item, note = _HEADING.match(text, begin), _ITEM.match(text, begin), _NOTE.match(text, begin)
    begin = (heading or item or note).end() if heading or item or note else begin
    heading = heading or (len(text) < 80 and LIST_TITLE.fullmatch(text))
    words, marks, length = [], [(0, first + begin)], 0

    def add(piece: str, offset: int) -> None:
        nonlocal length
        if piece:
            marks.append((length, first + offset))
            words.append(piece)
            length += len(piece)

    at = begin
    for match in _MARK.finditer(text, begin):
        add(text[at : match.start()], at)
        if not _breaks_a_word(text, match):
            add(*_printed(match))
        at = match.end()
    add(text[at:], at)
    return Passage("".join(words).rstrip(), source, tuple(marks), bool(heading), bool(item), bool(note))


def _breaks_a_word(text: str, match: re.Match) -> bool:
    """Whether a line ends here in a hyphen between two parts of a word."""
    before = text[max(match.start() - 2, 0) : match.start()]
    return "\n" in match.group() and re.fullmatch(r"[^\W\d_]-", before) is not None and text[match.end() : match.end() + 1].isalpha()


def _printed(match: re.Match) -> tuple[str, int]:
    """What a mark prints, and where in the text that stands."""
    kind = match.lastgroup
    if kind in ("address", "keep", "escaped"):
        return match[kind], match.start(kind)
    if kind == "entity":
        return html.unescape(match.group()).replace("\xa0", " "), match.start()
    return {"space": " ", "dash": "–" if len(match.group()) == 2 else "—"}.get(kind, ""), match.start()


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without_front_matter(text: str) -> str:
    match = re.match(r"\ufeff?---[ \t]*\n", text)
    end = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE).search(text, match.end()) if match else None
    return _blank(text[: end.end()]) + text[end.end() :] if end else text


def _without_comments(text: str) -> str:
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts += [text[at:start], _blank(text[start : end + 3])]
        at = end + 3
    return "".join([*parts, text[at:]])


def _without_code(lines: list[str]) -> list[str]:
    """The lines, those of a fenced block empty. A fence that is never closed hides nothing."""
    fence, since, kept = "", 0, list(lines)
    for number, line in enumerate(lines):
        match = _FENCE.match(line.strip())
        if not match:
            continue
        if not fence:
            if "`" not in line.strip()[match.end() :]:  # else it is code within a line
                fence, since = match.group(), number
        elif match.group().startswith(fence) and match.group() == line.strip():
            kept[since : number + 1] = [""] * (number + 1 - since)
            fence = ""
    return kept
