"""The data that is checked: a store, files, or whatever answers SPARQL queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path as FilePath

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from shacl.literals import FUNCTIONS, changed, decode, encode, is_changed
from shacl.terms import NOTHING, SUBCLASS_OF, TYPE, Node, NotCovered, Path, Statements, Term, read_data
from shacl.tokens import any_predicate, iris

_DEFAULT = DefaultGraph()
Graphs = list[NamedNode | BlankNode | DefaultGraph] | None
"""The graphs that are the data, merged; None is the default graph alone."""
Ask = Callable[[str], object]
"""Answers the text of a query as ``Store.query`` does."""
Counts = dict[str, tuple[int, int]]
"""Class → how many statements its instances have of a property, and how many instances have one."""
SHAPES_GRAPH = NamedNode("urn:shacl:shapes")
MOST_SETS = 2_000_000
"""How many matches a hash table may hold: some 200 MB."""
_BY_CLASS = f"""
SELECT ?kind ?property (COUNT(*) AS ?count) (COUNT(DISTINCT ?s) AS ?subjects) WHERE {{
  {{ SELECT ?s ?property WHERE {{ ?s ?property ?value }} LIMIT {MOST_SETS} }}
  OPTIONAL {{ SELECT ?s ?kind WHERE {{ ?s {TYPE} ?kind }} LIMIT {MOST_SETS} }}
}} GROUP BY ?kind ?property
"""
_BY_PROPERTY = "SELECT ?property (COUNT(*) AS ?count) WHERE { ?s ?property ?value } GROUP BY ?property"
_BY_KIND = f"SELECT ?kind (COUNT(*) AS ?count) WHERE {{ ?s {TYPE} ?kind }} GROUP BY ?kind"


class Data:
    """The default graph of a store, merged with one named graph beside it where there is one.

    A query over two merged graphs costs up to twice one over the default graph alone, so a check is run over both only
    if the second graph has a property or class that the check names. The results are the same.
    """

    def __init__(self, store: Store | Ask, beside: NamedNode | None = None) -> None:
        """``store`` is a pyoxigraph store, which is not changed, or a function that answers a query's text."""
        self.store = store if isinstance(store, Store) else None
        self._ask = None if isinstance(store, Store) else store
        self.beside = beside
        self.owned = False
        """Whether the store was made here: it has the lexical forms of files and may be added to."""
        self.odd: set[str] = set()
        """The properties with literals that a store would fold."""
        self._quads: list[Quad] = []
        self.both: Graphs = None if beside is None else [DefaultGraph(), beside]
        self._names = self._named(beside) if beside else set()
        self._kinds: dict[NamedNode, tuple[NamedNode, ...] | None] = {}

    @classmethod
    def of(cls, quads: Iterable[Quad | Triple], beside: Iterable[Quad] = ()) -> Data:
        """Data of statements as a file has them; graph names are of no meaning. ``beside`` is what the data relies on."""
        merged, known = quads if isinstance(quads, Statements) else Statements(), Statements()
        if merged is not quads:
            merged.add(quads, _DEFAULT)
        graph = NamedNode("urn:shacl:beside")
        known.add(beside, graph)
        odd, all_quads = changed(merged.literals | known.literals), [*merged, *known]
        store = Store()
        if odd:
            encoded = ((q, encode(q.object)) for q in all_quads if q.object in odd)
            store.extend(Quad(q.subject, q.predicate, value, q.graph_name) for q, value in encoded)
        store.extend((quad for quad in all_quads if quad.object not in odd) if odd else all_quads)
        data = cls(store, graph if known else None)
        data.owned, data._quads = True, merged
        data.odd = {quad.predicate.value for quad in all_quads if quad.object in odd} if odd else set()
        return data

    @classmethod
    def load(cls, paths: Iterable[str | FilePath]) -> Data:
        """Data of files; those without a default graph count as the union of their graphs."""
        return cls.of(read_data(paths))

    def query(self, text: str, graphs: Graphs = None, *, folded: bool = False) -> QuerySolutions:
        """The rows of a query; ``folded`` asks the store that keeps values instead of lexical forms."""
        if self.store is None:
            assert self._ask is not None
            answer = self._ask(text)
        else:
            store = self._values if folded and self.odd else self.store
            try:
                answer = store.query(text, default_graph=graphs, custom_functions=FUNCTIONS)
            except SyntaxError as error:
                raise NotCovered(f"a query the store does not take: {error}") from error
        return answer  # type: ignore[return-value]

    def quads(self) -> Iterator[Quad]:
        """Every statement of the data."""
        if self.store is None:
            raise NotCovered("data that only answers queries")
        yield from self._quads or self.store.quads_for_pattern(None, None, None, DefaultGraph())
        if self.beside is not None:
            beside = self.store.quads_for_pattern(None, None, None, self.beside)
            yield from (Quad(q.subject, q.predicate, decode(q.object), q.graph_name) for q in beside)

    def graphs(self, query: str) -> Graphs:
        """The graphs a query must be run over."""
        if not self._names:
            return None
        return self.both if iris(query) & self._names or any_predicate(query) else None

    @cached_property
    def figures(self) -> Figures:
        """How often each property and class comes, counted once."""
        return Figures(self)

    def says(self, node: Term) -> bool:
        """Whether some statement has the node as its subject or object."""
        if isinstance(node, (BlankNode, Triple)):
            return False
        text = f"SELECT ?x {{ {{ {node} ?p ?x }} UNION {{ ?x ?p {node} }} }} LIMIT 1"
        shown = text if not isinstance(node, Literal) else f"SELECT ?x {{ ?x ?p {node} }} LIMIT 1"
        return next(iter(self.query(shown, self.both)), None) is not None

    def anchor(self, node: Term) -> None:
        """Make sure that the store walks a path of length zero from a node that no statement names."""
        if self.owned and isinstance(node, Literal) and is_changed(node):
            node = encode(node)
        if self.says(node):
            return
        if not self.owned or self.store is None or isinstance(node, Triple):
            raise NotCovered(f"a path of length zero from {node}, of which the data says nothing")
        self.store.add(Quad(NOTHING, NOTHING, node))

    def add_shapes(self, triples: Iterable[Triple]) -> None:
        """Put the shapes where ``GRAPH $shapesGraph`` finds them."""
        if self.owned and self.store is not None:
            for store in dict.fromkeys([self.store, self._values]):
                store.extend(Quad(t.subject, t.predicate, t.object, SHAPES_GRAPH) for t in triples)

    def classes(self, kind: NamedNode) -> tuple[NamedNode, ...] | None:
        """The classes whose stated instances are the class's instances; None where a blank node is among them.

        A subclass is left out when each of its instances is stated to be of the class itself too.
        """
        if kind not in self._kinds:
            below = self._closure(kind)
            named = [sub for sub in below if isinstance(sub, NamedNode)]
            adding = (sub for sub in named if self._adds(sub, kind))
            self._kinds[kind] = None if len(named) < len(below) else (kind, *adding)
        return self._kinds[kind]

    @cached_property
    def _below(self) -> dict[Node, list[Node]]:
        """The stated subclasses of each class."""
        below: dict[Node, list[Node]] = defaultdict(list)
        for row in self.query(f"SELECT DISTINCT ?sub ?super {{ ?sub {SUBCLASS_OF} ?super }}", self.both):
            if all(isinstance(term, (NamedNode, BlankNode)) for term in row):
                below[row["super"]].append(row["sub"])
        return below

    def _closure(self, kind: NamedNode) -> list[Node]:
        below: dict[Node, None] = {}
        ahead: list[Node] = [kind]
        while ahead:
            for sub in self._below.get(ahead.pop(), ()):
                if sub not in below and sub != kind:
                    below[sub] = None
                    ahead.append(sub)
        return sorted(below, key=str)

    def _adds(self, sub: NamedNode, kind: NamedNode) -> bool:
        query = f"SELECT ?x {{ ?x {TYPE} {sub} FILTER NOT EXISTS {{ ?x {TYPE} {kind} }} }} LIMIT 1"
        return next(iter(self.query(query, self.both)), None) is not None

    @cached_property
    def _values(self) -> Store:
        """The same data with literals as a store folds them, for queries of the shapes' authors."""
        assert self.store is not None
        if not self.odd:
            return self.store
        folded = Store()
        folded.extend(Quad(q.subject, q.predicate, decode(q.object), q.graph_name) for q in self.store)
        return folded

    def _named(self, graph: NamedNode) -> set[str]:
        """The properties and classes that a graph uses."""
        names: set[str] = set()
        for query in (
            f"SELECT DISTINCT ?name {{ ?s ?name ?o FILTER(?name != {TYPE}) }}",
            f"SELECT DISTINCT ?name {{ ?s {TYPE} ?name }}",
        ):
            names |= {row["name"].value for row in self.query(query, [graph])}
        return names


