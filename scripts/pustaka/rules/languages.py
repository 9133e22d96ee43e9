"""L: what must be equal in all languages, and what every language must have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import zip_longest
from textwrap import shorten

from babel.numbers import get_decimal_symbol, get_group_symbol

from pustaka.model import Block, Citation, Fault, Message, Page, Place, Question, Section, Site, say
from pustaka.rules import rule
from pustaka.syntax import mask_code


def _pairs(site: Site) -> Iterator[tuple[Page, Page]]:
    """Each page of the first language, with its counterpart in each other language."""
    first, *others = site.languages
    for page in site.pages:
        if page.language == first:
            yield from ((page, other) for language in others if (other := site.page(language, page.name)))


def _headings(page: Page) -> dict[str, Section]:
    """The sections that have an id, in order; of two with the same id, the first."""
    headings: dict[str, Section] = {}
    for section in page.sections:
        if section.id:
            headings.setdefault(section.id, section)
    return headings


def _section_pairs(site: Site) -> Iterator[tuple[Section, Page, Section, Page]]:
    """The sections with the same id on both pages, each with its page; of the others L402 speaks."""
    for one, other in _pairs(site):
        ones, others = ({"": page.sections[0]} | _headings(page) for page in (one, other))
        yield from ((ones[identifier], one, others[identifier], other) for identifier in ones if identifier in others)


def _where(section: Section, page: Page) -> Message:
    if section.id:
        return say("in section #{id} of {path}", id=section.id, path=page.path)
    return say("before the first heading of {path}", path=page.path)


@dataclass(frozen=True)
class Stated:
    """Something that a section states: what it means in any language, how it is written, and where."""

    meaning: Hashable
    written: str
    place: Place


def _unmatched(one: list[Stated], other: list[Stated]) -> Iterator[Stated]:
    """What one section states more often than the other."""
    left = Counter(stated.meaning for stated in other)
    for stated in one:
        left[stated.meaning] -= 1
        if left[stated.meaning] < 0:
            yield stated


def _compare(site: Site, read: Callable[[Section, Page], Iterator[Stated]], mend: Message) -> Iterator[Fault]:
    """Where two sections of the same id do not state the same; a finding stands where the surplus stands."""
    for one, page, other, other_page in _section_pairs(site):
        ones, others = list(read(one, page)), list(read(other, other_page))
        for here, there, where in ((ones, others, _where(other, other_page)), (others, ones, _where(one, page))):
            for stated in _unmatched(here, there):
                message = say("“{written}” has no counterpart {where}: {mend}", written=stated.written, where=where, mend=mend)
                yield Fault(stated.place, message)


@rule("L401")
def missing_counterpart(site: Site) -> Iterator[Fault]:
    """A page is not there in every language.

    The language switch of a page leads to the same page, and both languages are one publication.

    Bad (docs/id/studies/contoh/method.md):
        Peneliti mewawancarai warga [@contoh2020, bag. Metode].
    Good (docs/id/studies/contoh/method.md):
        Peneliti mewawancarai warga [@contoh2020, bag. Metode].
    Good (docs/en/studies/contoh/method.md):
        The researchers interviewed residents [@contoh2020, sec. Metode].
    """
    for page in site.pages:
        for language in site.languages if page.language else ():
            if site.page(language, page.name) is None:
                path = page.path.replace(f"docs/{page.language}/", f"docs/{language}/", 1)
                yield Fault(page.place, say("the page has no counterpart in “{language}”: write {path}", language=language, path=path))


@rule("L402")
def different_headings(site: Site) -> Iterator[Fault]:
    """A heading has no id, or the headings of a page differ between the languages.

    Switching the language keeps the heading, and a link to a heading works in both languages: ids are written by hand,
    `## Hasil panen {#harvest}`, and are equal in id, level and order.

    Bad (docs/id/studies/contoh/findings.md):
        ## Hasil panen {#harvest}

        ## Pembagian
    Bad (docs/en/studies/contoh/findings.md):
        ### The harvest {#harvest}

        ## Sharing {#sharing}
    Good (docs/id/studies/contoh/findings.md):
        ## Hasil panen {#harvest}

        ## Pembagian {#sharing}
    Good (docs/en/studies/contoh/findings.md):
        ## The harvest {#harvest}

        ## Sharing {#sharing}
    """
    for page in site.pages:
        headings = _headings(page)
        for section in page.sections:
            if section.level and not section.id:
                message = say(
                    "the heading “{title}” must have an id, the same in all languages: {hashes} {title} {{#short-english-words}}",
                    title=section.title,
                    hashes="#" * section.level,
                )
                yield Fault(section.place, message)
            elif section is not headings.get(section.id, section):
                message = say("the id {{#{id}}} stands twice on the page: give this heading another, in all languages", id=section.id)
                yield Fault(section.place, message)
    for one, other in _pairs(site):
        yield from _absent_headings(one, other)
        yield from _absent_headings(other, one)
        yield from _unlike_headings(_headings(one), _headings(other))


def _absent_headings(page: Page, other: Page) -> Iterator[Fault]:
    for identifier, section in _headings(page).items():
        if identifier not in _headings(other):
            message = say("the heading {{#{id}}} is not in {path}: add it there, or give both headings the same id", id=identifier, path=other.path)
            yield Fault(section.place, message)


def _unlike_headings(one: dict[str, Section], other: dict[str, Section]) -> Iterator[Fault]:
    """Of the headings that both pages have: other levels, and the first that stands in another order."""
    shared = [identifier for identifier in one if identifier in other]
    for identifier in shared:
        mine, theirs = one[identifier], other[identifier]
        if mine.level != theirs.level:
            message = say(
                "the heading {{#{id}}} must have the level of its counterpart ({place}): {due}, not {found}",
                id=identifier,
                place=mine.place,
                due="#" * mine.level,
                found="#" * theirs.level,
            )
            yield Fault(theirs.place, message)
    for due, identifier in zip(shared, (identifier for identifier in other if identifier in one), strict=True):
        if identifier != due:
            message = say(
                "the headings must have the same order in all languages: {{#{id}}} stands where the counterpart has {{#{due}}} ({place})",
                id=identifier,
                due=due,
                place=one[due].place,
            )
            yield Fault(other[identifier].place, message)
            return


@rule("L403")
def different_citations(site: Site) -> Iterator[Fault]:
    """A section does not cite the same places in all languages.

    What is said in one language is said in the other, and rests on the same place of the same work. Key and locator are
    compared, section by section; the order is free. What names no work, or cannot be read, is left to P201 and P202.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].
    Bad (docs/en/studies/contoh/findings.md):
        The residents grow vegetables [@contoh2020, p. 13].
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].
    Good (docs/en/studies/contoh/findings.md):
        The residents grow vegetables [@contoh2020, p. 12].
    """
    read = partial(_citations, site)
    yield from _compare(site, read, say("cite the same place there, or correct the one that is wrong"))


def _citations(site: Site, section: Section, page: Page) -> Iterator[Stated]:
    """What a section cites; of unknown keys P201 speaks, of what cannot be read P202."""
    groups = (group for block in section.blocks for group in block.groups if not group.fault)
    for citation in (citation for group in groups for citation in group.citations if citation.key in site.entry):
        parts = citation.locator.parts if citation.locator else ()
        meaning = (citation.key, *((label, re.sub("[-–—]+", "-", value)) for label, value in parts))
        yield Stated(meaning, _written(citation), citation.place)


def _written(citation: Citation) -> str:
    """The citation with its locator, as the page has it."""
    locator = citation.locator
    labels = locator.labels or tuple(label for label, _ in locator.parts) if locator else ()
    parts = (f"{label} {value}".strip() for label, (_, value) in zip(labels, locator.parts, strict=True)) if locator else ()
    return ", ".join((f"@{citation.key}", *parts))


@rule("L404")
def different_numbers(site: Site) -> Iterator[Fault]:
    """A section does not state the same numbers in all languages.

    Numbers are the facts that a slip changes most easily. Those in digits are compared, section by section, each read as
    its language writes it: Rp100.000 is Rp100,000, and 2,5 is 2.5. Digits in citations, code, link targets, ids and
    within words (S1, MP3) do not count; version 4.0 is 4.0 in all. A number is written in digits in all languages or in words in all.

    Bad (docs/id/studies/contoh/findings.md):
        Setiap warga menerima Rp100.000 dari 2,5 hektare [@contoh2020, hlm. 12].
    Bad (docs/en/studies/contoh/findings.md):
        Each resident received Rp10,000 from 2.5 hectares [@contoh2020, p. 12].
    Good (docs/id/studies/contoh/findings.md):
        Setiap warga menerima Rp100.000 dari 2,5 hektare [@contoh2020, hlm. 12].
    Good (docs/en/studies/contoh/findings.md):
        Each resident received Rp100,000 from 2.5 hectares [@contoh2020, p. 12].
    """
    yield from _compare(site, _numbers, say("state the same number there, in digits in both or in words in both"))


_NO_FACT = re.compile(
    r"(?<=\])\([^()\s]*(?:\s+\"[^\"]*\")?\)"  # target of a link, name of a figure
    r"|\{[^{}\n]*\}"  # attributes
    r"|<[^<>\s]+:[^<>\s]+>|\bhttps?://\S+"  # addresses
    r"|^\s*\d+[.)](?=\s)",  # number of a list item
    re.MULTILINE,
)
_SPACE = "[ \u00a0\u202f]"
# not within a word, unless that is a currency: 100.000, Rp100.000, 100 000
_NUMBER = re.compile(rf"(?:(?<![^\W_])|(?<=Rp)|(?<=IDR)|(?<=USD))(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)|\d+)(?:[.,]\d+)*")


def _numbers(section: Section, page: Page) -> Iterator[Stated]:
    for block in (Block("heading", f"{'#' * section.level} {section.title}", section.place), *section.blocks):
        for match in _NUMBER.finditer(_facts(block)):
            for value in _values(match.group(), page.language):
                yield Stated(value, match.group(), block.place.after(block.text[: match.start()]))


def _facts(block: Block) -> str:
    """The text of a block, blanked where digits state no fact, every position kept."""
    if block.kind in ("code", "html", "listing"):
        return ""
    text = mask_code(block.text)
    for group in block.groups:
        text = text.replace(group.raw, re.sub(r"[^\n]", "\0", group.raw))
    return _NO_FACT.sub(lambda match: "\0" * len(match.group()), text)


def _values(written: str, language: str) -> list[Decimal]:
    """What a number means in a language: 100.000 is a hundred thousand in Indonesian and a hundred in English.

    What the language would not write so has its own point (version 4.0, WCAG 2.2), or is several numbers (5.7.2020).
    """
    group, decimal = get_group_symbol(language), get_decimal_symbol(language)
    whole, _, fraction = written.partition(decimal)
    if re.fullmatch(rf"\d+|\d{{1,3}}(?:{re.escape(group)}\d{{3}})+|\d{{1,3}}(?:{_SPACE}\d{{3}})+", whole) and re.fullmatch(r"\d*", fraction):
        return [Decimal(f"{re.sub('[^0-9]', '', whole)}.{fraction}")]
    parts = re.split("[.,]", written)
    return [Decimal(".".join(parts))] if len(parts) == 2 else [Decimal(part) for part in re.findall(r"\d+", written)]


@rule("L405")
def missing_words(site: Site) -> Iterator[Fault]:
    """A term, a note, a keyword or an interface word is not there in every language.

    A reader of the other language would find a gap, or a foreign word.

    Bad (bibliography/glossary.yml):
        - id: bed
          term: {id: bedengan, en: raised bed}
          meaning: {id: Tanah yang ditinggikan untuk menanam sayur.}
    Good (bibliography/glossary.yml):
        - id: bed
          term: {id: bedengan, en: raised bed}
          meaning: {id: Tanah yang ditinggikan untuk menanam sayur., en: Soil heaped up for growing vegetables.}
    """
    for place, name, words in _bilingual(site):
        for language in site.languages:
            if language not in words:
                said = next(iter(words.values()), "")
                message = say("{name} must be there in “{language}” too: say there what “{said}” says", name=name, language=language, said=said)
                yield Fault(place, message)


def _bilingual(site: Site) -> Iterator[tuple[Place, Message, Mapping]]:
    """(place, name, words by language) of everything that is said in all languages outside the pages."""
    for term in site.glossary:
        yield term.place, say("the term of “{id}”", id=term.id), term.term
        yield term.place, say("the meaning of “{id}”", id=term.id), term.meaning
    for erratum in site.errata:
        yield erratum.place, say("the note on the {field} of “{key}”", field=erratum.field, key=erratum.key), erratum.note
    for study in site.studies:
        for name in ("short", "keywords"):
            field = say("the {field} of the study “{slug}”", field=name, slug=study.slug)
            yield study.places.get(name, study.place), field, getattr(study, name)
    for group, words in site.words.groups.items():
        if group != "languages":
            for name, word in words.items():
                yield site.words.places[f"{group}.{name}"], say("the word {name}", name=f"{group}.{name}"), word
    yield from _of_figures(site, site.figures, ())


def _of_figures(site: Site, part: object, where: tuple[str, ...]) -> Iterator[tuple[Place, Message, Mapping]]:
    """The words of the drawings: wherever a mapping is by language."""
    if isinstance(part, Mapping) and part and part.keys() <= set(site.languages):
        name = ".".join(where)
        yield site.figure_places[name], say("the words {name} of a drawing", name=name), part
    elif isinstance(part, Mapping | list):
        for name, inside in part.items() if isinstance(part, Mapping) else enumerate(part):
            yield from _of_figures(site, inside, (*where, str(name)))


@rule("L409")
def unlike_question(site: Site) -> Iterator[Fault]:
    """A question of a quiz is not the same in all languages.

    The questions of a page stand in the same order in every language, with as many options and the right one at the same
    place, so that a class that reads in two languages answers one quiz.

    Bad (docs/id/studies/contoh/findings.md):
        /// question | Apa yang ditanam warga?
        - [x] Sayur
        - [ ] Padi
        - [ ] Kopi

        Warga menanam sayur [@contoh2020, bag. Hasil].
        ///
    Bad (docs/en/studies/contoh/findings.md):
        /// question | What do the residents grow?
        - [ ] Rice
        - [x] Vegetables
        - [ ] Coffee

        The residents grow vegetables [@contoh2020, sec. Hasil].
        ///
    Good (docs/id/studies/contoh/findings.md):
        /// question | Apa yang ditanam warga?
        - [ ] Padi
        - [x] Sayur
        - [ ] Kopi

        Warga menanam sayur [@contoh2020, bag. Hasil].
        ///
    Good (docs/en/studies/contoh/findings.md):
        /// question | What do the residents grow?
        - [ ] Rice
        - [x] Vegetables
        - [ ] Coffee

        The residents grow vegetables [@contoh2020, sec. Hasil].
        ///
    """
    for page, other in _pairs(site):
        yield from _unlike(page, other)


def _unlike(page: Page, other: Page) -> Iterator[Fault]:
    """Where the questions of two pages differ; told of the second, or of the first where the second lacks one."""
    for one, another in zip_longest(page.questions, other.questions):
        if one is None or another is None:
            surplus, lacking = (one, other) if another is None else (another, page)
            message = say(
                "the question “{text}” has no counterpart in {path}: write it there, or take it out", text=_beginning(surplus), path=lacking.path
            )
            yield Fault(surplus.place, message)
        elif [right for _, right in one.options] != [right for _, right in another.options]:
            mend = say("give it the same options in the same order")
            yield Fault(
                another.place, say("the question “{text}” differs from {place}: {mend}", text=_beginning(another), place=one.place, mend=mend)
            )


def _beginning(question: Question) -> str:
    return shorten(question.text, 60, placeholder=" …")
