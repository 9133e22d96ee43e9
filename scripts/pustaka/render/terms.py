"""The glossary's terms in running text: the first use of each on a page is a link to its meaning.

It works on the tree that Python-Markdown makes of a page, after the inline stage.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown.util import HTML_PLACEHOLDER_RE, STX, AtomicString

from pustaka.model import Page, Site, Term
from pustaka.render.address import relative
from pustaka.terms import written

#: Text that is no running text of the page's own, and tables, whose lines are too close for one more thing to tap: headings, links,
#: code, quotations, figures, titles of works.
_OTHERS = frozenset(
    ["h1", "h2", "h3", "h4", "h5", "h6", "table", "a", "button", "code", "pre", "kbd", "samp", "blockquote", "q", "cite", "figure", "svg", "summary"]
)
_TITLE = "admonition-title"
#: The classes of what is left alone, too: of a question and its options, for a link in one of them would be a hint.
_LEFT_ALONE = ("citation", _TITLE, "asked", "options")

#: A quotation mark: typed, or put away by the extension smarty as an entity.
_OPENS, _CLOSES = ("“", "&ldquo;"), ("”", "&rdquo;")
_MARK = rf"[“”]|{HTML_PLACEHOLDER_RE.pattern}"
_APOSTROPHE = rf"(?:['’]|{HTML_PLACEHOLDER_RE.pattern.replace('(', '(?:')})"


class TermLinks:
    """Links the terms of a site's glossary.

    Args:
        site: its glossary, and its languages' endings (`languages` in terms.yml).
    """

    def __init__(self, site: Site):
        self._site = site
        self._names = {language: _names(site, language) for language in site.languages}

    def link(self, root: etree.Element, page: Page, stashed: Sequence[str]) -> None:
        """Put the links into the tree of a page; without a glossary in the page's language there are none.

        Args:
            root: the page's tree, changed in place.
            page: says in which language it is and where it stands.
            stashed: what Python-Markdown has put away and will not look at again, such as curly quotation marks (`md.htmlStash.rawHtmlBlocks`).
        """
        glossary = self._site.page(page.language, "glossary")
        if glossary and self._names[page.language]:
            _Walk(self._names[page.language], relative(page.url, glossary.url), stashed).into(root, page.language)


@dataclass(frozen=True)
class _Names:
    """The names of terms in one language: a pattern with a group for each, the term that each group stands for."""

    pattern: re.Pattern
    terms: Sequence[Term]

    def found_in(self, text: str) -> Iterator[tuple[re.Match, Term | None]]:
        """Every name with its term, and every quotation mark, in the order of the text."""
        for match in self.pattern.finditer(text):
            yield match, self.terms[match.lastindex - 1] if match.lastindex and match["mark"] is None else None


def _names(site: Site, language: str) -> Mapping[str, _Names]:
    """The names by which a page in `language` calls the terms, by the language in which each name is."""
    names: dict[str, dict[str, Term]] = {}
    for term in site.glossary:
        foreign = {word.lower(): other for word, other in term.foreign.get(language, {}).items()}
        for name in written(term, language) if language in term.term else ():
            names.setdefault(foreign.get(name.lower(), language), {}).setdefault(name, term)
    languages = site.words["languages"]
    return {spoken: _compiled(of, languages.get(spoken, {}).get("ending", "")) for spoken, of in names.items()}


def _compiled(names: Mapping[str, Term], ending: str) -> _Names:
    """One pattern for all names, the longest first; whole words; small and capital letters are the same, but in abbreviations."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    alternatives = "|".join(f"({_spelt(name)})" for name in ordered)
    ending = f"(?:{re.escape(ending)})?" if ending else ""
    marks = _MARK.replace("(", "(?:")
    pattern = re.compile(rf"(?:(?<![\w{STX}-])(?:{alternatives}){ending}(?![\w-]))|(?P<mark>{marks})")
    return _Names(pattern, [names[name] for name in ordered])


def _spelt(name: str) -> str:
    spelt = re.sub("['’]", lambda _: _APOSTROPHE, r"\s+".join(map(re.escape, name.split())))
    return spelt if name.isupper() else f"(?i:{spelt})"


@dataclass
class _Walk:
    """One page, in the order of its text."""

    names: Mapping[str, _Names]
    glossary: str
    stashed: Sequence[str]
    linked: set[str] = field(default_factory=set)
    quoted: bool = False

    def into(self, element: etree.Element, language: str, opening: bool = False) -> None:
        """Link what is in an element. `opening`: its first letter may be drawn large (a drop capital), and the word is left alone."""
        if element.tag in ("p", "li"):
            self.quoted = False  # a quotation ends with its paragraph
        element.text, together = self._linked(element.text, language, opening)
        title = False
        for child in list(element):
            if not _is_other(child):
                self.into(child, child.get("lang", language), opening=title)
            title = child.get("class") == _TITLE
            child.tail, links = self._linked(child.tail, language)
            together += [child, *links]
        element[:] = together

    def _linked(self, text: str | None, language: str, opening: bool = False) -> tuple[str | None, list[etree.Element]]:
        """A text as what stands before its first link, and its links, each with what follows it."""
        if not text or isinstance(text, AtomicString) or language not in self.names:
            return text, []
        before, links, end = text, [], 0
        for match, term in self.names[language].found_in(text):
            if term is None:
                self._hear(match.group())
            elif term.id not in self.linked and not self.quoted and not (opening and not text[: match.start()].strip()):
                self.linked.add(term.id)
                if links:
                    links[-1].tail = text[end : match.start()]
                else:
                    before = text[: match.start()]
                link = etree.Element("a", {"class": "term", "href": f"{self.glossary}#{term.anchor}"})
                link.text, end = match.group(), match.end()
                link.tail = text[end:]
                links.append(link)
        return before, links

    def _hear(self, mark: str) -> None:
        """A quotation mark opens or ends a quotation; in between words are somebody's, or mentioned only."""
        stashed = HTML_PLACEHOLDER_RE.fullmatch(mark)
        printed = self.stashed[int(stashed.group(1))] if stashed else mark
        if printed in _OPENS + _CLOSES:
            self.quoted = printed in _OPENS


def _is_other(element: etree.Element) -> bool:
    """Whether what an element holds is no running text; emphasis is a title of a work or a word that is spoken of, unless it is foreign."""
    emphasis = element.tag in ("em", "i") and "lang" not in element.attrib
    return emphasis or element.tag in _OTHERS or element.get("class") in _LEFT_ALONE
