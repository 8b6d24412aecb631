"""The commands that check the graph: validate, conflicts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.build import store_option

if TYPE_CHECKING:
    from engine.report.finding import Finding
    from engine.report.report import Report
    from engine.validation import Checked, Engine

FORMATS = ("table", "ttl", "json", "junit", "html")
_SEVERITIES = {"violation": "Violation", "warning": "Warning", "info": "Info"}


def _fail_on(ctx: click.Context, parameter: click.Parameter, value: str) -> frozenset[str]:
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    unknown = [name for name in names if name not in _SEVERITIES and name != "none"]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is not one of violation, warning, info, none")
    return frozenset(_SEVERITIES[name] for name in names if name != "none")


_lang = click.option(
    "--lang", type=click.Choice(["fi", "sv", "en"]), default="fi", show_default=True, help="Language of the report."
)
_output = click.option(
    "--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="File to write to, else standard output."
)
_since = click.option(
    "--since",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="REPORT",
    help="An earlier JSON report of this command: show only what it does not have.",
)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="Shapes file or directory, in the place of the shipped ones. May be given again.",
)
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="table", show_default=True)
@_lang
@click.option(
    "--fail-on",
    callback=_fail_on,
    default="violation",
    show_default=True,
    metavar="SEVERITIES",
    help="Exit with 1 for findings of these: violation, warning, info, separated by commas, or none.",
)
@click.option(
    "--engine",
    type=click.Choice(["sparql", "pyshacl"]),
    default="sparql",
    show_default=True,
    help="Compiled queries, or pySHACL: the same findings, slowly.",
)
@_since
@click.option(
    "--documents",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Directory with the originals: the words of every passage are looked up at their lines.",
)
@click.option(
    "--no-passages", is_flag=True, help="Check the current view only, not what single passages state besides it."
)
@click.option("--with-contacts", is_flag=True, help="Show the names and addresses of contact persons.")
@click.option("--endpoint", metavar="URL", help="Check the default graph of this SPARQL endpoint, not the store's.")
@_output
@store_option
@click.pass_context
def validate(
    ctx: click.Context,
    files: tuple[Path, ...],
    shapes: tuple[Path, ...],
    fmt: str,
    lang: str,
    fail_on: frozenset[str],
    engine: Engine,
    since: Path | None,
    documents: Path | None,
    no_passages: bool,
    with_contacts: bool,
    endpoint: str | None,
    output: Path | None,
    store: Path,
) -> None:
    """Check the graph (or RDF FILEs of your own) against the shapes: what is wrong, in which document and line.

    \b
    Example: teemagraafi validate --lang en --fail-on violation,warning
             teemagraafi validate my-data.ttl
             teemagraafi validate --shapes my-shapes/ --format html -o report.html
             teemagraafi validate --endpoint http://localhost:8890/sparql
    """
    from engine.report.as_json import earlier
    from engine.report.finding import KEY
    from engine.report.report import summary
    from engine.store import open_store
    from engine.validation import check, check_endpoint, check_files

    chosen: list[Path] | None = list(shapes) or None

    def note(text: str) -> None:
        click.echo(text, err=True)

    before = earlier(since, KEY) if since else set()
    if endpoint:
        if files or documents or engine != "sparql":
            raise click.UsageError("--endpoint goes with --shapes and the ways to report alone")
        checked = check_endpoint(endpoint, shapes=chosen, notify=note)
    elif files:
        checked = check_files(files, shapes=chosen, engine=engine, with_contacts=with_contacts, notify=note)
    else:
        checked = check(
            open_store(store),
            shapes=chosen,
            engine=engine,
            extractions=not no_passages,
            documents=sorted(path for path in documents.iterdir() if path.is_file()) if documents else (),
            with_contacts=with_contacts,
            notify=note,
        )
    new = [finding for finding in checked.findings if finding.key not in before]
    known = len(checked.findings) - len(new)
    _write(_rendered(fmt, new, checked, lang, known), output)
    if fmt != "table" or output:
        click.echo(summary(new, lang, known), err=True)
    ctx.exit(1 if any(finding.severity in fail_on for finding in new) else 0)


@click.command()
@click.option("--kind", help="Only conflicts of this kind, such as changed-over-time.")
@click.option("--about", metavar="WORDS", help="Only conflicts of a thing whose name or code holds these words.")
@click.option("--document", metavar="ID", help="Only conflicts that a passage of this document is part of.")
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="table", show_default=True)
@_lang
@click.option("--fail", is_flag=True, help="Exit with 1 if there are any.")
@_since
@_output
@store_option
@click.pass_context
def conflicts(
    ctx: click.Context,
    kind: str | None,
    about: str | None,
    document: str | None,
    fmt: str,
    lang: str,
    fail: bool,
    since: Path | None,
    output: Path | None,
    store: Path,
) -> None:
    """List what documents disagree on: each thing with every value and the passages that state it.

    \b
    Example: teemagraafi conflicts --kind changed-over-time --lang en
             teemagraafi conflicts --document toteutuskatsaus-2024-10 --format json
    """
    from dataclasses import asdict

    from engine.conflicts import conflicts as listed
    from engine.report.as_json import as_json, earlier, key
    from engine.report.conflict import FIELDS, of_conflicts, selected, turtle
    from engine.store import open_store

    graph = open_store(store)
    before = earlier(since, FIELDS) if since else set()
    found = selected(listed(graph, kind), about, document)
    new = [row for row in found if key(asdict(row), FIELDS) not in before]
    if fmt == "json":
        text = as_json(asdict(row) for row in new)
    elif fmt == "ttl":
        text = turtle(graph, new)
    else:
        text = _shown(fmt, of_conflicts(new, graph, lang, len(found) - len(new)))
    _write(text, output)
    ctx.exit(1 if fail and new else 0)


def _rendered(fmt: str, findings: Sequence[Finding], checked: Checked, lang: str, known: int) -> str:
    from engine.report import as_json, turtle
    from engine.report.report import of_findings

    if fmt == "json":
        return as_json.as_json(as_json.record(finding, lang) for finding in findings)
    if fmt == "ttl":
        return turtle.turtle(findings)
    return _shown(fmt, of_findings(findings, lang, checked.titles(lang), checked.rules(lang), known))


def _shown(fmt: str, report: Report) -> str:
    if fmt == "junit":
        from engine.report.junit import junit

        return junit(report)
    if fmt == "html":
        from engine.report.html import html

        return html(report)
    from engine.report.table import table

    return table(report)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"{output}: cannot be written: {error.strerror or error}") from error
