"""The formats a result is written in: a table, CSV, TSV, JSON, Markdown, HTML, Excel, Parquet, RDF for triples; data frames."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

import pyoxigraph as ox

from engine.query.result import Kind, Result, Row, Term, Value, for_template, kind, kinds, reading, table, text
from engine.words import render
from loaders.errors import QueryUsageError
from loaders.rdf.terms import CODE, ID, PREFIXES, XSD

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

Writer = Callable[[Result, BinaryIO], None]


def write_table(result: Result, out: BinaryIO) -> None:
    """An aligned table."""
    out.write(table(result).encode())


def write_md(result: Result, out: BinaryIO) -> None:
    """A Markdown table: pipes and line ends in cells escaped, names linked to their IRIs."""
    lines = render("answer.md", "en", **for_template(result)).splitlines()
    out.write("".join(f"{line.rstrip()}\n" for line in lines).encode())


def write_html(result: Result, out: BinaryIO) -> None:
    """A page with the table, what the answer's limits are, and the query."""
    page = render("answer.html", "en", notes=result.notes, text=result.query.text, **for_template(result))
    out.write(page.encode())


def in_order(triples: Iterable[ox.Triple], form: ox.RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """Triples in a format; the same triples give the same bytes, whatever order they come in."""
    body = ox.serialize(sorted(set(triples), key=str), format=form, prefixes=dict(prefixes) or None) or b""
    if form not in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG):
        return body
    lines = body.splitlines(keepends=True)  # the engine writes prefixes in an order of its own
    heads = sorted(line for line in lines if line.startswith(b"@prefix "))
    return b"".join([*heads, *(line for line in lines if not line.startswith(b"@prefix "))])


