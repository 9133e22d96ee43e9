"""What is taken out of a site when its studies go, and what stays; colours; leftovers; files written all or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from green import site_with

from pustaka.founding import Unfounded, Wish, colours, emptied, leftovers, pages, settings, written
from pustaka.model import Settings

PAGE = """Umum sekali.

Menurut satu penelitian [@contoh2020, hlm. 3].

{{ studies }}

## Mulai {#begin}

Bacalah dahulu:

- [hasilnya](studies/contoh/findings.md).
- [ikhtisarnya](studies/contoh/index.md).

## Pilihan {#choice}

- **Warga:** pilihlah penelitian:
    - [Contoh](studies/contoh/index.md).
- **Dosen:** lihat [bagian ini](#begin).
- **Siapa pun:** mulai saja.

/// note | Catatan
Kotak yang umum.
///

/// note | Catatan
Kotak tentang penelitian [@contoh2020, hlm. 4].

| a | b |
|---|---|
| 1 | 2 |
///

## Kode {#code}

```text
## bukan judul
```

### Kosong {#empty}

Kalimat ini mengutip [@contoh2020, hlm. 5].
"""

KEPT = """---
title: Contoh
description: Halaman contoh.
---

Umum sekali.

{{ studies }}

## Pilihan {#choice}

- **Warga:** pilihlah penelitian.
- **Siapa pun:** mulai saja.

/// note | Catatan
Kotak yang umum.
///

## Kode {#code}

```text
## bukan judul
```
"""


def test_what_cites_or_leads_to_what_goes_is_taken_out_and_the_rest_stays_as_it_was():
    site = site_with("index", id=PAGE)
    site = replace(site, pages=tuple(replace(page, name="") if page.path == "docs/id/index.md" else page for page in site.pages))
    gone = pages.names_of_studies(site)
    assert gone == {"studies/contoh", "studies/contoh/findings"}
    assert pages.kept(site, gone, ("id",))["docs/id/index.md"] == KEPT


def test_a_page_is_of_studies_when_each_of_its_sections_cites():
    cites, speaks = "## A {#a}\n\nSatu [@contoh2020, hlm. 3].\n", "\n## B {#b}\n\nUmum.\n"
    assert "perbandingan" in pages.names_of_studies(site_with("perbandingan", id=cites))
    assert "perbandingan" not in pages.names_of_studies(site_with("perbandingan", id=cites + speaks))


def test_a_name_of_the_site_is_not_the_number_of_a_finding():
    site = replace(site_with(), settings=Settings("Warta", "https://a.example/", "Redaksi Warta", (), "CC0-1.0"))
    text = "Redaksi Warta menyusun Warta. Di Warta ada “Warta 3”, dan Wartanya banyak."
    assert emptied.renamed(text, site, wish(name="Suara", publisher="Tim Suara")) == (
        "Tim Suara menyusun Suara. Di Suara ada “Warta 3”, dan Wartanya banyak."
    )


# -- What is wished ----------------------------------------------------------------------------------------------


def wish(**other) -> Wish:
    stated = {"name": "Suara", "publisher": "Tim", "address": "https://a.example/", "languages": ("id",), "licence": "CC-BY-4.0", "accent": ""}
    return Wish(**(stated | {"contact": "", "day": "2026-11-22"} | other))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"name": "Suara: Desa"}, "“Suara: Desa” cannot be a name"),
        ({"publisher": "<b>"}, "“<b>” cannot be a name"),
        ({"address": "suara.example"}, "“suara.example” is no site's address"),
        ({"address": "https://a.example/b"}, "“https://a.example/b” is no site's address"),
        ({"licence": "MIT"}, "“MIT” is no licence that terms.yml knows for pages: choose one of CC-BY-4.0"),
        ({"contact": "sini"}, "“sini” is no contact"),
        ({"languages": ("id", "id")}, "“id,id” are no languages"),
        ({"languages": ()}, "“” are no languages"),
    ],
    ids=str,
)
def test_a_wish_that_cannot_be_is_told(other, said):
    with pytest.raises(Unfounded) as told:
        settings.judged(wish(**other), site_with())
    assert str(told.value).startswith(said)


def test_a_wish_that_can_be_is_granted():
    settings.judged(wish(languages=("id", "jv", "zh-Hant"), contact="tim@a.example", address="https://a.example/b/"), site_with())


@pytest.mark.parametrize("text", ["Suara", "Suara Desa (2)", "a: b", "#x", "yes", "- a", "12"])
def test_a_scalar_is_read_back_as_it_was(text):
    import yaml

    assert yaml.safe_load(f"name: {settings.scalar(text)}  # why") == {"name": text}


# -- Colours -----------------------------------------------------------------------------------------------------

STYLES = ":root {\n --paper: #fbf6eb; --tint: #f4e9d6;\n --accent: #7f2a12; }\n:root:not(x) { --paper: #1a1410; --tint: #271d17; --accent: #f3ab84; }"
PRINTED = ":root:root { --paper: #fff; --accent: #5c1d0b; }"


def test_an_accent_brings_one_for_the_dark_and_one_for_paper():
    exchanged = colours.replacements(STYLES, PRINTED, "#0A5838")
    assert list(exchanged) == ["#7f2a12", "#f3ab84", "#5c1d0b"]
    light, dark, printed = exchanged.values()
    assert light == "#0a5838"
    assert min(colours.contrast(dark, ground) for ground in ("#1a1410", "#271d17")) >= 7
    assert colours.contrast(printed, "#ffffff") > colours.contrast(light, "#ffffff") - 1
    assert colours.replaced("a{color:#7f2a12;fill:#f3ab84}", exchanged) == f"a{{color:{light};fill:{dark}}}"


def test_the_nearest_accent_that_stands_out_is_named():
    with pytest.raises(Unfounded) as told:
        colours.replacements(STYLES, PRINTED, "#2e8b57")
    nearest = str(told.value).rpartition(" ")[2]
    assert next(iter(colours.replacements(STYLES, PRINTED, nearest).values())) == nearest


def test_a_word_is_no_colour():
    with pytest.raises(Unfounded, match="“green” is no colour"):
        colours.replacements(STYLES, PRINTED, "green")


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#7f2a12", "#7f2a12", 1)])
def test_contrast_is_wcag_s(one, other, ratio):
    assert colours.contrast(one, other) == pytest.approx(ratio, abs=0.01)


# -- Leftovers ---------------------------------------------------------------------------------------------------


def test_leftovers_are_found_with_file_and_line():
    files = {
        "a.md": b"satu\nKebun Raya di sini\n",
        "kebun-raya.txt": b"",
        "b.png": b"\0Kebun Raya",
        "c.md": b"perkebunan raya",
        "LICENSE": b"Kebun Raya",
    }
    found = list(leftovers.search(files, {"Kebun Raya", "kebun-raya"}))
    assert [(each.path, each.line, each.name) for each in found] == [("a.md", 2, "Kebun Raya"), ("kebun-raya.txt", 0, "kebun-raya")]


def test_a_name_that_is_a_word_counts_where_it_can_only_be_a_name():
    files = {"a.md": b"Suara itu jelas.\nSitus ini bernama Suara.\nsuara\n"}
    assert [each.line for each in leftovers.search(files, {"Suara"}, {"Suara"})] == [2]
    assert [each.line for each in leftovers.search(files, {"Suara"})] == [1, 2, 3]


def test_the_record_says_what_to_look_for():
    sought = leftovers.names(site_with())
    assert {"contoh", "contoh2020", "Redaksi Contoh", "contoh.example"} <= sought
    assert "" not in sought


# -- Writing -----------------------------------------------------------------------------------------------------


def state(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def root(tmp_path) -> Path:
    (tmp_path / "docs" / "studies").mkdir(parents=True)
    (tmp_path / "docs" / "studies" / "a.md").write_text("a")
    (tmp_path / "b.md").write_text("b")
    return tmp_path


def test_files_are_written_and_empty_folders_go(root):
    written.write(root, {"docs/studies/a.md": None, "b.md": b"c", "new/d.md": b"d"})
    assert state(root) == {"b.md": b"c", "new/d.md": b"d"}
    assert not (root / "docs").exists()


def test_where_one_cannot_be_written_all_stay_as_they_were(root, monkeypatch):
    before, put = state(root), Path.write_bytes

    def failing(path, data):
        if path.name == "d.md":
            raise OSError(28, "No space left on device", str(path))
        return put(path, data)

    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises(OSError, match="No space left"):
        written.write(root, {"docs/studies/a.md": None, "b.md": b"c", "d.md": b"d"})
    assert state(root) == before
