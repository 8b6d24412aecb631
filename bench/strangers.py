"""How much of invented pages of other publishers the reader finds: ``python -m bench.strangers [--show]``.

``tests/strangers/`` holds pages in the forms that councils, universities, towns and ministries publish, in Finnish, Swedish and
English, each with the facts that a person wrote down before it was read. Persons, projects and sums are invented.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from loaders import choose
from loaders.document import pages
from loaders.errors import SourceError
from loaders.names import Registry
from loaders.records import Call, Contact, Count, Money, Participation, Project, Reading, Record, Theme

FOLDER = Path(__file__).parent.parent / "tests" / "strangers"
Fact = tuple[str, str, str]
"""What kind of fact, of what, and its value."""
_PHASES = {
    "costEstimate": "cost",
    "planned": "cost",
    "granted": "granted",
    "applied": "applied",
    "requested": "applied",
    "framework": "budget",
    "callBudget": "budget",
}


def wanted(gold: dict[str, Any]) -> Iterator[Fact]:
    """Give the facts that a person wrote down for a page."""
    for theme in gold["themes"]:
        name = folded(theme["name"])
        yield "theme", name, ""
        yield from (("theme ministry", name, key_of_body(one)) for one in _values(theme, "ministries", "lead_ministry"))
        yield from (("theme body", name, key_of_body(one)) for one in _values(theme, "intermediate_body"))
        yield from (
            ("theme " + key, name, one) for key in ("fund", "specific_objective") for one in _values(theme, key)
        )
        yield from (("money", name, f"budget {one}") for one in _values(theme, "budget_eur"))
    for project in gold["projects"]:
        name = folded(project["name"])
        yield "project", name, ""
        yield from (("project " + key, name, one) for key in ("code", "start", "end") for one in _values(project, key))
        for key in ("cost", "granted", "applied"):
            yield from (("money", name, f"{key} {one}") for one in _values(project, f"{key}_eur"))
        for one in project.get("implementers", ()):
            yield "implementer", name, key_of_body(one["name"])
            if "role" in one:
                yield "role", f"{name} {key_of_body(one['name'])}", one["role"]
    for call in gold["calls"]:
        name = f"{call.get('opens', '')}–{call.get('closes', '')}"
        yield "call", name, ""
        yield from (("call place", name, folded(one)) for one in _values(call, "places"))
        yield from (("money", name, f"budget {one}") for one in _values(call, "budget_eur"))
        if "theme" not in call:  # of a theme's call the theme says who funds it
            yield from (("call authority", name, key_of_body(one)) for one in _values(call, "authority"))
    for contact in gold["contacts"]:
        yield "contact", folded(contact["name"]), ""
        yield from (("e-mail", folded(contact["name"]), one) for one in _values(contact, "email"))
        yield from (("telephone", folded(contact["name"]), re.sub(r"\D", "", one)) for one in _values(contact, "phone"))


def found(records: list[Record]) -> Iterator[Fact]:
    """Give the facts of a reading in the form of :func:`wanted`."""
    names = {one.key: folded(one.name.value.text) for one in records if isinstance(one, Project)}
    times = {
        one.key: f"{one.opens.value if one.opens else ''}–{one.closes.value if one.closes else ''}"
        for one in records
        if isinstance(one, Call)
    }
    own = {one.key for one in records if isinstance(one, Call) and one.theme is None}
    for one in records:
        if isinstance(one, Theme):
            name = folded(one.name.value.text)
            yield "theme", name, ""
            yield from (("theme ministry", name, key_of_body(role.value.name)) for role in one.ministries)
            yield from (("theme body", name, key_of_body(body.value)) for body in one.intermediate_bodies)
            yield from (("theme specific_objective", name, ob.value.notation) for ob in one.objectives)
            yield from (("theme fund", name, fund.value) for fund in [one.fund] if fund)
        elif isinstance(one, Project):
            name = names[one.key]
            yield "project", name, ""
            parts = (("code", one.project_code), ("start", one.start), ("end", one.end))
            yield from (("project " + key, name, part.value) for key, part in parts if part)
        elif isinstance(one, Participation):
            name, body = names[one.project], key_of_body(one.organisation.value)
            yield "implementer", name, body
            yield from (("role", f"{name} {body}", role.value) for role in [one.role] if role)
        elif isinstance(one, Call):
            yield "call", times[one.key], ""
            yield from (("call place", times[one.key], folded(place.value)) for place in one.places)
            if one.key in own:
                yield from (("call authority", times[one.key], key_of_body(a.value)) for a in one.authorities)
        elif isinstance(one, Money) and one.phase in _PHASES:
            known = times if one.about.kind == "call" else names
            about = known.get(one.about.key) or folded(one.about.key)
            yield "money", about, f"{_PHASES[one.phase]} {one.amount.normalize():f}"
        elif isinstance(one, Contact):
            yield "contact", folded(one.name), ""
            yield from (("e-mail", folded(one.name), mail) for mail in one.emails)
            yield from (("telephone", folded(one.name), re.sub(r"\D", "", number)) for number in one.telephones)


def counts(records: list[Record]) -> set[str]:
    """Give the numbers that a reading counts."""
    return {f"{one.value.normalize():f}" for one in records if isinstance(one, Count)}


def readings() -> dict[str, Reading | None]:
    """Read every page; None for one that is refused."""
    found: dict[str, Reading | None] = {}
    for path in sorted(FOLDER.glob("*.json")):
        page = path.with_suffix(".txt")
        document = pages.read(page if page.exists() else path.with_suffix(".html"))
        try:
            found[path.stem] = choose(document).parse(document)
        except SourceError:
            found[path.stem] = None
    return found


def read(pages_read: dict[str, Reading | None]) -> dict[str, tuple[set[Fact], set[Fact]]]:
    """Give by the name of each page the facts wanted of it and those found in it."""
    facts = {}
    for name, reading in pages_read.items():
        gold = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        records = list(reading.records) if reading else []
        number = {str(one["value"]) for one in gold["counts"] if not one["measure"].endswith("_eur")}
        want = set(wanted(gold)) | {("count", "", one) for one in number}
        facts[name] = want, set(found(records)) | {("count", "", one) for one in counts(records) & number}
    return facts


def measure(facts: dict[str, tuple[set[Fact], set[Fact]]]) -> dict[str, tuple[int, int, int]]:
    """Give for each kind of fact how many are wanted, how many of them found, and how many found beside."""
    total: Counter[tuple[str, str]] = Counter()
    for want, have in facts.values():
        for some, word in ((want, "wanted"), (want & have, "right"), (have - want, "beside")):
            total.update((fact[0], word) for fact in some)
    kinds = sorted({kind for kind, _ in total})
    return {kind: (total[kind, "wanted"], total[kind, "right"], total[kind, "beside"]) for kind in kinds}


def misread(facts: dict[str, tuple[set[Fact], set[Fact]]]) -> list[str]:
    """Give a line for each fact that is missed and for each that no person wrote down."""
    lines = []
    for page, (want, have) in facts.items():
        lines += (f"{page}: missed {' | '.join(one)}" for one in sorted(want - have))
        lines += (f"{page}: beside {' | '.join(one)}" for one in sorted(have - want))
    return lines


def scores(figures: dict[str, tuple[int, int, int]]) -> tuple[float, float]:
    """Give precision and recall over all kinds of facts."""
    want, right, beside = (sum(column) for column in zip(*figures.values(), strict=True))
    return right / (right + beside), right / want


def _values(record: dict[str, Any], *keys: str) -> Iterator[str]:
    for key in keys:
        value = record.get(key)
        yield from (str(one) for one in (value if isinstance(value, list) else [value]) if one is not None)


def folded(words: str) -> str:
    """Fold a name for comparison."""
    return re.sub(r"\W", "", words.casefold())


def key_of_body(name: str) -> str:
    """Give the key of a body that the registry knows, else its folded name."""
    bare = re.sub(r"\s*\(\w+\)$", "", name)
    known = Registry.load().organisation(bare)
    return known.key if known else folded(bare)


def main() -> None:
    """Print the figures by kind of fact."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print each missed and superfluous fact")
    facts = read(readings())
    if parser.parse_args().show:
        print(*misread(facts), sep="\n")
    figures = measure(facts)
    print("kind wanted right beside")
    for kind, figure in figures.items():
        print(kind, *figure)
    precision, recall = scores(figures)
    print(f"precision {precision:.3f} recall {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}")


if __name__ == "__main__":
    main()
