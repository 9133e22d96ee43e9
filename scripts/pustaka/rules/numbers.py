"""E: dates and pages."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from pustaka.biblatex import DATE_FIELDS, words
from pustaka.model import Entry, Fault, Fix, Message, Site, say
from pustaka.pagination import DASH, spans
from pustaka.rules import rule
from pustaka.rules.entries import shortened

# EDTF (ISO 8601-2, clause 4) levels 0 and 1, as BibLaTeX manual 2.3.8 takes it. Months 21 to 24 are seasons.
_DATE = re.compile(
    r"(?:(?P<year>-?\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?:T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-]\d\d:\d\d)?)?)?)?"
    r"|\d{3}X|\d\dXX|\d{4}-XX(?:-XX)?|\d{4}-(?:0[1-9]|1[0-2])-XX|Y-?\d{5,})[?~%]?"
)


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
          langid = {indonesian},
        }

        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org},
          urldate = {24 Oktober 2020},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005-02-28},
          langid = {indonesian},
        }

        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org},
          urldate = {2020-10-24},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        for field in DATE_FIELDS:
            stated = entry.fields.get(field)
            if stated and not _is_year(stated) and (reason := _date_fault(stated)):
                yield Fault(
                    entry.place_of(field), say("{field} “{date}” {reason}", field=field, date=shortened(stated), reason=reason), key=entry.key
                )
        year = entry.fields.get("year")
        if year and not _is_year(year) and (reason := _year_fault(year)):
            yield Fault(entry.place_of("year"), say("year “{date}” {reason}", date=shortened(year), reason=reason), key=entry.key)


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and text.isascii()


#: In `year`, which is of BibTeX, words may stand: "in press", "t.t.", "1999/2000", "ca. 1850", "2005a".
_LONG_YEAR = re.compile(r"\d{5,}|\d{3}|\d{1,2}")


def _year_fault(text: str) -> Message | None:
    return say("must have four digits") if _LONG_YEAR.fullmatch(text) else None


def _date_fault(text: str) -> Message | None:
    """What is wrong with a date or an interval; None when nothing is."""
    ends = text.split("/", 2)
    open_ends = sum(end in ("", "..") for end in ends)
    dates = [_DATE.fullmatch(end) for end in ends if end not in ("", "..")]
    if len(ends) > 2 or open_ends > 1 or None in dates:
        return say("must be written YYYY, YYYY-MM or YYYY-MM-DD, and an interval as two of them joined by one slash")
    for one in dates:
        year, month, day = (int(one[part]) if one[part] else None for part in ("year", "month", "day"))
        if month is not None and not (1 <= month <= 12 or (21 <= month <= 24 and day is None)):
            return say("must have a month from 01 to 12 (or a season from 21 to 24), not {month:02}", month=month)
        if day is None:
            continue
        _, last = monthrange(2000 + year % 400, month)  # the calendar repeats itself every 400 years; Python knows no year before 1
        if not 1 <= day <= last:
            return say("must have a day from 01 to {last} in that month, not {day:02}", last=last, day=day)
    if len(dates) == 2:
        begin, end = map(_numbers, dates)
        if begin[: len(end)] > end[: len(begin)]:
            return say("must not end before it begins: swap the two dates")
    return None


def _numbers(stated: re.Match) -> list[int]:
    """Year, month and day as far as they can be compared: a season with no month."""
    numbers = [int(number) for number in stated.group("year", "month", "day") if number]
    return numbers[:1] if numbers[1:] > [12] else numbers


@rule("E312")
def future_date(site: Site) -> Iterator[Fault]:
    """A date has not come yet.

    No one has looked a page up tomorrow. A journal may be dated next year; more than that is a slip.

    Bad (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {9005},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @book{suharto2005,
          author = {Suharto, Edi},
          title = {Membangun Masyarakat},
          date = {2005},
          langid = {indonesian},
        }
    """
    now = today()
    this_year, this_day = f"{now.year:04}", f"{now:%Y-%m-%d}"
    for entry in site.entries:
        for field in ("date", "year", "urldate", "origdate"):
            stated = entry.fields.get(field, "")
            if stated[:4] < this_year or not re.match(r"[0-9]{4}(?![0-9A-Za-z])", stated):
                continue
            late = stated[:10] > this_day[: len(stated[:10])] if field == "urldate" else int(stated[:4]) > now.year + 1
            if late:
                yield Fault(
                    entry.place_of(field), say("{field} “{date}” has not come yet: correct it", field=field, date=shortened(stated)), key=entry.key
                )


def today() -> date:
    """The day on which a date is judged: a day on, for it may be tomorrow elsewhere."""
    return date.fromordinal(date.today().toordinal() + 1)


@rule("E325")
def missing_access_date(site: Site) -> Iterator[Fault]:
    """A web page that may change has no access date.

    Of a page without a date, or one that is meant to change, the reader must know when it read so (APA 7, section 9.16; BibLaTeX
    manual 2.2.2, `urldate`). Where an @online has a date, a person must judge. A DOI or an archived copy does not change.

    Bad (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org/desa},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @online{dinas-nd,
          author = {{Dinas Pertanian}},
          title = {Kebun Desa},
          url = {https://kebun.example.org/desa},
          urldate = {2020-10-24},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        fields = entry.fields
        url = fields.get("url", "")
        if not url or entry.type not in _CHANGING or "urldate" in fields or not _ACCESS.isdisjoint(fields):
            continue
        dated = bool(fields.get("date") or fields.get("year"))
        if (dated and entry.type not in ("online", "electronic", "www")) or _PERMANENT.search(url):
            continue
        if not any(_ACCESSED.search(fields.get(name, "")) for name in ("note", "howpublished", "addendum")):
            message = say(
                "“{key}” has a web address and no access date: add urldate = {{YYYY-MM-DD}}, the day on which you read the page", key=entry.key
            )
            yield Fault(entry.place_of("url"), message, key=entry.key, certain=not dated)


_CHANGING = frozenset(("online", "electronic", "www", "misc", "report", "techreport", "unpublished"))
#: What stands in for an access date, and what makes none necessary.
_ACCESS = words(
    """
    doi eprint crossref xdata urlyear accessed access-date access_date accessdate dateaccessed urlaccessdate lastaccessed lastaccess
    lastchecked lastvisited visited retrieved url_date url-date
    """
)
_ACCESSED = re.compile(r"access|visited|retrieved|consulted|checked|diakses|diunduh|dilihat|dikunjungi|diambil", re.IGNORECASE)
_PERMANENT = re.compile(
    r"//(?:dx\.)?doi\.org/|//arxiv\.org/|//web\.archive\.org/|//perma\.cc/|//hdl\.handle\.net/|//archive\.(?:org|is|ph)/|\.pdf$", re.IGNORECASE
)


@rule("E308")
def malformed_pages(site: Site) -> Iterator[Fault]:
    """A range of pages is reversed, joined by the wrong dash, or carries a label.

    `pages` holds numbers alone, a range joined by two hyphens (BibLaTeX manual 2.2.1, "Range fields"): BibLaTeX reads any
    dash, but other readers of the file take a single hyphen for part of a number. The style prints the label and the dash.
    The number of an article ("Article 12") belongs into `eid`.

    Bad (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          pages = {20--11, 31–40, hlm. 51--60},
          langid = {indonesian},
        }
    Good (bibliography/references.bib):
        @article{contoh2020,
          author = {Sari, Dewi and Putra, Agus},
          title = {Kebun Bersama di Desa Contoh},
          journaltitle = {Jurnal Contoh},
          date = {2020},
          pages = {11--20, 31--40, 51--60},
          langid = {indonesian},
        }
    """
    for entry in site.entries:
        pages = entry.fields.get("pages", "")
        if not pages or ((plain := _PLAIN_PAGES.fullmatch(pages)) and (not plain[2] or int(plain[1]) <= int(plain[2]))):
            continue
        for part in re.split(r"\s*[,;&]\s*", pages):
            if len(part) <= _LONGEST_PART and (wrong := _pages_fault(part)):
                reason, meant, certain = wrong
                message = say("pages “{part}” {reason}", part=shortened(part), reason=reason)
                yield Fault(entry.place_of("pages"), message, entry.key, meant, _pages_fix(entry, part, meant) if certain else None)


#: No page, and no range, is longer: what is cannot be compared as a number.
_LONGEST_PART = 60
_PLAIN_PAGES = re.compile(r"(\d{1,9})(?:--(\d{1,9}))?")
_LABEL = re.compile(r"(?:halaman|hlm|hal|pages?|pp?)\b[.:\s]*(?=\d)", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:article(?: (?:no|number|id)\b)?|art|artikel|paper(?: no)?)\b[.:\s]*(\w[\w.-]*)", re.IGNORECASE)


def _pages_fault(part: str) -> tuple[Message, str, bool] | None:
    """What is wrong with a page or a range, what should stand there, and whether that is certain.

    None when nothing is wrong, or when it is no range of numbers.
    """
    if label := _LABEL.match(part):
        meant = part[label.end() :]
        return say("must hold numbers alone, for the style prints the label: write “{meant}”", meant=shortened(meant)), meant, False
    if article := _ARTICLE.fullmatch(part):
        return say("is the number of an article, not a page: move “{number}” into the field eid", number=article[1]), "", False
    for span in spans(part):
        ends = re.split(DASH, span.written) if span else []
        if len(ends) < 2:
            continue
        if span.is_reversed and not span.series and len(ends[1]) < len(ends[0]) and (meant := ends[0][: -len(ends[1])] + ends[1]) > ends[0]:
            meant = f"{ends[0]}--{meant}"
            return say("are cut short: write the last page in full, “{meant}”", meant=meant), meant, False
        if span.is_reversed:
            return (
                say("must not end before they begin: swap {first} and {last}, or write the last page in full", first=ends[0], last=ends[1]),
                "",
                False,
            )
        if re.search(DASH, span.written).group().strip() != "--":
            meant = f"{ends[0]}--{ends[1]}"
            return say("must be joined by two hyphens: write “{meant}”", meant=meant), meant, span.last > span.first
    return None


def _pages_fix(entry: Entry, old: str, new: str) -> Fix | None:
    """Puts a range in place of another where the file has it once, letter by letter."""
    written = entry.field("pages")
    if written is None or (raw := entry.raw(written)).count(old) != 1:
        return None
    return Fix(entry.place_in(written, raw.index(old)), old, new)
