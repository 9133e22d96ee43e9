"""Asks the DOI registries and the web about a bibliography. The one module that uses the network, and only when it is called.

A DOI is asked for at Crossref (REST API, `/works/DOI`), where most are registered and where retractions are recorded. What
Crossref does not have is asked for at doi.org with `Accept: application/vnd.citationstyles.csl+json` (DOI content negotiation),
which leads to DataCite and every other agency; that doi.org knows nothing of a DOI means that it is not registered. A link
is asked for its head alone, and for its page when that is refused.

Each host is asked one thing at a time and no faster than `Settings` says, is told who asks, and is left alone when it wants
that. Every answer is kept as soon as it is there, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import ceil
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import requests
import urllib3
from tqdm import tqdm

from pustaka.model import Entry, Message, say
from pustaka.registry import Answer, Record, Registry, doi_of, link_of, shortened, to_json

# Too many requests, and what a server says while it is down or overladen (RFC 6585 4, RFC 9110 15.6).
_PASSING = frozenset({429, 500, 502, 503, 504})
# Those, and what a host says that does not want us: it would say the same to the next question.
_OF_THE_HOST = _PASSING | {401, 403}

_DAY = 24 * 60 * 60
_IN_VAIN = 3  # so many questions without a reply, one after the other, and a host is asked no more
_CANDIDATES = 3  # registered works to look at for a DOI that is not registered


@dataclass(frozen=True)
class Settings:
    """How to ask. Times are in seconds.

    `contact` is an e-mail address for those who are asked: Crossref serves askers that give one first (its REST API's
    "polite pool"). `cache` is a file; None remembers nothing. Good answers are kept for `fresh` days, bad ones for one.
    A host that asks for a longer wait than `longest_wait` is asked no more.
    """

    contact: str = ""
    cache: Path | None = None
    crossref: str = "https://api.crossref.org"
    doi: str = "https://doi.org"
    gap: float = 1.0
    registry_gap: float = 0.25
    timeout: float = 15.0
    attempts: int = 3
    backoff: float = 1.0
    longest_wait: float = 60.0
    redirects: int = 10
    largest_reply: int = 10_000_000
    hosts_at_once: int = 8
    fresh: int = 30

    def __post_init__(self):
        if self.contact and not (self.contact.isascii() and self.contact.isprintable() and self.contact.count("@") == 1 and " " not in self.contact):
            raise ValueError(f"“{self.contact}” must be an e-mail address, as name@example.org")


class CannotAsk(Exception):
    """Nothing, or nothing more, can be asked; `message` says why in one sentence. What was answered is kept."""

    def __init__(self, message: Message):
        super().__init__(str(message))
        self.message = message


Progress = Callable[..., AbstractContextManager]

#: A bar on a terminal, for what takes longer than a second.
progress_bar: Progress = partial(tqdm, delay=1, disable=None, leave=False, unit=" answers")


def ask(entries: Iterable[Entry], settings: Settings, progress: Progress = progress_bar) -> Registry:
    """Learn what is registered for the entries' DOIs and whether their links answer.

    Args:
        entries: the entries of a bibliography; each DOI and each link is asked for once.
        settings: whom to ask, and how.
        progress: called with `total=…`, gives a context manager whose value has `update()`, as tqdm.

    Raises:
        CannotAsk: the network is down, or the cache cannot be used.
        KeyboardInterrupt: the user stopped it; what was answered until then is in the cache.
    """
    questions = _questions(entries)
    with _Store(settings) as store:
        learnt = {question: answer for question in questions if (answer := store.get(question)) is not None}
        asked = _Asking(settings, store).ask([question for question in questions if question not in learnt], progress)
    learnt |= asked.learnt
    return Registry(
        dois={question.subject: answer for question, answer in learnt.items() if isinstance(answer, Record)},
        links={question.subject: answer for question, answer in learnt.items() if isinstance(answer, Answer)},
        unanswered=tuple(asked.unanswered()),
    )


def registered(doi: str, settings: Settings) -> dict[str, object]:
    """What is registered for one DOI, as CSL-JSON, or Crossref's kin of it with more in it: titles in lists, licences.

    Raises:
        CannotAsk: it is registered nowhere, its agency keeps no record, or nobody answers.
    """
    with _Client(settings, _Pace(settings)) as client:
        try:
            return _record_of(client, doi)
        except _NoReply as error:
            raise CannotAsk(
                say("{host} {why}: run it again later, or name a file that Zotero exports with --from", host=error.host, why=error.why)
            ) from error


def _record_of(client: _Client, doi: str) -> dict[str, object]:
    settings, address = client.settings, quote(doi, safe="")
    reply = client.fetch("GET", f"{settings.crossref}/works/{address}", "application/json")
    if reply.status == 200:
        return reply.message()
    if reply.status in _OF_THE_HOST:
        raise reply.refusal()
    reply = client.fetch("GET", f"{settings.doi}/{address}", "application/vnd.citationstyles.csl+json")
    if reply.status == 404 and reply.host == urlsplit(settings.doi).netloc:
        raise CannotAsk(say("the DOI {doi} is registered nowhere: look for a slip in it", doi=doi))
    if reply.status != 200:
        raise reply.refusal()
    data = reply.data() if reply.body else None
    if not isinstance(data, dict):
        raise CannotAsk(say("nobody keeps a record of {doi} that programs can read: give a file with --from", doi=doi))
    return data


# -- Questions -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Question:
    """A DOI or a link to ask for; `title` is what to search by when the DOI turns out not to be registered."""

    kind: str
    subject: str
    title: str = ""

    @property
    def host(self) -> str:
        """Whose turn it takes: all DOIs go to the same registries."""
        return urlsplit(self.subject).netloc.lower() if self.kind == "link" else ""


def _questions(entries: Iterable[Entry]) -> list[_Question]:
    questions = {}
    for entry in entries:
        if doi := doi_of(entry):
            described = " ".join((entry.text("title"), *entry.authors[:2], entry.year))
            questions.setdefault(("doi", doi), _Question("doi", doi, shortened(described, 300)))
        if link := link_of(entry):
            questions.setdefault(("link", link), _Question("link", link))
    return list(questions.values())


def _about_doi(client: _Client, question: _Question) -> Record:
    settings, doi = client.settings, question.subject
    reply = client.fetch("GET", f"{settings.crossref}/works/{quote(doi, safe='')}", "application/json")
    if reply.status == 200:
        return Record.from_csl(doi, reply.message())
    if reply.status in _OF_THE_HOST:
        raise reply.refusal()
    reply = client.fetch("GET", f"{settings.doi}/{quote(doi, safe='')}", "application/vnd.citationstyles.csl+json")
    if reply.host == urlsplit(settings.doi).netloc:
        if reply.status == 404:
            return Record(doi, registered=False, candidates=_candidates(client, question.title))
        if reply.status != 200:
            raise reply.refusal()
    elif reply.status in _PASSING:
        raise reply.refusal()
    # doi.org knows where the DOI leads, so it is registered; an agency that keeps no records gives a page, or refuses.
    return Record.from_csl(doi, reply.data() if reply.body else {})


def _candidates(client: _Client, described: str) -> tuple[Record, ...]:
    """The registered works that come nearest to a description; none when Crossref cannot say."""
    if not described:
        return ()
    query = f"query.bibliographic={quote(described, safe='')}&rows={_CANDIDATES}"
    try:
        reply = client.fetch("GET", f"{client.settings.crossref}/works?{query}", "application/json")
        items = reply.message().get("items") if reply.status == 200 else None
    except _NoReply:
        return ()
    items = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return tuple(Record.from_csl("", item) for item in items[:_CANDIDATES])


def _about_link(client: _Client, question: _Question) -> Answer:
    reply = client.fetch("HEAD", question.subject)
    if reply.status >= 400 and reply.status != 429:  # not every server knows HEAD, and some give it another answer
        reply = client.fetch("GET", question.subject)
    return Answer(reply.status, "" if reply.address == question.subject else reply.address)


_ABOUT = {"doi": _about_doi, "link": _about_link}


# -- Asking many hosts ---------------------------------------------------------------------------------------------------------


class _NoReply(Exception):
    """A host gave no reply that can be used: `fault` as in `Answer`, or "refused" with a status; `why` follows the host's name."""

    def __init__(self, host: str, fault: str, why: Message, status: int = 0):
        super().__init__(f"{host} {why}")
        self.host, self.fault, self.why, self.status = host, fault, why, status

    @property
    def is_of_the_network(self) -> bool:
        return self.fault in ("silent", "unknown host")

    @property
    def is_of_the_host(self) -> bool:
        """Whether another question to the host would have the same end."""
        return self.is_of_the_network or self.status in _OF_THE_HOST


