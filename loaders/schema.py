"""The shapes of the TOML files that people write: mappings of lists and what is known of a source. Errors name key and line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from loaders.errors import SourceError

Headings = str | list[str]
Roles = dict[str, Headings | dict[str, Headings | dict[str, Headings]]]
"""Role → headings; a role with dots in its name may be written as nested tables."""
Texts = dict[str, str | dict[str, str | dict[str, str]]]
Numbers = dict[str, int | dict[str, int | dict[str, int]]]


class MappingFile(msgspec.Struct):
    """Types of the keys of a mapping; which keys there are is for ``loaders.tables.mapping`` to say."""

    columns: Roles = msgspec.field(default_factory=dict)
    id: str = ""
    title: str = ""
    publisher: str | None = None
    country: str | None = None
    language: str | None = None
    period: str | None = None
    programme: str | None = None
    fund: str | None = None
    currency: str | None = None
    keys: str = ""
    of: str | Texts = ""
    sheet: str | None = None
    repeats: str = ""
    required: list[str] = []
    values: dict[str, dict[str, str | dict[str, str]]] = {}
    scale: Numbers = {}
    forms: Texts = {}
    decimal: str = ""
    dates: str = ""
    rates: str = ""
    lists: Roles = {}
    evidence: Roles = {}
    reference_date: str | None = None


class SourceFile(msgspec.Struct, forbid_unknown_fields=True):
    """``sources/<id>.toml``."""

    title: str
    layout: str
    sha256: dict[str, str]
    expect: dict[str, int]
    unknown: list[str] = []
    publisher: str | None = None
    issued: str | None = None
    url: str | None = None
    licence: str | None = None
    reference_date: str | None = None


T = TypeVar("T")


def read_toml(path: Path, shape: type[T]) -> tuple[dict[str, Any], T]:
    """The content of a TOML file as it is and in its shape.

    Raises SourceError with the line and key of what is no TOML, of another type than the shape has, or missing.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(path.name, f"cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise SourceError(path.name, f"is no TOML: {error}", int(line[1]) if line else None) from None
    except RecursionError:
        raise SourceError(path.name, "is nested too deeply") from None
    try:
        return content, msgspec.convert(content, shape)
    except msgspec.ValidationError as error:
        expected, _, place = str(error).partition(" - at `")
        key = place.rstrip("`").removeprefix("key in ").removeprefix("$").lstrip(".")
        unknown = re.search(r"unknown field `(.+)`", expected)
        named = re.sub(r"\[\.\.\.\]|\[\d+\]", "", key).rstrip(".") or (unknown[1] if unknown else "")
        raise SourceError(
            path.name, f"{named or 'the file'}: {expected[:1].lower()}{expected[1:]}", _line(text, named)
        ) from None


def _line(text: str, key: str) -> int | None:
    """The line that gives a key its value, or opens its table."""
    for name in (key, key.rpartition(".")[2], key.partition(".")[0]):
        if name:
            quoted = re.escape(name)
            found = re.search(rf"^\s*(?:\[+\s*)?[\"']?{quoted}[\"']?\s*(?:[.=]|\]|$)", text, re.MULTILINE)
            if found:
                return text.count("\n", 0, found.end()) + 1
    return None
