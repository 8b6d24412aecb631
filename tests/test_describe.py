from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import graph
from engine.conflicts import conflicts
from engine.describe import NotFoundError, describe, find
from engine.fusion import fuse
from engine.store import open_store, replacing, write_quads
from loaders.rdf.terms import ID, LABEL, TG, Quad, literal
from loaders.records import Project, Record, Stated, Text
from tests import readings as made


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    new = made.extracted("uusi", made.theme(objective="4.3"), made.framework("14000000"), *made.group(), made.contact())
    old = made.extracted(
        "vanha", made.theme(objective="4.h", end="2026-12-31"), made.call("2022-08-19"), date="2022-06"
    )
    path = tmp_path_factory.mktemp("described") / "s"
    with replacing(path) as version:
        write_quads(version, [quad.line() for quad in fuse(new + old)])
    return path


@pytest.fixture(scope="module")
def store(path: Path) -> ox.Store:
    return open_store(path)


@pytest.mark.parametrize(
    ("words", "iri"),
    [
        (made.THEME, "theme/aaripaan-verkostot"),
        ("ÄÄRIPÄÄN  verkostot", "theme/aaripaan-verkostot"),
        ("R-09001", "project/R-09001"),
        ("r-09001", "project/R-09001"),
        ("TEM", "organisation/tem"),
        ("Hämeen ELY", "organisation/ely-hame"),
        (f"<{ID}theme/aaripaan-verkostot>", "theme/aaripaan-verkostot"),
    ],
)
def test_a_thing_is_found_by_name_code_spelling_or_iri(store: ox.Store, words: str, iri: str) -> None:
    assert find(store, words)[0].iri == ID + iri


def test_a_name_that_is_not_there_is_answered_with_the_nearest(store: ox.Store) -> None:
    with pytest.raises(NotFoundError, match="did you mean 'Ääripään verkostot'"):
        find(store, "Aaripaan verkosto")
    with pytest.raises(NotFoundError, match="search"):
        find(store, "zzzzzz")


def test_an_iri_that_is_not_there_is_an_error_and_no_way_into_the_query(store: ox.Store) -> None:
    for words in (f"{ID}theme/none", f"{ID}theme/x> }} DELETE WHERE {{ ?s ?p ?o }} #"):
        with pytest.raises(NotFoundError):
            find(store, words)


def test_a_description_holds_each_fact_with_every_place(store: ox.Store) -> None:
    description = describe(store, find(store, made.THEME)[0])
    facts = {(f.property, f.value): f.places for f in description.facts}
    assert [str(p) for p in facts["endDate", "2027-12-31"]] == ["uusi, p. 1, line 6"]
    assert [str(p) for p in facts["endDate", "2026-12-31"]] == ["vanha, p. 1, line 6"]
    assert len(facts["intermediateBody", "Hämeen ELY-keskus"]) == 2
    assert ("amount", "14000000") in facts, "the observation about the theme"
    assert ("closes", "2022-08-19") in facts, "the call of the theme"
    assert "Ryhmä" in description.referrers["inTheme"]


def test_what_others_say_of_a_passage_does_not_move_it(store: ox.Store) -> None:
    theme, own = find(store, made.THEME)[0], ox.Store()
    own.extend(store)
    for passage in [q.subject for q in store.quads_for_pattern(None, ox.NamedNode(f"{TG}verbatim"), None, None)]:
        for name in ("lineStart", "row"):
            own.add(ox.Quad(passage, ox.NamedNode(TG + name), ox.Literal("moved"), ox.NamedNode("urn:own")))
    assert describe(own, theme).facts == describe(store, theme).facts


def test_contact_persons_are_shown_on_request_only(store: ox.Store) -> None:
    theme = find(store, made.THEME)[0]
    assert "Aino Esimerkki" not in {f.value for f in describe(store, theme).facts}
    assert "Aino Esimerkki" in {f.value for f in describe(store, theme, with_contacts=True).facts}


def test_conflicts_come_with_places_and_by_kind(store: ox.Store) -> None:
    (changed,) = conflicts(store, "changed-over-time")
    assert (changed.label, changed.property, changed.chosen) == (made.THEME, "endDate", "2027-12-31")
    assert [(a.value, [p.document for p in a.passages]) for a in changed.alternatives] == [
        ("2027-12-31", ["uusi"]),
        ("2026-12-31", ["vanha"]),
    ]
    (notation,) = conflicts(store, "other-notation")
    assert {a.value for a in notation.alternatives} == {"4.3", "4.h"}
    assert len(conflicts(store)) == len(conflicts(store, "changed-over-time")) + len(conflicts(store, "other-notation"))


