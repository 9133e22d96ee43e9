"""What a screen reader hears first of a page of ours."""

from __future__ import annotations

from playwright.sync_api import expect


def test_a_screen_readers_outline_is_landmarks_and_headings_by_their_words(open_page):
    """The accessibility tree of a findings page: what somebody jumps by who hears it. A heading is read without its links."""
    page = open_page("id/studies/kecamatan-cibiru/findings/")
    page.locator(".finding button").first.wait_for(state="attached")
    for name in ("Bahasa", "Menu utama", "Posisi halaman ini", "Di halaman ini", "Halaman sebelum dan sesudah", "Menu di kaki halaman"):
        expect(page.get_by_role("navigation", name=name, exact=True)).to_have_count(1)
    for role in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(role)).to_have_count(1)
    titles = ["Berjalan atas arahan kebijakan", "Lima aspek", "Dampak baik dan dampak buruk", "Daftar rujukan", "Kutip halaman ini"]
    for title in titles:
        expect(page.get_by_role("heading", level=2, name=title, exact=True)).to_have_count(1)
    assert page.get_by_role("heading", level=2).count() == len(titles)
    expect(page.get_by_role("img")).to_have_count(1)
