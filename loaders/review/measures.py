"""How a review states its counts: patterns of a number among the words of ``loaders/phrases/statements.toml``."""

from __future__ import annotations

import re

from loaders import phrases
from loaders.values.numerals import NUMERALS


def _words(concept: str) -> str:
    """The source of the words of a concept; a number may stand right behind them."""
    return phrases.pattern("statements", concept).pattern.removesuffix(r"(?![\w])")


def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


def says(concept: str, text: str) -> bool:
    """Tell whether the words of a concept stand in a text."""
    return phrases.pattern("statements", concept).search(text) is not None


_WORD = "|".join(sorted(NUMERALS, key=len, reverse=True))
_N = rf"(?P<n>\d{{1,3}}(?: \d{{3}})+|\d+|(?:{_WORD})\b)"
_ABOUT = rf"(?:(?P<approximate>{_words('about')})\s+)?"
_TO_COME = r"(?=[\s.,])"

NUMERAL = _compiled(rf"\d|\b(?:{_WORD})\b")
"""A sentence without any holds no count."""
FUNDED = _compiled(
    rf"{_words('funded')}\s*(?:{_words('so_far')}\s+){{0,2}}{_ABOUT}{_N}\s+(?:{_words('pieces')}\s+)?"
    rf"(?P<which>(?:[^\W\d_]+\s+){{0,3}}?)(?P<what>{_words('projects')})\b(?:\s*/\s*\w+)?"
)
"""``rahoitettu kahdeksan ryhmähanketta``, ``rahoitettiin13 aluehanketta``, ``käynnissä kaksi hanketta``."""
TOTAL = _compiled(rf"{_words('total')}\s+{_ABOUT}{_N}{_TO_COME}")
"""``rahoitettujen hankkeiden yhteismäärä on neljä``."""
THERE_ARE = _compiled(
    rf"(?P<which>{_words('regional')}\s+)?(?:[^\W\d_]+\s+)?{_words('there_are')}\s+"
    rf"(?:(?:{_words('now')}|\w+\s+\d{{4}})\s+){{0,3}}{_ABOUT}{_N}{_TO_COME}"
)
"""``rahoitettuja hankkeita on marraskuussa 2024 kymmenen``."""
ENTITIES = _compiled(rf"\s*\({_N}\s+{_words('entities')}\)|\s+{_N.replace('<n>', '<m>')}\s+{_words('entities')}")
"""Right after a number of projects: ``(11 hankekokonaisuutta)``, ``viidessä eri hankekokonaisuudessa``."""
LISTED = _compiled(rf"{_words('listed')}\s+\(N\s?=\s?(?P<n>\d+)\)")
APPLICATIONS = _compiled(rf"{_ABOUT}(?P<n>\d+)\s+{_words('applications')}\b")
APPLICATION_ENTITIES = _compiled(
    rf"{_words('applications')}\s+\((?P<bracketed>\d+)\s+{_words('entities')}\)|{_words('eligible')}\s+(?P<eligible>\d+)|"
    rf"{_words('arrived')}\b(?:(?!{_words('applications')})[^.])*?{_ABOUT}(?P<n>\d+)\s+{_words('entities')}"
)
CALLS = _compiled(
    rf"{_words('held')}\s+(?:{_words('so_far')}\s+)?{_N}(?:\s+{_words('separate')})?"
    rf"(?:\s+{_words('calls')}\b|(?=\s+{_words('one_open')}))"
)
CHOSEN = _compiled(
    rf"(?P<call>\b\w+\s+(?:[^\W\d_]+\s+){{0,2}}?[^\W\d_]+)\s+{_words('chosen')}\s+{_N}\s+{_words('projects')}\b"
)
"""``ensimmäisestä hankehausta valitut viisi hanketta``."""
REGIONS = _compiled(rf"\b{_N}\s+{_words('in_regions')}")
IMPLEMENTERS = _compiled(rf"\b{_N}\s+{_words('implementers')}\b")
PEOPLE = _compiled(rf"{_ABOUT}(?P<n>\d[\d ]*)\s+(?P<what>(?:{_words('which_people')}\s+)?{_words('people')})\b")
EVENTS = _compiled(
    rf"{_words('arranged')}\b[^.;]{{0,70}}?\b{_N}\s+(?P<what>(?:[^\W\d_]+\s+){{0,2}}?{_words('event_pieces')})\b"
)
SEASON = re.compile(
    r"\b(?:[Kk]esällä|[Tt]alvella|[Kk]eväällä|[Ss]yksyllä|[Vv]uonna)\s+\d{4}|\b[Vv]uoden\s+\d{4}\s+\w*hakuun"
)
AS_OF = re.compile(r"^\w+kuun\s+\d{4}\s+tilante")
IN_MONTH = re.compile(r"\bon\s+\w+kuussa\s+\d{4}\b")
