"""PDF pages in columns, tables without rules, turned text, broken words and fonts without letters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from loaders.document.hyphens import Hyphens
from loaders.document.lines import Cell, Document
from tests.files import write
from tests.pdfs import FONT, HEIGHT, LEFT, SIZE, Sheet

LABELS = [
    ("Projektikoodi", "S39001"),
    ("Projektin nimi", "Kuvitteellisen saariston koordinaatio"),
    ("Tila", "Päättynyt"),
    ("Suunnitelman mukainen toteutusaika", "1.2.2026–31.10.2027"),
    ("Osoite", "Keksittykatu 1"),
]
LEFT_CARD = ["Aino Kuvitelma", "Asema: johtaja", "Puhelin: 0295 000 001", "Sähköposti: aino(at)virasto.example"]
RIGHT_CARD = ["Eero Keksitty", "Asema: suunnittelija", "Puhelin: 0295 000 002", "Sähköposti: eero(at)virasto.example"]


def placed(pieces: Sequence[tuple[float, float, str]], size: float = SIZE) -> bytes:
    """A page with words at places: x and the distance from the top."""
    sheet = Sheet()
    sheet.canvas.setFont(FONT, size)
    for x, y, words in pieces:
        sheet.canvas.drawString(x, HEIGHT - y, words)
    return sheet.data()


def texts(document: Document) -> list[str]:
    return [line.text for line in document.lines]


def table(rows: Sequence[Sequence[str]], xs: Sequence[float], step: float = 16.0) -> bytes:
    return placed(
        [(x, 140 + n * step, words) for n, cells in enumerate(rows) for x, words in zip(xs, cells, strict=True)]
    )


class TestColumns:
    @pytest.mark.parametrize("shift", [0.0, 7.0])
    def test_cards_side_by_side_are_read_one_after_the_other(self, tmp_path: Path, shift: float) -> None:
        pieces = [(LEFT, 140 + 15 * n, words) for n, words in enumerate(LEFT_CARD)]
        pieces += [(310.0, 140 + shift + 15 * n, words) for n, words in enumerate(RIGHT_CARD)]
        pieces += [
            (LEFT, 100.0, "Kuvitteellisen viraston yhteyshenkilöt ovat tällä sivulla kahdessa palstassa vierekkäin")
        ]
        document = write(tmp_path / "a.pdf", placed(pieces))
        assert texts(document)[1:] == LEFT_CARD + RIGHT_CARD
        assert [line.column for line in document.lines] == [0, 1, 1, 1, 1, 2, 2, 2, 2]
        assert not any(line.cell for line in document.lines)

    def test_a_heading_over_both_columns_parts_them(self, tmp_path: Path) -> None:
        over = "Tämä sepitetty otsikkorivi ulottuu molempien palstojen yli sivun oikeaan laitaan asti"
        pieces = [(LEFT, 140 + 15 * n, words) for n, words in enumerate(LEFT_CARD)]
        pieces += [(310.0, 140 + 15 * n, words) for n, words in enumerate(RIGHT_CARD)]
        pieces += [(LEFT, 230.0, over)]
        pieces += [(LEFT, 250 + 15 * n, words) for n, words in enumerate(RIGHT_CARD)]
        pieces += [(310.0, 250 + 15 * n, words) for n, words in enumerate(LEFT_CARD)]
        document = write(tmp_path / "a.pdf", placed(pieces))
        assert texts(document) == [*LEFT_CARD, *RIGHT_CARD, over, *RIGHT_CARD, *LEFT_CARD]

    def test_two_lines_with_a_gap_are_no_columns(self, tmp_path: Path) -> None:
        pieces = [(LEFT, 140.0, "Hakuinfo"), (400.0, 140.0, "Teams"), (LEFT, 155.0, "Aika"), (400.0, 155.0, "klo 9")]
        assert texts(write(tmp_path / "a.pdf", placed(pieces))) == ["Hakuinfo Teams", "Aika klo 9"]


def test_marks_of_a_list_that_are_drawn_begin_its_items(tmp_path: Path) -> None:
    """Browsers print the mark of a list item as a small filled circle, not as a letter."""
    sheet = Sheet()
    sheet.paragraph("Haussa on kaksi aihetta, joista kerrotaan tarkemmin tällä sepitetyllä sivulla kesällä:")
    for words in ("Puhdas vesi", "Hiljainen ilta"):
        sheet.text(words, x=LEFT + 30, after=0)
        sheet.canvas.circle(LEFT + 20, HEIGHT - sheet.y + 3, 1.8, fill=1)
    document = write(tmp_path / "a.pdf", sheet.data())
    assert texts(document)[1:] == ["• Puhdas vesi", "• Hiljainen ilta"]


def test_a_label_at_the_middle_of_its_value_s_lines_stands_in_their_row(tmp_path: Path) -> None:
    pieces = [(LEFT, 100.0, "Tila"), (220.0, 100.0, "Päättynyt")]
    pieces += [(220.0, 118 + 12 * n, words) for n, words in enumerate(("Keksityn saariston", "arjen", "koordinaatio"))]
    pieces += [(LEFT, 130.0, "Nimi"), (LEFT, 160.0, "Koodi"), (220.0, 160.0, "S39001")]
    pieces += [
        (LEFT, 178.0, "Kesto"),
        (LEFT, 190.0, "vuosina"),
        (220.0, 184.0, "2026–2027"),
        (LEFT, 208.0, "Maa"),
        (220.0, 208.0, "Suomi"),
    ]
    cells: dict[int, list[str]] = {}
    for line in write(tmp_path / "a.pdf", placed(pieces)).lines:
        assert line.cell
        cells.setdefault(line.cell.row, []).append(line.text)
    assert list(cells.values()) == [
        ["Tila", "Päättynyt"],
        ["Nimi", "Keksityn saariston", "arjen", "koordinaatio"],
        ["Koodi", "S39001"],
        ["Kesto", "vuosina", "2026–2027"],
        ["Maa", "Suomi"],
    ]


def test_a_gap_of_the_lines_below_cuts_no_word_above_them(tmp_path: Path) -> None:
    """Tables of one page whose values begin at several places: the words of the first are not cut where the last one's begin."""
    first = [("Alku", "1.6.2026"), ("Loppu", "31. elokuuta 2027"), ("Maa", "Suomi")]
    second = [
        ("Rahasto", "Euroopan aluekehitysrahasto"),
        ("Kustannukset", "3 040 397 euroa"),
        ("Tuki", "2 584 337 euroa"),
    ]
    third = [("Keksitty ohjelmakausi", "2021–2027"), ("Hallintoviranomainen", "Keksitty virasto"), ("Kieli", "suomi")]
    pieces, y = list[tuple[float, float, str]](), 100.0
    for head, x, rows in (("Ajat", 130.0, first), ("Rahoitus", 145.0, second), ("Ohjelma", 185.0, third)):
        pieces.append((LEFT, y, head))
        pieces += [
            one
            for n, (label, value) in enumerate(rows, 1)
            for one in ((LEFT, y + 16 * n, label), (x, y + 16 * n, value))
        ]
        y += 24 + 16 * len(rows)
    document = write(tmp_path / "a.pdf", placed(pieces))
    assert {value for rows in (first, second, third) for _, value in rows} <= set(texts(document))


