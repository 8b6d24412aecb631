"""The dataset for another engine's own bulk loader: N-Quads in which the current view is a graph of its own.

What a query without FROM sees differs: in Oxigraph and Jena the default graph, in Virtuoso and QLever the union of all graphs,
in which every stated triple is met once more. A view with a name can be asked for everywhere, by ``default-graph-uri`` or FROM.
"""

from __future__ import annotations

import gzip
import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from engine.output.export import is_private
from loaders.errors import UserError
from loaders.rdf.terms import VIEW

Engine = Literal["virtuoso", "qlever"]
ENGINES: dict[str, Engine] = {"virtuoso": "virtuoso", "qlever": "qlever"}
_LINES = 5_000_000


def hand_over(
    store: ox.Store, folder: Path, engine: Engine, *, with_contacts: bool = False, lines: int = _LINES
) -> list[Path]:
    """Write the dataset and the engine's own loading script into an empty or new folder; returns the data files."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot write {folder}: {error.strerror or error}") from error
    if any(folder.iterdir()):
        raise UserError(f"{folder}: is a directory with other things in it; name an empty or new one")
    quads, paths = _named(store, with_contacts), list[Path]()
    for first in quads:
        paths.append(folder / f"part-{len(paths) + 1:04d}.nq.gz")
        # the same dataset gives the same bytes: no time of day in the files
        with (
            paths[-1].open("wb") as raw,
            gzip.GzipFile("", "wb", 4, raw, 0) as file,
            io.BufferedWriter(file, 1 << 20) as out,
        ):
            ox.serialize(itertools.chain([first], itertools.islice(quads, lines - 1)), out, format=ox.RdfFormat.N_QUADS)
    name, script = _virtuoso(folder) if engine == "virtuoso" else _qlever()
    (folder / name).write_text(script, encoding="utf-8")
    return paths


def _named(store: ox.Store, with_contacts: bool) -> Iterator[ox.Quad]:
    """All quads, the current view's in the graph of its name; contact persons only if asked for."""
    for s, p, o, graph in store:
        if isinstance(graph, ox.DefaultGraph):
            yield ox.Quad(s, p, o, ox.NamedNode(VIEW))
        elif with_contacts or not is_private(graph.value):
            yield ox.Quad(s, p, o, graph)


def _virtuoso(folder: Path) -> tuple[str, str]:
    return (
        "load.sql",
        f"-- isql 1111 dba PASSWORD load.sql, with this folder in DirsAllowed of virtuoso.ini.\n"
        f"-- Ask the current view with default-graph-uri={VIEW}\n"
        f"ld_dir('{folder.resolve()}', '*.nq.gz', '{VIEW}');\n"
        "rdf_loader_run();\n"
        "checkpoint;\n"
        "select ll_file, ll_error from DB.DBA.LOAD_LIST where ll_error is not null;\n",
    )


def _qlever() -> tuple[str, str]:
    return (
        "Qleverfile",
        "# qlever index && qlever start, in this folder.\n"
        f"# Ask the current view with FROM <{VIEW}> or default-graph-uri.\n"
        "[data]\nNAME = teemagraafi\nFORMAT = nq\n\n"
        "[index]\nINPUT_FILES = part-*.nq.gz\nCAT_INPUT_FILES = zcat ${INPUT_FILES}\n"
        'SETTINGS_JSON = { "ascii-prefixes-only": false, "num-triples-per-batch": 1000000 }\n\n'
        "[server]\nPORT = 7019\nHOST_NAME = localhost\nMEMORY_FOR_QUERIES = 4G\n\n"
        "[runtime]\nSYSTEM = native\n",
    )
