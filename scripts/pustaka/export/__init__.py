"""Files that are no pages: for reference managers, search engines, feed readers and previews of links."""

from __future__ import annotations

from pathlib import Path

from pustaka.export.feed import feed
from pustaka.export.finding_codes import finding_codes
from pustaka.export.sitemap import robots, sitemap
from pustaka.model import Page
from pustaka.render.cards import Card, cards
from pustaka.render.publication import Publication


def files(publication: Publication) -> dict[str, str]:
    """The text of each file that belongs to the site as a whole or to a study, by its address below the root."""
    names = (*(study.entry for study in publication.site.studies), *publication.lists)
    downloads = {file.address: file.text for name in names for file in publication.downloads(name)}
    feeds = {f"{language}/feed.xml": feed(publication, language) for language in publication.site.languages}
    return downloads | feeds | finding_codes(publication) | {"sitemap.xml": sitemap(publication), "robots.txt": robots(publication)}


def page_files(publication: Publication, page: Page) -> dict[str, str]:
    """The text of each file that belongs to a page, by its address below the root."""
    return {file.address: file.text for file in publication.downloads(page.path)}


def pictures(publication: Publication, template: str, kept: Path | None = None) -> dict[str, bytes]:
    """The card of each page as a PNG, by its address below the root.

    Args:
        template: the text of `overrides/cards/card.typ`.
        kept: the folder where cards are kept from one build to the next.

    Raises:
        cards.CardError: the template cannot be drawn.
    """
    pages = publication.site.pages
    drawn = cards(template, [_card(publication, page) for page in pages], kept)
    return {publication.card(page): png for page, png in zip(pages, drawn, strict=True)}


def _card(publication: Publication, page: Page) -> Card:
    site, language, study = publication.site, publication.language_of(page), publication.site.study_of(page)
    spoken = [language] if page.language else list(site.languages)  # the welcome speaks all
    above = study.short[language] if study else next((step.menu_title for step in reversed(publication.above(page)) if step.name), "")
    return Card(
        title=page.title,
        above=above,
        byline=publication.in_text(study.entry, language, narrative=True) if study else "",
        site_name=publication.settings.name,
        tagline=" · ".join(publication.words(each)["tagline"] for each in spoken),
        language=language,
        language_name=" · ".join(site.words["languages"][each]["name"] for each in spoken),
    )
