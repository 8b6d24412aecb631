"""PDF as lines: reading order, tables, headings, wrapped lines, page furniture; damaged files."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pdfplumber
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from loaders.document.lines import Cell
from tests.files import refused, write
from tests.pdfs import LEFT, Sheet, bomb

COLUMNS = (LEFT, 118.0, 260.0)
PROSE = (
    "Tämän sepitetyn kappaleen rivit katkeavat oikeaan reunaan niin kuin painetun sivun rivit katkeavat, ja siksi lukija "
    "saa tietää, mitkä rivit jatkavat edellistä riviä ja mitkä aloittavat uuden kappaleen sivulla."
)


def form() -> bytes:
    sheet = Sheet(foot="PL 7 00100 Kaupunki")
    sheet.text("Toteutuskatsaus", size=14, bold=True)
    sheet.paragraph(PROSE)
    sheet.text("Lyhyt rivi")
    sheet.text("Toinen lyhyt")
    sheet.row(["Teema", "Nimi", "Kohtaannon kehittäminen alueilla"], COLUMNS)
    sheet.row(["S30001", "R-00001", "Rahoituskehys 14 000 000 e ja varaukset 5 000 e\nseuraava kohta"], COLUMNS)
    sheet.row(["S30002", "R-00002", ""], COLUMNS, bottom=False)
    sheet.turn()
    sheet.row(["", "", "Katkennut rivi"], COLUMNS, top=False)
    sheet.row(["S30003", "", "Viimeinen"], COLUMNS)
    sheet.y += 10
    sheet.text("Taulukon jälkeen", bold=True)
    sheet.row(["uusi", "toinen"], (LEFT, 300.0))
    return sheet.data()


class TestPdf:
    def test_lines_in_reading_order_with_tables_cell_by_cell(self, tmp_path: Path) -> None:
        document = write(tmp_path / "a.pdf", form())
        cells = [(line.text, line.page, line.cell) for line in document.lines if line.cell]
        assert cells == [
            ("Teema", 1, Cell(0, 0, 0)),
            ("Nimi", 1, Cell(0, 0, 1)),
            ("Kohtaannon kehittäminen alueilla", 1, Cell(0, 0, 2)),
            ("S30001", 1, Cell(0, 1, 0)),
            ("R-00001", 1, Cell(0, 1, 1)),
            ("Rahoituskehys 14 000 000 e ja varaukset 5 000 e", 1, Cell(0, 1, 2)),
            ("seuraava kohta", 1, Cell(0, 1, 2)),
            ("S30002", 1, Cell(0, 2, 0)),
            ("R-00002", 1, Cell(0, 2, 1)),
            ("Katkennut rivi", 2, Cell(0, 2, 2)),
            ("S30003", 2, Cell(0, 3, 0)),
            ("Viimeinen", 2, Cell(0, 3, 2)),
            ("uusi", 2, Cell(1, 0, 0)),
            ("toinen", 2, Cell(1, 0, 1)),
        ]
        texts = [line.text for line in document.lines]
        assert texts[0] == "Toteutuskatsaus"
        assert (
            texts.index("Toinen lyhyt") < texts.index("Teema") < texts.index("Taulukon jälkeen") < texts.index("uusi")
        )
        assert [line.number for line in document.lines] == list(range(1, len(document.lines) + 1))

    def test_headings_wrapped_lines_and_furniture(self, tmp_path: Path) -> None:
        document = write(tmp_path / "a.pdf", form())
        assert {line.text: line.heading for line in document.lines if line.heading} == {
            "Toteutuskatsaus": 1,
            "Taulukon jälkeen": 2,
        }
        prose = [line for line in document.lines if line.text in PROSE]
        assert len(prose) > 1
        assert [line.continues for line in prose] == [False] + [True] * (len(prose) - 1)
        assert not any(line.continues for line in document.lines if line not in prose)
        assert [line.text for line in document.furniture] == ["PL 7 00100 Kaupunki 1", "PL 7 00100 Kaupunki 2"]
        assert not any("Kaupunki" in line.text for line in document.lines)

    def test_a_table_whose_borders_close_at_the_page_goes_on_where_its_first_cell_is_empty(
        self, tmp_path: Path
    ) -> None:
        sheet = Sheet()
        sheet.row(["S30001", "R-00001", "alku"], COLUMNS)
        sheet.turn()
        sheet.row(["", "", "jatko"], COLUMNS)
        sheet.row(["S30002", "", "toinen"], COLUMNS)
        document = write(tmp_path / "a.pdf", sheet.data())
        assert [(line.text, line.cell) for line in document.lines][2:] == [
            ("alku", Cell(0, 0, 2)),
            ("jatko", Cell(0, 0, 2)),
            ("S30002", Cell(0, 1, 0)),
            ("toinen", Cell(0, 1, 2)),
        ]

    def test_a_row_cut_by_the_page_goes_on_in_all_its_cells(self, tmp_path: Path) -> None:
        sheet = Sheet()
        sheet.row(["S30001", "R-00001", "alku"], COLUMNS, bottom=False)
        sheet.turn()
        sheet.row(["(uusi)", "R-00002", "jatko"], COLUMNS, top=False)
        document = write(tmp_path / "a.pdf", sheet.data())
        assert [line.cell for line in document.lines] == [Cell(0, 0, 0), Cell(0, 0, 1), Cell(0, 0, 2)] * 2

    def test_tables_one_below_the_other_are_two(self, tmp_path: Path) -> None:
        sheet = Sheet()
        sheet.row(["S30001", "R-00001", "yksi"], COLUMNS)
        sheet.y += 30
        sheet.row(["", "R-00002", "kaksi"], COLUMNS)
        document = write(tmp_path / "a.pdf", sheet.data())
        assert [line.cell for line in document.lines if line.text == "kaksi"] == [Cell(1, 0, 2)]

    def test_full_lines_of_other_paragraphs_and_lists_do_not_go_on(self, tmp_path: Path) -> None:
        sheet = Sheet()
        full = sheet.paragraph(PROSE, after=0)[0]
        for words, after in ((full, 8.0), (full, 0.0), (f"• {full}", 0.0), (f"• {full}", 0.0)):
            sheet.text(words, after=after)
        document = write(tmp_path / "a.pdf", sheet.data())
        assert [(line.text[0], line.continues) for line in document.lines[-4:]] == [
            ("T", False), ("T", False), ("•", False), ("•", False),
        ]  # fmt: skip

    def test_small_print_in_the_middle_of_pages_stays(self, tmp_path: Path) -> None:
        sheet = Sheet(foot="PL 7 00100 Kaupunki")
        for _ in range(3):
            sheet.text(PROSE[:60])
            sheet.y = 400
            sheet.text("Lähde: virasto", size=7)
            sheet.turn()
        sheet.text(PROSE[60:120])
        document = write(tmp_path / "a.pdf", sheet.data())
        assert [line.text for line in document.lines].count("Lähde: virasto") == 3

    def test_words_set_apart_without_blanks(self, tmp_path: Path) -> None:
        sheet = Sheet()
        sheet.canvas.setFont("Helvetica", 10)
        for x, words in ((57, "rahoitus"), (57 + sheet.canvas.stringWidth("rahoitus", "Helvetica", 10), "kehys")):
            sheet.canvas.drawString(x, 700, words)
        sheet.canvas.drawString(130, 700, "13")
        sheet.canvas.drawString(145, 700, "M€")
        assert write(tmp_path / "a.pdf", sheet.data()).lines[0].text == "rahoituskehys 13 M€"

    def test_a_table_head_repeated_on_the_next_page_is_furniture(self, tmp_path: Path) -> None:
        sheet = Sheet()
        sheet.row(["Koodi", "Ryhmä", "Nimi"], COLUMNS)
        sheet.row(["S30001", "R-00001", "yksi"], COLUMNS)
        sheet.turn()
        sheet.row(["Koodi", "Ryhmä", "Nimi"], COLUMNS)
        sheet.row(["S30002", "R-00002", "kaksi"], COLUMNS)
        document = write(tmp_path / "a.pdf", sheet.data())
        assert [line.text for line in document.furniture] == ["Koodi", "Ryhmä", "Nimi"]
        assert [line.cell for line in document.lines if line.text == "S30002"] == [Cell(0, 2, 0)]

    def test_a_table_after_text_is_a_table_of_its_own(self, tmp_path: Path) -> None:
        sheet = Sheet()
        sheet.row(["S30001", "R-00001", "yksi"], COLUMNS)
        sheet.turn()
        sheet.text("Väliotsikko")
        sheet.row(["", "R-00002", "kaksi"], COLUMNS)
        document = write(tmp_path / "a.pdf", sheet.data())
        assert [line.cell for line in document.lines if line.text == "kaksi"] == [Cell(1, 0, 2)]

    def test_a_paragraph_goes_on_over_the_page(self, tmp_path: Path) -> None:
        sheet = Sheet(foot="PL 7 00100 Kaupunki")
        printed = sheet.paragraph(PROSE)
        sheet.canvas.setFont("Helvetica", 10)
        sheet.turn()
        sheet.text("jatkuu seuraavalla sivulla.")
        document = write(tmp_path / "a.pdf", sheet.data())
        assert document.lines[len(printed)].continues is False
        full = " ".join([PROSE] * 3)[: len(printed[0]) + 40]
        sheet = Sheet()
        lines = sheet.paragraph(full)
        assert len(lines) == 2
        sheet = Sheet()
        sheet.text(lines[0])
        sheet.turn()
        sheet.text(lines[1])
        assert [line.continues for line in write(tmp_path / "a.pdf", sheet.data()).lines] == [False, True]

    def test_bullets_of_symbol_fonts(self, tmp_path: Path) -> None:
        sheet = Sheet()
        sheet.text("• Työkyvyn tuki")
        assert "(cid:" in "".join(char["text"] for char in pdfplumber.open(io.BytesIO(sheet.data())).pages[0].chars)
        sheet = Sheet()
        sheet.text("• Työkyvyn tuki")
        assert write(tmp_path / "a.pdf", sheet.data()).lines[0].text == "• Työkyvyn tuki"
        assert write(tmp_path / "a.txt", "\uf0b7 Työkyvyn tuki").lines[0].text == "• Työkyvyn tuki"


class TestDamage:
    def test_the_suffix_does_not_matter(self, tmp_path: Path) -> None:
        assert write(tmp_path / "a.txt", form()).form == "pdf"

    def test_a_page_without_text_is_noted(self, tmp_path: Path) -> None:
        sheet = Sheet()
        sheet.text(PROSE)
        sheet.turn()
        sheet.picture()
        assert write(tmp_path / "a.pdf", sheet.data()).notes == ("page 2 holds no text, only pictures",)

    def test_scans_are_refused(self, tmp_path: Path) -> None:
        sheet = Sheet()
        sheet.picture()
        refused(tmp_path / "skannattu.pdf", sheet.data(), r"skannattu.pdf: .*a scan.*OCR")

    def test_encrypted(self, tmp_path: Path) -> None:
        sheet = Sheet(encrypt=StandardEncryption("salasana", strength=128))
        sheet.text("Salattu")
        refused(tmp_path / "a.pdf", sheet.data(), "encrypted")

    def test_encrypted_with_an_empty_password_can_be_read(self, tmp_path: Path) -> None:
        sheet = Sheet(encrypt=StandardEncryption("", ownerPassword="omistaja", strength=128))
        sheet.text("Luettavissa kaikille")
        assert write(tmp_path / "a.pdf", sheet.data()).lines[0].text == "Luettavissa kaikille"

    @pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
    def test_truncated(self, tmp_path: Path, part: float) -> None:
        data = form()
        refused(tmp_path / "a.pdf", data[: int(part * len(data))], "cut off")

    def test_a_damaged_page_is_said_and_the_rest_read(self, tmp_path: Path) -> None:
        data = form()
        streams = [
            match.end() for match in re.finditer(rb"stream\r?\n", data) if data[match.start() - 3 :][:3] != b"end"
        ]
        data = data[: streams[1] + 20] + b"!!!!!!!!!!" + data[streams[1] + 30 :]
        document = write(tmp_path / "a.pdf", data)
        assert document.lines[0].text == "Toteutuskatsaus"
        assert {line.page for line in document.lines} == {1}
        assert document.notes == ("page 2 of the PDF file is damaged and was not read: fetch the file again",)

    def test_missing_pages_are_said_and_the_rest_read(self, tmp_path: Path) -> None:
        document = write(tmp_path / "a.pdf", form().replace(b"/Count 2", b"/Count 9"))
        assert document.lines[0].text == "Toteutuskatsaus"
        assert any("2 of its 9 pages" in note for note in document.notes)

    def test_a_broken_structure_is_refused(self, tmp_path: Path) -> None:
        data = form()
        refused(tmp_path / "a.pdf", data.replace(b"/Root", b"/Rot"), "damaged")
        refused(tmp_path / "a.pdf", b"%PDF-1.7\nnothing here\n%%EOF\n", "damaged")

    @pytest.mark.slow
    def test_bombs_are_refused(self, tmp_path: Path) -> None:
        refused(tmp_path / "a.pdf", bomb(80), "unpacks to more than 64 MB")

    def test_too_many_pages(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("loaders.document.pdf.PAGE_LIMIT", 1)
        refused(tmp_path / "a.pdf", form(), "2 pages, more than 1")
