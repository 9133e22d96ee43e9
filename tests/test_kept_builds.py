"""What is kept from one build to the next: whatever changes, the site is the one that would be built from nothing; and what is served."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, build, build_well, tree

sys.path.append(str(ROOT / "benchmarks"))  # last: it has a build.py too
import synthetic


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of three made-up studies, with a glossary and an old address, built once."""
    root = tmp_path_factory.mktemp("kept") / "project"
    root.mkdir()
    synthetic.make(root, 3, packs=False)
    for name in ("scripts", "overrides"):  # which a test changes
        (root / name).unlink()
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    glossary = "- id: warga\n  term: {id: warga, en: resident}\n  meaning: {id: Yang tinggal di desa., en: Who lives in the village.}\n"
    (root / "bibliography" / "glossary.yml").write_text(glossary, "utf-8")
    for language in ("id", "en"):
        page = root / "docs" / language / "glossary.md"
        page.write_text("---\ntitle: Istilah\ndescription: Daftar istilah.\n---\n\n{{ glossary }}\n", "utf-8")
    build_well(root)
    return root


def changed(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        file = root / path
        before = file.read_text("utf-8")
        assert old in before
        file.write_text(before.replace(old, new, 1), "utf-8")

    return change


STUDY = "docs/id/studies/s0001"
CHANGES = {
    "a sentence": changed(f"{STUDY}/method.md", "Warga dan pengurus", "Pemuda dan pengurus"),
    "a citation of another work": lambda root: [
        changed(f"docs/{language}/studies/s0001/method.md", "[@s0001-1]", "[@s0002-3]")(root) for language in ("id", "en")
    ],
    "a title": changed(f"{STUDY}/findings.md", "title: Temuan 1", "title: Hasil 1"),
    "a description": changed(f"{STUDY}/index.md", "tidak dibaca", "belum dibaca"),
    "a heading": changed(f"{STUDY}/findings.md", "## Yang ditemukan", "## Apa yang ditemukan"),
    "a page less": lambda root: [(root / "docs" / language / "glossary.md").unlink() for language in ("id", "en")],
    "an entry": changed("bibliography/references.bib", "title = {", "title = {Para "),
    "a word of the interface": changed("bibliography/words.yml", "skip_to_content: {id: ", "skip_to_content: {id: Segera "),
    "a term": changed("bibliography/glossary.yml", "Yang tinggal di desa.", "Yang bermukim di desa."),
    "a record": changed("bibliography/studies/s0001.yml", "short: {id: Contoh 1", "short: {id: Percontohan 1"),
    "an edition": changed("bibliography/studies/s0001.yml", "Edisi pertama.", "Terbitan pertama."),
    "a template": changed("overrides/page.html", '<main id="main"', '<main data-new id="main"'),
    "a style": changed("overrides/styles/page.css", "body", "main,body"),
    "the name of the site": changed("mkdocs.yml", "site_name: Temuan", "site_name: Penemuan"),
    "the program": changed("scripts/pustaka/render/language.py", '"""', '"""Changed. '),
}


def copied(built: Path, folder: Path) -> Path:
    return Path(shutil.copytree(built, folder, symlinks=True))


@pytest.mark.parametrize("name", CHANGES)
def test_a_build_with_what_is_kept_is_the_one_from_nothing(name: str, built: Path, tmp_path: Path):
    root = copied(built, tmp_path / "project")
    before = tree(root / "site")
    CHANGES[name](root)
    build_well(root)
    kept = tree(root / "site")
    shutil.rmtree(root / ".cache")
    build_well(root)
    assert kept == tree(root / "site")
    assert kept != before or name == "the program", "the change is not seen on the site"


def test_of_an_edit_hardly_anything_is_made_anew(built: Path, tmp_path: Path):
    root = copied(built, tmp_path / "project")
    before = {file.name for file in (root / ".cache" / "pages").iterdir()}
    CHANGES["a sentence"](root)
    build_well(root)
    after = {file.name for file in (root / ".cache" / "pages").iterdir()}
    # of the study's eight pages, in two languages, the text and the page, and two books in each language
    assert len(after - before) == 8 * 2 + 2 * 2
    assert len(after) == len(before), "what nothing asks for any more is dropped"


def test_what_is_wrong_with_a_text_is_said_each_time(built: Path, tmp_path: Path):
    root = copied(built, tmp_path / "project")
    changed("docs/id/index.md", "\n---\n\n", "\n---\n\n<iframe src='https://contoh.example/'></iframe>\n\n[ke mana](tidak-ada.md)\n")(root)
    # the rules would stop it before: here it is the engine's and the cleaning's own words that count
    changed("scripts/pustaka/press.py", "findings = findings or rules.check(site)", "findings = findings or []")(root)
    said = [build(root) for _ in range(2)]
    for code, words in said:
        assert code and "“<iframe" in words and "tidak-ada.md" in words


def test_a_broken_cache_is_made_anew(built: Path, tmp_path: Path):
    root = copied(built, tmp_path / "project")
    expected = tree(root / "site")
    for number, file in enumerate(sorted((root / ".cache").rglob("*"))):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: -1 if number % 2 else 0])
    build_well(root)
    assert tree(root / "site") == expected


