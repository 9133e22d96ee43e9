"""The citations that a bracket holds or ends, and the slips of the brackets themselves.

    (Sari, 2020)   (Sari & Putra, 2020, hlm. 14)   (lihat Sari dkk., 2019, 2020a; Putra 2018: 7)   Sari dan Putra (2020)

Source of the forms: APA 7 sections 8.6 (secondary sources), 8.10 to 8.21; The Chicago Manual of Style 15.20 to 15.31.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pustaka.lexicon import STARTERS
from pustaka.manuscript.bylines import PREFIX, REACH, Reading, authors_in, names_before, undivided
from pustaka.manuscript.cited import A_YEAR, DATELESS, LOCATOR, PLAIN_YEAR, UP_TO_LOCATOR, YEAR, Cited, Prose, Slip
from pustaka.manuscript.plain import Passage
from pustaka.names import fold

_THROUGH = (
    r"(?:(?:as |sebagaimana |seperti )?(?:yang )?(?:cited|quoted|discussed|mentioned|dikutip|disitir|disebut(?:kan)?|dinyatakan)"
    r"(?: (?:in|by|dalam|dari|oleh|di))|dalam|in|apud)"
)
_SECONDARY = re.compile(rf"[,\s]\s*(?<!\w){_THROUGH}\s+(?=[^\W\d_])")
_SECONDARY_FIRST = re.compile(rf"\s*{_THROUGH}\s+(?=[^\W\d_])")
_THROUGH_BEFORE = re.compile(rf"(?<!\w){_THROUGH}\s+$")
#: Words before a citation, up to the one that introduces it: "tentang kebun, lihat Sari 2015".
_INTRODUCED = re.compile(r".*[,:]\s(?:see(?: also)?|lihat(?: juga)?|cf\.|bdk\.)\s", re.IGNORECASE)
_PERSONAL = re.compile(
    r"komunikasi pribadi|personal communication|pers\. ?comm|wawancara|interview|percakapan pribadi|personal interview", re.IGNORECASE
)
#: What follows a name that is cited: "Sari (2020) menulis", "found that".
REPORTING = re.compile(
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
    r"(?:selain|sementara|karena) itu|mendukung|didukung|dengan|menguatkan|memperkuat|membantah|menolak|mengikuti|merujuk|mengacu|"
    r"mengutip|melengkapi|meneruskan|"
    r"contradicts?|contradicted|supports?|supported|confirms?|confirmed|extends?|extended|echo(?:es|ed)?|follows?|followed|"
    r"replicates?|replicated|challenges?|challenged|cites?|cited|quotes?|quoted|"
    r"by|following|from|see|lihat|study of|work of|"
    r"research (?:of|by)|theory of|seperti|sebagaimana|kepada|pada|in|dalam|with|dan|and|to)\s*$",
    re.IGNORECASE,
)
#: What begins as a citation and goes on as a sentence, and as another one.
_RUNS_ON = re.compile(
    r"[^().]{2,80}?(?:\.[^().]{0,40}?)?,? (?:1[4-9]|20)\d\d[a-z]?(?:, \w{1,4}\. ?\d+)?"
    r"(?:\. [A-ZÀ-Þ]| [a-z]{3,}(?: [^\s.]+){1,40}\. +[A-ZÀ-Þ])"
)


def read_brackets(passage: Passage, prose: Prose) -> None:
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
        found = _read_bracket(passage, start, inside, square=text[start] == "[", alone=not open_brackets)
        if found:
            prose.cited += found
            prose.slips += _glued(passage, start, at + 1) if any(map(_is_plain, found)) else ()
            if (text[start] == "(") != (mark == ")"):
                prose.slips.append(Slip("close", text[start : at + 1], passage.place(start)))
            masked[start : at + 1] = " " * (at + 1 - start)
        elif _PERSONAL.search(inside) and A_YEAR.search(inside):
            prose.slips += _glued(passage, start, at + 1)
        else:
            _read_alias(text, start, inside, prose)
            if text[start] == "[":
                masked[start : at + 1] = " " * (at + 1 - start)
    for start in open_brackets:
        _read_unclosed(passage, start, prose)


def _is_plain(cited: Cited) -> bool:
    """Whether it can be nothing but a citation: names and a year of four figures. "normal(150, 50)" is a formula."""
    return bool(PLAIN_YEAR.fullmatch(cited.year) or not cited.year[:1].isdigit()) and any(reading.is_name_like for reading in cited.readings)


def _glued(passage: Passage, start: int, end: int) -> Iterator[Slip]:
    text = passage.words
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before.isalnum() or (before and before in ".,;:?”") or (before == "!" and text[start] == "("):
        word = re.search(r"\S*$", text[max(start - 40, 0) : start]).group()
        yield Slip("before", word + text[start:end], passage.place(start - len(word)))
    if after.isalpha():  # a figure may be the number of a note
        word = re.match(r"\S*", text[end : end + 40]).group()
        yield Slip("after", text[start:end] + word, passage.place(start))


def _read_bracket(passage: Passage, start: int, inside: str, square: bool = False, alone: bool = True) -> list[Cited]:
    """The works cited in a bracket that opens at `start`; `alone` where it stands in no other."""
    if not A_YEAR.search(inside):
        return []
    if leading := A_YEAR.match(inside.lstrip()):
        shift = len(inside) - len(inside.lstrip())
        if square:
            return _read_square(passage, start, inside) if alone else []
        return _read_narrative(passage, start, inside, leading, shift)
    found: list[Cited] = []
    at = start + 1
    for part in inside.split(";"):
        found += _read_part(passage, at, part, found[-1].readings if found else ())
        at += len(part) + 1
    if square and not all("," in cited.written for cited in found):
        return []
    return found


def _read_square(passage: Passage, start: int, inside: str) -> list[Cited]:
    """The work of "Sari [2020]", which may also be a year that someone adds; "Sari v Putra [2020] UKSC 3" is a case."""
    if not PLAIN_YEAR.fullmatch(inside) or re.match(r"\s?(?:\d|[A-Z]{2}|\()", passage.words[start + len(inside) + 2 :][:3]):
        return []
    found = _read_narrative(passage, start, inside, A_YEAR.match(inside), 0)
    return [replace(cited, sure=False) for cited in found if cited.readings]


def _read_part(passage: Passage, at: int, part: str, before: tuple[Reading, ...] = ()) -> Iterator[Cited]:
    """The works in a part of a bracket between semicolons; `before` are the authors of the part before it."""
    if _PERSONAL.search(part) or not (match := A_YEAR.search(part)):
        return
    if before and match.start() == len(part) - len(part.lstrip()):  # (Sari, 2019; 2020)
        for cited in _read_years(passage, at, part, match, before, at + match.start()):
            yield replace(cited, written=f"{before[0].written}, {cited.written}") if cited.readings == before else cited
        return
    if through := _SECONDARY_FIRST.match(part):
        for cited in _read_part(passage, at + through.end(), part[through.end() :]):
            yield replace(cited, role="carrier")
        return
    if (through := _SECONDARY.search(part)) and A_YEAR.search(part, through.end()):
        whole = undivided(part[: match.start()]) if match.start() > through.end() else None
        for cited in _read_part(passage, at + through.end(), part[through.end() :]):
            yield replace(cited, role="carrier", readings=((*cited.readings, whole) if whole else cited.readings))
        if match.start() < through.start():
            for cited in _read_part(passage, at, part[: through.start()]):
                yield replace(cited, role="origin")
        return
    if len(part[: match.start()].split()) > 3 and not part[: match.start()].rstrip().endswith((",", "”", '"')):
        after_comma = (
            later
            for later in A_YEAR.finditer(part, match.end())
            if PLAIN_YEAR.fullmatch(later["year"]) and part[: later.start()].rstrip().endswith((",", "”", '"'))
        )
        match = next(after_comma, match)  # a title that holds a year itself
    introduced = _INTRODUCED.match(part, 0, match.start())
    shift = introduced.end() if introduced else 0
    readings, begin = authors_in(part[shift : match.start()])
    if readings:
        yield from _read_years(passage, at, part, match, readings, at + shift + begin)


def _read_years(passage: Passage, at: int, part: str, match: re.Match, readings: tuple[Reading, ...], begin: int) -> Iterator[Cited]:
    """The work or works of the years that follow some authors: "2019, hlm. 5, 2020a"; then those of other authors after a comma."""
    head, rest = part[: match.start()].rstrip(), part[match.end() :]
    if re.match(r"\s?[-–—/]\s?\d|\s?[%°]|\.\d", rest) or (head and head[-1].isdigit() and not readings):
        return
    comma = head.endswith((",", ":", "”", '"', ".", "]")) or not head
    year = match["year"] + (match["again"] or "")
    further = re.search(
        rf"\s*(?:[,;]|\b(?:dan|and)\b|&)\s*(?=(?:(?:1[4-9]|20)\d\d[a-z]?|(?:{DATELESS})(?:-[a-z])?)\s*(?:[,;:]|$|\b(?:dan|and)\b|&))",
        rest,
        re.IGNORECASE,
    )
    others = re.search(rf"\s*(?:,|\b(?:dan|and)\b|&)\s*(?=[A-ZÀ-Þ][^\W\d_]+[^;]*?,?\s{YEAR})", rest)
    cut = min((found.start() for found in (further, others) if found), default=len(rest))
    locator = rest[:cut]
    if locator.strip() and not LOCATOR.match(locator) and not comma:
        return
    written = re.sub(r"\s+", " ", (part[max(begin - at, 0) : match.end()] + locator)).strip(" ,")
    sure = comma and bool(PLAIN_YEAR.fullmatch(match["year"]) or not match["year"][0].isdigit())
    yield Cited(readings, year, locator.strip(), passage.place(begin), written, sure=sure)
    if further and further.start() == cut and (next_year := A_YEAR.match(rest, further.end())):
        start = match.end() + next_year.start()
        for cited in _read_years(passage, at + start, part[start:], A_YEAR.match(part[start:]), readings, at + start):
            yield replace(cited, written=f"{readings[0].written}, {cited.written}") if cited.readings == readings else cited
    elif others and others.start() == cut:
        yield from _read_part(passage, at + match.end() + others.end(), rest[others.end() :])


def _read_narrative(passage: Passage, start: int, inside: str, leading: re.Match, shift: int) -> list[Cited]:
    """The works of "Sari dan Putra (2020, hlm. 5)", of which the bracket opens at `start`."""
    text = passage.words
    back = names_before(text, start)
    rest = inside[shift + leading.end() :]
    if (rest.strip() and not re.match(r"\s*[,;:]|\s+(?:dalam|in|as)\b", rest)) or re.match(r"\s?[-–—]\s?\d", rest):
        return []
    before = fold(text[max(start - REACH, 0) : start])
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
        or (" " not in readings[-1].written and re.search(r"(?:^|[.,;:|]\s)$", text[:shortest][-2:]))
        or own.strip()
        or REPORTING.match(text, start + len(inside) + 2)
        or _CUE.search(text[max(shortest - 40, 0) : shortest])
        or text[start - 3 : start].strip()[-2:] in ("'s", "’s")
        or fold(text[max(shortest - 20, 0) : shortest].rpartition(".")[2]) in STARTERS
    )
    place = passage.place(shortest)
    written = re.sub(r"\s+", " ", text[shortest : start + len(inside) + 2])
    carrier = _THROUGH_BEFORE.search(text[max(begin - 30, 0) : begin]) is not None and _cites_before(text, begin)
    role = "origin" if through or _goes_on_to_carrier(text, start + len(inside) + 2) else "carrier" if carrier else ""
    found = [
        replace(
            cited,
            place=place,
            written=written if number == 0 else cited.written.replace(readings[0].written, readings[-1].written, 1),
            role=role,
            sure=sure and cited.sure,
            narrative=True,
            before=before,
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
    names = names_before(before, len(before))
    return bool(names) and names[-1][0].is_name_like


def _read_unclosed(passage: Passage, start: int, prose: Prose) -> None:
    text = passage.words
    inside = re.split(r"(?<=\d[a-z])\.\s|(?<=\d)\.\s", re.match(r"[^()\[\]]*", text[start + 1 : start + 201]).group())[0]
    nested = text[start + 1 + len(inside) : start + 2 + len(inside)] == "(" and not A_YEAR.search(inside)
    if nested and (not inside.strip() or PREFIX.fullmatch(inside.lstrip())):
        following = re.match(r"\([^()]*\)", text[start + 1 + len(inside) : start + 301])
        if following and any(cited.sure for cited in _read_bracket(passage, start + 1 + len(inside), following.group()[1:-1])):
            prose.slips.append(Slip("open", text[start : start + 1 + len(inside)] + following.group(), passage.place(start)))
        return
    found = [cited for cited in _read_bracket(passage, start, inside) if cited.sure and any(reading.is_name_like for reading in cited.readings)]
    if not found and (first := UP_TO_LOCATOR.match(inside)):  # (Sari 2020 without a comma, and the sentence goes on
        found = [cited for cited in _read_bracket(passage, start, first.group()) if _is_plain(cited)]
    if found:
        written = UP_TO_LOCATOR.match(inside).group() if not found[0].narrative else found[0].written
        prose.cited += [replace(found[0], written=written.lstrip("(")), *found[1:]]
        prose.slips.append(Slip("open", "(" + written.lstrip("("), passage.place(start)))


def _read_stray(passage: Passage, at: int, prose: Prose) -> None:
    """A closing bracket that nothing opened: of interest where a citation ends at it."""
    text = passage.words
    window = re.search(r"[^()\[\]]*$", text[max(at - 160, 0) : at]).group()
    years = [match for match in A_YEAR.finditer(window) if PLAIN_YEAR.fullmatch(match["year"]) or not match["year"][0].isdigit()]
    begin = at - len(window)
    if not years:
        if not window.strip() and begin > 0 and text[begin - 1] == ")" and (whole := re.search(r"\([^()]*\)$", text[max(begin - 200, 0) : begin])):
            opened = begin - len(whole.group())
            if any(cited.sure for cited in _read_bracket(passage, opened, whole.group()[1:-1])):
                prose.slips.append(Slip("close", whole.group() + ")", passage.place(opened)))
        return
    match = years[-1]
    rest = window[match.end() :]
    back = names_before(window, match.start(), listed=False)
    if not back or not back[-1][0].is_name_like or (rest.strip() and not (LOCATOR.match(rest) and len(rest) < 30)):
        return
    start = begin + back[-1][1]
    readings = tuple(reading for reading, _ in back)
    written = text[start:at]
    prose.cited.append(Cited(readings, match["year"], rest.strip(), passage.place(start), written, sure=False))
    prose.slips.append(Slip("close", f"{written})", passage.place(start)))


def _read_alias(text: str, start: int, inside: str, prose: Prose) -> None:
    """An abbreviation in brackets after a name in full: "Badan Pusat Statistik (BPS)"."""
    if re.fullmatch(r"[A-Z][\w.&-]{1,14}", inside) and (back := names_before(text, start)):
        prose.aliases.setdefault(fold(inside), fold(back[0][0].written))
