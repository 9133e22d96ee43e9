"""L: what a section is made of, beside its words: figures, tables, lists, links, blocks, answers."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import partial
from itertools import zip_longest
from typing import NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt

from pustaka.markdown import named_blocks
from pustaka.model import Block, Fault, Message, Page, Place, Section, Site, say
from pustaka.rules import rule
from pustaka.sections import Stated, compare, section_pairs, where, with_markdown
from pustaka.syntax import mask_code

#: Blocks whose text is no Markdown to be compared.
_NO_TEXT = frozenset({"code", "html", "listing"})

#: A link or a picture with its address; a text may hold a pair of brackets.
_LINK = re.compile(r"(?<!\\)(?P<picture>!)?\[(?:[^\[\]]++|\[[^\[\]]*+\])*\]\(\s*+<?(?P<target>[^()\s<>]++(?:\([^()\s<>]*+\)[^()\s<>]*+)*)")
_BARE = re.compile(r"<(?P<target>(?:https?|mailto|tel):[^<>\s]++)>|(?<![\w(<\"'])https?://[^\s<>()\[\]]++", re.IGNORECASE)


def _targets(block: Block) -> Iterator[tuple[bool, str, Place]]:
    """The addresses in a block: whether of a picture, as written, and where."""
    if block.kind in _NO_TEXT:
        return
    text = mask_code(block.text)
    for link in _LINK.finditer(text):
        yield bool(link["picture"]), link["target"], block.place.after(block.text[: link.start("target")])
    for link in _BARE.finditer(_LINK.sub(lambda match: " " * len(match.group()), text)):
        yield False, link["target"] or link.group().rstrip(".,;:!?"), block.place.after(block.text[: link.start()])


@rule("L406")
def different_figures(site: Site) -> Iterator[Fault]:
    """A section does not show the same figures in all languages.

    A drawing (`figure:name`) has its words in every language, so it can stand in each; a picture's file may be another in each
    language, below `docs/LANGUAGE/`, as long as it has the same name. Compared section by section; the order is free.

    Bad (docs/id/studies/contoh/findings.md):
        ![Foto kebun](kebun.png)
        Kebun bersama [@contoh2020, hlm. 12].
    Bad (docs/en/studies/contoh/findings.md):
        The shared garden [@contoh2020, p. 12].
    Good (docs/id/studies/contoh/findings.md):
        ![Foto kebun](kebun.png)
        Kebun bersama [@contoh2020, hlm. 12].
    Good (docs/en/studies/contoh/findings.md):
        ![A photograph of the garden](kebun.png)
        The shared garden [@contoh2020, p. 12].
    """
    yield from compare(site, partial(_figures, site), say("show the same figure there, or take it out in both"))


def _figures(site: Site, section: Section, page: Page) -> Iterator[Stated]:
    for block in section.blocks:
        for is_picture, target, place in _targets(block):
            if is_picture:
                yield Stated(_meant(site, target, page), target, place)


@rule("L407")
def different_tables(site: Site) -> Iterator[Fault]:
    """A table does not have the same rows and columns in all languages.

    The tables of a section are compared one after another: what stands in a row in one language stands in that row in the other.

    Bad (docs/id/studies/contoh/findings.md):
        Hasilnya [@contoh2020, hlm. 12]:

        | Bulan | Sayur |
        |---|---|
        | Mei | bayam |
        | Juni | terung |
    Bad (docs/en/studies/contoh/findings.md):
        The results [@contoh2020, p. 12]:

        | Month | Vegetable |
        |---|---|
        | May | spinach |
    Good (docs/id/studies/contoh/findings.md):
        Hasilnya [@contoh2020, hlm. 12]:

        | Bulan | Sayur |
        |---|---|
        | Mei | bayam |
    Good (docs/en/studies/contoh/findings.md):
        The results [@contoh2020, p. 12]:

        | Month | Vegetable |
        |---|---|
        | May | spinach |
    """
    for one, page, other, other_page in section_pairs(site):
        ones, others = ([block for block in section.blocks if block.kind == "table"] for section in (one, other))
        for here, there in zip_longest(ones, others):
            if here is None or there is None:
                extra, beside = (here, where(other, other_page)) if here else (there, where(one, page))
                yield extra.place, say("the table has no counterpart {where}: write it there too, or take it out in both", where=beside)
            elif (size := _size(here)) != (due := _size(there)):
                message = say(
                    "the table has {rows} × {columns} cells, and its counterpart ({place}) {other_rows} × {other_columns}: give both the same",
                    rows=size[0],
                    columns=size[1],
                    place=there.place,
                    other_rows=due[0],
                    other_columns=due[1],
                )
                yield here.place, message


def _size(table: Block) -> tuple[int, int]:
    """Rows, without the line below the heads, and columns (GitHub Flavored Markdown Spec, "Tables")."""
    lines = mask_code(table.text).split("\n")
    cells = re.split(r"(?<!\\)\|", lines[0].strip().removeprefix("|").removesuffix("|"))
    return len(lines) - 1, len(cells)


@rule("L408")
def different_lists(site: Site) -> Iterator[Fault]:
    """A list does not have the same items in all languages.

    The lists of a section are compared one after another, by the number of their items, those of lists within them too. What is
    a list in one language is a list in the other.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam [@contoh2020, hlm. 12]:

        - bayam;
        - terung.
    Bad (docs/en/studies/contoh/findings.md):
        The residents grow [@contoh2020, p. 12]:

        - spinach.
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam [@contoh2020, hlm. 12]:

        - bayam;
        - terung.
    Good (docs/en/studies/contoh/findings.md):
        The residents grow [@contoh2020, p. 12]:

        - spinach;
        - aubergines.
    """
    for one, page, other, other_page in section_pairs(site):
        for here, there in zip_longest(*(list(_lists(section)) for section in (one, other))):
            if here is None or there is None:
                extra, beside = (here, where(other, other_page)) if here else (there, where(one, page))
                yield extra.place, say("the list has no counterpart {where}: write it there too, or take it out in both", where=beside)
            elif len(here.items) != len(there.items):
                message = say(
                    "the list has {count} items, and its counterpart ({place}) {other}: give both the same",
                    count=len(here.items),
                    place=there.place,
                    other=len(there.items),
                )
                yield here.place, message


class _List(NamedTuple):
    """A list: where it stands, and of each item its line (counted from 0) and its text's beginning."""

    place: Place
    items: tuple[tuple[int, str], ...]


