"""Every entry of the tables of phrases: three languages, an example that matches, no wording in two concepts."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import pytest

from loaders import phrases
from tests.cases import each

FILES = sorted(path.stem for path in Path(phrases.__file__).parent.glob("*.toml"))
ONE_MEANING = ("labels", "places", "counted")
"""Files of which a wording means one concept; cue words and jobs may say several things."""


def test_there_are_the_files() -> None:
    assert {"labels", "cues", "counted", "places", "jobs"} <= set(FILES)


@each("file", FILES)
def test_an_entry_has_wordings_and_an_example_in_every_language(file: str) -> None:
    for concept, entry in phrases.concepts(file).items():
        assert set(entry) == {*phrases.LANGUAGES, "example"}, concept
        for language in phrases.LANGUAGES:
            assert entry[language], (concept, language)
            assert len(set(entry[language])) == len(entry[language]), f"{concept}: a wording twice in {language}"
            assert entry["example"][language], (concept, language)


@pytest.mark.parametrize("file", FILES)
def test_an_example_matches_its_own_concept(file: str) -> None:
    examples = [
        (concept, *item) for concept, entry in phrases.concepts(file).items() for item in entry["example"].items()
    ]
    for concept, language, example in examples:
        if file == "labels":
            assert phrases.label(example) == concept, language
        else:
            assert phrases.pattern(file, concept).search(example), (concept, language, example)
        if file in ("cues", "counted"):  # found by the index too
            cues = phrases.find(concept, example, file=file)
            assert [cue.words for cue in cues] == [m.group() for m in phrases.pattern(file, concept).finditer(example)]


@pytest.mark.parametrize("file", [file for file in FILES if file in ONE_MEANING])
def test_no_wording_stands_in_two_concepts(file: str) -> None:
    where: dict[str, set[str]] = defaultdict(set)
    for concept in phrases.concepts(file):
        if not concept.startswith("cue."):
            for words in phrases.wordings(file, concept):
                where[("* " if words.startswith("* ") else "") + phrases.fold(words)].add(concept)
    assert {words: sorted(found) for words, found in where.items() if len(found) > 1} == {}


def test_a_wording_is_matched_as_a_whole_word_in_any_case() -> None:
    assert phrases.says("call.opens", "HAKU AVATAAN 3.2.2025")
    assert not phrases.says("noun.theme", "systemaattinen")
    assert phrases.label("hankkeen KESTO:") == "project.period"


def test_words_are_found_within_a_span_and_where_it_cuts_them() -> None:
    text = "Hakuun +hakua EU-hakuja *haku, ESR+haku"
    words = [cue.words for cue in phrases.find("noun.call", text)]
    assert words == ["Hakuun", "+hakua", "EU-hakuja", "haku", "ESR+haku"]
    assert [cue.words for cue in phrases.find("noun.call", "ideahakuun", 0, 8)] == ["ideahaku"]
    assert phrases.find("noun.call", "ideahakuun", 4) == []


@each("unit", ["a-", "+", "hanke-", "haku ", "x", "a+ "])
def test_looking_for_words_takes_linear_time(unit: str) -> None:
    def seconds(text: str) -> float:
        start = time.process_time()
        phrases.says("call.closes", text)
        phrases.label_at_start(text)
        return time.process_time() - start

    short, long = seconds(unit * 1_000), seconds(unit * 20_000)
    assert long < 60 * short + 0.1
