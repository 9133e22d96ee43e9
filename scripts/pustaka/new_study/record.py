"""The record of a study, as text: `bibliography/studies/SLUG.yml`, with comments for whoever goes on with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

#: What YAML takes for text without quotation marks, in a list or a mapping on one line too.
_PLAIN = re.compile(r"[^\W\d_](?:[\w .()/’–-]*[\w.)])?")
_RESERVED = frozenset("y n yes no true false null on off".split())


def scalar(text: str) -> str:
    """Text as a YAML value, in quotation marks where it needs them."""
    is_plain = _PLAIN.fullmatch(text) and text.lower() not in _RESERVED
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def _listed(words: Iterable[str]) -> str:
    return f"[{', '.join(map(scalar, words))}]"


def _by_language(words: Mapping[str, str]) -> str:
    return f"{{{', '.join(f'{scalar(language)}: {scalar(word)}' for language, word in words.items())}}}"


def written(
    *,
    slug: str,
    key: str,
    title: str,
    basis: str,
    language: str,
    licence: str,
    short: Mapping[str, str],
    keywords: Mapping[str, Iterable[str]],
    orcid: Mapping[str, str],
    code: str,
    day: str,
    first_edition: Mapping[str, str],
    pages: Iterable[str],
    sections: Iterable[str],
) -> str:
    """The text of a record; `day` is that of the first edition (ISO 8601), mappings are by language, `orcid` by author."""
    lines = [
        f"# {title}: what a .bib entry cannot say.",
        f"slug: {slug}",
        f"entry: {key}",
        f"basis: {basis:<20} # full-text | abstract: what the pages rest on",
        f"language: {scalar(language):<17} # the language of the source",
        f"licence: {scalar(licence):<18} # SPDX identifier, or none when the source states no licence",
        "short:                      # for menus; the full title is the overview page's",
        *(f"  {scalar(each)}: {scalar(word)}" for each, word in short.items()),
        "keywords:",
        *(f"  {scalar(each)}: {_listed(words)}" for each, words in keywords.items()),
    ]
    if orcid:
        lines += [
            "orcid:                      # by the author's name as in the entry",
            *(f"  {scalar(who)}: {number}" for who, number in orcid.items()),
        ]
    lines += [
        f"code: {scalar(code):<21} # short, and for ever: a finding's address is LANGUAGE/f/{code}-NUMBER/",
        "# Number each finding when it is written, for ever. Take “# ” away from the next two lines, and add a line for each:",
        "# findings:",
        "#   1: findings#id-of-its-heading",
        "editions:                   # of these pages, the newest last; `changes` by page, or for all of them",
        '  - version: "1.0"',
        f"    date: {day}",
        "    changes:",
        f"      all: {_by_language(first_edition)}",
        f"pages: {_listed(pages)}",
        "# The source's own sections, in its order: what a locator may name. Add what the source has.",
        "sections:",
        *(f"  {scalar(section)}: {scalar(section)}" for section in sections),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def with_pages(text: str, pages: Iterable[str]) -> str | None:
    """A record that lists these pages too, at the end of its list; None where the list is not written on one line."""
    found = re.search(r"^pages:[ \t]*\[(?P<listed>[^\[\]\n]*)\]", text, re.MULTILINE)
    if found is None:
        return None
    listed = [page.strip().strip("\"'") for page in found["listed"].split(",") if page.strip()]
    more = [page for page in pages if page not in listed]
    return text if not more else f"{text[: found.start()]}pages: {_listed((*listed, *more))}{text[found.end() :]}"
