"""A mapping says what the columns of one kind of list mean: headings → roles, and what the list as a whole is of.

Mappings are TOML files in ``loaders/mappings``; a new list needs a mapping and no code. Forms of numbers and dates are found
from the column itself unless the mapping fixes them.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from loaders.errors import SourceError
from loaders.schema import MappingFile, read_toml
from loaders.tables import Table
from loaders.tables.headings import LEXICON, fold, lexicon, variants

FOLDER = LEXICON.parent
_HEAD = frozenset(
    {
        "id", "title", "publisher", "country", "language", "period", "programme", "fund", "currency", "keys", "repeats",
        "required", "columns", "values", "scale", "forms", "lists", "evidence", "decimal", "dates", "rates", "reference_date",
        "of", "sheet",
    }
)  # fmt: skip
KINDS = {term.role: term.kind for term in lexicon()} | {"ignore": "ignore"}


def kind_of(role: str) -> str:
    """What a column of this role holds: code, text, date, amount, percent, private or ignore; KeyError for no such role."""
    return "amount" if role.startswith("money.") and role.count(".") == 2 else KINDS[role]


@dataclass(frozen=True, slots=True)
class Mapping:
    """What one kind of list means."""

    identifier: str
    columns: Dictionary[str, tuple[str, ...]]
    """Role → headings that name it; ``private`` columns (contacts, addresses) never leave the file."""
    title: str = ""
    publisher: str | None = None
    country: str | None = None
    language: str | None = None
    """Of the names of projects; told by the names themselves where a list may be in any language."""
    period: str | None = None
    programme: str | None = None
    fund: str | None = None
    currency: str | None = None
    """Of amounts whose column does not say it; by default the money of the country at the end of the period."""
    keys: Literal["own", "country", "list"] = "list"
    """Where a code means one project: everywhere (``own``, Finland), in its country, or (the default) in its programme and
    period, which is the list itself where none is known."""
    of: Dictionary[str, str] = field(default_factory=dict)
    """Whose the amounts are where a code has several rows: ``project`` (each row says the project's own, counted once) or
    ``beneficiary`` (each row its own part); by role of money, ``*`` for all. By default as the rows themselves show."""
    sheet: str | None = None
    """The one sheet of a workbook that is read; by default every sheet with headings."""
    repeats: Literal["parts", "reject"] = "parts"
    """What a second row of one code is: a part of the same project, or a mistake."""
    required: tuple[str, ...] = ("name",)
    values: Dictionary[str, Dictionary[str, str]] = field(default_factory=dict)
    """Role → printed value → the notation it means."""
    scale: Dictionary[str, int] = field(default_factory=dict)
    forms: Dictionary[str, str] = field(default_factory=dict)
    lists: Dictionary[str, tuple[str, ...]] = field(default_factory=dict)
    """Role → the values its column holds, where they are few and known: they anchor rows with unquoted separators."""
    evidence: Dictionary[str, tuple[str, ...]] = field(default_factory=dict)
    """Role → values of which one must stand in the column: tells lists with the same headings apart."""
    reference_date: str | None = None

    def whose(self, role: str) -> str:
        """Whose the amounts of a role are: ``project`` or ``beneficiary``."""
        return self.of.get(role, self.of.get("*", "beneficiary"))

    def places(self, table: Table) -> dict[int, str]:
        """Column number → role, for the headings of a table; each role takes the first heading that names it."""
        wanted = {fold(heading).text: role for role, headings in self.columns.items() for heading in headings}
        found: dict[int, str] = {}
        for number, heading in enumerate(table.headings):
            role = next((wanted[form.text] for form in variants(heading) if form.text in wanted), None)
            if role and (role not in found.values() or kind_of(role) in ("private", "ignore")):
                found[number] = role
        return found

    def fit(self, table: Table) -> float:
        """How well the mapping suits a table: the share of the table's headings it knows, 0 where it cannot be the one."""
        places = self.places(table)
        known = set(places.values())
        if not table.headings or not set(self.required) <= known or not self._evident(table, places):
            return 0.0
        return len(places) / len([h for h in table.headings if h])

    def _evident(self, table: Table, places: dict[int, str]) -> bool:
        for role, values in self.evidence.items():
            columns = [number for number, name in places.items() if name == role]
            seen = {fold(r.cells[c]).text for r in table.sample[:200] for c in columns if c < len(r.cells)}
            if not seen & {fold(value).text for value in values}:
                return False
        return True


def from_dict(data: dict[str, Any], name: str) -> Mapping:
    """A mapping from the content of its file; SourceError names what is wrong with it."""
    unknown = set(data) - _HEAD
    if unknown:
        raise SourceError(
            name, f"no such key in a mapping: {', '.join(sorted(unknown))}; known: {', '.join(sorted(_HEAD))}"
        )
    columns = data.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise SourceError(name, 'a mapping needs [columns]: role = ["heading", …]')
    flat = {role: (value,) if isinstance(value, str) else tuple(value) for role, value in _roles(columns).items()}
    for role in flat:
        try:
            kind_of(role)
        except KeyError:
            raise SourceError(name, f"no such role: {role!r}; roles: {', '.join(sorted(KINDS))}") from None
    return Mapping(
        identifier=str(data.get("id", name)),
        columns=flat,
        title=str(data.get("title", "")),
        publisher=data.get("publisher"),
        country=data.get("country"),
        language=data.get("language"),
        period=data.get("period"),
        programme=data.get("programme"),
        fund=data.get("fund"),
        currency=data.get("currency"),
        keys=_one_of(name, data, "keys", ("list", "country", "own")),
        of=_of(name, data),
        sheet=data.get("sheet"),
        repeats="reject" if data.get("repeats") == "reject" else "parts",
        required=tuple(data.get("required", ("name",))),
        values=data.get("values", {}),
        scale={role: int(factor) for role, factor in _roles(data.get("scale", {})).items()},
        forms={**data.get("forms", {}), **{k: data[k] for k in ("decimal", "dates", "rates") if k in data}},
        lists={role: tuple(values) for role, values in data.get("lists", {}).items()},
        evidence={role: tuple(values) for role, values in data.get("evidence", {}).items()},
        reference_date=data.get("reference_date"),
    )


def _one_of(name: str, data: dict[str, Any], key: str, allowed: tuple[Any, ...]) -> Any:
    value = data.get(key, allowed[0])
    if value not in allowed:
        raise SourceError(name, f"{key} is {value!r}, expected {' or '.join(map(repr, allowed))}")
    return value


def _of(name: str, data: dict[str, Any]) -> dict[str, str]:
    """``of = "project"`` for all amounts, or a table of roles."""
    said = data.get("of", {})
    flat = {"*": said} if isinstance(said, str) else _roles(said)
    for role, whose in flat.items():
        if whose not in ("project", "beneficiary"):
            raise SourceError(name, f"of is {whose!r}, expected 'project' or 'beneficiary'")
        if role != "*" and role not in KINDS:
            raise SourceError(name, f"no such role in [of]: {role!r}")
    return flat


def _roles(tables: dict[str, Any]) -> dict[str, Any]:
    """Roles with dots in their names may be written as nested tables."""
    flat: dict[str, Any] = {}
    for role, value in tables.items():
        if isinstance(value, dict):
            flat.update({f"{role}.{rest}": inner for rest, inner in _roles(value).items()})
        else:
            flat[role] = value
    return flat


def load(path: Path) -> Mapping:
    """A mapping file."""
    return from_dict(read_toml(path, MappingFile)[0], path.stem)


@lru_cache(maxsize=1)
def shipped() -> tuple[Mapping, ...]:
    """The mappings of this installation, by name."""
    return tuple(load(path) for path in files())


def files() -> list[Path]:
    """The mapping files of this installation, by name; the words of headings and cells lie beside them."""
    return [path for path in sorted(FOLDER.glob("*.toml")) if path.name not in ("headings.toml", "words.toml")]


def choose(table: Table) -> Mapping:
    """The shipped mapping that suits a table best; SourceError where none does."""
    ranked = sorted(((m.fit(table), m) for m in shipped()), key=lambda pair: (-pair[0], pair[1].identifier))
    if ranked and ranked[0][0] > 0.5:
        return ranked[0][1]
    nearest = max(shipped(), key=lambda m: len(m.places(table)), default=None)
    hint = f" (nearest: {nearest.identifier}, {len(nearest.places(table))} of its headings)" if nearest else ""
    raise SourceError(
        table.identifier,
        f"no mapping for these headings{hint}; propose one with: teemagraafi load {table.path.name} --guess",
        table.heading_row,
    )
