"""What every room shares: the languages, and where the data folders lie."""

from __future__ import annotations

from pathlib import Path

LANGUAGES = ("fi", "sv", "en")
"""The languages of texts and names, in the order in which a name is chosen where the reader's own language has none."""
_ROOT = Path(__file__).resolve().parents[1]


def folder(name: str) -> Path:
    """The folder ``ontology``, ``shapes``, ``queries`` or ``sources``; raises FileNotFoundError if the installation lacks it.

    It lies beside the packages in a checkout, under ``teemagraafi/`` when installed.
    """
    for candidate in (_ROOT / name, _ROOT / "teemagraafi" / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"data folder {name!r} is missing beside {_ROOT}: reinstall teemagraafi")


def preferred(lang: str) -> tuple[str, ...]:
    """The languages in which a reader is shown a name, the best first; the last, ``""``, is that of a name without one.

    >>> preferred("sv")
    ('sv', 'fi', 'en', '')
    """
    return tuple(dict.fromkeys((lang, *LANGUAGES, "")))
