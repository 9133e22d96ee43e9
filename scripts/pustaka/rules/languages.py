"""L: what must be equal in all languages, and what every language must have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, partial
from itertools import groupby

from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol
from babel.units import get_unit_name

from pustaka.model import Block, Citation, Fault, Message, Page, Place, Section, Site, join, say
from pustaka.rules import rule
from pustaka.sections import Stated, compare, headings, page_pairs
from pustaka.syntax import mask_code


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
        by_id = headings(page)
        for section in page.sections:
            if section.level and not section.id:
                message = say(
                    "the heading “{title}” must have an id, the same in all languages: {hashes} {title} {{#short-english-words}}",
                    title=section.title,
                    hashes="#" * section.level,
                )
                yield Fault(section.place, message)
            elif section is not by_id.get(section.id, section):
                message = say("the id {{#{id}}} stands twice on the page: give this heading another, in all languages", id=section.id)
                yield Fault(section.place, message)
    for one, other in page_pairs(site):
        yield from _absent_headings(one, other)
        yield from _absent_headings(other, one)
        yield from _unlike_headings(headings(one), headings(other))


def _absent_headings(page: Page, other: Page) -> Iterator[Fault]:
    there = headings(other)
    for identifier, section in headings(page).items():
        if identifier not in there:
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
    yield from compare(site, read, say("cite the same place there, or correct the one that is wrong"))


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
    its language writes it: Rp100.000 is Rp100,000, 2,5 is 2.5, and 20% is 20 per cent; months beside them are compared too. Digits in
    citations, code, link targets, ids and within words (S1, MP3) do not count; version 4.0 is 4.0 in all. A number is written in
    digits in all languages or in words in all. Of those in words that `numbers` in terms.yml lists, each must be said in all.

    Bad (docs/id/studies/contoh/findings.md):
        Setiap warga menerima Rp100.000 dari 2,5 hektare [@contoh2020, hlm. 12].
    Bad (docs/en/studies/contoh/findings.md):
        Each resident received Rp10,000 from 2.5 hectares [@contoh2020, p. 12].
    Good (docs/id/studies/contoh/findings.md):
        Setiap warga menerima Rp100.000 dari 2,5 hektare [@contoh2020, hlm. 12].
    Good (docs/en/studies/contoh/findings.md):
        Each resident received Rp100,000 from 2.5 hectares [@contoh2020, p. 12].
    """
    yield from compare(site, partial(_numbers, site), say("state the same number there, in digits in both or in words in both"))
    spoken = {language: _spoken(site, language) for language in site.languages}
    counting = tuple(language for language in site.languages if spoken[language][1])  # of one without a column in `numbers`, L405 speaks
    whole = site if counting == site.languages else replace(site, languages=counting)
    yield from compare(whole, partial(_in_words, spoken), say("state the same number there, in digits in both or in words in both"))


_NO_FACT = re.compile(
    r"(?<=\])\([^()\s]*(?:\s+\"[^\"]*\")?\)"  # target of a link, name of a figure
    r"|\{[^{}\n]*\}"  # attributes
    r"|<[^<>\s]+:[^<>\s]+>|\bhttps?://\S+"  # addresses
    r"|^\s*\d+[.)](?=\s)",  # number of a list item
    re.MULTILINE,
)
_DIGIT = re.compile(r"\d")
_SPACE = "[ \u00a0\u202f]"
# not within a word, unless that is a currency: 100.000, Rp100.000, 100 000
_NUMBER = re.compile(rf"(?:(?<![^\W_])|(?<=Rp)|(?<=IDR)|(?<=USD))(?:\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!\d)|\d+)(?:[.,]\d+)*")


def _numbers(site: Site, section: Section, page: Page) -> Iterator[Stated]:
    locale = site.words["languages"][page.language]["cldr"]
    for block in _said(section, page):
        text = facts(block)
        if not _DIGIT.search(text):  # nor a month, then
            continue
        for match in _NUMBER.finditer(text):
            unit = _unit(text, match, locale)
            for value in _values(match.group(), locale):
                yield Stated((value, unit), match.group(), block.place.after(block.text[: match.start()]))
        for match in _months(locale)[0].finditer(text):
            month = _months(locale)[1][match.group().lower()]
            yield Stated(("month", month), match.group(), block.place.after(block.text[: match.start()]))


def _said(section: Section, page: Page) -> Iterator[Block]:
    """A section's heading and blocks; above the first heading also what the front matter says to readers."""
    if section.level:
        yield Block("heading", f"{'#' * section.level} {section.title}", section.place)
    else:
        written = f"\n{page.source.text}" if page.source else ""
        for name, text in (("title", page.title), ("description", page.description)):
            line = written.count("\n", 0, written.find(f"\n{name}:") + 1) or 1
            yield Block("heading", text, Place(page.path, line, len(name) + 3))
    yield from section.blocks


