"""Rows as Markdown and as a web page of its own: no scripts, no outside resource, names linked to what they name."""

from __future__ import annotations

import re
from html import escape
from typing import BinaryIO

from engine.output.formats.table import decimals, shown
from engine.query.columns import NUMBERS, for_people, heading, identifier, kinds
from engine.query.results import Iri, Result, Row

STYLE = """
body{font:16px/1.45 system-ui,"Liberation Sans",sans-serif;margin:2rem auto;padding:0 1rem;max-width:75rem}
body{color:#1a1a1a;background:#fff}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{text-align:left;font-size:1.25rem;font-weight:600;padding:0 0 .75rem}
th,td{text-align:left;vertical-align:top;padding:.3rem 1rem .3rem 0;border-bottom:1px solid #c8c8c8}
th{border-bottom:2px solid #1a1a1a}.number{text-align:right;white-space:nowrap}
a{color:#0b4a8f}.notes{color:#444;max-width:45rem}
@media print{body{margin:0;font-size:10pt}a{color:inherit;text-decoration:none}thead{display:table-header-group}}
""".strip()


def write_md(result: Result, out: BinaryIO) -> None:
    """A Markdown table: pipes and line ends in cells escaped, names linked to their IRIs."""
    chosen = for_people(result.columns)
    all_kinds = kinds(result)
    places = decimals(result)
    lines = [
        _piped(_mark(heading(result.columns[i])) for i in chosen),
        _piped("---:" if all_kinds[i] in NUMBERS else "---" for i in chosen),
        *(_piped(_md_cell(result, row, i, places[i]) for i in chosen) for row in result.rows),
    ]
    out.write("".join(f"{line}\n" for line in lines).encode())


def _piped(cells: object) -> str:
    return f"| {' | '.join(cells)} |"  # type: ignore[arg-type]


def _mark(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", text)


def _link(result: Result, row: Row, at: int) -> str | None:
    """The web address a cell leads to: its own IRI, or that of the thing it names."""
    beside = identifier(result.columns, at)
    value = row[at] if beside is None else row[beside]
    return str(value) if isinstance(value, Iri) and re.match(r"https?://", value) else None


def _md_cell(result: Result, row: Row, at: int, places: int) -> str:
    text, link = _mark(shown(row[at], places)), _link(result, row, at)
    return f"[{text}](<{link}>)" if link and text else text


def html_table(result: Result) -> str:
    """The rows as an HTML table."""
    chosen = for_people(result.columns)
    numbers, places = [k in NUMBERS for k in kinds(result)], decimals(result)

    def cell(row: Row, at: int) -> str:
        text, link = escape(shown(row[at], places[at])), _link(result, row, at)
        inner = f'<a href="{escape(link)}">{text}</a>' if link and text else text
        return f'<td class="number">{inner}</td>' if numbers[at] else f"<td>{inner}</td>"

    heads = "".join(
        f'<th scope="col"{" class=number" if numbers[i] else ""}>{escape(heading(result.columns[i]))}</th>'
        for i in chosen
    )
    caption = escape(result.query.title() or "Query result")
    body = "\n".join(f"<tr>{''.join(cell(row, i) for i in chosen)}</tr>" for row in result.rows)
    return (
        f"<table>\n<caption>{caption}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
    )


def write_html(result: Result, out: BinaryIO) -> None:
    """A page with the table, what the answer's limits are, and the query."""
    notes = "".join(f'<p class="notes">{escape(note)}</p>\n' for note in result.notes)
    title = escape(result.query.title() or "Query result")
    query = f"<details><summary>SPARQL</summary><pre>{escape(result.query.text)}</pre></details>"
    page = (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n{html_table(result)}\n{notes}{query}\n</main>\n</body>\n</html>\n"
    )
    out.write(page.encode())
