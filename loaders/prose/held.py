"""Calls told of together, by their number and seasons (``kaksi hankehakua keväällä 2024 ja keväällä 2025``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from loaders import fields
from loaders.prose.announcements import Announced
from loaders.records import Call, PartialDate, Stated, Text
from loaders.text import Prose

_CALLS = re.compile(r"(?<![\wåäö])(?:[\wåäö]+)?(?:hakua|hakukierrosta)(?![\wåäö])", re.IGNORECASE)

_CLOSED = re.compile(r"päätty\w+", re.IGNORECASE)
_SEASONS = (
    (re.compile(r"kevä|alku|vår|spring", re.IGNORECASE), range(1, 7)),
    (re.compile(r"syks|loppu|höst|autumn", re.IGNORECASE), range(8, 13)),
    (re.compile(r"kesä|sommar|summer", re.IGNORECASE), range(5, 10)),
)


def held(prose: Prose, theme: str, calls: Sequence[Call]) -> Announced:
    """The calls told of together that are among ``calls`` by their year are left out; the others become calls."""
    result = Announced([], [])
    waiting = list(calls)
    for start, end in prose.sentences():
        noun = _CALLS.search(prose.text, start, end)
        if noun is None:
            continue
        at = noun.end()
        for date in fields.dates(prose.text[noun.end() : end]):
            low, high = noun.end() + date.start, noun.end() + date.end
            same = next((call for call in waiting if _is_of(call, prose.text[low:high], date.value)), None)
            if same:
                waiting.remove(same)
                result.left_out.append(prose.left_out(low, high, f"same-call-at-line: {same.label.origin.first}"))
                continue
            closes = bool(_CLOSED.search(prose.text, at, low))
            at = high
            result.calls.append(_call(prose, theme, noun, date.value, high, result.calls, closes=closes))
    return result


def _is_of(call: Call, words: str, date: PartialDate) -> bool:
    """Whether a call whose days are known opened in a season of a year; one of a coordination project is told of apart."""
    opens = call.opens.value if call.opens else ""
    if call.coordination or opens[:4] != date[:4]:
        return False
    months = next((months for pattern, months in _SEASONS if pattern.search(words)), range(1, 13))
    return len(opens) < 7 or int(opens[5:7]) in months


def _call(
    prose: Prose, theme: str, noun: re.Match[str], day: str, end: int, known: Sequence[Call], *, closes: bool
) -> Call:
    origin = prose.origin(noun.start(), end)
    words = noun.group()[:-1] if noun.group().lower().endswith("hakua") else noun.group()[:-2]
    label = words[:1].upper() + words[1:]
    stated = Stated(day, origin)
    call = Call(f"{theme} / {label} / {day}", Stated(Text(label), origin), theme)
    call = replace(call, closes=stated) if closes else replace(call, opens=stated)
    return replace(call, key=f"{call.key} (2)") if any(other.key == call.key for other in known) else call
