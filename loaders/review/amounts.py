"""Amounts of a theme that only the prose states: its coordination's budget, and what is planned."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.records import About, Money
from loaders.review.form import Form

_PHASES = (
    (
        "coordinationBudget",
        re.compile(
            r"\b(?:koordinaatio(?:hankkee)?lle|koordinaatio(?:hankkee)?n\s+osuus\s+on|"
            r"koordinaatiohankkeen\s+(?:kokonais)?rahoitus\s+on)\s+(?:yhteensä\s+)?$",
            re.IGNORECASE,
        ),
    ),
    ("withRegions", re.compile(r"\b(?:kokonaisuuteen\s+)?on\s+varattu\s+yhteensä\s+$", re.IGNORECASE)),
    ("planned", re.compile(r"\bsuunniteltu\s+rahoitus\s+on\s+(?:yhteensä\s+)?$", re.IGNORECASE)),
)


def told_amounts(form: Form, theme: str, date: str | None) -> Iterator[Money]:
    """The amounts of the running text that are the theme's own."""
    for part in form.prose:
        for sentence in part.sentences():
            for amount in sentence.amounts():
                said = sentence.text[: amount.start]
                phase, told = next(((p, m) for p, pattern in _PHASES if (m := pattern.search(said))), (None, None))
                if phase and told:
                    yield Money(
                        about=About("theme", theme),
                        phase=phase,
                        amount=amount.value,
                        as_stated=amount.words,
                        precision=amount.precision,
                        origin=sentence.sub(told.start(), amount.end).origin(),
                        date=date,
                        approximate=amount.approximate,
                        maximum=amount.maximum,
                    )
