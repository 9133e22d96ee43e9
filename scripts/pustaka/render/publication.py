"""A site ready to be printed: everything that templates and Markdown ask for, page by page, as plain strings and dicts.

What machines read of a page is in `metadata`.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from urllib.parse import quote

import jinja2

from pustaka import addresses, works
from pustaka.documentation import RuleDoc
from pustaka.kept import NOTHING_KEPT, Kept
from pustaka.model import Citation, CitationGroup, Locator, Page, Place, Section, Settings, Site, Study
from pustaka.render import citeproc
from pustaka.render.address import absolute, fragment, relative
from pustaka.render.language import file_size, language_name, long_date
from pustaka.render.printed import Asked, printed
from pustaka.render.rule_pages import rule_pages
from pustaka.translations import HEAD, OPENING, Stale, file_name, stale
from pustaka.works import Work
from pustaka.works.formats import Download, downloads

#: The folder of the files with lists of works, below the site's root.
LISTS = "cite/lists"

#: The name of the page that holds the search of a language; a language without it has no search.
SEARCH = "search"

#: Where the index that it asks is, below the site's root.
SEARCH_INDEX = "pagefind/"

#: Where a site has its shared style sheet and script, whatever their version.
ASSETS = {"css": "assets/site.css", "js": "assets/site.js"}

#: The name of the picture that leads to a finding, beside its short address.
FINDING_CODE = "qr.svg"

#: Words that a reader reads in a minute: a slow, careful reader of Indonesian prose on a phone.
WORDS_A_MINUTE = 180


class UnknownMenuEntry(Exception):
    """The main menu names a page that there is not."""


class Publication:
    """The site with its citations printed.

    Args:
        site: what was read.
        settings: what mkdocs.yml says.
        templates: the environment that finds `listings/` and `figures/`.
        rules: the documentation of the checker's rules; each gets a page.
        assets: the addresses of the shared style sheet and script below the site's root, by their suffix.
        kept: where what the citation engine answers is kept for the next build.
        inputs: see `printed`.

    Raises:
        citeproc.CiteprocError: the citation engine failed.
        UnknownMenuEntry: the menu names a page that no language has.
    """

    def __init__(
        self,
        site: Site,
        settings: Settings,
        templates: jinja2.Environment,
        rules: Sequence[RuleDoc] = (),
        assets: Mapping[str, str] = ASSETS,
        kept: Kept = NOTHING_KEPT,
        inputs: str = "",
    ):
        self.assets = assets
        self.settings, self.templates, self.rules = settings, templates, tuple(rules)
        self.rule_pages = tuple(rule_pages(site, rules))
        self.site = replace(site, pages=site.pages + self.rule_pages)
        for name in settings.menu:
            if not any(site.page(language, name) for language in site.languages):
                raise UnknownMenuEntry(f"the menu in mkdocs.yml names “{name}”, and there is no page docs/LANGUAGE/{name}.md nor {name}/index.md")
        #: Where each old or short address leads in the end, both without language.
        self.redirects = addresses.ends(site)
        items = citeproc.csl_items(site, kept)
        self._downloads: dict[str, tuple[Download, ...]] = {}
        self._words: dict[str, dict[str, str]] = {}
        self._stale: dict[str, list[Stale]] = {}
        for each in stale(site):
            self._stale.setdefault(each.page, []).append(each)
        #: The works of the bibliography by key, and the pages of the site by path.
        self.works = {item["id"]: works.of_entry(site, item) for item in items}
        self.page_works = {page.path: self._work_of(page) for page in self.site.pages}
        #: Each edition of a study at its lasting address: by language, then by the study's slug and the version.
        self.edition_works = {language: dict(self._edition_works(language)) for language in site.languages}
        groups = {language: self._groups(language) for language in site.languages}
        alone = {(language, style): self._alone(items, language, style) for language in site.languages for style in citeproc.STYLES}
        answers = printed(site, Asked(items, groups, alone), kept, inputs)
        self.references = answers.references
        #: How each study and each page is cited by itself: by language and style, then by the work's key.
        self.alone = answers.alone

    def _groups(self, language: str) -> list[CitationGroup]:
        """The citations that a language's pages print."""
        pages = [page for page in self.site.pages if self.language_of(page) == language]
        groups = [group for page in pages for group in page.groups]
        pinpoints = [self.pinpoint(page, section) for page in pages for section in page.sections]
        named = dict.fromkeys([*(study.entry for study in self.site.studies), *(erratum.key for erratum in self.site.errata)])
        alone = [_alone(key, narrative) for key in named if key in self.site.entry for narrative in (False, True)]
        every = (group for group in [*groups, *filter(None, pinpoints), *alone] if group.citations)
        return list({citeproc.signature(group): group for group in every}.values())

    def _alone(self, items: Sequence[dict], language: str, style: citeproc.Style) -> list[dict]:
        """The works that a language's pages cite by themselves."""
        studies = [item for item in items if self.site.study_citing(item["id"])]
        pages = [dict(self.page_works[page.path].item) for page in self.site.pages if page.language == language]
        editions = [dict(work.item) for work in self.edition_works[language].values()] if style is citeproc.STYLES[0] else []
        return studies + pages + editions

    def _work_of(self, page: Page) -> Work:
        language = self.language_of(page)
        return works.of_page(self.settings, page, self.title_alone(page), language, self.updated(page), self.canonical(page), self.site.version(page))

    def _edition_works(self, language: str) -> Iterator[tuple[tuple[str, str], Work]]:
        for study in self.site.studies:
            overview = self.site.page(language, study.name)
            for edition in study.editions if overview else ():
                address = absolute(self.settings.address, study.edition_url(edition.version, language))
                work = works.of_page(self.settings, overview, overview.title, language, edition.date, address)
                kind = f"{self.words(language)['edition']} {edition.version}"
                yield (study.slug, edition.version), replace(work, item={**work.item, "id": f"{work.key}-{edition.version}", "genre": kind})

    def edition_cited(self, study: Study, version: str, language: str) -> citeproc.Alone:
        """How an edition of a study, by its version, is cited by itself."""
        key = str(self.edition_works[language][study.slug, version].item["id"])
        return self.alone[language, citeproc.STYLES[0]][key]

    # -- what every page asks ---------------------------------------------------------------------------------

    def language_of(self, page: Page) -> str:
        """The page's language; the welcome page is in the site's first."""
        return page.language or self.site.languages[0]

    def locale(self, language: str) -> str:
        """The CLDR locale whose dates and numbers the interface uses."""
        return self.site.words["languages"][language]["cldr"]

    def words(self, language: str) -> dict[str, str]:
        if language not in self._words:
            self._words[language] = self.site.words.interface(language)
        return self._words[language]

    def in_text(self, key: str, language: str, narrative: bool = False) -> str:
        """How the work is cited in running text: "(Sari, 2022)", as text."""
        return self._text(_alone(key, narrative), language)

    def _text(self, group: CitationGroup, language: str) -> str:
        """A citation as text."""
        parts = self.references[language].citation(group)
        return citeproc.plain("".join(part if isinstance(part, str) else part.html for part in parts))

    def title_of(self, study: Study, language: str) -> str:
        """The study's title for readers: its overview's."""
        overview = self.site.page(language, study.name)
        return overview.title if overview else study.short[language]

    def title_alone(self, page: Page) -> str:
        """The page's title where it stands alone, in a list or a link: with its study's short name, "Findings (The Village)"."""
        study = self.site.study_of(page)
        return f"{page.title} ({study.short[page.language]})" if study and page.name != study.name else page.title

    def card(self, page: Page) -> str:
        """The address of the page's card, the image that goes with a link to it, below the site's root."""
        return f"{page.url}card.png"

    def downloads(self, name: str) -> tuple[Download, ...]:
        """The files for reference managers: of a study by its entry's key, of a page by its path, of a list of works by its stem (`lists`)."""
        if name not in self._downloads:
            self._downloads[name] = tuple(self._made(name))
        return self._downloads[name]

    def _made(self, name: str) -> Iterable[Download]:
        if name in self.lists:
            page, listed = self.lists[name]
            return downloads(name, f"{name}/", [self.works[key] for key in listed], self.page_works[page.path])
        if page := self.site.page_at.get(name):
            return downloads(f"{page.url}cite", page.url, [self.page_works[name]]) if page.language else ()
        return downloads(f"cite/{name}", f"cite/{name}/", [self.works[name]])

    @cached_property
    def lists(self) -> dict[str, tuple[Page, list[str]]]:
        """The lists of works that can be downloaded, by their stem: the page that shows it, and the keys of the works."""
        site, first = self.site, self.site.languages[0]
        lists = {"bibliography": (site.page(first, "bibliography"), list(self.works))}
        for study in site.studies:
            page = site.page(first, study.page_name("references")) or site.page(first, study.name)
            lists[study.slug] = (page, [key for key in site.listed.get(study.slug, ()) if key in self.works])
        return {
            f"{LISTS}/{name}": (page, some) for name, (page, some) in lists.items() if page and some
        }  # a slug may be a key as well: the stem is neither

    def alternates(self, page: Page) -> list[dict]:
        """The page in every language that has it; of the welcome page, the languages' homes."""
        others = (self.site.page(language, page.name) for language in self.site.languages)
        return [self._alternate(other, relative(page.url, other.url), current=other is page) for other in others if other]

    def _alternate(self, page: Page, href: str, current: bool = False) -> dict:
        """A page of a language, as the switch names it."""
        word = self.site.words["languages"][page.language]
        return {
            "language": page.language,
            "label": word["name"],
            "short": word["short"],
            "url": self.canonical(page),
            "href": href,
            "current": current,
        }

    def canonical(self, page: Page) -> str:
        return absolute(self.settings.address, page.url)

    def x_default(self, page: Page) -> str:
        """Where a reader of any other language is sent: the welcome page for a home, else the page in the site's first language."""
        if not page.name:
            return absolute(self.settings.address, "")
        return next((a["url"] for a in self.alternates(page)), self.canonical(page))

    def view(self, page: Page) -> dict:
        """All that the page's template prints; names that end in _html are HTML, all others text."""
        language = self.language_of(page)
        study = self.site.study_of(page)
        return {
            "kind": self.kind(page),
            "language": language,
            "og_locale": self.site.words["languages"][language]["og"],
            "site_name": self.settings.name,
            "title": page.title,
            "html_title": self._html_title(page, study, language),
            "description": page.description,
            "home": relative(page.url, f"{language}/"),
            "assets": {name: relative(page.url, address) for name, address in self.assets.items()},
            "alternates": self.alternates(page),
            "x_default": self.x_default(page),
            "words": self.words(language),
            "menu": self._menu(page, language, self.settings.menu) if page.language else [],
            "footer": self._menu(page, language, dict.fromkeys((*self.settings.menu, "rules", "contribute", "offline"))) if page.language else [],
            "edit": self._edit(page),
            "study": self._study(page, study, language) if study else None,
            "breadcrumbs": [self._outer_link(page, target) for target in self.above(page)],
            "toc": self._toc(page),
            "references": [] if self.kind(page) == "bibliography" else self._reference_list(page, language),
            "how_to_cite": self._how_to_cite(page, study, language) if study and page.name == study.name else None,
            "cite_page": self._cite_page(page, language) if page.language else None,
            "share": self._share(page) if page.language else "",
            "lists": self._lists(page, study, language),
            "feed": relative(page.url, f"{language}/feed.xml"),
            "search": self._search(page),
            "site_licence": self.licence(self.settings.licence, language),
            **self._neighbours(page, study, language),
            "updated": self.day(self.updated(page), language),
            "version": self.site.version(page),
            "changes": self._changes(page, study, language) if study and page.language else [],
            "notice": self._notice(page, language) if not page.is_current else None,
            "minutes": self.minutes(page),
            "out_of_line": self._out_of_line(page) if page.language else [],
            "css": self.filter_css() if self.kind(page) == "bibliography" else "",
        }

    def kind(self, page: Page) -> str:
        """Which kind of page: the welcome, a home, a study's overview, a rule's, a listing, or any page."""
        if not page.language:
            return "welcome"
        study = self.site.study_of(page)
        if study and page.name == study.name:
            return "overview"
        if self.rule_of(page):
            return "rule"
        return {"": "home", "bibliography": "bibliography", "glossary": "glossary"}.get(page.name, "page")

    def explains_terms(self, page: Page) -> bool:
        """Whether the page's text leads to the glossary: pages to be read do; lists to look something up in do not."""
        return self.kind(page) in ("home", "overview", "page") and page.name not in ("rules", "search")

    def rule_of(self, page: Page) -> RuleDoc | None:
        """The rule that a page documents."""
        return self._rule_of.get(page.path)

    @cached_property
    def _rule_of(self) -> dict[str, RuleDoc]:
        by_code = {rule.code: rule for rule in self.rules}
        return {page.path: by_code[page.menu_title] for page in self.rule_pages}

    def updated(self, page: Page) -> str:
        """The day the page was last changed (ISO 8601)."""
        return self.site.updated(page)

    def day(self, iso: str, language: str) -> dict:
        """A day as templates print it."""
        return {"iso": iso, "text": long_date(iso, self.locale(language))}

    def minutes(self, page: Page) -> int | None:
        """Minutes to read the page, or None where there is little to read."""
        count = sum(len(block.text.split()) for block in page.blocks)
        return math.ceil(count / WORDS_A_MINUTE) if count > WORDS_A_MINUTE else None

    def not_found(self) -> dict:
        """The view of the 404 page, which is served at any address: all its links begin at the site's root."""
        language = self.site.languages[0]
        root = re.sub(r"^https?://[^/]+", "", self.settings.address).rstrip("/") + "/"
        homes = [self.site.page(language, "") for language in self.site.languages]
        return {
            "kind": "404",
            "css": "",
            "language": language,
            "site_name": self.settings.name,
            "home": f"{root}{language}/",
            "assets": {name: root + address for name, address in self.assets.items()},
            "words": self.words(language),
            "site_licence": self.licence(self.settings.licence, language),
            "alternates": [self._alternate(home, root + home.url) for home in homes if home],
            "spoken": [{"language": home.language, "words": self.words(home.language), "home": root + home.url} for home in homes if home],
        }

    def _search(self, page: Page) -> dict | None:
        """The page where a reader of this one searches; None where its language has none."""
        target = self.site.page(page.language, SEARCH) if page.language else None
        return self.link(page, target) if target else None

    def _out_of_line(self, page: Page) -> list[dict]:
        """What a reader is told while a page's languages are not in line: a sentence, and links to the sections of another language.

        One for each other language whose changes the page does not follow yet, and for each with which it has to be reconciled,
        because both changed. A page that is in line, and one whose changes the others do not follow, tells nothing.
        """
        told: dict[tuple[bool, str], list[dict]] = {}
        language = page.language
        for each in self._stale.get(file_name(page), ()):
            for other in each.changed if language in each.parts else ():
                if other != language:
                    target = self.site.page_at[each.parts[other].place.path]
                    told.setdefault((language in each.behind, other), []).append(self._part(page, target, each))
        words = self.words(language)
        return [
            {
                "sentence": (words["stale_lags"] if lags else words["stale_both_changed"]).format(
                    language=language_name(other, self.locale(language))
                ),
                "language": other,
                "sections": sections,
            }
            for (lags, other), sections in told.items()
        ]

    def _part(self, page: Page, target: Page, each: Stale) -> dict:
        """A section, called as on this page and with its address on another."""
        words = self.words(page.language)
        named = {HEAD: words["stale_head"], OPENING: words["stale_opening"]}
        title = named.get(each.section) or heading_text(each.parts[page.language].title)
        address = relative(page.url, target.url)
        return {"title": title, "href": address if each.section in named else f"{address}#{fragment(each.section)}"}

    # -- parts of a view --------------------------------------------------------------------------------------

    def _html_title(self, page: Page, study: Study | None, language: str) -> str:
        """The page, its study, the site: what a search engine and a browser's tab show."""
        above = self.title_of(study, language) if study and page.name != study.name else ""
        return " – ".join(filter(None, (page.title if page.language else "", above, self.settings.name)))

    def link(self, page: Page, target: Page) -> dict:
        return {"title": target.menu_title, "href": relative(page.url, target.url), "current": target is page}

    def short_title(self, page: Page) -> str:
        """What a page is called in menus outside its study: an overview goes by the study's short name."""
        study = self.site.study_of(page)
        return study.short[page.language] if study and page.name == study.name else page.menu_title

    def _outer_link(self, page: Page, target: Page) -> dict:
        """A link from outside a study."""
        return self.link(page, target) | {"title": self.short_title(target)}

    def _menu(self, page: Page, language: str, names: Iterable[str]) -> list[dict]:
        targets = (self.site.page(language, name) for name in names)
        return [self._outer_link(page, t) | {"within": page.name.startswith(f"{t.name}/")} for t in targets if t]

    def _edit(self, page: Page) -> str:
        """Where a visitor can change the page's file; "" where that is not known, and of a page that stands in no file."""
        known = self.settings.editing and page.language and not self.rule_of(page)
        return f"{self.settings.editing.rstrip('/')}/{quote(page.path.removeprefix('docs/'))}" if known else ""

    def above(self, page: Page) -> list[Page]:
        """The pages above a page, from its language's home down."""
        parts = page.name.split("/") if page.name and page.language else []
        above = (self.site.page(page.language, "/".join(parts[:depth])) for depth in range(len(parts)))
        return [target for target in above if target]

    def _toc(self, page: Page) -> list[dict]:
        """The headings of the page; a home is a way in and needs none."""
        sections = [s for s in page.sections if s.level in (2, 3) and s.id and page.name]
        return [{"id": s.id, "title": heading_text(s.title), "level": s.level} for s in sections]

    def _study(self, page: Page, study: Study, language: str) -> dict:
        pages = (self.site.page(language, study.page_name(name)) for name in study.pages)
        words = self.site.words
        return {
            "short_title": study.short[language],
            "basis_note": words.say("basis", study.basis, language),
            "pages": [self.link(page, target) for target in pages if target],
            "keywords": list(study.keywords[language]),
            "history": [
                {"label": words.say("history", event, language), "date_text": long_date(day, self.locale(language)), "iso": day}
                for event, day in study.history
            ],
            "licence": self.licence(study.licence, language),
        }

    def _changes(self, page: Page, study: Study, language: str) -> list[dict]:
        """What changed on a page of a study, edition by edition, the newest first."""
        part = study.part(page.name)
        return [
            {
                "version": edition.version,
                "day": self.day(edition.date, language),
                "words": [edition.changes[name][language] for name in (part, "all") if language in edition.changes.get(name, {})],
                "href": relative(page.url, study.edition_url(edition.version, language)),
            }
            for edition in reversed(study.editions_of(page))
            if edition.is_in(language)
        ]

    def _notice(self, page: Page, language: str) -> dict:
        """What a page that counts no more says on top: what became of it, when, why, what to read instead, and how it is cited itself."""
        kind = "replaced" if page.replaced_by else "withdrawn"
        stated = page.meta[kind]
        target = self.site.page(page.language, page.replaced_by) if page.replaced_by else None
        return {
            "kind": kind,
            "day": self.day(stated["date"], language),
            "reason": stated.get("reason", ""),
            "instead": {"title": self.title_alone(target), "href": relative(page.url, target.url)} if target else None,
            "reference_html": self.alone[language, citeproc.STYLES[0]][self.page_works[page.path].key].reference if page.language else "",
        }

    def licence(self, identifier: str, language: str) -> dict:
        """A licence as it is named and linked; in the reader's language, where its publisher has it in that."""
        words = self.site.words["licences"].get(identifier, {})
        return {"text": words.get(language, identifier), "href": words.get(f"deed-{language}", words.get("url", ""))}

    def allowed(self, language: str) -> str:
        """What the licence of the pages lets readers do, in a language; "" where terms.yml does not say."""
        stated = self.site.words["allowed"].get(self.settings.licence, {}).get(language, "")
        return stated.replace("{publisher}", self.settings.publisher)

    def _neighbours(self, page: Page, study: Study | None, language: str) -> dict:
        """The pages before and after this one, in the order of the study's record."""
        names = [study.page_name(name) for name in study.pages] if study else []
        if page.name not in names:
            return {"previous": None, "next": None}
        index = names.index(page.name)
        before = self.site.page(language, names[index - 1]) if index else None
        after = self.site.page(language, names[index + 1]) if index + 1 < len(names) else None
        return {"previous": self.link(page, before) if before else None, "next": self.link(page, after) if after else None}

    def permalink(self, page: Page, key: str) -> str:
        """The entry's lasting address, on the bibliography page, from this page."""
        return relative(page.url, f"{self.language_of(page)}/bibliography/#{fragment(f'ref-{key}')}")

    def _reference_list(self, page: Page, language: str) -> list[dict]:
        """The works that the page cites, in the order of the style, each with links back to its citations."""
        counts, references = Counter(citation.key for citation in page.citations), self.references[language]
        return [
            {
                "key": key,
                "html": references.entries[key],
                "permalink": self.permalink(page, key),
                "backlinks": [{"id": fragment(f"cite-{key}-{n}"), "number": n} for n in range(1, counts[key] + 1)],
            }
            for key in references.in_order(counts)
        ]

    def _cited(self, page: Page, work: Work, files: Iterable[Download], language: str) -> dict:
        """How a work is cited: in every style, and the files for reference managers, as seen from a page."""
        printed = [(style, self.alone[language, style][work.key]) for style in citeproc.STYLES]
        styles = [
            {
                "label": style.label,
                "reference_html": cited.reference,
                "in_text": cited.in_text,
                "narrative": cited.narrative,
            }
            for style, cited in printed
        ]
        return {**styles[0], "other_styles": styles[1:], "downloads": self._links_to(page, files)}

    def _links_to(self, page: Page, files: Iterable[Download], sizes_in: str = "") -> list[dict]:
        """Files as a page offers them; with their size in the language `sizes_in`, where that is worth knowing."""
        return [
            {
                "label": file.label,
                "href": relative(page.url, file.address),
                "media_type": file.media_type,
                "size_text": file_size(len(file.text.encode()), self.locale(sizes_in)) if sizes_in else "",
            }
            for file in files
        ]

    def pinpoint(self, page: Page, section: Section) -> CitationGroup | None:
        """The page's study cited with all the places that a section, with those below it, cites in it; None where it cites none."""
        study = self.site.study_of(page)
        if not study or not section.id:
            return None
        start = page.sections.index(section)
        below = itertools.takewhile(lambda other: other.level > section.level, page.sections[start + 1 :])
        cited = [citation for part in (section, *below) for citation in part.citations if citation.key == study.entry]
        return _pinpoint(study, cited) if cited else None

    def finding(self, page: Page, identifier: str) -> str:
        """How the finding under a heading is cited: "(Sari, 2022, sec. d)"; "" where nothing is cited."""
        section = next((section for section in page.sections if section.id == identifier), None)
        group = self.pinpoint(page, section) if section else None
        return self._text(group, self.language_of(page)) if group else ""

    def numbered(self, page: Page, identifier: str) -> dict[str, str] | None:
        """The numbered finding under a heading: its label, its short address and the picture of its code; None where there is none."""
        study = self.site.study_of(page)
        finding = study.finding_at(study.part(page.name), identifier) if study and page.language else None
        if finding is None:
            return None
        address = relative(page.url, study.finding_url(finding, page.language))
        label = self.words(page.language)["finding_number"].format(number=finding.number)
        return {"label": label, "href": address, "code": f"{address}{FINDING_CODE}"}

    def _how_to_cite(self, page: Page, study: Study, language: str) -> dict:
        return self._cited(page, self.works[study.entry], self.downloads(study.entry), language)

    def _cite_page(self, page: Page, language: str) -> dict:
        work = self.page_works[page.path]
        return self._cited(page, work, self.downloads(page.path), language) | {"url": work.address}

    def _share(self, page: Page) -> str:
        """The address that opens WhatsApp with a message: the page's title, a phrase, the page's address (WhatsApp, "Click to chat")."""
        phrase = self.words(page.language)["share_text"].format(site=self.settings.name)
        return "https://wa.me/?text=" + quote(f"{self.title_alone(page)}\n{phrase}\n{self.canonical(page)}", safe=":/")

    def _lists(self, page: Page, study: Study | None, language: str) -> list[dict]:
        """The files with the list of works that a page shows: the bibliography, or a study's references."""
        name = "bibliography" if page.name == "bibliography" else study.slug if study and page.name == study.page_name("references") else ""
        stem = f"{LISTS}/{name}"
        return self._links_to(page, self.downloads(stem) if stem in self.lists else (), sizes_in=language)

    def filter_css(self) -> str:
        """Rules that hide what the bibliography's chosen filters leave out, without a script."""
        rules = []
        entries = self.site.entries
        for kind in sorted({entry.type for entry in entries}):
            rules.append(f'.filters:has(#filter-type-{kind}:checked)~.bibliography section:not([data-type="{kind}"])')
        for slug in self.site.study:
            chosen = f".filters:has(#filter-study-{slug}:checked)~.bibliography"
            rules.append(f'{chosen} li:not([data-study~="{slug}"])')
            held = {entry.type for entry in entries if slug in entry.studies}
            rules += [f'{chosen} section[data-type="{kind}"]' for kind in sorted({entry.type for entry in entries} - held)]
        return ",".join(rules) + "{display:none}" if rules else ""


