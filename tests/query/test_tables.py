"""Answers as values, tables and pages, by rows made for the purpose."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pyoxigraph as ox
import pytest

from engine.output.formats import write_html, write_md
from engine.query.library import StoredQuery
from engine.query.result import (
    Iri,
    PartialDate,
    Result,
    for_people,
    format_cell,
    fraction,
    heading,
    html_table,
    identifier,
    kind_of,
    kinds,
    python,
    reading,
    short,
    table,
    text,
    widest,
)
from engine.words import escape_markdown
from loaders.errors import QueryError
from loaders.rdf.terms import PREFIXES
from tests.cases import each

XSD = "http://www.w3.org/2001/XMLSchema#"
THEME = "https://w3id.org/teemagraafi/id/theme/kaislikko"


def asked(query: str, title: str = "") -> Result:
    return Result(StoredQuery("q", query, summary=title), ox.Store().query(query, prefixes=PREFIXES))


def rows(variables: str, *values: str) -> Result:
    return asked(f"SELECT {variables} {{ VALUES ({variables}) {{ {' '.join(f'({v})' for v in values)} }} }}", "Title")


@each(
    ("lexical", "datatype", "value"),
    [
        *[
            ("7", name, 7)
            for name in (
                "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt",
            )
        ],
        ("7.10", "decimal", Decimal("7.10")),
        ("1.5", "double", 1.5),
        ("1.5", "float", 1.5),
        ("true", "boolean", True),
        ("1", "boolean", True),
        ("false", "boolean", False),
        ("2024-05-06", "date", date(2024, 5, 6)),
        ("2024-05-06T07:08:09", "dateTime", datetime(2024, 5, 6, 7, 8, 9)),
        ("2024-05", "gYearMonth", PartialDate("2024-05")),
        ("2024", "gYear", PartialDate("2024")),
        ("x", "token", "x"),
        ("x", "integer", "x"),
        ("x", "decimal", "x"),
    ],
)  # fmt: skip
def test_a_literal_as_a_value(lexical: str, datatype: str, value: object) -> None:
    made = python(ox.Literal(lexical, datatype=ox.NamedNode(XSD + datatype)))
    assert (made, type(made)) == (value, type(value))


def test_whole_numbers_are_shown_to_the_last_digit() -> None:
    assert format_cell(12345678901234567890) == "12 345 678 901 234 567 890"
    assert format_cell(10**400, 2).endswith(" 000.00")


def test_other_terms_as_values() -> None:
    assert python(None) is None
    assert type(python(ox.NamedNode(THEME))) is Iri
    assert python(ox.BlankNode("b")) == "_:b"
    triple = ox.Triple(ox.NamedNode(THEME), ox.NamedNode(THEME), ox.Literal("a"))
    assert python(triple) == str(triple)


def test_each_form_has_columns_rows_and_an_answer() -> None:
    select = rows("?a ?b", "1 UNDEF", "2 'x'")
    assert (select.form, select.columns, len(select), select.answer) == ("rows", ("a", "b"), 2, True)
    assert list(select) == select.rows == [(1, None), (2, "x")]
    assert select.dicts() == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]
    assert select.triples == []
    for truth, query in ((True, "ASK {}"), (False, "ASK { ?a ?b ?c }")):
        ask = asked(query)
        assert (ask.form, ask.columns, ask.rows, ask.answer) == ("answer", ("answer",), [(truth,)], truth)
        assert ask.triples == []
    made = asked("CONSTRUCT { <a:a> <a:b> ?x . <a:a> <a:b> 1 } WHERE { VALUES ?x { 1 2 } }")
    assert (made.form, made.columns, len(made)) == ("triples", ("subject", "predicate", "object"), 2)
    assert made.answer
    assert not rows("?a").answer
    assert repr(select) == "<answer to 'q': a, b>"
    assert str(rows("?a", "1")) == table(rows("?a", "1")) == "a\n─\n1\n"
    assert rows("?a", "1")._repr_html_() == html_table(rows("?a", "1"))


def test_more_columns_stand_at_the_end() -> None:
    base = rows("?a", "1", "2")
    base.notes = ("a note",)
    wider = base.with_columns(["b"], [(ox.Literal("x"),), (None,)])
    assert (wider.columns, wider.rows, wider.notes) == (("a", "b"), [(1, "x"), (2, None)], ("a note",))
    assert not wider.untouched
    fresh = rows("?a", "1")
    assert fresh.untouched
    assert fresh.terms
    assert not fresh.untouched


@pytest.mark.parametrize(
    ("error", "says"),
    [(ValueError("cut"), "the answer is cut or malformed: cut"), (OSError("gone"), "the query failed: gone")],
)
def test_an_answer_that_breaks_is_a_failed_query(error: Exception, says: str) -> None:
    with pytest.raises(QueryError) as caught, reading():
        raise error
    assert caught.value.message == says
    with pytest.raises(BrokenPipeError), reading():
        raise BrokenPipeError


@each(
    ("value", "kind"),
    [
        (None, "empty"), (Iri("a:a"), "iri"), (PartialDate("2024"), "partial"), ("a", "text"), (True, "boolean"), (1, "integer"),
        (Decimal(1), "decimal"), (1.0, "float"), (datetime(2024, 1, 1), "datetime"), (date(2024, 1, 1), "date"),
    ],
)  # fmt: skip
def test_the_kind_of_a_value(value: str | None, kind: str) -> None:
    assert kind_of(value) == kind
    assert widest([kind_of(value), "empty"]) == kind


def test_kinds_widen() -> None:
    for kinds_of, wider in (
        (("integer", "decimal"), "decimal"),
        (("integer", "float"), "float"),
        (("decimal", "float"), "float"),
        (("integer", "decimal", "float"), "float"),
        (("date", "partial"), "partial"),
        (("date", "datetime"), "text"),
        (("iri", "integer"), "text"),
    ):
        assert widest(kinds_of) == wider  # type: ignore[arg-type]
    assert widest([]) == "empty"
    assert kinds(rows("?a ?b ?c", "1 'x' UNDEF", "2.5 'y' UNDEF")) == ["decimal", "text", "empty"]


def test_an_identifier_gives_way_to_its_label() -> None:
    columns = ["theme", "themeLabel", "sum", "otherLabel", "Label"]
    assert for_people(columns) == [1, 2, 3, 4]
    assert [heading(c) for c in columns] == ["theme", "theme", "sum", "other", "Label"]
    assert [identifier(columns, n) for n in range(5)] == [None, 0, None, None, None]


@each(
    ("value", "plain", "people"),
    [
        (None, "", ""),
        (True, "true", "true"),
        (False, "false", "false"),
        (1234567, "1234567", "1 234 567"),
        (Decimal("1234.50"), "1234.50", "1 234.5"),
        (Decimal("1E+3"), "1000", "1 000"),
        (date(2024, 5, 6), "2024-05-06", "2024-05-06"),
        (1.5, "1.5", "1.5"),
        ("a\nb\x07  c", "a\nb\x07  c", "a b\ufffd c"),
        (Iri(THEME), THEME, "theme/kaislikko"),
    ],
)
def test_a_value_for_machines_and_for_people(value: str | None, plain: str, people: str) -> None:
    assert text(value) == plain
    assert format_cell(value) == people


def test_decimals() -> None:
    assert format_cell(Decimal(5), 2) == "5.00"
    assert format_cell(5, 0) == "5"
    assert [fraction(v) for v in (Decimal("1.25"), Decimal("1.50"), Decimal("100"), 5, Decimal("NaN"))] == [
        2,
        1,
        0,
        0,
        0,
    ]


@each(
    ("iri", "name"),
    [
        ("http://www.w3.org/2004/02/skos/core#Concept", "skos:Concept"),
        ("https://w3id.org/teemagraafi/code/phase/plan", "code:phase/plan"),
        ("http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2004/02/skos/core#"),
        ("http://a.example/x", "http://a.example/x"),
    ],
)
def test_a_short_iri(iri: str, name: str) -> None:
    assert short(iri) == name


def test_a_table_for_a_terminal() -> None:
    result = rows("?theme ?themeLabel ?sum", f"<{THEME}> 'Kaislikon talot ja rannat' 1000.5", "<a:b> 'Suo' 2")
    assert table(result).splitlines() == [
        "theme                          sum",
        "─────────────────────────  ───────",
        "Kaislikon talot ja rannat  1 000.5",
        "Suo                            2.0",
    ]
    assert table(result, width=22).splitlines() == [
        "theme              sum",
        "─────────────  ───────",
        "Kaislikon      1 000.5",
        "talot ja",
        "rannat",
        "Suo                2.0",
    ]
    assert table(result, width=5).splitlines()[1] == "──────────  ───────"
    assert table(result, width=100) == table(result)
    bold, dim = table(result, colour=True).splitlines()[:2]
    assert bold == "\x1b[1mtheme                          sum\x1b[0m"
    assert dim.startswith("\x1b[2m─")
    assert "\x1b" not in table(result)


def test_the_widest_column_gives_way_first() -> None:
    result = rows("?a ?b", f"'{'x ' * 15}' '{'y ' * 10}'")
    heads = table(result, width=32).splitlines()[1].split()
    assert sorted(map(len, heads)) == [15, 15]


def test_markdown() -> None:
    out = io.BytesIO()
    write_md(rows("?theme ?themeLabel ?sum ?page", f"<{THEME}> 'A|B' 1 <http://a.example/x>", "'t' 'C' 2 'x'"), out)
    assert out.getvalue().decode().splitlines() == [
        "| theme | sum | page |",
        "| --- | ---: | --- |",
        f"| [A\\|B](<{THEME}>) | 1 | [http://a.example/x](<http://a.example/x>) |",
        "| C | 2 | x |",
    ]
    assert escape_markdown("\\`*_[]<>|a") == "\\\\\\`\\*\\_\\[\\]\\<\\>\\|a"


def test_html() -> None:
    result = rows("?theme ?themeLabel ?sum", f"<{THEME}> 'A<B' 1", "<urn:x> 'C' 2")
    assert html_table(result) == (
        "<table>\n<caption>Title</caption>\n"
        '<thead><tr><th scope="col">theme</th><th scope="col" class=number>sum</th></tr></thead>\n<tbody>\n'
        f'<tr><td><a href="{THEME}">A&lt;B</a></td><td class="number">1</td></tr>\n'
        '<tr><td>C</td><td class="number">2</td></tr>\n</tbody>\n</table>\n'
    )
    assert "<caption>Query result</caption>" in html_table(asked("ASK {}"))
    result.notes = ("x < y",)
    out = io.BytesIO()
    write_html(result, out)
    page = out.getvalue().decode()
    assert page.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>Title</title>\n')
    assert '<p class="notes">x &lt; y</p>\n<details><summary>SPARQL</summary><pre>SELECT ' in page
