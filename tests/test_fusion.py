from __future__ import annotations

import dataclasses
import random
from dataclasses import replace

import pytest

from engine.fusion import fuse
from loaders.rdf.terms import (
    ALT_LABEL,
    CONTACT_PASSAGE,
    CONTACTS_GRAPH,
    HISTORY_GRAPH,
    LABEL,
    PASSAGE,
    A,
    Quad,
    code,
    lexical,
    tg,
    thing,
)
from loaders.records import Call, MinistryRole, Participation, Project, Stated, Text, Theme
from tests import readings as made

THEME = thing("theme", "aaripaan-verkostot")
NEW = ("review-2024", "2024-10-31")
OLD = ("letter-2022", "2022-06")


def default(quads: list[Quad]) -> set[tuple[str, str, str]]:
    return {(q.s, q.p, q.o) for q in quads if not q.g}


def values(quads: list[Quad], subject: str, predicate: str) -> set[str]:
    return {q.o for q in quads if not q.g and q.s == subject and q.p == predicate}


def conflicts(quads: list[Quad], kind: str) -> list[dict[str, set[str]]]:
    nodes = [q.s for q in quads if q.p == tg("kind") and q.o == code("conflict-kind", kind)]
    return [
        {
            "about": values(quads, n, tg("about")),
            "property": values(quads, n, tg("onProperty")),
            "chosen": values(quads, n, tg("chosen")),
            "values": {
                v for a in values(quads, n, tg("alternative")) for v in values(quads, a, tg("alternativeValue"))
            },
            "passages": {v for a in values(quads, n, tg("alternative")) for v in values(quads, a, tg("statedIn"))},
        }
        for n in nodes
    ]


def two(new: tuple[object, ...], old: tuple[object, ...]) -> list[Quad]:
    quads = made.extracted(NEW[0], *new, date=NEW[1]) + made.extracted(OLD[0], *old, date=OLD[1])  # type: ignore[arg-type]
    return fuse(quads)


def test_each_triple_of_the_view_stands_once_and_in_a_passage() -> None:
    quads = two((made.theme(), made.framework("14000000")), (made.theme(), made.framework("14000000")))
    assert len(quads) == len(set(quads))
    stated = {(q.s, q.p, q.o) for q in quads if q.g.startswith(f"<{PASSAGE}")}
    for predicate in ("fund", "intermediateBody", "amount"):
        shown = {t for t in default(quads) if t[1] == tg(predicate) and "/id/" in t[0]}
        assert shown
        assert shown <= stated


def test_the_newest_document_wins_and_the_other_value_is_a_change() -> None:
    quads = two((made.theme(end="2027-12-31"),), (made.theme(end="2026-12-31"),))
    assert {lexical(v) for v in values(quads, THEME, tg("endDate"))} == {"2027-12-31"}
    (found,) = conflicts(quads, "changed-over-time")
    assert {lexical(v) for v in found["values"]} == {"2027-12-31", "2026-12-31"}
    assert {p.split("/")[-2] for p in found["passages"]} == {"review-2024", "letter-2022"}


def test_a_coarser_date_is_no_contradiction_and_the_finer_one_of_one_document_is_shown() -> None:
    quads = fuse(made.extracted("a", made.theme(end="2027"), made.theme(end="2027-12-31")))
    assert {lexical(v) for v in values(quads, THEME, tg("endDate"))} == {"2027-12-31"}
    assert not conflicts(quads, "different-value")


def test_two_values_of_one_date_contradict_each_other() -> None:
    quads = fuse(made.extracted("a", made.theme(end="2027"), made.theme(end="2026")))
    (found,) = conflicts(quads, "different-value")
    assert found["property"] == {tg("endDate")}


def test_amounts_that_agree_within_their_rounding_do_not_contradict() -> None:
    quads = fuse(made.extracted("a", made.framework("4317000"), made.framework("4300000", line=8, precision="100000")))
    assert not conflicts(quads, "different-value")
    assert {lexical(q.o) for q in quads if q.p == tg("amount") and not q.g} == {"4317000"}


