from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.rdf import terms
from loaders.rdf.terms import Quad, literal, parse_line
from tests.cases import each


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.sampled_from([None, "fi", "sv"]))
def test_a_literal_reads_back_in_the_engine_and_here(text: str, lang: str | None) -> None:
    quad = Quad("<https://example.org/s>", "<https://example.org/p>", literal(text, lang), "<https://example.org/g>")
    parsed = next(iter(ox.parse(quad.line().encode(), format=ox.RdfFormat.N_QUADS)))
    assert parsed.object.value == text
    assert parse_line(quad.line()) == quad
    assert terms.lexical(quad.o) == text
    assert terms.language(quad.o) == (lang or "")


@pytest.mark.parametrize(
    ("value", "datatype"),
    [("2024", "gYear"), ("2024-10", "gYearMonth"), ("2024-10-31", "date")],
    ids=["year", "month", "day"],
)
def test_a_date_is_as_precise_as_it_is_given(value: str, datatype: str) -> None:
    assert terms.date(value) == f'"{value}"^^<{terms.XSD}{datatype}>'


@each("value", ["", "24", "2024-1", "31.10.2024", "2024-10-31T00:00"])
def test_what_is_no_partial_date_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="partial ISO date"):
        terms.date(value)


@each(
    ("value", "text"),
    [("13000000", "13000000"), ("1E+6", "1000000"), ("1055410.40", "1055410.4"), ("0.00", "0"), ("0", "0")],
)
def test_a_decimal_is_exact_and_has_one_form(value: str, text: str) -> None:
    assert terms.lexical(terms.decimal(Decimal(value))) == text


def test_characters_that_no_iri_may_hold_are_encoded() -> None:
    node = terms.thing("document", 'a b<c>"d')
    assert node == f"<{terms.ID}document/a%20b%3Cc%3E%22d>"
    ox.NamedNode(node[1:-1])


def test_a_line_that_is_no_quad_is_refused() -> None:
    with pytest.raises(ValueError, match="not an N-Quads line"):
        parse_line("<a> <b> .\n")
