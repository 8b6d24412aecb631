"""Queries that ask other endpoints by SERVICE, if the user allows the address.

What stands before a SERVICE clause is answered first, its values are sent along in batches, and what comes back replaces the
clause as VALUES. Oxigraph itself would send the pattern without these values, to any address, and wait without limit. The
answer is that of SPARQL 1.1 Federated Query; ``notes`` says what an endpoint did not answer.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from engine.query import lexer
from engine.query.backends import Answer, Backend, Endpoint
from loaders.errors import QueryError, QueryTimeoutError, QueryUsageError
from shacl.tokens import Token, placed, plain

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
    """Whether the pattern is a subselect, which must be alone in its braces."""
    before: str
    """The text the clause is joined with: its group up to the clause, without the group's filters; may be empty."""
    shared: tuple[str, ...]
    """Variables of the pattern that stand before it too."""


def first_clause(text: str) -> Clause | None:
    """The first SERVICE clause of a text without escapes; QueryError where its braces do not fit."""
    tokens = placed(text)
    calls = lexer.calls(text)
    if not calls:
        return None
    at, _, silent = calls[0]
    opening = at + 2 + silent
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
    """The text that a clause at ``at`` is joined with; empty in a named graph, where the text alone would mean something else."""
    opened: list[int] = []
    for n in range(at):
        if step := _step(tokens[n]):
            opened = [*opened, n] if step > 0 else opened[:-1]
    if opened and opened[-1] == at - 1 and tokens[at - 2].says("OPTIONAL"):
        at = opened.pop() - 1  # OPTIONAL { SERVICE … }: joined with what stands before OPTIONAL
    if any(tokens[n - 2].says("GRAPH") for n in opened):
        return []
    return _without_filters(tokens[opened[-1] + 1 if opened else 0 : at])


