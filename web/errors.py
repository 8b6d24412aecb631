"""What a worker cannot answer, in words for the client."""

from __future__ import annotations


class LimitError(Exception):
    """An answer grew over a limit; the message says which."""


class MissingError(Exception):
    """There is no such graph or thing."""
