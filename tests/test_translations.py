"""The languages cannot drift apart unseen: the ledger; what readers are told."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, build_well, copy_project
from green import green_site
from lxml import html

import check_citations
import check_translations
from pustaka import load
from pustaka.rules import check
from pustaka.translations import HEAD, LEDGER, changes, ledger, parts, stale, unagreed

# -- Drift, planted in a copy of the site ----------------------------------------------------------------------------


def run(*arguments: str, command=check_translations) -> tuple[int, str, str]:
    """What the command ends with, and prints."""
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = command.main([*arguments, "--lang", "en"])
    return code, out.getvalue(), err.getvalue()


def codes(root: Path) -> Counter[str]:
    """The rules that find something, and how much."""
    _, out, _ = run("--root", str(root), "--format", "json")
    return Counter(finding["code"] for finding in json.loads(out) if finding["severity"] != "note")


@contextmanager
def agreed_copy() -> Iterator[Path]:
    """A copy of the project whose languages are agreed as they are."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in ("docs", "bibliography"):
            shutil.copytree(ROOT / name, root / name)
        shutil.copy2(ROOT / "mkdocs.yml", root)
        assert run("--root", str(root), "--agree", "--all")[0] == 0
        yield root


@pytest.fixture(scope="module")
def before(agreed) -> Counter[str]:
    """What is found where nothing has drifted: nothing, but for words that somebody has still to judge."""
    found = codes(agreed)
    assert found.keys() <= {"L412"}
    return found


@pytest.fixture(scope="module")
def agreed() -> Iterator[Path]:
    with agreed_copy() as root:
        yield root


def test_the_real_site_differs_in_nothing_that_has_its_counterpart():
    """What is stale is told to its readers, and to whoever runs the check; it stops no deployment, and so it fails no test."""
    assert run("--root", str(ROOT), "--ignore", "L412,L413")[:2] == (0, run("--root", str(ROOT), "--select", "L414")[1])


# -- The ledger ------------------------------------------------------------------------------------------------------

FINDINGS = "studies/contoh/findings"
ID, EN = (f"docs/{language}/{FINDINGS}.md" for language in ("id", "en"))


