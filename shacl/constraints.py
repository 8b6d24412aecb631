"""The constraint components of SHACL Core (section 4) as pieces of SPARQL.

Each gives the violations of a focus node: a graph pattern and a condition. A condition never errors, since SPARQL drops
rows whose filter errors, and a dropped row would be a violation passed over.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from shacl import literals
from shacl.data import Data
from shacl.literals import DATATYPE, LESS, MATCHES, NUMERIC
from shacl.shapes import ADVANCED, SHAPE_LISTS, Shape, Shapes
from shacl.terms import RDF, RDFS, SUBCLASS_OF, TYPE, XSD, NotCovered, Path, ShapesError, Term, component, name_of, sh

KINDS = {"IRI": "isIRI", "BlankNode": "isBlank", "Literal": "isLiteral"}
COMPARISONS = {"minInclusive": ">=", "maxInclusive": "<=", "minExclusive": ">", "maxExclusive": "<"}
LONG = 50
"""How many members a list has that is looked up in a table."""
FOCUS = "?this"
"""The variable of a target's focus nodes."""


@dataclass(frozen=True, slots=True)
class Sets:
    """A fault for a whole target class: a pattern that finds it, or what stands after the target's pattern in the query.

    Instead of a look-up for each focus node the store scans a property once. On disk that is three to twenty-five times
    faster, measured.
    """

    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """The violations of one constraint for a bound focus variable.

    ``pattern`` is a graph pattern (may be empty), ``condition`` an expression that is true for a violation (may be
    empty); ``value`` and ``path`` are the variables of the result's value and path, ``also`` further variables that tell
    results apart; ``sets`` gives the same violations for the whole target class at once, where that can be said.
    ``breaks``: how many values only a node with it has: ``none``, ``some``, ``several``.
    """

    component: NamedNode
    pattern: str
    condition: str
    value: str | None = None
    path: str | None = None
    also: tuple[str, ...] = ()
    sets: Sets | None = None
    breaks: str = ""

    @property
    def body(self) -> str:
        """Pattern and condition together."""
        return f"{self.pattern} FILTER({self.condition})" if self.condition else self.pattern

    @property
    def absent(self) -> str:
        """An expression that is true where the bound focus node has no such violation."""
        return f"NOT EXISTS {{ {self.body} }}" if self.pattern else f"!({self.condition})"


def every(conditions: list[str]) -> str:
    """Conjunction."""
    return " && ".join(f"({condition})" for condition in conditions) or "true"


def some(conditions: list[str]) -> str:
    """Disjunction."""
    return " || ".join(f"({condition})" for condition in conditions) or "false"


