"""Every built page, as a reader, a search engine and a machine find it; no page is named here that the site must not have."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import re
import xml.etree.ElementTree as etree
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pypdfium2
import pytest
import rispy
import yaml
from conftest import ROOT, BuiltPage, BuiltSite, build_well, copy_project, expect_none, text_of
from pybtex.database import parse_string

from pustaka.load import FAULTS, load
from pustaka.render.delivery import NO_FILE
from pustaka.render.rule_pages import marked
from pustaka.rules import rules

LANGUAGES = ("id", "en")

# -- Each page says what it is -----------------------------------------------------------------------------------


def test_every_page_of_the_model_and_every_rules_is_built_and_no_other(built_site, model):
    codes = [*FAULTS, *(rule.code for rule in rules())]
    of_rules = {f"{language}/rules/{code.lower()}/" for language in LANGUAGES if model.page(language, "rules") for code in codes}
    assert {page.address for page in built_site.pages} == {page.url for page in model.pages} | of_rules


def test_every_page_is_in_the_language_of_its_folder(built_site):
    expect_none(f"{page}: lang={page.tree.get('lang')}" for page in built_site.all_pages if page.tree.get("lang") != (page.language or LANGUAGES[0]))


def test_every_page_has_one_h1_and_no_level_is_left_out(built_site):
    faults = []
    for page in built_site.all_pages:
        levels = [int(heading.tag[1]) for heading in page.tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
        if levels.count(1) != 1 or levels[0] != 1:
            faults.append(f"{page}: {levels.count(1)} h1, the first heading is h{levels[0]}")
        faults += [f"{page}: h{lower} follows h{upper}" for upper, lower in itertools.pairwise(levels) if lower > upper + 1]
    expect_none(faults)


@pytest.mark.parametrize("name", ["title", "description"])
def test_every_page_has_its_own(name: str, built_site):
    pages = defaultdict(list)
    for page in built_site.pages:
        said = page.tree.xpath("//head/title/text()" if name == "title" else "//meta[@name='description']/@content")
        assert len(said) == 1 and said[0].strip(), f"{page}: {name} is {said}"
        pages[page.language or "welcome", said[0]].append(str(page))
    expect_none(f"{said!r} is the {name} of {', '.join(same)}" for (_, said), same in pages.items() if len(same) > 1)


def test_every_id_stands_once(built_site):
    expect_none(f"{page}: {count} × id={name}" for page in built_site.all_pages for name, count in Counter(page.ids).items() if count > 1)


# -- The languages -----------------------------------------------------------------------------------------------


def alternates(page: BuiltPage) -> dict[str, str]:
    links = page.all("link[rel=alternate][hreflang]")
    assert len(links) == len({link.get("hreflang") for link in links}), f"{page}: a language twice"
    return {link.get("hreflang"): link.get("href") for link in links}


def test_every_page_states_its_absolute_address(built_site):
    faults = []
    for page in built_site.pages:
        address = built_site.address + page.address
        stated = page.tree.xpath("//link[@rel='canonical']/@href") + page.tree.xpath("//meta[@property='og:url']/@content")
        if stated != [address, address]:
            faults.append(f"{page}: {stated}, must be {address}")
    expect_none(faults)


def test_every_page_names_itself_in_every_language_and_each_names_it_back(built_site):
    faults = []
    by_address = {built_site.address + page.address: page for page in built_site.pages}
    for page in built_site.pages:
        named = alternates(page)
        if set(named) != {*LANGUAGES, "x-default"}:
            faults.append(f"{page}: hreflang {sorted(named)}")
        faults += [f"{page}: {address} is no page of the site" for address in named.values() if address not in by_address]
        if not page.language:
            continue
        if named.get(page.language) != built_site.address + page.address:
            faults.append(f"{page}: names {named.get(page.language)} as itself")
        for language in LANGUAGES:
            other = by_address.get(named.get(language))
            if other and alternates(other) != named:
                faults.append(f"{page} and {other} name different alternates")
            if other and other.language != language:
                faults.append(f"{page}: {other} is not in {language}")
    expect_none(faults)


def test_both_languages_have_the_same_pages_with_the_same_headings(built_site):
    headings = {
        language: {
            page.address.removeprefix(f"{language}/"): page.tree.xpath("//main//*[self::h2 or self::h3][not(ancestor::*[@class='topics'])]/@id")
            for page in built_site.pages
            if page.language == language
        }
        for language in LANGUAGES
    }
    assert headings["id"].keys() == headings["en"].keys()
    expect_none(
        f"{name}: {headings['id'][name]} but {headings['en'][name]}" for name in headings["id"] if headings["id"][name] != headings["en"][name]
    )


def test_the_language_switch_leads_to_the_same_page(built_site):
    """And the link beside each heading to the same heading, which the other page has."""
    faults = []
    for page in (page for page in built_site.pages if page.language):
        there = next(language for language in LANGUAGES if language != page.language)
        address = built_site.address + there + page.address.removeprefix(page.language)
        for link in page.all(f".languages a[hreflang={there}], .site-footer a[hreflang={there}]"):
            if urljoin(built_site.address + page.address, link.get("href")) != address:
                faults.append(f"{page}: the switch leads to {link.get('href')}")
        for heading in page.tree.xpath("//main//*[self::h2 or self::h3][span[@class='heading-links']]"):
            links = heading.xpath(".//span[@class='heading-links']/a[@hreflang]/@href")
            if [urljoin(built_site.address + page.address, link) for link in links] != [f"{address}#{heading.get('id')}"]:
                faults.append(f"{page}: the heading {heading.get('id')} leads to {links}")
        assert len(page.all(f".languages a[hreflang={there}]")) == 1, page
    expect_none(faults)


def test_the_sitemap_has_every_page_with_its_alternates(built_site):
    root = etree.parse(built_site.folder / "sitemap.xml").getroot()
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    stated = {
        url.findtext("s:loc", namespaces=names): {link.get("hreflang"): link.get("href") for link in url.findall("x:link", names)}
        for url in root.findall("s:url", names)
    }
    assert stated == {built_site.address + page.address: alternates(page) for page in built_site.pages}
    expect_none(f"lastmod {day.text}" for day in root.iter(f"{{{names['s']}}}lastmod") if not re.fullmatch(r"\d{4}-\d\d-\d\d", day.text))


# -- Links and assets --------------------------------------------------------------------------------------------


def base_of(site: BuiltSite, page: BuiltPage) -> str:
    """The address at which a browser reads the page; the 404 page is read at any."""
    return site.address + ("a/page/that/is/gone/" if page.address == "404.html" else page.address)


def links(page: BuiltPage) -> Iterator[tuple[str, str]]:
    """(element's name, address) of all that the page points at."""
    for element in page.tree.iter("*"):
        for name in ("href", "src", "{http://www.w3.org/1999/xlink}href", "xlink:href", "poster", "data", "action", "formaction"):
            if element.get(name) is not None:
                yield element.tag, element.get(name)
        for part in (element.get("srcset") or "").split(","):
            if part.strip():
                yield element.tag, part.split()[0]


def test_every_link_asset_and_fragment_is_there(built_site):
    """On every page, the 404 page included, with the site under a sub-path."""
    ids = {page.file: set(page.ids) for page in built_site.all_pages}
    host = urlsplit(built_site.address).netloc
    faults = []
    for page in built_site.all_pages:
        for tag, link in links(page):
            if link.startswith("#") and len(link) > 1:
                faults += [f"{page}: <{tag}> leads to {link}: the page has no such id"] * (unquote(link[1:]) not in ids[page.file])
                continue
            target = urlsplit(urljoin(base_of(built_site, page), link))
            if target.scheme not in ("http", "https") or target.netloc != host:
                continue
            file = built_site.file_at(target.path)
            if file is None:
                faults.append(f"{page}: <{tag}> leads to {link}: nothing is there")
            elif target.fragment and file.suffix == ".html" and unquote(target.fragment) not in ids[file]:
                faults.append(f"{page}: <{tag}> leads to {link}: the page has no such id")
    expect_none(faults)


#: Links that no browser follows by itself (signposting.org, "FAIR Signposting Profile"; HTML, "Link types").
FOR_MACHINES = {"canonical", "alternate", "cite-as", "describedby", "item", "collection", "author", "license", "type"}


def test_only_readers_links_lead_away_from_the_site(built_site):
    """Scripts, styles, images, fonts: all from the site's own folder, by relative addresses (on the 404 page from the root)."""
    faults = []
    for page in built_site.all_pages:
        for element in page.tree.iter("*"):
            rel = (element.get("rel") or "").split()
            if element.tag == "a" or (element.tag == "link" and set(rel) <= FOR_MACHINES):
                continue
            for name in ("href", "src", "srcset", "poster", "data", "action", "formaction", "background", "ping"):
                link = element.get(name)
                parts = urlsplit(link or "")
                if (link != NO_FILE and (parts.scheme or parts.netloc)) or (parts.path.startswith("/") and page.address != "404.html"):
                    faults.append(f"{page}: <{element.tag} {name}={link}>")
        styles = page.tree.xpath("//style/text()") + page.tree.xpath("//@style")
        faults += [f"{page}: {found}" for style in styles for found in outside(style)]
        inline = page.tree.xpath("//body//script[not(@src or @type='application/ld+json')]")  # that of the head is the policy's
        faults += [f"{page}: <base>, <iframe> or an inline script" for _ in page.tree.xpath("//base|//iframe|//object|//embed") + inline]
    for file in (*built_site.folder.rglob("*.css"), *built_site.folder.rglob("*.svg"), *built_site.folder.rglob("*.js")):
        faults += [f"{file.name}: {found}" for found in outside(file.read_text("utf-8"))]
    expect_none(faults)


def outside(text: str) -> list[str]:
    """What in a style, drawing or script fetches from elsewhere; names fetch nothing: of XML's vocabularies, and by which pagefind.js parses."""
    text = re.sub(r"http://www\.w3\.org/(?:2000/svg|1999/xlink|1999/xhtml)|https://example\.com", "", text)
    return re.findall(r"@import\b|(?:https?:)?//[\w.-]+\.\w+|url\(\s*['\"]?(?!data:|#)[^)]*:[^)]*\)", text)


def test_the_links_of_every_page_but_404_work_from_any_folder(built_site):
    expect_none(f"{page}: <{tag}> {link}" for page in built_site.pages for tag, link in links(page) if link.startswith("/"))


# -- Citations ---------------------------------------------------------------------------------------------------


def test_every_citation_of_the_model_is_on_its_page(built_site, model):
    """As many of each key as the model has: none lost, none doubled, none made up."""
    faults = []
    for page in model.pages:
        wanted = Counter(citation.key for citation in page.citations)
        printed = Counter(unquote(link.get("href")).removeprefix("#ref-") for link in built_site.page(page.url).all(".cite a[id]"))
        if wanted != printed:
            faults.append(f"{page.path}: the model has {dict(wanted - printed)} more, the page {dict(printed - wanted)}")
    expect_none(faults)


@pytest.mark.our_studies
def test_there_are_hundreds_of_citations_to_compare(model):
    assert sum(1 for page in model.pages for _ in page.citations) > 100


def test_every_citation_leads_to_its_entry_and_the_entry_back(built_site):
    faults = []
    for page in built_site.all_pages:
        for link in page.all(".cite a[id]"):
            entry = page.tree.xpath("//*[@id=$id]", id=unquote(link.get("href")).removeprefix("#"))
            if not entry:
                faults.append(f"{page}: {link.get('id')} leads to {link.get('href')}, which is not there")
            elif f"#{link.get('id')}" not in [unquote(back.get("href")) for back in entry[0].xpath(".//span[@class='backlinks']/a")]:
                faults.append(f"{page}: no link leads from {link.get('href')} back to {link.get('id')}")
        cited = {link.get("id") for link in page.all(".cite a[id]")}
        for back in page.tree.xpath("//span[@class='backlinks']/a[starts-with(@href, '#')]"):
            if unquote(back.get("href")).removeprefix("#") not in cited:
                faults.append(f"{page}: {back.get('href')} leads back to no citation")
    expect_none(faults)


def test_every_reference_list_is_alphabetical_and_holds_what_is_cited(built_site):
    faults = []
    for page in built_site.all_pages:
        entries = page.all("#references li")
        keys = [entry.get("id").removeprefix("ref-") for entry in entries]
        cited = {unquote(link.get("href")).removeprefix("#ref-") for link in page.all(".cite a[id]")}
        if entries and set(keys) != cited:
            faults.append(f"{page}: lists {sorted(set(keys) ^ cited)} wrongly or not at all")
        names = [re.sub(r"\W+", " ", text_of(entry)).lower() for entry in entries]
        faults += [f"{page}: “{later[:30]}” after “{earlier[:30]}”" for earlier, later in itertools.pairwise(names) if later < earlier]
    expect_none(faults)


def test_the_bibliography_holds_every_entry_in_both_languages(built_site, model):
    for language in LANGUAGES:
        entries = {entry.get("id"): entry for entry in built_site.page(f"{language}/bibliography/").all(".bibliography li")}
        assert set(entries) == {f"ref-{entry.key}" for entry in model.entries}
        for entry in model.entries:
            item = entries[f"ref-{entry.key}"]
            assert item.get("data-type") == entry.type
            assert item.xpath(".//a[@href=$own]", own=f"#ref-{entry.key}"), f"{entry.key} has no permalink"
            if "doi" in entry.fields:
                assert item.xpath(".//a[@href=$doi]", doi=f"https://doi.org/{entry.fields['doi']}"), f"{entry.key} has no DOI link"


#: Words that the citation engine puts into citations and references, and the language that they belong to.
ENGINE_WORDS = {
    "id": r"\bdkk\.|\bhlm\.|\bt\.t\.|\bDiambil\b.*\bdari\b|\b[Bb]ag\.|\b[Pp]ar\. \d|\bSkripsi\b",
    "en": r"\bet al\b|\bpp?\. \d|\bn\.d\.|\bRetrieved\b|\b[Ss]ec\.|\b[Pp]ara\. \d|\bthesis\b",
}
CITED = ".citation, .entry-card, #references li, .bibliography li, .reference-list li, .reference"


@pytest.mark.our_studies  # with fewer works, a language's words may not all be met
@pytest.mark.parametrize("language", LANGUAGES)
def test_citations_and_references_speak_the_language_of_the_page(language: str, built_site):
    other = next(name for name in LANGUAGES if name != language)
    faults, heard = [], set()
    for page in built_site.pages:
        # the title of a rule's page may quote the words of either language
        if (page.language or LANGUAGES[0]) == language and not page.of_rule:
            for element in page.all(CITED):
                text = text_of(element)
                heard |= set(re.findall(ENGINE_WORDS[language], text))
                faults += [f"{page}: “{word}” in “{text[:100]}”" for word in re.findall(ENGINE_WORDS[other], text)]
    expect_none(faults)
    assert len(heard) >= 4, f"only {heard} was met: is the pattern right?"


#: What Markdown, TeX or mkdocs-bibtex leave behind where something went wrong.
LEFTOVERS = re.compile(
    r"\[@|(?<![\w.])@\w|\]\{|[{}]|\\[A-Za-z%&@_]|\[\^|\?\?\?|--|\*\*|\]\(|^#{1,6} | ///|\bnocase\b|&(?:amp|quot|lt|gt|nbsp|#\d+);",
    re.MULTILINE,
)


def test_nothing_of_markdown_or_tex_is_left(built_site):
    """In what is read and in what is read out: text, titles, descriptions, labels. The title of a rule's page may quote what is typed."""
    summaries = [*map(str, FAULTS.values()), *(rule.summary for rule in rules())]
    typed = [unescape(code) for summary in summaries for code in re.findall("<code>(.*?)</code>", marked(summary))]
    faults = []
    for page in built_site.all_pages:
        read_out = page.tree.xpath("//title/text()|//meta/@content|//@aria-label|//@title|//@alt|//@*[starts-with(name(), 'data-')]|//svg//text()")
        for text in (page.text, *map(str, read_out)):
            for code in typed if "/rules/" in page.address else ():
                text = re.sub(re.escape(code), "", text, flags=re.IGNORECASE)  # MLA writes titles with capitals
            text = re.sub(r"“@\w+”", "", text)  # a key as the checker's messages quote it, on the page that explains them
            faults += [f"{page}: …{text[max(0, m.start() - 30) : m.end() + 20]}…" for m in LEFTOVERS.finditer(text) if not text.startswith("http")]
        faults += [f"{page}: a value that is none is printed" for text in page.tree.xpath("//text()|//@*") if text.strip() in ("None", "Undefined")]
    expect_none(faults)


# -- Hard cases, on a page of their own --------------------------------------------------------------------------

HARD_ENTRIES = r"""
@article{dari:jurnal/2019.a, author = {Al-Bahri, Nūr and Cruz, M. and Ó Briain, S.}, title = {Kenaikan 50\% \& Lainnya di {DKI} Jakarta},
  journaltitle = {Jurnal A/B}, volume = {3}, number = {1}, pages = {1--20}, date = {2019}, doi = {10.5555/a_b(c)},
  langid = {indonesian}}

@online{tanpa-tahun, author = {{Balai Desa \& Warga}}, title = {Laman "Desa" <kami>}, url = {https://contoh.id/a_b?c=1&d=2}, urldate = {2020-10-24},
  langid = {indonesian}}
"""
HARD_ERRATUM = """
- key: tanpa-tahun
  field: date
  kind: missing
  note: {id: Sumbernya tidak menyebut tahun., en: The source states no year.}
"""
HARD_PAGE = {
    "id": r"""---
title: 'Kasus "sulit" </title><script>alert(1)</script>'
description: 'Kutipan yang & sulit "dikutip" <b>di sini</b>.'
---

## Kutipan {#citations}

Satu [@dari:jurnal/2019.a, hlm. 14], dua [lihat @dari:jurnal/2019.a; @tanpa-tahun], dan [-@tanpa-tahun, hlm. 3].

Kalimat dengan @dari:jurnal/2019.a [hlm. 14] dan @tanpa-tahun.

## Bukan kutipan {#no-citations}

Dalam kode `[@dari:jurnal/2019.a, hlm. 14]` dan `@tanpa-tahun` dan `\bibliography`, surel nama@contoh.id, dan tanda \@tanpa-tahun.

```
[@tanpa-tahun] \full_bibliography [^1] 50\% {{ studies }}
```
""",
    "en": r"""---
title: 'A "hard" case </title><script>alert(1)</script>'
description: 'Citations & other "hard" things <b>here</b>.'
---

## Citations {#citations}

One [@dari:jurnal/2019.a, p. 14], two [see @dari:jurnal/2019.a; @tanpa-tahun], and [-@tanpa-tahun, p. 3].

A sentence with @dari:jurnal/2019.a [p. 14] and @tanpa-tahun.

## No citations {#no-citations}

In code `[@dari:jurnal/2019.a, p. 14]` and `@tanpa-tahun` and `\bibliography`, mail nama@contoh.id, and the sign \@tanpa-tahun.

```
[@tanpa-tahun] \full_bibliography [^1] 50\% {{ studies }}
```
""",
}


@pytest.fixture(scope="module")
def hard(tmp_path_factory) -> BuiltSite:
    """The real site with a page more, on which stands what mkdocs-bibtex corrupts."""
    root = copy_project(tmp_path_factory.mktemp("hard") / "project")
    for name, text in (("references.bib", HARD_ENTRIES), ("errata.yml", HARD_ERRATUM)):
        with (root / "bibliography" / name).open("a", encoding="utf-8") as file:
            file.write(text)
    for language, text in HARD_PAGE.items():
        (root / f"docs/{language}/hard.md").write_text(text, "utf-8")
    build_well(root, site_url="https://contoh.github.io/temuan/")
    return BuiltSite(root / "site", "https://contoh.github.io/temuan/")


#: language -> what the page's citations print, in order.
HARD_CITATIONS = {
    "id": [
        "(Al-Bahri dkk., 2019, hlm. 14)",
        "(lihat Al-Bahri dkk., 2019; Balai Desa & Warga, t.t.)",
        "(t.t., hlm. 3)",
        "Al-Bahri dkk. (2019, hlm. 14)",
        "Balai Desa & Warga (t.t.)",
    ],
    "en": [
        "(Al-Bahri et al., 2019, p. 14)",
        "(see Al-Bahri et al., 2019; Balai Desa & Warga, n.d.)",
        "(n.d., p. 3)",
        "Al-Bahri et al. (2019, p. 14)",
        "Balai Desa & Warga (n.d.)",
    ],
}
HARD_REFERENCES = {
    "id": [
        "Al-Bahri, N., Cruz, M., & Ó Briain, S. (2019). Kenaikan 50% & Lainnya di DKI Jakarta. Jurnal A/B, 3(1), 1–20. "
        "https://doi.org/10.5555/a_b(c)",
        "Balai Desa & Warga. (t.t.). Laman “Desa” <kami>. Diambil 24 Oktober 2020, dari https://contoh.id/a_b?c=1&d=2",
    ],
    "en": [
        "Al-Bahri, N., Cruz, M., & Ó Briain, S. (2019). Kenaikan 50% & Lainnya di DKI Jakarta. Jurnal A/B, 3(1), 1–20. "
        "https://doi.org/10.5555/a_b(c)",
        "Balai Desa & Warga. (n.d.). Laman “Desa” <kami>. Retrieved October 24, 2020, from https://contoh.id/a_b?c=1&d=2",
    ],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_citations_are_printed_in_the_style_of_the_language(language: str, hard):
    page = hard.page(f"{language}/hard/")
    for card in page.all(".entry-card"):
        card.drop_tree()
    assert [text_of(citation) for citation in page.all("span.citation")] == HARD_CITATIONS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_entries_are_printed_whole(language: str, hard):
    page = BuiltPage(hard.page(f"{language}/hard/").file, f"{language}/hard/")
    for backlinks in page.all("#references .backlinks"):
        backlinks.drop_tree()
    assert [text_of(entry) for entry in page.all("#references li")] == HARD_REFERENCES[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citation_in_code_stays_as_typed(language: str, hard):
    code = [element.text_content() for element in hard.page(f"{language}/hard/").tree.xpath("//p/code|//pre")]
    page = {"id": "hlm.", "en": "p."}[language]
    assert code == [
        f"[@dari:jurnal/2019.a, {page} 14]",
        "@tanpa-tahun",
        r"\bibliography",
        "[@tanpa-tahun] \\full_bibliography [^1] 50\\% {{ studies }}\n",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_of_mail_and_an_escaped_at_sign_are_no_citations(language: str, hard):
    text = hard.page(f"{language}/hard/").text
    assert "nama@contoh.id," in text
    assert text.count("@tanpa-tahun") == 1 and r"\@" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_hard_keys_lead_to_their_entries_and_back(language: str, hard):
    page = BuiltPage(hard.page(f"{language}/hard/").file, f"{language}/hard/")
    for link in [*page.all(".cite a[id]"), *page.tree.xpath("//span[@class='backlinks']/a[starts-with(@href, '#')]")]:
        assert page.tree.xpath("count(//*[@id=$id])", id=unquote(link.get("href")[1:])) == 1, link.get("href")
    permalink = page.all("#references li")[0].xpath(".//a[contains(@href, 'bibliography')]/@href")[0]
    target = urlsplit(urljoin(hard.address + page.address, permalink))
    assert unquote(target.fragment) in hard.page(f"{language}/bibliography/").ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_front_matter_stays_text(language: str, hard):
    """A quotation mark, an ampersand or a tag in a title or description breaks out of nothing."""
    page = hard.page(f"{language}/hard/")
    source = HARD_PAGE[language].splitlines()
    title, description = (line.partition(": ")[2].strip("'") for line in source[1:3])
    assert page.tree.xpath("//title/text()")[0].startswith(title)
    assert page.tree.xpath("//meta[@name='description']/@content") == [description]
    assert text_of(page.one("h1")) == title
    data, _ = page.tree.xpath("//script[not(@src)]")  # before that of the colour scheme
    assert data.get("type") == "application/ld+json"
    assert json.loads(data.text)["@graph"][0]["description"] == description
    assert page.tree.xpath("//meta[@name='DC.title']/@content") == page.tree.xpath("//meta[@property='og:title']/@content") == [title]


# -- What must not be there --------------------------------------------------------------------------------------

#: SHA-256 of what never appears, in lower case: parts of an address, words and pairs of words of private people's names.
#: As hashes, so that this file does not publish them.
PRIVATE = frozenset(
    [
        "1dda1c55e1ff79ff41eceea6acabac1cf9bef7acac15b38247655b22028bf07d",
        "5731be3fbba6ba7d2f19582f609a321202e6d8b0bfed983d0ef0c1cf00cbe8e6",
        "5f7e19babdec837f463f002708eb0f3d0238917341096bb4bb8cd827d29cb7ee",
        "7a13d21884981083ce730d3e8158757f10a8ef868fd09810e0b55e20299e1dc6",
        "8ab5c5386c7c43d53687e7fbe30f74202ed52009dc81d5bf877cb9ea33f5bf67",
        "926f91b45ff3ec5d9803f33ec0166cbadb2c4a1d72997163f709696627a6ddb8",
        "daeaac23ab4e21b5ef8470f850018253be1ff6eb41ac00e9062b8ab87a1dd338",
        "dde8e1c118a52938e3df71fbd7dfcab0a99c4dd043f76b6d0cd2681c7c4b01f2",
        "e6068ca5df7e9b521e93da98f549bb938c0e51783a5b304efe5a3e40c8a6da53",
    ]
)
PERSONAL_NUMBER = re.compile(r"(?<![\w./-])\d{9,}(?![\w./-])")  # of a student, a telephone, an identity card
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PUBLISHED = ("docs", "bibliography", "overrides", "README.md", "CITATION.cff", "mkdocs.yml")


def private_words(text: str, pairs: bool = True) -> set[str]:
    words = re.findall(r"\w+", text.lower())
    pairs = (f"{one} {other}" for one, other in itertools.pairwise(words)) if pairs else ()
    return {word for word in {*words, *pairs} if hashlib.sha256(word.encode()).hexdigest() in PRIVATE}


#: What is packed in itself; each stands beside the archive that holds it, too.
PACKED = (".pdf", ".epub", ".pptx", ".imscc")


def _of_pdf(data: bytes) -> Iterator[str]:
    """The words of a PDF, page by page, and what it says of itself."""
    document = pypdfium2.PdfDocument(data)
    yield " ".join(document.get_metadata_dict().values())
    for page in document:
        yield page.get_textpage().get_text_bounded()


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file but pictures, whose words are a page's title and the names above it, and programs; of an archive, the files in it.

    Of the search index what it shows, which is packed (gzip); its words are those of the pages.
    """
    for path in [folder] if folder.is_file() else sorted(folder.rglob("*")):
        name = str(path.name if folder.is_file() else path.relative_to(folder))
        if path.suffix == ".pdf":
            yield name, "\n".join(_of_pdf(path.read_bytes()))
        elif path.suffix in (".epub", ".pptx", ".imscc", ".zip"):
            with zipfile.ZipFile(path) as archive:
                parts = (part for part in archive.namelist() if not part.endswith((".png", ".jpeg", *PACKED)))
                yield from ((f"{name}/{part}", archive.read(part).decode("utf-8", "replace")) for part in parts)
        elif path.suffix == ".pf_fragment":
            yield name, gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        elif path.is_file() and path.suffix not in (".png", ".pagefind", ".pf_index", ".pf_meta"):
            yield name, path.read_bytes().decode("utf-8", "replace")


def test_nothing_private_is_published(built_site):
    """Neither on the site nor in the files that it is made from, which are public as well."""
    faults = []
    for folder in (built_site.folder, *(ROOT / name for name in PUBLISHED if (ROOT / name).exists())):
        for path, text in texts(folder):
            without_tags = re.sub(r"<[^>]*>", " ", text)
            for word in private_words(text, pairs=False) | private_words(without_tags):  # an attribute and a text are no pair
                faults.append(f"{folder.name}/{path}: a private word of {len(word)} letters, {word[0]}…")
            faults += [
                f"{folder.name}/{path}: an address of mail, {found[:2]}…" for found in MAIL.findall(text) if not found.endswith(".example")
            ]  # RFC 2606
            faults += [f"{folder.name}/{path}: a number of {len(found)} digits, {found[:2]}…" for found in PERSONAL_NUMBER.findall(without_tags)]
    expect_none(faults)


# -- Files for machines ------------------------------------------------------------------------------------------


@pytest.fixture(params=[study.entry for study in load(ROOT)[0].studies])
def entry(request, model):
    return model.entry[request.param]


def export(site: BuiltSite, entry, suffix: str) -> str:
    return (site.folder / f"cite/{entry.key}.{suffix}").read_text("utf-8")


def test_every_overview_offers_the_downloads(built_site, model):
    for study in model.studies:
        for language in LANGUAGES:
            page = built_site.page(f"{language}/{study.name}/")
            files = [Path(urlsplit(link.get("href")).path).name for link in page.all(".how-to-cite .downloads a")]
            assert files == [*(f"{study.entry}.{suffix}" for suffix in ("bib", "biblatex.bib", "ris", "enw", "json")), "CITATION.cff"]


def test_the_bibtex_export_says_what_the_entry_says(entry, built_site):
    found = parse_string(export(built_site, entry, "bib"), "bibtex").entries
    assert list(found) == [entry.key]
    fields = {name: value.replace("{", "").replace("}", "") for name, value in found[entry.key].fields.items()}
    assert fields["title"] == entry.text("title")
    assert fields["year"] == entry.year
    assert found[entry.key].type == {"article": "article", "thesis": "thesis"}[entry.type] or entry.type == "thesis"
    assert tuple(str(person).strip("{}") for person in found[entry.key].persons["author"]) == entry.authors
    for theirs, ours in (("journal", "journaltitle"), ("volume", "volume"), ("number", "number"), ("pages", "pages"), ("doi", "doi")):
        assert fields.get(theirs) == entry.fields.get(ours), theirs


def test_the_ris_export_says_what_the_entry_says(entry, built_site):
    (found,) = rispy.loads(export(built_site, entry, "ris"))
    assert found["type_of_reference"] == {"article": "JOUR", "thesis": "THES"}[entry.type]
    assert (found.get("title") or found.get("primary_title")) == entry.text("title")
    assert tuple(found["authors"]) == entry.authors
    assert found["year"] == entry.year
    journal = found.get("secondary_title") or found.get("journal_name")
    assert journal == entry.fields.get("journaltitle")
    for theirs, ours in (("volume", "volume"), ("number", "number"), ("doi", "doi")):
        assert found.get(theirs) == entry.fields.get(ours), theirs
    pages = [found[name] for name in ("start_page", "end_page") if name in found]
    assert "--".join(pages) == entry.fields.get("pages", "")


def test_the_csl_json_export_says_what_the_entry_says(entry, built_site):
    (found,) = json.loads(export(built_site, entry, "json"))
    assert found["id"] == entry.key
    assert found["type"] == {"article": "article-journal", "thesis": "thesis"}[entry.type]
    assert found["title"] == entry.text("title")
    assert found["language"] == entry.language
    assert found["issued"]["date-parts"] == [[int(part) for part in entry.fields["date"].split("-")]]
    assert found.get("container-title") == entry.fields.get("journaltitle")
    for theirs, ours in (("volume", "volume"), ("issue", "number"), ("DOI", "doi")):
        assert str(found.get(theirs, "")) == entry.fields.get(ours, ""), theirs
    assert re.sub("[-–]+", "--", found.get("page", "")) == entry.fields.get("pages", "")
    names = (author.get("literal") or ", ".join(filter(None, (author.get("family"), author.get("given")))) for author in found["author"])
    assert tuple(names) == entry.authors


def test_the_how_to_cite_box_says_what_the_entry_says(built_site, model):
    for study in model.studies:
        entry = model.entry[study.entry]
        for language in LANGUAGES:
            page = built_site.page(f"{language}/{study.name}/")
            said = text_of(page.one("#how-to-cite .reference"))
            values = [entry.year, entry.text("title"), *(entry.fields.get(name) for name in ("journaltitle", "doi", "volume"))]
            expect_none(f"{page}: “{said}” lacks {value}" for value in values if value and value.lower() not in said.lower())  # APA: sentence case


def test_every_page_of_a_language_says_how_to_cite_itself(built_site):
    """The welcome says nothing that could be cited."""
    for page in (page for page in built_site.pages if page.language):
        box = page.one("#cite-page")
        assert text_of(page.one("h1")) in text_of(box), page
        links = box.xpath(".//a[@href=$own]", own=built_site.address + page.address)
        assert len(links) == 6, f"{page}: its address stands in its reference in each of five styles, and by itself"
        assert text_of(box.xpath(".//*[@data-copy]")[0]).endswith(built_site.address + page.address), f"{page}: what is copied"


def test_citation_cff_cites_the_site():
    """Citation File Format 1.2.0: the keys that it demands, and a licence."""
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert cff["cff-version"] == "1.2.0"
    assert cff["message"] and cff["title"] and cff["authors"]
    assert cff.get("type", "software") in ("software", "dataset")
    assert cff["license"]
