"""Reading without a network, in a real browser: what was read, a saved language, its updates, its removal; and what may go wrong."""

from __future__ import annotations

import json
import mimetypes
import os
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import SUB_PATH, BuiltSite, expect_none
from playwright.sync_api import BrowserContext, Page, expect
from test_accessibility import violations

ABOUT = "id/about/"
#: A state of the control by what the reader sees of it.
SAVED, NONE, PAUSED, REMOVED = ('[data-on="saved"]', '[data-on="none"]', '[data-on="paused"]', '[data-on="removed"]')


class Host:
    """A server of a copy of the site that can be changed, counts what it is asked for, and can be stopped.

    It sends what GitHub Pages sends about caching, so that the browser's own cache takes part.
    """

    def __init__(self, folder: Path):
        self.folder, self.asked = folder, []
        self.stopped, self.refused, self.silent = False, re.compile("(?!)"), threading.Event()
        self.silent.set()  # cleared: the server hears and says nothing
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                host.answer(self)

            def log_message(self, *arguments):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}{SUB_PATH}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = unquote(urlsplit(request.path).path)
        self.asked.append(request.path.removeprefix(SUB_PATH))
        self.silent.wait(20)
        if self.stopped:
            request.close_connection = True
            return
        if (self.folder / path.removeprefix(SUB_PATH)).is_dir() and not path.endswith("/"):
            request.send_response(301)
            request.send_header("Location", f"{path}/")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        file = self.folder / path.removeprefix(SUB_PATH)
        file = file / "index.html" if path.endswith("/") else file
        found = path.startswith(SUB_PATH) and file.is_file() and not self.refused.search(path)
        body = file.read_bytes() if found else (self.folder / "404.html").read_bytes()
        kind = mimetypes.guess_type(file.name)[0] if found else "text/html"
        request.send_response(200 if found else 404)
        request.send_header("Content-Type", f"{kind}; charset=utf-8")
        request.send_header("Content-Length", str(len(body)))
        request.send_header("Cache-Control", "max-age=2")
        request.end_headers()
        request.wfile.write(body)

    def close(self) -> None:
        self.silent.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def host(built_site: BuiltSite, tmp_path: Path) -> Iterator[Host]:
    """The real site, copied: a file that a test changes is put anew, not written into."""
    shutil.copytree(built_site.folder, tmp_path / "site", copy_function=os.link)
    host = Host(tmp_path / "site")
    yield host
    host.close()


@pytest.fixture
def visitor(browser, host: Host) -> Iterator[BrowserContext]:
    """A reader's browser, new to the site."""
    context = browser.new_context(base_url=host.address, reduced_motion="reduce")
    context.set_default_timeout(10000)
    yield context
    context.close()


def until(page: Page, condition: str) -> None:
    """Wait until an asynchronous expression is true; `keys` are the addresses in a cache, `scope` the site's."""
    page.evaluate(
        """async () => {
          const { scope } = await navigator.serviceWorker.ready;
          const keys = async name => (await (await caches.open(name)).keys()).map(({ url }) => url);
          for (const start = Date.now(); !(CONDITION);) {
            if (Date.now() - start > 20000) throw Error(`never; kept are ${await keys(scope)}`);
            await new Promise(done => setTimeout(done, 50));
          }
        }""".replace("CONDITION", condition)
    )


def rested(page: Page) -> None:
    """Wait until the worker is there and has kept the page."""
    until(page, "navigator.serviceWorker.controller && (await keys(scope)).includes(location.href.replace(/[?#].*/, ''))")


def read(visitor: BrowserContext, address: str) -> Page:
    page = visitor.new_page()
    page.goto(address)
    rested(page)
    return page


def listed(host: Host, language: str = "id") -> dict[str, str]:
    return json.loads((host.folder / language / "offline.json").read_text("utf-8"))["files"]


def save(visitor: BrowserContext, language: str = "id") -> Page:
    """Save a language as a reader does."""
    page = visitor.new_page()
    page.goto(f"{language}/offline/")
    page.locator("button[value=save]").first.click()
    expect(page.locator(SAVED)).to_be_visible(timeout=30000)
    return page


def cached(page: Page) -> list[str]:
    """What the site keeps, by cache and address."""
    return page.evaluate(
        """async () => { const all = []; for (const name of await caches.keys())
             for (const { url } of await (await caches.open(name)).keys()) all.push(name + " " + url); return all }"""
    )


# -- What was read -----------------------------------------------------------------------------------------------


