"""Money of the current view: one observation for each thing, phase and scope; shares of it; what was stated before is history.

A share has ``tg:shareAmount`` and no ``tg:amount``, so a plain sum over a phase adds each euro once, and a sum of shares by
ministry or by participant is right too. Where several ministries have an undivided amount there is no share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from engine.fusion.conflict import CHANGED, DIFFERENT_VALUE, OTHER_SCOPE, PARTS, Alternative, Conflict
from engine.fusion.values import Citation, Values
from loaders.rdf.terms import HISTORY_GRAPH, ID, PROV, A, Quad, code, decimal, lexical, tg, thing

_FRAMEWORK, _COORDINATION = code("phase", "framework"), code("phase", "coordinationBudget")
_WITH_REGIONS, _REGIONAL = code("phase", "withRegions"), code("phase", "regionalBudget")
_PLANNED = {code("phase", p) for p in ("framework", "coordinationBudget", "callBudget", "costEstimate")}
"""Phases whose amount is one decision: a second figure contradicts or replaces it. Spending only accumulates."""
_DERIVED_FROM = f"<{PROV}wasDerivedFrom>"
_DATA_SET = "<http://purl.org/linked-data/cube#dataSet>"
_AMOUNTS, _BY_SCOPE = thing("dataset", "amounts"), thing("dataset", "amounts-by-scope")
"""The data cubes that ontology/cube.ttl describes."""
IN_CUBE = f"{_DATA_SET} {_BY_SCOPE}"
"""Property and object that put an amount of a list into its data cube: each has a scope."""
_SHARE_OF = tg("shareOf")
_HOLDERS = (tg("ministry"), tg("participation"))


@dataclass(frozen=True, slots=True)
class Observation:
    """A financial observation: an amount of a thing in a phase. ``shares`` are what it was added up from, if it was."""

    iri: str
    about: str
    phase: str
    amount: Decimal
    term: str
    precision: Decimal
    date: str
    scope: str
    rough: bool
    sources: tuple[Citation, ...]
    shares: tuple[str, ...] = ()

    def differs(self, other: Observation) -> bool:
        """Whether two amounts differ by more than the coarser one's rounding."""
        return abs(self.amount - other.amount) > max(self.precision, other.precision) / 2

    @property
    def of_project(self) -> bool:
        """Whether it is a project's money, of which lists give several scopes."""
        return self.about.startswith(f"<{ID}project/")


@dataclass(frozen=True, slots=True)
class Share:
    """One ministry's or one participant's part of an observation; ``holder`` is (property, IRI)."""

    iri: str
    whole: str
    holder: tuple[str, str]
    amount: Decimal
    precision: Decimal
    sources: tuple[Citation, ...]


@dataclass(slots=True)
class StatedMoney:
    """Every observation and share that documents state, and which of them the current view shows."""

    observations: list[Observation]
    shares: dict[str, list[Share]]
    """Observation → its shares, in the order of their IRIs."""
    current: list[Observation]

    def triples(self, view: set[Quad]) -> tuple[set[Quad], set[Quad]]:
        """The triples of the view that are not current, and those that take their place: history and what is derived."""
        shown = {o.iri for o in self.current}
        old = {o.iri for o in self.observations} - shown
        moved = {share.iri for whole in old for share in self.shares.get(whole, ())}
        new = set(self._derived_wholes())
        for quad in list(new):
            if quad.s in old:
                new.discard(quad)
                new.add(quad._replace(g=HISTORY_GRAPH))
        carried = self._carried_shares()
        new.update(Quad(s.iri, _SHARE_OF, whole.iri) for whole, s in carried)
        carried_iris = {s.iri for _, s in carried}
        gone = {q for q in view if q.s in old or (q.s in moved and not (q.s in carried_iris and q.p != _SHARE_OF))}
        new.update(q._replace(g=HISTORY_GRAPH) for q in gone if q.s not in carried_iris)
        shared = {iri for iri in shown if self.shares.get(iri)} | {whole.iri for whole, _ in carried}
        new.update(self._of_only_holder([o for o in self.current if o.iri not in shared], view))
        return gone, new

    def cubes(self) -> Iterator[Quad]:
        """The data cube of each amount: by scope where a thing and phase may have several, as lists give them."""
        for group in _grouped(self.current):
            several = len(group) > 1
            for one in group:
                by_scope = bool(one.scope) and (several or one.of_project)
                yield Quad(one.iri, _DATA_SET, _BY_SCOPE if by_scope else _AMOUNTS)

    def _derived_wholes(self) -> Iterator[Quad]:
        for whole in (o for o in self.observations if o.shares):
            yield Quad(whole.iri, tg("amount"), whole.term)
            yield Quad(whole.iri, tg("precision"), decimal(whole.precision))
            yield from (Quad(whole.iri, _DERIVED_FROM, share) for share in whole.shares)

    def _carried_shares(self) -> list[tuple[Observation, Share]]:
        """Shares of an older statement of the same amount: they hold for the newer one, which names none."""
        alike_shares: list[tuple[Observation, Share]] = []
        for whole in (o for o in self.current if not self.shares.get(o.iri)):
            alike = [
                o
                for o in reversed(self.observations)
                if o.about == whole.about and o.phase == whole.phase and not o.differs(whole) and self.shares.get(o.iri)
            ]
            alike_shares += [(whole, share) for share in self.shares[alike[0].iri]] if alike else []
        return alike_shares

    def _of_only_holder(self, undivided: Iterable[Observation], view: set[Quad]) -> Iterator[Quad]:
        """The shares of a theme's only ministry, of a project's only participant, and of the coordination in a framework."""
        holders: dict[str, set[tuple[str, str]]] = defaultdict(set)
        about = {o.about for o in undivided}
        for quad in view:
            if quad.p in _HOLDERS and quad.s in about:
                holders[quad.s].add((quad.p, quad.o))
        coordination = {o.about: o for o in self.current if o.phase == _COORDINATION}
        for whole in undivided:
            same = coordination.get(whole.about)
            if len(holders[whole.about]) == 1:
                (holder,) = holders[whole.about]
                yield from _share(whole, holder, whole.amount, whole.iri)
            elif whole.phase == _FRAMEWORK and same is not None and not same.differs(whole):
                for share in self.shares.get(same.iri, ()):
                    yield from _share(whole, share.holder, share.amount, share.iri)


