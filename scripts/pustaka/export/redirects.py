"""Pages at old and short addresses that lead to where the text is, in every language: static, for a server that only has files.

With a script a reader is taken to the very place that was asked for, without one to the page by `http-equiv="refresh"` (HTML, “Pragma
directives”), and where neither works by a link. Search engines are told to keep the target alone (RFC 6596, `canonical`; `noindex`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pustaka.addresses import split, spoken
from pustaka.render import aliases
from pustaka.render.address import absolute, relative
from pustaka.render.delivery import POLICY, policy
from pustaka.render.publication import Publication


def redirects(publication: Publication) -> dict[str, str]:
    """The text of each redirect page, by its address below the site's root."""
    template = publication.templates.get_template("redirect.html")
    return {
        _file(spoken(old, language)): _page(publication, template, old, new, language)
        for old, new in publication.redirects.items()
        if not split(old)[1]
        for language in publication.site.languages
    }


def _file(address: str) -> str:
    """The file that a server gives for an address: of a folder its index, of a file without one a folder of its name."""
    return address if address.endswith(".html") else f"{address.removesuffix('/')}/index.html"


def _page(publication: Publication, template, old: str, new: str, language: str) -> str:
    origin = spoken(old, language)
    if not origin.endswith(("/", ".html")):
        origin += "/"
    html = template.render(
        language=language,
        words=publication.words(language),
        site_name=publication.settings.name,
        canonical=absolute(publication.settings.address, split(spoken(new, language))[0]),
        target=_link(publication, origin, new, language),
        moved=[{"id": identifier, **_link(publication, origin, target, language)} for identifier, target in _ids(publication, old)],
    )
    return html.replace(f'content="{POLICY}"', f'content="{policy(html)}"', 1)


def _ids(publication: Publication, old: str) -> Iterator[tuple[str, str]]:
    """The ids of an old page that have a line of their own, and where each leads."""
    for address, target in publication.redirects.items():
        page, identifier = split(address)
        if identifier and page == old:
            yield identifier, target


def _link(publication: Publication, origin: str, target: str, language: str) -> dict:
    return {"href": relative(origin, spoken(target, language)), "title": aliases.title(publication, target, language)}
