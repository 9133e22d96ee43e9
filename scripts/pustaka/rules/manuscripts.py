"""M: an article in author-date prose, held against its own reference list."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from pustaka.cited import PLAIN_YEAR, Cited
from pustaka.lexicon import BODY_WORDS, PARTICLES, SMALL, TITLES
from pustaka.listed import Reference
from pustaka.manuscript import Manuscript
from pustaka.model import Fault, Message, say
from pustaka.names import Author, fold, is_degree, is_initials, is_sure_degree, words_of
from pustaka.pagination import spans
from pustaka.pairing import Pair, uncited
from pustaka.rules import rule

_NAME_KINDS = {"name", "authors", "many", "order"}
_ALWAYS_TOO_HIGH = 10_000  # a page number that no work reaches

_HOST = re.compile(
    r"(?:(?:[^\W_]|_)(?:[\w-]*[^\W_])?\.)+(?!(?:con|cmo|ocm|ogr|localhost|local|invalid|internal)$)(?:[^\W\d_]{2,}|xn--[a-z0-9-]+)|\d{1,3}(?:\.\d{1,3}){3}"
)
_ADDRESS = re.compile(
    r"(?:\b[hH][a-zA-Z]{2,5}[:;]?/{1,3}[:/]*\s?\S*|\b(?:ttps?|tps?)://\S*|\bhttps?[:;.]\s?/{0,2}(?=\S)\S*|\bwww[.,]\S*|\b(?:dx\.)?doi\.org\S*|\b(?:doi|DOI):?\s?(?=\d)\S+)"
)
#: A DOI, also in its short form (https://shortdoi.org), and with the "doi:" that the resolver passes over.
_DOI = re.compile(r"(?:doi:)?10(?:\.\d{4,9}(?:\.\d+)*/[^\s/]\S*|/[a-z0-9]{3,10})", re.IGNORECASE)


@rule("M701")
def unlisted_work(manuscript: Manuscript) -> Iterator[Fault]:
    """A work is cited that the reference list does not have.

    The reader cannot find what the statement rests on. The nearest reference is named where there is one. What differs
    from a reference only in the year is M702's, what differs in the names M703's. Source: APA 7, 8.10.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020), juga di kota (Hidayat, 2018).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020), juga di kota (Hidayat, 2018).

        # Daftar Pustaka

        Hidayat, R. (2018). *Halaman yang menghijau*. Pustaka Contoh.

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    without_comma = _cites_without_comma(manuscript)
    for pair in _judged(manuscript, ""):
        cited = pair.cited
        sure = cited.sure or (without_comma and not cited.narrative and PLAIN_YEAR.fullmatch(cited.year))
        if pair.reference is None and sure and _is_possible(cited.year, manuscript) and pair.reading.is_name_like and not _degree_in(cited):
            yield Fault(cited.place, _not_listed(cited.written, pair), certain=cited.sure and not cited.narrative)


def _cites_without_comma(manuscript: Manuscript) -> bool:
    """Whether most citations in brackets have no comma before the year (Chicago: "Sari 2020")."""
    right = [pair.cited.sure for pair in manuscript.pairs if pair.reference and not pair.differs and not pair.cited.narrative]
    return right.count(False) > len(right) // 2


