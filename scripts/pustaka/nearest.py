"""What was probably meant: the known word, or the known citation key, that comes nearest to an unknown one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property

from pustaka.model import Entry

#: Of more unknown keys than this (the wrong bibliography, most likely) the spelling is not compared: it takes milliseconds each.
MOST_SPELLINGS = 500

#: A group of letters that more keys share tells nothing of any of them.
_COMMON = 300


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that is spelled most like this one, letter case aside; None when none comes near."""
    by_folded = {other.casefold(): other for other in known}
    found = get_close_matches(word.casefold(), by_folded, n=1, cutoff=cutoff)
    return by_folded[found[0]] if found else None


def nearest_key(key: str, entries: Sequence[Entry]) -> str | None:
    """The key of the entry that a key was probably meant for; to ask of many keys, make one `Keys`."""
    return Keys(entries).nearest(key)


class Keys:
    """The keys of a bibliography, to be asked for the one that an unknown key was probably meant for.

    A key of another scheme ("Suharto_2005", "suharto:05", "suharto2005membangun", "SP20") is known by what it holds of a
    work's authors, year and title; any other by its spelling.
    """

    def __init__(self, entries: Sequence[Entry]):
        self.entries = entries
        self._names: dict[str, set[str]] = {}
        self._spellings = 0

    def nearest(self, key: str) -> str | None:
        wanted = _letters(key)
        if spelled := self._by_letters.get(wanted):  # other marks or another letter case
            return _most_alike(key, spelled)
        kin = self._kin(wanted)
        near = self._near(key)
        if kin and near and near not in kin and _alike(key, near.key) > 0.9:
            return near.key
        if kin:
            return _most_alike(key, kin)
        return near.key if near else None

    def _kin(self, wanted: str) -> list[Entry]:
        """The entries of whose authors, year and title the key holds most."""
        digits = re.findall(r"\d+", wanted)
        year = next((number[:4] for number in digits if len(number) >= 4), "") or next((number for number in digits if len(number) == 2), "")
        if not year:
            return []
        letters = re.sub(r"\d", "", wanted)
        parts = _parts(letters)
        found = [entry for entry in self._by_year.get(year, ()) if not parts.isdisjoint(self._names_of(entry))]
        held = [(_held(entry, letters), entry) for entry in found]
        most = max((count for count, _ in held), default=0)
        return [entry for count, entry in held if count == most]

    def _names_of(self, entry: Entry) -> set[str]:
        if entry.key not in self._names:
            self._names[entry.key] = _names(entry)
        return self._names[entry.key]

    def _near(self, key: str) -> Entry | None:
        """The entry whose key is spelled most like this one."""
        self._spellings += 1
        if self._spellings > MOST_SPELLINGS:
            return None
        shared = Counter(number for group in _groups(key) for number in self._by_group.get(group, ()))
        candidates = [self.entries[number] for number, _ in shared.most_common(30)]
        best = max(candidates, key=lambda entry: _alike(key, entry.key), default=None)
        return best if best is not None and _alike(key, best.key) >= 0.6 else None

    @cached_property
    def _by_letters(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[_letters(entry.key)].append(entry)
        return found

    @cached_property
    def _by_year(self) -> dict[str, list[Entry]]:
        """Entries by their year in four digits and in two."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if year := entry.year:
                found[year].append(entry)
                found[year[2:]].append(entry)
        return found

    @cached_property
    def _by_group(self) -> dict[str, list[int]]:
        """Entries by the groups of three letters in their keys, without those that too many share."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self.entries):
            for group in _groups(entry.key):
                found[group].append(number)
        return {group: numbers for group, numbers in found.items() if len(numbers) <= _COMMON or len(self.entries) <= _COMMON}


def families(entry: Entry) -> list[str]:
    """The family names of an entry's authors, or editors, folded; a body's name is one. Fast, and good enough to compare."""
    text = entry.fields.get("author") or entry.fields.get("editor") or ""
    names = []
    for person in re.split(r"\s+and\s+", text):
        if person.startswith("{"):
            names.append(_letters(person))
        elif "," in person:
            names.append(_letters(person.partition(",")[0]))
        elif words := person.split():
            names.append(_letters(words[-1]))
    return [name for name in names if name]


def _names(entry: Entry) -> set[str]:
    """What keys call a work: its first author or part of that name, all authors' initials, the first words of its title."""
    authors = families(entry)
    names = set()
    if authors:
        first = authors[0]
        names |= {first, first[:3], first[:4]} if len(first) > 3 else {first}
        if len(authors) > 1:
            names.add("".join(author[0] for author in authors))
        body = entry.fields.get("author", "")
        if body.startswith("{"):  # Badan Pusat Statistik: bps
            names.add("".join(word[0] for word in map(_letters, body.split()) if word and word not in _SMALL))
        names |= {_letters(part) for part in body.partition(",")[0].split() if "," in body}  # van der Berg
    names |= {word for word in map(_letters, entry.text("title").split()[:4]) if len(word) > 4}
    return {name for name in names if len(name) > 1}


_SMALL = frozenset({"dan", "of", "the", "for", "and", "untuk", "di", "ri"})


def _parts(letters: str) -> set[str]:
    """Every run of letters in a key, from two on; of a long key those that begin it."""
    letters = letters[:60]
    return {letters[start:end] for start in range(len(letters)) for end in range(start + 2, len(letters) + 1) if end - start > 3 or start == 0}


def _held(entry: Entry, letters: str) -> int:
    """How many letters of a key are a work's authors and title words."""
    words = {*families(entry), *(word for word in map(_letters, entry.text("title").split()) if len(word) > 3)}
    return sum(len(word) for word in words if word in letters)


def _groups(key: str) -> set[str]:
    folded = f"^{key.casefold()}$"
    return {folded[start : start + 3] for start in range(len(folded) - 2)}


def _most_alike(key: str, entries: Sequence[Entry]) -> str:
    return max(entries[:100], key=lambda entry: _alike(key, entry.key)).key


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _letters(text: str) -> str:
    """Letters and digits alone, in lower case and without accents."""
    if text.isascii():
        return re.sub(r"[\W_]", "", text).lower()
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKD", text)).casefold()
