"""Which IRIs mean one project, call, sub-theme; which projects are really themes; what follows from the view."""

from __future__ import annotations

import pytest

from engine.fusion.conflict import Alternative, Conflict
from engine.fusion.identity import REPLACED, aliases, became, name_key, near_equal, set_aside, unify
from engine.fusion.reference import names_as_stated, registry, registry_facts, single_valued, theme_names, vocabulary
from engine.fusion.view import derive
from loaders.rdf.terms import (
    ALT_LABEL,
    CONCEPT,
    ID,
    LABEL,
    PREF_LABEL,
    A,
    Quad,
    code,
    date,
    language,
    lexical,
    literal,
    tg,
    thing,
)
from tests.cases import each
from tests.fusion.statements import THEME, collected, named, said, source

OTHER = thing("theme", "rantaniitty")
CODED, GROUP, NAMED = thing("project", "S39001"), thing("project", "R-39"), thing("project", "kaislikko", "kokeilu")


@each(
    ("label", "key"),
    [
        ("Kokeilu-hanke", "kokeilu"),
        ("KOKEILU hanke (2024)", "kokeilu"),
        ("Kokeilu ESR-projekti", "kokeilu"),
        ("Kokeilu project", "kokeilu"),
        ("Kokeilu (x) jatkuu", "kokeilu-x-jatkuu"),
        ("Koordinaatiohanke", ""),
        ("Koordinoiva hanke", ""),
        ("Coordination project", ""),
        ("Ryhmähanke", ""),
        ("hanke", ""),
    ],
)
def test_a_projects_name_without_its_kind(label: str, key: str) -> None:
    assert name_key(label) == key


def project(
    node: str, name: str = "Kokeilu", theme: str = THEME, document: str = "a", *, kind: str = "Project"
) -> list[Quad]:
    return said(document, 1, *named(node, kind, name), (node, tg("inTheme"), theme))


def test_projects_of_one_name_in_one_theme_are_one() -> None:
    assert aliases([*project(CODED), *project(NAMED, "Kokeilu-hanke")]) == {NAMED: CODED}
    assert aliases([*project(CODED, theme=OTHER), *project(NAMED)]) == {}
    assert aliases([*project(CODED), *project(NAMED, "Toinen")]) == {}
    assert aliases([*project(CODED), *project(thing("project", "S39002"))]) == {}
    assert aliases([*project(CODED, "Hanke"), *project(NAMED, "Hanke")]) == {}
    assert aliases([*project(CODED), *project(thing("project", "S39002")), *project(NAMED)]) == {}


def test_a_project_is_in_the_theme_that_its_key_begins_with_and_in_the_one_it_serves() -> None:
    bare = said("a", 2, *named(NAMED, "Project", "Kokeilu"))
    assert aliases([*project(CODED), *bare]) == {NAMED: CODED}
    slug = thing("project", "kokeilu")
    served = said("a", 2, *named(slug, "Project", "Kokeilu"), (THEME, tg("coordinationProject"), slug))
    assert aliases([*project(CODED), *served]) == {slug: CODED}
    assert aliases([*project(CODED), *said("a", 2, *named(slug, "Project", "Kokeilu"))]) == {}


def test_the_only_coordination_projects_of_a_name_are_one_across_themes() -> None:
    coordination = {"kind": "CoordinationProject"}
    slug = thing("project", "kokeilu")
    ours = project(slug, theme=OTHER, **coordination)
    assert aliases([*project(CODED, **coordination), *ours]) == {slug: CODED}
    assert aliases([*project(CODED), *ours]) == {}
    assert aliases([*project(CODED, **coordination), *project(slug, theme=OTHER)]) == {}


def test_a_member_code_that_two_projects_have_joins_them() -> None:
    def member(owner: str, key: str) -> list[Quad]:
        return said("a", 3, (owner, tg("participation"), thing("participation", key)))

    projects = [*project(GROUP, "Yksi"), *project(CODED, "Kaksi")]
    for key in ("S39011", "390112", "R-123"):
        assert aliases([*projects, *member(GROUP, key), *member(CODED, key)]) == {CODED: GROUP}
    assert aliases([*projects, *member(GROUP, "virasto"), *member(CODED, "virasto")]) == {}


