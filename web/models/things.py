"""One thing: its facts with the passages that state them, its money, parts and conflicts, and what refers to it."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

import pyoxigraph as ox

from loaders.rdf.terms import BASE, DCT, HISTORY_GRAPH, RDF, RDFS, SKOS, TG
from web.errors import MissingError
from web.models import terms
from web.models.terms import DEFAULT, Data, tg

_HISTORY = ox.NamedNode(HISTORY_GRAPH[1:-1])
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
_OWN = """acronym projectCode groupCode abbreviation inProgramme period themeGroup inTheme fund priority specificObjective
objectiveAsStated leadMinistry ministry intermediateBody coordinationProject startDate endDate opens closes place status
fundedFrom organisation role nameAsStated organisationType businessId subTheme targetGroup webPage"""
_ORDER = {iri: at for at, iri in enumerate([*_NAMES, *(TG + name for name in _OWN.split())])}
"""Properties in the order of a page; the others follow by their names."""
_REFERRERS_HIDDEN = {
    *(f"{TG}{name}" for name in ("about", "statedIn", "alternativeValue", "chosen", "alternative", "onProperty")),
    *(f"{RDFS}isDefinedBy", f"{SKOS}topConceptOf"),
}
_KINDS = ("theme", "project", "call", "organisation", "document", "observation")
"""Kinds, as addresses name them, in the order in which a page lists what refers to a thing."""


def thing(store: ox.Store, iri: str) -> Data:
    """The model of a thing's page; MissingError if the graph says nothing of it."""
    node = ox.NamedNode(iri)
    facts = _facts(store, node)
    referrers = _referrers(store, node)
    if not facts and not referrers:
        raise MissingError(f"the graph knows nothing called {iri}")
    model: Data = {
        "iri": iri,
        "types": sorted(o.value for o in terms.objects(store, node, ox.NamedNode(f"{RDF}type"))),
        "facts": [f for f in facts if f["property"] not in _HIDDEN and not _is_second_title(f, facts)],
        "money": _observations(store, node, "FinancialObservation"),
        "counts": _observations(store, node, "StatisticalObservation"),
        "parts": _parts(store, node),
        "conflicts": _conflicts(store, node),
        "referrers": referrers,
    }
    return finished(store, model)


def known(store: ox.Store, iri: str) -> Data:
    """Whether the graph says anything of a thing."""
    node = ox.NamedNode(iri)
    patterns = ((node, None, None, None), (None, None, node, None))
    return {"known": any(next(iter(store.quads_for_pattern(*pattern)), None) is not None for pattern in patterns)}


def conflict_page(store: ox.Store, iri: str) -> Data:
    """The model of a conflict's page; MissingError if there is no such conflict."""
    node = ox.NamedNode(iri)
    if tg("Conflict") not in terms.objects(store, node, ox.NamedNode(f"{RDF}type")):
        raise MissingError(f"there is no conflict {iri}")
    return finished(store, {**conflict(store, node), "types": [f"{TG}Conflict"]})


def finished(store: ox.Store, model: Data) -> Data:
    """A model with the passages it cites and the names of everything in it."""
    cited = {p for fact in _each_stated(model) for p in fact["passages"]}
    model["passages"] = terms.passages(store, cited)
    for fact in _each_stated(model):
        fact["passages"].sort(key=lambda p: terms.order(model["passages"][p]))
    named = {iri for iri in terms.iris(model) if iri not in model["passages"]}
    named |= {p["inDocument"] for p in model["passages"].values() if p["inDocument"]}
    named |= {iri for fact in _each_property(model) for iri in (fact,)} | set(model.get("types", ()))
    model["labels"] = terms.labels(store, named)
    return model


def _each_stated(data: Any) -> list[Data]:
    if isinstance(data, dict):
        own = [data] if isinstance(data.get("passages"), list) else []
        return own + [found for value in data.values() for found in _each_stated(value)]
    return [found for value in data for found in _each_stated(value)] if isinstance(data, list) else []


