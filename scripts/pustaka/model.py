"""What the site is made of, as frozen data: no reading, no writing, no opinion.

`load` makes these, `rules` judge them, `render` and `export` turn them into text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

#: BibLaTeX `langid` (babel's names) -> BCP 47 tag, for the languages met in Indonesian bibliographies.
LANGIDS = {
    "indonesian": "id",
    "english": "en",
    "american": "en",
    "british": "en",
    "javanese": "jv",
    "sundanese": "su",
    "malay": "ms",
    "arabic": "ar",
    "dutch": "nl",
}


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands: a path relative to the project's root, with line and column counted from 1."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def after(self, text: str) -> Place:
        """The place reached when `text` follows this one."""
        lines = text.count("\n")
        column = len(text) - text.rfind("\n") if lines else self.column + len(text)
        return Place(self.path, self.line + lines, column)


@dataclass(frozen=True)
class Source:
    """A text, and the place of every position in it; `above` is the number of the file's lines that stand before it."""

    path: str
    text: str = field(repr=False)
    above: int = 0

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def place(self, position: int) -> Place:
        """The place of a position, an offset into the text."""
        line = bisect_right(self._lines, position)
        return Place(self.path, line + self.above, position - self._lines[line - 1] + 1)


@dataclass(frozen=True)
class Message:
    """Words with blanks: an English template, by which its translations are found, and the values that fill the blanks.

    A value may be a message itself; it is translated with the whole. See `say`.
    """

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The words, the template and those of the values put through `translate` (as `gettext.gettext`)."""
        values = {name: value.text(translate) if isinstance(value, Message) else value for name, value in self.values.items()}
        return translate(self.template).format(**values)

    def __str__(self) -> str:
        return self.text()


def say(template: str, /, **values: object) -> Message:
    """A message: `say("“{key}” is cited on no page", key=entry.key)`. Braces that are meant are doubled, as in `str.format`.

    The template must be one literal: the catalogue of translations (`locale/id.po`) is checked against the source.
    """
    return Message(template, values)


def join(values: Iterable[object], mark: str = ", ") -> Message:
    """Values in a row, each of which may be a message."""
    named = {f"v{number}": value for number, value in enumerate(values)}
    return Message(mark.join(f"{{{name}}}" for name in named), named)


#: Who is told about a fault while a text is read: place, code, message.
Tell = Callable[[Place, str, Message], None]


class Fix(NamedTuple):
    """A mend that is certain: at `place` the file reads `old`, and `new` must stand there."""

    place: Place
    old: str
    new: str


class Fault(NamedTuple):
    """What a rule yields; the code is added by the rule's registration. A plain tuple of the first fields will do.

    `key` is the citation key that it is about, `suggestion` the text that should stand instead of the offender (each ""
    when there is none). `certain` is False where a person must judge.
    """

    place: Place
    message: Message
    key: str = ""
    suggestion: str = ""
    fix: Fix | None = None
    certain: bool = True


@dataclass(frozen=True)
class Finding:
    """One fault: where, which rule, and what to do about it. Prints as `file:line:column: CODE message`.

    `severity` is "error", "warning" for what a person must judge, or "note" for what is told and needs no mending.
    """

    place: Place
    code: str
    message: Message
    severity: str = "error"
    key: str = ""
    suggestion: str = ""
    fix: Fix | None = None

    def text(self, translate: Callable[[str], str] = str) -> str:
        return f"{self.place}: {self.code} {self.message.text(translate)}"

    def __str__(self) -> str:
        return self.text()

    @cached_property
    def _order(self) -> tuple[Place, str, str]:
        return self.place, self.code, str(self.message)

    def __lt__(self, other: Finding) -> bool:
        return self._order < other._order


@dataclass(frozen=True)
class Locator:
    """The part of a work that a citation points at.

    `parts` are (label, value) pairs; a label is a CSL locator name ("page", "section", "paragraph", ...).
    `[@key, sec. Abstrak, para. 5]` has the parts (("section", "Abstrak"), ("paragraph", "5")).
    """

    parts: tuple[tuple[str, str], ...]
    labels: tuple[str, ...] = field(default=(), compare=False)  # as written, part by part; "" for a number without one

    @property
    def label(self) -> str:
        return self.parts[0][0]

    @property
    def value(self) -> str:
        return self.parts[0][1]


@dataclass(frozen=True)
class Citation:
    """One work cited once: `prefix @key, locator, suffix`. `author` is False for the suppressed form `-@key`."""

    key: str
    place: Place
    prefix: str = ""
    locator: Locator | None = None
    suffix: str = ""
    author: bool = True


@dataclass(frozen=True)
class CitationGroup:
    """The citations of one bracket, or one narrative `@key [locator]`.

    `fault` says what is wrong with the bracket, if anything. Groups that read the same are rendered the same.
    """

    citations: tuple[Citation, ...]
    place: Place
    raw: str
    narrative: bool = False
    fault: Message | None = None


@dataclass(frozen=True)
class Block:
    """A top-level piece of a page: paragraph, list, table, quote or code, with the citations in it.

    `within` are the names of the blocks around it, the outermost first. `own_voice` is True inside `/// note` and its like: there the
    site speaks for itself and owes no citation.
    """

    kind: str
    text: str
    place: Place
    own_voice: bool = False
    groups: tuple[CitationGroup, ...] = ()
    within: tuple[str, ...] = ()

    @property
    def citations(self) -> Iterator[Citation]:
        for group in self.groups:
            yield from group.citations


@dataclass(frozen=True)
class Question:
    """A question of a quiz, `/// question | Text?`: its options as (text, whether it is right), in their order, and why that one is right.

    All texts are Markdown. `number` counts the questions of a page from 1; `groups` are the citations in the explanation.
    """

    number: int
    text: str
    options: tuple[tuple[str, bool], ...]
    explanation: str
    place: Place
    groups: tuple[CitationGroup, ...] = ()

    @property
    def id(self) -> str:
        """Its id on the page."""
        return f"question-{self.number}"


@dataclass(frozen=True)
class Section:
    """A heading with what follows it, down to the next heading. The text before the first heading has level 0."""

    id: str
    title: str
    level: int
    place: Place
    blocks: tuple[Block, ...] = ()

    @property
    def citations(self) -> Iterator[Citation]:
        for block in self.blocks:
            yield from block.citations


#: What a page's front matter says when the page counts no more.
RETIRED = frozenset({"replaced", "withdrawn"})


@dataclass(frozen=True)
class Page:
    """A Markdown page. `name` is its path without language and suffix: equal in all languages ("" is a language's home).

    `language` is "" for the welcome page that stands above the languages.
    """

    path: str
    language: str
    name: str
    meta: Mapping[str, object]
    sections: tuple[Section, ...]
    source: Source | None = field(default=None, compare=False, repr=False)
    questions: tuple[Question, ...] = ()

    @property
    def title(self) -> str:
        return str(self.meta.get("title", ""))

    @property
    def menu_title(self) -> str:
        return str(self.meta.get("menu") or self.title)

    @property
    def description(self) -> str:
        return str(self.meta.get("description", ""))

    @property
    def replaced_by(self) -> str:
        """The name of the page that has taken this one's place; "" where there is none."""
        return str(self.meta.get("replaced", {}).get("by", ""))

    @property
    def is_current(self) -> bool:
        """Whether it is neither replaced nor withdrawn. One that is stays where it is, for those who have cited it, and is offered to nobody else."""
        return not self.meta.keys() & RETIRED

    @property
    def retired_on(self) -> str:
        """The day on which it was replaced or withdrawn (ISO 8601); "" of one that counts."""
        return next((str(self.meta[name]["date"]) for name in sorted(RETIRED) if name in self.meta), "")

    @property
    def url(self) -> str:
        """The address below the site's root, with a slash at its end: `id/studies/SLUG/findings/`; the welcome has ``."""
        return "".join(f"{part}/" for part in (self.language, self.name) if part)

    @property
    def place(self) -> Place:
        return Place(self.path)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(block for section in self.sections for block in section.blocks)

    @cached_property
    def groups(self) -> tuple[CitationGroup, ...]:
        """The citation groups in the order of the text."""
        return tuple(group for block in self.blocks for group in block.groups)

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(citation for group in self.groups for citation in group.citations)


class Field(NamedTuple):
    """A field as it is written: its name, its value with abbreviations resolved and white space folded, and where it stands.

    The positions are offsets into the entry's source: of the name, and of the value with the marks around it.
    """

    name: str
    value: str
    start: int
    value_start: int
    value_end: int


@dataclass(frozen=True)
class Abbreviation:
    """An `@string`: a name that stands for words."""

    name: str
    value: str
    place: Place


@dataclass(frozen=True)
class AbbreviationUse:
    """A name without braces where a value is due, in the entry `key`, or in an `@string` when that is ""."""

    name: str
    place: Place
    key: str
    known: bool


@dataclass(frozen=True)
class Entry:
    """A work in the bibliography. `fields` maps lower-case BibLaTeX field names to values, white space folded.

    Of a field that is given twice, the first counts; `written` has every field as it stands in `source`, and `span` is
    where the entry begins and ends there.
    """

    key: str
    type: str
    fields: Mapping[str, str]
    place: Place
    written: tuple[Field, ...] = field(default=(), compare=False, repr=False)
    source: Source | None = field(default=None, compare=False, repr=False)
    span: tuple[int, int] = field(default=(0, 0), compare=False, repr=False)

    def place_of(self, name: str) -> Place:
        """Where the field stands, or the entry when it has no such field."""
        written = self.field(name)
        return self.source.place(written.start) if written else self.place

    def field(self, name: str) -> Field | None:
        """A field, by its lower-case name, as it is written; of several, the first."""
        return next((written for written in self.written if written.name.lower() == name), None)

    def raw(self, written: Field) -> str:
        """A field's value letter by letter, with the marks around it."""
        return self.source.text[written.value_start : written.value_end]

    def place_in(self, written: Field, offset: int = 0) -> Place:
        """The place of an offset into what `raw` returns."""
        return self.source.place(written.value_start + offset)

    def text(self, name: str) -> str:
        """A field without TeX braces and emphasis, and without the backslash before a mark; "" when there is none."""
        value = self.fields.get(name, "")
        if "\\" in value:
            value = re.sub(r"\\(?:emph|text[a-z]+)\s*(?=\{)|\\(?=[&%$#_])", "", value)
        return value.replace("{", "").replace("}", "")

    @property
    def language(self) -> str:
        """BCP 47 tag of the work's language, or ""."""
        langid = self.fields.get("langid", "")
        return LANGIDS.get(langid, langid)

    @property
    def year(self) -> str:
        return self.fields.get("date", self.fields.get("year", ""))[:4]

    @cached_property
    def studies(self) -> tuple[str, ...]:
        """Slugs of the studies that the work belongs to (its BibLaTeX keywords)."""
        return tuple(word.strip() for word in self.fields.get("keywords", "").split(",") if word.strip())

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """The authors' names as they sort, "Family, Given"; a name in braces is a body and stays whole."""
        from pybtex.bibtex.utils import split_name_list  # here, for the checks of a large bibliography do without it

        return tuple(_name(text) for text in split_name_list(self.fields.get("author", "")) if text)


def _name(text: str) -> str:
    if text.startswith("{") and text.endswith("}"):
        return text[1:-1]
    from pybtex.database import InvalidNameString, Person

    try:
        person = Person(text)
    except InvalidNameString:  # more than two commas
        return text
    family = " ".join(person.prelast_names + person.last_names)
    given = " ".join(person.first_names + person.middle_names)
    return f"{family}, {given}" if given else family


@dataclass(frozen=True)
class Erratum:
    """What an entry says differently from its source (kind mended), or what the source lacks (missing), and so on."""

    key: str
    field: str
    kind: str
    printed: str
    note: Mapping[str, str]
    place: Place


@dataclass(frozen=True)
class Term:
    """A glossary term. `foreign` maps a language to {foreign word: its language} for the words in term and meaning.

    `forms` maps a language to the ways in which pages write the term, where they are not simply its name; `also` to other words
    by which a page may say it in the place of another language's term.
    """

    id: str
    term: Mapping[str, str]
    meaning: Mapping[str, str]
    foreign: Mapping[str, Mapping[str, str]]
    see: str
    place: Place
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def anchor(self) -> str:
        """Its id on the glossary's page."""
        return f"term-{self.id}"


#: A study's pages that are made to be taught from: a lesson, which offers the course pack, and its slides.
TEACHING, SLIDES = "teaching", "slides"
TAUGHT = frozenset({TEACHING, SLIDES})


@dataclass(frozen=True)
class NumberedFinding:
    """A finding of a study: its number, which it keeps for ever, and where it is told: the name of the study's page, and the heading's id."""

    number: int
    page: str
    anchor: str


#: Where the files of past editions are kept, below the project's folder: `SLUG/VERSION/` holds what was published, byte by byte.
EDITIONS = "bibliography/editions"


@dataclass(frozen=True)
class Edition:
    """A version of a study's pages: what it is called, its day (ISO 8601), and what changed: words by language, by page or for "all" of them.

    `new` are the pages that came with it, by what the record calls them. `languages` are those in which it was published, where others
    came later; empty where it was in all.
    """

    version: str
    date: str
    changes: Mapping[str, Mapping[str, str]]
    new: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def is_in(self, language: str) -> bool:
        """Whether it was published in a language."""
        return not self.languages or language in self.languages


def language_of_file(name: str, version: str) -> str:
    """The language of a file of an edition, by its name: "id" of `SLUG-slides-id-1.0.pdf`; "" of any other name."""
    named = re.search(rf"-(?P<language>[A-Za-z]+)-{re.escape(version)}\.\w+$", name)
    return named["language"] if named else ""


@dataclass(frozen=True)
class Study:
    """A study's record: what its .bib entry cannot say. Dates are ISO 8601 (YYYY-MM-DD).

    `code` is its short name in the addresses of its findings; `editions` are those of its pages, the oldest first.
    """

    slug: str
    entry: str
    basis: str
    language: str
    licence: str
    short: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    history: tuple[tuple[str, str], ...]
    code: str
    findings: tuple[NumberedFinding, ...]
    editions: tuple[Edition, ...]
    pages: tuple[str, ...]
    printed: str
    slips: tuple[str, ...]
    sections: Mapping[str, str]
    place: Place
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)
    orcid: Mapping[str, str] = field(default_factory=dict)  # of authors, by the name as in `Entry.authors`

    @property
    def name(self) -> str:
        return f"studies/{self.slug}"

    @property
    def read_pages(self) -> tuple[str, ...]:
        """The pages that tell of the study: all but those that are made to be taught from."""
        return tuple(page for page in self.pages if page not in TAUGHT)

    @property
    def version(self) -> str:
        """What the pages' present edition is called."""
        return self.editions[-1].version

    @property
    def published(self) -> str:
        """The day of the pages' first edition."""
        return self.editions[0].date

    @property
    def updated(self) -> str:
        """The day of the pages' present edition."""
        return self.editions[-1].date

    def part(self, name: str) -> str:
        """What the record calls the page of that name, the reverse of `page_name`: "index" is the study's own."""
        return "index" if name == self.name else name.removeprefix(f"{self.name}/")

    def editions_of(self, page: Page) -> tuple[Edition, ...]:
        """The editions in which a page of the study was changed, the oldest first; of a page that none of them names, the first edition.

        A page that is replaced or withdrawn stays what it was before that day.
        """
        until, part = page.retired_on or "9999", self.part(page.name)
        since = next((number for number, edition in enumerate(self.editions) if part in edition.new), 0)
        editions = tuple(edition for edition in self.editions[since:] if edition.date < until) or self.editions[:1]
        return tuple(edition for edition in editions if part in edition.new or edition.changes.keys() & {part, "all"}) or editions[:1]

    def edition_url(self, version: str, language: str) -> str:
        """The lasting address of an edition below the site's root, where the whole of it can be read: `id/studies/SLUG/editions/1.0/`."""
        return f"{language}/{self.name}/editions/{version}/"

    def file_stem(self, version: str, language: str) -> str:
        """How the files of an edition are named, without what tells them apart: `SLUG-id-1.0`."""
        return f"{self.slug}-{language}-{version}"

    def finding_at(self, page: str, anchor: str) -> NumberedFinding | None:
        """The finding that is told under a heading of one of the study's pages, both by their name."""
        return next((finding for finding in self.findings if (finding.page, finding.anchor) == (page, anchor)), None)

    def finding_url(self, finding: NumberedFinding, language: str) -> str:
        """The short address of a finding below the site's root: `id/f/kt-3/`. It leads to the finding wherever that is told."""
        return f"{language}/f/{self.code}-{finding.number}/"

    def page_name(self, page: str) -> str:
        """The name of one of the study's pages: "index" is the study's own."""
        return self.name if page == "index" else f"{self.name}/{page}"


