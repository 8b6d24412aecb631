"""PDF files made for tests, in the forms that the documents have: ruled tables, running feet, wrapped text, headings."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
LEFT, RIGHT, SIZE, LEADING = 57.0, 538.0, 10.0, 13.5
FONT, BOLD = "Helvetica", "Helvetica-Bold"


class Sheet:
    """A PDF written from the top of its pages down."""

    def __init__(self, foot: str | None = None, encrypt: StandardEncryption | None = None, compress: int = 1) -> None:
        self._buffer = io.BytesIO()
        self.canvas = Canvas(
            self._buffer, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=compress, encrypt=encrypt
        )
        self._foot, self._page, self.y = foot, 1, 60.0

    def text(self, words: str, *, size: float = SIZE, bold: bool = False, x: float = LEFT, after: float = 5.0) -> None:
        """One printed line, then the distance to the next paragraph."""
        self.canvas.setFont(BOLD if bold else FONT, size)
        self.y += size * 1.35
        self.canvas.drawString(x, HEIGHT - self.y, words)
        self.y += after

    def paragraph(self, words: str, after: float = 5.0) -> list[str]:
        """Words wrapped at the right margin; the printed lines."""
        printed = self._wrapped(words, RIGHT - LEFT)
        for line in printed:
            self.text(line, after=0)
        self.y += after
        return printed

    def _wrapped(self, words: str, width: float) -> list[str]:
        lines = [""]
        for word in words.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.canvas.stringWidth(longer, FONT, SIZE) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def row(self, cells: Sequence[str], columns: Sequence[float], *, top: bool = True, bottom: bool = True) -> None:
        """One ruled row; a row cut by the page has no rule at the cut."""
        edges = [*columns, RIGHT]
        texts = [
            [line for part in cell.split("\n") for line in self._wrapped(part, edges[i + 1] - edges[i] - 12)]
            for i, cell in enumerate(cells)
        ]
        start, height = self.y, max(len(lines) for lines in texts) * LEADING + 6
        self.canvas.setLineWidth(0.6)
        for x in edges:
            self.canvas.line(x, HEIGHT - start, x, HEIGHT - start - height)
        for wanted, y in ((top, start), (bottom, start + height)):
            if wanted:
                self.canvas.line(edges[0], HEIGHT - y, edges[-1], HEIGHT - y)
        self.canvas.setFont(FONT, SIZE)
        for x, lines in zip(columns, texts, strict=True):
            for number, line in enumerate(lines):
                self.canvas.drawString(x + 6, HEIGHT - start - 10 - number * LEADING, line)
        self.y = start + height

    def picture(self) -> None:
        """A picture over the whole page, as a scanner makes it."""
        from PIL import Image

        image = Image.new("L", (40, 60), 200)
        self.canvas.drawImage(ImageReader(image), 0, 0, WIDTH, HEIGHT)

    def turn(self) -> None:
        """Finish the page and begin the next."""
        if self._foot:
            self.canvas.setFont(FONT, 7)
            self.canvas.drawString(50, 34, self._foot)
            self.canvas.drawString(540, 34, str(self._page))
        self.canvas.showPage()
        self._page, self.y = self._page + 1, 60.0

    def data(self) -> bytes:
        """The finished file."""
        self.turn()
        self.canvas.save()
        return self._buffer.getvalue()


def bomb(megabytes: int) -> bytes:
    """A small PDF whose one page unpacks to so many megabytes of blanks."""
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(b" " * 2**20) for _ in range(megabytes)) + packer.flush()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 5\n0000000000 65535 f \n" + table
    return data + head + b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF\n" % len(data)