def _each_property(data: Any) -> set[str]:
    if isinstance(data, dict):
        own = {data["property"]} if isinstance(data.get("property"), str) else set()
        return own.union(*(_each_property(value) for value in data.values()))
    return set().union(*(_each_property(value) for value in data)) if isinstance(data, list) else set()


def _statements(
    store: ox.Store, node: ox.NamedNode
) -> tuple[dict[tuple[str, str], Any], dict[tuple[str, str], list[str]]]:
    """What the current view says of a node, and the passages that state each of it."""
    view: dict[tuple[str, str], Any] = {}
    stated: dict[tuple[str, str], list[str]] = defaultdict(list)
    for quad in store.quads_for_pattern(node, None, None, None):
        key = (quad.predicate.value, str(quad.object))
        if quad.graph_name in (DEFAULT, _HISTORY):
            view[key] = quad.object
        elif isinstance(quad.graph_name, ox.NamedNode) and terms.is_passage(quad.graph_name):
            stated[key].append(quad.graph_name.value)
    return view, stated


def _facts(store: ox.Store, node: ox.NamedNode) -> list[Data]:
    view, stated = _statements(store, node)
    by_property: dict[str, list[Data]] = defaultdict(list)
    for (predicate, _), value in sorted(view.items()):
        by_property[predicate].append({**terms.term(value), "passages": sorted(stated[predicate, str(value)])})
    ranked = sorted(by_property.items(), key=lambda item: (_place(item[0]), item[0]))
    return [{"property": predicate, "values": values} for predicate, values in ranked]


def _is_second_title(fact: Data, facts: list[Data]) -> bool:
    """Whether a title only repeats the names (code lists carry both)."""
    names = [other["values"] for other in facts if other["property"] in _NAMES[:2]]
    return fact["property"] == f"{DCT}title" and fact["values"] in names


def _place(predicate: str) -> int:
    return _ORDER.get(predicate, len(_ORDER))


def _flat(store: ox.Store, node: ox.NamedNode) -> Data:
    """A small node as one record: each property's first value, and every passage that states any of it."""
    view, stated = _statements(store, node)
    record: Data = {"iri": node.value}
    for (predicate, _), value in sorted(view.items()):
        name = predicate.removeprefix(TG)
        if predicate.startswith(TG) and name not in record:
            record[name] = terms.term(value)
    record["passages"] = sorted({p for key in view for p in stated[key]})
    return record


def _observations(store: ox.Store, node: ox.NamedNode, kind: str) -> list[Data]:
    """What is observed of a thing: now and, in the history, before; each share of an amount as a row of its own."""
    rdf_type, wanted = ox.NamedNode(f"{RDF}type"), tg(kind)
    found = []
    for graph in (DEFAULT, _HISTORY):
        for quad in store.quads_for_pattern(None, tg("about"), node, graph):
            known = next(store.quads_for_pattern(quad.subject, rdf_type, wanted, graph), None) is not None
            if known and isinstance(quad.subject, ox.NamedNode):
                whole = _flat(store, quad.subject)
                shares = [q.subject for q in store.quads_for_pattern(None, tg("shareOf"), quad.subject, graph)]
                found += [
                    whole,
                    *(_share(_flat(store, node), whole) for node in shares if isinstance(node, ox.NamedNode)),
                ]
    found.sort(key=lambda r: (_rank(r), r["iri"]))
    return sorted(found, key=lambda r: str(r.get("referenceDate", {}).get("text", "")), reverse=True)


def _share(record: Data, whole: Data) -> Data:
    """A share in the form of an observation: the amount of the share, the rest of the whole."""
    own = {"amount": record["shareAmount"]} if "shareAmount" in record else {}
    kept: Data = {name: whole[name] for name in ("phase", "referenceDate", "fundingScope", "currency") if name in whole}
    return {**kept, **record, **own}


def _rank(record: Data) -> int:
    """Phases in the order the money takes, whole amounts before shares."""
    phase = record.get("phase", {}).get("iri", "").rsplit("/", 1)[-1]
    return (_PHASES.index(phase) if phase in _PHASES else len(_PHASES)) + ("shareOf" in record) * 100


