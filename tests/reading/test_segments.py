"""The parts of an item of a list of projects."""

from __future__ import annotations

from loaders.reading.project_drafts import Draft
from loaders.reading.segments import take_owner, take_segments
from tests.cases import each
from tests.reading.conftest import Pager


@each(
    ("item", "name", "bodies"),
    [
        ("Lapin yliopisto – Polku – 9 000 €", "Polku", ["Lapin yliopisto"]),
        ("9 000 € Lapin yliopisto: Polku, uusia reittejä", "Polku, uusia reittejä", ["Lapin yliopisto"]),
        ("Polku (Lapin yliopisto, 9 000 €)", "Polku", ["Lapin yliopisto"]),
        ("Polku | Lapin yliopisto ja Kemin kaupunki | 9 000 €", "Polku", ["Lapin yliopisto", "Kemin kaupunki"]),
        ("9 000 €, Polku, Keski- ja Etelä-Suomen yhdistys ry", "Polku", ["Keski- ja Etelä-Suomen yhdistys ry"]),
        ("Yhteinen koordinaatiohanke Polku, Lapin yliopisto, 9 000 €", "Polku", ["Lapin yliopisto"]),
        ("Polku, 9 000 €, Reitti, Lapin yliopisto", None, []),  # two names
        ("Polku, 9 000 €", None, []),  # nobody
    ],
)
def test_a_name_stands_anywhere_in_an_item(page: Pager, item: str, name: str | None, bodies: list[str]) -> None:
    one = page(f"Rahoitetut hankkeet\n\n- {item}\n- Muu asia\n")
    draft = Draft()
    take_segments(one, draft, next(block for block in one.blocks if block.kind == "item"))
    assert (draft.name and one.words(draft.name)) == name
    assert [body.name for body in draft.bodies] == bodies


@each(
    ("words", "name", "bodies"),
    [
        ("Oulun kaupungin Polku", "Polku", ["Oulun kaupunki"]),
        ("Oulun kaupungin hanke Polku", "Polku", ["Oulun kaupunki"]),
        ("Oulun kaupungin polku", "Oulun kaupungin polku", []),  # part of the name
        ("Polku Lapin yliopistossa", "Polku Lapin yliopistossa", []),
    ],
)
def test_an_owner_stands_before_a_name(page: Pager, words: str, name: str, bodies: list[str]) -> None:
    one = page(f"{words}\n\nHankkeessa kehitetään matkailua.\n")
    draft = Draft(name=(0, len(words)))
    take_owner(one, draft)
    assert draft.name
    assert one.words(draft.name) == name
    assert [body.name for body in draft.bodies] == bodies