class _Asking:
    """One run: several hosts at once, each with one question at a time."""

    def __init__(self, settings: Settings, store: _Store):
        self._settings, self._store = settings, store
        self._pace = _Pace(settings)
        self._replies: SimpleQueue = SimpleQueue()
        self._failed: dict[_Question, _NoReply] = {}
        self._network_is_doubtful = False
        self.learnt: dict[_Question, Record | Answer] = {}

    def ask(self, questions: list[_Question], progress: Progress) -> _Asking:
        """Ask, keep each answer in the store, and return itself."""
        if not questions:
            return self
        by_host: dict[str, list[_Question]] = {}
        for question in questions:
            by_host.setdefault(question.host, []).append(question)
        with ThreadPoolExecutor(self._settings.hosts_at_once) as pool, progress(total=len(questions)) as bar:
            for group in by_host.values():
                pool.submit(self._ask_host, group)
            try:
                for _ in questions:
                    self._take(*self._replies.get())
                    bar.update()
                if self._network_is_doubtful:  # it may have gone down since
                    self._check_network()
            except BaseException:  # Ctrl-C too: the hosts' threads must hear of it
                self._pace.stop.set()
                pool.shutdown(cancel_futures=True)
                self._keep_the_rest()
                raise
        return self

    def _ask_host(self, questions: list[_Question]) -> None:
        """Put a reply to each of one host's questions into the queue; runs in a thread of its own."""
        with _Client(self._settings, self._pace) as client:
            for question in questions:
                try:
                    reply = _ABOUT[question.kind](client, question)
                except _Stopped:
                    return
                except Exception as error:  # of whatever kind: the run waits for a reply
                    reply = error
                self._replies.put((question, reply))

    def _take(self, question: _Question, reply: Record | Answer | Exception) -> None:
        if isinstance(reply, _NoReply):
            if reply.is_of_the_network and not self._network_is_doubtful:
                self._network_is_doubtful = True
                self._check_network()  # before every other host is tried in vain
            self._failed[question] = reply
            if question.kind == "link":
                self.learnt[question] = Answer(reply.status) if reply.status else Answer(fault=reply.fault)
        elif isinstance(reply, Exception):
            raise reply
        else:
            self.learnt[question] = reply
            self._store.put(question, reply)

    def _keep_the_rest(self) -> None:
        while not self._replies.empty():
            question, reply = self._replies.get()
            if isinstance(reply, Record | Answer):
                self._store.put(question, reply)

    def _check_network(self) -> None:
        """Tell a network that is down from a host that is: raises CannotAsk when neither registry can be reached."""
        with _Client(self._settings, self._pace) as client:
            for base in (self._settings.doi, self._settings.crossref):
                try:
                    client.fetch("HEAD", base)
                    return
                except _NoReply as error:
                    if not error.is_of_the_network:
                        return
                    silent = error
        raise CannotAsk(
            say("no network: {host} {why}; connect and run it again, what was answered is kept", host=silent.host, why=silent.why)
        ) from silent

    def unanswered(self) -> Iterator[Message]:
        """One message for each reason for which a host told nothing of DOIs. That a link is silent is told with its entry."""
        failed: dict[tuple[str, str], list[_Question]] = {}
        for question, error in self._failed.items():
            if question.kind == "doi":
                failed.setdefault((error.host, str(error.why)), []).append(question)
        for (host, _), questions in failed.items():
            yield say(
                "{host} {why}: DOIs not checked: {count}, the first is {doi}; run it again later",
                host=host,
                why=self._failed[questions[0]].why,
                count=len(questions),
                doi=questions[0].subject,
            )


