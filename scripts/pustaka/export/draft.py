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
from pustaka.manuscript import Manuscript
from pustaka.manuscript.listed import Reference
from pustaka.model import Entry
from pustaka.names import Author, is_initials, words_of

_SPECIAL = re.compile(r"(?<!\\)([%&#$_])")
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)[^\s<>]+")
#: What was to be an address.
_MISSPELT = re.compile(r"(?:\bhttps?[:;.]?/{1,3}|\bw{2,4}[.,]|\bh?t{1,2}ps?[:;.]?//|\bdoi\.org/)[^\s<>]+", re.IGNORECASE)
_DOI = re.compile(r"(?:\bdoi\.org/|\bdoi:?\s*)(10\.\d{4,9}/[^\s<>]+)", re.IGNORECASE)
_JOURNAL = re.compile(
    r"^\s*(?P<journal>[^.?!]{3,150}?),?\s(?P<volume>\d{1,4})\s?(?:\((?P<issue>[^()]{1,20})\))?\s?[,:]\s?(?:(?:hlm|hal|pp?)\.?\s?)?(?P<pages>[A-Za-z]?\d[\w–—-]*)?"
)
#: The same with words before the numbers: "Jurnal Contoh, Vol. 3 No. 2, hlm. 12–20".
_JOURNAL_IN_WORDS = re.compile(
    r"^\s*(?P<journal>[^.?!:]{3,150}?)[,.]?\s(?:vol(?:ume)?|jilid)\b\.?\s?(?P<volume>\d{1,4}|[ivxlc]{1,7})\b[\s,.]*"
    r"(?:\(\s?(?P<bracketed>[^()]{1,20})\)|(?:no|nomor|number|issue|edisi)\b\.?\s?(?P<issue>\d[\d–/-]*))?[\s,.:]*(?:\([^()]*\))?[\s,.:]*"
    r"(?:(?:hlm|hal|halaman|pp?)\b[.:\s]*)?(?P<pages>[A-Za-z]?\d[\w–—-]*)?",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(r"(?P<location>[A-ZÀ-Þ][^:.]{1,60}):\s*(?P<publisher>\S.*)")
_LAW = re.compile(r"(?:Undang-Undang|UU|Peraturan|Perpres|Perda|Permen\w*|Keputusan|Kepres|Instruksi|Inpres)\b")
#: What stands behind a title: "(4th ed.)", "(edisi ke-3, Vol. 2)", ", Edisi 3".
_EDITION = re.compile(
    r"\s*\((?P<bracketed>[^()]{0,60}\b(?:ed|edn|edition|edisi)\b[^()]{0,60})\)$|,?\s(?P<bare>edisi(?: revisi| ke-?\s?\w+| \d+))$", re.IGNORECASE
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
#: Two or three names: "Budi Santosa".
_TWO_NAMES = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ'’]+(?: [A-ZÀ-Þ]\.)?(?: [A-ZÀ-Þ][a-zà-ÿ'’]+){1,2}")
#: Words whose form tells their language.
_ENGLISH_FORM = re.compile(r"\w{2,}(?:ing|tions?|ments?|ity|ies|ness|ship|ism|ogy|ed|ly|ous|ive|ic|ance|ence|able)")
_INDONESIAN_FORM = re.compile(r"\w{3,}(?:kan|nya|asi|isme|itas|wan)|(?:ke|pe|per)\w{3,}an|(?:mem|men|meng|ber|pem|pen|peng)\w{3,}")


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
    """Author and year with its letter ("febriyantoro2018", "wijaya2021a"), with a number where that is taken."""
    plain = unicodedata.normalize("NFKD", reference.authors[0].family).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    year = re.search(r"\d{4}[a-z]?", reference.year)
    stem = ("".join(words)[:30] or "work") + (year.group() if year else "-nd")
    used[stem] += 1
    return stem if used[stem] == 1 else f"{stem}-{used[stem]}"


def _fields(reference: Reference, language: str) -> tuple[str, dict[str, str], list[str]]:
    """The entry's type and fields, and what a person must look at."""
    doubts: list[str] = []
    fields: dict[str, str] = {}
    title, rest = _title_and_rest(reference)
    is_law = reference.law[0] and _LAW.match(reference.text) is not None
    if reference.is_communication:
        doubts.append("a personal communication is cited in the text alone: the entry can go")
    if is_law:
        title, _, rest = reference.text.partition(". ")
        title = title.rstrip(".")
    elif _is_title(reference):
        title, rest = reference.printed, re.sub(r"^[^()]*\)", "", reference.text.partition(reference.year)[2]).lstrip(" .")
        doubts.append("the reference begins with what looks like a title; if it is an author, move it")
    else:
        fields["author"] = _names(reference, doubts)
    if edition := _EDITION.search(title):
        title = title[: edition.start()]
        fields |= _edition(edition["bracketed"] or edition["bare"])
    fields = {"author": fields.pop("author", ""), "title": _value(title)} | fields
    year = re.search(r"\d{4}", reference.year)
    fields["date"] = year.group() if year else ""
    if not year:
        doubts.append(f"the printed year is “{reference.year}”")
        if re.match(r"in press|forthcoming|dalam proses|akan|segera", reference.year, re.IGNORECASE):
            fields["pubstate"] = "inpress"
    if is_law:
        kind = "legislation"
        _publish(rest, fields)
    else:
        kind = _numbers(reference, rest, fields, doubts)
    if doi := _DOI.search(reference.text):
        fields["doi"] = _bare(doi[1])
    elif address := _ADDRESS.search(reference.text):
        fields["url"] = _bare(address.group())
        if not fields["url"].lower().startswith("http"):
            fields["url"] = f"https://{fields['url']}"
            doubts.append("the address is printed without “https://”")
    elif misspelt := _MISSPELT.search(reference.text):
        doubts.append(f"the address “{_bare(misspelt.group())}” is misspelt")
    fields["urldate"] = _seen(reference.text)
    fields["langid"] = _language(f"{title} {fields.get('journaltitle', '')} {fields.get('booktitle', '')}", language)
    if not fields["title"]:
        doubts.append("no title was found")
    return kind, fields, doubts


