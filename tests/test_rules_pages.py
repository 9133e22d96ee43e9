"""The borders of the rules on pages; what each finds at all is shown by the examples in its docstring."""

from __future__ import annotations

from dataclasses import replace

import pytest
from green import site_with

from pustaka.model import Entry, Place
from pustaka.rules.pages import (
    dead_link,
    forgotten_mark,
    impossible_page,
    malformed_citation,
    uncited_paragraph,
    unknown_key,
    unknown_section,
)


def count(rule, site) -> int:
    return len(list(rule.findings(site)))


@pytest.mark.parametrize(
    "written, pages",
    [
        ("hlm. 11", "11--20"),
        ("hlm. 20", "11--20"),
        ("hlm. 12–14, 18", "11--20"),
        ("hlm. 131-9", "131--141"),  # cut short: 131–139, or a slip; the first page alone is sure
        ("hlm. xii", "11--20"),  # another series: not comparable
        ("hlm. S4", "11--20"),
        ("hlm. 12a", "11--20"),
        ("hlm. xii", "ix--xv"),
        ("hlm. 3", "art12"),
        ("hlm. 7", "20--11"),  # E308 speaks of these
        ("hlm. 7", "11--"),
        ("hlm. 45", "11--20, 41--50"),
        ("bag. 7", "11--20"),
        ("bab 7", "11--20"),
    ],
)
def test_page_that_can_be(written, pages):
    assert outside(written, pages) == []


@pytest.mark.parametrize(
    "written, pages, offender",
    [
        ("hlm. 10", "11--20", "10"),
        ("21", "11--20", "21"),
        ("hlm. 19–21", "11--20", "19–21"),
        ("hlm. 140-9", "11--20", "140-9"),
        ("hlm. 12, 30", "11--20", "30"),
        ("hlm. xx", "ix--xv", "xx"),
        ("hlm. S9", "S1--S8", "S9"),
        ("hlm. 30", "11--20, 41--50", "30"),
        ("bab 2, hlm. 30", "11--20", "30"),
        ("hlm. 2", "1", "2"),
    ],
)
def test_page_that_cannot_be(written, pages, offender):
    [message] = outside(written, pages)
    assert f"page “{offender}” is outside the pages of suharto2005, {pages.replace('--', '–')}" in message


def outside(written: str, pages: str) -> list[str]:
    book = Entry("suharto2005", "book", {"pages": pages}, Place("x.bib"))
    site = replace(site_with(id=f"Kata [@suharto2005, {written}]."), entries=(book,))
    return [str(finding.message) for finding in impossible_page.findings(site)]


@pytest.mark.parametrize(
    "body, faults",
    [
        ("Kata.", 1),
        ("Kata [@contoh2020].", 0),
        ("Kata @contoh2020.", 0),
        ("Kata [@contoh2020; x].", 0),  # P202 speaks of it
        ("`[@contoh2020]`", 1),
        ("> Kutipan.", 1),
        ("> Kutipan [@contoh2020].", 0),
        ("| a | b |\n|---|---|\n| 1 | 2 |", 1),
        ("| a | b |\n|---|---|\n| 1 | @contoh2020 |", 0),
        ("Pengantar [@contoh2020]:\n\n- satu\n- dua", 0),
        ("Pengantar [@contoh2020]:\n\n- satu\n\n1. dua", 1),  # the second list stands below a list
        ("Pengantar [@contoh2020].\n\n## Judul {#heading}\n\n- satu", 1),  # a heading parts them
        ("Pengantar [@contoh2020].\n\nKata.", 1),  # a paragraph cites for itself
        ("/// note | Catatan\nKata.\n\n- satu\n///", 0),
        ("/// summary | Ringkasan\nKata.\n///", 1),
        ("## Judul {#heading}", 0),
        ("![Gambar](figure:abcd)", 0),
        ("{{ errata contoh }}", 0),
        ("```\nkode\n```", 0),
        ("    kode", 0),
        ("<div>HTML</div>", 0),
        ("<!-- catatan -->", 0),
    ],
)
def test_what_owes_a_citation(body, faults):
    assert count(uncited_paragraph, site_with(id=body)) == faults


