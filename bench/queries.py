"""Every stored query on an invented graph of about a million triples: ``python -m bench.queries``.

Writes one line a query: rows, milliseconds of the processor (best of the repeats, so that other work on the machine tells
little), the share of the goal of two seconds, and what the library adds to the engine. Times are of one machine; the columns
beside them are what to compare. ``--store`` keeps the store for the next run.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sized
from pathlib import Path

import pyoxigraph as ox

from engine.fusion.reference import vocabulary
from engine.query.backends import PREFIXES
from engine.query.library import StoredQuery, catalogue
from engine.query.run import run
from loaders.rdf.terms import DEFAULT, LABEL, A, Quad, code, date, decimal, integer, literal, tg, thing

GOAL = 2000.0
THEMES, CENTRES, MINISTRIES = 60, 16, ("tem", "okm", "stm", "ym")
_KINDS = ("municipality", "university", "university-of-applied-sciences", "association", "company", "wellbeing-county")


def graph(projects: int, seed: int = 7) -> Iterator[Quad]:
    """Themes, projects, participations, amounts, calls, each statement in the default graph and in a passage of its own."""
    random_ = random.Random(seed)
    document = thing("document", "bench")
    yield from vocabulary()
    yield from (Quad(document, A, tg("SourceDocument")), Quad(document, tg("referenceDate"), date("2024-10-31")))
    things = [*_bodies(random_, projects), *_themes(random_), *_projects(random_, projects)]
    for number, block in enumerate(things, 1):
        passage = thing("passage", "bench", f"{number}-{number}-00000000")
        yield from (Quad(passage, A, tg("Passage")), Quad(passage, tg("inDocument"), document))
        yield from (Quad(passage, tg("lineStart"), integer(number)), Quad(passage, tg("lineEnd"), integer(number)))
        yield Quad(passage, tg("verbatim"), literal(f"rivi {number}"))
        for s, p, o in block:
            yield Quad(s, p, o, DEFAULT)
            if p not in (tg("implementer"), tg("leadImplementer")):  # derived: no passage states them
                yield Quad(s, p, o, passage)


Block = list[tuple[str, str, str]]


def _bodies(random_: random.Random, projects: int) -> Iterator[Block]:
    for n in range(CENTRES):
        body = thing("organisation", f"ely-{n}")
        yield [(body, A, tg(k)) for k in ("ELYCentre", "Organisation")] + [
            (body, LABEL, literal(f"ELY-keskus {n}", "fi"))
        ]
    for key in MINISTRIES:
        body = thing("organisation", key)
        yield [(body, A, tg(k)) for k in ("Ministry", "Organisation")] + [(body, LABEL, literal(key.upper(), "fi"))]
    for n in range(projects // 8):
        body = thing("organisation", f"o{n}")
        kind = code("organisation-type", random_.choice(_KINDS))
        yield [
            (body, A, tg("Organisation")),
            (body, A, tg("Implementer")),
            (body, LABEL, literal(f"Organisaatio {n}", "fi")),
            (body, tg("organisationType"), kind),
        ]


def _themes(random_: random.Random) -> Iterator[Block]:
    for n in range(THEMES):
        theme = thing("theme", f"t{n}")
        ministry = thing("organisation", random_.choice(MINISTRIES))
        yield [
            (theme, A, tg("Theme")),
            (theme, LABEL, literal(f"Teema {n}", "fi")),
            (theme, tg("ministry"), ministry),
            (theme, tg("inProgramme"), code("programme", "2021-2027")),
            (theme, tg("fund"), code("fund", "ESR+")),
            (theme, tg("themeGroup"), code("theme-group", random_.choice(("osaaminen", "osallisuus", "tyollisyys")))),
            (theme, tg("intermediateBody"), thing("organisation", f"ely-{n % CENTRES}")),
            (theme, tg("targetGroup"), thing("target-group", f"g{n % 20}")),
            (
                theme,
                tg("specificObjective"),
                code("specific-objective-2021-2027", random_.choice(("4.1", "4.2", "4.3"))),
            ),
        ]
        yield [(thing("target-group", f"g{n % 20}"), LABEL, literal(f"nuoret {n % 20}", "fi"))]
        for phase in ("framework", "reserved", "committed", "paid"):
            yield _amount(random_, "theme", f"t{n}", phase, "2024-10-31")
        for m in range(6):
            call = thing("call", f"t{n}", f"2023-0{m + 1}-01")
            yield [
                (call, A, tg("Call")),
                (call, tg("inTheme"), theme),
                (call, LABEL, literal(f"Haku {m}", "fi")),
                (call, tg("opens"), date(f"2023-0{m + 1}-01")),
                (call, tg("closes"), date(f"2023-0{m + 1}-28")),
            ]


def _amount(random_: random.Random, kind: str, key: str, phase: str, day: str) -> Block:
    node, value = thing("observation", kind, key, phase, day), random_.randrange(10_000, 10_000_000)
    return [
        (node, A, tg("FinancialObservation")),
        (node, tg("about"), thing(kind, key)),
        (node, tg("phase"), code("phase", phase)),
        (node, tg("amount"), decimal_of(value)),
        (node, tg("currency"), literal("EUR")),
        (node, tg("referenceDate"), date(day)),
        (node, tg("fundingScope"), code("scope", "eu-state")),
        (node, tg("precision"), decimal_of(1)),
        (node, tg("amountAsStated"), literal(f"{value} e")),
    ]


def decimal_of(value: int) -> str:
    """A whole number as xsd:decimal."""
    from decimal import Decimal

    return decimal(Decimal(value))


def _projects(random_: random.Random, projects: int) -> Iterator[Block]:
    for n in range(projects):
        project, members = thing("project", f"S{n}"), random_.choice((1, 1, 1, 2, 3, 5))
        block = [
            (project, A, tg("Project")),
            (project, LABEL, literal(f"Hanke {n} {random_.randrange(999)}", "fi")),
            (project, tg("inTheme"), thing("theme", f"t{random_.randrange(THEMES)}")),
            (project, tg("projectCode"), literal(f"S{n}")),
            (project, tg("startDate"), date(f"2023-{random_.randrange(1, 13):02}-01")),
            (project, tg("endDate"), date("2026-12-31")),
            (project, tg("inProgramme"), code("programme", "2021-2027")),
        ]
        block += [(project, A, tg("GroupProject"))] if members > 1 else []
        for m in range(members):
            part, body = (
                thing("participation", f"S{n}", str(m)),
                thing("organisation", f"o{random_.randrange(projects // 8)}"),
            )
            block += [
                (project, tg("participation"), part),
                (part, A, tg("Participation")),
                (part, tg("organisation"), body),
                (part, tg("nameAsStated"), literal("Organisaatio")),
                (project, tg("implementer"), body),
                (part, tg("role"), code("role", "partner" if m else "lead")),
            ]
            block += [] if m else [(project, tg("leadImplementer"), body)]
        yield block
        yield _amount(random_, "project", f"S{n}", "costEstimate", "2024-10-31")


def best(call: Callable[[], Sized], repeat: int) -> tuple[float, int]:
    """Milliseconds of the processor of the quickest of several calls, and how much it gave."""
    times, size = [], 0
    for _ in range(repeat):
        started = time.thread_time()
        size = len(call())
        times.append(time.thread_time() - started)
    return min(times) * 1000, size


def measure(store: ox.Store, query: StoredQuery, repeat: int) -> str:
    """One line of the table."""
    raw, _ = best(lambda: list(store.query(query.text, prefixes=PREFIXES)), repeat)  # type: ignore[arg-type]
    ours, rows = best(
        lambda: run(store, query).triples if query.form == "CONSTRUCT" else run(store, query).terms, repeat
    )
    return f"| {query.name} | {rows} | {raw:.0f} | {raw / GOAL:.2f} | {ours / max(raw, 1):.2f} |"


def opened(path: Path, projects: int) -> ox.Store:
    """The store at a path, filled first if there is none."""
    if not path.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "graph.nq"
            with source.open("w", encoding="utf-8") as out:
                out.writelines(quad.line() for quad in graph(projects))
            database = ox.Store(str(path))
            database.bulk_load(path=str(source), format=ox.RdfFormat.N_QUADS)
            database.flush()
    return ox.Store.read_only(str(path))


def main() -> None:
    """Build the graph, run the queries, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=24_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--store", type=Path, help="keep the store here, or use what is here already")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = opened(given.store or Path(folder) / "store", given.projects)
        triples = next(iter(store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")))["n"].value  # type: ignore[index]
        print(f"{triples} triples in the default graph, {len(store)} quads in all\n", file=sys.stderr)
        print("| query | rows | engine ms | of the goal | library / engine |\n| --- | --- | --- | --- | --- |")
        for query in (q for q in catalogue() if not q.services):
            if not given.names or query.name in given.names:
                print(measure(store, query, given.repeat), flush=True)


if __name__ == "__main__":
    main()
