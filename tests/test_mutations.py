"""The check of the built site can fail: every surface is broken in every field that it states, and the check names just that.

Broken are the overviews of the two studies, an ordinary page and their files, in both languages, and of the green site a study
with two authors. A field is changed, and left out; of the authors one is left out, and their order changed.
"""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import pytest
import yaml
from conftest import expect_none
from green import green_site

from pustaka import load
from pustaka.model import BuiltImage, BuiltPage, BuiltSite, Site
from pustaka.rules import check_read
from pustaka.surfaces import Value
from pustaka.surfaces.boxes import FULL, STYLES
from pustaka.surfaces.comparison import compare
from pustaka.surfaces.document import Document
from pustaka.surfaces.duties import Duties
from pustaka.surfaces.in_file import read_file
from pustaka.surfaces.on_page import read_page
from pustaka.surfaces.reading import Comparison, Reading

#: What a broken field says.
OTHER = {
    "title": "Judul Lain",
    "authors": "Lain, Orang",
    "orcid": "https://orcid.org/0000-0001-5109-3700",
    "date": "1999",
    "container": "Wadah Lain",
    "volume": "99",
    "issue": "98",
    "pages": "901",
    "doi": "10.5555/lain",
    "url": "https://lain.example/",
    "language": "nl",
    "licence": "MIT",
    "kind": "Tesis",
    "version": "9.9",
}
#: Fields without which a format is not valid: the file as a whole is told then.
REQUIRED = {("RIS", "type"), ("EndNote", "type"), ("CSL-JSON", "type"), *(("CFF", name) for name in ("type", "title", "authors"))}


class Broken(NamedTuple):
    """A text with one fault: the surface and field that are to be found, and how it was broken."""

    surface: str
    field: str
    how: str
    text: str


Edit = Callable[[str, str], str | None]

# -- How each surface is broken: (text, what the field says instead, "" for nothing) -> text ---------------------------------


def line(pattern: str) -> Edit:
    """Breaks the lines that a pattern finds: its group "value" is replaced, or the whole line left out."""

    def edit(text: str, other: str) -> str | None:
        found = re.search(pattern, text, re.MULTILINE)
        if not found:
            return None
        if not other:
            return re.sub(pattern + r".*\n?", "", text, flags=re.MULTILINE)
        return text[: found.start("value")] + other + text[found.end("value") :]

    return edit


BIB = {
    "title": "title",
    "authors": "author",
    "date": "year|date",
    "container": "journal|journaltitle|howpublished|organization",
    "volume": "volume",
    "issue": "number",
    "pages": "pages",
    "doi": "doi",
    "url": "url",
    "language": "language|langid",
    "licence": "copyright",
    "kind": "type",
    "version": "version",
}
RIS = dict(title="TI", authors="AU", date="PY", container="T2", volume="VL", issue="IS", pages="SP", doi="DO", url="UR", language="LA", kind="M3")
REFER = dict(title="T", authors="A", date="D", container="[JB]", volume="V", issue="N", pages="P", doi="R", url="U", language="G", kind="9")
CSL = dict(
    title="title",
    container="container-title",
    volume="volume",
    issue="issue",
    pages="page",
    doi="DOI",
    url="URL",
    language="language",
    kind="genre",
    version="version",
)
CFF = dict(title="title", volume="volume", issue="issue", doi="doi", url="url", licence="license", kind="thesis-type", type="type", version="version")
META = {
    "Highwire": {
        "title": "citation_title",
        "authors": "citation_author",
        "date": "citation_publication_date",
        "container": "citation_journal_title",
        "volume": "citation_volume",
        "issue": "citation_issue",
        "pages": "citation_firstpage",
        "doi": "citation_doi",
        "url": "citation_abstract_html_url",
        "language": "citation_language",
    },
    "Dublin Core": {
        "title": "DC.title",
        "authors": "DC.creator",
        "date": "DC.date",
        "container": "DC.source",
        "url": "DC.identifier",
        "type": "DC.type",
        "language": "DC.language",
        "licence": "DC.rights",
    },
    "Open Graph": {"title": "og:title", "container": "og:site_name", "url": "og:url", "type": "og:type", "language": "og:locale"},
}
LINKS = {"url": "cite-as", "type": "type", "licence": "license", "authors": "author"}
#: Of the first entry, or of the whole feed where an entry does not say it.
FEED = {
    "title": r"<entry>\s*<title>(?P<value>[^<]*)",
    "date": r"<entry>.*?<updated>(?P<value>[^<]*)",
    "url": r'<entry>.*?<link rel="alternate"[^>]* href="(?P<value>[^"]*)',
    "authors": r"<name>(?P<value>[^<]*)",
    "language": r'xml:lang="(?P<value>[^"]*)',
    "licence": r"<rights>(?P<value>[^<]*)",
}
NODE = dict(title="name", url="url", type="@type", language="inLanguage", licence="license", kind="genre", pages="pageStart", version="version")


