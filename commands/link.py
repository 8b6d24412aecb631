"""``teemagraafi link``: propose, accept, reject and check links to other datasets."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from commands.build import no_store_option, store_option
from commands.terminal import PATH, READ_FILE, READ_FOLDER, give
from loaders.data import folder

_FOLDER = click.option(
    "--links",
    "folder",
    type=READ_FOLDER,
    default=folder("links"),
    show_default="the shipped sets",
    help="Directory of the link sets.",
)
_REFERENCE = click.option("--reference", type=READ_FOLDER, required=True, help="Directory of the reference tables.")


def _isolated(name: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """The result of a function that reads what a person wrote, in a process of limits."""
    from loaders.isolation import Pool

    with Pool() as pool:
        return pool.call(name, function, *arguments)


@click.group()
def link() -> None:
    """Propose, accept, reject and check links to other datasets.

    \b
    Example: teemagraafi link propose --reference reference/
             teemagraafi link accept candidates.tsv --reviewer "A. Reader"
    """


@link.command()
@_REFERENCE
@_FOLDER
@click.option("--output", type=PATH, default=Path("candidates.tsv"), help="Candidates.")
@click.option("--unlinked", type=PATH, help="Also list what is not linked and what would link it.")
@click.option("--dry-run", is_flag=True, help="Leave the sets as they are; only write the candidates.")
@store_option
def propose(reference: Path, folder: Path, output: Path, unlinked: Path | None, dry_run: bool, store: Path) -> None:
    """Match our organisations and areas against reference tables.

    Links that meet the decision rule are accepted. The rest go into a table for a person to decide, with at most three
    candidates each and the reasons. Earlier decisions are kept. Organisations in the store are proposed in addition to the
    known ones.

    \b
    Example: teemagraafi link propose --reference reference/ --output candidates.tsv
    """
    from links.propose import candidates_text, unlinked_text
    from links.propose import propose as run
    from links.reference import Reference
    from links.rule import subjects
    from links.sets import read_sets
    from loaders.names import Registry

    _isolated(str(folder), read_sets, folder)
    ours = subjects(Registry.load(), _of_store(store))
    outcome = run(Reference(reference), folder, ours, dt.date.today().isoformat())
    if not dry_run:
        outcome.write(folder)
    give(candidates_text(outcome.candidates), output)
    if unlinked:
        give(unlinked_text(outcome.unlinked), unlinked)
    for links in outcome.sets:
        click.echo(f"{links.name}: {links.metadata.get('other', '').replace('|', ', ').replace('=', ' ')}", err=True)
    click.echo(
        f"{len(outcome.candidates)} candidates in {output}: mark them accept or reject, then link accept, link reject",
        err=True,
    )


def _of_store(store: Path) -> list[tuple[str, str]]:
    """Keys and names of the organisations a store holds; none if there is no store."""
    from engine.store import StoreError, open_store, select
    from loaders.rdf.terms import ID

    try:
        opened = open_store(store)
    except StoreError:
        return []
    rows = select(opened, "SELECT ?o ?name { ?o a tg:Organisation ; rdfs:label ?name }")
    return [(row["o"].value.removeprefix(f"{ID}organisation/"), row["name"].value) for row in rows]


def _deciding(word: str, help_text: str) -> Callable[..., None]:
    """The commands that take decisions differ in one word."""

    @click.argument("table", type=READ_FILE)
    @click.option("--reviewer", required=True, help="Name of the person who decides.")
    @click.option("--date", help="Date of the decision [default: today].")
    @click.option("--overturn", is_flag=True, help="Allow changing what a person has decided before.")
    @_FOLDER
    @no_store_option
    def command(table: Path, reviewer: str, date: str | None, overturn: bool, folder: Path) -> None:
        from links.decide import decide, read_decisions

        decisions, others = _isolated(table.name, read_decisions, table, word)
        changed = decide(folder, decisions, reviewer, date or dt.date.today().isoformat(), overturn)
        names = ", ".join(links.name for links in changed) or "no set"
        click.echo(f"{len(decisions)} pairs {word}ed in {names}", err=True)
        if others:
            click.echo(f"{others} rows are marked otherwise and were left", err=True)

    command.__doc__ = help_text
    return command


accept = link.command("accept")(
    _deciding(
        "accept",
        """Accept the rows of TABLE that are marked accept.

    The table is that of link propose, edited by hand or in a spreadsheet. All rows are applied or none.

    \b
    Example: teemagraafi link accept candidates.tsv --reviewer "A. Reader"
    """,
    )
)
reject = link.command("reject")(
    _deciding(
        "reject",
        """Reject the rows of TABLE that are marked reject; a rejected pair is kept and never proposed again.

    \b
    Example: teemagraafi link reject candidates.tsv --reviewer "A. Reader"
    """,
    )
)


@link.command()
@_REFERENCE
@_FOLDER
@no_store_option
@click.pass_context
def check(ctx: click.Context, reference: Path, folder: Path) -> None:
    """Compare accepted links with newer reference tables. Lists entries that have vanished, been renamed or become
    inactive; exits with 1 if there are any.

    \b
    Example: teemagraafi link check --reference reference-2027/
    """
    from links.propose import check as run
    from links.reference import Reference
    from links.sets import read_sets
    from links.sssom import PREFIXES, compact

    _isolated(str(folder), read_sets, folder)
    findings = run(Reference(reference), folder)
    for one in findings:
        ends = f"{compact(one.subject, PREFIXES)}\t{compact(one.object, PREFIXES)}"
        click.echo(f"{one.set}\t{one.kind}\t{ends}\t{one.message}")
    ctx.exit(1 if findings else 0)
