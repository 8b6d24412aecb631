"""A report as plain text for a terminal."""

from __future__ import annotations

import textwrap

from engine.report.report import Entry, Report

WIDTH = 110


def table(report: Report) -> str:
    """The sections with their entries, each entry one line and what belongs to it below."""
    lines: list[str] = []
    for section in report.sections:
        lines += [f"{section.title}  [{len(section.entries)}]", ""]
        for entry in section.entries:
            lines += [*_entry(entry), ""]
    return "\n".join([*(lines or [report.empty, ""]), report.summary]) + "\n"


def _entry(entry: Entry) -> list[str]:
    head = "  ".join(filter(None, [f"{entry.mark:<10}" if entry.mark else "", entry.place, entry.heading]))
    lines = textwrap.wrap(
        head, WIDTH, initial_indent="  ", subsequent_indent=" " * (14 if entry.mark else 2), break_long_words=False
    )
    lines += _wrapped(entry.text, "    ")
    for name, text in entry.details:
        lines += _wrapped(f"{name}: {text}", "      ")
    return lines


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False)