def inside(pattern: str) -> Edit:
    """Breaks what the group "value" of a pattern finds first: it is replaced, or left empty."""

    def edit(text: str, other: str) -> str | None:
        found = re.search(pattern, text, re.DOTALL)
        return text[: found.start("value")] + other + text[found.end("value") :] if found else None

    return edit


def in_json(change: Callable[[dict, str], None]) -> Edit:
    """Breaks the only work of a CSL-JSON file."""

    def edit(text: str, other: str) -> str:
        works = json.loads(text)
        change(works[0], other)
        return json.dumps(works)

    return edit


def in_yaml(change: Callable[[dict, str], None]) -> Edit:
    """Breaks the preferred citation of a CITATION.cff, and what is said of the whole in the same way."""

    def edit(text: str, other: str) -> str:
        file = yaml.safe_load(text)
        preferred = file["preferred-citation"]
        change(preferred, other)
        for name in ("title", "authors", "doi", "url", "license"):
            if name in preferred:
                file[name] = preferred[name]
            else:
                file.pop(name, None)
        return yaml.safe_dump(file)

    return edit


def in_node(own: str, change: Callable[[dict, str], None]) -> Edit:
    """Breaks the node of the page, or that of the study, in the JSON-LD of a page."""

    def edit(text: str, other: str) -> str:
        script = re.search(r'(<script type="application/ld\+json">)(.*?)(</script>)', text, re.DOTALL)
        data = json.loads(script[2])
        nodes = [node for node in data["@graph"] if ("WebPage" in node["@type"]) == (own == "page") and node["@type"] != "BreadcrumbList"]
        change(nodes[0], other)
        return text[: script.start(2)] + json.dumps(data) + text[script.end(2) :]

    return edit


def put(name: str, value: Callable[[str], object] = str) -> Callable[[dict, str], None]:
    """Gives a key another value, or takes it out."""

    def change(data: dict, other: str) -> None:
        if other:
            data[name] = value(other)
        else:
            data.pop(name, None)

    return change


def part(kind: str, name: str) -> Callable[[dict, str], None]:
    """The same in what the node is a part of."""

    def change(node: dict, other: str) -> None:
        while node["@type"] != kind:
            node = node["isPartOf"]
        put(name)(node, other)

    return change


def edits(surface: str, subject: str, url: str = "") -> dict[str, Edit]:
    """How each field of a surface is broken."""
    if surface in ("BibTeX", "BibLaTeX"):
        found = {field: line(rf"^  (?:{name}) = \{{(?P<value>.*)\}},") for field, name in BIB.items()}
        return found | {"type": line(r"^@(?P<value>\w+)")}
    if surface == "RIS":
        return {field: line(rf"^{tag}  - (?P<value>.*)") for field, tag in (RIS | {"type": "TY"}).items()}
    if surface == "EndNote":
        return {field: line(rf"^%{tag} (?P<value>.*)") for field, tag in (REFER | {"type": "0"}).items()}
    if surface == "CSL-JSON":
        found = {field: in_json(put(name)) for field, name in CSL.items()}
        dates = in_json(put("issued", lambda other: {"date-parts": [[int(other)]]}))
        authors = in_json(put("author", lambda other: [{"literal": other}]))
        return found | {"date": dates, "authors": authors, "type": in_json(put("type")), "language": in_json(put("language"))}
    if surface == "CFF":
        found = {field: in_yaml(put(name)) for field, name in CFF.items()}
        found |= {
            "authors": in_yaml(put("authors", lambda other: [{"name": other}])),
            "date": in_yaml(put("year", int)),
            "pages": in_yaml(put("start")),
        }
        return found | {"language": in_yaml(put("languages", lambda other: [other])), "container": in_yaml(_cff_container)}
    if surface in META:
        return {field: line(rf'^<meta (?:name|property)="{name}" content="(?P<value>[^"]*)">') for field, name in META[surface].items()}
    if surface == "Signposting":
        return {field: line(rf'^<link rel="{rel}" href="(?P<value>[^"]*)"') for field, rel in LINKS.items()}
    if surface.startswith("JSON-LD"):
        return _of_node("page" if surface.endswith("page") else "study")
    if surface == "feed":
        return {field: inside(pattern) for field, pattern in FEED.items()}
    if surface == "sitemap":
        return {"date": inside(rf"<loc>{re.escape(url)}</loc>\s*<lastmod>(?P<value>[^<]*)")}
    return _of_box(surface, subject)


