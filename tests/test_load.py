"""Loading: what is read, where it stands, and one clear sentence for every kind of bad input."""

from __future__ import annotations

import pytest
from green import green_site

from pustaka.load import Faults, built_site, load
from pustaka.model import BuiltImage, BuiltPage, Place

BIB, GLOSSARY, STUDY, PAGE = (
    "bibliography/references.bib",
    "bibliography/glossary.yml",
    "bibliography/studies/contoh.yml",
    "docs/id/index.md",
)
FRONT_MATTER = "---\ntitle: Judul\ndescription: Uraian\n---\n"


@pytest.fixture
def green(tmp_path):
    return green_site(tmp_path)


def faults_of(root, path: str, data: str | bytes) -> list[str]:
    (root / path).write_bytes(data if isinstance(data, bytes) else data.encode())
    return [str(finding) for finding in load(root)[1]]


def page_of(root, text: str):
    (root / PAGE).write_bytes(text.encode())
    site, faults = load(root)
    assert not faults, faults
    return site.page("id", "")


# -- Faults --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path, data, fault",
    [
        (PAGE, b"---\ntitle: a\ndescription: b\n---\n\nkata \xe9\n", "6:6: F102 byte 0xe9 is not UTF-8: save the file as UTF-8"),
        (PAGE, "kata".encode("utf-16"), "1:1: F102 the file is saved as UTF-16: save it as UTF-8"),
        (BIB, b"@book{a, title = {\xe9}}\n", "1:19: F102 byte 0xe9 is not UTF-8: save the file as UTF-8"),
        (GLOSSARY, "- id: [a\n", "2:1: F103 not valid YAML: expected ',' or ']', but got '<stream end>'"),
        (GLOSSARY, "- id: a: b\n", "1:8: F103 not valid YAML: a second colon stands in the line; put a value"),
        (GLOSSARY, "- term: &t {id: a}\n  meaning: *t\n", "2:12: F103 not valid YAML: an alias (*name) is not allowed here"),
        (GLOSSARY, "- id: a\n  id: b\n", "2:3: F103 not valid YAML: “id” stands twice"),
        (GLOSSARY, "- ? [a]\n  : b\n", "1:5: F103 not valid YAML: a key must be a word, not a list or a mapping"),
        (GLOSSARY, "- id: a\0\n", "1:1: F103 not valid YAML: unacceptable character #x0000: special characters are not allowed"),
        (GLOSSARY, "[" * 1000, "1:1: F103 not valid YAML: it is nested too deeply"),
        (GLOSSARY, "- !!python/object:os.system a\n", "1:3: F103 not valid YAML: could not determine a constructor for the tag"),
        (GLOSSARY, "- id: Besar\n  term: {id: a}\n  meaning: {id: a}\n", "1:7: F104 “id” is “Besar” but must look like social-mobility"),
        (GLOSSARY, "- id: a\n  term: {id: 1}\n  meaning: {id: a}\n", "2:14: F104 “id” is “1” but must be text; put a number into quotation marks"),
        (GLOSSARY, "satu: 1\n", "1:1: F104 this is “{'satu': 1}” but must be a list, [like, this]"),
        (STUDY, "slug: contoh\n", "1:1: F104 there must be entry, basis, language, licence, short"),
        (
            BIB,
            "@book{a,\n  title = {b}\n  date = {2020}\n}\n",
            "2:14: F105 not valid BibLaTeX: in the entry “a” a comma is missing after title: put one in",
        ),
        (BIB, "\n@book{a,\n  title = {b\n", "2:1: F105 not valid BibLaTeX: in the entry “a” it never ends: close every brace"),
        (BIB, "@book a, title = {b}}\n", "1:1: F105 not valid BibLaTeX: “@book” must be followed by a brace: write “@book{key,”"),
        (BIB, "@book{title = {b}}\n", "1:1: F105 not valid BibLaTeX: the @book has no key: write “@book{key,” before its fields"),
        (BIB, "@book{a, title {b}}\n", "1:16: F105 not valid BibLaTeX: in the entry “a” there must be “=” after “title” here, not “{b}}”"),
        (BIB, "@book{a, title = {b}, , year = 1}\n", "1:23: F105 not valid BibLaTeX: in the entry “a” there is a comma too many"),
        (BIB, "@book{a, title = {b} @c}\n", "1:1: F105 not valid BibLaTeX: in the entry “a” it never ends"),
        (BIB, "@book{a, title = %}\n", "1:18: F105 not valid BibLaTeX: in the entry “a” there must be a value in braces here, not “%}”"),
        (BIB, "@string{kata}\n", "1:9: F105 not valid BibLaTeX: there must be a name and “=”, as in @string{name = {words}} here"),
        (PAGE, "kata\n", "1:1: F106 the page has no front matter: begin it with “---”, title and description, “---”"),
        (PAGE, "", "1:1: F106 the page has no front matter"),
        (PAGE, "---\ntitle: a\ndescription: c\n---\n\n/// note | Catatan\nKata.\n", "6:1: F107 the block “/// note” is not closed"),
        (PAGE, "---\ntitle: a\ndescripton: c\n---\n", "3:13: F104 there is no field “descripton” here: did you mean “description”?"),
        (PAGE, "---\ntitle:\ndescription: c\n---\n", "2:7: F104 “title” is empty: write something behind its colon"),
        (
            PAGE,
            "---\ntitle: a\ndescription: c\n---\n\n/// warning | Awas\nKata.\n///\n",
            "6:1: F107 there is no block “/// warning”: use one of finding, note",
        ),
        (
            PAGE,
            "---\ntitle: a\ndescription: c\n---\n\n/// note | Kata @contoh2020\nKata.\n///\n",
            "6:17: F107 the title of the block “/// note” cites: put “@contoh2020” into the block",
        ),
        (GLOSSARY, "- id: a\n\tterm: b\n", "2:1: F103 not valid YAML: a tab stands at the beginning of the line; put spaces there"),
        (PAGE, "---\ntitle: a\n", "1:1: F106 the front matter has no closing line “---”"),
        (
            PAGE,
            "---\ntitle: a: b\ndescription: c\n---\n",
            "2:9: F106 not valid YAML: a second colon stands in the line; put a value",
        ),
        (PAGE, "---\ntitle: a\ndescription: c\nlain: 1\n---\n", "4:7: F104 there is no field “lain” here: take it out; there are: title"),
        (PAGE, "---\ntitle: a\ndescription: c\nupdated: 2020-02-30\n---\n", "4:10: F104 “updated” is “2020-02-30” but must be a day that there is"),
    ],
)
def test_fault(path, data, fault, green):
    found = faults_of(green, path, data)
    assert any(line.startswith(f"{path}:{fault}") for line in found), found


