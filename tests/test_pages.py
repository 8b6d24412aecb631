"""Files as numbered lines: text in any encoding, HTML; and files that are none of these."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from loaders.document import pages
from loaders.document.lines import Cell
from loaders.document.pages import read
from loaders.errors import SourceError
from tests.files import refused, write


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

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32", "iso8859-15"]
    )
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        text = "Välittävä toimielin, Hämeen ELY-keskus\nRahoituskehys 13 milj. €\n" * 3
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
    def test_paragraphs_of_several_lines_stand_apart(self, tmp_path: Path) -> None:
        text = "<p>A<br>B</p><p>C<br>D</p><p>E</p><p>F</p><p>&nbsp;</p><p>G</p><div>H<br><br>I</div><hr><p>J</p>"
        document = write(tmp_path / "a.html", f"<html><body>{text}</body></html>")
        assert "".join(line.text for line in document.lines if line.apart) == "ACEGHIJ"

    def test_cells_stand_in_their_rows(self, tmp_path: Path) -> None:
        text = "<table><tr><td>A<br>B</td><td>C</td></tr></table>"
        assert not any(line.apart for line in write(tmp_path / "a.html", f"<html><body>{text}</body></html>").lines)

    def test_a_link_within_the_page_is_text_unless_it_leads_to_the_content(self, tmp_path: Path) -> None:
        text = '<a href="#sisalto"><div>Siirry sisältöön</div></a><a href="#haku"><h3>Kevään haku</h3></a>'
        document = write(tmp_path / "a.html", f"<html><body>{text}</body></html>")
        assert [line.text for line in document.lines] == ["Kevään haku"]
        assert [line.text for line in document.furniture] == ["Siirry sisältöön"]

    def test_a_box_of_several_lines_stands_apart(self, tmp_path: Path) -> None:
        boxes = "<div><div>Kesto</div><div>2024</div></div><div><div>Yksin</div></div><div>Muu</div>"
        document = write(tmp_path / "a.html", f"<html><body><p>Alku</p>{boxes}</body></html>")
        assert [line.text for line in document.lines if line.apart] == ["Kesto", "Yksin"]

    def test_a_bold_line_is_a_heading_below_the_last_one(self, tmp_path: Path) -> None:
        text = (
            "<h1>Hanke</h1><p><b><span>Kesto</span></b></p><p>2024</p><p><strong>Toteuttajat</strong></p>"
            "<p><strong>Hanke auttaa aikuisia.</strong></p><p><b>Budjetti:</b> 300 €</p><p><b>Kaksi<br>riviä</b></p>"
            "<table><tr><td><p><b>Solu</b></p></td></tr></table>"
        )
        document = write(tmp_path / "a.html", f"<html><body>{text}</body></html>")
        levels = [(line.text, line.heading) for line in document.lines if line.heading]
        assert levels == [("Hanke", 1), ("Kesto", 2), ("Toteuttajat", 2)]

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
        refused(tmp_path / "katsaus.docx", b"PK\x03\x04" + bytes(40), "office file is damaged")

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
