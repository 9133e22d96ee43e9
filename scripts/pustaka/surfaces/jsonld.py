"""The structured data of a page (JSON-LD 1.1; schema.org): the node of the page, that of its study, and the way to it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pustaka.model import say
from pustaka.surfaces import FIELDS, Statement, Surface, Unreadable, Value, address, doi, name, words
from pustaka.surfaces.document import Document
from pustaka.surfaces.head import SCHEMA_TYPES

OF_PAGE = Surface("JSON-LD, page", "B604", frozenset({"title", "authors", "date", "container", "url", "type", "language", "licence", "version"}))
OF_STUDY = Surface("JSON-LD, study", "B604", frozenset(FIELDS))

#: The words of schema.org for periodicals and their parts, each with where the number is.
_PARTS = {"PublicationIssue": ("issue", "issueNumber"), "PublicationVolume": ("volume", "volumeNumber"), "Periodical": ("container", "name")}


def graph(document: Document) -> tuple[dict[str, Mapping], int]:
    """The nodes of a page's JSON-LD by their `@id`, and the script's line.

    Raises:
        Unreadable: there is no script, there are several, or its text is no graph of nodes.
    """
    scripts = list(document.scripts("application/ld+json"))
    if len(scripts) != 1:
        raise Unreadable(say("the page must have one script of type application/ld+json, and has {count}", count=len(scripts)))
    text, line = scripts[0]
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(say("the JSON-LD is no valid JSON"), line) from error
    nodes = data.get("@graph") if isinstance(data, dict) else None
    if not isinstance(nodes, list) or not all(isinstance(node, dict) and isinstance(node.get("@id"), str) for node in nodes):
        raise Unreadable(say("the JSON-LD must be one “@graph” of nodes with an “@id” each"), line)
    if data.get("@context") not in ("https://schema.org", "https://schema.org/"):
        raise Unreadable(say("the JSON-LD must have the “@context” https://schema.org"), line)
    return {address(node["@id"]): node for node in nodes}, line


def statement(surface: Surface, document: Document, subject: str, nodes: Mapping[str, Mapping], id: str, line: int) -> Statement | None:
    """What the node of an `@id` says; None when there is no such node."""
    node = nodes.get(id)
    if node is None:
        return None
    inside = dict(_inside(node.get("isPartOf")))
    identifier = node.get("identifier")
    fields: dict[str, Value] = {
        "title": _text(node.get("name")),
        "authors": tuple(_name(author, nodes) for author in _list(node.get("author"))),
        "orcid": " ".join(id for id in map(_id, nodes_in(node.get("author"))) if id.startswith("https://orcid.org/")),
        "date": _text(node.get("dateModified") if surface is OF_PAGE else node.get("datePublished")),
        "container": inside.get("container", ""),
        "volume": inside.get("volume", ""),
        "issue": inside.get("issue", ""),
        "pages": "-".join(filter(None, (_text(node.get("pageStart")), _text(node.get("pageEnd"))))),
        "doi": doi(_text(identifier.get("value"))) if isinstance(identifier, dict) and identifier.get("propertyID") == "doi" else "",
        "url": address(_text(node.get("url"))),
        "type": " ".join(map(_text, _list(node.get("@type")))),
        "language": _text(node.get("inLanguage")),
        "licence": _text(node.get("license")),
        "kind": _text(node.get("genre")),
        "version": _text(node.get("version")),
    }
    return Statement(surface.name, document.page.path, document.url, subject, {name: value for name, value in fields.items() if value}, line)


def _inside(node: object, depth: int = 0):
    """What a work is a part of, from the innermost outwards: field and value."""
    if not isinstance(node, dict) or depth > 3:
        return
    kind = node.get("@type")
    if kind == "WebSite":
        yield "container", _text(node.get("name"))
    elif isinstance(kind, str) and kind in _PARTS:
        field, property = _PARTS[kind]
        yield field, _text(node.get(property))
    yield from _inside(node.get("isPartOf"), depth + 1)


def _list(value: object) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: object) -> str:
    return words(value) if isinstance(value, str | int) else ""


def _name(author: object, nodes: Mapping[str, Mapping]) -> tuple[str, ...]:
    """An author's name; one that is named by its `@id` alone stands elsewhere in the graph."""
    if isinstance(author, dict) and set(author) == {"@id"}:
        author = nodes.get(author["@id"], author)
    if not isinstance(author, dict):
        return name(_text(author))
    family = _text(author.get("familyName"))
    return name(family, _text(author.get("givenName"))) if family else name(_text(author.get("name")))


def _id(node: Mapping) -> str:
    return _text(node.get("@id"))


def nodes_in(value: object) -> list[Mapping]:
    """The nodes of a property, one or several."""
    return [each for each in _list(value) if isinstance(each, dict)]


def publisher(page: Mapping, nodes: Mapping[str, Mapping]) -> str | None:
    """The name of a page's publisher; None where that is, by its `@id`, the author, who is judged already."""
    body = next(iter(nodes_in(page.get("publisher"))), {})
    if set(body) == {"@id"} and any(author.get("@id") == body["@id"] for author in nodes_in(page.get("author"))):
        return None
    return _text(body.get("name") or nodes.get(str(body.get("@id")), {}).get("name"))


def way(node: Mapping) -> str:
    """The addresses of a BreadcrumbList in their order; "" when the positions are not 1, 2, 3, …, or a name is missing."""
    steps = nodes_in(node.get("itemListElement"))
    is_whole = all(step.get("@type") == "ListItem" and step.get("name") and step.get("position") == n for n, step in enumerate(steps, 1))
    return " ".join(_text(step.get("item")) for step in steps) if is_whole and node.get("@type") == "BreadcrumbList" else ""


def page_due(fields: Mapping[str, Value], licence: str, is_taught: bool) -> dict[str, Value]:
    """What the node of a page must say; the licence is its address."""
    due = {name: value for name, value in fields.items() if name in OF_PAGE.carries}
    return due | {"licence": licence, "type": "WebPage LearningResource" if is_taught else "WebPage"}


def study_due(fields: Mapping[str, Value], url: str, licence: str) -> dict[str, Value]:
    """What the node of a study must say; `url` is the address of its DOI, or its URL, `licence` that of its licence."""
    due = dict(fields) | {"url": url, "licence": licence}
    if "type" in due:
        due["type"] = SCHEMA_TYPES[str(due["type"])]
    return due
