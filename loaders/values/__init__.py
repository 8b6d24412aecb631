"""Amounts, dates, codes and numerals as documents write them."""

from loaders.data import beside

WORDS = beside(__file__, "words.toml")
"""Words of numbers and of months; the comments of ``words.toml`` say what each table is."""