def _cff_container(work: dict, other: str) -> None:
    put("journal" if "journal" in work else "collection-title")(work, other)


def _node_authors(node: dict, other: str) -> None:
    """Of a page the name of its author alone: by its `@id` it is the publisher too."""
    if isinstance(node["author"], dict):
        put("name")(node["author"], other)
    else:
        put("author", lambda other: [{"@type": "Person", "name": other}])(node, other)


def _of_node(own: str) -> dict[str, Edit]:
    found = {field: in_node(own, put(name)) for field, name in NODE.items()}
    found["date"] = in_node(own, put("dateModified" if own == "page" else "datePublished"))
    found["authors"] = in_node(own, _node_authors)
    found["doi"] = in_node(own, put("identifier", lambda other: {"@type": "PropertyValue", "propertyID": "doi", "value": other}))
    container = "WebSite" if own == "page" else "Periodical"
    parts = {"container": (container, "name"), "volume": ("PublicationVolume", "volumeNumber"), "issue": ("PublicationIssue", "issueNumber")}
    return found | {field: in_node(own, part(*where)) for field, where in parts.items()}


def _of_box(style: str, subject: str) -> dict[str, Edit]:
    """Breaks the reference of a style in a box: the words that are due are replaced where they are first printed."""
    box = "cite-page" if subject == "page" else "how-to-cite"
    opening = '<p class="reference" data-copy' if style in (STYLES[0], FULL.name) else f"<dt>{style}</dt>"

    def within(words: str) -> Edit:
        def edit(text: str, other: str) -> str | None:
            start = text.index(opening, text.index(f'class="{box}"'))
            end = text.index("</p>" if opening.startswith("<p") else "</dd>", start)
            pattern = re.compile(rf"(?<![\w/.]){words}(?!\w)", re.IGNORECASE)
            shown = re.sub(r'"[^"]*"', lambda quoted: "\0" * len(quoted[0]), text[start:end])  # not in an attribute
            found = pattern.search(shown, len(opening))
            if not found:
                return None
            return text[: start + found.start()] + other + text[start + found.end() :]

        return edit

    return {"within": within}


# -- What is broken ----------------------------------------------------------------------------------------------------------


def broken(text: str, comparison: Comparison) -> Iterator[Broken]:
    """A text broken in each field that a surface states in it."""
    statement = comparison.statement
    surface, subject = statement.surface, statement.subject
    how = edits(surface, subject, str(statement.fields.get("url", "")))
    for field in comparison.right:
        if (surface, field) == ("sitemap", "url"):
            continue  # by which a page is found there: see below
        edit = how["within"](_printed(surface, field, statement.fields[field])) if "within" in how else how[field]
        for name, other in (("changed", _other(surface, field)), ("left out", "")):
            if name == "left out" and field == "type" and surface in ("BibTeX", "BibLaTeX"):
                continue  # an entry without a type is none
            after = edit(text, other)
            assert after not in (None, text), f"{surface} {field}: nothing was broken"
            yield Broken(surface, field, name, after)


def _other(surface: str, field: str) -> str:
    if field == "type":
        return {"BibTeX": "booklet", "BibLaTeX": "booklet", "CSL-JSON": "song", "CFF": "music"}.get(surface, "Lain")
    if field == "date" and surface == "feed":
        return "1999-01-01T00:00:00Z"
    if field == "language" and surface.startswith("Bib"):
        return "dutch"
    if field == "doi" and surface == FULL.name:
        return f"https://doi.org/{OTHER['doi']}"
    return "Lain" if field == "authors" and surface in (FULL.name, *STYLES) else OTHER[field]


