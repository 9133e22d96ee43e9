"""Asking the registries and the web: real HTTP, with a server on this machine in the place of both."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import LISTENING

from pustaka.model import Entry, Place
from pustaka.online import CannotAsk, Settings, ask
from pustaka.registry import Answer, Record, Registry, doi_of, link_of

SCRIPTS = Path(__file__).parents[1] / "scripts"

WORK = {
    "DOI": "10.5555/Kebun",
    "type": "journal-article",
    "title": ["Kebun &amp; Pasar <i>Desa</i>"],
    "subtitle": ["Sebuah Kajian"],
    "author": [{"family": "Sari", "given": "Dewi"}, {"name": "Badan Pusat Contoh"}, {"given": "Sukarno"}],
    "issued": {"date-parts": [[2019, 12, 1]]},
    "published-print": {"date-parts": [[2020]]},
    "container-title": ["Jurnal Kebun Desa"],
    "short-container-title": ["JKD"],
    "volume": "14",
    "issue": "2",
    "page": "131-141",
    "updated-by": [{"type": "retraction", "DOI": "10.5555/Tarik", "source": "retraction-watch"}],
}


# -- The server ----------------------------------------------------------------------------------------------------------------


class Server:
    """A host: `on(path, …)` says what it answers there, one answer after the other, the last of them ever again."""

    def __init__(self):
        self.answers: dict[str, list] = {}
        self.asked: list[tuple[float, str, str, dict]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((time.monotonic(), self.command, self.path, dict(self.headers)))
                answers = outer.answers.get(self.path.partition("?")[0]) or outer.answers.get("*") or [(404, {}, b"")]
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                if callable(answer):
                    return answer(self)
                status, headers, body = answer
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body))}.items() | headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)

            do_HEAD = do_GET

            def log_message(self, *arguments):
                """Quiet."""

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *arguments):
                """The other side may hang up; that is what some tests are about."""

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def on(self, path: str, *answers) -> str:
        """Answers are (status, headers, body), or functions of the handler. Returns the address."""
        self.answers[path] = list(answers)
        return self.base + path

    def paths(self, method: str = "") -> list[str]:
        return [path for _, asked_by, path, _ in self.asked if asked_by == method or not method]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def json_answer(data: object, kind: str = "application/json") -> tuple:
    return 200, {"Content-Type": kind}, json.dumps(data).encode()


def redirect(address: str, status: int = 302) -> tuple:
    return status, {"Location": address}, b""


OK, GONE = (200, {}, b"page"), (404, {}, b"")


@contextmanager
def served() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def crossref() -> Iterator[Server]:
    with served() as server:
        yield server


@pytest.fixture
def doi_org() -> Iterator[Server]:
    with served() as server:
        server.on("/", OK)
        yield server


@pytest.fixture
def web() -> Iterator[Server]:
    with served() as server:
        yield server


@pytest.fixture
def settings(crossref, doi_org) -> Callable[..., Settings]:
    """Settings for these servers, with no patience."""

    def made(**changes) -> Settings:
        quick = {"gap": 0, "registry_gap": 0, "timeout": 0.4, "backoff": 0.02, "crossref": crossref.base, "doi": doi_org.base}
        return Settings(**quick | changes)

    return made


def free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def entry(**fields: str) -> Entry:
    return Entry(fields.pop("key", "contoh2020"), "article", fields, Place("references.bib"))


def with_dois(count: int) -> list[Entry]:
    return [entry(key=f"contoh{number}", title="Kebun", doi=f"10.5555/kebun.{number}") for number in range(count)]


def answer_of(address: str, settings: Settings) -> Answer:
    return ask([entry(url=address)], settings).links[address]


# -- DOIs ----------------------------------------------------------------------------------------------------------------------


def test_a_record_of_crossref(crossref, doi_org, settings):
    crossref.on("/works/10.5555%2Fkebun", json_answer({"status": "ok", "message": WORK}))
    registry = ask([entry(doi="https://doi.org/10.5555/KEBUN")], settings())
    assert registry.unanswered == ()
    assert registry.dois == {
        "10.5555/kebun": Record(
            doi="10.5555/kebun",
            type="journal-article",
            titles=("Kebun & Pasar Desa: Sebuah Kajian", "Kebun & Pasar Desa"),
            authors=("Sari, Dewi", "Badan Pusat Contoh", "Sukarno"),
            years=("2019", "2020"),
            containers=("Jurnal Kebun Desa", "JKD"),
            volume="14",
            number="2",
            pages="131-141",
            notices=(("retraction", "10.5555/tarik"),),
        )
    }
    assert doi_org.asked == []


def test_what_crossref_lacks_is_asked_for_at_doi_org_which_leads_to_the_other_agency(crossref, doi_org, web, settings):
    csl = {"type": "dataset", "title": "Data Kebun", "author": [{"family": "Sari"}], "issued": {"date-parts": [["2021"]]}}
    doi_org.on("/10.5555%2Fdata", redirect(web.on("/csl", json_answer(csl, "application/vnd.citationstyles.csl+json; charset=utf-8"))))
    record = ask([entry(doi="10.5555/data")], settings()).dois["10.5555/data"]
    assert (record.registered, record.type, record.title, record.authors, record.years) == (True, "dataset", "Data Kebun", ("Sari",), ("2021",))
    assert web.asked[0][3]["Accept"] == "application/vnd.citationstyles.csl+json"
    assert crossref.paths() == ["/works/10.5555%2Fdata"]


def test_an_unregistered_doi_comes_with_registered_works_that_are_near(crossref, doi_org, settings):
    near = {"DOI": "10.5555/KEBUN", "title": ["Kebun"]}
    crossref.on("/works", json_answer({"message": {"items": [near, "not a work", *[near] * 9]}}))
    record = ask([entry(doi="10.5555/kebum", title="{Kebun} & Pasar", author="Sari, Dewi", date="2020")], settings()).dois["10.5555/kebum"]
    assert not record.registered
    assert [(other.doi, other.title) for other in record.candidates] == [("10.5555/kebun", "Kebun")] * 3
    assert crossref.paths()[1] == "/works?query.bibliographic=Kebun%20%26%20Pasar%20Sari%2C%20Dewi%202020&rows=3"


@pytest.mark.parametrize("found", [(500, {}, b""), json_answer({"message": {"items": "none"}}), json_answer([]), (200, {}, b"not JSON")])
def test_an_unregistered_doi_without_works_that_are_near(found, crossref, settings):
    crossref.on("/works", found)
    assert ask([entry(doi="10.5555/kebum", title="Kebun")], settings()).dois == {"10.5555/kebum": Record("10.5555/kebum", registered=False)}


@pytest.mark.parametrize("landing", [(200, {"Content-Type": "text/html"}, b"x" * 3_000_000), (404, {}, b""), (406, {}, b""), (403, {}, b"")])
def test_a_doi_of_an_agency_without_records_is_registered_all_the_same(landing, doi_org, web, settings):
    doi_org.on("/10.5555%2Fkebun", redirect(web.on("/page", landing)))
    registry = ask([entry(doi="10.5555/kebun")], settings(largest_reply=1000))
    assert registry == Registry(dois={"10.5555/kebun": Record("10.5555/kebun")})


def test_a_doi_is_quoted_whole_so_that_it_cannot_lead_elsewhere(crossref, doi_org, settings):
    ask([entry(doi="10.5555/../a?b#c<d>&e")], settings())
    assert [crossref.paths()[0], *doi_org.paths()] == ["/works/10.5555%2F..%2Fa%3Fb%23c%3Cd%3E%26e", "/10.5555%2F..%2Fa%3Fb%23c%3Cd%3E%26e"]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"title": {"a": 1}, "author": "Sari", "issued": []},
        {"title": [None, 3, True], "author": [7, {"family": ["x"]}], "issued": {"date-parts": 5}},
        {"updated-by": "x", "page": 12, "issued": {"date-parts": [[], [None], "2020", [10**40]]}},
        {"issued": {"raw": None}},
    ],
)
def test_values_of_another_kind_are_left_out(message, crossref, settings):
    crossref.on("/works/10.5555%2Fkebun", json_answer({"message": message}))
    record = ask([entry(doi="10.5555/kebun")], settings()).dois["10.5555/kebun"]
    assert record.registered and record.authors == () and record.notices == ()


def test_what_a_registry_gives_is_cleaned(crossref, settings):
    title = "Kebun\x1b[31m\u202e \ud800 <jats:sub>2</jats:sub>\n&amp;lt;b&amp;gt; p < 0,05" + "x" * 10_000
    crossref.on("/works/10.5555%2Fkebun", json_answer({"message": {"title": [title]}}))
    cleaned = ask([entry(doi="10.5555/kebun")], settings()).dois["10.5555/kebun"].title
    assert cleaned.startswith("Kebun [31m 2 p < 0,05xxx") and cleaned.isprintable() and len(cleaned) <= 2_000


# -- Registries that do not answer ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, {"Content-Type": "application/json"}, b'{"message": {'), "sent a record that cannot be read"),
        ((200, {"Content-Type": "application/json"}, b"[" * 40_000), "sent a record that cannot be read"),
        ((200, {"Content-Type": "application/json"}, b"\xff\xfe\x00"), "sent a record that cannot be read"),
        (json_answer({"message": []}), "sent a record that cannot be read"),
        (json_answer({"message": {"title": "x" * 60_000}}), "sent a record that is too large"),
        ((503, {}, b""), "answered with the error 503"),
        ((403, {}, b""), "answered with the error 403"),
    ],
)
def test_a_record_that_cannot_be_used_is_told_of_the_host(answer, why, crossref, settings):
    crossref.on("*", answer)
    registry = ask(with_dois(1), settings(largest_reply=50_000))
    assert registry.dois == {}
    host = crossref.base.removeprefix("http://")
    assert list(map(str, registry.unanswered)) == [f"{host} {why}: DOIs not checked: 1, the first is 10.5555/kebun.0; run it again later"]


def test_doi_org_that_has_an_error_says_nothing_of_a_doi(doi_org, settings):
    doi_org.on("/10.5555%2Fkebun.0", (500, {}, b""))
    registry = ask(with_dois(1), settings())
    assert registry.dois == {} and len(registry.unanswered) == 1


def test_a_registry_that_is_down_is_one_sentence_and_soon_left_alone(crossref, settings):
    crossref.on("*", (502, {}, b""))
    registry = ask(with_dois(50), settings(attempts=2))
    assert len(registry.unanswered) == 1
    assert "answered with the error 502: DOIs not checked: 50" in str(registry.unanswered[0])
    assert len(crossref.asked) == 3 * 2


def test_an_agency_that_is_down_does_not_hide_the_others(crossref, doi_org, web, settings):
    web.on("*", (503, {}, b""))
    for number in range(10):
        if number % 5:
            doi_org.on(f"/10.5555%2Fkebun.{number}", redirect(f"{web.base}/{number}"))
        else:
            crossref.on(f"/works/10.5555%2Fkebun.{number}", json_answer({"message": {"title": [f"Kebun {number}"]}}))
    registry = ask(with_dois(10), settings(attempts=1))
    assert set(registry.dois) == {"10.5555/kebun.0", "10.5555/kebun.5"}
    assert len(registry.unanswered) == 1 and "DOIs not checked: 8" in str(registry.unanswered[0])
    assert len(web.asked) == 3


def test_a_host_that_refuses_page_after_page_is_left_alone(web, settings):
    web.on("*", (403, {}, b""))
    links = [f"{web.base}/{number}" for number in range(10)]
    assert ask([entry(url=link) for link in links], settings()).links == {link: Answer(403) for link in links}
    assert web.paths("GET") == ["/0", "/1", "/2"]


def test_doi_org_alone_being_down_is_no_dead_network(crossref, web, settings):
    crossref.on("*", json_answer({"message": {}}))
    link = f"{free_port()}/kebun"
    registry = ask([entry(doi="10.5555/kebun", url=link)], settings(doi=free_port(), attempts=1))
    assert (set(registry.dois), registry.links) == ({"10.5555/kebun"}, {link: Answer(fault="silent")})


def test_single_bad_records_do_not_hide_the_others(crossref, settings):
    for number in range(10):
        good = json_answer({"message": {"title": [f"Kebun {number}"]}})
        crossref.on(f"/works/10.5555%2Fkebun.{number}", good if number > 4 else (200, {"Content-Type": "application/json"}, b"{"))
    registry = ask(with_dois(10), settings())
    assert {record.title for record in registry.dois.values()} == {f"Kebun {number}" for number in range(5, 10)}
    assert "DOIs not checked: 5" in str(registry.unanswered[0])


@pytest.mark.parametrize("fields", [{"doi": "10.5555/kebun"}, {"url": "http://127.0.0.1:9/kebun"}])
def test_a_network_that_is_down_is_one_sentence(fields, tmp_path):
    nobody = free_port()
    settings = Settings(crossref=nobody, doi=nobody, gap=0, registry_gap=0, backoff=0.01, cache=tmp_path / "cache.sqlite")
    with pytest.raises(CannotAsk, match=r"^no network: 127\.0\.0\.1:\d+ cannot be reached; connect and run it again, what was answered is kept$"):
        ask([entry(**fields)], settings)


@pytest.mark.parametrize("proxy", ["http://", "http://127.0.0.1:9"])
def test_a_proxy_that_is_wrong_is_no_network(proxy, web, settings, monkeypatch):
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.setenv("no_proxy", "")
    with pytest.raises(CannotAsk, match=r"^no network: .+ cannot be reached"):
        answer_of(web.on("/kebun", OK), settings(attempts=1))


def test_one_dead_host_is_no_dead_network(settings):
    address = f"{free_port()}/kebun"
    assert answer_of(address, settings()) == Answer(fault="silent")


def test_a_network_that_goes_down_on_the_way_is_noticed(crossref, doi_org, web, settings, tmp_path):
    """doi.org can be reached when the first host is silent; at the end neither registry can."""
    doi_org.on("/", OK, hanging_up)
    crossref.on("/", hanging_up)
    links = [web.on("/kebun", OK), f"{free_port()}/kebun"]
    cached = settings(cache=tmp_path / "cache.sqlite", attempts=1)
    with pytest.raises(CannotAsk, match="no network"):
        ask([entry(url=link) for link in links], cached)
    doi_org.on("/", OK)
    web.asked.clear()
    assert ask([entry(url=link) for link in links], cached).links[links[0]] == Answer(200)
    assert web.asked == []


# -- Links ---------------------------------------------------------------------------------------------------------------------


def test_of_a_link_the_head_will_do(web, settings):
    assert answer_of(web.on("/kebun", OK), settings()) == Answer(200)
    assert web.paths("HEAD") == ["/kebun"] and web.paths("GET") == []


@pytest.mark.parametrize("refusal", [400, 403, 404, 405, 501])
def test_where_the_head_is_refused_the_page_is_asked_for_and_not_read(refusal, web, settings):
    address = web.on("/kebun", (refusal, {}, b""), (200, {}, b"x" * 5_000_000))
    assert answer_of(address, settings(largest_reply=10)) == Answer(200)
    assert web.paths("GET") == ["/kebun"]


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451, 999])
def test_a_link_s_status_is_told(status, web, settings):
    assert answer_of(web.on("/kebun", (status, {}, b"")), settings()) == Answer(status)


def test_redirects_are_followed_to_the_end(web, settings):
    web.on("/c", OK)
    web.on("/b", redirect("c", 308))
    assert answer_of(web.on("/a", redirect(f"{web.base}/b", 301)), settings()) == Answer(200, address=f"{web.base}/c")


@pytest.mark.parametrize("headers", [{"Content-Length": "100000000"}, {"Transfer-Encoding": "chunked"}, {}], ids=["long", "chunked", "open"])
def test_a_redirect_s_own_body_is_not_read(headers, web, settings):
    sent = []

    def long(handler):
        handler.send_response(302)
        for name, value in ({"Location": "/b"} | headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        block = b"x" * 1_000_000
        for _ in range(100):
            handler.wfile.write(b"f4240\r\n" + block + b"\r\n" if "Transfer-Encoding" in headers else block)
            sent.append(1)

    web.on("/b", OK)
    assert answer_of(web.on("/a", (405, {}, b""), long), settings()) == Answer(200, address=f"{web.base}/b")
    assert len(sent) < 50


@pytest.mark.parametrize("target", ["/a", "file:///etc/hostname", "http://[::1", "http://a..b:99999/", "intent://kebun#x"])
def test_redirects_that_lead_nowhere(target, web, settings):
    answer = answer_of(web.on("/a", redirect(target)), settings())
    assert answer == Answer(fault="loop" if target == "/a" else "no address")


def test_pages_that_redirect_for_ever_do_not_hide_others_on_their_host(web, settings):
    loops = [web.on(f"/{number}", redirect(f"/{number}")) for number in range(5)]
    good = web.on("/kebun", OK)
    assert ask([entry(url=link) for link in [*loops, good]], settings()).links == {loop: Answer(fault="loop") for loop in loops} | {good: Answer(200)}


def test_a_host_that_there_is_not(settings):
    """The name service says so: .invalid is reserved for it (RFC 6761 6.4)."""
    assert answer_of("http://kebun.invalid/desa", settings()) == Answer(fault="unknown host")


def sleeping(seconds: float):
    def answer(handler):
        time.sleep(seconds)

    return answer


def hanging_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


def talking_nonsense(handler):
    handler.wfile.write(b"\x16\x03\x01 no HTTP at all\r\n\r\n")


@pytest.mark.parametrize("answer", [sleeping(1.2), hanging_up, talking_nonsense], ids=["slow", "hangs up", "no HTTP"])
def test_a_link_that_stays_silent(answer, web, settings):
    assert answer_of(web.on("/kebun", answer), settings(attempts=1)) == Answer(fault="silent")


def cut_off(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"message": ')


def test_a_compressed_record_is_bounded_by_what_it_holds(crossref, settings):
    packed = gzip.compress(b'{"message": {"title": "' + b"x" * 50_000_000 + b'"}}')
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    crossref.on("*", (200, headers, packed))
    assert "sent a record that is too large" in str(ask(with_dois(1), settings(largest_reply=100_000)).unanswered[0])
    crossref.on("*", (200, headers, gzip.compress(json.dumps({"message": WORK}).encode())))
    assert ask(with_dois(1), settings()).dois["10.5555/kebun.0"].volume == "14"


def test_a_chunked_record(crossref, settings):
    def chunked(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for letter in json.dumps({"message": WORK}):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(letter.encode()), letter.encode()))
        handler.wfile.write(b"0\r\n\r\n")

    crossref.on("*", chunked)
    assert ask(with_dois(1), settings()).dois["10.5555/kebun.0"].volume == "14"


def dripping(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("answer", "why"), [(cut_off, "broke off its answer"), (dripping, "did not answer in time"), (sleeping(1.2), "did not answer in time")]
)
def test_a_record_that_does_not_come_whole(answer, why, crossref, settings):
    crossref.on("*", answer)
    started = time.monotonic()
    registry = ask(with_dois(1), settings(attempts=1))
    assert why in str(registry.unanswered[0])
    assert time.monotonic() - started < 3


# -- Trying again --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [(500, {}, b""), (503, {}, b""), (429, {}, b""), hanging_up, sleeping(0.6)])
def test_a_passing_fault_passes(first, web, settings):
    assert answer_of(web.on("/kebun", first, OK), settings()) == Answer(200)
    assert len(web.asked) == 2


def test_attempts_end(web, settings):
    assert answer_of(web.on("/kebun", (503, {}, b"")), settings(attempts=3)) == Answer(503)
    assert web.paths("HEAD") == ["/kebun"] * 3


@pytest.mark.parametrize("wait", [lambda: "1", lambda: formatdate(time.time() + 2, usegmt=True)], ids=["seconds", "date"])
def test_retry_after_is_kept_by_every_question_to_the_host(wait, crossref, settings):
    crossref.on("*", (429, {"Retry-After": wait()}, b""), json_answer({"message": {}}))
    ask(with_dois(2), settings())
    refused, again = crossref.asked[0][0], crossref.asked[1][0]
    assert len(crossref.asked) == 3 and again - refused > 0.9


@pytest.mark.parametrize("wait", ["soon", "-5", "9" * 5000, "", "Thu, 99 Foo 99999 99:99:99 GMT"])
def test_a_retry_after_that_makes_no_sense_does_no_harm(wait, web, settings):
    started = time.monotonic()
    assert answer_of(web.on("/kebun", (503, {"Retry-After": wait}, b""), OK), settings()).status in (200, 503)
    assert time.monotonic() - started < 2


def test_a_host_that_wants_to_be_left_alone_is(web, settings):
    web.on("*", (429, {"Retry-After": "3600"}, b""))
    links = [f"{web.base}/{number}" for number in range(5)]
    assert ask([entry(url=link) for link in links], settings()).links == {link: Answer(429) for link in links}
    assert len(web.asked) == 1


def test_a_registry_that_wants_to_be_left_alone_is(crossref, settings):
    crossref.on("*", (429, {"Retry-After": "3600"}, b""))
    registry = ask(with_dois(5), settings())
    assert len(crossref.asked) == 1
    assert "asks to be left alone for 60 minutes: DOIs not checked: 5" in str(registry.unanswered[0])


# -- Politeness ----------------------------------------------------------------------------------------------------------------


def test_the_pace_is_kept_for_each_host_while_others_are_asked(web, settings):
    with served() as other:
        entries = [entry(url=server.on(f"/{number}", OK)) for number in range(5) for server in (web, other)]
        started = time.monotonic()
        ask(entries, settings(gap=0.2))
        passed = time.monotonic() - started
        for server in (web, other):
            times = [when for when, *_ in server.asked]
            assert len(times) == 5 and all(later - earlier > 0.15 for earlier, later in pairwise(times))
    assert 0.75 < passed < 1.7  # one host after the other would take 1.8


def test_the_pace_counts_redirects_and_further_attempts(web, settings):
    web.on("/b", (503, {}, b""), OK)
    answer_of(web.on("/a", redirect("/b")), settings(gap=0.15))
    times = [when for when, *_ in web.asked]
    assert len(times) == 4 and all(later - earlier > 0.12 for earlier, later in pairwise(times))


@pytest.mark.parametrize(
    ("contact", "said"), [("", "pustaka citation checker"), ("redaksi@jurnal.example", "pustaka citation checker (mailto:redaksi@jurnal.example)")]
)
def test_who_asks_says_so(contact, said, web, settings):
    answer_of(web.on("/kebun", OK), settings(contact=contact))
    assert web.asked[0][3]["User-Agent"] == said


@pytest.mark.parametrize("contact", ["redaksi", "a@b@c", "a b@c.example", "a@c.example\r\nX: y", "rédaksi@c.example"])
def test_a_contact_must_be_an_address(contact):
    with pytest.raises(ValueError, match="must be an e-mail address"):
        Settings(contact=contact)


def test_no_password_of_the_user_s_is_sent(web, settings, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("default login sari password rahasia\n", "utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    answer_of(web.on("/kebun", OK), settings())
    assert "Authorization" not in web.asked[0][3]


def test_each_thing_is_asked_once(crossref, web, settings):
    crossref.on("*", json_answer({"message": {}}))
    link = web.on("/kebun", OK)
    entries = [entry(key=key, doi=doi, url=url) for key, doi in (("a", "10.5555/Kebun"), ("b", "10.5555/kebun")) for url in (link, f"{link}#bagian")]
    ask([*entries, entry(url="https://doi.org/10.5555/kebun")], settings())
    assert len(crossref.asked) == 1 and len(web.asked) == 1


def test_where_there_is_nothing_to_ask_nothing_is_asked(settings):
    nobody = settings(crossref="http://127.0.0.1:9", doi="http://127.0.0.1:9")
    assert ask([entry(title="Kebun"), entry(doi="not a DOI"), entry(url="http://content detail")], nobody) == Registry()


def test_progress_is_told_and_is_silent_without_a_terminal(web, settings, capfd):
    told = []

    @contextmanager
    def progress(total):
        told.append(total)

        class Bar:
            def update(self):
                told.append(1)

        yield Bar()

    entries = [entry(url=web.on(f"/{number}", OK)) for number in range(3)]
    ask(entries, settings(), progress)
    assert told == [3, 1, 1, 1]
    ask(entries, settings(gap=0.5))  # more than a second: the bar would show
    assert capfd.readouterr() == ("", "")


# -- Remembering ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(crossref, doi_org, web) -> list[Entry]:
    """A registered DOI, an unregistered one, a good link and a bad one."""
    crossref.on("/works/10.5555%2Fkebun", json_answer({"message": WORK}))
    crossref.on("/works", json_answer({"message": {"items": [WORK]}}))
    links = (web.on("/kebun", redirect("/baru")), web.on("/lama", GONE))
    web.on("/baru", OK)
    return [entry(doi="10.5555/kebun", url=links[0], title="Kebun"), entry(doi="10.5555/kebum", url=links[1], title="Kebun")]


def later(monkeypatch, days: float) -> None:
    now = time.time() + days * 86_400
    monkeypatch.setattr("pustaka.online.time.time", lambda: now)


def test_a_second_run_asks_nothing_and_learns_the_same(mixed, crossref, doi_org, web, settings, tmp_path):
    cached = settings(cache=tmp_path / "deep" / "er" / "cache.sqlite")
    first = ask(mixed, cached)
    assert first.dois["10.5555/kebun"].notices and first.dois["10.5555/kebum"].candidates
    for server in (crossref, doi_org, web):
        server.asked.clear()
    assert ask(mixed, cached) == first
    assert crossref.asked + doi_org.asked + web.asked == []


def test_bad_answers_grow_old_in_a_day_and_good_ones_later(mixed, crossref, web, settings, tmp_path, monkeypatch):
    cached = settings(cache=tmp_path / "cache.sqlite", fresh=30)
    ask(mixed, cached)
    for days, asked_again in ((0.9, set()), (2, {"/works/10.5555%2Fkebum", "/lama"}), (33, {"/works/10.5555%2Fkebun", "/kebun"})):
        later(monkeypatch, days)
        crossref.asked.clear(), web.asked.clear()
        ask(mixed, cached)
        assert asked_again <= {*crossref.paths(), *web.paths()}
        assert bool(crossref.asked) == bool(asked_again)


def test_what_nobody_answered_is_not_remembered(crossref, settings, tmp_path):
    cached = settings(cache=tmp_path / "cache.sqlite")
    crossref.on("*", (503, {}, b""))
    assert ask(with_dois(1), cached).unanswered
    crossref.on("*", json_answer({"message": {}}))
    assert ask(with_dois(1), cached).unanswered == ()


def test_a_remembered_answer_that_is_damaged_is_asked_for_again(mixed, web, settings, tmp_path):
    cached = settings(cache=tmp_path / "cache.sqlite")
    first = ask(mixed, cached)
    damaged = ["", "[]", "7", "{", '{"candidates": [{}]}', '{"unknown": 1}', "[" * 100_000]
    for text in damaged:
        with sqlite3.connect(cached.cache) as database:
            database.execute("UPDATE answers_1 SET answer = ?", (text,))
        database.close()
        web.asked.clear()
        assert ask(mixed, cached) == first
        assert web.asked


def test_a_cache_that_cannot_be_used_is_one_sentence(settings, web, tmp_path):
    (tmp_path / "text").write_text("This is no database, but a text that somebody needs.\n" * 100, "utf-8")
    for path in (tmp_path / "text", tmp_path, tmp_path / "text" / "below"):
        with pytest.raises(CannotAsk, match=r"^the cache “.+” cannot be used \(.+\): delete it, or name another file$"):
            answer_of(web.on("/kebun", OK), settings(cache=path))
    assert (tmp_path / "text").read_text("utf-8").startswith("This is no database")


def test_an_interrupted_run_goes_on_where_it_stopped(crossref, settings, tmp_path):
    """A real Ctrl-C in a process of its own."""
    crossref.on("*", json_answer({"message": {"title": ["Kebun"]}}))
    cache = tmp_path / "cache.sqlite"
    program = (
        "from pathlib import Path\n"
        "from pustaka.model import Entry, Place\n"
        "from pustaka.online import Settings, ask\n"
        "entries = [Entry(f'k{n}', 'article', {'doi': f'10.5555/kebun.{n}'}, Place('x')) for n in range(40)]\n"
        f"ask(entries, Settings(crossref={crossref.base!r}, doi={crossref.base!r}, registry_gap=0.1, cache=Path({str(cache)!r})))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(SCRIPTS)}
    process = subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.PIPE, text=True, **LISTENING)
    end = time.monotonic() + 20
    while len(crossref.asked) < 8 and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    assert process.returncode != 0 and said.rstrip().endswith("KeyboardInterrupt")

    first = set(crossref.paths())
    assert 8 <= len(first) < 40
    crossref.asked.clear()
    entries = [entry(key=f"k{number}", doi=f"10.5555/kebun.{number}") for number in range(40)]
    assert len(ask(entries, settings(cache=cache)).dois) == 40
    assert len(first & set(crossref.paths())) <= 1  # the one that was under way
    assert len(crossref.asked) <= 40 - len(first) + 1


def test_an_interruption_keeps_what_was_on_its_way(web, settings, tmp_path):
    cached = settings(cache=tmp_path / "cache.sqlite")
    entries = [entry(url=web.on(f"/{number}", OK)) for number in range(30)]

    @contextmanager
    def impatient(total):
        class Bar:
            def update(self):
                time.sleep(0.3)  # while other answers come in
                raise KeyboardInterrupt

        yield Bar()

    with pytest.raises(KeyboardInterrupt):
        ask(entries, cached, impatient)
    asked = len(web.asked)
    assert asked > 5
    ask(entries, cached)
    assert len(web.asked) == 30


# -- What is asked for ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "doi"),
    [
        ({"doi": "10.5555/Kebun"}, "10.5555/kebun"),
        ({"doi": "https://dx.doi.org/10.5555/kebun"}, "10.5555/kebun"),
        ({"doi": "doi: 10.5555/kebun"}, "10.5555/kebun"),
        ({"doi": r"10.5555/kebun\_desa"}, "10.5555/kebun_desa"),
        ({"url": "https://doi.org/10.5555%2Fkebun"}, "10.5555/kebun"),
        ({"doi": "kebun", "url": "http://doi.org/10.5555/kebun"}, "10.5555/kebun"),
        ({"doi": "10.5555/"}, ""),
        ({"doi": "10.5555/ke bun"}, ""),
        ({"url": "https://kebun.example.org/10.5555/kebun"}, ""),
        ({}, ""),
    ],
)
def test_the_doi_of_an_entry(fields, doi):
    assert doi_of(entry(**fields)) == doi


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://kebun.example.org/a?b=c#d", "https://kebun.example.org/a?b=c"),
        ("HTTP://kebun.example.org", "HTTP://kebun.example.org"),
        ("https://doi.org/10.5555/kebun", ""),
        ("https://doi.org/the-identifier/what-is-a-doi/", "https://doi.org/the-identifier/what-is-a-doi/"),
        ("ftp://kebun.example.org/a", ""),
        (r"https://kebun.example.org/a\_b", ""),
        ("https://kebun.example.org/a b", ""),
        ("https:///a", ""),
        ("http://[::1", ""),
        ("kebun", ""),
        ("", ""),
    ],
)
def test_the_link_of_an_entry(url, link):
    assert link_of(entry(url=url)) == link


def test_a_hundred_thousand_characters_are_no_trouble():
    started = time.monotonic()
    for value in ("10.5555/" + "a" * 100_000, "http://" * 15_000, "doi:" * 25_000, "%" * 100_000, "10." * 33_000, "http://a" + "." * 100_000):
        long = entry(doi=value, url=value)
        assert isinstance(doi_of(long) + link_of(long), str)
        Record.from_csl("", {"title": value, "author": [{"family": "<" * 100_000}] * 20, "page": "&" * 100_000})
    assert time.monotonic() - started < 1
