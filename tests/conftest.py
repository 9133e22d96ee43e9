"""What the tests share: the real site, built once and served under a sub-path; copies of the project; a real browser."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from lxml import html
from playwright.sync_api import Browser, sync_playwright

from pustaka import load
from pustaka.model import Site

if TYPE_CHECKING:
    from moving import Moved

ROOT = Path(__file__).parents[1]
#: The site is tested as it stands on GitHub Pages: below a path.
SUB_PATH = "/sub/path/"
LANGUAGES = tuple(yaml.safe_load((ROOT / "bibliography" / "terms.yml").read_text("utf-8"))["languages"])
PROJECT = ("addresses.txt", "mkdocs.yml", "zensical.yml", "redirects.yml", "bibliography", "docs", "overrides", "scripts")


#: Whether this is still the repository that scripts/new_site.py makes other sites of.
IS_TEMPLATE = "\n[tool.pustaka]\ntemplate = true" in (ROOT / "pyproject.toml").read_text("utf-8")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a site of somebody else's, the tests that speak of our studies are left out, and on one without a study those that need one;
    pytest counts them as deselected."""
    absent = {"our_studies": not IS_TEMPLATE, "needs_study": not any((ROOT / "bibliography" / "studies").glob("*.yml"))}
    left_out = [item for item in items if any(each and item.get_closest_marker(name) for name, each in absent.items())]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def no_memory(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test knows what another one, or the user, has had answered; messages are in English."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def expect_none(faults: Iterable[str]) -> None:
    """Fail with every fault, each on a line of its own."""
    faults = list(faults)
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


def tree(folder: Path) -> dict[str, str]:
    """Every file below a folder, with a hash of its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _listen() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


#: For `subprocess.Popen`: a shell's background job ignores SIGINT, and so would what it starts.
LISTENING = {} if os.name == "nt" else {"preexec_fn": _listen}


# -- Building ----------------------------------------------------------------------------------------------------


def start_build(root: Path, *arguments: str, site_url: str = "", **options) -> subprocess.Popen:
    """`mkdocs build --strict` in a project's folder, still running."""
    ours = {name: value for name, value in os.environ.items() if name not in ("SITE_URL", "EDIT_URL")}  # they may be set for the site itself
    environment = ours | {"NO_MKDOCS_2_WARNING": "1"} | options.pop("environment", {})
    if site_url:
        environment["SITE_URL"] = site_url
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    return subprocess.Popen(command, cwd=root, env=environment, **pipes, **options)


def build(root: Path, *arguments: str, **options) -> tuple[int, str]:
    """`mkdocs build --strict` in a project's folder: the exit code and what it said."""
    process = start_build(root, *arguments, **options)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def build_well(root: Path, *arguments: str, **options) -> None:
    """A build that must succeed."""
    code, said = build(root, *arguments, **options)
    if code:
        pytest.fail(f"mkdocs build --strict ended with {code}:\n{said}", pytrace=False)


#: Removed when the tests end.
_KEEPING = tempfile.TemporaryDirectory(prefix="kept-", ignore_cleanup_errors=True)


@cache
def _kept() -> Path:
    """What a build of the project keeps for the next one."""
    root = copy_project(Path(_KEEPING.name) / "project", cold=True)
    build_well(root)
    return root / ".cache"


def copy_project(folder: Path, cold: bool = False) -> Path:
    """The inputs of the real site, in a folder where a test may change them; unless `cold`, with what a build before has kept."""
    if not cold:
        shutil.copytree(_kept(), folder / ".cache", copy_function=os.link)  # none of these files is ever written again
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, folder / name)
    return folder


