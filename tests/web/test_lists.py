"""Lists of things: what is counted, chosen, sorted and shown, over more things than are read one by one."""

from __future__ import annotations

import csv
import io

import openpyxl
import pyoxigraph as ox
import pytest

from engine.query.run import run
from loaders.rdf.terms import CODE, DCT, ID, RDF, RDFS, TG
from web import formats
from web.graph import GraphReader, text_of
from web.page import Page
from web.site import Site
from web.views import columns, lists, questions, things

COUNT = columns.MOST + 200


def _project(n: int) -> str:
    return f"{ID}project/P{n:04d}"


@pytest.fixture(scope="module")
def graph() -> GraphReader:
    """Projects with a fund each but every tenth, an implementer for each seven, and one document in two languages."""
    store = ox.Store()

    def add(thing: str, name: str, value: ox.NamedNode | ox.Literal) -> None:
        store.add(ox.Quad(ox.NamedNode(thing), ox.NamedNode(name if ":" in name else TG + name), value))

    for n in range(COUNT):
        thing = _project(n)
        add(thing, f"{RDF}type", ox.NamedNode(f"{TG}Project"))
        if n:
            add(thing, f"{RDFS}label", ox.Literal(f"Hanke {COUNT - n:04d}", language="fi"))
        if n % 10:
            add(thing, "fund", ox.NamedNode(f"{CODE}fund/{'EAKR' if n % 2 else 'ESR'}"))
        add(thing, "implementer", ox.NamedNode(f"{ID}organisation/body-{n % 7}"))
        add(
            thing,
            "startDate",
            ox.Literal(f"20{n % 20 + 10}", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#gYear")),
        )
    for n in range(7):
        add(f"{ID}organisation/body-{n}", f"{RDF}type", ox.NamedNode(f"{TG}Organisation"))
    for n in range(2):
        add(f"{ID}document/d{n}", f"{RDF}type", ox.NamedNode(f"{TG}SourceDocument"))
        add(f"{ID}document/d{n}", f"{DCT}publisher", ox.Literal("Lintula" if n else "Kurjala", language="fi"))
        add(f"{ID}document/d{n}", f"{DCT}publisher", ox.Literal("Lintula" if n else "Tranby", language="sv"))
    return GraphReader(store)


def _chosen(graph: GraphReader, kind: str, *parameters: tuple[str, str], live: bool = True) -> lists.Chosen:
    return lists.choose(Page(graph, Site("fi", f"/doc/{kind}", live=live, parameters=parameters)), kind)


def _counts(chosen: lists.Chosen, name: str) -> dict[str, int]:
    return {choice.key: choice.count for choice in dict(chosen.facets)[name]}


def test_facets_count_all_things(graph: GraphReader) -> None:
    chosen = _chosen(graph, "project")
    assert len(chosen.all) == COUNT
    assert _counts(chosen, "fund") == {"EAKR": 600, "ESR": 480, "-": 120}
    assert sum(_counts(chosen, "implementer").values()) == COUNT


def test_a_thing_without_a_name_is_in_the_list_and_names_are_in_order(graph: GraphReader) -> None:
    chosen = _chosen(graph, "project")
    assert chosen.all[0] == _project(COUNT - 1)
    assert _project(0) in chosen.all


def test_facets_narrow_one_another_but_not_themselves(graph: GraphReader) -> None:
    chosen = _chosen(graph, "project", ("fund", "EAKR"), ("implementer", "organisation/body-1"))
    wanted = [n for n in range(COUNT) if n % 2 and n % 7 == 1]
    assert sorted(chosen.all) == [_project(n) for n in wanted]
    assert _counts(chosen, "fund") == {
        "EAKR": len(wanted),
        "ESR": sum(n % 7 == 1 and not n % 2 and n % 10 > 0 for n in range(COUNT)),
        "-": sum(n % 7 == 1 and not n % 10 for n in range(COUNT)),
    }
    assert _counts(chosen, "implementer")["organisation/body-1"] == len(wanted)


def test_what_has_no_value_can_be_chosen(graph: GraphReader) -> None:
    assert sorted(_chosen(graph, "project", ("fund", "-")).all) == [_project(n) for n in range(0, COUNT, 10)]
    assert len(_chosen(graph, "project", ("fund", "-"), ("fund", "ESR")).all) == 600
    assert not _chosen(graph, "project", ("fund", "none")).all


def test_words_of_names_narrow_what_facets_count(graph: GraphReader) -> None:
    chosen = _chosen(graph, "project", ("q", "hanke 000"))  # 0001 to 0009, and 1000
    assert len(chosen.all) == 10
    assert sum(_counts(chosen, "fund").values()) == 10


def test_a_column_sorts_and_the_page_shown_has_all_columns(graph: GraphReader) -> None:
    chosen = _chosen(graph, "project", ("sort", "-startDate"), ("page", "2"))
    assert [item.first("startDate") for item in chosen.items] == ["2029"] * 10 + ["2028"] * 40
    assert all(item.cells["implementer"] for item in chosen.items)


SEVERAL = """
PREFIX tg: <https://w3id.org/teemagraafi/def#>
<t:t> a tg:Theme .
<o:paid> a tg:FinancialObservation ; tg:about <t:t> ; tg:phase <https://w3id.org/teemagraafi/code/phase/paid> ; tg:amount 5.0 .
<o:eu> tg:amount 12.0 ; tg:fundingScope <https://w3id.org/teemagraafi/code/scope/eu> .
<o:public> tg:amount 20.0 ; tg:fundingScope <https://w3id.org/teemagraafi/code/scope/total-public> .
<o:eu> a tg:FinancialObservation ; tg:about <t:t> ; tg:phase <https://w3id.org/teemagraafi/code/phase/framework> .
<o:public> a tg:FinancialObservation ; tg:about <t:t> ; tg:phase <https://w3id.org/teemagraafi/code/phase/framework> .
"""


def test_of_several_current_amounts_a_list_a_page_and_a_question_show_the_same() -> None:
    store = ox.Store()
    store.load(SEVERAL.encode(), ox.RdfFormat.TURTLE)
    graph = GraphReader(store)
    phase = f"{CODE}phase/"
    listed = [text_of(value) for value in columns.cells_of(graph, "theme", "framework")["t:t"]]
    drawn = things.newest_amounts(things.observations_of(graph, "t:t", "FinancialObservation"))
    assert listed == ["20"]
    assert drawn == [(f"{phase}framework", "20"), (f"{phase}paid", "5")]
    assert [row["framework"] for row in run(store, "money-by-theme").dicts()] == [20]


def test_a_text_in_two_languages_counts_once(graph: GraphReader) -> None:
    assert _counts(_chosen(graph, "document"), "publisher") == {"Kurjala": 1, "Tranby": 1, "Lintula": 1}


def test_a_static_site_shows_the_first_pages(graph: GraphReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PUBLISHED", 100)
    assert _chosen(graph, "project", live=False).pages == 2
    assert _chosen(graph, "project").pages == COUNT // lists.SIZE


def test_the_file_has_every_row(graph: GraphReader) -> None:
    made = lists.page(Page(graph, Site("fi", "/doc/project"), media="text/csv"), "project")
    rows = list(csv.reader(io.StringIO(made.body.decode("utf-8-sig"))))
    assert len(rows) == COUNT + 1
    assert sum(row[-1].startswith(ID) for row in rows) == COUNT


@pytest.mark.slow
def test_a_long_file_says_what_is_read_thing_by_thing(graph: GraphReader, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ox.Store()
    store.extend(graph.store.quads_for_pattern(None, None, None, None))
    project, body = ox.NamedNode(_project(5)), ox.NamedNode(f"{ID}organisation/body-2")
    store.add(ox.Quad(project, ox.NamedNode(f"{TG}implementer"), body))
    store.add(ox.Quad(body, ox.NamedNode(f"{RDFS}label"), ox.Literal("Lintulan kunta", language="fi")))

    def written() -> str:
        made = lists.page(Page(GraphReader(store), Site("fi", "/doc/project"), media="text/csv"), "project")
        return made.body.decode()

    together = written()
    for module in (columns, lists):
        monkeypatch.setattr(module, "MOST", 10 * COUNT)
    assert together == written()
    assert "Lintulan kunta; organisation/body-5" in together


@pytest.mark.parametrize("beginning", ["=", "+", "-", "@", "\t", "\r"])
def test_a_downloaded_list_holds_no_formula_and_keeps_numbers(beginning: str) -> None:
    store, theme, name = ox.Store(), f"{ID}theme/t", f"{beginning}1+1"
    store.load(
        f"""
        <{theme}> a <{TG}Theme> ; <{RDFS}label> {ox.Literal(name)} .
        <{ID}amount/a> <{TG}about> <{theme}> ; <{TG}phase> <{CODE}phase/paid> ; <{TG}amount> -12.5 .
        """.encode(),
        format=ox.RdfFormat.TURTLE,
    )

    def made(media: str) -> bytes:
        return lists.page(Page(GraphReader(store), Site("fi", "/doc/theme"), media=media), "theme").body

    column = 1 + [*columns.kinds()["theme"].columns].index("paid")  # behind the name
    _, row = csv.reader(io.StringIO(made(formats.CSV).decode("utf-8-sig"), newline=""))
    assert row[0] == f"'{name}"
    assert row[column] == "-12.5"
    sheet = openpyxl.load_workbook(io.BytesIO(made(questions.XLSX))).active
    assert sheet is not None
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert (cells[0].data_type, str(cells[0].value)[:1]) == ("s", name[:1].replace("\r", "\ufffd"))
    assert cells[column].value == -12.5
