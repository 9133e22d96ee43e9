"""Whether two descriptions of a work agree, though one was typed by a person and the other deposited by a publisher.

What tells works apart counts; how it is written does not: letter case, accents, punctuation, TeX, HTML and entities, a
subtitle that one leaves out, initials for given names, which part of a name is the family's, abbreviated journals, shortened
page ranges. All take time that grows with the length of what they compare.
"""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice, product

import latexcodec  # noqa: F401  registers the codec "ulatex"

from pustaka.pagination import Span, spans

_LONGEST = 2_000
_MOST_WORDS = 60

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_TEX_COMMAND = re.compile(r"\\[A-Za-z]+|~")
_TEX_ANGLE = re.compile(r"\\text(?P<name>less|greater)(?:\{\}|[ ])?")  # tags that came out of a registry and were then escaped
_TEX_MARK = re.compile(r"[\\{}$]")
_MATHS = re.compile(r"\$|<mml:|<math")
_APOSTROPHE = re.compile(r"['’‘ʻʼ`]")
_WORD = re.compile(r"[^\W_]+")
_AND = frozenset({"and", "dan", "et", "und", "en"})
_LITTLE = _AND | {"the", "of", "for", "in", "on", "to", "a", "an", "de", "di", "untuk", "pada", "la", "le"}
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_GENERIC = frozenset({"", "jurnal", "journal"})

# Where a title may end before what another source leaves out: a subtitle, a translation.
_TITLE_ENDS = re.compile(r"[:?!.;]\s|\s[-–—/|]+\s|[—–\[(|]")
_RETRACTED = re.compile(
    r"\W*(?:retracted|withdrawn|removed|retraksi|ditarik)(?:\s+(?:article|paper|chapter|artikel))?\W*(?:[:\]]|\s[-–—])\s*", re.IGNORECASE
)


def titles_agree(stated: Iterable[str], registered: Iterable[str]) -> bool:
    """Whether some way of stating a title is some registered one, in full or up to its subtitle."""
    stated, registered = list(map(without_retraction, stated)), list(map(without_retraction, registered))
    ours, theirs = set(map(_letters, stated)), set(map(_letters, registered))
    if "" in ours | theirs or ours & theirs or ours & set(map(_head, registered)) or theirs & set(map(_head, stated)):
        return True
    has_maths = any(map(_MATHS.search, (*stated, *registered)))  # formulas are written in too many ways
    return has_maths and likeness(stated, registered) > 0.7


def likeness(stated: Iterable[str], registered: Iterable[str]) -> float:
    """How many words, of 0 to 1, the most similar two of the titles share in the same order."""
    pairs = product(map(_words, map(without_retraction, stated)), map(_words, map(without_retraction, registered)))
    return max((SequenceMatcher(None, a[:_MOST_WORDS], b[:_MOST_WORDS], autojunk=False).ratio() for a, b in pairs), default=0.0)


def is_marked_retracted(title: str) -> bool:
    """Whether a title begins with the mark of a retraction, "RETRACTED: …" or "[Retracted] …"."""
    return bool(_RETRACTED.match(title))


def without_retraction(title: str) -> str:
    return _RETRACTED.sub("", title[:_LONGEST], count=1) if is_marked_retracted(title) else title


def names_agree(stated: str, registered: str) -> bool:
    """Whether two names can be one person's or body's: the family name of the one is in the other, or its initials are."""
    ours, theirs = _words(stated), _words(registered)
    our_family, their_family = _family(stated), _family(registered)
    if not our_family or not their_family:
        return True
    if our_family <= set(theirs) or their_family <= set(ours):
        return True
    ours_joined, theirs_joined = ("".join(_words(name.partition(",")[0])) for name in (stated, registered))
    return ours_joined == theirs_joined or _is_acronym(ours, theirs) or _is_acronym(theirs, ours)


