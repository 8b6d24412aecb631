"""A reconciliation service (Reconciliation Service API 0.2): names from elsewhere matched to the things of the graph.

This is the service without HTTP: what comes in and goes out are plain dicts, ready to be parsed from and written as JSON.
A match is certain only where a name leads to one thing by the rules; the rest are candidates by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from loaders.errors import QueryUsageError
from loaders.names import Registry, slug
from loaders.names.keys import likeness
from loaders.rdf.terms import ID, TG

Json = dict[str, Any]
VERSIONS = ["0.1", "0.2"]
LIMIT, MOST, LEAST = 3, 50, 0.4
"""Candidates given where a query names no limit, the most that are given, and how alike a name must be to be one."""
MOST_QUERIES = 1000
_KIND_PROPERTY = {"id": "organisationType", "name": "organisation type"}
"""The property that a query can ask for."""


class ReconcileError(QueryUsageError):
    """The request does not follow the protocol; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something names can be matched to: its id within ``…/id/``, its name, other names, and its types."""

    id: str
    name: str
    names: tuple[str, ...]
    types: tuple[str, ...]
    description: str = ""


class Service:
    """Matches names to things."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things = {thing.id: thing for thing in things}
        self._registry = Registry.load()
        self._types = sorted({type_ for thing in self.things.values() for type_ in thing.types})

    def manifest(self, base: str) -> Json:
        """Describe the service that is reached at ``base`` (an address without a slash at its end)."""
        origin = re.sub(r"/reconcile$", "", base)
        suggest = {
            name: {"service_url": base, "service_path": f"/suggest/{name}"} for name in ("entity", "property", "type")
        }
        return {
            "versions": VERSIONS,
            "name": "Teemagraafi",
            "identifierSpace": ID,
            "schemaSpace": TG,
            "view": {"url": f"{origin}/id/{{{{id}}}}"},
            "preview": {"url": f"{base}/preview?id={{{{id}}}}", "width": 420, "height": 160},
            "suggest": suggest,
            "defaultTypes": [_type(name) for name in ("Organisation", "Theme")],
        }

    def query(self, queries: object) -> Json:
        """Answer a batch of queries: the key of each with its candidates, best first."""
        if not isinstance(queries, Mapping):
            raise ReconcileError("queries: expected a JSON object of queries by their keys")
        if len(queries) > MOST_QUERIES:
            raise ReconcileError(f"queries: {len(queries)} at once are more than {MOST_QUERIES}; send fewer")
        return {str(key): {"result": self._answer(str(key), query)} for key, query in queries.items()}

    def suggest(self, what: str, prefix: str, cursor: int = 0) -> Json:
        """Complete the name of an entity, a type or a property by its beginning or a word of it."""
        if what == "property":
            return {"result": [_KIND_PROPERTY] if _begins(_KIND_PROPERTY["name"], prefix) else []}
        if what == "type":
            return {"result": [_type(name) for name in self._types if _begins(_type(name)["name"], prefix)]}
        if what != "entity":
            raise ReconcileError(f'suggest: there is nothing of the kind "{what}"; there are entity, property and type')
        matches = [thing for thing in self.things.values() if any(_begins(name, prefix) for name in thing.names)]
        matches.sort(key=lambda thing: (not slug(thing.name).startswith(slug(prefix)), thing.name, thing.id))
        shown = matches[max(cursor, 0) : max(cursor, 0) + MOST]
        return {"result": [{**_named(thing), "notable": [*map(_type, thing.types)]} for thing in shown]}

    def preview(self, identifier: str) -> Json:
        """Tell what a small page about an entity shows; raises ReconcileError if there is no such entity."""
        thing = self.things.get(identifier.removeprefix(ID))
        if thing is None:
            raise ReconcileError(f"preview: there is no {identifier}")
        others = [name for name in dict.fromkeys(thing.names) if name != thing.name]
        return {**_named(thing), "names": others, "iri": ID + thing.id}

    def _answer(self, key: str, query: object) -> list[Json]:
        request = _parsed(key, query)
        types = [
            name.removeprefix(TG).rpartition("/")[2]
            for name in ([request.type] if isinstance(request.type, str) else request.type)
        ]
        certain = self._certain(request.query)
        scored = []
        for thing in self.things.values():
            if not _fits(thing, types, request.type_strict) or not request.kinds <= set(thing.types):
                continue
            score = max((likeness(request.query, name) for name in thing.names), default=0.0)
            if thing.id in certain or score >= LEAST:
                scored.append((1.0 if thing.id in certain else score, thing))
        scored.sort(key=lambda pair: (-pair[0], pair[1].id))
        alone = len([thing for _, thing in scored if thing.id in certain]) == 1
        shown = scored[: int(min(request.limit, MOST))]
        return [_candidate(thing, score, alone and thing.id in certain) for score, thing in shown]

    def _certain(self, text: str) -> set[str]:
        """Things a name leads to by the rules alone, or that have this very id."""
        ids = {text.removeprefix(ID)} & self.things.keys()
        if match := self._registry.organisation(text):
            ids.add(f"organisation/{match.key}")
        else:
            ids.add(f"organisation/{self._registry.organisation_key(text)}")
        if theme := self._registry.theme(text):
            ids.add(f"theme/{theme}")
        return ids & self.things.keys()


class _Record(msgspec.Struct):
    id: str


_Value = _Record | str | float | bool


class _Property(msgspec.Struct):
    pid: str
    v: _Value | list[_Value]


class _Query(msgspec.Struct, forbid_unknown_fields=True):
    """One query of a batch, as the protocol lays it down."""

    query: str = ""
    type: str | list[str] = []
    limit: Annotated[float, msgspec.Meta(ge=1)] = LIMIT
    properties: list[_Property] = []
    type_strict: Literal["any", "should", "all"] = "any"

    @property
    def kinds(self) -> set[str]:
        """Kinds of organisation asked for; values of other properties are ignored, as the protocol allows."""
        values = [
            v for p in self.properties if p.pid == "organisationType" for v in (p.v if isinstance(p.v, list) else [p.v])
        ]
        return {value.id if isinstance(value, _Record) else str(value) for value in values}


def _parsed(key: str, query: object) -> _Query:
    try:
        request = msgspec.convert(query, _Query)
    except msgspec.ValidationError as error:
        expected, _, place = str(error).partition(" - at `$.")
        where = f"{key}: {place.rstrip('`')}" if place else key
        raise ReconcileError(f"{where}: {expected[:1].lower()}{expected[1:]}") from None
    if not (request.query.strip() or request.properties):
        raise ReconcileError(f"{key}: query is missing or empty")
    return request


def _fits(thing: Thing, types: list[str], strict: str) -> bool:
    """Whether a thing is of the types asked for: of all of them, of any, or of whatever type."""
    if not types or strict == "should":
        return True
    return (all if strict == "all" else any)(name in thing.types for name in types)


def _begins(name: str, prefix: str) -> bool:
    """Tell whether a name, or a word of it, begins so, whatever the case and the accents."""
    beginning, text = slug(prefix), slug(name)
    return text.startswith(beginning) or f"-{beginning}" in text


def _type(name: str) -> Json:
    return {"id": name, "name": name.replace("-", " ")}


def _named(thing: Thing) -> Json:
    return {"id": thing.id, "name": thing.name, "description": thing.description}


def _candidate(thing: Thing, score: float, match: bool) -> Json:
    return {
        **_named(thing),
        "type": [_type(name) for name in thing.types],
        "score": round(100 * score, 1),
        "features": [{"id": "name", "value": round(score, 3)}],
        "match": match,
    }
