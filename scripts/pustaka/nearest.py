"""What was probably meant: the known word, or the known citation key, that comes nearest to an unknown one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from pustaka.model import Entry


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that is spelled most like this one, letter case aside; None when none comes near."""
    by_folded = {other.casefold(): other for other in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


def nearest_key(key: str, entries: Sequence[Entry]) -> str | None:
    """The entry that a key was probably meant for.

    A key of another scheme ("Suharto_2005", "suharto:05", "suharto2005membangun") is known by the author and the year
    that it holds, then by a word of the title; any other key by its spelling.
    """
    wanted = _letters(key)
    kin = [entry for entry in entries if _holds_author_and_year(wanted, entry)]
    kin = [entry for entry in kin if _holds_title_word(wanted, entry)] or kin
    return nearest(key, [entry.key for entry in kin], cutoff=0) or nearest(key, [entry.key for entry in entries])


def _holds_author_and_year(letters: str, entry: Entry) -> bool:
    family = _letters(entry.authors[0].partition(",")[0]) if entry.authors else ""
    year = entry.year
    return bool(family and year) and family in letters and (year in letters or letters.endswith(year[2:]))


def _holds_title_word(letters: str, entry: Entry) -> bool:
    return any(word in letters for word in map(_letters, entry.text("title").split()) if len(word) > 3)


def _letters(text: str) -> str:
    """Letters and digits alone, in lower case and without accents."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKD", text)).casefold()
