"""Proposing: the pairs of every target merged with what persons decided; and checking accepted links against newer tables."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from links.decide import SINGLE, check_consistent
from links.reference import Reference
from links.rule import Candidate, MatchInput, Proposal, Subject, Target, Unlinked
from links.sets import read_sets
from links.sssom import PREFIXES, TABLES, Link, LinkSet, compact, new_set, with_links, write_all
from links.targets import areas, bodies, registers, vocabularies
from loaders.data import table_text
from loaders.names import keys as name_key

TARGETS: tuple[Callable[[MatchInput], Iterable[Proposal]], ...] = (
    areas.propose_areas,
    areas.propose_nuts,
    vocabularies.propose_authorities,
    registers.propose_business_ids,
    registers.propose_ror,
    registers.propose_fairdata,
    bodies.propose_seats,
    areas.propose_places,
    vocabularies.propose_subjects,
    bodies.propose_succession,
)
CANDIDATE_COLUMNS = (
    "set", "subject_id", "subject_label", "rank", "predicate_id", "object_id", "object_label", "score", "reasons", "decision",
    "comment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """The proposal of a run: the sets as they would be written, the links a person should look at, the things without a link."""

    sets: tuple[LinkSet, ...]
    candidates: tuple[Candidate, ...]
    unlinked: tuple[Unlinked, ...]

    def write(self, folder: Path) -> None:
        """Write the sets, all or none."""
        write_all(folder, self.sets)


def propose(reference: Reference, folder: Path, ours: Sequence[Subject], date: str) -> Outcome:
    """Run every target and merge; ``date`` is that of pairs which are new."""
    decided = {links.name: links for links in read_sets(folder)}
    given = MatchInput(reference, ours, decided, {})
    for proposal in (proposal for target in TARGETS for proposal in target(given)):
        given.proposals[proposal.name] = proposal
    merged = [_merge(proposal, decided.get(name), date) for name, proposal in given.proposals.items()]
    untouched = [links for name, links in decided.items() if name not in given.proposals]
    sets = [links for links, _, _ in merged] + untouched
    candidates = tuple(candidate for _, offered, _ in merged for candidate in offered)
    unlinked = tuple(entry for _, _, entries in merged for entry in entries)
    return Outcome(tuple(sorted(sets, key=lambda links: links.name)), candidates, unlinked)


def _merge(proposal: Proposal, before: LinkSet | None, date: str) -> tuple[LinkSet, list[Candidate], list[Unlinked]]:
    old = {link.pair: link for link in before.links} if before else {}
    reviewed = {pair: link for pair, link in old.items() if link.reviewer}
    chosen = {link.subject for link in reviewed.values() if not link.rejected}
    single = proposal.name in SINGLE
    links = dict(reviewed)
    for link in proposal.links:
        if link.pair not in reviewed and not (single and link.subject in chosen and not link.rejected):
            links[link.pair] = replace(link, date=_date(old.get(link.pair), link, date))
    linked = {link.subject for link in links.values() if not link.rejected}
    open_ = [c for c in proposal.candidates if (c.subject, c.predicate, c.object) not in links]
    candidates = [c for c in open_ if not (single and c.subject in linked)]
    waiting = {candidate.subject for candidate in candidates}
    unlinked = [u for u in proposal.unlinked if u.subject not in linked | waiting]
    return _set(proposal, list(links.values()), len(waiting), unlinked), candidates, unlinked


def _date(before: Link | None, now: Link, date: str) -> str:
    """A pair keeps the day it was first accepted as long as nothing of it changes."""
    return before.date if before and replace(before, date="", line=0) == replace(now, date="", line=0) else date


def _set(proposal: Proposal, links: list[Link], candidates: int, unlinked: Sequence[Unlinked]) -> LinkSet:
    # what would link most of what is not linked, so that a report can say it without the reference tables
    missing = next((reason for reason, _ in Counter(entry.wanted for entry in unlinked).most_common(1)), "")
    most_missing = {"wanted": missing.replace("|", "/").replace("=", " ")} if missing else {}
    source = {"mapping_set_description": proposal.source.name, "object_source_version": proposal.source.version}
    empty = new_set(proposal.name, "teemagraafi link propose", **source)
    counts = {"candidates": candidates, "unlinked": len(unlinked), "source_licence": proposal.source.licence}
    return with_links(empty, links, **counts, **most_missing)


def candidates_text(candidates: Iterable[Candidate]) -> str:
    """Write the candidates as a table for a person: ``decision`` is to be filled with accept or reject."""
    rows = (
        (c.set, *_curies(c.subject), c.subject_label, c.rank, *_curies(c.predicate, c.object), c.object_label,
         f"{c.score:.2f}", c.reasons, "", "")
        for c in candidates
    )  # fmt: skip
    return table_text(CANDIDATE_COLUMNS, rows, "\t")


def _curies(*iris: str) -> Iterator[str]:
    return (compact(iri, PREFIXES) for iri in iris)


def unlinked_text(unlinked: Iterable[Unlinked]) -> str:
    """Write what is not linked and what would link it."""
    rows = ((entry.set, *_curies(entry.subject), entry.subject_label, entry.wanted) for entry in unlinked)
    return table_text(("set", "subject_id", "subject_label", "wanted"), rows, "\t")


@dataclass(frozen=True, slots=True)
class Finding:
    """An accepted link that the reference no longer bears out."""

    set: str
    kind: str
    """``vanished``, ``renamed`` or ``inactive``."""
    subject: str
    subject_label: str
    object: str
    message: str


def check(reference: Reference, folder: Path) -> list[Finding]:
    """Check every accepted link of the sets a reference knows; contradictions among the decisions raise SourceError."""
    findings = []
    for links in read_sets(folder):
        check_consistent(links)
        known = {entry.iri: entry for entry in _KNOWN[links.name](reference)} if links.name in _KNOWN else {}
        findings += [
            Finding(links.name, change[0], link.subject, link.subject_label, link.object, change[1])
            for link in links.accepted
            if known and (change := _finding(known.get(link.object), link)) and link.facts.get("known") != change[0]
        ]
    return findings


def _finding(entry: Target | None, link: Link) -> tuple[str, str] | None:
    """The fault of a link, if any; a person may have noted as ``known`` a fault that the link had when it was accepted."""
    label = link.object_label
    if entry is None:
        return "vanished", f"{label} is no longer in the reference"
    if not entry.active:
        return "inactive", f"{label} is no longer active"
    if label and name_key.fold(label) not in {name_key.fold(name) for name in entry.names}:
        return "renamed", f"{label} is now called {min(entry.names)}"
    return None


def _areas(reference: Reference) -> Iterator[Target]:
    key = areas.read_areas(reference)
    for area in (*key.municipalities.values(), *key.wider.values()):
        yield Target(area.iri, area.fi, (area.fi, area.sv, area.en))


def _nuts(reference: Reference, year: int) -> Iterator[Target]:
    for row in reference.rows(areas.NUTS, column := f"nuts{year}_code"):
        yield Target(PREFIXES["nuts"] + row[column], row[column], (row[column],))


def _authorities(reference: Reference) -> Iterator[Target]:
    for name in dict.fromkeys(("eu_programme.csv", *(value[0] for value in TABLES.authorities))):
        for row in reference.rows(name, "uri", "label_en"):
            yield Target(row["uri"], row["label_en"], (row["label_en"],))


def _places(reference: Reference) -> Iterator[Target]:
    for row in reference.rows(areas.PLACES, "yso_uri", "label_en", "wikidata_qid"):
        for iri in (row["yso_uri"], PREFIXES["wikidata"] + row["wikidata_qid"]):
            yield Target(iri, row["label_en"], (row["label_en"],))


_KNOWN: dict[str, Callable[[Reference], Iterable[Target]]] = {
    "areas": _areas,
    "business-ids": registers.read_business_ids,
    "eu-authorities": _authorities,
    "fairdata": registers.read_fairdata,
    "nuts-2021": partial(_nuts, year=2021),
    "nuts-2024": partial(_nuts, year=2024),
    "places": _places,
    "ror": lambda reference: map(registers.ror_target, registers.read_ror(reference).values()),
    "seats": _areas,
}
"""Set → the entries of a reference. The other sets hold our own organisations or follow from these."""
