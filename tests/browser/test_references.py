"""Lists of references as they are seen."""

from __future__ import annotations

import pytest
from conftest import LANGUAGES, BuiltSite, expect_none

#: Of every link to an entry's own address what stands before it, and whether its sign is where the link is: not on the words before.
MOVED = """() => [...document.querySelectorAll("main .permalink")].filter(link => {
  const sign = document.createRange();
  sign.selectNodeContents(link);
  const [inside, box] = [sign.getBoundingClientRect(), link.getBoundingClientRect()];
  return !box.width || inside.left < box.left - .5 || inside.right > box.right + .5;
}).map(link => link.parentElement.textContent.trim().slice(0, 60))"""


@pytest.mark.needs_study
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sign_of_an_address_stands_on_no_word(language: str, width: int, open_page, built_site: BuiltSite):
    listing = [page for page in built_site.pages if page.language == language and 'class="permalink"' in page.file.read_text("utf-8")]
    assert listing
    faults = []
    for page in listing:
        shown = open_page(page.address, viewport={"width": width, "height": 800})
        faults += [f"{page.address}: {words}" for words in shown.evaluate(MOVED)]
        shown.context.close()
    expect_none(faults)
