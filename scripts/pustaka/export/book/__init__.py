"""The one-file downloads: a whole study in a language as one HTML page and as one EPUB, to be read and passed on without a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pustaka.export.book import epub, single
from pustaka.export.book.chapters import Binding
from pustaka.model import Assets, Page, Study
from pustaka.render.address import relative
from pustaka.render.delivery import Stylesheet, small_styles
from pustaka.render.language import file_size
from pustaka.render.publication import Publication


@dataclass(frozen=True)
class BookFile:
    """A file to take along: its address below the site's root, its media type and its bytes."""

    address: str
    media_type: str
    data: bytes


def address(study: Study, language: str, suffix: str) -> str:
    """Where a study's file stands, for good; its name tells what it is, and of which edition, wherever it is passed on."""
    return f"{language}/{study.name}/{study.file_stem(study.version, language)}.{suffix}"


def books(publication: Publication, assets: Assets, contents: Mapping[str, str], media: Mapping[str, bytes]) -> dict[str, tuple[BookFile, ...]]:
    """The files of each study in each language, by the path of the overview that offers them.

    Args:
        assets: the styles of the site's pages and of books.
        contents: the HTML of each page's text, by the page's path.
        media: the pictures that pages show, by their address below the site's root.
    """
    binding = Binding(publication, contents)
    styles = Stylesheet(small_styles("\n".join((assets.page_styles, assets.rest_styles, assets.book_styles))))
    made = {}
    for study in publication.site.studies:
        for language in publication.site.languages:
            if book := binding.book(study, language):
                html = single.page(publication, book, styles, media)
                zipped = epub.epub(publication, book, assets.epub_styles, styles, media)
                made[book.overview.path] = (
                    BookFile(address(study, language, "html"), "text/html", html.encode("utf-8")),
                    BookFile(address(study, language, "epub"), "application/epub+zip", zipped),
                )
    return made


def offered(publication: Publication, page: Page, made: Mapping[str, tuple[BookFile, ...]]) -> list[dict]:
    """The files that a page offers, as its template prints them: of a study's overview the two of its language, of any other none."""
    language = publication.language_of(page)
    words = publication.words(language)
    labels = {"text/html": words["book_html"], "application/epub+zip": words["book_epub"]}
    return [
        {
            "label": labels[file.media_type],
            "href": relative(page.url, file.address),
            "media_type": file.media_type,
            "size_text": file_size(len(file.data), publication.locale(language)),
        }
        for file in made.get(page.path, ())
    ]
