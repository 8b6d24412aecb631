"""Amounts, dates, codes and numerals as documents write them."""

import tomllib
from pathlib import Path
from typing import Any

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
"""Words of numbers and of months; the comments of ``words.toml`` say what each table is."""
