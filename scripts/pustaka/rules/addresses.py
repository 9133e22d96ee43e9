"""B: the addresses that were published, beside those to which the built site answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from functools import cached_property

from pustaka import addresses
from pustaka.addresses import bare, split, spoken
from pustaka.model import Fault, Message, Place, PublishedAddress, Site, say
from pustaka.nearest import nearest
from pustaka.rules import rule
from pustaka.surfaces.addresses import Served

#: The file that has them.
RECORD = "addresses.txt"

#: How much of two pages' ids, or of their names, must be the same for the one to be the other under a new name.
_ALIKE_IDS, _ALIKE_NAMES = 0.4, 0.6


@rule("B613")
def address_is_gone(site: Site, served: Served) -> Iterator[Fault]:
    """An address that was published leads nowhere any more.

    It stands in books, on printed pages and in other people's links, which nobody can correct. What was renamed, moved or taken
    out leaves its address behind; a line in redirects.yml, `old: new`, lets it lead on, in every language. The message has the
    line; whether it leads to what readers look for, a person must judge. An address that nobody can have seen yet, for it was
    never on the site, may be deleted from addresses.txt.

    Bad (addresses.txt):
        id/studies/contoh/results/
        en/studies/contoh/results/
    Good (addresses.txt):
        id/studies/contoh/findings/
        en/studies/contoh/findings/
    """
    if site.published is None:
        return
    gone = _Gone(site, served)
    for address, some in gone.by_bare.items():
        yield gone.fault(address, some)


@rule("B614")
def address_is_not_recorded(site: Site, served: Served) -> Iterator[Fault]:
    """The site has addresses that addresses.txt does not have.

    What is published there stays: readers link to it and print it. So it is written down, where a reviewer sees what will be
    promised, and `make check` keeps the promise from then on.

    Bad (site/id/f/contoh-1/index.html):
        <!doctype html>
        <html lang="id"><head><meta http-equiv="refresh" content="0; url=../../"></head><a href="../../">Beranda</a></html>
    Good (addresses.txt):
        id/f/contoh-1/
    Good (site/id/f/contoh-1/index.html):
        <!doctype html>
        <html lang="id"><head><meta http-equiv="refresh" content="0; url=../../"></head><a href="../../">Beranda</a></html>
    """
    if site.published is None:
        yield Fault(Place(RECORD), say("there is no addresses.txt, so nothing keeps the site's addresses alive: run `make addresses`"))
        return
    known = addresses.published(site.published)
    if new := sorted(address or "/" for address in served.all() if address not in known):
        values = {"count": len(new), "first": ", ".join(new[:3]), "more": " …" if len(new) > 3 else ""}
        yield Fault(
            Place(RECORD), say("addresses that are not recorded: {count} ({first}{more}); run `make addresses`, and look at what it adds", **values)
        )


class _Gone:
    """The addresses to which a built site does not answer, and what probably became of each."""

    def __init__(self, site: Site, served: Served):
        self.site, self.served = site, served
        self.known = addresses.published(site.published or ())

    @cached_property
    def by_bare(self) -> Mapping[str, list[PublishedAddress]]:
        """Them by their address without language. Of a page that is gone, those ids alone that the page which takes its place does not have."""
        found: dict[str, list[PublishedAddress]] = {}
        for each in self._gone:
            if not self._goes_with_its_page(each.address):
                found.setdefault(bare(each.address, self.site.languages)[0], []).append(each)
        return found

    @cached_property
    def _gone(self) -> list[PublishedAddress]:
        return [each for each in self.known.values() if not self.served.leads(each.address)]

    @cached_property
    def _ids_gone(self) -> Mapping[str, list[str]]:
        """The ids that are gone by the page that had them."""
        return _by_page(each.address for each in self._gone)

    @cached_property
    def _ids_known(self) -> Mapping[str, list[str]]:
        """The ids that were published by their page."""
        return _by_page(self.known)

    @cached_property
    def _new(self) -> Mapping[str, list[str]]:
        """The ids that a page has and that were never published, by the page."""
        return {url: [each for each in some if f"{url}#{each}" not in self.known] for url, some in self.served.lasting.items()}

    def _goes_with_its_page(self, address: str) -> bool:
        page, identifier = split(address)
        if not identifier or self.served.leads(page):
            return False
        return identifier in self.served.ids.get(split(self._heir(page))[0], ())

    def fault(self, address: str, some: list[PublishedAddress]) -> Fault:
        """What to say of an address without language that is gone in some languages."""
        first = some[0]
        gone = [bare(each.address, self.site.languages)[1] for each in some]
        still = [
            language
            for language in self.site.languages
            if language not in gone and spoken(address, language) in self.known and self.served.leads(spoken(address, language))
        ]
        if not all(gone):
            return Fault(
                first.place, say("“{address}” leads nowhere any more, and stands above the languages: put it back", address=first.address or "/")
            )
        named = ", ".join(each.address for each in some)
        if still:
            values = {"named": named, "still": spoken(address, still[0])}
            return Fault(
                first.place, say("“{named}” leads nowhere any more, while “{still}” does: give it the same address in every language", **values)
            )
        line = f"{address}: {bare(self._heir(first.address), self.site.languages)[0]}"
        return Fault(first.place, self._message(first.address, named, line), suggestion=line)

    def _message(self, address: str, named: str, line: str) -> Message:
        values = {"named": named, "line": line}
        page, identifier = split(address)
        if identifier:
            return say("“{named}” leads nowhere any more: give the heading its id back, or add to redirects.yml “{line}”", **values)
        if page.endswith("/"):
            return say("“{named}” leads nowhere any more: put the page back, or add to redirects.yml “{line}”", **values)
        return say("the file “{named}” is gone: put it back, or add to redirects.yml “{line}”", **values)

    # -- What took its place -----------------------------------------------------------------------------------------

    def _heir(self, address: str) -> str:
        """The address that probably took the place of one that is gone, in the same language."""
        page, identifier = split(address)
        if not identifier:
            return self._heirs.setdefault(page, self._heir_of_page(page))
        if page in self.served.ids:
            return self._heir_of_id(page, identifier, page)
        led = self.served.redirects.get(page)
        target = split(led.target)[0] if led else split(self._heir(page))[0]
        return self._heir_of_id(target, identifier, page)

    @cached_property
    def _heirs(self) -> dict[str, str]:
        return {}

    def _heir_of_page(self, page: str) -> str:
        """A page with the same ids or nearly the same name beside it, that is new or has taken them in; else the page above it."""
        mine = set(self._ids_known.get(page, ()))
        language = bare(page, self.site.languages)[1]
        folder = _above(page)
        scores = {url: self._likeness(page, mine, url) for url in self.served.ids if url.startswith(f"{language}/") and url.startswith(folder)}
        best = max(scores, key=scores.get, default="")
        if page.endswith("/") and scores.get(best):
            return best
        while folder not in self.served.ids and folder:
            folder = _above(folder)
        return folder

    def _likeness(self, page: str, mine: set[str], other: str) -> float:
        """How probable it is that one page has become another: 0 or more than 0."""
        share = len(mine.intersection(self._new[other])) / len(mine) if mine else 0
        is_beside = other not in self.known and _above(page) == _above(other)
        names = SequenceMatcher(None, _name(page), _name(other)).ratio() if is_beside else 0
        if share >= _ALIKE_IDS:
            return 1 + share
        return names if names >= _ALIKE_NAMES else 0

    def _heir_of_id(self, page: str, identifier: str, old_page: str) -> str:
        """The same id on another page of the study, if it is new there; an id that is new on the page; the one spelled most alike; the page."""
        before = set(self._ids_known.get(old_page, ()))
        new = [each for each in self._new.get(page, ()) if each not in before]  # those are where the old page's own ids went
        if page == old_page and (moved := self._moved_to(page, identifier)):
            return moved
        if len(new) == 1 and len(self._ids_gone.get(old_page, ())) == 1:
            return f"{page}#{new[0]}"
        found = nearest(identifier, new, 0.4) or nearest(identifier, self.served.lasting.get(page, ()))
        return f"{page}#{found}" if found else page

    def _moved_to(self, page: str, identifier: str) -> str:
        folder = _above(page)
        return next((f"{url}#{identifier}" for url in self._new_at.get(identifier, ()) if url.startswith(folder)), "")

    @cached_property
    def _new_at(self) -> Mapping[str, list[str]]:
        """The pages on which an id is new, by the id."""
        found: dict[str, list[str]] = {}
        for url, some in self._new.items():
            for identifier in some:
                found.setdefault(identifier, []).append(url)
        return found


def _by_page(found: Iterable[str]) -> dict[str, list[str]]:
    """The ids of addresses by their page."""
    pages: dict[str, list[str]] = {}
    for page, identifier in map(split, found):
        pages.setdefault(page, []).extend([identifier] if identifier else [])
    return pages


def _above(page: str) -> str:
    """The address of the folder in which a page, or a file, stands."""
    return "".join(f"{part}/" for part in page.rstrip("/").split("/")[:-1])


def _name(page: str) -> str:
    return page.rstrip("/").rpartition("/")[2]


def unrecorded(recorded: Iterable[str], served: Served) -> list[str]:
    """The addresses that a site offers and that are not recorded, sorted."""
    known = set(recorded)
    return sorted(address for address in served.all() if address not in known)
