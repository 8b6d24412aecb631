"""A report as one accessible HTML page that needs nothing else: no script, no font, no request."""

from __future__ import annotations

from html import escape

from engine.report.report import Entry, Report, Section

STYLE = """
:root { color-scheme: light dark; --line: #767676; --violation: #a3001b; --warning: #7a4700; --info: #1f4e79; }
@media (prefers-color-scheme: dark) { :root { --line: #8c8c8c; --violation: #ff9aa5; --warning: #ffc66b; --info: #9ecbff; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; font-weight: bold; padding-block: .5rem; }
th, td { border-block-end: 1px solid var(--line); padding: .5rem; text-align: start; vertical-align: top; }
thead th { border-block-end-width: 2px; }
.mark { font-weight: bold; white-space: nowrap; }
.Violation { color: var(--violation); } .Warning { color: var(--warning); } .Info { color: var(--info); }
dl { margin: .25rem 0 0; } dt, dd { display: inline; margin: 0; }
dt { font-weight: bold; } dt::after { content: ": "; }
dl div { overflow-wrap: anywhere; }
a:focus-visible { outline: 3px solid; outline-offset: 2px; }
@media print { a { text-decoration: none; color: inherit; } tr { break-inside: avoid; } }
"""


def html(report: Report) -> str:
    """The page, in the report's language."""
    texts = report.words
    parts = [
        "<!doctype html>",
        f'<html lang="{texts.language}">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(report.title)}</title>",
        f"<style>{STYLE}</style></head>",
        "<body>",
        f"<header><h1>{escape(report.title)}</h1>",
        f"<p>{escape(report.summary)}</p></header>",
        *_contents(report),
        "<main>",
        *(part for number, section in enumerate(report.sections, 1) for part in _section(number, section, report)),
        *([] if report.sections else [f"<p>{escape(report.empty)}</p>"]),
        *_passed(report),
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _contents(report: Report) -> list[str]:
    if len(report.sections) < 2:
        return []
    label = escape(report.contents or report.words.contents)
    items = [
        f'<li><a href="#s{number}">{escape(section.title)}</a> ({len(section.entries)})</li>'
        for number, section in enumerate(report.sections, 1)
    ]
    return [f'<nav aria-label="{label}"><h2>{label}</h2><ol>', *items, "</ol></nav>"]


def _section(number: int, section: Section, report: Report) -> list[str]:
    texts, columns = report.words, _columns(section)
    named = {"mark": texts.kind, "place": texts.place, "found": texts.found}
    heads = "".join(f'<th scope="col">{escape(named[column])}</th>' for column in columns)
    return [
        f'<section aria-labelledby="s{number}"><h2 id="s{number}">{escape(section.title)}</h2>',
        f"<table><caption>{escape(texts.number.format(count=len(section.entries)))}</caption>",
        f"<thead><tr>{heads}</tr></thead><tbody>",
        *(_row(entry, columns) for entry in section.entries),
        "</tbody></table></section>",
    ]


def _columns(section: Section) -> list[str]:
    """The columns that hold something: conflicts have their kind as a heading and their places with their values."""
    filled = [name for name in ("mark", "place") if any(getattr(entry, name) for entry in section.entries)]
    return [*filled, "found"]


def _row(entry: Entry, columns: list[str]) -> str:
    details = "".join(f"<div><dt>{escape(name)}</dt> <dd>{escape(text)}</dd></div>" for name, text in entry.details)
    listed = f"<dl>{details}</dl>" if details else ""
    said = f"<br>{escape(entry.text)}" if entry.text else ""
    cells = {
        "mark": f'<td class="mark {escape(entry.kind)}">{escape(entry.mark)}</td>',
        "place": f"<td>{escape(entry.place)}</td>",
        "found": f"<td><strong>{escape(entry.heading)}</strong>{said}{listed}</td>",
    }
    return f"<tr>{''.join(cells[column] for column in columns)}</tr>"


def _passed(report: Report) -> list[str]:
    if not report.passed:
        return []
    items = "".join(f"<li>{escape(name)}</li>" for name in report.passed)
    heading = escape(f"{report.words.checked} ({len(report.passed)})")
    return [f'<section aria-labelledby="passed"><h2 id="passed">{heading}</h2><ul>{items}</ul></section>']
