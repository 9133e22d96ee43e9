"""The drawings as they are seen: every word within its box, letters that can be read, colours, ids, sizes."""

from __future__ import annotations

import gzip
import re

import pytest
from conftest import expect_none

pytestmark = pytest.mark.our_studies

#: What a drawing may weigh as it is sent, in bytes.
HEAVIEST = 1_200

#: Of every text of every drawing what it says, and what is wrong with where it stands.
OUTSIDE = """() => [...document.querySelectorAll("figure svg text")].map(text => {
  const svg = text.ownerSVGElement, box = text.getBoundingClientRect(), page = svg.getBoundingClientRect();
  const scale = page.width / svg.viewBox.baseVal.width, middle = [box.x + box.width / 2, box.y + box.height / 2];
  const holds = e => {
    const b = e.getBoundingClientRect();
    return b.left <= middle[0] && b.right >= middle[0] && b.top <= middle[1] && b.bottom >= middle[1];
  };
  const holder = [...svg.querySelectorAll(".box, circle")].filter(holds).pop();
  const room = (holder || svg).getBoundingClientRect(), edge = holder ? 4 * scale : 0, others = [...svg.querySelectorAll("text")];
  const faults = [];
  if (!box.width) faults.push("is not there");
  if (box.left < room.left + edge - .6 || box.right > room.right - edge + .6) faults.push("is wider than its place");
  if (box.top < page.top - 4 || box.bottom > page.bottom + 1) faults.push("is cut off");
  if (parseFloat(getComputedStyle(text).fontSize) * scale < 13) faults.push("has letters below 13 px");
  const meets = e => {
    const b = e.getBoundingClientRect();
    return e !== text && b.left < box.right - 1 && b.right > box.left + 1 && b.top < box.bottom - 5 && b.bottom > box.top + 5;
  };
  if (others.some(meets)) faults.push("stands on another");
  return [text.textContent, faults];
})"""

#: Of every text its contrast with what is painted below it.
CONTRAST = """() => {
  const rgb = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = colour => {
    const [r, g, b] = rgb(colour).map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ground = getComputedStyle(document.documentElement).backgroundColor;
  return [...document.querySelectorAll("figure svg text")].map(text => {
    text.scrollIntoView({block: "center"});
    const box = text.getBoundingClientRect();
    const below = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      .find(e => e.closest("svg") && e.tagName !== "svg" && e.tagName !== "text" && getComputedStyle(e).fill !== "none");
    if (!box.width) return [text.textContent, 0];
    const [a, b] = [light(getComputedStyle(text).fill), light(below ? getComputedStyle(below).fill : ground)];
    return [text.textContent, (Math.max(a, b) + .05) / (Math.min(a, b) + .05)];
  });
}"""


@pytest.fixture(scope="module")
def with_figures(built_site) -> list[str]:
    """The addresses of the pages that have a drawing."""
    return [page.address for page in built_site.sample if "<figure" in page.file.read_text("utf-8")]


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_every_word_in_every_drawing_fits(width: int, with_figures: list[str], open_page):
    """SVG does not wrap: a longer word in another language, or a wider font, would be cut off."""
    page = open_page(viewport={"width": width, "height": 800})
    found = [(address, *text) for address in with_figures for text in (page.goto(address), page.evaluate(OUTSIDE))[1]]
    assert len(found) > 150
    expect_none(f"{address}: “{text}” {fault}" for address, text, faults in found for fault in faults)


@pytest.mark.parametrize(("scheme", "media"), [("light", "screen"), ("dark", "screen"), ("light", "print")])
def test_every_word_in_every_drawing_stands_out(scheme: str, media: str, with_figures: list[str], open_page):
    page = open_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    page.emulate_media(media=media)
    found = [(address, *text) for address in with_figures for text in (page.goto(address), page.evaluate(CONTRAST))[1]]
    assert len(found) > 150
    expect_none(f"{address}: “{text}” has a contrast of {ratio:.1f}" for address, text, ratio in found if ratio < 7)


def test_forced_colours_leave_shapes_and_words(with_figures: list[str], open_page):
    """A drawing has the colours that the reader chose, and its marks are told from what is written on them."""
    page = open_page(viewport={"width": 360, "height": 800}, forced_colors="active")
    for address in with_figures:
        page.goto(address)
        styles = page.evaluate("""() => [...document.querySelectorAll("figure svg :is(.hue, .box)")].map(e => getComputedStyle(e).fill)""")
        assert set(styles) <= {"rgb(0, 0, 0)", "rgb(255, 255, 255)"}, address


def test_a_drawing_is_heard_as_one_picture_with_its_words(with_figures: list[str], open_page):
    page = open_page()
    for address in with_figures:
        page.goto(address)
        for picture in page.locator("figure svg").all():
            name = picture.evaluate("e => e.querySelector('title').textContent + ' ' + e.querySelector('desc').textContent")
            assert len(name) > 100
            assert page.get_by_role("img", name=name, exact=True).count() == 1


def test_both_languages_have_the_same_drawings_small_and_without_styles_of_their_own(built_site):
    drawings = {page.address: re.findall(r"<svg[^>]*role=\"?img.*?</svg>", page.file.read_text("utf-8"), re.DOTALL) for page in built_site.pages}
    assert sum(map(len, drawings.values())) >= 12
    for address, found in drawings.items():
        other = address.replace("id/", "en/", 1)
        assert address[:3] != "id/" or len(drawings.get(other, ())) == len(found)
        for drawing in found:
            assert len(gzip.compress(drawing.encode(), 9)) <= HEAVIEST, address
            assert not re.search(r"\sstyle=|<style", drawing), address


def test_captions_cite(built_site):
    """But those of the pages for contributors, which say nothing of a study."""
    pages = [page for page in built_site.sample if "/contribute/" not in page.address]
    captions = [caption for page in pages for caption in page.tree.iter("figcaption")]
    assert len(captions) >= 12
    assert all(caption.xpath(".//span[@class='cite']/a") for caption in captions)
