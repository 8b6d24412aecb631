"""Which mentions are one organisation: by business id, then by the key of the name, then by what persons have decided.

A business id joins names only where its check digit holds and it is not shared (all ELY Centres act under one). A name joins
mentions only as long as they do not carry different ids: a name that two legal persons have borne is flagged and kept apart,
by the days of the mentions where these tell. Every join has its reason, so that it can be shown and undone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from links.sssom import LinkSet
from loaders.names import Registry, key, repair
from loaders.rdf.terms import ID
from loaders.values.marks import business_ids

IDENTITY, BUSINESS_IDS = "identity", "business-ids"
_ORGANISATION = f"{ID}organisation/"


@dataclass(frozen=True, slots=True)
class Mention:
    """An organisation as one source names it; ``first`` and ``last`` are ISO days (or years) it is mentioned for."""

    name: str
    business_id: str | None = None
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a spelling belongs to its cluster: ``registry``, ``key``, ``business-id`` or ``decision``, and the evidence."""

    name: str
    kind: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One organisation: its key, its spellings, its business ids and the reason of each spelling."""

    key: str
    names: tuple[str, ...]
    business_ids: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should look at.

    ``homonym``: one name, several ids; ``undated``: a mention either could be; ``bad-id``: an id whose check digit is wrong.
    """

    kind: str
    key: str
    message: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """The clusters by key, and what the rules could not tell."""

    clusters: tuple[Cluster, ...]
    flags: tuple[Flag, ...]

    def key_of(self, name: str, business_id: str | None = None) -> str | None:
        """The key of the cluster a spelling (with an id, where names are shared) is in."""
        found = [c for c in self.clusters if name in c.names]
        fitting = [c for c in found if business_id in c.business_ids] if business_id else found
        return fitting[0].key if len(fitting) == 1 else None


class Decisions:
    """What persons decided: pairs of our keys that are one or are not, and business ids that several bodies share."""

    def __init__(self, sets: Iterable[LinkSet] = ()) -> None:
        self.same: list[tuple[str, str]] = []
        self.apart: set[frozenset[str]] = set()
        self.shared: set[str] = set()
        for links in sets:
            for link in links.links:
                ends = link.subject.removeprefix(_ORGANISATION), link.object.removeprefix(_ORGANISATION)
                if links.name == IDENTITY and link.rejected:
                    self.apart.add(frozenset(ends))
                elif links.name == IDENTITY:
                    self.same.append((min(ends), max(ends)))
                elif links.name == BUSINESS_IDS and not link.rejected and link.predicate.endswith("adms#identifier"):
                    self.shared.add(link.object.rpartition("/")[2])


def resolve(
    mentions: Iterable[Mention], decisions: Decisions | None = None, registry: Registry | None = None
) -> Resolution:
    """Cluster mentions into organisations; the order of the mentions does not matter."""
    told, known = decisions or Decisions(), registry or Registry.load()
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in sorted(set(mentions), key=lambda m: (m.name, m.business_id or "", m.first or "", m.last or "")):
        groups[known.organisation_key(mention.name)].append(mention)
    flags: list[Flag] = []
    parts = [part for group, found in sorted(groups.items()) for part in _parts(group, found, told, flags)]
    joined = join_parts(parts, told)
    return Resolution(tuple(_cluster(group, members, known) for group, members in joined), tuple(flags))


@dataclass(slots=True)
class Part:
    """Mentions of one name key that may be one body."""

    key: str
    mentions: list[Mention]
    ids: set[str]


def usable(mention: Mention, told: Decisions) -> str | None:
    """The mention's business id, if it is one and identifies one body."""
    number = mention.business_id
    return number if number and number not in told.shared and business_ids(number) else None


