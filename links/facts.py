"""What accepted links say of the things of the current view: identifiers, seats, regions, areas, successors, pages."""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from links import sssom
from links.sssom import PREFIXES, Link, LinkSet
from loaders.data import LANGUAGES
from loaders.names.registry import Registry
from loaders.rdf import terms
from loaders.rdf.terms import CODE, ID, LABEL, SKOS, A, Quad, code, date, decimal, iri, lexical, literal, tg, thing

ADMS = PREFIXES["adms"]
_EURA = (
    (re.compile(r"(?:S1|A[356])\d{4}"), "https://www.eura2007.fi/rrtiepa/projekti.php?projektikoodi="),
    (re.compile(r"(?:S2|A7)\d{4}"), "https://www.eura2014.fi/rrtiepa/projekti.php?projektikoodi="),
)
"""Project codes of a programme period and how the address of a project's page began in its information service."""
PAGE = iri(f"{PREFIXES['foaf']}page")
_MATCHES = frozenset({sssom.EXACT, sssom.CLOSE, sssom.BROAD, sssom.NARROW, sssom.RELATED})


def facts(view: Sequence[Quad], sets: Iterable[LinkSet]) -> Iterator[Quad]:
    """The facts for the default graph, each once and none that the view has."""
    current = {quad for quad in view if not quad.g}
    for quad in _all(current, [link for links in sets for link in links.accepted]):
        if quad not in current:
            current.add(quad)
            yield quad


def label_quads(concept: str, name: str) -> Iterator[Quad]:
    """A concept's preferred label, which is its label too."""
    yield Quad(concept, terms.PREF_LABEL, name)
    yield Quad(concept, LABEL, name)


def _all(current: set[Quad], links: list[Link]) -> Iterator[Quad]:
    present = {quad.s for quad in current}
    areas = _Areas(links)
    identified = {quad.s for quad in current if quad.p == tg("businessId")}
    for link in links:
        subject = iri(link.subject)
        if subject not in present:
            continue
        if link.predicate in (sssom.SAME_ORGANISATION, sssom.IDENTIFIER):
            yield from _register(subject, link, identified)
        elif link.predicate in _MATCHES:
            yield Quad(subject, iri(link.predicate), iri(link.object))
            if not link.object.startswith(CODE):
                lang = "en" if link.object.startswith(PREFIXES["eu"]) else "fi"
                yield from label_quads(iri(link.object), literal(link.object_label, lang))
        elif writer := _WRITERS.get(link.predicate):
            yield from writer(subject, link, areas)
    yield from areas.regions()
    counted = {lexical(quad.o) for quad in current if quad.p == tg("about") and quad.o.startswith(f"<{CODE}")}
    for area in sorted(counted):
        if areas.known(area):
            yield from areas.described(area)
    yield from sums(current, links)
    yield from project_pages(current)


def _register(subject: str, link: Link, identified: set[str]) -> Iterator[Quad]:
    """An entry of a register: the entry itself, its identifier as a node, a business id also as a plain value.

    The node is the same for every body that has the identifier, so one that is shared is seen to be shared; the plain value is
    given only where the id is the body's own.
    """
    if link.predicate == sssom.SAME_ORGANISATION:
        yield Quad(subject, iri(sssom.SAME_ORGANISATION), iri(link.object))
    for prefix, (scheme, agency) in sssom.TABLES.registers.items():
        if link.object.startswith(base := PREFIXES[prefix]):
            value = link.object.removeprefix(base)
            node = thing("identifier", scheme, value)
            yield Quad(subject, iri(sssom.IDENTIFIER), node)
            yield Quad(node, A, iri(f"{ADMS}Identifier"))
            yield Quad(node, f"<{SKOS}notation>", literal(value))
            yield Quad(node, iri(f"{ADMS}schemaAgency"), literal(agency))
            yield from (Quad(node, LABEL, literal(f"{agency} {value}", lang)) for lang in LANGUAGES)
            if scheme == "business-id" and link.predicate == sssom.SAME_ORGANISATION and subject not in identified:
                yield Quad(subject, tg("businessId"), literal(value))


