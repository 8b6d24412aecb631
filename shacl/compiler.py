"""Shapes to queries: which query finds the violations of each constraint, and in which way it looks for them."""

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Store

from shacl.constraints import FOCUS, Constraints, Fault, some
from shacl.data import MOST_SETS, SHAPES_GRAPH, Data
from shacl.shapes import SHAPE_LISTS, SHAPE_VALUES, Shape, Shapes, Target
from shacl.terms import SUBCLASS_OF, TYPE, NotCovered, ShapesError, Term, component, name_of, sh
from shacl.tokens import any_predicate, asked, iris, parsed, placed, put, replace, variables, words

SPARQL = component("SPARQL")
OURS = {"_one", "_in"}
"""Variables that this module adds to an author's query."""
REFUSED = {"MINUS", "VALUES", "SERVICE"}
"""Keywords that section A.2 forbids in a query with pre-bound variables."""
BY_FORM = {
    *("STR", "STRLEN", "REGEX", "REPLACE", "SUBSTR", "CONTAINS", "STRSTARTS", "STRENDS", "CONCAT", "SAMETERM"),
    *("DATATYPE", "DISTINCT", "COUNT", "GROUP_CONCAT", "STRBEFORE", "STRAFTER"),
}
"""What tells two lexical forms of one value apart."""
MULTIPLE = {"COUNT", "SUM", "AVG", "GROUP_CONCAT"}
"""Aggregates that tell how often a solution comes."""
SCANNED_PER_FOCUS = 20
"""How many matches of a property may be scanned for each focus node before looking up each is quicker."""
SCANNED_FIRST = 1.5
"""How many statements of a property an author's query may read for each focus node, before their class is looked up."""
LOOK, SCAN, SETS, TOGETHER, FIRST, EACH = "look", "scan", "sets", "together", "first", "each"
"""The ways to run a check, see :func:`plan`."""


@dataclass(frozen=True, slots=True)
class Select:
    """One ``sh:sparql`` constraint of a shape (section 5): its query with prefixes, and its messages.

    ``stated`` is the author's query with its prefixes; in ``text`` the path and the shape stand where it names them.
    ``constant`` means that it is a query only where ``$this`` is a constant.
    """

    node: Term
    text: str
    stated: str
    messages: tuple[Literal, ...]
    constant: bool = False

    def for_all(self, targets: str) -> str:
        """The query over all focus nodes of a target pattern.

        SHACL evaluates it once a focus node with ``$this`` bound beforehand, in every group of it. So the pattern of the
        focus nodes is put into the outermost group, and into each group where ``$this`` would not be bound otherwise.
        """
        whole = parsed(self.text)
        return put(self.text, targets, {whole.groups[0].start, *(g.start for g in whole.blind())})

    def for_one(self, focus: Term) -> str:
        """The query of one focus node."""
        if isinstance(focus, BlankNode):
            raise NotCovered("a query for a blank node alone")
        if self.constant:
            start = parsed(self.text).groups[0].start
            head = replace(self.text[:start], {"this": "(1 AS ?_one)"})
            return head + replace(self.text[start:], {"this": str(focus)})
        places = {group.start for group in parsed(self.text).all_groups()}
        return put(self.text, f"VALUES ?this {{ {focus} }}", places)


@dataclass(frozen=True, slots=True)
class Check:
    """One constraint as a query over the data: a row is a violation.

    ``root`` is the shape with the target. ``scope`` binds the variables of ``chain``, from the target's focus node to the
    one the shape looks at. A SPARQL constraint has ``select``, any other ``fault``; ``way`` is how it is run.
    """

    shape: Shape
    root: Shape
    component: NamedNode
    scope: str
    chain: tuple[str, ...]
    fault: Fault | None = None
    select: Select | None = None
    way: str = LOOK

    @property
    def query(self) -> str:
        """The query of this check alone; the focus nodes' where each of them is asked for."""
        return merged([self])

    @property
    def key(self) -> tuple[str, ...] | None:
        """Checks of one key look at the same nodes or values and can be one query; None where that cannot be."""
        fault = self.fault
        if fault is None or fault.path or fault.also or not fault.condition or self.way == SETS:
            return None
        return (self.scope, *self.chain, fault.pattern, fault.value or "", self.way)