def _printed(surface: str, field: str, said: Value) -> str:
    """A pattern for what a reference prints of a field."""
    if field == "authors":
        return re.escape(re.split("[,;]", str(said))[0] if isinstance(said, str) else said[0][0])
    if field == "title":
        return r"\W+".join(map(re.escape, re.findall(r"\w+", html.escape(str(said), quote=False))))
    if field == "doi":
        return rf"(?:https://doi\.org/)?{re.escape(str(said))}"
    return re.escape(str(said).replace("-", "–") if field == "pages" else str(said))


class Target(NamedTuple):
    """A site, and the addresses in it of the pages and files that are broken."""

    site: Site
    built: BuiltSite
    addresses: Sequence[str]

    @property
    def duties(self) -> Duties:
        return Duties(self.site, self.site.settings, self.built)


STEMS = ("{}.bib", "{}.biblatex.bib", "{}.ris", "{}.enw", "{}.json")


def _files(stem: str, folder: str) -> list[str]:
    return [pattern.format(stem) for pattern in STEMS] + [f"{folder}CITATION.cff"]


@pytest.fixture(scope="module")
def green(tmp_path_factory) -> Target:
    """A study with two authors."""
    root = green_site(tmp_path_factory.mktemp("green"))
    site, _ = load.load(root)
    built = load.built_site(root / "site")
    files = _files("cite/contoh2020", "cite/contoh2020/")
    return Target(site, built, ["id/studies/contoh/", "en/studies/contoh/findings/", *files, *_files("id/cite", "id/")])


@pytest.fixture(scope="module")
def real(built_site, model: Site) -> Target:
    """The real site: both studies and an ordinary page."""
    addresses = []
    for study in model.studies:
        addresses += [f"{language}/{study.name}/" for language in model.languages] + _files(f"cite/{study.entry}", f"cite/{study.entry}/")
    for language in model.languages:
        url = f"{language}/about/"
        addresses += [url, *_files(f"{url}cite", url), f"{language}/feed.xml"]
    addresses.append("sitemap.xml")
    return Target(model, load.built_site(built_site.folder), addresses)


def _read(target: Target, duties: Duties, address: str, text: str | None) -> Reading:
    if address.endswith("/"):
        page = next(page for page in target.built.pages if page.url == address)
        return read_page(duties, Document(BuiltPage(page.path, address, text or "")))
    return read_file(duties, address, text)


def _text(target: Target, address: str) -> str:
    if address.endswith("/"):
        return next(page.html for page in target.built.pages if page.url == address)
    return target.built.texts[address]


def _found(reading: Reading, site: Site) -> set[tuple[str, str]]:
    """What the check says is wrong: surface and field; of what is amiss beside the fields the surface and the rule."""
    findings = check_read(site, reading)
    wrong = {(each.statement.surface, name) for each in reading.comparisons for name in each.wrong}
    amiss = {(trouble.surface, trouble.code) for trouble in reading.troubles}
    assert bool(findings) == bool(wrong or amiss)
    return wrong | amiss


@pytest.mark.parametrize("name", ["real", "green"])
def test_nothing_is_found_in_what_is_not_broken(name, request):
    target = request.getfixturevalue(name)
    expect_none(map(str, check_read(target.site, compare(target.site, target.built))))


@pytest.mark.parametrize("name", ["real", "green"])
def test_each_surface_broken_in_each_field(name, request, capsys):
    target = request.getfixturevalue(name)
    duties, faults, counts = target.duties, [], Counter()
    for address in target.addresses:
        text = _text(target, address)
        read = _read(target, duties, address, text).comparisons
        for comparison in read[:1] if address.endswith(".xml") else read:
            counts.update({"surfaces": 1, "fields": len(comparison.right)})
            for case in broken(text, comparison):
                found = _found(_read(target, duties, address, case.text), target.site)
                is_found = _is_found(case, found)
                counts.update(broken=1, found=is_found)
                if not is_found:
                    faults.append(f"{address}: {case.surface}, {case.field} {case.how}: found {sorted(found)}")
    with capsys.disabled():
        print(f"\n{name}: {counts['surfaces']} surfaces with {counts['fields']} fields: broken {counts['broken']} times, found {counts['found']}")
    expect_none(faults)
    assert counts["broken"] == counts["found"] > 100


