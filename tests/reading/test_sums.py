"""Sums with what the words around them say of them."""

from __future__ import annotations

from loaders.reading.sums import holds_sum, sums
from tests.cases import each


@each(
    ("text", "read"),
    [
        ("Kustannusarvio 899 874 €, josta myönnetty tuki 700 000 €", [(899_874, "cost"), (700_000, "granted")]),
        ("Haussa on jaettavana 2 miljoonaa euroa.", [(2_000_000, "call")]),
        ("Hankkeelle on haettu 300 000 euron tukea", [(300_000, "applied")]),
        ("Teeman rahoituskehys on 14 M€", [(14_000_000, "framework")]),
        ("Maksettu 100 €, sidottu 200 €", [(100, "paid"), (200, "committed")]),
        ("Budjetin on oltava vähintään 50 000 euroa", [(50_000, "minimum")]),
        ("8 200 euroa alle budjetin", [(8_200, "minimum")]),
        ("Kuntien osuus budjetista 20 000 euroa", [(20_000, "share")]),
        # the ends of a range are no sum of anything
        ("Tuki on 10 000 euroa – 20 000 euroa hanketta kohti", [(10_000, "minimum"), (20_000, "minimum")]),
        ("Tuki on 10 000–20 000 euroa hanketta kohti", [(10_000, "minimum"), (20_000, "minimum")]),
        # another currency is left alone
        ("Stöd 200 000 kronor", []),
    ],
)
def test_a_sum_is_what_the_nearest_words_say(text: str, read: list[tuple[int, str]]) -> None:
    assert [(int(one.amount.value), one.cue) for one in sums(text, 0, len(text))] == read
    assert holds_sum(text, 0, len(text)) is bool(read)


def test_a_sum_has_its_place_in_the_whole_text() -> None:
    text = "Maksettu 100 €. Teeman rahoituskehys on 14 M€."
    [one] = sums(text, 15, len(text))
    assert (text[one.start : one.end], one.cue) == ("14 M€", "framework")


def test_the_funding_sources_are_those_named_beside_the_sum() -> None:
    text = "Maksettu 100 € (EU ja valtio)"
    assert [one.scope for one in sums(text, 0, len(text))] == ["eu-state"]
