"""HTML as lines: one a block of text, headings and table cells marked, menus and the like apart."""

import re
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml import html as parser

from loaders import phrases
from loaders.data import beside
from loaders.document.lines import Cell, Content, Line, shortened
from loaders.errors import SourceError

_WORDS = beside(__file__, "html.toml")
_BLOCKS, _SKIPPED, _INLINE = (frozenset(_WORDS["tags"][name]) for name in ("blocks", "skipped", "inline"))
_BOXES = frozenset(("article", "div", "dl", "section"))
_BLANK = re.compile(r"[ \t\n\r\f]+")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BULLET = "• "
_WIDEST = 100
_LONGEST_HEADING = 120


def _span(words: str | None) -> int:
    """How many columns or rows a cell covers; what is no sensible number is one."""
    return min(max(int(words), 1), _WIDEST) if words and words.isdigit() else 1


@dataclass(slots=True)
class _Table:
    number: int
    row: int = -1
    column: int = -1
    spans: dict[int, int] = field(default_factory=dict)
    """For each column the last row that a cell from above covers."""
    wider: int = 0
    """How many further columns the cell last entered covers."""

    def next_column(self, element: etree._Element) -> None:
        """Go to the next column of the row that no cell from above covers, and note how far the cell there reaches."""
        self.column += 1 + self.wider
        while self.spans.get(self.column, -1) >= self.row:
            self.column += 1
        wide, high = (_span(element.get(name)) for name in ("colspan", "rowspan"))
        self.spans.update(dict.fromkeys(range(self.column, self.column + wide), self.row + high - 1))
        self.wider = wide - 1


@dataclass(slots=True)
class _Walk(Content):
    """The state of one walk over a page's tree."""

    text: list[str] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    bullets: list[bool] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    count: int = 0
    skipped: int = 0
    menus: list[etree._Element] = field(default_factory=list)
    """The elements of the page's furniture that the walk is within."""
    whole: int = 0
    """How many letters the page has."""
    boxes: list[int] = field(default_factory=list)
    """Where the lines begin of each box that the walk is within."""
    level: int = 0
    """The level of the last heading."""
    first: int = 0
    """Where the lines begin of the paragraph being read."""
    blank: bool = False
    """Whether the text ended last was a hard space alone."""

    def start(self, element: etree._Element, tag: str) -> None:
        """Enter an element."""
        if self.skipped or tag in _SKIPPED or "hidden" in element.attrib:
            self.skipped += 1
            return
        if tag in _BLOCKS:
            self.close(tag)
        if self.menus or is_furniture(element, tag, self.whole):
            self.menus.append(element)
        if tag in _BOXES:
            self.boxes.append(len(self.lines))
        if tag == "table":
            self.tables.append(_Table(self.count))
            self.count += 1
        elif self.tables and tag == "tr":
            self.tables[-1].row += 1
            self.tables[-1].column, self.tables[-1].wider = -1, 0
        elif self.tables and tag in ("td", "th"):
            self.tables[-1].next_column(element)
        elif tag == "li":
            self.bullets.append(True)
        elif re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]) if tag[1] in "123" else 0)
            self.level = self.headings[-1] or self.level
        self.text.append(element.text or "")

    def end(self, element: etree._Element, tag: str) -> None:
        """Leave an element."""
        if self.skipped:
            self.skipped -= 1
        else:
            self._leave(element, tag)
        if not self.skipped:
            if not element.tail and tag in _INLINE and self._meets(element.getnext()):
                self.flush()
            self.text.append(element.tail or "")

    def _leave(self, element: etree._Element, tag: str) -> None:
        heading = re.fullmatch("h[1-6]", tag) is not None
        if tag == "p" and self.text and not self.tables and is_bold(element):
            heading = True
            self.headings.append(min(self.level + 1, 3))
        if tag in _BLOCKS and tag != "br":
            self.close(tag)
        if self.menus and self.menus[-1] is element:
            self.menus.pop()
        if tag == "table" and self.tables:
            self.tables.pop()
        elif tag == "li" and self.bullets:
            self.bullets.pop()
        elif heading and self.headings:
            self.headings.pop()
        if tag in _BOXES:
            self._set_apart(self.boxes.pop())

    def _meets(self, other: etree._Element | None) -> bool:
        """Tell whether the words read so far and those of the next element would run into one word: a style parts them."""
        if other is None or other.tag not in _INLINE or not self.text:
            return False
        left, right = "".join(self.text)[-1:], (other.text or "")[:1]
        return left.isalnum() and (right.isupper() or right.isdigit() or right in "€$")

    def close(self, tag: str) -> None:
        """End a line or a paragraph; a paragraph of several lines stands apart, as if between blank lines."""
        if not self.flush() and (self.blank or (tag == "br" and self.first < len(self.lines))):
            self.apart = True
        if tag == "br":
            return
        self.apart = self.apart or tag == "hr"
        self._set_apart(self.first)
        self.first = len(self.lines)

    def _set_apart(self, first: int) -> None:
        """Set the lines from a number on apart from those around them, where they are several and no cells."""
        if len(self.lines) > first + 1 and not self.lines[-1].cell:
            self.lines[first] = replace(self.lines[first], apart=True)
            self.apart = True

    def flush(self) -> bool:
        """End the line of text read so far; tells whether there was one."""
        text = shortened(_BLANK.sub(" ", "".join(self.text)).strip(" "))
        self.text.clear()
        self.blank = bool(text) and not text.strip()
        if not text.strip():
            return False
        if self.bullets and self.bullets[-1]:
            text, self.bullets[-1] = _BULLET + text.removeprefix("•").lstrip(), False
        table = self.tables[-1] if self.tables else None
        cell = Cell(table.number, max(table.row, 0), table.column) if table and table.column >= 0 else None
        if self.menus:
            self.furniture.append(Line(len(self.lines), text, None, 0, cell))
            return True
        heading = self.headings[-1] if self.headings else 0
        self.lines.append(Line(len(self.lines) + 1, text, None, heading, cell, apart=self.apart and cell is None))
        self.apart = False
        return True


