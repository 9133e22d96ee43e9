"""How long a build takes and what a page weighs, beside MkDocs' own themes on the same pages.

    .venv/bin/python benchmarks/build.py [--runs 5]

Prints medians and ratios of one run; a ratio holds where the machine's speed does not. "Bare" is MkDocs' own theme and
"Material" the default Material theme, both without citations, references, checks and downloads.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAIN = """
site_name: Benchmark
docs_dir: {docs}
theme: {{name: {theme}, font: false}}
plugins: []
markdown_extensions:
  - attr_list
  - tables
  - pymdownx.superfences
  - pymdownx.blocks.admonition: {{types: [finding, note, notes, question, summary, welcome]}}
"""


def seconds(config: Path, folder: Path) -> float:
    """Wall seconds of one whole build in a process of its own."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(config), "-d", str(folder)]
    start = time.perf_counter()
    subprocess.run(command, check=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def weight(folder: Path, page: str) -> tuple[int, int]:
    """Bytes of a page's HTML, as they are and as a server sends them (gzip -9)."""
    data = (folder / page / "index.html").read_bytes()
    return len(data), len(gzip.compress(data, 9))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="builds of each kind, taken in turn (default: 5)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as scratch:
        configs = {"ours": ROOT / "mkdocs.yml"}
        for name, theme in (("bare", "mkdocs"), ("material", "material")):
            configs[name] = Path(scratch, f"{name}.yml")
            configs[name].write_text(PLAIN.format(docs=ROOT / "docs", theme=theme), "utf-8")
        times: dict[str, list[float]] = {name: [] for name in configs}
        for _ in range(runs):
            for name, config in configs.items():
                times[name].append(seconds(config, Path(scratch, name)))
        medians = {name: statistics.median(values) for name, values in times.items()}
        pages = len(list((ROOT / "docs").rglob("*.md")))
        print(f"build of {pages} pages, median of {runs}:")
        for name, median in medians.items():
            print(f"  {name:10}{median:7.2f} s   {median / medians['bare']:5.2f} x bare   {median / medians['material']:5.2f} x Material")
        print("\nHTML of a page, bytes (gzipped):")
        for page in ("id", "id/studies", "id/about", "id/cite", "id/bibliography", "id/glossary"):
            cells = (f"{name} {plain:7,} ({packed:6,})" for name in configs for plain, packed in [weight(Path(scratch, name), page)])
            print(f"  {page + '/':42}" + "   ".join(cells))
        sent = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in sorted(Path(scratch, "ours", "assets").iterdir())}
        print("\nassets of every page, bytes gzipped: " + ", ".join(f"{name} {size:,}" for name, size in sent.items()))


if __name__ == "__main__":
    main()
