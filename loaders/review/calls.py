"""What running text says of a form's calls beside their days: their budgets, and which of them funded the projects listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from loaders import phrases
from loaders.blocks import Bounds
from loaders.names import Registry
from loaders.reading import calls
from loaders.reading.page import Page
from loaders.reading.theme_drafts import Themes
from loaders.records import About, Call, LeftOut, Money
from loaders.review.form import Form
from loaders.values.amounts import amounts

_MINISTRY = re.compile(r"\b([A-ZÅÄÖ]{2,4})(?::[a-zåäö]+)?\b")
_ORDINALS = tuple(f"ordinal.{number}" for number in range(1, 7))
_PHASES = (("reserved", "callBudget"), ("used", "granted"), ("unused", "unused"))
_LIST_HEAD = 160
IMPLAUSIBLE = 1000
"""Euros: no call's budget is smaller; less is printed in error (millions left off) and kept as printed."""


def read(form: Form, themes: Themes) -> list[Call]:
    """Read the calls of a form's running text."""
    found = (one for page in form.pages for one in calls.read(page, themes, of_theme=True))
    return [replace(one, fund=None) for one in found if isinstance(one, Call)]  # the fund of its theme


def _find(concept: str, text: str) -> list[re.Match[str]]:
    return list(phrases.pattern("statements", concept).finditer(text))


def _says_call(text: str) -> bool:
    return phrases.says("noun.call", text)


def budgets(form: Form, told: Sequence[Call], date: str | None) -> list[Money]:
    """What the prose says a call had or gave out; of the call it names, else of the last one before it."""
    found: list[Money] = []
    for page in form.pages:
        for block in page.blocks:
            last: list[Call] = []
            for sentence in page.sentences(block):
                words = " ".join(page.words(sentence).split())
                here = [one for one in told if one.label.origin.words in words or words in one.label.origin.words]
                last = here or last
                target = _target(words, told, last) if amounts(words) else None
                if target:
                    found += _budget(page, sentence, target, date)
                    last = [target]
    return found


def of_list(form: Form, told: Sequence[Call]) -> str | None:
    """Key of the call that a list says its projects were funded from: ``Ensimmäisen rahoituskierroksen … hankkeet``."""
    head = form.texts[7].text[:_LIST_HEAD]
    for ordinal in _ORDINALS:
        if _lists(ordinal, head):
            named = [one for one in told if _find(ordinal, one.label.value.text)]
            return named[0].key if len(named) == 1 else None
    return None


def _lists(ordinal: str, head: str) -> bool:
    """Tell whether the head of a list says that its projects are those of a call: ``Ensimmäisen rahoituskierroksen …``."""
    for number in _find(ordinal, head):
        call = next(iter(phrases.find("noun.call", head, number.end())), None)
        listed = phrases.pattern("statements", "funded_list").search(head, call.end) if call else None
        if call and listed and call.start - number.end() < 2 and "." not in head[call.end : listed.start()]:
            return True
    return False


def implausible(budgets: Sequence[Money]) -> list[LeftOut]:
    """Budgets that no call can have: kept as printed, and reported for a person to look at."""
    small = [m.origin for m in budgets if 0 < m.amount < IMPLAUSIBLE]
    return [LeftOut(o.first, o.last, o.words, "budget-too-small", understood=False) for o in small]


def _target(sentence: str, told: Sequence[Call], last: Sequence[Call]) -> Call | None:
    """The call a sentence speaks of: by the words that announced it, by its ordinal, else the one told of last."""
    words = _stems(sentence)
    shared = [(len(words & _stems(one.label.origin.words)), -i, one) for i, one in enumerate(told)]
    best = max(shared, default=None, key=lambda s: s[:2])
    if best and best[0] >= 2 and sum(s[0] == best[0] for s in shared) == 1 and _says_call(sentence):
        return best[2]
    for ordinal in _ORDINALS:
        if _find(ordinal, sentence) and _says_call(sentence):
            return next((one for one in told if _find(ordinal, one.label.value.text)), None)
    return last[-1] if last else None


def _stems(words: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[^\W\d_]{5,}", words.lower())}


def _budget(page: Page, sentence: Bounds, target: Call, date: str | None) -> Iterator[Money]:
    text, at = page.words(sentence), 0
    for amount in amounts(text.replace("\n", " ")):
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
                about=About("call", target.key),
                phase=phase,
                amount=amount.value,
                as_stated=amount.words,
                precision=amount.precision,
                origin=page.origin(sentence[0] + start, sentence[0] + amount.end),
                date=date,
                ministry=ministry if phase == "callBudget" else None,
                approximate=amount.approximate,
                maximum=amount.maximum,
            )
            at = amount.end


def _clause_start(said: str, at: int) -> int:
    """Where the words that state an amount begin: at the last comma or conjunction before it."""
    cut = max((m.end() for m in re.finditer(r",\s+(?:josta\s+)?|\sja\s", said) if m.end() > at), default=at)
    return cut if cut < len(said) else at
