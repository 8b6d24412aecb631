"""Changed copies of documents: the same form with other names, amounts and years.

What a copy must give is what its original gives, changed in the same way: a loader that knows a document's content instead
of reading its form fails here. The review's copies are in ``reviewcopies``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from loaders.records import Contact, Reading, Theme
from tests.layoutpages import told

_LETTERS = str.maketrans("aeouyäöAEOUYÄÖ", "oauyäöeOAUYÄÖE")
_DIGITS = str.maketrans("123456789", "246813579")
_YEAR = re.compile(r"(?<![\d/])20[12]\d(?!\d)|(?<=\d\.\d\.)[12]\d(?!\d)")
_PROGRAMME = re.compile(r"20(?:14|21|07)\s?[-–]\s?20(?:20|27|13)")
_PROGRAMME_YEARS = ("2007", "2013", "2014", "2020", "2021", "2027")
_MONEY = re.compile(
    r"(?<![\d.,-])\d{1,3}(?:[  ]\d{3})*(?:,\d+)?(?=\s*(?:M€|milj|euro|€))|(?<=: )\d{1,3}(?: \d{3})+$", re.MULTILINE
)
_AREAS = {
    "Hämeen": "Kainuun", "Keski-Suomen": "Pohjois-Savon", "Etelä-Savon": "Pirkanmaan", "Uudenmaan": "Satakunnan",
    "Häme": "Kainuu", "Lapin": "Pohjanmaan", "Kainuun": "Hämeen", "Varsinais-Suomen": "Etelä-Pohjanmaan",
}  # fmt: skip
_MINISTRIES = {"TEM": "LVM", "STM": "MMM", "YM": "SM", "LVM": "TEM", "MMM": "STM"}
_LONG = {
    "yö- ja elinkeinoministeri": "iikenne- ja viestintäministeri",
    "osiaali- ja terveysministeri": "aa- ja metsätalousministeri",
    "aa- ja metsätalousministeri": "osiaali- ja terveysministeri",
    "mpäristöministeri": "isäministeri",
}
_FIRST = {"T": "L", "S": "M", "M": "S", "Y": "S"}
_LONG_NAME = re.compile(r"(?P<first>[A-Za-z])(?P<rest>" + "|".join(map(re.escape, _LONG)) + ")")


@dataclass(frozen=True)
class Copy:
    """What a copy puts for what: words anywhere, and whether amounts and years change."""

    words: dict[str, str]
    amounts: bool = True
    years: bool = True

    @classmethod
    def of(cls, reading: Reading) -> Copy:
        """Other persons, themes, authorities and ministries."""
        persons = {
            part
            for c in reading.records
            if isinstance(c, Contact)
            for part in re.findall(r"[A-ZÅÄÖ][^\W\d_]{2,}", c.name)
        }
        return cls(_AREAS | _MINISTRIES | {part: part.translate(_LETTERS) for part in persons})

    def text(self, text: str) -> str:
        """The words of a document or of a fact."""
        if not self.words:
            return self._years(text)
        text = _LONG_NAME.sub(_other_ministry, text)
        text = re.sub(r"[^\W\d_]+(?:-[A-ZÅÄÖ][^\W\d_]+)*", self._word, text)
        return self._years(text)

    def _years(self, text: str) -> str:
        if not self.years:
            return text
        kept = {match.start() + n for match in _PROGRAMME.finditer(text) for n in range(len(match.group()))}
        return _YEAR.sub(lambda m: m[0] if m.start() in kept else str(int(m[0]) + 1), text)

    def _word(self, match: re.Match[str]) -> str:
        if match[0] in self.words:
            return self.words[match[0]]
        return re.sub(r"[^\W\d_]+", lambda m: self.words.get(m[0], m[0]), match[0])

    def document(self, text: str) -> str:
        """The whole document changed."""
        if self.amounts:
            text = _MONEY.sub(lambda m: m[0].translate(_DIGITS), text)
        return self.text(text)

    def facts(self, value: object, name: str = "") -> object:
        """What was told of the original, as the copy must tell it."""
        if isinstance(value, dict):
            return {key: self.facts(part, key) for key, part in value.items()}
        if isinstance(value, list):
            return [self.facts(part, name) for part in value]
        if not isinstance(value, str) or name in ("precision", "programme") or value in _PROGRAMME_YEARS:
            return value
        if name in ("amount", "as_stated"):
            return value.translate(_DIGITS) if self.amounts else value
        return self.text(value)


def _other_ministry(match: re.Match[str]) -> str:
    first = match["first"]
    other = _FIRST.get(first.upper(), first)
    return (other if first.isupper() else other.lower()) + _LONG[match["rest"]]


def renamed(text: str, reading: Reading) -> tuple[str, dict[str, str]]:
    """A text whose themes bear other names (of as many lines), and which name stands for which."""
    names = {theme.name.value.text for theme in reading.records if isinstance(theme, Theme)}
    others = {name: re.sub(r"[^\W\d_]{4,}", lambda m: m[0].translate(_LETTERS), name) for name in names}
    for name in sorted(names, key=len, reverse=True):
        pattern = r"(\s+)".join(re.escape(word) for word in name.split())
        words = others[name].split()
        text = re.sub(pattern, lambda m, words=words: _spaced(words, m.groups()), text)  # type: ignore[misc]
    return text, others


def _spaced(words: list[str], gaps: tuple[str, ...]) -> str:
    return words[0] + "".join(gap + word for gap, word in zip(gaps, words[1:], strict=True))


def theme_names(reading: Reading) -> list[str]:
    """The names of the themes of a reading in order."""
    return [theme.name.value.text for theme in reading.records if isinstance(theme, Theme)]


def records(reading: Reading) -> list[object]:
    """The records of a reading without their places; addresses of persons apart."""
    found = told(reading)
    assert isinstance(found, dict)
    return [_impersonal(record) for record in found["records"]]


def _impersonal(record: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    """Of an address only that there is one: it is made of the person's name without accents."""
    return {
        kind: {key: len(part) if key == "emails" and isinstance(part, list) else part for key, part in parts.items()}
        for kind, parts in record.items()
    }
