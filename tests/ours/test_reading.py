"""A reader with a browser: languages, citations, copying, filtering, the keyboard, with and without JavaScript."""

from __future__ import annotations

import itertools
import re

import pytest
from conftest import expect_none
from playwright.sync_api import Page, expect

FINDINGS = "studies/sahabat-community/findings/"
OVERVIEWS = ("studies/sahabat-community/", "studies/kecamatan-cibiru/")
LANGUAGES = ("id", "en")
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
#: Widths of a small phone, a usual phone, a tablet and a laptop.
WIDTHS = (320, 360, 768, 1280)


def hash_of(page: Page) -> str:
    return page.url.partition("#")[2]


def in_sight(page: Page, identifier: str) -> bool:
    """Whether the element's top is on the screen."""
    return page.evaluate(
        "name => { const top = document.getElementById(name).getBoundingClientRect().top; return top > -2 && top < innerHeight }", identifier
    )


def addresses(site) -> list[str]:
    """Every page, of the rules' pages a sample, for one template prints them; and an address at which there is none."""
    return [page.address for page in site.sample] + ["id/tidak/ada/"]


# -- Languages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("here, there", [("id", "en"), ("en", "id")])
@pytest.mark.parametrize("heading", ["stage-b", "orders", "discussion"])
def test_the_language_switch_keeps_page_and_heading(heading: str, here: str, there: str, open_page, built_site):
    page = open_page(f"{here}/{FINDINGS}")
    page.evaluate("name => document.getElementById(name).scrollIntoView()", heading)
    page.locator(f".languages a[hreflang={there}]").click()
    page.wait_for_url(f"{built_site.address}{there}/{FINDINGS}#{heading}")
    assert page.locator("html").get_attribute("lang") == there
    assert in_sight(page, heading)


def test_the_language_switch_at_the_top_of_a_page_stays_at_the_top(open_page, built_site):
    page = open_page(f"id/{FINDINGS}")
    page.locator(".languages a[hreflang=en]").click()
    page.wait_for_url(re.compile(re.escape(f"{built_site.address}en/{FINDINGS}") + "#?$"))
    assert page.evaluate("scrollY") == 0


@SCRIPTS
@pytest.mark.parametrize("here, there", [("id", "en"), ("en", "id")])
def test_the_link_beside_a_heading_opens_it_in_the_other_language(here: str, there: str, javascript: bool, open_page, built_site):
    page = open_page(f"{here}/{FINDINGS}", java_script_enabled=javascript)
    page.locator("#orders").hover()
    page.locator(f"#orders .heading-links a[hreflang={there}]").click()
    page.wait_for_url(f"{built_site.address}{there}/{FINDINGS}#orders")
    expect(page.locator("#orders:target")).to_be_in_viewport()


@pytest.mark.parametrize("here, there", [("id", "en"), ("en", "id")])
def test_without_javascript_the_language_switch_keeps_the_page(here: str, there: str, open_page, built_site):
    page = open_page(f"{here}/{FINDINGS}", java_script_enabled=False)
    page.locator(f".languages a[hreflang={there}]").click()
    page.wait_for_url(f"{built_site.address}{there}/{FINDINGS}")


# -- Citations ---------------------------------------------------------------------------------------------------


@SCRIPTS
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citation_leads_to_its_entry_and_back(language: str, javascript: bool, open_page):
    page = open_page(f"{language}/{FINDINGS}", java_script_enabled=javascript)
    link = page.locator(".cite > a").nth(4)
    citation, entry = link.get_attribute("id"), link.get_attribute("href").removeprefix("#")
    link.click()
    assert hash_of(page) == entry
    expect(page.locator("li:target")).to_be_in_viewport()
    page.locator(f"[id='{entry}'] a[href='#{citation}']").click()
    assert hash_of(page) == citation
    expect(page.locator("a:target")).to_be_in_viewport()
    expect(page.locator("a:target")).to_have_id(citation)


@SCRIPTS
@pytest.mark.parametrize("width", [360, 1280])
def test_hovering_a_citation_shows_its_entry_and_the_pointer_can_go_there(width: int, javascript: bool, open_page):
    """WCAG 2.2, 1.4.13: hoverable and persistent."""
    page = open_page(f"id/{FINDINGS}", java_script_enabled=javascript, viewport={"width": width, "height": 800})
    cite = page.locator(".cite").nth(2)
    card = cite.locator(".entry-card")
    expect(card).to_be_hidden()
    cite.locator("a").first.hover()
    expect(card).to_be_visible()
    expect(card).to_contain_text("Zaifuddin. (2022)")
    box = card.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=15)
    expect(card).to_be_visible()
    page.mouse.move(0, 0)
    expect(card).to_be_hidden()


