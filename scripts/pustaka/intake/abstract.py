"""What an abstract alone says of its work: often a title above it and keywords below, always its language."""

from __future__ import annotations

import re
from types import MappingProxyType

from pustaka.intake import Described, Unreadable
from pustaka.intake.csl import keywords_in, langid_of
from pustaka.intake.wording import bare, latex
from pustaka.model import say
from pustaka.recognition import language_of

_KEYWORDS = re.compile(r"^\W*(?:kata[ -]kunci|key\s?-?words?)\W*[:—–-]\s*(?P<words>.+)$", re.IGNORECASE | re.MULTILINE)
_HEADING = re.compile(r"^\W*(?:abstrak|abstract|intisari|ringkasan)\W*$", re.IGNORECASE)
_LONGEST_TITLE = 300


def described(text: str) -> Described:
    """A work by its abstract: the keywords, a title that stands in a paragraph of its own above it, and the language.

    Raises:
        Unreadable: there is no abstract.
    """
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", _KEYWORDS.sub("", text)) if part.strip()]
    heading = next((number for number, part in enumerate(paragraphs) if _HEADING.match(part)), None)
    before, body = (paragraphs[:heading], paragraphs[heading + 1 :]) if heading is not None else (paragraphs[:1], paragraphs[1:])
    is_title = bool(before) and bool(body) and len(before[0]) <= _LONGEST_TITLE and not re.search(r"[.!]$", before[0])
    if heading is None and not is_title:
        before, body = [], paragraphs
    if not body:
        raise Unreadable(say("there is no abstract in it: give its text, with the title in a paragraph above it if you like"))
    language = language_of(" ".join(body))
    fields = {"title": latex(before[0])} if is_title else {}
    words = _KEYWORDS.search(text)
    return Described(
        fields=MappingProxyType(fields | ({"langid": langid_of(language)} if language else {})),
        language=language,
        abstract="\n\n".join(map(bare, body)),
        keywords=keywords_in(words["words"]) if words else (),
    )
