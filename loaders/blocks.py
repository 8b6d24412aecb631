"""The blocks of a document, and labels on lines of their own: which lines below one are its value."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from loaders import phrases
from loaders.text import trimmed
from loaders.values.dates import MONTH_NAMES

Kind = Literal["heading", "field", "item", "row", "line"]
Bounds = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Block:
    """One block; ``start`` and ``end`` are its span in the text of the outline.

    ``values`` are the spans of a field's value lines or of a row's cells. ``columns`` are the concepts of the columns a row
    stands under (None where a heading is unknown); ``loose`` marks a row whose cells are joined by blanks.
    """

    kind: Kind
    start: int
    end: int
    label: str | None = None
    values: tuple[Bounds, ...] = ()
    columns: tuple[str | None, ...] = ()
    gap: bool = False
    level: int = 0
    depth: int = 0
    table: int = 0
    loose: bool = False


BARE_LABELS = (
    "project.code",
    "project.group_code",
    "project.period",
    "money.",
    "call.",
    "project.start",
    "project.end",
    "code.objective",
    "count.",
)
"""What the labels of fields begin with that need no colon."""
BULLET = re.compile(r"(?:[•▪●○◦‣·➢✓*–—-]|\(?[a-zA-Z0-9]{1,2}\))\s+|\d{1,2}\.\s+(?=[A-ZÅÄÖ\"”])")
LONGEST_HEADING = 150
SECOND_SENTENCE = re.compile(r"\d\.\s+[A-ZÅÄÖ][a-zåäö]+\s+[a-zåäö]")
"""Where a second sentence begins behind a day: what stands before it is no field."""
LABELLED = re.compile(r"\s*[A-ZÅÄÖ][\w-]*(?:\s[\w-]+){0,3}:\s")
"""A line that begins with a label, be it known or not."""
VALUE_START = re.compile(
    rf"[\d~€]|EUR\s?\d|n\.\s?\d|noin\s\d|[A-Z]?\d{{5}}|R-\d|(?:{'|'.join(MONTH_NAMES)})(?!\w)", re.IGNORECASE
)
"""How the values of most fields begin: a figure, an amount, a code, a month."""
SENTENCE_END = re.compile(r"[.!?][\"”)]*$")
"""How a line ends that is a sentence."""
NUMBERED = re.compile(rf"\d{{1,2}}(?:\.\d{{1,2}})*\.?\s+(?!(?i:{'|'.join(MONTH_NAMES)})(?!\w))[A-ZÅÄÖ]")
"""A numbered heading of a form ends the values above it."""
_WRAPPED = 40
"""A line of a name that goes on has so many letters at least."""
_NAME = re.compile(r"[A-ZÅÄÖ]\S+\s+(?:(?:von|af|de)\s+)?[A-ZÅÄÖ]|@|\d")
"""A person, an address or a number: a heading that holds none is no contact."""


def labelled(text: str, blocks: Sequence[Block], printed: bool) -> tuple[Block, ...]:
    """Blocks with the fields that take more than a line: rows of forms, labels without colons, labels above their values."""
    return tuple(own_line_labels(text, list(bare_fields(text, list(single_rows(blocks)))), printed))


def own_line_labels(text: str, blocks: Sequence[Block], printed: bool) -> Iterator[Block]:
    """Give a label on a line of its own the lines below it as its value, up to a blank line, a heading or another label."""
    at, after_field = 0, False
    listed = _alternating(text, blocks)
    while at < len(blocks):
        block = blocks[at]
        objective = any(one.label == "code.objective" and one.values for one in blocks[at + 1 : at + 2])
        named = objective and phrases.label(text[block.start : block.end]) == "theme.name"
        sure = after_field or not printed or at in listed or _heads_values(text, blocks, at)
        label = "theme.name" if named else _own_label(text, block, sure)
        below = text[blocks[at + 1].start : blocks[at + 1].end] if at + 1 < len(blocks) else ""
        card = label is not None and label.startswith("body.") and "@" in below and " " not in below
        heads = (
            card
            or label in ("person.contact", "document.news")
            or (label == "theme.name" and phrases.label(below) is not None)
            or (label == "project.name" and at + 1 < len(blocks) and blocks[at + 1].gap)
        )
        if heads and block.kind != "field":
            label = None  # it heads the cards or the list below it
        elif label and printed and label.startswith("body.") and _is_empty(blocks, at):
            label = None
        elif label and not block.values and _heads_a_part(text, blocks, at):
            label, block = None, replace(block, kind="heading", label=None)
        after_field = label is not None or block.kind in ("field", "heading")
        if label is None:
            yield block
            at += 1
            continue
        if named:  # one cell holds the objective too: the name stands below it
            yield blocks[at + 1]
            at += 1
        until = at + 1
        while until < len(blocks) and _belongs(text, label, blocks, at, until):
            until += 1
        values = (*block.values, *((one.start, one.end) for one in blocks[at + 1 : until]))
        if not values:
            yield block if block.kind != "field" else replace(block, values=())
        else:
            yield replace(block, kind="field", label=label, end=values[-1][1], values=values)
        at = until


def _heads_values(text: str, blocks: Sequence[Block], at: int) -> bool:
    """Tell whether a line of two words or more stands right above a short line that is a figure or a day."""
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    if below is None or below.kind != "line" or below.gap or below.end - below.start > _VALUE:
        return False
    return " " in text[blocks[at].start : blocks[at].end] and VALUE_START.match(text, below.start) is not None


_VALUE = 30
"""A figure or a day is so long at most."""


def _is_empty(blocks: Sequence[Block], at: int) -> bool:
    """Tell whether a label has no value: it stands right below another field, and a blank line below it."""
    below = blocks[at + 1 : at + 2]
    return blocks[at].kind == "line" and not blocks[at].gap and bool(below) and below[0].gap


def _heads_a_part(text: str, blocks: Sequence[Block], at: int) -> bool:
    """Tell whether a label is the numbered title of a part of a form, another label right below it: ``1 Hakija``."""
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    if below is None or below.gap or not NUMBERED.match(text, blocks[at].start, blocks[at].end):
        return False
    return below.kind == "field" or below.label == "header" or _own_label(text, below, after_field=True) is not None


def _alternating(text: str, blocks: Sequence[Block]) -> frozenset[int]:
    """The lines of runs without a gap in which labels and values take turns: three labels or more, no two in a row."""
    lines: set[int] = set()
    starts = [n for n, block in enumerate(blocks) if n == 0 or block.gap or block.kind != "line"]
    for start, end in pairwise([*starts, len(blocks)]):
        labels = [n for n in range(start, end) if _own_label(text, blocks[n], after_field=True)]
        end = next((later for one, later in pairwise(labels) if later - one == 1), end)
        if sum(n < end for n in labels) > 2:
            lines.update(range(start, end))
    return frozenset(lines)


def _own_label(text: str, block: Block, after_field: bool = False) -> str | None:
    if block.kind == "field":
        return block.label if not block.values or (block.label or "").startswith("contact.") else None
    if not (block.kind in ("line", "heading") or _is_numbered(text, block)) or block.end - block.start > 60:
        return None
    if not (block.gap or after_field):
        return None
    label = phrases.label(text[block.start : block.end])
    return None if label and block.kind == "item" and label.startswith("theme.") else label


_DAY = 16
"""The first figure of a day stands at most so far from its start: ``keskiviikkona 3.4.``."""
_NUMBER = re.compile(r"\d[.)]\s+$")


def _is_numbered(text: str, block: Block) -> bool:
    """Tell whether a number stands before an item: it can be the title of a part."""
    return block.kind == "item" and _NUMBER.search(text, max(0, block.start - 5), block.start) is not None


def _opens_part(text: str, label: str, block: Block) -> bool:
    """Tell whether a block is the numbered title of the next part, below a label that no list follows."""
    single = label.startswith(("money.", "contact.", "project.period", "theme.name", "theme.parts"))
    return block.kind == "item" and single and text[: block.start].rstrip()[-1:] not in "•▪●○◦–-"


def _belongs(text: str, label: str, blocks: Sequence[Block], at: int, index: int) -> bool:
    one, first = blocks[index], index == at + 1
    dated = label == "project.period" and first and one.label in ("project.start", "project.end")
    if (one.kind in ("field", "row") and not dated) or _opens_part(text, label, one):
        return False
    asked = text[one.end - 1] == "?" and not label.endswith(".name")  # the next question
    behind_list = not first and one.kind == "line" and blocks[index - 1].kind == "item"
    if asked or behind_list or (_is_numbered(text, blocks[at]) and _is_numbered(text, one)):
        return False
    if label.startswith("money.") and VALUE_START.match(text, one.start):
        return not any(c.isdigit() for c in text[blocks[at + 1].start : blocks[index].start])
    if label == "project.name" and not first and blocks[index - 1].end - blocks[index - 1].start < _WRAPPED:
        return False  # a short line does not go on
    if label.startswith("count.") and not VALUE_START.match(text, one.start):
        return False
    if label == "document.date" and first and not any(c.isdigit() for c in text[one.start : one.start + _DAY]):
        return False  # ``Julkaistu`` above the title of a page
    nobody = label.startswith("person.") and not _NAME.search(text, one.start, one.end)
    if one.kind == "heading" and (not first or nobody):
        return False
    if _own_label(text, one, after_field=not first) is not None:
        return False
    if (
        one.end - one.start > 300
        or (one.end - one.start > 80 and text[one.end - 1] == ".")
        or (label == "theme.name" and text[one.end - 1] == ":")
        or NUMBERED.match(text, one.start, one.end)
    ):
        return (
            (first or not one.gap)
            and index < at + 7
            and label == "theme.name"
            and text[one.end - 1] != ":"
            and one.end - one.start < 160
        )
    return first or not one.gap or (one.kind == "item" and blocks[index - 1].kind == "item")


def single_rows(blocks: Sequence[Block]) -> Iterator[Block]:
    """A line of labels with one line of values below it, as forms have them, is a field for each label; a list has a name."""
    at = 0
    while at < len(blocks):
        head, below = blocks[at], blocks[at + 1 : at + 3]
        alone = (
            head.label == "header" and below and below[0].kind == "row" and all(one.kind != "row" for one in below[1:])
        )
        if (
            alone
            and len(below[0].values) == len(head.columns)
            and None not in head.columns
            and not _NAMING & {*head.columns}
        ):
            filled = [one for one in zip(head.columns, below[0].values, strict=True) if one[1][0] < one[1][1]]
            yield from (Block("field", *value, label, (value,), gap=head.gap) for label, value in filled)
            at += 2
        else:
            yield head
            at += 1


_NAMING = {"project.name", "project.code", "body.applicant", "call.name"}
"""Columns that name what a row of a list is about."""


def bare_fields(text: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Lines that begin with labels and have no colon are fields where they stand together: three or more without a gap."""
    runs: list[list[Block]] = []
    for block in blocks:
        if not runs or block.gap or block.kind not in ("line", "field"):
            runs.append([])
        runs[-1].append(block)
    for run in runs:
        read = [_bare_field(text, block) or block for block in run]
        fields = [block for block in read if block.kind == "field"]
        yield from read if len(fields) > 2 and len(run) - len(fields) < 2 else run


