"""Pages over somebody's SPARQL endpoint: the same as over a store, whatever engine answers."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from engine.store import StoreError, current
from tests import loopback
from tests.webstore import PERSON, make_store, serving

PAGES = [
    "/",
    "/doc/theme",
    "/doc/theme/kylien-elinvoima?lang=sv",
    "/doc/organisation?lang=en",
    "/doc/project/R-09001",
    "/doc/conflict/0123456789ab",
    "/doc/passage/katsaus-2031/1-1-00000001",
    "/doc/theme.csv",
    "/queries/money-by-theme",
    "/api/money-by-theme.csv",
    "/search?q=elinvoima",
    "/def",
    "/links",
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("endpoint") / "store")


def unversioned(page: str) -> str:
    """A page without the addresses of its version, which an endpoint does not have."""
    return re.sub(r"<p>[^<]*<code>[^<]*[?]version=[^<]*</code></p>\s*|[?&]version=\w+", "", page)


@contextmanager
def oxigraph(store: Path, folder: Path) -> Iterator[str]:
    """``oxigraph serve`` on a copy of a store; gives the address of its endpoint."""
    program = shutil.which("oxigraph") or shutil.which("oxigraph", path=sysconfig.get_path("scripts"))
    if program is None:
        pytest.skip("oxigraph is not installed: pip install oxigraph")
    shutil.copytree(current(store).data, folder / "data")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [program, "serve-read-only", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        process.kill()
        process.wait()


def test_oxigraph_serve_gives_the_same_pages_as_the_store(store: Path, tmp_path: Path) -> None:
    with oxigraph(store, tmp_path) as url, serving(store) as ours, serving(tmp_path, endpoint=url) as theirs:
        for path in PAGES:
            one, other = ours.get(path), theirs.get(path)
            assert one.status_code == other.status_code == 200, path
            assert unversioned(one.text) == unversioned(other.text), path
        assert theirs.get("/doc/theme/nothing").status_code == 404
        assert theirs.get("/sparql", params={"query": "ASK {}", "format": "json"}).json()["boolean"] is True
        triples = theirs.get("/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }", "format": "nt"})
        assert set(triples.text.splitlines()) == set(ours.get("/data/current.nt").text.splitlines())


def test_pages_over_an_endpoint_leave_contact_persons_out(store: Path, tmp_path: Path) -> None:
    whole = ox.Store.read_only(str(current(store).data))
    with loopback.serving() as start, serving(tmp_path, endpoint=start(loopback.answering(whole))) as client:
        for path in (
            "/doc/theme/kylien-elinvoima",
            "/doc/document/katsaus-2031",
            "/doc/contact/abc",
            "/data/everything.nq",
        ):
            assert PERSON not in client.get(path).text, path
        assert client.get("/doc/contact/abc").status_code == 404
        assert client.get("/graph-store?graph=https://w3id.org/teemagraafi/graph/contacts").status_code == 404


def test_an_endpoint_that_does_not_answer_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no answer"), serving(tmp_path, endpoint="http://127.0.0.1:9/query"):
        pass
