"""Random shapes and data for all Core components, and the recommendation's definitions evaluated one by one, without SPARQL."""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from shacl import ShapesError, validate
from shacl.literals import less, well_formed
from shacl.run import Engine
from shacl.shapes import Shape, Shapes, read_shapes
from shacl.terms import RDFS, SUBCLASS_OF, TYPE, Node, Path, ShapesGraph, Term, name_of

EX = "http://example.org/"
HEAD = (
    f"@prefix : <{EX}> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
NODES = [":a", ":b", ":c", ":d", "_:x", "_:y"]
PROPERTIES = [":p", ":q", ":r"]
CLASSES = [":C", ":D", ":E"]
DATATYPES = [
    "string",
    "integer",
    "decimal",
    "double",
    "boolean",
    "date",
    "byte",
    "nonNegativeInteger",
    "gYear",
    "dateTime",
]
LITERALS = [
    *(
        '"a"',
        '"b"',
        '"abc"',
        '""',
        '"a"@en',
        '"b"@en',
        '"a"@fi',
        '"a"@en-GB',
        "1",
        "2",
        "7",
        '"007"^^xsd:integer',
        "-1",
    ),
    *("1.0", "1.50", '"2.0"^^xsd:decimal', "1e0", '"NaN"^^xsd:double', '"INF"^^xsd:double', "true", "false"),
    *('"1"^^xsd:boolean', '"x"^^xsd:integer', '"300"^^xsd:byte', '"5"^^xsd:byte', '"2024-01-31"^^xsd:date'),
    *('"2024-02-31"^^xsd:date', '"2024"^^xsd:gYear', '"2024-01-31T00:00:00Z"^^xsd:dateTime', '"z"^^:own'),
    '"99999999999999999999999"^^xsd:integer',
]


def case(seed: int) -> tuple[str, str]:
    """Data and shapes of one seed as Turtle."""
    dice = random.Random(seed)
    lines = [f"{dice.choice(CLASSES)} rdfs:subClassOf {dice.choice(CLASSES)} ." for _ in range(2)]
    lines += [f"{dice.choice(NODES)} a {dice.choice(CLASSES)} ." for _ in range(5)]
    for _ in range(dice.randint(6, 16)):
        value = dice.choice(NODES if dice.random() < 0.45 else LITERALS)
        lines.append(f"{dice.choice(NODES)} {dice.choice(PROPERTIES)} {value} .")
    targets = [
        *(f"sh:targetClass {c}" for c in CLASSES),
        *(f"sh:targetSubjectsOf {p}" for p in PROPERTIES),
        *(f"sh:targetObjectsOf {p}" for p in PROPERTIES),
        *("sh:targetNode :a", "sh:targetNode :absent", 'sh:targetNode "a"@en, "007"^^xsd:integer'),
    ]
    shapes = []
    for number in range(dice.randint(1, 3)):
        body = " ; ".join(_constraints(dice, 0))
        shapes.append(f":S{number} a sh:NodeShape ; {dice.choice(targets)} ; {body} .")
    return HEAD + "\n".join(lines), HEAD + "\n".join(shapes)


def _path(dice: random.Random, depth: int = 0) -> str:
    simple = dice.choice(PROPERTIES)
    if depth > 1 or dice.random() < 0.6:
        return simple
    one, other = _path(dice, depth + 1), _path(dice, depth + 1)
    forms = [f"[ sh:inversePath {one} ]", f"( {one} {other} )", f"[ sh:alternativePath ( {one} {other} ) ]"]
    forms += [f"[ sh:{name}Path {one} ]" for name in ("zeroOrMore", "oneOrMore", "zeroOrOne")]
    return dice.choice(forms)


def _constraints(dice: random.Random, depth: int) -> list[str]:
    made = [_value(dice, depth) for _ in range(dice.randint(0, 2))]
    for _ in range(dice.randint(1, 2) if depth < 2 else 0):
        inner = [_value(dice, depth + 1) for _ in range(dice.randint(0, 2))]
        inner += dice.sample(_property(dice, depth + 1), dice.randint(1, 2))
        made.append(f"sh:property [ sh:path {_path(dice)} ; {' ; '.join(_once(inner))} ]")
    if dice.random() < 0.1:
        made.append("sh:closed true ; sh:ignoredProperties ( rdf:type :p )")
    return _once(made) or ["sh:nodeKind sh:IRI"]


def _once(constraints: list[str]) -> list[str]:
    """Each parameter once, but for those that may come several times."""
    kept: dict[str, str] = {}
    for number, text in enumerate(constraints):
        name = text.split()[0]
        kept[f"{name}{number}" if name in ("sh:property", "sh:not", "sh:hasValue", "sh:class") else name] = text
    return list(kept.values())


def _property(dice: random.Random, depth: int) -> list[str]:
    shape = f"[ {' ; '.join(_once([_value(dice, depth + 1)]))} ]"
    made = [f"sh:minCount {dice.randint(0, 3)}", f"sh:maxCount {dice.randint(0, 2)}", "sh:uniqueLang true"]
    made += [f"sh:{name} {dice.choice(PROPERTIES)}" for name in ("lessThan", "lessThanOrEquals", "equals", "disjoint")]
    return [
        *made,
        f"sh:qualifiedValueShape {shape} ; sh:qualified{dice.choice(('Min', 'Max'))}Count {dice.randint(0, 2)}",
    ]


def _value(dice: random.Random, depth: int) -> str:
    limit = dice.choice([text for text in LITERALS if "@" not in text])
    kinds = ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
    choices = [
        f"sh:class {dice.choice(CLASSES)}",
        f"sh:datatype xsd:{dice.choice(DATATYPES)}",
        f"sh:nodeKind sh:{dice.choice(kinds)}",
        *(f"sh:{name} {limit}" for name in ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive")),
        f"sh:{dice.choice(('min', 'max'))}Length {dice.randint(0, 4)}",
        f'sh:pattern "{dice.choice(("a", "^0", "[0-9]+", "B", "(?=1)"))}" ; sh:flags "{dice.choice(("", "i"))}"',
        'sh:languageIn ( "en" "fi" )',
        f"sh:in ( {' '.join(dice.sample([n for n in NODES if n[0] == ':'] + LITERALS, 6))} )",
        f"sh:hasValue {dice.choice([':a', *LITERALS])}",
    ]
    if depth < 2 and dice.random() < 0.4:
        one, other = (f"[ {' ; '.join(_constraints(dice, depth + 1))} ]" for _ in range(2))
        choices = [
            f"sh:not {one}",
            f"sh:node {one}",
            *(f"sh:{name} ( {one} {other} )" for name in ("and", "or", "xone")),
        ]
    return dice.choice(choices)


class Standard:
    """The definitions of section 4 of the recommendation over a list of triples."""

    def __init__(self, data: list[Triple], shapes: Shapes) -> None:
        self.graph, self.shapes = ShapesGraph(data), shapes
        self.back: dict[tuple[Term, NamedNode], list[Node]] = {}
        for triple in self.graph.triples:
            self.back.setdefault((triple.object, triple.predicate), []).append(triple.subject)

    def results(self) -> Counter[tuple[str, ...]]:
        """The results of all shapes with targets: focus, path, component, value."""
        made: Counter[tuple[str, ...]] = Counter()
        for shape in self.shapes:
            for focus in dict.fromkeys(self.targets(shape)):
                made.update(self.violations(shape, focus))
        return made

    def targets(self, shape: Shape) -> list[Term]:
        """The focus nodes of a shape."""
        nodes: list[Term] = []
        for target in shape.targets:
            if target.kind == "targetNode":
                nodes.append(target.value)
            elif target.kind == "targetClass":
                nodes += [
                    t.subject for t in self.graph.triples if t.predicate == TYPE and self.is_a(t.subject, target.value)
                ]
            else:
                nodes += [
                    t.subject if target.kind == "targetSubjectsOf" else t.object
                    for t in self.graph.triples
                    if t.predicate == target.value
                ]
        return nodes

    def is_a(self, node: Term, kind: Term) -> bool:
        """Whether a node is an instance of a class or of a subclass."""
        ahead, seen = list(self.graph.objects(node, TYPE)), set[Term]()
        while ahead:
            one = ahead.pop()
            if one == kind:
                return True
            if one not in seen:
                seen.add(one)
                ahead += self.graph.objects(one, SUBCLASS_OF)
        return False

    def walk(self, path: Path, node: Term) -> dict[Term, None]:
        """The value nodes of a path, each once."""
        if path.predicate is not None:
            return dict.fromkeys(self.graph.objects(node, path.predicate))
        if path.operator == "^":
            return self.walk_back(path.parts[0], node)
        if path.operator == "/":
            nodes: dict[Term, None] = {node: None}
            for part in path.parts:
                nodes = {end: None for one in nodes for end in self.walk(part, one)}
            return nodes
        if path.operator == "|":
            return {end: None for part in path.parts for end in self.walk(part, node)}
        return self._repeat(path, node, lambda one: self.walk(path.parts[0], one))

    def walk_back(self, path: Path, node: Term) -> dict[Term, None]:
        """The nodes from which a path leads to a node."""
        if path.predicate is not None:
            return dict.fromkeys(self.back.get((node, path.predicate), ()))
        if path.operator == "^":
            return self.walk(path.parts[0], node)
        if path.operator == "/":
            nodes: dict[Term, None] = {node: None}
            for part in reversed(path.parts):
                nodes = {end: None for one in nodes for end in self.walk_back(part, one)}
            return nodes
        if path.operator == "|":
            return {end: None for part in path.parts for end in self.walk_back(part, node)}
        return self._repeat(path, node, lambda one: self.walk_back(path.parts[0], one))

    def _repeat(self, path: Path, node: Term, step) -> dict[Term, None]:  # type: ignore[no-untyped-def]
        nodes: dict[Term, None] = {} if path.operator == "+" else {node: None}
        if path.operator == "?":
            return {**nodes, **step(node)}
        ahead = [node]
        seen: set[Term] = set()
        while ahead:
            one = ahead.pop()
            if one in seen:
                continue
            seen.add(one)
            for end in step(one):
                nodes[end] = None
                ahead.append(end)
        return nodes

    def conforms(self, node: Term, focus: Term) -> bool:
        """Whether a focus node conforms to the shape of a node."""
        return not self.violations(self.shapes.get(node), focus)

    def violations(self, shape: Shape, focus: Term) -> list[tuple[str, ...]]:
        """The results of one shape for one focus node."""
        values = [focus] if shape.path is None else list(self.walk(shape.path, focus))
        path = "" if shape.path is None else str(shape.path)
        made: list[tuple[str, ...]] = []

        def wrong(name: str, value: Term | None = None, at: str = path) -> None:
            made.append((str(focus), at, name, "" if value is None else str(value)))

        for name, test in TESTS.items():
            for argument in shape.values(name):
                for value in values:
                    if not test(self, shape, argument, value):
                        wrong(name, value)
        self._together(shape, focus, values, wrong)
        for child in shape.values("property"):
            for value in values:
                made += self.violations(self.shapes.get(child), value)
        return made

    def _together(self, shape: Shape, focus: Term, values: list[Term], wrong) -> None:  # type: ignore[no-untyped-def]  # noqa: C901 - the definitions one after another
        for name, bad in (("minCount", len(values).__lt__), ("maxCount", len(values).__gt__)):
            for limit in shape.values(name):
                if bad(int(name_of(limit))):
                    wrong(name)
        for value in shape.values("hasValue"):
            if value not in values:
                wrong("hasValue")
        for other in shape.values("equals"):
            others = self.graph.objects(focus, other)  # type: ignore[arg-type]
            for value in {*values} ^ {*others}:
                wrong("equals", value)
        for other in shape.values("disjoint"):
            for value in {*values} & {*self.graph.objects(focus, other)}:  # type: ignore[arg-type]
                wrong("disjoint", value)
        for name, operator in (("lessThan", "<"), ("lessThanOrEquals", "<=")):
            for other in shape.values(name):
                for value in values:
                    for limit in self.graph.objects(focus, other):  # type: ignore[arg-type]
                        if not less(value, operator, limit):
                            wrong(name, value)
        if shape.flag("uniqueLang"):
            tags = Counter(v.language.lower() for v in values if isinstance(v, Literal) and v.language)
            for count in tags.values():
                if count > 1:
                    wrong("uniqueLang")
        for node in shape.values("qualifiedValueShape"):
            count = sum(self.conforms(node, value) for value in values)
            for limit in shape.values("qualifiedMinCount"):
                if count < int(name_of(limit)):
                    wrong("qualifiedMinCount")
            for limit in shape.values("qualifiedMaxCount"):
                if count > int(name_of(limit)):
                    wrong("qualifiedMaxCount")
        if shape.flag("closed"):
            self._closed(shape, values, wrong)

    def _closed(self, shape: Shape, values: list[Term], wrong) -> None:  # type: ignore[no-untyped-def]
        paths = [self.shapes.get(child).path for child in shape.values("property")]
        allowed: set[Term] = {path.predicate for path in paths if path is not None and path.predicate is not None}
        allowed |= {item for head in shape.values("ignoredProperties") for item in self.shapes.graph.items(head)}
        for value in values:
            for predicate in self.graph.predicates(value):
                for end in self.graph.objects(value, predicate):
                    if predicate not in allowed and end != NamedNode(f"{RDFS}Resource"):
                        wrong("closed", end, str(predicate))


def _has_length(value: Term, length: Term, least: bool) -> bool:
    limit = int(name_of(length))
    if isinstance(value, BlankNode):
        return least and limit == 0
    return len(name_of(value)) >= limit if least else len(name_of(value)) <= limit


def _matches(shape: Shape, pattern: Term, value: Term) -> bool:
    flags = re.IGNORECASE if any("i" in name_of(flag) for flag in shape.values("flags")) else 0
    return not isinstance(value, BlankNode) and re.search(name_of(pattern), name_of(value), flags) is not None


def _speaks(tag: str, wanted: str) -> bool:
    return tag.lower() == wanted.lower() or tag.lower().startswith(f"{wanted.lower()}-")


def _kind(value: Term) -> str:
    return {NamedNode: "IRI", BlankNode: "BlankNode", Literal: "Literal"}[type(value)]  # type: ignore[index]


TESTS = {
    "class": lambda s, shape, kind, v: s.is_a(v, kind),
    "datatype": lambda s, shape, kind, v: isinstance(v, Literal) and v.datatype == kind and well_formed(v),
    "nodeKind": lambda s, shape, kind, v: _kind(v) in kind.value.rpartition("#")[2].split("Or"),
    "minInclusive": lambda s, shape, limit, v: less(v, ">=", limit),
    "maxInclusive": lambda s, shape, limit, v: less(v, "<=", limit),
    "minExclusive": lambda s, shape, limit, v: less(v, ">", limit),
    "maxExclusive": lambda s, shape, limit, v: less(v, "<", limit),
    "minLength": lambda s, shape, length, v: _has_length(v, length, True),
    "maxLength": lambda s, shape, length, v: _has_length(v, length, False),
    "pattern": lambda s, shape, pattern, v: _matches(shape, pattern, v),
    "languageIn": lambda s, shape, head, v: (
        isinstance(v, Literal) and any(_speaks(v.language or "", x.value) for x in s.shapes.graph.items(head))
    ),
    "in": lambda s, shape, head, v: v in s.shapes.graph.items(head),
    "node": lambda s, shape, node, v: s.conforms(node, v),
    "not": lambda s, shape, node, v: not s.conforms(node, v),
    "and": lambda s, shape, head, v: all(s.conforms(x, v) for x in s.shapes.graph.items(head)),
    "or": lambda s, shape, head, v: any(s.conforms(x, v) for x in s.shapes.graph.items(head)),
    "xone": lambda s, shape, head, v: sum(s.conforms(x, v) for x in s.shapes.graph.items(head)) == 1,
}


def read(data: str, shapes: str) -> tuple[list[Triple], Shapes]:
    """The statements and the shapes of a case."""
    triples = [quad.triple for quad in parse(data.encode(), format=RdfFormat.TURTLE)]
    return triples, read_shapes(ShapesGraph(parse(shapes.encode(), format=RdfFormat.TURTLE)))


def by_standard(triples: list[Triple], shapes: Shapes) -> Counter[tuple[str, ...]]:
    """What the recommendation's definitions give."""
    return Standard(triples, shapes).results()


def by_library(triples: list[Triple], shapes: Shapes, engine: Engine = "sparql") -> Counter[tuple[str, ...]]:
    """What ``shacl.validate`` gives, with the shapes that no query can express left to pySHACL; or pySHACL for all."""
    results = validate(triples, shapes, engine=engine).results
    return Counter((str(r.focus), r.path or "", r.parameter, "" if r.value is None else str(r.value)) for r in results)


def difference(seed: int) -> str:
    """What the library and the standard's definitions give differently for a seed; empty where they agree."""
    given = read(*case(seed))
    ours, standard = by_library(*given), by_standard(*given)
    return "" if ours == standard else f"seed {seed}: more {ours - standard}, missing {standard - ours}"


def of_pyshacl(seed: int) -> str:
    """Why pySHACL differs from the standard in a case: the components, or the refusal; empty where they agree."""
    given = read(*case(seed))
    standard = by_standard(*given)
    try:
        theirs = by_library(*given, engine="pyshacl")
    except ShapesError as error:
        return f"refuses: {str(error)[:80]}"
    parts = [(sign, name) for sign, c in (("+", theirs - standard), ("-", standard - theirs)) for _, _, name, _ in c]
    return " ".join(sorted({f"{sign}{name}" for sign, name in parts}))


def main() -> None:
    """Count the cases that differ from the standard: ours, and pySHACL's by component."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="The first seed.")
    parser.add_argument("--pyshacl", type=int, default=0, metavar="N", help="Compare pySHACL too in the first N cases.")
    given = parser.parse_args()
    started = time.process_time()
    seeds = range(given.first, given.first + given.cases)
    handed = sum(bool(validate(*read(*case(seed))).by_pyshacl) for seed in seeds[:1000])
    wrong = [text for seed in seeds if (text := difference(seed))]
    seconds = time.process_time() - started
    print(f"{given.cases} random cases, {len(wrong)} differ from the standard, {seconds:.0f} processor seconds")
    print(f"of the first {min(1000, given.cases)}, {handed} had a shape that pySHACL checked", *wrong[:20], sep="\n")
    reasons = Counter(text for seed in seeds[: given.pyshacl] if (text := of_pyshacl(seed)))
    print(f"{given.pyshacl} cases by pySHACL alone, {reasons.total()} differ from the standard")
    for text, count in reasons.most_common():
        print(f"{count:6} {text}")


if __name__ == "__main__":
    main()
