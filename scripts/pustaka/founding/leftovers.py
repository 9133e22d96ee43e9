"""Whether files still speak of studies that are no longer theirs. What to look for is taken from the record of those studies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from pustaka.founding import pages
from pustaka.model import Site

#: Files that must go on naming somebody: the MIT licence asks for its notice in all copies.
NOTICES = frozenset({"LICENSE"})
_CAPITAL = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{3,}\b")
_BINARY = b"\0"


class Leftover(NamedTuple):
    """A name that still stands in a file: the file's path, the line counted from 1, and the name."""

    path: str
    line: int
    name: str


def names(site: Site) -> frozenset[str]:
    """What tells of a site's studies, and of whose site it is: slugs, codes, keys, titles, authors, and the site's own names.

    Works that the studies cite are the world's, and may stand in any example.
    """
    found: set[str] = set()
    for study in site.studies:
        entry = site.entry[study.entry]
        found |= {study.slug, study.entry, entry.text("title"), entry.text("doi"), *study.short.values()}
        found |= {name.partition(",")[0] for name in entry.authors}
        found |= {f"{study.code}-{each.number}" for each in study.findings}
    if site.settings:
        found |= {site.settings.name, site.settings.publisher, urlsplit(site.settings.address).hostname or ""}
    return frozenset(found - {""})


def proper_names(site: Site, often: int) -> frozenset[str]:
    """Places and persons that the pages of studies speak of, and no other page.

    A proper name is a word that every language writes with a capital in the middle of a sentence, and never small.

    Args:
        often: how many times it must stand in each language; fewer, and it may be an example of the world's.
    """
    gone = pages.names_of_studies(site)
    told = {
        language: _text(page.source.text for page in site.pages if page.language == language and page.name in gone) for language in site.languages
    }
    kept = _text(pages.kept(site, gone, site.languages).values())
    small, elsewhere = (
        set(re.findall(pattern, text)) for pattern, text in ((r"(?<!\w)[a-z]{4,}(?!\w)", kept + _text(told.values())), (r"\w+", kept))
    )
    counted = [
        {word for word, times in Counter(re.findall(r"\w+", text)).items() if times >= often} & set(_CAPITAL.findall(text)) for text in told.values()
    ]
    return frozenset(word for word in set.intersection(*counted) if word.casefold() not in small and word not in elsewhere)


def _text(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def search(files: Mapping[str, bytes], sought: Collection[str], words: Collection[str] = ()) -> Iterator[Leftover]:
    """Where a name still stands, as whole words, in letters large or small; in paths too (line 0). Files that are no text are left out.

    Args:
        sought: the names.
        words: those of them that are words of the language too: they count where they stand with a capital in the middle of a sentence.
    """
    names = sorted(set(sought) - set(words), key=len, reverse=True)
    patterns = [rf"(?<![^\W_])(?i:{'|'.join(map(re.escape, names))})(?![^\W_])"] if names else []
    for word in map(re.escape, words):
        patterns.append(rf"(?<=[a-z,;] ){word}(?!\w)")
    if not patterns:
        return
    pattern = re.compile("|".join(patterns))
    for path, data in sorted(files.items()):
        if path in NOTICES or _BINARY in data[:8000]:
            continue
        text = data.decode("utf-8", "replace")
        yield from (Leftover(path, 0, found.group()) for found in pattern.finditer(path))
        yield from (Leftover(path, text.count("\n", 0, found.start()) + 1, found.group()) for found in pattern.finditer(text))


def words(site: Site, sought: Collection[str]) -> frozenset[str]:
    """The names that are words too: the site's pages also have them small."""
    written = set(re.findall(r"(?<!\w)[a-z]+(?!\w)", _text(page.source.text for page in site.pages)))
    return frozenset(name for name in sought if name.casefold() in written)
