"""MkDocs events, and nothing else: each hands MkDocs' objects to `pustaka` and gives back what it returns."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import MappingProxyType

from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File
from mkdocs.utils import CountHandler
from mkdocs_bibtex.registry import ReferenceRegistry

from pustaka import load, rules
from pustaka.documentation import RuleDoc, documentation
from pustaka.export import files, manifest, offline, pictures
from pustaka.export.book import BookFile, books, offered
from pustaka.export.book.chapters import Binding
from pustaka.export.editions import EditionError, editions
from pustaka.export.pack import PackError, documents, joined
from pustaka.export.pack.archive import packs
from pustaka.export.redirects import redirects
from pustaka.model import Settings, Site
from pustaka.publish import Refusal, Staging
from pustaka.render.aliases import aliases, moved, with_aliases
from pustaka.render.cards import CardError
from pustaka.render.citeproc import CiteprocError
from pustaka.render.delivery import Delivery, UnsafePage
from pustaka.render.extension import PageExtension
from pustaka.render.figures import FigureError
from pustaka.render.listings import UnknownListing
from pustaka.render.metadata import metadata
from pustaka.render.publication import Publication, UnknownMenuEntry
from pustaka.render.rule_pages import MARKDOWN
from pustaka.search import SearchError, search_files
from pustaka.translation import translation

log = logging.getLogger("mkdocs.hooks.pustaka")


class _Build:
    """What one build carries from event to event."""

    publication: Publication | None = None
    delivery: Delivery | None = None
    pages: Mapping[str, str] = MappingProxyType({})  # each as it is sent, by its address below the site's root
    books: Mapping[str, tuple[BookFile, ...]] = MappingProxyType({})  # what pages offer, by their path
    extension: PageExtension | None = None
    serving: bool = False
    texts: Mapping[str, str] = MappingProxyType({})  # for reading without a network: files by their address
    staging: Staging | None = None
    pictures: Future | None = None  # drawn while MkDocs prints the pages
    icons: Future | None = None
    warnings: CountHandler = CountHandler()


_build = _Build()
_pool = ThreadPoolExecutor(1, "cards")


def on_startup(command, dirty):
    _build.serving = command == "serve"


@event_priority(100)  # before mkdocs-bibtex, which ends in a traceback where our loader has a sentence
def on_config(config):
    """Read and judge everything, print every fault, and only then let MkDocs build: beside the old site."""
    root = Path(config.config_file_path).parent
    if not config.site_url:
        raise Abort("Nothing was built: there is no site_url; write the site's address into mkdocs.yml, or set SITE_URL.")
    for name in ("publisher", "licence", "begun", "menu"):
        if not config.extra.get(name):
            raise Abort(f"Nothing was built: mkdocs.yml must have “{name}” under “extra”.")
    try:
        site, findings = load.load(root)
        findings = findings or rules.check(site)  # what cannot be read would be missed by many a rule
    except load.Faults as faults:
        findings = faults.findings
    if _build.serving and rules.may_be_previewed(findings):
        for finding in findings:
            log.warning(finding)
    elif findings:
        for finding in findings:
            log.error(finding)
        raise Abort(f"Nothing was built: {len(findings)} to mend, listed above.")
    extra = config.extra
    settings = Settings(
        config.site_name,
        config.site_url,
        extra["publisher"],
        tuple(extra["menu"]),
        extra["licence"],
        extra.get("contact", ""),
        str(extra.get("begun", "")),
    )
    try:
        assets = load.assets(root)
        _build.delivery, _build.pages = Delivery(assets, {each: site.words.interface(each) for each in site.languages}), {}
        _build.publication = Publication(site, settings, load.templates(root), _rule_docs(site), _build.delivery.addresses)
        _build.staging = Staging(Path(config.site_dir))
        config.site_dir = str(_build.staging.begin())
        template, kept = load.card_template(root), root / ".cache" / "cards"
    except (CiteprocError, OSError, Refusal, UnknownMenuEntry) as error:
        raise Abort(f"Nothing was built: {error}.") from None
    _build.pictures = _pool.submit(pictures, _build.publication, template, kept)
    _build.icons = _pool.submit(manifest.icons, *load.icon(root), assets.page_styles)
    _build.texts = manifest.manifests(_build.publication, assets.page_styles)
    _build.texts["sw.js"] = offline.worker(_build.publication, load.worker(root, _build.serving))
    _build.extension = PageExtension(_build.publication)
    config.markdown_extensions.append(_build.extension)
    config.theme.static_templates = {"404.html"}
    _count_warnings(config.strict)
    return config


def _rule_docs(site: Site) -> tuple[RuleDoc, ...]:
    """The documentation of the rules in the site's languages."""
    catalogues = {language: load.message_catalogue(language) for language in site.languages}
    translations = {each: translation(text) if text or each == "en" else None for each, text in catalogues.items()}
    return documentation(rules.rules(), load.FAULTS, load.told(), translations)


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
    """Publish no file of Material's, and of ours only `overrides/assets/`; add the rules' pages, which stand in no file."""
    docs, assets = Path(config.docs_dir), Path(config.theme.custom_dir, "assets")
    for file in list(files):
        source = Path(file.abs_src_path)
        if not source.is_relative_to(docs) and not source.is_relative_to(assets):
            files.remove(file)
    for page in _build.publication.rule_pages:
        files.append(File.generated(config, page.path.removeprefix("docs/"), content=MARKDOWN))
    return files


