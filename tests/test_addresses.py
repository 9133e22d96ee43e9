"""Addresses that were published go on working: the registry, the redirects, and what the check says when something was renamed."""

from __future__ import annotations

import pytest
from moving import PAGES, gone

import check_addresses
from pustaka import addresses, load
from pustaka.model import BuiltPage, BuiltSite, Place
from pustaka.render.aliases import with_aliases
from pustaka.surfaces.addresses import Served

# -- The files -----------------------------------------------------------------------------------------------------------


def test_what_is_written_is_read_again():
    some = ["id/b/#z", "id/a/", "id/b/#y", "", "id/studies/x/x-id-1.0.pdf"]
    text = addresses.written(some)
    assert [address for _, address in addresses.read(text)] == ["", "id/a/", "id/b/", "id/b/#y", "id/b/#z", "id/studies/x/x-id-1.0.pdf"]
    assert addresses.written(address for _, address in addresses.read(text)) == text


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "=======", ">>>>>>> cabang", "id/a/ id/b/", "    id/a/"])
def test_an_unfinished_merge_is_told(line, tmp_path):
    (tmp_path / "addresses.txt").write_text(f"id/a/\n{line}\n", "utf-8")
    reader = load._Reader(tmp_path)
    assert [each.address for each in reader.addresses("addresses.txt")] == ["id/a/"]
    assert [(finding.code, finding.place) for finding in reader.findings] == [("F108", Place("addresses.txt", 2))]


def test_an_id_without_a_page_is_no_address():
    assert list(addresses.read("    #a\n")) == [(1, None)]


@pytest.mark.parametrize(
    "written, language, bare",
    [
        ("id/a/#b", "id", "a/#b"),
        ("id/", "id", "/"),
        ("id/#b", "id", "/#b"),
        ("cite/a.bib", "", "cite/a.bib"),
        ("en/studies/x/x-handout-en-1.0.pdf", "en", "studies/x/x-handout-LANG-1.0.pdf"),
        ("en/studies/men-en/men-en-en.epub", "en", "studies/men-en/men-LANG-LANG.epub"),
    ],
)
def test_an_address_without_its_language(written, language, bare):
    assert addresses.bare(written, ("id", "en")) == (bare, language)
    assert not language or addresses.spoken(bare, language) == written.replace("men-en-en", "men-en-en")


def test_a_file_in_another_language():
    assert addresses.spoken("studies/x/x-handout-LANG-1.0.pdf", "id") == "id/studies/x/x-handout-id-1.0.pdf"


# -- Where an old address leads ------------------------------------------------------------------------------------------

TABLE = {"a/": "b/", "b/": "c/", "b/#x": "d/#y", "p/": "q/", "q/": "p/", "s/": "c/#z", "a/#old": "a/#new"}


@pytest.mark.parametrize(
    "address, end",
    [
        ("a/", "c/"),
        ("a/#any", "c/#any"),
        ("a/#x", "d/#y"),
        ("a/#old", "c/#new"),
        ("s/", "c/#z"),
        ("s/#k", "c/#k"),
        ("p/", None),
        ("p/#x", None),
        ("c/", "c/"),
    ],
)
def test_chains_are_followed_to_their_end(address, end):
    assert addresses.end(address, TABLE) == end


# -- Aliases -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before, after",
    [
        ('<h2 id="b">B</h2>', '<h2 id="b"><span id="a"></span>B</h2>'),
        ('<h2 class="x" id="b" lang="id"><em>B</em></h2>', '<h2 class="x" id="b" lang="id"><span id="a"></span><em>B</em></h2>'),
        ('<dl><div id="b">\n<dt>B<dd>C</div></dl>', '<dl><div id="b">\n<dt><span id="a"></span>B<dd>C</div></dl>'),
        ('<ol id="b"><li>B</ol>', '<ol id="b"><li><span id="a"></span>B</ol>'),
        ('<table id="b"><thead><tr><th>B</table>', '<table id="b"><thead><tr><th><span id="a"></span>B</table>'),
        ('<p data-id="b">B</p>', '<p data-id="b">B</p>'),
        ('<p id="bb">B</p>', '<p id="bb">B</p>'),
    ],
)
def test_an_alias_stands_where_the_grammar_of_html_lets_it(before, after):
    assert with_aliases(before, {"b": ["a"]}) == after


