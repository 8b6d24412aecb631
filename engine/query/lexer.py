"""The words of a SPARQL query outside its strings, IRIs and comments: enough to know what it asks for without parsing it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""
    (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<comment>\#[^\n\r]*)
    | (?P<variable>[?$]\w+)
    | (?P<prefixed>[\w.-]*:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*)
    | (?P<language>@[A-Za-z][\w-]*)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<other>\s+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
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


def _decode(match: re.Match[str]) -> str:
    point = int(match[1] or match[2], 16)
    return chr(point) if point <= 0x10FFFF else "\ufffd"


def tokens(query: str) -> list[tuple[str, str]]:
    """(kind, text) of each token that carries meaning; code point escapes are read first, as SPARQL reads them."""
    return [(token.kind, token.text) for token in placed(plain(query))]


class Token(NamedTuple):
    """A token that carries meaning, and where it stands in the text that ``plain`` gives."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token ends."""
        return self.start + len(self.text)

    def says(self, word: str) -> bool:
        """Whether it is this keyword (in capitals)."""
        return self.kind == "word" and self.text.upper() == word


def plain(query: str) -> str:
    """A query with its code point escapes read, as SPARQL reads them before anything else."""
    return _ESCAPE.sub(_decode, query)


def placed(text: str) -> list[Token]:
    """The tokens of a text without escapes (see ``plain``), each with its place."""
    return [
        Token(match.lastgroup or "", match[0], match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "comment" and not match[0].isspace()
    ]


def services(query: str) -> list[str | None]:
    """The endpoints that a query calls with SERVICE; None for one whose address is no full IRI."""
    found: list[str | None] = []
    read = placed(plain(query)) if _may_say(query, ("SERVICE",)) else []
    for at, token in enumerate(read):
        if not token.says("SERVICE"):
            continue
        following = [t for t in read[at + 1 : at + 3] if not t.says("SILENT")]
        found.append(following[0].text[1:-1] if following and following[0].kind == "iri" else None)
    return found


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
