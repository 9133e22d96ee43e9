"""Check the studies' records, and the How-to-Cite boxes of the built site, against the bibliography."""

from __future__ import annotations

import sys
from pathlib import Path

from pustaka import command
from pustaka.load import built_pages
from pustaka.rules import check, check_built, rules


def main(arguments: list[str] | None = None) -> int:
    parser = command.parser(__doc__)
    parser.add_argument("--site", type=Path, help="the built site (default: site/ in the project's folder)")
    options = parser.parse_args(arguments)
    folder = options.site or options.root / "site"
    if not folder.is_dir():
        return command.stop(f"there is no built site in {folder}; run `make site` first")
    chosen = [rule for rule in rules() if rule.family == "studies"]
    return command.run(options.root, lambda site: check(site, chosen) + check_built(site, built_pages(folder)))


if __name__ == "__main__":
    sys.exit(main())
