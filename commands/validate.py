"""The commands that check the graph: validate, conflicts."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.build import limits_options, store_option
from commands.terminal import FILE, READ_FILE, READ_FOLDER, format_option, give, lang_option
from loaders.data import require_file
from loaders.errors import UserError

if TYPE_CHECKING:
    from engine.report.findings import Finding
    from engine.validation import Checked, Engine
    from loaders.isolation import Limits

FORMATS = ("table", "ttl", "json", "junit", "html")
_SEVERITIES = {"violation": "Violation", "warning": "Warning", "info": "Info"}


class _DataRefused(UserError):
    exit_code = 3


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Shapes that cannot be used end with 2, data that cannot be read with 3."""
    from engine.validation import DataError, ShapesError

    try:
        yield
    except ShapesError as error:
        raise UserError(str(error)) from error
    except DataError as error:
        raise _DataRefused(str(error)) from error


def _fail_on(ctx: click.Context, parameter: click.Parameter, value: str) -> Callable[[str], bool]:
    """Whether a finding's severity makes the command fail; one of the shapes' own counts as a violation, or by its name."""
    names = {name.strip() for name in value.split(",") if name.strip()}
    known = {_SEVERITIES.get(name.lower(), name) for name in names}
    unknown = sorted(
        name for name in known - {*_SEVERITIES.values()} if name not in ("any", "none") and ":" not in name
    )
    if unknown:
        raise click.BadParameter(
            f"{unknown[0]!r} is not one of violation, warning, info, any, none, or a severity's IRI"
        )

    def fails(severity: str) -> bool:
        own = severity not in ("Warning", "Info", "Debug", "Trace")
        return "any" in known or severity in known or ("Violation" in known and own)

    return fails


_lang = lang_option("the report")
_output = click.option("--output", "-o", type=FILE, help="File to write to, else standard output.")


@click.command()
@click.argument("files", nargs=-1, type=READ_FILE)
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="Shapes file or directory to use instead of the built-in ones. Repeat for several.",
)
@format_option(*FORMATS)
@_lang
@click.option(
    "--fail-on",
    callback=_fail_on,
    default="violation",
    metavar="SEVERITIES",
    help="Exit with 1 for findings of these: violation (and severities of the shapes' own), warning, info, the IRI of "
    "a severity, separated by commas; any; or none.",
)
@click.option(
    "--engine",
    type=click.Choice(["sparql", "pyshacl"]),
    default="sparql",
    help="Compiled queries, and pySHACL for the shapes that no query can express; or pySHACL for all, slowly.",
)
@click.option(
    "--since",
    type=READ_FILE,
    metavar="REPORT",
    help="An earlier JSON report from this command; show only what is new since then.",
)
@click.option(
    "--documents",
    type=READ_FOLDER,
    help="Directory with the original documents; checks that each passage's words are on the stated lines.",
)
@click.option("--all", "every", is_flag=True, help="Show each note, not the first ten of a kind.")
@click.option("--with-contacts", is_flag=True, help="Show the names and addresses of contact persons.")
@click.option("--endpoint", metavar="URL", help="Check the default graph of this SPARQL endpoint, not the store's.")
@_output
@limits_options
@store_option
@click.pass_context
def validate(
    ctx: click.Context,
    /,
    files: tuple[Path, ...],
    shapes: tuple[Path, ...],
    fmt: str,
    fail_on: Callable[[str], bool],
    output: Path | None,
    limits: Limits,
    **options: Any,
) -> None:
    """Check the graph (or RDF FILEs of your own) against the shapes: what is wrong, in which document and line.

    \b
    Example: teemagraafi validate --lang en --fail-on violation,warning
             teemagraafi validate my-data.ttl
             teemagraafi validate --shapes my-shapes/ --format html -o report.html
             teemagraafi validate --endpoint http://localhost:8890/sparql
    """
    if options["endpoint"] and (files or options["documents"] or options["engine"] != "sparql"):
        raise click.UsageError("--endpoint goes with --shapes and the ways to report alone")
    report = partial(_report, fmt=fmt, files=files, shapes=list(shapes) or None, **options)
    if files or shapes:  # by strangers, who may write what takes for ever to check
        from loaders.isolation import Pool

        with Pool(replace(limits, megabytes=2 * limits.megabytes)) as pool:  # what is read, and what is made of it
            text, notes, counts, severities = pool.call(", ".join(map(str, (*files, *shapes))), report)
    else:
        text, notes, counts, severities = report()
    give(text, output)
    if fmt not in ("table", "html"):
        for line in notes:
            click.echo(line, err=True)
    if fmt != "table" or output:
        click.echo(counts, err=True)
    ctx.exit(1 if any(map(fail_on, severities)) else 0)


def _report(
    fmt: str,
    lang: str,
    every: bool,
    since: Path | None,
    files: tuple[Path, ...],
    shapes: list[Path] | None,
    engine: Engine,
    documents: Path | None,
    with_contacts: bool,
    endpoint: str | None,
    store: Path,
) -> tuple[str, tuple[str, ...], str, set[str]]:
    """The report, its notes, the counts in one line, and the severities there are among what is new."""
    from engine.report.formats import earlier, summary
    from engine.store import open_store
    from engine.validation import check, check_endpoint, check_files

    for path in (*files, *(shapes or ())):
        if not path.is_dir():
            require_file(path)
    before = earlier(since) if since else set()
    with _refusals():
        if endpoint:
            checked = check_endpoint(endpoint, shapes=shapes)
        elif files:
            checked = check_files(files, shapes=shapes, engine=engine, with_contacts=with_contacts)
        else:
            originals = sorted(path for path in documents.iterdir() if path.is_file()) if documents else ()
            checked = check(
                open_store(store), shapes=shapes, engine=engine, documents=originals, with_contacts=with_contacts
            )
    new = [finding for finding in checked.findings if not before or finding.key not in before]
    known = len(checked.findings) - len(new)
    text = _rendered(fmt, new, checked, lang, known, every)
    return text, checked.notes, summary(new, lang, known), {finding.severity for finding in new}


@click.command()
@click.option("--kind", help="Only conflicts of this kind, such as changed-over-time.")
@format_option("table", "json")
@_lang
@click.option("--fail", is_flag=True, help="Exit with 1 if there are any.")
@_output
@store_option
@click.pass_context
def conflicts(
    ctx: click.Context, kind: str | None, fmt: str, lang: str, fail: bool, output: Path | None, store: Path
) -> None:
    """List what documents disagree on: each thing with every value and the passages that state it.

    \b
    Example: teemagraafi conflicts --kind changed-over-time --lang en
             teemagraafi conflicts --format json
    """
    from dataclasses import asdict

    from engine.conflicts import conflicts as rows_of
    from engine.conflicts import of_conflicts
    from engine.report.formats import as_json, table
    from engine.store import open_store

    graph = open_store(store)
    rows = rows_of(graph, kind)
    give(as_json(map(asdict, rows)) if fmt == "json" else table(of_conflicts(rows, graph, lang)), output)
    ctx.exit(1 if fail and rows else 0)


def _rendered(fmt: str, findings: Sequence[Finding], checked: Checked, lang: str, known: int, every: bool) -> str:
    from engine.report import formats

    if fmt == "json":
        return formats.as_json(formats.record(finding, lang) for finding in findings)
    if fmt == "ttl":
        return formats.turtle(findings)
    titles, rules = checked.titles(lang), checked.rules(lang)
    made = formats.of_findings(findings, lang, titles, rules, known, checked.notes, every or fmt == "junit")
    return {"table": formats.table, "junit": formats.junit, "html": formats.html}[fmt](made)
