"""Numbers the prose states: of projects, applications, calls, implementers, events and people, each on its own basis."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from loaders import fields, phrases
from loaders.records import About, Count, PartialDate
from loaders.review import measures
from loaders.review.breakdowns import breakdowns
from loaders.review.calls import CALL, Told
from loaders.review.form import Form
from loaders.text import Span


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with its neighbours and the number of its part."""

    span: Span
    part: int
    before: str
    after: str

    @property
    def text(self) -> str:
        return self.span.text


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the counts of one theme; ``coordination`` is the key of the one project listed that coordinates it."""

    form: Form
    theme: str
    told: Sequence[Told]
    coordination: str | None

    def counts(self) -> list[Count]:
        """All counts in order; of two about the same on the same basis the first stands."""
        found: dict[tuple[About, str, str | None, str | None], Count] = {}
        for count in self._breakdowns():
            found.setdefault((count.about, count.measure, count.date, count.basis), count)
        for sentence in self._sentences():
            for read in (self._projects, self._applications, self._events, self._others):
                for count in read(sentence):
                    found.setdefault((count.about, count.measure, count.date, count.basis), count)
        return list(found.values())

    def _breakdowns(self) -> Iterator[Count]:
        for part in self.form.prose:
            yield from breakdowns(part.sentences(), About("theme", self.theme))

    def _sentences(self) -> Iterator[_Sentence]:
        for number, part in enumerate((*self.form.prose, self.form.texts[7])):
            spans = list(part.sentences())
            texts = ["", *(span.text for span in spans), ""]
            for index, span in enumerate(spans):
                if measures.NUMERAL.search(span.text):
                    yield _Sentence(span, number, texts[index], texts[index + 2])

    def _count(
        self,
        sentence: _Sentence,
        match: re.Match[str],
        measure: str,
        basis: str | None = None,
        *,
        group: str = "n",
        about: About | None = None,
    ) -> Iterator[Count]:
        """One count, where the words that were matched are a number."""
        value = _number(match[group])
        if value is not None:
            yield Count(
                about=about or About("theme", self.theme),
                measure=measure,
                value=Decimal(value),
                origin=sentence.span.of(match).strip().origin(),
                date=_month(sentence.text, match[0]),
                basis=basis,
                approximate=bool(match.groupdict().get("approximate")),
            )

    def _projects(self, sentence: _Sentence) -> Iterator[Count]:
        text, basis = sentence.text, _basis(sentence)
        for match in measures.FUNDED.finditer(text):
            entities = measures.says("entity", match["what"])
            which = "regional" if "alue" in (match["which"] + match["what"]).lower() else basis
            yield from self._count(sentence, match, "projectEntities" if entities else "projects", which)
            yield from self._entities(sentence, match.end(), basis)
        for match in measures.TOTAL.finditer(text):
            yield from self._count(sentence, match, "projects", basis)
        for match in measures.THERE_ARE.finditer(text):
            yield from self._count(sentence, match, "projects", "regional" if match["which"] else basis)
            yield from self._entities(sentence, match.end(), basis)
        for match in measures.CHOSEN.finditer(text):
            yield from self._count(sentence, match, "projects", " ".join(match["call"].split()))
        for match in measures.LISTED.finditer(text):
            yield from self._count(sentence, match, "projects")

    def _entities(self, sentence: _Sentence, at: int, basis: str | None) -> Iterator[Count]:
        if match := measures.ENTITIES.match(sentence.text, at):
            yield from self._count(sentence, match, "projectEntities", basis, group="n" if match["n"] else "m")

    def _applications(self, sentence: _Sentence) -> Iterator[Count]:
        """Applications are to the call told of last; to a call without dates they are the theme's."""
        before = [t for t in self.told if t.part == sentence.part and t.sentence.start <= sentence.span.start]
        season = measures.SEASON.search(sentence.text) if CALL.search(sentence.text) else None
        undated = season is not None and not any(t.sentence.start == sentence.span.start for t in before)
        last = before[-2 if measures.says("both", sentence.text) else -1 :]
        basis = season[0] if undated and season else None
        for about in [About("call", t.call.key) for t in last] if last and not undated else [None]:
            for match in measures.APPLICATIONS.finditer(sentence.text):
                yield from self._count(sentence, match, "applications", basis, about=about)
            for match in measures.APPLICATION_ENTITIES.finditer(sentence.text):
                group = next(name for name in ("bracketed", "eligible", "n") if match[name])
                which = "eligible" if group == "eligible" else basis
                yield from self._count(sentence, match, "applicationEntities", which, group=group, about=about)

    def _events(self, sentence: _Sentence) -> Iterator[Count]:
        for match in measures.EVENTS.finditer(sentence.text):
            pieces = match["what"].endswith("kappaletta")
            words = sentence.text[: match.end()] if pieces else match["what"]
            if measures.says("event", words):
                yield from self._count(sentence, match, "events", None if pieces else " ".join(match["what"].split()))

    def _others(self, sentence: _Sentence) -> Iterator[Count]:
        text = sentence.text
        planned = "planned" if measures.says("planned", text) else None
        for match in measures.CALLS.finditer(text):
            season = measures.SEASON.search(text[: match.start()])
            yield from self._count(sentence, match, "calls", planned or (season[0] if season else None))
        for match in measures.REGIONS.finditer(text):
            yield from self._count(sentence, match, "regions")
        for match in measures.IMPLEMENTERS.finditer(text):
            about = About("project", self.coordination) if self.coordination else None
            yield from self._count(sentence, match, "implementers", about=about)
        for match in measures.PEOPLE.finditer(text):
            measure = "companies" if measures.says("companies", match["what"]) else "participants"
            words = " ".join(match["what"].split())
            yield from self._count(sentence, match, measure, f"planned: {words}" if planned else words)


def _basis(sentence: _Sentence) -> str | None:
    """Whether the coordination project was counted, where the sentence or its neighbour says so."""
    goes_on = sentence.after if _begins("further", sentence.after) else ""
    if measures.says("without", sentence.text) or measures.says("without", goes_on):
        return "without-coordination"
    told = sentence.before if _begins("rounds", sentence.text) else ""
    return "with-coordination" if measures.says("with", told + sentence.text) else None


def _begins(concept: str, text: str) -> bool:
    return phrases.pattern("statements", concept).match(text) is not None


def _number(words: str | None) -> int | None:
    if not words:
        return None
    digits = words.replace(" ", "")
    return int(digits) if digits.isdigit() else fields.number_word(words)


def _month(sentence: str, stated: str) -> PartialDate | None:
    """The month a count is of (``marraskuun 2024 tilanteen mukaan``); None for the document's own date."""
    said = measures.AS_OF.match(sentence) or measures.IN_MONTH.search(stated)
    date = fields.dates(said[0])[:1] if said else []
    return date[0].value if date else None
