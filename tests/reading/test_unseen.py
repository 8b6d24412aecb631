"""Pages of publishers that no reader was written for: running text, minutes, lists and labels without colons."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from loaders import phrases
from loaders.blocks import Block, own_line_labels
from loaders.document import pages
from loaders.reading import parse
from loaders.reading.bodies import organisations
from loaders.records import Call, Contact, Count, Money, Participation, Project, Reading, Theme


def read(folder: Path, text: str) -> Reading:
    """Read a page given as text."""
    path = folder / "page.txt"
    path.write_text(text, encoding="utf-8")
    return parse(pages.read(path))


def projects(reading: Reading) -> dict[str, Project]:
    """The projects of a reading by their names."""
    return {one.name.value.text: one for one in reading.records if isinstance(one, Project)}


def parts(reading: Reading, project: str) -> dict[str, str | None]:
    """The organisations of a project with their roles."""
    key = projects(reading)[project].key
    found = [one for one in reading.records if isinstance(one, Participation) and one.project == key]
    return {one.organisation.value: one.role.value if one.role else None for one in found}


def sums(reading: Reading) -> set[str]:
    """The phases and amounts of the projects."""
    return {f"{one.phase} {one.amount:f}" for one in reading.records if isinstance(one, Money)}


ONE_PROJECT = """
Kestävä satama – rannikon osaaminen

Kestävä satama -hankkeessa vahvistetaan satamien henkilöstön osaamista.

Hanketta koordinoi Vaasan yliopisto. Muut toteuttajat ovat Satakunnan ammattikorkeakoulu ja Kokkolan kaupunki.

Hanke käynnistyi 1.3.2024 ja päättyy 31.8.2026.

Hankkeen kokonaisbudjetti on 742 300 euroa, josta myönnetty tuki on 593 840 euroa.
"""


def test_the_sentences_of_a_page_of_one_project_are_about_it(tmp_path: Path) -> None:
    reading = read(tmp_path, ONE_PROJECT)
    (project,) = projects(reading).values()
    assert project.name.value.text == "Kestävä satama – rannikon osaaminen"
    dates = [one.value if one else None for one in (project.start, project.end)]
    assert dates == ["2024-03-01", "2026-08-31"]
    assert parts(reading, project.name.value.text) == {
        "Vaasan yliopisto": "lead",
        "Satakunnan ammattikorkeakoulu": "partner",
        "Kokkolan kaupunki": "partner",
    }
    assert sums(reading) == {"costEstimate 742300", "granted 593840"}


MINUTES = """
Kainuun maakunnan yhteistyöryhmän sihteeristö
Aika: 11.9.2024 klo 9.00–11.20

5 § EAKR-hankkeiden käsittely

A80412 Pimeän taivaan matkailu
Hakija: Kajaanin ammattikorkeakoulu Oy
Kustannusarvio 412 500 €, haettu tuki 330 000 €
Toteutusaika 1.10.2024–31.12.2026

A80437 Kuivikkeesta kiertoon
Hakija: Janakkalan kunta, osatoteuttaja Luonnonvarakeskus
Kustannusarvio 268 900 €, haettu tuki 188 230 €
Toteutusaika 1.1.2025–30.6.2027
"""


def test_minutes_give_their_projects_and_the_time_of_the_meeting_is_none(tmp_path: Path) -> None:
    reading = read(tmp_path, MINUTES)
    found = projects(reading)
    assert {name: one.project_code.value if one.project_code else None for name, one in found.items()} == {
        "Pimeän taivaan matkailu": "A80412",
        "Kuivikkeesta kiertoon": "A80437",
    }
    assert parts(reading, "Kuivikkeesta kiertoon") == {"Janakkalan kunta": "lead", "Luonnonvarakeskus": "partner"}
    assert sums(reading) == {"costEstimate 412500", "applied 330000", "costEstimate 268900", "applied 188230"}


def test_labels_without_colons_are_fields_where_they_stand_together(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "Muovin matka\n\nMuovin matka -hanke kierrättää.\n\nHankkeen kesto 1.8.2024 – 31.7.2026\nHankkeen budjetti 498 000 €\n"
        "Koordinaattori Tampereen ammattikorkeakoulu\nKumppanit Tampereen yliopisto, Nokian kaupunki\n",
    )
    assert parts(reading, "Muovin matka") == {
        "Tampereen ammattikorkeakoulu": "lead",
        "Tampereen yliopisto": "partner",
        "Nokian kaupunki": "partner",
    }


def test_themes_listed_under_their_objectives(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "Ohjelman valtakunnalliset teemat\n\nErityistavoite 4.1\n– Työkyky mukaan (STM ja TEM), Hämeen ELY-keskus\n\n"
        "Erityistavoite 4.2\n– Osaamisen tunnistaminen (OKM), Pohjois-Pohjanmaan ELY-keskus\n",
    )
    found = [one for one in reading.records if isinstance(one, Theme)]
    assert [(one.name.value.text, [o.value.notation for o in one.objectives]) for one in found] == [
        ("Työkyky mukaan", ["4.1"]),
        ("Osaamisen tunnistaminen", ["4.2"]),
    ]


def test_a_fact_of_the_words_around_a_project_is_likely_and_its_own_is_certain(tmp_path: Path) -> None:
    text = (
        "Lapin liitto on rahoittanut hankkeita\n\nRahoitetut hankkeet\n\n"
        "• Talviverkot, Inarin kunta\n• Poropolku, Sodankylän kunta\n"
    )
    project = projects(read(tmp_path, text))["Talviverkot"]
    assert project.name.origin.certainty == "certain"
    assert project.status is not None
    assert project.status.origin.certainty == "likely"


def test_a_wording_is_added_by_one_line_of_data() -> None:
    """A concept's wordings are compiled from the table and nothing else: a new one is found as soon as it stands there."""
    wording = "porukka"
    concept = phrases.concepts("cues")["role.partner"]
    text = "Porukkana Oulun yliopisto"
    assert not phrases.says("role.partner", text)
    concept["fi"].append(f"{wording}na")
    phrases.forget()
    try:
        assert phrases.says("role.partner", text)
    finally:
        concept["fi"].pop()
        phrases.forget()


