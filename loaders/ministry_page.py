"""Ministeriön sivu: a ministry's page that lists national themes by priority and specific objective."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from loaders.document.lines import Document
from loaders.draft import Draft
from loaders.names import repair
from loaders.prose import Prose
from loaders.prose.bullets import BULLET, Item, items
from loaders.prose.entries import entry
from loaders.prose.outline import content
from loaders.prose.programme import fund_of, programme
from loaders.prose.tongues import guess
from loaders.records import Objective, Reading, Stated, Theme

NAME = "ministry_page"

_PRIORITY = re.compile(
    r"(?:Toimintalinja|Verksamhetslinje|Prioriterat\s+område|Insatsområde|Prioritet|Priority(?:\s+area|\s+axis)?)\s+(?P<number>\d)\b"
)
_FUND = re.compile(
    r"\((?P<fund>(?:ESR|ESF)\s?\+?|EAKR|ERDF|ERUF|JTF|FRO|Europeiska\s+socialfonden\s?\+?|Euroopan\s+sosiaalirahasto\s?(?:\+|plus)?|"
    r"European\s+Social\s+Fund\s?(?:\+|Plus)?)\)"
)
_OBJECTIVE = re.compile(
    r"(?:Erityistavoite|Delmål|Särskilt\s+mål|Specific\s+objective)\s+(?:(?P<notation>\d+\.\d+)\.?\s*)?(?P<name>\S.*?),\s+"
    r"(?:valtakunnalli\w+\s+teema\w*|landsomfattande\s+tema\w*|riksomfattande\s+tema\w*|"
    r"nationell(?:t|a)\s+tema\w*|national\s+themes?)\s*:?\s*$",
    re.DOTALL,
)
_TITLE = re.compile(r"rakennerahasto|strukturfond|structural\s+funds", re.IGNORECASE)


def recognises(document: Document) -> float:
    """The page lists themes below bullets that name a specific objective, below headings that name a priority."""
    lines = content(document)
    found = list(items(lines))
    objectives = sum(_OBJECTIVE.search(item.prose.text) is not None for item in found)
    themes = sum(entry(item.prose, "fi") is not None for item in found if item.bullet)
    if not objectives or not themes:
        return 0.1 * bool(objectives) + 0.1 * bool(themes)
    priority = any(_PRIORITY.match(line.text.strip()) for line in lines)
    title = any(_TITLE.search(line.text) for line in [line for line in lines if line.text.strip()][:3])
    return 0.7 + 0.15 * priority + 0.1 * title


def parse(document: Document) -> Reading:
    """Read a ministry's page."""
    reader = _Page(document, content(document))
    reader.read()
    return reader.reading()


@dataclass(slots=True)
class _Page(Draft):
    """The page being read."""

    priority: Stated[str] | None = None
    fund: Stated[str] | None = None
    objective: Stated[Objective] | None = None

    def read(self) -> None:
        """Read the items in order; a priority, a fund and an objective hold until the next one."""
        whole = Prose.of(self.lines, paragraphs=True)
        self.lang, self.period = guess(whole.text), programme(whole)
        for item in items(self.lines):
            self._item(item)

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        self.title = self.first_line()
        return self.close(NAME)

    def _item(self, item: Item) -> None:
        prose = item.prose
        priority = _PRIORITY.match(prose.text)
        if priority:
            self.priority, self.fund, self.objective = prose.stated(priority["number"], *priority.span()), None, None
        fund = _FUND.search(prose.text) if self.priority and not item.bullet else None
        if fund and self.fund is None:
            notation = fund_of(" ".join(fund["fund"].split()), self.period.value if self.period else None)
            self.fund = prose.stated(notation, *fund.span("fund"))
        bullet = BULLET.match(prose.text)
        start = bullet.end() if bullet else 0
        objective = _OBJECTIVE.match(prose.text, start)
        if objective:
            value = Objective(objective["notation"], repair(objective["name"]))
            self.objective = prose.stated(value, start, objective.end("name"))
        elif item.bullet:
            self._theme(prose, start)

    def _theme(self, prose: Prose, start: int) -> None:
        found = entry(prose, self.lang)
        if found is None:
            if self.objective:
                words = "entry-without-ministry"
                self.left_out.append(prose.left_out(start, len(prose.text), words, understood=False))
            return
        theme = Theme(
            name=found.name,
            programme=self.period,
            fund=self.fund,
            priority=self.priority,
            objectives=(self.objective,) if self.objective else (),
            ministries=found.ministries,
        )
        self.records.append(replace(theme, intermediate_bodies=(found.body,)) if found.body else theme)
