"""A book as an EPUB 3.3 (W3C Recommendation): a file for each chapter, the same bytes whenever it is made.

Sources: W3C, "EPUB 3.3"; "EPUB Accessibility 1.1", 2.2 (discovery metadata); "EPUB 3 Structural Semantics Vocabulary 1.1".
"""

from __future__ import annotations

import mimetypes
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from urllib.parse import unquote

import lxml.etree
from lxml.html import HtmlElement

from pustaka.export.book.chapters import Book, Chapter, copied, inner
from pustaka.export.book.front import front
from pustaka.export.book.single import instead
from pustaka.render.address import absolute
from pustaka.render.delivery import Stylesheet
from pustaka.render.publication import Publication

_SVG = "{http://www.w3.org/2000/svg}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: The earliest moment that a ZIP archive can state: no file in it says when it was made.
_NEVER = (1980, 1, 1, 0, 0, 0)

#: The pictures that every reading system shows (EPUB 3.3, 3.2).
_CORE = frozenset({"image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp"})


def epub(publication: Publication, book: Book, styles: str, drawn: Stylesheet, media: Mapping[str, bytes]) -> bytes:
    """The bytes of a book's EPUB.

    Args:
        styles: the style sheet of EPUBs.
        drawn: the styles of the site; those that a drawing uses are added.
        media: pictures by their address below the site's root.
    """
    return _zipped(dict(_files(publication, book, styles, drawn, media)))


def _files(publication: Publication, book: Book, styles: str, drawn: Stylesheet, media: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    pictures: dict[str, str] = {}
    root = absolute(publication.settings.address, "")
    chapters = [_chapter(chapter, root, media, pictures) for chapter in book.chapters]
    terms = [_as_xml(copied(term)) for term in book.terms]
    work = publication.works[book.study.entry]
    values = front(publication, book, "xml") | {
        "chapters": chapters,
        "terms_html": "".join(lxml.etree.tostring(term, encoding="unicode") for term in terms),
        "pictures": [{"href": href, "media_type": mimetypes.guess_type(href)[0]} for href in pictures.values()],
        "has_drawings": bool(pictures) or any(chapter["has_drawings"] for chapter in chapters),
        "authors": [author.natural for author in work.authors],
        "made_from": work.address or work.text("title"),
    }

    def printed(template: str, **more: object) -> bytes:
        return publication.templates.get_template(f"book/{template}").render(**values, **more).encode("utf-8")

    yield "META-INF/container.xml", printed("container.xml")
    yield "EPUB/package.opf", printed("package.opf")
    yield "EPUB/nav.xhtml", printed("nav.xhtml")
    yield "EPUB/title.xhtml", printed("title.xhtml")
    for chapter in chapters:
        yield f"EPUB/{chapter['id']}.xhtml", printed("chapter.xhtml", chapter=chapter)
    if terms:
        yield "EPUB/terms.xhtml", printed("terms.xhtml")
    if book.references:
        yield "EPUB/references.xhtml", printed("references.xhtml")
    yield "EPUB/about.xhtml", printed("about.xhtml")
    figures = "".join(_figures(book))
    yield "EPUB/style.css", (styles + (drawn.naming(figures) if figures else "")).encode("utf-8")
    for name, href in pictures.items():
        yield f"EPUB/{href}", media[name]


def _figures(book: Book) -> Iterator[str]:
    """The drawings of a book, each with the figure it stands in."""
    for chapter in book.chapters:
        for drawing in chapter.body.iter(f"{_SVG}svg"):
            figure = next(drawing.iterancestors("figure"), drawing)
            yield lxml.etree.tostring(figure, encoding="unicode", method="html", with_tail=False)


def _chapter(chapter: Chapter, root: str, media: Mapping[str, bytes], pictures: dict[str, str]) -> dict:
    """A chapter as its template prints it; its pictures are added to `pictures`, their names in the archive by their address."""
    body = _as_xml(copied(chapter.body))
    for image in list(body.iter("img")):
        name = unquote(image.get("src", "")).removeprefix(root)
        if name in media and mimetypes.guess_type(name)[0] in _CORE:
            image.set("src", pictures.setdefault(name, f"picture-{len(pictures) + 1}{posixpath.splitext(name)[1].lower()}"))
        else:
            instead(image)
    return {
        "id": chapter.id,
        "title": chapter.title,
        "description": chapter.page.description,
        "address": chapter.address,
        "headings": [heading for heading in chapter.headings if heading.level == 2],
        "has_drawings": next(body.iter(f"{_SVG}svg"), None) is not None,
        "content_html": inner(body, "xml"),
    }


def _as_xml(body: HtmlElement) -> HtmlElement:
    """A tree for XML: links within the book name the file, and languages are marked as XML marks them too (XHTML5, "The lang attribute")."""
    for element in body.iter(lxml.etree.Element):
        if (href := element.get("href", "")).startswith("#") and not str(element.tag).startswith(_SVG):
            element.set("href", f"{_file_of(href[1:])}{href}")
        if language := element.get("lang"):
            element.set(_LANG, language)
            if str(element.tag).startswith(_SVG):
                del element.attrib["lang"]  # SVG 1.1, by which EPUBs are checked, has XML's alone
    return body


def _file_of(identifier: str) -> str:
    """The file in which an id of the book stands."""
    for beginning, name in (("ref", "references"), ("term-", "terms"), ("how-to-cite", "about"), ("study-record", "about")):
        if identifier.startswith(beginning):
            return f"{name}.xhtml"
    return f"{identifier.partition('-')[0]}.xhtml"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """The archive: the media type first, by itself and not compressed (EPUB 3.3, 4.3.3), then the files."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(_entry("mimetype"), b"application/epub+zip")
        for name, data in files.items():
            archive.writestr(_entry(name), data, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _NEVER)
    entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on every system
    return entry
