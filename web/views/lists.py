"""Lists of things of one kind with facets, sorting and paging; the same as CSV, XLSX, JSON, and calls as ICS and Atom."""

from __future__ import annotations

import codecs
import datetime
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pyoxigraph as ox

from engine.output import formats as files
from engine.query.backends import Term
from engine.store import NAMES
from loaders.rdf.terms import CODE, local_name
from web import words
from web.formats import HTML, JSON_DATA, HttpError
from web.graph import GraphReader, text_of
from web.page import Made, Page, plain
from web.site import path_of
from web.views.calls import Call, atom, ics, state_on
from web.views.things import is_spelling

SIZE = 50
"""Things on one page of a list."""
MOST = 1000
"""Things on one page that a program may ask for."""
PUBLISHED = 3000
"""Things of one kind that a static site has pages of: of a list of a hundred thousand it would be half a million files."""
_CHOICES = 100
"""Values of a facet that are looked at by name; a page shows fewer."""
_REMEMBERED = 30
"""Narrowed lists that a process keeps."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its name, the SPARQL path from a thing to its values, and what it is good for."""

    name: str
    path: str
    facet: bool = False
    shown: bool = True
    kind: str = "term"
    """``term``, ``date``, ``money`` (``path`` is the phase), ``count`` (how many values) or ``made`` (computed here)."""

    @property
    def where(self) -> str:
        """The SPARQL pattern of a thing and its values."""
        if self.kind == "money":
            return f"?o tg:about ?thing ; tg:phase <{CODE}phase/{self.path}> ; tg:amount ?value"
        return f"?thing {self.path} ?value"

    @property
    def whole(self) -> str:
        """The same for all things at once: the steps of a path are joined, where an engine would take them for each thing."""
        first, _, then = self.path.partition("/")
        if not then or self.kind == "money" or set(self.path) & set("|/(") != {"/"}:
            return self.where
        return f"{{ SELECT ?m ?value {{ ?m {then} ?value }} }} {{ SELECT ?thing ?m {{ ?thing {first} ?m }} }}"

    def query(self, where: str) -> str:
        """The SPARQL query of the values of things."""
        if self.kind == "count":
            return f"SELECT ?thing (COUNT(DISTINCT ?v) AS ?value) {{ {where.replace('?value', '?v')} }} GROUP BY ?thing"
        if self.kind == "money":
            return f"SELECT ?thing (xsd:decimal(STRAFTER(MAX(?key), ' = ')) AS ?value) {{ {where} {_KEYED} }} GROUP BY ?thing"
        return f"SELECT DISTINCT ?thing ?value {{ {where} }}"


_KEYED = (
    "OPTIONAL { ?o tg:referenceDate ?day } OPTIONAL { ?o tg:fundingScope ?scope } "
    "BIND(CONCAT(COALESCE(STR(?day), ''), ' ', COALESCE(STR(?scope), ''), ' ', STR(?o), ' = ', STR(?value)) AS ?key)"
)
"""What chooses among several current amounts of a thing, as ``queries/money-by-theme.rq`` does."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: its class, its columns by name, and what its list is sorted by at first."""

    cls: str
    sort: str
    columns: dict[str, Column]

    @property
    def all(self) -> str:
        """All things of the kind, in SPARQL."""
        return f"{{ SELECT ?thing {{ ?thing a tg:{self.cls} }} }}"


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of things that have lists, as addresses name them."""
    return {
        name: Kind(texts["class"], texts["sort"], {column["name"]: Column(**column) for column in texts["columns"]})
        for name, texts in words.read("lists").items()
    }


Cells = Mapping[str, list[Term]]
"""The values of one column by the IRIs of things."""


@dataclass(slots=True)
class Item:
    """One thing of a list with the values of its columns."""

    iri: str
    cells: dict[str, list[Term]]

    @property
    def about(self) -> str:
        """What a conflict is about; the thing itself of all others."""
        return text_of(self.cells["about"][0]) if self.cells.get("about") else self.iri

    def first(self, name: str) -> str:
        """The first value of a column as addresses name it, "" where there is none."""
        return key_of(self.cells[name][0]) if self.cells.get(name) else ""

    def amount(self, name: str) -> Decimal:
        """The number of a column of money or of a count, 0 where no document gives it."""
        return amount_of(self.cells.get(name, ()))


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
    """A list after the reader's choices: the things of all pages, the items of this one, and what they can be narrowed by."""

    all: Sequence[str]
    items: Sequence[Item]
    facets: Sequence[tuple[str, Sequence[Choice]]]
    sort: str
    number: int
    pages: int
    day: datetime.date
    states: Cells
    """Whether each call is open on that day; nothing of other kinds."""


