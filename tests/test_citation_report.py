"""What the checker finds in a source's own citations, as a listing."""

from __future__ import annotations

import pytest
from conftest import ROOT
from green import green_site
from lxml import html

from pustaka import load
from pustaka.documentation import RuleDoc
from pustaka.model import Settings
from pustaka.render.listings import listing
from pustaka.render.publication import Publication
from pustaka.rules.studies import report_and_its_data

REPORT = """
- {code: M799, certain: true, section: Pendahuluan, printed: "(Sari & Putera, 2020)", meant: "(Sari & Putra, 2020)", key: contoh2020,
   note: {id: Nama ini salah ketik., en: The name is mistyped.}}
- {code: M798, certain: false, section: Metode, printed: "<b>(Wibowo, 2019)"}
- {code: M799, certain: true, section: Metode, printed: "(Putera, 2020)"}
"""
DOC = RuleDoc("M799", {"id": "Nama berbeda.", "en": "A name differs."})


def site_with(report: str, folder):
    root = green_site(folder)
    (root / "bibliography/reports").mkdir()
    (root / "bibliography/reports/contoh.yml").write_text(report, "utf-8")
    return load.load(root)


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> Publication:
    site, faults = site_with(REPORT, tmp_path_factory.mktemp("green"))
    assert not faults
    return Publication(site, Settings("Contoh", "https://contoh.example/", "Redaksi", (), "CC-BY-SA-4.0"), load.templates(ROOT), (DOC,))


def report(publication: Publication, language: str) -> html.HtmlElement:
    return html.fromstring(listing(publication, publication.site.page(language, "studies/contoh/findings"), "citation-report study"))


def test_the_certain_and_the_probable_are_told_apart(publication):
    sections = report(publication, "id").xpath("//section")
    assert [section.find("h3").text_content() for section in sections] == ["Pasti (2)", "Dugaan (1)"]
    assert [section.xpath(".//li/@id") for section in sections] == [["m799-1", "m799-2"], ["m798-1"]]


def test_faults_stand_under_the_summary_of_their_rule(publication):
    headings = report(publication, "en").xpath("//h4")
    assert [" ".join(heading.text_content().split()) for heading in headings] == ["M799 A name differs.", "M798"]
    assert [len(heading.xpath("following-sibling::ul[1]/li")) for heading in headings] == [2, 1]


@pytest.mark.parametrize(
    "language, meant, note", [("id", "Barangkali yang dimaksud: ", "Nama ini salah ketik."), ("en", "Probably meant: ", "The name is mistyped.")]
)
def test_a_fault_says_what_is_printed_and_meant_and_where(language, meant, note, publication):
    fault = report(publication, language).xpath("//li[@id='m799-1']")[0]
    assert fault.xpath(".//q/text()") == ["(Sari & Putera, 2020)", "(Sari & Putra, 2020)"]
    assert [paragraph.text for paragraph in fault.xpath("p")] == [meant, note]
    assert fault.xpath("p/a/@href") == ["../../../bibliography/#ref-contoh2020"]
    assert fault.xpath("span[@class='where']")[0].text_content() == {"id": ", bag. Pendahuluan", "en": ", sec. Pendahuluan"}[language]


def test_what_the_source_prints_carries_the_sources_language(publication):
    assert set(report(publication, "en").xpath("//q/@lang")) == {"id"}
    assert report(publication, "id").xpath("//q/@lang") == []


def test_what_is_not_known_is_left_out(publication):
    fault = report(publication, "en").xpath("//li[@id='m798-1']")[0]
    assert fault.xpath(".//q/text()") == ["<b>(Wibowo, 2019)"]
    assert fault.xpath("p") == []


@pytest.mark.parametrize(
    "faulty, said",
    [
        ("- {code: M799, certain: true, section: a}", "there must be printed too"),
        ("- {code: m1, certain: true, section: a, printed: b}", "must look like M701"),
        ("- {code: M799, certain: true, section: a, printed: b, ment: c}", "did you mean “meant”?"),
    ],
)
def test_a_faulty_report_is_a_finding(faulty, said, tmp_path):
    _, [finding] = site_with(faulty, tmp_path)
    assert finding.code == "F104" and finding.place.path == "bibliography/reports/contoh.yml"
    assert said in str(finding)


@pytest.mark.parametrize(
    "name, report, said",
    [
        ("contoh", "- {code: M703, certain: true, section: a, printed: b, key: contoh2020}", []),
        ("contoh", "- {code: M799, certain: true, section: a, printed: b, key: contoh2021}", ["“M799” is no rule", "did you mean “contoh2020”"]),
        ("kebun", "- {code: M703, certain: true, section: a, printed: b}", ["there is no study “kebun”"]),
    ],
)
def test_a_report_names_what_there_is(name, report, said, tmp_path):
    root = green_site(tmp_path)
    (root / "bibliography/reports").mkdir()
    (root / f"bibliography/reports/{name}.yml").write_text(report, "utf-8")
    found = list(report_and_its_data.findings(load.load(root)[0]))
    assert len(found) == len(said)
    assert all(words in str(finding) for words, finding in zip(said, found, strict=True))


def test_an_empty_report_says_that_nothing_was_found(tmp_path):
    site, faults = site_with("", tmp_path)
    assert not faults
    empty = Publication(site, Settings("Contoh", "https://contoh.example/", "Redaksi", (), "CC-BY-SA-4.0"), load.templates(ROOT))
    assert [note.text for note in report(empty, "en").xpath("//section/p")] == ["There are none.", "There are none."]
