"""One project of a list while it is read: its name, codes, implementers, dates, cost; and how names are taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from loaders import fields
from loaders.fields import Amount, Code
from loaders.names import organisations_at_end, repair, split
from loaders.review.flow import Span

Role = Literal["lead", "partner"]

LONGEST = 2000
"""Characters: no list of implementers, and no project with them, is longer; more is text of another kind."""
_MOST = 8
"""No project's name holds more marks that might part it from its implementers."""
_ROLE = re.compile(r"\s*(?:[(/]\s*)?\b(?P<role>(?:pää|osa)toteuttaja)\b\s*\)?\s*$", re.IGNORECASE)
_COORDINATION = re.compile(r"\s*\(\s*(?:teeman\s+)?koordin(?:aatiohanke|oiva\s+hanke|aatio)\s*\)", re.IGNORECASE)
_COST = re.compile(r"\bKustannusarvio\b\s*:?\s*", re.IGNORECASE)
_CURRENCY = re.compile(r"\s*(?:€|euroa?|e\b)?\s*\.?", re.IGNORECASE)
_IMPLEMENTERS = re.compile(
    r"(?<![\w(/-])(?<!/ )(?:(?P<lead>(?:Päähankkeen\s+toteuttaja|Päätoteuttaja)(?:t|na)?)|"
    r"(?P<partner>(?:Osahankkeen\s+toteuttaja|Osatoteuttaja)(?:t|na|ina)?)|"
    r"(?P<plain>[Tt]oteuttaja[t]?|Hakija[t]?))\b(?:\s+(?:on|ovat)\b)?\s*:?",
)
_TOKEN = r"[A-ZÅÄÖ]\w*!?"
_BRACKETED = re.compile(rf"\(({_TOKEN})(?:\s?-hanke)?\)")
_LEADING = re.compile(rf"({_TOKEN}(?:\s[A-ZÅÄÖ]{{2,}})?)\s?[-–—]\s")
_CAPITALS = re.compile(r"([A-ZÅÄÖ]{3,})\s+[A-ZÅÄÖ][a-zåäö]+\s+\S+")
_TRAILING = re.compile(rf"[,–—-]\s+({_TOKEN})$")


@dataclass(frozen=True, slots=True)
class Member:
    """One implementer as printed, with role and own code where it has them."""

    name: str
    span: Span
    role: Role | None = None
    role_span: Span | None = None
    code: Code | None = None
    code_span: Span | None = None


@dataclass(slots=True)
class Entry:
    """One project as a list shows it."""

    name: Span
    members: list[Member] = field(default_factory=list)
    code: Code | None = None
    code_span: Span | None = None
    group_code: Code | None = None
    group_span: Span | None = None
    group: bool = False
    open: bool = False
    """A group's heading without implementers: coded lines below it list them."""
    period: fields.Period | None = None
    period_span: Span | None = None
    cost: Amount | None = None
    cost_span: Span | None = None
    coordination: Span | None = None
    sub_theme: Span | None = None
    short: Span | None = None
    """An acronym told apart from the name."""
    end: int = 0
    """Where its words end in the flow: its web page may follow."""

    @property
    def title(self) -> str:
        """Its name, white space collapsed."""
        return self.name.words


def members(span: Span, role: Role | None = None, label: Span | None = None) -> list[Member]:
    """The organisations of a printed list; a role beside a name goes before the role of the whole list."""
    found: list[Member] = []
    span = span.head(LONGEST)
    for piece in split(span.text):
        part = span.sub(piece.start, piece.end)
        own = _ROLE.search(part.text)
        if own:
            named = part.sub(0, own.start()).strip(" ,;/")
            spelt: Role = "lead" if own["role"].lower().startswith("pää") else "partner"
            found.extend(Member(p.name, named.sub(p.start, p.end), spelt, part) for p in split(named.text)[:1])
        else:
            found.append(Member(piece.name, part, role, label.to(span.strip()) if label and role else None))
    return found


def labelled(body: Span) -> tuple[Span, list[Member]] | None:
    """A body with its implementers behind labels (``Toteuttajat:``, ``Hakija``): what stands before, and they."""
    labels = list(_IMPLEMENTERS.finditer(body.text))
    if not labels:
        return None
    found: list[Member] = []
    for match, following in zip(labels, [*labels[1:], None], strict=False):
        role: Role | None = "lead" if match["lead"] else "partner" if match["partner"] else None
        listed = body.sub(match.end(), following.start() if following else None)
        found.extend(members(listed.strip(" ,."), role, body.of(match)))
    return body.sub(0, labels[0].start()), found


