"""The readers of what was built: small texts of each format, and what is no such format."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from signposting import find_signposting_html

from pustaka import load
from pustaka.model import BuiltPage, Entry, Place
from pustaka.rules import check_built
from pustaka.surfaces import Unreadable, boxes, due, head, jsonld, whole
from pustaka.surfaces.document import Document
from pustaka.surfaces.files import FORMATS, Record
from pustaka.surfaces.matrix import count, matrix
from pustaka.surfaces.reading import Reading

SCHEMAS = load.built_site(load.SCHEMAS).schemas


def read(name: str, text: str) -> list[Record]:
    """The works in a file of a format."""
    import fastjsonschema

    format = next(format for format in FORMATS if format.surface.name == name)
    return format.read(text, {name: fastjsonschema.compile(dict(schema)) for name, schema in SCHEMAS.items()})


def fields(name: str, text: str) -> dict:
    """The fields of its only work."""
    (record,) = read(name, text)
    return dict(record.fields)


def page(html: str) -> Document:
    return Document(BuiltPage("site/id/index.html", "id/", html))


# -- BibTeX and BibLaTeX -----------------------------------------------------------------------------------------------------


def test_bibtex():
    text = """@article{sari2020,
  author = {Sari, Dewi and {Dinas Pertanian, Kota} and Zaid and van der Berg, Jan},
  title = {{Kebun {ABCD}: ``bersama''}},
  journal = {Jurnal Contoh},
  volume = {3}, number = {1}, pages = {11--20},
  year = {2020}, month = nov, day = {1},
  doi = {10.5555/CONTOH},
  url = {https://doi.org/10.5555/CONTOH},
  language = {indonesian},
  copyright = {CC-BY-4.0},
}"""
    assert read("BibTeX", text)[0][:2] == ("sari2020", 1)
    assert fields("BibTeX", text) == {
        "title": 'Kebun ABCD: "bersama"',
        "authors": (("Sari", "Dewi"), ("Dinas Pertanian, Kota",), ("Zaid",), ("van der Berg", "Jan")),
        "date": "2020-11-01",
        "container": "Jurnal Contoh",
        "volume": "3",
        "issue": "1",
        "pages": "11-20",
        "doi": "10.5555/contoh",
        "url": "https://doi.org/10.5555/contoh",
        "type": "article",
        "language": "id",
        "licence": "CC-BY-4.0",
    }


def test_tex_is_read_as_letters():
    text = "@misc{a, author = {M{\\'e}ndez, Jos{\\'e}}, title = {{R\\&D: 5\\% \\textasciitilde{} \\#1}}, year = {2020}}"
    assert fields("BibTeX", text) == {"authors": (("Méndez", "José"),), "title": "R&D: 5% ~ #1", "date": "2020", "type": "misc"}


def test_address_is_no_tex():
    text = "@misc{a, title = {R\\&D~B}, url = {https://contoh.example/~sari_dewi?a=1&b=%20}}"
    assert fields("BibTeX", text) == {"title": "R&D B", "url": "https://contoh.example/~sari_dewi?a=1&b=%20", "type": "misc"}


def test_biblatex():
    text = "@online{a, author = {{Redaksi}}, title = {A}, subtitle = {B}, organization = {Contoh}, date = {2026-11-21}, langid = {english}}"
    due = {"authors": (("Redaksi",),), "title": "A: B", "container": "Contoh", "date": "2026-11-21", "type": "online", "language": "en"}
    assert fields("BibLaTeX", text) == due


def test_work_without_author_or_date():
    assert fields("BibTeX", "@misc{a, title = {A}}") == {"title": "A", "type": "misc"}


@pytest.mark.parametrize(
    "text", ["", "kebun", "@article{a, title = {b", "@article{a, title = {b}, title = {c}}", "@misc{a, title={b}}\n@misc{a, title={c}}"]
)
def test_no_bibtex(text):
    with pytest.raises(Unreadable, match="is no valid BibTeX"):
        read("BibTeX", text)


# -- RIS and EndNote ---------------------------------------------------------------------------------------------------------


def test_ris():
    text = "TY  - ELEC\nID  - a\nAU  - Sari, Dewi\nAU  - Redaksi Contoh\nTI  - Kebun\nPY  - 2026\nDA  - 2026/11/02\nLA  - id\nER  - \n"
    due = {"type": "ELEC", "authors": (("Sari", "Dewi"), ("Redaksi Contoh",)), "title": "Kebun", "date": "2026-11-02", "language": "id"}
    assert fields("RIS", text) == due
    assert [record[:2] for record in read("RIS", text + "\n" + text.replace("ID  - a", "ID  - b"))] == [("a", 1), ("b", 11)]


def test_ris_of_two_dates():
    assert fields("RIS", "TY  - ELEC\nPY  - 2025\nDA  - 2026/11/02\nER  - \n")["date"] == "2025"
    assert "date" not in fields("RIS", "TY  - ELEC\nDA  - 2026/11/02\nER  - \n")


@pytest.mark.parametrize("text", ["", "kebun", "AU  - Sari\nER  - \n", "TY  - JOUR\nkebun"])
def test_no_ris(text):
    with pytest.raises(Unreadable, match="is no valid RIS"):
        assert read("RIS", text)[0].fields["title"]


def test_refer():
    text = "%0 Web Page\n%A Redaksi Contoh,\n%A Zaid\n%T Kebun\nbersama\n%D 2026\n%8 2026-11-02\n%P 1-9\n%F a\n\n%0 Thesis\n%T B\n"
    first, second = read("EndNote", text)
    assert first == Record(
        "a", 1, {"type": "Web Page", "authors": (("Redaksi Contoh",), ("Zaid",)), "title": "Kebun bersama", "date": "2026-11-02", "pages": "1-9"}
    )
    assert second == Record("", 11, {"type": "Thesis", "title": "B"})


@pytest.mark.parametrize("text", ["", "kebun", "%T Kebun\n", "%0 Thesis\n\nkebun"])
def test_no_refer(text):
    with pytest.raises(Unreadable, match="is no valid EndNote file"):
        read("EndNote", text)


# -- CSL-JSON and CFF --------------------------------------------------------------------------------------------------------


def test_csl():
    names = [{"family": "Berg", "non-dropping-particle": "van der", "given": "Jan"}, {"family": "Zaid"}, {"literal": "Dinas, Kota"}]
    work = {"id": "a", "type": "article-journal", "author": names, "title": 'Kebun <span class="nocase">ABCD</span>', "page": "11–20", "volume": 3}
    found = fields("CSL-JSON", json.dumps([work | {"issued": {"date-parts": [[2020, 5]]}}]))
    assert found["authors"] == (("van der Berg", "Jan"), ("Zaid",), ("Dinas, Kota",))
    assert (found["title"], found["pages"], found["volume"], found["date"]) == ("Kebun ABCD", "11-20", "3", "2020-05")


@pytest.mark.parametrize(
    "change",
    [
        {"license": "MIT"},
        {"type": "kebun"},
        {"type": None},
        {"author": "Sari"},
        {"author": [{"name": "Sari"}]},
        {"issued": {"date-parts": [[]]}},
        {"volume": []},
    ],
)
def test_no_csl(change):
    with pytest.raises(Unreadable, match="is no valid CSL-JSON"):
        read("CSL-JSON", json.dumps([{"id": "a", "type": "book"} | change]))


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "[]", "{}", "null", "1"])
def test_no_json(text):
    with pytest.raises(Unreadable, match="is no valid"):
        read("CSL-JSON", text)


CFF = """cff-version: 1.2.0
message: Cite it.
title: Kebun
authors: [{family-names: Sari, given-names: Dewi}]
preferred-citation:
  type: article
  title: Kebun
  authors: [{family-names: Sari, given-names: Dewi}]
  year: 2020
  month: 5
  start: 11
  end: 20
  languages: [id]
"""


def test_cff():
    due = {"type": "article", "title": "Kebun", "authors": (("Sari", "Dewi"),), "date": "2020-05", "pages": "11-20", "language": "id"}
    assert fields("CFF", CFF) == due
    assert fields("CFF", CFF + "  date-published: 2020-05-03\n")["date"] == "2020-05-03"
    assert fields("CFF", CFF + "  date-published: 2021-05-03\n")["date"] == "2020-05"


def test_cff_of_a_list_and_of_nobody():
    text = CFF.replace("preferred-citation:\n  type", "references:\n- type").replace(
        "[{family-names: Sari, given-names: Dewi}]\n  year", "[{name: anonymous}]\n  year"
    )
    assert "authors" not in fields("CFF", text)


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("1.2.0", "1.1.0", "is no valid CFF 1.2.0"),
        ("  type: article\n", "", "is no valid CFF 1.2.0"),
        ("year", "yaer", "is no valid CFF 1.2.0"),
        ("message: Cite it.\n", "", "is no valid CFF 1.2.0"),
        ("  title: Kebun\n", "  title: Taman\n", "states “title” twice"),
        ("preferred-citation:", "? [", "is no valid YAML"),
        ("Cite it.", "[" * 60, "is no valid YAML"),
    ],
)
def test_no_cff(old, new, said):
    with pytest.raises(Unreadable, match=said):
        read("CFF", CFF.replace(old, new))


# -- A page's head -----------------------------------------------------------------------------------------------------------


def test_highwire():
    names = ("citation_title", "A"), ("Citation_Author", "Sari, Dewi"), ("citation_author", "Zaid"), ("citation_publication_date", "2020/05/03")
    document = page("\n".join(f'<meta name="{name}" content="{content}">' for name, content in (*names, ("citation_firstpage", "1"))))
    said = head.highwire(document, "study a")
    assert said.fields == {"title": "A", "authors": (("Sari", "Dewi"), ("Zaid",)), "date": "2020-05-03", "pages": "1"}
    assert said.place("title") == Place("site/id/index.html", 1) and said.place("authors") == Place("site/id/index.html", 2)


@pytest.mark.parametrize("html", ["", "\0", "<", "<html>", "kebun", "<meta>", "<meta name=citation_title>"])
def test_page_without_anything(html):
    document = page(html)
    assert not any((head.highwire(document, "page"), head.dublin_core(document, "page"), head.open_graph(document)))
    assert head.signposting(document, "page") is None
    assert (document.canonical, document.heading, list(boxes.references(document, "cite-page"))) == ("", "", [])


def test_several_relations_of_a_link():
    document = page('<link rel="cite-as license" href="https://doi.org/10.5555/A">')
    assert head.signposting(document, "page").fields == {"url": "https://doi.org/10.5555/a", "licence": "https://doi.org/10.5555/a"}


def test_signposting_is_read_as_its_own_library_reads_it(built_site):
    """The library only reads what is served; here it reads every page but the rules'."""
    pages = [page for page in built_site.pages if not page.of_rule]
    for built in pages:
        document = Document(BuiltPage("", built.address, built.file.read_text("utf-8")))
        theirs = find_signposting_html(built_site.address + built.address)
        for rel in ("cite-as", "type", "license", "author", "describedby", "item", "collection"):
            said = {(str(signpost.target), str(signpost.type or "")) for signpost in theirs.signposts if str(signpost.rel) == rel}
            assert {(link.href, link.type) for link in document.related(rel)} == said, f"{built}: {rel}"
    assert len(pages) > 10


# -- JSON-LD -----------------------------------------------------------------------------------------------------------------


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def graph(*nodes: dict) -> Document:
    return page(script(json.dumps({"@context": "https://schema.org", "@graph": nodes})))


@pytest.mark.parametrize(
    "html",
    [
        "",
        script("{}") * 2,
        script("{"),
        script("[" * 100_000),
        script("[]"),
        script('{"@graph": 1}'),
        script('{"@context": "https://schema.org", "@graph": [1]}'),
        script('{"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}]}'),
        script('{"@context": "https://lain.example", "@graph": [{"@id": "a"}]}'),
    ],
)
def test_no_json_ld(html):
    with pytest.raises(Unreadable, match=r"JSON-LD|script"):
        jsonld.graph(page(html))


@pytest.mark.parametrize(
    "author, due",
    [
        ({"@type": "Person", "name": "Dewi Sari", "familyName": "Sari", "givenName": "Dewi"}, (("Sari", "Dewi"),)),
        ([{"name": "Zaid", "familyName": "Zaid"}, {"@type": "Organization", "name": "Dinas"}], (("Zaid",), ("Dinas",))),
        ({"@id": "b"}, (("Dinas",),)),
        ("Zaid", (("Zaid",),)),
        (5, (("5",),)),
        ([None], ((),)),
    ],
)
def test_authors_in_json_ld(author, due):
    nodes, line = jsonld.graph(graph({"@id": "a", "author": author}, {"@id": "b", "name": "Dinas"}))
    said = jsonld.statement(jsonld.OF_STUDY, graph(), "study a", nodes, "a", line)
    assert said.fields["authors"] == due


@pytest.mark.parametrize(
    "value", [None, 5, "a", [], {}, [[]], {"@type": []}, {"@type": "WebSite", "isPartOf": {"isPartOf": {"isPartOf": {"isPartOf": 1}}}}]
)
def test_json_ld_of_any_shape_is_read(value):
    properties = ("name", "author", "isPartOf", "identifier", "pageStart", "@type", "url", "publisher", "itemListElement", "citation")
    nodes, line = jsonld.graph(graph({"@id": "a"} | dict.fromkeys(properties, value)))
    assert jsonld.statement(jsonld.OF_PAGE, graph(), "page", nodes, "a", line) is not None
    assert isinstance(jsonld.publisher(nodes["a"], nodes), str | None)
    assert jsonld.way(nodes["a"]) == ""
    assert jsonld.statement(jsonld.OF_PAGE, graph(), "page", nodes, "b", line) is None


# -- Feeds, sitemap, robots.txt ----------------------------------------------------------------------------------------------

FEED = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id"><title>T</title><id>f</id><updated>2026-01-01T00:00:00Z</updated>
<author><name>Redaksi</name></author><entry><id>a</id><title>A</title><updated>2026-01-02T00:00:00Z</updated>
<link rel="alternate" href="https://contoh.example/"/></entry></feed>"""


def test_feed():
    said = whole.feed(FEED, "feed.xml")["a"].fields
    assert said == {"title": "A", "authors": (("Redaksi",),), "date": "2026-01-02", "url": "https://contoh.example/", "language": "id"}


@pytest.mark.parametrize("text", ["", "<", "<a/>", "<rss version='2.0'><channel/></rss>", FEED[:-7], '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_no_feed(text):
    with pytest.raises(Unreadable, match="is no valid"):
        whole.feed(text, "feed.xml")


@pytest.mark.parametrize("text", ["", "<", "<a/>", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>'])
def test_no_sitemap(text):
    with pytest.raises(Unreadable, match="is no"):
        whole.sitemap(text, "sitemap.xml")


def test_sitemap_of_addresses_without_a_date():
    text = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc> a </loc></url></urlset>'
    statements, alternates = whole.sitemap(text, "sitemap.xml")
    assert (dict(statements["a"].fields), alternates) == ({"url": "a"}, {"a": {}})


def test_robots():
    assert whole.robots("User-agent: *\nAllow: /\nSitemap: b\n", "https://contoh.example/") == (True, ("b",))
    assert whole.robots("User-agent: *\nDisallow: /\n", "https://contoh.example/") == (False, ())
    assert whole.robots("\0\nkebun", "https://contoh.example/") == (True, ())


# -- What is due -------------------------------------------------------------------------------------------------------------


def test_due_of_an_entry(model):
    entry = Entry(
        "a",
        "article",
        {
            "author": "{Dinas, Kota} and Méndez, Jos{\\'e} and Zaid",
            "title": "{A}",
            "subtitle": "R\\&D",
            "date": "2020-05/2020-07",
            "pages": "1--9",
            "doi": "10.5555/A",
        },
        Place("references.bib"),
    )
    found = due.of_entry(model, entry)
    assert found.fields["authors"] == (("Dinas, Kota",), ("Méndez", "José"), ("Zaid",))
    names = ("title", "date", "pages", "doi", "container", "licence")
    assert [found.fields[name] for name in names] == ["A: R&D", "2020-05", "1-9", "10.5555/a", "", ""]


def test_nothing_is_due_of_what_formats_differ_in(model):
    found = due.of_entry(model, Entry("a", "unpublished", {"title": "A"}, Place("references.bib")))
    assert not found.fields.keys() & {"type", "container", "volume", "issue", "pages"}


# -- The whole ---------------------------------------------------------------------------------------------------------------


def test_matrix_of_nothing():
    assert matrix(Reading((), (), ())) == ""
    assert count(Reading((), (), ())) == (0, 0, 0)


def test_without_settings_only_the_boxes_are_judged(model, built_site):
    assert check_built(replace(model, settings=None), load.built_site(built_site.folder)) == []
