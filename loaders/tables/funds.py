"""What the member states call the funds: in any language, to the notation of the code list."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS: dict[str, tuple[str, ...]] = {
    "ESR+": (r"esf\+", r"esr\+", r"fse\+", r"esf plus", r"esr plus", r"fse plus", r"ess\+", r"efs\+", r"esza\+"),
    "ESR": (
        "esf", "esr", "fse", "eusf", "efs", "esza", "ess", "ekt", "εκτ", "есф",
        "europäischer sozialfonds", "european social fund",
    ),
    "EAKR": (
        "erdf", "efre", "feder", "efro", "efrr", "eakr", "eruf", "fesr", "efrd", "eraf", "erpf", "erfa", "esrr", "fedr", "ετπα",
        "ефрр",
        "european regional development fund", "europäischer fonds für regionale entwicklung",
    ),
    "CF": (
        "cf", "kf", "fs", "fc", "cohesion fund", "kohäsionsfonds", "fonds de cohésion", "fundusz spójności", "koheesiorahasto",
        "kohezijski sklad", "kohezijski fond", "τσ", "ταμείο συνοχής", "кф",
    ),
    "JTF": ("jtf", "ftj", "fro", "fst", "oikeudenmukaisen siirtymän rahasto", "just transition fund"),
    "YEI": ("yei", "iej", "youth employment initiative"),
    "EAFRD": ("eafrd", "eler", "feader", "efrrow", "maaseuturahasto"),
    "EMFF": ("emff", "emfaf", "feamp", "ekmr", "emkr"),
}  # fmt: skip
_PATTERNS = tuple(
    (notation, re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w|\+)", re.IGNORECASE))
    for notation, words in _WORDS.items()
)
FUNDS = frozenset(_WORDS)
_PERIOD = re.compile(r"(?<!\d)(?:20)?(07|14|21)\s?[-–_]\s?(?:20)?(13|20|27)(?!\d)")
PERIODS = ("2007-2013", "2014-2020", "2021-2027")


@lru_cache(maxsize=1024)
def fund_of(text: str) -> str | None:
    """The notation of the fund that words name; None where they name none or several."""
    found = [notation for notation, pattern in _PATTERNS if pattern.search(text.replace("_", " "))]
    return found[0] if len(set(found) - {"YEI"}) == 1 else None


@lru_cache(maxsize=1024)
def period_of(text: str) -> str | None:
    """The programme period that words name (``2014-2020``, ``14_20``)."""
    match = _PERIOD.search(text)
    period = f"20{match[1]}-20{match[2]}" if match else None
    return period if period in PERIODS else None
