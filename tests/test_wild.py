"""Markdown as it is met in papers: which works it cites, held against pandoc, which reads the same texts."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pypandoc
import pytest
import yaml

from pustaka.load import load_papers
from pustaka.model import Finding
from pustaka.rules import check, rules

ROOT = Path(__file__).parents[1]
CASES = yaml.safe_load((ROOT / "tests" / "wild.yml").read_text("utf-8"))

#: Reads a JSON list of texts and prints, for each, the keys that pandoc would look for.
_CITED = """
local found = {}
for number, text in ipairs(pandoc.json.decode(io.read("a"), false)) do
  found[number] = pandoc.List{}
  pandoc.read(text, "markdown"):walk{Cite = function(cite)
    for _, citation in ipairs(cite.citations) do found[number]:insert(citation.id) end
  end}
end
io.write(pandoc.json.encode(found))
"""


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Finding]]:
    """What the rules for pages find in each text. The bibliography is empty: every work that is cited is missing from it."""
    folder = tmp_path_factory.mktemp("wild")
    names = {folder / f"{number:03}.{case.get('as', 'md')}": case["it"] for number, case in enumerate(CASES)}
    for path, case in zip(names, CASES, strict=True):
        path.write_bytes(case["text"].encode())
    (folder / "empty.bib").touch()
    site, _ = load_papers(names, [folder / "empty.bib"], ROOT)
    found: dict[str, list[Finding]] = {name: [] for name in names.values()}
    for finding in check(site, [rule for rule in rules() if rule.code.startswith("P") and rule.anywhere]):
        found[names[Path(finding.place.path)]].append(finding)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_every_work_cited_is_known_of_and_no_other(case: dict, findings: dict[str, list[Finding]]):
    assert {finding.key for finding in findings[case["it"]] if finding.code == "P201"} == set(case["cites"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["it"])
def test_nothing_else_is_told(case: dict, findings: dict[str, list[Finding]]):
    assert {finding.code for finding in findings[case["it"]]} - {"P201"} == set(case.get("told", []))


def test_pandoc_reads_the_same(tmp_path: Path):
    script = tmp_path / "cited.lua"
    script.write_text(_CITED)
    texts = [case["text"].removeprefix("\ufeff").replace("\r\n", "\n") for case in CASES]
    command = [pypandoc.get_pandoc_path(), "lua", str(script)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, encoding="utf-8", check=True)
    read = {case["it"]: set(keys) - {"*"} for case, keys in zip(CASES, json.loads(done.stdout), strict=True)}
    assert read == {case["it"]: set(case.get("pandoc", case["cites"])) for case in CASES}


def test_no_two_cases_have_the_same_name():
    assert len({case["it"] for case in CASES}) == len(CASES)


def test_where_pandoc_reads_something_else_it_is_said_why():
    assert [case["it"] for case in CASES if "pandoc" in case and "because" not in case] == []
