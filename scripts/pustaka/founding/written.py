"""The changes of a founding, put on the disk: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write(root: Path, changes: Mapping[str, bytes | None]) -> None:
    """Write the new files and take away those that go; where one cannot be written, put back what was there.

    Args:
        changes: the new content of each file by its path below the root; None of one that goes.

    Raises:
        OSError: a file could not be written; everything is as it was, as far as the disk allows.
    """
    before = {path: (root / path).read_bytes() if (root / path).is_file() else None for path in changes}
    try:
        _put(root, changes)
    except OSError:
        _put(root, before)
        raise


def _put(root: Path, changes: Mapping[str, bytes | None]) -> None:
    for path, data in changes.items():
        file = root / path
        if data is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        elif file.exists():
            file.unlink()
            _without_empty_folders(file.parent, root)


def _without_empty_folders(folder: Path, root: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
