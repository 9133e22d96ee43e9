"""P: the citations on the pages."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice, pairwise
from textwrap import shorten
from urllib.parse import unquote

from pustaka import markup
from pustaka.model import Block, Citation, CitationGroup, Fault, Fix, Message, Page, Place, Site, Source, join, say
from pustaka.nearest import Keys, first_family, nearest
from pustaka.pagination import Span, spans
from pustaka.prompts import prompts
from pustaka.rules import rule
from pustaka.syntax import LISTINGS, mask_code

#: Pages of a study that owe no citation: one lists the works, the other asks questions of its own.
FREE_PAGES = frozenset({"references", "teaching"})

_OWING = {"paragraph": say("the paragraph"), "list": say("the list"), "table": say("the table"), "quote": say("the quotation")}


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
    meant_by = cache(Keys(site.entries).nearest)
    for page in site.pages:
        for citation in page.citations:
            key = citation.key
            if key in site.entry or key in site.declared or (not site.languages and _is_cross_reference(key, page)):
                continue
            meant = meant_by(key)
            mend = say("did you mean “@{meant}”?", meant=meant) if meant else say("add the work to the bibliography")
            yield Fault(citation.place, say("“@{key}” is not in the bibliography: {mend}", key=key, mend=mend), key, meant or "")


#: Kinds of things that a paper refers to as `@sec:method` (pandoc-crossref) or `@fig-map` (Quarto), by the end of its file's name
#: where fewer programs number them. `@*` means all works (Pandoc User's Guide, "nocite").
_CROSS_REFERENCE = re.compile(r"(?:fig|tbl|tab|eq|sec|lst)[-:].|\*$", re.IGNORECASE)
_QUARTO_REFERENCE = re.compile(r"(?:thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|tip|nte|wrn|imp|cau|dia|vid|suppfig|supptbl|apx)-.", re.IGNORECASE)


def _is_cross_reference(key: str, page: Page) -> bool:
    return bool(_CROSS_REFERENCE.match(key) or (page.path.lower().endswith((".qmd", ".rmd")) and _QUARTO_REFERENCE.match(key)))


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
                message = say("“{raw}” cannot be read as a citation: {fault}", raw=_short(group.raw), fault=group.fault)
                # pandoc prints it as words with a name in them: in a paper that may be meant
                yield Fault(group.place, message, certain=bool(site.languages) or not group.raw.endswith("]"))


@rule("P203")
def impossible_page(site: Site) -> Iterator[Fault]:
    """A citation points at a page that the work does not have.

    A page locator must lie within the `pages` of the entry, and not end before it begins. Plain and roman numbers are told
    apart; where the two cannot be compared, nothing is said.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12; @contoh2020, hlm. 120].
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12; @contoh2020, hlm. 14–20].
    """
    for page in site.pages:
        for citation in page.citations:
            for span in _backward(citation):
                message = say("the pages “{pages}” of “@{key}” end before they begin: swap the two", pages=span.written, key=citation.key)
                yield Fault(citation.place, message, citation.key)
            entry = site.entry.get(citation.key)
            if entry is None or citation.locator is None or "pages" not in entry.fields:
                continue
            pages = entry.text("pages")
            whole = _spans(pages)
            if any(span is None or span.is_reversed for span in whole):
                continue
            for span in (span for label, value in citation.locator.parts if label == "page" for span in _spans(value)):
                comparable = span is not None and any(span.series == part.series for part in whole)
                if comparable and not any(span in part for part in whole):
                    message = say(
                        "page “{page}” is outside the pages of {key}, {pages}: look it up in the work, or correct the entry ({place})",
                        page=span.written,
                        key=entry.key,
                        pages=pages.replace("--", "–"),
                        place=entry.place_of("pages"),
                    )
                    yield Fault(citation.place, message, entry.key)


def _backward(citation: Citation) -> Iterator[Span]:
    """The spans of pages that go backwards; of a last page that is cut short (131–9) nothing is known."""
    for label, value in citation.locator.parts if citation.locator else ():
        for span in _spans(value) if label == "page" else ():
            if span and span.is_reversed and len(str(span.first)) == len(str(span.last)):
                yield span


@lru_cache
def _spans(pages: str) -> tuple[Span | None, ...]:
    return tuple(spans(pages))


@rule("P204", site_only=True)
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
                    message = say(
                        "{kind} “{begin}” must cite its source: {mend}", kind=_OWING[block.kind], begin=begin, mend=_mend(site, page, block)
                    )
                    yield block.place, message


def _mend(site: Site, page: Page, block: Block) -> Message:
    study = site.study_of(page)
    label = site.words["locators"]["section"][page.language][0]
    example = f"[@{study.entry if study else 'key'}, {label} …]"
    if block.kind == "paragraph":
        return say("end it with {example}, or put it into a /// note block if it states nothing about the study", example=example)
    return say("end the paragraph above it with {example}, or put it into a /// note block if it states nothing about the study", example=example)


@rule("P205", site_only=True)
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
                    mend = say("did you mean “{meant}”?", meant=meant) if meant else say("name one of: {known}", known=join(study.sections))
                    message = say("{key} has no section “{section}”: {mend}", key=citation.key, section=value, mend=mend)
                    yield Fault(citation.place, message, citation.key, meant or "")


#: Ids that the templates put on pages besides the headings' own: the box is on the overviews of studies, the files of a list below it.
_TEMPLATE_IDS = frozenset({"main", "references", "cite-page"})
_OVERVIEW_IDS = frozenset({"how-to-cite", "study-record"})
_LIST_IDS = frozenset({"download-list"})
_LINK = re.compile(r"(?<=\]\()(?P<path>[^()#\s:]*\.md)?(?:#(?P<id>[^()\s]+))?(?=[\s)])")
#: An address on the site itself, which holds only as long as the page is served from the same place.
_ADDRESS = re.compile(r"(?<=\]\()(?!#)(?P<path>/?(?:[\w.-]+/)*)(?P<last>[\w-]*)(?P<id>#[^()\s]*)?(?=[\s)])")


@rule("P206", site_only=True)
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
            for link in _ADDRESS.finditer("" if block.kind in ("code", "html") else mask_code(block.text)):
                if link["path"] or link["last"]:
                    due = f"{(link['path'] + link['last']).strip('/') or 'index'}.md{link['id'] or ''}"
                    message = say(
                        "the link “{link}” must name a Markdown file, relative to this one: “{due}” or the like", link=link.group(), due=due
                    )
                    yield block.place.after(block.text[: link.start()]), message
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
        yield place, say("the link “{link}” leads to {path}, which is not there: write the page, or mend the link", link=link, path=path)
    elif page is not None and identifier:
        study = site.study_of(page)
        ids = {section.id for section in page.sections if section.id} | {question.id for question in page.questions} | _TEMPLATE_IDS
        ids |= _OVERVIEW_IDS if study and page.name == study.name else set()
        ids |= _LIST_IDS if page.name == "bibliography" or (study and page.name == study.page_name("references")) else set()
        if identifier not in ids and not identifier.startswith(("ref-", "cite-", "entry-", "term-", "type-")):
            meant = nearest(identifier, ids)
            mend = say("did you mean #{meant}?", meant=meant) if meant else say("name the id of a heading there")
            yield place, say("the link “{link}” leads to no heading of {path}: {mend}", link=link, path=path, mend=mend)


@rule("P207")
def glued_citation(site: Site) -> Iterator[Fault]:
    """A citation is glued to the word before it.

    It is printed with no space before its bracket: “berdaya(Suharto, 2005)”. A citation stands before the closing mark
    of its sentence (APA 7, 8.11), one space after the word.

    Bad (docs/id/studies/contoh/findings.md):
        Warga berdaya[@suharto2005]. Mereka menanam sayur.[@contoh2020, hlm. 12]
    Good (docs/id/studies/contoh/findings.md):
        Warga berdaya [@suharto2005]. Mereka menanam sayur [@contoh2020, hlm. 12].
    """
    for page in site.pages:
        for group, before, _ in _groups(page):
            if group.raw.startswith("[") and group.citations and re.search(r"[\w.,;:!?)”’]$", before):
                word = before.split()[-1]
                word = word if len(word) < _CONTEXT else f"…{word[-20:]}"
                message = say(
                    "the citation in “{word}{raw}” is glued to the word before it: put a space before the bracket", word=word, raw=_short(group.raw)
                )
                yield Fault(
                    group.place, message, group.citations[0].key, f"{word} {group.raw}", Fix(group.place, "[", " [") if word[-1].isalnum() else None
                )


def _groups(page: Page) -> Iterator[tuple[CitationGroup, str, str]]:
    """Each citation group with what stands before it and behind it in its line, up to `_CONTEXT` characters."""
    for block in page.blocks:
        lines = block.text.split("\n") if block.groups else []
        for group in block.groups:
            line, start = lines[group.place.line - block.place.line], group.place.column - 1
            if group.place.line == block.place.line:
                start -= block.place.column - 1
            end = start + len(group.raw)
            yield group, line[max(0, start - _CONTEXT) : start], line[end : end + _CONTEXT]


#: As far as a rule looks from a citation: a longer line costs no more.
_CONTEXT = 80


def _short(text: str) -> str:
    return shorten(text[:_CONTEXT], 60, placeholder=" …")


@rule("P208")
def duplicate_citation(site: Site) -> Iterator[Fault]:
    """A group cites the same place of the same work twice.

    One of the two was probably meant for another work, or another page; several pages of one work stand in one locator.

    Bad (docs/id/studies/contoh/findings.md):
        Warga berdaya [@suharto2005; @contoh2020, hlm. 12; @suharto2005].
    Good (docs/id/studies/contoh/findings.md):
        Warga berdaya [@contoh2020, hlm. 12, 14; @suharto2005].
    """
    for page in site.pages:
        for group in page.groups:
            seen = set()
            for citation in group.citations:
                place = (citation.key, citation.locator, citation.suffix)
                if place in seen:
                    message = say("“{raw}” cites “@{key}” twice: take one out, or name another place", raw=_short(group.raw), key=citation.key)
                    yield Fault(citation.place, message, citation.key)
                seen.add(place)


@rule("P209")
def label_of_another_language(site: Site) -> Iterator[Fault]:
    """A locator carries a label of another language than the page.

    Indonesian pages say hlm. and bag., English ones p. and sec.; `locators` in terms.yml has them all. A paper's language
    is `lang` in its front matter; of a paper that does not say it, nothing is said.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, p. 12].
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].
    """
    for page in site.pages:
        for citation in page.citations:
            for (label, _), written in zip(citation.locator.parts, citation.locator.labels, strict=False) if citation.locator else ():
                forms = site.words["locators"][label]
                here = forms.get(page.language, ())
                if written and here and written.lower() not in here and any(written.lower() in words for words in forms.values()):
                    message = say("“{label}” is no label of this page's language: write “{due}”", label=written, due=here[0])
                    yield Fault(citation.place, message, citation.key, here[0])


@rule("P210")
def doubled_label(site: Site) -> Iterator[Fault]:
    """A locator carries its label twice.

    “hlm. Hal : 56” comes from a reference manager that adds a label to a field that has one. One label is enough.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. Hal : 12].
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].
    """
    labels = {word for forms in site.words["locators"].values() for words in forms.values() for word in words} | {"hal"}
    for page in site.pages:
        for citation in page.citations:
            for (label, value), written in zip(citation.locator.parts, citation.locator.labels, strict=False) if citation.locator else ():
                second = re.match(r"([^\W\d_]+\.?)\s*[:.]?\s*(?=\d)", value)
                if written and label != "section" and second and second[1].lower() in labels:  # a section may be called “Tabel 1”
                    due = f"{written} {value[second.end() :]}"
                    message = say("“{label} {value}” carries two labels: write “{due}”", label=written, value=value, due=due)
                    yield Fault(citation.place, message, citation.key, due)


@rule("P211", site_only=True)
def unknown_listing(site: Site) -> Iterator[Fault]:
    """A page asks for a listing or a figure that there is not.

    `{{ name }}` alone on a line is a listing, `![alternative](figure:name)` a figure of figures.yml; an image's file
    stands in docs/. With a name that is not known nothing could be printed.

    Bad (docs/id/studies/contoh/findings.md):
        {{ glosary }}
    Good (docs/id/studies/contoh/findings.md):
        {{ glossary }}
    """
    for page in site.pages:
        for block in page.blocks:
            if (listing := _LISTING.fullmatch(block.text.strip())) and block.kind in ("listing", "paragraph"):
                name = " ".join(listing["name"].split())
                if not listing["braces"] or name not in LISTINGS:
                    meant = nearest(name, LISTINGS)
                    known = join(f"{{{{ {name} }}}}" for name in sorted(LISTINGS))
                    mend = say("did you mean “{meant}”?", meant=f"{{{{ {meant} }}}}") if meant else say("there are: {known}", known=known)
                    yield Fault(block.place, say("“{text}” names no listing: {mend}", text=block.text.strip(), mend=mend), suggestion=meant or "")
                elif name.endswith(" study") and site.study_of(page) is None:
                    message = say("“{text}” stands on a page of no study: move it to one, below docs/LANGUAGE/studies/SLUG/", text=block.text.strip())
                    yield block.place, message
            for image in _FIGURE.finditer(mask_code(block.text)) if block.kind not in ("code", "html") else ():
                if image["name"] not in site.figures:
                    meant = nearest(image["name"], site.figures)
                    mend = say("did you mean “{meant}”?", meant=f"figure:{meant}") if meant else say("draw it in figures.yml and overrides/figures/")
                    message = say("there is no figure “{name}”: {mend}", name=image["name"], mend=mend)
                    yield Fault(block.place.after(block.text[: image.start()]), message, suggestion=f"figure:{meant}" if meant else "")


_LISTING = re.compile(r"\{(?P<braces>\{)?\s*(?P<name>[^{}]+?)\s*\}\}?")
_FIGURE = re.compile(r"(?<=\]\()figure:(?P<name>[\w-]+)")


@rule("P212")
def forgotten_mark(site: Site) -> Iterator[Fault]:
    """A citation lacks its at sign or its opening bracket, or stands in round brackets.

    `[suharto2005, hlm. 5]` and `@suharto2005, hlm. 5]` are words for the reader: the first cites nothing, the second prints
    a bracket that nothing opened. `(@suharto2005)` prints brackets within brackets. Only keys that the bibliography has are
    looked for in the first.

    Bad (docs/id/studies/contoh/findings.md):
        Warga berdaya [suharto2005, hlm. 5]. Mereka menanam sayur @contoh2020, hlm. 12].
    Good (docs/id/studies/contoh/findings.md):
        Warga berdaya [@suharto2005, hlm. 5]. Mereka menanam sayur [@contoh2020, hlm. 12].
    """
    for page in site.pages:
        for block in page.blocks:
            if block.kind in ("code", "html") or "]" not in block.text:
                continue
            text = mask_code(block.text)
            for match in _WITHOUT_AT.finditer(text):
                if match["key"] in site.entry and not match["key"].isalpha():
                    due = f"[@{match.group()[1:]}"
                    message = say("“{raw}” cites nothing: put an at sign before the key, “{due}”", raw=_short(match.group()), due=_short(due))
                    place = block.place.after(block.text[: match.start()])
                    yield Fault(place, message, match["key"], due, Fix(place, f"[{match['key']}", f"[@{match['key']}"))
        opened = _opened(page)
        for group, before, after in _groups(page):
            if not group.narrative or group.raw.endswith("]"):
                continue
            if (end := _WITHOUT_BRACKET.match(after)) and group.place not in opened:
                message = say("“{raw}” has no opening bracket: write “[{raw}”", raw=_short(group.raw + end.group()))
                yield Fault(group.place, message, group.citations[0].key, f"[{group.raw}{end.group()}", Fix(group.place, "@", "[@"))
            elif (end := _ROUND_END.match(after)) and before.endswith("(") and (end["locator"] or site.languages):
                due = f"[{group.raw}{end['locator']}]"
                raw = _short(f"({group.raw}{end.group()}")
                message = say("“{raw}” stands in round brackets, which are printed besides: write “{due}”", raw=raw, due=_short(due))
                yield Fault(group.place, message, group.citations[0].key, due, certain=bool(site.languages))


def _opened(page: Page) -> set[Place]:
    """The places of the citations that stand behind a bracket which is still open."""
    opened = set()
    for block in page.blocks:
        depth, position = 0, 0
        lines = [0, *(line.end() for line in re.finditer("\n", block.text))] if block.groups else []
        for group in block.groups:
            line = group.place.line - block.place.line
            offset = lines[line] + group.place.column - (1 if line else block.place.column)
            part = block.text[position:offset]
            depth, position = max(0, depth + part.count("[") - part.count("]")), offset
            if depth:
                opened.add(group.place)
    return opened


_WITHOUT_AT = re.compile(r"\[(?P<key>[^\W_][\w:.+/-]*)(?:,[^\[\]@]*)?\](?![(\[:{])")
_WITHOUT_BRACKET = re.compile(r"(?:,[^\[\]@\n]{1,60})?\](?![(\[:{])")
_ROUND_END = re.compile(r"(?P<locator>(?:,[^()\[\]@\n]{1,60})?)\)")


@rule("P213")
def empty_locator(site: Site) -> Iterator[Fault]:
    """A locator is a label with nothing behind it.

    The page was to be looked up and was forgotten.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm.].
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].
    """
    labels = {word for forms in site.words["locators"].values() for words in forms.values() for word in words}
    for page in site.pages:
        for citation in page.citations:
            if citation.suffix.lower().rstrip(" …?") in labels:
                message = say("“{label}” of “@{key}” names no place: look it up, or take the label out", label=citation.suffix, key=citation.key)
                yield Fault(citation.place, message, citation.key)


@rule("P214", severity="warning")
def author_twice(site: Site) -> Iterator[Fault]:
    """The author's name stands right before a citation that prints it again.

    “Menurut Suharto (Suharto, 2005)”: in a sentence that names the author, `@suharto2005` prints “Suharto (2005)”, and
    `[-@suharto2005]` the year alone (APA 7, 8.11, narrative citations).

    Bad (docs/id/studies/contoh/findings.md):
        Menurut Suharto [@suharto2005, hlm. 5], warga berdaya.
    Good (docs/id/studies/contoh/findings.md):
        Menurut @suharto2005 [hlm. 5], warga berdaya.
    """
    for page in site.pages:
        for group, before, _ in _groups(page):
            if not (group.raw.startswith("[") and len(group.citations) == 1 and group.citations[0].author and not group.citations[0].prefix):
                continue
            entry = site.entry.get(group.citations[0].key)
            named = re.search(r"([^\W\d_][\w'’-]*) ?$", before)
            if entry and named and named[1][0].isupper() and named[1].lower() == first_family(entry):
                inside = group.raw[1:-1].removeprefix(f"@{entry.key}").lstrip(", ")
                due = f"@{entry.key} [{inside}]" if inside else f"@{entry.key}"
                message = say("“{name} {raw}” prints the name twice: write “{due}”", name=named[1], raw=_short(group.raw), due=due)
                yield Fault(group.place, message, entry.key, due)


@rule("P215", site_only=True)
def unsafe_markup(site: Site) -> Iterator[Fault]:
    """A page holds HTML or an address that could run a script or fetch from elsewhere.

    Elements such as `script`, `style`, `iframe`, `form` and `svg`, attributes such as `onclick` and `style`, and addresses of other
    schemes than https, http, mailto and tel are left out when the page is printed, and the strict build fails, whether this finding
    is suppressed or not. Pictures are files of the site's own. Which elements and attributes may stand on a page is
    listed in scripts/pustaka/markup.py.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam <b onclick="panen()">sayur</b> [lihat](javascript:panen()) *bersama*{style="color: red"} [@suharto2005].

        <script>panen()</script>
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam <b>sayur</b> [lihat](https://contoh.example/) *bersama*{lang=id} [@suharto2005].
    """
    for page in site.pages:
        for piece in _pieces(page):
            for start, written, mend in _unsafe(mask_code(piece.text)):
                yield piece.place(start), say("“{markup}” may not stand on a page: {mend}", markup=_short(written), mend=mend)


def _pieces(page: Page) -> Iterator[Source]:
    """What a page says, less its code: the blocks, and each line outside of them (headings, titles of blocks, addresses set apart)."""
    inside: set[int] = set()
    for block in page.blocks:
        inside.update(range(block.place.line, block.place.line + block.text.count("\n") + 1))
        if block.kind != "code":
            yield Source(page.path, block.text, block.place.line - 1)
    first = page.sections[0].place.line if page.sections else 1
    for number, line in enumerate(page.source.text.split("\n")[first - 1 :], first) if page.source else ():
        if line.strip() and number not in inside:
            yield Source(page.path, line, number - 1)


_TAG = re.compile(r"""(?<!\\)(?<!\]\()<(?P<name>[A-Za-z][\w-]*)(?=[\s/>])(?P<attributes>(?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
_ATTRIBUTE = re.compile(r"""(?P<name>[^\s"'<>/=]+)(?:\s*=\s*(?P<value>"[^"]*"|'[^']*'|[^\s"'<>]+))?""")
#: An attribute list; that of a block (`attrs: {…}`) is written in YAML.
_ATTRIBUTE_LIST = re.compile(r"(?P<of_block>^[ ]+attrs:[ ]*)?(?<![{\\])\{:?(?P<attributes>[^{}\n]+)\}(?!\})")
_LISTED = re.compile(r"""(?<![^\s,{])(?P<name>[A-Za-z_][\w:-]*)(?P<mark>=|:\s)\s*(?P<value>"[^"]*"|'[^']*'|[^\s,}]+)""")
#: Where an address stands in Markdown: behind a link's or a picture's text, where it is set apart, between angle brackets.
_LINKED = re.compile(
    r"(?:(?P<picture>!\[[^\[\]]*\]\()|\]\(|^ {0,3}\[[^\[\]]+\]:)\s*+(?:<[ \t]*(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()<>]+))"
    r"|(?<!\\)<(?P<auto>[A-Za-z][\w+.-]*:[^<>\s]*)>",
    re.MULTILINE,
)


def _unsafe(text: str) -> Iterator[tuple[int, str, Message]]:
    """What may not stand on a page: where it begins in the text, how it is written, and how to mend it."""
    for tag in _TAG.finditer(text):
        element = tag["name"].lower()
        if not markup.is_allowed(element):
            yield tag.start(), tag.group(), say("write it in Markdown, or take it out")
            continue
        for attribute in _ATTRIBUTE.finditer(text, *tag.span("attributes")):
            name, value = attribute["name"].lower(), markup.decoded((attribute["value"] or "").strip("\"'"))
            if not markup.is_allowed(element, name, value):
                yield attribute.start(), attribute.group(), _without(name)
    for some in _ATTRIBUTE_LIST.finditer(text):
        for attribute in _LISTED.finditer(text, *some.span("attributes")):
            name, value = attribute["name"].lower(), markup.decoded(attribute["value"].strip("\"'"))
            if attribute["mark"] != "=" and not some["of_block"]:
                continue
            if not any(markup.is_allowed(element, name, value) for element in ("p", *markup.ATTRIBUTES) if element != "*"):
                yield attribute.start(), attribute.group(), _without(name)
    for link in _LINKED.finditer(text):
        kind = next(kind for kind in ("angled", "bare", "auto") if link[kind] is not None)
        is_figure = link["picture"] and link[kind].startswith("figure:")
        if not is_figure and not markup.is_allowed_address(markup.decoded(link[kind]), fetched=bool(link["picture"])):
            yield link.start(kind), link[kind], _without("src" if link["picture"] else "href")


def _without(attribute: str) -> Message:
    """How to mend what an attribute says."""
    if attribute in markup.FETCHED:
        return say("a picture is a file in docs/, named relative to the page")
    if attribute in markup.ADDRESSES:
        return say("an address is relative, or begins with https://, http://, mailto: or tel:")
    return say("take “{name}” out", name=attribute)


@rule("P216", site_only=True)
def left_to_write(site: Site) -> Iterator[Fault]:
    """A page holds a prompt: something is still to be written there.

    `scripts/new_study.py` begins the pages of a study with prompts, comments that say what belongs where they stand. No reader ever sees
    one, and no page is published while one is left: write what it asks for, then delete it. What is to be left out is deleted with its
    heading, in all languages.

    Bad (docs/id/studies/contoh/findings.md):
        ## Hasil panen {#harvest}

        <!-- pustaka: write what was harvested, in your own words -->
    Good (docs/id/studies/contoh/findings.md):
        ## Hasil panen {#harvest}

        Hasilnya dibagi menurut kerja [@contoh2020, bag. Hasil].
    """
    for page in site.pages:
        for prompt in prompts(page):
            if prompt.section is None:
                message = say("to write, in the lines between “---”: {what}. Then delete this prompt", what=prompt.what.rstrip("."))
            elif not prompt.section.level:
                message = say("to write, above the first heading: {what}. Then delete this prompt", what=prompt.what.rstrip("."))
            elif prompt.begun:
                message = say("under “{title}” a prompt is left: {what}. Then delete it", title=prompt.section.title, what=prompt.what.rstrip("."))
            else:
                message = say(
                    "under “{title}” nothing is written yet: {what}. Then delete this prompt",
                    title=prompt.section.title,
                    what=prompt.what.rstrip("."),
                )
            yield Fault(prompt.place, message)
