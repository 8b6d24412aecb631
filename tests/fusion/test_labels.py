"""Names that the current view makes of parts, in three languages."""

from __future__ import annotations

from decimal import Decimal

from engine.fusion.labels import Names, make_labels, name_calls, prefer_registry
from loaders.rdf.terms import ALT_LABEL, DCT, LABEL, A, Quad, code, date, decimal, integer, literal, tg, thing
from tests.cases import each
from tests.fusion.statements import EU, THEME, passage

NAME = Quad(THEME, LABEL, literal("Kaislikko", "fi"))
SWEDISH = Quad(THEME, LABEL, literal("Vassen", "sv"))
CALL = thing("call", "kaislikko", "2024")


def labels(quads: set[Quad]) -> dict[str, str]:
    """Language → label."""
    return {q.o.rsplit("@", 1)[1]: q.o.rsplit("@", 1)[0][1:-1] for q in quads if q.p == LABEL and q.s not in (THEME,)}


def test_a_name_in_another_language_where_there_is_none() -> None:
    names = Names([NAME, SWEDISH, Quad(THEME, LABEL, literal("Reeds", "en"), "<urn:x:g>")])
    assert [names.of(THEME, lang) for lang in ("fi", "sv", "en")] == ["Kaislikko", "Vassen", "Kaislikko"]
    assert names.of(thing("theme", "x", "suo"), "fi") == "suo"
    assert names.of(literal("2024"), "fi") == "2024"
    assert names.of(None, "fi") == ""
    assert names.of(code("conflict-kind", "different-value"), "en") != "different-value"


def test_a_registered_name_takes_the_place_of_a_printed_one() -> None:
    printed, same = Quad(THEME, LABEL, literal("Kaislat", "fi")), SWEDISH
    elsewhere = Quad(THEME, LABEL, literal("Kaislat", "fi"), "<urn:x:g>")
    body = thing("organisation", "x")
    registry = [NAME, SWEDISH, Quad(body, LABEL, literal("Virasto", "fi")), Quad(THEME, ALT_LABEL, literal("K", "fi"))]
    view = {printed, same, elsewhere, Quad(body, LABEL, literal("virasto", "fi"))}
    assert prefer_registry(view, registry) == ({printed}, {NAME, Quad(THEME, ALT_LABEL, printed.o)})


def call(opens: str | None, closes: str | None, *, theme: bool = True, coordination: bool = False) -> dict[str, str]:
    view = {NAME, Quad(CALL, A, tg("Call"))}
    view |= {Quad(CALL, tg("opens"), date(opens))} if opens else set()
    view |= {Quad(CALL, tg("closes"), date(closes))} if closes else set()
    view |= {Quad(CALL, tg("callFor"), THEME)} if theme else set()
    view |= {Quad(CALL, A, tg("CoordinationCall"))} if coordination else set()
    return labels(name_calls(view)[1])


@each(
    ("opens", "closes", "finnish", "english"),
    [
        ("2024-01-15", "2024-03-05", "15.1.–5.3.2024", "15 January – 5 March 2024"),
        ("2023-12-15", "2024-03-05", "15.12.2023 – 5.3.2024", "15 December 2023 – 5 March 2024"),
        ("2024-02", "2024-04", "2/2024 – 4/2024", "February 2024 – April 2024"),
        ("2024", "2024-06-07", "2024 – 7.6.2024", "2024 – 7 June 2024"),
        ("2024-07-08", "2024-07-08", "8.7.2024", "8 July 2024"),
        ("2024-05", None, "5/2024", "May 2024"),
        ("2024", None, "2024", "2024"),
        (None, "2025-02-10", "–10.2.2025", "–10 February 2025"),
        ("2024-08-01", "2024-09-02", "1.8.–2.9.2024", "1 August – 2 September 2024"),
        ("2024-10-01", "2024-11-02", "1.10.–2.11.2024", "1 October – 2 November 2024"),
    ],
)
def test_a_call_is_named_by_its_dates(opens: str | None, closes: str | None, finnish: str, english: str) -> None:
    found = call(opens, closes)
    assert found["fi"] == f"Hankehaku {finnish}, Kaislikko"
    assert found["sv"] == f"Projektutlysning {finnish}, Kaislikko"
    assert found["en"] == f"Call for projects {english}, Kaislikko"


def test_a_call_for_the_coordination_project_says_so() -> None:
    assert call("2024", None, coordination=True) == {
        "fi": "Koordinaatiohankkeen haku 2024, Kaislikko",
        "sv": "Utlysning för samordningsprojekt 2024, Kaislikko",
        "en": "Call for the coordination project 2024, Kaislikko",
    }
    assert call("2024", None, theme=False)["fi"] == "Hankehaku 2024"
    assert call(None, None, theme=False) == {}


def test_a_call_without_a_date_keeps_its_printed_name() -> None:
    printed = Quad(CALL, LABEL, literal("Syksyn haku", "fi"))
    elsewhere = printed._replace(g="<urn:x:g>")
    view = {NAME, printed, elsewhere, Quad(CALL, A, tg("Call")), Quad(CALL, tg("callFor"), THEME)}
    gone, new = name_calls(view)
    assert gone == {printed}
    assert labels(new)["sv"] == "Syksyn haku, Kaislikko"
    assert Quad(CALL, ALT_LABEL, printed.o) in new
    assert name_calls({Quad(CALL, A, tg("Call"), "<urn:x:g>"), Quad(CALL, tg("callFor"), THEME)}) == (set(), set())


