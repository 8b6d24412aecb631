"""Calls announced in running text: open now, held, or planned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from loaders import fields
from loaders.names import repair
from loaders.records import Call, LeftOut, PartialDate, Stated, Text
from loaders.text import Prose

_HAKU = re.compile(
    r"(?<![\wåäö])(?:[\wåäö]+-?)?(?:hakuajat|hakuaika|haku|haut|hakukierros|utlysning(?:en|ar)?|ansökningstid(?:en)?|"
    r"ansökan|ansökningsomgång(?:en)?|call for (?:applications|proposals|ideas|projects)|application (?:round|period)|"
    r"(?:hankkeita|hakemuksia)\s+(?:haetaan|otetaan\s+vastaan)|"
    r"(?:project|open|next|first|second|third|fourth) calls?)(?![\wåäö])",
    re.IGNORECASE,
)
_LABEL_ONLY = re.compile(r"(?:haku|hakuaika|hakuajat|haut)$", re.IGNORECASE)
_TIME = re.compile(r"(?<=hankkeen\s)hakuaika$|hakuaika$|hakuajat$", re.IGNORECASE)
_OPEN = re.compile(
    r"avat(?:aan|tiin|tu)|avau?tu\w*|aukea\w*|aukesi\w*|käynnist\w+|järjestet\w+|toteutet\w+|(?<!\w)auki\b|avoinna|alkaa|alkoi|"
    r"jatku\w+|päätty\w+|päätetään|hakuaika|\bopen(?:s|ed)?\b|\bwill (?:start|be)|\bclose[sd]?\b|\bcontinuous\b|öppn\w+|öppen|"
    r"öppet|pågår|avslut\w+|fortlöpande",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"päätty\w+|päättyy|mennessä|viimeistään|saakka|asti|deadline|\bclose[sd]\b|\bend(?:s|ed)\b|\buntil\b|\bby\b|senast|"
    r"avsluta\w+|stäng\w+|till och med",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\s*(?:mennessä|saakka|asti)\b", re.IGNORECASE)
_CONTINUES = re.compile(
    r"jatkuva\w*\s+(?:\w*-?)?haku|continuous\s+call|fortlöpande\s+(?:ansökan|utlysning)", re.IGNORECASE
)
"""A call without an end."""
_BOUNDARY = re.compile(
    r"(?<!\bns)(?<!\bmm)(?<!esim)[.:;!?,]\s+|\s(?:on|oli|ovat|olivat|is|was|are|är|var)\s(?:\S+\s+(?:tarkoitus|avoinna|auki)\s+)?|"
    r"\b(?:avataan|avattiin|avautuu|avautui|avautuvat|aukeaa|aukesi|järjestetään|järjestettiin|toteutetaan|toteutettiin|"
    r"käynnistetään|käynnistettiin|käynnistyy|käynnistyi|alkaa|alkoi|auki|avoinna)\s+|"
    r"\b(?:keväällä|kesällä|syksyllä|talvella|alkuvuo\w+|loppuvuo\w+|vuo(?:nna|den))\s+(?:\d{4}\s+)?|"
    r"•\s*",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"\b(?:toinen|kolmas|neljäs|viides|kuudes|second|third|fourth|andra|tredje)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:(?:tämän|myös|lisäksi|nyt|sekä|ja|the|parhaillaan|seuraava\w* on|teeman|teemassa|teemalle|ns\.|teemaan|teemasta)\s+)+",
    re.IGNORECASE,
)
_EVENT = re.compile(r"hakuinfo\w*|hakuklinik\w+|infotilaisuu\w*|info\b", re.IGNORECASE)
_COORDINATION = re.compile(r"koordin|coordinat|samordn", re.IGNORECASE)
_UNDECIDED = re.compile(r"ei\s+ole\s+(?:vielä\s+)?päätetty|mahdollisesti", re.IGNORECASE)


@dataclass(slots=True)
class Announced:
    """The calls a text announces, and the announcements that become none."""

    calls: list[Call]
    left_out: list[LeftOut]


@dataclass(frozen=True, slots=True)
class _Found:
    label: Stated[Text]
    opens: Stated[PartialDate] | None
    closes: Stated[PartialDate] | None
    span: tuple[int, int]


def announcements(prose: Prose, theme: str | None, known: list[Call], *, news: bool = False) -> Announced:
    """Calls of one theme; ``news`` also takes an announcement without any date. Calls in ``known`` are not repeated."""
    result = Announced([], [])
    for start, end in _clauses(prose, news):
        for found in _in_clause(prose, start, end, news):
            if isinstance(found, LeftOut):
                result.left_out.append(found)
                continue
            if result.calls and _completes(found, result.calls[-1]):
                result.calls[-1] = _completed(result.calls[-1], found)
                continue
            same = _same(found, theme, [*known, *result.calls])
            if same:
                reason = f"same-call-at-line: {same.label.origin.first}"
                result.left_out.append(prose.left_out(*found.span, reason))
                continue
            result.calls.append(_call(found, theme, [*known, *result.calls]))
    return result


def _clauses(prose: Prose, news: bool) -> Iterator[tuple[int, int]]:
    """Sentences, cut where two calls stand in one (``avataan ideahaku ja keväällä 2023 varsinainen hankehaku``).

    News stand one a line.
    """
    for start, end in prose.sentences():
        at = start
        for joint in re.finditer(r"\s(?:ja|sekä|and|och)\s|\n", prose.text[start:end]):
            middle = start + joint.start()
            line = news and joint.group() == "\n"
            if line or (_HAKU.search(prose.text, at, middle) and _HAKU.search(prose.text, middle, end)):
                yield at, middle
                at = start + joint.end()
        yield at, end


def _in_clause(prose: Prose, start: int, end: int, news: bool) -> Iterator[_Found | LeftOut]:
    text = prose.text[start:end]
    haku = [m for m in _HAKU.finditer(prose.text, start, end)]
    periods = [p for p in fields.periods(text, open_ended=True) if not _is_programme(text, p)]
    if _EVENT.search(text):
        if periods or fields.dates(text):
            yield prose.left_out(start, end, "event-about-call")
        return
    if not haku:
        return
    if periods:
        at = 0
        for period in periods:
            ordinal = _ORDINAL.search(text, at, period.span[0]) if at else None
            yield _with_period(prose, start, haku, period, ordinal)
            at = period.span[1]
        return
    if not _OPEN.search(text) and not fields.dates(text):
        return
    dates = fields.dates(text)
    if _UNDECIDED.search(text):
        yield prose.left_out(start, end, "undecided-call")
    elif dates or (news and _OPEN.search(text)) or _CONTINUES.search(text):
        yield _with_date(prose, start, end, haku, dates)


def _is_programme(text: str, period: fields.Period) -> bool:
    return bool(period.start and len(period.start) == 4 and period.end and len(period.end) == 4)


def _with_period(
    prose: Prose, start: int, haku: list[re.Match[str]], period: fields.Period, ordinal: re.Match[str] | None
) -> _Found:
    """A call and its period; of a second one only the ordinal is printed (``… ja toinen 10.1.-12.3.2025``)."""
    low, high = start + period.span[0], start + period.span[1]
    noun = next((m for m in reversed(haku) if m.end() <= low), haku[0])
    label = _label(prose, start, noun)
    if ordinal:
        label = (f"{ordinal.group().capitalize()} {noun.group().lower()}", label[1], label[2])
    opens = prose.stated(period.start, low, high) if period.start else None
    closes = prose.stated(period.end, low, high) if period.end else None
    return _found(prose, label, noun, opens, closes, (low, high))


def _with_date(prose: Prose, start: int, end: int, haku: list[re.Match[str]], dates: list[fields.Date]) -> _Found:
    noun = haku[0]
    label = _label(prose, start, noun)
    if not dates:
        return _found(prose, label, noun, None, None, (noun.start(), noun.end()))
    closing = _CLOSES.search(prose.text, start, end)
    last = _closing(prose.text[start:end], dates) if len(dates) > 1 else (dates[0] if closing else None)
    first = None if dates[0] is last else dates[0]
    opens, closes = (
        prose.stated(date.value, start + date.start, start + date.end) if date else None for date in (first, last)
    )
    return _found(prose, label, noun, opens, closes, (start + dates[0].start, start + (last or dates[0]).end))


def _closing(text: str, dates: list[fields.Date]) -> fields.Date | None:
    """Of several days the one that a word for closing stands nearest to (``avataan 1.10. … ja se päättyy 15.11.``)."""
    for before, date in zip([None, *dates], dates, strict=False):
        if _CLOSES.search(text, before.end if before else 0, date.start) or _UNTIL.match(text, date.end):
            return date
    return None


def _found(
    prose: Prose,
    label: tuple[str, int, int],
    noun: re.Match[str],
    opens: Stated[PartialDate] | None,
    closes: Stated[PartialDate] | None,
    span: tuple[int, int],
) -> _Found:
    words, low, high = label
    whole = (min(low, span[0]), max(high, noun.end(), span[1]))
    origin = prose.origin(*whole)
    lang = (
        "sv"
        if re.search(r"utlysning|ansökning|ansökan", words)
        else "en"
        if re.search(r"\bcall\b|application", words)
        else "fi"
    )
    return _Found(
        Stated(Text(words, lang), origin),
        Stated(opens.value, origin) if opens else None,
        Stated(closes.value, origin) if closes else None,
        whole,
    )


def _label(prose: Prose, start: int, noun: re.Match[str]) -> tuple[str, int, int]:
    """The call's name: the noun phrase that ends with its noun, the word for time left out (``hakuaika`` → ``haku``)."""
    low, high = start, noun.end()
    for boundary in _BOUNDARY.finditer(prose.text, start, noun.start()):
        low = boundary.end()
    while low < noun.start() and prose.text[low].isspace():
        low += 1
    lead = _LEAD.match(prose.text, low, noun.start())
    low = lead.end() if lead else low
    words = prose.text[low:high].strip(" \n•–-")
    if _LABEL_ONLY.fullmatch(words):
        before = _label_before(prose, low)
        if before:
            return before
    words = repair(_TIME.sub(lambda m: "haku" if m[0].lower() == "hakuaika" else "haut", words))
    return words[:1].upper() + words[1:], low, high


