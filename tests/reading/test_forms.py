"""The forms in which publishers print their projects (forms.toml): each gives what it says, and nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bench import strangers
from loaders import choose
from loaders.document import pages
from loaders.errors import SourceError

FORMS = tomllib.loads(Path(__file__).with_name("forms.toml").read_text(encoding="utf-8"))["form"]
KINDS = ("project", "project code", "project start", "project end", "implementer", "role", "money")


def said(line: str) -> set[strangers.Fact]:
    """Give the facts of one project: ``Polku | S31234 | 2024–2026 | Oulun kaupunki (lead); LAB Oy | granted 9000``."""
    name, *parts = line.split(" | ")
    key = strangers.folded(name)
    facts = {("project", key, "")}
    for part in parts:
        if days := re.fullmatch(r"([\d-]*)–([\d-]*)", part):
            facts |= {
                (f"project {end}", key, day) for end, day in zip(("start", "end"), days.groups(), strict=True) if day
            }
        elif re.fullmatch(r"(?:cost|granted|applied) \d+", part):
            facts.add(("money", key, part))
        elif re.fullmatch(r"[A-Z]\d{5}", part):
            facts.add(("project code", key, part))
        else:
            for body in part.split("; "):
                words, _, role = body.removesuffix(")").partition(" (")
                own = strangers.key_of_body(words)
                facts.add(("implementer", key, own))
                facts |= {("role", f"{key} {own}", role)} if role else set()
    return facts


@pytest.mark.parametrize("form", FORMS, ids=[" ".join(form["text"].split()[:5]) for form in FORMS])
def test_a_form_says_its_projects_and_nothing_else(form: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(str(form["text"]), encoding="utf-8")
    document = pages.read(path)
    try:
        records = list(choose(document).parse(document).records)
    except SourceError:
        records = []
    read = {one for one in strangers.found(records) if one[0] in KINDS}
    lines = form["says"]
    assert isinstance(lines, list)
    wanted = set[strangers.Fact]().union(*map(said, lines))
    if form.get("unread"):
        assert read != wanted, "read by now: it is unread no more"
    else:
        assert (wanted - read, read - wanted) == (set(), set())
