"""Hostile files through the command line: one line that names the file, exit code 3, and the other files are read."""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bench import fuzz
from graph import cli
from loaders import isolation
from tests.cases import each
from tests.conftest import outcomes_here

ROOT = Path(__file__).parents[2]
FILLED = 48 << 20


def packed(data: bytes, times: int) -> bytes:
    for _ in range(times):
        data = zlib.compress(data, 1)
    return data


def made(objects: list[bytes]) -> bytes:
    """A PDF file of these objects, the first of them its catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table) + end


def stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), more, data)


PAGES = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>"


def two_layers() -> bytes:
    bomb = packed(b" " * (FILLED * 5), 2)
    return made([*PAGES, PAGE, stream(bomb, b"/Filter[/FlateDecode/FlateDecode]"), b"null"])


def packed_form() -> bytes:
    form = stream(packed(b"0 0 m " * (FILLED // 2), 1), b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Filter/FlateDecode")
    return made([*PAGES, PAGE, stream(b"/F Do"), form])


def form_in_itself() -> bytes:
    form = stream(b"/F Do /F Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>")
    return made([*PAGES, PAGE, stream(b"/F Do"), form])


def reference_to_itself() -> bytes:
    return made([*PAGES, PAGE.replace(b"4 0 R", b"6 0 R"), stream(b" "), b"null", b"6 0 R"])


def page_of_two_numbers() -> bytes:
    return made([*PAGES, PAGE.replace(b"[0 0 100 100]", b"[0 0]"), stream(b"BT ET"), b"null"])


def cell(length: int) -> bytes:
    return ("Hankkeen nimi;Toteuttaja;Rahoitus\n" + "a." * (length // 2) + ";Testi ry;1\n").encode()


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{ENTITIES}]>'
FILE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e11 SYSTEM "file:///etc/passwd">]>'


def repacked(package: bytes, changed: str, before: str, after: str, head: str = "") -> bytes:
    """An office file with one part changed; ``head`` takes the place of the part's first line."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in parts.namelist():
            data = parts.read(name)
            if name == changed:
                text = data.decode().replace(before, after, 1)
                data = (head + text.partition("?>")[2] if head else text).encode()
            made.writestr(name, data)
    return out.getvalue()


def sheet(rows: str) -> bytes:
    return repacked(fuzz.MADE["xlsx"](), "xl/worksheets/sheet1.xml", "<sheetData>", f"<sheetData>{rows}")


def word(text: str, head: str = "") -> bytes:
    return repacked(fuzz.MADE["docx"](), "word/document.xml", "Kuvitteellinen", text, head)


def repeated_cells() -> bytes:
    often = 'repeated="999999999"'
    cell = f'<table:table-cell office:value-type="string" table:number-columns-{often}><text:p>x</text:p></table:table-cell>'
    row = f"<table:table-row table:number-rows-{often}>{cell}</table:table-row>"
    return repacked(fuzz.MADE["ods"](), "content.xml", "<table:table-row>", f"{row}<table:table-row>")


