"""A study's new edition, built: the past one stays readable at its address, pages tell what changed, and those that count no more say so."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import BuiltSite, build, build_well, copy_project, expect_none, tree
from lxml import html

import freeze
from pustaka import load
from pustaka.model import Edition, Study
from pustaka.rules import check_built

SLUG = "sahabat-community"
#: Of the study's pages, one that the new edition names, one that is withdrawn with it, one that is replaced, and one that it leaves alone.
CHANGED, WITHDRAWN, REPLACED, UNTOUCHED = "findings", "implications", "background", "method"
CHANGE = {"id": "Satu angka dibetulkan.", "en": "A number was mended."}
REASON = {"id": "Angkanya dihitung dua kali.", "en": "Its numbers were counted twice."}


# -- A site with a new edition -----------------------------------------------------------------------------------------


class Edited:
    """The real site after a new edition of a study: its project, what was built before and after, and the study then."""

    def __init__(self, root: Path, before: Path):
        self.root, self.before, self.site = root, before, root / "site"
        self.model, faults = load.load(root)
        expect_none(map(str, faults))

    @property
    def study(self) -> Study:
        return self.model.study[SLUG]

    @property
    def past(self) -> Edition:
        return self.study.editions[-2]

    @property
    def new(self) -> Edition:
        return self.study.editions[-1]

    def page(self, language: str, part: str) -> html.HtmlElement:
        return html.document_fromstring((self.site / language / self.study.page_name(part) / "index.html").read_text("utf-8"))

    def edition(self, language: str, edition: Edition) -> Path:
        return self.site / self.study.edition_url(edition.version, language) / "index.html"


def with_edition(root: Path, study: Study) -> None:
    """Write a new edition into the study's record; withdraw a page and replace another."""
    major, minor = study.version.split(".")
    day = date.fromisoformat(study.updated) + timedelta(days=1)
    told = f"{{id: {CHANGE['id']}, en: {CHANGE['en']}}}"
    lines = f'  - version: "{major}.{int(minor) + 1}"\n    date: {day}\n    changes: {{{CHANGED}: {told}}}\n'
    record = root / study.place.path
    text = re.sub(r"^editions:.*?(?=^\S)", lambda match: match.group() + lines, record.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    record.write_text(re.sub(rf"\b({WITHDRAWN}|{REPLACED}), ", "", text), "utf-8")
    for language in REASON:
        retire(root, language, WITHDRAWN, f"withdrawn: {{date: {day}, reason: {REASON[language]}}}")
        retire(root, language, REPLACED, f"replaced: {{by: studies/{SLUG}/{UNTOUCHED}, date: {day}}}")


def retire(root: Path, language: str, page: str, line: str) -> None:
    file = root / "docs" / language / "studies" / SLUG / f"{page}.md"
    file.write_text(file.read_text("utf-8").replace("\n---\n", f"\n{line}\n---\n", 1), "utf-8")


@pytest.fixture(scope="module")
def edited(built_site: BuiltSite, tmp_path_factory) -> Edited:
    root = copy_project(tmp_path_factory.mktemp("edited") / "project")
    study = load.load(root)[0].study[SLUG]
    with_edition(root, study)
    code, said = build(root)
    assert code != 0 and f"S523 the edition {study.version} is replaced and not kept" in said and "Traceback" not in said
    assert freeze.main([SLUG, "--edition", study.version, "--root", str(root), "--site", str(built_site.folder)]) == 0
    build_well(root)
    return Edited(root, built_site.folder)


LANGUAGES = pytest.mark.parametrize("language", ["id", "en"])


def test_the_site_is_in_order(edited):
    found = [finding for finding in check_built(edited.model, load.built_site(edited.site)) if finding.code not in ("B613", "B614")]
    expect_none(map(str, found))


@LANGUAGES
def test_the_files_of_the_past_stand_where_they_were(edited, language):
    folder = f"{language}/studies/{SLUG}"
    names = [file.name for file in (edited.before / folder).iterdir() if f"-{edited.past.version}." in file.name]
    assert any(name.endswith(".html") for name in names) and any(name.endswith(".epub") for name in names)
    for name in names:
        assert (edited.site / folder / name).read_bytes() == (edited.before / folder / name).read_bytes()
        newer = name.replace(f"-{edited.past.version}.", f"-{edited.new.version}.")
        assert (edited.site / folder / newer).is_file()


@LANGUAGES
def test_the_newest_is_found_under_the_name_without_a_version(edited, language):
    for suffix in (".html", ".epub"):
        folder = edited.site / language / "studies" / SLUG
        assert (folder / f"{SLUG}-{language}{suffix}").read_bytes() == (folder / f"{SLUG}-{language}-{edited.new.version}{suffix}").read_bytes()


@LANGUAGES
def test_a_past_edition_says_what_became_of_it(edited, language):
    page = html.fromstring(edited.edition(language, edited.past).read_text("utf-8"))
    notice = page.get_element_by_id("edition-notice")
    said = " ".join(notice.text_content().split())
    assert page.body[0] is notice
    for words in (edited.past.version, edited.new.version, CHANGE[language], page.xpath("//link[@rel='canonical']/@href")[0]):
        assert words in said
    assert page.xpath("//link[@rel='canonical']/@href")[0].endswith(f"/{edited.study.edition_url(edited.past.version, language)}")
    assert "noindex" in page.xpath("//meta[@name='robots']/@content")
    for link in notice.xpath(".//a[not(starts-with(@href, 'http'))]/@href"):
        target = (edited.edition(language, edited.past).parent / link).resolve()
        assert target.is_file() or (target / "index.html").is_file()
    files = {file.name for file in (edited.root / load.EDITIONS / SLUG / edited.past.version).iterdir() if f"-{language}-" in file.name}
    assert {link.text for link in notice.xpath(".//a[@download]")} == files


@LANGUAGES
def test_all_else_of_a_past_edition_is_as_it_was(edited, language):
    text = edited.edition(language, edited.past).read_text("utf-8")
    before = (edited.before / language / "studies" / SLUG / f"{SLUG}-{language}-{edited.past.version}.html").read_text("utf-8")
    assert re.sub(r"<aside id=\"?edition-notice.*?</aside>", "", text, flags=re.DOTALL).partition("<body")[2] == before.partition("<body")[2]


@LANGUAGES
def test_the_present_edition_has_its_lasting_address_too(edited, language):
    said = html.fromstring(edited.edition(language, edited.new).read_text("utf-8")).get_element_by_id("edition-notice").text_content()
    assert edited.new.version in said and edited.past.version not in said


@LANGUAGES
@pytest.mark.parametrize("part, changed", [(CHANGED, True), (UNTOUCHED, False), ("index", False)])
def test_a_page_tells_the_edition_in_which_it_was_changed(edited, language, part, changed):
    page, model = edited.page(language, part), edited.model.page(language, edited.study.page_name(part))
    edition = edited.study.editions_of(model)[-1]
    assert (edition is edited.new) == changed
    head = page.xpath("//p[@class='meta']//a[@href='#history']/following-sibling::time")[0]
    assert head.get("datetime") == edition.date and edition.version in head.getprevious().text_content()
    node = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])["@graph"][0]
    assert (node["version"], node["dateModified"]) == (edition.version, edition.date)
    history = page.get_element_by_id("history")
    told = [" ".join(item.text_content().split()) for item in history.iter("li")]
    assert len(told) == len(edited.study.editions_of(model))
    assert (CHANGE[language] in told[0]) == changed
    folder = edited.site / model.url
    expect_none(link for link in history.xpath(".//a/@href") if not (folder / link / "index.html").resolve().is_file())
    assert f"version: '{edition.version}'" in (folder / "CITATION.cff").read_text("utf-8")


