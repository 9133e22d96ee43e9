"""What a system needs to install the site like an app: a manifest for each language, and the icon in sizes of pixels.

Source: W3C, "Web Application Manifest", 1 (members) and 1.8.1 (maskable icons: nothing that counts outside the inner circle).
"""

from __future__ import annotations

import json
import re

import typst
from babel import Locale

from pustaka.render.cards import CardError
from pustaka.render.publication import Publication

#: Each icon: its size in pixels, how much of the square the drawing takes, whether a system may cut the square to a shape of its own.
_ICONS = {"assets/icon-192.png": (192, 1, False), "assets/icon-512.png": (512, 1, False), "assets/icon-512-maskable.png": (512, 0.66, True)}


def manifests(publication: Publication, styles: str) -> dict[str, str]:
    """The text of `LANGUAGE/manifest.webmanifest`; all its addresses are relative to it.

    Args:
        styles: the style sheet of the pages, whose paper is the colour of the app.
    """
    return {f"{language}/manifest.webmanifest": _manifest(publication, language, _paper(styles)) for language in publication.site.languages}


def _manifest(publication: Publication, language: str, colour: str) -> str:
    words, name = publication.words(language), publication.settings.name
    icons = [{"src": "../assets/icon.svg", "sizes": "any", "type": "image/svg+xml"}]
    for address, (size, _, maskable) in _ICONS.items():
        icon = {"src": f"../{address}", "sizes": f"{size}x{size}", "type": "image/png"}
        icons.append(icon | {"purpose": "maskable"} if maskable else icon)
    content = {
        "name": f"{name}: {words['tagline']}",
        "short_name": name,
        "lang": language,
        "dir": Locale.parse(publication.locale(language)).text_direction,
        "start_url": "./",
        "scope": "../",
        "display": "minimal-ui",  # with a way back: not every phone has a button for it
        "theme_color": colour,
        "background_color": colour,
        "icons": icons,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def icons(template: str, svg: str, styles: str) -> dict[str, bytes]:
    """The icons as PNG, by their address below the site's root.

    Args:
        template: the text of `overrides/cards/icon.typ`.
        svg: the text of `overrides/assets/icon.svg`.
        styles: the style sheet of the pages, whose paper is the ground of an icon that may be cut to any shape.

    Raises:
        CardError: the template or the drawing cannot be drawn.
    """
    return {
        address: _drawn(template, {"svg": svg, "size": str(size), "share": str(share), "ground": _paper(styles) if maskable else "none"})
        for address, (size, share, maskable) in _ICONS.items()
    }


def _drawn(template: str, inputs: dict[str, str]) -> bytes:
    try:
        return typst.compile(template.encode(), sys_inputs=inputs, format="png", ppi=72)
    except typst.TypstError as error:
        raise CardError(f"the icon cannot be drawn: {error.diagnostic.strip()}") from error


def _paper(styles: str) -> str:
    """The ground of the light pages: the first `--paper` of the style sheet; white where it has none."""
    found = re.search(r"--paper:\s*(#\w+)", styles)
    return found[1] if found else "#ffffff"
