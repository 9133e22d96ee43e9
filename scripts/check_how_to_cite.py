"""Check the studies' records, and the How-to-Cite boxes of the built site, against the bibliography."""

from __future__ import annotations

import argparse
from pathlib import Path

from pustaka import command
from pustaka.cache import Answer


def main(arguments: list[str] | None = None) -> int:
    parser = command.parser(__doc__)
    parser.add_argument("--site", type=Path, help="the built site (default: site/ in the project's folder)")
    options = parser.parse_args(arguments)
    if options.explain:
        print(command.explained(options.explain, options.lang), end="")
        return command.NOTHING_FOUND
    options.site = options.site or options.root / "site"
    return command.answered(options, [options.root / "bibliography", options.root / "docs", options.site], _check)


def _check(options: argparse.Namespace) -> Answer:
    from pustaka import load
    from pustaka.model import say
    from pustaka.rules import check_built, judge
    from pustaka.suppress import Outcome

    if not options.site.is_dir():
        return command.stop(say("there is no built site in {folder}; run `make site` first", folder=options.site), options)
    try:
        site, faults = load.load(options.root, command.watch)
    except load.Faults as error:
        return command.tell(Outcome(), error.findings, options)
    outcome = judge(site, [rule for rule in command.chosen(options, "site") if rule.family == "studies"])
    built = [finding for finding in check_built(site, load.built_pages(options.site)) if command.is_chosen(finding.code, options)]
    return command.tell(outcome._replace(left=(*outcome.left, *built)), faults, options)


if __name__ == "__main__":
    command.leave(main())
