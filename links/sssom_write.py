"""Link sets written as SSSOM tables: the same set gives the same bytes, and a change is written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from links.sssom import COLUMNS, SUFFIX, Link, LinkSet, check


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
    table = csv.writer(out, delimiter="\t", lineterminator="\n")
    table.writerow(COLUMNS)
    for link in sorted(links.links, key=lambda link: (*link.pair, link.rejected)):
        table.writerow(_row(link, links.prefixes))
    return out.getvalue()


def _row(link: Link, prefixes: Mapping[str, str]) -> list[str]:
    return [
        compact(link.subject, prefixes),
        link.subject_label,
        compact(link.predicate, prefixes),
        "Not" if link.rejected else "",
        compact(link.object, prefixes),
        link.object_label,
        link.justification,
        link.reviewer,
        link.date,
        "" if link.confidence is None else format(link.confidence, "f"),
        link.match,
        "|".join(f"{key}={value}" for key, value in link.other),
        link.comment,
    ]


def write_all(folder: Path, sets: Iterable[LinkSet]) -> None:
    """Write link sets, all or none: each into a file beside its place, then all of them moved there."""
    staged: list[tuple[Path, Path]] = []
    try:
        for links in sets:
            check(links.name + SUFFIX, links.links)
            handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{links.name}.")
            staged.append((Path(temporary), folder / f"{links.name}{SUFFIX}"))
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text_of(links))
        for source, target in staged:
            source.chmod(0o644)
            source.replace(target)
    finally:
        for source, _ in staged:
            source.unlink(missing_ok=True)
