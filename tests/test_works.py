"""What can be cited, and the file formats: every format says the same of a work, and hard names, dates and titles survive."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import bibtexparser
import pytest
import rispy
import yaml
from green import green_site

from pustaka import works
from pustaka.bib import Bibliography
from pustaka.load import load, templates
from pustaka.model import Page, Settings, Site, Words
from pustaka.render import citeproc
from pustaka.render.publication import Publication
from pustaka.works import Work
from pustaka.works.formats import FORMATS, bibtex, downloads

ROOT = Path(__file__).parents[1]

#: What a format says that says nothing.
NONE = bibtexparser.model.Field("", None)

BOOK = """@incollection{müller2019,
  author    = {Müller, Jörg and {Badan Pusat Statistik} and van der Berg, Anna},
  editor    = {Subaedi and Ibn al-Haytham},
  title     = {Kerja \\& Upah: 50\\% Lebih},
  booktitle = {Ekonomi Desa},
  publisher = {Kencana},
  location  = {Jakarta},
  edition   = {2},
  isbn      = {9786021234567},
  pages     = {11--20},
  date      = {2019},
  langid    = {indonesian},
}

@report{dinas2020,
  author      = {{Dinas Sosial}},
  title       = {Laporan},
  institution = {Dinas Sosial},
  type        = {techreport},
  date        = {2020-05-04},
  url         = {https://example.org/a_b},
}

@misc{kosong,
  title = {Tanpa Pengarang},
}
"""


@cache
def site() -> Site:
    loaded, faults = load(ROOT)
    assert faults == []
    return loaded


def written(work: Work) -> dict[str, str]:
    return {file.label: file.text for file in downloads("cite/x", "cite/x/", [work])}


def of_bib(text: str) -> dict[str, Work]:
    """Works of a bibliography that no study has."""
    bibliography = Bibliography(lambda place, message: pytest.fail(f"{place}: {message}"))
    bibliography.read(text, "x.bib")
    made = Site(
        ("id",), (), tuple(bibliography.entries), (), (), (), Words({"genres": {}, "languages": site().words["languages"]}), bibliography=text
    )
    return {item["id"]: works.of_entry(made, item) for item in citeproc.csl_items(made)}


def page_work(title: str) -> Work:
    page = Page("docs/id/a/index.md", "id", "a", {"title": title}, ())
    settings = Settings("Contoh", "https://contoh.example/", "Redaksi Contoh", (), "CC-BY-SA-4.0")
    return works.of_page(settings, page, title, "id", "2026-11-21", "https://contoh.example/id/a/")


@pytest.mark.parametrize("slug", [study.slug for study in load(ROOT)[0].studies])
def test_every_format_says_what_the_entry_says(slug):
    entry = site().entry[site().study[slug].entry]
    item = next(item for item in citeproc.csl_items(site()) if item["id"] == entry.key)
    files = written(works.of_entry(site(), item))
    (bib,) = bibtexparser.parse_string(files["BibTeX"]).entries
    (biblatex,) = bibtexparser.parse_string(files["BibLaTeX"]).entries
    (record,) = rispy.loads(files["RIS"])
    (csl,) = json.loads(files["CSL-JSON"])
    cff = yaml.safe_load(files["CFF"])["preferred-citation"]
    titles = {re.sub("[{}]", "", title) for title in (bib["title"], biblatex["title"], record["title"], csl["title"], cff["title"])}
    assert titles == {entry.text("title")}
    assert {bib["year"], biblatex["date"][:4], record["year"], str(csl["issued"]["date-parts"][0][0]), str(cff["year"])} == {entry.year}
    assert {bib.get("doi", NONE).value, biblatex.get("doi", NONE).value, record.get("doi"), csl.get("DOI"), cff.get("doi")} == {
        entry.fields.get("doi")
    }
    assert record["authors"] == list(entry.authors) == bib["author"].split(" and ") == biblatex["author"].split(" and ")
    assert f"%A {entry.authors[0]}\n" in files["EndNote"] and f"%T {entry.text('title')}\n" in files["EndNote"]
    assert {record["language"], csl["language"], *cff["languages"]} == {entry.language}
    assert files["BibTeX"].isascii()


def test_a_body_a_particle_and_letters_beyond_ascii_survive():
    files = written(of_bib(BOOK)["müller2019"])
    assert files["RIS"].splitlines()[2:7] == [
        "AU  - Müller, Jörg",
        "AU  - Badan Pusat Statistik,",
        "AU  - van der Berg, Anna",
        "A2  - Subaedi",
        "A2  - al-Haytham, Ibn",
    ]
    assert "%A Badan Pusat Statistik,\n%A van der Berg, Anna\n" in files["EndNote"]
    cff = yaml.safe_load(files["CFF"])["preferred-citation"]
    assert cff["authors"] == [
        {"family-names": "Müller", "given-names": "Jörg"},
        {"name": "Badan Pusat Statistik"},
        {"family-names": "van der Berg", "given-names": "Anna"},
    ]
    assert r"author = {M{\"u}ller, J{\"o}rg and {Badan Pusat Statistik} and van der Berg, Anna}" in files["BibTeX"]
    assert "T2  - Ekonomi Desa" in files["RIS"] and "CY  - Jakarta" in files["RIS"] and "SN  - 9786021234567" in files["RIS"]


def test_marks_that_tex_takes_for_its_own_are_written_once():
    files = written(of_bib(BOOK)["müller2019"])
    assert r"title = {{Kerja \& Upah: 50\% Lebih}}" in files["BibTeX"]
    assert "TI  - Kerja & Upah: 50% Lebih" in files["RIS"]
    files = written(page_work(r"50% & #_{x} ~^\ $"))
    assert r"title = {{{50\% \& \#\_\{x\} \textasciitilde{}\textasciicircum{}\textbackslash{} \$}}}" in files["BibTeX"]
    assert json.loads(files["CSL-JSON"])[0]["title"] == r"50% & #_{x} ~^\ $"


def test_what_is_no_rich_text_of_csl_is_text():
    assert "TI  - Apa itu <meta> & <b2>" in written(page_work("Apa itu <meta> & <b2>"))["RIS"]
    assert works.Work(page_work("x").entry, {"title": 'A <i>B</i> <span class="nocase">C</span>'}).text("title") == "A B C"


def test_a_full_date_and_an_address():
    files = written(of_bib(BOOK)["dinas2020"])
    assert "year = {2020},\n  month = {may},\n  day = {4},\n" in files["BibTeX"] and "institution = {Dinas Sosial}" in files["BibTeX"]
    assert "DA  - 2020/05/04" in files["RIS"] and "UR  - https://example.org/a_b" in files["RIS"]
    assert "%8 2020-05-04" in files["EndNote"]
    cff = yaml.safe_load(files["CFF"])["preferred-citation"]
    assert (cff["date-published"], cff["institution"]) == ("2020-05-04", {"name": "Dinas Sosial"})


def test_a_work_without_author_or_date_has_neither():
    files = written(of_bib(BOOK)["kosong"])
    assert "AU  - " not in files["RIS"] and "PY  - " not in files["RIS"] and "author" not in files["BibTeX"]
    assert json.loads(files["CSL-JSON"])[0]["type"] == "document"
    assert yaml.safe_load(files["CFF"])["authors"] == [{"name": "anonymous"}], "which CFF prescribes where nobody is known"


def test_a_page_is_a_work_of_its_own():
    work = page_work("Cara mengutip")
    files = written(work)
    assert work.key == "contoh-id-a"
    assert files["BibTeX"].startswith("@misc{contoh-id-a,") and files["BibLaTeX"].startswith("@online{contoh-id-a,")
    assert "copyright = {CC-BY-SA-4.0}" in files["BibTeX"]
    assert files["RIS"].startswith(
        "TY  - ELEC\nID  - contoh-id-a\nAU  - Redaksi Contoh,\nTI  - Cara mengutip\nT2  - Contoh\nPY  - 2026\nDA  - 2026/11/21\n"
    )
    assert "%0 Web Page\n%A Redaksi Contoh,\n" in files["EndNote"]


def test_a_line_break_in_a_value_begins_no_other_field():
    assert "\nAU  - " not in written(page_work("Baris\nAU  - Orang Lain"))["RIS"].partition("TI  - ")[2]


def test_a_list_holds_every_work_and_names_its_page():
    some = list(of_bib(BOOK).values())
    page = page_work("Daftar pustaka")
    for format in FORMATS:
        text = format.written(some, page)
        assert all(title in text for title in ("Laporan", "Tanpa Pengarang")), format.label
    cff = yaml.safe_load(FORMATS[-1].written(some, page))
    assert (cff["title"], len(cff["references"])) == ("Daftar pustaka", 3)
    assert "preferred-citation" not in cff
    assert len(bibtexparser.parse_string(bibtex(some)).entries) == 3


def test_names_of_files_never_change():
    assert [file.address for file in downloads("cite/x", "cite/x/", [page_work("A")])] == [
        "cite/x.bib",
        "cite/x.biblatex.bib",
        "cite/x.ris",
        "cite/x.enw",
        "cite/x.json",
        "cite/x/CITATION.cff",
    ]


def test_a_study_whose_slug_is_its_key_keeps_its_files_and_its_list(tmp_path):
    root = green_site(tmp_path)
    for file in (path for path in root.rglob("*") if path.suffix in (".bib", ".yml", ".md")):
        file.write_text(file.read_text("utf-8").replace("contoh2020", "contoh"), "utf-8")
    made, faults = load(root)
    assert faults == []
    publication = Publication(made, made.settings, templates(ROOT))
    addresses = {file.address for name in ("contoh", *publication.lists) for file in publication.downloads(name)}
    assert {"cite/contoh.ris", "cite/lists/contoh.ris", "cite/lists/contoh/CITATION.cff", "cite/contoh/CITATION.cff"} <= addresses
    page = made.page("id", "studies/contoh")
    offered = [file["href"] for file in publication.view(page)["how_to_cite"]["downloads"]]
    assert offered[0] == "../../../cite/contoh.bib"
