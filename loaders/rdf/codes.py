"""Code lists (ontology/codes.ttl) as a look-up: from what a document prints to the concept it means."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

import pyoxigraph as ox

from loaders.data import folder
from loaders.names import slug
from loaders.rdf.terms import CODE, SKOS, TG

_SPELLINGS = {f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}notation", f"{TG}altNotation"}


class Codes:
    """Every concept of the code lists by scheme, notation and label (compared as slugs)."""

    def __init__(self, spellings: dict[tuple[str, str], set[str]]) -> None:
        """``spellings`` maps (scheme, slug of a notation or label) to the notations it can mean."""
        self._spellings = spellings

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Codes:
        """Read the shipped code lists once."""
        spellings: dict[tuple[str, str], set[str]] = defaultdict(set)
        path = folder("ontology") / "codes.ttl"
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE):
            subject = quad.subject
            if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(CODE):
                continue
            scheme, _, notation = subject.value.removeprefix(CODE).partition("/")
            if notation:
                spellings[scheme, slug(notation)].add(notation)
                if quad.predicate.value in _SPELLINGS and isinstance(quad.object, ox.Literal):
                    spellings[scheme, slug(quad.object.value)].add(notation)
        return cls(dict(spellings))

    def find(self, scheme: str, words: str | None) -> str | None:
        """The notation that ``words`` (a notation or label) mean in a scheme; None if none or more than one."""
        found = self._spellings.get((scheme, slug(words)), set()) if words else set()
        return next(iter(found)) if len(found) == 1 else None

    def objective(self, period: str, notation: str | None, name: str | None) -> str | None:
        """The notation of a specific objective in the code list of its period, by any notation or by its name."""
        scheme = f"specific-objective-{period}"
        return self.find(scheme, notation) or self.find(scheme, name)
