"""What both forms of a book say beside its chapters: what it is, what it rests on, how to cite it, and who may pass it on."""

from __future__ import annotations

from pustaka.export.book.chapters import Book, inner, parsed
from pustaka.render.address import absolute
from pustaka.render.publication import Publication


def front(publication: Publication, book: Book, method: str) -> dict:
    """The values that templates of a book print; names that end in _html are markup.

    Args:
        method: "html" or "xml", the syntax of the markup.
    """
    view, settings = book.view, publication.settings
    return {
        "words": view["words"],
        "language": book.language,
        "title": book.overview.title,
        "description": book.overview.description,
        "site_name": settings.name,
        "site_address": absolute(settings.address, ""),
        "publisher": settings.publisher,
        "address": publication.canonical(book.overview),
        "version": book.study.version,
        "updated": publication.day(book.study.updated, book.language),
        "basis_note": view["study"]["basis_note"],
        "source": view["how_to_cite"]["narrative"],
        "cited": [_cited("how-to-cite", view["how_to_cite"], method), _cited("cite-file", _edition(publication, book), method)],
        "study": view["study"],
        "site_licence": view["site_licence"],
        "references": [{"id": f"ref-{key}", "html": inner(entry, method)} for key, entry in book.references.items()],
    }


def _edition(publication: Publication, book: Book) -> dict:
    """How the book itself is cited: as the edition that it holds, at its lasting address."""
    cited = publication.edition_cited(book.study, book.study.version, book.language)
    return {"reference_html": cited.reference, "in_text": cited.in_text, "narrative": cited.narrative}


def _cited(identifier: str, forms: dict, method: str) -> dict:
    """How a work is cited, under the id of its section."""
    return {
        "id": identifier,
        "reference_html": inner(parsed(forms["reference_html"]), method),
        "in_text": forms["in_text"],
        "narrative": forms["narrative"],
    }
