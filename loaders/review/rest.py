"""What of a review became no record, and why: what no record covers, with the part of its form as the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from loaders.records import LeftOut, Project, Record
from loaders.review.form import Form, Lines
from loaders.sightings import unread
from loaders.values.dates import dates, periods
from loaders.values.marks import codes, urls
from loaders.values.weekdays import oddities

_CELLS = {"period": "further-period", "contacts": "contact-cell", "ministry": "contact-cell", "money": "beside-amount"}
_LIST = 7


def rest(lines: Lines, forms: Sequence[Form], records: Iterable[Record], known: Sequence[LeftOut]) -> list[LeftOut]:
    """List everything recognised that no record holds, in the order of the document."""
    records = list(records)
    projects = {record.group_code.value for record in records if isinstance(record, Project) and record.group_code}
    first = forms[0].number(forms[0].whole[0]) if forms else 0
    found = [
        one if one.understood else _with_reason(one, forms, projects)
        for one in unread(lines.document, records, known)
        if one.first >= first
    ]
    return sorted([*known, *found, *_odd(lines)], key=lambda one: (one.first, one.last))


def _with_reason(one: LeftOut, forms: Sequence[Form], projects: set[str]) -> LeftOut:
    """Words that nothing explains, with the reason that the part they stand in gives."""
    form = next((form for form in reversed(forms) if form.number(form.whole[0]) <= one.first), None)
    part = form.part_of(one.first) if form else None
    code = bool(codes(one.words))
    if one.reason in ("damaged-code",) or (one.private and part not in _CELLS):
        return one
    if urls(one.words):
        return replace(one, reason="link-annotation", understood=True)
    if code and one.words in projects:
        return replace(one, reason="code-again", understood=True)
    if isinstance(part, str) and part in _CELLS:
        return replace(one, reason=_CELLS[part], understood=True)
    if part == _LIST:
        dated = bool(dates(one.words) or periods(one.words))
        return replace(one, reason="date-of-list-heading", understood=True) if dated else one
    if part is None or isinstance(part, str):
        return replace(one, reason="form-heading", understood=True)
    if code:
        return replace(one, reason="code-outside-lists")
    dated = bool(dates(one.words, years=True) or periods(one.words, open_ended=True))
    return replace(one, reason="date-in-text" if dated else "amount-in-text", understood=True)


def _odd(lines: Lines) -> Iterator[LeftOut]:
    """The words of a day that cannot be the one they say."""
    for found, end in oddities(lines.text):
        yield lines.span(found.start, end).prose.left_out(0, end - found.start, found.reason, understood=False)
