"""The borders of the rules on entries; what each finds at all is shown by the examples in its docstring."""

from __future__ import annotations

import pytest

from pustaka.model import Entry, Place, Site, Words
from pustaka.rules import Rule
from pustaka.rules.entries import malformed_date, malformed_doi, malformed_pages, malformed_url, missing_field


def message(rule: Rule, type: str = "misc", **fields: str) -> str:
    """What a rule says of one entry; "" for nothing."""
    entry = Entry("key", type, fields, Place("x.bib"))
    site = Site(("id",), (), (entry,), (), (), (), Words({}))
    return "\n".join(finding.message for finding in rule.findings(site))


DATES = """
    2018 2018-02 2020-02-29 0000 -0876 Y-17000
    2018? 2018~ 2018% 2018-05~
    201X 20XX 2018-XX 2018-05-XX 2018-XX-XX
    2018-21 2018-24
    2018/2020 2018-05/2018-05 2018/2018-05 2018/.. ../2018 2018/ /2018 2018-05/2018-21
    2020-10-24T23:59:59Z 2020-10-24T14:30+07:00
"""


@pytest.mark.parametrize("date", DATES.split())
def test_date(date):
    assert message(malformed_date, date=date, urldate=date, eventdate=date, origdate=date) == ""


@pytest.mark.parametrize(
    "date, fault",
    [
        ("2019-02-29", "a day from 01 to 28 in that month, not 29"),
        ("2018-04-31", "a day from 01 to 30 in that month, not 31"),
        ("2018-04-00", "a day from 01 to 30 in that month, not 00"),
        ("2018-00", "a month from 01 to 12 (or a season from 21 to 24), not 00"),
        ("2018-13", "not 13"),
        ("2018-21-05", "not 21"),
        ("2020/2018", "must not end before it begins"),
        ("2018-06/2018-05-30", "must not end before it begins"),
        *(
            (text, "must be written YYYY")
            for text in ("t.t.", "n.d.", "20", "18-05-2018", "2018/05/02", "2018-5-2", "Mei 2018", "../..", "/", "2018 ", "2018–2020")
        ),
        ("2020-10-24T25:00", "must be written YYYY"),
        ("201x", "must be written YYYY"),
    ],
)
def test_no_date(date, fault):
    assert f"date “{date}” " in message(malformed_date, date=date)
    assert fault in message(malformed_date, date=date)


@pytest.mark.parametrize(
    "doi", ["10.37064/jpm.v10i1.10044", "10.21009/JPMM.001.1.01", "10.1000.10/123", "10.1002/(SICI)1097<1:AID>3.0.CO;2-#", "10.1234/a/b_c"]
)
def test_doi(doi):
    assert message(malformed_doi, doi=doi) == ""


@pytest.mark.parametrize(
    "doi, mend",
    [
        ("https://doi.org/10.1234/a", "write “10.1234/a”"),
        ("http://dx.doi.org/10.1234/a", "write “10.1234/a”"),
        ("DOI: 10.1234/a", "write “10.1234/a”"),
        ("doi.org/10.1234/a", "write “10.1234/a”"),
        (r"10.1234/a\_b", "write “10.1234/a_b”"),
        ("10.1234", "look it up at doi.org"),
        ("10.12/a", "look it up at doi.org"),
        ("11.1234/a", "look it up at doi.org"),
        ("10.1234/a b", "look it up at doi.org"),
        ("https://jurnal.example.org/a", "look it up at doi.org"),
    ],
)
def test_no_doi(doi, mend):
    assert message(malformed_doi, doi=doi) == f"“{doi}” must be a bare DOI, 10.NUMBER/SUFFIX: {mend}"


@pytest.mark.parametrize(
    "url",
    [
        "https://kkp.go.id/djprl/artikel/21045-a",
        "http://t.co",
        "https://desa-juruan.sumenepkab.go.id:8080/?a=b&c=%20#d",
        "https://id.wikipedia.org/wiki/Ekonomi_(ilmu)",
        "http://192.168.0.1/a",
        "http://[2001:db8::1]/a",
        "https://例え.jp/語",
        "https://xn--r8jz45g.xn--p1ai/",
        "https://example.org./a",
    ],
)
def test_url(url):
    assert message(malformed_url, url=url) == ""


@pytest.mark.parametrize(
    "url, reason",
    [
        ("http://content/detail/15975/a", "no host can be named “content”"),
        ("www.kkp.go.id", "it must begin with https:// or http://"),
        ("ftp://kkp.go.id", "it must begin with https:// or http://"),
        ("https://", "no host can be named “”"),
        ("https://kkp..go.id", "no host can be named “kkp..go.id”"),
        ("https://-kkp.go.id", "no host can be named"),
        ("https://kkp.go.123", "no host can be named"),
        ("https://999.1.1.1", "no host can be named"),
        ("https://kebun.invalid", "no host can be named"),
        ("https://localhost/a", "no host can be named"),
        ("https://kkp.go.id/a b", "“ ” must not stand in an address"),
        (r"https://kkp.go.id/a\_b", "“\\” must not stand in an address"),
        ("https://kkp.go.id/100%", "“%” must not stand in an address"),
        ("https://kkp.go.id:port/", "its host or its port is no name and no number"),
        ("https://[::1/", "its host or its port is no name and no number"),
    ],
)
def test_no_url(url, reason):
    assert f"“{url}” cannot be opened: {reason}" in message(malformed_url, url=url)


@pytest.mark.parametrize("pages", ["31--40", "31", "xii--xv", "S1--S9", "1--3, 7", "541--", "e0123", "12:3--12:9", "A-12", "art. 5", "31+"])
def test_pages(pages):
    assert message(malformed_pages, pages=pages) == ""


@pytest.mark.parametrize(
    "pages, fault",
    [
        ("31-40", "write “31--40”"),
        ("31 – 40", "write “31--40”"),
        ("31—40", "write “31--40”"),
        ("31---40", "write “31--40”"),
        ("xii-xv", "write “xii--xv”"),
        ("1--3, 7-9", "“7-9” must be joined by two hyphens"),
        ("40--31", "must not end before they begin: swap 40 and 31"),
        ("131--9", "write the last page in full"),
        ("xv--xii", "swap xv and xii"),
        ("hlm. 31--40", "write “31--40”"),
        ("pp. 31--40", "write “31--40”"),
        ("Hal : 56", "write “56”"),
    ],
)
def test_no_pages(pages, fault):
    assert fault in message(malformed_pages, pages=pages)


@pytest.mark.parametrize(
    "type, fields, missing",
    [
        ("article", "author title journal year", []),
        ("article", "author title date", ["journaltitle"]),
        ("incollection", "author title booktitle date", ["editor"]),
        ("misc", "editor title date", []),
        ("misc", "title date", ["author or editor"]),
        ("online", "author title date doi", []),
        ("online", "author title date", ["url or doi or eprint"]),
        ("thesis", "author title date institution", ["type"]),
        ("phdthesis", "author title date school", []),
        ("www", "author title date", ["url or doi or eprint"]),
        ("peta", "author title", ["date"]),  # an unknown type is taken for misc
        ("book", "", ["author", "title", "date"]),
        ("inbook", "title crossref", []),
        ("xdata", "publisher", []),
    ],
)
def test_required_fields(type, fields, missing):
    said = message(missing_field, type, **dict.fromkeys(fields.split(), "x")).splitlines()
    assert len(said) == len(missing)
    assert all(f"the @{type} “key” must have the field {field} (" in line for field, line in zip(missing, said, strict=True))


def test_empty_field_is_missing():
    assert "must have the field date" in message(missing_field, "book", author="x", title="x", date="")
