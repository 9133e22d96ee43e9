"""The borders of the rules on entries; what each finds at all is shown by the examples in its docstring."""

from __future__ import annotations

import time
from datetime import date

import pytest
from stdnum import isbn, issn

from pustaka.bib import Bibliography
from pustaka.biblatex import COMMON_FIELDS, FIELDS, LANGIDS, TYPES
from pustaka.model import LANGIDS as LANGUAGES
from pustaka.model import Finding, Site, Words
from pustaka.rules import Rule, numbers, rules
from pustaka.rules.entries import (
    circular_inheritance,
    dangling_reference,
    duplicate_doi,
    duplicate_key,
    duplicate_work,
    missing_field,
    never_cited,
    personal_communication,
    unknown_type,
)
from pustaka.rules.fields import (
    empty_field,
    letter_case,
    missing_langid,
    repeated_field,
    undefined_abbreviation,
    unknown_field,
    unknown_langid,
    unused_abbreviation,
)
from pustaka.rules.identifiers import doi_as_address, malformed_doi, malformed_url, wrong_isbn, wrong_issn, wrong_orcid
from pustaka.rules.names import body_as_person, crutch_for_one_name, degree_in_name, et_al_in_names, wrong_separator
from pustaka.rules.numbers import future_date, malformed_date, malformed_pages, missing_access_date
from pustaka.rules.text import all_capitals, html_in_text, invalid_latex, invisible_character, not_composed
from pustaka.spelling import Spellings

#: The rules that judge any .bib.
ANYWHERE = [rule for rule in rules() if rule.code.startswith("E3") and not rule.site_only]


def site_of(*texts: str) -> Site:
    """A bibliography alone, of one or more files."""
    bibliography = Bibliography(lambda place, message: None)
    for number, text in enumerate(texts):
        bibliography.read(text, f"{number}.bib")
    return Site(
        (),
        (),
        tuple(bibliography.entries),
        (),
        (),
        (),
        Words({}),
        abbreviations=tuple(bibliography.abbreviations),
        abbreviation_uses=tuple(bibliography.uses),
    )


def found(rule: Rule, *texts: str) -> list[Finding]:
    return list(rule.findings(site_of(*texts)))


def entry_with(type: str = "misc", **fields: str) -> str:
    return f"@{type}{{key, {', '.join(f'{name} = {{{value}}}' for name, value in fields.items())}}}\n"


def message(rule: Rule, type: str = "misc", **fields: str) -> str:
    """What a rule says of one entry; "" for nothing."""
    return "\n".join(str(finding.message) for finding in found(rule, entry_with(type, **fields)))


def mended(finding: Finding, text: str) -> str:
    """The text with the finding's fix applied, which must find what it says it does."""
    fix = finding.fix
    lines = text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: fix.place.line - 1]) + fix.place.column - 1
    assert text[offset:].startswith(fix.old)
    return text[:offset] + fix.new + text[offset + len(fix.old) :]


# -- dates and pages ----------------------------------------------------------------------------------------------------

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
            for text in ("t.t.", "n.d.", "20", "18-05-2018", "2018/05/02", "2018-5-2", "Mei 2018", "../..", "/", "2018–2020")
        ),
        ("2020-10-24T25:00", "must be written YYYY"),
        ("201x", "must be written YYYY"),
    ],
)
def test_no_date(date, fault):
    assert f"date “{date}” " in message(malformed_date, date=date)
    assert fault in message(malformed_date, date=date)


@pytest.mark.parametrize("year", ["2020", "in press", "t.t.", "1999/2000", "ca. 1850", "2005a", "forthcoming", "[1923]"])
def test_year_of_bibtex(year):
    assert message(malformed_date, year=year) == ""


@pytest.mark.parametrize("year", ["20219", "202", "19"])
def test_no_year(year):
    assert message(malformed_date, year=year) == f"year “{year}” must have four digits"


@pytest.mark.parametrize(
    "field, value, late",
    [
        ("urldate", "2026-11-21", False),
        ("urldate", "2026-11-22", True),
        ("urldate", "2026-11", False),
        ("urldate", "2026-12", True),
        ("urldate", "2027", True),
        ("date", "2026-12-31", False),
        ("date", "2027", False),  # a journal may be dated next year
        ("date", "2028", True),
        ("year", "2106", True),
        ("year", "21060", False),  # malformed_date's
        ("year", "forthcoming", False),
    ],
)
def test_future(monkeypatch, field, value, late):
    monkeypatch.setattr(numbers, "today", lambda: date(2026, 11, 21))
    assert bool(message(future_date, **{field: value})) is late


