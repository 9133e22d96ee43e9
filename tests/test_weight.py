"""A page's weight: its text is what can be read and nothing else; what it asks for is found wherever it stands; the limits are exact."""

from __future__ import annotations

import gzip
import random
from dataclasses import replace

import pytest
from green import green_site

from pustaka import load
from pustaka.rules import check_built, check_read, rules
from pustaka.surfaces.comparison import compare
from pustaka.weight import Request, Scales, bare, gzipped, parts, requests

BASE = "https://contoh.example/sub/path/"
WEIGHT = [rule for rule in rules() if rule.family == "weight"]


def page(body: str = "", head: str = "") -> str:
    return f"<!doctype html><html lang=id class=a><head><meta charset=utf-8><title>Kebun</title>{head}</head><body class=b>{body}</body></html>"


# -- The text --------------------------------------------------------------------------------------------------------


def test_text_holds_what_can_be_read():
    body = (
        "<nav aria-label=Menu><ul><li><a href=../b/ class=x>Hasil</a></ul></nav><h1 id=h>Judul</h1><p>Satu <em>dua</em></p>"
        "<table><tr><td colspan=2>sel</table><details><summary>Lagi</summary><p>isi</p></details>"
    )
    text = bare(page(body))
    said = (
        "<title>Kebun</title>",
        '<a href="../b/">Hasil</a>',
        '<h1 id="h">Judul</h1>',
        "<em>dua</em>",
        'colspan="2"',
        "<summary>Lagi</summary>",
        "isi",
    )
    assert [each for each in said if each not in text] == []


@pytest.mark.parametrize(
    "extra",
    [
        "<script>let a = 1</script>",
        '<script type="application/ld+json">{"@type": "WebPage"}</script>',
        "<style>p{color:red}</style>",
        "<button>Salin</button>",
        "<p hidden>kartu</p>",
        "<template><p>kartu</p></template>",
        '<span aria-hidden="true"><svg><path d="M0 0"/></svg></span>',
        "<!-- catatan -->",
        '<input type="search">',
    ],
)
def test_text_holds_nothing_else(extra):
    assert bare(page(f"<p>Warga</p>{extra}")) == bare(page("<p>Warga</p>"))


def test_text_has_no_classes_and_no_metadata():
    decorated = '<p class="deck" data-x="1" aria-live="polite" role="note"><span class="s">Warga</span></p>'
    metadata = '<meta name="description" content="x"><link rel="canonical" href="/"><link rel="icon" href="i.svg">'
    assert bare(page(decorated, metadata)) == bare(page("<p>Warga</p>"))


def test_text_has_the_entries_that_are_shown_without_a_script():
    assert "Sari, D. (2020)" in bare(page('<a href="#r">Sari</a><span class="entry-card" hidden>Sari, D. (2020)</span>'))


def test_text_keeps_a_drawing_that_is_read():
    drawing = '<figure><svg viewBox="0 0 9 9" class="c"><path id="p" d="M0 0h9" fill="none"/><use href="#p"/><text x="1">lima</text></svg></figure>'
    text = bare(page(drawing))
    assert all(part in text for part in ("M0 0h9", 'id="p"', "#p", "lima")) and "class" not in text


def test_text_of_text_is_the_same():
    once = bare(page("<div class=x><p>Satu</p><ul><li>dua</ul></div>"))
    assert bare(once) == once


@pytest.mark.parametrize("html", ["", "   ", "\0", "<", "teks saja"])
def test_what_is_no_page_has_a_text(html):
    assert bare(html).startswith("<!doctype html>")


def test_bytes_are_those_of_gzip():
    text = "Warga menanam sayur. " * 200
    assert gzipped(text) == len(gzip.compress(text.encode(), 6))


# -- What makes a page heavy -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "body", "head"),
    [
        ("styles", "", "<style>{}</style>"),
        ("data", "", '<script type="application/ld+json">"{}"</script>'),
        ("scripts", "<script>/*{}*/</script>", ""),
        ("metadata", "", '<meta name="description" content="{}">'),
        ("buttons", '<button data-copy="{}">Salin</button>', ""),
        ("hidden", "<span hidden>{}</span>", ""),
        ("attributes", '<p data-x="{}">Warga</p>', ""),
    ],
)
def test_the_heaviest_part_is_named_first(name, body, head):
    noise = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789:-", k=900))
    html = page(f"<p>Warga</p>{body.replace('{}', noise)}", head.replace("{}", f"--a:{noise}" if name != "styles" else f"p{{--a:{noise}}}"))
    weights = parts(html)
    assert next(iter(weights)) == name and weights[name] > 400


