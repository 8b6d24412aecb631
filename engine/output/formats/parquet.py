"""Rows as Parquet: exact decimals, dates, truth values; partial dates and identifiers as text, named in the metadata."""

from __future__ import annotations

from typing import BinaryIO

from engine.query.errors import QueryUsageError
from engine.query.results import Result


def write_parquet(result: Result, out: BinaryIO) -> None:
    """One Parquet file of all columns."""
    try:
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError:
        raise QueryUsageError("Parquet needs pyarrow: pip install 'teemagraafi[frames]'") from None
    from engine.query.frames import arrow

    pq.write_table(arrow(result), out, compression="zstd")
