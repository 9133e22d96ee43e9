"""Check that the languages say the same: every page, heading, citation, number, figure, table, list, link and term has its counterpart,
and no section has changed in one language alone since all were last agreed.

check_translations.py                     lists what differs, and the stale sections with what changed
check_translations.py --agree PAGE ...    records a translator's word that the languages of these pages say the same
check_translations.py --agree --all       of all pages
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from pustaka import command
from pustaka.cache import Answer

if TYPE_CHECKING:  # loaded after the options have been read
    from pustaka.model import Finding, Message, Page, Place, Site
    from pustaka.translations import Part, Stale

#: The families of rules that compare the languages.
_FAMILIES = frozenset({"languages", "counterparts"})


def main(arguments: list[str] | None = None) -> int:
    parser = command.parser(__doc__)
    parser.add_argument("--agree", nargs="*", metavar="PAGE", help="the languages of these pages say the same: a page's name or path")
    parser.add_argument("--all", action="store_true", help="with --agree: all pages")
    parser.add_argument("--allow-stale", action="store_true", help="tell stale sections, but let the exit code be 0 when there is nothing else")
    options = parser.parse_args(arguments)
    if options.explain:
        print(command.explained(options.explain, options.lang), end="")
        return command.NOTHING_FOUND
    if options.all and options.agree is None:
        parser.error("--all is said with --agree")
    if options.agree is not None and bool(options.agree) == options.all:
        parser.error("--agree names pages, or goes with --all")
    # what is shown of a change follows from git's history too: nothing is remembered
    return command.answered(options, None, _check if options.agree is None else _agree)


def _check(options: argparse.Namespace) -> Answer:
    from pustaka import load
    from pustaka.rules import check_translations, judge
    from pustaka.suppress import Outcome

    try:
        site, faults = load.load(options.root, command.watch)
    except load.Faults as error:
        return command.tell(Outcome(), error.findings, options)
    outcome = judge(site, [rule for rule in command.chosen(options, "site") if rule.family in _FAMILIES])
    since = check_translations(site, command.chosen(options, "translations"))
    if options.allow_stale:
        since = [replace(finding, severity="note") if finding.code == "L413" else finding for finding in since]
    sources = [page.source for page in site.pages if page.source]
    answer = command.tell(outcome._replace(left=(*outcome.left, *since)), faults, options, sources=sources)
    if options.format != "text" or not command.is_chosen("L413", options):
        return answer
    return answer._replace(out="".join((answer.out, *_changes(site, options))))


def _changes(site: Site, options: argparse.Namespace) -> Iterator[str]:
    """What changed in each stale section, as text."""
    from pustaka.translations import stale

    translate = command.translation_to(options.lang)
    found = list(stale(site))
    before = dict(_agreed_texts(site, options.root, found))
    for part in (each.parts[language] for each in found for language in each.changed):
        if part.place in before:
            yield "".join(f"{line}\n" for line in _diff(part, before[part.place], translate))
        else:
            yield f"\n{_unknown(part).text(translate)}\n"


def _agreed_texts(site: Site, root: Path, found: Iterable[Stale]) -> Iterator[tuple[Place, str]]:
    """The texts of changed sections that were agreed, by the place of the section now, as far as git remembers them."""
    from pustaka import load
    from pustaka.translations import parts

    wanted: dict[str, dict[str, tuple[str, Place]]] = {}
    for each in found:
        for language in each.changed:
            part = each.parts[language]
            wanted.setdefault(part.place.path, {})[each.section] = (each.agreed[language], part.place)
    for path, sections in wanted.items():
        for version in load.earlier(root, site.page_at[path], site):
            there = parts(version)
            for name in [name for name, (digest, _) in sections.items() if name in there and there[name].digest == digest]:
                yield sections.pop(name)[1], there[name].text
            if not sections:
                break


def _unknown(part: Part) -> Message:
    from pustaka.model import say

    begins = shorten(part.text, 160, placeholder=" …")
    return say(
        "{place}: the agreed text is not in git's history here (there is none, or the clone is shallow). The section begins: {begins}",
        place=part.place,
        begins=begins,
    )


def _diff(part: Part, before: str, translate) -> Iterator[str]:
    from pustaka.model import say
    from pustaka.translations import changes

    yield ""
    yield say("{place}: what changed since it was agreed:", place=part.place).text(translate)
    yield from (f"    {line}" for line in changes(before, part.text))


# -- Agreeing ----------------------------------------------------------------------------------------------------


def _agree(options: argparse.Namespace) -> Answer:
    from pustaka import load
    from pustaka.fix import write_atomically
    from pustaka.model import say
    from pustaka.rules import judge, rules
    from pustaka.suppress import Outcome
    from pustaka.translations import LEDGER, file_name, ledger

    try:
        site, faults = load.load(options.root, command.watch)
    except load.Faults as error:
        return command.tell(Outcome(), error.findings, options)
    if faults:
        return command.tell(Outcome(), faults, options)
    pages = [page for page in site.pages if page.language]
    names = dict.fromkeys(map(file_name, pages)) if options.all else {}
    for stated in options.agree:
        page = _named(stated, pages, options.root)
        if page is None:
            return command.stop(_no_page(stated, pages), options)
        names[file_name(page)] = None
    outcome = judge(site, [rule for rule in rules("site") if rule.family in _FAMILIES])
    differing: dict[str, list[Finding]] = {}
    for finding in outcome.left:
        if finding.place.path in site.page_at:
            differing.setdefault(file_name(site.page_at[finding.place.path]), []).append(finding)
    refused = [finding for name in names for finding in differing.get(name, ())]
    agreed = [name for name in names if name not in differing]
    path = options.root / LEDGER
    try:
        path.touch()
        write_atomically(path, ledger(site, frozenset(agreed)).encode())
    except OSError as error:
        return command.stop(say("{path} cannot be written: {reason}", path=path, reason=error.strerror), options)
    notes = [say("agreed: {count} pages, in {path}", count=len(agreed), path=LEDGER)]
    if refused:
        notes.append(say("not agreed, for their languages differ: {count} pages", count=len(names) - len(agreed)))
    return command.tell(Outcome(tuple(sorted(refused))), (), options, *notes)


def _named(stated: str, pages: list[Page], root: Path) -> Page | None:
    """A page by its path, or by its name without language and suffix; the page of any language will do."""
    from pustaka.translations import file_name

    wanted = Path(stated)
    if wanted.is_absolute() and wanted.is_relative_to(root.resolve()):
        wanted = wanted.relative_to(root.resolve())
    name = wanted.as_posix()
    return next((page for page in pages if name in (page.path, page.name, file_name(page))), None)


def _no_page(stated: str, pages: list[Page]) -> Message:
    from pustaka.model import say
    from pustaka.nearest import nearest
    from pustaka.translations import file_name

    meant = nearest(stated, sorted(set(map(file_name, pages))))
    if meant:
        return say("there is no page “{name}”: did you mean “{meant}”?", name=stated, meant=meant)
    return say("there is no page “{name}”: name one as in docs/LANGUAGE/, without language and suffix", name=stated)


if __name__ == "__main__":
    command.leave(main())
