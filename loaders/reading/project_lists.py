"""Lists of projects in running lines: a name each, with codes, implementers, dates and costs in the order the list prints.

An entry begins with its code, ends its name with a colon above its implementers, or has them behind a label; one list may
mix the kinds. Lines wrap anywhere, and pages break anywhere.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import groupby, pairwise

from loaders import phrases
from loaders.blocks import Bounds
from loaders.names.keys import FORM_ENDS
from loaders.names.parts import organisations_at_end, split
from loaders.names.text import WORDS
from loaders.reading import bodies
from loaders.reading.bodies import Body
from loaders.reading.page import Page
from loaders.reading.project_drafts import Draft, acronym
from loaders.reading.project_rows import name_and_bodies
from loaders.reading.sums import sums
from loaders.records import Stated
from loaders.text import trimmed
from loaders.values.dates import periods
from loaders.values.marks import Code, Mark, codes, damaged_codes

_LONGEST = 2000
"""No project with its implementers is longer, in characters: more is text of another kind."""
_JOINERS = "|".join((*WORDS.conjunctions, *WORDS.swedish_prepositions))
_OPEN_END = re.compile(rf"(?:[,/–—-]|\b(?:{_JOINERS})|[A-ZÅÄÖ][\w-]{{0,60}}n)$")
_NUMBER = re.compile(r"(?:^|\n)[ ]*(?:\d{1,3}[.)]\s+)?$")
_EDGES = " \n,.:€"
_COLON = re.compile(r":\s+(?=[A-ZÅÄÖ])")
_ROLES = "|".join(phrases.whole_words("lists", concept) for concept in ("lead", "partner"))
_ROLE_AT_END = re.compile(rf"[(/]\s*(?:{_ROLES})\s*\)?\s*$", re.IGNORECASE)
_TOLD = re.compile(
    rf"(?:^|(?<=[.!:?)] )|(?<=[.!:?)]\n))(?-i:(?=[A-ZÅÄÖ])){phrases.whole_words('lists', 'implementers')}\s*:?",
    re.MULTILINE | re.IGNORECASE,
)
"""The label of implementers that begins a line or a sentence."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """What opens a stretch of a list: the codes of a project, a damaged code, or a heading."""

    start: int
    end: int
    kind: str
    codes: tuple[Code, ...] = ()


@cache
def _pattern(concept: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Compile the words of a concept with what has to stand around them."""
    return re.compile(before + phrases.whole_words("lists", concept) + after, re.IGNORECASE | re.MULTILINE)