def test_file_that_is_not_there(green):
    (green / BIB).unlink()
    assert [str(finding) for finding in load(green)[1]] == [f"{BIB}:1:1: F101 cannot be read: No such file or directory"]


def test_folder_instead_of_a_file(green):
    (green / "docs/id/folder.md").mkdir()
    assert [str(finding) for finding in load(green)[1]] == ["docs/id/folder.md:1:1: F101 cannot be read: it is a folder, name a file in it"]


def test_optional_files(green):
    (green / GLOSSARY).unlink()
    site, faults = load(green)
    assert (site.glossary, faults) == ((), [])


@pytest.mark.parametrize("name", ["terms.yml", "words.yml"])
def test_without_words_nothing_can_be_read(name, green):
    (green / "bibliography" / name).write_text("- a\n", "utf-8")
    with pytest.raises(Faults) as stop:
        load(green)
    assert stop.value.findings[0].place == Place(f"bibliography/{name}")


def test_every_fault_is_told_at_once_and_hides_nothing_else(green):
    (green / PAGE).write_bytes(b"---\ntitle: a\n")
    (green / GLOSSARY).write_text("- id: [", "utf-8")
    (green / STUDY).write_text("slug: contoh\n", "utf-8")
    site, faults = load(green)
    assert {finding.code for finding in faults} == {"F106", "F103", "F104"}
    assert (site.page("id", "").meta, site.glossary, site.studies) == ({}, (), ())
    assert site.page("en", "") and len(site.entries) == 3


