"""What pages say: names made for what has none, the order of names, reasons and layouts in the reader's language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from engine.query import library as stored
from engine.query.run import run
from engine.store import current
from loaders import review
from loaders.rdf.terms import lexical
from loaders.reading import NAME as ANY
from tests.cases import each
from tests.example_graph import example_store
from tests.query_files import readable_queries
from tests.webstore import CONFLICT, PAID, PASSAGES, make_store
from web import words
from web.graph import GraphReader
from web.page import Page
from web.site import Site
from web.views import questions
from web.views.columns import kinds
from web.views.lists import choose
from web.views.things import notes
from web.words import full_day as date
from web.words import language, number

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> GraphReader:
    version = current(make_store(tmp_path_factory.mktemp("words") / "store"))
    return GraphReader(ox.Store.read_only(str(version.data)))


def named(store: GraphReader, term: str) -> dict[str, str]:
    return store.names(lexical(term))


def test_what_has_no_name_is_called_by_what_it_is_of(store: GraphReader) -> None:
    assert named(store, PAID)["fi"] == "Kylien elinvoima: maksetut kustannukset 31.12.2031, 914\u00a0526,50\u00a0€"
    assert named(store, PAID)["sv"].startswith("Byarnas livskraft: ")
    assert named(store, PASSAGES[3])["sv"] == "Katsaus 2031, s. 1, rad 3"
    assert named(store, CONFLICT)["fi"].startswith("Kylien elinvoima: päättymispäivä: ")
    assert (
        store.names("https://w3id.org/teemagraafi/id/participation/S99006")["fi"]
        == "Mallilan ammattikorkeakoulu: Kylä <kaikille> & muille"
    )
    assert store.names("http://example.org/id/observation/x") == {}


def test_names_are_in_the_order_of_the_alphabet() -> None:
    listed = ["Öja", "Ähtäri", "Åbo", "zoo", "École", "eko", "Espoo"]
    assert sorted(listed, key=words.order) == ["École", "eko", "Espoo", "zoo", "Åbo", "Ähtäri", "Öja"]


def test_a_list_is_in_the_order_of_the_names_shown(store: GraphReader) -> None:
    def shown(lang: str) -> list[str]:
        page = Page(store, Site(lang, "/doc/theme"))
        return [store.name(item.iri, lang) for item in choose(page, "theme").items]

    assert shown("fi") == ["Kylien elinvoima", "Saaristo ja meri"]
    assert shown("sv") == ["Byarnas livskraft", "Saaristo ja meri"]


def test_things_of_one_name_are_told_apart(store: GraphReader) -> None:
    assert [str(note) for note in notes(store, "https://w3id.org/teemagraafi/id/project/R-09001")] == ['"R-09001"']


def test_every_layout_has_a_name() -> None:
    known = sorted([review.NAME, ANY])
    assert all(words.has(f"layout_{name}") for name in known)
    kinds = re.findall(r"^\[layout_(\w+)\]", (ROOT / "web" / "texts.toml").read_text(encoding="utf-8"), re.M)
    assert sorted(kinds) == known


ANSWERED = re.compile(r'"([a-zåäö][a-zåäö -]{2,})"', re.IGNORECASE)
"""A text in a query; on a line that binds a variable, one that it answers with."""


ON_PAGES = [query for query in readable_queries() if not query.services]
"""The queries that a server answers."""


def columns_of(query: stored.StoredQuery) -> Sequence[str]:
    return run(ox.Store(), query).columns if query.form == "SELECT" else ()


def untranslated(query: stored.StoredQuery) -> Iterator[str]:
    """What a page would show in English of a query: its explanations, parameters, columns and answers."""
    for key, english in (("description", query.description), ("limits", query.limits)):
        if english and words.explanation(query.name, key, english, "sv")[1] != "sv":
            yield f'explanations.toml: [{query.name}.{key}] of = "{words.digest(english)}"'
    for one in query.params:
        if one.description and words.parameter(one.description, "fi")[1] != "fi":
            yield f'explanations.toml: [parameters] "{one.description}"'
    yield from (f"columns.toml: {name}" for name in columns_of(query) if words.column(name, "fi")[1] != "fi")
    binding = "\n".join(line for line in query.text.splitlines() if " AS ?" in line and "#+" not in line)
    yield from (f"columns.toml: [answers] {one}" for one in ANSWERED.findall(binding) if not words.value(one, "fi"))


@each("query", ON_PAGES, ids=lambda query: query.name)
def test_a_stored_query_speaks_three_languages(query: stored.StoredQuery) -> None:
    lacking = list(untranslated(query))
    assert not lacking, "\n".join(["to be written in web/", *lacking])


def test_every_heading_is_of_a_column_or_a_parameter() -> None:
    shown = {name for kind in kinds().values() for name in kind.columns}
    for query in ON_PAGES:
        shown |= {name.removesuffix("Label") or name for name in columns_of(query)} | {one.name for one in query.params}
    assert sorted(words.read("columns").keys() - {"answers"} - shown) == []


NO_MONEY = {"hhi", "percent", "percentOfTen", "reservedPercent", "committedPercent", "paidPercent", "stated", "value"}
"""Columns of decimal numbers that are no amounts in euros, or not always."""


def test_a_column_of_decimal_numbers_is_of_euros_or_known_to_be_none() -> None:
    answers = (run(example_store(), query) for query in ON_PAGES if query.form == "SELECT")
    numbers = {
        name
        for answer in answers
        for name, *cells in zip(answer.columns, *answer.rows, strict=True)
        if any(isinstance(cell, Decimal) for cell in cells)
    }
    assert sorted(numbers - words.MONEY - NO_MONEY) == []


def test_explanations_are_of_queries_that_are_there() -> None:
    explanations = words.read("explanations")
    assert set(explanations) - {"parameters"} <= {query.name for query in readable_queries()}
    for name, keys in explanations.items():
        assert name == "parameters" or all(sorted(texts) == ["fi", "of", "sv"] for texts in keys.values()), name


def test_an_explanation_that_changed_since_is_shown_in_english() -> None:
    assert words.explanation("money-by-theme", "description", "Something new.", "fi") == ("Something new.", "en")
    assert words.parameter("open on this day", "fi") == ("auki tänä päivänä", "fi")
    assert words.parameter("never heard of", "fi") == ("never heard of", "en")


# languages


@each(
    ("wanted", "accept", "lang"),
    [
        (None, None, "fi"),
        (None, "sv-FI, fi;q=0.5", "sv"),
        (None, "de, en-GB;q=0.7, fi;q=0.3", "en"),
        (None, "de", "fi"),
        ("en", "sv", "en"),
        ("de", "sv", "sv"),
        (None, "en;q=0, sv", "sv"),
    ],
)
def test_the_language_of_a_page(wanted: str | None, accept: str | None, lang: str) -> None:
    assert language(wanted, accept) == lang


def test_every_text_is_there_in_every_language_and_used() -> None:
    texts = tomllib.loads((WEB / "texts.toml").read_text())
    sources = "".join(
        p.read_text() for p in [*WEB.rglob("*.html"), *WEB.glob("*.py"), *WEB.glob("views/*.py"), WEB / "http.toml"]
    )
    for key, by_language in texts.items():
        assert sorted(by_language) == sorted(words.LANGUAGES), key
        assert all(by_language.values()), key
        holders = {frozenset(re.findall(r"\{(\w+)\}", text)) for text in by_language.values()}
        assert len(holders) == 1, key
        stem = re.match(
            r"(ask|correct|count|dataset|column|dump|error|figure|language|layout|linkset|property|shapes|state|topic|value)_",
            key,
        )
        assert f'"{key}"' in sources or stem, f"{key} is used nowhere"


def test_every_column_has_a_heading_in_every_language() -> None:
    columns = tomllib.loads((WEB / "columns.toml").read_text())
    columns |= columns.pop("answers")
    assert all(len(names) == 3 and all(names) for names in columns.values())


@each(
    ("digits", "lang", "shown"),
    [
        ("14000000", "fi", "14 000 000"),
        ("914526.5", "sv", "914 526,5"),
        ("-1234.5", "en", "-1,234.5"),
        ("12", "fi", "12"),
        ("0", "en", "0"),
    ],
)
def test_numbers(digits: str, lang: str, shown: str) -> None:
    assert number(digits, lang) == shown.replace(" ", "\u00a0")


@each(
    ("value", "lang", "shown"),
    [
        ("2024-10-31", "fi", "31.10.2024"),
        ("2024-10", "sv", "oktober 2024"),
        ("2024-10", "fi", "10/2024"),
        ("2024", "fi", "2024"),
        ("2024-10-31", "en", "31 October 2024"),
    ],
)
def test_dates(value: str, lang: str, shown: str) -> None:
    assert date(value, lang) == shown


def test_a_word_that_queries_answer_with_is_translated_in_pictures() -> None:
    assert questions._translated(ox.Literal("ei jaettu"), "sv") == ox.Literal("odelad")
    for other in (ox.Literal("ei jaettu", language="fi"), ox.Literal("Mallila"), None):
        assert questions._translated(other, "sv") == other
