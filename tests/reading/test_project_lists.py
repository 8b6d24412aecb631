"""Lists of projects in running lines, cells of contacts and tables of amounts, in forms that no known document has."""

from __future__ import annotations

from decimal import Decimal

from loaders.document.lines import Document, Line
from loaders.mentions import Mention
from loaders.outline import outline
from loaders.reading import amount_tables, contacts, projects
from loaders.reading.coordination import complete, told
from loaders.reading.page import Page
from loaders.reading.project_drafts import Draft
from loaders.reading.project_lists import ProjectList
from loaders.reading.project_rows import _role_before
from loaders.records import About, Participation, Project
from tests.cases import each


def lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(number, line) for number, line in enumerate(text.split("\n"), 1))


def page(text: str) -> Page:
    return Page(outline(Document("list", "text", lines(text), "0" * 64)))


def read(text: str) -> dict[str, list[str]]:
    """Names of projects with the organisations of each, and the code or role behind a body."""
    of = page(text)
    found: dict[str, list[str]] = {}
    keys: dict[str, str] = {}
    for draft in ProjectList(of, 0, len(of.text)).read():
        for record in projects.of_draft(of, draft):
            if isinstance(record, Project):
                keys[record.key] = record.name.value.text
                found[record.name.value.text] = []
            elif isinstance(record, Participation):
                beside = [one.value for one in (record.role, record.project_code) if one]
                found[keys[record.project]].append(" ".join([record.organisation.value, *beside]))
    return found


@each(
    ("text", "expected"),
    [
        (
            "J40001 Ohut lanka / Puro-säätiö sr\nJ40002 Paksu lanka, Toteuttaja Harha ry",
            {"Ohut lanka": ["Puro-säätiö sr"], "Paksu lanka": ["Harha ry"]},
        ),
        (
            "Tunn tråd. Genomförare: Kuvitelmans kommun,\nHarha rf. Kostnadsberäkning 90 000 €.\n"
            "Tjock tråd. Genomförare: Purostiftelsen rf. Kostnadsberäkning 10 000 €.",
            {"Tunn tråd": ["Kuvitelmans kommun", "Harha rf"], "Tjock tråd": ["Purostiftelsen rf"]},
        ),
        (
            "Thin Thread\nImplementers: Harha Ltd and Puro Foundation\n\nThick Thread\nImplementers: Toive Oy",
            {"Thin Thread": ["Harha Ltd", "Puro Foundation"], "Thick Thread": ["Toive Oy"]},
        ),
        (
            "R-09001 KUUSI 1.9.2024 – 31.8.2026\nS39011 Keksi-\nammattikorkeakoulu Oy (päätoteuttaja)\nS39012 Puro-säätiö sr",
            {"KUUSI": ["Keksi-ammattikorkeakoulu Oy lead S39011", "Puro-säätiö sr S39012"]},
        ),
        (
            "Pitkä lanka\n-hanke:\nNauha Oy, Satulan kaupunki ja\nHarha ry\nLyhyt lanka:\nToive Oy",
            {"Pitkä lanka -hanke": ["Nauha Oy", "Satulan kaupunki", "Harha ry"], "Lyhyt lanka": ["Toive Oy"]},
        ),
    ],
    ids=["codes of another series", "Swedish labels", "English labels", "a group over its members", "colons"],
)
def test_one_reader_reads_lists_of_many_forms(text: str, expected: dict[str, list[str]]) -> None:
    assert read(text) == expected


def test_words_that_list_no_project_give_none() -> None:
    assert read("Hankkeet esitellään myöhemmin.\nLisätietoa on verkkosivuilla.") == {}


def test_an_address_behind_the_implementers_is_the_projects_own_page_the_first_time() -> None:
    address = "https://lanka.example.fi/"
    of = page(f"Ohut lanka\nToteuttajat: Harha ry\n{address}\nPaksu lanka\nToteuttajat: Toive Oy\n{address}")
    drafts = ProjectList(of, 0, len(of.text)).read()
    assert [[one.value for one in draft.pages] for draft in drafts] == [[address], []]


def test_a_project_that_only_text_tells_has_its_lead_and_partners() -> None:
    text = "Päätoteuttajana on Roihu ry, osatoteuttajina Toive Oy ja Harha ry."
    of = page(f"KIPINÄ eli Uuden työn kipinät -koordinaatiohanke alkoi. {text}")
    draft = told(of, 0, len(of.text))
    assert draft is not None
    project, *others = projects.of_draft(of, draft, "Työ")
    assert isinstance(project, Project)
    assert (project.name.value.text, project.acronym and project.acronym.value) == ("Uuden työn kipinät", "KIPINÄ")
    assert [(p.organisation.value, p.role and p.role.value) for p in others if isinstance(p, Participation)] == [
        ("Roihu ry", "lead"),
        ("Toive Oy", "partner"),
        ("Harha ry", "partner"),
    ]


def test_a_sentence_dates_the_project_that_it_names() -> None:
    of = page("Ohut lanka -koordinaatiohanke käynnistyi keväällä 2023. Koordinaatiohanke päättyy 31.5.2027.")
    draft = Draft(name=(0, 10), theme=Mention("Työ", 0, 0))
    complete(of, [draft], {"Työ": [(0, len(of.text))]})
    assert draft.coordination is not None
    assert (draft.start and draft.start.value, draft.end and draft.end.value) == ("2023", "2027-05-31")


def test_everybody_in_a_cell_is_a_contact_whatever_the_order_of_the_words() -> None:
    cell = (
        "31.5.2025 saakka Eemeli Tekaistu, Saimaan\nELY-keskus\n"
        "Ohut lanka -koordinaatiohanke: Aino Esimerkki\nVM Onni Mallinen (onni(at)vm.example.fi)"
    )
    of = Page(outline(Document("cell", "text", tuple(contacts.unwrapped(lines(cell))), "0" * 64), spaced=False))
    cards = contacts.of_cell(of, range(len(of.blocks)))
    found = [contacts.contact(of, card, About("theme", "Työ")) for card in cards]
    assert [(one.name, one.side, one.organisation, one.valid_until) for one in found] == [
        ("Eemeli Tekaistu", "funder", "Saimaan ELY-keskus", "2025-05-31"),
        ("Aino Esimerkki", "coordination", None, None),
        ("Onni Mallinen", "coordination", "VM", None),
    ]
    assert all(one.origin.private for one in found)


def test_labels_stand_over_values_in_another_language() -> None:
    table = "public funding frame\nreservations\ncommitted authorisations\ncosts paid\n13 M€+10 M€\n5 M€\n0 €\nnot yet"
    of = page(table)
    found = list(amount_tables.read(of, "Työ", (0, len(of.text)), (0, 0), ()))
    assert {one.phase: one.amount for one in found} == {
        "framework": Decimal(23_000_000),
        "reserved": Decimal(5_000_000),
        "committed": Decimal(0),
    }
    assert [(one.words, one.reason) for one in of.left_out] == [("not yet", "no-amount-yet")]


@each(
    ("words", "low", "role"),
    [
        ("päätoteuttaja: Kemin kaupunki", 15, "lead"),
        ("osatoteuttajat  Kemin kaupunki", 16, "partner"),
        ("Kemin kaupunki, päätoteuttaja", 0, None),
    ],
)
def test_a_role_that_begins_a_bracket(words: str, low: int, role: str | None) -> None:
    assert _role_before(words, 0, len(words)) == (low, role)
