"""Coordination projects that running text names: their names, their days, the theme they serve."""

from __future__ import annotations

from loaders.reading import coordination, read
from loaders.reading.project_drafts import Draft
from loaders.records import Origin, Participation, Project, Stated
from tests.cases import each
from tests.reading.conftest import Pager

NAME = "Metsien, vesien ja lajien koordinaatiohanke"


@each(
    ("acronym", "name", "made"),
    [
        ("MEVELA", "Metsien, vesien ja lajien koordinaatio", True),
        ("MVLK", "Metsien, vesien ja lajien koordinaatio", True),
        ("METSÄ", "Metsien, vesien ja lajien koordinaatio", False),
        ("SAAVAL", "Saariston valot", True),
        ("SAV", "Saariston valot", False),
        ("TUULI", "Saariston valot", False),
        ("SAAVALX", "Saariston valot", False),
    ],
)
def test_an_acronym_of_a_name(acronym: str, name: str, made: bool) -> None:
    assert coordination._abbreviates(acronym, name) is made


@each(
    ("sentence", "read"),
    [
        ("Koordinaatiohanke käynnistyi 1.2.2024.", [(False, "2024-02-01")]),
        # a whole period is read with the project's other sentences
        ("Koordinaatiohanke käynnistyi 1.2.2024 ja päättyy 31.12.2026.", []),
        ("Koordinaatiohanke päättyy vuoden 2026 lopussa.", [(True, "2026")]),
        ("Koordinaatiohanke auttaa muita hankkeita 1.2.2024.", []),
        ("Hanke käynnistyi 1.2.2024.", []),
    ],
)  # fmt: skip
def test_the_days_that_a_sentence_gives(page: Pager, sentence: str, read: list[tuple[bool, str]]) -> None:
    one = page(f"Saariston valot – valtakunnallinen teema\n\n{NAME}\n\n{sentence}\n")
    low = one.text.index(NAME)
    own = Draft((low, low + len(NAME)), coordination=Stated(True, Origin(3, 3, NAME)))
    other = Draft((0, 15))
    start = one.text.index(sentence)
    found = list(coordination._dates(one, (start, start + len(sentence)), "", [own, other]))
    assert [(ended, when.value) for _, ended, when in found] == read
    assert all(who is own for who, _, _ in found)


def test_a_project_that_only_running_text_names(page: Pager) -> None:
    text = "SAAVA-koordinaatiohanke alkoi keväällä. Koordinaatiohankkeen päätoteuttaja on Kemin kaupunki."
    one = page(f"Saariston valot – valtakunnallinen teema\n\n{text}\n")
    found = coordination.told(one, 0, len(one.text))
    assert found is not None
    assert found.name is not None
    assert one.words(found.name) == "SAAVA-koordinaatiohanke"
    assert [(body.name, body.role) for body in found.bodies] == [("Kemin kaupunki", "lead")]
    assert not found.group
    without = page("Saariston valot – valtakunnallinen teema\n\nSAAVA-koordinaatiohanke alkoi keväällä.\n")
    assert coordination.told(without, 0, len(without.text)) is None


@each(
    ("sentence", "name", "lead"),
    [
        ("Teeman koordinaatiohanke on Lapin liiton hallinnoima Polku.", "Polku", "Lapin liitto"),
        ("Teeman koordinaatiohankkeena toimii Kemin kaupungin koordinoima Uusi polku.", "Uusi polku", "Kemin kaupunki"),
    ],
)
def test_who_leads_stands_before_the_name(page: Pager, sentence: str, name: str, lead: str) -> None:
    found = read(page(f"Saaristolaisten sujuva talvi – valtakunnallinen teema\n\n{sentence}\n"))
    assert [(one.name.value.text, bool(one.coordination)) for one in found if isinstance(one, Project)] == [
        (name, True)
    ]
    parts = [one for one in found if isinstance(one, Participation)]
    assert [(one.organisation.value, one.role and one.role.value) for one in parts] == [(lead, "lead")]


def test_no_body_leads_where_none_is_named(page: Pager) -> None:
    text = "Saaristolaisten sujuva talvi – valtakunnallinen teema\n\nTeeman koordinaatiohanke on hyvin hallinnoima Polku.\n"
    assert not any(isinstance(one, Project) for one in read(page(text)))
