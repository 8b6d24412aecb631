"""Contact persons: cards over lines, one line with commas, labelled fields, and persons named in sentences.

A card is kept where an address or number stands in it, or where it stands below a contact's label and names a job.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.document.lines import Line
from loaders.names import Registry
from loaders.names.parts import is_unit
from loaders.reading import persons
from loaders.reading.contact_sentences import CAPITAL, in_sentences
from loaders.reading.page import Page
from loaders.reading.persons import Words, understand
from loaders.reading.subjects import Subjects
from loaders.records import About, Contact, Record, Side
from loaders.text import trimmed
from loaders.values.dates import periods
from loaders.values.marks import emails, phones

_LONGEST_LINE = 120
_MOST_WAITING = 20
_SIDES: dict[str, Side] = {f"contact.{side}": side for side in ("funder", "coordination", "ministry")}
"""Labels that say on which side the persons behind them stand."""
_SENTENCE_END = re.compile(r"[.!?][\"”)]*$")
_REMARK = re.compile(r"(?:(?<!\s)\s+)?\([^()]*\)")
_SURNAME_FIRST = re.compile(rf"({CAPITAL}),\s+((?:[A-ZÅÄÖ]\.\s)?{CAPITAL}(?:\s[A-ZÅÄÖ]\.)?)(?=\n|$)")
_CARD = 200
"""So many letters below a name its address may stand."""
_EDGES = (" ,;:•\t\n.", " ,;:\t\n")
"""What is no part of a name at its start and at its end."""
_OPEN = re.compile(r"\s*\([^()]{0,12}$")
"""A bracket that opens before a number: ``(puh. ``."""


@dataclass(slots=True)
class Card:
    """One person as printed, still open while its lines are read; ``spans`` are the spans of its words."""

    name: str = ""
    job: str | None = None
    body: str | None = None
    body_at: Bounds | None = None
    side: Side | None = None
    emails: list[str] = field(default_factory=list)
    telephones: list[str] = field(default_factory=list)
    spans: list[Bounds] = field(default_factory=list)
    hidden: bool = False
    """An address stands there that is lost, or a pattern."""
    block: int = 0
    labelled: bool = False
    """It stands below or behind a label of contacts."""
    asked: bool = False
    """It is the value of a field that asks for a person."""
    valid_from: str | None = None
    valid_until: str | None = None

    @property
    def complete(self) -> bool:
        """Whether an address or number was already read: the next heading opens another card."""
        return bool(self.emails or self.telephones or self.hidden)


def read(page: Page, subjects: Subjects) -> list[Record]:
    """Read the contact persons of a page; of two cards of a person in one part the fuller counts."""
    found: dict[tuple[str, About | None], Card] = {}
    named = (Card(name, job, body, spans=[at], block=number) for name, job, body, at, number in in_sentences(page))
    for card in [*_Cards(page).read(range(len(page.blocks))), *named]:
        key = (" ".join(sorted(card.name.casefold().split())), subjects.part(card.block))
        known = found.get(key)
        if known is None or (card.complete and not known.complete):
            found[key] = card
    return list(_records(page, subjects, found.values()))


def of_cell(page: Page, numbers: range) -> list[Card]:
    """Read the blocks of a cell of a form in which everybody named is a contact."""
    cards = _Cards(page, cell=True).read(numbers)
    for card in cards:
        card.side = card.side or _side_in_cell(card)
    return cards


def contact(page: Page, card: Card, about: About, side: Side | None = None) -> Contact:
    """Make the record of a card."""
    return Contact(
        about=about,
        side=side or card.side or side_of(card.body),
        name=card.name,
        origin=page.origin(min(card.spans)[0], max(span[1] for span in card.spans), private=True),
        organisation=card.body,
        job_title=card.job,
        emails=tuple(card.emails),
        telephones=tuple(card.telephones),
        valid_from=card.valid_from,
        valid_until=card.valid_until,
    )


def _side_in_cell(card: Card) -> Side:
    """On which side a person of a form stands: by the job, else by the body."""
    if card.job and phrases.says("job.funder", card.job, file="jobs"):
        return "funder"
    if card.job and phrases.says("job.project", card.job, file="jobs"):
        return "coordination"
    return "other" if card.body is None else "funder" if side_of(card.body) == "funder" else "coordination"


def unwrapped(lines: Sequence[Line]) -> Iterator[Line]:
    """Mark the lines of a cell that go on the line before, and only those: they wrap anywhere, blank lines mean nothing."""
    above = ""
    for line in lines:
        words = line.text.strip()
        goes_on = bool(above and words) and persons.goes_on(above, words)
        yield replace(line, continues=goes_on, cell=None, heading=0)
        above = words or above


def _records(page: Page, subjects: Subjects, cards: Iterable[Card]) -> Iterator[Contact]:
    for card in cards:
        abouts = subjects.all(card.block, theme=card.side == "coordination") or [About("document", "")]
        yield from (contact(page, card, about) for about in abouts)


def side_of(body: str | None) -> Side:
    """Tell on which side a person stands by the kind of the body."""
    kind = Registry.load().type_of(body) if body else None
    if kind == "ministry":
        return "ministry"
    return "funder" if kind == "ely-centre" or (body and mentions.authorities(body)) else "other"


class _Cards:
    """Goes through the blocks of a page with one card open at a time."""

    def __init__(self, page: Page, *, cell: bool = False) -> None:
        self.page = page
        self._cell = cell
        self.cards: list[Card] = []
        self._card = Card()
        self._waiting: list[Card] = []
        """The last cards with a name and no address or number: these may stand below."""
        self._heading: str | None = None
        self._heading_at: Bounds | None = None
        self._heading_side: Side | None = None
        self._side: Side | None = None
        self._labelled = False
        self._passing = False
        """The heading is said of the next person only: no colon ends it."""

    def read(self, numbers: range) -> list[Card]:
        """Read the cards of some blocks."""
        for number in numbers:
            block = self.page.blocks[number]
            if self.page.related(number) or phrases.pattern("jobs", "person.other").match(self.page.words(block)):
                self._end_section()
            elif block.kind == "field":
                self._take_field(number, block)
            elif block.kind == "row":
                for low, high in block.values:
                    self._take_line(number, low, high)
            else:
                self._take_block(number, block)
        self._end_section()
        return self.cards

    def _end_section(self) -> None:
        self._close()
        self._heading, self._heading_side, self._labelled = None, None, False

    def _open_section(self, label: str) -> None:
        """A label of contacts; it may say whose they are."""
        self._end_section()
        self._labelled = True
        if phrases.says("job.funder", label, file="jobs"):
            self._heading_side = "funder"
        elif phrases.says("noun.coordination", label):
            self._heading_side = "coordination"

    def _close(self) -> None:
        card = self._card
        if card.name and (card.complete or self._cell or card.asked or (card.job and card.labelled)):
            self.cards.append(card)
        if card.name and not card.complete:
            self._waiting = [*self._waiting[-_MOST_WAITING:], card]
        self._card = Card()

    def _take_block(self, number: int, block: Block) -> None:
        words = self.page.words(block)
        if phrases.label(words) == "person.contact":
            self._open_section(words)
            return
        marked = bool(emails(words) or phones(words))
        heads = block.kind == "heading" and understand(words).kind == "other" and not self._is_place(words)
        if not marked and (heads or len(words) > _LONGEST_LINE or _SENTENCE_END.search(words)):
            self._end_section()
            if heads and persons.is_project(words):
                self._heading_side = "coordination"
            return
        self._take_line(number, block.start, block.end)

    def _take_field(self, number: int, block: Block) -> None:
        label = block.label or ""
        value = self.page.text[slice(*self.page.outline.value(block))]
        addressed = label.startswith(("theme.", "body.")) and bool(emails(value) or phones(value))
        if label == "person.contact" or label in _SIDES or (addressed and not self._cell):
            self._take_contact_field(number, block, label)
        elif label == "person.name":
            self._take_named_field(number, block)
        elif label == "person.job" and block.values:
            low, high = self.page.outline.value(block)
            self._take_job((low, high), self.page.text[low:high])
        elif label in ("person.email", "person.phone"):
            self._take_marks(*(self.page.outline.value(block)))
        elif label.startswith("body.") and label != "body.authority" and not self._cell:
            self._close()
            if label in ("body.applicant", "body.lead") and block.values:
                self._heading = " ".join(self.page.text[slice(*self.page.outline.value(block))].split())
        else:
            self._take_contact_field(number, block, label) if self._cell else self._end_section()

    def _take_contact_field(self, number: int, block: Block, label: str) -> None:
        self._close()
        self._labelled, self._side = True, _SIDES.get(label)
        for span in block.values:
            self._take_line(number, *span)
            self._ask(span)
        self._side = None

    def _take_named_field(self, number: int, block: Block) -> None:
        """A label that asks for a person; the label itself may be the job, of the person below it or of the one above."""
        first = block.values[0] if block.values else (block.end, block.end)
        label = self.page.text[block.start : first[0]].strip(" :\t\n–-")
        is_job = persons.is_job(label.rpartition(" ")[2])
        names = understand(_REMARK.sub("", self.page.text[slice(*first)].split(",")[0])).kind == "person"
        if names or not is_job:
            self._close()
        self._labelled = True
        if is_job:
            self._take_job((block.start, block.start + len(label)), label)
        for low, high in block.values:
            self._take_line(number, low, high)
            self._ask((low, high))

    def _ask(self, value: Bounds) -> None:
        """Keep the person that is the whole value of a field which asks for one: no job or address has to follow."""
        if self._card.name and self._card.spans == [value]:
            self._card.asked = True

    def _take_line(self, number: int, low: int, high: int) -> None:
        """Cut a line at its addresses, numbers and dates, and what lies between at commas."""
        text = self.page.text[low:high]
        if turned := self._surname_first(text, low):
            first = low + len(text.partition("\n")[0])
            self._take_person(number, (low, first), turned)
            low, text = first, self.page.text[first:high]
        marks = sorted([(one.start, one.end) for one in [*emails(text), *phones(text)]])
        dated = [p.span for p in periods(text, open_ended=True)] if self._cell else []
        at = 0
        for start, end in [*sorted([*marks, *dated]), (len(text), len(text))]:
            pieces = list(_pieces(text, at, start))
            for index, piece in enumerate(pieces):
                words = _OPEN.sub("", text[piece[0] : piece[1]])
                last = phrases.label(words.rpartition(" ")[2]) or ""
                heads = text[piece[1] : piece[1] + 1] == ":" and not last.startswith("person.")
                first = not at and not index
                opens = first and any(_is_person(text[slice(*after)]) for after in pieces[1:])
                opens = opens or (first and bool(self._card.body) and text[piece[1] :].strip() in (",", ":"))
                self._take_words(number, (low + piece[0], low + piece[1]), words, heads, opens=opens)
            if (start, end) in dated:
                self._take_validity(low + start, low + end)
            elif start < end:
                self._take_marks(low + start, low + end)
            at = max(at, end)

    def _surname_first(self, text: str, low: int) -> Words | None:
        """``Malli, Aino``: a line in which the address below it names the person, surname first."""
        match = _SURNAME_FIRST.match(text)
        name = f"{match[2]} {match[1]}" if match else ""
        below = emails(self.page.text[low : low + _CARD]) if match else []
        named = bool(below) and below[0].address and persons.named_by(below[0].address, name)
        return Words("person", name) if named else None

    def _take_validity(self, low: int, high: int) -> None:
        """From when, or until when, the person named behind the dates is the contact."""
        if self._card.complete:
            self._close()
        period = periods(self.page.text[low:high], open_ended=True)[0]
        self._card.valid_from, self._card.valid_until = period.start, period.end
        self._card.spans.append((low, high))

    def _take_words(self, number: int, span: Bounds, text: str, heads: bool, *, opens: bool) -> None:
        """Take one part of a line; ``heads`` where a colon stands behind it, ``opens`` where a person does on its line."""
        label = phrases.label(text)
        if label == "person.contact":
            self._open_section(text)
            return
        if label and not persons.is_job(text.split()[-1]):
            return
        words = understand(_REMARK.sub("", text))
        if words.kind == "person":
            self._take_person(number, span, words)
        elif words.kind == "job":
            self._take_job(span, words.job or "")
        elif words.kind == "body" or self._is_place(words.name) or persons.is_project(words.name):
            self._take_heading(span, words, heads, opens=opens)
        elif heads and self._card.complete and not self._cell:
            self._close()  # ``Kirjeen tilaus:``: an address behind it is nobody's

    def _is_place(self, words: str) -> bool:
        """A place alone on a line heads the persons below it."""
        known = [*mentions.regions(words), *self.page.towns] if " " not in words else []
        return any(place.value == words for place in known)

    def _take_person(self, number: int, span: Bounds, words: Words) -> None:
        job = None
        if self._card.name or self._card.complete:
            self._close()
        elif self._card.job:
            job = self._card.job
        card = self._card
        card.name, card.job, card.block, card.labelled = words.name, words.job or job, number, self._labelled
        card.body, card.side = words.body or self._heading, self._side or self._heading_side
        card.body_at = span if words.body else self._heading_at
        card.spans.append(span)
        if self._passing and self._cell:
            self._heading, self._heading_side, self._passing = None, None, False

    def _take_job(self, span: Bounds, job: str) -> None:
        if self._card.complete:
            self._close()
        if self._card.job is None:
            self._card.job = " ".join(job.split())
            self._card.spans.append(span)

    def _take_heading(self, span: Bounds, words: Words, heads: bool, *, opens: bool) -> None:
        """A body below a name is the person's; one before a name, or after a finished card, is of those that follow."""
        body, coordinates = words.body or words.name, persons.is_project(words.body or words.name)
        open_card = bool(self._card.name) and not self._card.complete and not heads and not (opens and self._cell)
        if open_card and (words.kind == "body" or self._cell):
            if coordinates:
                self._card.side = "coordination"
            elif self._card.body in (None, self._heading) or self._cell:
                self._card.body, self._card.body_at = body, span
            self._card.spans.append(span)
            return
        side = self._heading_side if self._cell and self._passing and not self._card.name else None
        self._close()
        self._heading, self._heading_at = None if coordinates else body, span
        self._heading_side = "coordination" if coordinates else side
        self._passing = not heads and (coordinates or opens)

    def _take_marks(self, low: int, high: int) -> None:
        """Addresses and numbers belong to the open card; a number before any name is the organisation's own."""
        text = self.page.text[low:high]
        for email in emails(text):
            if not self._card.name:
                continue
            card = self._named_by(email.address) if email.address else self._card
            at = (low + email.start, low + email.end)
            if email.address is None:
                card.hidden = True
                reason = "hidden-address" if email.kind == "lost" else "address-pattern"
                self.page.leave_out(*at, reason, understood=True)  # a shape warns at the person's own passage
            elif email.address not in card.emails:
                card.emails.append(email.address)
            card.spans.append(at)
        for phone in phones(text) if self._card.name else ():
            self._card.telephones.append(phone.value)
            self._card.spans.append((low + phone.start, low + phone.end))

    def _named_by(self, address: str) -> Card:
        """Open the card whose name an address holds: this one, or one before it, where several names stand above the addresses.

        Words before the name are the job; an ending of a case goes. Of two names on one line without a job the one that no
        address holds is a title in capitals.
        """
        card, before = self._card, None
        name = persons.named_by(address, card.name)
        if name is None:
            before = next((one for one in reversed(self._waiting) if persons.named_by(address, one.name)), None)
        if before:
            name = persons.named_by(address, before.name)
            beside = before is self._waiting[-1] and card.block == before.block
            title = beside and not (card.complete or card.job or before.job)
            self._close()
            self._waiting = [one for one in self._waiting if one is not before]
            self.cards = [one for one in self.cards if one is not before and not (title and one is card)]
            self._card, before.job = before, card.name if title else before.job
        if name:
            words = " ".join(self._card.name.split()[: -len(name.split())])
            self._card.job, self._card.name = self._card.job or words or None, name
        return self._card


def _is_person(words: str) -> bool:
    return understand(_REMARK.sub("", words)).kind == "person"


def _pieces(text: str, low: int, high: int) -> Iterator[Bounds]:
    """The parts of a line between commas; a line that names one body, job or person as a whole stays whole."""
    whole = trimmed(text, low, high, *_EDGES)
    words = text[slice(*whole)]
    parts = [_REMARK.sub("", part).strip(" /") for cut in persons.CUT.split(words) for part in _JOINT.split(cut)]
    apart = any(_is_person(part) or persons.is_project(part) or is_unit(part) or phrases.label(part) for part in parts)
    if words and understand(words).kind == "body" and not apart:
        yield whole
        return
    at = low
    joints = [joint for joint in _JOINT.finditer(text, low, high) if _between_persons(text, low, joint, high)]
    for cut in [*sorted([*persons.CUT.finditer(text, low, high), *joints], key=lambda one: one.start()), None]:
        span = trimmed(text, at, cut.start() if cut else high, *_EDGES)
        if span[0] < span[1]:
            yield span
        at = cut.end() if cut else high


_JOINT = re.compile(rf"(?:^|\s+){phrases.AND}\s+")


def _between_persons(text: str, low: int, joint: re.Match[str], high: int) -> bool:
    """Tell whether a conjunction joins two persons, or begins what is said of another one."""
    before, after = text[low : joint.start()].strip(" ,:)"), persons.CUT.split(text[joint.end() : high])[0]
    return not before or (_is_person(persons.CUT.split(before)[-1]) and _is_person(after))
