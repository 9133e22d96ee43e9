"""A build, from the first file that is read to the last that is written, whichever engine turns the Markdown into HTML.

    press = Press(root, settings, target, engine)   everything is read and judged, the bibliography printed
    press.extension                                 what the engine's Python-Markdown needs
    press.texts(…)                                  the HTML of each page's text: made by the engine, on all cores, or kept
    press.print(texts)                              books, course packs, pages
    press.finish()                                  what is no page; then the site takes the old one's place

`Project` is the first half alone, for an engine that makes the texts in a process of its own.

An engine's glue knows this module, and this module no engine.
"""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pustaka import load, rules
from pustaka.cache import key_of
from pustaka.documentation import RuleDoc, documentation
from pustaka.export import files, manifest, offline, page_files, pictures
from pustaka.export.book import BookFile, books, offered
from pustaka.export.book.chapters import Binding
from pustaka.export.editions import EditionError, editions
from pustaka.export.pack import PackError, documents
from pustaka.export.pack import joined as joined_packs
from pustaka.export.pack.archive import packs
from pustaka.export.redirects import redirects
from pustaka.kept import Kept
from pustaka.model import Finding, Page, Settings, Site
from pustaka.parallel import beside, give_up, in_processes, in_shares
from pustaka.provenance import Provenance
from pustaka.publish import InPlace, Refusal, Staging
from pustaka.render.cards import CardError
from pustaka.render.citeproc import CiteprocError
from pustaka.render.delivery import Delivery, UnsafePage
from pustaka.render.extension import PageExtension
from pustaka.render.figures import FigureError
from pustaka.render.listings import UnknownListing
from pustaka.render.printing import Printer
from pustaka.render.publication import Publication, UnknownMenuEntry
from pustaka.search import SearchError, joined, of_one_language, read, search_files, searched
from pustaka.search.text import Passage
from pustaka.translation import translation


class Incomplete(Exception):
    """mkdocs.yml lacks what no site can do without."""


#: What can be wrong with the input, or the disk, while a page's text is made; it is told with the page.
OF_A_PAGE = (FigureError, UnknownListing, UnsafePage)

#: What can be wrong with the input, or the disk, at any time: its text says it all.
MISHAPS = (*OF_A_PAGE, CardError, CiteprocError, EditionError, Incomplete, OSError, PackError, Refusal, SearchError, UnknownMenuEntry)

_log = logging.getLogger("mkdocs.pustaka")
_pool = ThreadPoolExecutor(1, "cards")


class _Served(NamedTuple):
    """What is being served to whoever writes it: each mapping by the path of a page."""

    rest: str
    pages: Mapping[str, str]  # the hashes of what they follow from
    texts: Mapping[str, str]
    books: Mapping[str, tuple[BookFile, ...]]
    read: Mapping[str, tuple[Passage, ...]]


#: By the folder that is served. Where nothing but texts has changed since, what follows from them is made, and all else stays.
_served: dict[Path, _Served] = {}


class Unusable(Exception):
    """The input has faults, and nothing can be built of it; `findings` says which."""

    def __init__(self, findings: list[Finding]):
        super().__init__(f"{len(findings)} to mend, listed above")
        self.findings = findings


def settings_of(name: str, address: str | None, extra: Mapping) -> Settings:
    """What mkdocs.yml says, as an engine has read it.

    Args:
        name: its `site_name`.
        address: its `site_url`.
        extra: its `extra`.

    Raises:
        Incomplete: something is not there.
    """
    if not address:
        raise Incomplete("there is no site_url; write the site's address into mkdocs.yml, or set SITE_URL")
    for needed in ("publisher", "licence", "begun", "menu"):
        if not extra.get(needed):
            raise Incomplete(f"mkdocs.yml must have “{needed}” under “extra”")
    return Settings(
        name,
        address,
        extra["publisher"],
        tuple(extra["menu"]),
        extra["licence"],
        packs=extra.get("course_packs", True),
        contact=extra.get("contact") or "",
        begun=str(extra["begun"]),
        editing=extra.get("editing") or "",
    )