@pytest.mark.parametrize(
    "pages", ["31--40", "31", "xii--xv", "S1--S9", "1--3, 7", "541--", "e0123", "e12345", "12:3--12:9", "A-12", "31+", "9" * 5000, "1--3; 7--9"]
)
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
        ("1--3; 7-9", "“7-9” must be joined by two hyphens"),
        ("40--31", "must not end before they begin: swap 40 and 31"),
        ("131--9", "write the last page in full, “131--139”"),
        ("317-41", "write the last page in full, “317--341”"),
        ("xv--xii", "swap xv and xii"),
        ("hlm. 31--40", "write “31--40”"),
        ("pp. 31--40", "write “31--40”"),
        ("Hal : 56", "write “56”"),
        ("Article 12", "move “12” into the field eid"),
    ],
)
def test_no_pages(pages, fault):
    assert fault in message(malformed_pages, pages=pages)


@pytest.mark.parametrize(
    "pages, new", [("31-40", "31--40"), ("1--3, 7–9", "1--3, 7--9"), ("1-3, 11-3", None), ("40-31", None), ("131-9", None), ("hlm. 31-40", None)]
)
def test_fix_of_pages(pages, new):
    text = entry_with(title="a", pages=pages)
    fixed = [mended(finding, text) for finding in found(malformed_pages, text) if finding.fix]
    assert fixed == ([text.replace(pages, new)] if new else [])


@pytest.mark.parametrize(
    "type, fields, severity",
    [
        ("online", {"url": "https://desa.example.org"}, "error"),
        ("misc", {"url": "https://desa.example.org"}, "error"),
        ("online", {"url": "https://desa.example.org", "date": "2020"}, "warning"),
        ("misc", {"url": "https://desa.example.org", "date": "2020"}, ""),
        ("article", {"url": "https://desa.example.org"}, ""),
        ("online", {"url": "https://desa.example.org", "urldate": "2020-01-02"}, ""),
        ("online", {"url": "https://desa.example.org", "note": "Diakses 2 Januari 2020"}, ""),
        ("online", {"url": "https://desa.example.org", "doi": "10.5555/a"}, ""),
        ("online", {"url": "https://web.archive.org/web/2020/https://desa.example.org"}, ""),
        ("online", {}, ""),
    ],
)
def test_access_date(type, fields, severity):
    assert "".join(finding.severity for finding in found(missing_access_date, entry_with(type, **fields))) == severity


# -- identifiers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "doi",
    ["10.5555/jpm.v10i1.10044", "10.21009/JPMM.001.1.01", "10.1000.10/123", "10.1002/(SICI)1097<1:AID>3.0.CO;2-#", "10.1234/a/b_c", "10/gfj5zc"],
)
def test_doi(doi):
    assert message(malformed_doi, doi=doi) == message(doi_as_address, doi=doi) == ""


@pytest.mark.parametrize(
    "doi, mend",
    [
        (r"10.1234/a\_b", "write “10.1234/a_b”"),
        (r"10.1234/a{\_}b", "write “10.1234/a_b”"),
        ("10.1234", "look it up at doi.org"),
        ("10.12/a", "look it up at doi.org"),
        ("11.1234/a", "look it up at doi.org"),
        ("10.1234/a b", "look it up at doi.org"),
        ("https://jurnal.example.org/a", "look it up at doi.org"),
    ],
)
def test_no_doi(doi, mend):
    assert message(malformed_doi, doi=doi) == f"“{doi}” must be a bare DOI, 10.NUMBER/SUFFIX: {mend}"


@pytest.mark.parametrize("doi", ["https://doi.org/10.1234/a", "http://dx.doi.org/10.1234/a", "DOI: 10.1234/a", "doi.org/10.1234/a"])
def test_doi_as_address(doi):
    text = entry_with(title="a", doi=doi)
    (finding,) = found(doi_as_address, text)
    assert (str(finding.message), finding.suggestion) == (f"“{doi}” must be a bare DOI: write “10.1234/a”", "10.1234/a")
    assert mended(finding, text) == entry_with(title="a", doi="10.1234/a")
    assert message(malformed_doi, doi=doi) == "", "one fault is said once"


@pytest.mark.parametrize(
    "url, doi",
    [
        ("https://doi.org/10.1234/a%3Cb", "10.1234/a<b"),
        ("http://dx.doi.org/10.1234/a", "10.1234/a"),
        ("https://jurnal.example.org/doi.org/10.1234/a", ""),
    ],
)
def test_doi_in_url(url, doi):
    assert [finding.suggestion for finding in found(doi_as_address, entry_with(url=url))] == ([doi] if doi else [])
    assert found(doi_as_address, entry_with(url=url, doi="10.1234/a")) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://kkp.go.id/djprl/artikel/21045-a",
        "http://t.co",
        "https://desa-wringin.sumenepkab.go.id:8080/?a=b&c=%20#d",
        "https://id.wikipedia.org/wiki/Ekonomi_(ilmu)",
        "http://192.168.0.1/a",
        "http://[2001:db8::1]/a",
        "https://例え.jp/語",
        "https://xn--r8jz45g.xn--p1ai/",
        "https://example.org./a",
        "ftp://ftp.example.org/a",
    ],
)
def test_url(url):
    assert message(malformed_url, url=url) == ""


