"""How a column writes numbers, found from its values; one value read by that form, exactly or not at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache


class CellError(ValueError):
    """A cell that does not hold what its column should; the message says what was expected."""


class Number(str):
    """A cell that its workbook holds as a number: no thousands separators, a decimal point."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class NumberForm:
    """The decimal sign of a column (``","`` or ``"."``) and whether groups of three digits are set apart by the other sign."""

    decimal: str = "."


_CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euroa": "EUR", "euros": "EUR", "£": "GBP", "gbp": "GBP", "kč": "CZK", "czk": "CZK",
    "zł": "PLN", "pln": "PLN", "ft": "HUF", "huf": "HUF", "sek": "SEK", "dkk": "DKK", "lei": "RON", "ron": "RON",
    "лв": "BGN", "bgn": "BGN", "hrk": "HRK", "kn": "HRK",
}  # fmt: skip
_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
_PARTS = re.compile(r"^(?P<minus>[-−–(]?)\s*(?P<digits>\d[\d.,\s\u00a0\u2007\u2009\u202f']*)(?P<after>[)-]?)$")
_SIGNS = "|".join(sorted((re.escape(sign) for sign in _CURRENCIES), key=len, reverse=True))
_CURRENCY = re.compile(
    rf"^(?P<sign>{_SIGNS}|kr)?\.?\s*(?P<number>[^A-Za-z€£]*?)\s*(?P<unit>{_SIGNS}|kr)?\.?(?:,?[-–])?$", re.IGNORECASE
)
_GROUPS = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*")
_NO_VALUE = frozenset({"", "-", "–", "—", "n/a", "n.a.", "n.v.t.", "na", "k.a.", "nd", "n.d.", "..", "...", "brak"})


def blank(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return len(text) < 12 and text.strip().casefold() in _NO_VALUE


@lru_cache(maxsize=8192)
def currency_of(text: str) -> str | None:
    """The ISO 4217 code of a currency sign or code that stands with an amount."""
    match = _CURRENCY.match(text.strip())
    sign = match and (match["sign"] or match["unit"])
    return _CURRENCIES.get(sign.casefold()) if sign else None


def _digits(text: str) -> str:
    match = _CURRENCY.match(text.strip())
    found = _PARTS.match(match["number"].strip()) if match else None
    if not found:
        raise CellError(f"no amount in {text[:60]!r}")
    if (found["minus"] == "(") != (found["after"] == ")"):
        raise CellError(f"no amount in {text[:60]!r}")
    return ("-" if found["minus"] or found["after"] else "") + _BLANKS.sub("", found["digits"])


def number_form(values: Iterable[str]) -> NumberForm | None:
    """The form in which all of a column's numbers can be read; None where values contradict one another."""
    votes: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for value in values:
        if isinstance(value, Number) or blank(value):
            continue
        try:
            digits = _digits(value.removesuffix("%").strip()).removeprefix("-")
        except CellError:
            continue
        last = max(digits.rfind(","), digits.rfind("."))
        if last < 0:
            continue
        sign, other = digits[last], "," if digits[last] == "." else "."
        if other in digits:
            votes[sign] += 1
        elif _GROUPS.fullmatch(digits) and digits[0] != "0":
            # "1.234" alone may be either; "1.234.567" and a column of such groups is not
            groups[sign] += 1
            votes[other] += digits.count(sign) > 1
        else:
            votes[sign] += 1
    if len(votes) > 1:
        return (
            None if min(votes.values()) * 50 > max(votes.values()) else NumberForm(max(votes, key=lambda s: votes[s]))
        )
    if votes:
        return NumberForm(next(iter(votes)))
    if groups:
        return NumberForm("," if groups["."] >= groups[","] else ".")
    return NumberForm()


def amount(text: str, form: NumberForm) -> Decimal:
    """An exact amount; CellError for anything that is not one in this column's form."""
    if isinstance(text, Number):
        digits = str(text)
    else:
        digits = text if text.isascii() and text.isdigit() else _plain(_digits(text), form, text)
    if len(digits) > 30:
        raise CellError(f"an amount of {len(digits)} digits")
    return Decimal(digits)


def _plain(digits: str, form: NumberForm, text: str) -> str:
    """Digits with a decimal point: groups must be of three, or the number was damaged on its way."""
    group = "." if form.decimal == "," else ","
    minus, digits = digits[:1] == "-", digits.removeprefix("-")
    whole, sign, fraction = digits.rpartition(form.decimal)
    if not sign:
        whole, fraction = digits, ""
    if group in fraction or form.decimal in whole:
        raise CellError(f"{text[:60]!r} does not write its decimals as {form.decimal!r} like the rest of its column")
    parts = whole.split(group)
    if len(parts) > 1 and (len(parts[0]) > 3 or not parts[0] or any(len(part) != 3 for part in parts[1:])):
        raise CellError(f"{text[:60]!r} is not grouped by thousands like the rest of its column")
    return ("-" if minus else "") + "".join(parts) + (f".{fraction}" if fraction else "")


def rate(text: str, form: NumberForm) -> Decimal:
    """A percentage between 0 and 100: ``18,13 %``, ``50``, or 0.5 where the workbook holds a share."""
    value = amount(text.removesuffix("%").strip() if not isinstance(text, Number) else text, form)
    if isinstance(text, Number) and value <= 1:
        value = (value * 100).normalize()
    if not 0 <= value <= 100:
        raise CellError(f"{text[:60]!r} is no percentage")
    return value
