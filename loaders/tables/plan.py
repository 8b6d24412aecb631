"""A mapping laid over one table: which column holds what and in which form. Everything a row needs, and small enough to send."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from loaders.errors import SourceError
from loaders.names.registry import Registry
from loaders.tables import Record, Table
from loaders.tables.align import Aligner
from loaders.tables.countries import country_of
from loaders.tables.dates import DateForm, date_form
from loaders.tables.encoding import mend
from loaders.tables.forms import CellError, Number, NumberForm, number_form
from loaders.tables.funds import fund_of, period_of
from loaders.tables.headings import fold
from loaders.tables.languages import language_of
from loaders.tables.mapping import Mapping, kind_of

_SPREAD = 5000
_AUTHORITIES = frozenset({"ely-centre", "regional-council", "ministry", "state-agency"})
_THOUSANDS = (
    r"[tk] ?€|[tk] ?eur|tsd|tausend|thousands?|tuhat|tuhansia|tusen|tusind|1[ .]?000|tkr|tys|tis|tisuć\w*|tisoč\w*|ezer|mii|"
    r"χιλ\w*|хил\w*|tūkst\w*|tuh|duizend|milliers|miles|migliaia|milhares|mil(?= (?:de )?(?:€|euros?\b|eur\b))"
)
_MILLIONS = r"mio|mil\.|millions?|miljoon\w*|milj|mln|m€|meur|milioane|milioni|millones|milhões|млн|εκατ\w*|millió"
_SCALES = tuple(
    (factor, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE))
    for factor, words in ((1000, _THOUSANDS), (1000000, _MILLIONS))
)
_CURRENCY = re.compile(r"\b(EUR|PLN|CZK|HUF|SEK|DKK|RON|BGN|HRK|GBP)\b|(€)|(Kč)|(zł)|(£)")
_SIGNS = {2: "EUR", 3: "CZK", 4: "PLN", 5: "GBP"}


@dataclass(slots=True)
class Plan:
    """How the rows of one table are read."""

    list_id: str
    layout: str
    mapping: Mapping
    columns: int
    headings: tuple[str, ...]
    places: dict[int, str]
    """Column → role. Columns of no role are not read."""
    numbers: dict[int, NumberForm]
    dates: dict[int, DateForm]
    scales: dict[int, int]
    shares: frozenset[int]
    """Columns of rates written as shares of 1."""
    currency: str
    fund: str | None
    period: str | None
    country: str | None
    language: str
    private: frozenset[int]
    aligner: Aligner | None = None
    quoted: bool = True
    folded_headings: tuple[str, ...] = ()
    read: tuple[tuple[int, str, str], ...] = ()
    """Column, role and kind of every column that is read, in the order of the columns."""
    _columns: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kinds = ((n, role, kind_of(role)) for n, role in sorted(self.places.items()) if n not in self.private)
        self.read = tuple(one for one in kinds if one[2] not in ("ignore", "private"))
        for n, role in sorted(self.places.items(), reverse=True):
            self._columns[role] = n

    @classmethod
    def of(cls, table: Table, mapping: Mapping) -> Plan:
        """Lay a mapping over a table; SourceError where its columns cannot be read so."""
        places = mapping.places(table)
        kinds = {column: kind_of(role) for column, role in places.items()}
        aligner, rows = None, [record.cells for record in table.sample]
        if table.dialect is not None and not table.dialect.quoted:
            layout = [_layout_kind(places.get(n), kinds.get(n)) for n in range(len(table.headings))]
            spread = [record.cells for record in table.spread(_SPREAD)]
            aligner = Aligner.learn(layout, table.dialect.separator, spread, _known(mapping, places))
            rows = [laid for row in rows if (laid := aligner.layout(row)) is not None]
        columns = {n: [row[n] for row in rows if n < len(row)] for n in range(len(table.headings))}
        about = " ".join([table.path.stem, *table.titles])
        country = mapping.country or _only_country(places, columns)
        names = (value for n, role in places.items() if role == "name" for value in columns[n])
        return cls(
            list_id=table.identifier,
            layout=mapping.identifier,
            mapping=mapping,
            columns=len(table.headings),
            headings=table.headings,
            places=places,
            numbers=_number_forms(table, mapping, kinds, columns),
            dates=_date_forms(table, mapping, kinds, columns),
            scales=_scales(table, mapping, places),
            shares=frozenset(n for n, kind in kinds.items() if kind == "percent" and _shares(columns[n])),
            currency=_currency(table, mapping, places),
            fund=mapping.fund or fund_of(about),
            period=mapping.period or period_of(about),
            country=country,
            language=mapping.language or language_of(names, country),
            private=_private(places, columns),
            aligner=aligner,
            folded_headings=tuple(fold(heading).text for heading in table.headings),
        )

    def at(self, role: str) -> int | None:
        """The column of a role."""
        return self._columns.get(role)

    def cells(self, record: Record) -> list[str]:
        """The cells of a row by column; CellError where they do not fit the columns in one way."""
        cells = record.cells
        if len(cells) <= self.columns:
            found: list[str] | None = [*cells, *[""] * (self.columns - len(cells))]
        elif self.aligner is not None:
            found = self.aligner.layout(cells)
        else:
            found = None if any(c.strip() for c in cells[self.columns :]) else list(cells[: self.columns])
        if found is None:
            raise CellError(f"{len(cells)} cells for {self.columns} columns: no one way to read it")
        stray = self.aligner.strays(found) if self.aligner is not None else None
        if stray is not None and not (self.country == "FI" and Registry.load().organisation(found[stray].strip())):
            heading = " ".join(self.headings[stray].split())
            raise CellError(
                f"column {heading!r} holds more than one value, {found[stray].strip()[:60]!r}: the row is shifted"
            )
        return found


def _layout_kind(role: str | None, kind: str | None) -> str:
    if role == "priority":
        return "integer"
    return kind if kind in ("amount", "percent", "date", "code") else "text"


def _known(mapping: Mapping, places: dict[int, str]) -> dict[int, frozenset[str]]:
    """Values that columns are known to hold: by the mapping, and for Finnish authorities by the registry."""
    known = {role: frozenset(values) for role, values in mapping.lists.items()}
    if mapping.country == "FI":
        bodies = Registry.load().organisations.values()
        known["authority"] = frozenset(name for body in bodies if body.type in _AUTHORITIES for name in body.names)
    return {column: known[role] for column, role in places.items() if role in known}


def _number_forms(
    table: Table, mapping: Mapping, kinds: dict[int, str], columns: dict[int, list[str]]
) -> dict[int, NumberForm]:
    forms: dict[int, NumberForm] = {}
    fixed = mapping.forms.get("decimal")
    numeric = [n for n, kind in kinds.items() if kind in ("amount", "percent")]
    # columns of one table write their numbers alike: one that shows no decimals is read like the others
    shared = number_form(value for n in numeric if kinds[n] == "amount" for value in columns[n])
    for n in numeric:
        form = NumberForm(fixed) if fixed else number_form(columns[n])
        if form is None:
            heading = " ".join(table.headings[n].split())
            raise SourceError(
                table.identifier,
                f'the numbers of column {heading!r} are written in two ways; say in the mapping: decimal = ","',
            )
        decided = any("," in value or "." in value for value in columns[n] if not isinstance(value, Number))
        forms[n] = form if fixed or decided or shared is None else shared
    return forms


def _date_forms(
    table: Table, mapping: Mapping, kinds: dict[int, str], columns: dict[int, list[str]]
) -> dict[int, DateForm]:
    dated = [n for n, kind in kinds.items() if kind == "date"]
    fixed = mapping.forms.get("dates")
    together = date_form(value for n in dated for value in columns[n])
    forms: dict[int, DateForm] = {}
    for n in dated:
        form = DateForm(fixed) if fixed else together or date_form(columns[n])
        if form is None:
            heading = " ".join(table.headings[n].split())
            raise SourceError(
                table.identifier,
                f'the dates of column {heading!r} follow no one order; say in the mapping: dates = "dmy"',
            )
        forms[n] = form
    return forms


def _scales(table: Table, mapping: Mapping, places: dict[int, str]) -> dict[int, int]:
    scales = {}
    for column, role in places.items():
        if role.startswith("money."):
            unit = _unit(table.headings[column])
            found = next((factor for factor, pattern in _SCALES if pattern.search(unit)), 1)
            scales[column] = mapping.scale.get(role, found)
    return scales


def _unit(heading: str) -> str:
    """Where a heading says its unit: in brackets, or behind its last comma or an ``in``."""
    bracketed = [one or other for one, other in re.findall(r"\(([^)]*)\)|\[([^\]]*)\]", heading)]
    tail = re.search(r"(?:,| in )([^,()]*)$", heading)
    return " ".join([*bracketed, tail[1] if tail else ""])


def _currency(table: Table, mapping: Mapping, places: dict[int, str]) -> str:
    if mapping.currency != "EUR":
        return mapping.currency
    for column, role in places.items():
        match = _CURRENCY.search(table.headings[column]) if role.startswith("money.") else None
        if match:
            return match[1] or next(code for group, code in _SIGNS.items() if match[group])
    return mapping.currency


def _only_country(places: dict[int, str], columns: dict[int, list[str]]) -> str | None:
    """The state all rows are of, where a column names it."""
    found = {
        country_of(value) for n, role in places.items() if role == "country" for value in columns[n] if value.strip()
    }
    return found.pop() if len(found) == 1 else None


def _shares(values: Iterable[str]) -> bool:
    """Whether a column of rates holds shares of 1: none above it, and decimals among them."""
    plain = [v.replace(",", ".").strip() for v in values if v.strip() and not isinstance(v, Number)]
    numbers = [float(v) for v in plain if re.fullmatch(r"\d*\.?\d+", v)]
    return bool(numbers) and max(numbers) <= 1 and any(0 < n < 1 for n in numbers) and len(numbers) == len(plain)


_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w|\(at\)\w")


def _private(places: dict[int, str], columns: dict[int, list[str]]) -> frozenset[int]:
    """Columns that name or address persons: by their heading, or because addresses stand in them."""
    found = {n for n, role in places.items() if kind_of(role) == "private"}
    for n, values in columns.items():
        filled = [value for value in values if value.strip()]
        # a summary may mention an address; a column of contacts has one in most of its cells
        if filled and sum(bool(_PERSONAL.search(value)) for value in filled) * 5 > len(filled):
            found.add(n)
    return frozenset(found)


def tidy(text: str) -> str:
    """A text cell as one line, its mojibake undone."""
    line = " ".join(text.split())
    return line if line.isascii() else mend(line)