def _share(whole: Observation, holder: tuple[str, str], amount: Decimal, source: str) -> Iterator[Quad]:
    """A share that no document states: of the whole, or of another amount that is the same."""
    key = holder[1].split("/id/", 1)[1].split("/", 1)[1][:-1]
    node = f"{whole.iri[:-1].replace('/id/observation/', '/id/share/', 1)}/{key}>"
    yield Quad(node, A, tg("Share"))
    yield Quad(node, _SHARE_OF, whole.iri)
    yield Quad(node, *holder)
    yield Quad(node, tg("shareAmount"), decimal(amount))
    yield Quad(node, _DERIVED_FROM, source)


def read(values: Values) -> StatedMoney:
    """The money that the passages state; amounts of which only shares are stated are added up from these."""
    shares = _shares(values)
    observations: dict[str, Observation] = {}
    for iri in values.subjects("FinancialObservation"):
        if values.of(iri, tg("amount")):
            if stated := _observation(values, iri):
                observations[iri] = stated
        elif iri in shares and (added := _observation(values, iri, shares[iri])):
            observations[iri] = added
    ordered = sorted(observations.values(), key=lambda o: (o.about, o.phase, o.date, o.scope, o.iri))
    return StatedMoney(ordered, shares, [one for group in _grouped(ordered) for one in _chosen(group)])


def realign(quads: list[Quad]) -> list[Quad]:
    """Name the stated whole in each share, where the share itself has no scope or the whole has none.

    "14 M€ (EU and state), of it 6 M€ of TEM": the share has no scope of its own, its whole has one.
    """
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    wholes = {q.o for q in quads if q.p == _SHARE_OF}
    names = {tg(name) for name in ("about", "phase", "referenceDate", "fundingScope", "amount")}
    for quad in quads:
        if quad.p in names and quad.s.startswith(f"<{ID}observation/"):
            facts[quad.s][quad.p] = quad.o
    stated: dict[tuple[str | None, ...], list[str]] = defaultdict(list)
    for iri, known in facts.items():
        if tg("amount") in known:
            stated[_same_money(known)].append(iri)
    alias: dict[str, str] = {}
    for iri in sorted(wholes):
        if tg("amount") not in facts[iri]:
            scope = facts[iri].get(tg("fundingScope"))
            fitting = [o for o in stated[_same_money(facts[iri])] if not scope or tg("fundingScope") not in facts[o]]
            if fitting:
                alias[iri] = min(fitting)
    return [q._replace(s=alias.get(q.s, q.s), o=alias.get(q.o, q.o)) for q in quads] if alias else quads


def _same_money(facts: dict[str, str]) -> tuple[str | None, ...]:
    return tuple(facts.get(tg(name)) for name in ("about", "phase", "referenceDate"))


def _observation(values: Values, iri: str, parts: list[Share] | None = None) -> Observation | None:
    about, phase = values.one(iri, tg("about")), values.one(iri, tg("phase"))
    if about is None or phase is None:
        return None
    date, scope = values.one(iri, tg("referenceDate")), values.one(iri, tg("fundingScope"))
    shared = about, phase
    rest = lexical(date) if date else "", scope or ""
    if parts is not None:
        amount = sum((p.amount for p in parts), Decimal(0))
        precision = max(p.precision for p in parts)
        sources = tuple(dict.fromkeys(s for p in parts for s in p.sources))
        return Observation(
            iri, *shared, amount, decimal(amount), precision, *rest, False, sources, tuple(p.iri for p in parts)
        )
    term = values.one(iri, tg("amount")) or ""
    stated = values.one(iri, tg("precision"))
    precision = Decimal(lexical(stated)) if stated else Decimal(0)
    rough = bool(values.of(iri, tg("approximate")))
    sources = tuple(values.of(iri, tg("amount"))[term])
    return Observation(iri, *shared, Decimal(lexical(term)), term, precision, *rest, rough, sources)


