"""Lists of projects without codes: with costs, with colons, with web pages; and a project told in the prose alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.names import organisations_at_end, split
from loaders.review.entries import Entry, members, take_coordination, take_cost, take_period
from loaders.review.flow import Span
from loaders.review.form import Form

_TOLD = re.compile(r"(?:^|(?<=[.!:?)] )|(?<=[.!:?)]\n))Toteuttajat?\b\s*:?", re.MULTILINE)
_COST = re.compile(r"\bKustannusarvio\b")
_LEAD = re.compile(r"^(?P<mark>(?:Teeman\s+)?(?:[Kk]oordinaatiohanke|[Kk]oordinoiva\s+hanke))\s*:?\s+(?=[A-ZÅÄÖ”\"])")
_SUB_HEADING = re.compile(r"rahoitu|rahoitet|päätö|hankkee|hanke\b|verkkosivut", re.IGNORECASE)
_OPEN_END = re.compile(r"(?:[,/–—-]|\b(?:ja|sekä|och|samt|för|vid|i)|[A-ZÅÄÖ][\w-]*n)$")
_NAMED = re.compile(
    r"(?P<acronym>[A-ZÅÄÖ]\w+)\s+eli\s+(?P<name>[A-ZÅÄÖ][^.:;]{3,120}?)\s+-(?P<kind>(?:koordinaatio)?hanke)", re.DOTALL
)
_SHORT = re.compile(r"(?P<name>[A-ZÅÄÖ]\w+-koordinaatio(?:hanke)?)\b")
_RUN_BY = re.compile(
    r"[Pp]äätoteuttajana\s+(?:on|toimii)\s+(?P<lead>[^.]+?)(?:,?\s+(?:ja\s+)?osatoteuttaj(?:ina|ana)\s+(?:ovat\s+|on\s+|toimivat\s+)?"
    r"(?P<partners>[^.]+))?\.",
    re.DOTALL,
)


def entries(section: Span) -> list[Entry]:
    """The projects of a list without codes."""
    markers = list(_TOLD.finditer(section.text))
    if markers and _COST.search(section.text):
        return list(_costed(section, markers))
    if markers:
        return list(_headed(section, markers))
    return list(_colons(section))


def _costed(section: Span, markers: list[re.Match[str]]) -> Iterator[Entry]:
    """``Name. Toteuttajat: A, B. Kustannusarvio N €.``"""
    at = 0
    for marker, following in zip(markers, [*markers[1:], None], strict=False):
        entry = Entry(_name(section.sub(at, marker.start())))
        body = section.sub(marker.end(), following.start() if following else None)
        listed = take_cost(entry, body)
        if entry.cost is None:
            listed = _until_name(body, last=following is None)
            entry.end = listed.end
        _fill(entry, listed)
        at = entry.end - section.start
        yield entry


def _headed(section: Span, markers: list[re.Match[str]]) -> Iterator[Entry]:
    """``Name``, then ``Toteuttajat: A, B ja C`` and perhaps a web page, which is masked."""
    at = 0
    for marker, following in zip(markers, [*markers[1:], None], strict=False):
        entry = Entry(_name(section.sub(at, marker.start())))
        body = section.sub(marker.end(), following.start() if following else None)
        listed = _until_name(body, last=following is None)
        entry.end = listed.end
        _fill(entry, listed)
        at = listed.end - section.start
        yield entry


def _until_name(body: Span, *, last: bool) -> Span:
    """The lines that list implementers: up to a page address, a new paragraph, or a line that goes on no name."""
    lines = list(body.lines())
    taken = lines[:1]
    for line in lines[1:] if not last else ():
        if _page_between(taken[-1], line) or not _goes_on(taken, line):
            break
        taken.append(line)
    if last:
        for line in lines[1:]:
            ended = line.begins_paragraph and not _OPEN_END.search(taken[-1].text)
            if ended or _page_between(taken[-1], line):
                break
            taken.append(line)
    return taken[0].to(taken[-1]) if taken else body.sub(0, 0)


def _goes_on(taken: list[Span], line: Span) -> bool:
    if _OPEN_END.search(taken[-1].text) or line.text[:1].islower():
        return True
    return line.goes_on


def _page_between(before: Span, line: Span) -> bool:
    """Whether a masked web address stands between two lines, or at the head of the second."""
    between = line.flow.raw[before.end : line.start]
    return bool(re.search(r"\S", between))


def _name(run: Span) -> Span:
    """A project's name out of the words since the last project: headings above it go."""
    lines = list(run.strip(" ,.:€").lines())
    for index in range(len(lines) - 2, -1, -1):
        if lines[index].text.endswith(":") and _SUB_HEADING.search(_paragraph(lines, index)):
            lines = lines[index + 1 :]
            break
    return lines[0].to(lines[-1]).strip(" ,.:") if lines else run.sub(0, 0)


