"""Invented reference tables and a folder of link sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from links.reference import Reference
from tests import link_reference as made


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    return Reference(made.write(tmp_path / "reference"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "links"
    path.mkdir()
    return path