def test_a_first_visit_makes_four_requests(visitor, host):
    """The page, its styles, its script, the worker: nothing twice, nothing else, though the page is kept."""
    page = read(visitor, ABOUT)
    page.wait_for_timeout(1500)
    asked = sorted(address.partition("?")[0] for address in host.asked)
    assert asked == ["assets/site.css", "assets/site.js", ABOUT, "sw.js"]


@pytest.mark.parametrize("how", ["the network is cut", "the server is gone"])
def test_a_page_that_was_read_opens_again_without_a_network(how: str, visitor, host):
    page = read(visitor, ABOUT)
    page.goto("id/glossary/")
    rested(page)
    host.stopped = how == "the server is gone"
    visitor.set_offline(how == "the network is cut")
    for address in (ABOUT, "id/glossary/", "id/glossary/?q=desa", "id/glossary/#term-aset", "id/about"):
        answer = page.goto(address)
        assert answer is None or answer.status == 200, address
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.styleSheets.length") == 2, "the shared styles are kept too"
        expect(page.locator(".scheme")).to_be_visible()  # the script runs
    assert page.url.endswith("/id/about/"), "an address without its slash leads where it leads online"


@pytest.mark.parametrize("language, heading", [("id", "Halaman ini belum tersimpan"), ("en", "This page is not kept yet")])
def test_a_page_that_was_not_read_says_so_in_its_language(language: str, heading: str, visitor, host):
    page = read(visitor, f"{language}/about/")
    host.stopped = True
    answer = page.goto(f"{language}/glossary/")
    assert answer.status == 503
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator("h1")).to_have_text(heading)
    page.locator("li a").first.click()
    assert page.url == f"{host.address}{language}/about/"
    assert page.locator("main").count() == 1


def test_a_changed_page_is_seen_at_the_next_visit(visitor, host):
    page = read(visitor, ABOUT)
    change(host, ABOUT)
    page.wait_for_timeout(2100)  # as long as the browser's own cache may keep it
    page.goto(ABOUT)
    expect(page.locator("h1")).to_have_text("Diperbarui")


def test_a_line_that_does_not_answer_is_not_waited_for(visitor, host):
    """The kept copy after a moment; the answer, when it comes, is kept and seen at the next visit, even if that is offline."""
    page = read(visitor, ABOUT)
    page.goto("id/")
    rested(page)
    change(host, ABOUT)
    page.wait_for_timeout(2100)
    host.silent.clear()
    page.goto(ABOUT, wait_until="commit")
    expect(page.locator("h1")).to_contain_text("Tentang")
    host.silent.set()
    page.wait_for_timeout(1000)
    host.stopped = True
    page.goto(ABOUT)
    expect(page.locator("h1")).to_have_text("Diperbarui")


def test_a_page_that_is_not_there_is_not_kept(visitor, host):
    page = read(visitor, ABOUT)
    assert page.goto("id/tidak/ada/").status == 404
    page.wait_for_timeout(500)
    assert not [key for key in cached(page) if "tidak" in key]


