"""How builds grow with the site: made-up studies, ten to a thousand, beside bare MkDocs on the same pages.

    .venv/bin/python benchmarks/scale.py [--sizes 10 100 400 1000] [--runs 1]

For each size, in turn: "bare" is MkDocs with a template of two lines and no plugin; "first" is our whole build, course packs apart,
with nothing kept from an earlier one; "again" the same once more; "edit" after a word has been added to one page; "serve" the
time from saving such an edit until `mkdocs serve` sends the page with it. What counts are the ratios, taken in one run; the
exponents are the slopes of the logarithms of time over pages, from the smallest size of a hundred studies or more to the largest.

Memory is what all processes of a build hold together at its peak (proportional set size, Linux; elsewhere it is not told).
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import math
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import synthetic

KINDS = ("bare", "first", "again", "edit")
BARE = """
site_name: Benchmark
docs_dir: {docs}
theme: {{name: null, custom_dir: {theme}}}
plugins: []
"""
TEMPLATE = "<!doctype html><title>{{ page.title }}</title>\n{{ page.content }}\n"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {"NO_MKDOCS_2_WARNING": "1"}
_EDITS = itertools.count()


def measured(command: list[str], folder: Path) -> tuple[float, float]:
    """Wall seconds of a command, and the megabytes that its processes held together at most."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    peak, ended = [0.0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, ended))
    watcher.start()
    said, _ = process.communicate()
    seconds = time.perf_counter() - start
    ended.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{said.decode()}")
    return seconds, peak[0]


def _watch(session: int, peak: list[float], ended: threading.Event) -> None:
    while not ended.wait(0.2):
        held = 0
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                if os.getsid(int(folder.name)) == session:
                    held += int((folder / "smaps_rollup").read_text().partition("\nPss:")[2].split()[0])
        peak[0] = max(peak[0], held / 1024)


def edit(root: Path) -> str:
    """Put a word that there was not into a sentence of the first study; gives it back."""
    word = "kata" + "".join("abcdefghij"[int(digit)] for digit in str(next(_EDITS)))
    page = root / "docs" / "id" / "studies" / "s0001" / "method.md"
    page.write_text(page.read_text("utf-8").replace(" bekerja ", f" bekerja {word} ", 1), "utf-8")
    return word


def served(root: Path, edits: int) -> list[float]:
    """Seconds from saving an edit until the page is sent with it, once for each of some edits."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "-a", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, cwd=root, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}/id/studies/s0001/method/"
        _until(address, "</html>", 1800)
        times = []
        for _ in range(edits):
            time.sleep(1)
            start = time.perf_counter()
            _until(address, edit(root), 600)
            times.append(time.perf_counter() - start)
        return times
    finally:
        process.kill()
        process.wait()


def _until(address: str, text: str, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            if text in answer.read().decode("utf-8", "replace"):
                return
        time.sleep(0.02)
    raise SystemExit(f"{address} did not show “{text}” within {patience} s")


def commands(scratch: Path, studies: int) -> Iterator[tuple[str, list[str], Path]]:
    """The kinds of builds, each with its command and its folder."""
    root = scratch / "project"
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
    for kind in KINDS:
        if kind == "bare":
            theme = scratch / "theme"
            theme.mkdir(exist_ok=True)
            (theme / "main.html").write_text(TEMPLATE, "utf-8")
            (scratch / "bare.yml").write_text(BARE.format(docs=root / "docs", theme=theme), "utf-8")
            shutil.rmtree(scratch / "bare", ignore_errors=True)
            yield kind, [*mkdocs, "-f", str(scratch / "bare.yml"), "-d", str(scratch / "bare")], scratch
            continue
        if kind == "first":
            shutil.rmtree(root / ".cache", ignore_errors=True)
            shutil.rmtree(root / "site", ignore_errors=True)
        if kind == "edit":
            edit(root)
        yield kind, [*mkdocs, "--strict"], root


def exponent(pages: list[int], seconds: list[float]) -> float:
    """The slope of the line through the logarithms."""
    return statistics.linear_regression(list(map(math.log, pages)), list(map(math.log, seconds))).slope if len(pages) > 1 else math.nan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 400, 1000], help="numbers of studies (default: 10 100 400 1000)")
    parser.add_argument("--runs", type=int, default=1, help="rounds of builds for each size (default: 1)")
    parser.add_argument("--edits", type=int, default=3, help="edits while serving; 0: do not serve (default: 3)")
    options = parser.parse_args()
    print(
        f"{'studies':>8}{'pages':>7}  " + "".join(f"{kind + ' s':>9}{'x bare':>8}{'MB':>7}" for kind in KINDS) + f"{'edit/first':>12}{'serve s':>9}"
    )
    medians: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for studies in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder)
            (scratch / "project").mkdir()
            root = synthetic.make(scratch / "project", studies, packs=False)
            taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
            for _ in range(options.runs):
                for kind, command, where in commands(scratch, studies):
                    taken[kind].append(measured(command, where))
            row = {kind: [statistics.median(values) for values in zip(*some, strict=True)] for kind, some in taken.items()}
            cells = "".join(f"{row[kind][0]:9.2f}{row[kind][0] / row['bare'][0]:8.2f}{row[kind][1]:7.0f}" for kind in KINDS)
            shown = f"{statistics.median(served(root, options.edits)):9.2f}" if options.edits else ""
            print(f"{studies:8}{studies * 8:7}  {cells}{row['edit'][0] / row['first'][0]:12.2f}{shown}", flush=True)
            for kind in KINDS:
                medians[kind].append(row[kind][0])
    large = [number for number, size in enumerate(options.sizes) if size >= 100]
    pages = [options.sizes[number] * 8 for number in large]
    if len(large) > 1:
        told = (f"{kind} {exponent(pages, [medians[kind][number] for number in large]):.2f}" for kind in KINDS)
        print("exponents from a hundred studies on: " + ", ".join(told))


if __name__ == "__main__":
    main()
