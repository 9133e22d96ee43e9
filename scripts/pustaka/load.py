"""The one module that reads files: a project's folder becomes a `Site`, and every fault a `Finding` with its place.

    bibliography/references.bib  studies/*.yml  errata.yml  glossary.yml  figures.yml  synonyms.yml  terms.yml  translations.yml  words.yml
    docs/LANGUAGE/**/*.md        overrides/listings  overrides/figures           mkdocs.yml  budget.yml
    addresses.txt  redirects.yml

The codes of its faults are in `FAULTS`.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from pustaka import addresses, yml
from pustaka.bib import Bibliography
from pustaka.markdown import read_page, read_paper
from pustaka.model import (
    EDITIONS,
    Assets,
    Budget,
    BuiltImage,
    BuiltPage,
    BuiltSite,
    Edition,
    Erratum,
    Finding,
    Message,
    NumberedFinding,
    Page,
    Place,
    PublishedAddress,
    Redirect,
    ReportedFault,
    SearchWords,
    Settings,
    Site,
    Study,
    Term,
    Words,
    say,
)
from pustaka.syntax import Labels, labels_from
from pustaka.translations import LEDGER
from pustaka.yml import by_name

if TYPE_CHECKING:  # loaded by the few functions that need them: a small check takes most of its time to load
    import jinja2
    import jsonschema

SCHEMAS = Path(__file__).parent / "schemas"

_LOCALE = Path(__file__).parent / "locale"

Read = TypeVar("Read")

#: What is taken for Markdown in a folder.
MARKDOWN = frozenset({".md", ".markdown", ".qmd", ".rmd"})

#: A larger file is refused (bytes): no bibliography is so long, and it must fit into memory several times.
LARGEST_FILE = 256 << 20

#: What a file may be at fault in, by code: the family F, beside those of the rules.
FAULTS = {
    "F101": "A file cannot be read, or leads out of docs/.",
    "F102": "A file is not saved as UTF-8.",
    "F103": "A .yml file is not valid YAML: most often a colon in a value without quotation marks, or a tab.",
    "F104": "A value in a .yml file or in a page's front matter is missing, unknown or not as it must be.",
    "F105": "A .bib file is not valid BibLaTeX: most often a comma or a brace is missing.",
    "F106": "A page has no front matter between two lines `---`, or it cannot be read.",
    "F107": "A block that `/// name` opens is not closed by a line `///`, there is none of that name, or its title cites.",
    "F108": "A line of addresses.txt is no address: most often a merge was left unfinished.",
}


class Faults(Exception):
    """The input cannot be used; `findings` says why, all of it at once."""

    def __init__(self, findings: list[Finding]):
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


#: How work that may take long is watched: given the steps, it gives them again.
Watch = Callable[[Iterable], Iterable]


def load(root: Path, watch: Watch = iter) -> tuple[Site, list[Finding]]:
    """Read a project.

    Args:
        root: the folder that holds `docs/` and `bibliography/`.
        watch: sees each page before it is read.

    Returns:
        The site, and the faults of single files. What could not be read is left out of the site, so that the
        rules can still judge the rest; nothing must be published while there are faults.

    Raises:
        Faults: `terms.yml` or `words.yml` cannot be used; without them nothing else can be read.
    """
    if not all((root / folder).is_dir() for folder in ("bibliography", "docs")):
        message = say("there is no project here: name papers to check, or the project's folder with --root")
        raise Faults([Finding(Place(root.as_posix()), "F101", message)])
    reader = _Reader(root)
    terms = reader.data("bibliography/terms.yml", "terms")
    words = reader.data("bibliography/words.yml", "words")
    if terms is None or words is None:
        raise Faults(reader.findings)
    labels = labels_from(terms[0]["locators"])
    languages = tuple(terms[0]["languages"])
    bibliography = reader.bibliography(["bibliography/references.bib"])
    figures, figure_places = reader.data("bibliography/figures.yml", "figures", optional=True) or ({}, {})
    site = Site(
        languages=languages,
        pages=tuple(reader.pages(languages, labels, watch)),
        entries=tuple(bibliography.entries),
        studies=tuple(reader.studies("bibliography/studies")),
        errata=tuple(reader.errata("bibliography/errata.yml")),
        glossary=tuple(reader.glossary("bibliography/glossary.yml")),
        words=Words(terms[0] | {"interface": words[0]}, by_name(terms[1]) | by_name(words[1], "interface")),
        figures=MappingProxyType(figures),
        figure_places=MappingProxyType(by_name(figure_places)),
        bibliography=bibliography.text,
        reports=MappingProxyType(dict(reader.reports("bibliography/reports"))),
        abbreviations=tuple(bibliography.abbreviations),
        abbreviation_uses=tuple(bibliography.uses),
        search_words=MappingProxyType(dict(reader.search_words("bibliography/synonyms.yml"))),
        frozen=MappingProxyType(dict(reader.frozen(EDITIONS))),
        settings=reader.settings() if (root / "mkdocs.yml").exists() else None,
        budget=reader.budget(),
        redirects=tuple(reader.redirects("redirects.yml")),
        published=reader.addresses("addresses.txt"),
        agreed=MappingProxyType(reader.agreed(LEDGER)),
    )
    return site, sorted(reader.findings)


def load_papers(papers: Iterable[Path], bibliographies: Iterable[Path], project: Path, watch: Watch = iter) -> tuple[Site, list[Finding]]:
    """Read Markdown files from anywhere, with the .bib files that they cite from.

    Args:
        papers: files, or folders whose .md, .qmd and .Rmd files are meant.
        bibliographies: .bib files; when there are none, those that the papers' front matter names.
        project: where `bibliography/terms.yml` is, which has the words of locators.

    Returns:
        A site without languages: pages and entries alone; and the faults of single files.

    Raises:
        Faults: the project's words cannot be used, or no bibliography is named anywhere.
    """
    reader = _Reader(Path())
    terms = _terms(project)
    pages = tuple(reader.papers(watch(list(_files(papers))), labels_from(terms["locators"])))
    named = [os.path.normpath(path) for path in bibliographies] or _named_bibliographies(pages)
    if not named and not reader.findings:
        message = say("no bibliography is named: add --bibliography FILE.bib, or a line “bibliography: FILE.bib” to the front matter")
        raise Faults([Finding(pages[0].place if pages else Place("."), "F101", message)])
    unread = len(reader.findings)
    bibliography = reader.bibliography(dict.fromkeys(named))
    if any(finding.code == "F101" for finding in reader.findings[unread:]):
        raise Faults(sorted(reader.findings))  # every key in it would be called unknown
    site = Site(
        languages=(),
        pages=pages,
        entries=tuple(bibliography.entries),
        studies=(),
        errata=(),
        glossary=(),
        words=Words(terms),
        bibliography=bibliography.text,
        abbreviations=tuple(bibliography.abbreviations),
        abbreviation_uses=tuple(bibliography.uses),
    )
    return site, sorted(reader.findings)


def _terms(project: Path) -> dict:
    """The words that papers are read by. They are a project's, which is judged elsewhere: only what cannot be used is looked into.

    Raises:
        Faults: there are none.
    """
    reader = _Reader(project)
    text = reader.text("bibliography/terms.yml")
    read = text and yml.read_fields("bibliography/terms.yml", text, 0, reader.fault)
    try:
        labels_from(read[0]["locators"])
    except (AttributeError, KeyError, TypeError):
        reader = _Reader(project)
        reader.data("bibliography/terms.yml", "terms")
        raise Faults(reader.findings) from None
    return read[0]


def _files(papers: Iterable[Path]) -> Iterator[str]:
    """Each file once; of a folder its Markdown, but not what programs put there (hidden folders, `_book`, `node_modules`)."""
    found: dict[str, None] = {}
    for path in papers:
        inside = [path]
        if os.path.isdir(path):  # which answers to the strangest names
            inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in MARKDOWN and not _of_a_program(file.relative_to(path)))
            inside = inside or [path]  # which says that it is a folder
        found |= dict.fromkeys(os.path.normpath(file) for file in inside)
    yield from found


def _of_a_program(file: Path) -> bool:
    return any(part.startswith((".", "_")) or part in ("node_modules", "venv") for part in file.parts[:-1])


def _named_bibliographies(pages: Iterable[Page]) -> list[str]:
    """The .bib files that the papers' front matter names, relative to each paper."""
    named = []
    for page in pages:
        stated = page.meta.get("bibliography") or []
        for name in [stated] if isinstance(stated, str) else stated if isinstance(stated, list) else []:
            named.append(os.path.normpath(Path(page.path).parent / str(name)))
    return named


