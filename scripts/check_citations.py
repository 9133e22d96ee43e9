"""Check the citations on the pages, the entries of the bibliography, and what must be equal in all languages."""

from __future__ import annotations

import sys

from pustaka import command
from pustaka.rules import check, rules


def main(arguments: list[str] | None = None) -> int:
    options = command.parser(__doc__).parse_args(arguments)
    chosen = [rule for rule in rules() if rule.family != "studies"]  # those are check_how_to_cite.py's
    return command.run(options.root, lambda site: check(site, chosen))


if __name__ == "__main__":
    sys.exit(main())
