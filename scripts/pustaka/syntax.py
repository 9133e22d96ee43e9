"""The citation syntax in running text: what this site's pages use of pandoc's, and the whole of it for papers from anywhere.

    [@key]   [@key, hlm. 35]   [lihat @a; @b, bag. d]   [-@key]   @key   @key [hlm. 35]

`\\@` is an at sign. An e-mail address, a link's text and whatever stands in code is no citation; the caller masks code.
Grammar: Pandoc User's Guide, "Citation syntax".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pustaka.model import Citation, CitationGroup, Locator, Message, Place, say

#: What may stand between the braces of `{{ name }}`; with "study" at its end it is of the page's study.
LISTINGS = frozenset(
    (
        *("studies", "bibliography", "glossary", "rules", "rule", "offline", "search", "topics", "licence", "contact"),
        *("reference-list study", "errata study", "citation-report study"),
    )
)

#: (label, words that carry it): which words open a locator, in every language.
Labels = tuple[tuple[str, tuple[str, ...]], ...]


def labels_from(words: Mapping[str, Mapping[str, list[str]]]) -> Labels:
    """The locator labels of all languages, from the `locators` group of terms.yml."""
    return tuple((label, tuple(word for forms in by_language.values() for word in forms)) for label, by_language in words.items())


@dataclass(frozen=True)
class Syntax:
    """How citations are written: patterns for a bracket, for a bare key, and for what is meant as one of them."""

    at: re.Pattern
    bracket: re.Pattern
    narrative: re.Pattern
    unreadable: re.Pattern
    item: re.Pattern


def _syntax(key: str, not_after: str, pandoc: bool) -> Syntax:
    """`key` is the pattern of a key, `not_after` what may not stand before an at sign; `pandoc` takes all that pandoc takes."""

    def begins(mark: str, *more: str) -> str:
        """The mark, if nothing stands before it that may not; looked for behind it, so that the search leaps from mark to mark."""
        return mark + "".join(rf"(?<!{before}{mark})" for before in (*not_after.split(" "), *more))

    full_stop = r"(?<!(?<!\.\.)\.@)" if pandoc else ""  # three of them are an ellipsis
    # what a bracket holds: no bracket but one in a locator or a note
    inside = r"[^\[\]]*+(?:\[[^\[\]@]*+\][^\[\]]*+)*"
    # On the site a link's text holds no citation; in a paper it holds keys but no group, as do a picture's and an inline note.
    bracket, no_link = (r"\[(?<![!^]\[)", r"(?![({])") if pandoc else (r"\[", r"(?![(\[])")
    bare = begins("@") + full_stop if pandoc else begins("@", r"\[")
    suppressed = begins("-@") if pandoc else begins("-@", r"\[")
    return Syntax(
        at=re.compile(rf"{begins('@')}{full_stop}(?P<key>{key})"),
        bracket=re.compile(rf"{bracket}(?=[^\[\]]*?(?<![^\W_])(?<!\\)-?@)(?P<inside>{inside})\]{no_link}"),
        narrative=re.compile(
            rf"(?:{bare}|(?P<minus>{suppressed if pandoc else '(?!)'}))(?P<key>{key})(?:\s\[(?P<rest>[^\[\]@;]+(?:;[^\[\]]*)?)\](?![(\[]))?"
        ),
        unreadable=re.compile(
            # the group is never given back: a second @ cannot close the bracket either
            rf"(?P<open>\[)(?<!\\\[)(?>[^\[\]]*?(?<![\w\\])-?@(?:{key}))[^\[\]]*+(?=\[|\Z){'' if pandoc else f'|{suppressed}(?:{key})'}"
        ),
        item=re.compile(rf"^(?P<prefix>.*?)(?P<minus>-?){begins('@')}(?P<key>{key})(?P<rest>.*)$", re.DOTALL),
    )


_WORD = r"[\w]"
#: The syntax of this site's pages.
SITE = _syntax(rf"{_WORD}(?:{_WORD}|[:.#$%&+?<>~/-](?={_WORD}))*", r"[\w@\\./+]", pandoc=False)
#: Pandoc's own, for papers: also `-@key` without a bracket, `@{key}`, a key that is an address, and `@*` for all works.
PANDOC = _syntax(
    rf"{_WORD}(?:{_WORD}|[:.#$%&+?<>~/-](?={_WORD})|[:/](?=/))*|\*|\{{[^{{}}\s]+\}}",
    r"[^\W_] [@\\] [^\W_][*_] [^\W_][*_][*_]",  # a word, also at the end of its emphasis
    pandoc=True,
)

_PAGES = re.compile(r"[A-Za-z]?\d[\w]*(?:\s?[-–—]+\s?[A-Za-z]?\d[\w]*)?(?:,\s?\d+(?:\s?[-–—]+\s?\d+)?)*|[ivxlcdm]+(?:[-–][ivxlcdm]+)?\b")


# -- What is no citation -----------------------------------------------------------------------------------------

_MAY_OPEN = re.compile(r"[`<$\\{]|\]\(|://")
_SITE_OPENS = re.compile(r"(?P<code>`+)|(?P<comment><!--)|(?P<link>!?\[[^\[\]@]*@[^\[\]]*+\]\([^()]*\))|(?P<address><(?=[^<>\s]+@[^<>\s])[^<>\s]++>)")
_PANDOC_OPENS = re.compile(
    r"(?P<backslash>\\\\)|(?P<code>`+)(?P<raw>)|(?P<comment><!--)"
    r"|(?P<math>\$\$|\$(?=\S))"
    r"|(?P<shortcode>\{\{[<%])"
    r"|(?P<tex>\\[A-Za-z]+\*?(?=\s?\[|\{))"
    r"|(?P<link_target>(?<=\])\(\s*+[^()\s]++(?:\([^()]*+\)[^()\s]*+)*(?:\s++[\"'(][^()]*+\)?)?\s*+\))"
    r"|(?P<attributes>(?<!@)\{(?=\s*(?:[#.][\w:-]|[\w:-]+=|=\w|-))[^{}]*+\})"
    r"|(?P<tag></?[A-Za-z][\w:-]*+(?:\s[^<>]*+)?/?>)|(?P<address><(?=[^<>\s]+[@:][^<>\s])[^<>\s]++>)"
    r"|(?P<url>(?<![\w@{])(?:https?|ftp)://[^\s<>\[\])]++)"
)


def mask_code(text: str) -> str:
    """The text of a site's page with code spans, comments and the texts of links blanked out, every position kept."""
    return _mask(text, _SITE_OPENS)