def key_of(term: Term) -> str:
    """A value as addresses name it."""
    text = text_of(term)
    return local_name(text) if text.startswith(CODE) else (path_of(text) or text).removeprefix("/doc/")


def amount_of(values: Sequence[Term]) -> Decimal:
    """The number that a cell of money or of a count holds, 0 where it holds none."""
    return Decimal(text_of(values[0])) if values else Decimal(0)


# what is read: a column when it is asked for, of a page's things or of all. An engine takes longest for giving out terms,
# so it joins and counts, and gives no more than what is shown.


def _given(things: Iterable[str]) -> str:
    return f"VALUES ?thing {{ {' '.join(f'<{iri}>' for iri in things)} }}"


def cells_of(graph: GraphReader, kind: str, name: str, things: Collection[str] | None = None) -> Cells:
    """A column of some things, or of all of a kind, which is read once for a graph; each cell in one order."""
    column, everything = kinds()[kind].columns[name], kinds()[kind].all
    if things is not None:
        return _cells(graph, column.query(f"{_given(things)} {column.where}"))
    query = f"SELECT ?thing ?value {{ {everything} {{ {column.query(column.whole)} }} }}"
    return graph.once(("column", kind, name), lambda: _cells(graph, query))


def _cells(graph: GraphReader, query: str) -> Cells:
    cells: dict[str, list[Term]] = defaultdict(list)
    for row in graph.select(query):
        cells[row["thing"].value].append(row["value"])
    for values in cells.values():
        if len(values) > 1:
            values.sort(key=str)
    return dict(cells)


def names_of(page: Page, kind: str) -> dict[str, str]:
    """The names of all things of a kind for the reader, in their order; read and sorted once for a graph."""

    def read() -> dict[str, str]:
        conflicts = cells_of(page.graph, kind, "about") if kind == "conflict" else {}
        about = {iri: text_of(of[0]) for iri, of in conflicts.items()}
        texts: dict[str, dict[str, str]] = defaultdict(dict)
        # first all things, whether they have a label or not; then other names that some may have
        for name, optional in zip(NAMES, ("OPTIONAL", "", ""), strict=True):
            named = f"{optional} {{ SELECT ?thing ?value {{ ?thing {name} ?value }} }}"
            query = f"SELECT ?thing ?value {{ {kinds()[kind].all} {named} }}"
            for iri, values in _cells(page.graph, query).items():
                own = texts[iri]
                for value in values if values[0] else ():
                    own.setdefault(getattr(value, "language", None) or "", text_of(value))
        shown = {
            iri: label[0]
            if iri not in about and (label := words.label(of, page.lang))
            else page.name(about.get(iri, iri))
            for iri, of in texts.items()
        }
        return dict(sorted(shown.items(), key=lambda pair: (words.order(pair[1]), pair[0])))

    return page.graph.once(("by name", kind, page.lang), read)


def _states(graph: GraphReader, day: datetime.date) -> Cells:
    """Whether each call is open on a day."""
    calls = [row["thing"].value for row in graph.select(f"SELECT ?thing {kinds()['call'].all}")]
    opens, closes = ({t: key_of(v[0]) for t, v in cells_of(graph, "call", n).items()} for n in ("opens", "closes"))
    return {iri: [ox.Literal(state_on(opens.get(iri, ""), closes.get(iri, ""), day))] for iri in calls}


