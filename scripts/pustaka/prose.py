"""The author-date citations in running text, Indonesian and English.

    (Sari, 2020)   (Sari & Putra, 2020, hlm. 14)   (lihat Sari dkk., 2019, 2020a; Putra 2018: 7)   Sari dan Putra (2020)
    (Badan Pusat Statistik [BPS], 2020)   (Freire, 1970, dalam Sari, 2001)   Arnstein dalam Ulum dan Sari   Sumber: Sari, 2020

Source of the forms: APA 7 sections 8.6 (secondary sources), 8.10 to 8.21; The Chicago Manual of Style 15.20 to 15.31.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from pustaka.lexicon import NO_NAMES, PARTICLES, SMALL, STARTERS
from pustaka.model import Place
from pustaka.names import JOINERS, CitedName, fold
from pustaka.plain import Passage

_DATELESS = r"(?-i:n\.\s?d\.?|t\.\s?t\.?|t\.\s?th\.?)|tanpa tahun|no date"  # in capitals they are initials
_COMING = r"in press|forthcoming|in preparation|dalam proses(?: terbit)?|akan terbit|segera terbit|sedang dicetak"
#: A year, also a mistyped one ("20219", "202", "2O20"), or what stands for it.
YEAR = rf"(?:(?:\d{{3,6}}[a-z]?|\d[\dOol]{{3}}[a-z]?)(?![\w%])|(?:{_DATELESS}|{_COMING})(?:-[a-z]\b|(?!\w)))"
_YEAR = re.compile(rf"(?<![\w.,/–-])(?:(?:ca?|sekitar)\.\s?)?(?P<year>{YEAR})(?P<again>/\d{{4}}[a-z]?)?", re.IGNORECASE)
_PLAIN_YEAR = re.compile(r"(?:1[4-9]|20)\d\d[a-z]?")

_PAGE_LABEL = r"(?:hlm|hal|halaman|pp?|pages?|pgs?|h)"
_OTHER_LABEL = (
    r"(?:para(?:graf|graphs?)?|par|bab|chap(?:ter)?s?|ch|bag(?:ian)?|sec(?:tion)?s?|pasal|ayat|tabel|tables?|gambar|fig(?:ure)?s?|vol|"
    r"jil(?:id)?|ed|no|nomor|"
    r"art|lampiran|appendix|slides?|loc|ln|lines?|verses?|catatan|notes?|book|buku|part|menit|min|§|¶)"
)
_LOCATOR = re.compile(rf"\s*[,:]?\s*(?:(?P<label>{_PAGE_LABEL}|{_OTHER_LABEL})\b\s*[.:]?\s*)*(?=[\divxlcdmA-Z“\"*])", re.IGNORECASE)
_DOUBLED = re.compile(rf"\b({_PAGE_LABEL})\b\s*[.:]?\s*({_PAGE_LABEL})\b\s*[.:]?\s*(?=\d|[ivxlc]+\b)", re.IGNORECASE)
_PAGES = re.compile(
    rf"^\s*[,:]?\s*(?:\b{_PAGE_LABEL}\b\s*[.:]?\s*)*:?\s*(?P<pages>[A-Za-z]?\d+(?:\s?[-–—]+\s?[A-Za-z]?\d+)?(?:\s?[,&]\s?\d+(?:\s?[-–—]+\s?\d+)?)*)",
    re.IGNORECASE,
)

_UP_TO_LOCATOR = re.compile(rf".*?{YEAR}(?:\s?[,:]\s?(?:{_PAGE_LABEL}\b\.?\s?)*\d[\d–-]*)?", re.IGNORECASE)
_MANY = re.compile(
    r"\s*,?\s*(?:&\s*)?(?<!\w)(?:et\.? al(?:ia|ii)?(?:\.|\b)|dkk(?:\.|\b)|d\.k\.k\.|and (?:others|colleagues|associates)|"
    r"dan (?:kawan-kawan|kawan kawan|rekan(?:-rekan)?(?:nya)?|lain-lain|lainnya))"
    r"(?:['’]s?)?\s*,?\s*$",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"(?:(?:lihat|baca|bandingkan|bdk\.?|cf\.?|see|compare|e\.\s?g\.?|i\.\s?e\.?|mis(?:alnya|al|\.)|seperti|contohnya|contoh|sebagaimana|"
    r"menurut|based on|berdasarkan|"
    r"juga|also|especially|terutama|khususnya|for example|for instance|such as|but|tetapi|namun|and|dan|serta|adapted from|"
    r"diadaptasi dari|diolah dari|dari|oleh|by|from|after|"
    r"dimodifikasi dari|modified from|reprinted from|(?:sumber|source)s?\s?:|antara lain|di antaranya|among others|in|dalam|"
    r"review(?:ed)? (?:in|by)|dirangkum dalam)(?:\b|(?<=[.:]))\s*[,:]?\s*)+",
    re.IGNORECASE,
)
_THROUGH = (
    r"(?:(?:as |sebagaimana |seperti )?(?:yang )?(?:cited|quoted|discussed|mentioned|dikutip|disitir|disebut(?:kan)?|dinyatakan)"
    r"(?: (?:in|by|dalam|dari|oleh|di))|dalam|in|apud)"
)
_SECONDARY = re.compile(rf"[,\s]\s*(?<!\w){_THROUGH}\s+(?=[^\W\d_])")
_SECONDARY_FIRST = re.compile(rf"\s*{_THROUGH}\s+(?=[^\W\d_])")
_THROUGH_BEFORE = re.compile(rf"(?<!\w){_THROUGH}\s+$")
_PERSONAL = re.compile(
    r"komunikasi pribadi|personal communication|pers\. ?comm|wawancara|interview|percakapan pribadi|personal interview", re.IGNORECASE
)
_SOURCE_LINE = re.compile(r"(?:^\W*|(?<=[.)] ))(?:Sumber|SUMBER|Source|SOURCE)s?(?: (?:data|gambar|tabel|foto))?\s?:\s*(?=\S)")
_OWN_WORK = re.compile(
    r"\b(?:di)?olah(?:an)?\b|\bprimer\b|\bprimary\b|\bown\b|\bauthors?\b|\bpenulis\b|\bpeneliti(?:an)?\b|\bpribadi\b|\bdokumentasi\b|"
    r"\bobservasi\b|\bsurve[iy]\b|"
    r"\bwawancara\b|\binterview|\bfield\b|\blapangan\b|\bdata (?:sekunder|desa|olahan)\b|\bresearchers?\b|\belaborat|\bcompiled\b|"
    r"\bprocessed\b|\bkuesioner\b|\banalisis\b|\banalysis\b",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\s*,?\s*(?:juga |also |telah |has |have |had |sendiri |dengan tegas |secara \w+ |\w+ly )?(?:bahwa\b|that\b|me[a-z]{4,}|ber[a-z]{4,}|"
    r"found|finds|shows?|showed|shown|argue[sd]?|stated?s?|state[sd]|"
    r"suggest(?:s|ed)?|note[sd]?|report(?:s|ed)?|claim(?:s|ed)?|define[sd]?|describe[sd]?|explain(?:s|ed)?|conclude[sd]?|propose[sd]?|"
    r"demonstrate[sd]?|identif(?:y|ies|ied)|examine[sd]?|"
    r"investigate[sd]?|develop(?:s|ed)?|point(?:s|ed)? out|observe[sd]?|write[s]?|wrote|wr[io]te|say[s]?|said|hold[s]?|held|use[sd]?|"
    r"stud(?:y|ies|ied)|discuss(?:es|ed)?|compare[sd]?|analy[sz]e[sd]?|"
    r"mention(?:s|ed)?|emphasi[sz]e[sd]?|maintain(?:s|ed)?|contend(?:s|ed)?|offer(?:s|ed)?|provide[sd]?|reveal(?:s|ed)?|indicate[sd]?|"
    r"confirm(?:s|ed)?|introduce[sd]?|criticise[sd]?|criticize[sd]?)\b"
)
_CUE = re.compile(
    r"\b(?:menurut|oleh|dari|teori|pendapat|penelitian|studi|riset|kajian|karya|temuan|hasil|konsep|model|definisi|pandangan|according to|"
    r"by|following|from|see|lihat|study of|work of|"
    r"research (?:of|by)|theory of|seperti|sebagaimana|kepada|pada|in|dalam|with|dan|and|to)\s*$",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[&,;:()\[\]“”\"/|=+<>]|[^\s&,;:()\[\]“”\"/|=+<>]+")
_REACH = 240  # characters before a year in which its authors are looked for


_BETWEEN_NAMES = re.compile(r"\s*,\s*(?:&|(?:dan|and|serta)\b)?\s*|\s+(?:&|dan|and|serta)\s+")
_INITIALS = re.compile(r"(?:[A-ZÀ-Þ]\.[\s-]?)*[A-ZÀ-Þ]\.?")
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
        return (
            bool(first)
            and len(last) > 1
            and not {first, last, fold(self.names[0].written)} & NO_NAMES
            and not any(letter.isdigit() for letter in self.written)
        )


@dataclass(frozen=True)
class Cited:
    """One work cited once. `readings` are ways to read its authors, the likeliest first; `year` is as written, "" if not given.

    `role` is "carrier" for the work through which another is cited ("Freire, dalam Sari, 2001"), "origin" for that other
    one, "source" for the source of a table or figure, else "". `sure` is False where it may be no citation at all.
    `before` is the folded text before a narrative citation, which may end in the title that is cited; `readings` may then be empty.
    """

    readings: tuple[Reading, ...]
    year: str
    locator: str
    place: Place
    written: str
    role: str = ""
    sure: bool = True
    narrative: bool = False
    before: str = ""

    @property
    def doubled_label(self) -> str:
        """The two labels before a page where there are two ("hlm. Hal :"), or ""."""
        match = _DOUBLED.search(self.locator)
        return match.group().strip() if match else ""

    @property
    def pages(self) -> str:
        """The pages that the locator names, or ""."""
        match = _PAGES.match(self.locator)
        return match["pages"] if match else ""


@dataclass(frozen=True)
class Slip:
    """A bracket round a citation that is glued to a word (kind "before" or "after") or lacks its other half ("open", "close")."""

    kind: str
    written: str
    place: Place


@dataclass
class Prose:
    """What running text says of works: the citations, the slips of their brackets, and abbreviations of bodies' names."""

    cited: list[Cited] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)


