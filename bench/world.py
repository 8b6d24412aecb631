"""An invented world of projects and organisations, by one seeded source of chance: what lists are generated of."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

_SYLLABLES = [
    "ka", "ko", "ki", "ke", "ta", "to", "ti", "te", "ma", "mo", "mi", "me", "sa", "so", "si", "se", "la", "lo", "li",
    "le", "ra", "ro", "ri", "re", "va", "vo", "vi", "ve", "na", "no", "ni", "ne", "pa", "po", "pi", "pe", "hä", "lä",
    "mä", "sä", "tä",
]  # fmt: skip
NOUNS = [
    "osaaminen", "kehittäminen", "verkosto", "työllisyys", "palvelu", "yrittäjyys", "koulutus", "kumppanuus",
    "hyvinvointi", "digitalisaatio", "kiertotalous", "ohjaus", "valmennus", "innovaatio", "tuotanto", "matkailu",
    "elintarvike", "metsä", "puurakentaminen", "energia", "logistiikka", "kulttuuri", "nuoriso", "kasvu", "vienti",
    "automaatio",
]  # fmt: skip
_LINKS = ("ja", "sekä", "–", "osana", "kohti", "avulla", "tueksi")
_FORMS = ("Oy", "Oy", "Oy", "Oy", "Tmi", "Ky", "ry", "Oy Ab", "osk")
_BODIES = (
    "kaupunki", "kunta", "ammattikorkeakoulu", "yliopisto", "koulutuskuntayhtymä", "kehittämisyhtiö Oy", "säätiö",
)  # fmt: skip
_AUTHORITIES = (
    "Pohjois-Pohjanmaan elinkeino-, liikenne- ja ympäristökeskus",
    "Keski-Suomen elinkeino-, liikenne- ja ympäristökeskus", "Etelä-Savon elinkeino-, liikenne- ja ympäristökeskus",
    "Hämeen elinkeino-, liikenne- ja ympäristökeskus", "Lapin liitto", "Uudenmaan liitto", "Pirkanmaan liitto",
    "Kainuun liitto",
)  # fmt: skip
PLACES = (
    "Oulu", "Jyväskylä", "Mikkeli", "Hämeenlinna", "Rovaniemi", "Helsinki", "Tampere", "Kajaani", "Kuopio", "Joensuu",
    "Pori", "Vaasa",
)  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


class Row(NamedTuple):
    """One invented project or member of a group."""

    number: int
    group: str
    name: str
    organisation: str
    business_id: str
    authority: str
    start: date
    end: date
    granted: int
    realised: int
    place: int
    kind: int
    """What its group shares: fund and objective."""

    @property
    def social(self) -> bool:
        return self.kind % 10 < 3


class World:
    """Invents rows: everything by one seeded source of chance."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._organisations = 0

    def _word(self, least: int = 2, most: int = 4) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(least, most)))

    def name(self) -> str:
        """A project's name."""
        chance = self._random
        if chance.random() < 0.02:
            return chance.choice(
                ("Investointi ja kehittäminen", "Koneinvestointi", "Kansainvälistyminen", "Tuotekehitys")
            )
        words = [self._word().capitalize()]
        while len(words) < chance.randint(2, 9):
            words += [chance.choice(NOUNS), chance.choice(_LINKS)]
        words.append(chance.choice(NOUNS))
        if chance.random() < 0.33:
            words[chance.randrange(len(words) - 1)] += ","
        return " ".join(words)

    def organisation(self) -> tuple[str, str]:
        """An implementer's name and business id: a new one, or one met before by its rank."""
        chance = self._random
        known = self._organisations
        if known < 50 or chance.random() < 0.93 * (known + 1) ** -0.075:
            self._organisations += 1
            rank = known
        elif chance.random() < 0.5:
            # public bodies recur by a power law
            rank = int(min(known, 2000) * chance.random() ** 3)
        else:
            rank = chance.randrange(known)
        return organisation(rank)

    def period(self) -> tuple[date, date]:
        """First and last day."""
        start = date(2021, 1, 1) + timedelta(days=self._random.randrange(1800))
        return start, start + timedelta(days=30 * self._random.randint(3, 48))

    def rows(self, count: int, groups: float) -> Iterator[Row]:
        """``count`` rows, that share of them members of groups."""
        chance = self._random
        number = 0
        while number < count:
            several = chance.random() < groups / 5
            size = min(chance.randint(2, 12) if several else 1, count - number)
            group = f"R-{number % 100000:05d}{number // 100000 or ''}" if several else ""
            name, (start, end), authority = self.name(), self.period(), chance.choice(_AUTHORITIES)
            kind = chance.randrange(1000)
            for _ in range(size):
                granted = int(chance.lognormvariate(9.9, 1.6))
                realised = 0 if chance.random() < 0.2 else int(granted * chance.random())
                realised = -abs(realised) if chance.random() < 0.0001 else realised
                own = self.organisation()
                place = chance.randrange(len(PLACES))
                yield Row(number, group, name, *own, authority, start, end, granted, realised, place, kind)
                number += 1


def organisation(rank: int) -> tuple[str, str]:
    """The organisation of a rank: the same name and business id every time, with nothing to remember."""
    chance = random.Random(rank * 7919 + 13)
    stem = "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize()
    if rank % 10 == 0:
        name = f"{stem}n {chance.choice(_BODIES)}"
    else:
        second = "".join(chance.choices(_SYLLABLES, k=3)).capitalize()
        name = f"{stem} {second} {chance.choice(_FORMS)}"
    return name, business_id(1_000_000 + rank)


def business_id(number: int) -> str:
    """The next valid business id at or after a number of seven digits (one in eleven has no check digit)."""
    while True:
        rest = sum(int(d) * w for d, w in zip(f"{number:07d}", _WEIGHTS, strict=True)) % 11
        if rest != 1:
            return f"{number:07d}-{0 if rest == 0 else 11 - rest}"
        number += 1_000_003
