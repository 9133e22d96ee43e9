"""The rules of the family O: their examples, what they forgive and what they do not; and `pustaka.agreement`, by which they compare."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from green import green_site, put, site_with

from pustaka import load
from pustaka.agreement import containers_agree, likeness, names_agree, numbers_agree, pages_agree, titles_agree, unmatched_names
from pustaka.bib import Bibliography
from pustaka.model import Entry, Finding, Place
from pustaka.registry import Answer, Record, Registry, quoted, shortened, to_json
from pustaka.rules import rules

SCRIPTS = Path(__file__).parents[1] / "scripts"
FAMILY = [rule for rule in rules() if rule.family == "online"]
each_rule = pytest.mark.parametrize("rule", FAMILY, ids=lambda rule: rule.code)

DOI = "10.5555/kebun"
LINK = "https://kebun.example.org/desa/1"
PLACE = Place("references.bib", 3, 1)


def findings(entry: Entry, registry: Registry) -> list[Finding]:
    site = replace(site_with(), entries=(entry,))
    return [finding for rule in FAMILY for finding in rule.findings(site, registry)]


def codes(type: str = "article", *, record: dict | None = None, answer: Answer | None = None, **fields: str) -> list[str]:
    """The codes that are found for an entry, with what is registered for its DOI or answered by its link."""
    dois = {} if record is None else {DOI: Record(DOI, **record)}
    links = {} if answer is None else {LINK: answer}
    fields = {"title": "Kebun Bersama", "doi": DOI, "url": LINK} | fields
    return [finding.code for finding in findings(Entry("sari2020", type, fields, PLACE), Registry(dois, links))]


# -- The examples --------------------------------------------------------------------------------------------------------------


@each_rule
@pytest.mark.parametrize("kind", ["Bad", "Good"])
def test_the_examples(rule, kind, tmp_path):
    root = green_site(tmp_path)
    for path, text in rule.example(kind).items():
        put(root, path, text)
    site, faults = load.load(root)
    registry = Registry.from_json((root / "registry.json").read_text("utf-8"))
    found = [finding for other in FAMILY for finding in other.findings(site, registry)]
    assert faults == []
    assert {finding.code for finding in found} == ({rule.code} if kind == "Bad" else set())
    assert all(finding.key and finding.place.line > 1 and "“" in str(finding.message) for finding in found)


@each_rule
def test_who_has_not_asked_finds_nothing(rule, tmp_path):
    root = green_site(tmp_path)
    for path, text in rule.example("Bad").items():
        put(root, path, text)
    assert list(rule.findings(load.load(root)[0])) == []


def test_no_rule_brings_in_what_uses_the_network():
    program = "import sys; from pustaka.rules import rules; rules(); sys.exit('pustaka.online' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONPATH": str(SCRIPTS)}, check=False).returncode == 0


# -- DOIs ----------------------------------------------------------------------------------------------------------------------

KEBUN = Record("10.5555/kebun.1", titles=("Kebun Bersama",), authors=("Sari, Dewi",))
OTHER = Record("10.5555/lain", titles=("Harga Beras",), authors=("Sari, Dewi",))
NAMESAKE = Record("10.5555/nama", titles=("Kebun Bersama",), authors=("Putra, Agus",))


@pytest.mark.parametrize(
    ("candidates", "suggestion"),
    [((OTHER, KEBUN), KEBUN.doi), ((OTHER, NAMESAKE), ""), ((), ""), ((replace(NAMESAKE, authors=()),), NAMESAKE.doi)],
)
def test_an_unregistered_doi_and_what_is_suggested_for_it(candidates, suggestion):
    registry = Registry({DOI: Record(DOI, registered=False, candidates=candidates)})
    (found,) = findings(Entry("sari2020", "article", {"title": "Kebun bersama", "author": "Sari, D.", "doi": DOI}, PLACE), registry)
    assert (found.code, found.severity, found.suggestion) == ("O801", "error", suggestion)


def test_another_work_is_told_once_and_its_fields_are_not():
    record = {"titles": ("Harga Beras pada Musim Kemarau",), "authors": ("Wulandari, R.",), "years": ("2017",), "pages": "1-9", "type": "book"}
    assert codes(record=record, author="Sari, Dewi", date="2020", pages="131--141") == ["O802"]


def test_a_translated_title_is_not_another_work():
    record = {"titles": ("Harga Beras pada Musim Kemarau",), "authors": ("Sari, Dewi", "Putra, A.")}
    assert codes(record=record, author="Sari, D. and Putra, Agus", title="Rice Prices in the Dry Season") == ["O804"]


@pytest.mark.parametrize(("title", "found"), [("Harga Beras", ["O802"]), ("Kebun Berdua", ["O804"])])
def test_without_authors_the_titles_must_be_far_apart(title, found):
    assert codes(record={"titles": (title,)}) == found


@pytest.mark.parametrize(
    ("record", "severity"),
    [
        ({"notices": (("retraction", "10.5555/tarik"),)}, "error"),
        ({"notices": (("correction", "10.5555/a"), ("withdrawal", "10.5555/tarik"))}, "error"),
        ({"notices": (("expression_of_concern", "10.5555/a"), ("retraction", "10.5555/tarik"))}, "error"),
        ({"notices": (("expression_of_concern", "10.5555/a"),)}, "warning"),
        ({"notices": (("partial_retraction", "10.5555/a"),)}, "warning"),
        ({"titles": ("RETRACTED: Kebun bersama",)}, "error"),
        ({"titles": ("[Retracted] Kebun bersama",)}, "error"),
        ({"titles": ("WITHDRAWN ARTICLE: Kebun bersama",)}, "error"),
        ({"notices": (("correction", "10.5555/a"), ("erratum", "10.5555/b"), ("new_version", "10.5555/c"))}, ""),
        ({"titles": ("Retracted Work and Its Readers",)}, "O804"),
    ],
)
def test_retractions(record, severity):
    found = findings(
        Entry("sari2020", "article", {"title": "Kebun Bersama", "author": "Sari, D.", "doi": DOI}, PLACE), Registry({DOI: Record(DOI, **record)})
    )
    told = [finding.severity for finding in found if finding.code == "O803"]
    assert told == ([severity] if severity in ("error", "warning") else [])
    assert [finding.code for finding in found if finding.code != "O803"] == ([] if severity != "O804" else ["O802"])


@pytest.mark.parametrize(
    ("authors", "registered"),
    [
        ("Sari, Dewi and Putra, Agus", ("Sari, D.", "Putra, A.")),
        ("Sari, Dewi", ("Dewi Sari",)),
        ("Sukarno", ("Sukarno, -",)),
        ("Sukarno", ("Sukarno, Sukarno",)),
        ("Dewi Lestari Sari", ("Sari, Dewi Lestari",)),
        (r"M{\"u}ller, J{\'o}zef", ("Müller, J.",)),
        ("{Badan Pusat Statistik}", ("BPS",)),
        ("{BPS}", ("Badan Pusat Statistik",)),
        ("Al-Ghazali, A.", ("Alghazali, Ahmad",)),
        ("van der Berg, Jan", ("Berg, J. van der",)),
        ("O'Brien, Pat", ("O’Brien, P.",)),
        ("Sari, Dewi and others", ("Sari, D.", "Putra, A.", "Wulandari, R.")),
        ("Sari, Dewi", ()),
    ],
)
def test_authors_that_agree(authors, registered):
    assert codes(record={"titles": ("Kebun Bersama",), "authors": registered}, author=authors) == []


@pytest.mark.parametrize(
    ("authors", "registered", "told"),
    [
        ("Sari, Dewi", ("Sari, D.", "Putra, A."), "“Putra, A.” is left out"),
        ("Sari, Dewi and Putra, Agus", ("Sari, D.",), "“Putra, Agus” is not among them"),
        ("Putra, Agus and Sari, Dewi", ("Sari, D.", "Putra, A."), "the first of them is “Sari, D.”"),
        ("Sary, Dewi", ("Sari, Dewi",), "“Sary, Dewi” is not among them; “Sari, Dewi” is left out"),
        ("Wulandari, R. and others", ("Sari, D.", "Putra, A."), "“Wulandari, R.” is not among them"),
    ],
)
def test_authors_that_differ(authors, registered, told):
    registry = Registry({DOI: Record(DOI, titles=("Kebun Bersama",), authors=registered)})
    (found,) = findings(Entry("sari2020", "article", {"title": "Kebun Bersama", "author": authors, "doi": DOI}, PLACE), registry)
    assert (found.code, found.severity) == ("O805", "warning")
    assert f"({told})" in str(found.message)


@pytest.mark.parametrize(
    ("fields", "years", "found"),
    [
        ({"date": "2019-12-31"}, ("2020", "2019"), []),
        ({"year": "2020"}, ("2020",), []),
        ({"date": "2018/2019"}, ("2019",), []),
        ({"date": "forthcoming"}, ("2019",), []),
        ({"date": "2018"}, (), []),
        ({}, ("2019",), []),
        ({"year": "2018"}, ("2020", "2019"), ["O806"]),
    ],
)
def test_years(fields, years, found):
    assert codes(record={"titles": ("Kebun Bersama",), "years": years}, **fields) == found


DIFFERENT = """@TYPE{sari2020,
  title = {Kebun Berdua di Desa Kita},
  author = {Sari, Dewi and Putra, A.},
  date = {2018},
  journaltitle = {Jurnal Sawah},
  volume = {1},
  number = {1},
  pages = {1--9},
  doi = {10.5555/kebun},
}
"""


@pytest.mark.parametrize(
    ("type", "numbers", "types"),
    [("article", [("O808", 6, "14"), ("O808", 7, "2")], []), ("book", [], [("O810", 1, "@article")])],
    ids=["article", "book, whose volume is not compared"],
)
def test_every_field_is_told_at_its_place_with_the_registered_value(type, numbers, types):
    bibliography = Bibliography(lambda place, message: pytest.fail(f"{place}: {message}"))
    bibliography.read(DIFFERENT.replace("TYPE", type), "references.bib")
    record = Record(DOI, True, "journal-article", ("Kebun Bersama di Desa Kita",), ("Sari, D.",), ("2020",), ("Jurnal Kebun",), "14", "2", "131-141")
    told = [(found.code, found.place.line, found.suggestion) for found in findings(bibliography.entries[0], Registry({DOI: record}))]
    assert told == [
        ("O804", 2, "Kebun Bersama di Desa Kita"),
        ("O805", 3, "Sari, D."),
        ("O806", 4, "2020"),
        ("O807", 5, "Jurnal Kebun"),
        *numbers,
        ("O809", 8, "131-141"),
        *types,
    ]


@pytest.mark.parametrize("type", ["article", "online", "misc", "unpublished", "inproceedings", "report"])
def test_types_that_may_be_an_article(type):
    assert codes(type, record={"titles": ("Kebun Bersama",), "type": "journal-article"}) == []


@pytest.mark.parametrize(
    ("type", "registered"),
    [
        ("thesis", "article-journal"),
        ("article", "book"),
        ("book", "book-chapter"),
        ("book", "paper-conference"),
        ("article", "dissertation"),
        ("book", "dataset"),
    ],
)
def test_types_that_cannot_be(type, registered):
    assert codes(type, record={"titles": ("Kebun Bersama",), "type": registered}) == ["O810"]


# -- Links ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (Answer(200), []),
        (Answer(204), []),
        (Answer(304), []),
        (Answer(404), ["O811"]),
        (Answer(410), ["O811"]),
        (Answer(fault="unknown host"), ["O811"]),
        *((Answer(status), ["O812"]) for status in (400, 401, 403, 429, 451, 500, 503, 999)),
        *((Answer(fault=fault), ["O812"]) for fault in ("silent", "loop", "no address")),
        (Answer(200, "https://kebun.example.org/"), ["O813"]),
        (Answer(200, "https://www.example.org"), ["O813"]),
        (Answer(200, "https://kebun.example.org/?p=1"), []),
        (Answer(404, "https://kebun.example.org/"), ["O811"]),
    ],
)
def test_links(answer, found):
    assert codes(answer=answer) == found


def test_a_link_to_a_front_page_may_lead_to_another():
    registry = Registry(links={"https://kebun.example.org": Answer(200, "https://www.kebun.example.org/")})
    assert findings(Entry("sari2020", "online", {"url": "https://kebun.example.org#atas"}, PLACE), registry) == []


# -- Agreement -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "registered"),
    [
        ("Kebun bersama", "KEBUN BERSAMA."),
        ("{K}ebun & Pasar", "Kebun dan Pasar"),
        (r"Kebun \& Pasar \emph{Desa}", "Kebun and pasar <i>desa</i>"),
        (r"{\'E}tude", "Étude"),
        ("Kebun Bersama: Sebuah Kajian", "Kebun Bersama"),
        ("Kebun Bersama", "Kebun Bersama? Sebuah Kajian"),
        ("Kebun Bersama", "Kebun Bersama - A Study"),
        ("Kebun Bersama", "Kebun Bersama (Shared Gardens)"),
        ("Kebun Bersama", "Kebun Bersama / Shared Gardens"),
        ("Kebun—Bersama", "Kebun Bersama"),
        ("E-commerce di desa", "Ecommerce di Desa"),
        ("People's gardens", "Peoples’ Gardens"),
        (r"The $\alpha$-helix of $H_2O$ in village water", "The α-helix of H<sub>2</sub>O in village water"),
        (r"Growth of $x^{2}$ in village gardens", "Growth of <mml:math>x squared</mml:math> in village gardens"),
        (r"Kebun {\textless scp\textgreater AI\textless/Scp\textgreater{}} \&Amp; Pasar", "Kebun AI & Pasar"),
        ("Kebun Bersama", "RETRACTED ARTICLE: Kebun bersama"),
        ("…", "Kebun"),
    ],
)
def test_titles_that_agree(stated, registered):
    assert titles_agree([stated], [registered])


@pytest.mark.parametrize(
    ("stated", "registered"),
    [
        ("Kebun Bersama", "Kebun Berdua"),
        ("Kebun Bersama: Kajian di Desa", "Kebun Bersama: Kajian di Kota"),
        ("Kebun Bersama 2", "Kebun Bersama 3"),
        ("Harga $x$", "Panen $x$ pada musim kemarau"),
    ],
)
def test_titles_that_differ(stated, registered):
    assert not titles_agree([stated], [registered])


@pytest.mark.parametrize(
    ("stated", "registered"),
    [
        ("J. Rural Stud.", "Journal of Rural Studies"),
        ("The Journal of Peasant Studies", "Journal of Peasant Studies"),
        ("PNAS", "Proceedings of the National Academy of Sciences"),
        ("Jurnal Riset Manajemen dan Bisnis Dewantara (JMD)", "Jurnal Riset Manajemen & Bisnis Dewantara"),
        ("KARSA: Journal of Social and Islamic Culture", "KARSA: Jurnal Sosial dan Budaya Keislaman"),
        ("KARSA", "KARSA: Jurnal Sosial dan Budaya Keislaman"),
        ("World Dev", "World Development"),
    ],
)
def test_containers_that_agree(stated, registered):
    assert containers_agree([stated], [registered]) and containers_agree([registered], [stated])


@pytest.mark.parametrize(
    ("stated", "registered"),
    [("Jurnal Sawah", "Jurnal Kebun"), ("Jurnal: Sawah", "Jurnal: Kebun"), ("World", "World Development"), ("JK", "Jurnal Sawah")],
)
def test_containers_that_differ(stated, registered):
    assert not containers_agree([stated], [registered])


@pytest.mark.parametrize(
    ("stated", "registered", "agree"),
    [("14", "Vol. 14", True), ("04", "4", True), ("1-2", "1/2", True), ("1", "1-2", True), ("", "2", True), ("Spring", "2", True), ("3", "2", False)],
)
def test_numbers(stated, registered, agree):
    assert numbers_agree(stated, registered) == agree


@pytest.mark.parametrize(
    ("stated", "registered", "agree"),
    [
        ("131--141", "131-141", True),
        ("131–141", "131-41", True),
        ("131--9", "131-139", True),
        ("131", "131-141", True),
        ("131--141", "131", True),
        ("xi--xv", "xi-xv", True),
        ("e0123", "0123", True),
        ("11--20, 31", "11-20", True),
        ("131--142", "131-141", False),
        ("113--141", "131-141", False),
        ("1--10", "131-140", False),
        ("e0123", "e0124", False),
    ],
)
def test_pages(stated, registered, agree):
    assert pages_agree(stated, registered) == agree


def test_names_are_matched_once_each():
    assert unmatched_names(["Sari, D.", "Sari, R."], ["Sari, D."]) == (["Sari, R."], [])
    assert unmatched_names(["Putra, A.", "Sari, D."], ["Sari, D.", "Wulandari, R.", "Putra, A."]) == ([], ["Wulandari, R."])


def test_comparing_takes_time_in_proportion():
    started = time.monotonic()
    for hostile in (
        "a" * 100_000,
        "{" * 100_000,
        "\\" * 100_000,
        "<a" * 50_000,
        "(" * 100_000,
        "a " * 50_000,
        "&amp;" * 20_000,
        "retracted " * 10_000,
        "-" * 100_000,
    ):
        titles_agree([hostile], [f"{hostile}x"])
        likeness([hostile], [f"{hostile}x"])
        containers_agree([hostile], [f"{hostile}x"])
        names_agree(hostile, f"{hostile}x")
        numbers_agree(hostile, hostile)
        pages_agree(hostile, hostile)
    names = [f"Siti, {number}" for number in range(3_000)]
    unmatched_names(names, [f"Dewi Siti Sari{number}" for number in range(3_000)])
    assert time.monotonic() - started < 3


def test_ten_thousand_entries_are_compared_in_seconds():
    def entry(number: int) -> Entry:
        fields = {
            "title": f"Kebun Bersama {number}",
            "author": "Sari, Dewi and Putra, Agus",
            "date": "2020",
            "doi": f"10.5555/{number}",
            "journaltitle": "Jurnal Kebun",
        }
        return Entry(f"k{number}", "article", fields, PLACE)

    entries = tuple(map(entry, range(10_000)))
    dois = {
        f"10.5555/{number}": Record(
            f"10.5555/{number}", titles=(f"Kebun bersama {number}",), authors=("Sari, D.", "Putra, A."), years=("2020",), containers=("J. Kebun",)
        )
        for number in range(10_000)
    }
    site, started = replace(site_with(), entries=entries), time.monotonic()
    assert [finding for rule in FAMILY for finding in rule.findings(site, Registry(dois))] == []
    assert time.monotonic() - started < 10


# -- The registry as data ------------------------------------------------------------------------------------------------------


def test_a_record_survives_its_json():
    record = Record(DOI, titles=("Kebun",), notices=(("retraction", "10.5555/tarik"),), candidates=(KEBUN, OTHER))
    text = f'{{"dois": {{"{DOI}": {to_json(record)}}}, "links": {{"{LINK}": {to_json(Answer(404))}}}}}'
    assert Registry.from_json(text) == Registry({DOI: record}, {LINK: Answer(404)})
    assert Registry.from_json("{}") == Registry()


@pytest.mark.parametrize("text", ["", "{", '{"dois": {"10.5555/a": {"colour": "green"}}}', '{"links": {"a": {"colour": 1}}}'])
def test_what_is_no_registry_is_refused(text):
    with pytest.raises((ValueError, TypeError)):
        Registry.from_json(text)


def test_long_texts_and_lists_are_cut_for_messages():
    assert shortened("kebun desa " * 100, 20) == "kebun desa kebun …"
    assert shortened("x" * 30, 20) == "x" * 20 + " …"
    assert quoted("abcdefg") == "“a”, “b”, “c”, “d”, “e” … (+2)"
