"""The references of our studies, as readers of either language read them."""

from __future__ import annotations

import re

import pytest
from test_render import entries, site

from pustaka.model import Place
from pustaka.render import citeproc
from pustaka.syntax import find_groups, labels_from


def test_reference_is_worded_in_the_language_of_the_page():
    assert "Diambil 24 Oktober 2020, dari" in entries("id")["kkp-nd"]
    assert "Retrieved October 24, 2020, from" in entries("en")["kkp-nd"]
    assert entries("id")["ramdhan2025"].endswith("[Skripsi].")
    assert entries("en")["ramdhan2025"].endswith("[Undergraduate thesis].")


def test_foreign_title_is_marked_and_one_s_own_is_not():
    for language in ("id", "en"):
        for key, markup in entries(language).items():
            marked, foreign = set(re.findall('<span lang="([^"]+)">', markup)), {site().entry[key].language} - {language}
            assert marked == foreign, (language, key)


def test_references_are_in_alphabetical_order():
    keys = [key for key in entries("id") if not key.startswith("kbbi")]  # that one has no author and sorts by its title
    assert keys == sorted(keys, key=lambda key: site().entry[key].authors[0].lower())


def test_engine_that_cannot_read_says_so(monkeypatch):
    monkeypatch.setattr(citeproc, "TIMEOUT", 0.0001)
    with pytest.raises(citeproc.CiteprocError, match="did not answer"):
        citeproc.references(site(), citeproc.csl_items(site()), (), "id")


def cite(text: str, language: str) -> str:
    """The plain text that the only citation in `text` prints."""
    labels = labels_from(site().words["locators"])
    groups = [group for _, _, group in find_groups(text, lambda offset: Place("test"), labels)]
    printed = citeproc.references(site(), citeproc.csl_items(site()), groups, language).citation(groups[0])
    return citeproc.plain("".join(part if isinstance(part, str) else part.html for part in printed))


@pytest.mark.parametrize(
    ("text", "language", "printed"),
    [
        ("[@purwana2017, hlm. 14]", "id", "(Purwana dkk., 2017, hlm. 14)"),
        ("[@purwana2017, p. 14]", "en", "(Purwana et al., 2017, p. 14)"),
        ("[@purwana2017, hlm. 14-16]", "id", "(Purwana dkk., 2017, hlm. 14–16)"),
        ("[@purwana2017, pp. 14-16]", "en", "(Purwana et al., 2017, pp. 14–16)"),
        ("[@afandi-nd]", "id", "(Afandi, t.t.)"),
        ("[@afandi-nd]", "en", "(Afandi, n.d.)"),
        ("[@zaifuddin2022, bag. Hasil dan Pembahasan]", "id", "(Zaifuddin, 2022, bag. Hasil dan Pembahasan)"),
        ("[@zaifuddin2022, sec. Hasil dan Pembahasan]", "en", "(Zaifuddin, 2022, sec. Hasil dan Pembahasan)"),
        ("[@ramdhan2025, bag. Abstrak, par. 5]", "id", "(Ramdhan, 2025, bag. Abstrak, par. 5)"),
        ("[@ramdhan2025, sec. Abstrak, para. 5]", "en", "(Ramdhan, 2025, sec. Abstrak, para. 5)"),
        ("[@ulum2020]", "id", "(Ulum & Anggani, 2020)"),
        ("@ulum2020", "id", "Ulum dan Anggani (2020)"),
        ("@ulum2020 [p. 14]", "en", "Ulum and Anggani (2020, p. 14)"),
        ("@suharto2005", "en", "Suharto (2005)"),
        ("[-@suharto2005, hlm. 35]", "id", "(2005, hlm. 35)"),
        ("[lihat @suharto2005; @ulum2020, hlm. 14]", "id", "(lihat Suharto, 2005; Ulum & Anggani, 2020, hlm. 14)"),
        ("[@kkp-nd]", "en", "(Kementerian Kelautan dan Perikanan, n.d.)"),
    ],
)
def test_citation_is_apa_in_the_language_of_the_page(text, language, printed):
    assert cite(text, language) == printed