def test_a_fact_told_twice_at_the_same_lines_shows_its_place_once(tmp_path: Path) -> None:
    named, cue = made.at(5, "Yhteinen koordinaatio"), made.at(5, "hankkeen Yhteinen koordinaatio avulla")
    project = Project(named.words, Stated(Text(named.words), named), made.THEME, coordination=Stated(True, cue))
    theme = made.theme(coordinated_by=(Stated(named.words, named),))
    with replacing(tmp_path / "s") as version:
        write_quads(version, [quad.line() for quad in fuse(made.extracted("uusi", theme, project))])
    store = open_store(tmp_path / "s")
    facts = {f.property: f.places for f in describe(store, find(store, made.THEME)[0]).facts}
    assert [(p.lineStart, p.words) for p in facts["coordinationProject"]] == [(5, cue.words)]


def test_a_thing_that_only_a_passage_holds_is_shown_by_the_name_it_has_there(tmp_path: Path) -> None:
    other = Stated(Text("Toinen teema"), made.at(50, "Toinen teema"))
    records: list[Record] = [made.theme(), replace(made.theme(), name=other)]
    for line, name in ((5, "Yhteinen koordinaatio"), (6, "Toinen teema")):
        at = made.at(line, name)
        records.append(Project(name, Stated(Text(name), at), made.THEME, coordination=Stated(True, at)))
    with replacing(tmp_path / "s") as version:
        write_quads(version, [quad.line() for quad in fuse(made.extracted("uusi", *records))])
    store = open_store(tmp_path / "s")
    facts = describe(store, find(store, made.THEME)[0]).facts
    assert {f.value for f in facts if f.property == "coordinationProject"} == {"Yhteinen koordinaatio", "Toinen teema"}


def test_what_no_document_states_is_told_apart(store: ox.Store) -> None:
    ministry = describe(store, find(store, "TEM")[0])
    known = {(k.property, k.value) for k in ministry.known}
    assert ("notation", "TEM") in known
    assert ("sameOrganisation", "TEM") not in known
    group = describe(store, find(store, "R-09001")[0])
    assert ("implementer", "Keksitty säätiö sr") in {(k.property, k.value) for k in group.known}, "derived"
    assert "groupCode" not in {k.property for k in group.known}, "a document states it"
    assert made.THEME in ministry.referrers["leadMinistry"]


def test_a_statement_that_another_has_replaced_is_marked(store: ox.Store) -> None:
    facts = {(f.property, f.value): f.current for f in describe(store, find(store, made.THEME)[0]).facts}
    assert facts["endDate", "2027-12-31"]
    assert not facts["endDate", "2026-12-31"]
    contact = [f for f in describe(store, find(store, made.THEME)[0], with_contacts=True).facts if f.property == "name"]
    assert [(f.value, f.current) for f in contact] == [("Aino Esimerkki", True)]


def test_a_document_tells_what_it_speaks_of(store: ox.Store) -> None:
    document = describe(store, find(store, "uusi")[0])
    assert document.states["Project"] == 1
    assert document.states["Participation"] == 2
    assert ("layout", "review") in {(k.property, k.value) for k in document.known}


def test_facts_of_the_same_words_stand_together(path: Path) -> None:
    printed = CliRunner().invoke(graph.cli, ["describe", "R-09001", "--store", str(path)]).stdout
    assert (
        "  nameAsStated: Keksitty säätiö sr · organisation: Keksitty säätiö sr\n      uusi, p. 1, line 30: ”" in printed
    )
    assert "  implementer: Keksitty säätiö sr · Toinen yhdistys ry\n" in printed


def test_the_text_has_a_section_for_each_kind_of_statement(path: Path) -> None:
    def lines(name: str) -> list[str]:
        return CliRunner().invoke(graph.cli, ["describe", name, "--store", str(path)]).stdout.splitlines()

    theme = lines(made.THEME)
    assert theme[:2] == [made.THEME, f"Theme  {ID}theme/aaripaan-verkostot"]
    assert "  endDate: 2026-12-31 (replaced by a newer or more precise statement)" in theme
    at = theme.index("Documents disagree")
    assert theme[at - 1] == ""
    assert theme[at + 1 : at + 3] == ["  changed-over-time: endDate", "    2027-12-31  (uusi:6)"]
    document = lines("uusi")
    spoken = document[document.index("Speaks of") + 1]
    assert spoken.startswith("  ")
    assert "1 Project" in spoken
    assert not [n for n, line in enumerate(theme[1:]) if not line and not theme[n]], "one empty line before a heading"


def test_of_the_names_of_a_thing_the_nearest_is_proposed(tmp_path: Path) -> None:
    thing = f"<{ID}theme/aaripaan-tuki>"
    names = (("Support for those far away", "en"), ("Ääripään tuki", "fi"), ("Stöd", "sv"))
    with replacing(tmp_path / "s") as version:
        write_quads(version, [Quad(thing, LABEL, literal(name, lang)).line() for name, lang in names])
    with pytest.raises(NotFoundError, match=r"did you mean 'Ääripään tuki'\?"):
        find(open_store(tmp_path / "s"), "Ääripään tuen")
