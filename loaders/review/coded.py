"""Lists whose projects are led by their codes: lines, numbered paragraphs, groups with members, and the table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from loaders import fields
from loaders.fields import Code
from loaders.names import organisations_at_end, repair
from loaders.records import LeftOut
from loaders.review import table, told
from loaders.review.entries import (
    LONGEST,
    Entry,
    Member,
    Role,
    give_back,
    labelled,
    members,
    separate,
    shared_name,
    take_coordination,
    take_cost,
    take_period,
)
from loaders.review.flow import Span

_NUMBERED = re.compile(r"(?:^|\n)(?:\d{1,3}[.)]\s+)?$")
_HEAD = re.compile(r"^Hakemus-?\s*numero\s+Ryhmä-?\s*hanke-?\s*tunnus\s+Hankkeen\s+nimi\s+Hakija", re.MULTILINE)
_SUB_THEME = re.compile(r"^(?:Sisältö(?:osio|alue)|Alateema|Osio)\b\s*:?\s*(?=[A-ZÅÄÖ])", re.MULTILINE)
_COORDINATION = re.compile(
    r"^(?:Koordinaatiohan(?:ke|kkeet)|Koordinoiva\s+hanke|Koordinoivat\s+hankkeet)\s*:\s*$", re.MULTILINE
)
_HEADING = re.compile(r"^(?:Kehittämis\w*|Alue\w*|Muut\s+\w+|Rahoitetut\s+\w+)\s*:\s*$", re.MULTILINE)
_SLASHED, _COMMA = re.compile(r"\s/\s+(?=[A-ZÅÄÖ])"), re.compile(r",\s+(?=[A-ZÅÄÖ])")
_ROLE_ENDS = re.compile(r"[(/]\s*(?:pää|osa)toteuttaja\s*\)?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A code or a heading that opens a new stretch of the list."""

    start: int
    end: int
    kind: str
    codes: tuple[Code, ...] = ()

    def heads(self, following: _Mark | None) -> bool:
        """Whether it is a group's code alone, with a code of its own kind of line below: a heading over members."""
        below = following.codes if following else ()
        own = any(c.kind != "group" for c in self.codes)
        return bool(self.codes and below) and not own and not any(c.kind == "group" for c in below)


def leading_codes(section: Span) -> bool:
    """Whether codes lead a section's projects."""
    return any(mark.kind == "code" for mark in _marks(section))


def stretches(section: Span) -> Iterator[Span]:
    """The words before the first code or heading, and those behind each of them."""
    marks = _marks(section)
    ends = [mark.start for mark in marks] + [len(section.text)]
    for start, end in zip([0, *(mark.end for mark in marks)], ends, strict=True):
        yield section.sub(start, end).strip().head(LONGEST)


def entries(section: Span) -> tuple[list[Entry], list[LeftOut]]:
    """The projects of a section, rows of one group made one; and damaged codes, which stay unread."""
    found, left_out = list[Entry](), list[LeftOut]()
    marks = _marks(section)
    sub_theme: Span | None = None
    coordination: Span | None = None
    in_table = False
    for mark, following, words in zip(marks, [*marks[1:], None], list(stretches(section))[1:], strict=True):
        body = words.sub(0, told.uncoded(words)).strip()
        opened = section.sub(mark.start, mark.end)
        if mark.kind == "sub-theme":
            sub_theme, coordination = body, None
        elif mark.kind in ("coordination", "heading"):
            coordination = opened.strip() if mark.kind == "coordination" else None
        elif mark.kind == "head":
            in_table = True
        else:
            if mark.kind == "damaged":
                origin = opened.strip().origin()
                left_out.append(LeftOut(origin.first, origin.last, origin.words, "damaged-code", False))
            if body:
                entry = _entry(section, mark, body, found, in_table)
                if entry is not None and not entry.members and not mark.heads(following):
                    _from_comma(entry)
                if entry is not None:
                    entry.sub_theme = sub_theme
                    entry.coordination = entry.coordination or coordination
                    found.append(entry)
    return _merged(found), left_out


def _marks(section: Span) -> list[_Mark]:
    text = section.text
    found = [
        _Mark(m.start(), m.end(), kind)
        for kind, pattern in (
            ("sub-theme", _SUB_THEME),
            ("coordination", _COORDINATION),
            ("head", _HEAD),
            ("heading", _HEADING),
        )
        for m in pattern.finditer(text)
    ]
    taken = 0
    codes = fields.codes(text, applications=True)
    for index, code in enumerate(codes):
        if code.start < taken or not (before := _NUMBERED.search(text[: code.start])):
            continue
        run = [code]
        for other in codes[index + 1 :]:
            if text[run[-1].end : other.start].strip() or other.kind == code.kind or len(run) > 1:
                break
            run.append(other)
        taken = run[-1].end
        found.append(_Mark(before.start(), run[-1].end, "code", tuple(run)))
    found.extend(
        _Mark(damaged.start, damaged.end, "damaged")
        for damaged in fields.damaged_codes(text)
        if _NUMBERED.search(text[: damaged.start])
    )
    return sorted(found, key=lambda mark: mark.start)


