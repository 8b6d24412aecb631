"""Labelled fields of a project's page: ``label: value`` in a line, or a label's cell (or line) and then its value's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from loaders import fields
from loaders.document import Cell, Line
from loaders.prose.text import Prose
from loaders.records import Origin, PartialDate, Stated

_LABELS: tuple[tuple[str, str], ...] = (
    ("code", r"(?:Hanke|Projekti)koodi|(?:Hankkeen|Projektin)\s+(?:koodi|tunnus)|Hanketunnus|Projektkod|Project\s+code"),
    ("name", r"(?:Hankkeen|Projektin)(?:\s+julkinen)?\s+nimi|Projektets\s+(?:offentliga\s+)?namn|Project\s+name|"
     r"Name\s+of\s+the\s+project"),
    ("priority", r"Toimintalinja|Verksamhetslinje|Prioritet|Priority(?:\s+axis)?"),
    ("objective", r"Erityistavoite|Särskilt\s+mål|Specific\s+objective"),
    ("period", r"(?:Suunnitelman\s+mukainen\s+|Hankkeen\s+|Projektin\s+)?[Tt]oteutusaika|Hankkeen\s+kesto|Genomförandetid"),
    ("start", r"(?:Hankkeen\s+|Projektin\s+)?(?:[Aa]lkamis|[Aa]loitus)päivä(?:määrä)?|(?:Hanke|Projekti)\s+alkaa"),
    ("end", r"(?:Hankkeen\s+|Projektin\s+)?[Pp]äättymispäivä(?:määrä)?|(?:Hanke|Projekti)\s+päättyy"),
    ("status", r"(?:Toiminnan|Hankkeen|Projektin)\s+tila|Projektets\s+status"),
    ("authority", r"Vastuuviranomainen|(?:Rahoittava|Rahoittanut|Myöntävä)\s+viranomainen|Rahoittajaviranomainen|"
     r"Ansvarig\s+myndighet"),
    ("applicant", r"Hakijan\s+(?:virallinen\s+)?nimi|Hakijaorganisaation\s+nimi|Tuensaaja(?:n\s+nimi)?|"
     r"Päätoteuttaja(?:n\s+nimi)?|"
     r"(?:Hankkeen\s+|Projektin\s+)?[Tt]oteuttaja(?:n\s+nimi|organisaatio)?|Sökandens\s+(?:officiella\s+)?namn"),
    ("business_id", r"Y-tunnus|FO-nummer|Business\s+ID"),
    ("web_page", r"(?:Hankkeen|Projektin)\s+(?:www-osoite|verkkosivu\w*|kotisivu\w*)"),
    ("contact", r"(?:Hankkeen|Projektin)\s+(?:yhteyshenkilön|vastuuhenkilön)\s+nimi|Yhteyshenkilön\s+nimi|"
     r"Kontaktpersonens\s+namn"),
    ("contact job", r"Yhteyshenkilön\s+asema\b[^:]*|Asema\s+(?:hakija)?organisaatiossa"),
    ("contact email", r"Yhteyshenkilön\s+sähköposti\w*|Sähköposti(?:osoite)?"),
    ("contact telephone", r"Yhteyshenkilön\s+puhelin(?:numero)?"),
    ("organisation", r"Puhelinnumero|Puhelin|Faksinumero|(?:Jakelu|Lähi)osoite|WWW-osoite|Web-osoite"),
    ("money", r"(?=[^:]*(?i:rahoitus|kustannu|finansiering|funding|costs?\b))[A-ZÅÄÖ][^:]{3,90}"),
)  # fmt: skip
_FIELD = re.compile("|".join(f"(?P<f{n}>{pattern})(?=\\s*:)" for n, (_, pattern) in enumerate(_LABELS)))
_ALONE = re.compile("|".join(f"(?P<f{n}>{pattern})" for n, (name, pattern) in enumerate(_LABELS) if name != "money"))

_PARTNERS = re.compile(
    r"\s*(?:Osatoteuttajat|Muut\s+toteuttajat|Tuen\s+siirron\s+saajat|Delgenomförare|Partners)\s*:?\s*$"
)
_PARTNER = re.compile(r"\s*(?P<name>\S.*?),\s*(?P<id>\d{7}-\d)\s*$")
_SECTION = re.compile(r"\s*\d{1,2}\.?\s+[A-ZÅÄÖ]")


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value: which field, the label as printed, the value, its origin and that of both together."""

    name: str
    label: str
    value: str
    origin: Origin
    whole: Origin


