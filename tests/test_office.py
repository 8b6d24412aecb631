"""Word and PowerPoint files as lines: headings, lists, tables, order, what is left out; damaged and swelling files."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pptx
import pytest
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from pptx.util import Inches

from loaders.document.lines import Cell, Document
from loaders.document.pages import read
from tests.files import refused, write

LABELS = (("Projektikoodi", "S39001"), ("Projektin nimi", "Kuvitteellisen saariston koordinaatio"))


def word_bytes(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def slide_bytes(presentation: pptx.presentation.Presentation) -> bytes:
    stream = io.BytesIO()
    presentation.save(stream)
    return stream.getvalue()


def shown(document: Document) -> list[tuple[str, int, Cell | None]]:
    return [(line.text, line.heading, line.cell) for line in document.lines]


class TestWord:
    def test_empty_paragraphs_and_line_breaks_set_paragraphs_apart(self, tmp_path: Path) -> None:
        made = docx.Document()
        for words in ("A", "B", "", "C", "D\nE", "F", "G"):
            made.add_paragraph(words)
        document = write(tmp_path / "a.docx", word_bytes(made))
        assert [line.text for line in document.lines if line.apart] == ["C", "D", "F"]

    def test_blocks_in_the_order_of_the_document(self, tmp_path: Path) -> None:
        made = docx.Document()
        made.core_properties.title = "Saariston hanke"
        made.add_heading("Saariston hanke", 1)
        made.add_paragraph("Rahoituskehys 13 milj. €")
        table = made.add_table(rows=0, cols=2)
        for label, value in LABELS:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = label, value
        made.add_heading("Haut", 2)
        for item in ("Ensimmäinen haku 1.2.–31.3.2026", "Toinen haku keväällä 2027"):
            made.add_paragraph(item, style="List Bullet")
        made.add_paragraph("Yhteyshenkilö\tAino Kuvitelma")
        made.sections[0].header.paragraphs[0].text = "Kuvitteellinen virasto"
        document = write(tmp_path / "a.docx", word_bytes(made))
        assert (document.form, document.title, document.id) == ("word", "Saariston hanke", "a")
        assert shown(document) == [
            ("Saariston hanke", 1, None),
            ("Rahoituskehys 13 milj. €", 0, None),
            ("Projektikoodi", 0, Cell(0, 0, 0)),
            ("S39001", 0, Cell(0, 0, 1)),
            ("Projektin nimi", 0, Cell(0, 1, 0)),
            ("Kuvitteellisen saariston koordinaatio", 0, Cell(0, 1, 1)),
            ("Haut", 2, None),
            ("• Ensimmäinen haku 1.2.–31.3.2026", 0, None),
            ("• Toinen haku keväällä 2027", 0, None),
            ("Yhteyshenkilö\tAino Kuvitelma", 0, None),
        ]
        assert [line.number for line in document.lines] == list(range(1, 11))
        assert [line.text for line in document.furniture] == ["Kuvitteellinen virasto"]
        assert {line.page for line in document.lines} == {None}

    def test_the_same_page_as_html_gives_the_same_lines(self, tmp_path: Path) -> None:
        made = docx.Document()
        made.add_heading("Saariston hanke", 1)
        made.add_paragraph("Hanke alkoi 1.3.2026.")
        made.add_paragraph("yksi", style="List Bullet")
        table = made.add_table(rows=1, cols=2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Budjetti", "120 000 €"
        rest = "<p>Hanke alkoi 1.3.2026.</p><ul><li>yksi</li></ul><table><tr><td>Budjetti</td><td>120 000 €</td></tr></table>"
        page = write(tmp_path / "a.html", f"<html><body><h1>Saariston hanke</h1>{rest}</body></html>")
        assert write(tmp_path / "a.docx", word_bytes(made)).lines == page.lines

    def test_numbers_that_word_draws(self, tmp_path: Path) -> None:
        made = docx.Document()
        for item in ("Aika", "Paikka"):
            made.add_paragraph(item, style="List Number")
        lines = write(tmp_path / "a.docx", word_bytes(made)).lines
        assert [line.text for line in lines] == ["1. Aika", "2. Paikka"]

    def test_a_bold_line_is_a_heading_below_the_last_one(self, tmp_path: Path) -> None:
        made = docx.Document()
        made.add_paragraph().add_run("Alku").bold = True
        made.add_heading("Haut", 2)
        made.add_paragraph().add_run("Kevään haku").bold = True
        partly = made.add_paragraph()
        partly.add_run("Budjetti: ").bold = True
        partly.add_run("1 M€")
        lines = write(tmp_path / "a.docx", word_bytes(made)).lines
        assert [line.heading for line in lines] == [1, 2, 3, 0]

    def test_merged_cells_stand_once_and_nested_tables_are_their_own(self, tmp_path: Path) -> None:
        made = docx.Document()
        table = made.add_table(rows=2, cols=3)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "Hanke"
        table.cell(0, 2).text = "Tuki"
        table.cell(1, 0).merge(table.cell(1, 0)).text = "S39001"
        table.cell(1, 2).text = "9 000 €"
        inner = table.cell(1, 1).add_table(rows=1, cols=1)
        inner.cell(0, 0).text = "sisällä"
        document = write(tmp_path / "a.docx", word_bytes(made))
        assert [(line.text, line.cell) for line in document.lines] == [
            ("Hanke", Cell(0, 0, 0)),
            ("Tuki", Cell(0, 0, 2)),
            ("S39001", Cell(0, 1, 0)),
            ("sisällä", Cell(1, 0, 0)),
            ("9 000 €", Cell(0, 1, 2)),
        ]

    def test_breaks_changes_hidden_text_and_content_controls(self, tmp_path: Path) -> None:
        made = docx.Document()
        broken = made.add_paragraph("Osoite")
        broken.runs[0].add_break(WD_BREAK.LINE)
        broken.add_run("Keksittykatu 1")
        changed = made.add_paragraph("Kehys ")
        for tag, text_tag, words in (("w:del", "w:delText", "9 M€"), ("w:ins", "w:t", "11 M€")):
            change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
            text.text = words
            run.append(text)
            change.append(run)
            changed._p.append(change)
        made.add_paragraph().add_run("piilossa").font.hidden = True
        control, inside = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        control.append(inside)
        field = made.add_paragraph("Lomakkeen kenttä")
        field._p.addprevious(control)
        inside.append(field._p)
        document = write(tmp_path / "a.docx", word_bytes(made))
        assert [line.text for line in document.lines] == ["Osoite", "Keksittykatu 1", "Kehys 11 M€", "Lomakkeen kenttä"]
        assert document.notes == ("the file holds tracked changes; it is read as if they were accepted",)

    def test_a_text_box_stands_once_behind_its_paragraph(self, tmp_path: Path) -> None:
        made = docx.Document()
        paragraph = made.add_paragraph("Edellä")
        holder = OxmlElement("w:r")
        choices = holder.makeelement(
            "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent", {}
        )
        for name in ("Choice", "Fallback"):
            choice = holder.makeelement(f"{{http://schemas.openxmlformats.org/markup-compatibility/2006}}{name}", {})
            box, inner, run, text = (OxmlElement(tag) for tag in ("w:txbxContent", "w:p", "w:r", "w:t"))
            text.text = "Laatikossa"
            run.append(text)
            inner.append(run)
            box.append(inner)
            choice.append(box)
            choices.append(choice)
        holder.append(choices)
        paragraph._p.append(holder)
        made.add_paragraph("Jäljessä")
        document = write(tmp_path / "a.docx", word_bytes(made))
        assert [line.text for line in document.lines] == ["Edellä", "Laatikossa", "Jäljessä"]


class TestSlides:
    def deck(self) -> pptx.presentation.Presentation:
        made = pptx.Presentation()
        cover = made.slides.add_slide(made.slide_layouts[0])
        cover.shapes.title.text, cover.placeholders[1].text = "Hakuinfo", "Kuvitteellinen teema"
        both = made.slides.add_slide(made.slide_layouts[3])
        both.shapes.title.text = "Haku"
        both.placeholders[2].text = "Esimerkkejä"
        both.placeholders[1].text = "Hakuaika 1.10.–14.11.2025\nRahoitus 3 M€"
        both.notes_slide.notes_text_frame.text = "puhujan muistiinpano"
        listed = made.slides.add_slide(made.slide_layouts[5])
        listed.shapes.title.text = "Hankkeet"
        table = listed.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(6), Inches(1)).table
        for place, words in {(0, 0): "Hanke", (0, 1): "Tuki", (1, 0): "Saaristo", (1, 1): "9 000 €"}.items():
            table.cell(*place).text = words
        box = listed.shapes.add_textbox(Inches(1), Inches(6), Inches(6), Inches(1))
        box.text_frame.text = "Tilanne 1.1.2026\vLähde: virasto"
        return made

    def test_titles_bullets_columns_and_tables(self, tmp_path: Path) -> None:
        document = write(tmp_path / "a.pptx", slide_bytes(self.deck()))
        assert document.form == "slides"
        assert [(line.page, line.text, line.heading, line.cell) for line in document.lines] == [
            (1, "Hakuinfo", 1, None),
            (1, "Kuvitteellinen teema", 0, None),
            (2, "Haku", 1, None),
            (2, "• Hakuaika 1.10.–14.11.2025", 0, None),
            (2, "• Rahoitus 3 M€", 0, None),
            (2, "• Esimerkkejä", 0, None),
            (3, "Hankkeet", 1, None),
            (3, "Hanke", 0, Cell(0, 0, 0)),
            (3, "Tuki", 0, Cell(0, 0, 1)),
            (3, "Saaristo", 0, Cell(0, 1, 0)),
            (3, "9 000 €", 0, Cell(0, 1, 1)),
            (3, "Tilanne 1.1.2026", 0, None),
            (3, "Lähde: virasto", 0, None),
        ]

    def test_what_was_not_read_is_said_with_its_page(self, tmp_path: Path) -> None:
        made = self.deck()
        made.slides.add_slide(made.slide_layouts[6])
        made.slides[1]._element.set("show", "0")
        document = write(tmp_path / "a.pptx", slide_bytes(made))
        assert document.notes == ("page 2 is a hidden slide and was not read", "page 4 holds no text")
        assert {line.page for line in document.lines} == {1, 3}

    def test_shapes_of_a_group_are_read(self, tmp_path: Path) -> None:
        made = pptx.Presentation()
        slide = made.slides.add_slide(made.slide_layouts[6])
        group = slide.shapes.add_group_shape()
        for left, words in ((4, "oikea"), (1, "vasen")):
            group.shapes.add_textbox(Inches(left), Inches(1), Inches(2), Inches(1)).text_frame.text = words
        document = write(tmp_path / "a.pptx", slide_bytes(made))
        assert [line.text for line in document.lines] == ["vasen", "oikea"]


def rezipped(data: bytes, drop: str = "", **more: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != drop:
                new.writestr(name, old.read(name))
        for name, held in more.items():
            new.writestr(f"word/{name}.xml", held)
    return stream.getvalue()


class TestRefused:
    @pytest.mark.slow
    def test_a_file_that_swells(self, tmp_path: Path) -> None:
        made = docx.Document()
        made.add_paragraph("sana")
        bomb = rezipped(word_bytes(made), bomb=b"\0" * (65 * 2**20))
        assert len(bomb) < 2**20
        refused(tmp_path / "a.docx", bomb, "unpacks to 65 MB")

    @pytest.mark.parametrize("drop", ["word/document.xml", "[Content_Types].xml", "_rels/.rels"])
    def test_a_file_without_one_of_its_parts(self, tmp_path: Path, drop: str) -> None:
        made = docx.Document()
        made.add_paragraph("sana")
        refused(tmp_path / "a.docx", rezipped(word_bytes(made), drop), "office file lacks|not a Word|damaged")

    def test_a_file_cut_off(self, tmp_path: Path) -> None:
        made = docx.Document()
        made.add_paragraph("sana")
        refused(tmp_path / "a.docx", word_bytes(made)[:9000], "damaged")

    def test_a_file_without_words(self, tmp_path: Path) -> None:
        refused(tmp_path / "a.docx", word_bytes(docx.Document()), "holds no words")

    def test_older_kinds_and_macros(self, tmp_path: Path) -> None:
        refused(tmp_path / "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "older kind")
        made = word_bytes(docx.Document()).replace(b"x", b"x")
        kinds = b"application/vnd.ms-word.document.macroEnabled.main+xml"
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                held = old.read(name)
                plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
                new.writestr(name, held.replace(plain, kinds))
        refused(tmp_path / "a.docm", stream.getvalue(), "without macros")


def test_an_entity_is_not_opened(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_paragraph("sana")
    data = word_bytes(made)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read("word/document.xml").decode()
    secret = tmp_path / "secret.txt"
    secret.write_text("salaisuus")
    head = f'<!DOCTYPE w [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    body = body.replace("?>", "?>" + head, 1).replace("sana", "sana &e;")
    path = tmp_path / "a.docx"
    path.write_bytes(rezipped(data, "word/document.xml", document=body.encode()))
    assert "salaisuus" not in "".join(line.text for line in read(path).lines)
