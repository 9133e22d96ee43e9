"""Drawings: a form in `overrides/figures/FORM.svg` with the words of `bibliography/figures.yml`, in the page's language."""

from __future__ import annotations

import re
from functools import partial

from babel.numbers import format_decimal
from markupsafe import Markup

from pustaka.model import Page
from pustaka.render.publication import Publication

#: The size of the letters, in the units of a drawing that is 340 wide: 13 px on a screen of 320 px.
LETTERS = 15.5

#: How wide letters are at most, in thousandths of their size. A page's letters are the reader's own; these are of DejaVu Sans,
#: the widest of the fonts that devices come with, so that what fits by them fits by all.
_WIDTHS = {320: " ijl.,:;!|'’‘·I", 410: 'frt()[]-/"“”', 550: "csz", 860: "wM", 1000: "mW%—@"}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_LOWER, _CAPITAL, _BOLD = 640, 760, 1.1


class FigureError(Exception):
    """A figure that a page asks for cannot be drawn."""


def figure(publication: Publication, page: Page, name: str, alternative: str, identifier: str) -> str:
    """A drawing as SVG, with its words in the page's language.

    Args:
        name: the key in figures.yml; what stands there names the form.
        alternative: the text alternative that stands in the Markdown; it names the drawing for a screen reader.
        identifier: what the ids in the drawing begin with; it is on the page once.

    Raises:
        FigureError: there is none of that name, or a word in it is wider than the place that it has.
    """
    site, language = publication.site, publication.language_of(page)
    if name not in site.figures:
        raise FigureError(f"“figure:{name}” names no figure; there are: {', '.join(sorted(site.figures))}")
    words = in_language(site.figures[name], language) | {"id": identifier, "title": alternative}
    template = publication.templates.get_template(f"figures/{words['form']}.svg")
    number = partial(format_decimal, locale=publication.locale(language).replace("-", "_"))
    try:
        drawing = template.render(figure=words, language=language, line=line, lines=lines, number=number)
    except FigureError as error:
        raise FigureError(f"{error} (the figure “{name}”, {site.figure_places[name]})") from None
    return Markup(re.sub(r">\s+<", "><", drawing))


def in_language(value, language: str):
    """Of data whose leaves are {language: words}, the words of one language."""
    if isinstance(value, dict):
        if language in value:
            return value[language]
        return {name: in_language(item, language) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [in_language(item, language) for item in value]
    return value


def lines(words: str, room: float, bold: bool = False) -> list[str]:
    """Words as lines that are at most `room` wide in the units of the drawing, because SVG breaks no line by itself.

    They are as few as can be and as even as can be.

    Raises:
        FigureError: one word alone is wider.
    """
    for word in words.split():
        if _wide(word, bold) > room:
            raise FigureError(f"the word “{word}” is wider than its place in the drawing: use a shorter one")
    out = _broken(words, room, bold)
    too_narrow, even = 0.0, room
    while even - too_narrow > LETTERS / 2:
        middle = (too_narrow + even) / 2
        tried = _broken(words, middle, bold)
        if len(tried) > len(out):
            too_narrow = middle
        else:
            even, out = middle, tried
    return out


def _broken(words: str, room: float, bold: bool) -> list[str]:
    """Words as lines, each with as many of them as there is room for, and with one at least."""
    out: list[str] = []
    for word in words.split():
        if out and _wide(f"{out[-1]} {word}", bold) <= room:
            out[-1] += f" {word}"
        else:
            out.append(word)
    return out


def line(words: str, room: float, bold: bool = False) -> str:
    """Words that have one line.

    Raises:
        FigureError: they are wider.
    """
    if len(lines(words, room, bold)) > 1:
        raise FigureError(f"“{words}” is wider than its one line in the drawing: use fewer or shorter words")
    return words


def _wide(text: str, bold: bool) -> float:
    """How wide a text is at most."""
    thousandths = sum(_WIDTH.get(letter) or (_CAPITAL if letter.isupper() else _LOWER) for letter in text)
    return thousandths / 1000 * LETTERS * (_BOLD if bold else 1)