#: What pandoc makes Markdown of.
_CONVERTED = frozenset({".docx", ".odt", ".rtf", ".html", ".htm", ".epub", ".tex"})


def manuscript(path: Path) -> str:
    """The text of a manuscript: a word processor's file through pandoc, one paragraph a line; any other as it is.

    Raises:
        Faults: it cannot be read.
    """
    reader, kind = _Reader(Path()), path.suffix.lower()
    if kind in (".doc", ".pdf", ".pages", ".wps"):
        reader.fault(Place(path.as_posix()), "F101", say("cannot be read as {kind}: save it as .docx, and name that file", kind=kind))
    elif kind not in _CONVERTED:
        text = reader.text(path.as_posix())
    else:
        reader.size(path.as_posix())
        text = None if reader.findings else reader.converted(path)
    if reader.findings:
        raise Faults(reader.findings)
    return text


def exactly(path: Path) -> str | None:
    """A file's text as it is, with its byte order mark and its line ends; None when it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def outline(root: Path) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """What a new study begins with, in `bibliography/outline/`: the Markdown of pages by "LANGUAGE/NAME", and words by name and language.

    Raises:
        Faults: a file cannot be read.
    """
    folder, reader = "bibliography/outline", _Reader(root)
    found = sorted((root / folder).glob("*/*.md"))
    pages = {f"{file.parent.name}/{file.stem}": reader.text(file.relative_to(root).as_posix()) or "" for file in found}
    words = reader.data(f"{folder}/words.yml", "words")
    if reader.findings or words is None:
        raise Faults(reader.findings)
    return pages, words[0]


def brought(path: Path) -> str:
    """The text of a file that a person brings: a .bib, RIS, CSL-JSON, an abstract.

    Raises:
        Faults: it cannot be read, or is not UTF-8.
    """
    reader = _Reader(Path())
    text = reader.text(path.as_posix())
    if reader.findings or text is None:
        raise Faults(reader.findings)
    return text.replace("\r", "\n")


def message_catalogue(language: str) -> str:
    """The gettext catalogue (.po) of the checks' messages in a language; "" where there is none."""
    file = _LOCALE / f"{language}.po"
    return file.read_text("utf-8") if file.is_file() else ""


