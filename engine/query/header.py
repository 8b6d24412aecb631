"""The ``#+`` header of a stored query (grlc's dialect: a small, strict part of YAML), read line by line.

Values are plain words, ``"quoted text"``, ``[inline, lists]``, ``- item`` lists, lists of ``- key: value`` blocks, and
``>-`` folded text. Whatever does not fit is refused with its line number: the header feeds the command line, the web pages
and the tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from engine.query.errors import QueryError

Value = str | list[str] | list[dict[str, str | list[str]]]

_KEY = re.compile(r"([a-z][a-z_]*):(?: +(.*))?")
_PLAIN_START = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`]|-(?=\S)|\?(?=\S)")


class HeaderError(QueryError):
    """A header line that cannot be read, named by file and line."""

    def __init__(self, place: str, line: int, message: str) -> None:
        """Name the file, the line (1-based) and what was expected."""
        self.line = line
        super().__init__(f"{place}:{line}: {message}")


class _Line(NamedTuple):
    number: int
    indent: int
    text: str


class _Header:
    """A reader over the header's lines; ``place`` is the file named in errors."""

    def __init__(self, lines: list[_Line], place: str) -> None:
        self.lines, self.place, self.at = lines, place, 0

    def error(self, line: _Line, message: str) -> HeaderError:
        return HeaderError(self.place, line.number, message)

    def peek(self, indent: int) -> _Line | None:
        """The next line if it stands at least as deep as ``indent``."""
        if self.at < len(self.lines) and self.lines[self.at].indent >= indent:
            return self.lines[self.at]
        return None

    def take(self) -> _Line:
        self.at += 1
        return self.lines[self.at - 1]

    def mapping(self) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while line := self.peek(0):
            key, rest = self.key(self.take(), 0, found)
            found[key] = self.value(line, rest)
        return found

    def key(self, line: _Line, indent: int, found: dict[str, Value]) -> tuple[str, str]:
        match = _KEY.fullmatch(line.text)
        if match is None or line.indent != indent:
            raise self.error(line, f"expected 'key: value' after '#+{' ' * (indent + 1)}', found {line.text!r}")
        if match[1] in found:
            raise self.error(line, f"{match[1]!r} is given twice")
        return match[1], match[2] or ""

    def value(self, line: _Line, rest: str) -> Value:
        if rest == ">-":
            return self.folded(line)
        if rest:
            return self.inline(line, rest)
        following = self.peek(2)
        if following is None or not following.text.startswith("- "):
            raise self.error(line, "a value is missing: text on the same line, or a list of '- ' items below")
        return self.items()

    def folded(self, line: _Line) -> str:
        parts = []
        while self.peek(2):
            parts.append(self.take().text)
        if not parts:
            raise self.error(line, "'>-' needs text on the lines below, indented by two blanks")
        return " ".join(parts)

    def items(self) -> list[str] | list[dict[str, str | list[str]]]:
        texts: list[str] = []
        blocks: list[dict[str, str | list[str]]] = []
        while line := self.peek(2):
            self.take()
            if line.indent != 2 or not line.text.startswith("- "):
                raise self.error(line, "expected '  - ' before an item of the list")
            item = line.text[2:]
            if _KEY.fullmatch(item):
                blocks.append(self.block(_Line(line.number, 4, item)))
            else:
                texts.append(self.scalar(line, item))
            if texts and blocks:
                raise self.error(line, "a list holds either texts or 'key: value' blocks, not both")
        return texts or blocks

    def block(self, first: _Line) -> dict[str, str | list[str]]:
        found: dict[str, Value] = {}
        line: _Line | None = first
        while line:
            key, rest = self.key(line, 4, found)
            if not rest:
                raise self.error(line, f"{key!r} has no value")
            found[key] = self.inline(line, rest)
            line = self.take() if self.peek(4) else None
        return found  # type: ignore[return-value]  # inline() gives texts and lists of texts only

    def inline(self, line: _Line, text: str) -> str | list[str]:
        if not text.startswith("["):
            return self.scalar(line, text)
        if not text.endswith("]"):
            raise self.error(line, "a list that begins with '[' must end with ']' on the same line")
        return [self.scalar(line, part) for part in _split(text[1:-1])]

    def scalar(self, line: _Line, text: str) -> str:
        if text.startswith('"'):
            try:
                quoted = json.loads(text)
            except ValueError:
                raise self.error(line, f"not a quoted text: {text}") from None
            return str(quoted)
        if not _PLAIN_START.match(text) or ": " in text or " #" in text or text.endswith(":"):
            raise self.error(line, f"put this text in double quotes: {text}")
        return text


def _split(text: str) -> Iterator[str]:
    """Parts of an inline list: commas split, except within double quotes."""
    parts = re.findall(r'(?:"(?:[^"\\]|\\.)*"|[^,"])+', text)
    return (p for p in (part.strip() for part in parts) if p)


def _lines(text: str, place: str) -> list[_Line]:
    found: list[_Line] = []
    ended = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#+"):
            ended = ended or bool(found) or bool(line.strip())
            continue
        if ended:
            raise HeaderError(place, number, "the header's lines must stand together at the top of the file")
        content = line[2:].rstrip()
        if not content.strip():
            raise HeaderError(place, number, "empty header line")
        if not content.startswith(" ") or "\t" in content:
            raise HeaderError(place, number, "expected '#+ ' and a key, without tabs")
        inner = content[1:]
        found.append(_Line(number, len(inner) - len(inner.lstrip(" ")), inner.lstrip(" ")))
    return found


def parse(text: str, place: str) -> dict[str, Value]:
    """The header of a query's text as a dictionary; raises :class:`HeaderError` with ``place`` and the line number."""
    return _Header(_lines(text, place), place).mapping()


def key_lines(text: str) -> dict[str, int]:
    """Line number of each top-level key, for errors about a value that reads well but does not fit."""
    return {m[1]: n for n, line in enumerate(text.splitlines(), 1) if (m := re.match(r"#\+ ([a-z][a-z_]*):", line))}
