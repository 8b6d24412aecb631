"""Teemakuvaus: the form that describes one national theme, a table of labels and values above numbered parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from loaders import fields
from loaders.document.lines import Document
from loaders.draft import Draft
from loaders.errors import SourceError
from loaders.names import Registry, repair
from loaders.names.bodies import authorities, ministries
from loaders.prose import Prose
from loaders.prose.contacts import Reader, contacts
from loaders.prose.contents import sub_themes, target_groups
from loaders.prose.coordination import coordination
from loaders.prose.form_cells import LABELS, OBJECTIVE, PART, cells
from loaders.prose.funding import funding, scope_of
from loaders.prose.outline import content
from loaders.prose.programme import programme
from loaders.prose.tongues import tongues
from loaders.records import (
    About,
    Contact,
    MinistryRole,
    Money,
    Objective,
    Origin,
    PartialDate,
    Project,
    Reading,
    Side,
    Stated,
    Text,
    Theme,
)

NAME = "theme_form"

_GROUPS = re.compile(r"^\s*\d\)\s++.*kohderyhm", re.IGNORECASE)
_MENTION = re.compile(r"\b(?:ET(?::n)?|erityistavoit\w+)\s+(?P<notation>\d+\.(?:\d+(?:\.\d+)?|[a-z]))\b", re.IGNORECASE)
_PROJECT = re.compile(r"\s*(?P<name>[A-ZÅÄÖ][^,@\n]*(?:\n[^,@\n]*)?koordinaatio\w*)\s*,")
_SIDES: dict[str, Side] = {"funder": "funder", "coordination": "coordination", "ministry": "ministry"}


def recognises(document: Document) -> float:
    """The form is known by its labels."""
    text = "\n".join(line.text for line in content(document))
    head = text[:3000]
    labels = sum(
        bool(LABELS[name].search(head)) for name in ("name", "funder", "coordination", "ministry", "period", "money")
    )
    parts = len({match[1] for match in PART.finditer(text)})
    review = bool(re.search(r"julkinen\s+rahoituskehys|varaukset", head))
    return 0.0 if review else min(1.0, 0.14 * labels + 0.03 * parts)


def parse(document: Document) -> Reading:
    """Read the form; raises SourceError where it names no theme."""
    reader = _Form(document, content(document))
    reader.read()
    return reader.reading()


@dataclass(slots=True)
class _Form(Draft):
    """The form being read."""

    prose: Prose = field(init=False)
    cells: dict[str, tuple[int, int]] = field(init=False)

    def read(self) -> None:
        """Read the table, then the parts below it."""
        self.prose = Prose.of(self.lines)
        self.cells = cells(self.prose)
        self.period = programme(self.prose)
        names = self._names()
        theme = names[0].value.text
        self.title = theme
        start, end = self._dates()
        people = [person for label, side in _SIDES.items() for person in self._people(label, side, theme)]
        projects = [*self._contact_project(theme), *coordination(self._parts_prose(), theme).projects]
        money = list(self._money(theme))
        self.records = [
            Theme(
                name=names[0],
                names=tuple(names[1:]),
                programme=self.period,
                objectives=tuple(self._objectives()),
                ministries=tuple(self._ministries(money)),
                intermediate_bodies=tuple(self._bodies(people)),
                start=start,
                end=end,
                sub_themes=tuple(sub_themes(self.lines)),
                target_groups=tuple(self._target_groups()),
                coordinated_by=tuple(Stated(p.key, p.name.origin) for p in projects),
            ),
            *money,
            *projects,
            *people,
        ]

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        self.title = self.document.title or self.title
        return self.close(NAME)

    def _names(self) -> list[Stated[Text]]:
        """The theme's names in Finnish, Swedish and English, told apart by their words."""
        span = self.cells.get("names")
        if span is None:
            raise SourceError(self.document.id, 'the form names no theme below "Valtakunnallinen teema"')
        found = []
        for lang, start, end in tongues(self.prose.text, *span):
            found.append(self.prose.stated(Text(repair(self.prose.text[start:end]), lang), start, end))
        return found

    def _objectives(self) -> Iterator[Stated[Objective]]:
        if "objective" in self.cells:
            start, end = self.cells["objective"]
            match = OBJECTIVE.search(self.prose.text, start, end)
            if match:
                low, high = match.start("notation"), match.end()
                name = repair(match["name"]).rstrip(" .") if match["name"] else None
                yield self.prose.stated(Objective(match["notation"], name), low, high)
        for match in _MENTION.finditer(self.prose.text, self.cells["table"][1]):
            yield self.prose.stated(Objective(match["notation"]), *match.span())

    def _people(self, label: str, side: Side, theme: str) -> list[Contact]:
        if label not in self.cells:
            return []
        start, end = self.cells[label]
        reader = Reader(self.prose, inline=True, side=side, start=start, end=end)
        found = list(contacts(reader, About("theme", theme)))
        self.left_out += reader.left_out
        return found

    def _ministries(self, money: list[Money]) -> Iterator[Stated[MinistryRole]]:
        """The responsible ministries and those that only the framework's split names."""
        responsible = ministries(self.prose.text, *self.cells.get("ministry", (0, 0)))
        for one in responsible:
            yield self.prose.stated(MinistryRole(one.name, lead=len(responsible) == 1), one.start, one.end)
        key = Registry.load().organisation_key
        named = {key(one.name) for one in responsible}
        for share in money:
            if share.ministry and key(share.ministry) not in named:
                yield Stated(MinistryRole(share.ministry), share.origin)

    def _bodies(self, people: list[Contact]) -> Iterator[Stated[str]]:
        """The funder contact's organisation is the intermediate body; its words are its name alone.

        A cell may name the authority without a person.
        """
        for name in dict.fromkeys(p.organisation for p in people if p.side == "funder" and p.organisation):
            start, end = self.cells["funder"]
            pattern = re.compile(r"\s+".join(re.escape(word).replace(r"\-", r"-\s?") for word in name.split()))
            match = pattern.search(self.prose.text, start, end)
            if match:
                yield self.prose.stated(name, *match.span())
        if not any(p.side == "funder" and p.organisation for p in people) and "funder" in self.cells:
            for body in authorities(self.prose.text, *self.cells["funder"]):
                yield self.prose.stated(body.name, body.start, body.end)

    def _contact_project(self, theme: str) -> Iterator[Project]:
        """The coordination project named before its contact person."""
        if "coordination" not in self.cells:
            return
        start, end = self.cells["coordination"]
        match = _PROJECT.match(self.prose.text, start, end)
        if match:
            name = self.prose.stated(Text(repair(match["name"])), *match.span("name"))
            yield Project(name.value.text, name, theme, coordination=Stated(True, name.origin))

    def _dates(self) -> tuple[Stated[PartialDate] | None, Stated[PartialDate] | None]:
        start, end = self.cells.get("period", (0, 0))
        found = fields.periods(self.prose.text[start:end])
        if not found:
            return None, None
        low, high = start + found[0].span[0], start + found[0].span[1]
        first, last = found[0].start, found[0].end
        return (
            self.prose.stated(first, low, high) if first else None,
            self.prose.stated(last, low, high) if last else None,
        )

    def _money(self, theme: str) -> Iterator[Money]:
        """The framework and, where the cell splits it, the ministries' shares; whose money it is says the label."""
        if "money" not in self.cells:
            return
        start, end = self.cells["money label"][0], self.cells["money"][1]
        place = self.prose.origin(start, end)
        cell = Prose.of(line for line in self.lines if place.first <= line.number <= place.last)
        scope = scope_of(self.prose.text[start:end])
        found = funding(cell, theme, None)
        self.left_out += found.left_out
        for money in found.money:
            whole = money.ministry is None and money.phase == "framework"
            origin = _from_label(cell, money) if whole else money.origin
            yield replace(money, scope=scope if money.phase == "framework" else money.scope, origin=origin)

    def _parts_prose(self) -> Prose:
        start = self.cells["table"][1]
        if start == len(self.prose.text):
            return Prose.of(())
        first = self.prose.origin(start, len(self.prose.text)).first
        return Prose.of(line for line in self.lines if line.number >= first)

    def _target_groups(self) -> list[Stated[str]]:
        """The groups of the part on target groups, up to the next part."""
        heads = [i for i, line in enumerate(self.lines) if PART.match(line.text)]
        for at, head in enumerate(heads):
            if _GROUPS.match(self.lines[head].text):
                end = heads[at + 1] if at + 1 < len(heads) else len(self.lines)
                return target_groups(Prose.of(self.lines[head + 1 : end]), listed=True)
        return []


def _from_label(cell: Prose, money: Money) -> Origin:
    """The origin of the framework: from the label, which says whose money it is, to the amount."""
    label = LABELS["money"].search(cell.text)
    amount = next(a for a in fields.amounts(cell.text) if a.words == money.as_stated)
    return cell.origin(label.start() if label else amount.start, amount.end)
