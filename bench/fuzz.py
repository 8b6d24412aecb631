"""Mutated files for every reader: ``python -m bench.fuzz [KIND …] [--inputs N] [--seed N] [--from DIR]``.

Each file is a real one (of this repository, and of a folder of more with ``--from``) with a few of its bytes, lines or parts
changed; it is read as the commands read it, in a process of limits. Counted: what is read, what is refused in words made for
users, what a limit ends, and what a reader stumbles on (an error that nobody wrote words for, a crash).
"""

from __future__ import annotations

import argparse
import io
import random
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pyoxigraph as ox

from engine import corrections, inputs
from engine.build import extract
from engine.query.backends import LocalStore
from engine.query.library import read as read_query
from links import sssom
from loaders.errors import SourceError
from loaders.isolation import Limits, Pool
from loaders.tables import guess as guessing
from loaders.tables import mapping, open_table
from shacl import DataError, ShapesError, load_shapes

ROOT = Path(__file__).parents[1]
LIMITS = Limits(seconds=10, megabytes=640)
SIGNS = [
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"(",
    b"[",
    b"{",
    b"<",
    b'"',
    b"'",
    b"\\",
    b"\r",
    b"\n",
    b"\t",
    b" ",
    b"-1",
    b"9" * 30,
]
"""Bytes that readers of text and of binary forms take for more than letters."""


def _document(path: Path) -> None:
    extract(path)


def _list(path: Path) -> None:
    table = open_table(path)
    for _ in table.records():
        pass
    guessing.guess(path)


def _rdf(path: Path) -> None:
    inputs.read_rdf(path, "https://example.org/g")


def _shapes(path: Path) -> None:
    try:
        load_shapes([path])
    except (ShapesError, DataError) as error:
        raise SourceError(path.name, str(error)) from None


def _query(path: Path) -> None:
    LocalStore(ox.Store()).query(read_query(path.read_text("utf-8", "replace"), path.stem, path).text)


def _mapping(path: Path) -> None:
    mapping.load(path)


def _corrections(path: Path) -> None:
    corrections.read(path)


def _links(path: Path) -> None:
    sssom.read(path)


KINDS: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "txt": ("sources/*.txt", _document, ".txt"),
    "html": ("tests/**/*.html", _document, ".html"),
    "pdf": ("sources/*.pdf", _document, ".pdf"),
    "docx": ("", _document, ".docx"),
    "pptx": ("", _document, ".pptx"),
    "csv": ("", _list, ".csv"),
    "xlsx": ("", _list, ".xlsx"),
    "ods": ("", _list, ".ods"),
    "rdf": ("ontology/*.ttl", _rdf, ".ttl"),
    "shapes": ("shapes/*.ttl", _shapes, ".ttl"),
    "query": ("queries/*.rq", _query, ".rq"),
    "mapping": ("loaders/mappings/*.toml", _mapping, ".toml"),
    "corrections": ("", _corrections, ".tsv"),
    "links": ("links/*.sssom.tsv", _links, ".sssom.tsv"),
}
"""Kind → seeds of this repository, its reader, and how its files' names end."""
ROWS = [["Hankekoodi", "Hankkeen nimi", "Toteuttaja", "Alkaa", "Myönnetty EU- ja valtion rahoitus"]] + [
    [f"S{20000 + n}", f"Kuvitteellinen hanke {n}", "Keksitty yhdistys ry", f"{n % 28 + 1}.3.2016", f"{n}1 234,50"]
    for n in range(1, 40)
]


def _docx() -> bytes:
    import docx

    out, document = io.BytesIO(), docx.Document()
    document.add_heading("Valtakunnallinen teema: Kuvitteellinen teema", 1)
    for row in ROWS:
        document.add_paragraph(": ".join(row))
    table = document.add_table(len(ROWS), len(ROWS[0]))
    for place, row in zip(table.rows, ROWS, strict=True):
        for cell, text in zip(place.cells, row, strict=True):
            cell.text = text
    document.save(out)
    return out.getvalue()


def _pptx() -> bytes:
    import pptx

    out, slides = io.BytesIO(), pptx.Presentation()
    for row in ROWS[:5]:
        slide = slides.slides.add_slide(slides.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = row[1], "\n".join(row)
    slides.save(out)
    return out.getvalue()


def _xlsx() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("Hankkeet")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def _ods() -> bytes:
    urn, out = "urn:oasis:names:tc:opendocument:xmlns", io.BytesIO()
    names = " ".join(f'xmlns:{name}="{urn}:{name}:1.0"' for name in ("office", "table", "text", "manifest"))
    cells = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in ROWS)
    body = f'<office:spreadsheet><table:table table:name="H">{cells}</table:table></office:spreadsheet>'
    listed = '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f"<manifest:manifest {names}>{listed}</manifest:manifest>")
        whole = f"<office:document-content {names}><office:body>{body}</office:body></office:document-content>"
        package.writestr("content.xml", whole)
    return out.getvalue()


