"""Literals by their lexical form: what the store folds, which forms a datatype has, and how values compare.

An Oxigraph store keeps ``"007"^^xsd:integer`` as ``7`` and ``"5"^^xsd:byte`` as an integer. SHACL looks at the form, so
literals of files that the store would change are stored under a datatype of our own (``encode``) and brought back in
results (``decode``). What the store's own operators cannot tell, the functions of ``FUNCTIONS`` tell.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from itertools import islice

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store

from shacl.terms import NOTHING, RDF, VOCABULARY, XSD, Term

KEPT = "urn:shacl:lexical:"
"""The datatype of a literal that the store would change: this, and its own datatype."""
NUMERIC = frozenset(XSD + name for name in ("integer", "decimal", "float", "double"))
CASTS = frozenset(
    XSD + name
    for name in (
        *("boolean", "dateTime", "date", "time", "gYear", "gYearMonth", "gMonthDay", "gDay", "gMonth"),
        *("duration", "dayTimeDuration", "yearMonthDuration"),
    )
)
"""Datatypes whose well-formedness the store's cast functions tell."""
UNCHECKED = frozenset({XSD + "string", XSD + "anyURI", RDF + "langString", RDF + "HTML", RDF + "XMLLiteral"})
"""Datatypes without a form that is checked here."""
ORDERED = frozenset({XSD + "string", *CASTS})
INTEGERS = {XSD + name: (int(low), int(high)) for name, (low, high) in VOCABULARY["integers"].items()}
"""Datatypes derived from xsd:integer, which the store folds into it, with the least and the greatest value."""
FORMS = {XSD + name: re.compile(form) for name, form in VOCABULARY["forms"].items()}


def decode(term: Term) -> Term:
    """The literal that ``encode`` was given; any other term is itself."""
    if isinstance(term, Literal) and term.datatype.value.startswith(KEPT):
        return Literal(term.value, datatype=NamedNode(term.datatype.value.removeprefix(KEPT)))
    return term


def encode(literal: Literal) -> Literal:
    """A literal that the store keeps as it is."""
    return Literal(literal.value, datatype=NamedNode(KEPT + literal.datatype.value))


def changed(literals: Iterable[Literal]) -> set[Literal]:
    """Those of some literals that a store would not give back as they are."""
    left = iter({x for x in literals if x.datatype.value.startswith(XSD) and x.datatype.value != XSD + "string"})
    odd: set[Literal] = set()
    while chunk := list(islice(left, 10_000)):
        store = Store()
        nodes = [NamedNode(f"urn:n:{number}") for number in range(len(chunk))]
        store.extend(Quad(node, NOTHING, literal) for node, literal in zip(nodes, chunk, strict=True))
        for quad in store:
            literal = chunk[int(quad.subject.value[6:])]
            if quad.object != literal:
                odd.add(literal)
    return odd


@lru_cache(maxsize=4096)
def is_changed(literal: Literal) -> bool:
    """Whether a store would not give the literal back as it is."""
    return bool(changed([literal]))


@lru_cache(maxsize=65536)
def well_formed(literal: Literal) -> bool:
    """Whether the lexical form is one of the literal's datatype (true for datatypes that are not known)."""
    datatype, text = literal.datatype.value, literal.value
    if datatype in INTEGERS:
        low, high = INTEGERS[datatype]
        return bool(FORMS[XSD + "integer"].fullmatch(text)) and low <= int(text) <= high
    if datatype in FORMS and not FORMS[datatype].fullmatch(text):
        return False
    cast = XSD + "dateTime" if datatype == XSD + "dateTimeStamp" else datatype
    return cast not in CASTS or value_of(f"<{cast}>({Literal(text)})") is not None


def has_datatype(value: Term, datatype: Term) -> bool:
    """``sh:datatype`` (section 4.1.2): the datatype itself, and a lexical form of it."""
    literal = decode(value)
    return isinstance(literal, Literal) and literal.datatype == datatype and well_formed(literal)


def less(left: Term, operator: str, right: Term) -> bool:
    """``left < right`` (or ``<=``, ``>``, ``>=``) as SPARQL defines it; false where the two cannot be compared."""
    one, other = decode(left), decode(right)
    if operator[0] == ">":
        one, other = other, one
    if not (isinstance(one, Literal) and isinstance(other, Literal) and well_formed(one) and well_formed(other)):
        return False
    number, limit = _number(one), _number(other)
    if number is not None and limit is not None:
        if isinstance(number, float) or isinstance(limit, float):
            number, limit = float(number), float(limit)
        return number < limit or (len(operator) == 2 and number == limit)
    if one.datatype != other.datatype or one.datatype.value not in ORDERED:
        return False
    if one.datatype.value == XSD + "boolean":
        truth = one.value in ("true", "1"), other.value in ("true", "1")
        return truth[0] < truth[1] or (len(operator) == 2 and truth[0] == truth[1])
    verdict = value_of(f"{one} {operator.replace('>', '<')} {other}")
    return isinstance(verdict, Literal) and verdict.value == "true"


def _number(literal: Literal) -> Decimal | float | None:
    datatype = literal.datatype.value
    if datatype in (XSD + "double", XSD + "float"):
        return float(literal.value)
    return Decimal(literal.value) if datatype in NUMERIC or datatype in INTEGERS else None


@lru_cache(maxsize=65536)
def value_of(expression: str) -> Term | None:
    """What the store works out an expression of SPARQL to; None where that is an error."""
    answer = Store().query(f"SELECT ({expression} AS ?value) {{}}")
    assert isinstance(answer, QuerySolutions)
    value: Term | None = next(answer)["value"]
    return value


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str) -> re.Pattern[str]:
    """A pattern that the store's regular expressions cannot express; raises re.error."""
    return re.compile(pattern, sum(getattr(re, flag.upper()) for flag in set(flags) & set("ismx")))


def matches(value: Term, pattern: Term, flags: Term) -> bool:
    """``sh:pattern`` (section 4.4.3) by Python's regular expressions, which know look-around."""
    if not isinstance(value, (Literal, NamedNode)):
        return False
    return compiled(pattern.value, flags.value).search(value.value) is not None  # type: ignore[union-attr]


def _boolean(test: Callable[..., bool]) -> Callable[..., Literal]:
    return lambda *terms: Literal(test(*terms))


LESS, DATATYPE, MATCHES = (NamedNode(f"urn:shacl:{name}") for name in ("less", "datatype", "matches"))
FUNCTIONS: dict[NamedNode, Callable[..., Term | None]] = {
    LESS: _boolean(lambda left, operator, right: less(left, operator.value, right)),
    DATATYPE: _boolean(has_datatype),
    MATCHES: _boolean(matches),
}
"""Functions that queries over a store in this process may call."""