def test_english_numbers_and_bodies(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "New project for culture\n\n"
        "The project Northern Stages began on 1 March 2025 and will continue until 29 February 2028. It is led by Turku "
        "University of Applied Sciences, and the partners are the City of Pori and the Finnish Museums Association.\n\n"
        "The project was granted EUR 712,400. The training of the project will reach 260 participants.\n",
    )
    assert parts(reading, "Northern Stages") == {
        "Turku University of Applied Sciences": "lead",
        "City of Pori": "partner",
        "Finnish Museums Association": "partner",
    }
    assert "granted 712400" in sums(reading)
    assert {one.value for one in reading.records if isinstance(one, Count)} == {260}


def test_a_page_that_says_no_more_than_a_project_s_name_is_not_refused(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "Uutta toimintaa pohjoiseen\n\nPolkuja töihin -hanke esiteltiin eilen torilla kahvin kera.\n"
    )
    assert list(projects(reading)) == ["Polkuja töihin"]
    assert parts(reading, "Polkuja töihin") == {}


@pytest.mark.parametrize("joint", ["\t", " | "])
def test_an_empty_cell_shifts_no_other(tmp_path: Path, joint: str) -> None:
    rows = [
        ["Koodi", "Hanke", "Toteuttaja", "Osatoteuttajat", "Alkaa", "Loppuu", "Myönnetty, €", "Kustannukset yht., €"],
        [
            "J10231",
            "Suosta niityksi",
            "Luonnonvarakeskus",
            "Metsähallitus",
            "1.1.2024",
            "31.12.2026",
            "612 000",
            "765 000",
        ],
        ["J10259", "Raspin paja", "Tervolan kunta", "", "1.6.2024", "31.5.2026", "97 500", "121 875"],
    ]
    reading = read(tmp_path, "Rahoitetut hankkeet\n\n" + "\n".join(joint.join(row) for row in rows))
    project = projects(reading)["Raspin paja"]
    assert project.start
    assert project.end
    assert (project.start.value, project.end.value) == ("2024-06-01", "2026-05-31")
    assert sums(reading) >= {"granted 97500", "costEstimate 121875"}
    assert parts(reading, "Raspin paja") == {"Tervolan kunta": None}


def test_a_row_with_fewer_cells_stands_under_its_headings(tmp_path: Path) -> None:
    page = """
Rahoitetut hankkeet

Hanke               Toteuttaja            Alkaa       Loppuu       Tuki
Suosta niityksi     Luonnonvarakeskus     1.1.2024    31.12.2026   612 000 €
Raspin paja         Tervolan kunta                    31.5.2026    97 500 €
"""
    project = projects(read(tmp_path, page))["Raspin paja"]
    assert project.start is None
    assert project.end
    assert project.end.value == "2026-05-31"


