"""The form of a column's numbers and dates, and rows with too many cells."""

from __future__ import annotations

from decimal import Decimal

import pytest

from loaders.tables.align import Aligner
from loaders.tables.dates import DateForm, date, date_form
from loaders.tables.forms import (
    CellError,
    Number,
    NumberForm,
    amount,
    blank,
    count_signs,
    currency_of,
    number_form,
    rate,
)
from tests.cases import each

# rows with too many cells

KINDS = ("code", "text", "text", "integer", "text", "date", "text", "amount")
REGULAR = [
    row
    for i in range(15)
    for row in (
        [f"S{i}", f"Hanke {i}", "Itä", "1", "Lapin liitto", "1.1.2020", f"X{i} Oy", "5"],
        [f"S9{i}", f"Toinen {i}", "Länsi", "2", "Hämeen keskus-, muu- ja virasto", "1.1.2020", f"Y{i} Oy", "5"],
    )
]


def aligner() -> Aligner:
    return Aligner.learn(KINDS, ",", [",".join(row).split(",") for row in REGULAR])[0]


def test_what_is_remembered_of_learning_changes_no_row() -> None:
    shifted = [
        "S9,A, 1,Länsi,1,Uusi liitto,1.1.2020,Z Oy,7",
        "S8,Yksi, kaksi,Itä,1,Lapin liitto,1.1.2020,Z, Q Oy,7",
        "a,b",
    ]
    rows = [line.split(",") for line in [*(",".join(row) for row in REGULAR), *shifted]]
    learned, laid = Aligner.learn(KINDS, ",", rows)
    fresh = Aligner(learned.kinds, ",", learned.lists)
    assert len(learned._ways) > len(REGULAR) / 2
    assert laid == [fresh.layout(row) for row in rows] == [learned.layout(row) for row in rows]
    learned.layout(rows[0])[0] = "changed by who asked"
    assert learned.layout(rows[0]) == fresh.layout(rows[0])


def test_short_lists_are_learned_from_rows_that_need_no_help() -> None:
    assert aligner().lists[4] == {"Lapin liitto", "Hämeen keskus-, muu- ja virasto"}


@each(
    "row",
    [
        ["S3", "Yksi, kaksi, 3, neljä", "Itä", "1", "Lapin liitto", "1.1.2020", "Z, Q & Pojat Oy", "7"],
        ["S3", "Nimi, Itä", "Itä", "2", "Hämeen keskus-, muu- ja virasto", "1.1.2020", "Z Oy", "7"],
        ["S3", "A, 1", "Länsi", "1", "Hämeen keskus-, muu- ja virasto", "1.1.2020", "Z Oy", "7"],
    ],
)
@each("padding", ["", ",", ",,"])
def test_anchored_columns_tell_where_unquoted_commas_belong(row: list[str], padding: str) -> None:
    assert aligner().layout((",".join(row) + padding).split(",")) == row


@pytest.mark.parametrize(
    "line",
    [
        "S3,Nimi,uusi osa,toinen osa,1,Lapin liitto,1.1.2020,X Oy,7",  # which comma is the name's?
        "S3,Nimi,Itä,1,Lapin liitto,1.1.2020,X Oy,9.9.2019,7",  # a date in the name of a company
        "S3,Nimi,Itä,yksi,Lapin liitto,1.1.2020,X Oy,7,8",
    ],
)
def test_a_row_with_several_ways_or_none_is_not_laid_out(line: str) -> None:
    assert aligner().layout(line.split(",")) is None


def test_a_damaged_anchor_is_found_in_its_column() -> None:
    line = "S3,Yksi, kaksi,Itä,1,Lapin liitto,0.0.0x,Z, Q Oy,NaN"
    assert aligner().layout(line.split(",")) == [
        "S3",
        "Yksi, kaksi",
        "Itä",
        "1",
        "Lapin liitto",
        "0.0.0x",
        "Z, Q Oy",
        "NaN",
    ]


def test_a_listed_value_with_words_before_it_shows_a_shifted_row() -> None:
    assert aligner().strays(["S3", "Vienti | Norja", "Itä", "1", "Ruotsi Lapin liitto", "1.1.2020", "X Oy", "5"]) == 4
    assert aligner().strays(["S3", "Vienti", "Itä", "1", "Uusi virasto", "1.1.2020", "X Oy", "5"]) is None


# numbers


@each(
    ("values", "decimal"),
    [
        (["1.234.567,89", "12,5"], ","),
        (["1,234,567.89", "5"], "."),
        (["403514,06", "1050000"], ","),
        (["€ 2.034.550", "€ 8.239.560"], ","),
        (["4,156.00", "160,900.00"], "."),
        (["1 234,50", "12 000"], ","),
        (["5,819,053", "29,275"], "."),
        (["12", "300"], "."),
    ],
)
def test_the_form_of_a_columns_numbers(values: list[str], decimal: str) -> None:
    assert number_form(count_signs(values)) == NumberForm(decimal)


