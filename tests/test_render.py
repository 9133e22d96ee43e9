"""What readers see: citations and references in each language, relative addresses, dates, marked words."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from pustaka.export.feed import _moments as moments
from pustaka.load import load
from pustaka.model import Citation, CitationGroup, Locator, Place
from pustaka.render import citeproc
from pustaka.render.address import absolute, fragment, relative
from pustaka.render.language import file_size, long_date, mark_foreign
from pustaka.render.metadata import _for_zotero as for_zotero
from pustaka.render.publication import _pinpoint as pinpoint
from pustaka.works import Name

ROOT = Path(__file__).parents[1]


@cache
def site():
    loaded, faults = load(ROOT)
    assert faults == []
    return loaded


@cache
def entries(language: str) -> dict[str, str]:
    return dict(citeproc.references(site(), citeproc.csl_items(site()), (), language).entries)


@pytest.mark.parametrize("language", ["id", "en"])
def test_title_is_printed_as_it_stands_in_every_language(language):
    for key, markup in entries(language).items():
        assert site().entry[key].text("title").replace("---", "—") in citeproc.plain(markup), key


@pytest.mark.parametrize(
    ("origin", "target", "link"),
    [
        ("id/abcd/", "en/abcd/", "../../en/abcd/"),
        ("id/", "assets/site.css", "../assets/site.css"),
        ("", "id/", "id/"),
        ("id/abcd/", "id/bibliography/#ref-a", "../bibliography/#ref-a"),
        ("id/abcd/", "id/abcd/", "./"),
        ("id/abcd/", "", "../../"),
    ],
)
def test_relative_address(origin, target, link):
    assert relative(origin, target) == link


def test_other_addresses():
    assert absolute("https://example.org/sub/", "id/abcd/") == "https://example.org/sub/id/abcd/"
    assert fragment('ref-a#b"c') == "ref-a%23b%22c"


def test_dates_numbers_and_words_of_a_language():
    assert long_date("2022-06-08", "id") == "8 Juni 2022"
    assert long_date("2022-06-08", "en_GB") == "8 June 2022"
    assert (file_size(412, "id"), file_size(412, "en_GB")) == ("0,4 kB", "0.4 kB")
    assert mark_foreign("lokapasar (marketplace) & <toko>", {"marketplace": "en"}) == 'lokapasar (<i lang="en">marketplace</i>) &amp; &lt;toko&gt;'


# -- How a work is cited alone -----------------------------------------------------------------------------------


PAGES = [
    {"id": f"p{number}", "type": "webpage", "author": [{"literal": "Redaksi"}], "title": title, "container-title": "Situs", "language": language}
    | {"issued": {"date-parts": [[2026, 11, 21]]}, "URL": f"https://contoh.example/{number}/"}
    for number, (title, language) in enumerate([("Satu", "id"), ("Dua", "id")])
]


@pytest.mark.parametrize("language, date", [("id", "(2026, 21 November)"), ("en", "(2026, November 21)")])
def test_the_day_comes_first_where_the_language_has_it_so(language, date):
    printed = citeproc.alone(site(), PAGES[:1], language, citeproc.STYLES[0])
    assert date in citeproc.plain(printed["p0"].reference)


@pytest.mark.parametrize("style", citeproc.STYLES, ids=lambda style: style.label)
def test_a_work_alone_is_told_from_no_other(style):
    """No letter behind its year, no dash for its author, no title in its citation because of another one."""
    together, by_itself = (citeproc.alone(site(), items, "id", style)["p0"] for items in (PAGES, PAGES[:1]))
    assert together == by_itself
    assert "Redaksi" in together.reference and "2026" in together.reference
    if style.label == "Vancouver":
        assert together.in_text == "", "it numbers its citations"
    else:
        assert together.in_text.startswith("(Redaksi")
    assert together.narrative.startswith("Redaksi") is (style is citeproc.STYLES[0]), "readers are shown it of the site's own style"


def made_up_works() -> list[dict]:
    """Works that can be taken for each other in every way: by family name, by name and year, by the first of several authors, by none."""
    chance = random.Random(7)
    names = [{"family": family, "given": given} for family in ("Sari", "Putra", "sari", "Ömer", "de Wit") for given in ("Ayu", "Budi", "A.")]
    names += [{"family": f"Keluarga{number}", "given": "Nia"} for number in range(90)] + [{"literal": "Dinas Sosial"}, {"family": "Tunggal"}]
    works = []
    for number in range(260):
        authors = chance.sample(names[:15] if number % 3 else names, chance.choice((1, 1, 2, 3, 4)))
        year = chance.choice(([2019], [2020], [2020], [2020, 5], None))
        work = {"id": f"w{number}", "type": "article-journal", "title": f"Kajian {chance.randrange(200)}", "container-title": "Jurnal"}
        works.append(work | ({"author": authors} if number % 11 else {}) | ({"issued": {"date-parts": [year]}} if year else {}))
    return works


@pytest.mark.parametrize("language", ["id", "en"])
def test_works_are_printed_in_portions_as_they_are_together(language, monkeypatch):
    """Letters behind years, initials, further names, and the order: all that a work gets because of another one."""
    works, chance = made_up_works(), random.Random(3)
    cited = [chance.sample(works, 2 if number % 25 == 0 else 1) for number in range(300)]
    groups = [
        CitationGroup(tuple(Citation(work["id"], Place("")) for work in some), Place(""), "", len(some) == 1 and chance.random() < 0.4)
        for some in cited
    ]
    portions = []

    def counted(*arguments):
        portions.extend(apart(*arguments))
        return portions

    apart = citeproc._apart
    monkeypatch.setattr(citeproc, "_apart", counted)
    in_portions = citeproc.references(site(), works, groups, language)
    assert len(portions) > 2, "there is nothing to compare"
    monkeypatch.setattr(citeproc, "_apart", lambda items, groups: [(items, groups)])
    together = citeproc.references(site(), works, groups, language)
    assert in_portions == together
    assert list(in_portions.entries) == list(together.entries)
    assert re.search(r"20(19|20)[a-c]", " ".join(together.entries.values())), "no letters were needed"


def test_quotation_marks_and_commas_in_a_title_stay():
    item = PAGES[0] | {"title": "Yang ditulis “et al.”, “dkk.”, atau lainnya", "language": "en"}
    for style in citeproc.STYLES:
        words = citeproc.plain(citeproc.alone(site(), [item], "en", style)["p0"].reference).casefold()
        assert words.count("et al.") == words.count("dkk.") == 1
        assert words.index(",", words.index("et al.")) < words.index("dkk."), style.label


def places(*places: str) -> str:
    """The locators of a finding that rests on several places: "section d; section Abstrak, paragraph 5"."""
    study = replace(next(iter(site().studies)), sections={name: name for name in ("Abstrak", "a", "b", "c", "d")})
    parts = [tuple(tuple(part.split(" ", 1)) for part in place.split(", ")) for place in places]
    cited = [Citation("x", Place(""), locator=Locator(each) if each != (("",),) else None) for each in parts]
    locator = pinpoint(study, cited).citations[0].locator
    return ", ".join(f"{label} {value}" for label, value in locator.parts) if locator else ""


@pytest.mark.needs_study
@pytest.mark.parametrize(
    "cited, printed",
    [
        (["section d", "section a", "section d"], "section a, d"),
        (["section Abstrak, paragraph 5", "section Abstrak, paragraph 2"], "section Abstrak, paragraph 2, 5"),
        (["section Abstrak, paragraph 12", "section Abstrak, paragraph 2"], "section Abstrak, paragraph 2, 12"),
        (["section Abstrak", "section Abstrak, paragraph 5"], "section Abstrak, paragraph 5"),
        (["page 14", "section c"], "section c, page 14"),
        ([""], ""),
    ],
)
def test_a_finding_is_cited_with_all_its_places_in_the_order_of_the_source(cited, printed):
    assert places(*cited) == printed


def test_pages_of_one_day_keep_their_order_in_a_feed():
    assert moments(["2026-11-21", "2026-11-21", "2026-11-01"]) == ["2026-11-21T00:00:01Z", "2026-11-21T00:00:00Z", "2026-11-01T00:00:00Z"]
    assert sorted(moments(["2026-11-21"] * 70), reverse=True) == moments(["2026-11-21"] * 70)


@pytest.mark.parametrize(
    "name, written",
    [
        (Name("Sukarno"), "Sukarno"),
        (Name("Hidayat", "Budi Ilham"), "Hidayat, Budi Ilham"),
        (Name("Abdul Aziz", "Muhammad Ilham"), "Abdul Aziz, Muhammad\u00a0Ilham"),
        (Name(body="Badan Pusat Statistik"), "Badan Pusat Statistik,"),
        (Name(body="Kominfo"), "Kominfo"),
    ],
)
def test_an_author_is_named_as_reference_managers_take_the_name(name, written):
    assert for_zotero(name) == written