def test_several_old_ids_of_one_place():
    assert with_aliases('<h2 id="ref-a&amp;b">B</h2>', {"ref-a&b": ["x", "y<"]}) == (
        '<h2 id="ref-a&amp;b"><span id="x"></span><span id="y&lt;"></span>B</h2>'
    )


# -- What a built site answers to ----------------------------------------------------------------------------------------

HEADING = '<h2 id="{0}">A<span class="heading-links"></span></h2>'
REDIRECT = '<html><head><meta http-equiv="refresh" content="0; url=../b/"></head><a href="../b/">B</a><a id="old" href="../b/#new">N</a></html>'


def served(**pages: str) -> Served:
    """A site with the pages `id/NAME/` and what their body holds, and a redirect page at id/a/."""
    built = [BuiltPage(f"site/id/{name}/index.html", f"id/{name}/", f"<html><body>{body}</body></html>") for name, body in pages.items()]
    files = {f"{page.url}index.html": page.html.encode() for page in built} | {"id/studies/x/x-id-1.0.pdf": b"", "id/studies/x/lain.pdf": b""}
    return Served(BuiltSite("site", (*built, BuiltPage("site/id/a/index.html", "id/a/", REDIRECT)), files=files))


def test_what_a_site_offers_for_good():
    site = served(
        b=HEADING.format("new") + '<h2 id="made">A</h2><section id="how-to-cite"></section><section id="references"></section><li id="ref-x">',
        bibliography='<li id="ref-x"></li>',
        glossary='<div id="term-desa"><dt>Desa</div><svg><title id="figure-a-title"></title></svg>',
    )
    assert sorted(site.all()) == [
        "id/a/",
        "id/b/",
        "id/b/#how-to-cite",
        "id/b/#new",
        "id/bibliography/",
        "id/bibliography/#ref-x",
        "id/glossary/",
        "id/glossary/#term-desa",
        "id/studies/x/x-id-1.0.pdf",
    ]


def test_ids_without_quotation_marks_are_ids_and_an_edition_is_one_thing():
    page = BuiltPage("site/id/studies/x/editions/1.0/index.html", "id/studies/x/editions/1.0/", "<section id=c1 class=x><p id=c2>")
    site = Served(BuiltSite("site", (page,)))
    assert site.leads(f"{page.url}#c1") and site.leads(f"{page.url}#c2")
    assert list(site.all()) == [page.url]


@pytest.mark.parametrize(
    "address, leads",
    [
        ("id/b/", True),
        ("id/b/#new", True),
        ("id/b/#nowhere", False),
        ("id/c/", False),
        ("id/a/", True),
        ("id/a/#old", True),
        ("id/a/#new", True),
        ("id/a/#nowhere", False),
        ("id/studies/x/x-id-1.0.pdf", True),
        ("id/studies/x/x-id-0.9.pdf", False),
    ],
)
def test_whether_an_address_leads_to_what_is_meant(address, leads):
    assert served(b=HEADING.format("new")).leads(address) is leads


def test_a_redirect_to_what_is_gone_leads_nowhere():
    assert not served(c="").leads("id/a/")


def test_a_file_may_lead_on_by_a_folder_of_its_name():
    page = BuiltPage("site/id/studies/x/x-id-1.0.epub/index.html", "id/studies/x/x-id-1.0.epub/", REDIRECT.replace("../b/", "../../../b/"))
    target = BuiltPage("site/id/b/index.html", "id/b/", "<html></html>")
    site = Served(BuiltSite("site", (page, target)))
    assert site.leads("id/studies/x/x-id-1.0.epub")


