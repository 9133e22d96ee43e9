"""Make this checkout the empty site of another group: its studies go, everything that builds a site stays.

new_site.py                                          asks what it must know
new_site.py --name "Suara Desa" --publisher "Tim Suara Desa" --address https://suara-desa.example/ --languages id,en

Before anything is written, the new site is read and checked. Run it again, and it finds nothing to do.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pustaka import command
from pustaka.cache import Answer

if TYPE_CHECKING:
    from pustaka.founding import Wish
    from pustaka.model import Finding, Message, Site


def main(arguments: list[str] | None = None) -> int:
    parser = command.writer(__doc__)
    parser.add_argument("--name", help="what the site is called")
    parser.add_argument("--publisher", help="who signs its pages")
    parser.add_argument("--address", help="where it will stand: https://example.org/site/")
    parser.add_argument("--languages", metavar="TAGS", help="id,en: the one in which pages are written first comes first (default: the present ones)")
    parser.add_argument(
        "--licence", metavar="SPDX", help="of the pages (default: the present one); bibliography/terms.yml lists those that are known"
    )
    parser.add_argument("--accent", metavar="COLOUR", default="", help="of links and headings on light paper, #rrggbb (default: the present one)")
    parser.add_argument(
        "--contact", default="", help="where readers can ask: an address of the web or of mail (default: the repository's forms alone)"
    )
    parser.add_argument("--date", type=date.fromisoformat, default=None, help="of the first version, YYYY-MM-DD (default: today)")
    parser.add_argument("--changed", action="store_true", help="go on although something is not committed: git cannot bring that back")
    return command.answered(parser.parse_args(arguments), None, _found)


def _found(options: argparse.Namespace) -> Answer:
    from pustaka import load
    from pustaka.founding import Unfounded, emptied, leftovers, written
    from pustaka.model import say

    try:
        site, faults = load.load(options.root)
    except load.Faults as error:
        return command.refuse(say("the project has faults: check it first"), options, error.findings)
    if faults or site.settings is None:
        return command.refuse(say("the project has faults: check it first"), options, faults)
    files = load.of_project(options.root)
    if b"\n[tool.pustaka]\ntemplate = true" not in files.get("pyproject.toml", b""):
        return _made_already(site, options)
    if not options.changed and (changed := load.uncommitted(options.root)):
        message = say("{count} files are not committed, and git could not bring them back: commit them, or add --changed", count=len(changed))
        return command.refuse(message, options)
    try:
        wish = _wish(site, options)
        changes = emptied.changes(site, files, wish, command.translation_to("id" if wish.languages[0] == "id" else "en"))
        after = {path: data for path, data in (files | changes).items() if data is not None}
        found = list(_judged(site, after, changes))
        if findings := [finding for finding in found if not _to_be_written(finding)]:
            return command.refuse(say("the new site would have faults, which is a fault of the template"), options, findings)
        written.write(options.root, changes)
    except Unfounded as unfounded:
        return command.refuse(unfounded.message, options)
    except OSError as error:
        return command.refuse(say("{path} cannot be written: {reason}", path=error.filename, reason=error.strerror or error), options)
    sought = leftovers.names(site)
    left = list(leftovers.search(after, sought, leftovers.words(site, sought)))
    return _told(options, wish, left, len(changes), untranslated=bool(found))


# -- What is wished --------------------------------------------------------------------------------------------------


def _wish(site: Site, options: argparse.Namespace) -> Wish:
    """What the options say, and where they do not, what the person at the terminal answers.

    Raises:
        Unfounded: something is missing, and nobody is there to be asked.
    """
    from pustaka.founding import Wish
    from pustaka.model import say

    ask = _Asking(options)
    present = site.settings
    name = options.name or ask(say("Name of the site"))
    publisher = options.publisher or ask(say("Who signs its pages"), name)
    address = options.address or ask(say("Its address, for instance https://example.org/site/"))
    languages = options.languages or ask(say("Its languages, by their tags, the first one first"), ",".join(site.languages))
    licence = options.licence or ask(say("The licence of its pages, as in bibliography/terms.yml"), present.licence)
    tags = tuple(tag.strip() for tag in languages.split(",") if tag.strip())
    day = options.date or date.today()
    return Wish(name, publisher, address if address.endswith("/") else f"{address}/", tags, licence, options.accent, options.contact, day.isoformat())


class _Asking:
    """Asks on a terminal; elsewhere the default is taken, or it is said what is missing."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.there = sys.stdin is not None and sys.stdin.isatty()

    def __call__(self, what: Message, default: str = "") -> str:
        from pustaka.founding import Unfounded
        from pustaka.model import say

        if not self.there and not default:
            raise Unfounded(say("nobody is there to be asked; --name, --publisher and --address must be given"))
        if not self.there:
            return default
        shown = f" [{default}]" if default else ""
        while True:
            answer = input(f"{what.text(command.translation_to(self.options.lang))}{shown}: ").strip() or default
            if answer:
                return answer