def unmatched_names(stated: Sequence[str], registered: Sequence[str]) -> tuple[list[str], list[str]]:
    """The stated names that no registered one agrees with, and the registered names that are then left over."""
    left = dict(enumerate(registered))
    holding: dict[str, list[int]] = {}
    for position, name in left.items():
        for word in _words(name):
            holding.setdefault(word, []).append(position)
    missing = []
    for position, name in enumerate(stated):
        possible = [position, *(other for word in _words(name) for other in islice(holding.get(word, ()), 50))]
        found = next((other for other in possible if other in left and names_agree(name, left[other])), None)
        if found is None:
            missing.append(name)
        else:
            del left[found]
    return missing, list(left.values())


def containers_agree(stated: Iterable[str], registered: Iterable[str]) -> bool:
    """Whether some stated name of a journal or a book is a registered one, in full, abbreviated or by its initials."""
    return any(_container_agrees(ours, theirs) for ours, theirs in product(stated, registered))


def _container_agrees(stated: str, registered: str) -> bool:
    ours, theirs = ([word for word in _words(_BRACKETS.sub("", name[:_LONGEST])) if word not in _LITTLE] for name in (stated, registered))
    if not ours or not theirs or "".join(ours) == "".join(theirs):
        return True
    if len(ours) == len(theirs) and all(a.startswith(b) or b.startswith(a) for a, b in zip(ours, theirs, strict=True)):
        return True
    shorter, longer = sorted((set(ours), set(theirs)), key=len)
    if len(shorter) > 1 and shorter <= longer:
        return True
    heads = {_head(stated), _head(registered)}
    return (len(heads) == 1 and not heads <= _GENERIC) or any(_is_acronym(*pair) for pair in ((ours, theirs), (theirs, ours)))


def numbers_agree(stated: str, registered: str) -> bool:
    """Whether two volumes or issues have a number in common ("Vol. 04", "4"; "1-2", "1/2"); without numbers they are not compared."""
    ours, theirs = (set(map(int, re.findall(r"\d+", text[:100]))) for text in (stated, registered))
    return not ours or not theirs or bool(ours & theirs)


def pages_agree(stated: str, registered: str) -> bool:
    """Whether two ranges begin and end alike; a first page alone, or a last page cut short (131–9), will do."""
    ours, theirs = (next(spans(text[:100])) for text in (stated, registered))
    if ours is None or theirs is None:  # article numbers and the like
        return numbers_agree(stated, registered) or _letters(stated) == _letters(registered)
    return ours.first == theirs.first and any((_is_single(ours), _is_single(theirs), _ends_alike(ours, theirs)))


def _is_single(span: Span) -> bool:
    return span.first == span.last


def _ends_alike(ours: Span, theirs: Span) -> bool:
    """The same last page; one that seems to come before the first was cut short."""
    if ours.is_reversed or theirs.is_reversed:
        shorter, longer = sorted((str(ours.last), str(theirs.last)), key=len)
        return longer.endswith(shorter)
    return ours.last == theirs.last


def _family(name: str) -> frozenset[str]:
    """The words of the family name, of the whole name when it has no comma; initials do not count beside words."""
    words = _words(name.partition(",")[0]) or _words(name)
    return frozenset(word for word in words if len(word) > 1) or frozenset(words)


def _is_acronym(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether the one word is made of the others' initials, with or without the little words."""
    if len(short) != 1 or len(long) < 2:
        return False
    return short[0] in ("".join(word[0] for word in long), "".join(word[0] for word in long if word not in _LITTLE))


def _head(title: str) -> str:
    """The letters of a title before its subtitle or translation; of the whole title when it has none."""
    end = _TITLE_ENDS.search(title[:_LONGEST], 1)
    return _letters(title[: end.start()] if end else title)


def _letters(text: str) -> str:
    return "".join(_words(text))


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without accents, apostrophes, TeX, tags and "and"."""
    text = text[:_LONGEST].casefold()
    if "\\" in text:
        text = codecs.decode(_TEX_ANGLE.sub(_angle, text), "ulatex")
    text = _TEX_MARK.sub("", _TEX_COMMAND.sub(" ", _TAG.sub("", html.unescape(text))))
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", _APOSTROPHE.sub("", text)) if not unicodedata.combining(letter))
    return tuple(word for word in _WORD.findall(letters) if word not in _AND)


def _angle(match: re.Match) -> str:
    return "<" if match["name"] == "less" else ">"
