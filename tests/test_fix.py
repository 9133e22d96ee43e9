"""Mends: they change their spans and nothing else, whatever the file's line ends."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pustaka.fix import diff, fixed, write_atomically
from pustaka.model import Fix, Place, Source


def at(line: int, column: int, old: str, new: str) -> Fix:
    return Fix(Place("a.bib", line, column), old, new)


DASH = at(2, 12, "10-20", "10--20")
ENTRY = "@book{a,\n  pages = {10-20},  \n}"


# -- Mending ------------------------------------------------------------------------------------------------------


def test_a_mend():
    assert fixed(ENTRY, [DASH]) == "@book{a,\n  pages = {10--20},  \n}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\ufeff@book{a,\r\n  pages = {10-20}, \r\n}", "\ufeff@book{a,\r\n  pages = {10--20}, \r\n}"),
        ("@book{\ra,\n  pages = {10-20}, \r\n\r", "@book{\ra,\n  pages = {10--20}, \r\n\r"),
        ("\r\r\n  pages = {10-20}\n\n\n", "\r\r\n  pages = {10--20}\n\n\n"),
    ],
    ids=["mark and CRLF", "mixed and lone", "carriage return before CRLF"],
)
def test_nothing_else_is_touched(before, after):
    assert fixed(before, [DASH]) == after


def test_in_the_first_line_behind_the_mark():
    assert fixed("\ufeff@BOOK{a}", [at(1, 2, "BOOK", "book")]) == "\ufeff@book{a}"


def test_a_mend_over_lines_keeps_the_files_line_ends():
    assert fixed("a\r\nb\r\nc\r\n", [at(1, 1, "a\nb", "x\ny\nz")]) == "x\r\ny\r\nz\r\nc\r\n"


def test_a_mend_at_a_line_end():
    assert fixed("a\r\nb\r\n", [at(1, 2, "\n", ",\n")]) == "a,\r\nb\r\n"
    assert fixed("a\r\nb\r\n", [at(1, 2, "", ",")]) == "a,\r\nb\r\n"


@pytest.mark.parametrize(
    "fix",
    [
        at(2, 12, "11-20", "11--20"),
        at(2, 1, "10-20", "10--20"),
        at(9, 1, "10-20", "10--20"),
        at(0, 1, "@", "x"),
        at(1, 0, "@", "x"),
        at(1, 21, "10-20", "10--20"),  # line 2, if columns could run over
        at(3, 9, "", "x"),
    ],
    ids=["other words", "other column", "no such line", "line 0", "column 0", "beyond the line", "beyond the text"],
)
def test_what_does_not_stand_there_is_left(fix):
    assert fixed(ENTRY, [fix]) == ENTRY


def test_of_two_that_overlap_the_first_wins():
    assert fixed("abcdef\n", [at(1, 3, "cd", "CD"), at(1, 2, "bc", "BC"), at(1, 4, "d", "X")]) == "aBCXef\n"


def test_the_same_mend_twice_is_made_once():
    assert fixed("ab\n", [at(1, 2, "", "-"), at(1, 2, "", "-")]) == "a-b\n"


@pytest.mark.parametrize("fix", [DASH, at(2, 14, "-", "--"), at(2, 11, "", "~"), at(1, 1, "@book", "@article")])
def test_a_second_time_nothing_changes(fix):
    once = fixed(ENTRY, [fix])
    assert once != ENTRY
    assert fixed(once, [fix]) == once


LETTERS = st.text("ab -{}é\u0301👩", max_size=12)
LINES = st.lists(LETTERS, min_size=1, max_size=6)
ENDS = st.lists(st.sampled_from(["\n", "\r\n"]), min_size=6, max_size=6)


@st.composite
def mended(draw) -> tuple[str, list[Fix], str]:
    """A file, mends that do not overlap, and what must come of it, put together from the same pieces."""
    before, after, checked, fixes = [], [], "", []
    for piece in draw(st.lists(st.tuples(LETTERS, LETTERS.filter(bool), LETTERS, st.sampled_from(["", "\n", "\r\n"])), max_size=8)):
        kept, old, new, end = piece
        assume(not new.startswith(old))  # that stands already
        fixes.append(Fix(Place("a.bib").after(checked + kept), old, new))
        checked += kept + old + end.replace("\r", "")
        before.append(kept + old + end)
        after.append(kept + new + end)
    mark = draw(st.sampled_from(["", "\ufeff"]))
    return mark + "".join(before), draw(st.permutations(fixes)), mark + "".join(after)


@given(mended())
def test_only_the_spans_of_the_mends_change(case):
    before, fixes, after = case
    assert fixed(before, fixes) == after


@given(LINES, ENDS, st.booleans(), st.data())
def test_places_of_the_checked_text_are_found_in_the_file(lines, ends, marked, data):
    text = ("\ufeff" if marked else "") + "".join(line + end for line, end in zip(lines, ends, strict=False))
    source = Source("a.bib", text.removeprefix("\ufeff").replace("\r\n", "\n"))
    start = data.draw(st.integers(0, len(source.text) - 1))
    end = data.draw(st.integers(start, len(source.text)))
    mend = fixed(text, [Fix(source.place(start), source.text[start:end], "XYZ")])
    assert mend.removeprefix("\ufeff").replace("\r\n", "\n") == f"{source.text[:start]}XYZ{source.text[end:]}"
    assert mend.startswith("\ufeff") == marked
    assert "\r" not in mend.replace("\r\n", "")


def test_time_grows_with_the_file():
    lines = [f"  pages = {{{number}-{number + 5}}},\n" for number in range(100_000)]
    fixes = [at(number + 1, 12, f"{number}-", f"{number}--") for number in range(0, 100_000, 10)]
    start = time.perf_counter()
    text = "".join(lines)
    after = fixed(text, fixes)
    assert diff("a.bib", text, after).count("\n-") == len(fixes) == after.count("--")
    assert time.perf_counter() - start < 5


# -- The diff -----------------------------------------------------------------------------------------------------


def test_diff():
    before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"
    assert diff("a.bib", before, before.replace("five", "5")) == (
        "--- a.bib\n+++ a.bib\n@@ -2,6 +2,6 @@\n two\n three\n four\n-five\n+5\n six\n seven\n"
    )


def test_diff_of_what_does_not_change():
    assert diff("a.bib", "one\n", "one\n") == ""


def test_diff_without_a_line_feed_at_the_end():
    no_end = "\\ No newline at end of file\n"
    assert diff("a.bib", "one", "1") == f"--- a.bib\n+++ a.bib\n@@ -1 +1 @@\n-one\n{no_end}+1\n{no_end}"


MANY = st.lists(st.sampled_from(["a", "b", "", "c\r", "d"]), min_size=1, max_size=30)


@given(MANY, st.data(), st.booleans())
def test_patch_makes_of_it_what_was_meant(tmp_path_factory, old, data, added):
    new = [data.draw(st.sampled_from([line, line, line, f"{line}!"])) for line in old] + (["new"] if added else [])
    ends = data.draw(st.sampled_from(["", "\n"]))
    before, after = "\n".join(old) + ends, "\n".join(new) + ends
    assume(before and after)
    folder = tmp_path_factory.mktemp("patch")
    (folder / "a.bib").write_bytes(before.encode())
    shown = diff("a.bib", before, after)
    command = ["git", "apply", "-p0", "--whitespace=nowarn", "--allow-empty", "-"]
    subprocess.run(command, cwd=folder, input=shown.encode(), check=True, capture_output=True)
    assert (folder / "a.bib").read_bytes() == after.encode()


# -- The file -----------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.bib"
    path.write_bytes(b"before\r\n")
    path.chmod(0o640)
    return path


def test_write(file):
    write_atomically(file, b"after\r\n")
    assert file.read_bytes() == b"after\r\n"
    assert file.stat().st_mode & 0o7777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["a.bib"]


def test_write_through_a_link(file):
    link = file.with_name("link.bib")
    link.symlink_to(file.name)
    write_atomically(link, b"after\n")
    assert link.is_symlink()
    assert file.read_bytes() == b"after\n"


def test_a_failure_leaves_the_file_as_it_was(file, monkeypatch):
    def fail(source, target):
        raise OSError("no room")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no room"):
        write_atomically(file, b"after\n")
    assert file.read_bytes() == b"before\r\n"
    assert [path.name for path in file.parent.iterdir()] == ["a.bib"]


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "a.bib", b"after\n")
    assert list(tmp_path.iterdir()) == []
