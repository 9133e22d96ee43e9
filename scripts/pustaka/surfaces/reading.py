"""What the surfaces say beside what is due, as frozen data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pustaka.model import BuiltPage, Message, Place
from pustaka.surfaces import FIELDS, Statement, Surface, Value, boxes, head, jsonld, whole
from pustaka.surfaces.document import Document
from pustaka.surfaces.due import Work
from pustaka.surfaces.files import FORMATS
from pustaka.weight import Weight

#: All surfaces by name.
SURFACES: Mapping[str, Surface] = {
    surface.name: surface
    for surface in (
        *(format.surface for format in FORMATS),
        *(head.HIGHWIRE, head.DUBLIN_CORE, head.OPEN_GRAPH, jsonld.OF_STUDY, jsonld.OF_PAGE, head.SIGNPOSTING),
        *(boxes.FULL, *boxes.SURFACES.values()),
        *(whole.FEED, whole.SITEMAP),
    )
}


@dataclass(frozen=True)
class Comparison:
    """What one surface says of a work, and what it must say. A field that is not due is not judged."""

    statement: Statement
    due: Mapping[str, Value]
    work: Work

    @property
    def surface(self) -> Surface:
        return SURFACES[self.statement.surface]

    @cached_property
    def wrong(self) -> tuple[str, ...]:
        """The fields in which the two differ."""
        said, due, carries = self.statement.fields, self.due, self.surface.carries
        return tuple(name for name in FIELDS if name in due and name in carries and said.get(name, "") != (due[name] or ""))

    @property
    def right(self) -> tuple[str, ...]:
        """The fields that are stated, and as they must be."""
        wrong = self.wrong
        return tuple(name for name in FIELDS if name in self.due and name in self.statement.fields and name not in wrong)


class Trouble(NamedTuple):
    """What is amiss with a surface beside its fields: the rule that tells it, where, what, the surface, and its group (see `Statement`)."""

    code: str
    place: Place
    message: Message
    surface: str
    group: str


class WeighedFile(NamedTuple):
    """A file that is no page: where it is, its address below the site's root, its bytes as they are saved and as they are sent."""

    path: str
    address: str
    saved: int
    sent: int


class Weighed(NamedTuple):
    """A page of a built site, and what it weighs."""

    page: BuiltPage
    weight: Weight


class Reading(NamedTuple):
    """What was read of a built site: its pages, what their surfaces say beside what is due, and what is amiss; what pages and files weigh.

    Attributes:
        weights: every page, the 404 page too; none where no budget is set.
        files: those files that a budget may limit.
    """

    pages: tuple[Document, ...]
    comparisons: tuple[Comparison, ...]
    troubles: tuple[Trouble, ...]
    weights: tuple[Weighed, ...] = ()
    files: tuple[WeighedFile, ...] = ()


def reading(pages: Iterable[Document], found: Iterable[Comparison | Trouble]) -> Reading:
    """A reading of what was found."""
    found = tuple(found)
    comparisons = tuple(each for each in found if isinstance(each, Comparison))
    return Reading(tuple(pages), comparisons, tuple(each for each in found if isinstance(each, Trouble)))