def matches(text: str) -> list[str]:
    """The field that a line's label names, if any."""
    match = _FIELD.match(text.strip())
    return [_name(match)] if match else []


def labelled(lines: Sequence[Line]) -> Iterator[Field]:
    """The labelled values of a page in order; fields without a value are left out."""
    for index, line in enumerate(lines):
        text = line.text.strip()
        match = _FIELD.match(text)
        if match:
            value = [line, *_rest(lines, index, line)]
            yield from _field(_name(match), match.group(), value, len(match.group()))
        elif line.cell is not None and (alone := _ALONE.fullmatch(text.rstrip(":"))):
            cell = [other for other in lines if other.cell and other.cell == _beside(line)]
            if cell:
                yield from _field(_name(alone), alone.group(), [line, *cell], len(text))


def partners(lines: Sequence[Line]) -> Iterator[tuple[Line, re.Match[str]]]:
    """The lines below the word for partners: a name and its business id each, up to the next section."""
    inside = False
    for line in lines:
        if _PARTNERS.match(line.text):
            inside = True
        elif inside and (_SECTION.match(line.text) or ":" in line.text):
            inside = False
        elif inside and (match := _PARTNER.match(line.text)):
            yield line, match


def days(given: Mapping[str, Field]) -> tuple[Stated[PartialDate] | None, Stated[PartialDate] | None]:
    """Start and end: a day behind each of two labels, else two days (or years) behind one."""
    first, last = _day(given.get("start")), _day(given.get("end"))
    whole = given.get("period")
    if first or last or whole is None:
        return first, last
    periods, dates = fields.periods(whole.value), fields.dates(whole.value)
    values = [periods[0].start, periods[0].end] if periods else [date.value for date in dates[:2]]
    stated = [Stated(value, whole.origin) if value else None for value in values]
    return (stated[0], stated[1]) if len(stated) == 2 else (stated[0] if stated else None, None)


def _day(one: Field | None) -> Stated[PartialDate] | None:
    dates = fields.dates(one.value) if one else []
    return Stated(dates[0].value, one.origin) if one and dates else None


def _field(name: str, label: str, lines: Sequence[Line], skip: int) -> Iterator[Field]:
    prose = Prose.of(lines)
    start = skip
    while start < len(prose.text) and prose.text[start] in " :\n":
        start += 1
    if start < len(prose.text):
        end = len(prose.text)
        yield Field(name, label, " ".join(prose.text[start:end].split()), prose.origin(start, end), prose.whole())


def _rest(lines: Sequence[Line], index: int, line: Line) -> Iterator[Line]:
    """The lines a value goes on with: those the file says belong to it, or the next one where the label ends its line."""
    bare = line.text.strip().endswith(":")
    for other in lines[index + 1 :]:
        if not _FIELD.match(other.text.strip()) and (other.continues or (bare and other.text.strip())):
            yield other
            bare = False
        elif other.text.strip() or not bare:
            return


def _beside(line: Line) -> Cell | None:
    """The cell to the right of a line's."""
    return replace(line.cell, column=line.cell.column + 1) if line.cell else None


def _name(match: re.Match[str]) -> str:
    return next(name for n, (name, _) in enumerate(_LABELS) if match.groupdict().get(f"f{n}") is not None)
