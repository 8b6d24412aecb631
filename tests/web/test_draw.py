"""Pictures of pages: names in full, every link, what is not stated left empty, nothing cut in silence."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import jinja2
import pyoxigraph as ox
from starlette.testclient import TestClient

from loaders.rdf.terms import ID, RDFS
from tests.webstore import make_store, serving
from web import draw
from web.graph import GraphReader
from web.page import Page, _environment
from web.site import Site
from web.views.calls import Call, ics

LONG = "Osallisuuden, yhdenvertaisuuden ja sukupuolten tasa-arvon edistäminen maaseudulla"


def page(names: dict[str, str]) -> Page:
    """A page over a graph in which things (``theme/a``) have names."""
    label = ox.NamedNode(f"{RDFS}label")
    quads = [ox.Quad(ox.NamedNode(ID + thing), label, ox.Literal(name)) for thing, name in names.items()]
    store = ox.Store()
    store.extend(quads)
    return Page(GraphReader(store), Site("fi", "/"))


def picture(name: str, *shown: object) -> ElementTree.Element:
    macros = _environment().get_template("pictures.html").module
    assert isinstance(macros, jinja2.environment.TemplateModule)
    return ElementTree.fromstring(str(getattr(macros, name)(*shown)))


def texts(svg: ElementTree.Element) -> list[str]:
    return ["".join(node.itertext()) for node in svg.iter("text")]


def test_neighbours_are_named_in_full_with_their_ties() -> None:
    names = {"organisation/o": "Keskus", "theme/a": LONG, "call/x": "<b> & c", "project/p/q": "Hanke"}
    around = [
        (f"{ID}theme/a", [f"{ID}none/teemassa"]),
        (f"{ID}call/x", [f"{ID}none/rooli", f"{ID}none/tehtävä"]),
        (f"{ID}project/p/q", [f"{ID}none/hankkeessa"]),
    ]
    svg = picture("neighbours", page(names), f"{ID}organisation/o", around, 6)
    read = " ".join(texts(svg)).replace("- ", "-")
    assert "".join(LONG.split()) in "".join(read.split())
    assert "teemassa" in read
    assert "rooli, none/tehtävä" in read
    assert "<b> & c" in read
    assert "3" in texts(svg)[-1]
    assert [node.get("href") for node in svg.iter("a")] == ["/doc/theme/a", "/doc/call/x", "/doc/project/p/q"]
    assert [node.get("class") for node in svg.iter("circle")] == ["node theme", "node call", "node project"]


def test_no_name_stands_over_another() -> None:
    names = {"theme/middle": LONG, **{f"theme/{n}": f"{n} {LONG}" for n in range(draw.MOST)}}
    around = [(f"{ID}theme/{n}", [f"{ID}x/ministeriö", f"{ID}x/vastuuministeriö"]) for n in range(draw.MOST)]
    root = picture("neighbours", page(names), f"{ID}theme/middle", around, draw.MOST)
    height = float(root.get("viewBox", "").split()[3])
    places = [(float(t.get("x", 0)), float(t.get("y", 0))) for t in root.iter("tspan")]
    assert all(0 < y < height for _, y in places)
    for side in {x for x, _ in places}:
        column = sorted(y for x, y in places if x == side)
        assert all(after - before >= 12 for before, after in itertools.pairwise(column))


def test_layers_leave_out_what_is_not_stated() -> None:
    rows = [(f"{ID}theme/a", ["100", "40", "", "0"]), (f"{ID}theme/b", ["50", "", "", ""])]
    phases = ("framework", "reserved", "committed", "paid")
    shown = picture("layers", page({"theme/a": "Teema", "theme/b": "Toinen"}), phases, rows, "Raha")
    titles = [(node.text or "").replace("\u00a0", " ") for node in shown.iter("title")]
    assert [title.rpartition(": ")[2] for title in titles] == ["100 €", "40 €", "0 €", "50 €"]


def test_a_timeline_is_as_precise_as_its_dates() -> None:
    spans = [
        draw.Span(f"{ID}theme/a", "theme", "2021", "2023"),
        draw.Span(f"{ID}call/x", "call", "2022-01-01", "2022-06-30"),
        draw.Span(f"{ID}project/p", "project", "", "2022-03"),
    ]
    svg = picture("timeline", page({"theme/a": "Teema"}), spans, "Ajat")
    wide = {node.get("class"): float(node.get("width", 0)) for node in svg.iter("rect")}
    assert wide["theme"] > 5 * wide["call"] > 5 * wide["project"]
    assert [node.text for node in svg.iter("title")][1] == "Teema: 2021–2023"


def test_the_start_page_draws_the_money_and_only_that(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with serving(make_store(tmp_path / "store")) as client:
        html = start(client)
    assert html.count('class="layers"') == 1
    assert 'href="/doc/theme/kylien-elinvoima"' in html
    assert "14 milj. €" in html


def start(client: TestClient) -> str:
    return client.get("/", headers={"accept": "text/html", "accept-language": "fi"}).text


def test_a_picture_speaks_the_language_asked_for(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with serving(make_store(tmp_path / "store")) as client:
        told = {lang: client.get("/api/money-by-theme.svg", params={"lang": lang}) for lang in ("fi", "sv", "en")}
        assert "rahoituskehys" in told["fi"].text
        assert "ei ilmoitettu" in told["fi"].text
        assert "finansieringsram" in told["sv"].text
        assert "not stated" in told["en"].text
        assert client.get("/api/money-by-theme.svg").text == told["en"].text
        assert len({answer.headers["etag"] for answer in told.values()}) == 3


def test_a_calendar_keeps_a_name_on_its_line() -> None:
    call = Call(f"{ID}call/x", "Avoin\u2028haku & muut, osa 2", "2031-02-01", "2031-03", "http://localhost/doc/call/x")
    lines = ics(page({}), [call]).decode().split("\r\n")
    assert "SUMMARY:Avoin\u2028haku & muut\\, osa 2" in lines
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTEND;VALUE=DATE:20310401" in lines
