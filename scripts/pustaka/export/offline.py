"""Reading without a network: the service worker, and for each language the list of all that it keeps where the reader asks for it.

Source: W3C, "Service Workers", 5 (caches) and 4.4 (fetch events). The worker itself: `overrides/offline/worker.js`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from pustaka.parallel import in_shares
from pustaka.render.delivery import small_script
from pustaka.render.language import megabytes
from pustaka.render.publication import Publication

#: What is in no list though it lies where pages take their files from: the pictures of links to a page, the codes
#: that only paper shows, and the system's icons. Short and old addresses are in it: they are links that somebody passed on.
_ELSEWHERE = re.compile(r"(^|/)(card\.png|qr\.svg)$|^assets/icon-[\w-]+\.png$")

#: The editions of studies: what they say of today the pages say too.
_EDITION = re.compile(r"^[^/]+/studies/[^/]+/editions/")

#: Pictures, which a page may show.
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")

#: The version of a shared file in a page. A new one does not make the page another: the worker gives any page the version that it has.
_VERSION = re.compile(rb"(assets/[\w.-]+)\?[0-9a-f]{8}")


def worker(publication: Publication, script: str) -> str:
    """The text of `sw.js`.

    Args:
        script: the text of `overrides/offline/worker.js`.
    """
    template = publication.templates.get_template("offline/absent.html")
    absent = {language: template.render(language=language, words=publication.words(language)).strip() for language in publication.site.languages}
    return small_script(f"const ABSENT={json.dumps(absent, ensure_ascii=False)};{script}")


def lists(publication: Publication, site: Mapping[str, bytes]) -> dict[str, str]:
    """The text of `LANGUAGE/offline.json`: how much is kept, and each file by its address with a hash of its content.

    Args:
        site: all other files of the site, by their address below its root.
    """
    languages = publication.site.languages
    names = {language: sorted(kept(site, language, languages)) for language in languages}
    every = sorted(set().union(*names.values()))

    def measure(name: str) -> tuple[str, int, int]:
        data = site[name]
        return _digest(name, data), len(gzip.compress(data, mtime=0)), len(data)

    measured = dict(zip(every, in_shares(measure, every), strict=True))

    def listed(language: str) -> str:
        files = {quote(address(name)): measured[name] for name in names[language]}
        locale = publication.locale(language)
        sent, stored = (megabytes(sum(sizes), locale) for sizes in zip(*(sizes for _, *sizes in files.values()), strict=True))
        content = {"size": sent, "stored": stored, "files": {file: digest for file, (digest, _, _) in files.items()}}
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    return {f"{language}/offline.json": listed(language) for language in languages}


def kept(names: Iterable[str], language: str, languages: Iterable[str]) -> Iterator[str]:
    """Of a site's files, those that its pages in a language are made of, with the welcome page and the search.

    What is downloaded (references, books), or read by machines alone, is not among them; nor is the 404 page, which stands for
    a certainty that nobody has without a network.
    """
    others = {other.lower() for other in languages} - {language.lower()}
    for name in names:
        folder, _, inside = name.partition("/")
        if _ELSEWHERE.search(name) or _EDITION.search(name) or folder.lower() in others:
            continue
        if folder == "pagefind":  # index/en_1a2b.pf_index, wasm.en.pagefind
            wanted = others.isdisjoint(re.split(r"[/._]", inside.lower()))
        elif folder == language:
            wanted = name.endswith(("/index.html", *_PICTURES))
        else:
            wanted = folder == "assets" or name == "index.html" or name.endswith(_PICTURES)
        if wanted:
            yield name


def address(name: str) -> str:
    """Where a file is asked for: a page by its folder."""
    return re.sub(r"(^|/)index\.html$", r"\1", name)


def _digest(name: str, data: bytes) -> str:
    content = _VERSION.sub(rb"\1", data) if name.endswith(".html") else data
    return hashlib.sha256(content).hexdigest()[:8]
