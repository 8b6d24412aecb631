"""Files as numbered lines: text, HTML, PDF, Word and PowerPoint, told apart by what is in them and not by their names."""

import codecs
import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from loaders.document.lines import CUT, Content, Document, Form, Line, clean, shortened
from loaders.errors import SourceError
from loaders.values.marks import emails

SIZE_LIMIT = 50 * 1024 * 1024
"""Bytes; a document of these layouts has a few hundred kilobytes."""

UNPACKED_LIMIT = 256 * 1024 * 1024
"""Bytes that all parts of an office file may unpack to."""
XML_LIMIT = 64 * 1024 * 1024
"""Bytes that its parts of XML may unpack to."""
PARTS_LIMIT = 10_000

_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OFFICE_KINDS = re.compile(rb"(wordprocessingml\.document|presentationml\.presentation)\.main\+xml")


def read(path: Path, identifier: str | None = None) -> Document:
    """Read a file into a document; ``identifier`` overrides its stem as the document's id.

    Line numbers: of a text file those of the file; of HTML the ordinal of the block of text (paragraph, list item, table
    cell, heading, or a part of one before a ``<br>``), since a page's physical lines mean nothing to its reader; of a PDF
    the ordinal of the printed line, with its page. Raises :class:`SourceError` for what cannot be read.
    """
    document = _read(path, identifier or path.stem)
    cut = [line.number for line in document.lines if "characters cut]" in line.text and CUT.search(line.text)]
    if not cut:
        return document
    note = f"line {cut[0]} is longer than any text is, its rest is left out"
    return replace(document, notes=(*document.notes, note + (f" ({len(cut)} such lines)" if len(cut) > 1 else "")))


def _read(path: Path, name: str) -> Document:
    data = _bytes(path, path.name)
    form, content = _content(data, path.name)
    lines, furniture = tuple(content.lines), leftovers(content.lines)
    if form != "text":
        lines, furniture = _numbered_anew(content, furniture)
    title = content.title if content.title and " " in content.title.strip() else None
    return Document(name, form, lines, hashlib.sha256(data).hexdigest(), title, furniture, tuple(content.notes))


def _content(data: bytes, name: str) -> tuple[Form, Content]:
    """The form of a file and what its reader makes of it; each reader is imported when first needed."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n\x00")
    if b"%PDF-" in data[:1024]:
        from loaders.document.pdf import read_pdf

        return "pdf", read_pdf(data, name)
    if head.startswith(_ZIPS):
        return _office(data, name)
    if head.startswith(_OLD_OFFICE):
        raise SourceError(name, "an office file of an older kind, or one with a password: save it as .docx or .pptx")
    text, notes = decoded(data, name)
    if not looks_like_html(text):
        return "text", Content(lines=text_lines(text, name), notes=notes)
    from loaders.document.html import read_html

    return "html", replace(read_html(text, name), notes=notes)


def _numbered_anew(content: Content, left: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Lines numbered anew without what a conversion ``left`` of older pages, and all that was put aside."""
    if not left:
        return tuple(content.lines), tuple(content.furniture)
    aside = {line.number for line in left}
    lines = [line for line in content.lines if line.number not in aside]
    numbers = {line.number: number for number, line in enumerate(lines, 1)}
    before, last = {0: 0}, 0
    for line in content.lines:
        last = numbers.get(line.number, last)
        before[line.number] = last
    furniture = sorted([*content.furniture, *left], key=lambda line: line.number)
    return (
        tuple(replace(line, number=numbers[line.number]) for line in lines),
        tuple(replace(line, number=before[line.number]) for line in furniture),
    )


def _office(data: bytes, name: str) -> tuple[Form, Content]:
    """The kind and the lines of a Word or PowerPoint file; the size of what it unpacks to is checked first."""
    from lxml.etree import LxmlError

    form: Form
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_size(archive.infolist(), name)
            listed = "[Content_Types].xml" in archive.namelist()
            match = _OFFICE_KINDS.search(archive.read("[Content_Types].xml")) if listed else None
        if match is None:
            raise SourceError(name, "not a Word or PowerPoint file without macros: save it as .docx, .pptx or PDF")
        if match[1].startswith(b"word"):
            from loaders.document.word import read_word

            form, content = "word", read_word(data)
        else:
            from loaders.document.slides import read_slides

            form, content = "slides", read_slides(data)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, UnicodeDecodeError, LxmlError) as error:
        raise SourceError(name, f"the office file is damaged or encrypted ({error}): fetch it again") from None
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise SourceError(name, f"the office file lacks a part that it names ({error}): save it anew") from None
    except Exception as error:
        if not type(error).__module__.startswith(("docx.", "pptx.")):  # their classes cost a third of a second
            raise
        raise SourceError(name, f"the office file is damaged ({error}): fetch it again") from None
    if not content.lines:
        raise SourceError(
            name, "the office file holds no words: if it holds pictures, run text recognition (OCR) on it"
        )
    return form, content


