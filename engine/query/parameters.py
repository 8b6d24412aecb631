"""Turn what a person types for a parameter (a label, notation, code, key or IRI) into an RDF term.

Names are matched in steps, the strictest first: as written but in any case; in another inflected form; with words left out. A
value that matches nothing, or several things, is an error that lists the nearest names.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from engine.query.library import Parameter, StoredQuery, Term
from engine.store import CALLED, declare_prefixes
from loaders.data import LANGUAGES
from loaders.errors import QueryUsageError, did_you_mean
from loaders.rdf.terms import BASE, CODE, ID, SKOS, TG, XSD

Select = Callable[[str], Iterable[ox.QuerySolution]]
"""Runs a SELECT query over the graph the values are looked up in."""

CLASSES = {
    "theme": ("Theme", "theme"),
    "organisation": ("Organisation", "organisation"),
    "ministry": ("Ministry", "organisation"),
    "ely": ("ELYCentre", "organisation"),
    "project": ("Project", "project"),
    "document": ("SourceDocument", "document"),
    "targetGroup": ("TargetGroup", "target-group"),
}
_ELY_WORDS = (
    "ELY-keskus elinkeino- liikenne- ja ympäristökeskus NTM-centralen närings- trafik- och miljöcentralen Centre"
)
_UNSAFE = re.compile(r"\\[uU]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_LONGEST = 1000
"""Characters of a value; no name is as long."""
_MOST_GUESSES = 20_000
"""Names compared for "did you mean": enough for every theme and organisation of the documents, bounded at scale."""

Names = list[tuple[str, str]]
"""(IRI, name) pairs."""


def resolve(query: StoredQuery, given: Mapping[str, object], select: Select) -> dict[str, list[Term]]:
    """RDF terms for the values given; raises :class:`QueryUsageError` for an unknown parameter or a value that does not fit."""
    return {name: _terms(query.parameter(name), value, select) for name, value in given.items()}


def _terms(parameter: Parameter, value: object, select: Select) -> list[Term]:
    many = isinstance(value, Sequence) and not isinstance(value, (str, bytes))
    values: Sequence[object] = value if many else [value]  # type: ignore[assignment]
    if not values:
        raise QueryUsageError(f"parameter {parameter.name!r} was given no value")
    if len(values) > 1 and parameter.type in ("date", "number", "text"):
        raise QueryUsageError(f"parameter {parameter.name!r} takes one {parameter.type}, {len(values)} were given")
    return [_term(parameter, v, select) for v in values]


def _term(parameter: Parameter, value: object, select: Select) -> Term:
    if isinstance(value, ox.NamedNode):
        value = value.value
    if parameter.type == "date":
        return ox.Literal(_date(parameter, value))
    if parameter.type == "number":
        return _number(parameter, value)
    text = _text(parameter, value)
    if parameter.type == "text":
        return ox.Literal(_allowed(parameter, text))
    return _thing(parameter, text, select)


def _text(parameter: Parameter, value: object) -> str:
    """The value as text. A backslash before u is refused: some engines expand it before they read the quotes."""
    text = str(value).strip()
    if len(text) > _LONGEST:
        raise QueryUsageError(
            f"parameter {parameter.name!r}: {text[:40]!r}… is longer than any name ({len(text)} characters)"
        )
    if not text or _UNSAFE.search(text):
        raise QueryUsageError(f"parameter {parameter.name!r}: {text!r} is empty or holds characters no name has")
    return text


def _allowed(parameter: Parameter, text: str) -> str:
    if not parameter.allowed:
        return text
    for allowed in parameter.allowed:
        if allowed.casefold() == text.casefold():
            return allowed
    raise QueryUsageError(f"parameter {parameter.name!r}: {text!r} is not one of {', '.join(parameter.allowed)}")


def _date(parameter: Parameter, value: object) -> str:
    """An ISO day; a month or a year means its last day, as in "what was known by"."""
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    if match := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text):
        text = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    try:
        if match := re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?", text):
            year, month = int(match[1]), int(match[2] or 12)
            return date(year, month, monthrange(year, month)[1]).isoformat()
        day = re.fullmatch(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?", text)
        return date.fromisoformat(day[1] if day else "").isoformat()
    except ValueError:
        message = f"{text!r} is not a date: write 2024-10-31, 31.10.2024, 2024-10 or 2024"
        raise QueryUsageError(f"parameter {parameter.name!r}: {message}") from None


def _number(parameter: Parameter, value: object) -> ox.Literal:
    text = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)", "", str(value).strip()).replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise QueryUsageError(f"parameter {parameter.name!r}: {value!r} is not a number")
    kind = "integer" if number == number.to_integral_value() and "." not in text else "decimal"
    return ox.Literal(format(number, "f"), datatype=ox.NamedNode(f"{XSD}{kind}"))


def _thing(parameter: Parameter, text: str, select: Select) -> ox.NamedNode:
    """The thing a text names: by IRI, by key, by name."""
    if parameter.allowed and parameter.type == "code":
        text = next((a for a in parameter.allowed if a.casefold() == text.casefold()), text)
    base = f"{CODE}{parameter.scheme}/" if parameter.type == "code" else f"{ID}{CLASSES[parameter.type][1]}/"
    iri = text if "://" in text else base + text
    if _exists(parameter, iri, select):
        return ox.NamedNode(iri)
    if "://" in text:
        raise QueryUsageError(f"parameter {parameter.name!r}: no {parameter.type} <{text}> in this graph")
    things = _named(parameter, base, text, select)
    names: Names = []
    if not things:
        where = f"{_pattern(parameter, base)} VALUES ?p {{ {CALLED} }} ?thing ?p ?name"
        rows = select(declare_prefixes(f"SELECT DISTINCT ?thing ?name WHERE {{ {where} }}"))
        names = [(row["thing"].value, row["name"].value) for row in rows]
        things = _match(names, text, _loose if parameter.type == "ely" else lambda word_roots: word_roots)
    if len(things) == 1:
        return ox.NamedNode(things.pop())
    raise QueryUsageError(_unclear(parameter, text, things, names))


def _pattern(parameter: Parameter, base: str) -> str:
    """Which things the parameter may name: the instances of its class, or the concepts of its code list."""
    if parameter.type == "code":
        return f'?thing <{SKOS}prefLabel> ?any . FILTER(STRSTARTS(STR(?thing), "{base}"))'
    return f"?thing a <{TG}{CLASSES[parameter.type][0]}> ."


def _exists(parameter: Parameter, iri: str, select: Select) -> bool:
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    bound = f"VALUES ?thing {{ {node} }}"
    return any(True for _ in select(f"SELECT ?thing WHERE {{ {bound} {_pattern(parameter, BASE)} }} LIMIT 1"))


def _named(parameter: Parameter, base: str, text: str, select: Select) -> set[str]:
    """Things whose name is the text, letter by letter: a look-up, no scan."""
    literals = " ".join([str(ox.Literal(text)), *(str(ox.Literal(text, language=lang)) for lang in LANGUAGES)])
    where = f"VALUES ?name {{ {literals} }} VALUES ?p {{ {CALLED} }} ?thing ?p ?name . {_pattern(parameter, base)}"
    return {s["thing"].value for s in select(declare_prefixes(f"SELECT DISTINCT ?thing WHERE {{ {where} }}"))}


def _loose(word_roots: list[str]) -> list[str]:
    """Roots without the words that every ELY Centre's name has: Häme, Hämeen ELY and Hämeen ELY-keskus meet."""
    from engine.search import roots

    common = set(roots(_ELY_WORDS)) | {"ely"}
    return [r for r in word_roots if r not in common]