def _is_found(case: Broken, found: set[tuple[str, str]]) -> bool:
    """Whether just that is found which was broken.

    What a format cannot be without makes the whole file invalid. A printed reference has no names for its fields: without one
    of them others are taken for it.
    """
    if case.how == "left out" and case.surface == FULL.name:
        return (case.surface, case.field) in found and {surface for surface, _ in found} == {case.surface}
    if case.how == "left out" and (case.surface, case.field) in REQUIRED:
        return found == {(case.surface, "B607")}
    return found == {(case.surface, case.field)}


# -- Of two authors one, or both in another order ----------------------------------------------------------------------------

PERSON = '{{"@type":"Person","name":"{1} {0}","givenName":"{1}","familyName":"{0}"}}'
#: (address, surface, what stands between two authors, how an author is written)
AUTHORS = [
    ("cite/contoh2020.bib", "BibTeX", " and ", "{}, {}"),
    ("cite/contoh2020.biblatex.bib", "BibLaTeX", " and ", "{}, {}"),
    ("cite/contoh2020.ris", "RIS", "\n", "AU  - {}, {}"),
    ("cite/contoh2020.enw", "EndNote", "\n", "%A {}, {}"),
    ("cite/contoh2020.json", "CSL-JSON", ",\n", '      {{\n        "family": "{}",\n        "given": "{}"\n      }}'),
    ("cite/contoh2020/CITATION.cff", "CFF", "\n", "- family-names: {}\n  given-names: {}"),
    ("id/studies/contoh/", "Highwire", "\n", '<meta name="citation_author" content="{}, {}">'),
    ("id/studies/contoh/", "Dublin Core", "\n", '<meta name="DC.creator" content="{}, {}">'),
    ("id/studies/contoh/", "JSON-LD, study", ",", PERSON),
    ("id/studies/contoh/", FULL.name, ", &amp; ", "{0}, {1[0]}."),
]


@pytest.mark.parametrize("address, surface, between, author", AUTHORS, ids=[f"{surface} {address}" for address, surface, *_ in AUTHORS])
@pytest.mark.parametrize("how", ["first alone", "second alone", "exchanged"])
def test_authors(address, surface, between, author, how, green):
    first, second = (author.format(*name) for name in (("Sari", "Dewi"), ("Putra", "Agus")))
    after = {"first alone": first, "second alone": second, "exchanged": f"{second}{between}{first}"}[how]
    text = broken_text = _text(green, address)
    for indent in ("", "  ") if surface == "CFF" else ("",):  # said of the whole, and of the preferred citation
        before, other = (textwrap.indent(each, indent) for each in (f"{first}{between}{second}", after))
        assert before in text
        broken_text = broken_text.replace(f"\n{before}" if surface == "CFF" else before, f"\n{other}" if surface == "CFF" else other)
    assert _found(_read(green, green.duties, address, broken_text), green.site) == {(surface, "authors")}


# -- An author's ORCID -------------------------------------------------------------------------------------------------------

ORCID, OTHER_ORCID = "https://orcid.org/0000-0002-1825-0097", "https://orcid.org/0000-0001-5109-3700"
#: Where an author's ORCID stands: what stands before it, with the line's indent, and how it is written there.
WITH_ORCID = {
    ("id/studies/contoh/", "Highwire"): ('<meta name="citation_author" content="Putra, Agus">', '\n<meta name="citation_author_orcid" content="{}">'),
    ("id/studies/contoh/", "JSON-LD, study"): ('"givenName":"Agus","familyName":"Putra"', ',"@id":"{}"'),
    ("cite/contoh2020/CITATION.cff", "CFF"): ("given-names: Agus", "\n{indent}orcid: {}"),
}


@pytest.mark.parametrize("address, surface", WITH_ORCID, ids=[surface for _, surface in WITH_ORCID])
@pytest.mark.parametrize("stated", [ORCID, OTHER_ORCID, ""], ids=["right", "changed", "left out"])
def test_orcid(stated, address, surface, green):
    """The study's record says it of the second author; it stands on every surface that can carry it."""
    study = replace(green.site.study["contoh"], orcid={"Putra, Agus": ORCID.rpartition("/")[2]})
    site = replace(green.site, studies=(study,))
    text = _text(green, address).replace('<link rel="cite-as"', f'<link rel="author" href="{ORCID}">\n<link rel="cite-as"')
    for (place, other), (before, written) in WITH_ORCID.items():
        if place == address:
            assert before in text
            text = _after(text, before, written, stated if other == surface else ORCID)
    target = green._replace(site=site)
    assert _found(_read(target, target.duties, address, text), site) == (set() if stated == ORCID else {(surface, "orcid")})


