"""The pages: what they show, in which language, to whom; and that they hold nothing they must not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from starlette.testclient import TestClient

from engine import corrections
from engine.store import Place, current
from loaders.data import VERSION
from loaders.rdf.terms import Quad, tg, thing
from tests.cases import each
from tests.webstore import HTML, PERSON, make_store, page, serving
from web import words
from web.graph import GraphReader, Value, text_of
from web.page import Page
from web.site import Site
from web.views import questions
from web.views.questions import Answered
from web.views.start import _largest_first

WEB = Path(__file__).resolve().parents[2] / "web"
MANY = [
    Quad(thing("project", f"A{n:05}"), "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", tg("Project"))
    for n in range(250)
]
PAGES = [
    "/",
    "/doc/theme",
    "/doc/project",
    "/doc/project?page=3",
    "/doc/organisation",
    "/doc/call",
    "/doc/document",
    "/doc/conflict",
    "/doc/theme/kylien-elinvoima",
    "/doc/project/R-09001",
    "/doc/participation/S99006",
    "/doc/organisation/ely-mallila",
    "/doc/document/katsaus-2031",
    "/doc/passage/katsaus-2031/1-1-00000001",
    "/doc/conflict/0123456789ab",
    "/doc/code/fund/ESR+",
    "/doc/code/fund",
    "/queries",
    "/counting",
    "/queries/money-by-theme",
    "/editor",
    "/def",
    "/shapes",
    "/links",
    "/data",
    "/search",
    "/search?q=elinvoima",
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(make_store(tmp_path_factory.mktemp("pages") / "store", MANY)) as opened:
        yield opened


def text(html: str) -> str:
    return re.sub(r"[ \n]+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


# every page


@each("lang", words.LANGUAGES)
@each("path", PAGES)
def test_every_page_in_every_language(client: TestClient, path: str, lang: str) -> None:
    answer = client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}", headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["content-language"] == lang
    assert f'<html lang="{lang}">' in answer.text
    assert answer.text.count("<h1") == 1
    assert PERSON not in answer.text
    assert "id/contact" not in answer.text


@each("path", PAGES)
def test_no_inline_style_or_script(client: TestClient, path: str) -> None:
    html = page(client, path)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", html)
    assert not re.findall(r"<script(?![^>]*\b(?:src=|type=\"application/ld\+json\"))", html)


@each("path", PAGES)
def test_nothing_is_loaded_from_elsewhere(client: TestClient, path: str) -> None:
    loaded = re.findall(
        r'<(?:script|img|link rel="(?:stylesheet|icon)")[^>]*?(?:src|href)="([^"]*)"', page(client, path)
    )
    assert loaded
    assert all(link.startswith("/") for link in loaded)


def test_links_of_the_pages_lead_somewhere(client: TestClient) -> None:
    links = {link for path in PAGES for link in re.findall(r'href="(/[^"#]*)', page(client, path, "sv"))}
    assert len(links) > 60
    for link in sorted(links):
        assert client.get(unescape(link), headers={"accept": "*/*"}).status_code == 200, link


# addresses


@each(
    ("path", "target"),
    [
        ("/id/theme/x", "/doc/theme/x"),
        ("/code/fund/ESR+", "/doc/code/fund/ESR+"),
        ("/id/project/a/b?lang=sv", "/doc/project/a/b?lang=sv"),
        (f"/def/{VERSION}", "/def"),
        ("/links/ror", "/links#ror"),
    ],
)
def test_a_thing_is_303_to_what_is_told_of_it(client: TestClient, path: str, target: str) -> None:
    answer = client.get(path, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, target)


@each(
    ("address", "accept", "media"),
    [
        ("/doc/theme/kylien-elinvoima", "text/html", "text/html"),
        ("/doc/theme/kylien-elinvoima", "*/*", "text/html"),
        ("/doc/theme/kylien-elinvoima", "text/turtle", "text/turtle"),
        ("/doc/theme/kylien-elinvoima", "application/ld+json, text/html;q=0.5", "application/ld+json"),
        ("/doc/theme/kylien-elinvoima.ttl", "text/html", "text/turtle"),
        ("/doc/theme/kylien-elinvoima.jsonld", "*/*", "application/ld+json"),
        ("/doc/theme/kylien-elinvoima.nt", "*/*", "application/n-triples"),
        ("/doc/theme/kylien-elinvoima.html", "text/turtle", "text/html"),
    ],
)
def test_form_by_accept_and_by_suffix(client: TestClient, address: str, accept: str, media: str) -> None:
    answer = client.get(address, headers={"accept": accept})
    assert answer.headers["content-type"].split(";")[0] == media


def test_the_data_of_a_thing_hold_its_observations(client: TestClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/doc/theme/kylien-elinvoima.ttl").text, format="turtle")
    amounts = {str(o) for o in graph.objects(None, rdflib.URIRef("https://w3id.org/teemagraafi/def#amount"))}
    assert amounts == {"14000000", "914526.5"}


def test_the_data_of_a_passage_hold_what_it_states(client: TestClient) -> None:
    answer = client.get("/doc/passage/katsaus-2031/1-1-00000001.nt").text
    assert "Kylien elinvoima" in answer
    assert "rivi 1 sanoo näin" in answer


@each(
    "path",
    [
        "/doc/theme/none",
        "/doc/nothing",
        "/doc/theme/none.ttl",
        "/nothing",
        "/doc/document/none",
        "/doc/conflict/none",
        "/doc/project?page=9",
        "/doc/passage/x",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/doc/theme/..%2f..%2fetc",
    ],
)
def test_what_is_not_there_is_404(client: TestClient, path: str) -> None:
    assert client.get(path, headers=HTML).status_code == 404


def test_a_missing_page_says_so_in_the_readers_language(client: TestClient) -> None:
    answer = client.get("/doc/theme/none", headers={**HTML, "accept-language": "sv"})
    assert words.text("error_404", "sv") in answer.text
    assert "<code>/doc/theme/none</code>" in answer.text
    assert "knows nothing" not in answer.text


@each("path", ["/doc/project?page=0", "/doc/project?page=x", "/doc/theme/a b", "/doc/theme/a<b"])
def test_what_makes_no_sense_is_400(client: TestClient, path: str) -> None:
    assert client.get(path, headers=HTML).status_code == 400


def test_an_unchanged_page_is_304(client: TestClient) -> None:
    tag = client.get("/doc/theme", headers=HTML).headers["etag"]
    assert client.get("/doc/theme", headers={**HTML, "if-none-match": tag}).status_code == 304
    assert client.get("/doc/theme?lang=sv", headers={**HTML, "if-none-match": tag}).status_code == 200


def test_a_chosen_language_stays_on_the_links(client: TestClient) -> None:
    assert 'href="/doc/theme?lang=sv"' in page(client, "/doc/project", "sv")
    assert 'href="/doc/theme"' in page(client, "/doc/project")


def test_names_in_other_languages_say_so(client: TestClient) -> None:
    assert "<h1>Byarnas livskraft</h1>" in page(client, "/doc/theme/kylien-elinvoima", "sv")
    assert '<h1><span lang="fi">Kylien elinvoima</span></h1>' in page(client, "/doc/theme/kylien-elinvoima", "en")


# what they show


def test_a_fact_stands_beside_its_source(client: TestClient) -> None:
    html = page(client, "/doc/theme/kylien-elinvoima", "fi")
    fact = html[html.index("välittävä toimielin</dt>") :]
    fact = fact[: fact.index("</div>")]
    assert "Mallilan ELY-keskus" in fact
    assert 'href="/doc/document/katsaus-2031?lang=fi#L2"' in fact
    assert "Katsaus 2031, s. 1, rivi 2" in text(fact)
    assert "rivi 2 sanoo näin" in fact


def test_what_no_document_states_is_marked(client: TestClient) -> None:
    html = page(client, "/doc/theme/kylien-elinvoima", "fi")
    name = html[html.index("Byarnas livskraft") :]
    assert words.text("derived", "fi") in name[: name.index("</dd>")]


def test_a_name_that_two_properties_or_languages_give_stands_there_once(client: TestClient) -> None:
    text = client.get("/doc/code/fund/ESR+?lang=fi", headers={"accept": "text/html"}).text
    assert text.count("<dt>nimi</dt>") == 1
    assert "core#" not in text.partition("Tämä sivu datana")[0]  # terms that say what another one says
    school = [Value(ox.Literal("Arcada", language=lang)) for lang in ("sv", "fi", "en")]
    page = Page(GraphReader(ox.Store()), Site("fi", "/"))
    assert [v.term for v in page.ordered([*school, Value(ox.Literal("Novia", language="sv"))])] == [
        ox.Literal("Arcada", language="fi"),
        ox.Literal("Novia", language="sv"),
    ]


def test_alternatives_stand_side_by_side(client: TestClient) -> None:
    for path in ("/doc/theme/kylien-elinvoima", "/doc/conflict/0123456789ab"):
        html = page(client, path, "fi")
        box = html[html.index('<ul class="alternatives">') :]
        chosen, other = box.index('class="chosen"'), box.index("2034")
        assert "2035" in box[chosen : chosen + 120]
        assert other < chosen
        assert "muuttunut ajan kuluessa" in html


def test_money_is_shown_exactly_with_its_words(client: TestClient) -> None:
    shown = text(page(client, "/doc/theme/kylien-elinvoima", "fi"))
    assert "14\u00a0000\u00a0000\u00a0€" in shown
    assert "914526.5 e" in shown
    assert "EU ja valtio" in shown


def test_an_amount_and_each_share_of_it_have_their_own_sources(client: TestClient) -> None:
    rows = re.findall(r"<tr.*?</tr>", page(client, "/doc/theme/kylien-elinvoima", "fi"), re.DOTALL)
    (whole,) = (row for row in rows if "14\u00a0000\u00a0000" in row)
    (share,) = (row for row in rows if "6\u00a0000\u00a0000" in row)
    assert re.findall(r"#L\d+", whole) == ["#L3"]
    assert re.findall(r"#L\d+", share) == ["#L8"]
    assert "Mallilan ELY-keskus" in text(share)


def test_names_are_escaped(client: TestClient) -> None:
    html = page(client, "/doc/project/R-09001")
    assert '<h1><span lang="fi">Kylä &lt;kaikille&gt;' in html.replace("<h1>Kylä", '<h1><span lang="fi">Kylä')
    assert "<kaikille>" not in html


def test_a_long_list_is_turned_page_by_page(client: TestClient) -> None:
    first, last = page(client, "/doc/project", "fi"), page(client, "/doc/project?page=6", "fi")
    assert "Yhteensä 251" in text(first)
    assert 'rel="next"' in first
    assert 'rel="next"' not in last
    assert 'rel="prev"' in last


def test_the_start_page_counts_what_is_there_and_answers(client: TestClient) -> None:
    shown = text(page(client, "/", "fi"))
    for told in (
        "2 teemaa",
        "251 hanketta",
        "3 organisaatiota",
        "1 lähde\u00adasiakirjaa",
        "8 asiakirjan kohtaa",
    ):
        assert told in shown
    assert "14\u00a0000\u00a0000" in shown


def test_a_document_tells_how_it_was_read(client: TestClient) -> None:
    shown = page(client, "/doc/document/katsaus-2031", "en")
    assert "Of the amounts, dates, codes and addresses, 4 of 5 were read or left out for a stated reason." in shown
    damaged, repeated = "not understood: 1 – a damaged code, not repaired", "left out: 2 – repeated part of the page"
    assert shown.index(damaged) < shown.index(repeated)
    assert '#L5">line 5</a>: <q lang="fi">R-0900</q>' in shown
    assert "e-mail addresses and telephone numbers" in shown
    assert "maija" not in shown
    assert "1 others are not shown" in shown


def test_the_start_page_is_light(client: TestClient) -> None:
    html = page(client, "/")
    links = re.findall(r'<(?:script|link rel="(?:stylesheet|icon)")[^>]*?(?:src|href)="([^"]*)"', html)
    size = len(html.encode()) + sum(len(client.get(link).content) for link in links)
    assert size < 100_000


def test_search_finds_inflected_forms_codes_and_accents(client: TestClient) -> None:
    for asked, found in (
        ("elinvoimalle", "Kylien elinvoima"),
        ("s99006", "Kylä &lt;kaikille&gt; &amp; muille"),
        ("mallilan elyn", "Mallilan ELY-keskus"),
    ):
        assert found in page(client, f"/search?q={asked}", "fi"), asked
    assert words.text("search_none", "fi") in page(client, "/search?q=olematon", "fi")
    hits = client.get("/search?q=saaristo", headers={"accept": "application/json"}).json()
    assert [hit["iri"].rsplit("/", 1)[-1] for hit in hits] == ["saaristo-ja-meri"]
    assert "rivi 3 sanoo näin" in page(client, "/search?q=sanoa&kind=passage", "sv")
    assert client.get("/search?q=a&kind=person").status_code == 400


def test_an_answer_is_kept_for_each_language(tmp_path: Path) -> None:
    graph = GraphReader(ox.Store.read_only(str(current(make_store(tmp_path / "store")).data)))
    query = questions.queries()["money-by-theme"]
    answers = [questions.answer(graph, query.in_language(lang), {}) for lang in ("fi", "sv", "fi")]
    names = [text_of(answered.rows[0][answered.columns.index("themeLabel")]) for answered in answers]
    assert names == ["Kylien elinvoima", "Byarnas livskraft", "Kylien elinvoima"]
    assert answers[0] is answers[2]


def test_a_row_keeps_its_own_source_when_rows_are_sorted() -> None:
    rows = [(ox.Literal(name), ox.Literal(money)) for name, money in (("small", "1"), ("large", "2"))]
    places = [(Place(name, 1, 1, None, name),) for name in ("of small", "of large")]
    sorted_ = _largest_first(
        Answered(("theme", "framework"), (0, 1), ("text", "decimal"), list(rows), places, 2, (), False)
    )
    assert [row[0] for row in sorted_.rows] == [ox.Literal("large"), ox.Literal("small")]
    assert [place[0].words for place in sorted_.places] == ["of large", "of small"]


def test_a_correction_is_a_row_of_the_file_that_the_command_reads(client: TestClient, tmp_path: Path) -> None:
    theme = "https://w3id.org/teemagraafi/id/theme/kylien-elinvoima"
    asked = {
        "verdict": "add",
        "about": theme,
        "property": "startDate",
        "value": "2030",
        "document": "katsaus-2031",
        "lines": "4",
    }
    answer = client.get("/correct", params={**asked, "who": "M. Mallinen", "why": "missed", "lang": "en"}, headers=HTML)
    rows = unescape(re.search(r"<code>(.*?)</code></pre>", answer.text, re.S)[1])  # type: ignore[index]
    path = tmp_path / "corrections.tsv"
    path.write_text(rows, encoding="utf-8")
    (row,) = corrections.read(path)
    assert (row.verdict, row.span, row.sha256) == ("add", (4, 4), "0" * 64)
    assert row.subject == f"<{theme}>"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"verdict": "reject", "value": "1999", "lang": "sv"},
            "Inget dokument ger uppgiften värdet ”1999”. Nuvarande värden: 1.1.2031",
        ),
        ({"document": "muu", "lang": "fi"}, "Aineistossa ei ole asiakirjaa ”muu”"),
        ({"about": "no address", "lang": "en"}, "Give the thing and the property by the addresses"),
    ],
)
def test_why_there_is_no_correction_is_said_in_the_readers_language(
    client: TestClient, changed: dict[str, str], said: str
) -> None:
    theme = "https://w3id.org/teemagraafi/id/theme/kylien-elinvoima"
    asked = {"verdict": "add", "about": theme, "property": "startDate", "value": "2030", "document": "katsaus-2031"}
    wrong = client.get("/correct", params={**asked, "lines": "4", **changed}, headers=HTML)
    assert (wrong.status_code, said in unescape(wrong.text)) == (400, True)


def test_a_link_to_another_version_says_so_and_changes_are_a_feed(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store")
    make_store(store, [Quad(thing("theme", "kylien-elinvoima"), tg("acronym"), '"KYE"')])
    with serving(store) as client:
        shown = page(client, "/doc/theme/kylien-elinvoima", "en")
        version = re.search(r"version=(\w+)</code>", shown)[1]  # type: ignore[index]
        assert "This link is to version" not in page(client, f"/doc/theme/kylien-elinvoima?version={version}", "en")
        assert "This link is to version" in page(client, "/doc/theme/kylien-elinvoima?version=0123", "en")
        feed = client.get("/changes?format=atom&lang=en")
        assert feed.headers["content-type"].startswith("application/atom+xml")
        entries = ElementTree.fromstring(feed.text).findall("{http://www.w3.org/2005/Atom}entry")
        assert [e.findtext("{http://www.w3.org/2005/Atom}title") for e in entries] == ["Kylien elinvoima"]
        assert "KYE" in feed.text