def _bare_field(text: str, block: Block) -> Block | None:
    """``Koordinaattori Tampereen ammattikorkeakoulu``: a label, then a value that begins with a capital."""
    words = text[block.start : block.end]
    label = phrases.label_at_start(words) if block.kind == "line" and not SENTENCE_END.search(words) else None
    if label is None or not label[0].startswith(("body.", "project.", "money.funding")):
        return None
    low = label[1] + len(words[label[1] :]) - len(words[label[1] :].lstrip())
    if not words[low : low + 1].isupper() or not words[0].isupper():
        return None
    return replace(block, kind="field", label=label[0], values=((block.start + low, block.end),))


_FIGURE = re.compile(r"\d{1,3}(?:[ \u00a0.]?\d{3})*(?:,\d+)?(?:\s?€)?")


def figures(text: str, cells: Sequence[Bounds]) -> list[Decimal]:
    """The figures of a row behind its first cell; empty unless every one of two or more cells is a figure."""
    words = [text[low:high].strip() for low, high in cells[1:]]
    if len(words) < 2 or not all(_FIGURE.fullmatch(one) for one in words):
        return []
    return [Decimal(re.sub(r"[^\d,]", "", one).replace(",", ".")) for one in words]


def placed(cells: Sequence[Bounds], columns: Sequence[int], width: int) -> tuple[Bounds, ...]:
    """The cells of a row by column; an empty cell is an empty span."""
    by_column = dict(zip(columns, cells, strict=False))
    end = cells[0][0]
    spans = []
    for column in range(width):
        span = by_column.get(column, (end, end))
        spans.append(span)
        end = span[1]
    return tuple(spans)


