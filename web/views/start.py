"""The start page, the gallery of pictures, the form for corrections, and what changed since the version before."""

import contextlib
import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from engine import corrections
from engine.output.charts import span
from engine.query.backends import Term
from loaders.errors import QueryError, QueryUsageError
from loaders.rdf.terms import ID, TG
from web import words
from web.formats import HTML, HttpError
from web.graph import CURRENT, GraphReader
from web.page import Made, Page, as_json
from web.site import kind_of, path_of
from web.views import questions
from web.views.calls import COMING, OPEN
from web.views.columns import Item, amount_of, cells_of, items_of, names_of
from web.views.questions import Answered
from web.views.things import PHASES

COUNTED = ("Theme", "Project", "Organisation", "Call", "SourceDocument", "Passage")
_SHOWN = 40
_CHANGES = 500
"""Things that changed, shown on one page."""


def start(page: Page) -> Made:
    """The start page: what there is, one question with its answer, and where the usual questions are answered."""
    rows = page.graph.once("counts", lambda: page.graph.asked("counts"))
    counts = dict.fromkeys(COUNTED, 0) | {row["class"].value.removeprefix(TG): int(row["n"].value) for row in rows}
    query, answered = questions.queries()[questions.FIRST], None
    with contextlib.suppress(QueryError, QueryUsageError):
        answered = _largest_first(questions.answer(page.graph, query, {}))
    # the ministry that leads most themes, and how many
    leading = Counter(str(t)[1:-1] for terms in cells_of(page.graph, "theme", "leadMinistry").values() for t in terms)
    return page.html(
        "start.html",
        counts=counts,
        query=query,
        answer=answered if answered and answered.rows else None,
        layers=_layers(answered) if answered else [],
        phases=PHASES,
        ministry=max(leading.items(), key=lambda pair: (pair[1], pair[0])) if leading else None,
        organisation=_largest(page),
        calls=_next_calls(page),
    )


def _largest_first(answered: Answered) -> Answered:
    """The rows by their framework, each with its own passages."""
    at, rows, places = answered.columns.index("framework"), answered.rows[:_SHOWN], answered.places
    order = sorted(range(len(rows)), key=lambda n: -float(getattr(rows[n][at], "value", 0) or 0))
    return replace(answered, rows=[rows[n] for n in order], places=[places[n] for n in order] if places else [])


def _layers(answered: Answered) -> list[tuple[str, list[str]]]:
    """(theme, its amounts of the phases, "" for one that no document states) of the themes with a framework."""
    at = answered.columns.index("themeLabel")
    places = [answered.columns.index(phase) for phase in PHASES]
    amounts = [(answered.thing_of(row, at), [getattr(row[n], "value", "") for n in places]) for row in answered.rows]
    return [(theme, of) for theme, of in amounts if theme and of[0]]


def _largest(page: Page) -> Item | None:
    """The organisation of most projects, of several the first by name."""
    projects = {iri: amount_of(cell) for iri, cell in cells_of(page.graph, "organisation", "projects").items()}
    most = max(projects.values(), default=0)
    largest = page.by_name(iri for iri, number in projects.items() if number == most)
    return items_of(page.graph, "organisation", largest[:1])[0] if largest else None


def _next_calls(page: Page) -> list[Item]:
    """Calls that are open now or open next, the soonest first."""
    calls = items_of(page.graph, "call", [*names_of(page, "call")])
    coming = [item for item in calls if item.first("state") in (OPEN, COMING)]
    return sorted(coming, key=lambda item: (span(item.first("opens")) or (datetime.date.max,))[0])[:3]


def gallery(page: Page) -> Made:
    """The stored questions that have a picture, each with it."""
    drawn = [query for query in questions.queries().values() if questions.drawn(page.graph, query)]
    return page.html("gallery.html", queries=drawn)


def about_api(page: Page) -> Made:
    """How programs get the data: snippets for Python, R, Excel and curl; for a program the stored questions by name."""
    listed = questions.queries().values()
    if page.media == HTML:
        return page.html("api.html", first=questions.FIRST, store=len(listed))
    summaries = [(query, {lang: query.title(lang) for lang in words.LANGUAGES}) for query in listed]
    at = f"{page.address}/api/"
    return as_json([{"name": q.name, "summary": s, "tags": q.tags, "url": at + q.name} for q, s in summaries])


FIELDS = ("verdict", "about", "property", "value", "document", "lines", "words", "who", "why")