class Project:
    """A project that was read and judged: all that the text of a page follows from.

    Args:
        root: the project's folder.
        settings: what mkdocs.yml says.
        engine: what makes the texts; what is kept of one is no other's.
        serving: whether the site is served to whoever writes it: then some faults only show in the preview.
        target: where the site shall stand, which may be the one that is served.

    Raises:
        Unusable: there are faults in the input.
        Exception: one of `MISHAPS`.
    """

    def __init__(self, root: Path, settings: Settings, engine: str, serving: bool = False, target: Path | None = None):
        self.root, self._settings, self._serving = root, settings, serving
        give_up("rules", "search")  # of what was
        gc.set_threshold(100_000, 20, 20)  # a build holds most of what it makes: to look through it for what nobody holds is seldom worth it
        inputs = key_of(load.inputs(root), (engine,), dated=False, root=root)
        site, findings = _read(root)
        self._inputs = inputs or ""
        self._provenance = Provenance(site, settings, self._inputs)
        self._before = self._same_but_for_texts(site, target) if target and inputs and not findings else None
        if self._before:
            self.warnings: list[Finding] = []
            # whoever writes a page sees it first
            beside("rules", lambda: [_log.warning(finding) for finding in rules.check(site)], after=1)
        else:
            self.warnings = _judged(site, findings, serving)
        self._assets = load.assets(root)
        self._delivery = Delivery(self._assets, {each: site.words.interface(each) for each in site.languages})
        self._answers, self._kept, self._documents = (Kept(root / ".cache" / name if inputs else None) for name in ("citations", "pages", "pack"))
        templates, rule_docs = load.templates(root), _rule_docs(site)
        self.publication = Publication(site, settings, templates, rule_docs, self._delivery.addresses, self._answers, self._inputs)
        self.extension = PageExtension(self.publication)

    def page(self, path: str) -> Page:
        """The page of a source file, by its path: `docs/id/abcd.md`."""
        return self.publication.site.page_at[path]

    def stamp(self, page: Page) -> str:
        """What a text bears that was made of a page as it is now: a hash over all that it follows from."""
        return self._provenance.of(page)

    def _same_but_for_texts(self, site: Site, target: Path) -> _Served | None:
        """What is being served, where nothing but texts of its pages has changed."""
        before = _served.pop(target, None)
        same = before and before.rest == self._provenance.rest and target.exists()
        return before if same else None


