"""The one-file downloads: a whole study in a language as one HTML page and as one EPUB, to be read and passed on without a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pustaka.export.book import epub, single
from pustaka.export.book.chapters import Binding
from pustaka.model import Assets, Page, Study
from pustaka.parallel import in_shares
from pustaka.render.address import relative
from pustaka.render.delivery import stylesheet
from pustaka.render.language import file_size
from pustaka.render.publication import Publication

#: Writes a file of the site: given its address below the root and its bytes, gives back where it stands.
Write = Callable[[str, bytes], Path]

#: Makes what belongs to a page, or finds it as it was made in an earlier build of the same.
Keep = Callable[[str, Page, Callable[[], bytes]], bytes]


@dataclass(frozen=True)
class BookFile:
    """A file to take along: its address below the site's root, its media type, and its bytes or where they are written.

    `kind` is the interface word by which pages offer it; the word `KIND_for` says, where there is one, what it is good for.
    """

    address: str
    media_type: str
    held: bytes | Path
    kind: str = ""

    @property
    def data(self) -> bytes:
        return self.held.read_bytes() if isinstance(self.held, Path) else self.held

    @property
    def size(self) -> int:
        """In bytes."""
        return self.held.stat().st_size if isinstance(self.held, Path) else len(self.held)


def address(study: Study, language: str, suffix: str, kind: str = "") -> str:
    """Where a study's file stands, for good; its name tells what it is, in which language and version, wherever it is passed on.

    Args:
        kind: what of the study it is ("handout"); "" of the whole.
    """
    name = "-".join(filter(None, (study.slug, kind, language, study.version)))
    return f"{language}/{study.name}/{name}.{suffix}"


def books(
    publication: Publication,
    assets: Assets,
    binding: Binding,
    media: Mapping[str, bytes],
    overviews: Sequence[Page],
    write: Write,
    keep: Keep,
) -> dict[str, tuple[BookFile, ...]]:
    """The files of studies in a language, by the path of the overview that offers them.

    Args:
        overviews: whose files are made.
        assets: the styles of the site's pages and of books.
        binding: where the books are made.
        media: the pictures that pages show, by their address below the site's root.
        write: given a file's address and bytes, writes it and says where: on a large site the books are too much to be held.
        keep: given what a file is, the overview of its study, and what makes it, makes it, or finds it as it was made before.
    """
    styles = stylesheet("\n".join((assets.page_styles, assets.rest_styles, assets.book_styles)))

    def made(overview: Page) -> tuple[BookFile, ...]:
        study, language = publication.site.study_of(overview), overview.language
        book = cache(lambda: binding.book(study, language))
        whole = keep("html", overview, lambda: single.page(publication, book(), styles, media).encode())
        zipped = keep("epub", overview, lambda: epub.epub(publication, book(), assets.epub_styles, styles, media))
        named = {suffix: address(study, language, suffix) for suffix in ("html", "epub")}
        return (
            BookFile(named["html"], "text/html", write(named["html"], whole), "book_html"),
            BookFile(named["epub"], "application/epub+zip", write(named["epub"], zipped), "book_epub"),
        )

    return {page.path: files for page, files in zip(overviews, in_shares(made, overviews), strict=True)}


def offered(publication: Publication, page: Page, made: Mapping[str, tuple[BookFile, ...]]) -> list[dict]:
    """The files that a page offers, as its template prints them.

    Args:
        made: the files by the path of the page that offers them.
    """
    language = publication.language_of(page)
    words = publication.words(language)
    return [
        {
            "label": words[file.kind],
            "for": words.get(f"{file.kind}_for", ""),
            "type_text": file.address.rpartition(".")[2].upper(),
            "href": relative(page.url, file.address),
            "media_type": file.media_type,
            "size_text": file_size(file.size, publication.locale(language)),
        }
        for file in made.get(page.path, ())
    ]
