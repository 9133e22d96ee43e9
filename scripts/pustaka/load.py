"""The one module that reads files: a project's folder becomes a `Site`, and every fault a `Finding` with its place.

    bibliography/references.bib  studies/*.yml  errata.yml  glossary.yml  figures.yml  terms.yml  words.yml
    docs/LANGUAGE/**/*.md        overrides/listings  overrides/figures

The codes of its faults are in `FAULTS`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar

import jinja2
import jsonschema
import yaml
from markdown_it import MarkdownIt
from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro, month_names
from pybtex.scanner import PrematureEOF, PybtexSyntaxError

from pustaka.model import Block, BuiltPage, Entry, Erratum, Finding, Page, Place, Section, Site, Study, Term, Words
from pustaka.nearest import nearest
from pustaka.syntax import Labels, find_groups, labels_from, mask_code

SCHEMAS = Path(__file__).parent / "schemas"

#: What a file may be at fault in, by code: the family F, beside those of the rules.
FAULTS = {
    "F101": "A file cannot be read, or leads out of docs/.",
    "F102": "A file is not saved as UTF-8.",
    "F103": "A .yml file is not valid YAML: most often a colon in a value without quotation marks, or a tab.",
    "F104": "A value in a .yml file or in a page's front matter is missing, unknown or not as it must be.",
    "F105": "A .bib file is not valid BibLaTeX: most often a comma or a brace is missing.",
    "F106": "A page has no front matter between two lines `---`, or it cannot be read.",
    "F107": "A block that `/// name` opens is not closed by a line `///`.",
}

#: Blocks (`/// note | Title`) in which the site speaks for itself and owes no citation.
OWN_VOICE = frozenset({"note"})


class Faults(Exception):
    """The input cannot be used; `findings` says why, all of it at once."""

    def __init__(self, findings: list[Finding]):
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def load(root: Path) -> tuple[Site, list[Finding]]:
    """Read a project.

    Args:
        root: the folder that holds `docs/` and `bibliography/`.

    Returns:
        The site, and the faults of single files. What could not be read is left out of the site, so that the
        rules can still judge the rest; nothing must be published while there are faults.

    Raises:
        Faults: `terms.yml` or `words.yml` cannot be used; without them nothing else can be read.
    """
    reader = _Reader(root)
    terms = reader.data("bibliography/terms.yml", "terms")
    words = reader.data("bibliography/words.yml", "words")
    if terms is None or words is None:
        raise Faults(reader.findings)
    labels = labels_from(terms[0]["locators"])
    languages = tuple(terms[0]["languages"])
    bibliography, entries = reader.entries("bibliography/references.bib")
    site = Site(
        languages=languages,
        pages=tuple(reader.pages(languages, labels)),
        entries=entries,
        studies=tuple(reader.studies("bibliography/studies")),
        errata=tuple(reader.errata("bibliography/errata.yml")),
        glossary=tuple(reader.glossary("bibliography/glossary.yml")),
        words=Words(terms[0] | {"interface": words[0]}, _by_name(terms[1]) | _by_name(words[1], "interface")),
        figures=MappingProxyType((reader.data("bibliography/figures.yml", "figures", optional=True) or ({},))[0]),
        bibliography=bibliography,
    )
    return site, sorted(reader.findings)


def built_pages(folder: Path) -> Iterator[BuiltPage]:
    """The pages of a built site."""
    for file in sorted(folder.rglob("*.html")):
        address = file.relative_to(folder).as_posix()
        yield BuiltPage(file.as_posix(), address.removesuffix("index.html"), file.read_text("utf-8", errors="replace"))


def templates(root: Path) -> jinja2.Environment:
    """The environment in which `overrides/listings/` and `overrides/figures/` are rendered; every value is escaped."""
    loader = jinja2.FileSystemLoader(root / "overrides")
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)


class _Reader:
    """Reads below one folder and gathers the faults."""

    def __init__(self, root: Path):
        self.root = root
        self.findings: list[Finding] = []

    def fault(self, place: Place, code: str, message: str) -> None:
        self.findings.append(Finding(place, code, message))

    def text(self, path: str) -> str | None:
        """A file's text, or None with a finding."""
        try:
            return (self.root / path).read_bytes().decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.fault(Place(path, line), "F102", f"byte {error.object[error.start]:#04x} is not UTF-8: save the file as UTF-8")
        except OSError as error:
            self.fault(Place(path), "F101", f"cannot be read: {error.strerror or error}")
        return None

    # -- YAML -------------------------------------------------------------------------------------------------

    def data(self, path: str, schema: str, optional: bool = False) -> tuple[object, dict[tuple, Place]] | None:
        """A YAML file as data with the place of every value, checked against its schema; None with findings.

        Of an optional file that is not there, None without a finding.
        """
        if optional and not (self.root / path).exists():
            return None
        text = self.text(path)
        return None if text is None else self.yaml(path, text, 0, schema, "F103")

    def yaml(self, path: str, text: str, offset: int, schema: str, code: str) -> tuple[object, dict[tuple, Place]] | None:
        """YAML text that begins `offset` lines into a file -> (data, places), or None with findings."""
        try:
            loader = _Yaml(text)
            node = loader.get_single_node()
            data = None if node is None else loader.construct_document(node)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(path, mark.line + 1 + offset, mark.column + 1) if mark else Place(path)
            mend = "; quote a value that holds a colon" if error.problem == "mapping values are not allowed here" else ""
            self.fault(place, code, f"not valid YAML: {error.problem or error.context}{mend}")
            return None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self.fault(Place(path, offset + 1), code, f"not valid YAML: {str(error).splitlines()[0]}")
            return None
        places = dict(_places(path, node, offset)) if node is not None else {}
        if data is None and _schema(schema).schema["type"] == "array":
            data = []  # a list that is left empty
        faults = list(_schema(schema).iter_errors(data))
        for fault in faults:
            for where, message in _in_plain_words(fault):
                self.fault(places.get(where, Place(path, offset + 1)), "F104", message)
        return None if faults else (data, places)

    def studies(self, folder: str) -> Iterator[Study]:
        files = sorted((self.root / folder).glob("*.yml"))
        if not files:
            self.fault(Place(folder), "F101", "there is no study's record: write SLUG.yml here")
        for file in files:
            path = f"{folder}/{file.name}"
            if (found := self.data(path, "study")) is None:
                continue
            data, places = found
            stated = data.get("how_to_cite", {})
            yield Study(
                **{name: data[name] for name in ("slug", "entry", "basis", "language", "licence", "published", "updated")},
                short=MappingProxyType(data["short"]),
                keywords=MappingProxyType({language: tuple(words) for language, words in data["keywords"].items()}),
                history=tuple(data.get("history", {}).items()),
                pages=tuple(data["pages"]),
                printed=stated.get("printed", ""),
                slips=tuple(stated.get("slips", ())),
                sections=MappingProxyType(data["sections"]),
                place=Place(path),
                places=MappingProxyType(_by_name(places)),
            )

    def errata(self, path: str) -> Iterator[Erratum]:
        data, places = self.data(path, "errata", optional=True) or ([], {})
        for number, item in enumerate(data):
            yield Erratum(item["key"], item["field"], item["kind"], item.get("printed", ""), item["note"], places[(number,)])

    def glossary(self, path: str) -> Iterator[Term]:
        data, places = self.data(path, "glossary", optional=True) or ([], {})
        for number, item in enumerate(data):
            yield Term(item["id"], item["term"], item["meaning"], item.get("foreign", {}), item.get("see", ""), places[(number,)])

    # -- BibLaTeX ---------------------------------------------------------------------------------------------

    def entries(self, path: str) -> tuple[str, tuple[Entry, ...]]:
        """A .bib file's text and entries; an entry that cannot be read is a finding and does not hide the others."""
        text = self.text(path)
        if text is None:
            return "", ()
        parser = _Bib(text, path, self.fault)
        entries = []
        for command, body in parser:
            if command.lower() in ("string", "preamble"):
                continue
            key, fields = body
            values = {name.lower(): " ".join("".join(value).split()) for name, value in reversed(fields)}
            entries.append(Entry(key, command.lower(), MappingProxyType(values), parser.entry_place, MappingProxyType(parser.field_places)))
        return text, tuple(entries)

    # -- Markdown ---------------------------------------------------------------------------------------------

    def pages(self, languages: tuple[str, ...], labels: Labels) -> Iterator[Page]:
        docs = self.root / "docs"
        for file in sorted(docs.rglob("*")):
            path = file.relative_to(self.root).as_posix()
            if file.is_symlink() and not file.resolve().is_relative_to(docs.resolve()):
                self.fault(Place(path), "F101", "is a link to something outside docs/, which would be published: put a copy here")
                continue
            if file.suffix != ".md":
                continue
            text = self.text(path)
            if text is not None:
                yield self.page(path, text, languages, labels)

    def page(self, path: str, text: str, languages: tuple[str, ...], labels: Labels) -> Page:
        first, _, rest = path.removeprefix("docs/").removesuffix(".md").partition("/")
        language, name = (first, rest) if first in languages else ("", path.removeprefix("docs/").removesuffix(".md"))
        name = "" if name == "index" else name.removesuffix("/index")
        meta: dict = {}
        lines = text.split("\n")
        start = 0
        if lines[0].rstrip() == "---":
            end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
            if end is None:
                self.fault(Place(path), "F106", "the front matter has no closing line “---”: put one below its last field")
            else:
                found = self.yaml(path, "\n".join(lines[1:end]), 1, "front-matter", "F106")
                meta = found[0] if found else {}
                start = end + 1
        else:
            self.fault(Place(path), "F106", "the page has no front matter: begin it with “---”, title and description, “---”")
        lines, voices, open_blocks = _without_block_lines(lines, start)
        for line, block in open_blocks:
            self.fault(Place(path, line + 1), "F107", f"the block “/// {block}” is not closed: put a line “///” below its last line")
        return Page(path, language, name, MappingProxyType(meta), tuple(_sections(path, lines, start, voices, labels)))


