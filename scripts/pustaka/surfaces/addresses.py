"""The addresses of a built site: its pages and files, the ids on each page, and where its redirect pages lead.

Read from the built HTML alone. A lasting place is what the site offers to be linked to: a heading with a link to itself, a section that
our templates make, an entry of the bibliography, a term, a figure.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

import lxml.html

from pustaka.addresses import split
from pustaka.model import BuiltPage, BuiltSite

#: A start tag with an id, which a minifier may leave without quotation marks.
_WITH_ID = re.compile(r"""<(?P<tag>[a-z][a-z0-9]*)\b[^<>]*?\sid=(?P<mark>"?)(?P<id>[^"'\s<>]+)(?P=mark)(?=[\s>])[^<>]*>""")
#: A heading of an author's, which shows the link to itself.
_HEADING = re.compile(r'<h[23]\b[^<>]*?\sid="([^"<>]+)"[^<>]*>(?:(?!</h[23]>).)*class="heading-links"', re.DOTALL)
#: What follows from what else stands on the page is offered to nobody.
_PASSING = frozenset({"references", "cite-page"})
_STUDY_FILE = re.compile(r"[^/]+/studies/(?P<slug>[^/]+)/(?P=slug)-[^/]+")


class Led(NamedTuple):
    """A redirect page: where it leads, and where from its ids. An address is below the site's root."""

    target: str
    ids: Mapping[str, str]


class Served:
    """What a built site answers to."""

    def __init__(self, built: BuiltSite):
        self.built = built
        self._pages = {page.url: page for page in built.pages if not page.is_redirect and page.url != "404.html"}

    @cached_property
    def ids(self) -> Mapping[str, frozenset[str]]:
        """All ids of each page, by the page's address."""
        pages = {url: page for url, page in self._pages.items() if _is_folder(url)}
        return {url: frozenset(unescape(found["id"]) for found in _WITH_ID.finditer(page.html)) for url, page in pages.items()}

    @cached_property
    def lasting(self) -> Mapping[str, tuple[str, ...]]:
        """The ids that a page offers for good, by the page's address: sorted."""
        return {url: tuple(sorted(set(_lasting(self._pages[url])))) for url in self.ids}

    @cached_property
    def redirects(self) -> Mapping[str, Led]:
        """The redirect pages by their address."""
        return {page.url: _led(page) for page in self.built.pages if page.is_redirect}

    @cached_property
    def files(self) -> frozenset[str]:
        """The files of studies, which are made to be kept and passed on."""
        return frozenset(address for address in self.built.files if _STUDY_FILE.fullmatch(address))

    def all(self) -> Iterator[str]:
        """Every address that the site offers for good."""
        for url, identifiers in self.lasting.items():
            yield url
            yield from (f"{url}#{identifier}" for identifier in identifiers)
        yield from (url for url in self.redirects if _is_folder(url) and url.removesuffix("/") not in self.files)
        yield from self.files

    def leads(self, address: str) -> bool:
        """Whether whoever follows an address gets to what is meant."""
        page, identifier = split(address)
        if page in self.ids:
            return not identifier or identifier in self.ids[page]
        led = self.redirects.get(page) or self.redirects.get(f"{page}/")
        if led is None:
            return not identifier and page in self.built.files
        target = led.ids.get(identifier) if identifier else led.target
        return self._is_there(target or f"{split(led.target)[0]}#{identifier}")

    def _is_there(self, address: str) -> bool:
        page, identifier = split(address)
        return page in self.built.files or (page in self.ids and (not identifier or identifier in self.ids[page]))


def _is_folder(url: str) -> bool:
    return not url or url.endswith("/")


def _lasting(page: BuiltPage) -> Iterator[str]:
    if "/editions/" in page.url:  # an edition is cited as a whole; until the next one its pages may change
        return
    yield from map(unescape, _HEADING.findall(page.html))
    is_bibliography = page.url.endswith("/bibliography/")
    for found in _WITH_ID.finditer(page.html):
        tag, identifier = found["tag"], unescape(found["id"])
        made = tag == "section" and identifier not in _PASSING
        named = identifier.startswith(("term-", "figure-")) and tag not in ("title", "desc")
        if made or named or (is_bibliography and identifier.startswith("ref-")):
            yield identifier


def _led(page: BuiltPage) -> Led:
    """Where a redirect page leads: its first link; each other one is that of an id of the old page."""
    links = [(link.get("id"), _resolved(page.url, link.get("href", ""))) for link in lxml.html.document_fromstring(page.html).iter("a")]
    first = next((target for identifier, target in links if not identifier), "")
    return Led(first, {identifier: target for identifier, target in links if identifier})


def _resolved(url: str, href: str) -> str:
    """The address below the site's root to which a relative link on a page leads."""
    path, identifier = split(href)
    folder = url if _is_folder(url) else posixpath.dirname(url)
    joined = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
    page = f"{joined}/" if path.endswith("/") and joined else joined
    return unquote(f"{page}#{identifier}" if identifier else page)