def plan(check: Check, data: Data) -> Check:
    """The check with the way to run it, the one place where that is decided:

    - TOGETHER: an author's query for all focus nodes at once; FIRST: the query, and only then whether the target has its
      nodes, where it asks for a property that few others have; EACH: one run a focus node, where it limits its rows or
      aggregates over them;
    - SETS: worked out for the whole target class (a count, a difference of two properties);
    - SCAN: wrong values are found by one scan of their property, and only then whether the target has them;
    - LOOK: the values of each focus node are looked up.

    SETS and SCAN are for properties not much larger than the class, and not larger than MOST_SETS, so that hash tables
    stay small whatever the size of the data.
    """
    targets = check.root.targets
    if check.select is not None:
        return dataclasses.replace(check, way=_way_of(check, check.select, data))
    fault, path = check.fault, check.shape.path
    if fault is None or len(check.chain) > 1 or path is None or not path.scannable:
        return check
    tests_values = path.walked in fault.pattern and fault.value and not fault.path and not fault.also
    # SCAN tests each value once, whichever nodes have it
    tests_values = tests_values and check.chain[-1][1:] not in variables(fault.condition)
    if (fault.sets is None and not tests_values) or any(target.kind != "targetClass" for target in targets):
        return check
    focuses = sum(data.figures.instances(target.value) for target in targets)
    most = min(focuses * SCANNED_PER_FOCUS, MOST_SETS)
    if any(data.figures.statements(predicate) > most for predicate in path.predicates):
        return check
    return dataclasses.replace(check, way=SCAN if fault.sets is None else SETS)


def _way_of(check: Check, select: Select, data: Data) -> str:
    """The way to run an author's query."""
    whole, targets = parsed(select.text), check.root.targets
    if select.constant or whole.per_focus:
        return EACH
    if len(check.chain) > 1 or any(whole.blind()) or any(target.kind != "targetClass" for target in targets):
        return TOGETHER
    names = (path[0] for of_this, path in asked(select.text) if of_this and len(path) == 1)
    counts = (data.figures.statements(NamedNode(name)) for name in names)
    least = min(counts, default=None)
    focuses = sum(data.figures.instances(target.value) for target in targets)
    return FIRST if least is not None and least <= focuses * SCANNED_FIRST else TOGETHER


def merged(checks: Sequence[Check]) -> str:
    """One query for checks of one key; of several, ``?_is0`` … tell which of them a row violates."""
    first, faults = checks[0], [check.fault for check in checks if check.fault is not None]
    if first.select is not None:
        return _selecting(first, first.select)
    fault = faults[0]
    shown = " ".join(dict.fromkeys(var for var in (*first.chain, fault.value, fault.path, *fault.also) if var))
    if first.way == SETS and fault.sets is not None:
        where = f"{{ {first.scope} }} {fault.sets.after}"
        where = _of_target(fault.sets.before, first.scope) if fault.sets.before else where
        return f"SELECT DISTINCT {shown} WHERE {{ {where} }}"
    wrong = some([one.condition for one in faults])
    flags = [f"({one.condition} AS ?_is{number})" for number, one in enumerate(faults)] if len(faults) > 1 else []
    where = f"{first.scope} {fault.pattern} FILTER({wrong})" if len(faults) > 1 else f"{first.scope} {fault.body}"
    if first.way == SCAN and first.shape.path is not None:
        value, pattern = fault.value, first.shape.path.scanned(first.chain[-1], fault.value or "")
        # each value is tested once, however many nodes have it; not DISTINCT, below which the store would put the filter
        values = f"{{ SELECT {value} WHERE {{ {pattern} }} GROUP BY {value} }}"
        faulty = f"{{ SELECT {value} WHERE {{ {values} FILTER({wrong}) }} }}"
        where = _of_target(f"{faulty} {{ {pattern} }}", first.scope)
    return f"SELECT DISTINCT {' '.join((shown, *flags))} WHERE {{ {where} }}"


def _of_target(faulty: str, scope: str) -> str:
    """The rows of a pattern whose focus node is one of the target's: where the pattern has none, no target is read."""
    return f"{faulty} OPTIONAL {{ {scope} BIND(1 AS ?_in) }} FILTER(BOUND(?_in))"


def _selecting(check: Check, select: Select) -> str:
    nodes, focus = f"SELECT DISTINCT {FOCUS} WHERE {{ {check.scope} }}", check.chain[-1]
    if focus != FOCUS:
        nodes = f"SELECT DISTINCT ({focus} AS {FOCUS}) WHERE {{ {replace(check.scope, {FOCUS[1:]: '?_this'})} }}"
    if check.way == EACH:
        return nodes
    if check.way == FIRST:
        head = next(token.start for token in placed(select.text) if token.says("SELECT"))
        return f"{select.text[:head]}SELECT * WHERE {{ {_of_target(f'{{ {select.text[head:]} }}', check.scope)} }}"
    # A focus node that comes twice would be counted twice.
    once = focus != FOCUS or "GROUP" in words(select.text)
    return select.for_all(f"{{ {nodes} }}" if once else check.scope)


