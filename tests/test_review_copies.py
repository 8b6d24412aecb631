"""The full review, where it stands beside the repository: against gold, and changed copies of it against changed gold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.accuracy import Facts, Gold, facts_of, load, scores
from loaders import review
from loaders.coverage import coverage, origins
from loaders.document import pages
from loaders.document.lines import Document
from loaders.names import parts as name_split
from loaders.names.registry import Registry
from loaders.records import Origin, Reading
from tests.layoutpages import misplaced
from tests.reviewcopies import Changes, respaced, with_page_breaks

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT.parent / "shared" / "sources"
NAME = "toteutuskatsaus-2024-10"
TEXT, PDF = SOURCES / "text" / f"{NAME}.txt", SOURCES / "pdf" / f"{NAME}.pdf"
pytestmark = [
    pytest.mark.documents,
    pytest.mark.skipif(not TEXT.is_file(), reason="the full documents are not beside the repository"),
]


@pytest.fixture(scope="module")
def gold() -> Gold:
    return load(ROOT / "bench" / "gold" / f"{NAME}.json")


@pytest.fixture(scope="module")
def original() -> Reading:
    return review.parse(pages.read(TEXT))


def f1(expected: Facts, reading: Reading) -> float:
    return scores(expected, facts_of(reading))[-1].f1


def read_copy(folder: Path, text: str) -> Reading:
    path = folder / "copy.txt"
    path.write_text(text, encoding="utf-8")
    return review.parse(pages.read(path))


def test_the_text_against_gold(gold: Gold, original: Reading) -> None:
    assert sum(map(len, gold.facts.values())) > 900
    assert f1(gold.facts, original) >= 0.99


@pytest.mark.slow
def test_the_pdf_against_gold(gold: Gold, read_once: Callable[..., Document]) -> None:
    document = read_once(PDF)
    reading = review.parse(document)
    assert f1(gold.facts, reading) >= 0.98
    assert misplaced(document, reading) == []
    assert all(origin.page for record in reading.records for origin in origins(record))


def test_words_stand_at_their_lines_and_persons_stay_private(original: Reading) -> None:
    text = {line.number: line.text for line in pages.read(TEXT).lines}
    persons = [record.name for record in original.records if hasattr(record, "emails")]
    found = [origin for record in original.records for origin in origins(record)]
    found += [Origin(i.first, i.last, i.words, private=i.private) for i in original.left_out]
    for origin in found:
        lines = " ".join(" ".join(text[n] for n in range(origin.first, origin.last + 1)).split())
        assert origin.words in lines
        assert origin.private or not any(name in origin.words for name in persons)


def test_what_no_record_holds_is_said_not_to_be_understood(original: Reading) -> None:
    items = coverage(pages.read(TEXT), original).items
    doubtful = [(item.line, item.words) for item in items if item.state == "not understood"]
    assert doubtful == [
        (97, "Marraskuusta 2023 toukokuuhun 2024"),
        (641, "Kesäkuusta 2023 marraskuuhun 2024"),
        (1609, "n. 10 €"),
        (1653, "20.11.2024"),
        (2246, "maks. 200 000 euroa"),
        (2701, "1.8.2024"),
        (2706, "noin 3,5 milj.€"),
        (3419, "2.-6.2.2025"),
        (3831, "www.thl.fi/soila"),
    ]


def test_other_names_codes_amounts_years_and_order(gold: Gold, original: Reading, tmp_path: Path) -> None:
    changes = replace(Changes.of(original), seed=1)
    copy = changes.document(TEXT.read_text(encoding="utf-8"))
    expected = changes.facts(gold.facts, original)
    assert f1(expected, original) < 0.5
    assert f1(expected, read_copy(tmp_path, copy)) >= 0.98


@pytest.fixture
def ministries_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A registry that knows no organisation but the ministries."""
    known = {key: entry for key, entry in Registry.load().organisations.items() if entry.ministry}
    alone = Registry(known, {})
    name_split._evidence.cache_clear()
    monkeypatch.setattr(Registry, "load", staticmethod(lambda: alone))
    yield
    name_split._evidence.cache_clear()


@pytest.mark.usefixtures("ministries_alone")
def test_names_that_no_registry_knows(gold: Gold) -> None:
    assert f1(gold.facts, review.parse(pages.read(TEXT))) >= 0.98


def test_page_breaks_anywhere(gold: Gold, tmp_path: Path) -> None:
    furniture = {line.number for line in pages.read(TEXT).furniture}
    copy = with_page_breaks(TEXT.read_text(encoding="utf-8"), 1, 40, furniture)
    assert f1(gold.facts, read_copy(tmp_path, copy)) >= 0.98


def test_blank_lines_mean_nothing(gold: Gold, tmp_path: Path) -> None:
    assert f1(gold.facts, read_copy(tmp_path, respaced(TEXT.read_text(encoding="utf-8"), 0))) >= 0.98
