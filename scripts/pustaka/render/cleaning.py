"""What others wrote, as HTML that may stand on a page: nothing in it runs a script, looks as it wants, or fetches from elsewhere.

The HTML is read as a browser reads it (HTML, 13.2), what `markup` does not allow is left out, and the rest is written anew
(nh3, which is ammonia). It is meant for what Markdown and the citation engine make of the sources; our own templates escape.
"""

from __future__ import annotations

from collections import Counter
from html import escape
from html.parser import HTMLParser

import nh3

from pustaka import markup


def _kept(element: str, attribute: str, value: str) -> str | None:
    return value if markup.is_allowed(element, attribute, value) else None


_CLEANER = nh3.Cleaner(
    tags=set(markup.ELEMENTS),
    attributes={element: set(names) for element, names in markup.ATTRIBUTES.items()},
    generic_attribute_prefixes={markup.ARIA},
    attribute_filter=_kept,
    url_schemes=set(markup.SCHEMES),
    link_rel=None,
)


def clean(html: str) -> str:
    """A fragment of HTML without what is not allowed; of scripts and styles, their content is left out too."""
    return _CLEANER.clean(html)


def dropped(before: str, after: str) -> list[str]:
    """The tags, each as far as it is not allowed, that stand in a fragment and no more in what `clean` made of it, in their order."""
    left = _Tags(after).found
    return [_written(*tag) for tag, count in _Tags(before).found.items() if left[tag] < count]


class _Tags(HTMLParser):
    """The begin tags of a fragment: name and attributes, counted in their order."""

    def __init__(self, html: str):
        super().__init__()
        self.found: Counter[tuple[str, frozenset[tuple[str, str]]]] = Counter()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag, frozenset((name, value or "") for name, value in attrs)] += 1


def _written(element: str, attributes: frozenset[tuple[str, str]]) -> str:
    """A tag as it is told: with the attributes that are not allowed, where the element is."""
    told = [item for item in sorted(attributes) if element in markup.ELEMENTS and not markup.is_allowed(element, *item)]
    attributes_told = "".join(f' {name}="{escape(value)}"' for name, value in told)
    return f"<{element}{attributes_told}>"