@pytest.mark.parametrize(
    "url, reason",
    [
        ("http://content/detail/15975/a", "no host can be named “content”"),
        ("www.kkp.go.id", "it must begin with https:// or http://"),
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
        ("https://kkp.go.id:port/", "its host is not a name, or its port is not a number"),
        ("https://[::1/", "its host is not a name, or its port is not a number"),
    ],
)
def test_no_url(url, reason):
    assert f"“{url}” cannot be opened: {reason}" in message(malformed_url, url=url)


@pytest.mark.parametrize(
    "stated",
    [
        "978-0-306-40615-7",
        "9780306406157",
        "0-306-40615-2",
        "080442957X",
        "978-0-306-40615-7, 0-306-40615-2",
        "9780306406157 (pbk.); 0306406152",
        "ISBN-13: 978-0-306-40615-7",
        "9780306406157 0306406152",
        "978–0–306–40615–7",
        "978 0 306 40615 7",
        "978-0-306-40615-7 0-306-40615-2 978-0-306-40615-7",
        "0-306-40615-2 hardcover",
    ],
)
def test_isbn(stated):
    assert message(wrong_isbn, isbn=stated) == ""


@pytest.mark.parametrize(
    "stated, fault",
    [
        ("978-0-306-40615-8", "has a wrong digit"),
        ("0306406153", "has a wrong digit"),
        ("978 0 306 40615 8", "has a wrong digit"),
        ("978030640615", "has too many digits, or too few"),
        ("9780306406157, 0306406153", "“0306406153” has a wrong digit"),
        ("0378-5955", "is an ISSN: move it into the field issn"),
    ],
)
def test_no_isbn(stated, fault):
    assert fault in message(wrong_isbn, isbn=stated)


@pytest.mark.parametrize(
    "stated", ["0378-5955", "03785955", "2434-561X", "2434-561x", "0378-5955, 2434-561X", "0378-5955 2434-561X", "ISSN: 0378-5955"]
)
def test_issn(stated):
    assert message(wrong_issn, issn=stated) == ""


@pytest.mark.parametrize("stated, fault", [("0378-5956", "wrong digit"), ("0378-595", "too few"), ("9780306406157", "is an ISBN: move it")])
def test_no_issn(stated, fault):
    assert fault in message(wrong_issn, issn=stated)


def test_checksums_are_those_of_the_standards():
    """One wrong digit is always found, by the algorithms that the rules rely on (ISO 2108, ISO 3297)."""
    for kind, right in ((isbn, "9780306406157"), (isbn, "0306406152"), (issn, "03785955")):
        for at, digit in enumerate(right):
            for other in set("0123456789") - {digit}:
                assert not kind.is_valid(right[:at] + other + right[at + 1 :])


@pytest.mark.parametrize(
    "field, value, wrong",
    [
        ("orcid", "0000-0002-1825-0097", False),
        ("orcid", "https://orcid.org/0000-0002-1694-233X", False),
        ("orcid", "0000-0002-1825-0096", True),
        ("author+an", '1:orcid="0000-0002-1694-2330"', True),
        ("orcid-numbers", "Sari, Dewi/0000-0002-1825-0097 Putra, Agus/0000-0002-1825-0098", True),
        ("note", "Telepon 0000-0002-1825-0096", False),
    ],
)
def test_orcid(field, value, wrong):
    assert bool(message(wrong_orcid, **{field: value})) is wrong


# -- names ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "author",
    [
        "Sari, Dewi",
        "Sari, S. E.",
        "Sari, S.E.",
        "Ali, M.A. and Putra, M. M.",
        "Rahman, H.",
        "Li, Ma and Ma, Jun",
        "Ir, Na",
        "King, Jr., Martin Luther",
        "{Dr. Soetomo Foundation}",
        "Dra{\\v z}en Prelec",
        "Drost, Prosper and Profumo, Sri",
        "Md. Rahman and Rahman, Md.",
        "MacDonald, PhDora",
    ],
)
def test_name_without_degree(author):
    assert message(degree_in_name, author=author) == ""


@pytest.mark.parametrize(
    "author, degrees",
    [
        ("Sari, Dewi, M.Sc.", "M.Sc."),
        ("Sari, Dewi, S.E., M.M.", "S.E., M.M."),
        ("Dr. H. Agus Putra, M.Pd.", "Dr., M.Pd."),
        ("Prof. Dewi Sari and Putra, Agus", "Prof."),
        ("Sari, S.Pd.I", "S.Pd.I"),
        ("Drs. Agus Putra", "Drs."),
        ("Hj. Dewi Sari", "Hj."),
        ("Ir. Agus Putra", "Ir."),
        ("Agus Putra PhD", "PhD"),
        ("Smith, John, Ph.D.", "Ph.D."),
        ("M.Sc, P. D. S.", "M.Sc"),
        ("Putra, Agus and Sari, Dewi, Lc", "Lc"),
    ],
)
def test_name_with_degree(author, degrees):
    assert f"“{degrees}” in the name " in message(degree_in_name, author=author)
    assert message(wrong_separator, author=author) == "", "one fault is said once"


