"""Lists of things of one kind with facets, sorting and paging; the same as CSV, XLSX, JSON, and calls as ICS and Atom."""

from __future__ import annotations

import csv
import datetime
import io
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from loaders.rdf.terms import CODE
from web import words
from web.formats import HTML, JSON_DATA, HttpError
from web.graph import Graph, text_of
from web.page import Made, Page, local, plain
from web.site import path_of
from web.source import Term
from web.views.calls import Call, atom, ics, state_on
from web.views.things import is_spelling

SIZE = 50
"""Things on one page of a list."""
MOST = 1000
"""Things on one page that a program may ask for."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its name, the SPARQL path from a thing to its values, and what it is good for."""

    name: str
    path: str
    facet: bool = False
    shown: bool = True
    kind: str = "term"
    """``term``, ``date``, ``money`` (``path`` is the phase), ``count`` (how many values) or ``made`` (computed here)."""

    def query(self, things: str) -> str:
        """The SPARQL query of the values of things."""
        if self.kind == "count":
            return f"SELECT ?thing (COUNT(DISTINCT ?v) AS ?value) {{ {things} ?thing {self.path} ?v }} GROUP BY ?thing"
        where = f"?thing {self.path} ?value"
        if self.kind == "money":
            where = f"?o tg:about ?thing ; tg:phase <{CODE}phase/{self.path}> ; tg:amount ?value"
        return f"SELECT DISTINCT ?thing ?value {{ {things} {where} }}"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: its class, its columns, and what its list is sorted by at first."""

    cls: str
    sort: str
    columns: tuple[Column, ...]


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of things that have lists, as addresses name them."""
    read = tomllib.loads(Path(__file__).parents[1].joinpath("lists.toml").read_text(encoding="utf-8"))
    return {
        name: Kind(told["class"], told["sort"], tuple(Column(**column) for column in told["columns"]))
        for name, told in read.items()
    }


@dataclass(slots=True)
class Item:
    """One thing of a list with the values of its columns."""

    iri: str
    cells: dict[str, list[Term]] = field(default_factory=dict)
    keys: dict[str, frozenset[str]] = field(default_factory=dict)
    """The values of facets as addresses name them."""
    about: str = ""
    """What a conflict is about; the thing itself of all others."""

    def first(self, name: str) -> str:
        """The first value of a column as addresses name it, "" where there is none."""
        return key_of(self.cells[name][0]) if self.cells.get(name) else ""

    def amount(self, name: str) -> Decimal:
        """The number of a column of money or of a count, 0 where no document gives it."""
        return Decimal(text_of(self.cells[name][0])) if self.cells.get(name) else Decimal(0)

    def has(self, name: str, keys: Sequence[str]) -> bool:
        """Whether one of a column's values is among the chosen ones; ``-`` chooses what has none."""
        own = self.keys.get(name, frozenset())
        return any(key in own or (key == "-" and not own) for key in keys)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its key in addresses, its name and that name's language, how many things have it, if chosen."""

    key: str
    name: str
    lang: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """A list after the reader's choices: the items of all pages and of this one, and what they can be narrowed by."""

    all: Sequence[Item]
    items: Sequence[Item]
    facets: Sequence[tuple[str, Sequence[Choice]]]
    sort: str
    number: int
    pages: int
    day: datetime.date


def key_of(term: Term) -> str:
    """A value as addresses name it."""
    text = text_of(term)
    return local(text) if text.startswith(CODE) else (path_of(text) or text).removeprefix("/doc/")


def items_of(graph: Graph, kind: str) -> list[Item]:
    """All things of a kind with their values; read once for a graph."""

    def read() -> list[Item]:
        of_kind = kinds()[kind]
        things = f"?thing a tg:{of_kind.cls} ."
        iris = [row["thing"].value for row in graph.select(f"SELECT ?thing {{ {things} }}")]
        items = {iri: Item(iri, about=iri) for iri in iris}
        for column in of_kind.columns:
            for row in graph.select(column.query(things)) if column.kind != "made" else ():
                items[row["thing"].value].cells.setdefault(column.name, []).append(row["value"])
        faceted = [column.name for column in of_kind.columns if column.facet]
        keyed = cache(lambda *terms: frozenset(map(key_of, terms)))
        for item in items.values():
            for values in item.cells.values():
                values.sort(key=str)
            item.keys = {name: keyed(*item.cells[name]) for name in faceted if name in item.cells}
            if kind == "conflict" and item.cells.get("about"):
                item.about = text_of(item.cells["about"][0])
        return list(items.values())

    found: list[Item] = graph.once(("list", kind), read)
    return found


