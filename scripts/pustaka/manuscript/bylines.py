"""The names that stand before a year in running text, and the ways to read them.

Source of the forms: APA 7 sections 8.17 to 8.21; The Chicago Manual of Style 15.20 to 15.31.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from pustaka.lexicon import NO_NAMES, PARTICLES, SMALL, STARTERS
from pustaka.names import JOINERS, CitedName, fold

MANY = re.compile(
    r"\s*,?\s*(?:&\s*)?(?<!\w)(?:et\.? al(?:ia|ii)?(?:\.|\b)|dkk(?:\.|\b)|d\.k\.k\.|and (?:others|colleagues|associates)|"
    r"dan (?:kawan-kawan|kawan kawan|rekan(?:-rekan)?(?:nya)?|lain-lain|lainnya))"
    r"(?:['’]s?)?\s*,?\s*$",
    re.IGNORECASE,
)
PREFIX = re.compile(
    r"(?:(?:lihat|baca|bandingkan|bdk\.?|cf\.?|see|compare|e\.\s?g\.?|i\.\s?e\.?|mis(?:alnya|al|\.)|seperti|contohnya|contoh|sebagaimana|"
    r"menurut|based on|berdasarkan|"
    r"juga|also|especially|terutama|khususnya|for example|for instance|such as|but|tetapi|namun|and|dan|serta|adapted from|"
    r"diadaptasi dari|diolah dari|dari|oleh|by|from|after|"
    r"dimodifikasi dari|modified from|reprinted from|(?:sumber|source)s?\s?:|antara lain|di antaranya|among others|in|dalam|"
    r"review(?:ed)? (?:in|by)|dirangkum dalam)(?:\b|(?<=[.:]))\s*[,:]?\s*)+",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[&,;:()\[\]“”\"/|=+<>]|[^\s&,;:()\[\]“”\"/|=+<>]+")
REACH = 240  # characters before a year in which its authors are looked for
_BETWEEN_NAMES = re.compile(r"\s*,\s*(?:&|(?:dan|and|serta)\b)?\s*|\s+(?:&|dan|and|serta)\s+")
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.[\s-]?)*[A-ZÀ-Þ]\.?")
_MONTHS_AND_NAMES = frozenset(("april", "may", "june", "august", "march"))  # "Sari & May, 1978"
_NO_NAME = re.compile(r"(?:Jr|Sr)\.?|I{2,3}")


@dataclass(frozen=True)
class Reading:
    """One way to read the authors of a citation: their names, and whether "et al." follows."""

    written: str
    many: bool = False

    @cached_property
    def names(self) -> tuple[CitedName, ...]:
        parts = [part.strip(" .“”\"'‘’&") for part in _BETWEEN_NAMES.split(self.written)]
        kept = [part for number, part in enumerate(parts) if part and not _NO_NAME.fullmatch(part) and not (number and _INITIALS.fullmatch(part))]
        return tuple(CitedName(part) for part in kept)

    @property
    def is_name_like(self) -> bool:
        """Whether it can be names: no month, table, place or other word that only looks like one."""
        words = self.written.split()
        first, last = fold(words[0]) if words else "", fold(self.names[-1].written.split()[-1]) if self.names else ""
        if len(self.names) > 1 and last in _MONTHS_AND_NAMES:
            last = first
        return (
            bool(first)
            and len(last) > 1
            and not {first, last, fold(self.names[0].written)} & NO_NAMES
            and not any(letter.isdigit() for letter in self.written)
        )


def authors_in(head: str) -> tuple[tuple[Reading, ...], int]:
    """The readings of what stands before the year in a bracket, and where the authors begin."""
    back = names_before(head, len(head), listed=True)
    whole = undivided(head)
    begin = head.find(whole.written) if whole else -1
    if whole and (back or len(whole.written.split()) > 1):
        kept = [reading for number, (reading, start) in enumerate(back) if not number or head[:start].rstrip().endswith(",")]
        others = tuple(reading for reading in kept if reading.written != whole.written)
        return (whole, *others), max(begin, 0)
    return tuple(reading for reading, _ in back), min((start for _, start in back), default=0)


def undivided(head: str) -> Reading | None:
    """All that stands before the year, introductory words apart, where it begins like a name or a title."""
    prefix = PREFIX.match(head.lstrip())
    bare = head.lstrip()[prefix.end() :] if prefix else head.lstrip()
    many = MANY.search(bare)
    bare = re.sub(r"\s*\[[^\[\]]*\]", "", (bare[: many.start()] if many else bare)).strip(" ,:“”\"'‘’")
    first = re.match(r"[\W_]*(\w+)", bare)
    if not first or not (first[1][0].isupper() or first[1].lower() in PARTICLES or re.match(r"[\W_]*[a-z]{1,2}['’-]?[A-Z]", bare)):
        return None
    return Reading(re.sub(r"\s+", " ", bare), bool(many))


def names_before(text: str, end: int, listed: bool = False) -> list[tuple[Reading, int]]:
    """The names that end at `end`, as (reading, where it begins), longest first.

    A comma or a small word may part names, or what is no name from a name ("Di Indonesia, Sari dan Putra"): each such
    place begins a reading of its own. In a bracket (`listed`) commas part names even where no "and" follows.
    """
    floor = max(end - REACH, 0)
    if floor:
        floor += len(re.match(r"\S*", text[floor:end]).group())
    window = text[floor:end]
    if many := MANY.search(window):
        window = window[: many.start()]
    window = re.sub(r"['’]s?\s*$", "", window.rstrip(" ,:“”\"'‘’")).rstrip(" ,:“”\"'‘’")
    window = re.sub(r"\s*\[[^\[\]]*\]$", "", window)
    tokens = list(_TOKEN.finditer(window))
    begins: list[int] = []
    begin, joined, joins, comma = -1, bool(many) or listed, False, False
    for index in range(len(tokens) - 1, -1, -1):
        token, word = tokens[index], tokens[index].group()
        previous = tokens[index - 1].group() if index else ""
        if is_name_word(word):
            if _ends_sentence(word) and begin >= 0:
                break
            begin, comma = token.start(), False
        elif begin < 0:
            break
        elif word in JOINERS or word.lower() in JOINERS:
            if not is_name_word(previous) and previous != ",":
                break
            joined = joins = True
            continue
        elif word == "," and joined and not comma and is_name_word(previous):
            if not joins:
                begins.append(begin)
            comma = True
        elif word == "," and not comma and _INITIALS.fullmatch(window[begin:].strip()) and is_name_word(previous):
            comma = True  # "Sari, D." stands for D. Sari
        elif word.lower() in PARTICLES and word.islower():
            begins.append(begin)
            begin = token.start()
        elif (word in SMALL and is_name_word(previous)) or (word == "/" and is_name_word(previous)):
            begins.append(begin)
        else:
            break
        joins = False
    if begin < 0:
        return []
    starter = re.match(r"(\w+) (?=\S)", window[begin:])
    if starter and fold(starter[1]) in STARTERS:
        begin += starter.end()
        begins = [start for start in begins if start >= begin]
    ordered = sorted({*begins, begin})
    return [(Reading(re.sub(r"\s+", " ", window[start:]), bool(many)), floor + start) for start in ordered if start >= 0]


def is_name_word(word: str) -> bool:
    """Whether a word can be part of a name: it has a capital at its beginning, particle and apostrophe apart."""
    bare = word.lstrip("'’‘`ʼ“\"*_")
    return bool(bare) and (bare[0].isupper() or re.match(r"(?:[a-z]{1,3}['’‘`ʼ-]|[a-z](?=[A-ZÀ-Þ][a-z]))[A-ZÀ-Þ]", bare) is not None)


def _ends_sentence(word: str) -> bool:
    return word.endswith((".", "?", "!")) and len(word) > 4 and word.count(".") <= 1 and word not in ("Prof.", "Bid.", "Drs.")


def reading_of(written: str) -> Reading:
    many = MANY.search(written)
    return Reading((written[: many.start()] if many else written).strip(), bool(many))
