"""What every file of a course pack says of itself, so that it can be cited and passed on wherever it is found."""

from __future__ import annotations

from pustaka.export.book.chapters import parsed
from pustaka.model import Page, Study
from pustaka.render.language import long_date
from pustaka.render.publication import Publication

#: The id of its section that offers the pack.
PACK = "course-pack"


def notes(publication: Publication, study: Study, page: Page) -> tuple[str, ...]:
    """Of a study's page, line by line: what it is, its version and date, its address, how to cite it, its licence."""
    language, words = page.language, publication.words(page.language)
    cited = parsed(publication.view(page)["cite_page"]["reference_html"]).text_content()
    licence = publication.licence(publication.settings.licence, language)
    return (
        f"{publication.title_alone(page)}. {words['pack_version']} {study.version}, {long_date(study.updated, publication.locale(language))}.",
        publication.canonical(page),
        f"{words['pack_cite']} {' '.join(cited.split())}",
        f"{words['licence']}: {licence['text']}, {licence['href']}",
    )
