"""Words that a page is found by although they do not stand on it: other forms of its words, and other words for the same.

The index stems what it reads and what is typed by Snowball (M. F. Porter, "Snowball: A language for stemming algorithms", 2001).
Where that sends two forms of one word to different stems, and where two words mean the same, the page's index is given a word
that it does not print. Such a word begins with `MARK`, by which the search knows that it is not to be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache

import snowballstemmer

from pustaka.model import SearchWords
from pustaka.search.text import ITEM, Passage

#: Begins a word that is found but not shown: the double dagger, which the index leaves out of the word.
MARK = "‡"

#: A shorter stem of another form would find too much: what is typed finds every word that it is the beginning of.
_SHORTEST = 3

#: The forms in which a word may be typed, by each word that stands on a page.
Forms = Mapping[str, Iterable[str]]

#: Snowball's languages, by their BCP 47 tags; of any other a word is its own stem.
_SNOWBALL = {"id": "indonesian", "en": "english", "ms": "indonesian"}


@cache
def stem(language: str, word: str) -> str:
    """The stem of a word as the index makes it."""
    stemmer = _stemmer(language)
    return stemmer.stemWord(word) if stemmer else word


@cache
def _stemmer(language: str):
    name = _SNOWBALL.get(language, language)
    return snowballstemmer.stemmer(name) if name in snowballstemmer.algorithms() else None


class Hidden:
    """Puts hidden words beside the words of a page.

    Args:
        stated: the words that mean the same in this language.
        forms: of the words that stand on its pages.
    """

    def __init__(self, language: str, stated: SearchWords, forms: Forms):
        self._language = language
        self._groups = [[tuple(map(self._stem, member.lower().split())) for member in group] for group in stated.same]
        self._written = [[member.lower().split() for member in group] for group in stated.same]
        self._starts: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for number, members in enumerate(self._groups):
            for member in members:
                self._starts.setdefault(member[0], []).append((number, member))
        self._forms = {word: self._by_stem(some) for word, some in forms.items()}

    def beside(self, passages: Iterable[Passage]) -> Iterator[Passage]:
        """The passages of a page with the hidden words; each of them once below a heading."""
        section: list[Passage] = []
        for passage in passages:
            if passage.level and section:
                yield from self._section(section)
                section = []
            section.append(passage)
        if section:
            yield from self._section(section)

    def _section(self, section: list[Passage]) -> Iterator[Passage]:
        if section[0].level == ITEM:  # a work in a list: it is looked for as it is called
            yield from section
            return
        there = {stem for passage in section for word in passage.text.split() for stem in self._stems(word)}
        for passage in section:
            yield replace(passage, text=" ".join(self._with_hidden(passage.text.split(), there)))

    def _with_hidden(self, words: list[str], there: set[str]) -> Iterator[str]:
        """The words, each followed by the hidden words that it brings; `there` gathers the stems that need no more of them."""
        stems = [self._stems(word) for word in words]
        for position, word in enumerate(words):
            yield word
            for other_stem, other in self._brought(words, stems, position):
                if not any(stem.startswith(other_stem) for stem in there):
                    there.add(other_stem)
                    yield MARK + other

    def _brought(self, words: list[str], stems: list[tuple[str, ...]], position: int) -> Iterator[tuple[str, str]]:
        """The other words for the one that ends at a position, each with its stem."""
        for part in _parts(words[position]):
            yield from ((stem, form) for stem, form in self._forms.get(part, {}).items() if len(stem) >= _SHORTEST)
        for first in stems[position]:
            for number, member in self._starts.get(first, ()):
                following = stems[position : position + len(member)]
                if len(following) == len(member) and all(wanted in some for wanted, some in zip(member, following, strict=True)):
                    for other in self._written[number]:
                        yield from ((self._stem(each), each) for each in other)

    def _by_stem(self, forms: Iterable[str]) -> dict[str, str]:
        """Of the forms with one stem the shortest."""
        shortest: dict[str, str] = {}
        for form in sorted(forms, key=lambda form: (len(form), form)):
            shortest.setdefault(self._stem(form), form)
        return {stem: stem if self._stem(stem) == stem else form for stem, form in shortest.items()}

    def _stems(self, word: str) -> tuple[str, ...]:
        return _stems(self._language, word)

    def _stem(self, word: str) -> str:
        return stem(self._language, word)


@cache
def _stems(language: str, word: str) -> tuple[str, ...]:
    """The stems of what the index reads of a word."""
    return tuple(stem(language, part) for part in _parts(word))


@cache
def _parts(word: str) -> list[str]:
    """A word as the index reads it: its letters and digits; of a compound also the parts."""
    parts = "".join(letter if letter.isalnum() else " " for letter in word.lower()).split()
    return parts if len(parts) < 2 else [*parts, "".join(parts)]
