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


def test_how_to_cite_the_article_itself_is_no_citation():
    assert cited("How to Cite: (Wirawan, 2022). Wirawan. (2022). Contoh.") == []


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
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_text_is_read_at_once(hostile):
    begun = perf_counter()
    assert read(hostile).references
    assert perf_counter() - begun < 5  # seconds; each takes less than one on an idle machine
