"""Money that sentences give a theme (framework, coordination budget, shares of ministries, other phases) or its calls."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from loaders import mentions, phrases
from loaders.blocks import Bounds
from loaders.names import Registry
from loaders.names.bodies import Body
from loaders.reading.page import Page
from loaders.reading.sums import Sum, is_foreign, scope_of
from loaders.records import About, Call, MinistryRole, Money, Stated
from loaders.values.amounts import Amount, amounts

_PHASE_OF_CUE = {
    "sum.coordination": "coordinationBudget",
    "sum.paid": "paid",
    "sum.committed": "committed",
    "sum.call": "callBudget",
    "sum.regional": "regionalBudget",
    "sum.planned": "planned",
    "sum.granted": "granted",
    "sum.framework": "framework",
}
"""Cues in the order in which they decide: a coordination project's sum is nothing else."""
_PAREN = re.compile(r"\s*\(([^()]*)\)")
_AFTER = 40
_BEFORE = 60


@dataclass(slots=True)
class Statement:
    """One amount that a text states: its phase, whose money it is, the ministry whose share it is, and its words."""

    amount: Amount
    start: int
    end: int
    phase: str | None
    scope: str | None = None
    bodies: list[Body] = field(default_factory=list)
    ministry: str | None = None
    _before: bool = False
    """The ministry stands before the amount (``TEM 6 milj. €``): the amount is its share."""
    _follows: bool = False
    """The amount goes on with the one before it, in one list or sum."""


def statements(page: Page, spans: Iterable[Bounds]) -> list[Statement]:
    """Read the amounts of sentences that speak of one theme; those whose use is not said have no phase."""
    found: list[Statement] = []
    run: list[Statement] = []
    for start, end in spans:
        inside = [a for a in amounts(page.text[start:end]) if not is_foreign(page.text, start + a.end)]
        for one in _of_sentence(page.text, start, end, inside, run[-1] if run else None):
            if not one._follows:
                found += _settled(page, run)
                run = []
            run.append(one)
    return [*found, *_settled(page, run)]


def scope_near(text: str, start: int, end: int) -> str | None:
    """Tell whose money an amount is by the words before it or the bracket behind it."""
    remark = _PAREN.match(text, end)
    return (scope_of(remark[1], alone=True) if remark else None) or scope_of(
        text, max(0, start - _BEFORE), start, alone=True
    )


def _of_sentence(text: str, start: int, end: int, inside: list[Amount], last: Statement | None) -> Iterator[Statement]:
    """The amounts of a sentence; its first may go on with the sentence before (``Se jakautuu … TEM 6 milj. €``)."""
    at = start
    for index, amount in enumerate(inside):
        low, high = start + amount.start, start + amount.end
        limit = start + inside[index + 1].start if index + 1 < len(inside) else end
        shares = _ministry_before(text, at, low)
        bodies = shares or _ministries_after(text, high, limit)
        phase = _phase(text, at, low) or _phase(text, high, min(limit, high + _AFTER), only_past=True)
        goes_on = last is not None and (_joins(text, at, low) if index else phrases.says("sum.split", text, at, low))
        if goes_on and last and (phase in (None, "framework") or shares):
            phase, scope = last.phase, last.scope
        else:
            scope, goes_on = scope_of(text, at, low, alone=True) or scope_of(text, high, limit, alone=True), False
        last = Statement(amount, low, high, phase, scope, bodies, None, bool(shares), goes_on)
        yield last
        at = high


def _phase(text: str, start: int, end: int, *, only_past: bool = False) -> str | None:
    """The phase that the words of a span say; ``other`` for sums applied for or of a project's costs."""
    if phrases.says("sum.other", text, start, end):
        return None if only_past else "other"
    cues = [
        cue for cue in _PHASE_OF_CUE if not only_past or cue not in ("sum.coordination", "sum.framework", "sum.planned")
    ]
    return next((_PHASE_OF_CUE[cue] for cue in cues if phrases.says(cue, text, start, end)), None)


def _joins(text: str, start: int, end: int) -> bool:
    """Tell whether only ministries and words that join stand between two amounts."""
    rest = list(text[start:end])
    spans = [(one.start, one.end) for one in mentions.ministries(text, start, end)]
    spans += [(cue.start, cue.end) for cue in phrases.find("sum.joint", text, start, end)]
    spans += [match.span() for match in re.compile(r"\([^()]*\)|:n(?!\w)").finditer(text, start, end)]
    for low, high in spans:
        rest[low - start : high - start] = " " * (high - low)
    return not "".join(rest).strip(" \n,;:()")


def _ministry_before(text: str, start: int, end: int) -> list[Body]:
    found = mentions.ministries(text, start, end)
    closed = bool(found) and text[found[-1].end] == ")"  # the bracket belongs to the amount before
    return found[-1:] if found and not closed and _joins(text, found[-1].end, end) else []


def _ministries_after(text: str, start: int, end: int) -> list[Body]:
    match = _PAREN.match(text, start, end)
    return mentions.ministries(text, *match.span(1)) if match else []


def _settled(page: Page, run: list[Statement]) -> list[Statement]:
    """One statement's amounts: several with one ministry each are shares, a single one is the whole."""
    single = [
        one for one in run if len(one.bodies) == 1 and not phrases.says("sum.total", page.text, one.start - 20, one.end)
    ]
    shares = single if len(single) > 1 or (any(one._before for one in single) and len(run) > 1) else []
    for one in run:
        one.ministry = one.bodies[0].name if one in shares else None
        one.start, one.end = _words(page, one)
    return run