def read(passages: tuple[Passage, ...]) -> Prose:
    """The citations in the passages, in order."""
    prose = Prose()
    for passage in passages:
        since = len(prose.cited)
        _read_brackets(passage, prose)
        _read_source_line(passage, prose, since)
        prose.cited += _carriers_without_year(passage)
    prose.cited.sort(key=lambda cited: cited.place)
    return prose


#: What begins as a citation and goes on as a sentence, and as another one.
_RUNS_ON = re.compile(r"[^().]{2,80}?(?:\.[^().]{0,40}?)?,? (?:1[4-9]|20)\d\d[a-z]?(?:, \w{1,4}\. ?\d+)? [a-z]{3,}(?: [^\s.]+){1,40}\. +[A-ZÀ-Þ]")


# --- brackets


def _read_brackets(passage: Passage, prose: Prose) -> None:
    text = passage.words
    open_brackets: list[tuple[int, bool]] = []  # where it opens, and whether citations were found inside
    masked = list(text) if "(" in text or "[" in text else []
    for match in re.finditer(r"[()\[\]]", text):
        at, mark = match.start(), match.group()
        if mark in "([":
            open_brackets.append(at)
            continue
        if not open_brackets:
            if mark == ")":
                _read_stray(passage, at, prose)
            continue
        start = open_brackets.pop()
        if at - start > 2000:
            continue
        inside = "".join(masked[start + 1 : at])
        if mark == ")" and _RUNS_ON.match(inside):  # two halves of two brackets, each of which lacks the other
            _read_unclosed(passage, start, prose)
            _read_stray(passage, at, prose)
            continue
        found = _read_bracket(passage, start, inside, square=text[start] == "[")
        if found:
            prose.cited += found
            prose.slips += _glued(passage, start, at + 1)
            if (text[start] == "(") != (mark == ")"):
                prose.slips.append(Slip("close", text[start : at + 1], passage.place(start)))
            masked[start : at + 1] = " " * (at + 1 - start)
        elif _PERSONAL.search(inside) and _YEAR.search(inside):
            prose.slips += _glued(passage, start, at + 1)
        else:
            _read_alias(text, start, inside, prose)
            if text[start] == "[":
                masked[start : at + 1] = " " * (at + 1 - start)
    for start in open_brackets:
        _read_unclosed(passage, start, prose)


