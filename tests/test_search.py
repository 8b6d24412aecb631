"""Search: what a person types finds what is meant, in any form; persons are never found; hostile words are only words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from commands.query import search as command
from engine.search import (
    KINDS,
    Compounds,
    Hit,
    build,
    fold,
    format_hits,
    index_of,
    root,
    roots,
    search,
    stems_in,
    words,
)
from engine.store import current, replacing, write_quads
from loaders.errors import QueryError, QueryUsageError
from tests.cases import each
from tests.example_graph import FOREST, ISLANDS, example_quads, example_store


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "search.sqlite"
    build(example_store(), path)
    return path


def first(index: Path, text: str, *kinds: str) -> str:
    hits = search(index, text, kinds=kinds)
    return hits[0].label if hits else ""


# words


@each(
    "forms",
    [
        "työllisyys työllisyyden työllisyyttä työllisyydestä",
        "Helsinki Helsingin Helsingissä",
        "hanke hankkeen hankkeita hankkeissa",
        "viestintä viestinnän viestintää",
        "kansallinen kansallisen kansalliset",
        "tukeminen tukemisen tukemista",
        "Uusimaa Uudenmaan",
        "Häme Hämeen",
        "keskus keskuksen keskuksessa",
        "osallisuus osallisuuden osallisuutta",
        "kaupunki kaupungin kaupungissa",
    ],
)
def test_forms_of_a_word_share_a_root(forms: str) -> None:
    assert len({root(w) for w in words(forms)}) == 1, {w: root(w) for w in words(forms)}


def test_different_words_keep_different_roots() -> None:
    names = words("Lappi Lahti Lohja Turku Tampere Oulu Kuopio Vaasa Espoo Vantaa Helsinki Kainuu Kokkola Kajaani")
    assert len({root(w) for w in names}) == len(names)


def test_words_are_split_folded_and_freed_of_endings() -> None:
    assert words("TEM:n ESR+:lta työ- ja elinkeino\u00administeriö") == [
        "tem",
        "esr+",
        "työ",
        "ja",
        "elinkeinoministeriö",
    ]
    assert fold("Åbo Yrkeshögskolan Häme") == "abo yrkeshogskolan hame"
    assert roots("Hämeen ELY") == ["ham", "ely"]


def test_swedish_and_english_are_stemmed_as_such() -> None:
    assert set(stems_in("tjänster", "sv")) & set(stems_in("tjänsterna", "sv"))
    assert set(stems_in("services", "en")) & set(stems_in("service", "en"))


def test_compounds_are_taken_apart_by_words_that_stand_alone() -> None:
    compounds = Compounds(words("koordinaatio hanke metsä osaaminen saaristo palvelut työ"))
    assert compounds.parts("koordinaatiohankkeen") == [root("koordinaatio"), root("hanke")]
    assert compounds.parts("metsäosaamisen") == [root("metsä"), root("osaaminen")]
    assert compounds.parts("hanke") == []
    assert compounds.parts("tuntematonsana") == []


# finding


@each(
    ("typed", "found"),
    [
        ("metsäosaaminen", FOREST),
        ("metsaosaamisen", FOREST),
        ("METSÄOSAAMISESTA", FOREST),
        ("saaristopalveluita", ISLANDS),
        ("saaristopalvelut", ISLANDS),
        ("skärgårdens tjänster", ISLANDS),
        ("island services", ISLANDS),
        ("islands service", ISLANDS),
        ("kylätaitajille", "Kylätaitajat"),
        ("kylataitajat", "Kylätaitajat"),
        ("koivuniemi", "Koivuniemen yliopisto"),
        ("Haapasalon kaupungissa", "Haapasalon kaupunki"),
        ("PUPI", "Puusta pidemmälle"),
        ("R-05000", "Puusta pidemmälle"),
        ("S50001", "Metsätaidot koordinoi"),
        ("hame ely", "Hämeen ELY-keskus"),
        ("Hämeen ELY-keskuksesta", "Hämeen ELY-keskus"),
        ("OKM:n", "Opetus- ja kulttuuriministeriö"),
        ("digineuvo", "Kylien digineuvonta"),
        ("lumme", "Kyläyhdistys Lumme ry"),
    ],
)
def test_what_is_meant_comes_first(index: Path, typed: str, found: str) -> None:
    hits = [h for h in search(index, typed) if h.kind != "passage"]
    assert hits[0].label == found, [h.label for h in hits]


def test_parts_of_compounds_are_found(index: Path) -> None:
    assert "Kylätaitajat" in {h.label for h in search(index, "taitajat kylä")}
    assert ISLANDS in {h.label for h in search(index, "palvelujen kehittäminen")}


def test_passages_come_with_their_place(index: Path) -> None:
    hits = search(index, "hankkeita yhdeksän", kinds=("passage",))
    assert hits[0].label == "hankkeita on yhdeksän"
    assert hits[0].place == "katsaus p. 3 l. 74"
    assert hits[0].iri.startswith("https://w3id.org/teemagraafi/id/passage/katsaus/")


def test_all_words_before_some(index: Path) -> None:
    hits = search(index, "Hämeen kaupunki", limit=50)
    assert {h.label for h in hits} >= {"Hämeen ELY-keskus", "Haapasalon kaupunki"}


def test_things_rank_above_passages_of_the_same_words(index: Path) -> None:
    kinds = [h.kind for h in search(index, "Saaripalvelu")]
    assert kinds[0] == "project"
    assert "passage" in kinds


@each("person", ["Testi Henkilönen", "henkilönen", "Vanha Yhteyshenkilö", "esimerkki.example"])
def test_persons_are_never_found(index: Path, person: str) -> None:
    for hit in search(index, person, limit=100):
        assert not {"henkilönen", "yhteyshenkilö", "malli"} & set(words(hit.label)), hit
        assert "@" not in hit.label
    raw = index.read_bytes().decode("utf-8", "replace").casefold()
    assert "henkilö" not in raw
    assert "henkilonen" not in raw


HOSTILE = ["a OR b", 'x" OR "y', "NEAR(a b)", "col:x", "^a", "-a", "a*", "'; DROP TABLE hits; --", "{a b}: c", "\x00a"]


@each("typed", HOSTILE)
def test_hostile_words_are_only_words(index: Path, typed: str) -> None:
    assert isinstance(search(index, typed), list)
    assert first(index, "Kylätaitajat") == "Kylätaitajat"


@each("typed", ['"', "*", "...", " ", "–"])
def test_what_holds_no_word_is_refused(index: Path, typed: str) -> None:
    with pytest.raises(QueryUsageError, match="holds no word"):
        search(index, typed)


def test_very_long_input_is_bounded(index: Path) -> None:
    assert isinstance(search(index, "sana " * 5000 + "x" * 100_000), list)


def test_limit_and_kinds(index: Path) -> None:
    assert len(search(index, "teema", limit=2)) <= 2
    assert {h.kind for h in search(index, "Hämeen", kinds=("organisation",))} == {"organisation"}
    with pytest.raises(QueryUsageError, match="did you mean 'theme'"):
        search(index, "x", kinds=("themes",))


# the index


def test_equal_stores_give_equal_files(index: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.sqlite"
    build(example_store(), again)
    assert again.read_bytes() == index.read_bytes()


def test_an_index_is_made_when_first_needed_and_again_when_spoilt(tmp_path: Path) -> None:
    store = tmp_path / "example.store"
    with replacing(store) as version:
        write_quads(version, (q.line() for q in example_quads()))
    path = index_of(store)
    assert path.parent == current(store).path
    good = path.read_bytes()
    path.write_bytes(b"not a database at all")
    assert index_of(store).read_bytes() == good
    path.write_bytes(good[: len(good) // 2])
    with pytest.raises(QueryError, match="build the store again"):
        search(path, "metsä")
    result = CliRunner().invoke(command, ["kylätaitajille", "--store", str(store), "--format", "json"])
    assert result.exit_code in (0, 4)


def test_search_command(tmp_path: Path) -> None:
    store = tmp_path / "example.store"
    with replacing(store) as version:
        write_quads(version, (q.line() for q in example_quads()))

    def asked(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(command, [*arguments, "--store", str(store)])
        return result.exit_code, result.output

    code, text = asked("kylätaitajille")
    assert code == 0
    assert text.startswith("theme")
    assert json.loads(asked("kylätaitajille", "--format", "json")[1])[0]["label"] == "Kylätaitajat"
    assert asked("kylätaitajille", "--format", "csv")[1].startswith("kind,iri,label,place,score")
    assert asked("qqqqqqqqzzz")[0] == 1
    assert asked("...")[0] == 2
    assert asked("x", "--kind", "person")[0] == 2


def test_a_listing_is_short() -> None:
    hit = Hit("passage", "https://w3id.org/teemagraafi/id/passage/x", "sana " * 100, "x l. 1", 1.0)
    assert max(map(len, format_hits([hit], "table").splitlines())) < 130


def test_kinds_are_those_of_the_graph(index: Path) -> None:
    assert {h.kind for h in search(index, "a e i o u k t s n m p l r v h j", limit=10_000)} <= KINDS.keys()


def test_a_thing_is_shown_by_its_finnish_else_its_swedish_name(tmp_path: Path) -> None:
    import pyoxigraph as ox

    store, thing = ox.Store(), ox.NamedNode("https://w3id.org/teemagraafi/id/organisation/skargardens-institut")
    for name, language in (("Archipelago Institute", "en"), ("Skärgårdens institut", "sv")):
        label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
        store.add(ox.Quad(thing, label, ox.Literal(name, language=language)))
    build(store, tmp_path / "own.sqlite")
    assert first(tmp_path / "own.sqlite", "institute") == "Skärgårdens institut"
