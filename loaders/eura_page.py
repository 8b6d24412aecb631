"""Rakennerahastotietopalvelun hankesivu: the page of one project in the information service of a period, label: value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from loaders import fields
from loaders.document.lines import Document
from loaders.draft import Draft
from loaders.errors import SourceError
from loaders.names import nominative, repair
from loaders.prose import Prose
from loaders.prose.applicants import applicants
from loaders.prose.funding import scope_of
from loaders.prose.labels import Field, days, labelled, matches
from loaders.prose.outline import content
from loaders.prose.programme import fund_of, programme
from loaders.records import (
    About,
    Contact,
    LeftOut,
    Money,
    Objective,
    Origin,
    Participation,
    Project,
    Reading,
    Stated,
    Text,
)
from loaders.tables.funds import FUNDS, period_of

NAME = "eura_page"

_SERIES = {
    "S1": "2007-2013",
    "A3": "2007-2013",
    "S2": "2014-2020",
    "A7": "2014-2020",
    "S3": "2021-2027",
    "A8": "2021-2027",
}
"""Each period numbers its projects in series of their own."""
_FUND = re.compile(
    r"\((?P<fund>ESR\+?|EAKR|JTF)\)\s+(?:osa)?rahoittama|(?<!\w)(?P<bare>ESR\+?|EAKR|JTF)(?=[\s-]*(?:hanke|projekti|rahoit))"
)
_LEVEL = re.compile(r"(?P<notation>\d{1,2}(?:\.\d{1,2})?)\.?\s*:?\s*(?P<name>\S.*)?$", re.DOTALL)
_PHASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("paid", re.compile(r"maksett|utbetal|paid\b", re.IGNORECASE)),
    ("realised", re.compile(r"toteutun|utfall|realised", re.IGNORECASE)),
    ("granted", re.compile(r"myönnet|bevilja|granted", re.IGNORECASE)),
    ("planned", re.compile(r"suunnitel|planera|planned", re.IGNORECASE)),
    ("costEstimate", re.compile(r"kustannusarvio|kustannukset|kokonaiskustann|kostnad|costs?\b", re.IGNORECASE)),
)
_NEEDED = ("code", "name", "authority", "applicant", "priority", "period", "status")


def recognises(document: Document) -> float:
    """The page is a list of labels that only project pages have."""
    lines = content(document)
    found = {name for line in lines for name in matches(line.text)}
    return min(1.0, 0.2 * len(found.intersection(_NEEDED)) if "code" in found or "name" in found else 0.0)


def parse(document: Document) -> Reading:
    """Read the page; raises SourceError where it gives a project neither code nor name."""
    reader = _Page(document, content(document))
    reader.read()
    return reader.reading()


@dataclass(slots=True)
class _Page(Draft):
    """The page being read."""

    given: dict[str, Field] = field(default_factory=dict)
    found: list[Field] = field(default_factory=list)
    name: str | None = None

    def read(self) -> None:
        """Read the project, its implementers, money and contact person."""
        found = list(labelled(self.lines))
        self.found = found
        for one in found:
            self.given.setdefault(one.name, one)
        code, name = self._code(), self.given.get("name")
        if code is None and name is None:
            raise SourceError(self.document.id, "the page gives neither a project code nor a name")
        key = code.value if code else name.value if name else ""
        self.name = name.value if name else None
        self.period = self._period(code)
        start, end = days(self.given)
        priority, objective = self._level("priority"), self._level("objective")
        self.records = [
            Project(
                key,
                Stated(Text(name.value), name.origin)
                if name
                else Stated(Text(key), code.origin if code else found[0].origin),
                project_code=code,
                group_code=self._group_code(),
                start=start,
                end=end,
                status=self._stated("status"),
                web_pages=tuple(self._web_pages()),
                programme=self.period,
                fund=self._fund(),
                priority=Stated(priority.value.notation or "", priority.origin) if priority else None,
                objectives=(objective,) if objective else (),
                authority=self._stated("authority"),
            ),
            *self._implementers(key, found),
            *_money(key, found),
            *self._contact(key),
        ]
        self._others(found)

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        self.title = self.name
        return self.close(NAME)

    def _stated(self, name: str) -> Stated[str] | None:
        one = self.given.get(name)
        return Stated(repair(one.value), one.origin) if one and one.value else None

    def _code(self) -> Stated[str] | None:
        one = self.given.get("code")
        if one is None:
            return None
        found = fields.codes(one.value, applications=True)
        if not found:
            self.left_out.append(LeftOut(one.origin.first, one.origin.last, one.value, "no-project-code", False))
            return None
        return Stated(found[0].value, one.origin)

    def _period(self, code: Stated[str] | None) -> Stated[str] | None:
        """The programme's period as printed, else the one whose series the project's code belongs to."""
        printed = programme(Prose.of(self.lines[:12], paragraphs=True)) or self._programme()
        if printed or code is None:
            return printed
        period = _SERIES.get(code.value[:2])
        return Stated(period, code.origin) if period else None

    def _programme(self) -> Stated[str] | None:
        one = self.given.get("programme")
        period = period_of(one.value) if one else None
        return Stated(period, one.origin) if one and period else None

    def _group_code(self) -> Stated[str] | None:
        one = self.given.get("group_code")
        found = fields.codes(one.value) if one else []
        return Stated(found[0].value, one.origin) if one and found else None

    def _fund(self) -> Stated[str] | None:
        period = self.period.value if self.period else None
        one = self.given.get("fund")
        if one and (notation := fund_of(one.value, period)) in FUNDS:
            return Stated(notation, one.origin)
        prose = Prose.of(self.lines[:12], paragraphs=True)
        match = _FUND.search(prose.text)
        if match is None:
            return None
        group = "fund" if match["fund"] else "bare"
        return prose.stated(fund_of(match[group], period), *match.span(group))

    def _level(self, name: str) -> Stated[Objective] | None:
        one = self.given.get(name)
        match = _LEVEL.match(one.value) if one else None
        if one is None or match is None:
            return None
        return Stated(Objective(match["notation"], repair(match["name"]) if match["name"] else None), one.origin)

    def _implementers(self, key: str, found: list[Field]) -> Iterator[Participation]:
        for one in applicants(self.lines, found):
            number = self._business_id(*one.number) if one.number else None
            yield Participation(key, one.name, one.role, business_id=number)

    def _business_id(self, words: str, origin: Origin) -> Stated[str] | None:
        found = fields.business_ids(words)
        if found:
            return Stated(found[0].value, origin)
        self.left_out.append(LeftOut(origin.first, origin.last, words, "wrong-business-id", False))
        return None

    def _contact(self, key: str) -> Iterator[Contact]:
        name = self.given.get("contact")
        if name is None or not name.value:
            return
        parts = [self.given.get(label) for label in ("contact job", "contact email")]
        parts.append(self.given.get("contact telephone") or self._telephone_below(name))
        told = [name, *(part for part in parts if part)]
        first, last = min(told, key=lambda one: one.whole.first), max(told, key=lambda one: one.whole.last)
        prose = Prose.of(line for line in self.lines if first.whole.first <= line.number <= last.whole.last)
        job, email, number = parts
        applicant = self.given.get("applicant")
        yield Contact(
            About("project", key),
            "other",
            repair(name.value),
            prose.whole(private=True),
            organisation=repair(applicant.value) if applicant else None,
            job_title=repair(job.value) if job and job.value else None,
            emails=tuple(e.address for e in fields.emails(email.value) if e.address) if email else (),
            telephones=tuple(p.value for p in fields.phones(number.value)) if number else (),
        )

    def _telephone_below(self, name: Field) -> Field | None:
        """A number whose label does not say whose it is, below the contact person's name."""
        below = [one for one in self.found if one.name == "organisation" and one.origin.first > name.origin.last]
        return next((one for one in below if fields.phones(one.value)), None)

    def _web_pages(self) -> Iterator[Stated[str]]:
        one = self.given.get("web_page")
        if one:
            for url in fields.urls(one.value, bare=True):
                yield Stated(url.value, one.origin)

    def _others(self, found: list[Field]) -> None:
        """Labels that are understood and say nothing of the project itself."""
        for one in found:
            if one.name == "organisation" and one.value:
                reason = f"of-implementer: {nominative(one.label)}"
                private = bool(fields.phones(one.value) or fields.emails(one.value))
                self.left_out.append(
                    LeftOut(one.origin.first, one.origin.last, one.origin.words, reason, True, private)
                )


def _money(key: str, found: list[Field]) -> Iterator[Money]:
    """The amounts behind labels that say which phase they are of."""
    for one in found:
        phase = next((phase for phase, pattern in _PHASES if pattern.search(one.label)), None)
        amounts = fields.amounts(one.value, bare=True) if one.name == "money" else []
        if phase and amounts:
            first, about = amounts[0], About("project", key)
            scope = scope_of(one.label)
            yield Money(about, phase, first.value, first.words, first.precision, one.whole, scope=scope)
