"""new_site.py on a copy of this very repository: nothing of ours is left, everything is green, and it refuses what it must."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, BuiltSite, build_well, expect_none

import check_citations
import check_how_to_cite
import check_translations
import new_site
from pustaka import load
from pustaka.founding import leftovers, pages

WISHED = {"--name": "Suara Desa", "--publisher": "Tim Suara Desa", "--address": "https://suara.example/desa/", "--date": "2026-11-22"}
#: Names that our studies' pages speak of often, and that the world knows without them: cities and regencies (the lexicon knows them),
#: months, theories.
OF_THE_WORLD = {"Arnstein", "Castells", "Manuel", "September", "Sumenep", "Surabaya"}


def command(root: Path, *more: str, **other: str) -> list[str]:
    return ["--root", str(root), *(part for pair in (WISHED | other).items() for part in pair if pair[1]), *more]


def template(folder: Path) -> Path:
    """All files of this repository, in a folder of their own, without git."""
    for path, data in load.of_project(ROOT).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def founded(tmp_path_factory) -> Path:
    """The site of another group, in two languages, with a colour, a licence and a contact of its own."""
    root = template(tmp_path_factory.mktemp("founded") / "project")
    options = {"--accent": "#0a5838", "--licence": "CC-BY-4.0", "--contact": "tim@suara.example"}
    assert new_site.main(command(root, **options)) == 0
    return root


@pytest.fixture(scope="module")
def site(founded) -> BuiltSite:
    build_well(founded)
    return BuiltSite(founded / "site", "https://suara.example/desa/")


@pytest.fixture(scope="module")
def sought() -> frozenset[str]:
    ours, _ = load.load(ROOT)
    return leftovers.names(ours) | leftovers.proper_names(ours, 5) - OF_THE_WORLD


def test_what_is_looked_for_tells_of_our_studies(sought):
    """Else nothing would be found for want of looking."""
    ours, _ = load.load(ROOT)
    assert {study.slug for study in ours.studies} | {study.entry for study in ours.studies} <= sought
    assert {"Juruan", "Zaifuddin", "Ramdhan", "Redaksi Temuan", "Temuan", "sc-3", "temuan.example"} <= sought
    assert len(list(leftovers.search(load.of_project(ROOT), sought))) > 1000


def test_no_file_speaks_of_our_studies(founded, sought):
    ours, _ = load.load(ROOT)
    left = leftovers.search(load.of_project(founded), sought, leftovers.words(ours, sought))
    expect_none(f"{each.path}:{each.line}: {each.name}" for each in left)


def test_nothing_that_was_built_speaks_of_our_studies(site, sought):
    ours, _ = load.load(ROOT)
    left = leftovers.search(load.published(site.folder), sought, leftovers.words(ours, sought))
    expect_none(f"{each.path}:{each.line}: {each.name}" for each in left)


@pytest.mark.parametrize("check", [check_citations.main, check_translations.main, check_how_to_cite.main], ids=["citations", "translations", "built"])
def test_the_checks_are_green_at_once(check, founded, site, capsys):
    arguments = ["--root", str(founded), "--no-cache"]
    assert check(arguments) == 0, capsys.readouterr()


def test_the_pages_that_every_site_has_are_there_in_each_language():
    ours, _ = load.load(ROOT)
    kept = {page.name for page in ours.pages if page.language} - pages.names_of_studies(ours)
    assert kept >= {"", "studies", "bibliography", "glossary", "cite", "about", "rules", "search", "offline"}


def test_the_site_says_its_own_name_as_often_in_every_language():
    """A translation that says “Temuan” and means a finding would get the name of the new site."""
    ours, _ = load.load(ROOT)
    name = re.compile(rf"(?<!\w){ours.settings.name}(?!\w| \d)")
    counted: dict[str, Counter] = {}
    for path, text in pages.kept(ours, pages.names_of_studies(ours), ours.languages).items():
        page = ours.page_at[path]
        if page.language:
            counted.setdefault(page.name, Counter())[page.language] = len(name.findall(text))
    assert {page: dict(counts) for page, counts in counted.items() if len(set(counts.values())) > 1} == {}


def test_empty_pages_say_so_kindly(site):
    assert "No study has been published here yet." in site.page("en/").text
    assert "Belum ada penelitian yang terbit di sini." in site.page("id/studies/").text
    assert "A work appears here as soon as a page cites it." in site.page("en/bibliography/").text
    assert not site.page("en/bibliography/").all("form.filters")


def test_what_was_wished_is_said(founded, site):
    about = site.page("en/about/").text
    assert "Suara Desa is edited by Tim Suara Desa" in about and "under CC BY 4.0" in about and "share your version" not in about
    assert site.page("id/about/").tree.xpath("//a[@href='mailto:tim@suara.example']/text()") == ["tim@suara.example"]
    assert "--accent: #0a5838" in (founded / "overrides/styles/page.css").read_text("utf-8")
    assert "#7f2a12" not in (founded / "overrides/assets/icon.svg").read_text("utf-8")
    citation = yaml.safe_load((founded / "CITATION.cff").read_text("utf-8"))
    assert (citation["title"], citation["license"], "references" in citation) == ("Suara Desa", "CC-BY-4.0", False)
    assert (founded / "LICENSE-CONTENT").read_text("utf-8").startswith("CC BY 4.0\n")
    assert (founded / "README.md").read_text("utf-8").startswith("# Suara Desa\n")
    assert (founded / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()  # its notice stays in all copies


def test_a_search_finds_pages_and_a_feed_may_be_empty_of_studies(site):
    entry = json.loads((site.folder / "pagefind/pagefind-entry.json").read_text("utf-8"))
    assert set(entry["languages"]) == {"id", "en"}
    assert not list(site.folder.rglob("*.epub")) and not list(site.folder.rglob("*.imscc"))
    assert (site.folder / "id/feed.xml").stat().st_size > 200


def test_again_it_finds_nothing_to_do_and_does_not_take_away_what_is_there_now(founded, capsys):
    before = load.of_project(founded)
    assert new_site.main(command(founded)) == 0
    assert "nothing to do: this is the site Suara Desa already" in capsys.readouterr().out
    assert new_site.main(command(founded, **{"--name": "Lain"})) == 2
    assert "its studies are its own: change name, address and licence in mkdocs.yml" in capsys.readouterr().err
    assert load.of_project(founded) == before


# -- Refused -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    return template(tmp_path_factory.mktemp("refused") / "project")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"--name": ""}, "nobody is there to be asked; --name, --publisher and --address must be given"),
        ({"--licence": "MIT"}, "“MIT” is no licence"),
        ({"--accent": "#ff8800"}, "the nearest that will do is #"),
        ({"--name": "A <b>"}, "cannot be a name"),
        ({"--lang": "id", "--licence": "MIT"}, "“MIT” bukan lisensi halaman"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_nothing_is_written(options, said, copy, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    before = load.of_project(copy)
    assert new_site.main(command(copy, **options)) == 2
    assert said in capsys.readouterr().err
    assert load.of_project(copy) == before


def test_what_is_not_committed_is_not_overwritten(copy, tmp_path, capsys):
    root = shutil.copytree(copy, tmp_path / "project")
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@a.example"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a"]):
        subprocess.run([*git, *arguments], check=True)
    (root / "docs/id/about.md").write_text("catatan", "utf-8")
    assert new_site.main(command(root)) == 2
    subprocess.run([*git, "checkout", "-q", "docs"], check=True)
    (root / "baru.md").write_text("catatan", "utf-8")
    assert new_site.main(command(root)) == 2
    assert "1 files are not committed, and git could not bring them back" in capsys.readouterr().err


def test_a_person_is_asked_what_the_options_do_not_say(copy, monkeypatch, capsys):
    answers = iter(["", "Suara Desa", "", "https://suara.example/", "", "MIT"])
    asked = []
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda self: True})())
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or next(answers))
    assert new_site.main(["--root", str(copy)]) == 2
    assert "“MIT” is no licence" in capsys.readouterr().err
    assert asked[0] == asked[1] == "Name of the site: "  # it must have one
    assert asked[2:4] == ["Who signs its pages [Suara Desa]: ", "Its address, for instance https://example.org/site/: "]
    assert asked[4] == "Its languages, by their tags, the first one first [id,en]: "


# -- Other languages ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("languages", ["en", "en,id"])
def test_one_language_or_another_order(languages, copy, tmp_path, capsys):
    root = shutil.copytree(copy, tmp_path / "project")
    assert new_site.main(command(root, **{"--languages": languages})) == 0, capsys.readouterr()
    founded, faults = load.load(root)
    assert (",".join(founded.languages), faults) == (languages, [])
    assert {page.language for page in founded.pages} == {"", *founded.languages}
    assert check_citations.main(["--root", str(root), "--no-cache"]) == 0


def test_a_new_language_begins_with_copies_and_says_what_is_to_be_written(copy, tmp_path, capsys):
    root = shutil.copytree(copy, tmp_path / "project")
    assert new_site.main(command(root, **{"--languages": "id,mad"})) == 0
    assert "a language is new: translate its pages in docs/, and write its words" in capsys.readouterr().out
    assert (root / "docs/mad/about.md").read_bytes() == (root / "docs/id/about.md").read_bytes()
    terms = yaml.safe_load((root / "bibliography/terms.yml").read_text("utf-8"))
    assert terms["languages"]["mad"] == {"name": "Madurese", "short": "MAD", "csl": "id-ID", "cldr": "id", "og": "mad_ID"}
    assert "mad:" not in (root / "bibliography/translations.yml").read_text("utf-8")  # a copy is no translation
    assert check_citations.main(["--root", str(root), "--no-cache"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in told] == [f"bibliography/{name}.yml" for name in ("glossary", "terms", "words")]
