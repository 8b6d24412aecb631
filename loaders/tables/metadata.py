"""What a portal says of a table beside it, as a mapping: a Data Package (``datapackage.json``) or CSV on the Web metadata.

The fields' titles, names and descriptions are read like headings; their formats say how dates and decimals are written.
Sources: https://specs.frictionlessdata.io/tabular-data-package/ and https://www.w3.org/TR/tabular-metadata/.
"""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from loaders.data import require_file
from loaders.errors import SourceError
from loaders.names.text import slug
from loaders.tables.headings import roles
from loaders.tables.mapping import KINDS, Mapping, from_dict

_PACKAGE = "datapackage.json"
_CSVW = ("-metadata.json", "csv-metadata.json")
_LARGEST = 8 * 2**20
_ENOUGH = 0.55
_SEVERAL = ("private", "ignore")


def is_metadata(path: Path) -> bool:
    """Whether a file is named like the description of tables."""
    return path.name == _PACKAGE or path.name.endswith(_CSVW[0])


def tables_of(path: Path) -> list[Path]:
    """The tables in the same folder that a description names; SourceError if it is none or names none."""
    tables = [path.parent / name for name, _ in _described(path)]
    missing = [one.name for one in tables if not one.is_file()]
    if missing or not tables:
        raise SourceError(
            path.name, f"the table {missing[0]!r} does not lie beside it" if missing else "describes no table"
        )
    return tables


def mapping_beside(table: Path) -> Mapping | None:
    """The mapping that a description beside a table makes; None where there is none, or none that names operations."""
    for name in (_PACKAGE, f"{table.name}{_CSVW[0]}", f"{table.stem}{_CSVW[0]}", _CSVW[1]):
        path = table.parent / name
        if not path.is_file():
            continue
        for target, said in _described(path):
            if target == table.name and (mapping := _mapping(table, path, said)) is not None:
                return mapping
    return None


def _described(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(file name, what is said of it) of every table of a description; paths that leave the folder are refused."""
    try:
        require_file(path, _LARGEST)
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(path.name, f"is no JSON ({error})") from None
    if not isinstance(data, dict):
        raise SourceError(path.name, "describes no table: expected an object with resources, tables or a url")
    shared = {
        key: data[key] for key in ("title", "dc:title", "dc:publisher", "publisher", "contributors") if key in data
    }
    tables = data.get("resources") or data.get("tables") or [data]
    for said in tables if isinstance(tables, list) else []:
        target = said.get("path") or said.get("url") if isinstance(said, dict) else None
        if isinstance(target, list):
            target = target[0] if len(target) == 1 else None
        if isinstance(target, str) and "://" not in target:
            if PurePosixPath(target).is_absolute() or ".." in PurePosixPath(target).parts:
                raise SourceError(path.name, f"the table {target!r} lies outside its folder")
            yield target, {**shared, **said}


def _mapping(table: Path, path: Path, said: dict[str, Any]) -> Mapping | None:
    schema = said.get("schema") or said.get("tableSchema") or {}
    fields = schema.get("fields") or schema.get("columns") if isinstance(schema, dict) else None
    if not isinstance(fields, list):
        return None
    columns: dict[str, list[str]] = {}
    offers = sorted((-score, n, role) for n, one in enumerate(fields) for score, role in _roles(one))
    taken: set[int] = set()
    for _, n, role in offers:
        if n not in taken and (role not in columns or role in _SEVERAL):
            taken.add(n)
            columns.setdefault(role, []).extend(_headings(fields[n]))
    if not {"name", "name_en", "code", "summary"} & set(columns):
        return None
    head = {
        "id": slug(table.stem),
        "title": _text(said.get("title") or said.get("dc:title")) or table.stem,
        "required": [],
    }
    forms = dict(filter(None, (_form(one) for one in fields)))
    dialect = said.get("dialect")
    if isinstance(dialect, dict) and dialect.get("decimalChar") in (",", "."):
        forms.setdefault("decimal", dialect["decimalChar"])
    return from_dict({**head, **_publisher(said), "columns": columns, "forms": forms}, f"{path.name} of {table.name}")


def _roles(field: Any) -> Iterator[tuple[float, str]]:
    """The roles that a field may have: as its own ``role`` says, else by its title, name and description."""
    if not isinstance(field, dict):
        return
    if field.get("role") in KINDS:
        yield 2.0, str(field["role"])
        return
    for weight, key in ((1.0, "title"), (1.0, "titles"), (0.99, "name"), (0.8, "description"), (0.8, "dc:description")):
        for score, term in roles(_text(field.get(key)))[:3] if _text(field.get(key)) else ():
            if score * weight >= _ENOUGH:
                yield score * weight, "ignore" if term.role == "updated" else term.role


def _headings(field: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(text for key in ("name", "title", "titles") if (text := _text(field.get(key)))))


def _text(value: Any) -> str:
    """A text, or the first of a list of texts or of texts by language."""
    if isinstance(value, dict):
        value = next(iter(value.values()), "")
    if isinstance(value, list):
        value = value[0] if value else ""
    return value if isinstance(value, str) else ""


def _form(field: Any) -> tuple[str, str] | None:
    """(``dates`` or ``decimal``, form) that a field's format says."""
    if not isinstance(field, dict):
        return None
    datatype = field.get("datatype")
    form = field.get("format") or (datatype.get("format") if isinstance(datatype, dict) else None)
    if isinstance(form, dict):
        sign = form.get("decimalChar")
        return ("decimal", sign) if sign in (",", ".") else None
    if field.get("decimalChar") in (",", "."):
        return "decimal", field["decimalChar"]
    letters = [c for c in str(form or "").lower() if c in "dmy"]
    order = "".join(dict.fromkeys(letters))
    return ("dates", order) if order in ("dmy", "mdy", "ymd") else None


def _publisher(said: dict[str, Any]) -> dict[str, str]:
    contributors = said.get("contributors")
    named = [c.get("title") for c in contributors if isinstance(c, dict)] if isinstance(contributors, list) else []
    publisher = _text(said.get("dc:publisher") or said.get("publisher") or named)
    return {"publisher": publisher} if publisher else {}
