"""B: the pages as readers get them."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.etree
import lxml.html

from pustaka import reference
from pustaka.model import BuiltPage, Fault, Place, Site, Study, say
from pustaka.reference import Reference
from pustaka.rules import rule


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
                yield Fault(study.place, say("the built site has no page {url}: build it anew with “make site”", url=url))


def _due(site: Site, study: Study) -> Reference:
    entry = reference.of_entry(site.entry[study.entry])
    return reference.printed_by(study, entry) if study.printed else entry


def _box(page: BuiltPage, study: Study, due: Reference) -> Iterator[Fault]:
    if not (boxes := _boxes(page.html)):
        message = say("the page must have a How-to-Cite box: an element of class “how-to-cite” with one of class “reference” in it")
        yield Fault(Place(page.path), message)
        return
    source = say("the source's How to Cite") if study.printed else say("the entry {key}", key=study.entry)
    for field, said, wanted in reference.disagreements(reference.read(boxes[0].text_content(), due.journal), due):
        place = Place(page.path, boxes[0].sourceline or 1)
        message = say(
            "the box {stated}, {source} {due}: correct the entry, and build anew",
            stated=reference.says(field, said),
            source=source,
            due=reference.says(field, wanted),
        )
        yield Fault(place, message, key=study.entry)


def _boxes(html: str) -> list[lxml.html.HtmlElement]:
    try:
        document = lxml.html.document_fromstring(html)
    except lxml.etree.ParserError:  # nothing in it
        return []
    return [box for element in document.find_class("how-to-cite") for box in element.find_class("reference")]
