"""A site of another group: what becomes of this project's files when its own studies are taken out of it.

`emptied` says what goes and what stays of pages and bibliography, `texts` what the files around them say, `colours` how the accent is
changed, `leftovers` whether anything still speaks of the studies. Nothing here reads or writes a file.
"""

from __future__ import annotations

from dataclasses import dataclass

from pustaka.model import Message


@dataclass(frozen=True)
class Wish:
    """What a group says of its site.

    Attributes:
        name: what the site is called.
        publisher: who signs its pages.
        address: where it will stand, absolute, with a slash at its end.
        languages: BCP 47 tags; the first is the one that pages are written in first.
        licence: of the pages, one of `licences` in terms.yml (SPDX).
        accent: the colour of links and headings on light paper, "#rrggbb"; "" keeps the present one.
        contact: where readers can ask, an address of the web or of mail; "" where there is none but the repository's forms.
        day: ISO 8601, of the first version.
    """

    name: str
    publisher: str
    address: str
    languages: tuple[str, ...]
    licence: str
    accent: str
    contact: str
    day: str


class Unfounded(Exception):
    """The site cannot be made; `message` says why."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message
