"""Stated numbers of things: applications received, projects funded, participants, companies, events.

Years, ages, shares in per cent, page numbers and limits (``enintään 5``) are no counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, pairwise

from loaders import phrases
from loaders.blocks import Block, Bounds
from loaders.reading.page import Page
from loaders.reading.subjects import Subjects
from loaders.records import About, Count, Record
from loaders.values.amounts import NUMERALS, number_word
from loaders.values.dates import dates

_LABELS = {"count.participants": "participants", "count.applications": "applications", "count.projects": "projects"}
_SILENT = ("money.", "person.", "body.", "call.", "code.", "project.", "document.", "count.")
"""Fields whose values hold no counts of things."""
_APPLIED = ("applications", "applicationEntities")
_PROJECTS = ("projects", "projectEntities")
_OF_SEVERAL = frozenset({*_APPLIED, *_PROJECTS, "calls"})
"""What a theme or a call has and a single project never."""
_OF_KINDS = frozenset({"participants", "companies", "events"})
"""Counts whose noun says what exactly was counted: it is their basis."""
_OF_EVENTS = frozenset({"participants", "events", "calls"})
"""What a sentence of an event counts that has nothing to do with a call's own numbers."""
_WHOLE = re.compile(r"\d{1,3}(?:\s\d{3})*(?![\d.,]\d|\d|\s?[–—/-]\s?\d|\s?[%€])")
_END = re.compile(r"\s*(?:$|[.,;)(]|\n)")
_CLAUSE = re.compile(r"[,;]\s|\.\s+(?=[A-ZÅÄÖ])")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_YEAR_BEHIND = re.compile(r"\s+(?:19|20)\d\d(?!\d)")
_NEAR = 20
_LEAST = 3
"""Two numbers of projects side by side may speak of anything; three divide a whole."""
_CONCEPTS = phrases.concepts("counted")
_NUMBER_WORDS = {
    word: int(name.removeprefix("word."))
    for name in _CONCEPTS
    if name.startswith("word.")
    for word in phrases.wordings("counted", name)
}
_NUMERAL = re.compile(
    rf"(?:{'|'.join(sorted({*_NUMBER_WORDS, *NUMERALS}, key=len, reverse=True))})(?:toista|kymmentä)?(?![\w-])",
    re.IGNORECASE,
)
_NUMBER = (
    r"(?:(?<![\w.,–—:/+-])|(?<=[a-zåäö]{4})(?=\d))"
    rf"(?P<number>\d{{1,3}}(?:[ \u00a0]\d{{3}})+|\d{{1,5}}|{_NUMERAL.pattern})"
    r"(?![\d.,:/]\d|\s?[–—-]\s?\d|\s?[%€]|[\w-])"
)
"""Digits, with or without blanks between thousands, and numerals in words."""
_NUMBERS = re.compile(rf"(?={_NUMBER})", re.IGNORECASE)
"""Every place where a number begins, with the number."""
_WORD = re.compile(rf"(?!{_NUMERAL.pattern})[^\W\d]+(?:-[^\W\d]+)*-?\s+", re.IGNORECASE)
"""A word that is no number, with the blank behind it."""
_PART = re.compile(rf"\s+(?:(?!\d)[\w-]+\s+)?{_NUMBER}", re.IGNORECASE)
_MEASURES = [name for name in _CONCEPTS if "." not in name or name.startswith("one.")]
_LISTED = rf":?\s+(?:(?:19|20)\d\d\s+|{_WORD.pattern}){{0,7}}?(?!(?:19|20)\d\d(?!\d)){_NUMBER}"
_PLURALS = [
    *(
        (name.removeprefix("listed."), name, re.compile(_LISTED, re.IGNORECASE))
        for name in _CONCEPTS
        if "listed." in name
    ),
    ("projects", "cue.numbered", re.compile(rf"\s+\(N\s?=\s?{_NUMBER}", re.IGNORECASE)),  # ``hankkeet (N=12)``
]
"""The measures with the cues for their plurals, and what stands behind these up to a number."""
_IN_CASES = "|".join(sorted((one for one in NUMERALS if one.endswith(("ssa", "ssä"))), key=len, reverse=True))
_INSIDE = re.compile(
    rf"\b(?:{_IN_CASES})\b(?P<of>\s+{phrases.whole_words('counted', 'cue.in_projects')})?(?P<other>\s+\w+ss[aä]\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Found:
    """One count of a text: its measure and value, and the spans of its words and of the noun that says what is counted."""

    measure: str
    value: Decimal
    start: int
    end: int
    approximate: bool = False
    noun: Bounds | None = None
    basis: str | None = None


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of a page with the words of its neighbours in the same block."""

    page: Page
    start: int
    end: int
    before: str = ""
    after: str = ""

    @property
    def span(self) -> tuple[str, int, int]:
        """The text of the page and the span in it."""
        return self.page.text, self.start, self.end

    def says(self, cue: str, until: int | None = None) -> bool:
        """Tell whether the words of a cue stand in the sentence, before ``until`` where given."""
        return _says(cue, self.page.text, self.start, self.end if until is None else until)

    def call_of(self, until: int) -> str | None:
        """Give the words for the season or year of a call that stand before a place: ``Vuoden 2024 rahoitushakuun``."""
        text = self.page.text
        for cue in _find("cue.season", text, self.start, until):
            if year := _YEAR_BEHIND.match(text, cue.end):
                at = _blank(text, year.end(), self.end)
                calls = [one.end for one in phrases.find("noun.call", text, at) if one.start == at]
                return " ".join(text[cue.start : (*calls, year.end())[0]].split())
        return None


def read(page: Page, subjects: Subjects) -> list[Record]:
    """Read the counts of a page. A second value of one measure keeps its words as what was counted (its basis)."""
    records: list[Count] = []
    seen: dict[tuple[object, ...], set[Decimal]] = {}
    for number, block in enumerate(page.blocks):
        if number in page.menu or page.related(number):
            continue
        for one, sentence in _of_block(page, number, block):
            date, low = _date(one, sentence)
            for about in _abouts(subjects, number, one, sentence):
                if about.kind == "call" and one.measure in _OF_EVENTS and phrases.says("event", *sentence.span):
                    continue  # of an event about the call
                known = seen.setdefault((about, one.measure), set())
                basis = one.basis or (page.words((one.start, one.end)) if known else None)
                if about.kind == "call" and one.measure in _APPLIED and basis != "eligible":
                    basis = None  # the call itself says it
                if one.value in known and (not one.basis or (about, one.measure, date, basis) in seen):
                    continue
                known.add(one.value)
                seen[about, one.measure, date, basis] = {one.value}
                origin = page.origin(low, one.end)
                records.append(Count(about, one.measure, one.value, origin, date, basis, one.approximate))
        records += _parts_of_whole(page, number, block, subjects)
    return list(records)


def _of_block(page: Page, number: int, block: Block) -> Iterator[tuple[_Found, _Sentence]]:
    label = block.label or ""
    if block.kind == "field" and block.values:
        low, high = page.outline.value(block)
        if label in ("count.planned", "count.realised", *_LABELS):
            yield from ((one, _Sentence(page, block.start, high)) for one in _of_field(page, number, block, low, high))
        elif not label.startswith(_SILENT):
            yield from _of_sentence(_Sentence(page, low, high))
    elif block.kind in ("line", "item", "heading"):
        spans = list(page.sentences(block))
        words = ["", *(page.text[low:high].strip() for low, high in spans), ""]
        for index, (low, high) in enumerate(spans):
            yield from _of_sentence(_Sentence(page, low, high, words[index], words[index + 2]))


def _of_field(page: Page, number: int, block: Block, low: int, high: int) -> Iterator[_Found]:
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
        basis = label.removeprefix("count.") if label not in _LABELS else None
        yield _Found(measure, value, block.start, low + match.end(), basis=basis)


# what a count is of, when and on what basis


def _abouts(subjects: Subjects, number: int, one: _Found, sentence: _Sentence) -> list[About]:
    """What a count is of: applications are to the call told of last (or to both), unless to one that only a season names."""
    if one.measure in _APPLIED:
        told = subjects.calls_in(" ".join(sentence.page.text[sentence.start : sentence.end].split()))
        if not told and (not one.basis or one.basis == "eligible"):
            told = subjects.calls_above(number, sentence.end)
        if told:
            return told[-2 if sentence.says("both") else -1 :]
    about = subjects.coordination(number) if one.measure == "implementers" and sentence.says("coordinating") else None
    about = about or subjects.of(number, project=one.measure not in _OF_SEVERAL)
    return [about or About("document", "")]


def _date(one: _Found, sentence: _Sentence) -> tuple[str | None, int]:
    """Until when a count was counted (``Elokuuhun 2017 mennessä``), and where the words for that and the count begin."""
    page, low, date = sentence.page, one.start, sentence.page.reference_date
    for day in dates(page.text[sentence.start : one.end]):
        start, end = sentence.start + day.start, sentence.start + day.end
        if start > one.start and len(day.value) == 7:  # ``hankkeita on marraskuussa 2024 kymmenen``
            date = day.value
        elif end <= one.start and _says("until", page.text, max(sentence.start, start - 15), end + 20):
            low, date = start, day.value
    return date, low


def _basis(one: _Found, sentence: _Sentence) -> str | None:
    """What exactly was counted: by the words around the number, else by the sentence and those beside it."""
    if one.measure in _PROJECTS:
        return _basis_of_projects(one, sentence)
    if one.measure in _APPLIED:
        return "eligible" if sentence.says("eligible", one.end) else sentence.call_of(one.start)
    if one.measure == "calls":
        return "planned" if sentence.says("planned") else sentence.call_of(one.start)
    if one.measure in _OF_KINDS and one.noun:
        words = sentence.page.words(one.noun)
        return f"planned: {words}" if one.measure != "events" and sentence.says("planned") else words
    return None


def _basis_of_projects(one: _Found, sentence: _Sentence) -> str | None:
    """Of which call, where, and with or without the coordination project."""
    text = sentence.page.text
    calls = phrases.find("noun.call", text, sentence.start, one.start)
    if one.noun and calls and not _CLAUSE.search(text, calls[-1].end, one.start):
        ordinals = _find("cue.ordinal", text, sentence.start, calls[-1].start)
        if ordinals:
            return " ".join(text[ordinals[-1].start : calls[-1].end].split())
    if _says("regional", text, max(sentence.start, one.start - _NEAR), one.end):
        return "regional"
    further = sentence.after if _cue("further").match(sentence.after) else ""
    if sentence.says("without_coordination") or _says("without_coordination", further, 0, len(further)):
        return "without-coordination"
    rounds = sentence.before if _cue("rounds").match(text, _blank(text, sentence.start, sentence.end)) else ""
    with_it = sentence.says("with_coordination") or _says("with_coordination", rounds, 0, len(rounds))
    return "with-coordination" if with_it else None


# numbers of a sentence


def _of_sentence(sentence: _Sentence) -> Iterator[tuple[_Found, _Sentence]]:
    """The counts of a sentence: number and noun, plural and number, and parts of what was counted (``joista 12``)."""
    text, start, end = sentence.page.text, sentence.start, sentence.end
    numbers = list(_NUMBERS.finditer(text, start, end))
    if not numbers:
        return
    found = [*_before_noun(text, start, end, numbers), *_behind_plural(text, start, end)]
    found.sort(key=lambda one: one.start)
    found += [part for one in found for part in _parts(text, one, end)]
    kept: list[_Found] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end and one.value == other.value for other in kept):
            kept.append(one)
    for one in sorted(kept, key=lambda one: one.start):
        if _only_in_brackets(text, one, kept):
            continue
        if one.measure == "projectEntities" and not one.basis and _came_in(one, sentence):
            one = replace(one, measure="applicationEntities")
        yield replace(one, basis=one.basis or _basis(one, sentence)), sentence


def _came_in(one: _Found, sentence: _Sentence) -> bool:
    """Tell whether groups of projects are counted that were applied for: they came in, or could be chosen."""
    return sentence.says("arrived", one.start) or sentence.says("eligible", one.end)


def _only_in_brackets(text: str, one: _Found, found: list[_Found]) -> bool:
    """Tell whether a count stands in brackets behind something else than a count: it is of that (``teemaan (6 hanketta)``)."""
    if text[: one.start].rstrip()[-1:] != "(":
        return False
    before = len(text[: one.start].rstrip()[:-1].rstrip())
    return not any(other.end == before for other in found)


def _before_noun(text: str, start: int, end: int, numbers: list[re.Match[str]]) -> Iterator[_Found]:
    for measure in _MEASURES:
        nouns = _nouns(measure, text, start, end)
        at = start
        for number in numbers if nouns else ():
            places = _behind(text, number.end("number"), end)
            noun = next((nouns[place] for place in places if place in nouns), None) if number.start() >= at else None
            if noun is None:
                continue
            value, words = _value(number["number"]), text[slice(*noun)]
            at = noun[1] if value is not None else number.end("number")
            if value is None or _is_heading_number(text, start, number, words) or _limited(text, start, number.start()):
                continue
            if _says("unit", text, number.end("number"), noun[0]):
                continue
            if _needs_cue(measure, words) and not _says(measure, text, start, end):
                continue
            if measure.startswith("one.") and value != 1:
                continue
            if measure in _PROJECTS and _cue("some").fullmatch(number["number"]):
                continue
            low, about = _with_about(text, start, number.start())
            counted = (_blank(text, number.end("number"), end), noun[1])
            part = next((cue for cue in _find("cue.part", text, start, low) if not text[cue.end : low].strip()), None)
            basis = _clause(text, part.start, end) if part else None
            yield _Found(measure.removeprefix("one."), value, low, noun[1], about, counted, basis)


def _behind(text: str, at: int, end: int) -> Iterator[int]:
    """Where the noun of a number may begin: behind it (``27 av dem är …``), or behind one or two words that are no numbers."""
    at = next((cue.end for cue in _find("cue.part", text, at, end) if not text[at : cue.start].strip()), at)
    for _ in range(3):
        at = _blank(text, at, end)
        yield at
        word = _WORD.match(text, at, end)
        if word is None:
            return
        at = word.end()


def _nouns(measure: str, text: str, start: int, end: int) -> dict[int, Bounds]:
    """The nouns of a measure in a span, by where they begin; ``kappaletta`` and a plural are one too."""
    found = {one.start: (one.start, one.end) for one in _find(measure, text, start, end)}
    if f"listed.{measure}" in _CONCEPTS and (plurals := _find(f"listed.{measure}", text, start, end)):
        for piece in _find("cue.pieces", text, start, end):
            at = _blank(text, piece.end, end)
            found.update((piece.start, (piece.start, one.end)) for one in plurals if one.start == at)
    return {low: span for low, span in found.items() if span[1] >= end or text[span[1]] != "-"}


def _behind_plural(text: str, start: int, end: int) -> Iterator[_Found]:
    for measure, cue, behind in _PLURALS:
        at = start
        for noun in _find(cue, text, start, end):
            match = behind.match(text, noun.end, end) if noun.start >= at else None
            if match is None:
                continue
            at, value = match.end(), _value(match["number"])
            rest = _blank(text, at, end)
            pieces = _cue("pieces").match(text, rest, end)
            joined = phrases.pattern("cues", "cue.and").match(text, rest, end)
            stops = pieces or joined or _END.match(text, at, end) or _NUMERAL.match(text, rest, end)
            if value is None or not stops or _limited(text, start, match.start("number")):
                continue
            if _is_notation(text, start, match.start("number")):
                continue
            about = _with_about(text, start, match.start("number"))[1]
            yield _Found(measure, value, noun.start, pieces.end() if pieces else at, about)


def _parts(text: str, of: _Found, end: int) -> Iterator[_Found]:
    """What a sentence says of a part of the counted things: ``joista 12 on valittu``."""
    limit = min(end, of.end + 60)
    for cue in _find("cue.part", text, of.end, limit):
        match = _PART.match(text, cue.end, limit)
        value = _value(match["number"]) if match else None
        if match and value is not None and value < of.value and not _YEAR.match(match["number"]):
            basis = _clause(text, cue.start, end)
            yield _Found(of.measure, value, cue.start, match.end("number"), basis=basis)


def _clause(text: str, start: int, end: int) -> str:
    cut = _CLAUSE.search(text, start, end)
    return " ".join(text[start : cut.start() if cut else end].split()).rstrip(".")


def _cue(name: str) -> re.Pattern[str]:
    return phrases.pattern("counted", f"cue.{name}")


def _find(concept: str, text: str, start: int, end: int) -> list[phrases.Cue]:
    return phrases.find(concept, text, start, end, file="counted")


def _says(cue: str, text: str, start: int, end: int) -> bool:
    return phrases.says(f"cue.{cue}", text, start, end, file="counted")


def _value(words: str) -> Decimal | None:
    """The value of digits or of a numeral in words; one is no count, its words are articles too."""
    digits = re.sub(r"\s", "", words)
    number = int(digits) if digits.isdigit() else _NUMBER_WORDS.get(words.casefold()) or number_word(words)
    return Decimal(number) if number and number > 1 - digits.isdigit() else None


def _is_heading_number(text: str, start: int, number: re.Match[str], noun: str) -> bool:
    """``3 Projects`` is the third heading, ``62 ansökningar`` a count."""
    digits = number["number"]
    return not text[start : number.start()].strip() and digits.isdigit() and len(digits) < 3 and noun[0].isupper()


def _limited(text: str, start: int, low: int) -> bool:
    return any(not text[cue.end : low].strip() for cue in _find("cue.limit", text, max(start, low - 25), low))


def _is_notation(text: str, start: int, low: int) -> bool:
    """Tell whether a number is that of a priority or objective: ``toimintalinjoille 3 ja 5``."""
    nouns = (one for noun in ("noun.priority", "noun.objective") for one in phrases.find(noun, text, start, low))
    return any(not text[one.end : low].strip() for one in nouns)


def _with_about(text: str, start: int, low: int) -> tuple[int, bool]:
    """Where a count begins with its ``noin``, and whether it has one."""
    for cue in _find("cue.about", text, max(start, low - 25), low):
        if not text[cue.end : low].strip():
            return cue.start, True
    return low, False


def _needs_cue(measure: str, noun: str) -> bool:
    """People and companies are counted by statistics too; participants only by projects."""
    return measure in ("participants", "companies") and not _cue("surely").fullmatch(noun)


def _blank(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


# parts of a whole


def _parts_of_whole(page: Page, number: int, block: Block, subjects: Subjects) -> Iterator[Count]:
    """How many projects each part of a whole has: ``Viidessä hankkeessa kunta on toteuttajana, neljässä kumppanina ja …``."""
    if block.kind not in ("line", "item"):
        return
    sentences = ((span, _parts_counted(page.text, *span)) for span in page.sentences(block))
    for counting, run in groupby(sentences, key=lambda one: bool(one[1])):
        parts = [part for _, found in run for part in found] if counting else []
        if len(parts) >= _LEAST:
            whole = page.origin(parts[0][0], parts[-1][1])
            about = subjects.of(number, project=False) or About("document", "")
            for low, high in parts:
                words = " ".join(page.words((low, high)).split())
                value = number_word(words.split()[0]) or 0
                yield Count(about, "projectsInPart", Decimal(value), whole, page.reference_date, words)


def _parts_counted(text: str, start: int, end: int) -> list[Bounds]:
    """Each numeral of a sentence with the words up to the next; none where one counts something else or no project is named."""
    found = list(_INSIDE.finditer(text, start, end))
    if not any(match["of"] for match in found) or any(match["other"] for match in found):
        return []
    cuts = sorted(
        cut.start()
        for pattern in (_CLAUSE, phrases.pattern("cues", "cue.and"))
        for cut in pattern.finditer(text, start, end)
    )
    starts = [match.start() for match in found]
    stops = [min([*(cut for cut in cuts if cut > low), high]) for low, high in pairwise([*starts, end])]
    return [(low, low + len(text[low:high].rstrip(" .\n"))) for low, high in zip(starts, stops, strict=True)]
