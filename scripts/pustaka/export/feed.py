"""The feed of a language: its pages, those that changed last first (RFC 4287, "The Atom Syndication Format")."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections import Counter
from datetime import datetime, timedelta

from pustaka.model import Page
from pustaka.render.address import absolute
from pustaka.render.publication import Publication

_ATOM = "http://www.w3.org/2005/Atom"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

#: How many pages a feed holds at most: those that changed last.
LONGEST = 50


def feed(publication: Publication, language: str) -> str:
    """The text of `LANGUAGE/feed.xml`. The pages of the checker's rules are no news, and are left out."""
    settings, words = publication.settings, publication.words(language)
    address = absolute(settings.address, f"{language}/feed.xml")
    pages = [page for page in publication.site.offered if page.language == language and page.name and not publication.rule_of(page)]
    pages = sorted(pages, key=lambda page: (_overview_first(publication, page), page.name))
    pages = sorted(pages, key=publication.updated, reverse=True)[:LONGEST]
    etree.register_namespace("", _ATOM)
    root = etree.Element(f"{{{_ATOM}}}feed", {_LANG: language})
    _put(root, "title", f"{settings.name}: {words['tagline']}")
    _put(root, "id", address)
    _put(root, "link", rel="self", type="application/atom+xml", href=address)
    _put(root, "link", rel="alternate", type="text/html", hreflang=language, href=absolute(settings.address, f"{language}/"))
    moments = _moments([publication.updated(page) for page in pages])
    _put(root, "updated", moments[0] if moments else _moment("1970-01-01"))
    _put(etree.SubElement(root, f"{{{_ATOM}}}author"), "name", settings.publisher)
    _put(root, "rights", publication.licence(settings.licence, language)["text"])
    for page, moment in zip(pages, moments, strict=True):
        _entry(publication, etree.SubElement(root, f"{{{_ATOM}}}entry"), page, moment)
    etree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + etree.tostring(root, encoding="unicode") + "\n"


def _overview_first(publication: Publication, page: Page) -> bool:
    """False, which sorts first, for the overview of a study."""
    study = publication.site.study_of(page)
    return not (study and page.name == study.name)


def _entry(publication: Publication, entry: etree.Element, page: Page, updated: str) -> None:
    address, study = publication.canonical(page), publication.site.study_of(page)
    _put(entry, "title", publication.title_alone(page))
    _put(entry, "id", address)
    _put(entry, "link", rel="alternate", type="text/html", hreflang=page.language, href=address)
    if study:
        _put(entry, "published", _moment(study.published))
    _put(entry, "updated", updated)
    _put(entry, "summary", page.description)


def _put(parent: etree.Element, name: str, text: str = "", **attributes: str) -> None:
    etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = text or None


def _moments(days: list[str]) -> list[str]:
    """The days as moments, the later ones first. Of one day each is a second before the last: readers of feeds sort by the moment."""
    rest = Counter(days)
    moments = []
    for day in days:
        rest[day] -= 1
        moments.append(_moment(day, rest[day]))
    return moments


def _moment(day: str, seconds: int = 0) -> str:
    """A day as the moment that Atom demands (RFC 3339): seconds after its beginning, by the world's clock."""
    return f"{datetime.fromisoformat(day) + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"
