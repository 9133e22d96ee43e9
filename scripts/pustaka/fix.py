"""Puts the mends that are certain into a file's text, shows them as a diff, and writes the file in one step."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from difflib import unified_diff
from itertools import accumulate
from pathlib import Path

from pustaka.model import Fix

_CONTEXT = 3  # lines around a change, as diff(1) shows them


def fixed(text: str, fixes: Iterable[Fix]) -> str:
    """A file's text with its mends.

    A mend whose `old` does not stand at its place is left out, as is one that stands already, and one that overlaps
    another further up in the file. Nothing else is touched: line ends, a byte order mark, spaces at line ends stay.

    Args:
        text: as the file has it, decoded. The places of the mends are those of the text that was checked, in which the
            byte order mark is dropped and CRLF is one line feed.
        fixes: of this file.
    """
    lines = _Lines(text)
    parts, position, latest = [], 0, -1
    for fix in sorted(fixes, key=lambda fix: fix.place):
        span = lines.span(fix)
        if span and span[0] >= position and span[0] > latest:
            parts += [text[position : span[0]], lines.ended_alike(fix.new)]
            latest, position = span
    return "".join((*parts, text[position:]))


class _Lines:
    """Maps the text that was checked onto the text as the file has it: line by line, for columns are the same in both."""

    def __init__(self, text: str):
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        self.checked = text.removeprefix(mark).replace("\r\n", "\n")
        self.line_end = re.search(r"\r?\n|\Z", text).group() or "\n"  # the first one's kind
        self.checked_starts = _starts(self.checked)
        self.starts = _starts(text)
        self.starts[0] = len(mark)

    def span(self, fix: Fix) -> tuple[int, int] | None:
        """Where, in the text as the file has it, `old` begins and ends; None where it does not stand, or `new` does."""
        if not 1 <= fix.place.line <= len(self.starts) or fix.place.column < 1:
            return None
        start = self.checked_starts[fix.place.line - 1] + fix.place.column - 1
        end = start + len(fix.old)
        stands_already = fix.new.startswith(fix.old) and self.checked.startswith(fix.new, start)
        if stands_already or not self.checked.startswith(fix.old, start) or self._line(start) != fix.place.line - 1:
            return None
        return self._in_file(start), self._in_file(end)

    def ended_alike(self, text: str) -> str:
        """With the file's own line ends."""
        return text.replace("\n", self.line_end)

    def _line(self, position: int) -> int:
        return bisect_right(self.checked_starts, position) - 1

    def _in_file(self, position: int) -> int:
        line = self._line(position)
        return self.starts[line] + position - self.checked_starts[line]


def _starts(text: str) -> list[int]:
    """Where each line begins."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n")[:-1])]


# -- The diff ---------------------------------------------------------------------------------------------------------


def diff(path: str, before: str, after: str) -> str:
    """What changes, in the unified format (POSIX, diff -u), so that patch(1) and git can apply it; "" when nothing does.

    Quick where no line was added or taken out, which is what mends do; else difflib compares, which takes its time.
    """
    if before == after:
        return ""
    old, new = _split(before), _split(after)
    as_long = len(old) == len(new)
    lines = [f"--- {path}\n", f"+++ {path}\n", *_hunks(old, new)] if as_long else unified_diff(old, new, path, path, n=_CONTEXT)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _split(text: str) -> list[str]:
    """The lines with their line feeds. A lone carriage return ends no line, as in patch(1)."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    """The hunks of two texts with equally many lines, line against line: difflib's time grows with the square."""
    changed = [number for number, (one, other) in enumerate(zip(old, new, strict=True)) if one != other]
    for first, last in _runs(changed):
        start, stop = max(0, first - _CONTEXT), min(len(old), last + 1 + _CONTEXT)
        where = f"{start + 1}" if stop - start == 1 else f"{start + 1},{stop - start}"
        yield f"@@ -{where} +{where} @@\n"
        removed, added = [], []
        for one, other in zip(old[start:stop], new[start:stop], strict=True):
            if one != other:
                removed.append(f"-{one}")
                added.append(f"+{other}")
                continue
            yield from (*removed, *added, f" {one}")
            removed, added = [], []
        yield from (*removed, *added)


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of the numbers whose context meets."""
    first = last = numbers[0]
    for number in numbers[1:]:
        if number - last > 2 * _CONTEXT:
            yield first, last
            first = number
        last = number
    yield first, last


# -- The file ---------------------------------------------------------------------------------------------------------


def write_atomically(path: Path, data: bytes) -> None:
    """Put a file in the place of the one that is there, in one step: whoever reads sees the old or the new, whole.

    The file that a link points at is replaced, not the link; its permissions stay.

    Raises:
        OSError: the file is not there, or cannot be written; it is as it was.
    """
    path = path.resolve(strict=True)
    mode = path.stat().st_mode
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode & 0o7777)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write files, new ones and others in the place of those that are there: all of them, or none.

    Every text is on the disk, beside its place, before the first takes it; what was there is put back when one cannot.

    Raises:
        OSError: one cannot be written; all is as it was.
    """
    made: list[Path] = []  # folders
    waiting: dict[Path, Path] = {}
    replaced: dict[Path, bytes | None] = {}
    try:
        for path, data in files.items():
            made += _folders(path.parent)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            waiting[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
        for path, written in waiting.items():
            replaced[path] = path.read_bytes() if path.exists() else None
            os.replace(written, path)
    except BaseException:
        for path, before in replaced.items():
            if before is not None:
                path.write_bytes(before)
            else:
                path.unlink(missing_ok=True)
        for written in waiting.values():
            written.unlink(missing_ok=True)
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _folders(folder: Path) -> list[Path]:
    """Make a folder; returns those that were not there, the outermost first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()][::-1]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def _umask() -> int:
    """What new files are not allowed to whom; to ask for it is to set it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
