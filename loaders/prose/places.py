"""Cities and regions of Finland named in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.records import Stated
from loaders.text import Prose

_REGIONS = {
    "Ahvenanmaan": "Ahvenanmaa", "Etelä-Karjalan": "Etelä-Karjala", "Etelä-Pohjanmaan": "Etelä-Pohjanmaa",
    "Etelä-Savon": "Etelä-Savo", "Kainuun": "Kainuu", "Kanta-Hämeen": "Kanta-Häme", "Keski-Pohjanmaan": "Keski-Pohjanmaa",
    "Keski-Suomen": "Keski-Suomi", "Kymenlaakson": "Kymenlaakso", "Lapin": "Lappi", "Pirkanmaan": "Pirkanmaa",
    "Pohjanmaan": "Pohjanmaa", "Pohjois-Karjalan": "Pohjois-Karjala", "Pohjois-Pohjanmaan": "Pohjois-Pohjanmaa",
    "Pohjois-Savon": "Pohjois-Savo", "Päijät-Hämeen": "Päijät-Häme", "Satakunnan": "Satakunta", "Uudenmaan": "Uusimaa",
    "Varsinais-Suomen": "Varsinais-Suomi",
}  # fmt: skip
"""Genitive → nominative of the regions: Finnish inflects their names too variously for a rule."""
_NAME = r"[A-ZÅÄÖ][a-zåäö]+(?:-[A-ZÅÄÖ][a-zåäö]+)?"
_CITIES = re.compile(rf"(?:kaupun\w+|kun(?:nat|tien|nissa|tia))\s+\((?P<list>{_NAME}(?:(?:,\s+|\s+ja\s+){_NAME})*)\)")
_AREAS = re.compile(r"(?P<list>(?:[A-ZÅÄÖ][\w-]+n(?:,\s+|\s+ja\s+|\s+sekä\s+|\s+))+)(?:maakun\w+|alueil\w+)")


def places(prose: Prose) -> list[Stated[str]]:
    """Cities listed in brackets behind the word for cities, regions named before the word for regions."""
    found = {one.value: one for one in reversed([*_cities(prose), *_areas(prose)])}
    return sorted(found.values(), key=lambda one: list(found)[::-1].index(one.value))


def _cities(prose: Prose) -> Iterator[Stated[str]]:
    for match in _CITIES.finditer(prose.text):
        for name in re.finditer(_NAME, match["list"]):
            start = match.start("list") + name.start()
            yield prose.stated(name.group(), start, start + len(name.group()))


def _areas(prose: Prose) -> Iterator[Stated[str]]:
    for match in _AREAS.finditer(prose.text):
        for name in re.finditer(r"[A-ZÅÄÖ][\w-]+", match["list"]):
            if name.group() in _REGIONS:
                start = match.start("list") + name.start()
                yield prose.stated(_REGIONS[name.group()], start, start + len(name.group()))
