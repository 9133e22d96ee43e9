"""A built page, taken apart once: its <meta>, its <link>, its scripts and its boxes, by lxml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import lxml.etree
import lxml.html

from pustaka.model import BuiltPage


class Meta(NamedTuple):
    """A <meta>: what it names, what it says, and its line."""

    name: str
    content: str
    line: int


class Link(NamedTuple):
    """A <link>: one relation of it, where it leads, the media type and language that it states, and its line."""

    rel: str
    href: str
    type: str
    language: str
    line: int


class Document:
    """A built page as its parts."""

    def __init__(self, page: BuiltPage):
        self.page = page

    @property
    def url(self) -> str:
        """The address below the site's root."""
        return self.page.url

    @cached_property
    def tree(self) -> lxml.html.HtmlElement:
        try:
            return lxml.html.document_fromstring(self.page.html)
        except (lxml.etree.ParserError, ValueError):  # nothing in it, or what is no text
            return lxml.html.document_fromstring("<html></html>")

    @cached_property
    def metas(self) -> tuple[Meta, ...]:
        """By `name` as well as by `property`, the names as they are written."""
        found = self.tree.iter("meta")
        return tuple(Meta(each.get("name") or each.get("property") or "", each.get("content", ""), each.sourceline or 1) for each in found)

    def named(self, name: str) -> tuple[Meta, ...]:
        """The <meta> of a name, in their order; letter case does not count."""
        return self._named.get(name.casefold(), ())

    @cached_property
    def _named(self) -> dict[str, tuple[Meta, ...]]:
        by_name: dict[str, list[Meta]] = {}
        for meta in self.metas:
            by_name.setdefault(meta.name.casefold(), []).append(meta)
        return {name: tuple(metas) for name, metas in by_name.items()}

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """One for each relation; a <link> may have several (HTML, “The link element”)."""
        return tuple(
            Link(rel, each.get("href", ""), each.get("type", ""), each.get("hreflang", ""), each.sourceline or 1)
            for each in self.tree.iter("link")
            for rel in each.get("rel", "").casefold().split()
        )

    def related(self, rel: str) -> tuple[Link, ...]:
        """The links of a relation, in their order."""
        return tuple(link for link in self.links if link.rel == rel)

    @property
    def canonical(self) -> str:
        return next((link.href for link in self.related("canonical") if not link.language), "")

    @property
    def heading(self) -> str:
        """What stands in the page's first <h1>."""
        found = next(self.tree.iter("h1"), None)
        return "" if found is None else " ".join(found.text_content().split())

    def scripts(self, kind: str) -> Iterator[tuple[str, int]]:
        """The data blocks of a media type: text and line."""
        for each in self.tree.iter("script"):
            if each.get("type", "").casefold() == kind:
                yield each.text or "", each.sourceline or 1

    def of_class(self, name: str, tag: str = "*") -> list[lxml.html.HtmlElement]:
        """The elements of a class, of any or of one tag."""
        if name not in self.page.html:
            return []
        return [element for element in self.tree.iter(tag) if name in element.get("class", "").split()]