#: What stands before or behind a number and says what it counts: the sign, or the name of the currency, and its code (ISO 4217).
_CURRENCIES = {"rp": "IDR", "idr": "IDR", "rupiah": "IDR", "us$": "USD", "usd": "USD", "$": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP"}
_BEFORE = re.compile(rf"(?:(?<![^\W_])(?P<sign>{'|'.join(map(re.escape, sorted(_CURRENCIES, key=len, reverse=True)))}))\.?{_SPACE}?\Z", re.IGNORECASE)


def _unit(text: str, number: re.Match, locale: str) -> str:
    """ "%" or a currency's code where a number has one, else ""."""
    if before := _BEFORE.search(text, max(0, number.start() - 10), number.start()):
        return _CURRENCIES[before["sign"].lower()]
    behind = _behind(locale).match(text, number.end())
    return "" if behind is None else _CURRENCIES.get(behind["unit"].lower(), "%")


@cache
def _behind(locale: str) -> re.Pattern:
    """What follows a number in a locale: a sign or a word for per cent (Unicode CLDR, "concentr-percent"), a currency."""
    sizes = (("long", locale), ("short", locale), ("long", locale.partition("_")[0]))
    per_cent = {get_unit_name("concentr-percent", length, name) or "%" for length, name in sizes}
    words = "|".join(sorted(map(re.escape, {"%", *per_cent, "rupiah", "IDR", "USD"}), key=len, reverse=True))
    return re.compile(rf"(?:{_SPACE}|\n)?(?P<unit>{words})(?!\w)", re.IGNORECASE)


@cache
def _months(locale: str) -> tuple[re.Pattern, dict[str, int]]:
    """A month beside a day or a year, and the number of each by its name in small letters (Unicode CLDR)."""
    named: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for number, name in get_month_names(width, locale=locale.partition("_")[0]).items():
            named.setdefault(name.lower().rstrip("."), number)
    names = "|".join(sorted(map(re.escape, named), key=len, reverse=True))
    return re.compile(rf"(?<=\d\s)(?:{names})(?!\w)|(?<!\w)(?:{names})(?=\.?\s\d)", re.IGNORECASE), named


#: The numbers in words of a language: a pattern, and the number by the word in small letters.
_Spoken = tuple[re.Pattern, Mapping[str, str]]


def _spoken(site: Site, language: str) -> _Spoken:
    numbers = {word.lower(): number for number, words in site.words.groups.get("numbers", {}).items() for word in words.get(language, ())}
    words = "|".join(r"\s+".join(map(re.escape, word.split())) for word in sorted(numbers, key=len, reverse=True)) or "(?!)"
    ending = re.escape(site.words["languages"][language].get("ending", ""))
    return re.compile(rf"(?<!\w)(?P<word>{words})(?:{ending})?(?!\w)", re.IGNORECASE), numbers


def _in_words(spoken: Mapping[str, _Spoken], section: Section, page: Page) -> Iterator[Stated]:
    """The numbers that a section says in words, each once."""
    pattern, numbers = spoken[page.language]
    said = set()
    for block in _said(section, page):
        for match in pattern.finditer(facts(block)) if pattern.search(block.text) else ():  # what is no fact, is but blanked
            number = numbers[" ".join(match["word"].lower().split())]
            if number not in said:
                said.add(number)
                yield Stated(number, match.group(), block.place.after(block.text[: match.start()]))


def facts(block: Block) -> str:
    """The text of a block, blanked where it is no running text, every position kept: citations, code, addresses, ids, numbers of items."""
    if block.kind in ("code", "html", "listing"):
        return ""
    text = mask_code(block.text)
    for group in block.groups:
        text = text.replace(group.raw, re.sub(r"[^\n]", "\0", group.raw))
    return _NO_FACT.sub(lambda match: "\0" * len(match.group()), text)


def _values(written: str, locale: str) -> list[Decimal]:
    """What a number means in a locale: 100.000 is a hundred thousand in Indonesian and a hundred in English.

    What the language would not write so has its own point (version 4.0, WCAG 2.2), or is several numbers (5.7.2020).
    """
    group, decimal = get_group_symbol(locale), get_decimal_symbol(locale)
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
    said_in_all = list(_bilingual(site))
    lacking = {language: [each for each in said_in_all if language not in each[2]] for language in site.languages}
    new = [language for language, absent in lacking.items() if len(absent) > _MANY]
    for language in new:
        yield from _without_column(language, lacking[language])
    for place, name, words in said_in_all:
        for language in site.languages:
            if language not in words and language not in new:
                said = next(iter(words.values()), "")
                message = say("{name} must be there in “{language}” too: say there what “{said}” says", name=name, language=language, said=said)
                yield Fault(place, message)


#: So many words that a language lacks are told one by one; of more, the language has no column.
_MANY = 40


def _without_column(language: str, absent: list[tuple[Place, Message, Mapping]]) -> Iterator[Fault]:
    """What a language lacks that is new, once for each file: the words, each with its line."""
    for _, some in groupby(sorted(absent, key=lambda each: each[0]), key=lambda each: each[0].path):
        some = list(some)
        named = join(say("{name} (line {line})", name=name, line=place.line) for place, name, _ in some)
        message = say(
            "“{language}” has no words here: add “{language}: …” to {count} of them: {named}", language=language, count=len(some), named=named
        )
        yield Fault(some[0][0], message)


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
        for number, edition in enumerate(study.editions):
            for page, words in edition.changes.items():
                name = say("what changed in {version} ({page}) of the study “{slug}”", version=edition.version, page=page, slug=study.slug)
                yield study.places.get(f"editions.{number}.changes.{page}", study.place), name, words
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
