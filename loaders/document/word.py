"""Word files (.docx) as lines: headings, paragraphs, list items, tables cell by cell, in the order of the document."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document as open_word
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from loaders.document.lines import Cell, Content

_TEXT, _TAB, _PARAGRAPH, _TABLE = qn("w:t"), qn("w:tab"), qn("w:p"), qn("w:tbl")
_BREAKS = frozenset((qn("w:br"), qn("w:cr")))
_NOT_TEXT = frozenset(
    (qn("w:pPr"), qn("w:rPr"), qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), qn("w:instrText"))
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_HEADING = re.compile(r"heading (\d)$")
_LEVELS = 9

Element = Any
"""An lxml element; python-docx gives its elements no common type."""


def read_word(data: bytes) -> Content:
    """The lines of a Word file; headers and footers are furniture, notes at the foot come last.

    A Word file has no pages of its own, so lines have no page. Tracked changes are read as if accepted, hidden text and
    comments are left out.
    """
    document = open_word(io.BytesIO(data))
    content = Content(document.core_properties.title or None)
    parts = {
        rel.reltype.rpartition("/")[2]: rel.target_part for rel in document.part.rels.values() if not rel.is_external
    }
    numbering = parse_xml(parts["numbering"].blob) if "numbering" in parts else None
    walk = _Walk(content, _Styles(document.styles.element), _Numbering(numbering))
    for section in document.sections:
        for part in (section.header, section.footer, section.first_page_header, section.first_page_footer):
            if not part.is_linked_to_previous:
                for paragraph in part._element.iter(_PARAGRAPH):
                    content.put_aside(_text(paragraph))
    walk.read(document.element.body)
    for kind in ("footnotes", "endnotes"):
        if kind in parts:
            for note in parse_xml(parts[kind].blob):
                if note.get(qn("w:type")) is None:
                    walk.read(note)
    if next(document.element.body.iter(qn("w:ins"), qn("w:del")), None) is not None:
        content.notes.append("the file holds tracked changes; it is read as if they were accepted")
    return content


@dataclass(slots=True)
class _Walk:
    """One pass over the blocks of a document."""

    content: Content
    styles: _Styles
    numbering: _Numbering
    tables: int = 0
    level: int = 0
    """Level of the last heading that the file marks as one."""

    def read(self, parent: Element, cell: Cell | None = None) -> None:
        """Append the paragraphs and tables within an element; containers of blocks are entered."""
        for child in parent:
            if child.tag == _PARAGRAPH:
                self.paragraph(child, cell)
            elif child.tag == _TABLE:
                self.table(child)
            elif child.tag not in _NOT_TEXT:
                self.read(child, cell)

    def paragraph(self, paragraph: Element, cell: Cell | None) -> None:
        """Append a paragraph, then those of the text boxes anchored in it."""
        text = _text(paragraph)
        if text.strip():
            heading = self.styles.heading(paragraph)
            self.level = heading or self.level
            label = self.numbering.label(self.styles, paragraph)
            if not heading and not label and cell is None and self.styles.is_bold(paragraph):
                heading = min(self.level + 1, _LEVELS)
            self.content.add(label + text.strip(), heading=heading, cell=cell)
        else:
            self.content.apart = cell is None
        for box in paragraph.iter(qn("w:txbxContent")):
            if not any(parent.tag in _NOT_TEXT for parent in box.iterancestors()):
                self.read(box)

    def table(self, table: Element) -> None:
        """Append the cells of a table; a cell merged over rows or columns stands at its first place."""
        number, row = self.tables, -1
        self.tables += 1
        for row, cells in enumerate(_within(table, qn("w:tr"))):
            column = 0
            for cell in _within(cells, qn("w:tc")):
                self.read(cell, Cell(number, row, column))
                span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
                column += int(span.get(qn("w:val"))) if span is not None else 1


def _within(parent: Element, tag: str) -> Iterator[Element]:
    """Children of one kind, also those that a content control or an accepted change wraps."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _within(child, tag)


def _text(element: Element) -> str:
    """The words of a paragraph as shown: tabs and line breaks kept, text boxes and deleted words not."""
    pieces = []
    for child in element:
        tag = child.tag
        if tag == _TEXT:
            pieces.append(child.text or "")
        elif tag == _TAB:
            pieces.append("\t")
        elif tag in _BREAKS:
            pieces.append("\n")
        elif tag == qn("w:noBreakHyphen"):
            pieces.append("-")
        elif tag not in _NOT_TEXT and tag != _PARAGRAPH and not _hidden(child):
            pieces.append(_text(child))
    return "".join(pieces)


def _hidden(run: Element) -> bool:
    return run.tag == qn("w:r") and _on(run.find(f"{qn('w:rPr')}/{qn('w:vanish')}"))


def _on(toggle: Element | None) -> bool:
    return toggle is not None and toggle.get(qn("w:val"), "1") not in ("0", "false", "off")


