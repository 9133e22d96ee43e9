"""Reading an article: its citations, its list, and where each stands."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest

from pustaka import manuscript
from pustaka.names import CitedName, split_authors

LIST = "\n\n# Daftar Pustaka\n\nSari, D. (2020). *Kebun bersama di kota*. Pustaka Contoh.\n"


def read(body, references=LIST):
    return manuscript.read(body + references, "naskah.md", date(2026, 1, 1))


def cited(body):
    """What a text cites: (names, whether more follow, year, locator)."""
    return [
        ([name.written for name in one.readings[-1].names], one.readings[-1].many, one.year, one.locator) for one in read(body).cited if one.readings
    ]


@pytest.mark.parametrize(
    "written, found",
    [
        ("Begitu (Sari, 2020).", [(["Sari"], False, "2020", "")]),
        ("Begitu (Sari & Putra, 2020, hlm. 14).", [(["Sari", "Putra"], False, "2020", ", hlm. 14")]),
        ("Begitu (Sari dan Putra, 2020: 14).", [(["Sari", "Putra"], False, "2020", ": 14")]),
        ("Begitu (Sari dkk., 2019, 2020a).", [(["Sari"], True, "2019", ""), (["Sari"], True, "2020a", "")]),
        ("Begitu (lihat Sari, t.t.; Putra et al., 2018).", [(["Sari"], False, "t.t.", ""), (["Putra"], True, "2018", "")]),
        ("Begitu (e.g., van der Berg 2020, 14).", [(["van der Berg"], False, "2020", ", 14")]),
        ("Begitu (S. Sari, 2020).", [(["S. Sari"], False, "2020", "")]),
        ("Begitu (Badan Pusat Statistik [BPS], 2020).", [(["Badan Pusat Statistik"], False, "2020", "")]),
        ("Menurut Sari (2020) begitu.", [(["Sari"], False, "2020", "")]),
        ("Di Bandung, Sari dan Putra (2020, hlm. 5) begitu.", [(["Sari", "Putra"], False, "2020", ", hlm. 5")]),
        ("Sari's (2020) garden.", [(["Sari"], False, "2020", "")]),
        ("Begitu (Sari, in press).", [(["Sari"], False, "in press", "")]),
        ("Begitu ([Sari, 2020](#ref-sari)).", [(["Sari"], False, "2020", "")]),
        ("Begitu (*Sari*, 2020).", [(["Sari"], False, "2020", "")]),
        ("Begitu (Sari & Putra,\n2020).", [(["Sari", "Putra"], False, "2020", "")]),
        ("> Begitu (Sari & Putra,\n> 2020).", [(["Sari", "Putra"], False, "2020", "")]),
        ("Begitu (Lestari dan May 1978).", [(["Lestari", "May"], False, "1978", "")]),
        ("Begitu (contoh bahasa, lihat Sari, 2020).", [(["Sari"], False, "2020", "")]),
        ("Begitu (eSains Terbuka, 2020).", [(["eSains Terbuka"], False, "2020", "")]),
        ("Begitu (Sari dan Putra Lestari 2013, 135).", [(["Sari", "Putra Lestari"], False, "2013", ", 135")]),
        ("Begitu (Sari,2020).", [(["Sari"], False, "2020", "")]),
        ("Begitu ([[Sari, 2020]{.underline}](#ref-sari)).", [(["Sari"], False, "2020", "")]),
        ("Sari [2020] menulis.", [(["Sari"], False, "2020", "")]),
        ("Lalu Sari (2020) menulis.", [(["Sari"], False, "2020", "")]),
        ("Begitu<br>(Sari, 2020).", [(["Sari"], False, "2020", "")]),
        ("- Satu\n\n  ```` ```{r} ```` begitu (Sari, 2020).\n", [(["Sari"], False, "2020", "")]),
    ],
)
def test_citation(written, found):
    assert cited(written) == found


@pytest.mark.parametrize(
    "written",
    [
        "Begitu (UMKM) di desa (lihat Tabel 1).",
        "Pada 31 Mei 2022 (Selasa) begitu.",
        "Menurut UU No. 6 Tahun 2014 begitu (Pasal 3).",
        "Begitu (Wirawan, komunikasi pribadi, 3 Juni 2020).",
        "Perang itu (1939–1945) usai.",
        "```\n(Putra, 2019)\n```",
        "<!-- (Putra, 2019) --> Begitu.",
        "Lihat [berkas](https://contoh.id/a_(2020)).",
        "Begitu Sari v Putra [2020] UKSC 3.",
        "Saat itu [2020] saja.",
    ],
)
def test_no_citation(written):
    assert cited(written) == []


@pytest.mark.parametrize(
    "written", ["Pada tahun (2020) begitu.", "Pada Januari (2020) begitu.", "Begitu (lihat Gambar 2, 2019).", "Begitu (n = 20, 2019)."]
)
def test_what_cannot_be_a_name_is_not_taken_for_one(written):
    assert not any(reading.is_name_like and one.sure for one in read(written).cited for reading in one.readings)


def test_every_reading_of_a_narrative_citation_is_kept():
    (one,) = read("Di Bandung, Putra, dan Dewi (2020) begitu.").cited
    assert [reading.written for reading in one.readings] == ["Di Bandung, Putra, dan Dewi", "Putra, dan Dewi"]


def test_places_are_those_of_the_text():
    found = read("---\ntitle: Contoh\n---\n\nSatu *miring* \\[x\\] (Sari,\n2020) dan (Putra, 2019).").cited
    assert [(one.place.line, one.place.column) for one in found] == [(5, 22), (6, 12)]


def test_place_of_a_reference_and_its_parts():
    (reference,) = read("Satu.", "\n\nReferences\n\n- Sari, D. (2020). *Kebun*. Pustaka.\n").references
    assert (reference.place.line, reference.place.column) == (5, 3)
    assert reference.passage.place(reference.text.index("Kebun")).column == 21


@pytest.mark.parametrize(
    "printed, authors",
    [
        ("Sari, D. A., & Putra, B.", ["Sari, D. A.", "Putra, B."]),
        ("Sari, D., Zaenuddin, & Putra, A.", ["Sari, D.", "Zaenuddin", "Putra, A."]),
        ("Sari, Dewi Ayu, and Budi Putra", ["Sari, Dewi Ayu", "Putra, Budi"]),
        ("Sari DA, Putra B", ["Sari, DA", "Putra, B"]),
        ("SARI, Dewi, PUTRA, Budi dan LESTARI, Intan", ["SARI, Dewi", "PUTRA, Budi", "LESTARI, Intan"]),
        ("Berg, J. van der, & O’Neill, A.-B.", ["Berg, J. van der", "O’Neill, A.-B."]),
        ("King, M. L., Jr., & Sari, D.", ["King, M. L.", "Sari, D."]),
        ("Badan Pusat Statistik", ["Badan Pusat Statistik"]),
        ("Kementerian Kesehatan RI", ["Kementerian Kesehatan RI"]),
        ("Sukarno", ["Sukarno"]),
        ("Sari, Dewi, dan A. Putra.", ["Sari, Dewi", "Putra, A."]),
        ("Sari, Dewi, and J. Martin Putra", ["Sari, Dewi", "Putra, J. Martin"]),
        ("Sari, DA, BC Putra, and T. Lestari", ["Sari, DA", "Putra, BC", "Lestari, T."]),
        ("Sari, Dewi de, and Budi d'Aulnoy", ["Sari, Dewi de", "d'Aulnoy, Budi"]),
        ("Sari, D., & Putra, B., C.", ["Sari, D.", "Putra, B."]),
        ("Sari III, Dewi A", ["Sari III, Dewi A"]),
        ("Sari, Dewi (Dedew), and Budi Putra", ["Sari, Dewi (Dedew)", "Putra, Budi"]),
        ("Sari, Dewi (Dedew).", ["Sari, Dewi (Dedew)"]),
        ("Statistics, B. of", ["Statistics, B. of"]),
        ("Sari, Dan A., dan Budi K. A. Putra", ["Sari, Dan A.", "Putra, Budi K. A."]),
        ("SARI, DEWI", ["SARI, DEWI"]),
        ("Sari, D., Budi F. Putra Jr., and Intan Lestari", ["Sari, D.", "Putra, Budi F.", "Lestari, Intan"]),
        ("Sari, Dewi A., Putra, B.C.", ["Sari, Dewi A.", "Putra, B.C."]),
        ("Sari B.", ["Sari, B."]),
        ("Sari B., Putra C. D.", ["Sari, B.", "Putra, C. D."]),
        ("Sari, Dewi, & Putra, Budi", ["Sari, Dewi", "Putra, Budi"]),
        ("Prof. Dr. H. Budi Santosa, M.Si.", ["Santosa, Budi"]),
        ("Dr. Sari, D., M.Si., & Dr. Budi Putra", ["Sari, D.", "Putra, Budi"]),
        ("Sari, Dewi, Ph.D.", ["Sari, Dewi"]),
    ],
)
def test_authors_of_a_reference(printed, authors):
    assert [str(author) for author in split_authors(printed)] == authors


@pytest.mark.parametrize(
    "written, listed, same",
    [
        ("Sari", "Sari, D.", True),
        ("D. Sari", "Sari, D. A.", True),
        ("R. Sari", "Sari, D.", False),
        ("van der Berg", "Berg, J. van der", True),
        ("Müller", "Muller, K.", True),
        ("O'Neill", "O’Neill, A.", True),
        ("Al Bahri", "al-Bahri, S.", True),
        ("Edi Suwarto", "Suwarto, E.", True),
        ("Muhammad", "Ulum, M. C.", False),
        ("Sati", "Sari, D.", False),
        ("D. A. Sari", "Sari, D.", True),
        ("A. Sari", "Sari, D. A.", True),
        ("A. D. Sari", "Sari, D. A.", False),
    ],
)
def test_names_agree(written, listed, same):
    (author,) = split_authors(listed)
    assert CitedName(written).may_be(author) is same


@pytest.mark.parametrize("title", ["# Daftar Pustaka", "## 7. REFERENCES", "**Referensi**", "Daftar Rujukan", "Bibliography:", "Works Cited\n-----"])
def test_the_list_stands_below_any_of_its_names(title):
    assert [reference.key for reference in read("Satu.", f"\n\n{title}\n\nSari, D. (2020). *Kebun*. Pustaka.\n").references] == ["Sari 2020"]


def test_a_list_without_a_heading_ends_the_text():
    body = "Kebun bersama (Sari, 2020).\n\n"
    assert len(read(body, "Putra, A. (2019). *Air*. Pustaka.\n\nSari, D. (2020). *Kebun*. Pustaka.\n").references) == 2


def test_what_follows_the_list_is_no_part_of_it():
    found = read("Satu.", LIST + "\n# Lampiran\n\nLestari, I. (2019). Bukan rujukan.\n")
    assert [reference.key for reference in found.references] == ["Sari 2020"]


def test_one_reference_to_a_line_and_hanging_ones():
    lines = (
        "\n\nReferences\n\nPutra, A. (2019). *Air*. Pustaka.\n"
        "Sari, D., & Lestari, I. (2020). *Kebun bersama\n    di kota*. Pustaka.\nUtami, N. (2018). *Tanah*. Pustaka.\n"
    )
    found = read("Satu.", lines).references
    assert [(reference.key, reference.place.line) for reference in found] == [("Putra 2019", 5), ("Sari 2020", 6), ("Utami 2018", 8)]
    assert found[1].title == "Kebun bersama di kota"


def test_chicago_list_with_a_dash_for_the_same_authors():
    found = read(
        "Satu.", "\n\n# References\n\nSari, Dewi. 2019. *Air*. Pustaka.\n\n———. 2020. “Kebun Bersama.” *Jurnal Contoh* 3 (1): 11–20.\n"
    ).references
    assert [(reference.key, reference.pages) for reference in found] == [("Sari 2019", ""), ("Sari 2020", "11–20")]


def test_editors_others_and_works_to_come():
    lines = (
        "\n\n# References\n\nLestari, I., others. 2018. *Tanah*. Pustaka.\n\nPutra, Budi, dan Ayu Sari, eds. 2019. *Air*. Pustaka.\n\n"
        "Sari, Ayu. forthcoming. *Batu*. Pustaka.\n\nUtami, Nur. t.t. *eKebun*. Pustaka.\n"
    )
    found = read("Satu.", lines).references
    assert [(reference.key, len(reference.authors), reference.many) for reference in found] == [
        ("Lestari 2018", 1, True),
        ("Putra 2019", 2, False),
        ("Sari forthcoming", 1, False),
        ("Utami t.t.", 1, False),
    ]


def test_an_initial_at_the_end_of_a_line_begins_no_reference():
    lines = "\n\nReferences\n\nSari, D. (2020). *Kebun*. In I.\nLestari, M. Putra, & A. (Eds.), *Kota* (pp. 3–9). Pustaka.\n"
    assert [reference.key for reference in read("Satu.", lines).references] == ["Sari 2020"]


@pytest.mark.parametrize("note", ["[^1]: Lihat Putra (2019).", "[1] Lihat Putra\n(2019) dan lain-lain."])
def test_notes_below_the_list_are_text(note):
    found = read("Satu.[^1]", f"{LIST}\n{note}\n")
    assert [reference.key for reference in found.references] == ["Sari 2020"]
    assert [one.year for one in found.cited] == ["2019"]


def test_a_work_in_a_note_is_as_surely_cited_as_in_the_text():
    references = f"{LIST}\nTentang penulis\n\nMenurut Wirawan (2017) begitu.\n\n[^1]: Menurut Putra (2019) begitu.\n"
    assert [(one.year, one.sure) for one in read("Satu.[^1]", references).cited] == [("2017", False), ("2019", True)]


@pytest.mark.parametrize("broken", ["\\\n", "  \n", "<br>", "<br />\n"])
def test_references_in_one_paragraph_with_broken_lines(broken):
    lines = (
        "Badan Pusat Statistik. 2009. Desa. BPS.",
        "Putra. 2015. Tanah. Pustaka.",
        "Sari, Dewi. 2018. Batu. Pustaka.",
        "Utami. 2019. Kayu. Pustaka.",
    )
    others = "\n\n".join(f"Wirawan, {letter}. 2001. Buku {letter}. Pustaka." for letter in "ABCDEFGHIJKL")
    found = read("Satu.", f"\n\n# Daftar Pustaka\n\n{broken.join(lines)}\n\n{others}\n").references
    assert [reference.key for reference in found[:4]] == ["Badan Pusat Statistik 2009", "Putra 2015", "Sari 2018", "Utami 2019"]


def test_the_address_of_a_link_ends_with_it():
    link = "[[https://doi.org/10.5555/a.1]{.underline}](https://doi.org/10.5555/a.1)"
    (reference,) = read("Satu.", f"\n\n# Daftar Pustaka\n\nSari, D. (2020). Kebun. {link}\n").references
    assert reference.text == "Sari, D. (2020). Kebun. https://doi.org/10.5555/a.1"


def test_a_table_is_read_cell_by_cell():
    table = """
  ----------------------------------
  Kota      Luas     Sumber
  --------- ------- ----------------
  Kota      12       Sari dan Putra
  Baru               (2020)

  Desa      7        Lestari
  Lama               dkk. (2018)
  ----------------------------------