def mask_for_pandoc(text: str) -> str:
    """The text of a paper with all that pandoc reads as something else than words blanked out, every position kept:
    code, comments, raw TeX, formulas, HTML tags, attributes, Quarto's shortcodes, and addresses."""
    return _mask(text, _PANDOC_OPENS)


#: Of these the opening mark stays: a bracket before it is the text of a link or a span.
_KEPT_OPEN = frozenset({"link_target", "attributes"})


def _mask(text: str, opens: re.Pattern) -> str:
    if not _MAY_OPEN.search(text):
        return text
    out, position, done, looked_at = [], 0, 0, 0
    none_before: dict[str, int] = {}  # up to where a closing mark was looked for in vain: once, or time grows with the square
    while match := opens.search(text, position):
        kind = match.lastgroup if match.lastgroup != "raw" else "code"
        position = match.end()
        if _escaped(text, match.start(), looked_at):
            looked_at = position = match.start() + 1
            continue
        looked_at = match.start() + 1
        end = _END.get(kind, lambda text, match, none_before: match.end())(text, match, none_before)
        if end is None:
            continue
        start = match.start() + (kind in _KEPT_OPEN)
        out += text[done:start], re.sub(r"[^\n]", " ", text[start:end])
        position = done = end
    return "".join((*out, text[done:]))


def _escaped(text: str, position: int, start: int) -> bool:
    """Whether an odd number of backslashes stands before the position, none of them before `start`."""
    first = position
    while first > start and text[first - 1] == "\\":
        first -= 1
    return (position - first) % 2 == 1


def _after(text: str, mark: str, position: int, none_before: dict[str, int]) -> int | None:
    """Behind the next `mark`, or None."""
    if position >= none_before.get(mark, 0):
        found = text.find(mark, position)
        if found >= 0:
            return found + len(mark)
        none_before[mark] = len(text) + 1
    return None


