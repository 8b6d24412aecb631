"""A table of amounts by phase (labels, then values beside, behind letters or below them), and what sentences add to it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from loaders import phrases
from loaders.blocks import Bounds
from loaders.names import Registry
from loaders.reading.page import Page
from loaders.reading.sums import Sum
from loaders.records import About, Money
from loaders.text import trimmed
from loaders.values.amounts import Amount, amounts
from loaders.values.dates import periods

_PHASES = ("framework", "reserved", "committed", "paid")
"""The phases of a table in the order of its letters a) to d)."""
_SAID = ("coordinationBudget", "withRegions", "planned")
_UNPLACED = "unplaced"
_SCOPE = "eu-state"
"""Whose money the amounts of the table are."""
_LETTER = re.compile(r"^([a-d])\)\s*", re.IGNORECASE | re.MULTILINE)
_OF_WHICH = phrases.whole_words("amounts", "of_which")
_GOES_ON = re.compile(
    rf"(?:milj|mrd|M\s?€|€|e\b|eur|\+|\(|{phrases.AND}|{_OF_WHICH}|,)",
    re.IGNORECASE,
)
_OPEN = re.compile(rf"(?:\+|,|{phrases.AND}|{_OF_WHICH}|\([^)]*)$")
_BEFORE = re.compile(r"\W*(?:[A-ZÅÄÖ]{2,4}:?\s)?(?:(?:[Yy]hteensä|n\.|noin|enintään|maks\.|maksimissaan)\s*)?")
_REMARK = re.compile(rf"\(|,?\s*{_OF_WHICH}|,")
_SUM = re.compile(r"\s*(?:\([A-ZÅÄÖ]{2,4}\)\s*)?(?:\+|ja\b)\s*(?:[A-ZÅÄÖ]{2,4}:?\s+)?")
_LABEL = re.compile(
    "|".join(rf"(?P<{one}>(?:[a-d]\)\s*)?{phrases.whole_words('amounts', f'label.{one}')}:?)" for one in _PHASES),
    re.IGNORECASE,
)


def read(page: Page, theme: str, cell: Bounds, name: Bounds, texts: Sequence[Bounds]) -> Iterator[Money]:
    """Read the amounts of a table's cell, and those that sentences state; what cannot be read is reported, the rest kept.

    ``name`` stands for the table where the cell is missing.
    """
    values = {phase: (value, start) for phase, value, start in _values(page, *cell)}
    if _UNPLACED in values:
        page.leave_out(*values[_UNPLACED][0], "amounts-not-apart")
    else:
        framework: list[Money] = []
        for phase in _PHASES:
            value, start = values.get(phase, ((0, 0), 0))
            found = list(_of_phase(page, theme, phase, value, start, cell if page.words(cell).strip() else name))
            framework += found if phase == "framework" else []
            yield from found
        yield from _named_parts(page, theme, texts, framework)
    yield from _said(page, theme, texts)


def _of_phase(page: Page, theme: str, phase: str, value: Bounds, start: int, cell: Bounds) -> Iterator[Money]:
    """The amounts of one phase, whose statement begins at ``start``; what cannot be read is reported."""
    words = page.words(value).strip(" .\n")
    if not page.words(value):
        labels = (m for m in _LABEL.finditer(page.words(cell)) if m[phase])
        span = next(((cell[0] + m.start(), cell[0] + m.end()) for m in labels), cell)
        page.leave_out(*span, f"no-value: {phase}")
    elif words in ("-", "–", "—", "?") or phrases.means("unknown", words, file="amounts"):
        page.leave_out(*value, "no-amount-yet", understood=True)
    else:
        found = list(_amounts(page, theme, value, start, phase))
        yield from found
        if not found:
            page.leave_out(*value, f"no-readable-amount: {phase}")


def _said(page: Page, theme: str, texts: Sequence[Bounds]) -> Iterator[Money]:
    """The amounts that sentences give: of the coordination, of the whole with its regional projects, planned."""
    for low, high in (sentence for text in texts for sentence in page.sentences(text)):
        text = page.text[low:high]
        for amount in _of(text):
            for phase in _SAID:
                cues = list(phrases.pattern("amounts", f"said.{phase}").finditer(text, 0, amount.start))
                if cues and not text[cues[-1].end() : amount.start].strip():
                    one = _money(page, theme, low + cues[-1].start(), low + amount.end, [amount], phase)
                    yield replace(one, scope=None)
                    break


def _of(text: str, *, bare: bool = False) -> list[Amount]:
    """The amounts of a text; a line end parts no number."""
    return amounts(text.replace("\n", " "), bare=bare)


def _money(page: Page, theme: str, low: int, high: int, found: Sequence[Amount], phase: str) -> Money:
    """The record of amounts that are added up; the first one's words are theirs."""
    whole = replace(
        found[0],
        value=sum((one.value for one in found), Decimal(0)),
        precision=min(one.precision for one in found),
        approximate=any(one.approximate for one in found),
        maximum=any(one.maximum for one in found),
    )
    return page.money(About("theme", theme), phase, Sum(whole, None, low, high, _SCOPE))


