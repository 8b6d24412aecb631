"""Readings made by hand: what loaders give, with invented names, for the tests of everything behind the loaders."""

from __future__ import annotations

from decimal import Decimal

from loaders.document.lines import Document
from loaders.rdf import documents as rdf
from loaders.rdf.terms import Quad
from loaders.records import (
    About,
    Call,
    Contact,
    Count,
    MinistryRole,
    Money,
    Objective,
    Origin,
    Participation,
    Project,
    Reading,
    Record,
    Stated,
    Text,
    Theme,
)

THEME = "Ääripään verkostot"


def at(line: int, words: str = "sanat", private: bool = False) -> Origin:
    return Origin(line, line, words, page=1, private=private)


def theme(*, objective: str = "4.1", end: str = "2027-12-31", **more: object) -> Theme:
    return Theme(
        Stated(Text(THEME), at(1, THEME)),
        programme=Stated("2021-2027", at(2, "2021-2027")),
        fund=Stated("ESR+", at(2, "ESR+")),
        objectives=(Stated(Objective(objective), at(3, objective)),),
        ministries=(Stated(MinistryRole("TEM", lead=True), at(4, "TEM")),),
        intermediate_bodies=(Stated("Hämeen ELY-keskus", at(5, "Hämeen ELY-keskus")),),
        end=Stated(end, at(6, end)),
        **more,  # type: ignore[arg-type]
    )


def framework(
    amount: str, line: int = 7, precision: str = "1", scope: str | None = "eu-state", **more: object
) -> Money:
    value = Decimal(amount)
    about = About("theme", THEME)
    return Money(about, "framework", value, f"{amount} €", Decimal(precision), at(line, amount), scope=scope, **more)  # type: ignore[arg-type]


def single(code: str = "S39001", name: str = "Kokeilu", line: int = 20) -> tuple[Record, ...]:
    return (
        Project(code, Stated(Text(name), at(line, name)), THEME, project_code=Stated(code, at(line, code))),
        Participation(code, Stated("Keksityn kaupunki", at(line, "Keksityn kaupunki"))),
    )


def group(line: int = 30) -> tuple[Record, ...]:
    return (
        Project(
            "R-09001",
            Stated(Text("Ryhmä"), at(line, "Ryhmä")),
            THEME,
            group_code=Stated("R-09001", at(line)),
            group=True,
        ),
        Participation(
            "R-09001",
            Stated("Keksitty säätiö sr", at(line, "Keksitty säätiö sr")),
            Stated("lead", at(line, "päätoteuttaja")),
            Stated("S39011", at(line, "S39011")),
        ),
        Participation(
            "R-09001",
            Stated("Toinen yhdistys ry", at(line, "Toinen yhdistys ry")),
            Stated("partner", at(line, "osatoteuttaja")),
            Stated("S39012", at(line, "S39012")),
        ),
    )


def contact() -> Contact:
    return Contact(
        About("theme", THEME),
        "funder",
        "Aino Esimerkki",
        at(8, "Aino Esimerkki, Hämeen ELY-keskus, aino.esimerkki@esimerkki.fi", private=True),
        "Hämeen ELY-keskus",
        "asiantuntija",
        ("aino.esimerkki@esimerkki.fi",),
        ("000 000 0000",),
    )


def call(closes: str | None, line: int = 9, *, name: str = "Ensimmäinen haku", opens: str = "2022-05-16") -> Call:
    ends = Stated(closes, at(line, closes)) if closes else None
    return Call(name, Stated(Text(name), at(line, name)), THEME, Stated(opens, at(line, opens)), ends)


def count(value: int, measure: str = "projectEntities", basis: str | None = None, line: int = 40) -> Count:
    return Count(About("theme", THEME), measure, Decimal(value), at(line, str(value)), basis=basis)


def extracted(identifier: str, *records: Record, date: str | None = "2024-10-31") -> list[Quad]:
    document = Document(identifier, "text", (), identifier * 4)
    return rdf.quads(document, Reading("review", tuple(records), reference_date=date))