def _glued(passage: Passage, start: int, end: int) -> Iterator[Slip]:
    text = passage.words
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before.isalnum() or (before and before in ".,;:!?”"):
        word = re.search(r"\S*$", text[max(start - 40, 0) : start]).group()
        yield Slip("before", word + text[start:end], passage.place(start - len(word)))
    if after.isalnum():
        word = re.match(r"\S*", text[end : end + 40]).group()
        yield Slip("after", text[start:end] + word, passage.place(start))


def _read_bracket(passage: Passage, start: int, inside: str, square: bool = False) -> list[Cited]:
    """The works cited in a bracket that opens at `start`."""
    if not _YEAR.search(inside):
        return []
    if leading := _YEAR.match(inside.lstrip()):
        shift = len(inside) - len(inside.lstrip())
        return [] if square else _read_narrative(passage, start, inside, leading, shift)
    found: list[Cited] = []
    at = start + 1
    for part in inside.split(";"):
        found += _read_part(passage, at, part, found[-1].readings if found else ())
        at += len(part) + 1
    if square and not all("," in cited.written for cited in found):
        return []
    return found


def _read_part(passage: Passage, at: int, part: str, before: tuple[Reading, ...] = ()) -> Iterator[Cited]:
    """The works in a part of a bracket between semicolons; `before` are the authors of the part before it."""
    if _PERSONAL.search(part) or not (match := _YEAR.search(part)):
        return
    if before and match.start() == len(part) - len(part.lstrip()):  # (Sari, 2019; 2020)
        for cited in _read_years(passage, at, part, match, before, at + match.start()):
            yield replace(cited, written=f"{before[0].written}, {cited.written}") if cited.readings == before else cited
        return
    if through := _SECONDARY_FIRST.match(part):
        for cited in _read_part(passage, at + through.end(), part[through.end() :]):
            yield replace(cited, role="carrier")
        return
    if (through := _SECONDARY.search(part)) and _YEAR.search(part, through.end()):
        whole = _whole(part[: match.start()]) if match.start() > through.end() else None
        for cited in _read_part(passage, at + through.end(), part[through.end() :]):
            yield replace(cited, role="carrier", readings=((whole, *cited.readings) if whole else cited.readings))
        if match.start() < through.start():
            for cited in _read_part(passage, at, part[: through.start()]):
                yield replace(cited, role="origin")
        return
    if len(part[: match.start()].split()) > 3 and not part[: match.start()].rstrip().endswith((",", "”", '"')):
        after_comma = (later for later in _YEAR.finditer(part, match.end()) if part[: later.start()].rstrip().endswith((",", "”", '"')))
        match = next(after_comma, match)  # a title that holds a year itself
    readings, begin = _authors_in(part[: match.start()])
    if readings:
        yield from _read_years(passage, at, part, match, readings, at + begin)


