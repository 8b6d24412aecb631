"""What amounts, counts and codes of several passages say together: changes, other scopes, parts, counts, notations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from engine.fusion.conflict import CHANGED, DIFFERENT_VALUE, OTHER_NOTATION, OTHER_SCOPE, PARTS, Alternative, Conflict
from engine.fusion.values import Source, Values
from loaders.rdf.terms import TRUE, Quad, code, lexical, literal, tg

_FRAMEWORK, _COORDINATION = code("phase", "framework"), code("phase", "coordinationBudget")
_PLANNED = {code("phase", p) for p in ("framework", "coordinationBudget", "callBudget", "costEstimate")}
"""Phases whose amount is one decision: a second figure contradicts or replaces it. Spending only accumulates."""


@dataclass(frozen=True, slots=True)
class Observation:
    """A financial observation as the current view shows it."""

    iri: str
    about: str
    phase: str
    amount: Decimal
    term: str
    precision: Decimal
    date: str
    scope: str
    ministry: str
    sources: tuple[Source, ...]

    def differs(self, other: Observation) -> bool:
        """Whether two amounts differ by more than the coarser one's rounding."""
        return abs(self.amount - other.amount) > max(self.precision, other.precision) / 2


def observations(values: Values) -> list[Observation]:
    """All financial observations, newest last within one (about, phase, ministry)."""
    found = []
    for subject in values.subjects("FinancialObservation"):
        term, about, phase = (values.one(subject, tg(p)) for p in ("amount", "about", "phase"))
        if term is None or about is None or phase is None:
            continue
        date, precision = values.one(subject, tg("referenceDate")), values.one(subject, tg("precision"))
        found.append(
            Observation(
                subject,
                about,
                phase,
                Decimal(lexical(term)),
                term,
                Decimal(lexical(precision)) if precision else Decimal(0),
                lexical(date) if date else "",
                values.one(subject, tg("fundingScope")) or "",
                values.one(subject, tg("ministry")) or "",
                tuple(values.of(subject, tg("amount"))[term]),
            )
        )
    return sorted(found, key=lambda o: (o.about, o.phase, o.ministry, o.date, o.scope, o.iri))


def _grouped(found: list[Observation]) -> Iterator[list[Observation]]:
    groups: dict[tuple[str, str, str], list[Observation]] = defaultdict(list)
    for observation in found:
        groups[observation.about, observation.phase, observation.ministry].append(observation)
    yield from groups.values()


def latest(found: list[Observation]) -> Iterator[Quad]:
    """Mark the newest observation of each (about, phase, ministry): exactly one, so that plain sums add each amount once."""
    for group in _grouped(found):
        yield Quad(group[-1].iri, tg("latest"), TRUE)


def compare(found: list[Observation]) -> Iterator[Conflict]:
    """Amounts of one thing and phase that differ, or agree under different scopes; shares that miss their total."""
    for group in _grouped(found):
        if group[0].phase in _PLANNED and len(group) > 1:
            yield from _changes(group)
            yield from _scopes(group)
    yield from _phases(found)
    yield from _parts(found)


def _alternatives(group: list[Observation], term: str) -> tuple[Alternative, ...]:
    sources: dict[str, list[Source]] = defaultdict(list)
    for observation in reversed(group):
        value = {"amount": observation.term, "scope": observation.scope, "phase": observation.phase}[term]
        sources[value].extend(observation.sources)
    return tuple(Alternative(v, tuple(s)) for v, s in sources.items())


def _changes(group: list[Observation]) -> Iterator[Conflict]:
    newest = group[-1]
    others = [o for o in group[:-1] if o.differs(newest) and o.scope in (newest.scope, "")]
    if others:
        dates = {o.date for o in [*others, newest]}
        kind = CHANGED if len(dates) > 1 and "" not in dates else DIFFERENT_VALUE
        alternatives = _alternatives([*others, newest], "amount")
        yield Conflict(newest.about, tg("amount"), kind, alternatives, newest.term, (tg("phase"), newest.phase))


def _scopes(group: list[Observation]) -> Iterator[Conflict]:
    newest = group[-1]
    same = [o for o in group if o.scope and not o.differs(newest)]
    if newest.scope and len({o.scope for o in same}) > 1:
        alternatives, phase = _alternatives(same, "scope"), (tg("phase"), newest.phase)
        yield Conflict(newest.about, tg("fundingScope"), OTHER_SCOPE, alternatives, newest.scope, phase)


def _phases(found: list[Observation]) -> Iterator[Conflict]:
    """One number that one document calls a theme's framework and another the budget of its coordination project."""
    whole = [o for o in found if not o.ministry]
    for framework in (o for o in whole if o.phase == _FRAMEWORK):
        same = [
            o for o in whole if o.phase == _COORDINATION and o.about == framework.about and not o.differs(framework)
        ]
        if {s.document for o in same for s in o.sources} - {s.document for s in framework.sources}:
            yield Conflict(framework.about, tg("phase"), OTHER_SCOPE, _alternatives([*same, framework], "phase"))


def _parts(found: list[Observation]) -> Iterator[Conflict]:
    totals = {(o.about, o.phase, o.date): o for o in found if not o.ministry}
    shares: dict[tuple[str, str, str], list[Observation]] = defaultdict(list)
    for observation in found:
        if observation.ministry:
            shares[observation.about, observation.phase, observation.date].append(observation)
    for key, parts in sorted(shares.items()):
        total = totals.get(key)
        summed = sum((p.amount for p in parts), Decimal(0))
        rounding = sum((p.precision for p in parts), total.precision if total else Decimal(0)) / 2
        if total and len(parts) > 1 and abs(summed - total.amount) > rounding:
            added = Alternative(literal(str(summed), datatype="decimal"), tuple(s for p in parts for s in p.sources))
            alternatives = (Alternative(total.term, total.sources), added)
            yield Conflict(total.about, tg("amount"), PARTS, alternatives, total.term, (tg("phase"), total.phase))


def notations(values: Values) -> Iterator[Conflict]:
    """One objective under several notations."""
    printed: dict[tuple[str, str], dict[str, list[Source]]] = defaultdict(lambda: defaultdict(list))
    for (subject, predicate), objects in values.statements.items():
        if predicate != tg("specificObjective"):
            continue
        for concept, sources in objects.items():
            passages = {s.passage for s in sources}
            for notation, stated in values.of(subject, tg("objectiveAsStated")).items():
                printed[subject, concept][notation].extend(s for s in stated if s.passage in passages)
    for (subject, concept), by_notation in sorted(printed.items()):
        used = {n: s for n, s in sorted(by_notation.items()) if s}
        if len(used) > 1:
            alternatives = tuple(Alternative(n, tuple(s)) for n, s in used.items())
            chosen = literal(lexical(concept).rsplit("/", 1)[1])
            yield Conflict(subject, tg("specificObjective"), OTHER_NOTATION, alternatives, chosen)