def _after(text: str, before: str, written: str, identifier: str) -> str:
    """The text with an identifier behind every `before`; without one, as it is."""
    indented = rf"\g<0>{written}".replace("{indent}", r"\g<1>").replace("{}", identifier)
    return re.sub(rf"^( *).*{re.escape(before)}", indented, text, flags=re.MULTILINE) if identifier else text


# -- What is copied ----------------------------------------------------------------------------------------------------------

_FINDING = re.compile(r'class="heading-links" data-cite="(?P<value>[^"]*)"')
#: What of the citation of a finding is changed into what.
COPIED = {"the author of a finding": (r"^\(\w+", "(Lain"), "the year of a finding": (r"\d{4}", "1999")}


@pytest.mark.needs_study
@pytest.mark.parametrize("what", COPIED)
def test_what_is_copied(what, real):
    before, after = COPIED[what]
    duties, broken_pages = real.duties, 0
    for page in real.built.pages:
        found = _FINDING.search(page.html)
        if found and duties.study(page.url):
            copied = re.sub(before, after, found["value"], count=1)
            assert copied != found["value"]
            text = page.html[: found.start("value")] + copied + page.html[found.end("value") :]
            assert _found(_read(real, duties, page.url, text), real.site) == {("copy button", "B608")}, page.url
            broken_pages += 1
    assert broken_pages


# -- What is not there, and what is amiss beside the fields ------------------------------------------------------------------


def test_each_file_is_missed_and_must_be_readable(green):
    duties = green.duties
    for address in duties.files:
        surface = {"robots.txt": "robots.txt", "sitemap.xml": "sitemap"}.get(address, "feed" if address.endswith(".xml") else "")
        surface = surface or duties.works_files[address].format.surface.name
        assert _found(_read(green, duties, address, None), green.site) == {(surface, "B607")}
        if address != "robots.txt":  # in which any line may stand
            for text in ("", "\0", "<", "{", "[" * 100_000, "@article{a,\n  title = {" + "{" * 100_000, "<" * 100_000, "%" * 100_000):
                assert _found(_read(green, duties, address, text), green.site) == {(surface, "B607")}, (address, text[:20])


#: What is taken out of the overview, as a pattern, and what the check then says.
LEFT_OUT = {
    r'<meta name="citation_.*\n': {("Highwire", "B607")},
    r'<meta name="DC\..*\n': {("Dublin Core", "B607")},
    r'<meta property="og:(?!image).*\n': {("Open Graph", "B607")},
    r'<script type="application/ld\+json">.*?</script>': {("JSON-LD, page", "B607")},
    r'<section id="cite-page".*?</section>': {(style, "B607") for style in STYLES},
    r"<dt>Harvard</dt>": {("Harvard", "B607")},
    r'<link rel="(cite-as|type|license)".*\n': {("Signposting", "B607")},
    r'<link rel="describedby".*\n': {("Signposting", "B605")},
    r'<link rel="item".*\n': {("Signposting", "B605")},
    r'<link rel="canonical".*\n': {("Signposting", "B605")},
    r'<link rel="alternate" type="application/atom\+xml".*\n': {("feed", "B606")},
    r'<meta property="og:image".*\n': {("Open Graph", "B603")},
}


@pytest.mark.parametrize("pattern", LEFT_OUT)
def test_a_part_of_a_page_is_missed(pattern, green):
    text = _text(green, "id/studies/contoh/")
    after = re.sub(pattern, "", text, flags=re.DOTALL if ".*?" in pattern else 0)
    assert after != text
    assert _found(_read(green, green.duties, "id/studies/contoh/", after), green.site) == LEFT_OUT[pattern]