@pytest.mark.parametrize(
    "path, faults",
    [
        ("studies/contoh/index", 1),
        ("studies/contoh/deeper/page", 1),
        ("studies/contoh/references", 0),
        ("studies/contoh/teaching", 0),
        ("studies/index", 0),
        ("about", 0),
    ],
)
def test_where_citations_are_owed(path, faults):
    assert count(uncited_paragraph, site_with(path, en="Words.")) == faults


@pytest.mark.parametrize(
    "body",
    ["`@tidak-ada`", "```\n[@tidak-ada]\n```", "saya@contoh.id", r"\@tidak-ada", "[@tidak-ada](https://contoh.id)", "<!-- @tidak-ada -->", "@"],
)
def test_what_is_no_citation(body):
    site = site_with(id=body)
    assert count(unknown_key, site) == count(malformed_citation, site) == 0


@pytest.mark.parametrize(
    "body, fault",
    [
        ("[@contoh2020", "its bracket is not closed"),
        ("[lihat @contoh2020 [catatan]", "its bracket is not closed"),
        ("[@contoh2020;]", "there is nothing between two semicolons"),
        ("[@contoh2020 @suharto2005]", "holds two keys: part them with a semicolon"),
        ("kata -@contoh2020", "write “[-@contoh2020]”"),
    ],
)
def test_what_cannot_be_read(body, fault):
    [finding] = malformed_citation.findings(site_with(id=body))
    assert fault in str(finding.message)


@pytest.mark.parametrize(
    "cited, faults",
    [
        ("@contoh2020, bag. Hasil, par. 5", 0),
        ("@contoh2020, par. 5", 0),
        ("@contoh2020, bag. hasil", 1),
        ("@suharto2005, bag. Apa Saja", 0),  # no study's entry: its sections are not known
        ("@contoh2020, bag. Zzz", 1),
    ],
)
def test_section_of_the_source(cited, faults):
    assert count(unknown_section, site_with(id=f"Kata [{cited}].")) == faults


@pytest.mark.parametrize("written, faults", [("hlm. 17–13", 1), ("hlm. 7–3", 1), ("hlm. 13–17", 0), ("hlm. 131–9", 0)])
def test_pages_that_go_backwards(written, faults):
    assert [str(finding.message).partition(" of ")[0] for finding in impossible_page.findings(site_with(id=f"Kata [@suharto2005, {written}]."))] == [
        f"the pages “{written.removeprefix('hlm. ')}”"
    ] * faults


@pytest.mark.parametrize(
    "link, due",
    [
        ("findings/#harvest", "findings.md#harvest"),
        ("/id/studies/contoh/", "id/studies/contoh.md"),
        ("index.md", None),
        ("#harvest", None),
        ("https://contoh.id/findings/", None),
        ("../contoh/data.bib", None),
        ("mailto:dewi@contoh.id", None),
    ],
)
def test_addresses_instead_of_files(link, due):
    site = site_with(id=f"Lihat [panen]({link}) [@contoh2020].\n\n## Panen {{#harvest}}", en="See [@contoh2020].\n\n## Harvest {#harvest}")
    said = [str(finding.message) for finding in dead_link.findings(site)]
    assert said == ([f"the link “{link}” must name a Markdown file, relative to this one: “{due}” or the like"] if due else [])


@pytest.mark.parametrize(
    "body, due",
    [
        ("Kata (@suharto2005, hlm. 5).", "[@suharto2005, hlm. 5]"),
        ("Kata (@suharto2005).", "[@suharto2005]"),
        ("Kata (lihat @suharto2005).", None),
        ("Kata @suharto2005, hlm. 5] lagi.", "[@suharto2005, hlm. 5]"),
        ("Kata [lihat @suharto2005 dan [3] @contoh2020] lagi.", None),
        ("Kata ([@suharto2005]). “[@suharto2005]”. Kata—[@suharto2005]. Kata [@contoh2020]. Kata [@contoh2020]{.kecil} di akhir kalimat.", None),
        ("Kata [suharto2005, hlm. 5].", "[@suharto2005, hlm. 5]"),
        ("Kata [catatan, hlm. 5].", None),
    ],
)
def test_marks_that_were_forgotten(body, due):
    assert [finding.suggestion for finding in forgotten_mark.findings(site_with(id=body))] == ([due] if due else [])