@pytest.mark.parametrize(
    "author",
    [
        "{Badan Pusat Statistik}",
        "{{World Health Organization}}",
        "Tim Berners-Lee",
        "Bank, Steven",
        "Dewan, Rahul",
        "UNESCO",
        "Kominfo",
        "Union, Anna",
        "Sari, Dewi and {Dinas Pertanian}",
        "Group, Max",
        "others",
        "family=Institute, given=Ann",
    ],
)
def test_person(author):
    assert message(body_as_person, author=author) == ""


@pytest.mark.parametrize(
    "author, body",
    [
        ("Badan Pusat Statistik", "Badan Pusat Statistik"),
        ("Kementerian Kelautan dan Perikanan", "Kementerian Kelautan dan Perikanan"),
        ("Sari, Dewi and Universitas Contoh", "Universitas Contoh"),
        ("World Health Organization", "World Health Organization"),
        ("R Core Team", "R Core Team"),
        ("PT Contoh Sejahtera", "PT Contoh Sejahtera"),
        ("Bank Indonesia", "Bank Indonesia"),
        ("KOMINFO, P.", "KOMINFO"),
        ("Statistik, Badan Pusat", "Badan Pusat Statistik"),
        ("Organization, World Health", "World Health Organization"),
    ],
)
def test_body(author, body):
    (finding,) = found(body_as_person, entry_with(author=author))
    assert finding.suggestion == f"{{{body}}}"


@pytest.mark.parametrize("author", ["Sari, Dewi and others", "Alba, Et", "Dkkova, Anna", "{Dllm Group}", "Etal, Jo", "Hallal, Petal"])
def test_names_that_end(author):
    assert message(et_al_in_names, author=author) == ""


@pytest.mark.parametrize(
    "author", ["Sari, Dewi et al.", "Sari, Dewi and et al", "Sari dkk.", "Sari, Dewi and {et al.}", "Sari and dkk", "Sari, D., dkk"]
)
def test_names_that_go_on(author):
    assert "write “and others”" in message(et_al_in_names, author=author)


@pytest.mark.parametrize("author", ["Suharto", "Suharto, Z.", "Li, Li", "He, He", "Sari, Sarah", "Putra, Agus and Sukarno", "Nn, Anna"])
def test_one_name(author):
    assert message(crutch_for_one_name, author=author) == ""


@pytest.mark.parametrize(
    "author, severity",
    [
        ("Suharto, Suharto", "warning"),
        ("Suharto, -", "error"),
        ("Suharto, .", "error"),
        ("Suharto, NN", "error"),
        ("Suharto, N.N.", "error"),
        ("Sari, Dewi and Suharto, {}", "error"),
        ("Suharto,", "error"),
        ("Suharto, FNU", "error"),
    ],
)
def test_crutch(author, severity):
    (finding,) = found(crutch_for_one_name, entry_with(author=author))
    assert (finding.severity, finding.suggestion) == (severity, "Suharto")


@pytest.mark.parametrize(
    "author",
    [
        "Sari, Dewi and Putra, Agus",
        "Brown, Dan",
        "Dan Brown",
        "King, Jr., Martin Luther and Ford, III, Henry",
        "{Dinas Kelautan dan Perikanan}",
        "{Procter \\& Gamble}",
        "Sari, D. {\\&} Co",
        "family=Sari, given=Dewi, prefix=de",
        "M{\\&quot;}ller, A",
    ],
)
def test_separated(author):
    assert message(wrong_separator, author=author) == ""


@pytest.mark.parametrize(
    "author, fault",
    [
        ("Sari, Dewi; Putra, Agus", "“;” does not part names"),
        ("Sari, Dewi & Putra, Agus", "“&” does not part names"),
        ("Sari, Dewi \\& Putra, Agus", "does not part names"),
        ("Sari dan Putra", "“dan” does not part names"),
        ("Sari, Putra, Wibowo", "“Sari, Putra, Wibowo” is read as one name"),
        ("Sari, D., Putra, A., Wibowo, B.", "is read as one name"),
    ],
)
def test_wrong_separator(author, fault):
    assert fault in message(wrong_separator, author=author)


# -- text -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field, value",
    [
        ("title", "Membangun Masyarakat"),
        ("title", "COVID-19"),
        ("title", "SARS-CoV-2 RNA"),
        ("title", "BERT"),
        ("journaltitle", "PLOS ONE"),
        ("journaltitle", "KARSA"),
        ("journaltitle", "MIS QUARTERLY"),
        ("author", "{{UNICEF}}"),
        ("author", "KBBI"),
        ("author", "Sari, D. and Putra, A."),
        ("author", "IBM, A."),
    ],
)
def test_abbreviations_are_no_capitals(field, value):
    assert message(all_capitals, **{field: value}) == ""


