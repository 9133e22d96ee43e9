"""A draft of a .bib made from the reference list of a manuscript, for a person to correct (`--write-bib`).

Fields and types are BibLaTeX's (The BibLaTeX Package, section 2). What a printed reference does not say for certain stands in
a comment above the entry; the printed line stands there too, so that the two can be compared.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from pustaka.bib import Bibliography
from pustaka.lexicon import BODY_WORDS, ENGLISH, INDONESIAN
from pustaka.listed import Reference
from pustaka.manuscript import Manuscript
from pustaka.model import Entry
from pustaka.names import Author, is_degree, is_sure_degree, words_of

_SPECIAL = re.compile(r"(?<!\\)([%&#$_])")
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:?\s*)(10\.\d{4,9}/[^\s<>]+)", re.IGNORECASE)
_JOURNAL = re.compile(
    r"^\s*(?P<journal>[^.?!]{3,150}?),?\s(?P<volume>\d{1,4})\s?(?:\((?P<issue>[^()]{1,20})\))?\s?[,:]\s?(?:(?:hlm|hal|pp?)\.?\s?)?(?P<pages>[A-Za-z]?\d[\w–—-]*)?"
)
_INSIDE = re.compile(
    r"^\s*(?:In|Dalam)\s(?P<editors>.{3,200}?)\s\((?:Eds?|Penyunt|Peny|Ed)\.?,?[^()]*\),?\s(?P<book>[^()]{3,200})\s\((?P<numbers>[^()]*\d)\)",
    re.IGNORECASE,
)
_KIND = re.compile(r"\[(?P<kind>[^\[\]]{3,60})\]")
_NO_TITLE = re.compile(r"(?:Diambil|Diakses|Retrieved|Accessed|https?:|\[|$)")
_THESIS = {
    "skripsi": "bathesis",
    "bachelor": "bathesis",
    "tesis": "mathesis",
    "master": "mathesis",
    "disertasi": "phdthesis",
    "doctoral": "phdthesis",
    "dissertation": "phdthesis",
}
_MONTHS = (
    ("januari", "january"), ("februari", "february"), ("maret", "march"), ("april", "april"), ("mei", "may"), ("juni", "june"),
    ("juli", "july"), ("agustus", "august"), ("september", "september"), ("oktober", "october"), ("november", "november"), ("desember", "december"),
)  # fmt: skip
_SEEN = re.compile(
    r"(?:Diambil|Diakses|Retrieved|Accessed)\s(?:pada\s)?(?:(?P<day>\d{1,2})\s(?P<month>\w+)|(?P<month2>[A-Z][a-z]+)\s(?P<day2>\d{1,2}),?)\s(?P<year>\d{4})"
)


def draft(manuscript: Manuscript) -> str:
    """The reference list as the text of a .bib file. Every reference is an entry, in the order of the list, with a key of its own."""
    used: Counter[str] = Counter()
    head = "% A draft, made from the reference list of an article. Compare every entry with the printed line above it.\n"
    return head + "".join("\n" + _entry(reference, manuscript.language, used) for reference in manuscript.references)


def entries(manuscript: Manuscript) -> tuple[Entry, ...]:
    """The reference list as entries, each with the place of its line in the manuscript."""
    bibliography = Bibliography(lambda place, message: None)  # a draft is well-formed
    bibliography.read(draft(manuscript), "")
    drafted = zip(bibliography.entries, manuscript.references, strict=True)
    return tuple(Entry(entry.key, entry.type, entry.fields, reference.place) for entry, reference in drafted)


def _entry(reference: Reference, language: str, used: Counter[str]) -> str:
    kind, fields, doubts = _fields(reference, language)
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    comments = [f"% {line}".replace("@", "(at)") for line in (_one_line(reference.text), *(f"To check: {doubt}" for doubt in doubts))]
    return "\n".join([*comments, f"@{kind}{{{_key(reference, used)},", *lines, "}"]) + "\n"


def _key(reference: Reference, used: Counter[str]) -> str:
    """Author and year ("febriyantoro2018"), with a number where that is taken."""
    plain = unicodedata.normalize("NFKD", reference.authors[0].family).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    year = re.search(r"\d{4}", reference.year)
    stem = ("".join(words)[:30] or "work") + (year.group() if year else "-nd")
    used[stem] += 1
    return stem if used[stem] == 1 else f"{stem}-{used[stem]}"


def _fields(reference: Reference, language: str) -> tuple[str, dict[str, str], list[str]]:
    """The entry's type and fields, and what a person must look at."""
    doubts: list[str] = []
    fields: dict[str, str] = {}
    title, rest = _title_and_rest(reference)
    if reference.is_communication:
        doubts.append("a personal communication is cited in the text alone: the entry can go")
    if _is_title(reference):
        title, rest = reference.printed, re.sub(r"^[^()]*\)", "", reference.text.partition(reference.year)[2]).lstrip(" .")
        doubts.append("the reference begins with what looks like a title; if it is an author, move it")
    else:
        fields["author"] = _names(reference, doubts)
    fields["title"] = _value(title)
    year = re.search(r"\d{4}", reference.year)
    fields["date"] = year.group() if year else ""
    if not year:
        doubts.append(f"the printed year is “{reference.year}”")
        if re.match(r"in press|forthcoming|dalam proses|akan|segera", reference.year, re.IGNORECASE):
            fields["pubstate"] = "inpress"
    kind = _numbers(reference, rest, fields, doubts)
    if doi := _DOI.search(reference.text):
        fields["doi"] = _bare(doi[1])
    elif address := _ADDRESS.search(reference.text):
        fields["url"] = _bare(address.group())
    fields["urldate"] = _seen(reference.text)
    fields["langid"] = _language(title, language)
    if not fields["title"]:
        doubts.append("no title was found")
    return kind, fields, doubts


