"""The report of the link sets as text, Markdown, a page of its own, or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from html import escape

from engine.report.link_figures import LinkReport, SetLine

HEADINGS = (
    "set",
    "accepted",
    "by a person",
    "rejected",
    "candidates",
    "unlinked",
    "source",
    "version",
    "source licence",
)
FORMATS = ("table", "md", "html", "json")


def written(report: LinkReport, form: str) -> str:
    """The report in one of ``FORMATS``."""
    return _WRITERS[form](report)


def _cells(line: SetLine) -> tuple[str, ...]:
    figures = (line.accepted, line.by_person, line.rejected, line.candidates, line.unlinked)
    return (line.name, *map(str, figures), line.source, line.version, line.source_licence)


def _summary(report: LinkReport) -> str:
    return f"{report.linked} of {report.organisations} organisations are identified by some register."


def _wanted(report: LinkReport) -> list[tuple[str, int, str]]:
    return [(line.name, line.unlinked, line.wanted) for line in report.sets if line.unlinked and line.wanted]


def _table(report: LinkReport) -> str:
    rows = [HEADINGS, *map(_cells, report.sets)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(HEADINGS))]
    lines = [
        "  ".join(
            cell.rjust(width) if 0 < n < 6 else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines += ["", "What would link the rest"]
    lines += [f"  {name}: {count} by {wanted}" for name, count, wanted in _wanted(report)]
    lines += ["", _summary(report), *(f"  {entry.label}" for entry in report.open)]
    return "\n".join(lines) + "\n"


def _markdown(report: LinkReport) -> str:
    rows = [HEADINGS, tuple("---" for _ in HEADINGS), *map(_cells, report.sets)]
    lines = ["# Link sets", "", *(f"| {' | '.join(cell.replace('|', ' ') for cell in row)} |" for row in rows)]
    lines += ["", "## What would link the rest", ""]
    lines += [f"- {name}: {count} by {wanted}" for name, count, wanted in _wanted(report)]
    lines += ["", "## Organisations", "", _summary(report), "", *(f"- {entry.label}" for entry in report.open)]
    return "\n".join(lines) + "\n"


_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Link sets</title>
<style>body {{ font: 16px/1.5 sans-serif; margin: 2rem; color: #111; background: #fff }}
table {{ border-collapse: collapse }} th, td {{ border: 1px solid #767676; padding: .25rem .5rem; text-align: left }}</style>
</head>
<body><main><h1>Link sets</h1>
<table><caption>Links to other datasets</caption><thead><tr>{headings}</tr></thead><tbody>
{rows}
</tbody></table>
<h2>What would link the rest</h2><ul>{wanted}</ul>
<h2>Organisations</h2><p>{summary}</p><ul>{open}</ul>
</main></body></html>
"""


def _html(report: LinkReport) -> str:
    def items(texts: list[str]) -> str:
        return "".join(f"<li>{escape(text)}</li>" for text in texts)

    rows = [
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in map(_cells, report.sets)
    ]
    return _PAGE.format(
        headings="".join(f'<th scope="col">{escape(text)}</th>' for text in HEADINGS),
        rows="\n".join(rows),
        wanted=items([f"{name}: {count} by {wanted}" for name, count, wanted in _wanted(report)]),
        summary=escape(_summary(report)),
        open=items([entry.label for entry in report.open]),
    )


def _json(report: LinkReport) -> str:
    return json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"


_WRITERS: dict[str, Callable[[LinkReport], str]] = {"table": _table, "md": _markdown, "html": _html, "json": _json}
