"""The documents of the course pack: they are whole, accessible, the same whenever they are made, and nothing in them is markup by accident."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import page as checker
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from conftest import BuiltSite, build, build_well, copy_project, expect_none, tree
from lxml import html
from pptx import Presentation
from pptx.util import Pt

from pustaka import load
from pustaka.export.book.chapters import parsed
from pustaka.export.pack import content
from pustaka.export.pack.typesetting import PackError, Typesetter, packed, shown
from pustaka.kept import Kept
from pustaka.model import Page, Site, Study
from pustaka.render.language import file_size

pytestmark = pytest.mark.needs_study

PROFILES = (checker.ValidationProfile.PDF_UA_1, checker.ValidationProfile.PDF_A_2A)

#: What means something to Typst, to XML or to a shell, and letters of other scripts.
MARKUP = "#panic() $x^2$ @kunci \\ *b* _i_ `r` // c /* <l> = ~ “q” Деревня"
EMOJI = "🌾"


@dataclass(frozen=True)
class Pack:
    """The documents of a study in a language."""

    site: BuiltSite
    study: Study
    language: str
    pages: Site

    def file(self, kind: str, suffix: str = "pdf") -> Path:
        name = "-".join(filter(None, (self.study.slug, kind, self.language, self.study.version)))
        return self.site.folder / self.language / self.study.name / f"{name}.{suffix}"

    @property
    def overview(self) -> Page:
        return self.pages.page(self.language, self.study.name)

    @property
    def address(self) -> str:
        return f"{self.site.address}{self.language}/{self.study.name}/"

    @cached_property
    def slides(self) -> list[html.HtmlElement]:
        """The headings of the page of slides, as the site prints it."""
        return [heading for heading in self._slides.all("h2") if heading.get("id") in self._named]

    @cached_property
    def _slides(self):
        return self.site.page(f"{self.language}/{self.study.page_name('slides')}/")

    @cached_property
    def _named(self) -> set[str]:
        page = self.pages.page(self.language, self.study.page_name("slides"))
        return {section.id for section in page.sections if section.level == 2}

    @property
    def pdfs(self) -> list[Path]:
        return [file for kind in ("", "handout", "slides") if (file := self.file(kind)).exists()]

    def __str__(self) -> str:
        return f"{self.language}/{self.study.slug}"


@pytest.fixture(scope="module")
def packs(built_site: BuiltSite, model: Site) -> list[Pack]:
    found = [Pack(built_site, study, language, model) for study in model.studies for language in model.languages]
    assert found
    return found


def text_of(file: Path) -> list[str]:
    """The text of each page of a PDF."""
    document = pypdfium2.PdfDocument(file)
    return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]


def pressed(text: str) -> str:
    """A text without what setting it changes: white space, hyphens at the ends of lines, quotation marks."""
    return re.sub(r"[\s\u00ad\u200b\ufffe\x02\"“”-]+", "", text).replace("’", "'").replace("‘", "'")


def codes_of(file: Path, number: int) -> list[str]:
    """What the codes on a page of a PDF say, as a phone reads them."""
    picture = pypdfium2.PdfDocument(file)[number].render(scale=2).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def elements(document: pikepdf.Pdf, kind: str) -> Iterator[pikepdf.Dictionary]:
    """The structure elements of a kind (ISO 32000-1, 14.7.2)."""
    return (each for each in document.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == f"/{kind}" and "/P" in each)


# -- What pages offer ---------------------------------------------------------------------------------------------


def test_pages_offer_them_with_their_true_size(packs, built_site, model):
    for pack in packs:
        locale = model.words["languages"][pack.language]["cldr"]
        for name, kinds in (("", [("", "pdf")]), ("teaching", [("handout", "pdf"), ("slides", "pdf"), ("slides", "pptx")])):
            page = built_site.page(f"{pack.language}/{pack.study.name}/{name}{'/' if name else ''}")
            offered = {link.get("href").rpartition("/")[2]: link for link in page.all("a[download]")}
            for kind, suffix in kinds:
                file = pack.file(kind, suffix)
                link = offered[file.name]
                assert file_size(file.stat().st_size, locale) in " ".join(link.getparent().text_content().split())


# -- PDF ----------------------------------------------------------------------------------------------------------


def test_they_are_pdf_ua_and_pdf_a(packs):
    """By an independent validator of ISO 14289-1 and ISO 19005-2 (PyPI, page-validation)."""
    files = [file for pack in packs for file in pack.pdfs]
    assert len(files) == 3 * len(packs)
    reports = [(file, profile, checker.validate_pdf(str(file), profile=profile)) for file in files for profile in PROFILES]
    expect_none(f"{file.name}: {fault.rule_id} {fault.message}" for file, _, report in reports for fault in report.failures)
    assert all(report.is_compliant for _, _, report in reports)


def test_no_stream_seems_shorter_than_it_says(packs):
    """By chance one in 256 does: see `packed`."""
    assert not [file.name for pack in packs for file in pack.pdfs if b"\r\nendstream" in file.read_bytes()]


@pytest.mark.parametrize("subtype", [None, "/CIDFontType0C"])
def test_a_stream_whose_checksum_ends_with_a_carriage_return(subtype):
    data = next(text for length in range(1000) if zlib.adler32(text := b"% " + b"y" * length) & 0xFF == 0x0D)
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.pages[0].Contents = document.make_stream(data, **({"Subtype": pikepdf.Name(subtype)} if subtype else {}))
    document.save(out, compress_streams=True)
    assert b"\r\nendstream" in out.getvalue()
    assert b"\r\nendstream" not in packed(out.getvalue())


def test_the_validator_finds_what_is_broken(packs, tmp_path):
    broken = tmp_path / "broken.pdf"
    for harm in (_without_tags, _without_language, _without_alternatives):
        with pikepdf.open(packs[0].file("handout")) as document:
            harm(document)
            document.save(broken)
        assert not checker.validate_pdf(str(broken), profile=PROFILES[0]).is_compliant, harm.__name__


def _without_tags(document: pikepdf.Pdf) -> None:
    del document.Root.StructTreeRoot
    del document.Root.MarkInfo


def _without_language(document: pikepdf.Pdf) -> None:
    del document.Root.Lang
    for each in document.objects:
        if isinstance(each, pikepdf.Dictionary) and "/Lang" in each:
            del each["/Lang"]


def _without_alternatives(document: pikepdf.Pdf) -> None:
    for figure in elements(document, "Figure"):
        del figure["/Alt"]


def test_they_say_what_they_are(packs):
    for pack in packs:
        for file in pack.pdfs:
            with pikepdf.open(file) as document:
                root, told = document.Root, document.open_metadata()
                assert root.Lang == pack.language
                assert root.MarkInfo.Marked
                assert root.ViewerPreferences.DisplayDocTitle
                assert told["dc:title"].startswith(pack.overview.title)
                assert str(pack.study.updated) in told["xmp:CreateDate"]
                assert told["pdfuaid:part"] == "1"
                for keyword in pack.study.keywords[pack.language]:
                    assert keyword in told["pdf:Keywords"]
                assert "/Outlines" in root or "handout" in file.name


def test_every_picture_says_what_it_shows(packs):
    for pack in packs:
        for file in pack.pdfs:
            with pikepdf.open(file) as document:
                figures = list(elements(document, "Figure"))
                assert figures, f"{file.name} has a code at least"
                assert all(str(figure.get("/Alt", "")).strip() for figure in figures), file.name


def test_every_font_is_in_the_file(packs):
    for pack in packs:
        for file in pack.pdfs:
            with pikepdf.open(file) as document:
                described = [each for each in document.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"]
                assert described
                assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each.keys()) for each in described), file.name


def test_codes_lead_to_the_overview(packs):
    for pack in packs:
        assert codes_of(pack.file("handout"), 1) == [pack.address]
        assert codes_of(pack.file(""), 0) == [pack.address]
        assert codes_of(pack.file("slides"), 0) == [pack.address]


# -- What they hold -----------------------------------------------------------------------------------------------


def test_a_handout_has_two_pages(packs):
    for pack in packs:
        pages = text_of(pack.file("handout"))
        assert len(pages) == 2, pack
        first, both = pressed(pages[0]), pressed("".join(pages))
        assert pressed(pack.overview.title) in first
        for finding in pack.study.findings:
            page = pack.site.page(f"{pack.language}/{pack.study.name}/{finding.page}/")
            heading = page.one(f"#{finding.anchor}")
            for links in heading.xpath("./span"):
                heading.remove(links)
            assert pressed(heading.text_content())[:30] in both, f"{pack}: finding {finding.number}"
        assert pressed(pack.address.partition("://")[2]) in both


def test_a_study_is_whole(packs):
    """Every paragraph, item and heading of the one-file page begins somewhere in the PDF."""
    for pack in packs:
        told = pressed("".join(text_of(pack.file(""))))
        single = html.document_fromstring(pack.file("", "html").read_text("utf-8"))
        blocks = single.xpath("//main//*[self::p or self::h2 or self::h3 or self::h4 or self::td or self::dt][not(.//p)]")
        assert len(blocks) > 50
        beginnings = {pressed(block.text_content())[:24]: block for block in blocks}
        expect_none(f"{pack}: “{beginning}”" for beginning in beginnings if beginning not in told)


def test_a_study_leads_within_itself(packs):
    """A citation leads to its reference, and every such place is in the document."""
    for pack in packs:
        with pikepdf.open(pack.file("")) as document:
            links = [note for page in document.pages for note in page.get("/Annots", []) if note.get("/Subtype") == "/Link"]
            within = [link for link in links if "/A" not in link or link.A.get("/S") == "/GoTo"]
            assert len(within) > 20
            assert all("/Contents" in link for link in links)


def test_a_slide_for_each_heading(packs):
    for pack in packs:
        titles = [pressed(re.sub(r"(ID|EN).*", "", "".join(heading.xpath("./text()")))) for heading in pack.slides]
        assert 8 <= len(titles) <= 20, pack
        pages = text_of(pack.file("slides"))
        for number, title in enumerate(titles, 1):
            assert title in pressed(pages[number]), f"{pack}: slide {number}"
        deck = Presentation(pack.file("slides", "pptx"))
        assert [pressed(slide.shapes.title.text_frame.text) for slide in deck.slides][1:] == titles


# -- The presentation ---------------------------------------------------------------------------------------------


def test_a_presentation_is_wide_and_says_what_it_is(packs):
    for pack in packs:
        deck = Presentation(pack.file("slides", "pptx"))
        assert (deck.slide_width, deck.slide_height) == (Pt(960), Pt(540))
        core = deck.core_properties
        assert core.language == pack.language
        assert core.title.startswith(pack.overview.title)
        assert core.modified.date().isoformat() == core.created.date().isoformat() == pack.study.updated


def test_a_presentation_has_its_words_in_their_places(packs):
    for pack in packs:
        for number, slide in enumerate(Presentation(pack.file("slides", "pptx")).slides, 1):
            where = f"{pack}: slide {number}"
            assert slide.shapes.title.text_frame.text.strip(), where
            assert slide.notes_slide.notes_text_frame.text.strip() or number == 1, where
            languages = slide._element.xpath(".//a:r/a:rPr/@lang")
            assert len(languages) == len(slide._element.xpath(".//a:r")), where
            assert pack.language in languages, where
            assert all(picture.get("descr", "").strip() for picture in slide._element.xpath(".//p:pic/p:nvPicPr/p:cNvPr")), where
            for shape in slide.shapes:
                assert shape.left >= 0 and shape.left + shape.width <= Pt(961), where
                assert shape.top >= 0 and shape.top + shape.height <= Pt(541), where


def test_a_presentations_pictures_are_there(packs):
    """A drawing on a page of slides is a picture on its slide."""
    for pack in packs:
        drawn = len(pack._slides.all("figure"))
        deck = Presentation(pack.file("slides", "pptx"))
        pictures = [shape for slide in list(deck.slides)[1:] for shape in slide.shapes if shape.shape_type == 13]
        assert len(pictures) == drawn, pack


# -- Other studies ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """A project whose studies say what would be markup, and where the first has neither findings nor a figure to begin with."""
    root = copy_project(tmp_path_factory.mktemp("hostile") / "project")
    study = _first(root)
    for language in ("id", "en"):
        for path in sorted((root / "docs" / language / "studies" / study.slug).glob("*.md")):
            text = re.sub(r"/// finding\n.*?\n///\n", "", path.read_text("utf-8"), flags=re.DOTALL)
            text = re.sub(r"^!\[[^\]]*\]\(figure:\w+\)\n", "", text, flags=re.MULTILINE)
            if path.stem == "index":
                text = re.sub(r"^title: .*", f"title: '{MARKUP} {EMOJI}'", text, flags=re.MULTILINE)
            path.write_text(text, "utf-8")
    record = root / "bibliography" / "studies" / f"{study.slug}.yml"
    record.write_text(re.sub(r"^findings:.*\n(?:  .*\n)*", "findings: {}\n", record.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    return root


def _first(root: Path) -> Study:
    return load.load(root)[0].studies[0]


def _documents(root: Path) -> dict[str, str]:
    return {name: mark for name, mark in tree(root / "site").items() if name.endswith((".pdf", ".pptx"))}


def test_what_authors_write_is_no_markup(hostile):
    build_well(hostile)
    study = _first(hostile)
    for language in ("id", "en"):
        folder = hostile / "site" / language / study.name
        for kind in ("", "handout-"):
            file = folder / f"{study.slug}-{kind}{language}-{study.version}.pdf"
            expected = shown(f"{MARKUP} {EMOJI}")
            assert expected.endswith("□") and MARKUP in expected
            with pikepdf.open(file) as document:
                assert document.open_metadata()["dc:title"].startswith(expected)
            assert pressed(expected) in pressed(text_of(file)[0])
            assert checker.validate_pdf(str(file), profile=PROFILES[0]).is_compliant
        assert len(text_of(folder / f"{study.slug}-handout-{language}-{study.version}.pdf")) == 2
        deck = Presentation(folder / f"{study.slug}-slides-{language}-{study.version}.pptx")
        assert deck.slides[0].shapes.title.text_frame.text == f"{MARKUP} {EMOJI}"


def test_they_are_the_same_bytes_without_what_was_kept(hostile):
    build_well(hostile)
    before = _documents(hostile)
    assert len(before) >= 16
    shutil.rmtree(hostile / ".cache")
    build_well(hostile, environment={"TZ": "Asia/Jayapura", "SOURCE_DATE_EPOCH": "1"})
    assert _documents(hostile) == before


def test_a_handout_that_is_too_long_is_told(project_with_site):
    site, study = tree(project_with_site / "site"), _first(project_with_site)
    path = project_with_site / "docs" / "en" / "studies" / study.slug / "index.md"
    long = "Many words were said about it. " * 400
    text = re.sub(r"(/// summary[^\n]*\n)", lambda match: match[0] + long, path.read_text("utf-8"))
    path.write_text(text, "utf-8")
    code, said = build(project_with_site)
    assert code
    assert f"docs/en/{study.name}/index.md: the handout of the study does not fit on two pages" in said
    assert "shorten the summary first" in said and "Traceback" not in said
    assert tree(project_with_site / "site") == site


def test_a_slide_that_is_too_full_is_told(project_with_site):
    study = _first(project_with_site)
    more = "\n".join(["- Much is said here that nobody could read from the last row of a room."] * 30)
    for language in ("id", "en"):
        path = project_with_site / "docs" / language / "studies" / study.slug / "slides.md"
        text = path.read_text("utf-8")
        path.write_text(re.sub(r"^(/// notes)", lambda match: f"{more}\n\n{match[0]}", text, count=1, flags=re.MULTILINE), "utf-8")
    code, said = build(project_with_site)
    assert code
    assert re.search(r"docs/(id|en)/studies/[\w-]+/slides\.md: the slide “[^”]+” says more than it has room for", said) and "Traceback" not in said


def test_a_template_that_is_wrong_is_told(project_with_site):
    path = project_with_site / "overrides" / "pack" / "study.typ"
    path.write_text(path.read_text("utf-8") + "\n#unknown-name\n", "utf-8")
    code, said = build(project_with_site)
    assert code
    assert "no PDF can be made of it by overrides/pack/study.typ: " in said and "Traceback" not in said


# -- Parts --------------------------------------------------------------------------------------------------------


def test_white_space_is_folded_as_browsers_fold_it():
    nodes = content.blocks(parsed("<p>  one\n <em> two </em>\n three<br> four </p>loose <b>words</b>"))
    assert [content.text(node["in"]) for node in nodes] == ["one two three four", "loose words"]


def test_lists_in_lists_and_paragraphs_in_items():
    (outer,) = content.blocks(parsed("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>"))
    first, second = outer["items"]
    assert [node["is"] for node in first["in"]] == ["paragraph", "list"]
    assert [content.text(node) for node in second["in"]] == ["c", "d"]


def test_a_table_has_its_head_and_as_many_cells_in_every_row():
    (table,) = content.blocks(parsed("<table><thead><tr><th>A<th>B</tr></thead><tbody><tr><td>1</tr></tbody></table>"))
    assert [content.text(cell) for cell in table["head"][0]] == ["A", "B"]
    assert [len(row) for row in (*table["head"], *table["rows"])] == [2, 2]


def test_links_that_lead_nowhere_are_text():
    nodes = content.blocks(parsed('<p id="here"><a href="#here">a</a> <a href="#gone">b</a></p><p id="here">c</p>'))
    settled = content.settled(nodes)
    assert [node["is"] for node in content.every(settled)] == ["paragraph", "to", "paragraph"]
    assert content.text(settled[0]["in"]) == "a b"
    assert "id" not in settled[1]


def test_characters_that_no_font_has_are_boxes():
    assert shown("Дéśa ꦗ日🌾 \u0007") == "Дéśa □□□ □"
    assert shown({"is": "to", "id": "日", "in": ["日"]}) == {"is": "to", "id": "日", "in": ["□"]}


def test_what_is_kept_is_made_once_and_only_whole(tmp_path):
    made = []

    def make() -> bytes:
        made.append(1)
        return b"data"

    for _ in range(2):
        kept = Kept(tmp_path / "kept")
        assert kept.make(["x"], make) == b"data"
    assert len(made) == 1
    (file,) = (tmp_path / "kept").iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert Kept(tmp_path / "kept").make(["x"], make) == b"data" and len(made) == 2
    other = Kept(tmp_path / "kept")
    other.make(["y"], make)
    other.tidy()
    assert [each.name for each in (tmp_path / "kept").iterdir()] != [file.name]
    assert Kept(None).make(["x"], make) == b"data" and len(made) == 4
    (tmp_path / "file").write_bytes(b"")
    assert Kept(tmp_path / "file").make(["x"], make) == b"data"


def test_an_error_of_typst_is_a_sentence():
    typesetter = Typesetter({"style.typ": "#let a = 1", "study.typ": "#panic(sys.inputs.document)", "drawing.css": ""}, Kept(None))
    with pytest.raises(PackError, match=r"^docs/x\.md: no PDF can be made of it by overrides/pack/study\.typ: ") as caught:
        typesetter.pdf("study", {"title": "x"}, "docs/x.md")
    assert "\n" not in str(caught.value)


def test_a_presentation_opens_as_an_archive_of_one_day(packs):
    for pack in packs:
        with zipfile.ZipFile(io.BytesIO(pack.file("slides", "pptx").read_bytes())) as archive:
            assert archive.namelist()[0] == "[Content_Types].xml"
            assert {entry.date_time[:3] for entry in archive.infolist()} == {tuple(int(part) for part in pack.study.updated.split("-"))}
            assert not [name for name in archive.namelist() if "thumbnail" in name or "printer" in name]