@LANGUAGES
@pytest.mark.parametrize("part", [WITHDRAWN, REPLACED])
def test_a_page_that_is_gone_is_still_there_and_says_so(edited, language, part):
    page, model = edited.page(language, part), edited.model.page(language, edited.study.page_name(part))
    notice = page.get_element_by_id("notice")
    said = unescape(" ".join(notice.text_content().split()))
    assert notice.get("role") == "note" and notice.xpath("ancestor::main")
    assert notice.xpath(".//time/@datetime") == [edited.new.date]
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    reference = page.xpath("//section[@id='cite-page']/p[@class='reference']")[0]
    assert " ".join(reference.text_content().split()) in said
    assert edited.model.updated(model) == edited.past.date or edited.past.changes.keys().isdisjoint({"all", part})
    if part == WITHDRAWN:
        assert REASON[language] in said
    else:
        target = notice.xpath(".//a/@href")[0]
        assert (edited.site / model.url / target / "index.html").resolve() == edited.site / language / edited.study.page_name(
            UNTOUCHED
        ) / "index.html"


@LANGUAGES
@pytest.mark.parametrize("part", [WITHDRAWN, REPLACED])
def test_nobody_is_led_to_a_page_that_is_gone(edited, language, part):
    url = f"{language}/{edited.study.page_name(part)}/"
    for name in ("sitemap.xml", f"{language}/feed.xml"):
        assert f"/{url}<" not in (edited.site / name).read_text("utf-8")
        assert f"/{language}/{edited.study.page_name(CHANGED)}/<" in (edited.site / "sitemap.xml").read_text("utf-8")
    menus = edited.page(language, CHANGED).xpath("//nav[contains(@class, 'study-nav')]//a/@href | //nav[@class='previous-next']//a/@href")
    assert menus and not [link for link in menus if f"/{part}/" in link]


