"""The command that tells all about one thing."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

import click

from commands.build import store_option
from commands.terminal import format_option

if TYPE_CHECKING:
    from engine.conflicts import ConflictRow
    from engine.describe import Description, Fact

_WORDS = 100
_PLAIN = ("type", "about", "inTheme")
"""What the heading of an observation, call or part says already."""
_REPLACED = " (replaced by a newer or more precise statement)"


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
    from engine.conflicts import conflicts
    from engine.describe import describe as tell
    from engine.describe import find
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
    _print_identity(description)
    if len(found) > 1:
        click.echo("Also so called: " + ", ".join(f.iri for f in found[1:]), err=True)


def _print(description: Description, about: list[ConflictRow]) -> None:
    click.secho(description.label, bold=True)
    click.echo(f"{', '.join(description.types)}  {description.iri}")
    for subject, facts in groupby(description.facts, key=lambda fact: fact.subject):
        if subject == description.iri:
            own = list(facts)
            # of a thing that documents only name, the places are all there is to tell
            for fact in [fact for fact in own if fact.property != "type"] or own:
                _print_facts([fact])
        else:
            click.secho(f"\n{subject.rsplit('/id/', 1)[-1]}", bold=True)
            parts = [fact for fact in facts if fact.property not in _PLAIN]
            for _, together in groupby(sorted(parts, key=_places), key=_places):
                _print_facts(list(together))
    _print_besides(description)
    if about:
        click.secho("\nDocuments disagree", bold=True)
    for row in about:
        click.echo(f"  {row.kind}: {row.property}")
        for alternative in row.alternatives:
            places = "; ".join(f"{p.document}:{p.lineStart}" for p in alternative.passages)
            click.echo(f"    {alternative.value}  ({places})")


def _places(fact: Fact) -> list[tuple[str, int, int, str]]:
    return [place.order for place in fact.places]


def _print_facts(facts: list[Fact]) -> None:
    """Facts that the same places state: in one line, and the places once."""
    parts = [f"{fact.property}: {fact.value}{'' if fact.current else _REPLACED}" for fact in facts]
    click.echo(f"  {' · '.join(parts)}")
    for place in facts[0].places:
        click.secho(f"      {place}: ”{shorten(place.words, _WORDS, placeholder=' …')}”", dim=True)


def _print_besides(description: Description) -> None:
    if description.corrections:
        click.secho("\nCorrected", bold=True)
    for one in description.corrections:
        subject = "" if one.subject == description.iri else f"{one.subject.rsplit('/id/', 1)[-1]} "
        click.echo(f"  {one.verdict}: {subject}{one.property}: {one.value}")
        lines = f"line {one.first}" if one.first == one.last else f"lines {one.first}-{one.last}"
        click.secho(f"      {one.document}, {lines}: {one.why} ({one.who}, {one.date})", dim=True)
    if description.states:
        click.secho("\nSpeaks of", bold=True)
        click.echo("  " + ", ".join(f"{number} {kind}" for kind, number in description.states.items()))
    if description.known:
        click.secho("\nKnown besides (registry, code lists, derived; link sets where named)", bold=True)
    for name, values in groupby(description.known, key=lambda known: known.property):
        parts = [" ".join([k.value, *(f"[{links}]" for links in k.links)]) for k in values]
        click.echo(f"  {name}: {' · '.join(parts)}")
    for name, labels in description.referrers.items():
        click.secho(f"\n{name} of", bold=True)
        for label in labels:
            click.echo(f"  {label}")


def _print_identity(same: Description) -> None:
    """Why the spellings are one organisation, and what it is in other registers."""
    if len(same.spellings) > 1:
        click.secho("\nOne organisation, written as", bold=True)
        for spelling in same.spellings:
            click.echo(f"  {spelling.name}")
            click.secho(f"      {spelling.kind}: {spelling.evidence}", dim=True)
    if same.links:
        click.secho("\nLinks", bold=True)
    for link in same.links:
        click.echo(f"  {'' if link.accepted else 'not '}{link.property} {link.value}")
        parts = [link.set, link.justification, link.evidence, link.reviewer, link.date]
        click.secho(f"      {' · '.join(filter(None, parts))}", dim=True)
