"""Dates, numbers and foreign words as a language writes them; the patterns are the Unicode CLDR's, by Babel."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import date

from babel import Locale
from babel.dates import format_date, get_date_format
from babel.numbers import format_decimal


def long_date(iso: str, locale: str) -> str:
    """ "2022-06-08" -> "8 Juni 2022" (locale "id"), "8 June 2022" ("en_GB")."""
    return format_date(date.fromisoformat(iso), format="long", locale=locale)


def is_day_first(locale: str) -> bool:
    """Whether dates in words begin with the day, as "21 November 2026" ("id-ID") does and "November 21, 2026" ("en-US") does not."""
    return get_date_format("long", Locale.parse(locale, sep="-")).pattern.startswith("d")


def file_size(count: int, locale: str) -> str:
    """A number of bytes as kilobytes (1,000 bytes) with one decimal: "0,4 kB"."""
    return f"{format_decimal(round(count / 1000, 1), locale=locale)} kB"


def megabytes(count: int, locale: str) -> str:
    """A number of bytes as megabytes (1,000,000 bytes), as data plans are sold, with one decimal and never none: "0,9 MB"."""
    return f"{format_decimal(max(0.1, round(count / 1_000_000, 1)), locale=locale)}\u00a0MB"


def mark_foreign(text: str, foreign: Mapping[str, str]) -> str:
    """Text as HTML in which each foreign word carries its language: {"marketplace": "en"}."""
    escaped = html.escape(text, quote=False)
    if not foreign:
        return escaped
    words = sorted((html.escape(word, quote=False) for word in foreign), key=len, reverse=True)
    languages = {html.escape(word, quote=False).lower(): language for word, language in foreign.items()}
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda match: f'<i lang="{html.escape(languages[match[0].lower()])}">{match[0]}</i>', escaped)


def language_name(language: str, locale: str) -> str:
    """What a language is called in a locale: "en" is "Inggris" in "id"; its tag where the CLDR has no name."""
    return Locale.parse(locale).languages.get(language, language)
