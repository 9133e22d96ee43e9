"""The green site: a tiny project in which no rule finds anything, and how an example is put into a copy of it.

Its built pages and files stand beside its sources, without what no rule looks at. After a change of what is built:

    python tests/green.py
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

from lxml import html

from pustaka import addresses, load
from pustaka.markdown import read_page
from pustaka.model import Site
from pustaka.surfaces.addresses import Served
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

    Markdown replaces what stands below the page's front matter, or with one of its own the whole page, the elements of HTML
    those of the built page that begin in the same way, any other file of the built site the whole of it. What a .bib or .yml
    example defines takes the place of what had the same name, at the end of the file.
    """
    file = root / path
    before = file.read_text("utf-8") if file.exists() else ""
    if file.suffix == ".md":
        front_matter = re.match(r"---\n.*?\n---\n\n", before, re.DOTALL)
        before = "" if text.startswith("---\n") else front_matter.group() if front_matter else _FRONT_MATTER
    elif path.startswith("site/"):
        before, text = "", _with_elements(before, text) if file.suffix == ".html" and before else text
    elif file.suffix == ".bib":
        for key in re.findall(r"^@\w+\{([^,]+),", text, re.MULTILINE):
            before = re.sub(rf"^@\w+\{{{re.escape(key)},.*?^\}}\n", "", before, flags=re.MULTILINE | re.DOTALL)
    else:
        for name in re.findall(r"^([\w/]+):", text, re.MULTILINE):
            before = re.sub(rf"^{name}:.*\n(?:[ #].*\n)*", "", before, flags=re.MULTILINE)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(before + text, "utf-8")


#: An element of a built page, which begins a line: how it begins, and all of it.
_ELEMENT = re.compile(r'^(?P<begins><(?:(?:meta|link)|(?P<name>(?!html)\w+)) [a-z]+="[^"]*")[^>]*>(?(name).*?</(?P=name)>)', re.MULTILINE | re.DOTALL)


def _with_elements(page: str, example: str) -> str:
    """A built page with an example's elements, each in place of the first that begins in the same way, or else at the page's end."""
    if not example.strip():
        return example
    for element in _ELEMENT.finditer(example):
        old = re.search(rf"^{re.escape(element['begins'])}", page, re.MULTILINE)
        start, end = _ELEMENT.match(page, old.start()).span() if old else (page.index("</body>"),) * 2
        page = page[:start] + element.group() + ("" if old else "\n") + page[end:]
    return page


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


# -- Built anew ------------------------------------------------------------------------------------------------------

_OF_PROJECT = ("overrides", "scripts", "mkdocs.yml")
#: What no rule looks at: styles, scripts, icons, what is copied, what is downloaded.
_NOT_JUDGED = "//style|//script[@src]|//button|//dl[@class='record'][.//ul]|//summary|//link[@rel='icon' or @rel='stylesheet']|//meta[@media]"


def build(folder: Path) -> None:
    """Build the green site by the project's own scripts, and put what the rules look at into `folder`."""
    with tempfile.TemporaryDirectory() as name:
        root = green_site(Path(name))
        (root / "mkdocs.yml").rename(root / "green.yml")
        for part in _OF_PROJECT:
            copy = shutil.copytree if (_TESTS.parent / part).is_dir() else shutil.copy2
            copy(_TESTS.parent / part, root / part)
        (root / "green.yml").write_text(f"INHERIT: mkdocs.yml\n{(root / 'green.yml').read_text('utf-8')}  menu: [studies/contoh]\n", "utf-8")
        shutil.rmtree(root / "site")
        subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", "green.yml"], cwd=root, check=True)
        shutil.rmtree(folder)
        for file in sorted(path for path in (root / "site").rglob("*") if path.suffix in _KEPT):
            kept = folder / file.relative_to(root / "site")
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_bytes(_KEPT[file.suffix](file.read_bytes()))
    (folder.parent / "addresses.txt").write_text(addresses.written(Served(load.built_site(folder)).all()), "utf-8")


def _page(data: bytes) -> bytes:
    """A page's head, heading and boxes, an element a line; a redirect page as it is."""
    if b'http-equiv="refresh"' in data:
        return data
    tree = html.document_fromstring(data.decode("utf-8"))
    boxes = [*tree.iter("h1"), *tree.find_class("how-to-cite"), *tree.find_class("cite-page")]
    for element in tree.xpath(_NOT_JUDGED):
        element.drop_tree()
    head, body = ("\n".join(map(_line, elements)) for elements in (tree.head, boxes))
    return f'<!doctype html>\n<html lang="{tree.get("lang")}">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'.encode()


def _line(element: html.HtmlElement) -> str:
    """An element on a line, each paragraph in it on one of its own."""
    text = html.tostring(element, encoding="unicode", with_tail=False)
    return re.sub(r"\s*\n\s*", "", text).replace("<p ", "\n<p ")


def _card(data: bytes) -> bytes:
    """A white card of the same size, which takes a hundred bytes."""
    width, height = struct.unpack(">II", data[16:24])
    rows = (b"\0" + b"\xff" * ((width + 7) // 8)) * height
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    parts = (struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


_KEPT = {".html": _page, ".png": _card, **dict.fromkeys((".bib", ".ris", ".enw", ".json", ".cff", ".xml", ".txt"), bytes)}

if __name__ == "__main__":
    build(_TESTS / "sites" / "green" / "site")
