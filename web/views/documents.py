"""A source document line by line, with what was read from each line beside it; and one passage by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from engine import source_text
from engine.store import Version
from loaders.coverage_report import LEFT_OUT, MASK, NOT_UNDERSTOOD, READ, Coverage, Item
from loaders.rdf.terms import DCT, ID, PASSAGE, TG
from web.formats import HttpError
from web.site import LINES, line_path
from web.source import Term
from web.views import Made, View, html
from web.views.graph import Graph, Place
from web.views.things import facts_of

_ABOUT = (
    *(f"{DCT}{name}" for name in ("title", "publisher", "issued", "language", "license", "source")),
    *(f"{TG}{name}" for name in ("referenceDate", "layout", "contentHash")),
)
_MOST = 200
"""Places shown of what was not taken for one reason."""
_PASSAGES = f"""
SELECT ?passage WHERE {{{{ ?passage <{TG}inDocument> <{{document}}> ; <{TG}lineStart> ?first .
  FILTER(?first >= {{low}} && ?first <= {{high}}) }}}}
"""
_LAST = f"SELECT (MAX(?line) AS ?last) WHERE {{{{ ?passage <{TG}inDocument> <{{document}}> ; <{TG}lineEnd> ?line }}}}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a passage states of one thing: (property, value) pairs."""

    thing: str
    statements: tuple[tuple[str, Term], ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage and what it states."""

    place: Place
    said: tuple[Said, ...]


@dataclass(slots=True)
class Row:
    """One line of a document as its page shows it."""

    number: int
    page: int | None
    text: str
    passages: list[Cited]
    lit: bool = False
    """Whether any fact stands on the line."""
    gap: int = 0
    """Empty lines before it that are not shown."""
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Figures that were not taken for one reason."""

    state: str
    reason: str
    count: int
    places: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ReadingReport:
    """How much of a document's figures was read."""

    total: int
    covered: int
    kinds: tuple[tuple[str, int, int, int], ...]
    """(kind, read, left out, not understood)."""
    reasons: tuple[Reason, ...]


def document(view: View, iri: str) -> Made:
    """A page of a document's lines; on the first also how it was read. HttpError 404 if there is no such document or page."""
    graph, node, number = view.graph, ox.NamedNode(iri), view.number()
    facts = [fact for fact in facts_of(graph, node) if fact.property in _ABOUT]
    if not facts or not graph.is_a(node, "SourceDocument"):
        raise HttpError(404, f"there is no document {iri}")
    name = iri.removeprefix(f"{ID}document/")
    lines = source_text.read(source_text.path_of(Version(view.folder), name))
    last = max([len(lines), *(int(r["last"].value) for r in graph.select(_LAST.format(document=iri)) if r["last"])])
    pages = max(1, -(-last // LINES))
    if number > pages:
        raise HttpError(404, f"the document has {pages} pages of {LINES} lines")
    low, high = LINES * (number - 1) + 1, LINES * number
    cited = _cited(graph, iri, low, high)
    rows = _rows(lines[low - 1 : high], cited) if lines else _rows_of_passages(cited)
    source = graph.text(node, f"{DCT}source")
    return html(
        view,
        "document.html",
        iri=iri,
        facts=sorted(facts, key=lambda f: _ABOUT.index(f.property)),
        original=source if source.startswith(("http://", "https://")) else "",
        total=sum(len(found) for found in cited.values()),
        rows=rows,
        whole=bool(lines),
        number=number,
        pages=pages,
        line=line_path,
        reading=_reading(view, name) if number == 1 else None,
    )


def passage(view: View, iri: str) -> Made:
    """One passage with what it states; HttpError 404 if there is none."""
    place = view.graph.place(iri)
    if place is None or not iri.startswith(PASSAGE):
        raise HttpError(404, f"there is no passage {iri}")
    return html(view, "passage.html", iri=iri, place=place, said=_said(view.graph, iri))


def _cited(graph: Graph, iri: str, low: int, high: int) -> dict[int, list[Cited]]:
    """Passages by the line they begin on."""
    found: dict[int, list[Cited]] = defaultdict(list)
    rows = graph.select(_PASSAGES.format(document=iri, low=low, high=high))
    for place in graph.places([str(row["passage"])[1:-1] for row in rows]):
        found[place.first].append(Cited(place, _said(graph, place.iri)))
    return found


def _said(graph: Graph, iri: str) -> tuple[Said, ...]:
    by_thing: dict[str, list[tuple[str, Term]]] = defaultdict(list)
    for quad in graph.store.quads_for_pattern(None, None, None, ox.NamedNode(iri)):
        if isinstance(quad.subject, ox.NamedNode):
            by_thing[quad.subject.value].append((quad.predicate.value, quad.object))
    return tuple(Said(subject, tuple(sorted(said, key=str))) for subject, said in sorted(by_thing.items()))


def _rows(lines: Sequence[source_text.SourceLine], cited: dict[int, list[Cited]]) -> list[Row]:
    """The lines that have words, with the passages that begin on each."""
    lit = {n for found in cited.values() for c in found for n in range(c.place.first, c.place.last + 1)}
    pages = {c.place.first: c.place.page for found in cited.values() for c in found}
    rows: list[Row] = []
    gap, page = 0, None
    for line in lines:
        if not line.text.strip() and line.number not in cited:
            gap += 1
            continue
        now = line.page or pages.get(line.number) or page
        row = Row(line.number, now, line.text.rstrip(), cited.get(line.number, []), line.number in lit, gap)
        row.new_page, page, gap = now is not None and now != page, now, 0
        rows.append(row)
    return rows


def _rows_of_passages(cited: dict[int, list[Cited]]) -> list[Row]:
    """Where a document's lines are not at hand (a list's rows, an older store): the passages' own words."""
    rows: list[Row] = []
    for _, found in sorted(cited.items()):
        for one in found:
            same = rows and rows[-1].number == one.place.first and rows[-1].text == one.place.words
            if same:
                rows[-1].passages.append(one)
            else:
                rows.append(Row(one.place.first, one.place.page, one.place.words, [one], True))
    return rows


def _reading(view: View, name: str) -> ReadingReport | None:
    """A document's coverage report; None where the build left none."""
    folder = Version(view.folder).coverage
    path = folder / f"{name}.json"
    if path.parent != folder or not path.is_file():
        return None
    report = Coverage.from_json(path.read_text(encoding="utf-8"))
    kinds = tuple((kind, s[READ], s[LEFT_OUT], s[NOT_UNDERSTOOD]) for kind, s in report.counts().items())
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in report.items:
        if item.state != READ:
            groups.setdefault((item.state, item.reason or ""), []).append(item.masked())
    ordered = sorted(groups.items(), key=lambda group: (group[0][0] == LEFT_OUT, group[0]))
    reasons = tuple(
        Reason(state, reason, len(items), tuple(i for i in items if i.words != MASK)[:_MOST])
        for (state, reason), items in ordered
    )
    return ReadingReport(report.total, report.covered, kinds, reasons)
