"""What can be wrong with shapes: broken (nobody can read them) or beyond the compiler (another engine must judge)."""

from __future__ import annotations

import click


class ShapesError(click.ClickException):
    """A shapes graph (or one shape of it) cannot be used; validation must not pass on it."""

    exit_code = 2


class NotCovered(Exception):
    """A well-formed construct that the compiler does not translate; ``str()`` names the shape and the construct."""


class DataError(click.ClickException):
    """There is no data to check, or it cannot be read; validation must not pass on it."""

    exit_code = 3
