"""Which IRIs of projects, calls, sub-themes and target groups mean one thing, across documents; and which project is none.

A document that prints no code gives a project the slug of its name in its theme; another document prints the code of the same
project. Two IRIs are joined on evidence only: a member code both have, or equal names in one theme, or equal names of the only
coordination project so called. Two projects that both carry codes of their own are never joined by name.

A call is keyed by the day it opens, so an announcement has an IRI of its own. It is joined with the call that it became
where both are the same ordinal of one theme (``Ensimmäinen hankehaku``) under one name, or where the other is the only call of
the theme that other documents know of in the announced year or month. Documents word sub-themes and target groups in other
inflections or with a few words more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.fusion.conflict import DIFFERENT_VALUE, Alternative, Conflict
from engine.fusion.reference import theme_names
from engine.fusion.values import Values, ranked
from links.identity import Groups
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
    projects: dict[str, _Project] = {}
    for s, p, o, g in quads:
        if g and s.startswith(_PROJECT):
            project = projects.setdefault(s, _Project(s))
            if p == LABEL:
                project.names.add(name_key(lexical(o)))
            elif p == tg("inTheme"):
                project.themes.add(o)
            elif p == A and o == tg("CoordinationProject"):
                project.coordination = True
        elif p == tg("coordinationProject"):
            projects.setdefault(o, _Project(o)).themes.add(s)
    for project in projects.values():
        project.names.discard("")
        if "/" in project.key:
            project.themes.add(iri(f"{ID}theme/{project.key.split('/')[0]}"))
    return projects


class _Union(Groups):
    """Joined IRIs, each set under its highest-ranking member."""

    def __init__(self, projects: dict[str, _Project]) -> None:
        super().__init__()
        self.projects = projects

    def find(self, node: str) -> str:
        return min(self.group(node), key=lambda n: self.projects[n].rank())


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
    owners: dict[str, str] = {}
    for s, p, o, _ in quads:
        if p == tg("participation") and _CODE.match(o[len(f"<{ID}participation/") : -1]):
            union.join(owners.setdefault(o, s), s)
    _join_by_name(projects, union)
    return {node: first for node in sorted(union.of) if (first := union.find(node)) != node}


def unify(quads: Iterable[Quad]) -> list[Quad]:
    """Rewrite every joined project or call (and what is keyed by it) to its canonical IRI; the old IRIs keep pointing there."""
    quads = list(quads)
    alias = aliases(quads) | became(quads) | near_equal(quads)
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


_CALL = f"<{ID}call/"
_ORDINAL = re.compile(r"(?:^|-)(?:ensimma|toinen|tois|kolma|nelja|viide|forsta|andra|tredje|first|second|third)")
_OWN = re.compile(r"^teeman-|-\d.*$")
"""Parts of a call's name besides its ordinal and noun: the owner, and the dates with what follows them."""
_DAY = 10
"""Characters of a whole date."""


@dataclass(slots=True)
class _Call:
    iri: str
    names: set[str] = field(default_factory=set)
    themes: set[str] = field(default_factory=set)
    opens: set[str] = field(default_factory=set)
    documents: set[str] = field(default_factory=set)
    coordination: bool = False

    @property
    def announced(self) -> bool:
        """Whether every document gives its opening more coarsely than a day."""
        return bool(self.opens) and all(len(date) < _DAY for date in self.opens)

    def may_have_become(self, other: _Call) -> bool:
        """Whether the other call may be the one announced by this call: same kind, in its year or later."""
        dated = bool(other.opens) and all(len(date) == _DAY for date in other.opens)
        return dated and self.is_alike(other) and max(self.opens)[:4] <= min(other.opens)[:4]

    def is_in(self, other: _Call) -> bool:
        """Whether this call opens in the year or month that only other documents give for the other, and no ordinal differs."""
        within = all(date.startswith(f"{max(other.opens)}-") for date in self.opens)
        apart = self.documents.isdisjoint(other.documents) and not (self.names and other.names)
        return within and apart and bool(self.opens) and self.is_alike(other)

    def is_alike(self, other: _Call) -> bool:
        """Whether both are of one theme and one kind."""
        return bool(self.themes & other.themes) and self.coordination == other.coordination


def became(quads: list[Quad]) -> dict[str, str]:
    """Announced call → the one call that it became, for those where that is certain."""
    calls = _calls(quads)
    by_name: dict[str, list[_Call]] = defaultdict(list)
    for call in calls:
        for name in call.names:
            by_name[name].append(call)
    same: dict[str, str] = {}
    for call in (c for c in calls if c.announced):
        alike = {o.iri for name in call.names for o in by_name[name] if o is not call and call.may_have_become(o)}
        if not alike and len([o for o in calls if o.opens == call.opens and o.is_alike(call)]) == 1:
            alike = {o.iri for o in calls if o.is_in(call)}
        if len(alike) == 1:
            same[call.iri] = alike.pop()
    return same


def _calls(quads: list[Quad]) -> list[_Call]:
    documents: dict[str, set[str]] = defaultdict(set)
    for s, p, o, _ in quads:
        if p == tg("inDocument"):
            documents[s].add(o)
    calls: dict[str, _Call] = {}
    for s, p, o, g in quads:
        if g and s.startswith(_CALL):
            call = calls.setdefault(s, _Call(s))
            call.documents |= documents[g]
            if p == LABEL and _ORDINAL.search(name := _OWN.sub("", slug(lexical(o)))):
                call.names.add(name)
            elif p == tg("callFor"):
                call.themes.add(o)
            elif p == tg("opens"):
                call.opens.add(lexical(o))
            elif p == A and o == tg("CoordinationCall"):
                call.coordination = True
    return [calls[iri] for iri in sorted(calls)]


