"""Control characters of documents and file names never reach the terminal."""

from __future__ import annotations

import sys

import click
import pytest

import graph
from commands.terminal import plain, plain_streams
from loaders.errors import SourceError
from tests.cases import each


@each(
    ("text", "shown"),
    [
        ("Teema \x1b]0;otsikko\x07loppu", "Teema �]0;otsikko�loppu"),
        ("\x1b[2J\x1b[31mpunainen", "�[2J�[31mpunainen"),
        ("\x9b31m", "�31m"),
        ("a\rb", "a�b"),
        ("oikea\u202evasen", "oikea�vasen"),
        ("rivi\r\nrivi\tsarake\n", "rivi\r\nrivi\tsarake\n"),
        ("\x1b[1mlihava\x1b[0m", "\x1b[1mlihava\x1b[0m"),
        ("\r\x1b[Kreading: 5 rows", "\r\x1b[Kreading: 5 rows"),
        ("äöå–”€ \u00a0 🙂", "äöå–”€ \u00a0 🙂"),
    ],
)
def test_what_steers_a_terminal_is_shown_as_a_sign(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_streams_are_plain_and_bytes_are_as_they_are(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    with plain_streams():
        click.echo("a\x1b]0;x\x07")
        print("b\x07")
        click.echo("c\x1bd", err=True)
        sys.stdout.flush()
        sys.stdout.buffer.write(b"\x1b")
    out, err = capsysbinary.readouterr()
    assert out == "a�]0;x�\nb�\n".encode() + b"\x1b"
    assert err == "c�d\n".encode()


def test_errors_are_one_plain_line() -> None:
    with pytest.raises(SourceError) as error, graph._harmless():
        raise SourceError("uusi\nrivi\x1b[2J.txt", "no words")
    assert error.value.message == "uusi rivi�[2J.txt: no words"
