"""Words and forms of the pages in Finnish, Swedish and English: texts, numbers, dates, labels."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from web.formats import wishes

LANGUAGES = ("fi", "sv", "en")
NAMES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}
_ORDER = {"fi": ("fi", "sv", "en", ""), "sv": ("sv", "fi", "en", ""), "en": ("en", "fi", "sv", "")}
_NARROW = "\u202f"
_FULL = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_MONTH = re.compile(r"(\d{4})-(\d\d)")


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def text(key: str, lang: str, **values: object) -> str:
    """A text of the pages; raises KeyError for one that is not there."""
    return _texts()[key][lang].format(**values)


def has(key: str) -> bool:
    """Whether the pages have a text of this name."""
    return key in _texts()


@cache
def _columns() -> Mapping[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))


def column(name: str, lang: str) -> tuple[str, str]:
    """The heading of an answer's column, and the language it is in."""
    plain = name.removesuffix("Label") or name
    if plain in _columns():
        return _columns()[plain][LANGUAGES.index(lang)], lang
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).lower(), "en"


def language(wanted: str | None, accept: str | None) -> str:
    """The language of a page: the one asked for by name, else the one the client prefers, else Finnish."""
    if wanted in LANGUAGES:
        return wanted
    ranges = sorted(wishes(accept or ""), key=lambda wish: (-wish.weight, wish.place))
    for wish in ranges:
        if wish.weight and (short := wish.media.split("-")[0]) in LANGUAGES:
            return short
    return "fi"


def label(names: Mapping[str, str] | None, lang: str) -> tuple[str, str] | None:
    """The name for a reader of a language, and the language it is in."""
    for candidate in _ORDER[lang]:
        if names and candidate in names:
            return names[candidate], candidate
    return next(((name, tag) for tag, name in sorted((names or {}).items())), None)


def number(digits: str, lang: str) -> str:
    """A decimal number with its thousands apart and the comma of the language."""
    whole, _, fraction = digits.partition(".")
    sign = "−" if whole.startswith("-") else ""
    whole = whole.lstrip("-")
    groups = [whole[max(0, end - 3) : end] for end in range(len(whole), 0, -3)][::-1]
    separator, point = ("," if lang == "en" else _NARROW), ("." if lang == "en" else ",")
    return sign + separator.join(groups) + (point + fraction if fraction else "")


def date(value: str, lang: str) -> str:
    """A date as precise as it is: 31.10.2024, 10/2024, 2024; in English 31 October 2024 is 2024-10-31."""
    if lang == "en":
        return value
    if match := _FULL.fullmatch(value):
        return f"{int(match[3])}.{int(match[2])}.{match[1]}"
    if match := _MONTH.fullmatch(value):
        return f"{int(match[2])}/{match[1]}"
    return value
