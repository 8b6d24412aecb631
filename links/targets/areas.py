"""Areas by Statistics Finland's codes, what lies in what, and what they are in NUTS, YSO places and Wikidata."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from links.reference import Reference
from links.rule import Candidate, Found, MatchInput, Proposal, Subject, Unlinked, code, link, proposal
from links.sssom import AREA, BROAD, BY_CODE, CLOSE, EXACT, LEXICAL, PREFIXES, TABLES, Link
from loaders.errors import SourceError
from loaders.names import keys as name_key

NAME = "areas"
TABLE = "statfi_municipality_key_{}.csv"
_KINDS = {"ely-centre": "ely-area", "wellbeing-county": "wellbeing-county", "state-agency": "livskraft-area"}


class Area(NamedTuple):
    """An area: its code and its names in three languages."""

    iri: str
    fi: str
    sv: str
    en: str


class Key(NamedTuple):
    """The municipality keys of all years: each municipality with its newest names, what it lay in, and when it was last there."""

    municipalities: dict[str, Area]
    wider: dict[tuple[str, str], Area]
    """(municipality code, scheme) → area."""
    last_year: dict[str, int]
    newest: int


def read_areas(reference: Reference) -> Key:
    """Read the keys of all years, oldest first, so that the newest name of a code wins."""
    municipalities: dict[str, Area] = {}
    wider: dict[tuple[str, str], Area] = {}
    last: dict[str, int] = {}
    years = reference.years(TABLE)
    for year in years:
        name = TABLE.format(year)
        for row in reference.rows(name, "kunta", "municipality_name_fi", "maakunta_code", "maakunta_name_fi"):
            number = row["kunta"]
            municipalities[number] = _area("municipality", number, row, "municipality")
            last[number] = year
            for scheme, column in TABLES.wider:
                if row.get(f"{column}_code"):
                    wider[number, scheme] = _area(scheme, row[f"{column}_code"].zfill(2), row, column)
    return Key(municipalities, wider, last, max(years, default=0))


def _area(scheme: str, notation: str, row: dict[str, str], column: str) -> Area:
    return Area(code(scheme, notation), row[f"{column}_name_fi"], row[f"{column}_name_sv"], row[f"{column}_name_en"])


def propose_areas(given: MatchInput) -> Iterator[Proposal]:
    """Propose what lies in what, and which organisation is responsible for which area."""
    key = read_areas(given.reference)
    yield proposal(NAME, [*_lies_in(key), *_responsible(key, given.ours)], version=f"{key.newest}")


def _responsible(key: Key, ours: Iterable[Subject]) -> Iterator[Found]:
    names = _names(key)
    for subject in ours:
        if area := _area_of(subject, key, names):
            yield link((subject.iri, subject.label), AREA, (area.iri, area.fi), LEXICAL, match=area.fi)
        elif subject.kind in (*_KINDS, "municipality", "regional-council") and _is_regional(subject):
            yield Unlinked(subject.iri, subject.label, "a municipality key that names its area")


def _is_regional(subject: Subject) -> bool:
    return subject.kind != "state-agency" or subject.iri.rpartition("/")[2].startswith("evk-")


def _lies_in(key: Key) -> Iterable[Link]:
    for number, municipality in key.municipalities.items():
        gone = [] if key.last_year[number] == key.newest else [("until", f"{key.last_year[number]}-12-31")]
        for scheme, _ in TABLES.wider:
            if area := key.wider.get((number, scheme)):
                names = [("sv", municipality.sv), ("en", municipality.en), ("area_sv", area.sv), ("area_en", area.en)]
                ends = (municipality.iri, municipality.fi), BROAD, (area.iri, area.fi)
                yield link(*ends, BY_CODE, other=[*names, *gone])


def _names(key: Key) -> dict[tuple[str, str], set[Area]]:
    """(scheme, name key of the body or genitive of the place) → areas."""
    names: dict[tuple[str, str], set[Area]] = defaultdict(set)
    for (_, scheme), area in key.wider.items():
        if scheme == "region":
            for form in genitives(area.fi):
                names["regional-council", name_key.fold(form)].add(area)
        else:
            names[scheme, name_key.key(area.fi)].add(area)
    for area in key.municipalities.values():
        for form in genitives(area.fi):
            names["municipality", name_key.fold(form)].add(area)
    return names


def _area_of(subject: Subject, key: Key, names: dict[tuple[str, str], set[Area]]) -> Area | None:
    """Find the one area a body is responsible for by its name; nothing where two fit."""
    areas: set[Area] = set()
    for name in subject.names:
        if scheme := _KINDS.get(subject.kind or ""):
            areas |= names.get((scheme, name_key.key(name)), set())
        elif subject.kind in ("municipality", "regional-council"):
            place, _, head = name_key.parse(name).base.rpartition(" ")
            if head in ("kaupunki", "kunta", "liitto", "maakuntaliitto"):
                areas |= names.get((subject.kind, name_key.fold(place)), set())
    return areas.pop() if len(areas) == 1 else None


_GRADES = (
    ("nk", "ng"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"), ("mp", "mm"), ("kk", "k"), ("pp", "p"), ("tt", "t"), ("ht", "hd"),
    ("rk", "r"), ("lk", "l"), ("k", ""), ("p", "v"), ("t", "d"),
)  # fmt: skip
"""Consonants before the last vowel and what they become in the genitive."""
_CONSONANT, _VOWEL = "[bcdfghjklmnpqrstvwxz]", "[aeiouyäöå]"
_LAST = re.compile(rf"(?P<start>.*(?<!{_CONSONANT}))(?P<consonants>{_CONSONANT}*)(?<!{_VOWEL})(?P<vowels>{_VOWEL}+)$")


def genitives(name: str) -> frozenset[str]:
    """List the forms a Finnish place name may have in the genitive: ``Seinäjoki`` → ``seinäjoen`` among them."""
    low = name.casefold()
    if low.startswith("uusi"):
        # An adjective inflects with its noun: Uusimaa, Uudenmaan; Uusikaupunki, Uudenkaupungin.
        return frozenset("uuden" + form for form in genitives(low.removeprefix("uusi")))
    if low.endswith("nen"):
        return frozenset({low[:-3] + "sen", low[:-3] + "sten"})
    if low.endswith("s"):
        forms = {low[:-1] + "ksen"}
        if low.endswith(("us", "ys")):
            forms.add(low[:-1] + "den")
        return frozenset(forms | {word + word[-1] + "n" for word in (low[:-1], *_strengthened(low[:-1]))})
    if low.endswith("e"):
        return frozenset({low + "n", low + "en"} | {word + "en" for word in _strengthened(low)})
    if _LAST.match(low) is None:
        return frozenset({low + "in", low + "en"})
    forms = {low, *_changed(low, _GRADES)}  # the last consonants weakened: joki → joi, ranta → ranna
    forms |= {form[:-1] + "e" for form in forms if form.endswith("i")}
    if low.endswith("si"):
        forms.add(low[:-2] + "de")
    return frozenset(form + "n" for form in forms)


def _strengthened(low: str) -> set[str]:
    """Strengthen the last consonants, as words on -e and -s do: ``pudas`` → ``puta-``."""
    return _changed(low, [(weak, strong) for strong, weak in _GRADES if weak])


def _changed(low: str, pairs: Sequence[tuple[str, str]]) -> set[str]:
    match = _LAST.match(low)
    if match is None:
        return set()
    return {
        match["start"] + match["consonants"].removesuffix(old) + new + match["vowels"]
        for old, new in pairs
        if match["consonants"].endswith(old)
    }


NUTS = "nuts3_fi_2021_to_2024.csv"


def propose_nuts(given: MatchInput) -> Iterator[Proposal]:
    """Propose the NUTS 3 codes of regions, one set a year: half of the codes changed between 2021 and 2024."""
    rows = given.reference.rows(NUTS, "maakunta_name_fi", "nuts2021_code", "nuts2024_code", "note")
    wider = read_areas(given.reference).wider.items()
    regions = {name_key.fold(area.fi): area for (_, scheme), area in wider if scheme == "region"}
    yield from (proposal(f"nuts-{year}", _year(year, rows, regions)) for year in (2021, 2024))


def _year(year: int, rows: list[dict[str, str]], regions: dict[str, Area]) -> Iterator[Found]:
    for row in rows:
        region = regions.get(name_key.fold(row["maakunta_name_fi"]))
        if region is None:
            yield Unlinked("", row["maakunta_name_fi"], "a region of this name in the municipality key")
            continue
        notation = row[f"nuts{year}_code"]
        comment = f"boundary of one municipality differs ({row['note']})" if row["note"] and year == 2021 else ""
        names = [("sv", region.sv), ("en", region.en), ("year", str(year))]
        changed = year == 2021 and (row["nuts2021_code"] != row["nuts2024_code"] or bool(row["note"]))
        ends = (region.iri, region.fi), CLOSE if changed else EXACT, (PREFIXES["nuts"] + notation, notation)
        yield link(*ends, BY_CODE, match=notation, other=names, comment=comment)


PLACES, BRANDS, DOUBTFUL = (
    "yso_places_wikidata_fi_subset.tsv",
    "nsi_fi_wikidata.csv",
    "untrusted/dr5hn_fi_cities_wikidata.csv",
)
ANSWER = "wikidata.json"
"""Wikidata's answer (SPARQL results in JSON) with the variables ``item`` and ``code``: items by municipality number."""


