"""The graph as a static site: the pages of the server, the data as files, and SPARQL in the browser."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pyoxigraph as ox

from engine.output import tables
from engine.store import current
from web import catalog, formats, reference, turtle
from web.models import counts
from web.models.search import names
from web.public import public as visible
from web.published import Pages
from web.site import path_of
from web.sitefiles import MARK, Folder, dead_links, digests, mark, replacing

_STATIC = Path(__file__).with_name("static")
_DUMPS = ("current.ttl", "current.nt", "current.jsonld", "everything.nq", "everything.trig")
_NOWHERE = "https://example.org"
"""What stands for the site's own address where none was named."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written."""

    pages: int
    files: int
    bytes: int


def publish(
    store: Path | str,
    out: Path | str,
    *,
    public: str = "",
    with_contacts: bool = False,
    progress: Progress = lambda text: None,
) -> Summary:
    """Write the site of a store's current version into the folder ``out``.

    ``public`` is the address it will be reached at. StoreError if there is no store, ClickException if the folder cannot be
    written or holds other things; the old site is then as it was.
    """
    target, version = Path(out), current(Path(store))
    with visible(version, with_contacts) as data, replacing(target) as folder:
        graph = ox.Store.read_only(str(data))
        summary = counts.summary(graph)
        _assets(folder)
        progress("data")
        tables = _tables(folder, graph, with_contacts, progress)
        _data(folder, graph, summary, public, tables)
        pages = Pages(graph, version.coverage, folder, summary, public, progress, tables)
        pages.write()
        _search(folder, graph, pages)
        _snapshots(folder, target, summary)
        _frame(folder, public, pages)
        if dead := dead_links(folder.root):
            raise click.ClickException(f"{len(dead)} links lead nowhere, the first: {dead[0]}")
        folder.write(
            f"/{MARK}", mark({"documents": version.manifest.get("documents", []), "triples": summary["triples"]})
        )
    sizes = [path.stat().st_size for path in target.rglob("*") if path.is_file()]
    return Summary(pages.count, len(sizes), sum(sizes))


def _assets(folder: Folder) -> None:
    for path in sorted(_STATIC.rglob("*")):
        if path.is_file():
            folder.copy(path, f"/static/{path.relative_to(_STATIC).as_posix()}")


def quads(graph: ox.Store, whole: bool) -> list[ox.Quad]:
    """Statements in one order, whatever order the store has them in."""
    found = graph if whole else graph.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return sorted(found, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)))


def _tables(folder: Folder, graph: ox.Store, with_contacts: bool, progress: Progress) -> list[str]:
    """The tables of the classes as CSV on the Web and as Parquet; gives the files that stand for each."""
    found = []
    for name, write in zip(catalog.TABLES, (tables.write_csv_folder, tables.write_parquet_folder), strict=True):
        target = folder.root / "data" / name.partition("/")[0]
        target.mkdir(parents=True)
        try:
            write(graph, target, with_contacts, current=False)
        except click.UsageError as error:  # pyarrow is an extra
            target.rmdir()
            progress(error.message)
            continue
        found.append(name)
    return found


def _data(folder: Folder, graph: ox.Store, summary: dict[str, object], public: str, tables: list[str]) -> None:
    for whole in (False, True):
        ordered = quads(graph, whole)
        for name in _DUMPS:
            if name.startswith("everything") == whole:
                folder.write(f"/data/{name}", turtle.write_quads(ordered, formats.SHORT[name.rpartition(".")[2]]))
    data = folder.root / "data"
    files = [path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()]
    folder.write("/data/SHA256SUMS", digests(data, files))
    for suffix in ("ttl", "jsonld", "nt"):
        body = catalog.catalogue(public or _NOWHERE, summary, formats.SHORT[suffix], live=False, tables=tables)
        folder.write(f"/data.{suffix}", body)
    for name in ("def", "shapes"):
        folder.write(f"/{name}.ttl", reference.source(name))


def _search(folder: Folder, graph: ox.Store, pages: Pages) -> None:
    found = [(name, path) for iri, name in names(graph) if (path := path_of(iri)) and path in pages.paths]
    listed = [(name, f"..{path}/") for name, path in found]
    folder.write("/search/names.json", json.dumps(listed, ensure_ascii=False).encode())


def _snapshots(folder: Folder, old: Path, summary: dict[str, object]) -> None:
    """This version's data under an address of its own, beside those that were published before."""
    body = (folder.root / "data" / "everything.nq").read_bytes()
    name = f"{summary['newest'] or 'undated'}-{hashlib.sha256(body).hexdigest()[:8]}"
    if (old / "v").is_dir():
        shutil.copytree(old / "v", folder.root / "v")
    folder.write(f"/v/{name}/everything.nq", body)
    folder.write(f"/v/{name}/SHA256SUMS", digests(folder.root / "v" / name, ["everything.nq"]))


def _frame(folder: Folder, public: str, pages: Pages) -> None:
    """What a web host and a crawler look for."""
    folder.write("/404.html", pages.missing())
    folder.write("/.nojekyll", b"")
    robots = "User-agent: *\nAllow: /\n"
    if public:
        base = public.rstrip("/")
        places = "".join(f"<url><loc>{base}{address}</loc></url>\n" for address in _addresses(pages))
        head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        folder.write("/sitemap.xml", f"{head}{places}</urlset>\n".encode())
        robots += f"Sitemap: {base}/sitemap.xml\n"
    folder.write("/robots.txt", robots.encode())


def _addresses(pages: Pages) -> Iterator[str]:
    for path in sorted(pages.paths):
        yield re.sub("&", "&amp;", f"{path.rstrip('/')}/index.html")
