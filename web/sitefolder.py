"""The folder of a static site: written beside the old one, checked, and put in its place in one step."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

MARK = "teemagraafi-site.json"
"""The file that tells a site of ours from a folder of others."""


class Folder:
    """A site being written."""

    def __init__(self, root: Path) -> None:
        """Write below ``root``."""
        self.root = root
        self.written: set[str] = set()

    def write(self, path: str, body: bytes) -> None:
        """One file of the site; its path begins with a slash."""
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        self.written.add(path)


@contextmanager
def replacing(out: Path) -> Iterator[Folder]:
    """A new site to fill; it takes the place of ``out`` when the block ends well, and vanishes when it does not."""
    _refuse(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _sweep(out)
        beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        lock = os.open(beside, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written: {error.strerror or error}") from None
    try:
        yield Folder(beside)
        beside.chmod(0o755)
        _swap(beside, out)
    except OSError as error:
        told = " ".join(filter(None, [error.strerror or str(error), error.filename and Path(error.filename).name]))
        raise click.ClickException(f"{out}: cannot be written ({told}); the old site is as it was") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        os.close(lock)


def _sweep(out: Path) -> None:
    """Remove what a killed run has left beside a site, and put back the old site where it was killed between two names.

    A run that goes on holds a lock on its folder.
    """
    for left in sorted(out.parent.glob(f".{out.name}-*")):
        lock = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not out.exists() and (left / "site" / MARK).is_file():
                (left / "site").rename(out)
            shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(lock)


def _refuse(out: Path) -> None:
    if out.is_file():
        raise click.UsageError(f"{out}: is a file; name a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise click.UsageError(f"{out}: holds other things than a site of ours; name another folder")


def _swap(fresh: Path, out: Path) -> None:
    if not out.exists():
        fresh.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}-old-", dir=out.parent))
    out.rename(old / "site")
    try:
        fresh.rename(out)
    except OSError:
        (old / "site").rename(out)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def digests(root: Path, paths: list[str]) -> bytes:
    """Checksums of files below a folder in the form that ``sha256sum --check`` reads."""
    lines = (f"{hashlib.sha256((root / path).read_bytes()).hexdigest()}  {path}" for path in sorted(paths))
    return "".join(f"{line}\n" for line in lines).encode()


def mark(data: dict[str, object]) -> bytes:
    """The contents of the marking file."""
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