def items_of(graph: GraphReader, kind: str, things: Sequence[str], states: Cells | None = None) -> list[Item]:
    """Things with the values of their columns; ``states`` of calls are by default those of today."""
    some = things if len(things) <= MOST else None
    if states is None and kind == "call":
        states = _states(graph, datetime.date.today())
    columns = {
        name: (states or {}) if one.kind == "made" else cells_of(graph, kind, name, some)
        for name, one in kinds()[kind].columns.items()
    }
    return [Item(iri, {name: cells[iri] for name, cells in columns.items() if iri in cells}) for iri in things]


def _filled(graph: GraphReader, kind: str) -> list[Column]:
    """The columns that have a value in the graph."""

    def has_values(column: Column) -> bool:
        # what nothing has is found out without going through the things
        queries = (f"SELECT ?thing {{ {of} }} LIMIT 1" for of in (column.whole, f"{kinds()[kind].all} {column.where}"))
        return column.kind == "made" or all(map(graph.select, queries))

    return graph.once(("filled", kind), lambda: [*filter(has_values, kinds()[kind].columns.values())])


# what is chosen


@dataclass(slots=True)
class _Narrowed:
    """A list as its reader has narrowed it, in SPARQL: to the things of some names, and to some values of facets."""

    graph: GraphReader
    named: str
    states: Cells
    """Of the calls, on the day asked for."""
    values: dict[str, str]

    def narrow(self, kind: Kind, column: Column, keys: Sequence[str]) -> None:
        """Choose the things that have one of some values; ``-`` chooses those that have none."""
        if column.kind == "made":
            self.values[column.name] = _given(iri for iri, (state,) in self.states.items() if key_of(state) in keys)
            return
        rows = self.graph.select(f"SELECT DISTINCT ?value {{ {column.whole} }}")
        terms = " ".join(str(row["value"]) for row in rows if key_of(row["value"]) in keys)
        having = f"{{ SELECT DISTINCT ?thing {{ VALUES ?value {{ {terms} }} {{ SELECT ?thing ?value {{ {column.whole} }} }} }} }}"
        if "-" in keys:
            having = f"{having} UNION {{ {kind.all} MINUS {{ SELECT ?thing {{ {column.whole} }} }} }}"
        self.values[column.name] = having

    def things(self, but: str = "") -> str:
        """The things left, whatever their value of the facet ``but``."""
        return " ".join([self.named, *(f"{{ {having} }}" for name, having in self.values.items() if name != but)])

    def counts(self, column: Column) -> dict[str, tuple[Term | None, int]]:
        """The values of a facet by their keys, each with how many things have it; "" is for the things that have none."""
        things = self.things(column.name)
        if column.kind == "made":
            left = {row["thing"].value for row in self.graph.select(f"SELECT ?thing {{ {things} }}")}
            states = Counter(state for iri, (state,) in self.states.items() if iri in left)
            return {key_of(state): (state, count) for state, count in states.items()}
        most = "" if column.name in self.values else f"LIMIT {_CHOICES}"
        for value in ("?v", "STR(?v)"):
            values = f"SELECT DISTINCT ?thing ({value} AS ?value) {{ {column.whole.replace('?value', '?v')} }}"
            rows = self.graph.select(
                f"SELECT ?value (COUNT(*) AS ?n) {{ {things} OPTIONAL {{ {values} }} }} "
                f"GROUP BY ?value ORDER BY BOUND(?value) DESC(?n) {most}"
            )
            counts = {key_of(row["value"]) if row["value"] else "": (row["value"], int(row["n"].value)) for row in rows}
            if len(counts) == len(rows):  # else things have a text in several languages, which counts once
                break
        return counts


Facets = list[tuple[str, list[Choice]]]