def on_page_markdown(markdown, page, config, files):
    _build.extension.page = _page(page)


def on_page_content(html, page, config, files):
    for tag in _build.extension.dropped:
        log.warning(f"{_page(page).path}: “{tag}” may not stand on a page and was left out: see the rule P215")


def on_env(env, config, files):
    """The text of every page is HTML, and none is printed yet: what a study's pages offer is made now, for they say how large it is."""
    contents = {_page(file.page).path: file.page.content for file in files.documentation_pages()}
    root = Path(config.config_file_path).parent
    binding, media = Binding(_build.publication, contents), load.pictures(root)
    pack = documents(_build.publication, binding, load.pack_templates(root), media, root / ".cache" / "pack")
    made = joined(books(_build.publication, load.assets(root), binding, media), pack)
    _build.books = packs(_build.publication, contents, made)
    env.trim_blocks = env.lstrip_blocks = True  # a line of a template that only decides leaves no line in the page
    return env


def on_page_context(context, page, config, nav):
    publication, ours = _build.publication, _page(page)
    own = {"view": publication.view(ours), "machine": metadata(publication, ours), "books": offered(publication, ours, _build.books)}
    own["moved"] = moved(publication, ours)
    return context | own | {"content_html": page.content}


def on_post_page(output, page, config):
    output = with_aliases(output, aliases(_build.publication, _page(page)))
    _build.pages[page.url] = _build.delivery.page(output)
    return _build.pages[page.url]


def on_template_context(context, template_name, config):
    return context | {"view": _build.publication.not_found()}


def on_post_template(output, template_name, config):
    return _build.delivery.page(output)


def on_post_build(config):
    """Write what is not a page, and swap the site in; a strict build with warnings is left for MkDocs to abort."""
    if config.strict and _build.warnings.get_counts():
        return
    texts = files(_build.publication) | redirects(_build.publication) | _build.delivery.files | _build.texts
    _write({address: text.encode() for address, text in texts.items()} | _build.pictures.result() | _build.icons.result())
    _write(search_files(_build.publication, _build.pages, _build.delivery.search))
    _write({file.address: file.data for some in _build.books.values() for file in some})
    _write(editions(_build.publication, load.frozen(Path(config.config_file_path).parent), _build.books))
    lists = offline.lists(_build.publication, load.published(_build.staging.folder))  # last: of all that was written
    _write({address: text.encode() for address, text in lists.items()})
    _build.staging.finish()


def _write(written: Mapping[str, bytes]) -> None:
    for address, data in written.items():
        path = _build.staging.folder / address
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def on_build_error(error):
    """The old site stands; say why in a sentence where the reason is the input's or the disk's."""
    on_shutdown()
    if isinstance(error, (CardError, EditionError, FigureError, OSError, PackError, Refusal, SearchError, UnknownListing, UnsafePage)):
        page = _build.extension.page if _build.extension else None
        where = f"{page.path}: " if page and isinstance(error, (FigureError, UnknownListing, UnsafePage)) else ""
        raise Abort(f"Nothing was built, the old site stands: {where}{error}") from None


def on_shutdown():
    if _build.staging:
        _build.staging.discard()


def _page(page):
    """Our model of a MkDocs page."""
    return _build.publication.site.page_at[f"docs/{page.file.src_uri}"]
