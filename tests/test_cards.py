"""Card images: every word of a card is on it, whole, whatever the words are; and a card is the same bytes whenever it is drawn."""

from __future__ import annotations

import json
import re
import struct
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import pytest
import typst
from conftest import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from pustaka.render.cards import HEIGHT, LONGEST_TITLE, WIDTH, Card, CardError, cards

TEMPLATE = (ROOT / "overrides" / "cards" / "card.typ").read_text("utf-8")
INDONESIAN = Card(
    title="Jualan daring dari desa",
    above="Maju Community",
    byline="Sari (2022)",
    site_name="Contoh",
    tagline="Hasil penelitian, dibaca bersama",
    language="id",
    language_name="Bahasa Indonesia",
)
ENGLISH = replace(INDONESIAN, title="Selling online from a village", tagline="Research, read together", language="en", language_name="English")
ALONE = replace(INDONESIAN, above="", byline="")
LONG = "Pemberdayaan masyarakat desa melalui pemasaran daring dan penguatan ekonomi berbasis digital: penelitian bersama " + "penjual kerajinan " * 5
MARKUP = '#set page(width: 1pt) *b* _i_ $x^2$ "q" \\ `raw` @key <label> // c /* [ { #panic() } ] ~ == - + \''

# The colours of the template, by which its parts are told apart, and the place of its line.
INK, ACCENT, MUTED = (re.search(rf'let {name} = rgb\("(#\w+)"\)', TEMPLATE)[1] for name in ("ink", "accent", "muted"))
LINE = 490


class Glyph(NamedTuple):
    """A letter as it is drawn: which drawing, and the box around it, in pixels from the top left."""

    drawing: str
    colour: str
    left: float
    top: float
    right: float
    bottom: float


def drawn(card: Card) -> list[Glyph]:
    """The letters of a card, in the order of reading, out of the same template's SVG."""
    svg = typst.compile(
        TEMPLATE.encode(), font_paths=typst.Fonts(include_system_fonts=False), sys_inputs={"cards": json.dumps([asdict(card)])}, format="svg"
    )
    root = etree.fromstring(svg)
    boxes = {symbol.get("id"): box_of(symbol[0].get("d")) for symbol in root.iter("{*}symbol")}
    return [glyph_of(use, boxes) for use in root.iter("{*}use")]


def glyph_of(use: etree._Element, boxes: dict[str, tuple[float, ...]]) -> Glyph:
    drawing = use.get("{http://www.w3.org/1999/xlink}href").removeprefix("#")
    left, low, right, high = boxes[drawing]
    x, y = float(use.get("x")), float(use.get("y"))
    corners = [(x + left, y + low), (x + right, y + high)]
    for group in use.iterancestors("{*}g"):
        kind, numbers = re.fullmatch(r"(\w+)\((.*)\)", group.get("transform")).groups()
        values = [float(number) for number in numbers.split()]
        a, b, c, d, e, f = values if kind == "matrix" else (1, 0, 0, 1, *values, 0)[:6]
        corners = [(a * x + c * y + e, b * x + d * y + f) for x, y in corners]
    (x1, y1), (x2, y2) = corners
    return Glyph(drawing, use.get("fill"), min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def box_of(path: str) -> tuple[float, float, float, float]:
    """The box around a path's points (its curves lie within it): left, low, right, high."""
    points = list(points_of(path))
    return min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)


def points_of(path: str) -> Iterator[tuple[float, float]]:
    """The points of a path of M, m, l, h, v, c, q and Z (SVG 2, 9.3)."""
    x = y = 0.0
    for command, rest in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        numbers = [float(number) for number in rest.split()]
        if command in "hv":
            numbers = [numbers[0], 0] if command == "h" else [0, numbers[0]]
        assert command in "MmlhvcqZ", command
        pairs = [(0 if command == "M" else x) + dx for dx in numbers[::2]], [(0 if command == "M" else y) + dy for dy in numbers[1::2]]
        yield from zip(*pairs, strict=True)
        if numbers:
            x, y = pairs[0][-1], pairs[1][-1]


