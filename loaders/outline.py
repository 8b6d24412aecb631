"""A document as a list of blocks: headings, fields (label and value), list items, table rows, lines of running text.

Nothing here depends on a language but the labels of fields and columns (``loaders/phrases/labels.toml``).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby, pairwise

from loaders import phrases
from loaders.blocks import (
    BARE_LABELS,
    BULLET,
    LABELLED,
    LONGEST_HEADING,
    NUMBERED,
    SENTENCE_END,
    VALUE_START,
    Block,
    Bounds,
    fields_of_line,
    figures,
    labelled,
    placed,
)
from loaders.document.lines import Document, Line
from loaders.text import Prose, trimmed

_COLUMNS = re.compile(r"\t+|\s{3,}|\s*\|\s*")
_MENU = 3
"""So many cells in a line outside of tables are a menu."""
_FEW_LINES = 20
_AROUND = 8
_WIDEST = 150
_LONG = 60
_NARROW = 35
_PRINTED_CELL = re.compile(r"[^\s|]+(?:[^\S\t]{1,2}[^\s|]+)*")
_CODED = re.compile(r"(?:[A-Z]?\d{5}|R-\d{4,6})\s+[A-ZÅÄÖ]\w*[a-zåäö]")
_INNER_BULLET = re.compile(r"\s(?=[•▪●➢]\s+\S+\s+\S)")
_WIDE_GAP = re.compile(r"\S\s{3,}\S")
_DASH = re.compile(r"\s+[–—-]\s")
_INDENTED = re.compile(r" [A-ZÅÄÖ]")
"""How the first line of a page begins in a text, where no other line does."""
_TORN = re.compile(r"\d{3}(?:\s\d{3})*(?:\s?€)?")
"""The rest of a number that a narrow line broke between its thousands."""
_HEAD = re.compile(r"[^\W\d]\s+\d{1,3}\s*$")
_THOUSANDS = re.compile(r"\s*\d{3}(?:\s\d{3})*\s+[^\W\d]")
_FIGURE_END = re.compile(r"\d\s?(?:€|%|M€)?\s*$")
"""Two lines that both end in a figure are rows of a table, not a wrapped sentence."""


@dataclass(slots=True)
class _Part:
    """A printed line on its way to a block: its span, and what its first and last file line say of it."""

    start: int
    end: int
    line: Line
    gap: bool
    raw: str


@dataclass(frozen=True)
class Outline:
    """The text of a document with its blocks, in the order of the document."""

    document: Document
    text: Prose
    blocks: tuple[Block, ...]

    def words(self, block: Block | Bounds) -> str:
        """Give the words of a block or a span."""
        start, end = (block.start, block.end) if isinstance(block, Block) else block
        return self.text.text[start:end]

    def value(self, block: Block) -> Bounds:
        """Give the span from the first to the last value of a field or row; empty at its end where there is none."""
        return (block.values[0][0], block.values[-1][1]) if block.values else (block.end, block.end)

    @cached_property
    def of_themes(self) -> bool:
        """Tell whether a sentence speaks of national themes or their intermediate body, or begins with the word for a theme."""
        text = self.text.text
        return any(
            not text[start : cue.start].strip(' \n"”“•-')
            or any(phrases.says(f"theme.{one}", text, start, end) for one in ("national", "measures", "body"))
            for start, end in self.text.sentences()
            for cue in phrases.find("noun.theme", text, start, end)
        )

    @cached_property
    def sections(self) -> tuple[int | None, ...]:
        """For each block the index of the heading it stands under, None before the first."""
        headings: list[int | None] = []
        heading: int | None = None
        for number, block in enumerate(self.blocks):
            if block.kind == "heading":
                heading = number
            headings.append(heading)
        return tuple(headings)


def joined(document: Document, parts: Sequence[Outline]) -> Outline:
    """Join the outlines of parts of a document, one below the other; no part may be empty."""
    blocks: list[Block] = []
    at = 0
    for part in parts:
        for block in part.blocks:
            values = tuple((low + at, high + at) for low, high in block.values)
            table = block.table + at if block.table else 0
            blocks.append(replace(block, start=block.start + at, end=block.end + at, values=values, table=table))
        at += len(part.text.text) + 2
    return Outline(document, Prose.joined([part.text for part in parts]), tuple(blocks))


def outline(document: Document, *, spaced: bool = True) -> Outline:
    """Cut a document into blocks; where it is not ``spaced``, only lines marked as going on are wrapped ones."""
    aside = {line.number for line in document.furniture} if document.form == "text" else set()
    lines = [line for line in document.lines if line.number not in aside]
    text = Prose.of(lines)
    blocks: list[Block] = []
    printed = document.form in ("text", "pdf")
    width = max((len(line.text.rstrip()) for line in lines), default=0) if document.form == "text" else 0
    joined = _parts(text, lines, width, wraps=spaced and printed, spaced=spaced)
    for in_table, group in groupby(joined, key=lambda part: part.line.cell is not None):
        parts = list(group)
        blocks += _cell_table(text.text, parts) if in_table else list(_flow(text.text, parts))
    return Outline(document, text, labelled(text.text, [*_of_window(text.text, blocks[:2]), *blocks[1:]], printed))


def _of_window(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """The first block, cut where it is the title of a browser's window: ``Name of a page | Part | Site``."""
    for first in blocks[:1]:
        words = text[first.start : first.end]
        alone = first.kind in ("line", "heading") and not any("|" in text[one.start : one.end] for one in blocks[1:])
        names = re.finditer(r"[^\s|]+(?:\s+[^\s|]+)*", words) if alone and " | " in words else ()
        spans = [match.span() for match in names]
        yield from [replace(first, start=first.start + low, end=first.start + high) for low, high in spans] or [first]


