"""The start page, the gallery of pictures, and what changed since the version before."""

from __future__ import annotations

import contextlib
import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from engine import corrections
from loaders.errors import QueryError, QueryUsageError
from loaders.rdf.terms import ID, TG
from web.formats import HttpError
from web.site import path_of
from web.source import Term
from web.views import Entry, Made, View, as_json, feed, html, questions
from web.views.calls import COMING, OPEN, earliest
from web.views.graph import DEFAULT, Graph
from web.views.lists import Item, choose, key_of
from web.views.lists import said as said_of
from web.views.questions import Answered, answer

COUNTED = ("Theme", "Project", "Implementer", "Call", "SourceDocument", "Passage")
_COUNTS = "SELECT ?class (COUNT(?s) AS ?n) WHERE {{ VALUES ?class {{ {classes} }} ?s a ?class }} GROUP BY ?class"
FIRST = "money-by-theme"
"""The question that the start page answers."""
_SHOWN = 40
_CHANGES = 500
"""Things that changed, shown on one page."""


@dataclass(frozen=True, slots=True)
class Leader:
    """The first value of a list's facet or order, with its number."""

    iri: str
    count: int


@dataclass(slots=True)
class Changed:
    """A thing with the statements that came and went."""

    iri: str
    came: list[tuple[str, Term]] = field(default_factory=list)
    went: list[tuple[str, Term]] = field(default_factory=list)


def start(view: View) -> Made:
    """The start page: what there is, one question with its answer, and where the usual questions are answered."""
    classes = " ".join(f"<{TG}{name}>" for name in COUNTED)
    counts = {
        str(row["class"])[1:-1].removeprefix(TG): int(row["n"].value)
        for row in view.graph.select(_COUNTS.format(classes=classes))
    }
    query = questions.queries().get(FIRST)
    answered: Answered | None = None
    if query:
        with contextlib.suppress(QueryError, QueryUsageError):
            answered = answer(view.graph, query, {}, _SHOWN)
    return html(
        view,
        "start.html",
        counts={name: counts.get(name, 0) for name in COUNTED},
        query=query,
        answer=_largest_first(answered) if answered and answered.rows else None,
        ministry=_ministry(view),
        organisation=_most_projects(view),
        calls=_next_calls(view),
    )


def _largest_first(answered: Answered) -> Answered:
    """The rows by their framework, each with its own passages."""
    if "framework" not in answered.columns:
        return answered
    at, rows, places = answered.columns.index("framework"), answered.rows, answered.places
    order = sorted(range(len(rows)), key=lambda n: -float(getattr(rows[n][at], "value", 0) or 0))
    return replace(answered, rows=[rows[n] for n in order], places=[places[n] for n in order] if places else [])


def _ministry(view: View) -> Leader | None:
    """The ministry that leads most themes."""
    found: dict[str, int] = defaultdict(int)
    for item in choose(view_without(view), "theme").all:
        for term in item.cells.get("leadMinistry", ()):
            found[str(term)[1:-1]] += 1
    return Leader(*max(found.items(), key=lambda pair: (pair[1], pair[0]))) if found else None


def _most_projects(view: View) -> Leader | None:
    """The organisation that is in most projects."""
    items = choose(view_without(view), "organisation").all
    first = items[0] if items else None
    count = first.amount("projects") if first else None
    return Leader(first.iri, int(count)) if first and count else None


def _next_calls(view: View) -> list[Item]:
    """Calls that are open now or open next, the soonest first."""
    coming = [i for i in choose(view_without(view), "call").all if key_of(i.cells["state"][0]) in (OPEN, COMING)]
    far = datetime.date(9999, 1, 1)
    return sorted(coming, key=lambda i: earliest(key_of(i.cells["opens"][0])) if i.cells.get("opens") else far)[:3]


def view_without(view: View) -> View:
    """The same view without parameters."""
    return View(view.graph, view.site, view.folder, (), view.address)


def gallery(view: View) -> Made:
    """The stored questions that have a picture, each with it."""
    drawn = [query for query in questions.queries().values() if query.view != "table"]
    shown = []
    for query in drawn:
        with contextlib.suppress(QueryError, QueryUsageError):
            if answer(view.graph, query, {}, 1, cite=False).drawn:
                shown.append(query)
    return html(view, "gallery.html", queries=shown)


