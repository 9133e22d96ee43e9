"""A Python-Markdown extension: citations, listings, figures, glossary terms, and the two links beside every heading.

What our templates make is set aside while what the page's author wrote is cleaned, and put in its place at the very end.
It knows nothing of MkDocs. Whoever converts a page sets `extension.page` first:

    extension = PageExtension(publication)
    extension.page = page
    markdown.markdown(text, extensions=[extension, "attr_list"])
    extension.dropped    # what the text may not hold
"""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as etree
from collections import Counter
from html import escape

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from pustaka.model import CitationGroup, Page, Place
from pustaka.render.address import fragment, relative
from pustaka.render.citeproc import Link
from pustaka.render.cleaning import clean, dropped
from pustaka.render.figures import figure
from pustaka.render.listings import listing
from pustaka.render.publication import Publication
from pustaka.render.questions import lay_out
from pustaka.render.terms import TermLinks
from pustaka.syntax import LISTING, SITE, labels_from, read_bracket, read_narrative, read_unreadable

_BIBLIOGRAPHY = re.compile(r"^\\(full_)?bibliography\s*$")


class _Aside:
    """What our templates made for a page, each behind a mark that stands in its place.

    A mark is letters and digits, so that no syntax takes it for its own, and it follows from the page's text, so that the text
    cannot hold it.
    """

    def __init__(self, text: str):
        self.name = f"x{hashlib.sha256(text.encode()).hexdigest()}"
        self._markup: list[str] = []
        self._marks = re.compile(rf"<p>{self.name}n(\d+)x</p>|{self.name}n(\d+)x")

    def put(self, markup: str) -> str:
        """The mark for some HTML."""
        self._markup.append(markup)
        return f"{self.name}n{len(self._markup) - 1}x"

    def put_back(self, html: str) -> str:
        """The page with the HTML in place of the marks; of a paragraph that holds but a mark, in place of the paragraph."""
        return self._marks.sub(lambda match: self.put_back(self._markup[int(match[1] or match[2])]), html)


class PageExtension(Extension):
    """Renders the page that `page` names, with the citations, listings and figures of a publication."""

    def __init__(self, publication: Publication):
        super().__init__()
        self.publication = publication
        self.terms = TermLinks(publication.site)
        self.page: Page | None = None
        self.groups: list[CitationGroup] = []
        self.aside = _Aside("")
        #: What the page that was converted last may not hold, and does not any more: tags, as they are written.
        self.dropped: list[str] = []

    def extendMarkdown(self, md: markdown.Markdown) -> None:
        labels = labels_from(self.publication.site.words["locators"])
        if "@" not in md.ESCAPED_CHARS:
            md.ESCAPED_CHARS.append("@")  # `\@` is an at sign
        # before all others (35): what the page says
        md.preprocessors.register(_Begin(md, self), "pustaka-begin", 100)
        # after fenced code (25) and raw HTML (20) are put away
        md.preprocessors.register(_Listings(md, self), "pustaka-listings", 15)
        # after code spans (190) and escapes (180); a bracket comes before links (170), a bare @key after them
        md.inlinePatterns.register(_Citations(SITE.bracket, read_bracket, self, labels), "pustaka-citations", 175)
        md.inlinePatterns.register(_Citations(SITE.unreadable, read_unreadable, self, labels), "pustaka-unreadable", 174)
        md.inlinePatterns.register(_Citations(SITE.narrative, read_narrative, self, labels), "pustaka-narrative", 155)
        # after the inline stage (20), attribute lists (8), heading ids (5) and MkDocs' own look at the links (0)
        md.treeprocessors.register(_Tree(md, self), "pustaka-tree", -10)
        # after raw HTML (30) and escapes (10) have been put back
        md.postprocessors.register(_Cleaning(md, self), "pustaka-cleaning", -10)


class _Begin(Preprocessor):
    """A new page: nothing set aside yet."""

    def __init__(self, md, extension: PageExtension):
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        self.extension.aside, self.extension.groups = _Aside("\n".join(lines)), []
        return lines


class _Cleaning(Postprocessor):
    """The author's HTML is cleaned, and ours put in its place."""

    def __init__(self, md, extension: PageExtension):
        super().__init__(md)
        self.extension = extension

    def run(self, text: str) -> str:
        cleaned = clean(text)
        self.extension.dropped = dropped(text, cleaned)
        return self.extension.aside.put_back(cleaned)


class _Listings(Preprocessor):
    """`{{ name }}` alone on a line becomes a listing; mkdocs-bibtex's `\\bibliography` is the template's business."""

    def __init__(self, md, extension: PageExtension):
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        out = []
        for line in lines:
            if match := LISTING.match(line):
                markup = listing(self.extension.publication, self.extension.page, match["request"])
                out += ["", self.extension.aside.put(markup), ""]
            elif not _BIBLIOGRAPHY.match(line):
                out.append(line)
        return out


class _Citations(InlineProcessor):
    """A citation group becomes a marked element; what it prints is decided when its place in the page is known."""

    ANCESTOR_EXCLUDES = ("a",)

    def __init__(self, pattern: re.Pattern, read, extension: PageExtension, labels):
        super().__init__("(?!)")
        self.compiled_re = pattern
        self.read, self.extension, self.labels = read, extension, labels

    def handleMatch(self, match, data):
        group = self.read(match, lambda offset: Place(self.extension.page.path), self.labels)
        if group.fault:  # the rules have said so; whoever previews the page sees what was typed
            element = etree.Element("span")
            element.text = AtomicString(match.group())
            return element, match.start(0), match.end(0)
        element = etree.Element("span", {"class": self.extension.aside.name, "data-group": str(len(self.extension.groups))})
        self.extension.groups.append(group)
        return element, match.start(0), match.end(0)