CARDS = """
Kuvitelman kaupunki
EU-hankkeemme

Niityt kuntoon
Hoidamme niittyjä asukkaiden kanssa.
Kesto: 3/2024–2/2026
Oma rooli: päätoteuttaja
Kumppanit: Harju ry
Kaupungin budjetti: 182 000 €
Koko hankkeen budjetti: 455 000 €

Kaikki kyydissä
Autamme liikkumaan.
Kesto: 9/2023–12/2025
Oma rooli: osatoteuttaja
Päätoteuttaja: Harju-opisto
Koko hankkeen budjetti: 698 300 €
"""


def test_cards_say_the_part_of_their_publisher(tmp_path: Path) -> None:
    reading = read(tmp_path, CARDS)
    assert parts(reading, "Niityt kuntoon") == {"Kuvitelman kaupunki": "lead", "Harju ry": "partner"}
    assert parts(reading, "Kaikki kyydissä") == {"Kuvitelman kaupunki": "partner", "Harju-opisto": "lead"}
    assert sums(reading) == {"costEstimate 455000", "costEstimate 698300"}


def test_labels_and_values_take_turns_in_lines_without_a_gap(tmp_path: Path) -> None:
    page = """
Niittypolku

Perustiedot
Aikataulu
1.9.2024 - 28.2.2027
Hankkeen kustannusarvio
734 200 euroa
Oulun yliopiston osuus
301 450 euroa
Koordinaattori
Oulun yliopisto
Muut toteuttajat
Kuusamon kaupunki
Harju Oy
"""
    reading = read(tmp_path, page)
    assert parts(reading, "Niittypolku") == {
        "Oulun yliopisto": "lead",
        "Kuusamon kaupunki": "partner",
        "Harju Oy": "partner",
    }
    assert sums(reading) == {"costEstimate 734200"}


def test_an_address_shows_the_name_and_the_job(tmp_path: Path) -> None:
    page = f"""{ONE_PROJECT}
Lisätietoja
Merikoordinoija Janne Niittymaa
janne.niittymaa@kuvitelma.fi
Kysy asiantuntija Nelli Kuusiluodolta: nelli.kuusiluoto@kuvitelma.fi
Linnea Forsgård, Meri Boss
linnea.forsgard@kuvitelma.fi
"""
    found = {one.name: one.job_title for one in read(tmp_path, page).records if isinstance(one, Contact)}
    assert found == {
        "Janne Niittymaa": "Merikoordinoija",
        "Nelli Kuusiluoto": "asiantuntija",
        "Linnea Forsgård": "Meri Boss",
    }


def test_a_known_name_in_small_letters_names_no_theme(tmp_path: Path) -> None:
    page = f"{ONE_PROJECT}\nHankkeen teemana on jatkuva oppiminen (erityistavoite 4.2).\n"
    assert not [one for one in read(tmp_path, page).records if isinstance(one, Theme)]


PROJECT_CARDS = """Kaupungin hankkeet

Vehreä joenranta
Hoidamme rantoja asukkaiden kanssa.
Kesto: 3/2024–2/2026
Päätoteuttaja: Lahden kaupunki
Koko hankkeen budjetti: 455 000 €

Kaikki kyydissä
Autamme työttömiä löytämään liikkumistapoja.
Kesto: 9/2023–12/2025
Päätoteuttaja: Koulutuskeskus Salpaus
Koko hankkeen budjetti: 698 300 €
"""


