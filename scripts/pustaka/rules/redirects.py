"""R: what redirects.yml says of old addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pustaka import addresses
from pustaka.model import Fault, Message, Redirect, Site, say
from pustaka.nearest import nearest
from pustaka.rules import rule

#: The ids that templates and listings make, which stand in no page's Markdown: whether they are there, the built site tells (B613).
_MADE = re.compile(r"main|how-to-cite|study-record|download-list|read-offline|(entry|family|figure|ref|term|topics|type)-.+")


@rule("R101")
def redirect_of_what_is_there(site: Site) -> Iterator[Fault]:
    """An address is redirected that a page, a heading or a finding has.

    Whoever follows it would never see what is there. A page or heading that has gone elsewhere leaves its address; the short
    address of a finding leads where the study's record says.

    Bad (redirects.yml):
        studies/contoh/findings/: studies/contoh/
    Good (redirects.yml):
        studies/contoh/results/: studies/contoh/findings/
    """
    short = {old: study for study in site.studies for old in addresses.short_addresses(study)}
    for redirect in site.redirects:
        if redirect.old in short:
            values = {"old": redirect.old, "record": short[redirect.old].place.path}
            yield Fault(redirect.place, say("“{old}” is the address of a finding in {record}: take the line out, or the finding there", **values))
        elif there := [language for language in site.languages if _is_there(site, redirect.old, language)]:
            values = {"old": redirect.old, "place": _place(site, redirect.old, there[0])}
            message = say("“{old}” is an address that there is ({place}): take the line out, or give what is there another address", **values)
            yield Fault(redirect.place, message)


@rule("R102")
def redirect_to_nothing(site: Site) -> Iterator[Fault]:
    """A redirect leads to a page or a heading that there is not in every language.

    One line holds for all languages. It may lead to another old address; what counts is where it ends.

    Bad (redirects.yml):
        studies/contoh/results/: studies/contoh/finding/
    Good (redirects.yml):
        studies/contoh/results/: studies/contoh/findings/
    """
    redirected = addresses.table(site)
    for redirect in site.redirects:
        end = addresses.end(redirect.new, redirected)
        if end is None or (redirect.new in redirected and end != redirect.new):  # that is told of the last line
            continue
        if missing := [language for language in site.languages if not _is_there(site, end, language, made=True)]:
            meant = _meant(site, end)
            mend = say("did you mean “{meant}”?", meant=meant) if meant else say("write the address of a page that there is")
            message = say("“{new}” is no address in {languages}: {mend}", new=redirect.new, languages=", ".join(missing), mend=mend)
            yield Fault(redirect.place, message, suggestion=meant or "")


@rule("R103")
def redirect_in_a_circle(site: Site) -> Iterator[Fault]:
    """Redirects lead in a circle.

    A browser would go round until it gives up, and the reader sees nothing.

    Bad (redirects.yml):
        studies/contoh/results/: studies/contoh/outcome/
        studies/contoh/outcome/: studies/contoh/results/
    Good (redirects.yml):
        studies/contoh/results/: studies/contoh/outcome/
        studies/contoh/outcome/: studies/contoh/findings/
    """
    redirected = addresses.table(site)
    for redirect in site.redirects:
        if addresses.end(redirect.old, redirected) is None:
            message = say("“{old}” leads back to itself by “{new}”: let one of the lines lead to a page", old=redirect.old, new=redirect.new)
            yield Fault(redirect.place, message)


@rule("R104")
def redirect_of_no_address(site: Site) -> Iterator[Fault]:
    """An old address is written so that nobody can ask for it.

    An address stands without its language, for the line holds in all of them. A heading is asked for on its page: where the
    page is gone too, the page needs a line of its own.

    Bad (redirects.yml):
        studies/contoh/results/#harvest: studies/contoh/findings/
    Good (redirects.yml):
        studies/contoh/results/: studies/contoh/findings/
        studies/contoh/results/#harvest: studies/contoh/findings/
    """
    old = addresses.by_old(site.redirects)
    for redirect in site.redirects:
        for address in (redirect.old, redirect.new):
            if address.partition("/")[0] in site.languages:
                message = say("“{address}” names a language: write “{bare}”, which holds in all", address=address, bare=address.partition("/")[2])
                yield Fault(redirect.place, message, suggestion=address.partition("/")[2])
        if fault := _orphan(site, redirect, old):
            yield Fault(redirect.place, fault)


def _orphan(site: Site, redirect: Redirect, old: dict[str, Redirect]) -> Message | None:
    page, identifier = addresses.split(redirect.old)
    if not identifier or page in old or any(site.page(language, page.removesuffix("/")) for language in site.languages):
        return None
    line = f"{page}: {addresses.split(redirect.new)[0]}"
    return say("there is no page “{page}” any more, and no line for it: add “{line}”", page=page, line=line)


def _is_there(site: Site, address: str, language: str, made: bool = False) -> bool:
    """Whether the pages' sources have an address; with `made` also ids of which only the built page knows. Files are known to nobody here."""
    url, identifier = addresses.split(address)
    if not url.endswith("/"):
        return made
    page = site.page(language, url.removesuffix("/"))
    if page is None:
        return made and not identifier and (_is_rule(url) or _is_edition(site, url))
    if not identifier or (made and _MADE.fullmatch(identifier)):
        return True
    return any(section.id == identifier for section in page.sections)


def _is_rule(url: str) -> bool:
    """Whether it may be the page of a rule, which stands in no file."""
    return re.fullmatch(r"rules/[a-z]\d{3}/", url) is not None


def _is_edition(site: Site, url: str) -> bool:
    """Whether it is an edition of a study's pages, which stands in no file either."""
    return any(url == f"{study.name}/editions/{edition.version}/" for study in site.studies for edition in study.editions)


def _place(site: Site, address: str, language: str) -> object:
    """Where the page, or the heading, stands."""
    url, identifier = addresses.split(address)
    page = site.page(language, url.removesuffix("/"))
    return next((section.place for section in page.sections if identifier and section.id == identifier), page.place)


def _meant(site: Site, address: str) -> str | None:
    """The address that is spelled most like one that is none: of a heading of the page, or of a page."""
    url, identifier = addresses.split(address)
    language = site.languages[0]
    page = site.page(language, url.removesuffix("/"))
    if page and identifier:
        found = nearest(identifier, (section.id for section in page.sections if section.id))
        return f"{url}#{found}" if found else url
    known = [f"{page.name}/" for page in site.pages if page.language == language and page.name]
    bare = url.partition("/")[2] if url.partition("/")[0] in site.languages else url
    return bare if bare in known else nearest(bare, known)