def put(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def change(host: Host, address: str, title: str = "Diperbarui") -> None:
    """Give a page another title, and the list its new hash, as a build would."""
    file = host.folder / address / "index.html"
    put(file, re.sub(r"<h1>[^<]*</h1>", f"<h1>{title}</h1>", file.read_text("utf-8"), count=1))
    language = address.partition("/")[0]
    lists = host.folder / language / "offline.json"
    content = json.loads(lists.read_text("utf-8"))
    content["files"][address] = f"{len(title):08d}"
    put(lists, json.dumps(content))


# -- A saved language --------------------------------------------------------------------------------------------


def test_every_page_of_a_saved_language_opens_offline(visitor, host, built_site):
    page = save(visitor)
    host.stopped = True
    faults = []
    for built in [page for page in built_site.pages if page.language in ("id", "")]:
        answer = page.goto(built.address or "./", wait_until="commit")
        if answer.status != 200 or page.locator("h1").inner_text().strip() != built.one("h1").text_content().strip():
            faults.append(f"{built}: {answer.status}")
    expect_none(faults)
    assert page.goto("en/about/").status == 503, "the other language is not kept"
    expect(page.locator("a").first).to_have_attribute("href", f"{host.address}id/")


def test_the_size_is_said_before_anything_is_fetched(visitor, host):
    page = read(visitor, "id/offline/")
    expect(page.locator(NONE)).to_contain_text(re.compile(r"Kuota internet yang diperlukan: \d+(?:,\d)?\sMB"))
    expect(page.locator("progress")).to_be_hidden()
    assert not [key for key in cached(page) if "?" in key and "/assets/" not in key]


def test_nothing_of_the_other_language_and_no_download_is_kept(visitor, host):
    page = save(visitor)
    names = {key.split(" ")[1].removeprefix(host.address).partition("?")[0] for key in cached(page)}
    assert names == {*listed(host), "id/offline.json", "id/offline/"}
    assert not [name for name in names if name.startswith("en/") or "cite." in name or name.endswith(("card.png", "feed.xml", ".cff"))]


def test_an_update_fetches_what_has_changed_and_nothing_else(visitor, host):
    page = save(visitor)
    change(host, ABOUT)
    page.wait_for_timeout(2100)
    host.asked.clear()
    page.goto("id/glossary/")
    until(page, "(await keys(scope + 'id')).some(url => url.endsWith('?00000010'))")
    page.wait_for_timeout(500)
    fetched = [address for address in host.asked if not address.startswith(("id/glossary/", "sw.js", "id/offline.json"))]
    assert fetched == ["id/about/?00000010"]
    assert len([key for key in cached(page) if "/id/about/" in key]) == 1, "the old version is gone"
    host.stopped = True
    page.goto(ABOUT)
    expect(page.locator("h1")).to_have_text("Diperbarui")


def test_an_update_that_breaks_off_leaves_the_edition_whole(visitor, host):
    """Two pages change, one of them cannot be had: offline both are still the old ones; then both are new."""
    page = save(visitor)
    change(host, ABOUT)
    change(host, "id/bibliography/", "Juga diperbarui")
    host.refused = re.compile("bibliography")
    page.goto("id/glossary/")
    until(page, "(await keys(scope + 'id')).some(url => url.endsWith('?00000010'))")
    page.wait_for_timeout(500)
    visitor.set_offline(True)
    host.stopped = True
    page.goto(ABOUT)
    expect(page.locator("h1")).to_contain_text("Tentang")
    visitor.set_offline(False)
    host.stopped, host.refused = False, re.compile("(?!)")
    page.goto("id/offline/")
    expect(page.locator(SAVED)).to_be_visible()
    host.stopped = True
    for address, title in ((ABOUT, "Diperbarui"), ("id/bibliography/", "Juga diperbarui")):
        page.goto(address)
        expect(page.locator("h1")).to_have_text(title)


def test_a_broken_connection_loses_nothing_and_saving_goes_on(visitor, host):
    page = visitor.new_page()
    host.refused = re.compile("/rules/[a-m]")
    page.goto("id/offline/")
    page.locator("button[value=save]").first.click()
    expect(page.locator(PAUSED)).to_be_visible(timeout=30000)
    had = [key for key in cached(page) if "/rules/" not in key and "?" in key]
    assert len(had) > 20
    host.refused, host.asked = re.compile("(?!)"), []
    page.goto("id/")  # any page: the next visit
    page.goto("id/offline/")
    expect(page.locator(SAVED)).to_be_visible(timeout=30000)
    again = [address for address in host.asked if re.search(r"\?\w{8}$", address)]
    assert again and all(re.match("id/rules/[a-m]", address) for address in again), again
    assert len(again) == len(set(again))


def test_removal_frees_all(visitor, host):
    page = save(visitor)
    expect(page.locator(SAVED)).to_contain_text(re.compile(r"\d(,\d)?\sMB"))
    page.locator("button[value=remove]").click()
    expect(page.locator(REMOVED)).to_contain_text(re.compile(r"\d(,\d)?\sMB"))
    assert page.evaluate("caches.keys()") == [host.address]
    assert not [key for key in cached(page) if "?" in key and "/assets/" not in key]
    page.goto("id/")
    page.wait_for_timeout(500)
    assert page.evaluate("caches.keys()") == [host.address], "what was removed does not come back"


def test_saving_can_be_stopped(visitor, host):
    page = visitor.new_page()
    page.goto("id/offline/")
    expect(page.locator(NONE)).to_be_visible()
    page.evaluate("navigator.serviceWorker.addEventListener('message', ({ data }) => { self.last = data.state })")
    page.locator("button[value=save]").first.click()
    page.locator("button[value=remove]").click()
    expect(page.locator("[data-on=stopped]")).to_be_visible()
    page.wait_for_timeout(1000)
    assert page.evaluate("self.last") == "stopped"
    assert page.evaluate("caches.keys()") == [host.address]


def test_both_languages_can_be_saved(visitor, host):
    save(visitor)
    page = save(visitor, "en")
    host.stopped = True
    for address in ("id/bibliography/", "en/bibliography/", "./"):
        assert page.goto(address).status == 200


def test_the_search_of_the_language_works_offline(visitor, host):
    page = save(visitor)
    host.stopped = True
    page.goto(ABOUT)
    page.locator(".find").click()
    page.locator("dialog input").fill("kutipan")
    result = page.locator("dialog ol a").first
    expect(result).to_be_visible()
    result.click()
    page.wait_for_url(re.compile(f"{host.address}id/(?!about/)"))
    assert page.locator("main").count() == 1


# -- What may go wrong -------------------------------------------------------------------------------------------


def test_a_browser_that_gives_no_space_shows_pages_all_the_same(browser, host):
    context = browser.new_context(base_url=host.address)
    page = context.new_page()
    page.goto("id/offline/")
    expect(page.locator(NONE)).to_be_visible()
    session = context.new_cdp_session(page)
    origin = host.address.removesuffix(SUB_PATH)
    session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 100000})
    page.locator("button[value=save]").first.click()
    expect(page.locator("[data-on=full]")).to_be_visible(timeout=20000)
    assert page.goto("id/glossary/").status == 200
    expect(page.locator("main")).to_be_visible()
    context.close()


