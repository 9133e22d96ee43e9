"""The index by Pagefind: its own program is given the passages as HTML, and what of its output the search needs is kept.

The program is run with a folder, as its documentation has it. Its Python interface speaks with it page by page and waits a tenth
of a second for each answer: half a minute for a site of 300 pages.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile, ZipInfo

import pagefind_bin

from pustaka.search.text import ITEM, Passage

#: What the search loads. The rest is Pagefind's own interface.
_NEEDED = re.compile(r"pagefind\.js|pagefind-entry\.json|(index|fragment)/.*|pagefind\..*\.pf_meta|wasm\..*\.pagefind")

#: How much less a word counts on a page that is there to be looked up, not to be read.
_MINOR = 0.1


#: Says which languages there are, and where the index of each begins.
ENTRY = "pagefind-entry.json"


class SearchError(Exception):
    """The index could not be made."""


@dataclass(frozen=True)
class Document:
    """A page to be found: its address below the site's root, its study's name; `minor` where others come first."""

    url: str
    language: str
    passages: tuple[Passage, ...]
    study: str = ""
    minor: bool = False


def index(documents: Iterable[Document]) -> dict[str, bytes]:
    """The files of the index, by name, for all languages; the same for the same documents.

    Raises:
        SearchError: Pagefind failed.
    """
    with TemporaryDirectory() as folder:
        source, made = Path(folder, "pages"), Path(folder, "index")
        for document in documents:
            file = source / document.url / "index.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("".join(_printed(document)), "utf-8")
        command = [pagefind_bin.get_executable(), "--site", source, "--output-path", made, "--quiet"]
        done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False)
        if done.returncode:
            raise SearchError(f"Pagefind could not make the search index: {(done.stderr or done.stdout).strip()}")
        read = {file.relative_to(made).as_posix(): file.read_bytes() for file in sorted(made.rglob("*")) if file.is_file()}
    return _repeatable({name: data for name, data in read.items() if _NEEDED.fullmatch(name)})


def entries(of: Iterable[bytes]) -> bytes:
    """What says which languages there are: of indexes that were made by themselves, or of one; the languages always in the same order."""
    parts = [json.loads(entry) for entry in of]
    languages = {tag: about for part in parts for tag, about in part["languages"].items()}
    entry = parts[0] | {"languages": dict(sorted(languages.items()))}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()


def packed(files: Mapping[str, bytes]) -> bytes:
    """Files as one; the same for the same files."""
    held = BytesIO()
    with ZipFile(held, "w") as archive:
        for name, data in files.items():
            archive.writestr(ZipInfo(name), data)
    return held.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files that were packed."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _repeatable(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files without what differs from run to run: the order of the languages; and without the program for a language that there is not."""
    files[ENTRY] = entries([files[ENTRY]])
    entry = json.loads(files[ENTRY])
    programs = {f"wasm.{language['wasm'] or 'unknown'}.pagefind" for language in entry["languages"].values()}
    return {name: data for name, data in files.items() if not name.startswith("wasm.") or name in programs}


def _printed(document: Document) -> Iterator[str]:
    """A document as the HTML that Pagefind reads."""
    yield f'<!doctype html><html lang="{escape(document.language)}"><meta charset="utf-8"><body>'
    if document.study:
        yield f'<p data-pagefind-meta="study:{escape(document.study)}"></p>'
    weight = f' data-pagefind-weight="{_MINOR}"' if document.minor else ""
    for passage in document.passages:
        text, address = escape(passage.text, quote=False), escape(passage.id)
        if document.minor and passage.level == 1:  # a title would count more than all other words
            yield f'<p data-pagefind-meta="name"{weight}>{text}</p>'
        elif not passage.level:
            yield f"<p{weight}>{text}</p>"
        else:
            as_text = weight or (' data-pagefind-weight="1"' if passage.level == ITEM else "")
            yield f'<h{passage.level} id="{address}"{as_text}>{text}</h{passage.level}>'
