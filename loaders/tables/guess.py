"""A first guess of the mapping of a list nobody has described yet: headings by the lexicon, checked against the values below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from loaders.errors import SourceError
from loaders.names.text import slug
from loaders.tables import Table, open_table
from loaders.tables.countries import country_of
from loaders.tables.dates import DateForm, date, date_form
from loaders.tables.forms import CellError, NumberForm, amount, blank, currency_of, number_form, rate
from loaders.tables.funds import fund_of, period_of
from loaders.tables.headings import roles
from loaders.tables.languages import language_of
from loaders.tables.mapping import Mapping, choose, from_dict, kind_of

_SAMPLE = 500
_SEVERAL = ("private", "ignore", "updated")
_ENOUGH = 0.55
_CODE = re.compile(r"[^\W\d_].*\d|\d.*[^\W\d_]|\d[-/.]\d")
_OWN_CURRENCY = {
    "BG": "BGN", "CZ": "CZK", "DK": "DKK", "GB": "GBP", "HR": "HRK", "HU": "HUF", "PL": "PLN", "RO": "RON", "SE": "SEK",
}  # fmt: skip
"""Member states outside the euro: their lists are in their own money unless a heading or the amounts say otherwise."""
_EURO_SINCE = {"HR": "2021-2027"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping and what the guess is unsure of, as TOML that ``load --mapping`` takes."""

    mapping: Mapping
    text: str
    doubts: tuple[str, ...]


def guess(path: Path, identifier: str | None = None) -> Proposal:
    """Propose a mapping for a table; SourceError where it is no table or no column reads like a project's name."""
    table = open_table(path, identifier)
    columns = [[r.cells[n] for r in table.sample[:_SAMPLE] if n < len(r.cells)] for n in range(len(table.headings))]
    places = _assign(table, columns)
    if not {"name", "name_en"} & set(places.values()):
        known = (
            ", ".join(f"{' '.join(table.headings[n].split())!r} = {role}" for n, role in sorted(places.items()))
            or "none"
        )
        raise SourceError(
            table.identifier, f"no column reads like the names of projects (understood: {known})", table.heading_row
        )
    about = " ".join([table.path.stem, *table.titles])
    head = _head(table, columns, places, about)
    text, doubts = _write(table, columns, places, head)
    return Proposal(from_dict({**head, "columns": _columns(table, places)}, str(head["id"])), text, doubts)


def _assign(table: Table, columns: list[list[str]]) -> dict[int, str]:
    """Column → role: the best pairs first, each column and each role once."""
    offers = []
    for n, heading in enumerate(table.headings):
        for score, term in roles(heading)[:6]:
            suits = 0.0 if term.role == "code" and _numbered(columns[n]) else _suits(term.kind, columns[n])
            if score * suits >= _ENOUGH:
                offers.append((score * suits, -n, term.role))
    places: dict[int, str] = {}
    for _, n, role in sorted(offers, reverse=True):
        if -n not in places and (role not in places.values() or role in _SEVERAL):
            places[-n] = role
    code = _telling(columns, places) if "code" not in places.values() else None
    if code is not None:
        places[code] = "code"
    return {n: "ignore" if role == "updated" else role for n, role in sorted(places.items())}


def _numbered(values: list[str]) -> bool:
    """Whether a column only counts the rows, from 1 or nearly so."""
    filled = [value.strip().rstrip(".") for value in values if value.strip()]
    if not filled or not filled[0].isdecimal() or int(filled[0]) > 2:
        return False
    steps = [int(b) - int(a) for a, b in pairwise(filled) if a.isdecimal() and b.isdecimal()]
    return len(filled) > 2 and len(steps) * 10 >= (len(filled) - 1) * 9 and steps.count(1) * 10 >= len(steps) * 9


def _telling(columns: list[list[str]], places: dict[int, str]) -> int | None:
    """The first column of an unknown heading that tells all rows apart, by short words of letters and digits."""
    for n, values in enumerate(columns):
        filled = [value.strip() for value in values if value.strip()]
        telling = n not in places and len(filled) == len(values) == len(set(filled)) > 2
        if telling and all(len(v) <= 40 and " " not in v and _CODE.search(v) for v in filled):
            return n
    return None


def _suits(kind: str, values: list[str]) -> float:
    """How well values are of a kind: the share of those that can be read as one."""
    filled = [value for value in values if not blank(value)]
    if not filled or kind in ("text", "private", "ignore"):
        return 1.0
    if kind == "date":
        dates = date_form(filled) or DateForm()
        return _share(filled, lambda value: bool(date(value, dates)))
    if kind == "code":
        return _share(filled, lambda value: len(value) <= 60 and value.count(" ") <= 3)
    numbers = number_form(filled) or NumberForm()
    read = (
        (lambda v: bool(rate(v, numbers) >= 0))
        if kind == "percent"
        else (lambda v: bool(amount(v, numbers).is_finite()))
    )
    return _share(filled, read)


def _share(values: list[str], read) -> float:  # type: ignore[no-untyped-def]
    good = 0
    for value in values:
        try:
            good += bool(read(value))
        except CellError:
            continue
    return good / len(values)


