"""Old ids on the page that they are asked for on: as an alias where the place has another id now, as a line where it went to another page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from pustaka.addresses import bare, split, spoken
from pustaka.model import Page
from pustaka.render.address import relative
from pustaka.render.publication import Publication, heading_text

#: Elements that hold no words themselves, but others that do (HTML, “Content models”); a term's <div> is one when a <dt> follows.
_INNER = re.compile(r"\s*<(?:caption|dt|li|tbody|td|th|thead|tr)\b[^<>]*>")


def aliases(publication: Publication, page: Page) -> dict[str, list[str]]:
    """The old ids of each place on a page by its present one; of the page as a whole by `main`."""
    found: dict[str, list[str]] = {}
    for identifier, target in _moved(publication, page):
        url, present = split(target)
        if url == _bare(page):
            found.setdefault(present or "main", []).append(identifier)
    return found


def moved(publication: Publication, page: Page) -> list[dict]:
    """The places of a page that went to another one: the old id, the link to where they are, and its words."""
    return [
        {"id": identifier, "href": relative(page.url, spoken(target, page.language)), "title": title(publication, target, page.language)}
        for identifier, target in _moved(publication, page)
        if split(target)[0] != _bare(page)
    ]


def title(publication: Publication, target: str, language: str) -> str:
    """What a redirect's target (an address without language) is called: the heading, and the page; of a file its address."""
    url, identifier = split(target)
    page = publication.site.page(language, url.removesuffix("/"))
    if page is None:
        return spoken(target, language)
    heading = next((section.title for section in page.sections if section.id == identifier), "") if identifier else ""
    return f"{heading_text(heading)} – {publication.title_alone(page)}" if heading else publication.title_alone(page)


def with_aliases(html: str, old: Mapping[str, Iterable[str]]) -> str:
    """A printed page with empty elements that bear old ids, each at the beginning of the element that has the present one.

    Args:
        old: the old ids by the present one; one that is not on the page is passed over, for the check of the built site tells it.
    """
    for present, identifiers in old.items():
        start = re.search(rf'<[a-z][a-z0-9]*\b[^<>]*?\sid="{re.escape(escape(present))}"[^<>]*>', html)
        if start is None:
            continue
        position = start.end()
        while inner := _INNER.match(html, position):
            position = inner.end()
        spans = "".join(f'<span id="{escape(identifier)}"></span>' for identifier in identifiers)
        html = html[:position] + spans + html[position:]
    return html


def _moved(publication: Publication, page: Page) -> list[tuple[str, str]]:
    """The old ids of a page, and the address, without language, to which each leads."""
    found = ((*split(old), new) for old, new in publication.redirects.items()) if page.language else ()
    return [(identifier, new) for url, identifier, new in found if identifier and url == _bare(page)]


def _bare(page: Page) -> str:
    return bare(page.url, (page.language,))[0]
