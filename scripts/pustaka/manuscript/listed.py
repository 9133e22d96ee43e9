"""The references at the end of an article: what each says of authors, year, title and pages.

    Sari, D., & Putra, A. (2020). Kebun bersama. *Jurnal Contoh*, *3*(1), 11–20. https://doi.org/10.5555/contoh
    Sari, Dewi, and Andi Putra. 2020. “Kebun Bersama.” Jurnal Contoh 3 (1): 11–20.

Source of the forms: APA 7 chapter 9; The Chicago Manual of Style 15.5 to 15.19.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pustaka.manuscript.cited import YEAR
from pustaka.manuscript.plain import LIST_TITLE, Passage
from pustaka.model import Place
from pustaka.names import Author, fold, is_degree, is_initials, is_sure_degree, split_authors, title_before

_BRACKETED = re.compile(rf"\((?:ca?\.\s?)?(?P<year>{YEAR})(?P<again>/\d{{4}}[a-z]?)?(?P<rest>[^()]*)\)", re.IGNORECASE)
_BARE = re.compile(
    r"(?<=[.,)\]”\"’'A-Za-z])\s(?P<year>(?:1[4-9]|20)\d\d[a-z]?|n\.d\.|t\.t\.|"
    r"[Ff]orthcoming|[Ii]n press|[Dd]alam proses(?: terbit)?|[Ss]egera terbit|\d{5})(?:-[a-z])?(?=[.,:;]|\s[A-Z“\"'‘]|$|(?<=\.)\s)"
)
_EDITORS = re.compile(
    r"\s*\((?:Eds?|Penyunt|Peny|Editors?|Trans|Penerj|Dir|Producer|Host|Red)[^()]*\)\.?|"
    r",\s*(?:eds?|penyunt(?:ing)?|peny|penerj|trans|comps?)\.?$",
    re.IGNORECASE,
)
_MANY = re.compile(r",?\s*(?:&\s*)?\b(?:et al|dkk|and others|dan kawan-kawan|others(?=\W*$))\b\.?|\.\s?\.\s?\.|…", re.IGNORECASE)
_PAGES = re.compile(
    r"(?:\b(?:hlm|hal|halaman|pp?|pages?)\.?\s?|(?:\d\s?|\)\s?)[,:]\s?(?:(?:hlm|hal|"
    r"pp?)\.?\s?)?|(?<=[^\W\d_]),\s(?=\d{1,5}\s?[-–]+\s?\d{1,5}\.(?:\s|$))(?!(?:19|20)\d\d[-–]+(?:19|20)\d\d))(?P<pages>[A-Za-z]?\d{1,6}\s?[-–—]+\s?[A-Za-z]?\d{1,6})(?![\d-])",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"komunikasi (?:pribadi|personal)|personal (?:communication|interview)|wawancara pribadi", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.?!”])\s+|\s(?=\[)")
_LAW = re.compile(r"\b(?:nomor|no\.?)\s?(?P<number>\d+)\s(?:tahun|thn\.?|th\.?)\s(?P<year>\d{4})", re.IGNORECASE)
_SECTIONS = re.compile(
    r"\W*(?:[A-Z0-9IVX]{1,3}[.)]\s*)?(?:buku|jurnal|artikel|internet|situs|web|website|laman|peraturan|undang|perundang|skripsi|tesis|"
    r"disertasi|dokumen|sumber|surat kabar|majalah|laporan|"
    r"makalah|prosiding|books?|journals?|articles?|internet|websites?|web|laws?|legislation|reports?|thes[ie]s|newspapers?|primary|"
    r"secondary|online|other|lain)\b",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    r"\W*(?:[A-Z0-9IVX]{1,3}[.)]\s*)?(?:lampiran|appendi|biografi|biodata|tentang penulis|profil penulis|riwayat|about the author|author|"
    r"biograph|acknowledg|ucapan terima|catatan|notes?\b|endnotes|footnotes|"
    r"indeks|index|glosari|funding|pendanaan|conflict|supplement|data availability|kontribusi)",
    re.IGNORECASE,
)
_LINK = re.compile(r"\]\((?P<address>[^\s()#][^\s()]*)\)")
_SAME_AUTHORS = re.compile(r"[—–―_-]{2,}[.,]?")


@dataclass(frozen=True)
class Reference:
    """One line of the list. `printed` is the author part as it stands; of a work without author that is its title.

    `year` is as printed with its letter ("2020a", "t.t."), `pages` the range of a part of a journal or book, "" of others.
    `section` counts the headings inside the list, each of which begins an alphabet of its own.
    """

    printed: str
    authors: tuple[Author, ...]
    year: str
    title: str
    pages: str
    text: str
    passage: Passage
    many: bool = False
    section: int = 0

    @property
    def place(self) -> Place:
        return self.passage.place()

    @cached_property
    def folded(self) -> str:
        """The author part, folded."""
        return fold(_EDITORS.sub("", self.printed))

    @property
    def links(self) -> Iterator[tuple[str, Place]]:
        """The addresses behind the words of its Markdown links, and where each stands."""
        source, marks = self.passage.source, self.passage.marks
        begin, end = marks[0][1], marks[-1][1] + len(self.text) - marks[-1][0]
        for match in _LINK.finditer(source.text[begin : end + 1000]):
            if begin + match.start() <= end:
                yield match["address"], source.place(begin + match.start("address"))

    @property
    def is_communication(self) -> bool:
        """Whether it is a letter, talk or interview that no reader can look up."""
        return _PERSONAL.search(self.text) is not None

    @property
    def law(self) -> tuple[str, str]:
        """(number, year) of an Indonesian law or regulation, or empty."""
        match = _LAW.search(self.text[:300])
        return (match["number"], match["year"]) if match else ("", "")

    @property
    def is_titled(self) -> bool:
        """Whether the author part is a title: one run of words, of which a later one is in small letters or there are many."""
        return len(self.authors) == 1 and not self.authors[0].given and len(self.printed.split()) > 1

    @property
    def degrees(self) -> list[str]:
        """The degrees in the author part. "S. E." alone may be initials: it is a degree after other initials, or beside a sure one."""
        parts = [part.strip() for part in re.split(r"[,;&]", self.printed)]
        sure = [part for part in parts if is_sure_degree(part)] + [title for part in parts if (title := title_before(part))]
        doubtful = [
            part for before, part in pairwise(parts) if is_degree(part) and not is_sure_degree(part) and (is_initials(before) or is_degree(before))
        ]
        return [*sure, *doubtful] if sure or len(parts) > 2 else []

    @property
    def sign(self) -> tuple[object, ...]:
        """What tells it from others in a citation: its authors and year."""
        return tuple((author.folded, author.initials) for author in self.authors), self.year.casefold()

    @property
    def short(self) -> str:
        """Its beginning: authors and year."""
        printed = self.printed if len(self.printed) <= 80 else self.printed[:79].rstrip() + "…"
        return f"{printed} ({self.year})"

    @property
    def key(self) -> str:
        """A short name: "Febriyantoro 2018"."""
        return f"{self.authors[0].family if self.authors else self.printed} {self.year}".strip()

    def written(self, joiner: str, many: str) -> str:
        """How the work is cited by APA 7: "Sari & Putra, 2020", "Sari dkk., 2020"."""
        families = [author.family for author in self.authors]
        if len(families) > 2 or (self.many and families):
            return f"{families[0]} {many}, {self.year}"
        return f"{f' {joiner} '.join(families)}, {self.year}"


def find(passages: tuple[Passage, ...]) -> tuple[int, int]:
    """(first, last + 1) of the list among the passages; the same number twice where there is none.

    The list stands below the last heading that is called by one of its usual names; without any, it is the run of
    references that ends the text.
    """
    titles = [at for at, passage in enumerate(passages) if passage.heading and LIST_TITLE.fullmatch(passage.words)]
    for at in reversed(titles):
        end = _end(passages, at + 1)
        if any(_looks_listed(passage) for passage in passages[at + 1 : end]):
            return at + 1, end
    end = len(passages)
    start = end
    while start and _looks_listed(passages[start - 1]):
        start -= 1
    return (start, end) if end - start > 1 else (end, end)


def _end(passages: tuple[Passage, ...], start: int) -> int:
    for at in range(start, len(passages)):
        passage = passages[at]
        if passage.note or (_is_numbered(passage) and not _is_numbered(passages[start])):
            return at
        short = len(passage.words) < 60
        if (passage.heading and not _SECTIONS.match(passage.words)) or (
            short and _AFTERWARDS.match(passage.words) and not _BRACKETED.search(passage.words)
        ):
            return at
    return len(passages)


def _is_numbered(passage: Passage) -> bool:
    """Whether "[1]" stands before it, as before the notes of a text without markup; or before all references of a list."""
    begin = passage.marks[0][1]
    return passage.item and re.search(r"\[\d{1,4}\][^\S\n]+$", passage.source.text[max(begin - 9, 0) : begin]) is not None


def _looks_listed(passage: Passage) -> bool:
    """Whether a passage begins as a reference does: names with initials, or one name and a full stop, then the year."""
    if passage.heading:
        return False
    match = _BRACKETED.search(passage.words, 0, 1500)
    if match:
        before, after = passage.words[: match.start()].rstrip(), passage.words[match.end() : match.end() + 2]
        return (
            bool(before)
            and (before.endswith((".", "—", ")")) or after.startswith((".", ",")))
            and "\n" not in before
            and not re.search(r"[.?!] [A-Z][a-z]+ [a-z]+ [a-z]+", before)
        )
    match = _BARE.search(passage.words, 0, 400)
    return match is not None and re.match(r"[^\W\d_][\w'’ -]*,? [A-Z]", passage.words) is not None


def read(passages: Sequence[Passage]) -> tuple[Reference, ...]:
    """The references in the passages of a list."""
    items: list[tuple[Passage, int]] = []
    section = 0
    for passage in passages:
        if passage.heading or (len(passage.words) < 40 and not re.search(YEAR, passage.words) and _SECTIONS.match(passage.words)):
            section += 1
        else:
            items += [(item, section) for item in _items(passage, len(passages) < 3 or (len(passages) < 12 and len(passage.line_ends) > 8))]
    bracketed = sum(_BRACKETED.search(item.words, 0, 1500) is not None for item, _ in items)
    found: list[Reference] = []
    for item, section in items:
        if reference := _reference(item, section, bracketed * 2 >= len(items), found[-1] if found else None):
            found.append(reference)
    return tuple(found)


def _items(passage: Passage, crowded: bool) -> Iterator[Passage]:
    """The references of a passage in which one may follow another on the next line; `crowded` where that is the rule.

    A line that the writer broke (Shift and Enter) is such a next line more often than one that was only wrapped.
    """
    cuts, begun, breaks = [0], 0, set(passage.breaks)
    for end in passage.line_ends:
        before, line = passage.words[begun:end], passage.words[end + 1 : end + 200]
        if (
            re.search(YEAR, before)
            and re.search(r"(?:(?<!\b[A-ZÀ-Þ])\.|[>)\d/]|https?://\S+)$", before)
            and (_BEGINS.match(line) or ((crowded or end in breaks) and _BEGINS_IN_CROWD.match(line)))
        ):
            cuts.append(end + 1)
            begun = end + 1
    cuts.append(len(passage.words))
    yield from (passage.part(start, end) for start, end in pairwise(cuts))


_BEGINS = re.compile(
    r"[^\W\d_][\w'’-]*(?: [\w'’-]+){0,3}, (?:[A-ZÀ-Þ]\.|[A-ZÀ-Þ][a-z]+[.,])"  # Sari, D. or Sari, Dewi,
    r"|[A-ZÀ-Þ][^().]{1,120}\. \((?:1[4-9]|20|t\.|n\.)[^()]{0,30}\)\."  # Badan Pusat Statistik. (2020).
)


#: The same where many lines follow each other without a blank one: Sugiyanto. 2017. Or a law, which has no author.
_BEGINS_IN_CROWD = re.compile(
    r"(?!(?:Retrieved|Accessed|Diambil|Diakses|In|Dalam|From|Dari)\b)[A-ZÀ-Þ][^:“\"()\[\]]{1,120}[.,] (?:1[4-9]|20)\d\d[a-z]?[.,] "
    r"|[A-ZÀ-Þ][^().]{1,60},? \((?:1[4-9]|20)\d\d[a-z]?\)"
    r"|(?:Undang-Undang|Peraturan|Keputusan|Instruksi|UU|Permen\w*|Perpres|Perda)\b"
)


def _reference(passage: Passage, section: int, bracketed: bool, before: Reference | None) -> Reference | None:
    text = passage.words
    first, second = (_BRACKETED, _BARE) if bracketed else (_BARE, _BRACKETED)
    match = first.search(text, 0, 3000) or second.search(text, 0, 600) or _LAW.search(text, 0, 300)
    if not match or not text[: match.start()].strip(" ."):
        return None
    printed, rest = text[: match.start()].strip(), text[match.end() :].lstrip(" .,:;")
    printed = re.sub(r"[\s,(]+$", "", re.split(r"(?<=\b[A-Z]\.):\s", printed)[0])
    if _SAME_AUTHORS.fullmatch(printed) and before:
        names, authors, many = before.printed, before.authors, before.many
    else:
        names = _EDITORS.sub("", printed)
        many = _MANY.search(names) is not None
        names = re.sub(r"\s*\[[^\[\]]*\]", "", names)
        authors = split_authors(_MANY.sub(",", names).strip(" ,"))
        names = printed
    if not authors:
        return None
    year = match["year"] + (match.groupdict().get("again") or "")
    titled = _SENTENCE_END.split(rest.strip("“”\"'‘’ "), maxsplit=1)[0].strip(" .,“”\"'‘’") if rest else ""
    pages = [found["pages"] for found in _PAGES.finditer(re.sub(r"https?://\S+", "", rest))]
    if not re.search(r"\b\w\.$|[A-Z]\.\s?\w{1,4}\.$|\b(?:et al|dkk)\.$", names):
        names = names.rstrip(".")
    return Reference(names, authors, year, titled, pages[-1] if pages else "", text, passage, many, section)
