"""Rows of a list to entries: each cell by its role and form; a row that cannot be read exactly is left out, with its reason."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from itertools import zip_longest
from urllib.parse import quote

from loaders.coverage_report import LEFT_OUT, NOT_UNDERSTOOD
from loaders.errors import SourceError
from loaders.names.text import slug
from loaders.tables import Record
from loaders.tables.dates import date
from loaders.tables.encoding import mend
from loaders.tables.entry import REMARK, Amount, Entry, UnreadRow
from loaders.tables.forms import CellError, amount, blank, currency_in, rate
from loaders.tables.funds import begins_total, fund_of, period_of, total_words, words
from loaders.tables.headings import fold, like_headings, recognised, roles
from loaders.tables.mapping import kind_of
from loaders.tables.plan import NAMING, PERSONAL, Plan
from loaders.tables.states import business_id, country_of, is_nobody
from loaders.tables.workbook import Formula, Merged

_SMALL_WORDS = "in|of|the|der|die|des|de|du|la|le|eur|euro|all|for|für|aller|period|general|générale?"
_SMALL_TAIL = rf"(?:[\s:.,;/()€-]|\d|\b(?:{_SMALL_WORDS})\b)*"
_DIGITS_ONLY = re.compile(r"[\d\s.,/%€-]*")
_DIGIT = re.compile(r"\d")
_SUM = re.compile(r"\s*\d{3,}(?:[.,]\d{1,2})?\s*")
_CCI = re.compile(r"\d{4}[A-Za-z]{2}")
_IDENTITY = ("code", "group_code", "name", "name_en", "programme", "fund", "priority", "period", "country")
_DESTROYED = re.compile(r"\d(?:[.,]\d+)?E[+-]?\d+", re.IGNORECASE)
"""A long number as a spreadsheet shows it: its last digits are gone."""
_NAMING = ("fund", "period", "name", "name_en", "beneficiary", "start", "end", "region", "place")
"""What tells two projects of a list without codes apart."""
_ONE = Decimal(1)
_WORDS = 200
_TEXT_LIMIT = 20_000


@dataclass(slots=True)
class Reader:
    """Reads the rows of one table by its plan. ``remarks`` collects values that were left while their row was read."""

    plan: Plan
    remarks: list[UnreadRow] = field(default_factory=list)

    def read(self, record: Record) -> Entry | UnreadRow:
        """One row."""
        remarked = len(self.remarks)
        try:
            cells = self.plan.cells(record)
            if reason := self._no_row(record, cells):
                return self._left(record, reason, LEFT_OUT)
            return self._entry(record, cells)
        except CellError as error:
            del self.remarks[remarked:]
            if _say_headings(record.cells):
                return self._left(record, "the headings again", LEFT_OUT)
            return self._left(record, str(error))

    def _left(self, record: Record, reason: str, state: str = NOT_UNDERSTOOD) -> UnreadRow:
        """A row left out; its money is said where its cells stand where they should."""
        # where cells stand in the wrong columns, the column of a person's name is not known
        shifted = self.plan.private and len(record.cells) != self.plan.columns
        words = "" if shifted else self._words(record, record.cells)[:_WORDS]
        money = "" if len(record.cells) > self.plan.columns else self._largest(record.cells)
        return UnreadRow(self.plan.list_id, record.first, reason, words, state, money)

    def _largest(self, cells: list[str]) -> str:
        """The largest amount of a row that can be read."""
        amounts: list[tuple[Decimal, str]] = []
        for column, form in self.plan.numbers.items():
            if column in self.plan.currencies and column < len(cells) and not blank(cells[column]):
                try:
                    value = amount(cells[column], form) * self.plan.scales.get(column, 1)
                except CellError:
                    continue
                amounts.append((value, self.plan.currencies[column]))
        return "{} {}".format(*max(amounts)) if amounts else ""

    def _words(self, record: Record, cells: list[str]) -> str:
        """The words of the row, without what names or addresses a person."""
        if not self.plan.private and "@" not in record.words and "(at)" not in record.words:
            return record.words
        shown = [c for n, c in enumerate(cells) if n not in self.plan.private and not PERSONAL.search(c)]
        return " | ".join(" ".join(cell.split()) for cell in shown if cell.strip())

    def _no_row(self, record: Record, cells: list[str]) -> str | None:
        """Why a row is no project but a heading said again, a total or a note."""
        filled = [said for cell in cells if (said := cell.strip()) and not isinstance(cell, Merged)]
        if not filled:
            return "empty"
        # from the right: the first columns hold codes and names that are seen once, the others words that are folded already
        headings = list(zip(cells[:4], self.plan.folded_headings[:4], strict=False))[::-1]
        if len(filled) > 2 and all(fold(cell).text == heading for cell, heading in headings):
            return "the headings again"
        named = any(self._cell(cells, role) for role in ("name", "name_en", "beneficiary"))
        money = self.plan.money
        amounts = [n for n in money if not blank(cells[n])]
        own = any(not isinstance(cells[n], Merged) for n in amounts)
        if _is_total(filled[0]) and self._says_nothing_else(cells, ("beneficiary", "start", "end")):
            return "a total"
        if record.first in self.plan.totals or (
            begins_total(filled[0]) and self._says_nothing_else(cells, ("code", "beneficiary", "start", "end"), 2)
        ):
            return "a total"
        if not named and not self._cell(cells, "code"):
            return "a total" if amounts else "a note"
        if len(filled) <= 2 < len(cells) and (_is_note(filled[0]) or (len(filled) == 1 and not own)):
            return "a note"
        below = self.plan.end is not None and record.first > self.plan.end and not amounts
        if below and (len(filled) <= 2 or record.head is not None):
            return "a note below the last amount"
        if len(filled) == 2 and len(cells) > 4 and not self._cell(cells, "code") and (money and not amounts):
            return "a note: neither a code nor an amount"
        return None

    def _says_nothing_else(self, cells: list[str], roles: tuple[str, ...], least: int = 0) -> bool:
        """Whether cells that tell one operation from another are all empty; ``least``: how many such columns there must be."""
        telling = [n for role in roles if (n := self.plan.at(role)) is not None]
        return len(telling) >= least and all(blank(cells[n]) or begins_total(cells[n]) for n in telling)

    def _cell(self, cells: list[str], role: str) -> str:
        column = self.plan.at(role)
        return "" if column is None or blank(cells[column]) else cells[column]

    def _entry(self, record: Record, cells: list[str]) -> Entry:
        values: dict[str, str] = {}
        money: list[Amount] = []
        remarked = len(self.remarks)
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
        if not money and any("date not taken" in remark.reason for remark in self.remarks[remarked:]):
            # without an amount nothing shows that the other cells stand where they should
            raise CellError(self.remarks.pop().reason.removesuffix(": date not taken"))
        return self._checked(record, cells, values, tuple(money))

    def _heading(self, column: int) -> str:
        return " ".join(self.plan.headings[column].split())[:60]

    def _take(self, record: Record, column: int, role: str, kind: str, cell: str, values: dict[str, str]) -> None:
        if kind == "date":
            try:
                values[role] = date(cell, self.plan.dates[column])
            except CellError as error:
                if self.plan.aligner is not None and _SUM.fullmatch(cell):
                    # no quotes hold the cells of this table together: a sum where a date stands comes from another column
                    raise CellError(f"{error} in column {self._heading(column)!r}: the row is shifted") from None
                self._remark(record, f"{error} in column {self._heading(column)!r}: date not taken")
        elif column in self.plan.unclear_rates:
            return
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
            values[role] = _tidy(cell)[:_TEXT_LIMIT]

    def _remark(self, record: Record, reason: str) -> None:
        self.remarks.append(UnreadRow(self.plan.list_id, record.first, reason, state=REMARK))

    def _amount(self, record: Record, column: int, role: str, cell: str, currency: str | None) -> Amount:
        try:
            value = amount(cell, self.plan.numbers[column])
        except CellError as error:
            raise CellError(f"{error} in column {self._heading(column)!r}") from None
        if value < 0:
            self._remark(record, f"a negative amount, {cell.strip()[:40]!r}, in column {self._heading(column)!r}")
        _, phase, scope = role.split(".")
        factor, exponent = self.plan.scales.get(column, 1), int(value.as_tuple().exponent)
        unit = Decimal(1).scaleb(exponent) if exponent else _ONE
        printed = currency_in(cell, self.plan.country, self.plan.period) or currency
        return Amount(
            phase,
            scope,
            format(value * factor, "f"),
            printed or self.plan.currencies[column],
            format(unit * factor, "f"),
            " ".join(cell.split()),
            column in self.plan.wholes,
        )

    def _checked(self, record: Record, cells: list[str], values: dict[str, str], money: tuple[Amount, ...]) -> Entry:
        plan = self.plan
        code, group = values.pop("code", None), values.pop("group_code", None)
        if code and _DESTROYED.fullmatch(code):
            self._remark(record, f"the code {code!r} has lost digits in a spreadsheet: not taken")
            code = None
        elif code and self.plan.numbered and not re.search(r"\d", code):
            self._remark(record, f"{code[:20]!r} is no code like those of the other rows: not taken")
            code = None
        self._name(record, values, code)
        beneficiary = values.get("beneficiary")
        if beneficiary and is_nobody(beneficiary):
            del values["beneficiary"]
        elif beneficiary and _DIGITS_ONLY.fullmatch(beneficiary):
            raise CellError(f"the name of the implementer is a number, {beneficiary!r}: the row is shifted")
        if plan.at("code") is not None and not code and not group:
            if "code" in plan.mapping.required or not money:
                raise CellError("no code of a project")
            self._remark(record, "no code of a project: the row counts as a project of its own")
        self._context(values)
        if record.block:
            values["block"] = record.block
        key = self._key(code, group, values, record.head)
        words = self._words(record, cells)
        return Entry(
            key,
            plan.list_id,
            record.first,
            record.last,
            words,
            record.sheet,
            code,
            group,
            values,
            money,
            record.head is not None,
        )

    def _name(self, record: Record, values: dict[str, str], code: str | None) -> None:
        """An operation without a name is named by its purpose or code, else by its beneficiary."""
        if "name" in values or "name_en" in values:
            return
        named = [role for role in ("name", "name_en") if self.plan.at(role) is not None]
        if named and ("name" in self.plan.mapping.required or self.plan.aligner is not None):
            raise CellError("no name of a project")
        name = values.get("summary") or values.get("summary_en") or code or values.get("beneficiary")
        if not name or is_nobody(name):
            raise CellError("no name, purpose or code of a project")
        values["name"] = name[:_WORDS]
        if named:
            self._remark(record, f"no name of a project: {values['name'][:40]!r} is taken")

    def _context(self, values: dict[str, str]) -> None:
        """Fund, period and country: of the row, else of the list."""
        plan = self.plan
        printed = values.get("fund")
        programme = values.get("programme", "")
        known = plan.mapping.values.get("fund", {})
        listed = plan.mapping.fund or fund_of(programme) or plan.fund
        fund = known.get(printed or "") or (fund_of(printed) if printed else listed)
        period = period_of(values.get("period", "")) or plan.mapping.period or period_of(programme) or plan.period
        if fund == "ESR" and period == "2021-2027":
            fund = "ESR+"
        country = country_of(values.get("country", "")) or plan.country
        for role, value in (("fund", fund), ("period", period), ("country", country)):
            if value:
                values[role] = value
            elif role != "fund":
                values.pop(role, None)

    def _key(self, code: str | None, group: str | None, values: dict[str, str], head: list[str] | None) -> str:
        """Key of the project's IRI: its code within its country, programme and period; without a code, its words."""
        own = group or code
        country = values.get("country", "").lower()
        keys = "own" if country == "fi" and self.plan.mapping.keys == "list" else self.plan.mapping.keys
        safe = quote(own, safe="-._~+():") if own else ""
        if own and keys == "own":
            return safe
        whose = country or "eu"
        if keys == "country" and own:
            return f"{whose}-{safe}"
        programme = values.get("programme_code") or self.plan.mapping.programme or values.get("programme")
        # a list of no known programme is a world of its own: another list may use the same codes
        # a CCI code is of one period
        period = None if _CCI.match(programme or "") else values.get("period")
        within = "-".join(filter(None, (whose, period, slug(programme or self.plan.list_id)[:60])))
        if own:
            return f"{within}-{safe}"
        said = self._of_head(head) if head is not None else values
        digest = hashlib.sha256("\x1f".join(said.get(role, "") for role in _NAMING).encode()).hexdigest()[:10]
        name = slug(said.get("name") or said.get("name_en") or values["name"])[:60].strip("-")
        return f"{within}-{name}-{digest}"

    def _of_head(self, head: list[str]) -> dict[str, str]:
        """The values of the row before, which name the project of a row that leaves its name out."""
        values: dict[str, str] = {}
        aside = Record(0, 0, head, "")
        noted, self.remarks = self.remarks, []
        for column, role, kind in self.plan.read:
            if kind != "amount" and column < len(head) and not blank(head[column]):
                self._take(aside, column, role, kind, head[column], values)
        if is_nobody(values.get("beneficiary", "x")):
            values.pop("beneficiary", None)
        values.pop("code", None)
        self._name(aside, values, None)
        self._context(values)
        self.remarks = noted
        return values


