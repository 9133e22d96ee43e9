"""What running text says of works, as data: the citations, and the slips of their brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pustaka.manuscript.bylines import Reading
from pustaka.model import Place
from pustaka.names import is_sure_degree, title_before

DATELESS = r"(?-i:n\.\s?d\.?|t\.\s?t\.?|t\.\s?th\.?)|tanpa tahun|no date"  # in capitals they are initials
_COMING = r"in press|forthcoming|in preparation|dalam proses(?: terbit)?|akan terbit|segera terbit|sedang dicetak"
#: A year, also a mistyped one ("20219", "202", "2O20"), or what stands for it.
YEAR = rf"(?:(?:\d{{3,6}}[a-z]?|\d[\dOol]{{3}}[a-z]?)(?![\w%])|(?:{DATELESS}|{_COMING})(?:-[a-z]\b|(?!\w)))"
A_YEAR = re.compile(rf"(?<![\w./–-])(?<!\d,)(?:(?:ca?|sekitar)\.\s?)?(?P<year>{YEAR})(?P<again>/\d{{4}}[a-z]?)?", re.IGNORECASE)
PLAIN_YEAR = re.compile(r"(?:1[4-9]|20)\d\d[a-z]?")

_PAGE_LABEL = r"(?:hlm|hal|halaman|pp?|pages?|pgs?|h)"
_OTHER_LABEL = (
    r"(?:para(?:graf|graphs?)?|par|bab|chap(?:ter)?s?|ch|bag(?:ian)?|sec(?:tion)?s?|pasal|ayat|tabel|tables?|gambar|fig(?:ure)?s?|vol|"
    r"jil(?:id)?|ed|no|nomor|"
    r"art|lampiran|appendix|slides?|loc|ln|lines?|verses?|catatan|notes?|book|buku|part|menit|min|§|¶)"
)
LOCATOR = re.compile(rf"\s*[,:]?\s*(?:(?P<label>{_PAGE_LABEL}|{_OTHER_LABEL})\b\s*[.:]?\s*)*(?=[\divxlcdmA-Z“\"*])", re.IGNORECASE)
_DOUBLED = re.compile(rf"\b(?!p\.p\.)({_PAGE_LABEL})\b\s*[.:]?\s*({_PAGE_LABEL})\b\s*[.:]?\s*(?=\d|[ivxlc]+\b)", re.IGNORECASE)
_PAGES = re.compile(
    rf"^\s*[,:]?\s*(?:\b{_PAGE_LABEL}\b\s*[.:]?\s*)*:?\s*(?P<pages>[A-Za-z]?\d+(?:\s?[-–—]+\s?[A-Za-z]?\d+)?(?:\s?[,&]\s?\d+(?:\s?[-–—]+\s?\d+)?)*)",
    re.IGNORECASE,
)

UP_TO_LOCATOR = re.compile(rf".*?{YEAR}(?:\s?[,:]\s?(?:{_PAGE_LABEL}\b\.?\s?)*\d[\d–-]*)?", re.IGNORECASE)


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
    def degree(self) -> str:
        """The cited name that is a degree, or begins with a title, or ""."""
        names = [name.written for reading in self.readings[:1] for name in reading.names]
        return next((name for name in names if is_sure_degree(name) or (not self.narrative and title_before(name))), "")

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