@dataclass(frozen=True)
class ReportedFault:
    """What the checker finds in a source's own citations: the rule, where, what is printed, and what is meant, if that can be said.

    `certain` is False where only probably. `key` is the entry that it is about, `times` how often the same stands in the
    section; `note` says more, by language.
    """

    code: str
    certain: bool
    section: str
    printed: str
    meant: str
    key: str
    note: Mapping[str, str]
    times: int = 1


@dataclass(frozen=True)
class Words:
    """All words that differ by language, by group: `words["locators"]["page"]["id"]`."""

    groups: Mapping[str, Mapping]
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)  # "locators.page" -> where it stands

    def __getitem__(self, group: str) -> Mapping:
        return self.groups[group]

    def say(self, group: str, name: str, language: str) -> str:
        """A word in a language; the name itself where the group does not know it."""
        return self.groups[group].get(name, {}).get(language, name)

    def interface(self, language: str) -> dict[str, str]:
        """The interface words of one language, for templates."""
        return {name: word[language] for name, word in self.groups["interface"].items()}


@dataclass(frozen=True)
class SearchWords:
    """What the search of a language knows of its words: which mean the same, in groups, and which are not looked for."""

    same: tuple[tuple[str, ...], ...] = ()
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """What mkdocs.yml says: the site's name, its absolute address, who signs its pages, the main menu's page names, its licence (SPDX).

    `packs` is whether studies have a course pack.
    `begun` is the day on which the site began (ISO 8601), "" where none is stated: that of its pages as long as there is no study.
    `contact` is where readers can ask, an address of the web or of mail; "" where none is stated.
    `editing`, where the site's repository is known, is the address below which each file of `docs/` can be changed by a visitor.
    """

    name: str
    address: str
    publisher: str
    menu: tuple[str, ...]
    licence: str
    packs: bool = True
    contact: str = ""
    begun: str = ""
    editing: str = ""


