"""Pictures of pages: names in full, every link, what is not stated left empty, nothing cut in silence."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

from starlette.testclient import TestClient

from tests.webstore import make_store, serving
from web import draw
from web.draw import Layers, Named, Neighbour
from web.render import Page
from web.site import Site
from web.words import number

PAGE = Page(Site("fi", "/"), None)

LONG = "Osallisuuden, yhdenvertaisuuden ja sukupuolten tasa-arvon edistäminen maaseudulla"


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter("text")]


def test_neighbours_are_named_in_full_with_their_ties() -> None:
    around = [
        Neighbour(LONG, "/doc/theme/a", tie="teemassa", kind="theme"),
        Neighbour("<b> & c", "/doc/x?a=1&b=2", "en", "rooli", "call"),
    ]
    svg = PAGE.picture("neighbours", Named("Keskus"), draw.halves(around), "Lähimmät", "ja 3 muuta")
    read = " ".join(texts(svg)).replace("- ", "-")
    assert "".join(LONG.split()) in "".join(read.split())
    assert "teemassa" in read
    assert "<b> & c" in read
    assert "ja 3 muuta" in read
    links = [node.get("href") for node in ElementTree.fromstring(svg).iter("a")]
    assert links == ["/doc/theme/a", "/doc/x?a=1&b=2"]


def test_no_name_stands_over_another() -> None:
    around = [
        Neighbour(f"{n} {LONG}", f"/doc/theme/{n}", "", "ministeriö, vastuuministeriö", "theme")
        for n in range(draw.MOST)
    ]
    root = ElementTree.fromstring(PAGE.picture("neighbours", Named(LONG), draw.halves(around), "Lähimmät", ""))
    height = float(root.get("viewBox", "").split()[3])
    places = [(float(t.get("x", 0)), float(t.get("y", 0))) for t in root.iter("tspan")]
    assert all(0 < y < height for _, y in places)
    for side in {x for x, _ in places}:
        column = sorted(y for x, y in places if x == side)
        assert all(after - before >= 12 for before, after in itertools.pairwise(column))


def test_layers_leave_out_what_is_not_stated() -> None:
    rows = [
        Layers("Teema", "/doc/theme/a", numbers=["100", "40", "", "0"]),
        Layers("Toinen", "/doc/theme/b", numbers=["50", "", "", ""]),
    ]
    svg = PAGE.picture(
        "layers",
        rows,
        [("framework", "kehys"), ("reserved", "varattu"), ("committed", "sidottu"), ("paid", "maksettu")],
        lambda n: number(n, "fi"),
        "Raha",
    )
    titles = [node.text for node in ElementTree.fromstring(svg).iter("title")]
    assert titles == ["Raha", "kehys: 100", "varattu: 40", "maksettu: 0", "kehys: 50"]


def test_the_start_page_draws_the_money_and_only_that(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with serving(make_store(tmp_path / "store")) as client:
        html = start(client)
    assert html.count('class="network layered"') == 1
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
