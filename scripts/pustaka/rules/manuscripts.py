"""M: the citations of an article in author-date prose, held against its own reference list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pustaka.manuscript import Manuscript
from pustaka.manuscript.bylines import Reading
from pustaka.manuscript.cited import PLAIN_YEAR
from pustaka.manuscript.pairing import Pair
from pustaka.model import Fault, Message, say
from pustaka.names import title_before
from pustaka.pagination import spans
from pustaka.rules import rule

_NAME_KINDS = {"name", "authors", "many", "order"}
_ALWAYS_TOO_HIGH = 10_000  # a page number that no work reaches


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
    small = {word for word in re.findall(r"\w+", manuscript.body) if word.islower()}
    for pair in _judged(manuscript, ""):
        cited = pair.cited
        sure = cited.sure or (not cited.narrative and PLAIN_YEAR.fullmatch(cited.year) and (without_comma or _are_names(pair.reading, small)))
        if pair.reference is None and sure and _is_possible(cited.year, manuscript) and pair.reading.is_name_like and not cited.degree:
            yield Fault(cited.place, _not_listed(cited.written, pair), certain=cited.sure and not cited.narrative)


def _are_names(reading: Reading, small: set[str]) -> bool:
    """Whether a year without a comma can only follow names: several, or one word that the text never writes `small`: "(Sensus 2010)"."""
    words = [name.written for name in reading.names]
    alone = len(words) == 1 and not reading.many
    return all(re.fullmatch(r"[A-ZÀ-Þ][\w'’-]*[a-zà-ÿ]" if alone else r"[^\d:]+", word) and word.lower() not in small for word in words)


def _cites_without_comma(manuscript: Manuscript) -> bool:
    """Whether many citations in brackets have no comma before the year (Chicago: "Sari 2020")."""
    right = [pair.cited.sure for pair in manuscript.pairs if pair.reference and not pair.differs and not pair.cited.narrative]
    return right.count(False) > len(right) // 4


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
        if pair.reference and pair.differs & _NAME_KINDS and not pair.cited.degree and (pair.cited.sure or "year" not in pair.differs):
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
                say("“{year}” in “{reference}” cannot be a year: {mend}", year=reference.year, reference=reference.short, mend=mend),
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
    alike = Counter(reference.sign for reference in manuscript.references)
    for pair in manuscript.pairs:
        reference, cited = pair.reference, pair.cited
        known = reference and reference.pages and not pair.differs and alike[reference.sign] == 1
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
        if degree := cited.degree:
            degree = title_before(degree) or degree
            yield Fault(
                cited.place,
                say("“{degree}” in “{cited}” is an academic degree or title, no name: cite the family name", degree=degree, cited=cited.written),
            )
    for reference in manuscript.references:
        if degrees := reference.degrees:
            message = say(
                "“{degrees}” in “{reference}” is an academic degree or title, no part of a name: list the author by family name and initials",
                degrees=", ".join(degrees),
                reference=reference.short,
            )
            yield Fault(reference.place, message, reference.key)


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
        nearest=pair.nearest.short,
    )


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
