"""Editions of a study's pages: their versions and dates, what is kept of those that were replaced, pages that count no more."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import expect_none, tree
from green import green_site, put, site_with

import freeze
from pustaka import load
from pustaka.model import Edition, Page, Place, Site
from pustaka.render.delivery import noticed
from pustaka.rules import check, judge, rules

# -- Which edition a page is of --------------------------------------------------------------------------------------

EDITIONS = (
    Edition("1.0", "2026-01-01", {"all": {}}),
    Edition("1.1", "2026-02-01", {"findings": {}}),
    Edition("2.0", "2026-03-01", {"all": {}, "index": {}}),
)


def page_named(name: str, **meta: object) -> Page:
    return Page(f"docs/id/{name}.md", "id", name, {"title": "a", **meta}, ())


@pytest.mark.parametrize(
    "editions, name, meta, versions",
    [
        (EDITIONS[:2], "studies/contoh/findings", {}, ["1.0", "1.1"]),
        (EDITIONS[:2], "studies/contoh", {}, ["1.0"]),
        (EDITIONS, "studies/contoh", {}, ["1.0", "2.0"]),
        (EDITIONS[1:2], "studies/contoh/method", {}, ["1.1"]),  # named by none: the first
        ((EDITIONS[0], replace(EDITIONS[1], new=("method",)), EDITIONS[2]), "studies/contoh/method", {}, ["1.1", "2.0"]),
        ((EDITIONS[0], replace(EDITIONS[1], new=("method",))), "studies/contoh", {}, ["1.0"]),
        (EDITIONS, "studies/contoh/findings", {"withdrawn": {"date": "2026-03-01", "reason": "a"}}, ["1.0", "1.1"]),
        (EDITIONS, "studies/contoh/findings", {"replaced": {"date": "2026-02-01", "by": "a"}}, ["1.0"]),
    ],
)
def test_the_editions_of_a_page(editions, name, meta, versions):
    site = site_with()
    study = replace(site.study["contoh"], editions=editions)
    site, page = replace(site, studies=(study,)), page_named(name, **meta)
    assert [edition.version for edition in study.editions_of(page)] == versions
    assert (site.version(page), site.updated(page)) == (study.editions_of(page)[-1].version, study.editions_of(page)[-1].date)


def test_the_date_of_a_page_outside_studies():
    site = site_with()
    assert site.updated(page_named("about", updated="2020-01-01")) == "2020-01-01"
    assert site.updated(page_named("about")) == site.updated(None) == site.study["contoh"].updated
    assert site.version(page_named("about")) == site.version(None) == ""


# -- The rules ---------------------------------------------------------------------------------------------------------


def found(site: Site, code: str) -> list[str]:
    [asked] = [rule for rule in rules() if rule.code == code]
    return [str(finding) for finding in judge(site, [asked]).left]


def of_editions(*editions: Edition, pages: tuple[Page, ...] = (), **study: object) -> Site:
    """The green site with other editions, and with pages beside its own."""
    site = site_with()
    places = site.study["contoh"].places
    stand_ins = {f"editions.{n}.{name}": Place("record", n + 1) for n in range(9) for name in ("version", "date", "changes.a", "changes.all")}
    record = replace(site.study["contoh"], places={**stand_ins, **places}, **({"editions": editions} if editions else {}), **study)
    return replace(site, studies=(record,), pages=site.pages + pages)


@pytest.mark.parametrize("before, after, wrong", [("1.9", "1.10", False), ("1.9", "2.0", False), ("1.10", "1.9", True), ("2.0", "1.9", True)])
def test_versions_rise_as_numbers_do(before, after, wrong):
    site = of_editions(Edition(before, "2026-01-01", {}), Edition(after, "2026-01-02", {}))
    assert bool(found(site, "S521")) == wrong


def test_what_was_changed_long_ago_may_be_gone():
    words = {"id": "a", "en": "a"}
    old, new = Edition("1.0", "2026-01-01", {"a": words}), Edition("1.1", "2026-01-02", {"all": words})
    assert found(of_editions(old, new), "S522") == []
    assert found(of_editions(old), "S522") == ["record:1:1: S522 the study has no page “a”: there are: all, index, findings"]


def test_a_new_page_is_there():
    edition = Edition("1.0", "2026-01-01", {"all": {"id": "a", "en": "a"}}, ("findings", "method"))
    site = of_editions(edition)
    places = {**site.study["contoh"].places, "editions.0.new.1": Place("record", 7)}
    site = replace(site, studies=(replace(site.study["contoh"], places=places),))
    assert found(site, "S522") == ["record:7:1: S522 the study has no page “method”: there are: all, index, findings"]


def test_a_page_of_a_study_has_no_date_of_its_own():
    [said] = found(of_editions(pages=(page_named("studies/contoh/method", updated="2026-01-01"),)), "S522")
    assert said.startswith(
        "docs/id/studies/contoh/method.md:1:1: S522 a page of a study takes its date from the editions in bibliography/studies/contoh.yml"
    )
    assert found(of_editions(pages=(page_named("about", updated="2026-01-01"),)), "S522") == []


@pytest.mark.parametrize(
    "kept, said",
    [
        (
            {"contoh": {}},
            ["the edition 1.0 is replaced and not kept: run `scripts/freeze.py contoh --edition 1.0` while site/ is still of that edition"],
        ),
        ({"contoh": {"1.0": ("contoh-id-1.0.html",)}}, ["the kept edition lacks contoh-en-1.0.html: put back the file that was published"]),
        ({"contoh": {"1.0": ("contoh-id-1.0.html", "contoh-en-1.0.html"), "1.1": ()}}, ["the kept edition lacks contoh-id-1.1.html", "-en-1.1.html"]),
        ({"contoh": {"0.9": ()}}, ["is replaced and not kept", "an edition is kept that bibliography/studies/contoh.yml does not have"]),
        ({"kebun": {"1.0": ()}}, ["is replaced and not kept", "an edition is kept that bibliography/studies/kebun.yml does not have"]),
        ({"contoh": {"1.0": ("contoh-id-1.0.html", "contoh-en-1.0.html", "foto.png")}}, ["the file's name must end in LANGUAGE-1.0 and a suffix"]),
    ],
)
def test_what_is_kept(kept, said):
    told = found(replace(site_with(), frozen=kept), "S523")
    assert len(told) == len(said)
    expect_none(f"not told: {each}" for each in said if not any(each in one for one in told))


GONE = {"withdrawn": {"date": "2026-01-02", "reason": "a"}}


@pytest.mark.parametrize(
    "meta, other, said",
    [
        (GONE, GONE, None),
        (GONE, {"withdrawn": {"date": "2026-01-02", "reason": "other words"}}, None),
        (GONE, {}, "must say of its being replaced or withdrawn what docs/id/"),
        (GONE, {"withdrawn": {"date": "2026-01-03", "reason": "a"}}, "must say of its being replaced or withdrawn what docs/id/"),
        (GONE | {"replaced": {"by": "studies/contoh", "date": "2026-01-02"}}, None, "a page is either replaced or withdrawn"),
        (
            {"replaced": {"by": "studies/contoh/method", "date": "2026-01-02"}},
            None,
            "“studies/contoh/method”, which replaces the page, is no page that counts",
        ),
        ({"replaced": {"by": "studies/contoh/finding", "date": "2026-01-02"}}, None, "did you mean “studies/contoh/findings”?"),
    ],
)
def test_a_page_that_counts_no_more(meta, other, said):
    name = "studies/contoh/method"
    pages = (page_named(name, **meta), replace(page_named(name, **(meta if other is None else other)), language="en", path=f"docs/en/{name}.md"))
    told = found(of_editions(pages=pages), "S524")
    assert any(said in each for each in told) if said else told == []
    assert found(of_editions(pages=pages), "S503") == [] or other == {}  # it is in no menu


def test_no_menu_names_it():
    name = "studies/contoh/method"
    pages = tuple(replace(page_named(name, **GONE), language=language) for language in ("id", "en"))
    site = of_editions(pages=pages)
    study = replace(site.study["contoh"], pages=("index", "findings", "method"), places={**site.study["contoh"].places, "pages.2": Place("record")})
    settings = replace(site.settings, menu=(name,))
    site = replace(site, studies=(study,), settings=settings)
    assert [each for each in found(site, "S503") if "is replaced or withdrawn: take it out of pages" in each]
    assert [each for each in found(site, "S524") if each.startswith("mkdocs.yml:1:1: S524 the menu names “studies/contoh/method”")]


# -- Keeping an edition --------------------------------------------------------------------------------------------


@pytest.fixture
def green(tmp_path: Path) -> Path:
    """The green site, whose present edition is 1.1, with its files in all languages, and a past edition that is kept."""
    root = green_site(tmp_path)
    for language in ("id", "en"):
        folder = root / "site" / language / "studies" / "contoh"
        for file in folder.glob("contoh-*"):
            file.unlink()
        page = f'<html lang="{language}"><body><header>Edisi 1.1, <time datetime="2026-01-02">2</time></header><p>isi {language}</p></body></html>'
        (folder / f"contoh-{language}-1.1.html").write_text(page, "utf-8")
        (folder / f"contoh-slides-{language}-1.1.pdf").write_bytes(b"%PDF\r\n\xff")
        (folder / f"contoh-{language}.html").write_text(page, "utf-8")  # the newest, which is no edition's
    return root


def kept(root: Path) -> dict[str, str]:
    return tree(root / "bibliography" / "editions" / "contoh")


def freezing(root: Path, *arguments: str) -> int:
    return freeze.main(["contoh", "--root", str(root), *arguments])


def test_an_edition_is_kept_byte_by_byte(green, capsys):
    assert freezing(green) == 0
    assert capsys.readouterr().out.startswith("kept: the edition 1.1 of contoh, 4 files, 0 kB, in bibliography/editions/contoh/1.1: commit them")
    folder = green / "bibliography" / "editions" / "contoh" / "1.1"
    assert {file.name for file in folder.iterdir()} == {
        f"contoh-{name}-1.1{end}" for name, end in [("id", ".html"), ("en", ".html"), ("slides-id", ".pdf"), ("slides-en", ".pdf")]
    }
    for language in ("id", "en"):
        for file in folder.glob(f"*-{language}-*"):
            assert file.read_bytes() == (green / "site" / language / "studies" / "contoh" / file.name).read_bytes()
    site, faults = load.load(green)
    assert [*faults, *check(site)] == []


def test_what_is_kept_is_never_changed(green, capsys):
    before = kept(green)
    for arguments in (["--edition", "1.0"], ["--edition", "1.0", "--lang", "id"]):
        assert freezing(green, *arguments) == 2
    assert kept(green) == before
    printed = capsys.readouterr().err.splitlines()
    assert printed[0] == "nothing was written: the edition 1.0 is kept in bibliography/editions/contoh/1.0, and what is kept is never changed"
    assert printed[1] != printed[0]
    assert freezing(green) == 0
    assert freezing(green) == 2
    assert "every edition of contoh is kept: 1.0, 1.1" in capsys.readouterr().err


def without(name: str) -> Callable[[Path], None]:
    return lambda root: next((root / "site").rglob(name)).unlink()


def with_text(old: str, new: str) -> Callable[[Path], None]:
    def spoil(root: Path) -> None:
        file = root / "site/en/studies/contoh/contoh-en-1.1.html"
        file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")

    return spoil


@pytest.mark.parametrize(
    "spoil, arguments, said",
    [
        (without("contoh-en-1.1.html"), [], "the site has no en/studies/contoh/contoh-en-1.1.html: it is not of the edition 1.1"),
        (
            with_text("2026-01-02", "2026-01-01"),
            [],
            "en/studies/contoh/contoh-en-1.1.html is of 2026-01-01, the edition 1.1 of 2026-01-02: build that edition",
        ),
        (with_text("datetime", "title"), [], "contoh-en-1.1.html is of –, the edition 1.1 of 2026-01-02"),
        (lambda root: shutil.rmtree(root / "site"), [], "there is no built site in"),
        (lambda root: None, ["--edition", "3.0"], "contoh has no edition 3.0; its record lists: 1.0, 1.1"),
        (lambda root: put(root, "bibliography/studies/contoh.yml", "licence:\n"), [], "the project has faults: check it first"),
        (lambda root: (root / "bibliography/words.yml").unlink(), [], "the project has faults: check it first"),
    ],
)
def test_what_is_not_the_edition_is_refused(spoil, arguments, said, green, capsys):
    spoil(green)
    before = kept(green)
    assert freezing(green, *arguments) == 2
    assert said in capsys.readouterr().err
    assert kept(green) == before


def test_a_study_that_there_is_not(green, capsys):
    assert freeze.main(["conto", "--root", str(green)]) == 2
    assert capsys.readouterr().err == "nothing was written: there is no study “conto”: did you mean “contoh”?\n"


def test_a_disk_that_is_full_leaves_nothing_behind(green, capsys, monkeypatch):
    before = kept(green)
    written = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name.startswith("contoh-slides"):
            raise OSError(28, "No space left on device")
        return written(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert freezing(green) == 2
    assert "bibliography/editions/contoh/1.1 cannot be written: No space left on device" in capsys.readouterr().err
    assert kept(green) == before


def test_an_edition_that_was_built_before_files_told_theirs(green):
    """Then the only files of a study were `SLUG-LANG.html` and `.epub`, and they told their date."""
    for file in (green / "site").rglob("contoh-*-1.1.*"):
        file.unlink()
    (green / "site/id/studies/contoh/contoh-id.epub").write_bytes(b"PK")
    assert freezing(green, "--edition", "1.1") == 0
    assert {name for name in kept(green) if name.startswith("1.1")} == {"1.1/contoh-en-1.1.html", "1.1/contoh-id-1.1.epub", "1.1/contoh-id-1.1.html"}


# -- A notice on a page of the past ------------------------------------------------------------------------------------

PAST = (
    "<!doctype html><html lang=id><head><meta content=\"default-src 'none';style-src 'sha256-x';base-uri 'none'\" http-equiv=Content-Security-Policy>"
    "<title>a</title><link href=https://a.example/ rel=canonical><style>b{}</style></head><body class=kind-book><p>isi</body></html>"
)


def test_a_notice_is_put_into_a_page_of_the_past():
    made = noticed(PAST, "<aside>awas</aside>", "i{}", "https://a.example/1.0/")
    assert made.count("rel=") == 1 and '<link rel="canonical" href="https://a.example/1.0/">' in made
    assert '<meta name="robots" content="noindex">' in made.partition("</head>")[0]
    assert re.search(r"style-src 'sha256-x' 'sha256-[\w+/=]{44}';base-uri", made)
    assert made.endswith("<body class=kind-book><aside>awas</aside><p>isi</body></html>")


@pytest.mark.parametrize("text", ["", "%PDF", "<html><head></head>kata", "<html><body>kata</body>"])
def test_what_is_no_page_gets_no_notice(text):
    with pytest.raises(ValueError):
        noticed(text, "a", "b", "c")
