"""A graph in the shape of the current view, of any size, invented throughout; one thing in a hundred has a fault.

Proportions are those of the real graph: a theme has about 40 projects, a project 3 participations, each an observation or
two; organisations recur by a power law; every fact has a passage.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

BASE = "https://w3id.org/teemagraafi/"
TG, CODE, ID = f"{BASE}def#", f"{BASE}code/", f"{BASE}id/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
PHASES = ("framework", "reserved", "committed", "paid")


def tg(name: str) -> NamedNode:
    return NamedNode(TG + name)


def code(path: str) -> NamedNode:
    return NamedNode(CODE + path)


def thing(path: str) -> NamedNode:
    return NamedNode(ID + path)


def typed(value: object, datatype: str) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + datatype))


class Maker:
    """Makes the quads of one graph; ``fault()`` is true now and then."""

    def __init__(self, seed: int, faults: float) -> None:
        self._chance, self._faults = random.Random(seed), faults
        self._line, self._code = 0, 1_000_000

    def fault(self) -> bool:
        return self._chance.random() < self._faults

    def _next_code(self) -> int:
        self._code += 1
        return self._code

    def organisation(self) -> NamedNode:
        rank = int(self._chance.paretovariate(0.9)) % 5000
        return thing(f"organisation/toimija-{rank}")

    def say(self, subject: NamedNode, *pairs: tuple[NamedNode, NamedNode | Literal]) -> Iterator[Quad]:
        for predicate, value in pairs:
            yield Quad(subject, predicate, value)

    def passage(self, document: int) -> Iterator[Quad]:
        self._line += 1
        last = self._line - 1 if self.fault() else self._line
        node = thing(f"passage/asiakirja-{document}/{self._line}-{self._line}-{self._line:08x}")
        yield from self.say(
            node,
            (RDF_TYPE, tg("Passage")),
            (tg("inDocument"), thing(f"document/asiakirja-{document}")),
            (tg("lineStart"), Literal(self._line)),
            (tg("lineEnd"), Literal(last)),
            (tg("verbatim"), Literal(f"rivi {self._line} sanoja")),
        )

    def organisations(self, count: int) -> Iterator[Quad]:
        for rank in range(count):
            kinds = [(RDF_TYPE, tg("Organisation")), (RDF_TYPE, tg("Implementer"))]
            name = f"Toimija {rank}" + (" S10001" if self.fault() else " Oy")
            yield from self.say(
                thing(f"organisation/toimija-{rank}"),
                *kinds,
                (LABEL, Literal(name, language="fi")),
                (tg("organisationType"), code("organisation-type/company")),
            )

    def amount(self, about: NamedNode, key: str, phase: str, euros: int) -> Iterator[Quad]:
        stated = "" if self.fault() else " €"
        yield from self.say(
            thing(f"observation/{key}/{phase}/2024-10-31/eu-state"),
            (RDF_TYPE, tg("FinancialObservation")),
            (tg("about"), about),
            (tg("phase"), code(f"phase/{phase}")),
            (tg("amount"), typed(euros, "decimal")),
            (tg("currency"), Literal("EUR")),
            (tg("referenceDate"), typed("2024-10-31", "date")),
            (tg("fundingScope"), code("scope/eu-state")),
            (tg("precision"), typed(1, "decimal")),
            (tg("amountAsStated"), Literal(f"{euros}{stated}")),
        )

    def theme(self, number: int) -> Iterator[Quad]:
        theme = thing(f"theme/teema-{number}")
        start, end = ("2028", "2023") if self.fault() else ("2023", "2027")
        yield from self.say(
            theme,
            (RDF_TYPE, tg("Theme")),
            (LABEL, Literal(f"Teema {number}", language="fi")),
            (tg("inProgramme"), code("programme/2021-2027")),
            (tg("fund"), code("fund/ESR+")),
            (tg("intermediateBody"), thing("organisation/toimija-1")),
            (tg("startDate"), typed(start, "gYear")),
            (tg("endDate"), typed(end, "gYear")),
        )
        for step, phase in enumerate(PHASES):
            yield from self.amount(
                theme, f"theme/teema-{number}", phase, 9_000_000 - (-1 if self.fault() else 1) * step * 10**6
            )
        for project in range(40):
            yield from self.project(theme, f"{number}-{project}")
            yield from self.passage(number)

    def project(self, theme: NamedNode, key: str) -> Iterator[Quad]:
        project, parts = thing(f"project/R-{key}"), self._chance.randint(1, 5)
        yield from self.say(
            project,
            (RDF_TYPE, tg("Project")),
            (LABEL, Literal(f"Hanke {key}", language="fi")),
            (tg("inTheme"), theme),
            (tg("startDate"), typed("2024-01-01", "date")),
            (tg("endDate"), typed("2023-12-31" if self.fault() else "2026-12-31", "date")),
            (tg("projectCode"), Literal(f"{'' if self.fault() else 'S'}{self._next_code()}")),
        )
        yield from self.amount(project, f"project/R-{key}", "costEstimate", self._chance.randint(50_000, 900_000))
        for part in range(parts):
            yield from self.part(project, key, part)

    def part(self, project: NamedNode, key: str, part: int) -> Iterator[Quad]:
        participation, organisation = thing(f"participation/{key}-{part}"), self.organisation()
        role = code("role/partner" if part else "role/lead")
        yield from self.say(project, (tg("participation"), participation), (tg("implementer"), organisation))
        if not part:
            yield from self.say(project, (tg("leadImplementer"), organisation))
        yield from self.say(
            participation,
            (RDF_TYPE, tg("Participation")),
            (tg("organisation"), organisation),
            (tg("role"), code("role/boss") if self.fault() else role),
            (tg("nameAsStated"), Literal("Keksitty yliopisto oy" if self.fault() else "Toimija Oy")),
        )


def graph(triples: int, seed: int = 1, faults: float = 0.01) -> Iterator[Quad]:
    """At least so many triples of the default graph; the same seed gives the same ones."""
    maker, made, number = Maker(seed, faults), 0, 0
    for quad in maker.organisations(5000 if triples >= 100_000 else 500):
        made += 1
        yield quad
    while made < triples:
        number += 1
        document = thing(f"document/asiakirja-{number}")
        head = maker.say(
            document,
            (RDF_TYPE, tg("SourceDocument")),
            (NamedNode("http://purl.org/dc/terms/title"), Literal(f"Asiakirja {number}", language="fi")),
            (tg("contentHash"), Literal(f"{number:064x}")),
            (tg("layout"), Literal("review")),
            (tg("referenceDate"), typed("2024-10-31", "date")),
        )
        for quad in (*head, *maker.theme(number)):
            made += 1
            yield quad