@pytest.mark.parametrize(
    "field, value",
    [
        ("title", "MEMBANGUN MASYARAKAT DESA"),
        ("title", "{ANALISIS SWOT UMKM}"),
        ("booktitle", "PROCEEDINGS OF THE CONFERENCE"),
        ("journal", "PHYSICAL REVIEW LETTERS"),
        ("author", "SUHARTO, EDI"),
        ("author", "Sari, Dewi and TURING, A. M."),
    ],
)
def test_capitals(field, value):
    assert "is all in capitals" in message(all_capitals, **{field: value})


@pytest.mark.parametrize(
    "title", ["Sawah \\& Ladang", "$a < b$ dan $c > d$", "<https://desa.example.org>", "R&D; R&Dept;", "AT\\&T; sebuah kajian", "p < 0.05"]
)
def test_no_html(title):
    assert message(html_in_text, title=title) == ""


@pytest.mark.parametrize(
    "title, html",
    [
        ("Sawah &amp; Ladang", "&amp;"),
        ("Sawah \\&amp; Ladang", "\\&amp;"),
        ("Tom &#39;s", "&#39;"),
        ("Ikan <i>Chanos chanos</i>", "<i>"),
        ("H<sub>2</sub>O", "<sub>"),
        ("A <jats:italic>b</jats:italic>", "<jats:italic>"),
        ('A <span class="nocase">b</span>', '<span class="nocase">'),
    ],
)
def test_html(title, html):
    assert f"“{html}” is HTML" in message(html_in_text, title=title)


@pytest.mark.parametrize(
    "field, value",
    [
        ("title", "Sawah \\& Ladang: 5\\% \\#1 \\$5 a\\_b"),
        ("title", "$a_1 & b$ dan \\(c_2\\)"),
        ("title", "{\\'e}l\\'eve caf\\'{e} M{\\\"u}ller \\~{n} \\c{c} \\v{z} \\=a \\.z \\'\\i"),
        ("title", "a\\~{}b\\^{}c"),
        ("note", "\\url{https://desa.example.org/a_b%20c#d}"),
        ("note", "\\href{https://desa.example.org/a_b}{laman}"),
        ("howpublished", "https://desa.example.org/a_b"),
        ("abstract", "50% & more_"),
        ("url", "https://desa.example.org/a_b%20c"),
        ("file", "a_b & c.pdf"),
        ("title", "Sawah &amp; Ladang"),  # html_in_text's
    ],
)
def test_latex(field, value):
    assert message(invalid_latex, **{field: value}) == ""


@pytest.mark.parametrize(
    "value, fault",
    [
        ("Sawah & Ladang", "write “\\&”"),
        ("Naik 50% setahun", "write “\\%”"),
        ("Nomor #1", "write “\\#”"),
        ("file_name", "write “\\_”"),
        ("Harga $5", "opens a formula that never ends"),
        ("Caf\\' ", "the accent “\\'”"),
        ("Caf\\'{} x", "has no letter"),
    ],
)
def test_no_latex(value, fault):
    assert fault in message(invalid_latex, title=f"{value} x")


def test_place_of_latex_fault():
    (finding,) = found(invalid_latex, "@misc{key,\n  title = {Tentang Sawah & Ladang},\n}\n")
    assert (finding.place.line, finding.place.column) == (2, 26)


def test_composed():
    text = "@misc{key,\n  author = {Suharto, Andre\u0301},\n  title = {Caf\u00e9},\n}\n"
    (finding,) = found(not_composed, text)
    assert (finding.place.line, finding.place.column) == (2, 26)
    assert mended(finding, text) == text.replace("e\u0301", "\u00e9")


@pytest.mark.parametrize(
    "mark, name",
    [
        ("\u200b", "U+200B, ZERO WIDTH SPACE"),
        ("\u00ad", "U+00AD, SOFT HYPHEN"),
        ("\ufeff", "U+FEFF, ZERO WIDTH NO-BREAK SPACE"),
        ("\x00", "U+0000, NULL"),
        ("\u202e", "U+202E, RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066", "U+2066, LEFT-TO-RIGHT ISOLATE"),
        ("\u200f", "U+200F, RIGHT-TO-LEFT MARK"),
        ("\x92", "U+0092, which in Windows-1252 was “’”"),
        ("\ufffd", "U+FFFD, REPLACEMENT CHARACTER"),
    ],
)
def test_invisible(mark, name):
    (finding,) = found(invisible_character, f"@misc{{key,\n  title = {{Desa{mark}ku}},\n}}\n")
    assert "in title stands" in str(finding.message) and name in str(finding.message)
    assert (finding.place.line, finding.place.column) == (2, 16)


@pytest.mark.parametrize("title", ["نامه\u200cها", "क्\u200dष", "שלום\u200f!", "👩\u200d🌾", "a\u00a0b", "a\tb"])
def test_joiners_where_they_are_spelling(title):
    assert message(invisible_character, title=title) == ""


