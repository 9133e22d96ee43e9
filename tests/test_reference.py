"""References read back, page numbers compared, keys that were probably meant."""

from __future__ import annotations

import pytest

from pustaka import reference
from pustaka.model import Entry, Place
from pustaka.nearest import nearest, nearest_key
from pustaka.pagination import Span, spans
from pustaka.reference import Reference


def entry(key: str = "key", **fields: str) -> Entry:
    return Entry(key, "article", fields, Place("x.bib"))


ARTICLE = {
    "author": "Sari, Dewi and Putra, Agus",
    "title": "Kebun Bersama. Sebuah {Studi}",
    "journaltitle": "J. Contoh",
    "volume": "3",
    "number": "1",
    "pages": "11--20",
    "date": "2020-05",
    "doi": "10.5555/a_b",
}


@pytest.mark.parametrize(
    "text, read",
    [
        (
            "(Sari & Putra, 2020) Sari, D., & Putra, A. (2020). Kebun. Bersama? Jurnal, Sains, 3(1), 11–20. https://doi.org/10.5555/a",
            Reference("Sari & Putra, 2020", "Sari, D., & Putra, A.", "2020", "Kebun. Bersama?", "Jurnal, Sains", "3", "1", "11–20", "10.5555/a"),
        ),
        ("Sari. (2020, 5 Mei). Kebun. Jurnal, 3, 11.", Reference("", "Sari.", "2020", "Kebun", "Jurnal", "3", "", "11")),
        ("Sari. (t.t.). Kebun [Skripsi]. Universitas.", Reference("", "Sari.", "", "Kebun", "Universitas")),
        ("Sari. (2020). Kebun [Skripsi].", Reference("", "Sari.", "2020", "Kebun")),
        ("Sari. (2020). Kebun. Penerbit.", Reference("", "Sari.", "2020", "Kebun", "Penerbit")),
        ("", Reference()),
        ("kata saja", Reference(title="kata saja")),
    ],
)
def test_read(text, read):
    assert reference.read(text) == read


def test_same_work_in_another_form_agrees():
    text = "Sari, D., dan Putra, A. (2020). Kebun bersama. Sebuah studi. J. Contoh, 3(1), 11-20. https://doi.org/10.5555/A_B"
    due = reference.of_entry(entry(**ARTICLE))
    assert list(reference.disagreements(reference.read(text, due.journal), due)) == []


@pytest.mark.parametrize(
    "field, changed",
    [
        ("author", "Sari, Budi and Putra, Agus"),
        ("author", "Sari, Dewi"),
        ("title", "Kebun"),
        ("journaltitle", "J. Lain"),
        ("volume", "4"),
        ("number", "2"),
        ("pages", "11--22"),
        ("date", "2021"),
        ("doi", "10.5555/a-b"),
        ("doi", ""),
    ],
)
def test_each_field_is_compared(field, changed):
    text = "Sari, D., & Putra, A. (2020). Kebun Bersama. Sebuah Studi. J. Contoh, 3(1), 11–20. https://doi.org/10.5555/a_b"
    due = reference.of_entry(entry(**ARTICLE | {field: changed}))
    names = [name for name, _, _ in reference.disagreements(reference.read(text, "J. Contoh"), due)]
    assert names == [{"journaltitle": "journal", "number": "issue", "date": "year"}.get(field, field)]


def test_thesis_has_no_journal():
    due = reference.of_entry(entry(author="Hidayat, Budi Ilham", title="Kualitas Interaksi", date="2025"))
    assert list(reference.disagreements(reference.read("Hidayat, B. I. (2025). Kualitas Interaksi [Skripsi]. Universitas."), due)) == []


@pytest.mark.parametrize(
    "in_text, fits",
    [("Sari & Putra, 2020", True), ("Sari dkk., 2020a", True), ("Putra & Sari, 2020", False), ("Sari & Putra, 2021", False)],
)
def test_in_text(in_text, fits):
    assert reference.fits_in_text(in_text, reference.of_entry(entry(**ARTICLE))) == fits


def test_marks_in_an_address_are_not_stray():
    assert reference.stray_marks("Sari_ (2020)*. https://doi.org/10.5555/a_b") == ["_", "*"]


@pytest.mark.parametrize(
    "text, found",
    [
        ("31--40", [Span("31--40", "", 31, 40)]),
        ("7", [Span("7", "", 7, 7)]),
        ("xii–xv, S4", [Span("xii–xv", "roman", 12, 15), Span("S4", "S", 4, 4)]),
        ("mcmxciv", [Span("mcmxciv", "roman", 1994, 1994)]),
        ("12--x", [None]),
        ("1--2--3", [None]),
        ("iiii", [None]),
        ("5--", [None]),
        ("", [None]),
    ],
)
def test_spans(text, found):
    assert list(spans(text)) == found


ENTRIES = [
    entry("suharto2005", author="Suharto, E.", title="Membangun masyarakat", date="2005"),
    entry("arifin2018", author="Arifin, S.", title="Memberdayakan Masyarakat", date="2018"),
    entry("sari2019a", author="Sari, D.", title="Kebun Bersama", date="2019"),
    entry("sari2019b", author="Sari, D.", title="Pasar Malam", date="2019"),
    entry("kkp-nd", author="{Kementerian Kelautan}", title="Laut"),
]


@pytest.mark.parametrize(
    "key, meant",
    [
        ("suharto2050", "suharto2005"),
        ("suharto", "suharto2005"),
        ("arifin_2018", "arifin2018"),
        ("Arifin:2018aa", "arifin2018"),
        ("arifin18", "arifin2018"),
        ("2018ArifinMemberdayakan", "arifin2018"),
        ("sari2019pasar", "sari2019b"),
        ("SariKebun2019", "sari2019a"),
        ("kkp_nd", "kkp-nd"),
        ("hatta1951", None),
    ],
)
def test_nearest_key(key, meant):
    assert nearest_key(key, ENTRIES) == meant


def test_nearest_takes_no_notice_of_letter_case():
    assert nearest("METODE", ["Hasil", "Metode"]) == "Metode"
    assert nearest("q", ["a", "b"]) is None


def test_field_in_a_message():
    assert str(reference.says("year", "2020")) == "has the year “2020”"
    assert str(reference.says("doi", "")) == "has no DOI"