class Figures:
    """How many statements each property has and how many instances each class, by one scan of each graph."""

    def __init__(self, data: Data) -> None:
        """Count; of data larger than MOST_SETS only what needs no large hash tables."""
        self._statements: Counter[str] = Counter()
        self._instances: Counter[str] = Counter()
        self._each: dict[str, Counts] = defaultdict(lambda: defaultdict(lambda: (0, 0)))
        self._shared: set[str] = set()
        self._whole = data.store is not None
        graphs: list[Graphs] = [None, [data.beside]] if data.beside is not None else [None]
        self._graphs = len(graphs)
        for graph in graphs:
            self._add(data, graph)

    @property
    def properties(self) -> Iterable[str]:
        """The IRIs of the properties that the data has."""
        return self._statements

    @property
    def untyped(self) -> list[str]:
        """The properties of things that may have no class."""
        return (
            [name for name, kinds in self._each.items() if str(None) in kinds] if self._whole else list(self.properties)
        )

    def statements(self, predicate: NamedNode) -> int:
        """The statements with a property; those of a thing of two classes may count twice."""
        return self._statements[predicate.value]

    def instances(self, kind: Term) -> int:
        """The things that are stated to be of a class."""
        return self._instances[str(kind)]

    def empty(self, path: Path) -> bool:
        """Whether a path leads from no node of the data to any."""
        if path.predicate is not None:
            return not self.statements(path.predicate)
        inner = map(self.empty, path.parts)
        return not path.nullable and (any(inner) if path.operator == "/" else all(inner))

    def breaks(self, predicate: NamedNode, values: str, kinds: Iterable[NamedNode] | None) -> bool:
        """Whether an instance of the classes (or any node) may have ``none``, ``some`` or ``several`` values of a property."""
        name = predicate.value
        if not self._whole:
            return bool(self._statements[name]) or values == "none"
        each = self._each[name]
        if values == "none":
            return kinds is None or any(self.instances(k) > each[str(k)][1] for k in kinds)
        if values == "several" and name in self._shared:
            return True
        # beside another graph a thing may have its class in one and its values in the other
        pairs = each.values() if kinds is None or self._graphs > 1 else (each[str(kind)] for kind in kinds)
        return any(count > subjects or (values == "some" and count) for count, subjects in pairs)

    def _add(self, data: Data, graph: Graphs) -> None:
        rows = list(data.query(_BY_CLASS, graph)) if self._whole else []
        self._whole = self._whole and sum(int(row["count"].value) for row in rows) < MOST_SETS
        if not self._whole:
            for row in data.query(_BY_PROPERTY, graph):
                self._statements[row["property"].value] += int(row["count"].value)
            for row in data.query(_BY_KIND, graph):
                self._instances[str(row["kind"])] += int(row["count"].value)
            return
        self._shared |= {row["property"].value for row in rows} & set(self._statements)
        for row in rows:
            kind, name = str(row["kind"]), row["property"].value
            count, subjects = int(row["count"].value), int(row["subjects"].value)
            self._statements[name] += count
            self._instances[kind] += subjects if name == TYPE.value else 0
            before = self._each[name][kind]
            self._each[name][kind] = count + before[0], subjects + before[1]
