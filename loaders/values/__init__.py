"""Amounts, dates, codes and numerals as documents write them."""
