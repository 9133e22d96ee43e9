"""What search engines look for: the sitemap, every page that counts in every language with its alternates, and robots.txt that leads to it.

Sources: sitemaps.org 0.9; Google, "Localized versions of your pages"; RFC 9309, "Robots Exclusion Protocol".
"""

from __future__ import annotations

import xml.etree.ElementTree as etree

from pustaka.render.address import absolute
from pustaka.render.publication import Publication

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


def sitemap(publication: Publication) -> str:
    """The text of sitemap.xml."""
    etree.register_namespace("", _SITEMAP)
    etree.register_namespace("xhtml", _XHTML)
    root = etree.Element(f"{{{_SITEMAP}}}urlset")
    for page in publication.site.offered:
        view = publication.alternates(page)
        url = etree.SubElement(root, f"{{{_SITEMAP}}}url")
        etree.SubElement(url, f"{{{_SITEMAP}}}loc").text = publication.canonical(page)
        etree.SubElement(url, f"{{{_SITEMAP}}}lastmod").text = publication.updated(page)
        for language, address in [(a["language"], a["url"]) for a in view] + [("x-default", publication.x_default(page))]:
            etree.SubElement(url, f"{{{_XHTML}}}link", rel="alternate", hreflang=language, href=address)
    etree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"


def robots(publication: Publication) -> str:
    """The text of robots.txt: everything may be read. It counts where the site stands at the root of its host."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {absolute(publication.settings.address, 'sitemap.xml')}\n"
