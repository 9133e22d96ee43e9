"""Which text of each section was last agreed to say the same in all languages, and what has changed since.

A text is known by a hash of its Markdown. The ledger, `bibliography/translations.yml`, holds the hash of each section in each
language as it was when somebody who reads the languages last said that they agree:

    studies/contoh/findings:
      (head): {id: "0c5f3b1e9a7d", en: "b81d0f4c2e6a"}
      harvest: {id: "77e2c1a9b3d4", en: "19fa60c3e5b8"}

Where one language has another text now, and the other has not, the other is stale.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import yaml

from pustaka.model import Page, Place, Site
from pustaka.sections import headings, with_markdown
from pustaka.suppress import comments

#: Where the ledger is, below the project's root.
LEDGER = "bibliography/translations.yml"

#: The parts of a page that have no heading: what its front matter says to readers, and what stands above the first heading. No id
#: has a bracket.
HEAD, OPENING = "(head)", "(opening)"

#: The fields of the front matter that readers read.
_READ = ("title", "description", "menu")

#: How much of the hash is kept, in hexadecimal digits: enough to tell the versions of one section apart.
_DIGITS = 12

_PREFACE = """\
# Which text of each section was last agreed to say the same in every language: the beginning of a hash of its Markdown.
# Written by `scripts/check_translations.py --agree PAGE`, which is a translator's word; not by hand.
"""


@dataclass(frozen=True)
class Part:
    """A part of a page that is translated as a whole. `name` is the id of its heading, `HEAD` or `OPENING`."""

    name: str
    title: str
    text: str
    place: Place

    @property
    def digest(self) -> str:
        """The beginning of the SHA-256 of its text, white space folded; what only the checks read (`<!-- pustaka: … -->`) left out."""
        text = self.text
        for start, words in reversed(list(comments(text)) if "pustaka:" in text else []):
            if words.lstrip().startswith("pustaka:"):
                text = text[:start] + text[start + len(f"<!--{words}-->") :]
        return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:_DIGITS]


def parts(page: Page) -> dict[str, Part]:
    """The parts of a page by their name, in its order; of two headings with one id, the first."""
    if page.source is None:
        return {}
    head = "\n".join(f"{name}: {page.meta[name]}" for name in _READ if name in page.meta)
    found = {HEAD: Part(HEAD, page.title, head, page.place)}
    known = {id(section) for section in headings(page).values()}
    for section, text in with_markdown(page):
        if not section.level and text.strip():
            found[OPENING] = Part(OPENING, "", text, section.place)
        elif id(section) in known:
            found[section.id] = Part(section.id, section.title, text, section.place)
    return found


def file_name(page: Page) -> str:
    """A page as the ledger calls it: its file below the language's folder, without suffix: "studies/contoh/index"."""
    return page.path.removeprefix(f"docs/{page.language}/").removesuffix(".md")


@dataclass(frozen=True)
class Stale:
    """A section that some languages have changed since all were agreed.

    `changed` are the languages whose text is another one now, `behind` those whose text is still the agreed one; the parts are
    by language, `agreed` the hashes in the ledger.
    """

    page: str
    section: str
    changed: tuple[str, ...]
    behind: tuple[str, ...]
    parts: Mapping[str, Part]
    agreed: Mapping[str, str]


def stale(site: Site) -> Iterator[Stale]:
    """The sections of a site that changed in some language after they were agreed, page by page."""
    for name, by_language in _by_file(site).items():
        for section, agreed in site.agreed.get(name, {}).items():
            there = {language: found[section] for language, found in by_language.items() if section in found and language in agreed}
            changed = tuple(language for language, part in there.items() if part.digest != agreed[language])
            if changed:
                behind = tuple(language for language in there if language not in changed)
                yield Stale(name, section, changed, behind, there, agreed)


@dataclass(frozen=True)
class Unagreed:
    """What of a page the ledger does not have, `missing`, and what it has that is no longer there, `gone`: names of parts."""

    page: str
    place: Place
    missing: tuple[str, ...]
    gone: tuple[str, ...]
    whole: bool


def unagreed(site: Site) -> Iterator[Unagreed]:
    """The pages of which something was never agreed."""
    for name, by_language in _by_file(site).items():
        listed = site.agreed.get(name, {})
        there = {
            section: {language for language, found in by_language.items() if section in found} for found in by_language.values() for section in found
        }
        missing = tuple(section for section, languages in there.items() if languages - listed.get(section, {}).keys())
        gone = tuple(section for section in listed if section not in there)
        if missing or gone:
            place = next(iter(by_language.values()))[HEAD].place
            yield Unagreed(name, place, missing, gone, whole=not listed)


def _by_file(site: Site) -> dict[str, dict[str, dict[str, Part]]]:
    """The parts of every page, by the page's file and the language; languages in the site's order."""
    found: dict[str, dict[str, dict[str, Part]]] = {}
    for language in site.languages:
        for page in site.pages:
            if page.language == language and page.source is not None:
                found.setdefault(file_name(page), {})[language] = parts(page)
    return found


def ledger(site: Site, agreed: Collection[str]) -> str:
    """The ledger's text with the pages `agreed`, by their file, as they are now, and the others as they were; of pages that are gone, nothing."""
    listed = {}
    for name, by_language in sorted(_by_file(site).items()):
        if name in agreed:
            names = dict.fromkeys(section for found in by_language.values() for section in found)
            listed[name] = {
                section: {language: found[section].digest for language, found in by_language.items() if section in found} for section in names
            }
        elif name in site.agreed:
            listed[name] = site.agreed[name]
    lines = []
    for name, sections in listed.items():
        lines.append(f"{_key(name)}:")
        for section, digests in sections.items():
            each = ", ".join(f'{_key(language)}: "{digest}"' for language, digest in digests.items())
            lines.append(f"  {_key(section)}: {{{each}}}")
    return _PREFACE + "".join(f"{line}\n" for line in lines)


def _key(name: str) -> str:
    """A name as a key of YAML: in quotation marks where it would be read as something else."""
    return name if re.fullmatch(r"[\w(][\w()./-]*", name) and yaml.safe_load(name) == name else json.dumps(name, ensure_ascii=False)


#: Where a line of a diff ends: with a sentence, a row or an item.
_LINE_END = re.compile(r"\n+|(?<=[.!?:;|])[ \t]+")


def changes(agreed: str, present: str) -> list[str]:
    """What changed from one text to the other, sentence by sentence: lines that begin with "- ", "+ " or, around them, "  "."""
    before, now = ([" ".join(line.split()) for line in _LINE_END.split(text) if line.strip()] for text in (agreed, present))
    compared = difflib.unified_diff(before, now, n=1, lineterm="")
    return [f"{line[0]} {line[1:]}" for line in compared if not line.startswith(("---", "+++", "@@"))]
