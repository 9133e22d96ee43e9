"""A study as one document: its pages as chapters, whose links lead to one another, with the works cited and the terms used.

Made from the HTML of the pages' text as the site prints it. What belongs to a page on a screen (links beside headings, cards,
buttons) is left out; links to other pages of the site become absolute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urldefrag, urljoin

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from pustaka.model import SLIDES, Page, Study
from pustaka.render.address import absolute, fragment
from pustaka.render.publication import Publication

#: What a page has for its readers' screens alone.
_CLASSES = ("heading-links", "permalink", "entry-links")
_FURNITURE = lxml.etree.XPath(
    "//comment() | //processing-instruction() | //script | //style | //link | //template | //form | //button | //*[@hidden] | "
    + " | ".join(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]" for name in _CLASSES)
)
#: What stands around a citation on a page, for its card.
_WRAPPERS = lxml.etree.XPath("//span[@class='citation' or @class='cite']")
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWING = re.compile(r"<svg\b.*?</svg\s*>", re.DOTALL)
_PLACE = re.compile(r"^drawing-(\d+)$")

#: Attributes that name ids, one or several (HTML, "Attributes"; WAI-ARIA 1.2, 6.2.4), and how drawings name them (SVG 2, 4.2).
_IDREFS = ("for", "headers", "list", "aria-labelledby", "aria-describedby", "aria-details", "aria-controls", "aria-owns")
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_URL = re.compile(r"url\(\s*#([^)\s]+)\s*\)")

#: Parts of every page that stand once in a book, under the same id.
_SHARED = ("references", "how-to-cite", "study-record")


@dataclass(frozen=True)
class Heading:
    """A heading of a chapter: its id in the book, its text as HTML without links, and its level on its page (2 or 3)."""

    id: str
    title: str
    level: int


@dataclass(frozen=True)
class Chapter:
    """A page of the study: its id in the book, what it says, and its headings."""

    id: str
    page: Page
    title: str
    address: str
    body: HtmlElement
    headings: tuple[Heading, ...]


@dataclass(frozen=True)
class Book:
    """A study in a language. `references` are the works that it cites, by key; `terms` what the glossary says of the terms it links to.

    `view` is what the template of its overview prints.
    """

    study: Study
    language: str
    overview: Page
    view: Mapping[str, object]
    chapters: tuple[Chapter, ...]
    references: Mapping[str, HtmlElement]
    terms: tuple[HtmlElement, ...]


class Binding:
    """Makes books of a publication's studies.

    Args:
        contents: the HTML of each page's text, by the page's path.
    """

    def __init__(self, publication: Publication, contents: Mapping[str, str]):
        self._publication, self._contents = publication, contents
        self._root = absolute(publication.settings.address, "")
        self._terms: dict[str, dict[str, HtmlElement]] = {}
        self._books: dict[tuple[str, str], Book | None] = {}

    def book(self, study: Study, language: str) -> Book | None:
        """The pages of a study that are read, in a language; None where it has no overview in that language."""
        if (study.slug, language) not in self._books:
            self._books[study.slug, language] = self._bound(study, language, study.read_pages)
        return self._books[study.slug, language]

    def slides(self, study: Study, language: str) -> Book | None:
        """The slides of a study in a language, as a book of that page alone; None where it has none."""
        slides = self._bound(study, language, [name for name in study.pages if name == SLIDES])
        return slides if slides and slides.chapters else None

    def _bound(self, study: Study, language: str, names: Sequence[str]) -> Book | None:
        """Some of a study's pages, by their names in its record, as a book."""
        publication = self._publication
        overview = publication.site.page(language, study.name)
        if overview is None:
            return None
        found = (publication.site.page(language, study.page_name(name)) for name in names)
        pages = [page for page in found if page and page.path in self._contents]
        bodies = {page.url: parsed(self._contents[page.path]) for page in pages}
        terms = self._terms_in(language)
        links = _Links(self._root, {page.url: f"c{number}" for number, page in enumerate(pages, 1)}, bodies, self._glossary(language), terms)
        cited = {citation.key for page in pages for citation in page.citations}
        printed = publication.references[language]
        references = {key: parsed(printed.entries[key]) for key in printed.in_order(cited)}
        links.cited = frozenset(references)
        chapters = tuple(self._chapter(page, bodies[page.url], links) for page in pages)
        return Book(study, language, overview, publication.view(overview), chapters, references, tuple(self._used(links, terms, language)))

    def _chapter(self, page: Page, body: HtmlElement, links: _Links) -> Chapter:
        prefix = links.chapters[page.url]
        links.lead(body, self._publication.canonical(page), prefix)
        for folded in body.iter("details"):
            folded.set("open", "open")  # not every reading program lets a reader unfold it
        title = page.menu_title if prefix == "c1" else page.title  # the first one's title is the book's
        return Chapter(prefix, page, title, self._publication.canonical(page), body, tuple(_headings(body)))

    def _glossary(self, language: str) -> str:
        page = self._publication.site.page(language, "glossary")
        return page.url if page else ""

    def _terms_in(self, language: str) -> Mapping[str, HtmlElement]:
        """The terms on the glossary page of a language, by their id."""
        if language not in self._terms:
            page = self._publication.site.page(language, "glossary")
            body = parsed(self._contents.get(page.path, "")) if page else parsed("")
            self._terms[language] = {each.get("id"): each for each in body.xpath("//dl[@class='glossary']/div[@id]")}
        return self._terms[language]

    def _used(self, links: _Links, terms: Mapping[str, HtmlElement], language: str) -> Iterator[HtmlElement]:
        """The terms that chapters link to, in the glossary's order; what they link to themselves is on the site."""
        base = absolute(self._publication.settings.address, self._glossary(language))
        for identifier in [identifier for identifier in terms if identifier in links.used]:
            term = copied(terms[identifier])
            links.lead(term, base, "")
            yield term


