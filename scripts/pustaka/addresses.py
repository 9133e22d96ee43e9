"""Addresses as they are written in `addresses.txt` and `redirects.yml`, and where an old one leads.

`addresses.txt` has every address below the site's root that was ever published, pages and files one a line, the lasting ids of a page
below it. In `redirects.yml` an address stands without its language, for it holds in all of them: "studies/x/method/",
"studies/x/teaching/#reading-plan", and "/" is a language's home. A file's name may hold the language: there it is written LANG.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from pustaka.model import PublishedAddress, Redirect, Site, Study

#: What stands for the language in the name of a file.
LANGUAGE = "LANG"

#: How the welcome page is written, whose address below the site's root is empty, and without its language the home of one.
_ROOT = "/"

_HEAD = """\
# Every address that this site has ever offered: each page and file, and below a page the ids of its lasting places.
# Made by `make addresses`, which only ever adds. `make check` fails when one of them leads nowhere any more; the mend is a
# line in redirects.yml. Delete a line by hand only if nobody can have seen the address: see README, "Addresses that last".
"""


def split(address: str) -> tuple[str, str]:
    """The page and the id of an address: "id/a/#b" -> ("id/a/", "b")."""
    page, _, identifier = address.partition("#")
    return page, identifier


# -- addresses.txt -----------------------------------------------------------------------------------------------------


def read(text: str) -> Iterator[tuple[int, str | None]]:
    """The addresses of a file `addresses.txt`, with their lines counted from 1; None for a line that is no address."""
    page = None
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip()
        if not words or line.startswith("#"):
            continue
        if len(words.split()) > 1 or re.match(r"[<=>]{7}", words):  # what git leaves of a merge that nobody has finished
            yield number, None
        elif line[0].isspace():
            yield number, f"{page}{words}" if page is not None and words.startswith("#") else None
        else:
            page = "" if words == _ROOT else words
            yield number, page


def written(addresses: Iterable[str]) -> str:
    """The text of `addresses.txt`: sorted, each once, an id on a line of its own below its page."""
    pages: dict[str, set[str]] = {}
    for page, identifier in map(split, addresses):
        pages.setdefault(page, set()).update([identifier] if identifier else [])
    lines = (line for page in sorted(pages) for line in (page or _ROOT, *(f"    #{identifier}" for identifier in sorted(pages[page]))))
    return _HEAD + "".join(f"{line}\n" for line in lines)


# -- Languages -----------------------------------------------------------------------------------------------------------


def bare(address: str, languages: Iterable[str]) -> tuple[str, str]:
    """An address without its language, as `redirects.yml` has it, and the language; "" of what stands above the languages."""
    language, _, rest = address.partition("/")
    if language not in languages:
        return address, ""
    page, identifier = split(rest)
    page = page or _ROOT
    if not page.endswith("/"):
        folder, _, name = page.rpartition("/")
        page = f"{folder}/" * bool(folder) + re.sub(rf"(?<=-){re.escape(language)}(?=[-.])", LANGUAGE, name)
    return f"{page}#{identifier}" if identifier else page, language


def spoken(address: str, language: str) -> str:
    """The address of `redirects.yml` in a language, below the site's root."""
    return f"{language}/{address.removeprefix(_ROOT).replace(LANGUAGE, language)}"


# -- Where an old address leads ------------------------------------------------------------------------------------------


def short_addresses(study: Study) -> dict[str, str]:
    """Where the short addresses of a study's findings lead: "f/kt-3/" -> "studies/x/findings/#stage-c"; both without language."""
    return {study.finding_url(finding, "").removeprefix("/"): f"{study.page_name(finding.page)}/#{finding.anchor}" for finding in study.findings}


def table(site: Site) -> dict[str, str]:
    """Each old address and what its line says, without language: those of `redirects.yml`, and the short addresses of findings."""
    short = {old: new for study in site.studies for old, new in short_addresses(study).items()}
    return {redirect.old: redirect.new for redirect in site.redirects} | short


def end(address: str, redirected: Mapping[str, str]) -> str | None:
    """Where an address leads in the end; the address itself where nothing redirects it, None where it leads in a circle.

    An id goes with its page to wherever that has moved, unless it has a line of its own.
    """
    seen = {address}
    while True:
        page, identifier = split(address)
        if address in redirected:
            address = redirected[address]
        elif identifier and page in redirected:
            address = f"{split(redirected[page])[0]}#{identifier}"
        else:
            return address
        if address in seen:
            return None
        seen.add(address)


def ends(site: Site) -> dict[str, str]:
    """Where each old address leads in the end; what leads in a circle, which the rules tell, is left out."""
    redirected = table(site)
    found = {old: end(old, redirected) for old in redirected}
    return {old: new for old, new in found.items() if new is not None}


def published(recorded: Iterable[PublishedAddress]) -> dict[str, PublishedAddress]:
    """What `addresses.txt` has, by address."""
    return {each.address: each for each in recorded}


def by_old(redirects: Iterable[Redirect]) -> dict[str, Redirect]:
    """The lines of `redirects.yml` by their old address."""
    return {redirect.old: redirect for redirect in redirects}
