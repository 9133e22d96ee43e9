"""Names as they are cited and as they are listed, and whether the two may be the same.

A person is listed under the family name ("Ulum, M. C."), a body under its whole name, and many Indonesians have one name
only or are cited under the first. Source: APA 7 sections 8.17 (in text), 9.7 to 9.12 (in the list).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pustaka.lexicon import BODY_WORDS, DEGREES, PARTICLES, SMALL, TITLES

JOINERS = frozenset(("&", "dan", "and", "serta", "und", "et", "y"))
#: Degrees that no one takes for initials: they hold a small letter, or are three capitals.
SURE_DEGREES = frozenset(degree for degree in DEGREES if re.search(r"[a-z]", degree)) - {"Ir", "Ak", "Lc", "Hj", "Dra"}
_DEGREE = re.compile(rf"(?:{'|'.join(re.escape(degree) for degree in sorted(DEGREES, key=len, reverse=True))})\.?")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,3}\.[\s-]*)+|[A-ZÀ-Þ](?:[\s-]?[A-ZÀ-Þ]){0,3}")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Letters and digits alone, without case, accents, marks or spaces."""
    text = text.replace("ø", "o").replace("Ø", "O").replace("ł", "l").replace("Ł", "L").replace("đ", "d")
    return "".join(letter for letter in unicodedata.normalize("NFKD", text).casefold() if letter.isalnum())


def words_of(text: str) -> list[str]:
    """The folded words of a name, initials and particles among them."""
    return [word for word in map(fold, re.split(r"[\s.,‐-]+", text)) if word]


def is_initials(text: str) -> bool:
    return _INITIALS.fullmatch(text.strip()) is not None


def is_degree(text: str) -> bool:
    """Whether the text is an academic degree or title, as "M.Sc", "S. E." or "Prof."."""
    return _DEGREE.fullmatch(re.sub(r"(?<=\.)\s+", "", text.strip())) is not None


def is_sure_degree(text: str) -> bool:
    """Whether it is a degree and cannot be initials or a name."""
    return re.sub(r"\s+", "", text.strip()).rstrip(".") in SURE_DEGREES


def title_before(name: str) -> str:
    """The title that a name begins with ("Dr." of "Dr. Sari"), or ""."""
    first, _, rest = name.partition(" ")
    return first if rest and first.endswith(".") and first.rstrip(".") in TITLES else ""


