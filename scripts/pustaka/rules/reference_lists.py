"""M: the reference list of an article in author-date prose."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from pustaka.lexicon import BODY_WORDS, PARTICLES, SMALL
from pustaka.manuscript import Manuscript
from pustaka.manuscript.listed import Reference
from pustaka.manuscript.pairing import uncited
from pustaka.model import Fault, Message, say
from pustaka.names import Author, fold, is_initials, words_of
from pustaka.rules import rule

_HOST = re.compile(
    r"(?:(?:[^\W_]|_)(?:[\w-]*[^\W_])?\.)+(?!(?:con|cmo|ocm|ogr|localhost|local|invalid|internal)$)(?:[^\W\d_]{2,}|xn--[a-z0-9-]+)|\d{1,3}(?:\.\d{1,3}){3}"
)
_ADDRESS = re.compile(
    r"(?:\b[hH][a-zA-Z]{2,5}[:;]?/{1,3}[:/]*\s?\S*|\b(?:ttps?|tps?)://\S*|\bhttps?[:;.]\s?/{0,2}(?=\S)\S*|\bwww[.,]\S*|\b(?:dx\.)?doi\.org\S*|\b(?:doi|DOI):?\s?(?=\d)\S+)"
)
#: A DOI, also in its short form (https://shortdoi.org), and with the "doi:" that the resolver passes over.
_DOI = re.compile(r"(?:doi:)?10(?:\.\d{4,9}(?:\.\d+)*/[^\s/]\S*|/[a-z0-9]{3,10})", re.IGNORECASE)


@rule("M704")
def uncited_reference(manuscript: Manuscript) -> Iterator[Fault]:
    """A reference is cited nowhere.

    A reference list holds what the article cites, no more. Personal communications (M714) and what is listed twice (M716)
    are left to their own rules; a work that a citation means in spite of a slip counts as cited. Source: APA 7, 8.10, 9.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        # Daftar Pustaka

        Hidayat, R. (2018). *Halaman yang menghijau*. Pustaka Contoh.

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    if not _cites_by_date(manuscript):
        return
    named = _named_with_year(manuscript.body)
    laws = {
        (match[1], match[2]) for match in re.finditer(r"\b(?:[Nn]omor|[Nn]o\.?)\s?(\d+)\s(?:[Tt]ahun|[Tt]hn\.?|[Tt]h\.?)\s(\d{4})", manuscript.body)
    }
    under_degree = {pair.cited.year[:4] for pair in manuscript.pairs if pair.cited.degree}  # whose author M709 asks for
    nameless = {pair.cited.year[:4] for pair in manuscript.pairs if not pair.cited.readings}  # As Sari says: “…” (2020, hlm. 5)
    said = set(words_of(manuscript.body)) if nameless else set()
    again = {id(later) for _, later in _duplicates(manuscript.references)}
    for reference in uncited(manuscript.pairs, manuscript.references):
        words = words_of(reference.authors[0].family)
        if reference.is_communication or id(reference) in again or reference.law in laws or not words:
            continue
        if reference.year[:4] in under_degree or (reference.year[:4] in nameless and words[-1] in said):
            continue
        if (words[-1], reference.year[:4]) not in named and (words[0], reference.year[:4]) not in named:
            message = say("“{reference}” is cited nowhere in the text: cite it, or take it out of the list", reference=reference.short)
            yield Fault(reference.place, message, reference.key)


def _cites_by_date(manuscript: Manuscript) -> bool:
    """Whether the text cites by author and date at all: not if hardly any reference is cited so, but by numbers or in notes."""
    cited = len({id(pair.reference) for pair in manuscript.pairs if pair.reference})
    return cited > 0 and (cited * 4 >= len(manuscript.references) or len(manuscript.references) < 8)


def _named_with_year(text: str) -> set[tuple[str, str]]:
    """(word, year) for the words that stand shortly before each year, up to the year before it."""
    named: set[tuple[str, str]] = set()
    end = 0
    for match in re.finditer(r"\b\d{4}(?=\D)|\b(?:t\.t|n\.d)\.", text):
        before = text[max(end, match.start() - 60) : match.start()]
        named |= {(word, match.group()[:4]) for word in words_of(re.sub(r"[^\w\s.,'’-]", " ", before))}
        end = match.end()
    return named