def _code_end(text: str, match: re.Match, none_before: dict[str, int]) -> int | None:
    ticks = match["code"]
    if match.end() >= none_before.get(ticks, 0):
        for closing in _TICKS.finditer(text, match.end()):
            if closing.group() == ticks:
                return closing.end()
        none_before[ticks] = len(text) + 1
    return None


def _math_end(text: str, match: re.Match, none_before: dict[str, int]) -> int | None:
    """A formula ends at a dollar sign that follows no space and precedes no digit; it holds no empty line."""
    mark, position = match["math"], match.end()
    if position < none_before.get(mark, 0):
        return None
    paragraph = text.find("\n\n", position)
    paragraph = len(text) if paragraph < 0 else paragraph
    while 0 <= (found := text.find(mark, position)) < paragraph:
        end = found + len(mark)
        if mark == "$$" or (text[found - 1] not in " \t\n\\" and not text[end : end + 1].isdigit()):
            return end
        position = end
    none_before[mark] = paragraph
    return None


def _tex_end(text: str, match: re.Match, none_before: dict[str, int]) -> int | None:
    """A TeX command ends behind its last argument; an environment behind its `\\end`."""
    if match["tex"] == "\\begin" and (name := _ENVIRONMENT.match(text, match.end())):
        return _after(text, f"\\end{{{name[1]}}}", name.end(), none_before)
    return _ARGUMENTS.match(text, match.end()).end()


#: A line that asks for a list made from the data.
LISTING = re.compile(r"^\{\{[ \t]*(?P<request>.*?)[ \t]*\}\}[ \t]*$", re.MULTILINE)

_TICKS = re.compile(r"`+")
_ENVIRONMENT = re.compile(r"\{([A-Za-z]+\*?)\}")
# an option stands before the arguments: a bracket behind them is a citation
_ARGUMENTS = re.compile(r"(?:\s?\[[^\[\]\n]*+\])*(?:\{[^{}]*+(?:\{[^{}]*+(?:\{[^{}]*+\}[^{}]*+)*\}[^{}]*+)*\})*")
_END = {
    "code": _code_end,
    "comment": lambda text, match, none_before: _after(text, "-->", match.end(), none_before),
    "math": _math_end,
    "shortcode": lambda text, match, none_before: _after(text, "}}", match.end(), none_before),
    "tex": _tex_end,
}

# -- What is one -------------------------------------------------------------------------------------------------


def find_groups(text: str, place_at: Callable[[int], Place], labels: Labels, syntax: Syntax = SITE) -> Iterator[tuple[int, int, CitationGroup]]:
    """The citation groups in a text whose code is masked: (start, end, group), in order.

    `place_at` turns an offset into a place. What is meant as a citation but cannot be read has a `fault`.
    """
    readers = {syntax.bracket: read_bracket, syntax.narrative: read_narrative, syntax.unreadable: read_unreadable}
    following = {pattern: pattern.search(text) for pattern in readers}
    while found := [match for match in following.values() if match]:
        match = min(found, key=re.Match.start)
        yield match.start(), match.end(), readers[match.re](match, place_at, labels, syntax)
        for other in found:
            if other.start() < match.end():
                following[other.re] = other.re.search(text, match.end())


def read_bracket(match: re.Match, place_at: Callable[[int], Place], labels: Labels, syntax: Syntax = SITE) -> CitationGroup:
    """The group that a match of `Syntax.bracket` holds."""
    citations, fault = _items(match["inside"], match.start("inside"), place_at, labels, syntax)
    return CitationGroup(tuple(citations), place_at(match.start()), match.group(), fault=fault)