def test_how_an_amount_is_printed_goes_with_the_amount_chosen() -> None:
    quads = fuse(made.extracted("a", made.framework("4317000"), made.framework("9000000", line=8, precision="1000000")))
    (observation,) = {q.s for q in quads if q.p == tg("amount") and not q.g}
    assert {lexical(v) for v in values(quads, observation, tg("amountAsStated"))} == {"4317000 €"}
    assert {lexical(v) for v in values(quads, observation, tg("precision"))} == {"1"}
    (found,) = conflicts(quads, "different-value")
    assert found["about"] == {THEME}


def amounts(quads: list[Quad], graph: str = "") -> list[str]:
    return sorted(lexical(q.o) for q in quads if q.p == tg("amount") and q.g == graph)


def shares(quads: list[Quad]) -> dict[str, str]:
    holders = {q.s: q.o for q in quads if q.p == tg("ministry") and not q.g}
    return {holders[q.s].rsplit("/")[-1][:-1]: lexical(q.o) for q in quads if q.p == tg("shareAmount") and not q.g}


def test_a_framework_that_changes_is_listed_and_the_older_one_is_history() -> None:
    quads = two((made.framework("16000000"),), (made.framework("13000000", precision="1000000", scope=None),))
    assert amounts(quads) == ["16000000"]
    assert amounts(quads, HISTORY_GRAPH) == ["13000000"]
    old = {q.s for q in quads if q.g == HISTORY_GRAPH}
    assert len(old) == 1
    assert not [q for q in quads if q.s in old and not q.g]
    (found,) = conflicts(quads, "changed-over-time")
    assert {lexical(v) for v in found["values"]} == {"16000000", "13000000"}


def test_one_number_under_two_scopes_is_listed() -> None:
    quads = two((made.framework("13000000"),), (made.framework("13000000", scope="total-public"),))
    (found,) = conflicts(quads, "other-scope")
    assert found["values"] == {code("scope", "eu-state"), code("scope", "total-public")}


def test_a_share_is_no_amount_and_is_of_the_whole_that_is_shown() -> None:
    parts = (made.framework("6000000", 11, ministry="TEM"), made.framework("8000000", 12, ministry="STM"))
    quads = two((made.framework("14000000"),), (made.framework("14000000"), *parts))
    assert amounts(quads) == ["14000000"]
    assert shares(quads) == {"tem": "6000000", "stm": "8000000"}
    (whole,) = {q.s for q in quads if q.p == tg("amount") and not q.g}
    assert {q.o for q in quads if q.p == tg("shareOf") and not q.g} == {whole}


def test_shares_of_an_older_amount_are_history() -> None:
    parts = (made.framework("6000000", 11, ministry="TEM"), made.framework("8000000", 12, ministry="STM"))
    quads = two((made.framework("15000000"),), (made.framework("14000000"), *parts))
    assert amounts(quads) == ["15000000"]
    assert shares(quads) == {}
    assert {lexical(q.o) for q in quads if q.p == tg("shareAmount") and q.g == HISTORY_GRAPH} == {"6000000", "8000000"}


def test_a_whole_of_which_only_shares_are_stated_is_added_up_and_cites_them() -> None:
    parts = (made.framework("5000000", 11, ministry="OKM"), made.framework("4300000", 12, ministry="STM"))
    quads = fuse(made.extracted("a", *parts))
    assert amounts(quads) == ["9300000"]
    (whole,) = {q.s for q in quads if q.p == tg("amount") and not q.g}
    assert len(values(quads, whole, "<http://www.w3.org/ns/prov#wasDerivedFrom>")) == 2


