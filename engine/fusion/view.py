"""The current view: each fact once, of a single-valued property the newest, then the finest value; and what follows from it.

What lost is a conflict.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

import pyoxigraph as ox

from engine.fusion.conflict import OTHER_SPELLING, Alternative, Conflict, kind_of_difference
from engine.fusion.values import Values, precision_of, ranked
from loaders.data import beside
from loaders.rdf.terms import ALT_LABEL, LABEL, PREF_LABEL, PREFIXES, A, Quad, language, lexical, tg

_QUIET = {tg("amountAsStated"), tg("precision"), tg("approximate"), tg("maximum"), tg("currency")}
"""Properties that describe how an amount was printed: they differ whenever the amount does and contradict nothing alone."""


_NAMED = {tg("Theme"), tg("Project")}
"""Things whose name identifies them; sub-themes and target groups are phrases that every document words in its own way."""


def compatible(values: Values, subject: str, chosen: str, other: str) -> bool:
    """Whether ``other`` agrees with ``chosen`` but is less precise: a shorter date, or an amount within the printed unit."""
    if chosen.startswith('"') and other.startswith('"'):
        one, two = lexical(chosen), lexical(other)
        if "XMLSchema#decimal>" in chosen and "XMLSchema#decimal>" in other:
            unit = max(precision_of(values, subject, chosen), precision_of(values, subject, other))
            return abs(Decimal(one) - Decimal(two)) <= unit / 2
        if "XMLSchema#g" in chosen + other:
            return one.startswith(two) or two.startswith(one)
    return False


def resolve(values: Values, single: frozenset[str]) -> tuple[set[Quad], list[Conflict]]:
    """The triples of the default graph, and the conflicts met on the way in the order of subjects and predicates."""
    view: set[Quad] = set()
    conflicts: list[Conflict] = []
    for subject, predicate in sorted(values.statements):
        objects = values.of(subject, predicate)
        items: Iterable[Quad | Conflict] = (Quad(subject, predicate, value) for value in objects)
        if predicate == LABEL:
            items = _labels(values, subject)
        elif predicate in single and len(objects) > 1:
            items = _one_value(values, subject, predicate)
        for item in items:
            if isinstance(item, Conflict):
                conflicts.append(item)
            else:
                view.add(item)
    return view, conflicts


def _one_value(values: Values, subject: str, predicate: str) -> Iterator[Quad | Conflict]:
    objects = values.of(subject, predicate)
    if predicate in _QUIET:
        yield Quad(subject, predicate, _of_chosen_amount(values, subject, predicate))
        return
    order = ranked(values, subject, objects)
    chosen = order[0]
    yield Quad(subject, predicate, chosen)
    others = [v for v in order[1:] if not compatible(values, subject, chosen, v)]
    if others:
        alternatives = tuple(Alternative(v, tuple(objects[v])) for v in [chosen, *others])
        kind = kind_of_difference(alternatives)
        yield Conflict(*_place(values, subject, predicate), kind, alternatives, chosen, _dimension(values, subject))


def _place(values: Values, subject: str, predicate: str) -> tuple[str, str]:
    """What a conflict is about: for a value of an observation, the thing that was observed."""
    whole = values.one(subject, tg("shareOf")) or subject
    return values.one(whole, tg("about")) or subject, predicate


def _dimension(values: Values, subject: str) -> tuple[str, str] | None:
    for name in ("phase", "measure"):
        notation = values.one(subject, tg(name))
        if notation:
            return tg(name), notation
    return None


def _of_chosen_amount(values: Values, subject: str, predicate: str) -> str:
    """Choose the wording that belongs to the chosen amount, not to another amount."""
    objects = values.of(subject, predicate)
    name = tg("amount") if values.of(subject, tg("amount")) else tg("shareAmount")
    amount = values.one(subject, name)
    passages = {s.passage for s in values.of(subject, name).get(amount or "", [])}
    together = {v: [s for s in sources if s.passage in passages] for v, sources in objects.items()}
    return ranked(values, subject, {v: s for v, s in together.items() if s} or objects)[0]


def _labels(values: Values, subject: str) -> Iterator[Quad | Conflict]:
    """One label a language; every other name is an alternative label, and several names in use are a finding."""
    objects = values.of(subject, LABEL)
    for tag in sorted({language(v) for v in objects}):
        named = {v: s for v, s in objects.items() if language(v) == tag}
        order = _capitals_first(ranked(values, subject, named))
        yield Quad(subject, LABEL, order[0])
        for other in order[1:]:
            yield Quad(subject, ALT_LABEL, other)
        if len(order) > 1 and _NAMED & set(values.of(subject, A)):
            alternatives = tuple(Alternative(v, tuple(named[v])) for v in order)
            yield Conflict(subject, LABEL, OTHER_SPELLING, alternatives, order[0])


def _capitals_first(order: list[str]) -> list[str]:
    """A name printed in small letters within a list is the same name where it begins with a capital."""
    first = order[0]
    if not first[1:2].islower():
        return order
    capital = next((v for v in order if v.casefold() == first.casefold() and v[1:2].isupper()), first)
    return [capital, *(v for v in order if v != capital)]


def derive(view: set[Quad]) -> Iterator[Quad]:
    """The triples that follow from those of the view by ``rules.toml`` and are not in it yet."""
    rules = beside(__file__, "rules.toml")
    store = ox.Store()
    store.load("".join(quad.line() for quad in view), ox.RdfFormat.N_QUADS, lenient=True)
    for rule in rules.values():
        triples = store.query(rule, prefixes=PREFIXES)
        assert isinstance(triples, ox.QueryTriples), "a rule constructs triples"
        derived = [ox.Quad(*triple) for triple in triples]
        store.extend(derived)
        yield from {Quad(*map(str, quad.triple)) for quad in derived} - view
    yield from set(labels(view)) - view


def labels(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Preferred labels repeated as rdfs:label, as SKOS defines them, so that a query for labels finds every name."""
    return (Quad(q.s, LABEL, q.o) for q in quads if q.p == PREF_LABEL)