@dataclass(frozen=True)
class Budget:
    """What budget.yml allows a page to weigh: bytes, gzipped but of downloads; `requests` is a number of files.

    `files` are limits of single files by their address below the site's root, `by_script` the files that scripts fetch by themselves.
    """

    window: int
    over_text: int
    visit: int
    requests: int
    download: int
    files: Mapping[str, int] = field(default_factory=dict)
    by_script: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assets:
    """The styles and scripts as they are written: those that stand in each page, those that all pages share; scripts as (name, text).

    `search` are the scripts that only the search loads, as (name, text); the other styles are a study's in one file:
    as one page, beside those of pages, and as an EPUB.
    """

    page_styles: str
    rest_styles: str
    scripts: tuple[tuple[str, str], ...]
    search: tuple[tuple[str, str], ...] = ()
    book_styles: str = ""
    epub_styles: str = ""


class Redirect(NamedTuple):
    """A line of redirects.yml: an old address and where it leads, both without language ("studies/x/method/#data"), and its place."""

    old: str
    new: str
    place: Place


class PublishedAddress(NamedTuple):
    """An address below the site's root that readers were once given ("id/studies/x/#data"), and its place in addresses.txt."""

    address: str
    place: Place


@dataclass(frozen=True)
class BuiltPage:
    """A page as readers get it: its file, its address below the site's root (as `Page.url`) and its HTML."""

    path: str
    url: str
    html: str

    @cached_property
    def is_redirect(self) -> bool:
        """Whether it is no page to be read, but leads to another one."""
        return re.search(r'<meta http-equiv="?refresh\b', self.html.partition("</head>")[0]) is not None


