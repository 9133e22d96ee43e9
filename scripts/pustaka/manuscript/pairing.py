"""Which reference a citation means: the one of the same authors and year, else the one that comes nearest to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from pustaka.lexicon import SMALL
from pustaka.manuscript.bylines import Reading
from pustaka.manuscript.cited import Cited
from pustaka.manuscript.listed import Reference
from pustaka.names import CitedName, fold, words_of

_ENOUGH = 40  # candidates that are compared letter by letter


@dataclass(frozen=True)
class Pair:
    """A citation and the reference that it means; None when the list has none that comes near.

    `reading` is how the citation was read, and `differs` what disagrees: "year", "letter" (2020a, 2020), "name" (another
    spelling), "authors" (other or fewer co-authors), "many" ("et al." where all authors must be named), "order".
    `nearest` is, where there is no reference, the one that is least unlike.
    """

    cited: Cited
    reading: Reading
    reference: Reference | None = None
    differs: frozenset[str] = frozenset()
    nearest: Reference | None = None


def pair(cited: Sequence[Cited], references: Sequence[Reference], aliases: Mapping[str, str]) -> tuple[Pair, ...]:
    """Each citation with its reference. First those that agree are paired, so that a near one goes to what is left over."""
    index = _Index(references, aliases)
    pairs: dict[int, Pair] = {}
    for number, citation in enumerate(cited):
        if found := index.exact(citation):
            pairs[number] = found
    taken = {id(found.reference) for found in pairs.values()}
    known: dict[tuple, Pair] = {}
    for number, citation in enumerate(cited):
        if number not in pairs:
            same = (citation.readings, citation.year, citation.sure)
            if same not in known:
                known[same] = index.near(citation, taken)
            found = known[same]
            pairs[number] = Pair(citation, found.reading, found.reference, found.differs, found.nearest)
    return tuple(pairs[number] for number in range(len(cited)))


def same_year(one: str, other: str) -> bool:
    """Whether two years say the same: "t.t." is "n.d.", and of "1970/2005" each may be given."""
    return bool(_years(one) & _years(other))


def _years(year: str) -> set[str]:
    bare = re.sub(r"[\s.]", "", year.casefold())
    if dateless := re.match(r"(?:nd|tt|tth|sa|tanpatahun|nodate)(-?[a-z])?$", bare):
        return {"nd" + (dateless[1] or "").replace("-", "")}
    if not bare[:1].isdigit():
        return {"press" + (bare[-1] if bare[-2:-1] == "-" else "")}
    return {bare, *bare.split("/")}


def _digits(year: str) -> str:
    return re.sub(r"(?<=\d)[a-z]$", "", year.casefold())


def differences(reading: Reading, reference: Reference) -> frozenset[str]:
    """What disagrees between the cited authors and those of a reference whose first author, or body, agrees."""
    names, authors = reading.names, reference.authors
    if not names or not authors:
        return frozenset({"name"})
    if not names[0].may_be(authors[0]):
        return frozenset({"order"}) if len(names) > 1 and any(names[0].may_be(author) for author in authors) else frozenset({"name"})
    rest, others = names[1:], authors[1:]
    if len(rest) == 1 and not others and not reading.many and fold(rest[0].written) == fold(authors[0].given):
        return frozenset()  # two people of one name each: "Sari, Utami, 2020"
    if any(not name.may_be(author) for name, author in zip(rest, others, strict=False)):
        return frozenset({"order"}) if len(rest) == len(others) and _same_set(rest, others) else frozenset({"authors"})
    if reference.many or (reading.many and len(authors) > max(len(names), 2)):
        return frozenset()
    if reading.many:
        return frozenset({"many"})
    return frozenset() if len(names) == len(authors) else frozenset({"authors"})


def _same_set(names: Sequence[CitedName], authors: Sequence) -> bool:
    return all(any(name.may_be(author) for author in authors) for name in names)


def _acronyms(words: Sequence[str]) -> set[str]:
    """The initials of a body's name, with and without its small words."""
    bare = [word for word in words if word not in SMALL]
    return {"".join(word[0] for word in some) for some in (words, bare) if len(some) > 1}


