"""Stated numbers of things: applications received, projects funded, participants, companies, events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from loaders import phrases
from loaders.reading.page import Page
from loaders.records import About, Count, Record
from loaders.values.numerals import number_word

_LABELS = {"count.participants": "participants", "count.applications": "applications", "count.projects": "projects"}


def read(page: Page) -> list[Record]:
    """Read the counts of a page."""
    return list(_counts(page))


def _counts(page: Page) -> Iterator[Count]:
    about = (
        About("theme", page.themes[0].value)
        if page.themes
        else About("project", page.title or page.outline.document.id)
    )
    for number, block in enumerate(page.blocks):
        if number in page.menu or page.related(number):
            continue
        if block.kind == "field" and block.label in _LABELS and block.values:
            low, high = page.outline.value(block)
            match = re.match(r"\d{1,3}(?:\s\d{3})*(?!\d)", page.text[low:high])
            if match:
                yield _count(page, about, _LABELS[block.label or ""], match.group(), low, low + match.end())
        elif block.kind in ("line", "item", "heading"):
            yield from _in_text(page, about, block.start, block.end)


def _count(page: Page, about: About, measure: str, words: str, low: int, high: int, approximate: bool = False) -> Count:
    value = re.sub(r"\s", "", words)
    number = Decimal(value) if value.isdigit() else Decimal(number_word(words) or 0)
    return Count(about, measure, number, page.origin(low, high), page.reference_date, None, approximate)


_NUMBER = r"(?<![\w.,–—:/+-])(?P<number>\d{1,3}(?:[ \u00a0]\d{3})+|\d{1,5}|[a-zåäö]{4,18})(?![\d.,:/]\d|\s?[–-]\s?\d|\s?%|\s?€|\.\d)"


def _in_text(page: Page, about: About, start: int, end: int) -> Iterator[Count]:
    for measure, pattern in _patterns():
        for match in pattern.finditer(page.text, start, end):
            words = match["number"]
            if not words.isascii() and not number_word(words):
                continue
            if not words[0].isdigit() and not number_word(words):
                continue
            yield _count(page, about, measure, words, *match.span(), bool(match["about"]))


def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    if not _COMPILED:
        for name in phrases.concepts("counted"):
            nouns = "|".join(
                phrases.pattern_of(one) for one in sorted(phrases.wordings("counted", name), key=len, reverse=True)
            )
            source = rf"(?P<about>(?:noin|n\.|yli|lähes|cirka|ca|about|over|nearly)\s+)?{_NUMBER}\s+(?:(?!\d)[\w-]+\s+){{0,2}}?(?P<noun>{nouns})(?![\w-])"
            _COMPILED.append((name, re.compile(source, re.IGNORECASE)))
    return _COMPILED


_COMPILED: list[tuple[str, re.Pattern[str]]] = []