@rule("M705")
def missing_letter(manuscript: Manuscript) -> Iterator[Fault]:
    """Two references have the same authors and year, and no letter tells them apart.

    A citation of one could mean the other: the years are printed 2020a, 2020b in both places. Source: APA 7, 8.19, 9.47.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Halaman yang menghijau*. Pustaka Contoh.

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020a, 2020b).

        # Daftar Pustaka

        Sari, D. (2020a). *Halaman yang menghijau*. Pustaka Contoh.

        Sari, D. (2020b). *Kebun bersama di kota*. Pustaka Contoh.
    """
    again = {id(later) for _, later in _duplicates(manuscript.references)}
    first: dict[tuple, Reference] = {}
    for reference in manuscript.references:
        if reference.is_communication or id(reference) in again:
            continue
        same = reference.sign
        if same in first:
            where = first[same].place
            message = say(
                "“{reference}” has the authors and the year of line {line}: tell the two apart by a letter after the year, as in 2020a",
                reference=reference.short,
                line=where.line,
            )
            yield Fault(reference.place, message, reference.key)
        first.setdefault(same, reference)


@rule("M710", severity="warning")
def body_as_person(manuscript: Manuscript) -> Iterator[Fault]:
    """The name of a body is listed as if it were a person's.

    A reference manager that is not told so takes the last word for the family name and makes initials of the others:
    “Badan Pusat Statistik” becomes “Statistik, B. P.”. A body is listed and cited under its whole name. Source: APA 7, 9.11.

    Bad (manuscript.md):
        Panen meningkat (Statistik, 2020).

        # Daftar Pustaka

        Statistik, B. P. (2020). *Panen di kota*. Badan Pusat Statistik.
    Good (manuscript.md):
        Panen meningkat (Badan Pusat Statistik, 2020).

        # Daftar Pustaka

        Badan Pusat Statistik. (2020). *Panen di kota*.
    """
    shouted = sum(reference.authors[0].family.isupper() and len(reference.authors[0].folded) > 3 for reference in manuscript.references)
    for reference in manuscript.references:
        for author in reference.authors:
            if _is_body(author, shouting=shouted * 3 > len(manuscript.references)):
                message = say(
                    "“{author}” looks like the name of a body that was taken for a person's: list and cite it under its whole name", author=author
                )
                yield Fault(reference.place, message, reference.key, certain=False)


def _is_body(author: Author, shouting: bool) -> bool:
    if not author.given or not all(is_initials(word) or word in SMALL for word in author.given.split()):
        return False
    return any(word in BODY_WORDS for word in words_of(author.family)) or (
        not shouting and len(author.initials) > 2 and author.family.isupper() and len(author.folded) >= 5 and author.family.isalpha()
    )


@rule("M713")
def malformed_address(manuscript: Manuscript) -> Iterator[Fault]:
    """A web address or DOI in the list cannot lead anywhere.

    Its scheme is misspelt, its host cannot exist (a host has a dot), or the DOI has no prefix “10.” with a suffix after the
    slash. Sources: RFC 3986, section 3; RFC 6761; DOI Handbook, section 2.2.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. http://content/detail/15975
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. https://contoh.id/content/detail/15975
    """
    for reference in manuscript.references:
        addresses = [(match.group().rstrip(".,;)>]”\"'`"), reference.passage.place(match.start())) for match in _ADDRESS.finditer(reference.text)]
        for address, place in [*addresses, *reference.links]:
            if why := _wrong_with(address):
                yield Fault(place, say("“{address}” leads nowhere: {why}", address=address, why=why), reference.key)