def _authors_in(head: str) -> tuple[tuple[Reading, ...], int]:
    """The readings of what stands before the year in a bracket, and where the authors begin."""
    back = _names_before(head, len(head), listed=True)
    whole = _whole(head)
    begin = head.find(whole.written) if whole else -1
    if whole and (back or len(whole.written.split()) > 1):
        others = tuple(reading for reading, _ in back[:1] if reading.written != whole.written)
        return (whole, *others), max(begin, 0)
    return tuple(reading for reading, _ in back), min((start for _, start in back), default=0)


def _whole(head: str) -> Reading | None:
    """All that stands before the year, introductory words apart, where it begins like a name or a title."""
    prefix = _PREFIX.match(head.lstrip())
    bare = head.lstrip()[prefix.end() :] if prefix else head.lstrip()
    many = _MANY.search(bare)
    bare = re.sub(r"\s*\[[^\[\]]*\]", "", (bare[: many.start()] if many else bare)).strip(" ,:“”\"'‘’")
    first = re.match(r"[\W_]*(\w+)", bare)
    if not first or not (first[1][0].isupper() or first[1].lower() in PARTICLES or re.match(r"[\W_]*[a-z]{1,2}['’-][A-Z]", bare)):
        return None
    return Reading(re.sub(r"\s+", " ", bare), bool(many))


