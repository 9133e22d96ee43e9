"""A build, from the first file that is read to the last that is written, whichever engine turns the Markdown into HTML.

    press = Press(root, settings, target)      everything is read and judged, the bibliography printed
    press.extension                            what the engine's Python-Markdown needs
    press.texts(…)                             the HTML of each page's text: made by the engine, on all cores, or kept
    press.print(texts)                         books, course packs, pages
    press.finish()                             what is no page; then the site takes the old one's place

An engine's glue knows this module, and this module no engine.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path

from pustaka import load, rules
from pustaka.cache import key_of
from pustaka.documentation import RuleDoc, documentation
from pustaka.export import files, manifest, offline, page_files, pictures
from pustaka.export.book import BookFile, books, offered
from pustaka.export.book.chapters import Binding
from pustaka.export.editions import EditionError, editions
from pustaka.export.pack import PackError, documents, joined
from pustaka.export.pack.archive import packs
from pustaka.export.redirects import redirects
from pustaka.kept import NOTHING_KEPT, Kept
from pustaka.model import Finding, Page, Settings, Site
from pustaka.parallel import in_shares
from pustaka.provenance import Provenance
from pustaka.publish import Refusal, Staging
from pustaka.render.cards import CardError
from pustaka.render.citeproc import CiteprocError
from pustaka.render.delivery import Delivery, UnsafePage
from pustaka.render.extension import PageExtension
from pustaka.render.figures import FigureError
from pustaka.render.listings import UnknownListing
from pustaka.render.printing import Printer
from pustaka.render.publication import Publication, UnknownMenuEntry
from pustaka.search import SearchError, read, search_files
from pustaka.search.text import Passage
from pustaka.translation import translation

#: What can be wrong with the input, or the disk, while a page's text is made; it is told with the page.
OF_A_PAGE = (FigureError, UnknownListing, UnsafePage)

#: What can be wrong with the input, or the disk, at any time: its text says it all.
MISHAPS = (*OF_A_PAGE, CardError, CiteprocError, EditionError, OSError, PackError, Refusal, SearchError, UnknownMenuEntry)

_pool = ThreadPoolExecutor(1, "cards")


class Unusable(Exception):
    """The input has faults, and nothing can be built of it; `findings` says which."""

    def __init__(self, findings: list[Finding]):
        super().__init__(f"{len(findings)} to mend, listed above")
        self.findings = findings


class Press:
    """One build.

    Args:
        root: the project's folder.
        settings: what mkdocs.yml says.
        target: where the site shall stand.
        serving: whether it is served to whoever writes it: then some faults only show in the preview.

    Raises:
        Unusable: there are faults in the input.
        Exception: one of `MISHAPS`.
    """

    def __init__(self, root: Path, settings: Settings, target: Path, serving: bool = False):
        self.root, self._settings = root, settings
        site, self.warnings = _judged(root, serving)
        self._assets = load.assets(root)
        self._delivery = Delivery(self._assets, {each: site.words.interface(each) for each in site.languages})
        answers, inputs = Kept(root / ".cache" / "citations"), key_of(load.inputs(root), (), dated=False)
        self.publication = Publication(site, settings, load.templates(root), _rule_docs(site), self._delivery.addresses, answers)
        answers.tidy()
        self._kept = Kept(root / ".cache" / "pages") if inputs else NOTHING_KEPT
        self._provenance = Provenance(self.publication.site, settings, inputs or "")
        self.extension = PageExtension(self.publication)
        self._printer = Printer(self.publication, self._delivery, self.publication.templates)
        self._staging = Staging(target)
        self.folder = self._staging.begin()
        template, kept = load.card_template(root), root / ".cache" / "cards"
        # drawn while the pages are made: Typst works without the interpreter's lock
        self._pictures = _pool.submit(pictures, self.publication, template, kept)
        self._icons = _pool.submit(manifest.icons, *load.icon(root), self._assets.page_styles)
        self._texts = manifest.manifests(self.publication, self._assets.page_styles)
        self._texts["sw.js"] = offline.worker(self.publication, load.worker(root, serving))
        self._books: Mapping[str, tuple[BookFile, ...]] = {}
        self._read: Mapping[str, tuple[Passage, ...]] = {}

    def page(self, path: str) -> Page:
        """The page of a source file, by its path: `docs/id/abcd.md`."""
        return self.publication.site.page_at[path]

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
        return dict(zip([page.path for page in pages], in_shares(text, pages), strict=True))

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
        made = books(self.publication, self._assets, binding, media, self._staging.write, self._make)
        if self._settings.packs:
            pack = documents(self.publication, binding, load.pack_templates(self.root), media, self.root / ".cache" / "pack")
            made = packs(self.publication, contents, joined(made, pack))
        self._books = made
        pages = [page for page in site.pages if page.path in contents]
        offers = {page.path: offered(self.publication, page, made) for page in pages}
        for page in pages:
            self._kept.use(self._sent(page, offers[page.path]))
        found = in_shares(lambda page: self._printed(page, contents[page.path], offers[page.path]), pages)
        self._read = {page.path: passages for page, passages in zip(pages, found, strict=True)}

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

    def finish(self) -> None:
        """Write what is no page, and put the site in the old one's place."""
        self._write_texts(files(self.publication) | redirects(self.publication) | self._delivery.files | self._texts)
        self._write_texts({"404.html": self._printer.not_found()})
        self._write(self._pictures.result() | self._icons.result())
        self._write(search_files(self.publication, self._read, self._delivery.search))
        self._write({file.address: file.held for some in self._books.values() for file in some if isinstance(file.held, bytes)})
        self._write(editions(self.publication, load.frozen(self.root), self._books))
        self._write_texts(offline.lists(self.publication, load.published(self.folder)))  # last: of all that was written
        self._staging.finish()
        self._kept.tidy()

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


def _judged(root: Path, serving: bool) -> tuple[Site, list[Finding]]:
    """The project as it was read, and the faults with which it may be previewed.

    Raises:
        Unusable: there are others, or any and the site is not just being previewed.
    """
    try:
        site, findings = load.load(root)
        findings = findings or rules.check(site)  # what cannot be read would be missed by many a rule
    except load.Faults as faults:
        raise Unusable(faults.findings) from None
    if findings and not (serving and rules.may_be_previewed(findings)):
        raise Unusable(findings)
    return site, findings


def _rule_docs(site: Site) -> Iterator[RuleDoc]:
    """The documentation of the rules in the site's languages."""
    catalogues = {language: load.message_catalogue(language) for language in site.languages}
    translations = {each: translation(text) if text or each == "en" else None for each, text in catalogues.items()}
    return documentation(rules.rules(), load.FAULTS, load.told(), translations)
