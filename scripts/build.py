"""Build the site without MkDocs: by Python-Markdown alone, or of the texts that another engine has made.

build.py                              everything, with the extensions of Python-Markdown that mkdocs.yml names
build.py --texts .cache/zensical      of the texts that `zensical build` has written
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pustaka import command
from pustaka.cache import Answer


def main(arguments: list[str] | None = None) -> int:
    parser = command.writer(__doc__)
    parser.add_argument("--site", type=Path, help="where the site shall stand (default: site/ in the project's folder)")
    parser.add_argument("--texts", type=Path, help="the folder of the texts: a file for each page, by its address")
    options = parser.parse_args(arguments)
    options.site = options.site or options.root / "site"
    options.root = options.root.resolve()  # by which the engine, too, knows what it has made the texts of
    return command.answered(options, None, _build)


def _build(options: argparse.Namespace) -> Answer:
    from pustaka import load
    from pustaka.model import say
    from pustaka.press import MISHAPS, Press, Unusable, settings_of
    from pustaka.render.conversion import FAULTS
    from pustaka.texts import ENGINE, NoText, texts

    press = None
    try:
        stated = load.configuration(options.root)
        settings = settings_of(stated.get("site_name", ""), stated.get("site_url"), stated.get("extra") or {})
        press = Press(options.root, settings, options.site, ENGINE if options.texts else "")
        press.print(texts(press, stated.get("markdown_extensions") or [], options.texts))
        press.copy()
        press.finish()
    except (load.Faults, Unusable) as faults:
        return command.refuse(say("the project has faults: check it first"), options, faults.findings)
    except (*MISHAPS, *FAULTS, NoText) as error:
        return command.refuse(say("{reason}", reason=error), options)
    finally:
        if press:
            press.discard()
    pages = len(press.publication.site.pages)
    return command.done(say("built: {pages} pages, in {folder}", pages=pages, folder=options.site), options)


if __name__ == "__main__":
    sys.exit(main())
