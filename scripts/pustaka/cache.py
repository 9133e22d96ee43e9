"""Remembers what a check answered, for the time when nothing has changed.

An answer is found by a hash over everything that it follows from: the bytes of every input, the checker's own files, the
versions of Python and of what is installed beside it, the options, and the day (a date may lie in the future). So it cannot
be stale: whatever changes, the hash is another. It imports nothing of the checker, for that takes longer than to look here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

#: So many answers are kept, the latest.
KEPT = 64

_PACKAGE = Path(__file__).resolve().parent


class Answer(NamedTuple):
    """What a check printed, and its exit code."""

    out: str
    err: str
    code: int


def folder() -> Path:
    """Where answers are kept (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pustaka-checks"


def key_of(inputs: Iterable[Path], options: Iterable[object], dated: bool = True, root: Path | None = None) -> str | None:
    """The hash of everything that an answer follows from; None when an input cannot be read, for then nothing is remembered.

    Args:
        inputs: files and folders. Of a folder everything in it counts.
        options: whatever else decides the answer.
        dated: whether the day does.
        root: the folder below which the inputs have their names; without it, where they stand decides too.
    """
    sha = hashlib.sha256()
    environment = (sys.version, date.today() if dated else "", os.environ.get("COLUMNS"), *map(str, options), *_installed())
    sha.update(repr(environment).encode("utf-8", "surrogateescape"))
    try:
        for path in (_PACKAGE, *inputs):
            for place, kind, data in _contents(path):
                name = os.path.relpath(place, root if path is not _PACKAGE else path) if root else place
                sha.update(f"{len(os.fsencode(name))} {kind} {len(data)} ".encode())
                sha.update(os.fsencode(name) + data)
    except OSError:
        return None
    return sha.hexdigest()


class Stamp(NamedTuple):
    """The inputs as the file system sees them, without a look into them."""

    files: tuple[tuple, ...]
    settled: bool

    @classmethod
    def of(cls, inputs: Iterable[Path]) -> Stamp:
        """`settled` is False when a file was changed less than two seconds ago: another change could leave its times as they are."""
        files = tuple((name, *_times(name)) for path in inputs for name in _names(path))
        newest = max((times[1] for _, *times in files if times), default=0)
        return cls(files, newest < time.time_ns() - 2_000_000_000)


def _names(path: Path) -> Iterator[str]:
    yield os.fspath(path)
    for folder, folders, files in os.walk(path):
        yield from (os.path.join(folder, name) for name in (*folders, *files))


def _times(name: str) -> tuple[int, ...]:
    try:
        stat = os.stat(name)
    except OSError:
        return ()
    return stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino


def _installed() -> list[str]:
    """The names, with versions, of what is installed where the interpreter looks for packages."""
    folders = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    return sorted(name for path in folders if os.path.isdir(path) for name in os.listdir(path) if name.endswith((".dist-info", ".egg-info")))


def _contents(path: Path) -> Iterator[tuple[str, str, bytes]]:
    """(name, kind, bytes) of a file, or of everything in a folder, in a fixed order."""
    stack = [os.fspath(path)]
    while stack:
        name = stack.pop()
        if os.path.islink(name):
            yield name, "link", os.fsencode(os.readlink(name))
        if os.path.isdir(name):
            if not os.path.islink(name) or name == os.fspath(path):
                stack += sorted((os.path.join(name, inside) for inside in os.listdir(name) if inside != "__pycache__"), reverse=True)
            yield name, "folder", b""
        elif os.path.isfile(name):
            with open(name, "rb") as file:
                yield name, "file", file.read()
        else:
            raise OSError(f"{name} is neither a file nor a folder")


def find(key: str | None) -> Answer | None:
    """The answer that is remembered, or None."""
    if key is None:
        return None
    try:
        answer = Answer(*json.loads((folder() / key).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return answer if [type(part) for part in answer] == [str, str, int] else None


def keep(key: str | None, answer: Answer) -> None:
    """Remember an answer. Where that is not possible (no home, a full disk), nothing is remembered."""
    if key is None:
        return
    temporary = folder() / f"{key}.{os.getpid()}"
    try:
        folder().mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(answer), "utf-8")
        temporary.replace(folder() / key)
        _forget()
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _forget() -> None:
    """Leave the latest answers alone, and drop the others."""
    answers = sorted(folder().iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in answers[KEPT:]:
        file.unlink(missing_ok=True)
