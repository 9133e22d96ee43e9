"""axe-core on every page: no violation, in light and in dark, with an entry shown as well."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import BuiltSite, expect_none, find_browser, launched
from playwright.sync_api import Page

#: Every rule of axe-core: WCAG 2.2 A, AA and AAA (enhanced contrast among them) and its best practices.
EVERYTHING = {"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}}


def violations(page: Page, context: str | None = None) -> Iterator[str]:
    found = Axe().run(page, context=context, options=EVERYTHING)
    for violation in found.response["violations"]:
        for node in violation["nodes"]:
            why = " ".join((node.get("failureSummary") or "").split())
            yield f"{violation['id']} ({violation['impact']}): {' '.join(map(str, node['target']))}: {why[:160]}"


#: Both schemes and both layouts: the phone's and the wide one.
VISITS = {"light": 1280, "dark": 360}


def visit(scheme: str, browser_path: str, site: BuiltSite) -> list[str]:
    """What axe finds on every page (of the rules' pages on a sample: one template prints them), and in the first entry shown on it."""
    faults = []
    with launched(browser_path) as browser:
        page = browser.new_page(
            base_url=site.address, color_scheme=scheme, viewport={"width": VISITS[scheme], "height": 900}, reduced_motion="reduce"
        )
        for address in [page.address for page in site.sample] + ["id/tidak/ada/"]:
            page.goto(address)
            faults += [f"{address}: {found}" for found in violations(page)]
            if page.locator(".cite > a").count():
                page.locator(".cite > a").first.focus()
                faults += [f"{address}, an entry shown: {found}" for found in violations(page, ".cite:focus-within")]
    return faults


@pytest.fixture(scope="module")
def visits(built_site) -> dict[str, list[str]]:
    """Both schemes at the same time, each in a browser of its own."""
    path = find_browser()
    with ThreadPoolExecutor() as pool:
        return dict(zip(VISITS, pool.map(lambda scheme: visit(scheme, path, built_site), VISITS), strict=True))


@pytest.mark.parametrize("scheme", VISITS)
def test_axe_finds_nothing_on_any_page(scheme: str, visits):
    expect_none(visits[scheme])