OVERVIEW, PART, HOME = "id/studies/contoh/", "en/studies/contoh/findings/", "id/"
#: Page, what stands there, what stands there instead, and what the check then says.
EXCHANGED = [
    (OVERVIEW, 'contoh2020.ris" type="application/x-research-info-systems"', 'contoh2020.ris" type="text/plain"', ("Signposting", "B605")),
    (OVERVIEW, "cite/contoh2020.enw", "cite/contoh2021.enw", ("Signposting", "B605")),
    (
        OVERVIEW,
        '<link rel="item" href="https://contoh.example/id/studies/contoh/findings/"',
        '<link rel="item" href="https://lain.example/"',
        ("Signposting", "B605"),
    ),
    (
        PART,
        '<link rel="collection" href="https://contoh.example/en/studies/contoh/"',
        '<link rel="collection" href="https://contoh.example/en/"',
        ("Signposting", "B605"),
    ),
    (
        PART,
        '<link rel="canonical" href="https://contoh.example/en/',
        '<link rel="canonical" href="https://contoh.example/id/',
        ("Signposting", "B605"),
    ),
    (
        "en/studies/contoh/",
        '<link rel="alternate" type="application/atom+xml" href="../../feed.xml"',
        '<link rel="alternate" type="application/atom+xml" href="../../../id/feed.xml"',
        ("feed", "B606"),
    ),
    (PART, 'findings/card.png">', 'card.png">', ("Open Graph", "B603")),
    (HOME, "</head>", '<meta name="citation_title" content="Beranda"></head>', ("Highwire", "B603")),
    (HOME, "</body>", '<span class="a Z3988" title="ctx_ver=Z39.88-2004"></span></body>', ("COinS", "B603")),
    (PART, '"about":{"@id":"https://doi.org/10.5555/contoh.3.1"}', '"about":{"@id":"https://doi.org/10.5555/lain"}', ("JSON-LD, page", "B604")),
    (
        PART,
        '"translationOfWork":{"@id":"https://contoh.example/id/',
        '"translationOfWork":{"@id":"https://contoh.example/en/',
        ("JSON-LD, page", "B604"),
    ),
    (
        OVERVIEW,
        '"workTranslation":[{"@id":"https://contoh.example/en/',
        '"workTranslation":[{"@id":"https://contoh.example/id/',
        ("JSON-LD, page", "B604"),
    ),
    (PART, '"position":2', '"position":3', ("JSON-LD, page", "B604")),
    (PART, "bibliography/#ref-suharto2005", "bibliography/#ref-suharto", ("JSON-LD, page", "B604")),
    (PART, '"@context":"https://schema.org"', '"@context":"https://lain.example"', ("JSON-LD, page", "B607")),
    ("id/feed.xml", "<id>https://contoh.example/id/studies/contoh/</id>", "<id>https://contoh.example/id/lain/</id>", ("feed", "B606")),
    ("sitemap.xml", "<loc>https://contoh.example/id/</loc>", "<loc>https://contoh.example/lain/</loc>", ("sitemap", "B606")),
    ("sitemap.xml", 'hreflang="en" href="https://contoh.example/en/"', 'hreflang="en" href="https://contoh.example/id/"', ("sitemap", "B606")),
    ("robots.txt", "Allow: /", "Disallow: /id/\nDisallow: /", ("robots.txt", "B606")),
    ("robots.txt", "sitemap.xml", "peta.xml", ("robots.txt", "B606")),
]


@pytest.mark.parametrize("address, before, after, found", EXCHANGED)
def test_what_is_amiss_beside_the_fields(address, before, after, found, green):
    text = _text(green, address)
    assert before in text
    assert _found(_read(green, green.duties, address, text.replace(before, after)), green.site) == {found}


@pytest.mark.parametrize(
    "card, code",
    [
        (None, "B607"),
        (BuiltImage("", 0, 0, 10), "B603"),
        (BuiltImage("PNG", 1200, 600, 10), "B603"),
        (BuiltImage("PNG", 1200, 630, 300_000), "B603"),
    ],
)
def test_card(card, code, green):
    images = {address: image for address, image in green.built.images.items() if address != f"{OVERVIEW}card.png"}
    other = green._replace(built=replace(green.built, images=images | ({f"{OVERVIEW}card.png": card} if card else {})))
    assert _found(_read(other, other.duties, OVERVIEW, _text(green, OVERVIEW)), green.site) == {("Open Graph", code)}


def test_list_lacks_a_work(green):
    text = _text(green, "cite/lists/contoh.ris")
    assert _found(_read(green, green.duties, "cite/lists/contoh.ris", text + text.replace("contoh2020", "lain2020")), green.site) == {("RIS", "B602")}


def test_page_is_not_built(green):
    built = replace(green.built, pages=tuple(page for page in green.built.pages if page.url != PART))
    found = check_read(green.site, compare(green.site, built))
    assert "B607" in {finding.code for finding in found}
    assert any("no page en/studies/contoh/findings/" in str(finding) for finding in found)