def part(glyphs: list[Glyph], colour: str, below: bool = False) -> list[Glyph]:
    return [glyph for glyph in glyphs if glyph.colour == colour and (glyph.top > LINE) == below]


def same_letters(glyphs: list[Glyph], words: str) -> bool:
    """Whether there is a glyph for each letter, the same for the same letter, another for another."""
    letters = re.sub(r"[\s\u200b]", "", words)
    pairs = set(zip((glyph.drawing for glyph in glyphs), letters, strict=False))
    return len(glyphs) == len(letters) and len(pairs) == len({drawing for drawing, _ in pairs}) == len(set(letters))


def expect_whole(card: Card) -> None:
    """Every word is there, in its place, inside the margins, and nothing lies upon anything else."""
    glyphs = drawn(card)
    section, title, byline = part(glyphs, ACCENT), part(glyphs, INK), part(glyphs, MUTED)
    for glyphs_of, words in ((section, card.above), (title, card.title), (byline, card.byline), (part(glyphs, INK, below=True), card.site_name)):
        assert same_letters(glyphs_of, words), words
    assert same_letters(part(glyphs, ACCENT, below=True), card.language_name)
    assert len(part(glyphs, MUTED, below=True)) == len(re.sub(r"\s", "", card.tagline))
    for glyph in glyphs:
        assert glyph.left > 285 and glyph.right < 1140 and glyph.top > 50 and glyph.bottom < 610, glyph
    for upper, lower in ((section, title), (title, byline), (section, byline)):
        assert not upper or not lower or max(glyph.bottom for glyph in upper) < min(glyph.top for glyph in lower)
    assert max(glyph.bottom for glyph in section + title + byline) < LINE


