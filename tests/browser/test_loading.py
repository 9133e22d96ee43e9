"""A page while it comes: nothing that is already read moves when the rest is there."""

from __future__ import annotations

import time

import pytest
from conftest import expect_none
from playwright.sync_api import Page

#: A phone and a laptop.
SCREENS = {"phone": {"width": 360, "height": 740}, "laptop": {"width": 1280, "height": 800}}

#: Every shift of something that was painted before, however small (W3C, "Layout Instability").
SHIFTS = """() => { window.shifts = []; new PerformanceObserver(list => { for (const shift of list.getEntries())
  window.shifts.push(shift.value.toFixed(4) + " " + shift.sources.map(({node}) => node && (node.className || node.nodeName)).join(", ")); })
  .observe({type: "layout-shift", buffered: true}); }"""


def shifts(page: Page, address: str) -> list[str]:
    """What moves on a page whose shared styles and script come half a second after it, as on a slow line."""
    page.goto(address, wait_until="load")
    page.wait_for_timeout(400)
    return page.evaluate("window.shifts")


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_moves_while_a_page_comes(screen: str, open_page, built_site):
    page = open_page(viewport=SCREENS[screen])
    page.add_init_script(f"({SHIFTS})()")

    def late(route):
        time.sleep(0.5)
        route.continue_()

    page.route("**/assets/site.*", late)
    kinds = {page.tree.body.get("class"): page.address for page in built_site.sample}
    kinds |= {address: address for address in ("id/studies/", "id/about/", "id/search/", "id/offline/", "id/tidak/ada/")}
    expect_none(f"{address}: {shift}" for address in kinds.values() for shift in shifts(page, address))
