"""Who is responsible for a theme by its running text: the intermediate body, the ministries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.names.bodies import authorities, ministries
from loaders.records import MinistryRole, Stated
from loaders.text import Prose

_BODY = re.compile(
    r"välittäv\w+\s+toimieli\w+|rahoitta(?:va|ja)\w*\s*viranomai\w+|förmedlande\s+organ|intermediate\s+body|"
    r"funding\s+authority|finansierande\s+myndighet",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"(?:ohjaava|vastuullise|vastuu|vastaava)\w*\s*ministeriö(?:nä|inä)\s+(?:toimi\w+|on|ovat)|"
    r"(?:ohjaavat?|vastuullinen|vastaava)\s+ministeriöt?\s*(?::|\son\b|\sovat\b)\s*|"
    r"vastuuministeriö(?:nä|inä|t)?(?::|\s)\s*(?:(?:toimi\w+|on|ovat)\s+)?(?=\S)|(?:teemasta|kokonaisuudesta)\s+vastaa(?:vat)?\s+|"
    r"(?<!\w)ministeriönä\s+toimii|"
    r"(?:responsible|lead)\s+ministr(?:y\s+is|ies\s+are)|(?:steered|guided|led)\s+by|"
    r"ansvarig(?:t|a)\s+ministeri(?:um|er)\s+är|(?:styrs|leds)\s+av",
    re.IGNORECASE,
)
_PAYS = re.compile(
    r"rahoituksella|hallinnonal\w+|rahoitta(?:a|vat|jina)\b|financed\s+by|finansieras\s+av|valtakunnallinen\s+(?:ESR|EAKR|JTF)",
    re.IGNORECASE,
)
_CHOOSES = re.compile(r"on\s+valinnut\b", re.IGNORECASE)


def intermediate_bodies(prose: Prose) -> Iterator[Stated[str]]:
    """The authority of each sentence about the intermediate body."""
    for start, end in prose.sentences():
        if _BODY.search(prose.text, start, end):
            for body in authorities(prose.text, start, end):
                yield prose.stated(body.name, body.start, body.end)


def responsible(prose: Prose) -> Iterator[Stated[MinistryRole]]:
    """Ministries that a sentence names as responsible, as paying, or as the one that chose the intermediate body."""
    for start, end in prose.sentences():
        lead = _LEAD.search(prose.text, start, end)
        chooses = _CHOOSES.search(prose.text, start, end) and _BODY.search(prose.text, start, end)
        pays = _PAYS.search(prose.text, start, end)
        if not (lead or chooses or pays):
            continue
        low, high = (lead.end(), end) if lead else (start, pays.start() if pays else end)
        found = ministries(prose.text, low, high)
        if pays and not found:
            found = ministries(prose.text, pays.end(), end)
        for body in found[:1] if chooses else found:
            role = MinistryRole(body.name, lead=bool(lead) and len(found) == 1)
            span = (lead.start(), body.end) if lead else (body.start, body.end)
            yield prose.stated(role, *span)
