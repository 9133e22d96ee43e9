"""What the <head> of a page says in <meta> and <link>: Highwire tags, Dublin Core, Open Graph, FAIR Signposting.

Sources: Google Scholar, "Inclusion Guidelines for Webmasters"; DCMI, "Expressing Dublin Core metadata using HTML/XHTML meta and
link elements"; ogp.me; signposting.org, "FAIR Signposting Profile" (level 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pustaka.surfaces import Statement, Surface, Value, address, day, doi, inverted, words
from pustaka.surfaces.document import Document, Meta

HIGHWIRE = Surface(
    "Highwire", "B603", frozenset({"title", "authors", "orcid", "date", "container", "volume", "issue", "pages", "doi", "url", "language"})
)
DUBLIN_CORE = Surface("Dublin Core", "B603", frozenset({"title", "authors", "date", "container", "url", "type", "language", "licence"}))
OPEN_GRAPH = Surface("Open Graph", "B603", frozenset({"title", "container", "url", "type", "language"}))
SIGNPOSTING = Surface("Signposting", "B605", frozenset({"authors", "url", "type", "licence"}))

#: The words of Dublin Core and schema.org for the types that are compared.
DUBLIN_CORE_TYPES = {"article": "Article", "thesis": "Thesis", "webpage": "Web page", "book": "Book", "report": "Report"}
SCHEMA_TYPES = {"article": "ScholarlyArticle", "thesis": "Thesis", "webpage": "WebPage", "book": "Book", "report": "Report"}


def _one(document: Document, *names: str) -> Meta | None:
    return next((found for name in names for found in document.named(name)), None)


def _said(surface: Surface, document: Document, subject: str, fields: Mapping[str, Value], lines: Mapping[str, int]) -> Statement | None:
    """The statement; None where the surface says nothing at all."""
    said = {name: value for name, value in fields.items() if value}
    first = min(lines.values(), default=1)
    return Statement(surface.name, document.page.path, document.url, subject, said, first, lines) if said else None


def _texts(document: Document, names: Mapping[str, str]) -> tuple[dict[str, Value], dict[str, int]]:
    """The fields that stand in one <meta> each, and their lines."""
    found = {field: _one(document, name) for field, name in names.items()}
    return {f: words(meta.content) for f, meta in found.items() if meta}, {f: meta.line for f, meta in found.items() if meta}


def _names(document: Document, name: str) -> tuple[tuple[tuple[str, ...], ...], dict[str, int]]:
    metas = document.named(name)
    return tuple(inverted(meta.content) for meta in metas), {"authors": metas[0].line} if metas else {}


def highwire(document: Document, subject: str) -> Statement | None:
    """The tags `citation_*`."""
    fields, lines = _texts(
        document,
        {
            "title": "citation_title",
            "date": "citation_publication_date",
            "container": "citation_journal_title",
            "volume": "citation_volume",
            "issue": "citation_issue",
            "pages": "citation_firstpage",
            "doi": "citation_doi",
            "url": "citation_abstract_html_url",
            "language": "citation_language",
        },
    )
    authors, line = _names(document, "citation_author")
    identifiers = document.named("citation_author_orcid")
    last = _one(document, "citation_lastpage")
    fields["date"] = day(*str(fields.get("date", "")).split("/"))
    fields["pages"] = "-".join(filter(None, (str(fields.get("pages", "")), last.content if last else "")))
    fields["doi"] = doi(fields.get("doi", ""))
    fields["orcid"] = " ".join(meta.content for meta in identifiers)
    lines |= {"orcid": identifiers[0].line} if identifiers else {}
    return _said(HIGHWIRE, document, subject, {**fields, "authors": authors}, lines | line)


def dublin_core(document: Document, subject: str) -> Statement | None:
    """The tags `DC.*`."""
    fields, lines = _texts(
        document,
        {
            "title": "DC.title",
            "date": "DC.date",
            "container": "DC.source",
            "url": "DC.identifier",
            "type": "DC.type",
            "language": "DC.language",
            "licence": "DC.rights",
        },
    )
    fields["url"] = address(fields.get("url", ""))
    authors, line = _names(document, "DC.creator")
    return _said(DUBLIN_CORE, document, subject, {**fields, "authors": authors}, lines | line)


def open_graph(document: Document) -> Statement | None:
    """The properties `og:*`, which speak of the page."""
    names = {"title": "og:title", "container": "og:site_name", "url": "og:url", "type": "og:type", "language": "og:locale"}
    fields, lines = _texts(document, names)
    return _said(OPEN_GRAPH, document, "page", fields, lines)


def signposting(document: Document, subject: str) -> Statement | None:
    """The links `cite-as`, `author`, `type` and `license`; several of a relation in their order, with a space between."""
    names = {"url": "cite-as", "authors": "author", "type": "type", "licence": "license"}
    found = {field: document.related(rel) for field, rel in names.items()}
    fields = {field: " ".join(address(link.href) for link in links) for field, links in found.items()}
    return _said(SIGNPOSTING, document, subject, fields, {field: links[0].line for field, links in found.items() if links})


def highwire_due(fields: Mapping[str, Value], overview: str) -> dict[str, Value]:
    """What Highwire tags must say of a work whose overview has this address."""
    return {name: value for name, value in fields.items() if name in HIGHWIRE.carries} | {"url": overview}


def dublin_core_due(fields: Mapping[str, Value], is_study: bool, url: str, licence: str) -> dict[str, Value]:
    """What Dublin Core must say; a page's site is not its source, and is not stated.

    Args:
        url: the work's own address, by its DOI or its URL.
        licence: the address of the licence.
    """
    due = {name: value for name, value in fields.items() if name in DUBLIN_CORE.carries}
    if not is_study:
        due["container"] = ""
    if "type" in due:
        due["type"] = DUBLIN_CORE_TYPES[str(due["type"])]
    return due | {"url": url, "licence": licence}


def open_graph_due(fields: Mapping[str, Value], is_study: bool, locale: str) -> dict[str, Value]:
    """What Open Graph must say of a page, whose locale is the one of its language ("id_ID")."""
    due = {name: value for name, value in fields.items() if name in OPEN_GRAPH.carries}
    return due | {"type": "article" if is_study else "website", "language": locale}


def signposting_due(cite_as: str, type: str, authors: Iterable[str], licence: str, is_study: bool) -> dict[str, Value]:
    """What Signposting must say.

    Args:
        cite_as: the address by which to cite.
        type: the work's type, of those that are compared.
        authors: the addresses of its authors.
        licence: the address of the site's licence.
    """
    types = ["AboutPage", SCHEMA_TYPES.get(type, "CreativeWork")] if is_study else ["WebPage"]
    stated = " ".join(f"https://schema.org/{name}" for name in types)
    return {"url": cite_as, "authors": " ".join(authors), "type": stated, "licence": licence}