def about_api(view: View) -> Made:
    """How programs get the data: snippets for Python, R, Excel and curl."""
    return html(view, "api.html", first=FIRST, store=len(questions.queries()))


FIELDS = ("verdict", "about", "property", "value", "document", "lines", "words", "who", "why")


def correction(view: View) -> Made:
    """A form that makes rows for the file that ``teemagraafi correct`` keeps: nothing is sent, the rows are to be copied."""
    fields = {name: " ".join(view.param(name).split()) for name in FIELDS}
    rows: list[corrections.Correction] = []
    wrong = ""
    if fields["about"] and fields["property"] and fields["value"]:
        try:
            rows = _correction_rows(view, fields)
        except (corrections.CorrectionError, ValueError) as error:
            wrong = str(getattr(error, "message", error))
    lines = ["\t".join(cells) for cells in (corrections.COLUMNS, *map(astuple, rows))]
    return html(
        view, "correct.html", 400 if wrong else 200, fields=fields, rows="\n".join(lines) if rows else "", wrong=wrong
    )


def _correction_rows(view: View, fields: Mapping[str, str]) -> list[corrections.Correction]:
    store = view.graph.store
    if not isinstance(store, ox.Store):
        raise HttpError(404, "corrections are made where the graph is built, not over an endpoint")
    about, prop, value = ox.NamedNode(fields["about"]).value, fields["property"], fields["value"]
    ox.NamedNode(corrections.property_term(prop)[1:-1])
    who, today, why = fields["who"], datetime.date.today().isoformat(), fields["why"]
    if fields["verdict"] == "reject":
        return corrections.rejections(store, about, prop, value, who=who, date=today, why=why)
    words = fields["words"] or value
    return [
        corrections.addition(store, about, prop, value, fields["document"], fields["lines"], words, (who, today, why))
    ]


def changes(view: View) -> Made:
    """What changed in the current view since the store's version before this one."""
    before = _before(view.folder)
    changed = _changed(Graph(ox.Store.read_only(str(before / "data"))), view.graph) if before else []
    if view.param("format") == "atom":
        day = _built(view.folder)
        return Made(
            feed(
                view,
                f"{view.address}/changes?format=atom",
                view.text("changes"),
                day,
                [_entry(view, one, day) for one in changed[:_CHANGES]],
            ),
            "application/atom+xml",
        )
    if view.param("format") == "json":
        return as_json(
            [
                {"iri": c.iri, "came": [[p, str(t)] for p, t in c.came], "went": [[p, str(t)] for p, t in c.went]}
                for c in changed
            ]
        )
    return html(view, "changes.html", before=before is not None, changed=changed[:_CHANGES], total=len(changed))


def _built(folder: Path) -> datetime.date:
    """The day on which a version was built."""
    manifest = folder / "manifest.json"
    return datetime.date.fromtimestamp(manifest.stat().st_mtime) if manifest.is_file() else datetime.date.today()


def _entry(view: View, one: Changed, day: datetime.date) -> Entry:
    """A thing that changed as an entry of the feed."""
    said = [f"{sign} {view.graph.name(p, view.lang)}: {said_of(view, p, term)}"
            for sign, listed in (("+", one.came), ("−", one.went)) for p, term in listed]  # fmt: skip
    address = f"{view.address}{path_of(one.iri)}"
    return Entry(
        view.graph.name(one.iri, view.lang) or one.iri,
        f"{one.iri}?version={view.version}",
        address,
        day,
        "; ".join(said),
    )


def _before(folder: Path) -> Path | None:
    """The folder of the version before the one served, None where the store has none."""
    older = [p for p in folder.parent.glob("v*") if p.name < folder.name and (p / "data").is_dir()]
    return max(older) if older else None


def _changed(before: Graph, after: Graph) -> list[Changed]:
    old = {quad.triple for quad in before.store.quads_for_pattern(None, None, None, DEFAULT)}
    new = {quad.triple for quad in after.store.quads_for_pattern(None, None, None, DEFAULT)}
    found: dict[str, Changed] = {}
    for triples, name in ((new - old, "came"), (old - new, "went")):
        for triple in sorted(triples, key=str):
            iri = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else ""
            if iri.startswith(ID) and not iri.startswith(f"{ID}passage/"):
                getattr(found.setdefault(iri, Changed(iri)), name).append((triple.predicate.value, triple.object))
    return [found[iri] for iri in sorted(found)]
