"""Files as numbered lines: text in any encoding, HTML, PDF; and files that are none of these."""

from __future__ import annotations

import hashlib
import io
import os
import re
from pathlib import Path

import pdfplumber
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from loaders import pages
from loaders.document import Cell, Document
from loaders.errors import SourceError
from loaders.pages import read
from tests.pdfs import LEFT, Sheet, bomb

SHARED = Path(__file__).resolve().parents[2] / "shared" / "sources"
COLUMNS = (LEFT, 118.0, 260.0)
PROSE = (
    "Tämän sepitetyn kappaleen rivit katkeavat oikeaan reunaan niin kuin painetun sivun rivit katkeavat, ja siksi lukija "
    "saa tietää, mitkä rivit jatkavat edellistä riviä ja mitkä aloittavat uuden kappaleen sivulla."
)


def write(path: Path, data: bytes | str) -> Document:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read(path)


def refused(path: Path, data: bytes, message: str) -> None:
    path.write_bytes(data)
    with pytest.raises(SourceError, match=message) as caught:
        read(path)
    assert caught.value.message.startswith(path.name)
    assert "\n" not in caught.value.message


class TestText:
    def test_lines_are_those_of_the_file(self, tmp_path: Path) -> None:
        data = b" S30001 Hanke \r\n\r\nToinen\rKolmas \xc3\xa4\n"
        document = write(tmp_path / "katsaus-2024.txt", data)
        assert [(line.number, line.text) for line in document.lines] == [
            (1, " S30001 Hanke "), (2, ""), (3, "Toinen"), (4, "Kolmas ä"),
        ]  # fmt: skip
        assert (document.id, document.form, document.title) == ("katsaus-2024", "text", None)
        assert document.sha256 == hashlib.sha256(data).hexdigest()
        assert {line.page for line in document.lines} == {None}
        assert read(tmp_path / "katsaus-2024.txt", "toinen").id == "toinen"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"])
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        text = "Välittävä toimielin – Hämeen ELY-keskus\nRahoituskehys 13 milj. €\n" * 3
        document = write(tmp_path / "a.txt", text.encode(encoding))
        assert [line.text for line in document.lines] == text.splitlines()
        assert document.notes == ()

    def test_a_broken_byte_of_utf8_is_noted_and_costs_no_other_letter(self, tmp_path: Path) -> None:
        data = "Hämeen ELY-keskus, Työ- ja elinkeinoministeriö\nLännen \n".encode() + b"rikki \xff tavu\n"
        document = write(tmp_path / "a.txt", data)
        assert document.lines[0].text == "Hämeen ELY-keskus, Työ- ja elinkeinoministeriö"
        assert document.lines[2].text == "rikki \ufffd tavu"
        assert document.notes == ("1 bytes are not UTF-8, the first in line 3",)

    def test_composed_letters(self, tmp_path: Path) -> None:
        assert write(tmp_path / "a.txt", "Ha\u0308me\n").lines[0].text == "Häme"

    def test_form_feeds_begin_pages(self, tmp_path: Path) -> None:
        document = write(tmp_path / "a.txt", "yksi\nkaksi\n\fkolme\nneljä\f\nviisi\n\f")
        assert [(line.text, line.page) for line in document.lines] == [
            ("yksi", 1), ("kaksi", 1), ("kolme", 2), ("neljä ", 2), ("viisi", 3),
        ]  # fmt: skip

    def test_what_an_extraction_left_of_the_page_is_furniture_and_keeps_its_line(self, tmp_path: Path) -> None:
        text = (
            "Teksti alkaa\nmailto:virasto@virasto.example\nhttp://www.verkkosivu.fi/\n ja jatkuu. \n2\n0 \n\nPL 32 \n"
            "00100 Kaupunki \nPuh. 0000 16001 \nvirasto@virasto.example | [www.verkkosivu.fi] | [sähköposti@osoite.fi] \n"
            "Puh. 0000 16002\n"
        )
        document = write(tmp_path / "a.txt", text)
        assert [line.number for line in document.furniture] == [2, 3, 5, 6, 8, 9, 10, 11]
        assert len(document.lines) == 12

    def test_a_postal_address_is_a_foot_only_where_it_comes_again(self, tmp_path: Path) -> None:
        once = "Teksti\nPL 7\n00100 Kaupunki\nlisää\n"
        assert write(tmp_path / "a.txt", once).furniture == ()
        assert [line.number for line in write(tmp_path / "a.txt", once * 2).furniture] == [2, 3, 6, 7]


