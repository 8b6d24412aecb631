"""Calls in the making: when two statements are of one call, what they give together, and which dates are a call's."""

from __future__ import annotations

from typing import Any

from loaders.mentions import Mention, times
from loaders.reading import call_sentences, read
from loaders.reading.call_drafts import Draft, combined, fits, in_season, join
from loaders.reading.call_sentences import seeks_coordination
from loaders.records import Money, Origin, Stated
from tests.cases import each
from tests.reading.conftest import Pager


def day(value: str) -> Stated[str]:
    return Stated(value, Origin(3, 3, value))


def named(*values: str) -> list[Mention]:
    return [Mention(value, 0, len(value)) for value in values]


def call(opens: str = "", closes: str = "", **more: Any) -> Draft:
    return Draft((0, 9), opens=day(opens) if opens else None, closes=day(closes) if closes else None, **more)


def days(drafts: list[Draft]) -> list[tuple[str | None, str | None]]:
    return [(one.opens and one.opens.value, one.closes and one.closes.value) for one in drafts]


@each(
    ("one", "other", "same"),
    [
        (call("2024-02-01"), call("2024-02"), True),
        (call("2024"), call("2024-02-01"), True),
        (call("2024-02-01"), call("2024-03"), False),
        (call("2024-02-01", "2024-04-30"), call("2024-02-01", "2024-05-31"), False),
        (call("2024-02-01"), call("", "2024-04-30"), True),
        (call(part="Saaristo"), call(part="Tunturi"), False),
        (call(part="Saaristo"), call(), True),
        (call(objectives=named("4.1", "4.2")), call(objectives=named("4.2", "5.1")), True),
        (call(objectives=named("4.1")), call(objectives=named("5.1")), False),
        (call(places=named("Lappi")), call(places=named("Kainuu")), False),
        (call(places=named("Lappi")), call(places=named("Kainuu", "Lappi")), True),
        (call(theme=named("Saaristo")[0]), call(theme=named("SAARISTO")[0]), True),
        (call(theme=named("Saaristo")[0]), call(theme=named("Tunturi")[0]), False),
    ],
)
def test_two_statements_fit_one_call_unless_they_contradict(one: Draft, other: Draft, same: bool) -> None:
    assert fits(one, other) is same
    assert fits(other, one) is same


def test_a_joined_call_keeps_the_more_precise_day_and_what_only_one_states() -> None:
    one = call("2024", places=named("Lappi"), objectives=named("4.1"))
    join(
        one,
        call("2024-02-01", "2024-04-30", places=named("Lappi", "Kainuu"), objectives=named("4.2"), coordination=True),
    )
    assert days([one]) == [("2024-02-01", "2024-04-30")]
    assert [place.value for place in one.places] == ["Lappi", "Kainuu"]
    assert [objective.value for objective in one.objectives] == ["4.1", "4.2"]
    assert one.coordination


def test_a_vaguer_day_does_not_replace_the_day_of_a_call() -> None:
    one = call("2024-02-01")
    join(one, call("2024-02"))
    assert days([one]) == [("2024-02-01", None)]


def test_the_objectives_of_the_dated_statement_count_alone() -> None:
    one = call(objectives=named("4.1", "4.2"))
    join(one, call("2024-02-01", objectives=named("4.2")))
    assert [objective.value for objective in one.objectives] == ["4.2"]


def test_the_later_day_counts_of_two_statements_of_the_next_call() -> None:
    one = call("2024-02-01", upcoming=True)
    join(one, call("2024-03-01", upcoming=True))
    assert days([one]) == [("2024-03-01", None)]


