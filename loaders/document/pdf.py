"""PDF as lines: body text and ruled tables in reading order, page furniture apart."""

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pdfplumber
from pdfminer.ascii85 import ascii85decode
from pdfminer.pdfdocument import PDFEncryptionError
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psexceptions import PSException
from pdfminer.psparser import literal_name
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from loaders.document.columns import arrange
from loaders.document.glyphs import UNREADABLE, Char, Row
from loaders.document.lines import Content
from loaders.document.paragraphs import Flow, PdfPage
from loaders.document.rules import Table, tables
from loaders.errors import SourceError
from loaders.isolation import out_of_memory

PAGE_LIMIT = 2000
STREAM_LIMIT = 64 * 1024 * 1024
CHARACTER_LIMIT = 10_000_000
_BROKEN = (PdfminerException, MalformedPDFException, PSException)


def read_pdf(data: bytes, name: str) -> Content:
    """The lines of a PDF file; raises SourceError for one that cannot be read, is encrypted or holds no text."""
    if b"%%EOF" not in data[-4096:]:
        raise SourceError(name, "the PDF file is cut off (its end is missing): fetch it again")
    try:
        with pdfplumber.open(io.BytesIO(data), unicode_norm=None, raise_unicode_errors=False) as pdf:
            title = pdf.metadata.get("Title")
            missing = _missing(pdf)
            pages = list(_pages(pdf.pages, name))
    except _BROKEN as error:
        raise SourceError(name, _why(error)) from None
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise SourceError(name, f"the PDF file is damaged (its list of pages: {error}): fetch it again") from None
    _check(pages, name)
    flow = Flow(_body_size(pages), notes=missing)
    marks = furniture([(page.height, page.rows) for page in pages], flow.body_size)
    flow.measure(pages, marks)
    for page, marked in zip(pages, marks, strict=True):
        flow.add(page, marked)
    return Content(title if isinstance(title, str) else None, flow.lines, flow.furniture, flow.notes)


def _missing(pdf: PDF) -> list[str]:
    """A note where not all the pages can be found that the file says to have."""
    tree = resolve1(pdf.doc.catalog.get("Pages"))
    stated = resolve1(tree.get("Count")) if isinstance(tree, dict) else None
    if isinstance(stated, int) and len(pdf.pages) < stated:
        return [f"the PDF file is damaged ({len(pdf.pages)} of its {stated} pages found): fetch it again"]
    return []


def _pages(pages: list[Page], name: str) -> Iterator[PdfPage]:
    if not pages:
        raise SourceError(name, "the PDF file is damaged (it has no pages): fetch it again")
    if len(pages) > PAGE_LIMIT:
        raise SourceError(name, f"the PDF file has {len(pages)} pages, more than {PAGE_LIMIT}: give its parts")
    total = 0
    for page in pages:
        try:
            read = _page(page)
        except _Unreadable as error:
            read = PdfPage(page.page_number, [str(error)], page.width, page.height, [], 0, unread=True)
        except (*_BROKEN, KeyError, ValueError, TypeError, IndexError) as error:
            if out_of_memory(error):
                raise MemoryError from None
            note = f"page {page.page_number} of the PDF file is damaged and was not read: fetch the file again"
            read = PdfPage(page.page_number, [note], page.width, page.height, [], 0, unread=True)
        total += sum(len(row.text) for row in read.all_rows)
        if total > CHARACTER_LIMIT:
            raise SourceError(name, f"the PDF file holds more than {CHARACTER_LIMIT} characters: give its parts")
        yield read
        page.close()


def _page(page: Page) -> PdfPage:
    notes = _stream_notes(page)
    chars = [char for char in page.chars if char["upright"] and abs(char["matrix"][1]) <= 0.1 * abs(char["matrix"][0])]
    ruled, outside = tables(page, [*chars, *_drawn_marks(page, chars)])
    items = _in_order(ruled, arrange(outside, page.width, page.height))
    turned = _turned(page) if len(chars) < len(page.chars) else []
    items = [*turned, *items] if 2 * len(chars) < len(page.chars) else [*items, *turned]
    return PdfPage(page.page_number, notes, page.width, page.height, items, len(page.images))


_MARK = 7.0
"""A list mark is drawn at most so wide and high."""


def _drawn_marks(page: Page, chars: Sequence[Char]) -> Iterator[Char]:
    """The marks of list items that are drawn and not set, as browsers print them, each as a character before its line."""
    shapes = (one for one in (*page.curves, *page.rects) if one["fill"] and one["x1"] - one["x0"] < _MARK)
    for shape in shapes:
        width, height, middle = shape["x1"] - shape["x0"], shape["height"], (shape["top"] + shape["bottom"]) / 2
        if abs(width - height) > 1 or width < 1:
            continue
        line = [one for one in chars if one["top"] < middle < one["bottom"] and not one["text"].isspace()]
        behind = min((one for one in line if one["x0"] >= shape["x1"]), key=lambda one: float(one["x0"]), default=None)
        if behind and behind["x0"] - shape["x1"] < 2 * behind["size"]:
            before = (one["x1"] for one in line if one["x0"] < shape["x0"])
            if all(shape["x0"] - x1 > 2 * behind["size"] for x1 in before):
                yield {**behind, "text": "•", "x0": shape["x0"], "x1": shape["x1"]}


