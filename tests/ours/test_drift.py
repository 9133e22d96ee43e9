"""Drift between the languages is found on our pages: a thing is changed in one language, and the rule for it speaks.

What was planted and which rule found it, as a table:

    PYTHONPATH=scripts:tests python tests/ours/test_drift.py
"""

# ruff: noqa: F811 (the fixtures that are shared have the names of arguments)

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from test_translations import agreed, agreed_copy, before, codes, run  # noqa: F401 (fixtures)


class Drift(NamedTuple):
    """A way to drift: in the first file that matches `files` (below docs/LANGUAGE/) and has it, `pattern` becomes `new`, once."""

    way: str
    code: str
    language: str
    pattern: str
    new: str | Callable[[re.Match], str]
    files: str = "**/*.md"


def without_last_cell(match: re.Match) -> str:
    """A table's rows without their last cells."""
    return "".join(f"{line.rsplit('|', 2)[0]}|\n" for line in match.group().splitlines())


def swapped(match: re.Match) -> str:
    return match[2] + match[1]


SECTION = r"^## .*\n(?:(?!## ).*\n)*"


TABLE = r"(?:^\|.*\|\n)+"


DRIFTS = [
    Drift("a heading removed", "L402", "en", r"^## .*\n", ""),
    Drift("a heading's id changed", "L402", "en", r"^(## .*\{#)", r"\1new-"),
    Drift("a heading without its id", "L402", "id", r"^(## .*) \{#.*\}$", r"\1"),
    Drift("a heading's level changed", "L402", "en", r"^### ", "#### "),
    Drift("two sections in another order", "L402", "id", rf"({SECTION})({SECTION})", swapped, "abcd.md"),
    Drift("a section added in one language", "L402", "en", r"\Z", "\n## More {#more}\n\nWords.\n", "about.md"),
    Drift("a citation removed", "L403", "en", r" \[@[^\]]+\]", "", "studies/**/*.md"),
    Drift("a citation's key changed", "L403", "en", r"@zaifuddin2022", "@ramdhan2025", "studies/**/*.md"),
    Drift("a locator changed", "L403", "id", r"bag\. a\]", "bag. b]"),
    Drift("a locator's label changed", "L403", "en", r"para\. (\d)\]", r"p. \1]"),
    Drift("a year changed", "L404", "en", r"\bin 2018\b", "in 2019", "studies/**/*.md"),
    Drift("an amount changed", "L404", "en", r"Rp100,000", "Rp10,000"),
    Drift("an amount written as in another language", "L404", "en", r"Rp100,000", "Rp100.000"),
    Drift("an amount of another currency", "L404", "id", r"Rp100\.000", "US$100.000"),
    Drift("a day changed", "L404", "en", r"\b3 June\b", "4 June"),
    Drift("a month changed", "L404", "id", r"\b3 Juni\b", "3 Juli"),
    Drift("a number in words changed", "L404", "en", r"\bfifty\b", "sixty"),
    Drift("an ordinal changed", "L404", "id", r"\bpertama\b(.*)\bketiga\b", r"pertama\1keempat"),
    Drift("a number in the description changed", "L404", "en", r"^(description: .*)\(2025\)", r"\1(2024)"),
    Drift("a figure removed", "L406", "en", r"^!\[.*\]\(figure:.*\)\n", ""),
    Drift("another figure shown", "L406", "id", r"\(figure:orders\)", "(figure:aid)"),
    Drift("a row of a table removed", "L407", "en", r"^\|(?!-)(?!.*\n\|-).*\|\n", ""),
    Drift("a column of a table removed", "L407", "id", TABLE, without_last_cell),
    Drift("a table removed", "L407", "en", TABLE, "", "compare.md"),
    Drift("an item of a list removed", "L408", "en", r"^- (?!\[).*\n", ""),
    Drift("an option of a question removed", "L408", "id", r"^- \[ \] .*\n", ""),
    Drift("a link to another heading", "L409", "en", r"\]\(((?:\w+/)*\w+\.md)#[\w-]+\)", r"](\1#other)"),
    Drift("a link to another page", "L409", "id", r"\]\(method\.md", "](index.md"),
    Drift("a link elsewhere changed", "L409", "en", r"\]\(https://[^)]*\)", "](https://example.org/)"),
    Drift("a link removed", "L409", "id", r"(?<!!)\[([^\]@]+)\]\((?!figure)[^)]*\.md[^)]*\)", r"\1"),
    Drift("a note's block dissolved", "L410", "en", r"^/// note .*\n((?:(?!///).*\n)+)///\n", r"\1"),
    Drift("a finding's nutshell removed", "L410", "id", r"^/// finding\n(?:(?!///).*\n)+///\n", "", "studies/**/*.md"),
    Drift("a question's right answer moved", "L411", "en", r"^- \[x\] (.*)\n- \[ \] (.*)\n", r"- [ ] \1\n- [x] \2\n"),
    Drift("a second answer marked as right", "L411", "id", r"^- \[ \] ", "- [x] "),
    Drift("a term replaced by another word", "L412", "en", r"\bNext comes segmentation\b", "Next comes sorting"),
    Drift("a term not used where the other language does", "L412", "id", r"\bdan responsivitas menjadi\b", "dan kesigapan menjadi"),
    Drift("a paragraph reworded in English", "L413", "en", r"^Temuan is edited by", "Temuan is made by"),
    Drift("a paragraph reworded in Indonesian", "L413", "id", r"^(Temuan )", r"Situs \1", "about.md"),
    Drift("a sentence added in one language", "L413", "en", r"(?<=\.)$", " Nothing else is known.", "about.md"),
    Drift("the description changed", "L413", "id", r"^description: ", "description: Baru. ", "compare.md"),
    Drift("the title changed", "L413", "en", r"^title: .*", "title: Other words", "compare.md"),
    Drift("a heading reworded", "L413", "en", r"^## .* \{", "## Other words {", "compare.md"),
]


def plant(root: Path, drift: Drift) -> Path:
    """Let a copy of the project drift; returns the file that was changed."""
    for file in sorted((root / "docs" / drift.language).glob(drift.files)):
        text = file.read_text("utf-8")
        new = re.sub(drift.pattern, drift.new, text, count=1, flags=re.MULTILINE)
        if new != text:
            file.write_text(new, "utf-8")
            return file
    raise AssertionError(f"no page has it: {drift}")


@contextmanager
def drifted(root: Path, drift: Drift) -> Iterator[None]:
    docs = {file: file.read_bytes() for file in (root / "docs").rglob("*.md")}
    try:
        plant(root, drift)
        yield
    finally:
        for file, data in docs.items():
            file.write_bytes(data)


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.way)
def test_drift_is_found(drift, agreed, before):
    with drifted(agreed, drift):
        assert codes(agreed)[drift.code] > before[drift.code]


def test_a_page_missing_in_one_language_is_found(agreed):
    page = agreed / "docs/en/about.md"
    kept = page.read_bytes()
    page.unlink()
    try:
        assert "L401" in codes(agreed)
    finally:
        page.write_bytes(kept)


if __name__ == "__main__":
    print("| drift planted | where | found by |\n|---|---|---|")
    with agreed_copy() as copy:
        before_drift = codes(copy)
        for each in DRIFTS:
            with drifted(copy, each):
                found = sorted((codes(copy) - before_drift).keys())
                print(f"| {each.way} | {each.language} | {', '.join(found) or 'NOTHING'} |")
                sys.stdout.flush()