def _read_years(passage: Passage, at: int, part: str, match: re.Match, readings: tuple[Reading, ...], begin: int) -> Iterator[Cited]:
    """The work or works of the years that follow some authors: "2019, hlm. 5, 2020a"; then those of other authors after a comma."""
    head, rest = part[: match.start()].rstrip(), part[match.end() :]
    if re.match(r"\s?[-–—/]\s?\d|\s?[%°]|\.\d", rest) or (head and head[-1].isdigit() and not readings):
        return
    comma = head.endswith((",", ":", "”", '"', ".", "]")) or not head
    year = match["year"] + (match["again"] or "")
    further = re.search(
        rf"\s*(?:[,;]|\b(?:dan|and)\b|&)\s*(?=(?:(?:1[4-9]|20)\d\d[a-z]?|(?:{_DATELESS})(?:-[a-z])?)\s*(?:[,;:]|$|\b(?:dan|and)\b|&))",
        rest,
        re.IGNORECASE,
    )
    others = re.search(rf"\s*(?:,|\b(?:dan|and)\b|&)\s*(?=[A-ZÀ-Þ][^\W\d_]+[^;]*?,?\s{YEAR})", rest)
    cut = min((found.start() for found in (further, others) if found), default=len(rest))
    locator = rest[:cut]
    if locator.strip() and not _LOCATOR.match(locator) and not comma:
        return
    written = re.sub(r"\s+", " ", (part[max(begin - at, 0) : match.end()] + locator)).strip(" ,")
    sure = comma and bool(_PLAIN_YEAR.fullmatch(match["year"]) or not match["year"][0].isdigit())
    yield Cited(readings, year, locator.strip(), passage.place(begin), written, sure=sure)
    if further and further.start() == cut and (next_year := _YEAR.match(rest, further.end())):
        start = match.end() + next_year.start()
        for cited in _read_years(passage, at + start, part[start:], _YEAR.match(part[start:]), readings, at + start):
            yield replace(cited, written=f"{readings[0].written}, {cited.written}") if cited.readings == readings else cited
    elif others and others.start() == cut:
        yield from _read_part(passage, at + match.end() + others.end(), rest[others.end() :])


