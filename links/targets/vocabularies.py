"""What our codes are in the EU authority tables, and which entries of vocabularies themes are about."""

import re
from collections.abc import Iterator

from links.reference import Reference
from links.rule import Candidate, Found, MatchInput, Proposal, Unlinked, alike, code, link, proposal
from links.sssom import BY_CODE, EXACT, NARROW, PREFIXES, RELATED, TABLES
from loaders.names import Registry

SEVERAL_PERIODS = {"ESR", "EAKR"}
"""Funds that we name alike in every period: an entry of one period is narrower."""
_PERIOD = re.compile(r"\((\d{4})/(\d{4})\)$")


def propose_authorities(given: MatchInput) -> Iterator[Proposal]:
    """Propose what our funds, country, languages and currency are in the EU Publications Office's authority tables.

    A fund of several periods is broader than each of its periods there.
    """
    columns = ("uri", "code", "label_fi", "label_en", "list_version")
    tables = {
        name: given.reference.rows(name, *columns)
        for name in ("eu_programme.csv", *(value[0] for value in TABLES.authorities))
    }
    version = max(row["list_version"] for rows in tables.values() for row in rows)
    yield proposal("eu-authorities", _authorities(tables), version=version)


def _authorities(tables: dict[str, list[dict[str, str]]]) -> Iterator[Found]:
    for notation, english in TABLES.funds:
        fund = code("fund", notation), notation
        entries = [row for row in tables["eu_programme.csv"] if _is_fund(row["label_en"], english)]
        predicate = EXACT if len(entries) == 1 and notation not in SEVERAL_PERIODS else NARROW
        for row in entries:
            other = [("period", _period(row["label_en"]))]
            yield link(fund, predicate, (row["uri"], row["label_en"]), BY_CODE, match=english, other=other)
        if not entries:
            yield Unlinked(*fund, "an entry of this fund in eu_programme.csv")
    for table, scheme, notation, code_in_table in TABLES.authorities:
        for row in tables[table]:
            if row["code"] == code_in_table:
                ends = (code(scheme, notation), row["label_fi"]), EXACT, (row["uri"], row["label_en"])
                yield link(*ends, BY_CODE, match=code_in_table)


def _is_fund(label: str, english: str) -> bool:
    """``European Social Fund Plus (ESF+) (2021/2027)`` is ESF+ and not ESF."""
    without_period = _PERIOD.sub("", label).strip()
    return without_period == english or without_period.endswith(f"({english})")


def _period(label: str) -> str:
    match = _PERIOD.search(label)
    return f"{match[1]}-{match[2]}" if match else ""


ANSWER, TOPIC_TABLE = "finto.json", "avoindata_topics.tsv"
"""Optional: answers of Finto's search of YSO (``uri``, ``prefLabel``), and the topics of avoindata.fi (``topic_uri``,
``label_fi``)."""


def propose_subjects(given: MatchInput) -> Iterator[Proposal]:
    """Propose EU data themes, YSO concepts and topics of avoindata.fi for themes: what a table offers, decided by a person.

    A theme is a programme of its own, so no concept is the same thing: all that holds is relatedness, and only a person says
    it. The entries most like a theme's name are proposed; the data themes are a person's choice.
    """
    reference = given.reference
    chosen = "a person's choice among the thirteen data themes"
    yield proposal("themes", _of_themes([], chosen))
    concepts = _of_themes(_concepts(reference), _missing_table(ANSWER, "uri", "prefLabel"))
    yield proposal("theme-concepts", concepts, version=_version(reference, ANSWER))
    columns = ("topic_uri", "label_fi")
    rows = reference.rows(TOPIC_TABLE, *columns) if reference.has(TOPIC_TABLE) else []
    entries = [(row["topic_uri"], row["label_fi"]) for row in rows]
    topics = _of_themes(entries, _missing_table(TOPIC_TABLE, *columns))
    yield proposal("theme-topics", topics, version=_version(reference, TOPIC_TABLE))


def _missing_table(table: str, *columns: str) -> str:
    return f"a table {table} ({', '.join(columns)}) among the reference tables, then a person's decision"


def _concepts(reference: Reference) -> list[tuple[str, str]]:
    """(IRI, Finnish name) of the concepts that Finto's answers list."""
    records = reference.records(ANSWER, "results") if reference.has(ANSWER) else ()
    labels = {str(row["uri"]): str(row["prefLabel"]) for row in records if row.get("uri") and row.get("prefLabel")}
    return list(labels.items())


def _version(reference: Reference, table: str) -> str:
    return "as given" if reference.has(table) else "no table at hand"


def _of_themes(entries: list[tuple[str, str]], missing: str) -> Iterator[Found]:
    for theme in Registry.load().themes.values():
        iri, label = f"{PREFIXES['theme']}{theme.key}", theme.labels.get("fi", theme.key)
        likely = alike(label, entries)
        for rank, (score, (entry, called)) in enumerate(likely, 1):
            yield Candidate(iri, label, rank, RELATED, entry, called, score, f"names alike {score:.2f}")
        if not likely:
            yield Unlinked(iri, label, missing)
