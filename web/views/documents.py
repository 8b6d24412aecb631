"""A source document line by line, with what was read from each line beside it; and one passage by itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from engine import source_text
from engine.query.backends import Term
from engine.source_text import SourceLine
from engine.store import Place, Version
from loaders.coverage_report import LEFT_OUT, MASK, READ, Coverage, Item
from loaders.rdf.terms import DCT, ID, PASSAGE, TG
from web.formats import HttpError
from web.graph import GraphReader
from web.page import Made, Page
from web.site import LINES, line_path
from web.views.things import facts_of

_ABOUT = (
    *(f"{DCT}{name}" for name in ("title", "publisher", "issued", "language", "license", "source")),
    *(f"{TG}{name}" for name in ("referenceDate", "layout", "contentHash")),
)
_MOST = 200
"""Places shown of what was not taken for one reason."""
Said = Mapping[str, Sequence[tuple[str, Term]]]
"""What a passage states: thing → (property, value) pairs."""


@dataclass(slots=True)
class Row:
    """One line of a document as its page shows it."""

    number: int
    page: int | None
    text: str
    passages: list[tuple[Place, Said]] = field(default_factory=list)
    """Those that begin on the line."""
    lit: bool = False
    """Whether any fact stands on the line."""
    gap: int = 0
    """Empty lines before it that are not shown."""
    new_page: bool = False


def document(page: Page, iri: str) -> Made:
    """A page of a document's lines; on the first also how it was read. HttpError 404 if there is no such document or page."""
    graph, number = page.graph, page.whole()
    facts = [fact for fact in facts_of(graph, iri) if fact[0] in _ABOUT]
    if not facts or not graph.is_a(iri, "SourceDocument"):
        raise HttpError(404, f"there is no document {iri}")
    name = iri.removeprefix(f"{ID}document/")
    lines = source_text.read(source_text.path_of(Version(page.folder), name))
    ends = [] if lines else graph.once(("last", iri), lambda: graph.asked("last_line", of=ox.NamedNode(iri)))
    last = lines[-1].number if lines else 1
    pages = -(-max([last, *(int(row["last"].value) for row in ends if row["last"])]) // LINES)
    if number > pages:
        raise HttpError(404, f"the document has {pages} pages of {LINES} lines")
    low, high = LINES * (number - 1) + 1, LINES * number
    cited, shown = _cited(graph, iri, low, high), [line for line in lines if low <= line.number <= high]
    source = graph.text(iri, f"{DCT}source")
    return page.html(
        "document.html",
        iri=iri,
        facts=sorted(facts, key=lambda fact: _ABOUT.index(fact[0])),
        original=source if source.startswith(("http://", "https://")) else "",
        total=sum(len(places_of_line) for places_of_line in cited.values()),
        rows=_rows(shown, cited, low) if lines else _rows_of_passages(cited),
        whole=bool(lines),
        number=number,
        pages=pages,
        line=lambda number: line_path(Place(name, number)),
        reading=_reading(page, name) if number == 1 else None,
    )


def passage(page: Page, iri: str) -> Made:
    """One passage with what it states; HttpError 404 if there is none."""
    place = page.graph.place(iri)
    if place is None or not iri.startswith(PASSAGE):
        raise HttpError(404, f"there is no passage {iri}")
    return page.html("passage.html", iri=iri, place=place, said=_said(page.graph, iri))


def _cited(graph: GraphReader, iri: str, low: int, high: int) -> dict[int, list[tuple[Place, Said]]]:
    """Passages, each with what it states, by the line they begin on."""
    by_line: dict[int, list[tuple[Place, Said]]] = defaultdict(list)
    numbers = " ".join(map(str, range(low, high + 1)))
    rows = graph.asked("passages_on", lines=numbers, of=ox.NamedNode(iri))
    passages = ((row["passage"].value, graph.place(row["passage"].value)) for row in rows)
    for _, passage, place in sorted((place.row or 0, passage, place) for passage, place in passages if place):
        by_line[place.lineStart or 0].append((place, _said(graph, passage)))
    return by_line


def _said(graph: GraphReader, passage: str) -> Said:
    by_thing: dict[str, list[tuple[str, Term]]] = defaultdict(list)
    for quad in graph.store.quads_for_pattern(None, None, None, ox.NamedNode(passage)):
        if isinstance(quad.subject, ox.NamedNode):
            by_thing[quad.subject.value].append((quad.predicate.value, quad.object))
    return {thing: sorted(said, key=str) for thing, said in sorted(by_thing.items())}


def _rows(lines: Iterable[SourceLine], cited: dict[int, list[tuple[Place, Said]]], first: int) -> list[Row]:
    """The lines that have words, from a number on, with the passages that begin on each."""
    places = [place for places_of_line in cited.values() for place, _ in places_of_line]
    lit = {n for place in places for n in range(place.lineStart or 0, (place.lineEnd or place.lineStart or 0) + 1)}
    pages = {place.lineStart: place.page for place in places}
    rows: list[Row] = []
    page = None
    for line in (one for one in lines if one.text.strip() or one.number in cited):
        now = line.page or pages.get(line.number) or page
        new_page = now is not None and now != page
        passages, gap = cited.get(line.number, []), line.number - first
        rows.append(Row(line.number, now, line.text.rstrip(), passages, line.number in lit, gap, new_page))
        page, first = now, line.number + 1
    return rows


def _rows_of_passages(cited: dict[int, list[tuple[Place, Said]]]) -> list[Row]:
    """Where a document's lines are not at hand (a list's rows, an older store): the passages' own words."""
    rows: dict[tuple[int, str], Row] = {}
    for first, place, said in (
        (first, *one) for first, places_of_line in sorted(cited.items()) for one in places_of_line
    ):
        row = rows.setdefault((first, place.words), Row(first, place.page, place.words, lit=True))
        row.passages.append((place, said))
    return list(rows.values())


def _reading(page: Page, name: str) -> dict[str, object] | None:
    """A document's coverage report and, by state and reason, what was not taken; None where the build left none."""
    path = (folder := Version(page.folder).coverage) / f"{name}.json"
    if path.parent != folder or not path.is_file():
        return None
    report = Coverage.from_json(path.read_text(encoding="utf-8"))
    groups: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in report.items:
        if item.state != READ:
            groups[item.state, item.reason or ""].append(item.masked())
    ordered = sorted(groups.items(), key=lambda group: (group[0][0] == LEFT_OUT, group[0]))
    reasons = [(*key, len(items), [i for i in items if i.words != MASK][:_MOST]) for key, items in ordered]
    return {"report": report, "reasons": reasons}