def test_what_is_keyed_by_a_joined_project_is_keyed_by_its_canonical_one() -> None:
    old, new = "kaislikko/kokeilu", "S39001"
    keyed = [
        Quad(f"<{ID}participation/{old}/virasto>", A, tg("Participation"), "<urn:x:g>"),
        Quad(f"<{ID}observation/project/{old}/2024>", A, tg("FinancialObservation"), "<urn:x:g>"),
        Quad(f"<{ID}share/project/{old}/2024/tem>", tg("shareOf"), f"<{ID}observation/project/{old}/2024>"),
        Quad(f"<{ID}participation/{old}>", A, tg("Participation")),
        Quad(f"<{ID}document/{old}/2024>", A, literal(f"<{ID}project/{old}>")),
    ]
    quads = unify([*project(CODED), *project(NAMED, "Kokeilu-hanke"), *keyed])
    assert Quad(NAMED, REPLACED, CODED) in quads
    assert quads[-6:-1] == [
        Quad(f"<{ID}participation/{new}/virasto>", A, tg("Participation"), "<urn:x:g>"),
        Quad(f"<{ID}observation/project/{new}/2024>", A, tg("FinancialObservation"), "<urn:x:g>"),
        Quad(f"<{ID}share/project/{new}/2024/tem>", tg("shareOf"), f"<{ID}observation/project/{new}/2024>"),
        keyed[3],
        keyed[4],
    ]
    assert unify(keyed) == keyed


def announced(
    key: str, name: str, opens: str, *, theme: str = THEME, kind: str = "Call", document: str = "a"
) -> list[Quad]:
    node = thing("call", "kaislikko", key)
    kinds = {(node, A, tg("Call")), (node, A, tg(kind))}
    triples = (*named(node, "Call", name)[1:], (node, tg("callFor"), theme), (node, tg("opens"), date(opens)))
    return said(document, 1, *sorted(kinds), *triples)


FIRST = announced("2022", "Ensimmäinen haku", "2022")


@each(
    ("later", "one"),
    [
        (announced("b", "Teeman ensimmäinen haku", "2022-05-01"), True),
        (announced("b", "Ensimmäinen haku", "2023-05-01"), True),
        (announced("b", "Ensimmäinen haku", "2021-05-01"), False),
        (announced("b", "Ensimmäinen haku", "2023-05"), False),
        (announced("b", "Ensimmäinen haku", "2023-05-01", theme=OTHER), False),
        (announced("b", "Ensimmäinen haku", "2023-05-01", kind="CoordinationCall"), False),
        (announced("b", "Toinen haku", "2023-05-01"), False),
        (
            announced("b", "Ensimmäinen haku", "2023-05-01") + announced("c", "Ensimmäinen haku", "2023-06-01"),
            False,
        ),
    ],
)
def test_a_call_that_was_announced_is_the_one_that_was_held(later: list[Quad], one: bool) -> None:
    found = became([*FIRST, *later])
    assert found == ({thing("call", "kaislikko", "2022"): thing("call", "kaislikko", "b")} if one else {})


@each(
    ("name", "ordinal"),
    [
        ("Andra utlysningen", True),
        ("First call", True),
        ("Hankkeiden kolmas haku", True),
        ("Neljäs haku", True),
        ("Avoin haku", False),
    ],
)
def test_only_calls_that_are_counted_are_joined(name: str, ordinal: bool) -> None:
    assert bool(became([*announced("x", name, "2023"), *announced("b", name, "2023-05-01")])) is ordinal


def dated(key: str, opens: str, document: str, name: str = "Haku", kind: str = "Call") -> list[Quad]:
    return announced(key, name, opens, document=document, kind=kind)


