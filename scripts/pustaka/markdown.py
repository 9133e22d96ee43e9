"""Markdown text becomes a `Page`: sections, blocks, and the citations in them, each with its place.

Two kinds of text: a page of the site, as Python-Markdown reads it (`read_page`), and a paper from anywhere in the Markdown
of pandoc, Quarto or R Markdown (`read_paper`). Where blocks begin and end is CommonMark's business in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import MappingProxyType

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from pustaka.model import Block, Page, Place, Question, Section, Source, Tell, join, say
from pustaka.syntax import PANDOC, SITE, Labels, find_groups, mask_code, mask_for_pandoc

#: Blocks (`/// note | Title`) in which the site speaks for itself and owes no citation.
OWN_VOICE = frozenset({"note", "notes", "question"})

#: The blocks that there are; mkdocs.yml has them too, for Python-Markdown.
BLOCKS = frozenset({"finding", "note", "notes", "question", "summary", "welcome"})

#: Fields of a paper's front matter in which pandoc reads citations.
CITING_FIELDS = frozenset({"abstract", "acknowledgements", "acknowledgments", "nocite", "subtitle", "thanks", "title"})

#: Reads a site's YAML: (path, text, lines above it, schema, code of its faults) -> (data, places), or None with faults told.
ReadYaml = Callable[[str, str, int, str, str], tuple[object, dict] | None]

#: Reads a paper's: (path, text, lines above it) -> (data, from where to where the value of each field goes), or None with
#: faults told.
ReadFrontMatter = Callable[[str, str, int], tuple[object, dict[str, tuple[int, int]]] | None]

_COMMONMARK = MarkdownIt("commonmark").enable("table").disable("inline")
_PANDOC = MarkdownIt("commonmark").enable("table").use(footnote_plugin).use(deflist_plugin).disable(["inline", "footnote_tail", "reference"])

_BLOCK_LINE = re.compile(r"^ {0,3}/{3,}(?:\s+(?P<name>[\w-]+))?")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_HEADING_ID = re.compile(r"(?<!\s)\s*+\{(?=[^{}]*#(?P<id>[\w:.-]+))[^{}]*+\}\s*+$")
_KINDS = {
    "paragraph_open": "paragraph",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "blockquote_open": "quote",
    "html_block": "html",
    "fence": "code",
    "code_block": "code",
}


# -- Pages of the site -------------------------------------------------------------------------------------------


def read_page(path: str, text: str, languages: tuple[str, ...], labels: Labels, read_yaml: ReadYaml, tell: Tell) -> Page:
    """A page of the site; `path` is relative to the project's root and begins with `docs/`."""
    first, _, rest = path.removeprefix("docs/").removesuffix(".md").partition("/")
    language, name = (first, rest) if first in languages else ("", path.removeprefix("docs/").removesuffix(".md"))
    name = "" if name == "index" else name.removesuffix("/index")
    meta: dict = {}
    lines = text.split("\n")
    start = 0
    if lines[0].rstrip() == "---":
        end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
        if end is None:
            tell(Place(path), "F106", say("the front matter has no closing line “---”: put one below its last field"))
        else:
            found = read_yaml(path, "\n".join(lines[1:end]), 1, "front-matter", "F106")
            meta = found[0] if found else {}
            start = end + 1
    else:
        tell(Place(path), "F106", say("the page has no front matter: begin it with “---”, title and description, “---”"))
    lines, voices, open_blocks = _without_block_lines(written := lines, start)
    for line, block in open_blocks:
        message = say("the block “/// {block}” is not closed: put a line “///” below its last line", block=block)
        tell(Place(path, line + 1), "F107", message)
    for number, line in enumerate(written[start:], start):
        block = _BLOCK_LINE.match(line) if lines[number] != line else None
        if not block or not block["name"]:
            continue
        if block["name"] not in BLOCKS:
            known = join(sorted(BLOCKS))
            tell(Place(path, number + 1), "F107", say("there is no block “/// {block}”: use one of {known}", block=block["name"], known=known))
        for _, _, group in find_groups(line, Source(path, line, number).place, labels, SITE):
            message = say("the title of the block “/// {block}” cites: put “{raw}” into the block", block=block["name"], raw=group.raw)
            tell(group.place, "F107", message)
    sections = tuple(_sections(path, lines, start, voices, labels))
    questions = tuple(_questions(path, written, lines, start, labels))
    return Page(path, language, name, MappingProxyType(meta), sections, Source(path, text), questions)


