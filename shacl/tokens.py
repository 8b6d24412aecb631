"""A SPARQL query as tokens and groups: enough to put terms in the place of variables and to see what sees ``$this``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<iri><[^<>"{}|^`\\\s]*>)
      | (?P<name>[A-Za-z_][\w.-]*:[\w.%-]*|:[\w.%-]+)
      | (?P<var>[?$]\w+)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<sign>[{}()*.;,])""",
    re.VERBOSE,
)
AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
THIS = "?this"
_ALL = {("SELECT", "*"), ("DISTINCT", "*")}


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return (match for match in TOKEN.finditer(text) if match.lastgroup in ("var", "word", "sign"))


def _norm(match: re.Match[str]) -> str:
    return "?" + match.group()[1:] if match.lastgroup == "var" else match.group().upper()


def words(text: str) -> set[str]:
    """Keywords of a query in capitals; none of its strings, comments, names or variables."""
    return {match.group().upper() for match in _tokens(text) if match.lastgroup == "word"}


def variables(text: str) -> set[str]:
    """Names of the variables of a query."""
    return {match.group()[1:] for match in _tokens(text) if match.lastgroup == "var"}


def iris(text: str) -> set[str]:
    """The IRIs a query names, in full or by prefix."""
    prefixes: dict[str, str] = {}
    found: set[str] = set()
    name = ""
    for match in TOKEN.finditer(text):
        if match.lastgroup == "name":
            name = match.group()
            prefix, _, local = name.partition(":")
            found.add(prefixes.get(prefix, "") + local)
        elif match.lastgroup == "iri":
            prefixes[name.removesuffix(":")] = match.group()[1:-1]
            found.add(match.group()[1:-1])
    return found


def any_predicate(text: str) -> bool:
    """Whether a variable may stand in the place of a predicate: two variables side by side in a pattern."""
    found = [match.lastgroup for match in TOKEN.finditer(text, text.index("{")) if match.lastgroup != "comment"]
    return ("var", "var") in pairwise(found)


def replace(text: str, name: str, by: str) -> str:
    """Put a term in the place of a variable, outside strings, comments and IRIs."""
    parts, end = [], 0
    for match in _tokens(text):
        if match.lastgroup == "var" and match.group()[1:] == name:
            parts += [text[end : match.start()], by]
            end = match.end()
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
        if self.selects and ({"LIMIT", "OFFSET"} & set(self.words) or self._mixes()):
            return True
        return any(group.per_focus for group in self.groups)

    def _mixes(self) -> bool:
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
    for token in _tokens(text):
        word = _norm(token)
        if word == "{":
            stack[-1].groups.append(Group(token.end()))
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
