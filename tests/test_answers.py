"""Answers of stored queries against what was worked out by hand from the records of the invented graph, not by a query."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from engine.query.library import find
from engine.query.run import run
from tests.example_graph import FOREST, ISLANDS, TOWNS, VILLAGES, example_store
from tests.test_queries import placed


def answer(name: str, *columns: str, **parameters: object) -> list[tuple[object, ...]]:
    """The rows of an answer, of the columns named."""
    return [tuple(row[c] for c in columns) for row in run(example_store(), name, **parameters).dicts()]


def test_projects_of_each_organisation_by_its_roles() -> None:
    assert sorted(
        answer("projects-by-organisation", "organisationLabel", "projects", "leads", "partners", "unstated")
    ) == [
        ("Haapasalon kaupunki", 2, 0, 1, 1),  # a partner of R-05000; Kylien digineuvonta gives no role
        ("Koivuniemen yliopisto", 3, 1, 1, 1),
        ("Kyläyhdistys Lumme ry", 1, 0, 0, 1),
        ("Rantakylän ammattikorkeakoulu Oy", 3, 1, 1, 1),
    ]


def test_the_newest_document_of_each_theme() -> None:
    found = {
        theme: rest
        for theme, *rest in answer("newest-document-of-theme", "themeLabel", "date", "documentLabel", "documents")
    }
    review = [datetime.date(2024, 10, 31), "Katsaus teemoihin"]
    assert found == {
        FOREST: [*review, 2],
        ISLANDS: [*review, 3],
        VILLAGES: [*review, 1],
        TOWNS: [datetime.date(2016, 3, 11), "Haku avautui", 1],
    }


def test_frameworks_that_one_document_states() -> None:
    """The letter states the frameworks of two themes too; only the review states that of the third."""
    rows = answer("framework-on-one-document", "themeLabel", "documentLabel", "framework")
    assert rows == [(VILLAGES, "Katsaus teemoihin", Decimal(1_400_000))]


def test_themes_and_euros_of_each_leading_ministry() -> None:
    rows = answer("themes-by-lead-ministry", "ministry", "themes", "framework")
    assert {(str(m).rpartition("/")[2], n, euros) for m, n, euros in rows} == {
        ("okm", 2, Decimal(13_400_000)),  # Metsäosaaminen 12 M€, of which TEM has 5, and Kylätaitajat 1.4 M€
        ("stm", 1, Decimal(8_000_000)),
    }


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("2022-06-15", {"closed": 1, "open": 2, "coming": 2}),  # the call of "2023" is that of 2.10.2023
        ("2023-09-15", {"closed": 3, "open": 1, "coming": 1}),
    ],
)
def test_calls_of_a_day(day: str, states: dict[str, int]) -> None:
    found = [state for (state,) in answer("calls-on-a-day", "state", at=day)]
    assert {state: found.count(state) for state in set(found)} == states


def test_consortia_that_two_themes_share() -> None:
    rows = answer("consortia-shared-by-themes", "themeLabel", "otherLabel", "shared", "ofTheme", "ofOther", "percent")
    assert rows == [
        (FOREST, ISLANDS, 2, 3, 2, Decimal("66.7")),
        (VILLAGES, FOREST, 1, 2, 3, Decimal(25)),  # each pair in the order of its identifiers
    ]
    asked = answer("consortia-shared-by-themes", "themeLabel", "otherLabel", "percent", theme=VILLAGES)
    assert asked == [(VILLAGES, FOREST, Decimal(25))]


def test_the_budget_of_a_call_and_what_was_granted_from_it() -> None:
    rows = answer("call-budget-and-grants", "themeLabel", "budget", "granted", "percent", "projects", "ofProjects")
    assert rows == [(ISLANDS, Decimal(3_000_000), Decimal(2_100_000), Decimal(70), 1, None)]


def test_concentration_of_shares() -> None:
    """One project of 90 is divided 60 to 30; 18 stand undivided: (2/3)² + (1/3)² is 0.5556."""
    rows = run(placed(), "concentration-of-money", phase="granted").rows
    assert rows == [(2, Decimal(90), Decimal(90), Decimal(100), Decimal(5556), Decimal(18))]
    zloty = run(placed(), "concentration-of-money", phase="granted", currency="PLN").dicts()
    assert [row["divided"] for row in zloty] == [Decimal(900)]


def test_what_an_organisation_received() -> None:
    rows = run(placed(), "money-of-an-organisation").dicts()
    found = {
        (str(r["organisation"]).rpartition("/")[2], r["currency"]): (r["amount"], r["projects"], r["undivided"])
        for r in rows
        if not r["scope"]
    }
    assert found == {
        ("north", "EUR"): (Decimal(60), 1, 3),
        ("north", "PLN"): (Decimal(900), 1, 0),
        ("south", "EUR"): (Decimal(30), 1, 1),
        ("cape", "EUR"): (None, 0, 1),
        ("nowhere", "EUR"): (None, 0, 2),
    }


def test_names_follow_the_language_asked() -> None:
    query = find("themes-by-objective")
    swedish = run(example_store(), query.in_language("sv"))
    themes = {row["themeLabel"] for row in swedish.dicts()}
    assert {"Utveckling av skärgårdens tjänster", FOREST} <= themes  # the second has no Swedish name
    assert swedish.dicts() != run(example_store(), query).dicts()


def test_words_of_an_answer_follow_the_language_asked() -> None:
    rows = {
        lang: {
            row["regionLabel"]
            for row in run(placed(), find("money-by-region").in_language(lang), phase="granted").dicts()
        }
        for lang in ("fi", "sv", "en")
    }
    assert {lang: words & {"ei tiedossa", "okänt", "not known"} for lang, words in rows.items()} == {
        "fi": {"ei tiedossa"},
        "sv": {"okänt"},
        "en": {"not known"},
    }