@each(
    ("later", "one"),
    [
        (dated("b", "2023-03", "b"), True),
        (dated("b", "2023-03-01", "b"), True),
        (dated("b", "2024-03-01", "b"), False),
        (dated("b", "2023-03-01", "a"), False),
        (dated("b", "2023-03-01", "b", kind="CoordinationCall"), False),
        (dated("b", "2023-03-01", "b") + dated("c", "2023-09-01", "b"), False),
        (dated("b", "2023-03-01", "b") + dated("c", "2023", "c"), False),
    ],
)
def test_an_announced_call_is_the_only_one_that_others_know_of_in_its_year(later: list[Quad], one: bool) -> None:
    found = became([*dated("2023", "2023", "a"), *later])
    assert found == ({thing("call", "kaislikko", "2023"): thing("call", "kaislikko", "b")} if one else {})


def test_calls_of_two_ordinals_are_two_though_no_other_is_known_in_the_year() -> None:
    second, first = dated("2023", "2023", "a", "Toinen haku"), dated("b", "2023-03-01", "b", "Ensimmäinen haku")
    assert not became([*second, *first])


def worded(*names: str, kind: str = "sub-theme", theme: str = THEME) -> dict[str, str]:
    prop = tg({"sub-theme": "subTheme", "target-group": "targetGroup"}[kind])
    lines = [
        said("a", n, (theme, prop, thing(kind, str(n))), (thing(kind, str(n)), LABEL, literal(name, "fi")))
        for n, name in enumerate(names)
    ]
    return {lexical(k)[-1]: lexical(v)[-1] for k, v in near_equal([q for line in lines for q in line]).items()}


@pytest.mark.parametrize("kind", ["sub-theme", "target-group"])
def test_wordings_that_are_one(kind: str) -> None:
    assert worded("Kalastajien verkostot rannoilla", "Kalastajat ja verkostoja rannoille", kind=kind) == {"1": "0"}
    assert worded("Kalastajat", "kalastajien", kind=kind) == {"1": "0"}
    assert worded("Kalastajat rannoilla", "Kalastajat rannoilla keväisin", kind=kind) == {}
    five = "kalastajien verkostojen rannoille laiturit"
    assert worded(f"{five} veneille", f"{five} saunoille", kind=kind) == {"1": "0"}
    assert worded(f"{five}", "kalastajien verkostojen rannoille pellot", kind=kind) == {}
    assert worded(five, five, five, kind=kind) == {"1": "0", "2": "0"}


def serving(line: int, theme: str, node: str, name: str, document: str = "form") -> list[Quad]:
    facts = *named(node, "CoordinationProject", name), (theme, tg("coordinationProject"), node)
    return said(document, line, *facts)


def test_a_project_with_another_themes_name_is_that_theme() -> None:
    real, bare = thing("project", "kaislikko", "yhteinen"), thing("project", "kaislikko", "rantaniitty")
    lines = [
        said("a", 1, *named(THEME, "Theme", "Kaislikko")),
        said("a", 2, *named(OTHER, "Theme", "Ranta-niitty")),
        serving(3, THEME, real, "Yhteinen tuki"),
        serving(4, THEME, bare, "Rantaniitty"),
    ]
    values = collected(*lines)
    serves = tg("coordinationProject")
    alternatives = Alternative(real, (source("form", 3),)), Alternative(OTHER, (source("form", 4),))
    assert set_aside(values) == ([Conflict(THEME, serves, "different-value", alternatives, real)], {bare})
    assert set(values.of(THEME, serves)) == {real}
    assert not [key for key in values.statements if key[0] == bare]
    observed = said("form", 5, (thing("observation", "x"), tg("about"), bare))
    listed = said("form", 5, (bare, tg("participation"), thing("participation", "x")))
    for more in (observed, listed):
        assert set_aside(collected(*lines, more)) == ([], set())
    assert set_aside(collected(*lines[:2], lines[3])) == ([], set())
    assert set_aside(collected(lines[0], *lines[2:])) == ([], set())


PART, BODY = thing("participation", "S39001", "x"), thing("organisation", "niityn-virasto")


