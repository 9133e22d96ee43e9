"""The Common Cartridge and the ZIP of a course pack: of the standard's form, whole, and the same whenever they are made.

The schemas of the standard are no package's: whoever has them asks them by tests/cartridge_schemas.py.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import lxml.etree
import pytest
from conftest import ROOT, BuiltSite, build_well, expect_none
from lxml import html
from test_questions import Asked, asking, printed, words

from pustaka.export.pack.cartridge import zipped
from pustaka.model import Page, Site, Study

CP = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"

pytestmark = pytest.mark.our_studies


class Pack:
    """A course pack in a built site."""

    def __init__(self, built_site: BuiltSite, model: Site, page: Page):
        self.site, self.model, self.page = built_site, model, page
        self.study: Study = model.study_of(page)
        self.folder = built_site.folder / page.language / self.study.name

    def file(self, kind: str, suffix: str) -> Path:
        return self.folder / f"{self.study.slug}-{kind}-{self.page.language}-{self.study.version}.{suffix}"

    @property
    def cartridge(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.file("links", "imscc")) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @property
    def manifest(self) -> lxml.etree._Element:
        return lxml.etree.fromstring(self.cartridge["imsmanifest.xml"])

    def __str__(self) -> str:
        return f"{self.study.slug}-{self.page.language}"


@pytest.fixture(scope="module")
def packs(built_site: BuiltSite, model: Site) -> list[Pack]:
    found = [
        Pack(built_site, model, page)
        for study in model.studies
        for language in model.languages
        if (page := model.page(language, study.page_name("teaching")))
    ]
    assert found
    return found


# -- The cartridge -----------------------------------------------------------------------------------------------


#: The kinds of resources of version 1.1 that our cartridges use, by the name of their file's root element ("" of any file).
TYPES = {
    "webLink": "imswl_xmlv1p1",
    "topic": "imsdt_xmlv1p1",
    "questestinterop": "imsqti_xmlv1p2/imscc_xmlv1p1/assessment",
    "": "webcontent",
}


def test_the_manifest_has_the_form_of_the_standard(packs):
    """IMS Common Cartridge 1.1, 4.3 to 4.5: one rooted hierarchy, whose items hold others or refer to a resource; each resource of a kind."""
    for pack in packs:
        manifest = pack.manifest
        assert [lxml.etree.QName(part).localname for part in manifest] == ["metadata", "organizations", "resources"]
        assert manifest.findtext(f"{CP}metadata/{CP}schema") == "IMS Common Cartridge"
        assert manifest.findtext(f"{CP}metadata/{CP}schemaversion") == "1.1.0"
        (organization,) = manifest.find(f"{CP}organizations")
        (root,) = organization
        assert organization.get("structure") == "rooted-hierarchy" and root.find(f"{CP}title") is None
        identifiers = [element.get("identifier") for element in manifest.iter() if element.get("identifier")]
        assert len(identifiers) == len(set(identifiers))
        for item in root.iter(f"{CP}item"):
            assert (item.get("identifierref") is None) == (item.find(f"{CP}item") is not None), "an item is a folder or leads somewhere"
        for resource in manifest.iter(f"{CP}resource"):
            (first, *_) = resource.iter(f"{CP}file")
            name = first.get("href")
            kind = lxml.etree.QName(lxml.etree.fromstring(pack.cartridge[name])).localname if name.endswith(".xml") else ""
            assert resource.get("type") == TYPES[kind], name
            assert (resource.get("href") == name) == (kind == ""), "web content alone is opened by its address"


def test_the_quiz_has_the_form_of_the_standard(packs):
    """IMS Common Cartridge 1.1, 4.10 (its profile of QTI 1.2.1): an exam of one section, questions of one right answer among two or more."""
    for pack in packs:
        quiz = lxml.etree.fromstring(pack.cartridge["quiz/assessment.xml"])
        (assessment,) = quiz
        fields = [(field.findtext(f"{QTI}fieldlabel"), field.findtext(f"{QTI}fieldentry")) for field in quiz.iter(f"{QTI}qtimetadatafield")]
        profiles = [entry for label, entry in fields if label == "cc_profile"]
        (section,) = assessment.findall(f"{QTI}section")
        assert profiles == ["cc.exam.v0p1", *["cc.multiple_choice.v0p1"] * len(section)]
        for item in section:
            (response,) = item.iter(f"{QTI}response_lid")
            labels = [label.get("ident") for label in item.iter(f"{QTI}response_label")]
            assert response.get("rcardinality") == "Single" and len(labels) == len(set(labels)) >= 2
            outcome = item.find(f"{QTI}resprocessing/{QTI}outcomes/{QTI}decvar")
            assert (outcome.get("varname"), outcome.get("minvalue"), outcome.get("maxvalue")) == ("SCORE", "0", "100")
            told = {feedback.get("linkrefid") for feedback in item.iter(f"{QTI}displayfeedback")}
            assert told <= {feedback.get("ident") for feedback in item.iter(f"{QTI}itemfeedback")}


def test_the_manifest_lists_what_there_is_and_nothing_else(packs):
    for pack in packs:
        manifest = pack.manifest
        resources = {resource.get("identifier"): resource for resource in manifest.iter(f"{CP}resource")}
        referred = [item.get("identifierref") for item in manifest.iter(f"{CP}item") if item.get("identifierref")]
        assert sorted(referred) == sorted(resources)
        assert sorted(file.get("href") for file in manifest.iter(f"{CP}file")) == sorted(set(pack.cartridge) - {"imsmanifest.xml"})
        assert all(item.findtext(f"{CP}title") for item in manifest.iter(f"{CP}item") if item.get("identifier") != "root")


def test_links_lead_to_every_page_and_every_finding(packs):
    for pack in packs:
        root, language = pack.site.address, pack.page.language
        links = [lxml.etree.fromstring(data).find("{*}url").get("href") for name, data in pack.cartridge.items() if name.startswith("links/")]
        pages = [f"{root}{page.url}" for name in pack.study.pages if (page := pack.model.page(language, pack.study.page_name(name)))]
        findings = [f"{root}{pack.study.finding_url(finding, language)}" for finding in pack.study.findings]
        section = f"{root}{pack.page.url}#course-pack"
        assert sorted(links) == sorted([*pages, *findings, section])
        assert pack.site.page(pack.page.url).one("#course-pack") is not None
        expect_none(f"{pack}: {link}" for link in links if not pack.site.file_at(urlsplit(link).path))


def test_links_are_described_where_importers_look_and_where_readers_do(packs):
    for pack in packs:
        manifest, page = pack.manifest, html.document_fromstring(pack.cartridge["content/index.html"])
        shown = {term.text_content(): term.getnext() for term in page.iter("dt")}
        described = 0
        for item in manifest.iter(f"{CP}item"):
            title, description = item.findtext(f"{CP}title"), item.findtext(f"{CP}metadata/{{*}}lom/{{*}}general/{{*}}description/{{*}}string")
            if description and title in shown:
                assert shown[title].tag == "dd" and shown[title].text_content() == description
                described += 1
        assert described >= len(pack.study.pages) + len(pack.study.findings)


def test_the_quiz_is_that_of_the_page(packs, built_site, model):
    asked = {page.path: list(printed(built)) for page, built in asking(built_site, model)}
    for pack in packs:
        found = []
        for item in lxml.etree.fromstring(pack.cartridge["quiz/assessment.xml"]).iter(f"{QTI}item"):
            labels = list(item.iter(f"{QTI}response_label"))
            scored = [condition for condition in item.iter(f"{QTI}respcondition") if condition.findtext(f"{QTI}setvar") == "100"]
            right = [label.get("ident") for label in labels].index(scored[0].findtext(f"{QTI}conditionvar/{QTI}varequal"))
            text = item.findtext(f"{QTI}presentation/{QTI}material/{QTI}mattext")
            found.append(Asked(words(text), tuple(words(label.findtext(f".//{QTI}mattext")) for label in labels), right))
            assert len(scored) == 1
        assert found == asked[pack.page.path]


# -- The ZIP -----------------------------------------------------------------------------------------------------


def test_the_archive_holds_all_that_the_study_offers(packs):
    for pack in packs:
        page, overview = (pack.site.page(address) for address in (pack.page.url, f"{pack.page.language}/{pack.study.name}/"))
        offered = [link.get("href").rpartition("/")[2] for link in (*page.all("#course-pack a"), *overview.all("#read-offline a"))]
        name = pack.file("course", "zip")
        assert name.name in offered
        with zipfile.ZipFile(name) as archive:
            held = {entry.filename.removeprefix(f"{name.stem}/"): archive.read(entry) for entry in archive.infolist()}
            dates = {entry.date_time for entry in archive.infolist()}
        assert sorted(held) == sorted({*offered, "README.txt"} - {name.name})
        assert dates == {(*map(int, pack.study.updated.split("-")), 0, 0, 0)}
        readme = held["README.txt"].decode("utf-8")
        expect_none(f"{pack}: README.txt does not name {each}" for each in held if each not in ("README.txt",) and each not in readme)
        for said in (pack.study.version, pack.site.address, "creativecommons.org"):
            assert said in readme
        expect_none(f"{pack}: {line}" for line in readme.splitlines() if len(line) > 78 and " " in line.strip())


def test_the_page_says_of_each_file_what_it_is(packs):
    for pack in packs:
        items = pack.site.page(pack.page.url).all("#course-pack li")
        suffixes = {item.find("a").get("href").rpartition(".")[2] for item in items}
        assert {"zip", "pdf", "pptx", "xml", "gift", "imscc"} <= suffixes
        for item in items:
            link, size = item.find("a"), item.find("span").text_content()
            assert size.startswith(link.get("href").rpartition(".")[2].upper())
            assert (pack.folder / "teaching" / link.get("href")).resolve().is_file()


def test_an_archive_is_the_same_whenever_it_is_made():
    made = [zipped({"b": b"1", "a/ä": b"2"}, "2026-11-21") for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(BytesIO(made[0])) as archive:
        assert [(entry.filename, entry.date_time) for entry in archive.infolist()] == [
            ("b", (2026, 11, 21, 0, 0, 0)),
            ("a/ä", (2026, 11, 21, 0, 0, 0)),
        ]


def test_a_pack_is_the_same_at_every_build(packs, built_site, tmp_path):
    build_well(ROOT, "--site-dir", str(tmp_path / "again"), site_url=built_site.address)
    for pack in packs:
        for file in pack.folder.glob("*-*-*.*"):
            assert file.read_bytes() == (tmp_path / "again" / file.relative_to(built_site.folder)).read_bytes(), file.name
