"""What a target proposes: pairs the rule accepts by itself, candidates for a person, and what nothing was found for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from links.sssom import Link
from links.vocabulary import PREFIXES
from loaders.names import Registry
from loaders.names import keys as name_key
from loaders.names.registry import Entry


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair for a person to decide on, with the reasons for and against."""

    set: str
    subject: str
    subject_label: str
    rank: int
    predicate: str
    object: str
    object_label: str
    score: float
    reasons: str


@dataclass(frozen=True, slots=True)
class Unlinked:
    """Something nothing was found for, and what would link it."""

    set: str
    subject: str
    subject_label: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """All one target proposes."""

    name: str
    title: str
    source: str
    """Name of the reference table or register."""
    version: str
    source_licence: str
    links: tuple[Link, ...]
    candidates: tuple[Candidate, ...] = ()
    unlinked: tuple[Unlinked, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


def subjects(registry: Registry, more: Iterable[tuple[str, str]] = ()) -> list[Subject]:
    """List the organisations to link: the registry's, and (key, name) pairs a graph has beyond it."""
    known = [_subject(entry) for entry in registry.organisations.values()]
    seen = {subject.iri for subject in known}
    for key, name in sorted(set(more)):
        iri = f"{PREFIXES['org']}{key}"
        if iri not in seen:
            seen.add(iri)
            known.append(Subject(iri, name, (name,), registry.type_of(name)))
    return known


def _subject(entry: Entry) -> Subject:
    label = next(iter(entry.labels.values()))
    names = tuple(dict.fromkeys(entry.names))
    return Subject(f"{PREFIXES['org']}{entry.key}", label, names, entry.type, tuple(entry.notations))