# -- fields ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name, meant",
    [
        ("jounal", "journal"),
        ("auhtor", "author"),
        ("titel", "title"),
        ("pubisher", "publisher"),
        ("yaer", "year"),
        ("bookttle", "booktitle"),
        ("adress", "address"),
    ],
)
def test_misspelt_field(name, meant):
    (finding,) = found(unknown_field, entry_with(**{name: "x"}))
    assert (finding.suggestion, finding.severity) == (meant, "error")


@pytest.mark.parametrize(
    "name",
    [
        "abstract",
        "author+an",
        "title+an:default",
        "bdsk-url-1",
        "mendeley-tags",
        "file",
        "Date-Added",
        "shorttitle",
        "title_en",
        "xdata",
        "usera",
        "pustaka-ignore",
    ],
)
def test_known_field(name):
    assert found(unknown_field, entry_with(**{name: "x"})) == []


def test_strange_field_is_said_once():
    (finding,) = found(unknown_field, *[f"@misc{{a{number}, zzyzx = {{x}}}}\n" for number in range(3)])
    assert finding.severity == "warning"
    assert "(entries: 3)" in str(finding.message)


def test_every_language_of_the_site_has_a_name_that_langid_may_hold():
    assert set(LANGUAGES) <= LANGIDS


def test_names_of_the_data_model_are_in_lower_case():
    assert all(name == name.lower() for name in FIELDS | COMMON_FIELDS | TYPES | LANGIDS)


@pytest.mark.parametrize(
    "langid, meant",
    [("indonesia", "indonesian"), ("en-US", "english"), ("id", "indonesian"), ("englsh", "english"), ("klingon", ""), ("Indonesian", None)],
)
def test_langid(langid, meant):
    assert [finding.suggestion for finding in found(unknown_langid, entry_with(langid=langid))] == ([] if meant is None else [meant])


def test_missing_langid_is_asked_for_in_a_project_alone():
    assert missing_langid.site_only
    assert "has no langid" in message(missing_langid, title="x")
    assert message(missing_langid, langid="english") == message(missing_langid, "xdata") == ""


def test_empty_fields():
    assert [str(finding.message) for finding in found(empty_field, '@misc{k, a = {}, b = "", c = {{}}, d = { }, e = undefined, f = {x}, g = 0}')] == [
        f"the field “{name}” is empty: fill it, or take it out" for name in "abcd"
    ]


def test_repeated_field_quotes_both():
    (finding,) = found(repeated_field, "@misc{k, date = {2005}, title = {a}, Date = {2006}}")
    assert "“2005” and “2006”" in str(finding.message)
    assert finding.place.column == 38


def test_abbreviations():
    strings = "@string{jpm = {Jurnal}}\n@string{kom = {Lama}}\n"
    text = strings + "@misc{a, journaltitle = jpm, month = jan, publisher = jpmm, series = soon}\n@string{soon = {x}}"
    said = [str(finding.message) for finding in found(undefined_abbreviation, text)]
    assert said == [
        "“jpmm” is no @string that is defined here: did you mean “jpm”?",
        "“soon” is no @string that is defined here: its @string must stand before this entry",
    ]
    assert ["“kom”" in str(finding.message) for finding in found(unused_abbreviation, text)] == [True]


def test_letter_case_is_mended():
    text = "@Article{key,\n  AUTHOR = {A},\n  title = {B},\n}\n"
    one, other = found(letter_case, text)
    assert mended(one, text).startswith("@article{key,")
    assert "\n  author = {A}," in mended(other, text)


def test_a_file_has_a_spelling_of_its_own():
    many = "".join(f"@Book{{k{number},\n Author = {{A}},\n Title = {{B}},\n}}\n" for number in range(60))
    assert found(letter_case, many) == []
    assert found(letter_case, "@book{k, Author = {A}, Title = {B}}") != []


# -- entries --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "type, fields, missing",
    [
        ("article", "author title journal year", []),
        ("article", "author title date", ["journaltitle"]),
        ("incollection", "author title booktitle date", ["editor"]),
        ("misc", "editor title date", []),
        ("misc", "title date", ["author / editor"]),
        ("online", "author title date doi", []),
        ("online", "author title date", ["url / doi / eprint"]),
        ("thesis", "author title date institution", ["type"]),
        ("phdthesis", "author title date school", []),
        ("www", "author title date", ["url / doi / eprint"]),
        ("peta", "author title", ["date"]),  # an unknown type is taken for misc
        ("book", "", ["author", "title", "date"]),
        ("inbook", "title crossref", []),  # of a parent that is not there nothing is known
        ("set", "", ["entryset"]),
        ("xdata", "publisher", []),
    ],
)
def test_required_fields(type, fields, missing):
    said = message(missing_field, type, **dict.fromkeys(fields.split(), "x")).splitlines()
    assert [line.partition("must have the field ")[2].partition(" (")[0] for line in said] == missing
    assert all(line.endswith(": add it") for line in said), "errata.yml is of a project"


def test_empty_field_is_missing():
    assert "must have the field date" in message(missing_field, "book", author="x", title="x", date="")


