"""The targets: each reads reference tables and proposes one or more link sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from links.reference import Reference
from links.rule import Proposal, Subject
from links.sssom import LinkSet
from links.targets import areas, authorities, business_ids, fairdata, nuts, places, ror, seats, succession, themes

TARGETS: tuple[Callable[[Reference, Sequence[Subject], Mapping[str, LinkSet]], Sequence[Proposal]], ...] = (
    areas.propose,
    nuts.propose,
    authorities.propose,
    business_ids.propose,
    ror.propose,
    fairdata.propose,
    seats.propose,
    places.propose,
    themes.propose,
    succession.propose,
)
"""In the order they are proposed; add a target by adding its module here."""
