"""Texts, numbers and dates as people of each language write them, and the templates of pages and reports.

The texts stand in ``texts.toml`` by key, the templates in ``engine/templates``.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from loaders.data import LANGUAGES as LANGUAGES
from loaders.data import beside

if TYPE_CHECKING:
    import jinja2


@cache
def _texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return beside(__file__, "texts.toml")


def text(key: str, lang: str, **values: object) -> str:
    """The text of a key in fi, sv or en, with its places filled; KeyError for a key or language that is not there.

    >>> text("chart.measure", "en", n="paid")
    'Figure and shade: paid. Tiles stand roughly where the regions are.'
    """
    section, _, name = key.partition(".")
    return _texts()[section][name][lang].format(**values)


_WORDS_SHOWN = 100
"""Characters of a passage's words in a text for the terminal."""


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=jinja2.select_autoescape(("html", "xml")),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters.update(marked=escape_markdown, xml=for_xml, literal=_turtle_literal)
    shortened = partial(textwrap.shorten, width=_WORDS_SHOWN, placeholder=" …")
    made.filters.update(bold=partial(click.style, bold=True), dim=partial(click.style, dim=True), shortened=shortened)
    made.filters.update(aligned=_aligned, lines=_lines, reason=reason)
    return made


def render(template: str, lang: str, **values: Any) -> str:
    """A page or report: a template of ``engine/templates`` filled with values; in it ``t(key)`` is a text in the language."""
    return _templates().get_template(template).render(t=partial(text, lang=lang), lang=lang, **values)


def escape_markdown(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


def for_xml(text: str) -> str:
    """Text without the control characters that XML cannot hold; each is shown as a replacement character."""
    return re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _turtle_literal(text: str) -> str:
    import pyoxigraph

    return str(pyoxigraph.Literal(text))


def _lines(text: str, first: str, later: int, width: int = 110) -> str:
    """A text wrapped to a width, each line ended; nothing of an empty text."""
    wrapped = textwrap.wrap(text, width, initial_indent=first, subsequent_indent=" " * later, break_long_words=False)
    return "".join(f"{line}\n" for line in wrapped)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows as lines, the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  " + row[0].ljust(widths[0]) + "".join(f"  {cell:>{widths[n]}}" for n, cell in enumerate(row) if n)
        for row in rows
    )


@cache
def _reasons() -> Mapping[str, Any]:
    return beside(__file__, "reasons.toml")


def reason(stated: str, lang: str) -> str:
    """Why a reader left words out, by its key and what it names; a key that is not there as it is.

    >>> reason("again-at-line: 12", "en")
    'repeats what was read at line 12'
    """
    key, _, named = stated.partition(": ")
    texts, place = _reasons().get(key), LANGUAGES.index(lang)
    if not isinstance(texts, list):
        return stated
    by_language = _reasons()["named"].get(named)
    return str(texts[place]).format(by_language[place] if by_language else named)


def count_noun(number: int, noun: str) -> str:
    """A number with its English noun: ``1 theme``, ``2 themes``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def number(value: Decimal | float | str, lang: str) -> str:
    """A number with all its digits, its thousands apart: ``1\u00a0055\u00a0410,40``; any other text as it is."""
    from babel.numbers import format_decimal

    try:
        exact = Decimal(str(value))
        places = max(-int(exact.as_tuple().exponent), 0) if exact.is_finite() else 0
        pattern = f"#,##0{'.' if places else ''}{'0' * places}"
        return str(format_decimal(exact, format=pattern, locale=lang, decimal_quantization=False))
    except (InvalidOperation, ValueError):
        return str(value)


def compact(value: float, lang: str) -> str:
    """A number in few letters, for pictures: ``14 milj.``, ``9.9M``, ``420 000``, ``0,5``."""
    from babel.numbers import format_compact_decimal, format_decimal

    if lang != "en" and abs(value) < 1e6:
        return str(format_decimal(round(value, 2), locale=lang))
    return str(format_compact_decimal(value, locale=lang, fraction_digits=2))


def day(value: str | date, lang: str) -> str:
    """An ISO day, month or year: ``31.10.2024``, ``10/2024``; in English, and for any other text, as it is."""
    match = re.fullmatch(r"(\d{4})-(\d\d)(?:-(\d\d))?", str(value))
    if match is None or lang == "en":
        return str(value)
    year, month, number_of_day = match.groups()
    return f"{int(number_of_day)}.{int(month)}.{year}" if number_of_day else f"{int(month)}/{year}"


def full_day(value: str, lang: str) -> str:
    """A date as precise as it is: 31.10.2024, 10/2024, 2024; in English 31 October 2024; any other text as it is."""
    from babel.dates import format_date

    if not re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        return value
    if len(value) == len("2024-10"):
        return str(format_date(date.fromisoformat(f"{value}-01"), "LLLL y" if lang != "fi" else "M/y", locale=lang))
    return str(format_date(date.fromisoformat(value), "d.M.y" if lang != "en" else "d MMMM y", locale=lang))