@pytest.mark.parametrize(
    "child, parents, missing",
    [
        ("@inbook{k, author = {a}, title = {t}, crossref = {p}}", "@book{p, author = {a}, title = {t}, date = 2020}", []),
        ("@inproceedings{k, author = {a}, title = {t}, crossref = {p}}", "@proceedings{p, title = {t}, year = 2020}", []),
        ("@inproceedings{k, author = {a}, crossref = {p}}", "@proceedings{p, title = {t}, year = 2020}", ["title"]),
        ("@article{k, author = {a}, title = {t}, crossref = {p}}", "@periodical{p, editor = {e}, title = {t}, date = 2020}", []),
        ("@inbook{k, author = {a}, title = {t}, xdata = {p, q}}", "@xdata{p, date = 2020} @xdata{q, booktitle = {b}}", []),
        ("@inbook{k, author = {a}, title = {t}, crossref = {p}}", "@book{p, title = {t}, crossref = {q}} @mvbook{q, title = {m}, date = 2020}", []),
        ("@inbook{k, author = {a}, title = {t}, crossref = {p}}", "@book{p, title = {t}, crossref = {k}}", ["date"]),
    ],
)
def test_inherited_fields(child, parents, missing):
    said = [str(finding.message) for finding in found(missing_field, child, parents) if finding.key == "k"]
    assert [line.partition("must have the field ")[2].partition(" (")[0] for line in said] == missing


def test_duplicate_keys_over_files():
    said = [
        (finding.place.path, str(finding.message))
        for finding in found(duplicate_key, "@misc{a}\n@misc{b, ids = {A, c}}", "@misc{a}\n@misc{C}\n@misc{d}")
    ]
    assert [(path, text.partition(" is already used as ")[2].partition(":")[0]) for path, text in said] == [
        ("0.bib", "“a” (0.bib"),
        ("1.bib", "“a” (0.bib"),
        ("1.bib", "“c” (0.bib"),
    ]


def test_duplicate_doi_of_a_duplicate_key_is_said_once():
    assert found(duplicate_doi, "@misc{a, doi = {10.1/a}}", "@misc{a, doi = {10.1/a}}") == []
    assert len(found(duplicate_doi, "@misc{a, doi = {10.1/a}}", "@misc{b, doi = {https://doi.org/10.1/A}}")) == 1


FIRST = {"author": "Sari, Dewi and Putra, Agus", "title": "Kebun Bersama di Desa Contoh: Sebuah Kajian", "date": "2020"}


@pytest.mark.parametrize(
    "changes, severity",
    [
        ({}, "error"),
        ({"title": "{Kebun} bersama di desa contoh -- sebuah kajian"}, "error"),
        ({"title": "Kebun Bersama di Desa Contoh", "subtitle": "Sebuah Kajian"}, "error"),
        ({"author": "Dewi Sari and Agus Putra"}, "error"),
        ({"title": "Kebun Bersama di Desa Contoh"}, "warning"),
        ({"title": "Kebun Bersma di Desa Contoh: Sebuah Kajian"}, "warning"),
        ({"title": "Kebun Bersama di Desa Contoh: Sebuah Kejian"}, "warning"),
        ({"date": "2021"}, ""),
        ({"author": "Wibowo, Budi"}, ""),
        ({"title": "Kebun Bersama di Desa Contoh: Sebuah Kajian 2"}, ""),
        ({"title": "Kebun Bersama di Desa Contoh: Bagian Kedua"}, ""),
        ({"title": "Sawah Bersama di Desa Contoh: Sebuah Kajian"}, ""),
        ({"volume": "2"}, ""),
        ({"doi": "10.5555/b"}, ""),
        ({"edition": "2"}, ""),
    ],
)
def test_duplicate_work(changes, severity):
    one = FIRST | {"volume": "1", "edition": "1", "doi": "10.5555/a"}
    first = "@book{one, " + ", ".join(f"{name} = {{{value}}}" for name, value in one.items()) + "}"
    other = "@book{other, " + ", ".join(f"{name} = {{{value}}}" for name, value in (FIRST | changes).items()) + "}"
    assert "".join(finding.severity for finding in found(duplicate_work, first, other)) == severity
    assert found(duplicate_work, first, other.replace("@book", "@article")) == [], "an article may come out again in a book"


def test_parts_of_a_series_are_works_of_their_own():
    parts = "".join(
        f"@book{{k{number}, author = {{Sari, Dewi}}, title = {{Kebun di Desa Kita: Jilid {roman}}}, date = 2020}}\n"
        for number, roman in enumerate("I II III IV".split())
    )
    assert found(duplicate_work, parts) == []
    forewords = "".join(f"@article{{k{number}, author = {{Sari, Dewi}}, title = {{Editorial}}, date = 2020}}\n" for number in range(3))
    assert found(duplicate_work, forewords) == []


@pytest.mark.parametrize(
    "type, meant", [("boook", "book"), ("artcle", "article"), ("website", "online"), ("skripsi", "thesis"), ("data", "dataset"), ("peta", "")]
)
def test_unknown_type(type, meant):
    assert [finding.suggestion for finding in found(unknown_type, f"@{type}{{k}}")] == [meant]


