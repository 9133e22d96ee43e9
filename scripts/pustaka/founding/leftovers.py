"""Whether files still speak of studies that are no longer theirs. What to look for is taken from the record of those studies."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from pustaka.founding import pages
from pustaka.model import Site

#: Files that must go on naming somebody: the MIT licence asks for its notice in all copies.
NOTICES = frozenset({"LICENSE"})
_WORD = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{3,}(?:-[A-Z][a-z]+)?\b")
_BINARY = b"\0"


class Leftover(NamedTuple):
    """A name that still stands in a file: the file's path, the line counted from 1, and the name."""

    path: str
    line: int
    name: str


def names(site: Site) -> frozenset[str]:
    """What tells of a site's studies, and of whose site it is: names, keys, titles, places and persons."""
    found: set[str] = set()
    for study in site.studies:
        entry = site.entry[study.entry]
        found |= {
            study.slug,
            entry.text("title"),
            entry.text("doi"),
            *study.short.values(),
            *(f"{study.code}-{each.number}" for each in study.findings),
        }
        found |= {word for word in _name_parts(study.slug.replace("-", " ").title())}
    for entry in site.entries:
        found |= {entry.key, *(_family(name) for name in entry.authors)}
    if site.settings:
        found |= {site.settings.publisher, site.settings.name, *_host(site.settings.address)}
    return frozenset(name for name in found if len(name) > 2) | proper_names(site)


def _name_parts(name: str) -> Iterator[str]:
    return (word for word in name.split() if len(word) > 4 and word.casefold() not in _GENERAL)


#: Words in the names of studies that say what kind of thing it is.
_GENERAL = frozenset({"kecamatan", "community", "kabupaten"})


def _family(name: str) -> str:
    return name.partition(",")[0]


def _host(address: str) -> Iterator[str]:
    if found := re.match(r"https?://([^/:]+)", address):
        yield found[1]


def proper_names(site: Site) -> frozenset[str]:
    """Words that pages of studies write with a capital in the middle of a sentence, in every language alike, and that no other page has."""
    gone = pages.names_of_studies(site)
    by_language: dict[str, str] = {}
    for page in site.pages:
        if page.language and page.name in gone and page.source:
            by_language[page.language] = by_language.get(page.language, "") + page.source.text
    if not by_language:
        return frozenset()
    written = [set(_WORD.findall(text)) for text in by_language.values()]
    elsewhere = "\n".join(pages.kept(site, gone, site.languages).values()) + "\n".join(by_language.values())
    small = set(re.findall(r"(?<!\w)[a-z]{4,}(?!\w)", elsewhere))
    kept = set(re.findall(r"\w+", "\n".join(pages.kept(site, gone, site.languages).values())))
    return frozenset(word for word in set.intersection(*written) if word.casefold() not in small and word not in kept)


def search(files: Mapping[str, bytes], sought: Collection[str]) -> Iterator[Leftover]:
    """Where a name still stands, as whole words, in letters large or small; in paths too (line 0). Files that are no text are left out."""
    if not sought:
        return
    exactly = [name for name in sought if name[:1].isupper() and name.isalpha()]  # a word of the language when it is small
    loosely = [name for name in sought if name not in set(exactly)]
    patterns = [
        re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, sorted(some, key=len, reverse=True)))})(?![^\W_])", flags)
        for some, flags in ((exactly, 0), (loosely, re.IGNORECASE))
        if some
    ]
    for path, data in sorted(files.items()):
        if path in NOTICES or _BINARY in data[:8000]:
            continue
        for pattern in patterns:
            yield from (Leftover(path, 0, found.group()) for found in pattern.finditer(path))
            text = data.decode("utf-8", "replace")
            yield from (Leftover(path, text.count("\n", 0, found.start()) + 1, found.group()) for found in pattern.finditer(text))
