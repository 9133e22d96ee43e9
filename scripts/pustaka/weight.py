"""What a page weighs: its HTML, its text alone, and all that a first visit fetches; in bytes as servers send them.

A page's text is the page as bare HTML: what a reader can read in it, and nothing of how it looks or is read by programs. No page
of the same text can weigh much less, so the difference is what the site itself costs its readers.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

import lxml.etree
import lxml.html

Element = lxml.html.HtmlElement

#: zlib's default, and that of Apache's mod_deflate.
LEVEL = 6

#: The suffixes of font files.
FONTS = (".woff", ".woff2", ".ttf", ".otf", ".eot")

#: The suffixes of a study in one file; an .html that is a page of the site is none.
DOWNLOADS = (".epub", ".html")


def gzipped(data: bytes | str) -> int:
    """How many bytes are sent of a text, by gzip (RFC 1952)."""
    packed = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return len(packed.compress(data.encode() if isinstance(data, str) else data)) + len(packed.flush())


# -- The text of a page ----------------------------------------------------------------------------------------------

_DATA = "//script[contains(@type, 'json')]"
_SCRIPTS = "//script[not(contains(@type, 'json'))]|//noscript"
_METADATA = "//meta|//link"
_BUTTONS = "//button|//input|//select|//textarea"
_ICONS = "//svg[ancestor-or-self::*[@aria-hidden='true']]"
#: The entries beside their citations are hidden and yet read: by whoever points at a citation, without a script.
_HIDDEN = "//body//*[@hidden][not(contains(concat(' ', @class, ' '), ' entry-card '))]|//template|//dialog[not(@open)]"
_NOT_READ = "|".join(("//comment()", _DATA, _SCRIPTS, "//style", _METADATA, _BUTTONS, _ICONS, _HIDDEN))

#: The attributes of HTML that lead somewhere or are led to, show something, or say in what language it is read.
_ATTRIBUTES = frozenset({"href", "id", "src", "alt", "width", "height", "colspan", "rowspan", "start", "lang"})
#: The attributes of a drawing that draw nothing by themselves; an id may be asked for by another part of it.
_NOT_DRAWN = re.compile(r"class|style|role|tabindex|aria-|data-")

#: Without these two a page cannot be read: its letters, and its width on a phone.
_NEEDED = '<meta charset=utf-8><meta name=viewport content="width=device-width,initial-scale=1">'


def bare(html: str) -> str:
    """A page as bare HTML: its title, menus, headings, paragraphs, lists, tables, links, pictures and drawings.

    Left out are metadata, styles, scripts, classes, data-, aria- and role attributes, buttons and fields, icons, and what only a script shows.
    """
    tree = _tree(html)
    _drop(tree, _NOT_READ)
    _without_attributes(tree)
    for span in list(tree.iter("span")):
        if not span.attrib:
            span.drop_tag()
    return _printed(tree).replace("<head>", f"<head>{_NEEDED}", 1)


def _tree(html: str) -> Element:
    try:
        return lxml.html.document_fromstring(html)
    except (lxml.etree.ParserError, ValueError):  # nothing in it, or what is no text
        return lxml.html.document_fromstring("<html></html>")


def _drop(tree: Element, path: str) -> None:
    for element in tree.xpath(path):
        if element.getparent() is not None:
            element.drop_tree()


def _without_attributes(tree: Element) -> None:
    for element in tree.iter(lxml.etree.Element):
        drawn = element.tag == "svg" or next(element.iterancestors("svg"), None) is not None
        for name in list(element.attrib):
            if _NOT_DRAWN.match(name) if drawn else name not in _ATTRIBUTES:
                del element.attrib[name]


def _printed(tree: Element) -> str:
    return lxml.html.tostring(tree, encoding="unicode", doctype="<!doctype html>")


# -- What makes a page heavy -----------------------------------------------------------------------------------------

#: The parts of a page beside its text, and where they are.
_PARTS = {
    "metadata": _METADATA,
    "data": _DATA,
    "styles": "//style",
    "scripts": _SCRIPTS,
    "buttons": f"{_BUTTONS}|{_ICONS}",
    "hidden": f"({_HIDDEN})[not(self::button or self::input or self::select or self::textarea)]",
}


def parts(html: str) -> dict[str, int]:
    """What the parts of a page weigh beside its text, the heaviest first: so many bytes fewer it would have without each.

    Beside those, "attributes" are the classes, ids and the like of what is read.
    """
    whole = gzipped(_printed(_tree(html)))
    found = {}
    for name, path in _PARTS.items():
        tree = _tree(html)
        _drop(tree, path)
        found[name] = whole - gzipped(_printed(tree))
    read = _tree(html)
    _drop(read, _NOT_READ)
    with_attributes = gzipped(_printed(read))
    _without_attributes(read)
    found["attributes"] = with_attributes - gzipped(_printed(read))
    return dict(sorted(found.items(), key=lambda part: -part[1]))


# -- What a page asks for --------------------------------------------------------------------------------------------


class Request(NamedTuple):
    """A file that a page asks for by itself: its address, the line, and whether the first paint waits for it."""

    address: str
    line: int
    blocking: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it is a file of the site's, and its address one below the site's root."""
        return "://" not in self.address


