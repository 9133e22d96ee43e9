"""The documentation of the rules as pages: what is printed of a docstring, and where there are such pages."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from conftest import ROOT
from green import green_site
from lxml import html

from pustaka import load
from pustaka.documentation import RuleDoc, documentation
from pustaka.model import Page, Place, Section, Settings
from pustaka.render.listings import UnknownListing, listing
from pustaka.render.publication import Publication
from pustaka.render.rule_pages import marked, plain, rule_pages, suppression, visible
from pustaka.rules import rules
from pustaka.suppress import in_site

DOC = RuleDoc(
    code="P299",
    summary={"id": "Kutipan `[@a & b]` keliru.", "en": "A citation is <wrong>, `[@a & b]`."},
    why={"id": ("Sebab `<b>` ada.",), "en": ('It is said in "Two" words.', "The author's.")},
    bad={"docs/id/studies/contoh/findings.md": "Kata <b> [@a].\n", "bibliography/references.bib": "@book{a,\n}\n"},
    good={"docs/en/studies/contoh/findings.md": "Words.\n"},
    told={"id": ("a.md:1:1: P299 “<b>” salah",), "en": ("a.md:1:1: P299 “<b>” is wrong",)},
    certain=False,
)
FAULT = RuleDoc("F199", {"id": "Berkas hilang.", "en": "A file is gone."})


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> Publication:
    """The green site with a page that introduces the rules, in Indonesian alone."""
    site, faults = load.load(green_site(tmp_path_factory.mktemp("green")))
    assert not faults
    introduction = Page("docs/id/rules.md", "id", "rules", {"title": "Aturan", "description": "Aturan."}, (Section("", "", 0, Place("")),))
    site = replace(site, pages=(*site.pages, introduction))
    return Publication(site, Settings("Contoh", "https://contoh.example/", "Redaksi", (), "CC-BY-SA-4.0"), load.templates(ROOT), (DOC, FAULT))


def page_of(publication: Publication, name: str) -> Page:
    return publication.site.page("id", name)


def test_there_are_pages_where_a_page_introduces_them(publication):
    assert [page.url for page in publication.rule_pages] == ["id/rules/p299/", "id/rules/f199/"]
    assert [publication.rule_of(page) for page in publication.rule_pages] == [DOC, FAULT]
    assert {publication.kind(page) for page in publication.rule_pages} == {"rule"}


def test_there_are_none_where_no_page_introduces_them(model):
    site = replace(model, pages=tuple(page for page in model.pages if page.name != "rules"))
    assert list(rule_pages(site, [DOC])) == []


def test_the_title_is_the_summary_without_marks(publication):
    assert page_of(publication, "rules/p299").title == "P299: Kutipan [@a & b] keliru"


def test_a_page_prints_all_that_is_known_of_its_rule(publication):
    markup = listing(publication, page_of(publication, "rules/p299"), "rule")
    tree = html.fromstring(markup)
    assert "Sebab <code>&lt;b&gt;</code> ada." in markup
    assert [code.text for code in tree.xpath("//pre/code")][:3] == ["Kata <b> [@a].\n", "@book{a,\n}\n", "Words.\n"]
    assert tree.xpath("//pre/@lang") == ["id", "en"]
    assert [item.text_content() for item in tree.xpath("//*[@class='told']/li")] == list(DOC.told["id"])
    assert publication.words("id")["rule_to_judge"] in unescape(markup)
    assert "<!-- pustaka: ignore P299, alasannya -->" in unescape(markup)


@pytest.mark.parametrize("path", ["docs/id/studies/contoh/findings.md", "bibliography/references.bib"])
def test_the_comment_that_it_offers_is_understood(path, tmp_path):
    comment = suppression(replace(DOC, code="P204", bad={path: ""}), "alasannya")
    root = green_site(tmp_path)
    text = (root / path).read_text("utf-8")
    (root / path).write_text(f"{text}\n{comment}\n\nKata." if path.endswith(".md") else f"{comment}\n{text}", "utf-8")
    [found] = in_site(load.load(root)[0])
    assert (found.verb, found.codes, found.reason) == ("ignore", ("P204",), "alasannya")
    assert found.counts and found.lines != (0, 0)


def test_a_fault_of_a_file_has_no_example_and_is_never_let_pass(publication):
    markup = listing(publication, page_of(publication, "rules/f199"), "rule")
    words = publication.words("id")
    assert words["rule_bad"] not in markup and words["rule_suppress_how"] not in markup
    assert words["rule_suppress_never"] in markup


def test_the_list_has_every_rule_by_family(publication):
    tree = html.fromstring(listing(publication, page_of(publication, "rules"), "rules"))
    assert tree.xpath("//a/@href") == ["p299/", "f199/"]
    assert [heading.text for heading in tree.xpath("//h3")] == ["P: kutipan di halaman", "F: berkas yang tidak terbaca"]
    assert tree.xpath("//li[1]//code/text()") == ["[@a & b]"]
    assert [item.text_content() for item in tree.xpath("//li[span]")] == ["P299 Kutipan [@a & b] keliru. (peringatan)"]


def test_one_rule_is_no_listing_of_other_pages(publication):
    with pytest.raises(UnknownListing, match="on a page of no rule"):
        listing(publication, page_of(publication, "rules"), "rule")


def test_every_family_has_a_name(model):
    letters = {rule.code[0] for rule in rules()} | {code[0] for code in load.FAULTS}
    assert {f"rule_family_{letter.lower()}" for letter in letters} == {name for name in model.words["interface"] if name.startswith("rule_family")}


@pytest.mark.parametrize(
    "text, as_html, as_text",
    [
        ("a `b` c", "a <code>b</code> c", "a b c"),
        ('`<i>` & `"`', '<code>&lt;i&gt;</code> &amp; <code>"</code>', '<i> & "'),
        ('the study\'s "own"', "the study’s “own”", "the study’s “own”"),
        ("a @misc, not a@b", "a <code>@misc</code>, not a@b", "a @misc, not a@b"),
        ("as \\emph{}.", "as <code>\\emph{}</code>.", "as \\emph{}."),
        ("", "", ""),
    ],
)
def test_words_of_a_docstring(text, as_html, as_text):
    assert marked(text) == as_html
    assert plain(text) == as_text


@pytest.mark.parametrize("text, seen", [("e\u0301\n", "e⟨U+0301⟩\n"), ("a\u200bb\u202e", "a⟨U+200B⟩b⟨U+202E⟩"), ("é “–” \u00a0", "é “–” \u00a0")])
def test_what_no_one_sees_is_named(text, seen):
    assert visible(text) == seen


def test_documentation_is_translated_and_in_the_order_of_the_codes():
    docs = documentation(rules(), load.FAULTS, {"P201": {"en": ["x"]}}, {"en": str, "id": str.upper})
    assert [doc.code for doc in docs] == sorted([*load.FAULTS, *(rule.code for rule in rules())])
    doc = next(doc for doc in docs if doc.code == "P201")
    assert doc.summary["id"] == doc.summary["en"].upper()
    assert doc.why["id"] == tuple(paragraph.upper() for paragraph in doc.why["en"])
    assert doc.told == {"en": ("x",)} and doc.bad and doc.good
