"""B: the pages and files as readers and their programs get them, read back by parsers that had no part in making them."""

from __future__ import annotations

from collections.abc import Iterator

from pustaka import reference
from pustaka.model import Fault, Message, Place, Site, Study, join, say
from pustaka.reference import Reference
from pustaka.rules import rule
from pustaka.surfaces import Value
from pustaka.surfaces.comparison import Comparison, Reading
from pustaka.surfaces.document import Document

#: The names of a work's fields in messages.
_FIELDS = {
    "title": say("title"),
    "authors": say("authors"),
    "date": say("date"),
    "container": say("larger work"),
    "volume": say("volume"),
    "issue": say("issue"),
    "pages": say("pages"),
    "doi": say("DOI"),
    "url": say("address"),
    "type": say("type"),
    "language": say("language"),
    "licence": say("licence"),
    "kind": say("kind of thesis"),
}


@rule("B601")
def built_reference(site: Site, reading: Reading) -> Iterator[Fault]:
    """The How-to-Cite box of a built page does not say what the source says of itself.

    In every language the reference in the box must hold the author, year, title, journal, volume, issue, pages and DOI of
    the string that the source prints; for a study that prints none, of its entry.

    Bad (site/id/studies/contoh/index.html):
        BAD_REFERENCE
    Good (site/id/studies/contoh/index.html):
        GOOD_REFERENCE
    """
    by_url = {document.url: document for document in reading.pages}
    for study in site.studies:
        for language in site.languages if study.entry in site.entry else ():
            url = f"{language}/{study.name}/"
            if url in by_url:
                yield from _box(by_url[url], study, _due(site, study))


def _due(site: Site, study: Study) -> Reference:
    entry = reference.of_entry(site.entry[study.entry])
    return reference.printed_by(study, entry) if study.printed else entry


def _box(document: Document, study: Study, due: Reference) -> Iterator[Fault]:
    boxes = [reference for box in document.of_class("how-to-cite") for reference in box.find_class("reference")]
    if not boxes:
        message = say("the page must have a How-to-Cite box: an element of class “how-to-cite” with one of class “reference” in it")
        yield Fault(Place(document.page.path), message)
        return
    source = say("the source's How to Cite") if study.printed else say("the entry {key}", key=study.entry)
    for field, said, wanted in reference.disagreements(reference.read(boxes[0].text_content(), due.journal), due):
        place = Place(document.page.path, boxes[0].sourceline or 1)
        message = say(
            "the box {stated}, {source} {due}: correct the entry, and build anew",
            stated=reference.says(field, said),
            source=source,
            due=reference.says(field, wanted),
        )
        yield Fault(place, message, key=study.entry)
