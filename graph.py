"""Teemagraafi: Finland's national structural-fund themes as a graph in which every fact cites its passage.

``Graph`` is the library; ``cli`` is the same on the command line.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loaders.data import VERSION

if TYPE_CHECKING:
    import pandas as pd
    import pyoxigraph as ox

    from engine.conflicts import ConflictRow
    from engine.describe import Description
    from engine.query.result import Result
    from engine.report.findings import Finding

__version__ = VERSION


class Graph:
    """An opened store: query it, describe its things, validate and export it."""

    def __init__(self, store: ox.Store, path: Path) -> None:
        """Wrap an open Oxigraph store; use :meth:`open` or :meth:`build`."""
        self.store, self.path = store, path

    @classmethod
    def open(cls, store: str | Path = "teemagraafi.store") -> Graph:
        """Open the current version of a store, read-only; raises engine.store.StoreError if there is none."""
        from engine.store import open_store

        return cls(open_store(Path(store)), Path(store))

    @classmethod
    def build(cls, files: Iterable[str | Path] = (), store: str | Path = "teemagraafi.store") -> Graph:
        """Read files (the shipped sources if none) into a fresh store and open it.

        Raises loaders.errors.SourceError for a file that cannot be read; the store is then as it was.
        """
        from engine import inputs
        from engine.build import build

        paths = [Path(f) for f in files]
        build(Path(store), inputs.given(paths) if paths else inputs.shipped(), lambda message: None)
        return cls.open(store)

    def query(self, name_or_text: str, **parameters: Any) -> Result:
        """Rows (or triples) of a stored query by name, or of SPARQL text; parameters by label, code or IRI."""
        from engine.query.run import run

        return run(self.store, name_or_text, **parameters)

    def frame(self, name_or_text: str, **parameters: Any) -> pd.DataFrame:
        """The same as a typed pandas DataFrame: decimals stay decimals, dates dates."""
        from engine.output.formats import frame

        return frame(self.query(name_or_text, **parameters))

    def describe(self, name: str, with_contacts: bool = False) -> Description:
        """All facts of one thing, by name, code or IRI, each with its places."""
        from engine.describe import describe, find

        return describe(self.store, find(self.store, name)[0], with_contacts)

    def conflicts(self, kind: str | None = None) -> list[ConflictRow]:
        """What documents disagree on."""
        from engine.conflicts import conflicts

        return conflicts(self.store, kind)

    def validate(self, **options: Any) -> list[Finding]:
        """SHACL findings over the current view."""
        from engine.validation import validate

        return validate(self.store, **options)

    def export(self, path: str | Path, fmt: str = "nquads", with_contacts: bool = False, current: bool = False) -> None:
        """Write the dataset to a file, or as tables to a folder; see engine.output.export."""
        from engine.output.export import export

        export(self.store, Path(path), fmt, with_contacts, current)


_COMMANDS = {
    "build": ("commands.build", "Read documents into a fresh store."),
    "load": ("commands.build", "Add documents to a store, or replace them."),
    "query": ("commands.query", "Run a stored query, a file or standard input."),
    "queries": ("commands.query", "List the stored queries."),
    "search": ("commands.query", "Find themes, projects, organisations and passages by words."),
    "describe": ("commands.query", "Show everything about one thing, with its places."),
    "conflicts": ("commands.validate", "List what documents disagree on."),
    "validate": ("commands.validate", "Check the graph against the shapes."),
    "correct": ("commands.correct", "Reject or add statements of documents, for every build."),
    "coverage": ("commands.build", "Show what of a document was read or left out."),
    "export": ("commands.build", "Write the dataset to a file."),
    "link": ("commands.link", "Propose, accept, reject and check links to other datasets."),
    "serve": ("commands.serve", "Serve a read-only SPARQL endpoint, editor and pages."),
    "publish": ("commands.serve", "Write everything as a static site."),
    "mcp": ("commands.serve", "Serve the graph to an assistant, with sources."),
}
"""Command → (module, one line): only the module of the command that runs is imported."""


@contextlib.contextmanager
def _one_line() -> Iterator[None]:
    """Errors in one line each, with the exit codes of this program: 1 is for findings alone."""
    try:
        yield
    except click.UsageError as error:
        if error.ctx is None or type(error).show is not click.UsageError.show:
            raise
        message = " ".join(error.format_message().split())
        if type(error) is not click.UsageError or isinstance(error.ctx.command, click.Group):
            message += f" (see: {error.ctx.command_path} --help)"
        raise click.UsageError(message) from error
    except click.ClickException as error:
        if error.exit_code != click.ClickException.exit_code:
            raise
        raise click.UsageError(error.format_message()) from error
    except RuntimeError as error:
        # the engine finds damaged blocks when it comes upon them, wherever that is
        if not str(error).startswith("Corruption"):
            raise
        raise click.UsageError(f"the store is damaged ({error}); build it again with: teemagraafi build") from error


@contextlib.contextmanager
def _harmless() -> Iterator[None]:
    """Let no control characters of documents or file names reach the terminal, and a reader close the pipe."""
    from commands.terminal import plain, plain_streams, readable

    try:
        with plain_streams(), readable():
            yield
    except click.ClickException as error:
        error.message = plain(" ".join(error.message.split("\n")))  # type: ignore[misc]
        raise


class _Commands(click.Group):
    """Loads a command's module when it is called for, so that ``--help`` stays quick."""

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        """Read the words before the command's name."""
        with _one_line():
            return super().make_context(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        with _harmless(), _one_line():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of use."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.command(cls=_Commands, context_settings={"show_default": True})
@click.version_option(__version__, prog_name="teemagraafi")
def cli() -> None:
    """Finland's national structural-fund themes as a graph in which every fact cites its document, page and line.

    \b
    Example: teemagraafi build && teemagraafi query money-by-theme
    """


if __name__ == "__main__":
    cli(prog_name="teemagraafi")
