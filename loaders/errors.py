"""The one error a document can raise: it names the document, the line and what was expected."""

from __future__ import annotations

import click


class SourceError(click.ClickException):
    """A document (or one line of it) could not be read; printed as ``document:line: what was expected``."""

    exit_code = 3

    def __init__(self, document: str, message: str, line: int | None = None) -> None:
        """Name the document (its id or file name), what was expected and what to do, and the line where known."""
        self.document, self.line = document, line
        place = document if line is None else f"{document}:{line}"
        super().__init__(f"{place}: {message}")
