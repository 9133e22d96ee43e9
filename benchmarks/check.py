"""How long the citation check takes, beside programs that merely read the same .bib.

    .venv/bin/python benchmarks/check.py [--runs 3] [--sizes 1000 3000 10000 30000]

Of each size: so many entries, a tenth as many pages, as many citations. Each program runs in a process of its own; medians
and ratios of one run are printed, and how time grows from the smallest size to the largest. "cold" judges everything,
"again" is told what is remembered, "edited" has one page changed since. Beside it, where installed: pybtex and bibtexparser
(read the .bib), bibtex-tidy (npm, reads and writes it), biber (reads, checks and writes it).
"""

from __future__ import annotations

import argparse
import math
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECK = ROOT / "scripts" / "check_citations.py"

_FAMILIES = ["Suharto", "Arifianto", "Rahmawati", "Putri", "Sari", "Wibowo", "Nugroho", "Hidayat", "Santoso", "Lestari", "Kusuma", "Pratama"]
_WORDS = [
    "pemberdayaan",
    "masyarakat",
    "desa",
    "digital",
    "ekonomi",
    "strategi",
    "komunitas",
    "pasar",
    "daring",
    "lokal",
    "analisis",
    "pembangunan",
    "sosial",
    "kebijakan",
]


def write_works(folder: Path, entries: int) -> None:
    """A bibliography and papers that cite it, the same at every run; one citation in a hundred names an unknown key."""
    dice = random.Random(1)
    papers = folder / "papers"
    papers.mkdir(parents=True)
    with (folder / "references.bib").open("w", encoding="utf-8") as file:
        for number in range(entries):
            authors = " and ".join(f"{dice.choice(_FAMILIES)}, {dice.choice('ABCDE')}. {dice.choice('FGHIJ')}." for _ in range(dice.randint(1, 3)))
            title = f"{' '.join(dice.choice(_WORDS) for _ in range(9)).capitalize()} bagian {number}"
            file.write(
                f"@article{{{_key(number)},\n  author       = {{{authors}}},\n  title        = {{{title}}},\n"
                f"  journaltitle = {{Jurnal {dice.choice(_WORDS).capitalize()} {{Nusantara}}}},\n  volume       = {{{dice.randint(1, 40)}}},\n"
                f"  number       = {{{dice.randint(1, 4)}}},\n  pages        = {{{100 + number % 50}--{160 + number % 50}}},\n"
                f"  date         = {{{dice.randint(1990, 2024)}}},\n"
                f"  doi          = {{10.5555/contoh.{number}}},\n  langid       = {{indonesian}},\n}}\n\n"
            )
    for page in range(entries // 10):
        lines = ["---", "lang: id", "---", "", f"# Halaman {page}", ""]
        for paragraph in range(5):
            first, second = (page * 10 + paragraph * 2 + step for step in (0, 1))
            known = _key(first) if (page * 5 + paragraph) % 50 else f"tidak-ada-{page}"
            lines += [f"Warga desa menanam sayur bersama [@{known}, hlm. 155] sebagaimana dijelaskan oleh @{_key(second)} pada bagian lain.", ""]
        (papers / f"{page:05}.md").write_text("\n".join(lines), "utf-8")


def _key(number: int) -> str:
    return f"{_FAMILIES[number % len(_FAMILIES)].lower()}{1990 + number % 35}{number}"


def seconds(command: list[str | Path], folder: Path, **environment: str) -> float:
    """Wall seconds of one process; an exit code of 1 (findings) is no failure."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode > 1:
        raise SystemExit(f"{command} ended with {done.returncode}:\n{done.stderr.decode()}")
    return time.perf_counter() - start


def _ours(folder: Path, cache: str) -> float:
    command = [sys.executable, CHECK, "papers", "--bibliography", "references.bib"]
    return seconds(command, folder, XDG_CACHE_HOME=cache)


def _cold(folder: Path) -> float:
    with tempfile.TemporaryDirectory() as cache:
        return _ours(folder, cache)


def _again(folder: Path) -> float:
    with tempfile.TemporaryDirectory() as cache:
        _ours(folder, cache)
        return _ours(folder, cache)


def _edited(folder: Path) -> float:
    page = folder / "papers" / "00000.md"
    before = page.read_text("utf-8")
    with tempfile.TemporaryDirectory() as cache:
        _ours(folder, cache)
        page.write_text(f"{before}\nSatu kalimat lagi.\n", "utf-8")
        try:
            return _ours(folder, cache)
        finally:
            page.write_text(before, "utf-8")


def programs() -> dict[str, Callable[[Path], float]]:
    """What is installed, by name; each takes the folder and gives the seconds."""
    found = {"cold": _cold, "again": _again, "edited": _edited}
    python = {
        "pybtex": "from pybtex.database import parse_file; parse_file('references.bib')",
        "bibtexparser": "import bibtexparser as b; b.parse_file('references.bib') if hasattr(b, 'parse_file') else b.load(open('references.bib'))",
    }
    for name, code in python.items():
        if find_spec(name):
            found[name] = lambda folder, code=code: seconds([sys.executable, "-c", code], folder)
    if tidy := shutil.which("bibtex-tidy"):
        found["bibtex-tidy"] = lambda folder: seconds([tidy, "references.bib", "-o", "tidy.bib"], folder)
    if biber := shutil.which("biber"):
        found["biber"] = lambda folder: seconds([biber, "--tool", "--quiet", "references.bib"], folder)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=3, help="runs of each kind, taken in turn (default: 3)")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 3000, 10_000, 30_000], help="numbers of entries")
    options = parser.parse_args()
    medians: dict[str, dict[int, float]] = {name: {} for name in programs()}
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "works")
            write_works(folder, size)
            times: dict[str, list[float]] = {name: [] for name in medians}
            for _ in range(options.runs):
                for name, run in programs().items():
                    times[name].append(run(folder))
        for name, values in times.items():
            medians[name][size] = statistics.median(values)
    print(f"seconds, medians of {options.runs}, and ratio to pybtex:")
    print(f"  {'entries':14}" + "".join(f"{size:>18,}" for size in options.sizes) + "   growth")
    for name, by_size in medians.items():
        cells = (f"{value:9.2f} ({value / medians['pybtex'][size]:5.2f})" for size, value in by_size.items())
        first, last = options.sizes[0], options.sizes[-1]
        growth = math.log(by_size[last] / by_size[first]) / math.log(last / first) if last > first else float("nan")
        print(f"  {name:14}" + "".join(f"{cell:>18}" for cell in cells) + f"   {growth:6.2f}")
    print(f"largest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