# -- Asking one host -----------------------------------------------------------------------------------------------------------


class _Stopped(Exception):
    """The run is over."""


class _Pace:
    """Whose turn it is when: no host is asked sooner after another request than the settings allow, by whichever thread."""

    def __init__(self, settings: Settings):
        self.stop = threading.Event()
        self._settings = settings
        self._registries = {urlsplit(base).netloc for base in (settings.crossref, settings.doi)}
        self._lock = threading.Lock()
        self._turns: dict[str, float] = {}
        self._in_vain: dict[str, int] = {}
        self._closed: dict[str, _NoReply] = {}

    def wait(self, host: str) -> None:
        """Return when the host may be asked. Raises _NoReply when it is to be asked no more, _Stopped when the run is over."""
        gap = self._settings.registry_gap if host in self._registries else self._settings.gap
        with self._lock:
            if closed := self._closed.get(host):
                raise _NoReply(host, closed.fault, closed.why, closed.status)
            now = time.monotonic()
            turn = max(now, self._turns.get(host, now))
            self._turns[host] = turn + gap
        if self.stop.wait(turn - now):
            raise _Stopped

    def hold(self, host: str, seconds: float) -> None:
        """Ask the host nothing for some time, or, when that is too long for us, nothing more."""
        with self._lock:
            if seconds > self._settings.longest_wait:
                why = say("asks to be left alone for {minutes} minutes", minutes=ceil(seconds / 60))
                self._closed[host] = _NoReply(host, "refused", why, status=429)
            self._turns[host] = max(self._turns.get(host, 0), time.monotonic() + seconds)

    def answered(self, host: str) -> None:
        """Forget how often a host was asked in vain."""
        with self._lock:
            self._in_vain.pop(host, None)

    def failed(self, error: _NoReply) -> None:
        """Ask a host no more that was asked in vain several times in a row."""
        if error.is_of_the_host:
            with self._lock:
                self._in_vain[error.host] = self._in_vain.get(error.host, 0) + 1
                if self._in_vain[error.host] >= _IN_VAIN:
                    self._closed.setdefault(error.host, error)


