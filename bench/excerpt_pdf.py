"""Set the excerpt of the theme form as a PDF in the form's own layout: a ruled table of labels and values, then its parts.

    python -m bench.excerpt_pdf

The same excerpt gives the same bytes every time.
"""

from __future__ import annotations

import re
from pathlib import Path

from loaders.data import folder
from tests.pdfs import LEFT, Sheet

SOURCE = "vaikeasti-tyollistyvien-teemakuvaus"
FOOT = "PL 1 00000 Teemagraafi"
COLUMNS = (LEFT, 259.0)
_LABEL = re.compile(
    r"^[ \t]*(?:Valtakunnallinen\s+teema(?:\s+Erityistavoite[^\n]*)?|[A-ZÅÄÖ][^\n]*?(?:yhteys|vastuu)henkilö\(t\)|"
    r"(?:Teeman )?[Tt]oteutusaika|Rahoituskehysarvio,\s+julkinen\s+rahoitus\s*(?:\([^()]*\))?)",
    re.MULTILINE,
)
_PART = re.compile(r"^\s*\d\)", re.MULTILINE)


def set_form(text: str) -> bytes:
    """The excerpt of a theme form as a PDF file."""
    part = _PART.search(text)
    table, parts = (text[: part.start()], text[part.start() :]) if part else (text, "")
    labels = list(_LABEL.finditer(table))
    sheet = Sheet(foot=FOOT)
    for line in filled(table[: labels[0].start()]):
        sheet.text(line)
    ends = [*(label.start() for label in labels[1:]), len(table)]
    for label, end in zip(labels, ends, strict=True):
        sheet.row(["\n".join(filled(label.group())), "\n".join(filled(table[label.end() : end]))], COLUMNS)
    sheet.y += 6
    for line in filled(parts):
        if sheet.y > 740:
            sheet.turn()
        sheet.paragraph(line)
    return sheet.data()


def filled(text: str) -> list[str]:
    """The lines of a text that are not blank."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def main(directory: Path) -> None:
    text = (directory / f"{SOURCE}.txt").read_text(encoding="utf-8")
    (directory / f"{SOURCE}.pdf").write_bytes(set_form(text))


if __name__ == "__main__":
    main(folder("sources"))
