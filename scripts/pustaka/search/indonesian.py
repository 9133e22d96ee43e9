"""The forms of Indonesian words.

Source of the affixes and of how they change a word's first letter: "Tata Bahasa Baku Bahasa Indonesia" (Badan Bahasa, 4th edition,
2017), on the derivation of verbs and nouns; PySastrawi knows the roots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from Sastrawi.StopWordRemover.StopWordRemoverFactory import StopWordRemoverFactory

_VOWELS = "aiueo"


def forms(words: Iterable[str]) -> dict[str, list[str]]:
    """Of each word that has a root in the dictionary, the forms of that root: those among the words, and those that are common."""
    roots = {word: root for word in words if (root := _root(word))}
    together: dict[str, list[str]] = {}
    for word, root in roots.items():
        together.setdefault(root, []).append(word)
    for root, found in together.items():
        found.extend(_common(root, tuple(found)))
    return {word: together[root] for word, root in roots.items()}


@cache
def _stemmer():
    return StemmerFactory().create_stemmer()


@cache
def _dictionary() -> frozenset[str]:
    """The roots that there are, without words such as *yang* and *tetapi*, from which nothing is derived."""
    return frozenset(StemmerFactory().get_words()) - frozenset(StopWordRemoverFactory().get_stop_words())


@cache
def _root(word: str) -> str:
    """The root of a word, or "" where the dictionary has none."""
    root = _stemmer().stem(word)
    return root if len(root) > 2 and root in _dictionary() and len(word) > 3 else ""


def _common(root: str, found: tuple[str, ...]) -> Iterator[str]:
    """The commonest derivations of a root of which some words are found.

    Of a root that stands alone wherever it stands, most often a thing's name, only those that any noun may have; those with
    *memper-* and *diper-* where a word with *per-* shows that the root has them.
    """
    active, agent = "me" + _nasal(root), "pe" + _nasal(root)
    been = "be" if root.startswith("r") else "ber"
    local = "" if root.endswith("i") else "i"
    yield from (root, f"{root}nya", f"{root}an", f"{been}{root}", f"{active}kan", f"di{root}kan")
    if all(word.removesuffix("nya") == root for word in found):
        return
    yield from (active, f"di{root}", f"ter{root}", f"{active}{local}", f"di{root}{local}", f"{root}annya", f"{root}kan")
    yield from (agent, f"{agent}an", f"pe{root}", f"ke{root}an", f"{been}{root}an")
    if any(word.startswith(("per", "diper", "memper")) and not word.startswith(agent) for word in found):
        for suffix in ("", "kan", local):
            yield from (f"memper{root}{suffix}", f"diper{root}{suffix}")
        yield f"per{root}an"
    if any(word.startswith(("keber", "pember", "member", "diber")) and not word.startswith(agent) for word in found):
        yield from (f"member{root}kan", f"diber{root}kan", f"pember{root}an", f"keber{root}an")


def _nasal(root: str) -> str:
    """A root as it follows *me-* and *pe-*: k, p, s and t give way to ng, m, ny and n; other sounds are joined by one of them."""
    first, rest = root[0], root[1:]
    if first in "kpst" and rest[:1] in _VOWELS:
        return {"k": "ng", "p": "m", "s": "ny", "t": "n"}[first] + rest
    joined = {**dict.fromkeys("aiueoghkq", "ng"), **dict.fromkeys("bfvp", "m"), **dict.fromkeys("cdjzst", "n")}
    return joined.get(first, "") + root
