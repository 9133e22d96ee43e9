"""The references in the boxes that say how to cite a study or a page, in every style.

A reference is printed text: of each field it is asked whether it is in it, in the words of the work and in this order. APA's
reference to a study is read field by field besides, against the string that the source prints (rule B601).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml.html import HtmlElement

from pustaka.surfaces import Statement, Surface, Value, words
from pustaka.surfaces.document import Document

#: What every style prints: the title, the first author's family name, the year, and the DOI or the address.
_CARRIES = frozenset({"title", "authors", "date", "doi", "url"})
#: The styles, first the site's own, then those that are folded; with the class of the box.
STYLES = ("APA 7", "MLA 9", "Chicago 18", "Harvard", "Vancouver")
BOXES = {"study": "how-to-cite", "page": "cite-page"}

SURFACES = {style: Surface(f"reference, {style}", "B608", _CARRIES) for style in STYLES}


def references(document: Document, box: str) -> Iterator[tuple[str, HtmlElement]]:
    """The references in a box, by style."""
    for element in document.of_class(box):
        for reference in element.find_class("reference")[:1]:
            yield STYLES[0], reference
        for other in element.find_class("other-styles"):
            labels = [" ".join(label.text_content().split()) for label in other.iter("dt")]
            yield from zip(labels, other.find_class("style-reference"), strict=False)


def due(fields: Mapping[str, Value], is_study: bool) -> dict[str, Value]:
    """What must be in a reference: of the authors the first one's family name, of the date the year, of a DOI and a URL the first."""
    authors = fields.get("authors")
    found = {"title": fields.get("title", ""), "authors": authors[0][0] if authors else "", "date": str(fields.get("date", ""))[:4]}
    return found | ({"doi": fields["doi"]} if is_study and fields.get("doi") else {"url": fields.get("url", "")})


def statement(style: str, document: Document, subject: str, reference: HtmlElement, due: Mapping[str, Value]) -> Statement:
    """What of the due a reference has in it; of what it has not, there is the whole of its text to be seen."""
    text = words(reference.text_content())
    small = text.casefold()
    said = {name: value if str(value).casefold() in small else text for name, value in due.items() if value}
    line = reference.sourceline or 1
    return Statement(SURFACES[style].name, document.page.path, document.url, subject, said, line)
