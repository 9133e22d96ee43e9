"""The accent of a site: the colour of links and headings, in the light and in the dark.

Text must stand out by 7:1 from every ground that it stands on (WCAG 2.2, 1.4.6); where a colour does not, the nearest that does is
looked for by making it darker or lighter, with its hue and saturation.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Iterator

from pustaka.founding import Unfounded
from pustaka.model import say

#: WCAG 2.2, success criterion 1.4.6, "Contrast (Enhanced)".
CONTRAST = 7.0
_SET = re.compile(r"--(?P<name>[\w-]+): (?P<colour>#[0-9a-f]{6})")
_STEPS = 200


def sets(styles: str) -> list[dict[str, str]]:
    """The colours that each `:root` rule of a style sheet sets, by name, in its order."""
    rules = re.findall(r":root[^{}]*\{([^{}]*)\}", styles)
    return [{found["name"]: found["colour"] for found in _SET.finditer(rule)} for rule in rules if "--accent" in rule]


def replacements(page_styles: str, rest_styles: str, accent: str) -> dict[str, str]:
    """Which colour takes the place of which.

    Args:
        page_styles: `overrides/styles/page.css`, which sets the light colours first, then the dark ones.
        rest_styles: `overrides/styles/rest.css`, which sets those of paper.
        accent: the new one on light paper, "#rrggbb".

    Raises:
        Unfounded: it is no colour, or does not stand out from light paper; the message names the nearest that does.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        raise Unfounded(say("“{accent}” is no colour: write it as #rrggbb, for instance #0a5838", accent=accent))
    accent = accent.lower()
    light, dark = sets(page_styles)[:2]
    light_grounds, dark_grounds = ([each[name] for name in ("paper", "tint")] for each in (light, dark))
    nearest = _standing_out(accent, light_grounds, darker=True)
    if nearest != accent:
        found = min(contrast(accent, ground) for ground in light_grounds)
        message = say(
            "the colour {accent} stands out by {found} to 1 where 7 is needed: the nearest that will do is {nearest}",
            accent=accent,
            found=f"{found:.1f}",
            nearest=nearest,
        )
        raise Unfounded(message)
    printed = next(each["accent"] for each in sets(rest_styles))
    return {
        light["accent"]: accent,
        dark["accent"]: _standing_out(accent, dark_grounds, darker=False),
        printed: _standing_out(accent, ["#d0d0d0"], darker=True),  # as dark as a poor printer needs
    }


def replaced(text: str, colours: dict[str, str]) -> str:
    """A text with other colours, all at once."""
    return re.sub("|".join(map(re.escape, colours)), lambda found: colours[found.group()], text) if colours else text


def _standing_out(colour: str, grounds: Iterable[str], darker: bool) -> str:
    """The colour, or the nearest darker (or lighter) one, that stands out from every ground."""
    grounds = list(grounds)
    return next(each for each in _from(colour, darker) if all(contrast(each, ground) >= CONTRAST for ground in grounds))


def _from(colour: str, darker: bool) -> Iterator[str]:
    """The colour, and then its way to black or to white."""
    yield colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    for step in range(1, _STEPS + 1):
        share = step / _STEPS
        to = lightness * (1 - share) if darker else lightness + (1 - lightness) * share
        yield "#" + "".join(f"{round(channel * 255):02x}" for channel in colorsys.hls_to_rgb(hue, to, saturation))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    linear = (channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in _channels(colour))
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _channels(colour: str) -> tuple[float, float, float]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
