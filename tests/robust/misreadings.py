"""Functions that misbehave as readers do with hostile files; they run in reading processes."""

from __future__ import annotations

import ctypes
import os
import re
import time

from engine.store import StoreError
from loaders.errors import SourceError


def double(number: int) -> int:
    return 2 * number


def loop() -> None:
    while True:
        pass


def backtrack() -> None:
    re.match(r"(a+)+b", "a" * 60)


def swell() -> int:
    return len([bytearray(1 << 20) for _ in range(10_000)])


def swell_wrapped() -> None:
    try:
        swell()
    except MemoryError as error:
        raise SourceError("x.pdf", "the PDF file is damaged") from error


def crash() -> None:
    ctypes.string_at(0)


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def stumble() -> str:
    return {"a": "b"}["kohde"]


def refuse() -> None:
    raise SourceError("a.txt", "no words", 7)


def misuse() -> None:
    raise StoreError("there is no graph here")


def leave() -> None:
    os._exit(9)


def wait() -> None:
    time.sleep(600)


def hold(megabytes: int) -> int:
    KEPT.append(b"x" * (megabytes << 20))
    return os.getpid()


def panic() -> None:
    """End as a library written in Rust does."""
    os.write(2, b"thread '<unnamed>' panicked at src/lib.rs:1:1:\nno order\n")
    os.abort()


def talk() -> bytes:
    return b"x" * (17 << 20)


def process() -> int:
    return os.getpid()


KEPT: list[bytes] = []
