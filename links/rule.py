"""The decision rule: what may be linked without a person, and how the rest is put before one.

A pair is accepted only if one of the subject's names has the very key of one of the target's, their kinds agree, each is the
other's only match, and the target is active. Likeness of names proposes, it never decides.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from links.reference import Reference
from links.sssom import LEXICAL, PREFIXES, SAME_ORGANISATION, TABLES, Link, LinkSet, ReferenceSource
from loaders.names import Registry, kind_by_form
from loaders.names import keys as name_key
from loaders.names.keys import likeness
from loaders.names.registry import Entry

PLACED = {"ely-centre", "municipality", "regional-council", "wellbeing-county"}
"""Kinds whose names differ by the place alone: an entry of another name is another body, however alike the two look."""
SHOWN, LEAST = 3, 0.6
"""How many candidates a person sees, and how alike (Dice of letter triples) a name must at least be."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One of our organisations, to be linked: its names, type and acronyms."""

    iri: str
    label: str
    names: tuple[str, ...]
    kind: str | None
    notations: tuple[str, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """The normalised keys of its names."""
        return frozenset(name_key.key(name) for name in self.names)


@dataclass(frozen=True, slots=True)
class Target:
    """An entry of another register."""

    iri: str
    label: str
    names: tuple[str, ...]
    kinds: frozenset[str] | None = None
    """Our organisation types it may be; None where the register says nothing."""
    active: bool = True
    place: str = ""
    note: str = ""
    weak: bool = False
    """Its source is too weak to accept by."""


class Candidate(NamedTuple):
    """A pair for a person to decide on, with the reasons for and against; its link set is filled in by :func:`proposal`."""

    subject: str
    subject_label: str
    rank: int
    predicate: str
    object: str
    object_label: str
    score: float
    reasons: str
    set: str = ""


class Unlinked(NamedTuple):
    """Something nothing was found for, and what would link it."""

    subject: str
    subject_label: str
    wanted: str
    set: str = ""


Found = Link | Candidate | Unlinked
"""What a target says of a thing: a link, places for a person to look at, or that there is none."""


class Proposal(NamedTuple):
    """All that one target proposes for one link set, from a source of ``tables.toml`` in some version."""

    name: str
    source: ReferenceSource
    links: Sequence[Link] = ()
    candidates: Sequence[Candidate] = ()
    unlinked: Sequence[Unlinked] = ()


def proposal(name: str, matches: Iterable[Found], source: str = "", version: str = "") -> Proposal:
    """What a target found for a link set; ``source``: its key in ``tables.toml``, by default the set's name."""
    known = TABLES.sources[source or name]
    every = [one if isinstance(one, Link) else one._replace(set=name) for one in matches]
    return Proposal(
        name,
        known._replace(version=version or known.version),
        [one for one in every if isinstance(one, Link)],
        [one for one in every if isinstance(one, Candidate)],
        [one for one in every if isinstance(one, Unlinked)],
    )


class MatchInput(NamedTuple):
    """What a target works on: reference tables, our organisations, the link sets as they are, what earlier targets propose."""

    reference: Reference
    ours: Sequence[Subject]
    decided: Mapping[str, LinkSet]
    proposals: dict[str, Proposal]


def code(scheme: str, notation: str) -> str:
    """The IRI of a concept of a code list, by the list's scheme and the concept's notation."""
    return f"{PREFIXES['code']}{scheme}/{notation}"


def link(
    subject: tuple[str, str],
    predicate: str,
    target: tuple[str, str],
    justification: str,
    confidence: str = "1",
    match: str = "",
    other: Sequence[tuple[str, str]] = (),
    comment: str = "",
) -> Link:
    """Make an accepted link between two (IRI, label) ends; its date is set when the set is written."""
    return Link(
        *subject,
        predicate,
        *target,
        justification,
        confidence=Decimal(confidence),
        match=match,
        other=tuple((key, value) for key, value in other if value),
        comment=comment,
    )


def match_register(ours: Sequence[Subject], targets: Sequence[Target], missing: str) -> Iterator[Found]:
    """Apply the rule to every one of our organisations against every entry of one register.

    ``missing`` says what would link an organisation for which nothing was found.
    """
    by_key: dict[str, list[Target]] = defaultdict(list)
    for target in targets:
        for key in {name_key.key(n) for n in target.names}:
            by_key[key].append(target)
    matches = {
        subject.iri: list({t.iri: t for key in sorted(subject.keys) for t in by_key.get(key, ())}.values())
        for subject in ours
    }
    claims = Counter(target.iri for matched in matches.values() for target in matched)
    for subject in ours:
        matched = matches[subject.iri]
        against = {target.iri: _against(subject, target, matched, claims) for target in matched}
        if len(matched) == 1 and not against[matched[0].iri]:
            ends = (subject.iri, subject.label), SAME_ORGANISATION, (matched[0].iri, matched[0].label)
            shared = next(name for name in matched[0].names if name_key.key(name) in subject.keys)
            yield link(*ends, LEXICAL, confidence="0.95", match=shared)
        elif shown := _shown(subject, matched, against, targets):
            yield from shown
        else:
            yield Unlinked(subject.iri, subject.label, missing)


def _against(subject: Subject, target: Target, matched: list[Target], claims: Mapping[str, int]) -> list[str]:
    """List what keeps the rule from accepting a pair of equal keys."""
    reasons = []
    if len(matched) > 1:
        reasons.append(f"{len(matched)} entries bear this name")
    if claims[target.iri] > 1:
        reasons.append(f"{claims[target.iri]} of our organisations match this entry")
    if not target.active:
        reasons.append("the entry is no longer active")
    if target.weak:
        reasons.append("only a weak source gives it")
    if target.kinds is not None and subject.kind not in target.kinds:
        reasons.append(f"kinds differ ({subject.kind})")
    return reasons


def _shown(
    subject: Subject, matched: list[Target], against: dict[str, list[str]], targets: Sequence[Target]
) -> list[Candidate]:
    """Rank the entries a person should look at: those of the same name first, then the most alike."""
    scored = [(1.0, target) for target in matched]
    for target in targets:
        if target.iri not in against and _may_be(subject, target):
            score = max((likeness(a, b, LEAST) for a in subject.names for b in target.names), default=0.0)
            if score >= LEAST:
                scored.append((score, target))
    scored.sort(key=lambda pair: (-pair[0], pair[1].iri))
    ends = subject.iri, subject.label
    return [
        Candidate(
            *ends, rank, SAME_ORGANISATION, target.iri, target.label, round(score, 2),
            "; ".join(_reasons(subject, target, score, against)),
        )
        for rank, (score, target) in enumerate(scored[:SHOWN], 1)
    ]  # fmt: skip


def _may_be(subject: Subject, target: Target) -> bool:
    """Leave out what is plainly of another kind, by its register or by its own names, and bodies of another place."""
    if subject.kind in PLACED:
        return False
    kinds = target.kinds or _kinds_of(target.names)
    return subject.kind is None or not kinds or subject.kind in kinds


@lru_cache(maxsize=1 << 16)
def _kinds_of(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(kind for name in names if (kind := kind_by_form(name)))


def _reasons(subject: Subject, target: Target, score: float, against: dict[str, list[str]]) -> list[str]:
    reasons = ["same name key" if target.iri in against else f"names alike {score:.2f}"]
    reasons += against.get(target.iri, [])
    if target.kinds is not None and subject.kind in target.kinds:
        reasons.append("kind fits")
    if target.place:
        reasons.append(f"place {target.place}")
    if not target.active and target.iri not in against:
        reasons.append("the entry is no longer active")
    if target.note:
        reasons.append(target.note)
    return reasons


def alike(name: str, entries: Sequence[tuple[str, str]]) -> list[tuple[float, tuple[str, str]]]:
    """Rank (IRI, label) entries by likeness to a name; the best that a person should see."""
    scored = [(round(likeness(name, entry[1]), 2), entry) for entry in entries]
    return sorted((pair for pair in scored if pair[0] >= LEAST), key=lambda pair: (-pair[0], pair[1]))[:SHOWN]


def subjects(registry: Registry, more: Iterable[tuple[str, str]] = ()) -> list[Subject]:
    """List the organisations to link: the registry's, and (key, name) pairs a graph has beyond it."""
    known = [_subject(entry) for entry in registry.organisations.values()]
    seen = {subject.iri for subject in known}
    for key, name in sorted(set(more)):
        iri = f"{PREFIXES['organisation']}{key}"
        if iri not in seen:
            seen.add(iri)
            known.append(Subject(iri, name, (name,), registry.type_of(name)))
    return known


def _subject(entry: Entry) -> Subject:
    label = next(iter(entry.labels.values()))
    names = tuple(dict.fromkeys(entry.names))
    return Subject(f"{PREFIXES['organisation']}{entry.key}", label, names, entry.type, tuple(entry.notations))