def _parts(group: str, mentions: list[Mention], told: Decisions, flags: list[Flag]) -> list[Part]:
    """Part the mentions of one name key by their business ids; those without one go where their days allow."""
    by_id: dict[str, list[Mention]] = defaultdict(list)
    bare: list[Mention] = []
    for mention in mentions:
        number = usable(mention, told)
        if mention.business_id and not business_ids(mention.business_id):
            message = (
                f"{mention.name} is given {mention.business_id}, which is no business id: its check digit is wrong"
            )
            flags.append(Flag("bad-id", group, message))
        (by_id[number] if number else bare).append(mention)
    if len(by_id) < 2:
        return [Part(group, mentions, set(by_id))]
    ids = sorted(by_id)
    flags.append(Flag("homonym", group, f"{mentions[0].name} is the name of {len(ids)} business ids: {', '.join(ids)}"))
    parts = {number: Part(f"{group}-{number}", list(by_id[number]), {number}) for number in ids}
    rest = Part(group, [], set())
    for mention in bare:
        fitting = [number for number in ids if _overlap(mention, by_id[number])]
        if len(fitting) == 1:
            parts[fitting[0]].mentions.append(mention)
        else:
            rest.mentions.append(mention)
    if rest.mentions:
        flags.append(
            Flag("undated", group, f"{len(rest.mentions)} mentions of {rest.mentions[0].name} may be of any of them")
        )
    return [*parts.values(), *([rest] if rest.mentions else [])]


def _overlap(mention: Mention, others: Sequence[Mention]) -> bool:
    """Tell whether a dated mention falls into the days of others; without days nothing is told."""
    starts, ends = [o.first for o in others if o.first], [o.last or o.first for o in others if o.last or o.first]
    if not mention.first or not starts or not ends:
        return False
    return mention.first <= max(e for e in ends if e) and (mention.last or mention.first) >= min(starts)


class _Joined:
    """Parts joined into organisations; a join that a decision forbids is not made."""

    def __init__(self, parts: list[Part], apart: set[frozenset[str]]) -> None:
        self.group = {part.key: {part.key} for part in parts}
        self.apart = apart

    def join(self, one: str, other: str) -> None:
        """Make the groups of two keys one, unless two of their members are to stay apart."""
        first, second = self.group[one], self.group[other]
        if first is second or (self.apart and any(frozenset((a, b)) in self.apart for a in first for b in second)):
            return
        larger, smaller = (first, second) if len(first) >= len(second) else (second, first)
        larger |= smaller
        for key_ in smaller:
            self.group[key_] = larger


def join_parts(parts: list[Part], told: Decisions) -> list[tuple[str, list[Part]]]:
    """Join parts that share an identifying id or that a decision makes one, unless a decision keeps them apart."""
    joined = _Joined(parts, told.apart)
    by_key = {part.key: part for part in parts}
    by_id: dict[str, str] = {}
    for part in parts:
        for number in sorted(part.ids):
            joined.join(by_id.setdefault(number, part.key), part.key)
    for one, other in sorted(told.same):
        if one in by_key and other in by_key:
            joined.join(one, other)
    groups = {id(group): sorted(group) for group in joined.group.values()}
    found = [[by_key[key_] for key_ in keys] for keys in groups.values()]
    return sorted(((_name_of(members), members) for members in found), key=lambda pair: pair[0])


def _name_of(parts: list[Part]) -> str:
    """Name a cluster: a key the registry knows first, else that of most mentions, else the first by letters."""
    known = [part.key for part in parts if part.key in Registry.load().organisations]
    counted = Counter({part.key: len(part.mentions) for part in parts})
    return sorted(known)[0] if known else min(counted, key=lambda found: (-counted[found], found))


def _cluster(group: str, parts: list[Part], registry: Registry) -> Cluster:
    names = sorted({mention.name for part in parts for mention in part.mentions})
    ids = sorted({number for part in parts for number in part.ids})
    home = next(part for part in parts if part.key == group)
    own = {mention.name for mention in home.mentions}
    reasons = []
    for name in names:
        if name in own or len(parts) == 1:
            reasons.append(explain(name, registry))
        else:
            shared = sorted(
                {n for part in parts for n in part.ids if any(m.name == name for m in part.mentions)} & home.ids
            )
            reasons.append(Reason(name, "business-id", shared[0]) if shared else Reason(name, "decision", group))
    return Cluster(group, tuple(names), tuple(ids), tuple(reasons))


def explain(name: str, registry: Registry | None = None) -> Reason:
    """Tell why a spelling stands for the organisation it was read as."""
    known = registry or Registry.load()
    match = known.organisation(name)
    if match:
        return Reason(name, "registry", f"{match.how} of {next(iter(known.organisations[match.key].labels.values()))}")
    return Reason(name, "key", key(repair(name)))
