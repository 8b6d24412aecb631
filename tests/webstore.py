"""A small invented graph for the tests of the web side, with contact persons that must never be seen."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

from engine.fusion.reference import vocabulary
from engine.store import replacing, write_quads
from loaders.coverage_report import Coverage, Item
from loaders.rdf.terms import (
    CONTACTS_GRAPH,
    DCT,
    LABEL,
    SCHEMA,
    A,
    Quad,
    code,
    date,
    decimal,
    integer,
    literal,
    tg,
    thing,
)
from tests.conftest import made_once
from tests.forks import forks
from web.app import create_app
from web.process import Limits, Settings
from web.publish import publish
from web.server import _Protocol
from web.views import questions

PERSON = "Maija Mallinen"
HTML = {"accept": "text/html"}
THEME = thing("theme", "kylien-elinvoima")
OTHER = thing("theme", "saaristo-ja-meri")
PROJECT = thing("project", "R-09001")
DOCUMENT = thing("document", "katsaus-2031")
ELY = thing("organisation", "ely-mallila")
SCHOOL = thing("organisation", "mallilan-ammattikorkeakoulu")
PARISH = thing("organisation", "mallilan-kunta")
PASSAGES = {n: thing("passage", "katsaus-2031", f"{n}-{n}-00000{n:03}") for n in range(1, 9)}
CONTACT_PASSAGE = thing("contact-passage", "katsaus-2031", "9-9-00000009")
OBSERVATION = thing("observation", "theme", "kylien-elinvoima", "framework", "2031-12-31", "eu-state")
SHARE = thing("share", "theme", "kylien-elinvoima", "framework", "2031-12-31", "eu-state", "ely-mallila")
PAID = thing("observation", "theme", "kylien-elinvoima", "paid", "2031-12-31", "eu-state")
CONFLICT = thing("conflict", "0123456789ab")


def _stated() -> Iterator[tuple[int, str, str, str]]:
    """(passage, subject, predicate, object) of what the invented document states."""
    yield 1, THEME, A, tg("Theme")
    yield 1, THEME, LABEL, literal("Kylien elinvoima", "fi")
    yield 1, THEME, tg("fund"), code("fund", "ESR+")
    yield 1, THEME, tg("inProgramme"), code("programme", "2021-2027")
    yield 2, THEME, tg("intermediateBody"), ELY
    yield 2, THEME, tg("startDate"), date("2031-01-01")
    yield 2, THEME, tg("endDate"), date("2035")
    yield from _money()
    yield 5, PROJECT, A, tg("Project")
    yield 5, PROJECT, A, tg("GroupProject")
    yield 5, PROJECT, LABEL, literal("Kylä <kaikille> & muille", "fi")
    yield 5, PROJECT, tg("groupCode"), literal("R-09001")
    yield 5, PROJECT, tg("inTheme"), THEME
    for number, organisation, role in ((6, SCHOOL, "lead"), (7, PARISH, "partner")):
        part = thing("participation", f"S9900{number}")
        yield number, PROJECT, tg("participation"), part
        yield number, part, A, tg("Participation")
        yield number, part, tg("organisation"), organisation
        yield number, part, tg("role"), code("role", role)
        yield number, part, tg("projectCode"), literal(f"S9900{number}")
    yield 8, OTHER, A, tg("Theme")
    yield 8, OTHER, LABEL, literal("Saaristo ja meri", "fi")
    yield 8, OBSERVATION, A, tg("FinancialObservation")
    yield 8, SHARE, A, tg("Share")
    yield 8, SHARE, tg("shareOf"), OBSERVATION
    yield 8, SHARE, tg("ministry"), ELY
    yield 8, SHARE, tg("shareAmount"), decimal(Decimal(6000000))


def _money() -> Iterator[tuple[int, str, str, str]]:
    for number, observation, phase, amount in (
        (3, OBSERVATION, "framework", "14000000"),
        (4, PAID, "paid", "914526.5"),
    ):
        yield number, observation, A, tg("FinancialObservation")
        yield number, observation, tg("about"), THEME
        yield number, observation, tg("phase"), code("phase", phase)
        yield number, observation, tg("amount"), decimal(Decimal(amount))
        yield number, observation, tg("currency"), literal("EUR")
        yield number, observation, tg("referenceDate"), date("2031-12-31")
        yield number, observation, tg("fundingScope"), code("scope", "eu-state")
        yield number, observation, tg("amountAsStated"), literal(f"{amount} e")


def _derived() -> Iterator[Quad]:
    for organisation, name, kind in (
        (ELY, "Mallilan ELY-keskus", "ELYCentre"),
        (SCHOOL, "Mallilan ammattikorkeakoulu", "Implementer"),
        (PARISH, "Mallilan kunta", "Implementer"),
    ):
        yield Quad(organisation, A, tg("Organisation"))
        yield Quad(organisation, A, tg(kind))
        yield Quad(organisation, LABEL, literal(name, "fi"))
    yield Quad(THEME, LABEL, literal("Byarnas livskraft", "sv"))
    yield Quad(ELY, A, tg("IntermediateBody"))
    for organisation in (SCHOOL, PARISH):
        yield Quad(PROJECT, tg("implementer"), organisation)
    yield Quad(PROJECT, tg("leadImplementer"), SCHOOL)
    yield Quad(CONFLICT, A, tg("Conflict"))
    yield Quad(CONFLICT, tg("about"), THEME)
    yield Quad(CONFLICT, tg("onProperty"), tg("endDate"))
    yield Quad(CONFLICT, tg("kind"), code("conflict-kind", "changed-over-time"))
    yield Quad(CONFLICT, tg("chosen"), date("2035"))
    for n, value in ((1, "2035"), (2, "2034")):
        alternative = thing("conflict", "0123456789ab", str(n))
        yield Quad(CONFLICT, tg("alternative"), alternative)
        yield Quad(alternative, tg("alternativeValue"), date(value))
        yield Quad(alternative, tg("statedIn"), PASSAGES[n])


def _document() -> Iterator[Quad]:
    for predicate, value in (
        (A, tg("SourceDocument")),
        (f"<{DCT}title>", literal("Katsaus 2031", "fi")),
        (f"<{DCT}language>", literal("fi")),
        (tg("referenceDate"), date("2031-12-31")),
        (tg("contentHash"), literal("0" * 64)),
        (tg("layout"), literal("review")),
    ):
        yield Quad(DOCUMENT, predicate, value)
    for number, passage in PASSAGES.items():
        yield from _passage(passage, number, f"rivi {number} sanoo näin", "")


def _passage(passage: str, number: int, words: str, graph: str) -> Iterator[Quad]:
    for predicate, value in (
        (A, tg("Passage")),
        (tg("inDocument"), DOCUMENT),
        (tg("lineStart"), integer(number)),
        (tg("lineEnd"), integer(number)),
        (tg("page"), integer(1 + number // 5)),
        (tg("verbatim"), literal(words)),
    ):
        yield Quad(passage, predicate, value, graph)


def _contacts() -> Iterator[Quad]:
    contact = thing("contact", "abc")
    for graph in (CONTACT_PASSAGE, CONTACTS_GRAPH):
        yield Quad(contact, A, tg("ContactPoint"), graph)
        yield Quad(contact, tg("contactFor"), THEME, graph)
        yield Quad(contact, f"<{SCHEMA}name>", literal(PERSON), graph)
        yield Quad(contact, f"<{SCHEMA}email>", literal("maija.mallinen@example.org"), graph)
    yield from _passage(CONTACT_PASSAGE, 9, f"yhteyshenkilö {PERSON}", CONTACTS_GRAPH)


def quads() -> list[Quad]:
    """The whole invented dataset."""
    found = set(vocabulary())
    for number, s, p, o in _stated():
        found |= {Quad(s, p, o, PASSAGES[number]), Quad(s, p, o)}
    return sorted(found.union(_derived(), _document(), _contacts()))


def _coverage() -> Coverage:
    items = (
        Item("amount", 3, 1, "14 000 000 e", "read"),
        Item("amount", 4, 1, "7 e", "left out", "an amount of running text"),
        Item("code", 5, 1, "R-0900", "not understood", "damaged-code"),
        Item("address", 9, 1, "maija.mallinen@example.org", "left out", "page-furniture", True),
        Item("sign", 9, 1, "§", "left out", "page-furniture"),
    )
    return Coverage("katsaus-2031", "review", items)


_UNUSED = re.compile(
    r"<https://w3id\.org/teemagraafi/code/(?:certainty|link-kind|measure|organisation-type|priority|specific)"
)
"""Codes of lists that the invented graph does not use."""


def make_store(path: Path, more: list[Quad] | None = None, few_codes: bool = False) -> Path:
    """A store of the invented graph (and more quads) at a path; a site of few codes has a third of the pages."""
    given = [quad for quad in quads() if not (few_codes and _UNUSED.match(quad.s))]
    with replacing(path) as version:
        write_quads(version, (quad.line() for quad in [*given, *(more or [])]))
        version.coverage.mkdir(exist_ok=True)
        report = _coverage().to_json(private=True)
        (version.coverage / "katsaus-2031.json").write_text(report, encoding="utf-8")
    return path


@contextmanager
def few_questions() -> Iterator[None]:
    """All the stored queries are tested elsewhere; a few of each kind do for a site."""
    names = ("as-eurio", "money-by-theme", "organisations-that-work-together", "themes-by-ely-centre")
    few = {name: questions.queries()[name] for name in names}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(questions, "queries", lambda: few)
        yield


def published_site(factory: pytest.TempPathFactory) -> Path:
    """The site of the invented graph, published once in a run; a test that changes it copies it."""

    def make(path: Path) -> None:
        with few_questions():
            publish(make_store(path / "store", few_codes=True), path / "site", public="https://example.org/teemat")

    return made_once(factory, "published", make) / "site"


@contextmanager
def serving(
    store: Path, limits: Limits | None = None, own_processes: bool = False, **options: object
) -> Iterator[TestClient]:
    """A client of a server on a store, whose workers are forks or, as in use, processes of their own."""
    settings = Settings(store, limits or Limits(), **{"workers": 1, "page_workers": 1, **options})  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch:
        if not own_processes:
            patch.setattr("web.process.start_worker", forks().start)
        with TestClient(create_app(store, settings)) as client:
            yield client


def page(client: TestClient, path: str, lang: str | None = None) -> str:
    """A page as a browser gets it."""
    joined = f"{path}{'&' if '?' in path else '?'}lang={lang}" if lang else path
    answer = client.get(joined, headers=HTML)
    assert answer.status_code == 200, path
    return answer.text


@contextmanager
def running(store: Path, **options: object) -> Iterator[str]:
    """A server on loopback; gives its address."""
    settings = Settings(store, **{"page_workers": 1, **options})  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as patch, socket.socket() as listening:
        patch.setattr("web.process.start_worker", forks().start)
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(store, settings), log_level="error", http=_Protocol, server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()
