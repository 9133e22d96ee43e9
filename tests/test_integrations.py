"""The checker in other repositories: as a hook of pre-commit, and as a step of a GitHub workflow."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import check_citations

ROOT = Path(__file__).parents[1]
ACTION = ROOT / ".github" / "actions" / "check-citations" / "action.yml"
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
STEPS = yaml.safe_load(ACTION.read_text("utf-8"))["runs"]["steps"]

BIB = """\
@book{sari2020,
  author = {Sari, Dewi},
  title = {Kebun desa},
  date = {2020},
  publisher = {Contoh},
  location = {Bandung},
  langid = {indonesian},
}
"""


@pytest.fixture
def paper(tmp_path):
    """A folder with a paper that cites one work that is listed and one that is not."""
    (tmp_path / "my refs.bib").write_text(BIB, "utf-8")
    (tmp_path / "paper.md").write_text("---\nlang: id\n---\n\nWarga menanam [@sari2020; @sari2050].\n", "utf-8")
    return tmp_path


def run_step(folder: Path, arguments: str, **inputs: str) -> subprocess.CompletedProcess:
    """The action's last step, as the runner runs it (GitHub Docs, "Workflow syntax", `shell: bash`)."""
    runner = folder / "runner"
    runner.mkdir()
    (runner / "check-citations").symlink_to(sys.prefix)
    environment = {"RUNNER_TEMP": str(runner), "GITHUB_ACTION_PATH": str(ACTION.parent), "XDG_CACHE_HOME": str(runner)}
    environment |= {"ARGUMENTS": arguments, "LANGUAGE_OF_MESSAGES": "en", "SARIF": ""} | inputs
    command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", STEPS[-1]["run"]]
    return subprocess.run(command, cwd=folder, env=os.environ | environment, capture_output=True, encoding="utf-8")


def test_the_step_shows_findings_on_the_lines(paper):
    ended = run_step(paper, "paper.md\n--bibliography\nmy refs.bib\n")
    assert ended.stdout.startswith("::error file=paper.md,line=5,col=27,title=P201::“@sari2050” is not in the bibliography")
    assert ended.stdout.count("\n") == 1
    assert ended.returncode == 1


def test_the_step_passes_when_nothing_is_found(paper):
    (paper / "paper.md").write_text("---\nlang: id\n---\n\nWarga menanam [@sari2020].\n", "utf-8")
    ended = run_step(paper, "paper.md\n--bibliography\nmy refs.bib\n")
    assert (ended.stdout, ended.returncode) == ("", 0)


def test_the_step_writes_sarif_in_the_language_asked_for(paper):
    ended = run_step(paper, "paper.md\n\n--bibliography\nmy refs.bib\n", SARIF="citations.sarif", LANGUAGE_OF_MESSAGES="id")
    (result,) = json.loads((paper / "citations.sarif").read_text("utf-8"))["runs"][0]["results"]
    assert "tidak ada dalam daftar pustaka" in result["message"]["text"]
    assert ended.returncode == 1


def test_nothing_that_is_given_is_run(paper):
    ended = run_step(paper, 'paper.md\n--bibliography\nmy refs.bib\n--select\n$(touch run)";touch run;"')
    assert ended.returncode == 2
    assert not (paper / "run").exists()


def test_the_action_asks_for_no_other_actions_than_the_workflows_do():
    def used(text: str) -> set[str]:
        return set(re.findall(r"^\s*- uses: (.+)$", text, re.MULTILINE))

    workflows = "\n".join(path.read_text("utf-8") for path in ROOT.glob(".github/workflows/*.yml"))
    assert used("\n".join(line for line in ACTION.read_text("utf-8").splitlines() if not line.startswith("#"))) <= used(workflows)


def test_the_action_names_every_input_it_has():
    assert set(yaml.safe_load(ACTION.read_text("utf-8"))["inputs"]) == set(re.findall(r"\$\{\{ inputs\.(\w+) \}\}", ACTION.read_text("utf-8")))


def test_the_hook_runs_a_command_that_is_installed():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert {hook["entry"]: scripts.get(hook["entry"]) for hook in HOOKS} == {"check-citations": f"{check_citations.__name__}:main"}


@pytest.mark.parametrize("name", ["paper.md", "bab/satu.qmd", "a.Rmd", "refs.bib", "REFS.BIB"])
def test_the_hook_watches(name):
    assert re.search(HOOKS[0]["files"], name)


@pytest.mark.parametrize("name", ["notes.txt", "paper.md.orig", "bib"])
def test_the_hook_does_not_watch(name):
    assert not re.search(HOOKS[0]["files"], name)
