"""Invented documents of every layout (tests/pages), as the text, the HTML page and the PDF file that they might be.

A page's text is what is kept; which of its lines are headings is said here, so that the other forms can be made of it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from loaders import choose
from loaders.document import pages
from loaders.document.lines import Document
from loaders.records import LeftOut, Origin, Reading, Stated
from tests.pdfs import Sheet

Kind = TypeVar("Kind")
PAGES = Path(__file__).parent / "pages"
GOLDEN = Path(__file__).parent / "golden"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "sources"
NAMES = {"slides": "kosteikkojen-aika-esitys-2024"}
"""What a page's file is called where that matters."""
HEADINGS: dict[str, dict[int, list[str]]] = {
    "newsletter": {
        1: ["Valtakunnallisten teemojen uutiskirje - lokakuu 2024"],
        2: ["Työllisyys", "Saariston palvelut", "Vihreä siirtymä"],
        3: ["Metsäalan osaajat", "Kohtaamisia pienyrityksissä", "Saariston palvelut", "Kosteikkojen aika (EAKR)"],
    },
    "call": {1: ["EAKR-rahoitushaku kokeileville kosteikkohankkeille"]},
    "theme_list": {1: ["Valtakunnalliset teemat"]},
    "ministry_page": {1: ["EU:s strukturfonder (programperioden 2021–2027)"]},
    "theme_page": {1: ["Porojen, lampaiden ja lehmien yhteislaidun"], 2: ["Yhteyshenkilöt"]},
    "old_theme_page": {1: ["Rantojen osaajat"]},
    "project_list": {2: ["Ensimmäisessä haussa valitut hankkeet"]},
    "eura_page": {1: ["Euroopan sosiaalirahaston (ESR) rahoittaman hankkeen kuvaus"]},
}
_SIZES = {1: 14.0, 2: 12.0, 3: 11.5}


def names() -> list[str]:
    """Every layout whose page is kept here; the review's has a test of its own."""
    return sorted(path.stem for path in PAGES.glob("*.txt") if path.stem != "review")


def text(layout: str) -> str:
    """The page as kept."""
    return (PAGES / f"{layout}.txt").read_text(encoding="utf-8")


def document(layout: str, form: str, folder: Path, words: str | None = None) -> Document:
    """A page (or other words of its layout) read in one of its forms."""
    words = text(layout) if words is None else words
    path = folder / f"{NAMES.get(layout, layout)}.{form}"
    if form == "txt":
        path.write_text(words, encoding="utf-8")
    elif form == "html":
        path.write_text(_html(layout, words), encoding="utf-8")
    else:
        path.write_bytes(pdf(_levels(layout, words), _SIZES, 760))
    return pages.read(path)


def edited(layout: str, folder: Path, *pairs: tuple[str, str], form: str = "txt") -> Reading:
    """What is read of a page when some of its words are others."""
    words = text(layout)
    for old, new in pairs:
        assert old in words, old
        words = words.replace(old, new)
    changed = document(layout, form, folder, words)
    return choose(changed).parse(changed)


def of(reading: Reading, kind: type[Kind]) -> list[Kind]:
    """The records of one kind."""
    return [record for record in reading.records if isinstance(record, kind)]


def reasons(reading: Reading) -> dict[str, str]:
    """What was left out: words and why."""
    return {left.words: left.reason for left in reading.left_out}


def _levels(layout: str, words: str) -> list[tuple[int, str]]:
    """Each line with its heading level. A name that heads a group and a theme is of the group first; in the table of

    contents (the first time of all) it is no heading."""
    levels = HEADINGS.get(layout, {})
    seen: dict[str, int] = {}
    found = []
    for line in words.splitlines():
        key = line.strip()
        among = [level for level in sorted(levels) for name in levels[level] if name == key]
        contents = layout == "newsletter" and 2 in among
        index = seen.get(key, 0) - contents
        seen[key] = seen.get(key, 0) + 1
        found.append((among[index] if 0 <= index < len(among) else 0, line))
    return found


def _html(layout: str, words: str) -> str:
    out = ["<!doctype html><html lang='fi'><head><meta charset='utf-8'><title>sivu</title></head><body>"]
    for level, line in _levels(layout, words):
        bullet = re.match(r"\s*•\s+(.*)", line)
        if not line.strip():
            continue
        tag = f"h{level}" if level else "li" if bullet else "p"
        content = html.escape(bullet[1] if bullet else line.strip())
        out.append(f"<{tag}>{content}</{tag}>")
    return "".join([*out, "</body></html>"])


def pdf(lines: Iterable[tuple[int, str]], sizes: Mapping[int, float], bottom: int) -> bytes:
    """Lines with their levels as a PDF: headings in the sizes of their levels, a page ends below ``bottom``."""
    sheet = Sheet(foot="PL 99 00990 Keksittylä")
    for level, line in lines:
        if not line.strip():
            continue
        if sheet.y > bottom:
            sheet.turn()
        if level:
            sheet.text(line.strip(), size=sizes[level], bold=True)
        else:
            sheet.paragraph(line.strip())
    return sheet.data()


def told(value: object) -> object:
    """A reading without its origins, as JSON can hold it: what was read, not where it stood."""
    if isinstance(value, Stated):
        return told(value.value)
    if isinstance(value, Reading):
        left = [{"reason": one.reason, "words": one.words} for one in value.left_out]
        records = [{type(one).__name__: told(one)} for one in value.records]
        head = {name: getattr(value, name) for name in ("layout", "title", "programme", "reference_date", "language")}
        return {**head, "records": records, "left_out": sorted(left, key=lambda one: (one["reason"], one["words"]))}
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple | list):
        return [told(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type | Origin):
        parts = {field.name: told(getattr(value, field.name)) for field in fields(value) if field.name != "origin"}
        return {name: part for name, part in parts.items() if part not in (None, [], False, "")}
    return value


def misplaced(document: Document, reading: Reading) -> list[str]:
    """Words of origins and of what was left out that do not stand on the lines they are said to stand on."""
    lines = {line.number: line.text for line in document.lines}
    places: list[Origin | LeftOut] = [*origins(reading.records), *reading.left_out]
    return [
        f"{place.first}-{place.last}: {place.words}"
        for place in places
        if place.words not in " ".join(" ".join(lines[n] for n in range(place.first, place.last + 1)).split())
    ]


def origins(value: object) -> list[Origin]:
    """Every origin in some records."""
    if isinstance(value, Origin):
        return [value]
    if isinstance(value, tuple | list):
        return [origin for one in value for origin in origins(one)]
    if is_dataclass(value) and not isinstance(value, type):
        return [origin for field in fields(value) for origin in origins(getattr(value, field.name))]
    return []
