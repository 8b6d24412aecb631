"""Records to quads: one named graph a passage. The only place that mints IRIs of things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from loaders import records as r
from loaders import sources
from loaders.data import VERSION
from loaders.document.lines import Document
from loaders.names import repair, slug
from loaders.rdf.scribe import Scribe, document_iri
from loaders.rdf.terms import DCT, LABEL, SCHEMA, TRUE, A, Quad, code, date, decimal, digest, iri, literal, tg, thing
from loaders.values.amounts import is_plausible

_address = partial(literal, datatype="anyURI")


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of a document as a whole: from its sources file, where it has one, then from its reading."""

    title: str | None = None
    publisher: str | None = None
    issued: str | None = None
    reference_date: str | None = None
    url: str | None = None
    licence: str | None = None

    @classmethod
    def of(cls, sha256: str) -> DocumentFacts:
        """What the sources file of a document with these bytes says; nothing where it has none."""
        one = sources.by_hash(sha256)
        if one is None:
            return cls()
        return cls(one.title, one.publisher, one.issued, one.reference_date, one.url, one.licence)


def quads(document: Document, reading: r.Reading, facts: DocumentFacts | None = None) -> list[Quad]:
    """All quads of one reading: the document and its passages, then what each passage states.

    A place that was not understood is a passage that states nothing: its words are there to be looked at.
    """
    scribe, facts = Scribe(document, reading), facts or DocumentFacts()
    for record in reading.records:
        _WRITERS[type(record)](scribe, record)
    pages = {line.number: line.page for line in document.lines}
    for left in (item for item in reading.left_out if not item.understood):
        scribe.passage(r.Origin(left.first, left.last, left.words, page=pages.get(left.first), private=left.private))
    facts = replace(
        facts,
        title=facts.title or reading.title or document.title or document.id,
        publisher=facts.publisher or reading.publisher,
        issued=facts.issued or reading.issued,
        reference_date=facts.reference_date or reading.reference_date,
    )
    about = describe(document.id, document.sha256, reading.layout, reading.language, facts)
    read_by = Quad(document_iri(document.id), tg("readBy"), literal(f"teemagraafi {VERSION}"))
    return [*about, read_by, *scribe.quads]


def describe(identifier: str, sha256: str, layout: str, language: str, facts: DocumentFacts) -> list[Quad]:
    """A document itself, in the default graph."""
    node, title, publisher = document_iri(identifier), facts.title or identifier, facts.publisher
    rows: list[tuple[str, str | None]] = [
        (A, tg("SourceDocument")),
        (f"<{DCT}title>", literal(title, language)),
        (LABEL, literal(title, language)),
        (f"<{DCT}publisher>", literal(publisher, language) if publisher else None),
        (f"<{DCT}issued>", date(facts.issued) if facts.issued else None),
        (tg("referenceDate"), date(facts.reference_date) if facts.reference_date else None),
        (f"<{DCT}language>", literal(language)),
        (f"<{DCT}license>", iri(facts.licence) if facts.licence else None),
        (f"<{DCT}source>", iri(facts.url) if facts.url else None),
        (tg("contentHash"), literal(sha256)),
        (tg("layout"), literal(layout)),
    ]
    return [Quad(node, p, o) for p, o in rows if o is not None]


# themes and projects


def _frame(scribe: Scribe, record: r.Theme | r.Project, subject: str) -> None:
    """Programme, fund, priority, objectives, start and end, and web pages."""
    period = record.programme.value if record.programme else scribe.period
    scribe.say(subject, "inProgramme", record.programme, partial(code, "programme"))
    scribe.say(subject, "fund", record.fund, partial(code, "fund"))
    scribe.say(subject, "priority", record.priority, partial(code, f"priority-{period}"))
    for objective in record.objectives:
        scribe.objective(objective, subject, period)
    scribe.say(subject, "startDate", record.start, date)
    scribe.say(subject, "endDate", record.end, date)
    for page in record.web_pages:
        scribe.say(subject, "webPage", page, _address)


