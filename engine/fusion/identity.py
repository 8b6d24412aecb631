"""Which project (and call) IRIs mean one thing, across documents.

A document that prints no code gives a project the slug of its name in its theme; another document prints the code of the same
project. Two IRIs are joined on evidence only: a member code both have, or equal names in one theme, or equal names of the only
coordination project so called. Two projects that both carry codes of their own are never joined by name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.fusion.calls import held
from engine.fusion.wordings import near_equal
from loaders.names import slug
from loaders.rdf.terms import DCT, ID, LABEL, A, Quad, iri, lexical, tg

_PROJECT = f"<{ID}project/"
_KEYED = re.compile(rf"^<{re.escape(ID)}(participation|(?:observation|share)/(?:project|call))/(.+)>$")
_CODE = re.compile(r"^(R-\d+|[A-Z]\d{4,6}|\d{5,6})$")
_SUFFIX = re.compile(r"-?(esr-)?(hanke|projekti|project)$")
_GENERIC = {"", "koordinaatio", "koordinoiva", "coordination", "ryhma"}
REPLACED = f"<{DCT}isReplacedBy>"


def name_key(label: str) -> str:
    """A project name without case, punctuation and a closing "hanke"; empty for a name that is only a kind."""
    key = _SUFFIX.sub("", slug(re.sub(r"\([^()]*\)\s*$", "", label)))
    return "" if key in _GENERIC else key


@dataclass(slots=True)
class _Project:
    iri: str
    names: set[str] = field(default_factory=set)
    themes: set[str] = field(default_factory=set)
    coordination: bool = False
    group_code: bool = False

    @property
    def key(self) -> str:
        return self.iri[len(_PROJECT) : -1]

    @property
    def coded(self) -> bool:
        return bool(_CODE.match(self.key))

    def rank(self) -> tuple[bool, bool, str]:
        """Group codes first, then own codes, then names: the smallest is the canonical one."""
        return not self.key.startswith("R-"), not self.coded, self.key


def _projects(quads: list[Quad]) -> dict[str, _Project]:
    found: dict[str, _Project] = {}
    for s, p, o, g in quads:
        if g and s.startswith(_PROJECT):
            project = found.setdefault(s, _Project(s))
            if p == LABEL:
                project.names.add(name_key(lexical(o)))
            elif p == tg("inTheme"):
                project.themes.add(o)
            elif p == A and o == tg("CoordinationProject"):
                project.coordination = True
        elif p == tg("coordinationProject"):
            found.setdefault(o, _Project(o)).themes.add(s)
    for project in found.values():
        project.names.discard("")
        if "/" in project.key:
            project.themes.add(iri(f"{ID}theme/{project.key.split('/')[0]}"))
    return found


class _Union:
    """Joined IRIs, each set under its highest-ranking member."""

    def __init__(self, projects: dict[str, _Project]) -> None:
        self.projects = projects
        self.parent: dict[str, str] = {}

    def find(self, node: str) -> str:
        while node in self.parent:
            node = self.parent[node]
        return node

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.find(one), self.find(other)), key=lambda n: self.projects[n].rank())
        if first != second:
            self.parent[second] = first


def _join_by_member(quads: list[Quad], union: _Union) -> None:
    owners: dict[str, str] = {}
    for s, p, o, _ in quads:
        if p == tg("participation") and _CODE.match(o[len(f"<{ID}participation/") : -1]):
            union.join(owners.setdefault(o, s), s)


def _join_by_name(projects: dict[str, _Project], union: _Union) -> None:
    by_name: dict[str, list[_Project]] = defaultdict(list)
    for project in projects.values():
        for name in project.names:
            by_name[name].append(project)
    for name in sorted(by_name):
        named = by_name[name]
        for project in sorted((p for p in named if not p.coded), key=_Project.rank):
            rivals = [p for p in named if p is not project and p.themes & project.themes]
            if not rivals and project.coordination:
                rivals = [p for p in named if p is not project and p.coordination]
            candidates = {union.find(p.iri) for p in rivals}
            coded = {c for c in candidates if projects[c].coded}
            if len(coded or candidates) == 1:
                union.join(project.iri, next(iter(coded or candidates)))


def aliases(quads: list[Quad]) -> dict[str, str]:
    """Project IRI → canonical project IRI, for those that have another."""
    projects = _projects(quads)
    union = _Union(projects)
    _join_by_member(quads, union)
    _join_by_name(projects, union)
    return {node: union.find(node) for node in sorted(union.parent)}


def unify(quads: Iterable[Quad]) -> list[Quad]:
    """Rewrite every joined project or call (and what is keyed by it) to its canonical IRI; the old IRIs keep pointing there."""
    quads = list(quads)
    alias = aliases(quads) | held(quads) | near_equal(quads)
    if not alias:
        return quads
    keys = {a[len(f"<{ID}") : -1]: c[len(f"<{ID}") : -1] for a, c in alias.items()}
    cache: dict[str, str] = dict(alias)

    def canonical(term: str) -> str:
        if term not in cache:
            cache[term] = _rekey(term, keys)
        return cache[term]

    renamed = [Quad(canonical(s), p, canonical(o) if o.startswith("<") else o, g) for s, p, o, g in quads]
    return renamed + [Quad(old, REPLACED, new) for old, new in alias.items()]


def _rekey(term: str, keys: dict[str, str]) -> str:
    match = _KEYED.match(term)
    if not match:
        return term
    kind = "call" if match[1].endswith("/call") else "project"
    rest = match[2].split("/")
    for length in (3, 2, 1):
        old = "/".join([kind, *rest[:length]])
        if len(rest) > length and old in keys:
            new = keys[old].removeprefix(f"{kind}/")
            return f"<{ID}{match[1]}/{'/'.join([new, *rest[length:]])}>"
    return term