_FETCHED = frozenset({"stylesheet", "icon", "manifest", "preload", "modulepreload", "prefetch", "preconnect", "dns-prefetch"})
_IN_STYLES = re.compile(r"""(?P<imported>@import\s*(?:url\()?|url\()\s*["']?(?P<address>[^"')\s;]+)""", re.IGNORECASE)


def requests(html: str, address: str, read: Callable[[str], str] = lambda address: "") -> tuple[Request, ...]:
    """What a page asks for when it is opened, each file once; what stands in it as `data:` is none.

    Args:
        html: the page.
        address: its absolute address.
        read: the text of a style sheet by its absolute address, for what it asks for in turn.
    """
    found: dict[str, Request] = {}
    for request in _asked(_tree(html), address, read):
        if urlsplit(request.address).scheme in ("http", "https"):
            same = found.setdefault(request.address, request)
            found[request.address] = same._replace(blocking=same.blocking or request.blocking)
    return tuple(found.values())


def _asked(tree: Element, address: str, read: Callable[[str], str]) -> Iterator[Request]:
    for element in tree.iter(lxml.etree.Element):
        line = element.sourceline or 1
        for named in _addresses(element):
            yield Request(_absolute(address, named), line, _is_blocking(element))
        if element.tag == "style":
            yield from _in_styles(element.text or "", address, line)
        elif element.tag == "link" and "stylesheet" in _relations(element):
            sheet = _absolute(address, element.get("href", ""))
            yield from _in_styles(read(sheet), sheet, line)


def _addresses(element: Element) -> Iterable[str]:
    """What an element has the browser fetch."""
    if element.tag == "link":
        return [element.get("href", "")] if _relations(element) & _FETCHED else []
    if element.tag == "img" and element.get("loading") == "lazy" and element.get("hidden") is not None:
        return []  # not before it is shown, as on paper (HTML, “Lazy loading attributes”)
    names = {"object": ("data",), "video": ("src", "poster"), "image": ("href",), "use": ("href",)}.get(element.tag, ("src",))
    return [element.get(name) for name in names if element.get(name) and not element.get(name).startswith("#")]


def _is_blocking(element: Element) -> bool:
    """Whether the first paint waits for what an element asks for (HTML, “Render-blocking mechanism”, and scripts that hold up the parser)."""
    if element.tag == "link":
        in_head = next(element.iterancestors("head"), None) is not None
        return in_head and "stylesheet" in _relations(element) and element.get("media", "all") != "print"
    return element.tag == "script" and not ({"async", "defer"} & set(element.keys()) or element.get("type") == "module")


def _relations(element: Element) -> set[str]:
    return set(element.get("rel", "").casefold().split())


def _in_styles(text: str, address: str, line: int) -> Iterator[Request]:
    for found in _IN_STYLES.finditer(text):
        yield Request(_absolute(address, found["address"]), line, found["imported"].startswith("@"))


def _absolute(base: str, address: str) -> str:
    return urldefrag(urljoin(base, address.strip())).url


# -- The weight of a page --------------------------------------------------------------------------------------------


class Weight(NamedTuple):
    """What a page weighs, in bytes gzipped, and what it asks for.

    Attributes:
        html: its HTML.
        text: the same page as bare HTML.
        files: what the site's own files that a first visit fetches beside it weigh, by their address below the site's root.
        requests: all that a first visit asks for beside the page: the site's own files by that address, others by their absolute one.
    """

    html: int
    text: int
    files: Mapping[str, int]
    requests: tuple[Request, ...]

    @property
    def visit(self) -> int:
        """All that a first visit fetches."""
        return self.html + sum(self.files.values())


class Scales:
    """Weighs the pages of a built site; what pages share is weighed once.

    Args:
        base: the absolute address that the site was built for.
        files: the bytes of every file by its address below the site's root.
        by_script: the addresses of what scripts fetch at every first visit.
    """

    def __init__(self, base: str, files: Mapping[str, bytes], by_script: Iterable[str] = ()):
        self._base, self._files = base, files
        self._by_script = tuple(Request(address, 1) for address in by_script if address in files)
        self._known: dict[str, int] = {}

    def page(self, html: str, url: str) -> Weight:
        """The weight of a page by its HTML and its address below the site's root."""
        asked = requests(html, self._base + url, lambda address: self._bytes(self._below(address)).decode("utf-8", errors="replace"))
        asked = tuple(request._replace(address=self._below(request.address)) for request in asked) + self._by_script
        own = {request.address: self.file(request.address) for request in asked if request.is_own}
        return Weight(gzipped(html), gzipped(bare(html)), own, asked)

    def file(self, address: str) -> int:
        """What a file weighs, gzipped unless its format is compressed; 0 where there is none."""
        if address not in self._known:
            data = self._bytes(address)
            self._known[address] = min(len(data), gzipped(data))
        return self._known[address]

    def _bytes(self, address: str) -> bytes:
        return self._files.get(address, b"")

    def _below(self, address: str) -> str:
        """An absolute address below the site's root, where it is there."""
        return urlsplit(address)._replace(query="").geturl().removeprefix(self._base) if address.startswith(self._base) else address
