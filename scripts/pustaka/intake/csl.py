"""CSL-JSON, as Zotero, Mendeley and DOI registries give it, becomes a BibLaTeX entry's type and fields.

Sources: CSL 1.0.2, "Item types" and "Variables"; CSL-JSON's schema; Zotero, "Citing fields from Extra"; the BibLaTeX manual, 2.1 and 2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from urllib.parse import unquote

from babel import Locale, UnknownLocaleError

from pustaka import biblatex
from pustaka.intake import Described, Unreadable
from pustaka.intake.wording import bare, latex, plain
from pustaka.lexicon import BODY_WORDS, PLACES
from pustaka.model import LANGIDS, say
from pustaka.names import is_degree, words_of

#: CSL's item types, and what Crossref calls them, -> BibLaTeX's.
_TYPES = {
    **dict.fromkeys(
        ("article-journal", "article-magazine", "article-newspaper", "journal-article", "review", "review-book", "periodical-article"), "article"
    ),
    **dict.fromkeys(("book", "monograph", "classic", "edited-book", "reference-book"), "book"),
    **dict.fromkeys(("chapter", "book-chapter", "book-section", "entry", "entry-dictionary", "entry-encyclopedia", "reference-entry"), "inbook"),
    **dict.fromkeys(("paper-conference", "proceedings-article"), "inproceedings"),
    **dict.fromkeys(("proceedings", "collection"), "proceedings"),
    **dict.fromkeys(("thesis", "dissertation"), "thesis"),
    **dict.fromkeys(("report", "report-component"), "report"),
    **dict.fromkeys(("webpage", "post", "post-weblog"), "online"),
    "dataset": "dataset",
    **dict.fromkeys(("manuscript", "speech"), "unpublished"),
    **dict.fromkeys(("article", "posted-content"), "preprint"),
}
#: CSL variables -> BibLaTeX fields that hold the same words.
_VARIABLES = {
    "title": "title",
    "collection-title": "series",
    "volume": "volume",
    "edition": "edition",
    "version": "version",
    "number-of-pages": "pagetotal",
    "number-of-volumes": "volumes",
    "chapter-number": "chapter",
    "event-title": "eventtitle",
    "event": "eventtitle",
    "ISBN": "isbn",
    "ISSN": "issn",
}
#: What Zotero's field Extra may hold, by the label there in lower case without marks -> CSL variables.
_EXTRA = {
    "doi": "DOI",
    "isbn": "ISBN",
    "issn": "ISSN",
    "url": "URL",
    "publisher": "publisher",
    "place": "publisher-place",
    "publisherplace": "publisher-place",
    "eventtitle": "event-title",
    "genre": "genre",
    "thesistype": "genre",
    "type": "type",
    "issued": "issued",
    "date": "issued",
    "accessed": "accessed",
    "language": "language",
    "containertitle": "container-title",
    "publicationtitle": "container-title",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "page": "page",
    "version": "version",
    "edition": "edition",
    "number": "number",
    "numberofpages": "number-of-pages",
}
_NAMES_IN_EXTRA = {"author", "editor", "translator"}
_GENRES = {
    "bathesis": r"skripsi|sarjana|bachelor|undergrad|\bs-?1\b|bathesis",
    "phdthesis": r"disertasi|doctor|doktor|ph\.?\s?d|\bs-?3\b|phdthesis",
    "mathesis": r"tesis|master|magister|\bm\.?(?:a|sc|phil)\b|\bs-?2\b|mathesis",
}
#: Languages by names and by codes that others write (ISO 639-2), beside BCP 47.
_LANGUAGES = {name: tag for name, tag in LANGIDS.items() if tag != "en"} | {
    "bahasa indonesia": "id",
    "indonesia": "id",
    "ind": "id",
    "in": "id",
    "eng": "en",
    "inggris": "en",
    "english": "en",
    "jav": "jv",
    "sun": "su",
    "mad": "mad",
    "msa": "ms",
    "may": "ms",
    "ara": "ar",
    "nld": "nl",
    "dut": "nl",
}


def described(item: Mapping[str, object]) -> Described:
    """A work by its CSL-JSON item; Crossref's kin of it, with lists for titles, is understood too.

    Raises:
        Unreadable: the item is no description of a work that can be cited.
    """
    if not isinstance(item, Mapping) or not (item.keys() & {"title", "author", "DOI", "type", "container-title"}):
        raise Unreadable(say("this is no CSL-JSON: a work there is an object with “type” and “title”"))
    item = _with_extra({name: value for name, value in item.items() if value not in (None, "", [], {})})
    kind = _kind(item)
    language = language_tag(bare(item.get("language")))
    fields = {name: value for name, value in _fields(item, kind, language).items() if value}
    return Described(
        name=plain(item.get("citation-key")) or plain(item.get("id")) or plain(item.get("DOI")),
        type=kind,
        fields=MappingProxyType(fields),
        language=language,
        abstract=bare(item.get("abstract")),
        keywords=keywords_in(item.get("keyword") or item.get("subject")),
        orcid=MappingProxyType(dict(_orcid(item.get("author")))),
    )


def _with_extra(item: dict[str, object]) -> dict[str, object]:
    """The item with what Zotero's Extra (`note`) says in lines "Label: value"; what a field of its own says counts more, but for the type."""
    for line in re.split(r"\n|\\n", str(item.get("note", ""))):
        label, colon, value = line.partition(":")
        name = re.sub(r"[\s_-]", "", label).lower()
        if not (colon and value.strip()):
            continue
        if name in _NAMES_IN_EXTRA and name not in item:
            family, _, given = value.partition("||")
            item[name] = [{"family": family.strip(), "given": given.strip()} if given else {"literal": family.strip()}]
        elif name == "citationkey":
            item.setdefault("citation-key", value.strip())
        elif (variable := _EXTRA.get(name)) and (variable not in item or (variable == "type" and value.strip() in _TYPES)):
            item[variable] = {"raw": value.strip()} if variable in ("issued", "accessed") else value.strip()
    return item


