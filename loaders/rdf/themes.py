"""Themes as quads."""

from __future__ import annotations

from loaders import records as r
from loaders.names import repair, slug
from loaders.rdf.scribe import Scribe
from loaders.rdf.terms import LABEL, A, code, literal, tg, thing


def write(scribe: Scribe, record: r.Theme) -> None:
    """A theme: names, programme, group, fund, objectives, ministries, bodies, period, contents."""
    theme = thing("theme", scribe.theme_key(record.name.value.text))
    scribe.state(record.name.origin, theme, (A, tg("Theme")))
    for name in (record.name, *record.names):
        scribe.label(name.origin, theme, name.value)
    _codes(scribe, record, theme)
    _bodies(scribe, record, theme)
    scribe.period_of(theme, record.start, record.end)
    _contents(scribe, record, theme)


def _codes(scribe: Scribe, record: r.Theme, theme: str) -> None:
    period = record.programme.value if record.programme else scribe.period
    if record.programme:
        scribe.state(record.programme.origin, theme, (tg("inProgramme"), code("programme", period)))
    if record.group:
        known = scribe.codes.find("theme-group", record.group.value)
        concept = code("theme-group", known or slug(record.group.value))
        scribe.state(record.group.origin, theme, (tg("themeGroup"), concept))
        if known is None:
            scribe.new_concept(record.group.origin, concept, "ThemeGroup", record.group.value)
    if record.fund:
        scribe.state(record.fund.origin, theme, (tg("fund"), code("fund", record.fund.value)))
    if record.priority:
        scribe.state(record.priority.origin, theme, (tg("priority"), code(f"priority-{period}", record.priority.value)))
    for objective in record.objectives:
        scribe.objective(objective, theme, period)


def _bodies(scribe: Scribe, record: r.Theme, theme: str) -> None:
    for ministry in record.ministries:
        body = scribe.organisation(ministry.origin, ministry.value.name)
        lead = body if ministry.value.lead else None
        scribe.state(ministry.origin, theme, (tg("ministry"), body), (tg("leadMinistry"), lead))
    for stated in record.intermediate_bodies:
        body = scribe.organisation(stated.origin, stated.value)
        scribe.state(stated.origin, theme, (tg("intermediateBody"), body))
    for stated in record.coordinated_by:
        _coordination(scribe, stated, record.name.value.text, theme)


def _coordination(scribe: Scribe, stated: r.Stated[str], theme_name: str, theme: str) -> None:
    key = scribe.project_key(stated.value, theme_name)
    project = thing("project", key)
    scribe.state(stated.origin, theme, (tg("coordinationProject"), project))
    scribe.state(stated.origin, project, (A, tg("Project")), (A, tg("CoordinationProject")))
    if not scribe.knows_project(stated.value):
        scribe.label(stated.origin, project, r.Text(stated.value))


def _contents(scribe: Scribe, record: r.Theme, theme: str) -> None:
    for stated in record.sub_themes:
        node = scribe.sub_theme(stated, record.name.value.text)
        scribe.state(stated.origin, theme, (tg("subTheme"), node))
    for stated in record.target_groups:
        group = thing("target-group", slug(stated.value))
        scribe.state(stated.origin, group, (A, tg("TargetGroup")), (LABEL, literal(repair(stated.value), "fi")))
        scribe.state(stated.origin, theme, (tg("targetGroup"), group))
    for stated in record.web_pages:
        scribe.state(stated.origin, theme, (tg("webPage"), literal(stated.value, datatype="anyURI")))