def propose_places(given: MatchInput) -> Iterator[Proposal]:
    """Propose the YSO places and Wikidata items of municipalities and regions, as close matches.

    Public tables of Wikidata ids are wrong often enough that one alone decides nothing: an id is accepted where two sources
    give it for the same place. One that a third source gives to another place is kept as rejected, so that it is not proposed
    again.
    """
    reference, key = given.reference, read_areas(given.reference)
    named = _by_name([*key.municipalities.values(), *{a for (_, s), a in key.wider.items() if s == "region"}])
    rows = reference.rows(PLACES, "yso_uri", "label_en", "wikidata_qid")
    second = {(row["qid"], "") for row in reference.rows(BRANDS, "qid", "names")} | set(_numbered(reference))
    by_label: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_label[row["label_en"]].append(row)
    matches: list[Found] = []
    for label, entries in by_label.items():
        for area in named.get(name_key.fold(label), ()):
            matches += _place(area, entries, second, named)
    yield proposal("places", [*matches, *_refused(reference, named, rows)])


def _numbered(reference: Reference) -> Iterator[tuple[str, str]]:
    """(item, municipality) as Wikidata's own municipality numbers tell."""
    for row in reference.records(ANSWER, "results", "bindings") if reference.has(ANSWER) else ():
        if not {"item", "code"} <= row.keys():
            raise SourceError(ANSWER, "is an answer without the variables item and code")
        item = row["item"]["value"].removeprefix(PREFIXES["wikidata"])
        yield item, code("municipality", row["code"]["value"].zfill(3))


