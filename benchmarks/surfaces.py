"""How long the check of all that was built takes, beside the build itself, on sites of made-up studies.

    .venv/bin/python benchmarks/surfaces.py [--studies 200] [--runs 3]

Prints medians and their ratio of one run, each of a process of its own; nothing is remembered from one run to the next.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from synthetic import ROOT, make


def seconds(folder: Path, *command: str) -> float:
    """Wall seconds of a command that must succeed."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, *command], cwd=folder, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=200, help="how many studies (default: 200)")
    parser.add_argument("--runs", type=int, default=3, help="of each, taken in turn (default: 3)")
    options = parser.parse_args()
    check = (str(ROOT / "scripts" / "check_how_to_cite.py"), "--root", ".", "--site", "site", "--no-cache")
    with tempfile.TemporaryDirectory() as scratch:
        folder = make(Path(scratch), options.studies)
        times: dict[str, list[float]] = {"build": [], "check": []}
        for _ in range(options.runs):
            shutil.rmtree(folder / ".cache", ignore_errors=True)
            times["build"].append(seconds(folder, "-m", "mkdocs", "build", "--quiet"))
            times["check"].append(seconds(folder, *check))
        build, checked = (statistics.median(times[name]) for name in ("build", "check"))
        pages = len(list((folder / "site").rglob("index.html")))
        files = sum(1 for path in (folder / "site").rglob("*") if path.is_file())
        print(f"{options.studies} studies, {pages} pages, {files} files, median of {options.runs}:")
        print(f"  build {build:7.2f} s\n  check {checked:7.2f} s   {checked / build:.3f} x the build")


if __name__ == "__main__":
    main()
