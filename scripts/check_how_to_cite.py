"""Check the studies' records, and everything on the built site that says what is cited, against the bibliography."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pustaka import command
from pustaka.cache import Answer

if TYPE_CHECKING:  # loaded only when the answer is not remembered
    from pustaka.model import Message
    from pustaka.surfaces.reading import Reading


def main(arguments: list[str] | None = None) -> int:
    parser = command.parser(__doc__)
    parser.add_argument("--site", type=Path, help="the built site (default: site/ in the project's folder)")
    parser.add_argument("--matrix", action="store_true", help="print as tables what every surface says, field by field, and whether it agrees")
    options = parser.parse_args(arguments)
    if options.explain:
        print(command.explained(options.explain, options.lang), end="")
        return command.NOTHING_FOUND
    if options.matrix and options.format != "text":
        parser.error("--matrix is printed as text alone")
    options.site = options.site or options.root / "site"
    inputs = [options.root / name for name in ("bibliography", "docs", "mkdocs.yml")]
    optional = [options.root / name for name in ("addresses.txt", "budget.yml", "redirects.yml")]
    return command.answered(options, [*inputs, *filter(Path.exists, optional), options.site], _check)


def _check(options: argparse.Namespace) -> Answer:
    from pustaka import load
    from pustaka.model import say
    from pustaka.rules import check_built, check_read, judge
    from pustaka.suppress import Outcome
    from pustaka.surfaces.comparison import compare

    if not options.site.is_dir():
        return command.stop(say("there is no built site in {folder}; run `make site` first", folder=options.site), options)
    try:
        site, faults = load.load(options.root, command.watch)
    except load.Faults as error:
        return command.tell(Outcome(), error.findings, options)
    outcome = judge(site, [rule for rule in command.chosen(options, "site") if rule.family == "studies"])
    built, chosen = load.built_site(options.site), command.chosen(options, "addresses", "built")
    if not options.matrix:
        return command.tell(outcome._replace(left=(*outcome.left, *check_built(site, built, chosen))), faults, options)
    reading = compare(site, built)
    tables, sums = _matrix(reading)
    answer = command.tell(outcome._replace(left=(*outcome.left, *check_read(site, reading, chosen))), faults, options, *sums)
    return answer._replace(out=tables + answer.out)


def _matrix(reading: Reading) -> tuple[str, tuple[Message, ...]]:
    """The tables of what was read, and a sentence with their sums."""
    from pustaka.model import say
    from pustaka.surfaces.matrix import count, matrix

    sums = count(reading)
    sentence = say(
        "{pages} pages; {agree} fields agree (✓), {disagree} disagree (✗), {amiss} other faults; “·”: not said, not due",
        pages=len(reading.pages),
        agree=sums.agree,
        disagree=sums.disagree,
        amiss=sums.amiss,
    )
    return f"{matrix(reading)}\n", (sentence,)


if __name__ == "__main__":
    command.leave(main())
