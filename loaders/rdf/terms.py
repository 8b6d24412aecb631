"""RDF terms as N-Triples strings: the namespaces, and the one way to write an IRI, a literal, a date or an amount.

Quads are kept as encoded strings from the loader to the store: they sort, compare and concatenate without an object a term,
and the store's bulk loader takes them as they are.
"""

import hashlib
import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

BASE = "https://w3id.org/teemagraafi/"
TG = f"{BASE}def#"
ID = f"{BASE}id/"
CODE = f"{BASE}code/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
SCHEMA = "https://schema.org/"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"

ORG = "http://www.w3.org/ns/org#"
PROV = "http://www.w3.org/ns/prov#"

WRITTEN = {"dct": DCT, "rdfs": RDFS, "schema": SCHEMA, "skos": SKOS, "tg": TG, "xsd": XSD}
"""The prefixes of the RDF we write: those that nearly every graph of ours needs."""
PREFIXES = {
    **WRITTEN,
    "tgs": f"{BASE}shapes#",
    "code": CODE,
    "id": ID,
    "rdf": RDF,
    "owl": OWL,
    "org": ORG,
    "prov": PROV,
    "void": "http://rdfs.org/ns/void#",
    "sssom": "https://w3id.org/sssom/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    **{kind: f"{ID}{kind}/" for kind in ("theme", "project", "organisation", "participation", "call", "document")},
}
"""The prefixes that a query, ours or a user's own, need not declare."""

CONTACTS_GRAPH = f"<{BASE}graph/contacts>"
VIEW = f"{BASE}graph/current"
"""The graph of the current view in engines whose default graph is the union of all; in ours it is the default graph."""
HISTORY_GRAPH = f"<{BASE}graph/history>"
"""Amounts that a newer or finer one has replaced: the same form as in the default graph, which holds one for each thing."""
CONTACT_PASSAGE = f"{ID}contact-passage/"
PASSAGE = f"{ID}passage/"
DEFAULT = ""
"""The graph of a quad that stands in the default graph."""

A = f"<{RDF}type>"
LABEL = f"<{RDFS}label>"
ALT_LABEL = f"<{SKOS}altLabel>"
PREF_LABEL = f"<{SKOS}prefLabel>"
CONCEPT = f"<{SKOS}Concept>"
TRUE = f'"true"^^<{XSD}boolean>'

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')
_NO_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_UNESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "'": "'"}
_LINE = re.compile(
    r"^(\S+) (\S+) "
    r'(<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+|\^\^<[^>]*>)?)'
    r"(?: (<[^>]*>))? \.$"
)
_DATE_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


class Quad(NamedTuple):
    """Subject, predicate, object and graph as N-Triples terms; the graph is ``""`` for the default graph."""

    s: str
    p: str
    o: str
    g: str = DEFAULT

    def line(self) -> str:
        """One N-Quads line with its line end."""
        return f"{self.s} {self.p} {self.o} {self.g} .\n" if self.g else f"{self.s} {self.p} {self.o} .\n"


def iri(value: str) -> str:
    """An absolute IRI in angle brackets; characters that no IRI may hold are percent-encoded."""
    return f"<{_NO_IRI.sub(lambda match: quote(match[0]), value)}>"


def tg(name: str) -> str:
    """A term of the ontology: ``tg("Theme")``."""
    return f"<{TG}{name}>"


def code(scheme: str, notation: str) -> str:
    """A concept of a code list: ``code("phase", "framework")``."""
    return iri(f"{CODE}{scheme}/{notation}")


def thing(kind: str, *key: str) -> str:
    """A thing of ours: ``thing("project", "R-01402")``."""
    return iri(f"{ID}{kind}/{'/'.join(key)}")


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def literal(text: str, lang: str | None = None, datatype: str | None = None) -> str:
    """A literal, language-tagged or typed (``datatype`` is the local name of an XML Schema type)."""
    quoted = f'"{_ESCAPED.sub(_escape, text)}"'
    if lang:
        return f"{quoted}@{lang}"
    return f"{quoted}^^<{XSD}{datatype}>" if datatype else quoted


@lru_cache(maxsize=8192)
def date(value: str) -> str:
    """A date as precise as it is given: xsd:date, xsd:gYearMonth or xsd:gYear; raises ValueError for anything else."""
    datatype = _DATE_TYPES.get(len(value))
    if datatype is None or not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value):
        raise ValueError(f"not a partial ISO date: {value!r}")
    return literal(value, datatype=datatype)


def decimal(value: Decimal) -> str:
    """An exact xsd:decimal without exponent or trailing zeros."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return literal(text or "0", datatype="decimal")


def integer(value: int) -> str:
    """An xsd:integer."""
    return literal(str(value), datatype="integer")


def lexical(term: str) -> str:
    """The text of a literal or the IRI of an IRI term, without its brackets, quotes, language or datatype."""
    if term.startswith("<"):
        return term[1:-1]
    return _UNESCAPED.sub(_unescape, term[1 : term.rindex('"')])


def _unescape(match: re.Match[str]) -> str:
    escape = match[1]
    if escape[0] in "uU" and len(escape) > 1:
        return chr(int(escape[1:], 16))
    return _NAMED.get(escape, escape)


def digest(*parts: str) -> str:
    """A stable hash of some strings, in hexadecimal."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def language(term: str) -> str:
    """The language tag of a literal, or ``""``."""
    return term[term.rindex('"') + 2 :] if term.startswith('"') and term[term.rindex('"') + 1 :].startswith("@") else ""


def parse_line(line: str) -> Quad:
    """One N-Quads line to its terms; raises ValueError for anything else."""
    match = _LINE.match(line.rstrip("\n"))
    if match is None:
        raise ValueError(f"not an N-Quads line: {line!r}")
    return Quad(match[1], match[2], match[3], match[4] or DEFAULT)


def is_private(graph: str) -> bool:
    """Whether a graph (its IRI without brackets) holds contact persons."""
    return graph.startswith(CONTACT_PASSAGE) or graph == CONTACTS_GRAPH[1:-1]


def local_name(iri: str) -> str:
    """The last part of an IRI: ``label`` of ``http://www.w3.org/2000/01/rdf-schema#label``."""
    return re.split("[#/]", iri)[-1]
