"""Decisions of persons on proposed pairs: read from an edited table, checked together, written all or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from links import sssom
from links.identity import IDENTITY, Groups
from links.sets import read_sets
from links.sssom import MANUAL, PREFIXES, TABLES, Link, LinkSet, expand, new_set, parse_other, with_links, write_all
from loaders.data import read_table, shaped
from loaders.errors import SourceError

SINGLE = frozenset({"ror", "fairdata", "business-ids", "seats"})
"""Sets in which an organisation has at most one accepted pair."""
SUCCESSION = "succession"
WORDS = {"accept": False, "reject": True}
"""What a person writes in the column ``decision`` → whether the pair is rejected."""
COLUMNS = ("set", "subject_id", "predicate_id", "object_id", "decision")


class Decision(NamedTuple):
    """One decision of a person: the pair to accept or reject in a link set, and the file it comes from.

    Beside its ends and ``rejected``, the link may have a ``comment``, facts to note (``known=vanished`` or ``known=inactive``
    where that is so and yet right) and the ``line`` of the file.
    """

    set: str
    link: Link
    source: str = "decision"


class _Row(msgspec.Struct):
    """The cell of a row that decides."""

    decision: Annotated[Literal["", "accept", "reject"], Meta(description="accept, reject or nothing")] = ""


def read_decisions(path: Path, word: str) -> tuple[list[Decision], int]:
    """Read the rows of a table of candidates that are marked with ``word``; also tell how many are marked otherwise."""
    decisions, others = [], 0
    for line, cells in read_table(path, COLUMNS):
        marked = shaped(path.name, line, cells | {"decision": cells["decision"].casefold()}, _Row).decision
        if marked == word:
            decisions.append(_decision(path.name, line, cells))
        others += bool(marked) and marked != word
    return decisions, others


def _decision(name: str, line: int, cells: dict[str, str]) -> Decision:
    subject, predicate, target = (
        expand(cells[c], PREFIXES, name, line) for c in ("subject_id", "predicate_id", "object_id")
    )
    link = Link(
        subject, cells.get("subject_label", ""), predicate, target, cells.get("object_label", ""), MANUAL,
        rejected=WORDS[cells["decision"].casefold()],
        other=parse_other(cells.get("other", "")),
        comment=cells.get("comment", ""),
        line=line,
    )  # fmt: skip
    return Decision(cells["set"], link, name)


def decide(
    folder: Path, decisions: Sequence[Decision], reviewer: str, date: str, overturn: bool = False
) -> list[LinkSet]:
    """Apply decisions to the sets of a folder and write those that changed.

    Raises SourceError and writes nothing if one of them is bad.
    """
    if not reviewer.strip():
        raise SourceError("decision", "who decides is not named: give --reviewer")
    sets = {links.name: links for links in read_sets(folder)}
    changed: dict[str, dict[tuple[str, str, str], Link]] = {}
    seen: dict[tuple[str, tuple[str, str, str]], Link] = {}
    for name, link, source in decisions:
        if name not in sets and name not in TABLES.titles:
            known = ", ".join(sorted({*sets, *TABLES.titles}))
            raise SourceError(source, f'there is no link set "{name}"; there are {known}', link.line or None)
        before = seen.setdefault((name, link.pair), link)
        if before.rejected != link.rejected:
            raise SourceError(source, f"contradicts line {before.line}, which decides the same pair", link.line or None)
        links = changed.setdefault(name, {old.pair: old for old in sets[name].links} if name in sets else {})
        old = links.get(link.pair)
        if old and old.reviewer and old.rejected != link.rejected and not overturn:
            how = f"{'rejected' if old.rejected else 'accepted'} by {old.reviewer} on {old.date}"
            raise SourceError(source, f"the pair was {how}; to change that give --overturn", link.line or None)
        links[link.pair] = _decided(link, old or link, reviewer, date)
    new = [
        with_links(sets.get(name) or new_set(name, "teemagraafi link accept"), rows.values())
        for name, rows in changed.items()
    ]
    for updated in new:
        lines = {d.link.pair: (d.source, d.link.line or None) for d in decisions if d.set == updated.name}
        check_consistent(updated, lines)
    write_all(folder, new)
    return new


def _decided(link: Link, before: Link, reviewer: str, date: str) -> Link:
    """The pair as a person decides it now; what the decision does not say stays as it was."""
    return replace(
        before,
        justification=MANUAL,
        rejected=link.rejected,
        reviewer=reviewer.strip(),
        date=date,
        confidence=Decimal(1),
        other=link.other or before.other,
        comment=link.comment or before.comment,
    )


def check_consistent(
    links: LinkSet, decided: Mapping[tuple[str, str, str], tuple[str, int | None]] | None = None
) -> None:
    """Refuse a set that contradicts itself: two accepted entries for one subject, a circle, a split inside a merge.

    ``decided`` tells the file and line of pairs that are being decided now, to be named in the error.
    """
    lines = decided or {}

    def error(link: Link, message: str) -> SourceError:
        source, line = lines.get(link.pair, (links.name + sssom.SUFFIX, link.line or None))
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
    groups = Groups()
    for link in links:
        groups.join(link.subject, link.object)
    return {one: min(group) for one, group in groups.of.items()}


def _circle(links: Sequence[Link]) -> Link | None:
    """Find a link that leads back to where it starts."""
    following: dict[str, set[str]] = defaultdict(set)
    for link in links:
        following[link.subject].add(link.object)
    try:
        TopologicalSorter(following).prepare()
    except CycleError as error:
        target, subject, *_ = error.args[1]
        return next(link for link in links if (link.subject, link.object) == (subject, target))
    return None
