"""A table of amounts by phase (labels, then values beside, behind letters or below them), and what sentences add to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from loaders import phrases
from loaders.names import Registry
from loaders.records import About, LeftOut, Money
from loaders.text import Span
from loaders.values.amounts import Amount, amounts
from loaders.values.dates import periods

PHASES = ("framework", "reserved", "committed", "paid")
"""The phases of a table in the order of its letters a) to d)."""
_SAID = ("coordinationBudget", "withRegions", "planned")
_UNPLACED = "unplaced"
_LETTER = re.compile(r"^([a-d])\)\s*", re.IGNORECASE | re.MULTILINE)
_GOES_ON = re.compile(r"(?:milj|miljoon|mrd|M\s?€|€|e\b|eur|\+|\(|ja\s|josta\s|,)", re.IGNORECASE)
_OPEN = re.compile(r"(?:\+|,|\b(?:josta|joista|ja|sekä)|\([^)]*)$")
_BEFORE = re.compile(r"\W*(?:[A-ZÅÄÖ]{2,4}:?\s)?(?:(?:[Yy]hteensä|n\.|noin|enintään|maks\.|maksimissaan)\s*)?")
_REMARK = re.compile(r"\(|,?\s*\b(?:josta|joista|jakautu|sis)|,")
_SUM = re.compile(r"\s*(?:\([A-ZÅÄÖ]{2,4}\)\s*)?(?:\+|ja\b)\s*(?:[A-ZÅÄÖ]{2,4}:?\s+)?")


@dataclass(frozen=True, slots=True)
class Kind:
    """What holds for all amounts of a table: what they are about, whose money they are (``eu-state``), as of which day."""

    about: About
    scope: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The amounts of a table and of the sentences beside it, and what could not be read."""

    money: tuple[Money, ...]
    left_out: tuple[LeftOut, ...]


def figures(cell: Span, name: Span, texts: Sequence[Span], kind: Kind) -> Figures:
    """Read the amounts of a table's cell, and those that sentences state; what cannot be read is reported, the rest kept.

    ``name`` stands for the table where the cell is missing.
    """
    money, left_out = list[Money](), list[LeftOut]()
    values = {phase: (value, label) for phase, value, label in _values(cell)}
    said = list(_said(texts, kind))
    if _UNPLACED in values:
        return Figures(tuple(said), (_left(values[_UNPLACED][0], "amounts-not-apart", understood=False),))
    for phase in PHASES:
        value, label = values.get(phase, (None, None))
        if value is None or not value:
            left_out.append(_missing(cell or name, phase))
        elif _is_unknown(value.text):
            left_out.append(_left(value, "no-amount-yet"))
        else:
            found = list(_amounts(value, label or value, phase, kind))
            money.extend(found)
            if not found:
                left_out.append(_left(value, f"no-readable-amount: {phase}", understood=False))
    money.extend(_named_parts(texts, [m for m in money if m.phase == "framework"], kind))
    return Figures((*money, *said), tuple(left_out))


@cache
def _label() -> re.Pattern[str]:
    parts = (
        rf"(?P<{phase}>(?:[a-d]\)\s*)?{phrases.pattern('amounts', f'label.{phase}').pattern}:?)" for phase in PHASES
    )
    return re.compile("|".join(parts), re.IGNORECASE)


def _is_unknown(words: str) -> bool:
    bare = words.strip(" .\n")
    return bare in ("-", "–", "—", "?") or phrases.pattern("amounts", "unknown").fullmatch(bare) is not None


def _said(texts: Sequence[Span], kind: Kind) -> Iterator[Money]:
    """The amounts that sentences give: of the coordination, of the whole with its regional projects, planned."""
    for sentence in (sentence for text in texts for sentence in text.sentences()):
        for amount in sentence.amounts():
            for phase in _SAID:
                cues = list(phrases.pattern("amounts", f"said.{phase}").finditer(sentence.text, 0, amount.start))
                if cues and not sentence.text[cues[-1].end() : amount.start].strip():
                    yield _money(sentence.sub(cues[-1].start(), amount.end), [amount], phase, replace(kind, scope=None))
                    break


def _money(span: Span, found: Sequence[Amount], phase: str, kind: Kind, **more: str | None) -> Money:
    return Money(
        about=kind.about,
        phase=phase,
        amount=sum((one.value for one in found), Decimal(0)),
        as_stated=more.pop("stated", None) or found[0].words,
        precision=min(one.precision for one in found),
        origin=span.origin(),
        date=more.pop("date", None) or kind.date,
        scope=kind.scope,
        ministry=more.pop("ministry", None),
        approximate=any(one.approximate for one in found),
        maximum=any(one.maximum for one in found),
    )


def _missing(cell: Span, phase: str) -> LeftOut:
    """A label without a value, or a table without its cell."""
    label = next((m for m in _label().finditer(cell.text) if m[phase]), None)
    return _left(cell.of(label) if label else cell, f"no-value: {phase}", understood=False)


def _left(span: Span, reason: str, *, understood: bool = True) -> LeftOut:
    origin = span.strip().origin()
    return LeftOut(origin.first, origin.last, origin.words, reason, understood)


def _values(cell: Span) -> Iterator[tuple[str, Span, Span]]:
    """Phase, value and where the statement begins: beside a label, else behind a letter, else by position after them."""
    labels = list(_label().finditer(cell.text))
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
            phase = PHASES["abcd".index(match[1].lower())]
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
    return bool(amounts(text)) or not re.search(r"\d\s*$", text)


def _amounts(value: Span, label: Span, phase: str, kind: Kind) -> Iterator[Money]:
    """The amount of one value (a sum is added up) and the shares of the ministries named with it."""
    text = value.text
    found = value.amounts(bare=True) or _zero(text)
    summands = _summands(text, found)
    if not summands:
        return
    after = text[summands[-1].end :]
    remark = re.match(r"\s*\([^)]*\)", after)
    until = [p.end for p in periods(after, open_ended=True) if p.end and p.start is None] if remark else []
    end = summands[-1].end + (remark.end() if remark and until else 0)
    stated = value.sub(summands[0].start, summands[-1].end).words
    whole = Span(value.prose, label.start, value.start + end)
    yield _money(whole, summands, phase, kind, stated=stated, date=until[0] if until else None)
    yield from _shares(value, found, phase, kind)


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


def _shares(value: Span, found: list[Amount], phase: str, kind: Kind) -> Iterator[Money]:
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
            yield _money(value.sub(start, end), [amount], phase, kind, ministry=" ".join(match[1].split()))


def _named_parts(texts: Sequence[Span], framework: list[Money], kind: Kind) -> Iterator[Money]:
    """The parts of a sum that sentences give to ministries: ``OKM:llä oli käytettävissä 10 milj. €``."""
    if len(framework) != 1 or "+" not in framework[0].as_stated:
        return
    wanted = [a.value for a in amounts(framework[0].as_stated)]
    for text in texts:
        for amount in text.amounts():
            match = re.search(r"([A-ZÅÄÖ]{2,4}):ll[äa]\s+(?:[^\W\d]+\s+){0,3}$", text.text[: amount.start])
            if match and amount.value in wanted and _is_ministry(match[1]):
                wanted.remove(amount.value)
                yield _money(text.sub(match.start(1), amount.end), [amount], "framework", kind, ministry=match[1])


def _is_ministry(word: str) -> bool:
    return "ministeriö" in word.casefold() or Registry.load().ministry(word) is not None