def size_of(png: bytes) -> tuple[int, int]:
    """The width and height in a PNG's header (PNG Specification, third edition, 11.2.1)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
    return struct.unpack(">II", png[16:24])


# -- What is on a card -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("card", [INDONESIAN, ENGLISH, ALONE], ids=["Indonesian", "English", "no study"])
def test_card_has_every_word(card):
    expect_whole(card)


@pytest.mark.parametrize(
    "title",
    [MARKUP, LONG[:LONGEST_TITLE], "W" * LONGEST_TITLE, "https://doi.org/10.1234/" * 8, "a\u00a0" * 100, "i", "ABCD: 1"],
    ids=["markup", "long", "one word", "address", "unbreakable", "short", "digits"],
)
def test_any_title_stands_whole(title):
    expect_whole(replace(INDONESIAN, title=title))


def test_long_words_around_the_title_stand_whole():
    expect_whole(replace(INDONESIAN, title=LONG, above="Masyarakat " * 9, byline="Penulis, " * 11, site_name="N" * 60, language_name="B" * 60))


@settings(max_examples=60, deadline=None)
@given(st.text("abcdeghijklmnopqrsuvwxyzABCDEGHIJKLMNOPQRSUVWXYZ0123456789  #*$_@", min_size=1, max_size=LONGEST_TITLE).filter(str.strip))
@example("a" * 60 + " " + "b" * 60)
def test_made_up_titles_stand_whole(title):
    expect_whole(replace(INDONESIAN, title=title))


def test_a_title_is_set_as_large_as_it_can_be():
    def height(title: str) -> float:
        glyphs = part(drawn(replace(INDONESIAN, title=title)), INK)
        return max(glyph.bottom - glyph.top for glyph in glyphs)

    assert height("Desa") > 50
    assert height("Desa") == pytest.approx(height("Desa Desa Desa Desa"))
    assert 20 < height(LONG[:LONGEST_TITLE]) < height("Desa")
    assert height("D" * LONGEST_TITLE) > 20


def test_the_lines_of_a_title_are_of_like_length():
    title = part(drawn(INDONESIAN), INK)
    [second] = [number for number in range(1, len(title)) if title[number].left < title[number - 1].left]
    assert same_letters(title[:second], "Jualan daring") and same_letters(title[second:], "dari desa")


def test_the_title_begins_in_the_middle_square():
    left = min(glyph.left for glyph in part(drawn(INDONESIAN), INK))
    assert (WIDTH - HEIGHT) / 2 < left < WIDTH / 2


def test_breaks_of_lines_in_the_words_are_spaces():
    once, twice = cards(TEMPLATE, [INDONESIAN, replace(INDONESIAN, title=" Jualan\r\ndaring\tdari  desa\n")])
    assert once == twice


def test_longer_titles_end_in_an_ellipsis():
    cut, whole = cards(TEMPLATE, [replace(INDONESIAN, title="a" * 100_000), replace(INDONESIAN, title="a" * (LONGEST_TITLE - 1) + "…")])
    assert cut == whole


# -- The files ---------------------------------------------------------------------------------------------------


def test_every_card_is_a_picture_of_the_size():
    pngs = cards(TEMPLATE, [INDONESIAN, ENGLISH, ALONE, replace(INDONESIAN, title=(MARKUP * 3)[:LONGEST_TITLE])])
    assert [size_of(png) for png in pngs] == [(WIDTH, HEIGHT)] * 4
    assert max(map(len, pngs)) < 300_000
    assert len(set(pngs)) == 4


def test_cards_stand_in_their_order_and_are_the_same_bytes_each_time():
    many = [replace(INDONESIAN, title=f"Halaman {number % 40}") for number in range(60)]
    together = cards(TEMPLATE, many)
    assert together == [cards(TEMPLATE, [card])[0] for card in many]
    assert len(set(together)) == 40
    assert together[:20] == together[40:]


def test_no_card_no_picture():
    assert cards(TEMPLATE, []) == []


def test_a_hostile_title_takes_no_time():
    start = time.process_time()
    for title in ("g@&%#8" * 20_000, "a " * 50_000, "\u200b" * 100_000, "\n" * 100_000):
        assert len(cards(TEMPLATE, [replace(INDONESIAN, title=title)])[0]) < 300_000
    assert time.process_time() - start < 4


def test_a_template_that_is_not_typst_is_named():
    with pytest.raises(CardError, match="unclosed delimiter"):
        cards("#text(", [INDONESIAN])


def test_a_template_must_print_a_page_for_each_card():
    with pytest.raises(CardError, match="1 pages for 2 cards"):
        cards("one page", [INDONESIAN, ENGLISH])


# -- Kept for the next time --------------------------------------------------------------------------------------


def test_a_kept_card_is_not_drawn_again(tmp_path: Path):
    first = cards(TEMPLATE, [INDONESIAN], tmp_path / "cards")
    [file] = (tmp_path / "cards").iterdir()
    file.write_bytes(cards(TEMPLATE, [ENGLISH])[0])
    assert cards(TEMPLATE, [INDONESIAN], tmp_path / "cards") == cards(TEMPLATE, [ENGLISH]) != first


@pytest.mark.parametrize("rest", [0, 8, 1000], ids=["empty", "signature", "half"])
def test_a_kept_card_that_was_cut_off_is_drawn_anew(tmp_path: Path, rest: int):
    first = cards(TEMPLATE, [INDONESIAN], tmp_path)
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:rest])
    assert cards(TEMPLATE, [INDONESIAN], tmp_path) == first
    assert file.read_bytes() == first[0]


def test_another_template_draws_anew(tmp_path: Path):
    first = cards(TEMPLATE, [INDONESIAN], tmp_path)
    assert cards(TEMPLATE.replace("#fbf6eb", "#ffffff"), [INDONESIAN], tmp_path) != first


def test_only_the_cards_of_the_last_time_are_kept(tmp_path: Path):
    mine = tmp_path / "mine.png"
    mine.write_bytes(b"")
    cards(TEMPLATE, [INDONESIAN], tmp_path)
    (tmp_path / ("0" * 64 + ".png.123")).write_bytes(b"interrupted")
    cards(TEMPLATE, [ENGLISH, ALONE], tmp_path)
    assert len(list(tmp_path.iterdir())) == 3
    assert mine.exists()


def test_where_nothing_can_be_kept_cards_are_drawn(tmp_path: Path):
    taken = tmp_path / "taken"
    taken.write_text("a file, no folder")
    assert cards(TEMPLATE, [INDONESIAN], taken) == cards(TEMPLATE, [INDONESIAN])
    assert taken.read_text() == "a file, no folder"