class _Tree(Treeprocessor):
    """In the order of the page: lays out the questions, numbers and prints the citations, draws the figures, puts the links beside the
    headings, links the terms."""

    def __init__(self, md, extension: PageExtension):
        super().__init__(md)
        self.extension = extension

    def run(self, root: etree.Element) -> None:
        numbers: Counter[str] = Counter()
        figures: Counter[str] = Counter()
        heading = ""
        lay_out(root, self.extension.publication.words(self.extension.publication.language_of(self.extension.page))["question_answer"])
        for element in root.iter():
            if element.get("class") == self.extension.aside.name:
                group = self.extension.groups[int(element.get("data-group"))]
                element.attrib.clear()
                element.set("class", "citation")
                element.text = self.extension.aside.put(self._citation(group, numbers))
            elif element.tag == "p":
                self._figure(element, figures)
            elif element.tag in ("th", "td"):
                _align(element)
            elif element.tag in ("h2", "h3") and element.get("id"):
                heading = element.get("id")
                self._heading(element)
            elif element.tag == "div" and "finding" in element.get("class", "").split():
                self._finding(element, heading)
            elif element.tag == "div" and "notes" in element.get("class", "").split():
                self._notes(element)
        if self.extension.publication.explains_terms(self.extension.page):
            self.extension.terms.link(root, self.extension.page, self.md.htmlStash.rawHtmlBlocks)

    def _citation(self, group: CitationGroup, numbers: Counter[str]) -> str:
        publication = self.extension.publication
        references = publication.references[publication.language_of(self.extension.page)]
        out = []
        for part in references.citation(group):
            if isinstance(part, Link):
                numbers[part.key] += 1
                identifier = escape(f"cite-{part.key}-{numbers[part.key]}")
                entry = references.entries.get(part.key, "")
                out.append(
                    f'<span class="cite"><a id="{identifier}" href="#{escape(fragment(f"ref-{part.key}"))}">{part.html}</a>'
                    f'<span class="entry-card" hidden>{entry}</span></span>'
                )
            else:
                out.append(part)
        return "".join(out)

    def _figure(self, paragraph: etree.Element, figures: Counter[str]) -> None:
        """`![alternative](figure:NAME)` at the beginning of a paragraph becomes a drawing, and the rest of the paragraph its caption."""
        image = paragraph[0] if len(paragraph) and not (paragraph.text or "").strip() else None
        if image is None or image.tag != "img" or not image.get("src", "").startswith("figure:"):
            return
        name = image.get("src").removeprefix("figure:")
        figures[name] += 1
        identifier = f"figure-{name}" if figures[name] == 1 else f"figure-{name}-{figures[name]}"
        drawing = figure(self.extension.publication, self.extension.page, name, image.get("alt", ""), identifier)
        begin, inside = (image.tail or "").lstrip(), list(paragraph)[1:]
        paragraph.clear()
        paragraph.tag, paragraph.text = "figure", self.extension.aside.put(drawing)
        if begin or inside:
            caption = etree.SubElement(paragraph, "figcaption")
            caption.text = begin
            caption.extend(inside)

    def _finding(self, block: etree.Element, heading: str) -> None:
        """`/// finding` under the heading of a numbered finding is titled by its number, the link to pass on; on paper a code leads there.

        scripts/copy.js adds the buttons that copy the link and the citation.
        """
        finding, title = self.extension.publication.numbered(self.extension.page, heading), block.find("p[@class='admonition-title']")
        if finding and title is not None:
            link = f'<a href="{escape(finding["href"])}">{escape(finding["label"])}</a>'
            title[:] = []
            title.text = self.extension.aside.put(f'{link}<img src="{escape(finding["code"])}" alt="" loading="lazy" hidden>')

    def _notes(self, block: etree.Element) -> None:
        """`/// notes` without a title is titled in the page's language; Python-Markdown titles it by its own name."""
        title, publication = block.find("p[@class='admonition-title']"), self.extension.publication
        if title is not None and title.text == "Notes":
            title.text = publication.words(publication.language_of(self.extension.page))["speaker_notes"]

    def _heading(self, heading: etree.Element) -> None:
        """The links that a heading shows to whoever points at it. scripts/copy.js adds those that need a script."""
        publication, page, identifier = self.extension.publication, self.extension.page, heading.get("id")
        links = etree.Element("span", {"class": "heading-links"})
        finding = publication.finding(page, identifier)
        if finding and not publication.numbered(page, identifier):  # which has its own beside its number
            links.set("data-cite", finding)
        for other in publication.alternates(page):
            if not other["current"]:
                target = publication.site.page(other["language"], page.name)
                label = publication.words(other["language"])["heading_here"]
                attributes = {
                    "href": f"{relative(page.url, target.url)}#{identifier}",
                    "hreflang": other["language"],
                    "lang": other["language"],
                    "aria-label": f"{other['short']} – {label}",
                }
                etree.SubElement(links, "a", attributes).text = other["short"]
        mark = self.extension.aside.put(self.md.serializer(links))
        if len(heading):
            heading[-1].tail = (heading[-1].tail or "") + mark
        else:
            heading.text = (heading.text or "") + mark


def _align(cell: etree.Element) -> None:
    """`|---:|` aligns a column by a class, `right` or `center`: an inline style, which Python-Markdown writes, no strict policy lets through."""
    side = re.fullmatch(r"text-align: (left|center|right);", cell.get("style", ""))
    if side:
        del cell.attrib["style"]
        if side[1] != "left":
            cell.set("class", f"{cell.get('class', '')} {side[1]}".strip())
