"""A page's Markdown as HTML, by Python-Markdown alone: what an engine does for the site, where there is none."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import markdown
from markdown.treeprocessors import Treeprocessor

from pustaka.model import Page
from pustaka.render.address import relative
from pustaka.render.extension import PageExtension
from pustaka.render.rule_pages import MARKDOWN

#: The extensions that MkDocs adds to those that are stated, before them.
_ALWAYS = ("toc", "tables", "fenced_code")


class Converter:
    """Makes the texts of a publication's pages.

    Args:
        extension: ours.
        stated: the `markdown_extensions` of mkdocs.yml: names, or names with their options, as a list or as one mapping.
        media: the addresses, below the site's root, of the files that pages may link to and show.

    Raises:
        BadExtension: Python-Markdown cannot use one of them.
    """

    def __init__(self, extension: PageExtension, stated: Iterable | Mapping, media: Iterable[str]):
        self._extension, self._media = extension, frozenset(media)
        self._options = dict(_with_options(stated))
        self._names = list(dict.fromkeys((*_ALWAYS, *self._options)))
        for name in self._names:
            try:
                markdown.Markdown(extensions=[name], extension_configs=self._options)
            except Exception as error:  # whatever its authors let it raise
                raise BadExtension(f"mkdocs.yml: Python-Markdown cannot use the extension “{name}”: {error}") from None

    def text(self, page: Page) -> str:
        """The HTML of a page's text.

        Raises:
            Dropped: it holds what may not stand on a page.
            Exception: one of `press.OF_A_PAGE`.
        """
        self._extension.page = page
        converter = markdown.Markdown(extensions=[*self._names, self._extension], extension_configs=self._options)
        Links(converter, self._extension, self._media).register()
        text = converter.convert(_without_front_matter(page))
        if self._extension.dropped:
            raise Dropped(f"{page.path}: “{self._extension.dropped[0]}” may not stand on a page: see the rule P215")
        return text


class BadExtension(Exception):
    """An extension of Python-Markdown that mkdocs.yml names cannot be used."""


class Dropped(Exception):
    """A page's text holds what was taken out of it."""


#: What can be wrong with the input, beside what the extension finds.
FAULTS = (BadExtension, Dropped)


def _with_options(stated: Iterable | Mapping) -> Iterable[tuple[str, dict]]:
    for each in stated.items() if isinstance(stated, Mapping) else stated:
        pairs = each.items() if isinstance(each, Mapping) else [each if isinstance(each, tuple) else (each, None)]
        yield from ((str(name), options or {}) for name, options in pairs)


def _without_front_matter(page: Page) -> str:
    """The Markdown of a page's text; that of a rule's page, which stands in no file, is a listing."""
    if page.source is None:
        return MARKDOWN
    lines = page.source.text.removeprefix("\ufeff").split("\n")
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    return "\n".join(lines[end + 1 :]).lstrip("\n")


class Links(Treeprocessor):
    """Links to Markdown files, and to what lies beside them, become addresses relative to the page's own."""

    def __init__(self, md: markdown.Markdown, extension: PageExtension, media: frozenset[str]):
        super().__init__(md)
        self._extension, self._media = extension, media

    def register(self) -> None:
        """Where MkDocs has its own: after the inline stage (20), before our look at the tree (-10)."""
        self.md.treeprocessors.register(self, "pustaka-links", 0)

    def run(self, root) -> None:
        for element in root.iter():
            name = {"a": "href", "img": "src"}.get(element.tag)
            if name and element.get(name):
                element.set(name, self._resolved(element.get(name)))

    def _resolved(self, link: str) -> str:
        scheme, host, path, query, identifier = urlsplit(link)
        if scheme or host or not path or path.startswith("/"):
            return link
        page = self._extension.page
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), unquote(path)))
        if found := self._extension.publication.site.page_at.get(target):
            return urlunsplit(("", "", relative(page.url, quote(found.url)), query, identifier))
        file = target.removeprefix("docs/")
        return urlunsplit(("", "", relative(page.url, quote(file)), query, identifier)) if file in self._media else link