# -- What the check says -------------------------------------------------------------------------------------------------


def test_what_is_lost_is_told_with_the_line_that_mends_it(moved_site):
    """A page renamed, a heading renamed, a page deleted, two pages merged, a heading moved."""
    assert sorted(moved_site.lines) == [
        "harvest/#sharing: market/#sharing",
        "plot/: garden/",
        "seeds/#sowing: soil/#sowing-seeds",
        "seeds/: soil/",
        "tools/#basket: tools/#trug",
        "weather/#rain: /",
        "weather/#wind: /",
        "weather/: /",
    ]


def test_the_message_names_the_addresses_in_every_language(moved_site):
    assert (
        "addresses.txt: “en/tools/#basket, id/tools/#basket” leads nowhere any more: give the heading its id back, "
        "or add to redirects.yml “tools/#basket: tools/#trug”"
    ) in moved_site.told


def test_with_these_lines_every_address_leads_on(moved_site):
    assert gone(moved_site.root, moved_site.site) == []
    built = Served(load.built_site(moved_site.site.folder))
    recorded = [each.address for each in load.load(moved_site.root)[0].published]
    assert {f"{language}/{name}/#{heading}" for language in ("id", "en") for name, some in PAGES.items() for heading in some} <= set(recorded)
    assert all(built.leads(address) for address in recorded)


def test_recording_takes_nothing_out(moved_site, tmp_path, capsys):
    before = (moved_site.root / "addresses.txt").read_text("utf-8")
    assert check_addresses.main(["--root", str(moved_site.root), "--site", str(moved_site.site.folder)]) == 1
    assert "B614" in capsys.readouterr().out
    try:
        assert check_addresses.main(["--record", "--root", str(moved_site.root), "--site", str(moved_site.site.folder)]) == 0
        after = (moved_site.root / "addresses.txt").read_text("utf-8")
        assert set(before.splitlines()) < set(after.splitlines())
        assert check_addresses.main(["--root", str(moved_site.root), "--site", str(moved_site.site.folder)]) == 0
    finally:
        (moved_site.root / "addresses.txt").write_text(before, "utf-8")


def test_a_site_is_not_judged_by_what_cannot_be_read(moved_site, capsys):
    path = moved_site.root / "addresses.txt"
    before = path.read_text("utf-8")
    try:
        path.write_text(f"{before}<<<<<<< HEAD\n", "utf-8")
        assert check_addresses.main(["--record", "--root", str(moved_site.root), "--site", str(moved_site.site.folder)]) == 2
        assert path.read_text("utf-8") == f"{before}<<<<<<< HEAD\n"
        assert "F108" in capsys.readouterr().out
    finally:
        path.write_text(before, "utf-8")


# -- The redirect pages --------------------------------------------------------------------------------------------------


def test_a_redirect_page_is_small_and_names_its_language_and_its_target(moved_site):
    site = moved_site.site
    page = next(page for page in site.redirects if page.address == "en/seeds/")
    assert page.tree.get("lang") == "en"
    assert page.one("link[rel=canonical]").get("href") == f"{site.address}en/soil/"
    assert page.one("meta[name=robots]").get("content") == "noindex"
    assert page.tree.xpath("//link[@hreflang]") == []
    assert [(link.get("id"), link.get("href")) for link in page.all("a")] == [(None, "../soil/"), ("sowing", "../soil/#sowing-seeds")]
    assert len(page.file.read_bytes()) < 2500


def test_the_short_address_of_every_finding_leads_to_its_heading(built_site, model):
    led = {page.address: page.one("main p a").get("href") for page in built_site.redirects}
    for study in model.studies:
        for finding in study.findings:
            for language in model.languages:
                assert led[study.finding_url(finding, language)] == f"../../{study.page_name(finding.page)}/#{finding.anchor}"