@rule("M702")
def other_year(manuscript: Manuscript) -> Iterator[Fault]:
    """A citation gives another year than the reference of the same authors.

    Either the year is mistyped in one of the two places, or the work of that year is missing from the list. Works of the
    same authors and year are told apart by a letter (2020a, 2020b), which the citation must give as well.
    Source: APA 7, 8.10 and 8.19.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari & Putra, 2012).

        # Daftar Pustaka

        Sari, D., & Putra, A. (2021). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari & Putra, 2021).

        # Daftar Pustaka

        Sari, D., & Putra, A. (2021). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for pair in _judged(manuscript, ""):
        if pair.reference and pair.differs and not pair.differs & _NAME_KINDS and _is_possible(pair.cited.year, manuscript) and not _is_page(pair):
            yield _year_fault(manuscript, pair)


def _is_page(pair: Pair) -> bool:
    """Whether what was read as a year is a page of the work: "Sari 2009, 1978" of pages 1973–95 (Chicago)."""
    whole = next(spans(_in_full_figures(pair.reference.pages)), None) if pair.reference and pair.reference.pages else None
    return whole is not None and pair.cited.year.isdigit() and whole.first <= int(pair.cited.year) <= whole.last


def _in_full_figures(pages: str) -> str:
    """A range of pages with both numbers in full: "1973–95" is "1973–1995"."""
    match = re.fullmatch(r"(\d+)(\D+)(\d+)", pages)
    if not match or len(match[3]) >= len(match[1]):
        return pages
    return f"{match[1]}{match[2]}{match[1][: -len(match[3])]}{match[3]}"


def _year_fault(manuscript: Manuscript, pair: Pair) -> Fault:
    reference, cited = pair.reference, pair.cited
    due = reference.written(manuscript.joiner, manuscript.many)
    if "letter" in pair.differs:
        message = say(
            "“{cited}” does not say which work is meant: the reference list has “{due}”; give the same letter after the year in both places",
            cited=cited.written,
            due=due,
        )
    else:
        message = say(
            "“{cited}” is not in the reference list, which has “{due}”: correct the year where it is wrong, or list the work",
            cited=cited.written,
            due=due,
        )
    return Fault(cited.place, message, reference.key, due, certain=cited.sure)


@rule("M703")
def other_names(manuscript: Manuscript) -> Iterator[Fault]:
    """A citation names the authors otherwise than the reference does.

    A name is misspelt in one of the two places, a co-author is missing or another one is named, or “dkk.” (“et al.”) stands
    where there are only one or two authors, who are always named. Source: APA 7, 8.17.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari & Putri, 2021; Hidyat, 2018).

        # Daftar Pustaka

        Hidayat, R. (2018). *Halaman yang menghijau*. Pustaka Contoh.

        Sari, D., & Putra, A. (2021). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari & Putra, 2021; Hidayat, 2018).

        # Daftar Pustaka

        Hidayat, R. (2018). *Halaman yang menghijau*. Pustaka Contoh.

        Sari, D., & Putra, A. (2021). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for pair in _judged(manuscript, ""):
        if pair.reference and pair.differs & _NAME_KINDS and (pair.cited.sure or "year" not in pair.differs):
            yield _name_fault(manuscript, pair)


def _name_fault(manuscript: Manuscript, pair: Pair) -> Fault:
    reference, cited = pair.reference, pair.cited
    due = reference.written(manuscript.joiner, manuscript.many)
    if "many" in pair.differs:
        why = (
            say("all of its authors are named, for there are only {number}", number=len(reference.authors))
            if len(reference.authors) > 1
            else say("it has one author")
        )
    elif "order" in pair.differs:
        why = say("the authors stand in the order of the reference")
    elif "authors" in pair.differs:
        why = say("the co-authors must be those of the reference")
    else:
        why = say("correct the name where it is wrong")
    if "year" in pair.differs:
        why = say("correct the name and the year where they are wrong, or list the work")
    message = say("“{cited}” disagrees with the reference list, which has “{due}”: {why}", cited=cited.written, due=due, why=why)
    return Fault(cited.place, message, reference.key, due, certain=cited.sure and "year" not in pair.differs)


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
    under_degree = {pair.cited.year[:4] for pair in manuscript.pairs if _degree_in(pair.cited)}  # whose author M709 asks for
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
            message = say("“{reference}” is cited nowhere in the text: cite it, or take it out of the list", reference=_short(reference))
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
        same = _sign(reference)
        if same in first:
            where = first[same].place
            message = say(
                "“{reference}” has the authors and the year of line {line}: tell the two apart by a letter after the year, as in 2020a",
                reference=_short(reference),
                line=where.line,
            )
            yield Fault(reference.place, message, reference.key)
        first.setdefault(same, reference)


