"""An article written in author-date prose with its own reference list, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from pustaka.lexicon import ENGLISH, INDONESIAN
from pustaka.manuscript import listed, plain, prose
from pustaka.manuscript.cited import Cited, Slip
from pustaka.manuscript.listed import Reference
from pustaka.manuscript.pairing import Pair, pair
from pustaka.model import Place

#: Passages that say how the article itself is to be cited.
_HOW_TO_CITE = re.compile(
    r"\W*(?:(?:how to cite|to cite this|cite this|cara (?:me)?ngutip|cara sitasi|suggested citation|recommended citation|dikutip sebagai|"
    r"untuk mengutip)\b|(?:sitasi|citation)\W*:)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Manuscript:
    """`language` is "id" or "en", the language of most of the text; `year` is the present one, after which nothing has appeared.

    `body` is what is not the list. `aliases` maps folded abbreviations to the folded names that they stand for in the text.
    """

    path: str
    language: str
    cited: tuple[Cited, ...]
    slips: tuple[Slip, ...]
    references: tuple[Reference, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    year: int = 9999

    @property
    def place(self) -> Place:
        return Place(self.path)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Each citation with the reference that it means, in the order of the text."""
        return pair(self.cited, self.references, self.aliases)

    @cached_property
    def joiner(self) -> str:
        """What stands between two authors in its brackets."""
        return "&" if sum(" & " in cited.written for cited in self.cited) or self.language == "en" else "dan"

    @cached_property
    def many(self) -> str:
        """What stands for further authors."""
        dkk = sum("dkk" in cited.written for cited in self.cited)
        et_al = sum("et al" in cited.written for cited in self.cited)
        return "dkk." if dkk > et_al or (dkk == et_al and self.language == "id") else "et al."


def read(text: str, path: str, today: date | None = None) -> Manuscript:
    """The manuscript that a text in Markdown or without any markup holds; the places of what is in it are those of the text."""
    passages = tuple(plain.passages(text, path))
    start, end = listed.find(passages)
    body = tuple(passage for passage in passages[:start] + passages[end:] if not _HOW_TO_CITE.match(passage.words))
    found = prose.read(body)
    below = next((passage.place() for passage in passages[end:]), None)
    notes = next((passage.place() for passage in passages[end:] if passage.note), None)
    return Manuscript(
        path,
        _language(passage.words for passage in body),
        tuple(_after(cited) if below and below <= cited.place and not (notes and notes <= cited.place) else cited for cited in found.cited),
        tuple(found.slips),
        listed.read(passages[start:end]),
        found.aliases,
        "\n".join(passage.words for passage in body),
        (today or date.today()).year,
    )


def _after(cited: Cited) -> Cited:
    """A citation below the list. A year behind a name is there more often a date of the author's life."""
    return replace(cited, sure=cited.sure and not cited.narrative)


def _language(texts: Iterable[str]) -> str:
    words = [word for text in texts for word in text.casefold().split()]
    return "id" if sum(word in INDONESIAN for word in words) >= sum(word in ENGLISH for word in words) else "en"