def _parts(text: Prose, lines: Sequence[Line], width: int, *, wraps: bool, spaced: bool) -> list[_Part]:
    """The printed lines of a text, wrapped ones joined; a web page (not ``wraps``) says itself where a line goes on.

    ``width`` is the length at which a text's lines are broken, 0 where the file knows better.
    """
    numbers = [line for line in lines if line.text.strip()]
    starts = text.starts
    parts: list[_Part] = []
    widths = [len(line.text.strip()) for line in numbers]
    leading = _leading(numbers)
    before: Line | None = None
    for number, line in enumerate(numbers):
        start = starts[number]
        end = starts[number + 1] if number + 1 < len(starts) else len(text.text)
        while end > start and text.text[end - 1].isspace():
            end -= 1
        opens = before is not None and (
            line.page != before.page or (_INDENTED.match(line.text) and before.text[:1] != " ")
        )
        gap = before is None or (spaced and (line.number > before.number + leading or line.apart or bool(opens)))
        around = max(widths[max(0, number - _AROUND) : number + _AROUND]) if width else 0
        if around < _LONG and 1.4 * around < width and parts and parts[-1].gap and line.text.strip()[0].isupper():
            around = width  # short lines by nature: a title and what stands below it
        near = before is not None and bool(parts) and (not gap or _is_torn(before, line))
        goes_on = near and wraps and before is not None and _goes_on(parts[-1], before, line, around, text.text)
        goes_on = goes_on or (not wraps and (line.continues or (spaced and _in_two(before, line))))
        goes_on = goes_on and not (spaced and _heads_a_field(line.text.strip()))
        if parts and goes_on:
            parts[-1].end = end
            parts[-1].raw += " " + line.text.strip()
        elif start < end:
            parts.append(_Part(start, end, line, gap, line.text))
        before = line
    return [one for part in parts for one in _items(text.text, part)] if spaced else parts


def _leading(lines: Sequence[Line]) -> int:
    """By how many a line's number exceeds that of the line before it within a paragraph: 2 in a double-spaced file."""
    steps = [line.number - before.number for before, line in pairwise(lines)]
    return 2 if len(steps) > _FEW_LINES and steps.count(2) > len(steps) / 2 and steps.count(1) < len(steps) / 4 else 1


def _is_torn(before: Line, line: Line) -> bool:
    """Tell whether a blank line stands within a sentence, as the text of slides has them: the next line begins low."""
    words = before.text.strip()
    return (
        before.page == line.page
        and line.text.strip()[0].islower()
        and words.count(" ") > 1
        and words[-1] not in ".:;!?"
    )


def _in_two(before: Line | None, line: Line) -> bool:
    """Tell whether two paragraphs of a web page are one: they cut a word, or the second begins low after a long line."""
    if before is None or before.cell is not None or line.cell is not None or before.heading or line.heading:
        return False
    words = before.text.strip()
    split = re.search(r"[a-zåäö]-$", words) is not None and line.text.strip()[0].isalpha()
    return split or (len(words) > _LONG and _is_torn(before, line))


