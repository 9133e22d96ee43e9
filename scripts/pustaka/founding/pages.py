"""What stays of a page when studies are taken away: all that neither cites a work nor leads to what goes.

Pages keep what is general apart from what they say of a study: each paragraph, item of a list, table and block is one or the other.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from markdown_it import MarkdownIt

from pustaka.markdown import named_blocks
from pustaka.model import Page, Site

_COMMONMARK = MarkdownIt("commonmark").enable("table").disable("inline")
_LINK = re.compile(r"\]\((?P<path>[^()\s#]*\.md)?(?:#(?P<id>[\w-]+))?[^()]*\)")
_HEADING = re.compile(r"(#+) .*\{#(?P<id>[\w-]+)\}\s*$")
_BLOCK_END = re.compile(r" {0,3}/{3,}\s*$")
#: Kinds of tokens that are kept or dropped as a whole.
_WHOLE = frozenset({"paragraph_open", "table_open", "blockquote_open", "html_block", "fence", "code_block"})


class _Unit(NamedTuple):
    """Lines of a page that stay or go together, from `first` to before `last`, counted from 0; `depth` is that of a list's item, from 1."""

    first: int
    last: int
    depth: int = 0


def names_of_studies(site: Site) -> frozenset[str]:
    """The names of the pages that tell of studies: the studies' own, and those of which every section cites a work."""
    told = {page.name for page in site.pages if site.study_of(page)}
    return frozenset(told | {page.name for page in site.pages if page.language and _only_cites(page)})


def _only_cites(page: Page) -> bool:
    sections = [section for section in page.sections if section.level]
    return bool(sections) and all(any(True for _ in section.citations) for section in sections)


def kept(site: Site, gone: Collection[str], languages: Collection[str]) -> dict[str, str]:
    """The pages that stay, by their path, without what cites a work or leads to what goes.

    Args:
        gone: the names of the pages that go.
        languages: those that stay.
    """
    pages = {page.path: page for page in site.pages if page.name not in gone and (page.language in languages or not page.language)}
    texts = {path: page.source.text for path, page in pages.items()}
    citing = {path: {group.place.line - 1 for group in page.groups} for path, page in pages.items()}
    texts = {path: _without(text, lambda first, last, path=path: any(first <= line < last for line in citing[path])) for path, text in texts.items()}
    while True:  # until no link leads to what went in the round before
        there = {path: set(_ids(text)) for path, text in texts.items()}
        lost = {path: _lost(site, page, there) for path, page in pages.items()}
        shorter = {path: _without(text, _leads(text, lost[path])) for path, text in texts.items()}
        if shorter == texts:
            return texts
        texts = shorter


def _ids(text: str) -> Iterator[str]:
    return (heading["id"] for line in text.split("\n") if (heading := _HEADING.match(line)))


def _lost(site: Site, page: Page, there: dict[str, set[str]]) -> Callable[[re.Match], bool]:
    """Tells of a link whether it leads to a page, or to a heading, that is no longer there."""
    folder = posixpath.dirname(page.path)

    def leads_nowhere(link: re.Match) -> bool:
        target = posixpath.normpath(posixpath.join(folder, link["path"])) if link["path"] else page.path
        before = site.page_at.get(target)
        if before is None:
            return False
        return target not in there or (link["id"] in set(_ids(before.source.text)) and link["id"] not in there[target])

    return leads_nowhere


def _leads(text: str, lost: Callable[[re.Match], bool]) -> Callable[[int, int], bool]:
    lines = text.split("\n")
    return lambda first, last: any(lost(link) for link in _LINK.finditer("\n".join(lines[first:last])))


def _without(text: str, goes: Callable[[int, int], bool]) -> str:
    """A page's text without the units that `goes` names by their lines, without what introduced them, and without headings left empty."""
    lines = text.split("\n")
    units = list(_units(lines))
    dropped: set[int] = set()
    for unit in units:
        own = set(range(unit.first, unit.last))
        for inner in units:
            if unit.depth and inner.depth > unit.depth and unit.first < inner.first < unit.last:
                own -= set(range(inner.first, inner.last))  # an item's items stand for themselves
        if any(goes(line, line + 1) for line in own):
            dropped |= set(range(unit.first, unit.last))
    dropped |= _introductions(lines, units, dropped)
    left = [line for number, line in enumerate(lines) if number not in dropped]
    return _tidy(_without_empty_sections(left))