def _match(names: Names, text: str, narrow: Callable[[list[str]], list[str]]) -> set[str]:
    """Things that the text names, by the first of the steps that finds any."""
    from engine.search import fold, roots

    as_written, folded = text.casefold(), fold(text)
    for same in (lambda n: n.casefold() == as_written, lambda n: fold(n) == folded):
        if things := {thing for thing, name in names if same(name)}:
            return things
    sought = narrow(roots(text))
    if not sought:
        return set()
    rooted = [(thing, narrow(roots(name))) for thing, name in names]
    if things := {thing for thing, parts in rooted if parts == sought}:
        return things
    return {thing for thing, parts in rooted if set(sought) <= set(parts)}


def _unclear(parameter: Parameter, text: str, things: set[str], names: Names) -> str:
    if not things:
        known = [name for _, name in names[:_MOST_GUESSES]]
        return f"parameter {parameter.name!r}: no {parameter.type} {text!r}{did_you_mean(text, known)}"
    from rapidfuzz import fuzz, process

    def called(thing: str) -> str:
        own = [name for iri, name in names if iri == thing]
        nearest = process.extractOne(text, own, scorer=fuzz.ratio, processor=str.casefold)
        return repr(nearest[0]) if nearest else thing.removeprefix(ID)

    which = ", ".join(map(called, sorted(things)[:5]))
    more = f" and {len(things) - 5} more" if len(things) > 5 else ""
    return f"parameter {parameter.name!r}: {text!r} may be {which}{more}: say more of the name"
