"""A reader who searches: by keyboard, on the search page and in the dialog, on a slow line, in the other language, without JavaScript."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import expect_none
from playwright.sync_api import Page, expect

LANGUAGES = ("id", "en")
PAGE = {"id": "id/about/", "en": "en/about/"}
#: A word that pages of the language have, and one that none has.
WORD, NONE = {"id": "kutipan", "en": "citation"}, "zzzqqq"


def opened(open_page, language: str, **options) -> Page:
    """A page with the dialog of the search open."""
    page = open_page(PAGE[language], **options)
    page.locator(".find").click()
    expect(page.locator("dialog input")).to_be_focused()
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keyboard_alone_searches(language: str, open_page):
    page = open_page(PAGE[language])
    page.keyboard.press("/")
    field = page.locator("dialog input")
    expect(field).to_be_focused()
    page.keyboard.type(WORD[language])
    links = page.locator("dialog ol a")
    expect(links.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("dialog")).to_be_visible()  # a field that was just hidden is still the focused one for a moment
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    address = links.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def test_a_slash_can_be_typed(open_page):
    page = open_page("id/search/")
    page.locator("#search-field").focus()
    page.keyboard.type("a/b")
    assert page.locator("#search-field").input_value() == "a/b"


@pytest.mark.parametrize("language", LANGUAGES)
def test_results_have_a_page_a_heading_and_a_sentence_with_the_word(language: str, open_page, built_site):
    page = opened(open_page, language)
    page.locator("dialog input").fill(WORD[language])
    place = page.locator("dialog ol li > a[href*='#']").first
    expect(place.locator("mark").first).to_contain_text(WORD[language][:5])
    assert place.get_attribute("href").startswith(f"{built_site.address}{language}/")
    heading = place.evaluate("link => link.firstChild.textContent")
    expect(page.locator("dialog [role=status]")).to_contain_text(page.locator("dialog form").get_attribute("data-found"))
    place.click()
    expect(page.locator(":target")).to_have_count(1)
    assert heading in page.locator("main").inner_text()


def test_a_result_on_the_same_page_closes_the_dialog(open_page, built_site):
    page = opened(open_page, "id")
    page.locator("dialog input").fill("lisensi CC BY-SA")
    page.locator("dialog a[href$='id/about/#licence']").click()
    expect(page.locator("dialog")).to_be_hidden()
    expect(page.locator("#licence")).to_be_in_viewport()


@pytest.mark.parametrize("here, there", [("id", "en"), ("en", "id")])
def test_where_nothing_is_found_the_other_language_is_offered(here: str, there: str, open_page, built_site):
    page = opened(open_page, here)
    page.locator("dialog input").fill(NONE)
    offer = page.locator(f"dialog .search-others a[hreflang={there}]")
    expect(offer).to_be_visible()
    expect(page.locator("dialog [role=status]")).to_have_text(page.locator("dialog form").get_attribute("data-none"))
    expect(page.locator("dialog .search-others a").first).to_have_attribute("href", f"{built_site.address}{here}/search/#topics")
    offer.click()
    expect(page).to_have_url(f"{built_site.address}{there}/search/?q={NONE}")
    expect(page.locator("#search-field")).to_have_value(NONE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_can_be_shared(language: str, open_page):
    page = open_page(f"{language}/search/")
    page.locator("#search-field").fill(WORD[language])
    expect(page.locator(".search li").first).to_be_visible()
    results = page.locator(".search ol").inner_text()
    other = open_page(page.url)
    expect(other.locator("#search-field")).to_have_value(WORD[language])
    expect(other.locator(".search li").first).to_be_visible()
    assert other.locator(".search ol").inner_text() == results
    other.locator("#search-field").fill("")
    expect(other.locator(".topics")).to_be_visible()
    assert "?" not in other.url


def test_nothing_of_the_search_is_loaded_before_someone_searches(open_page):
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("id/about/")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "pagefind" in url or "search" in url]


def test_a_slow_line_is_told_and_a_dead_one_too(open_page):
    page = open_page("id/search/", service_workers="block")
    form, waiting = page.locator("form.search"), []
    page.route("**/wasm.id.pagefind", lambda route: waiting.append(route))
    page.locator("#search-field").fill("desa")
    expect(form.locator("[role=status]")).to_have_text(form.get_attribute("data-searching"))
    while not waiting:
        page.wait_for_timeout(20)
    waiting[0].continue_()
    expect(form.locator("li").first).to_be_visible()

    page = open_page("id/search/", service_workers="block")
    page.route("**/pagefind/*", lambda route: route.abort())
    page.locator("#search-field").fill("desa")
    expect(page.locator("form.search [role=status]")).to_have_text(form.get_attribute("data-failed"))
    expect(page.locator(".topics")).to_be_visible()


def test_words_typed_before_the_search_has_loaded_are_kept(open_page):
    page, waiting = open_page(service_workers="block"), []
    page.route("**/pagefind/dialog.js", lambda route: waiting.append(route))
    page.goto("id/search/", wait_until="commit")
    page.locator("#search-field").fill("desa")
    while not waiting:
        page.wait_for_timeout(20)
    waiting[0].continue_()
    expect(page.locator("form.search li").first).to_be_visible()
    expect(page.locator("#search-field")).to_have_value("desa")
    assert page.url.endswith("?q=desa")


@pytest.mark.parametrize("address", ["id/search/?q=desa", "id/about/"])
def test_the_policy_of_the_page_is_kept(address: str, open_page):
    page, told = open_page(), []
    page.on("console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.add_init_script("addEventListener('securitypolicyviolation', event => console.error('policy: ' + event.violatedDirective))")
    page.goto(address)
    if "?" not in address:
        page.keyboard.press("/")
        page.locator("dialog input").fill("desa")
    expect(page.locator(".search li").first).to_be_visible()
    expect_none(told)
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert "unsafe" not in policy


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_javascript_the_search_page_is_an_index(language: str, open_page, built_site):
    page = open_page(PAGE[language], java_script_enabled=False)
    page.locator(".find").click()
    page.wait_for_url(f"{built_site.address}{language}/search/")
    expect(page.locator("form.search")).to_be_hidden()
    page.locator(".letters a", has_text="L").click()
    assert page.url.endswith("#topics-l")
    page.locator("#topics-l + ul a").first.click()
    assert "/search/" not in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", ["page", "results", "dialog", "nothing"])
def test_it_fits_a_small_phone_and_axe_finds_nothing(state: str, scheme: str, open_page):
    page = open_page("id/about/" if state == "dialog" else "id/search/", viewport={"width": 320, "height": 640}, color_scheme=scheme)
    if state == "dialog":
        page.keyboard.press("Control+k")
    if state != "page":
        page.locator(".search input").fill(NONE if state == "nothing" else WORD["id"])
        expect(page.locator(".search-others" if state == "nothing" else ".search li").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}}})
    expect_none(f"{fault['id']}: {fault['nodes'][0]['target']}" for fault in found.response["violations"])
    small = page.evaluate(
        """() => [...document.querySelectorAll(".find, .search input, .finder > button, .search li > a, .search li button, .letters a")]
          .filter(each => each.offsetParent && each.getBoundingClientRect().height < 43.9).map(each => each.outerHTML.slice(0, 80))"""
    )
    expect_none(small)