class Constraints:
    """Translates the constraints of shapes for one data graph."""

    def __init__(self, shapes: Shapes, data: Data) -> None:
        """Functions of ours may be called in this process; the literals of files keep their form (``data.owned``)."""
        self.shapes, self.classes, self._data = shapes, data.classes, data
        self._functions, self._lexical = data.store is not None, data.owned
        self.kinds: list[NamedNode] | None = None
        """The classes of which every focus node is an instance, where that is known."""
        self._count = 0
        self._open: list[Shape] = []

    def fresh(self) -> str:
        """A variable that no other part of the query has."""
        self._count += 1
        return f"?_{self._count}"

    def constant(self, term: Term) -> str:
        """A term in a query; a blank node there would be a variable."""
        if isinstance(term, BlankNode):
            raise NotCovered(f"the blank node {term} as a constant")
        if self._lexical and isinstance(term, Literal) and literals.is_changed(term):
            term = literals.encode(term)
        return str(term)

    def refuse(self, shape: Shape) -> None:
        """Raise NotCovered for a shape with features that only pySHACL knows."""
        for name in ADVANCED:
            if shape.values(name):
                raise NotCovered(f"{shape}: sh:{name} (SHACL Advanced Features)")
        if shape.custom:
            raise NotCovered(f"{shape}: a constraint component of its own")

    def faults(self, shape: Shape, focus: str, reached: tuple[str, str] | None = None) -> Iterator[Fault]:
        """What breaks the shape's own constraints (those of its property shapes are the compiler's matter).

        ``reached`` is what :meth:`reach` gave before, where several shapes look at the same values.
        """
        self.refuse(shape)
        var, pattern = reached or self.reach(shape, focus)
        for name, test in TESTS.items():
            for argument in shape.values(name):
                sets = self._without_class(shape, [argument], focus, var) if name == "class" else None
                sets = self._not_among(shape, argument, focus, var) if name == "in" else sets
                yield Fault(component(name), pattern, f"!({test(self, shape, argument, var)})", var, sets=sets)
        yield from self._shape_based(shape, focus, var, pattern)
        yield from self._pairs(shape, focus, var, pattern)
        for value in shape.values("hasValue"):
            sets, constant = None, self.constant(value)
            if shape.path is not None and shape.path.scannable:
                sets = Sets(after=f"MINUS {{ {focus} {shape.path} {constant} }}")
            yield Fault(component("hasValue"), "", f"!({self._leads(shape.path, focus, constant)})", sets=sets)
        if shape.flag("closed"):
            yield self._closed(shape, var, pattern)
        if shape.path is not None:
            yield from self._counts(shape, shape.path, focus)

    def reach(self, shape: Shape, focus: str) -> tuple[str, str]:
        """The variable of the value nodes, and the pattern that leads there from the focus node."""
        if shape.path is None:
            return focus, ""
        var = self.fresh()
        return var, f"{focus} {shape.path.walked} {var} ."

    def conforms(self, shape: Shape, var: str) -> str:
        """An expression that is true where the node conforms to the shape."""
        if shape.deactivated:
            return "true"
        if shape in self._open:
            raise NotCovered(f"{shape}: a shape that refers to itself, whose meaning the recommendation leaves open")
        if shape.values("sparql"):
            raise NotCovered(f"{shape}: sh:sparql inside another shape's condition")
        self._open.append(shape)
        try:
            conditions = [fault.absent for fault in self.faults(shape, var)]
            for child in self.property_shapes(shape):
                reached, pattern = self.reach(shape, var)
                inner = self.conforms(child, reached)
                conditions.append(f"NOT EXISTS {{ {pattern} FILTER(!({inner})) }}" if pattern else inner)
        finally:
            self._open.pop()
        return every(conditions)

    def property_shapes(self, shape: Shape) -> Iterator[Shape]:
        """The property shapes of a shape."""
        return map(self.shapes.get, shape.values("property"))

    def _shape_based(self, shape: Shape, focus: str, var: str, pattern: str) -> Iterator[Fault]:
        for name in ("node", "not"):
            for node in shape.values(name):
                inner = self.conforms(self.shapes.get(node), var)
                yield Fault(component(name), pattern, inner if name == "not" else f"!({inner})", var)
        for name in SHAPE_LISTS:
            for head in shape.values(name):
                shapes = [self.shapes.get(item) for item in self.shapes.graph.items(head)]
                members = [self.conforms(one, var) for one in shapes]
                inner = " + ".join(f"IF({member}, 1, 0)" for member in members) + " = 1"
                inner = every(members) if name == "and" else some(members) if name == "or" or not members else inner
                kinds = [kind for one in shapes if (kind := _class_alone(one)) is not None]
                alone = name == "or" and len(kinds) == len(shapes)
                sets = self._without_class(shape, kinds, focus, var) if alone else None
                yield Fault(component(name), pattern, f"!({inner})", var, sets=sets)

    def _pairs(self, shape: Shape, focus: str, var: str, pattern: str) -> Iterator[Fault]:
        for other in shape.values("equals"):
            back = self.fresh()
            among = self._leads(shape.path, focus, back)
            same = f"{{ {focus} {other} {var} }}"
            sets = _scanned(shape, focus, var, f"MINUS {same}")
            yield Fault(component("equals"), pattern, f"NOT EXISTS {same}", var, sets=sets)
            there = f"{focus} {other} {back} ."
            if sets is not None and shape.path is not None:
                own = shape.path.scanned(focus, back)
                sets = Sets(f"{{ SELECT {focus} {back} WHERE {{ {there} MINUS {{ {own} }} }} }}")
            yield Fault(component("equals"), there, f"!({among})", back, sets=sets)
        for other in shape.values("disjoint"):
            same = f"{{ {focus} {other} {var} }}"
            yield Fault(component("disjoint"), pattern, f"EXISTS {same}", var, sets=_scanned(shape, focus, var, same))
        for name, operator in (("lessThan", "<"), ("lessThanOrEquals", "<=")):
            for other in shape.values(name):
                more = self.fresh()
                wrong = f"!({self.less(var, operator, more)})"
                yield Fault(component(name), f"{pattern} {focus} {other} {more} .", wrong, var, also=(more,))

    def less(self, left: str, operator: str, right: str) -> str:
        """A comparison by SPARQL's operators: false where the values are of kinds that have no order.

        Oxigraph takes ``<=`` of two equal IRIs (or NaNs) for true and knows no order of booleans and of integers above
        64 bits; those comparisons are made by our function, where one may be called.
        """
        ordered = ", ".join(f"<{name}>" for name in sorted(literals.ORDERED - {XSD + "boolean"}))
        alike = f"DATATYPE({left}) = DATATYPE({right}) && DATATYPE({left}) IN ({ordered})"
        exact = f"<{LESS.value}>({left}, {Literal(operator)}, {right})" if self._functions else "false"
        numbers = f"isNumeric({left}) && isNumeric({right})"
        if len(operator) == 2:
            # Oxigraph finds two equal literals without a value, such as the 31st of February, in order.
            alike_right = f"IF({left} = {right}, {exact if self._functions else 'true'}, {left} {operator} {right})"
        else:
            alike_right = f"{left} {operator} {right}"
        plain = f"IF({numbers}, {left} {operator} {right} && {left} = {left}, IF({alike}, {alike_right}, {exact}))"
        return f"COALESCE({plain}, {exact})"

    def _leads(self, path: Path | None, start: str, end: str) -> str:
        """An expression that is true where a path leads from a bound node to another.

        A sequence is followed step by step from its start: left to the store, it may start from the end, and a well-known
        organisation or code has thousands of steps behind it.
        """
        if path is None:
            return f"sameTerm({start}, {end})"
        if path.operator != "/":
            return f"EXISTS {{ {start} {path} {end} }}"
        middle, rest = self.fresh(), path.parts[1:]
        if not rest:
            return self._leads(path.parts[0], start, end)
        onward = self._leads(rest[0] if len(rest) == 1 else Path("/", rest), middle, end)
        return f"EXISTS {{ {start} {path.parts[0]} {middle} FILTER({onward}) }}"

    def _closed(self, shape: Shape, var: str, pattern: str) -> Fault:
        allowed: list[Term] = [p.predicate for c in self.property_shapes(shape) if (p := c.path) and p.predicate]
        for head in shape.values("ignoredProperties"):
            allowed += self.shapes.graph.items(head)
        predicate, value = self.fresh(), self.fresh()
        listed = f"{predicate} IN ({', '.join(map(self.constant, dict.fromkeys(allowed)))})"
        # Every node is a resource; pySHACL never reports that, nor do we.
        resource = f"{predicate} = {TYPE} && sameTerm({value}, <{RDFS}Resource>)"
        scope = f"{pattern} {var} {predicate} {value} ."
        return Fault(component("closed"), scope, f"!({listed} || ({resource}))", value, predicate)

    def _counts(self, shape: Shape, path: Path, focus: str) -> Iterator[Fault]:
        for name, operator in (("minCount", ">="), ("maxCount", "<=")):
            for value in shape.values(name):
                limit = int(name_of(value))
                right = self._enough(path, focus, operator, limit)
                sets = self._enough_of_all(path, focus, operator, limit)
                breaks = {"minCount": "none" if limit == 1 else "", "maxCount": "several" if limit else "some"}[name]
                yield Fault(component(name), "", f"!({right})", sets=sets, breaks=breaks)
        if shape.flag("uniqueLang"):
            yield self._same_language(path, focus)
        for node in shape.values("qualifiedValueShape"):
            yield from self._qualified(shape, path, focus, node)

    def _enough(self, path: Path, focus: str, operator: str, limit: int, var: str = "", only: str = "") -> str:
        """An expression: the focus node has at least (at most) so many distinct values that pass the filter ``only``."""
        if self._data.figures.empty(path):
            return "true" if operator == "<=" or limit == 0 else "false"
        var = var or self.fresh()
        pattern = f"{focus} {path.walked} {var} . {only}"
        if limit == 0:
            return "true" if operator == ">=" else f"NOT EXISTS {{ {pattern} }}"
        if limit == 1 and operator == ">=":
            return "true" if not only and focus == FOCUS and self._given(path) else f"EXISTS {{ {pattern} }}"
        if limit == 1 and not only:
            other = self.fresh()
            return f"NOT EXISTS {{ {pattern} {focus} {path.walked} {other} FILTER(!sameTerm({var}, {other})) }}"
        least = limit if operator == ">=" else limit + 1
        counted = f"SELECT {focus} WHERE {{ {pattern} }} GROUP BY {focus} HAVING (COUNT(DISTINCT {var}) >= {least})"
        return f"{'EXISTS' if operator == '>=' else 'NOT EXISTS'} {{ {counted} }}"

    def _given(self, path: Path) -> bool:
        """Whether each focus node has a value."""
        if self.kinds is None or path.predicate is None:
            return False
        return not self._data.figures.breaks(path.predicate, "none", self.kinds)

    def _enough_of_all(
        self, path: Path, focus: str, operator: str, limit: int, var: str = "", only: str = ""
    ) -> Sets | None:
        """A count for a whole class: who has too many, or who is not among those that have enough."""
        if not path.scannable or (limit == 0 and operator == ">="):
            return None
        var = var or self.fresh()
        pattern = f"{{ {path.scanned(focus, var)} }} {only}"
        if operator == ">=" and limit == 1:
            return Sets(after=f"MINUS {{ {pattern} }}")
        if limit == 0:
            return Sets(after=pattern)
        least = limit if operator == ">=" else limit + 1
        counted = f"GROUP BY {focus} HAVING (COUNT(DISTINCT {var}) >= {least})"
        grouped = f"{{ SELECT {focus} WHERE {{ {pattern} }} {counted} }}"
        return Sets(after=f"MINUS {grouped}") if operator == ">=" else Sets(grouped)

    def _same_language(self, path: Path, focus: str) -> Fault:
        """``sh:uniqueLang``: a row for each language that two values share."""
        one, other, lang = self.fresh(), self.fresh(), self.fresh()
        tagged = f"BIND(LCASE(LANG({one})) AS {lang})"
        pattern = f"{focus} {path.walked} {one} . {focus} {path.walked} {other} . {tagged}"
        twice = f'COALESCE({lang} != "" && LCASE(LANG({other})) = {lang}, false) && !sameTerm({one}, {other})'
        sets = Sets(
            f'{{ SELECT {focus} {lang} WHERE {{ {{ {path.scanned(focus, one)} }} {tagged} FILTER({lang} != "") }} '
            f"GROUP BY {focus} {lang} HAVING (COUNT(DISTINCT {one}) > 1) }}"
        )
        usable = sets if path.scannable else None
        return Fault(component("uniqueLang"), pattern, twice, also=(lang,), sets=usable, breaks="several")

    def _without_class(self, shape: Shape, kinds: Iterable[Term], focus: str, var: str) -> Sets | None:
        """Values that are no instance of any of some classes, for a whole target class."""
        classes = [self.classes(kind) for kind in kinds if isinstance(kind, NamedNode)]
        if not all(classes) or not classes:
            return None
        others = " ".join(f"MINUS {{ {var} {TYPE} {one} }}" for some in classes for one in some or ())
        return _scanned(shape, focus, var, others)

    def _not_among(self, shape: Shape, head: Term, focus: str, var: str) -> Sets | None:
        """Values that are none of a long list, by one table of it: the store compares with each member in turn."""
        members = self.shapes.graph.items(head)
        if len(members) < LONG:
            return None
        return _scanned(shape, focus, var, f"MINUS {{ VALUES {var} {{ {' '.join(map(self.constant, members))} }} }}")

    def _qualified(self, shape: Shape, path: Path, focus: str, node: Term) -> Iterator[Fault]:
        for name, operator in (("qualifiedMinCount", ">="), ("qualifiedMaxCount", "<=")):
            for limit in shape.values(name):
                var = self.fresh()
                conditions = [self.conforms(self.shapes.get(node), var)]
                if shape.flag("qualifiedValueShapesDisjoint"):
                    conditions += [f"!({self.conforms(s, var)})" for s in self._siblings(shape, node)]
                only = f"FILTER({every(conditions)})"
                right = self._enough(path, focus, operator, int(name_of(limit)), var, only)
                joined = self._members(shape, self.shapes.get(node), var) or only
                sets = self._enough_of_all(path, focus, operator, int(name_of(limit)), var, joined)
                yield Fault(component(name), "", f"!({right})", sets=sets)

    def _members(self, shape: Shape, value: Shape, var: str) -> str:
        """A qualified value shape that is one class, as a pattern that the store joins; empty for any other."""
        kind = _class_alone(value)
        classes = self.classes(kind) if kind is not None else None
        if classes is None or len(classes) > 1 or shape.flag("qualifiedValueShapesDisjoint"):
            return ""
        return f"{var} {TYPE} {classes[0]} ."

    def _siblings(self, shape: Shape, node: Term) -> list[Shape]:
        """The qualified value shapes of the other property shapes of the same parents (section 4.7.3)."""
        graph, others = self.shapes.graph, dict[Term, None]()
        for parent in [parent for parent, child in graph.pairs(sh("property")) if child == shape.node]:
            for child in graph.objects(parent, sh("property")):
                others.update(dict.fromkeys(graph.objects(child, sh("qualifiedValueShape"))))
        return [self.shapes.get(other) for other in others if other != node]

    def of_class(self, shape: Shape, kind: Term, var: str) -> str:
        """``sh:class``: an instance of the class or of a subclass."""
        assert isinstance(kind, NamedNode)
        classes = self.classes(kind)
        if classes is None:
            return f"EXISTS {{ {var} {TYPE}/{SUBCLASS_OF}* {kind} }}"
        return some([f"EXISTS {{ {var} {TYPE} {one} }}" for one in classes])

    def of_datatype(self, shape: Shape, datatype: Term, var: str) -> str:
        """``sh:datatype``: that datatype, and a lexical form of it.

        Of the types derived from xsd:integer a store keeps the value alone: an integer within the type's limits is right.
        """
        name, same = name_of(datatype), f"DATATYPE({var}) = {datatype}"
        exact = f"<{DATATYPE.value}>({var}, {datatype})"
        if name in NUMERIC or name in literals.CASTS:
            # IF, because the store works out both sides of ||.
            right = f"COALESCE(isLiteral({datatype}(STR({var}))), false)"
            if name in NUMERIC:
                right = f"IF(isNumeric({var}), true, {exact if self._functions else 'false'})"
            stored = f"IF(DATATYPE({var}) = <{literals.KEPT}{name}>, {exact}, false)" if self._lexical else "false"
            return f"COALESCE(IF({same}, {right}, {stored}), false)"
        if name in literals.INTEGERS and not self._lexical:
            low, high = literals.INTEGERS[name]
            return f"COALESCE(DATATYPE({var}) = <{XSD}integer> && {var} >= {low} && {var} <= {high}, false)"
        if name in literals.UNCHECKED or not name.startswith((XSD, RDF, RDFS)):
            return f"COALESCE({same}, false)"
        if not self._functions or (name not in literals.FORMS and name not in literals.INTEGERS):
            raise NotCovered(f"{shape}: sh:datatype {name}")
        return exact

    def of_kind(self, shape: Shape, kind: Term, var: str) -> str:
        """``sh:nodeKind``."""
        return some([f"{KINDS[name]}({var})" for name in name_of(kind).rpartition("#")[2].split("Or")])

    def in_range(self, shape: Shape, limit: Term, var: str, operator: str) -> str:
        """``sh:minInclusive`` and its kin: comparable, and on the right side."""
        if isinstance(limit, Literal) and limit.datatype.value in NUMERIC and literals.well_formed(limit):
            return self._above(limit, var, operator)
        return self.less(var, operator, self.constant(limit))

    def _above(self, limit: Literal, var: str, operator: str) -> str:
        """A number beside a fixed one, which is quicker than the comparison of any two terms."""
        right = f"{var} {operator} {limit}"
        if not self._functions:
            return f"COALESCE({right}, false)"
        exact = f"<{LESS.value}>({var}, {Literal(operator)}, {limit})"
        plain = right if limit.value != "NaN" else "false"
        return f"COALESCE(IF(isNumeric({var}), {plain}, {exact}), {exact})"

    def of_length(self, shape: Shape, length: Term, var: str, operator: str) -> str:
        """``sh:minLength``, ``sh:maxLength``: the length of an IRI or literal; a blank node has none."""
        if operator == ">=" and name_of(length).strip("0") == "":
            return "true"
        return f"COALESCE(STRLEN(STR({var})) {operator} {name_of(length)}, false)"

    def of_pattern(self, shape: Shape, pattern: Term, var: str) -> str:
        """``sh:pattern`` with ``sh:flags``; by Python's regular expressions where the store's cannot say it."""
        flags = "".join(sign for value in shape.values("flags") for sign in name_of(value) if sign in "ismxq")
        arguments = f"{Literal(name_of(pattern))}, {Literal(flags)}"
        if literals.value_of(f'REGEX("", {arguments})') is not None:
            return f"COALESCE(REGEX(STR({var}), {arguments}), false)"
        try:
            literals.compiled(name_of(pattern), flags)
        except re.error as error:
            raise ShapesError(f"{shape}: sh:pattern {pattern} is no regular expression: {error}") from error
        if not self._functions:
            raise NotCovered(f"{shape}: sh:pattern {pattern} needs look-around or back references")
        return f"COALESCE(<{MATCHES.value}>({var}, {arguments}), false)"

    def in_languages(self, shape: Shape, head: Term, var: str) -> str:
        """``sh:languageIn``."""
        ranges = [Literal(name_of(item)) for item in self.shapes.graph.items(head)]
        return some([f"COALESCE(LANGMATCHES(LANG({var}), {one}), false)" for one in ranges])

    def in_list(self, shape: Shape, head: Term, var: str) -> str:
        """``sh:in``: the very term, not an equal value."""
        items = self.shapes.graph.items(head)
        if items and all(isinstance(item, NamedNode) for item in items):
            return f"isIRI({var}) && {var} IN ({', '.join(map(self.constant, items))})"
        return some([f"sameTerm({var}, {self.constant(item)})" for item in items])