# -- Served ------------------------------------------------------------------------------------------------------


class Served:
    """`mkdocs serve` in a project's folder."""

    def __init__(self, root: Path, log: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address, self.log = f"http://127.0.0.1:{port}/", log
        command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"]
        with log.open("wb") as out:
            self.process = subprocess.Popen(command, cwd=root, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, stdout=out, stderr=out)

    def until(self, path: str, holds: Callable[[str], object], patience: float = 60) -> str:
        """What an address answers, as soon as it is so."""
        end, text = time.monotonic() + patience, ""
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(self.address + path, timeout=10) as answer:
                    text = answer.read().decode("utf-8", "replace")
                if holds(text):
                    return text
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"{path} did not become so within {patience} s; the server said:\n{self.log.read_text()}\nand the page:\n{text[:9000]}")


@pytest.fixture
def served(built: Path, tmp_path: Path) -> Iterator[tuple[Path, Served]]:
    root = copied(built, tmp_path / "project")
    server = Served(root, tmp_path / "log")
    server.until("id/", lambda text: "</html>" in text)
    time.sleep(2)  # MkDocs serves a moment before it begins to watch
    yield root, server
    server.process.kill()
    server.process.wait()


def cited_on_the_page(bibliography: str) -> bool:
    """Whether the bibliography says that a work of the second study is cited on a page of the first."""
    entry = re.search(r'id="ref-s0002-3".*?(?=id="ref-|</html>)', bibliography, re.DOTALL)
    return "s0001/method/" in entry.group()


def test_an_edit_is_served_with_all_that_follows_from_it(served):
    root, server = served
    page, listing = "id/studies/s0001/method/", "id/bibliography/"
    server.until(page, lambda text: "</html>" in text)
    assert not cited_on_the_page(server.until(listing, lambda text: "</html>" in text))
    assert "pemuda" not in server.until("pagefind/words.id.txt", lambda text: "warga" in text.split()).split()
    CHANGES["a sentence"](root)
    server.until(page, lambda text: "Pemuda dan" in text)
    server.until("id/studies/s0001/s0001-id-1.0.html", lambda text: "Pemuda dan" in text)
    CHANGES["a citation of another work"](root)
    server.until(page, lambda text: 'id="ref-s0002-3"' in text)
    server.until(listing, cited_on_the_page)
    words = server.until("pagefind/words.id.txt", lambda text: "pemuda" in text.split())
    assert "warga" in words.split()


def test_a_fault_is_told_while_the_page_is_served(served):
    root, server = served
    page = "id/studies/s0001/method/"
    server.until(page, lambda text: "</html>" in text)
    changed(f"{STUDY}/method.md", "[@s0001-1]", "[@tidak-ada]")(root)
    server.until(page, lambda text: "tidak-ada" in text)
    end = time.monotonic() + 30
    while "tidak-ada" not in server.log.read_text("utf-8") and time.monotonic() < end:
        time.sleep(0.1)
    assert re.search(r"WARNING .*docs/id/studies/s0001/method\.md:\d+:\d+: \w\d{3} .*tidak-ada", server.log.read_text("utf-8"))


def test_a_change_of_more_than_texts_is_served_too(served):
    root, server = served
    server.until("id/", lambda text: "</html>" in text)
    CHANGES["the name of the site"](root)
    server.until("id/", lambda text: "Penemuan" in text)
    CHANGES["a title"](root)
    server.until("id/studies/s0001/", lambda text: "Hasil 1" in text)
    changed(f"{STUDY}/index.md", "title: ", "title: Kemenyan ")(root)
    server.until("pagefind/words.id.txt", lambda text: "kemenyan" in text.split())
