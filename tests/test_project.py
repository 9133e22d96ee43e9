"""What stands around the site - workflow, locks, licences, citation file, changelog - agrees with the rest, and stays so."""

from __future__ import annotations

import re
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
import yaml
from conftest import expect_none

from pustaka.load import load
from pustaka.markdown import BLOCKS

ROOT = Path(__file__).parents[1]


def read(path: str) -> str:
    return (ROOT / path).read_text("utf-8")


PROJECT = tomllib.loads(read("pyproject.toml"))
LOCK = tomllib.loads(read("uv.lock"))
CITATION = yaml.safe_load(read("CITATION.cff"))
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.y*ml"))
THIS = next(package for package in LOCK["package"] if package["name"] == PROJECT["project"]["name"])
DEPENDENCIES = {"site": PROJECT["project"]["dependencies"], **PROJECT["dependency-groups"]}
VERSION = PROJECT["project"]["version"]


# -- Workflows --------------------------------------------------------------------------------------------------


def test_actions_are_pinned_by_commit_with_the_release_beside_it():
    uses = [line.strip() for workflow in WORKFLOWS for line in workflow.read_text("utf-8").splitlines() if "uses:" in line]
    loose = [line for line in uses if not re.fullmatch(r"(- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)]
    assert uses and not loose


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_only_the_deployment_may_write_and_every_job_ends(workflow):
    data = yaml.safe_load(workflow.read_text("utf-8"))
    writers = {name for name, job in data["jobs"].items() if "write" in job.get("permissions", {}).values()}
    assert data["permissions"] == {"contents": "read"}
    assert writers <= {"deploy"}
    assert all(job["timeout-minutes"] <= 60 for job in data["jobs"].values())


# -- Dependencies: pyproject.toml -> uv.lock -> requirements/*.txt ------------------------------------------------


def locked(*roots: list[dict]) -> dict[tuple[str, str], set[str]]:
    """The hashes of every (name, version) in the lock that the roots need, themselves included."""
    todo, names = [dependency["name"] for dependency in chain(*roots)], set()
    while todo:
        name = todo.pop()
        if name not in names:
            names.add(name)
            todo += [d["name"] for package in LOCK["package"] if package["name"] == name for d in package.get("dependencies", [])]
    return {
        (package["name"], package["version"]): {file["hash"] for file in [*package.get("wheels", []), package.get("sdist")] if file}
        for package in LOCK["package"]
        if package["name"] in names
    }


def exported(path: str) -> dict[tuple[str, str], set[str]]:
    """The hashes of every (name, version) in a requirements file."""
    found = {}
    for line in read(path).splitlines():
        if pin := re.match(r"([\w.-]+)==([^\s;]+)", line):
            hashes = found.setdefault((pin[1], pin[2]), set())
        elif digest := re.match(r"\s+--hash=(\w+:\w+)", line):
            hashes.add(digest[1])
    return found


@pytest.mark.parametrize(("group", "required"), [("site", THIS["metadata"]["requires-dist"]), ("test", THIS["metadata"]["requires-dev"]["test"])])
def test_the_lock_answers_pyproject(group, required):
    asked = {re.match(r"[\w.-]+", text)[0].lower().replace("_", "-"): re.sub(r"^[\w.-]+", "", text) for text in DEPENDENCIES[group]}
    assert {item["name"]: item.get("specifier", "") for item in required} == asked, "run: make lock"


@pytest.mark.parametrize(
    ("path", "roots"),
    [
        ("requirements/site.txt", [THIS["dependencies"]]),
        ("requirements/test.txt", [THIS["dependencies"], THIS["dev-dependencies"]["test"]]),
    ],
)
def test_the_requirements_are_the_lock_s(path, roots):
    assert exported(path) == locked(*roots), "run: make lock"


@pytest.mark.parametrize("dependency", [*chain(*DEPENDENCIES.values())])
def test_every_dependency_says_what_it_is_for(dependency):
    assert re.search(rf'^ +"{re.escape(dependency)}", +# \S.+$', read("pyproject.toml"), re.MULTILINE)


# -- Version, citation, licences ----------------------------------------------------------------------------------


def test_one_version_and_one_date():
    newest = re.search(r"^## (\S+) – (\S+)$", read("CHANGELOG.md"), re.MULTILINE)
    assert newest.groups() == (VERSION, str(CITATION["date-released"]))
    assert CITATION["version"] == VERSION


def test_the_preferred_citation_is_the_site_s_own():
    said_twice = {name: value for name, value in CITATION["preferred-citation"].items() if name != "type"}
    assert said_twice == {name: CITATION.get(name) for name in said_twice}


def test_the_citation_file_names_studies_as_the_bibliography_does():
    """Those that it names: a study that is added need not stand there too."""
    site, _ = load(ROOT)
    entries = [site.entry[study.entry] for study in site.studies]
    in_bibliography = {(e.text("title"), e.year, e.authors, e.text("doi"), e.text("pages")) for e in entries}
    in_citation = {
        (
            reference["title"],
            str(reference["year"]),
            tuple(", ".join(filter(None, [a["family-names"], a.get("given-names")])) for a in reference["authors"]),
            reference.get("doi", ""),
            f"{reference['start']}--{reference['end']}" if "start" in reference else "",
        )
        for reference in CITATION.get("references", ())
    }
    expect_none(map(str, in_citation - in_bibliography))


def test_the_licences_are_there():
    assert read("LICENSE").startswith("MIT License\n\nCopyright (c) 2026 ")
    site, _ = load(ROOT)
    licence = site.words["licences"][site.settings.licence]
    content = read("LICENSE-CONTENT")
    assert {"Attribution-ShareAlike 4.0 International", licence["en"]} & set(content.split("\n\n", 1)[0].splitlines())


# -- Files --------------------------------------------------------------------------------------------------------


def test_no_file_names_a_place_on_somebody_s_machine():
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    machine_path = re.compile(rb"(?<![\w.-])/(?:tmp|work|root|home)/")
    files = [ROOT / name for name in listed.split("\0") if name]
    assert [path for path in files if path.is_file() and machine_path.search(path.read_bytes())] == []


# -- Words --------------------------------------------------------------------------------------------------------


def test_templates_and_words_know_each_other():
    """A word that a template asks for and that is not there would be printed as nothing."""
    files = [path for path in (ROOT / "overrides").rglob("*") if path.suffix in (".html", ".xhtml", ".opf")]
    files += (ROOT / "overrides/scripts").glob("*.js")
    templates = "\n".join(path.read_text("utf-8") for path in files)
    asked = set(re.findall(r"\bwords\.([a-z_]+)\b", templates))
    there, named = set(yaml.safe_load(read("bibliography/words.yml"))), set()
    for path in (path for folder in ("render", "export") for path in (ROOT / "scripts/pustaka" / folder).rglob("*.py")):
        source = path.read_text("utf-8")
        prefixes = "book|cite|edition|finding|heading|pack|question|rule|share|stale"
        asked |= set(re.findall(rf"\[['\"]((?:{prefixes})_[a-z_]+)['\"]\]", source))
        named |= set(re.findall(r"['\"]([a-z_]+)['\"]", source))
    asked |= {word for word in there if word in named or word.removesuffix("_for") in named}  # as a file's kind, for one
    assert (asked - there, there - asked) == (set(), set())


def test_the_blocks_are_those_that_python_markdown_makes():
    extensions = read("mkdocs.yml").partition("markdown_extensions:")[2]
    types = re.search(r"types: \[([^\]]*)\]", extensions)[1]
    assert set(types.split(", ")) == BLOCKS


def test_no_pattern_needs_a_newer_python_than_we_ask_for():
    """Before 3.11.5 a possessive group whose body may fail halfway leaves the search at the wrong place (python/cpython#106052).

    What cannot fail halfway may be possessive: a run of one kind of letter, alternatives of such runs.
    """
    safe = {r"(?:\s++|%[^\n]*+)*+", r"(?:,\s*+)++", r"(?:(?!=\s*[\"{])[^\s,{}])*+", r"(?:(?!=\s*[\"{])[^\s,{}()])*+"}
    for path in (ROOT / "scripts").rglob("*.py"):
        text = path.read_text("utf-8")
        for pattern in safe:
            text = text.replace(pattern, "")
        assert not re.search(r"\)(?:[*+?]|\{\d*,\d*\})\+", text), path
