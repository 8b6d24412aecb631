"""An invented graph for the tests of queries, formats, charts and search: four documents, every class and every trap.

It is written as records and goes the way of every document (scribe, fusion), so it holds what a build would hold. All names of
themes, projects, implementers and persons are invented; ministries and ELY Centres are the registry's.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyoxigraph as ox

from engine.fusion import fuse
from loaders import records as r
from loaders.document.lines import Document, Line
from loaders.rdf.documents import DocumentFacts, quads
from loaders.rdf.terms import Quad

Stated = r.Stated


class Page:
    """Hands out origins line by line, so that each fact has a place and words of its own."""

    def __init__(self) -> None:
        self.line = 0

    def at(self, words: str, private: bool = False) -> r.Origin:
        self.line += 1
        return r.Origin(self.line, self.line, words, page=1 + self.line // 30, private=private)

    def say(self, value: Any, words: str | None = None) -> Stated[Any]:
        return Stated(value, self.at(words or str(value)))

    def name(self, text: str, lang: str = "fi") -> Stated[r.Text]:
        return Stated(r.Text(text, lang), self.at(text))

    def money(self, kind: str, key: str, phase: str, amount: str, words: str, **more: Any) -> r.Money:
        precision = Decimal(more.pop("precision", "1"))
        about = r.About(kind, key)  # type: ignore[arg-type]
        return r.Money(about, phase, Decimal(amount), words, precision, self.at(f"{phase} {words}"), **more)

    def count(self, kind: str, key: str, measure: str, value: str, words: str, **more: Any) -> r.Count:
        return r.Count(r.About(kind, key), measure, Decimal(value), self.at(words), **more)  # type: ignore[arg-type]

    def part(self, project: str, name: str, role: str | None = None, code: str | None = None) -> r.Participation:
        origin = self.at(f"{code or ''} {name} {role or ''}".strip())
        said = Stated(role, origin) if role else None
        own = Stated(code, origin) if code else None
        return r.Participation(project, Stated(name, origin), said, own)  # type: ignore[arg-type]

    def person(self, theme: str, side: str, name: str, organisation: str, **more: Any) -> r.Contact:
        mail = f"{name.lower().replace(' ', '.')}@esimerkki.example"
        origin = self.at(f"{name}, {organisation}, {mail}", private=True)
        return r.Contact(r.About("theme", theme), side, name, origin, organisation, emails=(mail,), **more)  # type: ignore[arg-type]


FOREST = "Metsäosaamisen valtakunnallinen teema"
ISLANDS = "Saaristopalvelujen kehittäminen"
VILLAGES = "Kylätaitajat"
TOWNS = "Kaupunkikokeilut"
HAME, SAVO = "Hämeen ELY-keskus", "Etelä-Savon ELY-keskus"
MEASURED = "2024-10-31"


def _review() -> r.Reading:
    p = Page()
    forest = r.Theme(
        p.name(FOREST), group=p.say("Osaaminen"), fund=p.say("ESR+"), programme=p.say("2021-2027"),
        objectives=(p.say(r.Objective("4.2"), "erityistavoite 4.2"),),
        ministries=(p.say(r.MinistryRole("OKM", lead=True), "OKM"), p.say(r.MinistryRole("TEM"), "TEM")),
        intermediate_bodies=(p.say(HAME),), start=p.say("2022-01-01"), end=p.say("2027-12-31"),
        sub_themes=(p.say("Puurakentaminen"), p.say("Metsänhoito")),
    )  # fmt: skip
    islands = r.Theme(
        p.name(ISLANDS), group=p.say("Osallisuus"), fund=p.say("ESR+"), programme=p.say("2021-2027"),
        objectives=(p.say(r.Objective("4.3"), "erityistavoite 4.3"),),
        ministries=(p.say(r.MinistryRole("STM", lead=True), "STM"),),
        intermediate_bodies=(p.say(HAME),), start=p.say("2023"), end=p.say("2027"),
        coordinated_by=(p.say("S50001", "koordinaatiohanke S50001"),),
        target_groups=(p.say("nuoret"), p.say("ikääntyneet")),
    )  # fmt: skip
    villages = r.Theme(
        p.name(VILLAGES), group=p.say("Osaaminen"), fund=p.say("ESR+"), programme=p.say("2021-2027"),
        ministries=(p.say(r.MinistryRole("OKM", lead=True), "OKM"),), intermediate_bodies=(p.say(SAVO),),
        target_groups=(p.say("nuoret"),),
    )  # fmt: skip
    return r.Reading(
        "review",
        (
            forest, islands, villages,
            *_forest_projects(p), *_other_projects(p), *_figures(p), *_calls(p),
            p.person(FOREST, "funder", "Testi Henkilönen", HAME),
            p.person(ISLANDS, "funder", "Testi Henkilönen", HAME, valid_from="2024-01"),
            p.person(FOREST, "coordination", "Malli Esimerkki", "Koivuniemen yliopisto"),
        ),
        title="Katsaus teemoihin", reference_date=MEASURED, publisher="Esimerkkiministeriö",
    )  # fmt: skip


def _forest_projects(p: Page) -> tuple[r.Record, ...]:
    return (
        r.Project("S50001", p.name("Metsätaidot koordinoi"), FOREST, project_code=p.say("S50001"),
                  coordination=p.say(True, "koordinaatiohanke"), start=p.say("2022-09-01"), end=p.say("2027-12-31")),
        p.part("S50001", "Koivuniemen yliopisto"),
        r.Project("R-05000", p.name("Puusta pidemmälle"), FOREST, group_code=p.say("R-05000"), group=True,
                  acronym=p.say("PUPI"), start=p.say("2024-01-01"), end=p.say("2026-06-30"),
                  sub_theme=p.say("Puurakentaminen"), call="haku-1"),
        p.part("R-05000", "Koivuniemen yliopisto", "lead", "S50011"),
        p.part("R-05000", "Rantakylän ammattikorkeakoulu Oy", "partner", "S50012"),
        p.part("R-05000", "Haapasalon kaupunki", "partner", "S50013"),
        r.Project("S50020", p.name("Metsänhoitajat"), FOREST, project_code=p.say("S50020"), start=p.say("2024-11")),
        p.part("S50020", "Rantakylän ammattikorkeakoulu"),
    )  # fmt: skip


def _other_projects(p: Page) -> tuple[r.Record, ...]:
    return (
        r.Project("R-05001", p.name("Saaripalvelu"), ISLANDS, group_code=p.say("R-05001"), group=True,
                  start=p.say("2024-02-01"), end=p.say("2025-12-31"), call="haku-2"),
        p.part("R-05001", "Rantakylän ammattikorkeakoulu Oy", "lead", "S50031"),
        p.part("R-05001", "Koivuniemen yliopisto", "partner", "S50032"),
        r.Project("kylat", p.name("Kylien digineuvonta"), VILLAGES),
        p.part("kylat", "Haapasalon kaupunki"),
        p.part("kylat", "Kyläyhdistys Lumme ry"),
        p.money("project", "kylat", "costEstimate", "420000", "420 000 €"),
        p.money("project", "R-05000", "costEstimate", "1250000.50", "1 250 000,50 €", precision="0.01"),
    )  # fmt: skip


def _figures(p: Page) -> tuple[r.Record, ...]:
    scope = {"scope": "eu-state", "date": MEASURED}
    return (
        p.money("theme", FOREST, "framework", "12000000", "12 M€", precision="1000000", **scope),
        p.money("theme", FOREST, "framework", "7000000", "OKM 7 M€", precision="1000000", ministry="OKM", **scope),
        p.money("theme", FOREST, "framework", "5000000", "TEM 5 M€", precision="1000000", ministry="TEM", **scope),
        p.money("theme", FOREST, "reserved", "6500000", "6 500 000 €", **scope),
        p.money("theme", FOREST, "committed", "4250000", "4 250 000 €", **scope),
        p.money("theme", FOREST, "paid", "1000000.25", "1 000 000,25 €", precision="0.01", **scope),
        p.money("theme", ISLANDS, "framework", "8000000", "8 milj. €", precision="1000000", **scope),
        p.money("theme", ISLANDS, "reserved", "2000000", "2 000 000 €", **scope),
        p.money("theme", ISLANDS, "committed", "2500000", "2 500 000 €", **scope),
        p.money("theme", ISLANDS, "paid", "0", "0 €", **scope),
        p.money("theme", VILLAGES, "framework", "1400000", "1,4 milj. €", precision="100000", **scope),
        p.money("theme", FOREST, "coordinationBudget", "2000000", "enintään 2 M€", precision="1000000", maximum=True),
        p.count("theme", FOREST, "projects", "9", "hankkeita on yhdeksän"),
        p.count("theme", FOREST, "participants", "364", "364 osallistujaa"),
        p.count("theme", ISLANDS, "events", "16", "16 tilaisuutta"),
    )


def _calls(p: Page) -> tuple[r.Record, ...]:
    return (
        r.Call("haku-1", p.name("Metsäosaajien haku"), FOREST, opens=p.say("2023-09-01"), closes=p.say("2023-10-15")),
        r.Call("haku-2", p.name("Saaristohaku"), ISLANDS, opens=p.say("2023-10-02"), closes=p.say("2023-11-30"),
               places=(p.say("Saaristomeri"), p.say("Kvarken"))),
        r.Call("haku-3", p.name("Kylähaku"), VILLAGES, opens=p.say("2022-05-30"), closes=p.say("2022-08-12")),
        p.count("call", "haku-1", "applications", "57", "57 hakemusta"),
        p.money("call", "haku-1", "callBudget", "10", "n. 10 €", approximate=True),
        p.money("call", "haku-2", "callBudget", "3000000", "3 M€", precision="1000000"),
        p.money("call", "haku-2", "granted", "2100000", "2 100 000 €"),
    )  # fmt: skip


def _newsletter() -> r.Reading:
    p = Page()
    return r.Reading(
        "newsletter",
        (
            r.Theme(p.name("Metsäosaamisen teema"), group=p.say("Osaaminen"), fund=p.say("ESR+"),
                    programme=p.say("2021-2027"), ministries=(p.say(r.MinistryRole("OKM", lead=True), "OKM"),),
                    intermediate_bodies=(p.say(SAVO),)),
            r.Theme(p.name(FOREST), group=p.say("Osaaminen"), programme=p.say("2021-2027"),
                    intermediate_bodies=(p.say(SAVO),)),
            p.money("theme", FOREST, "framework", "10000000", "10 M€", precision="1000000", scope="eu-state"),
            r.Theme(p.name(ISLANDS), programme=p.say("2021-2027"), intermediate_bodies=(p.say("Hämeen ELY"),)),
            p.money("theme", ISLANDS, "framework", "8000000", "8 M€", precision="1000000", scope="total-public"),
            r.Call("ennakko", p.name("Koordinaatiohanke"), FOREST, opens=p.say("2022-05-16"), closes=p.say("2022-08-19"),
                   coordination=True),
            r.Call("tuleva", p.name("Saariston ensimmäinen haku"), ISLANDS, opens=p.say("2023")),
            p.person(FOREST, "funder", "Vanha Yhteyshenkilö", SAVO),
        ),
        title="Uutiskirje teemoista", reference_date="2022-06", publisher="Esimerkkiministeriö",
    )  # fmt: skip


def _form() -> r.Reading:
    p = Page()
    return r.Reading(
        "theme-form",
        (
            r.Theme(p.name(ISLANDS), names=(p.name("Utveckling av skärgårdens tjänster", "sv"),
                    p.name("Developing island services", "en")), programme=p.say("2021-2027"),
                    objectives=(p.say(r.Objective("4.1.7"), "4.1.7"),), start=p.say("2021"), end=p.say("2027"),
                    sub_themes=(p.say("Lähipalvelut"),), target_groups=(p.say("ikääntyneet"),),
                    web_pages=(p.say("https://saaristo.example/"),)),
            p.money("theme", ISLANDS, "framework", "8000000", "8 M€", precision="1000000", scope="eu-state-municipal"),
        ),
        title="Teemakuvaus",
    )  # fmt: skip


def _old_call() -> r.Reading:
    p = Page()
    return r.Reading(
        "call",
        (
            r.Theme(p.name(TOWNS), programme=p.say("2014-2020"), fund=p.say("ESR"), intermediate_bodies=(p.say(HAME),),
                    objectives=(p.say(r.Objective("6.1"), "erityistavoite 6.1"),)),
            r.Call("kaupunkihaku", p.name("Kaupunkihaku"), TOWNS, opens=p.say("2016-03-01"), closes=p.say("2016-04-15"),
                   places=(p.say("Haapasalo"),), objectives=(p.say(r.Objective("6.1"), "erityistavoite 6.1"),)),
            p.person(TOWNS, "funder", "Testi Henkilönen", HAME),
        ),
        title="Haku avautui", programme="2014-2020", reference_date="2016-03-11",
    )  # fmt: skip


READINGS = {"katsaus": _review, "kirje": _newsletter, "lomake": _form, "haku": _old_call}


def _document(identifier: str) -> Document:
    return Document(identifier, "text", (Line(1, identifier),), sha256=identifier.encode().hex().ljust(64, "0"))


@lru_cache(maxsize=1)
def example_quads() -> tuple[Quad, ...]:
    """The whole dataset of the invented documents."""
    stated = (q for name, read in READINGS.items() for q in quads(_document(name), read(), DocumentFacts()))
    return tuple(fuse(stated))


@lru_cache(maxsize=1)
def example_nquads() -> bytes:
    """The dataset as N-Quads."""
    return "".join(q.line() for q in example_quads()).encode()


@lru_cache(maxsize=1)
def example_store() -> ox.Store:
    """The dataset in a store in memory."""
    store = ox.Store()
    store.bulk_load(example_nquads(), format=ox.RdfFormat.N_QUADS)
    return store
