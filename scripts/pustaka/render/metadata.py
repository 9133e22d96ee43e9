"""What machines read of a page: Highwire tags, Dublin Core, Open Graph, FAIR Signposting and JSON-LD.

Highwire tags, Dublin Core and Signposting speak of the page's subject: on the pages of a study that is the study, elsewhere the
page itself. Open Graph and the JSON-LD of the page speak of the page, which on a study's pages has the study for its subject.

Which tags, and why: Google Scholar, "Inclusion Guidelines for Webmasters"; DCMI, "Expressing Dublin Core metadata using HTML/XHTML meta
and link elements"; ogp.me; signposting.org, "FAIR Signposting Profile"; schema.org. What Zotero makes of them follows from
its translators "Embedded Metadata" and "RDF".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pustaka.model import TEACHING, Page, Study
from pustaka.render.address import absolute, fragment
from pustaka.render.cards import HEIGHT, WIDTH
from pustaka.render.publication import Publication
from pustaka.works import Name, Work, licence_of

#: CSL item types -> Dublin Core types as Zotero knows them, and schema.org's types; of any other type the last line.
_TYPES = {
    "article-journal": ("Article", "ScholarlyArticle"),
    "paper-conference": ("Conference paper", "ScholarlyArticle"),
    "thesis": ("Thesis", "Thesis"),
    "book": ("Book", "Book"),
    "chapter": ("Book section", "Chapter"),
    "report": ("Report", "Report"),
    "webpage": ("Web page", "WebPage"),
    "manuscript": ("Manuscript", "Manuscript"),
    "dataset": ("Dataset", "Dataset"),
    "": ("Text", "CreativeWork"),
}


def metadata(publication: Publication, page: Page) -> dict:
    """What the head of a page holds for machines: `names` and `properties` (pairs for <meta>), `links` (for <link>) and `json_ld`."""
    study = publication.site.study_of(page)
    subject = publication.works[study.entry] if study else publication.page_works[page.path]
    names = [*(_highwire(publication, page, study, subject) if study else ()), *_dublin_core(publication, subject, study), *_zotero(subject, study)]
    return {
        "canonical": publication.canonical(page),
        "names": [{"name": name, "content": content} for name, content in (*names, ("twitter:card", "summary_large_image")) if content],
        "properties": [{"property": name, "content": content} for name, content in _open_graph(publication, page, study)],
        "links": [link for link in _signposting(publication, page, study) if link["href"]],
        "json_ld": _script(_json_ld(publication, page, study)),
    }


def _type(work: Work) -> tuple[str, str]:
    return _TYPES.get(work.type, _TYPES[""])


def _iso(date: Iterable[int], mark: str = "-") -> str:
    return mark.join(f"{part:02}" for part in date)


def _overview(publication: Publication, page: Page, study: Study) -> Page:
    """The study's overview in the page's language; where there is none, the page."""
    return publication.site.page(page.language, study.name) or page


def _licence_address(publication: Publication, identifier: str) -> str:
    return publication.site.words["licences"].get(identifier, {}).get("url", "") if identifier else ""


# -- <meta> ----------------------------------------------------------------------------------------------------------


def _highwire(publication: Publication, page: Page, study: Study, work: Work) -> Iterator[tuple[str, str]]:
    overview = _overview(publication, page, study)
    yield "citation_title", work.text("title")
    for author in work.authors:
        yield "citation_author", _for_zotero(author)
        yield "citation_author_orcid", author.orcid
    yield "citation_publication_date", _iso(work.issued, "/")
    if work.type == "article-journal":
        yield "citation_journal_title", work.text("container-title")
    yield "citation_volume", work.text("volume")
    yield "citation_issue", work.text("issue")
    yield from zip(("citation_firstpage", "citation_lastpage"), work.pages, strict=True)
    yield "citation_doi", work.text("DOI")
    yield "citation_issn", work.text("ISSN")
    yield "citation_isbn", work.text("ISBN")
    if work.type == "thesis":
        yield "citation_dissertation_institution", work.text("publisher")
    yield "citation_language", work.text("language")
    yield "citation_abstract", overview.description if page is overview else ""  # the others lead there
    yield "citation_abstract_html_url", publication.canonical(overview)
    yield "citation_public_url", work.address or publication.canonical(overview)


def _for_zotero(author: Name) -> str:
    """A name as Zotero takes it for the one that it is.

    A comma keeps a body's name whole; a space that does not break keeps Zotero from seeing two people in a name with two
    words on either side of its comma, and is put back into a space by it.
    """
    if author.body:
        return f"{author.body}," if " " in author.body else author.body
    return ", ".join(filter(None, (author.family, author.given.replace(" ", "\u00a0") if " " in author.family else author.given)))


def _dublin_core(publication: Publication, work: Work, study: Study | None) -> Iterator[tuple[str, str]]:
    yield "DC.title", work.text("title")
    yield from (("DC.creator", author.inverted) for author in work.authors)
    yield "DC.date", _iso(work.issued)
    yield "DC.type", _type(work)[0]
    yield "DC.language", work.text("language")
    yield "DC.identifier", work.address
    yield "DC.rights", _licence_address(publication, work.licence)
    if study:
        yield "DC.source", work.text("container-title")
    else:
        yield "DC.publisher", publication.settings.publisher


def _zotero(work: Work, study: Study | None) -> Iterator[tuple[str, str]]:
    """What Dublin Core has no word for: the kind of a thesis (EPrints' vocabulary), and a body as an author (its `bib`)."""
    if study and work.type == "thesis":
        yield "eprints.thesis_type", work.text("genre")
    if not study:
        yield from (("bib.authors", f"{author.body},") for author in work.authors if author.body)


def _open_graph(publication: Publication, page: Page, study: Study | None) -> Iterator[tuple[str, str]]:
    languages = publication.site.words["languages"]
    language = publication.language_of(page)
    title = publication.title_alone(page)
    yield "og:title", title
    yield "og:description", page.description
    yield "og:type", "article" if study else "website"
    yield "og:url", publication.canonical(page)
    yield "og:site_name", publication.settings.name
    yield "og:locale", languages[language]["og"]
    yield from (
        ("og:locale:alternate", languages[other["language"]]["og"]) for other in publication.alternates(page) if other["language"] != language
    )
    yield "og:image", absolute(publication.settings.address, publication.card(page))
    yield "og:image:width", str(WIDTH)
    yield "og:image:height", str(HEIGHT)
    yield "og:image:alt", title


# -- <link> ----------------------------------------------------------------------------------------------------------


def _signposting(publication: Publication, page: Page, study: Study | None) -> Iterator[dict]:
    def link(rel: str, href: str, media_type: str = "") -> dict:
        return {"rel": rel, "href": href, "type": media_type}

    def at(address: str) -> str:
        return absolute(publication.settings.address, address)

    site, canonical = publication.site, publication.canonical(page)
    if study:
        work, overview = publication.works[study.entry], _overview(publication, page, study)
        yield link("cite-as", work.address or publication.canonical(overview))
        yield from (link("author", author.orcid) for author in work.authors)
        yield from (link("type", f"https://schema.org/{name}") for name in ("AboutPage", _type(work)[1]))
        if page is overview:
            pages = (site.page(page.language, study.page_name(name)) for name in study.pages)
            yield from (link("item", publication.canonical(other), "text/html") for other in pages if other)
        else:
            yield link("collection", publication.canonical(overview), "text/html")
    else:
        yield link("cite-as", canonical)
        about = site.page(publication.language_of(page), "about")
        yield link("author", publication.canonical(about) if about else "")
        yield link("type", "https://schema.org/WebPage")
    if not study or page is overview:  # a study is described where it is introduced; its other pages name that one as their collection
        files = publication.downloads(study.entry if study else page.path)
        yield from (link("describedby", at(file.address), file.media_type) for file in files)
    yield link("license", _licence_address(publication, publication.settings.licence))


# -- JSON-LD ---------------------------------------------------------------------------------------------------------


def _script(graph: list[dict]) -> str:
    """JSON-LD that can stand in a <script>: no `<` in it ends one, or begins another (HTML, "Restrictions for contents of script elements")."""
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _without_nothing(node: dict) -> dict:
    return {name: value for name, value in node.items() if value not in ("", [], None)}


def _json_ld(publication: Publication, page: Page, study: Study | None) -> list[dict]:
    graph = [_page_node(publication, page, study)]
    if study and page.name == study.name:  # what its other pages say of it is its name
        graph.append(_study_node(publication, page, study))
    if page.name:
        graph.append(_breadcrumbs(publication, page))
    return graph


def _page_node(publication: Publication, page: Page, study: Study | None) -> dict:
    site, settings, language = publication.site, publication.settings, publication.language_of(page)
    canonical = publication.canonical(page)
    work = publication.page_works[page.path]
    about = site.page(language, "about")
    publisher = {"@type": "Organization", "@id": absolute(settings.address, "#publisher"), "name": settings.publisher}
    publisher |= {"url": publication.canonical(about)} if about and page is about else {}
    is_taught = study is not None and page.name == study.page_name(TEACHING)
    keys = dict.fromkeys(citation.key for citation in page.citations)
    return _without_nothing(
        {
            "@type": ["WebPage", "LearningResource"] if is_taught else "WebPage",
            "@id": canonical,
            "url": canonical,
            "name": work.text("title"),
            "description": page.description,
            "inLanguage": language,
            "datePublished": study.published if study else "",
            "dateModified": _iso(work.issued),
            "version": work.text("version"),
            "author": publisher,
            "publisher": {"@id": publisher["@id"]},
            "license": _licence_address(publication, work.licence),
            "isPartOf": {"@type": "WebSite", "@id": absolute(settings.address, ""), "name": settings.name},
            "breadcrumb": {"@id": f"{canonical}#breadcrumbs"} if page.name else "",
            "about": {"@id": _study_id(publication, page, study)} if study else "",
            "learningResourceType": "lesson plan" if is_taught else "",
            "citation": [{"@id": _cited_id(publication, page, key)} for key in keys if key in site.entry],
            **_translations(publication, page),
        }
    )


def _translations(publication: Publication, page: Page) -> dict:
    """The site's first language is the original, and the others are translations of it."""
    others = [other for other in publication.alternates(page) if other["language"] != page.language] if page.language else []
    if page.language == publication.site.languages[0]:
        return {"workTranslation": [{"@id": other["url"]} for other in others]}
    original = publication.site.page(publication.site.languages[0], page.name)
    return {"translationOfWork": {"@id": publication.canonical(original)} if original and page.language else ""}


def _study_id(publication: Publication, page: Page, study: Study) -> str:
    """The study's name for machines, the same on all pages: its DOI, else a part of its overview in the site's first language."""
    overview = publication.site.page(publication.site.languages[0], study.name) or page
    return publication.works[study.entry].address or f"{publication.canonical(overview)}#study"


def _cited_id(publication: Publication, page: Page, key: str) -> str:
    """The name of a work that a page cites: a study's own, any other's DOI, else its lasting place in the bibliography."""
    work, study = publication.works[key], publication.site.study_citing(key)
    place = absolute(publication.settings.address, f"{publication.language_of(page)}/bibliography/#{fragment(f'ref-{key}')}")
    return _study_id(publication, page, study) if study else f"https://doi.org/{work.text('DOI')}" if work.text("DOI") else place


def _study_node(publication: Publication, page: Page, study: Study) -> dict:
    work = publication.works[study.entry]
    first, last = work.pages
    container: dict | str = _without_nothing({"@type": "Periodical", "name": work.text("container-title"), "issn": work.text("ISSN")})
    if "name" not in container:
        container = ""
    else:
        for kind, number, variable in (("PublicationVolume", "volumeNumber", "volume"), ("PublicationIssue", "issueNumber", "issue")):
            if work.text(variable):
                container = {"@type": kind, number: work.text(variable), "isPartOf": container}
    doi = work.text("DOI")
    return _without_nothing(
        {
            "@type": _type(work)[1],
            "@id": _study_id(publication, page, study),
            "name": work.text("title"),
            "author": [_person(author) for author in work.authors],
            "datePublished": _iso(work.issued),
            "inLanguage": work.text("language"),
            "isPartOf": container,
            "pageStart": first,
            "pageEnd": last,
            "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": doi} if doi else "",
            "url": work.address,
            "license": _licence_address(publication, licence_of(study)),
            "genre": work.text("genre"),
            "publisher": {"@type": "Organization", "name": work.text("publisher")} if work.text("publisher") else "",
            "keywords": list(study.keywords[page.language]),
        }
    )


def _person(author: Name) -> dict:
    if author.body:
        return {"@type": "Organization", "name": author.body}
    person = {"@type": "Person", "name": author.natural, "givenName": author.given, "familyName": author.family, "@id": author.orcid}
    return _without_nothing(person)


def _breadcrumbs(publication: Publication, page: Page) -> dict:
    """From the language's home to the page."""
    steps = [*publication.above(page), page]
    return {
        "@type": "BreadcrumbList",
        "@id": f"{publication.canonical(page)}#breadcrumbs",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": publication.short_title(step), "item": publication.canonical(step)}
            for position, step in enumerate(steps, 1)
        ],
    }
