"""The pictures of the README, made anew: ``make pictures`` (needs Chromium).

A chart as ``query --chart`` draws it, and a page as ``serve`` shows it, over the graph of the shipped sources.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

GRAPH = [sys.executable, str(Path(__file__).resolve().parents[1] / "graph.py")]
CHART = "money-flow"
PAGE = "/doc/theme/vaikeasti-tyollistyvien-tukeminen?lang=en"
SIZE = {"width": 1100, "height": 900}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """The address of a server of the store, for as long as the block runs."""
    command = [*GRAPH, "serve", "--port", "0", "--store", str(store)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            told = server.stderr.readline()
            yield next(word for word in told.split() if word.startswith("http")).rstrip("/")
        finally:
            server.terminate()


def screenshot(address: str, target: Path) -> None:
    """The top of a page as a browser shows it."""
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        page.goto(address)
        page.screenshot(path=target)
        browser.close()


def main(store: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    chart = ["query", CHART, "--store", str(store), "--chart", str(folder / f"{CHART}.svg")]
    subprocess.run([*GRAPH, *chart], check=True, stdout=subprocess.DEVNULL)
    with serving(store) as address:
        screenshot(address + PAGE, folder / "theme.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
