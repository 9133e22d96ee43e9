"""Addresses: relative ones inside the site, so that it works under any path, and absolute ones for machines."""

from __future__ import annotations

import posixpath
from urllib.parse import quote


def relative(origin: str, target: str) -> str:
    """The link from one address below the site's root to another: ("id/a/", "en/a/") -> "../../en/a/"."""
    folder = origin if origin.endswith("/") or not origin else posixpath.dirname(origin)
    path, mark, fragment = target.partition("#")
    link = posixpath.relpath(path or ".", folder or ".")
    slash = "/" if (path.endswith("/") or not path) and link != "/" else ""
    return f"{link}{slash}{mark}{fragment}"


def absolute(root: str, target: str) -> str:
    """The address under the site's own (`https://host/path/`)."""
    return f"{root.rstrip('/')}/{target}"


def fragment(identifier: str) -> str:
    """An element's id as it stands behind a # (RFC 3986, 3.5)."""
    return quote(identifier, safe="/:?+&~$.-_!*'()")
