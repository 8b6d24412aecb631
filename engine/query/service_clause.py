"""Where the SERVICE clauses of a query stand, what each asks, and what stands before it that says what to ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.query.errors import QueryError
from engine.query.lexer import Token, placed

_FORMS = ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK")
_BRACKETS = {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}


@dataclass(frozen=True, slots=True)
class Clause:
    """One SERVICE clause in a text: its place, address and pattern."""

    start: int
    end: int
    prologue: int
    """Where the query's prefixes end."""
    address: str
    silent: bool
    body: str
    subselect: bool
    """Whether the pattern is a subselect, which stands beside nothing else in its braces."""
    before: str
    """What the clause is joined with: its group up to the clause, without the group's filters; empty if that is nothing."""
    shared: tuple[str, ...]
    """Variables of the pattern that stand before it too."""


def first_clause(text: str) -> Clause | None:
    """The first SERVICE clause of a text without escapes; QueryError where its braces do not fit."""
    tokens = placed(text)
    at = next((n for n, token in enumerate(tokens) if token.says("SERVICE")), None)
    if at is None:
        return None
    silent = at + 1 < len(tokens) and tokens[at + 1].says("SILENT")
    opening = at + 3 if silent else at + 2
    closing = _closing(tokens, opening)
    inside = _variables(tokens[opening:closing])
    before = _before(tokens, at)
    return Clause(
        start=tokens[at].start,
        end=tokens[closing].end,
        prologue=next((token.start for token in tokens if any(map(token.says, _FORMS))), 0),
        address=tokens[opening - 1].text[1:-1],
        silent=silent,
        body=text[tokens[opening].end : tokens[closing].start],
        subselect=tokens[opening + 1].says("SELECT"),
        before=" ".join(text[run[0].start : run[-1].end] for run in before),
        shared=tuple(name for name in _variables([token for run in before for token in run]) if name in inside),
    )


def _closing(tokens: Sequence[Token], opening: int) -> int:
    """The bracket that closes the one at ``opening``."""
    depth = 0
    for n in range(opening, len(tokens)):
        depth += _step(tokens[n])
        if depth == 0:
            if n > opening:
                return n
            break
    raise QueryError("the query is not valid SPARQL: a SERVICE clause needs an address and a pattern in braces")


def _step(token: Token) -> int:
    return _BRACKETS.get(token.text, 0) if token.kind == "other" else 0


def _before(tokens: Sequence[Token], at: int) -> list[Sequence[Token]]:
    """What a clause at ``at`` is joined with. In a named graph nothing: what is asked there has another meaning alone."""
    opening = _opening(tokens, at)
    if opening + 1 == at and opening and tokens[opening - 1].says("OPTIONAL"):
        at = opening - 1  # OPTIONAL { SERVICE … }: joined with what stands before OPTIONAL
        opening = _opening(tokens, at)
    outer = opening
    while outer >= 0:
        if outer >= 2 and tokens[outer - 2].says("GRAPH"):
            return []
        outer = _opening(tokens, outer)
    return _without_filters(tokens[opening + 1 : at])


def _opening(tokens: Sequence[Token], at: int) -> int:
    """The brace that opens the group in which the token at ``at`` stands; -1 where there is none."""
    depth = 0
    for n in range(at - 1, -1, -1):
        depth -= _step(tokens[n])
        if depth < 0:
            return n
    return -1


def _without_filters(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """A group's filters hold for the whole group, so they may name what only the endpoint binds."""
    runs: list[Sequence[Token]] = []
    start = n = 0
    while n < len(tokens):
        if tokens[n].says("FILTER"):
            runs.append(tokens[start:n])
            start = n = _after_filter(tokens, n)
        else:
            n = _closing(tokens, n) + 1 if _step(tokens[n]) > 0 else n + 1
    return [run for run in (*runs, tokens[start:]) if run]


def _after_filter(tokens: Sequence[Token], n: int) -> int:
    while n < len(tokens) and _step(tokens[n]) <= 0:
        n += 1
    return _closing(tokens, n) + 1


def _variables(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(token.text[1:] for token in tokens if token.kind == "variable"))