Lalu (Utami, 2017).
"""
    assert cited(table) == [
        (["Sari", "Putra"], False, "2020", ""),
        (["Lestari"], True, "2018", ""),
        (["Utami"], False, "2017", ""),
    ]
    rows = "\n  Kota   Sumber\n  ------ -----------\n  Baru   Sari (2020)\n  Lama   Utami (2017)\n\nLalu.\n"
    assert [one.place.line for one in read(rows).cited] == [4, 5]


def test_how_to_cite_the_article_itself_is_no_citation():
    assert cited("How to Cite: (Wirawan, 2022). Wirawan. (2022). Contoh.") == []
    assert cited("**Sitasi:** (Wirawan, 2022). Wirawan. (2022). Contoh.") == []
    assert len(cited("Sitasi yang baik (Wirawan, 2022) berguna.")) == 1


def test_languages():
    assert read("The garden of the city is for all of us (Sari, 2020).").language == "en"
    assert read("Kebun itu untuk semua warga yang ada di kota (Sari, 2020).").language == "id"


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 100_000,
        "(" * 10_000 + ")" * 10_000,
        "(Sari, 2020 " * 3_000,
        "[" * 100_000,
        "<!--" * 20_000,
        "*" * 100_000,
        "Sari, " * 15_000 + "(2020)",
        "Sari dan " * 10_000 + "(2020)",
        "Sari dalam " * 5_000,
        "Sumber: Sari, 2020\n\n" * 2_000,
        " " * 100_000,
        "\0" * 100_000,
        "\\" * 100_000,
        "  --- ---\n  a b\n" * 20_000,
        "  " + "-- " * 30_000 + "\n  " + "a " * 30_000,
        "[^1]: Sari (2001)\n" * 5_000,
        "(Sari 2020 " * 3_000,
        "[[a]{.b}" * 12_500,
        "https://](a" * 9_000,
        "<br>" * 25_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_is_read_at_once(hostile):
    begun = perf_counter()
    assert read(hostile).references
    assert perf_counter() - begun < 5  # seconds; each takes less than one on an idle machine