class TestHtml:
    def test_blocks(self, tmp_path: Path) -> None:
        document = write(
            tmp_path / "a.html",
            "<!doctype html><html lang='fi'><head><meta charset='utf-8'><title>Teemojen  uutiskirje</title><style>p{}"
            "</style></head><body><nav>Etusivu <a>Haut</a></nav><h1>Uutiskirje</h1><p>Osa <b>ohjelman</b>\n rahoituksesta"
            "<!-- ei --> on sovittu.</p><ul><li>Työllisyys<ul><li>Alakohta</li></ul></li></ul><h2>Ryhmä</h2><h4>Pieni</h4>"
            "p.&nbsp;0295<br>toinen rivi<script>ei()</script><p hidden>piilossa</p>"
            "<table><tr><th>Teema</th><td>Kohtaanto<br>ja muuta</td></tr><tr><td>Kehys</td><td>13&nbsp;M€</td></tr></table>"
            "loppu",
        )
        assert [(line.number, line.heading, line.text, line.cell) for line in document.lines] == [
            (1, 1, "Uutiskirje", None),
            (2, 0, "Osa ohjelman rahoituksesta on sovittu.", None),
            (3, 0, "• Työllisyys", None),
            (4, 0, "• Alakohta", None),
            (5, 2, "Ryhmä", None),
            (6, 0, "Pieni", None),
            (7, 0, "p.\u00a00295", None),
            (8, 0, "toinen rivi", None),
            (9, 0, "Teema", Cell(0, 0, 0)),
            (10, 0, "Kohtaanto", Cell(0, 0, 1)),
            (11, 0, "ja muuta", Cell(0, 0, 1)),
            (12, 0, "Kehys", Cell(0, 1, 0)),
            (13, 0, "13\u00a0M€", Cell(0, 1, 1)),
            (14, 0, "loppu", None),
        ]
        assert (document.form, document.title) == ("html", "Teemojen uutiskirje")
        assert [line.text for line in document.furniture] == ["Etusivu Haut"]

    def test_without_suffix_and_in_another_encoding(self, tmp_path: Path) -> None:
        page = "<HTML><head><meta charset=iso-8859-1></head><body><p>Häme</p></body></HTML>".encode("latin-1")
        assert write(tmp_path / "sivu", page).lines[0].text == "Häme"

    def test_deep_pages_are_read_whole_or_refused(self, tmp_path: Path) -> None:
        def page(depth: int) -> bytes:
            return f"<html><body>{'<div>' * depth}syvällä{'</div>' * depth}<p>jälkeen</p></body></html>".encode()

        assert [line.text for line in write(tmp_path / "a.html", page(1500)).lines] == ["syvällä", "jälkeen"]
        refused(tmp_path / "a.html", page(5000), "cannot be parsed")

    def test_a_page_without_words_is_refused(self, tmp_path: Path) -> None:
        refused(tmp_path / "a.html", b"<html><body><script>a()</script></body></html>", "holds no text")


