"""What a query asks for, by its words alone: whether it changes a graph, may answer otherwise next time, calls others."""

from __future__ import annotations

from engine.query.lexer import UPDATES, changes, is_update, services
from tests.cases import each


@each("word", [*sorted(UPDATES), "WITH"])
def test_an_update_begins_with_a_word_that_changes_a_graph(word: str) -> None:
    assert is_update(f"{word} <http://a.example/g> {{ ?s ?p ?o }}")
    assert is_update(f"BASE <http://a.example/> PREFIX a: <http://a.example/> # {word}\n{word.lower()} <g> {{ }}")


@each(
    "query",
    [
        "SELECT * { ?s ?p 'INSERT DATA' }",
        "PREFIX delete: <http://a.example/delete> ASK { ?s delete:x ?clear }",
        "# INSERT\nDESCRIBE <http://a.example/load>",
        "SELECT ?insert { ?insert ?p ?o } # DROP ALL",
        "",
    ],
)
def test_a_query_that_names_such_a_word_elsewhere_is_none(query: str) -> None:
    assert not is_update(query)


@each("name", ["NOW", "RAND", "UUID", "STRUUID", "BNODE", "now"])
def test_functions_that_answer_otherwise_next_time(name: str) -> None:
    assert changes(f"SELECT ({name}() AS ?x) {{ }}")
    assert not changes(f"SELECT ?{name} {{ ?{name} ?p '{name}()' }} # {name}()")


def test_an_address_in_the_body_does_not_hide_the_word_behind_it() -> None:
    assert is_update("PREFIX a: <http://a.example/> PREFIX b: <http://b.example/> DELETE WHERE { ?s ?p ?o }")
    assert not is_update("PREFIX a: <http://a.example/> DESCRIBE <http://a.example/x> # DELETE")


def test_escapes_are_read_before_words() -> None:
    assert is_update("\\u0049NSERT DATA { <a:a> <a:b> <a:c> }")
    assert changes("SELECT (\\u004EOW() AS ?x) { }")


def test_the_endpoints_that_a_query_calls() -> None:
    query = "SELECT * { SERVICE <http://a.example/> { } SERVICE SILENT <http://b.example/> { } SERVICE ?x { } SERVICE p:x { } }"
    assert services(query) == ["http://a.example/", "http://b.example/", None, None]
    assert services("SELECT ?service { ?service ?p 'SERVICE <http://a.example/>' } # SERVICE <http://b.example/>") == []