# -- What a page asks for --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "address", "blocking"),
    [
        (page(head='<link rel="stylesheet" href="../a.css">'), "a.css", True),
        (page(head='<link rel="stylesheet" href="../a.css" media="print">'), "a.css", False),
        (page('<link rel="stylesheet" href="../a.css">'), "a.css", False),
        (page(head='<script src="../a.js"></script>'), "a.js", True),
        (page(head='<script src="../a.js" defer></script>'), "a.js", False),
        (page(head='<script src="../a.js" type="module"></script>'), "a.js", False),
        (page(head='<link rel="icon" href="../i.svg">'), "i.svg", False),
        (page(head='<link rel="manifest" href="../m.webmanifest">'), "m.webmanifest", False),
        (page('<img src="../foto.jpg" alt="">'), "foto.jpg", False),
        (page(head="<style>p{background:url('../b.png')}</style>"), "b.png", False),
        (page(head='<style>@import "../c.css";</style>'), "c.css", True),
    ],
)
def test_what_a_page_asks_for(html, address, blocking):
    assert requests(html, f"{BASE}id/") == (Request(f"{BASE}{address}", 1, blocking),)


@pytest.mark.parametrize(
    "html",
    [
        page('<a href="../b/">Hasil</a>'),
        page(head='<link rel="alternate" href="../feed.xml"><link rel="canonical" href="/">'),
        page('<img src="data:image/png;base64,AAAA" alt=""><svg><use href="#a"/></svg>'),
        page(head="<style>p{background:url(data:image/png;base64,AAAA)}</style>"),
        page('<img src="../a.png" alt="" loading="lazy" hidden>'),
    ],
)
def test_what_a_page_does_not_ask_for(html):
    assert requests(html, f"{BASE}id/") == ()


@pytest.mark.parametrize("attributes", ["hidden", 'loading="lazy"', 'loading="eager" hidden'])
def test_a_picture_is_asked_for_unless_it_is_both_hidden_and_lazy(attributes):
    assert [request.address for request in requests(page(f'<img src="../a.png" alt="" {attributes}>'), f"{BASE}id/")] == [f"{BASE}a.png"]


def test_a_file_is_asked_for_once():
    html = page('<img src="../a.png" alt=""><img src="../a.png#x" alt="">')
    assert len(requests(html, f"{BASE}id/")) == 1


def test_a_first_visit_is_the_page_and_its_files_and_theirs():
    style, picture = b"p{background:url(b.png)}" * 9, random.Random(2).randbytes(500)
    files = {"assets/a.css": style, "assets/b.png": picture, "sw.js": b"self.x = 1", "unasked.js": b"x"}
    html = page('<link rel="stylesheet" href="../assets/a.css?v=1"><script src="https://cdn.example/x.js" defer></script>')
    weight = Scales(BASE, files, ["sw.js", "absent.js"]).page(html, "id/")
    assert weight.files == {"assets/a.css": gzipped(style), "assets/b.png": 500, "sw.js": 10}  # what gzip would lengthen is sent as it is
    assert weight.visit == gzipped(html) + gzipped(style) + 500 + 10
    assert [request.address for request in weight.requests if not request.is_own] == ["https://cdn.example/x.js"]
    assert len(weight.requests) == 4


# -- The limits ------------------------------------------------------------------------------------------------------


@pytest.fixture
def green(tmp_path):
    root = green_site(tmp_path)
    return root, load.load(root)[0]


def told(root, site, **limits) -> list[str]:
    """What the rules of weight say of the green site when some limits are others."""
    site = replace(site, budget=replace(site.budget, **limits))
    findings = check_read(site, compare(site, load.built_site(root / "site")), WEIGHT)
    return [f"{finding.code} {finding.place.path.removeprefix(f'{root.as_posix()}/site/')}" for finding in findings]