_GRAPH_FORMATS = {"ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD}


def write_graph(result: Result, out: BinaryIO, name: str) -> None:
    """The triples in one order; the query's own prefixes are used, but for those whose keys hold slashes."""
    iris = {str(term)[1:] for triple in result.triples for term in triple}
    known = {p: n for p, n in {**PREFIXES, **result.query.prefixes}.items() if n not in (CODE, ID)}
    used = {p: n for p, n in known.items() if any(i.startswith(n) for i in iris)}
    out.write(in_order(result.triples, _GRAPH_FORMATS[name], {} if name == "nt" else used))


def write_parquet(result: Result, out: BinaryIO) -> None:
    """One Parquet file of all columns."""
    rows = arrow(result)
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    pq.write_table(rows, out, compression="zstd")


_STRING = f"{XSD}string"
_ROW_FORMATS = {"csv": ox.QueryResultsFormat.CSV, "tsv": ox.QueryResultsFormat.TSV, "json": ox.QueryResultsFormat.JSON}


def write_rows(result: Result, out: BinaryIO, name: str) -> None:
    """CSV (plain text of every cell), TSV (RDF terms) or JSON (SPARQL 1.1 Query Results), as the engine writes them.

    It writes its own answer while nobody has read it, else the rows as an answer.
    """
    given = result.given
    if not result.untouched or not isinstance(given, (ox.QuerySolutions, ox.QueryBoolean)):
        named = (zip(result.columns, row, strict=True) for row in result.terms)
        rows = [{column: _json(term) for column, term in row if term is not None} for row in named]
        document = json.dumps({"head": {"vars": list(result.columns)}, "results": {"bindings": rows}})
        given = ox.parse_query_results(document, format=ox.QueryResultsFormat.JSON)
    with reading():
        given.serialize(out, format=_ROW_FORMATS[name])


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that spreadsheets take for a formula."""


def write_cells(rows: Iterable[Sequence[Value]], out: BinaryIO) -> None:
    """Rows as CSV: an apostrophe is put before a text that a spreadsheet would take for a formula; numbers are unchanged."""
    lines = csv.writer(codecs.getwriter("utf-8")(out))
    for row in rows:
        cells = ((value, text(value)) for value in row)
        lines.writerow([f"'{cell}" if isinstance(v, str) and cell.startswith(_FORMULA) else cell for v, cell in cells])


def _json(term: Term) -> object:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = zip(("subject", "predicate", "object"), map(_json, term), strict=True)
        return {"type": "triple", "value": dict(parts)}
    assert isinstance(term, ox.Literal), "unbound cells are left out"
    literal = {"type": "literal", "value": term.value}
    if term.language:
        literal["xml:lang"] = term.language
    elif term.datatype.value != _STRING:
        literal["datatype"] = term.datatype.value
    return literal


Sheet = Any
"""openpyxl's write-only sheet, whose stubs know only half of it."""

MOST_ROWS = 1_048_576
MOST_LETTERS = 32_767
"""Excel's own limits: rows of a sheet, letters of a cell."""

_NUMBER_FORMATS: dict[Kind, str] = {"decimal": "#,##0.00", "integer": "#,##0", "date": "yyyy-mm-dd"}
_EXCEL_DIGITS = 15
"""Excel keeps fifteen digits of a number; a longer one goes in as text rather than changed."""


def write_xlsx(result: Result, out: BinaryIO) -> None:
    """A workbook of two sheets: the rows, and what they answer."""
    from openpyxl import Workbook

    book, query = Workbook(write_only=True), result.query
    fill(book.create_sheet("Result"), result.columns, result.rows)
    sheet: Sheet = book.create_sheet("About")
    sheet.column_dimensions["B"].width = 100
    about = [("query", query.name), ("question", query.title()), *(("note", note) for note in result.notes)]
    about += [("" if number else "SPARQL", line) for number, line in enumerate(query.text.splitlines())]
    for name, value in about:
        sheet.append([_cell(sheet, name, "text", bold=True), _cell(sheet, value, "text")])
    book.save(out)


def fill(sheet: Sheet, headings: Sequence[str], rows: Sequence[Row]) -> None:
    """Rows below their headings, cells as what they are, no text as a formula; QueryUsageError above Excel's limits."""
    from openpyxl.utils import get_column_letter

    if len(rows) + 1 > MOST_ROWS:
        raise QueryUsageError(f"{len(rows)} rows do not fit an Excel sheet ({MOST_ROWS - 1}): use csv or parquet")
    longest = max((len(v) for row in rows for v in row if isinstance(v, str)), default=0)
    if longest > MOST_LETTERS:
        raise QueryUsageError(f"a text of {longest} letters does not fit an Excel cell: use csv or parquet")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(rows) + 1}"
    for n, heading in enumerate(headings):
        longest = max([len(heading), *(len(text(row[n])) for row in rows[:200])])
        sheet.column_dimensions[get_column_letter(n + 1)].width = min(max(longest + 2, 8), 60)
    column_kinds = [kind(row[n] for row in rows) for n in range(len(headings))]
    sheet.append([_cell(sheet, heading, "text", bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, v, k) for v, k in zip(row, column_kinds, strict=True)])


def _cell(sheet: Sheet, value: Value, of: Kind, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell: Any = WriteOnlyCell(sheet, _excel(value))  # type: ignore[arg-type]  # the stubs lack date
    if isinstance(cell.value, str):
        cell.data_type = "s"  # else "=…" becomes a formula
        cell.quotePrefix = cell.value[:1] in "=+-@"
    elif of in _NUMBER_FORMATS:
        whole = of == "decimal" and isinstance(value, Decimal) and value == value.to_integral_value()
        cell.number_format = "#,##0" if whole else _NUMBER_FORMATS[of]
    if bold:
        cell.font = Font(bold=True)
    return cell


def _excel(value: Value) -> float | int | bool | date | str | None:
    if isinstance(value, Decimal):
        return float(value) if len(value.as_tuple().digits) <= _EXCEL_DIGITS else text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 10**_EXCEL_DIGITS else str(value)
    if isinstance(value, date) and (value.year < 1900 or (isinstance(value, datetime) and value.tzinfo)):
        return value.isoformat()  # Excel has no time zones, nor years before 1900
    if isinstance(value, str):
        return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in value)
    return value


ROWS: dict[str, Writer] = {
    "table": write_table,
    **{name: partial(write_rows, name=name) for name in _ROW_FORMATS},
    "md": write_md,
    "html": write_html,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}
GRAPHS: dict[str, Writer] = {name: partial(write_graph, name=name) for name in ("ttl", "nt", "jsonld")}
BINARY = frozenset(("xlsx", "parquet"))
"""Formats that no terminal can show."""

FORMATS = (*ROWS, *GRAPHS)