def _labelled_without_colon(words: str, begin: int) -> list[tuple[str, int, int]]:
    """``Hakuaika 1.10.–14.11.2025``, ``Kesto – 1.9.2024``: a known label, then a value of its kind or a dash."""
    match = phrases.label_at_start(words[begin:])
    if match is None:
        return []
    label, cut = match
    rest = words[begin + cut :]
    dash = re.match(r"\s+[–—-]\s+", rest)
    if dash:
        return [(label, begin, begin + cut + dash.end())]
    value = rest.lstrip()
    named = value.lstrip("… ")[:1].isupper() and label.startswith("contact.")
    timed = label == "project.period" and any(c.isdigit() for c in value[:12]) and len(words) < 60
    bare = value and VALUE_START.match(value) and label.startswith(BARE_LABELS) and len(words) < 120
    bare = bare and not (label.startswith("call.") and SECOND_SENTENCE.search(value))
    bare = bare and not (label in ("project.start", "project.end") and (len(value) > _VALUE or value[-1] == "."))
    if named or timed or (bare and label != "call.name"):
        return [(label, begin, begin + cut + len(rest) - len(value))]
    return []


def fields_of_line(words: str, cells: Sequence[Bounds], offset: int) -> list[tuple[str, int, Bounds]]:
    """The fields of one line: (label, where the field begins, span of its value)."""
    if len(cells) == 2 and (label := phrases.label(words[cells[0][0] - offset : cells[0][1] - offset])):
        return [(label, cells[0][0], cells[1])]
    bullet = BULLET.match(words)
    begin = bullet.end() if bullet and not words[0].isdigit() else 0
    fields: list[tuple[str, int, int]] = []
    for colon in re.finditer(r"\s?:(?!//|[a-zåäö]{1,4}\s)(?=\s|$|\S)", words):
        head = _label_before(words, begin if not fields else fields[-1][2], colon.start(), first=not fields)
        if head:
            fields.append((head[1], head[0], colon.end()))
    behind = fields and words[: fields[0][1]].rstrip()[-1:] == "." and fields[0][0].startswith(("project.", "body."))
    if not fields or (fields[0][1] != begin and len(fields) < 3 and not (behind and len(words) < LONGEST_HEADING)):
        fields = _labelled_without_colon(words, begin) or _packed(words)
    ends = [low for _, low, _ in fields[1:]] + [len(words)] * bool(fields)
    values = [trimmed(words, value, end, " \t|,;") for (_, _, value), end in zip(fields, ends, strict=True)]
    return [
        (label, offset + low, (offset + start, offset + end))
        for (label, low, _), (start, end) in zip(fields, values, strict=True)
    ]


