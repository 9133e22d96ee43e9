"""Words from which another differs by one slip of the hand: a letter too many, too few, wrong, or in the wrong place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

#: Beyond so many letters a word is not shortened: no name is so long.
_LONGEST = 40


class Spellings:
    """Known words, to be asked for the one that was probably meant; a question costs the same however many there are."""

    def __init__(self, words: Iterable[str]):
        words = list(words)
        self._by_spelling: dict[str, str] = {}
        for word in words:
            for spelling in _shortened(word.casefold()):
                self._by_spelling.setdefault(spelling, word)
        self._by_spelling |= {word.casefold(): word for word in words}

    def nearest(self, word: str) -> str:
        """The known word that is the same but for letter case or one slip; "" when there is none."""
        return next((self._by_spelling[spelling] for spelling in _shortened(word.casefold()) if spelling in self._by_spelling), "")


def _shortened(word: str) -> Iterator[str]:
    """A word, and the word without each of its letters: of two that differ by one slip, one of these is the same."""
    yield word
    for at in range(min(len(word), _LONGEST)):
        yield word[:at] + word[at + 1 :]
