"""What a line `{{ name }}` on a page becomes: the lists that are made from the data, through `overrides/listings/`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import groupby

from pustaka.model import Entry, Page, ReportedFault, SearchWords
from pustaka.render.address import relative
from pustaka.render.language import language_name, mark_foreign
from pustaka.render.publication import SEARCH, SEARCH_INDEX, Publication, heading_text
from pustaka.render.rule_pages import contents, families, marked


class UnknownListing(Exception):
    """A page asks for a listing that there is not."""


def listing(publication: Publication, page: Page, request: str) -> str:
    """The HTML of a listing.

    Args:
        request: what stands between the braces, one of `LISTINGS`.

    Raises:
        UnknownListing: there is none of that name.
    """
    if request not in LISTINGS:
        raise UnknownListing(f"“{{{{ {request} }}}}” names no listing; there are: {', '.join(f'{{{{ {name} }}}}' for name in LISTINGS)}")
    if request.endswith(" study") and publication.site.study_of(page) is None:
        raise UnknownListing(f"“{{{{ {request} }}}}” stands on a page of no study: move it to one, below docs/LANGUAGE/studies/SLUG/")
    if request == "rule" and publication.rule_of(page) is None:
        raise UnknownListing("“{{ rule }}” stands on a page of no rule: to list all rules, write “{{ rules }}”")
    values = LISTINGS[request](publication, page)
    language = publication.language_of(page)
    return publication.templates.get_template(f"listings/{request.removesuffix(' study')}.html").render(
        words=publication.words(language), language=language, **values
    )


def _studies(publication: Publication, page: Page) -> dict:
    """A card for every study, in the order of the main menu."""
    site, language = publication.site, publication.language_of(page)
    menu = publication.settings.menu
    cards = []
    for study in sorted(site.studies, key=lambda study: menu.index(study.name) if study.name in menu else len(menu)):
        overview = site.page(language, study.name)
        if overview and overview.is_current:
            entry = site.entry[study.entry]
            cards.append(
                {
                    "title": overview.title,
                    "href": relative(page.url, overview.url),
                    "description": overview.description,
                    "in_text": publication.in_text(study.entry, language, narrative=True),
                    "container": entry.text("journaltitle") or site.words.say("genres", entry.fields.get("type", ""), language),
                    "container_language": entry.language if entry.fields.get("journaltitle") and entry.language != language else "",
                    "basis": study.basis,
                    "basis_note": site.words.say("basis", study.basis, language),
                }
            )
    # below a heading of level 2 on the home page, below the title elsewhere
    return {"studies": cards, "heading": "h2"}


def _bibliography(publication: Publication, page: Page) -> dict:
    """Every entry, by type, with what the filters need."""
    site, language = publication.site, publication.language_of(page)
    types = [kind for kind in site.words["entry_types"] if any(entry.type == kind for entry in site.entries)]
    types += sorted({entry.type for entry in site.entries} - set(types))
    entries = publication.references[language].entries
    return {
        "types": [
            {
                "id": kind,
                "title": site.words.say("entry_types", kind, language),
                "entries": [_listed(publication, page, site.entry[key]) for key in entries if site.entry[key].type == kind],
            }
            for kind in types
        ],
        "studies": [{"slug": study.slug, "title": study.short[language]} for study in site.studies],
        "count": len(entries),
    }


def _listed(publication: Publication, page: Page, entry: Entry) -> dict:
    site, language = publication.site, publication.language_of(page)
    citing = [p for p in site.citing.get(entry.key, ()) if p.language == language]
    study = site.study_citing(entry.key)
    overview = site.page(language, study.name) if study else None
    return {
        "key": entry.key,
        "html": publication.references[language].entries[entry.key],
        "type": entry.type,
        "studies": " ".join(entry.studies),
        "permalink": publication.permalink(page, entry.key),
        "overview": relative(page.url, overview.url) if overview else "",
        "cited_on": [{"title": _full_title(publication, p), "href": relative(page.url, p.url) + f"#ref-{entry.key}"} for p in citing],
    }


def _full_title(publication: Publication, page: Page) -> str:
    """A page's title, with its study's where it alone would not tell: "Findings (The Village)"."""
    study = publication.site.study_of(page)
    if study is None:
        return page.title
    return study.short[page.language] if page.name == study.name else f"{page.menu_title} ({study.short[page.language]})"


def _reference_list(publication: Publication, page: Page) -> dict:
    """The works that belong to the page's study."""
    site, language = publication.site, publication.language_of(page)
    keys = publication.references[language].in_order(site.listed.get(site.study_of(page).slug, ()))
    return {"entries": [_listed(publication, page, site.entry[key]) for key in keys]}