@rule("M706")
def impossible_year(manuscript: Manuscript) -> Iterator[Fault]:
    """A year cannot be: it has not come yet, or is no year.

    A slip of the keyboard ("20219", "202", "2O20"), in a citation or in the list. What is to appear is marked “in press”
    or “dalam proses terbit”. Source: APA 7, 9.14.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 20219).

        # Daftar Pustaka

        Sari, D. (2021). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2021).

        # Daftar Pustaka

        Sari, D. (2021). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for pair in manuscript.pairs:
        year = pair.cited.year
        if (
            year
            and not _is_possible(year, manuscript)
            and not _ERA.search(pair.cited.written)
            and (pair.reference or (re.fullmatch(r"2\d{3,4}", year) and pair.reading.is_name_like))
        ):
            due = pair.reference.year if pair.reference and pair.differs else ""
            mend = say("the reference list has “{due}”", due=due) if due else say("look it up")
            yield Fault(
                pair.cited.place,
                say("“{year}” in “{cited}” cannot be a year: {mend}", year=year, cited=pair.cited.written, mend=mend),
                pair.reference.key if pair.reference else "",
                due,
            )
    for reference in manuscript.references:
        if not _is_possible(reference.year, manuscript):
            cited = next(
                (pair.cited.year for pair in manuscript.pairs if pair.reference is reference and _is_possible(pair.cited.year, manuscript)), ""
            )
            mend = say("the text has “{due}”", due=cited) if cited else say("look it up")
            yield Fault(
                reference.place,
                say("“{year}” in “{reference}” cannot be a year: {mend}", year=reference.year, reference=_short(reference), mend=mend),
                reference.key,
                cited,
            )


_ERA = re.compile(r"\b(?:B\.?\s?C|C\.?\s?E|A\.?D|SM|S\.M|H|AH)\b")  # of other counts of years nothing is said


def _is_possible(year: str, manuscript: Manuscript) -> bool:
    """Whether a year can be one; what is no number ("t.t.", "in press") can."""
    parts = [re.sub(r"[a-z]$", "", part) for part in year.split("/")]
    return not year[:1].isdigit() or all(len(part) == 4 and part.isdigit() and part[0] != "0" and int(part) <= manuscript.year + 1 for part in parts)


@rule("M707")
def page_outside(manuscript: Manuscript) -> Iterator[Fault]:
    """A citation points at a page that the work does not have.

    The pages of an article or chapter stand in its reference; a page cited must lie within them. Where the reference gives
    none, only a number that no work reaches, or a range that runs backwards, is reported. Source: APA 7, 8.25, 9.25.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020, hlm. 1310139).

        # Daftar Pustaka

        Sari, D. (2020). Kebun bersama di kota. *Jurnal Contoh*, *14*(2), 131–141.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020, hlm. 131–139).

        # Daftar Pustaka

        Sari, D. (2020). Kebun bersama di kota. *Jurnal Contoh*, *14*(2), 131–141.
    """
    alike = Counter(_sign(reference) for reference in manuscript.references)
    for pair in manuscript.pairs:
        reference, cited = pair.reference, pair.cited
        known = reference and reference.pages and not pair.differs and alike[_sign(reference)] == 1
        whole = next(spans(_in_full_figures(reference.pages)), None) if known else None
        for span in spans(cited.pages) if cited.pages else ():
            if span is None or not (reference or _is_possible(cited.year, manuscript)):  # (530000, 180000) is no citation
                continue
            key = reference.key if reference else ""
            if whole and not whole.is_reversed and span.series == whole.series and span not in whole:
                message = say(
                    "page “{page}” in “{cited}” is outside the pages of the work, {pages}: look it up in the work, or correct the reference",
                    page=span.written,
                    cited=cited.written,
                    pages=reference.pages,
                )
                yield Fault(cited.place, message, key)
            elif (
                span.first >= _ALWAYS_TOO_HIGH or span.last >= _ALWAYS_TOO_HIGH or (span.is_reversed and len(str(span.first)) == len(str(span.last)))
            ):
                yield Fault(
                    cited.place, say("page “{page}” in “{cited}” cannot be: look it up in the work", page=span.written, cited=cited.written), key
                )


@rule("M708")
def doubled_label(manuscript: Manuscript) -> Iterator[Fault]:
    """The word for “page” stands twice before a page number.

    It comes about where a reference manager adds its “hlm.” to one that was typed. Source: APA 7, 8.13.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020, hlm. Hal : 56).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020, hlm. 56).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for cited in manuscript.cited:
        if labels := cited.doubled_label:
            due = re.match(r"\w+\.?", labels).group()
            yield Fault(
                cited.place,
                say("“{labels}” in “{cited}” says “page” twice: “{due}” is enough", labels=labels, cited=cited.written, due=due),
                suggestion=cited.written.replace(labels, due, 1),
            )


