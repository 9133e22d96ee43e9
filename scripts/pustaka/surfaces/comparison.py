"""What the surfaces of a built site say, each beside what is due; and what else is amiss with them.

`Comparer` knows what must be there, and compares one built file at a time; `compare` asks it for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pustaka.model import BuiltPage, BuiltSite, Message, Page, Place, Settings, Site, Study, say
from pustaka.surfaces import FIELDS, Statement, Surface, Unreadable, Value, boxes, due, head, jsonld, whole
from pustaka.surfaces.document import Document
from pustaka.surfaces.due import Work
from pustaka.surfaces.files import FORMATS, Format, Record, expected

#: A card: its size in pixels, and the bytes that it must stay below (Open Graph previews of messengers are not larger).
CARD, CARD_BYTES = (1200, 630), 300_000
#: How many pages a feed may be content with: those that changed last.
FEED_LENGTH = 50
#: The page of a study that is made to be taught from.
TEACHING = "teaching"

#: All surfaces by name.
SURFACES: Mapping[str, Surface] = {
    surface.name: surface
    for surface in (
        *(format.surface for format in FORMATS),
        *(head.HIGHWIRE, head.DUBLIN_CORE, head.OPEN_GRAPH, jsonld.OF_STUDY, jsonld.OF_PAGE, head.SIGNPOSTING),
        *boxes.SURFACES.values(),
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
        said = self.statement.fields
        return tuple(name for name in FIELDS if name in self.due and name in self.surface.carries and said.get(name, "") != (self.due[name] or ""))

    @property
    def right(self) -> tuple[str, ...]:
        """The fields that are stated, and as they must be."""
        wrong = self.wrong
        return tuple(name for name in FIELDS if name in self.due and name in self.statement.fields and name not in wrong)


class Trouble(NamedTuple):
    """What is amiss with a surface beside its fields: the rule that tells it, where, what, and the surface."""

    code: str
    place: Place
    message: Message
    surface: str


class Reading(NamedTuple):
    """What was read of a built site: its pages, what their surfaces say beside what is due, and what is amiss."""

    pages: tuple[Document, ...]
    comparisons: tuple[Comparison, ...]
    troubles: tuple[Trouble, ...]


class DueFile(NamedTuple):
    """A file for reference managers that there must be: its format, the page and the works that it is about."""

    format: Format
    page: str
    works: tuple[Work, ...]
    is_list: bool = False


def compare(site: Site, built: BuiltSite) -> Reading:
    """All surfaces of a built site; nothing where the site's settings are not known."""
    if site.settings is None:
        return Reading(tuple(map(Document, built.pages)), (), ())
    comparer = Comparer(site, site.settings, built)
    readings = [comparer.page(page) for page in built.pages]
    readings += [comparer.file(address) for address in (*comparer.due_files, *comparer.feeds, "sitemap.xml", "robots.txt")]
    pages, comparisons, troubles = zip(*readings, strict=True) if readings else ((), (), ())
    return Reading(_flat(pages), _flat(comparisons), (*comparer.missing_pages(), *_flat(troubles)))


def _flat(parts: Iterable[tuple]) -> tuple:
    return tuple(each for part in parts for each in part)


