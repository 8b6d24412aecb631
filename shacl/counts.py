"""Counts of a focus node's values: as an expression about one node, and for a whole target class at once."""

from __future__ import annotations

from shacl.faults import Fault, Fresh, Sets
from shacl.path import Path
from shacl.terms import component


def enough(path: str, focus: str, operator: str, limit: int, fresh: Fresh, var: str = "", only: str = "") -> str:
    """An expression: the focus node has at least (at most) so many distinct values that pass the filter ``only``."""
    var = var or fresh()
    pattern = f"{focus} {path} {var} . {only}"
    if limit == 0:
        return "true" if operator == ">=" else f"NOT EXISTS {{ {pattern} }}"
    if limit == 1 and operator == ">=":
        return f"EXISTS {{ {pattern} }}"
    if limit == 1 and not only:
        other = fresh()
        return f"NOT EXISTS {{ {pattern} {focus} {path} {other} FILTER(!sameTerm({var}, {other})) }}"
    least = limit if operator == ">=" else limit + 1
    counted = f"SELECT {focus} WHERE {{ {pattern} }} GROUP BY {focus} HAVING (COUNT(DISTINCT {var}) >= {least})"
    return f"{'EXISTS' if operator == '>=' else 'NOT EXISTS'} {{ {counted} }}"


def enough_of_all(path: Path, focus: str, operator: str, limit: int, fresh: Fresh) -> Sets | None:
    """A count for a whole class: who has too many, or who is not among those that have enough."""
    if not path.scannable or limit == 0:
        return None
    var = fresh()
    pattern = f"{focus} {path} {var}"
    if operator == ">=" and limit == 1:
        return Sets(after=f"MINUS {{ {pattern} }}")
    least = limit if operator == ">=" else limit + 1
    grouped = f"{{ SELECT {focus} WHERE {{ {pattern} }} GROUP BY {focus} HAVING (COUNT(DISTINCT {var}) >= {least}) }}"
    return Sets(after=f"MINUS {grouped}") if operator == ">=" else Sets(grouped)


def same_language(path: Path, focus: str, fresh: Fresh) -> Fault:
    """``sh:uniqueLang``: a row for each language that two values share."""
    one, other, lang = fresh(), fresh(), fresh()
    tagged = f"BIND(LCASE(LANG({one})) AS {lang})"
    pattern = f"{focus} {path.walked} {one} . {focus} {path.walked} {other} . {tagged}"
    twice = f'COALESCE({lang} != "" && LCASE(LANG({other})) = {lang}, false) && !sameTerm({one}, {other})'
    sets = Sets(
        f'{{ SELECT {focus} {lang} WHERE {{ {focus} {path} {one} {tagged} FILTER({lang} != "") }} '
        f"GROUP BY {focus} {lang} HAVING (COUNT(DISTINCT {one}) > 1) }}"
    )
    return Fault(component("UniqueLang"), pattern, twice, also=(lang,), sets=sets if path.scannable else None)
