"""B: the pages as readers get them."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.etree
import lxml.html

from pustaka import reference
from pustaka.model import BuiltPage, Place, Site, Study
from pustaka.reference import Reference
from pustaka.rules import Fault, rule


@rule("B601")
def built_reference(site: Site, pages: tuple[BuiltPage, ...]) -> Iterator[Fault]:
    """The How-to-Cite box of a built page does not say what the source says of itself.

    In every language the reference in the box must hold the author, year, title, journal, volume, issue, pages and DOI of
    the string that the source prints; for a study that prints none, of its entry.

    Bad (site/id/studies/contoh/index.html):
        <section class="how-to-cite">
        <p class="reference">Sari, D., &amp; Putra, A. (2021). Kebun Bersama di Desa Contoh. <i>Jurnal Contoh</i>, <i>3</i>(1), 11–20. https://doi.org/10.5555/contoh.3.1</p>
        </section>
    Good (site/id/studies/contoh/index.html):
        <section class="how-to-cite">
        <p class="reference">Sari, D., &amp; Putra, A. (2020). Kebun Bersama di Desa Contoh. <i>Jurnal Contoh</i>, <i>3</i>(1), 11–20. https://doi.org/10.5555/contoh.3.1</p>
        </section>
    """
    by_url = {page.url: page for page in pages}
    for study in site.studies:
        for language in site.languages if study.entry in site.entry else ():
            url = f"{language}/{study.name}/"
            if url in by_url:
                yield from _box(by_url[url], study, _due(site, study))
            else:
                yield study.place, f"the built site has no page {url}: build it anew with “make site”"


def _due(site: Site, study: Study) -> Reference:
    entry = reference.of_entry(site.entry[study.entry])
    return reference.printed_by(study, entry) if study.printed else entry


def _box(page: BuiltPage, study: Study, due: Reference) -> Iterator[Fault]:
    if not (boxes := _boxes(page.html)):
        yield Place(page.path), "the page must have a How-to-Cite box: an element of class “how-to-cite” with one of class “reference” in it"
        return
    source = "the source's How to Cite" if study.printed else f"the entry {study.entry}"
    for field, said, wanted in reference.disagreements(reference.read(boxes[0].text_content(), due.journal), due):
        place = Place(page.path, boxes[0].sourceline or 1)
        yield place, f"the box {reference.says(field, said)}, {source} {reference.says(field, wanted)}: correct the entry, and build anew"


def _boxes(html: str) -> list[lxml.html.HtmlElement]:
    try:
        document = lxml.html.document_fromstring(html)
    except lxml.etree.ParserError:  # nothing in it
        return []
    return [box for element in document.find_class("how-to-cite") for box in element.find_class("reference")]