def _values(page: Page, low: int, high: int) -> Iterator[tuple[str, Bounds, int]]:
    """Phase, value and where the statement begins: beside a label, else behind a letter, else by position after them."""
    labels = list(_LABEL.finditer(page.text[low:high]))
    phases = [str(m.lastgroup) for m in labels]
    inline = list(_parted(page, low, high, labels))
    if any(value[0] < value[1] for value, _ in inline[:-1]):
        yield from ((phase, *one) for phase, one in zip(phases, inline, strict=True))
        return
    low, high = trimmed(page.text, low + (labels[-1].end() if labels else 0), high)
    letters = list(_LETTER.finditer(page.text[low:high]))
    if letters:
        phases = [_PHASES["abcd".index(match[1].lower())] for match in letters]
        yield from ((phase, *one) for phase, one in zip(phases, _parted(page, low, high, letters), strict=True))
        return
    lines = page.outline.text.printed(low, high)
    lines = lines if len(lines) == len(phases) else list(_value_lines(page, lines))
    if len(lines) == len(phases):
        yield from ((phase, line, line[0]) for phase, line in zip(phases, lines, strict=True))
    elif low < high:
        yield _UNPLACED, (low, high), low


def _parted(page: Page, low: int, high: int, marks: list[re.Match[str]]) -> Iterator[tuple[Bounds, int]]:
    """What stands behind each mark of a span, up to the next, with where the mark begins."""
    ends = [*(low + mark.start() for mark in marks[1:]), high]
    for mark, end in zip(marks, ends, strict=False):
        yield trimmed(page.text, low + mark.end(), end), low + mark.start()


def _value_lines(page: Page, lines: Sequence[Bounds]) -> Iterator[Bounds]:
    """Bare values one below the other; a line that only goes on a value belongs to it, and so does the rest of a number."""
    value: Bounds | None = None
    for line in lines:
        words = page.words(value) if value else ""
        torn = re.search(r"\d\s*$", words) and not amounts(words)
        if value and (_GOES_ON.match(page.words(line)) or _OPEN.search(words) or torn):
            value = (value[0], line[1])
            continue
        if value:
            yield value
        value = line
    if value:
        yield value


def _amounts(page: Page, theme: str, value: Bounds, start: int, phase: str) -> Iterator[Money]:
    """The amount of one value (a sum is added up) and the shares of the ministries named with it."""
    text, low = page.words(value), value[0]
    found = _of(text, bare=True)
    if not found and (zero := re.fullmatch(r"\s*(0(?:,0{1,2})?)\s*", text)):  # an amount, whatever unit it lacks
        found = [Amount(Decimal(0), Decimal(1), zero[1], *zero.span(1), unit=False)]
    summands = _summands(text, found)
    if not summands:
        return
    after = text[summands[-1].end :]
    remark = re.match(r"\s*\([^)]*\)", after)
    until = [p.end for p in periods(after, open_ended=True) if p.end and p.start is None] if remark else []
    end = summands[-1].end + (remark.end() if remark and until else 0)
    one = _money(page, theme, start, low + end, summands, phase)
    stated = " ".join(text[summands[0].start : summands[-1].end].split())
    yield replace(one, as_stated=stated, date=until[0] if until else one.date)
    yield from _shares(page, theme, value, found, phase)


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


_BEFORE_SHARE = re.compile(r"\b([A-ZÅÄÖ]{2,4}|(?:[^\W\d_]+-\s+ja\s+)?[^\W\d_]+ministeriö):?\s+$")
_BEHIND_SHARE = re.compile(r"\s*\(([A-ZÅÄÖ]{2,4}|[^()]*ministeriö)\)")


def _shares(page: Page, theme: str, value: Bounds, found: list[Amount], phase: str) -> Iterator[Money]:
    """Amounts with a ministry's name right before them, or behind them in brackets."""
    text, low = page.words(value), value[0]
    for amount in found if len(found) > 1 else ():
        behind = _BEHIND_SHARE.match(text[amount.end :])
        match = behind or _BEFORE_SHARE.search(text[: amount.start])
        if match and _is_ministry(match[1]):
            start = amount.start if behind else match.start()
            end = amount.end + (match.end() if behind else 0)
            one = _money(page, theme, low + start, low + end, [amount], phase)
            yield replace(one, ministry=" ".join(match[1].split()))


def _named_parts(page: Page, theme: str, texts: Sequence[Bounds], framework: list[Money]) -> Iterator[Money]:
    """The parts of a sum that sentences give to ministries: ``OKM:llä oli käytettävissä 10 milj. €``."""
    if len(framework) != 1 or "+" not in framework[0].as_stated:
        return
    wanted = [a.value for a in amounts(framework[0].as_stated)]
    for low, high in texts:
        text = page.text[low:high]
        for amount in _of(text):
            match = re.search(r"([A-ZÅÄÖ]{2,4}):ll[äa]\s+(?:[^\W\d]+\s+){0,3}$", text[: amount.start])
            if match and amount.value in wanted and _is_ministry(match[1]):
                wanted.remove(amount.value)
                one = _money(page, theme, low + match.start(1), low + amount.end, [amount], "framework")
                yield replace(one, ministry=match[1])


def _is_ministry(word: str) -> bool:
    return "ministeriö" in word.casefold() or Registry.load().ministry(word) is not None