class _Yaml(yaml.SafeLoader):
    """Safe YAML in which a date stays text, a key stands once, and nothing refers to something else."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias (*name) is not allowed here", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a word, not a list or a mapping", key.start_mark)
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"“{key.value}” stands twice", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _places(path: str, node: yaml.Node, offset: int, where: tuple = ()) -> Iterator[tuple[tuple, Place]]:
    """The place of every value of a YAML document, by its path: ("title", "id"), (3, "note")."""
    yield where, Place(path, node.start_mark.line + 1 + offset, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _places(path, value, offset, (*where, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _places(path, value, offset, (*where, index))


def _by_name(places: dict[tuple, Place], *above: str) -> dict[str, Place]:
    """Places by dotted name: "how_to_cite.slips.0"."""
    return {".".join(map(str, (*above, *where))): place for where, place in places.items()}


_KINDS_OF_VALUE = {"array": "a list, [like, this]", "object": "fields below it, name: value", "string": "words; put a number into quotation marks"}


def _in_plain_words(error: jsonschema.ValidationError) -> Iterator[tuple[tuple, str]]:
    """What a schema finds wrong, as (path of the value, message), for people who have never heard of a schema."""
    where = tuple(error.absolute_path)
    named = f"“{where[-1]}”" if where and isinstance(where[-1], str) else "this"
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        if error.message.startswith(repr(missing[0])):  # the validator says it once for each
            yield where, f"{'the field' if len(missing) == 1 else 'the fields'} {', '.join(missing)} must be there too: add “{missing[0]}: …”"
    elif error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        for name in (name for name in error.instance if name not in known):
            meant = nearest(str(name), known)
            mend = f"did you mean “{meant}”?" if meant else f"take it out; there are: {', '.join(known)}"
            yield (*where, name), f"there is no field “{name}” here: {mend}"
    elif error.validator == "type":
        yield where, f"{named} is “{error.instance}” but must be {_KINDS_OF_VALUE[error.validator_value]}"
    elif error.validator == "enum":
        yield where, f"{named} is “{error.instance}” but must be one of: {', '.join(map(str, error.validator_value))}"
    elif error.validator == "format":
        yield where, f"{named} is “{error.instance}” but must be a day that there is, written YYYY-MM-DD"
    elif error.validator == "pattern":
        yield where, f"{named} is “{error.instance}” but must look like {error.schema['examples'][0]}"
    elif error.validator == "maxLength":
        yield where, f"{named} has {len(error.instance)} characters and must have at most {error.validator_value}: shorten it"
    else:
        yield where, f"{named}: {error.message}"


@lru_cache
def _schema(name: str) -> jsonschema.Draft202012Validator:
    formats = jsonschema.FormatChecker(formats=())
    formats.checks("date", raises=ValueError)(lambda value: not isinstance(value, str) or bool(date.fromisoformat(value)))
    schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=formats)


_ENTRY_LINE = re.compile(r"^[ \t]*@\w+\s*[{(]", re.MULTILINE)


class _Bib(LowLevelParser):
    """pybtex's parser, which also notes where each entry and field stands, and goes on after a fault."""

    def __init__(self, text: str, path: str, fault):
        super().__init__(text, macros=dict(month_names), filename=path)
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.path, self.fault = path, fault
        self.entry_place = Place(path)
        self.field_places: dict[str, Place] = {}

    def _place(self, position: int) -> Place:
        line = bisect_right(self._line_starts, position)
        return Place(self.path, line, position - self._line_starts[line - 1] + 1)

    def parse_entry_body(self, body_end):
        self.entry_place, self.field_places = self._place(self.command_start), {}
        super().parse_entry_body(body_end)

    def parse_field(self):
        self.eat_whitespace()
        position = self.pos
        super().parse_field()
        if self.current_field_name:
            self.field_places.setdefault(self.current_field_name.lower(), self._place(position))

    def handle_error(self, error: PybtexSyntaxError) -> None:
        place, said = self._place(self.pos), str(error).rpartition(": ")[2]
        if isinstance(error, UndefinedMacro):
            place, message = self._place(self.pos - len(said)), f"“{said}” is no @string: put the value into braces"
        elif isinstance(error, PrematureEOF):
            place, message = self._place(self.command_start), "it never ends: close every brace and quotation mark that it opens"
        else:
            message = f"{said} here: put in the comma, the brace or the quotation mark that is missing"
        named = f" in the entry “{self.current_entry_key}”" if self.current_entry_key else ""
        self.fault(place, "F105", f"not valid BibLaTeX{named}: {message}")
        if not isinstance(error, UndefinedMacro):  # go on with the next line that begins an entry
            following = _ENTRY_LINE.search(self.text, self.command_start + 1)
            self.pos = following.start() if following else self.end_pos


