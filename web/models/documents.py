"""A source document line by line: each passage with what it states; and one passage by itself."""

from __future__ import annotations

import pyoxigraph as ox

from loaders.rdf.terms import DCT, TG
from web.errors import MissingError
from web.models import terms
from web.models.counts import select
from web.models.reading import reading
from web.models.terms import Data, tg

SIZE = 100
"""Passages on one page of a document."""

_PASSAGES = f"""
SELECT ?passage WHERE {{{{ ?passage <{TG}inDocument> <{{document}}> ; <{TG}lineStart> ?first ; <{TG}lineEnd> ?last .
  OPTIONAL {{{{ ?passage <{TG}row> ?row }}}} }}}}
ORDER BY ?first ?row ?last ?passage LIMIT {{size}} OFFSET {{offset}}
"""
_TOTAL = f"SELECT (COUNT(?passage) AS ?n) WHERE {{{{ ?passage <{TG}inDocument> <{{document}}> }}}}"
_ABOUT = ("title", "publisher", "issued", "language", "license", "source")


def document(store: ox.Store, iri: str, number: int = 1, folder: str = "") -> Data:
    """One page of a document's passages; on the first also how it was read, if ``folder`` has the report.

    MissingError if there is no such document or page.
    """
    node = ox.NamedNode(iri)
    about = [(f"{DCT}{name}", ox.NamedNode(f"{DCT}{name}")) for name in _ABOUT]
    about += [(f"{TG}{name}", tg(name)) for name in ("referenceDate", "layout", "contentHash")]
    facts = [
        {"property": name, "values": [terms.term(o) for o in sorted(terms.objects(store, node, predicate), key=str)]}
        for name, predicate in about
    ]
    facts = [fact for fact in facts if fact["values"]]
    total = int(select(store, _TOTAL.format(document=node.value))[0]["n"].value)
    pages = max(1, -(-total // SIZE))
    if not facts or not 1 <= number <= pages:
        raise MissingError(f"there is no such document, or it has no page {number}")
    query = _PASSAGES.format(document=node.value, size=SIZE, offset=SIZE * (number - 1))
    rows = [_stated(store, row["passage"].value) for row in select(store, query)]
    model: Data = {"iri": iri, "facts": facts, "total": total, "number": number, "pages": pages, "rows": rows}
    if number == 1:
        model["reading"] = reading(folder, iri)
    return _named(store, {**model, "class": {"iri": f"{TG}SourceDocument"}})


def passage(store: ox.Store, iri: str) -> Data:
    """One passage with what it states; MissingError if there is none."""
    model = _stated(store, iri)
    if model["inDocument"] is None:
        raise MissingError(f"there is no passage {iri}")
    return _named(store, {"iri": iri, "rows": [model], "document": {"iri": model["inDocument"]}})


def _stated(store: ox.Store, iri: str) -> Data:
    """A passage's place and words, and its statements by what they are about."""
    found: dict[str, list[Data]] = {}
    for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(iri)):
        statement: Data = {"property": quad.predicate.value, "value": terms.term(quad.object)}
        found.setdefault(str(terms.term(quad.subject).get("iri", quad.subject)), []).append(statement)
    things: list[Data] = [
        {"thing": {"iri": subject}, "statements": sorted(said, key=lambda s: (str(s["property"]), str(s["value"])))}
        for subject, said in sorted(found.items())
    ]
    return {**terms.passage(store, iri), "things": things}


def _named(store: ox.Store, model: Data) -> Data:
    properties = {s["property"] for row in model["rows"] for thing in row["things"] for s in thing["statements"]}
    properties |= {fact["property"] for fact in model.get("facts", ())}
    return {**model, "labels": terms.labels(store, {*terms.iris(model), *properties})}
