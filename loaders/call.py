"""Hakuilmoitus: the announcement of one call for project applications."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from loaders import fields
from loaders.document.lines import Document, Line
from loaders.draft import Draft
from loaders.names import repair
from loaders.names.bodies import authorities
from loaders.prose import Prose
from loaders.prose.contacts import read_cards
from loaders.prose.contents import group_list, target_groups
from loaders.prose.funding import funding, leads
from loaders.prose.objectives import objectives, priorities
from loaders.prose.outline import content
from loaders.prose.places import places
from loaders.prose.programme import fund_of, programme
from loaders.prose.roles import responsible
from loaders.prose.tongues import guess
from loaders.records import (
    About,
    Call,
    Objective,
    PartialDate,
    Reading,
    Stated,
    Text,
    Theme,
)

NAME = "call"

_HAKU = re.compile(r"(?:\b|-)(?:\w*haku|hakuilmoitus|\w*utlysning|\w*ansökan|\bcall\b)(?!\w)", re.IGNORECASE)
_FUND = re.compile(
    r"(?<!\w)(?P<fund>ESR\+?|EAKR|JTF|ESF\+?|ERDF)(?=[\s-]*(?:\w*haku|\w*hau|call|utlysning))", re.IGNORECASE
)
_BRACKETED_FUND = re.compile(r"\((?P<fund>ESR\+?|EAKR|JTF|ESF\+?|ERDF|E[Rr][Uu][Ff]|FRO)\)")
_OPENS = re.compile(
    r"(?:avautu[ui]\w*|aukea\w*|avattiin|avataan|alkaa|alkoi|käynnisty[yi]\w*|opens?(?:\s+on)?|öppna\w*(?:\s+den)?)\s*:?\s+",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"(?:viimeistään|päättyy|päättyi|sulkeutuu|deadline(?:\s+\w+){0,4}?|(?:closes|ends)(?:\s+on)?|(?:stängs|avslutas|senast)(?:\s+den)?)"
    r"\s*:?\s+",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"(?:,?\s+(?:klo|kello)\s+[\d.:]+)?\s+(?:mennessä|saakka|asti)\b", re.IGNORECASE)
_APPLY = re.compile(r"hak(?:emu|u\b|uaika)|jätetään|jättää|hakea|utlysning|ansök", re.IGNORECASE)
_AREA = re.compile(
    r"(?:(?:strategian|valtakunnallis\w+)\s+)(?:painopis(?:tettä|teen|te|teessä)|teema(?:n|a|an|ssa|sta))\s+[\"”“]?(?P<name>[A-ZÅÄÖ][^.,;:\"”\n]+?)[\"”]?"
    r"(?=[.,;:\"”]|\s+(?:tavoitteena|koordinaatio\w*|hankehaku\w*|haku\w*))|"
    r"(?:national\s+theme|nationella\s+temat)\s+[\"”“]?(?P<foreign>[A-ZÅÄÖ][^.,;:\"”“\n]+?)[\"”“]?"
    r"(?=[.,;:\"”“(]|\s+(?:opens|is|are|öppna\w*|är)\b)|"
    r"(?P<before>[A-ZÅÄÖ][^.;:•\n]+?)\s+[-–](?:painopis\w+|teema\w*|(?:toimenpide)?kokonaisuu\w+)"
)
_BEFORE_NAME = re.compile(
    r".*\b(?:koskee|on|ovat|avataan|avaa|avattu|avautu\w+|käynnist\w+|teeman|teemaan|teemassa|valtakunnallisen|rahoitetaan|haetaan|"
    r"järjestetään|toteutetaan|rahoittaa|sekä|myös)\s+(?=[A-ZÅÄÖ])",
    re.DOTALL,
)
"""What a sentence says before it names its theme."""
_CONTACTS = re.compile(
    r"\s*(?:lisätie\w+|yhteyshenkilö\w*|yhteystiedot|(?:further|more)\s+information|contacts?(?:\s+persons?)?|mer\s+information|"
    r"ytterligare\s+information|kontaktperson\w*)(?:\s+(?:antavat|\w*hau\w+|asiasta|"
    r"teemasta))*\s*:?\s*$",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"[^\W\d]{3}[.!?]\s+[A-ZÅÄÖ]|\b(?:oli|on)\s+avoinna\b")
"""A title is no line of running text."""
_FOR_CALL = re.compile(rf"{_HAKU.pattern}|hakuai(?:ka|at)|ansökningstid|application\s+period", re.IGNORECASE)
_END = re.compile(r"\s*(?:lue\s+lisää|liitteet|linkit|jaa\b)", re.IGNORECASE)
_OTHER_GROUPS = re.compile(r"Muita\s+[^.]*?\bvoivat\s+olla\s+(?=esimerkiksi)", re.IGNORECASE)
_OPENER = re.compile(
    r"\bopens?\b|\böppnar\b|\bavaa\w*|\bavannut|rahoittavana\s+viranomaisena|asettanut|käynnist\w+", re.IGNORECASE
)


def recognises(document: Document) -> float:
    """A call says so in its title, names its days and the objective that projects must serve."""
    lines = [line.text.strip() for line in content(document) if line.text.strip()]
    if _title_index(lines) is None:
        return 0.0
    text = "\n".join(lines)
    opens, closes = _days(Prose.of(content(document), paragraphs=True))
    if not (opens or closes):
        return 0.0
    signs = (
        bool(re.search(r"erityistavoit|specific\s+objective|särskil\w+\s+mål", text, re.IGNORECASE)),
        bool(re.search(r"\bEURA", text)),
        bool(re.search(r"hakem(?:us|ukset|uksia)|applications|ansökningar", text, re.IGNORECASE)),
        bool(opens and closes),
    )
    themes = len(re.findall(r"välittäv\w+\s+toimieli", text))
    return max(0.0, min(1.0, 0.4 + 0.15 * sum(signs) - 0.15 * max(0, themes - 1)))


def parse(document: Document) -> Reading:
    """Read a call."""
    reader = _Announcement(document, content(document))
    reader.read()
    return reader.reading()


@dataclass(slots=True)
class _Announcement(Draft):
    """The announcement being read."""

    name: Stated[Text] | None = None
    issued: PartialDate | None = None

    def read(self) -> None:
        """Read the call, the theme it serves, its contacts."""
        prose, people = self._parts()
        self.issued = self._issued()
        self.period, self.lang = programme(prose), guess(prose.text)
        self.name = self._title()
        aims = objectives(prose)
        theme = self._theme(prose, aims)
        opens, closes = _days(prose)
        label = self.name
        key = f"{label.value.text} {opens.value if opens else ''}".strip()
        call = Call(
            key,
            label,
            theme.name.value.text if theme else None,
            opens,
            closes,
            tuple(places(prose)),
            coordination=bool(re.search(r"koordinaatiohan", label.value.text, re.IGNORECASE)),
            objectives=tuple(aims),
        )
        money = funding(prose, key, None)
        self.records += [theme] if theme else []
        self.records += [call, *(replace(m, about=About("call", key), phase=_phase(m.phase)) for m in money.money)]
        cards, addresses = read_cards(people, About("call", key))
        self.records += cards
        self.left_out += [*money.left_out, *addresses]

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        self.title = self.name.value.text if self.name else None
        return self.close(NAME, reference_date=self.issued, issued=self.issued)

    def _parts(self) -> tuple[Prose, list[Line]]:
        """The text and the lines of the contact persons at its end."""
        starts = [i for i, line in enumerate(self.lines) if _CONTACTS.match(line.text)]
        start = starts[-1] if starts else len(self.lines)
        ends = [i for i in range(start, len(self.lines)) if _END.match(self.lines[i].text)]
        end = ends[0] if ends else len(self.lines)
        text = [*self.lines[:start], *self.lines[end:]]
        return Prose.of(text, paragraphs=True), self.lines[start + 1 : end]

    def _title(self) -> Stated[Text]:
        kept = [i for i, line in enumerate(self.lines) if line.text.strip()]
        index = _title_index([self.lines[i].text.strip() for i in kept])
        at = kept[index or 0]
        end = at + 1
        while end < len(self.lines) and self._wraps(end):
            end += 1
        while at > 0 and self._wraps(at):
            at -= 1
        prose = Prose.of(self.lines[at:end])
        return prose.stated(Text(repair(prose.text), self.lang), 0, len(prose.text))

    def _wraps(self, index: int) -> bool:
        """Whether a line of the title goes on the line before it."""
        line, before = self.lines[index], self.lines[index - 1]
        return line.continues or (0 < line.heading == before.heading and before.number + 1 == line.number)

    def _issued(self) -> PartialDate | None:
        """The day of publication stands by itself below the title or behind its label."""
        for line in [line for line in self.lines if line.text.strip()][:8]:
            words = re.sub(r"^(?:Julkaisuajankohta|Julkaistu|Published|Publicerad)\s*:?\s*", "", line.text.strip())
            dates = fields.dates(words)
            if dates and dates[0].start == 0 and len(words) < dates[0].end + 16:
                prose = Prose.of([line])
                start = prose.text.index(dates[0].words)
                self.left_out.append(prose.left_out(start, start + len(dates[0].words), "day-of-publication"))
                return dates[0].value
        return None

    def _theme(self, prose: Prose, aims: list[Stated[Objective]]) -> Theme | None:
        match = _AREA.search(prose.text)
        if match is None:
            return None
        group = next(name for name in ("name", "foreign", "before") if match[name])
        lead = _BEFORE_NAME.match(match[group]) if group == "before" else None
        low, high = match.start(group) + (lead.end() if lead else 0), match.end(group)
        fund = _FUND.search(prose.text) or _BRACKETED_FUND.search(prose.text)
        notation = fund_of(fund["fund"], self.period.value if self.period else None) if fund else None
        levels = priorities(prose)
        return Theme(
            name=prose.stated(Text(repair(prose.text[low:high]), self.lang), low, high),
            programme=self.period,
            fund=prose.stated(notation, *fund.span("fund")) if fund and notation else None,
            priority=levels[0] if len(levels) == 1 else None,
            objectives=tuple(aims),
            ministries=tuple(leads(list(responsible(prose)))),
            intermediate_bodies=tuple(_bodies(prose)),
            target_groups=tuple([*target_groups(prose), *_other_groups(prose)]),
        )


def _title_index(lines: list[str]) -> int | None:
    """The line among the first that names a call; None where none does."""
    named = (i for i, line in enumerate(lines[:6]) if _HAKU.search(line) and not line.endswith("."))
    return next((i for i in named if not _SENTENCES.search(lines[i])), None)


def _days(prose: Prose) -> tuple[Stated[PartialDate] | None, Stated[PartialDate] | None]:
    """Opening and closing day: from a period beside the word for the call, else from the words for each."""
    opens = closes = None
    for start, end in prose.sentences():
        text = prose.text[start:end]
        if not (_APPLY.search(text) or _HAKU.search(text) or _OPENS.match(text) or _CLOSES.match(text)):
            continue
        for period in fields.periods(text):
            if period.start and period.end and len(period.start) > 4 and _FOR_CALL.search(text):
                low, high = start + period.span[0], start + period.span[1]
                opens = opens or prose.stated(period.start, low, high)
                closes = closes or prose.stated(period.end, low, high)
        opens = opens or _day(prose, start, end, _OPENS)
        closes = closes or _day(prose, start, end, _CLOSES) or _until(prose, start, end)
    return opens, closes


def _day(prose: Prose, start: int, end: int, words: re.Pattern[str]) -> Stated[PartialDate] | None:
    for match in words.finditer(prose.text, start, end):
        dates = fields.dates(prose.text[match.end() : end])
        if dates and dates[0].start < 3 and len(dates[0].value) > 4:
            return prose.stated(dates[0].value, match.start(), match.end() + dates[0].end)
    return None


def _until(prose: Prose, start: int, end: int) -> Stated[PartialDate] | None:
    for date in fields.dates(prose.text[start:end]):
        until = _UNTIL.match(prose.text, start + date.end, end)
        if until and len(date.value) > 4:
            return prose.stated(date.value, start + date.start, until.end())
    return None


def _phase(phase: str) -> str:
    """The money of a call's announcement is the call's."""
    return "callBudget" if phase in ("framework", "planned") else phase


def _bodies(prose: Prose) -> Iterator[Stated[str]]:
    """The authority that opens the call."""
    for start, end in prose.sentences():
        if _OPENER.search(prose.text, start, end):
            for body in authorities(prose.text, start, end)[:1]:
                yield prose.stated(body.name, body.start, body.end)
                return


def _other_groups(prose: Prose) -> Iterator[Stated[str]]:
    for match in _OTHER_GROUPS.finditer(prose.text):
        stop = prose.text.find(".", match.end())
        yield from group_list(prose, match.end(), stop if stop > 0 else len(prose.text))