def test_more_space_than_between_lines_is_a_gap(tmp_path: Path) -> None:
    lines = [
        (100.0, "Niittypolku"),
        (112.0, "Kesto: 2024"),
        (124.0, "Tuki: 10 000 €"),
        (146.0, "Suopolku"),
        (158.0, "Kesto: 2025"),
    ]
    document = write(tmp_path / "a.pdf", placed([(LEFT, y, words) for y, words in lines]))
    assert [line.text for line in document.lines if line.apart] == ["Suopolku"]


class TestTablesWithoutRules:
    def test_cells_set_at_the_bottom_of_their_row_stay_in_it(self, tmp_path: Path) -> None:
        xs = (LEFT, 180.0, 300.0, 420.0)
        rows = [("Hanke", "Rahoitus", "Aika", "Budjetti"), ("Satamasta startiksi", "EAKR", "2024–2026", "640 000"),
                ("Nuorten töissä", "ESR+", "2023–2025", "120 500"), ("Uusi kortteli", "JTF", "2025–2027", "88 250")]  # fmt: skip
        pieces = [(x, 140.0, words) for x, words in zip(xs, rows[0], strict=True)]
        for n, (name, *others) in enumerate(rows[1:]):
            first, second = name.split()
            pieces += [(LEFT, 170.0 + 34 * n, first), (LEFT, 181.0 + 34 * n, second)]
            pieces += [(x, 181.0 + 34 * n, words) for x, words in zip(xs[1:], others, strict=True)]
        document = write(tmp_path / "a.pdf", placed(pieces))
        found: dict[int, list[str]] = {}
        for line in document.lines:
            assert line.cell
            found.setdefault(line.cell.row, []).append(line.text)
        assert [" ".join(words) for words in found.values()] == [" ".join(row) for row in rows]

    def test_labels_and_values_are_cells_even_where_they_nearly_touch(self, tmp_path: Path) -> None:
        document = write(tmp_path / "a.pdf", table(LABELS, (LEFT, 225.0)))
        assert [(line.text, line.cell) for line in document.lines] == [
            (words, Cell(0, row, column)) for row, cells in enumerate(LABELS) for column, words in enumerate(cells)
        ]

    def test_wrapped_cells_stay_in_their_row(self, tmp_path: Path) -> None:
        pieces = []
        y = 140.0
        for code, name, body, money in (
            ("Koodi", ["Hanke"], ["Toteuttaja"], "Tuki, €"),
            ("S39001", ["Kynnys"], ["Kuvitteellinen", "kaupunki"], "12 000"),
            ("S39002", ["Saariston", "palvelut"], ["Keksitty ry"], "9 500"),
            ("S39003", ["Ääni"], ["Sepitteen", "ammattikorkea-", "koulu"], "301 000"),
        ):
            pieces += [(LEFT, y, code), (500 - 5.0 * len(money), y, money)]
            pieces += [(130.0, y + 12 * n, words) for n, words in enumerate(name)]
            pieces += [(230.0, y + 12 * n, words) for n, words in enumerate(body)]
            y += 12 * max(len(name), len(body)) + 8
        document = write(tmp_path / "a.pdf", placed(pieces))
        rows = {line.cell.row: [] for line in document.lines if line.cell}
        for line in document.lines:
            assert line.cell is not None
            rows[line.cell.row].append((line.cell.column, line.text, line.continues))
        assert rows[1] == [
            (0, "S39001", False), (1, "Kynnys", False), (2, "Kuvitteellinen", False), (2, "kaupunki", True),
            (3, "12 000", False),
        ]  # fmt: skip
        assert (1, "palvelut", True) in rows[2]
        assert [words for column, words, _ in rows[3] if column == 2] == ["Sepitteen", "ammattikorkeakoulu"]
        assert len(rows) == 4

    def test_two_tables_with_a_heading_between_are_two(self, tmp_path: Path) -> None:
        rows = [("Saaristo", "TEM", "1 000"), ("Vuoristo", "OKM", "2 000"), ("Aavikko", "STM", "3 000")]
        pieces = [
            (x, 140 + 16 * n, w) for n, cells in enumerate(rows) for x, w in zip((57, 200, 400), cells, strict=True)
        ]
        pieces += [(57, 200.0, "Toinen taulukko: kuvitteelliset teemat ja niiden rahoitus euroina")]
        pieces += [
            (x, 220 + 16 * n, w) for n, cells in enumerate(rows) for x, w in zip((57, 200, 400), cells, strict=True)
        ]
        document = write(tmp_path / "a.pdf", placed(pieces))
        assert [line.cell.table for line in document.lines if line.cell] == [0] * 9 + [1] * 9