def test_the_only_ministry_of_a_theme_has_the_whole_and_of_two_neither_has_a_share() -> None:
    one = made.theme()
    second = Stated(MinistryRole("STM"), one.ministries[0].origin)
    two_of_them = replace(one, ministries=(*one.ministries, second))
    assert shares(fuse(made.extracted("a", one, made.framework("14000000")))) == {"tem": "14000000"}
    assert shares(fuse(made.extracted("a", two_of_them, made.framework("14000000")))) == {}


def test_scopes_of_one_document_stand_side_by_side_and_those_of_two_do_not() -> None:
    eu = made.framework("10000000", 11, scope="eu")
    assert amounts(fuse(made.extracted("a", made.framework("14000000"), eu))) == ["10000000", "14000000"]
    assert amounts(two((made.framework("14000000"),), (eu,))) == ["14000000"]


def test_an_amount_that_cannot_be_meant_has_its_words_and_no_number() -> None:
    quads = fuse(made.extracted("a", made.framework("10")))
    assert amounts(quads) == []
    assert [lexical(q.o) for q in quads if q.p == tg("amountAsStated") and not q.g] == ["10 €"]


def test_shares_that_miss_the_total_are_listed_and_shares_that_meet_it_are_not() -> None:
    shares = (made.framework("6000000", 11, ministry="TEM"), made.framework("5000000", 12, ministry="STM"))
    assert conflicts(fuse(made.extracted("a", made.framework("14000000"), *shares)), "parts-do-not-add-up")
    assert not conflicts(fuse(made.extracted("a", made.framework("11000000"), *shares)), "parts-do-not-add-up")


def test_notations_of_one_objective_are_listed() -> None:
    quads = two((made.theme(objective="4.3"),), (made.theme(objective="4.h"),))
    (found,) = conflicts(quads, "other-notation")
    assert {lexical(v) for v in found["values"]} == {"4.3", "4.h"}
    assert len(values(quads, THEME, tg("specificObjective"))) == 1


@pytest.mark.parametrize(
    ("value", "basis", "faulty"),
    [
        (2, None, False),
        (3, None, False),
        (5, None, True),
        (3, "without-coordination", False),
        (2, "without-coordination", False),
    ],
)
def test_a_count_is_a_finding_only_when_no_basis_gives_it(value: int, basis: str | None, faulty: bool) -> None:
    projects = (*made.single(), *made.group())
    quads = fuse(made.extracted("a", made.theme(), *projects, made.count(value, "projects", basis)))
    assert bool(conflicts(quads, "count-not-listed")) is faulty


def test_projects_of_a_group_count_once() -> None:
    quads = fuse(made.extracted("a", made.theme(), *made.single(), *made.group()))
    assert len({q.s for q in quads if q.p == A and q.o == tg("Project") and not q.g}) == 2
    group = thing("project", "R-09001")
    (lead,) = values(quads, group, tg("leadImplementer"))
    assert values(quads, lead, LABEL) == {'"Keksitty säätiö sr"@fi'}
    assert len(values(quads, group, tg("implementer"))) == 2


def test_a_project_named_without_code_is_the_coded_one_of_the_same_name() -> None:
    coordinated = made.theme(coordinated_by=(made.Stated("Kokeilu-hanke", made.at(50, "Kokeilu-hanke")),))
    quads = two((made.theme(), *made.single()), (coordinated,))
    assert values(quads, THEME, tg("coordinationProject")) == {thing("project", "S39001")}
    old = thing("project", "aaripaan-verkostot", "kokeilu-hanke")
    assert [q.o for q in quads if q.s == old] == [thing("project", "S39001")]


def test_two_coded_projects_of_one_name_stay_two() -> None:
    quads = two((*made.single("S39001"),), (*made.single("S39002"),))
    assert len({q.s for q in quads if q.p == A and q.o == tg("Project") and not q.g}) == 2


