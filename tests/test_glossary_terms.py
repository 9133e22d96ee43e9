"""The first use of a glossary term is a link to its meaning: what is matched, what is left alone, and how it stands on the built pages."""

from __future__ import annotations

import re
import tempfile
import time
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import urljoin

import markdown
import pytest
from conftest import expect_none
from green import green_site
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

from pustaka.load import load
from pustaka.model import Place, Site, Term
from pustaka.render.terms import TermLinks
from pustaka.terms import written


def term(name: str, en: str = "", foreign: dict | None = None, forms: dict | None = None) -> Term:
    """A term whose id is the first word of its Indonesian name, and its name in both languages."""
    named = {"id": name, "en": en or name}
    return Term(re.split(r"\W", name.lower())[0], named, named, foreign or {}, "", Place(""), forms or {})


@cache
def green() -> Site:
    """The green site with a glossary's page in each language."""
    with tempfile.TemporaryDirectory() as folder:
        site, faults = load(green_site(Path(folder)))
    assert faults == []
    home = site.page("id", "")
    glossaries = tuple(replace(home, path=f"docs/{language}/glossary.md", name="glossary", language=language) for language in site.languages)
    return replace(site, pages=site.pages + glossaries)


class Linked(Extension):
    def __init__(self, site: Site, language: str):
        super().__init__()
        self.links, self.page = TermLinks(site), site.page(language, "")

    def extendMarkdown(self, md):
        extension = self

        class Step(Treeprocessor):
            def run(self, root):
                extension.links.link(root, extension.page, self.md.htmlStash.rawHtmlBlocks)

        md.treeprocessors.register(Step(md), "terms", -10)


EXTENSIONS = ["attr_list", "tables", "smarty", "pymdownx.superfences", "pymdownx.blocks.admonition"]
BLOCKS = {"pymdownx.blocks.admonition": {"types": ["note", "summary"]}}


def html(text: str, *terms: Term, language: str = "id") -> str:
    extension = Linked(replace(green(), glossary=terms), language)
    return markdown.markdown(text, extensions=[*EXTENSIONS, extension], extension_configs=BLOCKS)


def links(text: str, *terms: Term, language: str = "id") -> list[tuple[str, str]]:
    """What is linked and to which term, in the order of the page."""
    return re.findall(r'<a class="term" href="glossary/#term-([^"]+)">(.*?)</a>', html(text, *terms, language=language), re.DOTALL)


# -- What is matched ---------------------------------------------------------------------------------------------


def test_the_first_use_is_a_link_and_the_text_stays_the_same():
    printed = html("Satu aset dan *dua* aset, lalu pasar.\n\nAset lagi.", term("aset"), term("pasar"))
    assert printed == (
        '<p>Satu <a class="term" href="glossary/#term-aset">aset</a> dan <em>dua</em> aset, lalu '
        '<a class="term" href="glossary/#term-pasar">pasar</a>.</p>\n<p>Aset lagi.</p>'
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Aset desa.", "Aset"),
        ("Asetnya desa.", "Asetnya"),
        ("Kasetan dan basetan.", None),
        ("Aset-aset desa.", None),
        ("aset2 dan _aset", None),
        ("(aset)", "aset"),
        ("**aset**", "aset"),
        ("- butir aset\n- lain", "aset"),
        ("1. satu\n\n   aset di bawahnya\n", "aset"),
        ("| A | B |\n|---|---|\n| x | aset |\n", None),
        ("/// note | Judul aset\nIsi aset.\n///", "aset"),
    ],
)
def test_a_term_is_a_whole_word_in_running_text(text: str, found: str | None):
    assert links(text, term("aset")) == ([("aset", found)] if found else [])


@pytest.mark.parametrize(
    "text",
    [
        "## Aset {#aset}",
        "[aset](https://contoh.id/)",
        "`aset`",
        "```\naset\n```",
        "> aset",
        "*aset*",
        "*aset*{lang=en}",
        "| aset | B |\n|---|---|\n| x | y |\n",
        "/// note | aset\nIsi.\n///",
        'Disebut "aset kita" saja.',
        "Disebut “aset kita” saja.",
        "![aset](a.png)",
    ],
)
def test_what_is_no_running_text_of_the_pages_own_is_left_alone(text: str):
    assert links(text, term("aset")) == []


def test_a_quotation_ends_with_its_mark_and_at_the_latest_with_its_paragraph():
    assert links('"Bukan aset," katanya, lalu aset.', term("aset")) == [("aset", "aset")]
    assert links('"Lupa menutup aset.\n\nBaru aset.', term("aset")) == [("aset", "aset")]
    assert html('"Bukan aset," lalu aset.', term("aset")).startswith("<p>&ldquo;Bukan aset,&rdquo; lalu <a ")


def test_the_word_that_opens_a_box_keeps_its_drop_capital():
    assert links("/// summary | Ringkas\nAset itu apa? Aset ialah milik.\n///", term("aset")) == [("aset", "Aset")]
    printed = html("/// summary | Ringkas\nAset itu apa? Aset ialah milik.\n///", term("aset"))
    assert "<p>Aset itu apa? <a " in printed


def test_the_longest_term_comes_first():
    terms = term("santunan"), replace(term("santunan anak yatim"), id="yatim")
    assert links("Ada santunan anak yatim dan santunan.", *terms) == [("yatim", "santunan anak yatim"), ("santunan", "santunan")]


def test_a_term_that_is_broken_over_a_line_is_found():
    assert links("masyarakat\njaringan", term("masyarakat jaringan")) == [("masyarakat", "masyarakat\njaringan")]


