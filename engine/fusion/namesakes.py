"""A theme that a document calls a coordination project: no project of that name is listed anywhere, so none is counted.

What the passage states stays in the passage. The current view keeps the coordination project that the theme is known to have,
and a conflict shows the other one as the theme whose name it is.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from engine.fusion.conflict import DIFFERENT_VALUE, Alternative, Conflict
from engine.fusion.identity import name_key
from engine.fusion.reference import theme_names
from engine.fusion.values import Values, ranked
from loaders.rdf.terms import LABEL, A, lexical, tg

_SERVES = tg("coordinationProject")
_BARE = {A, LABEL, tg("inTheme")}
"""All that is said of a project that is only named, nowhere listed."""


@dataclass(frozen=True, slots=True)
class Namesake:
    """A project that is only named, the theme it is named for, and the other theme whose name it is."""

    project: str
    serves: str
    theme: str


def set_aside(values: Values) -> tuple[list[Conflict], set[str]]:
    """Take the projects that are really themes out of the statements; return conflicts and these projects."""
    found = _namesakes(values)
    conflicts = [_conflict(values, one) for one in found]
    for one in found:
        values.statements[one.serves, _SERVES].pop(one.project, None)
    projects = {one.project for one in found}
    for project in projects:
        for key in [key for key in values.statements if key[0] == project]:
            del values.statements[key]
    return conflicts, projects


def _key(name: str) -> str:
    """A name without the blanks and hyphens that a line break may have cost or added."""
    return name_key(name).replace("-", "")


def _namesakes(values: Values) -> list[Namesake]:
    themes = _themes(values)
    told, serves = _told(values), _served(values)
    found = []
    for project in values.subjects("CoordinationProject"):
        if told[project] - _BARE:
            continue
        own = {themes[key] for name in values.of(project, LABEL) if (key := _key(lexical(name))) in themes}
        others = own - set(serves[project])
        if len(others) == 1 and own == others and all(len(values.of(t, _SERVES)) > 1 for t in serves[project]):
            found += [Namesake(project, theme, *others) for theme in sorted(serves[project])]
    return found


def _themes(values: Values) -> dict[str, str]:
    """Keys of the names of themes, those of the documents and of the registry, to the theme."""
    names = set(theme_names())
    for theme in values.subjects("Theme"):
        names |= {(theme, lexical(name)) for name in values.of(theme, LABEL)}
    return {key: theme for theme, name in sorted(names) if (key := _key(name))}


def _told(values: Values) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for (subject, predicate), objects in values.statements.items():
        found[subject].add(predicate)
        if predicate == tg("about"):
            for thing in objects:
                found[thing].add(predicate)
    return found


def _served(values: Values) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for (subject, predicate), objects in values.statements.items():
        if predicate == _SERVES:
            for project in objects:
                found[project].append(subject)
    return found


def _conflict(values: Values, one: Namesake) -> Conflict:
    """The coordination projects that documents name for a theme: those that are projects, then the theme."""
    objects = values.of(one.serves, _SERVES)
    projects = {p: sources for p, sources in objects.items() if p != one.project}
    order = ranked(values, one.serves, projects)
    alternatives = [Alternative(p, tuple(projects[p])) for p in order]
    alternatives.append(Alternative(one.theme, tuple(objects[one.project])))
    return Conflict(one.serves, _SERVES, DIFFERENT_VALUE, tuple(alternatives), order[0])
