"""What stored queries say of themselves, in the reader's language: translations beside the queries' own English."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _translations() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("explanations.toml").read_text(encoding="utf-8"))


def of(english: str) -> str:
    """What tells whether a translation is of this text."""
    return hashlib.sha256(english.encode()).hexdigest()[:12]


def explanation(name: str, key: str, english: str, lang: str) -> tuple[str, str]:
    """A query's ``description`` or ``limits`` and the language it is in: English where there is no translation of it."""
    found = _translations().get(name, {}).get(key, {})
    return (found[lang], lang) if lang in found and found["of"] == of(english) else (english, "en")


def parameter(english: str, lang: str) -> tuple[str, str]:
    """What a parameter is for, and the language it is in."""
    found = _translations()["parameters"].get(english)
    return (found[("fi", "sv").index(lang)], lang) if found and lang != "en" else (english, "en")