def made(node: str, *facts: tuple[str, str], more: tuple[Quad, ...] = (), given: bool = False) -> dict[str, str]:
    quads = {Quad(node, p, o) for p, o in facts}
    view = {NAME, SWEDISH, *more, *(() if given else quads)}
    return labels({q for q in make_labels(view, quads if given else ()) if q.s == node})


BODY, PROJECT, PART = thing("organisation", "x"), thing("project", "S1"), thing("participation", "S1", "x")
WORLD = (
    Quad(BODY, LABEL, literal("Virasto", "fi")),
    Quad(PROJECT, LABEL, literal("Kokeilu", "fi")),
    Quad(PROJECT, tg("participation"), PART),
    Quad(PROJECT, tg("implementer"), BODY),
    Quad(thing("share", "x"), tg("participation"), PART),
    Quad(PART, tg("organisation"), BODY),
)
WHOLE = (
    (tg("about"), THEME),
    (tg("phase"), code("phase", "framework")),
    (tg("fundingScope"), EU),
    (tg("referenceDate"), date("2024-10-31")),
)


def test_a_participation_is_named_by_its_organisation_and_project() -> None:
    assert made(PART, (A, tg("Participation")), more=WORLD)["fi"] == "Virasto, Kokeilu"


def test_what_has_a_label_gets_no_other() -> None:
    own = Quad(PART, LABEL, literal("Own", "fi"))
    assert not [q for q in make_labels({*WORLD, own, Quad(PART, A, tg("Participation"))}, ()) if q.s == PART]


def test_an_amount_is_named_by_its_thing_phase_scope_and_date() -> None:
    names = Names(())
    phase, scope = (names.of(code(*c), "en") for c in (("phase", "framework"), ("scope", "eu")))
    node = thing("observation", "x")
    found = made(node, (A, tg("FinancialObservation")), *WHOLE)
    assert found["en"] == f"Kaislikko, {phase} ({scope}) 31 October 2024"
    assert found["sv"].startswith("Vassen, ")
    assert found["sv"].endswith(" 31.10.2024")
    bare = made(node, (A, tg("StatisticalObservation")), (tg("measure"), code("measure", "projects")))
    assert bare["fi"] == names.of(code("measure", "projects"), "fi")


def test_a_share_is_named_by_its_holder_and_its_whole() -> None:
    node, whole = thing("share", "y"), thing("observation", "x")
    of = (A, tg("Share")), (tg("shareOf"), whole), (tg("shareAmount"), decimal(Decimal(5)))
    facts = (*WORLD, Quad(whole, tg("about"), THEME))
    assert made(node, *of, (tg("ministry"), BODY), more=facts)["fi"] == "Virasto, Kaislikko"
    assert made(node, *of, (tg("participation"), PART), more=facts)["fi"] == "Virasto, Kaislikko"
    assert made(node, of[0], (tg("ministry"), BODY), more=facts)["fi"] == "Virasto"


def test_a_conflict_is_named_by_its_thing_and_what_it_is_on() -> None:
    node, conflict = thing("conflict", "x"), ((A, tg("Conflict")), (tg("about"), THEME))
    assert made(node, *conflict, (tg("onProperty"), LABEL)) == {
        "fi": "Kaislikko, ristiriita: nimi",
        "sv": "Vassen, motsägelse: namn",
        "en": "Kaislikko, conflict: name",
    }
    names = Names(())
    phase, measure = code("phase", "framework"), code("measure", "projects")
    on = (tg("onProperty"), tg("endDate"))
    for named, more in ((phase, (tg("phase"), phase)), (measure, (tg("measure"), measure)), (on[1], on)):
        assert made(node, *conflict, on, more)["fi"] == f"Kaislikko, ristiriita: {names.of(named, 'fi')}"


def test_a_passage_is_named_by_its_document_page_and_lines() -> None:
    node, document = passage("a", 1), thing("document", "kirje")
    basic = (A, tg("Passage")), (tg("inDocument"), document)
    title = Quad(document, f"<{DCT}title>", literal("Kirje teemasta", "fi"))
    lines = (tg("lineStart"), integer(3)), (tg("lineEnd"), integer(3)), (tg("page"), integer(2))
    assert made(node, *basic, *lines, more=(title,), given=True) == {
        "fi": "Kirje teemasta, s. 2, rivi 3",
        "sv": "Kirje teemasta, s. 2, rad 3",
        "en": "Kirje teemasta, p. 2, line 3",
    }
    several = (tg("lineStart"), integer(3)), (tg("lineEnd"), integer(5))
    assert made(node, *basic, *several) == {
        "fi": "kirje, rivit 3–5",
        "sv": "kirje, raderna 3–5",
        "en": "kirje, lines 3–5",
    }
    assert made(node, *basic)["fi"] == "kirje"
    graph = passage("g", 1)
    (found,) = {q.g for q in make_labels(set(), [Quad(node, p, o, graph) for p, o in basic])}
    assert found == graph
