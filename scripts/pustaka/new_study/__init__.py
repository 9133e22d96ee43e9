"""A new study: its entry, its record, its pages in every language and its place in the menu, from what is known of a work.

`questions` asks for what is not known, `entry`, `record`, `pages` and `menu` make the texts, `plan` says which files change. What is there
already stays as it is, so that to run it again harms nothing. Nothing here opens or writes a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pustaka.model import Message

#: The pages of every study, in the order of its menu, and those that are made to be taught from.
PAGES = ("index", "findings", "method", "references")
TAUGHT = ("teaching", "slides")


class Refused(Exception):
    """Nothing can be written; `message` says why, and what to do."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Stated:
    """What a person has said of a study, as it was typed; None, or nothing, where it was not said. Mappings are by language, `fields` by field."""

    slug: str | None = None
    key: str | None = None
    type: str | None = None
    title: str | None = None
    authors: str | None = None
    date: str | None = None
    language: str | None = None
    licence: str | None = None
    basis: str | None = None
    code: str | None = None
    sections: str | None = None
    menu: str | None = None
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    short: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    keywords: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Outline:
    """What a new study begins with: the Markdown of its pages by "LANGUAGE/NAME", and words by name and language."""

    pages: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]]

    def page(self, name: str, language: str) -> str | None:
        """The beginning of a page in a language; of a language that has none, that of the first one that has; None where there is no such page."""
        found = self.pages.get(f"{language}/{name}")
        return found if found is not None else next((text for path, text in self.pages.items() if path.endswith(f"/{name}")), None)

    def has(self, name: str, language: str) -> bool:
        return f"{language}/{name}" in self.pages

    def word(self, name: str, language: str) -> str:
        """A word in a language, or in the first one that has it."""
        words = self.words[name]
        return words.get(language) or next(iter(words.values()))
