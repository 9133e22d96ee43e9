"""What the DOI registries and the web say of a bibliography, as frozen data: no asking, no opinion.

`online` fetches it, `rules.online` compares it with the entries. Its JSON is what the cache holds, and what the examples
of the rules give:

    {"dois": {"10.5555/kebun": {"titles": ["Kebun Bersama"], "authors": ["Sari, Dewi"], "years": ["2020"]},
              "10.5555/kebum": {"registered": false}},
     "links": {"https://kebun.example.org/lama": {"status": 404}}}
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from urllib.parse import unquote, urlsplit

from pustaka.model import Entry, Message

# DOI Handbook 2.2: "10.", the registrant's number, a slash, a suffix.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/[^\s\\{}]+")
_DOI_ADDRESS = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*", re.IGNORECASE)

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_LONGEST_VALUE = 2_000  # what a registry gives is not ours to trust: longer values are cut

#: The fields of a Crossref record that hold a date on which the work came out in one form or another.
_DATES = ("issued", "published", "published-print", "published-online", "published-other")


@dataclass(frozen=True)
class Record:
    """What is registered for a DOI.

    `titles` are all titles, the first being the main one; `authors` are "Family, Given" or a name as a whole; `years` are
    those of all dates of publication, in print and online; `notices` are (kind, DOI) of what was published about the
    work, such as ("retraction", "10.5555/notice"). Where a registry says nothing, a field is empty, and then nothing can
    be compared. `candidates` are registered works that come near one whose DOI is not `registered`.
    """

    doi: str
    registered: bool = True
    type: str = ""
    titles: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    years: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    volume: str = ""
    number: str = ""
    pages: str = ""
    notices: tuple[tuple[str, str], ...] = ()
    candidates: tuple[Record, ...] = ()

    @property
    def title(self) -> str:
        return self.titles[0] if self.titles else ""

    @classmethod
    def from_csl(cls, doi: str, item: object) -> Record:
        """The record in a reply of a registry: CSL-JSON (CSL 1.0.2), or Crossref's kin of it, with lists for titles.

        With no `doi` it is the one that the reply names. Values of another kind than they should be are left out.
        """
        item = item if isinstance(item, dict) else {}
        main, subtitle = _texts(item.get("title")), _texts(item.get("subtitle"))
        joined = (f"{main[0]}: {subtitle[0]}",) if main and subtitle else ()
        others = (*_texts(item.get("original-title")), *_texts(item.get("short-title")), *_texts(item.get("title-short")))
        return cls(
            doi=doi or _text(item.get("DOI")).lower(),
            type=_text(item.get("type")),
            titles=(*joined, *main, *others),
            authors=tuple(_names(item.get("author"))),
            years=tuple(dict.fromkeys(year for dates in (item, item.get("journal-issue")) for year in _all_years(dates))),
            containers=(*_texts(item.get("container-title")), *_texts(item.get("short-container-title")), *_texts(item.get("container-title-short"))),
            volume=_text(item.get("volume")),
            number=_text(item.get("issue")),
            pages=_text(item.get("page")) or _text(item.get("article-number")),
            notices=tuple((_text(notice.get("type")), _text(notice.get("DOI")).lower()) for notice in _dicts(item.get("updated-by"))),
        )

    @classmethod
    def from_json(cls, doi: str, data: Mapping) -> Record:
        """The record that `asdict` gave. Raises TypeError when it is of another form."""
        values = {name: _frozen(value) for name, value in data.items()}
        candidates = tuple(cls.from_json(each["doi"], each) for each in data.get("candidates", ()))
        return cls(**values | {"doi": doi, "candidates": candidates})


@dataclass(frozen=True)
class Answer:
    """What a link gave: the HTTP `status` after all redirects, and the `address` where these ended.

    With no status, `fault` says why: "unknown host", "no address" (where a redirect leads), "loop" (of redirects), or "silent"
    (the connection was refused, broken off, not secure, or nothing came in time).
    """

    status: int = 0
    address: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Registry:
    """All that was learnt: the records by DOI (in lower case) and the answers by link.

    `unanswered` says, in one message for each host, what could not be asked; those DOIs and links are in neither mapping.
    """

    dois: Mapping[str, Record] = field(default_factory=dict)
    links: Mapping[str, Answer] = field(default_factory=dict)
    unanswered: tuple[Message, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> Registry:
        """The registry in the JSON above. Raises ValueError or TypeError when the text is no such JSON."""
        data = json.loads(text)
        return cls(
            dois={doi: Record.from_json(doi, record) for doi, record in data.get("dois", {}).items()},
            links={link: Answer(**answer) for link, answer in data.get("links", {}).items()},
        )


def to_json(learnt: Record | Answer) -> str:
    """A record or an answer as JSON, what is empty left out."""
    return json.dumps({name: value for name, value in asdict(learnt).items() if value or name == "registered"}, ensure_ascii=False)


def doi_of(entry: Entry) -> str:
    """The entry's DOI in lower case, from its `doi` or from a `url` at doi.org; "" when there is none, or none that can be one."""
    for value in (entry.fields.get("doi", ""), _at_doi_org(entry.fields.get("url", ""))):
        bare = _DOI_ADDRESS.sub("", value.strip(), count=1).replace("\\", "").lower()
        if _DOI.fullmatch(bare):
            return bare
    return ""


