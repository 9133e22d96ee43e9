"""What the site is made of, as frozen data: no reading, no writing, no opinion.

`load` makes these, `rules` judge them, `render` and `export` turn them into text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person

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


@dataclass(frozen=True, order=True)
class Finding:
    """One fault: where, which rule, and what to do about it. Prints as `file:line:column: CODE message`."""

    place: Place
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.message}"


@dataclass(frozen=True)
class Locator:
    """The part of a work that a citation points at.

    `parts` are (label, value) pairs; a label is a CSL locator name ("page", "section", "paragraph", ...).
    `[@key, sec. Abstrak, para. 5]` has the parts (("section", "Abstrak"), ("paragraph", "5")).
    """

    parts: tuple[tuple[str, str], ...]

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

    `fault` says what is wrong with the bracket, or is empty. Groups that read the same are rendered the same.
    """

    citations: tuple[Citation, ...]
    place: Place
    raw: str
    narrative: bool = False
    fault: str = ""


@dataclass(frozen=True)
class Block:
    """A top-level piece of a page: paragraph, list, table, quote or code, with the citations in it.

    `own_voice` is True inside `/// note` and its like: there the site speaks for itself and owes no citation.
    """

    kind: str
    text: str
    place: Place
    own_voice: bool = False
    groups: tuple[CitationGroup, ...] = ()

    @property
    def citations(self) -> Iterator[Citation]:
        for group in self.groups:
            yield from group.citations


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
    def url(self) -> str:
        """The address below the site's root, with a slash at its end: `id/studies/SLUG/findings/`; the welcome has ``."""
        return "".join(f"{part}/" for part in (self.language, self.name) if part)

    @property
    def place(self) -> Place:
        return Place(self.path)

    @property
    def blocks(self) -> Iterator[Block]:
        for section in self.sections:
            yield from section.blocks

    @property
    def groups(self) -> Iterator[CitationGroup]:
        """The citation groups in the order of the text."""
        for block in self.blocks:
            yield from block.groups

    @property
    def citations(self) -> Iterator[Citation]:
        for group in self.groups:
            yield from group.citations


@dataclass(frozen=True)
class Entry:
    """A work in the bibliography. `fields` maps lower-case BibLaTeX field names to values as written, white space folded."""

    key: str
    type: str
    fields: Mapping[str, str]
    place: Place
    field_places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def place_of(self, name: str) -> Place:
        """Where the field stands, or the entry when it has no such field."""
        return self.field_places.get(name, self.place)

    def text(self, name: str) -> str:
        """A field without TeX braces; "" when there is none."""
        return self.fields.get(name, "").replace("{", "").replace("}", "")

    @property
    def language(self) -> str:
        """BCP 47 tag of the work's language, or ""."""
        langid = self.fields.get("langid", "")
        return LANGIDS.get(langid, langid)

    @property
    def year(self) -> str:
        return self.fields.get("date", self.fields.get("year", ""))[:4]

    @property
    def studies(self) -> tuple[str, ...]:
        """Slugs of the studies that the work belongs to (its BibLaTeX keywords)."""
        return tuple(word.strip() for word in self.fields.get("keywords", "").split(",") if word.strip())

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """The authors' names as they sort, "Family, Given"; a name in braces is a body and stays whole."""
        return tuple(_name(text) for text in split_name_list(self.fields.get("author", "")) if text)


def _name(text: str) -> str:
    if text.startswith("{") and text.endswith("}"):
        return text[1:-1]
    person = Person(text)
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
    """A glossary term. `foreign` maps a language to {foreign word: its language} for the words in term and meaning."""

    id: str
    term: Mapping[str, str]
    meaning: Mapping[str, str]
    foreign: Mapping[str, Mapping[str, str]]
    see: str
    place: Place


@dataclass(frozen=True)
class Study:
    """A study's record: what its .bib entry cannot say. Dates are ISO 8601 (YYYY-MM-DD)."""

    slug: str
    entry: str
    basis: str
    language: str
    licence: str
    short: Mapping[str, str]
    keywords: Mapping[str, tuple[str, ...]]
    history: tuple[tuple[str, str], ...]
    published: str
    updated: str
    pages: tuple[str, ...]
    printed: str
    slips: tuple[str, ...]
    sections: Mapping[str, str]
    place: Place
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        return f"studies/{self.slug}"

    def page_name(self, page: str) -> str:
        """The name of one of the study's pages: "index" is the study's own."""
        return self.name if page == "index" else f"{self.name}/{page}"


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
class BuiltPage:
    """A page as readers get it: its file, its address below the site's root (as `Page.url`) and its HTML."""

    path: str
    url: str
    html: str


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
    bibliography: str = ""  # the text of references.bib, for the citation engine

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
    def page_at(self) -> Mapping[str, Page]:
        """The pages by their path."""
        return {page.path: page for page in self.pages}

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

    def study_citing(self, key: str) -> Study | None:
        """The study whose own entry has this key."""
        return next((study for study in self.studies if study.entry == key), None)

    def is_missing(self, key: str, name: str) -> bool:
        """Whether the errata say that the entry's source does not state this field."""
        return any(e.key == key and e.field == name and e.kind == "missing" for e in self.errata)
