"""Precision, recall and F1 of what the loaders read, against gold made by hand.

    python -m bench.accuracy [--documents DIR] [--errors] [--at-least F1] [ID ...]

A gold file ``bench/gold/<document id>.json`` is::

    {"document": "<id>", "layout": "<module under loaders>",
     "short": {"t1": "a long name that tuples below write as t1"},
     "facts": {"<category>": [["<value>", ...], ...]}}

The categories and the columns of their tuples are those of :func:`facts_of`. A missing value is ``""``. What names or
reaches a person is never written down: gold holds ``#`` and a hash of it (:func:`hashed`).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loaders import pages
from loaders import records as r

Facts = dict[str, set[tuple[str, ...]]]
HERE = Path(__file__).resolve().parent
DOCUMENTS = HERE.parents[1] / "shared" / "sources"
FORMS = {"text": "txt", "html": "html", "pdf": "pdf", "more": "txt"}
"""Folders of documents and what their files end with."""


def plain(value: object) -> str:
    """A value as gold compares it: white space collapsed, one kind of dash."""
    text = " ".join(unicodedata.normalize("NFC", str(value)).split())
    return re.sub("[\u2010-\u2015\u2212]", "-", text)


def hashed(value: str) -> str:
    """A person's name, address or number, unreadable: names and addresses by letters, numbers by digits."""
    digits = re.sub(r"\D", "", value)
    if not re.search(r"[^\W\d_]", value):
        value = re.sub(r"^(?:00)?358", "0", digits)
    return "#" + hashlib.sha256(plain(value).casefold().encode()).hexdigest()[:16]


@dataclass
class _Collector:
    """The facts of one reading."""

    reading: r.Reading
    facts: Facts

    def add(self, category: str, *values: object) -> None:
        self.facts[category].add(tuple(plain("" if v is None else v) for v in values))

    def about(self, about: r.About) -> str:
        if about.kind != "call":
            return about.key
        call = next(c for c in self.reading.records if isinstance(c, r.Call) and c.key == about.key)
        return "|".join(plain(v) for v in self.call(call))

    def call(self, call: r.Call) -> tuple[str, str, str]:
        opens, closes = (stated.value if stated else "" for stated in (call.opens, call.closes))
        return call.theme or "", opens, closes


def facts_of(reading: r.Reading) -> Facts:
    """Every fact of a reading as small tuples by category."""
    collector = _Collector(reading, defaultdict(set))
    for record in reading.records:
        _TAKE[type(record)](collector, record)
    return collector.facts


def _theme(c: _Collector, t: r.Theme) -> None:
    name = t.name.value.text
    c.add("themes", name)
    c.add("theme_period", name, t.start and t.start.value, t.end and t.end.value)
    for category, stated in (("theme_fund", t.fund), ("theme_group", t.group), ("theme_priority", t.priority)):
        if stated:
            c.add(category, name, stated.value)
    for objective in t.objectives:
        c.add("theme_objective", name, objective.value.notation)
    for ministry in t.ministries:
        c.add("theme_ministry", name, ministry.value.name, "lead" if ministry.value.lead else "")
    for category, several in (
        ("theme_body", t.intermediate_bodies),
        ("theme_sub_theme", t.sub_themes),
        ("theme_target_group", t.target_groups),
        ("theme_page", t.web_pages),
        ("theme_coordination", t.coordinated_by),
    ):
        for one in several:
            c.add(category, name, one.value)


def _project(c: _Collector, p: r.Project) -> None:
    c.add("projects", p.key, p.theme)
    c.add("project_name", p.key, p.name.value.text)
    for category, stated in (
        ("project_acronym", p.acronym),
        ("project_code", p.project_code),
        ("project_group_code", p.group_code),
        ("project_start", p.start),
        ("project_end", p.end),
        ("project_sub_theme", p.sub_theme),
        ("project_status", p.status),
    ):
        if stated:
            c.add(category, p.key, stated.value)
    if p.coordination and p.coordination.value:
        c.add("project_coordination", p.key)
    for page in p.web_pages:
        c.add("project_page", p.key, page.value)


def _participation(c: _Collector, p: r.Participation) -> None:
    c.add("participations", p.project, p.organisation.value)
    if p.role:
        c.add("roles", p.project, p.organisation.value, p.role.value)
    if p.project_code:
        c.add("member_codes", p.project, p.organisation.value, p.project_code.value)


def _money(c: _Collector, m: r.Money) -> None:
    flag = "approximate" if m.approximate else "maximum" if m.maximum else ""
    values = (m.phase, f"{m.amount.normalize():f}", f"{m.precision.normalize():f}", m.ministry, m.date, flag)
    c.add("money", c.about(m.about), *values)


