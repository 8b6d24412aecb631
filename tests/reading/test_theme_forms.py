"""The forms in which publishers present national themes: each page gives the themes, with their facts, written beside it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from bench import strangers
from loaders import choose, mentions
from loaders.document import pages
from loaders.errors import SourceError
from loaders.names import Registry
from loaders.records import Contact, Money, Theme
from tests.cases import each

HERE = Path(__file__).parent
FILES = ("theme_lists.toml", "theme_pages.toml", "theme_publishers.toml", "theme_seen.toml")


def read(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((HERE / name).read_text(encoding="utf-8"))["page"]
    return found


def facts(folder: Path, page: dict[str, Any]) -> set[str]:
    path = folder / ("page.html" if page.get("html") else "page.txt")
    path.write_text(page["text"].lstrip(), encoding="utf-8")
    document = pages.read(path)
    try:
        records = choose(document).parse(document).records
    except SourceError:
        return set()
    found = set()
    for one in records:
        if isinstance(one, Theme):
            name = one.name.value.text
            said = [Registry.load().ministry(role.value.name) for role in one.ministries]
            said += [strangers.key_of_body(body.value) for body in one.intermediate_bodies]
            said += [objective.value.notation for objective in one.objectives]
            said += [fund.value for fund in [one.fund] if fund]
            said += [f"part {part.value}" for part in one.sub_themes]
            said += [f"for {group.value}" for group in one.target_groups]
            found |= {name, *(f"{name}: {value}" for value in said)}
        elif isinstance(one, Money) and one.about.kind == "theme":
            found.add(f"{one.about.key}: {one.phase} {one.amount.normalize():f}")
        elif isinstance(one, Contact) and one.about.kind == "theme":
            found.add(f"{one.about.key}: contact {one.name}")
    return found


def expected(page: dict[str, Any]) -> set[str]:
    found = set()
    for row in page["themes"]:
        name, _, said = row.partition(": ")
        found |= {name.rstrip(":"), *(f"{name}: {value}" for value in said.split(", ") if value)}
    return found


@pytest.mark.parametrize("name", FILES)
def test_themes_of_a_form(name: str, tmp_path: Path) -> None:
    """A page marked ``unread`` is not read as it should be yet; one that is read is marked no more."""
    wrong = {page["form"]: facts(tmp_path, page) ^ expected(page) for page in read(name)}
    unread = {page["form"] for page in read(name) if page.get("unread")}
    assert {form for form, odd in wrong.items() if odd} == unread, wrong


@each(
    ("words", "ministries"),
    [tuple(row) for row in tomllib.loads((HERE / "theme_lists.toml").read_text(encoding="utf-8"))["ministries"]],
)
def test_ministries_in_words(words: str, ministries: str) -> None:
    found = {Registry.load().ministry(one.name) for one in mentions.ministries(words)}
    assert found == set(ministries.split())