def _check_size(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    whole = sum(part.file_size for part in parts)
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if whole > UNPACKED_LIMIT or xml > XML_LIMIT or len(parts) > PARTS_LIMIT:
        raise SourceError(
            name,
            f"the office file unpacks to {whole // 2**20} MB in {len(parts)} parts, too much for a document: give its parts",
        )


def _bytes(path: Path, name: str) -> bytes:
    """The file's bytes, never more than the limit of them."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SourceError(name, "a directory, not a document: name its files, or give it with --documents")
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(name, "not a regular file")
        if status.st_size > SIZE_LIMIT:
            size = status.st_size // 2**20
            raise SourceError(
                name, f"{size} MB, more than the {SIZE_LIMIT // 2**20} MB a document may have: give its parts"
            )
        with path.open("rb") as stream:
            data = stream.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise SourceError(name, f"cannot be read: {error.strerror or error}") from None
    if len(data) > SIZE_LIMIT:
        raise SourceError(name, f"more than the {SIZE_LIMIT // 2**20} MB a document may have: give its parts")
    if not data.strip():
        raise SourceError(name, "the file is empty")
    return data


# what a text extraction left of the page: dumped link targets, template leftovers, running feet

_MAILTO = re.compile(r"\s*mailto:\S+\s*")
_TEMPLATE = re.compile(r"\s*(?:https?://)?\[?www\.verkkosivu\.fi\]?/?\s*")
_BRACKETED = re.compile(r"\[www\.[^\[\]]+\]|\[[^\[\]\s@]+@[^\[\]\s]+\]")
_BOX = re.compile(r"\s*PL\s+\d+\s*")
_TOWN = re.compile(r"\s*\d{5}\s+[A-ZÅÄÖ][\wåäö]+\s*")
_POSTAL = re.compile(rf"{_BOX.pattern}|{_TOWN.pattern}|\s*(?:Käyntiosoite\b.*|Puh\.?[\d\s]++|\d{{1,3}})\s*")
_FOOT = 14
"""A running foot is at most so many lines high, the blank ones counted."""


def leftovers(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines that belong to the pages a text was taken from: link targets of mail links, template addresses, postal feet.

    A foot is known by its bracketed addresses of the template, with the lines of an address right above them, or by
    being the same postal address (box and town) as another foot.
    """
    furniture: dict[int, Line] = {}
    for index, line in enumerate(lines):
        if _MAILTO.fullmatch(line.text) or _TEMPLATE.fullmatch(line.text):
            furniture[index] = line
        elif _BRACKETED.search(line.text):
            furniture[index] = line
            furniture.update(_block(lines, index, -1))
    furniture.update(_repeated_feet(lines, furniture))
    furniture.update(_patterns(lines, furniture))
    return tuple(furniture[index] for index in sorted(furniture))


def _block(lines: Sequence[Line], start: int, step: int) -> dict[int, Line]:
    """The lines of an address next to a line, up to the page number (which a narrow frame may break in two)."""
    block: dict[int, Line] = {}
    for index in range(start + step, start + step * _FOOT, step):
        if not 0 <= index < len(lines):
            break
        text = lines[index].text
        if not text.strip():
            continue
        if not _POSTAL.fullmatch(text):
            break
        block[index] = lines[index]
    return block


def _repeated_feet(lines: Sequence[Line], known: dict[int, Line]) -> dict[int, Line]:
    """Blocks around a post box and its town that come twice or more, as only the foot of a page does."""
    blocks: dict[tuple[str, str], list[dict[int, Line]]] = {}
    for index, line in enumerate(lines):
        if index in known or not _BOX.fullmatch(line.text):
            continue
        below = _block(lines, index, 1)
        town = next((one.text.split() for one in below.values() if _TOWN.fullmatch(one.text)), None)
        if town:
            key = (" ".join(line.text.split()), " ".join(town))
            blocks.setdefault(key, []).append({**_block(lines, index, -1), index: line, **below})
    repeated = [block for same in blocks.values() if len(same) > 1 for block in same]
    return {index: line for block in repeated for index, line in block.items()}


def _patterns(lines: Sequence[Line], known: dict[int, Line]) -> dict[int, Line]:
    """Lines that are nothing but a template address printed again and again."""
    counted = Counter(line.text.strip() for line in lines)
    return {
        index: line
        for index, line in enumerate(lines)
        if index not in known
        and counted[line.text.strip()] > 1
        and any(mail.kind == "pattern" and mail.words == line.text.strip() for mail in emails(line.text))
    }


# plain text, whatever it is encoded in

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