@rule("M709")
def degree_as_name(manuscript: Manuscript) -> Iterator[Fault]:
    """An academic degree or title stands where a name must stand.

    Degrees are no part of a name in a reference, nor in a citation; where a reference manager takes them for one, the work
    is sorted and cited under the degree. Source: APA 7, 9.8.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (M.Sc, 2020).

        # Daftar Pustaka

        M.Sc, D. A. S., S. E. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        # Daftar Pustaka

        Sari, D. A. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for cited in manuscript.cited:
        if degree := _degree_in(cited):
            degree = _title_before(degree) or degree
            yield Fault(
                cited.place,
                say("“{degree}” in “{cited}” is an academic degree or title, no name: cite the family name", degree=degree, cited=cited.written),
            )
    for reference in manuscript.references:
        if degrees := _degrees_in(reference):
            message = say(
                "“{degrees}” in “{reference}” is an academic degree or title, no part of a name: list the author by family name and initials",
                degrees=", ".join(degrees),
                reference=_short(reference),
            )
            yield Fault(reference.place, message, reference.key)


def _degree_in(cited: Cited) -> str:
    """The cited name that is a degree, or begins with a title, or ""."""
    names = [name.written for reading in cited.readings[:1] for name in reading.names]
    return next((name for name in names if is_sure_degree(name) or (not cited.narrative and _title_before(name))), "")


def _sign(reference: Reference) -> tuple:
    """What tells a reference from others in a citation: its authors and year."""
    return tuple((author.folded, author.initials) for author in reference.authors), reference.year.casefold()


def _title_before(name: str) -> str:
    """The title that a name begins with ("Dr." of "Dr. Sari"), or ""."""
    first, _, rest = name.partition(" ")
    return first if rest and first.endswith(".") and first.rstrip(".") in TITLES else ""


def _degrees_in(reference: Reference) -> list[str]:
    """The degrees in an author part. "S. E." alone may be initials: it is a degree after other initials, or beside a sure one."""
    parts = [part.strip() for part in re.split(r"[,;&]", reference.printed)]
    sure = [part for part in parts if is_sure_degree(part)] + [title for part in parts if (title := _title_before(part))]
    doubtful = [
        part for before, part in pairwise(parts) if is_degree(part) and not is_sure_degree(part) and (is_initials(before) or is_degree(before))
    ]
    return [*sure, *doubtful] if sure or len(parts) > 2 else []


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


@rule("M711")
def unlisted_carrier(manuscript: Manuscript) -> Iterator[Fault]:
    """A work is cited through another that the reference list does not have.

    Of “Freire dalam Sari” the reader looks up Sari: the work that was read is the one that is listed. Source: APA 7, 8.6.

    Bad (manuscript.md):
        Partisipasi bertingkat (Arnstein, 1969, dalam Ulinnuha, 2015).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Partisipasi bertingkat (Arnstein, 1969, dalam Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for pair in _judged(manuscript, "carrier"):
        if (pair.reference is None or pair.differs) and _is_possible(pair.cited.year, manuscript):
            yield _missing(manuscript, pair, say("the work through which it is cited"))


@rule("M712")
def unlisted_source(manuscript: Manuscript) -> Iterator[Fault]:
    """The source below a table or a figure is not in the reference list.

    What a table or figure is taken from is cited and listed like any other work. Data of one's own need no reference.
    Source: APA 7, 7.7, 7.15 and 12.15.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        Sumber: Wirawan, *Kota yang menanam*, 2016

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga.

        Sumber: Sari (2020)

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for pair in _judged(manuscript, "source"):
        if (pair.reference is None or pair.differs) and _is_possible(pair.cited.year, manuscript):
            yield _missing(manuscript, pair, say("the source of a table or figure"))


def _missing(manuscript: Manuscript, pair: Pair, what: Message) -> Fault:
    cited = pair.cited
    if pair.reference is None:
        return Fault(
            cited.place,
            say(
                "“{cited}” names no work of the reference list, but {what} must be there: add it, or correct the citation",
                cited=cited.written,
                what=what,
            ),
            certain=cited.sure,
        )
    due = pair.reference.written(manuscript.joiner, manuscript.many)
    message = say(
        "“{cited}” disagrees with the reference list, which has “{due}”: {what} must be cited as it is listed",
        cited=cited.written,
        due=due,
        what=what,
    )
    return Fault(cited.place, message, pair.reference.key, due, certain=cited.sure)


def _not_listed(written: str, pair: Pair) -> Message:
    if pair.nearest is None:
        return say("“{cited}” is not in the reference list: add the work, or correct the citation", cited=written)
    return say(
        "“{cited}” is not in the reference list: add the work, or correct the citation; the nearest is “{nearest}”",
        cited=written,
        nearest=_short(pair.nearest),
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
                say("“{reference}” is a personal communication: cite it in the text, and take it out of the list", reference=_short(reference)),
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
                reference=_short(astray[0]),
            )
            yield Fault(astray[0].place, message, astray[0].key, certain=False)
            continue
        for reference in astray:
            if id(reference) in again or _degrees_in(reference) or _is_body(reference.authors[0], shouting=False):
                continue  # it stands twice, or where its right name belongs
            yield Fault(
                reference.place,
                say("“{reference}” stands in the wrong place of the alphabet: move it to where its authors belong", reference=_short(reference)),
                reference.key,
            )
        for reference, sure in _after_a_later(section, set(map(id, astray))):
            message = say("“{reference}” stands after a later work of the same authors: the earlier one comes first", reference=_short(reference))
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
        message = say("“{reference}” is listed twice, first in line {line}: keep one of the two", reference=_short(later), line=first.place.line)
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


@rule("M717")
def glued_citation(manuscript: Manuscript) -> Iterator[Fault]:
    """The bracket of a citation is glued to the word beside it.

    Between a word and a bracket stands a space; the full stop of the sentence comes after the citation. Source: APA 7, 8.11.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga.(Sari, 2020) Panen dibagi(Sari, 2020) rata.

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020). Panen dibagi (Sari, 2020) rata.

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for slip in manuscript.slips:
        if slip.kind in ("before", "after"):
            due = re.sub(r"\)(?=\w)", ") ", re.sub(r"^([^\s(\[]*?)([.,;:!?]?)([(\[].*[)\]])$", r"\1 \3\2", slip.written))
            yield Fault(slip.place, say("“{written}” has no space beside the bracket: write “{due}”", written=slip.written, due=due), suggestion=due)


