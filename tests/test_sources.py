"""The shipped sources: complete metadata, excerpts without persons that read as the originals do."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

import pytest

from bench.excerpt_pdf import SOURCE as SET_AS_PDF
from bench.excerpt_pdf import set_form
from bench.excerpt_words import facts, origins
from loaders import choose, sources
from loaders.document.pages import read
from loaders.records import Contact, Reading
from loaders.sources import Source, all_sources, by_hash, counted, shipped, unexpected
from loaders.values.marks import emails, phones

SHARED = Path(__file__).resolve().parents[2] / "shared" / "sources"
OPTIONAL = ("publisher", "issued", "url", "licence", "reference_date")
"""What a document may keep to itself: each of these is stated or listed as ``unknown``."""
KINDS = {"text": "txt", "html": "html", "pdf": "pdf"}
SOURCES = all_sources()


def named(source: Source) -> str:
    return source.id


def excerpt(source: Source, suffix: str = ".txt") -> Path:
    return next(path for path in source.excerpts if path.suffix == suffix)


@cache
def reading(path: Path, identifier: str | None = None) -> Reading:
    document = read(path, identifier)
    return choose(document).parse(document)


def original(source: Source) -> Path:
    path = SHARED / "text" / f"{source.id}.txt"
    if not path.exists():
        pytest.skip("the full documents are not here")
    return path


def test_there_is_a_source_of_each_main_layout() -> None:
    assert {source.layout for source in SOURCES} >= {"review", "document"}


@pytest.mark.parametrize("source", SOURCES, ids=named)
class TestEverySource:
    def test_metadata_is_complete(self, source: Source) -> None:
        assert source.title
        assert source.layout in ("review", "document")
        assert set(source.sha256) <= set(KINDS)
        assert "text" in source.sha256
        assert all(re.fullmatch("[0-9a-f]{64}", sha256) for sha256 in source.sha256.values())
        stated = {key for key in OPTIONAL if getattr(source, key)}
        assert stated | set(source.unknown) == set(OPTIONAL)
        assert not stated & set(source.unknown)
        for date in filter(None, (source.issued, source.reference_date)):
            assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", date)

    def test_excerpts_hold_no_address_and_no_number(self, source: Source) -> None:
        assert source.excerpts
        for path in source.excerpts:
            text = "\n".join(line.text for line in read(path).lines)
            assert emails(text) == []
            assert phones(text) == []
            assert not re.search(r"@|\(at\)|mailto|protected\]", text)

    @pytest.mark.slow
    def test_no_person_is_read_from_an_excerpt(self, source: Source) -> None:
        for path in source.excerpts:
            assert not any(isinstance(record, Contact) for record in reading(path, source.id).records)

    def test_every_excerpt_reads_as_expected(self, source: Source) -> None:
        for path in source.excerpts:
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            found = reading(path, source.id)
            assert found.layout == source.layout
            assert unexpected(source, found, sha256) == []
            assert by_hash(sha256) is source
        assert source.expect.get("themes", 0) + source.expect.get("calls", 0) > 0

    def test_all_excerpts_of_a_source_state_the_same(self, source: Source) -> None:
        first, *others = [facts(reading(path, source.id)) for path in source.excerpts]
        assert all(other == first for other in others)

    def test_excerpts_hold_fragments_not_prose(self, source: Source) -> None:
        """Prose has long stretches of words; facts, labels and lists have short ones."""
        lines = excerpt(source).read_text(encoding="utf-8").split("\n")
        words = [len(part.split()) for line in lines if line.strip() for part in line.split(" … ")]
        assert sum(words) / len(words) < 10
        assert max(words) <= 36

    @pytest.mark.documents
    def test_an_excerpt_states_what_its_original_states(self, source: Source) -> None:
        assert facts(reading(excerpt(source), source.id)) == facts(reading(original(source), source.id))

    @pytest.mark.documents
    def test_an_original_reads_as_expected(self, source: Source) -> None:
        path = original(source)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        assert by_hash(sha256) is source
        assert unexpected(source, reading(path, source.id), sha256) == []

    @pytest.mark.documents
    def test_lines_and_words_are_those_of_the_original(self, source: Source) -> None:
        lines = original(source).read_text(encoding="utf-8").split("\n")
        cut = excerpt(source).read_text(encoding="utf-8").split("\n")
        assert abs(len(cut) - len(lines)) <= 1
        for number, line in enumerate(cut):
            printed = " ".join(lines[number].split()) if line.strip() else ""
            for fragment in line.split(" … "):
                assert " ".join(fragment.split()) in printed, number + 1

    @pytest.mark.documents
    def test_passages_of_an_excerpt_stand_in_the_original(self, source: Source) -> None:
        lines = original(source).read_text(encoding="utf-8").split("\n")
        for origin in origins(reading(excerpt(source), source.id).records):
            assert origin.words in " ".join(" ".join(lines[origin.first - 1 : origin.last]).split())

    @pytest.mark.documents
    def test_persons_of_the_original_are_not_in_the_excerpt(self, source: Source) -> None:
        texts = ["\n".join(line.text for line in read(path).lines) for path in source.excerpts]
        for record in reading(original(source), source.id).records:
            if isinstance(record, Contact):
                for part in record.name.split():
                    assert not any(re.search(rf"\b{re.escape(part)}\b", text) for text in texts), part

    @pytest.mark.documents
    def test_originals_of_every_kind_are_known(self, source: Source) -> None:
        original(source)
        for kind, sha256 in source.sha256.items():
            path = SHARED / kind / f"{source.id}.{KINDS[kind]}"
            assert hashlib.sha256(path.read_bytes()).hexdigest() == sha256
            assert by_hash(sha256) is source


def test_one_excerpt_a_source_is_shipped_and_one_of_them_is_a_pdf() -> None:
    paths = shipped()
    assert [path.stem for path in paths] == [source.id for source in SOURCES]
    assert [path.stem for path in paths if path.suffix == ".pdf"] == [SET_AS_PDF]


def test_the_pdf_is_set_from_its_excerpt(tmp_path: Path) -> None:
    source = next(source for source in SOURCES if source.id == SET_AS_PDF)
    text = excerpt(source).read_text(encoding="utf-8")
    data = set_form(text)
    assert data == set_form(text)
    path = tmp_path / f"{source.id}.pdf"
    path.write_bytes(data)
    committed, fresh = read(excerpt(source, ".pdf")), read(path)
    assert fresh.lines == committed.lines
    assert fresh.furniture == committed.furniture
    assert committed.furniture
    assert {line.cell.table for line in committed.lines if line.cell} == {0}


def test_an_unknown_file_belongs_to_no_source() -> None:
    assert by_hash("0" * 64) is None


def test_unexpected_counts_are_told() -> None:
    source = SOURCES[0]
    found = reading(source.excerpts[0], source.id)
    empty = Reading(found.layout, ())
    told = unexpected(source, empty, "0" * 64)
    assert told == [f"{number} {kind} expected, 0 read" for kind, number in source.expect.items() if kind != "contacts"]
    assert counted(empty) == {}
    whole = unexpected(source, found, next(iter(source.sha256.values())))
    assert whole == [f"{source.expect['contacts']} contacts expected, 0 read"]


def test_sources_are_found_where_a_wheel_puts_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "teemagraafi" / "sources"
    installed.mkdir(parents=True)
    (installed / "koe.toml").write_text(
        'title = "Koe"\nlayout = "call"\nunknown = []\n[sha256]\ntext = "00"\n[expect]\ncalls = 1\n', encoding="utf-8"
    )
    (installed / "koe.txt").write_text("Hankehaku\n", encoding="utf-8")
    monkeypatch.setattr("loaders.data._ROOT", tmp_path)
    assert [source.id for source in all_sources()] == ["koe"]
    assert shipped() == [installed / "koe.txt"]
    assert by_hash("00") is all_sources()[0]
    assert sources.by_hash(hashlib.sha256(b"Hankehaku\n").hexdigest()) is all_sources()[0]
