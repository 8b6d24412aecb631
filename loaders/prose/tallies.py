"""Stated numbers of things in running text: calls held, applications received, projects funded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from loaders import fields
from loaders.records import About, Count, PartialDate
from loaders.text import Prose

_NUMBER = r"(?P<about>noin|n\.|yli|lähes|about|over|cirka|ca)?\s*(?P<number>\d{1,3}(?:\s\d{3})*|[a-zäö]{4,18})"
_MEASURES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("calls", re.compile(
        rf"(?:toteutet\w+|järjestet\w+|ollut|pidetty|avattu)\s+(?:yhteensä\s+)?{_NUMBER}\s+(?:\w+\s+)?"
        r"(?P<thing>(?:hanke)?(?:hakua|hakukierrosta)|alahankehakua)", re.IGNORECASE)),
    ("applications", re.compile(
        rf"(?:jätet\w+|saapu\w+|saatiin|vastaanotet\w+|tuotti|tuli|received|inkom\w*)\s+(?:yhteensä\s+)?{_NUMBER}\s+"
        r"(?P<thing>(?:hanke)?hakemusta|applications|ansökningar)(?:\s+\((?P<entities>\d+)\s+hankekokonaisuutta\))?",
        re.IGNORECASE)),
    ("projects", re.compile(
        rf"(?:käynnisty\w+|käynnissä|rahoitet\w+|hyväksyt\w+|valittu\w*|valittiin|has\s+funded|finansierat\w*)\s+"
        rf"(?:on\s+|tähän\s+mennessä\s+|jo\s+|nyt\s+|parhaillaan\s+)?(?P<basis>koordinaatiohankkeen\s+lisäksi\s+)?(?:yhteensä\s+)?"
        rf"{_NUMBER}\s+(?:\w+\s+){{0,2}}?"
        r"(?P<thing>(?:kehittämis|ala|pilotti)?hanketta|projects|projekt)\b", re.IGNORECASE)),
    ("projects", re.compile(
        rf"(?P<thing>hankkeita)\s+on\s+(?:(?!\d)[\wäö]+\s+){{0,5}}?(?P<basis>koordinaatiohankkeen\s+lisäksi\s+)?(?:yhteensä\s+)?{_NUMBER}"
        r"(?=\s+(?:eri|kappaletta|kpl|viidessä|hankekokonai\w+|$|\w+ssa\b)|\s*[.,])", re.IGNORECASE)),
    ("projects", re.compile(
        rf"(?:myönnet\w+|"
        rf"rahoitet\w+)\s+(?:(?!\d)[\wäö]+\s+){{0,3}}?{_NUMBER}\s+(?:\w+\s+)?(?P<thing>hankkeelle)\b", re.IGNORECASE)),
    ("projectEntities", re.compile(
        rf"(?:rahoitet\w+|valittu\w*|valittiin|etenee)\s+(?:yhteensä\s+)?{_NUMBER}\s+(?P<thing>hankekokonaisuutta)",
        re.IGNORECASE)),
)  # fmt: skip
_UNTIL = re.compile(r"\s*mennessä|\s*tilanteen|\s*lopussa", re.IGNORECASE)


def tallies(prose: Prose, about: About, date: PartialDate | None) -> Iterator[Count]:
    """The counts of a prose that speaks of one theme; a count's own date is the one its sentence was counted until."""
    for start, end in prose.sentences():
        until = _as_of(prose.text[start:end])
        own = until.value if until else date
        for measure, pattern in _MEASURES:
            for match, value in _counted(pattern, prose.text, start, end):
                basis = "without-coordination" if match.groupdict().get("basis") else None
                low = min(match.start(), start + until.start) if until else match.start()
                origin = prose.origin(low, match.end())
                yield Count(about, measure, value, origin, own, basis, bool(match["about"]))
                if match.groupdict().get("entities"):
                    yield Count(about, "applicationEntities", Decimal(match["entities"]), origin, own)


def _counted(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[re.Match[str], Decimal]]:
    """The matches whose number is one; a word that is none may hide a number behind it."""
    while match := pattern.search(text, start, end):
        value = _value(match["number"])
        start = match.start() + 1 if value is None else match.end()
        if value is not None:
            yield match, value


def _value(words: str) -> Decimal | None:
    digits = re.sub(r"\s", "", words)
    if digits.isdigit():
        return Decimal(digits)
    number = fields.number_word(words)
    return Decimal(number) if number else None


def _as_of(sentence: str) -> fields.Date | None:
    """The date a sentence counts until (``Elokuuhun 2017 mennessä``)."""
    return next((date for date in fields.dates(sentence) if _UNTIL.match(sentence, date.end)), None)