class TestTurnedText:
    @pytest.mark.parametrize("angle", [90, -90])
    def test_text_on_its_side_is_read(self, tmp_path: Path, angle: int) -> None:
        sheet = Sheet()
        sheet.canvas.setFont(FONT, SIZE)
        sheet.canvas.translate(300, 400)
        sheet.canvas.rotate(angle)
        for number, (label, value) in enumerate(LABELS):
            sheet.canvas.drawString(-200, 100 - 15 * number, f"{label}: {value}")
        assert texts(write(tmp_path / "a.pdf", sheet.data())) == [f"{label}: {value}" for label, value in LABELS]

    def test_a_slanted_stamp_is_not(self, tmp_path: Path) -> None:
        sheet = Sheet()
        sheet.text("Rahoituskehys 13 milj. €")
        sheet.canvas.translate(300, 400)
        sheet.canvas.rotate(45)
        sheet.canvas.drawString(0, 0, "LUONNOS")
        assert texts(write(tmp_path / "a.pdf", sheet.data())) == ["Rahoituskehys 13 milj. €"]


class TestUnreadableLetters:
    def test_lines_with_them_are_left_out_and_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from pdfplumber.page import Page

        chars = Page.chars.fget
        assert chars is not None

        def without_letters(page: Page) -> list[dict[str, object]]:
            return [{**char, "text": "(cid:7)" if char["text"] == "ä" else char["text"]} for char in chars(page)]

        monkeypatch.setattr(Page, "chars", property(without_letters))
        sheet = Sheet()
        for words in (
            "Hankkeen tunnus on S39001 ja sen kesto on kolme vuotta",
            "Nimi: Itä-Suomen hätä",
            "Tuki 9 000 €",
        ):
            sheet.text(words)
        document = write(tmp_path / "a.pdf", sheet.data())
        assert texts(document) == ["Hankkeen tunnus on S39001 ja sen kesto on kolme vuotta", "Tuki 9 000 €"]
        assert document.notes == (
            "page 1: the font does not say which letters 3 of its glyphs are; 1 lines were left out",
        )