def _alone(key: str, narrative: bool) -> CitationGroup:
    """A work cited by itself, nowhere."""
    return CitationGroup((Citation(key, Place("")),), Place(""), key, narrative)


def _pinpoint(study: Study, citations: Iterable[Citation]) -> CitationGroup:
    """One citation of a study with the places of several, in the source's order: "sec. d" and "sec. c" become "sec. c, d".

    A place within another stands for both.
    """
    sections = list(study.sections)

    def order(parts: tuple[tuple[str, str], ...]) -> list[tuple]:
        return [(sections.index(value) if value in sections else len(sections), _number(value), value) for _, value in parts]

    places = sorted({citation.locator.parts for citation in citations if citation.locator}, key=order)
    places = [parts for parts in places if not any(other[: len(parts)] == parts for other in places if other != parts)]
    merged: dict[tuple, list[str]] = {}
    for *outer, (label, value) in places:
        merged.setdefault((*outer, label), []).append(value)
    parts = tuple(part for (*outer, label), values in merged.items() for part in (*outer, (label, ", ".join(values))))
    return CitationGroup((Citation(study.entry, Place(""), locator=Locator(parts) if parts else None),), Place(""), study.entry)


def _number(value: str) -> int:
    """The number that a locator begins with, or 0."""
    digits = re.match(r"\d*", value).group()
    return int(digits) if digits else 0


def heading_text(title: str) -> str:
    """A heading's Markdown as text: emphasis and attribute lists taken off."""
    return re.sub(r"[*_`]|\{[^{}]*\}", "", title).strip()
