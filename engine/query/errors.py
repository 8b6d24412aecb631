"""What can go wrong with a query, as one line for the user: wrong use is exit code 2, a failed query 4."""

from __future__ import annotations

import click


class QueryUsageError(click.ClickException):
    """The user asked for something that does not exist or does not fit: a name, a parameter, a format."""

    exit_code = 2


class QueryError(click.ClickException):
    """A query could not be read or answered: malformed, refused by the engine or the endpoint."""

    exit_code = 4


class QueryTimeoutError(QueryError):
    """A query ran longer than the time it was given; its process is gone."""

    def __init__(self, seconds: float) -> None:
        """Say how long the query was allowed to run."""
        super().__init__(f"the query ran longer than {seconds:g} s and was stopped: narrow it or allow more time")


def did_you_mean(word: str, known: list[str], how_many: int = 3) -> str:
    """The ending of an error message that names the nearest known words, or ``""`` where none is near."""
    from difflib import get_close_matches

    folded = {k.casefold(): k for k in reversed(known)}
    near = get_close_matches(word.casefold(), list(folded), n=how_many, cutoff=0.5)
    return f"; did you mean {' or '.join(repr(folded[n]) for n in near)}?" if near else ""
