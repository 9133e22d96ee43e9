"""B: the pages and files as readers and their programs get them, read back by parsers that had no part in making them."""

from __future__ import annotations

from collections.abc import Iterator

from pustaka import reference
from pustaka.model import Fault, Place, Site, Study, say
from pustaka.reference import Reference
from pustaka.rules import rule
from pustaka.surfaces import Value, boxes, jsonld, whole
from pustaka.surfaces.document import Document
from pustaka.surfaces.reading import Comparison, Reading

#: The names of a work's fields in messages.
_FIELDS = {
    "title": say("title"),
    "authors": say("authors"),
    "orcid": say("ORCID"),
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
    "version": say("version"),
}

#: What surfaces are called in a sentence; the others go by their own name.
_NAMES = {
    whole.FEED.name: say("the feed"),
    whole.SITEMAP.name: say("the sitemap"),
    jsonld.OF_PAGE.name: say("the JSON-LD of the page"),
    jsonld.OF_STUDY.name: say("the JSON-LD of the study"),
}

_STYLES = frozenset(surface.name for surface in boxes.SURFACES.values())


@rule("B601")
def built_reference(site: Site, reading: Reading) -> Iterator[Fault]:
    """The How-to-Cite box of a built page does not say what the source says of itself.

    In every language the reference in the box must hold the author, year, title, journal, volume, issue, pages and DOI of
    the string that the source prints; for a study that prints none, of its entry.

    Bad (site/id/studies/contoh/index.html):
        <p class="reference">Sari, D., &amp; Putra, A. (2021). Kebun Bersama di Desa Contoh.
        <em>Jurnal Contoh</em>, <em>3</em>(1), 11–20. https://doi.org/10.5555/contoh.3.1</p>
    Good (site/id/studies/contoh/index.html):
        <p class="reference">Sari, D., &amp; Putra, A. (2020). Kebun Bersama di Desa Contoh.
        <em>Jurnal Contoh</em>, <em>3</em>(1), 11–20. https://doi.org/10.5555/contoh.3.1</p>
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
    boxes = [reference for box in document.of_class("how-to-cite", "section") for reference in box.find_class("reference")]
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


def _disagreements(reading: Reading, code: str) -> Iterator[Fault]:
    """What the surfaces of one rule say otherwise than is due, field by field, and what else is amiss with them."""
    for comparison in reading.comparisons:
        if comparison.wrong and comparison.surface.code == code:
            yield from (_disagreement(comparison, name) for name in comparison.wrong)
    yield from (Fault(trouble.place, trouble.message) for trouble in reading.troubles if trouble.code == code)


def _disagreement(comparison: Comparison, name: str) -> Fault:
    statement, work = comparison.statement, comparison.work
    said, due = statement.fields.get(name, ""), comparison.due[name]
    values = {
        "surface": _NAMES.get(statement.surface, statement.surface),
        "field": _FIELDS[name],
        "said": _printed(said),
        "source": work.source,
        "due": _printed(due),
    }
    if statement.surface in _STYLES and said:
        message = say("the reference in {surface} does not hold the {field} “{due}” of {source}, but reads “{said}”: build the site anew", **values)
    elif said and due:
        message = say(
            "{surface} has the {field} “{said}”, {source} has “{due}”: correct it there if that is the wrong one, and build the site anew", **values
        )
    elif due:
        message = say("{surface} has no {field}, {source} has “{due}”: build the site anew", **values)
    else:
        message = say("{surface} has the {field} “{said}”, {source} has none: correct it there if that is wrong, and build the site anew", **values)
    return Fault(statement.place(name), message, key=work.key)


def _printed(value: Value) -> str:
    """A value for people: names with a semicolon between them."""
    return value if isinstance(value, str) else "; ".join(", ".join(name) for name in value)


@rule("B602")
def built_file(site: Site, reading: Reading) -> Iterator[Fault]:
    """A file for reference managers does not say what the bibliography, or the page, says.

    BibTeX, BibLaTeX, RIS, EndNote, CSL-JSON and CITATION.cff of every study and page, and of every list of works, are read
    back by parsers that know nothing of how they were written.

    Bad (site/cite/contoh2020.ris):
        TY  - JOUR
        ID  - contoh2020
        AU  - Sari, Dewi
        AU  - Putra, Agus
        TI  - Kebun Bersama di Desa Contoh
        T2  - Jurnal Contoh
        PY  - 2020
        VL  - 4
        IS  - 1
        SP  - 11
        EP  - 20
        DO  - 10.5555/contoh.3.1
        UR  - https://doi.org/10.5555/contoh.3.1
        LA  - id
        ER  -
    Good (site/cite/contoh2020.ris):
        TY  - JOUR
        ID  - contoh2020
        AU  - Sari, Dewi
        AU  - Putra, Agus
        TI  - Kebun Bersama di Desa Contoh
        T2  - Jurnal Contoh
        PY  - 2020
        VL  - 3
        IS  - 1
        SP  - 11
        EP  - 20
        DO  - 10.5555/contoh.3.1
        UR  - https://doi.org/10.5555/contoh.3.1
        LA  - id
        ER  -
    """
    yield from _disagreements(reading, "B602")


@rule("B603")
def built_meta(site: Site, reading: Reading) -> Iterator[Fault]:
    """The `<meta>` of a page, which search engines and messengers read, do not say what they must.

    Highwire tags (Google Scholar) stand on the pages of studies alone, and speak of the study; so does Dublin Core there,
    elsewhere of the page; Open Graph always speaks of the page, and has a card, a PNG of 1200×630 pixels below 300 kB.
    There is no COinS, for which reference managers would offer the works of a reference list instead of the page.

    Bad (site/id/studies/contoh/index.html):
        <meta name="citation_volume" content="4">
    Good (site/id/studies/contoh/index.html):
        <meta name="citation_volume" content="3">
    """
    yield from _disagreements(reading, "B603")


@rule("B604")
def built_json_ld(site: Site, reading: Reading) -> Iterator[Fault]:
    """The structured data (JSON-LD) of a page does not say what the bibliography or the page says.

    It has a node for the page, one for its study, and one for the path to it from the language's home page (schema.org).

    Bad (site/id/index.html):
        <script type="application/ld+json">
        {"@context": "https://schema.org", "@graph": [{
         "@type": "WebPage",
         "@id": "https://contoh.example/id/",
         "url": "https://contoh.example/id/",
         "name": "Kebun",
         "description": "Halaman depan.",
         "inLanguage": "id",
         "dateModified": "2026-01-02",
         "author": {"@type": "Organization", "@id": "https://contoh.example/#publisher", "name": "Redaksi Contoh"},
         "publisher": {"@id": "https://contoh.example/#publisher"},
         "license": "https://creativecommons.org/licenses/by-sa/4.0/",
         "isPartOf": {"@type": "WebSite", "@id": "https://contoh.example/", "url": "https://contoh.example/", "name": "Contoh"},
         "citation": [{"@type": "WebPage", "@id": "https://contoh.example/id/bibliography/#ref-dinas-nd", "name": "Kebun Desa"},
          {"@type": "Book", "@id": "https://contoh.example/id/bibliography/#ref-suharto2005", "name": "Membangun Masyarakat"}],
         "workTranslation": [{"@id": "https://contoh.example/en/"}]
        }]}
        </script>
    Good (site/id/index.html):
        <script type="application/ld+json">
        {"@context": "https://schema.org", "@graph": [{
         "@type": "WebPage",
         "@id": "https://contoh.example/id/",
         "url": "https://contoh.example/id/",
         "name": "Beranda",
         "description": "Halaman depan.",
         "inLanguage": "id",
         "dateModified": "2026-01-02",
         "author": {"@type": "Organization", "@id": "https://contoh.example/#publisher", "name": "Redaksi Contoh"},
         "publisher": {"@id": "https://contoh.example/#publisher"},
         "license": "https://creativecommons.org/licenses/by-sa/4.0/",
         "isPartOf": {"@type": "WebSite", "@id": "https://contoh.example/", "url": "https://contoh.example/", "name": "Contoh"},
         "citation": [{"@type": "WebPage", "@id": "https://contoh.example/id/bibliography/#ref-dinas-nd", "name": "Kebun Desa"},
          {"@type": "Book", "@id": "https://contoh.example/id/bibliography/#ref-suharto2005", "name": "Membangun Masyarakat"}],
         "workTranslation": [{"@id": "https://contoh.example/en/"}]
        }]}
        </script>
    """
    yield from _disagreements(reading, "B604")


@rule("B605")
def built_links(site: Site, reading: Reading) -> Iterator[Fault]:
    """The links by which programs find their way (FAIR Signposting) do not lead where they must.

    Compared are cite-as, describedby with the type of each file, license, author, type, item and collection (signposting.org,
    "FAIR Signposting Profile"), and the canonical address.

    Bad (site/id/studies/contoh/index.html):
        <link rel="cite-as" href="https://doi.org/10.5555/contoh.3.2">
    Good (site/id/studies/contoh/index.html):
        <link rel="cite-as" href="https://doi.org/10.5555/contoh.3.1">
    """
    yield from _disagreements(reading, "B605")


@rule("B606")
def built_whole(site: Site, reading: Reading) -> Iterator[Fault]:
    """A feed, the sitemap or robots.txt does not say what the pages say, or leaves pages out.

    Search engines find the pages by robots.txt and the sitemap, and readers learn from the feed what is new: a page that is
    missing there is not found, and a wrong date brings nobody back.

    Bad (site/robots.txt):
        User-agent: *
        Disallow: /

        Sitemap: https://contoh.example/sitemap.xml
    Good (site/robots.txt):
        User-agent: *
        Allow: /

        Sitemap: https://contoh.example/sitemap.xml
    """
    yield from _disagreements(reading, "B606")


@rule("B607")
def built_missing(site: Site, reading: Reading) -> Iterator[Fault]:
    """A page, a part of it or a file was not built, or no program can read it.

    What one program reads past, another one stumbles over: every file is judged by its format, JSON and CFF by their schemas.

    Bad (site/id/cite.json):
        [{"id": "contoh-id", "type": "webpage"
    Good (site/id/cite.json):
        [{
          "URL": "https://contoh.example/id/",
          "author": [{"literal": "Redaksi Contoh"}],
          "container-title": "Contoh",
          "id": "contoh-id",
          "issued": {"date-parts": [[2026, 1, 2]]},
          "language": "id",
          "title": "Beranda",
          "type": "webpage"
        }]
    """
    yield from _disagreements(reading, "B607")


@rule("B608")
def built_style(site: Site, reading: Reading) -> Iterator[Fault]:
    """A reference that says how to cite lacks the title, the author, the year or the address.

    The title, the first author's family name, the year, and the DOI or the address are asked of every style, for the study as
    for the page; of the study in APA, rule B601 asks more. What a button copies must be what its box shows; that of a heading
    must name the study and lead to the heading.

    Bad (site/id/index.html):
        <p class="reference">Redaksi Contoh. (2026, 2 Januari). <em>Kebun</em>. Contoh.
        <a href="https://contoh.example/id/">https://contoh.example/id/</a></p>
    Good (site/id/index.html):
        <p class="reference">Redaksi Contoh. (2026, 2 Januari). <em>Beranda</em>. Contoh.
        <a href="https://contoh.example/id/">https://contoh.example/id/</a></p>
    """
    yield from _disagreements(reading, "B608")