@SCRIPTS
def test_focusing_a_citation_shows_its_entry_and_its_links_can_be_reached(javascript: bool, open_page):
    page = open_page(f"id/{FINDINGS}", java_script_enabled=javascript)
    cite = page.locator(".cite").nth(2)
    card = cite.locator(".entry-card")
    cite.locator("a").first.focus()
    expect(card).to_be_visible()
    page.keyboard.press("Tab")
    expect(card.locator("a[href^='https://doi.org/']")).to_be_focused()
    expect(card).to_be_visible()
    page.keyboard.press("Tab")
    expect(card).to_be_hidden()


@pytest.mark.parametrize("shown_by", ["hover", "focus"])
def test_escape_hides_the_entry_until_the_reader_comes_back(shown_by: str, open_page):
    page = open_page(f"id/{FINDINGS}")
    cite = page.locator(".cite").nth(2)
    link, card = cite.locator("a").first, cite.locator(".entry-card")
    getattr(link, shown_by)()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.mouse.move(0, 0)
    page.locator("h1 ~ * a, .skip").first.focus()
    getattr(link, shown_by)()
    expect(card).to_be_visible()


# -- How to cite -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("overview", OVERVIEWS)
def test_every_copy_button_puts_its_text_on_the_clipboard(overview: str, language: str, open_page):
    page = open_page(f"{language}/{overview}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
    buttons = page.locator(":is(#how-to-cite, #cite-page) button.copy")
    texts = []
    for number in range(buttons.count()):
        button = buttons.nth(number)
        button.click()
        expect(button.locator(".copy-label")).to_have_text({"id": "Tersalin", "en": "Copied"}[language])
        expect(page.get_by_role("status")).to_have_text({"id": "Tersalin", "en": "Copied"}[language])
        texts.append(page.evaluate("navigator.clipboard.readText()"))
    shown = []
    for box in ("#how-to-cite", "#cite-page"):
        shown += page.locator(f"{box} .reference").all_text_contents()
        forms = page.locator(f"{box} dd:has(> .copy):not(:has(.style-reference))")
        shown += forms.evaluate_all("all => all.map(one => one.firstChild.textContent)")
        shown += page.locator(f"{box} .style-reference").all_text_contents()
    assert texts == [" ".join(text.split()) for text in shown]
    assert len(texts) == 14, "of the study and of the page: a reference in five styles, and two forms in a text"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_is_cited_with_its_place_in_the_source_and_the_link_to_it(language: str, open_page, built_site):
    page = open_page(f"{language}/{FINDINGS}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    heading = page.locator("#orders")
    heading.hover()
    heading.locator("button.cite-finding").click()
    place = {"id": "bag. d", "en": "sec. d"}[language]
    assert page.evaluate("navigator.clipboard.readText()") == f"(Zaifuddin, 2022, {place}) {built_site.address}{language}/{FINDINGS}#orders"


@pytest.mark.parametrize("overview", OVERVIEWS)
def test_without_javascript_there_is_no_button_that_does_nothing(overview: str, open_page):
    page = open_page(f"id/{overview}", java_script_enabled=False)
    expect(page.locator("#how-to-cite .reference")).to_be_visible()
    expect(page.locator("button:visible")).to_have_count(0)


@pytest.mark.parametrize("suffix", ["bib", "biblatex.bib", "ris", "enw", "json"])
def test_a_download_is_saved_under_its_name(suffix: str, open_page, built_site):
    page = open_page(f"id/{OVERVIEWS[0]}")
    with page.expect_download() as found:
        page.locator(f"#how-to-cite .downloads a[href$='zaifuddin2022.{suffix}']").click()
    assert found.value.suggested_filename == f"zaifuddin2022.{suffix}"
    assert found.value.path().read_bytes() == (built_site.folder / f"cite/zaifuddin2022.{suffix}").read_bytes()


# -- The bibliography --------------------------------------------------------------------------------------------


@SCRIPTS
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bibliography_is_filtered_by_study_and_by_type(language: str, javascript: bool, open_page, model):
    page = open_page(f"{language}/bibliography/", java_script_enabled=javascript)
    studies, types = ["", *model.study], ["", *sorted({entry.type for entry in model.entries})]
    faults = []
    for study in studies:
        page.locator(f"#filter-study-{study or 'all'}").check()
        for kind in types:
            page.locator(f"#filter-type-{kind or 'all'}").check()
            wanted = {e.key for e in model.entries if (not study or study in e.studies) and (not kind or e.type == kind)}
            shown = {item.get_attribute("id").removeprefix("ref-") for item in page.locator(".bibliography li:visible").all()}
            headings = page.locator(".bibliography h2:visible").count()
            groups = len({model.entry[key].type for key in wanted})
            said = page.locator(".filter-count").text_content().strip()
            if shown != wanted:
                faults.append(f"{study or 'all'} × {kind or 'all'}: {sorted(shown ^ wanted)} shown or hidden wrongly")
            if headings != groups and (javascript or not study or not kind):
                faults.append(f"{study or 'all'} × {kind or 'all'}: {headings} headings over {groups} groups")
            if said.partition(" ")[0] != (str(len(wanted)) if javascript else ""):
                faults.append(f"{study or 'all'} × {kind or 'all'}: says “{said}” of {len(wanted)}")
    expect_none(faults)


def test_a_permalink_of_an_entry_leads_to_it(open_page):
    page = open_page("id/bibliography/#ref-yamani2019")
    expect(page.locator("#ref-yamani2019")).to_be_in_viewport()


# -- The keyboard ------------------------------------------------------------------------------------------------

#: What Tab has reached: which part of the page, where it stood before the first Tab, whether focus can be seen.
REACHED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const parts = ["skip", "site-name", "find", "languages", "scheme", "menu", "breadcrumbs", "study-nav", "toc", "cite"];
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  return {
    part: parts.find(name => e.closest("." + name)) || e.tagName,
    cite: e.matches(".cite > a"),
    name: (e.textContent || e.id).trim().slice(0, 30),
    place: window.places.get(e),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    shown: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""
PLACES = """() => { window.places = new Map([...document.querySelectorAll("a, button, summary, input")].map(e => {
  const box = e.getBoundingClientRect(); return [e, [box.top + scrollY, box.left]]; })); }"""


def tab_to_first_citation(page: Page) -> list[dict]:
    page.evaluate(PLACES)
    reached = []
    while len(reached) < 80:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(REACHED))
        if reached[-1] is None or reached[-1]["cite"]:
            break
    return reached


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_tab_reaches_everything_in_the_order_of_the_eye(language: str, width: int, open_page):
    page = open_page(f"{language}/{FINDINGS}", viewport={"width": width, "height": 800})
    reached = tab_to_first_citation(page)
    assert None not in reached, "focus was lost"
    assert reached[0]["part"] == "skip", reached[0]
    parts = list(dict.fromkeys(stop["part"] for stop in reached))
    assert parts[:6] == ["skip", "site-name", "find", "languages", "scheme", "menu"], parts
    assert reached[-1]["cite"], f"no citation after {len(reached)} stops: {parts}"
    assert sum(stop["part"] == "languages" for stop in reached) == 2
    assert sum(stop["part"] == "menu" for stop in reached) == page.locator(".menu a").count()
    expect_none(f"{stop['part']} “{stop['name']}”: focus cannot be seen" for stop in reached if not (stop["outlined"] and stop["shown"]))
    # below the header a wide screen has the study's pages beside the text: there the order is the eye's within each column
    seen = [stop for stop in reached[1:] if width < 1000 or stop["part"] in parts[1:6]]
    faults = []
    for one, other in itertools.pairwise(seen):
        (top, left), (next_top, next_left) = one["place"], other["place"]
        if next_top < top - 24 or (abs(next_top - top) <= 24 and next_left < left):
            faults.append(f"“{other['name']}” ({other['place']}) comes after “{one['name']}” ({one['place']})")
    expect_none(faults)


def test_the_skip_link_leads_past_the_menu(open_page):
    page = open_page(f"id/{FINDINGS}")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_citations_copying_and_filtering_need_no_mouse(open_page):
    page = open_page(f"id/{FINDINGS}")
    page.locator(".cite > a").first.focus()
    page.keyboard.press("Enter")
    entry = hash_of(page)
    assert entry.startswith("ref-")
    page.keyboard.press("Tab")  # on from the target: the entry's own links
    assert page.evaluate("name => document.activeElement.closest('li')?.id === name", entry)

    page = open_page(f"id/{OVERVIEWS[0]}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#how-to-cite button.copy").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Tersalin")
    expect(page.locator("#how-to-cite button.copy").first).to_be_focused()

    page = open_page("id/bibliography/")
    page.locator("#filter-type-all").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("input[name=type]:checked").get_attribute("value")
    assert page.locator(".bibliography section:visible").count() == 1


# -- Light and dark ----------------------------------------------------------------------------------------------


def lightness(page: Page) -> int:
    """How light the paper is, 0 to 765."""
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => +a + +b, 0)")


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_scheme_is_the_systems_until_the_reader_chooses_and_is_remembered(system: str, open_page):
    page = open_page(f"id/{FINDINGS}", color_scheme=system)
    dark = system == "dark"
    button = page.locator("button.scheme")
    for _ in range(2):
        assert (lightness(page) < 380) == dark
        expect(button).to_have_attribute("aria-pressed", str(dark).lower())
        button.click()
        dark = not dark
        assert (lightness(page) < 380) == dark
        page.reload()
        assert (lightness(page) < 380) == dark, "forgotten on reload"
        page.goto("en/about/")
        assert (lightness(page) < 380) == dark, "forgotten on another page"


def test_the_scheme_is_the_systems_without_javascript(open_page):
    assert lightness(open_page("id/about/", color_scheme="dark", java_script_enabled=False)) < 380
    assert lightness(open_page("id/about/", color_scheme="light", java_script_enabled=False)) > 380


# -- Every page --------------------------------------------------------------------------------------------------


def test_nothing_overflows_at_any_width_even_with_every_entry_shown(open_page, built_site):
    page = open_page(viewport={"width": 320, "height": 800})
    faults = []
    for address in addresses(built_site):
        page.goto(address)
        page.locator(".entry-card").evaluate_all("all => all.forEach(one => one.style.setProperty('display', 'block', 'important'))")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{address}: {wide} px wide on a screen of {width}")
    expect_none(faults)


def test_every_table_and_line_of_text_fits_a_small_phone(open_page, built_site):
    """Nothing is cut off either: no element of the text reaches beyond the screen, unless it scrolls by itself."""
    page = open_page(viewport={"width": 320, "height": 800})
    script = """() => {
      const beyond = e => {
        const box = e.getBoundingClientRect();
        return box.width && (box.right > innerWidth + 1 || box.left < -1) && !e.closest(".unseen, .long, pre");
      };
      return [...document.querySelectorAll("main *")].filter(e => beyond(e) && !beyond(e.parentElement))
        .map(e => `${e.tagName} “${e.textContent.trim().replace(/\\s+/g, " ").slice(0, 50)}”`);
    }"""
    expect_none(f"{address}: {found}" for address in addresses(built_site) for found in (page.goto(address), page.evaluate(script))[1])


def test_no_page_asks_another_host_or_complains(open_page, built_site):
    page = open_page()
    requests, failed, faults, gone = [], [], [], addresses(built_site)[-1]
    page.on("request", lambda request: requests.append(request.url))
    page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))
    page.on("response", lambda answer: faults.append(f"{answer.url}: {answer.status}") if answer.status >= 400 and gone not in answer.url else None)
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text}") if said.type in ("error", "warning") and gone not in page.url else None)
    for address in addresses(built_site):
        page.goto(address, wait_until="networkidle" if address in ("", "id/about/") else "load")
        if page.locator(".cite > a").count():
            page.locator(".cite > a").first.hover()
    # the browser gives up on an icon when the next page is opened
    faults += [f"{request} failed: {why}" for request, why in failed if why != "net::ERR_ABORTED"]
    faults += [f"{request} was asked for" for request in requests if not request.startswith((built_site.address, "data:"))]
    expect_none(faults)
    assert len(requests) > len(built_site.sample), "no request was heard"


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_paper_there_is_the_text_with_its_references_and_address_and_no_furniture(language: str, open_page, built_site):
    page = open_page(f"{language}/{FINDINGS}")
    page.locator(".cite > a").first.focus()
    page.emulate_media(media="print")
    for furniture in (
        ".skip",
        ".languages",
        ".menu",
        ".breadcrumbs",
        ".toc",
        ".study-nav",
        ".site-footer",
        "button",
        ".heading-links",
        ".entry-card",
    ):
        expect(page.locator(f"{furniture}:visible")).to_have_count(0)
    for wanted in ("h1", ".text p", "#references li", "#cite-page .reference"):
        expect(page.locator(wanted).first).to_be_visible()
    expect(page.locator("#cite-page")).to_contain_text(f"{built_site.address}{language}/{FINDINGS}")
    assert lightness(page) == 765, "paper is white"