def _by_name(page: Page, kind: str) -> list[Item]:
    """All things of a kind in the order of their names in the reader's language; sorted once for a graph."""

    def read() -> list[Item]:
        return sorted(items_of(page.graph, kind), key=lambda i: (words.order(page.name(i.about)), i.iri))

    found: list[Item] = page.graph.once(("by name", kind, page.lang), read)
    return found


def choose(page: Page, kind: str, size: int = SIZE) -> Chosen:
    """A list by the parameters of a request. HttpError 404 for a page that is not there, 400 for a wrong value."""
    columns, items, day = kinds()[kind].columns, _by_name(page, kind), _day(page)
    if kind == "call":
        for item in items:
            item.cells["state"] = [ox.Literal(state_on(item.first("opens"), item.first("closes"), day))]
            item.keys["state"] = frozenset((item.first("state"),))
    faceted = [column.name for column in columns if column.facet]
    wanted = {name: page.all(name) for name in faceted if page.all(name)}
    if kind == "conflict" and "kind" not in wanted and page.param("spelling") != "yes":
        items = [item for item in items if not is_spelling(item.first("kind"))]
    typed = page.param("q").casefold().split()
    named = (
        [item for item in items if all(word in page.name(item.about).casefold() for word in typed)] if typed else items
    )
    chosen = [item for item in named if all(item.has(name, keys) for name, keys in wanted.items())] if wanted else named

    def facets() -> list[tuple[str, list[Choice]]]:
        found = []
        for name in faceted:
            rest = {other: keys for other, keys in wanted.items() if other != name}
            others = [i for i in named if all(i.has(*one) for one in rest.items())] if rest else named
            choices = _choices(page, name, others, wanted.get(name, ()))
            if len(choices) > 1 or name in wanted:
                found.append((name, choices))
        return found

    whole = not (typed or wanted or kind in ("call", "conflict"))
    choices = page.graph.once(("facets", kind, page.lang), facets) if whole else facets()
    sort = page.param("sort") or kinds()[kind].sort
    ordered = _sorted(page, kind, chosen, sort)
    pages, number = max(1, -(-len(ordered) // size)), page.whole()
    if number > pages:
        raise HttpError(404, f"the list has {pages} pages")
    return Chosen(ordered, ordered[size * (number - 1) : size * number], choices, sort, number, pages, day)


def _day(page: Page) -> datetime.date:
    text = page.param("on")
    try:
        return datetime.date.fromisoformat(text) if text else datetime.date.today()
    except ValueError:
        raise HttpError(400, f"on={text!r} is not a day: write 2026-12-31") from None


def _choices(page: Page, name: str, items: Sequence[Item], chosen: Sequence[str]) -> list[Choice]:
    """The values of a facet: those chosen first, then by how many things have them."""
    counts = Counter(key for item in items for key in item.keys.get(name, ()))
    terms = {key_of(term): term for term in {term for item in items for term in item.cells.get(name, ())}}
    choices = []
    for key, term in sorted(terms.items()):
        shown, lang = page.own_name(term.value) if isinstance(term, ox.NamedNode) else (page.said(term, name), "")
        choices.append(Choice(key, shown, lang, counts[key], key in chosen))
    choices.sort(key=lambda c: (not c.chosen, -c.count, words.order(c.name)))
    without = sum(not item.cells.get(name) for item in items)
    return (
        [*choices, Choice("-", page.text("not_stated"), "", without, "-" in chosen)] if without and choices else choices
    )


def _sorted(page: Page, kind: str, items: list[Item], sort: str) -> list[Item]:
    """Things that stand in the order of their names, sorted by a column, those without a value last."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name == "name":
        return [*reversed(items)] if down else items
    columns = {column.name: column for column in kinds()[kind].columns}
    if name not in columns:
        raise HttpError(400, f"sort={sort!r}: there are name, {', '.join(columns)}, each also with -")

    def key(item: Item) -> Decimal | str:
        if columns[name].kind in ("money", "count"):
            return item.amount(name)
        return item.first(name) if columns[name].kind == "date" else words.order(page.said(item.cells[name][0], name))

    there = [i for i in items if i.cells.get(name)]
    return sorted(there, key=key, reverse=down) + [i for i in items if not i.cells.get(name)]


# the answers


def page(view: Page, kind: str) -> Made:
    """A list: its page, all that is chosen as a file (CSV, XLSX, ICS, Atom), or a page of records (JSON)."""
    if view.media == JSON_DATA:
        return _records(view, kind)
    if view.media != HTML:
        return _table(view, kind)
    chosen = choose(view, kind)
    filled = [c for c in kinds()[kind].columns if any(i.cells.get(c.name) for i in chosen.all)]
    shown = [c for c in filled if c.shown] or filled  # a list of operations may have names and implementers alone
    spellings = [i for i in items_of(view.graph, kind) if is_spelling(i.first("kind"))] if kind == "conflict" else []
    return view.html(
        "list.html",
        kind=kind,
        chosen=chosen,
        columns=[column for column in shown if kind != "conflict" or column.name != "about"],
        q=view.param("q"),
        spellings=len(spellings),
        any_chosen=any(c.chosen for _, choices in chosen.facets for c in choices) or bool(view.param("q")),
    )


def _table(view: Page, kind: str) -> Made:
    chosen = choose(view, kind).all
    name = view.text("organisations" if kind == "organisation" else f"{kind}s")
    if kind == "call" and view.media in ("text/calendar", "application/atom+xml"):
        calls = [Call(i.iri, view.name(i.iri), i.first("opens"), i.first("closes"), _web(view, i.iri)) for i in chosen]
        return Made(ics(view, calls) if view.media == "text/calendar" else atom(view, calls, name), view.media)
    columns = kinds()[kind].columns
    headings = (words.column(c.name, view.lang)[0] for c in columns)
    rows: list[list[str | Decimal]] = [[view.text("column_name"), *headings, view.text("address"), "IRI"]]
    rows += [[view.name(i.about), *(_cell(view, c, i) for c in columns), _web(view, i.iri), i.iri] for i in chosen]
    suffix = "csv" if view.media == "text/csv" else "xlsx"
    headers = {"content-disposition": f'attachment; filename="teemagraafi-{kind}.{suffix}"'}
    return Made(_csv(rows) if suffix == "csv" else _workbook(name, rows), view.media, headers=headers)


def _web(page: Page, iri: str) -> str:
    path = path_of(iri)
    return f"{page.address}{path}" if path else iri


def _cell(page: Page, column: Column, item: Item) -> str | Decimal:
    values = item.cells.get(column.name, [])
    if column.kind == "count" or (column.kind == "money" and values):
        return item.amount(column.name)
    return "; ".join(key_of(t) if column.kind == "date" else page.said(t, column.name) for t in values)


def _csv(rows: Sequence[Sequence[str | Decimal]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # Excel knows by the mark that it is UTF-8


def _workbook(name: str, rows: Sequence[Sequence[str | Decimal]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = name[:31]
    for row in rows:
        sheet.append([float(v) if isinstance(v, Decimal) else v for v in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _records(page: Page, kind: str) -> Made:
    chosen = choose(page, kind, min(page.whole("size", SIZE), MOST))

    def record(item: Item) -> dict[str, object]:
        cells = {c.name: [_plain(page, t) for t in item.cells.get(c.name, ())] for c in kinds()[kind].columns}
        return {"iri": item.iri, "page": _web(page, item.iri), "name": page.graph.names(item.iri), **cells}

    return page.records(f"/doc/{kind}.json", [*map(record, chosen.items)], len(chosen.all), chosen.pages)


def _plain(page: Page, term: Term) -> object:
    if isinstance(term, ox.NamedNode):
        return {"iri": term.value, "name": page.graph.names(term.value)}
    return plain(term)
