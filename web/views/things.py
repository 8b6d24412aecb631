"""One thing: its facts with the passages that state them, its money, parts and conflicts, and what refers to it."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from engine.output.formats import in_order
from engine.query.backends import Term
from engine.store import filled
from loaders.rdf.terms import CODE, DCT, ID, RDF, RDFS, SKOS, TG, WRITTEN, local_name
from web import draw, words
from web.formats import TRIG, TURTLE, WRITERS, HttpError
from web.graph import CURRENT, HISTORY, TYPE, GraphReader, StatedThing, Value
from web.page import Made, Page
from web.site import kind_of

_MOST = 100
"""Things of one kind that refer to a thing, shown on its page."""
_MOST_READ = 20_000
"""Statements about a thing that are looked at to find those that refer to it."""
_CUBE = "http://purl.org/linked-data/cube#dataSet"
_HIDDEN = {
    *(f"{TG}{name}" for name in ("participation", "implementer", "leadImplementer")),
    *(f"{RDF}type", f"{RDFS}isDefinedBy", f"{SKOS}topConceptOf", f"{SKOS}hasTopConcept", _CUBE),
}
"""Properties that a page shows in another form, or that say what another one says."""
PHASES = ("framework", "reserved", "committed", "paid")
_NAMES = (f"{RDFS}label", f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}notation", f"{SKOS}definition")
_OWN = """acronym projectCode groupCode abbreviation inProgramme period themeGroup inTheme callFor fund priority specificObjective
objectiveAsStated leadMinistry ministry intermediateBody coordinationProject startDate endDate opens closes place status
fundedFrom organisation role nameAsStated organisationType businessId subTheme targetGroup webPage"""
_ORDER = {iri: at for at, iri in enumerate([*_NAMES, *(TG + name for name in _OWN.split())])}
"""Properties in the order of a page; the others follow by their names."""
_REFERRERS_HIDDEN = {
    *(f"{TG}{n}" for n in ("about", "statedIn", "alternativeValue", "chosen", "alternative", "onProperty", "shareOf")),
    *(f"{RDFS}isDefinedBy", f"{SKOS}topConceptOf", f"{SKOS}hasTopConcept", f"{DCT}isReplacedBy", _CUBE),
}
_KINDS = ("theme", "project", "call", "organisation", "document", "observation", "")
"""Kinds, as addresses name them, in the order in which a page lists what refers to a thing; "" for all others."""
_DRAWN = tuple(f"{ID}{kind}/" for kind in ("theme", "project", "organisation", "call"))
"""What is drawn among a thing's neighbours."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What documents disagree on: a property of a thing, and each value with its passages."""

    iri: str
    kind: str
    about: str
    on: str
    """The property."""
    chosen: Term | None
    alternatives: tuple[Value, ...]

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


def thing(page: Page, iri: str) -> Made:
    """The page of one thing; HttpError 404 if the graph says nothing of it."""
    graph = page.graph
    facts, referrers = facts_of(graph, iri), _referrers(graph, iri)
    if not facts and not referrers:
        raise HttpError(404, f"the graph knows nothing called {iri}")
    parts = sorted(
        map(graph.stated, graph.things(iri, "participation")),
        key=lambda part: (part.text("role") != f"{CODE}role/lead", part.iri),
    )
    money = observations_of(graph, iri, "FinancialObservation")
    around = _around(graph, facts, parts, referrers)
    return page.html(
        "thing.html",
        iri=iri,
        types=[of for of in graph.things(iri, TYPE) if of.startswith(TG)],
        facts=[f for f in facts if f[0] not in _HIDDEN and not _is_second_title(f, facts)],
        money=[(one, _shares(graph, one)) for one in money],
        newest=newest_amounts(money),
        counts=observations_of(graph, iri, "StatisticalObservation"),
        parts_=parts,
        notes=lambda one: notes(graph, one),
        summary=_summary(page, iri, len(parts)),
        conflicts=_conflicts(graph, iri),
        referrers=referrers,
        around=around[: draw.MOST],
        neighbours=len(around),
        spans=_spans(graph, iri, referrers),
    )