def _class_alone(shape: Shape) -> NamedNode | None:
    """The class that is all that a shape asks for, None where it asks for anything else."""
    kinds = shape.values("class")
    alone = set(shape.parameters) == {"class"} and len(kinds) == 1 and shape.path is None and not shape.deactivated
    return kinds[0] if alone and isinstance(kinds[0], NamedNode) else None


def _scanned(shape: Shape, focus: str, var: str, more: str) -> Sets | None:
    """The values of a shape's path beside a further pattern, for a whole target class."""
    if shape.path is None or not shape.path.scannable:
        return None
    return Sets(f"{{ SELECT {focus} {var} WHERE {{ {{ {shape.path.scanned(focus, var)} }} {more} }} }}")


def _with(method: Callable[[Constraints, Shape, Term, str, str], str], operator: str) -> Callable[..., str]:
    return lambda self, shape, argument, var: method(self, shape, argument, var, operator)


TESTS: dict[str, Callable[[Constraints, Shape, Term, str], str]] = {
    "class": Constraints.of_class,
    "datatype": Constraints.of_datatype,
    "nodeKind": Constraints.of_kind,
    **{name: _with(Constraints.in_range, operator) for name, operator in COMPARISONS.items()},
    "minLength": _with(Constraints.of_length, ">="),
    "maxLength": _with(Constraints.of_length, "<="),
    "pattern": Constraints.of_pattern,
    "languageIn": Constraints.in_languages,
    "in": Constraints.in_list,
}
"""The constraints on one value: an expression that is true where the value is right."""
