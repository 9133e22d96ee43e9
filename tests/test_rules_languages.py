"""The borders of the rules on languages; what each finds at all is shown by the examples in its docstring."""

from __future__ import annotations

import pytest
from green import site_with

from pustaka.rules.languages import different_citations, different_headings, different_numbers

CITED = "[@contoh2020, hlm. 99]"


@pytest.mark.parametrize(
    "indonesian, english",
    [
        ("Rp100.000", "Rp100,000"),
        ("Rp100.000", "Rp100 000"),
        ("100 000", "100\u00a0000"),
        ("Rp 1.250.000", "IDR1,250,000"),
        ("2,5", "2.5"),
        ("2,50", "2.5"),
        ("1.234,5", "1,234.5"),
        ("5 Juli 2020", "July 5, 2020"),
        ("5.7.2020", "5/7/2020"),
        ("07.30", "7.30"),
        ("1, 2, dan 3", "3, 2 and 1"),
        ("WCAG 2.2", "WCAG 2.2"),
        ("50%", "50 per cent"),
        ("50 persen", "50 percent"),
        ("100.000 rupiah", "Rp100,000"),
        ("5 Juli 2020", "5 Jul. 2020"),
        ("pada Mei 2020", "in May 2020"),
        ("tiga tahap, dan tahap ketiga", "three stages"),
        ("dua puluh tiga orang", "twenty-three people"),
        ("lima puluh", "fifty"),
        ("satu dan dua", "a pair"),
        ("mungkin 3 kali", "may be 3 times"),
        ("abad ke-19", "the 19th century"),
        ("S1 dan MP3", "a degree"),
        (f"kata {CITED}", "word [@contoh2020, p. 98]"),  # L403 speaks of it
        ("`1`", "word"),
        ("[kata](findings.md#bagian-2)", "[word](findings.md)"),
        ("![kata](figure:abcd2)", "![word](figure:abcd)"),
        ("*kata*{lang=id3}", "word"),
        ("<https://contoh.id/4>", "word"),
        ("https://contoh.id/4", "word"),
        ("1. satu\n2. dua", "1. one\n1. two"),
        ("<!-- 4 -->", "word"),
        ("```\n4\n```", "word"),
    ],
)
def test_same_numbers(indonesian, english):
    assert list(different_numbers.findings(site_with(id=indonesian, en=english))) == []


@pytest.mark.parametrize(
    "indonesian, english, unmatched",
    [
        ("100.000", "100.000", ["100.000", "100.000"]),  # a hundred thousand, and a hundred
        ("2", "two", ["2"]),
        ("2 dan 2", "2", ["2"]),
        ("2020", "2021", ["2020", "2021"]),
        ("5 Juli", "5 June", ["Juli", "June"]),
        ("Rp100.000", "US$100,000", ["100,000", "100.000"]),
        ("Rp100.000", "100,000", ["100,000", "100.000"]),
        ("20%", "20", ["20", "20"]),
        ("lima puluh keluarga", "sixty families", ["lima puluh", "sixty"]),
        ("tahap keempat", "the fifth stage", ["fifth", "keempat"]),
        ("empat", "4", ["4", "empat"]),
        ("- 12 orang", "- 13 people", ["12", "13"]),
        ("| 1 |\n|---|\n| 2 |", "| 1 |\n|---|\n| 3 |", ["2", "3"]),
        ("## Tahap 1 {#stage}", "## Stage one {#stage}", ["1"]),
        ("/// note | Catatan\n5 kebun\n///", "/// note | Note\nGardens\n///", ["5"]),
    ],
)
def test_different_numbers(indonesian, english, unmatched):
    findings = different_numbers.findings(site_with(id=indonesian, en=english))
    assert sorted(str(finding.message).split("”")[0].removeprefix("“") for finding in findings) == unmatched


def test_numbers_are_compared_by_section():
    site = site_with(id="4\n\n## A {#a}\n\nkata", en="word\n\n## A {#a}\n\n4")
    assert [str(finding.place) for finding in different_numbers.findings(site)] == [
        "docs/id/studies/contoh/findings.md:6:1",
        "docs/en/studies/contoh/findings.md:10:1",
    ]


@pytest.mark.parametrize(
    "indonesian, english, faults",
    [
        ("[@contoh2020, hlm. 12; @suharto2005]", "@suharto2005 [@contoh2020, page 12]", 0),
        ("[@contoh2020, hlm. 12-13]", "[@contoh2020, pp. 12--13]", 0),
        ("[@contoh2020, bag. Hasil, par. 2]", "[@contoh2020, sec. Hasil, para. 2]", 0),
        ("[-@contoh2020]", "[@contoh2020]", 0),
        ("@contoh2020 @contoh2020", "@contoh2020", 1),
        ("[@contoh2020, bag. Hasil]", "[@contoh2020, sec. Results]", 2),
        ("[@contoh2020, hlm. 12]", "[@contoh2020, chap. 12]", 2),
    ],
)
def test_citations(indonesian, english, faults):
    assert len(list(different_citations.findings(site_with(id=indonesian, en=english)))) == faults


@pytest.mark.parametrize(
    "indonesian, english, fault",
    [
        ("## A {#a}\n\n## B {#b}", "## B {#b}\n\n## A {#a}", "must have the same order in all languages: {#b} stands where the counterpart has {#a}"),
        ("## A {#a}\n\n## B {#a}", "## A {#a}", "the id {#a} stands twice on the page"),
        ("## A {#a}", "", "the heading {#a} is not in docs/en/studies/contoh/findings.md"),
        ("A\n-", "", "the heading “A” must have an id"),
    ],
)
def test_headings(indonesian, english, fault):
    [finding] = different_headings.findings(site_with(id=indonesian, en=english))
    assert fault in str(finding.message)


@pytest.mark.parametrize("cited", ["@contoh2050, hlm. 12", "@contoh2020, hlm. 12; x"])
def test_what_other_rules_speak_of_is_not_compared(cited):
    assert list(different_citations.findings(site_with(id=f"Kata [{cited}].", en="Words."))) == []