@pytest.mark.parametrize("form", ["txt", "html", "docx"])
def test_cards_of_projects_in_every_form(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"cards.{form}"
    cards = PROJECT_CARDS.strip().split("\n\n")
    if form == "docx":
        made = docx.Document()
        for line in PROJECT_CARDS.splitlines():
            made.add_paragraph(line)
        made.save(str(path))
    else:
        page = "".join(f"<p>{card.replace(chr(10), '<br>')}</p>" for card in cards)
        path.write_text(PROJECT_CARDS if form == "txt" else f"<html><body>{page}</body></html>", encoding="utf-8")
    reading = parse(pages.read(path))
    assert sorted(projects(reading)) == ["Kaikki kyydissä", "Vehreä joenranta"]
    assert parts(reading, "Vehreä joenranta") == {"Lahden kaupunki": "lead"}
    assert sums(reading) == {"costEstimate 455000", "costEstimate 698300"}


def test_a_page_that_only_speaks_of_the_project_has_its_name_for_title(tmp_path: Path) -> None:
    text = """TKI-projektit

Tulvasta turvaan – hulevesien hallinta Satakunnassa

Ketkä tekevät?
Projektin vetovastuussa on Satakunnan ammattikorkeakoulu. Osatoteuttajana toimii Porin kaupunki.

Milloin?
1.10.2024–30.9.2026
"""
    (project,) = projects(read(tmp_path, text)).values()
    assert (project.name.value.text, project.name.origin.certainty) == (
        "Tulvasta turvaan – hulevesien hallinta Satakunnassa",
        "likely",
    )
    assert (project.start and project.start.value, project.end and project.end.value) == ("2024-10-01", "2026-09-30")
    assert parts(read(tmp_path, text), project.name.value.text)["Satakunnan ammattikorkeakoulu"] == "lead"
    other = text.replace("Projektin vetovastuussa on", "Mukana on").replace("Osatoteuttajana toimii", "Myös")
    assert "lead" not in parts(read(tmp_path, other), project.name.value.text).values()


def test_an_indented_table_places_the_cells_below_its_headings(tmp_path: Path) -> None:
    rows = ["Hankkeen nimi\tHankekoodi\tMyönnetty tuki", "Metsän tieto\tA12345\t10 000 €", "Suon ääni\t\t20 000 €"]
    reading = read(tmp_path, "Hankkeet\n\n" + "".join(f"\t{row}\n" for row in rows))
    assert (set(projects(reading)), sums(reading)) == (
        {"Metsän tieto", "Suon ääni"},
        {"granted 10000", "granted 20000"},
    )


@pytest.mark.parametrize("name", ["Vihreä polku (EAKR)", "JTF Uusi suunta saaristossa"])
def test_a_fund_is_no_acronym(name: str, tmp_path: Path) -> None:
    found = projects(read(tmp_path, f"Hankkeet\n\nHankkeen nimi: {name}\nHankekoodi: A12345\nPäätoteuttaja: LAB Oy\n"))
    assert [one.acronym for one in found.values()] == [None]


def test_the_words_of_a_name_end_before_roles_parted_by_a_slash() -> None:
    text = "LAB Oy (päätoteuttaja/hallinnoija), Kouvolan kaupunki"
    assert [text[one.start : one.end] for one in organisations(text, 0, len(text))] == ["LAB Oy", "Kouvolan kaupunki"]


def test_lines_without_a_gap_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(phrases, "label", lambda words: asked.append(words))
    text = "rivi\n" * 300
    assert list(own_line_labels(text, [Block("line", n * 5, n * 5 + 4) for n in range(300)], printed=True))
    assert len(asked) < 1000


def test_each_line_that_begins_with_a_code_is_a_project_of_its_own(tmp_path: Path) -> None:
    text = """Hankkeet

A12345 Metsän tieto / Turun yliopisto, Rauman kaupunki
A12346 Suon ääni, Mallin kehitysyhtiö Oy
A12347 Sininen / vihreä siirtymä – Oulun yliopisto
"""
    reading = read(tmp_path, text)
    assert set(projects(reading)) == {"Metsän tieto", "Suon ääni", "Sininen / vihreä siirtymä"}
    assert set(parts(reading, "Metsän tieto")) == {"Turun yliopisto", "Rauman kaupunki"}
    assert set(parts(reading, "Suon ääni")) == {"Mallin kehitysyhtiö Oy"}
    assert set(parts(reading, "Sininen / vihreä siirtymä")) == {"Oulun yliopisto"}


def test_projects_whose_applicant_stands_before_the_name(tmp_path: Path) -> None:
    text = "".join(
        f"Hakija: {body}\nHanke: {name}\nHankekoodi: {code}\nMyönnetty tuki: {granted} €\n\n"
        for body, name, code, granted in (
            ("Savonia-ammattikorkeakoulu Oy", "Tekoäly metsässä", "A82210", "318 600"),
            ("Kuopion kaupunki", "Elävä satama", "A82231", "97 000"),
            ("Itä-Suomen yliopisto", "Terveysdatan tori", "A82240", "401 250"),
        )
    )
    reading = read(tmp_path, f"Päätökset\n\n{text}")
    assert list(parts(reading, "Elävä satama")) == ["Kuopion kaupunki"]
    assert list(parts(reading, "Terveysdatan tori")) == ["Itä-Suomen yliopisto"]


def test_a_project_named_behind_its_noun_in_swedish(tmp_path: Path) -> None:
    text = "Nylands förbund har beviljat Yrkeshögskolan Arcada 287 000 euro ur ERUF för projektet Nästa steg."
    assert sums(read(tmp_path, text)) == {"granted 287000"}


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        (
            "Virasto avaa ESR+-haun 3.2.2026 klo 9. Hakemukset on jätettävä viimeistään 20.3.2026 klo 16.15.",
            "2026-03-20",
        ),
        ("ESR+-haku on auki 3.2.2026 alkaen. Hakemusten on oltava perillä 20.3.2026.", "2026-03-20"),
        ("Utlysningen öppnar 3.2.2026. Ansökan ska lämnas in senast den 20 mars 2026.", "2026-03-20"),
        ("The call opens on 3 February 2026. Applications must be submitted by 20 March 2026.", "2026-03-20"),
        ("ESR+-haku aukeaa 3.2.2026. Päätökset tehdään 30.6.2026 mennessä.", None),
    ],
)
def test_a_call_closes_in_the_next_sentence_and_not_when_decisions_are_made(
    tmp_path: Path, text: str, closes: str | None
) -> None:
    (call,) = (one for one in read(tmp_path, text).records if isinstance(one, Call))
    assert (call.opens and call.opens.value, call.closes and call.closes.value) == ("2026-02-03", closes)