class Comparer:
    """Compares what was built of a site, file by file, with what is due."""

    def __init__(self, site: Site, settings: Settings, built: BuiltSite):
        self.site, self.settings, self.built = site, settings, built
        self.model = {page.url: page for page in site.pages}
        self.texts = dict(built.texts)

    # -- what there must be -----------------------------------------------------------------------------------

    @cached_property
    def base(self) -> str:
        """The address that the site was built for: the welcome page's, or that of mkdocs.yml where there is none."""
        welcome = next((page for page in self.built.pages if not page.url), None)
        stated = Document(welcome).canonical if welcome else ""
        return stated or f"{self.settings.address.rstrip('/')}/"

    @cached_property
    def works(self) -> Mapping[str, Work]:
        """The works of the bibliography by their key."""
        return {key: due.of_entry(self.site, entry) for key, entry in self.site.entry.items()}

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses of the site's pages."""
        return frozenset(self.base + page.url for page in self.built.pages)

    @cached_property
    def due_files(self) -> Mapping[str, DueFile]:
        """The files for reference managers by their address: of studies, of pages, of lists."""
        return dict(self._due_files())

    def _due_files(self) -> Iterator[tuple[str, DueFile]]:
        for study in self.site.studies:
            if study.entry in self.works:
                yield from _named(f"cite/{study.entry}", f"cite/{study.entry}/", "", (self.works[study.entry],))
        for page in self.documents.values():
            if self.language(page.url, exactly=True):
                yield from _named(f"{page.url}cite", page.url, page.url, (self.work_of(page),))
        for name, keys in self.lists.items():
            yield from _named(f"cite/lists/{name}", f"cite/lists/{name}/", "", tuple(self.works[key] for key in keys), is_list=True)

    @cached_property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of the lists of works that a page of the site shows: all, and each study's."""
        first, site = self.site.languages[0], self.site
        found = {"bibliography": tuple(site.entry)} if site.page(first, "bibliography") else {}
        for study in site.studies:
            if site.page(first, study.page_name("references")) or site.page(first, study.name):
                found[study.slug] = tuple(key for key, entry in site.entry.items() if study.slug in entry.studies)
        return {name: keys for name, keys in found.items() if keys}

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The built pages by their address; the 404 page is none."""
        return {page.url: Document(page) for page in self.built.pages if page.url in self.model or not page.url.endswith(".html")}

    @cached_property
    def feeds(self) -> Mapping[str, str]:
        """The language of each feed by its address."""
        return {f"{language}/feed.xml": language for language in self.site.languages if self.site.page(language, "")}

    def missing_pages(self) -> Iterator[Trouble]:
        """The pages that were not built."""
        built = {page.url for page in self.built.pages}
        for page in self.site.pages:
            if page.url not in built:
                message = say("the built site has no page {url}: build it anew with “make site”", url=page.url)
                yield Trouble("B607", page.place, message, "")

    # -- what is known of a page ------------------------------------------------------------------------------

    def language(self, url: str, exactly: bool = False) -> str:
        """A page's language by its address; that of the welcome page is the site's first, or with `exactly` ""."""
        first = url.partition("/")[0]
        return first if first in self.site.languages else "" if exactly else self.site.languages[0]

    def study(self, url: str) -> Study | None:
        page = self.model.get(url)
        study = self.site.study_of(page) if page else None
        return study if study and study.entry in self.works else None

    def overview(self, study: Study, language: str) -> str:
        """The address of a study's overview in a language."""
        return f"{self.base}{language}/{study.name}/"

    def work_of(self, document: Document) -> Work:
        """A page as a work of its own. The title of one that stands in no file, a rule's, is its heading."""
        url, page = document.url, self.model.get(document.url)
        language, study = self.language(url), self.study(url)
        title = page.title if page else document.heading
        if page and study and page.name != study.name:
            title = f"{title} ({study.short[language]})"
        source = say("the page {path}", path=page.path) if page else say("the page's heading")
        return due.of_page(self.settings, title, language, due.updated(self.site, page, url), self.base + url, source)

    def licence_address(self, identifier: object) -> str:
        return self.site.words["licences"].get(identifier, {}).get("url", "") if identifier else ""

    def others(self, url: str) -> dict[str, str]:
        """The address of a page in each language that has it; of the welcome page, the languages' homes."""
        language = self.language(url, exactly=True)
        rest = url.removeprefix(f"{language}/") if language else ""
        found = {each: f"{each}/{rest}" for each in self.site.languages}
        return {each: self.base + other for each, other in found.items() if other in self.documents}

    # -- one page ---------------------------------------------------------------------------------------------

    def page(self, built: BuiltPage) -> Reading:
        """What a built page says, in its head, its JSON-LD and its boxes."""
        document = self.documents.get(built.url)
        if document is None:
            return Reading((), (), ())
        if document.page is not built:
            document = Document(built)
        study, page_work = self.study(document.url), self.work_of(document)
        judge = _PageJudge(self, document, study, page_work)
        judge.everything()
        return Reading((document,), tuple(judge.comparisons), tuple(judge.troubles))

    # -- one file ---------------------------------------------------------------------------------------------

    def file(self, address: str) -> Reading:
        """What one of the site's other files says."""
        text = self.texts.get(address)
        place = Place(f"{self.built.folder}/{address}")
        if text is None:
            message = say("there is no file {address}: build the site anew with “make site”", address=address)
            return Reading((), (), (Trouble("B607", place, message, self._surface_at(address)),))
        try:
            comparisons, troubles = self._file_reader(address)(address, text, place.path)
        except Unreadable as error:
            trouble = Trouble("B607", Place(place.path, error.line), say("the file {reason}", reason=error.message), self._surface_at(address))
            return Reading((), (), (trouble,))
        return Reading((), tuple(comparisons), tuple(troubles))

    def _surface_at(self, address: str) -> str:
        if address in self.due_files:
            return self.due_files[address].format.surface.name
        return whole.FEED.name if address in self.feeds else whole.SITEMAP.name

    def _file_reader(self, address: str) -> Callable[[str, str, str], tuple[list[Comparison], list[Trouble]]]:
        if address in self.due_files:
            return self._works_file
        return self._feed if address in self.feeds else self._sitemap if address == "sitemap.xml" else self._robots

    def _works_file(self, address: str, text: str, path: str) -> tuple[list[Comparison], list[Trouble]]:
        format, page, works, is_list = self.due_files[address]
        surface = format.surface.name
        records = format.read(text, self.built.schemas)
        pairs = _by_key(records, works) if is_list and any(record.key for record in records) else list(zip(records, works, strict=False))
        comparisons = [
            Comparison(Statement(surface, path, page, work.subject, record.fields, record.line), _due_in(format, record, work), work)
            for record, work in pairs
        ]
        troubles = []
        if len(records) != len(works) or len(pairs) != len(works):
            paired = {work.key for _, work in pairs}
            lacking = [work.key for work in works if work.key not in paired]
            message = say(
                "the file has {count} works, and must have {due}; it lacks: {keys}", count=len(records), due=len(works), keys=", ".join(lacking) or "–"
            )
            troubles.append(Trouble("B602", Place(path), message, surface))
        return comparisons, troubles

    def _feed(self, address: str, text: str, path: str) -> tuple[list[Comparison], list[Trouble]]:
        language = self.feeds[address]
        entries = whole.feed(text, path)
        works = {work.fields["url"]: work for work in map(self.work_of, self._news(language))}
        licence = self.site.words["licences"].get(self.settings.licence, {}).get(language, self.settings.licence)
        comparisons, troubles = [], []
        for url, statement in entries.items():
            if url in works:
                fields = {name: value for name, value in works[url].fields.items() if name in whole.FEED.carries}
                comparisons.append(Comparison(statement, fields | {"licence": licence}, works[url]))
            else:
                troubles.append(Trouble("B606", Place(path), say("the feed has an entry for “{url}”, which is no page of its language", url=url), "feed"))
        oldest = min((str(works[url].fields["date"]) for url in entries if url in works), default="")
        for url, work in works.items():
            if url not in entries and (len(entries) < FEED_LENGTH or str(work.fields["date"]) > oldest):
                troubles.append(Trouble("B606", Place(path), say("the feed has no entry for {url}: build the site anew", url=url), "feed"))
        return comparisons, troubles

    def _news(self, language: str) -> list[Document]:
        """The pages that a feed is about: all of its language but the home and those of the rules."""
        found = (self.documents.get(page.url) for page in self.site.pages if page.language == language and page.name)
        return [document for document in found if document]

    def _sitemap(self, address: str, text: str, path: str) -> tuple[list[Comparison], list[Trouble]]:
        statements, alternates = whole.sitemap(text, path)
        comparisons, troubles = [], []
        for document in self.documents.values():
            url = self.base + document.url
            if url not in statements:
                troubles.append(Trouble("B606", Place(path), say("the sitemap has no page {url}: build the site anew", url=url), "sitemap"))
                continue
            work = self.work_of(document)
            comparisons.append(Comparison(statements[url], {name: work.fields[name] for name in whole.SITEMAP.carries}, work))
            stated = {language: href for language, href in alternates[url].items() if language != "x-default"}
            if stated != (wanted := self.others(document.url)):
                message = say("the sitemap gives for {url} the languages “{said}”, it is in “{due}”", url=url, said=_listed(stated), due=_listed(wanted))
                troubles.append(Trouble("B606", statements[url].place(""), message, "sitemap"))
        for url in statements.keys() - self.addresses:
            troubles.append(Trouble("B606", statements[url].place(""), say("the sitemap has “{url}”, which is no page of the site", url=url), "sitemap"))
        return comparisons, troubles

    def _robots(self, address: str, text: str, path: str) -> tuple[list[Comparison], list[Trouble]]:
        said = whole.robots(text, self.base)
        troubles = []
        if not said.allows:
            troubles.append(Trouble("B606", Place(path), say("robots.txt sends search engines away from {url}", url=self.base), "robots.txt"))
        if said.sitemaps != (wanted := (f"{self.base}sitemap.xml",)):
            message = say("robots.txt must name the sitemap {due}, and names “{said}”", due=wanted[0], said=" ".join(said.sitemaps))
            troubles.append(Trouble("B606", Place(path), message, "robots.txt"))
        return [], troubles


