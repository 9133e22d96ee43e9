"""The borders of the rules on numbered findings; what each finds at all is shown by the examples in its docstring."""

from __future__ import annotations

from dataclasses import replace

import pytest
from green import site_with

from pustaka.export.finding_codes import code
from pustaka.model import NumberedFinding, Site
from pustaka.rules import check, rules

NUTSHELL = "/// finding\nHasilnya dibagi [@contoh2020, hlm. 12].\n///\n"
TOLD = f"## Panen {{#harvest}}\n\n{NUTSHELL}"
HARVEST = NumberedFinding(1, "findings", "harvest")


def found(site: Site) -> list[str]:
    findings = check(site, [rule for rule in rules() if rule.family == "findings"])
    return [f"{finding.code} {finding.place.path} {finding.message}" for finding in findings]


def numbered(text: str, *findings: NumberedFinding) -> Site:
    """The green site whose page of findings has a text in both languages, with findings in the study's record."""
    site = site_with(id=text, en=text)
    studies = [
        replace(study, findings=findings, places=dict.fromkeys((f"findings.{each.number}" for each in findings), study.place))
        for study in site.studies
    ]
    return replace(site, studies=tuple(studies))


def test_a_finding_that_is_told_right_below_its_heading_is_told():
    assert found(numbered(f"{TOLD}\nSelebihnya [@contoh2020, hlm. 13].", HARVEST)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"## Panen {{#harvest}}\n\nDahulu [@contoh2020, hlm. 11].\n\n{NUTSHELL}", "must stand right below its heading"),
        (f"{TOLD}\n## Lain {{#other}}\n\n{NUTSHELL}", "this finding has no number: add “2: findings#other” to findings in"),
        (f"{NUTSHELL}\n{TOLD}", "this finding has no number"),
        (f"{TOLD}\n## Lain\n\n{NUTSHELL}", "this finding has no number"),
        ("## Panen {#harvest}\n\n/// note | Catatan\nKata.\n///\n", "finding 1 has no nutshell"),
    ],
)
def test_a_nutshell_has_its_place_and_its_number(text, said):
    told = found(numbered(text, HARVEST))
    assert [line.split(" ")[:2] for line in told] == [["S532", f"docs/{language}/studies/contoh/findings.md"] for language in ("en", "id")]
    assert all(said in line for line in told)


def test_a_page_that_there_is_not_is_told_for_each_language():
    told = found(numbered(TOLD, HARVEST, NumberedFinding(2, "method", "data")))
    assert [line.split(" ")[0] for line in told] == ["S531", "S531"]
    assert all("finding 2 is told on no page: write the page “method”" in line for line in told)


def test_a_code_is_one_studys():
    site = numbered(TOLD, HARVEST)
    other = replace(site.studies[0], slug="lain", findings=(), places={"code": site.studies[0].place})
    assert [line.split(" ")[0] for line in found(replace(site, studies=(*site.studies, other)))] == ["S533"]


@pytest.mark.parametrize(
    ("address", "letters"),
    [
        ("https://situs.example/id/f/kt-3/", ["situs.example/", "id/f/kt-3/"]),
        ("https://f.example/f/f/en/f/kb-12/", ["f.example/f/f/", "en/f/kb-12/"]),
    ],
)
def test_the_letters_below_a_code_break_before_the_language(address, letters):
    drawn = code(address)
    assert [part.partition("</text>")[0].rpartition(">")[2] for part in drawn.split("<text ")[1:]] == letters
