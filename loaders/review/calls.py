"""Calls for proposals told in the running text: when they open and close, what they are called, what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loaders import fields, phrases
from loaders.names import Registry
from loaders.records import About, Call, LeftOut, Money, Stated, Text
from loaders.review.contents import objectives
from loaders.review.form import Form
from loaders.text import Span

CALL = phrases.pattern("statements", "call")
_NAME_AFTER = re.compile(r"[\s:–-]+([A-ZÅÄÖ][^.;:]*?)(?=\s+(?:ja|sekä)\s+\d|[.;]|,\s+\d|$)", re.DOTALL)
_CLAUSE = re.compile(r"[,:;(]\s|\b(?:kun|jossa|joka|jota|että)\s")
_MINISTRY = re.compile(r"\b([A-ZÅÄÖ]{2,4})(?::[a-zåäö]+)?\b")
_ORDINALS = tuple(f"ordinal.{number}" for number in range(1, 7))
_NEAR_CALL = 90
_LIST_HEAD = 160
IMPLAUSIBLE = 1000
"""Euros: no call's budget is smaller; less is printed in error (millions left off) and kept as printed."""


@dataclass(slots=True)
class Told:
    """A call while the prose is read, with the sentence that dates it."""

    sentence: Span
    part: int
    call: Call


def calls(form: Form, theme: str) -> list[Told]:
    """The dated calls of a theme; a less precise mention of a call already dated is left to the coverage report."""
    found: list[Told] = []
    for number, part in enumerate(form.prose):
        before: Span | None = None
        for sentence in part.sentences():
            found.extend(Told(sentence, number, call) for call in _dated(sentence, before, theme))
            before = sentence
    return [told for told in found if not any(_vaguer(told.call, other.call) for other in found if other is not told)]


def _find(concept: str, text: str) -> list[re.Match[str]]:
    return list(phrases.pattern("statements", concept).finditer(text))


def _last(concept: str, said: str) -> re.Match[str] | None:
    """The words of a concept that end some words."""
    found = _find(concept, said)
    return found[-1] if found and not said[found[-1].end() :].strip() else None


def _of_call(said: str) -> bool:
    """Tell whether a call is what some words speak of, and no project."""
    return any(
        len(said) - found.end() <= _NEAR_CALL and not re.search(r"\bhankkee", said[found.end() :])
        for found in _find("call_base", said)
    )


def _vaguer(call: Call, other: Call) -> bool:
    """Whether a call's dates only repeat another's, less precisely or in part."""
    pairs = [(call.opens, other.opens), (call.closes, other.closes)]
    same = all(not a or (b is not None and b.value.startswith(a.value)) for a, b in pairs)
    return same and [a and a.value for a, _ in pairs] != [b and b.value for _, b in pairs]


def _dated(sentence: Span, before: Span | None, theme: str) -> Iterator[Call]:
    text = sentence.text
    near = text if CALL.search(text) else ""
    if not near and before is not None and before.text.rstrip().endswith(":") and CALL.search(before.text):
        near = before.text
    if not near or (_find("plan", near) and not re.search(r"\d\.\d{1,2}\.\d{2,4}", text)):
        return
    whole = [p for p in fields.periods(text) if p.start and p.end and min(len(p.start), len(p.end)) >= 7]
    for index, period in enumerate(whole):
        stated = sentence.sub(*period.span)
        label = _label(sentence, before, period.span)
        yield _call(
            theme, label, sentence, opens=(str(period.start), stated), closes=(str(period.end), stated), index=index
        )
    if whole:
        return
    opens, closes = _verbs(sentence)
    if opens or closes:
        first = min((span for _, span in filter(None, (opens, closes))), key=lambda span: span.start)
        label = _label(sentence, before, (first.start - sentence.start, first.end - sentence.start))
        yield _call(theme, label, sentence, opens=opens, closes=closes, index=0)


def _verbs(sentence: Span) -> tuple[tuple[str, Span] | None, tuple[str, Span] | None]:
    """Opening and closing told by a verb: ``Haku avattiin 17.5.2023 ja suljettiin 31.8.2023``."""
    text, opens, closes = sentence.text, None, None
    for date in fields.dates(text):
        if len(date.value) < 7:
            continue
        said, found = text[: date.start], sentence.sub(date.start, date.end)
        if (verb := _last("opened", said)) and _of_call(said[: verb.start()]):
            opens = date.value, sentence.sub(verb.start(), date.end)
        elif (verb := _last("closed", said)) and _of_call(said[: verb.start()]):
            closes = date.value, sentence.sub(verb.start(), date.end)
        elif after := _opened_then(text, date.end):
            opens = date.value, found.to(sentence.sub(date.start, after.end()))
    return opens, closes


def _opened_then(text: str, at: int) -> re.Match[str] | None:
    """``Kesäkuussa 2024 avatussa rahoitushaussa``: the words for a call behind a participle right behind a date."""
    then = phrases.pattern("statements", "opened_then").match(text, at + 1)
    call = CALL.search(text, then.end()) if then else None
    return call if then and call and not re.search(r"[.,;]", text[then.end() : call.start()]) else None


