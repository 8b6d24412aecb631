"""One thing: its facts with the passages that state them, its money, parts and conflicts, and what refers to it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from loaders.rdf.terms import CODE, DCT, ID, RDF, RDFS, SKOS, TG, WRITTEN
from web import draw
from web.formats import HttpError
from web.source import Term
from web.views import Made, View, html
from web.views.graph import DEFAULT, HISTORY, TYPE, Fact, Graph, Place, Value, tg
from web.worker import write_triples

_MOST = 100
"""Things of one kind that refer to a thing, shown on its page."""
_MOST_READ = 20_000
"""Statements about a thing that are looked at to find those that refer to it."""
_HIDDEN = {
    *(f"{TG}{name}" for name in ("participation", "implementer", "leadImplementer")),
    *(f"{RDF}type", f"{RDFS}isDefinedBy", f"{SKOS}topConceptOf"),
}
"""Properties that a page shows in another form, or that say what another one says."""
_PHASES = ("framework", "reserved", "committed", "paid")
_NAMES = (f"{RDFS}label", f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}notation", f"{SKOS}definition")
_OWN = """acronym projectCode groupCode abbreviation inProgramme period themeGroup inTheme callFor fund priority specificObjective
objectiveAsStated leadMinistry ministry intermediateBody coordinationProject startDate endDate opens closes place status
fundedFrom organisation role nameAsStated organisationType businessId subTheme targetGroup webPage"""
_ORDER = {iri: at for at, iri in enumerate([*_NAMES, *(TG + name for name in _OWN.split())])}
"""Properties in the order of a page; the others follow by their names."""
_REFERRERS_HIDDEN = {
    *(f"{TG}{n}" for n in ("about", "statedIn", "alternativeValue", "chosen", "alternative", "onProperty", "shareOf")),
    *(f"{RDFS}isDefinedBy", f"{SKOS}topConceptOf"),
}
_KINDS = ("theme", "project", "call", "organisation", "document", "observation")
"""Kinds, as addresses name them, in the order in which a page lists what refers to a thing."""
_DRAWN = tuple(f"{ID}{kind}/" for kind in ("theme", "project", "organisation", "call"))
"""What is drawn among a thing's neighbours."""
_THING = (
    f"PREFIX tg: <{TG}> "
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ BIND(<{iri}> AS ?s) }} UNION {{ ?s tg:about <{iri}> }} "
    "UNION {{ <{iri}> tg:participation ?s }} ?s ?p ?o }}"
)
_PASSAGE = (
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ BIND(<{iri}> AS ?s) ?s ?p ?o }} UNION {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} }}"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One observation of money or a count: what of, how much, as stated, of which day, and where it stands."""

    iri: str
    phase: str
    """IRI of the phase, or of the measure of a count."""
    amount: str
    as_stated: str
    date: str
    scope: str
    places: tuple[Place, ...]
    latest: bool = True
    """Whether it holds now, or did before (the history)."""
    shares: tuple[tuple[str, str], ...] = ()
    """(IRI of a ministry or participation, amount) of each stated share."""