def _named(stem: str, folder: str, page: str, works: tuple[Work, ...], is_list: bool = False) -> Iterator[tuple[str, DueFile]]:
    for format in FORMATS:
        yield (folder if format.prescribed else stem) + format.suffix, DueFile(format, page, works, is_list)


def _by_key(records: Iterable[Record], works: Iterable[Work]) -> list[tuple[Record, Work]]:
    by_key = {work.key: work for work in works}
    return [(record, by_key[record.key]) for record in records if record.key in by_key]


def _due_in(format: Format, record: Record, work: Work) -> dict[str, Value]:
    """What a record must say, where the format has several words for a type the one that it says."""
    fields = expected(format, work.fields)
    words = format.types.get(str(fields.pop("type", "")))
    if words:
        said = record.fields.get("type", "")
        fields["type"] = said if said in words else words[0]
    return fields


def _listed(addresses: Mapping[str, str]) -> str:
    return ", ".join(f"{language}: {address}" for language, address in sorted(addresses.items()))


class _PageJudge:
    """Reads one page, and notes what is compared and what is amiss."""

    def __init__(self, comparer: Comparer, document: Document, study: Study | None, page_work: Work):
        self.comparer, self.document, self.study, self.page_work = comparer, document, study, page_work
        self.work = comparer.works[study.entry] if study else page_work
        self.comparisons: list[Comparison] = []
        self.troubles: list[Trouble] = []
        self.url, self.language = comparer.base + document.url, comparer.language(document.url)
        self.site_licence = comparer.licence_address(comparer.settings.licence)

    @property
    def model(self) -> Page | None:
        return self.comparer.model.get(self.document.url)

    @property
    def is_overview(self) -> bool:
        return bool(self.study and self.model and self.model.name == self.study.name)

    @property
    def address(self) -> str:
        """The address of the page's subject: by the DOI, or the URL; "" of a study that has neither."""
        fields = self.work.fields
        return f"https://doi.org/{fields['doi']}" if fields["doi"] else str(fields["url"])

    @property
    def study_id(self) -> str:
        """The study's name for machines: its address, else a part of its overview in the site's first language."""
        return self.address or f"{self.comparer.overview(self.study, self.comparer.site.languages[0])}#study"

    def everything(self) -> None:
        self._head()
        self._card()
        self._signposting()
        self._json_ld()
        self._boxes()
        if self.document.of_class("Z3988"):
            self._amiss("B603", say("the page has COinS (class “Z3988”): reference managers would offer those works instead of the page"), "COinS")

    def _amiss(self, code: str, message: Message, surface: str, line: int = 1) -> None:
        self.troubles.append(Trouble(code, Place(self.document.page.path, line), message, surface))

    def _compare(self, surface: Surface, statement: Statement | None, fields: Mapping[str, Value], work: Work) -> None:
        if statement:
            self.comparisons.append(Comparison(statement, fields, work))
        elif any(fields.values()):
            self._amiss("B607", say("the page has no {surface}: build the site anew with “make site”", surface=surface.name), surface.name)

    # -- <meta> -----------------------------------------------------------------------------------------------

    def _head(self) -> None:
        document, fields, is_study = self.document, self.work.fields, self.study is not None
        if self.study:
            overview = self.comparer.overview(self.study, self.language)
            self._compare(head.HIGHWIRE, head.highwire(document, self.work.subject), head.highwire_due(fields, overview), self.work)
        elif stray := next((meta for meta in document.metas if meta.name.casefold().startswith("citation_")), None):
            message = say("“{name}” stands on the page of no study: reference managers would take the page for a publication", name=stray.name)
            self._amiss("B603", message, head.HIGHWIRE.name, stray.line)
        licence = self.comparer.licence_address(fields["licence"])
        due_core = head.dublin_core_due(fields, is_study, self.address, licence)
        if due_core.get("type"):
            due_core["type"] = head.DUBLIN_CORE_TYPES[str(due_core["type"])][0]
        self._compare(head.DUBLIN_CORE, head.dublin_core(document, self.work.subject), due_core, self.work)
        locale = self.comparer.site.words["languages"][self.language]["og"]
        due_graph = head.open_graph_due(self.page_work.fields, is_study, locale)
        self._compare(head.OPEN_GRAPH, head.open_graph(document), due_graph, self.page_work)

    def _card(self) -> None:
        surface = head.OPEN_GRAPH.name
        stated = self.document.named("og:image")
        wanted = f"{self.url}card.png"
        if not stated or stated[0].content != wanted:
            message = say("“og:image” must be {due}, and is “{said}”", due=wanted, said=stated[0].content if stated else "")
            self._amiss("B603", message, surface, stated[0].line if stated else 1)
            return
        image = self.comparer.built.images.get(f"{self.document.url}card.png")
        if image is None:
            self._amiss("B607", say("there is no card {address}: build the site anew", address=wanted), surface, stated[0].line)
        elif image.kind != "PNG" or (image.width, image.height) != CARD or image.bytes >= CARD_BYTES:
            message = say(
                "the card must be a PNG of {due} pixels and below {most} bytes, and is {said}",
                due="1200×630",
                most=CARD_BYTES,
                said=f"{image.kind or '?'}, {image.width}×{image.height}, {image.bytes}",
            )
            self._amiss("B603", message, surface, stated[0].line)

    # -- <link> -----------------------------------------------------------------------------------------------

    def _signposting(self) -> None:
        document, comparer, study = self.document, self.comparer, self.study
        about = f"{self.language}/about/"
        if study:
            cite_as = self.address or comparer.overview(study, self.language)
            authors = [f"https://orcid.org/{orcid}" for orcid in self.work.orcid]
        else:
            cite_as, authors = self.url, [comparer.base + about] if about in comparer.documents else []
        wanted = head.signposting_due(cite_as, str(self.work.fields.get("type", "")), authors, self.site_licence, study is not None)
        self._compare(head.SIGNPOSTING, head.signposting(document, self.work.subject), wanted, self.work)
        self._links("describedby", self._described_by())
        self._links("item", self._items())
        is_part = study and not self.is_overview
        self._links("collection", {comparer.overview(study, self.language): ("text/html",)} if is_part else {})
        if document.canonical != self.url:
            message = say("the canonical address must be {due}, and is “{said}”", due=self.url, said=document.canonical)
            self._amiss("B605", message, head.SIGNPOSTING.name)
        self._feed_link()

    def _described_by(self) -> dict[str, tuple[str, ...]]:
        """The files of the page's subject, each with the media types that it may have."""
        if self.study:
            stem, folder = f"cite/{self.study.entry}", f"cite/{self.study.entry}/"
        elif self.comparer.language(self.document.url, exactly=True):
            stem, folder = f"{self.document.url}cite", self.document.url
        else:
            return {}
        base = self.comparer.base
        return {base + (folder if format.prescribed else stem) + format.suffix: format.media_types for format in FORMATS}

    def _items(self) -> dict[str, tuple[str, ...]]:
        if not self.is_overview:
            return {}
        urls = (f"{self.language}/{self.study.page_name(name)}/" for name in self.study.pages)
        return {self.comparer.base + url: ("text/html",) for url in urls if url in self.comparer.documents}

    def _links(self, rel: str, wanted: Mapping[str, tuple[str, ...]]) -> None:
        """The links of a relation must be those that are due, each with a media type."""
        stated = {link.href: link for link in self.document.related(rel)}
        surface = head.SIGNPOSTING.name
        for href, types in wanted.items():
            if href not in stated:
                self._amiss("B605", say("the page has no link “{rel}” to {href}", rel=rel, href=href), surface)
            elif stated[href].type not in types:
                said = stated[href]
                message = say("the link “{rel}” to {href} has the type “{said}”, it must be “{due}”", rel=rel, href=href, said=said.type, due=types[0])
                self._amiss("B605", message, surface, said.line)
        for href in stated.keys() - wanted.keys():
            self._amiss("B605", say("the page has a link “{rel}” to “{href}”, which is not due", rel=rel, href=href), surface, stated[href].line)

    def _feed_link(self) -> None:
        up = "../" * self.document.url.count("/")
        wanted = f"{self.language}/feed.xml"
        if wanted not in self.comparer.feeds:
            return
        relative = up + wanted
        shorter = "../" * (self.document.url.count("/") - 1) + "feed.xml" if self.document.url else wanted
        feeds = [link.href for link in self.document.related("alternate") if link.type == "application/atom+xml"]
        if len(feeds) != 1 or feeds[0] not in (self.comparer.base + wanted, relative, shorter):
            message = say("the page must have one link to the feed {due}, and has “{said}”", due=wanted, said=" ".join(feeds))
            self._amiss("B606", message, whole.FEED.name)

    # -- JSON-LD ----------------------------------------------------------------------------------------------

    def _json_ld(self) -> None:
        try:
            nodes, line = jsonld.graph(self.document)
        except Unreadable as error:
            self._amiss("B607", error.message, jsonld.OF_PAGE.name, error.line)
            return
        is_taught = bool(self.study and self.model and self.model.name == self.study.page_name(TEACHING))
        page_due = jsonld.page_due(self.page_work.fields, self.site_licence, is_taught)
        self._compare(jsonld.OF_PAGE, jsonld.statement(jsonld.OF_PAGE, self.document, "page", nodes, self.url, line), page_due, self.page_work)
        if self.study:
            said = jsonld.statement(jsonld.OF_STUDY, self.document, self.work.subject, nodes, self.study_id, line)
            licence = self.comparer.licence_address(self.work.fields["licence"])
            self._compare(jsonld.OF_STUDY, said, jsonld.study_due(self.work.fields, self.address, licence), self.work)
        if self.url in nodes:
            for property, said, wanted in self._properties(nodes):
                if said != wanted:
                    message = say("the JSON-LD has as “{property}” “{said}”, it must be “{due}”", property=property, said=said, due=wanted)
                    self._amiss("B604", message, jsonld.OF_PAGE.name, line)

    def _properties(self, nodes: Mapping[str, Mapping]) -> Iterator[tuple[str, str, str]]:
        """What the node of a page must say besides: property, what it says, what is due; several values with a space between."""
        node = nodes[self.url]
        first = self.comparer.site.languages[0]
        others = {language: address for language, address in self.comparer.others(self.document.url).items() if language != self.language}
        localised = self.comparer.language(self.document.url, exactly=True) != ""
        is_original = localised and self.language == first
        yield "about", _ids(node, "about"), self.study_id if self.study else ""
        yield "primaryImageOfPage", _ids(node, "primaryImageOfPage"), f"{self.url}card.png"
        yield "workTranslation", _ids(node, "workTranslation"), " ".join(sorted(others.values())) if is_original else ""
        yield "translationOfWork", _ids(node, "translationOfWork"), others.get(first, "") if localised and not is_original else ""
        yield "publisher", _name_of(node.get("publisher"), nodes), self.comparer.settings.publisher
        cited = _objects(node.get("citation"))
        if self.model:
            keys = dict.fromkeys(each.key for each in self.model.citations if not self.study or each.key != self.study.entry)
            wanted = sorted(str(self.comparer.works[key].fields["title"]) for key in keys if key in self.comparer.works)
            yield "citation", "; ".join(sorted(_title(each) for each in cited)), "; ".join(wanted)
        yield "breadcrumb", _ids(node, "breadcrumb"), f"{self.url}#breadcrumbs" if self._has_way else ""
        if self._has_way:
            steps = _objects(nodes.get(f"{self.url}#breadcrumbs", {}).get("itemListElement"))
            way = [str(step.get("item")) for step in steps if step.get("@type") == "ListItem" and step.get("name")]
            in_order = [step.get("position") for step in steps] == list(range(1, len(steps) + 1))
            yield "itemListElement", " ".join(way) if in_order else "–", " ".join(self._way())

    @property
    def _has_way(self) -> bool:
        """Whether something stands above the page; nothing does above a language's home."""
        language = self.comparer.language(self.document.url, exactly=True)
        return bool(language) and self.document.url != f"{language}/"

    def _way(self) -> list[str]:
        """The addresses of the pages from the language's home to this one."""
        parts = self.document.url.rstrip("/").split("/")
        above = ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
        return [self.comparer.base + url for url in above if url in self.comparer.documents] + [self.url]

    # -- boxes ------------------------------------------------------------------------------------------------

    def _boxes(self) -> None:
        if self.is_overview:
            self._box("study", self.work)
        if self.comparer.language(self.document.url, exactly=True):
            self._box("page", self.page_work)

    def _box(self, kind: str, work: Work) -> None:
        wanted = boxes.due(work.fields, kind == "study")
        found = dict(boxes.references(self.document, boxes.BOXES[kind]))
        for style, surface in boxes.SURFACES.items():
            said = boxes.statement(style, self.document, work.subject, found[style], wanted) if style in found else None
            if said is None and kind == "study" and style == boxes.STYLES[0]:
                continue  # B601 tells it
            self._compare(surface, said, wanted, work)


def _objects(value: object) -> list[Mapping]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _ids(node: Mapping, property: str) -> str:
    return " ".join(sorted(str(each.get("@id") or each.get("url") or "") for each in _objects(node.get(property))))


def _title(node: Mapping) -> str:
    return jsonld.words(node.get("name", ""))


def _name_of(value: object, nodes: Mapping[str, Mapping]) -> str:
    """A body's name, which may stand with another property of the page under the same `@id`."""
    found = _objects(value)
    if not found:
        return ""
    id = found[0].get("@id")
    inside = (each for node in nodes.values() for each in _objects(node.get("author")) if id and each.get("@id") == id)
    named = found[0] if "name" in found[0] else next(inside, nodes.get(str(id), {}))
    return str(named.get("name", ""))