_MARKDOWN = MarkdownIt("commonmark").disable("inline")


def _lists(section: Section) -> Iterator[_List]:
    for block in section.blocks:
        if block.kind == "list":
            lines = block.text.split("\n")
            items = (token.map[0] for token in _MARKDOWN.parse(block.text) if token.type == "list_item_open")
            yield _List(block.place, tuple((line, lines[line]) for line in items))


@rule("L409")
def different_links(site: Site) -> Iterator[Fault]:
    """A section does not lead to the same places in all languages.

    A link to a page leads to the page of the same name, and to the same heading; a link elsewhere to the same address, where the
    language may differ (`deed.id`, `deed.en`, `?lang=id`). Compared section by section; the order is free.

    Bad (docs/id/studies/contoh/findings.md):
        Lihat [cara mengutip](index.md#how-to-cite) [@contoh2020, hlm. 12].
    Bad (docs/en/studies/contoh/findings.md):
        See [the overview](index.md) [@contoh2020, p. 12].
    Good (docs/id/studies/contoh/findings.md):
        Lihat [cara mengutip](index.md#how-to-cite) [@contoh2020, hlm. 12].
    Good (docs/en/studies/contoh/findings.md):
        See [how to cite](index.md#how-to-cite) [@contoh2020, p. 12].
    """
    yield from compare(site, partial(_links, site), say("lead to the same place there, or take the link out in both"))


def _links(site: Site, section: Section, page: Page) -> Iterator[Stated]:
    for block in section.blocks:
        for is_picture, target, place in _targets(block):
            if not is_picture:
                yield Stated(_meant(site, target, page), target, place)


