"""Checking a graph behind an endpoint: the same findings as of the store itself, whatever the engine makes of literals."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from engine.query.backends import Endpoint
from engine.validation import CONTACTS, check, check_endpoint
from graph import cli
from loaders.errors import QueryError
from shacl import DataError
from tests.example_graph import example_store

URL = "http://localhost:1/sparql"
CURRENCY = ox.NamedNode("https://w3id.org/teemagraafi/def#currency")


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> ox.Store:
    """A store that answers in the place of the endpoint, without contact persons."""
    found = ox.Store()
    found.extend(example_store())
    found.remove_graph(CONTACTS)
    monkeypatch.setattr(Endpoint, "query", lambda self, text: found.query(text))
    return found


def keys(checked) -> set[tuple[str, ...]]:
    return {(*finding.key, finding.document) for finding in checked.findings}


def test_an_endpoint_gives_the_findings_of_its_store(store: ox.Store) -> None:
    found = keys(check_endpoint(URL))
    assert found == keys(check(store, extractions=False))
    assert any(document for *_, document in found)


def test_a_violation_is_found_with_its_document(store: ox.Store) -> None:
    amount = next(store.quads_for_pattern(None, CURRENCY, None, ox.DefaultGraph()))
    store.remove(amount)
    store.add(ox.Quad(amount.subject, CURRENCY, ox.Literal("euroa")))
    (new,) = [finding for finding in check_endpoint(URL).findings if finding.shape.endswith("#AmountCurrency")]
    assert (new.focus, new.severity) == (amount.subject.value, "Violation")


def test_a_rule_that_the_engine_cannot_check_is_named(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(self: Endpoint, text: str):
        if "def#phase" in text and "?_is0" in text:
            raise QueryError("too many checks at once")
        if "def#amount>" in text and "COUNT(" not in text:
            raise QueryError("internal error")
        return store.query(text)

    monkeypatch.setattr(Endpoint, "query", answer)
    found, notes = check_endpoint(URL), check_endpoint(URL).notes
    assert any(note.endswith("shapes#AmountValue") for note in notes)
    assert all(note.startswith("not checked, as the endpoint does not answer its query: ") for note in notes)
    assert keys(found) <= keys(check(store, extractions=False))


def test_an_endpoint_without_statements_passes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = ox.Store()
    monkeypatch.setattr(Endpoint, "query", lambda self, text: empty.query(text))
    with pytest.raises(DataError, match="nothing can be checked"):
        check_endpoint(URL)


def test_statements_come_in_pages(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.query.backends._PAGE", 7)
    remote, every = Endpoint(URL), set(store.quads_for_pattern(None, CURRENCY, None, ox.DefaultGraph()))
    assert len(every) > 7
    assert set(remote.quads_for_pattern(None, CURRENCY, None, ox.DefaultGraph())) == every
    named = set(remote.quads_for_pattern(None, CURRENCY, None, None))
    assert named == set(store.quads_for_pattern(None, CURRENCY, None, None))
    assert not list(remote.quads_for_pattern(ox.BlankNode(), None, None, None))


def test_the_command(store: ox.Store) -> None:
    result = CliRunner().invoke(cli, ["validate", "--endpoint", URL, "--format", "json", "--fail-on", "info"])
    assert result.exit_code == (1 if check(store, extractions=False).findings else 0)
    refused = CliRunner().invoke(cli, ["validate", "--endpoint", URL, "--engine", "pyshacl"])
    assert (refused.exit_code, "--endpoint goes with" in refused.output) == (2, True)
