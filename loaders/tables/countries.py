"""Member states by their names in the languages of the lists."""

from __future__ import annotations

from functools import lru_cache

from loaders.tables.headings import fold

_NAMES = {
    "AT": "austria österreich autriche itävalta",
    "BE": "belgium belgië belgique belgien",
    "BG": "bulgaria българия",
    "CY": "cyprus κύπρος",
    "CZ": "czechia česko",
    "DE": "germany deutschland allemagne saksa",
    "DK": "denmark danmark",
    "EE": "estonia eesti viro",
    "ES": "spain españa espagne",
    "FI": "finland suomi",
    "FR": "france frankreich",
    "GR": "greece ελλάδα ελλάσ el",
    "HR": "croatia hrvatska",
    "HU": "hungary magyarország",
    "IE": "ireland irland éire",
    "IT": "italy italia",
    "LT": "lithuania lietuva",
    "LU": "luxembourg luxemburg",
    "LV": "latvia latvija",
    "MT": "malta",
    "NL": "netherlands nederland niederlande",
    "PL": "poland polska polen",
    "PT": "portugal",
    "RO": "romania românia",
    "SE": "sweden sverige ruotsi",
    "SI": "slovenia slovenija",
    "SK": "slovakia slovensko",
    "GB": "uk",
}
_COUNTRIES = {fold(name).text: code for code, names in _NAMES.items() for name in [code, *names.split()]} | {
    fold(name).text: code
    for name, code in (
        ("Czech Republic", "CZ"),
        ("Česká republika", "CZ"),
        ("The Netherlands", "NL"),
        ("United Kingdom", "GB"),
    )
}


@lru_cache(maxsize=1024)
def country_of(name: str) -> str | None:
    """The code of a member state by its name or code."""
    return _COUNTRIES.get(fold(name).text)
