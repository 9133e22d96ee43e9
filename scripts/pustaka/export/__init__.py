"""Files that are no pages: for reference managers, search engines and feed readers."""

from __future__ import annotations

from pustaka.export.feed import feed
from pustaka.export.sitemap import robots, sitemap
from pustaka.render.publication import Publication


def files(publication: Publication) -> dict[str, str]:
    """The text of each file of the site that is no page, by its address below the root."""
    downloads = {file.address: file.text for some in publication.downloads.values() for file in some}
    feeds = {f"{language}/feed.xml": feed(publication, language) for language in publication.site.languages}
    return downloads | feeds | {"sitemap.xml": sitemap(publication), "robots.txt": robots(publication)}