@pytest.fixture
def green(tmp_path: Path) -> Path:
    return green_site(tmp_path)


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text("utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new, 1), "utf-8")


def test_the_ledger_is_plain_yaml_and_the_same_every_time(green):
    written = (green / LEDGER).read_bytes()
    listed = yaml.safe_load(written)
    assert list(listed) == sorted(listed)
    assert list(listed[FINDINGS]) == ["(head)", "(opening)", "harvest"]
    assert all(re.fullmatch("[0-9a-f]{12}", digest) for part in listed[FINDINGS].values() for digest in part.values())
    assert run("--root", str(green), "--agree", "--all")[0] == 0
    assert (green / LEDGER).read_bytes() == written


@pytest.mark.parametrize(
    "old, new",
    [
        ("the residents have worked", "the residents  have\nworked"),
        ("\n\nSince July", "\n\n\nSince July"),
        ("[@contoh2020, pp. 12--13].", "[@contoh2020, pp. 12--13]. <!-- pustaka: ignore P203, the scan is cut off -->"),
    ],
    ids=["white space", "empty lines", "a comment to the checks"],
)
def test_what_no_reader_reads_makes_nothing_stale(old, new, green):
    edit(green, EN, old, new)
    assert "L413" not in codes(green)


def test_which_language_moved_is_told(green):
    edit(green, EN, "half for those who reap", "half for the reapers")
    code, out, err = run("--root", str(green))
    assert code == 1
    assert out.startswith(f"{ID}:12:1: L413 the section “Hasil panen” (#harvest): the counterpart has changed ({EN}:12:1)")
    assert err == "1 to mend\n"


def test_both_changed(green):
    edit(green, EN, "half for those who reap", "half for the reapers")
    edit(green, ID, "untuk yang memanen", "untuk pemanen")
    assert [each.behind for each in stale(load.load(green)[0])] == [()]
    assert f"{ID}:12:1: L413 the section “Hasil panen” (#harvest): changed in every language ({EN}:12:1)" in run("--root", str(green))[1]


def test_agreeing_ends_it(green):
    edit(green, EN, "half for those who reap", "half for the reapers")
    assert run("--root", str(green), "--agree", FINDINGS) == (0, "", f"agreed: 1 pages, in {LEDGER}\nnothing found\n")
    assert run("--root", str(green)) == (0, "", "nothing found\n")


@pytest.mark.parametrize("named", [FINDINGS, ID, EN, "/ABSOLUTE"])
def test_a_page_may_be_named_in_many_ways(named, green):
    edit(green, EN, "half for those who reap", "half for the reapers")
    assert run("--root", str(green), "--agree", named.replace("/ABSOLUTE", str((green / EN).resolve())))[0] == 0
    assert list(stale(load.load(green)[0])) == []


def test_agreeing_one_page_leaves_the_others(green):
    edit(green, EN, "half for those who reap", "half for the reapers")
    edit(green, "docs/en/index.md", "description: ", "description: New. ")
    assert run("--root", str(green), "--agree", "index")[0] == 0
    assert [each.page for each in stale(load.load(green)[0])] == [FINDINGS]


def test_a_page_whose_languages_differ_is_not_agreed(green):
    edit(green, EN, "2. half for those who reap.\n", "")
    before = (green / LEDGER).read_bytes()
    code, out, err = run("--root", str(green), "--agree", FINDINGS)
    assert (code, err) == (1, f"agreed: 0 pages, in {LEDGER}\nnot agreed, for their languages differ: 1 pages\n1 to mend\n")
    assert " L408 " in out
    assert (green / LEDGER).read_bytes() == before


def test_a_page_that_is_not_there(green):
    code, _, err = run("--root", str(green), "--agree", "studies/contoh/finding")
    assert (code, err) == (2, f"could not check: there is no page “studies/contoh/finding”: did you mean “{FINDINGS}”?\n")


@pytest.mark.parametrize("arguments", [["--agree"], ["--all"], ["--agree", "index", "--all"]])
def test_options_that_do_not_go_together(arguments, green):
    with pytest.raises(SystemExit) as ended:
        run("--root", str(green), *arguments)
    assert ended.value.code == 2


def test_what_was_never_agreed_is_told_and_fails_nothing(green):
    (green / LEDGER).unlink()
    code, out, err = run("--root", str(green))
    assert (code, err) == (0, "nothing to mend; 3 noted\n")
    assert {line.split()[1] for line in out.splitlines()} == {"L414"}
    site = load.load(green)[0]
    assert all(each.whole for each in unagreed(site))
    assert list(stale(site)) == []


def test_a_new_section_is_not_yet_agreed(green):
    for language in ("id", "en"):
        path = f"docs/{language}/{FINDINGS}.md"
        (green / path).write_text((green / path).read_text("utf-8") + "\n## X {#new}\n", "utf-8")
    [each] = unagreed(load.load(green)[0])
    assert (each.page, each.missing, each.gone, each.whole) == (FINDINGS, ("new",), (), False)


def test_stale_sections_may_be_told_without_failing(green):
    edit(green, EN, "half for those who reap", "half for the reapers")
    code, out, err = run("--root", str(green), "--allow-stale")
    assert (code, err) == (0, "nothing to mend; 1 noted\n")
    assert " L413 " in out


def test_what_is_stale_stops_no_build_and_no_other_check(green):
    edit(green, EN, "half for those who reap", "half for the reapers")
    assert check(load.load(green)[0]) == []
    assert run("--root", str(green), command=check_citations)[0] == 0


@pytest.mark.parametrize("text", ["x: [1]\n", "a: {b: {id: xyz}}\n", "a: b\n", "a: {\n"])
def test_a_ledger_that_cannot_be_read(text, green):
    (green / LEDGER).write_text(text, "utf-8")
    code, out, _ = run("--root", str(green))
    assert code == 2
    assert LEDGER in out


def test_a_third_language_is_a_column(green):
    """Whoever is behind is told so by each that changed; what a new language says is not yet agreed."""
    site = load.load(green)[0]
    words = replace(site.words, groups=site.words.groups | {"languages": site.words["languages"] | {"jv": site.words["languages"]["id"]}})
    javanese = [replace(page, language="jv", path=page.path.replace("docs/id/", "docs/jv/")) for page in site.pages if page.language == "id"]
    site = replace(site, languages=("id", "en", "jv"), pages=(*site.pages, *javanese), words=words)
    assert [each.missing for each in unagreed(site)][1] == ("(head)", "(opening)", "harvest")
    listed = yaml.safe_load(ledger(site, {FINDINGS}))
    assert set(listed[FINDINGS]["harvest"]) == {"id", "en", "jv"}
    listed[FINDINGS]["harvest"]["en"] = "0" * 12
    [each] = stale(replace(site, agreed=listed))
    assert (each.changed, each.behind) == (("en",), ("id", "jv"))


def test_ids_that_yaml_reads_as_something_else(green):
    for language in ("id", "en"):
        edit(green, f"docs/{language}/{FINDINGS}.md", "{#harvest}", "{#2020}")
    assert run("--root", str(green), "--agree", "--all")[0] == 0
    assert run("--root", str(green)) == (0, "", "nothing found\n")


def test_the_title_and_description_are_a_part(green):
    page = load.load(green)[0].page("en", FINDINGS)
    assert parts(page)[HEAD].text == "title: Findings\ndescription: What was found in the shared garden."


# -- What changed, as git remembers it -------------------------------------------------------------------------------


def git(root: Path, *arguments: str) -> None:
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *author, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(green) -> Path:
    """A project with a history: agreed, then changed in English, and changed once more."""
    git(green, "init", "--quiet", "--initial-branch=main")
    git(green, "add", "--all")
    git(green, "commit", "--quiet", "--message", "agreed")
    for new in ("half for the reapers", "a half for the reapers"):
        edit(green, EN, "half for those who reap" if new.startswith("half") else "half for the reapers", new)
        git(green, "commit", "--quiet", "--all", "--message", "changed")
    return green


def test_the_difference_to_what_was_agreed_is_shown(repository):
    out = run("--root", str(repository))[1]
    assert f"{EN}:12:1: what changed since it was agreed:\n" in out
    assert "    - half for those who reap.\n    + a half for the reapers.\n" in out


def test_a_shallow_clone_says_that_it_does_not_know(repository, tmp_path_factory):
    clone = tmp_path_factory.mktemp("shallow") / "clone"
    git(repository, "clone", "--quiet", "--depth=1", f"file://{repository}", str(clone))
    code, out, _ = run("--root", str(clone))
    assert code == 1
    assert f"{ID}:12:1: L413 " in out
    assert f"{EN}:12:1: the agreed text is not in git's history here" in out
    assert "The section begins: ## The harvest {#harvest} It brings Rp1,250,000" in out


def test_without_git_the_findings_are_the_same(repository, monkeypatch):
    first = run("--root", str(repository))[1].splitlines()[0]
    monkeypatch.setenv("PATH", "")
    out = run("--root", str(repository))[1]
    assert out.splitlines()[0] == first
    assert "the agreed text is not in git's history here" in out


def test_sentences_are_compared():
    assert changes("One. Two. Three.", "One. Two and a half. Three.") == ["  One.", "- Two.", "+ Two and a half.", "  Three."]


# -- What readers are told -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def out_of_line(tmp_path_factory) -> dict[str, html.HtmlElement]:
    """Pages of a built site in which English has moved on one page, and both languages on another, by their address."""
    root = copy_project(tmp_path_factory.mktemp("out-of-line"))
    assert run("--root", str(root), "--agree", "--all")[0] == 0
    for path in ("docs/en/about.md", "docs/id/offline.md", "docs/en/offline.md"):
        text = (root / path).read_text("utf-8")
        (root / path).write_text(re.sub(r"(^## .*\{#)", r"Word.\n\n\1", text, count=1, flags=re.MULTILINE), "utf-8")
    edit(root, "docs/en/about.md", "description: ", "description: A ")
    build_well(root)
    addresses = [f"{language}/{name}/" for language in ("id", "en") for name in ("about", "offline", "compare", "cite")]
    return {address: html.parse(root / "site" / address / "index.html").getroot() for address in addresses if (root / "site" / address).is_dir()}


def told(page: html.HtmlElement) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.xpath("//header[@class='page-head']/p[@class='note basis']")]