def test_names_in_use_are_kept_and_listed() -> None:
    one, other = made.single(name="Kokeilu yksi"), made.single(name="Kokeilu eka")
    quads = two(one, other)
    project = thing("project", "S39001")
    assert {lexical(v) for v in values(quads, project, LABEL)} == {"Kokeilu yksi"}
    assert {lexical(v) for v in values(quads, project, ALT_LABEL)} == {"Kokeilu eka"}
    assert len(conflicts(quads, "other-spelling")) == 1


def test_contact_persons_stay_in_their_graphs() -> None:
    quads = fuse(made.extracted("a", made.theme(), made.contact()))
    words = [q for q in quads if "Aino" in q.o or "esimerkki.fi" in q.o]
    assert words
    assert all(q.g == CONTACTS_GRAPH or q.g.startswith(f"<{CONTACT_PASSAGE}") for q in words)


def test_a_call_that_was_prolonged_is_one_call() -> None:
    quads = two((made.call("2022-09-30"),), (made.call("2022-08-19"),))
    (node,) = {q.s for q in quads if q.p == A and q.o == tg("Call") and not q.g}
    assert {lexical(v) for v in values(quads, node, tg("closes"))} == {"2022-09-30"}
    assert conflicts(quads, "changed-over-time")


def calls(quads: list[Quad]) -> set[str]:
    return {q.s for q in quads if q.p == A and q.o == tg("Call") and not q.g}


def test_a_call_that_was_announced_and_put_off_is_one_call_that_changed() -> None:
    about = made.About("call", "Ensimmäinen haku")
    announced = (made.call(None, opens="2022"), made.Count(about, "applications", made.Decimal(7), made.at(41, "7")))
    quads = two((made.call("2023-09-30", name="Teeman ensimmäinen haku", opens="2023-05-16"),), announced)
    (node,) = calls(quads)
    assert {lexical(v) for v in values(quads, node, tg("opens"))} == {"2023-05-16"}
    (found,) = conflicts(quads, "changed-over-time")
    assert found["about"] == {node}
    assert {lexical(v) for v in found["values"]} == {"2022", "2023-05-16"}
    assert {q.o for q in quads if q.p == tg("about") and "/observation/call/" in q.s and not q.g} == {node}
    assert {q.s for q in quads if "/observation/call/" in q.s and not q.g} == {
        f"{node[:-1].replace('/id/call/', '/id/observation/call/')}/applications/2022-06>"
    }


@pytest.mark.parametrize(
    ("announced", "held"),
    [
        (made.call(None, opens="2022", name="Haku"), made.call(None, opens="2023-05-16", name="Haku")),
        (made.call(None, opens="2022"), made.call(None, opens="2023-05-16", name="Toinen haku")),
        (made.call(None, opens="2024"), made.call(None, opens="2023-05-16")),
        (made.call(None, opens="2022-01-10"), made.call(None, opens="2023-05-16")),
    ],
    ids=["no ordinal", "another ordinal", "held before it was to be", "two days"],
)
def test_calls_that_may_be_two_stay_two(announced: made.Call, held: made.Call) -> None:
    assert len(calls(two((held,), (announced,)))) == 2


@pytest.mark.parametrize(("amount", "listed"), [("8600000", True), ("5000000", False)])
def test_a_framework_that_another_document_calls_the_coordination_budget_is_listed(amount: str, listed: bool) -> None:
    budget = dataclasses.replace(made.framework(amount, scope=None), phase="coordinationBudget")
    quads = two((made.framework("8600000"),), (budget,))
    assert [found["values"] for found in conflicts(quads, "other-scope")] == [
        {code("phase", "framework"), code("phase", "coordinationBudget")}
    ] * listed
    assert not conflicts(fuse(made.extracted("a", made.framework("8600000"), budget)), "other-scope")


def test_the_order_of_quads_changes_nothing() -> None:
    quads = made.extracted("a", made.theme(), *made.group(), made.contact()) + made.extracted(
        "b", *made.single(), date=None
    )
    shuffled = list(quads)
    random.Random(7).shuffle(shuffled)
    assert fuse(quads) == fuse(shuffled)