def link_of(entry: Entry) -> str:
    """The address that the entry's `url` leads to; "" when there is none, when it cannot be one, and when it is the DOI's own."""
    url = entry.fields.get("url", "").strip().partition("#")[0]
    if not re.fullmatch(r"https?://[^\s\\{}<>\"]+", url, re.IGNORECASE) or _DOI.fullmatch(_at_doi_org(url)):
        return ""
    try:
        return url if urlsplit(url).hostname else ""
    except ValueError:
        return ""


def _at_doi_org(url: str) -> str:
    bare = _DOI_ADDRESS.sub("", url.strip(), count=1)
    return unquote(bare) if bare != url.strip() else ""


def _text(value: object) -> str:
    """A registered value as one clean line: no tags (JATS, HTML, MathML), no entities, no control or direction characters."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    plain = _TAG.sub("", html.unescape(html.unescape(str(value)[:_LONGEST_VALUE])))
    return " ".join("".join(letter if letter.isprintable() else " " for letter in plain).split())


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(_text, values)))


def _dicts(value: object) -> Iterator[dict]:
    return (each for each in (value if isinstance(value, list) else ()) if isinstance(each, dict))


def _names(value: object) -> Iterator[str]:
    """CSL names: `family` with `given`, or a body's or person's whole name as `name` (Crossref) or `literal`."""
    for person in _dicts(value):
        family, given = _text(person.get("family")), _text(person.get("given"))
        whole = _text(person.get("name")) or _text(person.get("literal"))
        if name := whole or ", ".join(filter(None, (family, given))):
            yield name


def _all_years(dates: object) -> Iterator[str]:
    """The years of every date of publication in a record, or in what it says of the journal's issue."""
    if isinstance(dates, dict):
        for name in _DATES:
            yield from _years(dates.get(name))


def _years(value: object) -> Iterator[str]:
    """The years of a CSL date: `{"date-parts": [[2020, 5, 1]]}` or `{"raw": "2020-05-01"}`."""
    if isinstance(value, dict):
        parts = value.get("date-parts")
        dates = [part[0] for part in parts if isinstance(part, list) and part] if isinstance(parts, list) else [value.get("raw", "")]
        yield from (year.group() for year in (re.match(r"\d{4}", str(date)) for date in dates) if year)


def _frozen(value: object) -> object:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def shortened(text: str, most: int = 200) -> str:
    """A text for a message, cut at a word."""
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0] or text[:most]} …"


def quoted(names: Iterable[str], most: int = 5) -> str:
    """Names for a message: “A”, “B” and how many more there are."""
    names = list(names)
    return ", ".join(f"“{name}”" for name in names[:most]) + (f" … (+{len(names) - most})" if len(names) > most else "")
