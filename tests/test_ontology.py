"""The ontology, the code lists and the alignments are complete, parse everywhere and are the only source of tg: terms."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox
import pytest
import rdflib
from pyowl2_profiles import detect_profiles
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, VANN

from engine.validation import validate
from loaders.rdf.terms import PREFIXES
from tests.cases import each
from tests.example_graph import example_quads, example_store

ROOT = Path(__file__).resolve().parents[1]
ONTOLOGY = ROOT / "ontology"
BASE = "https://w3id.org/teemagraafi/"
TG = rdflib.Namespace(f"{BASE}def#")
TGS = f"{BASE}shapes#"
CODE = f"{BASE}code/"
LANGUAGES = {"fi", "sv", "en"}
FILES = ("alignment", "codes", "teemagraafi")

SINGLE_VALUED = """
    amount amountAsStated approximate businessId closes coFinancingRate contentHash country currency decisionDate endDate
    fund fundingScope groupCode inDocument inProgramme layout leadMinistry lineEnd lineStart maximum measure opens
    organisation organisationType page period phase precision projectCode referenceDate role row
    shareAmount shareOf sheet startDate status
    themeGroup validFrom validUntil value verbatim
"""
DERIVED = ["Implementer", "IntermediateBody", "implementer", "leadImplementer"]
NOTATIONS = {
    "conflict-kind": (
        "changed-over-time count-not-listed different-value other-notation other-scope other-spelling parts-do-not-add-up"
    ),
    "fund": "CF EAFRD EAKR EMFF ESR ESR+ JTF YEI",
    "phase": (
        "applied callBudget committed coordinationBudget costEstimate framework granted paid planned realised regionalBudget "
        "reserved withRegions"
    ),
    "role": "lead partner",
    "scope": "eu eu-state eu-state-municipal municipal other-public private state total total-eligible total-public",
    "side": "coordination funder ministry other",
    "theme-group": "innovaatio-ja-osaamisverkostot osaaminen osallisuus tyollisyys vihrea-siirtyma",
}


@cache
def graph(*names: str) -> rdflib.Graph:
    merged = rdflib.Graph()
    for name in names:
        merged.parse(ONTOLOGY / f"{name}.ttl")
    return merged


def terms() -> list[rdflib.URIRef]:
    onto = graph("teemagraafi")
    return sorted(s for s in set(onto.subjects(RDF.type)) if isinstance(s, rdflib.URIRef) and s.startswith(TG))


def languages(subject: rdflib.term.Node, predicate: rdflib.URIRef, source: rdflib.Graph) -> list[str]:
    return sorted(str(o.language) for o in source.objects(subject, predicate) if isinstance(o, rdflib.Literal))


def local(names: Iterator[rdflib.term.Node]) -> list[str]:
    return sorted(str(name).removeprefix(TG) for name in names)


# the ontology


def test_a_term_says_what_it_is() -> None:
    onto = graph("teemagraafi")
    assert len(terms()) > 100
    for term in terms():
        assert languages(term, RDFS.label, onto) == sorted(LANGUAGES), term
        assert languages(term, SKOS.definition, onto) == sorted(LANGUAGES), term
        assert onto.value(term, RDFS.isDefinedBy) == rdflib.URIRef(f"{BASE}def"), term


@pytest.mark.parametrize("files", [("teemagraafi",), ("teemagraafi", "alignment")], ids="+".join)
def test_the_ontology_is_in_the_profile_owl_2_dl(files: tuple[str, ...]) -> None:
    found = profile(*(ONTOLOGY / f"{name}.ttl" for name in files))
    assert found["in_profile"], found["sample_violations"]


def test_the_profile_checker_sees_what_is_wrong(tmp_path: Path) -> None:
    """A property that nobody declared; the checker would be of no use if it let that pass."""
    path = tmp_path / "wrong.ttl"
    path.write_text("@prefix owl: <http://www.w3.org/2002/07/owl#> . <u:a> a owl:Class ; <u:undeclared> <u:b> .")
    assert not profile(path)["in_profile"]


def profile(*paths: Path) -> dict[str, Any]:
    store = ox.Store()
    for path in paths:
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    return cast("dict[str, Any]", detect_profiles(store)["dl"])


EXAMPLE_HEAD = (
    "".join(f"@prefix {name}: <{PREFIXES[name]}> . " for name in ("tg", "skos", "org", "rdf", "xsd"))
    + f"@base <{BASE}> . "
)


INCOMPLETE = {
    "minCount",
    "class",
    "or",
    "xone",
    "node",
    "equals",
    "qualifiedMinCount",
    f"{TGS}FactStated",
    f"{TGS}ProjectLeadIsImplementer",
}
"""Constraints that ask for more than the one triple of an example, and the rule that each fact stands in a passage."""


def examples() -> dict[rdflib.URIRef, list[ox.Triple]]:
    """The triples of each term's example."""
    onto = graph("teemagraafi")
    return {
        term: [quad.triple for quad in ox.parse((EXAMPLE_HEAD + str(text)).encode(), format=ox.RdfFormat.TURTLE)]
        for term in terms()
        for text in onto.objects(term, SKOS.example)
    }