def _head(table: Table, columns: list[list[str]], places: dict[int, str], about: str) -> dict[str, object]:
    texts = [value for n, role in places.items() if role in ("name", "summary") for value in columns[n]]
    countries = Counter(
        c for n, role in places.items() if role == "country" for v in columns[n] if (c := country_of(v))
    )
    named = re.match(r"([A-Za-z]{2})(?=[-_ .])", table.path.stem)
    country = countries.most_common(1)[0][0] if countries else (country_of(named[1]) if named else None)
    language = language_of(texts, country)
    head: dict[str, object] = {
        "id": slug(table.path.stem),
        "title": (table.titles[0] if table.titles else table.path.stem)[:120],
    }
    has = set(places.values())
    facts = {"country": country, "language": language, "period": period_of(about), "fund": fund_of(about)}
    head |= {key: value for key, value in facts.items() if value and (key not in has or key == "country")}
    money = [table.headings[n] for n, role in places.items() if role.startswith("money.")]
    currency = next((found for heading in money if (found := _currency(heading))), None)
    if "currency" not in has:
        head["currency"] = currency or _own_currency(country, period_of(about))
    head["required"] = [role for role in ("code", "name", "beneficiary") if role in has]
    return head


def _own_currency(country: str | None, period: str | None) -> str:
    euro = country in _EURO_SINCE and (period or "") >= _EURO_SINCE[country]
    return "EUR" if euro else _OWN_CURRENCY.get(country or "", "EUR")


def _currency(heading: str) -> str | None:
    found = re.search(r"\b(EUR|PLN|CZK|HUF|SEK|DKK|RON|BGN|HRK|GBP)\b|(zł|Kč|£|€)", heading)
    return (found[1] or {"zł": "PLN", "Kč": "CZK", "£": "GBP", "€": "EUR"}[found[2]]) if found else None


def _columns(table: Table, places: dict[int, str]) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for n, role in places.items():
        columns.setdefault(role, []).append(" ".join(table.headings[n].split()))
    return columns


def _write(
    table: Table, columns: list[list[str]], places: dict[int, str], head: dict[str, object]
) -> tuple[str, tuple[str, ...]]:
    lines = [
        f"# A first guess for {table.path.name}: check each line, then load the list with --mapping and this file."
    ]
    lines += [f"{key} = {_toml(value)}" for key, value in head.items()]
    doubts = list(_doubts(table, columns, places, head))
    lines += [f"# {doubt}" for doubt in doubts]
    lines += ["", "[columns]"]
    for role, headings in _columns(table, places).items():
        n = next(n for n, name in places.items() if name == role)
        example = next((v for v in columns[n] if not blank(v)), "")
        shown = "" if kind_of(role) == "private" else f"  # {' '.join(example.split())[:60]}"
        lines.append(f"{_toml_key(role)} = {_toml(headings if len(headings) > 1 else headings[0])}{shown}")
    for n, heading in enumerate(table.headings):
        if n not in places and heading:
            doubts.append(f"column {' '.join(heading.split())!r} is not understood")
            lines.append(f"# not understood: {_toml(' '.join(heading.split()))}")
    forms = _forms(columns, places)
    if forms:
        lines += ["", "[forms]", *(f"{key} = {_toml(value)}" for key, value in forms.items())]
    return "\n".join(lines) + "\n", tuple(doubts)


def _doubts(table: Table, columns: list[list[str]], places: dict[int, str], head: dict[str, object]) -> Iterator[str]:
    """What whoever checks the proposal should look at first."""
    with suppress(SourceError):
        yield f"the shipped mapping {choose(table).identifier!r} suits this list: it loads without --mapping"
    for key in ("country", "period", "fund"):
        if key not in head and key not in places.values():
            yield f"{key} is not known: write it here if the list is of one"
    money = [n for n, role in places.items() if role.startswith("money.")]
    said = any(_currency(table.headings[n]) or any(map(currency_of, columns[n])) for n in money)
    if money and not said and head.get("currency", "EUR") != "EUR":
        yield f"no heading or amount says its currency: {head['currency']} is taken for {head['country']}"
    for n, role in places.items():
        if role == "code" and not any(term.role == "code" for _, term in roles(table.headings[n])):
            yield f"column {' '.join(table.headings[n].split())!r} is taken for the code, as it tells all rows apart"


def _forms(columns: list[list[str]], places: dict[int, str]) -> dict[str, str]:
    money = [value for n, role in places.items() if kind_of(role) == "amount" for value in columns[n]]
    dated = [value for n, role in places.items() if kind_of(role) == "date" for value in columns[n]]
    numbers, dates = number_form(money), date_form(dated)
    shown = any("," in value or "." in value for value in money)
    return ({"decimal": numbers.decimal} if numbers and shown else {}) | (
        {"dates": dates.order} if dates and dated else {}
    )


def _toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{key}"'


def _toml(value: object) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return f"[{', '.join(_toml(item) for item in value)}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in text) + '"'