def read_html(text: str, name: str) -> Content:
    """The blocks of a page in order; raises SourceError for a page without words."""
    try:
        reader = parser.HTMLParser(huge_tree=True)
        root = parser.document_fromstring(_DECLARATION.sub("", text), reader, True)
    except (etree.ParserError, ValueError) as error:
        raise SourceError(name, f"the HTML file cannot be parsed: {error}") from None
    if any(entry.level == etree.ErrorLevels.FATAL for entry in reader.error_log):
        raise SourceError(name, f"the HTML file cannot be parsed: {reader.error_log.last_error.message}")
    walk = _walked(root)
    if not walk.lines and walk.furniture:  # a page that is all menu, or one that calls its text so
        walk.lines = [replace(line, number=number) for number, line in enumerate(walk.furniture, 1)]
        walk.furniture = []
    if not walk.lines:
        raise SourceError(name, "the HTML file holds no text (a page that scripts fill?): save the page as shown")
    title = _BLANK.sub(" ", root.findtext(".//title") or "").strip()
    return Content(title, walk.lines, walk.furniture)


def _walked(root: etree._Element) -> _Walk:
    walk = _Walk(whole=letters(root))
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            if not walk.skipped:
                walk.text.append(element.tail or "")
        elif event == "start":
            walk.start(element, str(element.tag))
        else:
            walk.end(element, str(element.tag))
    walk.flush()
    return walk


def is_bold(element: etree._Element) -> bool:
    """Whether all the words of a paragraph of one line are bold: so pages set headings without saying it."""
    plain = "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
    bold = all(child.tag in ("b", "strong") for child in element) and all(
        one.tag in _INLINE for child in element for one in child.iter()
    )
    words = _text(element).strip()
    return len(element) > 0 and bold and not plain and 0 < len(words) < _LONGEST_HEADING and words[-1] not in ".!,;"


_TAGS, _ROLES, _BODIES = (frozenset(_WORDS["furniture"][name]) for name in ("tags", "roles", "bodies"))
_PAIRS = (f"{one}-?(?:{'|'.join(two.split())})" for one, two in _WORDS["pairs"].items())
_NAMES = [*_WORDS["furniture"]["named"], *_PAIRS]
_NAMED = re.compile("|".join(_NAMES), re.IGNORECASE)
_ADDRESS = re.compile(r"@|\(at\)|\(a\)", re.IGNORECASE)


def letters(element: etree._Element) -> int:
    """How many letters an element's text has, scripts not counted."""
    return sum(
        len(part.text or "") + len(part.tail or "") for part in element.iter() if part.tag not in ("script", "style")
    )


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def is_furniture(element: etree._Element, tag: str, whole: int) -> bool:
    """Whether an element is part of the page around the text; ``whole`` is how many letters the page has."""
    if tag in _TAGS or element.get("role") in _ROLES:
        return True
    if tag == "header":
        around = element.iterancestors()
        inside = any(parent.tag in ("main", "article") or parent.get("role") == "main" for parent in around)
        return not inside and element.find(".//h1") is None
    if tag == "aside" or element.get("role") == "complementary":
        return _ADDRESS.search(_text(element)) is None
    if tag == "a":
        return element.get("href", "").startswith("#") and phrases.means("page.to_content", _text(element).strip())
    named = f"{element.get('class', '')} {element.get('id', '')}"
    if tag in _BODIES or not _NAMED.search(named):
        return False
    return element.find(".//h1") is None and letters(element) < whole / 2
