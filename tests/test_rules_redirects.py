"""The borders of the rules on redirects; what each finds at all is shown by the examples in its docstring."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from green import site_with

from pustaka import load
from pustaka.model import Finding, NumberedFinding, Place, Redirect, Site
from pustaka.rules import check, rules

HEADINGS = {"id": "## Panen {#harvest}\n\nKebun [@contoh2020, hlm. 12].", "en": "## Harvest {#harvest}\n\nA garden [@contoh2020, p. 12]."}
PAGE = "studies/contoh/findings/"


def site(*lines: tuple[str, str], findings: tuple[NumberedFinding, ...] = ()) -> Site:
    """The green site with lines of redirects.yml, and with findings in the study's record."""
    green = site_with(**HEADINGS)
    studies = tuple(replace(study, findings=findings, code="kb") for study in green.studies)
    redirects = tuple(Redirect(old, new, Place("redirects.yml", number)) for number, (old, new) in enumerate(lines, 1))
    return replace(green, studies=studies, redirects=redirects)


def found(*lines: tuple[str, str], **options) -> list[Finding]:
    return check(site(*lines, **options), [rule for rule in rules() if rule.family == "redirects"])


@pytest.mark.parametrize(
    "new",
    [
        PAGE,
        f"{PAGE}#harvest",
        f"{PAGE}#how-to-cite",
        f"{PAGE}#ref-contoh2020",
        "/",
        "studies/contoh/contoh-LANG-1.0.pdf",
        "studies/contoh/editions/1.0/",
        "rules/p201/",
        "f/kb-1/",
    ],
)
def test_what_may_be_led_to(new):
    assert found(("lama/", new), findings=(NumberedFinding(1, "findings", "harvest"),)) == []


@pytest.mark.parametrize(
    "new, meant",
    [
        (f"{PAGE}#harvests", f"{PAGE}#harvest"),
        (f"{PAGE}#lain", PAGE),
        ("studies/contoh/finding/", PAGE),
        ("studies/contoh/editions/9.9/", ""),
        ("lain/entah/apa/", ""),
    ],
)
def test_what_may_not(new, meant):
    (finding,) = found(("lama/", new))
    assert (finding.code, finding.suggestion if meant else "") == ("R102", meant)


def test_a_chain_is_told_at_its_last_line():
    assert [(finding.code, finding.place.line) for finding in found(("a/", "b/"), ("b/", "c/"), ("c/", "hilang/"))] == [("R102", 3)]


def test_a_heading_that_is_there_is_not_redirected():
    (finding,) = found((f"{PAGE}#harvest", "/"))
    assert finding.code == "R101"
    assert "docs/id/studies/contoh/findings.md:6" in str(finding.message)


def test_a_number_in_a_record_is_not_redirected_and_one_that_was_taken_out_is():
    numbered = NumberedFinding(1, "findings", "harvest")
    assert [finding.code for finding in found(("f/kb-1/", "/"), findings=(numbered,))] == ["R101"]
    assert found(("f/kb-2/", "/"), findings=(numbered,)) == []


def test_an_address_stands_without_its_language():
    codes = {(finding.code, finding.suggestion) for finding in found(("id/lama/", f"id/{PAGE}"))}
    assert codes == {("R104", "lama/"), ("R104", PAGE), ("R102", PAGE)}


@pytest.mark.parametrize(
    "line", ["lama: baru/", "lama/: baru", "/lama/: baru/", "lama/#: baru/", "lama/: https://contoh.example/", "lama/:", "[lama/]"]
)
def test_what_is_no_line_of_redirects_is_told_with_its_place(line, tmp_path: Path):
    (tmp_path / "redirects.yml").write_text(f"# lama\n{line}\n", "utf-8")
    reader = load._Reader(tmp_path)
    assert list(reader.redirects("redirects.yml")) == []
    assert [(finding.code, finding.place.line) for finding in reader.findings] == [("F104", 2)]


@pytest.mark.parametrize("text", ["", "# belum ada\n", "{}\n"])
def test_a_file_may_say_nothing_yet(text, tmp_path: Path):
    (tmp_path / "redirects.yml").write_text(text, "utf-8")
    reader = load._Reader(tmp_path)
    assert (list(reader.redirects("redirects.yml")), reader.findings) == ([], [])