def _items(text: str, part: _Part) -> Iterator[_Part]:
    """A line with bullets within it, cut before each."""
    cuts = [match.end() for match in _INNER_BULLET.finditer(text, part.start, part.end)]
    if not cuts or part.line.cell is not None:
        yield part
        return
    for low, high in pairwise([part.start, *cuts, part.end]):
        words = text[low:high].rstrip()
        yield replace(part, start=low, end=low + len(words), raw=words, gap=part.gap and low == part.start)


def _heads_a_field(words: str) -> bool:
    """Tell whether a line is a label and nothing else; a sentence or its end is none."""
    return words[0].isupper() and words[-1] != "." and phrases.label(words) is not None


def _goes_on(part: _Part, before: Line, line: Line, width: int, text: str) -> bool:
    """Tell whether a line goes on the one before: the file says so, it begins low, or its first word had no room above."""
    if line.cell is not None or before.cell is not None or line.heading or before.heading:
        return line.cell == before.cell and line.heading == before.heading and line.continues
    words = line.text.split()
    label = phrases.label_at_start(" ".join(words))
    if label and label[0].startswith("contact."):
        return False
    if (
        label
        and label[0].startswith(BARE_LABELS)
        and (words[0][0].isupper() or (":" in before.text and phrases.label(before.text.partition(":")[0])))
        and VALUE_START.match(" ".join(words)[label[1] :].lstrip(" :"))
        and not (line.continues and BULLET.match(part.raw.strip()))
    ):
        return False
    above = phrases.label_at_start(before.text.strip()) if label and words[0][0].isupper() else None
    if label and above and _is_bare_field(before.text.strip(), above[1]) and label[0] != above[0]:
        return False
    if line.continues or text[part.end - 1] == "-" or _tears_number(before, line):
        return True
    full = len(before.text.rstrip()) + 1 + len(words[0]) > width and 30 <= width <= _WIDEST
    if (
        BULLET.match(line.text.strip())
        or (line.number > before.number + 1 and NUMBERED.match(line.text.strip()))
        or (_CODED.match(line.text.strip()) and _CODED.match(part.raw.strip()))
        or "\t" in line.text
        or "\t" in before.text
        or line.text.count("|") > 1
        or _WIDE_GAP.search(before.text.strip())
        or (
            _FIGURE_END.search(before.text)
            and _FIGURE_END.search(line.text)
            and not (full and _TORN.fullmatch(line.text.strip()))
        )
        or _heads_a_field(before.text.strip())
        or (label and _DASH.match(line.text.strip(), label[1]))
        or len(phrases.labels_in_order(before.text.strip())) >= 3
    ):
        return False
    if SENTENCE_END.search(part.raw.rstrip()) and len(part.raw.rstrip()) < 0.6 * width:
        return False
    if ":" in line.text and (
        phrases.label(line.text.partition(":")[0]) or (LABELLED.match(line.text) and LABELLED.match(before.text))
    ):
        return False
    low = words[0][0].islower() and not (
        re.match(r"\S+@|www|http|[a-z]\)", words[0]) or phrases.label(words[0]) == "person.phone"
    )
    roomy = len(before.text) > 0.5 * width and width <= _WIDEST
    narrow = len(before.text) <= _NARROW and not part.raw.strip()[0].islower()
    return full or (low and before.text.rstrip()[-1:] not in ".:;!?" and (roomy or narrow))


def _is_bare_field(words: str, end: int) -> bool:
    """Tell whether a line is a label and its value without a colon: ``Toteuttajat Lapin yliopisto``."""
    return words[0].isupper() and words[end : end + 1] == " " and words[end + 1 : end + 2].isupper()


_FROM_DAY, _TO_DAY = re.compile(r"(?:19|20)\d\d$"), re.compile(r"[–—]\s?\d")
_OPEN_DAY = re.compile(r"(?:19|20)\d\d\s?[–—]\s?\d{1,2}\.?$")
"""Where a line breaks a period: before its dash, or before the month of its last day."""