@pytest.mark.parametrize(
    "broken",
    [
        "@book{rusak,\n  title = {a\n}\n",  # a brace too few
        '@book{rusak,\n  title = "a\n}\n',  # a quotation mark too few
        "@book{rusak,\n  title = {a}}\n}\n",  # a brace too many
        "@book{rusak\n  title = {a},\n}\n",  # no comma
        "@book{\n  title = {a},\n}\n",  # no key
        "@book\n",
        "@book{rusak,\n  title = kata,\n}\n",  # no such @string
    ],
)
def test_broken_entry_does_not_hide_the_others(broken, green):
    good = (green / BIB).read_text("utf-8")
    (green / BIB).write_text(broken + good, "utf-8")
    site, faults = load(green)
    assert {"contoh2020", "dinas-nd", "suharto2005"} <= site.entry.keys()
    assert {finding.code for finding in faults} <= {"F105"}


# -- Places and values ---------------------------------------------------------------------------------------------


ENTRY = """\
% Kata pengantar
@string{jpm = {Jurnal Contoh}}

@Article{a:b,
  Title = {Kebun {Desa}
    Bersama}, month = jan,
  journaltitle = jpm # { Baru},
}
"""


def test_entry(green):
    (green / BIB).write_text(ENTRY, "utf-8")
    site, faults = load(green)
    assert faults == []
    [entry] = site.entries
    assert (entry.key, entry.type, entry.place) == ("a:b", "article", Place(BIB, 4, 1))
    assert entry.fields == {"title": "Kebun {Desa} Bersama", "month": "jan", "journaltitle": "Jurnal Contoh Baru"}
    assert entry.text("title") == "Kebun Desa Bersama"
    assert [str(entry.place_of(name)) for name in ("title", "month", "doi")] == [f"{BIB}:5:3", f"{BIB}:6:15", f"{BIB}:4:1"]


def test_entries_with_the_same_key_are_all_kept(green):
    (green / BIB).write_text("@book{a,\n title = {satu}}\n@book{a,\n title = {dua}}\n", "utf-8")
    site, _ = load(green)
    assert [entry.fields["title"] for entry in site.entries] == ["satu", "dua"]
    assert site.entry["a"].fields["title"] == "satu"


def test_places_in_a_record(green):
    site, _ = load(green)
    places = site.study["contoh"].places
    assert places["pages.1"] == Place(STUDY, 22, 16)
    assert places["how_to_cite.slips"] == Place(STUDY, 25, 10)
    assert site.words.places["locators.page"].path == "bibliography/terms.yml"
    assert site.words.places["interface.languages"].path == "bibliography/words.yml"


CITATIONS = f"""\
{FRONT_MATTER}
/// note | Judul
    attrs: {{lang: id}}

Satu
dua [lihat @a; @b].
///

- tiga
    - empat @c
"""


def test_citation_has_line_and_column_in_the_file(green):
    citations = page_of(green, CITATIONS).citations
    assert [(citation.key, citation.place.line, citation.place.column) for citation in citations] == [("a", 10, 12), ("b", 10, 16), ("c", 14, 13)]


def test_line_ends_and_byte_order_mark_change_nothing(green):
    text = FRONT_MATTER + "\nSatu [@a].\n\n## Judul {#heading}\n\nDua @b.\n"
    assert page_of(green, "\ufeff" + text.replace("\n", "\r\n")) == page_of(green, text)


@pytest.mark.parametrize(
    "path, language, name, url",
    [
        ("index.md", "", "", ""),
        ("id/index.md", "id", "", "id/"),
        ("id/about.md", "id", "about", "id/about/"),
        ("en/studies/contoh/index.md", "en", "studies/contoh", "en/studies/contoh/"),
        ("en/studies/contoh/findings.md", "en", "studies/contoh/findings", "en/studies/contoh/findings/"),
        ("fr/about.md", "", "fr/about", "fr/about/"),
    ],
)
def test_name_of_a_page(path, language, name, url, green):
    file = green / "docs" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(FRONT_MATTER, "utf-8")
    page = next(page for page in load(green)[0].pages if page.path == f"docs/{path}")
    assert (page.language, page.name, page.url) == (language, name, url)


