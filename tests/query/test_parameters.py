"""What a person types for a parameter, looked up in a graph of a few names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

import pyoxigraph as ox
import pytest

from engine.query.library import Parameter, StoredQuery
from engine.query.parameters import resolve
from loaders.errors import QueryUsageError
from tests.cases import each

BASE = "https://w3id.org/teemagraafi/"
ID = f"{BASE}id/"
PREFIXES = f"""@prefix tg: <{BASE}def#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix dct: <http://purl.org/dc/terms/> .
"""
NAMES = f"""
<{ID}theme/kaislikko> a tg:Theme ; rdfs:label "Kaislikon talot"@fi, "Vassens hus"@sv ; tg:acronym "KATA" .
<{ID}theme/suo> a tg:Theme ; skos:prefLabel "Suon talot"@fi ; skos:altLabel "rämeet" ; skos:notation "S-1" .
<{ID}organisation/a> a tg:Organisation ; rdfs:label "Kaislikon virasto"@fi .
<{ID}organisation/m> a tg:Ministry ; rdfs:label "Kaislikon ministeriö"@fi .
<{ID}organisation/e> a tg:ELYCentre ; rdfs:label "Kaislikon ELY-keskus"@fi .
<{ID}project/S1> a tg:Project ; rdfs:label "Talkoot"@fi ; tg:projectCode "S1" .
<{ID}project/R-1> a tg:Project ; rdfs:label "Ryhmä"@fi ; tg:groupCode "R-1x" .
<{ID}document/kirje> a tg:SourceDocument ; dct:title "Kirje taloista" .
<{ID}target-group/nuoret> a tg:TargetGroup ; rdfs:label "Nuoret"@fi .
<{BASE}code/phase/plan> skos:prefLabel "Suunnitelma"@fi .
<{BASE}code/fund/plan> skos:prefLabel "Suunnitelma"@fi .
"""


def graph(extra: str = "") -> ox.Store:
    store = ox.Store()
    store.load((PREFIXES + NAMES + extra).encode(), ox.RdfFormat.TURTLE)
    return store


STORE = graph()


def found(value: object, kind: str = "theme", store: ox.Store = STORE, **more: object) -> list[str]:
    def select(text: str) -> Iterable[ox.QuerySolution]:
        return store.query(text)  # type: ignore[return-value]

    query = StoredQuery("q", "", params=(Parameter("x", kind, **more),))  # type: ignore[arg-type]
    return [str(term) for term in resolve(query, {"x": value}, select)["x"]]


def refused(value: object, kind: str = "theme", store: ox.Store = STORE, **more: object) -> str:
    with pytest.raises(QueryUsageError) as caught:
        found(value, kind, store, **more)
    return str(caught.value.message)


@each(
    ("kind", "typed", "key"),
    [
        ("theme", "kaislikko", "theme/kaislikko"),
        ("theme", f"{ID}theme/suo", "theme/suo"),
        ("theme", "Vassens hus", "theme/kaislikko"),
        ("theme", "KATA", "theme/kaislikko"),
        ("theme", "kata", "theme/kaislikko"),
        ("theme", "rämeet", "theme/suo"),
        ("theme", "rameet", "theme/suo"),
        ("theme", "S-1", "theme/suo"),
        ("theme", "Suon talossa", "theme/suo"),
        ("theme", "kaislikolle", "theme/kaislikko"),
        ("organisation", "Kaislikon virasto", "organisation/a"),
        ("ministry", "kaislikko", "organisation/m"),
        ("ministry", "m", "organisation/m"),
        ("ely", "kaislikko", "organisation/e"),
        ("ely", "Kaislikon ELY", "organisation/e"),
        ("project", "S1", "project/S1"),
        ("project", "Talkoot", "project/S1"),
        ("project", "R-1x", "project/R-1"),
        ("document", "Kirje taloista", "document/kirje"),
        ("targetGroup", "nuoret", "target-group/nuoret"),
        ("targetGroup", "Nuoret", "target-group/nuoret"),
    ],
)
def test_a_thing_by_each_of_its_names(kind: str, typed: str, key: str) -> None:
    assert found(typed, kind) == [f"<{ID}{key}>"]
    assert found(ox.NamedNode(ID + key), kind) == [f"<{ID}{key}>"]


def test_a_concept_is_looked_up_in_its_own_code_list() -> None:
    for typed in ("plan", "PLAN", "Suunnitelma", "suunnitelmaa"):
        assert found(typed, "code", scheme="phase", allowed=("plan",)) == [f"<{BASE}code/phase/plan>"]
    assert "no code 'Plan'" in refused("Plan", "code", scheme="none")


def test_what_is_not_in_the_graph() -> None:
    assert "did you mean 'Suon talot'" in refused("Suan tylot")
    assert refused("http://a.example/x") == "parameter 'x': no theme <http://a.example/x> in this graph"
    assert refused(f"{ID}project/S1").endswith("in this graph")
    assert "no theme <a://b c>" in refused("a://b c")
    assert "no ely 'ELY-keskus'" in refused("ELY-keskus", "ely")


def test_what_is_no_value_is_quoted_in_the_message() -> None:
    assert refused(" ") == "parameter 'x': '' is empty or holds characters no name has"
    wanted = "parameter 'x': 'never' is not a date: write 2024-10-31, 31.10.2024, 2024-10 or 2024"
    assert refused("never", "date") == wanted


def test_several_things_of_one_name_are_listed() -> None:
    assert refused("talot") == "parameter 'x': 'talot' may be 'Kaislikon talot', 'Suon talot': say more of the name"
    same = "".join(f'<{ID}theme/x{n}> a tg:Theme ; rdfs:label "Sama nimi {n}"@fi .\n' for n in range(7))
    message = refused("sama", store=graph(same))
    assert message.endswith("'Sama nimi 4' and 2 more: say more of the name")
    six = "".join(f'<{ID}theme/x{n}> a tg:Theme ; rdfs:label "Sama nimi {n}"@fi .\n' for n in range(6))
    assert refused("sama", store=graph(six)).endswith("'Sama nimi 4' and 1 more: say more of the name")
    twins = "".join(f'<{ID}theme/x{n}> a tg:Theme ; rdfs:label "Sama nimi"@fi .\n' for n in range(2))
    assert "may be theme/x0, theme/x1: say" in refused("Sama nimi", store=graph(twins))
    five = "".join(f'<{ID}theme/x{n}> a tg:Theme ; rdfs:label "Sama nimi {n}"@fi .\n' for n in range(5))
    assert "more" not in refused("sama", store=graph(five)).replace("say more", "")


@each(
    ("typed", "day"),
    [
        ("1.2.2024", "2024-02-01"),
        (" 2024-02 ", "2024-02-29"),
        ("2023", "2023-12-31"),
        ("2024-10-31T12:00:00", "2024-10-31"),
    ],
)
def test_a_date(typed: str, day: str) -> None:
    assert found(typed, "date") == [f'"{day}"']


@each(
    ("typed", "term"),
    [
        ("3", '"3"^^<{}integer>'),
        ("-4", '"-4"^^<{}integer>'),
        ("3,50", '"3.50"^^<{}decimal>'),
        ("3.0", '"3.0"^^<{}decimal>'),
        ("1 000\u00a0000", '"1000000"^^<{}integer>'),
        (Decimal("1e3"), '"1000"^^<{}integer>'),
        ("1e30", '"1' + "0" * 30 + '"^^<{}integer>'),
    ],
)
def test_a_number(typed: object, term: str) -> None:
    assert found(typed, "number") == [term.format("http://www.w3.org/2001/XMLSchema#")]


@each("typed", ["1e31", "1e-31", "Infinity", "nan", "x", "1 00", ""])
def test_what_is_no_number(typed: str) -> None:
    assert refused(typed, "number") == f"parameter 'x': {typed!r} is not a number"


def test_a_text() -> None:
    assert found(" a b ", "text") == ['"a b"']
    assert found("B", "text", allowed=("a", "b")) == ['"b"']
    assert refused("c", "text", allowed=("a", "b")) == "parameter 'x': 'c' is not one of a, b"
    for typed in ("", " ", "a\x00", "\\u0041", "\\U00000041", "a\x7f"):
        assert refused(typed, "text").endswith("is empty or holds characters no name has")
    assert found("x" * 1000, "text") == [f'"{"x" * 1000}"']
    assert refused("x" * 1001, "text") == f"parameter 'x': {'x' * 40!r}… is longer than any name (1001 characters)"


def test_several_values() -> None:
    assert found(["kaislikko", "suo"]) == [f"<{ID}theme/kaislikko>", f"<{ID}theme/suo>"]
    assert refused([]) == "parameter 'x' was given no value"
    for kind in ("date", "number", "text"):
        assert refused(["1", "2"], kind) == f"parameter 'x' takes one {kind}, 2 were given"
    assert found(["2024"], "date") == ['"2024-12-31"']


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    query = StoredQuery("q", "", params=(Parameter("theme", "theme"), Parameter("at", "date")))
    with pytest.raises(
        QueryUsageError, match=re.escape("query 'q' has no parameter 'thema': it has theme, at")
    ) as caught:
        query.parameter("thema")
    assert "did you mean 'theme'" in str(caught.value.message)
    with pytest.raises(QueryUsageError, match="it has none"):
        StoredQuery("q", "").parameter("x")
