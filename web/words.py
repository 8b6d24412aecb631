"""Words and forms of the pages in Finnish, Swedish and English: texts, numbers, dates, labels."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from babel.numbers import format_compact_currency, format_currency

from engine.store import Place
from engine.words import full_day as full_day
from engine.words import number as number
from loaders.data import LANGUAGES as LANGUAGES
from loaders.data import beside, preferred
from web.formats import wishes

NAMES = {"fi": "Suomeksi", "sv": "På svenska", "en": "In English"}
DATES = frozenset({"date", "gYear", "gYearMonth"})
"""Datatypes of dates, more and less precise."""
MONEY = frozenset(
    (
        *("amount", "alternativeValue", "shareAmount", "average", "budget", "change", "committed", "coordination"),
        *("cost", "divided", "earlier", "excess", "framework", "granted", "largest", "largestTen", "later", "lower"),
        *("paid", "precision", "reserved", "share", "undivided", "upper"),
    )
)
"""Properties and columns whose decimal numbers are amounts in euros."""


@cache
def read(name: str) -> dict[str, Any]:
    """A file of words, settings or queries beside this one: ``texts``, ``columns``, ``lists``, ``sparql`` …"""
    return beside(__file__, f"{name}.toml")


def text(key: str, lang: str, **values: object) -> str:
    """A text of the pages; raises KeyError for one that is not there."""
    return str(read("texts")[key][lang].format(**values))


def has(key: str) -> bool:
    """Whether the pages have a text of this name."""
    return key in read("texts")


def column(name: str, lang: str) -> tuple[str, str]:
    """The heading of an answer's column, and the language it is in."""
    plain = name.removesuffix("Label") or name
    if plain in read("columns"):
        return read("columns")[plain][LANGUAGES.index(lang)], lang
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).lower(), "en"


def value(stated: str, lang: str) -> str | None:
    """A word that stored queries answer with, as a reader of a language reads it; None for any other text."""
    texts = read("columns")["answers"].get(stated)
    return str(texts[LANGUAGES.index(lang)]) if texts else None


def language(wanted: str | None, accept: str | None) -> str:
    """The language of a page: the one asked for by name, else the one the client prefers, else Finnish."""
    if wanted in LANGUAGES:
        return wanted
    ranges = sorted(wishes(accept or ""), key=lambda wish: (-wish.weight, wish.place))
    known = (wish.media.split("-")[0] for wish in ranges if wish.weight)
    return next((short for short in known if short in LANGUAGES), "fi")


def label(names: Mapping[str, str] | None, lang: str) -> tuple[str, str] | None:
    """The name for a reader of a language, and the language it is in."""
    for candidate in preferred(lang):
        if names and candidate in names:
            return names[candidate], candidate
    return next(((name, tag) for tag, name in sorted((names or {}).items())), None)


def rank(language_of_text: str, lang: str) -> int:
    """How far a text's language is from what a reader of a language wants."""
    order = preferred(lang)
    return order.index(language_of_text) if language_of_text in order else len(order)


def money(digits: str | Decimal | int, lang: str) -> str:
    """An amount in euros, cents only where there are some: ``14 000 000 €``."""
    amount = Decimal(digits)
    form = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    pattern = f"¤{form}" if lang == "en" else f"{form}\u00a0¤"
    return format_currency(amount, "EUR", pattern, locale=lang, currency_digits=False)


def short_money(digits: str, lang: str) -> str:
    """An amount for a picture: ``14 milj. €``, ``915 t. €``."""
    amount = Decimal(digits)
    if abs(amount) < 1_000_000:
        return money(str(amount.to_integral_value()), lang)
    return format_compact_currency(amount, "EUR", fraction_digits=1, locale=lang).replace("\u00a0", " ")


def place(where: Place, lang: str) -> str:
    """Page and lines of a passage, or the row of a table."""
    key = "row" if where.row is not None else "line" if where.lineStart == where.lineEnd else "lines"
    at = text(key, lang, n=where.row if key == "row" else where.lineStart, a=where.lineStart, b=where.lineEnd)
    return f"{text('page', lang, n=where.page)}, {at}" if where.page is not None else at


_AFTER_Z = str.maketrans("åäæöø", "{||}}")


def order(name: str) -> str:
    """What names are sorted by: without regard to case, å ä ö after z, other accents as if they were not there."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", name.casefold()).translate(_AFTER_Z))
    return plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))


# what stored queries say of themselves


def digest(english: str) -> str:
    """Says whether a translation is of this text."""
    return hashlib.sha256(english.encode()).hexdigest()[:12]


def explanation(name: str, key: str, english: str, lang: str) -> tuple[str, str]:
    """A query's ``description`` or ``limits`` and the language it is in: English where there is no translation of it."""
    texts = read("explanations").get(name, {}).get(key, {})
    return (texts[lang], lang) if lang in texts and texts["of"] == digest(english) else (english, "en")


def parameter(english: str, lang: str) -> tuple[str, str]:
    """What a parameter is for, and the language it is in."""
    texts = read("explanations")["parameters"].get(english)
    return (texts[("fi", "sv").index(lang)], lang) if texts and lang != "en" else (english, "en")