def lists_some(body: Span) -> bool:
    """Whether words end with the implementers of a project, or name them behind a label."""
    text = body.text
    marked = _ROLE.search(text) or _COORDINATION.search(text) or _IMPLEMENTERS.search(text)
    return bool(marked or organisations_at_end(text.rpartition("\n")[2]) or organisations_at_end(text))


def take_cost(entry: Entry, body: Span) -> Span:
    """Read the cost estimate of a body; returns the body before it."""
    match = _COST.search(body.text)
    if match is None:
        return body
    after = body.sub(match.end())
    amount = next(iter(after.amounts(bare=True)), None)
    if amount is None or amount.start:
        return body.sub(0, match.start())
    tail = _CURRENCY.match(after.text, amount.end)
    entry.cost, entry.cost_span = amount, body.of(match).to(after.sub(0, amount.end))
    entry.end = max(entry.end, after.start + (tail.end() if tail else amount.end))
    return body.sub(0, match.start())


def take_period(entry: Entry, body: Span) -> Span:
    """Read the period printed at the end of a name, bare or in brackets; returns the name before it."""
    for period in fields.periods(body.text)[-1:]:
        start, end = period.span
        before, after = body.text[:start], body.text[end:]
        bracketed = before.rstrip().endswith("(") and after.lstrip().startswith(")")
        rest = after.lstrip()[1:] if bracketed else after
        if rest.strip(" .\n"):
            continue
        if bracketed or "." in period.words:
            entry.period, entry.period_span = period, body.sub(start, end)
            return body.sub(0, len(before.rstrip(" (\n")))
    return body


def take_coordination(entry: Entry, body: Span) -> Span:
    """Read the remark that a project coordinates its theme; returns the body before it."""
    match = _COORDINATION.search(body.text)
    if match is None:
        return body
    entry.coordination = body.of(match).strip()
    return body.sub(0, match.start())


def acronym(name: Span) -> Span | None:
    """The short name printed with a name: in brackets, before or after a dash, or in capitals at its head."""
    text = name.text
    if match := _BRACKETED.search(text):
        return name.of(match, 1)
    for pattern, look in ((_LEADING, "match"), (_CAPITALS, "match"), (_TRAILING, "search")):
        found = pattern.match(text) if look == "match" else pattern.search(text)
        if found and sum(c.isupper() for c in found[1]) > 1:
            return name.of(found, 1)
    return None


def separate(body: Span) -> Iterator[tuple[Span, Span]]:
    """Ways to part a body without labels into name and implementers, the surest first."""
    text = body.text
    if slash := re.search(r"\s/\s+(?!(?:pää|osa)toteuttaja)", text):
        yield body.sub(0, slash.start()), body.sub(slash.end())
    for colon in reversed(list(re.finditer(r":\s+(?=[A-ZÅÄÖ])", text))[:_MOST]):
        yield body.sub(0, colon.start()), body.sub(colon.end())
    for comma in list(re.finditer(r",\s+(?=[A-ZÅÄÖ])", text))[:_MOST]:
        yield body.sub(0, comma.start()), body.sub(comma.end())


def give_back(row: Entry, name: str) -> None:
    """Words that a row has behind the name its group shares are the beginning of its implementer's."""
    if len(row.members) != 1 or not row.name.words.startswith(f"{name} "):
        return
    (member,) = row.members
    extra = list(re.finditer(r"\S+", row.name.text))[len(name.split())]
    whole = Span(row.name.flow, row.name.start + extra.start(), member.span.end)
    if not row.name.flow.text[row.name.end : member.span.start].strip():
        row.members = [replace(member, name=repair(whole.text), span=whole)]


def shared_name(names: list[Span]) -> Span:
    """The name of a group by its rows: the shortest, without a word or two in capitals that differ from row to row."""
    shortest = min(names, key=lambda span: len(span.words))
    words = [name.words.split() for name in names]
    common = next(
        (i for i, pair in enumerate(zip(*words, strict=False)) if len(set(pair)) > 1), len(shortest.words.split())
    )
    differing = [rest for own in words for rest in own[common:]]
    if not common or not differing or len(differing) > 2 * len(names) or not all(w[0].isupper() for w in differing):
        return shortest
    last = list(re.finditer(r"\S+", shortest.text))[common - 1]
    return shortest.sub(0, last.end())
