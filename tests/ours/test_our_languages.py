"""Our pages are in the language that their folder says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from test_rules_studies import found

from pustaka import load

ROOT = Path(__file__).parents[2]


def test_our_own_pages_are_in_their_language_and_every_swapped_one_is_found():
    site, _ = load.load(ROOT)
    assert found(site, "S511") == []
    other = {"id": "en", "en": "id"}
    swapped = replace(site, pages=tuple(replace(page, language=other[page.language]) for page in site.pages if page.language))
    of_studies = [page for page in swapped.pages if swapped.study_of(page)]
    assert len([message for message in found(swapped, "S511") if message.startswith("the description")]) == len(of_studies)
    overviews = [page for page in of_studies if page.name == swapped.study_of(page).name]
    assert len([message for message in found(swapped, "S511") if message.startswith("the summary")]) >= len(overviews)
