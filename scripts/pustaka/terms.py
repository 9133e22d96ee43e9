"""How the glossary's terms are written in a language, and which of them a text uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pustaka.model import Site, Term

#: "pembeli (buyer)" names one thing twice.
_TWO_NAMES = re.compile(r"(?P<first>[^()]+?) \((?P<second>[^()]+)\)")


def names(term: Term, language: str) -> tuple[str, ...]:
    """A term's name in a language; where it has two, "pembeli (buyer)", both."""
    two = _TWO_NAMES.fullmatch(term.term[language])
    return two.group("first", "second") if two else (term.term[language],)


def written(term: Term, language: str) -> tuple[str, ...]:
    """How a term is written on pages where a first use leads to its meaning: its `forms` in the language, else its names."""
    return term.forms[language] if language in term.forms else names(term, language)


def renderings(term: Term, language: str) -> tuple[str, ...]:
    """All ways in which a page may say a term: its names, forms and other words for it; those of other languages too, left untranslated."""
    foreign = (name for other in term.term if other != language for name in written(term, other))
    return tuple(dict.fromkeys((*names(term, language), *written(term, language), *term.also.get(language, ()), *foreign)))


class Uses:
    """Finds the terms of a site's glossary in texts of one language."""

    def __init__(self, site: Site, language: str):
        self._terms = [term for term in site.glossary if len(term.term) > 1 and language in term.term]
        forms = [(form, number) for number, term in enumerate(self._terms) for form in _own(term, language)]
        forms.sort(key=lambda form: (-len(form[0]), form))  # the longest first
        self._of_form = [number for _, number in forms]
        ending = re.escape(site.words["languages"].get(language, {}).get("ending", ""))
        self._used = re.compile(rf"(?<![\w-])(?:{'|'.join(f'({_spelt(form)})' for form, _ in forms) or '(?!)'})(?:{ending})?(?![\w-])")
        self._renderings = [_any_of(renderings(term, language)) for term in self._terms]
        self._number = {term.id: number for number, term in enumerate(self._terms)}

    def first(self, text: str) -> Iterator[tuple[Term, re.Match]]:
        """The terms that a text uses, each with the first place where it does."""
        seen = set()
        for match in self._used.finditer(text):
            term = self._terms[self._of_form[match.lastindex - 1]]
            if term.id not in seen:
                seen.add(term.id)
                yield term, match

    def says(self, text: str, term: Term) -> bool:
        """Whether a text says a term in any way, whatever the ending of its words."""
        number = self._number.get(term.id)
        return number is None or bool(self._renderings[number].search(text))


def _own(term: Term, language: str) -> Iterator[str]:
    """The forms of a term that need a counterpart: those that are not foreign, and none of a term that is itself a foreign word, for such
    a word is explained where another language need not explain it."""
    foreign = {word.lower() for word in term.foreign.get(language, ())}
    if names(term, language)[0].lower() not in foreign:
        yield from (form for form in written(term, language) if form.lower() not in foreign)


def _any_of(forms: Iterable[str]) -> re.Pattern:
    """Matches any of the forms, each word with any ending."""
    spelt = (r"\w*[\s-]+".join(re.sub("['’]", "['’]", re.escape(word)) for word in re.split(r"[\s-]+", form)) for form in forms)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spelt)})", re.IGNORECASE)


def _spelt(form: str) -> str:
    """A form as a pattern: abbreviations in capitals alone, and any white space between words."""
    spelt = re.sub("['’]", "['’]", r"\s+".join(map(re.escape, form.split())))
    return spelt if form.isupper() else f"(?i:{spelt})"