def _label(sentence: Span, before: Span | None, span: tuple[int, int]) -> Span:
    """What the call is called: the words after its dates, else the subject that holds the word for call."""
    text = sentence.text
    if after := _NAME_AFTER.match(text, span[1]):
        return sentence.of(after, 1)
    subject = [m for m in CALL.finditer(text) if m.end() <= span[0]]
    if not subject:
        following = CALL.search(text, span[0])
        return sentence.sub(span[0], following.end() if following else span[1])
    word = subject[-1]
    start = max((m.end() for m in _CLAUSE.finditer(text, 0, word.start())), default=0)
    label = sentence.sub(start, word.end()).strip()
    if len(label.text.split()) > 1:
        return label
    contents = before.text.partition(":")[2].strip(" .\n") if before is not None else ""
    if before is not None and contents and CALL.search(before.text):
        begin = before.text.index(contents)
        return before.sub(begin, begin + len(contents))
    return sentence.sub(start, span[1]).strip()


def _call(
    theme: str,
    label: Span,
    sentence: Span,
    opens: tuple[str, Span] | None,
    closes: tuple[str, Span] | None,
    index: int,
) -> Call:
    dates = "–".join(value[0] if value else "" for value in (opens, closes))
    return Call(
        key=f"{theme} {dates} {index}",
        label=Stated(Text(label.words), label.origin()),
        theme=theme,
        opens=Stated(opens[0], opens[1].origin()) if opens else None,
        closes=Stated(closes[0], closes[1].origin()) if closes else None,
        coordination="koordin" in label.text.lower(),
        objectives=tuple(objectives(sentence)),
    )


def budgets(form: Form, told: Sequence[Told], date: str | None) -> list[Money]:
    """What the prose says a call had or gave out; of the call it names, else of the last one before it."""
    found: list[Money] = []
    for number, part in enumerate(form.prose):
        last: list[Told] = []
        for sentence in part.sentences():
            here = [t for t in told if t.sentence.start == sentence.start and t.part == number]
            last = here or last
            amounts = sentence.amounts()
            if not amounts:
                continue
            target = _target(sentence, told, last)
            if target is not None:
                found.extend(_budget(sentence, amounts, target, date))
                last = [target]
    return found


def of_list(form: Form, told: Sequence[Told]) -> str | None:
    """Key of the call that a list says its projects were funded from: ``Ensimmäisen rahoituskierroksen … hankkeet``."""
    head = form.texts[7].text[:_LIST_HEAD]
    for ordinal in _ORDINALS:
        if _lists(ordinal, head):
            named = [t for t in told if _find(ordinal, t.call.label.value.text)]
            return named[0].call.key if len(named) == 1 else None
    return None


def _lists(ordinal: str, head: str) -> bool:
    """Tell whether the head of a list says that its projects are those of a call: ``Ensimmäisen rahoituskierroksen …``."""
    for number in _find(ordinal, head):
        call = CALL.search(head, number.end())
        listed = phrases.pattern("statements", "funded_list").search(head, call.end()) if call else None
        if call and listed and call.start() - number.end() < 2 and "." not in head[call.end() : listed.start()]:
            return True
    return False


def implausible(budgets: Sequence[Money]) -> list[LeftOut]:
    """Budgets that no call can have: kept as printed, and reported for a person to look at."""
    reason = "budget-too-small"
    small = [m.origin for m in budgets if 0 < m.amount < IMPLAUSIBLE]
    return [LeftOut(o.first, o.last, o.words, reason, understood=False) for o in small]


def _target(sentence: Span, told: Sequence[Told], last: Sequence[Told]) -> Told | None:
    """The call a sentence speaks of: by the words of its name, by its ordinal, else the one told of last."""
    words = {word[:6] for word in re.findall(r"[^\W\d_]{5,}", sentence.text.lower())}
    shared = [(len(words & _stems(t)), -i, t) for i, t in enumerate(told)]
    best = max(shared, default=None, key=lambda s: s[:2])
    if best and best[0] >= 2 and sum(s[0] == best[0] for s in shared) == 1 and CALL.search(sentence.text):
        return best[2]
    for ordinal in _ORDINALS:
        if _find(ordinal, sentence.text) and CALL.search(sentence.text):
            return next((t for t in told if _find(ordinal, t.call.label.value.text)), None)
    return last[-1] if last else None


def _stems(told: Told) -> set[str]:
    return {word[:6] for word in re.findall(r"[^\W\d_]{5,}", told.call.label.value.text.lower())}


def _budget(sentence: Span, amounts: Sequence[fields.Amount], target: Told, date: str | None) -> Iterator[Money]:
    text, at = sentence.text, 0
    for amount in amounts:
        said = text[: amount.start]
        verbs = [(m.start(), phase) for concept, phase in _PHASES for m in _find(concept, said)]
        phase = max(verbs)[1] if verbs else None
        ministry = next(
            (m[1] for m in reversed(list(_MINISTRY.finditer(said))) if Registry.load().ministry(m[1])), None
        )
        pot = re.match(rf"\s*{phrases.pattern('statements', 'pot').pattern}", text[amount.end :], re.IGNORECASE)
        if phase and phase != "unused" and not pot:
            start = _clause_start(said, at)
            yield Money(
                about=About("call", target.call.key),
                phase=phase,
                amount=amount.value,
                as_stated=amount.words,
                precision=amount.precision,
                origin=sentence.sub(start, amount.end).origin(),
                date=date,
                ministry=ministry if phase == "callBudget" else None,
                approximate=amount.approximate,
                maximum=amount.maximum,
            )
            at = amount.end


_PHASES = (("reserved", "callBudget"), ("used", "granted"), ("unused", "unused"))


def _clause_start(said: str, at: int) -> int:
    """Where the words that state an amount begin: at the last comma or conjunction before it."""
    cut = max((m.end() for m in re.finditer(r",\s+(?:josta\s+)?|\sja\s", said) if m.end() > at), default=at)
    return cut if cut < len(said) else at