def _read_narrative(passage: Passage, start: int, inside: str, leading: re.Match, shift: int) -> list[Cited]:
    """The works of "Sari dan Putra (2020, hlm. 5)", of which the bracket opens at `start`."""
    text = passage.words
    back = _names_before(text, start)
    rest = inside[shift + leading.end() :]
    if (rest.strip() and not re.match(r"\s*[,;:]|\s+(?:dalam|in|as)\b", rest)) or re.match(r"\s?[-–—]\s?\d", rest):
        return []
    before = fold(text[max(start - _REACH, 0) : start])
    if not back:
        return [
            Cited(
                (),
                leading["year"],
                rest.strip(),
                passage.place(start),
                text[start : start + len(inside) + 2],
                sure=False,
                narrative=True,
                before=before,
            )
        ]
    readings = tuple(reading for reading, _ in back)
    begin = min(begin for _, begin in back)
    through = _SECONDARY.search(rest)
    own = rest[: through.start()] if through else rest
    at = start + 1 + shift
    years = list(_read_years(passage, at, inside[shift : len(inside) - len(rest)] + own, leading, readings, at))
    shortest = back[-1][1]
    sure = bool(
        readings[-1].many
        or len(readings[-1].names) > 1
        or any(name.initials for name in readings[-1].names)
        or (" " not in readings[-1].written and re.search(r"(?:^|[.,;:]\s)$", text[:shortest][-2:]))
        or own.strip()
        or _REPORTING.match(text, start + len(inside) + 2)
        or _CUE.search(text[max(shortest - 40, 0) : shortest])
        or text[start - 3 : start].strip()[-2:] in ("'s", "’s")
    )
    place = passage.place(shortest)
    written = re.sub(r"\s+", " ", text[shortest : start + len(inside) + 2])
    carrier = _THROUGH_BEFORE.search(text[max(begin - 30, 0) : begin]) is not None and _cites_before(text, begin)
    role = "origin" if through or _goes_on_to_carrier(text, start + len(inside) + 2) else "carrier" if carrier else ""
    found = [
        replace(
            cited, place=place, written=written if number == 0 else cited.written, role=role, sure=sure and cited.sure, narrative=True, before=before
        )
        for number, cited in enumerate(years)
    ]
    if through:
        offset = at + leading.end() + through.end()
        found += [replace(cited, role="carrier") for cited in _read_part(passage, offset, rest[through.end() :])]
    return found


def _goes_on_to_carrier(text: str, end: int) -> bool:
    """Whether what follows a narrative citation is the work through which it is cited: "Freire (1970) dalam Sari (2001)"."""
    return re.match(rf"\s+{_THROUGH}\s+[A-ZÀ-Þ][^().;]{{1,80}}\((?:1[4-9]|20)\d\d", text[end : end + 140]) is not None


def _cites_before(text: str, begin: int) -> bool:
    """Whether a name or a year in brackets stands right before "dalam", so that what follows is a carrier."""
    before = re.sub(rf"{_THROUGH}\s+$", "", text[max(begin - 80, 0) : begin]).rstrip()
    if before.endswith(")"):
        return re.search(rf"\({YEAR}[^()]*\)$", before) is not None
    names = _names_before(before, len(before))
    return bool(names) and names[-1][0].is_name_like


def _read_unclosed(passage: Passage, start: int, prose: Prose) -> None:
    text = passage.words
    inside = re.split(r"(?<=\d[a-z])\.\s|(?<=\d)\.\s", re.match(r"[^()\[\]]*", text[start + 1 : start + 201]).group())[0]
    nested = text[start + 1 + len(inside) : start + 2 + len(inside)] == "(" and not _YEAR.search(inside)
    if nested and (not inside.strip() or _PREFIX.fullmatch(inside.lstrip())):
        following = re.match(r"\([^()]*\)", text[start + 1 + len(inside) : start + 301])
        if following and any(cited.sure for cited in _read_bracket(passage, start + 1 + len(inside), following.group()[1:-1])):
            prose.slips.append(Slip("open", text[start : start + 1 + len(inside)] + following.group(), passage.place(start)))
        return
    found = [cited for cited in _read_bracket(passage, start, inside) if cited.sure and any(reading.is_name_like for reading in cited.readings)]
    if found:
        written = _UP_TO_LOCATOR.match(inside).group() if not found[0].narrative else found[0].written
        prose.cited += [replace(found[0], written=written.lstrip("(")), *found[1:]]
        prose.slips.append(Slip("open", "(" + written.lstrip("("), passage.place(start)))


