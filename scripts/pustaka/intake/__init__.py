"""What is known of a work that a person brings: from a registry, a .bib, a RIS or a CSL-JSON file, an abstract, or nothing.

Every module turns one form into a `Described`; `reading` finds out which form a file has. Nothing here opens a file or asks the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pustaka.model import Message


class Unreadable(Exception):
    """What was brought cannot be used; `message` says why, and how to mend it."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class Described:
    """A work as far as its source describes it.

    `type` is a BibLaTeX entry type, "" where none is known; `fields` are BibLaTeX fields, values without the marks around them.
    `language` is a BCP 47 tag, `licence` an SPDX identifier, `orcid` has the authors' iDs by the name as in `Entry.authors`; `name` is
    what the file calls the work. What is not known is empty.
    """

    name: str = ""
    type: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    language: str = ""
    licence: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    orcid: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