def test_every_term_has_an_example_that_uses_it() -> None:
    found = examples()
    assert set(found) == set(terms())
    for term, triples in found.items():
        assert all(ox.NamedNode(str(term)) in (t.predicate, t.object) for t in triples), term


def test_the_shapes_accept_the_examples() -> None:
    """A description of one property lacks others; no example breaks a rule of kind, form or value."""
    store = ox.Store()
    for name in FILES:
        store.bulk_load(path=str(ONTOLOGY / f"{name}.ttl"), format=ox.RdfFormat.TURTLE)
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for triples in examples().values() for t in triples)
    wrong = [f for f in validate(store) if f.severity == "Violation" and not {f.component, f.shape} & INCOMPLETE]
    assert [(f.shape, f.component, f.value) for f in wrong] == []


def test_no_thing_is_of_two_of_the_main_classes() -> None:
    onto, store = graph("teemagraafi"), example_store()
    pairs = list(onto.subject_objects(OWL.disjointWith))
    assert len(pairs) == 12 * 11 / 2
    for one, other in pairs:
        assert not list(store.query(f"SELECT ?s {{ ?s a <{one}> , <{other}> }}")), (one, other)  # type: ignore[arg-type]


def test_inverses_are_declared_and_not_stored() -> None:
    pairs = list(graph("teemagraafi").subject_objects(OWL.inverseOf))
    assert len(pairs) >= 6
    for inverse, _ in pairs:
        assert not list(example_store().quads_for_pattern(None, ox.NamedNode(str(inverse)), None))