class _Styles:
    """The paragraph styles: what a paragraph has of its own or by its style and the styles that one is based on."""

    def __init__(self, styles: Element) -> None:
        self._styles = {style.get(qn("w:styleId")): style for style in styles.iter(qn("w:style"))}
        default = (key for key, style in self._styles.items() if style.get(qn("w:default")) in ("1", "true"))
        self._default = next((key for key in default if self._styles[key].get(qn("w:type")) == "paragraph"), None)

    def chain(self, paragraph: Element) -> Iterator[Element]:
        """The paragraph, its style, the style that is based on, and so on."""
        yield paragraph
        used = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        key = used.get(qn("w:val")) if used is not None else self._default
        seen: set[str | None] = set()
        while key in self._styles and key not in seen:
            seen.add(key)
            yield self._styles[key]
            based = self._styles[key].find(qn("w:basedOn"))
            key = based.get(qn("w:val")) if based is not None else None

    def property(self, paragraph: Element, path: str) -> Element | None:
        """The nearest element of that path below the paragraph or its styles."""
        steps = "/".join(qn(step) for step in path.split("/"))
        elements = (one.find(steps) for one in self.chain(paragraph))
        return next((element for element in elements if element is not None), None)

    def heading(self, paragraph: Element) -> int:
        """The level of a heading, else 0."""
        outline = self.property(paragraph, "w:pPr/w:outlineLvl")
        if outline is not None and int(outline.get(qn("w:val"))) < _LEVELS:
            return int(outline.get(qn("w:val"))) + 1
        for style in self.chain(paragraph):
            name = style.find(qn("w:name"))
            words = name.get(qn("w:val")).lower() if name is not None else ""
            match = _HEADING.match(words)
            if match or words == "title":
                return int(match[1]) if match else 1
        return 0

    def is_bold(self, paragraph: Element) -> bool:
        """Whether all the words of a paragraph are bold."""
        by_style = _on(self.property(paragraph, "w:rPr/w:b"))
        runs = [run for run in paragraph.iter(qn("w:r")) if _text(run).strip()]
        marks = [run.find(f"{qn('w:rPr')}/{qn('w:b')}") for run in runs]
        return bool(runs) and all(by_style if mark is None else _on(mark) for mark in marks)


@dataclass(slots=True)
class _Counts:
    """The numbers reached at each level of one list."""

    levels: dict[int, Element]
    numbers: dict[int, int] = field(default_factory=dict)

    def turn(self, level: int) -> None:
        """Count one item; deeper levels begin anew."""
        self.numbers[level] = self.numbers.get(level, self._start(level) - 1) + 1
        self.numbers = {other: number for other, number in self.numbers.items() if other <= level}

    def number(self, level: int) -> str:
        """The number reached at a level, as that level writes it."""
        kind = self.levels[level].find(qn("w:numFmt")) if level in self.levels else None
        name = kind.get(qn("w:val")) if kind is not None else "decimal"
        return _FORMATS.get(name, str)(self.numbers.get(level, self._start(level)))

    def _start(self, level: int) -> int:
        start = self.levels[level].find(qn("w:start")) if level in self.levels else None
        return int(start.get(qn("w:val"))) if start is not None else 1


class _Numbering:
    """The bullets and numbers that Word draws in front of list items and numbered headings."""

    def __init__(self, numbering: Element | None) -> None:
        root = [] if numbering is None else numbering
        abstract = {one.get(qn("w:abstractNumId")): one for one in root if one.tag == qn("w:abstractNum")}
        shared = {
            key: _Counts({int(level.get(qn("w:ilvl"))): level for level in one.findall(qn("w:lvl"))})
            for key, one in abstract.items()
        }
        self._lists: dict[str, _Counts] = {}
        for one in root:
            used = one.find(qn("w:abstractNumId")) if one.tag == qn("w:num") else None
            counts = shared.get(used.get(qn("w:val"))) if used is not None else None
            if counts is not None:
                restarts = one.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}") is not None
                self._lists[one.get(qn("w:numId"))] = _Counts(counts.levels) if restarts else counts

    def label(self, styles: _Styles, paragraph: Element) -> str:
        """What stands in front of the paragraph, with a blank behind it; nothing where it is no list item."""
        used = styles.property(paragraph, "w:pPr/w:numPr/w:numId")
        counts = self._lists.get(used.get(qn("w:val"))) if used is not None else None
        if counts is None:
            return ""
        at = styles.property(paragraph, "w:pPr/w:numPr/w:ilvl")
        level = int(at.get(qn("w:val"))) if at is not None else 0
        counts.turn(level)
        if level not in counts.levels:
            return "• "
        kind, shown = counts.levels[level].find(qn("w:numFmt")), counts.levels[level].find(qn("w:lvlText"))
        pattern = shown.get(qn("w:val"), "") if shown is not None else ""
        if kind is not None and kind.get(qn("w:val")) == "bullet":
            return "• "
        words = re.sub(r"%(\d)", lambda match: counts.number(int(match[1]) - 1), pattern).strip()
        return f"{words} " if words else ""


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    text = "i" * number
    for old, new in (("iiiii", "v"), ("vv", "x"), ("iiii", "iv"), ("viv", "ix"), ("xxxxx", "l"), ("xxxx", "xl")):
        text = text.replace(old, new)
    return text


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimalZero": "{:02}".format,
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "none": lambda number: "",
}
