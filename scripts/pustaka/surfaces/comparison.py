"""All surfaces of a built site, each beside what is due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pustaka.model import BuiltSite, Site, say
from pustaka.surfaces.document import Document
from pustaka.surfaces.duties import Duties
from pustaka.surfaces.files import FORMATS
from pustaka.surfaces.in_file import read_file
from pustaka.surfaces.on_page import read_page
from pustaka.surfaces.reading import Reading, Trouble, Weighed, WeighedFile
from pustaka.weight import DOWNLOADS, FONTS, Scales


def compare(site: Site, built: BuiltSite, part: int = 0, parts: int = 1) -> Reading:
    """All surfaces of a built site, or one of several equal parts of them; its pages alone where there is no mkdocs.yml to say what is due."""
    if site.settings is None:
        return Reading(tuple(map(Document, built.pages[part::parts])), (), ())
    duties = Duties(site, site.settings, built)
    readings = [read_page(duties, document) for document in list(duties.documents.values())[part::parts]]
    readings += [read_file(duties, path, built.texts.get(path)) for path in _share(duties, part, parts)]
    weights = _weights(duties, part, parts)
    return joined((Reading((), (), () if part else tuple(_missing(duties))), *readings, *weights))


def _weights(duties: Duties, part: int, parts: int) -> Iterator[Reading]:
    """What the pages and files weigh, or an equal part of them, where a budget is set."""
    budget, built = duties.site.budget, duties.built
    if budget is None:
        return
    scales = Scales(duties.base, built.files, budget.by_script)
    pages = [page for page in built.pages if page.url in duties.documents or page.url == "404.html"]
    weights = tuple(Weighed(page, scales.page(page.html, page.url)) for page in pages[part::parts])
    limited = {address for address in built.files if address.endswith((*DOWNLOADS, *FONTS)) or address in budget.files}
    limited -= duties.kept
    limited -= {page.path.removeprefix(f"{built.folder}/") for page in (*pages, *(page for page in built.pages if page.is_redirect))}
    yield Reading((), (), (), weights, tuple(_file(scales, built, address) for address in sorted(limited)[part::parts]))


def _file(scales: Scales, built: BuiltSite, address: str) -> WeighedFile:
    """A file that is no page, weighed."""
    return WeighedFile(f"{built.folder}/{address}", address, len(built.files[address]), scales.file(address))


def _share(duties: Duties, part: int, parts: int) -> Iterator[str]:
    """Every so-manieth file, the longest first; of the formats, of which some take longer, each part has all in turn."""
    files = sorted(duties.files, key=lambda path: -len(duties.works_files[path].works) if path in duties.works_files else 0)
    return (path for number, path in enumerate(files) if (number + number // len(FORMATS)) % parts == part)


def joined(readings: Iterable[Reading]) -> Reading:
    """Several readings as one."""
    return Reading(*(tuple(each for part in parts for each in part) for parts in zip(*readings, strict=True)))


def _missing(duties: Duties) -> Iterator[Trouble]:
    """The pages that were not built."""
    for page in duties.site.pages:
        if page.url not in duties.documents:
            message = say("the built site has no page {url}: build the site anew", url=page.url)
            yield Trouble("B607", page.place, message, "page", page.url or "/")