@dataclass(frozen=True, slots=True)
class Part:
    """One organisation's part in a project."""

    iri: str
    organisation: str
    role: str
    code: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What documents disagree on: each alternative with its passages."""

    iri: str
    kind: str
    about: str
    chosen: Term | None
    alternatives: tuple[Value, ...]
    on: str
    """The property."""

    @property
    def spelling(self) -> bool:
        """Whether it is one of wording alone."""
        return is_spelling(self.kind)


@dataclass(frozen=True, slots=True)
class Referrers:
    """Things of one kind that refer to a thing by one property."""

    kind: str
    property: str
    total: int
    all: bool
    """Whether ``total`` is all there are, or all that were looked at."""
    things: tuple[str, ...]


@dataclass(slots=True)
class Tie:
    """A neighbour and the properties that tie it to the thing."""

    iri: str
    properties: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Times:
    """The first and last day of a thing as precise as they are known, "" where one is not known."""

    iri: str
    kind: str
    first: str
    last: str


def thing(view: View, iri: str) -> Made:
    """The page of one thing; HttpError 404 if the graph says nothing of it."""
    graph, node = view.graph, ox.NamedNode(iri)
    facts, referrers = facts_of(graph, node), _referrers(graph, node)
    if not facts and not referrers:
        raise HttpError(404, f"the graph knows nothing called {iri}")
    parts = _parts(graph, node)
    return html(
        view,
        "thing.html",
        iri=iri,
        types=[t.value for t in graph.objects(node, TYPE) if isinstance(t, ox.NamedNode) and t.value.startswith(TG)],
        facts=[f for f in facts if f.property not in _HIDDEN and not _is_second_title(f, facts)],
        money=amounts_about(graph, node, "FinancialObservation"),
        counts=amounts_about(graph, node, "StatisticalObservation"),
        parts_=parts,
        notes=lambda one: notes(graph, one),
        summary=_summary(view, node, parts),
        conflicts=_conflicts(graph, node),
        referrers=referrers,
        around=_around(graph, facts, parts, referrers),
        spans=_spans(graph, iri, referrers),
    )


def data(view: View, iri: str) -> Made:
    """What the graph says of a thing, as triples; HttpError 404 if it says nothing."""
    if not view.graph.known(ox.NamedNode(iri)):
        raise HttpError(404, f"the graph knows nothing called {iri}")
    query = (_PASSAGE if iri.startswith(f"{ID}passage/") else _THING).format(iri=iri)
    found = view.graph.store.query(query)
    assert isinstance(found, ox.QueryTriples), "a CONSTRUCT query answers with triples"
    body = write_triples(found, view.media, WRITTEN)
    return Made(body, view.media, headers={"link": f'<{iri}>; rel="describedby"'})


def conflict_page(view: View, iri: str) -> Made:
    """The page of a conflict; HttpError 404 if there is no such conflict."""
    node = ox.NamedNode(iri)
    if not view.graph.is_a(node, "Conflict"):
        raise HttpError(404, f"there is no conflict {iri}")
    return html(view, "conflict.html", iri=iri, conflict=conflict(view.graph, node))


def facts_of(graph: Graph, node: ox.NamedNode) -> list[Fact]:
    """What the current view says of a thing, each value with the passages that state it."""
    view, stated = graph.stated(node)
    found = [
        Fact(p, tuple(Value(v, graph.places(stated.get((p, str(v)), []))) for v in values))
        for p, values in view.items()
    ]
    return sorted(found, key=lambda f: (_ORDER.get(f.property, len(_ORDER)), f.property))


def _is_second_title(fact: Fact, facts: list[Fact]) -> bool:
    """Whether a title only repeats the names (code lists have both)."""
    names = [[v.term for v in other.values] for other in facts if other.property in _NAMES[:2]]
    return fact.property == f"{DCT}title" and [v.term for v in fact.values] in names


def amounts_about(graph: Graph, node: ox.NamedNode, kind: str) -> list[Amount]:
    """Amounts or counts of a thing, the newest first and the phases in their order."""
    found = []
    for holder in (DEFAULT, HISTORY):
        for quad in graph.store.quads_for_pattern(None, tg("about"), node, holder):
            one = quad.subject
            if isinstance(one, ox.NamedNode) and ox.Quad(one, TYPE, tg(kind), holder) in graph.store:
                found.append(_amount(graph, one, kind, holder))
    found.sort(key=lambda a: (_phase(a), a.iri))
    return sorted(found, key=lambda a: (a.latest, a.date), reverse=True)


def _amount(graph: Graph, node: ox.NamedNode, kind: str, holder: ox.NamedNode | ox.DefaultGraph) -> Amount:
    view, stated = graph.stated(node)
    money = kind == "FinancialObservation"
    shares = []
    for quad in graph.store.quads_for_pattern(None, tg("shareOf"), node, holder):
        own = {
            q.predicate.value: str(getattr(q.object, "value", ""))
            for q in graph.store.quads_for_pattern(quad.subject, None, None, holder)
        }
        whose = own.get(f"{TG}ministry") or own.get(f"{TG}participation", "")
        shares.append((whose, own.get(f"{TG}shareAmount", "")))
    passages = {p for predicate, values in view.items() for v in values for p in stated.get((predicate, str(v)), ())}

    def text(name: str) -> str:
        values = view.get(TG + name, [])
        return str(getattr(values[0], "value", "")) if values else ""

    return Amount(
        node.value,
        text("phase" if money else "measure"),
        text("amount" if money else "value"),
        text("amountAsStated"),
        text("referenceDate"),
        text("fundingScope"),
        graph.places(passages),
        holder == DEFAULT,
        tuple(sorted(shares)),
    )


def _phase(amount: Amount) -> int:
    """Phases in the order the money takes."""
    phase = amount.phase.rsplit("/", 1)[-1]
    return _PHASES.index(phase) if phase in _PHASES else len(_PHASES)


def _parts(graph: Graph, node: ox.NamedNode) -> list[Part]:
    found = []
    for part in graph.objects(node, tg("participation")):
        if isinstance(part, ox.NamedNode):
            _, stated = graph.stated(part)
            passages = {p for values in stated.values() for p in values}
            organisation, role, code = (graph.text(part, name) for name in ("organisation", "role", "projectCode"))
            found.append(Part(part.value, organisation, role, code, graph.places(passages)))
    return sorted(found, key=lambda p: (p.role != f"{CODE}role/lead", p.iri))


def conflict(graph: Graph, node: ox.NamedNode) -> Conflict:
    """One conflict: what it is about and each alternative with its passages."""
    alternatives = []
    for alternative in graph.objects(node, tg("alternative")):
        places = graph.places(
            [p.value for p in graph.objects(alternative, tg("statedIn")) if isinstance(p, ox.NamedNode)]
        )
        alternatives += [Value(value, places) for value in graph.objects(alternative, tg("alternativeValue"))]
    kind, prop, about = (graph.text(node, name) for name in ("kind", "onProperty", "about"))
    ordered = tuple(sorted(alternatives, key=str))
    return Conflict(node.value, kind, about, graph.one(node, "chosen"), ordered, prop)


def _conflicts(graph: Graph, node: ox.NamedNode) -> list[Conflict]:
    """Conflicts about the thing, its observations and its parts; those of mere spelling last."""
    near: set[Term] = {node, *graph.objects(node, tg("participation")), *graph.subjects(tg("about"), node)}
    found = {c for subject in near for c in graph.subjects(tg("about"), subject) if graph.is_a(c, "Conflict")}
    return sorted((conflict(graph, c) for c in found), key=lambda c: (is_spelling(c.kind), c.iri))


def is_spelling(kind: str) -> bool:
    """Whether a kind of conflict is one of wording, not of what is true."""
    return kind.rsplit("/", 1)[-1] in ("other-spelling", "other-notation")


def _referrers(graph: Graph, node: ox.NamedNode) -> list[Referrers]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    seen = 0
    for quad in itertools.islice(graph.store.quads_for_pattern(None, None, node, DEFAULT), _MOST_READ):
        seen += 1
        if quad.predicate.value not in _REFERRERS_HIDDEN and isinstance(quad.subject, ox.NamedNode):
            found[_kind(quad.subject.value), quad.predicate.value].append(quad.subject.value)
    if ("project", f"{TG}implementer") in found:
        found.pop(("", f"{TG}organisation"), None)  # the participations' projects say the same, by their names
    return [
        Referrers(kind, predicate, len(iris), seen < _MOST_READ, tuple(sorted(iris)[:_MOST]))
        for (kind, predicate), iris in sorted(found.items(), key=lambda g: (_rank(g[0][0]), g[0][1]))
    ]


def notes(graph: Graph, iri: str) -> list[Term]:
    """What tells things of one name apart: a project's code, a call's days."""
    names = {"project": ("groupCode", "projectCode"), "call": ("opens", "closes")}.get(_kind(iri), ())
    return [value for name in names if (value := graph.one(ox.NamedNode(iri), name)) is not None]


def _kind(iri: str) -> str:
    kind = iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else ""
    return kind if kind in _KINDS else ""


def _rank(kind: str) -> int:
    return _KINDS.index(kind) if kind else len(_KINDS)


def _around(graph: Graph, facts: Sequence[Fact], parts: Sequence[Part], referrers: Iterable[Referrers]) -> list[Tie]:
    """The nearest themes, projects, organisations and calls, each with the properties that tie it to the thing."""
    near = [(f"{TG}organisation", part.organisation) for part in parts]
    near += [(f.property, v.term.value) for f in facts for v in f.values if isinstance(v.term, ox.NamedNode)]
    near += [(group.property, iri) for group in referrers for iri in group.things]
    found: dict[str, Tie] = {}
    for prop, iri in near:
        if iri.startswith(_DRAWN) and graph.names(iri):
            tie = found.setdefault(iri, Tie(iri))
            if prop not in tie.properties:
                tie.properties.append(prop)
    return list(found.values())


def _spans(graph: Graph, iri: str, referrers: Iterable[Referrers]) -> list[Times]:
    """The times of a thing and of the calls and projects that belong to it."""
    listed = [iri, *(other for group in referrers if group.kind in ("call", "project") for other in group.things)]
    spans = []
    for one in dict.fromkeys(listed):
        node = ox.NamedNode(one)
        kind = "call" if one.startswith(f"{ID}call/") else "project" if one.startswith(f"{ID}project/") else "theme"
        start, end = ("opens", "closes") if kind == "call" else ("startDate", "endDate")
        first, last = graph.text(node, start), graph.text(node, end)
        if first or last:
            spans.append(Times(one, kind, first, last))
    return (
        sorted(spans, key=lambda s: (s.kind != "theme", s.first or s.last))[: draw.MOST_SPANS] if len(spans) > 1 else []
    )


def _summary(view: View, node: ox.NamedNode, parts: Sequence[Part]) -> str:
    """One sentence of numbers: a theme's projects and implementers, an organisation's projects, leads, partners and years."""
    graph = view.graph
    if graph.is_a(node, "Theme"):
        projects = graph.subjects(tg("inTheme"), node)
        found = [p for p in projects if graph.is_a(p, "Project")]
        who = {o for p in found for o in graph.objects(p, tg("implementer"))}
        return view.text("summary_theme", projects=len(found), organisations=len(who)) if found else ""
    projects = graph.subjects(tg("implementer"), node)
    if projects:
        leads = len(graph.subjects(tg("leadImplementer"), node))
        partners = {o for p in projects for o in graph.objects(p, tg("implementer"))} - {node}
        themes = {t for p in projects for t in graph.objects(p, tg("inTheme"))}
        numbers = {"projects": len(projects), "leads": leads, "partners": len(partners), "themes": len(themes)}
        return view.text("summary_organisation", **numbers)
    return view.text("summary_project", organisations=len(parts)) if len(parts) > 1 else ""
