"""Our studies' pages explain their terms."""

from __future__ import annotations

from conftest import expect_none


def test_the_studies_pages_explain_their_terms_and_are_no_christmas_tree(built_site):
    """No page has more links to the glossary than one in thirty-five words."""
    faults, total = [], 0
    for page in built_site.pages:
        count, words = len(page.all("a.term")), len(page.text.split())
        total += count
        if count > words / 35:
            faults.append(f"{page}: {count} term links in {words} words")
    expect_none(faults)
    assert total > 200
    for language in ("id", "en"):
        assert len(built_site.page(f"{language}/studies/sahabat-community/findings/").all("a.term")) >= 15
