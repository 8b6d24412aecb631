"""Sentences of the running text, each a span of the flow."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.review.flow import Span

_STOP = re.compile(r"[.!?](?=[)”\"’']?\s+[\"”“(–-]?[A-ZÅÄÖ\d])")
_NO_STOP = re.compile(
    r"(?:^|[\s(])(?:milj|mrd|mm|ns|nk|em|esim|ml|sis|ks|kts|ym|yms|jne|tms|ko|po|klo|n|v|p|puh|vs|nro|maks|max|yht|pl)\.$|"
    r"(?:^|[\s(–-])\d{1,2}(?:\.\d{1,2})*\.$",
    re.IGNORECASE,
)
_NOTATION = re.compile(r"(?:^|\s)\d\.\d\.$")
"""An objective (``4.1.``) may end a sentence; a day and month before a capital hardly stand inside one."""
_CAPITAL = re.compile(r"\s+[A-ZÅÄÖ][a-zåäö]")


def sentences(part: Span) -> Iterator[Span]:
    """The sentences of a part of running text, in order."""
    text, start = part.text, 0
    for stop in _STOP.finditer(text):
        end = stop.end()
        near = text[max(start, end - 14) : end]
        if _NO_STOP.search(near) and not (_NOTATION.search(near) and _CAPITAL.match(text, end)):
            continue
        if sentence := part.sub(start, end).strip():
            yield sentence
        start = end
    if sentence := part.sub(start).strip():
        yield sentence
