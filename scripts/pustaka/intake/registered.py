"""What a DOI registry says of a work: CSL-JSON, and what Crossref adds to it (REST API, "works").

The licence is known by its address (SPDX License List, "Cross-References"); of several, that of the published version counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from pustaka.intake import Described
from pustaka.intake.csl import described as of_item

_CREATIVE_COMMONS = re.compile(r"creativecommons\.org/(?:licenses/(?P<kind>by(?:-nc)?(?:-sa|-nd)?)|publicdomain/(?P<zero>zero))/(?P<version>\d\.\d)")


def described(message: Mapping[str, object]) -> Described:
    """A work by what a registry answered.

    Raises:
        Unreadable: the answer describes no work.
    """
    return replace(of_item(_with_orcid(message)), licence=licence_of(message))


def _with_orcid(message: Mapping[str, object]) -> Mapping[str, object]:
    """Crossref has authors' affiliations and roles beside their names, which CSL does not know."""
    return {name: value for name, value in message.items() if name not in ("note", "subject")}


def licence_of(message: Mapping[str, object]) -> str:
    """The SPDX identifier of the licence that is registered; "" where there is none that can be named."""
    stated = message.get("license") or message.get("rightsList") or message.get("copyright")
    stated = stated if isinstance(stated, list) else [stated]
    published = [each for each in stated if isinstance(each, Mapping) and each.get("content-version") == "vor"]
    return next((found for each in (*published, *stated) if (found := spdx_of(_address(each)))), "")


def _address(stated: object) -> str:
    if isinstance(stated, Mapping):
        return str(stated.get("URL") or stated.get("rightsUri") or stated.get("rightsIdentifier") or stated.get("rights") or "")
    return str(stated or "")


def spdx_of(text: str) -> str:
    """The SPDX identifier of a Creative Commons licence, by its address or by its name ("CC BY-SA 4.0"); "" of any other."""
    if found := _CREATIVE_COMMONS.search(text):
        return f"CC0-{found['version']}" if found["zero"] else f"CC-{found['kind'].upper()}-{found['version']}"
    found = re.fullmatch(r"\s*CC[ -]?(0|BY(?:[ -]NC)?(?:[ -](?:SA|ND))?)[ -](\d\.\d)\s*", text, re.IGNORECASE)
    if not found:
        return ""
    kind = found[1].upper().replace(" ", "-")
    return f"CC0-{found[2]}" if kind == "0" else f"CC-{kind}-{found[2]}"