def _kind(item: Mapping[str, object]) -> str:
    """The BibLaTeX type."""
    stated = plain(item.get("type")).lower()
    if stated == "personal_communication":
        raise Unreadable(say("this is a personal communication, which no reader can look up: it cannot be a study"))
    kind = _TYPES.get(stated, "misc" if stated else "")
    if kind == "preprint":
        return "article" if first(item.get("container-title")) else "online" if item.keys() & {"DOI", "URL"} else "unpublished"
    if kind == "inbook" and names(item.get("editor")):
        return "incollection"
    if kind == "book" and names(item.get("editor")) and not names(item.get("author")):
        return "collection"
    if kind == "inproceedings" and not first(item.get("container-title")):
        return "unpublished"
    return kind


def _fields(item: Mapping[str, object], kind: str, language: str) -> dict[str, str]:
    """The fields, in the order of the house; some are empty."""
    fields = {name: " and ".join(names(item.get(name))) for name in ("author", "editor", "translator")}
    for variable, field in _VARIABLES.items():
        value = protected(latex(first(item.get(variable))), language) if field == "title" else latex(first(item.get(variable)))
        fields[field] = fields.get(field) or value
    if (subtitle := latex(first(item.get("subtitle")))) and subtitle.casefold() not in fields["title"].casefold():
        fields["title"] = f"{fields['title']}: {protected(subtitle, language)}"
    container, publisher = latex(first(item.get("container-title"))), latex(first(item.get("publisher")))
    if kind == "article":
        fields["journaltitle"] = container
        fields["number"] = latex(item.get("issue"))
    elif kind in ("inbook", "incollection", "inproceedings"):
        fields["booktitle"] = container
        fields["publisher"] = publisher
    elif kind in ("thesis", "report"):
        fields["institution"] = publisher or _institution(item)
        fields["type"] = genre_of(bare(item.get("genre")) or bare(first(item.get("degree")))) if kind == "thesis" else latex(item.get("genre"))
        fields["number"] = latex(item.get("number"))
    elif kind in ("online", "dataset", "misc", "unpublished"):
        fields["organization"] = container or publisher
    else:
        fields["publisher"] = publisher
    if kind not in ("article", "online"):
        fields["location"] = latex(first(item.get("publisher-place")))
    fields["pages"] = "" if kind == "thesis" else pages(plain(item.get("page")))
    if kind == "article" and not fields["pages"]:
        fields["eid"] = latex(item.get("article-number"))
    fields["date"] = date(item.get("issued"))
    return fields | _identifiers(item) | {"options": options_for(fields), "langid": langid_of(language)}


def _identifiers(item: Mapping[str, object]) -> dict[str, str]:
    """DOI or else address; the numbers of books and journals that can be right are sorted out by the rules."""
    doi, url = doi_in(plain(item.get("DOI"))) or doi_in(plain(item.get("URL"))), plain(item.get("URL"))
    return {
        "doi": doi,
        "url": "" if doi else url,
        "urldate": "" if doi or not url else date(item.get("accessed")),
        "isbn": plain(first(item.get("ISBN"))).split(" ")[0],
        "issn": "" if doi else plain(first(item.get("ISSN"))).split(" ")[0].rstrip(","),
    }


def _institution(item: Mapping[str, object]) -> str:
    """Where a thesis was written, as Crossref has it."""
    stated = first(item.get("institution"))
    return latex(stated.get("name")) if isinstance(stated, Mapping) else latex(stated)


def first(value: object) -> object:
    """The first of several values, or the one."""
    return (value[0] if value else "") if isinstance(value, list) else value or ""


