"""Every layout: invented documents in each form against golden readings, the choice of the layout, gold of real documents."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from bench import accuracy
from loaders import choose, review
from loaders.document.lines import Document, Line
from loaders.errors import SourceError
from loaders.reading import NAME as ANY
from loaders.records import Contact, Reading
from tests import layoutpages as made
from tests.cases import each

FORMS = ("txt", "html", "pdf")
GOLD = sorted((Path(accuracy.__file__).parent / "gold").glob("*.json"))
LEAST = {"text": 0.99, "more": 0.99, "html": 0.98, "pdf": 0.98}


def read(document: Document) -> Reading:
    return choose(document).parse(document)


Invented = Callable[[str, str], tuple[Document, Reading]]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Invented:
    """An invented document in one of its forms, and what is read of it; each is read once."""

    @cache
    def of(layout: str, form: str) -> tuple[Document, Reading]:
        document = made.document(layout, form, tmp_path_factory.mktemp(layout))
        return document, read(document)

    return of


def real() -> list[Path]:
    """The documents beside the repository; the review's long PDF file is read in its own tests."""
    found = [path for form in accuracy.FORMS for path in (made.SHARED / form).glob("*.*") if path.suffix != ".json"]
    return sorted(path for path in found if path.name != "toteutuskatsaus-2024-10.pdf")


@pytest.mark.parametrize("layout", made.names())
def test_an_invented_document_gives_its_golden_reading(layout: str, invented: Invented, bless: bool) -> None:
    found = json.loads(json.dumps(made.told(invented(layout, "txt")[1]), ensure_ascii=False))
    path = made.GOLDEN / f"{layout}.json"
    if bless:
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS[1:])
@pytest.mark.parametrize("layout", made.names())
def test_the_same_document_gives_the_same_facts_in_every_form(layout: str, form: str, invented: Invented) -> None:
    if (layout, form) == ("slides", "html"):
        pytest.skip("slides do not come as HTML")
    text, other = (made.told(invented(layout, f)[1]) for f in ("txt", form))
    assert isinstance(text, dict)
    assert isinstance(other, dict)
    assert other["records"] == text["records"]
    assert {key: other[key] for key in ("layout", "programme", "reference_date", "language")} == {
        key: text[key] for key in ("layout", "programme", "reference_date", "language")
    }


@each("form", FORMS)
@each("layout", made.names())
def test_words_stand_where_they_are_said_to_stand_and_persons_are_private(
    layout: str, form: str, invented: Invented
) -> None:
    document, reading = invented(layout, form)
    assert made.misplaced(document, reading) == []
    names = {part for c in reading.records if isinstance(c, Contact) for part in re.split(r"[\s-]", c.name)}
    for origin in made.origins(reading.records):
        assert origin.private or not names.intersection(re.findall(r"\w+", origin.words)), origin
    for left in reading.left_out:
        assert left.private or not names.intersection(re.findall(r"\w+", left.words)), left


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", made.names())
def test_only_its_own_layout_reads_a_document(layout: str, form: str, invented: Invented) -> None:
    document, _ = invented(layout, form)
    if (layout, form) == ("slides", "html"):
        pytest.skip("slides do not come as HTML")
    chosen = choose(document).NAME
    assert chosen == (layout if layout == review.NAME else ANY)


@pytest.mark.documents
@pytest.mark.parametrize("path", real() or [None], ids=lambda path: path and f"{path.parent.name}/{path.stem}")
def test_a_real_document_is_read_as_gold_says(path: Path | None, read_once: Callable[..., Document]) -> None:
    if path is None:
        pytest.skip("the full documents are not beside the repository")
    document = read_once(path)
    gold = accuracy.load(GOLD[0].with_name(f"{path.stem}.json"))
    assert (gold.layout if gold.layout == review.NAME else ANY) == choose(document).NAME
    reading = read(document)
    total = accuracy.scores(gold.facts, accuracy.facts_of(reading))[-1]
    assert total.f1 >= LEAST[path.parent.name], total
    assert made.misplaced(document, reading) == []


def plain(*lines: str) -> Document:
    return Document("vieras", "text", tuple(Line(n, line) for n, line in enumerate(lines, 1)), "0")


def test_a_document_without_a_fact_is_refused_with_what_was_looked_for() -> None:
    with pytest.raises(
        SourceError, match=r"^vieras: no fact found: looked for national themes, projects, calls"
    ) as caught:
        read(plain("Ostoslista", "maitoa", "leipää"))
    assert caught.value.exit_code == 3


@pytest.mark.slow
@pytest.mark.parametrize("line", ["", " ", "\ufeff", "•", "1)", "()", "a" * 5_000])
def test_odd_documents_are_refused_and_never_crash(line: str) -> None:
    with pytest.raises(SourceError):
        read(plain(*[line] * 40))


@pytest.mark.slow
@pytest.mark.parametrize("layout", made.names())
def test_damaged_documents_are_read_or_refused_and_words_stay_in_place(layout: str, tmp_path: Path) -> None:
    lines = made.text(layout).splitlines()
    chance = random.Random(layout)
    for _ in range(8):
        kept = [line[: chance.randrange(len(line) + 1)] if chance.random() < 0.1 else line for line in lines]
        kept = [line for line in kept if chance.random() < 0.85]
        if chance.random() < 0.5:
            chance.shuffle(kept)
        document = made.document(layout, "txt", tmp_path, "\n".join([*kept, "loppu"]) + "\n")
        try:
            reading = read(document)
        except SourceError:
            continue
        assert made.misplaced(document, reading) == []