class Press(Project):
    """One build.

    Args:
        root, settings, engine, serving: as for `Project`, and it raises the same.
        target: where the site shall stand.
    """

    def __init__(self, root: Path, settings: Settings, target: Path, engine: str, serving: bool = False):
        super().__init__(root, settings, engine, serving, target)
        self._printer = Printer(self.publication, self._delivery, self.publication.templates)
        self._staging = InPlace(target) if self._before else Staging(target)
        self.folder = self._staging.begin()
        self._texts: Mapping[str, str] = {}
        self._books: Mapping[str, tuple[BookFile, ...]] = {}
        self._read: Mapping[str, tuple[Passage, ...]] = {}
        if not self._before:
            self._begin_the_rest()

    def _begin_the_rest(self) -> None:
        """What follows from no page's text."""
        root = self.root
        template, kept = load.card_template(root), root / ".cache" / "cards"
        # drawn while the pages are made: Typst works without the interpreter's lock
        self._pictures = _pool.submit(pictures, self.publication, template, kept)
        self._icons = _pool.submit(manifest.icons, *load.icon(root), self._assets.page_styles)
        self._texts = manifest.manifests(self.publication, self._assets.page_styles)
        self._texts["sw.js"] = offline.worker(self.publication, load.worker(root, self._serving))

    def _pages(self) -> dict[str, str]:
        """The hash of what each page follows from, by its path."""
        return {page.path: self._provenance.of(page) for page in self.publication.site.pages}

    def _changed(self, page: Page) -> bool:
        """Whether a page is other than what is being served."""
        return not self._before or self._before.pages[page.path] != self._provenance.of(page)

    def texts(self, made: Callable[[Page], str], pages: Iterable[Page], log: logging.Logger) -> dict[str, str]:
        """The HTML of each page's text, by its path: what the engine makes of it, or made in an earlier build of the same.

        Args:
            made: has the engine make it.
            log: by which the engine says what is wrong. A text of which it says something is not kept: or it would be said but once.
        """

        def text(page: Page) -> str:
            with _heard() as heard:
                return self._make("text", page, lambda: made(page).encode(), lambda: not heard and log.isEnabledFor(logging.WARNING)).decode()

        pages = list(pages)
        self._use("text", pages)
        changed = [page for page in pages if self._changed(page)]
        made_now = dict(zip([page.path for page in changed], in_shares(text, changed), strict=True))
        self._contents = {**(self._before.texts if self._before else {}), **made_now}
        return self._contents

    def _use(self, what: str, pages: Iterable[Page]) -> None:
        """What other processes ask for, they ask for where it is forgotten."""
        for page in pages:
            self._kept.use([what, self._provenance.of(page)])

    def _make(self, what: str, page: Page, made: Callable[[], bytes], keep: Callable[[], bool] = lambda: True) -> bytes:
        """What belongs to a page, made, or as it was made in an earlier build of the same."""
        return self._kept.make([what, self._provenance.of(page)], made, keep)

    def print(self, contents: Mapping[str, str]) -> None:
        """Write the pages, and make what they offer to take along, of which they say how large it is.

        Args:
            contents: the HTML of each page's text, by the page's path.
        """
        site, media, binding = self.publication.site, load.pictures(self.root), Binding(self.publication, contents)
        overviews = [page for study in site.studies for language in site.languages if (page := site.page(language, study.name))]
        self._use("html", overviews)
        self._use("epub", overviews)
        self._overviews = changed = [page for page in overviews if self._changed(page)]
        made = books(self.publication, self._assets, binding, media, changed, self._staging.write, self._make)
        if self._settings.packs:
            pack = documents(self.publication, binding, load.pack_templates(self.root), media, changed, self._documents)
            made = packs(self.publication, contents, joined_packs(made, pack), changed)
        self._new_books = made
        self._books = {**(self._before.books if self._before else {}), **made}
        pages = [page for page in site.pages if page.path in contents and (self._changed(page) or page.path in made)]
        offers = {page.path: offered(self.publication, page, self._books) for page in pages}
        for page in pages:
            self._kept.use(self._sent(page, offers[page.path]))
        found = in_shares(lambda page: self._printed(page, contents[page.path], offers[page.path]), pages)
        read_now = {page.path: passages for page, passages in zip(pages, found, strict=True)}
        self._read = {**(self._before.read if self._before else {}), **read_now}

    def _sent(self, page: Page, offers: list[dict]) -> list[object]:
        """What a page as it is sent follows from."""
        return ["page", self._provenance.of(page), offers]

    def _printed(self, page: Page, content: str, offers: list[dict]) -> tuple[Passage, ...]:
        """Write a page with the files beside it; gives what the search reads of it."""

        def made() -> bytes:
            sent = self._printer.page(page, content, offers)
            files = {f"{page.url}index.html": sent} | page_files(self.publication, page)
            return json.dumps({"files": files, "found": [astuple(passage) for passage in read(self.publication, page, sent)]}).encode()

        kept = json.loads(self._kept.make(self._sent(page, offers), made))
        self._write_texts(kept["files"])
        return tuple(Passage(*passage) for passage in kept["found"])

    def copy(self) -> None:
        """Write what is published as it is, where the engine does not."""
        self._write(load.media(self.root))

    def finish(self) -> None:
        """Write what is no page, and put the site in the old one's place."""
        if self._serving:
            self._write_the_rest()
        else:
            languages = searched(self.publication)

            def task(number: int) -> object:
                return self._write_index(languages[number - 1]) if number else self._write_the_rest()  # the cards are drawn here

            _, *indexes = in_processes(task, len(languages) + 1)
            self._write(joined(indexes, self._delivery.search))
            self._write_texts(offline.lists(self.publication, load.published(self.folder)))  # last: of all that was written
        self._staging.finish()
        for kept in () if self._before else (self._answers, self._kept, self._documents):
            kept.tidy()
        if self._serving:  # whoever writes a page wants to see it, and then to search
            _served[self._staging.target] = _Served(self._provenance.rest, self._pages(), self._contents, self._books, self._read)
            self._staging = InPlace(self._staging.target)
            beside("search", self._write_search)

    def _write_the_rest(self) -> None:
        """Write what is neither a page nor the search."""
        if not self._before:
            of_no_text = self._kept.make(["files", self._provenance.rest], lambda: json.dumps(files(self.publication)).encode())
            self._write_texts(json.loads(of_no_text) | redirects(self.publication) | self._delivery.files | self._texts)
            self._write_texts({"404.html": self._printer.not_found()})
            self._write(self._pictures.result() | self._icons.result())
        self._write({file.address: file.held for some in self._new_books.values() for file in some if isinstance(file.held, bytes)})
        self._write(editions(self.publication, load.frozen(self.root), self._new_books, self._overviews))

    def _write_search(self) -> None:
        self._write(joined([self._write_index(language) for language in searched(self.publication)], self._delivery.search))

    def _write_index(self, language: str) -> dict[str, bytes]:
        """Write what is a language's own of the search; gives the rest."""
        kept = Kept(self.root / ".cache" / "search" / language if self._inputs else None)
        files = search_files(self.publication, language, self._read, kept, self._inputs)
        self._write({address: data for address, data in files.items() if of_one_language(address)})
        kept.tidy()
        return {address: data for address, data in files.items() if not of_one_language(address)}

    def discard(self) -> None:
        """Drop what was built and not finished."""
        self._staging.discard()

    def _write(self, written: Mapping[str, bytes]) -> None:
        for address, data in written.items():
            self._staging.write(address, data)

    def _write_texts(self, written: Mapping[str, str]) -> None:
        self._write({address: text.encode() for address, text in written.items()})


