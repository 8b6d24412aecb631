"""Money of a theme in running text: framework, coordination budget, shares of ministries, caps, other sums."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from loaders import fields
from loaders.names import Registry
from loaders.names.bodies import Body, ministries
from loaders.records import About, LeftOut, MinistryRole, Money, PartialDate, Stated
from loaders.text import Prose

_PHASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("coordinationBudget", re.compile(
        r"koordinaatiohank\w+|koordinoiva\w*\s+hank\w+|koordinaatio\w*\s+(?:kokonais)?rahoitu\w+|coordinat\w+ project|"
        r"samordningsprojekt", re.IGNORECASE)),
    ("paid", re.compile(r"(?<!\w)makset(?:tu|ut|aan)\w*|\bpaid\b|utbetal", re.IGNORECASE)),
    ("committed", re.compile(r"(?<!\w)sido(?:ttu|nn|tut)\w*|\bcommitted\b|bundit", re.IGNORECASE)),
    ("callBudget", re.compile(
        r"(?:haussa|hakuun|hakukierro\w+|haun)\s+(?:\S+\s+){0,6}(?:jao|käyte|varat|haettav|rahoitu)\w*|haettav(?:issa|ana)|"
        r"käytettävissä|in (?:this|the) call|\bavailable\b|till förfogande|i utlysningen", re.IGNORECASE)),
    ("regionalBudget", re.compile(r"alue(?:ilta|ellis)\w*\s+(?:\w+\s+){0,2}\w*hankkei(?:siin|lle)\s+\w+", re.IGNORECASE)),
    ("planned", re.compile(
        r"(?:hankkei(?:siin|lle)|projects|projekt)\s+(?:\S+\s+){0,3}(?:käyte\w+|varataan|varattu|suunnitel\w+|ohjataan)|"
        r"on\s+tarkoitus\s+(?:käyttää|rahoittaa)", re.IGNORECASE)),
    ("granted", re.compile(r"myönnet\w+|myönsi\w*|rahoitet(?:tiin|tu)|\bgranted\b|beviljat", re.IGNORECASE)),
    ("framework", re.compile(
        r"teemaa\s+rahoittavat?\b|"
        r"rahoituskehy\w+|rahoituksen\s+määrä|rahoitusta\b|rahoitus\b|kehy(?:s|ksen|kseksi)\b|(?:on|oli)\s+varattu|varataan|"
        r"total funding|\bbudget\b|\bfunding\b|reserved|allocated|finansiering\w*|reserver\w+|anslagit\w*", re.IGNORECASE)),
)  # fmt: skip
_NOT_THE_THEMES = re.compile(
    r"haet(?:tiin|tu)|haki(?:vat)?\b|kustannusarvio|kokonaiskustannu|liikevaih|palkka|applied for|ansökt", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"(?::[a-zäö]+)?\W*(?:\([^()]*\))?[\s,;:]*(?:(?:josta|joista|ja|sekä|eli|of which|and|varav|och)\s+)?"
    r"(?:yhteensä\s+|in total\s+|totalt\s+)?"
    r"(?:{m}\s*(?:n\s+osuus\s+on\s+|vastaa\s+|rahoittaa\s+|\()?)?$".replace(
        "{m}", r"(?:[A-ZÅÄÖ]{2,4}(?::n)?|[\w\s,-]*ministeriö\w*)"
    )
)
_SPLIT = re.compile(r"jakautu\w+|jakaantu\w+|seuraavasti|divided|fördelas", re.IGNORECASE)
_SAYS_AFTER = re.compile(
    r"\s*(?:in\s+total\s+)?(?:has|have|had|is|are|was|on|oli|har|är)\s+(?:been\s+)?(?:\w+\s+){0,2}?"
    r"(?:reserved|reserverats?|varattu|granted|beviljats?|myönnetty|allocated|anslagits|paid|utbetalats|maksettu|"
    r"available(?:\s+in\s+(?:this|the)\s+call)?|käytettävissä|till\s+förfogande)\b",
    re.IGNORECASE,
)
_PAREN = re.compile(r"\s*\(([^()]*)\)")
_VERB = re.compile(r"\s*(?::n)?\s*(?:osuus\s+(?:on\s+)?|vastaa\s+|rahoittaa\s+|on\s+|\()?(?:enintään\s+|noin\s+)?$")
_SCOPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("eu-state-municipal", re.compile(r"EU\s?\+\s?valtio\s?\+\s?kunta", re.IGNORECASE)),
    ("eu-state", re.compile(
        r"(?:EAKR|ESR\+?|ERUF|ESF\+?)-?\s+(?:ja|och)\s+(?:valtio\w*|stat\w*)|"
        r"\(?EU(?:\s?\+\s?|\s+ja\s+|-\s+ja\s+|:n\s+ja\s+)valtio\w*|EU and (?:the )?state|EU och stat", re.IGNORECASE)),
    ("total-public", re.compile(r"julki(?:nen|sen|sta|sesta)\w*|public\s+funding|offentlig\w*\s+finansiering", re.IGNORECASE)),
)  # fmt: skip


def scope_of(words: str) -> str | None:
    """Whose money an amount is, where the words around it say so."""
    return next((scope for scope, pattern in _SCOPES if pattern.search(words)), None)


@dataclass(slots=True)
class Funding:
    """What the money sentences of one theme say."""

    money: list[Money] = field(default_factory=list)
    ministries: list[Stated[MinistryRole]] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(slots=True)
class _Sum:
    amount: fields.Amount
    phase: str | None
    scope: str | None
    bodies: list[Body]
    before: bool
    """The ministry stands before the amount (``TEM 6 milj. €``): the amount is its share."""
    follows: bool
    """The amount goes on with the one before it, in one list or sum."""
    total: bool


def funding(prose: Prose, theme: str, date: PartialDate | None) -> Funding:
    """Read all amounts of a prose that speaks of one theme."""
    found = Funding()
    run: list[_Sum] = []
    amounts = fields.amounts(prose.text)
    for start, end in prose.sentences():
        inside = [amount for amount in amounts if start <= amount.start < end]
        for one in _sums(prose.text, start, end, inside, run[-1] if run else None):
            if not one.follows:
                _settle(prose, run, theme, date, found)
                run = []
            run.append(one)
    _settle(prose, run, theme, date, found)
    return found


def _sums(text: str, start: int, end: int, inside: list[fields.Amount], last: _Sum | None) -> Iterator[_Sum]:
    """The amounts of a sentence; its first may go on with the sentence before (``Se jakautuu … TEM 6 milj. €``)."""
    at = start
    for index, amount in enumerate(inside):
        before = text[at : amount.start]
        following = inside[index + 1].start if index + 1 < len(inside) else end
        shares_before = _ministry_before(text, at, amount.start)
        bodies = shares_before or _ministries_after(text, amount.end, following)
        phase = _phase(before) or _phase_after(text[amount.end : following])
        goes_on = bool(last) and (bool(_GOES_ON.fullmatch(before)) if index else bool(_SPLIT.search(before)))
        if goes_on and last and (phase in (None, "framework") or shares_before):
            phase, scope = last.phase, last.scope
        else:
            scope = scope_of(before) or scope_of(text[amount.end : following])
            goes_on = False
        last = _Sum(
            amount,
            phase,
            scope,
            bodies,
            bool(shares_before),
            goes_on,
            bool(re.search(r"yhteensä|total", before + amount.words)),
        )
        yield last
        at = amount.end


def _phase(before: str) -> str | None:
    """The phase whose words stand nearest before the amount; a coordination project's sum is nothing else."""
    if _NOT_THE_THEMES.search(before):
        return "other"
    if _PHASES[0][1].search(before):
        return "coordinationBudget"
    return next((phase for phase, pattern in _PHASES[1:] if pattern.search(before)), None)