@dataclass(frozen=True)
class Author:
    """One name of a reference: `family` is what comes first, `given` the initials or given names after its comma."""

    family: str
    given: str = ""

    @property
    def folded(self) -> str:
        return fold(self.family)

    @property
    def initials(self) -> tuple[str, ...]:
        """The folded first letters of the given names."""
        return tuple(word[0] for word in words_of(re.sub(r"-", " ", self.given)) if len(word) == 1 or word not in PARTICLES)

    def __str__(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family


_END = re.compile(r"(?<=[^\W\d_]{3})\.$|(?<=\s[a-z]{2})\.$|(?<=\))\.$")  # of the whole author part: "and D. A. Sari.", "Jan van."
_JUNIOR = re.compile(r"\s(?:Jr|Sr)\.?$")
_TITLED = re.compile(r"(?:Prof|Dr|Drs|Dra|Ir)\.\s+(?:(?:Prof|Dr|Drs|Dra|Ir|Hj?|K\.?\s?H)\.\s+)*(?=\w{2})")
_BETWEEN = re.compile(r"\s*[,;]\s*(?:(?P<joined>&|\b(?:dan|and|und|et)\b)\s*)?|\s+(?P<alone>&|dan|and)\s+")


def split_authors(text: str) -> tuple[Author, ...]:
    """The names in the author part of a reference: "Sari, D. A., & Putra, B.", "Sari, Dewi, and Budi Putra", "Sari D, Putra B"."""
    parts: list[str] = []
    joined: list[bool] = []
    titled: list[bool] = []
    at, before = 0, None
    for match in [*_BETWEEN.finditer(text), None]:
        part = _JUNIOR.sub("", _END.sub("", text[at : match.start() if match else None].strip()))
        title = _TITLED.match(part)
        if parts and is_sure_degree(part):
            titled[-1] = True
        elif part.strip(" .…&"):
            parts.append(part[title.end() :] if title else part)
            titled.append(title is not None)
            joined.append(bool(before and (before["joined"] or before["alone"])))
        before, at = match, match.end() if match else at
    if _are_all_inverted(parts, joined):
        return tuple(map(Author, parts[::2], parts[1::2]))
    return tuple(_authors(parts, joined, titled))


def _are_all_inverted(parts: list[str], joined: list[bool]) -> bool:
    """Whether the last "and" stands before the last part but one, so that family and given names alternate: "Sari, Dewi, & Putra, Budi"."""
    return (
        len(parts) > 2
        and len(parts) % 2 == 0
        and joined[-2]
        and not any(joined[1::2])
        and not any(_is_given(part) or is_degree(part) or _SUFFIX.fullmatch(part) or BODY_WORDS & set(words_of(part)) for part in parts)
        and all(len(part.split()) < 4 and part[0].isupper() for part in parts)
    )


def _authors(parts: list[str], joined: list[bool], titled: list[bool]) -> Iterator[Author]:
    """The names of the parts between commas.

    `joined` tells the parts before which "and" stands, which begin a name; `titled` those that had a degree or title, which are persons.
    """
    at, inverted = 0, False
    while at < len(parts):
        first, family, at = at == 0, parts[at], at + 1
        if _SUFFIX.fullmatch(family) or (not first and (is_degree(family) or _STRAY.fullmatch(family))):
            continue
        is_body = bool(BODY_WORDS & set(words_of(family)))
        if (trailing := _TRAILING.fullmatch(family)) and not is_body and trailing[2] != "RI" and not _SUFFIX.fullmatch(trailing[2]):
            yield Author(trailing[1], trailing[2])
        elif leading := _LEADING.fullmatch(family) or (not first and not is_body and _LEADING_BARE.fullmatch(family)):
            yield _leading_family(leading[1].strip(), leading[2])
        elif at < len(parts) and (_is_given(parts[at]) or (not joined[at] and _is_written_out(family, parts, at, first))):
            inverted = inverted or not _is_given(parts[at])
            yield Author(family, parts[at])
            at += 1
        elif len(family.split()) > 1 and (
            (titled[at - 1] and not is_body)
            or (not first and (inverted or _MIDDLE.search(family) or (joined[at - 1] and len(family.split()) < 4 and not is_body)))
        ):
            given, _, last = family.rpartition(" ")
            yield Author(last.rstrip("."), given)
        else:
            yield Author(family.rstrip(".") if len(family) > 3 and family.count(".") == 1 else family)


def _leading_family(initials: str, name: str) -> Author:
    """The person of "D. A. Sari", "J. van der Berg" and "J. Martin Putra", whose family name is the last word, with its particles."""
    words = name.split()
    begin = len(words) - 1
    while begin and words[begin - 1].lower() in PARTICLES:
        begin -= 1
    return Author(" ".join(words[begin:]), " ".join([initials, *words[:begin]]))


_STRAY = re.compile(r"(?:[A-ZÀ-Þ]\.[\s-]?)+")  # initials that a comma has parted from the others: "Sari, D., A."
_TRAILING = re.compile(r"(.*[^\W\d_]{2,})\s+([A-Z](?:-?[A-Z]){0,3}\.?|(?:[A-Z]\.[\s-]?){2,4})")  # Vancouver: "Sari DA", "Sari D."
_LEADING = re.compile(r"((?:[A-Z]\.[\s-]?)+(?<=\s))([^\W\d_][^.]+)")  # "D. A. Sari"
_MIDDLE = re.compile(r"\s[A-ZÀ-Þ]\.\s")  # "Dewi A. Sari"
_LEADING_BARE = re.compile(r"([A-Z]{1,3})\s([A-ZÀ-Þ][a-zà-ÿ]+)")  # "DA Sari"


def _is_given(part: str) -> bool:
    """Initials, also with particles or names written out among them: "M. T.", "J. van der", "Chr. A.", "A.-B."."""
    words = part.split()
    return any(is_initials(word) and (word.endswith(".") or len(word) <= 2) for word in words) and all(
        is_initials(word) or word.lower().rstrip(".") in PARTICLES or word in SMALL or "." in word for word in words
    )


_NAME_AND_INITIALS = re.compile(r"[A-ZÀ-Þ][^\W\d_]+(?: [A-ZÀ-Þ][^\W\d_]+)?(?: ?[A-ZÀ-Þ]\.)+")


def _is_written_out(family: str, parts: list[str], at: int, first: bool) -> bool:
    """Whether a part is a given name written out, alone or before initials: "Sari, Dewi A., Putra, B."."""
    if _NAME_AND_INITIALS.fullmatch(parts[at]) and not re.search(r"\b[A-ZÀ-Þ]\.$", family):
        return True
    return _is_given_in_full(family, parts, at, first)


def _is_given_in_full(family: str, parts: list[str], at: int, first: bool) -> bool:
    """Whether a part is a given name written out: "Sari, Dewi Ayu, and Budi Putra" (Chicago), "SARI, Dewi, PUTRA, Budi" (ISO 690).

    By Chicago only the first name is inverted, and every later one has its words in the order given name, family name; two
    one-word names stand for two authors ("Suharto, Hatta, & Sari").
    """
    given = re.sub(r"\([^()]*\)", "", parts[at]).split()
    if not given or not all(word[0].isupper() or word in PARTICLES for word in given) or not given[0][0].isupper() or len(family.split()) > 3:
        return False
    if family.isupper() and len(family) > 2:
        return not parts[at].isupper() or len(parts) == 2
    return first and all(len(later.split()) > 1 and not _is_given(later) for later in parts[at + 1 :])


@dataclass(frozen=True)
class CitedName:
    """One name as it is cited: "Sari", "S. Arifin", "Edhi Suharto", "van der Berg", "Badan Pusat Statistik"."""

    written: str

    @property
    def words(self) -> list[str]:
        return words_of(self.written)

    @property
    def initials(self) -> tuple[str, ...]:
        """The initials before the name, folded: ("d", "a") of "D. A. Sari"; none of a name that is written out."""
        return tuple(words_of(self.written[: self._bare_from]))

    @property
    def family(self) -> str:
        """The name without initials and particles, folded."""
        return "".join(_without_particles(words_of(self.written[self._bare_from :])))

    @property
    def _bare_from(self) -> int:
        """Where the initials end; a degree ("M.Sc") has none."""
        match = None if is_degree(self.written) else re.match(r"(?:[^\W\d_]{1,2}\.[\s-]*)+(?=[^\W\d_]{2})", self.written)
        return match.end() if match else 0

    def may_be(self, author: Author) -> bool:
        """Whether the cited name agrees with a listed one: the same family name, whole or as the last or first words."""
        wanted = "".join(_without_particles(words_of(author.family)))
        if not wanted or (self.initials and author.given and not _begins(self.initials, author.initials)):
            return False
        if self.family == wanted or fold(self.written) == author.folded:
            return True
        bare = self.words
        return any("".join(bare[at:]) in (wanted, author.folded) or "".join(bare[:at]) == wanted for at in range(1, len(bare)))


def _without_particles(words: list[str]) -> list[str]:
    bare = [word for word in words if len(word) == 1 or word not in PARTICLES]
    return bare or words


def _begins(some: tuple[str, ...], all_of: tuple[str, ...]) -> bool:
    """Whether the initials of the one are among those of the other, in order: a middle one may be left out."""
    few, many = sorted((tuple(initial[0] for initial in some), all_of), key=len)
    rest = iter(many)
    return all(initial in rest for initial in few)