def _shares(values: Values) -> dict[str, list[Share]]:
    by_whole: dict[str, list[Share]] = defaultdict(list)
    for iri in values.subjects("Share"):
        whole, term = values.one(iri, _SHARE_OF), values.one(iri, tg("shareAmount"))
        holder = next(((p, o) for p in _HOLDERS if (o := values.one(iri, p))), None)
        if whole and term and holder:
            stated = values.one(iri, tg("precision"))
            precision = Decimal(lexical(stated)) if stated else Decimal(0)
            sources = tuple(values.of(iri, tg("shareAmount"))[term])
            by_whole[whole].append(Share(iri, whole, holder, Decimal(lexical(term)), precision, sources))
    return dict(by_whole)


def _chosen(group: list[Observation]) -> list[Observation]:
    """The newest, then the more precise; others beside it only where their scope is another part of the same money."""
    beside: set[tuple[str, str]] = set()
    scopes: dict[str, set[str]] = defaultdict(set)
    for observation in group:
        for source in observation.sources:
            scopes[source.document].add(observation.scope)
    for together in scopes.values():
        beside.update((one, other) for one in together for other in together if one and other)

    def rank(o: Observation) -> tuple[object, ...]:
        unscoped = o.of_project and not o.scope
        return unscoped, tuple(-ord(c) for c in o.date.ljust(10, "\x00")), o.precision, o.rough, not o.scope, o.iri

    chosen: list[Observation] = []
    for candidate in sorted(group, key=rank):
        if all(_apart(candidate, other, beside) for other in chosen):
            chosen.append(candidate)
    return chosen


def _apart(one: Observation, other: Observation, beside: set[tuple[str, str]]) -> bool:
    """Whether two amounts are different parts of a thing's money: EU money and all public money, both stated."""
    if not one.scope or not other.scope or one.scope == other.scope:
        return False
    return (one.scope, other.scope) in beside or (one.of_project and one.differs(other))


def _grouped(observations: list[Observation]) -> Iterator[list[Observation]]:
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for observation in observations:
        groups[observation.about, observation.phase].append(observation)
    yield from groups.values()


def compare(money: StatedMoney) -> Iterator[Conflict]:
    """Amounts of one thing and phase that differ, or agree under different scopes; shares that miss their total."""
    shown = {(o.about, o.phase): o for o in reversed(money.current)}
    for group in _grouped(money.observations):
        newest = shown[group[0].about, group[0].phase]
        if newest.phase in _PLANNED and len(group) > 1:
            group = [*(o for o in group if o is not newest), newest]
            yield from _changes(group)
            yield from _scopes(group)
    yield from _phases(money.observations)
    yield from _with_regions(money.observations)
    yield from _parts(money)


def _alternatives(group: list[Observation], term: str) -> tuple[Alternative, ...]:
    sources: dict[str, list[Citation]] = defaultdict(list)
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


def _phases(observations: list[Observation]) -> Iterator[Conflict]:
    """One number that one document calls a theme's framework and another the budget of its coordination project."""
    for framework in (o for o in observations if o.phase == _FRAMEWORK):
        same = [
            o
            for o in observations
            if o.phase == _COORDINATION and o.about == framework.about and not o.differs(framework)
        ]
        if {s.document for o in same for s in o.sources} - {s.document for s in framework.sources}:
            yield Conflict(framework.about, tg("phase"), OTHER_SCOPE, _alternatives([*same, framework], "phase"))


def _with_regions(observations: list[Observation]) -> Iterator[Conflict]:
    """Money of a theme and of regional projects together that is not what its two parts add up to in another document."""
    by_phase = {(o.about, o.phase): o for o in observations}
    for whole in (o for o in observations if o.phase == _WITH_REGIONS):
        parts = [by_phase.get((whole.about, phase)) for phase in (_COORDINATION, _REGIONAL)]
        if None not in parts:
            yield from _missed(whole, [(o.amount, o.precision, o.sources) for o in parts if o])


def _parts(money: StatedMoney) -> Iterator[Conflict]:
    for total in money.observations:
        parts = [] if total.shares else money.shares.get(total.iri, [])
        if len(parts) > 1:
            yield from _missed(total, [(p.amount, p.precision, p.sources) for p in parts])


def _missed(total: Observation, parts: list[tuple[Decimal, Decimal, tuple[Citation, ...]]]) -> Iterator[Conflict]:
    """A total that its parts (amount, rounding, sources) miss by more than the rounding of all of them."""
    summed = sum((amount for amount, _, _ in parts), Decimal(0))
    rounding = sum((precision for _, precision, _ in parts), total.precision) / 2
    if abs(summed - total.amount) > rounding:
        added = Alternative(decimal(summed), tuple(source for _, _, sources in parts for source in sources))
        alternatives = (Alternative(total.term, total.sources), added)
        yield Conflict(total.about, tg("amount"), PARTS, alternatives, total.term, (tg("phase"), total.phase))
