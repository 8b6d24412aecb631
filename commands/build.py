"""The commands that make a store and take things out of it: build, load, coverage, export."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from commands.terminal import FILE, PATH, format_option, give
from engine.words import count_noun

if TYPE_CHECKING:
    from engine.build import Options, Rejections
    from engine.inputs import InputFile
    from engine.summary import Summary
    from loaders.isolation import Limits

store_option = click.option(
    "--store",
    type=PATH,
    default="teemagraafi.store",
    envvar="TEEMAGRAAFI_STORE",
    show_envvar=True,
    help="Directory of the store.",
)
no_store_option = click.option(
    "--store", expose_value=False, metavar="PATH", help="Accepted for consistency; not used here."
)


def limits_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options for what reading one file may take; the command gets them as one ``limits``."""

    @functools.wraps(command)
    def limited(*arguments: Any, max_seconds: float, max_memory: int, **named: Any) -> None:
        from loaders.isolation import Limits

        command(*arguments, limits=Limits(max_seconds, max_memory), **named)

    seconds = click.option(
        "--max-seconds",
        type=click.FloatRange(min=1),
        default=30.0,
        help="Processor seconds that reading one file may take.",
    )
    memory = click.option(
        "--max-memory",
        type=click.IntRange(min=16),
        default=640,
        help="Megabytes of memory that reading one file may take.",
    )
    return seconds(memory(limited))


corrections_option = click.option(
    "--corrections",
    type=FILE,
    default="corrections.tsv",
    envvar="TEEMAGRAAFI_CORRECTIONS",
    show_envvar=True,
    help="File of what persons have corrected; see: teemagraafi correct.",
)


def find_corrections(ctx: click.Context, path: Path) -> Path | None:
    """The file of corrections; None where none is named and none lies at the usual place."""
    usual = ctx.get_parameter_source("corrections") is ParameterSource.DEFAULT
    return None if usual and not path.exists() else path


