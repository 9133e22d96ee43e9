"""One page, read: its head, its JSON-LD and its boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain
from urllib.parse import urljoin

from pustaka import reference
from pustaka.model import TEACHING, Message, Place, say
from pustaka.surfaces import Statement, Surface, Unreadable, Value, address, boxes, head, jsonld, whole
from pustaka.surfaces.document import Document, Link
from pustaka.surfaces.due import Work
from pustaka.surfaces.duties import Duties
from pustaka.surfaces.files import FORMATS
from pustaka.surfaces.reading import Comparison, Reading, Trouble, reading

#: A card: its size in pixels, and the bytes that it must stay below: messengers show no larger ones.
CARD, CARD_BYTES = (1200, 630), 300_000

Found = Iterator[Comparison | Trouble]


def read_page(duties: Duties, document: Document) -> Reading:
    """What a page says, and what is amiss with it."""
    page = _Page(duties, document)
    return reading((document,), chain(page.meta(), page.card(), page.links(), page.json_ld(), page.boxes()))


class _Page:
    """A page, and the works that it speaks of: itself and, on a study's pages, the study, which then is its subject."""

    def __init__(self, duties: Duties, document: Document):
        self.duties, self.document = duties, document
        self.model = duties.model.get(document.url)
        self.study = duties.study(document.url)
        self.itself = duties.work_of(document)
        self.subject = duties.works[self.study.entry] if self.study else self.itself
        self.url, self.language = duties.base + document.url, duties.language(document.url)
        self.below_language = bool(duties.language(document.url, exactly=True))
        self.site_licence = duties.licence_address(duties.settings.licence)

    @property
    def is_overview(self) -> bool:
        return bool(self.study and self.model.name == self.study.name)

    @property
    def subject_address(self) -> str:
        """By the DOI, or the URL; "" of a study that has neither."""
        return self.duties.address_of(self.study.entry) if self.study else str(self.itself.fields["url"])

    @cached_property
    def overview(self) -> str:
        """The address of the study's overview in the page's language."""
        return self.duties.overview(self.study, self.language)

    @property
    def study_id(self) -> str:
        """The study's name for machines."""
        return self.duties.name_of(self.study.entry, self.language)

    def amiss(self, code: str, surface: str, message: Message, line: int = 1) -> Trouble:
        return Trouble(code, Place(self.document.page.path, line), message, surface, self.document.url or "/")

    def compared(self, surface: Surface, statement: Statement | None, due: Mapping[str, Value], work: Work) -> Found:
        if statement:
            yield Comparison(statement, due, work)
        elif any(due.values()):
            what = say("reference in {style}", style=surface.name) if surface.name in boxes.SURFACES else surface.name
            yield self.amiss("B607", surface.name, say("the page has no {surface}: build the site anew", surface=what))

    # -- <meta> -----------------------------------------------------------------------------------------------

    def meta(self) -> Found:
        document, fields, subject = self.document, self.subject.fields, self.subject.subject
        if self.study:
            yield from self.compared(head.HIGHWIRE, head.highwire(document, subject), head.highwire_due(fields, self.overview), self.subject)
        elif stray := next((meta for meta in document.metas if meta.name.casefold().startswith("citation_")), None):
            message = say(
                "“{name}” stands on the page of no study: reference managers would take the page for a publication; take it out of the template",
                name=stray.name,
            )
            yield self.amiss("B603", head.HIGHWIRE.name, message, stray.line)
        licence = self.duties.licence_address(fields["licence"])
        due = head.dublin_core_due(fields, self.study is not None, self.subject_address, licence)
        yield from self.compared(head.DUBLIN_CORE, head.dublin_core(document, subject), due, self.subject)
        locale = self.duties.site.words["languages"][self.language]["og"]
        due = head.open_graph_due(self.itself.fields, self.study is not None, locale)
        yield from self.compared(head.OPEN_GRAPH, head.open_graph(document), due, self.itself)
        if document.of_class("Z3988"):
            message = say(
                "the page has COinS (class “Z3988”): reference managers would offer those works instead of the page; take it out of the template"
            )
            yield self.amiss("B603", "COinS", message)

    def card(self) -> Found:
        """The image that goes with a link to the page."""
        surface, due = head.OPEN_GRAPH.name, f"{self.url}card.png"
        stated = next(iter(self.document.named("og:image")), None)
        image = self.duties.built.images.get(f"{self.document.url}card.png")
        if stated is None or stated.content != due:
            message = say("“og:image” must be {due}, and is “{said}”", due=due, said=stated.content if stated else "")
            yield self.amiss("B603", surface, message, stated.line if stated else 1)
        elif image is None:
            yield self.amiss("B607", surface, say("there is no card {address}: build the site anew", address=due), stated.line)
        elif image.kind != "PNG" or (image.width, image.height) != CARD or image.bytes >= CARD_BYTES:
            said, due = f"{image.kind or '?'}, {image.width}×{image.height}, {image.bytes}", f"PNG, {CARD[0]}×{CARD[1]}, < {CARD_BYTES}"
            message = say("the card must be “{due}” (format, pixels, bytes), and is “{said}”", due=due, said=said)
            yield self.amiss("B603", surface, message, stated.line)

    # -- <link> -----------------------------------------------------------------------------------------------

    def links(self) -> Found:
        duties, document = self.duties, self.document
        if self.study:
            cite_as, authors = self.subject_address or self.overview, str(self.subject.fields["orcid"]).split()
        else:
            about = f"{self.language}/about/"
            cite_as, authors = self.url, [duties.base + about] if about in duties.documents else []
        due = head.signposting_due(cite_as, str(self.subject.fields.get("type", "")), authors, self.site_licence, self.study is not None)
        yield from self.compared(head.SIGNPOSTING, head.signposting(document, self.subject.subject), due, self.subject)
        yield from self.related("describedby", self.described_by())
        yield from self.related("item", self.items())
        yield from self.related("collection", {self.overview: ("text/html",)} if self.study and not self.is_overview else {})
        if document.canonical != self.url:
            message = say("the canonical address must be {due}, and is “{said}”", due=self.url, said=document.canonical)
            yield self.amiss("B605", head.SIGNPOSTING.name, message)
        yield from self.feed()

    def described_by(self) -> dict[str, tuple[str, ...]]:
        """The files of the page's subject, each with the media types that it may have; a study is described on its overview alone."""
        if self.study and not self.is_overview:
            return {}
        if self.study:
            stem, folder = f"cite/{self.study.entry}", f"cite/{self.study.entry}/"
        else:
            stem, folder = f"{self.document.url}cite", self.document.url
        named = ((format, (folder if format.prescribed else stem) + format.suffix) for format in FORMATS)
        return {self.duties.base + file: format.media_types for format, file in named} if self.study or self.below_language else {}

    def items(self) -> dict[str, tuple[str, ...]]:
        """The pages of the study that the page is the overview of."""
        names = self.study.pages if self.is_overview else ()
        urls = (f"{self.language}/{self.study.page_name(name)}/" for name in names)
        return {self.duties.base + url: ("text/html",) for url in urls if url in self.duties.documents}

    def related(self, rel: str, due: Mapping[str, tuple[str, ...]]) -> Iterator[Trouble]:
        """The links of a relation must be those that are due, each with a media type."""
        stated: dict[str, Link] = {link.href: link for link in self.document.related(rel)}
        surface = head.SIGNPOSTING.name
        for href, types in due.items():
            link = stated.get(href)
            if link is None:
                yield self.amiss("B605", surface, say("the page has no link “{rel}” to {href}", rel=rel, href=href))
            elif link.type not in types:
                values = {"rel": rel, "href": href, "said": link.type, "due": types[0]}
                message = say("the link “{rel}” to {href} has the type “{said}”, it must be “{due}”", **values)
                yield self.amiss("B605", surface, message, link.line)
        for href, link in stated.items():
            if href not in due:
                yield self.amiss(
                    "B605",
                    surface,
                    say("the page has a link “{rel}” to “{href}”, which must not be there: take it out of the template", rel=rel, href=href),
                    link.line,
                )

    def feed(self) -> Iterator[Trouble]:
        """A home and a study's overview announce the feed; any page may."""
        due = f"{self.language}/feed.xml"
        links = [link for link in self.document.related("alternate") if link.type == "application/atom+xml"]
        reached = [_reached(self.document.url, link.href, self.duties.base) for link in links]
        is_announced = self.is_overview or self.document.url == f"{self.language}/"
        if due in self.duties.feeds and reached != [due] and (reached or is_announced):
            said = " ".join(link.href for link in links)
            message = say("the page must have one link to the feed {due}, and has “{said}”", due=due, said=said)
            yield self.amiss("B606", whole.FEED.name, message, links[0].line if links else 1)

    # -- JSON-LD ----------------------------------------------------------------------------------------------

    def json_ld(self) -> Found:
        try:
            nodes, line = jsonld.graph(self.document)
        except Unreadable as error:
            yield self.amiss("B607", jsonld.OF_PAGE.name, error.message, error.line)
            return
        is_taught = bool(self.study and self.model.name == self.study.page_name(TEACHING))
        due = jsonld.page_due(self.itself.fields, self.site_licence, is_taught)
        said = jsonld.statement(jsonld.OF_PAGE, self.document, "page", nodes, self.url, line)
        yield from self.compared(jsonld.OF_PAGE, said, due, self.itself)
        if self.is_overview:
            said = jsonld.statement(jsonld.OF_STUDY, self.document, self.subject.subject, nodes, self.study_id, line)
            licence = self.duties.licence_address(self.subject.fields["licence"])
            yield from self.compared(jsonld.OF_STUDY, said, jsonld.study_due(self.subject.fields, self.subject_address, licence), self.subject)
        if self.url in nodes:
            yield from self.properties(nodes, line)

    def properties(self, nodes: Mapping[str, Mapping], line: int) -> Iterator[Trouble]:
        """What the node of a page must say besides; several values with a space or a semicolon between."""
        node, way = nodes[self.url], self.way()
        named = ("about", "workTranslation", "translationOfWork", "breadcrumb", "citation")
        said = {name: _ids(node, name) for name in named}
        due = {
            "about": self.study_id if self.study else "",
            "breadcrumb": f"{self.url}#breadcrumbs" if way else "",
            "itemListElement": " ".join(way),
            "citation": " ".join(sorted(self.cited())) if self.model else said["citation"],
            **self.translations(),
        }
        if (publisher := jsonld.publisher(node, nodes)) is not None:
            said["publisher"], due["publisher"] = publisher, self.duties.settings.publisher
        said["itemListElement"] = jsonld.way(nodes.get(f"{self.url}#breadcrumbs", {}))
        for name, value in due.items():
            if said[name] != value:
                message = say("the JSON-LD has “{said}” for “{property}”, and must have “{due}”", property=name, said=said[name], due=value)
                yield self.amiss("B604", jsonld.OF_PAGE.name, message, line)

    def translations(self) -> dict[str, str]:
        """The site's first language is the original, and the others are translations of it; the welcome page is neither."""
        first = self.duties.site.languages[0]
        others = {language: other for language, other in self.duties.others(self.document.url).items() if language != self.language}
        original = others.get(first, "") if self.below_language else ""
        translated = " ".join(sorted(others.values())) if self.below_language and self.language == first else ""
        return {"workTranslation": translated, "translationOfWork": original}

    def cited(self) -> set[str]:
        """The names of the works that the page cites."""
        return {self.duties.name_of(citation.key, self.language) for citation in self.model.citations if citation.key in self.duties.works}

    def way(self) -> list[str]:
        """The addresses of the pages from the language's home to this one; nothing of a home, above which is nothing."""
        parts = self.document.url.rstrip("/").split("/")
        above = ("/".join(parts[:depth]) + "/" for depth in range(1, len(parts)))
        pages = [self.duties.base + url for url in above if url in self.duties.documents]
        return [*pages, self.url] if self.below_language and len(parts) > 1 else []

    # -- boxes ------------------------------------------------------------------------------------------------

    def boxes(self) -> Found:
        if self.is_overview:
            yield from self.box("study", self.subject)
        if self.below_language:
            yield from self.box("page", self.itself)
        yield from self.findings()

    def findings(self) -> Found:
        """What the button beside a heading copies names the study."""
        for finding in boxes.findings(self.document):
            if not boxes.names(finding.text, self.subject.fields):
                message = say(
                    "the button of the heading “{heading}” copies “{said}”: it must name the study's author and year",
                    heading=finding.heading,
                    said=finding.text,
                )
                yield self.amiss("B608", "copy button", message, finding.line)

    def box(self, kind: str, work: Work) -> Found:
        due = boxes.due(work.fields, kind == "study")
        found = dict(boxes.references(self.document, boxes.BOXES[kind]))
        for style, surface in boxes.SURFACES.items():
            if kind == "page" or style != boxes.STYLES[0]:
                said = boxes.statement(style, self.document, work.subject, found[style], due) if style in found else None
                yield from self.compared(surface, said, due, work)
            elif style in found:  # rule B601 tells whatever is amiss with it
                entry = reference.of_entry(self.duties.site.entry[work.key])
                printed = reference.printed_by(self.study, entry) if self.study.printed else entry
                said = boxes.full(self.document, work.subject, found[style], printed)
                yield from self.compared(boxes.FULL, said, boxes.full_due(printed), work)


def _ids(node: Mapping, property: str) -> str:
    """The addresses of the nodes that a property names."""
    return " ".join(sorted(address(each.get("@id") or each.get("url") or "") for each in jsonld.nodes_in(node.get(property))))


def _reached(url: str, href: str, base: str) -> str:
    """The address below the site's root that a link on a page leads to; "" when it leads out of the site."""
    target = urljoin(base + url, href)
    return target.removeprefix(base) if target.startswith(base) else ""
