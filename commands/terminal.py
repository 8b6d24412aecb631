"""Common behaviour of commands: exit quietly on a closed pipe or Ctrl-C, and write files atomically."""

import contextlib
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from loaders.data import LANGUAGES, replacing_file

PATH = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, dir_okay=False)
"""A file that is written, or may not be there."""
READ_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
READ_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)

_CONTROL = re.compile(
    r"\r(?!\n|\x1b\[K)|\x1b(?!\[[012]m)(?<!\r\x1b)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
"""Signs that steer a terminal or turn the direction of text, but for our own bold, dim and progress line."""


def plain(text: str) -> str:
    """Text for a terminal: what a document holds must not steer it.

    >>> plain("Teema\\x1b]0;title\\x07")
    'Teema�]0;title�'
    """
    return _CONTROL.sub("\ufffd", text)


class _Plain:
    """A text stream that lets no control characters through; bytes (``buffer``) are data and go as they are."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text without its control characters."""
        written: int = self._stream.write(plain(text) if isinstance(text, str) else text)
        return written

    def writelines(self, lines: Any) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def plain_streams() -> Iterator[None]:
    """Let no control characters reach standard output and the error stream, as text."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Plain(before[0]), _Plain(before[1])
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


@contextlib.contextmanager
def readable() -> Iterator[None]:
    """Let a reader that has seen enough (``| head``) close the pipe without a word."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(0) from None


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the process at once: the engine does not look for signals while it evaluates."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def open_output(output: Path) -> Iterator[BinaryIO]:
    """A file that appears whole or not at all."""
    try:
        with replacing_file(output) as out:
            yield out
    except OSError as error:
        raise click.ClickException(f"{output}: cannot be written: {error.strerror or error}") from None


def give(text: str, output: Path | None) -> None:
    """Write text to a file, whole or not at all; without one, to standard output."""
    if output is None:
        sys.stdout.write(text)
        return
    with open_output(output) as out:
        out.write(text.encode())


def format_option(*forms: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--format``, passed as ``fmt``: one of these forms, the first where none is named."""
    return click.option("--format", "fmt", type=click.Choice(forms), default=forms[0])


def user_language() -> str:
    """The language of the user's locale if the program speaks it, else English (the first of LC_ALL, LC_MESSAGES, LANG)."""
    locale = next(filter(None, (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return locale[:2] if locale[:2] in LANGUAGES and locale[2:3] in ("", "_", ".", "-") else "en"


def lang_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--lang``: the one rule of all commands for the language of what they write."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default=user_language,
        show_default="that of the locale, else en",
        help=f"Language of {what}.",
    )