def _sections(path: str, lines: list[str], start: int, voices: dict[int, tuple[str, ...]], labels: Labels) -> Iterator[Section]:
    """The sections of a page whose Markdown begins at line `start` (counted from 0), as `_without_block_lines` leaves it."""
    heading, blocks = Section("", "", 0, Place(path, start + 1)), []
    tokens = _COMMONMARK.parse("\n".join(lines))
    for index, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        first, last = token.map
        if token.type == "heading_open":
            yield _with(heading, blocks)
            heading, blocks = _heading(tokens[index + 1].content, int(token.tag[1]), Place(path, first + 1)), []
        elif token.type in _KINDS:
            nested = [inner.map for inner in _inside(tokens, index) if inner.type in ("fence", "code_block")]
            blocks.append(_block(_KINDS[token.type], path, lines[first:last], first, nested, voices.get(first, ()), labels))
    yield _with(heading, blocks)


def _inside(tokens: list[Token], index: int) -> Iterator[Token]:
    """The tokens of what stands inside the top-level block that begins at an index."""
    for position in range(index + 1, len(tokens)):
        if not tokens[position].level:
            return
        yield tokens[position]


def _with(heading: Section, blocks: list[Block]) -> Section:
    return Section(heading.id, heading.title, heading.level, heading.place, tuple(blocks))


def _heading(title: str, level: int, place: Place) -> Section:
    identifier = _HEADING_ID.search(title)
    return Section(identifier["id"] if identifier else "", title[: identifier.start()] if identifier else title, level, place)


def _block(kind: str, path: str, lines: list[str], first: int, code: list, within: tuple[str, ...], labels: Labels) -> Block:
    for begin, end in code:
        lines[begin - first : end - first] = [""] * (end - begin)
    text = "\n".join(lines).rstrip("\n")
    if kind == "paragraph" and re.fullmatch(r"\{\{.*\}\}|\\(full_)?bibliography", text.strip()):
        kind = "listing"
    elif kind == "paragraph" and re.fullmatch(r"!\[.*\]\(figure:[\w-]+\)", text.strip(), re.DOTALL):
        kind = "figure"
    place_at = Source(path, text, first).place
    groups = () if kind in ("code", "html") else (group for _, _, group in find_groups(mask_code(text), place_at, labels, SITE))
    return Block(kind, text, place_at(0), not OWN_VOICE.isdisjoint(within), tuple(groups), within)


def _without_block_lines(lines: list[str], start: int) -> tuple[list[str], dict[int, tuple[str, ...]], list[tuple[int, str]]]:
    """Blank the front matter and the lines `/// note | Title`, their options and `///`, which CommonMark does not know.

    Returns the lines, every one at its old number; in which blocks each of them stands, the outermost first; and the blocks
    that are still open at the end, as (line counted from 0, name).
    """
    out, voices, open_blocks, fence = [""] * start, {}, [], ""
    options = False
    for number, line in enumerate(lines[start:], start):
        ticks = _FENCE.match(line)
        if ticks and (not fence or ticks[1].startswith(fence)):
            fence = "" if fence else ticks[1]
        marker = None if fence else _BLOCK_LINE.match(line)
        options = options and line.startswith("    ") and ":" in line
        if marker and marker["name"]:
            open_blocks.append((number, marker["name"]))
            options = True
        elif marker and open_blocks:
            open_blocks.pop()
        voices[number] = tuple(name for _, name in open_blocks)
        out.append("" if options or marker else line)
    return out, voices, open_blocks


def named_blocks(text: str) -> Iterator[tuple[int, str]]:
    """The blocks that open in the Markdown of a page (`/// note | Title`): the line, counted from 0, and the name."""
    fence = ""
    for number, line in enumerate(text.split("\n")):
        ticks = _FENCE.match(line)
        if ticks and (not fence or ticks[1].startswith(fence)):
            fence = "" if fence else ticks[1]
        marker = None if fence else _BLOCK_LINE.match(line)
        if marker and marker["name"]:
            yield number, marker["name"]


