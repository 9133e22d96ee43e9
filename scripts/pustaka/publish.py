"""The swap: a site is built beside the old one and takes its place in one step, or not at all.

    site/               the last good site; `.built-files` in it lists what a build wrote
    .site.building/     the site being built; a killed build leaves it behind, the next one clears it
    .site.previous/     where a system cannot exchange two folders in one step: the old site for a moment

A file that is as it was is the old site's own by a second name (a hard link), for to create one takes ten times as long.
Files in `site/` that no build wrote are carried over, never deleted.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

LIST = ".built-files"


class Refusal(Exception):
    """The build would touch files that it did not write."""


class Staging:
    """A folder beside the site's own, and the swap.

    Args:
        target: where the site shall stand. It need not exist.
    """

    def __init__(self, target: Path):
        self.target = target.resolve()
        self.folder = self.target.with_name(f".{self.target.name}.building")
        self.previous = self.target.with_name(f".{self.target.name}.previous")

    def begin(self) -> Path:
        """Make the empty folder to build in, and bring back a site that a killed swap left aside.

        Raises:
            Refusal: the target holds files, and no build wrote them.
        """
        if self.previous.exists() and not self.target.exists():
            self.previous.rename(self.target)
        if self.target.exists() and not (self.target / LIST).exists():
            stray = next(_files(self.target), None)
            if stray is not None:
                raise Refusal(f"{self.target} holds files that no build wrote, such as {stray}: move them away, or build into another folder")
        self.discard()
        self.folder.mkdir(parents=True)
        return self.folder

    def write(self, address: str, data: bytes) -> Path:
        """Write a file of the site, by its address below the site's root; gives back where it stands until the swap."""
        path = self.folder / address
        if not _linked(self.target / address, path, data):
            _in_its_folder(lambda: _new(path, data), path)
        return path

    def discard(self) -> None:
        """Drop what was built and not swapped in."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def finish(self) -> None:
        """Put the new site in the old one's place.

        Raises:
            Refusal: a file that somebody put into the target has the name of one of the site's own.
        """
        built = sorted(_files(self.folder))
        for path in self._foreign():
            if path in built:
                raise Refusal(f"{self.target / path} was not written by a build, but the site has a file of that name: move it away")
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.target / path, self.folder / path)
        (self.folder / LIST).write_text("".join(f"{path}\n" for path in built), "utf-8")
        if not self.target.exists():
            self.folder.rename(self.target)
        elif _exchange(self.folder, self.target):
            self.discard()
        else:
            shutil.rmtree(self.previous, ignore_errors=True)
            self.target.rename(self.previous)
            self.folder.rename(self.target)
            shutil.rmtree(self.previous)

    def _foreign(self) -> Iterator[str]:
        """The files in the target that no build wrote."""
        if (self.target / LIST).exists():
            written = set((self.target / LIST).read_text("utf-8").splitlines())
            yield from (path for path in _files(self.target) if path not in written and path != LIST)


class InPlace(Staging):
    """A site that is being served, of which some files are written anew: one after the other, where they stand."""

    def begin(self) -> Path:
        """Make an empty folder for what an engine writes besides, which stands in the site already."""
        self.discard()
        self.folder.mkdir(parents=True)
        return self.folder

    def write(self, address: str, data: bytes) -> Path:
        """Write a file of the site; gives back where it stands."""
        path = self.target / address
        _in_its_folder(lambda: path.write_bytes(data), path)
        return path

    def finish(self) -> None:
        """All that was written stands."""
        self.discard()


def _linked(old: Path, path: Path, data: bytes) -> bool:
    """Give a file a second name, if these bytes are what it holds; False where that cannot be."""
    try:
        if old.read_bytes() != data:
            return False
        _in_its_folder(lambda: os.link(old, path), path)
    except OSError:  # there is none, or the file system has no such names
        return False
    return True


def _new(path: Path, data: bytes) -> None:
    """Write a file that is nobody else's: what a name stood for until now may be the old site's."""
    try:
        with open(path, "xb") as file:
            file.write(data)
    except FileExistsError:
        path.unlink()
        _new(path, data)


def _in_its_folder(write: Callable[[], object], path: Path) -> None:
    """Write a file, in folders that are made where there are none."""
    try:
        write()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        write()


def _files(folder: Path) -> Iterator[str]:
    """The paths of all files below a folder, relative to it, with forward slashes."""
    for parent, _, names in os.walk(folder):
        below = Path(parent).relative_to(folder).as_posix()
        yield from (names if below == "." else (f"{below}/{name}" for name in names))


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step: renameat2(2) of Linux, renamex_np(2) of macOS. False where there is neither."""
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
            return library.renameat2(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0
        if sys.platform == "darwin":
            return library.renamex_np(os.fsencode(one), os.fsencode(other), 2) == 0  # RENAME_SWAP
    except (OSError, AttributeError, TypeError):
        pass
    return False
