"""E: the entries of the bibliography."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from pustaka.model import Entry, Site
from pustaka.nearest import nearest, nearest_key
from pustaka.pagination import DASH, spans
from pustaka.rules import Fault, rule

# BibLaTeX manual 2.1.1 "Regular Types", with the aliases of 2.1.2. "author/editor": one of them is enough.
_REQUIRED = {
    "article": "author title journaltitle date",
    "book": "author title date",
    "mvbook": "author title date",
    "inbook": "author title booktitle date",
    "booklet": "author/editor title date",
    "collection": "editor title date",
    "mvcollection": "editor title date",
    "incollection": "author title editor booktitle date",
    "dataset": "author/editor title date",
    "manual": "author/editor title date",
    "misc": "author/editor title date",
    "online": "author/editor title date url/doi/eprint",
    "patent": "author title number date",
    "periodical": "editor title date",
    "proceedings": "title date",
    "mvproceedings": "title date",
    "inproceedings": "author title booktitle date",
    "report": "author title type institution date",
    "techreport": "author title institution date",
    "thesis": "author title type institution date",
    "mastersthesis": "author title institution date",
    "phdthesis": "author title institution date",
    "unpublished": "author title date",
    "set": "",
    "xdata": "",
}
_TYPE_ALIASES = {
    "bookinbook": "inbook",
    "suppbook": "inbook",
    "suppcollection": "incollection",
    "suppperiodical": "article",
    "review": "article",
    "reference": "collection",
    "mvreference": "mvcollection",
    "inreference": "incollection",
    "conference": "inproceedings",
    "electronic": "online",
    "www": "online",
}
# BibLaTeX manual 2.2.5 "Field Aliases", and `year`, which stands for `date` (2.3.9).
_FIELD_ALIASES = {"journal": "journaltitle", "school": "institution", "year": "date"}

_DATES = ("date", "eventdate", "origdate", "urldate")

# DOI Handbook 2.2: "10.", the registrant's number, a slash, a suffix of printable characters; no TeX in it.
_DOI = r"10\.\d{4,9}(?:\.\d+)*/[^\s\\{}]+"
_DOI_ADDRESS = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*", re.IGNORECASE)

# RFC 3986, appendix A; other letters than ASCII are left to the browser (RFC 3987).
_NOT_IN_URL = re.compile(r"[\s\\<>\"{}|^`\x00-\x1f]|%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?!test$|example$|invalid$|localhost$)(?:xn--[\w-]+|[^\W\d_]{2,63})")

# EDTF (ISO 8601-2, clause 4) levels 0 and 1, as BibLaTeX manual 2.3.8 takes it. Months 21 to 24 are seasons.
_DATE = re.compile(
    r"(?:(?P<year>-?\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-]\d\d:\d\d)?)?)?)?"
    r"|\d{3}X|\d\dXX|\d{4}-XX(?:-XX)?|\d{4}-(?:0[1-9]|1[0-2])-XX|Y-?\d{5,})[?~%]?"
)


@rule("E301")
def never_cited(site: Site) -> Iterator[Fault]:
    """An entry is cited on no page.

    A bibliography holds what the pages rest on. A study's own entry counts as cited; a citation that differs by letter
    case is P201's business.

    Bad (bibliography/references.bib):
        @book{hatta1951,
          author = {Hatta, Mohammad},
          title = {Membangun Koperasi},
          date = {1951},
        }
    Good (bibliography/references.bib):
        @book{hatta1951,
          author = {Hatta, Mohammad},
          title = {Membangun Koperasi},
          date = {1951},
        }
    Good (docs/id/studies/contoh/findings.md):
        Koperasi dibahas oleh @hatta1951.
    """
    cited = {citation.key.casefold() for page in site.pages for citation in page.citations} | {study.entry.casefold() for study in site.studies}
    for entry in site.entries:
        if entry.key.casefold() not in cited:
            yield entry.place, f"“{entry.key}” is cited on no page: cite it where it supports a statement, or take the entry out"


@rule("E302")
def missing_field(site: Site) -> Iterator[Fault]:
    """An entry lacks a field that its type requires.

    By BibLaTeX manual 2.1.1. What the source itself does not state is not guessed: it is recorded in errata.yml as
    missing, and then not asked for. An entry that inherits fields (`crossref`, `xdata`) is not judged.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
        }
    Good (bibliography/errata.yml):
        - key: suharto2005
          field: date
          kind: missing
          note: {id: Tahun tidak disebut., en: No year is given.}
    """
    for entry in site.entries:
        if "crossref" in entry.fields or "xdata" in entry.fields:
            continue
        present = {_FIELD_ALIASES.get(name, name) for name, value in entry.fields.items() if value}
        for field in _REQUIRED.get(_TYPE_ALIASES.get(entry.type, entry.type), _REQUIRED["misc"]).split():
            ways = field.split("/")
            if present.isdisjoint(ways) and not any(site.is_missing(entry.key, way) for way in ways):
                mend = f"add it, or record in bibliography/errata.yml that the source does not state it (field: {ways[0]}, kind: missing)"
                yield entry.place, f"the @{entry.type} “{entry.key}” must have the field {' or '.join(ways)} (BibLaTeX 2.1.1): {mend}"


@rule("E303")
def duplicate_key(site: Site) -> Iterator[Fault]:
    """Two entries have the same key, or keys that differ by letter case alone.

    Of two entries with one key a citation reaches only one. BibTeX and many file systems take no notice of letter case.

    Bad (bibliography/references.bib):
        @book{Suharto2005,
          author = {Suharto, Edi},
          title = {Analisis Kebijakan Publik},
          date = {2005},
        }
    Good (bibliography/references.bib):
        @book{suharto2005a,
          author = {Suharto, Edi},
          title = {Analisis Kebijakan Publik},
          date = {2005},
        }
    Good (docs/id/studies/contoh/findings.md):
        Kebijakan dibahas oleh @suharto2005a.
    """
    first: dict[str, Entry] = {}
    for entry in site.entries:
        other = first.setdefault(entry.key.casefold(), entry)
        if other is not entry:
            yield entry.place, f"the key “{entry.key}” is taken by “{other.key}” ({other.place}): give it another, or take one of the two out"


@rule("E304")
def duplicate_doi(site: Site) -> Iterator[Fault]:
    """Two entries have the same DOI.

    A DOI names one work, and letter case does not tell two DOIs apart
    (DOI Handbook, “General Characteristics of the DOI Syntax”).

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {10.5555/CONTOH.3.1},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {10.5555/contoh.3.2},
        }
    """
    first: dict[str, Entry] = {}
    for entry in site.entries:
        if doi := _bare_doi(entry):
            other = first.setdefault(doi.casefold(), entry)
            if other is not entry:
                mend = "correct the wrong one, or keep one entry of the work"
                yield entry.place_of("doi"), f"“{other.key}” ({other.place}) has the same DOI {doi}: {mend}"


@rule("E305")
def malformed_doi(site: Site) -> Iterator[Fault]:
    """A DOI is not written as `10.NNNN/suffix`.

    The field holds the bare DOI (DOI Handbook 2.2, BibLaTeX manual 2.2.2); the address before it is the style's business.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {https://doi.org/10.5555/masyarakat},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          doi = {10.5555/masyarakat},
        }
    """
    for entry in site.entries:
        stated = entry.fields.get("doi", "")
        if stated and not re.fullmatch(_DOI, stated):
            meant = _bare_doi(entry).replace("\\", "")
            mend = f"write “{meant}”" if re.fullmatch(_DOI, meant) else "look it up at doi.org"
            yield entry.place_of("doi"), f"“{stated}” must be a bare DOI, 10.NUMBER/SUFFIX: {mend}"


def _bare_doi(entry: Entry) -> str:
    return _DOI_ADDRESS.sub("", entry.fields.get("doi", ""), count=1)


@rule("E306")
def malformed_url(site: Site) -> Iterator[Fault]:
    """A web address cannot be opened as it stands.

    It must have the scheme http or https and a host that can exist: names joined by dots, or a number (RFC 3986 3.2.2, RFC 1123 2.1).

    Bad (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {http://content/detail/15975},
        }
    Good (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org/detail/15975},
        }
    """
    for entry in site.entries:
        if reason := _url_fault(entry.fields.get("url", "")):
            yield entry.place_of("url"), f"“{entry.fields['url']}” cannot be opened: {reason}"


def _url_fault(url: str) -> str:
    """Why an address cannot be opened, and what to do; "" when it can."""
    if not url:
        return ""
    if wrong := _NOT_IN_URL.search(url):
        return f"“{wrong.group()}” must not stand in an address; copy the address from the browser, without TeX's backslashes"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "its host or its port is no name and no number"
    if parts.scheme not in ("http", "https"):
        return "it must begin with https:// or http://"
    if _HOST.fullmatch(host.removesuffix(".")) or _is_number(host):
        return ""
    return f"no host can be named “{host}”; find the page's present address, or record the address in errata.yml as missing"


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False


@rule("E307")
def malformed_date(site: Site) -> Iterator[Fault]:
    """A date is not written as a date, or there is no such day.

    Dates are YYYY, YYYY-MM or YYYY-MM-DD, two of them joined by a slash, or another form of EDTF level 0 or 1
    (BibLaTeX manual 2.3.8, ISO 8601-2 clause 4): 2018?, 201X, 2018/.., 2018-21.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005-02-30},
        }

        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org},
          urldate = {24 Oktober 2020},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005-02-28},
        }

        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org},
          urldate = {2020-10-24},
        }
    """
    for entry in site.entries:
        for field in _DATES:
            if reason := _date_fault(entry.fields.get(field, "")):
                yield entry.place_of(field), f"{field} “{entry.fields[field]}” {reason}"


def _date_fault(text: str) -> str:
    """What is wrong with a date or an interval; "" when nothing is."""
    if not text:
        return ""
    ends = text.split("/")
    open_ends = sum(end in ("", "..") for end in ends)
    dates = [_DATE.fullmatch(end) for end in ends if end not in ("", "..")]
    if len(ends) > 2 or open_ends > 1 or None in dates:
        return "must be written YYYY, YYYY-MM or YYYY-MM-DD, and an interval as two of them joined by one slash"
    for date in dates:
        year, month, day = (int(date[part]) if date[part] else None for part in ("year", "month", "day"))
        if month is not None and not (1 <= month <= 12 or (21 <= month <= 24 and day is None)):
            return f"must have a month from 01 to 12 (or a season from 21 to 24), not {month:02}"
        if day is None:
            continue
        _, last = monthrange(2000 + year % 400, month)  # the calendar repeats itself every 400 years; Python knows no year before 1
        if not 1 <= day <= last:
            return f"must have a day from 01 to {last} in that month, not {day:02}"
    if len(dates) == 2:
        begin, end = map(_numbers, dates)
        if begin[: len(end)] > end[: len(begin)]:
            return "must not end before it begins: swap the two dates"
    return ""


def _numbers(date: re.Match) -> list[int]:
    """Year, month and day as far as they can be compared: a season with no month."""
    numbers = [int(number) for number in date.group("year", "month", "day") if number]
    return numbers[:1] if numbers[1:] > [12] else numbers


@rule("E308")
def malformed_pages(site: Site) -> Iterator[Fault]:
    """A range of pages is reversed, joined by the wrong dash, or carries a label.

    `pages` holds numbers alone, a range joined by two hyphens (BibLaTeX manual 2.2.1, "Range fields"): BibLaTeX reads any
    dash, but other readers of the file take a single hyphen for part of a number. The style prints the label and the dash.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          pages = {20--11, 31–40, hlm. 51--60},
        }
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          pages = {11--20, 31--40, 51--60},
        }
    """
    for entry in site.entries:
        for part in re.split(r"\s*,\s*", entry.fields.get("pages", "")):
            if reason := _pages_fault(part):
                yield entry.place_of("pages"), f"pages “{part}” {reason}"


def _pages_fault(part: str) -> str:
    """What is wrong with a page or a range; "" when nothing is, or when it is no range of numbers."""
    if label := re.match(r"(?:halaman|hlm|hal|pages?|pp?)\b[.:\s]*(?=\d)", part, re.IGNORECASE):
        return f"must hold numbers alone, for the style prints the label: write “{part[label.end() :]}”"
    for span in spans(part):
        ends = re.split(DASH, part)
        if span is None or len(ends) < 2:
            continue
        if span.is_reversed:
            return f"must not end before they begin: swap {ends[0]} and {ends[1]}, or write the last page in full"
        if re.search(DASH, part).group().strip() != "--":
            return f"must be joined by two hyphens: write “{ends[0]}--{ends[1]}”"
    return ""


@rule("E309")
def erratum_of_unknown_entry(site: Site) -> Iterator[Fault]:
    """The errata speak of an entry that the bibliography does not have.

    A wrong key there excuses nothing, and its note reaches no reader.

    Bad (bibliography/errata.yml):
        - key: suharto2015
          field: author
          kind: doubtful
          note: {id: Nama depan ditulis dengan dua cara., en: The first name is spelled in two ways.}
    Good (bibliography/errata.yml):
        - key: suharto2005
          field: author
          kind: doubtful
          note: {id: Nama depan ditulis dengan dua cara., en: The first name is spelled in two ways.}
    """
    for erratum in site.errata:
        if erratum.key not in site.entry:
            meant = nearest_key(erratum.key, site.entries)
            mend = f"did you mean “{meant}”?" if meant else "mend the key, or take the note out"
            yield erratum.place, f"the key “{erratum.key}” is not in the bibliography: {mend}"


@rule("E310")
def unknown_type(site: Site) -> Iterator[Fault]:
    """An entry is of a type that there is not, or that has no heading.

    The types are those of BibLaTeX manual 2.1; the headings are `entry_types` in terms.yml.

    Bad (bibliography/references.bib):
        @boook{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
        }
    """
    for entry in site.entries:
        if entry.type not in _REQUIRED and entry.type not in _TYPE_ALIASES:
            meant = nearest(entry.type, [*_REQUIRED, *_TYPE_ALIASES])
            yield entry.place, f"there is no type @{entry.type}: {f'did you mean @{meant}?' if meant else 'use @misc, or another of BibLaTeX'}"
        elif entry.type not in site.words["entry_types"]:
            yield entry.place, f"the type @{entry.type} has no heading on the bibliography page: add it to entry_types in bibliography/terms.yml"