def _tears_number(before: Line, line: Line) -> bool:
    """Tell whether a line ends within a period (``2024`` / ``– 2027``), or a long one within a number (``3`` / ``000 euroa``)."""
    words, rest = before.text.strip(), line.text.strip()
    if (_FROM_DAY.search(words) and _TO_DAY.match(rest)) or _OPEN_DAY.search(words):
        return True
    return len(before.text.strip()) > _LONG and bool(_HEAD.search(before.text) and _THOUSANDS.match(line.text))


def _flow(text: str, parts: Sequence[_Part]) -> Iterator[Block]:
    """Blocks of lines outside of ruled tables."""
    header: tuple[str | None, ...] = ()
    printed = ""
    loose, table = False, 0
    for number, part in enumerate(parts):
        cells = _cells(text, part)
        words = text[part.start : part.end]
        concepts = _header(text, cells) if len(cells) > 1 else ()
        if not concepts and len(cells) < 3 and not words.endswith(":"):
            concepts = tuple(name for name, _, _ in phrases.labels_in_order(words) if name != "unit")
            concepts = (
                concepts
                if len(concepts) >= 3
                or (len(concepts) == 2 and "project.name" in concepts and "body.applicant" in concepts)
                else ()
            )
            if concepts:
                header, loose, table = concepts, True, part.start + 1
                yield Block("row", part.start, part.end, "header", columns=header, table=table, loose=True)
                continue
        if concepts:
            header, loose, table, printed = concepts, False, part.start + 1, part.raw
            yield Block("row", part.start, part.end, "header", tuple(cells), header, table=table)
            continue
        if header and loose and part.gap and (len(re.findall(r"\d", words)) < 6 or SENTENCE_END.search(words)):
            header = ()
        if header and not loose and len(cells) < 2:
            header = ()
        if header and (loose or len(cells) > 1):
            spans = _under(printed, part, cells, len(header)) if not loose else ((part.start, part.end),)
            yield Block("row", part.start, part.end, None, spans, header, part.gap, table=table, loose=loose)
            continue
        if values := figures(text, cells):
            yield _budget_row(text, cells, values)
            continue
        following = parts[number + 1] if number + 1 < len(parts) else None
        yield from _line(text, part, following, cells)


def _under(header: str, part: _Part, cells: list[Bounds], width: int) -> tuple[Bounds, ...]:
    """The cells of a row under those of its heading: of fewer cells each stands where its tabs or its place in the line say.

    A row whose cells cannot be placed has none.
    """
    if len(cells) >= width or part.raw.strip().startswith("|"):
        return tuple(cells)
    heads = [match.span() for match in _PRINTED_CELL.finditer(header)]
    mark = next((one for one in "\t|" if one in header), "")
    indent = header.count(mark, 0, heads[0][0]) if mark else 0
    columns: list[int] = []
    for match in _PRINTED_CELL.finditer(part.raw):
        low, high = match.span()
        if mark:
            columns.append(part.raw.count(mark, 0, low) - indent if header.strip().count(mark) == width - 1 else -1)
        else:
            columns.append(max(range(len(heads)), key=lambda n: min(high, heads[n][1]) - max(low, heads[n][0])))
    fits = len(heads) == width and len(set(columns)) == len(columns) == len(cells) and min(columns) >= 0
    return placed(cells, columns, width) if fits else ()


def _cells(text: str, part: _Part) -> list[Bounds]:
    """The cells of a line that tabs, bars or wide gaps divide, as spans of the text."""
    raw = part.raw.strip().strip("|")
    if not _COLUMNS.search(raw.strip()):
        return [(part.start, part.end)]
    spans, at = [], part.start
    for cell in _COLUMNS.split(raw):
        words = " ".join(cell.split())
        low = text.find(words, at, part.end) if words else at
        if low < 0:
            return [(part.start, part.end)]
        spans.append((low, low + len(words)))
        at = low + len(words)
    return spans if part.raw.strip().startswith("|") else [span for span in spans if span[0] < span[1]]


def _header(text: str, cells: Sequence[Bounds]) -> tuple[str | None, ...]:
    """The concepts of a heading line: at least half of three or more cells, or both of two, are known labels."""
    concepts = tuple(phrases.label(text[low:high]) for low, high in cells)
    known = sum(concept is not None for concept in concepts)
    if len(cells) == 2:
        return concepts if known == 2 else ()
    return concepts if known >= 2 and 2 * known >= len(cells) else ()