class _Index:
    """The references by all that a citation may call them."""

    def __init__(self, references: Sequence[Reference], aliases: Mapping[str, str]) -> None:
        self.full = aliases
        self.short = {full: short for short, full in aliases.items()}
        self.called: dict[tuple[str, ...], list[Reference]] = {}  # (how, by what name), and the same with each year
        self.ends: dict[str, list[tuple[str, Reference]]] = {}
        self.kin: dict[object, list[Reference]] = {}
        for reference in references:
            family = reference.authors[0].family
            for name in {CitedName(family).family, fold(family)}:
                self._call("name", name, reference)
            bodies = {reference.folded, *_bracketed(reference.printed)}
            if reference.is_titled:
                bodies |= _acronyms(words_of(re.sub(r"[\[(].*", "", reference.printed)))
                bodies |= {fold(re.sub(r"[\[(].*", "", reference.printed))}
                self._call("start", reference.folded[:6], reference)
                for title in {reference.folded, fold(reference.printed.partition(":")[0])}:
                    self.ends.setdefault(title[-8:], []).append((title, reference))
            elif len(reference.authors) > 1:
                bodies |= _acronyms(words_of(reference.printed)) if not any(author.given for author in reference.authors) else set()
            for body in bodies - {""}:
                self._call("body", body, reference)
            if not any(author.given for author in reference.authors) and _is_title(reference.printed):
                self._call("first word", words_of(reference.printed)[0], reference)
            year = _digits(reference.year)
            for author in reference.authors:
                self.kin.setdefault((year, CitedName(author.family).family), []).append(reference)
            for sign in _signs(CitedName(family).family, year):
                self.kin.setdefault(sign, []).append(reference)

    def _call(self, how: str, name: str, reference: Reference) -> None:
        self.called.setdefault((how, name), []).append(reference)
        for year in _years(reference.year):
            self.called.setdefault((how, name, year), []).append(reference)

    def _find(self, how: str, name: str, year: str) -> Iterator[Reference]:
        """The references of that name, of all years where none is given."""
        for key in [(how, name, one) for one in _years(year)] if year else [(how, name)]:
            yield from self.called.get(key, ())

    def of(self, reading: Reading, year: str = "") -> Iterator[tuple[Reference, frozenset[str]]]:
        """The references whose first author or body is called so, with what else disagrees."""
        whole = fold(reading.written)
        words = words_of(reading.written)
        first = words_of(reading.names[0].written) if reading.names else []
        suffixes = ("".join(words[at:]) for at in range(1, min(len(first), 12)))  # "Menurut Badan Pusat Statistik"
        for body in {whole, self.full.get(whole, ""), self.short.get(whole, ""), *suffixes}:
            for reference in self._find("body", body, year):
                alone = reading.many and len(reference.authors) == 1 and not reference.many
                yield reference, frozenset({"many"} if alone else ())
        if len(whole) >= 8 and len(words) > 1:
            for reference in self._find("start", whole[:6], year):
                if reference.folded.startswith(whole):
                    yield reference, frozenset()
        if len(words) == 1 and len(whole) >= 4 and not reading.many:
            for reference in self._find("first word", whole, year):
                yield reference, frozenset()
        if reading.names:
            keys = {reading.names[0].family, "".join(first)}
            keys |= {"".join(part) for at in range(1, len(first)) for part in (first[:at], first[at:])}
            for key in keys:
                for reference in self._find("name", key, year):
                    difference = differences(reading, reference)
                    if "name" not in difference and "order" not in difference:
                        yield reference, difference

    def exact(self, cited: Cited) -> Pair | None:
        """The citation with the reference that agrees with it in all, if there is one."""
        for reading in cited.readings:
            for reference, difference in self.of(reading, cited.year):
                if not difference:
                    return Pair(cited, reading, reference)
        for title, reference in self.ends.get(cited.before[-8:], ()) if cited.before else ():
            if cited.before.endswith(title):
                return Pair(cited, Reading(reference.printed), reference, self._year_difference(cited, reference))
        return None

    def near(self, cited: Cited, taken: set[int]) -> Pair:
        """The citation with the reference that it means in spite of a difference, or at least the nearest."""
        choices: list[tuple[float, Reading, Reference, frozenset[str]]] = []
        # in a bracket all that stands there belongs to the citation, but for the work that a carrier carries
        readings = cited.readings[:1] if cited.role == "carrier" else cited.readings if cited.narrative else cited.readings[:2]
        for reading in readings:
            for reference, difference in islice(self.of(reading), _ENOUGH * 5):
                differs = difference | self._year_difference(cited, reference)
                unlike = len(differs) * 0.5 + 0.2 * ("year" in differs) + ({"authors", "year"} <= differs)
                choices.append((2.6 - unlike + self._closeness(cited, reference, taken), reading, reference, differs))
        if not choices:
            for reading in readings:
                choices += self._misspelt(cited, reading, taken)
        if not choices:
            return Pair(cited, (cited.readings or (Reading(""),))[-1])
        score, reading, reference, differs = max(choices, key=lambda choice: choice[0])
        if score < 1:
            return Pair(cited, cited.readings[-1], nearest=reference)
        return Pair(cited, reading, reference, differs)

    def _closeness(self, cited: Cited, reference: Reference, taken: set[int]) -> float:
        likeness = SequenceMatcher(None, cited.year, reference.year).ratio() * 0.2 if cited.year else 0
        return likeness + (0.25 if id(reference) not in taken else 0)

    def _year_difference(self, cited: Cited, reference: Reference) -> frozenset[str]:
        if not cited.year or same_year(cited.year, reference.year):
            return frozenset()
        return frozenset({"letter" if _digits(cited.year) == _digits(reference.year) else "year"})

    def _misspelt(self, cited: Cited, reading: Reading, taken: set[int]) -> Iterator[tuple[float, Reading, Reference, frozenset[str]]]:
        """References of a similar name, by a score of which 1 is enough."""
        if not reading.names:
            return
        year = _digits(cited.year.rpartition("/")[2])
        families = [name.family for name in reading.names]
        candidates: dict[int, Reference] = {}
        for sign in [(year, family) for family in families] + _signs(families[0], year):
            for reference in self.kin.get(sign, ())[:_ENOUGH]:
                candidates[id(reference)] = reference
        for reference in list(candidates.values())[: _ENOUGH * 3]:
            if not reading.is_name_like and not reference.is_titled:
                continue
            listed = [CitedName(author.family).family for author in reference.authors]
            likeness = max(_alike(families[0], listed[0]), _alike(fold(reading.written), reference.folded))
            shared = len(set(families) & set(listed))
            free = id(reference) not in taken
            wrong_year = bool(self._year_difference(cited, reference))
            if shared * 2 >= min(len(families), len(listed)) and shared and not wrong_year:
                score = 1.3 if len(families) > 1 or free else 0.8
            else:
                needed = (0.6 if free and cited.sure else 0.78) + (0.2 if wrong_year else 0)
                score = 1 + likeness - needed if likeness >= needed else likeness - 0.2
            kind = _kind(families, listed)
            yield score + 0.1 * shared + 0.05 * likeness, reading, reference, frozenset({kind}) | self._year_difference(cited, reference)


