"""The search: what is read of a page, what it is found by, and how well real queries are answered, by the real Pagefind in a browser."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from conftest import BuiltSite, expect_none
from green import green_site
from lxml import html
from playwright.sync_api import Page

from pustaka.load import load
from pustaka.model import SearchWords
from pustaka.search import indonesian, search_files
from pustaka.search.index import Document, index
from pustaka.search.text import ITEM, Passage, passages
from pustaka.search.words import MARK, Hidden, stem

QUERIES = yaml.safe_load((Path(__file__).parent / "queries.yml").read_text("utf-8"))

#: What the search is to reach: the share of the queries with an answer among the first three results, and their mean reciprocal rank.
RECALL, RANK = 0.95, 0.8


# -- The judged queries ------------------------------------------------------------------------------------------

#: Types a query into the form of the search page, and gives back its results: the addresses that each of them links to.
ASK = """query => new Promise(answer => {
  const form = document.querySelector("form.search"), said = form.querySelector("[role=status]");
  form.querySelector("input").value = query;
  form.requestSubmit();
  const seen = new MutationObserver(() => {
    if (!said.textContent || said.textContent === form.dataset.searching) return;
    seen.disconnect();
    const results = [...form.querySelectorAll("ol > li")].map(result => [...result.querySelectorAll("a")].map(link => link.href));
    answer(results.filter(links => links.length));
  });
  seen.observe(said, {childList: true, characterData: true, subtree: true});
})"""


def ask(page: Page, site: BuiltSite, query: str) -> list[set[str]]:
    """The results of a query: of each the addresses below the language's folder, "studies" and "studies#topics"."""
    while not page.evaluate("!!document.querySelector('form.search').onsubmit"):  # before the interface is loaded the form asks for a page
        page.wait_for_timeout(20)
    results = page.evaluate(ASK, query)
    return [{_name(link.removeprefix(site.address)) for link in links} for links in results]


def _name(address: str) -> str:
    """A page by its name without language, with the heading: "id/studies/#topics" -> "studies#topics"."""
    page, mark, heading = address.partition("/")[2].partition("#")
    return (page.strip("/") or "index") + mark + heading


def rank(results: list[set[str]], answers: list[str]) -> int:
    """The place of the first result that has an answer; 0 where none has."""
    return next((place for place, links in enumerate(results, 1) if any(_answers(links, answer) for answer in answers)), 0)


def _answers(links: set[str], answer: str) -> bool:
    return answer in links if "#" in answer else answer in {link.partition("#")[0] for link in links}


@pytest.mark.our_studies
@pytest.mark.parametrize("language", QUERIES)
def test_judged_queries_are_answered(language: str, open_page, built_site, capsys):
    page = open_page(f"{language}/search/")
    page.set_default_timeout(60_000)
    ranks = {item["query"]: rank(ask(page, built_site, item["query"]), item["answers"]) for item in QUERIES[language]}
    recall = sum(0 < place <= 3 for place in ranks.values()) / len(ranks)
    reciprocal = sum(1 / place for place in ranks.values() if place) / len(ranks)
    with capsys.disabled():
        print(f"\n{language}: {len(ranks)} queries, recall in the first three {recall:.3f}, mean reciprocal rank {reciprocal:.3f}")
        print("".join(f"    {place or 'not found'}: {query}\n" for query, place in ranks.items() if not 0 < place <= 3), end="")
    assert recall >= RECALL
    assert reciprocal >= RANK


@pytest.mark.our_studies
def test_the_judged_set_is_large_and_its_answers_are_there(built_site):
    assert len(QUERIES["id"]) >= 70
    assert len(QUERIES["en"]) >= 50
    ids = {page.address: set(page.ids) for page in built_site.pages}
    faults = []
    for language, items in QUERIES.items():
        faults += [f"{language}: “{query}” stands twice" for query, times in Counter(item["query"] for item in items).items() if times > 1]
        for answer in (answer for item in items for answer in item["answers"]):
            name, _, heading = answer.partition("#")
            address = f"{language}/" if name == "index" else f"{language}/{name}/"
            if address not in ids or (heading and heading not in ids[address]):
                faults.append(f"{language}: there is no {answer}")
    expect_none(faults)


@pytest.mark.our_studies
@pytest.mark.parametrize(
    "typed, found",
    [
        ("berdaya memberdayakan diberdayakan keberdayaan pemberdayaan", "studies/sahabat-community/background#definitions"),
        ("peran peranan berperan", "studies/sahabat-community/findings#stage-d"),
        ("meneliti diteliti peneliti penelitian", "studies/sahabat-community/method"),
        ("mengembalikan dikembalikan pengembalian", "studies/sahabat-community/findings#returns"),
        ("hp ponsel handphone smartphone", "studies/sahabat-community/findings#stage-a"),
        ("memesan dipesan pesanan", "studies/sahabat-community/findings"),
    ],
)
def test_every_form_of_a_word_finds_the_same(typed: str, found: str, open_page, built_site):
    page = open_page("id/search/")
    faults = []
    for word in typed.split():
        results = ask(page, built_site, word)
        if not any(_answers(links, found) for links in results):
            faults.append(f"{word}: {results}")
        if MARK in page.locator("form.search").inner_text():
            faults.append(f"{word}: a hidden word is shown")
    expect_none(faults)


@pytest.mark.our_studies
def test_pages_to_be_read_come_before_those_of_rules(open_page, built_site):
    for language, word in (("id", "kutipan"), ("en", "citation")):
        results = ask(open_page(f"{language}/search/"), built_site, word)
        assert not any(link.startswith("rules/") for links in results[:3] for link in links), results[:3]


# -- What is read ------------------------------------------------------------------------------------------------

PAGE = """<body><nav>Menu</nav><main><header><nav>Posisi</nav><h1>Temuan</h1><p class=deck>Isinya.</p><p class=meta>3 menit</p></header>
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
        Passage("Temuan", 1),
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
    for language in QUERIES:
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
    assert indonesian.forms(["zaifuddin", "yang", "qwertz"]) == {}


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
    assert names == {f"pagefind/{name}" for name in every} | {f"pagefind/{name.format(language)}" for name in each for language in QUERIES}


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

    assert search_files(Nothing, {}, "") == {}


# -- The topics from A to Z --------------------------------------------------------------------------------------


def topics(site: BuiltSite, language: str) -> Iterator[html.HtmlElement]:
    page = next(page for page in site.pages if page.address == f"{language}/search/")
    yield from page.one(".topics").iter("li")


@pytest.mark.parametrize("language", QUERIES)
def test_every_heading_and_term_is_a_topic(language: str, built_site, model):
    text = "\n".join(" ".join(item.text_content().split()) for item in topics(built_site, language)).casefold()
    expect_none(f"{term.term[language]} is no topic" for term in model.glossary if term.term[language].casefold() not in text)
    titles = [page.title for page in model.pages if page.language == language and page.name and page.name != "search"]
    assert titles
    expect_none(f"{title} is no topic" for title in titles if title.casefold() not in text)


@pytest.mark.parametrize("language", QUERIES)
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
