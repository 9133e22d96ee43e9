"""The files of a site without its studies: which go, and what the others say then."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from textwrap import shorten

from pustaka.founding import Wish, colours, pages, settings
from pustaka.model import Site

#: Folders that hold nothing but studies, or tests of them.
STUDIES_ALONE = ("bibliography/studies/", "bibliography/editions/", "bibliography/reports/", "tests/ours/")
_STYLES = "overrides/styles/page.css", "overrides/styles/rest.css"
#: The names of files that may hold a colour.
_COLOURED = (".css", ".svg", ".typ")


def changes(site: Site, files: Mapping[str, bytes], wish: Wish, translate: Callable[[str], str]) -> dict[str, bytes | None]:
    """What is to be written for the site wished.

    Args:
        site: the present one.
        files: all files of the project, by their path.
        translate: puts our English into the language that the files around the site are written in.

    Returns:
        The new content of each file that changes, by its path; None of one that goes.

    Raises:
        Unfounded: what is wished cannot be.
    """
    settings.judged(wish, site)
    gone = pages.names_of_studies(site)
    written = dict(_pages(site, wish, gone, translate))
    written |= dict(_bibliography(site, files, written))
    written["mkdocs.yml"] = settings.mkdocs(files["mkdocs.yml"].decode(), wish, gone)
    written["bibliography/terms.yml"] = settings.terms(files["bibliography/terms.yml"].decode(), site, wish)
    written |= dict(settings.around(files, site, wish, translate))
    if wish.accent:
        written |= _coloured(files, wish.accent)
    removed = {path: None for path in files if path not in written and _goes(path)}
    return removed | {path: text.encode() for path, text in written.items() if files.get(path) != text.encode()}


def _goes(path: str) -> bool:
    """Whether a file goes that nothing new is written to: pages and pictures of studies, and what promises their addresses."""
    return path == "addresses.txt" or path.startswith((*STUDIES_ALONE, "docs/"))


# -- Pages -------------------------------------------------------------------------------------------------------


def _pages(site: Site, wish: Wish, gone: Collection[str], translate: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """The pages that stay, and for each language without words copies of those of the first, to be translated."""
    there = settings.spoken(wish, site)
    model = there[0] if there else site.languages[0]
    kept = pages.kept(site, gone, there or (model,))
    for path, text in kept.items():
        page = site.page_at[path]
        text = renamed(text, site, wish)
        if not page.language:
            yield path, _welcome(text, site, wish, model)
            continue
        if page.language in wish.languages:
            yield path, text
        if page.language == model:
            for language in (each for each in wish.languages if each not in there):
                yield path.replace(f"docs/{model}/", f"docs/{language}/", 1), text


def renamed(text: str, site: Site, wish: Wish) -> str:
    """A page's text with the names wished. A number behind the site's name says that a finding is meant, as in “Finding 3”."""
    present = site.settings
    text = text.replace(present.publisher, "\0")
    text = re.sub(rf"(?<!\w){re.escape(present.name)}(?!\w| \d)", lambda _: wish.name, text)
    return text.replace("\0", wish.publisher)


#: How long a page's description may be, by the schema of the front matter.
_LONGEST = 160
_WELCOME = re.compile(r"^/// welcome \|.*?^///\n*", re.MULTILINE | re.DOTALL)


def _welcome(text: str, site: Site, wish: Wish, model: str) -> str:
    """The page above the languages: a block for each, in their order, and a description made of their homes' titles."""
    blocks = {re.search(r"lang: ([\w-]+)", block).group(1): block.rstrip("\n") for block in _WELCOME.findall(text)}
    for language in wish.languages:
        if language not in blocks:
            block = blocks[model].replace(f"lang: {model}", f"lang: {language}").replace(f"]({model}/", f"]({language}/")
            blocks[language] = re.sub(r"(?<=^/// welcome \| ).*", language, block, count=1)
    due = [blocks[language] for language in wish.languages]
    titles = dict.fromkeys(site.page(language if language in site.languages else model, "").title for language in wish.languages)
    said = shorten(" ".join(f"{title}." for title in titles), _LONGEST, placeholder="")
    head = text[: _WELCOME.search(text).start()]
    head = re.sub(r"^description: .*$", lambda _: f"description: {settings.scalar(said)}", head, count=1, flags=re.MULTILINE)
    return head + "\n\n".join(due) + "\n"


