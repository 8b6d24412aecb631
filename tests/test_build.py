from __future__ import annotations

import pytest

from links import sets as linksets
from links.identity import Decisions, unify_organisations
from loaders.rdf.terms import Quad, literal, tg, thing

SHARED = "2296962-1"
"""The business id of all ELY Centres together: it tells none of them."""


def with_id(number: str, *keys: str) -> list[Quad]:
    return [Quad(thing("organisation", key), tg("businessId"), literal(number), "<g>") for key in keys]


def test_bodies_that_share_one_business_id_stay_apart() -> None:
    quads = with_id(SHARED, "ely-hame", "ely-lappi", "keha")
    assert unify_organisations(quads, Decisions(linksets.read_sets())) == quads


@pytest.mark.parametrize("number", ["0112038-9"])
def test_bodies_with_one_business_id_of_their_own_are_one(number: str) -> None:
    quads = unify_organisations(with_id(number, "keksitty-aa", "keksitty-bee"), Decisions(linksets.read_sets()))
    assert {q.s for q in quads if q.p == tg("businessId")} == {thing("organisation", "keksitty-aa")}
