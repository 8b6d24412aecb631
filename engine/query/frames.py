"""Results as typed data frames: decimals stay exact, dates are dates, partial dates stay as precise as they are.

A partial date (``2024-10``, ``2024``) is text that sorts right; a column that mixes it with full dates is text throughout. The
column's ``kind`` stands in the Arrow schema's metadata and, in pandas, in ``frame.attrs["kinds"]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.query.columns import Kind, kinds, text
from engine.query.errors import QueryUsageError
from engine.query.results import Result, Value

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa  # type: ignore[import-untyped]

_MOST_DIGITS = 38


def arrow(result: Result) -> pa.Table:
    """The rows as an Arrow table."""
    try:
        import pyarrow as pa
    except ImportError:
        raise QueryUsageError("data frames need pyarrow: pip install 'teemagraafi[frames]'") from None
    column_kinds = kinds(result)
    arrays, fields = [], []
    for n, (name, kind) in enumerate(zip(result.columns, column_kinds, strict=True)):
        values = [row[n] for row in result.rows]
        column_type = _arrow_type(kind, values)
        arrays.append(pa.array([_arrow_value(v, kind) for v in values], type=column_type))
        fields.append(pa.field(name, column_type, metadata={"kind": kind}))
    return pa.table(arrays, schema=pa.schema(fields))


def _arrow_type(kind: Kind, values: Sequence[Value]) -> Any:
    import pyarrow as pa

    if kind == "decimal":
        return _decimal_type([Decimal(v) for v in values if isinstance(v, (Decimal, int))])
    if kind == "integer":
        fits = all(-(2**63) <= v < 2**63 for v in values if isinstance(v, int))
        return pa.int64() if fits else _decimal_type([Decimal(v) for v in values if isinstance(v, int)])
    if kind == "datetime":
        zoned = [v.tzinfo is not None for v in values if v is not None]  # type: ignore[union-attr]
        if any(zoned) != all(zoned):
            return pa.string()
        return pa.timestamp("us", tz="UTC" if all(zoned) else None)
    return {"boolean": pa.bool_(), "float": pa.float64(), "date": pa.date32()}.get(kind, pa.string())


def _decimal_type(values: list[Decimal]) -> Any:
    """The narrowest decimal that holds every value exactly."""
    import pyarrow as pa

    scale = max((max(-int(v.as_tuple().exponent), 0) for v in values), default=0)
    whole = max((v.adjusted() + 1 for v in values if v), default=1)
    digits = max(whole, 1) + scale
    if digits <= _MOST_DIGITS:
        return pa.decimal128(_MOST_DIGITS, scale)
    return pa.decimal256(min(digits, 76), scale)


def _arrow_value(value: Value, kind: Kind) -> object:
    if value is None:
        return None
    if kind == "decimal" and isinstance(value, int):
        return Decimal(value)
    return text(value) if kind in ("text", "iri", "partial") else value


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


def polars(result: Result) -> pl.DataFrame:
    """A polars DataFrame."""
    try:
        import polars as pl
    except ImportError:
        raise QueryUsageError("polars is not installed: pip install 'teemagraafi[frames]'") from None
    made = pl.from_arrow(arrow(result))
    assert isinstance(made, pl.DataFrame), "a table of several columns is a frame"
    return made
