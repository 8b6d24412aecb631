"""Link sets in the graph: a named graph a set with the evidence of each pair, and what the pairs say in the current view."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

from links.facts import facts, project_pages
from links.sssom import BY_CODE, PREFIXES, SUFFIX, Link, LinkSet, expand, read
from loaders.data import folder
from loaders.rdf import terms
from loaders.rdf.terms import BASE, DCT, ID, LABEL, OWL, RDFS, A, Quad, integer, iri, lexical, literal, tg, thing

VOID, SSSOM = PREFIXES["void"], PREFIXES["sssom"]
GRAPHS = f"{BASE}graph/links/"


def read_sets(where: Path | None = None) -> list[LinkSet]:
    """Read every link set of a folder (the shipped ones if none is named), by name."""
    return list(_shipped()) if where is None else [read(path) for path in sorted(where.glob(f"*{SUFFIX}"))]


@cache
def _shipped() -> list[LinkSet]:
    return read_sets(folder("links"))


def quads(view: Sequence[Quad], sets: Iterable[LinkSet] | None = None) -> Iterator[Quad]:
    """All link sets as quads.

    Every set goes whole into its own graph. Of what it says, the current view (the default graph) gets only what concerns the
    things in ``view``, so that no thing enters the graph that no document speaks of.
    """
    known = list(read_sets() if sets is None else sets)
    for links in known:
        yield from _description(links)
        for link in links.links:
            yield from _evidence(links, link)
    yield from facts(view, known)
    yield from _pages(view)


def graph(links: LinkSet) -> str:
    """The named graph of a set."""
    return iri(GRAPHS + links.name)


def _pages(view: Sequence[Quad]) -> Iterator[Quad]:
    """The projects' pages, which follow from their codes by the pattern of each period, as a set of their own."""
    pages = list(project_pages(view))
    coded = {q.s for q in view if q.p == tg("projectCode") and not q.g and q.s.startswith(f"<{ID}project/")}
    of = {
        "mapping_set_title": "Projects and their pages in the information service of their period",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "mapping_set_description": "Addresses by project code, services of 2007-2013 and 2014-2020",
        "object_source_version": "pattern",
        "other": f"unlinked={len(coded - {quad.s for quad in pages})}|wanted=an address pattern of the period 2021-2027",
    }
    pairs = tuple(Link(lexical(q.s), "", lexical(q.p), lexical(q.o), "", BY_CODE) for q in pages)
    links = LinkSet("eura-pages", {}, of, pairs)
    yield from _description(links)
    yield from (Quad(quad.s, quad.p, quad.o, graph(links)) for quad in pages)


def _description(links: LinkSet) -> Iterator[Quad]:
    """The set as a void:Linkset, in the default graph: source, version, licence and counts."""
    node, of = iri(f"{BASE}links/{links.name}"), links.metadata
    noted, title = links.facts, of.get("mapping_set_title", links.name)
    rows = [
        (A, iri(f"{VOID}Linkset")),
        (f"<{DCT}title>", literal(title, "en")),
        (LABEL, literal(title, "en")),
        (LABEL, literal(f"Linkkijoukko {links.name}", "fi")),
        (LABEL, literal(f"Länkmängd {links.name}", "sv")),
        (f"<{DCT}identifier>", literal(links.name)),
        (f"<{DCT}license>", iri(of["license"]) if "license" in of else None),
        (f"<{DCT}source>", literal(of["mapping_set_description"], "en") if "mapping_set_description" in of else None),
        (
            iri(f"{SSSOM}object_source_version"),
            literal(of["object_source_version"]) if "object_source_version" in of else None,
        ),
        (f"<{OWL}versionInfo>", literal(of["mapping_set_version"]) if "mapping_set_version" in of else None),
        (f"<{DCT}rights>", literal(noted["source_licence"]) if noted.get("source_licence") else None),
        (tg("wantedReference"), literal(noted["wanted"], "en") if noted.get("wanted") else None),
        (tg("linkGraph"), graph(links)),
        (iri(f"{VOID}triples"), integer(len(links.accepted))),
        (tg("rejectedLinks"), integer(len(links.rejected))),
        (tg("candidateLinks"), integer(links.number("candidates"))),
        (tg("unlinkedThings"), integer(links.number("unlinked"))),
    ]
    yield from (Quad(node, p, o) for p, o in rows if o is not None)
    for predicate in sorted({link.predicate for link in links.accepted}):
        yield Quad(node, iri(f"{VOID}linkPredicate"), iri(predicate))


def _evidence(links: LinkSet, link: Link) -> Iterator[Quad]:
    """One pair: its triple if it is accepted, and a node with the reasons, in the RDF of SSSOM.

    What a code list itself says has no node: its evidence is the list, which the description of the set names.
    """
    where = graph(links)
    subject, predicate, target = iri(link.subject), iri(link.predicate), iri(link.object)
    if not link.rejected:
        yield Quad(subject, predicate, target, where)
    if link.justification == BY_CODE and not (link.reviewer or link.match or link.comment):
        return
    node = thing("link", links.name, terms.digest(*link.pair)[:12])
    justification = expand(link.justification, links.prefixes, links.name, link.line)
    rows = [
        (A, iri(f"{OWL}Axiom")),
        (f"<{OWL}annotatedSource>", subject),
        (f"<{OWL}annotatedProperty>", predicate),
        (f"<{OWL}annotatedTarget>", target),
        (iri(f"{SSSOM}mapping_justification"), iri(justification)),
        (iri(f"{SSSOM}predicate_modifier"), iri(f"{SSSOM}NegatedPredicate") if link.rejected else None),
        (iri(f"{SSSOM}reviewer_label"), literal(link.reviewer) if link.reviewer else None),
        (iri(f"{SSSOM}mapping_date"), terms.date(link.date) if link.date else None),
        (iri(f"{SSSOM}confidence"), terms.decimal(link.confidence) if link.confidence is not None else None),
        (iri(f"{SSSOM}match_string"), literal(link.match) if link.match else None),
        (f"<{RDFS}comment>", literal(link.comment, "en") if link.comment else None),
        *((iri(f"{SSSOM}other"), literal(f"{key}={value}")) for key, value in link.other if key == "known"),
    ]
    yield from (Quad(node, p, o, where) for p, o in rows if o is not None)