def default(result: Result) -> str:
    """The format for people: a table, or Turtle for triples."""
    return "ttl" if result.form == "triples" else "table"


def write(result: Result, name: str, out: BinaryIO, safe: bool = False) -> None:
    """Write a result; a format that cannot hold it is refused with those that can.

    ``safe``: as CSV in which no text is taken for a formula.
    """
    if safe and (name != "csv" or result.form == "triples"):
        raise QueryUsageError(f"--safe-csv goes with CSV, not with {name}")
    if name in GRAPHS and result.form != "triples":
        raise QueryUsageError(f"{name} holds triples; this query gives rows: use {', '.join(ROWS)}")
    if safe:
        write_cells((result.columns, *result.rows), out)
    else:
        (GRAPHS.get(name) or ROWS[name])(result, out)


# Data frames, for notebooks and other programs: decimals stay exact, a partial date (2024-10) is text that sorts right. Each
# column's kind stands in the Arrow schema's metadata and in frame.attrs["kinds"]; polars.from_arrow reads the Arrow table.

_MOST_DIGITS, _WIDE = 38, 76
"""Digits of Arrow's two kinds of exact decimals."""


def pyarrow() -> Any:
    """The module; QueryUsageError, with what to do, where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise QueryUsageError("data frames and Parquet need pyarrow: pip install 'teemagraafi[frames]'") from None
    return pyarrow


def digits(value: Value) -> tuple[int, int]:
    """Digits of a number before and after the point; (0, 0) for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return 0, 0
    exact = Decimal(value)
    return max(exact.adjusted() + 1, 1) if exact else 1, max(-int(exact.as_tuple().exponent), 0)


def arrow_type(of: Kind, whole: int, places: int) -> Any:
    """The Arrow type of values of a kind whose numbers have so many digits before and after the point."""
    pa = pyarrow()
    if of == "decimal" or (of == "integer" and whole > 18):
        if whole + places > _WIDE:
            return pa.string()
        exact = pa.decimal128 if whole + places <= _MOST_DIGITS else pa.decimal256
        return exact(_MOST_DIGITS if whole + places <= _MOST_DIGITS else _WIDE, places)
    plain = {"integer": pa.int64(), "boolean": pa.bool_(), "float": pa.float64(), "date": pa.date32()}
    return plain.get(of, pa.string())


def arrow_value(value: Value, of: Any) -> object:
    """A value as a column of an Arrow type takes it."""
    if value is None or str(of).startswith("timestamp"):
        return value
    if str(of).startswith("decimal"):
        return Decimal(value)  # type: ignore[arg-type]
    if of == pyarrow().float64():
        return float(text(value))  # a whole number beyond the range of floats is infinite
    return text(value) if of == pyarrow().string() else value


def arrow(result: Result) -> pa.Table:
    """The rows as an Arrow table."""
    pa = pyarrow()
    arrays, fields = [], []
    for n, (name, of_column) in enumerate(zip(result.columns, kinds(result), strict=True)):
        values = [row[n] for row in result.rows]
        sizes = [digits(value) for value in values]
        of = arrow_type(of_column, max((w for w, _ in sizes), default=0), max((p for _, p in sizes), default=0))
        if of_column == "datetime":
            zoned = {v.tzinfo is not None for v in values if v is not None}  # type: ignore[union-attr]
            of = pa.timestamp("us", tz="UTC" if zoned == {True} else None) if len(zoned) == 1 else pa.string()
        arrays.append(pa.array([arrow_value(value, of) for value in values], type=of))
        fields.append(pa.field(name, of, metadata={"kind": of_column}))
    return pa.table(arrays, schema=pa.schema(fields))


def frame(result: Result) -> pd.DataFrame:
    """A pandas DataFrame on Arrow types: a missing value is missing in every column, whatever its type."""
    try:
        import pandas as pd
    except ImportError:
        raise QueryUsageError("data frames need pandas: pip install 'teemagraafi[frames]'") from None
    made: pd.DataFrame = arrow(result).to_pandas(types_mapper=pd.ArrowDtype)
    by_column = dict(zip(result.columns, kinds(result), strict=True))
    made.attrs.update(title=result.query.title(), notes=list(result.notes), kinds=by_column)
    return made
