"""PowerPoint files (.pptx) as lines: each slide's title, then its text, bullets and tables in reading order."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.oxml.ns import qn
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.shapes.picture import Picture
from pptx.slide import Slide

from loaders.document.lines import Cell, Content

_TITLES = (KIND.TITLE, KIND.CENTER_TITLE, KIND.VERTICAL_TITLE)
_ASIDE = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER, KIND.HEADER)
_DIAGRAM_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}t"
_DIAGRAM_IDS = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_PLAIN, _BULLETS, _NUMBER = qn("a:buNone"), (qn("a:buChar"), qn("a:buBlip")), qn("a:buAutoNum")

Element = Any
"""An lxml element; python-pptx gives its elements no common type."""


def read_slides(data: bytes) -> Content:
    """The lines of a PowerPoint file, the slide's number as their page; speakers' notes and hidden slides are left out."""
    presentation = Presentation(io.BytesIO(data))
    content = Content(presentation.core_properties.title or None)
    tables = 0
    for number, slide in enumerate(presentation.slides, 1):
        if slide._element.get("show") in ("0", "false"):
            content.notes.append(f"page {number} is a hidden slide and was not read")
            continue
        before = len(content.lines)
        shapes = list(_shapes(slide.shapes))
        for shape in _ordered(shapes):
            tables += _add(content, shape, slide, number, tables)
        if any(shape.has_chart for shape in shapes if isinstance(shape, GraphicFrame)):
            content.notes.append(f"page {number} holds a chart, whose numbers were not read")
        if len(content.lines) == before:
            pictures = any(isinstance(shape, Picture) for shape in shapes)
            content.notes.append(f"page {number} holds no text" + (", only pictures" if pictures else ""))
    return content


def _shapes(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _ordered(shapes: list[BaseShape]) -> list[BaseShape]:
    """The title first, the others column by column; those of a group by their place within it."""
    titles = [shape for shape in shapes if _kind(shape) in _TITLES]
    return [*titles, *_by_place([shape for shape in shapes if _kind(shape) not in _TITLES])]


def _by_place(shapes: list[BaseShape]) -> list[BaseShape]:
    """Shapes column by column; where no gap parts columns, band by band; else in the order of the file."""
    for level in (False, True):
        parts = _parts(shapes, level)
        if len(parts) > 1:
            return [shape for part in parts for shape in _by_place(part)]
    return shapes


def _parts(shapes: list[BaseShape], level: bool) -> list[list[BaseShape]]:
    """Shapes parted by the gaps between them, from left to right or (``level``) from top to bottom; edges may overlap."""

    def span(shape: BaseShape) -> tuple[float, float]:
        start = (shape.top if level else shape.left) or 0
        length = (shape.height if level else shape.width) or 0
        return start + 0.1 * length, start + 0.9 * length

    parts: list[list[BaseShape]] = []
    reached = 0.0
    for shape in sorted(shapes, key=lambda shape: span(shape)[0]):
        start, end = span(shape)
        if parts and start <= reached:
            parts[-1].append(shape)
        else:
            parts.append([shape])
        reached = max(reached, end) if len(parts[-1]) > 1 else end
    return parts


def _kind(shape: BaseShape) -> KIND | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _add(content: Content, shape: BaseShape, slide: Slide, number: int, tables: int) -> int:
    """Append what a shape says; the number of tables it holds."""
    if isinstance(shape, GraphicFrame) and shape.has_table:
        for row, cells in enumerate(shape.table.rows):
            for column, cell in enumerate(cells.cells):
                if not cell.is_spanned:
                    content.add(_plain(cell.text), number, cell=Cell(tables, row, column))
        return 1
    if isinstance(shape, GraphicFrame):
        for paragraph in _diagram(shape, slide):
            content.add(f"• {paragraph}", number)
    elif isinstance(shape, Shape) and _kind(shape) in _ASIDE:
        content.put_aside(_plain(shape.text_frame.text), number)
    elif isinstance(shape, Shape):
        _add_text(content, shape, slide, number)
    return 0


def _add_text(content: Content, shape: Shape, slide: Slide, number: int) -> None:
    title = _kind(shape) in _TITLES
    counts: dict[int, int] = {}
    for paragraph in shape.text_frame.paragraphs:
        if paragraph.text.strip():
            label = "" if title else _label(paragraph._p, shape, slide, counts)
            content.add(label + _plain(paragraph.text).strip(), number, 1 if title else 0)


def _plain(text: str) -> str:
    return text.replace("\v", "\n")


def _diagram(shape: GraphicFrame, slide: Slide) -> Iterator[str]:
    """The texts of a diagram (SmartArt), in the order of its items."""
    for ids in shape._element.iter(_DIAGRAM_IDS):
        root = etree.fromstring(
            slide.part.related_part(ids.get(qn("r:dm"), "")).blob, etree.XMLParser(resolve_entities=False)
        )
        for item in root.iter(_DIAGRAM_TEXT):
            for paragraph in item.iter(qn("a:p")):
                text = "".join(run.text or "" for run in paragraph.iter(qn("a:t"))).strip()
                if text:
                    yield text


def _label(paragraph: Element, shape: BaseShape, slide: Slide, counts: dict[int, int]) -> str:
    """What stands in front of a paragraph: ``• ``, its number, or nothing."""
    own = paragraph.find(qn("a:pPr"))
    level = int(own.get("lvl", "0")) if own is not None else 0
    for properties in (own, *_inherited(shape, slide, level)):
        for mark in properties if properties is not None else ():
            if mark.tag == _PLAIN:
                return ""
            if mark.tag in _BULLETS:
                return "• "
            if mark.tag == _NUMBER:
                counts[level] = counts.get(level, int(mark.get("startAt", "1")) - 1) + 1
                return f"{counts[level]}. "
    return ""


def _inherited(shape: BaseShape, slide: Slide, level: int) -> Iterator[Element]:
    """The paragraph properties of a level: of the shape, of its placeholder on the layout and the master, of the master."""
    name = qn(f"a:lvl{level + 1}pPr")
    holders = [shape._element]
    if shape.is_placeholder:
        at, kind = shape.placeholder_format.idx, _kind(shape)
        layouts: Any = slide.slide_layout
        layout = [one for one in layouts.placeholders if one.placeholder_format.idx == at]
        kinds = {kind, KIND.BODY} if kind not in (KIND.SUBTITLE, *_ASIDE) else {kind}
        master = [one for one in layouts.slide_master.placeholders if one.placeholder_format.type in kinds]
        holders += [one._element for one in (*layout, *master)]
    for holder in holders:
        yield from holder.iterfind(f"{qn('p:txBody')}/{qn('a:lstStyle')}/{name}")
    if shape.is_placeholder:
        styles = slide.slide_layout.slide_master._element
        yield from styles.iterfind(f"{qn('p:txStyles')}/{qn('p:bodyStyle')}/{name}")