def _phase_after(after: str) -> str | None:
    """What the words right behind an amount say of it, where those before it say nothing (``… has been reserved for``)."""
    match = _SAYS_AFTER.match(after)
    return next((phase for phase, pattern in _PHASES[1:] if pattern.search(match[0])), None) if match else None


def _ministry_before(text: str, start: int, end: int) -> list[Body]:
    found = ministries(text, start, end)
    return found[-1:] if found and _VERB.fullmatch(text, found[-1].end, end) else []


def _ministries_after(text: str, start: int, end: int) -> list[Body]:
    match = _PAREN.match(text, start, end)
    return ministries(text, *match.span(1)) if match else []


def _settle(prose: Prose, run: list[_Sum], theme: str, date: PartialDate | None, found: Funding) -> None:
    """Turn one statement's amounts into records: several with one ministry each are shares, a single one is the whole."""
    if not run:
        return
    single = [one for one in run if len(one.bodies) == 1 and not one.total]
    shares = single if len(single) > 1 or (any(one.before for one in single) and len(run) > 1) else []
    for one in run:
        ministry = one.bodies[0].name if one in shares else None
        for body in one.bodies:
            found.ministries.append(Stated(MinistryRole(body.name), prose.origin(*_with(prose.text, one.amount, body))))
        if one.phase in (None, "other"):
            found.left_out.append(_not_read(prose, one))
            continue
        start, end = _words(prose, one)
        found.money.append(
            Money(
                About("theme", theme),
                one.phase or "framework",
                one.amount.value,
                one.amount.words,
                one.amount.precision,
                prose.origin(start, end),
                date,
                one.scope,
                ministry,
                one.amount.approximate,
                one.amount.maximum,
            )
        )


