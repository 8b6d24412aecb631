"""The words of a SPARQL query outside its strings, IRIs and comments: enough to know what it asks for without parsing it."""

from collections.abc import Iterable
from typing import NamedTuple

from shacl.tokens import Token, words
from shacl.tokens import placed as placed
from shacl.tokens import plain as plain

__all__ = ["UPDATES", "calls", "changes", "is_update", "placed", "plain", "services"]

_CHANGING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"})
_UPDATING = UPDATES | {"WITH"}


def _may_say(query: str, keywords: Iterable[str]) -> bool:
    """Whether a query is worth reading word by word for some keywords."""
    query = query.upper()
    if "\\U" in query:
        return True
    for word in keywords:  # noqa: SIM110 - faster than any(), and of every query asked
        if word in query:
            return True
    return False


class Call(NamedTuple):
    """One SERVICE of a query without escapes: the place of its word among the tokens, its address, and whether it is SILENT."""

    at: int
    target: Token | None
    silent: bool

    @property
    def address(self) -> str | None:
        """The endpoint; None where it is no full IRI."""
        return self.target.text[1:-1] if self.target and self.target.kind == "iri" else None


def calls(text: str) -> list[Call]:
    """The SERVICE clauses of a text without escapes."""
    read, calls_found = placed(text), []
    for at, token in enumerate(read):
        if token.says("SERVICE"):
            silent = at + 1 < len(read) and read[at + 1].says("SILENT")
            calls_found.append(Call(at, read[at + 1 + silent] if at + 1 + silent < len(read) else None, silent))
    return calls_found


def services(query: str) -> list[str | None]:
    """The endpoints that a query calls with SERVICE; None for one whose address is no full IRI."""
    return [call.address for call in calls(plain(query))] if _may_say(query, ("SERVICE",)) else []


def changes(query: str) -> bool:
    """Whether two runs of a query on one graph may answer differently (NOW, RAND, UUID …)."""
    return _may_say(query, _CHANGING) and not _CHANGING.isdisjoint(words(plain(query)))


def is_update(query: str) -> bool:
    """Whether a text is a SPARQL update: its first word after the prologue changes a graph."""
    read = placed(plain(query)) if _may_say(query, _UPDATING) else ()
    said = (token.text.upper() for token in read if token.kind == "word")
    return next((word in _UPDATING for word in said if word not in ("PREFIX", "BASE")), False)
