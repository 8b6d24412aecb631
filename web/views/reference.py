"""The vocabulary, the checks, the link sets, the editor, where the data are had, and what the service says of itself."""

import datetime
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import pyoxigraph as ox

from engine.output.formats import in_order
from loaders.data import VERSION, folder
from loaders.rdf.terms import BASE, CODE, ID, OWL, PREFIXES, RDF, RDFS, SKOS, TG, local_name
from web import formats, words
from web.formats import HTML
from web.graph import TYPE, GraphReader, text_of
from web.page import Made, Page, as_json, plain
from web.site import path_of
from web.views import questions
from web.views.columns import kinds

_SH = "http://www.w3.org/ns/shacl#"
_PROPERTIES = (*(f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation")), f"{RDF}Property")
_KINDS = {f"{OWL}Class": "class", **dict.fromkeys(_PROPERTIES, "property")}
_MATCHES = (f"{SKOS}closeMatch", f"{SKOS}relatedMatch", f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")
_TEXTS = ("questions", "chart", "neighbours", "map", "editor_title", "no_rows")
DUMPS: dict[str, tuple[str, str, str]] = formats.SETTINGS["dumps"]
TABLES: dict[str, tuple[str, str, str]] = formats.SETTINGS["tables"]
"""Files of the data, and of the tables that only a published site has; see ``http.toml``."""


def definitions(page: Page) -> Made:
    """The ontology: a page in three languages, or its files as Turtle."""
    if page.media != HTML:
        return _files_of("ontology", ("teemagraafi", "alignment"))
    graph = page.graph
    schemes = [s.value for s in graph.subjects(TYPE, f"{SKOS}ConceptScheme") if s.value.startswith(CODE)]
    sizes = [(scheme, len(graph.subjects(f"{SKOS}inScheme", scheme))) for scheme in schemes]
    edition = graph.text(f"{BASE}def", f"{OWL}versionInfo")
    return page.html("def.html", terms=terms(graph), schemes=sizes, edition=edition)


def terms(graph: GraphReader) -> list[dict[str, Any]]:
    """The classes and properties of the ontology with what is said of each, in the order of their names.

    ``uses`` is how many things of a class, or statements with a property, the current view has.
    """
    uses = graph.once("uses", lambda: dict(_counts(graph, "instances") + _counts(graph, "statements")))

    def term(iri: str, kind: str) -> dict[str, Any]:
        ours = {key: graph.things(iri, RDFS + name) for key, name in (("domain", "domain"), ("super", "subClassOf"))}
        matches = {match for name in _MATCHES for match in graph.things(iri, name)}
        return {
            "iri": iri,
            "name": iri.removeprefix(TG),
            "kind": kind,
            "uses": uses.get(iri, 0),
            "definitions": graph.texts(iri, f"{SKOS}definition"),
            "example": graph.text(iri, f"{SKOS}example"),
            "range": graph.things(iri, f"{RDFS}range"),
            **{key: [other for other in others if other.startswith((TG, SKOS))] for key, others in ours.items()},
            "matches": sorted(match for match in matches if not match.startswith((TG, f"{SKOS}Concept"))),
        }

    defined = [node.value for node in graph.subjects(f"{RDFS}isDefinedBy", f"{BASE}def")]
    kinds_of = {iri: [_KINDS[of] for of in graph.things(iri, TYPE) if of in _KINDS] for iri in defined}
    entries = [term(iri, of[0]) for iri, of in kinds_of.items() if of]
    return sorted(entries, key=lambda one: (one["kind"], one["name"]))


def _counts(graph: GraphReader, query: str) -> list[tuple[str, int]]:
    return [(row["of"].value, int(row["n"].value)) for row in graph.asked(query)]


def shapes(page: Page) -> Made:
    """The shapes the graph is checked against, file by file: a page, or all as Turtle."""
    if page.media != HTML:
        return _files_of("shapes", sorted(path.stem for path in folder("shapes").glob("*.ttl")))
    files = []
    for path in sorted(folder("shapes").glob("*.ttl")):
        store = ox.Store()
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
        named = {q.subject for q in store.quads_for_pattern(None, ox.NamedNode(f"{_SH}name"), None)}
        graph, listed = GraphReader(store), []
        for iri in sorted(node.value for node in named if isinstance(node, ox.NamedNode)):
            texts = {name: graph.texts(iri, _SH + name) for name in ("name", "description", "message")}
            severity = local_name(graph.text(iri, f"{_SH}severity")) or "Violation"
            listed.append({"key": local_name(iri), "severity": severity, **texts})
        files.append((path.stem, listed))
    return page.html("shapes.html", files=files)


def _files_of(directory: str, names: Sequence[str]) -> Made:
    """Files as one Turtle text."""
    texts = ((folder(directory) / f"{name}.ttl").read_text(encoding="utf-8") for name in names)
    return Made("\n".join(texts).encode(), formats.TURTLE)


def counting(page: Page) -> Made:
    """How to sum, count and compare: what is said of what, the rules, and queries that run as they stand."""
    return page.html("counting.html", **counting_rules())


@cache
def counting_rules() -> dict[str, Any]:
    """The page's model, rules and queries; each query with the prefixes it uses."""
    texts = words.read("counting")
    prefixes = {**PREFIXES, "phase": f"{CODE}phase/"}

    def whole(text: str) -> str:
        used = sorted(set(re.findall(r"(?<![\w?])([a-z]+):\w", text)) & prefixes.keys())
        return "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in used) + text

    return {**texts, "query": [{**query, "text": whole(query["text"])} for query in texts["query"]]}


def links(page: Page) -> Made:
    """Every link set with its source, licence and counts, and the organisations that no register identifies."""
    figures = link_figures(page.graph)
    if page.media != HTML:
        return as_json(figures)
    for entry in figures["sets"]:
        known = words.value(entry["wanted"], page.lang)
        entry["wanted"] = known or (entry["wanted"] and page.foreign(entry["wanted"], "en"))
    return page.html("links.html", m=figures)


_FIGURES = (
    *("name", "title", "source", "version", "source_licence", "licence", "accepted", "by_person"),
    *("rejected", "candidates", "unlinked", "wanted"),
)
"""What is said of a link set; ``wanted`` would link the rest."""
_IDENTIFYING = ("business-ids", "ror", "fairdata", "areas", "seats")
"""Sets that give an organisation a place in another register."""


def link_figures(graph: GraphReader) -> dict[str, Any]:
    """How far each link set got, how many organisations are linked, and which are not, with what would link them."""
    sets = [{name: plain(row[name]) if row[name] else "" for name in _FIGURES} for row in graph.asked("link_sets")]
    wanted = list(dict.fromkeys(one["wanted"] for one in sets if one["name"] in _IDENTIFYING and one["wanted"]))
    linked = {row["organisation"] for row in graph.asked("linked")}
    named = [(row["organisation"], row["label"].value) for row in graph.asked("organisations")]
    known = {node.value: label for node, label in named if node.value.startswith(f"{ID}organisation/")}
    left = {iri: label for iri, label in known.items() if ox.NamedNode(iri) not in linked}
    entries = [
        {"organisation": iri, "label": label, "wanted": wanted, "path": path_of(iri)} for iri, label in left.items()
    ]
    return {"sets": sets, "organisations": len(known), "linked": len(known) - len(left), "open": entries}


def editor(page: Page) -> Made:
    """The SPARQL editor, with a plain form for browsers without scripts."""
    return page.html("editor.html", asked=page.param("query"), queries=list(questions.queries().values()))


def setup(page: Page) -> Made:
    """Prefixes, terms and stored queries as the editor's script takes them."""
    files = {"endpoint": "/sparql", "dump": "/data/everything.nq", "pages": "/doc/"}
    graph, lang = page.graph, page.lang
    named = [(f"tg:{term['name']}", words.label(graph.names(term["iri"]), lang)) for term in terms(graph)]
    asked = [(q.name, q.title(page.lang), f"{q.body}\n") for q in questions.queries().values()]
    yasgui = {said: page.text(key).capitalize() for said, key in formats.SETTINGS["yasgui"].items()}
    whole = {
        **{name: page.site.file(path) for name, path in files.items()},
        "prefixes": PREFIXES,
        "terms": [{"name": name, "label": label} for name, label in named],
        "queries": [{"name": name, "title": title, "text": text} for name, title, text in asked],
        "first": questions.FIRST,
        "texts": {**{key: page.text(key) for key in _TEXTS}, "yasgui": yasgui},
    }
    return as_json(whole, {"content-language": page.lang})


# the data as a whole


def _dates(graph: GraphReader) -> tuple[str, str]:
    """The dates of the oldest and of the newest document."""
    row = graph.asked("dates")[0]
    return text_of(row["oldest"]), text_of(row["newest"])


def data(page: Page) -> Made:
    """Where the data are had and how they are cited; for a data portal a DCAT-AP 3 catalogue with VoID counts."""
    if page.media != HTML:
        return _description(page, "catalogue.ttl")
    _, newest = _dates(page.graph)
    versioned = f"{page.address}/data?version={page.version}" if page.version and page.site.live else page.address
    title, today = (
        f"Teemagraafi contributors: {page.text('dataset_title')}, {VERSION}",
        datetime.date.today().isoformat(),
    )
    citation = ". ".join(filter(None, [title, newest, "CC BY 4.0", versioned, page.date(today)]))
    files = _files(page)
    return page.html("data.html", newest=newest, files=files, base=BASE, release=VERSION, citation=citation)


def _files(page: Page) -> Mapping[str, tuple[str, str, str]]:
    """The dumps, and the tables that the site being published has."""
    tables = {} if page.site.live else {n: t for n, t in TABLES.items() if n.partition("/")[0] in page.services}
    return {**DUMPS, **tables}


def service(page: Page) -> Made:
    """The SPARQL 1.1 Service Description of the endpoint, with VoID."""
    return _description(page, "service.ttl")


def _description(page: Page, template: str) -> Made:
    """A Turtle template over the counts of the graph, in the format the client wants."""
    files, graph = _files(page), page.graph
    oldest, newest = _dates(graph)

    def texts(key: str) -> dict[str, str]:
        return {lang: words.text(key, lang) for lang in words.LANGUAGES}

    text = page.plain(
        template,
        classes=_counts(graph, "instances"),
        properties=_counts(graph, "statements"),
        graphs=sum(1 for _ in graph.store.named_graphs()),
        oldest=oldest,
        newest=newest,
        files=files,
        dumps={what: texts(what) for what, _, _ in files.values()},
        live=page.site.live,
        services=page.services if page.site.live else (),
        text={key: texts(f"dataset_{key}") for key in ("title", "description", "keywords")},
        base=BASE,
    )
    parser = ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
    triples = [quad.triple for quad in parser]
    prefixes = parser.prefixes if page.media in (formats.TURTLE, formats.TRIG) else {}
    return Made(in_order(triples, formats.WRITERS[page.media], prefixes), page.media)


def robots(page: Page) -> Made:
    """What a crawler may read; not the endpoint, and no list by every choice of its facets."""
    return Made(page.plain("robots.txt").encode(), "text/plain")


def sitemap(page: Page) -> Made:
    """The pages a search engine should know (sitemaps.org), at most 50 000."""
    paths = ["/", "/queries", "/data", "/def", "/counting", *(f"/doc/{kind}" for kind in kinds())]
    paths += [f"/queries/{name}" for name in questions.queries()]
    for kind in kinds().values():
        paths += [path for node in page.graph.subjects(TYPE, TG + kind.cls) if (path := path_of(node.value))]
    return Made(page.plain("sitemap.xml", paths=paths[:50_000]).encode(), "application/xml")
