"""The green site: a tiny project in which no rule finds anything, and how an example is put into a copy of it."""

from __future__ import annotations

import re
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from pustaka import load
from pustaka.markdown import read_page
from pustaka.model import Site
from pustaka.syntax import labels_from

_TESTS = Path(__file__).parent
_FRONT_MATTER = "---\ntitle: Contoh\ndescription: Halaman contoh.\n---\n\n"


def green_site(folder: Path) -> Path:
    """A copy of tests/sites/green, with the real words, which are not kept twice."""
    shutil.copytree(_TESTS / "sites" / "green", folder, dirs_exist_ok=True)
    for name in ("terms.yml", "words.yml"):
        shutil.copy2(_TESTS.parent / "bibliography" / name, folder / "bibliography")
    return folder


def put(root: Path, path: str, text: str) -> None:
    """Put an example into a project.

    Markdown replaces what stands below the page's front matter, HTML the whole page. What a .bib or .yml example defines
    takes the place of what had the same name, at the end of the file.
    """
    file = root / path
    before = file.read_text("utf-8") if file.exists() else ""
    if file.suffix == ".md":
        front_matter = re.match(r"---\n.*?\n---\n\n", before, re.DOTALL)
        before = front_matter.group() if front_matter else _FRONT_MATTER
    elif file.suffix == ".html":
        before = ""
    elif file.suffix == ".bib":
        for key in re.findall(r"^@\w+\{([^,]+),", text, re.MULTILINE):
            before = re.sub(rf"^@\w+\{{{re.escape(key)},.*?^\}}\n", "", before, flags=re.MULTILINE | re.DOTALL)
    else:
        for name in re.findall(r"^(\w+):", text, re.MULTILINE):
            before = re.sub(rf"^{name}:.*\n(?:[ #].*\n)*", "", before, flags=re.MULTILINE)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(before + text, "utf-8")


@cache
def _green() -> Site:
    with tempfile.TemporaryDirectory() as folder:
        return load.load(green_site(Path(folder)))[0]


def _no_fault(place, code, message):
    """Faults of what a test writes are not asked for here."""


def site_with(name: str = "studies/contoh/findings", **bodies: str) -> Site:
    """The green site with other words on a page, by language: site_with(id="...", en="..."). Read once, for speed."""
    labels = labels_from(_green().words["locators"])
    pages = {page.path: page for page in _green().pages}
    for language, body in bodies.items():
        path = f"docs/{language}/{name}.md"
        pages[path] = read_page(path, f"{_FRONT_MATTER}{body}\n", _green().languages, labels, load._Reader(Path()).yaml, _no_fault)
    return replace(_green(), pages=tuple(pages.values()))