# -- Questions of a quiz -------------------------------------------------------------------------------------------

_QUESTION = re.compile(r" {0,3}/{3,}\s+question\b\s*(?:\|(?P<text>.*))?$")
_OPTION = re.compile(r" {0,3}[-*+]\s+\[(?P<mark>[ xX])\](?:\s+(?P<text>.*))?$")


def _questions(path: str, written: list[str], lines: list[str], start: int, labels: Labels) -> Iterator[Question]:
    """The questions of a page whose Markdown begins at line `start`, in their order.

    Args:
        written: the lines of the page.
        lines: the same as `_without_block_lines` leaves them: the line of a block is blank there, one in code is not.
    """
    number = 0
    for first in range(start, len(written)):
        head = None if lines[first].strip() else _QUESTION.match(written[first])
        if head:
            number += 1
            end = next((i for i in range(first + 1, len(written)) if not lines[i] and _BLOCK_LINE.match(written[i])), len(written))
            options, rest = _options(lines[first + 1 : end])
            explanation = Source(path, "\n".join(lines[first + 1 + rest : end]).rstrip(), first + 1 + rest)
            groups = find_groups(mask_code(explanation.text), explanation.place, labels, SITE)
            cited = tuple(group for _, _, group in groups)
            yield Question(number, (head["text"] or "").strip(), options, explanation.text.strip(), Place(path, first + 1), cited)


def _options(lines: list[str]) -> tuple[tuple[tuple[str, bool], ...], int]:
    """The options at the beginning of a question's lines, each on one line, and how many lines they take."""
    options: list[tuple[str, bool]] = []
    after_blank = False
    for number, line in enumerate(lines):
        if option := _OPTION.match(line):
            options.append(((option["text"] or "").strip(), option["mark"] != " "))
        elif line.strip() and options and (line.startswith("  ") or not after_blank):
            text, right = options[-1]
            options[-1] = (f"{text} {line.strip()}".strip(), right)
        elif line.strip():
            return tuple(options), number
        after_blank = not line.strip()
    return tuple(options), len(lines)


# -- Papers ------------------------------------------------------------------------------------------------------

_METADATA_END = re.compile(r"(?:---|\.\.\.)\s*$")
_ENVIRONMENT = re.compile(r" {0,3}\\begin\{([A-Za-z]+\*?)\}")
_EXAMPLE_LABEL = re.compile(r"^[ \t]*+\(?@(?P<label>[\w-]+)[.)]\s", re.MULTILINE)
#: HTML whose content is no text.
_VERBATIM = re.compile(r"<(pre|script|style|textarea)\b.*?(?:</\1>|\Z)", re.IGNORECASE | re.DOTALL)


def read_paper(path: str, text: str, labels: Labels, read_front_matter: ReadFrontMatter) -> Page:
    """A paper in the Markdown of pandoc, Quarto or R Markdown (Pandoc User's Guide, "Pandoc's Markdown").

    Its language is that of `lang` in its front matter, or "". Its sections have no tree: one holds everything.
    """
    source = Source(path, text)
    lines = text.split("\n")
    meta: dict = {}
    blocks: list[Block] = []
    for begin, end in _metadata(lines):
        fields = Source(path, "\n".join(lines[begin + 1 : end]), begin + 1)
        found = read_front_matter(path, fields.text, fields.above)
        if found is None or not isinstance(found[0], dict):
            continue
        meta |= {name: value for name, value in found[0].items() if name not in meta}
        blocks += _metadata_blocks(fields, found[1], labels)
        lines[begin : end + 1] = [""] * (end + 1 - begin)
    lines = _without_raw(lines)
    examples = frozenset(_EXAMPLE_LABEL.findall(text))
    sections = tuple(_paper_sections(path, lines, blocks, labels, examples))
    language = str(meta.get("lang") or "").replace("_", "-").partition("-")[0].lower()
    return Page(path, language, path, MappingProxyType(meta), sections, source)