@rule("M718")
def unbalanced_bracket(manuscript: Manuscript) -> Iterator[Fault]:
    """The bracket of a citation lacks its other half.

    Bad (manuscript.md):
        Kebun bersama (Sari, 2020 mempererat tetangga. Panen dibagi Sari, 2020) rata.

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    Good (manuscript.md):
        Kebun bersama (Sari, 2020) mempererat tetangga. Panen dibagi (Sari, 2020) rata.

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    for slip in manuscript.slips:
        if slip.kind in ("open", "close"):
            mark = say("it is opened and not closed") if slip.kind == "open" else say("it is closed and not opened, or by another bracket")
            yield Fault(slip.place, say("the bracket of “{written}” lacks its other half: {mark}", written=slip.written, mark=mark))


@rule("M719")
def no_list(manuscript: Manuscript) -> Iterator[Fault]:
    """Works are cited, and no reference list is found.

    The list is looked for below a heading of one of the usual names (Daftar Pustaka, Referensi, References, Bibliography),
    else at the end of the text. Without it nothing else can be compared.

    Bad (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).
    Good (manuscript.md):
        Kebun bersama mempererat tetangga (Sari, 2020).

        # Daftar Pustaka

        Sari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.
    """
    if not manuscript.references and any(cited.sure for cited in manuscript.cited):
        yield Fault(manuscript.place, say("works are cited, but no reference list is found: put it below a heading “Daftar Pustaka” or “References”"))


def _judged(manuscript: Manuscript, role: str) -> Iterator[Pair]:
    """The pairs of one role, where there is a list to compare with."""
    return (pair for pair in manuscript.pairs if pair.cited.role == role and manuscript.references)


def _short(reference: Reference) -> str:
    """The beginning of a reference: authors and year."""
    printed = reference.printed if len(reference.printed) <= 80 else reference.printed[:79].rstrip() + "…"
    return f"{printed} ({reference.year})"
