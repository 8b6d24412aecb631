"""The organisations of all rows, each described once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from engine.fusion.conflict import DIFFERENT_VALUE, Alternative, Conflict
from engine.fusion.reference import registry_facts
from engine.fusion.values import Citation
from loaders.names.registry import Registry
from loaders.rdf.row_organisations import Named
from loaders.rdf.terms import ALT_LABEL, DEFAULT, ID, A, Quad, literal, tg

_BUSINESS_ID = tg("businessId")
_PREFIX = f"<{ID}organisation/"


def describe_organisations(mentions: Iterable[tuple[Named, str]], labelled: Mapping[str, str]) -> tuple[int, list[str]]:
    """N-Quads lines of some organisations, and how many of them are implementers.

    ``mentions``: each with a passage that gives its business id, or none; ``labelled``: the names that documents gave (IRI →
    label term).
    """
    by_iri: dict[str, list[tuple[Named, str]]] = defaultdict(list)
    for named, passage in mentions:
        by_iri[named.iri].append((named, passage))
    lines: list[str] = []
    for iri, named_here in sorted(by_iri.items()):
        # names in an order that no partition or process decides
        named_here.sort(key=lambda m: (m[0].name, m[0].lang, m[0].business_id or "", m[1]))
        lines += _organisation(iri, named_here, labelled.get(iri))
    return sum(any(named.implements for named, _ in named_here) for named_here in by_iri.values()), lines


def _organisation(iri: str, mentions: list[tuple[Named, str]], label: str | None) -> list[str]:
    triples = dict.fromkeys(t for named, _ in mentions for t in named.triples() if t[1] != _BUSINESS_ID)
    known = any(named.known for named, _ in mentions)
    names = dict.fromkeys((named.name, named.lang) for named, _ in mentions)
    entry = Registry.load().organisations.get(iri[len(_PREFIX) : -1]) if known else None
    said = {label} if label else set()
    if not known and label is None:
        first = next(iter(names))
        triples[mentions[0][0].label() or (iri, ALT_LABEL, literal(*first))] = None
        said.add(literal(*first))
    for name, lang in names:
        term = literal(name, lang)
        if term not in said and (entry is None or name not in entry.names):
            triples[iri, ALT_LABEL, term] = None
    quads = [Quad(s, p, o) for s, p, o in triples]
    if known and label is None:
        # no document names it, so the view of the documents has nothing of its registry entry
        quads += [quad for quad in registry_facts({Quad(iri, A, tg("Organisation"))}) if quad[:3] not in triples]
    quads += _business_ids(iri, mentions)
    return [quad.line() for quad in quads]


def _business_ids(iri: str, mentions: list[tuple[Named, str]]) -> Iterator[Quad]:
    """One business id, or a conflict: rows with one name and two ids may be of two organisations."""
    passages: dict[str, list[str]] = defaultdict(list)
    for named, passage in mentions:
        if named.business_id:
            passages[named.business_id].append(passage)
    if not passages:
        return
    ids = sorted(passages)
    yield Quad(iri, _BUSINESS_ID, literal(ids[0]), DEFAULT)
    if len(ids) > 1:
        alternatives = tuple(
            Alternative(literal(i), tuple(Citation(p, "", "", 0) for p in dict.fromkeys(passages[i]))) for i in ids
        )
        yield from Conflict(iri, _BUSINESS_ID, DIFFERENT_VALUE, alternatives, literal(ids[0])).quads()
