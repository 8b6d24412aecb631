"""Files written for a test and read, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders.document.lines import Document
from loaders.document.pages import read
from loaders.errors import SourceError


def write(path: Path, data: bytes | str) -> Document:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read(path)


def refused(path: Path, data: bytes, message: str) -> None:
    path.write_bytes(data)
    with pytest.raises(SourceError, match=message) as caught:
        read(path)
    assert caught.value.message.startswith(path.name)
    assert "\n" not in caught.value.message