def _paragraph(lines: list[Span], index: int) -> str:
    return " ".join(line.text for line in lines[max(0, index - 1) : index + 1])


def _fill(entry: Entry, listed: Span) -> None:
    """Implementers, the period in the name, and whether the name is said to coordinate the theme."""
    kept = take_coordination(entry, listed)
    entry.members = members(kept.strip(" ,."))
    if mark := _LEAD.match(entry.name.text):
        entry.coordination = entry.name.to(listed).strip(" ,.")
        entry.name = entry.name.sub(mark.end())
    entry.name = take_period(entry, entry.name).strip(" ,.:")
    entry.group = len(entry.members) > 1


def _colons(section: Span) -> Iterator[Entry]:
    """``Name:`` on a line (or two), then the organisations on the next."""
    lines = [part for line in section.lines() for part in _at_colon(line)]
    heads = [i for i, line in enumerate(lines) if line.text.endswith(":")]
    starts = [_head_start(lines, heads, n) for n in range(len(heads))]
    for n, head in enumerate(heads):
        end = starts[n + 1] if n + 1 < len(heads) else len(lines)
        if head + 1 >= end:
            continue
        last = next((i for i in range(head + 1, end) if n + 1 == len(heads) and _ended(lines, head, i)), end - 1)
        entry = Entry(lines[starts[n]].to(lines[head]).strip(" ,.:"), end=lines[last].end)
        _fill(entry, lines[head + 1].to(lines[last]))
        yield entry


def _at_colon(line: Span) -> Iterator[Span]:
    """A line that holds the end of a name and the first organisation, as two."""
    for colon in re.finditer(r":\s+(?=[A-ZÅÄÖ])", line.text):
        first = next(iter(split(line.text[colon.end() :])), None)
        if first and organisations_at_end(first.name):
            yield line.sub(0, colon.start() + 1)
            yield line.sub(colon.end())
            return
    yield line


def _ended(lines: list[Span], head: int, index: int) -> bool:
    """Whether the last project's implementers end with this line."""
    following = lines[index + 1] if index + 1 < len(lines) else None
    return index > head and (
        following is None or (following.begins_paragraph and not _OPEN_END.search(lines[index].text))
    )


def _head_start(lines: list[Span], heads: list[int], n: int) -> int:
    """The first line of a name: after the implementers before it, which end where a paragraph or a full list ends."""
    first = heads[n - 1] + 1 if n else 0
    for index in range(heads[n], first, -1):
        before, line = lines[index - 1], lines[index]
        if line.text[:1].islower() or _OPEN_END.search(before.text):
            continue
        if not line.goes_on:
            return index
    return first if not n else min(first + 1, heads[n])


def told_in_prose(form: Form) -> Entry | None:
    """A coordination project that no list shows: its name and implementers told in the running text."""
    found = [(part, match) for part in form.prose for match in _RUN_BY.finditer(part.text)]
    named = [(part, match) for part in form.prose for match in _NAMED.finditer(part.text)]
    named += [(part, match) for part, _ in found for match in _SHORT.finditer(part.text)]
    if not found or not named:
        return None
    part, run_by = found[0]
    holder, name = named[0]
    entry = Entry(holder.of(name, "name"), end=part.of(run_by).end)
    if "koordinaatio" in name[0]:
        entry.coordination = holder.of(name)
    if name.groupdict().get("acronym"):
        entry.short = holder.of(name, "acronym")
    lead = part.of(run_by, "lead").strip()
    entry.members = members(lead, "lead", part.sub(run_by.start(), lead.start - part.start))
    if run_by["partners"]:
        label = part.sub(run_by.end("lead"), run_by.start("partners")).strip(" ,")
        entry.members += members(part.of(run_by, "partners").strip(), "partner", label)
    entry.group = len(entry.members) > 1
    return entry
