"""What a link set must not say: two entries for one organisation, a circle of successors, a split inside a merge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from links.sssom import SUFFIX, Link, LinkSet
from loaders.errors import SourceError

SINGLE = frozenset({"ror", "fairdata", "business-ids", "seats"})
"""Sets in which an organisation has at most one accepted pair."""
IDENTITY, SUCCESSION = "identity", "succession"


def consistent(links: LinkSet, decided: Mapping[tuple[str, str, str], tuple[str, int | None]] | None = None) -> None:
    """Refuse a set that contradicts itself: two accepted entries for one subject, a circle, a split inside a merge.

    ``decided`` tells the file and line of pairs that are being decided now, to be named in the error.
    """
    lines = decided or {}

    def error(link: Link, message: str) -> SourceError:
        source, line = lines.get(link.pair, (links.name + SUFFIX, link.line or None))
        return SourceError(source, message, line)

    if links.name in SINGLE:
        chosen: dict[tuple[str, str], Link] = {}
        for link in links.accepted:
            before = chosen.setdefault((link.subject, link.predicate), link)
            if before is not link:
                first, second = sorted((before, link), key=lambda one: one.pair in lines)
                raise error(second, f"{link.subject_label} is linked to {first.object} already; reject that first")
    if links.name == IDENTITY:
        for link in split_inside_merge(links):
            raise error(link, "the pair is rejected, but other decisions make the two one")
    if links.name == SUCCESSION and (circle := _circle(links.accepted)):
        raise error(circle, f"{circle.subject_label} would succeed itself")


def split_inside_merge(links: LinkSet) -> list[Link]:
    """Rejected pairs of the identity set whose two ends accepted pairs join."""
    root = clusters(links.accepted)
    return [
        link for link in links.rejected if root.get(link.subject, link.subject) == root.get(link.object, link.object)
    ]


def clusters(links: Iterable[Link]) -> dict[str, str]:
    """Join what accepted pairs say is one; each member → the least IRI of its cluster."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for link in links:
        neighbours[link.subject].add(link.object)
        neighbours[link.object].add(link.subject)
    root: dict[str, str] = {}
    for start in sorted(neighbours):
        waiting = [start] if start not in root else []
        while waiting:
            node = waiting.pop()
            if node not in root:
                root[node] = start
                waiting += neighbours[node]
    return root


def _circle(links: Iterable[Link]) -> Link | None:
    """Find a link that leads back to where it starts."""
    following: dict[str, list[Link]] = defaultdict(list)
    for link in links:
        following[link.subject].append(link)
    for link in (link for found in list(following.values()) for link in found):
        waiting, seen = [link.object], set[str]()
        while waiting:
            node = waiting.pop()
            if node == link.subject:
                return link
            if node not in seen:
                seen.add(node)
                waiting += [next_.object for next_ in following.get(node, ())]
    return None