def _title_and_rest(reference: Reference) -> tuple[str, str]:
    _, found, rest = reference.text.partition(reference.title) if reference.title else ("", "", "")
    return reference.title, rest.lstrip(" .?!,“”\"'’") if found else ""


def _is_title(reference: Reference) -> bool:
    """Whether the author part is a title: most of its words are in small letters, or no other title follows."""
    if _NO_TITLE.match(reference.title) and not any(author.given for author in reference.authors):
        return True
    words = reference.printed.split()
    small = sum(word[:1].islower() for word in words)
    return reference.is_titled and len(words) > 2 and small * 2 >= len(words) - 1 and not BODY_WORDS & set(words_of(reference.printed))


def _names(reference: Reference, doubts: list[str]) -> str:
    """The names for the field `author`; of a body the whole, in braces, whatever commas it holds."""
    if not any(author.given for author in reference.authors) and BODY_WORDS & set(words_of(reference.printed)):
        return f"{{{_value(reference.printed)}}}"
    return " and ".join(_person(author, doubts) for author in reference.authors) + (" and others" if reference.many else "")


def _person(author: Author, doubts: list[str]) -> str:
    name = _value(str(author))
    if is_degree(author.family) or is_sure_degree(author.given):
        doubts.append(f"“{_one_line(str(author))}” holds an academic degree, which is no part of a name")
    if author.given:
        return name
    if " " in name or BODY_WORDS & set(words_of(name)):
        return f"{{{name}}}"  # a body, which BibLaTeX must not take apart
    return name


def _numbers(reference: Reference, rest: str, fields: dict[str, str], doubts: list[str]) -> str:
    """Fills in where the work appeared; returns the entry's type."""
    kind = _KIND.search(reference.text)
    words = kind["kind"].lower() if kind else ""
    plain = _KIND.sub("", _ADDRESS.sub("", _SEEN.sub("", rest))).strip(" .,")
    if degree := next((degree for word, degree in _THESIS.items() if word in words), ""):
        fields |= {"type": degree, "institution": _value(plain)}
        return "thesis"
    if inside := _INSIDE.match(rest):
        fields |= {
            "editor": _value(inside["editors"].replace(" & ", " and ").replace(" dan ", " and ")),
            "booktitle": _value(inside["book"]),
            "pages": _range(reference.pages),
        }
        doubts.append("the editors' names as BibLaTeX wants them")
        return "incollection"
    if journal := _JOURNAL.match(plain):
        fields |= {
            "journaltitle": _value(journal["journal"]),
            "volume": journal["volume"],
            "number": _value(journal["issue"] or ""),
            "pages": _range(reference.pages or journal["pages"] or ""),
        }
        return "article"
    if _ADDRESS.search(reference.text) and not _DOI.search(reference.text):
        fields["organization"] = _value(re.sub(r"\s*\b(?:dari|from)$", "", plain).strip(" .,"))
        return "online"
    if plain.isdigit():
        fields["pagetotal"] = plain
        return "misc"
    doubts.append("the type of the work, and its publisher")
    fields["publisher"] = _value(re.sub(r"(?:https?|doi:?)\S*", "", plain).strip(" .,"))
    return "book" if plain else "misc"


def _seen(text: str) -> str:
    """The day on which a web page was read, as ISO 8601, or ""."""
    match = _SEEN.search(text)
    month = (match["month"] or match["month2"]).lower() if match else ""
    number = next((number for number, names in enumerate(_MONTHS, 1) if month in names), 0)
    return f"{match['year']}-{number:02}-{int(match['day'] or match['day2']):02}" if number else ""


def _language(title: str, language: str) -> str:
    words = title.casefold().split()
    english, indonesian = sum(word in ENGLISH for word in words), sum(word in INDONESIAN for word in words)
    return "english" if english > indonesian or (english == indonesian and language == "en") else "indonesian"


def _range(pages: str) -> str:
    return re.sub(r"\s*[-–—]+\s*", "--", pages)


def _value(text: str) -> str:
    """A text that may stand between braces: none unbalanced, no character that TeX reads as a command."""
    return _SPECIAL.sub(r"\\\1", re.sub(r"[{}\\~^]", "", _one_line(text)))


def _bare(address: str) -> str:
    return re.sub(r"[{}\\]", "", address.rstrip(".,;)"))


def _one_line(text: str) -> str:
    return " ".join(_without_controls(text))


def _without_controls(text: str) -> Iterator[str]:
    yield from "".join(character for character in text if character.isprintable() or character.isspace()).split()