# -- Names -------------------------------------------------------------------------------------------------------------


def names(value: object) -> list[str]:
    """CSL names as BibLaTeX writes them, each in its own string."""
    found = [name(each) for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
    found = ["others" if re.fullmatch(r"\{?(et\.? al|dkk|and others|others)\.?\}?", each, re.IGNORECASE) else each for each in found if each]
    return list(dict.fromkeys(found))


def name(stated: Mapping[str, object]) -> str:
    """One CSL name: "van der Berg, Jan", "Suwarno" of one who has no other name, "{Badan Pusat Statistik}" of a body."""
    literal = bare(stated.get("literal") or stated.get("name"))
    family, given = bare(stated.get("family")), bare(stated.get("given"))
    if literal and not family:
        return _whole(literal)
    given = "" if re.fullmatch(r"[-–—.]+", given) else given
    if not family or family in ("-", ".") or family.casefold() == given.casefold():  # one name, which a form asked for twice
        return _whole(family.strip("-.") or given)
    if not given and BODY_WORDS & set(words_of(family)):
        return _whole(family)
    particles = [bare(stated.get("dropping-particle")), bare(stated.get("non-dropping-particle"))]
    suffix = bare(stated.get("suffix"))
    parts = [" ".join(filter(None, (*particles, _spelt(_without_degrees(family))))), "" if is_degree(suffix) else suffix, _without_degrees(given)]
    parts[-1] = parts[-1].title() if parts[-1].isupper() and len(parts[-1]) > 4 and "." not in parts[-1] else parts[-1]
    return ", ".join(latex(part) for part in parts if part)


def options_for(fields: Mapping[str, str]) -> str:
    """What an entry says where a name begins with a particle, which belongs to the family name: "van der Berg, J." (BibLaTeX manual 3.1.1)."""
    begins = [each for role in ("author", "editor") for each in fields.get(role, "").split(" and ")]
    return "useprefix=true" if any(re.match(r"[a-z][\w'’ -]*[ '’-][A-ZÀ-Þ]", each) for each in begins) else ""


def _whole(text: str) -> str:
    """A name that has no parts: of one word a person's, of several, or an abbreviation, a body's."""
    if " " not in text and not text.isupper() and not BODY_WORDS & set(words_of(text)):
        return latex(text)
    return f"{{{latex(text)}}}" if text else ""


def _without_degrees(text: str) -> str:
    """The name without the degrees and titles behind its commas: "Sari, S.E., M.M." is Sari."""
    kept, *rest = [part.strip() for part in text.split(",")]
    return " ".join((kept, *(part for part in rest if part and not is_degree(part))))


def _spelt(family: str) -> str:
    """A family name that was typed in capitals, as names are spelt."""
    return family.title() if family.isupper() and len(re.sub(r"\W", "", family)) > 3 else family


def _orcid(authors: object) -> Iterable[tuple[str, str]]:
    for author in authors if isinstance(authors, list) else ():
        found = re.search(r"(?:\d{4}-){3}\d{3}[\dX]", str(author.get("ORCID", ""))) if isinstance(author, Mapping) else None
        if found:
            yield name(author).strip("{}"), found.group()


# -- Words, dates, numbers ---------------------------------------------------------------------------------------------


def protected(title: str, language: str) -> str:
    """An English title in which the capitals that mean something stand in braces: styles take the others off (BibLaTeX manual, 4.6.4).

    Where most longer words have one, only those of countries, languages and known places mean something.
    """
    longer = [word for word in re.findall(r"(?<![\\\w])[^\W\d_]{4,}", title)[1:] if word not in _SMALL_IN_TITLES]
    if language != "en":
        return title
    if sum(word[0].islower() for word in longer) * 4 < len(longer):
        return _names().sub(lambda name: f"{{{name.group()}}}" if name.start() else name.group(), title)
    return _CAPITALS.sub(lambda word: word.group() if _BEGINS.search(title, max(0, word.start() - 2), word.start()) else f"{{{word.group()}}}", title)


@cache
def _names() -> re.Pattern:
    """The names of countries and continents (Unicode CLDR), languages (BibLaTeX's) and places, with what part of them is meant: West Java."""
    countries = {name for name in Locale("en").territories.values() if name != "World" and re.fullmatch(r"[A-Z][a-z]+(?: [A-Z][a-z]+)*", name)}
    languages = {name.capitalize() for name in biblatex.LANGIDS if name.isalpha() and len(name) > 4}
    names = "|".join(sorted(countries | languages | PLACES, key=lambda name: (-len(name), name)))
    part = r"(?:(?:North|South|East|West|Central|Southeast|Northern|Southern|Eastern|Western)[ ])?"
    return re.compile(rf"(?<![\w{{\\]){part}(?:{names})(?![\w}}])")


#: Longer words that have no capital where the others have one.
_SMALL_IN_TITLES = frozenset(
    "about after against among before between during from into onto over than that through toward towards under upon with within without".split()
)
#: A word with a capital, alone or in an emphasis, and what stands before one that any sentence, or part of a title, begins with.
_CAPITALS = re.compile(r"\\[a-z]+\{[^{}]*[A-ZÀ-ÖØ-Þ][^{}]*\}|(?<![\\\w'’{])[^\W\d_]*[A-ZÀ-ÖØ-Þ][\w'’]*(?:-[\w'’]+)*")
_BEGINS = re.compile(r"(?:^|[:.?!—–][ ])$")


def date(stated: object) -> str:
    """A CSL date as BibLaTeX writes it: 2020, 2020-05-01, 2019/2020, and 2020~ of about that year; "" where it cannot be told."""
    if not isinstance(stated, Mapping):
        return date_in(plain(stated))
    parts = stated.get("date-parts")
    ends = [_day(part) for part in parts[:2] if isinstance(part, list)] if isinstance(parts, list) else []
    if not any(ends):
        ends = [date_in(plain(stated.get("raw") or stated.get("literal")))]
    about = "~" if stated.get("circa") else ""
    return "/".join(f"{end}{about}" for end in ends if end)


def _day(parts: list) -> str:
    numbers = [str(part) for part in parts if re.fullmatch(r"\d+", str(part))]
    return "-".join((numbers[0].zfill(4), *(number.zfill(2) for number in numbers[1:3]))) if numbers else ""


_WRITTEN_DATE = re.compile(r"(?<!\d)(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_SPAN = re.compile(r"(\d{4})\s*(?:--?|–|/)\s*(\d{4})")


def date_in(text: str) -> str:
    """The date in words that others wrote: "2020-05-01", "2020/05/01/", "Mei 2020", "ca. 2020", "2019–2020"."""
    if span := _SPAN.search(text):
        return "/".join(span.groups())
    if day := _DAY_FIRST.search(text):
        return day[3]  # whether day or month comes first nobody can tell
    found = _WRITTEN_DATE.search(text)
    if not found:
        return ""
    about = "~" if re.search(r"\b(?:ca?\.|circa|sekitar|about)", text, re.IGNORECASE) else ""
    return _day([part for part in found.groups() if part and int(part)]) + about


def pages(text: str) -> str:
    """Pages as BibLaTeX writes them: "131-9" and "hlm. 131–139" are 131--139."""
    text = re.sub(r"^(?:pp?|hlm|hal|halaman|pages?)\b\.?\s*", "", text.strip(), flags=re.IGNORECASE)
    spans = []
    for span in re.split(r"\s*,\s*", text):
        begin, _, end = (part.strip() for part in re.sub(r"\s*[-–—−]+\s*", "\0", span).partition("\0"))
        if begin.isdigit() and end.isdigit() and len(end) < len(begin):
            end = begin[: len(begin) - len(end)] + end
        spans.append(f"{begin}--{end}" if end and end != begin else begin)
    return latex(", ".join(spans))


def doi_in(text: str) -> str:
    """The bare DOI in a text; "" where there is none (DOI Handbook 2.2)."""
    found = re.search(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>{}\\]+", unquote(text) if "%2F" in text.upper() else text)
    return found.group().rstrip(".,;") if found else ""


def genre_of(text: str) -> str:
    """The BibLaTeX type of a thesis, by what it calls itself; "" where that says nothing."""
    return next((genre for genre, pattern in _GENRES.items() if re.search(pattern, text, re.IGNORECASE)), "")


def language_tag(text: str) -> str:
    """The BCP 47 tag of a language as others write it: "en-US", "eng", "Bahasa Indonesia", "indonesian"; "" where it cannot be told."""
    text = text.strip().replace("_", "-")
    if tag := _LANGUAGES.get(text.lower()):
        return tag
    tag = text.partition("-")[0].lower()
    return tag if re.fullmatch(r"[a-z]{2,3}", tag) and langid_of(tag) else ""


def langid_of(language: str) -> str:
    """The name that babel has for a language (BibLaTeX manual, 2.2.3); "" where it has none."""
    known = {tag: langid for langid, tag in reversed(LANGIDS.items()) if langid not in ("american", "british")}
    if language in known:
        return known[language]
    try:
        english = Locale(language).english_name.lower() if language else ""
    except (UnknownLocaleError, ValueError, TypeError):
        return ""
    return english if english in biblatex.LANGIDS else ""


def keywords_in(value: object) -> tuple[str, ...]:
    """Keywords, of a list or of a text that parts them by semicolons or commas."""
    parts = value if isinstance(value, list) else re.split(r"\s*;\s*" if ";" in str(value or "") else r"\s*,\s*", str(value or ""))
    return tuple(dict.fromkeys(word for part in parts if (word := bare(part).rstrip("."))))
