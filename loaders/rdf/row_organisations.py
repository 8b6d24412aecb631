"""The organisations that rows of lists name: Finnish ones by the registry, those of other states within their state."""

from functools import lru_cache
from typing import NamedTuple

from loaders.names.registry import Registry
from loaders.names.text import repair, slug
from loaders.rdf.terms import DCT, LABEL, A, code, digest, literal, tg, thing
from loaders.tables.entry import Entry
from loaders.tables.states import authority_key

Triple = tuple[str, str, str]


class Named(NamedTuple):
    """An organisation as one row names it."""

    iri: str
    name: str
    lang: str
    known: bool = False
    """Whether the registries hold it, names and all."""
    type: str | None = None
    business_id: str | None = None
    identifier: str | None = None
    implements: bool = True

    def triples(self) -> list[Triple]:
        """What a list says of an organisation itself, once for all its rows."""
        triples = [(self.iri, A, tg("Organisation"))]
        if self.implements:
            triples.append((self.iri, A, tg("Implementer")))
        if not self.known and self.type:
            triples.append((self.iri, tg("organisationType"), code("organisation-type", self.type)))
        if self.business_id:
            triples.append((self.iri, tg("businessId"), literal(self.business_id)))
        if self.identifier:
            triples.append((self.iri, f"<{DCT}identifier>", literal(self.identifier)))
        return triples

    def label(self) -> Triple | None:
        """Its name, where the registries have none."""
        return None if self.known else (self.iri, LABEL, literal(self.name, self.lang))


def finnish(name: str) -> tuple[str, bool, str | None]:
    """Key of a Finnish organisation, whether the registry holds it, and its type."""
    registry, printed = Registry.load(), repair(name)
    match = registry.organisation(printed)
    key = match.key if match else registry.organisation_key(printed)
    return key, match is not None, registry.type_of(printed)


def foreign_key(country: str | None, name: str, identifier: str | None) -> str:
    """Key of an organisation of another state: never one of Finland's; with its identifier where the list gives one."""
    key = f"{(country or 'eu').lower()}-{slug(name)[:80].strip('-')}"
    return f"{key}-{digest(identifier)[:6]}" if identifier else key


def implementer(entry: Entry, country: str | None, language: str) -> Named | None:
    """The organisation a row names as its implementer."""
    values = entry.values
    name = values.get("beneficiary")
    if not name:
        return None
    return _implementer(
        name, values.get("country") or country, language, values.get("beneficiary_id"), values.get("business_id")
    )


@lru_cache(maxsize=8192)
def _implementer(
    name: str, country: str | None, language: str, identifier: str | None, business_id: str | None
) -> Named:
    if country != "FI":
        return Named(
            thing("organisation", foreign_key(country, name, identifier)), name, language, identifier=identifier
        )
    key, known, kind = finnish(name)
    return Named(thing("organisation", key), name, "fi", known, kind, business_id)


def authority(entry: Entry, country: str | None, language: str) -> Named | None:
    """The authority a row names."""
    name = entry.values.get("authority")
    return _authority(name, entry.values.get("country") or country, language) if name else None


@lru_cache(maxsize=4096)
def _authority(name: str, country: str | None, language: str) -> Named:
    if country != "FI":
        return Named(thing("organisation", foreign_key(country, name, None)), name, language, implements=False)
    key = authority_key(name)
    known = key in Registry.load().organisations
    return Named(thing("organisation", key), name, "fi", known, implements=False)
