"""Contact persons and ministries of a theme, from the two cells of its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from loaders.names import Registry
from loaders.names.bodies import authorities
from loaders.prose.contacts import PATTERN, side_of
from loaders.prose.persons import understand
from loaders.records import About, Contact, LeftOut, MinistryRole, Side, Stated
from loaders.review.cells import Part, parts
from loaders.review.flow import Span
from loaders.review.form import Form

_FUNDER = re.compile(r"rahoit", re.IGNORECASE)
_COORDINATION = re.compile(r"koordin|hank(?:e|kee)|projekti|ohjelma", re.IGNORECASE)
_RESPONSIBLE = re.compile(r"vastuuministeriö", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-ZÅÄÖ]{2,4}$")


@dataclass(slots=True)
class Card:
    """One person while the cell is read."""

    person: Part
    own: list[Part] = field(default_factory=list)
    """Parts said of this person, those printed before the name included."""
    heading: list[Part] = field(default_factory=list)
    """Parts said of all persons that follow them."""

    @property
    def complete(self) -> bool:
        """Whether an address or number was read."""
        return any(part.kind in ("email", "phone") for part in self.own)

    def _of(self, *kinds: str) -> list[Part]:
        return [part for part in self.own if part.kind in kinds]

    @property
    def body(self) -> Part | None:
        """The organisation: the last body named with the person, else of the heading, else the last plain words."""
        words = [p for p in self._of("other") if p.words[:1].isupper()]
        named = self._of("body") or ([] if self.heading and not words else words)
        above = [p for p in self.heading if p.kind == "body"] or [p for p in self.heading if p.kind == "other"]
        first_above = above[:1] if any(_is_ministry(p.words) for p in above) else above[-1:]
        found = named[-1:] or first_above
        return found[0] if found else None

    @property
    def job(self) -> str | None:
        """The job title, where one is printed."""
        inside = understand(self.person.words).job
        return inside or next((part.words for part in self.own if part.kind == "job"), None)

    def side(self, cell: Side | None) -> Side:
        """On which side the person stands: by the cell, the heading, the project, the job, the body."""
        if cell:
            return cell
        heading = [] if self._of("body") else self.heading
        for part in heading:
            if part.kind == "label" and (_FUNDER.search(part.words) or _COORDINATION.search(part.words)):
                return "funder" if _FUNDER.search(part.words) else "coordination"
        job = self.job or ""
        if any(part.kind == "project" for part in [*self.own, *heading]):
            return "coordination"
        if _FUNDER.search(job) or _COORDINATION.search(job):
            return "funder" if _FUNDER.search(job) else "coordination"
        if self.body is None:
            return "other"
        return "funder" if side_of(self.body.words) == "funder" else "coordination"


@dataclass(frozen=True, slots=True)
class People:
    """What the two cells say."""

    contacts: tuple[Contact, ...]
    ministries: tuple[Stated[MinistryRole], ...]
    funders: tuple[Stated[str], ...]
    """The organisations of the funder's contacts: the theme's intermediate bodies."""
    left_out: tuple[LeftOut, ...]


def people(form: Form, theme: str) -> People:
    """Read both cells of a form."""
    first, second = parts(form.contacts), parts(form.ministry)
    found, funders = list[Contact](), dict[str, Stated[str]]()
    for cards, cell in ((_cards(first), None), (_cards(second), "ministry")):
        for card in cards:
            contact = _contact(card, About("theme", theme), cell)  # type: ignore[arg-type]
            found.append(contact)
            if contact.side == "funder" and card.body:
                funders.setdefault(card.body.words.casefold(), Stated(card.body.words, card.body.span.origin()))
    if not any(part.kind == "person" for part in first):
        for name in _unmanned(first):
            funders.setdefault(name.value.casefold(), name)
    return People(
        tuple(found),
        tuple(_ministries(form, second)),
        tuple(funders.values()),
        tuple(_left_out(first)) + tuple(_left_out(second)),
    )


def _unmanned(found: list[Part]) -> list[Stated[str]]:
    """Authorities of a cell that names no person; one after a project carries it out, unless no other is named."""
    own, after_project = list[Stated[str]](), list[Stated[str]]()
    for before, part in zip([None, *found], found, strict=False):
        if part.kind == "body" and not _COORDINATION.search(part.words):
            spans = [part.span.sub(body.start, body.end) for body in authorities(part.span.text)]
            names = [Stated(span.name, span.origin()) for span in spans]
            (after_project if before and before.kind == "project" else own).extend(names)
    return own or after_project


def _cards(found: list[Part]) -> list[Card]:
    cards: list[Card] = []
    heading: list[Part] = []
    before: list[Part] = []
    heading_open = False
    for index, part in enumerate(found):
        card = cards[-1] if cards else None
        if part.kind == "person":
            own_body = any(p.kind in ("body", "project", "other") for p in before)
            cards.append(Card(part, before, [] if own_body else list(heading)))
            before, heading_open = [], False
        elif part.kind == "label" or part.head or _heads_next(part, card, found[index + 1 :]):
            heading = [*heading, part] if heading_open else [part]
            heading_open, before = True, []
        elif _precedes_person(part, found[index + 1 :], card):
            before.append(part)
        elif card and not heading_open and _belongs(part, card):
            card.own.append(part)
        else:
            heading = [*heading, part] if heading_open and part.kind in ("body", "other") else heading
    return cards


def _heads_next(part: Part, card: Card | None, following: list[Part]) -> bool:
    """A body on a line of its own heads those below: at the top of the cell, or after a finished person."""
    alone = part.kind == "body" and part.line_first and not _same_line_person(following)
    return alone and (card is None or (card.complete and any(p.kind == "person" for p in following)))


def _belongs(part: Part, card: Card) -> bool:
    """Whether a part is still said of the person: words after an address or number are not."""
    return part.kind in ("email", "phone", "validity") or (part.kind != "label" and not card.complete)


def _precedes_person(part: Part, following: list[Part], card: Card | None) -> bool:
    """Whether a part is printed before a person's name on the name's own line."""
    if part.kind in ("email", "phone"):
        return False
    if part.line_first or (card is None and part.after_comma) or (card and card.complete):
        return _same_line_person(following) or (part.kind == "job" and _next_is_person(following, card))
    return False


def _same_line_person(following: list[Part]) -> bool:
    for part in following:
        if part.line_first or part.kind in ("email", "phone"):
            return False
        if part.kind == "person":
            return True
    return False


def _next_is_person(following: list[Part], card: Card | None) -> bool:
    done = card is None or card.complete or any(p.kind == "job" for p in card.own)
    return done and bool(following) and following[0].kind == "person"


def _contact(card: Card, about: About, cell: Side | None) -> Contact:
    spans = [card.person.span, *(part.span for part in card.own)]
    flow, end = card.person.span.flow, max(s.end for s in spans)
    whole = Span(flow, min(s.start for s in spans), end + (flow.raw[end : end + 1] == ")"))
    validity = next((part.period for part in card.own if part.period), None)
    return Contact(
        about=about,
        side=card.side(cell),
        name=understand(card.person.words).name,
        origin=whole.origin(private=True),
        organisation=card.body.words if card.body else None,
        job_title=card.job,
        emails=tuple(p.email.address for p in card.own if p.email and p.email.address),
        telephones=tuple(p.words for p in card.own if p.kind == "phone"),
        valid_from=validity.start if validity else None,
        valid_until=validity.end if validity else None,
    )


def _is_ministry(words: str) -> bool:
    return "ministeriö" in words.casefold() or Registry.load().ministry(words) is not None


def _ministries(form: Form, cell: list[Part]) -> Iterator[Stated[MinistryRole]]:
    """The ministries of the cell, each once; the lead where one is called responsible or is the only one."""
    named: dict[str, tuple[Part, Part | None]] = {}
    label: Part | None = None
    for before, part in zip([None, *cell], cell, strict=False):
        if part.kind == "label" and before and not part.line_first and _key(before.words) in named:
            named[_key(before.words)] = (before, part if _RESPONSIBLE.search(part.words) else None)
        elif part.kind == "label":
            label = part
        elif part.kind == "body" and _is_ministry(part.words):
            named.setdefault(_key(part.words), (part, label if label and _RESPONSIBLE.search(label.words) else None))
    told = _responsible_in_prose(form)
    for key, (part, responsible) in named.items():
        lead = len(named) == 1 or responsible is not None or key == told
        span = part.span
        if responsible:
            span = min(responsible.span, part.span, key=_start).to(max(responsible.span, part.span, key=_start))
        yield Stated(MinistryRole(part.words, lead), span.origin())


def _start(span: Span) -> int:
    return span.start


def _responsible_in_prose(form: Form) -> str | None:
    found = {
        _key(match[1])
        for part in form.prose
        for match in re.finditer(r"teeman\s+vastuuministeriö\w*\s+([A-ZÅÄÖ]{2,4})(?::\w+)?\b", part.text)
    }
    return found.pop() if len(found) == 1 else None


def _key(name: str) -> str:
    return Registry.load().organisation_key(name)


def _left_out(cell: list[Part]) -> Iterator[LeftOut]:
    for part in cell:
        if part.email and part.email.address is None:
            origin = part.span.origin()
            yield LeftOut(origin.first, origin.last, origin.words, PATTERN)
