"""Zensical's glue, beside MkDocs' (hooks.py): our extension of Python-Markdown by its name, which zensical.yml gives, for Zensical has no hooks.

Zensical writes what it has made of a page's text, stamped; `build.py --texts` makes the site of it.
"""

from __future__ import annotations

import copy
import sys
from functools import lru_cache
from pathlib import Path
from typing import NoReturn

from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

if __name__ != "zensical_extension":  # loaded as scripts.zensical_extension, from the project's folder
    sys.path.insert(0, str(Path(__file__).parent))

from pustaka import command, load
from pustaka.press import MISHAPS, Project, Unusable, settings_of
from pustaka.render.conversion import Links
from pustaka.render.extension import PageExtension
from pustaka.texts import ENGINE, guarded


class _OfThePage(Extension):
    """Finds out from Zensical which page is converted, and hands it to ours."""

    def extendMarkdown(self, md):
        context = md.preprocessors["rendering_context"]  # zensical.extensions.context, which Zensical registers before all others
        project, media = _project(Path(context.config["root_dir"]).resolve())
        extension = copy.copy(project.extension)  # what it notes of a page is the page's alone, whatever Zensical does at the same time
        extension.page = project.page(f"docs/{context.page.path}")
        extension.extendMarkdown(md)
        Links(md, extension, media).register()
        md.postprocessors.register(_Guard(extension, project.stamp(extension.page)), "pustaka-guard", -20)  # after all others


class _Guard(Postprocessor):
    def __init__(self, extension: PageExtension, stamp: str):
        super().__init__()
        self._extension, self._stamp = extension, stamp

    def run(self, text: str) -> str:
        for tag in self._extension.dropped:
            _end(f"{self._extension.page.path}: “{tag}” may not stand on a page: see the rule P215")
        return guarded(text, self._stamp)


@lru_cache(1)
def _project(root: Path) -> tuple[Project, frozenset[str]]:
    """The project, read once for all pages, and what it publishes beside them; where it has faults they are told and Zensical ends."""
    try:
        stated = load.configuration(root)
        settings = settings_of(stated.get("site_name", ""), stated.get("site_url"), stated.get("extra") or {})
        return Project(root, settings, ENGINE), frozenset(load.media(root))
    except (load.Faults, Unusable) as faults:
        _end(*faults.findings, f"{len(faults.findings)} to mend")
    except MISHAPS as error:
        _end(error)


def _end(*reasons: object) -> NoReturn:
    """Say why nothing is built, and end: of an exception Zensical would print where it came from, and go on with the other pages."""
    print(*reasons, "Nothing was built.", sep="\n", file=sys.stderr)
    command.leave(1)


def makeExtension(**options):
    return _OfThePage(**options)