def test_a_page_may_weigh_what_is_allowed_and_not_a_byte_more(green):
    root, site = green
    weights = compare(site, load.built_site(root / "site")).weights
    heaviest = max(weights, key=lambda weighed: weighed.weight.html - weighed.weight.text)
    most = heaviest.weight.html - heaviest.weight.text
    assert told(root, site, over_text=most) == []
    assert f"B609 {heaviest.page.url}index.html" in told(root, site, over_text=most - 1)


def test_every_page_is_weighed_and_the_404_page_too(green):
    root, site = green
    pages = (*(root / "site").rglob("index.html"), root / "site" / "404.html")
    every = {path.relative_to(root / "site").as_posix() for path in pages if "editions" not in path.parts}  # which are downloads
    assert {line.removeprefix("B609 ") for line in told(root, site, over_text=1)} == every


def test_a_first_visit_may_weigh_what_is_allowed(green):
    root, site = green
    assert told(root, site, visit=site.budget.window + 1) == []
    put_in(root, '<link rel="icon" href="../icon.png">')
    (root / "site" / "icon.png").write_bytes(random.Random(3).randbytes(14_000))
    assert told(root, site) == []
    assert told(root, site, visit=site.budget.window) == ["B610 id/index.html"]


def test_requests_are_counted_with_those_of_the_script(green):
    root, site = green
    put_in(root, "".join(f'<link rel="icon" href="../{name}.png">' for name in "ab"))
    (root / "site" / "sw.js").write_text("self.x = 1")
    assert told(root, site, requests=4, by_script=("sw.js",)) == []
    assert told(root, site, requests=3, by_script=("sw.js",)) == ["B610 id/index.html"]


@pytest.mark.parametrize(
    "element",
    [
        '<link rel="stylesheet" href="../assets/site.css">',
        '<link rel="preload" as="font" href="../a.woff2">',
        '<script src="../assets/site.js"></script>',
        '<img src="//cdn.example/a.png" alt="">',
        '<link rel="preconnect" href="https://cdn.example">',
        "<style>@font-face{font-family:a;src:url(../a.ttf)}</style>",
    ],
)
def test_a_page_waits_for_nothing_and_asks_nobody_else(green, element):
    root, site = green
    put_in(root, element)
    assert told(root, site) == ["B611 id/index.html"]


def test_a_site_brings_no_font(green):
    root, site = green
    (root / "site" / "a.woff2").write_bytes(b"wOF2")
    assert told(root, site) == ["B611 a.woff2"]


@pytest.mark.parametrize("name", ["contoh-id.epub", "contoh-id.html"])
def test_a_download_is_counted_as_it_is_saved(green, name):
    root, site = green
    (root / "site" / "id" / "studies" / "contoh" / name).write_bytes(b" " * 1000)
    assert told(root, site, download=1000) == []
    assert told(root, site, download=999) == [f"B612 id/studies/contoh/{name}"]


def test_without_a_budget_nothing_is_weighed(green):
    root, _ = green
    (root / "budget.yml").unlink()
    site, faults = load.load(root)
    assert (faults, compare(site, load.built_site(root / "site")).weights) == ([], ())
    assert check_built(site, load.built_site(root / "site"), WEIGHT) == []


@pytest.mark.parametrize(
    ("line", "code"), [("window: 0", "F104"), ("window: viel", "F104"), ("unknown: 1", "F104"), ("window: [1", "F103"), ("requests: 1.5", "F104")]
)
def test_a_budget_that_cannot_be_used_is_told(green, line, code):
    root, _ = green
    text = (root / "budget.yml").read_text("utf-8")
    name = line.partition(":")[0]
    (root / "budget.yml").write_text("\n".join(each for each in text.splitlines() if not each.startswith(f"{name}:")) + f"\n{line}\n", "utf-8")
    site, faults = load.load(root)
    assert site.budget is None and {finding.code for finding in faults} == {code}


def put_in(root, element: str) -> None:
    """An element into the head of a page of the green site."""
    file = root / "site" / "id" / "index.html"
    file.write_text(file.read_text("utf-8").replace("</head>", f"{element}</head>", 1), "utf-8")
