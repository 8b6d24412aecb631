"""Queries that the server's own process answers, because their work is bounded by the size of their answer.

That is one triple pattern and nothing else: every entry read of an index is a row, so whoever stops at a size stops in time.
Everything else (a join may search for long without a row) goes to a worker, which can be ended; so does what is larger.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from web.errors import LimitError
from web.process import Answer
from web.settings import Limits
from web.worker import Worker

_ROWS = 1000
_BYTES = 64 * 1024
_LETTERS = 2000
"""Most rows asked for where no term is given, bytes of an answer, and letters of a query."""
_TERM = r"(?:<[^<>\"{}|^`\\\x00-\x20]*+>|[?$]\w++|\w*+:[\w-]*+)"
_PATTERN = re.compile(
    rf"""\s*+ (?:PREFIX \s++ \w*+: \s*+ <[^<>"{{}}|^`\\\x00-\x20]*+> \s*+)*+
    SELECT \s*+ (?P<chosen>\*|(?:[?$]\w++\s*+)++) \s*+ (?:WHERE\s*+)?+
    \{{ \s*+ (?P<s>{_TERM}) \s++ (?P<p>{_TERM}|a) \s++ (?P<o>{_TERM}) \s*+ \.?+ \s*+ \}} \s*+
    (?:LIMIT \s++ (?P<limit>\d++) \s*+)?+
    """,
    re.VERBOSE | re.IGNORECASE,
)


def bounded(query: str) -> bool:
    """Whether a query reads no more than it answers."""
    if len(query) > _LETTERS or (found := _PATTERN.fullmatch(query)) is None:
        return False
    variables = [term[1:] for term in found.group("s", "p", "o") if term[0] in "?$"]
    if len(set(variables)) < len(variables):  # the same one twice is a search
        return False
    chosen = set(re.findall(r"\w+", found["chosen"]))
    if not chosen.issubset(variables):
        return False
    return len(variables) < 3 or int(found["limit"] or _ROWS + 1) <= _ROWS


class Direct:
    """A store opened in the server's own process."""

    def __init__(self, data: Path, folder: str, limits: Limits) -> None:
        """Open the store read-only."""
        self._worker = Worker(str(data), folder, limits.rows, min(_BYTES, limits.bytes))

    def answer(self, job: dict[str, Any]) -> Answer | None:
        """The answer to a query, if it is bounded, small and without a fault."""
        if job["rows"] is None or "default" in job or not bounded(job["text"]):
            return None
        try:
            head, body = self._worker.query(job)
        except (LimitError, SyntaxError, ValueError, OSError, RuntimeError):
            return None  # a worker tells what is wrong, or answers at length
        return Answer(head, body)