@each(
    ("drafts", "left"),
    [
        # the same days are one call, other days another
        ([call("2024-02-01"), call("2024-02-01", block=30)], [("2024-02-01", None)]),
        ([call("2024-02-01"), call("2024-09-01")], [("2024-02-01", None), ("2024-09-01", None)]),
        # a year alone is no day that two statements share, but it says nothing new
        ([call("2024-02-01", "2024-03-31"), call("2024", block=30)], [("2024-02-01", "2024-03-31")]),
        ([call("2024-02-01"), call("2024", block=30, section=4)], [("2024-02-01", None), ("2024", None)]),
        ([call("2024-02-01"), call("2024", block=30, headed=True)], [("2024-02-01", None), ("2024", None)]),
        # words without a day are of the call at most two blocks away in their part
        ([call("2024-02-01", block=4), call(block=6)], [("2024-02-01", None)]),
        ([call("2024-02-01", block=4), call(block=7)], [("2024-02-01", None), (None, None)]),
        ([call("2024-02-01", block=4), call(block=5, section=2)], [("2024-02-01", None), (None, None)]),
        ([call("2024-02-01", block=4), call(block=5, standing=True)], [("2024-02-01", None), (None, None)]),
        # one sentence opens it and another closes it
        ([call("2024-02-01"), call("", "2024-04-30", block=9)], [("2024-02-01", "2024-04-30")]),
        ([call("", "2024-04-30"), call("2024-02-01", block=9)], [("2024-02-01", "2024-04-30")]),
        ([call("2024-05-01"), call("", "2024-04-30", block=9)], [("2024-05-01", None), (None, "2024-04-30")]),
        (
            [call("2024-02-01"), call("", "2024-04-30", block=9, upcoming=True)],
            [("2024-02-01", None), (None, "2024-04-30")],
        ),
        (
            [call("2024-02-01", headed=True), call("", "2024-04-30", block=9)],
            [("2024-02-01", None), (None, "2024-04-30")],
        ),
        # headings of their own set two calls of the same days apart
        (
            [call("2024-02-01", headed=True, section=1), call("2024-02-01", headed=True, section=2)],
            [("2024-02-01", None), ("2024-02-01", None)],
        ),
        # the next call of a part is one call
        ([call("2024-02-01", upcoming=True), call("2024-03-01", upcoming=True)], [("2024-03-01", None)]),
    ],
)
def test_statements_of_one_call_are_combined(drafts: list[Draft], left: list[tuple[str | None, str | None]]) -> None:
    assert days(combined(drafts)) == left


@each(
    ("words", "side_by_side"),
    [
        ("Koordinaatiohankkeen haku aukeaa", True),
        ("Haku koordinaatiohankkeelle aukeaa", True),
        ("Haku on auki, ja teemalla on jo pitkään ollut koordinaatiohanke", False),
        ("Koordinaatiohanke on käynnissä, ja uusi haku avautuu syksyllä", False),
        ("Haku aukeaa", False),
    ],
)
def test_a_call_for_coordination_has_both_nouns_side_by_side(words: str, side_by_side: bool) -> None:
    assert seeks_coordination(words, 0, len(words)) is side_by_side


@each(
    ("opens", "words", "year", "inside"),
    [
        ("2024-01-15", "kevään haussa", "2024", True),
        ("2024-06-30", "kevään haussa", "2024", True),
        ("2024-07-01", "kevään haussa", "2024", False),
        ("2024-08-01", "syksyn haussa", "2024", True),
        ("2024-07-31", "syksyn haussa", "2024", False),
        ("2024-12-01", "syksyn haussa", "2024", True),
        ("2024-05-01", "kesän haussa", "2024", True),
        ("2024-04-30", "kesän haussa", "2024", False),
        ("2024-09-30", "kesän haussa", "2024", True),
        ("2024-10-01", "kesän haussa", "2024", False),
        ("2023-03-01", "kevään haussa", "2024", False),
        ("2024", "kevään haussa", "2024", True),
        ("2024-12-01", "haussa", "2024", True),
    ],
)
def test_a_call_opened_in_a_season(opens: str, words: str, year: str, inside: bool) -> None:
    time = times(year, years=True)[0]
    assert in_season(call(opens), words, time) is inside
    assert not in_season(call(opens, coordination=True), words, time)