TOLD_BY_REVIEW = "Verkostojen yhteinen koordinaatio"
OTHER_THEME = "Tuki ja koordinaatio yhteistyössä"


def coordination(name: str, line: int) -> Project:
    stated = Stated(Text(name), made.at(line, name))
    return Project(name, stated, made.THEME, coordination=Stated(True, made.at(line, f"hankkeen {name} avulla")))


def other_theme() -> Theme:
    return replace(made.theme(), name=Stated(Text(OTHER_THEME), made.at(60, OTHER_THEME)))


def test_a_theme_named_as_a_coordination_project_is_no_project_but_a_conflict() -> None:
    form = made.extracted(
        "form", made.theme(), coordination(TOLD_BY_REVIEW, 11), coordination("Tuki ja koordinaatio yhteis työssä", 12)
    )
    quads = fuse(made.extracted("review", made.theme(), other_theme(), coordination(TOLD_BY_REVIEW, 50)) + form)
    (project,) = {q.s for q in quads if not q.g and q.p == A and q.o == tg("Project")}
    assert values(quads, THEME, tg("coordinationProject")) == {project}
    (found,) = [c for c in conflicts(quads, "different-value") if c["property"] == {tg("coordinationProject")}]
    assert found["about"] == {THEME}
    assert found["chosen"] == {project}
    assert found["values"] == {project, thing("theme", "tuki-ja-koordinaatio-yhteistyossa")}
    aside = {q.s for q in quads if q.g and q.p == LABEL and lexical(q.o) == "Tuki ja koordinaatio yhteis työssä"}
    assert len(aside) == 1
    assert not [q for q in quads if not q.g and {q.s, q.o} & aside]


@pytest.mark.parametrize("listed", [True, False])
def test_a_project_with_a_themes_name_stays_where_it_is_listed_or_the_only_one(listed: bool) -> None:
    part = Participation(OTHER_THEME, Stated("Keksitty säätiö sr", made.at(13)))
    more = (coordination(TOLD_BY_REVIEW, 11), part) if listed else ()
    quads = fuse(made.extracted("a", made.theme(), other_theme(), coordination(OTHER_THEME, 12), *more))
    projects = {q.s for q in quads if not q.g and q.p == A and q.o == tg("Project")}
    assert len(projects) == (2 if listed else 1)
    assert values(quads, THEME, tg("coordinationProject")) == projects


def test_a_sub_theme_is_called_as_it_begins_with_a_capital() -> None:
    small, large = (Stated(words, made.at(line, words)) for words, line in (("ohut lanka", 5), ("Ohut lanka", 9)))
    quads = fuse(made.extracted("a", made.theme(sub_themes=(small, large))))
    (node,) = {q.s for q in quads if not q.g and q.p == A and q.o == tg("SubTheme")}
    assert {lexical(v) for v in values(quads, node, LABEL)} == {"Ohut lanka"}
    assert {lexical(v) for v in values(quads, node, ALT_LABEL)} == {"ohut lanka"}


def test_sub_themes_that_differ_in_inflection_or_a_few_words_are_one() -> None:
    def of(text: str, line: int) -> Theme:
        return replace(made.theme(), sub_themes=(Stated(text, made.at(line, text)),))

    long = "Ikääntyville henkilöille kehitettävät työkyvyn tuen menetelmät ja toimenpiteet, jotka sisältävät palvelut"
    quads = two((of("Ikääntyville henkilöille kehitetään työkyvyn tuen menetelmiä", 9),), (of(long, 9),))
    (node,) = values(quads, THEME, tg("subTheme"))
    assert len(values(quads, node, LABEL)) == 1
    assert len(values(quads, node, ALT_LABEL)) == 1
    apart = two(
        (of("Vieraskielisten tukeminen työelämässä", 9),), (of("Vieraskielisten tukeminen peruspalveluissa", 9),)
    )
    assert len(values(apart, THEME, tg("subTheme"))) == 2


