"""The search finds what readers of our pages look for: judged queries in both languages, and every form of a word."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml
from conftest import BuiltSite, expect_none
from playwright.sync_api import Page

from pustaka.search.words import MARK

QUERIES = yaml.safe_load((Path(__file__).parent / "queries.yml").read_text("utf-8"))


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


def _answers(links: set[str], answer: str) -> bool:
    return answer in links if "#" in answer else answer in {link.partition("#")[0] for link in links}


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


#: What the search is to reach: the share of the queries with an answer among the first three results, and their mean reciprocal rank.
RECALL, RANK = 0.95, 0.8


def rank(results: list[set[str]], answers: list[str]) -> int:
    """The place of the first result that has an answer; 0 where none has."""
    return next((place for place, links in enumerate(results, 1) if any(_answers(links, answer) for answer in answers)), 0)


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


def test_pages_to_be_read_come_before_those_of_rules(open_page, built_site):
    for language, word in (("id", "kutipan"), ("en", "citation")):
        results = ask(open_page(f"{language}/search/"), built_site, word)
        assert not any(link.startswith("rules/") for links in results[:3] for link in links), results[:3]
