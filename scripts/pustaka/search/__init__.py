"""The search: an index of what readers read, one for each language, made when the site is built.

    pages as they are sent -> text (what is read of a page) -> words (how else it may be typed) -> index (Pagefind)

In the reader's browser it is asked by `overrides/search/`, which only the search loads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from pustaka.model import SLIDES, Page, SearchWords
from pustaka.render.publication import SEARCH, SEARCH_INDEX, Publication
from pustaka.search import indonesian
from pustaka.search.index import Document, SearchError, index
from pustaka.search.text import Passage, passages
from pustaka.search.words import Forms, Hidden

__all__ = ["SearchError", "read", "search_files"]

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


def search_files(publication: Publication, found: Mapping[str, tuple[Passage, ...]], scripts: Mapping[str, str]) -> dict[str, bytes]:
    """The files of the search, by their address below the site's root; none where no language has a page `search`.

    Args:
        found: what was `read` of each page, by its path.
        scripts: those that are loaded when someone searches, by their name.

    Raises:
        SearchError: the index could not be made.
    """
    site = publication.site
    documents, files = [], {}
    for language in site.languages:
        if site.page(language, SEARCH) is None:
            continue
        stated = site.search_words.get(language, SearchWords())
        ours = [(page, found[page.path]) for page in site.offered if page.language == language and found.get(page.path)]
        ranked = [passage for page, some in ours if not _is_minor(publication, page) for passage in some]
        hidden = Hidden(language, stated, _forms(language, ranked))
        for page, some in ours:
            if _is_minor(publication, page):
                documents.append(Document(page.url, language, some, _study(publication, page), minor=True))
            else:
                documents.append(Document(page.url, language, tuple(hidden.beside(some)), _study(publication, page)))
        files[f"{SEARCH_INDEX}words.{language}.txt"] = "\n".join(_vocabulary(ranked, stated)).encode()
    if not documents:
        return {}
    made = {f"{SEARCH_INDEX}{name}": data for name, data in index(documents).items()}
    return files | made | {f"{SEARCH_INDEX}{name}.js": text.encode() for name, text in scripts.items()}


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
