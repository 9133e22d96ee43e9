"""The files for reference managers, read back: each reader takes a file's text and gives its works, one `Record` each.

A reader raises `Unreadable` where there is no such file in the text. The parsers are those of bibtexparser, rispy, PyYAML and
json; what makes the files uses none of these but PyYAML.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from pustaka.model import say
from pustaka.surfaces import FIELDS, Surface, Unreadable, Value, address, day, doi, inverted, name, pages, tag, words
from pustaka.surfaces.due import Work

#: What judges data by a JSON schema, by the schema's name.
Schemas = Mapping[str, Callable[[object], object]]


class Record(NamedTuple):
    """A work as a file states it: its key ("" in a format without), the line where it begins, and its fields."""

    key: str
    line: int
    fields: Mapping[str, Value]


class Format(NamedTuple):
    """A format: its surface, what is added to a stem for the file's name, its media types, its reader, and its words for types.

    Where the name is prescribed, it is that of a file in a folder. A type that is not in `types` is not judged.
    """

    surface: Surface
    suffix: str
    media_types: tuple[str, ...]
    read: Callable[[str, Schemas], Sequence[Record]]
    types: Mapping[str, tuple[str, ...]]
    prescribed: bool = False


# -- BibTeX and BibLaTeX ---------------------------------------------------------------------------------------------

_MONTHS = {month: f"{number:02}" for number, month in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_BRACES = re.compile(r"[{}]")
#: Fields in which TeX's marks are not TeX's (BibLaTeX manual, 2.2.1, "verbatim", "uri").
_VERBATIM = frozenset({"url", "doi"})

#: The fields that may hold the larger work (btxdoc, 3.2; BibLaTeX manual, 2.2.2); of web pages the last two.
_BIB_CONTAINERS = ("journaltitle", "journal", "booktitle", "howpublished", "organization")


def _bib(text: str, schemas: Schemas) -> list[Record]:
    """BibTeX as well as BibLaTeX (btxdoc, 3.1; BibLaTeX manual, 2.1 and 2.2)."""
    import bibtexparser
    from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would print is told as a finding
    library = bibtexparser.parse_string(text)
    verbatim = [{field.key.lower(): field.value for field in entry.fields if field.key.lower() in _VERBATIM} for entry in library.entries]
    if "\\" in text or "~" in text:
        library = LatexDecodingMiddleware(keep_braced_groups=True, allow_inplace_modification=True).transform(library)
    library = SplitNameParts(True).transform(SeparateCoAuthors(True).transform(library))
    if library.failed_blocks or not library.entries:
        failed = library.failed_blocks[0] if library.failed_blocks else None
        raise Unreadable(say("is no valid BibTeX"), failed.start_line + 1 if failed else 1)
    return [Record(entry.key, entry.start_line + 1, _bib_fields(entry, raw)) for entry, raw in zip(library.entries, verbatim, strict=True)]


def _bib_fields(entry, verbatim: Mapping[str, str]) -> dict[str, Value]:
    stated = {field.key.lower(): field.value for field in entry.fields} | verbatim

    def text(*names: str) -> str:
        return next((words(_BRACES.sub("", str(stated[name]))) for name in names if name in stated), "")

    month = text("month")
    return _stated(
        title=": ".join(filter(None, (text("title"), text("subtitle")))),
        authors=tuple(_bib_name(author) for author in stated.get("author", ())),
        date=text("date").partition("/")[0].rstrip("~?%") or day(text("year"), _MONTHS.get(month.lower()[:3], month), text("day")),
        container=text(*_BIB_CONTAINERS),
        volume=text("volume"),
        issue=text("number", "issue"),
        pages=pages(text("pages")),
        doi=doi(text("doi")),
        url=address(text("url")),
        type=entry.entry_type.lower(),
        language=tag(text("langid", "language")),
        licence=text("copyright"),
        kind=text("type"),
        version=text("version"),
    )


def _bib_name(parts) -> tuple[str, ...]:
    if isinstance(parts, str):  # a name that cannot be cut up
        return (words(_BRACES.sub("", parts)),)
    family, given = " ".join((*parts.von, *parts.last)), " ".join(parts.first)
    return name(_BRACES.sub("", family), _BRACES.sub("", given))


# -- Tagged lines: RIS and refer -------------------------------------------------------------------------------------


def _ris(text: str, schemas: Schemas) -> list[Record]:
    """RIS (RIS format specifications, Research Information Systems, 2011)."""
    import rispy

    try:
        works = rispy.loads(text)
    except Exception as error:  # it raises whatever its parsing stumbles upon
        raise Unreadable(say("is no valid RIS")) from error
    if not works:
        raise Unreadable(say("is no valid RIS"))
    lines = (number for number, line in enumerate(text.splitlines(), 1) if line.startswith("TY"))
    return [Record(work.get("id", ""), next(lines, 1), _ris_fields(work)) for work in works]


def _ris_fields(work: Mapping) -> dict[str, Value]:
    return _stated(
        title=words(work.get("title", work.get("primary_title", ""))),
        authors=tuple(map(inverted, work.get("authors", ()))),
        date=_finer(work.get("year", ""), day(*re.split(r"[/-]", work.get("date", "")))),
        container=words(work.get("secondary_title", work.get("journal_name", ""))),
        volume=work.get("volume", ""),
        issue=work.get("number", ""),
        pages="-".join(filter(None, (work.get("start_page", ""), work.get("end_page", "")))),
        doi=doi(work.get("doi", "")),
        url=" ".join(map(address, work.get("urls", ()))),
        type=work.get("type_of_reference", ""),
        language=tag(work.get("language", "")),
        kind=words(work.get("type_of_work", "")),
    )


_REFER_LINE = re.compile(r"%(?P<tag>[0-9A-Z@+^!$?~*#&>(),=\[\]])(?: (?P<value>.*))?")


def _refer(text: str, schemas: Schemas) -> list[Record]:
    """EndNote's tagged format: refer's, with tags of its own (refer(1); EndNote, “Tagged EndNote Import Format”).

    A line is "%", a tag, a space and the value; one that begins otherwise goes on with the value; an empty line ends the work.
    """
    records, work, begun = [], {}, 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if not line.strip():
            if work:
                records.append(Record(" ".join(work.get("F", ())), begun, _refer_fields(work)))
            work = {}
        elif match := _REFER_LINE.fullmatch(line):
            begun = begun if work else number
            work.setdefault(match["tag"], []).append(match["value"] or "")
        elif work:
            last = next(reversed(work.values()))
            last[-1] += f" {line.strip()}"
        else:
            raise Unreadable(say("is no valid EndNote file: each line begins with “%” and a tag"), number)
    if not records or not all("type" in record.fields for record in records):
        raise Unreadable(say("is no valid EndNote file: each line begins with “%” and a tag"))
    return records


def _refer_fields(work: Mapping[str, list[str]]) -> dict[str, Value]:
    def text(*tags: str) -> str:
        return next((words(" ".join(work[tag])) for tag in tags if tag in work), "")

    return _stated(
        title=text("T"),
        authors=tuple(map(inverted, work.get("A", ()))),
        date=_finer(text("D"), text("8")),
        container=text("J", "B"),
        volume=text("V"),
        issue=text("N"),
        pages=pages(text("P")),
        doi=doi(text("R")),
        url=address(text("U")),
        type=text("0"),
        language=tag(text("G")),
        kind=text("9"),
    )


# -- CSL-JSON and CFF ------------------------------------------------------------------------------------------------

_TAG = re.compile(r"</?(?:i|b|sc|sub|sup|span)(?: [^<>]{0,100})?>")


def _csl(text: str, schemas: Schemas) -> list[Record]:
    """CSL-JSON (CSL 1.0.2, schemas/input/csl-data.json)."""
    try:
        works = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(say("is no valid JSON"), getattr(error, "lineno", 1)) from error
    _must_fit(works, schemas["csl-data"], "CSL-JSON")
    return [Record(str(work["id"]), 1, _csl_fields(work)) for work in works]


def _csl_fields(work: Mapping) -> dict[str, Value]:
    def text(name: str) -> str:
        return words(_TAG.sub("", str(work.get(name, ""))))

    parts = work.get("issued", {}).get("date-parts") or [[]]
    return _stated(
        title=text("title"),
        authors=tuple(map(_csl_name, work.get("author", ()))),
        date=day(*parts[0]),
        container=text("container-title"),
        volume=text("volume"),
        issue=text("issue"),
        pages=pages(text("page")),
        doi=doi(text("DOI")),
        url=address(text("URL")),
        type=text("type"),
        language=tag(text("language")),
        kind=text("genre"),
        version=text("version"),
    )


def _csl_name(parts: Mapping[str, str]) -> tuple[str, ...]:
    family = " ".join(filter(None, (parts.get("non-dropping-particle"), parts.get("family"))))
    given = " ".join(filter(None, (parts.get("given"), parts.get("dropping-particle"))))
    return name(_TAG.sub("", parts["literal"])) if "literal" in parts else name(family, given)


#: What a CITATION.cff says of the whole, and of the work that it prefers to be cited.
_CFF_TWICE = ("title", "authors", "doi", "url", "license")


def _cff(text: str, schemas: Schemas) -> list[Record]:
    """CITATION.cff (Citation File Format 1.2.0): the preferred citation, or the references of a list."""
    import yaml

    if _is_deep(text):  # and would overrun the stack
        raise Unreadable(say("is no valid YAML"))
    try:
        file = _constructed(yaml.compose(text, _loader()))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(say("is no valid YAML"), mark.line + 1 if mark else 1) from error
    _must_fit(file, schemas["cff"], "CFF 1.2.0")
    works = file.get("references", [])
    if preferred := file.get("preferred-citation"):
        works = [preferred]
        if other := next((name for name in _CFF_TWICE if file.get(name) != preferred.get(name)), None):
            raise Unreadable(say("states “{name}” twice with different values, at the top and in “preferred-citation”", name=other))
    if not works:
        raise Unreadable(say("says neither “preferred-citation” nor “references”"))
    return [Record("", 1, _cff_fields(work)) for work in works]


def _constructed(node) -> object:
    """What a YAML node stands for: text, whole numbers, lists and mappings, as CFF has them; half the work of PyYAML's own constructor."""
    if node is None or isinstance(node.value, str):
        return node and (int(node.value) if node.tag == "tag:yaml.org,2002:int" else node.value)
    if node.id == "sequence":
        return [_constructed(each) for each in node.value]
    return {_constructed(key): _constructed(value) for key, value in node.value}


