"""A third language is a folder and a column: the green site in Javanese too, and in Madurese, which the CLDR does not know.

The words of the third language are the Indonesian ones, marked: what is tried is the generator, not anybody's Javanese.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, BuiltSite, build_well, expect_none
from green import green_site

from pustaka import load
from pustaka.rules import check, check_built

#: What terms.yml says of the new languages: where the CSL and the CLDR have no locale, the nearest one's.
ROWS = {
    "jv": {"name": "Basa Jawa", "short": "JV", "csl": "id-ID", "cldr": "jv", "og": "jv_ID"},
    "mad": {"name": "Bhâsa Madhurâ", "short": "MAD", "csl": "id-ID", "cldr": "id", "og": "mad_ID"},
}


class _Written(yaml.SafeDumper):
    """Writes out what is said twice."""

    def ignore_aliases(self, data):
        return True


def with_column(data: object, language: str) -> object:
    """Wherever words stand by language, those of the new one beside them."""
    if isinstance(data, list):
        return [with_column(each, language) for each in data]
    if not isinstance(data, dict):
        return data
    data = {name: with_column(value, language) for name, value in data.items()}
    if {"id", "en"} <= data.keys():
        words = copy.deepcopy(data["id"])
        data[language] = f"{words} ({language})" if isinstance(words, str) else words
    return data


def with_language(root: Path, language: str, words: bool = True) -> Path:
    """The green site in one more language: the folder, and unless `words` is False the column."""
    shutil.copytree(root / "docs" / "id", root / "docs" / language)
    for file in ("terms.yml", "words.yml", "glossary.yml", "errata.yml", "studies/contoh.yml"):
        path = root / "bibliography" / file
        data = yaml.safe_load(path.read_text("utf-8"))
        rows = data.pop("languages") | {language: ROWS[language]} if file == "terms.yml" else None
        data = with_column(data, language) if words else data
        if file.startswith("studies/"):
            data["editions"][0]["languages"] = ["id", "en"]  # it was published before there was a third language
        data = {"languages": rows, **data} if rows else data
        path.write_text(yaml.dump(data, Dumper=_Written, allow_unicode=True, sort_keys=False, width=1000), "utf-8")
    return root


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> BuiltSite:
    """The green site in three languages, built by the project's own scripts."""
    root = with_language(green_site(tmp_path_factory.mktemp("three") / "project"), "jv")
    shutil.rmtree(root / "site")
    (root / "addresses.txt").unlink()
    (root / "mkdocs.yml").rename(root / "own.yml")
    for part in ("overrides", "scripts"):
        shutil.copytree(ROOT / part, root / part)
    own = (root / "own.yml").read_text("utf-8")
    (root / "mkdocs.yml").write_text((ROOT / "mkdocs.yml").read_text("utf-8"), "utf-8")
    (root / "own.yml").write_text(f"INHERIT: mkdocs.yml\n{own}  menu: [studies/contoh]\n", "utf-8")
    build_well(root, "--config-file", "own.yml")
    return BuiltSite(root / "site", "https://contoh.example/")


def test_the_pages_of_three_languages_lead_to_each_other(site):
    """RFC 8288 and Google's hreflang: each page names all, itself among them, and all of them name it."""
    named = {
        page.address: {link.get("hreflang"): link.get("href") for link in page.all("link[rel=alternate][hreflang]")}
        for page in site.pages
        if page.address
    }
    assert {address.partition("/")[0] for address in named} == {"id", "en", "jv"}
    faults = []
    for address, links in named.items():
        languages = links.keys() - {"x-default"}
        if languages != {"id", "en", "jv"}:
            faults.append(f"{address} names {sorted(languages)}")
        for language in languages:
            other = links[language].removeprefix(site.address)
            if named.get(other) != links:
                faults.append(f"{other} does not name what {address} names")
    expect_none(faults)


def test_the_switch_shows_three_languages_by_their_own_names(site):
    page = site.page("jv/studies/contoh/")
    links = page.all("nav.languages a")
    assert [link.get("hreflang") for link in links] == ["id", "en", "jv"]
    assert "Basa Jawa" in " ".join(link.text_content() for link in links)
    assert page.tree.get("lang") == "jv"


def test_the_page_that_is_not_there_speaks_three_languages(site):
    page = site.page("404.html")
    assert [section.get("lang") for section in page.all("section[lang]")] == ["en", "jv"]
    assert len(page.all("a[hreflang=jv]")) >= 2


def test_citations_and_dates_of_the_third_language_are_printed(site):
    page = site.page("jv/studies/contoh/findings/")
    assert page.all("span.citation") and page.all("#references li")
    assert page.one("time").text_content().strip()


def test_a_rule_without_a_translation_is_explained_in_english_and_says_so(site):
    """On the green site no page introduces the rules; what its rule pages would print is asked of the documentation."""
    from pustaka import rules
    from pustaka.documentation import documentation
    from pustaka.render.rule_pages import contents
    from pustaka.translation import translation

    loaded, _ = load.load(site.folder.parent)
    catalogue = translation(load.message_catalogue("id"))
    docs = documentation(rules.rules(), {}, load.told(), {"id": catalogue, "en": str, "jv": None})
    p201 = next(doc for doc in docs if doc.code == "P201")
    assert (contents(p201, loaded, "jv")["said_in"], contents(p201, loaded, "id")["said_in"]) == ("en", "")
    assert contents(p201, loaded, "jv")["told"] == contents(p201, loaded, "en")["told"]


@pytest.mark.parametrize("language", ROWS)
def test_no_rule_finds_anything_in_a_third_language(language, tmp_path):
    loaded, faults = load.load(with_language(green_site(tmp_path), language))
    assert faults == []
    assert [finding for finding in check(loaded) if finding.code not in ("L414", "S512")] == []


def test_what_was_built_in_three_languages_says_what_is_due(site):
    root = site.folder.parent
    (root / "mkdocs.yml").write_text((root / "own.yml").read_text("utf-8"), "utf-8")
    loaded, faults = load.load(root)
    found = check_built(loaded, load.built_site(site.folder))
    assert faults == []
    expect_none(str(finding) for finding in found if not finding.code.startswith(("B609", "B61")))  # not of weights and addresses


def test_a_column_that_is_not_there_is_told_once_a_file_with_every_line(tmp_path):
    loaded, faults = load.load(with_language(green_site(tmp_path), "jv", words=False))
    found = [str(finding) for finding in check(loaded) if finding.code == "L405"]
    assert faults == []
    by_file = [finding.partition(":")[0] for finding in found]
    assert len(by_file) == len(set(by_file)) and {"bibliography/terms.yml", "bibliography/words.yml"} <= set(by_file)
    words = next(finding for finding in found if finding.startswith("bibliography/words.yml"))
    assert "“jv” has no words here: add “jv: …” to" in words and "interface.tagline (line " in words
