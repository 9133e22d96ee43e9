"""What is kept for reading offline, the worker that keeps it, and what a system needs to install the site."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, build_well, copy_project

from pustaka.export import offline
from pustaka.render.language import megabytes

LANGUAGES = ("id", "en")

SITE = [
    "404.html",
    "assets/icon-512.png",
    "assets/icon.svg",
    "assets/site.css",
    "assets/site.js",
    "card.png",
    "cite/contoh2020.bib",
    "en/index.html",
    "en/studies/x/index.html",
    "id/CITATION.cff",
    "id/about/card.png",
    "id/about/cite.json",
    "id/about/index.html",
    "id/about/peta.jpg",
    "id/feed.xml",
    "id/index.html",
    "id/manifest.webmanifest",
    "id/offline.json",
    "id/studies/x/x.epub",
    "id/studies/x/x.html",
    "index.html",
    "pagefind/filter/en_0a1b.pf_filter",
    "pagefind/filter/id_0a1b.pf_filter",
    "pagefind/fragment/en_9f9f.pf_fragment",
    "pagefind/fragment/id_9e9e.pf_fragment",
    "pagefind/index/en_77aa.pf_index",
    "pagefind/index/id_77ab.pf_index",
    "pagefind/pagefind-entry.json",
    "pagefind/pagefind-worker.js",
    "pagefind/pagefind.en_1234.pf_meta",
    "pagefind/pagefind.id_1235.pf_meta",
    "pagefind/pagefind.js",
    "pagefind/wasm.en.pagefind",
    "pagefind/wasm.id.pagefind",
    "pagefind/wasm.unknown.pagefind",
    "robots.txt",
    "sitemap.xml",
    "sw.js",
]


def test_a_language_has_its_pages_what_they_show_and_its_search():
    assert list(offline.kept(SITE, "id", LANGUAGES)) == [
        "assets/icon.svg",
        "assets/site.css",
        "assets/site.js",
        "id/about/index.html",
        "id/about/peta.jpg",
        "id/index.html",
        "index.html",
        "pagefind/filter/id_0a1b.pf_filter",
        "pagefind/fragment/id_9e9e.pf_fragment",
        "pagefind/index/id_77ab.pf_index",
        "pagefind/pagefind-entry.json",
        "pagefind/pagefind-worker.js",
        "pagefind/pagefind.id_1235.pf_meta",
        "pagefind/pagefind.js",
        "pagefind/wasm.id.pagefind",
        "pagefind/wasm.unknown.pagefind",
    ]


def test_a_third_language_keeps_the_others_out():
    names = ["pagefind/index/jv_1.pf_index", "pagefind/index/id_1.pf_index", "jv/index.html", "id/index.html", "id/a.png"]
    assert list(offline.kept(names, "jv", ("id", "en", "jv"))) == ["pagefind/index/jv_1.pf_index", "jv/index.html"]


@pytest.mark.parametrize(
    "name, address", [("index.html", ""), ("id/index.html", "id/"), ("id/a/index.html", "id/a/"), ("assets/site.js", "assets/site.js")]
)
def test_a_page_is_asked_for_by_its_folder(name: str, address: str):
    assert offline.address(name) == address


@pytest.mark.parametrize(
    "count, locale, text",
    [(1_234_567, "id", "1,2\u00a0MB"), (1_234_567, "en_GB", "1.2\u00a0MB"), (900, "id", "0,1\u00a0MB"), (12_000_000, "id", "12\u00a0MB")],
)
def test_sizes_are_in_the_readers_numbers(count: int, locale: str, text: str):
    assert megabytes(count, locale) == text


# -- As it is built ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_has_every_page_of_the_language_once_and_the_size_of_what_is_sent(language: str, built_site):
    content = json.loads((built_site.folder / language / "offline.json").read_text("utf-8"))
    pages = {page.address for page in (*built_site.pages, *built_site.redirects) if page.language in (language, "")}
    assert {address for address in content["files"] if not address.startswith(("assets/", "pagefind/"))} == pages
    files = [built_site.file_at(built_site.path + address).read_bytes() for address in content["files"]]
    sent, stored = sum(len(gzip.compress(data, mtime=0)) for data in files), sum(map(len, files))
    locale = {"id": "id", "en": "en_GB"}[language]
    assert (content["size"], content["stored"]) == (megabytes(sent, locale), megabytes(stored, locale))


def test_a_shared_file_is_kept_under_the_version_that_pages_ask_for(built_site):
    files = json.loads((built_site.folder / "id/offline.json").read_text("utf-8"))["files"]
    asked = re.findall(r"assets/(site\.\w+)\?(\w+)", (built_site.folder / "id/about/index.html").read_text("utf-8"))
    assert {name for name, _ in asked} == {"site.css", "site.js"}
    for name, version in asked:
        assert files[f"assets/{name}"] == version == hashlib.sha256((built_site.folder / "assets" / name).read_bytes()).hexdigest()[:8]


class _Publication:
    """As much of a publication as the lists ask for."""

    class site:
        languages = ("id",)

    @staticmethod
    def locale(language: str) -> str:
        return language


def test_a_new_version_of_a_shared_file_makes_no_page_another_and_a_changed_word_does():
    def hash_of(html: str) -> str:
        return json.loads(offline.lists(_Publication, {"id/index.html": html.encode()})["id/offline.json"])["files"]["id/"]

    page = '<script src="../assets/site.js?{}"></script><p>{}</p>'
    assert hash_of(page.format("0a1b2c3d", "a")) == hash_of(page.format("d3c2b1a0", "a")) != hash_of(page.format("0a1b2c3d", "b"))


def test_the_worker_is_small_and_speaks_every_language(built_site):
    text = (built_site.folder / "sw.js").read_text("utf-8")
    assert len(gzip.compress(text.encode(), mtime=0)) < 2500
    for words in ("Halaman ini belum tersimpan", "This page is not kept yet"):
        assert words in text
    assert "//" not in re.sub(r"/[^/\n]+/", "", text), "no comment is sent"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manifest_names_icons_that_are_there(language: str, built_site):
    manifest = json.loads((built_site.folder / language / "manifest.webmanifest").read_text("utf-8"))
    assert (manifest["lang"], manifest["dir"], manifest["start_url"], manifest["scope"]) == (language, "ltr", "./", "../")
    assert {icon.get("purpose", "any") for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        data = (built_site.folder / language / icon["src"]).read_bytes()
        if icon["type"] == "image/png":
            assert data.startswith(b"\x89PNG")
            assert "{}x{}".format(*struct.unpack(">II", data[16:24])) == icon["sizes"]


def test_every_page_of_a_language_leads_to_its_offline_page(built_site):
    for page in built_site.pages:
        if page.language:
            hrefs = page.tree.xpath("//footer//a/@href")
            assert any((page.file.parent / href).resolve() == (built_site.folder / page.language / "offline").resolve() for href in hrefs), page


def test_a_second_build_makes_the_same_list(built_site, tmp_path):
    project = copy_project(tmp_path / "project")
    build_well(project, site_url=built_site.address)
    for name in ("sw.js", "id/offline.json", "en/offline.json", "id/manifest.webmanifest", "assets/icon-192.png", "assets/icon-512-maskable.png"):
        assert (project / "site" / name).read_bytes() == (built_site.folder / name).read_bytes(), name


def test_while_serving_the_worker_takes_itself_away():
    """Whoever writes must see what was just written: this one answers no request."""
    text = (ROOT / "overrides/offline/serving.js").read_text("utf-8")
    assert '"fetch"' not in text
    script = """
      const done = [], on = {};
      globalThis.self = globalThis;
      globalThis.skipWaiting = () => {};
      globalThis.addEventListener = (name, listener) => { on[name] = listener; };
      globalThis.registration = { scope: "http://a/b/", unregister: async () => done.push("unregistered") };
      globalThis.caches = { keys: async () => ["http://a/b/", "http://a/b/id", "http://a/"], delete: async name => done.push(name) };
    """
    script += text + "let wait; on.activate({ waitUntil: promise => { wait = promise; } }); wait.then(() => console.log(JSON.stringify(done)));"
    said = subprocess.run([Path(sys.executable).with_name("node"), "-e", script], capture_output=True, text=True, check=True).stdout
    assert json.loads(said) == ["http://a/b/", "http://a/b/id", "unregistered"]
