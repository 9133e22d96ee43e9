"""What Lighthouse says of every page, on a phone and on a desktop: the four scores, and every audit that is not passed.

    PATH=.venv/bin:$PATH npm ci --prefix benchmarks --ignore-scripts
    .venv/bin/python benchmarks/lighthouse.py [--pages id/ en/about/ …] [--all] [--forms phone desktop] [--at-once 2]

Without --pages: every page but those of the rules, of which there are three for each language; --all takes them all. Lighthouse
is the one that package-lock.json names; Chrome is found in CHROME_PATH or PATH. Ends with 1 when a score is below 100.

The built site is served on loopback, gzipped, and stands under the address that it is served from wherever it names its own.
That is what cannot be judged otherwise than it would be at home: localhost counts as secure, so HTTPS is not judged; pages are
kept for ten minutes, as GitHub Pages has it, which Lighthouse calls short without taking a point off. A page that asks not to be
indexed (the 404 page) is not asked whether it can be.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from serving import ROOT, files_in, served

LIGHTHOUSE = ROOT / "benchmarks" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FORMS = {"phone": (), "desktop": ("--preset=desktop",)}

#: So many pages of rules stand for the others, of each language.
SAMPLE = 3

_RULE = re.compile(r"[^/]+/rules/[^/]+/")
_CANONICAL = re.compile(rb"""<link [^>]*rel="?canonical[^>]*>""")
_HREF = re.compile(rb"""href="?([^"\s>]+)""")


class Judged(NamedTuple):
    """What Lighthouse says of a page: the scores by category, and the audits below 1 as (id, score, whether it counts, title, what it names)."""

    page: str
    form: str
    scores: dict[str, int]
    audits: tuple[tuple[str, float, bool, str, str], ...]


def base_of(site: Path) -> str:
    """The address that a site was built for, by its welcome page."""
    link = _CANONICAL.search((site / "index.html").read_bytes())
    return _HREF.search(link.group())[1].decode() if link else ""


def pages_of(files: Iterable[str], every: bool) -> list[str]:
    """The addresses of the pages to judge, of the rules' only a sample."""
    pages = [name.removesuffix("index.html") for name in files if name.endswith("index.html") or name == "404.html"]
    seen: dict[str, int] = {}
    chosen = []
    for page in pages:
        language = page.partition("/")[0]
        if _RULE.fullmatch(page):
            seen[language] = seen.get(language, 0) + 1
        if every or not _RULE.fullmatch(page) or seen[language] <= SAMPLE:
            chosen.append(page)
    return chosen


def judge(address: str, page: str, form: str, indexed: bool) -> Judged:
    """Run Lighthouse on a page.

    Raises:
        RuntimeError: it could not judge the page.
    """
    flags = "--headless=new" + (" --no-sandbox" if hasattr(os, "geteuid") and os.geteuid() == 0 else "")
    command = ["node", str(LIGHTHOUSE), address + page, "--quiet", "--output=json", f"--chrome-flags={flags}", *FORMS[form]]
    command += [f"--only-categories={','.join(CATEGORIES)}", *([] if indexed else ["--skip-audits=is-crawlable"])]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=300)
    try:
        report = json.loads(done.stdout)
        scores = {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}
    except (ValueError, KeyError, TypeError):
        raise RuntimeError(f"{page or '/'}, {form}: Lighthouse ended with {done.returncode}: {(done.stderr or done.stdout)[-600:]}") from None
    return Judged(page, form, scores, tuple(_audits(report)))


def environment() -> dict[str, str]:
    """Where Lighthouse finds Node and Chrome."""
    names = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
    chrome = os.environ.get("CHROME_PATH") or next((found for name in names if (found := shutil.which(name))), "")
    return os.environ | {"CHROME_PATH": chrome, "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])}


def _audits(report: dict) -> Iterator[tuple[str, float, bool, str, str]]:
    weights: dict[str, float] = {}
    for category in CATEGORIES:
        for reference in report["categories"][category]["auditRefs"]:
            weights[reference["id"]] = max(weights.get(reference["id"], 0), reference["weight"])
    for name, audit in report["audits"].items():
        if audit["score"] is not None and audit["score"] < 1 and name in weights:
            yield name, audit["score"], weights[name] > 0, audit["title"], _named(audit)


def _named(audit: dict) -> str:
    """The first thing that an audit names, or its value."""
    found = json.dumps(audit.get("details", {}), ensure_ascii=False)
    snippet = re.search(r'"(?:snippet|selector|url|description)": "((?:[^"\\]|\\.)*)"', found)
    return " ".join(filter(None, [audit.get("displayValue", ""), snippet[1][:160] if snippet else ""]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", type=Path, default=ROOT / "site", help="the built site (default: site/)")
    parser.add_argument("--pages", nargs="+", help="addresses below the site's root, such as id/ or en/about/")
    parser.add_argument("--all", action="store_true", help="the pages of all rules too")
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=list(FORMS))
    parser.add_argument("--at-once", type=int, choices=(1, 2), default=2, help="how many pages at a time (default: 2)")
    options = parser.parse_args()
    if not LIGHTHOUSE.exists():
        sys.exit("Lighthouse is not there: PATH=.venv/bin:$PATH npm ci --prefix benchmarks --ignore-scripts")
    with served() as server:
        files = files_in(options.site, base_of(options.site), server.address)
        server.put(files)
        pages = pages_of(files, options.all) if options.pages is None else options.pages
        tasks = [(page, form) for page in pages for form in options.forms]
        failed, audits = [], {}
        with ThreadPoolExecutor(options.at_once) as pool:
            for judged in pool.map(lambda task: _judged(server.address, *task, files), tasks):
                print(f"{judged.form:8} {' '.join(f'{score:4}' for score in judged.scores.values())}  {judged.page or '/'}", flush=True)
                if min(judged.scores.values()) < 100:
                    failed.append(judged)
                for name, score, counts, title, named in judged.audits:
                    audits.setdefault((not counts, name, title), []).append((judged.page, judged.form, score, named))
    _tell(audits)
    print(f"\n{len(tasks)} runs ({', '.join(CATEGORIES)}), {len(failed)} with a score below 100")
    return 1 if failed else 0


def _judged(address: str, page: str, form: str, files: dict[str, bytes]) -> Judged:
    html = files[page if page.endswith(".html") else f"{page}index.html"]
    return judge(address, page, form, indexed=not re.search(rb"<meta [^>]*noindex", html))


def _tell(audits: dict) -> None:
    """The audits that are not passed, those first that count."""
    for (idle, name, title), found in sorted(audits.items()):
        print(f"\n{name}: {title} ({'takes no points off' if idle else 'counts'}; {len(found)} times)")
        for page, form, score, named in found[:6]:
            print(f"    {score:.2f} {form:8} {page or '/'}  {named}")
        if len(found) > 6:
            print(f"    … and {len(found) - 6} more")


if __name__ == "__main__":
    sys.exit(main())