def _title_and_rest(reference: Reference) -> tuple[str, str]:
    """The title, and what follows it; the bracket that ends it is closed, though a full stop stands in it ("(Edisi kedua, Vol. 2)")."""
    _, found, rest = reference.text.partition(reference.title) if reference.title else ("", "", "")
    title = reference.title
    if title.count("(") > title.count(")") and (closed := re.match(r"[^()]{0,60}\)", rest)):
        title, rest = title + closed.group(), rest[closed.end() :]
    return title, rest.lstrip(" .?!,“”\"'’") if found else ""


def _is_title(reference: Reference) -> bool:
    """Whether the author part is a title: most of its words are in small letters, or no other title follows."""
    if _NO_TITLE.match(reference.title) and not any(author.given for author in reference.authors):
        return True
    words = reference.printed.split()
    small = sum(word[:1].islower() for word in words)
    return reference.is_titled and len(words) > 2 and small * 2 >= len(words) - 1 and not BODY_WORDS & set(words_of(reference.printed))


def _names(reference: Reference, doubts: list[str]) -> str:
    """The names for the field `author`; of a body the whole, in braces, whatever commas it holds."""
    doubts += [f"“{_one_line(degree)}” is an academic degree or title, no part of a name" for degree in reference.degrees]
    words = words_of(reference.printed)
    given = " ".join(author.given for author in reference.authors)
    of_body = not BODY_WORDS.isdisjoint(words if not given.strip() else words[:1])
    if of_body and not any(map(is_initials, given.split())):
        return f"{{{_value(reference.printed)}}}"
    return " and ".join(_person(author, doubts) for author in reference.authors) + (" and others" if reference.many else "")


def _person(author: Author, doubts: list[str]) -> str:
    name = _value(str(author))
    if author.given:
        return name
    if _TWO_NAMES.fullmatch(author.family) and not BODY_WORDS & set(words_of(name)):
        doubts.append(f"“{_one_line(author.family)}” is taken for a person; a body stands in braces")
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
    if journal := _JOURNAL_IN_WORDS.match(plain):
        fields |= {
            "journaltitle": _value(journal["journal"]),
            "volume": journal["volume"],
            "number": _value(journal["issue"] or journal["bracketed"] or ""),
            "pages": _range(reference.pages or journal["pages"] or ""),
        }
        return "article"
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
    _publish(plain, fields)
    return "book" if plain else "misc"


def _publish(said: str, fields: dict[str, str]) -> None:
    """Fills in the publisher, and the place that stands before it and a colon."""
    bare = re.sub(r"(?:https?|doi:?)\S*", "", _ADDRESS.sub("", said)).strip(" .,")
    published = _PUBLISHED.fullmatch(bare)
    fields["location"] = _value(published["location"]) if published else ""
    fields["publisher"] = _value(published["publisher"] if published else bare)


def _edition(said: str) -> dict[str, str]:
    """The edition, as a number where that is all it is, and the volume where both stand together."""
    fields = {}
    for part in said.split(","):
        numbers = re.findall(r"\d+", part)
        if re.match(r"\s*(?:vol|jilid)", part, re.IGNORECASE) and numbers:
            fields["volume"] = numbers[0]
        elif re.search(r"\bed", part, re.IGNORECASE):
            only = re.fullmatch(r"\s*(?:(\d+)(?:st|nd|rd|th)?\s(?:ed|edn|edition)\.?|edisi\s(?:ke-?\s?)?(\d+))\s*", part, re.IGNORECASE)
            fields["edition"] = (only[1] or only[2]) if only else _value(part)
    return fields


def _seen(text: str) -> str:
    """The day on which a web page was read, as ISO 8601, or ""."""
    match = _SEEN.search(text)
    month = (match["month"] or match["month2"]).lower() if match else ""
    number = next((number for number, names in enumerate(_MONTHS, 1) if month in names), 0)
    return f"{match['year']}-{number:02}-{int(match['day'] or match['day2']):02}" if number else ""


def _language(title: str, language: str) -> str:
    words = title.casefold().split()
    english, indonesian = sum(word in ENGLISH for word in words), sum(word in INDONESIAN for word in words)
    if english == indonesian:  # the small words say nothing: how the others are formed
        english, indonesian = sum(map(bool, map(_ENGLISH_FORM.fullmatch, words))), sum(map(bool, map(_INDONESIAN_FORM.fullmatch, words)))
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
