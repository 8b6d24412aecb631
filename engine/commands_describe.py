"""The command that tells all about one thing."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commands_build import store_option

if TYPE_CHECKING:
    from engine.conflicts import ConflictRow
    from engine.describe import Description


@click.command()
@click.argument("name")
@click.option("--format", "fmt", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--with-contacts", is_flag=True, help="Include contact persons.")
@store_option
def describe(name: str, fmt: str, with_contacts: bool, store: Path) -> None:
    """Tell all that documents say of one thing, by its NAME, code or IRI: each fact with document, page and line.

    \b
    Example: teemagraafi describe "Vaikeasti työllistyvien tukeminen"
             teemagraafi describe R-01402
    """
    from engine.conflicts import conflicts
    from engine.describe import describe as tell
    from engine.lookup import find
    from engine.store import open_store

    graph = open_store(store)
    found = find(graph, name)
    description = tell(graph, found[0], with_contacts)
    about = [row for row in conflicts(graph) if row.about == found[0].iri]
    if fmt == "json":
        click.echo(
            json.dumps({**asdict(description), "conflicts": [asdict(r) for r in about]}, ensure_ascii=False, indent=1)
        )
        return
    _print(description, about)
    if len(found) > 1:
        click.echo("Also so called: " + ", ".join(f.iri for f in found[1:]), err=True)


def _print(description: Description, about: list[ConflictRow]) -> None:
    click.secho(description.label, bold=True)
    click.echo(f"{', '.join(description.types)}  {description.iri}")
    subject = description.iri
    for fact in description.facts:
        if fact.subject != subject:
            subject = fact.subject
            click.secho(f"\n{subject.rsplit('/id/', 1)[-1]}", bold=True)
        click.echo(f"  {fact.property}: {fact.value}")
        for place in dict.fromkeys(str(place) for place in fact.places):
            click.secho(f"      {place}", dim=True)
    for name, labels in description.referrers.items():
        click.secho(f"\n{name} of", bold=True)
        for label in labels:
            click.echo(f"  {label}")
    if about:
        click.secho("\nDocuments disagree", bold=True)
    for row in about:
        click.echo(f"  {row.kind}: {row.property}")
        for alternative in row.alternatives:
            places = "; ".join(f"{p.document}:{p.lineStart}" for p in alternative.passages)
            click.echo(f"    {alternative.value}  ({places})")