def _call(c: _Collector, call: r.Call) -> None:
    c.add("calls", *c.call(call))
    for place in call.places:
        c.add("call_places", *c.call(call), place.value)


def _contact(c: _Collector, p: r.Contact) -> None:
    about, person = c.about(p.about), hashed(p.name)
    c.add("contacts", about, p.side, person)
    if p.organisation:
        c.add("contact_body", about, person, p.organisation)
    if p.job_title:
        c.add("contact_job", about, person, p.job_title)
    if p.valid_from or p.valid_until:
        c.add("contact_validity", about, person, p.valid_from, p.valid_until)
    for email in p.emails:
        c.add("emails", about, person, hashed(email))
    for number in p.telephones:
        c.add("telephones", about, person, hashed(number))


def _count(c: _Collector, n: r.Count) -> None:
    c.add("counts", c.about(n.about), n.measure, f"{n.value.normalize():f}", n.date, n.basis)


_TAKE: dict[type, Callable[[_Collector, Any], None]] = {
    r.Theme: _theme,
    r.Project: _project,
    r.Participation: _participation,
    r.Money: _money,
    r.Call: _call,
    r.Contact: _contact,
    r.Count: _count,
}


@dataclass(frozen=True)
class Gold:
    """One gold file."""

    document: str
    layout: str
    facts: Facts


def load(path: Path) -> Gold:
    """Read a gold file; its short names are written out."""
    data = json.loads(path.read_text(encoding="utf-8"))
    short = data.get("short", {})

    def full(value: str) -> str:
        return plain("|".join(short.get(part, part) for part in value.split("|")))

    facts = {
        category: {tuple(full(value) for value in fact) for fact in facts} for category, facts in data["facts"].items()
    }
    return Gold(data["document"], data["layout"], facts)


@dataclass(frozen=True)
class Score:
    """How the facts of one category compare."""

    category: str
    gold: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.gold + self.found) if self.gold + self.found else 1.0


def scores(gold: Facts, found: Facts) -> list[Score]:
    """A score a category that gold has, and over all of them as ``total``; other categories are not judged."""
    each = [Score(c, len(g), len(found.get(c, set())), len(g & found.get(c, set()))) for c, g in gold.items()]
    total = Score("total", *(sum(getattr(s, field) for s in each) for field in ("gold", "found", "right")))
    return [*each, total]


def readings(gold: Gold, documents: Path) -> Iterator[tuple[str, r.Reading]]:
    """The document read in every form it exists in."""
    layout = importlib.import_module(f"loaders.{gold.layout}")
    for form, suffix in FORMS.items():
        path = documents / form / f"{gold.document}.{suffix}"
        if path.is_file():
            yield form, layout.parse(pages.read(path))


def _report(gold: Gold, form: str, found: Facts, errors: bool) -> Score:
    rows = scores(gold.facts, found)
    print(f"\n{gold.document} ({form})")
    print(f"{'category':22}{'gold':>6}{'found':>6}{'right':>6}{'P':>8}{'R':>8}{'F1':>8}")
    for s in rows:
        print(f"{s.category:22}{s.gold:6}{s.found:6}{s.right:6}{s.precision:8.3f}{s.recall:8.3f}{s.f1:8.3f}")
    if errors:
        for category, facts in gold.facts.items():
            for sign, several in (("-", facts - found.get(category, set())), ("+", found.get(category, set()) - facts)):
                for fact in sorted(several):
                    print(f"  {sign} {category}: {' | '.join(fact)}")
    return rows[-1]


def main(arguments: list[str] | None = None) -> int:
    """Print a table a document and form; 1 where a total is below what was asked for or nothing was read."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("ids", nargs="*", help="documents (default: every gold file)")
    parser.add_argument("--documents", type=Path, default=DOCUMENTS, help="folder with text/, html/ and pdf/")
    parser.add_argument("--errors", action="store_true", help="print each missing (-) and superfluous (+) fact")
    parser.add_argument("--at-least", type=float, default=0.0, metavar="F1")
    options = parser.parse_args(arguments)
    files = [HERE / "gold" / f"{i}.json" for i in options.ids] or sorted((HERE / "gold").glob("*.json"))
    totals = []
    for file in files:
        gold = load(file)
        for form, reading in readings(gold, options.documents):
            totals.append(_report(gold, form, facts_of(reading), options.errors))
    if not totals:
        print(f"no document of {len(files)} gold files in {options.documents}", file=sys.stderr)
        return 1
    return 0 if all(total.f1 >= options.at_least for total in totals) else 1


if __name__ == "__main__":
    sys.exit(main())
