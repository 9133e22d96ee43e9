"""Prompts: what a page says to whoever writes it, and to nobody else: what belongs where they stand.

    <!-- pustaka: write what was found, in your own words -->     in the text of a page
    # pustaka: write a title that people understand               in its front matter, on a line of its own

No page is published while one is left. Text that is code is no prompt, for a comment there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pustaka.model import Page, Place, Section
from pustaka.suppress import PROMPT, comments

_IN_FRONT_MATTER = re.compile(r"^[ \t]*#(?P<words>\s*pustaka:.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Prompt:
    """What is asked for, and where; `section` is None in the front matter, and `begun` says whether something stands beside it already."""

    what: str
    place: Place
    section: Section | None = None
    begun: bool = False


def prompts(page: Page) -> Iterator[Prompt]:
    """The prompts that are left on a page, in their order."""
    if page.source is None or "pustaka:" not in page.source.text:
        return
    yield from _in_front_matter(page)
    for section in page.sections:
        begun = any(block.kind != "html" for block in section.blocks)
        for block in section.blocks:
            if block.kind == "code":
                continue
            for offset, words in comments(block.text):
                if prompt := PROMPT.match(words):
                    place = block.place.after(block.text[:offset])
                    yield Prompt(" ".join(prompt["what"].split()), place, section, begun)


def _in_front_matter(page: Page) -> Iterator[Prompt]:
    """Those in the lines between the first `---` and the next."""
    text = page.source.text
    end = text.find("\n---", 3) if text.startswith("---") else -1
    for line in _IN_FRONT_MATTER.finditer(text, 0, max(end, 0)):
        if prompt := PROMPT.match(line["words"]):
            yield Prompt(" ".join(prompt["what"].split()), page.source.place(line.start()))
