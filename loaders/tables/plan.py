"""A mapping laid over one table: which column holds what and in which form. Everything a row needs, and small enough to send."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from loaders.errors import SourceError
from loaders.names.registry import Registry
from loaders.tables import Record, Table
from loaders.tables.align import Aligner
from loaders.tables.dates import DateForm, date_form
from loaders.tables.delimited import Overlong
from loaders.tables.forms import (
    SCALES,
    CellError,
    Number,
    NumberForm,
    blank,
    count_signs,
    currency_in,
    is_unit,
    number_form,
    read_amounts,
)
from loaders.tables.funds import begins_total, ends_total, fund_of, period_of
from loaders.tables.headings import fold
from loaders.tables.mapping import Mapping, kind_of
from loaders.tables.states import country_of, currency_of, language_of, own_currency

_SPREAD = 5000
_AUTHORITIES = frozenset({"ely-centre", "regional-council", "ministry", "state-agency"})
NAMING = ("name", "name_en", "summary", "summary_en", "code")
"""Roles that an operation may be named by, the best first."""


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
    currencies: dict[int, str]
    """Column of money → the currency of amounts that do not say theirs."""
    fund: str | None
    period: str | None
    country: str | None
    language: str
    private: frozenset[int]
    wholes: frozenset[int] = frozenset()
    """Columns of money whose amounts are the project's own in each of its rows, to be counted once."""
    unclear_rates: frozenset[int] = frozenset()
    """Columns of rates of which nobody can say whether 1 is all or a hundredth: not taken."""
    totals: frozenset[int] = frozenset()
    """Rows (their first lines) that only add others up, of a table short enough to know them."""
    end: int | None = None
    """The last row with an amount, of a table short enough to know it: below it stand notes."""
    numbered: bool = False
    """Whether nearly all codes hold digits: "various" is none then."""
    aligner: Aligner | None = None
    shifting: bool = True
    """Whether a cell too many shifts its row, as in text; in a sheet it does not."""
    folded_headings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """Notes on the choices that neither the table nor its mapping states, and on the columns that are not read."""
    read: tuple[tuple[int, str, str], ...] = ()
    """Column, role and kind of every column that is read, those of amounts (``money``) last."""
    money: tuple[int, ...] = ()
    _columns: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        read = [(n, role, kind_of(role)) for n, role in sorted(self.places.items()) if n not in self.private]
        read = [one for one in read if one[2] not in ("ignore", "private")]
        # amounts last: the cell that says their currency may stand behind them
        self.read = tuple(sorted(read, key=lambda one: one[2] == "amount"))
        self.money = tuple(n for n, _, kind in self.read if kind == "amount")
        self._columns.update((role, n) for n, role in sorted(self.places.items(), reverse=True))

    @classmethod
    def of(cls, table: Table, mapping: Mapping) -> Plan:
        """Lay a mapping over a table; SourceError where its columns cannot be read so."""
        places = mapping.places(table)
        if not set(NAMING) & set(places.values()):
            raise SourceError(
                table.identifier,
                f"the mapping {mapping.identifier!r} names no column of this table that holds names or codes of projects",
                table.heading_row,
            )
        kinds = {column: kind_of(role) for column, role in places.items()}
        aligner, rows = None, [record.cells for record in table.sample]
        if table.dialect is not None and not table.dialect.quoted:
            layout = [_layout_kind(places.get(n), kinds.get(n)) for n in range(len(table.headings))]
            spread = [record.cells for record in table.spread(_SPREAD)]
            aligner, laid = Aligner.learn(layout, table.dialect.separator, spread, _known(table, mapping, places))
            rows = [row for row in (map(aligner.layout, rows) if table.sampled else laid) if row is not None]
        columns = {n: [row[n] for row in rows if n < len(row)] for n in range(len(table.headings))}
        about = " ".join([table.path.stem, table.sheet or "", *table.titles])
        country = mapping.country or _only_country(places, columns)
        names = (value for n, role in places.items() if role == "name" for value in columns[n])
        period = mapping.period or period_of(about)
        language = mapping.language or language_of(names, country)
        notes: list[str] = []
        numbers = _number_forms(table, mapping, kinds, columns, notes)
        wholes = _wholes(table, mapping, places, rows, notes)
        private = _private(places, columns)
        shares, unclear = _rates(table, mapping, kinds, columns, notes)
        plan = cls(
            list_id=table.identifier,
            layout=mapping.identifier,
            mapping=mapping,
            columns=len(table.headings),
            headings=table.headings,
            places=places,
            numbers=numbers,
            dates=_date_forms(table, mapping, kinds, columns, language, notes),
            scales=_scales(table, mapping, places, columns, numbers, notes),
            shares=shares,
            currencies=_currencies(table, mapping, places, columns, country, period, notes),
            fund=mapping.fund or fund_of(about),
            period=period,
            country=country,
            language=language,
            private=private,
            wholes=wholes,
            unclear_rates=unclear,
            totals=frozenset() if table.sampled else _totals(table, kinds, numbers),
            end=None if table.sampled else _last_amount(table, kinds, numbers),
            numbered=_numbered(places, columns),
            aligner=aligner,
            shifting=table.dialect is not None,
            folded_headings=tuple(fold(heading).text for heading in table.headings),
        )
        unread = [
            _heading(table, n) for n, h in enumerate(table.headings) if h and n not in places and n not in private
        ]
        if unread:
            notes.append(f"columns that the mapping does not name are not read: {', '.join(map(repr, unread))}")
        plan.notes = tuple(notes)
        return plan

    def at(self, role: str) -> int | None:
        """The column of a role."""
        return self._columns.get(role)

    def cells(self, record: Record) -> list[str]:
        """The cells of a row by column; CellError where they do not fit the columns in one way."""
        cells = record.cells
        if Overlong in map(type, cells):
            raise CellError("a cell is longer than any cell of a list: are quotes or line ends missing?")
        if len(cells) <= self.columns:
            laid: list[str] | None = [*cells, *[""] * (self.columns - len(cells))]
        elif self.aligner is not None:
            laid = self.aligner.layout(cells)
        elif self.shifting and any(c.strip() for c in cells[self.columns :]):
            laid = None
        else:
            laid = list(cells[: self.columns])
        if laid is None:
            raise CellError(f"{len(cells)} cells for {self.columns} columns: no one way to read it")
        stray = self.aligner.strays(laid) if self.aligner is not None else None
        if stray is not None and not (self.country == "FI" and Registry.load().organisation(laid[stray].strip())):
            heading = " ".join(self.headings[stray].split())
            raise CellError(
                f"column {heading!r} holds more than one value, {laid[stray].strip()[:60]!r}: the row is shifted"
            )
        return laid


