"""Queries that ask other endpoints: each SERVICE clause is answered by the endpoint it names, if the user allows the address.

Oxigraph would send a whole SERVICE pattern to any address and wait for ever. Here what stands before the clause is answered
first, its values go along in batches, and what comes back stands in the query as VALUES. The answer is that of SPARQL 1.1
Federated Query; what an endpoint did not answer is told in ``notes``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, cast

import pyoxigraph as ox

from engine.query import lexer
from engine.query.backends import Answer, Backend
from engine.query.errors import QueryError, QueryTimeoutError, QueryUsageError
from engine.query.service_clause import Clause, first_clause

BATCH, MOST_BATCHES = 100, 100
"""Values sent along in one request, and requests made for one clause."""
PATIENCE = 60.0
"""Seconds one request may take where no time limit is set."""
GIVEN_UP_AFTER = 2
"""Requests in a row that fail before an endpoint is not asked again."""
_CUTS = frozenset({1000, 2000, 5000, *(10**n for n in range(4, 8))})
"""Numbers of rows at which public endpoints cut an answer without a word."""

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None
Row = tuple[Term, ...]


@dataclass(slots=True)
class Table:
    """Solutions: variables (without their marks) and rows, a cell None where a variable is unbound."""

    names: tuple[str, ...]
    rows: list[Row]


class Federated:
    """A backend that answers SERVICE clauses by the endpoints the user allows, and everything else by another backend."""

    def __init__(self, local: Backend, allowed: Mapping[str, str] | None = None, timeout: float | None = None) -> None:
        """``allowed``: address in the query → address to ask; ``timeout``: seconds for a whole query."""
        self.local, self.allowed, self.timeout = local, dict(allowed or {}), timeout
        self.notes: list[str] = []
        """What the endpoints asked for the last query answered, and what they did not."""

    def query(self, text: str) -> Answer:
        """The answer; QueryUsageError for a SERVICE the user has not allowed."""
        self.notes = []
        called = lexer.services(text)
        if not called:
            return self.local.query(text)
        for address in called:
            self._permit(address)
        deadline = time.monotonic() + self.timeout if self.timeout else None
        text = lexer.plain(text)
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
        asked = self._sent(text, clause)
        prologue = text[: clause.prologue]
        if asked is None:
            batches = [Table((), [()])]
        else:
            batches = [Table(asked.names, asked.rows[at : at + BATCH]) for at in range(0, len(asked.rows), BATCH)]
        if len(batches) > MOST_BATCHES:
            raise QueryError(
                f"{len(asked.rows) if asked else 0} values are too many to ask <{clause.address}> for: narrow the query"
            )
        return self._collect(prologue, clause, batches, asked.names if asked else (), deadline)

    def _collect(
        self, prologue: str, clause: Clause, batches: list[Table], names: tuple[str, ...], deadline: float | None
    ) -> Table:
        found = Table(names, [])
        failed = in_a_row = cut = 0
        why = ""
        for batch in batches:
            if in_a_row < GIVEN_UP_AFTER:
                try:
                    part = self._ask(prologue, clause, batch, deadline)
                    cut += len(part.rows) in _CUTS
                    found = _joined(found, part)
                    in_a_row = 0
                    continue
                except QueryError as error:
                    if not clause.silent:
                        raise
                    why, in_a_row = error.message, in_a_row + 1
            failed += 1
            found = _joined(found, batch)  # SILENT: one solution that binds nothing beyond what was asked for
        self._note(clause, len(batches), len(found.rows), (failed, why), cut)
        return found

    def _ask(self, prologue: str, clause: Clause, batch: Table, deadline: float | None) -> Table:
        from engine.query.endpoint import Endpoint

        left = PATIENCE if deadline is None else deadline - time.monotonic()
        if left <= 0:
            raise QueryTimeoutError(self.timeout or PATIENCE)
        sent = f"{_values(batch)} " if batch.names else ""
        endpoint = Endpoint(self.allowed[str(clause.address)], left)
        body = f"{{ {clause.body} }}" if clause.subselect else clause.body
        answer = endpoint.query(f"{prologue} SELECT * WHERE {{ {sent}{body} }}")
        return _table(answer)

    def _sent(self, text: str, clause: Clause) -> Table | None:
        """The values that what stands before a clause gives for the variables they share; None where nothing can be sent."""
        shared = list(clause.shared)
        while shared:
            chosen = " ".join(f"?{name}" for name in shared)
            asked = f"{text[: clause.prologue]} SELECT DISTINCT {chosen} WHERE {{ {clause.before} }}"
            table = _table(self.local.query(asked))
            whole = [
                n
                for n in range(len(shared))
                if all(isinstance(row[n], ox.NamedNode | ox.Literal) for row in table.rows)
            ]
            if len(whole) == len(shared):
                return table
            shared = [shared[n] for n in whole]  # an unbound or blank value would not narrow the question
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

    def __enter__(self) -> Self:
        """The backend itself."""
        self.local.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of what the other backend holds."""
        self.local.__exit__(kind, error, trace)


def addresses(given: tuple[str, ...]) -> dict[str, str]:
    """``URL`` or ``URL=OTHER`` (ask OTHER where the query says URL) as a mapping."""
    found = {}
    for text in given:
        url, mark, other = _mirror(text)
        for address in (url, other) if mark else (url,):
            if not address.startswith(("http://", "https://")):
                raise QueryUsageError(f"--allow-service takes an http or https address, not {address!r}")
        found[url] = other or url
    return found


def _mirror(text: str) -> tuple[str, str, str]:
    for scheme in ("http://", "https://"):
        url, mark, other = text.partition(f"={scheme}")
        if mark:
            return url, mark, scheme + other
    return text, "", ""


def _table(answer: Answer) -> Table:
    if not isinstance(answer, ox.QuerySolutions):
        raise QueryError("an endpoint answered a SELECT with something else than rows")
    names = tuple(variable.value for variable in answer.variables)
    try:
        return Table(names, [cast(Row, tuple(solution)) for solution in answer])
    except (SyntaxError, ValueError) as error:
        raise QueryError(f"the answer is cut or malformed: {error}") from None


def _joined(one: Table, other: Table) -> Table:
    """Both tables below each other, under the variables of either."""
    names = tuple(dict.fromkeys((*one.names, *other.names)))
    return Table(names, [*_under(names, one), *_under(names, other)])


def _under(names: tuple[str, ...], table: Table) -> Iterator[Row]:
    if names == table.names:
        yield from table.rows
        return
    places = {name: n for n, name in enumerate(table.names)}
    for row in table.rows:
        yield tuple(row[places[name]] if name in places else None for name in names)


def _values(table: Table) -> str:
    """A table as a VALUES clause on one line, so that the lines of the query keep their numbers."""
    rows = " ".join(f"({' '.join(map(_written, row))})" for row in table.rows)
    return f"VALUES ({' '.join(f'?{name}' for name in table.names)}) {{ {rows} }}"


def _written(term: Term) -> str:
    if term is None:
        return "UNDEF"
    # a blank node has no name outside its endpoint; as an IRI of its own it stays one thing
    return f"<urn:blank:{term.value}>" if isinstance(term, ox.BlankNode) else str(term)
