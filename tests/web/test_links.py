"""The page of the link sets: every set with its figures, what is not linked, and the same as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from links import sets as linksets
from tests.cases import each
from tests.webstore import serving
from web import words


@pytest.fixture(scope="module")
def client(shipped_store: Path) -> Iterator[TestClient]:
    with serving(shipped_store) as opened:
        yield opened


@pytest.mark.parametrize(("lang", "words"), [("fi", "Hyväksytyt"), ("sv", "Godkända"), ("en", "Accepted")])
def test_every_set_stands_on_the_page(client: TestClient, lang: str, words: str) -> None:
    html = client.get("/links", params={"lang": lang}, headers={"accept": "text/html"}).text
    assert words in html
    for links in linksets.read_sets():
        assert f'id="{links.name}"' in html
        row = html[html.index(f'id="{links.name}"') :].partition("</tr>")[0]
        shown = [re.sub(r"\D", "", cell) for cell in re.findall(r'<td class="number">([^<]*)</td>', row)]
        assert shown[0] == str(len(links.accepted))


def test_the_same_as_json(client: TestClient) -> None:
    told = client.get("/links", headers={"accept": "application/json"}).json()
    counts = {line["name"]: line["accepted"] for line in told["sets"]}
    assert {links.name: len(links.accepted) for links in linksets.read_sets()}.items() <= counts.items()
    assert told["linked"] + len(told["open"]) == told["organisations"]
    assert client.get(told["open"][0]["path"], headers={"accept": "text/html"}).status_code == 200
    assert client.get("/links", headers={"accept": "image/png"}).status_code == 406


@each("name", sorted(path.name.partition(".")[0] for path in (Path(__file__).parents[2] / "links").glob("*.sssom.tsv")))
def test_every_link_set_has_a_title_in_the_languages_of_the_pages(name: str) -> None:
    titles = {words.text(f"linkset_{name}", lang) for lang in words.LANGUAGES}
    assert len(titles) == len(words.LANGUAGES)


def test_what_would_link_the_rest_is_said_in_the_readers_language(client: TestClient) -> None:
    wanted = {line["wanted"] for line in client.get("/links", headers={"accept": "application/json"}).json()["sets"]}
    assert [text for text in wanted - {""} if words.value(text, "sv") is None] == []
    page = client.get("/links?lang=sv", headers={"accept": "text/html"}).text
    assert "ett register som anger hemorten" in page
    assert "a register that gives its seat" not in page