def _meant(site: Site, target: str, page: Page) -> str:
    """Where an address leads, in any language: below the folder of a language, or elsewhere with the language taken out."""
    if re.match(r"[A-Za-z][\w+.-]*:", target):
        licence = next((name for name, words in site.words["licences"].items() if target in words.values()), "")
        tags = "|".join(map(re.escape, site.languages))
        return licence or re.sub(rf"(?<=[/.=-])(?:{tags})(?=[/.&#?-]|$)|(?<=://)(?:{tags})(?=\.)", "*", target.rstrip("/"))
    path, _, identifier = target.partition("#")
    whole = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), unquote(path))) if path else page.path
    folder, language, name = (*whole.split("/", 2), "", "")[:3]
    if folder != "docs" or language not in site.languages:
        return target
    return f"{name}#{identifier}" if language == page.language else f"*/{name}#{identifier}"


@rule("L410")
def different_blocks(site: Site) -> Iterator[Fault]:
    """A section does not have the same blocks in all languages.

    A note of the site's own, the gist of a finding, a question, the notes of a slide: what is set apart by `/// name` in one
    language is set apart in the other. Compared section by section.

    Bad (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].

        /// note | Catatan
        Luas kebun tidak disebut.
        ///
    Bad (docs/en/studies/contoh/findings.md):
        The residents grow vegetables [@contoh2020, p. 12].
    Good (docs/id/studies/contoh/findings.md):
        Warga menanam sayur [@contoh2020, hlm. 12].

        /// note | Catatan
        Luas kebun tidak disebut.
        ///
    Good (docs/en/studies/contoh/findings.md):
        The residents grow vegetables [@contoh2020, p. 12].

        /// note | A note
        The size of the garden is not stated.
        ///
    """
    blocks = {page.path: dict(_named(page)) for page in site.pages if page.language and page.source}
    read = lambda section, page: iter(blocks[page.path][section.place])  # noqa: E731  a name for what `compare` asks
    yield from compare(site, read, say("write the same block there, or take it out in both"))


def _named(page: Page) -> Iterator[tuple[Place, list[Stated]]]:
    """The blocks that open in each section, by the place of the section."""
    for section, text in with_markdown(page):
        yield section.place, [Stated(name, f"/// {name}", Place(page.path, section.place.line + line)) for line, name in named_blocks(text)]


_BOX = re.compile(r"[-*+]\s+\[(?P<mark>[ xX])\](?=\s)")


@rule("L411")
def different_answers(site: Site) -> Iterator[Fault]:
    """A question does not have the same right answer in all languages.

    Options are `- [ ] text`, the right ones `- [x] text`: the same options, in the same order, in all languages.

    Bad (docs/id/studies/contoh/findings.md):
        Apa yang ditanam [@contoh2020, hlm. 12]?

        - [x] sayur
        - [ ] padi
    Bad (docs/en/studies/contoh/findings.md):
        What is grown [@contoh2020, p. 12]?

        - [ ] vegetables
        - [x] rice
    Good (docs/id/studies/contoh/findings.md):
        Apa yang ditanam [@contoh2020, hlm. 12]?

        - [x] sayur
        - [ ] padi
    Good (docs/en/studies/contoh/findings.md):
        What is grown [@contoh2020, p. 12]?

        - [x] vegetables
        - [ ] rice
    """
    for one, _, other, _ in section_pairs(site):
        for here, there in zip(_lists(one), _lists(other), strict=False):  # of a list more or less L408 speaks
            for (line, text), (other_line, other_text) in zip(here.items, there.items, strict=False):
                mine, theirs = _answer(text), _answer(other_text)
                if mine != theirs:
                    places = (Place(listed.place.path, listed.place.line + at) for listed, at in ((here, line), (there, other_line)))
                    yield from _unlike(*zip(places, (mine, theirs), strict=True))


def _answer(item: str) -> str:
    """ "right", "wrong", or "" of an item that is no option."""
    box = _BOX.search(item)
    return "" if box is None else "wrong" if box["mark"] == " " else "right"


_SAID = {"right": say("right"), "wrong": say("wrong"), "": say("no option of a question")}


def _unlike(one: tuple[Place, str], other: tuple[Place, str]) -> Iterator[tuple[Place, Message]]:
    yield (
        one[0],
        say(
            "this option is {mine}, and its counterpart ({place}) is {theirs}: mark the same option “[x]” in both",
            mine=_SAID[one[1]],
            place=other[0],
            theirs=_SAID[other[1]],
        ),
    )
