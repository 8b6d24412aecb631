"""The words of a SPARQL query outside its strings, IRIs and comments: enough to know what it asks for without parsing it."""

from __future__ import annotations

from collections.abc import Iterable

from shacl.tokens import placed as placed
from shacl.tokens import plain as plain

__all__ = ["UPDATES", "changes", "is_update", "placed", "plain", "services", "tokens"]

_CHANGING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"})
_UPDATING = UPDATES | {"WITH"}


def _may_say(query: str, words: Iterable[str]) -> bool:
    """Whether a query is worth reading word by word for some keywords."""
    query = query.upper()
    if "\\U" in query:
        return True
    for word in words:  # noqa: SIM110 - faster than any(), and of every query asked
        if word in query:
            return True
    return False


def tokens(query: str) -> list[tuple[str, str]]:
    """(kind, text) of each token that carries meaning; code point escapes are read first, as SPARQL reads them."""
    return [(token.kind, token.text) for token in placed(plain(query))]


def services(query: str) -> list[str | None]:
    """The endpoints that a query calls with SERVICE; None for one whose address is no full IRI."""
    endpoints: list[str | None] = []
    read = placed(plain(query)) if _may_say(query, ("SERVICE",)) else []
    for at, token in enumerate(read):
        if not token.says("SERVICE"):
            continue
        following = [t for t in read[at + 1 : at + 3] if not t.says("SILENT")]
        endpoints.append(following[0].text[1:-1] if following and following[0].kind == "iri" else None)
    return endpoints


def changes(query: str) -> bool:
    """Whether two runs of a query on one graph may answer differently (NOW, RAND, UUID …)."""
    return _may_say(query, _CHANGING) and any(
        kind == "word" and text.upper() in _CHANGING for kind, text in tokens(query)
    )


def is_update(query: str) -> bool:
    """Whether a text is a SPARQL update: its first word after the prologue changes a graph."""
    skip = False
    for kind, text in tokens(query) if _may_say(query, _UPDATING) else ():
        word = text.upper()
        if kind == "word" and word in ("PREFIX", "BASE"):
            skip = True
        elif kind == "iri" and skip:
            skip = False
        elif kind == "word":
            return word in _UPDATING
    return False
