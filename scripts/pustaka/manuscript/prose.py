"""The author-date citations in running text, Indonesian and English.

    (Sari, 2020)   (Sari & Putra, 2020, hlm. 14)   (lihat Sari dkk., 2019, 2020a; Putra 2018: 7)   Sari dan Putra (2020)
    (Badan Pusat Statistik [BPS], 2020)   (Freire, 1970, dalam Sari, 2001)   Arnstein dalam Ulum dan Sari   Sumber: Sari, 2020

Source of the forms: APA 7 sections 8.6 (secondary sources), 8.10 to 8.21; The Chicago Manual of Style 15.20 to 15.31.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pustaka.manuscript.brackets import REPORTING, read_brackets
from pustaka.manuscript.bylines import Reading, authors_in, is_name_word, reading_of
from pustaka.manuscript.cited import A_YEAR, PLAIN_YEAR, Cited, Prose
from pustaka.manuscript.plain import Passage

_SOURCE_LINE = re.compile(r"(?:^\W*|(?<=[.)] ))(?:Sumber|SUMBER|Source|SOURCE)s?(?: (?:data|gambar|tabel|foto))?\s?:\s*(?=\S)")
_OWN_WORK = re.compile(
    r"\b(?:di)?olah(?:an)?\b|\bprimer\b|\bprimary\b|\bown\b|\bauthors?\b|\bpenulis\b|\bpeneliti(?:an)?\b|\bpribadi\b|\bdokumentasi\b|"
    r"\bobservasi\b|\bsurve[iy]\b|"
    r"\bwawancara\b|\binterview|\bfield\b|\blapangan\b|\bdata (?:sekunder|desa|olahan)\b|\bresearchers?\b|\belaborat|\bcompiled\b|"
    r"\bprocessed\b|\bkuesioner\b|\banalisis\b|\banalysis\b",
    re.IGNORECASE,
)


def read(passages: tuple[Passage, ...]) -> Prose:
    """The citations in the passages, in order."""
    prose = Prose()
    for passage in passages:
        since = len(prose.cited)
        read_brackets(passage, prose)
        _read_source_line(passage, prose, since)
        prose.cited += _carriers_without_year(passage)
        prose.cited += _named_in_a_row(passage)
    prose.cited.sort(key=lambda cited: cited.place)
    return prose


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
    years = list(A_YEAR.finditer(said))
    if not years or _OWN_WORK.search(said) or len(said) > 400:
        return
    name = re.match(r"[^,.(–—]+", said)
    readings = [*authors_in(said[: years[0].start()])[0], *([Reading(name.group().strip())] if name else [])]
    year = next((match["year"] for match in reversed(years) if PLAIN_YEAR.fullmatch(match["year"])), "")
    if readings and year and is_name_word(said.split()[0]):
        prose.cited.append(Cited(tuple(readings), year, "", place, said, role="source"))


_NAME = r"[A-ZÀ-Þ][\w'’.-]*"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,3}}"
_CARRIED = re.compile(
    rf"(?P<cue>\b(?:[Mm]enurut|oleh|[Pp]endapat|[Aa]ccording to|by)\s+)?(?P<origin>{_NAMES}(?:,? (?:dan|&|"
    rf"and) {_NAMES})?),? (?P<through>dalam|(?:(?:as |seperti |sebagaimana )?(?:cited|quoted|dikutip) )?(?:in|dalam|dari|oleh)) "
    rf"(?P<carrier>{_NAMES}(?:,? (?:dan|&|and) {_NAMES})?(?: (?:dkk\.|et al\.))?)(?=[\s,.])(?!\s*[,(]?\s*\(?\d)(?P<verb>{REPORTING.pattern})?"
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
            origin, reading = Reading(match["origin"]), reading_of(match["carrier"])
            if origin.is_name_like and reading.is_name_like:
                sure = bool(explicit or (match["verb"] and match["cue"]))
                start = begin + match.start("origin")
                yield Cited((reading,), "", "", passage.place(start), text[start : begin + match.end("carrier")], role="carrier", sure=sure)
            floor = begin + match.end("carrier")
            break


_SCHOLARS = re.compile(
    r"\b(?:tokoh|ahli|pakar|peneliti|penulis|sarjana|ilmuwan|scholars|authors|researchers|writers|experts|theorists)\b[^.()\d]{0,40}?"
    r"(?=(?:[A-ZÀ-Þ][\w'’.-]* ){1,4}\d{4})"
)
_NAMED = re.compile(rf"(?P<names>{_NAMES}(?:,? (?:dan|&|and) {_NAMES})?) (?P<year>(?:1[89]|20)\d\d[a-z]?)(?![\w–-])(?:,? (?:dan|and|serta|&) |, )?")


def _named_in_a_row(passage: Passage) -> Iterator[Cited]:
    """The works named without any bracket, two or more in a row: "para tokoh, di antaranya Sari 1994, Budi Putra 1995"."""
    text = passage.words
    for cue in _SCHOLARS.finditer(text):
        row, at = [], cue.end()
        while match := _NAMED.match(text, at):
            row.append(match)
            at = match.end()
        if len(row) > 1 and text.count("(", 0, cue.start()) <= text.count(")", 0, cue.start()):
            for match in row:
                reading = Reading(match["names"])
                if reading.is_name_like:
                    written = match.group().rstrip(" ,&")
                    written = re.sub(r",? (?:dan|and|serta)$", "", written)
                    yield Cited((reading,), match["year"], "", passage.place(match.start()), written, narrative=True)
