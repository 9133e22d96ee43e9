"""The search: an index of what readers read, one for each language, made when the site is built.

    pages as they are sent -> text (what is read of a page) -> words (how else it may be typed) -> index (Pagefind)

In the reader's browser it is asked by `overrides/search/`, which only the search loads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from pustaka.kept import Kept
from pustaka.model import SLIDES, Page, SearchWords
from pustaka.render.publication import SEARCH, SEARCH_INDEX, Publication
from pustaka.search import indonesian
from pustaka.search.index import ENTRY, Document, SearchError, entries, index, packed, unpacked
from pustaka.search.text import Passage, passages
from pustaka.search.words import Forms, Hidden

__all__ = ["SearchError", "joined", "of_one_language", "read", "search_files", "searched"]

#: For which languages the forms of a word are known beyond what the index's own stemmer knows.
_FORMS: Mapping[str, Callable[[Iterable[str]], Forms]] = {"id": indonesian.forms}

#: The pages that tell how the site is kept: by their name, and that of the pages below it.
CONTRIBUTE = "contribute"

_WORD = re.compile(r"[^\W\d_]{3,}")


def read(publication: Publication, page: Page, sent: str) -> tuple[Passage, ...]:
    """What there is to find on a page; nothing where its language has no search, or readers are not led to it.

    Args:
        sent: its HTML.
    """
    searched = page.is_current and page.name != SEARCH and publication.site.page(page.language, SEARCH)
    return tuple(passages(sent)) if searched else ()


def searched(publication: Publication) -> list[str]:
    """The languages that have a page `search`."""
    return [language for language in publication.site.languages if publication.site.page(language, SEARCH)]


def search_files(publication: Publication, language: str, found: Mapping[str, tuple[Passage, ...]], kept: Kept, inputs: str) -> dict[str, bytes]:
    """The files of the search in a language, by their address below the site's root; none where there is nothing to find.

    Args:
        found: what was `read` of each page, by its path.
        kept: where they are kept for a build in which there is the same to find.
        inputs: a hash of all that they follow from beside what was read, this program too.

    Raises:
        SearchError: the index could not be made.
    """
    site = publication.site
    pages = [page for page in site.offered if page.language == language and found.get(page.path)]
    of = [
        [page.url, _is_minor(publication, page), _study(publication, page), [list(vars(each).values()) for each in found[page.path]]]
        for page in pages
    ]

    def made() -> bytes:
        stated = site.search_words.get(language, SearchWords())
        ranked = [passage for page in pages if not _is_minor(publication, page) for passage in found[page.path]]
        files = index(_documents(publication, language, pages, found, Hidden(language, stated, _forms(language, ranked))))
        return packed(files | {f"words.{language}.txt": "\n".join(_vocabulary(ranked, stated)).encode()})

    return _below(unpacked(kept.make(["search", inputs, language, of], made))) if pages else {}


def joined(languages: Iterable[Mapping[str, bytes]], scripts: Mapping[str, str]) -> dict[str, bytes]:
    """The search of several languages: their files, and the scripts that are loaded when someone searches, by their name."""
    some = [files for files in languages if files]
    if not some:
        return {}
    entry = entries(files[f"{SEARCH_INDEX}{ENTRY}"] for files in some)
    return {address: data for files in some for address, data in files.items()} | _below(
        {ENTRY: entry} | {f"{name}.js": text.encode() for name, text in scripts.items()}
    )


def of_one_language(address: str) -> bool:
    """Whether a file of the search is no other language's: the index itself, most of what there is."""
    return address.startswith((f"{SEARCH_INDEX}index/", f"{SEARCH_INDEX}fragment/"))


def _below(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{SEARCH_INDEX}{name}": data for name, data in files.items()}


def _documents(
    publication: Publication, language: str, pages: Iterable[Page], found: Mapping[str, tuple[Passage, ...]], hidden: Hidden
) -> Iterator[Document]:
    """The pages as the index gets them: those that readers look for first, with other words for theirs."""
    for page in pages:
        minor = _is_minor(publication, page)
        some = found[page.path] if minor else tuple(hidden.beside(found[page.path]))
        yield Document(page.url, language, some, _study(publication, page), minor)


def _is_minor(publication: Publication, page: Page) -> bool:
    """Whether other pages come first: before those of the checker's rules, those for contributors, and slides, which say again what they say."""
    study = publication.site.study_of(page)
    contributed = f"{page.name}/".startswith(f"{CONTRIBUTE}/")
    return bool(publication.rule_of(page) or contributed or (study and page.name == study.page_name(SLIDES)))


def _study(publication: Publication, page: Page) -> str:
    """The short name of the study that a page belongs to; "" for its overview, whose title tells."""
    study = publication.site.study_of(page)
    return study.short[page.language] if study and page.name != study.name else ""


def _forms(language: str, read: Iterable[Passage]) -> Forms:
    """The forms of the words that stand on the pages of a language, as far as they are known."""
    words = {word for passage in read for word in _words(passage.text)}
    return _FORMS[language](words) if language in _FORMS else {}


def _vocabulary(read: Iterable[Passage], stated: SearchWords) -> list[str]:
    """The words that a mistyped one may have meant, the most frequent first."""
    counts = Counter(word for passage in read for word in _words(passage.text))
    counts.update(word for group in stated.same for member in group for word in _words(member))
    return sorted(counts, key=lambda word: (-counts[word], word))


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
