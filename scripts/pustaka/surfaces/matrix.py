"""What all surfaces say, as a table: surface by field, for every page, every study's files and every list of works.

Pages whose tables are the same are printed with one table, for a site has hundreds of them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pustaka.surfaces import FIELDS
from pustaka.surfaces.reading import SURFACES, Comparison, Reading, Trouble

AGREES, DISAGREES, NOT_SAID = "✓", "✗", "·"

_WIDTH, _LABEL, _CELL = 100, 16, 6
_HEADINGS = dict(zip(FIELDS, "title auth. ORCID date cont. vol. issue pages DOI URL type lang. lic. kind vers.".split(), strict=True))
_ORDER = {name: number for number, name in enumerate(SURFACES)}


class Count(NamedTuple):
    """How many fields agree and disagree, and how much is amiss besides."""

    agree: int
    disagree: int
    amiss: int


#: The rows of a table: of what ("page", "study", ...) which surface says what, mark by mark.
_Table = tuple[tuple[str, str, str], ...]


def matrix(reading: Reading) -> str:
    """The tables of all that was read."""
    groups: dict[_Table, list[str]] = {}
    for name, (comparisons, troubles) in _blocks(reading).items():
        groups.setdefault((*_table(comparisons), *_amiss(troubles)), []).append(name)
    return "\n".join(_printed(names, table) for table, names in groups.items())


def count(reading: Reading) -> Count:
    """The sums of all tables."""
    agree = sum(len(comparison.right) for comparison in reading.comparisons)
    return Count(agree, sum(len(comparison.wrong) for comparison in reading.comparisons), len(reading.troubles))


def _blocks(reading: Reading) -> dict[str, tuple[list[Comparison], list[Trouble]]]:
    """What belongs together: by the page, or the files of a study or a list without their suffix."""
    blocks: dict[str, tuple[list[Comparison], list[Trouble]]] = {}
    for comparison in reading.comparisons:
        blocks.setdefault(comparison.statement.group, ([], []))[0].append(comparison)
    for trouble in reading.troubles:
        blocks.setdefault(trouble.group, ([], []))[1].append(trouble)
    return blocks


def _amiss(troubles: Iterable[Trouble]) -> _Table:
    """A row for each surface that has something amiss beside its fields, with the rules that tell it."""
    codes: dict[str, list[str]] = {}
    for trouble in troubles:
        codes.setdefault(trouble.surface, []).append(trouble.code)
    return tuple(("amiss", surface, " ".join(dict.fromkeys(found))) for surface, found in codes.items())


def _table(comparisons: Iterable[Comparison]) -> _Table:
    rows: dict[tuple[str, str], list[Comparison]] = {}
    for comparison in comparisons:
        subject = comparison.statement.subject.partition(" ")[0]
        rows.setdefault(("works" if comparison.statement.in_list else subject, comparison.statement.surface), []).append(comparison)
    ordered = sorted(rows, key=lambda row: (row[0], _ORDER[row[1]]))
    return tuple((*row, "".join(_marks(rows[row]))) for row in ordered)


def _marks(comparisons: Iterable[Comparison]) -> Iterator[str]:
    """A mark for each field: of a list's works, whether all of them agree."""
    wrong = {name for comparison in comparisons for name in comparison.wrong}
    right = {name for comparison in comparisons for name in comparison.right}
    return (DISAGREES if name in wrong else AGREES if name in right else NOT_SAID for name in FIELDS)


def _printed(names: list[str], table: _Table) -> str:
    heading = textwrap.fill("  ".join(names), _WIDTH, break_on_hyphens=False, break_long_words=False)
    lines = [*([heading] if len(names) == 1 else [heading, f"({len(names)})"]), ""]
    before = ""
    for subject, surface, marks in table:
        if subject == "amiss":
            lines.append(f"  {surface}".ljust(_LABEL) + f"{DISAGREES} {marks}".rjust(_CELL + len(marks) + 1))
            continue
        if subject != before:
            lines.append(subject.ljust(_LABEL) + "".join(_HEADINGS[name].rjust(_CELL) for name in FIELDS))
        before = subject
        lines.append(f"  {surface}".ljust(_LABEL) + "".join(mark.rjust(_CELL) for mark in marks))
    return "\n".join([*lines, ""])