def test_a_column_that_contradicts_itself_has_no_form() -> None:
    assert number_form(count_signs(["1.234,50", "1,234.50"] * 5)) is None


@each(
    ("text", "decimal", "value"),
    [
        ("€ 2.034.550", ",", "2034550"),
        ("1 055 410,40 €", ",", "1055410.40"),
        ("308999", ".", "308999"),
        ("12.345,-", ",", "12345"),
        ("-876", ".", "-876"),
        ("(1.200,50)", ",", "-1200.50"),
        ("1’234.50 EUR", ".", None),
        ("0", ".", "0"),
        (Number("980268.92"), ",", "980268.92"),
    ],
)
def test_amounts_are_exact(text: str, decimal: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(CellError):
            amount(text, NumberForm(decimal))
    else:
        assert amount(text, NumberForm(decimal)) == Decimal(value)


@each("text", ["NaN", "Infinity", "1e9", "158,87", "12;3", "1.2.3", "15.10.2014", "noin 5", "1" * 40, "0x10"])
def test_what_is_no_amount_of_its_column_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        amount(text, NumberForm("."))


def test_rates_are_per_cent() -> None:
    assert rate("18,13 %", NumberForm(",")) == Decimal("18.13")
    assert rate(Number("0.5"), NumberForm(".")) == 50
    for text in ("120 %", "-5 %", "x"):
        with pytest.raises(CellError):
            rate(text, NumberForm(","))


def test_currencies_stand_with_amounts() -> None:
    assert [currency_of(t) for t in ("€ 5", "5 Kč", "5,00 zł", "5", "PLN 7")] == ["EUR", "CZK", "PLN", None, "PLN"]


def test_no_value() -> None:
    assert all(blank(t) for t in ("", " ", "-", "n.v.t.", "N/A"))
    assert not any(blank(t) for t in ("0", "ei", "-5"))


# dates


@each(
    ("values", "order"),
    [
        (["1.4.2008", "31.12.2010"], "dmy"),
        (["12/17/2015", "6/16/2017"], "mdy"),
        (["2016-09-05"], "ymd"),
        (["01/02/2015", "13/02/2015"], "dmy"),
        ([], "dmy"),
    ],
)
def test_the_order_of_a_columns_dates(values: list[str], order: str) -> None:
    assert date_form(values) == DateForm(order)


def test_days_without_signs_are_dates_only_where_the_whole_column_is_so() -> None:
    assert date_form(["42460", "42461", "42999.25"]) == DateForm("serial")
    assert date_form(["20160331", "20151231"]) == DateForm("digits")
    assert date_form(["31.3.2016"] * 8 + ["42460"]) == DateForm("dmy")


def test_a_date_that_is_none_in_any_order_does_not_hide_the_order() -> None:
    assert date_form(["31.2.2015", "1.1.0000", "0.0.0000", "17.12.2015"]) == DateForm("dmy")


def test_dates_of_two_orders_have_no_form() -> None:
    assert date_form(["12/17/2015", "17/12/2015"] * 5) is None


@each(
    ("text", "order", "value"),
    [
        ("1.4.2008", "dmy", "2008-04-01"),
        ("6/16/2017", "mdy", "2017-06-16"),
        ("2016-09-05 00:00:00", "ymd", "2016-09-05"),
        ("2014", "dmy", "2014"),
        ("9/2015", "dmy", "2015-09"),
        ("2015-09", "dmy", "2015-09"),
        ("01.02.15", "dmy", "2015-02-01"),
        ("1 March 2016", "dmy", "2016-03-01"),
        ("1er août 2016", "dmy", "2016-08-01"),
        ("01-Jan-16", "mdy", "2016-01-01"),
        ("März 2016", "dmy", "2016-03"),
        ("20160331", "digits", "2016-03-31"),
        ("42460", "serial", "2016-03-31"),
        ("42460.5", "serial", "2016-03-31"),
        ("31.3.2016", "serial", "2016-03-31"),
    ],
)
def test_dates_are_as_precise_as_they_are_given(text: str, order: str, value: str) -> None:
    assert date(text, DateForm(order)) == value


@each(
    "text",
    [
        "0.0.0000",
        "1.1.0000",
        "31.2.2015",
        "425180",
        "32.1.2015",
        "1.13.2015",
        "1.1.9999",
        "kevät 2015",
        "0000",
        "42460",
        "20160331",
        "jui 2016",
        "31 june 2016",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CellError):
        date(text, DateForm("dmy"))
