"""Stated numbers of things: applications received, projects funded, participants, companies, events.

Years, ages, shares in per cent, page numbers and limits (``enintään 5``) are no counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from loaders import phrases
from loaders.blocks import Block
from loaders.reading.page import Page
from loaders.reading.subjects import Subjects
from loaders.records import About, Count, Record
from loaders.values.dates import dates
from loaders.values.numerals import NUMERALS, number_word

_LABELS = {"count.participants": "participants", "count.applications": "applications", "count.projects": "projects"}
_SILENT = ("money.", "person.", "body.", "call.", "code.", "project.", "document.", "count.")
"""Fields whose values hold no counts of things."""
_OF_SEVERAL = frozenset({"applications", "calls", "projects"})
"""What a theme or a call has and a single project never."""
_WHOLE = re.compile(r"\d{1,3}(?:\s\d{3})*(?![\d.,]\d|\d|\s?[–—/-]\s?\d|\s?[%€])")
_END = re.compile(r"\s*(?:$|[.,;)(]|\n)")
_YEAR = re.compile(r"(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class _Found:
    """One count of a text: its measure and value, and the span of its words."""

    measure: str
    value: Decimal
    start: int
    end: int
    approximate: bool = False


def read(page: Page, subjects: Subjects) -> list[Record]:
    """Read the counts of a page. A second value of one measure keeps its words as what was counted (its basis)."""
    records: list[Count] = []
    seen: dict[tuple[object, ...], set[Decimal]] = {}
    for number, block in enumerate(page.blocks):
        if number in page.menu or page.related(number):
            continue
        for one, basis in _of_block(page, number, block):
            about = subjects.of(number, project=one.measure not in _OF_SEVERAL) or About("document", "")
            known = seen.setdefault((about, one.measure), set())
            if one.value in known:
                continue
            date, basis, low = _circumstances(page, number, one, basis)
            origin = page.origin(low, one.end)
            own = basis or (page.words((one.start, one.end)) if known else None)
            known.add(one.value)
            records.append(Count(about, one.measure, one.value, origin, date, own, one.approximate))
    return list(records)


def _circumstances(page: Page, number: int, one: _Found, basis: str | None) -> tuple[str | None, str | None, int]:
    """Until when a count was counted (``Elokuuhun 2017 mennessä``), on what basis, and where the words for it begin."""
    low, date = one.start, page.reference_date
    start = next((s for s, e in page.sentences(page.blocks[number]) if s <= one.start < e), one.start)
    for day in dates(page.text[start : one.start]):
        near = (start + max(0, day.start - 15), start + day.end + 20)
        if phrases.pattern("counted", "cue.until").search(page.text, near[0], min(near[1], one.start)):
            low, date = start + day.start, day.value
    between = page.text[low : one.start] if low < one.start else page.text[start : one.start]
    alone = phrases.pattern("counted", "cue.without_coordination").search(between)
    return date, basis or ("without-coordination" if alone and one.measure == "projects" else None), low


def _of_block(page: Page, number: int, block: Block) -> Iterator[tuple[_Found, str | None]]:
    label = block.label or ""
    if block.kind == "field" and block.values:
        low, high = page.outline.value(block)
        if label in ("count.planned", "count.realised", *_LABELS):
            yield from _of_field(page, number, block, low, high)
        elif not label.startswith(_SILENT):
            yield from ((one, None) for one in _in_text(page.text, low, high))
    elif block.kind in ("line", "item", "heading"):
        for low, high in page.sentences(block):
            yield from ((one, None) for one in _in_text(page.text, low, high))


def _of_field(page: Page, number: int, block: Block, low: int, high: int) -> Iterator[tuple[_Found, str | None]]:
    label = block.label or ""
    match = _WHOLE.match(page.text[low:high])
    if match is None:
        return
    measure = _LABELS.get(label)
    if measure is None:  # ``Suunniteltu: 180`` says of what only by its heading
        heads = [page.heading(number), *page.blocks[max(0, number - 2) : number]]
        labels = [phrases.label(page.words(one)) for one in heads if one and one.kind in ("heading", "line")]
        measure = next((_LABELS[one] for one in labels if one in _LABELS), None)
    if measure:
        value = Decimal(re.sub(r"\s", "", match.group()))
        yield (
            _Found(measure, value, block.start, low + match.end()),
            label.removeprefix("count.") if label not in _LABELS else None,
        )


def _in_text(text: str, start: int, end: int) -> list[_Found]:
    """The counts of a sentence: number and noun, plural and number, and parts of what was counted (``joista 12``)."""
    if not _numbers().search(text, start, end):
        return []
    found = [*_before_noun(text, start, end), *_behind_plural(text, start, end)]
    found.sort(key=lambda one: one.start)
    parts = [part for one in found for part in _parts(text, one, end)]
    kept: list[_Found] = []
    for one in [*found, *parts]:
        if not any(one.start < other.end and other.start < one.end and one.value == other.value for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _before_noun(text: str, start: int, end: int) -> Iterator[_Found]:
    for measure, pattern in _nouns():
        at = start
        while match := pattern.search(text, at, end):
            value = _value(match["number"])
            at = match.end() if value is not None else match.end("number")
            if value is None or _is_heading_number(text, start, match) or _limited(text, start, match.start("number")):
                continue
            if phrases.pattern("counted", "cue.unit").search(text, match.end("number"), match.start("noun")):
                continue
            if _needs_cue(measure, match["noun"]) and not _cued(measure, text, start, end):
                continue
            low, about = _with_about(text, start, match.start("number"))
            yield _Found(measure, value, low, match.end(), about)


def _behind_plural(text: str, start: int, end: int) -> Iterator[_Found]:
    for measure, pattern in _plurals():
        for match in pattern.finditer(text, start, end):
            value = _value(match["number"])
            rest = match.end("number")
            pieces = phrases.pattern("counted", "cue.pieces").match(text, _blank(text, rest, end), end)
            stops = pieces is not None or _END.match(text, rest, end) is not None
            if (
                value is None
                or not stops
                or _YEAR.match(match["number"])
                or _limited(text, start, match.start("number"))
            ):
                continue
            yield _Found(
                measure,
                value,
                match.start(),
                pieces.end() if pieces else rest,
                _with_about(text, start, match.start("number"))[1],
            )


def _parts(text: str, of: _Found, end: int) -> Iterator[_Found]:
    """What a sentence says of a part of the counted things: ``joista 12 on valittu``."""
    for match in _part().finditer(text, of.end, min(end, of.end + 60)):
        value = _value(match["number"])
        if value is not None and value < of.value and not _YEAR.match(match["number"]):
            yield _Found(of.measure, value, match.start(), match.end("number"))


@cache
def _number() -> str:
    """The source of a pattern for digits, with or without blanks between thousands, and for numerals in words."""
    words = "|".join(sorted({*_words(), *NUMERALS}, key=len, reverse=True))
    return (
        rf"(?<![\w.,–—:/+-])(?P<number>\d{{1,3}}(?:[ \u00a0]\d{{3}})+|\d{{1,5}}|(?:{words})(?:toista|kymmentä)?)"
        r"(?![\d.,:/]\d|\s?[–—-]\s?\d|\s?[%€]|[\w-])"
    )


@cache
def _numbers() -> re.Pattern[str]:
    return re.compile(_number(), re.IGNORECASE)


@cache
def _nouns() -> list[tuple[str, re.Pattern[str]]]:
    found = []
    for name in phrases.concepts("counted"):
        if "." not in name:
            nouns = phrases.pattern("counted", name).pattern
            found.append(
                (name, re.compile(rf"{_number()}\s+(?:(?!\d)[\w-]+\s+){{0,2}}?(?P<noun>{nouns})(?!-)", re.IGNORECASE))
            )
    return found


@cache
def _plurals() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (
            name.removeprefix("listed."),
            re.compile(
                rf"{phrases.pattern('counted', name).pattern}:?\s+(?:(?!\d)[\w-]+\s+){{0,5}}?{_number()}", re.IGNORECASE
            ),
        )
        for name in phrases.concepts("counted")
        if name.startswith("listed.")
    ]


@cache
def _part() -> re.Pattern[str]:
    return re.compile(
        rf"{phrases.pattern('counted', 'cue.part').pattern}\s+(?:(?!\d)[\w-]+\s+)?{_number()}", re.IGNORECASE
    )


@cache
def _words() -> dict[str, int]:
    names = [name for name in phrases.concepts("counted") if name.startswith("word.")]
    return {word: int(name.removeprefix("word.")) for name in names for word in phrases.wordings("counted", name)}


def _value(words: str) -> Decimal | None:
    """The value of digits or of a numeral in words; one is no count, its words are articles too."""
    digits = re.sub(r"\s", "", words)
    number = int(digits) if digits.isdigit() else _words().get(words.casefold()) or number_word(words)
    return Decimal(number) if number and number > 1 - digits.isdigit() else None


def _is_heading_number(text: str, start: int, match: re.Match[str]) -> bool:
    """``3 Projects`` is the third heading, ``62 ansökningar`` a count."""
    return (
        not text[start : match.start("number")].strip()
        and match["number"].isdigit()
        and len(match["number"]) < 3
        and match["noun"][0].isupper()
    )


def _limited(text: str, start: int, low: int) -> bool:
    return any(
        not text[cue.end() : low].strip()
        for cue in phrases.pattern("counted", "cue.limit").finditer(text, max(start, low - 25), low)
    )


def _with_about(text: str, start: int, low: int) -> tuple[int, bool]:
    """Where a count begins with its ``noin``, and whether it has one."""
    for cue in phrases.pattern("counted", "cue.about").finditer(text, max(start, low - 25), low):
        if not text[cue.end() : low].strip():
            return cue.start(), True
    return low, False


def _needs_cue(measure: str, noun: str) -> bool:
    """People and companies are counted by statistics too; participants only by projects."""
    return measure in ("participants", "companies") and noun.casefold() not in (
        "osallistujaa",
        "deltagare",
        "participants",
    )


def _cued(measure: str, text: str, start: int, end: int) -> bool:
    return phrases.pattern("counted", f"cue.{measure}").search(text, start, end) is not None


def _blank(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


__all__ = ["read"]
