"""What readers read of a page: its title, its text by heading, the cells of its tables, the words of its drawings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import html

#: What stands on a page and is no part of what it says: menus, buttons, links beside headings, the reference of a citation that
#: shows when it is pointed at, examples of code.
_FURNITURE_TAGS = frozenset("nav button form script style template link input dialog pre head noscript".split())
_FURNITURE = frozenset("heading-links permalink entry-card entry-links other-styles meta basis unseen backlinks copy downloads".split())

#: What is read in one go; a row of a table is, its cells are not.
_BLOCKS = frozenset("h1 h2 h3 h4 h5 h6 p li dt dd tr figcaption text summary blockquote caption".split())
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5}

#: What a citation that is left out leaves behind: a space before the point.
_SPACED = re.compile(r" ([.,;:])(?!\S)")

#: The level of what has an address and no title of its own, such as an entry of the bibliography.
ITEM = 6


@dataclass(frozen=True)
class Passage:
    """A block of text. `level` is that of a heading (1 to 5), `ITEM`, or 0; `id` is its address on the page, where it has one."""

    text: str
    level: int = 0
    id: str = ""


def passages(page: str) -> list[Passage]:
    """The text of a page as it is sent, in its order."""
    main = html.document_fromstring(page).find(".//main")
    return [] if main is None else [passage for passage in _inside(main, "") if passage.text]


def _inside(element: html.HtmlElement, address: str) -> Iterator[Passage]:
    """The passages inside an element.

    Args:
        address: the id of the nearest element around that has one and is no heading, for a term that is its title.
    """
    for child in element.iterchildren(tag=html.etree.Element):
        if child.tag == "link":  # the shared styles are asked for where the text ends: what follows is boxes, the same on all pages
            return
        if not _is_read(child):
            continue
        around = child.get("id") or address
        if child.tag not in _BLOCKS:
            yield from _inside(child, around if child.tag == "div" else "")
            continue
        yield _passage(child, around)
        yield from _inside(child, "")


def _passage(block: html.HtmlElement, address: str) -> Passage:
    parts = [" ".join(_own(cell)) for cell in block] if block.tag == "tr" else ["".join(_own(block))]
    text = "; ".join(filter(None, (_SPACED.sub(r"\1", " ".join(part.split())) for part in parts)))
    if block.tag in _HEADINGS:
        return Passage(text, _HEADINGS[block.tag], block.get("id", ""))
    if block.tag == "dt" and address:
        return Passage(text, 3, address)
    if block.tag == "li" and block.get("id"):
        return Passage(text, ITEM, block.get("id"))
    return Passage(text)


def _own(element: html.HtmlElement) -> Iterator[str]:
    """The text of an element without that of the blocks inside it."""
    yield element.text or ""
    for child in element:
        if _is_read(child) and child.tag not in _BLOCKS:
            yield from _own(child)
        elif child.tag in _BLOCKS:
            yield " "
        yield child.tail or ""


def _is_read(element: html.HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.tag in _FURNITURE_TAGS or element.get("hidden") is not None:
        return False
    classes = element.get("class", "").split()
    return not (_FURNITURE & set(classes) or ("citation" in classes and _is_aside(element)))


def _is_aside(citation: html.HtmlElement) -> bool:
    """Whether a citation stands in brackets, and the sentence can be read without it."""
    return citation.text_content().lstrip().startswith("(")
