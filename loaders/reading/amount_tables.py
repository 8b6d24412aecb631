"""A table of amounts by phase (labels, then values beside, behind letters or below them), and what sentences add to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

from loaders import phrases
from loaders.names import Registry
from loaders.reading.page import Page
from loaders.reading.sums import Sum
from loaders.records import About, Money
from loaders.text import Span
from loaders.values.amounts import Amount, amounts
from loaders.values.dates import periods

PHASES = ("framework", "reserved", "committed", "paid")
"""The phases of a table in the order of its letters a) to d)."""
_SAID = ("coordinationBudget", "withRegions", "planned")
_UNPLACED = "unplaced"
_SCOPE = "eu-state"
"""Whose money the amounts of the table are."""
_LETTER = re.compile(r"^([a-d])\)\s*", re.IGNORECASE | re.MULTILINE)
_OF_WHICH = phrases.pattern("amounts", "of_which").pattern
_GOES_ON = re.compile(
    rf"(?:milj|mrd|M\s?€|€|e\b|eur|\+|\(|{phrases.AND}|{_OF_WHICH}|,)",
    re.IGNORECASE,
)
_OPEN = re.compile(rf"(?:\+|,|{phrases.AND}|{_OF_WHICH}|\([^)]*)$")
_BEFORE = re.compile(r"\W*(?:[A-ZÅÄÖ]{2,4}:?\s)?(?:(?:[Yy]hteensä|n\.|noin|enintään|maks\.|maksimissaan)\s*)?")
_REMARK = re.compile(rf"\(|,?\s*{_OF_WHICH}|,")
_SUM = re.compile(r"\s*(?:\([A-ZÅÄÖ]{2,4}\)\s*)?(?:\+|ja\b)\s*(?:[A-ZÅÄÖ]{2,4}:?\s+)?")


def read(page: Page, theme: str, cell: Span, name: Span, texts: Sequence[Span]) -> Iterator[Money]:
    """Read the amounts of a table's cell, and those that sentences state; what cannot be read is reported, the rest kept.

    ``name`` stands for the table where the cell is missing.
    """
    values = {phase: (value, label) for phase, value, label in _values(cell)}
    if _UNPLACED in values:
        _leave_out(page, values[_UNPLACED][0], "amounts-not-apart", understood=False)
    else:
        framework: list[Money] = []
        for phase in PHASES:
            value, label = values.get(phase, (None, None))
            found = list(_of_phase(page, theme, phase, value, label, cell or name))
            framework += found if phase == "framework" else []
            yield from found
        yield from _named_parts(page, theme, texts, framework)
    yield from _said(page, theme, texts)


def _of_phase(
    page: Page, theme: str, phase: str, value: Span | None, label: Span | None, cell: Span
) -> Iterator[Money]:
    if not value:
        match = next((m for m in _label().finditer(cell.text) if m[phase]), None)
        _leave_out(page, cell.of(match) if match else cell, f"no-value: {phase}", understood=False)
    elif _is_unknown(value.text):
        _leave_out(page, value, "no-amount-yet")
    else:
        found = list(_amounts(page, theme, value, label or value, phase))
        yield from found
        if not found:
            _leave_out(page, value, f"no-readable-amount: {phase}", understood=False)


def _leave_out(page: Page, span: Span, reason: str, *, understood: bool = True) -> None:
    page.leave_out(span.start, span.end, reason, understood=understood)


@cache
def _label() -> re.Pattern[str]:
    parts = (
        rf"(?P<{phase}>(?:[a-d]\)\s*)?{phrases.pattern('amounts', f'label.{phase}').pattern}:?)" for phase in PHASES
    )
    return re.compile("|".join(parts), re.IGNORECASE)


def _is_unknown(words: str) -> bool:
    bare = words.strip(" .\n")
    return bare in ("-", "–", "—", "?") or phrases.pattern("amounts", "unknown").fullmatch(bare) is not None


def _said(page: Page, theme: str, texts: Sequence[Span]) -> Iterator[Money]:
    """The amounts that sentences give: of the coordination, of the whole with its regional projects, planned."""
    for sentence in (sentence for text in texts for sentence in text.sentences()):
        for amount in sentence.amounts():
            for phase in _SAID:
                cues = list(phrases.pattern("amounts", f"said.{phase}").finditer(sentence.text, 0, amount.start))
                if cues and not sentence.text[cues[-1].end() : amount.start].strip():
                    said = sentence.sub(cues[-1].start(), amount.end)
                    yield replace(_money(page, theme, said, [amount], phase), scope=None)
                    break


def _money(page: Page, theme: str, span: Span, found: Sequence[Amount], phase: str) -> Money:
    """The record of amounts that are added up; the first one's words are theirs."""
    whole = replace(
        found[0],
        value=sum((one.value for one in found), Decimal(0)),
        precision=min(one.precision for one in found),
        approximate=any(one.approximate for one in found),
        maximum=any(one.maximum for one in found),
    )
    return page.money(About("theme", theme), phase, Sum(whole, None, span.start, span.end, _SCOPE))


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


def _amounts(page: Page, theme: str, value: Span, label: Span, phase: str) -> Iterator[Money]:
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
    one = _money(page, theme, whole, summands, phase)
    yield replace(one, as_stated=stated, date=until[0] if until else one.date)
    yield from _shares(page, theme, value, found, phase)


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


def _shares(page: Page, theme: str, value: Span, found: list[Amount], phase: str) -> Iterator[Money]:
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
            one = _money(page, theme, value.sub(start, end), [amount], phase)
            yield replace(one, ministry=" ".join(match[1].split()))


def _named_parts(page: Page, theme: str, texts: Sequence[Span], framework: list[Money]) -> Iterator[Money]:
    """The parts of a sum that sentences give to ministries: ``OKM:llä oli käytettävissä 10 milj. €``."""
    if len(framework) != 1 or "+" not in framework[0].as_stated:
        return
    wanted = [a.value for a in amounts(framework[0].as_stated)]
    for text in texts:
        for amount in text.amounts():
            match = re.search(r"([A-ZÅÄÖ]{2,4}):ll[äa]\s+(?:[^\W\d]+\s+){0,3}$", text.text[: amount.start])
            if match and amount.value in wanted and _is_ministry(match[1]):
                wanted.remove(amount.value)
                one = _money(page, theme, text.sub(match.start(1), amount.end), [amount], "framework")
                yield replace(one, ministry=match[1])


def _is_ministry(word: str) -> bool:
    return "ministeriö" in word.casefold() or Registry.load().ministry(word) is not None
