"""``teemagraafi correct``: reject what a reader got wrong, add what it missed, list and check what was corrected."""

import datetime as dt
import getpass
import re
from pathlib import Path

import click

from commands.build import corrections_option, store_option

_AT = re.compile(r"(?P<document>.+):(?P<lines>\d+(?:-\d+)?)")
_who = click.option("--who", default=getpass.getuser, show_default="you", help="Name of the person who decides.")
_why = click.option("--why", required=True, help="Why, in a few words.")


@click.group()
def correct() -> None:
    """Correct what was read: a person has the last word.

    Corrections are rows of a file (--corrections) and are applied in every build. A rejected statement leaves the graph and
    stays visible as corrected; an added one cites the lines that say it.

    \b
    Example: teemagraafi correct reject https://w3id.org/teemagraafi/id/project/S30001 status ended --why "still runs"
             teemagraafi correct check
    """


@correct.command()
@click.argument("iri")
@click.argument("prop", metavar="PROPERTY")
@click.argument("value")
@_why
@_who
@corrections_option
@store_option
def reject(iri: str, prop: str, value: str, why: str, who: str, corrections: Path, store: Path) -> None:
    """Reject a statement: VALUE is not the PROPERTY of the thing with that IRI, whatever document says so.

    \b
    Example: teemagraafi correct reject https://w3id.org/teemagraafi/id/theme/x label "Haku" --why "a heading"
    """
    from engine.corrections import append, rejections
    from engine.store import open_store

    rows = rejections(open_store(store), iri, prop, value, who=who, date=_today(), why=why)
    append(corrections, rows)
    for row in rows:
        click.echo(f"rejected in {row.document}, lines {row.lines}")
    click.echo(f"written to {corrections}; build again to apply it", err=True)


@correct.command()
@click.argument("iri")
@click.argument("prop", metavar="PROPERTY")
@click.argument("value")
@click.option("--at", required=True, help="DOCUMENT:LINES that say it, as in katsaus-2024:12-14.")
@click.option("--words", help="The words there that say it (the VALUE itself).")
@_why
@_who
@corrections_option
@store_option
def add(
    iri: str, prop: str, value: str, at: str, words: str | None, why: str, who: str, corrections: Path, store: Path
) -> None:
    """Add a statement: VALUE is the PROPERTY of the thing with that IRI, as lines of a document say.

    \b
    Example: teemagraafi correct add https://w3id.org/teemagraafi/id/project/S30001 acronym SAARI --at katsaus:12 --why missed
    """
    from engine.corrections import addition, append, check
    from engine.store import current, open_store

    match = _AT.fullmatch(at)
    if match is None:
        raise click.UsageError(f"--at takes DOCUMENT:LINES, as in katsaus-2024:12-14, not {at!r}")
    row = addition(
        open_store(store), iri, prop, value, match["document"], match["lines"], words or value, (who, _today(), why)
    )
    for problem in check(current(store), [row]).problems:
        raise click.UsageError(problem.message)
    append(corrections, [row])
    click.echo(f"written to {corrections}; build again to apply it", err=True)


@correct.command("check")
@corrections_option
@store_option
@click.pass_context
def check_(ctx: click.Context, corrections: Path, store: Path) -> None:
    """Check the corrections against the documents of the store; exit code 1 if any cannot be applied.

    \b
    Example: teemagraafi correct check --store own.store
    """
    from engine.corrections import check, read
    from engine.store import current

    outcome = check(current(store), read(corrections))
    for problem in outcome.problems:
        click.echo(f"{corrections}:{problem.line}: {problem.message}")
    click.echo(f"{len(outcome.applied)} can be applied, {len(outcome.problems)} cannot", err=True)
    ctx.exit(1 if outcome.problems else 0)


def _today() -> str:
    return dt.date.today().isoformat()
