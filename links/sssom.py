"""Link sets as files: SSSOM tables (tab-separated, metadata in ``#`` lines), read strictly.

An accepted pair is a plain row; a rejected one carries ``predicate_modifier`` ``Not`` and stays, so that nobody proposes it
again. A file that a spreadsheet has touched (byte order mark, CRLF, quoted cells, empty columns at the end) reads the same.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from loaders.errors import SourceError

COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label", "mapping_justification",
    "reviewer_label", "mapping_date", "confidence", "match_string", "other", "comment",
)  # fmt: skip
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
SUFFIX = ".sssom.tsv"

_PREFIX = re.compile(r"^(?P<prefix>[\w.-]+):(?P<name>.*)$")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_META = re.compile(r"^(?P<indent>\s*)(?P<key>[\w.-]+):\s*(?P<value>.*)$")


@dataclass(frozen=True, slots=True)
class Link:
    """One decided pair: subject, predicate and object as absolute IRIs, and why and when it was decided."""

    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    justification: str
    rejected: bool = False
    reviewer: str = ""
    """Who decided; empty for what the decision rule accepted by itself."""
    date: str = ""
    confidence: Decimal | None = None
    match: str = ""
    other: tuple[tuple[str, str], ...] = ()
    """Further facts of the pair: ``from`` (first day), ``sv`` and ``en`` (names), ``shared``."""
    comment: str = ""
    line: int = field(default=0, compare=False)

    @property
    def pair(self) -> tuple[str, str, str]:
        """What was decided on, whichever way."""
        return self.subject, self.predicate, self.object

    @property
    def facts(self) -> dict[str, str]:
        """``other`` as a dict."""
        return dict(self.other)


@dataclass(frozen=True, slots=True)
class LinkSet:
    """One file of links: its name, prefixes, metadata and pairs in order."""

    name: str
    prefixes: Mapping[str, str]
    metadata: Mapping[str, str]
    links: tuple[Link, ...]

    @property
    def accepted(self) -> tuple[Link, ...]:
        """The pairs that hold."""
        return tuple(link for link in self.links if not link.rejected)

    @property
    def rejected(self) -> tuple[Link, ...]:
        """The pairs a person (or the rule) has ruled out."""
        return tuple(link for link in self.links if link.rejected)

    @property
    def facts(self) -> dict[str, str]:
        """What the metadata note beside the standard's own keys: counts, ``source_licence``, ``wanted``."""
        return dict(parse_other(self.metadata.get("other", "")))

    def number(self, name: str) -> int:
        """A count noted in the metadata: ``candidates``, ``unlinked``."""
        return int(self.facts.get(name, "0"))


def read(path: Path) -> LinkSet:
    """Read a link set; raises SourceError naming file and line for anything that is not right."""
    name = path.name.removesuffix(SUFFIX)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(path.name, f"is not UTF-8 (byte {error.start}); save the table as UTF-8") from None
    lines = text.splitlines()
    prefixes, metadata, first = _header(path.name, lines)
    table = csv.reader(io.StringIO("\n".join(lines[first:])), delimiter="\t")
    columns = _columns(path.name, next(table), first + 1)
    links = []
    for row in table:
        if any(cell.strip() for cell in row):
            line = first + table.line_num
            links.append(_link(path.name, line, _cells(path.name, line, columns, row), prefixes))
    check(path.name, links)
    return LinkSet(name, prefixes, metadata, tuple(links))


def _header(name: str, lines: list[str]) -> tuple[dict[str, str], dict[str, str], int]:
    prefixes: dict[str, str] = {}
    metadata: dict[str, str] = {}
    inside = False
    for number, line in enumerate(lines):
        bare = line.strip().strip('"').replace('""', '"').rstrip("\t")
        if not bare.startswith("#"):
            if bare:
                return prefixes, metadata, number
            continue
        if match := _META.match(bare[1:]):
            value = match["value"].strip().strip('"').strip("'")
            inside = inside and bool(match["indent"]) if match["key"] != "curie_map" else True
            if match["key"] != "curie_map":
                (prefixes if inside and match["indent"] else metadata)[match["key"]] = value
    raise SourceError(name, "holds no table: a line of column names is missing")