def _metadata(lines: list[str]) -> Iterator[tuple[int, int]]:
    """The blocks of metadata: (line of the opening `---`, line of the closing one), counted from 0."""
    number = 0
    while number < len(lines):
        opens = lines[number].rstrip() == "---" and (number == 0 or not lines[number - 1].strip())
        if opens and number + 1 < len(lines) and lines[number + 1].strip():
            end = next((i for i in range(number + 1, len(lines)) if _METADATA_END.match(lines[i])), None)
            if end is None:
                return
            if number == 0 or re.match(r"[\w-]+:(\s|$)", lines[number + 1]):
                yield number, end
            number = end
        number += 1


def _metadata_blocks(fields: Source, spans: dict[str, tuple[int, int]], labels: Labels) -> Iterator[Block]:
    """The fields in which pandoc reads citations, as blocks."""
    for name, (start, end) in spans.items():
        if name.lower() in CITING_FIELDS:
            text = fields.text[start:end]
            groups = find_groups(mask_for_pandoc(text), lambda offset, start=start: fields.place(start + offset), labels, PANDOC)
            yield Block("metadata", text, fields.place(start), groups=tuple(group for _, _, group in groups))


def _without_raw(lines: list[str]) -> list[str]:
    """Blank comments and TeX environments that go over several paragraphs; CommonMark would read words in them.

    What is never closed is words after all, as pandoc reads it.
    """
    out: list[str] = []
    fence, until, opened = "", "", 0
    for number, line in enumerate(lines):
        ticks = None if until else _FENCE.match(line)
        if ticks and not fence:
            fence, line, opened = ticks[1], ticks.group(), number  # R Markdown's options may hold what ends a fence in CommonMark
        elif ticks and ticks[1].startswith(fence):
            fence = ""
        if not fence and not until:
            comment = line.rfind("<!--")
            if environment := _ENVIRONMENT.match(line):
                until, opened = f"\\end{{{environment[1]}}}", number
            elif comment >= 0 and "-->" not in line[comment:] and "`<!--" not in line:
                until, opened = "-->", number
                out.append(line[:comment])
                continue
        if until:
            before, found, after = line.partition(until)
            out.append(" " * (len(before) + len(found)) + after if found else "")
            until = "" if found else until
        else:
            out.append(line)
    if fence:
        out[opened] = ""
    if until:
        out[opened:] = lines[opened:]
    return out


def _paper_sections(path: str, lines: list[str], before: list[Block], labels: Labels, examples: frozenset[str]) -> Iterator[Section]:
    heading, blocks = Section("", "", 0, Place(path)), before
    inside = 0  # the line at which the block ends that has been taken whole
    tokens = _PANDOC.parse("\n".join(lines))
    for index, token in enumerate(tokens):
        if token.map is None or token.map[0] < inside:
            continue
        first, last = token.map[0], max(token.map[1], token.map[0] + 1)  # of a defined term the end is not told
        if token.type == "heading_open":
            yield _with(heading, blocks)
            heading = _heading(tokens[index + 1].content, int(token.tag[1]), Place(path, first + 1))
            blocks = [_paper_block("heading", path, lines[first:last], first, labels, examples)]
        elif token.type in ("paragraph_open", "table_open", "html_block", "dt_open"):
            blocks.append(_paper_block(_KINDS.get(token.type, "paragraph"), path, lines[first:last], first, labels, examples))
            inside = last
        elif token.type in ("fence", "code_block"):
            inside = last
    yield _with(heading, blocks)


def _paper_block(kind: str, path: str, lines: list[str], first: int, labels: Labels, examples: frozenset[str]) -> Block:
    text = "\n".join(lines).rstrip("\n")
    if "@" not in text:
        return Block(kind, text, Place(path, first + 1))
    place_at = Source(path, text, first).place
    words = _VERBATIM.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text) if kind == "html" else text
    groups = [group for _, _, group in find_groups(mask_for_pandoc(words), place_at, labels, PANDOC)]
    if examples:  # (@label) numbers an example
        groups = [group for group in groups if not {citation.key for citation in group.citations} <= examples]
    return Block(kind, text, place_at(0), groups=tuple(groups))
