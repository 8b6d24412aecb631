"""Rows of lists as quads, straight from entries: a list may have millions, and no record object is made of any of them.

Each statement is marked whether a cell of the row says it (a name, a date, an amount) or whether it follows from the layout and
the keys (a class, a phase, a link between two things of the row). The passage graph of a row can hold all of them or the former.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from loaders.names.text import slug
from loaders.rdf import terms
from loaders.rdf.row_concepts import Concepts, Triple, code_of
from loaders.rdf.row_organisations import authority, implementer
from loaders.rdf.scribe import document_iri
from loaders.rdf.terms import DCT, ID, LABEL, RDFS, A, date, decimal, digest, integer, iri, lexical, literal, tg, thing
from loaders.tables.entry import Entry, Placed

Statement = tuple[str, str, str, bool]
"""Subject, predicate, object, and whether a cell of the row states it."""

_NAMES = """
    about amount amountAsStated authority coFinancingRate currency decisionDate endDate fund fundingScope groupCode implementer
    inDocument inProgramme interventionField lineEnd lineStart nameAsStated nuts organisation participation
    partnersAsStated phase place policyObjective postalCode precision priority programmePart projectCode referenceDate row
    shareAmount shareOf sheet specificObjective startDate status thematicObjective verbatim webPage
"""
_P = {name: tg(name) for name in _NAMES.split()}
_PROJECT, _GROUP, _PARTICIPATION = tg("Project"), tg("GroupProject"), tg("Participation")
_ABOUT, _PHASE, _AMOUNT, _CURRENCY = _P["about"], _P["phase"], _P["amount"], _P["currency"]
_SCOPE, _PRECISION, _AS_STATED = _P["fundingScope"], _P["precision"], _P["amountAsStated"]
_SHARE, _SHARE_OF, _SHARE_AMOUNT, _DERIVED_FROM = (
    tg("Share"),
    _P["shareOf"],
    _P["shareAmount"],
    f"<{terms.PROV}wasDerivedFrom>",
)
_PROJECTS, _PARTICIPATIONS = f"<{ID}project/", f"<{ID}participation/"
_OBSERVATION, _PASSAGE = tg("FinancialObservation"), tg("Passage")
_STATES = "AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK"
_NUTS = re.compile(rf"\b((?:{_STATES})(?=[A-Z]*\d)[A-Z0-9]{{1,3}})\b(?!_)")
_DEGREES = r"(-?\d{1,3}(?:\.\d+)?)"
_POINT = re.compile(rf"POINT\s*\(\s*{_DEGREES}\s+{_DEGREES}\s*\)|{_DEGREES}\s*[,;]\s*{_DEGREES}", re.IGNORECASE)
_AS_WKT = "<http://www.opengis.net/ont/geosparql#asWKT>"
_WKT = "^^<http://www.opengis.net/ont/geosparql#wktLiteral>"


@dataclass(slots=True)
class RowScribe:
    """Writes the rows of one list."""

    document: str
    language: str
    country: str | None
    reference_date: str | None
    concepts: Concepts

    # the row itself

    def passage(self, entry: Entry) -> tuple[str, list[Triple]]:
        """The passage of a row and what is known of it."""
        place = (
            f"{entry.first}-{entry.last}" if entry.sheet is None else f"{slug(entry.sheet)}-{entry.first}-{entry.last}"
        )
        # two sheets may have names of one slug
        words = digest(entry.words) if entry.sheet is None else digest(entry.sheet, entry.words)
        graph = thing("passage", self.document, f"{place}-{words[:8]}")
        triples = [
            (graph, A, _PASSAGE),
            (graph, _P["inDocument"], document_iri(self.document)),
            (graph, _P["row"], integer(entry.first)),
            (graph, _P["lineStart"], integer(entry.first)),
            (graph, _P["lineEnd"], integer(entry.last)),
            (graph, _P["verbatim"], literal(entry.words)),
        ]
        if entry.sheet is not None:
            triples.append((graph, _P["sheet"], literal(entry.sheet)))
        return graph, triples

    def statements(self, placed: Placed) -> list[Statement]:
        """Everything a row states and what follows from it."""
        entry = placed.entry
        project = thing("project", entry.key)
        stated: list[Statement] = [(project, A, _PROJECT, False)]
        if placed.group:
            stated.append((project, A, _GROUP, False))
        stated += [(project, p, o, True) for p, o in self._names(entry)]
        stated += [(project, p, o, True) for p, o in self._codes(entry)]
        stated += [(project, p, o, True) for p, o in self._facts(entry.values)]
        stated += [(project, p, o, True) for p, o in _places(entry.values, self.language)]
        programme = self.concepts.of_programme(entry.values)
        if programme:
            stated.append((project, _P["inProgramme"], programme, "programme_code" in entry.values))
        stated += self._organisations(placed, project)
        stated += self._money(placed, project)
        return stated

    def _names(self, entry: Entry) -> Iterator[tuple[str, str]]:
        name, english = entry.values.get("name"), entry.values.get("name_en")
        if name:
            yield LABEL, literal(name, self.language)
        if english and (english != name or self.language != "en"):
            yield LABEL, literal(english, "en")
        for role, lang in (("summary", self.language), ("summary_en", "en")):
            if entry.values.get(role):
                yield f"<{DCT}description>", literal(entry.values[role], lang)

    def _codes(self, entry: Entry) -> Iterator[tuple[str, str]]:
        if entry.group:
            yield _P["groupCode"], literal(entry.group)
        elif entry.code:
            yield _P["projectCode"], literal(entry.code)
        identifier = entry.values.get("kohesio_id")
        if identifier and identifier.startswith(("http://", "https://")):
            yield f"<{RDFS}seeAlso>", iri(identifier)
        elif identifier:
            yield f"<{DCT}identifier>", literal(identifier)

    def _facts(self, values: dict[str, str]) -> Iterator[tuple[str, str]]:
        for role, name in (("start", "startDate"), ("end", "endDate"), ("decided", "decisionDate")):
            if role in values:
                yield _P[name], date(values[role])
        if "fund" in values:
            yield _P["fund"], self.concepts.fund(values["fund"])
        if "rate" in values:
            yield _P["coFinancingRate"], f'"{values["rate"]}"^^<{terms.XSD}decimal>'
        if "status" in values:
            yield _P["status"], self.concepts.status(values["status"])
        for role in ("web_page", "description_page"):
            if values.get(role, "").startswith(("http://", "https://")):
                yield _P["webPage"], literal(values[role].replace(" ", "%20"), datatype="anyURI")
        if "partners" in values:
            yield _P["partnersAsStated"], literal(values["partners"])
        yield from self._objectives(values)

    def _objectives(self, values: dict[str, str]) -> Iterator[tuple[str, str]]:
        period, fund, part = values.get("period"), values.get("fund"), values.get("programme_part")
        if part:
            yield _P["programmePart"], self.concepts.part(part, period)
        if "priority" in values:
            yield _P["priority"], self.concepts.priority(values["priority"], period, fund, part)
        if "specific_objective" in values:
            yield _P["specificObjective"], self.concepts.objective(values["specific_objective"], period)
        for kind in ("thematic", "policy"):
            if printed := values.get(f"{kind}_objective"):
                yield _P[f"{kind}Objective"], self.concepts.numbered(f"{kind}-objective", printed, None)
        if "category" in values:
            scheme, label = f"intervention-field-{period or 'any'}", values.get("category_label")
            for printed in filter(None, re.split(r"(?:(?<!\s)\s+)?[;|]\s*", values["category"])):
                yield _P["interventionField"], self.concepts.numbered(scheme, printed, label)

    def _organisations(self, placed: Placed, project: str) -> Iterator[Statement]:
        entry, named = placed.entry, implementer(placed.entry, self.country, self.language)
        funder = authority(entry, self.country, self.language)
        if funder is not None:
            yield project, _P["authority"], funder.iri, True
        if named is None and placed.whole:
            return
        part = thing("participation", placed.part)
        yield project, _P["participation"], part, False
        yield part, A, _PARTICIPATION, False
        if entry.group and entry.code:
            yield part, _P["projectCode"], literal(entry.code), True
        for role, name in (("seat_postcode", "postalCode"), ("seat_place", "place")):
            if role in entry.values:
                yield part, _P[name], literal(entry.values[role]), True
        if named is not None:
            yield part, _P["organisation"], named.iri, True
            yield part, _P["nameAsStated"], literal(named.name), True
            yield project, _P["implementer"], named.iri, False

    # money

    def _money(self, placed: Placed, project: str) -> list[Statement]:
        """A row's money is the project's, or where the row is a part of the project, a share of it.

        The only participant of a project has all of its money, which is said too.
        """
        entry, part, statements = placed.entry, thing("participation", placed.part), list[Statement]()
        project_key, key = project.removeprefix(_PROJECTS)[:-1], part.removeprefix(_PARTICIPATIONS)[:-1]
        for amount in entry.money:
            # what the rows of a project say of it as a whole is divided by none of them
            is_whole = placed.whole or amount.whole
            participates = not is_whole or (placed.whole and "beneficiary" in entry.values)
            path = f"project/{project_key}/{amount.phase}/{self.reference_date or 'undated'}/{amount.scope}"
            # amounts of two currencies are not added up
            path += "" if amount.currency == "EUR" else f"/{amount.currency}"
            whole, share = f"<{ID}observation/{path}>", f"<{ID}share/{path}/{key}>"
            value, stated = _decimal(amount.value), whole if is_whole else share
            statements += (
                (whole, A, _OBSERVATION, False),
                (whole, _ABOUT, project, False),
                (whole, _PHASE, code_of("phase", amount.phase), False),
                (whole, _CURRENCY, f'"{amount.currency}"', False),
                (whole, _SCOPE, code_of("scope", amount.scope), False),
                (stated, _AMOUNT if is_whole else _SHARE_AMOUNT, value, True),
                (stated, _PRECISION, _decimal(amount.precision), False),
                (stated, _AS_STATED, literal(amount.stated), False),
            )
            if self.reference_date:
                statements.append((whole, _P["referenceDate"], date(self.reference_date), False))
            if participates:
                statements += (
                    (share, A, _SHARE, False),
                    (share, _SHARE_OF, whole, False),
                    (share, _P["participation"], part, False),
                )
            if participates and is_whole:
                statements += ((share, _SHARE_AMOUNT, value, False), (share, _DERIVED_FROM, whole, False))
        return statements


def added_up(statements: Iterable[Statement]) -> Iterator[Triple]:
    """The amounts of wholes of which the rows of a project state the shares only."""
    stated = dict.fromkeys(statements)
    wholes = {s for s, p, _, _ in stated if p == _AMOUNT}
    parts: dict[str, list[str]] = {}
    numbers: dict[tuple[str, str], Decimal] = {}
    for s, p, o, _ in stated:
        if p == _SHARE_OF and o not in wholes:
            parts.setdefault(o, []).append(s)
        elif p in (_SHARE_AMOUNT, _PRECISION):
            numbers[s, p] = Decimal(lexical(o))
    for whole, shares in parts.items():
        yield whole, _AMOUNT, decimal(sum((numbers[share, _SHARE_AMOUNT] for share in shares), Decimal(0)))
        yield whole, _PRECISION, decimal(max(numbers[share, _PRECISION] for share in shares))
        yield from ((whole, _DERIVED_FROM, share) for share in shares)


@lru_cache(maxsize=8192)
def _decimal(value: str) -> str:
    text = value.rstrip("0").rstrip(".") if "." in value else value
    return f'"{text or "0"}"^^<{terms.XSD}decimal>'


def _places(values: dict[str, str], language: str) -> Iterator[tuple[str, str]]:
    for role in ("region", "location", "place"):
        if role in values:
            yield _P["place"], literal(values[role], language)
    for role in ("region", "location"):
        match = _NUTS.search(values.get(role, ""))
        if match:
            yield _P["nuts"], iri(f"http://data.europa.eu/nuts/code/{match[1]}")
    if "postcode" in values:
        yield _P["postalCode"], literal(values["postcode"])
    point = _POINT.search(values.get("coordinates", ""))
    if point:
        longitude, latitude = (point[1], point[2]) if point[1] else (point[4], point[3])
        yield _AS_WKT, f'"POINT({longitude} {latitude})"{_WKT}'