def test_what_follows_from_a_participation() -> None:
    share = thing("share", "x")
    view = {
        Quad(CODED, tg("participation"), PART),
        Quad(share, tg("participation"), PART),
        Quad(PART, tg("organisation"), BODY),
    }
    plain = {
        Quad(BODY, A, tg("Implementer")),
        Quad(BODY, A, tg("Organisation")),
        Quad(CODED, tg("implementer"), BODY),
    }
    assert set(derive(view)) == plain
    lead = view | {Quad(PART, tg("role"), code("role", "lead"))}
    assert set(derive(lead)) == plain | {Quad(CODED, tg("leadImplementer"), BODY)}
    assert set(derive(view | {Quad(PART, tg("role"), code("role", "partner"))})) == plain
    assert not set(derive(view | plain))


@each(
    ("kind", "wider"),
    [
        ("GroupProject", tg("Project")),
        ("CoordinationProject", tg("Project")),
        ("Ministry", tg("Organisation")),
        ("ELYCentre", tg("Organisation")),
        ("IntermediateBody", tg("Organisation")),
        ("SubTheme", CONCEPT),
        ("TargetGroup", CONCEPT),
    ],
)
def test_super_classes(kind: str, wider: str) -> None:
    assert list(derive({Quad(BODY, A, tg(kind))})) == [Quad(BODY, A, wider)]


def test_short_cuts() -> None:
    assert set(derive({Quad(THEME, tg("intermediateBody"), BODY)})) == {
        Quad(BODY, A, tg("IntermediateBody")),
        Quad(BODY, A, tg("Organisation")),
    }
    assert list(derive({Quad(THEME, tg("leadMinistry"), BODY)})) == [Quad(THEME, tg("ministry"), BODY)]
    assert list(derive({Quad(BODY, PREF_LABEL, '"a"')})) == [Quad(BODY, LABEL, '"a"')]
    serves = Quad(THEME, tg("coordinationProject"), CODED)
    assert list(derive({serves})) == [Quad(CODED, tg("inTheme"), THEME)]
    assert not list(derive({serves, Quad(CODED, tg("inTheme"), OTHER)}))
    assert not list(derive({serves, Quad(OTHER, tg("coordinationProject"), CODED)}))


def test_the_ontology_says_what_is_single_valued() -> None:
    assert {tg("endDate"), tg("amount")} <= single_valued()
    assert tg("participation") not in single_valued()
    assert Quad(tg("Theme"), A, "<http://www.w3.org/2002/07/owl#Class>") in set(vocabulary())
    concepts = {q for q in vocabulary() if q.p == PREF_LABEL}
    assert concepts
    assert {q._replace(p=LABEL) for q in concepts} <= set(vocabulary())
    assert not [q for q in vocabulary() if q.s.startswith("_:") and "-" not in q.s]


def test_a_registry_adds_what_the_view_has_not() -> None:
    facts = registry("organisations.ttl")
    known = next(q for q in facts if q.p == LABEL and language(q.o) == "fi" and q.s.startswith(f"<{ID}organisation/"))
    others = {q for q in facts if q.s == known.s}
    use = Quad(PART, tg("organisation"), known.s)
    assert set(registry_facts({use})) == others
    assert set(registry_facts({use, known})) - {Quad(known.s, ALT_LABEL, known.o)} == others - {known}
    own = Quad(known.s, LABEL, literal("Printed", "fi"))
    assert Quad(known.s, ALT_LABEL, known.o) in set(registry_facts({use, own}))
    assert not list(registry_facts({Quad(PART, tg("organisation"), BODY)}))
    names = dict(theme_names())
    assert names
    assert all(theme.startswith(f"<{ID}theme/") and name for theme, name in names.items())


def test_a_printed_name_is_an_alternative_label() -> None:
    view = {
        Quad(PART, tg("organisation"), BODY),
        Quad(PART, tg("nameAsStated"), '"Virasto"'),
        Quad(CODED, tg("nameAsStated"), '"X"'),
    }
    assert list(names_as_stated(view)) == [Quad(BODY, ALT_LABEL, '"Virasto"@fi')]
