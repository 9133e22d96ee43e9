"""P: the citations on the pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from textwrap import shorten
from urllib.parse import unquote

from pustaka.model import Block, Page, Place, Site
from pustaka.nearest import nearest, nearest_key
from pustaka.pagination import spans
from pustaka.rules import Fault, rule
from pustaka.syntax import mask_code

#: Pages of a study that owe no citation: one lists the works, the other asks questions of its own.
FREE_PAGES = frozenset({"references", "teaching"})

_OWING = {"paragraph": "paragraph", "list": "list", "table": "table", "quote": "quotation"}


@rule("P201")
def unknown_key(site: Site) -> Iterator[Fault]:
    """A citation names a key that the bibliography does not have.

    The reader would find no reference behind the citation. The key that was probably meant is suggested: the one of the
    same author and year where the key follows another scheme, else the one spelled most like it.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2050, hlm. 12]. Begitu pula @Suharto_2005.
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12]. Begitu pula @suharto2005.
    """
    meant_by = cache(lambda key: nearest_key(key, site.entries))
    for page in site.pages:
        for citation in page.citations:
            if citation.key not in site.entry:
                meant = meant_by(citation.key)
                mend = f"did you mean “@{meant}”?" if meant else "add the work to bibliography/references.bib"
                yield citation.place, f"“@{citation.key}” is not in the bibliography: {mend}"


@rule("P202")
def malformed_citation(site: Site) -> Iterator[Fault]:
    """What is meant as a citation cannot be read as one.

    A citation is `[@key]`, `[@key, hlm. 35]`, `[lihat @a; @b]`, `[-@key]` or a bare `@key`. Anything else stands on the
    page as it was typed. An at sign that begins no citation is written `\\@`. Source: Pandoc User's Guide, "Citation syntax".

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12; suharto2005]. Hasilnya dijual [@contoh2020, hlm. 13.
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12; @suharto2005]. Hasilnya dijual [@contoh2020, hlm. 13].
    """
    for page in site.pages:
        for group in page.groups:
            if group.fault:
                yield group.place, f"“{shorten(group.raw, 60, placeholder=' …')}” cannot be read as a citation: {group.fault}"


@rule("P203")
def impossible_page(site: Site) -> Iterator[Fault]:
    """A citation points at a page that the work does not have.

    A page locator must lie within the `pages` of the entry. Plain and roman numbers are told apart; where the two
    cannot be compared, nothing is said.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12; @contoh2020, hlm. 120].
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12; @contoh2020, hlm. 14–20].
    """
    for page in site.pages:
        for citation in page.citations:
            entry = site.entry.get(citation.key)
            if entry is None or citation.locator is None or "pages" not in entry.fields:
                continue
            pages = entry.text("pages")
            whole = list(spans(pages))
            if any(span is None or span.is_reversed for span in whole):
                continue
            for span in (span for label, value in citation.locator.parts if label == "page" for span in spans(value)):
                comparable = span is not None and any(span.series == part.series for part in whole)
                if comparable and not any(span in part for part in whole):
                    mend = f"look it up in the work, or correct the entry ({entry.place_of('pages')})"
                    yield citation.place, f"page “{span.written}” is outside the pages of {entry.key}, {pages.replace('--', '–')}: {mend}"


@rule("P204")
def uncited_paragraph(site: Site) -> Iterator[Fault]:
    """A paragraph about a study cites nothing.

    On a study's pages a reader must be able to check every statement. Each paragraph needs a citation; a list, a table or
    a quotation needs one in itself or in the paragraph right above it. Words of the site's own stand in a `/// note`
    block and owe none, nor do headings, figures, code and the pages "references" and "teaching".

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur di kebun bersama.

        Hasilnya dibagi dua [@contoh2020, hlm. 14].

        ## Kerja {#work}

        - Warga menanam.
        - Warga memanen.
    Good (docs/id/studies/contoh/findings.md):
        Hasilnya dibagi dua, dan kerjanya pula [@contoh2020, hlm. 14]:

        - warga menanam;
        - warga memanen.

        /// note | Catatan
        Kata-kata kami sendiri.
        ///
    """
    for page in site.pages:
        if not page.name.startswith("studies/") or page.name.rpartition("/")[2] in FREE_PAGES:
            continue
        for section in page.sections:
            for above, block in pairwise((None, *section.blocks)):
                introduced = above is not None and above.kind == "paragraph" and block.kind != "paragraph" and above.groups
                if block.kind in _OWING and not (block.own_voice or block.groups or introduced):
                    begin = shorten(block.text, 50, placeholder=" …")
                    yield block.place, f"the {_OWING[block.kind]} “{begin}” must cite its source: {_mend(site, page, block)}"


def _mend(site: Site, page: Page, block: Block) -> str:
    study = site.study_of(page)
    label = site.words["locators"]["section"][page.language][0]
    example = f"[@{study.entry if study else 'key'}, {label} …]"
    where = "end it with" if block.kind == "paragraph" else "end the paragraph above it with"
    return f"{where} {example}, or put it into a /// note block if it states nothing about the study"


@rule("P205")
def unknown_section(site: Site) -> Iterator[Fault]:
    """A citation names a section that the source does not have.

    The sections of a study's source are listed in its record, in the source's own words; they are never translated, so
    that a reader finds them there.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, bag. Hasil Panen].
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, bag. Hasil].
    """
    for page in site.pages:
        for citation in page.citations:
            study = site.study_citing(citation.key)
            if study is None or citation.locator is None:
                continue
            for label, value in citation.locator.parts:
                if label == "section" and value not in study.sections:
                    meant = nearest(value, study.sections)
                    mend = f"did you mean “{meant}”?" if meant else f"name one of: {', '.join(study.sections)}"
                    yield citation.place, f"{citation.key} has no section “{value}”: {mend}"


#: Ids that the templates put on pages besides the headings' own: the box is on the overviews of studies.
_TEMPLATE_IDS = frozenset({"main", "references", "cite-page"})
_OVERVIEW_IDS = frozenset({"how-to-cite", "study-record"})
_LINK = re.compile(r"(?<=\]\()(?P<path>[^()#\s:]*\.md)?(?:#(?P<id>[^()\s]+))?(?=[\s)])")


@rule("P206")
def dead_link(site: Site) -> Iterator[Fault]:
    """A link leads to a page or a heading that is not there.

    Links between pages name the Markdown file, relative to their own, and a heading by its id: `method.md#informants`.
    The same holds for `see` in the glossary, which is relative to the folder of each language.

    Bad (docs/id/studies/contoh/findings.md):
        Lihat [panen](#panen) dan [metode](method.md) [@contoh2020, bag. Hasil].

        ## Panen {#harvest}
    Good (docs/id/studies/contoh/findings.md):
        Lihat [panen](#harvest) dan [ikhtisar](index.md#how-to-cite) [@contoh2020, bag. Hasil].

        ## Panen {#harvest}
    """
    for page in site.pages:
        for block in page.blocks:
            for link in _LINK.finditer("" if block.kind in ("code", "html") else mask_code(block.text)):
                path = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), unquote(link["path"]))) if link["path"] else page.path
                yield from _target(site, block.place.after(block.text[: link.start()]), link.group(), path, link["id"])
    for term in site.glossary:
        name, _, identifier = term.see.partition("#")
        faults = (
            fault for language in site.languages if name for fault in _target(site, term.place, term.see, f"docs/{language}/{name}", identifier)
        )
        yield from islice(faults, 1)  # one of the languages is enough to say so


def _target(site: Site, place: Place, link: str, path: str, identifier: str | None) -> Iterator[Fault]:
    """The fault of a link to `path`, and there to `identifier`, when it has one."""
    page = site.page_at.get(path)
    if page is None and path.endswith(".md"):
        yield place, f"the link “{link}” leads to {path}, which is not there: write the page, or mend the link"
    elif page is not None and identifier:
        study = site.study_of(page)
        ids = {section.id for section in page.sections if section.id} | _TEMPLATE_IDS
        ids |= _OVERVIEW_IDS if study and page.name == study.name else set()
        if identifier not in ids and not identifier.startswith(("ref-", "cite-", "entry-", "term-", "type-")):
            meant = nearest(identifier, ids)
            mend = f"did you mean #{meant}?" if meant else "name the id of a heading there"
            yield place, f"the link “{link}” leads to no heading of {path}: {mend}"
