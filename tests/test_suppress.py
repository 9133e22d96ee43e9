"""Suppressions: what they cover, what they do not, and which of them have become idle."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from green import site_with

from pustaka import suppress
from pustaka.bib import Bibliography
from pustaka.model import Finding, Page, Place, Section, Site, say
from pustaka.suppress import Suppression, apply, comments, in_site

PAGE = "docs/id/studies/contoh/findings.md"
BIB = "refs.bib"
FIRST = 6  # the line of a page on which its body begins


def page(body: str) -> Site:
    """The green site with this page and no bibliography."""
    return replace(site_with(id=body), entries=(), abbreviations=())


def bibliography(text: str) -> Site:
    """A site of nothing but a .bib file."""
    told = []
    read = Bibliography(lambda place, message: told.append(f"{place}: {message}"))
    read.read(text, BIB)
    assert not told
    return replace(site_with(), pages=(), entries=tuple(read.entries), abbreviations=tuple(read.abbreviations))


def found(line: int, code: str = "P204", path: str = PAGE) -> Finding:
    return Finding(Place(path, line), code, say("wrong"))


def covered(site: Site, code: str = "P204", path: str = PAGE) -> list[int]:
    """The lines, of the first forty, on which a finding is set aside."""
    outcome = apply([found(line, code, path) for line in range(1, 41)], site, {code})
    return [finding.place.line for finding, _ in outcome.suppressed]


def the_one(site: Site) -> Suppression:
    (suppression,) = in_site(site)
    return suppression


# -- How it is written --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "codes", "reason"),
    [
        ("ignore P204, kata-kata kami", ("P204",), "kata-kata kami"),
        ("ignore P204 P203, kata-kata kami", ("P204", "P203"), "kata-kata kami"),
        ("ignore P204, P203: kata-kata kami", ("P204", "P203"), "kata-kata kami"),
        ("ignore P204 – kata-kata\n  kami", ("P204",), "kata-kata kami"),
        ("ignore P204 because of 12", ("P204",), "because of 12"),
        ("ignore P204 P204, why", ("P204",), "why"),
        ("ignore p204, why", ("p204",), "why"),
        ("ignore P204", ("P204",), ""),
        ("ignore P204, -- 12.", ("P204",), ""),
        ("ignore why not", (), "why not"),
        ("ignore", (), ""),
        ("ignore P2045, why", (), "P2045, why"),
    ],
)
def test_words(words, codes, reason):
    suppression = the_one(page(f"Kata. <!-- pustaka: {words} -->"))
    assert (suppression.verb, suppression.codes, suppression.reason) == ("ignore", codes, reason)


@pytest.mark.parametrize("verb", ["ignored", "disable"])
def test_words_that_mean_nothing_set_nothing_aside(verb):
    site = page(f"Kata. <!-- pustaka: {verb} P204, kata kami -->")
    assert the_one(site).verb == verb
    assert covered(site) == []


@pytest.mark.parametrize("words", ["ignore P204", "ignore P204, …"])
def test_without_a_reason_nothing_is_set_aside(words):
    outcome = apply([found(FIRST)], page(f"Kata. <!-- pustaka: {words} -->"), {"P204"})
    assert (len(outcome.left), outcome.suppressed, outcome.idle) == (1, (), ())
    assert len(outcome.suppressions) == 1


def test_any_other_comment_is_none():
    assert not list(in_site(page("Kata. <!-- ignore P204, kata kami --> <!-- pustaka -->")))


# -- In Markdown --------------------------------------------------------------------------------------------------

COMMENT = "<!-- pustaka: ignore P204, kata kami -->"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (f"Satu\ndua. {COMMENT}\ntiga.\n\nEmpat.", [6, 7, 8]),
        (f"Satu.\n\n- dua\n- tiga {COMMENT}\n\nEmpat.", [8, 9]),
        (f"Satu.\n\n- dua\n- tiga\n  {COMMENT}\n\nEmpat.", [8, 9, 10]),
        (f"Satu.\n\n| a | b |\n|---|---|\n| c | d {COMMENT} |\n\nEmpat.", [8, 9, 10]),
        (f"> Satu\n> dua {COMMENT}\n\nEmpat.", [6, 7]),
        (f"{COMMENT}\nSatu\ndua.\n\nEmpat.", [7, 8]),
        (f"{COMMENT}\n\n\nSatu\ndua.\n\nEmpat.", [9, 10]),
        (f"Satu.\n{COMMENT}\nDua.", [8]),
        (f"<!-- Catatan. -->\n{COMMENT}\n<!-- Lagi. -->\n\nSatu.", [10]),
        ("<!--\npustaka: ignore P204,\nkata kami -->\nSatu.", [9]),
        (f"Satu.\n\n{COMMENT}\n## Judul {{#judul}}\n\nDua.", [9]),
        (f"Satu.\n\n## Judul {COMMENT} {{#judul}}\n\nDua.", [8]),
        (f"/// note | Catatan\nSatu. {COMMENT}\n///\n\nDua.", [7]),
        (f"{COMMENT} Satu\n\nDua.", [6]),
        (f"<div>\n{COMMENT}\nSatu\n</div>\n\nDua.", [6, 7, 8, 9]),
        (f"Satu.\n\n{COMMENT}\n", []),
        (f"`{COMMENT}`", []),
        (f"``` md\n{COMMENT}\n```", []),
        (f"Satu.\n\n    {COMMENT}\n", []),
        (f"- a\n\n  ```\n  {COMMENT}\n  ```\n", []),
        (f"\\{COMMENT}", []),
        ("Satu. <!-- pustaka: ignore P204, tak ditutup", []),
        (f"`` ` {COMMENT}", [6]),
        (f"\\`{COMMENT}\\`", [6]),
    ],
)
def test_what_a_comment_covers(body, lines):
    assert covered(page(body)) == lines


def test_a_whole_page():
    site = page("Satu.\n\nDua. <!-- pustaka: ignore-page P204, kata kami -->")
    assert covered(site) == list(range(1, 41))
    assert covered(site, path="docs/en/studies/contoh/findings.md") == []


def test_only_the_codes_that_are_named():
    assert covered(page(f"Satu. {COMMENT}"), "P203") == []


def test_its_place():
    assert the_one(page(f"Satu\ndua. {COMMENT}")).place == Place(PAGE, 7, 6)


def test_what_cannot_be_read_stays():
    site = page("Satu. <!-- pustaka: ignore F106, kata kami --> <!-- pustaka: ignore-page F106, kata kami -->")
    assert covered(site, "F106") == []


def test_a_paper_s_heading_is_told_once():
    words = f"Judul {COMMENT}"
    paper = site_with(id="")
    block = replace(next(page for page in site_with(id=words).pages if page.path == PAGE).sections[0].blocks[0], kind="heading")
    section = Section("", words, 1, block.place, (block,))
    site = replace(paper, pages=(Page(PAGE, "id", "", {}, (section,)),), entries=())
    assert len(list(in_site(site))) == 1
    assert covered(site) == [block.place.line]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a <!-- b --> c <!--d-->", [(2, " b "), (15, "d")]),
        ("`a <!-- b -->` <!-- c -->", [(15, " c ")]),
        ("`` ` <!-- a --> `` <!-- b -->", [(19, " b ")]),
        ("` <!-- a -->", [(2, " a ")]),
        ("<!-- ` --> <!-- ` -->", [(0, " ` "), (11, " ` ")]),
        ("<!-- a <!-- b -->", [(0, " a <!-- b ")]),
        ("<!-- a", []),
        ("", []),
    ],
)
def test_comments(text, said):
    assert list(comments(text)) == said


# -- In BibLaTeX --------------------------------------------------------------------------------------------------

PERCENT = "% pustaka: ignore E312, dicetak begitu"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f"{PERCENT}\n@book{{a,\n  title = {{A}},\n}}\n@book{{b}}\n", [2, 3, 4]),
        (f"{PERCENT}\n% Lagi.\n  %% Dan lagi.\n@book{{a,\n}}\n", [4, 5]),
        (f"@book{{a,\n  {PERCENT}\n  title = {{A}},\n}}\n\n@book{{b,\n}}\n", [1, 2, 3, 4]),
        (f"@book{{a,\n  title = {{A}}, {PERCENT}\n}}\n", [1, 2, 3]),
        (f"@book{{a,\n}} {PERCENT}\n@book{{b,\n}}\n", [1, 2]),
        ("@book{b,\n}\n@book{a,\n  Pustaka-Ignore = {E312, dicetak begitu},\n}\n", [3, 4, 5]),
        (f"{PERCENT}\n@string{{a = {{A}}}}\n@book{{b, title = a}}\n", [2]),
        (f"{PERCENT}\n\n@book{{a,\n}}\n", []),
        (f"@book{{a,\n}}\n{PERCENT}\n", []),
        (f"@book{{a,\n  note = {{5 {PERCENT}\n  }},\n}}\n", []),
        (f"@book{{a,\n  note = {{5}}, {PERCENT}\n  title = {{A}},\n}}\n", [1, 2, 3, 4]),
    ],
)
def test_what_is_covered_in_a_bibliography(text, lines):
    assert covered(bibliography(text), "E312", BIB) == lines


def test_two_files():
    one, other = bibliography(f"{PERCENT}\n@book{{a}}\n"), bibliography("@book{b}\n")
    entries = [
        replace(entry, source=replace(entry.source, path="other.bib"), place=replace(entry.place, path="other.bib")) for entry in other.entries
    ]
    site = replace(one, entries=(*one.entries, *entries))
    assert covered(site, "E312", BIB) == [2]
    assert covered(site, "E312", "other.bib") == []


def test_the_field_s_name_is_what_the_documentation_says():
    assert f"{suppress.FIELD} = {{" in suppress.__doc__


# -- What comes of it ---------------------------------------------------------------------------------------------


def idle(site: Site, findings: list[Finding], asked: set[str]) -> list[tuple[int, str]]:
    return [(suppression.place.line, code) for suppression, code in apply(findings, site, asked).idle]


def test_the_reason_is_told():
    outcome = apply([found(FIRST), found(FIRST + 2)], page(f"Satu. {COMMENT}\n\nDua."), {"P204"})
    assert outcome.left == (found(FIRST + 2),)
    assert outcome.suppressed == ((found(FIRST), "kata kami"),)
    assert outcome.idle == ()


def test_one_suppresses_several():
    assert covered(page(f"Satu\ndua. {COMMENT}")) == [6, 7]
    assert idle(page(f"Satu\ndua. {COMMENT}"), [found(6), found(7)], {"P204"}) == []


def test_idle():
    site = page("Satu. <!-- pustaka: ignore P204 P203, kata kami -->")
    assert idle(site, [], {"P204", "P203"}) == [(6, "P204"), (6, "P203")]
    assert idle(site, [found(6)], {"P204", "P203"}) == [(6, "P203")]


def test_a_rule_that_was_not_asked_makes_nothing_idle():
    assert idle(page(f"Satu. {COMMENT}"), [], {"P203", "E301"}) == []


def test_a_repetition_is_idle():
    site = page(f"Satu. {COMMENT} {COMMENT}\n\nDua. <!-- pustaka: ignore-page P204, kata kami -->")
    assert [place for place, _ in idle(site, [found(6)], {"P204"})] == [6, 8]


def test_a_page_wide_one_takes_what_is_left():
    site = page(f"Satu. {COMMENT}\n\nDua. <!-- pustaka: ignore-page P204, kata kami -->")
    assert idle(site, [found(6), found(1)], {"P204"}) == []


def test_one_that_covers_nothing_is_idle():
    assert idle(bibliography(f"@book{{a}}\n\n{PERCENT}\n"), [found(1, "E312", BIB)], {"E312"}) == [(3, "E312")]


HOSTILE = {
    "backticks": "`" * 100_000,
    "longer and longer": "".join("`" * length + " " for length in range(1, 440)),
    "openings": "<!--" * 25_000,
    "escapes": "\\`" * 50_000,
    "empty comments": "<!---->" * 14_000,
    "many": COMMENT * 2_500,
    "codes": f"<!-- pustaka: ignore {'P204 ' * 20_000}, kata -->",
    "commas": f"<!-- pustaka: ignore {',' * 100_000} -->",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_take_no_time(text):
    block = replace(next(page for page in site_with(id="Kata.").pages if page.path == PAGE).sections[0].blocks[0], text=text)
    site = replace(site_with(), pages=(Page(PAGE, "id", "", {}, (Section("", "", 0, block.place, (block,)),)),), entries=())
    start = time.perf_counter()
    apply([found(FIRST)] * 1_000, site, {"P204"})
    assert time.perf_counter() - start < 1


def test_a_long_bibliography_takes_no_time():
    site = bibliography("".join(f"{PERCENT}\n@book{{k{number},\n  {PERCENT}\n  title = {{A}},\n}}\n" for number in range(5_000)))
    findings = [found(5 * number + 2, "E312", BIB) for number in range(5_000)]
    start = time.perf_counter()
    outcome = apply(findings, site, {"E312"})
    assert (len(outcome.suppressed), len(outcome.idle)) == (5_000, 5_000)
    assert time.perf_counter() - start < 3