def _words(page: Page, one: Statement) -> Bounds:
    """The clause that states an amount: from the words that say what it is to the ministry behind it."""
    start, end = one.start, one.end
    for body in one.bodies:
        start, end = min(start, body.start), max(end, body.end)
    remark = _PAREN.match(page.text, one.end)
    if remark and (end > one.end or scope_of(remark[1], alone=True)):
        end = remark.end()
    if not one._follows and one.phase not in (None, "other"):
        low = max((s for s, _ in page.outline.text.sentences() if s <= start), default=0)
        cue = next(cue for cue, phase in _PHASE_OF_CUE.items() if phase == one.phase)
        said = phrases.find(cue, page.text, low, start)
        start = said[-1].start if said else start
    return start, end


def ministries(page: Page, found: Iterable[Statement]) -> Iterator[Stated[MinistryRole]]:
    """Give the ministries that stand beside amounts: they fund."""
    for one in found:
        for body in one.bodies:
            low, high = min(one.start, body.start), max(one.end, body.end)
            yield Stated(MinistryRole(body.name), page.origin(low, high + page.text[high : high + 1].count(")")))


# money of calls

_ORDINALS = tuple(f"ordinal.{number}" for number in range(1, 7))
_CALL_PHASES = (("reserved", "callBudget"), ("used", "granted"), ("unused", "unused"))
_MINISTRY = re.compile(r"\b([A-ZÅÄÖ]{2,4})(?::[a-zåäö]+)?\b")


def _find(concept: str, text: str) -> list[re.Match[str]]:
    return list(phrases.pattern("statements", concept).finditer(text))


def of_calls(page: Page, text: Bounds, found: Sequence[Call]) -> Iterator[Money]:
    """Read what running text says the ``found`` calls had or gave out: the call it names, else the last one before it."""
    last: list[Call] = []
    for sentence in page.sentences(text):
        words = " ".join(page.words(sentence).split())
        last = [one for one in found if one.label.origin.words in words or words in one.label.origin.words] or last
        target = _target(words, found, last) if amounts(words) else None
        for phase, one, ministry in _sums(page, sentence) if target else ():
            yield replace(page.money(About("call", target.key if target else ""), phase, one), ministry=ministry)
        last = [target] if target else last


def _target(sentence: str, found: Sequence[Call], last: Sequence[Call]) -> Call | None:
    """The call a sentence speaks of: by the words that announced it, by its ordinal, else the one spoken of last."""
    if phrases.says("noun.call", sentence):
        named = alike(stems(sentence), [stems(one.label.origin.words) for one in found])
        if named is not None:
            return found[named]
        if ordinal := next((one for one in _ORDINALS if _find(one, sentence)), None):
            return next((one for one in found if _find(ordinal, one.label.value.text)), None)
    return last[-1] if last else None


def stems(words: str) -> set[str]:
    """Give the beginnings of the longer words: what two inflected wordings share (``henkilöt``, ``henkilöiden``)."""
    return {word[:6] for word in re.findall(r"[^\W\d_]{5,}", words.lower())}


def alike(words: set[str], others: Sequence[set[str]]) -> int | None:
    """The number of the only one that shares the most words with some, two at least."""
    shared = [len(words & one) for one in others]
    best = max(shared, default=0)
    return shared.index(best) if best > 1 and shared.count(best) == 1 else None


def _sums(page: Page, sentence: Bounds) -> Iterator[tuple[str, Sum, str | None]]:
    """The amounts of a sentence that a call had or gave out, from the comma or conjunction before each, with the ministry's."""
    text, at = page.words(sentence), 0
    for amount in amounts(text.replace("\n", " ")):
        said = text[: amount.start]
        phase = max(((m.start(), phase) for concept, phase in _CALL_PHASES for m in _find(concept, said)), default=None)
        pot = phrases.pattern("statements", "pot").match(text[amount.end :].lstrip())
        if phase and phase[1] != "unused" and not pot:
            cuts = [m.end() for m in re.finditer(r",\s+(?:josta\s+)?|\sja\s", said) if at < m.end() < len(said)]
            start, end = (sentence[0] + offset for offset in (max(cuts, default=at), amount.end))
            ministries = [m[1] for m in _MINISTRY.finditer(said) if Registry.load().ministry(m[1])]
            budget = phase[1] == "callBudget"
            yield phase[1], Sum(amount, None, start, end), next(reversed(ministries), None) if budget else None
            at = amount.end


def call_of_list(head: str, found: Sequence[Call]) -> str | None:
    """Give the key of the call that the head of a list says funded its projects: ``Ensimmäisen rahoituskierroksen hankkeet``."""
    ordinal = next((one for one in _ORDINALS if _heads_list(one, head)), None)
    named = [one for one in found if _find(ordinal, one.label.value.text)] if ordinal else []
    return named[0].key if len(named) == 1 else None


def _heads_list(ordinal: str, head: str) -> bool:
    """Tell whether the head of a list says that its projects are those of a call."""
    for number in _find(ordinal, head):
        call = next(iter(phrases.find("noun.call", head, number.end())), None)
        listed = phrases.pattern("statements", "funded_list").search(head, call.end) if call else None
        if call and listed and call.start - number.end() < 2 and "." not in head[call.end : listed.start()]:
            return True
    return False
