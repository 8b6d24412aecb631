"""Calls told of together, by their number and seasons (``kaksi hankehakua keväällä 2024 ja keväällä 2025``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from loaders import fields
from loaders.prose.announcements import Announced
from loaders.prose.text import Prose
from loaders.records import Call, Stated, Text

_CALLS = re.compile(r"(?<![\wåäö])(?:[\wåäö]+)?(?:hakua|hakukierrosta)(?![\wåäö])", re.IGNORECASE)


def held(prose: Prose, theme: str, calls: Sequence[Call]) -> Announced:
    """The calls told of together that are among ``calls`` by their year are left out; the others become calls."""
    result = Announced([], [])
    waiting = list(calls)
    for start, end in prose.sentences():
        noun = _CALLS.search(prose.text, start, end)
        if noun is None:
            continue
        for date in fields.dates(prose.text[noun.end() : end]):
            low, high = noun.end() + date.start, noun.end() + date.end
            same = next((c for c in waiting if c.opens and c.opens.value[:4] == date.value[:4]), None)
            if same:
                waiting.remove(same)
                result.left_out.append(prose.left_out(low, high, f"the same call as at line {same.label.origin.first}"))
                continue
            result.calls.append(_call(prose, theme, noun, date.value, high, result.calls))
    return result


def _call(prose: Prose, theme: str, noun: re.Match[str], opens: str, end: int, known: Sequence[Call]) -> Call:
    origin = prose.origin(noun.start(), end)
    words = noun.group()[:-1] if noun.group().lower().endswith("hakua") else noun.group()[:-2]
    label = words[:1].upper() + words[1:]
    call = Call(f"{theme} / {label} / {opens}", Stated(Text(label), origin), theme, Stated(opens, origin))
    return replace(call, key=f"{call.key} (2)") if any(other.key == call.key for other in known) else call
