"""``serve`` and ``publish`` as a user meets them: they start, stop, and say in one line what is wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.webstore import make_store

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("commands") / "store")


def run(*arguments: object, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "graph.py"), *map(str, arguments)]
    told = {**os.environ, **(env or {})}
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=told, cwd=ROOT)


@contextmanager
def listening(store: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of our own and the address it says it is at."""
    command = [sys.executable, str(ROOT / "graph.py"), "serve", "--port", "0", "--workers", "1", *options]
    process = subprocess.Popen([*command, "--store", str(store)], stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stderr is not None
    try:
        told = process.stderr.readline()
        yield process, told.split(" on ")[1].split()[0]
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in lines[0]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_server_says_where_it_is_answers_and_stops_and_logs_no_query(store: Path, stop: signal.Signals) -> None:
    before = {path for path in store.glob("*/*") if path.name != "search.sqlite"}
    with listening(store, "--access-log") as (process, address):
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{address}sparql?query=ASK%7B%7D", timeout=30) as answer:
            assert json.load(answer)["boolean"] is True
        with urllib.request.urlopen(f"{address}search?q=salaisuus", timeout=30):
            pass
        process.send_signal(stop)
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert process.returncode in (0, -stop)
        assert process.stderr is not None
        logged = process.stderr.read()
    assert "Traceback" not in logged
    assert "GET /search 200" in logged
    assert "salaisuus" not in logged
    assert {path for path in store.glob("*/*") if path.name != "search.sqlite"} == before  # the copies are gone


def test_a_taken_port_is_told(store: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        one_line(run("serve", "--port", taken.getsockname()[1], "--store", store), "--port")


def test_what_cannot_be_served_is_told(store: Path, tmp_path: Path) -> None:
    one_line(run("serve", "--port", 0, "--store", tmp_path / "none"), "teemagraafi build")
    damaged = make_store(tmp_path / "damaged")
    for file in damaged.glob("*/data/*.sst"):
        file.write_bytes(b"nothing")
    for file in damaged.glob("*/data/MANIFEST*"):
        file.write_bytes(b"nothing")
    one_line(run("serve", "--port", 0, "--store", damaged), "damaged", "teemagraafi build")
    one_line(run("publish", tmp_path / "site", "--store", tmp_path / "none"), "teemagraafi build")
    assert not (tmp_path / "site").exists()


def test_publish_never_takes_the_place_of_other_files(store: Path, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("dear")
    done = run("publish", tmp_path / "letters", "--store", store)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("letters: holds other things than a site of ours; name another folder")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["letter.txt"]