@dataclass
class _Links:
    """Where links lead in a book: `chapters` are its pages' ids by their address below the site's root."""

    root: str
    chapters: Mapping[str, str]
    bodies: Mapping[str, HtmlElement]
    glossary: str
    terms: Mapping[str, HtmlElement]
    cited: frozenset[str] = frozenset()

    def __post_init__(self):
        self.used: set[str] = set()
        self.ids = {f"{self.chapters[url]}-{name}" for url, body in self.bodies.items() for name in body.xpath("//@id")}

    def lead(self, body: HtmlElement, base: str, prefix: str) -> None:
        """Give the ids of a page's text the prefix of its chapter, and its links their targets.

        Args:
            base: the page's absolute address.
            prefix: the chapter's id; "" of what keeps its ids.
        """
        for element in body.iter(lxml.etree.Element):
            drawing = str(element.tag).startswith(_SVG)
            if prefix and element.get("id"):
                if element.get("id").startswith("cite-") and element.tag == "a":
                    del element.attrib["id"]  # nothing leads back to it here
                    element.set("role", "doc-biblioref")
                else:
                    element.set("id", f"{prefix}-{element.get('id')}")
            for name, value in element.items():
                if name in _HREFS:
                    element.set(name, self._target(value, base, prefix, drawing))
                elif prefix and name in _IDREFS:
                    element.set(name, " ".join(f"{prefix}-{each}" for each in value.split()))
                elif prefix and drawing and "url(" in value:
                    element.set(name, _URL.sub(rf"url(#{prefix}-\1)", value))
                elif name == "src":
                    element.set(name, urljoin(base, value))
                elif name == "download":
                    del element.attrib[name]

    def _target(self, href: str, base: str, prefix: str, drawing: bool) -> str:
        """Where a link on a page leads in the book: to a place in it, or to an absolute address."""
        if drawing and href.startswith("#"):
            return f"#{prefix}-{href[1:]}" if prefix else href
        address, name = urldefrag(urljoin(base, href.strip()))
        if not address.startswith(self.root):
            return urljoin(base, href.strip())
        url, identifier = unquote(address.removeprefix(self.root)), unquote(name)
        if url in self.chapters:
            here = self._place(self.chapters[url], identifier)
            return f"#{fragment(here)}" if here else f"{address}#{name}"
        if url == self.glossary and identifier in self.terms:
            self.used.add(identifier)
            return f"#{fragment(identifier)}"
        return f"{address}#{name}" if name else address

    def _place(self, chapter: str, identifier: str) -> str:
        """The id in the book of what is `identifier` on a page; "" where the book leaves it out."""
        if not identifier:
            return chapter
        if identifier in _SHARED or identifier.removeprefix("ref-") in self.cited:
            return identifier
        return f"{chapter}-{identifier}" if f"{chapter}-{identifier}" in self.ids else ""


def parsed(markup: str) -> HtmlElement:
    """HTML as a tree below a <div>, without furniture; its drawings, which are XML, as they are written."""
    drawings: list[str] = []

    def put_away(match: re.Match) -> str:
        drawings.append(match.group())
        return f'<span id="drawing-{len(drawings) - 1}"></span>'

    root = lxml.html.fragment_fromstring(_DRAWING.sub(put_away, markup), create_parent="div")
    for element in _FURNITURE(root):
        _drop(element)
    for element in _WRAPPERS(root):
        element.drop_tag()
    for place in root.xpath("//span[starts-with(@id, 'drawing-')]") if drawings else ():
        if match := _PLACE.match(place.get("id")):
            _replace(place, _drawing(drawings[int(match[1])]))
    return root


def _drawing(markup: str) -> lxml.etree._Element:
    """A drawing as a tree, in the namespace of SVG whether it says so or not."""
    if "xmlns=" not in markup.partition(">")[0]:
        markup = markup.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
    return lxml.etree.fromstring(markup.encode("utf-8"), parser)


def _replace(old: lxml.etree._Element, new: lxml.etree._Element) -> None:
    new.tail = old.tail
    old.getparent().replace(old, new)


def _drop(element: lxml.etree._Element) -> None:
    """Take an element out, and leave the text behind it where it is."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail and previous is not None:
        previous.tail = (previous.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def _headings(body: HtmlElement) -> Iterator[Heading]:
    for element in body.iter("h2", "h3"):
        if element.get("id"):
            title = copied(element)
            lxml.etree.strip_tags(title, "a")
            yield Heading(element.get("id"), inner(title, "html").strip(), int(element.tag[1]))


def copied(element: lxml.etree._Element) -> HtmlElement:
    """A copy of an element, without the text behind it."""
    copy = element.__deepcopy__({})
    copy.tail = None
    return copy


def inner(element: lxml.etree._Element, method: str) -> str:
    """What stands inside an element, as "html" or "xml"."""
    bare = copied(element)
    bare.attrib.clear()
    text = lxml.etree.tostring(bare, encoding="unicode", method=method)
    return text[text.index(">") + 1 : text.rindex("</")] if "</" in text else ""
