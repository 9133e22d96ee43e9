"""Card images: the picture of each page that apps show beside a link to it (Open Graph), drawn by Typst with the fonts that it carries."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import typst

#: Pixels, as `overrides/cards/card.typ` sets its pages: the picture that every app shows large.
WIDTH, HEIGHT = 1200, 630

#: So many cards are drawn as one document. To start a document takes as long as to draw a card; to keep one takes memory.
_TOGETHER = 16

#: The length up to which words are shown whole; of longer ones the beginning. No reader could read the rest, nor would 300 kB hold it.
LONGEST_TITLE, LONGEST = 200, 100

#: How a PNG begins and ends (PNG Specification, third edition, 5.2 and 11.2.5): a file that was cut off has not both.
_PNG = (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82")

#: The name of a kept card, finished or not.
_OURS = re.compile(r"[0-9a-f]{64}\.png(\.\d+)?$")


class CardError(Exception):
    """The template cannot be drawn."""


@dataclass(frozen=True)
class Card:
    """What the card of a page says; `above` and `byline` may be empty.

    Typst carries fonts for Latin, Greek, Cyrillic and Hebrew letters; of other scripts most letters come out as boxes.

    Args:
        title: of the page.
        above: the study's short title, or the section that the page belongs to.
        byline: author and year of the study: "Sari (2022)".
        language: of the page, a BCP 47 tag.
        language_name: its name in itself: "Bahasa Indonesia".
    """

    title: str
    above: str
    byline: str
    site_name: str
    tagline: str
    language: str
    language_name: str


def cards(template: str, cards: Sequence[Card], kept: Path | None = None) -> list[bytes]:
    """A PNG for each card, in their order; the same card is the same bytes, at any time.

    Typst draws without holding the interpreter's lock: called in a thread, it leaves the build one processor.

    Args:
        template: the text of `overrides/cards/card.typ`, which prints a page for each card in `sys.inputs.cards` (JSON).
        kept: a folder of nothing else, where the cards of this call are kept for the next one, and those of the last are dropped.
            It may be missing, emptied at any time, or not writable: then cards are drawn anew.

    Raises:
        CardError: the template is not valid Typst, or has not one page for each card.
    """
    names = {card: _name(template, card) for card in cards}
    drawn = _found(kept, names) if kept else {}
    missing = [card for card in names if card not in drawn]
    drawn |= zip(missing, _draw(template, missing), strict=True)
    if kept:
        _keep(kept, {names[card]: drawn[card] for card in missing}, set(names.values()))
    return [drawn[card] for card in cards]


# -- Drawing -----------------------------------------------------------------------------------------------------


@cache
def _fonts() -> typst.Fonts:
    """The fonts inside Typst, and no other: a card looks the same wherever it is drawn."""
    return typst.Fonts(include_system_fonts=False)


def _draw(template: str, cards: Sequence[Card]) -> list[bytes]:
    portions = [cards[start : start + _TOGETHER] for start in range(0, len(cards), _TOGETHER)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [png for pngs in pool.map(lambda portion: _document(template, portion), portions) for png in pngs]


def _document(template: str, cards: Sequence[Card]) -> list[bytes]:
    """The pages of one document, at a pixel a point (a point is a 72nd of an inch)."""
    data = json.dumps([_shown(card) for card in cards])
    try:
        pages = typst.compile(template.encode(), font_paths=_fonts(), sys_inputs={"cards": data}, format="png", ppi=72)
    except typst.TypstError as error:
        raise CardError(f"the template of the card images cannot be drawn: {error.diagnostic.strip()}") from error
    pages = [pages] if isinstance(pages, bytes) else pages
    if len(pages) != len(cards):
        raise CardError(f"the template of the card images prints {len(pages)} pages for {len(cards)} cards: it must print one for each")
    return pages


def _shown(card: Card) -> dict[str, str]:
    """A card's words, each field on one line and no longer than a card shows."""
    return {name: _line(words, LONGEST_TITLE if name == "title" else LONGEST) for name, words in asdict(card).items()}


def _line(words: str, longest: int) -> str:
    line = re.sub(r"[\t-\r\x85\u2028\u2029 ]+", " ", words).strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


# -- Keeping -----------------------------------------------------------------------------------------------------


def _name(template: str, card: Card) -> str:
    """The name of a kept card: a hash over all that it follows from, so that it cannot be stale."""
    return hashlib.sha256(json.dumps([typst.__version__, template, _shown(card)]).encode()).hexdigest() + ".png"


def _found(folder: Path, names: Mapping[Card, str]) -> dict[Card, bytes]:
    """The cards that are kept, whole."""
    found = {}
    for card, name in names.items():
        with contextlib.suppress(OSError):
            png = (folder / name).read_bytes()
            if png.startswith(_PNG[0]) and png.endswith(_PNG[1]):
                found[card] = png
    return found


def _keep(folder: Path, new: Mapping[str, bytes], names: Set[str]) -> None:
    """Keep the new cards, and no card but those of the names. Where that is not possible (a full disk), nothing more is kept."""
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        for name, png in new.items():
            unfinished = folder / f"{name}.{os.getpid()}"
            unfinished.write_bytes(png)
            unfinished.replace(folder / name)
        for file in folder.iterdir():
            if _OURS.match(file.name) and file.name not in names:
                file.unlink(missing_ok=True)