def test_the_page_that_lags_says_so(out_of_line):
    assert told(out_of_line["id/about/"]) == [
        "Halaman ini belum mengikuti perubahan terbaru dalam versi bahasa Inggris. Bagian yang berubah di sana: "
        "judul dan keterangannya, bagian pembuka."
    ]


def test_it_leads_to_what_changed(out_of_line):
    links = out_of_line["id/about/"].xpath("//header[@class='page-head']/p[@class='note basis']/a")
    assert [(link.get("href"), link.get("hreflang")) for link in links] == [("../../en/about/", "en")] * 2


def test_the_page_that_moved_says_nothing(out_of_line):
    assert told(out_of_line["en/about/"]) == []


def test_where_both_changed_both_say_so(out_of_line):
    [indonesian], [english] = told(out_of_line["id/offline/"]), told(out_of_line["en/offline/"])
    assert indonesian.startswith("Halaman ini sedang diselaraskan dengan versi bahasa Inggris.")
    assert english.startswith("This page is being brought into line with its Indonesian version.")


def test_pages_in_line_carry_nothing(out_of_line):
    in_line = [address for address in out_of_line if not address.endswith(("about/", "offline/"))]
    assert len(in_line) > 1
    assert [address for address in in_line if told(out_of_line[address])] == []
