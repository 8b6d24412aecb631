"""An IPython extension: ``%load_ext engine.query.magic``, then ``%teema`` for a stored query and ``%%sparql`` for one's own.

    %teema money-by-theme at=2022-06-30
    money = %teema money-by-theme theme="Jatkuva oppiminen"

    %%sparql --store own.store --into rows
    SELECT ?theme WHERE { ?theme a tg:Theme }

Both give a pandas DataFrame. The store is ``teemagraafi.store``, TEEMAGRAAFI_STORE, or what ``%teema --store DIR`` set last.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.query import answer, backend, find, run
from engine.query.errors import QueryUsageError
from engine.query.results import Result

if TYPE_CHECKING:
    import pandas as pd
    from IPython.core.interactiveshell import InteractiveShell


class Teema:
    """The magics' memory: which store they ask."""

    def __init__(self, shell: InteractiveShell | None = None) -> None:
        """Ask the store the environment names, else the one beside the notebook."""
        self.shell = shell
        self.store = Path(os.environ.get("TEEMAGRAAFI_STORE", "teemagraafi.store"))

    def line(self, text: str) -> pd.DataFrame | None:
        """``%teema [--store DIR] [NAME name=value …]``: the answer of a stored query."""
        words = self._options(shlex.split(text))[0]
        if not words:
            return None
        name, *pairs = words
        parameters: dict[str, object] = {}
        for pair in pairs:
            key, equals, value = pair.partition("=")
            if not equals:
                raise QueryUsageError(f"{pair!r} is not name=value")
            parameters[key] = value
        with backend(self.store) as engine:
            return self._frame(answer(engine, find(name), **parameters))

    def cell(self, text: str, body: str) -> pd.DataFrame | None:
        """``%%sparql [--store DIR] [--into NAME]``: the answer of the cell's SPARQL."""
        words, into = self._options(shlex.split(text))
        if words:
            raise QueryUsageError(f"%%sparql takes --store and --into, not {words[0]!r}")
        frame = self._frame(run(self.store, body))
        if into and self.shell is not None:
            self.shell.user_ns[into] = frame
            return None
        return frame

    def _options(self, words: list[str]) -> tuple[list[str], str | None]:
        """Take --store and --into out of the words; --store is remembered."""
        rest: list[str] = []
        into: str | None = None
        given = iter(words)
        for word in given:
            if word in ("--store", "--into"):
                value = next(given, None)
                if value is None:
                    raise QueryUsageError(f"{word} needs a value")
                if word == "--store":
                    self.store = Path(value)
                else:
                    into = value
            else:
                rest.append(word)
        return rest, into

    def _frame(self, result: Result) -> pd.DataFrame:
        from engine.query.frames import frame

        return frame(result)


def load_ipython_extension(shell: Any) -> None:
    """Called by ``%load_ext engine.query.magic``."""
    teema = Teema(shell)
    shell.register_magic_function(teema.line, "line", "teema")
    shell.register_magic_function(teema.cell, "cell", "sparql")
