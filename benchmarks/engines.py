"""How long the whole site takes by each engine, in seconds and beside MkDocs in the same run.

    .venv/bin/python benchmarks/engines.py [--runs 3] [--studies 10]

Nothing is kept from one build to the next. Needs properdocs and zensical, which the tests' requirements hold.
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

ENGINES = {
    "MkDocs": ["-m mkdocs build --strict --quiet"],
    "ProperDocs": ["-m properdocs build --strict --quiet"],
    "Zensical": ["-m zensical build -f zensical.yml", "scripts/build.py --root . --texts .cache/zensical"],
    "none": ["scripts/build.py --root ."],
}


def seconds(root: Path, commands: list[str]) -> float:
    """Wall seconds of a build of a project's folder, each command in a process of its own.

    Raises:
        subprocess.CalledProcessError: it fails.
    """
    for made in (".cache", "site"):
        shutil.rmtree(root / made, ignore_errors=True)
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    start = time.perf_counter()
    for command in commands:
        subprocess.run([sys.executable, *command.split()], cwd=root, check=True, env=environment, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="builds by each engine, taken in turn (default: 3)")
    parser.add_argument("--studies", type=int, default=10, help="made-up studies, of eight pages each (default: 10)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = make(Path(scratch), options.studies)
        shutil.copy2(ROOT / "zensical.yml", root)
        times: dict[str, list[float]] = {engine: [] for engine in ENGINES}
        for _ in range(options.runs):
            for engine, commands in ENGINES.items():
                times[engine].append(seconds(root, commands))
    medians = {engine: statistics.median(values) for engine, values in times.items()}
    print(f"{options.studies} studies, median of {options.runs}:")
    for engine, median in medians.items():
        print(f"  {engine:12}{median:7.2f} s   {median / medians['MkDocs']:5.2f} x MkDocs")


if __name__ == "__main__":
    main()
