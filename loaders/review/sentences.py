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


def sentences(part: Span) -> Iterator[Span]:
    """The sentences of a part of running text, in order."""
    text, start = part.text, 0
    for stop in _STOP.finditer(text):
        end = stop.end()
        if _NO_STOP.search(text[max(start, end - 14) : end]):
            continue
        if sentence := part.sub(start, end).strip():
            yield sentence
        start = end
    if sentence := part.sub(start).strip():
        yield sentence
