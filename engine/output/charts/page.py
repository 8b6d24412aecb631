"""A picture as a web page of its own: the drawing, what it shows in words, and the rows it was drawn of."""

from __future__ import annotations

from html import escape

from engine.output.charts.picture import Picture
from engine.output.formats.markup import STYLE, html_table
from engine.query.results import Result

_MORE = (
    "figure{margin:0}svg{max-width:100%;height:auto}figcaption{color:#444;max-width:45rem}details{margin-top:1.5rem}"
)


def page(made: Picture, result: Result) -> str:
    """One self-contained HTML page."""
    notes = "".join(f'<p class="notes">{escape(note)}</p>\n' for note in result.notes)
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(made.title)}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{STYLE}\n{_MORE}</style>\n</head>\n<body>\n<main>\n'
        f"<h1>{escape(made.title)}</h1>\n<figure>\n{made.svg}<figcaption>{escape(made.description)}</figcaption>\n</figure>\n{notes}"
        f"<details open><summary>The rows</summary>\n{html_table(result)}\n</details>\n</main>\n</body>\n</html>\n"
    )
