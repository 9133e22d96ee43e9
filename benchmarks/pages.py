"""How the site's pages are painted beside the same pages in Material as it comes and in bare HTML, on slow lines and a slow phone.

    .venv/bin/python benchmarks/pages.py [--pages id/ en/about/ …] [--languages id en] [--runs 5] [--lines "slow 3G"]

Three sites are served on loopback, gzipped, with the headers of GitHub Pages: the built one (site/); Material with its defaults, each
page with the text of ours (what stands in <main>) and the same menu of pages, without the web fonts that Material would fetch from
another host; and the bare page (scripts/pustaka/weight.py) with the 3 kB of bare.css in its head. Chromium opens each with an empty
cache at 360×740, on slow 3G (400 ms, 400 kbit/s) and on slow 4G (150 ms, 1.6 Mbit/s) with the processor slowed four times. Chromium
delays every request and meters what is transferred; what it does not slow, the server does: the round trips before the first request
(the host's address, TCP, TLS), and TCP's slow start, in which 14.6 kB leave at once and the rest waits for answers.

Printed are medians: requests and their bytes without headers, as the server counts them; first paint, first contentful paint and
largest contentful paint; blocking (what tasks take above 50 ms); layout shift; the bytes of the same page when another one was read
before; and the ratios of the first two paints to those of bare HTML.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import lxml.html
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from serving import ROOT, Server, files_in, served

sys.path.insert(0, str(ROOT / "scripts"))
from pustaka.weight import bare

#: What stands for its kind, below a language; the first that fits, where there is one.
KINDS = ("", "studies/*/", "studies/*/findings/", "abcd/", "glossary/", "bibliography/", "search/", "rules/*/")
#: Pages of no language.
WHOLE = ("", "404.html")


class Line(NamedTuple):
    """A line and a device: the delay in ms, the kbit/s, and how many times slower the processor is."""

    latency: int
    rate: int
    slower: int


LINES = {"slow 3G": Line(400, 400, 1), "slow 4G, CPU/4": Line(150, 1600, 4)}

_VIEWPORT = {"width": 360, "height": 740}
_MEASURE = """() => new Promise(done => {
  const entries = {};
  for (const type of ["paint", "largest-contentful-paint", "layout-shift", "longtask"]) {
    entries[type] = [];
    new PerformanceObserver(list => entries[type].push(...list.getEntries())).observe({ type, buffered: true });
  }
  setTimeout(() => done({
    paint: entries.paint.find(entry => entry.name === "first-paint")?.startTime ?? 0,
    content: entries.paint.find(entry => entry.name === "first-contentful-paint")?.startTime ?? 0,
    largest: entries["largest-contentful-paint"].at(-1)?.startTime ?? 0,
    shift: entries["layout-shift"].reduce((sum, entry) => sum + (entry.hadRecentInput ? 0 : entry.value), 0),
    blocking: entries.longtask.reduce((sum, entry) => sum + Math.max(0, entry.duration - 50), 0),
  }), 300);
})"""


class Visit(NamedTuple):
    """What a visit took: files, bytes, times in ms, layout shift."""

    requests: float
    bytes: float
    paint: float
    content: float
    largest: float
    blocking: float
    shift: float


# -- The three sites -------------------------------------------------------------------------------------------------


def chosen(files: Mapping[str, bytes], languages: Iterable[str]) -> list[str]:
    """One page of every kind, in each of the languages, and those that belong to none."""
    pages = [name.removesuffix("index.html") for name in files if name.endswith("index.html")]
    patterns = [f"{language}/{kind}" for language in languages for kind in KINDS]
    found = [next((page for page in pages if _fits(page, pattern)), None) for pattern in patterns]
    return [*(page for page in found if page is not None), *WHOLE]


def _fits(page: str, pattern: str) -> bool:
    return page.count("/") == pattern.count("/") and fnmatch.fnmatchcase(page, pattern)


def file_of(page: str) -> str:
    return page if page.endswith(".html") else f"{page}index.html"


def bare_site(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Every page as bare HTML with 3 kB of styles in its head."""
    styles = f"<style>{(ROOT / 'benchmarks' / 'bare.css').read_text('utf-8')}</style></head>"
    return {name: bare(data.decode()).replace("</head>", styles, 1).encode() for name, data in files.items() if name.endswith(".html")}