class _Areas:
    """Municipalities and what they lie in, as the links tell, and their descriptions as concepts."""

    def __init__(self, links: list[Link]) -> None:
        self._names: dict[str, dict[str, str]] = {}
        self._region: dict[str, str] = {}
        self._regions: dict[str, set[str]] = defaultdict(set)
        self._matches: list[Link] = []
        for link in links:
            if link.predicate == sssom.BROAD:
                named = link.facts
                self._names[link.subject] = {
                    "fi": link.subject_label,
                    **{lang: named.get(lang, "") for lang in ("sv", "en")},
                }
                wider = {lang: named.get(f"area_{lang}", "") for lang in ("sv", "en")}
                self._names[link.object] = {"fi": link.object_label, **wider}
                if link.object.startswith(f"{CODE}region/"):
                    self._region[link.subject] = link.object
            elif link.subject.startswith(f"{CODE}region/") and link.predicate in _MATCHES:
                self._matches.append(link)
        for link in links:
            if link.predicate == sssom.BROAD and (region := self._region.get(link.subject)):
                self._regions[link.object].add(region)

    def region(self, area: str) -> str | None:
        """The region an area lies in; of a wider area only if all its municipalities lie in one."""
        if area in self._region:
            return self._region[area]
        around = self._regions.get(area, set())
        return next(iter(around)) if len(around) == 1 else None

    def known(self, area: str) -> bool:
        """Whether some link speaks of the area."""
        return area in self._names

    def described(self, area: str) -> Iterator[Quad]:
        """An area as a concept of its code list."""
        scheme, notation = area.removeprefix(CODE).split("/", 1)
        node, whole = code(scheme, notation), iri(f"{CODE}{scheme}")
        yield Quad(whole, A, iri(f"{SKOS}ConceptScheme"))
        for lang, name in zip(LANGUAGES, sssom.TABLES.areas[scheme], strict=True):
            yield Quad(whole, LABEL, literal(name, lang))
        yield Quad(node, A, iri(f"{SKOS}Concept"))
        yield Quad(node, iri(f"{SKOS}inScheme"), whole)
        yield Quad(node, f"<{SKOS}notation>", literal(notation))
        for lang, name in self._names.get(area, {}).items():
            if name:
                yield from label_quads(node, literal(name, lang))
        if region := self._region.get(area):
            yield Quad(node, iri(f"{SKOS}broader"), iri(region))

    def regions(self) -> Iterator[Quad]:
        """All regions with their matches, so that a table or map by region has a row for each."""
        for region in sorted(set(self._region.values())):
            yield from self.described(region)
        for link in self._matches:
            yield Quad(iri(link.subject), iri(link.predicate), iri(link.object))
            if year := link.facts.get("year"):
                yield Quad(iri(link.object), f"<{SKOS}notation>", literal(link.object_label))
                yield Quad(iri(link.object), tg("classificationYear"), date(year))


def _placed(subject: str, link: Link, areas: _Areas) -> Iterator[Quad]:
    """The area that a body is responsible for, or the municipality of its seat, and the region around it."""
    yield Quad(subject, iri(link.predicate), iri(link.object))
    yield from areas.described(link.object)
    if region := areas.region(link.object):
        yield Quad(subject, tg("region"), iri(region))


