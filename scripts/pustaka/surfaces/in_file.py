"""One of a site's files, read: for reference managers, a feed, the sitemap, robots.txt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pustaka.model import Message, Place, say
from pustaka.surfaces import Statement, Unreadable, whole
from pustaka.surfaces.due import Work
from pustaka.surfaces.duties import ROBOTS, SITEMAP, Duties
from pustaka.surfaces.files import Record, expected
from pustaka.surfaces.reading import Comparison, Reading, Trouble, reading

#: How many pages a feed may be content with: those that changed last.
FEED_LENGTH = 50


def read_file(duties: Duties, address: str, text: str | None) -> Reading:
    """What a file that must be there says, and what is amiss with it.

    Args:
        address: of the file below the site's root.
        text: what is in it; None when it is not there.
    """
    path = f"{duties.built.folder}/{address}"
    surface = _surface(duties, address)
    if text is None:
        message = say("there is no file {address}: build the site anew", address=address)
        return reading((), [Trouble("B607", Place(path), message, surface, _group(duties, address))])
    reader = _works if address in duties.works_files else _feed if address in duties.feeds else {SITEMAP: _sitemap, ROBOTS: _robots}[address]
    try:
        return reading((), list(reader(duties, address, text, path)))
    except Unreadable as error:
        return reading(
            (),
            [
                Trouble(
                    "B607",
                    Place(path, error.line),
                    say("the file {reason}: build the site anew", reason=error.message),
                    surface,
                    _group(duties, address),
                )
            ],
        )


def _surface(duties: Duties, address: str) -> str:
    if address in duties.works_files:
        return duties.works_files[address].format.surface.name
    return whole.FEED.name if address in duties.feeds else {SITEMAP: whole.SITEMAP.name, ROBOTS: ROBOTS}[address]


def _group(duties: Duties, address: str) -> str:
    file = duties.works_files.get(address)
    return (file.page or file.stem) if file else "/"


# -- For reference managers ------------------------------------------------------------------------------------------


def _works(duties: Duties, address: str, text: str, path: str) -> Iterator[Comparison | Trouble]:
    format, stem, page, works, is_list = duties.works_files[address]
    surface = format.surface.name
    records = format.read(text, duties.schemas)
    pairs = _pairs(records, works, is_list)
    for record, work in pairs:
        statement = Statement(surface, path, page, work.subject, record.fields, record.line, in_list=is_list, stem="" if page else stem)
        yield _located(Comparison(statement, expected(format, record, work), work), text)
    if not len(records) == len(pairs) == len(works):
        found = {work.key for _, work in pairs}
        lacking = ", ".join(work.key for work in works if work.key not in found) or "–"
        message = say(
            "the file has {count} works and must have {due}; it lacks {keys}: build the site anew", count=len(records), due=len(works), keys=lacking
        )
        yield Trouble("B602", Place(path), message, surface, _group(duties, address))


def _located(comparison: Comparison, text: str) -> Comparison:
    """The comparison with the line of each wrong field: the first one in the record that holds what is said, as it is said."""
    if not comparison.wrong:
        return comparison
    statement = comparison.statement
    lines = text.splitlines()
    found = {}
    for name in comparison.wrong:
        said = statement.fields.get(name, "")
        wanted = said if isinstance(said, str) else next((part for each in said for part in each), "")
        numbers = range(statement.line, len(lines) + 1) if wanted else ()
        found[name] = next((number for number in numbers if wanted in lines[number - 1]), statement.line)
    return replace(comparison, statement=replace(statement, lines=found))


def _pairs(records: Sequence[Record], works: Sequence[Work], is_list: bool) -> list[tuple[Record, Work]]:
    """Each record with its work: of a list by the key, where the format has one, else by the order."""
    if not is_list or not any(record.key for record in records):
        return list(zip(records, works, strict=False))
    by_key = {work.key: work for work in works}
    return [(record, by_key[record.key]) for record in records if record.key in by_key]


# -- Of the whole site -----------------------------------------------------------------------------------------------


def _trouble(path: str, surface: str, message: Message, line: int = 1) -> Trouble:
    return Trouble("B606", Place(path, line), message, surface, "/")


def _feed(duties: Duties, address: str, text: str, path: str) -> Iterator[Comparison | Trouble]:
    surface, language = whole.FEED.name, duties.feeds[address]
    entries = whole.feed(text, path)
    works = {str(work.fields["url"]): work for work in map(duties.work_of, duties.news(language))}
    licence = duties.site.words["licences"].get(duties.settings.licence, {}).get(language, duties.settings.licence)
    for url, statement in entries.items():
        if url in works:
            fields = {name: value for name, value in works[url].fields.items() if name in whole.FEED.carries}
            yield Comparison(_below(duties, statement), fields | {"licence": licence}, works[url])
        else:
            yield _trouble(path, surface, say("the feed has an entry for “{url}”, which is no page of its language: build the site anew", url=url))
    oldest = min((str(works[url].fields["date"]) for url in entries if url in works), default="")
    for url, work in works.items():
        if url not in entries and (len(entries) < FEED_LENGTH or str(work.fields["date"]) > oldest):
            yield _trouble(path, surface, say("the feed has no entry for {url}: build the site anew", url=url))


def _sitemap(duties: Duties, address: str, text: str, path: str) -> Iterator[Comparison | Trouble]:
    surface = whole.SITEMAP.name
    statements, alternates = whole.sitemap(text, path)
    for document in duties.documents.values():
        url = duties.base + document.url
        if not duties.is_offered(document.url):
            if url in statements:
                message = say("the sitemap has {url}, which is replaced or withdrawn: build the site anew", url=url)
                yield _trouble(path, surface, message, statements[url].line)
            continue
        if url not in statements:
            yield _trouble(path, surface, say("the sitemap has no page {url}: build the site anew", url=url))
            continue
        work = duties.work_of(document)
        yield Comparison(_below(duties, statements[url]), {name: work.fields[name] for name in whole.SITEMAP.carries}, work)
        said = {language: href for language, href in alternates[url].items() if language != "x-default"}
        if said != (due := duties.others(document.url)):
            values = {"url": url, "said": _listed(said), "due": _listed(due)}
            message = say("for {url} the sitemap lists “{said}”, and must list “{due}”: build the site anew", **values)
            yield _trouble(path, surface, message, statements[url].line)
    for url in sorted(statements.keys() - duties.addresses):
        yield _trouble(
            path, surface, say("the sitemap has “{url}”, which is no page of the site: build the site anew", url=url), statements[url].line
        )


def _below(duties: Duties, statement: Statement) -> Statement:
    """The statement with its page's address below the site's root, as on every other surface."""
    return replace(statement, page=statement.page.removeprefix(duties.base))


def _listed(addresses: Mapping[str, str]) -> str:
    return ", ".join(f"{language}: {address}" for language, address in sorted(addresses.items()))


def _robots(duties: Duties, address: str, text: str, path: str) -> Iterator[Trouble]:
    said, due = whole.robots(text, duties.base), f"{duties.base}{SITEMAP}"
    if not said.allows:
        yield _trouble(path, ROBOTS, say("robots.txt sends search engines away from {url}: it must say “Allow: /”", url=duties.base))
    if said.sitemaps != (due,):
        yield _trouble(path, ROBOTS, say("robots.txt must name the sitemap {due}, and names “{said}”", due=due, said=" ".join(said.sitemaps)))
