"""What every room shares: the languages, and where the data folders lie."""

from __future__ import annotations

import stat
from pathlib import Path

from loaders.errors import SourceError

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


def require_file(path: Path, most: int = 0) -> None:
    """Raise SourceError for a folder, a pipe or a device, which may have no end, and for a file of more than ``most`` bytes."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise SourceError(str(path), "there is no such file") from None
    except (OSError, ValueError) as error:
        raise SourceError(str(path), f"cannot be read ({getattr(error, 'strerror', error)})") from None
    if not stat.S_ISREG(status.st_mode):
        kind = "a directory" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
        raise SourceError(str(path), f"is {kind}, not a file: name a file")
    if most and status.st_size > most:
        raise SourceError(str(path), f"has {status.st_size // 2**20} MB, expected {most // 2**20} MB at most")


def preferred(lang: str) -> tuple[str, ...]:
    """The languages in which a reader is shown a name, the best first; the last, ``""``, is that of a name without one.

    >>> preferred("sv")
    ('sv', 'fi', 'en', '')
    """
    return tuple(dict.fromkeys((lang, *LANGUAGES, "")))
