"""Where a worker writes an answer: in memory while it is small, in a file after that, and never more than it may."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.formats import HttpError
from web.lent import INLINE
from web.worker import Output


def test_a_small_answer_stays_in_memory(tmp_path: Path) -> None:
    output = Output(str(tmp_path), INLINE)
    for _ in range(3):
        output.write(b"row,")
    assert (output.finish(), output.path) == (b"row,row,row,", None)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("block", [1000, 65_536, INLINE + 1])
def test_a_large_answer_is_a_file_with_every_byte(tmp_path: Path, block: int) -> None:
    body = bytes(n % 251 for n in range(3 * INLINE + 17))
    output = Output(str(tmp_path), len(body))
    for at in range(0, len(body), block):
        output.write(body[at : at + block])
    assert output.finish() == b""
    assert output.path is not None
    assert output.path.read_bytes() == body


@pytest.mark.parametrize("most", [10, 2 * INLINE])
def test_too_many_bytes_end_the_answer_and_nothing_is_left(tmp_path: Path, most: int) -> None:
    output = Output(str(tmp_path), most)
    output.write(b"x" * most)
    with pytest.raises(HttpError, match="larger than"):
        output.write(b"x")
    output.discard()
    assert list(tmp_path.iterdir()) == []