def _successor(subject: str, link: Link, areas: _Areas) -> Iterator[Quad]:
    """A change of bodies: the event with its day where it is known, and the new body, which no document may name yet."""
    del areas
    day, new = link.facts.get("from", ""), iri(link.object)
    event = thing("change", link.subject.rpartition("/")[2], *([day] if day else []))
    yield Quad(subject, iri(sssom.SUCCESSOR), new)
    yield Quad(subject, iri(f"{terms.ORG}changedBy"), event)
    yield Quad(event, A, iri(f"{terms.ORG}ChangeEvent"))
    for lang, what in zip(LANGUAGES, ("muutos", "förändring", "change"), strict=True):
        yield Quad(event, LABEL, literal(" ".join(filter(None, [f"{link.subject_label},", what, day])), lang))
    yield Quad(event, iri(f"{terms.ORG}originalOrganization"), subject)
    yield Quad(event, iri(f"{terms.ORG}resultingOrganization"), new)
    yield from _body(link.object.removeprefix(f"{ID}organisation/"))
    if day:
        yield Quad(event, f"<{terms.DCT}date>", date(day))
        yield Quad(subject, tg("validUntil"), date((dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()))
    if begins := link.facts.get("begins"):
        yield Quad(new, tg("validFrom"), date(begins))


def _body(key: str) -> Iterator[Quad]:
    """The facts of the registry about a body: its class, names and type."""
    entry, node = Registry.load().organisations.get(key), thing("organisation", key)
    yield Quad(node, A, tg("Organisation"))
    if entry:
        for lang, name in entry.labels.items():
            yield Quad(node, LABEL, literal(name, lang))
        if entry.type:
            yield Quad(node, tg("organisationType"), code("organisation-type", entry.type))


def project_pages(view: Iterable[Quad]) -> Iterator[Quad]:
    """The page of each project in its period's information service, where the service had an address a code leads to."""
    for quad in sorted(view):
        if quad.p == tg("projectCode") and not quad.g and quad.s.startswith(f"<{ID}project/"):
            value = lexical(quad.o)
            for pattern, base in _EURA:
                if pattern.fullmatch(value):
                    yield Quad(quad.s, PAGE, iri(base + value))


_WRITERS: dict[str, Callable[[str, Link, _Areas], Iterator[Quad]]] = {
    sssom.AREA: _placed,
    sssom.SEAT: _placed,
    sssom.SUCCESSOR: _successor,
}


MEASURE = "inhabitants"
BASIS = "sum of its municipalities"


def sums(current: Iterable[Quad], links: Iterable[Link]) -> Iterator[Quad]:
    """Observations of regions, derived for every year in which each of a region's municipalities has a number."""
    stated = _stated(current)
    if not stated:
        return
    members: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for link in links:
        if link.predicate == sssom.BROAD and link.object.startswith(f"{CODE}region/"):
            members[link.object].append((link.subject, link.facts.get("until", "")))
    for region, municipalities in sorted(members.items()):
        for year in sorted({year for _, year in stated}):
            there = [area for area, until in municipalities if not until or until >= f"{year}-12-31"]
            numbers = [stated[area, year] for area in there if (area, year) in stated]
            if numbers and len(numbers) == len(there) and (region, year) not in stated:
                yield from _observation(region, year, sum(numbers))


def _stated(current: Iterable[Quad]) -> dict[tuple[str, str], Decimal]:
    """(area, year) → number of inhabitants."""
    measured: set[str] = set()
    values: dict[str, dict[str, str]] = defaultdict(dict)
    properties = {tg("about"), tg("value"), tg("referenceDate")}
    for quad in current:
        if quad.p == tg("measure") and quad.o == code("measure", MEASURE):
            measured.add(quad.s)
        elif quad.p in properties:
            values[quad.s][quad.p] = lexical(quad.o)
    complete = [values[node] for node in measured if len(values[node]) == len(properties)]
    return {(of[tg("about")], of[tg("referenceDate")]): Decimal(of[tg("value")]) for of in complete}


def _observation(region: str, year: str, value: Decimal | int) -> Iterator[Quad]:
    # no observation: no source states it
    node = thing("sum", "area", region.removeprefix(CODE), MEASURE, year)
    yield Quad(node, tg("derived"), terms.TRUE)
    yield Quad(node, tg("about"), iri(region))
    yield Quad(node, tg("measure"), code("measure", MEASURE))
    yield Quad(node, tg("value"), decimal(Decimal(value)))
    yield Quad(node, tg("referenceDate"), date(year))
    yield Quad(node, tg("basis"), literal(BASIS))
