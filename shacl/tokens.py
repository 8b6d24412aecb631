"""A tokeniser of SPARQL, and the groups of a query: enough to put terms in the place of variables without a parser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_TOKEN = re.compile(
    r"""
    (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<comment>\#[^\n\r]*)
    | (?P<variable>[?$]\w+)
    | (?P<prefixed>[\w.-]{0,100}:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*)
    | (?P<language>@[A-Za-z][\w-]*)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<other>\s+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
THIS = "?this"
_ALL = {("SELECT", "*"), ("DISTINCT", "*")}


class Token(NamedTuple):
    """A token with a meaning (no space, no comment), and where it begins in the text.

    ``kind`` is ``string``, ``iri``, ``variable``, ``prefixed``, ``language``, ``word`` or ``other`` (a sign).
    """

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
    """A query with its code point escapes decoded, as SPARQL decodes them before anything else."""
    return _ESCAPE.sub(_decode, query)


def _decode(match: re.Match[str]) -> str:
    point = int(match[1] or match[2], 16)
    return chr(point) if point <= 0x10FFFF else "\ufffd"


@lru_cache(maxsize=1024)
def placed(text: str) -> tuple[Token, ...]:
    """The tokens of a text without escapes (see ``plain``)."""
    return tuple(
        Token(match.lastgroup or "", match[0], match.start())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "comment" and not match[0].isspace()
    )


def words(text: str) -> set[str]:
    """The keywords of a query in capitals."""
    return {token.text.upper() for token in placed(text) if token.kind == "word"}


def variables(text: str) -> set[str]:
    """The names of the variables of a query."""
    return {token.text[1:] for token in placed(text) if token.kind == "variable"}


def iris(text: str) -> set[str]:
    """The IRIs a query names, in full or by prefix."""
    return {name for _, name in _named(text)}


def _named(text: str) -> Iterator[tuple[int, str]]:
    """The number of each token that is an IRI, and the IRI in full."""
    prefixes: dict[str, str] = {}
    last = ""
    for at, token in enumerate(placed(text)):
        if token.kind == "prefixed":
            last = token.text
            prefix, _, local = last.partition(":")
            yield at, prefixes.get(prefix, "") + local
        elif token.kind == "iri":
            prefixes[last.removesuffix(":")] = token.text[1:-1]
            yield at, token.text[1:-1]


def asked(text: str) -> Iterator[tuple[bool, list[str]]]:
    """What the outermost group of a query asks for: whether of ``$this``, and the properties that lead to a value in turn.

    Properties of other paths, of which one may do, are left out.
    """
    tokens, names, depth = placed(text), dict(_named(text)), 0
    for at, token in enumerate(tokens[:-2]):
        depth += {"{": 1, "(": 9, "}": -1, ")": -9}.get(token.text, 0) if token.kind == "other" else 0
        if depth != 1 or at not in names:
            continue
        before, subject = tokens[at - 2], tokens[at - 1]
        if subject.text != ";" and (subject.kind, before.kind) != ("variable", "other"):
            continue
        path = [names[at]]
        while tokens[at + 1].text == "/" and at + 2 in names:
            at += 2
            path.append(names[at])
        if tokens[at + 1].kind != "other" or tokens[at + 1].text not in "|/^*+?":
            yield subject.text[1:] == THIS[1:], path


def unknown_prefixes(text: str) -> list[str]:
    """The prefixes that a query uses and does not declare."""
    declared: set[str] = set()
    used: dict[str, None] = {}
    for before, token in pairwise([Token("", "", 0), *placed(text)]):
        if token.kind == "prefixed":
            name = token.text.partition(":")[0]
            if before.says("PREFIX"):
                declared.add(name)
            elif name != "_":
                used.setdefault(name)
    return [name for name in used if name not in declared]


def any_predicate(text: str) -> bool:
    """Whether a variable may stand in the place of a predicate: two variables side by side in a pattern."""
    kinds = [token.kind for token in placed(text[text.index("{") :])]
    return ("variable", "variable") in pairwise(kinds)


def replace(text: str, terms: Mapping[str, str]) -> str:
    """Put terms in the place of variables, outside strings, comments and IRIs; ``bound(?x)`` of a term is true."""
    parts, end = [], 0
    tokens = placed(text)
    for at, token in enumerate(tokens):
        by = terms.get(token.text[1:]) if token.kind == "variable" else None
        if by is None:
            continue
        tests = at >= 2 and tokens[at - 2].says("BOUND") and by[:1] not in "?$"
        if tests:
            parts += [text[end : tokens[at - 2].start], "(true)"]
            end = tokens[at + 1].end
        else:
            parts += [text[end : token.start], by]
            end = token.end
    return "".join([*parts, text[end:]])


@dataclass(slots=True)
class Group:
    """One ``{ … }`` of a query (or the whole of it): the words directly in it, and the groups in it.

    ``loose`` are the words outside parentheses: triple patterns and projections, which bind a variable; the others
    stand in expressions, which only use it. ``start`` is the place after the brace.
    """

    start: int = 0
    words: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @property
    def selects(self) -> bool:
        """Whether it is a query: the whole, or a sub-select."""
        return "SELECT" in self.words

    @property
    def gives_this(self) -> bool:
        """Whether it is a query that projects ``$this``, by name or by ``*``."""
        return THIS in self.loose or any(pair in _ALL for pair in pairwise(self.loose))

    @property
    def rebinds_this(self) -> bool:
        """Whether ``AS $this`` or a sub-select without ``$this`` stands in it: SHACL forbids both."""
        if any(pair == ("AS", THIS) for pair in pairwise(self.words)):
            return True
        return any((group.selects and THIS not in group.loose) or group.rebinds_this for group in self.groups)

    @property
    def per_focus(self) -> bool:
        """Whether it (or a query in it) limits its rows, or aggregates without grouping by ``$this``."""
        if self.selects and ({"LIMIT", "OFFSET"} & set(self.words) or self.mixes):
            return True
        return any(group.per_focus for group in self.groups)

    @property
    def mixes(self) -> bool:
        """Whether this very query aggregates over all focus nodes."""
        if not (AGGREGATES & set(self.words) or "GROUP" in self.words):
            return False
        return not any(self.loose[at : at + 3] == ["GROUP", "BY", THIS] for at in range(len(self.loose)))

    def all_groups(self) -> Iterator[Group]:
        """The groups of patterns in it, however deep."""
        for group in self.groups:
            if not group.selects:
                yield group
            yield from group.all_groups()

    def blind(self) -> Iterator[Group]:
        """The groups in which ``$this`` stands in an expression only: evaluated on their own, they do not see it."""
        return (group for group in self.all_groups() if THIS in group.words and THIS not in group.loose)


def parsed(text: str) -> Group:
    """The groups of a query."""
    stack = [Group()]
    depth = 0
    for token in placed(text):
        if token.kind not in ("variable", "word") and token.text not in "{}()*.;,":
            continue
        word = "?" + token.text[1:] if token.kind == "variable" else token.text.upper()
        if word == "{":
            stack[-1].groups.append(Group(token.end))
            stack.append(stack[-1].groups[-1])
        elif word == "}" and len(stack) > 1:
            stack.pop()
        elif word in "()":
            depth += 1 if word == "(" else -1
        else:
            stack[-1].words.append(word)
            if not depth:
                stack[-1].loose.append(word)
    return stack[0]


def put(text: str, pattern: str, places: set[int]) -> str:
    """Put a pattern at some places of a query."""
    for place in sorted(places, reverse=True):
        text = f"{text[:place]} {pattern} {text[place:]}"
    return text
