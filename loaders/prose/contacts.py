"""Contact persons as cards (a line each for name, title, body, telephone, address) or in one line with commas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from loaders import fields
from loaders.document.lines import Line
from loaders.names import Registry
from loaders.prose.persons import Words, is_body, is_project, understand
from loaders.records import About, Contact, LeftOut, Side
from loaders.text import Prose

_LABEL = re.compile(
    r"(?:(?<!\w)(?:p|puh|gsm|tel|tfn|matkap|s-posti)\.?:?|puhelin(?:numero)?:?|sähköposti:?|e-?mail:?|phone:?|e-post:?)\s*$",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[A-ZÅÄÖ][a-zåäö]+(?:-[A-ZÅÄÖ][a-zåäö]+)?$")
_REMARK = re.compile(r"\s*\([^()]*\)\s*:?$")
LOST = "hidden-address"
PATTERN = "address-pattern"


@dataclass(slots=True)
class Card:
    """One person as printed, still open while its lines are read; ``spans`` are the spans of its words."""

    name: str = ""
    job: str | None = None
    body: str | None = None
    side: Side | None = None
    emails: list[str] = field(default_factory=list)
    telephones: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    hidden: bool = False
    """An address stands there that is lost, or a pattern."""

    @property
    def complete(self) -> bool:
        """Whether an address or number was already read: the next heading opens another card."""
        return bool(self.emails or self.telephones or self.hidden)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a card: its words understood, or an address or number."""

    start: int
    end: int
    words: Words | None = None
    email: fields.Email | None = None
    telephone: str | None = None


@dataclass(slots=True)
class Reader:
    """Reads the cards of one prose (from ``start`` to ``end``).

    ``inline`` where only commas separate the parts, not line ends; ``side`` where it is known beforehand.
    """

    prose: Prose
    inline: bool = False
    side: Side | None = None
    start: int = 0
    end: int | None = None
    cards: list[Card] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    _heading: str | None = None
    _heading_side: Side | None = None
    _card: Card = field(default_factory=Card)

    def read(self) -> list[Card]:
        """Read all cards of the prose."""
        for part in _parts(self.prose, self.inline, self.start, len(self.prose.text) if self.end is None else self.end):
            if part.words is None:
                self._take_mark(part)
            elif part.words.kind == "person":
                self._take_person(part, part.words)
            elif part.words.kind == "job":
                self._take_job(part, part.words)
            else:
                self._take_heading(part, part.words)
        self._close()
        return self.cards

    def _close(self) -> None:
        if self._card.name:
            self.cards.append(self._card)
        self._card = Card()

    def _take_person(self, part: Part, words: Words) -> None:
        job = None
        if self._card.name or self._card.complete:
            self._close()
        elif self._card.job:
            job = self._card.job
        self._card.name, self._card.job = words.name, words.job or job
        self._card.body = words.body or self._heading
        self._card.side = self._heading_side
        self._card.spans.append((part.start, part.end))

    def _take_job(self, part: Part, words: Words) -> None:
        if self._card.complete:
            self._close()
        if self._card.job is None:
            self._card.job = words.job
            self._card.spans.append((part.start, part.end))

    def _take_heading(self, part: Part, words: Words) -> None:
        """A body below a name is the person's; one before a name, or after a finished card, is of those that follow."""
        body = words.body or words.name
        heads = self.prose.text[part.end : part.end + 1] == ":"
        if words.kind == "body" and self._card.name and not self._card.complete and not heads:
            own = self._card.body in (None, self._heading)
            self._card.body = body if own else self._card.body
            self._card.spans.append((part.start, part.end))
            return
        if words.kind == "body" or _PLACE.match(body) or is_project(body):
            self._close()
            known = words.kind == "body" or bool(_PLACE.match(body))
            self._heading = body if known else None
            self._heading_side = "coordination" if is_project(body) else None

    def _take_mark(self, part: Part) -> None:
        span = (part.start, part.end)
        if part.email and part.email.address is None:
            reason = LOST if part.email.kind == "lost" else PATTERN
            self.left_out.append(self.prose.left_out(*span, reason))
            self._card.hidden = bool(self._card.name)
        if not self._card.name:
            return
        if part.email and part.email.address and part.email.address not in self._card.emails:
            self._card.emails.append(part.email.address)
        if part.telephone:
            self._card.telephones.append(part.telephone)
        self._card.spans.append(span)


def contacts(reader: Reader, about: About) -> Iterator[Contact]:
    """The records of all cards a reader finds; every origin is private."""
    for card in reader.read():
        start, end = min(card.spans)[0], max(card.spans, key=lambda span: span[1])[1]
        yield Contact(
            about=about,
            side=card.side or reader.side or side_of(card.body),
            name=card.name,
            origin=reader.prose.origin(start, end, private=True),
            organisation=card.body,
            job_title=card.job,
            emails=tuple(card.emails),
            telephones=tuple(card.telephones),
        )


def side_of(body: str | None) -> Side:
    """On which side a person stands, told by the kind of the body."""
    kind = Registry.load().type_of(body) if body else None
    if kind == "ministry":
        return "ministry"
    return "funder" if kind == "ely-centre" or (body and "elinvoimakesku" in body.lower()) else "other"


def read_cards(lines: Iterable[Line], about: About) -> tuple[list[Contact], list[LeftOut]]:
    """The contact persons of some lines of cards, and the addresses that are none."""
    reader = Reader(Prose.of(lines))
    return list(contacts(reader, about)), reader.left_out


def _parts(prose: Prose, inline: bool, at: int, limit: int) -> Iterator[Part]:
    marks = [Part(*email.span, email=email) for email in fields.emails(prose.text)]
    marks += [Part(*phone.span, telephone=phone.value) for phone in fields.phones(prose.text)]
    for part in sorted(marks, key=lambda part: part.start):
        if at <= part.start and part.end <= limit:
            yield from _words(prose, at, part.start, inline)
            yield part
            at = part.end
    yield from _words(prose, at, limit, inline)


def _words(prose: Prose, start: int, end: int, inline: bool) -> Iterator[Part]:
    """The words between two marks, a part a line; a line that is not one thing as a whole is cut at its commas."""
    text = prose.text[start:end]
    label = _LABEL.search(text.rstrip())
    text = text[: label.start()] if label else text
    lines = [text.replace("\n", " ")] if inline else text.split("\n")
    at = start
    for line in lines:
        for low, high in _pieces(line):
            yield Part(at + low, at + high, words=understand(_REMARK.sub("", line[low:high])))
        at += len(line) + 1


def _pieces(line: str) -> Sequence[tuple[int, int]]:
    whole = _trimmed(line, 0, len(line))
    if whole is None:
        return ()
    understood = understand(line)
    if "," not in line and ":" not in line.rstrip().rstrip(":"):
        return (whole,)
    if understood.kind == "body" and not any(understand(part).kind == "person" for part in re.split("[,:;]", line)):
        return (whole,)
    spans, at = [], 0
    for piece in re.split(r"[,:;]\s", line):
        span = _trimmed(line, at, at + len(piece))
        if span:
            spans.append(span)
        at += len(piece) + 2
    return spans


def _trimmed(line: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and line[start] in " ,;:•\t\n":
        start += 1
    while start < end and line[end - 1] in " ,;\t\n":
        end -= 1
    return (start, end) if start < end else None


__all__ = ["LOST", "PATTERN", "Card", "Reader", "contacts", "is_body", "read_cards", "side_of"]
