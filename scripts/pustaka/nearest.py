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

#: How much of two keys must be the same for the one to be a slip of the other: with 0.75 nearly every slip of one or two letters
#: is known for one, and two keys in three that mean a work which is not there are let alone (measured on 14 public .bib files).
ALIKE = 0.75

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
        if spelled := self._by_letters.get(_letters(key)):  # other marks or another letter case
            return _most_alike(key, spelled)
        kin = self._kin(key) or self._kin_of_another_year(key)
        near = self._near(key)
        if near and near not in kin and (not kin or _alike(key, near.key) > 0.9):
            return near.key
        return _most_alike(key, kin) if kin else None

    def _kin(self, key: str) -> list[Entry]:
        """The entries of the key's year of whose authors and title the key holds most."""
        parts, letters = _parts(key), _bare(key)
        found = [entry for entry in self._by_year.get(_year(key), ()) if not parts.isdisjoint(self._names_of(entry))]
        held = [(_held(entry, letters), entry) for entry in found]
        most = max((count for count, _ in held), default=None)
        return [entry for count, entry in held if count == most]

    def _kin_of_another_year(self, key: str) -> list[Entry]:
        """Where the year is mistyped: the entries of whose first author and title the key holds most, or an author's only one."""
        if not _year(key):
            return []
        letters = _bare(key)
        found = [entry for part in _parts(key) for entry in self._by_family.get(part, ())]
        held = [(_held(entry, letters), entry) for entry in found]
        most = max((count for count, _ in held), default=(0, 0))
        best = [entry for count, entry in held if count == most]
        return best if most[1] or len(best) == 1 else []

    def _names_of(self, entry: Entry) -> set[str]:
        if entry.key not in self._names:
            self._names[entry.key] = _names(entry)
        return self._names[entry.key]

    @cached_property
    def _by_family(self) -> dict[str, list[Entry]]:
        """Entries by the family name of the first author."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if len(family := first_family(entry)) > 2:
                found[family].append(entry)
        return found

    def _near(self, key: str) -> Entry | None:
        """The entry whose key is spelled most like this one."""
        self._spellings += 1
        if self._spellings > MOST_SPELLINGS:
            return None
        shared = Counter(number for group in _groups(key) for number in self._by_group.get(group, ()))
        candidates = [self.entries[number] for number, _ in shared.most_common(10)]
        best = max(candidates, key=lambda entry: _alike(key, entry.key), default=None)
        return best if best is not None and _alike(key, best.key) >= ALIKE else None

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
    return [name for name in map(_family, re.split(r"\s+and\s+", _people(entry))) if name]


def first_family(entry: Entry) -> str:
    """The first of its `families`, or ""."""
    return _family(_people(entry).partition(" and ")[0])


def _people(entry: Entry) -> str:
    return entry.fields.get("author") or entry.fields.get("editor") or ""


def _family(person: str) -> str:
    if person.startswith("{"):
        return _letters(person)
    return _letters(person.partition(",")[0] if "," in person else person.rpartition(" ")[2])


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


def _year(key: str) -> str:
    """The year in a key, in four digits or in two; "" when there is none."""
    digits = re.findall(r"\d+", key)
    return next((number[:4] for number in digits if len(number) >= 4), "") or next((number for number in digits if len(number) == 2), "")


def _bare(key: str) -> str:
    """The letters of a key alone."""
    return re.sub(r"\d", "", _letters(key))[:60]


def _parts(key: str) -> set[str]:
    """Every run of letters in a key that may be a name: from four on, those that begin it from two on, and its words."""
    letters = _bare(key)
    runs = {letters[start:end] for start in range(len(letters)) for end in range(start + 2, len(letters) + 1) if end - start > 3 or start == 0}
    return runs | {_letters(word) for word in re.findall(r"[^\W\d_][^\W\d_A-Z]+|[^\W\d_]{2,}", key)}


def _held(entry: Entry, letters: str) -> tuple[int, int]:
    """How many letters of a key are a work's authors, and how many words of its title."""
    names = sum(len(name) for name in set(families(entry)) if name in letters)
    words = {word for word in map(_letters, entry.text("title").split()) if len(word) > 3}
    return names, sum(len(word) for word in words if word in letters)


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