@each(
    ("sentence", "read"),
    [
        ("Haku avautuu 3.2.2025 ja päättyy 31.3.2025.", [("call.period", "2025-02-03")]),
        ("Haku avautuu 3.2.2025. Se päättyy 31.3.2025.", [("call.opens", "2025-02-03"), ("call.closes", "2025-03-31")]),
        ("Haku on avoinna 3.2.–31.3.2025.", [("call.period", "2025-02-03")]),
        ("Haku avataan vuoden 2025 alkuun mennessä.", [("call.opens", "2025")]),
        ("Päätökset haun hankkeista tehdään 30.6.2025 mennessä.", []),
        ("Haun infotilaisuus järjestetään 14.1.2025.", []),
        ("Haku 1/2025 avautuu 3.2.2025.", [("call.opens", "2025-02-03")]),
        ("Utlysningen öppnar den 3 februari 2025 och stänger den 31 mars 2025.",
         [("call.opens", "2025-02-03"), ("call.closes", "2025-03-31")]),
        ("The call opens on 3 February 2025 and closes on 31 March 2025.",
         [("call.opens", "2025-02-03"), ("call.closes", "2025-03-31")]),
    ],
)  # fmt: skip
def test_the_nearest_words_say_what_a_date_is(page: Pager, sentence: str, read: list[tuple[str, str]]) -> None:
    one = page(f"Saariston hankehaku\n\n{sentence}\n")
    start = one.text.index(sentence)
    found = call_sentences.dated(one, start, start + len(sentence))
    assert [
        (concept, (time.opens or time.closes or "")[: len(value)])
        for (concept, time), (_, value) in zip(found, read, strict=True)
    ] == read


@each(
    ("sentence", "amount"),
    [
        ("Haussa on jaettavana 2 miljoonaa euroa.", 2_000_000),
        ("Teeman rahoituskehys on 14 miljoonaa euroa.", None),
        ("Haussa myönnettiin 1,2 miljoonaa euroa.", None),
        ("Hankkeen S31234 tuki on 90 000 euroa.", None),
        ("Hakuun on varattu 750 000 euroa.", 750_000),
    ],
)
def test_only_money_that_a_call_gives_is_its_budget(page: Pager, sentence: str, amount: int | None) -> None:
    one = page(f"Saariston hankehaku\n\n{sentence}\n")
    start = one.text.index(sentence)
    found = call_sentences.call_sum(one, start, start + len(sentence))
    assert (int(found.amount.value) if found else None) == amount


def test_funding_beside_a_call_is_its_budget_and_the_first_counts(page: Pager) -> None:
    text = "Rahoitus: 2 000 000 €\nRahoitus: 3 000 000 €\nKokonaiskustannukset: 4 000 000 €\n"
    found = read(page(f"Hakuja\n\nEnsimmäinen haku aukeaa 1.3.2025.\n\nToinen haku aukeaa 1.9.2025\n{text}"))
    sums = [(one.about.key, one.phase, int(one.amount)) for one in found if isinstance(one, Money)]
    assert sums == [("Toinen hankehaku 1.9.2025–", "callBudget", 2_000_000)]


@each(
    ("text", "words"),
    [
        ("Haku on auki 1.3.2025–30.4.2025: Polku töihin. ", "Haku on auki 1.3.2025–30.4.2025"),
        ("Haku: 1.3.2025–30.4.2025 Polku töihin;\n", "Haku: 1.3.2025–30.4.2025 Polku töihin"),
        ("Uusi haku (1.3.2025) on auki.", "Uusi haku (1.3.2025)"),
    ],
)
def test_the_words_that_announce_a_call(text: str, words: str) -> None:
    low, high = call_sentences.announcement(text, 0, len(text), times(text))
    assert text[low:high] == words