def _columns(name: str, heading: list[str], line: int) -> list[str]:
    columns = [cell.strip() for cell in heading]
    if len(columns) == 1 and any(mark in columns[0] for mark in ",;"):
        raise SourceError(name, "columns are not separated by tabs; save the table as tab-separated text", line)
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        raise SourceError(name, f"column {', '.join(missing)} is missing", line)
    if doubled := {c for c in columns if c and columns.count(c) > 1}:
        raise SourceError(name, f"column {', '.join(sorted(doubled))} stands twice", line)
    return columns


def _cells(name: str, line: int, columns: list[str], row: list[str]) -> dict[str, str]:
    if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
        raise SourceError(name, f"has {len(row)} cells where the table has {len(columns)} columns", line)
    return {column: cell.strip() for column, cell in zip(columns, row, strict=False)}


def _link(name: str, line: int, cells: dict[str, str], prefixes: Mapping[str, str]) -> Link:
    for column in REQUIRED:
        if not cells.get(column):
            raise SourceError(name, f"{column} is empty", line)
    modifier, date = cells.get("predicate_modifier", ""), cells.get("mapping_date", "")
    if modifier not in ("", "Not"):
        raise SourceError(name, f'predicate_modifier is "{modifier}", expected "Not" or nothing', line)
    if date and not _DATE.fullmatch(date):
        raise SourceError(name, f'mapping_date is "{date}", expected a date such as 2026-11-21', line)
    subject, predicate, target = (
        expand(cells[column], prefixes, name, line) for column in ("subject_id", "predicate_id", "object_id")
    )
    return Link(
        subject=subject,
        subject_label=cells.get("subject_label", ""),
        predicate=predicate,
        object=target,
        object_label=cells.get("object_label", ""),
        justification=cells["mapping_justification"],
        rejected=modifier == "Not",
        reviewer=cells.get("reviewer_label", ""),
        date=date,
        confidence=_confidence(name, line, cells.get("confidence", "")),
        match=cells.get("match_string", ""),
        other=parse_other(cells.get("other", "")),
        comment=cells.get("comment", ""),
        line=line,
    )


def _confidence(name: str, line: int, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        value = Decimal(-1)
    if not 0 <= value <= 1:
        raise SourceError(name, f'confidence is "{text}", expected a number from 0 to 1', line)
    return value


def parse_other(text: str) -> tuple[tuple[str, str], ...]:
    """Take ``from=2026-01-01|shared=yes`` apart."""
    pairs = (part.partition("=") for part in text.split("|") if part.strip())
    return tuple((key.strip(), value.strip()) for key, _, value in pairs)


def check(name: str, links: Iterable[Link]) -> None:
    """Refuse a pair decided twice: the same way (a repeated row) or both ways (a contradiction)."""
    seen: dict[tuple[str, str, str], Link] = {}
    for link in links:
        before = seen.setdefault(link.pair, link)
        if before is link:
            continue
        if before.rejected != link.rejected:
            raise SourceError(
                name, f"accepts and rejects one pair: line {before.line} says otherwise", link.line or None
            )
        raise SourceError(name, f"repeats the pair of line {before.line}", link.line or None)


def expand(curie: str, prefixes: Mapping[str, str], name: str, line: int) -> str:
    """Write a CURIE out by the file's prefixes; absolute IRIs stay."""
    if curie.startswith(("http://", "https://", "urn:")):
        return curie
    match = _PREFIX.match(curie)
    if match is None or match["prefix"] not in prefixes:
        raise SourceError(name, f'"{curie}" has no prefix of the curie_map', line)
    return prefixes[match["prefix"]] + match["name"]