# -- Bibliography ------------------------------------------------------------------------------------------------


def _bibliography(site: Site, files: Mapping[str, bytes], written: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The files of the bibliography: their first comments, and what speaks of no study."""
    for path in _EMPTY:
        if path in files:
            yield path, _comments(files[path].decode())
    figures = "bibliography/figures.yml"
    if figures in files:
        yield figures, _figures(files[figures].decode(), written)
    glossary = "bibliography/glossary.yml"
    if glossary in files:
        yield glossary, _glossary(files[glossary].decode(), site, written)
    synonyms = "bibliography/synonyms.yml"
    if synonyms in files:
        yield synonyms, _synonyms(files[synonyms].decode(), written)


#: Files of which nothing stays but the comments that say how they are written; whatever is added below them is valid.
_EMPTY = ("bibliography/references.bib", "bibliography/errata.yml", "bibliography/translations.yml", "redirects.yml")


def _comments(text: str) -> str:
    """The lines of comment with which a file begins."""
    return "".join(re.match(r"(?:[#%].*\n)*", text).group())


def _figures(text: str, written: Mapping[str, str]) -> str:
    """The drawings that a page that stays shows."""
    shown = {name for page in written.values() for name in re.findall(r"\]\(figure:([\w-]+)\)", page)}
    drawings = re.findall(r"^([\w-]+):\n((?: .*\n|\n(?= ))+)", text, re.MULTILINE)
    return _comments(text) + "\n".join(f"{name}:\n{words}" for name, words in drawings if name in shown)


def _glossary(text: str, site: Site, written: Mapping[str, str]) -> str:
    """The terms that matter on a page that stays."""
    first = text.index("- id: ")
    items = re.split(r"(?=^- id: )", text[first:], flags=re.MULTILINE)[1:]
    stay = {term.id for term in site.glossary if term.see and _is_there(term.see, written)}
    kept = [item for item in items if re.match(r"- id: (\S+)", item)[1] in stay]
    return text[:first] + ("".join(kept).rstrip("\n") + "\n" if kept else "")


def _is_there(see: str, written: Mapping[str, str]) -> bool:
    path, _, anchor = see.partition("#")
    found = [text for name, text in written.items() if name.split("/", 2)[2:] == [path]]
    return bool(found) and all(not anchor or f"{{#{anchor}}}" in text for text in found)


def _synonyms(text: str, written: Mapping[str, str]) -> str:
    """The groups of which a word stands on a page that stays, language by language; of a language that goes, nothing."""
    comments, *languages = re.split(r"^(?=[\w-]+:$)", text, flags=re.MULTILINE)
    left = [comments]
    for words in languages:
        name = words.partition(":")[0]
        if said := " ".join(page for path, page in written.items() if path.startswith(f"docs/{name}/")).casefold():
            left.append("".join(line for line in words.splitlines(keepends=True) if _is_met(line, said)))
    return "".join(left).rstrip("\n") + "\n"


def _is_met(line: str, said: str) -> bool:
    """Whether a line of synonyms.yml is no group, or one of its words stands in the text."""
    group = re.match(r"    - \[(?P<words>.*)\]", line)
    return not group or any(re.search(rf"(?<!\w){re.escape(word.strip().casefold())}(?!\w)", said) for word in group["words"].split(","))


# -- Colours -----------------------------------------------------------------------------------------------------


def _coloured(files: Mapping[str, bytes], accent: str) -> dict[str, str]:
    exchanged = colours.replacements(*(files[path].decode() for path in _STYLES), accent)
    coloured = (path for path in files if path.startswith("overrides/") and posixpath.splitext(path)[1] in _COLOURED)
    return {path: colours.replaced(files[path].decode(), exchanged) for path in coloured}
