"""The search: what is read of a page, what it is found by, and how well real queries are answered, by the real Pagefind in a browser."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import BuiltSite, expect_none
from green import green_site
from lxml import html

from pustaka.load import load
from pustaka.model import SearchWords
from pustaka.search import indonesian, joined, searched
from pustaka.search.index import Document, index
from pustaka.search.text import ITEM, Passage, passages
from pustaka.search.words import MARK, Hidden, stem

LANGUAGES = tuple(yaml.safe_load((Path(__file__).parents[1] / "bibliography" / "terms.yml").read_text("utf-8"))["languages"])


# -- What is read ------------------------------------------------------------------------------------------------

PAGE = """<body><nav>Menu</nav><main><header><nav>Posisi</nav><h1>Hasil</h1><p class=deck>Isinya.</p><p class=meta>3 menit</p></header>
<div class=text><p>Satu <b>dua</b> <span class=citation>(<a>Sari, 2020</a><span class=entry-card hidden>Rujukan</span>)</span>.
Menurut <span class=citation><a>Suharto</a> (2005)</span>, tiga.</p>
<h2 id=a>Bagian<span class=heading-links><a>#</a><button>Kutip</button></span></h2>
<ul><li>butir<ul><li id=b>anak butir</li></ul></li></ul>
<table><tr><th>Nama<th>Arti</tr><tr><td>x<td>y</tr></table>
<figure><svg><title>Judul gambar</title><text>Lima D</text></svg></figure>
<dl><div id=term-x><dt>aset <a class=permalink>#</a></dt><dd>Yang berharga.</dd></div></dl>
<pre>kode</pre><link rel=stylesheet href=x><section id=references><h2>Daftar rujukan</h2></section></div></main><footer>Kaki</footer>"""


def test_what_readers_read_and_nothing_else():
    assert passages(PAGE) == [
        Passage("Hasil", 1),
        Passage("Isinya."),
        Passage("Satu dua. Menurut Suharto (2005), tiga."),
        Passage("Bagian", 2, "a"),
        Passage("butir"),
        Passage("anak butir", ITEM, "b"),
        Passage("Nama; Arti"),
        Passage("x; y"),
        Passage("Lima D"),
        Passage("aset", 3, "term-x"),
        Passage("Yang berharga."),
    ]


def test_no_page_of_the_site_is_read_as_empty_and_no_furniture_is_read(built_site):
    for page in built_site.sample:
        if page.language and page.address.split("/")[1] != "search":
            read = passages(page.file.read_text("utf-8"))
            text = " ".join(passage.text for passage in read)
            assert read[0].level == 1, page
            assert len(text.split()) > 15, page
            lists_works = page.address.endswith(("/bibliography/", "/references/"))
            for furniture in page.all(".heading-links" if lists_works else ".heading-links, .entry-card"):
                words = " ".join(furniture.text_content().split())
                assert len(words) < 12 or words not in text, f"{page}: {words}"


# -- What it is found by -----------------------------------------------------------------------------------------


def test_the_stems_are_those_of_the_index(built_site):
    for language in LANGUAGES:
        page = built_site.folder / language / "studies" / "index.html"
        words = set(re.findall(r"\b[a-z]{4,}\b", " ".join(passage.text for passage in passages(page.read_text("utf-8"))).lower()))
        index = b"".join(gzip.decompress(file.read_bytes()) for file in (built_site.folder / "pagefind" / "index").glob(f"{language}_*"))
        expect_none(f"{language}: {word} -> {stem(language, word)}" for word in sorted(words) if _cbor(stem(language, word)) not in index)


def _cbor(text: str) -> bytes:
    """A short text as it stands in CBOR (RFC 8949, 3.1), in which Pagefind writes its index."""
    return bytes([0x60 + len(text)]) + text.encode()


@pytest.mark.parametrize(
    "root, form",
    [
        ("kirim", "mengirim"),
        ("pakai", "memakai"),
        ("sewa", "menyewa"),
        ("tulis", "penulisan"),
        ("ajar", "pengajar"),
        ("beli", "membeli"),
        ("jual", "menjual"),
        ("rawat", "merawat"),
        ("rencana", "berencana"),
    ],
)
def test_affixes_change_the_first_letter_of_a_root(root: str, form: str):
    assert form in indonesian.forms([root, f"di{root}", f"{root}an"])[root]


def test_words_without_a_root_have_no_forms():
    assert indonesian.forms(["sukarno", "yang", "qwertz"]) == {}


def test_a_hidden_word_stands_once_in_a_section_and_only_where_it_is_needed():
    hidden = Hidden("id", SearchWords(same=(("ponsel", "telepon seluler"),)), {"peneliti": ["meneliti", "diteliti", "peneliti"]})
    read = [Passage("Para peneliti"), Passage("peneliti dan ponsel"), Passage("Lagi", 2, "lagi"), Passage("Ponsel, telepon seluler")]
    texts = [passage.text for passage in hidden.beside(read)]
    assert texts[0].startswith(f"Para peneliti {MARK}")
    found = [stem("id", word.lstrip(MARK)) for word in texts[0].split()]
    assert all(any(there.startswith(stem("id", form)) for there in found) for form in ("meneliti", "diteliti", "peneliti"))
    assert texts[1] == f"peneliti dan ponsel {MARK}telepon {MARK}seluler"
    assert texts[3] == "Ponsel, telepon seluler"


def test_a_fault_in_the_synonyms_is_told_with_its_line(tmp_path):
    root = green_site(tmp_path)
    (root / "bibliography" / "synonyms.yml").write_text("id:\n  same:\n    - [hp]\n  skiped: [apa]\n", "utf-8")
    told = [str(finding) for finding in load(root)[1]]
    assert len(told) == 2
    assert all(line.startswith("bibliography/synonyms.yml:") and " F104 " in line for line in told)
    assert any("did you mean “skipped”?" in line for line in told)


# -- The files ---------------------------------------------------------------------------------------------------

DOCUMENTS = [
    Document(f"{language}/{name}/", language, (Passage(f"Judul {name}", 1), Passage("Bagian", 2, "a"), Passage(f"isi <{name}> & lain")), "Studi")
    for language in ("id", "en", "xx")
    for name in ("satu", "dua", "tiga")
]


def test_the_same_documents_make_the_same_index():
    first = index(DOCUMENTS)
    for _ in range(3):
        assert index(DOCUMENTS) == first


def test_only_what_the_search_loads_is_published(built_site):
    names = {re.sub(r"[0-9a-f]{7,}", "…", file.relative_to(built_site.folder).as_posix()) for file in (built_site.folder / "pagefind").rglob("*")}
    each = ("fragment/{}_….pf_fragment", "index/{}_….pf_index", "pagefind.{}_….pf_meta", "wasm.{}.pagefind", "words.{}.txt")
    every = ("dialog.js", "fragment", "index", "pagefind-entry.json", "pagefind.js", "worker.js")
    assert names == {f"pagefind/{name}" for name in every} | {f"pagefind/{name.format(language)}" for name in each for language in LANGUAGES}


def test_hidden_words_cost_at_most_two_thirds_of_the_index(built_site, capsys):
    """What the other forms and the synonyms add, measured on all pages of a language that readers read."""
    files = [page for page in built_site.pages if page.language == "id" and not page.of_rule]
    read = [(page.address, passages(page.file.read_text("utf-8"))) for page in files]
    words = {word.lower() for _, some in read for passage in some for word in re.findall(r"[^\W\d_]{3,}", passage.text)}
    hidden = Hidden("id", load(Path(__file__).parents[1])[0].search_words["id"], indonesian.forms(words))
    sizes = []
    for beside in (lambda some: some, hidden.beside):
        made = index(Document(url, "id", tuple(beside(some))) for url, some in read)
        sizes.append(sum(len(data) for name, data in made.items() if name.startswith(("index/", "fragment/"))))
    with capsys.disabled():
        print(f"\nid: {sizes[0]:,} bytes of index without hidden words, {sizes[1]:,} with them ({sizes[1] / sizes[0]:.2f} times)")
    assert sizes[1] < 5 / 3 * sizes[0]


def test_no_search_where_no_page_is_for_it(tmp_path, model):
    class Nothing:
        site = load(green_site(tmp_path))[0]

    assert searched(Nothing) == []
    assert joined([], {"search": "x"}) == {}


# -- The topics from A to Z --------------------------------------------------------------------------------------


def topics(site: BuiltSite, language: str) -> Iterator[html.HtmlElement]:
    page = next(page for page in site.pages if page.address == f"{language}/search/")
    yield from page.one(".topics").iter("li")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_heading_and_term_is_a_topic(language: str, built_site, model):
    text = "\n".join(" ".join(item.text_content().split()) for item in topics(built_site, language)).casefold()
    expect_none(f"{term.term[language]} is no topic" for term in model.glossary if term.term[language].casefold() not in text)
    titles = [page.title for page in model.pages if page.language == language and page.name and page.name != "search"]
    assert titles
    expect_none(f"{title} is no topic" for title in titles if title.casefold() not in text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_are_in_order_and_lead_somewhere(language: str, built_site):
    ids = {page.address: set(page.ids) for page in built_site.pages}
    initials = []
    for item in topics(built_site, language):
        initials.append(re.sub(r"\W", "", item.text_content())[0].lower())
        for link in item.iter("a"):
            address, _, heading = link.get("href").partition("#")
            address = re.sub(r"^\.\./", f"{language}/", address)
            assert address in ids, link.get("href")
            assert not heading or heading in ids[address], link.get("href")
    assert initials == sorted(initials)