def told() -> dict[str, dict[str, list[str]]]:
    """What the checker says of the rules' Bad examples: lines by code and language (made by tests/test_locale.py)."""
    return json.loads((_LOCALE / "told.json").read_text("utf-8"))


def earlier(root: Path, page: Page, site: Site) -> Iterator[Page]:
    """A page as it was committed, the newest version first; none where the project has no history, or git is not there.

    It serves to show people what changed; nothing else is to follow from it.

    Args:
        root: the project's folder.
        page: one of the site's.
        site: what `load` made of the project.
    """
    git = ["git", "-C", str(root)]
    reader, labels = _Reader(root), labels_from(site.words["locators"])
    try:
        listed = [*git, "rev-list", "--full-history", "HEAD", "--", page.path]  # on merged branches too, whatever became of their text
        commits = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
        for commit in commits:
            shown = subprocess.run([*git, "cat-file", "blob", f"{commit}:./{page.path}"], capture_output=True, check=False)
            if not shown.returncode:
                text = shown.stdout.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
                yield read_page(page.path, text, site.languages, labels, reader.yaml, lambda place, code, message: None)
    except (OSError, subprocess.CalledProcessError):
        return


def address(root: Path) -> str:
    """The address of a project's site, as mkdocs.yml states it; "" where there is none."""
    settings = _Reader(root).settings() if (root / "mkdocs.yml").exists() else None
    return settings.address if settings else ""


def of_project(root: Path) -> dict[str, bytes]:
    """All files of a project by their path: those that git keeps or would keep; without git, all but what programs made or hide.

    A link is no file.
    """
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-coz", "--exclude-standard"], capture_output=True, check=False)
    if not listed.returncode:
        names = sorted(set(filter(None, listed.stdout.decode().split("\0"))))
    else:
        every = (path.relative_to(root) for path in sorted(root.rglob("*")))
        names = [path.as_posix() for path in every if not _MADE.intersection(path.parts)]
    return {name: (root / name).read_bytes() for name in names if (root / name).is_file() and not (root / name).is_symlink()}


