"""A server for what is measured: on loopback, gzipped, with the headers that GitHub Pages sends."""

from __future__ import annotations

import gzip
import itertools
import mimetypes
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar, NamedTuple
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent

_TYPES = {".webmanifest": "application/manifest+json", ".epub": "application/epub+zip", ".cff": "application/yaml", ".wasm": "application/wasm"}
_PACKED = ("text/", "application/json", "application/manifest+json", "application/xml", "application/javascript", "image/svg+xml")
_LEVEL = 6


class Sent(NamedTuple):
    """A file as it is sent: its media type, its bytes, and whether they are gzipped."""

    type: str
    body: bytes
    packed: bool


def sent(name: str, data: bytes) -> Sent:
    """A file as it is sent, by its name and its bytes."""
    kind = _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if not kind.startswith(_PACKED):
        return Sent(kind, data, False)
    return Sent(f"{kind}; charset=utf-8", gzip.compress(data, _LEVEL, mtime=0), True)


def files_in(folder: Path, base: str = "", instead: str = "") -> dict[str, bytes]:
    """The bytes of every file below a folder, by its address; where one is told, an address in their texts becomes another."""
    found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}
    if not base:
        return found
    texts = (".html", ".xml", ".txt", ".json", ".webmanifest")
    return {name: data.replace(base.encode(), instead.encode()) if name.endswith(texts) else data for name, data in found.items()}


#: What a server sends before the first answer comes back (RFC 6928, as Linux and the networks that deliver pages have it): ten segments.
WINDOW = 14600

#: Round trips before the first request can leave: the host's address, TCP, TLS 1.3 (RFC 8446, 2).
SET_UP = 3


class Server:
    """What is served: its address, with a slash at the end, and the bytes of every answer of the present visit, without headers.

    With a round trip, a visit is as over one connection by HTTPS and HTTP/2: the first request waits until that is set up, and
    no more is sent at once than TCP's slow start allows (RFC 5681, 3.1). The round trip of a request itself is the browser's to add:
    Chromium waits until at least so much time has gone by since it asked, so that of the first request is in what the server waits.
    """

    def __init__(self, address: str):
        self.address = address
        self.files: dict[str, Sent] = {}
        self.visit()

    def visit(self, round_trip: float = 0, connected: bool = False) -> None:
        """Begin a visit; `round_trip` is in seconds."""
        self.log: list[int] = []
        self.round_trip, self._window, self._connected = round_trip, WINDOW, connected

    def portions(self, body: bytes) -> Iterator[bytes]:
        """An answer as it leaves, each portion when its time has come."""
        self.log.append(len(body))
        if not self._connected:
            self._connected = True
            time.sleep((SET_UP + 1) * self.round_trip)
        start = 0
        while True:
            portion = body[start : start + self._window] if self.round_trip else body
            yield portion
            start += len(portion)
            self._window += len(portion)
            if start >= len(body):
                return
            time.sleep(self.round_trip)

    def put(self, files: Mapping[str, bytes]) -> None:
        """Serve files, by their path below the address."""
        self.files |= {name: sent(name, data) for name, data in files.items()}

    def answer(self, path: str) -> tuple[int, Sent]:
        """The status and the file for a path, as GitHub Pages finds it."""
        name = unquote(urlsplit(path).path).removeprefix("/")
        found = self.files.get(f"{name}index.html" if not name or name.endswith("/") else name)
        return (200, found) if found else (404, self.files.get("404.html") or Sent("text/plain", b"not found", False))


@contextmanager
def served(files: Mapping[str, bytes] | None = None) -> Iterator[Server]:
    """A server while it runs."""
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    listening.daemon_threads = True
    server = _Handler.servers[listening.server_port] = Server(f"http://localhost:{listening.server_port}/")
    server.put(files or {})
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        del _Handler.servers[listening.server_port]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    servers: ClassVar[dict[int, Server]] = {}

    def do_GET(self) -> None:
        server = self.servers[self.server.server_port]
        status, answer = server.answer(self.path)
        portions = server.portions(answer.body)
        first = next(portions)
        self.send_response(status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "max-age=600")
        self.send_header("Vary", "Accept-Encoding")
        if answer.packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        for portion in itertools.chain([first], portions):
            self.wfile.write(portion)

    def log_message(self, *arguments: object) -> None:
        """Nothing: what is measured is printed elsewhere."""
