"""The registries: every organisation and theme already known, with every spelling seen, and how a name finds its entry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, RdfFormat
from pyoxigraph import parse as parse_rdf

from loaders.data import folder
from loaders.names import keys as name_key
from loaders.names.keys import kind_by_form
from loaders.names.text import repair, slug

How = Literal["exact", "alias", "inflected", "acronym"]

_ID = "https://w3id.org/teemagraafi/id/"
_DEF = "https://w3id.org/teemagraafi/def#"
_TYPES = "https://w3id.org/teemagraafi/code/organisation-type/"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_ALT = "http://www.w3.org/2004/02/skos/core#altLabel"
_NOTATION = "http://www.w3.org/2004/02/skos/core#notation"
_WORD_OF_THEME = re.compile(
    r"(?:^|(?<=\s))valtakunnallinen teema\b:?|(?<![\s-])[\s-]*(?:valtakunnallinen\s)?-?teema\w{0,30}$", re.IGNORECASE
)
_GENITIVE_PLURAL = re.compile(r"(?<=[uyoöi])jen\b")


class Match(NamedTuple):
    """A registry entry found for a name, and how: by its label, another spelling, a case form or its acronym."""

    key: str
    how: How


@dataclass(slots=True)
class Entry:
    """One known thing: its key, names and (for an organisation) its type, acronyms and kind of body."""

    key: str
    labels: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    notations: list[str] = field(default_factory=list)
    type: str | None = None
    ministry: bool = False
    properties: dict[str, list[str]] = field(default_factory=dict)

    @property
    def names(self) -> Iterable[str]:
        """Every name: labels, then other spellings."""
        return [*self.labels.values(), *self.others]


class _Known(NamedTuple):
    key: str
    form: str | None
    how: How


class Registry:
    """Known organisations and themes. ``Registry.load()`` gives the one of this installation."""

    def __init__(self, organisations: dict[str, Entry], themes: dict[str, Entry]) -> None:
        self.organisations, self.themes = organisations, themes
        self._names: dict[str, list[_Known]] = {}
        self._notations: dict[str, str] = {}
        self._found: dict[str, Match | None] = {}
        for entry in organisations.values():
            for name in entry.names:
                self._add(entry, name)
            self._notations.update(dict.fromkeys(entry.notations, entry.key))
        self._areas = frozenset(
            name_key.fold(name.rpartition(" ")[0])
            for entry in organisations.values()
            if entry.type == "regional-council"
            for name in entry.names
        )
        self._words: dict[str, set[str]] = {}
        for entry in organisations.values():
            for name in entry.names:
                self._words.setdefault(_words(name), set()).add(entry.key)
        self._themes = {fold_theme(name): entry.key for entry in themes.values() for name in entry.names}

    @staticmethod
    @cache
    def load() -> Registry:
        """Read the registries of this installation, once."""
        ontology = folder("ontology")
        return Registry(read_entries(ontology / "organisations.ttl"), read_entries(ontology / "themes.ttl"))

    def _add(self, entry: Entry, name: str) -> None:
        base, form = name_key.parse(repair(name))
        how: How = "exact" if name in entry.labels.values() else "alias"
        known = self._names.setdefault(name_key.fold(base), [])
        if not any(k.key == entry.key and k.form == form for k in known):
            known.append(_Known(entry.key, form, how))

    def organisation(self, name: str) -> Match | None:
        """Find the organisation a name (in any case form, length or language known) stands for."""
        if name not in self._found:
            self._found[name] = self._search(repair(name))
        return self._found[name]

    def _search(self, name: str) -> Match | None:
        if match := self._by_notation(name) or self._by_name(name):
            return match
        if pair := name_key.two_languages(name):
            return self._search(pair[0])
        nominative = name_key.nominative(name_key.ely_centre(name_key.nominative(name)))
        if nominative != name and (match := self._by_notation(nominative) or self._by_name(nominative)):
            return match if match.how == "acronym" else Match(match.key, "inflected")
        return (
            self._by_words(nominative) or self._without_acronym(name) or self._without_unit(name) or self._by_stem(name)
        )

    def _by_notation(self, name: str) -> Match | None:
        key = self._notations.get(name)
        return Match(key, "acronym") if key else None

    def _by_name(self, name: str) -> Match | None:
        base, form = name_key.parse(name)
        known = [k for k in self._names.get(name_key.fold(base), ()) if k.form == form or None in (k.form, form)]
        if len({k.key for k in known}) > 1:
            known = [k for k in known if k.form == form]
        if len({k.key for k in known}) != 1:
            return None
        return Match(known[0].key, known[0].how)

    def _without_acronym(self, name: str) -> Match | None:
        """``Terveyden ja hyvinvoinnin laitos (THL)``: the rest of the name and the acronym must mean the same body."""
        for word in re.findall(r"[^\s()\[\],]+", name):
            if word not in self._notations or name == word:
                continue
            rest = re.sub(rf"[\s,(\[]*(?<!\w){re.escape(word)}(?!\w)[)\]]?,?", " ", name)
            match = self._search(" ".join(rest.split()))
            if match and match.key == self._notations[word]:
                return Match(match.key, "alias")
        return None

    def _by_words(self, name: str) -> Match | None:
        """The same words in another order: ``TIEKE … kehittämiskeskus ry``, ``… kehittämiskeskus TIEKE ry``."""
        keys = self._words.get(_words(name), set())
        return Match(next(iter(keys)), "alias") if len(keys) == 1 else None

    def _without_unit(self, name: str) -> Match | None:
        """``Hämeen ELY-keskus, yritystuet``: a unit named after a comma is part of the body before it."""
        whole, comma, unit = name.partition(", ")
        if not comma or not unit[0].islower() or unit.startswith("the "):
            return None
        match = self._search(whole)
        return Match(match.key, "alias") if match else None

    def _by_stem(self, name: str) -> Match | None:
        """Case forms of proper names (``SOS-Lapsikylän``, ``… koulutuskuntayhtymän Gradian``), by what is known only.

        Places are left alone: ``Espoon`` is the beginning of many names and the name of none.
        """
        start, _, last = name.rpartition(" ")
        for ending in ("n", "in", "lle", "lla", "llä", "lta", "ltä", "ssa", "sta", "ksen"):
            if len(last) > len(ending) + 3 and last.endswith(ending):
                stem = last.removesuffix(ending) + ("s" if ending == "ksen" else "")
                match = self._by_name(f"{start} {stem}".strip()) or self._by_name(
                    f"{name_key.nominative(start)} {stem}".strip()
                )
                if match and self.organisations[match.key].type != "municipality":
                    return Match(match.key, "inflected")
        return None

    def organisation_key(self, name: str) -> str:
        """Give the key of an organisation's IRI: of its registry entry, else a slug every spelling of the name shares."""
        match = self.organisation(name)
        return match.key if match else name_key.identifier(name_key.ely_centre(repair(name)))

    def type_of(self, name: str) -> str | None:
        """Tell the notation of the organisation's type: from the registry, else from the words of the name."""
        match = self.organisation(name)
        known = self.organisations[match.key].type if match else None
        return known or kind_by_form(repair(name), self._areas)

    def ministry(self, word: str) -> str | None:
        """Find the ministry a name, acronym or case form of either means; None for every other word."""
        match = self.organisation(word)
        return match.key if match and self.organisations[match.key].ministry else None

    def theme(self, name: str) -> str | None:
        """Find the key of a theme by any spelling of its name known, with or without the word for theme."""
        return self._themes.get(fold_theme(name))

    def theme_key(self, name: str) -> str:
        """Give the key of a theme's IRI: of its registry entry, else a slug of its name."""
        return self.theme(name) or slug(_bare_theme(name)) or slug(name)


