"""Drawings: an SVG template in `overrides/figures/` with its words from `bibliography/figures.yml`, in the page's language."""

from __future__ import annotations

from markupsafe import Markup

from pustaka.model import Page
from pustaka.render.publication import Publication


class UnknownFigure(Exception):
    """A page asks for a figure that there is not."""


def figure(publication: Publication, page: Page, name: str, alternative: str) -> str:
    """The HTML of a figure: the drawing with its words in the page's language, and a caption.

    Args:
        name: the key in figures.yml and the name of the template, without `.svg`.
        alternative: the text alternative that stands in the Markdown; it names the drawing for a screen reader.

    Raises:
        UnknownFigure: there is none of that name.
    """
    if name not in publication.site.figures:
        raise UnknownFigure(f"“figure:{name}” names no figure; there are: {', '.join(sorted(publication.site.figures))}")
    language = publication.language_of(page)
    words = in_language(publication.site.figures[name], language) | {"title": alternative}
    drawing = Markup(publication.templates.get_template(f"figures/{name}.svg").render(figure=words, language=language))
    return publication.templates.get_template("figures/figure.html").render(drawing=drawing, caption=words["caption"])


def in_language(value, language: str):
    """Of data whose leaves are {language: words}, the words of one language."""
    if isinstance(value, dict):
        if language in value:
            return value[language]
        return {name: in_language(item, language) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [in_language(item, language) for item in value]
    return value
