"""Prefixes and predicates of link sets."""

from __future__ import annotations

from loaders.rdf.terms import BASE, CODE, ID, SKOS, TG

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "code": CODE,
    "eu": "http://publications.europa.eu/resource/authority/",
    "fairdata": "http://uri.suomi.fi/codelist/fairdata/organization/code/",
    "funder": "https://doi.org/10.13039/",
    "isni": "https://isni.org/isni/",
    "nuts": "http://data.europa.eu/nuts/code/",
    "org": f"{ID}organisation/",
    "ror": "https://ror.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": SKOS,
    "tg": TG,
    "theme": f"{ID}theme/",
    "wikidata": "http://www.wikidata.org/entity/",
    "ytj": "https://tietopalvelu.ytj.fi/yritys/",
    "yso": "http://www.yso.fi/onto/yso/",
}
"""Every prefix a link set may use; a file carries those it needs."""

SAME_ORGANISATION = f"{TG}sameOrganisation"
IDENTIFIER = f"{PREFIXES['adms']}identifier"
AREA = f"{TG}area"
SEAT = f"{TG}municipality"
SUCCESSOR = f"{TG}succeededBy"
EXACT, CLOSE, BROAD, NARROW, RELATED = (
    f"{SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related")
)

LEXICAL = "semapv:LexicalMatching"
BY_CODE = "semapv:BackgroundKnowledgeBasedMatching"
"""A code list or table of the register itself pairs the two."""
CHAINED = "semapv:MappingChaining"
MANUAL = "semapv:ManualMappingCuration"

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
SET_BASE = f"{BASE}links/"


def used(*iris: str) -> dict[str, str]:
    """The prefixes that some IRIs need, with those every set has."""
    names = {name for name, base in PREFIXES.items() if any(iri.startswith(base) for iri in iris)}
    return {name: PREFIXES[name] for name in sorted(names | {"semapv"})}
