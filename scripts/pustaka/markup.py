"""The HTML that those who write may use: elements, attributes and addresses that can neither run a script nor fetch from elsewhere.

What the rules tell and what the rendering keeps is one list, this one. Standards: HTML, 3.2.5 and 4; RFC 3986, 3.1 (schemes).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType

ELEMENTS = frozenset(
    "a abbr article aside b bdi bdo blockquote br caption cite code col colgroup data dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup table tbody td tfoot "
    "th thead time tr u ul var wbr".split()
)

#: Attributes by element; "*" stands for each. Those whose name begins with `aria-` may stand on each, too.
ATTRIBUTES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "*": frozenset({"class", "dir", "id", "lang", "role", "title"}),
        "a": frozenset({"download", "href", "hreflang", "rel", "type"}),
        "blockquote": frozenset({"cite"}),
        "col": frozenset({"span"}),
        "colgroup": frozenset({"span"}),
        "data": frozenset({"value"}),
        "del": frozenset({"cite", "datetime"}),
        "details": frozenset({"name", "open"}),
        "img": frozenset({"alt", "height", "loading", "src", "width"}),
        "ins": frozenset({"cite", "datetime"}),
        "li": frozenset({"value"}),
        "ol": frozenset({"reversed", "start", "type"}),
        "q": frozenset({"cite"}),
        "td": frozenset({"colspan", "headers", "rowspan"}),
        "th": frozenset({"abbr", "colspan", "headers", "rowspan", "scope"}),
        "time": frozenset({"datetime"}),
    }
)
ARIA = "aria-"

#: The schemes of addresses that a reader may be sent to; an address without one is relative.
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
#: The attributes that hold an address, of any element, and among them those that a browser fetches unasked.
ADDRESSES = frozenset({"action", "background", "cite", "data", "formaction", "href", "ping", "poster", "src", "srcset", "xlink:href"})
FETCHED = frozenset({"background", "data", "poster", "src", "srcset"})

_SCHEME = re.compile(r"([^/?#:]*):")
#: What a browser leaves out of an address: controls and spaces before it, tabs and ends of lines anywhere (URL Standard, 4.4).
_LEFT_OUT = re.compile(r"^[\x00-\x20]+|[\t\n\r]")


def is_allowed(element: str, attribute: str = "", value: str = "") -> bool:
    """Whether an element may be written, or an attribute with its value on an element that may. Names in small letters, the value decoded."""
    if element not in ELEMENTS:
        return False
    if attribute in ADDRESSES and not is_allowed_address(value, fetched=attribute in FETCHED):
        return False
    return not attribute or attribute.startswith(ARIA) or any(attribute in ATTRIBUTES.get(name, ()) for name in ("*", element))


def is_allowed_address(address: str, fetched: bool = False) -> bool:
    """Whether an address is relative or of an allowed scheme; of one that a browser fetches unasked, whether it lies on the site itself."""
    read = _LEFT_OUT.sub("", address)
    scheme = _SCHEME.match(read)
    if fetched:
        return scheme is None and not read.replace("\\", "/").startswith("//")
    return scheme is None or scheme[1].lower() in SCHEMES


def decoded(written: str) -> str:
    """An attribute's value, or a link's address in Markdown, as a browser reads it: character references resolved."""
    return unescape(written)