def _errata(publication: Publication, page: Page) -> dict:
    """What the entries of the page's study say differently from their source."""
    site, language = publication.site, publication.language_of(page)
    slug = site.study_of(page).slug
    items = []
    for erratum in site.errata:
        entry = site.entry[erratum.key]
        if slug in entry.studies:
            items.append(
                {
                    "work": publication.in_text(erratum.key, language, narrative=True),
                    "href": f"#entry-{erratum.key}",
                    "field": site.words.say("errata_fields", erratum.field, language),
                    "kind": erratum.kind,
                    "kind_text": site.words.say("errata_kinds", erratum.kind, language),
                    "printed": erratum.printed,
                    "printed_language": entry.language if entry.language != language else "",
                    "used": entry.text(erratum.field) if erratum.kind == "mended" else "",
                    "note": erratum.note[language],
                }
            )
    return {"items": items}


def _citation_report(publication: Publication, page: Page) -> dict:
    """What the checker finds in the citations of the page's study itself: the certain, then the probable, by rule."""
    site, language = publication.site, publication.language_of(page)
    study = site.study_of(page)
    by_code = groupby(sorted(site.reports.get(study.slug, ()), key=lambda fault: fault.code), key=lambda fault: fault.code)
    numbered = [(f"{code.lower()}-{number}", fault) for code, faults in by_code for number, fault in enumerate(faults, 1)]
    groups = []
    for name, certain in (("certain", True), ("probable", False)):
        faults = [item for item in numbered if item[1].certain == certain]
        by_rule = groupby(faults, key=lambda item: item[1].code)
        rules = [
            _rule_heading(publication, page, code) | {"faults": [_reported(publication, page, *item) for item in some]} for code, some in by_rule
        ]
        groups.append({"id": name, "certain": certain, "count": sum(fault.times for _, fault in faults), "rules": rules})
    return {"language_of_source": study.language if study.language != language else "", "groups": groups}


def _rule_heading(publication: Publication, page: Page, code: str) -> dict:
    """A rule's code, its page and its summary; the code alone of a rule that is not documented."""
    language = publication.language_of(page)
    rule = next((rule for rule in publication.rules if rule.code == code), None)
    documented = publication.site.page(language, f"rules/{code.lower()}")
    return {
        "code": code,
        "href": relative(page.url, documented.url) if documented else "",
        "summary_html": marked(rule.summary[language]) if rule else "",
    }


def _reported(publication: Publication, page: Page, identifier: str, fault: ReportedFault) -> dict:
    """A fault; its id is the rule's code and its number among the rule's, so that a new finding of another rule moves nothing."""
    site, language = publication.site, publication.language_of(page)
    return {
        "id": identifier,
        "times": fault.times,
        "label": site.words["locators"]["section"][language][0],
        "section": fault.section,
        "printed": fault.printed,
        "meant": fault.meant,
        "entry": publication.permalink(page, fault.key) if fault.key in site.entry else "",
        "note": fault.note.get(language, ""),
    }


def _glossary(publication: Publication, page: Page) -> dict:
    """The terms in the order of the page's language."""
    site, language = publication.site, publication.language_of(page)
    terms = []
    for term in sorted(site.glossary, key=lambda term: term.term[language].lower()):
        name, _, heading = term.see.partition("#")
        name = name.removesuffix(".md").removesuffix("index").rstrip("/")
        target = site.page(language, name) if term.see else None
        section = next((s for s in target.sections if heading and s.id == heading), None) if target else None
        foreign = term.foreign.get(language, {})
        terms.append(
            {
                "id": term.anchor,
                "term_html": mark_foreign(term.term[language], foreign),
                "meaning_html": mark_foreign(term.meaning[language], foreign),
                "others": [
                    {
                        "language": other,
                        "label": site.words["languages"][other]["name"],
                        "term_html": mark_foreign(term.term[other], term.foreign.get(other, {})),
                    }
                    for other in site.languages
                    if other != language
                ],
                "see_href": relative(page.url, target.url) + (f"#{heading}" if section else "") if target else "",
                "see_title": (heading_text(section.title) if section else target.menu_title) if target else "",
            }
        )
    return {"terms": terms}