def _parts(store: ox.Store, node: ox.NamedNode) -> list[Data]:
    found = [_flat(store, part) for part in terms.objects(store, node, tg("participation"))]
    lead = f"{BASE}code/role/lead"
    return sorted(found, key=lambda r: (r.get("role", {}).get("iri") != lead, r["iri"]))


def conflict(store: ox.Store, node: ox.NamedNode) -> Data:
    """One conflict: what it is about and each alternative with its passages."""
    alternatives = []
    for alternative in terms.objects(store, node, tg("alternative")):
        for value in terms.objects(store, alternative, tg("alternativeValue")):
            stated = [p.value for p in terms.objects(store, alternative, tg("statedIn")) if terms.is_passage(p)]
            alternatives.append({**terms.term(value), "passages": sorted(stated)})
    kind = terms.value(store, node, tg("kind"))
    chosen = next(iter(terms.objects(store, node, tg("chosen"))), None)
    about = terms.value(store, node, tg("about"))
    return {
        "iri": node.value,
        "kind": {"iri": kind} if kind else None,
        "property": terms.value(store, node, tg("onProperty")),
        "about": {"iri": about} if about else None,
        "chosen": terms.term(chosen) if chosen is not None else None,
        "alternatives": sorted(alternatives, key=lambda a: a.get("text") or a.get("iri") or ""),
    }


def _conflicts(store: ox.Store, node: ox.NamedNode) -> list[Data]:
    """Conflicts about the thing, its observations and its parts."""
    near = {node, *terms.objects(store, node, tg("participation"))}
    near |= {quad.subject for quad in store.quads_for_pattern(None, tg("about"), node, DEFAULT)}
    kind = ox.NamedNode(f"{RDF}type")
    found = {
        quad.subject
        for subject in near
        for quad in store.quads_for_pattern(None, tg("about"), subject, DEFAULT)
        if isinstance(quad.subject, ox.NamedNode) and tg("Conflict") in terms.objects(store, quad.subject, kind)
    }
    return [conflict(store, c) for c in sorted(found, key=lambda c: c.value)]


def _referrers(store: ox.Store, node: ox.NamedNode) -> list[Data]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    seen = 0
    for quad in itertools.islice(store.quads_for_pattern(None, None, node, DEFAULT), _MOST_READ):
        seen += 1
        if quad.predicate.value not in _REFERRERS_HIDDEN and isinstance(quad.subject, ox.NamedNode):
            found[_kind(quad.subject.value), quad.predicate.value].append(quad.subject.value)
    if ("project", f"{TG}implementer") in found:
        found.pop(("", f"{TG}organisation"), None)  # the participations' projects say the same, by their names
    return [
        {
            "kind": kind,
            "property": predicate,
            "total": len(subjects),
            "all": seen < _MOST_READ,
            "things": [{"iri": subject, "notes": _notes(store, subject)} for subject in sorted(subjects)[:_MOST]],
        }
        for (kind, predicate), subjects in sorted(found.items(), key=_by_kind)
    ]


def _notes(store: ox.Store, iri: str) -> list[Data]:
    """What tells things of one name apart: a project's code, a call's days."""
    names = {"project": ("groupCode", "projectCode"), "call": ("opens", "closes")}.get(_kind(iri), ())
    found = (sorted(terms.objects(store, ox.NamedNode(iri), tg(name)), key=str) for name in names)
    return [terms.term(values[0]) for values in found if values]


def _kind(iri: str) -> str:
    kind = iri.removeprefix(f"{BASE}id/").partition("/")[0] if iri.startswith(f"{BASE}id/") else ""
    return kind if kind in _KINDS else ""


def _by_kind(group: tuple[tuple[str, str], list[str]]) -> tuple[int, str]:
    (kind, predicate), _ = group
    return _KINDS.index(kind) if kind else len(_KINDS), predicate
