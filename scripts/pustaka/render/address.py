"""Addresses: relative ones inside the site, so that it works under any path, and absolute ones for machines."""

from __future__ import annotations

from urllib.parse import quote


def relative(origin: str, target: str) -> str:
    """The link from one address below the site's root to another: ("id/a/", "en/a/") -> "../../en/a/"."""
    path, mark, fragment = target.partition("#")
    here, there = origin.split("/")[:-1], path.split("/")
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    link = "/".join([".."] * (len(here) - common) + there[common:])
    return f"{link or './'}{mark}{fragment}"


def absolute(root: str, target: str) -> str:
    """The address under the site's own (`https://host/path/`)."""
    return f"{root.rstrip('/')}/{target}"


def fragment(identifier: str) -> str:
    """An element's id as it stands behind a # (RFC 3986, 3.5)."""
    return quote(identifier, safe="/:?+&~$.-_!*'()")