_DEEP = re.compile(r"^ {60}|(?:[-?:][ \n]+){30}", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")


def _is_deep(text: str) -> bool:
    """Whether it is nested deeper than any CITATION.cff."""
    steps = (1 if bracket in "[{" else -1 for bracket in _BRACKET.findall(text))
    return max(accumulate(steps), default=0) > 50 or bool(_DEEP.search(text))


@cache
def _loader() -> type:
    """YAML's loader, which leaves dates as they are written; the fast one where it is installed."""
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = type("_Loader", (base,), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in base.yaml_implicit_resolvers.items()
    }
    return loader


def _cff_fields(work: Mapping) -> dict[str, Value]:
    def text(*names: str) -> str:
        return next((words(work[name]) for name in names if name in work), "")

    return _stated(
        title=text("title"),
        authors=tuple(map(_cff_name, () if work["authors"] == [{"name": "anonymous"}] else work["authors"])),
        orcid=" ".join(author["orcid"] for author in work["authors"] if "orcid" in author),
        date=_finer(day(text("year"), text("month")), text("date-published")),
        container=text("journal", "collection-title"),
        volume=text("volume"),
        issue=text("issue"),
        pages="-".join(filter(None, (text("start"), text("end")))),
        doi=doi(text("doi")),
        url=address(text("url")),
        type=text("type"),
        language=tag(" ".join(work.get("languages", ()))),
        licence=text("license"),
        kind=text("thesis-type"),
        version=text("version"),
    )


def _cff_name(parts: Mapping[str, str]) -> tuple[str, ...]:
    family = " ".join(filter(None, (parts.get("name-particle"), parts.get("family-names"))))
    return name(parts["name"]) if "name" in parts else name(family, parts.get("given-names"))


# -- What they have in common ----------------------------------------------------------------------------------------


def _stated(**fields: Value) -> dict[str, Value]:
    return {name: value for name, value in fields.items() if value}


def _finer(date: str, day: str) -> str:
    """A date that a format states twice: to the day, unless that is another date."""
    return day if date and day.startswith(date) else date


def _must_fit(data: object, schema: Callable[[object], object], what: str) -> None:
    """Nothing, or the first fault by a JSON schema.

    Raises:
        Unreadable: the data does not fit.
    """
    from fastjsonschema import JsonSchemaValueException

    try:
        schema(data)
    except (JsonSchemaValueException, RecursionError) as error:
        raise Unreadable(say("is no valid {format}: {reason}", format=what, reason=str(error)[:200])) from error


def _surface(name: str, *lacks: str) -> Surface:
    return Surface(name, "B602", frozenset(FIELDS) - set(lacks))


def _types(*words: str) -> dict[str, tuple[str, ...]]:
    """A format's words for the types that are compared, in this order; several of a type with "|" between."""
    return {name: tuple(each.split("|")) for name, each in zip(("article", "thesis", "webpage", "book", "report"), words, strict=True)}


#: The formats; all of them are there for every study, page and list.
FORMATS = (
    Format(
        _surface("BibTeX", "orcid", "version"),
        ".bib",
        ("application/x-bibtex",),
        _bib,
        _types("article", "mastersthesis|phdthesis", "misc", "book", "techreport"),
    ),
    Format(
        _surface("BibLaTeX", "licence", "orcid"),
        ".biblatex.bib",
        ("application/x-bibtex", "text/x-bibtex"),
        _bib,
        _types("article", "thesis|mastersthesis|phdthesis", "online|www|electronic", "book", "report"),
    ),
    Format(
        _surface("RIS", "licence", "orcid", "version"),
        ".ris",
        ("application/x-research-info-systems",),
        _ris,
        _types("JOUR", "THES", "ELEC", "BOOK", "RPRT"),
    ),
    Format(
        _surface("EndNote", "licence", "orcid", "version"),
        ".enw",
        ("application/x-endnote-refer",),
        _refer,
        _types("Journal Article", "Thesis", "Web Page", "Book", "Report"),
    ),
    Format(
        _surface("CSL-JSON", "licence", "orcid"),
        ".json",
        ("application/vnd.citationstyles.csl+json",),
        _csl,
        _types("article-journal", "thesis", "webpage", "book", "report"),
    ),
    Format(
        _surface("CFF"),
        "CITATION.cff",
        ("application/yaml", "application/x-yaml", "text/yaml"),
        _cff,
        _types("article", "thesis", "website", "book", "report"),
        True,
    ),
)


def expected(format: Format, record: Record, work: Work) -> dict[str, Value]:
    """What a record must say of a work: the fields that the format carries, in its words.

    RIS, EndNote and CFF have the DOI's address for a URL; BibLaTeX has names of its own for kinds of theses. Where a format
    has several words for a type, the one that the record says will do.
    """
    due = {name: value for name, value in work.fields.items() if name in format.surface.carries}
    if format.surface.name in ("RIS", "EndNote", "CFF") and work.fields.get("doi"):
        due["url"] = f"https://doi.org/{work.fields['doi']}"
    if format.surface.name == "BibLaTeX":
        due["kind"] = work.thesis
    if words := format.types.get(str(due.pop("type", ""))):
        said = record.fields.get("type", "")
        due["type"] = said if said in words else words[0]
    return due
