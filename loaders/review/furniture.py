"""Page furniture: the postal footer of the template and the page numbers beside it."""

from __future__ import annotations

import re

from loaders.review.flow import Flow

_BOX = re.compile(r"PL \d+(?: \d{5} \w+)?(?: \d{1,3})?$")
_MORE = re.compile(
    r"\d{5} [A-ZÅÄÖ]\w+(?: \d{1,3})?$|Käyntiosoite:|Puh\. [\d ]+$|\S+@\S+ \| \[|(?:\[[^\]]*\](?: \| )?)+$|\d{1,3}$"
)
_NUMBER = re.compile(r"\d{1,3}$")


def furniture(flow: Flow) -> list[tuple[int, int]]:
    """Spans of the footers: a post-office box with its address lines and page number."""
    texts = [flow.raw[flow.starts[i] : flow.line_end(i)] for i in range(len(flow.lines))]
    spans = []
    for index, text in enumerate(texts):
        if not _BOX.match(text):
            continue
        first, last = index, index
        while first and _NUMBER.match(texts[first - 1]):
            first -= 1
        while last + 1 < len(texts) and _MORE.match(texts[last + 1]):
            last += 1
        spans.append((flow.starts[first], flow.line_end(last)))
    return spans