def test_without_a_worker_or_a_script_the_page_says_what_to_do(browser, host):
    for options, script in (({"java_script_enabled": False}, ""), ({}, "delete Navigator.prototype.serviceWorker")):
        context = browser.new_context(base_url=host.address, **options)
        page = context.new_page()
        page.add_init_script(script)
        page.goto("id/offline/")
        expect(page.locator(".text")).to_contain_text("unduhlah satu berkas")
        expect(page.locator("button[value=save]").first).to_be_hidden()
        context.close()


def test_no_page_breaks_its_policy(visitor, host):
    """The worker, its registration and the control are within the Content-Security-Policy; no other host is asked."""
    page, said, asked = visitor.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    visitor.on("request", lambda request: asked.append(request.url))
    page.goto("id/offline/")
    page.locator("button[value=save]").first.click()
    expect(page.locator(SAVED)).to_be_visible(timeout=30000)
    page.goto("id/")
    page.wait_for_timeout(500)
    expect_none(said)
    expect_none(url for url in asked if not url.startswith(host.address))


def test_the_control_can_be_used_with_the_keyboard(visitor, host):
    page = visitor.new_page()
    page.goto("id/offline/")
    button = page.locator("button[value=save]").first
    expect(button).to_be_visible()
    assert button.bounding_box()["height"] >= 44
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator(SAVED)).to_be_visible(timeout=30000)
    assert page.evaluate("document.activeElement.id") == "save", "the focus is not lost with the button"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "remove"


def test_axe_finds_nothing_in_any_state_of_the_control(visitor, host):
    page = visitor.new_page()
    page.goto("id/offline/")
    expect(page.locator(NONE)).to_be_visible()
    faults = [f"before: {found}" for found in violations(page)]
    host.refused = re.compile("/rules/p")
    page.locator("button[value=save]").first.click()
    expect(page.locator(PAUSED)).to_be_visible(timeout=30000)
    faults += [f"stopped halfway: {found}" for found in violations(page)]
    host.stopped = True
    page.goto("id/rules/p201/")
    expect(page.locator("h1")).to_have_text("Halaman ini belum tersimpan")
    expect_none(faults + [f"not kept: {found}" for found in violations(page)])


def test_the_site_can_be_installed(visitor, host):
    """At a second visit Chrome is led to the manifest and finds no fault; it is not made to fetch it at the first."""
    for language in ("id", "en"):
        page = read(visitor, f"{language}/about/")
        page.goto(f"{language}/")
        page.locator("link[rel=manifest]").wait_for(state="attached")
        session = visitor.new_cdp_session(page)
        found = session.send("Page.getAppManifest")
        assert found["url"] == f"{host.address}{language}/manifest.webmanifest"
        assert found["errors"] == []
        manifest = json.loads(found["data"])
        assert manifest["lang"] == language
        assert page.evaluate("([at, to]) => new URL(to, at).href", [found["url"], manifest["start_url"]]) == f"{host.address}{language}/"
        assert page.evaluate("([at, to]) => new URL(to, at).href", [found["url"], manifest["scope"]]) == host.address
        errors = {error["errorId"] for error in session.send("Page.getInstallabilityErrors")["installabilityErrors"]}
        assert errors <= {"in-incognito"}, "which a test's browser always is"