def _introductions(lines: list[str], units: list[_Unit], dropped: set[int]) -> set[int]:
    """The lines of paragraphs that end with a colon and lose the list that they introduce; an item that loses its own ends as a sentence."""
    found: set[int] = set()
    tops = [unit for unit in units if unit.depth < 2]
    for unit, after in pairwise(tops):
        items = []
        for each in tops[tops.index(after) :]:
            if not each.depth or (items and _is_apart(lines, items[-1], each)):
                break
            items.append(each)
        if items and not unit.depth and lines[unit.last - 1].rstrip().endswith(":") and all(item.first in dropped for item in items):
            found |= set(range(unit.first, unit.last))
    for unit in units:
        nested = [each for each in units if each.depth == unit.depth + 1 and unit.depth and unit.first < each.first < unit.last]
        if nested and unit.first not in dropped and all(each.first in dropped for each in nested):
            last = nested[0].first - 1
            lines[last] = re.sub(r":\s*$", ".", lines[last])
    return found


def _is_apart(lines: list[str], one: _Unit, other: _Unit) -> bool:
    """Whether two items belong to different lists: something other than blank lines stands between them."""
    return any(line.strip() for line in lines[one.last : other.first])


def _units(lines: list[str]) -> Iterator[_Unit]:
    """The units of a page, in its order; a block `/// name` is one."""
    text = "\n".join(lines)
    start = next((number + 1 for number, line in enumerate(lines) if number and line.rstrip() == "---"), 0) if lines[0].rstrip() == "---" else 0
    blocks = list(_blocks(text, lines))
    outside = ["" if number < start or any(b.first <= number < b.last for b in blocks) else line for number, line in enumerate(lines)]
    depth, found = 0, list(blocks)
    for token in _COMMONMARK.parse("\n".join(outside)):
        depth += (token.type == "list_item_open") - (token.type == "list_item_close")
        if token.type == "list_item_open":
            found.append(_Unit(*_trimmed(outside, *token.map), depth))
        elif not depth and token.type in _WHOLE and token.level == 0:
            found.append(_Unit(*token.map))
    yield from sorted(found)


def _trimmed(lines: list[str], first: int, last: int) -> tuple[int, int]:
    while last > first + 1 and not lines[last - 1].strip():
        last -= 1
    return first, last


def _blocks(text: str, lines: list[str]) -> Iterator[_Unit]:
    """The outermost blocks `/// name`, with the line that closes them."""
    opened = [number for number, _ in named_blocks(text)]
    end = 0
    for first in opened:
        if first < end:
            continue
        depth = 0
        for number in range(first, len(lines)):
            depth += (number in opened) - bool(_BLOCK_END.match(lines[number]))
            if not depth:
                end = number + 1
                yield _Unit(first, end)
                break


def _without_empty_sections(lines: list[str]) -> list[str]:
    """Take out headings with nothing below them, from the last up, so that a section of empty sections goes too."""
    left: list[str] = []
    fence = False
    fenced = []
    for line in lines:
        fence ^= line.lstrip().startswith("```")
        fenced.append(fence)
    below, level = False, 0  # whether text stands below; the level of the nearest heading that stays
    for line, in_code in zip(reversed(lines), reversed(fenced), strict=True):
        heading = None if in_code else re.match(r"(#{1,6}) ", line)
        if heading and not below and not len(heading[1]) < level:
            continue
        if heading:
            below, level = False, len(heading[1])
        below = below or (bool(line.strip()) and not heading)
        left.append(line)
    return left[::-1]


def _tidy(lines: list[str]) -> str:
    """One blank line where several were left, and a line feed at the end."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip("\n") + "\n"
