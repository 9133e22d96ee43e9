"""What was made in the last build and need not be made anew: files in a folder, each named by a hash over all that it follows from."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

#: The name of a kept file, finished or not.
_OURS = re.compile(r"[0-9a-f]{64}(\.\d+)?$")


class Kept:
    """A folder of nothing else; it may be missing, emptied at any time, or not writable: then everything is made.

    Each file begins with the hash of what follows, so that one that was cut off is not taken for whole.
    """

    def __init__(self, folder: Path | None):
        self._folder = folder
        #: The names of what this build asked for.
        self.used: set[str] = set()

    def make(self, of: object, made: Callable[[], bytes], keep: Callable[[], bool] = lambda: True) -> bytes:
        """What `made` makes, or made in an earlier build of the same.

        Args:
            of: all that it follows from, as JSON has it.
            keep: asked when it was made, whether to keep it.
        """
        if self._folder is None:
            return made()
        name = self.use(of)
        with contextlib.suppress(OSError):
            found = (self._folder / name).read_bytes()
            if found[:32] == hashlib.sha256(found[32:]).digest():
                return found[32:]
        data = made()
        if not keep():
            return data
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._folder / f"{name}.{os.getpid()}"
            unfinished.write_bytes(hashlib.sha256(data).digest() + data)
            unfinished.replace(self._folder / name)
        return data

    def use(self, of: object) -> str:
        """Say that this build asks for something, here or in a copy of this process; gives its name."""
        name = hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()
        self.used.add(name)
        return name

    def tidy(self) -> None:
        """Drop what this build did not ask for."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):
            for file in self._folder.iterdir():
                if _OURS.match(file.name) and file.name not in self.used:
                    file.unlink(missing_ok=True)


#: Where nothing is kept.
NOTHING_KEPT = Kept(None)