@pytest.mark.parametrize("type", ["BOOK", "techreport", "software", "legislation", "customa", "conference", "presentation", "xdata"])
def test_known_type(type):
    assert found(unknown_type, f"@{type}{{k}}") == []


def test_references_between_entries():
    text = "@book{parent, ids = {mother}}\n@inbook{k, crossref = {mother}, xref = {Parent}, related = {parent, ghost}, xdata = {parnt}}"
    said = {str(finding.message).partition(",")[0]: finding.suggestion for finding in found(dangling_reference, text)}
    assert said == {"xref names “Parent”": "parent", "related names “ghost”": "", "xdata names “parnt”": "parent"}


def test_a_parent_counts_as_cited():
    assert [finding.key for finding in found(never_cited, "@inbook{k, crossref = {p}}\n@book{p}")] == ["k"]


@pytest.mark.parametrize(
    "text, circles",
    [
        ("@misc{a, crossref = {b}} @misc{b, crossref = {c}} @misc{c}", []),
        ("@misc{a, crossref = {b}} @misc{b, crossref = {a}}", ["a → b → a"]),
        ("@misc{z, crossref = {a}} @misc{a, xdata = {b, c}} @xdata{b} @xdata{c, xdata = {a}}", ["a → c → a"]),
        ("@misc{a, crossref = {b}} @misc{b, crossref = {b}}", ["b → b"]),
        ("@misc{a, crossref = {c}} @misc{b, crossref = {c}} @misc{c}", []),
        ("@misc{a, xref = {b}} @misc{b, xref = {a}}", []),  # nothing is inherited through xref
    ],
)
def test_circles(text, circles):
    assert [str(finding.message).split(", ", 1)[1].partition(":")[0] for finding in found(circular_inheritance, text)] == circles


@pytest.mark.parametrize(
    "type, fields, severity",
    [
        ("misc", {"howpublished": "Komunikasi pribadi"}, "error"),
        ("misc", {"note": "Wawancara pribadi, 2 Mei 2020"}, "error"),
        ("unpublished", {"note": "Personal communication"}, "error"),
        ("misc", {"title": "Pers. comm. dengan kepala desa"}, "warning"),
        ("letter", {"title": "Personal e-mail to the author"}, "warning"),
        ("article", {"title": "Personal communication networks in the village"}, ""),
        ("unpublished", {"title": "Wawancara dengan anggota komunitas"}, ""),
        ("book", {"title": "Surat Pribadi", "publisher": "Penerbit"}, ""),
    ],
)
def test_personal_communication(type, fields, severity):
    assert "".join(finding.severity for finding in found(personal_communication, entry_with(type, **fields))) == severity


# -- all of them ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word, meant", [("book", "book"), ("BOOK", "book"), ("bok", "book"), ("boook", "book"), ("bock", "book"), ("obok", "book"), ("bx", ""), ("", "")]
)
def test_spelling(word, meant):
    assert Spellings(["book", "article"]).nearest(word) == meant


PIECES = [
    "A",
    "AAAA, ",
    "A.",
    " and ",
    "&",
    "<i ",
    "\\(",
    "$",
    "\\'{}",
    "{a}",
    "1-",
    "1--2,",
    "10.1/",
    "http://",
    "A A, A A. ",
    "M.Sc ",
    "dkk ",
    "(",
    "e\u0301",
    "\u200b",
    "/",
    "X-",
]


@pytest.mark.parametrize("piece", PIECES)
def test_hostile_values_take_no_time(piece):
    fields = "author title pages date doi url isbn issn note orcid langid crossref related".split()
    site = site_of(*[entry_with("article", **{name: piece * (100_000 // len(piece))}) for name in fields])
    for rule in ANYWHERE:
        started = time.process_time()
        for finding in rule.findings(site):
            assert str(finding)
        assert time.process_time() - started < 3, rule.code  # what is not linear takes minutes


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"@inbook{{a{number}, crossref = {{a{number + 1}}}}}\n" for number in range(5000)),
        "".join(f"@inbook{{a{number}, crossref = {{a{(number + 1) % 5000}}}}}\n" for number in range(5000)),
        "".join(f"@inbook{{a{number}, xdata = {{a{number + 1}, a0}}}}\n" for number in range(5000)),
        "".join(f"@book{{a{number}, author = {{Sari}}, title = {{Satu dua tiga empat kata{number} enam}}, date = 2020}}\n" for number in range(5000)),
        "@book{a, " + "".join(f"f{number} = {{}}, " for number in range(20_000)) + "}",
    ],
    ids=["chain", "ring", "many rings", "alike", "fields"],
)
def test_hostile_bibliographies_take_no_time(text):
    site = site_of(text)
    for rule in ANYWHERE:
        started = time.process_time()
        list(rule.findings(site))
        assert time.process_time() - started < 3, rule.code