class TestPdf:
    def sheet(self) -> bytes:
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

    def test_lines_in_reading_order_with_tables_cell_by_cell(self, tmp_path: Path) -> None:
        document = write(tmp_path / "a.pdf", self.sheet())
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
        document = write(tmp_path / "a.pdf", self.sheet())
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

    def test_the_suffix_does_not_matter(self, tmp_path: Path) -> None:
        assert write(tmp_path / "a.txt", self.sheet()).form == "pdf"

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
        data = self.sheet()
        refused(tmp_path / "a.pdf", data[: int(part * len(data))], "cut off")

    def test_damaged_content_is_refused_by_page(self, tmp_path: Path) -> None:
        data = self.sheet()
        streams = [
            match.end() for match in re.finditer(rb"stream\r?\n", data) if data[match.start() - 3 :][:3] != b"end"
        ]
        data = data[: streams[1] + 20] + b"!!!!!!!!!!" + data[streams[1] + 30 :]
        refused(tmp_path / "a.pdf", data, "page 2 of the PDF file is damaged")

    def test_missing_pages_are_refused(self, tmp_path: Path) -> None:
        data = self.sheet().replace(b"/Count 2", b"/Count 9")
        refused(tmp_path / "a.pdf", data, "2 of its 9 pages")

    def test_a_broken_structure_is_refused(self, tmp_path: Path) -> None:
        data = self.sheet()
        refused(tmp_path / "a.pdf", data.replace(b"/Root", b"/Rot"), "damaged")
        refused(tmp_path / "a.pdf", b"%PDF-1.7\nnothing here\n%%EOF\n", "damaged")

    def test_bombs_are_refused(self, tmp_path: Path) -> None:
        refused(tmp_path / "a.pdf", bomb(80), "unpacks to more than 64 MB")

    def test_too_many_pages(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("loaders.pdf.PAGE_LIMIT", 1)
        refused(tmp_path / "a.pdf", self.sheet(), "2 pages, more than 1")


class TestRefusals:
    @pytest.mark.parametrize("data", [b"", b" \n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \n"])
    def test_empty(self, tmp_path: Path, data: bytes) -> None:
        refused(tmp_path / "tyhja.txt", data, "the file is empty")

    @pytest.mark.parametrize(
        "data",
        [
            b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 8,
            bytes(range(256)) * 4,
            b"\x89PNG\r\n\x1a\n" + bytes(64),
            b"abc\x00def" * 100,
            bytes([7, 200, 27, 3]) * 300,
        ],
    )
    def test_binary_named_text(self, tmp_path: Path, data: bytes) -> None:
        refused(tmp_path / "kuva.txt", data, "not a text")

    def test_archives(self, tmp_path: Path) -> None:
        refused(tmp_path / "katsaus.docx", b"PK\x03\x04" + bytes(40), "office file or archive")

    def test_larger_than_the_limit_is_not_even_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "iso.txt"
        with path.open("wb") as stream:
            stream.truncate(300 * 2**20)
        monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("opened"))
        with pytest.raises(SourceError, match=r"iso.txt: 300 MB, more than the 50 MB"):
            read(path)

    def test_a_file_that_grows_while_it_is_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pages, "SIZE_LIMIT", 10)
        path = tmp_path / "a.txt"
        path.write_bytes(b"x" * 10)
        assert read(path).lines[0].text == "x" * 10
        real = Path.stat
        monkeypatch.setattr(
            Path, "stat", lambda self, **_: os.stat_result((0o100644, *real(tmp_path)[1:6], 5, 0, 0, 0))
        )
        path.write_bytes(b"x" * 11)
        with pytest.raises(SourceError, match="more than"):
            read(path)

    def test_directories_devices_and_missing_files(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="a directory"):
            read(tmp_path)
        with pytest.raises(SourceError, match="not a regular file"):
            read(Path("/dev/null"))
        with pytest.raises(SourceError, match=r"puuttuu.txt: cannot be read: No such file"):
            read(tmp_path / "puuttuu.txt")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_unreadable(self, tmp_path: Path) -> None:
        path = tmp_path / "salattu.txt"
        path.write_text("x")
        path.chmod(0)
        with pytest.raises(SourceError, match="Permission denied"):
            read(path)


@pytest.mark.documents
class TestDocuments:
    """The full originals, where they lie beside the repository."""

    @staticmethod
    def document(form: str, name: str) -> Document:
        path = SHARED / form / f"{name}.{'txt' if form == 'text' else form}"
        if not path.exists():
            pytest.skip("the full documents are not here")
        return read(path)

    @pytest.mark.parametrize(
        "name",
        [
            "esr-haku-6aika-2016",
            "toteutuskatsaus-2024-10",
            "uutiskirje-2022-06",
            "vaikeasti-tyollistyvien-esitys-2025",
            "vaikeasti-tyollistyvien-teemakuvaus",
        ],
    )
    def test_text_and_pdf_hold_the_same_marks(self, name: str) -> None:
        from loaders.fields import amounts, codes, emails, periods, phones

        text, pdf = self.document("text", name), self.document("pdf", name)
        furniture = {line.number for line in text.furniture}
        left = "\n".join(line.text for line in text.lines if line.number not in furniture)
        right = "\n".join(line.text for line in pdf.lines)
        assert sorted(a.words for a in amounts(left)) == sorted(a.words for a in amounts(right))
        assert sorted(c.value for c in codes(left)) == sorted(c.value for c in codes(right))
        assert sorted((str(p.start), str(p.end)) for p in periods(left)) == sorted(
            (str(p.start), str(p.end)) for p in periods(right)
        )
        assert sorted(m.value for m in phones(left)) == sorted(m.value for m in phones(right))
        assert sorted(m.value for m in emails(left)) == sorted(m.value for m in emails(right))

    def test_headings_of_the_newsletter_are_the_same_in_html_and_pdf(self) -> None:
        html, pdf = self.document("html", "uutiskirje-2022-06"), self.document("pdf", "uutiskirje-2022-06")
        wanted = [(line.heading, line.text) for line in html.lines if line.heading]
        found: list[tuple[int, str]] = []
        for line in pdf.lines:
            if line.heading and line.continues:
                found[-1] = (found[-1][0], f"{found[-1][1]} {line.text}")
            elif line.heading:
                found.append((line.heading, line.text))
        assert found == wanted

    def test_every_theme_form_of_the_review_is_a_table(self) -> None:
        document = self.document("pdf", "toteutuskatsaus-2024-10")
        forms = [
            line.cell
            for line in document.lines
            if line.cell and line.cell.row == 0 and line.text == "Valtakunnallinen teema"
        ]
        assert len({cell.table for cell in forms}) == 12
