"""A built site as a folder that a browser opens by itself, without a server: what a proposal's pages look like, to be downloaded and read.

A server answers an address that ends in a slash with the `index.html` there; opened from a disk, such a link shows a list of files instead.
So every link names the file. Left out is what only a server can give (the search) and what is downloaded rather than read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: What pages are, and what they show; the cards of link previews are shown by others.
_SHOWN = frozenset({"html", "css", "js", "svg", "png", "jpg", "jpeg", "gif", "webp", "avif"})
_CARD = "card.png"

#: Files at the root that belong to a server: the worker, and the page for an address that is not there.
_SERVER_S = frozenset({"sw.js", "404.html"})

#: The address in a link, as our pages are printed: no scheme, no host, and a path that is a folder's.
_TO_A_FOLDER = re.compile(r"(<a\b[^>]*?\shref=[\"']?)((?![a-z][a-z0-9+.-]*:|//|#)(?:[^\"'\s>#?]*/)?(?:\.{1,2})?)(?=[\"'\s>#?])", re.IGNORECASE)


def preview(built: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of the folder, of those of a built site: both by their address below the root."""
    shown = (address for address in built if address.rpartition(".")[2].lower() in _SHOWN and not address.endswith(_CARD))
    return {
        address: naming_files(built[address].decode("utf-8")).encode() if address.endswith(".html") else built[address]
        for address in shown
        if address not in _SERVER_S and not address.startswith("pagefind/")
    }


def naming_files(html: str) -> str:
    """A page whose links to folders name the `index.html` there: `../findings/#orders` becomes `../findings/index.html#orders`."""
    return _TO_A_FOLDER.sub(_named, html)


def _named(link: re.Match) -> str:
    before, path = link.groups()
    slash = "" if not path or path.endswith("/") else "/"
    return f"{before}{path}{slash}index.html" if path else link[0]