_COMMONMARK = MarkdownIt("commonmark").enable("table")
_BLOCK_LINE = re.compile(r"^ {0,3}/{3,}(?:\s+(?P<name>[\w-]+))?")
_HEADING_ID = re.compile(r"\s*\{[^{}]*#(?P<id>[\w-]+)[^{}]*\}\s*$")
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


def _sections(path: str, lines: list[str], start: int, voices: dict[int, bool], labels: Labels) -> Iterator[Section]:
    """The sections of a page whose Markdown begins at line `start` (counted from 0), as `_without_block_lines` leaves it."""
    heading, blocks = Section("", "", 0, Place(path, start + 1)), []
    tokens = _COMMONMARK.parse("\n".join(lines))
    for index, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        first, last = token.map
        place = Place(path, first + 1)
        if token.type == "heading_open":
            yield Section(heading.id, heading.title, heading.level, heading.place, tuple(blocks))
            title = tokens[index + 1].content
            identifier = _HEADING_ID.search(title)
            title = title[: identifier.start()] if identifier else title
            heading, blocks = Section(identifier["id"] if identifier else "", title, int(token.tag[1]), place), []
        elif token.type in _KINDS:
            nested = [t.map for t in tokens[index + 1 :] if t.type in ("fence", "code_block") and t.map and first <= t.map[0] < last]
            blocks.append(_block(_KINDS[token.type], path, lines[first:last], first, nested, voices.get(first, False), labels))
    yield Section(heading.id, heading.title, heading.level, heading.place, tuple(blocks))