def test_the_name_in_brackets_is_a_name_too():
    umkm = term("UMKM (usaha mikro)")
    assert links("Sebuah usaha mikro.", umkm) == [("umkm", "usaha mikro")]
    assert links("Sebuah UMKM, usaha mikro.", umkm) == [("umkm", "UMKM")]


def test_an_abbreviation_is_written_in_capitals():
    mi = replace(term("madrasah (MI)"), id="mi")
    assert links("Tamat MI.", mi) == [("mi", "MI")]
    assert links("Makan mi.", mi) == []


def test_an_apostrophe_may_be_typed_either_way():
    aid = term("orphans’ aid")
    for text in ("The orphans' aid.", "The orphans’ aid."):
        assert len(links(text, aid, language="en")) == 1, text
    assert "orphans&rsquo; aid</a>" in html("The orphans' aid.", aid, language="en")


def test_the_term_is_that_of_the_pages_language_with_its_ending():
    words = term("pasar", en="market")
    assert links("A pasar, two markets.", words, language="en") == [("pasar", "markets")]
    assert links("Satu market, sebuah pasarnya.", words) == [("pasar", "pasarnya")]


def test_a_foreign_name_is_found_where_the_word_is_marked_as_foreign_and_nowhere_else():
    buyer = term("pembeli (buyer)", foreign={"id": {"buyer": "en"}})
    assert links("Si *buyer*{lang=en}.", buyer) == [("pembeli", "buyer")]
    assert links("Si buyer.", buyer) == []
    assert links("Kata *pembeli*{lang=en} dan pembeli.", buyer) == [("pembeli", "pembeli")]


def test_forms_stand_in_place_of_the_name():
    tools = term("alat (tools)", forms={"id": ("pengenalan alat", "alat-alat"), "en": ()})
    assert links("Alat apa pun, lalu pengenalan alat.", tools) == [("alat", "pengenalan alat")]
    assert links("Ada alat-alat.", tools) == [("alat", "alat-alat")]
    assert links("Some alat and tools.", tools, language="en") == []
    assert written(tools, "en") == ()


def test_what_the_extensions_put_away_is_no_text():
    assert links('Ia & dia "wzxhzdk" 0.', term("wzxhzdk"), term("klzzwxh"), term("amp"), term("0")) == [("0", "0")]


def test_without_a_glossary_page_or_terms_nothing_is_linked():
    assert links("aset") == []
    bare = replace(green(), pages=tuple(page for page in green().pages if page.name != "glossary"), glossary=(term("aset"),))
    assert markdown.markdown("aset", extensions=[Linked(bare, "id")]) == "<p>aset</p>"


def test_ten_times_the_text_takes_no_more_than_some_ten_times_as_long():
    terms = [replace(term(f"istilah{number}"), id=f"t{number}") for number in range(100)]
    extension = Linked(replace(green(), glossary=tuple(terms)), "id")

    def seconds(paragraphs: int) -> float:
        text = "\n\n".join(["kata yang *panjang* dan `kode` " * 40] * paragraphs)
        times = []
        for _ in range(3):
            start = time.process_time()
            markdown.markdown(text, extensions=[extension])
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(100) < 25 * seconds(10)


# -- The glossary's data -----------------------------------------------------------------------------------------


def test_no_two_terms_are_written_alike(model):
    for language in model.languages:
        names = Counter(name.lower() for term in model.glossary for name in written(term, language))
        expect_none(f"{language}: {count} terms are written “{name}”" for name, count in names.items() if count > 1)


def test_forms_are_of_languages_that_the_site_has(model):
    expect_none(f"{term.id}: {language}" for term in model.glossary for language in term.forms if language not in model.languages)


# -- The built pages ---------------------------------------------------------------------------------------------


def test_every_term_link_leads_to_its_meaning(built_site):
    faults = []
    for page in built_site.pages:
        for link in page.all("a.term"):
            address, _, anchor = urljoin(built_site.address + page.address, link.get("href")).partition("#")
            glossary = built_site.page(f"{page.language}/glossary/")
            if address != built_site.address + glossary.address or anchor not in glossary.ids:
                faults.append(f"{page}: “{link.text_content()}” leads to {link.get('href')}")
    expect_none(faults)


def test_a_term_is_linked_once_on_a_page(built_site):
    expect_none(
        f"{page}: {count} × {href}"
        for page in built_site.pages
        for href, count in Counter(link.get("href") for link in page.all("a.term")).items()
        if count > 1
    )


def test_lists_to_look_something_up_in_have_no_term_links(built_site):
    lists = [page for page in built_site.all_pages if re.search(r"(^|/)(glossary|bibliography|rules|search)/|^$|404", page.address)]
    assert len(lists) > 6
    expect_none(f"{page}: {len(page.all('a.term'))} term links" for page in lists if page.all("a.term"))


def test_no_term_link_stands_where_no_running_text_is(built_site):
    elsewhere = "|".join(f"ancestor::{tag}" for tag in ("h1", "h2", "h3", "a", "code", "pre", "blockquote", "figure", "th", "nav", "header"))
    classes = "|".join(f"ancestor::*[contains(concat(' ', @class, ' '), ' {name} ')]" for name in ("citation", "admonition-title", "cite-page"))
    faults = []
    for page in built_site.pages:
        for link in page.all("a.term"):
            if link.xpath(f"{elsewhere}|{classes}") or not link.xpath("ancestor::p|ancestor::li|ancestor::td"):
                faults.append(f"{page}: {link.text_content()}")
            if foreign := link.xpath("ancestor::*[@lang][not(self::html)]"):
                faults += [f"{page}: {link.text_content()} in {foreign[0].get('lang')}"] if foreign[0].text_content() != link.text_content() else []
    expect_none(faults)