class TestHyphens:
    @pytest.mark.parametrize(
        ("first", "second", "joined"),
        [
            ("Hämeen ELY-", "keskus päättää", ("Hämeen ELY-keskus", "päättää")),
            ("Pohjois-", "Savon liitto", ("Pohjois-Savon", "liitto")),
            ("elinkeino-", "ja innovaatiopolitiikka", ("elinkeino-", "ja innovaatiopolitiikka")),
            ("ravintola-", "alalla", ("ravintola-alalla", "")),
            ("vuonna 2023-", "2024", ("vuonna 2023-", "2024")),
            ("https://virasto.example/haut-", "ja-tuet", ("https://virasto.example/haut-", "ja-tuet")),
        ],
    )
    def test_hyphens_that_stay(self, first: str, second: str, joined: tuple[str, str]) -> None:
        assert Hyphens().whole(first, second, narrow=False) == joined

    def test_words_broken_at_syllables(self) -> None:
        rows = ["kehittä-", "minen alkaa", "palvelu-", "jen tuki", "saa-", "risto on", "osallistu-", "minen"]
        hyphens = Hyphens()
        hyphens.learn(rows)
        assert hyphens.hyphenated
        assert hyphens.whole("Yh-", "teistyö alkaa", narrow=False) == ("Yhteistyö", "alkaa")

    def test_words_that_the_document_writes_with_a_hyphen(self) -> None:
        hyphens = Hyphens()
        hyphens.learn(["tammi-maaliskuussa 2024", "muu teksti"])
        assert hyphens.whole("haku on tammi-", "maaliskuun aikana", narrow=True)[0] == "haku on tammi-maaliskuun"

    def test_words_broken_anywhere(self) -> None:
        hyphens = Hyphens()
        hyphens.learn(["Nimi: Etelä-Savo-", "n liitto"])
        assert hyphens.whole("Nimi: Etelä-Savo-", "n liitto", narrow=False) == ("Nimi: Etelä-Savon", "liitto")
        assert hyphens.whole("sähköposti: a(at)e-", "ly.example", narrow=False)[0] == "sähköposti: a(at)ely.example"
