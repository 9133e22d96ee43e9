"""What the course packs cost a build, and what their files weigh.

    .venv/bin/python benchmarks/pack.py [--runs 3]

Builds a copy of this site with nothing kept of the packs, so that each document is set anew, and with all of it kept. Prints medians and
ratios of one run; a ratio holds where the machine's speed does not.
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

ROOT = Path(__file__).resolve().parent.parent
INPUTS = ("addresses.txt", "budget.yml", "mkdocs.yml", "redirects.yml", "bibliography", "docs", "overrides", "scripts")
KINDS = ("handout", "slides", "questions", "links", "course")


def seconds(project: Path) -> float:
    """Wall seconds of one whole build in a process of its own."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    start = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(command, check=True, cwd=project, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, **quiet)
    return time.perf_counter() - start


def copied(folder: Path) -> Path:
    for name in INPUTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            folder.mkdir(exist_ok=True)
            shutil.copy2(ROOT / name, folder)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        project = copied(Path(folder, "project"))
        seconds(project)  # the cards are drawn, and kept
        anew, kept = [], []
        for _ in range(runs):
            shutil.rmtree(project / ".cache" / "pack")
            anew.append(seconds(project))
            kept.append(seconds(project))
        slow, quick = statistics.median(anew), statistics.median(kept)
        print(f"a build, packs set anew   {slow:6.2f} s   {slow / quick:5.2f} x kept")
        print(f"a build, packs kept       {quick:6.2f} s    1.00 x kept")
        print("\nfiles, kB:")
        files = sorted(file for file in (project / "site").rglob("*-*-[0-9].[0-9]*.*") if "editions" not in file.parts)
        for kind in ("", *KINDS):
            found = [file for file in files if next((each for each in KINDS if f"-{each}-" in file.name), "") == kind]
            for suffix in sorted({file.suffix for file in found}):
                sizes = [file.stat().st_size / 1000 for file in found if file.suffix == suffix]
                print(f"  {kind or 'study':<10}{suffix:<7} {min(sizes):8.1f} to {max(sizes):.1f}")


if __name__ == "__main__":
    main()
