"""What must be said where on a built site: its pages and files, and of each the works that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from pustaka.model import BuiltSite, Settings, Site, Study, say
from pustaka.surfaces import due
from pustaka.surfaces.document import Document
from pustaka.surfaces.due import Work
from pustaka.surfaces.files import FORMATS, Format, Schemas

SITEMAP, ROBOTS = "sitemap.xml", "robots.txt"


class WorksFile(NamedTuple):
    """A file for reference managers that there must be: its format, its stem, the page ("" of a study or a list) and the works."""

    format: Format
    stem: str
    page: str
    works: tuple[Work, ...]
    is_list: bool = False


class Duties:
    """What there must be of a site, and what is known of its pages by their address.

    Args:
        site: what the site is made of.
        settings: what mkdocs.yml says.
        built: what was built: where, and which pages there are.
    """

    def __init__(self, site: Site, settings: Settings, built: BuiltSite):
        self.site, self.settings, self.built = site, settings, built
        self.model = {page.url: page for page in site.pages}

    # -- what there must be -----------------------------------------------------------------------------------

    @cached_property
    def base(self) -> str:
        """The address that the site was built for: the welcome page's, or that of mkdocs.yml where there is none."""
        welcome = next((page for page in self.built.pages if not page.url), None)
        stated = Document(welcome).canonical if welcome else ""
        return stated or f"{self.settings.address.rstrip('/')}/"

    @cached_property
    def schemas(self) -> Schemas:
        """What judges data by the schemas of the formats: compiled, for there are thousands of files."""
        import fastjsonschema

        return {name: fastjsonschema.compile(dict(schema)) for name, schema in self.built.schemas.items()}

    @cached_property
    def works(self) -> Mapping[str, Work]:
        """The works of the bibliography by their key."""
        return {key: due.of_entry(self.site, entry) for key, entry in self.site.entry.items()}

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses of the site's pages."""
        return frozenset(self.base + page.url for page in self.built.pages)

    @cached_property
    def works_files(self) -> Mapping[str, WorksFile]:
        """The files for reference managers by their address: of studies, of pages, of lists."""
        return dict(self._works_files())

    def _works_files(self) -> Iterator[tuple[str, WorksFile]]:
        for study in self.site.studies:
            if study.entry in self.works:
                yield from _named(f"cite/{study.entry}", f"cite/{study.entry}/", "", (self.works[study.entry],))
        for page in self.documents.values():
            if self.language(page.url, exactly=True):
                yield from _named(f"{page.url}cite", page.url, page.url, (self.work_of(page),))
        for name, keys in self.lists.items():
            yield from _named(f"cite/lists/{name}", f"cite/lists/{name}/", "", tuple(self.works[key] for key in keys), is_list=True)

    @cached_property
    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """The keys of the lists of works that a page of the site shows: all, and each study's."""
        first, site = self.site.languages[0], self.site
        keys = tuple(dict.fromkeys(entry.key for entry in site.entries))
        found = {"bibliography": list(keys)} if site.page(first, "bibliography") else {}
        shown = [study for study in site.studies if site.page(first, study.page_name("references")) or site.page(first, study.name)]
        found |= {study.slug: [] for study in shown}
        for key in keys:
            for slug in site.entry[key].studies:
                if slug in found and slug != "bibliography":
                    found[slug].append(key)
        return {name: tuple(keys) for name, keys in found.items() if keys}

    @cached_property
    def documents(self) -> dict[str, Document]:
        """The built pages by their address; the 404 page is none, nor is one that only leads to another."""
        read = (page for page in self.built.pages if page.url in self.model or self._is_page(page.url))
        return {page.url: Document(page) for page in read if not page.is_redirect}

    def _is_page(self, url: str) -> bool:
        """Whether what has no source is a page of today's site all the same, as those of rules are: no file to take along, no kept edition."""
        return not url.endswith(".html") and url not in self.editions

    @cached_property
    def editions(self) -> frozenset[str]:
        """The addresses of the studies' editions."""
        site = self.site
        every = ((study, edition, language) for study in site.studies for edition in study.editions for language in site.languages)
        return frozenset(study.edition_url(edition.version, language) for study, edition, language in every)

    @cached_property
    def feeds(self) -> Mapping[str, str]:
        """The language of each feed by its address."""
        return {f"{language}/feed.xml": language for language in self.site.languages if self.site.page(language, "")}

    @property
    def files(self) -> tuple[str, ...]:
        """The addresses of all files that there must be beside the pages and their cards."""
        return (*self.works_files, *self.feeds, SITEMAP, ROBOTS)

    @cached_property
    def kept(self) -> frozenset[str]:
        """The addresses of what is kept of past editions, and of the editions' pages: as they were, they stay, whatever is asked of new ones."""
        files = {f"{url}index.html" for url in self.editions}
        for study in self.site.studies:
            past = [name for edition in study.editions[:-1] for name in self.site.frozen.get(study.slug, {}).get(edition.version, ())]
            files |= {f"{language}/{study.name}/{name}" for language in self.site.languages for name in past}
        return frozenset(files)

    # -- what is known of a page ------------------------------------------------------------------------------

    def language(self, url: str, exactly: bool = False) -> str:
        """A page's language by its address; that of the welcome page is the site's first, or with `exactly` ""."""
        first = url.partition("/")[0]
        return first if first in self.site.languages else "" if exactly else self.site.languages[0]

    def is_offered(self, url: str) -> bool:
        """Whether a page counts: it is neither replaced nor withdrawn."""
        return url not in self.model or self.model[url].is_current

    def study(self, url: str) -> Study | None:
        page = self.model.get(url)
        study = self.site.study_of(page) if page else None
        return study if study and study.entry in self.works else None

    def overview(self, study: Study, language: str) -> str:
        """The address of a study's overview in a language."""
        return f"{self.base}{language}/{study.name}/"

    def address_of(self, key: str) -> str:
        """The address of a work: by its DOI, or its URL; "" of one that has neither."""
        fields = self.works[key].fields
        return f"https://doi.org/{fields['doi']}" if fields["doi"] else str(fields["url"])

    def name_of(self, key: str, language: str) -> str:
        """A work's name for machines: a study's address, else a part of its overview in the site's first language; another work's DOI, else its
        place in the bibliography of a language."""
        if study := self.site.study_citing(key):
            return self.address_of(key) or f"{self.overview(study, self.site.languages[0])}#study"
        return self.address_of(key) if self.works[key].fields["doi"] else f"{self.base}{language}/bibliography/#ref-{quote(key)}"

    def work_of(self, document: Document) -> Work:
        """A page as a work of its own. The title of one that stands in no file, a rule's, is its heading."""
        url, page = document.url, self.model.get(document.url)
        language, study = self.language(url), self.study(url)
        title = page.title if page else document.heading
        if page and study and page.name != study.name:
            title = f"{title} ({study.short[language]})"
        source = say("the page {path}", path=page.path) if page else say("the page itself")
        return due.of_page(self.settings, title, language, self.site.updated(page), self.base + url, source, self.site.version(page))

    def licence_address(self, identifier: object) -> str:
        return self.site.words["licences"].get(identifier, {}).get("url", "") if identifier else ""

    def others(self, url: str) -> dict[str, str]:
        """The address of a page in each language that has it; of the welcome page, the languages' homes."""
        language = self.language(url, exactly=True)
        rest = url.removeprefix(f"{language}/") if language else ""
        found = {each: f"{each}/{rest}" for each in self.site.languages}
        return {each: self.base + other for each, other in found.items() if other in self.documents}

    def news(self, language: str) -> list[Document]:
        """The pages that a feed is about: all of its language but the home and those of the rules."""
        found = (self.documents.get(page.url) for page in self.site.offered if page.language == language and page.name)
        return [document for document in found if document]


def _named(stem: str, folder: str, page: str, works: tuple[Work, ...], is_list: bool = False) -> Iterator[tuple[str, WorksFile]]:
    for format in FORMATS:
        yield (folder if format.prescribed else stem) + format.suffix, WorksFile(format, stem, page, works, is_list)
