"""Facts of a reading as small tuples by category: what gold is made of and what readings are compared by."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loaders import records as r

Facts = dict[str, set[tuple[str, ...]]]


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