def _ods_cell(text: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def _csv() -> bytes:
    return "\n".join(";".join(row) for row in ROWS).encode("cp1252")


def _html() -> bytes:
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS)
    head = "<html><head><title>Teema</title></head>"
    return f"{head}<body><h1>Kuvitteellinen teema</h1><table>{rows}</table></body></html>".encode()


def _tsv() -> bytes:
    row = [
        "reject",
        "katsaus",
        "ab" * 32,
        "3-4",
        "<a:s>",
        "<a:p>",
        '"x"@fi',
        "",
        "Aino Kuvitelma",
        "2026-01-02",
        "väärin",
    ]
    return "\n".join("\t".join(cells) for cells in (corrections.COLUMNS, *[row] * 8)).encode()


MADE = {"docx": _docx, "pptx": _pptx, "xlsx": _xlsx, "ods": _ods, "csv": _csv, "html": _html, "corrections": _tsv}
"""Seeds of kinds that the repository holds no file of."""


def seeds(kind: str, folder: Path | None = None) -> list[bytes]:
    """Real files of a kind, of at most 400 kB each."""
    pattern, _, suffix = KINDS[kind]
    paths = [*sorted(ROOT.glob(pattern))] if pattern else []
    if folder is not None and kind not in ("mapping", "corrections", "links", "shapes", "query"):
        paths += sorted(folder.rglob(f"*{suffix}"))
    made = [MADE[kind]()] if kind in MADE else []
    return made + [path.read_bytes() for path in paths if path.stat().st_size < 400_000]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A file with a few changes; of a package of parts, one part is changed (or, one time in five, the package itself)."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
            names = package.namelist()
            chosen = chance.choice([name for name in names if name.endswith(".xml")] or names)
            for name in names:
                part = package.read(name)
                changed.writestr(name, _changed(part, chance) if name == chosen else part)
        return out.getvalue()
    return _changed(data, chance)


def _changed(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 1, 2, 4, 12))):
        if not data:
            return data
        at, length = chance.randrange(len(data)), chance.choice((1, 2, 8, 64, 1000))
        part = data[at : at + length]
        what = chance.randrange(7)
        if what == 0:
            part = bytes(chance.randrange(256) for _ in range(min(length, 16)))
        elif what == 1:
            part = b""
        elif what == 2:
            part = part * chance.choice((2, 2, 50, 3000))
        elif what == 3:
            part = chance.choice(SIGNS) * chance.choice((1, 1, 3, 400)) + part
        elif what == 4:
            there = chance.randrange(len(data))
            part = data[there : there + length]
        elif what == 5:
            numbers = list(re.finditer(rb"\d+", data[at : at + 2000]))
            if numbers:
                at, part, length = (
                    at + numbers[0].start(),
                    chance.choice((b"0", b"-1", b"4294967296", b"1e999")),
                    len(numbers[0][0]),
                )
        else:
            return data[:at]
        data = (data[:at] + part + data[at + length :])[: 4 << 20]
    return data


def fuzz(pool: Pool, kind: str, inputs: int, seed: int, folder: Path | None = None) -> Iterator[tuple[int, str, float]]:
    """The outcome of each mutated file: its number, ``read``, ``refused``, or what ended it, and seconds on the clock."""
    _, reader, suffix = KINDS[kind]
    known = seeds(kind, folder)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as spare:
        for number in range(inputs):
            chance = random.Random(f"{kind} {seed} {number}")
            path = Path(spare) / f"{number}{suffix}"
            path.write_bytes(mutated(chance.choice(known), chance))
            began = time.monotonic()
            try:
                pool.call(path.name, reader, path)
                outcome = "read"
            except SourceError as error:
                outcome = error.message if error.message.endswith(": not read") else "refused"
            except click.ClickException:
                outcome = "refused"
            yield number, outcome, time.monotonic() - began
            path.unlink()


def main() -> None:
    """Print a line a kind, and every stumble and broken limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", default=list(KINDS), metavar="KIND")
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="folder", type=Path)
    given = parser.parse_args()
    head = ("kind", "inputs", "read", "refused", "ended by a limit", "stumbled", "slowest, s")
    print(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    stumbles = 0
    pool = Pool(LIMITS)
    for kind in given.kinds:
        counts, slowest, lines = Counter[str](), 0.0, []
        for number, outcome, seconds in fuzz(pool, kind, given.inputs, given.seed, given.folder):
            sort = outcome if outcome in ("read", "refused") else "limit"
            if "reader fails" in outcome or "status" in outcome:
                sort = "stumbled"
            counts[sort] += 1
            slowest = max(slowest, seconds)
            if sort not in ("read", "refused"):
                lines.append(f"{kind} {number}: {outcome}")
        stumbles += counts["stumbled"]
        shown = [str(counts[name]) for name in ("read", "refused", "limit", "stumbled")]
        cells = [kind, str(given.inputs), *shown, f"{slowest:.1f}"]
        print("|", " | ".join(cells), "|", flush=True)
        for line in lines:
            print(line, file=sys.stderr, flush=True)
    sys.exit(1 if stumbles else 0)


if __name__ == "__main__":
    main()