def _wrong_with(address: str) -> Message | None:
    """What is wrong with an address, or None."""
    scheme = re.match(r"https?://", address, re.IGNORECASE)
    bare = address[scheme.end() :] if scheme else address
    if not scheme and not re.match(r"www[.,]|(?:dx\.)?doi\.org|doi", address, re.IGNORECASE):
        return (
            say("it must begin with “https://” or “http://”")
            if re.match(r"h\w{2,5}[:;.]?/|t{1,2}ps?://|https?[:;.]", address, re.IGNORECASE) and fold(address)[:2] in ("ht", "hh", "tt", "tp")
            else None
        )
    if "://" in bare and re.match(r"[^/]*/?https?://", bare):
        return say("two addresses run into each other")
    if re.match(r"(?:doi|DOI):?\s?\d", bare):
        doi = re.sub(r"^(?:doi|DOI):?\s?", "", bare)
        return None if _DOI.fullmatch(doi) else say("a DOI is “10.”, the number of its registrant, a slash and a suffix")
    host, _, path = re.match(r"([^/?#]*)(/?)(.*)", bare, re.DOTALL).groups()
    if not _HOST.fullmatch(host.rpartition("@")[2].partition(":")[0]):
        return say("there can be no host “{host}”", host=host)
    if re.fullmatch(r"(?:dx\.|www\.)?doi\.org", host, re.IGNORECASE) and not _DOI.fullmatch(path.replace("%2F", "/").replace("%2f", "/")):
        return say("a DOI is “10.”, the number of its registrant, a slash and a suffix")
    return None


