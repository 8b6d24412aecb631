"""Every value that documents give one property of one thing, with the passages that state it and how they rank."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from loaders.rdf.terms import CONTACT_PASSAGE, DCT, DEFAULT, PASSAGE, A, Quad, lexical, tg

_AMOUNTS = (tg("amount"), tg("shareAmount"))


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage: its document, the document's date (``""`` when it has none) and its first line."""

    passage: str
    document: str
    date: str
    line: int


@dataclass(slots=True)
class Values:
    """The statements of all public passages: (subject, predicate) → value → the passages stating it."""

    statements: dict[tuple[str, str], dict[str, list[Citation]]] = field(default_factory=dict)
    sources: dict[str, Citation] = field(default_factory=dict)
    private: list[Quad] = field(default_factory=list)
    outside: list[Quad] = field(default_factory=list)
    """Quads that stand outside any passage: documents, passages' own facts, users' own graphs."""

    def of(self, subject: str, predicate: str) -> dict[str, list[Citation]]:
        """The values of a property of a subject."""
        return self.statements.get((subject, predicate), {})

    def one(self, subject: str, predicate: str) -> str | None:
        """The highest-ranking value of a property, or None."""
        values = self.of(subject, predicate)
        return ranked(self, subject, values)[0] if values else None

    def subjects(self, kind: str) -> list[str]:
        """Every subject of a class, sorted."""
        node = tg(kind)
        return sorted(s for (s, p), values in self.statements.items() if p == A and node in values)


def collect(quads: list[Quad]) -> Values:
    """Sort quads into public statements, private statements and quads outside passages."""
    values = Values(sources=_sources(quads))
    statements: dict[tuple[str, str], dict[str, list[Citation]]] = defaultdict(dict)
    for quad in quads:
        if quad.g.startswith(f"<{PASSAGE}"):
            statements[quad.s, quad.p].setdefault(quad.o, []).append(values.sources[quad.g])
        elif quad.g.startswith(f"<{CONTACT_PASSAGE}"):
            values.private.append(quad)
        else:
            values.outside.append(quad)
    for objects in statements.values():
        for sources in objects.values():
            sources.sort(key=lambda s: (s.document, s.line, s.passage))
    values.statements = dict(statements)
    return values


def _sources(quads: list[Quad]) -> dict[str, Citation]:
    dates: dict[str, str] = {}
    documents: dict[str, str] = {}
    lines: dict[str, int] = {}
    for s, p, o, g in quads:
        if g.startswith(f"<{PASSAGE}"):
            continue
        if p == tg("referenceDate") and g == DEFAULT:
            dates[s] = lexical(o)
        elif p == f"<{DCT}issued>" and g == DEFAULT:
            dates.setdefault(s, lexical(o))
        elif p == tg("inDocument"):
            documents[s] = o
        elif p in (tg("lineStart"), tg("row")):
            lines[s] = int(lexical(o))
    return {p: Citation(p, d, dates.get(d, ""), lines.get(p, 0)) for p, d in documents.items()}


def precision_of(values: Values, subject: str, value: str) -> Decimal:
    """How coarse a value is: for amounts the printed unit, for dates the missing parts, else 0."""
    if "XMLSchema#decimal>" in value:
        stated = values.of(subject, tg("precision"))
        shared = {s.passage for name in _AMOUNTS for s in values.of(subject, name).get(value, [])}
        units = [Decimal(lexical(v)) for v, sources in stated.items() if shared & {s.passage for s in sources}]
        return min(units, default=Decimal(0))
    if "XMLSchema#g" in value:
        return Decimal(10 - len(lexical(value)))
    return Decimal(0)


def ranked(values: Values, subject: str, objects: dict[str, list[Citation]]) -> list[str]:
    """Sort values, the one to show first: by newest document, then precision, then place in the document, then text."""

    def rank(value: str) -> tuple[object, ...]:
        newest = max(s.date for s in objects[value])
        first = min((s.document, s.line) for s in objects[value])
        return (_descending(newest), precision_of(values, subject, value), first, value)

    return sorted(objects, key=rank)


def _descending(date: str) -> tuple[int, ...]:
    return tuple(-ord(c) for c in date.ljust(10, "\x00"))