def _write_theme(scribe: Scribe, record: r.Theme) -> None:
    name = record.name.value.text
    theme = thing("theme", scribe.registry.theme_key(name))
    scribe.state(record.name.origin, theme, (A, tg("Theme")))
    for named in (record.name, *record.names):
        scribe.label(named.origin, theme, named.value)
    scribe.say_concept(theme, "themeGroup", record.group, "theme-group", "ThemeGroup")
    _frame(scribe, record, theme)
    for ministry in record.ministries:
        body = scribe.organisation(ministry.origin, ministry.value.name)
        lead = body if ministry.value.lead else None
        scribe.state(ministry.origin, theme, (tg("ministry"), body), (tg("leadMinistry"), lead))
    for stated in record.intermediate_bodies:
        scribe.say_body(theme, "intermediateBody", stated)
    for stated in record.coordinated_by:
        # the project that coordinates a theme, by its key or name
        project = thing("project", scribe.project_key(stated.value, name))
        scribe.state(stated.origin, theme, (tg("coordinationProject"), project))
        scribe.state(stated.origin, project, (A, tg("Project")), (A, tg("CoordinationProject")))
        if not scribe.knows_project(stated.value):
            scribe.label(stated.origin, project, r.Text(stated.value))
    for stated in record.sub_themes:
        scribe.state(stated.origin, theme, (tg("subTheme"), scribe.sub_theme(stated, name)))
    for stated in record.target_groups:
        group = thing("target-group", slug(stated.value))
        scribe.state(stated.origin, group, (A, tg("TargetGroup")), (LABEL, literal(repair(stated.value), "fi")))
        scribe.state(stated.origin, theme, (tg("targetGroup"), group))


def _write_project(scribe: Scribe, record: r.Project) -> None:
    project = thing("project", scribe.project_key(record.key))
    theme = thing("theme", scribe.registry.theme_key(record.theme)) if record.theme else None
    origin, coordination = record.name.origin, record.coordination
    scribe.state(origin, project, (A, tg("Project")), (A, tg("GroupProject") if record.group else None))
    scribe.label(origin, project, record.name.value)
    scribe.say(project, "acronym", record.acronym, literal)
    scribe.say(project, "projectCode", record.project_code, literal)
    scribe.say(project, "groupCode", record.group_code, literal)
    if theme and not _is_only_named(scribe, record):
        scribe.state(origin, project, (tg("inTheme"), theme))
    if coordination and coordination.value:
        scribe.state(coordination.origin, project, (A, tg("Project")), (A, tg("CoordinationProject")))
        if theme:
            scribe.state(coordination.origin, theme, (tg("coordinationProject"), project))
    if record.sub_theme and record.theme and theme:
        node = scribe.sub_theme(record.sub_theme, record.theme)
        for subject in (project, theme):
            scribe.state(record.sub_theme.origin, subject, (tg("subTheme"), node))
    if record.call:
        scribe.state(origin, project, (tg("fundedFrom"), thing("call", scribe.call_key(record.call))))
    scribe.say_concept(project, "status", record.status, "status", "Status")
    _frame(scribe, record, project)
    scribe.say_body(project, "authority", record.authority)


def _is_only_named(scribe: Scribe, record: r.Project) -> bool:
    """Whether all that is said of a coordination project is that it coordinates: it serves the theme, and may be in another."""
    own = (
        record.project_code,
        record.group_code,
        record.start,
        record.end,
        record.sub_theme,
        record.status,
        record.call,
    )
    parts = (p for p in scribe.reading.records if isinstance(p, r.Participation))
    return record.coordination is not None and not any(own) and all(p.project != record.key for p in parts)


def _write_participation(scribe: Scribe, record: r.Participation) -> None:
    """One implementer's part of a project: organisation, name as printed, role, own code, business id."""
    project_key = scribe.project_key(record.project)
    printed = repair(record.organisation.value)
    own = record.project_code.value if record.project_code else None
    key = (own,) if own and own != project_key else (project_key, scribe.registry.organisation_key(printed))
    participation, origin = thing("participation", *key), record.organisation.origin
    organisation = scribe.whole_organisation(origin, printed)
    scribe.state(origin, thing("project", project_key), (tg("participation"), participation))
    scribe.state(
        origin,
        participation,
        (A, tg("Participation")),
        (tg("organisation"), organisation),
        (tg("nameAsStated"), literal(printed)),
    )
    scribe.say(participation, "role", record.role, partial(code, "role"))
    if own != project_key:
        scribe.say(participation, "projectCode", record.project_code, literal)
    scribe.say(organisation, "businessId", record.business_id, literal)


# amounts and counts

UNDATED = "undated"


