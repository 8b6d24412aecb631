"""Lists of things of one kind with facets, sorting and paging; the same as CSV, XLSX, JSON, and calls as ICS and Atom."""

from __future__ import annotations

import csv
import datetime
import io
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from loaders.rdf.terms import CODE, DCT, TG
from web import words
from web.formats import HttpError
from web.site import path_of
from web.source import Term
from web.views import Made, View, html, plain, records
from web.views.calls import Call, atom, ics, state_on
from web.views.graph import Graph
from web.views.things import is_spelling

SIZE = 50
"""Things on one page of a list."""
MOST = 1000
"""Things on one page that a program may ask for."""
_OFFERED = 12
"""Values of a facet shown before the rest is folded away."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its name, the SPARQL path from a thing to its values, and what it is good for."""

    name: str
    path: str
    facet: bool = False
    shown: bool = True
    kind: str = "term"
    """``term``, ``date``, ``money`` (``path`` is the phase), ``count`` (how many values) or ``made`` (computed here)."""


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


_PREFIXES = f"PREFIX tg: <{TG}> PREFIX dct: <{DCT}> "


@dataclass(slots=True)
class Item:
    """One thing of a list with the values of its columns."""

    iri: str
    cells: dict[str, list[Term]]
    sort: dict[str, str] = field(default_factory=dict)
    """Name to sort by, a language."""

    def first(self, name: str) -> str:
        """The first value of a column as text, "" where there is none."""
        return key_of(self.cells[name][0]) if self.cells.get(name) else ""

    def amount(self, name: str) -> Decimal | None:
        """The number of a column of money, None where no document gives it."""
        found = self.cells.get(name)
        return Decimal(found[0].value) if found and isinstance(found[0], ox.Literal) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its key in addresses, its name, how many things have it, and whether it is chosen."""

    key: str
    name: str
    count: int
    chosen: bool
    lang: str = ""
    """The language of the name, where that is not the page's."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A property by which a list can be narrowed."""

    name: str
    choices: tuple[Choice, ...]
    first: int = _OFFERED


@dataclass(frozen=True, slots=True)
class Chosen:
    """A list after the reader's choices: the items of this page, and of all pages."""

    items: tuple[Item, ...]
    all: tuple[Item, ...]
    facets: tuple[Facet, ...]
    sort: str
    number: int
    pages: int
    day: datetime.date


def items_of(graph: Graph, kind: str) -> list[Item]:
    """All things of a kind with their values; read once for a graph."""
    if (known := graph.tables.get(kind)) is not None:
        return known
    of_kind = kinds()[kind]
    things = f"?thing a tg:{of_kind.cls} ."
    rows = graph.select(f"{_PREFIXES} SELECT ?thing {{ {things} }}")
    items = {row["thing"].value: Item(row["thing"].value, {}) for row in rows}
    for column in of_kind.columns:
        if column.kind == "made":
            continue
        variables, where, after = "DISTINCT ?thing ?value", f"?thing {column.path} ?value", ""
        if column.kind == "count":
            variables, after = "?thing (COUNT(DISTINCT ?v) AS ?value)", "GROUP BY ?thing"
            where = f"?thing {column.path} ?v"
        elif column.kind == "money":
            where = f"?o tg:about ?thing ; tg:phase <{CODE}phase/{column.path}> ; tg:amount ?value"
        for row in graph.select(f"{_PREFIXES} SELECT {variables} {{ {things} {where} }} {after}"):
            items[row["thing"].value].cells.setdefault(column.name, []).append(row["value"])
    for item in items.values():
        for values in item.cells.values():
            values.sort(key=str)
    return graph.tables.setdefault(kind, list(items.values()))