def _heading(table: Table, column: int) -> str:
    return " ".join(table.headings[column].split())[:80]


def _layout_kind(role: str | None, kind: str | None) -> str:
    if role == "priority":
        return "integer"
    return kind if kind in ("amount", "percent", "date", "code") else "text"


def _known(table: Table, mapping: Mapping, places: dict[int, str]) -> dict[int, frozenset[str]]:
    """Values that columns may hold: by the mapping, for Finnish authorities by the registry; of a short table those in it."""
    known = {role: frozenset(values) for role, values in mapping.lists.items()}
    if mapping.country == "FI":
        bodies = Registry.load().organisations.values()
        known["authority"] = frozenset(name for body in bodies if body.type in _AUTHORITIES for name in body.names)
    said = "" if table.sampled else "\n".join(row.words for row in table.sample)
    there = {n: known[role] for n, role in places.items() if role in known}
    return {n: frozenset(v for v in vs if not said or " ".join(v.split()) in said) for n, vs in there.items()}


def _number_forms(
    table: Table, mapping: Mapping, kinds: dict[int, str], columns: dict[int, list[str]], notes: list[str]
) -> dict[int, NumberForm]:
    forms: dict[int, NumberForm] = {}
    fixed = mapping.forms.get("decimal")
    numeric = [n for n, kind in kinds.items() if kind in ("amount", "percent")]
    # columns of one table write their numbers alike: one that shows no decimals is read like the others
    signs = {n: count_signs(columns[n]) for n in numeric}
    shared = number_form(sum((signs[n] for n in numeric if kinds[n] == "amount"), Counter()))
    for n in numeric:
        form = NumberForm(fixed) if fixed else number_form(signs[n])
        if form is None:
            raise SourceError(
                table.identifier,
                f'the numbers of column {_heading(table, n)!r} are written in two ways; say in the mapping: decimal = ","',
            )
        forms[n] = form if fixed or (form.sure and signs[n]) or shared is None else shared
        if not forms[n].sure and kinds[n] == "amount":
            example = next(v for v in columns[n] if re.search(r"\d[.,]\d{3}", v))
            other = "," if forms[n].decimal == "." else "."
            notes.append(
                f"numbers like {example.strip()!r} in column {_heading(table, n)!r} may be thousands or have three decimals: "
                f'taken as thousands (decimal = "{forms[n].decimal}"; if not so, say decimal = "{other}")'
            )
    return forms


