"""Amounts and counts as quads: one observation for each thing, phase or measure, date and scope; a ministry's part is a share."""

from __future__ import annotations

from decimal import Decimal

from loaders import records as r
from loaders.names import slug
from loaders.rdf.scribe import Scribe
from loaders.rdf.terms import TRUE, A, code, date, decimal, literal, tg, thing

UNDATED = "undated"
_LEAST = {"framework": Decimal(10_000), "callBudget": Decimal(10_000), "coordinationBudget": Decimal(10_000)}
"""Euros below which an amount of a phase cannot be meant: a unit ("million") is missing."""
_LEAST_OF_OTHERS = Decimal(100)


def is_plausible(record: r.Money) -> bool:
    """Whether the amount can be meant: "n. 10 €" for a call cannot. Zero can."""
    if record.amount == 0 or record.about.kind not in ("theme", "call"):
        return True
    return record.amount >= _LEAST.get(record.phase, _LEAST_OF_OTHERS)


def write_money(scribe: Scribe, record: r.Money) -> None:
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
        key = scribe.organisation_key(record.ministry) if record.ministry else str(participation)
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
        (tg(name), decimal(record.amount) if is_plausible(record) else None),
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