def correction(page: Page) -> Made:
    """A form that makes rows for the file that ``teemagraafi correct`` keeps: nothing is sent, the rows are to be copied."""
    fields = {name: " ".join(page.param(name).split()) for name in FIELDS}
    text, wrong = "", ""
    if fields["about"] and fields["property"] and fields["value"]:
        try:
            rows = [row.cells for row in _correction_rows(page.graph, fields)]
            text = "\n".join("\t".join(cells) for cells in (corrections.COLUMNS, *rows)) if rows else ""
        except ValueError:
            wrong = page.text("correct_no_address")
        except corrections.CorrectionError:
            key = "correct_unknown_document" if fields["verdict"] == "add" else "correct_not_stated"
            prop = corrections.property_term(fields["property"])[1:-1]
            values = [page.said(term, prop) for term in page.graph.objects(fields["about"], prop)]
            wrong = page.text(key, document=fields["document"], value=fields["value"], values=", ".join(values) or "–")
    return page.html("correct.html", 400 if wrong else 200, fields=fields, rows=text, wrong=wrong)


def _correction_rows(graph: GraphReader, fields: Mapping[str, str]) -> list[corrections.Correction]:
    if not isinstance(graph.store, ox.Store):
        raise HttpError(404, "corrections are made where the graph is built, not over an endpoint")
    about, prop, value = ox.NamedNode(fields["about"]).value, fields["property"], fields["value"]
    ox.NamedNode(corrections.property_term(prop)[1:-1])
    who, today, why = fields["who"], datetime.date.today().isoformat(), fields["why"]
    if fields["verdict"] == "reject":
        return corrections.rejections(graph.store, about, prop, value, who=who, date=today, why=why)
    where = fields["document"], fields["lines"], fields["words"] or value
    return [corrections.addition(graph.store, about, prop, value, *where, (who, today, why))]


Came = Mapping[str, list[tuple[str, Term]]]
Changed = dict[str, Came]
"""Thing → ``came`` and ``went`` → (property, value) of the statements that came and went."""


def changes(page: Page) -> Made:
    """What changed in the current view since the store's version before this one."""
    folder = page.folder  # beside it is the version before, where the store has one
    older = [p for p in folder.parent.glob("v*") if p.name < folder.name and (p / "data").is_dir()]
    changed = page.graph.once("changes", lambda: _changed(max(older), page.graph)) if older else {}
    shown = list(changed.items())[:_CHANGES]
    if page.param("format") == "atom":
        built = folder / "manifest.json"
        day = datetime.date.fromtimestamp(built.stat().st_mtime) if built.is_file() else datetime.date.today()
        entries = [_entry(page, iri, one, day) for iri, one in shown]
        this = f"{page.address}/changes?format=atom"
        body = page.render("feed.atom", this=this, title=page.text("changes"), updated=day, entries=entries)
        return Made(body, "application/atom+xml")
    if page.param("format") == "json":
        written = {iri: {k: [(p, str(t)) for p, t in said] for k, said in one.items()} for iri, one in changed.items()}
        return as_json([{"iri": iri, **one} for iri, one in written.items()])
    return page.html("changes.html", before=bool(older), changed=shown, total=len(changed))


def _entry(page: Page, iri: str, one: Came, day: datetime.date) -> tuple[str, str, str, datetime.date, str]:
    """A thing that changed as an entry of the feed."""
    signed = [(sign, *said) for sign, key in (("+", "came"), ("−", "went")) for said in one[key]]
    summary = "; ".join(f"{sign} {page.name(p)}: {page.said(term, p)}" for sign, p, term in signed)
    return page.name(iri), f"{iri}?version={page.version}", f"{page.address}{path_of(iri)}", day, summary


def _changed(before: Path, after: GraphReader) -> Changed:
    stores = ox.Store.read_only(str(before / "data")), after.store
    old, new = ({q.triple for q in store.quads_for_pattern(None, None, None, CURRENT)} for store in stores)
    changed: Changed = defaultdict(lambda: {"came": [], "went": []})
    for triples, key in ((new - old, "came"), (old - new, "went")):
        for triple in sorted(triples, key=str):
            iri = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else ""
            if iri.startswith(ID) and kind_of(iri) != "passage":
                changed[iri][key].append((triple.predicate.value, triple.object))
    return {iri: changed[iri] for iri in sorted(changed)}
