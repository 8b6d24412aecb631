"""The shared pieces of the layouts: lines as one text, bodies, sums, counts, languages."""

from __future__ import annotations

import pytest

from loaders.document.lines import Line
from loaders.names.bodies import authorities, ministries
from loaders.prose import Prose
from loaders.prose.announcements import announcements
from loaders.prose.funding import funding, scope_of
from loaders.prose.held import held
from loaders.prose.outline import outline
from loaders.prose.tallies import tallies
from loaders.prose.tongues import guess, tongues
from loaders.records import About
from tests.test_newsletter import plain


def lines(*words: str, first: int = 1) -> list[Line]:
    return [Line(number, text) for number, text in enumerate(words, first)]


def test_a_word_cut_at_a_line_end_is_mended_and_its_origin_is_as_printed() -> None:
    prose = Prose.of(lines("  Teeman kehittä-", "", "misen  rahoitus on 7 M€"))
    assert prose.text == "Teeman kehittämisen rahoitus on 7 M€"
    origin = prose.origin(7, 20)
    assert (origin.first, origin.last, origin.words) == (1, 3, "kehittä- misen")


def test_hyphens_that_are_printed_stay() -> None:
    assert Prose.of(lines("Keski-", "Suomen ELY-", "keskus")).text == "Keski-Suomen ELY-keskus"
    assert Prose.of(lines("työ-", "ja koulutus")).text == "työ-\nja koulutus"


def test_an_origin_never_reaches_over_lines_that_were_left_out() -> None:
    given = [*lines("Haku on auki", "syksyllä ja siitä"), *lines("kerrotaan", first=5)]
    prose = Prose.of(given)
    origin = prose.whole()
    assert (origin.first, origin.last, origin.words) == (1, 2, "Haku on auki syksyllä ja siitä")


def test_an_origin_needs_words() -> None:
    with pytest.raises(ValueError, match="needs words"):
        Prose.of(lines("sana toinen")).origin(4, 5)


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("Rahoitus on 7 milj. Euroa on siis paljon.", 1),
        ("Haku alkaa 1.3.2030. Sen jälkeen odotetaan.", 2),
        ("Lisätietoja antaa esim. Lapin ELY-keskus. Se on kaukana! Niin on.", 3),
        ("Kausi päättyy 15. Maaliskuuta.", 1),
    ],
)
def test_sentences(words: str, count: int) -> None:
    assert len(Prose.of(lines(words)).sentences()) == count


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Etelä-Savon ELY-keskuksella ja Hämeen ELY:llä", ["Etelä-Savon ELY-keskus", "Hämeen ELY"]),
        ("Lapin elinkeino-, liikenne- ja ympäristökeskus", ["Lapin elinkeino-, liikenne- ja ympäristökeskus"]),
        ("The ELY Centre for Lapland acts", ["ELY Centre for Lapland"]),
        ("NTM-centralen i Södra Österbotten är", ["NTM-centralen i Södra Österbotten"]),
        ("Lapin elinvoimakeskuksen", ["Lapin elinvoimakeskus"]),
        ("ELY-keskukset yleensä", []),
    ],
)
def test_authorities(words: str, names: list[str]) -> None:
    assert [body.name for body in authorities(words)] == names


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("STM:n ja OKM:n hallinnonalat", ["STM", "OKM"]),
        (
            "työ- ja elinkeinoministeriön sekä ympäristöministeriön",
            ["työ- ja elinkeinoministeriö", "ympäristöministeriö"],
        ),
        ("Ministry of the Environment and Ministry of Justice", ["Ministry of the Environment", "Ministry of Justice"]),
        ("social- och hälsovårdsministeriet", ["social- och hälsovårdsministeriet"]),
        ("(ANM och UKM)", ["ANM", "UKM"]),
        ("ESR JTF EU ABC ministeriö", []),
    ],
)
def test_ministries(words: str, names: list[str]) -> None:
    assert [body.name for body in ministries(words)] == names


