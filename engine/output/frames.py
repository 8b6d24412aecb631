"""Answers as data frames, for notebooks and other programs.

Decimals stay exact and dates are dates; a partial date (``2024-10``) is text that sorts right. Each column's kind stands in
the Arrow schema's metadata and in ``frame.attrs["kinds"]``. Polars reads the Arrow table: ``polars.from_arrow(arrow(result))``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.query.result import Kind, Result, Value, kinds, text
from loaders.errors import QueryUsageError

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

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


def arrow_type(kind: Kind, whole: int, places: int) -> Any:
    """The Arrow type of values of a kind whose numbers have so many digits before and after the point."""
    pa = pyarrow()
    if kind == "decimal" or (kind == "integer" and whole > 18):
        if whole + places > _WIDE:
            return pa.string()
        exact = pa.decimal128 if whole + places <= _MOST_DIGITS else pa.decimal256
        return exact(_MOST_DIGITS if whole + places <= _MOST_DIGITS else _WIDE, places)
    plain = {"integer": pa.int64(), "boolean": pa.bool_(), "float": pa.float64(), "date": pa.date32()}
    return plain.get(kind, pa.string())


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
    for n, (name, kind) in enumerate(zip(result.columns, kinds(result), strict=True)):
        values = [row[n] for row in result.rows]
        sizes = [digits(value) for value in values]
        of = arrow_type(kind, max((w for w, _ in sizes), default=0), max((p for _, p in sizes), default=0))
        if kind == "datetime":
            zoned = {v.tzinfo is not None for v in values if v is not None}  # type: ignore[union-attr]
            of = pa.timestamp("us", tz="UTC" if zoned == {True} else None) if len(zoned) == 1 else pa.string()
        arrays.append(pa.array([arrow_value(value, of) for value in values], type=of))
        fields.append(pa.field(name, of, metadata={"kind": kind}))
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
