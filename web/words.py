"""Words and forms of the pages in Finnish, Swedish and English: texts, numbers, dates, labels."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from web.formats import wishes

LANGUAGES = ("fi", "sv", "en")
NAMES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}
_ORDER = {"fi": ("fi", "sv", "en", ""), "sv": ("sv", "fi", "en", ""), "en": ("en", "fi", "sv", "")}
DATES = frozenset({"date", "gYear", "gYearMonth"})
"""Datatypes of dates, more and less precise."""
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


@cache
def _reasons() -> tuple[tuple[re.Pattern[str], list[str]], ...]:
    read = tomllib.loads(Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8"))
    return tuple((re.compile(re.escape(told).replace(r"\{\}", "(.+)")), texts) for told, texts in read.items())


def reason(told: str, lang: str) -> tuple[str, str]:
    """Why a loader did not take something, in a reader's language where that is known; and the language it is in."""
    if lang != "en":
        for pattern, texts in _reasons():
            if match := pattern.fullmatch(told):
                return texts[LANGUAGES.index(lang)].format(*match.groups()), lang
    return told, "en"


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


def rank(language_of_text: str, lang: str) -> int:
    """How far a text's language is from what a reader of a language wants."""
    order = _ORDER[lang]
    return order.index(language_of_text) if language_of_text in order else len(order)


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


def place(where: Mapping[str, int | None], lang: str) -> str:
    """Page and lines of a passage, or the row of a table."""
    first, last, page = where["lineStart"], where["lineEnd"], where["page"]
    if where["row"] is not None:
        at = text("row", lang, n=where["row"])
    else:
        at = text("line", lang, n=first) if first == last else text("lines", lang, a=first, b=last)
    return f"{text('page', lang, n=page)}, {at}" if page is not None else at


_AFTER_Z = str.maketrans("åäæöø", "{||}}")


def order(name: str) -> str:
    """What names are sorted by: without regard to case, å ä ö after z, other accents as if they were not there."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name.casefold()).translate(_AFTER_Z))
    return "".join(c for c in plain if not unicodedata.combining(c))