@dataclass(frozen=True)
class BuiltPage:
    """A page as it was built. `address` is its path below the site's root: "id/abcd/", "" for the welcome."""

    file: Path
    address: str

    @property
    def language(self) -> str:
        """The language of its folder; "" for the welcome and the 404 page."""
        first = self.address.partition("/")[0]
        return first if first in LANGUAGES else ""

    @property
    def of_rule(self) -> bool:
        """Whether it documents one of the checker's rules."""
        return bool(re.fullmatch(r"\w+/rules/\w+/", self.address))

    @cached_property
    def leads_on(self) -> bool:
        """Whether it is a redirect page."""
        return b'http-equiv="refresh"' in self.file.read_bytes()[:4000]

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.file.read_text("utf-8"))

    def all(self, selector: str) -> list[html.HtmlElement]:
        """The elements that a CSS selector names, of tags, classes, ids and attributes alone."""
        return self.tree.xpath(_xpath(selector))

    def one(self, selector: str) -> html.HtmlElement:
        found = self.all(selector)
        assert len(found) == 1, f"{self}: {len(found)} × {selector}, must be one"
        return found[0]

    @cached_property
    def ids(self) -> list[str]:
        return self.tree.xpath("//@id")

    @property
    def text(self) -> str:
        """What a reader reads, without code."""
        return text_of(self.tree.find("body"))

    @property
    def text_with_code(self) -> str:
        return " ".join(self.tree.find("body").text_content().split())

    def __str__(self) -> str:
        return self.address or "(welcome)"


def text_of(element: html.HtmlElement) -> str:
    """The text inside an element, white space folded, code left out."""
    parts = element.xpath(".//text()[not(ancestor::code or ancestor::pre or ancestor::script or ancestor::style)]")
    return " ".join("".join(parts).split())


def _xpath(selector: str) -> str:
    """`a.cite[role=x], #references li` as XPath: enough of CSS for these tests."""
    alternatives = []
    for alternative in selector.split(","):
        steps = []
        for step in alternative.split():
            tag = re.match(r"[\w-]*", step).group() or "*"
            conditions = [f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in re.findall(r"\.([\w-]+)", step)]
            conditions += [f"@id='{name}'" for name in re.findall(r"#([\w-]+)", step)]
            conditions += [f"@{name}='{value}'" if value else f"@{name}" for name, value in re.findall(r"\[([\w-]+)(?:=([^\]]+))?\]", step)]
            steps.append("//" + tag + "".join(f"[{condition}]" for condition in conditions))
        alternatives.append("".join(steps))
    return " | ".join(alternatives)


#: Where an edition of a study can be read, whole: what it was, whatever today's pages are.
_EDITION = re.compile(r"/editions/[\d.]+/index\.html$")


@dataclass(frozen=True)
class BuiltSite:
    """A built site: its folder and the absolute address that it was built for."""

    folder: Path
    address: str
    _pages: dict[str, BuiltPage] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def pages(self) -> list[BuiltPage]:
        """Every page but the 404 page."""
        return [page for page in self.all_pages if page.address != "404.html"]

    @property
    def all_pages(self) -> list[BuiltPage]:
        """Every page: an index.html that is no redirect, or the 404 page. Any other HTML file is one to take along (tests/test_book.py),
        or an edition (tests/test_editions.py)."""
        return [page for page in self._of_pages if not page.leads_on]

    @property
    def redirects(self) -> list[BuiltPage]:
        """What stands at old and short addresses, and only leads on: tests/test_addresses.py."""
        return [page for page in self._of_pages if page.leads_on]

    @property
    def _of_pages(self) -> list[BuiltPage]:
        for file in sorted((*self.folder.rglob("index.html"), self.folder / "404.html")):
            if _EDITION.search(file.as_posix()):
                continue
            address = file.relative_to(self.folder).as_posix().removesuffix("index.html")
            self._pages.setdefault(address, BuiltPage(file, address))
        return list(self._pages.values())

    @property
    def sample(self) -> list[BuiltPage]:
        """The pages that are looked at in a browser: all; of the checker's rules, printed by one template, the longest and the shortest."""
        pages = [page for page in self.pages if not page.of_rule]
        for language in sorted({page.language for page in self.pages if page.of_rule}):
            of_rules = sorted((page for page in self.pages if page.of_rule and page.language == language), key=lambda page: len(page.text_with_code))
            pages += [of_rules[0], *of_rules[-3:]]
        return pages

    def page(self, address: str) -> BuiltPage | None:
        return next((page for page in self.all_pages if page.address == address), None)

    def file_at(self, path: str) -> Path | None:
        """The file that the server gives for a path of an address, or None."""
        if not path.startswith(self.path):
            return None
        file = self.folder / unquote(path.removeprefix(self.path))
        file = file / "index.html" if path.endswith("/") else file
        return file if file.is_file() else None