@LANGUAGES
def test_editions_are_no_pages_of_today(edited, language):
    for edition in edited.study.editions:
        url = edited.study.edition_url(edition.version, language)
        for name in ("sitemap.xml", f"{language}/feed.xml", f"{language}/offline.json"):
            assert url not in (edited.site / name).read_text("utf-8")


# -- In a browser --------------------------------------------------------------------------------------------------------


@LANGUAGES
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_past_edition_in_a_browser(edited, language, scheme, browser):
    """Its policy lets the notice's styles in; it is read on a narrow screen, and by whoever sees or hears it."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, color_scheme=scheme)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(edited.edition(language, edited.past).as_uri())
    notice = page.locator("#edition-notice")
    assert said == []
    assert (
        notice.evaluate("element => getComputedStyle(element).backgroundColor") == {"light": "rgb(244, 233, 214)", "dark": "rgb(39, 29, 23)"}[scheme]
    )
    for summary in notice.locator("summary").all():
        summary.click()
    assert notice.get_by_text(CHANGE[language]).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for link in notice.locator("a:not([href^=http]), summary").all():
        assert link.bounding_box()["height"] >= 44
    found = Axe().run(page, options={"rules": {"color-contrast-enhanced": {"enabled": True}}}).response["violations"]
    expect_none(f"{fault['id']}: {node['html'][:100]}" for fault in found for node in fault["nodes"] if "edition-notice" in str(node["target"]))
    context.close()


# -- Dates come from the record -----------------------------------------------------------------------------------------


def test_a_shallow_clone_tells_the_same_dates(project: Path, tmp_path: Path):
    """Built without any history, and in a clone that has but the last day of it."""
    build_well(project, "--site-dir", str(tmp_path / "without"))
    shutil.rmtree(project / ".cache", ignore_errors=True)

    def git(*arguments: str, where: Path = project) -> None:
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false")
        subprocess.run(["git", *who, *arguments], cwd=where, check=True, capture_output=True)

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "a", "--date", "2001-01-01T00:00:00")
    git("commit", "--quiet", "--allow-empty", "--message", "b", "--date", "2031-01-01T00:00:00")
    git("clone", "--quiet", "--depth", "1", project.as_uri(), str(tmp_path / "shallow"), where=tmp_path)
    build_well(tmp_path / "shallow", "--site-dir", str(tmp_path / "cloned"))
    assert tree(tmp_path / "cloned") == tree(tmp_path / "without")
