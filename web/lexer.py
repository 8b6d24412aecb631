"""The words of a SPARQL query outside its strings, IRIs and comments: enough to know what it asks for without parsing it."""

from __future__ import annotations

import re

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


def _decode(match: re.Match[str]) -> str:
    point = int(match[1] or match[2], 16)
    return chr(point) if point <= 0x10FFFF else "\ufffd"


def tokens(query: str) -> list[tuple[str, str]]:
    """(kind, text) of each token that carries meaning; code point escapes are read first, as SPARQL reads them."""
    text = _ESCAPE.sub(_decode, query)
    return [
        (kind, match[0])
        for match in _TOKEN.finditer(text)
        if (kind := match.lastgroup or "") not in ("comment",) and not match[0].isspace()
    ]


def services(query: str) -> list[str | None]:
    """The endpoints that a query calls with SERVICE; None for one that is only known when it runs."""
    found: list[str | None] = []
    read = tokens(query) if re.search(r"service|\\u", query, re.IGNORECASE) else []
    for at, (kind, text) in enumerate(read):
        if kind != "word" or text.upper() != "SERVICE":
            continue
        following = [t for t in read[at + 1 : at + 3] if t[1].upper() != "SILENT"]
        target = following[0] if following else ("", "")
        found.append(target[1][1:-1] if target[0] == "iri" else None)
    return found


def changes(query: str) -> bool:
    """Whether two runs of a query on one graph may answer differently (NOW, RAND, UUID …)."""
    return any(kind == "word" and text.upper() in _CHANGING for kind, text in tokens(query))


def is_update(query: str) -> bool:
    """Whether a text is a SPARQL update: its first word after the prologue changes a graph."""
    skip = False
    for kind, text in tokens(query):
        word = text.upper()
        if kind == "word" and word in ("PREFIX", "BASE"):
            skip = True
        elif kind == "iri" and skip:
            skip = False
        elif kind == "word":
            return word in UPDATES or word == "WITH"
    return False
