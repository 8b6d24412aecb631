"""Decides which organisations are the same, by business id or by persons' decisions; and why a spelling means an organisation.

A business id joins only where its check digit holds and no decision says that several bodies share it (all ELY Centres act under
one). An organisation with two ids joins nothing: its statements contradict each other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from links.sssom import LinkSet
from loaders.names import Registry, key, repair
from loaders.rdf.terms import DCT, ID, Quad, iri, lexical, tg
from loaders.values.marks import business_ids

IDENTITY, BUSINESS_IDS = "identity", "business-ids"
_ORGANISATION = f"{ID}organisation/"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a spelling belongs to an organisation: ``registry`` or ``key``, and the evidence."""

    kind: str
    evidence: str


class Decisions:
    """The decisions of persons: pairs of our keys that are one or are not, and business ids that several bodies share."""

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


class Groups:
    """Keys joined into one another; a join that a decision forbids is not made."""

    def __init__(self, apart: Iterable[frozenset[str]] = ()) -> None:
        self.of: dict[str, set[str]] = {}
        """Key → the keys it is one with, itself among them."""
        self.apart = set(apart)

    def group(self, one: str) -> set[str]:
        """The keys that a key is one with; alone until it is joined."""
        return self.of.setdefault(one, {one})

    def join(self, one: str, other: str) -> None:
        """Make the groups of two keys one, unless two of their members are to stay apart."""
        first, second = self.group(one), self.group(other)
        if first is second or (self.apart and any(frozenset((a, b)) in self.apart for a in first for b in second)):
            return
        larger, smaller = (first, second) if len(first) >= len(second) else (second, first)
        larger |= smaller
        for member in smaller:
            self.of[member] = larger


def same_organisations(quads: Iterable[Quad], decisions: Decisions | None = None) -> Mapping[str, str]:
    """Organisations (IRI terms) of a graph that are one → the one to keep; only what changes is listed."""
    decided = decisions or Decisions()
    ids: dict[str, set[str]] = {}
    for quad in quads:
        if quad.s.startswith(f"<{_ORGANISATION}"):
            own = ids.setdefault(lexical(quad.s).removeprefix(_ORGANISATION), set())
            if (
                quad.p == tg("businessId")
                and (number := lexical(quad.o)) not in decided.shared
                and business_ids(number)
            ):
                own.add(number)
    groups = Groups(decided.apart)
    owner: dict[str, str] = {}
    for one in sorted(one for one, own in ids.items() if len(own) == 1):
        groups.join(owner.setdefault(next(iter(ids[one])), one), one)
    for one, other in sorted(decided.same):
        if one in ids and other in ids:
            groups.join(one, other)
    registered = Registry.load().organisations
    # a key that the registry knows is kept, else the first by letters
    representative = {
        one: min(group, key=lambda member: (member not in registered, member)) for one, group in groups.of.items()
    }
    return {
        iri(_ORGANISATION + one): iri(_ORGANISATION + other)
        for one, other in sorted(representative.items())
        if one != other
    }


def unify_organisations(quads: Iterable[Quad], decisions: Decisions | None = None) -> list[Quad]:
    """Replace the IRIs of organisations that are the same by one of them; the others point to it with dct:isReplacedBy."""
    known = list(quads)
    merged = same_organisations(known, decisions)
    if not merged:
        return known
    renamed = [Quad(merged.get(s, s), p, merged.get(o, o), g) for s, p, o, g in known]
    return renamed + [Quad(old, f"<{DCT}isReplacedBy>", new) for old, new in merged.items()]


def explain(name: str, registry: Registry | None = None) -> Reason:
    """Tell why a spelling was read as its organisation."""
    known = registry or Registry.load()
    match = known.organisation(name)
    if match:
        return Reason("registry", f"{match.how} of {next(iter(known.organisations[match.key].labels.values()))}")
    return Reason("key", key(repair(name)))
