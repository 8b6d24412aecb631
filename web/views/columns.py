"""The columns of lists of things of one kind, read from the graph: a column of all things, or of those of one page."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pyoxigraph as ox

from engine.query.backends import Term
from engine.store import NAMES, select
from loaders.rdf.terms import CODE, local_name
from web import words
from web.graph import GraphReader, text_of
from web.page import Page
from web.site import path_of
from web.views.calls import state_on

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


def key_of(term: Term) -> str:
    """A value as addresses name it."""
    text = text_of(term)
    return local_name(text) if text.startswith(CODE) else (path_of(text) or text).removeprefix("/doc/")


def amount_of(values: Sequence[Term]) -> Decimal:
    """The number that a cell of money or of a count holds, 0 where it holds none."""
    return Decimal(text_of(values[0])) if values else Decimal(0)


# what is read: a column when it is asked for, of a page's things or of all. An engine takes longest for giving out terms,
# so it joins and counts, and gives no more than what is shown.


def given(things: Iterable[str]) -> str:
    """Some things, in SPARQL."""
    return f"VALUES ?thing {{ {' '.join(f'<{iri}>' for iri in things)} }}"


def cells_of(graph: GraphReader, kind: str, name: str, things: Collection[str] | None = None) -> Cells:
    """A column of some things, or of all of a kind, which is read once for a graph; each cell in one order."""
    column, everything = kinds()[kind].columns[name], kinds()[kind].all
    if things is not None:
        return _cells(graph, column.query(f"{given(things)} {column.where}"))
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


def _read_together(graph: GraphReader, kind: str) -> None:
    """Read for all things of a kind, in one query that gives out each thing once, the columns of which they have one value."""

    def has_one_value(column: Column) -> bool:
        counted = "(COUNT(*) AS ?values) (COUNT(DISTINCT ?thing) AS ?things)"
        [row] = graph.select(f"SELECT {counted} {{ {column.query(column.whole)} }}")
        return bool(row["values"] == row["things"])

    def read() -> None:
        filled = filled_of(graph, kind)
        together = [one for one in filled if one.kind != "made" and has_one_value(one)]
        parts = (one.query(one.whole).replace("?value", f"?{one.name}") for one in together)
        joined = " ".join([kinds()[kind].all, *(f"OPTIONAL {{ {part} }}" for part in parts)])
        cells: dict[str, dict[str, list[Term]]] = {one.name: {} for one in together}
        shared: dict[Term, list[Term]] = {}
        for thing, *values in select(graph.store, f"SELECT ?thing {' '.join(f'?{n}' for n in cells)} {{ {joined} }}"):
            iri = thing.value
            for of, value in zip(cells.values(), values, strict=True):
                if value is not None:
                    of[iri] = shared.setdefault(value, [value])
        empty: dict[str, Cells] = {name: {} for name, one in kinds()[kind].columns.items() if one not in filled}
        for name, column in {**empty, **cells}.items():
            graph.put(("column", kind, name), column)

    graph.once(("together", kind), read)


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


def states_of(graph: GraphReader, day: datetime.date) -> Cells:
    """Whether each call is open on a day."""
    calls = [row["thing"].value for row in graph.select(f"SELECT ?thing {kinds()['call'].all}")]
    opens, closes = ({t: key_of(v[0]) for t, v in cells_of(graph, "call", n).items()} for n in ("opens", "closes"))
    return {iri: [ox.Literal(state_on(opens.get(iri, ""), closes.get(iri, ""), day))] for iri in calls}


def items_of(graph: GraphReader, kind: str, things: Sequence[str], states: Cells | None = None) -> list[Item]:
    """Things with the values of their columns; ``states`` of calls are by default those of today."""
    some = things if len(things) <= MOST else None
    if some is None:
        _read_together(graph, kind)
    if states is None and kind == "call":
        states = states_of(graph, datetime.date.today())
    columns = {
        name: (states or {}) if one.kind == "made" else cells_of(graph, kind, name, some)
        for name, one in kinds()[kind].columns.items()
    }
    return [Item(iri, {name: cells[iri] for name, cells in columns.items() if iri in cells}) for iri in things]


def filled_of(graph: GraphReader, kind: str) -> list[Column]:
    """The columns that have a value in the graph."""

    def has_values(column: Column) -> bool:
        # what nothing has is found out without going through the things
        queries = (f"SELECT ?thing {{ {of} }} LIMIT 1" for of in (column.whole, f"{kinds()[kind].all} {column.where}"))
        return column.kind == "made" or all(map(graph.select, queries))

    return graph.once(("filled", kind), lambda: [*filter(has_values, kinds()[kind].columns.values())])
