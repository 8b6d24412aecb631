"""The names of RDF, RDFS and SHACL that the compiler needs, and RDF terms as SPARQL text."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal | Triple
Node = NamedNode | BlankNode

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"

TYPE = NamedNode(RDF + "type")
FIRST = NamedNode(RDF + "first")
REST = NamedNode(RDF + "rest")
NIL = NamedNode(RDF + "nil")
SUBCLASS_OF = NamedNode(RDFS + "subClassOf")
CLASS = NamedNode(RDFS + "Class")

VIOLATION = NamedNode(SH + "Violation")
WARNING = NamedNode(SH + "Warning")
INFO = NamedNode(SH + "Info")


def sh(name: str) -> NamedNode:
    """The SHACL term of that local name."""
    return NamedNode(SH + name)


def component(name: str) -> NamedNode:
    """The constraint component of that name: ``MinCount`` → ``sh:MinCountConstraintComponent``."""
    return NamedNode(f"{SH}{name}ConstraintComponent")


def name_of(term: Term) -> str:
    """A term for people: an IRI without brackets, a literal's text, ``_:`` and the label of a blank node."""
    return term.value if isinstance(term, (NamedNode, Literal)) else str(term)
