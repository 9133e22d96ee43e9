"""Pages of different languages, set beside each other section by section.

A section is known by the id of its heading, which is equal in all languages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass

from pustaka.model import Fault, Message, Page, Place, Section, Site, say


def page_pairs(site: Site) -> Iterator[tuple[Page, Page]]:
    """Each page of the first language, with its counterpart in each other language."""
    first, *others = site.languages
    for page in site.pages:
        if page.language == first:
            yield from ((page, other) for language in others if (other := site.page(language, page.name)))


def headings(page: Page) -> dict[str, Section]:
    """The sections that have an id, in order; of two with the same id, the first."""
    by_id: dict[str, Section] = {}
    for section in page.sections:
        if section.id:
            by_id.setdefault(section.id, section)
    return by_id


def with_markdown(page: Page) -> Iterator[tuple[Section, str]]:
    """Each section of a page of the site with its Markdown as it is written, the heading first."""
    lines = page.source.text.split("\n")
    starts = [section.place.line - 1 for section in page.sections]
    for section, start, end in zip(page.sections, starts, [*starts[1:], len(lines)], strict=True):
        yield section, "\n".join(lines[start:end])


def section_pairs(site: Site) -> Iterator[tuple[Section, Page, Section, Page]]:
    """The sections with the same id on both pages, each with its page; of the others L402 speaks."""
    for one, other in page_pairs(site):
        ones, others = ({"": page.sections[0]} | headings(page) for page in (one, other))
        yield from ((ones[identifier], one, others[identifier], other) for identifier in ones if identifier in others)


def where(section: Section, page: Page) -> Message:
    """Which section, as a message ends with it."""
    if section.id:
        return say("in section #{id} of {path}", id=section.id, path=page.path)
    return say("before the first heading of {path}", path=page.path)


@dataclass(frozen=True)
class Stated:
    """Something that a section states: what it means in any language, how it is written, and where."""

    meaning: Hashable
    written: str
    place: Place


def compare(site: Site, read: Callable[[Section, Page], Iterator[Stated]], mend: Message) -> Iterator[Fault]:
    """Where two sections of the same id do not state the same; a finding stands where the surplus stands."""
    for one, page, other, other_page in section_pairs(site):
        ones, others = list(read(one, page)), list(read(other, other_page))
        for here, there, beside in ((ones, others, where(other, other_page)), (others, ones, where(one, page))):
            for stated in _unmatched(here, there):
                message = say("“{written}” has no counterpart {where}: {mend}", written=stated.written, where=beside, mend=mend)
                yield Fault(stated.place, message)


def _unmatched(one: list[Stated], other: list[Stated]) -> Iterator[Stated]:
    """What one section states more often than the other."""
    left = Counter(stated.meaning for stated in other)
    for stated in one:
        left[stated.meaning] -= 1
        if left[stated.meaning] < 0:
            yield stated
