"""The errors that reach a user, each with its exit code: wrong use 2, an unreadable document 3, a failed query 4."""

from __future__ import annotations

import click

_LONGEST = 2000
"""Characters of a message."""


class UserError(click.ClickException):
    """What went wrong and what to do, in one line: the base of every error that a user may meet.

    A command ends with its ``exit_code``: 2 for wrong use, unless a class says otherwise.
    """

    exit_code = 2

    def __init__(self, message: str) -> None:
        """Say it in at most a screen: a file may have a million columns, and their names stand in no message."""
        super().__init__(message if len(message) <= _LONGEST else f"{message[: _LONGEST - 200]} … {message[-190:]}")


class SourceError(UserError):
    """A document (or one line of it) could not be read; printed as ``document:line: what was expected``."""

    exit_code = 3

    def __init__(self, document: str, message: str, line: int | None = None) -> None:
        """Name the document (its id or file name), what was expected and what to do, and the line where known."""
        self.document, self.line, self._said = document, line, message
        place = document if line is None else f"{document}:{line}"
        super().__init__(f"{place}: {message}")

    def __reduce__(self) -> tuple[type[SourceError], tuple[str, str, int | None]]:
        """Pass from one process to another as it was made."""
        return type(self), (self.document, self._said, self.line)


class QueryUsageError(UserError):
    """The user asked for something that does not exist or does not fit: a name, a parameter, a format."""


class QueryError(UserError):
    """A query could not be read or answered: malformed, refused by the engine or by the endpoint."""

    exit_code = 4


class QueryTimeoutError(QueryError):
    """A query ran longer than its time limit; the process that answered it is gone."""

    def __init__(self, seconds: float) -> None:
        """Say how many ``seconds`` the query was allowed to run."""
        super().__init__(f"the query ran longer than {seconds:g} s and was stopped: narrow it or allow more time")


def did_you_mean(word: str, known: list[str], how_many: int = 3) -> str:
    """The end of an error message that names the known words nearest to ``word``, or ``""`` where none is near.

    >>> did_you_mean("mony-by-theme", ["money-by-theme", "calls"])
    "; did you mean 'money-by-theme'?"
    """
    from rapidfuzz import fuzz, process

    near = process.extract(word, known, scorer=fuzz.ratio, processor=str.casefold, limit=how_many, score_cutoff=50)
    return f"; did you mean {' or '.join(repr(match[0]) for match in near)}?" if near else ""