class ProjectList:
    """A part of a page that lists projects in lines."""

    def __init__(self, page: Page, low: int, high: int) -> None:
        """Take the span of the list; web addresses are taken out of its text, for they part names and amounts."""
        prose = page.outline.text
        self.page, self.low, self.high = page, low, high
        self.addresses = [mark for mark in prose.addresses if low <= mark.start < high]
        self.text, self.flat = prose.plain, prose.flat

    def read(self) -> list[Draft]:
        """Read the projects in the order of the list; rows of one group, or of one name, are one project."""
        openings = self._openings()
        if not any(one.kind == "code" for one in openings):
            return self._finished(self._labelled(self.low, self.high))
        head = openings[0].start
        first = self._uncoded(self.low, head, opening=True)
        above = self._labelled(first, head) if first is not None else ()
        return self._finished(self._merged([*above, *self._coded(openings)]))

    # the text of the list

    @cached_property
    def _lines(self) -> list[Bounds]:
        """The spans of the lines that hold words, a line that ends a name and begins a list of bodies as two."""
        found: list[Bounds] = []
        starts = (at for at in self.page.outline.text.starts if self.low < at < self.high)
        for span in pairwise([self.low, *starts, self.high]):
            low, high = trimmed(self.text, *span)
            cuts = _COLON.finditer(self.text, low, high)
            cut = next((one for one in cuts if _begins_list(self.text[one.end() : high])), None)
            found += [(low, cut.start() + 1), (cut.end(), high)] if cut else [(low, high)] if low < high else []
        return found

    def _within(self, low: int, high: int) -> list[Bounds]:
        """The lines of a span, the first and last one cut."""
        found = [(max(start, low), min(end, high)) for start, end in self._lines if start < high and low < end]
        return [span for one in found if (span := trimmed(self.text, *one))[0] < span[1]]

    def _paragraph(self, at: int) -> tuple[bool, bool]:
        """Whether a paragraph may begin at a line, and whether one can be told from a wrapped line hereabouts."""
        return self.page.outline.text.paragraph(at, spaced=self.page.outline.document.form == "text")

    def _goes_on(self, at: int) -> bool:
        """Tell whether the line at an offset is known to go on the paragraph of the line above."""
        begins, told = self._paragraph(at)
        return told and not begins

    def _strip(self, low: int, high: int, edges: str = _EDGES) -> Bounds:
        return trimmed(self.text, low, high, edges)

    def _words(self, low: int, high: int) -> str:
        return " ".join(self.text[low:high].split())

    def _openings(self) -> list[_Opening]:
        """What opens the entries and parts of the list, in order; damaged codes are reported as well."""
        text, low, high = self.text, self.low, self.high
        start, alone = r"^[ ]*", r"\s*:[ ]*$"
        found = [
            _Opening(*match.span(), kind)
            for kind, pattern in (
                ("part", _pattern("part", start, r"\s*:?\s*(?-i:(?=[A-ZÅÄÖ]))")),
                ("coordination", _pattern("coordination", start, alone)),
                ("columns", _pattern("columns", start)),
                ("heading", _pattern("heading", start, alone)),
            )
            for match in pattern.finditer(text, low, high)
        ]
        marks = [replace(c, start=c.start + low, end=c.end + low) for c in codes(text[low:high], applications=True)]
        taken = low
        for index, code in enumerate(marks):
            before = _NUMBER.search(text[max(low, code.start - 8) : code.start])
            if code.start < taken or before is None:
                continue
            after = marks[index + 1 : index + 2]
            run = [code, *(c for c in after if not text[code.end : c.start].strip() and c.kind != code.kind)]
            taken = run[-1].end
            found.append(_Opening(max(low, code.start - 8) + before.start(), taken, "code", tuple(run)))
        for mark in damaged_codes(text[low:high]):
            at = low + mark.start
            if _NUMBER.search(text[max(low, at - 8) : at]):
                self.page.leave_out(at, low + mark.end, "damaged-code")
                found.append(_Opening(at, low + mark.end, "damaged"))
        return sorted(found, key=lambda one: one.start)

    # entries led by codes

    def _coded(self, openings: list[_Opening]) -> list[Draft]:
        part: Bounds | None = None
        coordination: Bounds | None = None
        in_table = False
        drafts: list[Draft] = []
        for opening, below in zip(openings, [*openings[1:], None], strict=True):
            low, high = opening.end, min(below.start if below else self.high, opening.end + _LONGEST)
            cut = self._uncoded(low, high)
            end = cut if cut is not None else high
            if opening.kind == "part":
                part, coordination = self._strip(low, end), None
            elif opening.kind in ("coordination", "heading"):
                span = trimmed(self.text, opening.start, opening.end)
                coordination = span if opening.kind == "coordination" else None
            elif opening.kind == "columns":
                in_table = True
            elif self.text[low:end].strip() and (draft := self._entry(opening, low, end, drafts, in_table=in_table)):
                draft.sub_theme = self.page.stated(self._words(*part), *part) if part else None
                if coordination and draft.coordination is None:
                    draft.coordination = Stated(True, self.page.origin(*coordination))
                drafts.append(draft)
            if cut is not None:
                drafts += self._labelled(cut, high)
        return drafts

    def _merged(self, drafts: list[Draft]) -> Iterator[Draft]:
        """Rows of one group code are one project; so are rows with codes of their own under one and the same name."""

        def key(draft: Draft) -> str:
            name = self._words(*draft.name).casefold() if draft.name else ""
            return draft.group_code.value if draft.group_code else f"name {name}"

        for _, group in groupby(drafts, key=key):
            rows = list(group)
            first = rows[0]
            if first.code is None or (len(rows) == 1 and first.group_code is None):
                yield from rows
                continue
            names = (row.name for row in rows if row.name)
            first.name, first.group = min(names, key=lambda span: len(self._words(*span))), True
            first.bodies = [replace(one, code=row.code) for row in rows for one in row.bodies]
            first.code = None
            first.coordination = next((row.coordination for row in rows if row.coordination), None)
            yield first

    def _entry(self, opening: _Opening, low: int, high: int, before: list[Draft], *, in_table: bool) -> Draft | None:
        """The project that codes open; None where its words are one more member of the group above."""
        group = next((code for code in opening.codes if code.kind == "group"), None)
        own = next((code for code in opening.codes if code.kind != "group"), None)
        draft = Draft(group=group is not None)
        draft.code = self.page.stated(own.value, own.start, own.end) if own else None
        draft.group_code = self.page.stated(group.value, group.start, group.end) if group else None
        end = self._take_period(draft, low, self._take_cost(draft, low, high))
        labels = self._labels(low, end)
        if group is None and before and before[-1].open and not labels and not draft.start and not draft.sums:
            listed = self._bodies(low, self._take_coordination(before[-1], low, end))
            if "\n/" not in self.text[low:end]:
                before[-1].bodies += [replace(one, code=draft.code) for one in listed]
                return None
        role = _ROLE_AT_END.search(self.text[low:end])
        if labels:
            self._take_labels(draft, labels, end)
            cut: int | None = labels[0][0]
        elif in_table or role:
            cut = self._take_row(draft, low, low + role.start() if role else end, end)
        else:
            name_and_bodies(self.page, draft, *self._strip(low, end))
            cut = draft.name[1] if draft.name else None
        name = self._strip(low, cut if cut is not None else end)
        draft.name = self._strip(low, self._take_period(draft, *name)) if not draft.start else name
        draft.open = group is not None and own is None and not draft.bodies
        return draft

    def _take_row(self, draft: Draft, low: int, high: int, end: int) -> int | None:
        """Name and applicant of a table's row: by its cells, by the gap between the columns, else by the words."""
        low, high = self._strip(low, high, " \n")
        cut = self._by_cells(low, high) or self._by_gap(low, high)
        if cut is None:
            at = bodies.begins_at(self.text[low:high])
            cut = low + at if at else None
        if cut is None:
            return None
        draft.bodies = self._bodies(cut, end, whole=True)
        return cut

    def _by_cells(self, low: int, high: int) -> int | None:
        prose = self.page.outline.text
        lines = [(at, line.cell) for at, line in zip(prose.starts, prose.lines, strict=True) if low <= at < high]
        held = [(at, cell.column) for at, cell in lines if cell]
        last = max((column for _, column in held), default=0)
        several = len({column for _, column in held}) > 1
        return next(at for at, column in held if column == last) if several else None

    def _by_gap(self, low: int, high: int) -> int | None:
        """Two blanks or more inside the first printed line stand between its columns."""
        pieces = re.split(r"\s{2,}", self.page.outline.text.line(low).text.strip())
        at = self.text.find(" ".join(pieces[-1].split()), low, high) if len(pieces) > 1 else -1
        return at if at > low and self.text[low:at].strip() else None

    # entries without codes

    def _uncoded(self, low: int, high: int, *, opening: bool = False) -> int | None:
        """Where a project without a code begins behind one with a code; None where all words are the coded project's.

        ``opening`` words stand before the first code and are no coded project's.
        """
        lines = self._within(low, high)
        for number in range(len(lines)):
            label = _TOLD.search(self.text, *lines[number])
            if label is None and not self._heads(lines, number):
                continue
            first = number if label is None or label.start() > lines[number][0] else max(0, number - 1)
            while first > 0 and self._follows(lines[first - 1], lines[first]):
                first -= 1
            if opening and first == 0:
                return lines[0][0]
            if first > 0 and (opening or self._lists_some(low, lines[first][0])):
                return lines[first][0]
        return None

    def _follows(self, above: Bounds, line: Bounds) -> bool:
        """Tell whether a line goes on the name or list of the line above."""
        text = self.text[line[0] : line[1]]
        return text[0].islower() or _is_open(self.text[slice(*above)]) or self._goes_on(line[0])

    def _heads(self, lines: list[Bounds], number: int) -> bool:
        """Tell whether a line ends with a colon above organisations."""
        if number + 1 >= len(lines) or self.text[lines[number][1] - 1] != ":":
            return False
        below = self.text[slice(*lines[number + 1])]
        return _TOLD.search(below) is None and _begins_list(below)

    def _lists_some(self, low: int, high: int) -> bool:
        words = self.text[low:high].strip()
        marked = re.search(rf"(?:{_ROLES})\s?\)?$", words, re.IGNORECASE) or self._remark(low, high)
        return bool(marked or self._labels(low, high) or organisations_at_end(words.rpartition("\n")[2]))

    def _labelled(self, low: int, high: int) -> Iterator[Draft]:
        """Projects whose implementers stand behind a label or a colon: ``Name. Toteuttajat: A, B. Kustannusarvio N €.``"""
        lines = self._within(low, high)
        openings = [match.span() for match in _TOLD.finditer(self.text, low, high)]
        labelled = {end for _, end in openings}
        openings += [(end, end) for n, (_, end) in enumerate(lines) if end not in labelled and self._heads(lines, n)]
        openings.sort()
        at = low
        for number, (start, end) in enumerate(openings):
            last = number + 1 == len(openings)
            limit = high if last else openings[number + 1][0]
            draft = Draft(name=self._name(at, start))
            listed = self._take_cost(draft, end, limit)
            at = self._cost_end
            if not draft.sums:
                at = listed = self._until_name(end, limit, last=last)
                behind = (one for one in self.addresses if one.start >= at and not self.text[at : one.start].strip())
                page = next(behind, None)
                if start != end and page and page.start < limit:
                    self._take_page(draft, page)
            self._fill(draft, end, listed)
            yield draft

    def _take_page(self, draft: Draft, page: Mark) -> None:
        """The address right behind a project's implementers is its own page, where it stands in the list for the first time."""
        key = url_key(page.value)
        if any(url_key(one.value) == key for one in self.addresses if one.start < page.start):
            return
        value = max((one.value for one in self.addresses if url_key(one.value) == key), key=len)
        draft.pages.append(self.page.stated(value, page.start, page.end))

    def _name(self, low: int, high: int) -> Bounds:
        """A project's name out of the words since the last project: headings above it go."""
        lines = self._within(low, high)
        for index in range(len(lines) - 2, -1, -1):
            above = self.text[lines[max(0, index - 1)][0] : lines[index][1]]
            if above.endswith(":") and _pattern("announces").search(above):
                lines = lines[index + 1 :]
                break
        return self._strip(lines[0][0], lines[-1][1]) if lines else (high, high)

    def _until_name(self, low: int, high: int, *, last: bool) -> int:
        """Where a list of implementers ends: at a web address, a new paragraph, or a line that goes on no name."""
        lines = self._within(low, high)
        end = low
        for number, line in enumerate(lines):
            if number:
                between = any(lines[number - 1][1] <= one.start < line[1] for one in self.addresses)
                open_end = _is_open(self.text[slice(*lines[number - 1])]) or self._ends_body(line)
                goes_on = not self._paragraph(line[0])[0] if last else self._goes_on(line[0])
                if between or not (open_end or goes_on):
                    break
            end = line[1]
        return end

    def _ends_body(self, line: Bounds) -> bool:
        """Tell whether a line ends with a legal form, which no project's name does, or begins small."""
        words = self.text[slice(*line)]
        return words[0].islower() or (bool(FORM_ENDS.search(words)) and _TOLD.search(words) is None)

    def _fill(self, draft: Draft, low: int, high: int) -> None:
        end = self._take_coordination(draft, low, high)
        draft.bodies = self._bodies(low, end)
        draft.group = len(draft.bodies) > 1
        assert draft.name is not None
        lead = _pattern("coordination", r"\s*", r"\s*:?\s+(?-i:(?=[A-ZÅÄÖ”\"]))").match(self.text, *draft.name)
        if lead:
            draft.coordination = Stated(True, self.page.origin(draft.name[0], self._strip(low, high)[1]))
            draft.name = (lead.end(), draft.name[1])
        draft.name = self._strip(draft.name[0], self._take_period(draft, *draft.name))

    # parts of an entry

    def _labels(self, low: int, high: int) -> list[tuple[int, int, bodies.Role | None]]:
        """The labels of implementers in a span; a role in brackets or behind a slash is said of the name before it."""
        found: list[tuple[int, int, bodies.Role | None]] = []
        roles: tuple[tuple[str, bodies.Role | None], ...] = (
            ("lead", "lead"),
            ("partner", "partner"),
            ("implementers", None),
        )
        for concept, role in roles:
            for match in _pattern(concept, after=r"(?:\s+(?:on|ovat)\b)?\s*:?").finditer(self.text, low, high):
                inside = any(a <= match.start() < b for a, b, _ in found)
                if not inside and self.text[low : match.start()].rstrip()[-1:] not in ("(", "/"):
                    found.append((*match.span(), role))
        return sorted(found)

    def _take_labels(self, draft: Draft, labels: list[tuple[int, int, bodies.Role | None]], high: int) -> None:
        for number, (start, end, role) in enumerate(labels):
            until = labels[number + 1][0] if number + 1 < len(labels) else high
            until = self._take_coordination(draft, end, until)
            draft.bodies += [
                replace(one, role_span=one.role_span or (start, self._strip(end, until)[1])) if role else one
                for one in self._bodies(end, until, role)
            ]

    def _bodies(self, low: int, high: int, role: bodies.Role | None = None, *, whole: bool = False) -> list[Body]:
        """The organisations of a printed list; a ``whole`` cell names one, over several lines."""
        low, high = self._strip(low, min(high, low + _LONGEST), " \n,.:")
        text = self.flat if whole else self.text
        return list(bodies.organisations(text, low, high, role=role))

    def _take_cost(self, draft: Draft, low: int, high: int) -> int:
        """Read the cost behind its label; returns where the words before it end."""
        match = _pattern("cost", after=r"\s*:?\s*").search(self.text, low, high)
        self._cost_end = high
        if match is None:
            return high
        one = next(iter(sums(self.flat, match.end(), high, bare=True)), None)
        if one and one.start == match.end():
            draft.sums.append(("costEstimate", replace(one, start=match.start())))
            self._cost_end = one.end
        return match.start()

    def _take_period(self, draft: Draft, low: int, high: int) -> int:
        """Read the period that ends a name, bare or in brackets; returns where the name before it ends."""
        low, high = self._strip(low, high, " \n,.")
        for period in periods(self.text[low:high])[-1:]:
            start, end = low + period.span[0], low + period.span[1]
            bracketed = self.text[low:start].rstrip().endswith("(") and self.text[end:high].lstrip().startswith(")")
            rest = self.text[end:high].lstrip()[1:] if bracketed else self.text[end:high]
            if not rest.strip(" .\n") and (bracketed or "." in period.words):
                draft.start = self.page.stated(period.start, start, end) if period.start else None
                draft.end = self.page.stated(period.end, start, end) if period.end else None
                return self._strip(low, start, " (\n")[1]
        return high

    def _remark(self, low: int, high: int) -> re.Match[str] | None:
        return _pattern("coordinates", r"\s*\(\s*", r"\s*\)").search(self.text, low, high)

    def _take_coordination(self, draft: Draft, low: int, high: int) -> int:
        """Read the remark that a project coordinates its theme; returns where the words before it end."""
        match = self._remark(low, high)
        if match is None:
            return high
        draft.coordination = Stated(True, self.page.origin(*match.span()))
        return match.start()

    def _finished(self, drafts: Iterable[Draft]) -> list[Draft]:
        found = [draft for draft in drafts if draft.name and draft.name[0] < draft.name[1]]
        for draft in found:
            assert draft.name is not None
            draft.printed = True
            draft.block = next((n for n, b in enumerate(self.page.blocks) if b.end > draft.name[0]), 0)
            words = self.text[slice(*draft.name)]
            short = acronym(words)
            if short:
                low, high = draft.name[0] + short[0], draft.name[0] + short[1]
                draft.acronym = self.page.stated(self._words(low, high), low, high)
        return found


def _is_open(words: str) -> bool:
    """Tell whether a line cannot end a name or a list: a conjunction, a comma or a genitive wants what follows."""
    match = _OPEN_END.search(words)
    if match is None or not match.group()[0].isupper():
        return match is not None
    return not organisations_at_end(words)


def url_key(url: str) -> str:
    """What two spellings of one web address share."""
    return re.sub(r"^https?://|-|/$", "", url.lower())


def _begins_list(text: str) -> bool:
    """Tell whether words begin with an organisation."""
    first = next(iter(split(text)), None)
    return first is not None and bool(organisations_at_end(first.name))
