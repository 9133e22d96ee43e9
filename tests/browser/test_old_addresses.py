"""A reader with an old link: renamed, deleted, merged and moved addresses in a real browser, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import expect_none
from moving import FOUND_AT
from playwright.sync_api import Browser, Page, Route, expect

LANGUAGES = pytest.mark.parametrize("language", ["id", "en"])
OLD = pytest.mark.parametrize("old, found", FOUND_AT.items(), ids=FOUND_AT)


@pytest.fixture
def visit(browser: Browser, moved_site) -> Iterator[Callable[..., Page]]:
    """Opens an address of the rearranged site, in a context of its own."""
    contexts = []

    def visited(address: str, **options) -> Page:
        context = browser.new_context(base_url=moved_site.site.address, **({"reduced_motion": "reduce"} | options))
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield visited
    for context in contexts:
        context.close()


def _in_sight(page: Page, identifier: str) -> None:
    expect(page.locator(f'[id="{identifier}"]')).to_be_in_viewport()


@LANGUAGES
@OLD
def test_an_old_address_leads_to_its_place(old: str, found: tuple[str, str], language: str, visit, moved_site):
    target, identifier = found
    page = visit(f"{language}/{old}")
    asked = old.partition("#")[2]
    if old.startswith("harvest/"):  # the page is still there
        page.wait_for_url(f"{moved_site.site.address}{language}/{target}#{identifier}")
    elif old.startswith("tools/"):
        page.wait_for_url(f"{moved_site.site.address}{language}/tools/#{asked}")
    else:
        page.wait_for_url(f"{moved_site.site.address}{language}/{target}" + (f"#{identifier}" if identifier else ""))
    assert page.locator("html").get_attribute("lang") == language
    if identifier:
        _in_sight(page, identifier)


@LANGUAGES
@OLD
def test_without_javascript_too(old: str, found: tuple[str, str], language: str, visit, moved_site):
    """By one tap where a heading went to another page. A browser that is sent on forgets the heading: the contents of the new page have it."""
    target, identifier = found
    page = visit(f"{language}/{old}", java_script_enabled=False)
    if old.startswith("harvest/"):
        _in_sight(page, "sharing")
        page.locator("p#sharing a").click()
    page.wait_for_url(lambda url: url.partition("#")[0] == f"{moved_site.site.address}{language}/{target}")
    if old in ("plot/#water", "seeds/#storing", "seeds/#sowing"):
        page.locator(".toc summary").click()
        page.locator(f'.toc a[href="#{identifier}"]').click()
    if identifier:
        _in_sight(page, identifier)


def test_back_leads_to_where_one_came_from(visit, moved_site):
    page = visit("id/market/")
    page.goto("id/plot/")
    page.wait_for_url("**/id/garden/")
    page.go_back()
    page.wait_for_url("**/id/market/")


def _as_it_is(route: Route) -> None:
    """The page without what takes its reader on."""
    answer = route.fetch()
    body = answer.text()
    start, end = body.index("<script>"), body.index("</noscript>")
    route.fulfill(response=answer, body=body[:start] + body[end + len("</noscript>") :])


@pytest.mark.parametrize("scheme, width", [("light", 1280), ("dark", 320)])
def test_the_page_that_leads_on_can_be_read_by_all(scheme: str, width: int, browser: Browser, moved_site):
    context = browser.new_context(base_url=moved_site.site.address, color_scheme=scheme, viewport={"width": width, "height": 700})
    page = context.new_page()
    page.route("**/seeds/", _as_it_is)
    page.goto("en/seeds/")
    options = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}}
    found = Axe().run(page, options=options).response["violations"]
    sizes = page.evaluate("[...document.links].map(link => link.getBoundingClientRect().height)")
    too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    expect_none(f"{violation['id']}: {[node['target'] for node in violation['nodes']]}" for violation in found)
    assert min(sizes) >= 44
    assert not too_wide
