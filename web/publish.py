"""The graph as a static site: the application's own answers, page by page, and the data as files.

The site is asked in this process from its start page on: whatever a page links to is fetched, written under a file name, and
the link is changed to lead there. A link to what the site does not have leads to the thing's permanent address.
"""

import asyncio
import hashlib
import json
import posixpath
import re
import shutil
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import click
import pyoxigraph as ox
from starlette.applications import Starlette
from starlette.responses import Response

from engine.output import tables
from engine.store import current
from loaders.data import replacing_folder
from loaders.errors import UserError
from web import words
from web.app import create_app
from web.formats import HTML, SETTINGS, WRITERS
from web.pool import Pool
from web.process import Answer, Settings
from web.site import iri_of
from web.source import Generation
from web.source import public as visible
from web.views.lists import PUBLISHED
from web.views.reference import DUMPS, TABLES
from web.worker import Worker

_STATIC = Path(__file__).with_name("static")
_NOWHERE = "https://example.org"
"""Stands for the site's own address where none was named."""
_LINK = re.compile(r'\b(href|src|action|data-setup|data-names)="(/[^"]*)"')
_ANCHOR = re.compile(r'\bid="([^"]*)"')
_LONGEST = 240
"""Bytes of the longest name of a file: file systems end at 255."""
_WRITTEN = "/?:@!$&'()*+,;=-._~%"
"""What stands as it is in an address that a page has."""
Progress = Callable[[str], None]
MARK = "teemagraafi-site.json"
"""The file that tells a site of ours from a folder of others."""


@dataclass(slots=True)
class Folder:
    """A site being written below ``root``."""

    root: Path
    written: set[str] = field(default_factory=set)

    def write(self, path: str, body: bytes) -> None:
        """One file of the site; its path begins with a slash."""
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        self.written.add(path)


@contextmanager
def replacing(out: Path) -> Iterator[Folder]:
    """A new site to fill; it takes the place of ``out`` when the block ends well, and vanishes when it does not."""
    try:
        with replacing_folder(out, "a site of ours", lambda folder: (folder / MARK).is_file()) as beside:
            yield Folder(beside)
    except OSError as error:
        reason = " ".join(filter(None, [error.strerror or str(error), error.filename and Path(error.filename).name]))
        raise click.ClickException(f"{out}: cannot be written ({reason}); the old site is as it was") from None


def digests(root: Path, paths: list[str]) -> bytes:
    """Checksums of files below a folder in the form that ``sha256sum --check`` reads."""
    lines = (f"{hashlib.sha256((root / path).read_bytes()).hexdigest()}  {path}" for path in sorted(paths))
    return "".join(f"{line}\n" for line in lines).encode()


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written."""

    pages: int
    files: int
    bytes: int


class InProcess(Pool):
    """The application's workers, without processes: the store is answered from right here."""

    def __init__(self, settings: Settings, data: Path, generation: Generation) -> None:
        """Open the store's public copy."""
        super().__init__(settings)
        self.generation = generation
        version = generation.version.path
        self._worker = Worker(str(data), "", 2**62, str(version))

    @property
    def tag(self) -> str:
        """The version's; it does not change."""
        return self.generation.tag

    async def ask(self, request: dict[str, Any], lane: str = "", client: str = "") -> Answer:
        """The answer, made here."""
        head, body = self._worker.answer(request)
        if path := head.pop("file", None):
            body = Path(path).read_bytes()
            Path(path).unlink()
        return Answer(**head, body=bytes(body))

    async def index(self) -> Path:
        """No page of a static site searches."""
        return Path()


async def _ask(app: Starlette, address: str, accept: str) -> Response:
    """The application's answer to GET, without a client between: it would take a third of the time of a site."""
    path, _, query = address.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": quote(path, safe=_WRITTEN).encode(),
        "query_string": quote(query, safe=_WRITTEN).encode(),
        "root_path": "",
        "headers": [(b"host", b"site"), (b"accept", accept.encode())],
        "server": ("site", None),
        "client": ("127.0.0.1", 123),
    }
    heads: list[dict[str, Any]] = []
    body = bytearray()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            heads.append(message)
        else:
            body.extend(message.get("body", b""))

    await app(scope, receive, send)
    headers = {name.decode(): value.decode("latin-1") for name, value in heads[0]["headers"]}
    return Response(bytes(body), heads[0]["status"], headers)