def test_a_unit_takes_part_as_the_organisation_it_belongs_to() -> None:
    name = "Kirkkopalvelut/STEP-koulutus"
    project = Project("S39001", Stated(Text("Kokeilu"), made.at(20, "Kokeilu")), made.THEME)
    quads = fuse(made.extracted("a", made.theme(), project, Participation("S39001", Stated(name, made.at(21, name)))))
    assert {q.o for q in quads if q.p == tg("implementer")} == {thing("organisation", "kirkkopalvelut-ry")}
    unit, parent = thing("organisation", "kirkkopalvelut-step-koulutus"), thing("organisation", "kirkkopalvelut-ry")
    assert values(quads, unit, "<http://www.w3.org/ns/org#unitOf>") == {parent}


def test_a_call_is_named_by_its_dates_and_theme_and_keeps_its_printed_name() -> None:
    printed = "Talvella avatussa haussa"
    opens, closes = Stated("2024-01-15", made.at(40, "15.1.")), Stated("2024-03-15", made.at(40, "15.3.2024"))
    call = Call("first", Stated(Text(printed), made.at(40, printed)), made.THEME, opens, closes)
    quads = fuse(made.extracted("a", made.theme(), call))
    (node,) = {q.s for q in quads if q.p == A and q.o == tg("Call") and not q.g}
    assert f'"Hankehaku 15.1.–15.3.2024, {made.THEME}"@fi' in values(quads, node, LABEL)
    assert f'"Call for projects 15 January – 15 March 2024, {made.THEME}"@en' in values(quads, node, LABEL)
    assert values(quads, node, ALT_LABEL) == {f'"{printed}"@fi'}


def test_an_uncertain_passage_says_so() -> None:
    stated = made.framework("14000000")
    quads = fuse(made.extracted("a", replace(stated, origin=replace(stated.origin, certainty="likely"))))
    assert {q.o for q in quads if q.p == tg("certainty")} == {code("certainty", "likely")}


def test_a_coordination_project_that_is_only_named_is_in_the_theme_that_lists_it() -> None:
    """A form names it before its contact person: it serves that theme; a review lists it, with its implementer, in another."""
    part = Participation(TOLD_BY_REVIEW, Stated("Keksitty säätiö sr", made.at(13)))
    listed = replace(coordination(TOLD_BY_REVIEW, 50), theme=OTHER_THEME)
    review = made.extracted("review", made.theme(), other_theme(), listed, part)
    quads = fuse(review + made.extracted("form", made.theme(), coordination(TOLD_BY_REVIEW, 11)))
    (project,) = {q.s for q in quads if not q.g and q.p == A and q.o == tg("Project")}
    assert values(quads, project, tg("inTheme")) == {thing("theme", "tuki-ja-koordinaatio-yhteistyossa")}
    assert values(quads, THEME, tg("coordinationProject")) == {project}
    alone = fuse(made.extracted("form", made.theme(), coordination(TOLD_BY_REVIEW, 11)))
    assert {q.o for q in alone if not q.g and q.p == tg("inTheme")} == {THEME}


@pytest.mark.parametrize(("whole", "listed"), [("30000000", True), ("24000000", False)])
def test_money_with_regions_that_its_parts_miss_is_listed(whole: str, listed: bool) -> None:
    review = made.extracted("review", made.theme(), replace(made.framework(whole, scope=None), phase="withRegions"))
    parts = (("4000000", "coordinationBudget", 8), ("20000000", "regionalBudget", 9))
    money = [replace(made.framework(amount, line, scope=None), phase=phase) for amount, phase, line in parts]
    quads = fuse(review + made.extracted("letter", made.theme(), *money, date="2022-06-01"))
    found = conflicts(quads, "parts-do-not-add-up")
    assert [{lexical(v) for v in f["values"]} for f in found] == [{whole, "24000000"}] * listed
