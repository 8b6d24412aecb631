"""Link sets as files: SSSOM tables (tab-separated, metadata in ``#`` lines), read strictly and written whole or not at all.

An accepted pair is a plain row; a rejected one carries ``predicate_modifier`` ``Not`` and stays, so that nobody proposes it
again. A file that a spreadsheet has touched (byte order mark, CRLF, quoted cells, empty columns at the end) reads the same, and
the same set gives the same bytes.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from loaders.data import beside, read_table, read_text, replacing_file, shaped, table_text
from loaders.errors import SourceError
from loaders.rdf import terms
from loaders.rdf.terms import BASE, SKOS, TG, digest

COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label", "mapping_justification",
    "reviewer_label", "mapping_date", "confidence", "match_string", "other", "comment",
)  # fmt: skip
REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
SUFFIX = ".sssom.tsv"
_TEXTS = {
    "subject_label": "subject_label", "object_label": "object_label", "mapping_justification": "justification",
    "reviewer_label": "reviewer", "mapping_date": "date", "match_string": "match", "comment": "comment",
}  # fmt: skip
"""The columns of plain text, and the field of a link that holds each."""

_PREFIX = re.compile(r"^(?P<prefix>[\w.-]+):(?P<name>.*)$")
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
        """What was accepted or rejected."""
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
        """The notes of the metadata beside the standard's own keys: counts, ``source_licence``, ``wanted``."""
        return dict(parse_other(self.metadata.get("other", "")))

    def number(self, name: str) -> int:
        """A count noted in the metadata: ``candidates``, ``unlinked``."""
        return int(self.facts.get(name, "0"))


class _Row(msgspec.Struct):
    """The cells of a row."""

    subject_id: str
    predicate_id: str
    object_id: str
    mapping_justification: str
    predicate_modifier: Annotated[Literal["", "Not"], Meta(description='"Not" or nothing')] = ""
    mapping_date: Annotated[dt.date | None, Meta(description="a date such as 2026-11-21")] = None
    confidence: Annotated[Decimal | None, Meta(description="a number from 0 to 1")] = None


def read(path: Path) -> LinkSet:
    """Read a link set; raises SourceError naming file and line for anything that is not right."""
    prefixes, metadata, first = _header(path.name, read_text(path).split("\n"))
    rows = read_table(path, REQUIRED, start=first)
    links = tuple(_link(path.name, line, cells, prefixes) for line, cells in rows)
    check(path.name, links)
    return LinkSet(path.name.removesuffix(SUFFIX), prefixes, metadata, links)


def _header(name: str, lines: list[str]) -> tuple[dict[str, str], dict[str, str], int]:
    prefixes: dict[str, str] = {}
    metadata: dict[str, str] = {}
    inside = False
    for number, line in enumerate(lines):
        content = line.strip().strip('"').replace('""', '"').rstrip("\t")
        if not content.startswith("#"):
            if content:
                return prefixes, metadata, number
            continue
        if match := _META.match(content[1:]):
            value = match["value"].strip().strip('"').strip("'")
            inside = inside and bool(match["indent"]) if match["key"] != "curie_map" else True
            if match["key"] != "curie_map":
                (prefixes if inside and match["indent"] else metadata)[match["key"]] = value
    raise SourceError(name, "holds no table: a line of column names is missing")


def _link(name: str, line: int, cells: dict[str, str], prefixes: Mapping[str, str]) -> Link:
    row = shaped(name, line, cells | {"confidence": cells.get("confidence", "").replace(",", ".")}, _Row)
    if row.confidence is not None and not 0 <= row.confidence <= 1:
        raise SourceError(name, f'confidence is "{row.confidence}", expected a number from 0 to 1', line)
    subject, predicate, target = (
        expand(curie, prefixes, name, line) for curie in (row.subject_id, row.predicate_id, row.object_id)
    )
    return Link(
        subject=subject,
        predicate=predicate,
        object=target,
        rejected=row.predicate_modifier == "Not",
        confidence=row.confidence,
        other=parse_other(cells.get("other", "")),
        line=line,
        **{field: cells.get(column, "") for column, field in _TEXTS.items()},
    )


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


class ReferenceSource(NamedTuple):
    """A reference table or register: its name, version and licence."""

    name: str
    version: str
    licence: str


class Tables(msgspec.Struct):
    """``tables.toml``; its comments say what each table is."""

    funds: tuple[tuple[str, str], ...]
    authorities: tuple[tuple[str, str, str, str], ...]
    wider: tuple[tuple[str, str], ...]
    titles: dict[str, str]
    sources: dict[str, ReferenceSource]
    prefixes: dict[str, str]
    registers: dict[str, tuple[str, str]]
    areas: dict[str, tuple[str, str, str]]
    ror_kinds: dict[str, frozenset[str]]