class BuiltImage(NamedTuple):
    """An image of a built site: its format ("PNG"; "" of any other), its size in pixels and in bytes."""

    kind: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True)
class BuiltSite:
    """A built site: its folder, its pages, and by their address below its root the texts of other files and the images.

    `schemas` are the JSON schemas that its files are judged by, by name; `files` the bytes of every file, pages too.
    """

    folder: str
    pages: tuple[BuiltPage, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    images: Mapping[str, BuiltImage] = field(default_factory=dict, repr=False)
    schemas: Mapping[str, Mapping] = field(default_factory=dict, repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Site:
    """Everything that the site is made of."""

    languages: tuple[str, ...]
    pages: tuple[Page, ...]
    entries: tuple[Entry, ...]
    studies: tuple[Study, ...]
    errata: tuple[Erratum, ...]
    glossary: tuple[Term, ...]
    words: Words
    figures: Mapping[str, Mapping] = field(default_factory=dict)  # a drawing's words: leaves are {language: words}
    figure_places: Mapping[str, Place] = field(default_factory=dict, compare=False)  # "abcd.caption" -> where it stands
    bibliography: str = ""  # the text of references.bib, for the citation engine
    reports: Mapping[str, tuple[ReportedFault, ...]] = field(default_factory=dict)  # by the study's slug
    abbreviations: tuple[Abbreviation, ...] = ()
    abbreviation_uses: tuple[AbbreviationUse, ...] = ()
    search_words: Mapping[str, SearchWords] = field(default_factory=dict)  # by language
    settings: Settings | None = None  # of a project that has no mkdocs.yml, and of papers, None
    frozen: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)  # kept editions' files, by slug and version
    budget: Budget | None = None  # of a project that has no budget.yml, None
    redirects: tuple[Redirect, ...] = ()
    published: tuple[PublishedAddress, ...] | None = None  # of a project that has no addresses.txt, None
    agreed: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)  # hashes by page, section, language: see `translations`

    @cached_property
    def entry(self) -> Mapping[str, Entry]:
        """The entries by key; of two with the same key, the first."""
        return {entry.key: entry for entry in reversed(self.entries)}

    @cached_property
    def study(self) -> Mapping[str, Study]:
        return {study.slug: study for study in self.studies}

    @cached_property
    def _pages(self) -> Mapping[tuple[str, str], Page]:
        return {(page.language, page.name): page for page in self.pages}

    def page(self, language: str, name: str) -> Page | None:
        """The page of that name in that language."""
        return self._pages.get((language, name))

    @cached_property
    def offered(self) -> tuple[Page, ...]:
        """The pages that readers are led to: all but those that are replaced or withdrawn."""
        return tuple(page for page in self.pages if page.is_current)

    @cached_property
    def page_at(self) -> Mapping[str, Page]:
        """The pages by their path."""
        return {page.path: page for page in self.pages}

    @cached_property
    def declared(self) -> frozenset[str]:
        """The keys of works that papers hold themselves, as `references` in their front matter (Pandoc User's Guide, "Citations")."""
        held = (page.meta.get("references") for page in self.pages)
        return frozenset(str(work["id"]) for works in held if isinstance(works, list) for work in works if isinstance(work, dict) and "id" in work)

    @cached_property
    def citing(self) -> Mapping[str, tuple[Page, ...]]:
        """The pages that cite a work, by its key."""
        pages: dict[str, list[Page]] = {}
        for page in self.pages:
            for key in {citation.key for citation in page.citations}:
                pages.setdefault(key, []).append(page)
        return {key: tuple(citing) for key, citing in pages.items()}

    def study_of(self, page: Page) -> Study | None:
        """The study that a page belongs to, by its path."""
        parts = page.name.split("/")
        return self.study.get(parts[1]) if parts[0] == "studies" and len(parts) > 1 else None

    def pages_of(self, study: Study) -> tuple[Page, ...]:
        """The pages of a study, in all languages."""
        return self._pages_of.get(study.slug, ())

    @cached_property
    def _pages_of(self) -> Mapping[str, tuple[Page, ...]]:
        pages: dict[str, list[Page]] = {}
        for page in self.pages:
            if study := self.study_of(page):
                pages.setdefault(study.slug, []).append(page)
        return {slug: tuple(some) for slug, some in pages.items()}

    @cached_property
    def listed(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of the works that are listed with a study, by its slug."""
        keys: dict[str, list[str]] = {}
        for key in dict.fromkeys(entry.key for entry in self.entries):
            for slug in self.entry[key].studies:
                keys.setdefault(slug, []).append(key)
        return {slug: tuple(some) for slug, some in keys.items()}

    def edition_of(self, page: Page | None) -> Edition | None:
        """The edition in which a page of a study was last changed; None of any other page."""
        study = self.study_of(page) if page else None
        return study.editions_of(page)[-1] if study else None

    def version(self, page: Page | None) -> str:
        """What that edition is called; "" outside studies."""
        edition = self.edition_of(page)
        return edition.version if edition else ""

    def updated(self, page: Page | None) -> str:
        """The day a page was last changed (ISO 8601): that of the edition which changed it; outside studies the page's own, else the latest of all.

        Where there is no study yet, it is the day on which the site began.

        Args:
            page: None for one that stands in no file.
        """
        if edition := self.edition_of(page):
            return edition.date
        stated = page.meta.get("updated") if page else None
        return str(stated or max((study.updated for study in self.studies), default=self.settings.begun if self.settings else ""))

    def study_citing(self, key: str) -> Study | None:
        """The study whose own entry has this key."""
        return self._study_citing.get(key)

    @cached_property
    def _study_citing(self) -> Mapping[str, Study]:
        return {study.entry: study for study in reversed(self.studies)}