@rule("M714")
def listed_communication(manuscript: Manuscript) -> Iterator[Fault]:
    """A personal communication stands in the reference list.

    Nobody can look up a letter, a talk or an interview of one's own: it is cited in the text alone, with name and date.
    Source: APA 7, 8.9.

    Bad (manuscript.md):
        Panen dibagi rata (Wirawan, komunikasi pribadi, 3 Juni 2020) di kota (Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.

        Wirawan. (2020, Juni 3). *Wawancara dengan ketua kebun* [Komunikasi pribadi].
    Good (manuscript.md):
        Panen dibagi rata (Wirawan, komunikasi pribadi, 3 Juni 2020) di kota (Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for reference in manuscript.references:
        if reference.is_communication:
            yield Fault(
                reference.place,
                say("“{reference}” is a personal communication: cite it in the text, and take it out of the list", reference=reference.short),
                reference.key,
            )


@rule("M715")
def out_of_order(manuscript: Manuscript) -> Iterator[Fault]:
    """A reference stands in the wrong place of the alphabet.

    The list is in the order of the authors' names, then of their initials; works of the same authors are in the order of
    their years, then of their titles or letters. The fewest references that would have to move are reported. Particles and
    articles at the beginning of a name may count or not. Source: APA 7, 9.44 to 9.48.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Hidayat, 2018; Putra, 2019; Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.

        Hidayat, R. (2018). *Halaman yang menghijau*. Pustaka Contoh.

        Putra, A. (2019). *Air dan tanah*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Hidayat, 2018; Putra, 2019; Sari, 2020).

        # Daftar Pustaka

        Hidayat, R. (2018). *Halaman yang menghijau*. Pustaka Contoh.

        Putra, A. (2019). *Air dan tanah*. Pustaka Contoh.

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    sections: dict[int, list[Reference]] = {}
    for reference in manuscript.references if _cites_by_date(manuscript) else ():
        sections.setdefault(reference.section, []).append(reference)
    again = {id(later) for _, later in _duplicates(manuscript.references)}
    for section in sections.values():
        astray = min((_astray(section, way) for way in _ALPHABETS), key=len)
        if len(astray) > max(3, len(section) // 4):
            message = say(
                "the reference list is not in alphabetical order: “{reference}” is the first that stands in the wrong place",
                reference=astray[0].short,
            )
            yield Fault(astray[0].place, message, astray[0].key, certain=False)
            continue
        for reference in astray:
            if id(reference) in again or reference.degrees or _is_body(reference.authors[0], shouting=False):
                continue  # it stands twice, or where its right name belongs
            yield Fault(
                reference.place,
                say("“{reference}” stands in the wrong place of the alphabet: move it to where its authors belong", reference=reference.short),
                reference.key,
            )
        for reference, sure in _after_a_later(section, set(map(id, astray))):
            message = say("“{reference}” stands after a later work of the same authors: the earlier one comes first", reference=reference.short)
            yield Fault(reference.place, message, reference.key, certain=sure and _in_full(reference))


def _after_a_later(references: Sequence[Reference], astray: set[int]) -> list[tuple[Reference, bool]]:
    """The references that stand after a later work of the same authors; none where the list runs from late to early, and not surely so
    where no others show which way it runs."""
    same = [
        (one, other)
        for one, other in pairwise(references)
        if _same_authors(one, other) and one.year[:4].isdigit() and other.year[:4].isdigit() and not {id(one), id(other)} & astray
    ]
    late = [other for one, other in same if other.year[:4] < one.year[:4]]
    early = sum(other.year[:4] > one.year[:4] for one, other in same)
    return [(reference, early > 0) for reference in late] if len(late) <= max(early, 1) else []


def _in_full(reference: Reference) -> bool:
    """Whether given names are written out, or there are several authors: two people may share a family name and an initial."""
    return len(reference.authors) > 1 or not all(is_initials(word) for word in reference.authors[0].given.split())


def _letters(reference: Reference, bare: bool) -> tuple:
    author = reference.authors[0]
    words = words_of(re.sub(r"[\[(].*", "", author.family))
    if bare:
        words = [word for word in words if word not in PARTICLES and word not in ("the", "an", "a")] or words
    return "".join(words), author.initials[:1]


def _words(reference: Reference, bare: bool) -> tuple:
    author = reference.authors[0]
    words = words_of(re.sub(r"[\[(].*", "", author.family))
    if bare:
        words = [word for word in words if word not in PARTICLES and word not in ("the", "an", "a")] or words
    return tuple(words), author.initials[:1]


def _parts(reference: Reference, bare: bool) -> tuple:
    """As `_words`, and "O'Neil" is two."""
    words, initials = _words(reference, bare)
    family = re.sub(r"[\[(].*", "", reference.authors[0].family)
    return tuple(words_of(re.sub(r"(?<=\w)['’](?=\w)", " ", family))) if "'" in family or "’" in family else words, initials


_ALPHABETS = tuple((key, bare) for key in (_letters, _words, _parts) for bare in (False, True))


def _astray(references: Sequence[Reference], way: tuple) -> list[Reference]:
    """The references outside the longest run that is in order; found by patience sorting, in n log n steps."""
    key, bare = way
    keys = [key(reference, bare) for reference in references]
    tails: list = []
    ends: list[int] = []
    before = [-1] * len(keys)
    for at, value in enumerate(keys):
        place = bisect_right(tails, value)
        before[at] = ends[place - 1] if place else -1
        tails[place : place + 1] = [value]
        ends[place : place + 1] = [at]
    kept: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = before[at]
    settled = {at for at, place in enumerate(sorted(range(len(keys)), key=keys.__getitem__)) if at == place}
    if len(settled) >= len(kept):  # of two that have changed places, and what is between them, the two
        kept = settled
    return [reference for at, reference in enumerate(references) if at not in kept]


def _same_authors(one: Reference, other: Reference) -> bool:
    return not one.many and [(a.folded, fold(a.given)) for a in one.authors] == [(a.folded, fold(a.given)) for a in other.authors]


@rule("M716")
def listed_twice(manuscript: Manuscript) -> Iterator[Fault]:
    """A work is listed twice.

    Two references have the same DOI, or the same first author, year and title.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota besar*. Pustaka Contoh.

        Sari, D. (2020). *Kebun Bersama di Kota Besar*. Jakarta: Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota besar*. Pustaka Contoh.
    """
    for first, later in _duplicates(manuscript.references):
        message = say("“{reference}” is listed twice, first in line {line}: keep one of the two", reference=later.short, line=first.place.line)
        yield Fault(later.place, message, later.key)


def _duplicates(references: Sequence[Reference]) -> list[tuple[Reference, Reference]]:
    """(the first, the later one) for each work that is listed again."""
    seen: dict[object, Reference] = {}
    kin: dict[tuple, list[Reference]] = {}
    found = []
    for reference in references:
        doi = re.search(r"10\.\d{4,9}/[^\s>]+", reference.text)
        title = fold(reference.title)
        signs = [("doi", doi.group().rstrip(".,)").casefold())] if doi else []
        family = reference.authors[0].folded
        first = next((seen[sign] for sign in [*signs, ("text", fold(reference.text))] if sign in seen), None)
        near = kin.setdefault((family, reference.year[:4]), [])
        first = first or next((other for other in near[:20] if _same_title(fold(other.title), title)), None)
        if (first is not None and fold(first.title)[:20] == title[:20]) or (first is not None and first in near):
            found.append((first, reference))
        else:
            near.append(reference)
        for sign in [*signs, ("text", fold(reference.text))]:
            seen.setdefault(sign, reference)
    return found


def _same_title(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 12 or re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    return one == other or SequenceMatcher(None, one[:200], other[:200], autojunk=False).ratio() > 0.94
