"""Check that every address which was ever published still works on the built site; or record those that are new.

check_addresses.py                        compares addresses.txt with the built site, and judges redirects.yml
check_addresses.py --record               adds to addresses.txt what the built site offers and it lacks; takes nothing out
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pustaka import command
from pustaka.cache import Answer


def main(arguments: list[str] | None = None) -> int:
    parser = command.parser(__doc__)
    parser.add_argument("--site", type=Path, help="the built site (default: site/ in the project's folder)")
    parser.add_argument("--record", action="store_true", help="add what is new to addresses.txt, and leave what is there")
    options = parser.parse_args(arguments)
    if options.explain:
        print(command.explained(options.explain, options.lang), end="")
        return command.NOTHING_FOUND
    options.site = options.site or options.root / "site"
    inputs = [options.root / name for name in ("bibliography", "docs", "mkdocs.yml")]
    optional = [options.root / name for name in ("addresses.txt", "budget.yml", "redirects.yml")]
    return command.answered(options, None if options.record else [*inputs, *filter(Path.exists, optional), options.site], _check)


def _check(options: argparse.Namespace) -> Answer:
    from pustaka import load
    from pustaka.model import say
    from pustaka.rules import check_addresses, judge
    from pustaka.suppress import Outcome

    if not options.site.is_dir():
        return command.stop(say("there is no built site in {folder}; run `make site` first", folder=options.site), options)
    try:
        site, faults = load.load(options.root, command.watch)
    except load.Faults as error:
        return command.tell(Outcome(), error.findings, options)
    built = load.built_site(options.site)
    if options.record:
        return _record(site, built, faults, options)
    outcome = judge(site, [rule for rule in command.chosen(options, "site") if rule.family == "redirects"])
    found = check_addresses(site, built, command.chosen(options, "addresses"))
    return command.tell(outcome._replace(left=(*outcome.left, *found)), faults, options)


def _record(site, built, faults: list, options: argparse.Namespace) -> Answer:
    from pustaka import addresses
    from pustaka.fix import write_atomically
    from pustaka.model import say
    from pustaka.rules.addresses import RECORD, unrecorded
    from pustaka.suppress import Outcome
    from pustaka.surfaces.addresses import Served

    if any(fault.place.path == RECORD for fault in faults):
        return command.tell(Outcome(), faults, options)  # what cannot be read would be lost
    path, recorded = options.root / RECORD, [each.address for each in site.published or ()]
    new = unrecorded(recorded, Served(built))
    try:
        path.touch()
        write_atomically(path, addresses.written([*recorded, *new]).encode("utf-8"))
    except OSError as error:
        return command.stop(say("{path} cannot be written: {reason}", path=path, reason=error.strerror), options)
    return command.tell(Outcome(), (), options, say("{count} new addresses recorded in {path}", count=len(new), path=path))


if __name__ == "__main__":
    command.leave(main())
