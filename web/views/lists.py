"""Lists of things of one kind with facets, sorting and paging; the same as CSV, XLSX, JSON, and calls as ICS and Atom."""

import codecs
import datetime
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pyoxigraph as ox

from engine.output import formats as files
from engine.query.backends import Term
from web import words
from web.formats import HTML, JSON_DATA, HttpError
from web.graph import GraphReader, text_of
from web.page import Made, Page, plain
from web.site import kind_of, path_of
from web.views import columns
from web.views.calls import Call, atom, ics
from web.views.columns import MOST, Cells, Column, Item, Kind, cells_of, given, key_of, kinds
from web.views.things import is_spelling

SIZE = 50
"""Things on one page of a list."""
PUBLISHED = 3000
"""Things of one kind that a static site has pages of: of a list of a hundred thousand it would be half a million files."""
_CHOICES = 100
"""Values of a facet that are looked at by name; a page shows fewer."""
_REMEMBERED = 30
"""Narrowed lists that a process keeps."""


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
            self.values[column.name] = given(iri for iri, (state,) in self.states.items() if key_of(state) in keys)
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
    states = columns.states_of(page.graph, day) if kind == "call" else {}
    # who turns the pages of a narrowed list does not wait again
    known: dict[object, tuple[Sequence[str], Facets]] = page.graph.once("narrowed", dict)
    media, asked = page.media == HTML, (page.param("q"), page.param("spelling"))
    key = kind, page.lang, day if states else None, *asked, str(choices), media
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
    items = columns.items_of(page.graph, kind, ordered[size * (number - 1) : size * number], states)
    return Chosen(ordered, items, facets, sort, number, pages, day, states)


def _narrow(
    page: Page, kind: str, selected: Mapping[str, Sequence[str]], states: Cells
) -> tuple[Sequence[str], Facets]:
    """The things that a reader chose, in the order of their names, and what they can be narrowed by."""
    graph, of_kind, names = page.graph, kinds()[kind], columns.names_of(page, kind)
    named = list(names)
    if kind == "conflict" and "kind" not in selected and page.param("spelling") != "yes":
        spellings = {iri for iri, terms in cells_of(graph, kind, "kind").items() if is_spelling(text_of(terms[0]))}
        named = [iri for iri in named if iri not in spellings]
    if typed := page.param("q").casefold().split():
        named = [iri for iri in named if all(word in names[iri].casefold() for word in typed)]
    narrowed = _Narrowed(graph, given(named) if len(named) < len(names) else of_kind.all, states, {})
    for name, keys in selected.items():
        narrowed.narrow(of_kind, of_kind.columns[name], keys)
    if selected:
        left = {row["thing"].value for row in graph.select(f"SELECT ?thing {{ {narrowed.things()} }}")}
        named = [iri for iri in named if iri in left]
    facets: Facets = []
    # a file shows no choices
    for column in columns.filled_of(graph, kind) if page.media == HTML else ():
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
    by_name = kinds()[kind].columns
    if name not in by_name:
        raise HttpError(400, f"sort={sort!r}: there are name, {', '.join(by_name)}, each also with -")
    values = states if by_name[name].kind == "made" else cells_of(page.graph, kind, name)

    def key(iri: str) -> Decimal | str:
        if by_name[name].kind in ("money", "count"):
            return columns.amount_of(values[iri])
        return key_of(values[iri][0]) if by_name[name].kind == "date" else words.order(page.said(values[iri][0], name))

    there = [iri for iri in things if iri in values]
    return sorted(there, key=key, reverse=down) + [iri for iri in things if iri not in values]


# the answers


def page(view: Page, kind: str) -> Made:
    """A list: its page, all that is chosen as a file (CSV, XLSX, ICS, Atom), or a page of records (JSON)."""
    if view.media == JSON_DATA:
        return _records(view, kind)
    if view.media != HTML:
        return _table(view, kind)
    chosen, filled = choose(view, kind), columns.filled_of(view.graph, kind)
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
    items = columns.items_of(view.graph, kind, chosen.all, chosen.states)
    name = view.text("organisations" if kind == "organisation" else f"{kind}s")
    if kind == "call" and view.media in ("text/calendar", "application/atom+xml"):
        calls = [Call(i.iri, view.name(i.iri), i.first("opens"), i.first("closes"), _web(view, i.iri)) for i in items]
        return Made(ics(view, calls) if view.media == "text/calendar" else atom(view, calls, name), view.media)
    own = kinds()[kind].columns.values()
    names = (words.column(c.name, view.lang)[0] for c in own)
    headings = [view.text("column_name"), *names, view.text("address"), "IRI"]
    named = columns.names_of(view, kind)  # read already, to put them in order
    writers = [_writer(view, column, len(items) > MOST) for column in own]
    rows = [(named[i.iri], *(write(i) for write in writers), _web(view, i.iri), i.iri) for i in items]
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


def _writer(page: Page, column: Column, long: bool) -> Callable[[Item], str | Decimal | None]:
    """What writes the cells of a column; the values of a ``long`` list have their names from those of all their kind."""

    @cache
    def said(term: Term) -> str:
        if column.kind == "date":
            return key_of(term)
        kind = kind_of(term.value) if long and isinstance(term, ox.NamedNode) else ""
        name = columns.names_of(page, kind).get(text_of(term)) if kind in kinds() else None
        return page.said(term, column.name) if name is None else name

    def write(item: Item) -> str | Decimal | None:
        values = item.cells.get(column.name, [])
        if column.kind == "count" or (column.kind == "money" and values):
            return item.amount(column.name)
        return "; ".join(map(said, values)) if values else None

    return write


def _records(page: Page, kind: str) -> Made:
    chosen, own = choose(page, kind, min(page.whole("size", SIZE), MOST)), kinds()[kind].columns.values()

    def record(item: Item) -> dict[str, object]:
        cells = {c.name: [*map(value, item.cells.get(c.name, ()))] for c in own}
        return {"iri": item.iri, "page": _web(page, item.iri), "name": page.graph.names(item.iri), **cells}

    def value(term: Term) -> object:
        if isinstance(term, ox.NamedNode):
            return {"iri": term.value, "name": page.graph.names(term.value)}
        return plain(term)

    return page.records(f"/doc/{kind}.json", [*map(record, chosen.items)], len(chosen.all), chosen.pages)
