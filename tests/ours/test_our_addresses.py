"""The addresses that our site has published."""

from __future__ import annotations

from conftest import ROOT

from pustaka import load
from pustaka.surfaces.addresses import Served


def test_no_redirect_page_is_in_sitemap_feed_or_search(built_site):
    assert {page.address for page in built_site.redirects} >= {"id/f/sc-3/", "en/f/kc-1/"}
    for name in ("sitemap.xml", "id/feed.xml"):
        assert "/f/sc-" not in (built_site.folder / name).read_text("utf-8")
    assert "id/f/sc-3/" not in {page.address for page in built_site.pages}


def test_every_address_that_this_site_has_published_leads_on(built_site):
    built = Served(load.built_site(built_site.folder))
    recorded = [each.address for each in load.load(ROOT)[0].published]
    assert len(recorded) > 600
    assert [address for address in recorded if not built.leads(address)] == []
