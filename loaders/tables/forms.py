"""How a column writes numbers, found from its values; one value read by that form, exactly or not at all."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from loaders.tables.states import currency_of, is_currency


class CellError(ValueError):
    """A cell that does not hold what its column should; the message says what was expected."""


class Number(str):
    """A cell that its workbook holds as a number: no thousands separators, a decimal point."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class NumberForm:
    """The decimal sign of a column (``","`` or ``"."``); groups of three digits may be set apart by the other sign.

    ``sure``: some value shows it; "101.123" alone may be a hundred thousand or a hundred.
    """

    decimal: str = "."
    sure: bool = True


_THOUSANDS = (
    r"[tk] ?€|[£€] ?k|(?:[£€] ?)?['’]000s?|[£€] ?000s?|000s|"
    r"[tk] ?eur|tsd|tausend|thousands?|tuhat|tuhansia|tusen|tusind|1[ .]?000|tkr|tys|tis|tisuć\w*|tisoč\w*|ezer|mii|"
    r"χιλ\w*|хил\w*|tūkst\w*|tuh|duizend|milliers|miles|migliaia|milhares|mil(?= (?:de )?(?:€|euros?\b|eur\b))"
)
_MILLIONS = (
    r"[£€] ?mn?|mio|mil\.|millions?|miljoon\w*|milj|mln|m€|meur|milioane|milioni|millones|milhões|млн|εκατ\w*|millió"
)
SCALES = tuple(
    (factor, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE))
    for factor, words in ((1000, _THOUSANDS), (1000000, _MILLIONS))
)
"""Factors of units of money and the words that say them."""
_SIGNED = re.compile("[A-Za-z$]")
_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f']+")
_TORN = re.compile(r"\d[\s\u00a0\u2007\u2009\u202f']+(?!\d{3}(?!\d))\d")
"""A blank or an apostrophe within a number that sets no three digits apart: "1.234'56"."""
_CELL = re.compile(
    r"(?P<minus>[-−–(]?)\s*+(?P<sign>[^\W\d_]{1,8}\.?|[€£$₺₴])?\s*+(?P<inner>[-−–]?)\s*+"
    r"(?P<digits>\d[\d.,\s\u00a0\u2007\u2009\u202f']*?)(?P<after>,?[-−–]{1,2}|,?=)?\s*"
    r"(?P<unit>[^\W\d_]{1,8}\.?|[€£$₺₴])?\s*(?P<last>[-−–)]?)\s?\*{0,3}"
)
"""An amount: a minus before or behind it or brackets, a currency before or behind it, ",-" for no cents."""
_GROUPS = re.compile(r"\d{1,3}([.,])\d{3}(\1\d{3})*")
_ONE_SIGN = re.compile(r"(-?\d{1,3}(?:,\d{3})+),(\d\d)|(-?\d{1,3}(?:\.\d{3})+)\.(\d\d)")
"""12,681,882,27: the same sign for thousands and decimals, and yet only one number."""
_ABBREVIATED = "- – — .. ... n/a n.a. na nd n.d. tbc tba n.v.t. n.b. k.a. offen brak nav"
_AROUND = " \t\n\u00a0\u202f€£"
"""What may stand beside it: a workbook shows no pounds as "£ -"."""
_NO_VALUE = {"", "k. a.", *_ABBREVIATED.split()}


def is_unit(text: str) -> bool:
    """Whether a cell is a unit of money and no more: "€", "TEUR", "1.000 kr.", "in Mio. €"."""
    if len(text) > 40:
        return False
    rest = next((rest for _, said in SCALES if (rest := said.sub(" ", text)) != text), None)
    if rest is None:
        return not text[:1].isdigit() and is_currency(text)
    rest = re.sub(r"\W|\b(?:in|of|de)\b", " ", rest).strip()
    return (not rest or is_currency(rest)) and not re.fullmatch(r"[\d .]*", text)


def blank(text: str) -> bool:
    """Whether a cell says that there is no value."""
    return len(text) < 12 and text.casefold().strip(_AROUND) in _NO_VALUE


def currency_in(text: str, country: str | None = None, period: str | None = None) -> str | None:
    """The ISO 4217 code of a currency sign or code that stands with an amount; "kr" is that of the list's own country."""
    return None if text.isascii() and not _SIGNED.search(text) else currency_of(text, country, period)


def _digits(text: str) -> str:
    match = _CELL.fullmatch(text.strip()) if len(text) < 200 else None
    if match is None:
        raise CellError(f"no amount in {text[:60]!r}")
    for sign in (match["sign"], match["unit"]):
        if sign and not is_currency(sign):
            raise CellError(f"no amount in {text[:60]!r}: {sign!r} is no currency")
    if (match["minus"] == "(") != (match["last"] == ")"):
        raise CellError(f"no amount in {text[:60]!r}")
    if _TORN.search(match["digits"]):
        raise CellError(f"{text[:60]!r} is not grouped by thousands")
    after = match["after"] or ""
    # "1.234,-" has no cents, "1.234-" is negative
    behind = after if len(after) == 1 and after != "=" else ""
    minuses = [match["minus"], match["inner"], match["last"].strip(")"), behind]
    if sum(map(bool, minuses)) > 1:
        raise CellError(f"two minus signs in {text[:60]!r}")
    return ("-" if any(minuses) else "") + _BLANKS.sub("", match["digits"]).rstrip(",.")


def count_signs(values: Iterable[str]) -> Counter[str]:
    """How often each sign (``","``, ``"."``) can be no other than that of decimals, and how often (``",?"``, ``".?"``) it sets
    three digits apart, for which it may be either."""
    signs: Counter[str] = Counter()
    for value in values:
        if isinstance(value, Number) or not ("," in value or "." in value) or blank(value):
            continue
        try:
            digits = _digits(value.removesuffix("%").strip()).removeprefix("-")
        except CellError:
            continue
        last = max(digits.rfind(","), digits.rfind("."))
        if last < 0 or _ONE_SIGN.fullmatch(digits):
            continue
        sign, other = digits[last], "," if digits[last] == "." else "."
        if other in digits:
            signs[sign] += 1
        elif _GROUPS.fullmatch(digits) and digits[0] != "0":
            # "1.234" alone may be either; "1.234.567" and a column of such groups is not
            signs[f"{sign}?"] += 1
            signs[other] += digits.count(sign) > 1
        else:
            signs[sign] += 1
    return signs


def number_form(signs: Counter[str]) -> NumberForm | None:
    """The form in which all numbers can be read whose signs were counted; None where they contradict one another."""
    most, least = (",", ".") if signs[","] >= signs["."] else (".", ",")
    if signs[most]:
        return NumberForm(most) if signs[least] * 50 <= signs[most] else None
    if signs[",?"] or signs[".?"]:
        return NumberForm("," if signs[".?"] >= signs[",?"] else ".", sure=False)
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
    if match := _ONE_SIGN.fullmatch(digits):
        return re.sub("[.,]", "", match[1] or match[3]) + "." + (match[2] or match[4])
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


def read_amounts(cells: Sequence[str], money: list[int], numbers: dict[int, NumberForm]) -> dict[int, Decimal]:
    """The amounts of a row that are not zero, by column."""
    amounts = {}
    for n in money:
        if n < len(cells) and not blank(cells[n]):
            try:
                value = amount(cells[n], numbers[n])
            except CellError:
                continue
            if value:
                amounts[n] = value
    return amounts
