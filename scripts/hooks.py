"""MkDocs events, and nothing else: each hands MkDocs' objects to `pustaka` and gives back what it returns.

ProperDocs, which goes on with MkDocs 1, has the same events, and gives itself for `mkdocs`.
"""

from __future__ import annotations

import logging
import math
from pathlib import Path

import mkdocs
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.utils import CountHandler
from mkdocs_bibtex.registry import ReferenceRegistry

from pustaka.model import Page
from pustaka.press import MISHAPS, OF_A_PAGE, Press, Unusable, settings_of
from pustaka.render.rule_pages import MARKDOWN

log = logging.getLogger("mkdocs.hooks.pustaka")


class _Build:
    """What one build carries from event to event."""

    press: Press | None = None
    page: Page | None = None  # the one whose text is made
    serving: bool = False
    warnings: CountHandler = CountHandler()


_build = _Build()


def on_startup(command, dirty):
    _build.serving = command == "serve"


@event_priority(100)  # before mkdocs-bibtex, which ends in a traceback where our loader has a sentence
def on_config(config):
    """Read and judge everything, print every fault, and only then let MkDocs build: beside the old site."""
    try:
        settings = settings_of(config.site_name, config.site_url, config.extra)
        _build.press = Press(Path(config.config_file_path).parent, settings, Path(config.site_dir), mkdocs.__name__, _build.serving)
    except Unusable as faults:
        for finding in faults.findings:
            log.error(finding)
        raise Abort(f"Nothing was built: {faults}.") from None
    except MISHAPS as error:
        raise Abort(f"Nothing was built: {error}.") from None
    for finding in _build.press.warnings:
        log.warning(finding)
    config.site_dir = str(_build.press.folder)
    config.plugins["bibtex"].last_configured = math.inf  # as if it had read the bibliography, which our loader has done
    config.markdown_extensions.append(_build.press.extension)
    config.theme.static_templates, config.theme.dirs = set(), [config.theme.custom_dir]
    _count_warnings(config.strict)
    return config


def _count_warnings(strict: bool) -> None:
    """MkDocs counts the warnings of a strict build only after our swap, and with `--quiet` never sees them: count here."""
    logger = logging.getLogger("mkdocs")
    logger.removeHandler(_build.warnings)  # that of the build before, while serving
    if strict:
        logger.setLevel(min(logger.level, logging.WARNING))
    _build.warnings = CountHandler()
    _build.warnings.setLevel(logging.WARNING)
    logger.addHandler(_build.warnings)


def on_pre_build(config):
    """Give mkdocs-bibtex a registry that leaves the citations to our Markdown extension."""
    plugin = config.plugins["bibtex"]
    plugin.config.bib_command = plugin.config.full_bib_command = "\0"  # ours: PageExtension drops the commands
    plugin.registry = _Registry()


class _Registry(ReferenceRegistry):
    """mkdocs-bibtex's seam, kept quiet: it would rewrite citations in code and print them in one language."""

    footnote_format = "{key}"

    def __init__(self):
        """Reads nothing: our loader has read the bibliography."""

    def validate_citation_blocks(self, citation_blocks):
        """`rules` has judged them."""

    def validate_inline_references(self, inline_references):
        return set()

    def inline_text(self, citation_block):
        return str(citation_block)

    def reference_text(self, citation):
        return ""


def on_files(files, config):
    """Publish of our theme only `overrides/assets/`; add the rules' pages, which stand in no file."""
    docs, assets = Path(config.docs_dir), Path(config.theme.custom_dir, "assets")
    for file in list(files):
        source = Path(file.abs_src_path)
        if not source.is_relative_to(docs) and not source.is_relative_to(assets):
            files.remove(file)
    for page in _build.press.publication.rule_pages:
        files.append(File.generated(config, page.path.removeprefix("docs/"), content=MARKDOWN))
    return files


def on_nav(nav, config, files):
    """MkDocs has an object for each page now. What it would do with one after the other, each by itself, is done on all cores."""

    def text(ours: Page) -> str:
        page, plugins = at[ours.path].page, config.plugins
        _build.page = _build.press.extension.page = ours
        page = plugins.on_pre_page(page, config=config, files=files)
        page.read_source(config)
        page.markdown = plugins.on_page_markdown(page.markdown, page=page, config=config, files=files)
        page.render(config, files)
        for tag in _build.press.extension.dropped:
            log.warning(f"{ours.path}: “{tag}” may not stand on a page and was left out: see the rule P215")
        return plugins.on_page_content(page.content, page=page, config=config, files=files)

    pages = files.documentation_pages()
    at = {f"docs/{file.src_uri}": file for file in pages}
    _build.press.print(_build.press.texts(text, [_build.press.page(path) for path in at], log))
    for file in pages:  # which leaves nothing of them to be done
        files.remove(file)
    return nav


def on_post_build(config):
    """Write what is not a page, and swap the site in; a strict build with warnings is left for MkDocs to abort."""
    if not (config.strict and _build.warnings.get_counts()):
        _build.press.finish()


def on_build_error(error):
    """The old site stands; say why in a sentence where the reason is the input's or the disk's."""
    on_shutdown()
    if isinstance(error, MISHAPS):
        where = f"{_build.page.path}: " if _build.page and isinstance(error, OF_A_PAGE) else ""
        raise Abort(f"Nothing was built, the old site stands: {where}{error}") from None


def on_shutdown():
    if _build.press:
        _build.press.discard()