class _Crawl:
    """Asks the application for a page, for what that links to, and so on; each answer becomes a file."""

    def __init__(self, app: Starlette, folder: Folder, root: str, progress: Progress) -> None:
        self._app, self._folder, self._root, self._progress = app, folder, root, progress
        self.files: dict[str, str] = {}
        """Address → file, for all that the site has."""
        self._anchors: dict[str, set[str]] = {}
        """Page → its places that links can lead to."""
        self._kinds: Counter[tuple[str, str]] = Counter()
        self._queue: deque[str] = deque()
        self._seen: set[str] = set()

    async def run(self) -> int:
        """Fetch everything, then set the links; gives the number of pages."""
        for seed in SETTINGS["published"]["first"]:
            for lang in words.LANGUAGES:
                self._want(f"{seed}?lang={lang}" if "." not in seed else seed)
        while self._queue:
            await self._fetch(self._queue.popleft())
        for file in self._anchors:
            path = self._folder.root / file.lstrip("/")
            path.write_bytes(self._relinked(file, path.read_bytes().decode()).encode())
        return len(self._anchors)

    def _want(self, address: str) -> None:
        if address not in self._seen:
            self._seen.add(address)
            self._queue.append(address)

    async def _fetch(self, address: str) -> None:
        file = file_of(address)
        if self._too_many(address) or any(len(part.encode()) > _LONGEST for part in file.split("/")):
            return
        if file in self._folder.written:  # the data and the assets are written already
            self.files[address] = file
            return
        answer = await _ask(self._app, address, "text/html, */*;q=0.1")
        body = bytes(answer.body)
        if answer.status_code != 200:
            if answer.status_code not in (303, 404):
                self._progress(f"{address}: {answer.status_code} {body.decode().strip()[:200]}")
            return
        if file.endswith("/setup.json") or "/setup." in file:
            body = _setup(json.loads(body), file)
        self._folder.write(file, body)
        self.files[address] = file
        if answer.headers.get("content-type", "").startswith(HTML):
            text = body.decode()
            self._anchors[file] = set(_ANCHOR.findall(text))
            for match in _LINK.finditer(text):
                self._want(self._address(unescape(match[2]))[0])

    def _too_many(self, address: str) -> bool:
        """Whether a page is of a thing beyond those that a site shows: the data have it, and a server shows it."""
        path, _, query = address.partition("?")
        parts, lang = path.split("/"), dict(parse_qsl(query)).get("lang", "")
        if len(parts) < 4 or parts[1] != "doc" or not lang:
            return False
        self._kinds[parts[2], lang] += 1
        if self._kinds[parts[2], lang] == PUBLISHED + 1 and lang == "fi":
            self._progress(f"more than {PUBLISHED:,} pages of {parts[2]}: the others are left out; the data hold all")
        return self._kinds[parts[2], lang] > PUBLISHED

    def _address(self, link: str) -> tuple[str, str]:
        """A link as the application is asked for it, and its fragment."""
        plain, _, fragment = link.removeprefix(self._root).partition("#")
        return plain or "/", fragment

    def _relinked(self, file: str, text: str) -> str:
        anchors, here = self._anchors, posixpath.dirname(file)

        def relative(match: re.Match[str]) -> str:
            address, fragment = self._address(unescape(match[2]))
            target = self.files.get(address)
            if target is None:
                return f'{match[1]}="{escape(_permanent(address))}"'
            dead = fragment and target in anchors and unquote(fragment) not in anchors[target] and "=" not in fragment
            if dead and fragment.startswith("L"):  # a line without words, or one that belongs to the page alone
                fragment = ""
            elif dead:
                raise UserError(f"{file}: {match[2]} leads to no place of {target}")
            return f'{match[1]}="{escape(path_between(here, target))}{f"#{fragment}" if fragment else ""}"'

        return _LINK.sub(relative, text)


def path_between(folder: str, file: str) -> str:
    """The relative address of a file as a page in a folder writes it, both from the site's root on."""
    here, there = folder.strip("/").split("/") if folder != "/" else [], file.strip("/").split("/")
    same = 0
    while same < min(len(here), len(there) - 1) and here[same] == there[same]:
        same += 1
    return quote("/".join([".."] * (len(here) - same) + there[same:]), safe="/:@!$&'()*,;=~-._+")


def file_of(address: str) -> str:
    """The file of an address: a page is ``…/index.sv.html``, in Finnish ``index.html``; a file has its language in its name."""
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    path, lang = unquote(parts.path), asked.get("lang", "fi")
    name = path.rsplit("/", 1)[-1]
    if path.startswith(("/static/", "/data/", "/v/")):
        return path
    suffix = name.rpartition(".")[2]
    known = {"ttl", "jsonld", "nt", "csv", "tsv", "json", "svg", "xml", "txt", "ics", "atom", "rdf"}
    if "." in name and suffix in known:
        head = path.removesuffix(f".{suffix}")
        return f"{head}.{lang}.{suffix}" if "lang" in asked else path
    number = asked.get("page", "1")
    page = "index" + (f".{number}" if number != "1" else "") + ("" if lang == "fi" else f".{lang}") + ".html"
    return posixpath.join("/", path.strip("/"), page)


def _permanent(address: str) -> str:
    path = address.partition("?")[0]
    if path.startswith("/doc/"):
        return iri_of(path.removeprefix("/doc/"))
    raise UserError(f"a page links to {address}, which the site does not have")