#: Folders at any depth that hold nothing which somebody has written.
_MADE = frozenset({".git", ".venv", ".cache", ".hypothesis", ".pytest_cache", ".ruff_cache", "__pycache__", "node_modules", "site"})


def uncommitted(root: Path) -> list[str]:
    """What differs from the last commit, as git tells it, line by line; nothing where there is no git."""
    told = subprocess.run(["git", "-C", str(root), "status", "--porcelain"], capture_output=True, text=True, check=False)
    return [] if told.returncode else told.stdout.splitlines()


def card_template(root: Path) -> str:
    """The text of the Typst template by which the cards of pages are drawn."""
    return (root / "overrides" / "cards" / "card.typ").read_text("utf-8")


def pack_templates(root: Path) -> Mapping[str, str]:
    """The texts of the files by which the documents of the course pack are set, in `overrides/pack/`, by name."""
    return {file.name: file.read_text("utf-8") for file in sorted((root / "overrides" / "pack").iterdir()) if file.is_file()}


def assets(root: Path) -> Assets:
    """The site's styles and scripts, in `overrides/styles/`, `overrides/scripts/` and `overrides/search/`."""
    styles, scripts, search = (root / "overrides" / name for name in ("styles", "scripts", "search"))
    page, rest, book, epub = ((styles / f"{name}.css").read_text("utf-8") for name in ("page", "rest", "book", "epub"))
    texts, searching = (tuple((file.stem, file.read_text("utf-8")) for file in sorted(folder.glob("*.js"))) for folder in (scripts, search))
    return Assets(page, rest, texts, searching, book, epub)