def _write_money(scribe: Scribe, record: r.Money) -> None:
    """Write an amount of a theme, project or call, or the share of it that a ministry or a participant has."""
    about, participation = scribe.money_of(record.about)
    reference = record.date or scribe.reading.reference_date
    parts = [*about, record.phase, reference or UNDATED, *filter(None, [record.scope])]
    observation = thing("observation", *parts)
    scribe.state(
        record.origin,
        observation,
        (A, tg("FinancialObservation")),
        (tg("about"), thing(*about)),
        (tg("phase"), code("phase", record.phase)),
        (tg("currency"), literal("EUR")),
        (tg("referenceDate"), date(reference) if reference else None),
        (tg("fundingScope"), code("scope", record.scope) if record.scope else None),
    )
    node, name = observation, "amount"
    if record.ministry or participation:
        key = scribe.registry.organisation_key(record.ministry) if record.ministry else str(participation)
        node, name = thing("share", *parts, key), "shareAmount"
        scribe.state(
            record.origin,
            node,
            (A, tg("Share")),
            (tg("shareOf"), observation),
            (tg("ministry"), scribe.organisation(record.origin, record.ministry) if record.ministry else None),
            (tg("participation"), thing("participation", participation) if participation else None),
        )
    scribe.state(
        record.origin,
        node,
        (tg(name), decimal(record.amount) if is_plausible(record.amount, record.phase, record.about.kind) else None),
        (tg("precision"), decimal(record.precision)),
        (tg("amountAsStated"), literal(record.as_stated)),
        (tg("approximate"), TRUE if record.approximate else None),
        (tg("maximum"), TRUE if record.maximum else None),
    )


def _write_count(scribe: Scribe, record: r.Count) -> None:
    """A stated count: what of, which measure, at which date, on which basis."""
    kind, key = scribe.about(record.about)
    reference = record.date or scribe.reading.reference_date
    parts = [record.measure, reference or UNDATED, *filter(None, [record.basis and slug(record.basis)])]
    observation = thing("observation", kind, key, *parts)
    scribe.state(
        record.origin,
        observation,
        (A, tg("StatisticalObservation")),
        (tg("about"), code(*key.split("/", 1)) if kind == "area" else thing(kind, key)),
        (tg("measure"), code("measure", record.measure)),
        (tg("value"), decimal(record.value)),
        (tg("referenceDate"), date(reference) if reference else None),
        (tg("basis"), literal(record.basis) if record.basis else None),
        (tg("approximate"), TRUE if record.approximate else None),
    )


# calls and contacts


def _write_call(scribe: Scribe, record: r.Call) -> None:
    call, origin = thing("call", scribe.call_key(record.key)), record.label.origin
    scribe.state(origin, call, (A, tg("Call")), (A, tg("CoordinationCall") if record.coordination else None))
    scribe.label(origin, call, record.label.value)
    if record.theme:
        scribe.state(origin, call, (tg("callFor"), thing("theme", scribe.registry.theme_key(record.theme))))
    scribe.say(call, "opens", record.opens, date)
    scribe.say(call, "closes", record.closes, date)
    for place in record.places:
        scribe.say(call, "place", place, partial(literal, lang="fi"))
    for objective in record.objectives:
        scribe.objective(objective, call, scribe.period)
    for authority in record.authorities:
        scribe.say_body(call, "authority", authority)
    scribe.say(call, "fund", record.fund, partial(code, "fund"))


def _write_contact(scribe: Scribe, record: r.Contact) -> None:
    """A contact person: everything stays in the graph of the contact passage."""
    kind, key = scribe.about(record.about)
    contact = thing("contact", digest(kind, key, record.name.casefold())[:12])
    organisation = scribe.organisation(record.origin, record.organisation) if record.organisation else None
    scribe.state(
        record.origin,
        contact,
        (A, tg("ContactPoint")),
        (tg("contactFor"), thing(kind, key)),
        (tg("side"), code("side", record.side)),
        (tg("organisation"), organisation),
        (f"<{SCHEMA}name>", literal(record.name)),
        (f"<{SCHEMA}jobTitle>", literal(record.job_title, "fi") if record.job_title else None),
        *((f"<{SCHEMA}email>", literal(email)) for email in record.emails),
        *((f"<{SCHEMA}telephone>", literal(telephone)) for telephone in record.telephones),
        (tg("validFrom"), date(record.valid_from) if record.valid_from else None),
        (tg("validUntil"), date(record.valid_until) if record.valid_until else None),
    )


_WRITERS: dict[type, Callable[[Scribe, Any], None]] = {
    r.Theme: _write_theme,
    r.Project: _write_project,
    r.Participation: _write_participation,
    r.Money: _write_money,
    r.Count: _write_count,
    r.Call: _write_call,
    r.Contact: _write_contact,
}
