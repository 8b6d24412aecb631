"""Plain text as lines, whatever it is encoded in."""

from __future__ import annotations

import codecs
import re

from loaders.document.lines import Line, clean, shortened
from loaders.errors import SourceError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE)
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)


def decoded(data: bytes, name: str) -> tuple[str, list[str]]:
    """The text of a file and notes on its bytes; raises SourceError where the bytes are no text."""
    text, notes = _decoded(data, name)
    text = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls > len(text) // 200 + 1:
        raise SourceError(name, "not a text but binary data: give a PDF, Word, PowerPoint, HTML or text file")
    if not text.strip():
        raise SourceError(name, "the file is empty")
    return text, notes


def _decoded(data: bytes, name: str) -> tuple[str, list[str]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name), []
    if b"\x00" in data[:4096]:
        return _strict(data, _wide(data, name), name), []
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return _not_utf8(data, error.start)


def _not_utf8(data: bytes, where: int) -> tuple[str, list[str]]:
    good = len(_MULTIBYTE.findall(data))
    text = data.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    if good > bad:
        line = data.count(b"\n", 0, where) + 1
        return text, [f"{bad} bytes are not UTF-8, the first in line {line}"]
    declared = _DECLARED.search(data[:2048])
    encodings = [declared[1].decode("ascii").lower()] if declared else []
    if b"\xa4" in data and b"\x80" not in data:
        encodings.append("iso8859-15")  # its euro sign; nobody writes the currency sign of cp1252
    for encoding in [*encodings, "cp1252"]:
        try:
            return data.decode(encoding), []
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1"), []


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise SourceError(name, f"not a text: its bytes are not the {encoding} they begin as") from None


def _wide(data: bytes, name: str) -> str:
    """UTF-16 without its mark: every other byte of western text is zero."""
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if len(data) % 2 == 0 and max(even, odd) > 0.7 * half and min(even, odd) < 0.1 * half:
        return "utf-16-be" if even > odd else "utf-16-le"
    raise SourceError(name, "not a text but binary data: give a PDF, Word, PowerPoint, HTML or text file")


def looks_like_html(text: str) -> bool:
    """Whether a text begins as an HTML page does."""
    return bool(_HTML.match(text[:8192]))


def text_lines(text: str, name: str) -> list[Line]:
    """The file's own lines; a form feed begins a new page, and only then have lines page numbers."""
    raw = text.split("\n")
    if raw and not raw[-1].strip("\f \t"):
        raw.pop()
    paged = "\f" in text
    lines, page = [], 1
    for number, content in enumerate(map(shortened, raw), 1):
        before, feed, _ = content.partition("\f")
        if feed and not before.strip():
            page += content.count("\f")
        lines.append(Line(number, content.replace("\f", "" if not before.strip() else " "), page if paged else None))
        if feed and before.strip():
            page += content.count("\f")
    if not lines:
        raise SourceError(name, "the file is empty")
    return lines
