"""The ontology, the code lists and the shapes, as their pages show them."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from loaders.data import folder
from loaders.rdf.terms import BASE, CODE, OWL, RDF, RDFS, SKOS, TG
from web.models import terms as plain
from web.models.terms import Data

_SH = "http://www.w3.org/ns/shacl#"
_KINDS = {
    f"{OWL}Class": "class",
    f"{OWL}ObjectProperty": "property",
    f"{OWL}DatatypeProperty": "property",
    f"{OWL}AnnotationProperty": "property",
    f"{RDF}Property": "property",
}
_POINTING = {
    "domain": f"{RDFS}domain",
    "range": f"{RDFS}range",
    "super": f"{RDFS}subClassOf",
    "superproperty": f"{RDFS}subPropertyOf",
}
_MATCHES = (f"{SKOS}closeMatch", f"{SKOS}relatedMatch", f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")


def terms(store: ox.Store) -> Data:
    """Classes and properties of the ontology with all that is said of them, and the code lists."""
    defined = store.quads_for_pattern(
        None, ox.NamedNode(f"{RDFS}isDefinedBy"), ox.NamedNode(f"{BASE}def"), plain.DEFAULT
    )
    found = [_term(store, quad.subject) for quad in defined if isinstance(quad.subject, ox.NamedNode)]
    schemes = store.quads_for_pattern(
        None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{SKOS}ConceptScheme"), plain.DEFAULT
    )
    listed = sorted(quad.subject.value for quad in schemes if isinstance(quad.subject, ox.NamedNode))
    version = plain.value(store, ox.NamedNode(f"{BASE}def"), ox.NamedNode(f"{OWL}versionInfo"))
    model: Data = {
        "terms": sorted((t for t in found if t["kind"]), key=lambda t: (t["kind"], t["name"])),
        "schemes": [{"iri": iri, "size": _size(store, iri)} for iri in listed if iri.startswith(CODE)],
        "version": version,
    }
    return {**model, "labels": plain.labels(store, plain.iris(model))}


def _size(store: ox.Store, scheme: str) -> int:
    return sum(
        1 for _ in store.quads_for_pattern(None, ox.NamedNode(f"{SKOS}inScheme"), ox.NamedNode(scheme), plain.DEFAULT)
    )


def _term(store: ox.Store, node: ox.NamedNode) -> Data:
    def literals(predicate: str) -> dict[str, str]:
        found = plain.objects(store, node, ox.NamedNode(predicate))
        return {o.language or "": o.value for o in found if isinstance(o, ox.Literal)}

    def nodes(predicate: str) -> list[Data]:
        return [{"iri": iri} for iri in sorted(o.value for o in plain.objects(store, node, ox.NamedNode(predicate)))]

    types = {o.value for o in plain.objects(store, node, ox.NamedNode(f"{RDF}type"))}
    own = {name: [n for n in nodes(p) if n["iri"].startswith((TG, SKOS))] for name, p in _POINTING.items()}
    own["range"] = nodes(_POINTING["range"])
    return {
        "iri": node.value,
        "name": node.value.removeprefix(TG),
        "kind": next((kind for iri, kind in _KINDS.items() if iri in types), None),
        "labels": literals(f"{RDFS}label"),
        "definitions": literals(f"{SKOS}definition"),
        "functional": f"{OWL}FunctionalProperty" in types,
        "derived": any(True for _ in plain.objects(store, node, ox.NamedNode(f"{TG}derived"))),
        "matches": sorted(
            {n["iri"] for p in _MATCHES for n in nodes(p) if not n["iri"].startswith((TG, f"{SKOS}Concept"))}
        ),
        **own,
    }


def shapes(store: ox.Store) -> Data:
    """The shapes the graph is checked against, file by file; the same whatever the store holds."""
    files = []
    for path in sorted(folder("shapes").glob("*.ttl")):
        graph = ox.Store()
        graph.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
        named = {
            q.subject
            for q in graph.quads_for_pattern(None, ox.NamedNode(f"{_SH}name"), None)
            if isinstance(q.subject, ox.NamedNode)
        }
        files.append({"name": path.stem, "shapes": [_shape(graph, node) for node in sorted(named, key=str)]})
    return {"files": files, "labels": {}}


def _shape(graph: ox.Store, node: Any) -> Data:
    def literals(name: str) -> dict[str, str]:
        found = graph.quads_for_pattern(node, ox.NamedNode(_SH + name), None)
        return {q.object.language or "": q.object.value for q in found if isinstance(q.object, ox.Literal)}

    severity = next((q.object for q in graph.quads_for_pattern(node, ox.NamedNode(f"{_SH}severity"), None)), None)
    return {
        "iri": node.value,
        "names": literals("name"),
        "descriptions": literals("description"),
        "messages": literals("message"),
        "severity": severity.value.removeprefix(_SH) if isinstance(severity, ox.NamedNode) else "Violation",
    }