def _most(ctx: click.Context, parameter: click.Parameter, value: str | None) -> Rejections | None:
    from engine.build import Rejections

    try:
        return None if value is None else Rejections.parse(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is neither a number of rows nor a share like 2%") from None


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Options for how documents and lists of operations are read; the command gets them as one ``how``."""

    @functools.wraps(command)
    def reading(
        *, mapping: Path | None, guess: bool, most: Rejections | None, corrections: Path, limits: Limits, **named: Any
    ) -> None:
        from engine.build import Options

        corrected = find_corrections(click.get_current_context(), corrections)
        command(how=Options(mapping, guess, most, lenient=True, limits=limits, corrections=corrected), **named)

    mapping = click.option("--mapping", type=PATH, help="How to read the lists given: a mapping file (TOML).")
    most = click.option(
        "--max-rejected",
        "most",
        metavar="N|N%",
        callback=_most,
        help="Fail, and leave the store as it was, if more rows of a list are rejected.",
    )
    report = click.option("--report", type=PATH, help="Write what was read and left out to this file, as JSON.")
    return mapping(most(report(corrections_option(limits_options(reading)))))


EXPORTS = ("nquads", "trig", "turtle", "ntriples", "jsonld", "csvw", "parquet", "virtuoso", "qlever")
_CHECKED_AT_ONCE = 10_000
"""Passages up to which a build checks what it built: a few seconds."""


def _say(message: str) -> None:
    if sys.stderr.isatty():
        click.echo(message, err=True)


def _report(summary: Summary, store: Path, file: Path | None = None) -> None:
    click.echo(summary.headline(), err=True)
    click.echo(_checked(summary, store), err=True)
    for line in summary.notes:
        click.echo(line, err=True)
    for error in summary.failures:
        click.echo(f"not read: {error.format_message()}", err=True)
    where = "" if str(store) == "teemagraafi.store" else f" --store {store}"
    suggested = ("coverage", "queries") if summary.only_lists else ("queries", "query money-by-theme", "conflicts")
    click.echo(f"Try: {' · '.join(f'teemagraafi {command}{where}' for command in suggested)}", err=True)
    if file is not None:
        give(json.dumps(summary.to_json(), ensure_ascii=False, indent=1) + "\n", file)


def _exit_code(summary: Summary) -> int:
    """3 where a file was not read, 1 where rows of a list were not, else 0."""
    return 3 if summary.failures else 1 if summary.lost_rows else 0


def _checked(summary: Summary, store: Path) -> str:
    """What the shapes say of the new graph, in one line; a graph of long lists is checked when the user asks for it."""
    if summary.counts["Passage"] > _CHECKED_AT_ONCE:
        return "shapes: not run on so many rows; run them with: teemagraafi validate"
    from engine.store import open_store
    from engine.validation import faults

    numbers = faults(open_store(store))
    counts = ", ".join(count_noun(numbers[severity], severity.lower()) for severity in ("Violation", "Warning"))
    return f"shapes: {counts}; see with: teemagraafi validate"


@click.command()
@click.argument("files", nargs=-1, type=PATH)
@click.option("--documents", type=PATH, help="Directory with the full originals (and more documents).")
@click.option("--guess", is_flag=True, help="Read each list by the mapping that is guessed for it.")
@reading_options
@store_option
@click.pass_context
def build(
    ctx: click.Context, files: tuple[Path, ...], documents: Path | None, report: Path | None, store: Path, how: Options
) -> None:
    """Read documents into a fresh store.

    Without FILEs the shipped sources are read; with --documents DIR, every shipped source whose original lies there is read
    from the original, and so is every other document there. A file that cannot be read within its limits is named,
    the others are read, and the exit code is 3.

    FILEs may be lists of operations (csv, xlsx, xls, ods): the store is then of those lists alone. They are read by --mapping, by
    a shipped mapping, by the metadata beside them (datapackage.json, CSVW) or with --guess. The exit code is 1 where rows were
    rejected.

    \b
    Example: teemagraafi build
             teemagraafi build uutiskirje.pdf --store own.store
             teemagraafi build operations.xlsx --guess --report operations.json --store own.store
             teemagraafi build operations.csv --mapping own.toml --max-rejected 1%
    """
    from engine.build import build as build_store

    summary = build_store(store, _given(files, documents), _say, how)
    _report(summary, store, report)
    ctx.exit(_exit_code(summary))


def _given(files: tuple[Path, ...], documents: Path | None) -> list[InputFile]:
    from engine import inputs

    if files and documents:
        raise click.UsageError("name FILEs or --documents DIR, not both")
    if documents:
        return inputs.originals(documents)
    return inputs.given(list(files)) if files else inputs.shipped()


@click.command()
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--graph", help="IRI of the named graph that an RDF file goes into.")
@click.option("--guess", is_flag=True, help="Load nothing: propose a mapping for a list of operations.")
@reading_options
@store_option
@click.pass_context
def load(
    ctx: click.Context, files: tuple[Path, ...], graph: str | None, report: Path | None, store: Path, how: Options
) -> None:
    """Add documents to a store or replace them. Loading the same document again changes nothing.

    A list of operations (csv, xlsx) is read by the shipped mapping of its headings, or by the one given with --mapping;
    --guess writes a first mapping for a list that has none. An RDF file (ttl, nt, nq, trig, jsonld) is loaded unchanged into the
    named graph given with --graph. Inhabitants are a csv of region (or municipality), year and population.

    \b
    Example: teemagraafi load uutiskirje-2023-06.pdf
             teemagraafi load operations.csv --guess > own.toml
             teemagraafi load operations.csv --mapping own.toml
             teemagraafi load own.ttl --graph https://example.org/own
    """
    from engine import inputs
    from engine.build import load as load_store
    from engine.build import load_rdf
    from engine.inputs import is_rdf

    if how.guess:
        ctx.exit(_propose(files, how.limits))
    foreign = [f for f in files if is_rdf(f)]
    if foreign and graph is None:
        raise click.UsageError(f"{foreign[0]} is RDF: say which named graph it goes into with --graph IRI")
    if graph is not None and len(foreign) != len(files):
        raise click.UsageError("--graph takes RDF files only (ttl, nt, nq, trig, jsonld); load documents without it")
    if foreign and graph is not None:
        number = load_rdf(store, foreign, graph, how.limits)
        click.echo(
            f"{count_noun(number, 'triple')} in a graph of their own; ask for them with GRAPH <{graph}> {{ … }}",
            err=True,
        )
        return
    summary = load_store(store, inputs.given(list(files)), _say, how)
    _report(summary, store, report)
    ctx.exit(_exit_code(summary))


def _propose(files: tuple[Path, ...], limits: Limits | None) -> int:
    """Print the guessed mapping of each list; 1 where a question is open."""
    from loaders.isolation import Pool
    from loaders.tables.guess import guess

    with_questions = 0
    for file in files:
        with Pool(limits) as pool:
            proposal = pool.call(file.name, guess, file)
        click.echo(proposal.text, nl=False)
        for line in (*(f"open question: {question}" for question in proposal.questions), *proposal.doubts):
            click.echo(f"{file.name}: {line}", err=True)
        with_questions += bool(proposal.questions)
    return 1 if with_questions else 0


@click.command()
@click.argument("document", required=False)
@format_option("table", "json", "csv")
@store_option
def coverage(document: str | None, fmt: str, store: Path) -> None:
    """Show which parts of a document were read, left out (and why) or not understood. For a list, show this row by row.

    \b
    Example: teemagraafi coverage
             teemagraafi coverage toteutuskatsaus-2024-10 --format csv
    """
    from engine.lists.report import lists as lists_of
    from engine.report.coverage import headline, render, render_list
    from engine.store import StoreError, current, verify

    version = verify(current(store))
    reports = {p.stem: p for p in sorted(version.coverage.glob("*.json"))}
    lists = lists_of(version.rows)
    if document is not None and document not in (*reports, *lists):
        raise StoreError(f"no document {document!r} in {store}; it holds: {', '.join([*reports, *lists])}")
    if document in lists:
        click.echo(render_list(version.rows, document, fmt), nl=False)
        return
    chosen = [document] if document else list(reports)
    loaded = [json.loads(reports[name].read_text(encoding="utf-8")) for name in chosen]
    click.echo(render(loaded, fmt, details=document is not None), nl=False)
    if document is None and lists and fmt == "table":
        click.echo("\n".join(headline(version.rows, name) for name in lists), nl=False)


@click.command()
@click.option("--output", "-o", required=True, type=PATH, help="File or folder to write; - is standard output.")
@click.option(
    "--format",
    "fmt",
    type=click.Choice(EXPORTS),
    default="nquads",
    help="csvw, parquet: a folder of tables, one per class and one of all statements; virtuoso, qlever: a folder for their "
    "bulk loaders.",
)
@click.option("--with-contacts", is_flag=True, help="Include contact persons.")
@click.option(
    "--current",
    is_flag=True,
    help="The current view (default graph) alone: what an engine needs whose default graph is the union of all graphs.",
)
@store_option
def export(output: Path, fmt: str, with_contacts: bool, current: bool, store: Path) -> None:
    """Write the dataset to a file, or as tables to a folder.

    turtle and ntriples hold one graph only: the current view.

    \b
    Example: teemagraafi export --output teemat.nq
             teemagraafi export --output teemat.ttl --format turtle --current
             teemagraafi export --output tables --format csvw
             teemagraafi export --output for-virtuoso --format virtuoso
    """
    from engine.output.export import ENGINES, hand_over
    from engine.output.export import export as write
    from engine.store import open_store

    if fmt in ENGINES:
        if current:
            raise click.UsageError(f"{fmt} takes everything: the current view is a graph of its own in it")
        hand_over(open_store(store), output, fmt, with_contacts=with_contacts)
        return
    write(open_store(store), output, fmt, with_contacts, current)
