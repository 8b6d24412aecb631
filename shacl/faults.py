"""A fault: what a focus node must not have, as a piece of SPARQL that gives one row for each violation."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode


@dataclass(frozen=True, slots=True)
class Sets:
    """A fault for a whole target class: what stands before and after the target's pattern in the query.

    Instead of a look-up for each focus node the store scans a property once; the hash tables it makes hold the property's
    subjects. On disk that is three to twenty-five times faster, measured.
    """

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """The violations of one constraint for a bound focus variable.

    ``pattern`` is a graph pattern (may be empty), ``condition`` an expression that never errors and is true for a
    violation (may be empty); ``value`` and ``path`` are the variables that hold the result's value and path,
    ``also`` further variables that tell results apart.
    """

    component: NamedNode
    pattern: str
    condition: str
    value: str | None = None
    path: str | None = None
    also: tuple[str, ...] = ()
    sets: Sets | None = None
    """The same violations worked out for the whole target class at once, where that can be said."""

    @property
    def body(self) -> str:
        """Pattern and condition together."""
        return f"{self.pattern} FILTER({self.condition})" if self.condition else self.pattern

    @property
    def absent(self) -> str:
        """An expression that is true where the bound focus node has no such violation."""
        if not self.pattern:
            return f"!({self.condition})"
        return f"NOT EXISTS {{ {self.body} }}"


class Fresh:
    """Gives variable names that no other part of the query has."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self) -> str:
        """The next name."""
        self._count += 1
        return f"?_{self._count}"


def every(conditions: list[str]) -> str:
    """Conjunction."""
    return " && ".join(f"({condition})" for condition in conditions) or "true"


def some(conditions: list[str]) -> str:
    """Disjunction."""
    return " || ".join(f"({condition})" for condition in conditions) or "false"