class _Reply(NamedTuple):
    """The last of the redirects: its status and address; the body when it is JSON and was asked for with GET."""

    status: int
    address: str
    body: bytes

    @property
    def host(self) -> str:
        return urlsplit(self.address).netloc

    def refusal(self) -> _NoReply:
        return _NoReply(self.host, "refused", say("answered with the error {status}", status=self.status), self.status)

    def data(self) -> object:
        """The body as JSON. Raises _NoReply when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise _NoReply(self.host, "refused", say("sent a record that cannot be read"), self.status) from error

    def message(self) -> dict:
        """What Crossref packs its answer in. Raises _NoReply when there is none."""
        data = self.data()
        if isinstance(data, dict) and isinstance(data.get("message"), dict):
            return data["message"]
        raise _NoReply(self.host, "refused", say("sent a record that cannot be read"), self.status)


class _WithoutRedirectBodies(requests.adapters.HTTPAdapter):
    """Closes the connection after the head of a redirect: requests would read the body, however long, even when told not to follow."""

    def build_response(self, request: requests.PreparedRequest, raw: urllib3.HTTPResponse) -> requests.Response:
        response = super().build_response(request, raw)
        if response.is_redirect:
            raw.close()
        return response


class _Client:
    """Asks politely: in turn, with our name, several times when it is worth while, and without reading more than it must."""

    def __init__(self, settings: Settings, pace: _Pace):
        self.settings, self._pace = settings, pace
        self._session = requests.Session()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _WithoutRedirectBodies())
        self._session.auth = lambda request: request  # else requests sends what the user's .netrc holds
        self._session.headers["User-Agent"] = "pustaka citation checker" + (f" (mailto:{settings.contact})" if settings.contact else "")

    def __enter__(self) -> _Client:
        return self

    def __exit__(self, *error: object) -> None:
        self._session.close()

    def fetch(self, method: str, address: str, accept: str = "*/*") -> _Reply:
        """The reply to a request, after redirects and after further attempts. Raises _NoReply when there is none."""
        try:
            reply = self._fetch(method, address, accept)
        except _NoReply as error:
            self._pace.failed(error)
            raise
        if reply.status not in _OF_THE_HOST:
            self._pace.answered(reply.host)
        elif method == "GET":  # what refuses the head may still give the page
            self._pace.failed(reply.refusal())
        return reply

    def _fetch(self, method: str, address: str, accept: str) -> _Reply:
        for attempt in count(1):
            is_last = attempt >= self.settings.attempts
            pause = self.settings.backoff * 2 ** (attempt - 1)
            try:
                with self._follow(method, address, accept) as response:
                    if response.status_code in _PASSING:
                        self._pace.hold(urlsplit(response.url).netloc, max(_retry_after(response), 0 if is_last else pause))
                    if response.status_code not in _PASSING or is_last:
                        return _Reply(response.status_code, response.url, self._body(response) if method == "GET" else b"")
            except _NoReply as error:
                if is_last or error.fault != "silent":
                    raise
                self._pace.hold(error.host, pause)

    @contextmanager
    def _follow(self, method: str, address: str, accept: str) -> Iterator[requests.Response]:
        """The response at the end of the redirects, each of which waits for its host's turn."""
        options = {"headers": {"Accept": accept}, "stream": True, "allow_redirects": False, "timeout": self.settings.timeout}
        for _ in range(self.settings.redirects + 1):
            with _as_no_reply(address):
                self._pace.wait(urlsplit(address).netloc)
                with self._session.request(method, address, **options) as response:
                    target = self._session.get_redirect_target(response)
                    if not target:
                        yield response
                        return
                    address = urljoin(address, target)
        raise _NoReply(_host(address), "loop", say("redirects for ever"))

    def _body(self, response: requests.Response) -> bytes:
        if "json" not in response.headers.get("Content-Type", ""):
            return b""
        host, body, end = urlsplit(response.url).netloc, bytearray(), time.monotonic() + 2 * self.settings.timeout
        while chunk := response.raw.read1(65_536, decode_content=True):  # what is there; iter_content waits for the whole of it
            body += chunk
            if len(body) > self.settings.largest_reply:
                raise _NoReply(host, "refused", say("sent a record that is too large"), response.status_code)
            if time.monotonic() > end or self._pace.stop.is_set():
                raise _NoReply(host, "silent", say("did not answer in time"))
        return bytes(body)