@contextmanager
def _heard() -> Iterator[list[logging.LogRecord]]:
    """The warnings of all loggers, meanwhile."""
    heard: list[logging.LogRecord] = []
    usual = logging.getLogRecordFactory()

    def listening(*arguments, **named) -> logging.LogRecord:
        record = usual(*arguments, **named)
        if record.levelno >= logging.WARNING:
            heard.append(record)
        return record

    logging.setLogRecordFactory(listening)
    try:
        yield heard
    finally:
        logging.setLogRecordFactory(usual)


def _read(root: Path) -> tuple[Site, list[Finding]]:
    """The project, and the faults of single files.

    Raises:
        Unusable: it cannot be read.
    """
    try:
        return load.load(root)
    except load.Faults as faults:
        raise Unusable(faults.findings) from None


def _judged(site: Site, findings: list[Finding], serving: bool) -> list[Finding]:
    """The faults with which a project may be previewed.

    Raises:
        Unusable: there are others, or any and the site is not just being previewed.
    """
    findings = findings or rules.check(site)  # what cannot be read would be missed by many a rule
    if findings and not (serving and rules.may_be_previewed(findings)):
        raise Unusable(findings)
    return findings


def _rule_docs(site: Site) -> tuple[RuleDoc, ...]:
    """The documentation of the rules in the site's languages."""
    return _documented(tuple((language, load.message_catalogue(language)) for language in site.languages))


@lru_cache(maxsize=1)
def _documented(catalogues: tuple[tuple[str, str], ...]) -> tuple[RuleDoc, ...]:
    translations = {each: translation(text) if text or each == "en" else None for each, text in catalogues}
    return tuple(documentation(rules.rules(), load.FAULTS, load.told(), translations))
