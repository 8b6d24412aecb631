"""Where the project's data folders lie: beside the packages in a checkout, under ``teemagraafi/`` when installed."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


def folder(name: str) -> Path:
    """The folder ``ontology``, ``shapes``, ``queries`` or ``sources``; raises FileNotFoundError if the installation lacks it."""
    for candidate in (_ROOT / name, _ROOT / "teemagraafi" / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"data folder {name!r} is missing beside {_ROOT}: reinstall teemagraafi")