def _without_filters(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """Leave filters out: a filter applies to its whole group, so it may use variables that only the endpoint binds."""
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


BATCH, MOST_BATCHES = 100, 100
"""Values sent along in one request, and requests made for one clause."""
PATIENCE = 60.0
"""Seconds one request may take where no time limit is set."""
GIVEN_UP_AFTER = 2
"""Requests in a row that fail before an endpoint is not asked again."""
_CUTS = frozenset({1000, 2000, 5000, *(10**n for n in range(4, 8))})
"""Numbers of rows at which public endpoints cut an answer without a word."""

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
Row = Mapping[str, Term]
"""Variable → its value; one that is not there is unbound."""


@dataclass(slots=True)
class Table:
    """Solutions: variables (without their marks) and rows."""

    names: tuple[str, ...]
    rows: list[Row]


class Federated(Backend):
    """A backend that answers SERVICE clauses by the endpoints the user allows, and everything else by another backend."""

    def __init__(self, local: Backend, allowed: Mapping[str, str] | None = None, timeout: float | None = None) -> None:
        """``allowed``: address in the query → address to ask; ``timeout``: seconds for a whole query."""
        self.local, self.allowed, self.timeout = local, dict(allowed or {}), timeout
        self.notes: list[str] = []
        """Notes on the last query: how many rows each endpoint gave, and which requests failed."""

    def query(self, text: str) -> Answer:
        """The answer; QueryUsageError for a SERVICE the user has not allowed."""
        self.notes = []
        called = lexer.services(text)
        if not called:
            return self.local.query(text)
        for address in called:
            self._permit(address)
        deadline = time.monotonic() + self.timeout if self.timeout else None
        text = plain(text)
        while clause := first_clause(text):
            text = text[: clause.start] + _values(self._answer(text, clause, deadline)) + text[clause.end :]
        return self.local.query(text)

    def _permit(self, address: str | None) -> None:
        if address is None:
            raise QueryUsageError("SERVICE needs a full address in <…>: one by variable or prefix cannot be allowed")
        if address not in self.allowed:
            raise QueryUsageError(f"the query asks <{address}>: allow that with --allow-service {address}")

    def _answer(self, text: str, clause: Clause, deadline: float | None) -> Table:
        """The solutions of one clause, joined with the values sent along."""
        sent = self._sent(text, clause)
        prologue = text[: clause.prologue]
        if sent is None:
            batches = [Table((), [{}])]
        else:
            batches = [Table(sent.names, sent.rows[at : at + BATCH]) for at in range(0, len(sent.rows), BATCH)]
        if len(batches) > MOST_BATCHES:
            raise QueryError(
                f"{len(sent.rows) if sent else 0} values are too many to ask <{clause.address}> for: narrow the query"
            )
        return self._collect(prologue, clause, batches, sent.names if sent else (), deadline)

    def _collect(
        self, prologue: str, clause: Clause, batches: list[Table], names: tuple[str, ...], deadline: float | None
    ) -> Table:
        table = Table(names, [])
        failed = in_a_row = cut = 0
        why = ""
        for batch in batches:
            if in_a_row < GIVEN_UP_AFTER:
                try:
                    part = self._ask(prologue, clause, batch, deadline)
                    cut += len(part.rows) in _CUTS
                    table = _joined(table, part)
                    in_a_row = 0
                    continue
                except QueryError as error:
                    if not clause.silent:
                        raise
                    why, in_a_row = error.message, in_a_row + 1
            failed += 1
            table = _joined(table, batch)  # SILENT: one solution that binds nothing beyond what was asked for
        self._note(clause, len(batches), len(table.rows), (failed, why), cut)
        return table

    def _ask(self, prologue: str, clause: Clause, batch: Table, deadline: float | None) -> Table:
        left = PATIENCE if deadline is None else deadline - time.monotonic()
        if left <= 0:
            raise QueryTimeoutError(self.timeout or PATIENCE)
        sent = f"{_values(batch)} " if batch.names else ""
        endpoint = Endpoint(self.allowed[str(clause.address)], left)
        body = f"{{ {clause.body} }}" if clause.subselect else clause.body
        return _table(endpoint.select(f"{prologue} SELECT * WHERE {{ {sent}{body} }}"))

    def _sent(self, text: str, clause: Clause) -> Table | None:
        """Values of the shared variables from the text before a clause; None if there is nothing to send."""
        shared = list(clause.shared)
        while shared:
            chosen = " ".join(f"?{name}" for name in shared)
            query = f"{text[: clause.prologue]} SELECT DISTINCT {chosen} WHERE {{ {clause.before} }}"
            table = _table(self.local.select(query))
            whole = [n for n in shared if all(isinstance(row[n], ox.NamedNode | ox.Literal) for row in table.rows)]
            if whole == shared:
                return table
            shared = whole  # an unbound or blank value would not narrow the question
        return None

    def _note(self, clause: Clause, batches: int, rows: int, failure: tuple[int, str], cut: int) -> None:
        failed, why = failure
        where = f"<{clause.address}>"
        if failed:
            all_ = "none" if failed == batches else f"only {batches - failed}"
            self.notes.append(f"partial: {where} answered {all_} of {batches} requests ({why})")
        elif not batches:
            self.notes.append(f"{where} was not asked: there is nothing to ask for")
        else:
            self.notes.append(
                f"{where} gave {rows} rows in {batches} requests" if batches > 1 else f"{where} gave {rows} rows"
            )
        if cut:
            self.notes.append(f"partial: {where} gave a round number of rows; it may have cut its answer")

    def __exit__(self, *_: object) -> None:
        """Let go of what the other backend holds."""
        self.local.__exit__()


def addresses(given: tuple[str, ...]) -> dict[str, str]:
    """``URL`` or ``URL=OTHER`` (ask OTHER where the query says URL) as a mapping."""
    by_name = {}
    for text in given:
        url, mark, other = _mirror(text)
        for address in (url, other) if mark else (url,):
            if not address.startswith(("http://", "https://")):
                raise QueryUsageError(f"--allow-service takes an http or https address, not {address!r}")
        by_name[url] = other or url
    return by_name


def _mirror(text: str) -> tuple[str, str, str]:
    for scheme in ("http://", "https://"):
        url, mark, other = text.partition(f"={scheme}")
        if mark:
            return url, mark, scheme + other
    return text, "", ""


def _table(answer: ox.QuerySolutions) -> Table:
    names = tuple(variable.value for variable in answer.variables)
    try:
        return Table(names, [dict(zip(names, solution, strict=True)) for solution in answer])
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"the answer is cut or malformed: {error}") from None


def _joined(one: Table, other: Table) -> Table:
    """Both tables below each other, under the variables of either."""
    return Table(tuple(dict.fromkeys((*one.names, *other.names))), [*one.rows, *other.rows])


def _values(table: Table) -> str:
    """A table as a VALUES clause on one line, so that the lines of the query keep their numbers."""
    rows = " ".join(f"({' '.join(_written(row.get(name)) for name in table.names)})" for row in table.rows)
    return f"VALUES ({' '.join(f'?{name}' for name in table.names)}) {{ {rows} }}"


def _written(term: Term) -> str:
    if term is None:
        return "UNDEF"
    # a blank node has no name outside its endpoint; as an IRI of its own it stays one thing
    return f"<urn:blank:{term.value}>" if isinstance(term, ox.BlankNode) else str(term)