def _read_stray(passage: Passage, at: int, prose: Prose) -> None:
    """A closing bracket that nothing opened: of interest where a citation ends at it."""
    text = passage.words
    window = re.search(r"[^()\[\]]*$", text[max(at - 160, 0) : at]).group()
    years = [match for match in _YEAR.finditer(window) if _PLAIN_YEAR.fullmatch(match["year"]) or not match["year"][0].isdigit()]
    begin = at - len(window)
    if not years:
        if not window.strip() and begin > 0 and text[begin - 1] == ")" and (whole := re.search(r"\([^()]*\)$", text[max(begin - 200, 0) : begin])):
            opened = begin - len(whole.group())
            if any(cited.sure for cited in _read_bracket(passage, opened, whole.group()[1:-1])):
                prose.slips.append(Slip("close", whole.group() + ")", passage.place(opened)))
        return
    match = years[-1]
    rest = window[match.end() :]
    back = _names_before(window, match.start(), listed=False)
    if not back or not back[-1][0].is_name_like or (rest.strip() and not (_LOCATOR.match(rest) and len(rest) < 30)):
        return
    start = begin + back[-1][1]
    readings = tuple(reading for reading, _ in back)
    written = text[start:at]
    prose.cited.append(Cited(readings, match["year"], rest.strip(), passage.place(start), written, sure=False))
    prose.slips.append(Slip("close", f"{written})", passage.place(start)))


def _read_alias(text: str, start: int, inside: str, prose: Prose) -> None:
    """An abbreviation in brackets after a name in full: "Badan Pusat Statistik (BPS)"."""
    if re.fullmatch(r"[A-Z][\w.&-]{1,14}", inside) and (back := _names_before(text, start)):
        prose.aliases.setdefault(fold(inside), fold(back[0][0].written))


# --- names before a year


def _names_before(text: str, end: int, listed: bool = False) -> list[tuple[Reading, int]]:
    """The names that end at `end`, as (reading, where it begins), longest first.

    A comma or a small word may part names, or what is no name from a name ("Di Indonesia, Sari dan Putra"): each such
    place begins a reading of its own. In a bracket (`listed`) commas part names even where no "and" follows.
    """
    floor = max(end - _REACH, 0)
    if floor:
        floor += len(re.match(r"\S*", text[floor:end]).group())
    window = text[floor:end]
    if many := _MANY.search(window):
        window = window[: many.start()]
    window = re.sub(r"['’]s?\s*$", "", window.rstrip(" ,:“”\"'‘’")).rstrip(" ,:“”\"'‘’")
    window = re.sub(r"\s*\[[^\[\]]*\]$", "", window)
    tokens = list(_TOKEN.finditer(window))
    begins: list[int] = []
    begin, joined, joins, comma = -1, bool(many) or listed, False, False
    for index in range(len(tokens) - 1, -1, -1):
        token, word = tokens[index], tokens[index].group()
        previous = tokens[index - 1].group() if index else ""
        if _is_name_word(word):
            if _ends_sentence(word) and begin >= 0:
                break
            begin, comma = token.start(), False
        elif begin < 0:
            break
        elif word in JOINERS or word.lower() in JOINERS:
            if not _is_name_word(previous) and previous != ",":
                break
            joined = joins = True
            continue
        elif word == "," and joined and not comma and _is_name_word(previous):
            if not joins:
                begins.append(begin)
            comma = True
        elif word == "," and not comma and _INITIALS.fullmatch(window[begin:].strip()) and _is_name_word(previous):
            comma = True  # "Sari, D." stands for D. Sari
        elif word.lower() in PARTICLES and word.islower():
            begins.append(begin)
            begin = token.start()
        elif (word in SMALL and _is_name_word(previous)) or (word == "/" and _is_name_word(previous)):
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