def _setup(setup: dict[str, Any], file: str) -> bytes:
    """The editor's settings with addresses that hold in any folder of any host."""
    lang = file.rsplit(".", 2)[-2]
    setup |= {"endpoint": "../sparql", "dump": "../data/everything.nq", "pages": "../doc/"}
    setup["suffix"] = "/index.html" if lang == "fi" else f"/index.{lang}.html"
    return json.dumps(setup, ensure_ascii=False).encode()


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
        for path in sorted(_STATIC.rglob("*")):
            if path.is_file():
                folder.write(f"/static/{path.relative_to(_STATIC).as_posix()}", path.read_bytes())
        progress("data")
        formats = _tables(folder, graph, with_contacts, progress)
        _data(folder, graph)
        progress("pages")
        settings = Settings(
            Path(store), public=public or _NOWHERE, live=False, with_contacts=with_contacts, services=tuple(formats)
        )
        pages = asyncio.run(_pages(settings, data, Generation(version, data, ExitStack()), folder, progress))
        _frame(folder, target, bool(public))
        about = {"documents": version.manifest.get("documents", []), "triples": len(graph)}
        folder.write(f"/{MARK}", f"{json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode())
    sizes = [path.stat().st_size for path in target.rglob("*") if path.is_file()]
    return Summary(pages, len(sizes), sum(sizes))


async def _pages(settings: Settings, data: Path, generation: Generation, folder: Folder, progress: Progress) -> int:
    app = create_app(settings.store, settings, InProcess(settings, data, generation))
    root = urlsplit(settings.public).path.rstrip("/")
    pages = await _Crawl(app, folder, root, progress).run()
    missing = await _ask(app, "/nothing-here", HTML)
    base = f'<base href="{escape(settings.public.rstrip("/"))}/">' if settings.public != _NOWHERE else ""
    text = bytes(missing.body).decode().replace('<meta charset="utf-8">', f'<meta charset="utf-8">{base}')
    # this page is shown at any depth: its links are those of the site's root
    links = re.compile(r'\b(href|src|action)="/[^"]*?(static/[^"]*|)"')
    text = links.sub(lambda match: f'{match[1]}="{match[2] or "index.html"}"', text)
    folder.write("/404.html", text.encode())
    return pages


def sorted_quads(graph: ox.Store, whole: bool) -> list[ox.Quad]:
    """Statements in one order, whatever order the store has them in."""
    quads = graph if whole else graph.quads_for_pattern(None, None, None, ox.DefaultGraph())
    return sorted(quads, key=lambda q: (str(q.graph_name), str(q.subject), str(q.predicate), str(q.object)))


def _tables(folder: Folder, graph: ox.Store, with_contacts: bool, progress: Progress) -> list[str]:
    """The tables of the classes as CSV on the Web and as Parquet; gives the folders of those that were written."""
    written = []
    for name, write in zip(TABLES, (tables.write_csv_folder, tables.write_parquet_folder), strict=True):
        kind = name.partition("/")[0]
        target = folder.root / "data" / kind
        target.mkdir(parents=True)
        try:
            write(graph, target, with_contacts, current=False)
        except UserError as error:  # pyarrow is an extra
            target.rmdir()
            progress(error.message)
            continue
        folder.written |= {f"/data/{p.relative_to(folder.root / 'data').as_posix()}" for p in target.rglob("*")}
        written.append(kind)
    return written


def _data(folder: Folder, graph: ox.Store) -> None:
    for whole in (False, True):
        ordered = sorted_quads(graph, whole)
        for name, (_, media, _) in DUMPS.items():
            if name.startswith("everything") == whole:
                form = WRITERS[media]
                written = ordered if form.supports_datasets else (q.triple for q in ordered)
                folder.write(f"/data/{name}", ox.serialize(written, format=form) or b"")
    data = folder.root / "data"
    files = [path.relative_to(data).as_posix() for path in data.rglob("*") if path.is_file()]
    folder.write("/data/SHA256SUMS", digests(data, files))


def _frame(folder: Folder, old: Path, public: bool) -> None:
    """The snapshots, the names for the search, and what a web host looks for."""
    body = (folder.root / "data" / "everything.nq").read_bytes()
    names = json.loads((folder.root / "search" / "names.json").read_bytes())
    there = [[name, href] for name, href in names if f"{href.removeprefix('..')}index.html" in folder.written]
    folder.write("/search/names.json", json.dumps(there, ensure_ascii=False).encode())
    dates = sorted(re.findall(rb'def#referenceDate> "([\d-]+)"', body))
    name = f"{dates[-1].decode() if dates else 'undated'}-{hashlib.sha256(body).hexdigest()[:8]}"
    if (old / "v").is_dir():
        shutil.copytree(old / "v", folder.root / "v")
    folder.write(f"/v/{name}/everything.nq", body)
    folder.write(f"/v/{name}/SHA256SUMS", digests(folder.root / "v" / name, ["everything.nq"]))
    folder.write("/.nojekyll", b"")
    if not public:
        (folder.root / "sitemap.xml").unlink()
        folder.write("/robots.txt", b"User-agent: *\nAllow: /\n")
