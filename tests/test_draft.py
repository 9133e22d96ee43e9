"""The draft of a .bib: well-formed, and each field where it belongs."""

from __future__ import annotations

import pytest
from pybtex.database import parse_string

from pustaka import manuscript
from pustaka.export.draft import draft


def drafted(*references):
    text = "Satu (Sari, 2020).\n\n# Daftar Pustaka\n\n" + "\n\n".join(references) + "\n"
    return draft(manuscript.read(text, "naskah.md"))


def entry(reference):
    """(type, fields, names of the authors) of the one entry that is drafted."""
    (found,) = parse_string(drafted(reference), "bibtex").entries.values()
    return found.type, dict(found.fields), [str(person) for person in found.persons.get("author", [])]


def test_article():
    kind, fields, authors = entry(
        "Sari, D., & Putra, A. (2020). Kebun bersama di kota. *Jurnal Contoh*, *3*(1), 11–20. <https://doi.org/10.5555/contoh_1>"
    )
    assert kind == "article"
    assert authors == ["Sari, D.", "Putra, A."]
    assert fields == {
        "title": "Kebun bersama di kota",
        "date": "2020",
        "journaltitle": "Jurnal Contoh",
        "volume": "3",
        "number": "1",
        "pages": "11--20",
        "doi": "10.5555/contoh_1",
        "langid": "indonesian",
    }


def test_chapter():
    kind, fields, _ = entry("Sari, D. (2018). A chapter. In M. L. Putra (Ed.), *The book of gardens* (pp. 45–60). Pustaka.")
    assert (kind, fields["booktitle"], fields["pages"]) == ("incollection", "The book of gardens", "45--60")


def test_volume_number_and_pages_in_words():
    kind, fields, _ = entry("Sari, D. (2011). Kebun bersama di kota. Jurnal Tani, Vol. 3 No. 2, hlm. 12-20.")
    assert (kind, fields["journaltitle"], fields["volume"], fields["number"], fields["pages"]) == ("article", "Jurnal Tani", "3", "2", "12--20")


@pytest.mark.parametrize(
    "title, edition",
    [("*Kebun* (edisi ke-3)", "3"), ("*Kebun* (4th ed.)", "4"), ("*Kebun* (Edisi kedua, Vol. 2)", "Edisi kedua"), ("*Kebun, Edisi 5*", "5")],
)
def test_book(title, edition):
    kind, fields, _ = entry(f"Sari, D. (2012). {title}. Bandung: Alfa.")
    assert (kind, fields["title"], fields["edition"]) == ("book", "Kebun", edition)
    assert (fields["location"], fields["publisher"]) == ("Bandung", "Alfa")


def test_law():
    law = "Undang-Undang Nomor 6 Tahun 2014 tentang Desa"
    found = parse_string(drafted("Sari, D. (2020). *Air*. Pustaka.", f"{law}."), "bibtex").entries["undangundang2014"]
    assert (found.type, found.fields["title"], found.fields["date"], list(found.persons)) == ("legislation", law, "2014", [])


def test_address_without_its_scheme():
    kind, fields, _ = entry("Sari, D. (2017). Desa kita. www.contoh.id")
    assert (kind, fields["url"], "publisher" in fields) == ("online", "https://www.contoh.id", False)


def test_misspelt_addresses():
    assert entry("Sari, D. (2017). *Desa*. Pustaka. https//doi.org/10.5555/abc")[1]["doi"] == "10.5555/abc"
    assert "% To check: the address “https//contoh.id/desa” is misspelt" in drafted("Sari, D. (2017). *Desa*. Pustaka. https//contoh.id/desa")


@pytest.mark.parametrize(
    "title, language", [("Kebun bersama", "indonesian"), ("Community gardens", "english"), ("Teori Pembangunan", "indonesian"), ("Air", "indonesian")]
)
def test_language_of_a_title_without_small_words(title, language):
    assert entry(f"Sari, D. (2017). *{title}*. Pustaka.")[1]["langid"] == language


def test_thesis():
    kind, fields, _ = entry(r"Sari, D. (2025). *Kualitas kebun* \[Skripsi\]. Universitas Contoh.")
    assert (kind, fields["type"], fields["institution"]) == ("thesis", "bathesis", "Universitas Contoh")


def test_web_page_without_author():
    kind, fields, authors = entry("*Hasil pencarian kebun*. (t.t.). Diambil 6 Desember 2020, dari <https://contoh.id/kebun>")
    assert (kind, authors) == ("online", [])
    assert fields == {"title": "Hasil pencarian kebun", "url": "https://contoh.id/kebun", "urldate": "2020-12-06", "langid": "indonesian"}


def test_body_is_not_taken_apart():
    assert entry("Kementerian Desa, Tani, dan Hutan. (2020). *Panen*. Pustaka.")[2] == ["{Kementerian Desa, Tani, dan Hutan}"]
    body = "Kementerian Tani dan Usaha Kecil dan Menengah"
    assert entry(f"{body}. (2020). *Panen*. Pustaka.")[2] == [f"{{{body}}}"]


def test_two_names_are_a_person():
    assert entry("Budi Santosa. (2020). *Panen*. Pustaka.")[2] == ["Santosa, Budi"]
    assert "% To check: “Budi Santosa” is taken for a person; a body stands in braces" in drafted("Budi Santosa. (2020). *Panen*. Pustaka.")


def test_keys_are_unique():
    text = drafted("Sari, D. (2020). *Kebun*. Pustaka.", "Sari, R. (2020). *Air*. Pustaka.", "Müller, K. (t.t.). *Tanah*. Pustaka.")
    assert list(parse_string(text, "bibtex").entries) == ["sari2020", "sari2020-2", "muller-nd"]
    text = drafted("Sari, D. (2020a). *Kebun*. Pustaka.", "Sari, D. (2020b). *Air*. Pustaka.")
    assert list(parse_string(text, "bibtex").entries) == ["sari2020a", "sari2020b"]


def test_what_a_person_must_look_at_is_said():
    text = drafted("M.Pd, D. Z. (2016). *Kebun*. Pustaka.")
    assert "% To check: “M.Pd” is an academic degree or title, no part of a name" in text


@pytest.mark.parametrize("odd", ["{", "}", "\\\\", "%", "#", "$", "&", "_", "~", "^", '"', "@book{x,", "\u202e", "\x07", "a" * 5000])
def test_odd_characters_leave_it_well_formed(odd):
    text = drafted(f"Sari, D. (2020). Kebun {odd} bersama. *Jurnal {odd} Contoh*, *3*(1), 11–20.", "Putra, A. (2019). *Air*. Pustaka.")
    assert set(parse_string(text, "bibtex").entries) == {"sari2020", "putra2019"}