def material_site(files: Mapping[str, bytes], folder: Path, pages: Iterable[str]) -> dict[str, bytes]:
    """The pages, and those that a menu would hold, by Material with its defaults."""
    wanted = {file_of(page) for page in pages} | {name for name in files if name.endswith("index.html") and not re.search(r"/rules/.", name)}
    for name in sorted(wanted & files.keys()):
        tree = lxml.html.document_fromstring(bare(files[name].decode()))
        main = next(tree.iter("main"), tree.body)
        main.tag = "div"
        page = folder / "docs" / Path(name).with_suffix(".md")
        page.parent.mkdir(parents=True, exist_ok=True)
        text = lxml.html.tostring(main, encoding="unicode", with_tail=False)
        page.write_text(f"---\ntitle: {_quoted(tree.findtext('.//title') or name)}\n---\n\n{text}\n", "utf-8")
    (folder / "mkdocs.yml").write_text("site_name: Contoh\nsite_url: http://localhost/\ntheme:\n  name: material\n  font: false\n", "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(folder / "mkdocs.yml")]
    done = subprocess.run(command, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"Material could not be built:\n{done.stderr[-2000:]}")
    return files_in(folder / "site")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# -- Visits ----------------------------------------------------------------------------------------------------------


def first_visit(browser: Browser, server: Server, url: str, line: Line) -> Visit:
    """A page opened with an empty cache."""
    with _context(browser) as context:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        rate = line.rate * 1000 / 8
        session.send(
            "Network.emulateNetworkConditions", {"offline": False, "latency": line.latency, "downloadThroughput": rate, "uploadThroughput": rate}
        )
        session.send("Emulation.setCPUThrottlingRate", {"rate": line.slower})
        server.visit(line.latency / 1000)
        page.goto(server.address + url, wait_until="networkidle", timeout=120_000)
        measured = page.evaluate(_MEASURE)
        return Visit(len(server.log), sum(server.log), **{name: measured[name] for name in ("paint", "content", "largest", "blocking", "shift")})


def next_visit(browser: Browser, server: Server, url: str) -> int:
    """The bytes of a page when another one was read before."""
    with _context(browser) as context:
        page = context.new_page()
        page.goto(server.address + _before(url), wait_until="networkidle")
        server.visit()
        page.goto(server.address + url, wait_until="networkidle")
        return sum(server.log)


def _before(page: str) -> str:
    """What was read before a page: its language's home page, or another where it is that itself."""
    language = page.partition("/")[0] + "/"
    return ("404.html" if page == "" else "") if page in WHOLE or page == language else language


class _context:
    """A browser's window with nothing remembered."""

    def __init__(self, browser: Browser):
        self.context: BrowserContext = browser.new_context(viewport=_VIEWPORT, device_scale_factor=2, is_mobile=True, has_touch=True)

    def __enter__(self) -> BrowserContext:
        return self.context

    def __exit__(self, *_: object) -> None:
        self.context.close()


def median(visits: Iterable[Visit]) -> Visit:
    return Visit(*(statistics.median(column) for column in zip(*visits, strict=True)))


# -- The table -------------------------------------------------------------------------------------------------------

_HEAD = (
    "| page | site | requests | bytes | first paint | contentful | largest | blocking | shift | next page | paint to bare | contentful to bare |\n"
    + "|---" * 12
    + "|"
)


def rows(page: str, visits: Mapping[str, Visit], following: Mapping[str, int]) -> Iterator[str]:
    """A row for each site."""
    for name, visit in visits.items():
        times = " | ".join(f"{time:.0f}" for time in (visit.paint, visit.content, visit.largest, visit.blocking))
        ratios = " | ".join(f"{mine / max(least, 1):.2f}" for mine, least in zip(visit[2:4], visits["bare"][2:4], strict=True))
        cells = f"{visit.requests:.0f} | {visit.bytes:.0f} | {times} | {visit.shift:.3f} | {following[name]} | {ratios}"
        yield f"| {page or '/'} | {name} | {cells} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "site", help="the built site (default: site/)")
    parser.add_argument("--pages", nargs="+", help="addresses below the site's root (default: one page of every kind)")
    parser.add_argument("--languages", nargs="+", help="of the default pages (default: the first)")
    parser.add_argument("--lines", nargs="+", choices=LINES, default=list(LINES))
    parser.add_argument("--runs", type=int, default=5, help="of each, taken in turn (default: 5)")
    options = parser.parse_args()
    ours = files_in(options.site)
    languages = options.languages or sorted({name.partition("/")[0] for name in ours if name.endswith("/feed.xml")}, reverse=True)[:1]
    pages = options.pages or chosen(ours, languages)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        built = {"ours": ours, "Material": material_site(ours, scratch, pages), "bare": bare_site(ours)}
        sites = {name: stack.enter_context(served(files)) for name, files in built.items()}
        chrome = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=chrome, args=["--no-sandbox"])
        worst = measure(browser, sites, pages, options.lines, options.runs)
        browser.close()
    print("\nmost of ours to bare, of either paint: " + ", ".join(f"{line} {ratio:.2f}" for line, ratio in worst.items()))


def measure(browser: Browser, sites: Mapping[str, Server], pages: Iterable[str], lines: Iterable[str], runs: int) -> dict[str, float]:
    """Print the tables; gives the largest ratio of ours to bare for each line."""
    following = {page: {name: next_visit(browser, server, page) for name, server in sites.items()} for page in pages}
    worst = {}
    for line in lines:
        print(f"\n{line}: {LINES[line].latency} ms, {LINES[line].rate} kbit/s; times in ms, medians of {runs}\n\n{_HEAD}", flush=True)
        for page in pages:
            taken = [{name: first_visit(browser, server, page, LINES[line]) for name, server in sites.items()} for _ in range(runs)]
            visits = {name: median(run[name] for run in taken) for name in sites}
            print("\n".join(rows(page, visits, following[page])), flush=True)
            worst[line] = max(
                worst.get(line, 0), *(mine / max(least, 1) for mine, least in zip(visits["ours"][2:4], visits["bare"][2:4], strict=True))
            )
    return worst


if __name__ == "__main__":
    main()
