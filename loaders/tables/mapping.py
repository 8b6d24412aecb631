"""A mapping says what the columns of one kind of list mean: headings → roles, and what the list as a whole is of.

Mappings are TOML files in ``loaders/mappings``; a new list needs a mapping and no code. Forms of numbers and dates are found
from the column itself unless the mapping fixes them.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from loaders.data import read_toml
from loaders.errors import SourceError
from loaders.tables import Table
from loaders.tables.headings import LEXICON, fold, lexicon, variants

FOLDER = LEXICON.parent
_FORMS = ("decimal", "dates", "rates")
KINDS = {term.role: term.kind for term in lexicon()} | {"ignore": "ignore"}


def kind_of(role: str) -> str:
    """The kind of a role's values: code, text, date, amount, percent, private or ignore; KeyError for no such role."""
    return "amount" if role.startswith("money.") and role.count(".") == 2 else KINDS[role]


class Mapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"identifier": "id"}):
    """The mapping of one kind of list: the content of its file, where roles may be nested tables and a single heading a text."""

    columns: Dictionary[str, tuple[str, ...]]
    """Role → headings that name it; ``private`` columns (contacts, addresses) never leave the file."""
    identifier: str = ""
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
    keys: Literal["list", "country", "own"] = "list"
    """Where a code means one project: everywhere (``own``, Finland), in its country, or (the default) in its programme and
    period, which is the list itself where none is known."""
    of: Dictionary[str, Literal["project", "beneficiary"]] = {}
    """Whose the amounts are where a code has several rows: ``project`` (each row says the project's own, counted once) or
    ``beneficiary`` (each row its own part); by role of money, or one text for all. By default as the rows themselves show."""
    sheet: str | None = None
    """The one sheet of a workbook that is read; by default every sheet with headings."""
    repeats: Literal["parts", "reject"] = "parts"
    """Whether a second row of one code is a part of the same project or a mistake."""
    required: tuple[str, ...] = ("name",)
    values: Dictionary[str, Dictionary[str, str]] = {}
    """Role → printed value → the notation it means."""
    scale: Dictionary[str, int] = {}
    forms: Dictionary[str, str] = {}
    """``decimal``, ``dates`` and ``rates``: how numbers, dates and rates are written, where their columns do not show it."""
    lists: Dictionary[str, tuple[str, ...]] = {}
    """Role → the values its column holds, where they are few and known: they anchor rows with unquoted separators."""
    evidence: Dictionary[str, tuple[str, ...]] = {}
    """Role → values of which one must stand in the column: tells lists with the same headings apart."""
    reference_date: str | None = None

    def __post_init__(self) -> None:
        if not self.columns:
            raise ValueError('a mapping needs [columns]: role = ["heading", …]')
        for role in {*self.columns, *self.of} - {"*"}:
            if not _is_role(role):
                raise ValueError(f"no such role: {role!r}; roles: {', '.join(sorted(KINDS))}")

    def whose(self, role: str) -> str:
        """Whose the amounts of a role are: ``project`` or ``beneficiary``."""
        return self.of.get(role, self.of.get("*", "beneficiary"))

    def places(self, table: Table) -> dict[int, str]:
        """Column number → role, for the headings of a table; each role takes the first heading that names it, by its very words
        if there is one ("Cost" before "Cost (old)").
        """
        role_of = {fold(heading).text: role for role, headings in self.columns.items() for heading in headings}
        columns: dict[int, str] = {}
        for forms in (lambda heading: [fold(heading)], variants):
            for number, heading in enumerate(table.headings):
                role = next((role_of[form.text] for form in forms(heading) if form.text in role_of), None)
                if (
                    role
                    and number not in columns
                    and (role not in columns.values() or kind_of(role) in ("private", "ignore"))
                ):
                    columns[number] = role
        return dict(sorted(columns.items()))

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


def _is_role(role: str) -> bool:
    return role in KINDS or (role.startswith("money.") and role.count(".") == 2)


def from_dict(data: dict[str, Any], name: str) -> Mapping:
    """A mapping from the content of its file; SourceError names what is wrong with it."""
    try:
        return msgspec.convert(_plain({"id": name, **data}), Mapping)
    except msgspec.ValidationError as error:
        raise SourceError(name, str(error)) from None


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """The content of a mapping file with whole names of roles, lists of headings, and its forms together."""
    plain = {key: value for key, value in data.items() if key not in _FORMS}
    for key in ("columns", "lists", "evidence", "scale", "of"):
        if key in plain:
            plain[key] = _roles({"*": plain[key]} if key == "of" and isinstance(plain[key], str) else plain[key])
    for key in {"columns", "lists", "evidence"} & plain.keys():
        if isinstance(plain[key], dict):
            plain[key] = {role: [value] if isinstance(value, str) else value for role, value in plain[key].items()}
    forms = {key: data[key] for key in _FORMS if key in data}
    return plain | {"forms": data.get("forms", {}) | forms} if forms else plain


def _roles(tables: Any) -> Any:
    """Roles with dots in their names may be written as nested tables."""
    if not isinstance(tables, dict):
        return tables
    flat: dict[str, Any] = {}
    for role, value in tables.items():
        if isinstance(value, dict):
            flat.update({f"{role}.{rest}": inner for rest, inner in _roles(value).items()})
        else:
            flat[role] = value
    return flat


def load(path: Path) -> Mapping:
    """A mapping file."""
    return read_toml(path, Mapping, lambda content: _plain({"id": path.stem, **content}))


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
