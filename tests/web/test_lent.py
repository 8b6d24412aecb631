"""Plain queries answered by a worker on the client's own connection."""

from __future__ import annotations

import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from loaders.rdf.terms import Quad, literal
from tests.cases import each
from tests.webstore import PERSON, make_store, running
from web import lent
from web.lent import Plain
from web.pool import Pool
from web.process import Limits
from web.server import _Protocol

P = "<http://e/p>"
MANY = [Quad(f"<http://e/{i}>", P, literal(f"v{i}" * 4)) for i in range(20_000)]
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ ?a {P} ?b . ?c {P} ?d . ?e {P} ?f }}"
LARGE = f"SELECT * {{ ?s {P} ?o }} LIMIT 15000"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("lent") / "store", MANY)


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> list[Pool]:
    """The pools of servers that start."""
    started: list[Pool] = []
    start = Pool.start

    async def noted(self: Pool) -> None:
        started.append(self)
        await start(self)

    monkeypatch.setattr(Pool, "start", noted)
    return started


@pytest.fixture
def lends(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries with which a connection was lent."""
    begun: list[str] = []
    lend = _Protocol._lend

    async def noted(self: _Protocol, cycle: object, app: object, asked: Plain) -> None:
        begun.append(asked.fields)
        await lend(self, cycle, app, asked)  # type: ignore[arg-type]

    monkeypatch.setattr(_Protocol, "_lend", noted)
    return begun


class Client:
    """A kept connection."""

    def __init__(self, address: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])), timeout=60)
        self._stream = self.socket.makefile("rb")

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self.socket.close()

    def ask(self, query: str, headers: str = "") -> tuple[int, str]:
        self.socket.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n{headers}\r\n".encode())
        return self.take()

    def take(self) -> tuple[int, str]:
        status = int(self._stream.readline().split()[1])
        length = 0
        while (line := self._stream.readline().strip()) != b"":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return status, self._stream.read(length).decode()


@contextmanager
def connected(store: Path, **options: object) -> Iterator[Client]:
    with running(store, **{"workers": 1, **options}) as address, Client(address) as client:
        yield client


def number(n: int) -> str:
    return f"SELECT ({n} AS ?n) {{}}"


def test_queries_on_one_connection_stay_with_one_worker(store: Path, lends: list[str]) -> None:
    with connected(store) as client:
        for n in range(50):
            status, text = client.ask(number(n))
            assert (status, f'"value":"{n}"' in text) == (200, True)
    assert len(lends) < 25  # each time the machine was too busy for the next query to come in time


def test_what_is_not_plain_goes_to_the_application_and_back(store: Path) -> None:
    with connected(store) as client:
        assert client.ask(number(1))[0] == 200
        assert client.ask(number(2), "Range: bytes=0-1\r\n")[0] == 200
        client.socket.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        assert "Sitemap" in client.take()[1]
        status, text = client.ask("SELECT * { ?s ?p }")
        assert (status, "not valid SPARQL" in text) == (400, True)
        assert client.ask("CLEAR ALL")[0] == 403
        client.socket.sendall(b"GET /sparql?query=ASK%20{} HTTP/1.1\r\nHo")
        time.sleep(0.05)
        client.socket.sendall(b"st: x\r\n\r\n")
        assert '"boolean":true' in client.take()[1]


def test_a_query_that_takes_too_long_is_ended_and_the_connection_goes_on(store: Path) -> None:
    with connected(store, limits=Limits(seconds=1.5, wait=30)) as client:
        assert client.ask(number(1))[0] == 200
        began = time.monotonic()
        status, text = client.ask(ENDLESS)
        assert (status, "longer than 1.5 s" in text) == (503, True)
        assert time.monotonic() - began < 15
        assert '"value":"3"' in client.ask(number(3))[1]


def test_a_worker_that_dies_in_a_query_is_an_error(store: Path, pools: list[Pool]) -> None:
    with connected(store, limits=Limits(seconds=30, wait=30)) as client:
        assert client.ask(number(1))[0] == 200
        process = next(worker.process for worker in pools[0]._processes if worker.lane == "queries")
        killer = threading.Timer(0.5, lambda: os.kill(process.pid, signal.SIGKILL))
        killer.start()
        assert client.ask(ENDLESS)[0] == 503
        assert client.ask(number(2))[0] == 200


def test_one_worker_serves_several_kept_connections(store: Path) -> None:
    with running(store, workers=1, limits=Limits(wait=30)) as address, ExitStack() as opened:
        clients = [opened.enter_context(Client(address)) for _ in range(4)]
        for n in range(10):
            for client in clients:
                assert f'"value":"{n}"' in client.ask(number(n))[1]
        busy = threading.Thread(target=lambda: [clients[0].ask(number(n)) for n in range(300)])
        busy.start()
        assert all(clients[1].ask(number(n))[0] == 200 for n in range(5))  # it does not wait for the busy one's end
        busy.join()


def test_a_client_that_is_slow_gets_a_large_answer_whole(store: Path) -> None:
    with running(store, workers=1) as address, Client(address) as slow, Client(address) as other:
        slow.socket.sendall(f"GET /sparql?query={quote(LARGE)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(2)
        assert other.ask(number(1))[0] == 200  # the worker does not wait for the slow one
        status, text = slow.take()
        assert (status, text.count('"type":"uri"'), text.strip()[-3:]) == (200, 15_000, "]}}")
        assert slow.ask(number(2))[0] == 200


def test_a_store_built_anew_is_served_on_a_connection_that_is_lent(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store")
    with connected(store, recheck=0.1) as client:
        query = "ASK { <http://e/new> ?p ?o }"
        assert '"boolean":false' in client.ask(query)[1]
        make_store(store, [Quad("<http://e/new>", P, literal("seen"))])
        deadline = time.monotonic() + 30
        while '"boolean":true' not in client.ask(query)[1]:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_no_contact_person_is_answered_on_a_lent_connection(store: Path) -> None:
    with connected(store) as client:
        everything = "SELECT * { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } }"
        assert PERSON.split()[1] not in client.ask(everything)[1]
        assert PERSON.split()[1] not in client.ask(everything)[1]


PLAIN = b"GET /sparql?query=ASK%20{} HTTP/1.1\r\nHost: x\r\n"


@each(
    ("sent", "read"),
    [
        (PLAIN + b"Accept: text/csv\r\nConnection: close\r\n\r\n", Plain("query=ASK%20{}", "text/csv", False)),
        (PLAIN + b"Accept-Encoding: identity\r\n\r\n", Plain("query=ASK%20{}", "", True)),
        (PLAIN + b"Accept-Encoding: gzip\r\n\r\n", None),
        (PLAIN + b"Content-Length: 3\r\n\r\nabc", None),
        (PLAIN + b"Transfer-Encoding: chunked\r\n\r\n", None),
        (PLAIN + b"If-None-Match: *\r\n\r\n", None),
        (PLAIN + b"Accept: a\r\nAccept: b\r\n\r\n", None),
        (PLAIN + b"Accept : a\r\n\r\n", None),
        (PLAIN + b"Accept: a\r\n b\r\n\r\n", None),
        (PLAIN + b"Connection: upgrade\r\n\r\n", None),
        (PLAIN + b"\r\n" + PLAIN + b"\r\n", None),
        (PLAIN, None),
        (PLAIN.replace(b"1.1", b"1.0") + b"\r\n", None),
        (PLAIN.replace(b"{}", b"{}#x") + b"\r\n", None),
        (PLAIN.replace(b"/sparql", b"/sparql/x") + b"\r\n", None),
        (b"POST" + PLAIN[3:] + b"\r\n", None),
    ],
)
def test_only_one_whole_plain_request_is_read(sent: bytes, read: Plain | None) -> None:
    assert lent._read(sent) == read


def test_the_tag_of_an_answer_is_that_of_the_application(store: Path) -> None:
    with connected(store) as client:
        tags = []
        for more in ("", "Accept-Encoding: gzip\r\n"):
            query = quote(number(1))
            client.socket.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n{more}\r\n".encode())
            tags += re.findall(rb"etag: (.+)\r\n", client.socket.recv(65536))
    assert len(tags) == 2
    assert tags[0] == tags[1]


@pytest.mark.parametrize("taken", [0, 100, 5_000_000])
@pytest.mark.parametrize("filed", [False, True], ids=["memory", "file"])
def test_what_a_client_does_not_take_is_left_for_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filed: bool, taken: int
) -> None:
    monkeypatch.setattr(lent, "_TAKEN_WITHIN", 0.2)
    head, body = b"HTTP/1.1 200 OK\r\n\r\n", bytes(range(256)) * 12_000
    file = tmp_path / "answer" if filed else None
    if file:
        file.write_bytes(body)
    settings = {"folder": str(tmp_path), "version": "", "body": 0, "services": ()}
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        received = bytearray()

        def take() -> None:
            while len(received) < min(taken, len(head) + len(body)):
                received.extend(theirs.recv(65536))

        taking = threading.Thread(target=take)
        taking.start()
        borrower = lent.Borrower(lambda job: ({}, b""), None, settings)  # type: ignore[arg-type]
        left = borrower._send(ours.fileno(), head, b"" if file else body, str(file) if file else None)
        taking.join()
        theirs.setblocking(False)
        while len(received) < len(head) + len(body):
            try:
                received += theirs.recv(1 << 20)
            except BlockingIOError:
                break
    assert bool(left) == (taken < len(body))
    rest = left.get("rest", b"") + (Path(left["file"]).read_bytes()[left.get("at", 0) :] if left else b"")
    assert bytes(received) + rest == head + body
    assert bool(list(tmp_path.iterdir())) == bool(left)
