"""What a page follows from, as a hash: equal hashes, equal pages. Whatever is kept from one build to the next is kept under it.

A page follows from all that is no page's text (bibliography, words, templates, this program, what it rests on), from the front
matter and the headings of every page, from the texts of its own study, and from its own in each language; one with a listing also
from what every page cites. Each is taken in whole: what is kept can be made anew once too often, and never once too little.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from functools import cached_property

from pustaka.model import Page, Settings, Site
from pustaka.syntax import LISTING


class Provenance:
    """The hashes of a site's pages; those that stand in no file follow from all that is no text.

    Args:
        inputs: the hash of all that was read beside the pages (`load.inputs`).
    """

    def __init__(self, site: Site, settings: Settings, inputs: str):
        self._site = site
        heads = [[page.path, dict(page.meta), [(part.id, part.level, part.title) for part in page.sections]] for page in site.pages]
        #: The hash of all that is no text of a page.
        self.rest = _hash([inputs, asdict(settings), heads])
        together: dict[str, list[str]] = {}
        for page in site.pages:
            together.setdefault(self._group(page), []).append(page.source.text if page.source else "")
        self._of: dict[str, str] = {}
        self._together = {name: _hash(texts) for name, texts in together.items()}

    def of(self, page: Page) -> str:
        """The hash of all that a page follows from."""
        if page.path not in self._of:
            listed = self._citing if page.source and LISTING.search(page.source.text) else ""
            self._of[page.path] = _hash([page.path, self.rest, self._together.get(self._group(page), ""), listed])
        return self._of[page.path]

    @cached_property
    def _citing(self) -> str:
        """The hash of which page cites what."""
        return _hash({page.path: sorted({citation.key for citation in page.citations}) for page in self._site.pages})

    def _group(self, page: Page) -> str:
        """What pages have in common whose texts follow from each other: their study, or their name."""
        study = self._site.study_of(page)
        return f"{study.name}/" if study else page.name


def _hash(of: object) -> str:
    return hashlib.sha256(json.dumps(of, sort_keys=True, default=str).encode()).hexdigest()
