"""A process of its own that answers queries on a store, so that one that runs too long can be killed.

Run as a script with the store's directory as its argument. It reads one JSON request a line (``query``, ``prefixes``) and
answers with a JSON line (``kind``, ``size``) and ``size`` bytes: SPARQL JSON, N-Triples, or a message. It needs nothing
of ours, so it starts as fast as the store opens.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

import pyoxigraph as ox


def answer(store: ox.Store, request: dict[str, object]) -> tuple[str, bytes]:
    """The kind of answer and its bytes."""
    try:
        found = store.query(str(request["query"]), prefixes=request.get("prefixes"))  # type: ignore[arg-type]
        if isinstance(found, ox.QueryTriples):
            return "triples", found.serialize(format=ox.RdfFormat.N_TRIPLES) or b""
        return "rows", found.serialize(format=ox.QueryResultsFormat.JSON) or b""
    except SyntaxError as error:
        return "malformed", str(error).encode()
    except (OSError, ValueError, RuntimeError, MemoryError) as error:
        return "failed", (str(error) or type(error).__name__).encode()


def _watch(parent: int) -> None:
    """End with the process that asked: nobody else waits for the answer, and a query may run for hours."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def main(directory: str) -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a running query at once
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    out = sys.stdout.buffer
    try:
        store = ox.Store.read_only(directory)
    except (OSError, ValueError) as error:
        kind, body = "failed", f"the store cannot be opened: {error}".encode()
        out.write(json.dumps({"kind": kind, "size": len(body)}).encode() + b"\n" + body)
        return
    for line in sys.stdin.buffer:
        kind, body = answer(store, json.loads(line))
        out.write(json.dumps({"kind": kind, "size": len(body)}).encode() + b"\n")
        out.write(body)
        out.flush()


if __name__ == "__main__":
    main(sys.argv[1])