_FORM = 200
"""A form copied into one line is so long at least."""
_LABELS = 8
"""A form has so many labels at least."""
_LONGEST_LABEL = 6
"""A label of a form has so many words at most."""


def _packed(words: str) -> list[tuple[str, int, int]]:
    """The fields of a form copied into one line: ``… Projektikoodi A31485 Tila Käynnissä Projektin nimi Liikkuva arki …``."""
    if len(words) < _FORM:
        return []
    ends = [match.end() for match in re.finditer(r"\S+", words)]
    fields: list[tuple[str, int, int]] = []
    at = 0
    for begin in re.finditer(r"(?<=\s)[A-ZÅÄÖ]", words):
        low = begin.start()
        behind = ends[bisect_right(ends, low) :][:_LONGEST_LABEL] if low >= at else ()
        for end in reversed(behind):
            if label := phrases.label(words[low:end]):
                fields.append((label, low, end))
                at = end
                break
    return fields if len({label for label, _, _ in fields}) >= _LABELS else []


def _numbered_label(words: str) -> str | None:
    """The label of a name with a number behind it: ``Teema 2``, ``Hanke 3``."""
    number = re.search(r"\s\d{1,2}\.?$", words)
    label = phrases.label(words[: number.start()]) if number else None
    return label if label and label.endswith(".name") else None


def _label_before(words: str, begin: int, colon: int, *, first: bool) -> tuple[int, str] | None:
    """The longest known label that ends at a colon; within a line it begins with a capital and is no part of a contact."""
    starts = [begin, *(match.start() for match in re.finditer(r"(?<=\s)\S", words[begin:colon]))]
    starts = [starts[0], *(begin + start for start in starts[1:])]
    for start in starts[-8:] if not first else [begin, *starts[-8:]]:
        label = phrases.label(words[start:colon]) or _numbered_label(words[start:colon])
        if label in (None, "document.news"):  # news stand in sentences
            continue
        if start == begin and first:
            return start, label
        packed = words.count(": ") >= 5
        if words[start].isupper() and (packed or not label.startswith("person.")) and words[start - 1].isspace():
            return start, label
    return None
