"""Projects of lists: items that begin with a name and a colon or a bracket, and cards of a few lines."""

from __future__ import annotations

from loaders.reading.project_items import from_cards, from_definitions
from tests.cases import each
from tests.reading.conftest import Pager
from tests.reading.test_page import PROSE


@each(
    ("item", "name", "code", "start"),
    [
        ("Kylien äänet (EAKR, koodi A80999): hanke kokosi tarinoita.", "Kylien äänet", "A80999", None),
        ("Kylien äänet (1.2.2024–31.12.2026): hanke kokosi tarinoita.", "Kylien äänet", None, "2024-02-01"),
        ("Uusi lehti (Kemin kaupunki, 1.9.2024–31.12.2026) tuo uutisia saarille.", "Uusi lehti", None, "2024-09-01"),
        ("Kolmivuotista (2023–2026) tutkimushanketta johtaa Lapin yliopisto.", None, None, None),
        ("Kylien äänet (EAKR, koodi A80999): hanke kokosi tarinoita", None, None, None),
        ("Kylien äänet (nuorille): tarinoita.", None, None, None),
        ("Kemin kaupunki (1.2.2024–31.12.2026): hanke kokosi tarinoita.", None, None, None),
        ("Kevään haku (1.2.2024–31.3.2024): hankkeet kokoavat tarinoita.", None, None, None),
    ],
)
def test_an_item_defines_a_project(
    page: Pager, item: str, name: str | None, code: str | None, start: str | None
) -> None:
    one = page(f"Kunnan hankkeita\n\n- {item}\n- Muut asiat käsitellään syksyllä.\n")
    found = list(from_definitions(one))
    assert [one.words(draft.name or (0, 0)) for draft in found] == ([name] if name else [])
    for draft in found:
        assert (draft.code and draft.code.value, draft.start and draft.start.value) == (code, start)


def test_a_bracket_gives_the_implementers_before_its_period_and_the_sum_behind(page: Pager) -> None:
    one = page(
        "Kunnan hankkeita\n\n- Uusi lehti (Kemin kaupunki, 1.9.2024–31.12.2026, 90 000 €) tuo uutisia saarille.\n"
    )
    (draft,) = from_definitions(one)
    assert [body.name for body in draft.bodies] == ["Kemin kaupunki"]
    assert [(phase, int(a.amount.value)) for phase, a in draft.sums] == [("granted", 90_000)]
    assert draft.end
    assert draft.end.value == "2026-12-31"


@each(
    ("lines", "name"),
    [
        (["Polku töihin", "Kemin kaupunki", "1.2.2024–31.12.2026"], "Polku töihin"),
        (["Polku töihin", "Kemin kaupunki", "120 000 €"], "Polku töihin"),
        (["Polku töihin", "Kemin kaupunki", "Lapin liitto", "1.2.2024–31.12.2026"], "Polku töihin"),
        (["Polku töihin", "Kemin kaupunki johtaa sitä.", "1.2.2024–31.12.2026"], None),
        (["Polku töihin", "Kemin kaupunki", "Se auttaa nuoria"], None),
        (["1.2.2024", "Kemin kaupunki", "1.2.2024–31.12.2026"], None),
    ],
)
def test_a_card_of_lines_is_a_project(page: Pager, lines: list[str], name: str | None) -> None:
    one = page(f"Kunnan hankkeita\n\n{PROSE}\n\n" + "\n".join(lines) + "\n\nHankkeet alkoivat.\n")
    found = [one.words(draft.name or (0, 0)) for draft in from_cards(one)]
    assert found[:1] == ([name] if name else [])
