"""What makes reading easier: sharing a page on WhatsApp, the meaning of a term where it stands, a page that is read aloud."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import expect_none
from playwright.sync_api import Page, expect

LANGUAGES = ("id", "en")
FINDINGS = "studies/sahabat-community/findings/"
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 1280, "height": 800}}
#: Every rule of axe-core, those of WCAG 2.2 AAA among them.
EVERYTHING = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}}


def violations(page: Page, context: str) -> Iterator[str]:
    for violation in Axe().run(page, context=context, options=EVERYTHING).response["violations"]:
        for node in violation["nodes"]:
            yield f"{violation['id']}: {' '.join(map(str, node['target']))}: {node.get('failureSummary')}"


# -- Sharing -----------------------------------------------------------------------------------------------------


def test_every_page_in_a_language_can_be_shared_with_its_title_and_its_address(built_site):
    faults = []
    for page in built_site.pages:
        links = page.all("a.share")
        if len(links) != bool(page.language):
            faults.append(f"{page}: {len(links)} links")
        for link in links:
            address = urlsplit(link.get("href"))
            title, phrase, shared = parse_qs(address.query, strict_parsing=True)["text"][0].split("\n")
            if (address.scheme, address.netloc, address.path) != ("https", "wa.me", "/"):
                faults.append(f"{page}: leads to {address.netloc}")
            if not re.fullmatch(r"[\w.~%=:/-]*", address.query):
                faults.append(f"{page}: not percent-encoded: {address.query}")
            if shared != built_site.address + page.address:
                faults.append(f"{page}: shares {shared}")
            if page.tree.xpath("string(//h1)").split("\n")[0].strip() not in title or not phrase:
                faults.append(f"{page}: says “{title}” and “{phrase}”")
            if "noopener" not in link.get("rel"):
                faults.append(f"{page}: rel={link.get('rel')}")
    expect_none(faults)


@pytest.mark.parametrize("language, words", [("id", "Bagikan lewat WhatsApp"), ("en", "Share on WhatsApp")])
def test_the_link_can_be_hit_with_a_thumb_and_is_not_printed(language: str, words: str, open_page):
    page = open_page(f"{language}/about/", java_script_enabled=False, **PHONE)
    link = page.get_by_role("link", name=words, exact=True)
    assert link.bounding_box()["height"] >= 44
    page.emulate_media(media="print")
    expect(link).to_be_hidden()


# -- The glossary ------------------------------------------------------------------------------------------------


def term_of(page: Page):
    """A term in the middle of a page, with room below it, and the pointer elsewhere."""
    term = page.locator("p a.term").nth(3)
    term.evaluate("element => element.scrollIntoView({block: 'center'})")
    return term


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shown_by", ["hover", "focus"])
def test_a_term_shows_its_meaning_and_escape_hides_it(shown_by: str, language: str, open_page, model):
    page = open_page(f"{language}/{FINDINGS}", **WIDE)
    term, card = term_of(page), page.locator(".term-card")
    expect(card).to_have_count(0)
    getattr(term, shown_by)()
    expect(card).to_be_visible()
    identifier = term.get_attribute("href").partition("#term-")[2]
    meant = next(one for one in model.glossary if one.id == identifier)
    text = " ".join(card.inner_text().split())
    assert text == f"{meant.term[language]} – {meant.meaning[language]}"
    expect(term).to_have_accessible_description(text)
    expect_none(violations(page, ".term-card"))
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(term).to_have_accessible_description("")


def test_the_pointer_can_go_into_the_meaning_and_leaving_it_hides_it(open_page):
    """WCAG 2.2, 1.4.13: hoverable and persistent."""
    page = open_page(f"id/{FINDINGS}", **WIDE)
    term, card = term_of(page), page.locator(".term-card")
    term.hover()
    expect(card).to_be_visible()
    box, word = card.bounding_box(), term.bounding_box()
    page.mouse.move(word["x"] + word["width"] / 2, box["y"] + 15, steps=15)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    expect(card).to_be_visible()
    page.mouse.move(2, 2)
    expect(card).to_have_count(0)


def test_with_the_keyboard_focus_shows_the_meaning_and_enter_follows_the_link(open_page, built_site):
    page = open_page(f"id/{FINDINGS}", **WIDE)
    term, card = term_of(page), page.locator(".term-card")
    address = term.get_attribute("href").partition("#")[2]
    term.focus()
    expect(card).to_be_visible()
    page.keyboard.press("Tab")
    expect(card).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    expect(card).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{built_site.address}id/glossary/#{address}")
    expect(page.locator(".glossary div:target")).to_be_in_viewport()


@pytest.mark.parametrize("language, words", [("id", "Buka daftar istilah"), ("en", "Open the glossary")])
def test_a_first_tap_shows_the_meaning_and_a_second_one_follows_the_link(language: str, words: str, open_page, built_site):
    page = open_page(f"{language}/{FINDINGS}", color_scheme="dark", **PHONE)
    here, term, card = page.url, term_of(page), page.locator(".term-card")
    term.tap()
    expect(card).to_be_visible()
    assert page.url == here
    link = card.get_by_role("link", name=words)
    assert link.bounding_box()["height"] >= 44
    assert card.bounding_box()["width"] <= 360
    expect_none(violations(page, ".term-card"))
    page.locator("h1").tap()
    expect(card).to_have_count(0)
    term_of(page).tap()
    expect(card).to_be_visible()
    term.tap()
    page.wait_for_url(re.compile(re.escape(f"{built_site.address}{language}/glossary/#term-")))
    page.go_back()
    term_of(page).tap()
    link.tap()
    page.wait_for_url(re.compile(re.escape(f"{built_site.address}{language}/glossary/#term-")))


def test_the_glossary_is_asked_for_when_a_term_is_pointed_at_and_only_once(open_page):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/glossary/" in request.url else None)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"id/{FINDINGS}")
    page.wait_for_load_state("networkidle")
    assert asked == []
    for number in range(3):
        page.locator(".term").nth(number).hover()
        expect(page.locator(".term-card")).to_be_visible()
    assert len(asked) == 1
    expect_none(complaints)


def test_without_a_network_a_term_stays_a_link_and_works_when_the_network_is_back(open_page, built_site):
    page = open_page(f"id/{FINDINGS}", **PHONE, service_workers="block")
    page.route("**/glossary/", lambda route: route.abort())
    term = term_of(page)
    with page.expect_event("requestfailed", lambda request: "/glossary/" in request.url):
        term.hover()
    expect(page.locator(".term-card")).to_have_count(0)
    page.unroute("**/glossary/")
    page.mouse.move(0, 0)
    term.hover()
    expect(page.locator(".term-card")).to_be_visible()


def test_a_tap_that_finds_no_meaning_follows_the_link(open_page):
    page = open_page(f"id/{FINDINGS}", **PHONE, service_workers="block")
    page.route("**/glossary/", lambda route: route.fulfill(body="<main></main>", content_type="text/html"))
    term_of(page).tap()
    page.wait_for_url("**/id/glossary/#term-*")


def test_without_javascript_a_term_is_a_link(open_page, built_site):
    page = open_page(f"id/{FINDINGS}", java_script_enabled=False, **PHONE)
    term = page.locator("p a.term").nth(3)
    term.tap()
    page.wait_for_url(re.compile(re.escape(f"{built_site.address}id/glossary/#term-")))
    expect(page.locator(".glossary div:target")).to_be_in_viewport()


def test_a_term_can_be_hit(open_page):
    """WCAG 2.2, 2.5.8: targets of 24 pixels at least."""
    page = open_page(f"id/{FINDINGS}", **PHONE)
    boxes = page.locator("a.term").evaluate_all("all => all.map(one => [one.textContent, one.getClientRects()[0].height])")
    expect_none(f"{text}: {height}" for text, height in boxes if height < 24)


# -- Reading aloud -----------------------------------------------------------------------------------------------

#: A device with voices: it says nothing, writes down what it is asked to say, and ends a sentence when the test says so.
VOICES = """voices => {
  const said = [], heard = { voices, said, cancelled: 0, getVoices: () => heard.voices, speak: one => said.push(one),
    cancel: () => { heard.cancelled++; }, end: event => said[said.length - 1].onend(event || {}), fail: () => said[said.length - 1].onerror({}) };
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: heard });
}"""
INDONESIAN = [
    {"name": "remote", "lang": "id-ID", "localService": False},
    {"name": "device", "lang": "in_ID", "localService": True},
    {"name": "british", "lang": "en-GB", "localService": True},
    {"name": "odd", "lang": "", "localService": True},
]


def open_aloud(open_page, voices, address: str, **options) -> Page:
    """A page on a device with those voices."""
    page = open_page(**options)
    page.add_init_script(f"({VOICES})({json.dumps(voices)})")
    page.goto(address)
    return page


def said(page: Page) -> list[str]:
    return page.evaluate("speechSynthesis.said.map(one => one.text)")


def end(page: Page, times: int = 1) -> None:
    """The voice comes to the end of so many sentences."""
    for _ in range(times):
        page.evaluate("speechSynthesis.end()")


def buttons(page: Page) -> list[str]:
    return page.locator(".speech button:visible").all_inner_texts()


@pytest.mark.parametrize("voices", [[], INDONESIAN[2:]], ids=["no voice", "none for the language"])
def test_without_a_voice_for_the_language_there_is_no_button(voices, open_page):
    page = open_aloud(open_page, voices, f"id/{FINDINGS}")
    expect(page.locator(".scheme")).to_be_visible()  # the scripts have run
    expect(page.locator(".speech")).to_have_count(0)


def test_a_voice_that_is_loaded_late_brings_the_button_and_moves_nothing(open_page):
    page = open_aloud(open_page, [], f"id/{FINDINGS}", **PHONE)
    expect(page.locator(".speech")).to_have_count(0)
    before = page.evaluate("document.documentElement.scrollHeight"), page.locator(".text").bounding_box()
    page.evaluate("voices => { speechSynthesis.voices = voices; speechSynthesis.onvoiceschanged(); speechSynthesis.onvoiceschanged(); }", INDONESIAN)
    expect(page.locator(".speech")).to_have_count(1)
    assert buttons(page) == ["Bacakan"]
    assert (page.evaluate("document.documentElement.scrollHeight"), page.locator(".text").bounding_box()) == before


@pytest.mark.parametrize(
    "language, button, voice", [("id", "Bacakan", ["device", "in_ID"]), ("en", "Read aloud", ["british", "en-GB"])], ids=LANGUAGES
)
def test_the_whole_page_is_read_in_order_by_the_devices_own_voice(language: str, button: str, voice: list, open_page):
    page = open_aloud(open_page, INDONESIAN, f"{language}/{FINDINGS}")
    page.get_by_role("button", name=button, exact=True).click()
    for _ in range(1000):
        if page.locator(".speaking").count() == 0:
            break
        end(page)
    sentences = said(page)
    assert page.evaluate("[...new Set(speechSynthesis.said.map(one => one.voice.name + ' ' + one.lang))]") == [" ".join(voice)]
    assert sentences[0] == page.locator("h1").inner_text()
    assert sentences[1] == page.locator(".deck").inner_text()
    titles = page.evaluate("[...document.querySelectorAll('.text > h2, .text > h3')].map(one => one.firstChild.textContent.trim())")
    assert [one for one in sentences if one in titles] == titles
    text = "\n".join(sentences)
    assert not re.search(r"\((?:Zaifuddin|Arifin)|\b(?:bag|sec)\. [a-e]\b|doi\.org|\bEN\b|\s[.,;:]", text), "citations, links beside headings"
    assert re.search(r"\bArifin\b", text), "an author who is named in a sentence"
    for part in ("#references", "#cite-page", ".share", ".toc summary"):
        assert page.locator(part).first.inner_text().split("\n")[0] not in sentences, part
    assert max(map(len, sentences)) < 500
    assert buttons(page) == [button]
    expect(page.locator(".spoken")).to_have_count(0)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_the_block_that_is_read_is_marked_and_in_sight(size: dict, motion: str, open_page):
    page = open_aloud(open_page, INDONESIAN, f"id/{FINDINGS}", reduced_motion=motion, **size)
    page.get_by_role("button", name="Bacakan").click()
    expect(page.locator("h1.spoken")).to_be_in_viewport()
    behaviour = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    assert behaviour == ("auto" if motion == "reduce" else "smooth")
    for _ in range(12):
        end(page)
    marked = page.locator(".spoken")
    expect(marked).to_have_count(1)
    expect(marked).to_be_in_viewport()
    assert said(page)[-1].rstrip(".") in " ".join(marked.inner_text().split())
    expect(page.locator(".speaking")).to_be_in_viewport()
    expect_none([*violations(page, ".speech"), *violations(page, ".spoken")])
    heights = [page.get_by_role("button", name=name).bounding_box()["height"] for name in ("Jeda", "Hentikan")]
    assert min(heights) >= 44


def test_a_pause_is_silent_and_reading_goes_on_with_the_sentence(open_page):
    page = open_aloud(open_page, INDONESIAN, f"id/{FINDINGS}")
    page.get_by_role("button", name="Bacakan").click()
    end(page, 3)
    before = said(page)
    cancelled = page.evaluate("speechSynthesis.cancelled")
    page.get_by_role("button", name="Jeda").click()
    assert buttons(page) == ["Lanjutkan", "Hentikan"]
    assert page.evaluate("speechSynthesis.cancelled") == cancelled + 1
    end(page)  # browsers tell of the end of what was broken off
    page.evaluate("speechSynthesis.fail()")
    assert said(page) == before
    expect(page.locator(".spoken")).to_have_count(1)
    page.get_by_role("button", name="Lanjutkan").click()
    assert said(page) == [*before, before[-1]]
    assert buttons(page) == ["Jeda", "Hentikan"]
    end(page)
    assert len(said(page)) == len(before) + 2


def test_stopping_ends_it_and_the_next_time_begins_at_the_title(open_page):
    page = open_aloud(open_page, INDONESIAN, f"id/{FINDINGS}")
    page.get_by_role("button", name="Bacakan").click()
    end(page, 3)
    page.get_by_role("button", name="Hentikan").click()
    count = len(said(page))
    end(page)
    assert len(said(page)) == count
    expect(page.locator(".spoken")).to_have_count(0)
    assert buttons(page) == ["Bacakan"]
    expect(page.get_by_role("button", name="Bacakan")).to_be_focused()
    page.keyboard.press("Enter")
    assert said(page)[-1] == page.locator("h1").inner_text()


@pytest.mark.parametrize("what", ["leaving the page", "a voice that fails"])
def test_reading_stops_with(what: str, open_page):
    page = open_aloud(open_page, INDONESIAN, f"id/{FINDINGS}")
    page.get_by_role("button", name="Bacakan").click()
    cancelled = page.evaluate("speechSynthesis.cancelled")
    page.evaluate("dispatchEvent(new Event('pagehide'))" if what == "leaving the page" else "speechSynthesis.fail()")
    assert page.evaluate("speechSynthesis.cancelled") > cancelled
    assert buttons(page) == ["Bacakan"]
    expect(page.locator(".spoken")).to_have_count(0)