_KINDS = {tg("subTheme"): f"<{ID}sub-theme/", tg("targetGroup"): f"<{ID}target-group/"}
_STEM = 5
"""Letters of a Finnish word that its inflections share: "kehitetään", "kehitettävät"."""
_LEAST = 3
_SHARED = 0.8
_SMALL = {"ja", "sekä", "tai", "että", "jotka", "joka", "myös", "heidän", "siitä"}


def near_equal(quads: list[Quad]) -> dict[str, str]:
    """Sub-theme or target group → the one that it only words otherwise, within one theme.

    The words of the shorter must stand in the longer, up to one in five, whatever their endings; shorter than three words
    nothing is joined but equal words. "Vieraskielisten tukeminen peruspalveluissa" and "… työelämässä" stay two.
    """
    names: dict[str, set[str]] = defaultdict(set)
    of_theme: dict[tuple[str, str], set[str]] = defaultdict(set)
    for s, p, o, g in quads:
        if p in _KINDS and g and o.startswith(_KINDS[p]):
            of_theme[s, p].add(o)
        elif p == LABEL and g:
            names[s].add(lexical(o))
    stems = {node: [_stems(name) for name in sorted(names[node])] for nodes in of_theme.values() for node in nodes}
    alias: dict[str, str] = {}
    for nodes in (of_theme[key] for key in sorted(of_theme)):
        ordered = sorted(nodes, key=lambda n: (len(n), n))
        for at, node in enumerate(ordered):
            for other in ordered[:at]:
                if node not in alias and any(_alike(a, b) for a in stems[node] for b in stems[other]):
                    alias[node] = alias.get(other, other)
    return alias


def _stems(name: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", name.casefold())
    return frozenset(word[:_STEM] for word in words if word not in _SMALL and len(word) > 1)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter = min(len(one), len(other))
    return one == other or (shorter >= _LEAST and len(one & other) >= _SHARED * shorter)


_SERVES = tg("coordinationProject")
_BARE = {A, LABEL, tg("inTheme")}
"""The only properties of a project that documents name but never list."""


@dataclass(frozen=True, slots=True)
class Namesake:
    """A project that is only named, the theme it is named for, and the other theme whose name it is."""

    project: str
    serves: str
    theme: str


def set_aside(values: Values) -> tuple[list[Conflict], set[str]]:
    """Take the projects that are really themes out of the statements; return conflicts and these projects.

    Such a theme is called a coordination project in a document, and no project of that name is listed anywhere, so none is
    counted. What the passage states stays in the passage. The current view keeps the coordination project that the theme is
    known to have, and a conflict shows the other one as the theme whose name it is.
    """
    namesakes = _namesakes(values)
    conflicts = [_conflict(values, one) for one in namesakes]
    for one in namesakes:
        values.statements[one.serves, _SERVES].pop(one.project, None)
    projects = {one.project for one in namesakes}
    for project in projects:
        for key in [key for key in values.statements if key[0] == project]:
            del values.statements[key]
    return conflicts, projects


def _key(name: str) -> str:
    """A name without the blanks and hyphens that a line break may have cost or added."""
    return name_key(name).replace("-", "")


def _namesakes(values: Values) -> list[Namesake]:
    themes = _themes(values)
    stated, serves = _stated_properties(values), _served(values)
    namesakes = []
    for project in values.subjects("CoordinationProject"):
        if stated[project] - _BARE:
            continue
        own = {themes[key] for name in values.of(project, LABEL) if (key := _key(lexical(name))) in themes}
        others = own - set(serves[project])
        if len(others) == 1 and own == others and all(len(values.of(t, _SERVES)) > 1 for t in serves[project]):
            namesakes += [Namesake(project, theme, *others) for theme in sorted(serves[project])]
    return namesakes


def _themes(values: Values) -> dict[str, str]:
    """Keys of the names of themes, those of the documents and of the registry, to the theme."""
    names = set(theme_names())
    for theme in values.subjects("Theme"):
        names |= {(theme, lexical(name)) for name in values.of(theme, LABEL)}
    return {key: theme for theme, name in sorted(names) if (key := _key(name))}


def _stated_properties(values: Values) -> dict[str, set[str]]:
    predicates: dict[str, set[str]] = defaultdict(set)
    for (subject, predicate), objects in values.statements.items():
        predicates[subject].add(predicate)
        if predicate == tg("about"):
            for thing in objects:
                predicates[thing].add(predicate)
    return predicates


def _served(values: Values) -> dict[str, list[str]]:
    themes: dict[str, list[str]] = defaultdict(list)
    for (subject, predicate), objects in values.statements.items():
        if predicate == _SERVES:
            for project in objects:
                themes[project].append(subject)
    return themes


def _conflict(values: Values, one: Namesake) -> Conflict:
    """The coordination projects that documents name for a theme: those that are projects, then the theme."""
    objects = values.of(one.serves, _SERVES)
    projects = {p: sources for p, sources in objects.items() if p != one.project}
    order = ranked(values, one.serves, projects)
    alternatives = [Alternative(p, tuple(projects[p])) for p in order]
    alternatives.append(Alternative(one.theme, tuple(objects[one.project])))
    return Conflict(one.serves, _SERVES, DIFFERENT_VALUE, tuple(alternatives), order[0])