def _tidy(text: str) -> str:
    """A text cell as one line, its mojibake undone."""
    line = " ".join(text.split())
    return line if line.isascii() else mend(line)


@lru_cache(maxsize=4096)
def _is_total(cell: str) -> bool:
    """Whether a cell is the word for a total and no more than small words and numbers with it."""
    return begins_total(cell) and bool(re.fullmatch(total_words() + _SMALL_TAIL, cell.strip(), re.IGNORECASE))


@lru_cache(maxsize=1)
def _notes() -> re.Pattern[str]:
    said = "|".join(sorted((re.escape(word) for word in words()["notes"]), key=len, reverse=True))
    return re.compile(rf"\*|\(?\d\)|(?:{said})\b", re.IGNORECASE)


def _say_headings(cells: list[str]) -> bool:
    """Whether a row says the headings in another language."""
    return like_headings(cells) and recognised(cells) * 2 > sum(bool(cell.strip()) for cell in cells)


def _is_note(cell: str) -> bool:
    return bool(_notes().match(cell.strip()))


def logical(plan: Plan, records: Iterator[Record]) -> Iterator[Record]:
    """Rows with what belongs to them: a row that only goes on the text of the one before joins it; one that leaves the name of
    its project out takes it from the one before."""
    previous: Record | None = None
    block = ""
    for record in _in_order(plan, records):
        block = _block(plan, record) or block
        record = record._replace(block=block) if block else record
        joined = _continued(plan, previous, record) if previous is not None else None
        if joined is not None and joined.first != record.first:
            previous = joined
            continue
        if previous is not None:
            yield previous
        previous = joined or record
    if previous is not None:
        yield previous


