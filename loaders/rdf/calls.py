"""Calls and contact persons as quads."""

from __future__ import annotations

from loaders import records as r
from loaders.rdf.scribe import Scribe
from loaders.rdf.terms import SCHEMA, A, code, date, digest, literal, tg, thing


def write(scribe: Scribe, record: r.Call) -> None:
    """A call: label, theme, opening and closing, places, objectives."""
    call = thing("call", scribe.call_key(record.key))
    scribe.state(record.label.origin, call, (A, tg("Call")))
    scribe.label(record.label.origin, call, record.label.value)
    if record.theme:
        theme = thing("theme", scribe.theme_key(record.theme))
        scribe.state(record.label.origin, call, (tg("callFor"), theme))
    if record.coordination:
        scribe.state(record.label.origin, call, (A, tg("CoordinationCall")))
    for stated, name in ((record.opens, "opens"), (record.closes, "closes")):
        if stated:
            scribe.state(stated.origin, call, (tg(name), date(stated.value)))
    for place in record.places:
        scribe.state(place.origin, call, (tg("place"), literal(place.value, "fi")))
    for objective in record.objectives:
        scribe.objective(objective, call, scribe.period)
    if record.authority:
        body = scribe.organisation(record.authority.origin, record.authority.value)
        scribe.state(record.authority.origin, call, (tg("authority"), body))
    if record.fund:
        scribe.state(record.fund.origin, call, (tg("fund"), code("fund", record.fund.value)))


def write_contact(scribe: Scribe, record: r.Contact) -> None:
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