TABLES = msgspec.convert(beside(__file__, "tables.toml"), Tables)
PREFIXES = {**terms.PREFIXES, **TABLES.prefixes}
"""The prefixes of our own RDF and of the registers that link sets lead to; a file carries those it needs."""

SAME_ORGANISATION = f"{TG}sameOrganisation"
IDENTIFIER = f"{PREFIXES['adms']}identifier"
AREA = f"{TG}area"
SEAT = f"{TG}municipality"
SUCCESSOR = f"{TG}succeededBy"
EXACT, CLOSE, BROAD, NARROW, RELATED = (
    f"{SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related")
)

LEXICAL = "semapv:LexicalMatching"
BY_CODE = "semapv:BackgroundKnowledgeBasedMatching"
"""A code list or table of the register itself pairs the two."""
CHAINED = "semapv:MappingChaining"
MANUAL = "semapv:ManualMappingCuration"


LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
SET_BASE = f"{BASE}links/"


def with_links(links: LinkSet, pairs: Iterable[Link], **noted: object) -> LinkSet:
    """A set with other pairs: its version, prefixes and counts are theirs; ``noted`` are further facts of its metadata.

    The same content has the same version.
    """
    rows = tuple(pairs)
    counts = {"accepted": sum(not link.rejected for link in rows), "rejected": sum(link.rejected for link in rows)}
    other = "|".join(f"{key}={value}" for key, value in {**links.facts, **counts, **noted}.items())
    version = digest(*sorted(f"{link.pair}{link.rejected}{link.other}" for link in rows))[:12]
    used = {compact(iri, PREFIXES).partition(":")[0] for link in rows for iri in link.pair} & PREFIXES.keys()
    prefixes = {name: PREFIXES[name] for name in sorted(used | {"semapv"})}
    return LinkSet(links.name, prefixes, {**links.metadata, "mapping_set_version": version, "other": other}, rows)


def new_set(name: str, tool: str, **metadata: str) -> LinkSet:
    """A set of one of our names without pairs."""
    known = {"mapping_set_id": f"{SET_BASE}{name}", "mapping_set_title": TABLES.titles[name], "mapping_set_version": ""}
    return LinkSet(name, {}, {**known, "license": LICENCE, **metadata, "mapping_tool": tool}, ())


def compact(iri: str, prefixes: Mapping[str, str]) -> str:
    """Shorten an IRI by the longest prefix that fits."""
    fitting = [(base, prefix) for prefix, base in prefixes.items() if iri.startswith(base)]
    if not fitting:
        return iri
    base, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix}:{iri.removeprefix(base)}"


def text_of(links: LinkSet) -> str:
    """Write a link set: metadata, then rows sorted by subject, predicate and object; the same set gives the same bytes."""
    out = io.StringIO()
    out.write("#curie_map:\n")
    for prefix, base in sorted(links.prefixes.items()):
        out.write(f"#  {prefix}: {base}\n")
    for key, value in links.metadata.items():
        plain = value.startswith("http") or not re.search(r"[:#|]|^\d", value)
        out.write(f"#{key}: {value}\n" if plain else f'#{key}: "{value}"\n')
    rows = sorted(links.links, key=lambda link: (*link.pair, link.rejected))
    return out.getvalue() + table_text(COLUMNS, (_row(link, links.prefixes) for link in rows), "\t")


def _row(link: Link, prefixes: Mapping[str, str]) -> list[str]:
    cells = {column: getattr(link, field) for column, field in _TEXTS.items()}
    ends = zip(("subject_id", "predicate_id", "object_id"), link.pair, strict=True)
    cells |= {column: compact(iri, prefixes) for column, iri in ends}
    cells["predicate_modifier"] = "Not" if link.rejected else ""
    cells["confidence"] = "" if link.confidence is None else format(link.confidence, "f")
    cells["other"] = "|".join(f"{key}={value}" for key, value in link.other)
    return [cells[column] for column in COLUMNS]


def write_all(folder: Path, sets: Iterable[LinkSet]) -> None:
    """Write link sets, all or none: none takes its place before the last is written.

    A set without a pair has no file: a table of no rows tells its readers nothing.
    """
    with contextlib.ExitStack() as files:
        for links in sets:
            path = folder / f"{links.name}{SUFFIX}"
            if links.links:
                check(path.name, links.links)
                files.enter_context(replacing_file(path)).write(text_of(links).encode())
            else:
                files.callback(path.unlink, missing_ok=True)
