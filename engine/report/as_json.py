"""Findings and conflicts as JSON, and earlier reports read back to tell what is new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from engine.report.finding import Finding


class ReportError(click.ClickException):
    """An earlier report that cannot be read."""

    exit_code = 2


def record(finding: Finding, language: str) -> dict[str, Any]:
    """One finding as the report holds it."""
    return {
        "severity": finding.severity,
        "shape": finding.shape,
        "focus": finding.focus,
        "label": finding.label[language],
        "path": finding.path,
        "value": finding.value,
        "message": finding.message[language],
        "document": finding.document,
        "page": finding.page,
        "lineStart": finding.line_start,
        "lineEnd": finding.line_end,
        "words": finding.words,
    }


def as_json(records: Iterable[Any]) -> str:
    """A list of records, one indented object each."""
    return json.dumps(list(records), ensure_ascii=False, indent=1) + "\n"


def earlier(path: Path, fields: Sequence[str]) -> set[tuple[str, ...]]:
    """The keys of an earlier JSON report; ReportError for anything else."""
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: no report to compare with: {error}") from error
    if not isinstance(records, list) or not all(isinstance(r, dict) and set(fields) <= set(r) for r in records):
        raise ReportError(f"{path}: not a JSON report of this command: its records lack {', '.join(fields)}")
    return {key(record, fields) for record in records}


def key(record: Mapping[str, Any], fields: Sequence[str]) -> tuple[str, ...]:
    """The values of some fields of a record as text."""
    return tuple(_text(record[name]) for name in fields)


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else json.dumps(value, sort_keys=True)