# -- Serving -----------------------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    """Serves the built site below the sub-path, with its 404 page, as GitHub Pages does; nothing elsewhere."""

    site: BuiltSite
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urlsplit(self.path).path
        if not path.endswith("/") and self.site.file_at(f"{path}/"):  # a folder, asked for without its slash
            self.send_response(301)
            self.send_header("Location", f"{path}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        file = self.site.file_at(path)
        status = 200 if file else 404
        if file is None and path.startswith(SUB_PATH):
            file = self.site.folder / "404.html"
        body = file.read_bytes() if file else b""
        kind = mimetypes.guess_type(file.name)[0] if file else "text/plain"
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *arguments):
        """Quiet."""


@contextmanager
def serving(folder: Path) -> Iterator[BuiltSite]:
    """A folder served below the sub-path: whoever asks builds the site into it, for the address that it has then."""
    handler = type("_OfOneSite", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.site = site = BuiltSite(folder, f"http://127.0.0.1:{server.server_port}{SUB_PATH}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def built_site(tmp_path_factory) -> Iterator[BuiltSite]:
    """The real site, built by `mkdocs build --strict` for the address at which it is then served."""
    with serving(tmp_path_factory.mktemp("built") / "site") as site:
        build_well(ROOT, "--site-dir", str(site.folder), site_url=site.address)
        yield site


@pytest.fixture(scope="session")
def moved_site(tmp_path_factory) -> Iterator[Moved]:
    """A small site that was published, rearranged, and mended by what the check said."""
    import moving

    folder = tmp_path_factory.mktemp("moved")
    with serving(folder / "site") as site:
        yield moving.moved(folder / "project", site)


@pytest.fixture(scope="session")
def model() -> Site:
    """What the real site is made of."""
    site, findings = load.load(ROOT)
    expect_none(map(str, findings))
    return site


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, with no site yet."""
    return copy_project(tmp_path / "project")


@pytest.fixture
def project_with_site(project: Path, built_site: BuiltSite) -> Path:
    """A copy of the project, with a site that an earlier build made (of another address: every page of a new one differs)."""
    shutil.copytree(built_site.folder, project / "site")
    return project


# -- The browser -------------------------------------------------------------------------------------------------

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge", "microsoft-edge-stable")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)


def find_browser() -> str:
    """The path of a Chrome, Chromium or Edge; the tests fail where there is none, they are never skipped."""
    if stated := os.environ.get("BROWSER_PATH"):
        if not Path(stated).is_file():
            pytest.fail(f"BROWSER_PATH names {stated}, and there is no such file: name a Chrome or Chromium.", pytrace=False)
        return stated
    found = next(filter(None, map(shutil.which, _NAMES)), None) or next((place for place in _PLACES if Path(place).is_file()), None)
    if found is None:
        pytest.fail(
            "The tests need a Chromium or Chrome: on Debian and Ubuntu `sudo apt-get install chromium`, elsewhere install Google Chrome, "
            "or name one in BROWSER_PATH.",
            pytrace=False,
        )
    return found


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """A real browser, without a window, for one thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with launched(find_browser()) as browser:
        yield browser


@pytest.fixture
def open_page(browser: Browser, built_site: BuiltSite) -> Iterator[Callable]:
    """`open_page("id/abcd/", **context)` opens a page in a browser context of its own; with no address, an empty one."""
    contexts = []

    def opened(address: str | None = None, **options):
        context = browser.new_context(base_url=built_site.address, **({"reduced_motion": "reduce"} | options))
        context.set_default_timeout(5000)
        contexts.append(context)
        page = context.new_page()
        if address is not None:
            page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