def _not_read(prose: Prose, one: _Sum) -> LeftOut:
    if one.phase == "other":
        return prose.left_out(*one.amount.span, "amount-applied-for")
    return prose.left_out(*one.amount.span, "amount-of-unknown-use", understood=False)


def _with(text: str, amount: fields.Amount, body: Body) -> tuple[int, int]:
    """An amount and the ministry beside it, with the bracket that holds the ministry."""
    end = max(amount.end, body.end)
    return min(amount.start, body.start), end + text[end : end + 1].count(")")


def _words(prose: Prose, one: _Sum) -> tuple[int, int]:
    """The clause that states an amount: from the words that say what it is to the ministry behind it."""
    start, end = one.amount.span
    for body in one.bodies:
        start, end = min(start, body.start), max(end, body.end)
    remark = _PAREN.match(prose.text, one.amount.end)
    if remark and (end > one.amount.end or scope_of(remark[1])):
        end = remark.end()
    if not one.follows:
        low = max((s for s, _ in prose.sentences() if s <= start), default=0)
        clause = re.split(r"(?:,|;|:|\bja\b|\bsekä\b|\bjosta\b)\s", prose.text[low:start])
        keyword = next((m for _, p in _PHASES if (m := _last(p, prose.text, low, start))), None)
        start = keyword.start() if keyword else start - len(clause[-1])
    return start, end


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    return max(pattern.finditer(text, start, end), key=lambda match: match.start(), default=None)


def leads(roles: list[Stated[MinistryRole]]) -> list[Stated[MinistryRole]]:
    """Mark the lead ministry: the only one of a theme leads it; of several, only one that is named responsible."""
    registry = Registry.load()
    keys = {registry.organisation_key(role.value.name) for role in roles}
    if len(keys) == 1:
        return [replace(role, value=replace(role.value, lead=True)) for role in roles]
    named = {registry.organisation_key(role.value.name) for role in roles if role.value.lead}
    if len(named) > 1:
        return [replace(role, value=replace(role.value, lead=False)) for role in roles]
    return roles
