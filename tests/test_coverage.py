"""Coverage reports: every figure of a document is read, left out for a reason, or not understood."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

from engine.report.coverage import render
from loaders.coverage import Coverage, Item, coverage, sightings
from loaders.document.lines import Document, Line
from loaders.records import (
    About,
    Contact,
    LeftOut,
    Money,
    Origin,
    Participation,
    Project,
    Reading,
    Record,
    Stated,
    Text,
    Theme,
)
from tests.cases import each

THEME = About("theme", "Ääripään verkostot")


def shown(reports: list[Coverage], fmt: str = "table", *, details: bool = False) -> str:
    return render([json.loads(report.to_json()) for report in reports], fmt, details=details)


def document(*texts: str, furniture: tuple[int, ...] = (), form: str = "text") -> Document:
    lines = tuple(Line(number, text, 1 + number // 4) for number, text in enumerate(texts, 1))
    aside = tuple(lines[number - 1] for number in furniture)
    return Document("koe-2024", "text" if form == "text" else "pdf", lines, "0" * 64, None, aside, ("page 9 is empty",))


def reading(*records: Record, left_out: tuple[LeftOut, ...] = (), **facts: str) -> Reading:
    return Reading("review", records, left_out=left_out, **facts)  # type: ignore[arg-type]


def money(first: int, last: int, words: str) -> Money:
    return Money(THEME, "framework", Decimal(899874), words, Decimal(1), Origin(first, last, words))


def states(report: Coverage) -> list[tuple[str, int, str, str, str | None]]:
    return [(item.kind, item.line, item.words, item.state, item.reason) for item in report.items]


def test_every_kind_of_figure_is_seen() -> None:
    text = (
        "S30001 R-00002 205677 Hanke 1.9.2024 – 31.8.2026, 13 M€\noili.esimerkki@virasto.example p. 0295 000 001\n"
        "https://a.example/31.12.2024-sivu marraskuussa 2024, vuonna 2025, keväällä 2026 ja 2,5 milj. € ja 31.2.2024"
    )
    assert [(found.kind, found.words) for found in sightings(text)] == [
        ("code", "S30001"),
        ("code", "R-00002"),
        ("code", "205677"),
        ("date", "1.9.2024 – 31.8.2026"),
        ("amount", "13 M€"),
        ("address", "oili.esimerkki@virasto.example"),
        ("address", "0295 000 001"),
        ("url", "https://a.example/31.12.2024-sivu"),
        ("date", "marraskuussa 2024"),
        ("amount", "2,5 milj. €"),
        ("date", "31.2.2024"),
    ]


def test_large_numbers_without_a_currency_are_amounts_unless_they_count() -> None:
    text = "Kustannusarvio 1 289 380. \nTavoitettiin 20 000 kuulijaa ja 50000"
    assert [(found.kind, found.words) for found in sightings(text)] == [("amount", "1 289 380")]


def test_read_left_out_and_not_understood() -> None:
    report = coverage(
        document(
            "Kehys 14 000 000 e", "varaukset 5 000 e", "maksettu 7 e", "S30001 Hanke, haku 1.1.2024", "S3000 rikki"
        ),
        reading(
            money(1, 1, "Kehys 14 000 000 e"),
            left_out=(
                LeftOut(2, 2, "varaukset 5 000 e", "the same amount as in line 1"),
                LeftOut(4, 4, "haku 1.1.2024", "a call without an end", understood=False),
            ),
        ),
    )
    assert states(report) == [
        ("amount", 1, "14 000 000 e", "read", None),
        ("amount", 2, "5 000 e", "left out", "the same amount as in line 1"),
        ("amount", 3, "7 e", "not understood", None),
        ("code", 4, "S30001", "not understood", None),
        ("date", 4, "1.1.2024", "not understood", "a call without an end"),
        ("code", 5, "S3000", "not understood", "damaged-code"),
    ]
    assert (report.total, report.covered) == (6, 2)
    assert report.counts()["amount"] == {"read": 1, "left out": 1, "not understood": 1}
    assert [item.page for item in report.items] == [1, 1, 1, 2, 2, 2]
    assert report.notes == ("page 9 is empty",)


def test_a_figure_is_read_only_where_the_words_stand_and_whole() -> None:
    report = coverage(
        document("b) 15 000 e, c) 5 000 e", "c) 5 000 e", "yhteensä 1 //", "432 723 €"),
        reading(money(1, 1, "c) 5 000 e")),
    )
    assert [(item.line, item.words, item.state) for item in report.items][:3] == [
        (1, "15 000 e", "not understood"),
        (1, "5 000 e", "read"),
        (2, "5 000 e", "not understood"),
    ]


def test_words_over_line_joins_and_odd_blanks() -> None:
    report = coverage(
        document("Kustannusarvio   899 ", "", "874\u00a0€. Loppu"),
        reading(money(1, 3, "Kustannusarvio 899 874 €")),
    )
    assert states(report) == [("amount", 1, "899 874 €", "read", None)]


def test_origins_are_found_however_deep_they_stand() -> None:
    origin = Origin(1, 1, "S30001 Hanke 1.9.2024 – 31.8.2026 https://a.example/x")
    project = Project(
        "S30001",
        Stated(Text("Hanke"), Origin(1, 1, "Hanke")),
        project_code=Stated("S30001", Origin(1, 1, "S30001")),
        start=Stated("2024-09-01", Origin(1, 1, "1.9.2024 – 31.8.2026")),
        web_pages=(Stated("https://a.example/x", Origin(1, 1, "https://a.example/x")),),
    )
    member = Participation(
        "S30001", Stated("Oy Malli", Origin(2, 2, "Oy Malli")), None, Stated("S30002", Origin(2, 2, "S30002"))
    )
    report = coverage(document(origin.words, "S30002 Oy Malli"), reading(project, member))
    assert {item.state for item in report.items} == {"read"}
    assert report.total == 4


def test_the_claim_on_the_fewest_words_tells() -> None:
    theme = Theme(Stated(Text("x"), Origin(1, 2, "Teema x sai 5 M€ ja 6 M€ vuoden 2024 jälkeen.")))
    lines = document("Teema x sai 5 M€ ja", "6 M€ vuoden 2024 jälkeen.")
    left = LeftOut(2, 2, "6 M€", "of another theme")
    assert states(coverage(lines, reading(theme, left_out=(left,)))) == [
        ("amount", 1, "5 M€", "read", None),
        ("amount", 2, "6 M€", "left out", "of another theme"),
    ]


def test_dates_of_the_document_itself_and_furniture() -> None:
    report = coverage(
        document("Katsaus 31.10.2024, ohjelma 2021–2027", "Puh. 0295 000 001", "x", "PL 5", furniture=(2,)),
        reading(reference_date="2024-10-31", programme="2021-2027"),
    )
    assert states(report) == [
        ("date", 1, "31.10.2024", "read", "date-of-document"),
        ("date", 1, "2021–2027", "read", "programme-period"),
        ("address", 2, "0295 000 001", "left out", "page-furniture"),
    ]
    aside = Document("k", "pdf", (Line(1, "x", 1),), "0", None, (Line(1, "Puh. 0295 000 001", 1),))
    assert [item.reason for item in coverage(aside, reading()).items] == ["page-furniture"]


@each("words", ["1O 000 €", "12..5 milj. €", "5,5,5 M€", "3x euroa"])
def test_amounts_that_cannot_be_read_are_not_lost(words: str) -> None:
    report = coverage(document(f"kehys {words} on"), reading())
    assert next((item.kind, item.state) for item in report.items) == ("amount", "not understood")


def test_a_report_of_words_without_a_figure_is_shown_but_not_counted() -> None:
    left = LeftOut(2, 2, "ja muut", "a list of implementers without an end", understood=False)
    report = coverage(document("Kehys 5 M€", "A oy ja muut"), reading(money(1, 1, "5 M€"), left_out=(left,)))
    assert states(report)[1] == ("words", 2, "ja muut", "not understood", "a list of implementers without an end")
    assert (report.total, report.covered) == (1, 1)


class TestRendering:
    @staticmethod
    def report() -> Coverage:
        contact = Contact(
            THEME, "funder", "Oili Esimerkki", Origin(2, 2, "Oili Esimerkki, haku 1.2.2024", private=True), emails=()
        )
        left = LeftOut(4, 4, "Ukko Malli", "a person of no side", private=True)
        return coverage(
            document("Kehys 5 M€", "Oili Esimerkki, haku 1.2.2024", "oili.esimerkki@virasto.example", "Ukko Malli"),
            reading(money(1, 1, "5 M€"), contact, left_out=(left,)),
        )

    def test_persons_are_hidden_everywhere(self) -> None:
        report = self.report()
        texts = [shown([report], fmt, details=details) for fmt in ("table", "json", "csv") for details in (True, False)]
        for text in (*texts, report.to_json()):
            assert "oili" not in text.lower()
            assert "malli" not in text.lower()
            assert "1.2.2024" not in text
        assert "oili.esimerkki@virasto.example" in report.to_json(private=True)

    def test_json_round_trip(self) -> None:
        report = self.report()
        assert Coverage.from_json(report.to_json(private=True)) == report
        hidden = Coverage.from_json(report.to_json())
        assert (hidden.total, hidden.covered, hidden.counts()) == (report.total, report.covered, report.counts())
        assert {key: json.loads(report.to_json())[key] for key in ("total", "covered")} == {"total": 3, "covered": 2}

    def test_table(self) -> None:
        report = self.report()
        assert shown([report]).splitlines() == [
            "koe-2024 (review): 2 of 3 figures accounted for, 66.7 %",
            "           total  read  left out  not understood",
            "  amount       1     1         0               0",
            "  date         1     1         0               0",
            "  address      1     0         0               1",
            "  words        1     0         1               0",
            "  note: page 9 is empty",
        ]
        assert shown([report], details=True).splitlines()[-2:] == [
            '  not understood line 3 page 1: address "•••"',
            '  left out       line 4 page 2: words "•••" (a person of no side)',
        ]

    def test_csv(self) -> None:
        report = self.report()
        rows = list(csv.DictReader(io.StringIO(shown([report, report], "csv"))))
        assert rows[0] == {
            "document": "koe-2024", "kind": "amount", "total": "1", "read": "1", "left out": "0", "not understood": "0",
        }  # fmt: skip
        assert len(rows) == 8
        items = list(csv.DictReader(io.StringIO(shown([report], "csv", details=True))))
        assert [(row["line"], row["state"], row["words"]) for row in items][:2] == [
            ("1", "read", "5 M€"),
            ("2", "read", "•••"),
        ]

    def test_json_without_details_has_counts_only(self) -> None:
        (summary,) = json.loads(shown([self.report()], "json"))
        assert "items" not in summary
        assert summary["counts"]["amount"]["read"] == 1
        (full,) = json.loads(shown([self.report()], "json", details=True))
        assert len(full["items"]) == 4


def test_an_empty_document() -> None:
    report = coverage(Document("tyhjä", "text", (), "0"), reading())
    assert report.items == ()
    assert "–" in shown([report])


def test_masking_keeps_what_is_not_private() -> None:
    item = Item("amount", 1, None, "5 M€", "read")
    assert item.masked() is item


def test_a_sum_is_not_the_year_of_the_document() -> None:
    report = coverage(document("Rahaa jaettiin 2024 euroa."), reading(reference_date="2024"))
    assert states(report) == [("amount", 1, "2024 euroa", "not understood", None)]


def test_an_amount_too_small_to_be_meant_is_not_understood() -> None:
    small = Money(THEME, "framework", Decimal(14), "14 e", Decimal(1), Origin(1, 1, "kehys 14 e"))
    items = coverage(document("kehys 14 e"), reading(small)).items
    assert [(item.words, item.state, item.reason) for item in items] == [("14 e", "not understood", "amount-too-small")]