def _made_already(site: Site, options: argparse.Namespace) -> Answer:
    """What a site that is nobody's template any more is told: that it is what is wished, or where that is changed."""
    from pustaka.model import say

    present = site.settings
    stated = ((options.name, present.name), (options.publisher, present.publisher), (options.licence, present.licence))
    if all(not wished or wished == there for wished, there in stated):
        return command.done(say("nothing to do: this is the site {name} already", name=present.name), options)
    message = say("this is the site {name} already, and its studies are its own: change name, address and licence in mkdocs.yml", name=present.name)
    return command.refuse(message, options)


# -- What it would be ------------------------------------------------------------------------------------------------


def _judged(before: Site, after: Mapping[str, bytes], changes: dict[str, bytes | None]) -> Iterator[Finding]:
    """The findings in the new site, which is written and built in a folder that nobody sees.

    What follows from the other files is added to `changes`: that the languages agree, as they did before, and the addresses of what was built.

    Raises:
        Unfounded: the site cannot be built.
    """
    from pustaka import addresses, load, rules, translations
    from pustaka.founding import written
    from pustaka.rules.addresses import RECORD, unrecorded
    from pustaka.surfaces.addresses import Served

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written.write(folder, after)
        site, faults = load.load(folder)
        faults = faults or list(rules.check(site))
        yield from faults
        if not any(fault.code.startswith("F") for fault in faults):
            pages = {translations.file_name(page) for page in site.pages if page.language}
            spoken = replace(
                site, languages=tuple(language for language in site.languages if language in before.languages)
            )  # a copy is no translation
            changes[translations.LEDGER] = translations.ledger(spoken, pages).encode()
        if not faults:
            _build(folder)
            changes[RECORD] = addresses.written(unrecorded([], Served(load.built_site(folder / "site")))).encode()


def _build(folder: Path) -> None:
    """Build the site in a folder, as `make site` does.

    Raises:
        Unfounded: it ends with an error.
    """
    from pustaka.founding import Unfounded
    from pustaka.model import say

    environment = {name: value for name, value in os.environ.items() if name != "SITE_URL"} | {"NO_MKDOCS_2_WARNING": "1"}
    command_line = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    built = subprocess.run(command_line, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if built.returncode:
        raise Unfounded(say("the new site cannot be built: {reason}", reason=(built.stdout + built.stderr).strip()))


def _to_be_written(finding: Finding) -> bool:
    """Whether a finding says that a new language has no words yet."""
    return finding.code == "L405"


def _told(options: argparse.Namespace, wish: Wish, left: list, count: int, untranslated: bool) -> Answer:
    from pustaka.model import say

    translate = command.translation_to(options.lang)
    lines = [say("the site {name} is made: {count} files written or taken away", name=wish.name, count=count)]
    lines += [say("{path}:{line}: still speaks of “{name}”", path=each.path, line=each.line, name=each.name) for each in left]
    if untranslated:
        lines.append(say("a language is new: translate its pages in docs/, and write its words; scripts/check_citations.py lists them"))
    lines += [
        say("next:"),
        say("1. look at what changed (git diff --stat), build and check: make check"),
        say("2. add a study: scripts/new_study.py"),
        say("3. commit and push; on GitHub, choose “GitHub Actions” under Settings → Pages → Source"),
    ]
    return Answer("".join(f"{line.text(translate)}\n" for line in lines), "", command.NOTHING_FOUND)


if __name__ == "__main__":
    sys.exit(main())
