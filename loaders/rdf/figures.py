"""Amounts and counts as quads: one observation a combination of what, phase or measure, date, scope and ministry."""

from __future__ import annotations

from loaders import records as r
from loaders.names import slug
from loaders.rdf.scribe import Scribe
from loaders.rdf.terms import TRUE, A, code, date, decimal, literal, tg, thing

UNDATED = "undated"


def write_money(scribe: Scribe, record: r.Money) -> None:
    """An amount: what it is about, phase, date, scope, ministry, exact value, precision and the words."""
    kind, key = scribe.about(record.about)
    reference = record.date or scribe.reading.reference_date
    ministry = scribe.organisation_key(record.ministry) if record.ministry else None
    parts = [record.phase, reference or UNDATED, *filter(None, [record.scope, ministry])]
    observation = thing("observation", kind, key, *parts)
    scribe.state(
        record.origin,
        observation,
        (A, tg("FinancialObservation")),
        (tg("about"), thing(kind, key)),
        (tg("phase"), code("phase", record.phase)),
        (tg("amount"), decimal(record.amount)),
        (tg("currency"), literal("EUR")),
        (tg("referenceDate"), date(reference) if reference else None),
        (tg("fundingScope"), code("scope", record.scope) if record.scope else None),
        (tg("ministry"), scribe.organisation(record.origin, record.ministry) if record.ministry else None),
        (tg("precision"), decimal(record.precision)),
        (tg("amountAsStated"), literal(record.as_stated)),
        (tg("approximate"), TRUE if record.approximate else None),
        (tg("maximum"), TRUE if record.maximum else None),
    )


def write_count(scribe: Scribe, record: r.Count) -> None:
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
