"""Results in the hands people have: pandas, notebooks, networks, R."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from engine.output import formats as frames
from engine.query.run import run
from engine.store import replacing, write_quads
from tests.example_graph import FOREST, example_quads, example_store

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
pd = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("frames") / "example.store"
    with replacing(path) as version:
        write_quads(version, (quad.line() for quad in example_quads()))
    return path


# frames


def test_a_pandas_frame_is_typed() -> None:
    frame = frames.frame(run(example_store(), "money-by-theme"))
    kinds = {c: str(t) for c, t in frame.dtypes.items()}
    assert kinds["paid"] == "decimal128(38, 2)[pyarrow]"
    assert kinds["frameworkDate"] == "date32[day][pyarrow]"
    assert kinds["themeLabel"] == "string[pyarrow]"
    assert frame["framework"].sum() == Decimal(21_400_000)
    assert frame["paid"].isna().sum() == 1
    assert frame["frameworkDate"].iloc[0] == datetime.date(2024, 10, 31)
    assert frame.attrs["kinds"]["theme"] == "iri"
    assert frame.attrs["title"].startswith("Framework")


def test_partial_dates_are_explicit_and_sort() -> None:
    frame = frames.frame(run(example_store(), "how-it-was-read"))
    assert frame.attrs["kinds"]["referenceDate"] == "partial"
    assert str(frame["referenceDate"].dtype) == "string[pyarrow]"
    assert list(frame["referenceDate"].sort_values().dropna()) == ["2016-03-11", "2022-06", "2024-10-31"]


def test_decimals_keep_every_digit() -> None:
    numbers = ["0.1", "123456789012345678901234567.123456789"]
    text = f"SELECT ?a {{ VALUES ?a {{ {' '.join(numbers)} }} }}"
    assert list(frames.frame(run(example_store(), text))["a"]) == list(map(Decimal, numbers))
    wide = f"SELECT ?a {{ VALUES ?a {{ 1{'0' * 50} }} }}"
    assert int(frames.frame(run(example_store(), wide))["a"].iloc[0]) == 10**50


def test_numbers_of_several_kinds_are_floats() -> None:
    text = f"SELECT ?a {{ VALUES ?a {{ 1.5 1e-300 123456789012345678901234567890 1{'0' * 400} }} }}"
    assert list(frames.frame(run(example_store(), text))["a"]) == [
        1.5,
        1e-300,
        123456789012345678901234567890.0,
        float("inf"),
    ]


def test_an_empty_answer_is_an_empty_frame() -> None:
    frame = frames.frame(run(example_store(), "euros-per-inhabitant"))
    assert len(frame) == 0
    assert list(frame.columns)[:2] == ["region", "regionLabel"]


def test_the_librarys_frame(store: Path) -> None:
    from graph import Graph

    frame = Graph.open(store).frame("money-by-theme", theme=FOREST)
    assert list(frame["themeLabel"]) == [FOREST]


# notebooks


def python(code: str, store: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "TEEMAGRAAFI_STORE": str(store),
        "PYTHONPATH": str(ROOT),
        "IPYTHONDIR": str(store.parent),
    }
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )


CELLS = """
import json, os, sys
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
os.chdir(sys.argv[1])
for path in sys.argv[2:]:
    InteractiveShell.clear_instance()
    shell, shown = InteractiveShell.instance(), 0
    for cell in json.load(open(path))["cells"]:
        if cell["cell_type"] == "code":
            with capture_output() as output:
                result = shell.run_cell("".join(cell["source"]), store_history=True)
            result.raise_error()
            shown += bool(output.stdout or output.outputs or result.result is not None)
    print(path, shown)
"""
"""Runs the cells of notebooks as their kernels do, each in a shell of its own: four kernels take ten seconds to start."""


@pytest.mark.slow
def test_notebooks_run(store: Path) -> None:
    pytest.importorskip("IPython")
    done = python(CELLS, store, str(ROOT / "notebooks"), *map(str, NOTEBOOKS))
    assert done.returncode == 0, done.stderr[-2000:]
    shown = [int(line.split()[-1]) for line in done.stdout.splitlines() if ".ipynb " in line]
    assert len(shown) == 4
    assert min(shown) >= 4


def test_notebooks_are_four_and_hold_no_persons_and_no_paths() -> None:
    assert {p.stem for p in NOTEBOOKS} == {"money", "networks", "provenance", "data-quality"}
    for path in NOTEBOOKS:
        book = json.loads(path.read_text("utf-8"))
        text = path.read_text("utf-8")
        assert "@" not in text.replace("@media", "")
        assert "/home/" not in text
        assert "/tmp/" not in text
        assert all(o["output_type"] != "error" for c in book["cells"] for o in c.get("outputs", []))


# R


class _Csv(BaseHTTPRequestHandler):
    """The part of the SPARQL protocol that R's recipe uses: GET, CSV by Accept."""

    def do_GET(self) -> None:
        text = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["query"][0]
        assert "text/csv" in self.headers["Accept"]
        body = example_store().query(text).serialize(format=ox.QueryResultsFormat.CSV) or b""  # type: ignore[union-attr]
        self.send_response(200)
        self.send_header("Content-Type", "text/csv; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Csv)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_the_recipe_for_r(store: Path, endpoint: str) -> None:
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("R is not installed")
    environment = {
        **os.environ,
        "TEEMAGRAAFI": f"{sys.executable} {ROOT / 'graph.py'}",
        "TEEMAGRAAFI_STORE": str(store),
        "LC_ALL": "C.UTF-8",
        "no_proxy": "127.0.0.1",
    }
    script = str(ROOT / "notebooks" / "money.R")
    done = subprocess.run([rscript, script, endpoint], env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert FOREST in done.stdout
    assert "frameworks in all: 21 400 000 euros" in done.stdout
    assert "themes at the endpoint: 4" in done.stdout
