"""The surfaces on which a built site says what is cited, each read by a parser that had no part in making it.

    due           what every surface must say, from the bibliography and the records alone
    files         BibTeX, BibLaTeX, RIS, EndNote, CSL-JSON, CITATION.cff
    head          <meta> and <link> of a page: Highwire, Dublin Core, Open Graph, Signposting
    jsonld        the structured data of schema.org
    boxes         the references in the boxes that say how to cite
    whole         feeds, sitemap, robots.txt
    duties        what must be said where
    on_page, in_file
                  one page and one file, read by the above
    reading       what is said, beside what is due
    comparison    a whole site
    matrix        the comparison as a table

Nothing here knows how the surfaces are made: no module of `render`, `works` or `export` is imported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from pustaka.model import LANGIDS, Message, Place

#: What a surface can say of a work, in the order in which it is told. `kind` is the kind of a thesis ("Skripsi"),
#: `version` the edition of a study's page, `orcid` the addresses of the authors' ORCID iDs in the authors' order, with a space between.
FIELDS = (
    "title",
    "authors",
    "orcid",
    "date",
    "container",
    "volume",
    "issue",
    "pages",
    "doi",
    "url",
    "type",
    "language",
    "licence",
    "kind",
    "version",
)

#: A person as (family, given), a one-word name and a body as (name,).
Names = tuple[tuple[str, ...], ...]
Value = str | Names


class Surface(NamedTuple):
    """A surface: its name, the rule that judges it, and the fields that it can carry."""

    name: str
    code: str
    carries: frozenset[str]


@dataclass(frozen=True)
class Statement:
    """What one surface says of one work: in which file, on or of which page, of what ("study SLUG", "entry KEY" or "page").

    `fields` lacks what the surface does not say. `lines` has the fields' lines where they are known; `line` is that of the
    whole statement. `group` is what it is told with: the page's address, or the stem of the files of a study or a list; `in_list`
    says whether the file holds a list.
    """

    surface: str
    path: str
    page: str
    subject: str
    fields: Mapping[str, Value]
    line: int = 1
    lines: Mapping[str, int] = field(default_factory=dict)
    in_list: bool = False
    stem: str = ""

    @property
    def group(self) -> str:
        return self.stem or self.page or "/"

    def place(self, name: str) -> Place:
        """Where the field stands, or the statement, when that is not known or there is none."""
        return Place(self.path, self.lines.get(name, self.line))


class Unreadable(Exception):
    """A surface that no parser can read; `message` says why, `line` where."""

    def __init__(self, message: Message, line: int = 1):
        super().__init__(str(message))
        self.message, self.line = message, line


_DASH = re.compile(r"\s*(?:--?|[–—])\s*")
_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "\u00a0": " "})
_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


@lru_cache(maxsize=100_000)  # the surfaces of a work say the same
def words(text: object) -> str:
    """A text with single spaces and typewriter quotation marks: citation engines curl them, bibliographies do not."""
    text = " ".join(str(text).translate(_MARKS).split())
    return text.replace("``", '"').replace("''", '"').replace("---", "—").replace("--", "–") if "``" in text or "''" in text or "--" in text else text


def pages(text: object) -> str:
    """Pages with a plain hyphen between the first and the last."""
    return _DASH.sub("-", str(text).strip())


def doi(text: object) -> str:
    """A DOI without the address of its resolver, in small letters (DOI Handbook, “General Characteristics of the DOI Syntax”)."""
    return _DOI.sub("", str(text).strip()).casefold()


def address(text: object) -> str:
    """An address; that of a DOI in small letters."""
    text = str(text).strip()
    return f"https://doi.org/{doi(text)}" if _DOI.match(text) and text.startswith("http") else text


def tag(text: object) -> str:
    """A language as a BCP 47 tag, of babel's name for it or of itself."""
    return LANGIDS.get(str(text).strip().casefold(), str(text).strip())


def day(*parts: object) -> str:
    """A date in ISO 8601 of year, month and day, as far as they are stated."""
    stated = [str(part).strip() for part in parts]
    stated = stated[: next((n for n, part in enumerate(stated) if not part), len(stated))]
    return "-".join(part.zfill(2) if part.isdigit() else part for part in stated)


def name(*parts: object) -> tuple[str, ...]:
    """A name of its parts, of which some may be empty."""
    return tuple(filter(None, (words(part or "") for part in parts)))


def inverted(text: object) -> tuple[str, ...]:
    """A name as it is written for sorting: "Family, Given", or one that is whole, perhaps with a comma at its end."""
    family, _, given = words(text).partition(",")
    return name(family, given)
