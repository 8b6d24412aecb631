"""Names: repair, slugs, keys, case forms, lists. The names are invented unless they are public bodies; the traps are real."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.names import Registry, key, kind_by_form, organisations_at_end, repair, slug, split
from loaders.names.keys import ely_centre, identifier, nominative, parse
from tests.cases import each

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "data" / "reference"

REPAIRED = [
    ("Kaisla-\nammattikorkeakoulu\nOy", "Kaisla-ammattikorkeakoulu Oy"),
    ("Kaisla- ammattikorkeakoulu Oy", "Kaisla-ammattikorkeakoulu Oy"),
    ("Hämeen ELY-\n\nkeskus", "Hämeen ELY-keskus"),
    ("Itä- Suomen yliopisto", "Itä-Suomen yliopisto"),
    ("Ensi- ja turvakotien liitto", "Ensi- ja turvakotien liitto"),
    ("elinkeino-, liikenne-\nja ympäristökeskus", "elinkeino-, liikenne- ja ympäristökeskus"),
    ("Työ- ja elinkeino- ministeriö", "Työ- ja elinkeinoministeriö"),
    ("Tuulen ammattikorkea-\nkoulu Oy", "Tuulen ammattikorkeakoulu Oy"),
    ("Saaren hyvin-\nvointialue", "Saaren hyvinvointialue"),
    ("Kuntoutus-\nsäätiö", "Kuntoutussäätiö"),
    ("Aalto-\nsäätiö", "Aalto-säätiö"),
    ("Rauni Keto-\nLahti", "Rauni Keto-Lahti"),
    ("ravintola-\nalalla", "ravintola-alalla"),
    ("koordi-\nnointi", "koordinointi"),
    ("Opistokeskus Salpa -\nkuntayhtymä", "Opistokeskus Salpa -kuntayhtymä"),
    ("Taito - Työn malli", "Taito - Työn malli"),
    ("Sata\u00adkunnan\u00a0kaupunki\u202f ", "Satakunnan kaupunki"),
    ("Keski\u2011Suomen liitto", "Keski-Suomen liitto"),
    ("A\u0308a\u0308nen kaupunki", "Äänen kaupunki"),
]


@each(("printed", "name"), REPAIRED)
def test_repair_undoes_line_breaks_only(printed: str, name: str) -> None:
    assert repair(printed) == name


@given(st.text(max_size=80))
def test_repair_is_stable_and_slug_is_ascii(text: str) -> None:
    assert repair(repair(text)) == repair(text)
    assert slug(text).isascii()
    assert slug(text) == slug(text).strip("-").lower()


def test_slugs_stay() -> None:
    assert slug("Åbo Akademi") == "abo-akademi"
    assert slug("Lappeenrannan–Lahden yliopisto (LUT)") == "lappeenrannan-lahden-yliopisto-lut"
    assert slug("Łódź & Ærø") == "lodz-aero"
    assert slug("Министерство") != slug("Ведомство")


SAME = [
    ("Kaisla-ammattikorkeakoulu Oy", "KAISLA-AMMATTIKORKEAKOULU"),
    ("Kaisla- ammattikorkeakoulu oy", "Kaisla-ammattikorkeakoulu"),
    ("Virran säätiö sr", "Virran säätiö"),
    ("Aallon yliopisto oy", "Aallon Yliopisto"),
    ("Kotien liitto r.y", "Kotien liitto ry"),
    ("Kotien liitto r.y.", "Kotien liitto"),
    ("Yrkeshögskolan Havet Ab", "Yrkeshögskolan Havet"),
    ("Business Saari Oy Ab", "Business Saari Oy"),
    ("Saaren seudun koulutusky.Aava", "Saaren seudun koulutuskuntayhtymä Aava"),
    ("Koul.keskus Salpa-kuntayht.", "Koulutuskeskus Salpa -kuntayhtymä"),
    ("Kotien liitto ry, Hemmens förbund rf", "Kotien liitto ry"),
    ("Opiston kannatusyhdistys r.y. - Understödsföreningen för institutet r.y.", "Opiston kannatusyhdistys ry"),
    ("Saaren kaupungin", "Saaren kaupunki"),
    ("Metsän hyvinvointialueelle", "Metsän hyvinvointialue"),
    ("Kaskin yhdistyksen", "Kaskin yhdistys ry"),
    ("Niityn talo ry:n", "Niityn talo ry"),
    ("Kaisla-ammattikorkeakoulu Oy (päätoteuttaja)", "Kaisla-ammattikorkeakoulu Oy"),
]

DIFFERENT = [
    ("Vihreä Niitty ry", "Vihreä Niitty Oy"),
    ("Vihreä Niitty ry", "Vihreä Niitty säätiö"),
    ("Saaren yliopisto", "Saaren ammattikorkeakoulu"),
    ("Saaren yliopisto", "Saaren yliopistosäätiö"),
    ("Saaren yliopisto", "Saaren yliopiston ylioppilaskunta"),
    ("Savon koulutuskuntayhtymä", "Itä-Savon koulutuskuntayhtymä"),
    ("Etelä-Niemen ELY-keskus", "Pohjois-Niemen ELY-keskus"),
    ("Niemen kunta", "Niemen kuntayhtymä"),
    ("Niemen osuuskunta", "Niemen kunta"),
    ("Åbo Akademi", "Ab Yrkeshögskolan vid Åbo Akademi"),
    ("Kotien liitto ry", "Kotien liitto Oy"),
]


@each(("one", "other"), SAME)
def test_spellings_of_one_name_share_key_and_identifier(one: str, other: str) -> None:
    assert key(one) == key(other)
    assert identifier(one) == identifier(other)


@each(("one", "other"), DIFFERENT)
def test_names_of_different_bodies_never_meet(one: str, other: str) -> None:
    assert key(one) != key(other)
    assert identifier(one) != identifier(other)
    assert Registry.load().organisation_key(one) != Registry.load().organisation_key(other)


@each(
    ("stated", "name"),
    [
        ("Keski-Suomen ELY-keskuksen", "Keski-Suomen ELY-keskus"),
        ("TEM:n", "TEM"),
        ("STM:llä", "STM"),
        ("Hämeen ELYä", "Hämeen ELY"),
        ("opetus- ja kulttuuriministeriöltä", "opetus- ja kulttuuriministeriö"),
        ("Opetushallituksesta", "Opetushallitus"),
        ("Oulun yliopistoon", "Oulun yliopisto"),
        ("SAAREN KAUPUNGIN", "SAAREN KAUPUNKI"),
        ("Saaren yliopiston ylioppilaskunta", "Saaren yliopiston ylioppilaskunta"),
        ("Yhtiö Niin Oy", "Yhtiö Niin Oy"),
    ],
)
def test_case_forms_become_nominative(stated: str, name: str) -> None:
    assert nominative(stated) == name


def test_legal_forms_come_off() -> None:
    assert parse("Ab Yrkeshögskolan vid Havet") == ("Yrkeshögskolan vid Havet", "oy")
    assert parse("Oy Niitty Ltd").form == "oy"
    assert parse("Kaupan liitto r. y.") == ("Kaupan liitto", "ry")
    assert parse("Tampereen kaupunki").form is None


@each(
    "name",
    [
        "Hämeen elinkeino-, liikenne- ja ympäristökeskus",
        "Hämeen elinkeino-  liikenne- ja ympäristökeskus",
        "Hämeen elinkeino-, liikenne- ja ympäristökeskuksen",
        "Hämeen ELY",
        "Hämeen ELY- keskuksen",
        "HÄMEEN ELY-KESKUS",
        "Häme ELY Centre",
        "Centre for Economic Development, Transport and the Environment for Häme",
        "Närings-, trafik- och miljöcentralen i Tavastland",
        "Hämeen ELY-keskus, yritystuet",
    ],
)
def test_an_ely_centre_is_found_in_every_form(name: str) -> None:
    assert Registry.load().organisation_key(name) == "ely-hame"
    assert ely_centre("Kaupungin liitto") == "Kaupungin liitto"


KINDS = [
    ("Niemen kaupunki", "municipality"),
    ("Niemen kunnan", "municipality"),
    ("Satakunnassa", None),
    ("Niemen hyvinvointialue", "wellbeing-county"),
    ("Kaisla-ammattikorkeakoulu Oy", "university-of-applied-sciences"),
    ("Yrkeshögskolan Havet Ab", "university-of-applied-sciences"),
    ("Rapids University of Applied Sciences", "university-of-applied-sciences"),
    ("University of the Rapids", "university"),
    ("Saaren koulutuskuntayhtymä", "joint-authority"),
    ("Koulutuskuntayhtymä Aava", "joint-authority"),
    ("Virran säätiö sr", "foundation"),
    ("Me-talo sr", "foundation"),
    ("Niityn talo ry", "association"),
    ("Nuorten liitto", "association"),
    ("Pohjois-Savon liitto", "regional-council"),
    ("Niitty Oy", "company"),
    ("Osuuskunta Niitty", "cooperative"),
    ("Niityn seurakunta", "church"),
    ("Etelä-Niemen ELY-keskus", "ely-centre"),
    ("Sään laitos Oy", "company"),
    ("Niitty", None),
]


@each(("name", "kind"), KINDS)
def test_a_name_tells_its_kind(name: str, kind: str | None) -> None:
    assert Registry.load().type_of(name) == kind
    if kind not in ("regional-council",):
        assert kind_by_form(name) == kind


LISTS = [
    ["Kaisla-ammattikorkeakoulu Oy", "Niemen Ammattikorkeakoulu Oy", "Yrkeshögskolan Havet Ab"],
    ["Ensi- ja turvakotien tuki ry", "Niemen ensi- ja turvakotiyhdistys ry", "Niemen Ensi- ja Turvakoti ry"],
    ["Terveyden ja hyvinvoinnin laitos", "Ylisen ja Alisen hyvinvointialue", "Niityn talo ry"],
    ["Kulttuurin ja liikunnan laitos", "Lasten ja vanhusten keskus ry"],
    ["Niemen kaupunki", "Niemen opisto Oy", "Niemen seudun koulutuskuntayhtymä Aava"],
    [
        "Havets universitet",
        "Norra Skärgårdens förbund för Hälsa och Vård",
        "Ab Yrkeshögskolan vid Havet",
        "Laxen Utbildning Ab",
    ],
    ["Niityn talo ry", "Rannikkokuntien liitto Meri ry, Kustkommunernas förbund Hav rf", "Niemen kaupunki"],
    ["Rapids University", "Omena, the Joint Authority of Education in the Valley region", "City of Rapids"],
    ["Kaisla-säätiö", "Kirkon Tupa/STEP-koulutus", "Virran säätiö"],
    ["Niemen kaupunki, sivistyksen ja kasvun toimiala", "Niityn talo ry"],
    ["Koski (Kajo, Oulunkylä) Oy", "Ranta Oy"],
    ["Koulutuskeskus Salpa -kuntayhtymä", "Business Saari Oy Ab", "Kotien liitto ry"],
    ["Lasten, nuorten ja vanhempien tuki ry", "Perheiden talo ry"],
]
ENDINGS = [", ", " ja ", " sekä ", ", ja "]


@each("names", LISTS, ids=lambda names: names[0])
@each("ending", ENDINGS)
def test_a_list_comes_apart_into_its_names(names: list[str], ending: str) -> None:
    text = ", ".join(names[:-1]) + ending + names[-1] + "."
    pieces = split(text)
    assert [piece.name for piece in pieces] == names
    assert [text[piece.start : piece.end] for piece in pieces] == names


def test_a_conjunction_before_the_last_comma_belongs_to_a_name() -> None:
    names = ["Kulttuurikeskus Aava ja Meri ry", "Perheiden talo ry", "Niityn talo ry"]
    assert [piece.name for piece in split(", ".join(names))] == names


@each("names", LISTS, ids=lambda names: names[0])
def test_a_name_of_a_list_is_one_piece_alone(names: list[str]) -> None:
    for name in names:
        assert [piece.name for piece in split(name)] == [name]


def test_lists_without_blanks_and_over_lines() -> None:
    text = "Hämeen ammattikorkeakoulu Oy,Niemen Ammattikorkeakoulu \nOy, Itä-\nSuomen yliopisto"
    pieces = split(text)
    assert [p.name for p in pieces] == [
        "Hämeen ammattikorkeakoulu Oy",
        "Niemen Ammattikorkeakoulu Oy",
        "Itä-Suomen yliopisto",
    ]
    assert text[pieces[2].start : pieces[2].end] == "Itä-\nSuomen yliopisto"
    assert [p.name for p in split("Niitty Oy\nMetsän tuki ry")] == ["Niitty Oy", "Metsän tuki ry"]
    assert [p.name for p in split("Niityn\nopisto TAIMI Oy")] == ["Niityn opisto TAIMI Oy"]
    assert split("") == []


def test_ministries_of_a_sentence() -> None:
    text = "työ- ja elinkeinoministeriön, opetus- ja kulttuuriministeriön sekä sosiaali- ja terveysministeriön"
    assert [Registry.load().ministry(p.name) for p in split(text)] == ["tem", "okm", "stm"]
    assert [Registry.load().ministry(p.name) for p in split("TEM, OKM ja YM")] == ["tem", "okm", "ym"]
    assert Registry.load().ministry("ym.") is None
    assert Registry.load().ministry("Hämeen ELY-keskus") is None


def test_organisations_that_end_a_line() -> None:
    assert [
        p.name for p in organisations_at_end("Vanhojen, sairaiden ja perheiden osallisuuden koordinaatio, THL")
    ] == ["THL"]
    text = "Lasten, nuorten ja perheiden koordinaatio, Niityn Akatemia ja Kaisla-säätiö"
    assert [p.name for p in organisations_at_end(text)] == ["Niityn Akatemia", "Kaisla-säätiö"]
    assert organisations_at_end("Kohti uutta työtä") == []


def _pairs() -> list[dict[str, str]]:
    path = REFERENCE / "labelled_name_pairs.tsv"
    if not path.exists():
        pytest.skip("the labelled name pairs are not beside the repository")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_labelled_pairs_precision_and_recall() -> None:
    registry = Registry.load()
    same = {(p["name_a"], p["name_b"]): p["same"] == "1" for p in _pairs()}
    merged = {pair for pair in same if registry.organisation_key(pair[0]) == registry.organisation_key(pair[1])}
    assert [pair for pair in merged if not same[pair]] == []
    assert [pair for pair, is_same in same.items() if is_same and pair not in merged] == []


def test_labelled_pairs_by_rules_alone_stay_precise() -> None:
    nothing_known = Registry({}, {})
    merged = [
        p
        for p in _pairs()
        if nothing_known.organisation_key(p["name_a"]) == nothing_known.organisation_key(p["name_b"])
    ]
    assert [p for p in merged if p["same"] != "1"] == []
    assert len(merged) >= 37


def test_real_provider_names_merge_only_where_the_name_itself_is_shared() -> None:
    path = REFERENCE / "antero_ytunnus_names.csv"
    if not path.exists():
        pytest.skip("the provider names are not beside the repository")
    with path.open(encoding="utf-8") as file:
        rows = [(row["y_tunnus"], row["name"]) for row in csv.DictReader(file)]
    by_key: dict[str, set[tuple[str, str]]] = {}
    for business_id, name in rows:
        by_key.setdefault(Registry.load().organisation_key(name), set()).add((business_id, name))
    false = [
        (one, other)
        for members in by_key.values()
        for one, other in combinations(sorted(members), 2)
        if one[0] != other[0] and not _share_a_spelling(members, one[0], other[0])
    ]
    assert false == []


def _share_a_spelling(members: set[tuple[str, str]], one: str, other: str) -> bool:
    """The source itself gives both legal persons the same name: a homonym, which no rule on names can tell apart."""
    names = [{name.casefold() for business_id, name in members if business_id == wanted} for wanted in (one, other)]
    return bool(names[0] & names[1])


def test_a_whole_name_before_a_conjunction_is_parted_from_a_name_with_one() -> None:
    names = [p.name for p in split("Keksinnän laitos ja Mieli ja Toive ry")]
    assert names == ["Keksinnän laitos", "Mieli ja Toive ry"]


def test_letters_of_mathematics_give_a_slug_in_lower_case() -> None:
    assert slug("0\N{MATHEMATICAL BOLD CAPITAL A}") == "0a"


def test_a_body_of_the_swedish_speaking_is_no_second_name_of_the_one_before_it() -> None:
    names = ["Keksityt liitto ry", "Finlands svenska Drömförbund rf"]
    assert [p.name for p in split(", ".join(names))] == names
    assert len(split("Keksityt liitto Helmi ry, Drömförbundet Helmi rf")) == 1
