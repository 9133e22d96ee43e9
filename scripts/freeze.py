"""Keep an edition of a study for good, before it is replaced.

freeze.py SLUG                            the files of the edition in site/, into bibliography/editions/SLUG/VERSION/
freeze.py SLUG --edition 1.0 --site OLD   those of an older edition, from a site that was built of it
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pustaka import command
from pustaka.cache import Answer


def main(arguments: list[str] | None = None) -> int:
    parser = command.writer(__doc__)
    parser.add_argument("slug", metavar="SLUG", help="the study, by the name of its record")
    parser.add_argument("--edition", default="", metavar="VERSION", help="which edition (default: the first that is not kept yet)")
    parser.add_argument("--site", type=Path, help="the built site (default: site/ in the project's folder)")
    options = parser.parse_args(arguments)
    options.site = options.site or options.root / "site"
    return command.answered(options, None, _freeze)


def _freeze(options: argparse.Namespace) -> Answer:
    from pustaka import freeze, load
    from pustaka.model import say

    if not options.site.is_dir():
        return command.refuse(say("there is no built site in {folder}; run `make site` first", folder=options.site), options)
    try:
        site, faults = load.load(options.root)
    except load.Faults as error:
        return command.refuse(say("the project has faults: check it first"), options, error.findings)
    in_record = [fault for fault in faults if fault.place.path == f"bibliography/studies/{options.slug}.yml"]
    if in_record:
        return command.refuse(say("the project has faults: check it first"), options, in_record)
    try:
        study, edition = freeze.edition_of(site, options.slug, options.edition)
        files = freeze.files_of(site, study, edition, load.published(options.site))
        folder = freeze.folder_of(study, edition)
        freeze.keep(options.root / folder, files)
    except freeze.Refused as refused:
        return command.refuse(refused.message, options)
    except OSError as error:
        return command.refuse(say("{path} cannot be written: {reason}", path=folder, reason=error.strerror or error), options)
    size = sum(map(len, files.values())) // 1000
    done = say(
        "kept: the edition {version} of {slug}, {count} files, {size} kB, in {folder}: commit them, and never change them",
        version=edition.version,
        slug=study.slug,
        count=len(files),
        size=size,
        folder=folder,
    )
    return command.done(done, options)


if __name__ == "__main__":
    sys.exit(main())
