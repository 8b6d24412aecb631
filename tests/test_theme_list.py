"""The list of themes: name, ministries in brackets, and the authority of the sentence above."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import choose, reading
from loaders.document import pages
from loaders.records import Reading, Theme
from tests import layoutpages as made

REAL = made.SHARED / "more" / "05-hame-ely-teemat-ministeriot-fi.txt"


def edited(folder: Path, *pairs: tuple[str, str]) -> Reading:
    return made.edited("theme_list", folder, *pairs)


def told(reading: Reading) -> list[tuple[str, list[str], list[bool], list[str]]]:
    return [
        (
            t.name.value.text,
            [role.value.name for role in t.ministries],
            [role.value.lead for role in t.ministries],
            [body.value for body in t.intermediate_bodies],
        )
        for t in made.of(reading, Theme)
    ]


@pytest.mark.parametrize(
    ("entry", "name", "ministries"),
    [
        ("Laakson vuodet 2023–2026 (OKM)", "Laakson vuodet 2023–2026", ["OKM"]),
        ("Työ: suot, lakeudet, meri (TEM, OKM ja STM)", "Työ: suot, lakeudet, meri", ["TEM", "OKM", "STM"]),
        ("Laiva (iso) ja vene (LVM)", "Laiva (iso) ja vene", ["LVM"]),
        ("Laakson tuki (työ- ja elinkeinoministeriö)", "Laakson tuki", ["työ- ja elinkeinoministeriö"]),
    ],
)
def test_an_entry(entry: str, name: str, ministries: list[str], tmp_path: Path) -> None:
    found = told(edited(tmp_path, ("Metsäalan osaajat: ammatit, koulut ja yritykset (MMM)", entry)))[0]
    assert found == (name, ministries, [len(ministries) == 1] * len(ministries), ["Lapin ELY-keskus"])


def test_the_authority_is_that_of_the_sentence(tmp_path: Path) -> None:
    found = told(edited(tmp_path, ("Lapin ELY-keskus", "Uudenmaan ELY-keskus")))
    assert [bodies for *_, bodies in found[:2]] == [["Uudenmaan ELY-keskus"]] * 2
    assert [bodies for *_, bodies in found[2:]] == [[]] * 3


def test_an_entry_without_a_ministry_is_reported(tmp_path: Path) -> None:
    found = edited(tmp_path, ("yhteislaidun, erämaan tuki (MMM ja YM)", "yhteis"))
    assert "Porojen, lampaiden ja lehmien yhteis" not in [name for name, *_ in told(found)]
    left = next(left for left in found.left_out if left.words.startswith("Porojen"))
    assert not left.understood


def test_quoted_themes_of_a_sentence_share_its_ministries_and_fund(tmp_path: Path) -> None:
    found = made.of(edited(tmp_path, ("ympäristöministeriön valmistelemiin", "YM:n ja SM:n valmistelemiin")), Theme)[3:]
    assert [(t.name.value.text, t.fund and t.fund.value) for t in found] == [
        ("Kosteikkojen aika", "EAKR"),
        ("Järvien hiljaisuus", "EAKR"),
    ]
    assert {tuple(role.value.name for role in t.ministries) for t in found} == {("YM", "SM")}


@pytest.mark.parametrize(
    ("lines", "theme", "bodies"),
    [
        (
            "National themes\n\nThe ELY Centre for Lapland acts as the intermediate body for the following national themes:\n\n"
            "  • Quiet lakes, loud rivers (MEAE and MEC)\n  • New forests (MAF)\n",
            "Quiet lakes, loud rivers",
            ["ELY Centre for Lapland"],
        ),
        (
            "Riksomfattande teman\n\nNTM-centralen i Lappland är förmedlande organ för följande riksomfattande teman:\n\n"
            "  • Tysta sjöar och älvar (ANM och UKM)\n  • Nya skogar (JSM)\n",
            "Tysta sjöar och älvar",
            ["NTM-centralen i Lappland"],
        ),
    ],
)
def test_the_list_in_other_languages(lines: str, theme: str, bodies: list[str], tmp_path: Path) -> None:
    document = made.document("theme_list", "txt", tmp_path, lines)
    found = told(reading.parse(document))[0]
    assert (found[0], len(found[1]), found[3]) == (theme, 2, bodies)


@pytest.mark.documents
@pytest.mark.skipif(not REAL.is_file(), reason="the full documents are not beside the repository")
def test_a_colon_a_comma_and_years_belong_to_names() -> None:
    names = [name for name, *_ in told(reading.parse(pages.read(REAL)))]
    assert any(":" in name and "," in name for name in names)
    assert any("2021" in name for name in names)


TABLE = """<!doctype html><html><head><meta charset="utf-8"></head><body><h1>Valtakunnalliset teemat</h1>
<p>Välittävinä toimieliminä toimivat ELY-keskukset (ohjelmakausi 2021–2027).</p>
<table><tr><th>Teema</th><th>Ministeriöt</th><th>Välittävä toimielin</th><th>Rahasto</th></tr>
<tr><td>Kosteikkojen aika: vesi, maa ja työ</td><td>MMM ja YM</td><td>Kainuun ELY-keskus</td><td>ESR+</td></tr>
<tr><td>Järvien hiljaisuus</td><td>YM</td><td>Lapin ELY-keskus</td><td>EAKR</td></tr>
<tr><td>Muut</td><td>–</td><td>–</td><td></td></tr></table></body></html>"""


def test_a_table_gives_a_theme_a_row_whatever_its_columns_are_called(tmp_path: Path) -> None:
    path = tmp_path / "luettelo.html"
    path.write_text(TABLE, encoding="utf-8")
    document = pages.read(path)
    themes = made.of(choose(document).parse(document), Theme)
    assert [
        (
            theme.name.value.text,
            theme.fund and theme.fund.value,
            [role.value.name for role in theme.ministries],
            [body.value for body in theme.intermediate_bodies],
        )
        for theme in themes
    ] == [
        ("Kosteikkojen aika: vesi, maa ja työ", "ESR+", ["MMM", "YM"], ["Kainuun ELY-keskus"]),
        ("Järvien hiljaisuus", "EAKR", ["YM"], ["Lapin ELY-keskus"]),
    ]


def test_a_list_without_any_ministry_is_a_list_of_themes_all_the_same(tmp_path: Path) -> None:
    words = (
        "Valtakunnalliset teemat\n\nKainuun ELY-keskus toimii välittävänä toimielimenä seuraavien teemojen osalta:\n\n"
        " • Kosteikkojen aika\n • Järvien hiljaisuus\n\nHauista ilmoitetaan myöhemmin.\n"
    )
    path = tmp_path / "luettelo.txt"
    path.write_text(words, encoding="utf-8")
    document = pages.read(path)
    themes = made.of(choose(document).parse(document), Theme)
    assert [(t.name.value.text, [b.value for b in t.intermediate_bodies]) for t in themes] == [
        ("Kosteikkojen aika", ["Kainuun ELY-keskus"]),
        ("Järvien hiljaisuus", ["Kainuun ELY-keskus"]),
    ]
