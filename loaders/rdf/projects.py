"""Projects and participations as quads."""

from __future__ import annotations

from loaders import records as r
from loaders.names import repair, slug
from loaders.rdf.scribe import Scribe
from loaders.rdf.terms import A, code, literal, tg, thing


def write(scribe: Scribe, record: r.Project) -> None:
    """A project: name, codes, theme, dates, kind, sub-theme, call, web pages."""
    project = thing("project", scribe.project_key(record.key))
    origin = record.name.origin
    scribe.state(origin, project, (A, tg("Project")), (A, tg("GroupProject") if record.group else None))
    for named in (record.name, *record.names):
        scribe.label(named.origin, project, named.value)
    for stated, name in (
        (record.acronym, "acronym"),
        (record.project_code, "projectCode"),
        (record.group_code, "groupCode"),
    ):
        if stated:
            scribe.state(stated.origin, project, (tg(name), literal(stated.value)))
    if record.theme and not _is_only_named(scribe, record):
        scribe.state(origin, project, (tg("inTheme"), thing("theme", scribe.theme_key(record.theme))))
    if record.coordination and record.coordination.value:
        _coordination(scribe, record, record.coordination.origin, project)
    scribe.period_of(project, record.start, record.end)
    _details(scribe, record, project)


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


def _coordination(scribe: Scribe, record: r.Project, origin: r.Origin, project: str) -> None:
    scribe.state(origin, project, (A, tg("Project")), (A, tg("CoordinationProject")))
    if record.theme:
        theme = thing("theme", scribe.theme_key(record.theme))
        scribe.state(origin, theme, (tg("coordinationProject"), project))


def _details(scribe: Scribe, record: r.Project, project: str) -> None:
    if record.sub_theme and record.theme:
        node = scribe.sub_theme(record.sub_theme, record.theme)
        theme = thing("theme", scribe.theme_key(record.theme))
        scribe.state(record.sub_theme.origin, project, (tg("subTheme"), node))
        scribe.state(record.sub_theme.origin, theme, (tg("subTheme"), node))
    if record.call:
        scribe.state(record.name.origin, project, (tg("fundedFrom"), thing("call", scribe.call_key(record.call))))
    if record.status:
        known = scribe.codes.find("status", record.status.value)
        concept = code("status", known or slug(record.status.value))
        scribe.state(record.status.origin, project, (tg("status"), concept))
        if known is None:
            scribe.new_concept(record.status.origin, concept, "Status", record.status.value)
    for page in record.web_pages:
        scribe.state(page.origin, project, (tg("webPage"), literal(page.value, datatype="anyURI")))
    _frame(scribe, record, project)


def _frame(scribe: Scribe, record: r.Project, project: str) -> None:
    """Programme, fund, priority, objectives and authority, where a document gives them for the project itself."""
    period = record.programme.value if record.programme else scribe.period
    if record.programme:
        scribe.state(record.programme.origin, project, (tg("inProgramme"), code("programme", period)))
    if record.fund:
        scribe.state(record.fund.origin, project, (tg("fund"), code("fund", record.fund.value)))
    if record.priority:
        scribe.state(
            record.priority.origin, project, (tg("priority"), code(f"priority-{period}", record.priority.value))
        )
    for objective in record.objectives:
        scribe.objective(objective, project, period)
    if record.authority:
        body = scribe.organisation(record.authority.origin, record.authority.value)
        scribe.state(record.authority.origin, project, (tg("authority"), body))


def write_participation(scribe: Scribe, record: r.Participation) -> None:
    """One implementer's part of a project: organisation, name as printed, role, own code, business id."""
    project_key = scribe.project_key(record.project)
    printed = repair(record.organisation.value)
    own = record.project_code.value if record.project_code else None
    key = (own,) if own and own != project_key else (project_key, scribe.organisation_key(printed))
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
    if record.role:
        scribe.state(record.role.origin, participation, (tg("role"), code("role", record.role.value)))
    if own and own != project_key and record.project_code:
        scribe.state(record.project_code.origin, participation, (tg("projectCode"), literal(own)))
    if record.business_id:
        scribe.state(record.business_id.origin, organisation, (tg("businessId"), literal(record.business_id.value)))
