"""Amounts of money as Finnish, Swedish and English documents print them: ``14 000 000 e``, ``9,9 M€``, ``n. 10 €``."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from loaders import phrases
from loaders.values import WORDS


@dataclass(frozen=True, slots=True)
class Amount:
    """One printed amount in euros; ``start`` and ``end`` are its span in the text, ``words`` the span's text.

    ``words`` has its white space collapsed and begins with the qualifier where one stands right before the number
    (``n. 10 €``). ``precision`` is the size of the last printed unit in euros.
    """

    value: Decimal
    precision: Decimal
    words: str
    start: int
    end: int
    approximate: bool = False
    """``n.``, ``noin``, ``lähes``."""
    maximum: bool = False
    """``enintään``, ``maks.``: a cap."""
    unit: bool = True
    """A currency or a scale (``milj.``) is printed; False only for the bare numbers asked for."""

    @property
    def span(self) -> tuple[int, int]:
        """Start and end in the text."""
        return self.start, self.end


_APPROXIMATE = r"n\.|noin|lähes|arviolta|vajaat?|runsaat?|reilut?|yli|ca\.?|cirka|circa|about|approximately|nearly"
_MAXIMUM = r"enintään|korkeintaan|maks\.|max\.?|maksimissaan|alle|högst|max\w*|up[ ]to|at[ ]most|not[ ]more[ ]than"
_SCALES = {name: Decimal(size) for name, size in WORDS["scales"].items()}
_SCALE = (
    r"(?P<miljardi>miljard\w*)|(?P<mrd>mrd\.?)|(?P<billion>billion)|(?P<milli>million(?:s|er)?\b|miljon(?:er)?\b)|"
    r"(?P<milj>milj\.|milj\b|miljoon\w*)|(?P<mn>mn\b|M[Ee]\b)|(?P<m>M(?![\wÅÄÖåäö])|[Mm](?=(?:EUR|[Ee]ur)\b))|"
    r"(?P<million>(?<=\d)m(?!\w))|(?P<tuhat>tuhat\w*|tuhan\w*)|(?P<thousand>thousand)|(?P<tusen>tusen)|"
    r"(?P<t>t(?=€|(?:EUR|[Ee]ur)\b))|(?P<k>k(?=€|(?:EUR|[Ee]ur)\b)|(?<=\d)k(?!\w))"
)
# "Euroopan" and "eurooppalainen" begin like euros, so every ending is spelled out.
_EURO = (
    r"€|[Ee]uro(?:a|n|t|s|sta|lla|lle|lta|ksi|on|na|ja|jen|issa|ista|ihin|illa|ille|ina)?(?![\wÅÄÖåäö])|EUROA?\b|"
    r"EUR\b|[Ee]ur\b"
)
_E = r"e(?![\w@\-]|\.\w)"
_BLANK = r"[^\S\n]"
_GAP = rf"(?:{_BLANK}{{1,2}}|{_BLANK}*\n\s*|['’]|[.,](?=\d{{3}}(?:[.,]\d|\D|$)))"
_NUMBER = rf"(?P<whole>\d{{1,3}}(?:{_GAP}\d{{3}})+(?!\d)|\d+)(?P<decimals>,\d{{1,2}}(?!\d)|[.,]\d{{1,3}}(?!\d))?"
_UNIT = rf"(?:,[-–—]|:-)?(?:\s*(?:{_SCALE}))?(?P<currency>\s*(?:{_EURO})|{_BLANK}*{_E})?"
_PREFIX = r"(?P<prefix>(?:(?<!\w)EUR|€)\s?)?"
_WORD = r"(?P<word>(?<!\w)(?:puoli|[a-zäö]{4,18})(?=\s+(?:miljoon|miljard|tuhat)))"
_TOKEN = re.compile(rf"{_PREFIX}(?<!\w)(?<!\d[.,/]){_NUMBER}{_UNIT}(?P<word>(?!))?")
_WORDED_TOKEN = re.compile(rf"(?:{_PREFIX}(?<!\w)(?<!\d[.,/]){_NUMBER}|{_WORD}){_UNIT}")
_QUALIFIER = re.compile(rf"(?<![\w.])(?:(?P<approximate>{_APPROXIMATE})|(?P<maximum>{_MAXIMUM}))\s*$")
_AFTER_SCALE = re.compile(
    rf"\s*(?:$|[.,;:)(+\-–—/•]|{phrases.whole_words('amounts', 'joined', 'fi')}|[a-dA-D]\))|"
    r"(?:(?<=\.)\s*|[^\S\n]*\n\s*)[\dA-ZÅÄÖ]"
)
_RANGE = re.compile(
    rf"(?<![\w.,/])(?P<whole>\d{{1,3}}(?:(?:{_BLANK}|[.,])\d{{3}}(?!\d)){{0,6}}|\d{{4,}})(?P<decimals>,\d+)?\s?[-–—]\s?$"
)
_QUALIFIED = 24
"""So far before a number its qualifier begins at most."""
_LONGEST = 15
"""Digits of a number: more is no amount."""
_DIGIT = re.compile(r"\d")
_TORN = re.compile(r"\s*\d{1,3}(?:\s\d{3}){1,4}\D{0,6}")


def amounts(text: str, *, bare: bool = False) -> list[Amount]:
    """All amounts of a text in order; ``bare`` also takes numbers without currency where they can only be amounts.

    A line join may be a blank or a line feed. Years, dates, telephone numbers, codes, percentages and counts are no
    amounts: without ``bare`` a number needs a currency or a scale of millions.
    """
    result: list[Amount] = []
    if bare and _TORN.fullmatch(text):  # a value that is one number, broken over narrow lines
        text = text.replace("\n", " ")
    worded = "milj" in text or "tuhat" in text
    if not worded and not _DIGIT.search(text):
        return []
    token = _WORDED_TOKEN if worded else _TOKEN
    at = 0
    while match := token.search(text, at):
        match = _of_its_line(text, token, match)
        at = match.end()
        amount = _amount(text, match, bare)
        if amount is None:
            continue
        lower = _lower_bound(text, match, amount, result[-1].end if result else 0)
        result.extend((lower, amount) if lower else (amount,))
    return result


def _of_its_line(text: str, token: re.Pattern[str], match: re.Match[str]) -> re.Match[str]:
    """A number that begins its line does not go on to the next: such lines are columns of numbers."""
    start, end = match.span("whole")
    line_end = text.find("\n", start, end)
    if line_end < 0 or text[text.rfind("\n", 0, start) + 1 : start].strip():
        return match
    return token.match(text, match.start(), line_end) or match


def _amount(text: str, match: re.Match[str], bare: bool) -> Amount | None:
    if _no_number(match["whole"] or ""):
        return None
    currency = match["currency"] or match["prefix"]
    scale = next((name for name in _SCALES if match[name]), None)
    if not currency and not _means_money(text, match, scale, bare):
        return None
    if not currency and scale is None:
        return _bare(text, match)
    word = match["word"]
    if word:
        number = Decimal("0.5") if word == "puoli" else Decimal(number_word(word) or 0)
        return _built(text, match, number, Decimal(1), scale) if number else None
    number, precision = _number(match["whole"], match["decimals"], scale)
    return _built(text, match, number, precision, scale)


def _no_number(whole: str) -> bool:
    """Too long for an amount, or the torn end of a number (``000 €``)."""
    return sum(map(str.isdigit, whole)) > _LONGEST or bool(re.match(r"0\d", whole))


def _means_money(text: str, match: re.Match[str], scale: str | None, bare: bool) -> bool:
    """Whether a number without a currency is money: millions that count nothing, or a bare number asked for."""
    if scale in ("milj", "m", "miljardi", "mrd"):
        return bool(_AFTER_SCALE.match(text, match.end()))
    return bare and scale is None and not match["word"]


def _built(text: str, match: re.Match[str], number: Decimal, precision: Decimal, scale: str | None) -> Amount:
    factor = _SCALES[scale] if scale else Decimal(1)
    qualifier = _QUALIFIER.search(text, max(match.start() - _QUALIFIED, 0), match.start())
    begin = (qualifier or match).start()
    return Amount(
        value=_plain(number * factor),
        precision=_plain(precision * factor),
        words=" ".join(text[begin : match.end()].split()),
        start=begin,
        end=match.end(),
        approximate=bool(qualifier and qualifier["approximate"]),
        maximum=bool(qualifier and qualifier["maximum"]),
        unit=bool(scale or match["currency"] or match["prefix"]),
    )


def _bare(text: str, match: re.Match[str]) -> Amount | None:
    digits, end = match["whole"], match.end("decimals" if match["decimals"] else "whole")
    # shorter than "1 000" or 10000 it may be a year or a count
    if digits.startswith("0") or len(digits) < 5 or re.match(r"\s*%|[-./]?\w|/", text[end : end + 3]):
        return None
    built = _built(text, match, *_number(digits, match["decimals"]), None)
    return replace(built, words=" ".join(text[built.start : end].split()), end=end, unit=False)


def _lower_bound(text: str, match: re.Match[str], amount: Amount, floor: int) -> Amount | None:
    """The first number of a range (``5–10 milj. €``), which borrows the unit of the second."""
    before = _RANGE.search(text, floor, match.start("whole")) if match["whole"] and amount.unit else None
    if before is None:
        return None
    scale = next((name for name in _SCALES if match[name]), None)
    number, precision = _number(before["whole"], before["decimals"], scale)
    _, own = _number(match["whole"], match["decimals"], scale)
    factor = amount.precision / own
    value = _plain(number * factor)
    if value >= amount.value or (not match["prefix"] and bool(re.fullmatch(r"(?:19|20)\d\d", before["whole"]))):
        return None
    printed = before.group().rstrip(" -–—\u00a0\u202f")
    end = before.start() + len(printed)
    return Amount(value, _plain(precision * factor), " ".join(printed.split()), before.start(), end)


_FRACTION = re.compile(r"(?P<whole>\d{1,3})(?P<decimals>[.,]\d{3})")
"""One mark before three digits: decimals of millions (``1,284 milj. €``) and behind a nought, else thousands."""


def _number(whole: str, decimals: str | None, scale: str | None = None) -> tuple[Decimal, Decimal]:
    fraction_of = None if decimals else _FRACTION.fullmatch(whole)
    if fraction_of and (whole[0] == "0" or (scale and _SCALES[scale] >= _SCALES["million"])):
        whole, decimals = fraction_of["whole"], fraction_of["decimals"]
    digits = re.sub(r"\D", "", whole)
    fraction = (decimals or "")[1:]
    return Decimal(f"{digits}.{fraction}" if fraction else digits), Decimal(1).scaleb(-len(fraction))


def _plain(number: Decimal) -> Decimal:
    """The same number without an exponent and without trailing zeros after the point."""
    if number == number.to_integral_value():
        return Decimal(int(number))
    return number.normalize()


def _forms(weak: str, strong: str, plain: list[str]) -> set[str]:
    a = "a" if re.search("[aou]", weak) else "ä"
    cases = {f"{weak}{ending}" for ending in ("n", f"ss{a}", f"st{a}", f"ll{a}", f"lt{a}", "lle", "ksi")}
    return cases | {f"{strong}{strong[-1]}n", f"{strong}n{a}", *plain}


_UNITS = {form: number for number, stems in enumerate(WORDS["numerals"], 1) for form in _forms(*stems)}
NUMERALS = frozenset(_UNITS)
"""The numerals from one to ten in all cases."""
_HUNDREDS = ("sata", "sadan", "sataa", "sadassa", "sadasta", "sataan", "sadalla", "sadalle")


def number_word(word: str) -> int | None:
    """The number a Finnish numeral stands for in any case, up to a hundred; None where the word is no numeral."""
    lowered = word.lower()
    if lowered in _UNITS:
        return _UNITS[lowered]
    if lowered in _HUNDREDS:
        return 100
    if lowered.endswith("toista"):
        unit = _UNITS.get(lowered.removesuffix("toista"))
        return 10 + unit if unit is not None and unit < 10 else None
    return _tens(lowered)


def _tens(word: str) -> int | None:
    for form, ten in _UNITS.items():
        if ten != 10:
            continue
        head, ten_word, tail = word.partition(form)
        tens, units = _UNITS.get(head), _UNITS.get(tail) if tail else 0
        if ten_word and tens is not None and 1 < tens < 10 and units is not None and units < 10:
            return 10 * tens + units
    return None


_LEAST = {"framework": 10_000, "callBudget": 10_000, "coordinationBudget": 10_000}
"""Euros that an amount of a theme or call has at least, by phase."""
_LEAST_OF_OTHERS = 100


def is_plausible(amount: Decimal, phase: str, kind: str) -> bool:
    """Tell whether an amount can be meant: "n. 10 €" for a call cannot, a "million" is missing. Zero can.

    >>> is_plausible(Decimal(10), "callBudget", "call"), is_plausible(Decimal(10), "cost", "project")
    (False, True)
    """
    return amount == 0 or kind not in ("theme", "call") or amount >= _LEAST.get(phase, _LEAST_OF_OTHERS)
