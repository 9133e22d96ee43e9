"""Pages as they are sent: the text, which an engine has made of the Markdown, in the templates, with styles and policy."""

from __future__ import annotations

from collections.abc import Mapping

import jinja2

from pustaka.model import Page
from pustaka.render.aliases import aliases, moved, with_aliases
from pustaka.render.delivery import Delivery
from pustaka.render.metadata import metadata
from pustaka.render.publication import Publication


class Printer:
    """Prints the pages of a publication.

    Args:
        templates: the environment that finds `page.html` and `404.html`, which ask for some values only where there are any.
    """

    def __init__(self, publication: Publication, delivery: Delivery, templates: jinja2.Environment):
        self._publication, self._delivery, self._templates = publication, delivery, templates.overlay(undefined=jinja2.Undefined)

    def page(self, page: Page, content: str, books: list[dict]) -> str:
        """A page as it is sent.

        Args:
            content: the HTML of its text.
            books: the files that it offers.

        Raises:
            delivery.UnsafePage: it has an address, or a script in an attribute, that no page may have.
        """
        publication = self._publication
        context: Mapping[str, object] = {
            "view": publication.view(page),
            "machine": metadata(publication, page),
            "books": books,
            "moved": moved(publication, page),
            "content_html": content,
        }
        printed = self._templates.get_template("page.html").render(context)
        return self._delivery.page(with_aliases(printed, aliases(publication, page)))

    def not_found(self) -> str:
        """The page that is sent for any address that is none."""
        return self._delivery.page(self._templates.get_template("404.html").render(view=self._publication.not_found()))