@pytest.mark.parametrize(
    "markdown, kinds",
    [
        ("kata\nkata", "paragraph"),
        ("- a\n- b\n\n1. c", "list list"),
        ("| a |\n|---|\n| b |", "table"),
        ("> a", "quote"),
        ("```\n@a\n```\n\n    @b\n\n~~~\n/// note\n~~~", "code code code"),
        ("<p>@a</p>", "html"),
        ("{{ bibliography }}\n\n\\bibliography", "listing listing"),
        ("![kata](figure:abcd)", "figure"),
        ("![kata](gambar.png)", "paragraph"),
        ("/// note | Judul\nkata\n///\n\nkata", "paragraph paragraph"),
    ],
)
def test_kinds_of_blocks(markdown, kinds, green):
    page = page_of(green, f"{FRONT_MATTER}\n{markdown}\n")
    assert " ".join(block.kind for block in page.blocks) == kinds
    assert list(page.citations) == []


VOICES = f"""\
{FRONT_MATTER}
satu

/// note | Judul
dua

/// summary | Di dalam
tiga
///
///

/// summary | Judul
empat
///
"""


def test_own_voice(green):
    blocks = page_of(green, VOICES).blocks
    assert [(block.text, block.own_voice) for block in blocks] == [("satu", False), ("dua", True), ("tiga", True), ("empat", False)]


SECTIONS = f"""\
{FRONT_MATTER}
awal

## Satu {{#one}}

isi

### Dua *kata*{{lang=en}} {{ .x #two }}

Tiga
----

```
## bukan
```
"""


def test_sections(green):
    assert [(section.level, section.id, section.title, section.place.line) for section in page_of(green, SECTIONS).sections] == [
        (0, "", "", 5),
        (2, "one", "Satu", 8),
        (3, "two", "Dua *kata*{lang=en}", 12),
        (2, "", "Tiga", 14),
    ]


def test_code_in_a_list_holds_no_citation(green):
    page = page_of(green, FRONT_MATTER + "\n- satu @a\n\n    ```\n    [@tidak]\n    ```\n\n- dua `@tidak` @b\n")
    assert [citation.key for citation in page.citations] == ["a", "b"]


def test_built_site(tmp_path):
    (tmp_path / "id" / "about").mkdir(parents=True)
    (tmp_path / "id" / "about" / "index.html").write_text("<p>a", "utf-8")
    (tmp_path / "404.html").write_bytes(b"\xff")
    (tmp_path / "id" / "cite.ris").write_text("TY  - ELEC\n", "utf-8")
    (tmp_path / "card.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\xb0\0\0\x02v")
    (tmp_path / "id" / "card.png").write_bytes(b"GIF89a")
    folder = tmp_path.as_posix()
    built = built_site(tmp_path)
    assert built.pages == (
        BuiltPage(f"{folder}/404.html", "404.html", "\ufffd"),
        BuiltPage(f"{folder}/id/about/index.html", "id/about/", "<p>a"),
    )
    assert built.texts == {"id/cite.ris": "TY  - ELEC\n"}
    assert built.images == {"card.png": BuiltImage("PNG", 1200, 630, 24), "id/card.png": BuiltImage("", 0, 0, 6)}
    assert set(built.schemas) == {"csl-data", "cff"}


@pytest.mark.parametrize("name", ["glossary.yml", "errata.yml"])
@pytest.mark.parametrize("text", ["", "# nothing yet\n", None], ids=["empty", "a comment", "not there"])
def test_a_list_may_be_empty_or_not_there(name, text, green):
    path = green / "bibliography" / name
    path.unlink()
    if text is not None:
        path.write_text(text, "utf-8")
    assert [fault for fault in load(green)[1] if name in fault.place.path] == []


def test_a_site_may_begin_without_a_study(green):
    (green / "bibliography/studies/contoh.yml").unlink()
    site, findings = load(green)
    assert (site.studies, findings) == ((), [])
