"""The four amounts of a theme's form, and the ministries' shares of its framework."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from loaders import fields
from loaders.fields import Amount
from loaders.names import Registry
from loaders.records import About, LeftOut, Money
from loaders.review.form import Form
from loaders.text import Span

SCOPE = "eu-state"
"""The form's own heading for the four amounts: EU and state."""

_LABELS = (
    ("framework", r"julkinen\s+rahoituskehys"),
    ("reserved", r"varaukset"),
    ("committed", r"sidotut\s+valtuudet"),
    ("paid", r"maksetut\s+kustannukset"),
)
_UNPLACED = "unplaced"
_LABEL = re.compile("|".join(rf"(?P<{phase}>(?:[a-d]\)\s*)?{words}:?)" for phase, words in _LABELS), re.IGNORECASE)
_LETTER = re.compile(r"^([a-d])\)\s*", re.IGNORECASE | re.MULTILINE)
_UNKNOWN = re.compile(
    r"\s*(?:ei\s+vielä(?:\s+(?:tiedossa|saatavilla|käytössä))?|ei\s+(?:tiedossa|saatavilla)|ei\s+ole|tieto\s+puuttuu|[-–—?])[\s.]*$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"(?:milj|miljoon|mrd|M\s?€|€|e\b|eur|\+|\(|ja\s|josta\s|,)", re.IGNORECASE)
_OPEN = re.compile(r"(?:\+|,|\b(?:josta|joista|ja|sekä)|\([^)]*)$")
_BEFORE = re.compile(r"\W*(?:[A-ZÅÄÖ]{2,4}:?\s)?(?:(?:[Yy]hteensä|n\.|noin|enintään|maks\.|maksimissaan)\s*)?")
_REMARK = re.compile(r"\(|,?\s*\b(?:josta|joista|jakautu|sis)|,")
_SUM = re.compile(r"\s*(?:\([A-ZÅÄÖ]{2,4}\)\s*)?(?:\+|ja\b)\s*(?:[A-ZÅÄÖ]{2,4}:?\s+)?")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the money cell (and, for named parts of a sum, the prose) says."""

    money: tuple[Money, ...]
    left_out: tuple[LeftOut, ...]


def figures(form: Form, theme: str, date: str | None) -> Figures:
    """Read the four amounts; what cannot be read is reported, the rest is kept."""
    money, left_out = list[Money](), list[LeftOut]()
    about = About("theme", theme)
    values = {phase: (value, label) for phase, value, label in _values(form.cell("money"))}
    if _UNPLACED in values:
        reason = "amounts-not-apart"
        return Figures((), (_left(values[_UNPLACED][0], reason, understood=False),))
    for phase, _ in _LABELS:
        value, label = values.get(phase, (None, None))
        if value is None or not value:
            left_out.extend(_missing(form, phase))
        elif _UNKNOWN.match(value.text):
            left_out.append(_left(value, "no-amount-yet"))
        else:
            found = list(_amounts(value, label or value, about, phase, date))
            money.extend(found)
            if not found:
                left_out.append(_left(value, f"no-readable-amount: {phase}", understood=False))
    money.extend(_named_parts(form, about, [m for m in money if m.phase == "framework"], date))
    return Figures(tuple(money), tuple(left_out))


def _missing(form: Form, phase: str) -> Iterator[LeftOut]:
    """A label without a value, or a form without its money cell."""
    cell = form.cell("money") or form.name
    label = next((m for m in _LABEL.finditer(cell.text) if m[phase]), None)
    yield _left(cell.of(label) if label else cell, f"no-value: {phase}", understood=False)


def _left(span: Span, reason: str, *, understood: bool = True) -> LeftOut:
    origin = span.strip().origin()
    return LeftOut(origin.first, origin.last, origin.words, reason, understood)


def _values(cell: Span) -> Iterator[tuple[str, Span, Span]]:
    """Phase, value and where the statement begins: beside a label, else behind a letter, else by position after them."""
    labels = list(_LABEL.finditer(cell.text))
    phases = [str(m.lastgroup) for m in labels]
    ends = [m.start() for m in labels[1:]] + [len(cell.text)] * bool(labels)
    inline = [
        (phase, cell.sub(m.end(), end).strip(), cell.sub(m.start(), end))
        for phase, m, end in zip(phases, labels, ends, strict=True)
    ]
    if any(span for _, span, _ in inline[:-1]):
        yield from inline
        return
    rest = cell.sub(labels[-1].end() if labels else 0).strip()
    letters = list(_LETTER.finditer(rest.text))
    if letters:
        ends = [m.start() for m in letters[1:]] + [len(rest.text)]
        for match, end in zip(letters, ends, strict=True):
            phase = _LABELS["abcd".index(match[1].lower())][0]
            yield phase, rest.sub(match.end(), end).strip(), rest.sub(match.start(), end)
        return
    lines = list(rest.lines())
    if len(lines) != len(phases):
        lines = list(_value_lines(rest))
    if len(lines) == len(phases):
        yield from zip(phases, lines, lines, strict=True)
    elif rest:
        yield _UNPLACED, rest, rest


def _value_lines(rest: Span) -> Iterator[Span]:
    """Bare values one below the other; a line that only goes on a value belongs to it."""
    value: Span | None = None
    for line in rest.lines():
        if value is None:
            value = line
        elif _GOES_ON.match(line.text) or _OPEN.search(value.text) or not _complete(value.text):
            value = value.to(line)
        else:
            yield value
            value = line
    if value is not None:
        yield value


def _complete(text: str) -> bool:
    """Whether a value may stand as it is: words, or a number that is an amount."""
    return bool(fields.amounts(text)) or not re.search(r"\d\s*$", text)


def _amounts(value: Span, label: Span, about: About, phase: str, date: str | None) -> Iterator[Money]:
    """The amount of one value (a sum is added up) and the shares of the ministries named with it."""
    text = value.text
    found = value.amounts(bare=True) or _zero(text)
    summands = _summands(text, found)
    if not summands:
        return
    after = text[summands[-1].end :]
    remark = re.match(r"\s*\([^)]*\)", after)
    until = [p.end for p in fields.periods(after, open_ended=True) if p.end and p.start is None] if remark else []
    end = summands[-1].end + (remark.end() if remark and until else 0)
    yield Money(
        about=about,
        phase=phase,
        amount=sum((a.value for a in summands), Decimal(0)),
        as_stated=value.sub(summands[0].start, summands[-1].end).words,
        precision=min(a.precision for a in summands),
        origin=Span(value.prose, label.start, value.start + end).origin(),
        date=until[0] if until else date,
        scope=SCOPE,
        approximate=any(a.approximate for a in summands),
        maximum=any(a.maximum for a in summands),
    )
    yield from _shares(value, found, about, phase, date)


def _zero(text: str) -> list[Amount]:
    """A nought behind a label is an amount, whatever unit it lacks."""
    whole = re.fullmatch(r"\s*(0(?:,0{1,2})?)\s*", text)
    return [Amount(Decimal(0), Decimal(1), whole[1], *whole.span(1), unit=False)] if whole else []


def _summands(text: str, found: list[Amount]) -> list[Amount]:
    """The amounts a value adds up; none where characters around them show that a number was not read whole."""
    summands = found[:1]
    for amount in found[1:]:
        if not _SUM.fullmatch(text[summands[-1].end : amount.start]):
            break
        summands.append(amount)
    if not summands or not _BEFORE.fullmatch(text[: summands[0].start]):
        return []
    after = _REMARK.split(text[summands[-1].end :], maxsplit=1)[0]
    return [] if re.search(r"\w", after) else summands


def _shares(value: Span, found: list[Amount], about: About, phase: str, date: str | None) -> Iterator[Money]:
    """Amounts with a ministry's name right before them, or behind them in brackets."""
    if len(found) < 2:
        return
    for amount in found:
        before = re.search(
            r"\b([A-ZÅÄÖ]{2,4}|(?:[^\W\d_]+-\s+ja\s+)?[^\W\d_]+ministeriö):?\s+$", value.text[: amount.start]
        )
        behind = re.match(r"\s*\(([A-ZÅÄÖ]{2,4}|[^()]*ministeriö)\)", value.text[amount.end :])
        match = behind or before
        if match and _is_ministry(match[1]):
            start = amount.start if behind else match.start()
            end = amount.end + (match.end() if behind else 0)
            yield _share(value.sub(start, end), amount, match[1], about, phase, date)


def _share(span: Span, amount: Amount, ministry: str, about: About, phase: str, date: str | None) -> Money:
    return Money(
        about=about,
        phase=phase,
        amount=amount.value,
        as_stated=amount.words,
        precision=amount.precision,
        origin=span.origin(),
        date=date,
        scope=SCOPE,
        ministry=" ".join(ministry.split()),
        approximate=amount.approximate,
        maximum=amount.maximum,
    )


def _named_parts(form: Form, about: About, framework: list[Money], date: str | None) -> Iterator[Money]:
    """The parts of a sum that the prose gives to ministries: ``OKM:llä oli käytettävissä 10 milj. €``."""
    if len(framework) != 1 or "+" not in framework[0].as_stated:
        return
    wanted = [a.value for a in fields.amounts(framework[0].as_stated)]
    for part in form.prose:
        for amount in part.amounts():
            match = re.search(r"([A-ZÅÄÖ]{2,4}):ll[äa]\s+(?:[^\W\d]+\s+){0,3}$", part.text[: amount.start])
            if match and amount.value in wanted and _is_ministry(match[1]):
                wanted.remove(amount.value)
                yield _share(part.sub(match.start(1), amount.end), amount, match[1], about, "framework", date)


def _is_ministry(word: str) -> bool:
    return "ministeriö" in word.casefold() or Registry.load().ministry(word) is not None
