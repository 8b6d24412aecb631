"""The words organisation names are made of, from ``words.toml``: legal forms, head-words with their stems, conjunctions."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec


class Head(msgspec.Struct, frozen=True):
    """A noun that says what kind of organisation a name is of.

    ``stems`` are what its case forms begin with (``keskus`` inflects on ``keskukse-``); ``kind`` is a notation of
    ``code/organisation-type/`` where the noun alone decides it; ``implies`` are the legal forms it already says, so that
    a name with and without one of them is the same name (``säätiö`` and ``säätiö sr``). One that stands ``alone`` is no
    part of a compound: ``Simon kunta`` is a municipality, ``Satakunta`` is not.
    """

    word: str
    stems: tuple[str, ...]
    kind: str | None = None
    implies: frozenset[str] = frozenset()
    alone: bool = False


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    """The file; its comments say what each list is."""

    legal_forms: dict[str, str]
    form_kinds: dict[str, str]
    double_forms: frozenset[tuple[str, str]]
    heads: tuple[Head, ...]
    english_heads: tuple[tuple[str, str], ...]
    leading: frozenset[str]
    conjunctions: tuple[str, ...]
    joiners: tuple[str, ...]
    short_parts: frozenset[str]
    modifiers: frozenset[str]
    abbreviations: tuple[tuple[str, str], ...]
    translations: dict[str, tuple[str, ...]]
    units: tuple[str, ...]


WORDS = msgspec.convert(tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8")), _Words)