def _block(plan: Plan, record: Record) -> str:
    """The words of a row that holds no more than a heading of the rows below, where their names or codes stand."""
    filled = [n for n, cell in enumerate(record.cells) if cell.strip() and not isinstance(cell, Merged)]
    if len(filled) != 1 or plan.columns < 4 or plan.places.get(filled[0]) not in NAMING:
        return ""
    said = record.cells[filled[0]].strip()
    return "" if _DIGITS_ONLY.fullmatch(said) or begins_total(said) or _is_note(said) else said[:_WORDS]


def _in_order(plan: Plan, records: Iterator[Record]) -> Iterator[Record]:
    """Rows in the order of the plan's columns, where the headings are said again in another order.

    Raises SourceError where other headings follow that give amounts other meanings.
    """
    money = {n: plan.places[n] for n in plan.money}
    order: list[int] | None = None
    for record in records:
        cells = record.cells
        if any(n < len(cells) and cells[n].strip() and not _DIGIT.search(cells[n]) for n in money):
            order = _order(plan, cells, money, record.first, order)
        if order is not None:
            laid = [cells[n] if n < len(cells) else "" for n in order]
            record = record._replace(cells=[*laid, *cells[len(order) :]])
        yield record


def _order(plan: Plan, cells: list[str], money: dict[int, str], row: int, before: list[int] | None) -> list[int] | None:
    """Where the plan's columns stand from a row on that may say the headings again: None where they stand as before."""
    if not _say_headings(cells):
        return before
    said = [fold(cell).text for cell in cells]
    if all(one == other for one, other in zip_longest(said, plan.folded_headings, fillvalue="")):
        return None
    folded = {text: n for n, text in enumerate(said) if text}
    if sorted(folded) == sorted(filter(None, plan.folded_headings)):  # none of them twice
        return [folded.get(heading, n) for n, heading in enumerate(plan.folded_headings)]
    for n, role in money.items():
        heading_roles = {term.role for score, term in roles(cells[n])[:1]} if n < len(cells) else set()
        if heading_roles and heading_roles != {role} and heading_roles <= set(plan.places.values()):
            raise SourceError(
                plan.list_id,
                f"other headings than those at the top stand above the rows that follow ({cells[n].strip()[:60]!r} where "
                f"{plan.headings[n][:60]!r} stood): put the two tables into files of their own",
                row,
            )
    return before


def _continued(plan: Plan, previous: Record, record: Record) -> Record | None:
    """The previous row with this one's text, this one with the previous one's project, or None where this one stands alone."""
    columns = [plan.at(role) for role in ("code", "name")]
    named = [column for column in columns if column is not None]
    cells = record.cells
    if not named or len(cells) > plan.columns or any(c < len(cells) and cells[c].strip() for c in named):
        return None
    if len(previous.cells) > plan.columns:
        return None
    filled = {n: cell for n, cell in enumerate(cells) if cell.strip()}
    kinds = {n: kind_of(plan.places[n]) if n in plan.places else "text" for n in filled}
    if not filled or begins_total(next(iter(filled.values()))) or _is_note(next(iter(filled.values()))):
        return None
    if _say_headings(previous.cells):
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
    return previous._replace(last=record.last, cells=cells, words=f"{previous.words} {record.words}")


def _inherited(plan: Plan, previous: Record, record: Record) -> Record:
    cells = [*record.cells, *[""] * (plan.columns - len(record.cells))]
    for role in _IDENTITY:
        column = plan.at(role)
        if column is not None and not cells[column].strip() and column < len(previous.cells):
            cells[column] = previous.cells[column]
    return record._replace(cells=cells, head=previous.head or previous.cells)