def _turned(page: Page) -> list[Row | Table]:
    """What is set on its side, read as if the page had been turned: first what reads upwards, then what reads downwards."""
    items: list[Row | Table] = []
    for upwards in (True, False):
        chars = []
        for char in page.chars:
            a, b, *_ = char["matrix"]
            if char["upright"] or abs(a) > 0.1 * abs(b) or (b > 0) != upwards:
                continue
            x0, x1, top, bottom = char["x0"], char["x1"], char["top"], char["bottom"]
            if upwards:
                place = {"x0": page.height - bottom, "x1": page.height - top, "top": x0, "bottom": x1}
            else:
                place = {"x0": top, "x1": bottom, "top": page.width - x1, "bottom": page.width - x0}
            chars.append({**char, **place, "size": x1 - x0})
        rows = arrange(chars, page.height, page.width)
        reach = max((row.x1 for row in rows if isinstance(row, Row)), default=0.0)
        items += [replace(row, right=row.right or reach) if isinstance(row, Row) else row for row in rows]
    return items


def _in_order(ruled: list[Table], items: list[Row | Table]) -> list[Row | Table]:
    """All that stands on a page in reading order: a ruled table stands before the first item that begins below it."""
    merged = list(items)
    for table in sorted(ruled, key=lambda table: table.top):
        at = next((index for index, item in enumerate(merged) if item.top >= table.top), len(merged))
        merged.insert(at, table)
    return merged


class _Unreadable(Exception):
    """A page that cannot be read; its words say which and why."""


def _stream_notes(page: Page) -> list[str]:
    """Raise _Unreadable for a page whose packed content is broken or swells without measure; note a wrong checksum.

    The PDF machinery itself would go on with what it could unpack and say nothing of the text that is missing.
    """
    notes = []
    for content in page.page_obj.contents:
        stream = resolve1(content)
        packed = _packed(stream) if isinstance(stream, PDFStream) else None
        if packed is None:
            continue
        unpacker = zlib.decompressobj()
        try:
            unpacker.decompress(packed, STREAM_LIMIT)
        except zlib.error as error:
            if "data check" not in str(error):
                words = f"page {page.page_number} of the PDF file is damaged and was not read: fetch the file again"
                raise _Unreadable(words) from None
            notes.append(f"page {page.page_number}: the checksum of its content is wrong, words may be damaged")
        else:
            if unpacker.unconsumed_tail:
                raise _Unreadable(
                    f"page {page.page_number} of the PDF file unpacks to more than 64 MB and was not read"
                )
    return notes


def _packed(stream: PDFStream) -> bytes | None:
    """A stream's bytes as zlib packed them; None where it is encrypted or packed in another way."""
    filters = [literal_name(kind) for kind, _ in stream.get_filters()]
    raw = stream.rawdata
    if raw is None or stream.decipher is not None:
        return None
    if filters[:1] in (["ASCII85Decode"], ["A85"]):
        raw, filters = ascii85decode(raw), filters[1:]
    return raw if filters[:1] in (["FlateDecode"], ["Fl"]) else None


def _check(pages: list[PdfPage], name: str) -> None:
    text = "".join(row.text for page in pages for row in page.all_rows)
    pictures = sum(page.pictures for page in pages)
    unread = [page.notes[0] for page in pages if page.unread]
    if unread and not text:
        raise SourceError(name, unread[0])
    if not text or (pictures >= len(pages) and len(text) < 40 * len(pages)):
        what = "pictures of pages (a scan)" if pictures else "nothing to read"
        raise SourceError(name, f"the PDF file holds {what} and no words: run text recognition (OCR) on it first")
    if text.count(UNREADABLE) * 10 > len(text):
        raise SourceError(name, "the fonts of the PDF file do not say which letters they draw: save it anew with them")


def _body_size(pages: list[PdfPage]) -> float:
    """The size of most of the text; tables, which may be set smaller, count only where they hold nearly all of it."""
    whole = _sizes(row for page in pages for row in page.all_rows)
    outside = _sizes(row for page in pages for row in page.rows)
    sizes = outside if sum(outside.values()) > 0.25 * sum(whole.values()) else whole
    return max(sizes, key=lambda size: sizes[size])


def _sizes(rows: Iterable[Row]) -> Counter[float]:
    sizes: Counter[float] = Counter()
    for one in rows:
        sizes[one.size] += len(one.text)
    return sizes


def _why(error: Exception) -> str:
    causes = [error, *(cause for cause in error.args if isinstance(cause, Exception))]
    if any(isinstance(cause, PDFEncryptionError) for cause in causes):
        return "the PDF file is encrypted: save a copy without its password"
    return "the PDF file is damaged: fetch it again"


_MARGIN = 0.12
_PAGE_NUMBER = re.compile(r"(?:(?:sivu|sida|page|s\.)\s*)?\d{1,4}(?:\s*(?:/|\(|of|av)\s*\d{1,4}\)?)?", re.IGNORECASE)


def furniture(pages: Sequence[tuple[float, Sequence[Row]]], body_size: float) -> list[list[bool]]:
    """For each page (its height and its rows) and each row, whether the row is page furniture.

    In the margins: rows in smaller type or page numbers that come at the same height on two pages or more, anything
    that stands so on half of three pages or more, and on a single page whatever is set clearly smaller than the text.
    """
    seen = Counter(key for height, rows in pages for key in {_key(row) for row in rows if _in_margin(row, height)})
    return [[_is_furniture(row, height, seen, len(pages), body_size) for row in rows] for height, rows in pages]


def _is_furniture(row: Row, height: float, seen: Counter[tuple[int, str]], pages: int, body_size: float) -> bool:
    if not _in_margin(row, height):
        return False
    small = row.size < 0.9 * body_size
    times = seen[_key(row)]
    if pages == 1:
        return small
    if times >= 2 and (small or _PAGE_NUMBER.fullmatch(row.text)):
        return True
    return times >= max(3, pages / 2)


def _in_margin(row: Row, height: float) -> bool:
    return row.bottom < _MARGIN * height or row.top > (1 - _MARGIN) * height


def _key(row: Row) -> tuple[int, str]:
    return round(row.bottom / 4), re.sub(r"\d+", "#", row.text)