def _by_name(areas: Sequence[Area]) -> dict[str, list[Area]]:
    names: dict[str, list[Area]] = defaultdict(list)
    for area in areas:
        for name in {name_key.fold(n) for n in (area.fi, area.sv, area.en)}:
            names[name].append(area)
    return names


def _place(
    area: Area, entries: list[dict[str, str]], second: set[tuple[str, str]], places: dict[str, list[Area]]
) -> Iterator[Found]:
    """One YSO place of the name is accepted; a Wikidata item only with a second source."""
    unique = len(entries) == 1 and len(places[name_key.fold(entries[0]["label_en"])]) == 1
    ends = (area.iri, area.fi), CLOSE

    def candidate(rank: int, iri: str, reasons: str) -> Candidate:
        return Candidate(area.iri, area.fi, rank, CLOSE, iri, entries[0]["label_en"], 1.0, reasons)

    for rank, entry in enumerate(entries, 1):
        if unique:
            yield link(*ends, (entry["yso_uri"], entry["label_en"]), LEXICAL, "0.95", match=entry["label_en"])
        else:
            yield candidate(rank, entry["yso_uri"], f"same name; {len(entries)} entries bear it")
    item = entries[0]["wikidata_qid"]
    target = PREFIXES["wikidata"] + item, entries[0]["label_en"]
    sources = (((item, ""), "name-suggestion-index"), ((item, area.iri), "Wikidata"))
    if agreeing := [name for key, name in sources if key in second]:
        yield link(*ends, target, LEXICAL, "0.95", comment=f"YSO places and {' and '.join(agreeing)} agree")
    else:
        yield candidate(1, target[0], "YSO places gives it; no second source")


def _refused(reference: Reference, places: dict[str, list[Area]], rows: list[dict[str, str]]) -> Iterator[Link]:
    """Ids that a doubtful table gives to one place and a better one to another: rejected, with the reason."""
    if not reference.has(DOUBTFUL):
        return
    owner = {row["wikidata_qid"]: row["label_en"] for row in rows}
    known = {row["label_en"]: row["wikidata_qid"] for row in rows}
    for row in reference.rows(DOUBTFUL, "name", "wikidata_id"):
        name, item = row["name"], row["wikidata_id"]
        if name in known and item in owner and owner[item] != name:
            for area in places.get(name_key.fold(name), ()):
                comment = f"a public table of cities gives it; YSO places has it for {owner[item]}"
                target = (PREFIXES["wikidata"] + item, owner[item])
                yield replace(link((area.iri, area.fi), CLOSE, target, LEXICAL, "1", comment=comment), rejected=True)
