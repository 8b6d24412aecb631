"""What a SERVICE clause costs: ours, which sends the known values along, against Oxigraph's own federation.

``python -m bench.federation`` starts an endpoint of 100,000 labels on this machine and asks it for those of 50 known things.
"""

from __future__ import annotations

import http.server
import threading
import time
import urllib.parse
from collections.abc import Callable

import pyoxigraph as ox

from engine.query.run import run

EX = "http://example.org/"
LABELS, KNOWN = 100_000, 50


def endpoint(store: ox.Store, sizes: list[int]) -> str:
    """Serve a store on a free port; ``sizes`` gets the bytes of each answer."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = "urlencoded" in self.headers["content-type"]
            found = store.query(urllib.parse.parse_qs(body)["query"][0] if form else body)
            answer = found.serialize(format=ox.QueryResultsFormat.JSON) or b""  # type: ignore[union-attr,call-overload]
            sizes.append(len(answer))
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/sparql"


def measure(name: str, sizes: list[int], ask: Callable[[], int]) -> None:
    sizes.clear()
    before = time.process_time()
    rows = ask()
    print(f"{name}: {rows} rows, {len(sizes)} requests, {sum(sizes):,} bytes, {time.process_time() - before:.2f} s")


def main() -> None:
    far, near = ox.Store(), ox.Store()
    label, known = ox.NamedNode(f"{EX}label"), ox.NamedNode(f"{EX}known")
    far.bulk_extend(ox.Quad(ox.NamedNode(f"{EX}{n}"), label, ox.Literal(f"label {n}")) for n in range(LABELS))
    near.bulk_extend(
        ox.Quad(ox.NamedNode(f"{EX}{n}"), known, ox.Literal("yes")) for n in range(0, LABELS, LABELS // KNOWN)
    )
    sizes: list[int] = []
    url = endpoint(far, sizes)
    query = f"SELECT * {{ ?thing <{EX}known> ?known . SERVICE <{url}> {{ ?thing <{EX}label> ?label }} }}"
    measure("ours", sizes, lambda: len(run(near, query, services={url: url})))
    measure("Oxigraph", sizes, lambda: len(list(near.query(query))))  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
