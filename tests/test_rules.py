"""Every rule finds its Bad example and lets its Good one pass: the examples in its docstring are its test cases.

What each Bad example is told, place and words, stands in messages.txt; after a change of a message, compare and mend:

    python tests/test_rules.py > tests/messages.txt
"""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from green import green_site, put

from pustaka import load, manuscript
from pustaka.model import Finding
from pustaka.registry import Registry
from pustaka.rules import Rule, check, check_built, check_manuscript, check_translations, judge, rule, rules

TESTS = Path(__file__).parent
#: The letter of a code -> the files under rules/ in which its rules stand.
FAMILIES = {
    "P": {"pages", "questions"},
    "E": {"entries", "fields", "identifiers", "names", "numbers", "text"},
    "L": {"languages", "counterparts", "translations", "vocabulary"},
    "S": {"editions", "findings", "studies"},
    "R": {"redirects"},
    "B": {"addresses", "built", "weight"},
    "M": {"manuscripts", "reference_lists"},
    "O": {"online"},
    "U": {"suppressions"},
}
#: The file of an example that is no file of a project: an article, what was learnt online.
ARTICLE, LEARNT = "manuscript.md", "registry.json"

each_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)


def findings_of(rule: Rule, kind: str, folder: Path) -> list[Finding]:
    """What the rule's family finds in the green site with the rule's example put into it, or in the example alone."""
    family = [other for other in rules() if other.code[0] == rule.code[0]]
    example = rule.example(kind)
    if rule.subject == "manuscript":
        assert set(example) == {ARTICLE}
        return check_manuscript(manuscript.read(example[ARTICLE], ARTICLE, today=date(2026, 1, 1)), family)
    root = green_site(folder)
    learnt = example.pop(LEARNT, None)
    for path, text in example.items():
        put(root, path, text)
    site, faults = load.load(root)
    assert not faults, f"the example cannot be read: {faults}"
    if rule.subject in ("addresses", "built"):
        findings = check_built(site, load.built_site(root / "site"))
    elif rule.subject == "translations":
        findings = check_translations(site, [rule])
    elif rule.subject == "registry":
        findings = judge(site, family, Registry.from_json(learnt or "{}")).left
    elif rule.subject == "suppressions":
        findings = [finding for finding in check(site) if finding.code[0] == "U"]
    elif rule.severity == "note":  # which `check` leaves out
        findings = judge(site, [rule]).left
    else:
        findings = check(site, family)
    return [replace(finding, place=relative(finding, root)) for finding in findings]


def relative(finding: Finding, root: Path):
    place = finding.place
    return type(place)(place.path.removeprefix(f"{root.as_posix()}/"), place.line, place.column)


@each_rule
def test_bad_example_is_found_and_nothing_else(rule, tmp_path):
    findings = findings_of(rule, "Bad", tmp_path)
    assert {finding.code for finding in findings} == {rule.code}, list(map(str, findings))
    expected = [line for line in (TESTS / "messages.txt").read_text("utf-8").splitlines() if f" {rule.code} " in line]
    assert list(map(str, findings)) == expected


@each_rule
def test_good_example_passes(rule, tmp_path):
    assert rule.example("Good"), "the rule needs a Good example"
    assert findings_of(rule, "Good", tmp_path) == []


def test_green_site_is_green(tmp_path):
    root = green_site(tmp_path)
    site, faults = load.load(root)
    assert [*faults, *check(site), *check_built(site, load.built_site(root / "site"))] == []


@each_rule
def test_rule_says_what_it_is(rule):
    assert re.fullmatch(r"[A-Z][1-9]\d\d", rule.code)
    assert rule.family in FAMILIES[rule.code[0]]
    assert re.fullmatch(r"[A-Z].{10,90}\.", rule.summary), "the docstring must begin with one sentence on one line"
    assert rule.explanation.split("\n")[1] == ""


def test_a_code_is_given_once():
    with pytest.raises(ValueError, match="two rules have the code P201: unknown_key and other"):

        @rule("P201")
        def other(site):
            """Never registered."""


if __name__ == "__main__":
    for each in rules():
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.writelines(f"{finding}\n" for finding in findings_of(each, "Bad", Path(folder)))
