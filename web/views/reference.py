"""The vocabulary, the checks, the link sets, the editor, where the data are had, and what the service says of itself."""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from engine.report.links import report
from loaders.data import folder
from loaders.rdf.terms import BASE, CODE, OWL, PREFIXES, RDFS, SKOS, TG
from loaders.version import VERSION
from web import formats, words
from web.formats import HTML
from web.render import plain
from web.site import path_of
from web.views import Made, View, as_json, html, questions
from web.views.graph import TYPE, Graph, Names, tg
from web.worker import write_triples

_SH = "http://www.w3.org/ns/shacl#"
_KINDS = {
    f"{OWL}Class": "class",
    f"{OWL}ObjectProperty": "property",
    f"{OWL}DatatypeProperty": "property",
    f"{OWL}AnnotationProperty": "property",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property": "property",
}
_MATCHES = (f"{SKOS}closeMatch", f"{SKOS}relatedMatch", f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")
_FILES = {"def": ("ontology", ("teemagraafi", "alignment")), "shapes": ("shapes", None)}
_CLASSES = "SELECT ?of (COUNT(*) AS ?n) WHERE { ?s a ?of } GROUP BY ?of ORDER BY ?of"
_PROPERTIES = "SELECT ?of (COUNT(*) AS ?n) WHERE { ?s ?of ?o } GROUP BY ?of ORDER BY ?of"
_NEWEST = f"SELECT (MAX(STR(?date)) AS ?newest) WHERE {{ ?d a <{TG}SourceDocument> ; <{TG}referenceDate> ?date }}"
_OLDEST = f"SELECT (MIN(STR(?date)) AS ?oldest) WHERE {{ ?d a <{TG}SourceDocument> ; <{TG}referenceDate> ?date }}"
FIRST = "money-by-theme"
"""The stored query that the editor begins with."""
_TEXTS = ("questions", "chart", "neighbours", "map", "editor_title", "no_rows")
_YASGUI = {
    "Table": "table",
    "Response": "editor_response",
    "Simple view": "editor_simple",
    "Ellipse": "editor_ellipse",
    "Page size": "editor_page_size",
    "Filter query results": "editor_filter",
    "Query": "editor_query",
}
"""Words of the editor's own and our texts for them."""
DUMPS = {
    "current.ttl": ("dump_current", formats.TURTLE, "RDF_TURTLE"),
    "current.nt": ("dump_current", formats.NTRIPLES, "RDF_N_TRIPLES"),
    "current.jsonld": ("dump_current", formats.JSONLD, "JSON_LD"),
    "everything.nq": ("dump_all", formats.NQUADS, "RDF_N_QUADS"),
    "everything.trig": ("dump_all", formats.TRIG, "RDF_TRIG"),
}
"""File → what is in it (a text of the pages), its media type, its entry in the EU's list of file types."""
TABLES = {
    "csvw/csv-metadata.json": ("dump_csvw", "application/csvm+json", "CSV"),
    "parquet/statements.parquet": ("dump_parquet", "application/vnd.apache.parquet", "PARQUET"),
}
"""The same of the tables, which only a published site has."""
_FORMATS = {
    formats.JSON: "SPARQL_Results_JSON",
    formats.XML: "SPARQL_Results_XML",
    formats.CSV: "SPARQL_Results_CSV",
    formats.TSV: "SPARQL_Results_TSV",
    formats.TURTLE: "Turtle",
    formats.NTRIPLES: "N-Triples",
    formats.JSONLD: "JSON-LD",
    formats.RDFXML: "RDF_XML",
    formats.TRIG: "TriG",
    formats.NQUADS: "N-Quads",
}


@dataclass(frozen=True, slots=True)
class Definition:
    """A class or property of the ontology with what is said of it."""

    iri: str
    name: str
    kind: str
    labels: Names
    definitions: Names
    domain: tuple[str, ...]
    range: tuple[str, ...]
    super: tuple[str, ...]
    matches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """How much the graph holds."""

    triples: int
    graphs: int
    classes: tuple[tuple[str, int], ...]
    properties: tuple[tuple[str, int], ...]
    oldest: str
    newest: str


def definitions(view: View) -> Made:
    """The ontology in three languages."""
    graph = view.graph
    schemes = [s.value for s in graph.subjects(TYPE, ox.NamedNode(f"{SKOS}ConceptScheme")) if s.value.startswith(CODE)]
    sizes = [(s, len(graph.subjects(ox.NamedNode(f"{SKOS}inScheme"), ox.NamedNode(s)))) for s in schemes]
    version = graph.text(ox.NamedNode(f"{BASE}def"), f"{OWL}versionInfo")
    return html(view, "def.html", terms=terms(graph), schemes=sizes, edition=version)


def terms(graph: Graph) -> list[Definition]:
    """The classes and properties of the ontology, in the order of their names."""
    defined = graph.subjects(ox.NamedNode(f"{RDFS}isDefinedBy"), ox.NamedNode(f"{BASE}def"))
    found = [one for node in defined if (one := _definition(graph, node))]
    return sorted(found, key=lambda t: (t.kind, t.name))


def _definition(graph: Graph, node: ox.NamedNode) -> Definition | None:
    kinds = [_KINDS[t] for t in (str(o)[1:-1] for o in graph.objects(node, TYPE)) if t in _KINDS]
    if not kinds:
        return None

    def nodes(predicate: str) -> tuple[str, ...]:
        return tuple(o.value for o in graph.objects(node, ox.NamedNode(predicate)) if isinstance(o, ox.NamedNode))

    def own(predicate: str) -> tuple[str, ...]:
        return tuple(iri for iri in nodes(predicate) if iri.startswith((TG, SKOS)))

    matches = {iri for p in _MATCHES for iri in nodes(p) if not iri.startswith((TG, f"{SKOS}Concept"))}
    return Definition(
        node.value,
        node.value.removeprefix(TG),
        kinds[0],
        _texts(graph, node, f"{RDFS}label"),
        _texts(graph, node, f"{SKOS}definition"),
        own(f"{RDFS}domain"),
        nodes(f"{RDFS}range"),
        own(f"{RDFS}subClassOf"),
        tuple(sorted(matches)),
    )


def _texts(graph: Graph, node: Any, predicate: str) -> Names:
    found = graph.objects(node, ox.NamedNode(predicate))
    return {o.language or "": o.value for o in found if isinstance(o, ox.Literal)}


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape as its page shows it."""

    iri: str
    names: Names
    descriptions: Names
    messages: Names
    severity: str


def shapes(view: View) -> Made:
    """The shapes the graph is checked against, file by file."""
    files = []
    for path in sorted(folder("shapes").glob("*.ttl")):
        store = ox.Store()
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
        named = {q.subject for q in store.quads_for_pattern(None, ox.NamedNode(f"{_SH}name"), None)}
        graph = Graph(store)
        nodes = sorted((n for n in named if isinstance(n, ox.NamedNode)), key=str)
        files.append((path.stem, [_shape(graph, node) for node in nodes]))
    return html(view, "shapes.html", files=files)


def _shape(graph: Graph, node: ox.NamedNode) -> Shape:
    severity = graph.text(node, f"{_SH}severity").removeprefix(_SH) or "Violation"
    names, descriptions, messages = (_texts(graph, node, f"{_SH}{p}") for p in ("name", "description", "message"))
    return Shape(node.value, names, descriptions, messages, severity)


def source(view: View, name: str) -> Made:
    """The files of the ontology or of the shapes as one Turtle text."""
    directory, names = _FILES[name]
    paths = [folder(directory) / f"{n}.ttl" for n in names] if names else sorted(folder(directory).glob("*.ttl"))
    return Made("\n".join(path.read_text(encoding="utf-8") for path in paths).encode(), formats.TURTLE)


def counting(view: View) -> Made:
    """How to sum, count and compare: what is said of what, the rules, and queries that run as they stand."""
    return html(view, "counting.html", **counting_rules())


@cache
def counting_rules() -> dict[str, Any]:
    """The page's model, rules and queries; each query with the prefixes it uses."""
    found = tomllib.loads((Path(__file__).parents[1] / "counting.toml").read_text(encoding="utf-8"))
    prefixes = {**PREFIXES, "phase": f"{CODE}phase/"}
    for query in found["query"]:
        used = sorted(set(re.findall(r"(?<![\w?])([a-z]+):\w", query["text"])) & prefixes.keys())
        query["text"] = "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in used) + query["text"]
    return found


def links(view: View) -> Made:
    """Every link set with its source, licence and counts, and the organisations that no register identifies."""
    found = asdict(report(view.graph.store))
    for entry in found["open"]:
        entry["path"] = path_of(entry["organisation"])
    if view.media != HTML or view.param("format") == "json":
        return as_json(found)
    return html(view, "links.html", m=found)


def editor(view: View) -> Made:
    """The SPARQL editor, with a plain form for browsers without scripts."""
    return html(view, "editor.html", asked=view.param("query"), queries=list(questions.queries().values()))


def setup(view: View) -> Made:
    """Prefixes, terms and stored queries as the editor's script takes them."""
    place = view.site
    return as_json(
        {
            "endpoint": place.file("/sparql"),
            "dump": place.file("/data/everything.nq"),
            "pages": place.file("/doc/"),
            "prefixes": PREFIXES,
            "terms": [{"name": f"tg:{t.name}", "label": words.label(t.labels, view.lang)} for t in terms(view.graph)],
            "queries": [
                {"name": q.name, "title": q.title(view.lang), "text": _plain(q.text)}
                for q in questions.queries().values()
            ],
            "first": FIRST,
            "texts": {
                **{key: view.text(key) for key in _TEXTS},
                "yasgui": {said: view.text(key).capitalize() for said, key in _YASGUI.items()},
            },
        },
        {"content-language": view.lang},
    )


def _plain(text: str) -> str:
    """A stored query without its header."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("#+")).strip() + "\n"


# the data as a whole


def summary(graph: Graph) -> Summary:
    """Triples of the current view by class and property, the number of graphs, and the dates of the documents."""

    def counted(query: str) -> tuple[tuple[str, int], ...]:
        return tuple((str(row["of"])[1:-1], int(row["n"].value)) for row in graph.select(query))

    def date(query: str, name: str) -> str:
        return next((row[name].value for row in graph.select(query) if row[name] is not None), "")

    properties = counted(_PROPERTIES)
    return Summary(
        sum(n for _, n in properties),
        sum(1 for _ in graph.store.named_graphs()),
        counted(_CLASSES),
        properties,
        date(_OLDEST, "oldest"),
        date(_NEWEST, "newest"),
    )


def data(view: View) -> Made:
    """Where the data are had, how they are cited, and what a search engine reads of them."""
    found = summary(view.graph)
    files = {**DUMPS, **({} if view.site.live else _tables(view))}
    return html(
        view,
        "data.html",
        newest=found.newest,
        files=files,
        base=BASE,
        release=VERSION,
        citation=citation(view, found.newest),
    )


def _tables(view: View) -> dict[str, tuple[str, str, str]]:
    """The tables that the site being published has."""
    return {name: entry for name, entry in TABLES.items() if name.partition("/")[0] in view.services}


def citation(view: View, newest: str) -> str:
    """How the data are cited."""
    today = words.date(datetime.date.today().isoformat(), view.lang)
    parts = [
        f"Teemagraafi contributors: {view.text('dataset_title')}, {VERSION}",
        newest,
        "CC BY 4.0",
        f"{view.address}/data?version={view.version}" if view.version and view.site.live else view.address,
        today,
    ]
    return ". ".join(part for part in parts if part)


def catalogue(view: View) -> Made:
    """The dataset as a data portal harvests it: DCAT-AP 3 with VoID counts."""
    return _description(view, "catalogue.ttl")


def service(view: View) -> Made:
    """The SPARQL 1.1 Service Description of the endpoint, with VoID."""
    return _description(view, "service.ttl")


def _description(view: View, template: str) -> Made:
    """A Turtle template over the summary of the graph, in the format the client wants."""
    files = {**DUMPS, **({} if view.site.live else _tables(view))}
    text = plain(
        template,
        at=view.address,
        summary=summary(view.graph),
        files=files,
        dumps={what: {lang: words.text(what, lang) for lang in words.LANGUAGES} for what, _, _ in files.values()},
        live=view.site.live,
        services=view.services if view.site.live else (),
        formats=[_FORMATS[media] for media in (*formats.ROWS, *formats.TRIPLES)],
        text={
            key: {lang: words.text(f"dataset_{key}", lang) for lang in words.LANGUAGES}
            for key in ("title", "description", "keywords")
        },
        base=BASE,
    )
    found = [q.triple for q in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]
    prefixes = {
        line.split()[1].rstrip(":"): line.split()[2].strip("<>")
        for line in text.splitlines()
        if line.startswith("@prefix")
    }
    return Made(write_triples(found, view.media, prefixes), view.media)


def robots(view: View) -> Made:
    """What a crawler may read; not the endpoint, and no list by every choice of its facets."""
    return Made(plain("robots.txt", at=view.address).encode(), "text/plain")


def sitemap(view: View) -> Made:
    """The pages a search engine should know (sitemaps.org), at most 50 000."""
    from web.views.lists import kinds

    paths = ["/", "/queries", "/data", "/def", "/counting", *(f"/doc/{kind}" for kind in kinds())]
    paths += [f"/queries/{name}" for name in questions.queries()]
    for kind in kinds().values():
        paths += [path for node in view.graph.subjects(TYPE, tg(kind.cls)) if (path := path_of(node.value))]
    return Made(plain("sitemap.xml", at=view.address, paths=paths[:50_000]).encode(), "application/xml")
