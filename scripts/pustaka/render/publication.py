"""A site ready to be printed: everything that templates and Markdown ask for, page by page, as plain strings and dicts."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property

import jinja2
from markupsafe import Markup

from pustaka.documentation import RuleDoc
from pustaka.model import Citation, CitationGroup, Page, Place, Settings, Site, Study
from pustaka.render import citeproc
from pustaka.render.address import absolute, fragment, relative
from pustaka.render.language import file_size, long_date
from pustaka.render.rule_pages import rule_pages

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
        downloads: of each study, by slug: the files that its How-to-Cite box offers.
        rules: the documentation of the checker's rules; each gets a page.

    Raises:
        citeproc.CiteprocError: the citation engine failed.
        UnknownMenuEntry: the menu names a page that no language has.
    """

    def __init__(self, site: Site, settings: Settings, templates: jinja2.Environment, downloads: Mapping[str, tuple], rules: Sequence[RuleDoc] = ()):
        self.settings, self.templates, self.downloads, self.rules = settings, templates, downloads, tuple(rules)
        self.rule_pages = tuple(rule_pages(site, rules))
        self.site = replace(site, pages=site.pages + self.rule_pages)
        for name in settings.menu:
            if not any(site.page(language, name) for language in site.languages):
                raise UnknownMenuEntry(f"the menu in mkdocs.yml names “{name}”, and there is no page docs/LANGUAGE/{name}.md nor {name}/index.md")
        with ThreadPoolExecutor() as pool:
            self.references = dict(zip(site.languages, pool.map(self._references, site.languages), strict=True))

    def _references(self, language: str) -> citeproc.References:
        groups = [group for page in self.site.pages if self.language_of(page) == language for group in page.groups]
        alone = [_alone(key, narrative) for key in self.site.entry for narrative in (False, True)]
        return citeproc.references(self.site, citeproc.csl_items(self.site), groups + alone, language)

    # -- what every page asks ---------------------------------------------------------------------------------

    def language_of(self, page: Page) -> str:
        """The page's language; the welcome page is in the site's first."""
        return page.language or self.site.languages[0]

    def locale(self, language: str) -> str:
        """The CLDR locale whose dates and numbers the interface uses."""
        return self.site.words["languages"][language]["cldr"]

    def words(self, language: str) -> dict[str, str]:
        return self.site.words.interface(language)

    def in_text(self, key: str, language: str, narrative: bool = False) -> str:
        """How the work is cited in running text: "(Zaifuddin, 2022)", as text."""
        parts = self.references[language].citation(_alone(key, narrative))
        return citeproc.plain("".join(part if isinstance(part, str) else part.html for part in parts))

    def title_of(self, study: Study, language: str) -> str:
        """The study's title for readers: its overview's."""
        overview = self.site.page(language, study.name)
        return overview.title if overview else study.short[language]

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
            "canonical": self.canonical(page),
            "home": relative(page.url, f"{language}/"),
            "assets": {name: relative(page.url, f"assets/site.{name}") for name in ("css", "js")},
            "icon": relative(page.url, "assets/icon.svg"),
            "alternates": self.alternates(page),
            "x_default": self.x_default(page),
            "words": self.words(language),
            "menu": self._menu(page, language, self.settings.menu) if page.language else [],
            "footer": self._menu(page, language, dict.fromkeys((*self.settings.menu, "rules"))) if page.language else [],
            "study": self._study(page, study, language) if study else None,
            "breadcrumbs": self._breadcrumbs(page, language),
            "toc": self._toc(page),
            "references": [] if self.kind(page) == "bibliography" else self._reference_list(page, language),
            "how_to_cite": self._how_to_cite(page, study, language) if study and page.name == study.name else None,
            "cite_page": self._cite_page(page, language) if page.language else None,
            **self._neighbours(page, study, language),
            "updated": {"iso": self.updated(page), "text": long_date(self.updated(page), self.locale(language))},
            "minutes": self.minutes(page),
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

    def rule_of(self, page: Page) -> RuleDoc | None:
        """The rule that a page documents."""
        return self._rule_of.get(page.path)

    @cached_property
    def _rule_of(self) -> dict[str, RuleDoc]:
        by_code = {rule.code: rule for rule in self.rules}
        return {page.path: by_code[page.menu_title] for page in self.rule_pages}

    def updated(self, page: Page) -> str:
        """The page's own date, its study's, or the latest of all studies (ISO 8601)."""
        study = self.site.study_of(page)
        return str(page.meta.get("updated") or (study.updated if study else max(s.updated for s in self.site.studies)))

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
            "language": language,
            "site_name": self.settings.name,
            "home": f"{root}{language}/",
            "assets": {name: f"{root}assets/site.{name}" for name in ("css", "js")},
            "icon": f"{root}assets/icon.svg",
            "words": self.words(language),
            "alternates": [self._alternate(home, root + home.url) for home in homes if home],
        }

    # -- parts of a view --------------------------------------------------------------------------------------

    def _html_title(self, page: Page, study: Study | None, language: str) -> str:
        """The page, its study, the site: what a search engine and a browser's tab show."""
        above = self.title_of(study, language) if study and page.name != study.name else ""
        return " – ".join(filter(None, (page.title if page.language else "", above, self.settings.name)))

    def link(self, page: Page, target: Page) -> dict:
        return {"title": target.menu_title, "href": relative(page.url, target.url), "current": target is page}

    def _outer_link(self, page: Page, target: Page) -> dict:
        """A link from outside a study, where its overview goes by the study's short name."""
        study = self.site.study_of(target)
        title = {"title": study.short[target.language]} if study and target.name == study.name else {}
        return self.link(page, target) | title

    def _menu(self, page: Page, language: str, names: Iterable[str]) -> list[dict]:
        targets = (self.site.page(language, name) for name in names)
        return [self._outer_link(page, t) | {"within": page.name.startswith(f"{t.name}/")} for t in targets if t]

    def _breadcrumbs(self, page: Page, language: str) -> list[dict]:
        parts = page.name.split("/") if page.name and page.language else []
        above = (self.site.page(language, "/".join(parts[:depth])) for depth in range(len(parts)))
        return [self._outer_link(page, target) for target in above if target]

    def _toc(self, page: Page) -> list[dict]:
        """The headings of the page; a home is a way in and needs none."""
        sections = [s for s in page.sections if s.level in (2, 3) and s.id and page.name]
        return [{"id": s.id, "title": heading_text(s.title), "level": s.level} for s in sections]

    def _study(self, page: Page, study: Study, language: str) -> dict:
        pages = (self.site.page(language, study.page_name(name)) for name in study.pages)
        words = self.site.words
        licence = words["licences"].get(study.licence, {})
        return {
            "short_title": study.short[language],
            "basis_note": words.say("basis", study.basis, language),
            "pages": [self.link(page, target) for target in pages if target],
            "keywords": list(study.keywords[language]),
            "history": [
                {"label": words.say("history", event, language), "date_text": long_date(day, self.locale(language)), "iso": day}
                for event, day in study.history
            ],
            "licence": {"text": licence.get(language, study.licence), "href": licence.get("url")},
        }

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
        counts = Counter(citation.key for citation in page.citations)
        return [
            {
                "key": key,
                "html": markup,
                "permalink": self.permalink(page, key),
                "backlinks": [{"id": fragment(f"cite-{key}-{n}"), "number": n} for n in range(1, counts[key] + 1)],
            }
            for key, markup in self.references[language].entries.items()
            if key in counts
        ]

    def _how_to_cite(self, page: Page, study: Study, language: str) -> dict:
        markup = self.references[language].entries[study.entry]
        return {
            "reference_html": markup,
            "reference_text": citeproc.plain(markup),
            "in_text": self.in_text(study.entry, language),
            "narrative": self.in_text(study.entry, language, narrative=True),
            "downloads": [
                {
                    "label": file.label,
                    "href": relative(page.url, file.address),
                    "media_type": file.media_type,
                    "size_text": file_size(len(file.text.encode()), self.locale(language)),
                }
                for file in self.downloads.get(study.slug, ())
            ],
        }

    @cached_property
    def _page_references(self) -> dict[tuple[str, str], str]:
        """The reference of a page of the site, per language and date, with marks where title and address go."""
        wanted = {(self.language_of(page), self.updated(page)) for page in self.site.pages}
        return {(language, day): citeproc.reference(self.site, self._page_item(day), language) for language, day in sorted(wanted)}

    def _page_item(self, day: str) -> dict:
        return {
            "id": "page",
            "type": "webpage",
            "author": [{"literal": self.settings.publisher}],
            "title": "@title@",
            "container-title": self.settings.name,
            "issued": {"date-parts": [[int(part) for part in day.split("-")]]},
            "URL": "https://address.invalid/",
        }

    def _cite_page(self, page: Page, language: str) -> dict:
        url = self.canonical(page)
        template = self._page_references[language, self.updated(page)]
        markup = template.replace("@title@", str(Markup.escape(page.title))).replace("https://address.invalid/", url)
        return {"reference_html": markup, "reference_text": citeproc.plain(markup), "url": url}

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


def heading_text(title: str) -> str:
    """A heading's Markdown as text: emphasis and attribute lists taken off."""
    return re.sub(r"[*_`]|\{[^{}]*\}", "", title).strip()
