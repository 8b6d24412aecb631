"""The way of one amount of a shipped document: which files run, and through which files of these the amount passes.

    python -m bench.way                   "899 874", a project's cost in the review
    python -m bench.way "13 milj. €" 13000000 vaikeasti-tyollistyvien-teemakuvaus

Read, built into a store, asked for, described on the command line and shown as a page, each in this process (what a build
reads in others was traced by reading it here). A file counts as passed where a function of it is given the amount or gives it
back, alone or in a record.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pyoxigraph as ox
from click.testing import CliRunner

from engine import inputs
from engine.build import build, extract
from engine.store import current
from graph import cli
from loaders.rdf.terms import TG
from web.app import create_app
from web.process import Settings
from web.publish import InProcess
from web.site import kind_of
from web.source import Generation, public

ROOT = f"{Path(__file__).resolve().parents[1]}/"
OURS = ("engine", "links", "loaders", "pyoxigraph", "web")
REVIEW = "toteutuskatsaus-2024-10"
ASKED = {"project": "project-costs", "theme": "money-by-theme"}
"""The stored query that shows an amount, by what the amount is of."""
Forms = tuple[str, str]
"""An amount as it is printed (``899 874``) and as a number without blanks."""


def holds(value: Any, forms: Forms, depth: int = 0) -> bool:
    """Whether a value is or has the amount, as text or as a number."""
    printed, number = forms
    if isinstance(value, str):
        return len(value) < 400 and (printed in value or number in value)
    if isinstance(value, Decimal):
        return value == Decimal(number)
    if isinstance(value, list | tuple):
        return depth < 2 and len(value) < 8 and any(holds(one, forms, depth + 1) for one in value)
    if depth > 1 or type(value).__module__.partition(".")[0] not in OURS:  # others make their attributes when asked
        return False
    parts = [field.name for field in fields(value)] if is_dataclass(value) else ["value", "object"]
    return any(holds(getattr(value, part, None), forms, depth + 1) for part in parts)


def trace(name: str, forms: Forms, function: Callable[[], Any]) -> Any:
    """Call a function and print which files ran, and how the amount went through them."""
    ran, way, steps = set[str](), dict[str, dict[str, None]](), list[str]()

    def watch(frame: FrameType, event: str, argument: Any) -> None:
        file = frame.f_code.co_filename.removeprefix(ROOT)
        if file.startswith(("/", "<", ".venv", "bench")) or event not in ("call", "return"):
            return
        ran.add(file)
        values = [argument] if event == "return" else [*frame.f_locals.values()][:8]
        if any(holds(value, forms) for value in values):
            way.setdefault(file, {})[frame.f_code.co_name] = None
            if not steps or steps[-1] != file:
                steps.append(file)

    sys.setprofile(watch)
    try:
        result = function()
    finally:
        sys.setprofile(None)
    print(f"{name}: {len(ran)} files run, the amount passes {len(way)} of them in {len(steps)} steps")
    for file, functions in way.items():
        print(f"  {file}: {', '.join(functions)}")
    return result


async def page(store: Path, path: str) -> str:
    version = current(store)
    with public(version) as data:
        settings = Settings(store)
        app = create_app(store, settings, InProcess(settings, data, Generation(version, data, ExitStack())))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
            return (await client.get(path, headers={"accept": "text/html"})).text


def main() -> None:
    printed, number, document = [*sys.argv[1:], *("899 874", "899874", REVIEW)[len(sys.argv) - 1 :]]
    forms = printed, number
    files = [given for given in inputs.shipped() if given.identifier == document]
    read = trace("read", forms, lambda: extract(files[0].path))
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "s"
        trace("built", forms, lambda: build(store, files, lambda message: None))
        graph = ox.Store()
        graph.bulk_load("".join(read.nquads).encode(), ox.RdfFormat.N_QUADS)
        query = f"SELECT ?about {{ GRAPH ?g {{ ?o <{TG}amount> ?a ; <{TG}about> ?about }} FILTER(?a = {number}) }}"
        [row, *_] = graph.query(query)  # type: ignore[misc, union-attr]
        thing = row["about"].value
        asked = ["query", ASKED[kind_of(thing)], "--store", str(store)]
        trace("asked", forms, lambda: CliRunner().invoke(cli, asked).output)
        trace("described", forms, lambda: CliRunner().invoke(cli, ["describe", thing, "--store", str(store)]).output)
        path = thing.replace("https://w3id.org/teemagraafi/id/", "/doc/")
        trace("shown", forms, lambda: asyncio.run(page(store, path)))


if __name__ == "__main__":
    main()
