"""Page numbers and their ranges: "31--40", "xii--xv", "S4, S9--S11"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

DASH = r"\s*(?:-+|[‐‑‒–—―−])\s*"
_NUMBER = re.compile(r"(?P<series>[A-Za-z]*)(?P<number>\d{1,9})")
_ROMAN = re.compile(r"m{0,3}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


@dataclass(frozen=True)
class Span:
    """From a first page to a last one, both of one series: "" for plain numbers, "roman", or letters ("S")."""

    written: str
    series: str
    first: int
    last: int

    @property
    def is_reversed(self) -> bool:
        return self.last < self.first

    def __contains__(self, other: Span) -> bool:
        # Of a last page that is cut short (131–9) nothing is known: the first alone is compared.
        return self.series == other.series and self.first <= other.first <= self.last and (other.is_reversed or other.last <= self.last)


def spans(text: str) -> Iterator[Span | None]:
    """The ranges in a list of pages, a single page being a range of itself; None for a part that is no range of numbers."""
    for part in re.split(r"\s*[,;&]\s*", text.strip()):
        ends = [_page(end) for end in re.split(DASH, part)]
        if len(ends) > 2 or None in ends or ends[0][0] != ends[-1][0]:
            yield None
        else:
            yield Span(part, ends[0][0], ends[0][1], ends[-1][1])


def _page(text: str) -> tuple[str, int] | None:
    """(series, number) of one page, or None when it is not a number of any kind we can compare."""
    if number := _NUMBER.fullmatch(text):
        return number["series"].upper(), int(number["number"])
    if text and _ROMAN.fullmatch(text):
        values = [_ROMAN_VALUES[letter] for letter in text.lower()]
        return "roman", sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
    return None
