"""The pool of workers: limits, hostile queries, crashes, and a store that is built anew."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import resource
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine.store import StoreError
from loaders.rdf.terms import Quad, literal
from tests.webstore import make_store, serving
from web.pool import Lane
from web.process import Limits
from web.worker import _asked_within

P = "<http://e/p>"
SPARQL = {"content-type": "application/sparql-query"}
MANY = [Quad(f"<http://e/{i}>", P, literal(f"v{i}")) for i in range(20_000)]
CROSS = f"SELECT (COUNT(*) AS ?n) {{ ?a {P} ?b . ?c {P} ?d . ?e {P} ?f }}"
CONCAT = " ".join(f"BIND(CONCAT({', '.join([f'?a{i}'] * 8)}) AS ?a{i + 1})" for i in range(12))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("workers") / "store", MANY)


def post(client: TestClient, query: str):  # type: ignore[no-untyped-def]
    return client.post("/sparql", content=query, headers=SPARQL)


def works(client: TestClient) -> bool:
    return bool(post(client, "ASK {}").json()["boolean"])


OVER = {
    "longer than 1 s": (503, [CROSS, f"SELECT (COUNT(*) AS ?n) {{ ?s ({P}|!{P})* ?o . ?x ({P}|!{P})+ ?y }}"]),
    "larger than 1 MB": (413, [f"SELECT * {{ ?s {P} ?o . ?x {P} ?y }}"]),
    "nested too deeply": (400, ["SELECT * {" + "{" * 20_000 + "}" * 20_000 + "}"]),
    "memory": (400, [f"SELECT ?z {{ BIND('{'a' * 40}' AS ?a0) {CONCAT} BIND(STRLEN(?a12) AS ?z) }}"]),
}
"""What the server says → the status and the queries; 503 only where another try may help."""


def test_a_query_over_a_limit_ends_and_the_server_stays(store: Path) -> None:
    for seconds, limits in ((1, ["longer than 1 s"]), (30, ["larger than 1 MB", "nested too deeply", "memory"])):
        with serving(store, Limits(seconds=seconds, megabytes=256, bytes=1 << 20)) as client:
            for said, query in [(limit, query) for limit in limits for query in OVER[limit][1]]:
                began = time.monotonic()
                answer = post(client, query)
                status = OVER[said][0]
                assert answer.status_code == status, query[:80]
                assert said in answer.text
                assert ("retry-after" in answer.headers) == (status == 503)
                assert time.monotonic() - began < 40
                deadline = time.monotonic() + 20
                while not (well := post(client, "ASK {}").status_code == 200) and time.monotonic() < deadline:
                    time.sleep(0.05)  # the successor of a worker that was stopped is starting
                assert well


def test_a_regular_expression_cannot_run_away(store: Path) -> None:
    hostile = 'ASK { FILTER(REGEX("%s!", "^(a+)+$")) }' % ("a" * 50_000)
    large = 'ASK { FILTER(REGEX("a", "%s")) }' % ("(a{1,1000}){1,1000}" * 3)
    with serving(store, Limits(seconds=5)) as client:
        for query in (hostile, large):
            began = time.monotonic()
            assert post(client, query).status_code in (200, 400, 503)
            assert time.monotonic() - began < 15
        assert works(client)


def test_an_answer_over_the_size_limit(store: Path) -> None:
    with serving(store, Limits(bytes=100_000)) as client:
        answer = post(client, f"SELECT * {{ ?s {P} ?o }}")
        assert (answer.status_code, "larger than" in answer.text) == (413, True)
        assert not list(Path(client.app.state.pool._folder).iterdir())  # type: ignore[attr-defined]


def test_a_killed_worker_is_an_error_and_is_replaced(store: Path) -> None:
    with serving(store, Limits(seconds=20), own_processes=True) as client:
        pool = client.app.state.pool  # type: ignore[attr-defined]
        process = next(worker.process for worker in pool._processes if worker.lane == "queries")
        killer = threading.Timer(0.5, lambda: os.kill(process.pid, signal.SIGKILL))
        killer.start()
        answer = post(client, CROSS)
        killer.join()
        assert answer.status_code == 503
        assert works(client)


def test_when_every_worker_is_busy_a_request_waits_and_then_is_503(store: Path) -> None:
    with serving(store, Limits(seconds=1.5, wait=0.2)) as client:
        slow = threading.Thread(target=post, args=(client, CROSS))
        slow.start()
        time.sleep(0.5)
        answer = post(client, "ASK {}")
        slow.join()
        assert answer.status_code == 503
        assert "busy" in answer.text
        deadline = time.monotonic() + 20
        while not (well := post(client, "ASK {}").status_code == 200) and time.monotonic() < deadline:
            time.sleep(0.1)  # the stopped worker's successor is starting
        assert well


def test_a_store_built_anew_is_served_without_a_dropped_request(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store")
    query = "SELECT ?o { <http://e/new> <http://e/p> ?o }"
    with serving(store, workers=2, recheck=0.0) as client:
        before = client.get("/sparql", params={"query": query})
        assert before.json()["results"]["bindings"] == []
        make_store(store, [Quad("<http://e/new>", P, literal("seen"))])
        deadline = time.monotonic() + 20
        statuses = set()
        while time.monotonic() < deadline:
            answer = client.get("/sparql", params={"query": query}, headers={"if-none-match": before.headers["etag"]})
            statuses.add(answer.status_code)
            if answer.status_code == 200:
                break
            time.sleep(0.02)
        assert statuses <= {200, 304}
        assert answer.json()["results"]["bindings"][0]["o"]["value"] == "seen"
        assert works(client)
    assert not list(store.rglob("serve-*"))


def test_a_worker_does_not_grow_with_what_it_answers(store: Path) -> None:
    with serving(store, Limits(seconds=20), own_processes=True) as client:
        (worker,) = client.app.state.pool.lanes["pages"].idle  # type: ignore[attr-defined]

        def kilobytes(requests: int) -> int:
            assert all(client.get("/shapes").status_code == 200 for _ in range(requests))
            status = Path(f"/proc/{worker.process.pid}/status").read_text()
            return int(re.findall(r"RssAnon:\s+(\d+)", status)[0])

        before = kilobytes(25)
        assert kilobytes(40) - before < 1000


def test_a_worker_of_an_older_version_that_ends_has_no_successor(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store", MANY)
    with serving(store, Limits(seconds=60), workers=2, recheck=0.0) as client:
        pool = client.app.state.pool  # type: ignore[attr-defined]
        before, idle = pool.generation, {*pool.lanes["queries"].idle}
        slow = threading.Thread(target=post, args=(client, CROSS))
        slow.start()
        deadline = time.monotonic() + 60
        while len(pool.lanes["queries"].idle) == 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        busy = (idle - {*pool.lanes["queries"].idle}).pop()
        make_store(store, [Quad("<http://e/new>", P, literal("seen"))])
        while pool.generation is before and time.monotonic() < deadline:
            client.get("/robots.txt")
            time.sleep(0.05)
        os.kill(busy.process.pid, signal.SIGKILL)
        slow.join()
        while len(pool._generations) > 1 and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)  # a successor would be on its way
        assert len(pool._generations) == 1
        assert sum(process.lane == "queries" for process in pool._processes) == 2


def test_a_worker_that_becomes_free_in_the_last_moment_is_taken() -> None:
    async def last_moment() -> object:
        lane, worker = Lane(1), object()
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, lane.add, worker)  # type: ignore[arg-type]
        loop.call_soon(time.sleep, 0.05)  # both clocks have run down when they are looked at
        return await lane.take("somebody", 0.02) is worker

    assert asyncio.run(last_moment())


def test_a_worker_waits_at_a_descriptor_of_any_number() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2048:
        pytest.skip("this system does not allow so many descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket(fileno=fcntl.fcntl(theirs, fcntl.F_DUPFD, 1500)) as high:
        assert not _asked_within(0.01, high)
        ours.sendall(b"x")
        assert _asked_within(5, high)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_store_that_vanishes_is_served_on(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store")
    with serving(store, recheck=0.0) as client:
        (store / "CURRENT").rename(store / "gone")
        assert works(client)
        time.sleep(0.2)
        assert works(client)


def test_no_store_no_server(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no graph here"), serving(tmp_path / "none"):
        pass


def test_a_damaged_store_is_named(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store")
    manifest = next(store.glob("v*/data/MANIFEST-*"))
    manifest.write_bytes(b"not a manifest")
    with pytest.raises(StoreError, match="build it again"), serving(store):
        pass
