"""EURA: hankeluettelot kausilta 2007-2013, 2014-2020 ja 2021-2027 (the official project lists of three periods).

Their columns are described by mappings (``mappings/fi-eura-*.toml``); here stands what is Finnish about their values.
"""

from __future__ import annotations

import re
from functools import lru_cache

from loaders.names.registry import Registry

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)
_BUSINESS_ID = re.compile(r"(?:FI)?(\d{6,7})-?(\d)")
LAYOUTS = frozenset({"fi-eura-2007-2013", "fi-eura-2014-2020", "fi-eura-2021-2027"})


@lru_cache(maxsize=65536)
def business_id(text: str) -> str | None:
    """A Finnish business id as ``1234567-8`` if its check digit is right, else None."""
    match = _BUSINESS_ID.fullmatch(text.strip())
    if not match:
        return None
    digits = match[1].zfill(7)
    rest = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True)) % 11
    check = 0 if rest == 0 else 11 - rest
    return f"{digits}-{check}" if rest != 1 and check == int(match[2]) else None


@lru_cache(maxsize=4096)
def authority_key(name: str) -> str:
    """The registry key of an authority; a unit that stands behind a comma belongs to its authority."""
    registry = Registry.load()
    whole, comma, _ = name.rpartition(",")
    if registry.organisation(name) is None and comma and (match := registry.organisation(whole)):
        return match.key
    return registry.organisation_key(name)


def priority_notation(period: str | None, fund: str | None, part: str | None, printed: str) -> str:
    """Notation of a priority: its number; with its fund and programme where a period had several programmes."""
    number = printed.strip().split(".")[0].split(" ")[0]
    if period != "2007-2013":
        return number
    if fund == "ESR" or not part:
        return f"{fund or 'x'}-{number}"
    return f"{fund or 'x'}-{part}-{number}"