@pytest.mark.parametrize(
    ("printed", "name"), [("4.0 Kiertotalous", "4.0 Kiertotalous"), ("4.2 Metsän tieto", "Metsän tieto")]
)
def test_the_number_of_an_item_is_no_part_of_a_name(printed: str, name: str, tmp_path: Path) -> None:
    page = f"Hankkeet\n\nHankkeen nimi: {printed}\nHankekoodi: A12345\nPäätoteuttaja: LAB Oy\n"
    assert set(projects(read(tmp_path, page))) == {name}


@pytest.mark.parametrize(
    "text", ["Turun yliopisto / vastuullinen johtaja Aino Malli", "Turun yliopisto, projektipäällikkö Aino Malli"]
)
def test_a_person_behind_an_organisation_is_no_part_of_its_name(text: str) -> None:
    assert [one.name for one in organisations(text, 0, len(text))] == ["Turun yliopisto"]


def test_a_table_of_calls_by_short_headings(tmp_path: Path) -> None:
    text = """Tulevat haut

Haku | Rahoittaja | Auki | Summa
ESR+ osallisuus | Keski-Suomen ELY-keskus | 1.9.2025–15.10.2025 | 2 000 000 €
EAKR vihreä siirtymä | Lapin liitto | 1.10.2025–28.11.2025 | 1 250 000 €
"""
    reading = read(tmp_path, text)
    calls = [one for one in reading.records if isinstance(one, Call)]
    assert [one.closes and one.closes.value for one in calls] == ["2025-10-15", "2025-11-28"]
    assert sums(reading) == {"callBudget 2000000", "callBudget 1250000"}


def test_the_support_within_the_field_of_the_costs(tmp_path: Path) -> None:
    text = "Hanke: Reilu ruoka\nHankekoodi: A81590\nKustannusarvio: 688 200 €, josta EU-tuki 550 560 €\n"
    assert sums(read(tmp_path, text)) == {"costEstimate 688200", "granted 550560"}


def test_a_regional_council_of_two_words(tmp_path: Path) -> None:
    text = "The North Karelia Regional Council opens a call for proposals on 12 January 2026."
    (call,) = (one for one in read(tmp_path, text).records if isinstance(one, Call))
    assert [one.value for one in call.authorities] == ["North Karelia Regional Council"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Lapin liitto myönsi Kemin Kone Oy:lle 432 000 euroa hankkeeseen "Tuulensuoja".', "Kemin Kone Oy"),
        ("Nylands förbund har beviljat Åbo Akademi 432 000 euro för projektet Tuulensuoja.", "Åbo Akademi"),
        ('The council granted the University of Lapland EUR 432,000 for the project "Tuulensuoja".', "University of Lapland"),
    ],
)  # fmt: skip
def test_who_is_granted_money_carries_the_project_out(tmp_path: Path, text: str, name: str) -> None:
    reading = read(tmp_path, text)
    assert parts(reading, "Tuulensuoja") == {name: None}
    assert sums(reading) == {"granted 432000"}


def test_a_hyphen_on_the_wrong_side_of_a_blank(tmp_path: Path) -> None:
    text = "Uutiset\n\nUudenmaan ELY-keskuksen hallinnoima Sateenkaaren sillat- hanke käynnistyi 1.2.2031.\n"
    assert parts(read(tmp_path, text), "Sateenkaaren sillat") == {"Uudenmaan ELY-keskus": "lead"}


def test_a_project_is_named_behind_who_carries_it_out(tmp_path: Path) -> None:
    text = (
        "Uutiset\n\nTukea sai Sinisaaren kuntayhtymän toteuttama Uusien teiden tuomat urat Lapissa -esiselvityshanke.\n"
    )
    assert parts(read(tmp_path, text), "Uusien teiden tuomat urat Lapissa") == {"Sinisaaren kuntayhtymä": None}