HOSTILE = {
    "sivupuu.pdf": lambda: made([PAGES[0], b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"]),
    "sisakkain.pdf": lambda: made(
        [*PAGES, b"<</Type/Page/Parent 2 0 R/MediaBox " + b"[" * 50_000 + b"]" * 50_000 + b">>"]
    ),
    "sarakkeet.xlsx": lambda: sheet(f'<row r="1">{"<c><v>1</v></c>" * 400_000}</row>'),
    "toistot.ods": repeated_cells,
    "nauru.docx": lambda: word("&e11;", LAUGHS),
    "tiedosto.docx": lambda: repacked(word("&e11;", FILE), "word/styles.xml", "<w:", "<w"),
    "taulut.docx": lambda: word("</w:t></w:r></w:p>" + "<w:tbl><w:tr><w:tc>" * 3000),
    "kerrokset.pdf": two_layers,
    "lomake.pdf": packed_form,
    "itsessaan.pdf": form_in_itself,
    "viittaus.pdf": reference_to_itself,
    "sivukoko.pdf": page_of_two_numbers,
    "rivinvaihdot.csv": lambda: b'nimi;teema\r\na;b\rc;d\ne;"f\rg"\n' * 20,
    "solu.csv": lambda: cell(400_000),
    "rivi.txt": lambda: b"x" * (20 << 20),
    "tyhja.txt": lambda: b" " * (5 << 20) + b"x",
    "rikki.xlsx": lambda: b"PK\x03\x04" + b"\x00" * 4000,
    "syva.html": lambda: b"<html>" + b"<div><ul><li>" * 100_000,
    "nolla.csv": lambda: b"a;b\n\x00;\x00\n" * 50,
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from loaders import sources

    return next(path for path in sources.shipped() if path.stem.startswith("esr-haku"))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def program(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, whose reading processes are its forks: here each would be a new interpreter."""
    command = [sys.executable, "graph.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read without processes: a test that is not about their limits need not start one."""
    monkeypatch.setattr(isolation.Pool, "outcomes", outcomes_here)


@pytest.fixture(scope="module")
def small(good: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of one document, to copy."""
    path = tmp_path_factory.mktemp("small") / "s"
    assert run("build", good, "--store", path).exit_code == 0
    return path


@pytest.fixture(scope="module")
def built(good: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """The build of all hostile files and a good one, and its store."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make())
    files = [folder / name for name in HOSTILE]
    return program(
        "build", *files, good, "--store", folder / "s", "--max-seconds", 1, "--max-memory", 160
    ), folder / "s"


def test_hostile_files_end_no_build_and_the_others_are_read(
    built: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    from engine.store import open_store

    result, store = built
    assert result.returncode == 3, result.stderr
    assert "Traceback" not in result.stderr
    assert len(open_store(store)) > 100


@each("name", HOSTILE)
def test_a_hostile_file_is_one_line(name: str, built: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    lines = built[0].stderr.splitlines()
    assert sum(line.startswith((f"not read: {name}", f"not read: {Path(name).stem}:")) for line in lines) == 1


@pytest.mark.usefixtures("in_this_process")
def test_a_hostile_file_alone_leaves_the_store_as_it_was(tmp_path: Path, small: Path) -> None:
    hostile = tmp_path / "sivupuu.pdf"
    hostile.write_bytes(HOSTILE[hostile.name]())
    shutil.copytree(small, tmp_path / "s")
    before = (tmp_path / "s" / "CURRENT").read_text()
    for command in ("build", "load"):
        result = run(command, hostile, "--store", tmp_path / "s")
        assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert (tmp_path / "s" / "CURRENT").read_text() == before


def test_nested_triples_are_too_deep_and_no_crash(tmp_path: Path, small: Path) -> None:
    deep = tmp_path / "syva.ttl"
    deep.write_bytes(b"<a:a> <a:b> " + b"<<( <a:a> <a:b> " * 60_000 + b"<a:a> " + b")>> " * 60_000 + b".")
    shutil.copytree(small, tmp_path / "s")
    result = run("load", deep, "--graph", "http://example.org/g", "--store", tmp_path / "s")
    assert result.exit_code == 3
    assert "syva.ttl: is nested too deeply" in result.stderr


@pytest.mark.usefixtures("in_this_process")
def test_odd_names_and_links_in_a_loop(tmp_path: Path, good: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    result = run("build", tmp_path / "a.txt", good, "--store", tmp_path / "s")
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    odd = [
        tmp_path / name for name in ("-.txt", "uusi\nrivi.txt", "välilyönti  .txt", "\x1b[31m.txt", "a" * 240 + ".txt")
    ]
    for path in odd:
        path.write_bytes(good.read_bytes() + path.name.encode())
    result = run("build", "--store", tmp_path / "s", "--", *odd)
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output
    described = run("query", "SELECT * { GRAPH ?g { ?s ?p ?o } }", "--store", tmp_path / "s")
    assert "\x1b" not in described.output


def test_a_word_longer_than_any_is_cut_and_said(tmp_path: Path) -> None:
    from loaders.document.pages import read

    path = tmp_path / "pitka.txt"
    path.write_text(f"Otsikko\nsana {'x' * 5000} loppu {' ' * 5000}.\n", encoding="utf-8")
    document = read(path)
    assert document.lines[1].text == f"sana {'x' * 2000}[… 3000 characters cut] loppu{' ' * 200}."
    assert document.notes == ("line 2 is longer than any text is, its rest is left out",)


@pytest.mark.usefixtures("in_this_process")
def test_a_row_with_a_cell_longer_than_any_is_not_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "lista.csv"
    rows = [f"S{20000 + n};Kuvitteellinen hanke {n};Keksitty ry;{n}00,00" for n in range(1, 30)]
    rows[3] = f"S20004;{'a.' * 20_000};Keksitty ry;400,00"
    head = "Hankekoodi;Hankkeen nimi;Toteuttaja;Myönnetty EU- ja valtion rahoitus"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    result = run("build", path, "--guess", "--store", tmp_path / "s")
    assert result.exit_code == 1, result.stderr
    assert "1 rejected: a cell is longer than any cell of a list" in result.stderr


def test_mixed_line_ends_are_line_ends(tmp_path: Path) -> None:
    from loaders.tables import open_table

    path = tmp_path / "rivit.csv"
    path.write_bytes(b"Hankekoodi;Hankkeen nimi;Toteuttaja\r\nS1;a;b\rS2;c;d\nS3;e;f\r\n" * 1 + b"S4;g;h\n" * 9)
    assert [record.cells[0] for record in open_table(path).records()][:3] == ["S1", "S2", "S3"]


def test_queries_and_data_nested_too_deeply_are_one_line(tmp_path: Path, small: Path) -> None:
    query, data = tmp_path / "syva.rq", tmp_path / "syva.nt"
    query.write_text("SELECT * { " + "{" * 40_000 + "?s ?p ?o" + "}" * 40_000 + " }")
    data.write_text("<a:a> <a:b> " + "<<( <a:a> <a:b> " * 60_000 + "<a:a> " + ")>> " * 60_000 + ".")
    shutil.copytree(small, tmp_path / "s")
    for arguments, code in ((("query", query), 4), (("validate", data), 3)):
        result = run(*arguments, "--store", tmp_path / "s")
        assert (result.exit_code, result.stderr.count("\n")) == (code, 1), result.output
        assert "is nested too deeply" in result.stderr


def test_a_sort_that_ends_the_engine_is_one_line(tmp_path: Path, small: Path) -> None:
    """Oxigraph 0.5 panics when it sorts values that have no one order, durations and numbers among them."""
    values = [
        value for n in range(800) for value in (f'"{n}"', f"{n}", f"{n}.5", f'"t{n}"@fi', f'"P{n}D"^^xsd:duration')
    ]
    random.Random(1).shuffle(values)
    query = tmp_path / "lajittelu.rq"
    query.write_text(f"SELECT ?x {{ VALUES ?x {{ {' '.join(values)} }} }} ORDER BY ?x")
    shutil.copytree(small, tmp_path / "s")
    result = run("query", query, "--format", "csv", "--store", tmp_path / "s")
    if result.exit_code:  # an engine that can sort them needs no excuse
        assert (result.exit_code, result.stderr.count("\n")) == (4, 1), result.output
        assert "a fault of the engine" in result.stderr
    else:
        assert result.stdout.count("\n") == len(values) + 1


SHAPES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://e/> . @prefix tg: <https://w3id.org/teemagraafi/def#> .\n"
DOUBLED = "".join(
    f":S{n} a sh:NodeShape ; sh:targetClass tg:Theme ; sh:and ( :S{n + 1} :S{n + 1} ) .\n" for n in range(40)
)
NESTED = f":S a sh:NodeShape ; sh:targetNode :x ; sh:node {'[ sh:node ' * 20_000}:T{' ]' * 20_000} ."


@pytest.mark.parametrize(("shapes", "says"), [(DOUBLED, "takes "), (NESTED, "is nested too deeply")])
def test_shapes_that_take_for_ever_are_one_line(shapes: str, says: str, tmp_path: Path, small: Path) -> None:
    path = tmp_path / "muodot.ttl"
    path.write_text(SHAPES + shapes)
    shutil.copytree(small, tmp_path / "s")
    result = run("validate", "--shapes", path, "--store", tmp_path / "s", "--max-seconds", 1)
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1), result.output
    assert f"muodot.ttl: {says}" in result.stderr


def test_a_query_with_control_characters_in_its_header_is_one_line(tmp_path: Path) -> None:
    query = tmp_path / "ohjaus.rq"
    query.write_text("#+ summary: a\x04b\nSELECT * {}")
    result = run("query", query, "--store", tmp_path / "s")
    assert (result.exit_code, result.stderr.count("\n")) == (4, 1), result.output
    assert "ohjaus.rq:1: the header is no text" in result.stderr


ODD = [("pipe", suffix) for suffix in (".txt", ".toml", ".tsv", ".ttl", ".rq")] + [
    ("device", ".csv"),
    ("folder", ".txt"),
]


@pytest.mark.parametrize(("kind", "suffix"), ODD)
def test_pipes_devices_and_folders_are_no_files(kind: str, suffix: str, tmp_path: Path, good: Path) -> None:
    """Nothing waits for them or reads them without end."""
    odd = tmp_path / f"outo{suffix}"
    {"pipe": os.mkfifo, "folder": os.mkdir}.get(kind, lambda path: path.symlink_to("/dev/zero"))(odd)
    store = ("--store", tmp_path / "s")
    arguments = {
        ".toml": ("build", fuzz_list(tmp_path), "--mapping", odd, *store),
        ".tsv": ("build", good, "--corrections", odd, *store),
        ".ttl": ("validate", odd, *store),
        ".rq": ("query", odd, *store),
    }.get(suffix, ("build", odd, *store))
    result = run(*arguments)
    assert result.exit_code in (2, 3), result.output
    assert len(result.stderr.splitlines()) <= 2
    assert "Traceback" not in result.output


def fuzz_list(folder: Path) -> Path:
    path = folder / "lista.csv"
    path.write_bytes(fuzz.MADE["csv"]())
    return path


def test_a_mapping_that_swells_when_it_is_read_is_one_line(tmp_path: Path) -> None:
    mapping = tmp_path / "avaimet.toml"
    mapping.write_text(".".join("a" * 20_000) + "=1")
    result = program("build", fuzz_list(tmp_path), "--mapping", mapping, "--store", tmp_path / "s", "--max-memory", 32)
    assert (result.returncode, result.stderr.count("\n")) == (3, 1), result.stderr
    assert "avaimet.toml: needs more than 32 MB of memory" in result.stderr


def test_no_file_of_the_machine_gets_into_a_document(tmp_path: Path) -> None:
    """An entity that names a file is no text of the document."""
    from loaders.document.pages import read
    from loaders.errors import SourceError

    path = tmp_path / "tiedosto.docx"
    path.write_bytes(word("&e11; alku", FILE))
    try:
        lines = " ".join(line.text for line in read(path).lines)
    except SourceError as error:
        lines = error.message
    assert "root:" not in lines
