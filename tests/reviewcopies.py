"""Changed copies of a review: the same form with other names, codes, amounts and years, its themes in another order.

A copy is made at run time from a document beside the repository. What a reading of it must give is what gold says of
the original, changed in the same way.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from decimal import Decimal

from bench.accuracy import Facts, facts_of
from loaders.records import About, Contact, Money, Reading
from loaders.values.amounts import amounts

PLACES = {
    "Tampere": "Kurikka", "Tampereen": "Kurikan", "Tampereella": "Kurikassa", "Turku": "Forssa", "Turun": "Forssan",
    "Jyväskylän": "Nivalan", "Oulun": "Kemin", "Espoon": "Sallan", "Lapin": "Kainuun", "Hämeen": "Saimaan",
    "Uudenmaan": "Pirkanmaan", "Lappeenrannan": "Kotkan", "Vaasan": "Raision", "Satakunnan": "Hyrynsalmen",
    "Keuruun": "Sievin", "Seinäjoen": "Loimaan", "Rovaniemen": "Kajaanin", "Kajaanin": "Iisalmen", "Savon": "Karjalan",
    "Lahden": "Porin", "Lab": "Nova", "Diakonia": "Humana", "Silta": "Polku", "Metropolia": "Urbania", "Laurea": "Betula",
    "Kuntoutussäätiö": "Virkistyssäätiö", "Prizztech": "Kipinätek", "Luova": "Vapaa", "Luovan": "Vapaan", "Omnia": "Kaikki",
    "OSAO": "TAITO", "MERIT": "ANSIO", "Haaga": "Hiitola", "Arcada": "Grenada", "Savonia": "Karelia", "Spesia": "Aurelia",
    "Työmarkkinoiden": "Metsätalouden", "Jatkuva": "Verkottuva", "Jatkuvan": "Verkottuvan",
}  # fmt: skip
"""Words of organisations, projects and themes with what a copy puts in their place, in the same case form."""
_LETTERS = str.maketrans("aeouyäöAEOUYÄÖ", "oauyäöeOAUYÄÖE")
_DIGITS = str.maketrans("123456789", "246813579")
_YEAR = re.compile(r"(?<!\d)20[12]\d(?!\d)|(?<=\d\.\d\d\.)2\d(?!\d)")
_CODE = re.compile(r"\b(S3)(\d{4})\b|\b(R-)(\d{5})\b|^()(\d{6})(?=\s|$)", re.MULTILINE)
_URL = re.compile(r"(?:https?://|mailto:|www\.)\S+(?:(?<=-)\s*\n\s*\S+)*")
_COST = re.compile(r"(?<=Kustannusarvio)(:?\s+)(\d{1,3}(?:\s+\d{3})+)")
_THEME = re.compile(r"^ ?Valtakunnallinen teema ?$", re.MULTILINE)
_PERSONAL = ("contacts", "contact_body", "contact_job", "contact_validity", "emails", "telephones")


@dataclass(frozen=True)
class Changes:
    """What a copy changes, and the words it puts for others."""

    words: dict[str, str]
    codes: bool = True
    amounts: bool = True
    years: bool = True
    seed: int | None = 1
    """Of the order of the themes; None keeps it."""

    @classmethod
    def of(cls, reading: Reading) -> Changes:
        """Every name changed: places by the table, persons by other letters."""
        persons = {c.name for c in reading.records if isinstance(c, Contact)}
        parts = {part for name in persons for part in re.findall(r"[^\W\d_]+", name)} - set(PLACES)
        return cls(PLACES | {part: part.translate(_LETTERS) for part in parts})

    def text(self, text: str) -> str:
        """Words, codes and years of a text changed; addresses of the web stay."""
        pieces, at = [], 0
        for url in [*_URL.finditer(text), None]:
            pieces += [self._plain(text[at : url.start() if url else None]), url[0] if url else ""]
            at = url.end() if url else at
        return "".join(pieces)

    def _plain(self, text: str) -> str:
        text = re.sub(r"[^\W\d_]+", lambda m: self.words.get(m[0], m[0]), text)
        if self.codes:
            text = _CODE.sub(_other_code, text)
        return _YEAR.sub(lambda m: str(int(m[0]) + 1), text) if self.years else text

    def document(self, text: str) -> str:
        """The whole document changed."""
        if self.amounts:
            text = _COST.sub(lambda m: m[1] + m[2].translate(_DIGITS), _other_amounts(text))
        text = self.text(text)
        if self.seed is None:
            return text
        starts = [m.start() for m in _THEME.finditer(text)]
        themes = [text[a:b].rstrip("\n") + "\n\n" for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
        random.Random(self.seed).shuffle(themes)
        return text[: starts[0]] + "".join(themes)

    def facts(self, gold: Facts, original: Reading) -> Facts:
        """What gold says of the original, changed in the same way."""
        sums = {
            (m.about.key, m.phase): m.as_stated for m in original.records if isinstance(m, Money) and "+" in m.as_stated
        }
        changed = {
            category: {self._money(f, sums) if category == "money" else tuple(map(self._value, f)) for f in several}
            for category, several in gold.items()
            if category not in _PERSONAL
        }
        return changed | self._people(original)

    def _value(self, value: str) -> str:
        return value if value.startswith(("http", "www.")) else self.text(value)

    def _money(self, fact: tuple[str, ...], sums: dict[tuple[str, str], str]) -> tuple[str, ...]:
        about, phase, amount, precision, ministry, date, flag = fact
        if self.amounts:
            parts = sums.get((about, phase), "") if not ministry else ""
            summed = sum((a.value for a in amounts(parts.translate(_DIGITS))), Decimal(0))
            amount = str(summed) if parts else amount.translate(_DIGITS)
        return self.text(about), phase, amount, precision, ministry, self.text(date), flag

    def _people(self, original: Reading) -> Facts:
        changed = tuple(
            replace(
                c,
                name=self.text(c.name),
                organisation=c.organisation and self.text(c.organisation),
                about=About("theme", self.text(c.about.key)),
                valid_from=c.valid_from and self.text(c.valid_from),
                valid_until=c.valid_until and self.text(c.valid_until),
            )
            for c in original.records
            if isinstance(c, Contact)
        )
        return dict(facts_of(replace(original, records=changed)))


def _other_code(match: re.Match[str]) -> str:
    head, digits = next((match[i], match[i + 1]) for i in (1, 3, 5) if match[i + 1])
    return head + digits.translate(_DIGITS)


def _other_amounts(text: str) -> str:
    """Every digit of an amount becomes another one; a number broken over lines stays broken."""
    urls = [m.span() for m in _URL.finditer(text)]
    pieces = list(text)
    for amount in amounts(text):
        if (
            not any(start <= amount.start < end for start, end in urls)
            and "Kustannusarvio" not in text[amount.start - 20 : amount.start]
        ):
            pieces[amount.start : amount.end] = text[amount.start : amount.end].translate(_DIGITS)
    return "".join(pieces)


FURNITURE = """
mailto:kirjaamo@virasto.example
http://www.verkkosivu.fi/
mailto:sähköposti@osoite.fi

31

PL 99
00990 Valtioneuvosto
Käyntiosoite: Keksitty katu 4
Puh. 0299 99001
kirjaamo@virasto.example | [www.verkkosivu.fi] | [sähköposti@osoite.fi]

 """
"""What stands between two pages of the text of a review, up to the blank before the first line of the next."""


def with_page_breaks(text: str, seed: int, number: int, furniture: set[int]) -> str:
    """A copy with page breaks between lines drawn by lot, in the middle of names, lists and amounts."""
    lines = text.split("\n")
    breakable = [
        i for i in range(20, len(lines)) if i + 1 not in furniture and lines[i].strip() and not _URL.search(lines[i])
    ]
    for index in sorted(random.Random(seed).sample(breakable, number), reverse=True):
        lines[index] = FURNITURE + lines[index]
    return "\n".join(lines)


def respaced(text: str, blanks: int) -> str:
    """A copy with another number of blank lines between all lines (0: none)."""
    return ("\n" * (blanks + 1)).join(line for line in text.split("\n") if line.strip())