def _entry(section: Span, mark: _Mark, body: Span, before: Sequence[Entry], in_table: bool) -> Entry | None:
    """The project a mark opens; None where its words are a member of the group before it."""
    group = next((c for c in mark.codes if c.kind == "group"), None)
    own = next((c for c in mark.codes if c.kind != "group"), None)
    entry = Entry(
        body,
        code=own,
        code_span=section.sub(own.start, own.end) if own else None,
        group_code=group,
        group_span=section.sub(group.start, group.end) if group else None,
        group=group is not None,
        end=body.end,
    )
    rest = take_period(entry, take_cost(entry, body).strip(" ,."))
    if not group and before and before[-1].open and _lists_member(rest, entry):
        before[-1].members.extend(_coded(members(take_coordination(before[-1], rest).strip()), entry))
        return None
    if (listed := labelled(rest)) is not None:
        parted: Span | None = listed[0]
        take_coordination(entry, rest.sub(len(listed[0].text)))
        entry.members = [_without_remark(m) for m in listed[1]]
    elif in_table or _ROLE_ENDS.search(rest.text):
        parted = _from_row(entry, rest)
    else:
        parted = _from_separator(entry, rest)
    entry.name = take_period(entry, (parted if parted is not None else rest).strip(" ,.:")).strip(" ,.:")
    entry.open = group is not None and own is None and not entry.members
    return entry


def _lists_member(rest: Span, entry: Entry) -> bool:
    """Whether a coded line below a group's heading is a member: nothing but an organisation, with or without its role."""
    return entry.period is None and entry.cost is None and labelled(rest) is None and "\n/" not in rest.text


def _coded(found: list[Member], entry: Entry) -> list[Member]:
    return [replace(m, code=entry.code, code_span=entry.code_span) for m in found]


def _without_remark(member: Member) -> Member:
    scratch = Entry(member.span)
    kept = take_coordination(scratch, member.span).strip()
    if scratch.coordination is None:
        return member
    return replace(members(kept)[0], role=member.role, role_span=member.role_span)


def _from_row(entry: Entry, rest: Span) -> Span | None:
    role = _ROLE_ENDS.search(rest.text)
    found = table.part(rest.sub(0, role.start()).strip() if role else rest)
    if found is None:
        return None
    name, applicant = found
    whole = Span(rest.flow, applicant.start, rest.end)
    spelt: Role | None = None
    if role:
        spelt = "lead" if "pää" in role[0].lower() else "partner"
    entry.members = [Member(repair(applicant.text), applicant, spelt, whole if role else None)]
    return name


def _from_separator(entry: Entry, rest: Span) -> Span | None:
    """Implementers behind a slash, a colon or a comma: organisations all, or behind a comma capitals that end in one."""
    for name, listed in separate(rest):
        found = members(listed.strip())
        pieces = organisations_at_end(listed.strip().text)
        comma = rest.text[len(name.text) :].startswith(",") and all(m.name[:1].isupper() for m in found)
        if found and (len(pieces) == len(found) or (comma and pieces)):
            entry.members = found
            return name
    return None


def _from_comma(entry: Entry) -> None:
    """``Name, Organisation``: where nothing else parts a row, a slash or the first comma before a capital does."""
    comma = _SLASHED.search(entry.name.text) or _COMMA.search(entry.name.text)
    found = members(entry.name.sub(comma.end()).strip()) if comma and entry.period is None else []
    if comma and found and all(m.name[:1].isupper() for m in found):
        entry.members, entry.name = found, entry.name.sub(0, comma.start())


def _merged(found: list[Entry]) -> list[Entry]:
    """Rows of one group code are one project; so are rows with codes of their own under one and the same name."""
    result: list[Entry] = []
    for _, rows in groupby(found, key=_group_key):
        several = list(rows)
        first = several[0]
        if first.group_code and first.code:
            for row in several:
                row.members = _coded(row.members, row)
            _join(first, several)
            result.append(first)
        elif len(several) > 1 and first.code:
            for row in several:
                row.members = _coded(row.members, row)
            _join(first, several)
            first.group = True
            result.append(first)
        else:
            result.extend(several)
    return result


def _group_key(entry: Entry) -> tuple[str, str]:
    if entry.group_code:
        return "group", entry.group_code.value
    return "name", entry.title.casefold()


def _join(first: Entry, rows: list[Entry]) -> None:
    name = shared_name([row.name for row in rows])
    for row in rows:
        give_back(row, name.words)
    first.name, first.members = name, [m for row in rows for m in row.members]
    first.code = first.code_span = None
    first.coordination = next((row.coordination for row in rows if row.coordination), None)
    first.end = rows[-1].end
