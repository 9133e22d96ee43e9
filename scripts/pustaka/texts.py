"""The texts of all pages: by Python-Markdown alone, or as an engine that knows nothing else of the site has left them in a folder.

Such an engine may leave an older text where the page's own file is as it was, though a text follows from far more: so each carries a stamp,
a hash over all that it was made of. And it may take our links for an author's and rewrite them: so each has a scheme while it is there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pustaka import load
from pustaka.model import Page
from pustaka.press import Press
from pustaka.render.conversion import Converter

_log = logging.getLogger("pustaka.texts")

#: The name of the engine whose texts are in a folder.
ENGINE = "texts"


class NoText(Exception):
    """A page's text is not there, or it is that of other sources."""


def texts(press: Press, stated: Iterable | Mapping, folder: Path | None = None) -> dict[str, str]:
    """The HTML of each page's text, by the page's path.

    Args:
        stated: the `markdown_extensions` of mkdocs.yml.
        folder: where an engine has left the texts; None where there is no engine.

    Raises:
        NoText: the folder does not hold what the project's sources make.
        Exception: one of `conversion.FAULTS`, or of `press.OF_A_PAGE`.
    """
    pages = press.publication.site.pages
    converter = Converter(press.extension, stated, load.media(press.root))
    if folder is None:
        return press.texts(converter.text, pages, _log)
    left, found = load.published(folder), {}
    for page in pages:
        text = _left(page, left, press.stamp(page), folder) if page.source else ""
        found[page.path] = text or converter.text(page)
    return found


def _left(page: Page, left: Mapping[str, bytes], stamp: str, folder: Path) -> str:
    """A text that an engine has left; "" where it is empty, for then Python-Markdown asks no extension."""
    address = f"{page.url}index.html"
    if address not in left:
        raise NoText(f"{folder / address}, the text of {page.path}, is not there: let the engine build first")
    if not left[address].strip():
        return ""
    text, _, found = left[address].decode().rpartition(_STAMP)
    if found.strip() != f"{stamp}-->":
        raise NoText(f"{folder / address} is not the text of {page.path} as it stands: let the engine build anew, and clear what it has kept")
    return text.replace(f'="{_SHIELD}', '="')


def guarded(text: str, stamp: str) -> str:
    """A text as it may pass through an engine; `texts` undoes it. Python-Markdown takes off the space around a text last of all."""
    return f"{_RELATIVE.sub(_SHIELD, text.strip())}{_STAMP}{stamp}-->"


_STAMP = "\n<!--made of "
#: Before an address that is neither absolute nor of the page itself.
_RELATIVE = re.compile(r'(?<= href=")(?![a-z]+:|[#/"])|(?<= src=")(?![a-z]+:|[#/"])')
_SHIELD = "x-page:"
