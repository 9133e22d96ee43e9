"""A book as one HTML page that needs nothing else: its styles stand in it, its pictures too, and it has no script."""

from __future__ import annotations

import mimetypes
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import unquote

import lxml.etree
from lxml.html import HtmlElement

from pustaka.export.book.chapters import Book, Chapter, copied, inner
from pustaka.export.book.front import front
from pustaka.render.address import absolute
from pustaka.render.delivery import Stylesheet, alone
from pustaka.render.publication import Publication


def page(publication: Publication, book: Book, styles: Stylesheet, media: Mapping[str, bytes]) -> str:
    """The HTML of a book.

    Args:
        styles: those of the site's pages and of books; what the book does not use is left out.
        media: pictures by their address below the site's root.
    """
    root = absolute(publication.settings.address, "")
    chapters = [_chapter(chapter, root, media) for chapter in book.chapters]
    terms = "".join(lxml.etree.tostring(term, encoding="unicode", method="html") for term in book.terms)
    html = publication.templates.get_template("book/single.html").render(chapters=chapters, terms_html=terms, **front(publication, book, "html"))
    return alone(html, styles)


def _chapter(chapter: Chapter, root: str, media: Mapping[str, bytes]) -> dict:
    body = copied(chapter.body)
    for level in (5, 4, 3, 2):  # the book's own title is above them
        for heading in list(body.iter(f"h{level}")):
            heading.tag = f"h{level + 1}"
    for image in list(body.iter("img")):
        _embed(image, root, media)
    return {
        "id": chapter.id,
        "title": chapter.title,
        "description": chapter.page.description,
        "address": chapter.address,
        "headings": [heading for heading in chapter.headings if heading.level == 2],
        "content_html": inner(body, "html"),
    }


def _embed(image: HtmlElement, root: str, media: Mapping[str, bytes]) -> None:
    """A picture of the site into the page itself; of any other host, its words alone."""
    name = unquote(image.get("src", "")).removeprefix(root)
    if name in media:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        image.set("src", f"data:{kind};base64,{b64encode(media[name]).decode()}")
    else:
        instead(image)


def instead(image: lxml.etree._Element) -> None:
    """The words of a picture in its place."""
    text, tail = image.get("alt", ""), image.tail
    image.clear()
    image.tag, image.text, image.tail = "span", text, tail