def _date_forms(
    table: Table,
    mapping: Mapping,
    kinds: dict[int, str],
    columns: dict[int, list[str]],
    language: str,
    notes: list[str],
) -> dict[int, DateForm]:
    dated = [n for n, kind in kinds.items() if kind == "date"]
    fixed = mapping.forms.get("dates")
    together = date_form(value for n in dated for value in columns[n])
    forms: dict[int, DateForm] = {}
    for n in dated:
        form = DateForm(fixed) if fixed else together or date_form(columns[n])
        if form is None:
            raise SourceError(
                table.identifier,
                f'the dates of column {_heading(table, n)!r} follow no one order; say in the mapping: dates = "dmy"',
            )
        forms[n] = DateForm(form.order, language, form.sure)
    unsure = [n for n in dated if not forms[n].sure and any(re.search(r"\d", value) for value in columns[n])]
    if unsure:
        example = next(value for value in columns[unsure[0]] if re.search(r"\d", value))
        notes.append(
            f"every date, like {example.strip()!r}, can be read day first and month first: day first is taken "
            '(dates = "dmy"; if not so, say dates = "mdy")'
        )
    return forms


def _scales(
    table: Table,
    mapping: Mapping,
    places: dict[int, str],
    columns: dict[int, list[str]],
    numbers: dict[int, NumberForm],
    notes: list[str],
) -> dict[int, int]:
    scales = {}
    apart = [unit for words in _said_apart(table) for unit in _units(words.strip("()[]. *")) if is_unit(unit.strip())]
    of_all = next((factor for unit in apart if (factor := _factor(unit)) > 1), 1)
    for column, role in places.items():
        if role.startswith("money."):
            unit = _unit(table.headings[column])
            factor = _factor(unit)
            if factor == 1 < of_all and role not in mapping.scale and not currency_of(unit):
                factor = of_all
                notes.append(
                    f"the amounts of column {_heading(table, column)!r} are taken times {factor:,}, as the words "
                    f"{apart[0]!r} stand by themselves above or below the rows"
                )
            if (
                factor > 1
                and role not in mapping.scale
                and _exceeds(columns[column], numbers[column], _LARGEST // factor)
            ):
                notes.append(
                    f"the amounts of column {_heading(table, column)!r} are too large for its unit: taken as they stand"
                )
                factor = 1
            scales[column] = mapping.scale.get(role, factor)
    return scales


def _said_apart(table: Table) -> list[str]:
    """The text that stands alone in a row, above the headings or among the rows: "All figures in £000s"."""
    lone = (cells[0] for row in table.sample if len(cells := [cell for cell in row.cells if cell.strip()]) == 1)
    return [text for text in (*table.titles, *lone) if len(text) < 200]


def _units(words: str) -> list[str]:
    """The possible unit at the end of some words; a number before it makes it an amount."""
    ends = [words[at.start() :] for _, said in SCALES for at in said.finditer(words)]
    return [_unit(words), *(end for end in ends if not words.removesuffix(end).rstrip()[-1:].isdigit())]


def _factor(unit: str) -> int:
    return next((factor for factor, pattern in SCALES if pattern.search(unit)), 1)


def _exceeds(values: Iterable[str], form: NumberForm, most: int) -> bool:
    return any(value > most for cell in values for value in read_amounts([cell], [0], {0: form}).values())


def _unit(heading: str) -> str:
    """Where a heading says its unit: in brackets, or behind its last comma, an ``in`` or the line break of a row of units."""
    bracketed = [one or other for one, other in re.findall(r"\(([^)]{0,200})\)|\[([^\]]{0,200})\]", heading)]
    tail = re.search(r"(?:[,:]| in | / |(?=[£€]\s?[mk]n?$))([^,()]*)$", heading.strip())
    return " ".join([*bracketed, tail[1] if tail else ""])


def _currencies(
    table: Table,
    mapping: Mapping,
    places: dict[int, str],
    columns: dict[int, list[str]],
    country: str | None,
    period: str | None,
    notes: list[str],
) -> dict[int, str]:
    """Of each column of money: what its heading says, the mapping, the format of its cells, its country."""
    money = [n for n, role in places.items() if role.startswith("money.")]
    about = next((c for title in table.titles if (c := currency_of(title, country, period))), None)
    shown_currencies, silent = {}, []
    for n in money:
        said = currency_of(table.headings[n], country, period) or mapping.currency or table.currencies.get(n) or about
        shown = said or next((c for value in columns[n][:200] if (c := currency_in(value, country, period))), None)
        if shown is None:
            silent.append(n)
        else:
            shown_currencies[n] = shown
    # a column that says nothing is in the currency of the columns beside it
    others = set(shown_currencies.values())
    assumed = others.pop() if len(others) == 1 else own_currency(country, period) or "EUR"
    shown_currencies |= dict.fromkeys(silent, assumed)
    if (
        silent
        and len(silent) == len(money)
        and "currency" not in places.values()
        and (assumed != "EUR" or country is None)
    ):
        whose = f"that of {country}" if country else "since no country is known either"
        notes.append(f'no heading or amount says its currency: {assumed} is taken, {whose} (currency = "{assumed}")')
    return shown_currencies


def _only_country(places: dict[int, str], columns: dict[int, list[str]]) -> str | None:
    """The state all rows are of, where a column names it."""
    named = {
        country_of(value) for n, role in places.items() if role == "country" for value in columns[n] if value.strip()
    }
    return named.pop() if len(named) == 1 else None


def _rates(
    table: Table, mapping: Mapping, kinds: dict[int, str], columns: dict[int, list[str]], notes: list[str]
) -> tuple[frozenset[int], frozenset[int]]:
    """Columns of rates that are shares of 1, and those of which that cannot be said."""
    fixed = mapping.forms.get("rates")
    rates = [n for n, kind in kinds.items() if kind == "percent"]
    if fixed:
        return frozenset(rates if fixed == "share" else ()), frozenset()
    shares = frozenset(n for n in rates if _shares(columns[n]))
    unclear = frozenset(n for n in rates if n not in shares and _ones(columns[n]))
    notes += [
        f"column {_heading(table, n)!r} holds nothing but 1 (and 0): a hundredth or all? Its rates are not taken "
        '(say rates = "share" or rates = "percent")'
        for n in sorted(unclear)
    ]
    return shares, unclear


def _shares(values: Iterable[str]) -> bool:
    """Whether a column of rates holds shares of 1: none above it, and decimals among them."""
    plain = [v.replace(",", ".").strip() for v in values if v.strip() and not isinstance(v, Number)]
    numbers = [float(v) for v in plain if re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", v)]
    return bool(numbers) and max(numbers) <= 1 and any(0 < n < 1 for n in numbers) and len(numbers) == len(plain)


def _ones(values: Iterable[str]) -> bool:
    plain = {v.replace(",", ".").strip().rstrip("0").rstrip(".") for v in values if not blank(v)}
    return "1" in plain and plain <= {"1", ""}


def _wholes(
    table: Table,
    mapping: Mapping,
    places: dict[int, str],
    rows: Sequence[Sequence[str]],
    notes: list[str],
) -> frozenset[int]:
    """Columns of money that say the project's own amount in each of its rows: by the mapping, else by equal amounts in the rows
    of one code."""
    money = {n: role for n, role in places.items() if role.startswith("money.")}
    if mapping.of:
        return frozenset(n for n, role in money.items() if mapping.whose(role) == "project")
    codes = [n for n, role in places.items() if role == "code"]
    if not codes or "group_code" in places.values() or mapping.repeats == "reject":
        return frozenset()
    by_code: dict[str, dict[tuple[str, ...], None]] = defaultdict(dict)
    for row in rows:
        if codes[0] < len(row) and row[codes[0]].strip():
            by_code[row[codes[0]].strip()][tuple(row)] = None
    several = [list(one) for one in by_code.values() if len(one) > 1]
    wholes = set()
    for n in money:
        same = different = 0
        for parts in several:
            stated = [row[n] for row in parts if n < len(row) and not blank(row[n])]
            if len(stated) > 1 and any(re.search(r"[1-9]", value) for value in stated):
                same += len(set(stated)) == 1
                different += len(set(stated)) > 1
        if not same + different:
            continue
        whole = same * 10 >= (same + different) * 8
        if whole:
            wholes.add(n)
        kind, other = ("project", "beneficiary") if whole else ("beneficiary", "project")
        why = f"in {same} of {same + different} codes with several rows all rows have the same amount"
        counted = "the project's own, counted once" if whole else "those of each row, added up"
        notes.append(
            f"column {_heading(table, n)!r}: {why}; its amounts are taken as {counted} "
            f'(of = "{kind}"; if not so, say of = "{other}")'
        )
    return frozenset(wholes)


def _totals(table: Table, kinds: dict[int, str], numbers: dict[int, NumberForm]) -> frozenset[int]:
    """Rows that only add others up: those above them back to the last such row or to the first, or those below them to
    the next such row or to the last.

    Only a row that begins or ends with the word for a total, or leaves most cells empty, is tried.
    """
    money = [n for n, kind in kinds.items() if kind == "amount"]
    rows = [(row.first, read_amounts(row.cells, money, numbers), _sparse(row.cells)) for row in table.sample]
    usual = sorted(filled for _, _, (filled, _) in rows)[len(rows) // 2] if rows else 0
    tried = {at for at, (_, amounts, (filled, said)) in enumerate(rows) if amounts and (said or filled * 5 < usual * 3)}
    # sums over the ordinary rows before each row, and how many there are with an amount
    before: list[tuple[dict[int, Decimal], int]] = [(dict.fromkeys(money, Decimal(0)), 0)]
    for at, (_, amounts, _) in enumerate(rows):
        sums, count = before[-1]
        if amounts and at not in tried:
            sums, count = sums | {n: sums[n] + value for n, value in amounts.items()}, count + 1
        before.append((sums, count))
    totals: set[int] = set()
    since = 0
    for at, end in pairwise([*sorted(tried), len(rows)]):
        first, amounts, (filled, said) = rows[at]
        for start, stop in ((since, at), (0, at), (at + 1, end), (at + 1, len(rows))):
            (sums, count), (earlier, fewer) = before[stop], before[start]
            equal = all(abs(sums[n] - earlier[n] - value) <= _CENT for n, value in amounts.items())
            # one row of the same amount proves nothing of a row that is as full as any
            if equal and count - fewer > (not said or filled * 5 >= usual * 3):
                totals.add(first)
                since = at
                break
    return frozenset(totals)


def _last_amount(table: Table, kinds: dict[int, str], numbers: dict[int, NumberForm]) -> int | None:
    money = [n for n, kind in kinds.items() if kind == "amount"]
    return next((row.first for row in reversed(table.sample) if read_amounts(row.cells, money, numbers)), None)


def _numbered(places: dict[int, str], columns: dict[int, list[str]]) -> bool:
    codes = [value for n, role in places.items() if role == "code" for value in columns[n] if not blank(value)]
    return bool(codes) and sum(bool(re.search(r"\d", code)) for code in codes) * 10 >= 9 * len(codes)


def _sparse(cells: Sequence[str]) -> tuple[int, bool]:
    """How many cells of a row are filled, and whether its first begins or ends with the word for a total."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled), bool(filled) and (begins_total(filled[0]) or ends_total(filled[0]))


_LARGEST = 10**12
"""No operation of the funds costs as much, in any currency."""
_CENT = Decimal("0.01")
PERSONAL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.\w|\(at\)\w")


def _private(places: dict[int, str], columns: dict[int, list[str]]) -> frozenset[int]:
    """Columns that name or address persons: by their heading, or because addresses stand in them."""
    private = {n for n, role in places.items() if kind_of(role) == "private"}
    for n, values in columns.items():
        filled = [value for value in values if value.strip()]
        # a summary may mention an address; a column of contacts has one in most of its cells
        if filled and sum(bool(PERSONAL.search(value)) for value in filled) * 5 > len(filled):
            private.add(n)
    return frozenset(private)