def _block(kind: str, path: str, lines: list[str], first: int, code: list, own_voice: bool, labels: Labels) -> Block:
    for begin, end in code:
        lines[begin - first : end - first] = [""] * (end - begin)
    text = "\n".join(lines).rstrip("\n")

    def place_at(offset: int) -> Place:
        return Place(path, first + 1).after(text[:offset])

    if kind == "paragraph" and re.fullmatch(r"\{\{.*\}\}|\\(full_)?bibliography", text.strip()):
        kind = "listing"
    elif kind == "paragraph" and re.fullmatch(r"!\[.*\]\(figure:[\w-]+\)", text.strip(), re.DOTALL):
        kind = "figure"
    groups = () if kind in ("code", "html") else (group for _, _, group in find_groups(mask_code(text), place_at, labels))
    return Block(kind, text, place_at(0), own_voice, tuple(groups))


def _without_block_lines(lines: list[str], start: int) -> tuple[list[str], dict[int, bool], list[tuple[int, str]]]:
    """Blank the front matter and the lines `/// note | Title`, their options and `///`, which CommonMark does not know.

    Returns the lines, every one at its old number; which lines stand in a block of the site's own voice; and the blocks
    that are still open at the end, as (line counted from 0, name).
    """
    out, voices, open_blocks, fence = [""] * start, {}, [], ""
    options = False
    for number, line in enumerate(lines[start:], start):
        ticks = re.match(r"\s*(`{3,}|~{3,})", line)
        if ticks and (not fence or ticks[1].startswith(fence)):
            fence = "" if fence else ticks[1]
        marker = None if fence else _BLOCK_LINE.match(line)
        options = options and line.startswith("    ") and ":" in line
        if marker and marker["name"]:
            open_blocks.append((number, marker["name"]))
            options = True
        elif marker and open_blocks:
            open_blocks.pop()
        voices[number] = any(name in OWN_VOICE for _, name in open_blocks)
        out.append("" if options or marker else line)
    return out, voices, open_blocks