class Compiler:
    """Translates shapes for one data graph."""

    def __init__(self, shapes: Shapes, data: Data) -> None:
        self._shapes, self._data = shapes, data
        self.constraints = Constraints(shapes, data)
        self.notes: dict[str, None] = {}
        self._walked: list[Shape] = []
        self._reached: dict[tuple[str, str], tuple[str, str]] = {}

    def checks(self, shape: Shape) -> list[Check]:
        """The queries of one shape that has targets, and of the property shapes in it.

        Raises NotCovered where one of them cannot be a query.
        """
        if shape.deactivated:
            return []
        if not shape.targets:
            if shape.values("target"):
                self.constraints.refuse(shape)
            return []
        self._walked, self.constraints.kinds = [], self._classes(shape)
        nodes = [target.value for target in shape.targets if target.kind == "targetNode"]
        if nodes and any(s.path is not None and s.path.nullable for s in self._within(shape)):
            for node in nodes:
                self._data.anchor(node)
        return [plan(check, self._data) for check in self._walk(shape, shape, self.targets(shape), (FOCUS,))]

    def settled(self, check: Check) -> bool:
        """Whether the data cannot break a check: each node has a value of its property, or none has two, or any.

        Nor can they break an author's query that asks for a property which no node has.
        """
        if (select := check.select) is not None:
            names = (name for _, path in asked(select.text) for name in path)
            rows_of_nothing = select.constant or parsed(select.text).per_focus
            return not rows_of_nothing and not all(self._data.figures.statements(NamedNode(name)) for name in names)
        fault, path = check.fault, check.shape.path
        if fault is None or path is None or path.predicate is None:
            return False
        breaks = fault.breaks or ("some" if path.walked in fault.pattern else "")
        kinds = self._classes(check.root) if len(check.chain) == 1 else None
        return bool(breaks) and not self._data.figures.breaks(path.predicate, breaks, kinds)

    def idle(self, shape: Shape) -> bool:
        """Whether no node is in its targets: classes without instances, properties without statements."""
        for target in shape.targets:
            if target.kind == "targetNode" or not isinstance(target.value, NamedNode):
                return False
            kinds = self._data.classes(target.value) if target.kind == "targetClass" else ()
            if kinds is None or any(map(self._data.figures.instances, kinds)):
                return False
            if target.kind != "targetClass" and self._data.figures.statements(target.value):
                return False
        return True

    def _classes(self, shape: Shape) -> list[NamedNode] | None:
        """The classes whose stated instances are the focus nodes of a shape; None where it has other targets."""
        classes: list[NamedNode] = []
        for target in shape.targets:
            kinds = self._data.classes(target.value) if isinstance(target.value, NamedNode) else None
            if target.kind != "targetClass" or kinds is None:
                return None
            classes += kinds
        return classes

    def targets(self, shape: Shape) -> str:
        """A pattern that binds ``?this`` to each focus node, some of them perhaps more than once (section 2.1.3)."""
        nodes = [self.constraints.constant(t.value) for t in shape.targets if t.kind == "targetNode"]
        branches = [f"VALUES {FOCUS} {{ {' '.join(nodes)} }}"] if nodes else []
        for target in shape.targets:
            if target.kind != "targetNode":
                branches += self._branches(target)
        return branches[0] if len(branches) == 1 else " UNION ".join(f"{{ {branch} }}" for branch in branches)

    def _branches(self, target: Target) -> list[str]:
        value = target.value
        assert isinstance(value, NamedNode)
        if target.kind == "targetSubjectsOf":
            return [f"{FOCUS} {value} ?_any ."]
        if target.kind == "targetObjectsOf":
            return [f"{{ SELECT {FOCUS} WHERE {{ ?_any {value} {FOCUS} }} GROUP BY {FOCUS} }}"]
        kinds = self._data.classes(value)
        if kinds is None:
            return [f"{FOCUS} {TYPE}/{SUBCLASS_OF}* {value} ."]
        return [f"{FOCUS} {TYPE} {kind} ." for kind in kinds]

    def _within(self, shape: Shape) -> Iterator[Shape]:
        """The shape and every shape that it leads to."""
        seen: dict[Term, None] = {}
        ahead: list[Term] = [shape.node]
        while ahead:
            node = ahead.pop()
            if node in seen:
                continue
            seen[node] = None
            one = self._shapes.get(node)
            yield one
            ahead += [value for name in SHAPE_VALUES for value in one.values(name)]
            ahead += [m for name in SHAPE_LISTS for head in one.values(name) for m in self._shapes.graph.items(head)]

    def _walk(self, root: Shape, shape: Shape, scope: str, chain: tuple[str, ...]) -> Iterator[Check]:
        """``chain`` are the variables from the target's focus node to the one this shape looks at."""
        focus = chain[-1]
        if shape.deactivated:
            return
        if shape in self._walked:
            raise NotCovered(f"{shape}: a property shape that refers to itself")
        self._walked.append(shape)
        var, pattern = reached = self._reach(shape, focus)
        for fault in self.constraints.faults(shape, focus, reached):
            yield Check(shape, root, fault.component, scope, chain, fault)
        for select in self.selects(shape):
            yield Check(shape, root, SPARQL, scope, chain, select=select)
        for child in self.constraints.property_shapes(shape):
            yield from self._walk(root, child, f"{scope} {pattern}", (*chain, var) if pattern else chain)
        self._walked.pop()

    def _reach(self, shape: Shape, focus: str) -> tuple[str, str]:
        """One variable for the values of one path, so that what several shapes say of them can be one query."""
        key = (focus, str(shape.path))
        if key not in self._reached:
            self._reached[key] = self.constraints.reach(shape, focus)
        return self._reached[key]

    def selects(self, shape: Shape) -> Iterator[Select]:
        """The shape's SPARQL constraints that are not deactivated."""
        graph = self._shapes.graph
        for node in shape.values("sparql"):
            texts = graph.objects(node, sh("select"))
            if len(texts) != 1 or not isinstance(texts[0], Literal):
                raise ShapesError(f"{shape}: sh:sparql needs exactly one sh:select")
            if any(name_of(value) == "true" for value in graph.objects(node, sh("deactivated"))):
                continue
            messages = tuple(m for m in graph.objects(node, sh("message")) if isinstance(m, Literal))
            stated, notes = graph.with_prefixes(node, texts[0].value, shape)
            self.notes.update(dict.fromkeys(notes))
            select = _prepared(shape, Select(node, stated, stated, messages), self._data.owned)
            odd = self._data.odd
            touched = odd and (iris(select.text) & odd or any_predicate(select.text))
            if touched and BY_FORM & words(select.text):
                raise NotCovered(f"{shape}: a query about lexical forms that the store does not keep")
            yield select


