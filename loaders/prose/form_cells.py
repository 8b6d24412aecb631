"""The cells of a theme form: which span of its text answers which label."""

from __future__ import annotations

import re

from loaders.text import Prose

_S = r"\s+"
LABELS: dict[str, re.Pattern[str]] = {
    "name": re.compile(rf"Valtakunnallinen{_S}teema(?=\s)"),
    "objective": re.compile(r"Erityistavoite\b"),
    "funder": re.compile(rf"Välittävän{_S}toimielimen{_S}yhteyshenkilö\(?t?\)?"),
    "coordination": re.compile(rf"Koordinaatiohankkeen{_S}yhteyshenkilö\(?t?\)?"),
    "ministry": re.compile(rf"Ministeriön(?:\s?/\s?ministeriöiden)?{_S}vastuuhenkilö\(?t?\)?"),
    "period": re.compile(r"(?:Teeman\s+)?[Tt]oteutusaika:?"),
    "money": re.compile(rf"Rahoituskehys(?:arvio)?\b(?:,?{_S}julkinen{_S}rahoitus)?(?:{_S}\([^()]*\))?"),
}
PART = re.compile(r"^\s*(\d)\)\s", re.MULTILINE)
OBJECTIVE = re.compile(
    r"(?:ET(?::n)?\.?\s*)?(?P<notation>\d+(?:\.(?:\d+|[a-z]))+)\.?[^\S\n]*(?P<name>[A-ZÅÄÖ][^\n]*)?", re.DOTALL
)


def cells(prose: Prose) -> dict[str, tuple[int, int]]:
    """The spans of the table's values by label, of all the table, of the money's label and of the theme's names."""
    first_part = PART.search(prose.text)
    limit = first_part.start() if first_part else len(prose.text)
    found = [
        (m.start(), m.end(), name) for name, pattern in LABELS.items() if (m := pattern.search(prose.text, 0, limit))
    ]
    found.sort()
    found_cells = {"table": (0, limit)}
    for (start, end, name), following in zip(found, [*[f[0] for f in found[1:]], limit], strict=False):
        found_cells[name] = (end, following)
        if name == "money":
            found_cells["money label"] = (start, end)
    names = _names_span(prose, found_cells)
    if names:
        found_cells["names"] = names
    return found_cells


def _names_span(prose: Prose, cells: dict[str, tuple[int, int]]) -> tuple[int, int] | None:
    """Where the theme's names stand: below its label, or below the objective that shares its cell."""
    start, end = cells.get("name", (0, 0))
    if prose.text[start:end].strip():
        return start, end
    if "objective" not in cells:
        return None
    start, end = cells["objective"]
    match = OBJECTIVE.search(prose.text, start, end)
    if match is None:
        return None
    return (match.end(), end) if prose.text[match.end() : end].strip() else None