def data(page: Page, iri: str) -> Made:
    """What the graph says of a thing, as triples; HttpError 404 if it says nothing."""
    if not page.graph.known(iri):
        raise HttpError(404, f"the graph knows nothing called {iri}")
    query = words.read("sparql")["passage" if kind_of(iri) == "passage" else "thing"]
    triples = page.graph.store.query(filled(query, thing=f"<{iri}>"))
    assert isinstance(triples, ox.QueryTriples), "a CONSTRUCT query answers with triples"
    body = in_order(triples, WRITERS[page.media], WRITTEN if page.media in (TURTLE, TRIG) else {})
    return Made(body, page.media, headers={"link": f'<{iri}>; rel="describedby"'})


def conflict_page(page: Page, iri: str) -> Made:
    """The page of a conflict; one of its alternatives has the page of any thing."""
    if not page.graph.is_a(iri, "Conflict"):
        return thing(page, iri)
    return page.html("conflict.html", iri=iri, conflict=_conflict(page.graph, iri))


Fact = tuple[str, tuple[Value, ...]]
"""A property and its values."""


def facts_of(graph: GraphReader, iri: str) -> list[Fact]:
    """What the current view and the history say of a thing, in the order of a page."""
    return sorted(graph.stated(iri).values.items(), key=lambda fact: (_ORDER.get(fact[0], len(_ORDER)), fact[0]))


def _is_second_title(fact: Fact, facts: list[Fact]) -> bool:
    """Whether a title or name only repeats the names before it (code lists have them by two or three properties)."""
    names = [[v.term for v in values] for name, values in facts[: facts.index(fact)] if name in _NAMES[:2]]
    return fact[0] in (f"{DCT}title", *_NAMES[:2]) and [v.term for v in fact[1]] in names


def observations_of(graph: GraphReader, iri: str, cls: str) -> list[StatedThing]:
    """Amounts or counts of a thing, the newest first and the phases in their order."""
    about = [(one, view) for view in (CURRENT, HISTORY) for one in graph.subjects("about", iri, view)]
    observations = [graph.stated(one, view) for one, view in about if graph.is_a(one, cls, view)]
    observations.sort(key=lambda one: (_phase(one), one.iri))
    return sorted(observations, key=lambda one: (one.current, one.text("referenceDate")), reverse=True)


def _phase(amount: StatedThing) -> int:
    """Phases in the order the money takes."""
    phase = local_name(amount.text("phase"))
    return PHASES.index(phase) if phase in PHASES else len(PHASES)


def newest_amounts(money: Sequence[StatedThing]) -> list[tuple[str, str]]:
    """(phase, its newest amount) in the order the money takes; nothing where there is no other to compare with.

    Of several of one day the one that ``queries/money-by-theme.rq`` shows: the current one, then the last by its IRI.
    """
    drawn = [one for one in money if _phase(one) < len(PHASES)]
    in_time = sorted(drawn, key=lambda one: (one.text("referenceDate"), one.current, one.iri))
    newest = {one.text("phase"): one for one in in_time}
    ordered = sorted(newest.values(), key=_phase)
    amounts = [(one.text("phase"), one.text("amount")) for one in ordered if one.text("amount")]
    return amounts if len(amounts) > 1 else []


def _shares(graph: GraphReader, amount: StatedThing) -> list[tuple[str, StatedThing]]:
    """What ministries or participations have of an amount, each with whose it is, in the order of their IRIs."""
    view = CURRENT if amount.current else HISTORY
    shares = [graph.stated(share, view) for share in graph.subjects("shareOf", amount.iri, view)]
    holders = ((one.text("ministry") or one.text("participation"), one) for one in shares if one.text("shareAmount"))
    return sorted(holders, key=lambda holder: (holder[0], holder[1].iri))


def _conflict(graph: GraphReader, iri: str) -> Conflict:
    alternatives = [
        Value(value, graph.places(graph.things(one, "statedIn")))
        for one in graph.objects(iri, "alternative")
        for value in graph.objects(one, "alternativeValue")
    ]
    kind, about, on = (graph.text(iri, name) for name in ("kind", "about", "onProperty"))
    chosen = next(iter(graph.objects(iri, "chosen")), None)
    return Conflict(iri, kind, about, on, chosen, tuple(sorted(alternatives, key=str)))


def _conflicts(graph: GraphReader, iri: str) -> list[Conflict]:
    """Conflicts about the thing, its observations and its parts; those of mere spelling last."""
    near: set[Term] = {ox.NamedNode(iri), *graph.objects(iri, "participation"), *graph.subjects("about", iri)}
    conflicts = {c.value for one in near for c in graph.subjects("about", one) if graph.is_a(c, "Conflict")}
    return sorted((_conflict(graph, c) for c in conflicts), key=lambda c: (c.spelling, c.iri))


