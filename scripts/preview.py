"""Make a folder of a built site that a browser opens without a server: to be packed, sent and looked at before anything is published.

preview.py                     the pages in site/, into preview/
preview.py --to FOLDER         into another folder
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pustaka import command
from pustaka.cache import Answer


def main(arguments: list[str] | None = None) -> int:
    parser = command.writer(__doc__)
    parser.add_argument("--site", type=Path, help="the built site (default: site/ in the project's folder)")
    parser.add_argument("--to", type=Path, help="the folder to write (default: preview/ in the project's folder)")
    options = parser.parse_args(arguments)
    options.site = options.site or options.root / "site"
    options.to = options.to or options.root / "preview"
    return command.answered(options, None, _preview)


def _preview(options: argparse.Namespace) -> Answer:
    from pustaka import load
    from pustaka.export.preview import preview
    from pustaka.model import say
    from pustaka.publish import Refusal, Staging

    if not (options.site / "index.html").is_file():
        return command.refuse(say("there is no built site in {folder}; run `make site` first", folder=options.site), options)
    staging = Staging(options.to)
    try:
        folder = staging.begin()
        files = preview(load.published(options.site))
        for address, data in files.items():
            (folder / address).parent.mkdir(parents=True, exist_ok=True)
            (folder / address).write_bytes(data)
        staging.finish()
    except (OSError, Refusal) as error:
        staging.discard()
        reason = error.strerror or error if isinstance(error, OSError) else error
        return command.refuse(say("{path} cannot be written: {reason}", path=options.to, reason=reason), options)
    size = sum(map(len, files.values())) // 1_000_000
    return command.done(say("the preview is {page}: open it in a browser ({size} MB)", page=options.to / "index.html", size=size), options)


if __name__ == "__main__":
    sys.exit(main())