def choose(view: View, kind: str, size: int = SIZE) -> Chosen:
    """A list by the parameters of a request. HttpError 404 for a page that is not there, 400 for a wrong parameter."""
    columns = kinds()[kind].columns
    day = _day(view)
    items = items_of(view.graph, kind)
    if kind == "call":
        for item in items:
            item.cells["state"] = [ox.Literal(state_on(item.first("opens"), item.first("closes"), day))]
    wanted = {c.name: view.all(c.name) for c in columns if c.facet and view.all(c.name)}
    if kind == "conflict" and "kind" not in wanted and view.param("spelling") != "yes":
        items = [i for i in items if not is_spelling(str(i.cells.get("kind", [""])[0])[1:-1])]
    words_given = view.param("q").casefold().split()
    named = [i for i in items if all(w in _sort_name(view, kind, i).casefold() for w in words_given)]
    chosen = [i for i in named if all(_has(i, name, keys) for name, keys in wanted.items())]
    facets = tuple(
        facet
        for column in columns
        if column.facet
        and (facet := _facet(view, column, _others(named, wanted, column.name), wanted.get(column.name, [])))
    )
    sort = view.param("sort") or kinds()[kind].sort
    ordered = _sorted(view, kind, chosen, sort)
    pages, number = max(1, -(-len(ordered) // size)), view.number()
    if number > pages:
        raise HttpError(404, f"the list has {pages} pages")
    return Chosen(tuple(ordered[size * (number - 1) : size * number]), tuple(ordered), facets, sort, number, pages, day)


def _day(view: View) -> datetime.date:
    text = view.param("on")
    try:
        return datetime.date.fromisoformat(text) if text else datetime.date.today()
    except ValueError:
        raise HttpError(400, f"on={text!r} is not a day: write 2026-12-31") from None


def key_of(term: Term) -> str:
    """A value as addresses name it."""
    text = str(getattr(term, "value", term))
    return (
        text.removeprefix(CODE).rsplit("/", 1)[-1]
        if text.startswith(CODE)
        else (path_of(text) or text).removeprefix("/doc/")
    )


def _has(item: Item, name: str, keys: Sequence[str]) -> bool:
    own = {key_of(term) for term in item.cells.get(name, ())}
    return any(key in own or (key == "-" and not own) for key in keys)


def _others(items: list[Item], wanted: dict[str, list[str]], name: str) -> list[Item]:
    """The items by the choices of all other facets."""
    return [i for i in items if all(_has(i, other, keys) for other, keys in wanted.items() if other != name)]


def _facet(view: View, column: Column, items: list[Item], chosen: Sequence[str]) -> Facet | None:
    counts: Counter[str] = Counter()
    terms: dict[str, Term] = {}
    for item in items:
        for term in item.cells.get(column.name, ()):
            key = key_of(term)
            terms[key] = term
            counts[key] += 1
    without = sum(not item.cells.get(column.name) for item in items)
    choices = [
        Choice(key, said(view, column.name, terms[key]), n, key in chosen, _foreign(view, terms[key]))
        for key, n in counts.items()
    ]
    choices.sort(key=lambda c: (not c.chosen, -c.count, words.order(c.name)))
    if without and choices:
        choices.append(Choice("-", view.text("not_stated"), without, "-" in chosen))
    return Facet(column.name, tuple(choices)) if len(choices) > 1 or chosen else None


def _foreign(view: View, term: Term) -> str:
    """The language of a thing's name, "" where that is the page's."""
    found = words.label(view.graph.names(term.value), view.lang) if isinstance(term, ox.NamedNode) else None
    return found[1] if found and found[1] != view.lang else ""


def said(view: View, name: str, term: Term) -> str:
    """A value as a reader reads it, without markup."""
    if isinstance(term, ox.NamedNode):
        return view.graph.name(term.value, view.lang) or words.text_or(
            f"property_{key_of(term)}", view.lang, key_of(term)
        )
    text = str(getattr(term, "value", term))
    if words.has(f"{name}_{text}"):
        return view.text(f"{name}_{text}")
    if isinstance(term, ox.Literal) and term.datatype.value.rsplit("#", 1)[-1] in words.DATES:
        return words.date(text, view.lang)
    return text


def _sort_name(view: View, kind: str, item: Item) -> str:
    if view.lang not in item.sort:
        about = item.cells.get("about")
        iri = str(about[0])[1:-1] if kind == "conflict" and about else item.iri
        item.sort[view.lang] = view.graph.name(iri, view.lang) or item.iri
    return item.sort[view.lang]


def _sorted(view: View, kind: str, items: list[Item], sort: str) -> list[Item]:
    name, down = sort.removeprefix("-"), sort.startswith("-")
    items = sorted(
        items, key=lambda i: (words.order(_sort_name(view, kind, i)), i.iri), reverse=down and name == "name"
    )
    if name == "name":
        return items
    column = next((c for c in kinds()[kind].columns if c.name == name), None)
    if column is None:
        raise HttpError(
            400, f"sort={sort!r}: there are name, {', '.join(c.name for c in kinds()[kind].columns)}, each also with -"
        )
    keyed: Callable[[Item], object]
    if column.kind in ("money", "count"):
        keyed = lambda item: item.amount(name) or Decimal(0)  # noqa: E731
    elif column.kind == "date":
        keyed = lambda item: key_of(item.cells[name][0])  # noqa: E731
    else:
        keyed = lambda item: words.order(said(view, name, item.cells[name][0]))  # noqa: E731
    there = [i for i in items if i.cells.get(name)]
    return sorted(there, key=keyed, reverse=down) + [i for i in items if not i.cells.get(name)]


# the answers


def page(view: View, kind: str) -> Made:
    """The page of a list."""
    columns = kinds()[kind].columns
    chosen = choose(view, kind)
    shown = [c for c in columns if c.shown and any(i.cells.get(c.name) for i in chosen.all)]
    spellings = 0
    if kind == "conflict":
        spellings = sum(
            is_spelling(str(i.cells["kind"][0])[1:-1]) for i in items_of(view.graph, kind) if i.cells.get("kind")
        )
    return html(
        view,
        "list.html",
        kind=kind,
        chosen=chosen,
        columns=shown,
        q=view.param("q"),
        spellings=spellings,
        any_chosen=any(c.chosen for f in chosen.facets for c in f.choices) or bool(view.param("q")),
        said=lambda name, term: said(view, name, term),
        total=len(chosen.all),
        notes=[t for t in ("paid",) if any(c.name == t for c in shown)],
    )


def table(view: View, kind: str) -> Made:
    """A list as a file: all things that are chosen (CSV, XLSX, ICS, Atom), or a page of them (JSON)."""
    if view.media == "application/json":
        return _records(view, kind)
    chosen = choose(view, kind)
    name = view.text({"organisation": "organisations"}.get(kind, f"{kind}s"))
    if view.media == "text/calendar":
        return Made(ics([_call(view, i) for i in chosen.all]), "text/calendar; charset=utf-8")
    if view.media == "application/atom+xml":
        return Made(atom(view, [_call(view, i) for i in chosen.all], name), view.media)
    columns = kinds()[kind].columns
    head = [
        view.text("column_name"),
        *(words.column(c.name, view.lang)[0] for c in columns),
        view.text("address"),
        "IRI",
    ]
    rows = [
        [_sort_name(view, kind, i), *(_cell(view, c, i) for c in columns), _web(view, i.iri), i.iri] for i in chosen.all
    ]
    if view.media == "text/csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerows([head, *rows])
        return Made(b"\xef\xbb\xbf" + out.getvalue().encode(), view.media, headers=_named(kind, "csv"))
    return Made(_workbook(name, head, rows), view.media, headers=_named(kind, "xlsx"))


def _named(kind: str, suffix: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="teemagraafi-{kind}.{suffix}"'}


def _web(view: View, iri: str) -> str:
    path = path_of(iri)
    return f"{view.address}{path}" if path else iri


def _cell(view: View, column: Column, item: Item) -> str | Decimal:
    if column.kind in ("money", "count"):
        amount = item.amount(column.name)
        return amount if amount is not None else Decimal(0) if column.kind == "count" else ""
    if column.kind == "date":
        return "; ".join(key_of(t) for t in item.cells.get(column.name, ()))
    return "; ".join(said(view, column.name, t) for t in item.cells.get(column.name, ()))


def _workbook(name: str, head: Sequence[str], rows: Sequence[Sequence[str | Decimal]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = name[:31]
    for row in [head, *rows]:
        sheet.append([float(v) if isinstance(v, Decimal) else v for v in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _records(view: View, kind: str) -> Made:
    chosen = choose(view, kind, min(view.number("size", SIZE), MOST))
    items = [
        {
            "iri": item.iri,
            "page": _web(view, item.iri),
            "name": view.graph.names(item.iri),
            **{c.name: [_plain(view, t) for t in item.cells.get(c.name, ())] for c in kinds()[kind].columns},
        }
        for item in chosen.items
    ]
    return records(view, f"/doc/{kind}.json", items, len(chosen.all), chosen.pages)


def _plain(view: View, term: Term) -> object:
    if isinstance(term, ox.NamedNode):
        return {"iri": term.value, "name": view.graph.names(term.value)}
    return plain(term)


def _call(view: View, item: Item) -> Call:
    return Call(
        item.iri, view.graph.name(item.iri, view.lang), item.first("opens"), item.first("closes"), _web(view, item.iri)
    )