#: The kinds of pictures that pages may show.
_PICTURES = frozenset({".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})


def configuration(root: Path) -> dict:
    """What mkdocs.yml says, for a build without an engine; of its tags only `!ENV` is known, and what another stands before is None.

    Raises:
        Faults: it cannot be read.
    """
    import yaml

    reader = _Reader(root)
    try:
        stated = _configuration(reader.text("mkdocs.yml") or "")
        if not reader.findings and isinstance(stated, dict):
            return stated
    except (yaml.YAMLError, ValueError):
        pass
    raise Faults(reader.findings or [Finding(Place("mkdocs.yml"), "F103", say("is not valid YAML: build the site, and MkDocs will say where"))])


def _configuration(text: str) -> object:
    """What mkdocs.yml holds.

    Raises:
        yaml.YAMLError, ValueError: it is not valid YAML.
    """
    import yaml
    from yaml_env_tag import construct_env_tag  # MkDocs' own reading of !ENV

    loader = type("_Loader", (yaml.SafeLoader,), {})
    loader.add_constructor("!ENV", construct_env_tag)
    loader.add_multi_constructor("!", lambda loader, suffix, node: None)
    loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)
    return yaml.load(text, loader)


def media(root: Path) -> Mapping[str, bytes]:
    """What is published as it is, by its address below the site's root: all in `docs/` that is no page, and `overrides/assets/`.

    What is hidden, by a point before its name or its folder's, is left out, and so is `docs/templates/`. Each file is read when it is asked for.
    """
    docs, overrides = root / "docs", root / "overrides"
    below = {file.relative_to(docs): file for file in sorted(docs.rglob("*")) if file.suffix not in MARKDOWN}
    assets = {file.relative_to(overrides): file for file in sorted((overrides / "assets").rglob("*"))}
    shown = {path: file for path, file in (assets | below).items() if path.parts[0] != "templates" and not any(part[0] == "." for part in path.parts)}
    return _Opened({path.as_posix(): file for path, file in shown.items() if file.is_file()}, Path.read_bytes)


def pictures(root: Path) -> Mapping[str, bytes]:
    """The pictures in `docs/`, by their address below the site's root; each is opened when it is asked for."""
    docs = root / "docs"
    found = (file for file in sorted(docs.rglob("*")) if file.suffix.lower() in _PICTURES and file.is_file())
    return _Opened({file.relative_to(docs).as_posix(): file for file in found}, Path.read_bytes)


def frozen(root: Path) -> Mapping[str, bytes]:
    """What is kept of past editions, by `SLUG/VERSION/NAME`; each file is read when it is asked for."""
    folder = root / EDITIONS
    return _Opened({file.relative_to(folder).as_posix(): file for file in sorted(folder.glob("*/*/*")) if file.is_file()}, Path.read_bytes)


def worker(root: Path, serving: bool = False) -> str:
    """The text of the service worker; of the one that takes itself away, while the site is served to whoever writes it."""
    return (root / "overrides" / "offline" / ("serving.js" if serving else "worker.js")).read_text("utf-8")


def icon(root: Path) -> tuple[str, str]:
    """The Typst template by which icons are drawn, and the drawing (SVG)."""
    overrides = root / "overrides"
    return (overrides / "cards" / "icon.typ").read_text("utf-8"), (overrides / "assets" / "icon.svg").read_text("utf-8")


def inputs(root: Path) -> list[Path]:
    """The files and folders, beside the pages, of which pages are made: of each, every byte counts."""
    named = [root / name for name in ("mkdocs.yml", "redirects.yml", "overrides")]
    known = [path for path in _visible(root / "bibliography") if path != root / EDITIONS]
    beside = [path for path in sorted((root / "docs").rglob("*")) if path.suffix != ".md" and path.is_file()]
    return [path for path in (*named, *known, *beside) if path.exists()]


def published(folder: Path) -> Mapping[str, bytes]:
    """The files of a folder by their address below it; each is read when it is asked for."""
    below = len(os.path.join(folder, ""))
    files = sorted(os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return _Opened({file[below:].replace(os.sep, "/"): Path(file) for file in files}, Path.read_bytes)


#: The files of a built site, beside its pages, that say what is cited; and the schemas that two of them are judged by.
_SURFACES = frozenset({".bib", ".ris", ".enw", ".json", ".cff", ".xml", ".txt"})
_FORMATS = ("csl-data", "cff")


def built_site(folder: Path) -> BuiltSite:
    """What was built: the pages, the files that say how to cite, the cards, and all of it as bytes. What is not UTF-8 is read as far as it can be."""
    found: dict[str, dict[str, Path]] = {}
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            file = Path(parent, name)
            found.setdefault(file.suffix, {})[file.relative_to(folder).as_posix()] = file
    pages = (BuiltPage(file.as_posix(), address.removesuffix("index.html"), _readable(file)) for address, file in found.get(".html", {}).items())
    texts = _Opened({address: file for suffix in _SURFACES for address, file in found.get(suffix, {}).items()}, _readable)
    schemas = {name: json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")) for name in _FORMATS}
    every = _Opened({address: file for files in found.values() for address, file in files.items()}, Path.read_bytes)
    return BuiltSite(folder.as_posix(), tuple(pages), texts, _Opened(found.get(".png", {}), _image), schemas, every)


def _readable(file: Path) -> str:
    return file.read_text("utf-8", errors="replace")


class _Opened(Mapping):
    """What is in files, by their address; each is opened when it is asked for."""

    def __init__(self, files: Mapping[str, Path], read: Callable[[Path], object]):
        self.files, self.read = files, read

    def __getitem__(self, address: str) -> object:
        return self.read(self.files[address])

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


def _image(file: Path) -> BuiltImage:
    """A PNG by its first chunk, which holds its size (W3C, "Portable Network Graphics", 5.2 and 11.2.2)."""
    with file.open("rb") as opened:
        start = opened.read(24)
    size = file.stat().st_size
    if start[:8] != b"\x89PNG\r\n\x1a\n" or start[12:16] != b"IHDR" or len(start) < 24:
        return BuiltImage("", 0, 0, size)
    return BuiltImage("PNG", *struct.unpack(">II", start[16:24]), size)


@cache
def templates(root: Path) -> jinja2.Environment:
    """The environment in which `overrides/listings/` and `overrides/figures/` are rendered; every value is escaped.

    While the site is served, it is the same from build to build: it reads a template again when its file has changed.
    """
    import jinja2

    loader = jinja2.FileSystemLoader(root / "overrides")
    return jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)


class _Reader:
    """Reads below one folder and gathers the faults."""

    def __init__(self, root: Path):
        self.root = root
        self.findings: list[Finding] = []

    def fault(self, place: Place, code: str, message: Message) -> None:
        self.findings.append(Finding(place, code, message))

    def size(self, path: str) -> None:
        """Nothing, or a finding when a path names no file that can be read whole."""
        file = self.root / path
        try:
            if file.is_dir():
                self.fault(Place(path), "F101", say("cannot be read: it is a folder, name a file in it"))
            elif not file.is_file() and file.exists():
                self.fault(Place(path), "F101", say("cannot be read: it is no ordinary file"))
            elif (size := file.stat().st_size) > LARGEST_FILE:
                message = say("cannot be read: it has {size} MB, more than {most}", size=size >> 20, most=LARGEST_FILE >> 20)
                self.fault(Place(path), "F101", message)
        except (OSError, ValueError) as error:
            self.fault(Place(path), "F101", say("cannot be read: {reason}", reason=getattr(error, "strerror", None) or error))

    def text(self, path: str) -> str | None:
        """A file's text with a line feed at the end of each line; None with a finding when it cannot be read.

        What is not UTF-8 is a finding as well, and read as what it may be, so that it hides nothing else.
        """
        before = len(self.findings)
        self.size(path)
        if len(self.findings) > before:
            return None
        try:
            data = (self.root / path).read_bytes()
            text = data.decode("utf-8") if not _is_utf16(data) else self.utf16(path, data)
        except OSError as error:
            self.fault(Place(path), "F101", say("cannot be read: {reason}", reason=error.strerror or error))
            return None
        except UnicodeDecodeError as error:
            text = self.not_utf8(path, data, error)
        return text.removeprefix("\ufeff").replace("\r\n", "\n")

    def utf16(self, path: str, data: bytes) -> str:
        self.fault(Place(path), "F102", say("the file is saved as UTF-16: save it as UTF-8"))
        marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        return data.decode("utf-16" if marked else "utf-16-be" if data[::2].count(0) > data[1::2].count(0) else "utf-16-le", errors="replace")

    def not_utf8(self, path: str, data: bytes, error: UnicodeDecodeError) -> str:
        line_start = data.rfind(b"\n", 0, error.start) + 1
        place = Place(path, data.count(b"\n", 0, error.start) + 1, len(data[line_start : error.start].decode("utf-8", "replace")) + 1)
        self.fault(place, "F102", say("byte {byte} is not UTF-8: save the file as UTF-8", byte=f"{data[error.start]:#04x}"))
        return data.decode("cp1252", errors="replace")

    def converted(self, path: Path) -> str | None:
        """A word processor's file as Markdown, one paragraph a line."""
        # a program is not told what to run by the file it reads (--sandbox), and does not outlive its input
        import pypandoc

        command = [pypandoc.get_pandoc_path(), "--sandbox", "--to=markdown-smart-citations-simple_tables-multiline_tables-grid_tables"]
        try:
            done = subprocess.run([*command, "--wrap=none", "+RTS", "-M1G", "-RTS", path], capture_output=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            self.fault(Place(path.as_posix()), "F101", say("cannot be read: the conversion by pandoc takes more than a minute"))
            return None
        if done.returncode:
            reason = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0] or f"pandoc ended with {done.returncode}"
            self.fault(Place(path.as_posix()), "F101", say("cannot be read as {kind}: {reason}", kind=path.suffix, reason=reason))
            return None
        return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")

    # -- YAML -------------------------------------------------------------------------------------------------

    def data(self, path: str, schema: str, optional: bool = False) -> tuple[object, dict[tuple, Place]] | None:
        """A YAML file as data with the place of every value, checked against its schema; None with findings.

        Of an optional file that is not there, None without a finding.
        """
        if optional and not (self.root / path).exists():
            return None
        text = self.text(path)
        return None if text is None else self.once(path, (text, schema), lambda: self.yaml(path, text, 0, schema, "F103"))

    def yaml(self, path: str, text: str, offset: int, schema: str, code: str) -> tuple[object, dict[tuple, Place]] | None:
        """YAML text that begins `offset` lines into a file -> (data, places), or None with findings."""
        return yml.read(path, text, offset, _schema(schema), code, self.fault)

    def front_matter(self, path: str, text: str, offset: int) -> tuple[object, dict[str, tuple[int, int]]] | None:
        """A paper's front matter -> (data, from where to where in the text the value of each field goes), or None with a finding."""
        return yml.read_fields(path, text, offset, self.fault)

    def settings(self) -> Settings | None:
        """What `mkdocs.yml` says; None with a finding when it cannot be read."""
        import yaml

        if (text := self.text("mkdocs.yml")) is None:
            return None
        try:
            stated = _configuration(text)
            extra = stated.get("extra") or {}
            said = (stated.get("site_name"), stated.get("site_url"), extra.get("publisher"))
            menu = tuple(map(str, extra.get("menu") or ()))
            others = {name: str(extra.get(name) or "") for name in ("licence", "contact", "begun", "editing")}
        except (yaml.YAMLError, AttributeError, TypeError, ValueError):
            self.fault(Place("mkdocs.yml"), "F103", say("is not valid YAML: build the site, and MkDocs will say where"))
            return None
        return Settings(*(str(value or "") for value in said), menu, **others)

    def budget(self) -> Budget | None:
        """What `budget.yml` says; None where there is none, or with a finding when it cannot be used."""
        if (found := self.data("budget.yml", "budget", optional=True)) is None:
            return None
        stated = found[0]
        limits = (stated[name] for name in ("window", "over_text", "visit", "requests", "download"))
        return Budget(*limits, MappingProxyType(stated.get("files", {})), tuple(stated.get("by_script", ())))

    def studies(self, folder: str) -> Iterator[Study]:
        files = sorted((self.root / folder).glob("*.yml"))
        for file in files:
            path = f"{folder}/{file.name}"
            if (found := self.data(path, "study")) is None:
                continue
            data, places = found
            stated = data.get("how_to_cite", {})
            yield Study(
                **{name: data[name] for name in ("slug", "entry", "basis", "language", "licence", "code")},
                short=MappingProxyType(data["short"]),
                keywords=MappingProxyType({language: tuple(words) for language, words in data["keywords"].items()}),
                history=tuple(data.get("history", {}).items()),
                findings=tuple(NumberedFinding(int(number), *where.split("#")) for number, where in data.get("findings", {}).items()),
                editions=tuple(
                    Edition(each["version"], each["date"], each["changes"], tuple(each.get("new", ())), tuple(each.get("languages", ())))
                    for each in data["editions"]
                ),
                pages=tuple(data["pages"]),
                printed=stated.get("printed", ""),
                slips=tuple(stated.get("slips", ())),
                sections=MappingProxyType(data["sections"]),
                orcid=MappingProxyType(data.get("orcid", {})),
                place=Place(path),
                places=MappingProxyType(by_name(places)),
            )

    def frozen(self, folder: str) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
        """The names of the files that are kept of editions, `FOLDER/SLUG/VERSION/NAME`, by slug and version."""
        for study in _visible(self.root / folder):
            kept = {version.name: tuple(file.name for file in _visible(version)) for version in _visible(study) if version.is_dir()}
            if study.is_dir():
                yield study.name, MappingProxyType(kept)

    def errata(self, path: str) -> Iterator[Erratum]:
        data, places = self.data(path, "errata", optional=True) or ([], {})
        for number, item in enumerate(data):
            yield Erratum(item["key"], item["field"], item["kind"], item.get("printed", ""), item["note"], places[(number,)])

    def glossary(self, path: str) -> Iterator[Term]:
        data, places = self.data(path, "glossary", optional=True) or ([], {})
        for number, item in enumerate(data):
            forms, also = ({language: tuple(some) for language, some in item.get(name, {}).items()} for name in ("forms", "also"))
            yield Term(item["id"], item["term"], item["meaning"], item.get("foreign", {}), item.get("see", ""), places[(number,)], forms, also)

    def search_words(self, path: str) -> Iterator[tuple[str, SearchWords]]:
        data, _ = self.data(path, "synonyms", optional=True) or ({}, {})
        for language, stated in data.items():
            yield language, SearchWords(tuple(map(tuple, stated.get("same", ()))), tuple(stated.get("skipped", ())))

    def agreed(self, path: str) -> dict[str, dict[str, dict[str, str]]]:
        data, _ = self.data(path, "translations", optional=True) or ({}, {})
        return data

    def reports(self, folder: str) -> Iterator[tuple[str, tuple[ReportedFault, ...]]]:
        for file in sorted((self.root / folder).glob("*.yml")):
            data, _ = self.data(f"{folder}/{file.name}", "report") or ([], {})
            yield file.stem, tuple(ReportedFault(**{"meant": "", "key": "", "note": {}} | item) for item in data)

    # -- Addresses --------------------------------------------------------------------------------------------

    def redirects(self, path: str) -> Iterator[Redirect]:
        data, places = self.data(path, "redirects", optional=True) or ({}, {})
        for old, new in data.items():
            yield Redirect(old, new, Place(path, places[(old,)].line))

    def addresses(self, path: str) -> tuple[PublishedAddress, ...] | None:
        """What was published; None where there is no such file, or with a finding when it cannot be read."""
        if not (self.root / path).exists() or (text := self.text(path)) is None:
            return None
        found = []
        for line, address in addresses.read(text):
            if address is None:
                self.fault(Place(path, line), "F108", say("the line is no address: take it out, then run `make addresses`"))
            else:
                found.append(PublishedAddress(address, Place(path, line)))
        return tuple(found)

    # -- BibLaTeX ---------------------------------------------------------------------------------------------

    def bibliography(self, paths: Iterable[str]) -> Bibliography:
        """What .bib files hold, one after another."""
        texts = {}
        for path in paths:
            if Path(path).suffix.lower() in (".json", ".yaml", ".yml", ".ris", ".xml"):
                self.fault(Place(path), "F101", say("is no .bib file: export the bibliography as BibLaTeX, and name that file"))
            elif (text := self.text(path)) is not None:
                texts[path] = text

        def read() -> Bibliography:
            bibliography = Bibliography(lambda place, message: self.fault(place, "F105", message))
            for path, text in texts.items():
                bibliography.read(text, path)
            return bibliography

        return self.once("\n".join(texts), tuple(texts.values()), read)

    # -- Markdown ---------------------------------------------------------------------------------------------

    def pages(self, languages: tuple[str, ...], labels: Labels, watch: Watch) -> Iterator[Page]:
        docs = self.root / "docs"
        for file in watch(sorted(docs.rglob("*"))):
            path = file.relative_to(self.root).as_posix()
            if file.is_symlink() and not file.resolve().is_relative_to(docs.resolve()):
                self.fault(Place(path), "F101", say("is a link to something outside docs/, which would be published: put a copy here"))
                continue
            if file.suffix != ".md":
                continue
            text = self.text(path)
            if text is not None:
                yield self.page(path, text, languages, labels)

    def page(self, path: str, text: str, languages: tuple[str, ...], labels: Labels) -> Page:
        """A page, read; or the one that was read before of the same text, while the site is served."""
        return self.once(path, (text, languages, labels), lambda: read_page(path, text, languages, labels, self.yaml, self.fault))

    def once(self, path: str, asked: tuple, read: Callable[[], Read]) -> Read:
        """What is read, or was read before of the same: while a site is served, hardly a file changes. Faults are told each time."""
        if path not in _READ or _READ[path][0] != asked:
            before = len(self.findings)
            done = read()
            if len(self.findings) > before:
                return done
            _READ[path] = asked, done
        return _READ[path][1]

    def papers(self, paths: Iterable[str], labels: Labels) -> Iterator[Page]:
        for path in paths:
            if (text := self.text(path)) is not None:
                yield read_paper(path, text, labels, self.front_matter)


#: By a file's path, what it was read from, and what was read.
_READ: dict[str, tuple[tuple, object]] = {}


def _visible(folder: Path) -> list[Path]:
    """What is in a folder, in order; nothing where there is none. What programs hide there is left out."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []


def _is_utf16(data: bytes) -> bool:
    """Whether it says so at its beginning, or a quarter of it are zeros, as in no text of one byte a letter."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(0) * 4 > len(data)


@lru_cache
def _schema(name: str) -> jsonschema.Draft202012Validator:
    import jsonschema

    formats = jsonschema.FormatChecker(formats=())
    formats.checks("date", raises=ValueError)(lambda value: not isinstance(value, str) or bool(date.fromisoformat(value)))
    schema = json.loads((SCHEMAS / f"{name}.json").read_text("utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=formats)
