"""Labelled fields of a project's page: ``label: value`` in a line, or a label's cell (or line) and then its value's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from loaders import fields
from loaders.document.lines import Cell, Line
from loaders.records import Origin, PartialDate, Stated
from loaders.text import Prose

_LABELS: tuple[tuple[str, str], ...] = (
    ("group_code", r"Ryhmähank(?:e|keen)\s+(?:koodi|tunnus|numero)|Ryhmähankekoodi|Ryhmätunnus|Grupprojektets\s+kod"),
    ("code", r"(?:Hanke|Projekti)koodi|(?:Hankkeen|Projektin)\s+(?:koodi|tunnus)|Hanketunnus|Projektkod|Project\s+code|"
     r"Hakemusnumero|Hakemuksen\s+numero"),
    ("name", r"(?:Hankkeen|Projektin)(?:\s+julkinen)?\s+nimi|Projektets\s+(?:offentliga\s+)?namn|Project\s+name|"
     r"Name\s+of\s+the\s+project"),
    ("fund", r"Rahasto|Fond|Fund"),
    ("programme", r"Ohjelma(?:kausi)?|Program(?:me)?(?:period)?"),
    ("priority", r"Toimintalinja|Verksamhetslinje|Prioritet|Priority(?:\s+axis)?"),
    ("objective", r"Erityistavoite|Särskilt\s+mål|Specific\s+objective"),
    ("period", r"(?:Suunnitelman\s+mukainen\s+|Hankkeen\s+|Projektin\s+)?(?:suunniteltu\s+)?[Tt]oteut(?:us|tamis)aika|"
     r"(?:Hankkeen|Projektin)\s+kesto|Genomförandetid|Projektperiod|Projektets\s+(?:genomförande)?tid|Project\s+period"),
    ("start", r"(?:Hankkeen\s+|Projektin\s+)?(?:suunniteltu\s+)?(?:[Aa]lkamis|[Aa]loitus)päivä(?:määrä)?|"
     r"(?:Hanke|Projekti)\s+alkaa|Startdatum|Start\s+date"),
    ("end", r"(?:Hankkeen\s+|Projektin\s+)?(?:suunniteltu\s+)?(?:[Pp]äättymis|[Ll]opetus)päivä(?:määrä)?|"
     r"(?:Hanke|Projekti)\s+päättyy|Slutdatum|End\s+date"),
    ("status", r"(?:Toiminnan|Hankkeen|Projektin)\s+(?:tila|vaihe)|Projektets\s+(?:status|läge)|Project\s+status"),
    ("authority", r"Vastuuviranomainen|(?:Rahoittava|Rahoittanut|Myöntävä)\s+viranomainen|Rahoittajaviranomainen|"
     r"(?:Ansvarig|Finansierande)\s+myndighet|Funding\s+authority"),
    ("partners", r"(?:(?:Hankkeen|Projektin|Yhteishankkeen)\s+)?(?:[Oo]satoteuttaja(?:t)?|"
     r"[Mm]uut\s+(?:toteuttajat|hakijat|tuensaajat)|[Tt]uen\s+siirron\s+saajat)|(?:Projektets\s+)?[Dd]elgenomförare|"
     r"(?:Project\s+)?[Pp]artners"),
    ("role", r"(?:Tämän\s+)?[Hh]akijan\s+rooli[^:]{0,40}"),
    ("applicant", r"Hakijan\s+(?:virallinen\s+)?nimi|Hakijaorganisaatio(?:n\s+(?:virallinen\s+)?nimi)?|"
     r"Tuen\s?saaja(?:n\s+nimi)?|Organisaation\s+(?:virallinen\s+)?nimi|Osatoteuttajan\s+(?:virallinen\s+)?nimi|"
     r"(?:Projektin\s+|Hankkeen\s+)?(?:[Vv]astuuorganisaatio|[Hh]allinnoija)|Päätoteuttaja(?:n\s+nimi)?|"
     r"(?:Hankkeen\s+|Projektin\s+)?[Tt]oteuttaja(?:n\s+nimi|organisaatio)?|Sökandens\s+(?:officiella\s+)?namn|"
     r"Stödmottagare|Applicant|Beneficiary"),
    ("business_id", r"Y-tunnus|FO-nummer|Business\s+ID"),
    ("web_page", r"(?:Hankkeen|Projektin)\s+(?:www-osoite|verkkosivu\w*|kotisivu\w*)"),
    ("contact", r"(?:(?:Hankkeen|Projektin)\s+)?(?:[Yy]hteyshenkilö|[Vv]astuuhenkilö)(?:n\s+nimi)?|Projektipäällikkö|"
     r"Kontaktperson(?:ens\s+namn)?|Contact\s+person"),
    ("contact job", r"Yhteyshenkilön\s+asema\b[^:]*|Asema\s+(?:hakija)?organisaatiossa"),
    ("contact email", r"Yhteyshenkilön\s+sähköposti\w*|Sähköposti(?:osoite)?|E-post(?:adress)?|E-?mail"),
    ("contact telephone", r"Yhteyshenkilön\s+puhelin(?:numero)?"),
    ("organisation", r"Puhelinnumero|Puhelin|Telefon(?:nummer)?|Faksinumero|(?:Jakelu|Lähi)osoite|WWW-osoite|Web-osoite"),
    ("money", r"(?=(?:[^:]|:(?=\w))*(?i:rahoitus|kustannu|finansiering|funding|costs?\b))"
     r"[A-ZÅÄÖ](?:[^:]|:(?=\w)){3,90}"),
)  # fmt: skip
_FIELD = re.compile("|".join(f"(?P<f{n}>{pattern})(?=\\s*:)" for n, (_, pattern) in enumerate(_LABELS)))
_ALONE = re.compile("|".join(f"(?P<f{n}>{pattern})" for n, (name, pattern) in enumerate(_LABELS) if name != "money"))

PARTNERS = re.compile(dict(_LABELS)["partners"] + r"\s*:?")
"""The word for those who carry out a project beside the applicant, alone in its line."""


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
        if match and PARTNERS.fullmatch(text):
            continue
        if match:
            value = [line, *_rest(lines, index, line)]
            yield from _field(_name(match), match.group(), value, len(match.group()))
        elif line.cell is not None and (alone := _ALONE.fullmatch(text.rstrip(":"))):
            cell = [other for other in lines if other.cell and other.cell == _beside(line)]
            if cell:
                yield from _field(_name(alone), alone.group(), [line, *cell], len(text))


def is_label(text: str) -> bool:
    """Whether a line begins with a field's label."""
    return _FIELD.match(text.strip()) is not None


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