def _is_name_word(word: str) -> bool:
    """Whether a word can be part of a name: it has a capital at its beginning, particle and apostrophe apart."""
    bare = word.lstrip("'’‘`ʼ“\"*_")
    return bool(bare) and (bare[0].isupper() or re.match(r"(?:[a-z]{1,3}['’‘`ʼ-])[A-ZÀ-Þ]", bare) is not None)


def _ends_sentence(word: str) -> bool:
    return word.endswith((".", "?", "!")) and len(word) > 4 and word.count(".") <= 1 and word not in ("Prof.", "Bid.", "Drs.")


# --- sources of tables, and carriers without a year


def _read_source_line(passage: Passage, prose: Prose, since: int) -> None:
    """The source named below a table or a figure; `since` is the number of citations found before this passage."""
    match = _SOURCE_LINE.search(passage.words)
    if not match:
        return
    said = passage.words[match.end() :].rstrip(" .|")
    place = passage.place(match.end())
    cited_here = [number for number in range(since, len(prose.cited)) if prose.cited[number].readings and prose.cited[number].place >= place]
    if cited_here:
        for number in cited_here:
            if not prose.cited[number].role:
                prose.cited[number] = replace(prose.cited[number], role="source", sure=True)
        return
    years = list(_YEAR.finditer(said))
    if not years or _OWN_WORK.search(said) or len(said) > 400:
        return
    name = re.match(r"[^,.(–—]+", said)
    readings = [*_authors_in(said[: years[0].start()])[0], *([Reading(name.group().strip())] if name else [])]
    year = next((match["year"] for match in reversed(years) if _PLAIN_YEAR.fullmatch(match["year"])), "")
    if readings and year and _is_name_word(said.split()[0]):
        prose.cited.append(Cited(tuple(readings), year, "", place, said, role="source"))


_NAME = r"[A-ZÀ-Þ][\w'’.-]*"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,3}}"
_CARRIED = re.compile(
    rf"(?P<cue>\b(?:[Mm]enurut|oleh|[Pp]endapat|[Aa]ccording to|by)\s+)?(?P<origin>{_NAMES}(?:,? (?:dan|&|"
    rf"and) {_NAMES})?),? (?P<through>dalam|(?:(?:as |seperti |sebagaimana )?(?:cited|quoted|dikutip) )?(?:in|dalam|dari|oleh)) "
    rf"(?P<carrier>{_NAMES}(?:,? (?:dan|&|and) {_NAMES})?(?: (?:dkk\.|et al\.))?)(?=[\s,.])(?!\s*[,(]?\s*\(?\d)(?P<verb>{_REPORTING.pattern})?"
)
_CARRIED_QUICK = re.compile(r"\b(?:dalam|in|dari|oleh) [A-ZÀ-Þ]")


def _carriers_without_year(passage: Passage) -> Iterator[Cited]:
    """The carriers of secondary citations that give no year: "dikatakan oleh Arnstein dalam Ulum dan Sari bahwa"."""
    text = passage.words
    floor = 0
    for quick in _CARRIED_QUICK.finditer(text):
        begin = max(quick.start() - 120, floor)
        for match in _CARRIED.finditer(text[begin : quick.end() + 160]):
            if begin + match.start("through") > quick.start() or begin + match.end("through") < quick.start():
                continue
            explicit = " " in match["through"]
            if not (explicit or match["verb"] or match["cue"]) or (match["through"] in ("in", "dari", "oleh")):
                continue
            origin, reading = Reading(match["origin"]), _reading_of(match["carrier"])
            if origin.is_name_like and reading.is_name_like:
                sure = bool(explicit or (match["verb"] and match["cue"]))
                start = begin + match.start("origin")
                yield Cited((reading,), "", "", passage.place(start), text[start : begin + match.end("carrier")], role="carrier", sure=sure)
            floor = begin + match.end("carrier")
            break


def _reading_of(written: str) -> Reading:
    many = _MANY.search(written)
    return Reading((written[: many.start()] if many else written).strip(), bool(many))