def is_spelling(kind: str) -> bool:
    """Whether a kind of conflict is one of wording, not of what is true."""
    return local_name(kind) in ("other-spelling", "other-notation")


def _referrers(graph: GraphReader, iri: str) -> list[Referrers]:
    referrers: dict[tuple[str, str], list[str]] = defaultdict(list)
    seen = list(itertools.islice(graph.store.quads_for_pattern(None, None, ox.NamedNode(iri), CURRENT), _MOST_READ))
    for quad in seen:
        if quad.predicate.value not in _REFERRERS_HIDDEN and isinstance(quad.subject, ox.NamedNode):
            kind = kind_of(quad.subject.value)
            referrers[kind if kind in _KINDS else "", quad.predicate.value].append(quad.subject.value)
    if ("project", f"{TG}implementer") in referrers:
        referrers.pop(("", f"{TG}organisation"), None)  # the participations' projects say the same, by their names
    return [
        Referrers(kind, predicate, len(iris), len(seen) < _MOST_READ, tuple(sorted(iris)[:_MOST]))
        for (kind, predicate), iris in sorted(referrers.items(), key=lambda g: (_KINDS.index(g[0][0]), g[0][1]))
    ]


def notes(graph: GraphReader, iri: str) -> list[Term]:
    """What tells things of one name apart: a project's code, a call's days."""
    names = {"project": ("groupCode", "projectCode"), "call": ("opens", "closes")}.get(kind_of(iri), ())
    return [values[0] for name in names if (values := graph.objects(iri, name))]


def _around(
    graph: GraphReader, facts: Sequence[Fact], parts: Sequence[StatedThing], referrers: Iterable[Referrers]
) -> list[tuple[str, list[str]]]:
    """The nearest themes, projects, organisations and calls, each with the properties that tie it to the thing."""
    near = [(f"{TG}organisation", part.text("organisation")) for part in parts]
    near += [(name, v.term.value) for name, values in facts for v in values if isinstance(v.term, ox.NamedNode)]
    near += [(group.property, iri) for group in referrers for iri in group.things]
    ties: dict[str, dict[str, None]] = defaultdict(dict)
    for prop, iri in near:
        if iri.startswith(_DRAWN) and graph.names(iri):
            ties[iri][prop] = None
    return [(iri, list(properties)) for iri, properties in ties.items()]


def _spans(graph: GraphReader, iri: str, referrers: Iterable[Referrers]) -> list[draw.Span]:
    """The times of a thing and of the calls and projects that belong to it; nothing where there is one alone."""
    listed = [iri, *(other for group in referrers if group.kind in ("call", "project") for other in group.things)]
    spans = []
    for one in dict.fromkeys(listed):
        kind = kind_of(one) if kind_of(one) in ("call", "project") else "theme"
        start, end = ("opens", "closes") if kind == "call" else ("startDate", "endDate")
        first, last = graph.text(one, start), graph.text(one, end)
        if first or last:
            spans.append(draw.Span(one, kind, first, last))
    spans.sort(key=lambda span: (span.kind != "theme", span.first or span.last))
    return spans[: draw.MOST_SPANS] if len(spans) > 1 else []


def _summary(page: Page, iri: str, parts: int) -> str:
    """One sentence of numbers: a theme's projects and implementers, an organisation's projects, leads, partners and years."""
    graph = page.graph
    if graph.is_a(iri, "Theme"):
        members = [p for p in graph.subjects("inTheme", iri) if graph.is_a(p, "Project")]
        who = {o for p in members for o in graph.objects(p, "implementer")}
        return page.text("summary_theme", projects=len(members), organisations=len(who)) if members else ""
    if projects := graph.subjects("implementer", iri):
        leads = len(graph.subjects("leadImplementer", iri))
        partners = {o for p in projects for o in graph.objects(p, "implementer")} - {ox.NamedNode(iri)}
        themes = {t for p in projects for t in graph.objects(p, "inTheme")}
        numbers = {"projects": len(projects), "leads": leads, "partners": len(partners), "themes": len(themes)}
        return page.text("summary_organisation", **numbers)
    return page.text("summary_project", organisations=parts) if parts > 1 else ""
