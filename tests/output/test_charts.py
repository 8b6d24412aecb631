"""Pictures: each shows what its query gives, tells itself in words, needs nothing from outside, refuses what it cannot draw."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from engine.output.charts import KINDS, PLACES, picture, span
from engine.output.svg import SERIES, fit, ticks, width_of, wrap
from engine.query.library import StoredQuery
from engine.query.result import PartialDate, Result
from engine.query.run import run
from loaders.errors import QueryUsageError
from tests.cases import each
from tests.example_graph import FOREST, ISLANDS, example_store
from tests.query_files import readable_queries

SVG = "{http://www.w3.org/2000/svg}"
FOR_PICTURES = [q for q in readable_queries() if q.form == "SELECT" and q.view != "table" and not q.services]
DRAWN = [q.name for q in FOR_PICTURES if len(run(example_store(), q.name))]


def rows(text: str, **header: object) -> Result:
    result = run(example_store(), text)
    return replace(result, query=structs.replace(result.query, **header))  # type: ignore[arg-type]


def tree(result: Result) -> ElementTree.Element:
    return ElementTree.fromstring(picture(result).svg)


def words(result: Result) -> str:
    return " ".join(t.text or "" for t in tree(result).iter(f"{SVG}text"))


@each("name", DRAWN)
def test_every_view_is_drawn_and_described(name: str) -> None:
    result = run(example_store(), name)
    made = picture(result)
    root = ElementTree.fromstring(made.svg)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == result.query.summary  # type: ignore[union-attr]
    assert len(root.find(f"{SVG}desc").text or "") > 20  # type: ignore[union-attr]
    assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", made.svg)
    assert not re.search(r"nan|inf\b", re.sub(r"<(title|desc|text)[^>]*>[^<]*", "", made.svg))


@each("name", DRAWN)
def test_nothing_lies_outside_the_picture(name: str) -> None:
    root = tree(run(example_store(), name))
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for text in root.iter(f"{SVG}text"):
        x, y = float(text.get("x", 0)), float(text.get("y", 0))
        assert 0 <= x <= width, text.text
        assert 0 <= y <= height, text.text
        if not text.get("transform"):
            wide = width_of(text.text or "", float(text.get("font-size", 0)))
            left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor", "start")]
            assert left >= -2, text.text
            assert left + wide <= width + 2, text.text


@each("name", DRAWN)
def test_the_same_result_is_the_same_picture(name: str) -> None:
    assert picture(run(example_store(), name)) == picture(run(example_store(), name))


def test_bars_are_as_long_as_their_numbers() -> None:
    root = tree(run(example_store(), "money-by-theme"))
    bars = {}
    for rect in root.iter(f"{SVG}rect"):
        hint = rect.find(f"{SVG}title")
        if hint is not None:
            label, _, value = (hint.text or "").rpartition(": ")
            bars[label] = (float(rect.get("width", 0)), float(value.replace(",", "")))
    assert bars[f"{FOREST}, framework"][1] == 12_000_000
    unit = bars[f"{FOREST}, framework"][0] / 12_000_000
    for width, value in bars.values():
        assert width == pytest.approx(value * unit, abs=0.02)
    assert f"{ISLANDS}, paid" in bars  # zero is drawn, unknown is said
    assert words(run(example_store(), "money-by-theme")).count("not stated") == 3


def test_a_sankey_keeps_the_money() -> None:
    root = tree(run(example_store(), "money-flow"))
    flows = [(t.text or "").split(": ") for p in root.iter(f"{SVG}path") if (t := p.find(f"{SVG}title")) is not None]
    amounts = [(way.split(" → "), float(value.replace(",", ""))) for way, value in flows]
    themes = {FOREST, ISLANDS, "Kylätaitajat"}
    assert sum(v for (_, target), v in amounts if target in themes) == 21_400_000
    assert sum(v for (source, _), v in amounts if source in themes) == 21_400_000


def test_a_network_of_two_kinds_stands_in_two_columns_and_of_one_kind_in_a_circle() -> None:
    sides = tree(run(example_store(), "themes-by-ely-centre"))
    xs = {float(c.get("cx", 0)) for c in sides.iter(f"{SVG}circle")}
    assert len(xs) == 2
    circle = tree(run(example_store(), "organisations-that-work-together"))
    assert len(list(circle.iter(f"{SVG}circle"))) == 2


def test_things_of_two_kinds_may_share_a_name() -> None:
    text = """SELECT * { VALUES (?project ?projectLabel ?theme ?themeLabel) {
      (<x:p1> "Sama nimi" <x:t1> "Sama nimi") (<x:p2> "Toinen" <x:t1> "Sama nimi") } }"""
    named = rows(text, view="network", axes=("projectLabel", "themeLabel"))
    assert len({float(c.get("cx", 0)) for c in tree(named).iter(f"{SVG}circle")}) == 2
    assert words(named).count("Sama nimi") == 2


def test_a_flow_is_never_cut_from_its_label() -> None:
    long = "Maahanmuuttaneiden toimiva arki Suomessa ja muita pitkän nimen sanoja"
    text = f'SELECT * {{ VALUES (?a ?b ?n) {{ ("x" "{long}" 14000000) ("x" "muut" 900000000) }} }}'
    result = rows(text, view="chart", chart="sankey", axes=("a", "b", "n"))
    assert re.search(r"Maahan[^…]*… 14M", words(result))


def test_a_class_is_named_beside_its_bar_or_on_it() -> None:
    themes = ["Teema, jonka nimi on niin pitkä ettei se mahdu selitteeseen", "Toinen pitkä teeman nimi, joka ei mahdu"]
    text = f"""SELECT * {{ VALUES (?n ?from ?to ?c) {{
      ("koko ajan" "2020-01-01" "2027-12-31" "{themes[0]}") ("hetken" "2026-01-01" "2026-06-30" "{themes[1]}") }} }}"""
    shown = words(rows(text, view="chart", chart="timeline", axes=("n", "from", "to", "c")))
    assert "Teema, jonka nimi on niin pitkä" in shown
    assert themes[1] in shown


def test_a_timeline_shows_how_sure_a_date_is() -> None:
    assert span(PartialDate("2023")) is not None
    assert [d.isoformat() for d in span("2024-02") or ()] == ["2024-02-01", "2024-02-29"]
    assert span("syksy") is None
    text = words(run(example_store(), "calls-by-theme"))
    assert "Hankehaku 1.3.–15.4.2016, Kaupunkikokeilut" in text  # a call is named by its dates and theme
    assert "2016 2017 2018" in text  # the years along the axis


def test_a_map_knows_inflected_regions_and_lists_other_places() -> None:
    text = 'SELECT ?region ?n { VALUES (?region ?n) { ("Lapin" 3) ("Uudenmaan" 1) ("Pohjanmaa" 2) ("Kvarken" 5) } }'
    result = rows(text, view="map", axes=("region", "n"))
    hints = {(t.text or "") for r in tree(result).iter(f"{SVG}rect") if (t := r.find(f"{SVG}title")) is not None}
    assert {"Lappi: 3.0", "Uusimaa: 1.0", "Pohjanmaa: 2.0"} <= hints
    assert "Kvarken 5" in words(result)
    assert len(PLACES) == 19
    assert len(set(map(tuple, PLACES.values()))) == 19


def test_hostile_names_stay_text() -> None:
    text = 'SELECT ?name ?n { VALUES (?name ?n) { ("<script>alert(1)</script>&\\"" 3) } }'
    assert "<script>" not in picture(rows(text)).svg
    assert "<script>alert(1)</script>" in words(rows(text))


def test_a_users_own_query_is_drawn_as_bars() -> None:
    made = picture(rows('SELECT ?name (2 AS ?n) { VALUES ?name { "a" "b" } }'))
    assert made.description.startswith("Bar chart of n for 2 rows.")


@each(
    ("text", "says"),
    [
        ("SELECT ?a { ?a <http://none> ?b }", "no rows"),
        ('SELECT ?a { VALUES ?a { "x" } }', "a column of names and one of numbers"),
        ("ASK {}", "needs rows"),
        ("CONSTRUCT WHERE { ?a a ?b }", "needs rows"),
    ],
)
def test_what_cannot_be_drawn_is_refused(text: str, says: str) -> None:
    with pytest.raises(QueryUsageError, match=says):
        picture(run(example_store(), text))


XSD = "http://www.w3.org/2001/XMLSchema#"
CELLS = st.sampled_from(
    [
        "UNDEF", '"a"', '""', '"x"@fi', "<http://e/x>", "0", "-5", "1.5", "1e400", "1e-300", f"1{'0' * 400}",
        '"\\u0000\\u0001<b>&"', f'"{"ä" * 300}"', "true", *(f'"{text}"^^<{XSD}{name}>' for text, name in (
            ("NaN", "double"), ("INF", "double"), ("abc", "integer"), ("1.5E3", "decimal"), ("0001-01-01", "date"),
            ("9999-12-31", "date"), ("-0044-03-15", "date"), ("9999-12", "gYearMonth"), ("9999", "gYear"), ("0202", "gYear"),
        )),
    ]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150)
@given(
    st.sampled_from(sorted(KINDS)), st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=5), st.data()
)
def test_whatever_stands_in_the_cells_is_drawn_or_refused(
    kind: str, table: list[list[str]], data: st.DataObject
) -> None:
    values = " ".join(f"({' '.join(row)})" for row in table)
    result = run(ox.Store(), f"SELECT ?a ?b ?c ?d {{ VALUES (?a ?b ?c ?d) {{ {values} }} }}")
    axes = tuple("abcd"[: data.draw(st.integers(2, 4))])
    result.query = structs.replace(result.query, axes=axes)
    try:
        drawn = KINDS[kind](result).svg
    except QueryUsageError:
        return
    ElementTree.fromstring(drawn)


def test_many_rows_are_cut_and_said() -> None:
    values = " ".join(f'("row {n}" {n})' for n in range(200))
    result = rows(f"SELECT ?name ?n {{ VALUES (?name ?n) {{ {values} }} }}")
    assert "120 rows are not drawn" in words(result)
    assert "120 rows are not drawn" in picture(result).description


def test_every_kind_that_a_header_may_ask_for_is_there() -> None:
    asked = {q.chart or q.view for q in readable_queries() if q.view != "table"}
    assert asked <= KINDS.keys()


def test_small_parts() -> None:
    assert ticks(38.8)[-1] >= 38.8
    assert ticks(0) == [0.0, 1.0]
    assert fit("abcdefgh", 10, 1000) == "abcdefgh"
    assert fit("abcdefgh" * 20, 10, 60).endswith("…")
    assert len(wrap("one two three four five six", 12, 60, 2)) == 2


def test_series_differ_in_lightness() -> None:
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    shades = [lightness(c) for c in SERIES]
    assert all(b - a > 40 for a, b in pairwise(shades)), shades


def test_a_query_without_axes_asks_for_none() -> None:
    assert all(isinstance(q, StoredQuery) and (q.axes or q.view == "table") for q in readable_queries())
