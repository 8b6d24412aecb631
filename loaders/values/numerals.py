"""Finnish numerals in words, in every case: ``viidessä`` is five, ``kolmestatoista`` thirteen."""

from __future__ import annotations

import re

_ENDINGS = {
    1: ("yhde", "yhte", ("yksi", "yhtä")),
    2: ("kahde", "kahte", ("kaksi", "kahta")),
    3: ("kolme", "kolme", ("kolme", "kolmea")),
    4: ("neljä", "neljä", ("neljä", "neljää")),
    5: ("viide", "viite", ("viisi", "viittä")),
    6: ("kuude", "kuute", ("kuusi", "kuutta")),
    7: ("seitsemä", "seitsemä", ("seitsemän", "seitsemää")),
    8: ("kahdeksa", "kahdeksa", ("kahdeksan", "kahdeksaa")),
    9: ("yhdeksä", "yhdeksä", ("yhdeksän", "yhdeksää")),
    10: ("kymmene", "kymmene", ("kymmenen", "kymmentä")),
}
"""Number → weak stem (genitive), strong stem (illative, essive), nominative and partitive."""


def _forms(weak: str, strong: str, plain: tuple[str, ...]) -> set[str]:
    a = "a" if re.search("[aou]", weak) else "ä"
    cases = {f"{weak}{ending}" for ending in ("n", f"ss{a}", f"st{a}", f"ll{a}", f"lt{a}", "lle", "ksi")}
    return cases | {f"{strong}{strong[-1]}n", f"{strong}n{a}", *plain}


_UNITS = {form: number for number, stems in _ENDINGS.items() for form in _forms(*stems)}
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
        head, found, tail = word.partition(form)
        tens, units = _UNITS.get(head), _UNITS.get(tail) if tail else 0
        if found and tens is not None and 1 < tens < 10 and units is not None and units < 10:
            return 10 * tens + units
    return None