def _prepared(shape: Shape, select: Select, owned: bool) -> Select:
    text = select.text
    for refused in sorted(words(text) & REFUSED):
        raise ShapesError(f"{shape}: {refused} is not allowed in a sh:select")
    if isinstance(shape.node, BlankNode) and "currentShape" in variables(text):
        raise NotCovered(f"{shape}: $currentShape of a shape without a name")
    terms = {"currentShape": str(shape.node), "this": "?this"}
    terms |= {"PATH": str(shape.path)} if shape.path is not None else {}
    text = replace(text, terms | ({"shapesGraph": str(SHAPES_GRAPH)} if owned else {}))
    for unbound in sorted(variables(text) & {"PATH", "shapesGraph"}):
        raise ShapesError(f"{shape}: ${unbound} has no value here")
    whole, complaint = parsed(text), _complaint(text)
    constant = False
    if complaint and whole.groups:
        head = text[: whole.groups[0].start]
        constant = _complaint(replace(head, {"this": "(1 AS ?this)"}) + text[len(head) :]) is None
    if complaint and not constant:
        raise ShapesError(f"{shape}: sh:select is not a SPARQL query: {complaint}")
    if not whole.groups or not whole.gives_this or whole.rebinds_this:
        raise ShapesError(f"{shape}: sh:select and each sub-select in it must give $this, and none may set it")
    if _counts_alternatives(text):
        raise NotCovered(f"{shape}: an aggregate over an alternative path, of which the store gives each end once")
    return dataclasses.replace(select, text=text, constant=constant)


def _counts_alternatives(text: str) -> bool:
    """Whether a query has an alternative path and an aggregate that tells one solution from two equal ones."""
    signs = [token.text.upper() for token in placed(text)]
    paths = any(sign == "|" and "|" not in (signs[at - 1], signs[at + 1]) for at, sign in enumerate(signs[:-1]))
    return paths and any(sign in MULTIPLE and signs[at + 2 : at + 3] != ["DISTINCT"] for at, sign in enumerate(signs))


def _complaint(text: str) -> str | None:
    try:
        Store().query(text)
    except SyntaxError as error:
        # the parser goes on to list, over many lines, everything that it would have taken
        return str(error).partition(": expected")[0].splitlines()[0]
    return None


def grouped(checks: Iterable[Check]) -> list[list[Check]]:
    """The checks that can be one query, in the order of the first of each."""
    groups: dict[object, list[Check]] = {}
    for number, check in enumerate(checks):
        groups.setdefault(number if check.key is None else check.key, []).append(check)
    return list(groups.values())
