"""Where a worker writes an answer: rows are counted exactly, whatever the blocks, and limits end it."""

from __future__ import annotations

from pathlib import Path

import pytest

from web import formats
from web.formats import HttpError
from web.worker import INLINE, Meter

ROW = b'{"a":{"type":"uri","value":"http://e/' + b"x" * 20 + b'"}}'


def answer(rows: int) -> bytes:
    return b'{"head":{"vars":["a"]},"results":{"bindings":[' + b",".join([ROW] * rows) + b"]}}"


def write(meter: Meter, body: bytes, block: int) -> None:
    for at in range(0, len(body), block):
        meter.write(body[at : at + block])


@pytest.mark.parametrize("block", [1, 2, 3, 7, 4096])
@pytest.mark.parametrize(("rows", "limit"), [(100, 100), (101, 100), (40, 39)])
def test_a_row_too_many_ends_the_answer(tmp_path: Path, rows: int, limit: int, block: int) -> None:
    # a mark stands between two rows: of n rows n - 1 are seen while they are written
    meter = Meter(formats.JSON, limit - 1, 1 << 30, str(tmp_path))
    if rows > limit:
        with pytest.raises(HttpError, match=f"more than {limit - 1} rows"):
            write(meter, answer(rows), block)
    else:
        write(meter, answer(rows), block)
        assert meter.finish() == answer(rows)


def test_rows_written_before_the_count_began_are_counted_from_the_file(tmp_path: Path) -> None:
    body = answer(2 * INLINE // len(ROW))
    meter = Meter(formats.JSON, body.count(b'},{"'), 1 << 30, str(tmp_path))
    assert meter._safe > INLINE  # the count begins when the answer is in its file already
    write(meter, body, 10_000)
    assert meter.path is not None
    meter.finish()
    assert meter.path.read_bytes() == body
    assert meter.rows == body.count(b'},{"')


def test_too_many_bytes_end_the_answer_and_nothing_is_left(tmp_path: Path) -> None:
    meter = Meter(formats.TURTLE, 10, 2 * INLINE, str(tmp_path))
    meter.write(b"x" * INLINE * 2)
    with pytest.raises(HttpError, match="larger than"):
        meter.write(b"x")
    meter.discard()
    assert list(tmp_path.iterdir()) == []
