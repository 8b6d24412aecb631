"""The commands that ask: query, queries, search, describe."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.build import no_store_option, store_option
from commands.terminal import FILE, format_option, give, interruptible, lang_option, open_output
from engine.words import LANGUAGES, count_noun
from loaders.data import read_text

if TYPE_CHECKING:
    from engine.query.library import StoredQuery
    from engine.query.result import Result

_FORMATS = ("table", "csv", "tsv", "json", "md", "html", "xlsx", "parquet", "ttl", "nt", "jsonld")
"""As engine.output.formats.FORMATS: written out here so that --help imports nothing."""


_LARGEST = 16 * 2**20
"""Bytes of a query."""


def _help(ctx: click.Context, wants_help: bool, name: str | None) -> None:
    """Show the command's help, or a stored query's own."""
    if not wants_help and name is not None:
        return
    if name is None:
        click.echo(ctx.get_help(), color=ctx.color)
        ctx.exit(0 if wants_help else 2)
    from engine.query.library import query_help

    click.echo(query_help(_named(name)))
    ctx.exit()


def _named(name: str) -> StoredQuery:
    """A query by stored name, by file, or from standard input."""
    from engine.query.library import find, read_own

    if name == "-":
        given = sys.stdin.buffer.read(_LARGEST + 1)
        if len(given) > _LARGEST:
            raise click.UsageError(f"standard input has more than {_LARGEST // 2**20} MB, too much for a query")
        return read_own(given.decode("utf-8-sig", "replace"), "standard input")
    path = Path(name)
    if path.suffix in (".rq", ".sparql") or os.path.isfile(name):  # unlike Path's, for names too long for a file too
        if not os.path.exists(name):
            raise click.BadParameter(f"{name}: cannot be read: there is no such file")
        return read_own(read_text(path, _LARGEST), path.stem, path)
    return find(name)


def _parameters(pairs: tuple[str, ...]) -> dict[str, object]:
    """``name=value`` pairs; a name given again means any of its values."""
    values_of: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{pair!r} is not name=value", param_hint="-p")
        values_of.setdefault(name.strip(), []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in values_of.items()}


@click.command(add_help_option=False)
@click.argument("name", required=False)
@click.option(
    "-p", "parameters", multiple=True, metavar="NAME=VALUE", help="A parameter; repeat it for any of several."
)
@click.option(
    "--format", "fmt", type=click.Choice(_FORMATS), help="Output format (default: table, or Turtle for triples)."
)
@click.option(
    "--safe-csv", is_flag=True, help="CSV for spreadsheets: put ' before texts that begin with = + - @ or a tab."
)
@click.option("--output", "-o", type=FILE, help="Output file; its extension sets the format.")
@click.option("--chart", type=FILE, help="Draw a chart of the answer to FILE (SVG).")
@click.option(
    "--lang", type=click.Choice(LANGUAGES), help="Language of names, where there are any in it (by default fi)."
)
@click.option("--provenance", is_flag=True, help="For each row, add the passages it is based on.")
@click.option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint instead of the store.")
@click.option(
    "--allow-service",
    "services",
    multiple=True,
    metavar="URL[=OTHER]",
    help="Allow the query to call this endpoint with SERVICE, or OTHER instead of it. Repeat the option for several endpoints.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    metavar="S",
    help="Stop a query that takes more seconds than these.",
)
@store_option
@click.option(
    "--help", "wants_help", is_flag=True, help="Show this message, or the parameters and columns of the query NAME."
)
@click.pass_context
def query(
    ctx: click.Context,
    name: str | None,
    parameters: tuple[str, ...],
    fmt: str | None,
    safe_csv: bool,
    output: Path | None,
    chart: Path | None,
    lang: str | None,
    provenance: bool,
    endpoint: str | None,
    services: tuple[str, ...],
    timeout: float,
    store: Path,
    wants_help: bool,
) -> None:
    """Answer a stored query, a SPARQL file, or standard input (-).

    \b
    Example: teemagraafi query themes-by-ely-centre -p ely="Hämeen ELY"
             teemagraafi query money-by-theme -p at=2022-06-30 --output money.xlsx
             teemagraafi query money-by-theme --provenance --chart money.svg
             teemagraafi query own.rq --format csv --timeout 10
             teemagraafi query cordis-projects --allow-service https://cordis.europa.eu/datalab/sparql
    """
    _help(ctx, wants_help, name)
    if chart is not None and chart.suffix != ".svg":
        raise click.BadParameter(f"{chart} is no .svg file: charts are drawn as SVG", param_hint="--chart")
    from engine.query.federation import addresses
    from engine.query.run import answer, backend, with_provenance

    stored = _named(name or "-")
    stored = stored.in_language(lang) if lang else stored
    given = _parameters(parameters)
    with interruptible(), backend(store, timeout, endpoint, addresses(services)) as engine:
        result = answer(engine, stored, **given)
        if provenance:
            result = with_provenance(engine, result)
        for note in result.notes:
            click.echo(f"note: {note}", err=True)
        if chart is not None:
            from engine.output.charts import picture

            give(picture(result).svg, chart)
        if chart is None or fmt or output or safe_csv:
            _give(result, fmt or ("csv" if safe_csv and output is None else None), output, safe_csv)


def _give(result: Result, fmt: str | None, output: Path | None, safe: bool) -> None:
    from engine.output import formats

    name = fmt or (output and _by_ending(output)) or formats.default(result)
    if output is not None and str(output) != "-":
        with open_output(output) as out:
            formats.write(result, name, out, safe)
        # what was written as the engine gave it was not counted
        click.echo(f"{'the answer' if result.untouched else _counted(result)} written to {output}", err=True)
        return
    terminal = sys.stdout.isatty()
    if name in formats.BINARY and terminal:
        raise click.UsageError(f"{name} is no text: give --output FILE.{name}")
    if name == "table" and terminal:
        _show(result)
        return
    out = sys.stdout.buffer
    formats.write(result, name, out, safe)
    out.flush()


def _counted(result: Result) -> str:
    return count_noun(len(result), "triple" if result.form == "triples" else "row")


def _by_ending(output: Path) -> str | None:
    ending = output.suffix.removeprefix(".").lower()
    if ending in _FORMATS:
        return ending
    if ending in ("", "txt"):
        return None
    raise click.BadParameter(
        f"no form ends in .{ending}: name one with --format ({', '.join(_FORMATS)})", param_hint="--output"
    )


def _show(result: Result) -> None:
    """A table on a terminal: fitted, coloured unless the user wants none, paged where it is longer than the screen."""
    import shutil

    from engine.query.result import table

    size = shutil.get_terminal_size()
    text = table(result, width=size.columns, colour=not os.environ.get("NO_COLOR"))
    rows = _counted(result)
    if text.count("\n") >= size.lines:
        click.echo_via_pager(f"{text}{rows}\n")
    else:
        click.echo(text, nl=False)
        click.echo(rows, err=True)


@click.command()
@click.option("--tag", help="Only queries with this tag.")
@lang_option("the summaries")
@format_option("table", "md", "ttl")
@no_store_option
def queries(tag: str | None, lang: str, fmt: str) -> None:
    """List the stored queries, one line each, or all of them as a page or RDF.

    \b
    Example: teemagraafi queries
             teemagraafi queries --tag money --lang fi
             teemagraafi queries --format md > queries.md
    """
    from engine.query.library import catalogue, markdown, turtle
    from loaders.errors import QueryUsageError, did_you_mean

    every = catalogue()
    tags = sorted({t for q in every for t in q.tags})
    if tag is not None and tag not in tags:
        raise QueryUsageError(f"no query has the tag {tag!r}{did_you_mean(tag, tags)} (tags: {', '.join(tags)})")
    chosen = [q for q in every if tag is None or tag in q.tags]
    width = max(len(q.name) for q in chosen)
    if fmt != "table":
        click.echo(turtle(chosen) if fmt == "ttl" else markdown(chosen, lang), nl=False)
        return
    for stored in chosen:
        needs = f" [needs {', '.join(stored.sources)}]" if stored.sources else ""
        click.echo(f"{stored.name:{width}}  {stored.title(lang)}{needs}")


@click.command()
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--kind", "kinds", multiple=True, help="Only things of this kind: theme, project, organisation, passage …"
)
@click.option("--limit", type=click.IntRange(1), default=20, help="Maximum number of hits to show.")
@format_option("table", "csv", "json")
@store_option
def search(words: tuple[str, ...], kinds: tuple[str, ...], limit: int, fmt: str, store: Path) -> None:
    """Find themes, projects, organisations and passages by words, in any inflected form.

    \b
    Example: teemagraafi search maahanmuuttajien työllisyys
             teemagraafi search Hame ELY --kind organisation
    """
    from engine.search import format_hits, index_of, search

    hits = search(index_of(store), " ".join(words), limit=limit, kinds=kinds)
    click.echo(format_hits(hits, fmt), nl=False)
    if not hits:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("name")
@format_option("table", "json")
@click.option("--with-contacts", is_flag=True, help="Include contact persons.")
@store_option
def describe(name: str, fmt: str, with_contacts: bool, store: Path) -> None:
    """Show everything the documents say about one thing, found by NAME, code or IRI. Each fact comes with its document,
    page and line.

    \b
    Example: teemagraafi describe "Vaikeasti työllistyvien tukeminen"
             teemagraafi describe R-01402
    """
    from dataclasses import asdict

    from engine.conflicts import conflicts
    from engine.describe import describe as describe_thing
    from engine.describe import find
    from engine.store import open_store
    from engine.words import render

    graph = open_store(store)
    things = find(graph, name)
    description = describe_thing(graph, things[0], with_contacts)
    about = [row for row in conflicts(graph) if row.about == things[0].iri]
    if fmt == "json":
        every = {**asdict(description), "conflicts": [asdict(row) for row in about]}
        click.echo(json.dumps(every, ensure_ascii=False, indent=1))
        return
    click.echo(render("describe.txt", "en", it=description, conflicts=about), nl=False)
    if len(things) > 1:
        click.echo("Also so called: " + ", ".join(thing.iri for thing in things[1:]), err=True)
