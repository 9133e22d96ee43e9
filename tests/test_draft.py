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


def test_thesis():
    kind, fields, _ = entry(r"Sari, D. (2025). *Kualitas kebun* \[Skripsi\]. Universitas Contoh.")
    assert (kind, fields["type"], fields["institution"]) == ("thesis", "bathesis", "Universitas Contoh")


def test_web_page_without_author():
    kind, fields, authors = entry("*Hasil pencarian kebun*. (t.t.). Diambil 6 Desember 2020, dari <https://contoh.id/kebun>")
    assert (kind, authors) == ("online", [])
    assert fields == {"title": "Hasil pencarian kebun", "url": "https://contoh.id/kebun", "urldate": "2020-12-06", "langid": "indonesian"}


def test_body_is_not_taken_apart():
    assert entry("Kementerian Desa, Tani, dan Hutan. (2020). *Panen*. Pustaka.")[2] == ["{Kementerian Desa, Tani, dan Hutan}"]


def test_keys_are_unique():
    text = drafted("Sari, D. (2020). *Kebun*. Pustaka.", "Sari, R. (2020). *Air*. Pustaka.", "Müller, K. (t.t.). *Tanah*. Pustaka.")
    assert list(parse_string(text, "bibtex").entries) == ["sari2020", "sari2020-2", "muller-nd"]


def test_what_a_person_must_look_at_is_said():
    text = drafted("M.Pd, D. Z. (2016). *Kebun*. Pustaka.")
    assert "% To check: “M.Pd” is an academic degree or title, no part of a name" in text


@pytest.mark.parametrize("odd", ["{", "}", "\\\\", "%", "#", "$", "&", "_", "~", "^", '"', "@book{x,", "\u202e", "\x07", "a" * 5000])
def test_odd_characters_leave_it_well_formed(odd):
    text = drafted(f"Sari, D. (2020). Kebun {odd} bersama. *Jurnal {odd} Contoh*, *3*(1), 11–20.", "Putra, A. (2019). *Air*. Pustaka.")
    assert set(parse_string(text, "bibtex").entries) == {"sari2020", "putra2019"}
