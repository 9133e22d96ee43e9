"""What speaks of the whole site: a feed for each language, the sitemap, robots.txt.

Sources: RFC 4287, "The Atom Syndication Format"; sitemaps.org, "Sitemaps XML format"; Google, "Localized versions of your pages";
RFC 9309, "Robots Exclusion Protocol".
"""

from __future__ import annotations

import urllib.robotparser
from collections.abc import Mapping
from typing import NamedTuple

import lxml.etree

from pustaka.model import say
from pustaka.surfaces import Statement, Surface, Unreadable, Value, name, words

FEED = Surface("feed", "B606", frozenset({"title", "authors", "date", "url", "language", "licence"}))
SITEMAP = Surface("sitemap", "B606", frozenset({"date", "url"}))

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_LINK = "{http://www.w3.org/1999/xhtml}link"


def feed(text: str, path: str) -> dict[str, Statement]:
    """The entries of an Atom feed, by the address of the page that each is about. What an entry does not say, the feed says for it.

    Raises:
        Unreadable: it is no Atom feed.
    """
    import feedparser

    _xml(text)  # what is none is refused here at once: feedparser would try to make something of it
    read = feedparser.parse(text.encode("utf-8"), response_headers={"content-type": "application/atom+xml; charset=utf-8"})
    if read.bozo or read.get("version") != "atom10":
        raise Unreadable(say("is no valid Atom feed"))
    return {entry.get("id", ""): Statement(FEED.name, path, entry.get("id", ""), "page", _entry(entry, read.feed)) for entry in read.entries}


def _entry(entry: Mapping, whole: Mapping) -> dict[str, Value]:
    language = (entry.get("title_detail") or {}).get("language") or whole.get("language") or ""
    authors = entry.get("authors") or whole.get("authors") or ()
    alternate = [link for link in entry.get("links", ()) if link.get("rel") == "alternate"]
    fields: dict[str, Value] = {
        "title": words(entry.get("title", "")),
        "authors": tuple(name(author.get("name", "")) for author in authors if author),
        "date": entry.get("updated", "").partition("T")[0],
        "url": alternate[0].get("href", "") if alternate else "",
        "language": language,
        "licence": words(entry.get("rights") or whole.get("rights") or ""),
    }
    return {name: value for name, value in fields.items() if value}


def sitemap(text: str, path: str) -> tuple[dict[str, Statement], dict[str, dict[str, str]]]:
    """The pages of a sitemap by their address, and the alternates of each by language.

    Raises:
        Unreadable: it is no sitemap.
    """
    root = _xml(text)
    if root.tag != f"{_SITEMAP}urlset":
        raise Unreadable(say("is no sitemap: its element must be <urlset>"))
    statements, alternates = {}, {}
    for url in root.iter(f"{_SITEMAP}url"):
        address, date = (url.findtext(f"{_SITEMAP}{tag}", "").strip() for tag in ("loc", "lastmod"))
        fields = {name: value for name, value in (("url", address), ("date", date)) if value}
        statements[address] = Statement(SITEMAP.name, path, address, "page", fields, url.sourceline or 1)
        alternates[address] = {link.get("hreflang", ""): link.get("href", "") for link in url.iter(_LINK) if link.get("rel") == "alternate"}
    return statements, alternates


def _xml(text: str) -> lxml.etree._Element:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return lxml.etree.fromstring(text.encode("utf-8"), parser)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(say("is no valid XML"), getattr(error, "lineno", 1) or 1) from error


class Robots(NamedTuple):
    """What robots.txt says: whether every page may be read, and where the sitemap is."""

    allows: bool
    sitemaps: tuple[str, ...]


def robots(text: str, address: str) -> Robots:
    """What a robots.txt says of an address and what is below it."""
    parser = urllib.robotparser.RobotFileParser()
    parser.parse(text.splitlines())
    return Robots(parser.can_fetch("*", address), tuple(parser.site_maps() or ()))