def _words(name: str) -> str:
    base, form = name_key.parse(repair(name))
    return " ".join([*sorted(name_key.fold(word) for word in base.split()), form or ""])


def _bare_theme(name: str) -> str:
    text = _WORD_OF_THEME.sub("", repair(name).strip("\"'”’» "))
    return re.sub(r"(?:(?<!\s)\s+)?\((?:ESR\+?|EAKR|JTF|ESF\+?|ERDF)\)$", "", text).strip(" :–-")


@lru_cache(maxsize=4096)
def fold_theme(name: str) -> str:
    """Fold a theme's name to its matching key: case, dashes, blanks and the two genitive plurals do not tell themes apart."""
    return re.sub(r"[^\w+]+", "", _GENITIVE_PLURAL.sub("iden", _bare_theme(name).casefold()))


def read_entries(path: Path) -> dict[str, Entry]:
    """Read a registry file: one entry an ``id/organisation/`` or ``id/theme/`` subject, in the order of the file."""
    entries: dict[str, Entry] = {}
    with path.open("rb") as file:
        for triple in parse_rdf(file, format=RdfFormat.TURTLE):
            if isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(_ID):
                key = triple.subject.value.rpartition("/")[2]
                _take(entries.setdefault(key, Entry(key)), triple.predicate.value, triple.object)
    return entries


def _take(entry: Entry, predicate: str, value: object) -> None:
    if isinstance(value, RdfLiteral):
        if predicate == _LABEL:
            entry.labels[value.language or "fi"] = value.value
        elif predicate == _ALT:
            entry.others.append(value.value)
        elif predicate == _NOTATION:
            entry.notations.append(value.value)
        else:
            entry.properties.setdefault(predicate, []).append(value.value)
    elif isinstance(value, NamedNode):
        if predicate == _RDF_TYPE:
            entry.ministry |= value.value == _DEF + "Ministry"
        elif predicate == _DEF + "organisationType":
            entry.type = value.value.removeprefix(_TYPES)
        else:
            entry.properties.setdefault(predicate, []).append(value.value)
