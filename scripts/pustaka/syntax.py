"""The citation syntax in running text: mkdocs-bibtex's (a part of pandoc's), with `-@key` and the narrative `@key`.

    [@key]   [@key, hlm. 35]   [lihat @a; @b, bag. d]   [-@key]   @key   @key [hlm. 35]

`\\@` is an at sign. An e-mail address, a link's text and whatever stands in code is no citation; the caller masks code.
Grammar: Pandoc User's Guide, "Citation syntax".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from pustaka.model import Citation, CitationGroup, Locator, Place

_KEY = r"[\w](?:[\w]|[:.#$%&+?<>~/-](?=\w))*"
_AT = rf"(?<![\w@\\./+-])@(?P<key>{_KEY})"
BRACKET = re.compile(r"\[(?P<inside>[^\[\]]*?(?<![\w\\])-?@[^\[\]]*)\](?![(\[])")
NARRATIVE = re.compile(rf"(?<![\w@\\.\[/+-])@(?P<key>{_KEY})(?:\s\[(?P<rest>[^\[\]@]+)\](?![(\[]))?")
#: A bracket that is not closed, or a bare `-@key`: meant as a citation, and printed as it stands.
UNREADABLE = re.compile(rf"(?<!\\)(?P<open>\[)[^\[\]]*?(?<![\w\\])-?@{_KEY}[^\[\]]*(?=\[|\Z)|(?<![\w@\\.\[/+-])-@{_KEY}")
_ITEM = re.compile(rf"^(?P<prefix>.*?)(?P<minus>-?)(?<![\w@\\./+])@(?P<key>{_KEY})(?P<rest>.*)$", re.DOTALL)
_CODE = re.compile(
    r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"  # code span
    r"|<!--.*?-->"  # comment
    r"|!?\[[^\[\]]*@[^\[\]]*\]\([^)]*\)"  # link or image whose text holds an at sign
    r"|<[^<>\s]+@[^<>\s]+>",  # autolink
    re.DOTALL,
)
_PAGES = re.compile(r"[A-Za-z]?\d[\w]*(?:\s?[-–—]+\s?[A-Za-z]?\d[\w]*)?(?:,\s?\d+(?:\s?[-–—]+\s?\d+)?)*|[ivxlcdm]+(?:[-–][ivxlcdm]+)?\b")

#: (label, words that carry it): which words open a locator, in every language.
Labels = tuple[tuple[str, tuple[str, ...]], ...]


def labels_from(words: Mapping[str, Mapping[str, list[str]]]) -> Labels:
    """The locator labels of all languages, from the `locators` group of terms.yml."""
    return tuple((label, tuple(word for forms in by_language.values() for word in forms)) for label, by_language in words.items())


def mask_code(text: str) -> str:
    """The text with code spans, comments and the texts of links blanked out, every position kept."""
    return _CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def find_groups(text: str, place_at: Callable[[int], Place], labels: Labels) -> Iterator[tuple[int, int, CitationGroup]]:
    """The citation groups in a text whose code is masked: (start, end, group), in order.

    `place_at` turns an offset into a place. What is meant as a citation but cannot be read has a `fault`.
    """
    readers = {BRACKET: read_bracket, NARRATIVE: read_narrative, UNREADABLE: read_unreadable}
    following = {pattern: pattern.search(text) for pattern in readers}
    while found := [match for match in following.values() if match]:
        match = min(found, key=re.Match.start)
        yield match.start(), match.end(), readers[match.re](match, place_at, labels)
        for other in found:
            if other.start() < match.end():
                following[other.re] = other.re.search(text, match.end())


def read_bracket(match: re.Match, place_at: Callable[[int], Place], labels: Labels) -> CitationGroup:
    """The group that a match of `BRACKET` holds."""
    citations, fault, start = [], "", match.start("inside")
    for part in match.group("inside").split(";"):
        item = _ITEM.match(part)
        if item is None:
            fault = f"“{part.strip()}” holds no @key" if part.strip() else "there is nothing between two semicolons"
        elif re.search(_AT, item.group("rest")):
            fault = f"“{part.strip()}” holds two keys: part them with a semicolon"
        else:
            locator, suffix = parse_locator(item.group("rest"), labels)
            place = place_at(start + item.start("key") - 1)
            prefix = item.group("prefix").strip()
            citations.append(Citation(item.group("key"), place, prefix, locator, suffix, author=not item.group("minus")))
        start += len(part) + 1
    return CitationGroup(tuple(citations), place_at(match.start()), match.group(), fault=fault)


def read_narrative(match: re.Match, place_at: Callable[[int], Place], labels: Labels) -> CitationGroup:
    """The group that a match of `NARRATIVE` holds."""
    locator, suffix = parse_locator("," + (match.group("rest") or ""), labels)
    citation = Citation(match.group("key"), place_at(match.start()), "", locator, suffix)
    return CitationGroup((citation,), place_at(match.start()), match.group(), narrative=True)


def read_unreadable(match: re.Match, place_at: Callable[[int], Place], labels: Labels) -> CitationGroup:
    """The group, without citations, that a match of `UNREADABLE` stands for."""
    raw = match.group().rstrip()
    fault = "its bracket is not closed: end it with “]”" if match["open"] else f"without its author a work is cited in a bracket: write “[{raw}]”"
    return CitationGroup((), place_at(match.start()), raw, fault=fault)


def parse_locator(text: str, labels: Labels) -> tuple[Locator | None, str]:
    """What follows a key -> (locator, suffix): ", hlm. 35 dan catatan" is page "35" with the suffix "dan catatan".

    A section's name is as long as the text, up to another label (", par. 5"). Page numbers without a label are pages.
    """
    text = " ".join(text.split()).removeprefix(",").strip()
    pattern = _label_pattern(labels)
    parts: list[tuple[str, str]] = []
    while match := pattern.match(text):
        label = next(name for name, words in labels if match.group("label").lower() in words)
        text = text[match.end() :]
        if label == "section":
            following = re.search(rf",\s*(?={pattern.pattern})", text, re.IGNORECASE)
            value, text = (text[: following.start()], text[following.end() :]) if following else (text, "")
        else:
            numbers = _PAGES.match(text)
            value = numbers.group() if numbers else text.split(",")[0]
            text = text[len(value) :].lstrip(", ")
        parts.append((label, value.strip()))
    if not parts and (numbers := _PAGES.match(text)) and text[0].isdigit():
        parts.append(("page", numbers.group()))
        text = text[numbers.end() :].lstrip(", ")
    return (Locator(tuple(parts)) if parts else None), text.strip()


@lru_cache
def _label_pattern(labels: Labels) -> re.Pattern:
    """Matches any label at the start of a text, the longest first."""
    words = sorted((word for _, forms in labels for word in forms), key=len, reverse=True)
    return re.compile(rf"(?P<label>{'|'.join(map(re.escape, words))})(?<=[.\w])(?!\w)\s*(?=\S)", re.IGNORECASE)