def _label_before(prose: Prose, low: int) -> tuple[str, int, int] | None:
    """The name a sentence before gave the call (``… hankehaku. Hakuaika …``)."""
    spans = [(s, e) for s, e in prose.sentences() if e <= low]
    if not spans:
        return None
    start, end = spans[-1]
    nouns = list(_HAKU.finditer(prose.text, start, end))
    return _label(prose, start, nouns[-1]) if nouns else None


def _completes(found: _Found, call: Call) -> bool:
    """Whether a finding gives the date that the call just announced lacks (``… haku. Hakuaika 1.11.-29.12.2023``)."""
    if call.label.value.text != found.label.value.text:
        return False
    return not (call.closes or (call.opens and found.opens)) and bool(found.closes or (found.opens and not call.opens))


def _completed(call: Call, found: _Found) -> Call:
    return replace(call, opens=call.opens or found.opens, closes=found.closes)


def _same(found: _Found, theme: str | None, known: list[Call]) -> Call | None:
    opens = found.opens.value if found.opens else None
    closes = found.closes.value if found.closes else None
    for call in known:
        dates = (call.opens.value if call.opens else None, call.closes.value if call.closes else None)
        if call.theme != theme or dates != (opens, closes):
            continue
        if closes or call.label.value.text.lower() == found.label.value.text.lower():
            return call
    return None


def _call(found: _Found, theme: str | None, known: list[Call]) -> Call:
    label = found.label.value.text
    key = " / ".join(filter(None, [theme, label, found.opens.value if found.opens else None]))
    while any(call.key == key for call in known):
        key += " (2)"
    return Call(key, found.label, theme, found.opens, found.closes, coordination=bool(_COORDINATION.search(label)))
