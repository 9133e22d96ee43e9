"""The editions of the studies, each whole at an address of its own that lasts: what was published stays readable and citable.

    LANG/studies/SLUG/editions/VERSION/    the whole study as one page, with a notice on top that is made anew by each build
    LANG/studies/SLUG/NAME                 the files of a past edition, byte by byte as they were, where they have always been

The present edition is what the build makes of the pages; of the past ones, what is kept in `bibliography/editions/` (scripts/freeze.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pustaka.export.book import BookFile
from pustaka.model import EDITIONS, Edition, Page, Study, language_of_file
from pustaka.render.address import absolute, relative
from pustaka.render.delivery import noticed, small_styles
from pustaka.render.language import file_size
from pustaka.render.publication import Publication


class EditionError(Exception):
    """What is kept of an edition cannot be shown."""


def editions(
    publication: Publication, kept: Mapping[str, bytes], made: Mapping[str, tuple[BookFile, ...]], overviews: Iterable[Page]
) -> dict[str, bytes]:
    """The files of studies' editions in a language, by their address below the site's root.

    Args:
        kept: what is kept of past editions, by `SLUG/VERSION/NAME`.
        made: the files that hold a whole study, of today, by the path of the overview that offers them.
        overviews: of the studies whose editions are written.

    Raises:
        EditionError: the page of a kept edition is no HTML.
    """
    files: dict[str, bytes] = {}
    for overview in overviews:
        study, language = publication.site.study_of(overview), overview.language
        files |= dict(_newest(study, language, made.get(overview.path, ())))
        files |= dict(_past(publication, study, language, kept))
        files |= dict(_readable(publication, study, overview, kept, made.get(overview.path, ())))
    return files


def _newest(study: Study, language: str, made: tuple[BookFile, ...]) -> Iterator[tuple[str, bytes]]:
    """The present edition under the names without a version, `SLUG-LANG.epub`: they lead to the newest, for good."""
    stem, plain = study.file_stem(study.version, language), f"{study.slug}-{language}"
    for file in made:
        folder, _, name = file.address.rpartition("/")
        if name.startswith(f"{stem}."):
            yield f"{folder}/{plain}{name.removeprefix(stem)}", file.data


def _past(publication: Publication, study: Study, language: str, kept: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The files of the editions before the present one."""
    for edition in study.editions[:-1]:
        for name in _names(publication, study, edition, language):
            yield f"{language}/{study.name}/{name}", kept[f"{study.slug}/{edition.version}/{name}"]


def _names(publication: Publication, study: Study, edition: Edition, language: str) -> list[str]:
    """The names of the files that are kept of an edition in a language."""
    names = publication.site.frozen.get(study.slug, {}).get(edition.version, ())
    return [name for name in names if language_of_file(name, edition.version) == language]


def _readable(
    publication: Publication, study: Study, overview: Page, kept: Mapping[str, bytes], made: tuple[BookFile, ...]
) -> Iterator[tuple[str, bytes]]:
    """Each edition as one page, with the notice on top."""
    for edition in study.editions:
        name = f"{study.slug}/{edition.version}/{study.file_stem(edition.version, overview.language)}.html"
        of_today = next((file.data for file in made if file.media_type == "text/html"), None) if edition is study.editions[-1] else None
        if data := kept.get(name, of_today):
            url = study.edition_url(edition.version, overview.language)
            styles = small_styles(publication.templates.get_template("styles/notice.css").render())
            try:
                html = noticed(data.decode("utf-8"), _notice(publication, study, overview, edition, kept), styles, _address(publication, url))
            except ValueError:
                raise EditionError(f"{EDITIONS}/{name} is no HTML page in UTF-8: put back the file that was published") from None
            yield f"{url}index.html", html.encode("utf-8")


def _address(publication: Publication, url: str) -> str:
    return absolute(publication.settings.address, url)


def _notice(publication: Publication, study: Study, overview: Page, edition: Edition, kept: Mapping[str, bytes]) -> str:
    """What an edition says on top: which it is, whether it was replaced, what has changed since, its files, how it is cited. As HTML."""
    language, words = overview.language, publication.words(overview.language)
    latest, locale = study.editions[-1], publication.locale(language)
    url = study.edition_url(edition.version, language)
    said = (words["edition_present"] if edition is latest else words["edition_past"]).format(
        version=edition.version,
        date=publication.day(edition.date, language)["text"],
        newer=latest.version,
        newer_date=publication.day(latest.date, language)["text"],
    )
    return publication.templates.get_template("book/notice.html").render(
        words=words,
        said=said,
        is_past=edition is not latest,
        newest=relative(url, study.edition_url(latest.version, language)),
        pages=relative(url, overview.url),
        since=[_since(publication, study, later, language) for later in study.editions[study.editions.index(edition) + 1 :]],
        files=[
            {
                "name": name,
                "href": relative(url, f"{language}/{study.name}/{name}"),
                "size_text": file_size(len(kept[f"{study.slug}/{edition.version}/{name}"]), locale),
            }
            for name in (_names(publication, study, edition, language) if edition is not latest else ())
        ],
        cited=publication.edition_cited(study, edition.version, language),
    )


def _since(publication: Publication, study: Study, edition: Edition, language: str) -> dict:
    """What changed in a later edition, page by page; what changed on all pages has no title before it."""
    titles = {part: page.menu_title for part in edition.changes if (page := publication.site.page(language, study.page_name(part)))}
    changed = [(titles.get(part, ""), words[language]) for part, words in edition.changes.items() if language in words]
    return {
        "version": edition.version,
        "day": publication.day(edition.date, language),
        "changes": [{"title": title, "words": words} for title, words in changed],
    }
