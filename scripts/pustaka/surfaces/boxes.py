"""The references in the boxes that say how to cite a study or a page, in every style.

A reference is printed text: of each field it is asked whether it is in it, in the words of the work and in this order. APA's
reference to a study is read field by field besides, against the string that the source prints (rule B601).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from pustaka import reference
from pustaka.reference import Reference
from pustaka.surfaces import Statement, Surface, Value, words
from pustaka.surfaces.document import Document

#: What every style prints: the title, the first author's family name, the year, and the DOI or the address.
_CARRIES = frozenset({"title", "authors", "date", "doi", "url"})
#: The styles, first the site's own, then those that are folded; with the class of the box.
STYLES = ("APA 7", "MLA 9", "Chicago 18", "Harvard", "Vancouver")
BOXES = {"study": "how-to-cite", "page": "cite-page"}

SURFACES = {style: Surface(style, "B608", _CARRIES) for style in STYLES}
#: APA's reference to a study, every field of it.
FULL = Surface("APA 7, in full", "B601", frozenset({"title", "authors", "date", "container", "volume", "issue", "pages", "doi"}))

#: The fields of a `pustaka.reference.Reference`, by ours.
_FULLY = {name: {"authors": "author", "date": "year", "container": "journal"}.get(name, name) for name in FULL.carries}


def references(document: Document, box: str) -> Iterator[tuple[str, HtmlElement]]:
    """The references in a box, by style."""
    for element in document.of_class(box, "section"):
        yield from ((STYLES[0], own) for own in islice(_with(element, "p", "reference"), 1))
        for printed in _with(element, "span", "style-reference"):
            label = printed.getparent().getparent().find("dt")  # <div><dt>style</dt><dd>reference</dd></div>
            yield "" if label is None else " ".join(label.text_content().split()), printed


def _with(element: HtmlElement, tag: str, name: str) -> Iterator[HtmlElement]:
    """The elements of a tag and a class in an element."""
    return (each for each in element.iter(tag) if name in each.get("class", "").split())


class Finding(NamedTuple):
    """How the finding under a heading is cited by the button beside it: the text, the heading's id, and the line."""

    text: str
    heading: str
    line: int


def findings(document: Document) -> Iterator[Finding]:
    """What the buttons beside the headings of a page copy, before the address."""
    for links in document.of_class("heading-links", "span"):
        if (text := links.get("data-cite")) is not None:
            yield Finding(words(text), links.getparent().get("id", ""), links.sourceline or 1)


def names(text: str, fields: Mapping[str, Value]) -> bool:
    """Whether a text names a work by its first author and its year, as far as it has them."""
    found = due(fields, is_study=True)
    return all(_words(str(found[name])) in _words(text) for name in ("authors", "date") if found[name])


def due(fields: Mapping[str, Value], is_study: bool) -> dict[str, Value]:
    """What must be in a reference: of the authors the first one's family name, of the date the year, of a DOI and a URL the first."""
    authors = fields.get("authors")
    found = {"title": fields.get("title", ""), "authors": authors[0][0] if authors else "", "date": str(fields.get("date", ""))[:4]}
    return found | ({"doi": fields["doi"]} if is_study and fields.get("doi") else {"url": fields.get("url", "")})


def statement(style: str, document: Document, subject: str, element: HtmlElement, due: Mapping[str, Value]) -> Statement:
    """What of the due a reference has in it; of what it has not, there is the whole of its text to be seen."""
    text = words(element.text_content())
    held = {name: _words if name in ("title", "authors") else str.casefold for name in due}
    said = {name: value if held[name](str(value)) in held[name](text) else text for name, value in due.items() if value}
    line = element.sourceline or 1
    return Statement(SURFACES[style].name, document.page.path, document.url, subject, said, line)


@lru_cache(maxsize=100_000)  # the same words are asked for in every style
def _words(text: str) -> str:
    """The words alone, in small letters: capitals and marks are a matter of style, and citation engines run marks together."""
    return " ".join(["", *re.findall(r"\w+", text.casefold()), ""])


def full_due(due: Reference) -> dict[str, Value]:
    """What APA's reference to a study must say, all of it."""
    if due.journal:
        return {name: getattr(due, theirs) for name, theirs in _FULLY.items()}
    return {name: getattr(due, theirs) for name, theirs in _FULLY.items() if name in ("title", "authors", "date", "doi")}


def full(document: Document, subject: str, element: HtmlElement, due: Reference) -> Statement:
    """What APA's reference to a study says: where it agrees with what is due, in the very same words."""
    wrong = {name: said for name, said, _ in reference.disagreements(reference.read(element.text_content(), due.journal), due)}
    said = {name: wrong.get(_FULLY[name], wanted) for name, wanted in full_due(due).items()}
    stated = {name: value for name, value in said.items() if value}
    return Statement(FULL.name, document.page.path, document.url, subject, stated, element.sourceline or 1)
