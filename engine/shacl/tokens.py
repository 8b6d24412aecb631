"""A SPARQL query as tokens and groups: enough to put terms in the place of variables and to see what sees ``$this``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<iri><[^<>"{}|^`\\\s]*>)
      | (?P<name>[A-Za-z_][\w.-]*:[\w.%-]*|:[\w.%-]+)
      | (?P<var>[?$]\w+)
      | (?P<word>[A-Za-z_]\w*)
      | (?P<sign>[{}()])""",
    re.VERBOSE,
)
AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}
THIS = "?THIS"


def _tokens(text: str) -> Iterator[re.Match[str]]:
    return (match for match in TOKEN.finditer(text) if match.lastgroup in ("var", "word", "sign"))


def _norm(match: re.Match[str]) -> str:
    return "?" + match.group()[1:].upper() if match.lastgroup == "var" else match.group().upper()


def words(text: str) -> set[str]:
    """Keywords and variables of a query, in capitals, variables as ``?NAME``; none of its strings, comments, names."""
    return {_norm(match) for match in _tokens(text)}


def replace(text: str, name: str, by: str) -> str:
    """Put a term in the place of a variable, outside strings, comments and IRIs."""
    parts, end = [], 0
    for match in _tokens(text):
        if match.lastgroup == "var" and match.group()[1:] == name:
            parts += [text[end : match.start()], by]
            end = match.end()
    return "".join([*parts, text[end:]])


def body(text: str) -> int | None:
    """Where the outermost group of the query opens."""
    return next((token.start() for token in _tokens(text) if token.group() == "{"), None)


@dataclass(slots=True)
class Group:
    """One ``{ … }`` of a query (or the whole of it): the words directly in it, and the groups in it.

    ``loose`` are the words outside parentheses: triple patterns and projections, which bind a variable; the others
    stand in expressions, which only use it.
    """

    before: str = ""
    words: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @property
    def uses_this(self) -> bool:
        """Whether the group or one in it mentions ``$this``."""
        return THIS in self.words or any(group.uses_this for group in self.groups)


def _parsed(text: str) -> Group:
    stack = [Group()]
    depth, before = 0, ""
    for token in _tokens(text):
        word = _norm(token)
        if word == "{":
            stack[-1].groups.append(Group(before))
            stack.append(stack[-1].groups[-1])
        elif word == "}" and len(stack) > 1:
            stack.pop()
        elif word in "()":
            depth += 1 if word == "(" else -1
        else:
            stack[-1].words.append(word)
            if not depth:
                stack[-1].loose.append(word)
        before = word
    return stack[0]


def same_for_all(text: str) -> bool:
    """Whether one run over all focus nodes gives what a run for each of them gives (see ``engine.shacl.select``)."""
    whole = _parsed(text)
    return THIS in whole.loose and _selects_well(whole) and all(_safe(group) for group in whole.groups[0].groups)


def _selects_well(group: Group) -> bool:
    """A SELECT neither limits, nor aggregates over several focus nodes, nor hides the ``$this`` of its body."""
    if {"LIMIT", "OFFSET"} & set(group.words) or (group.uses_this and THIS not in group.loose):
        return False
    aggregates = AGGREGATES & set(group.words) or "GROUP" in group.words
    if not (aggregates and group.uses_this):
        return True
    return any(group.loose[at : at + 3] == ["GROUP", "BY", THIS] for at in range(len(group.loose)))


def _safe(group: Group) -> bool:
    if "SELECT" in group.words and not _selects_well(group):
        return False
    if group.before != "EXISTS" and THIS in group.words and THIS not in group.loose:
        return False
    return all(_safe(inner) for inner in group.groups)