@contextmanager
def _as_no_reply(address: str) -> Iterator[None]:
    """Every way in which a request can fail, as a _NoReply."""
    try:
        yield
    except requests.exceptions.InvalidProxyURL as error:
        raise _NoReply(_host(address), "silent", say("cannot be reached through the proxy")) from error
    except (ValueError, urllib3.exceptions.LocationParseError) as error:  # requests' faults of an address are ValueErrors too
        raise _NoReply(_host(address), "no address", say("leads to an address that cannot be opened")) from error
    except (requests.exceptions.Timeout, urllib3.exceptions.TimeoutError) as error:
        raise _NoReply(_host(address), "silent", say("did not answer in time")) from error
    except requests.exceptions.SSLError as error:
        raise _NoReply(_host(address), "silent", say("has no valid certificate")) from error
    except requests.exceptions.ConnectionError as error:
        if isinstance(getattr(error.args[0] if error.args else None, "reason", None), urllib3.exceptions.NameResolutionError):
            raise _NoReply(_host(address), "unknown host", say("is not a known host")) from error
        raise _NoReply(_host(address), "silent", say("cannot be reached")) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise _NoReply(_host(address), "silent", say("broke off its answer")) from error


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return shortened(address)


def _retry_after(response: requests.Response) -> float:
    """The seconds that a host wants us to wait (RFC 9110 10.2.3); 0 when it does not say."""
    try:
        return urllib3.Retry().parse_retry_after(response.headers.get("Retry-After", "0"))
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return 0.0


# -- Remembering ---------------------------------------------------------------------------------------------------------------


class _Store:
    """The answers of earlier runs, in one SQLite file; a new answer is written at once."""

    _TABLE = "answers_1"  # another number when the JSON of the answers changes

    def __init__(self, settings: Settings):
        self._fresh = settings.fresh
        self._path = settings.cache

    def __enter__(self) -> _Store:
        with self._as_cannot_ask():
            if self._path:
                self._path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(self._path or ":memory:", isolation_level=None)
            self._database.execute(f"CREATE TABLE IF NOT EXISTS {self._TABLE} (question TEXT PRIMARY KEY, answer TEXT, expires REAL)")
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()

    def get(self, question: _Question) -> Record | Answer | None:
        with self._as_cannot_ask():
            query = f"SELECT answer FROM {self._TABLE} WHERE question = ? AND expires > ?"
            row = self._database.execute(query, (f"{question.kind} {question.subject}", time.time())).fetchone()
        if row is None:
            return None
        try:
            data = json.loads(row[0])
            return Record.from_json(question.subject, data) if question.kind == "doi" else Answer(**data)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return None  # not what we wrote: ask again

    def put(self, question: _Question, answer: Record | Answer) -> None:
        good = answer.registered if isinstance(answer, Record) else 200 <= answer.status < 400
        row = (f"{question.kind} {question.subject}", to_json(answer), time.time() + (self._fresh if good else 1) * _DAY)
        with self._as_cannot_ask():
            self._database.execute(f"INSERT OR REPLACE INTO {self._TABLE} VALUES (?, ?, ?)", row)

    @contextmanager
    def _as_cannot_ask(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            what = say("the cache “{path}” cannot be used ({why}): delete it, or name another file", path=self._path, why=error)
            raise CannotAsk(what) from error
