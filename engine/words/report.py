"""The words of a report in Finnish, Swedish and English."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words; placeholders in braces are filled by ``str.format``."""

    language: str
    title: str
    conflicts_title: str
    severities: dict[str, str]
    nothing: str
    no_conflicts: str
    no_document: str
    line: str
    lines: str
    page: str
    value: str
    shape: str
    place: str
    words_at: str
    kind: str
    found: str
    number: str
    summary: str
    known: str
    contents: str
    kinds: str
    contact: str
    unnamed: str
    named: str
    chosen: str
    checked: str
    conflicts_summary: str
    decimal_mark: str
    thousands: str
    day_first: bool


_WORDS = {
    "fi": Words(
        language="fi",
        title="Tarkistusraportti",
        conflicts_title="Ristiriidat asiakirjojen välillä",
        severities={"Violation": "virhe", "Warning": "varoitus", "Info": "huomautus"},
        nothing="Ei huomautettavaa.",
        no_conflicts="Ei ristiriitoja.",
        no_document="Ei missään asiakirjassa",
        line="rivi {first}",
        lines="rivit {first}–{last}",
        page="s. {page}",
        value="arvo",
        shape="sääntö",
        place="paikka",
        words_at="sanat",
        kind="laji",
        number="Kohtia: {count}",
        found="havainto",
        summary="Virheitä {Violation}, varoituksia {Warning}, huomautuksia {Info}; yhteensä {total}",
        known="aiemmin tunnettuja jätetty pois {count}",
        contents="Asiakirjat",
        kinds="Ristiriitojen lajit",
        contact="yhteyshenkilö",
        named="nimi",
        unnamed="Tieto puuttuu tai on väärin",
        chosen="valittu",
        checked="Tarkistettu, ei huomautettavaa",
        conflicts_summary="Ristiriitoja {total}",
        decimal_mark=",",
        thousands="\u00a0",
        day_first=True,
    ),
    "sv": Words(
        language="sv",
        title="Granskningsrapport",
        conflicts_title="Motsägelser mellan dokumenten",
        severities={"Violation": "fel", "Warning": "varning", "Info": "anmärkning"},
        nothing="Inget att anmärka.",
        no_conflicts="Inga motsägelser.",
        no_document="Inte i något dokument",
        line="rad {first}",
        lines="raderna {first}–{last}",
        page="s. {page}",
        value="värde",
        shape="regel",
        place="plats",
        words_at="ord",
        kind="typ",
        number="Poster: {count}",
        found="iakttagelse",
        summary="Fel: {Violation}, varningar: {Warning}, anmärkningar: {Info}; totalt {total}",
        known="tidigare kända utelämnade: {count}",
        contents="Dokument",
        kinds="Typer av motsägelser",
        contact="kontaktperson",
        named="namn",
        unnamed="Uppgiften saknas eller är fel",
        chosen="valt",
        checked="Granskat utan anmärkning",
        conflicts_summary="Motsägelser: {total}",
        decimal_mark=",",
        thousands="\u00a0",
        day_first=True,
    ),
    "en": Words(
        language="en",
        title="Validation report",
        conflicts_title="Conflicts between the documents",
        severities={"Violation": "violation", "Warning": "warning", "Info": "note"},
        nothing="Nothing to report.",
        no_conflicts="No conflicts.",
        no_document="In no document",
        line="line {first}",
        lines="lines {first}–{last}",
        page="p. {page}",
        value="value",
        shape="rule",
        place="place",
        words_at="words",
        kind="kind",
        number="Entries: {count}",
        found="finding",
        summary="Violations: {Violation}, warnings: {Warning}, notes: {Info}; {total} in all",
        known="known before and left out: {count}",
        contents="Documents",
        kinds="Kinds of conflict",
        contact="contact person",
        named="name",
        unnamed="The value is missing or wrong",
        chosen="chosen",
        checked="Checked, nothing to report",
        conflicts_summary="Conflicts: {total}",
        decimal_mark=".",
        thousands=",",
        day_first=False,
    ),
}


@lru_cache(maxsize=8)
def words(language: str) -> Words:
    """The words of a language; KeyError for any but fi, sv and en."""
    return _WORDS[language]
