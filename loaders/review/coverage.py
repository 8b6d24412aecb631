"""What of a review became no record, and why: every amount, code, date and address that no record's origin holds."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from dataclasses import fields as fields_of
from typing import Any

from loaders import fields
from loaders.records import LeftOut, Origin, Project, Record
from loaders.review.flow import Flow
from loaders.review.form import Form
from loaders.review.links import Address
from loaders.values.weekdays import oddity

_USES = {
    "annotation": "link-annotation",
    "template": "template",
    "mention": "address-in-text",
    "printed": "address-again",
}
_RUNNING = {
    "amount": "amount-in-text",
    "date": "date-in-text",
    "code": "code-outside-lists",
}


_YEAR = 4


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    kind: str


class Coverage:
    """Compares the recognised words of a document with the origins of what was read."""

    def __init__(
        self,
        flow: Flow,
        forms: Sequence[Form],
        addresses: Sequence[Address],
    ) -> None:
        """Keep what tells the reasons apart."""
        self.flow, self.forms, self.addresses = flow, forms, addresses
        self._copied = self._repeated_sentences()
        self._codes: set[str] = set()

    def left_out(self, records: Iterable[Record], known: Iterable[LeftOut]) -> list[LeftOut]:
        """Everything recognised that neither a record nor ``known`` holds, in the order of the document."""
        reported, records = list(known), list(records)
        read = _Read(records, reported)
        self._codes = {
            record.group_code.value for record in records if isinstance(record, Project) and record.group_code
        }
        found = [self._address(a) for a in self.addresses if not read.holds(a.origin)]
        title = self.forms[0].whole.start if self.forms else None
        for token in self._tokens():
            origin = _plain(self.flow, token)
            if not read.holds(origin) and (title is None or token.start >= title):
                found += [self._token(token, origin), *self._odd(token)]
        return sorted([*reported, *found], key=lambda item: (item.first, item.last))

    def _tokens(self) -> Iterator[_Token]:
        text = self._without_addresses()
        for amount in fields.amounts(text):
            yield _Token(amount.start, amount.end, "amount")
        for period in fields.periods(text):
            yield _Token(*period.span, "date")
        for date in [*fields.dates(text), *fields.impossible_dates(text)]:
            # A year or season alone is a word of the text, not a figure anybody looks up.
            if len(date.value) != _YEAR:
                yield _Token(date.start, date.end, "date")
        for mark in fields.codes(text):
            yield _Token(mark.start, mark.end, "code")
        for email in fields.emails(text):
            yield _Token(email.start, email.end, "email")
        for phone in fields.phones(text):
            yield _Token(phone.start, phone.end, "phone")
        for form in self.forms:
            for code in fields.damaged_codes(form.projects.text):
                yield _Token(form.projects.start + code.start, form.projects.start + code.end, "damaged")

    def _without_addresses(self) -> str:
        pieces, at = [], 0
        for address in self.addresses:
            if address.start >= at:
                blank = re.sub(r"[^\n]", " ", self.flow.raw[address.start : address.end])
                pieces += [self.flow.raw[at : address.start], blank]
                at = address.end
        return "".join([*pieces, self.flow.raw[at:]])

    def _address(self, address: Address) -> LeftOut:
        private = address.url.startswith("mailto:") or "@" in address.url
        return _left(address.origin, _USES[address.use], private=private)

    def _token(self, token: _Token, origin: Origin) -> LeftOut:
        private = token.kind in ("email", "phone")
        form = next((f for f in self.forms if f.whole.start <= token.start < f.whole.end), None)
        if form is None:
            return _left(origin, "before-first-theme")
        if token.kind == "code" and origin.words in self._codes:
            return _left(origin, "code-again")
        if token.kind == "damaged":
            return _left(origin, "damaged-code", understood=False)
        if private:
            return _left(origin, "address-of-nobody", understood=False, private=True)
        return self._in_form(form, token, origin)

    def _in_form(self, form: Form, token: _Token, origin: Origin) -> LeftOut:
        if form.period.start <= token.start < form.period.end:
            return _left(origin, "further-period")
        if any(cell.start <= token.start < cell.end for cell in (form.contacts, form.ministry)):
            return _left(origin, "contact-cell", private=True)
        if form.money.start <= token.start < form.money.end:
            return _left(origin, "beside-amount")
        if form.projects and token.start >= form.projects.start and token.kind == "date":
            return _left(origin, "date-of-list-heading")
        if form.projects and token.start >= form.projects.start:
            return _left(origin, "unowned-in-project-list", understood=False)
        if not any(part.start <= token.start < part.end for part in form.parts[1:]):
            return _left(origin, "form-heading")
        if any(start <= token.start < end for start, end in self._copied):
            return _left(origin, "copied-form")
        return _left(origin, _RUNNING[token.kind], understood=token.kind != "code")

    def _odd(self, token: _Token) -> Iterator[LeftOut]:
        """The words of a day that cannot be the one they say; the figure itself is accounted for by its own reason."""
        found = oddity(self.flow.raw, token.start, token.end) if token.kind == "date" else None
        if found:
            said = _plain(self.flow, _Token(found.start, token.end, token.kind))
            yield _left(said, found.reason, understood=False)

    def _repeated_sentences(self) -> list[tuple[int, int]]:
        """Stretches of prose that another theme's form holds word for word before."""
        seen: dict[str, Form] = {}
        found = []
        for form in self.forms:
            for part in form.prose:
                for match in re.finditer(r"[^.]{40,}\.", part.text):
                    words = " ".join(match[0].split())
                    if seen.setdefault(words, form) is not form:
                        found.append((part.start + match.start(), part.start + match.end()))
        return found


class _Read:
    """The words of all origins, by line."""

    def __init__(self, records: Iterable[Record], reported: Iterable[LeftOut]) -> None:
        self._lines: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
        for record in records:
            for origin in origins(record):
                self._add(origin.first, origin.last, origin.words)
        for item in reported:
            self._add(item.first, item.last, item.words)

    def _add(self, first: int, last: int, words: str) -> None:
        for line in range(first, last + 1):
            self._lines[line].append((first, last, words))

    def holds(self, origin: Origin) -> bool:
        """Whether an origin (or report) on the same lines holds the same words."""
        return any(
            first <= origin.first and last >= origin.last and origin.words in words
            for first, last, words in self._lines.get(origin.first, ())
        )


def origins(value: Any) -> Iterator[Origin]:
    """Every origin inside a record."""
    if isinstance(value, Origin):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from origins(item)
    elif is_dataclass(value):
        for field in fields_of(value):
            yield from origins(getattr(value, field.name))


def _plain(flow: Flow, token: _Token) -> Origin:
    """Where a token stands, masked or not."""
    first, last = flow.index(token.start), flow.index(max(token.start, token.end - 1))
    words = " ".join(flow.raw[token.start : token.end].split())
    return Origin(flow.lines[first].number, flow.lines[last].number, words, flow.lines[first].page)


def _left(origin: Origin, reason: str, *, understood: bool = True, private: bool = False) -> LeftOut:
    return LeftOut(origin.first, origin.last, origin.words, reason, understood, private)