def _kind(families: list[str], listed: list[str]) -> str:
    """What disagrees between the names that are cited and those that are listed: their order, the co-authors, or the name itself."""
    if len(families) > 1 and set(families) == set(listed):
        return "order"
    return "authors" if families[0] == listed[0] and len({*families, *listed}) > 1 else "name"


def _is_title(printed: str) -> bool:
    """Whether what stands in the place of the author is a title: in quotes, or with words in small letters."""
    words = printed.split()[1:]
    return bool(words_of(printed)) and (printed[0] in "\"“‘'*" or any(word[0].islower() and word not in SMALL for word in words))


def _bracketed(printed: str) -> set[str]:
    """The abbreviation that a body's name carries in the list: "Badan Pusat Statistik [BPS]"."""
    return {fold(inside) for inside in re.findall(r"[\[(]([A-Z][\w.&-]{1,14})[\])]", printed)}


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one[:120], other[:120], autojunk=False).ratio()


def _signs(family: str, year: str) -> list[object]:
    """What a misspelt name still shares with the right one: all letters but one, or the year and its beginning or end."""
    family = family[:24]
    less_one = {family[:at] + family[at + 1 :] for at in range(len(family))} if len(family) > 2 else set()
    return [*less_one, family, (year, "^", family[:3]), (year, "$", family[-3:])]


def uncited(pairs: Iterable[Pair], references: Sequence[Reference]) -> list[Reference]:
    """The references that no citation means."""
    cited = {id(found.reference) for found in pairs}
    return [reference for reference in references if id(reference) not in cited]
