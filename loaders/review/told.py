"""Lists of projects without codes: with costs, with colons, with web pages, one kind beside another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.names import organisations_at_end, split
from loaders.review.entries import Entry, lists_some, members, take_coordination, take_cost, take_period
from loaders.review.flow import Span

_TOLD = re.compile(r"(?:^|(?<=[.!:?)] )|(?<=[.!:?)]\n))Toteuttajat?\b\s*:?", re.MULTILINE)
_COST = re.compile(r"\bKustannusarvio\b")
_FORM_END = re.compile(r"\s(?:[Oo]yj?|OY|[Aa]bp?|AB|ry|r\.y\.?|rf|sr|osk)\.?$")
_LEAD = re.compile(r"^(?P<mark>(?:Teeman\s+)?(?:[Kk]oordinaatiohanke|[Kk]oordinoiva\s+hanke))\s*:?\s+(?=[A-ZÅÄÖ”\"])")
_SUB_HEADING = re.compile(r"rahoitu|rahoitet|päätö|hankkee|hanke\b|verkkosivut", re.IGNORECASE)
_OPEN_END = re.compile(r"(?:[,/–—-]|\b(?:ja|sekä|och|samt|för|vid|i)|[A-ZÅÄÖ][\w-]*n)$")


def entries(section: Span) -> list[Entry]:
    """The projects of a list without codes."""
    markers = list(_TOLD.finditer(section.text))
    if markers and _COST.search(section.text):
        return list(_costed(section, markers))
    if markers:
        return list(_headed(section, markers))
    return list(_colons(section))


def uncoded(body: Span, *, opening: bool = False) -> int | None:
    """Where in the words behind a code a project without one begins; None where they are all the coded project's.

    ``opening`` words stand before the first code: they are no coded project's.
    """
    lines = [part for line in body.lines() for part in _at_colon(line)]
    for last in _name_ends(lines):
        first = _first_line(lines, last)
        at = lines[first].start - body.start
        if (opening and not first) or (first and lists_some(body.sub(0, at).strip())):
            return at
    return None


def _first_line(lines: list[Span], last: int) -> int:
    """The first line of the name that a line ends."""
    while last > 0 and (
        lines[last].text[:1].islower() or _OPEN_END.search(lines[last - 1].text) or lines[last].goes_on
    ):
        last -= 1
    return last


def _name_ends(lines: list[Span]) -> Iterator[int]:
    """The lines that end a project's name: implementers stand behind it, labelled or after a colon."""
    for index, line in enumerate(lines):
        label = _TOLD.search(line.text)
        if label:
            yield index if label.start() else max(0, index - 1)
        elif _heads_list(lines, index):
            yield index


def _heads_list(lines: list[Span], index: int) -> bool:
    """Whether a line ends with a colon above organisations."""
    if not lines[index].text.endswith(":") or index + 1 == len(lines):
        return False
    below = lines[index + 1].text
    return not _TOLD.search(below) and _begins_list(below)


def _begins_list(text: str) -> bool:
    first = next(iter(split(text)), None)
    return first is not None and bool(organisations_at_end(first.name))


def _before_name(run: Span) -> tuple[list[Entry], Span]:
    """Projects with colons in the words before a labelled list, and what is left of them: the name of its project."""
    lines = [part for line in run.lines() for part in _at_colon(line)]
    heads = [index for index in range(len(lines)) if _heads_list(lines, index)]
    first = _first_line(lines, len(lines) - 1)
    if not heads or first <= heads[-1] + 1:
        return [], run
    at = lines[first].start - run.start
    return list(_colons(run.sub(0, at))), run.sub(at)


def _behind(rest: Span) -> Iterator[Entry]:
    """Projects with colons in the words behind the last labelled list."""
    lines = [part for line in rest.lines() for part in _at_colon(line)]
    heads = [index for index in range(len(lines)) if _heads_list(lines, index)]
    if heads:
        yield from _colons(rest.sub(lines[_first_line(lines, heads[0])].start - rest.start))


def _costed(section: Span, markers: list[re.Match[str]]) -> Iterator[Entry]:
    """``Name. Toteuttajat: A, B. Kustannusarvio N €.``"""
    at = 0
    for marker, following in zip(markers, [*markers[1:], None], strict=False):
        before, run = _before_name(section.sub(at, marker.start()))
        yield from before
        entry = Entry(_name(run))
        body = section.sub(marker.end(), following.start() if following else None)
        listed = take_cost(entry, body)
        if entry.cost is None:
            listed = _until_name(body, last=following is None)
            entry.end = listed.end
        _fill(entry, listed)
        at = entry.end - section.start
        yield entry
    yield from _behind(section.sub(at))


def _headed(section: Span, markers: list[re.Match[str]]) -> Iterator[Entry]:
    """``Name``, then ``Toteuttajat: A, B ja C`` and perhaps a web page, which is masked."""
    at = 0
    for marker, following in zip(markers, [*markers[1:], None], strict=False):
        before, run = _before_name(section.sub(at, marker.start()))
        yield from before
        entry = Entry(_name(run))
        body = section.sub(marker.end(), following.start() if following else None)
        listed = _until_name(body, last=following is None)
        entry.end = listed.end
        _fill(entry, listed)
        at = listed.end - section.start
        yield entry
    yield from _behind(section.sub(at))


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
            ended = line.begins_paragraph and not (_OPEN_END.search(taken[-1].text) or _ends_body(line))
            if ended or _page_between(taken[-1], line):
                break
            taken.append(line)
    return taken[0].to(taken[-1]) if taken else body.sub(0, 0)


def _goes_on(taken: list[Span], line: Span) -> bool:
    if _OPEN_END.search(taken[-1].text) or _ends_body(line):
        return True
    return line.goes_on


def _ends_body(line: Span) -> bool:
    """Whether a line ends with a legal form, which no project's name does, or begins small: the rest of a name cut in two."""
    return line.text[:1].islower() or (bool(_FORM_END.search(line.text)) and not _TOLD.search(line.text))


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
        if _begins_list(line.text[colon.end() :]):
            yield line.sub(0, colon.start() + 1)
            yield line.sub(colon.end())
            return
    yield line


def _ended(lines: list[Span], head: int, index: int) -> bool:
    """Whether the last project's implementers end with this line."""
    following = lines[index + 1] if index + 1 < len(lines) else None
    return index > head and (
        following is None
        or (following.begins_paragraph and not (_OPEN_END.search(lines[index].text) or _ends_body(following)))
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
