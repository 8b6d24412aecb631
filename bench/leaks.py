"""A server asked for minutes: does contact data leave it, does its memory grow: ``python -m bench.leaks [DIR] [--minutes N]``.

The store is built of the documents of DIR (of the shipped pages of invented persons without one). Pages are followed from the
first one on, again and again; between them come SPARQL queries of every form, searches for the persons themselves, and the
dumps. Each answer is searched for every name, address and number of the graph of contacts. Printed each minute: answers,
different pages, leaks, memory and descriptors of the server with its processes.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path

import pyoxigraph as ox

from bench.kills import PAGES, _children, _free_port, _serving
from engine import build, inputs
from engine.store import open_store
from loaders.rdf.terms import CONTACTS_GRAPH, lexical

PERSONAL = ("name", "email", "telephone")
FORMS = ("application/sparql-results+json", "text/csv", "text/turtle", "application/n-quads", "text/html")
QUERIES = (
    "SELECT * { ?s ?p ?o } LIMIT 2000 OFFSET %d",
    "SELECT * { GRAPH ?g { ?s ?p ?o } } LIMIT 2000 OFFSET %d",
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } } LIMIT 2000 OFFSET %d",
    f"SELECT * {{ GRAPH {CONTACTS_GRAPH} {{ ?s ?p ?o }} }} OFFSET %d",
    "DESCRIBE ?s { ?s a <https://schema.org/Person> } LIMIT 50 OFFSET %d",
    'SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?o), "@")) } LIMIT 500 OFFSET %d',
)


def persons(store: ox.Store) -> set[str]:
    """Names, addresses and numbers of the contact persons of a store."""
    graph = ox.NamedNode(lexical(CONTACTS_GRAPH))
    quads = store.quads_for_pattern(None, None, None, graph)
    found = {
        quad.object.value
        for quad in quads
        if isinstance(quad.object, ox.Literal | ox.NamedNode) and quad.predicate.value.endswith(PERSONAL)
    }
    return {word.removeprefix("mailto:").removeprefix("tel:") for word in found if len(word) > 5}


def answer(address: str, accept: str = "text/html") -> tuple[int, str]:
    """The status and text of an answer; 0 where there was none."""
    request = urllib.request.Request(address, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return int(response.status), response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")
    except OSError:
        return 0, ""


def size(server: int) -> tuple[int, int]:
    """Megabytes and descriptors of a server and its processes."""
    memory = descriptors = 0
    for process in (server, *_children(server)):
        try:
            status = Path(f"/proc/{process}/status").read_text()
            memory += int(re.findall(r"VmRSS:\s+(\d+)", status)[0])
            descriptors += sum(1 for _ in Path(f"/proc/{process}/fd").iterdir())
        except (OSError, IndexError):
            continue  # it ended meanwhile
    return memory // 1024, descriptors


def following(base: str, words: list[str], chance: random.Random, waiting: list[str]) -> tuple[str, str]:
    """An address to ask next, and the form wanted: a page in three cases of four."""
    if waiting and chance.random() < 0.75:
        return waiting.pop(chance.randrange(len(waiting))), "text/html"
    if chance.random() < 0.3:
        return f"{base}/search?{urllib.parse.urlencode({'q': chance.choice(words)})}", "application/json"
    query = chance.choice(QUERIES) % (2000 * chance.randrange(20))
    return f"{base}/sparql?{urllib.parse.urlencode({'query': query})}", chance.choice(FORMS)


def main() -> None:
    """Print a line a minute; exit with 1 where anything leaked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", nargs="?", type=Path, metavar="DIR")
    parser.add_argument("--minutes", type=float, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="leaks-") as folder:
        store = Path(folder) / "store"
        files = inputs.originals(given.documents) if given.documents else inputs.given(list(PAGES))
        build.build(store, files, lambda message: None, how=build.Options(lenient=True))
        sys.exit(_asked_for(store, given.minutes))


def _asked_for(store: Path, minutes: float) -> int:
    words = sorted(persons(open_store(store)))
    if not words:
        sys.exit("the documents name no contact person: nothing could leak")
    port, chance = _free_port(), random.Random(1)
    server, base = _serving(store, port), f"http://127.0.0.1:{port}"
    counts, seen, waiting = Counter[str](), {f"{base}/"}, [f"{base}/"]
    began = shown = time.monotonic()
    print(f"{len(words)} names, addresses and numbers", flush=True)
    while time.monotonic() - began < 60 * minutes:
        waiting = waiting or sorted(seen)  # all over again
        address, form = following(base, words, chance, waiting)
        status, text = answer(address, form)
        counts["answers"] += 1
        counts[f"status {status}"] += 1
        # a search repeats the words that it was asked for
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(address).query).get("q", [""])[0]
        leaked = [word for word in words if word != asked and word in text]
        counts["leaks"] += bool(leaked)
        if leaked:
            print(f"leak: {address} ({form})", flush=True)
        for link in re.findall(r'href="([^"#]+)', text if form == "text/html" else ""):
            page = urllib.parse.urljoin(address, link.replace("&amp;", "&"))
            if page.startswith(base) and page not in seen and len(seen) < 20_000:
                seen.add(page)
                waiting.append(page)
        if time.monotonic() - shown > 60:
            shown = time.monotonic()
            memory, descriptors = size(server.pid)
            minute = (shown - began) / 60
            print(
                f"{minute:.0f} min: {dict(counts)}, {len(seen)} addresses, {memory} MB, {descriptors} descriptors",
                flush=True,
            )
    server.kill()
    server.wait()
    return int(counts["leaks"] > 0)


if __name__ == "__main__":
    main()