def test_the_header_names_version_licence_creator_and_prefix() -> None:
    onto, header = graph("teemagraafi"), rdflib.URIRef(f"{BASE}def")
    version = onto.value(header, OWL.versionInfo)
    assert str(onto.value(header, OWL.versionIRI)) == f"{BASE}def/{version}"
    released = re.findall(r"(?m)^## \[(\d\S+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    earlier = rdflib.URIRef(f"{BASE}def/{released[1]}") if len(released) > 1 else None
    assert onto.value(header, OWL.priorVersion) == earlier, "the version before is named, once there is one"
    for needed in (DCTERMS.license, DCTERMS.creator, DCTERMS.issued, DCTERMS.modified):
        assert onto.value(header, needed), needed
    assert str(onto.value(header, VANN.preferredNamespacePrefix)) == "tg"
    assert str(onto.value(header, VANN.preferredNamespaceUri)) == str(TG)
    for worded in (DCTERMS.title, DCTERMS.description):
        assert languages(header, worded, onto) == sorted(LANGUAGES)


def test_the_properties_with_one_value_are_marked_and_no_reasoner_is_told_so() -> None:
    assert not list(graph("teemagraafi").subjects(RDF.type, OWL.FunctionalProperty))
    assert local(graph("teemagraafi").subjects(TG.singleValued, rdflib.Literal(True))) == SINGLE_VALUED.split()


def test_derived_terms_are_marked() -> None:
    assert local(graph("teemagraafi").subjects(TG.derived, rdflib.Literal(True))) == DERIVED


@pytest.mark.parametrize("axiom", [RDFS.domain, RDFS.range], ids=["domain", "range"])
def test_no_domain_or_range_makes_a_thing_what_it_is_not(axiom: rdflib.URIRef) -> None:
    """What a reasoner would conclude of a thing, the graph says of it already: an observation's phase may be a conflict's."""
    onto, store = graph("teemagraafi"), ox.Store()
    store.extend(ox.parse("\n".join(quad.line() for quad in example_quads()), format=ox.RdfFormat.N_QUADS))
    thing = "?s" if axiom == RDFS.domain else "?o"
    wrong = [
        (str(term).removeprefix(TG), str(kind).removeprefix(TG), row[0].value)
        for term, kind in onto.subject_objects(axiom)
        if str(kind).startswith(TG)
        for row in store.query(f"SELECT {thing} {{ ?s <{term}> ?o FILTER NOT EXISTS {{ {thing} a <{kind}> }} }}")  # type: ignore[union-attr]
    ]
    assert wrong == []
    assert list(store.query(f"SELECT ?s {{ ?s a <{TG.Conflict}> ; <{TG.phase}>|<{TG.measure}> ?o }}"))  # type: ignore[arg-type]


def test_every_own_class_or_property_that_a_term_points_to_is_declared() -> None:
    onto, declared = graph("teemagraafi"), set(terms())
    for predicate in (RDFS.domain, RDFS.range, RDFS.subClassOf, RDFS.subPropertyOf):
        for target in onto.objects(None, predicate):
            assert target in declared or not str(target).startswith(TG), target


# the code lists


def schemes() -> dict[str, list[rdflib.URIRef]]:
    codes, found = graph("codes"), defaultdict(list)
    for concept in codes.subjects(RDF.type, SKOS.Concept):
        found[str(codes.value(concept, SKOS.inScheme)).removeprefix(CODE)].append(concept)
    return found


@each("scheme", sorted(schemes()))
def test_a_scheme_is_complete(scheme: str) -> None:
    codes, node = graph("codes"), rdflib.URIRef(CODE + scheme)
    assert (node, RDF.type, SKOS.ConceptScheme) in codes
    assert languages(node, DCTERMS.title, codes) == sorted(LANGUAGES)
    for concept in schemes()[scheme]:
        notation = codes.value(concept, SKOS.notation)
        assert str(concept) == f"{CODE}{scheme}/{notation}"
        assert languages(concept, SKOS.prefLabel, codes) == sorted(LANGUAGES), concept
        assert languages(concept, SKOS.definition, codes) == sorted(LANGUAGES), concept
        assert (concept, SKOS.topConceptOf, node) in codes, concept
        assert (node, SKOS.hasTopConcept, concept) in codes, concept


def test_no_scheme_is_empty() -> None:
    codes = graph("codes")
    assert local(codes.subjects(RDF.type, SKOS.ConceptScheme)) == sorted(CODE + scheme for scheme in schemes())


@each(("scheme", "notations"), NOTATIONS.items())
def test_a_fixed_scheme_has_its_notations(scheme: str, notations: str) -> None:
    assert sorted(str(concept).removeprefix(f"{CODE}{scheme}/") for concept in schemes()[scheme]) == notations.split()


def test_objectives_belong_to_a_priority_a_programme_and_a_period() -> None:
    codes = graph("codes")
    objectives = sorted(codes.subjects(RDF.type, TG.SpecificObjective))
    assert objectives
    for objective in objectives:
        period = re.search(r"specific-objective-(\d{4}-\d{4})/", str(objective))
        assert period
        assert codes.value(objective, TG.period) == rdflib.URIRef(f"{CODE}period/{period[1]}")
        assert codes.value(objective, TG.inProgramme) == rdflib.URIRef(f"{CODE}programme/{period[1]}")
        priority = codes.value(objective, SKOS.broader)
        assert str(priority).startswith(f"{CODE}priority-{period[1]}/")
        assert codes.value(priority, TG.fund), priority


def test_one_objective_is_found_by_each_of_its_notations() -> None:
    codes, objective = graph("codes"), rdflib.URIRef(f"{CODE}specific-objective-2021-2027/4.3")
    assert sorted(map(str, codes.objects(objective, TG.altNotation))) == ["4.1.7", "4.h"]


def test_an_alternative_notation_means_one_concept_of_its_scheme() -> None:
    codes = graph("codes")
    for scheme, concepts in schemes().items():
        notations = [str(n) for c in concepts for p in (SKOS.notation, TG.altNotation) for n in codes.objects(c, p)]
        assert len(notations) == len(set(notations)), scheme


def test_every_code_a_code_list_points_to_exists() -> None:
    codes = graph("codes")
    known = set(codes.subjects())
    for node in codes.objects():
        assert node in known or not str(node).startswith(CODE), node


# the alignments


def vendored() -> dict[str, set[str]]:
    """Namespace lists by file: every term that stands in a target's own file."""
    lists = sorted((ROOT / "tests" / "vocabularies").glob("*.txt"))
    return {p.stem: {line for line in p.read_text().splitlines() if line and not line.startswith("#")} for p in lists}


def test_every_aligned_term_stands_in_the_file_of_its_vocabulary() -> None:
    known = set().union(*vendored().values())
    dangling = {str(o) for o in graph("alignment").objects() if not str(o).startswith(BASE) and str(o) not in known}
    assert not dangling


def test_every_vendored_list_names_its_source_and_is_used() -> None:
    aligned = {str(o) for o in graph("alignment").objects()} | {str(p) for p in graph("alignment").predicates()}
    for path in sorted((ROOT / "tests" / "vocabularies").glob("*.txt")):
        assert "# Source: " in path.read_text(), path
        assert vendored()[path.stem] & aligned, path


def test_alignments_speak_of_declared_terms_only() -> None:
    declared = set(terms()) | set(graph("codes").subjects())
    assert set(graph("alignment").subjects()) <= declared


# what the project uses


_USES = (r"\btg:([A-Za-z]\w*)", r'\btg\("(\w+)"\)', r"\{TG\}([A-Za-z]\w*)", r"teemagraafi/def#([A-Za-z]\w*)")
_FOLDERS = ("engine", "links", "loaders", "ontology", "queries", "shapes", "web")
_SUFFIXES = {".html", ".js", ".json", ".md", ".py", ".rq", ".ttl"}


def sources() -> Iterator[tuple[Path, str]]:
    paths = [p for folder in _FOLDERS for p in sorted((ROOT / folder).rglob("*")) if p.suffix in _SUFFIXES]
    for path in [p for p in [*paths, ROOT / "graph.py", ROOT / "README.md"] if p.is_file() and "vendor" not in p.parts]:
        yield path, path.read_text(encoding="utf-8")


def test_no_undeclared_term_is_used_anywhere() -> None:
    declared = {term.removeprefix(TG) for term in terms()}
    undeclared = {
        f"{path.relative_to(ROOT)}: tg:{name}"
        for path, text in sources()
        for pattern in _USES
        for name in re.findall(pattern, text)
        if name not in declared
    }
    assert not undeclared


def test_no_unknown_code_is_used_anywhere() -> None:
    known = {str(s).removeprefix(CODE) for s in graph("codes").subjects()}
    unknown = set()
    for path, text in sources():
        used = {"/".join(pair) for pair in re.findall(r'\bcode\("([\w-]+)", "([\w.+-]+)"\)', text)}
        used |= set(re.findall(r"teemagraafi/code/([\w-]+/[\w.+-]+)>", text))
        unknown |= {f"{path.relative_to(ROOT)}: {code}" for code in used - known}
    assert not unknown


# the files


@pytest.mark.parametrize("name", FILES)
def test_a_file_reads_the_same_in_rdflib_and_oxigraph_and_holds_no_blank_node(name: str) -> None:
    quads = list(ox.parse(path=ONTOLOGY / f"{name}.ttl"))
    assert len({(str(q.subject), str(q.predicate), str(q.object)) for q in quads}) == len(quads) == len(graph(name))
    assert not [q for q in quads if isinstance(q.subject, ox.BlankNode) or isinstance(q.object, ox.BlankNode)]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_in_order(name: str) -> None:
    text = (ONTOLOGY / f"{name}.ttl").read_text()
    assert text.endswith(" .\n")
    assert "\t" not in text
    assert not re.search(r" +$", text, re.MULTILINE)
    for section in re.split(r"^# .*\n\n", text, flags=re.MULTILINE)[1:]:
        subjects = re.findall(r"^(\S+) ", section, flags=re.MULTILINE)
        subjects = [s for s in subjects if s.startswith(("tg:", "<code/"))]
        assert subjects == sorted(subjects, key=_natural)
        assert len(subjects) == len(set(subjects))


def _natural(subject: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", subject.rstrip(">"))]