def _rules(publication: Publication, page: Page) -> dict:
    """The checker's rules by family, each with its summary."""
    return {"families": families(publication.rules, publication.language_of(page))}


def _rule(publication: Publication, page: Page) -> dict:
    """All that the page of a rule says."""
    return contents(publication.rule_of(page), publication.site, publication.language_of(page))


def _search(publication: Publication, page: Page) -> dict:
    """The form of the search, with where its index is and the searches of the other languages."""
    site, language = publication.site, publication.language_of(page)
    others = [
        {
            "language": word["language"],
            "href": relative(page.url, site.page(word["language"], SEARCH).url),
            "name": language_name(word["language"], publication.locale(language)),
        }
        for word in publication.alternates(page)
        if word["language"] != language and site.page(word["language"], SEARCH)
    ]
    stated = site.search_words.get(language, SearchWords())
    topics = f"{relative(page.url, page.url)}#topics"
    return {"index": relative(page.url, SEARCH_INDEX), "topics": topics, "skipped": " ".join(stated.skipped), "others": others}


def _topics(publication: Publication, page: Page) -> dict:
    """What the pages of the language are about, from A to Z: their titles and headings and the terms of the glossary."""
    named: dict[str, dict] = {}
    for title, label, url in sorted(_named(publication, page.language), key=lambda item: (_filed(item[0]), item[0], item[2])):
        topic = named.setdefault(_filed(title), {"title": title, "links": []})
        topic["links"].append({"label": label, "href": relative(page.url, url)})
    letters = groupby(named.items(), key=lambda item: next((letter for letter in item[0] if letter.isalpha()), "#"))
    return {"letters": [{"letter": letter.upper(), "id": f"topics-{letter}", "topics": [topic for _, topic in some]} for letter, some in letters]}


def _named(publication: Publication, language: str) -> Iterator[tuple[str, str, str]]:
    """All that has a name on the pages of a language, but for those of rules: (name, on which page, address)."""
    site = publication.site
    for page in site.offered:
        if page.language != language or not page.name or page.name == SEARCH or publication.rule_of(page):
            continue
        study = site.study_of(page)
        within = study.short[language] if study else ""
        yield page.title, "" if study and page.name == study.name else within, page.url
        for section in page.sections:
            if section.id and section.level in (2, 3):
                label = f"{within}, {page.menu_title}" if within else page.menu_title
                yield heading_text(section.title), label, f"{page.url}#{section.id}"
    glossary = site.page(language, "glossary")
    for term in site.glossary if glossary else ():
        yield term.term[language], glossary.menu_title, f"{glossary.url}#term-{term.id}"


def _filed(title: str) -> str:
    """A title as it is sorted: without accents, quotation marks and what else comes before its first letter or digit."""
    plain = "".join(mark for mark in unicodedata.normalize("NFD", title.casefold()) if not unicodedata.combining(mark))
    return plain[next((at for at, mark in enumerate(plain) if mark.isalnum()), 0) :]


def _offline(publication: Publication, page: Page) -> dict:
    """The control that saves the site for reading offline: all of it is words and states."""
    return {}


def _licence(publication: Publication, page: Page) -> dict:
    """Under which licence the pages are, and what it lets readers do."""
    settings, language = publication.settings, publication.language_of(page)
    return {"licence": publication.licence(settings.licence, language), "allowed": publication.allowed(language)}


def _contact(publication: Publication, page: Page) -> dict:
    """Where readers can ask: an address of the web or of mail; nothing where mkdocs.yml states none."""
    stated = publication.settings.contact
    return {"contact": {"text": stated, "href": f"mailto:{stated}" if "@" in stated else stated} if stated else None}


LISTINGS = {
    "studies": _studies,
    "bibliography": _bibliography,
    "glossary": _glossary,
    "reference-list study": _reference_list,
    "errata study": _errata,
    "citation-report study": _citation_report,
    "search": _search,
    "topics": _topics,
    "rules": _rules,
    "rule": _rule,
    "offline": _offline,
    "licence": _licence,
    "contact": _contact,
}