def choose(page: Page, kind: str, size: int = SIZE) -> Chosen:
    """A list by the parameters of a request. HttpError 404 for a page that is not there, 400 for a wrong value."""
    of_kind, day = kinds()[kind], _day(page)
    choices = {name: page.all(name) for name, column in of_kind.columns.items() if column.facet and page.all(name)}
    states = _states(page.graph, day) if kind == "call" else {}
    # who turns the pages of a narrowed list does not wait again
    known: dict[object, tuple[Sequence[str], Facets]] = page.graph.once("narrowed", dict)
    key = kind, page.lang, day if states else None, page.param("q"), page.param("spelling"), str(choices)
    if key not in known:
        if len(known) >= _REMEMBERED:
            known.clear()
        known[key] = _narrow(page, kind, choices, states)
    named, facets = known[key]
    sort = page.param("sort") or of_kind.sort
    ordered = _sorted(page, kind, named, sort, states)
    shown = len(ordered) if page.site.live else min(len(ordered), PUBLISHED)
    pages, number = max(1, -(-shown // size)), page.whole()
    if number > pages:
        raise HttpError(404, f"the list has {pages} pages")
    items = items_of(page.graph, kind, ordered[size * (number - 1) : size * number], states)
    return Chosen(ordered, items, facets, sort, number, pages, day, states)


def _narrow(
    page: Page, kind: str, selected: Mapping[str, Sequence[str]], states: Cells
) -> tuple[Sequence[str], Facets]:
    """The things that a reader chose, in the order of their names, and what they can be narrowed by."""
    graph, of_kind, names = page.graph, kinds()[kind], names_of(page, kind)
    named = list(names)
    if kind == "conflict" and "kind" not in selected and page.param("spelling") != "yes":
        spellings = {iri for iri, terms in cells_of(graph, kind, "kind").items() if is_spelling(text_of(terms[0]))}
        named = [iri for iri in named if iri not in spellings]
    if typed := page.param("q").casefold().split():
        named = [iri for iri in named if all(word in names[iri].casefold() for word in typed)]
    narrowed = _Narrowed(graph, _given(named) if len(named) < len(names) else of_kind.all, states, {})
    for name, keys in selected.items():
        narrowed.narrow(of_kind, of_kind.columns[name], keys)
    if selected:
        left = {row["thing"].value for row in graph.select(f"SELECT ?thing {{ {narrowed.things()} }}")}
        named = [iri for iri in named if iri in left]
    facets: Facets = []
    for column in _filled(graph, kind):
        if column.facet:
            chosen = selected.get(column.name, ())
            choices = _choices(page, column.name, narrowed.counts(column), chosen)
            if len(choices) > 1 or chosen:
                facets.append((column.name, choices))
    return named, facets


def _day(page: Page) -> datetime.date:
    text = page.param("on")
    try:
        return datetime.date.fromisoformat(text) if text else datetime.date.today()
    except ValueError:
        raise HttpError(400, f"on={text!r} is not a day: write 2026-12-31") from None


def _choices(
    page: Page, name: str, counts: Mapping[str, tuple[Term | None, int]], chosen: Sequence[str]
) -> list[Choice]:
    """The values of a facet: those chosen first, then those that most things have."""
    ranked = sorted(counts.items(), key=lambda one: (one[0] not in chosen, -one[1][1], one[0]))
    choices = []
    for key, (term, count) in ranked[:_CHOICES]:
        if term is not None:
            shown, lang = page.own_name(term.value) if isinstance(term, ox.NamedNode) else (page.said(term, name), "")
            choices.append(Choice(key, shown, lang, count, key in chosen))
    choices.sort(key=lambda c: (not c.chosen, -c.count, words.order(c.name)))
    if "" in counts and choices:
        choices.append(Choice("-", page.text("not_stated"), "", counts[""][1], "-" in chosen))
    return choices


def _sorted(page: Page, kind: str, things: Sequence[str], sort: str, states: Cells) -> Sequence[str]:
    """Things that stand in the order of their names, sorted by a column, those without a value last."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name == "name":
        return things[::-1] if down else things
    columns = kinds()[kind].columns
    if name not in columns:
        raise HttpError(400, f"sort={sort!r}: there are name, {', '.join(columns)}, each also with -")
    values = states if columns[name].kind == "made" else cells_of(page.graph, kind, name)

    def key(iri: str) -> Decimal | str:
        if columns[name].kind in ("money", "count"):
            return amount_of(values[iri])
        return key_of(values[iri][0]) if columns[name].kind == "date" else words.order(page.said(values[iri][0], name))

    there = [iri for iri in things if iri in values]
    return sorted(there, key=key, reverse=down) + [iri for iri in things if iri not in values]


# the answers


def page(view: Page, kind: str) -> Made:
    """A list: its page, all that is chosen as a file (CSV, XLSX, ICS, Atom), or a page of records (JSON)."""
    if view.media == JSON_DATA:
        return _records(view, kind)
    if view.media != HTML:
        return _table(view, kind)
    chosen, filled = choose(view, kind), _filled(view.graph, kind)
    shown = [c for c in filled if c.shown] or filled  # a list of operations may have names and implementers alone
    of_kind = cells_of(view.graph, kind, "kind").values() if kind == "conflict" else ()
    return view.html(
        "list.html",
        kind=kind,
        chosen=chosen,
        columns=[column for column in shown if kind != "conflict" or column.name != "about"],
        q=view.param("q"),
        spellings=sum(is_spelling(text_of(terms[0])) for terms in of_kind),
        any_chosen=any(c.chosen for _, choices in chosen.facets for c in choices) or bool(view.param("q")),
    )


def _table(view: Page, kind: str) -> Made:
    chosen = choose(view, kind)
    items = items_of(view.graph, kind, chosen.all, chosen.states)
    name = view.text("organisations" if kind == "organisation" else f"{kind}s")
    if kind == "call" and view.media in ("text/calendar", "application/atom+xml"):
        calls = [Call(i.iri, view.name(i.iri), i.first("opens"), i.first("closes"), _web(view, i.iri)) for i in items]
        return Made(ics(view, calls) if view.media == "text/calendar" else atom(view, calls, name), view.media)
    columns = kinds()[kind].columns.values()
    names = (words.column(c.name, view.lang)[0] for c in columns)
    headings = [view.text("column_name"), *names, view.text("address"), "IRI"]
    named = names_of(view, kind)  # read already, to put them in order
    rows = [(named[i.iri], *(_cell(view, c, i) for c in columns), _web(view, i.iri), i.iri) for i in items]
    out, suffix = io.BytesIO(), "csv" if view.media == "text/csv" else "xlsx"
    if suffix == "csv":
        out.write(codecs.BOM_UTF8)  # Excel knows by the mark that it is UTF-8
        files.write_cells((headings, *rows), out)
    else:
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        files.fill(book.create_sheet(name[:31]), headings, rows)
        book.save(out)
    headers = {"content-disposition": f'attachment; filename="teemagraafi-{kind}.{suffix}"'}
    return Made(out.getvalue(), view.media, headers=headers)


def _web(page: Page, iri: str) -> str:
    path = path_of(iri)
    return f"{page.address}{path}" if path else iri


def _cell(page: Page, column: Column, item: Item) -> str | Decimal | None:
    values = item.cells.get(column.name, [])
    if column.kind == "count" or (column.kind == "money" and values):
        return item.amount(column.name)
    if not values:
        return None
    return "; ".join(key_of(t) if column.kind == "date" else page.said(t, column.name) for t in values)


def _records(page: Page, kind: str) -> Made:
    chosen, columns = choose(page, kind, min(page.whole("size", SIZE), MOST)), kinds()[kind].columns.values()

    def record(item: Item) -> dict[str, object]:
        cells = {c.name: [*map(value, item.cells.get(c.name, ()))] for c in columns}
        return {"iri": item.iri, "page": _web(page, item.iri), "name": page.graph.names(item.iri), **cells}

    def value(term: Term) -> object:
        if isinstance(term, ox.NamedNode):
            return {"iri": term.value, "name": page.graph.names(term.value)}
        return plain(term)

    return page.records(f"/doc/{kind}.json", [*map(record, chosen.items)], len(chosen.all), chosen.pages)
