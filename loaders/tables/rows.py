"""Rows of a list to entries: each cell by its role and form; a row that cannot be read exactly is left out, with its reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import quote

from loaders.names.text import slug
from loaders.tables import Record
from loaders.tables.countries import country_of
from loaders.tables.dates import date
from loaders.tables.entry import Amount, Entry, LeftOutRow, Remark
from loaders.tables.eura import business_id
from loaders.tables.forms import CellError, amount, blank, currency_of, rate
from loaders.tables.funds import fund_of, period_of
from loaders.tables.headings import fold
from loaders.tables.mapping import kind_of
from loaders.tables.plan import Plan, tidy
from loaders.tables.workbook import Formula, Merged

_TOTALS = re.compile(
    r"(grand |sub)?(total|totaux)\b|(zwischen|gesamt)?summe\b|gesamt\b|insgesamt\b|yhteensä\b|summa\b|välisumma\b|sammanlagt\b|"
    r"i alt\b|totaal\b|totale\b|"
    r"razem\b|suma\b|ogółem\b|celkem\b|spolu\b|ukupno\b|skupaj\b|összesen\b|общо\b|σύνολο\b|kokku\b|kopā\b|iš viso\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"\*|\(?\d\)|(note|source|quelle|stand|lähde|huom|källa|bron|źródło|uwaga|zdroj|fonte|fuente|fußnote|anmerkung)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"[\w.+-]+@[\w-]+\.\w|\(at\)\w")
_DIGITS_ONLY = re.compile(r"[\d\s.,/%€-]*")
_IDENTITY = ("code", "group_code", "name", "name_en", "programme", "fund", "priority", "period", "country")
_NAMING = ("fund", "period", "name", "name_en", "beneficiary", "start", "end", "region", "place")
"""What tells two projects of a list without codes apart."""
_WORDS = 200
_TEXT_LIMIT = 20_000


@dataclass(slots=True)
class Reader:
    """Reads the rows of one table by its plan. ``remarks`` collects values that were left while their row was read."""

    plan: Plan
    remarks: list[Remark] = field(default_factory=list)

    def read(self, record: Record) -> Entry | LeftOutRow:
        """One row."""
        try:
            cells = self.plan.cells(record)
            if reason := self._no_row(cells):
                return self._left(record, reason, rejected=False)
            return self._entry(record, cells)
        except CellError as error:
            return self._left(record, str(error))

    def _left(self, record: Record, reason: str, rejected: bool = True) -> LeftOutRow:
        # where cells stand in the wrong columns, the column of a person's name is not known
        shifted = self.plan.private and len(record.cells) != self.plan.columns
        words = "" if shifted else self._words(record, record.cells)[:_WORDS]
        return LeftOutRow(self.plan.list_id, record.first, record.first, record.last, reason, words, rejected)

    def _words(self, record: Record, cells: list[str]) -> str:
        """The words of the row, without what names or addresses a person."""
        if not self.plan.private and "@" not in record.words and "(at)" not in record.words:
            return record.words
        shown = [c for n, c in enumerate(cells) if n not in self.plan.private and not _PERSONAL.search(c)]
        return " | ".join(" ".join(cell.split()) for cell in shown if cell.strip())

    def _no_row(self, cells: list[str]) -> str | None:
        """Why a row is no project but a heading said again, a total or a note."""
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled:
            return "empty"
        headings = zip(cells[:4], self.plan.folded_headings[:4], strict=False)
        if len(filled) > 2 and all(fold(cell).text == heading for cell, heading in headings):
            return "the headings again"
        named = any(self._cell(cells, role) for role in ("name", "name_en", "beneficiary"))
        if _TOTALS.match(filled[0]) and (len(filled) * 2 < len(cells) or not self._cell(cells, "beneficiary")):
            return "a total"
        if not named and not self._cell(cells, "code"):
            amounts = any(self._cell(cells, role) for role in self.plan.places.values() if role.startswith("money."))
            return "a total" if amounts else "a note"
        if len(filled) <= 2 < len(cells) and (_NOTE.match(filled[0]) or len(filled) == 1):
            return "a note"
        return None

    def _cell(self, cells: list[str], role: str) -> str:
        column = self.plan.at(role)
        return "" if column is None or blank(cells[column]) else cells[column]

    def _entry(self, record: Record, cells: list[str]) -> Entry:
        values: dict[str, str] = {}
        money: list[Amount] = []
        for column, role, kind in self.plan.read:
            cell = cells[column]
            if not cell or blank(cell):
                continue
            if isinstance(cell, Formula):
                raise CellError(f"a formula without a stored value in column {self._heading(column)!r}")
            if kind == "amount":
                if not isinstance(cell, Merged):
                    money.append(self._amount(record, column, role, cell, values.get("currency")))
            else:
                self._take(record, column, role, kind, cell, values)
        return self._checked(record, cells, values, tuple(money))

    def _heading(self, column: int) -> str:
        return " ".join(self.plan.headings[column].split())[:60]

    def _take(self, record: Record, column: int, role: str, kind: str, cell: str, values: dict[str, str]) -> None:
        if kind == "date":
            values[role] = self._date(column, cell)
        elif kind == "percent":
            try:
                share = rate(cell, self.plan.numbers[column]) * (100 if column in self.plan.shares else 1)
                values[role] = format(share.normalize(), "f")
            except CellError as error:
                self._remark(record, f"{error}: rate not taken")
        elif role == "business_id":
            checked = business_id(cell)
            if checked is None:
                self._remark(record, f"{cell.strip()[:20]!r} is no business id (its check digit is wrong): not taken")
            else:
                values[role] = checked
        else:
            values[role] = tidy(cell)[:_TEXT_LIMIT]

    def _remark(self, record: Record, reason: str) -> None:
        self.remarks.append(Remark(self.plan.list_id, record.first, record.first, reason))

    def _date(self, column: int, cell: str) -> str:
        try:
            return date(cell, self.plan.dates[column])
        except CellError as error:
            raise CellError(f"{error} in column {self._heading(column)!r}") from None

    def _amount(self, record: Record, column: int, role: str, cell: str, currency: str | None) -> Amount:
        try:
            value = amount(cell, self.plan.numbers[column])
        except CellError as error:
            raise CellError(f"{error} in column {self._heading(column)!r}") from None
        if value < 0:
            self._remark(record, f"a negative amount, {cell.strip()[:40]!r}, in column {self._heading(column)!r}")
        _, phase, scope = role.split(".")
        factor = self.plan.scales.get(column, 1)
        unit = Decimal(1).scaleb(int(value.as_tuple().exponent)) if value.as_tuple().exponent else Decimal(1)
        known = currency_of(cell) or currency or self.plan.currency
        return Amount(
            phase, scope, format(value * factor, "f"), known, format(unit * factor, "f"), " ".join(cell.split())
        )

    def _checked(self, record: Record, cells: list[str], values: dict[str, str], money: tuple[Amount, ...]) -> Entry:
        plan = self.plan
        name = values.get("name") or values.get("name_en")
        if not name:
            raise CellError("no name of a project")
        beneficiary = values.get("beneficiary")
        if beneficiary and _DIGITS_ONLY.fullmatch(beneficiary):
            raise CellError(f"the name of the implementer is a number, {beneficiary!r}: the row is shifted")
        code = values.pop("code", None)
        if plan.at("code") is not None and not code:
            raise CellError("no code of a project")
        group = values.pop("group_code", None)
        self._context(values)
        key = self._key(code, group, values)
        words = self._words(record, cells)
        return Entry(
            key, plan.list_id, record.first, record.first, record.last, words, record.sheet, code, group, values, money
        )

    def _context(self, values: dict[str, str]) -> None:
        """Fund, period and country: of the row, else of the list."""
        plan = self.plan
        printed = values.get("fund")
        known = plan.mapping.values.get("fund", {})
        fund = known.get(printed or "") or (fund_of(printed) if printed else plan.fund)
        period = period_of(values.get("period", "")) or plan.period
        if fund == "ESR" and period == "2021-2027":
            fund = "ESR+"
        country = country_of(values.get("country", "")) or plan.country
        for role, value in (("fund", fund), ("period", period), ("country", country)):
            if value:
                values[role] = value
            elif role != "fund":
                values.pop(role, None)

    def _key(self, code: str | None, group: str | None, values: dict[str, str]) -> str:
        own = group or code
        country = values.get("country", "").lower()
        if own:
            safe = quote(own, safe="-._~+():")
            return safe if self.plan.mapping.keys == "own" or country == "fi" else f"{country or 'eu'}-{safe}"
        parts = [values.get(role, "") for role in _NAMING]
        digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:10]
        return f"{country or 'eu'}-{slug(values.get('name') or values['name_en'])[:60].strip('-')}-{digest}"


def logical(plan: Plan, records: Iterator[Record]) -> Iterator[Record]:
    """Rows with what belongs to them: a row that only goes on the text of the one before joins it; one that leaves the name of
    its project out takes it from the one before."""
    previous: Record | None = None
    for record in records:
        joined = _continued(plan, previous, record) if previous is not None else None
        if joined is not None and joined.first != record.first:
            previous = joined
            continue
        if previous is not None:
            yield previous
        previous = joined or record
    if previous is not None:
        yield previous


def _continued(plan: Plan, previous: Record | None, record: Record) -> Record | None:
    """The previous row with this one's text, this one with the previous one's project, or None where this one stands alone."""
    columns = [plan.at(role) for role in ("code", "name")]
    named = [column for column in columns if column is not None]
    cells = record.cells
    if previous is None or len(cells) > plan.columns or any(c < len(cells) and cells[c].strip() for c in named):
        return None
    if len(previous.cells) > plan.columns:
        return None
    filled = {n: cell for n, cell in enumerate(cells) if cell.strip()}
    kinds = {n: kind_of(plan.places[n]) if n in plan.places else "text" for n in filled}
    if not filled or _TOTALS.match(next(iter(filled.values()))) or _NOTE.match(next(iter(filled.values()))):
        return None
    if set(kinds.values()) <= {"text", "private", "ignore"} and plan.at("beneficiary") not in filled:
        return (
            _appended(previous, record, filled)
            if any(len(previous.cells) > n and previous.cells[n] for n in filled)
            else None
        )
    if plan.at("beneficiary") in filled:
        return _inherited(plan, previous, record)
    return None


def _appended(previous: Record, record: Record, filled: dict[int, str]) -> Record:
    cells = [*previous.cells, *[""] * (max(filled) + 1 - len(previous.cells))]
    for n, cell in filled.items():
        cells[n] = f"{cells[n]} {cell}".strip()
    return Record(previous.first, record.last, cells, f"{previous.words} {record.words}", previous.sheet)


def _inherited(plan: Plan, previous: Record, record: Record) -> Record:
    cells = [*record.cells, *[""] * (plan.columns - len(record.cells))]
    for role in _IDENTITY:
        column = plan.at(role)
        if column is not None and not cells[column].strip() and column < len(previous.cells):
            cells[column] = previous.cells[column]
    return Record(record.first, record.last, cells, record.words, record.sheet)
