"""The lines of a document as anybody may read them: persons hidden, line numbers and pages kept."""

from __future__ import annotations

from pathlib import Path

from engine.source_text import MASK, SourceLine, path_of, public_lines, read, write
from engine.store import Version
from loaders.document.lines import Document, Line
from loaders.records import About, Contact, LeftOut, Origin, Reading

TEXTS = (
    (1, 1, "Kylien elinvoima"),
    (2, 1, "  Yhteyshenkilö: Maija"),
    (3, 1, "Mallinen, Mallilan ELY-keskus"),
    (4, 2, "julkinen rahoituskehys 14 000 000 e"),
    (5, 2, "lisätietoja antaa Maija Mallinen, p. 029 555 0123, maija.mallinen@esimerkki.example"),
    (7, 2, "Neuvoja Matti Mallila vastaa hausta"),
)
DOCUMENT = Document("katsaus", "text", tuple(Line(n, text, page) for n, page, text in TEXTS), "0" * 64)
CONTACT = Contact(
    About("theme", "Kylien elinvoima"), "funder", "Maija Mallinen", Origin(2, 3, "Maija Mallinen", private=True)
)
READING = Reading("review", (CONTACT,), left_out=(LeftOut(7, 7, "Matti Mallila", "a person", private=True),))


def test_what_names_or_addresses_a_person_is_hidden() -> None:
    lines = {line.number: line.text for line in public_lines(DOCUMENT, READING)}
    assert lines[2] == f"  Yhteyshenkilö: {MASK}"
    assert lines[3] == f"{MASK}, Mallilan ELY-keskus"
    assert lines[4] == "julkinen rahoituskehys 14 000 000 e"
    assert lines[5] == f"lisätietoja antaa {MASK}, p. {MASK}, {MASK}"
    assert lines[7] == f"Neuvoja {MASK} vastaa hausta"


def test_lines_whose_private_words_cannot_be_found_are_hidden_whole() -> None:
    strange = Reading("review", (), left_out=(LeftOut(3, 4, "muut sanat", "a person", private=True),))
    lines = {line.number: line.text for line in public_lines(DOCUMENT, strange)}
    assert lines[3] == lines[4] == MASK
    assert lines[2] == "  Yhteyshenkilö: Maija"


def test_numbers_and_pages_survive_the_file(tmp_path: Path) -> None:
    version = Version(tmp_path)
    write(version, DOCUMENT, READING)
    lines = read(path_of(version, "katsaus"))
    assert lines[3] == SourceLine(4, 2, "julkinen rahoituskehys 14 000 000 e")
    assert [(line.number, line.page) for line in lines] == [(number, page) for number, page, _ in TEXTS]
    assert read(path_of(version, "other")) == []