def _items(inside: str, start: int, place_at: Callable[[int], Place], labels: Labels, syntax: Syntax) -> tuple[list[Citation], Message | None]:
    """What stands between semicolons: the citations, those too of which a part cannot be read, and what is wrong."""
    citations: list[Citation] = []
    fault = None
    for part in inside.split(";"):
        item = syntax.item.match(part)
        more = list(syntax.at.finditer(item["rest"])) if item else []
        if item is None:
            words = part.strip()
            fault = say("“{part}” holds no @key", part=words) if words else say("there is nothing between two semicolons")
        else:
            if more:
                fault = say("“{part}” holds two keys: part them with a semicolon", part=part.strip())
            locator, suffix = parse_locator(item["rest"], labels) if not more else (None, item["rest"])
            place = place_at(start + item.start("key") - 1)
            citations.append(Citation(_bare(item["key"]), place, item["prefix"].strip(), locator, suffix, author=not item["minus"]))
            citations += (Citation(_bare(other["key"]), place_at(start + item.start("rest") + other.start())) for other in more)
        start += len(part) + 1
    return citations, fault


def _bare(key: str) -> str:
    """`{key}` without its braces."""
    return key[1:-1] if key.startswith("{") else key


def read_narrative(match: re.Match, place_at: Callable[[int], Place], labels: Labels, syntax: Syntax = SITE) -> CitationGroup:
    """The group that a match of `Syntax.narrative` holds."""
    first, semicolon, others = (match["rest"] or "").partition(";")
    locator, suffix = parse_locator("," + first, labels)
    citation = Citation(_bare(match["key"]), place_at(match.start()), "", locator, suffix, author=not match["minus"])
    more, fault = _items(others, match.start("rest") + len(first) + 1, place_at, labels, syntax) if semicolon else ([], None)
    return CitationGroup((citation, *more), place_at(match.start()), match.group(), narrative=not match["minus"], fault=fault)


def read_unreadable(match: re.Match, place_at: Callable[[int], Place], labels: Labels, syntax: Syntax = SITE) -> CitationGroup:
    """The group that a match of `Syntax.unreadable` stands for: its keys, and what is wrong with it."""
    raw = match.group().rstrip()
    citations = (Citation(_bare(key["key"]), place_at(match.start() + key.start())) for key in syntax.at.finditer(raw))
    if match["open"]:
        fault = say("its bracket is not closed: end it with “]”")
    else:
        fault = say("without its author a work is cited in a bracket: write “[{raw}]”", raw=raw)
    return CitationGroup(tuple(citations), place_at(match.start()), raw, fault=fault)


def parse_locator(text: str, labels: Labels) -> tuple[Locator | None, str]:
    """What follows a key -> (locator, suffix): ", hlm. 35 dan catatan" is page "35" with the suffix "dan catatan".

    A section's name is as long as the text, up to another label (", par. 5"). Page numbers without a label are pages.
    """
    text = " ".join(text.split()).removeprefix(",").strip()
    if not text:
        return None, ""
    if text.startswith("{") and text.endswith("}"):  # [@key, {pp. iv, vi}] is all locator
        text = text[1:-1]
    pattern = _label_pattern(labels)
    parts: list[tuple[str, str]] = []
    written: list[str] = []
    while match := pattern.match(text):
        label = next(name for name, words in labels if match.group("label").lower() in words)
        text = text[match.end() :]
        if label == "section":
            following = re.search(rf",\s*(?={pattern.pattern})", text, re.IGNORECASE)
            value, text = (text[: following.start()], text[following.end() :]) if following else (text, "")
        else:
            numbers = _PAGES.match(text)
            if label == "page" and not numbers and not pattern.match(text):  # [@key, p value] names no page
                text = match.group() + text
                break
            value = numbers.group() if numbers else text.split(",")[0]
            text = text[len(value) :].lstrip(", ")
        parts.append((label, value.strip()))
        written.append(match.group("label"))
    if not parts and (numbers := _PAGES.match(text)) and text[0].isdigit():
        parts.append(("page", numbers.group()))
        written.append("")
        text = text[numbers.end() :].lstrip(", ")
    return (Locator(tuple(parts), tuple(written)) if parts else None), text.strip()


@lru_cache
def _label_pattern(labels: Labels) -> re.Pattern:
    """Matches any label at the start of a text, the longest first."""
    words = sorted((word for _, forms in labels for word in forms), key=len, reverse=True)
    return re.compile(rf"(?P<label>{'|'.join(map(re.escape, words))})(?:(?<=\.)|(?!\w))\s*:?\s*(?=\S)", re.IGNORECASE)