def _line(text: str, part: _Part, following: _Part | None, cells: Sequence[Bounds]) -> Iterator[Block]:
    words = text[part.start : part.end]
    cuts = fields_of_line(words, cells, part.start)
    if cuts:
        lead = trimmed(text, part.start, cuts[0][1])
        if text[lead[1] - 1] == "." and lead[0] < lead[1]:  # sentences before the first label of a line
            yield Block("line", *lead, gap=part.gap)
        for label, low, value in cuts:
            values = ((value),) if value[0] < value[1] else ()
            yield Block(
                "field",
                low,
                max(value[1], low + 1),
                label,
                values,
                gap=part.gap and low == part.start,
                level=part.line.heading,
            )
        return
    bullet = BULLET.match(words)
    depth = len(part.raw) - len(part.raw.lstrip())
    if bullet and not part.line.heading:
        start = part.start + bullet.end()
        yield Block("item", start, part.end, gap=part.gap, depth=depth + 1)
        return
    spaced = part.line.apart or (following is not None and following.line.apart)  # so a PDF sets every paragraph
    last = (following is None or following.gap) and not spaced
    if part.line.heading or (part.gap and last and len(cells) < _MENU and _heading_like(words)):
        yield Block("heading", part.start, part.end, gap=part.gap, level=part.line.heading or 4)
        return
    yield Block("line", part.start, part.end, gap=part.gap)


def _heading_like(words: str) -> bool:
    return (
        len(words) <= LONGEST_HEADING
        and not SENTENCE_END.search(words)
        and not words.endswith((",", ";", ":"))
        and any(c.isalpha() for c in words)
    )


def _cell_table(text: str, parts: Sequence[_Part]) -> list[Block]:
    """Blocks of ruled tables: rows under a heading row, or fields where the first cell is a label."""
    blocks: list[Block] = []
    for table, group in groupby(parts, key=lambda part: part.line.cell.table if part.line.cell else 0):
        header: tuple[str | None, ...] = ()
        for _, row in groupby(group, key=lambda part: part.line.cell.row if part.line.cell else 0):
            parts_of_row = list(row)
            cells = [(first.start, last.end) for first, last in _cell_ends(parts_of_row)]
            columns = [first.line.cell.column for first, _ in _cell_ends(parts_of_row) if first.line.cell]
            concepts = _header(text, cells)
            if (
                not header
                and concepts
                and len(cells) >= 2
                and not (len(cells) == 2 and phrases.label(text[slice(*cells[1])]) is None)
            ):
                at = dict(zip(columns, concepts, strict=False))
                header = tuple(at.get(n) for n in range(max(columns) + 1))
                spans = placed(cells, columns, len(header))
                blocks.append(Block("row", cells[0][0], cells[-1][1], "header", spans, header, table=table + 1))
            elif header and len(cells) > 1:
                below = placed(cells, columns, len(header))
                blocks.append(Block("row", cells[0][0], cells[-1][1], None, below, header, table=table + 1))
            elif len(cells) == 2 and (label := phrases.label(text[slice(*cells[0])])):
                lines = tuple(
                    (part.start, part.end)
                    for part in parts_of_row
                    if part.line.cell and part.line.cell.column == columns[1]
                )
                blocks.append(Block("field", cells[0][0], cells[1][1], label, lines, gap=True))
            elif values := figures(text, cells):
                blocks.append(_budget_row(text, cells, values, table + 1))
            else:
                for part in parts_of_row:
                    blocks += _line(text, part, None, [(part.start, part.end)])
    return blocks


def _budget_row(text: str, cells: Sequence[Bounds], values: Sequence[Decimal], table: int = 0) -> Block:
    """A row of figures without headings: its last, where it is the sum of the others, is what its label says."""
    label = phrases.label(text[slice(*cells[0])])
    if label and label.startswith("money.") and values[-1] == sum(values[:-1]):
        return Block("field", cells[0][0], cells[-1][1], label, (cells[-1],), gap=True)
    return Block("row", cells[0][0], cells[-1][1], None, tuple(cells), table=table)


def _cell_ends(parts: Sequence[_Part]) -> list[tuple[_Part, _Part]]:
    ends: list[tuple[_Part, _Part]] = []
    for _, group in groupby(parts, key=lambda part: part.line.cell.column if part.line.cell else 0):
        parts_of_cell = list(group)
        ends.append((parts_of_cell[0], parts_of_cell[-1]))
    return ends