@pytest.mark.parametrize(
    ("words", "scope"),
    [
        ("(EU+valtio+kunta ja muu julkinen rahoitus)", "eu-state-municipal"),
        ("EU:n ja valtion rahoitus", "eu-state"),
        ("julkisen rahoituksen määrä", "total-public"),
        ("rahoitus", None),
    ],
)
def test_whose_money(words: str, scope: str | None) -> None:
    assert scope_of(words) == scope


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Teeman rahoituskehys on 9 M€.", [("framework", "9000000", None)]),
        ("Rahoitus on 9 M€ (YM).", [("framework", "9000000", None)]),
        (
            "Rahoitus on 9 M€, josta YM 5 M€ ja LVM 4 M€.",
            [("framework", "9000000", None), ("framework", "5000000", "YM"), ("framework", "4000000", "LVM")],
        ),
        ("Koordinaatiohankkeen osuus on enintään 2 M€.", [("coordinationBudget", "2000000", None)]),
        ("Haussa on jaossa 3 milj. euroa.", [("callBudget", "3000000", None)]),
        ("Hankkeille maksettiin 200 000 euroa.", []),
        ("Tukea haettiin 14 M€.", []),
        ("Laivat maksavat 3 M€.", []),
    ],
)  # fmt: skip
def test_sums_of_a_theme(words: str, found: list[tuple[str, str, str | None]]) -> None:
    result = funding(Prose.of(lines(words)), "Teema", None)
    assert [(m.phase, f"{m.amount:f}", m.ministry) for m in result.money if m.phase not in ("paid", "granted")] == found


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ("Teemassa on järjestetty neljä hakua.", [("calls", 4)]),
        (
            "Hakuun saapui yhteensä 1 204 hakemusta (31 hankekokonaisuutta).",
            [("applications", 1204), ("applicationEntities", 31)],
        ),
        ("Käynnissä on 12 vuotta.", []),
        ("Rahoitettavaksi valittiin kuusi hanketta.", [("projects", 6)]),
    ],
)
def test_counts(words: str, counts: list[tuple[str, int]]) -> None:
    found = tallies(Prose.of(lines(words)), About("theme", "Teema"), None)
    assert [(count.measure, int(count.value)) for count in found] == counts


@pytest.mark.parametrize(
    ("words", "years"),
    [
        ("Teemassa on toteutettu kaksi hankehakua keväällä 2031 ja syksyllä 2031.", ["2031", "2031"]),
        (
            "Hankehaku on auki 1.2.-1.4.2031. Teemassa oli kaksi hankehakua keväällä 2031 ja syksyllä 2031.",
            ["2031-02-01", "2031"],
        ),
        (
            "Hankehaku on auki 1.9.-1.10.2031. Teemassa oli kaksi hankehakua keväällä 2031 ja syksyllä 2031.",
            ["2031-09-01", "2031"],
        ),
    ],
)
def test_calls_told_of_together(words: str, years: list[str]) -> None:
    prose = Prose.of(lines(words))
    known = announcements(prose, "Teema", []).calls
    found = [*known, *held(prose, "Teema", known).calls]
    assert [call.opens.value for call in found if call.opens] == years
    assert len({call.key for call in found}) == len(found)


@pytest.mark.parametrize(
    ("words", "lang"),
    [
        ("Rantojen uusi kulttuuri", "fi"),
        ("Strändernas nya kultur", "sv"),
        ("New culture of the shores", "en"),
        ("", "fi"),
    ],
)
def test_the_language_of_a_name(words: str, lang: str) -> None:
    assert guess(words) == lang


def test_names_in_three_languages_over_several_lines() -> None:
    text = "Lasten ja nuorten\nuudet palvelut\nNya tjänster för\nbarn och unga\nNew services for\nchildren"
    found = [(lang, " ".join(text[low:high].split())) for lang, low, high in tongues(text, 0, len(text))]
    assert found == [
        ("fi", "Lasten ja nuorten uudet palvelut"),
        ("sv", "Nya tjänster för barn och unga"),
        ("en", "New services for children"),
    ]


def test_themes_are_headings_below_their_groups() -> None:
    long = "Tässä kerrotaan teemasta pitkästi ja keksitysti, niin kuin kirjeessä on tapana kertoa, eikä mitään lueta."
    found = outline(
        plain(
            "Meri",
            "",
            "Metsä",
            "",
            "",
            "Meri",
            "",
            "Laivat",
            "",
            long,
            "",
            "",
            "Aallot",
            "",
            long,
            "",
            "",
            "Metsä",
            "",
            "Hirvet",
            "",
            long,
        )
    )
    assert [(s.group.words if s.group else None, s.heading.words) for s in found.sections] == [
        ("Meri", "Laivat"),
        ("Meri", "Aallot"),
        ("Metsä", "Hirvet"),
    ]  # fmt: skip
