"""One reading being written as quads: the keys its records refer to one another by, its passages, its statements, code lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache

import pyoxigraph as ox

from loaders import records as r
from loaders.data import folder
from loaders.document.lines import Document
from loaders.names import Registry, repair, slug
from loaders.rdf import terms
from loaders.rdf.terms import CODE, DEFAULT, LABEL, SKOS, TG, A, Quad, code, digest, integer, iri, literal, tg, thing

CURRENT_PROGRAMME = "2021-2027"
"""The period whose codes are meant where a document names none: national themes in this form began with it."""
_SPELLINGS = {f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{SKOS}notation", f"{TG}altNotation"}


class Codes:
    """Every concept of the code lists by scheme, notation and label (compared as slugs)."""

    def __init__(self, spellings: dict[tuple[str, str], set[str]]) -> None:
        """``spellings`` maps (scheme, slug of a notation or label) to the notations it can mean."""
        self._spellings = spellings

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Codes:
        """Read the shipped code lists once."""
        spellings: dict[tuple[str, str], set[str]] = defaultdict(set)
        path = folder("ontology") / "codes.ttl"
        for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE):
            subject = quad.subject
            if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(CODE):
                continue
            scheme, _, notation = subject.value.removeprefix(CODE).partition("/")
            if notation:
                spellings[scheme, slug(notation)].add(notation)
                if quad.predicate.value in _SPELLINGS and isinstance(quad.object, ox.Literal):
                    spellings[scheme, slug(quad.object.value)].add(notation)
        return cls(dict(spellings))

    def find(self, scheme: str, words: str | None) -> str | None:
        """The notation that ``words`` (a notation or label) mean in a scheme; None if none or more than one."""
        notations = self._spellings.get((scheme, slug(words)), set()) if words else set()
        return next(iter(notations)) if len(notations) == 1 else None

    def objective(self, period: str, notation: str | None, name: str | None) -> str | None:
        """The notation of a specific objective in the code list of its period, by any notation or by its name."""
        scheme = f"specific-objective-{period}"
        return self.find(scheme, notation) or self.find(scheme, name)


def document_iri(identifier: str) -> str:
    """The IRI of a source document."""
    return thing("document", identifier)


class Scribe:
    """Writes the quads of one reading; keeps the keys that its records refer to one another by."""

    def __init__(self, document: Document, reading: r.Reading) -> None:
        """Prepare the keys of every theme, project and call of the reading."""
        self.document, self.reading = document, reading
        self.registry, self.codes = Registry.load(), Codes.load()
        self.period = reading.programme or CURRENT_PROGRAMME
        self._passages: set[tuple[str, str]] = set()
        self.quads: list[Quad] = []
        self._projects = {p.key: self._project_key(p) for p in reading.records if isinstance(p, r.Project)}
        self._named = self._names_of_coordination()
        self._calls = self._call_keys()

    # keys

    def _project_key(self, project: r.Project) -> str:
        stated = project.project_code or project.group_code
        if stated:
            return stated.value
        return "/".join(
            filter(None, [project.theme and self.registry.theme_key(project.theme), slug(project.name.value.text)])
        )

    def _names_of_coordination(self) -> dict[str, str]:
        """Coordination projects that a theme only names: their keys, for the records that speak of them."""
        themes = [t for t in self.reading.records if isinstance(t, r.Theme)]
        return {
            stated.value: f"{self.registry.theme_key(theme.name.value.text)}/{slug(stated.value)}"
            for theme in reversed(themes)
            for stated in theme.coordinated_by
        }

    def knows_project(self, key: str) -> bool:
        """Whether the reading has a record of its own for this project."""
        return key in self._projects

    def project_key(self, key: str, theme: str | None = None) -> str:
        """Key of a project by its key in the reading; a name without a record of its own is slugged in its theme."""
        known = self._projects.get(key) or (None if theme else self._named.get(key))
        return known or "/".join(filter(None, [theme and self.registry.theme_key(theme), slug(key)]))

    def call_key(self, key: str) -> str:
        """Key of a call by its key in the reading."""
        return self._calls.get(key) or slug(key)

    def _call_keys(self) -> dict[str, str]:
        keys: dict[str, str] = {}
        for call in (c for c in self.reading.records if isinstance(c, r.Call)):
            theme = self.registry.theme_key(call.theme) if call.theme else slug(self.document.id)
            key = f"{theme}/{call.opens.value}" if call.opens else f"{theme}/{slug(call.label.value.text)}"
            # several calls of one theme may open on one day: the later ones are told apart by their names
            keys[call.key] = f"{key}/{slug(call.label.value.text)}" if key in keys.values() else key
        return keys

    def about(self, about: r.About) -> tuple[str, str]:
        """(kind, key) of what an amount, a count or a contact is about."""
        if about.kind == "theme":
            return "theme", self.registry.theme_key(about.key)
        if about.kind == "call":
            return "call", self.call_key(about.key)
        if about.kind == "document":
            return "document", self.document.id
        if about.kind in ("participation", "area"):
            return about.kind, about.key
        return "project", self.project_key(about.key)

    def money_of(self, about: r.About) -> tuple[tuple[str, str], str | None]:
        """What an amount is about, as (kind, key), and the key of the participation that it is a share of.

        Money of a participation is a share of its project's money: ``(("project", "R-01402"), "S30068")``.
        """
        if about.kind != "participation":
            return self.about(about), None
        for part in (p for p in self.reading.records if isinstance(p, r.Participation)):
            if part.project_code and part.project_code.value == about.key:
                return ("project", self.project_key(part.project)), about.key
        return ("project", about.key), about.key

    # statements

    def passage(self, origin: r.Origin) -> str:
        """The passage of an origin; its metadata are written the first time it is met."""
        kind = "contact-passage" if origin.private else "passage"
        key = f"{origin.first}-{origin.last}-{digest(origin.words)[:8]}"
        if origin.certainty != "certain":
            key += f"-{origin.certainty}"
        graph = thing(kind, self.document.id, key)
        if (kind, key) not in self._passages:
            self._passages.add((kind, key))
            where = terms.CONTACTS_GRAPH if origin.private else DEFAULT
            self._describe_passage(graph, origin, where)
        return graph

    def _describe_passage(self, graph: str, origin: r.Origin, where: str) -> None:
        rows = [
            (A, tg("Passage")),
            (tg("inDocument"), document_iri(self.document.id)),
            (tg("lineStart"), integer(origin.first)),
            (tg("lineEnd"), integer(origin.last)),
            (tg("verbatim"), literal(origin.words)),
            (tg("certainty"), code("certainty", origin.certainty)),
        ]
        if origin.page is not None:
            rows.append((tg("page"), integer(origin.page)))
        if origin.row is not None:
            rows.append((tg("row"), integer(origin.row)))
        self.quads.extend(Quad(graph, p, o, where) for p, o in rows)

    def state(self, origin: r.Origin, subject: str, *pairs: tuple[str, str | None]) -> None:
        """State (predicate, object) pairs of a subject in the passage of an origin; objects of None are left out."""
        graph = self.passage(origin)
        self.quads.extend(Quad(subject, p, o, graph) for p, o in pairs if o is not None)

    def organisation(self, origin: r.Origin, name: str) -> str:
        """Name an organisation in a passage: its type and label; returns its IRI."""
        printed = repair(name)
        key = self.registry.organisation_key(printed)
        organisation = thing("organisation", key)
        self.state(origin, organisation, (A, tg("Organisation")))
        if self.registry.organisation(printed) is None:
            kind = self.registry.type_of(printed)
            self.state(
                origin,
                organisation,
                (LABEL, literal(printed, "fi")),
                (tg("organisationType"), code("organisation-type", kind) if kind else None),
            )
        return organisation

    def whole_organisation(self, origin: r.Origin, name: str) -> str:
        """Name an organisation; of a unit (STEP-koulutus of Kirkkopalvelut) returns the organisation that it belongs to."""
        organisation = self.organisation(origin, name)
        entry = self.registry.organisations.get(self.registry.organisation_key(repair(name)))
        parents = entry.properties.get(f"{terms.ORG}unitOf", []) if entry else []
        if parents:
            self.state(origin, iri(parents[0]), (A, tg("Organisation")))
        return iri(parents[0]) if parents else organisation

    def label(self, origin: r.Origin, subject: str, text: r.Text) -> None:
        """Label a subject with a name as the layout gives it, which has repaired what line breaks did to it."""
        self.state(origin, subject, (LABEL, literal(" ".join(text.text.split()), text.lang)))

    def new_concept(self, origin: r.Origin, concept: str, kind: str, label: str, notation: str | None = None) -> None:
        """Describe a concept that the code lists do not hold, as the document prints it."""
        self.state(
            origin,
            concept,
            (A, tg(kind)),
            (A, terms.CONCEPT),
            (terms.PREF_LABEL, literal(label, "fi")),
            (f"<{SKOS}notation>", literal(notation) if notation else None),
        )

    def objective(self, stated: r.Stated[r.Objective], subject: str, period: str) -> None:
        """A specific objective of a theme or call, in the code list of its period; the printed notation is kept."""
        notation = self.codes.objective(period, stated.value.notation, stated.value.name)
        printed = stated.value.notation
        key = notation or printed or (slug(stated.value.name) if stated.value.name else None)
        if key is None:
            return
        concept = code(f"specific-objective-{period}", key)
        as_stated = literal(printed) if printed else None
        self.state(stated.origin, subject, (tg("specificObjective"), concept), (tg("objectiveAsStated"), as_stated))
        if notation is None:
            self.new_concept(stated.origin, concept, "SpecificObjective", stated.value.name or key, printed)

    def sub_theme(self, stated: r.Stated[str], theme: str) -> str:
        """A sub-theme of a theme (by its printed name); returns its IRI."""
        node = thing("sub-theme", self.registry.theme_key(theme), slug(stated.value))
        self.state(stated.origin, node, (A, tg("SubTheme")), (LABEL, literal(repair(stated.value), "fi")))
        return node

    def say(self, subject: str, name: str, stated: r.Stated[r.T] | None, term: Callable[[r.T], str]) -> None:
        """State what a record says of its subject, if it does, in the passage that says it: ``term`` makes the object."""
        if stated:
            self.state(stated.origin, subject, (tg(name), term(stated.value)))

    def say_concept(self, subject: str, name: str, stated: r.Stated[str] | None, scheme: str, kind: str) -> None:
        """State the concept of a code list that a document names; one that the list does not hold is described."""
        if stated:
            known = self.codes.find(scheme, stated.value)
            concept = code(scheme, known or slug(stated.value))
            self.state(stated.origin, subject, (tg(name), concept))
            if known is None:
                self.new_concept(stated.origin, concept, kind, stated.value)

    def say_body(self, subject: str, name: str, stated: r.Stated[str] | None) -> None:
        """State the organisation that a record names as an authority or body of its subject."""
        if stated:
            body = self.organisation(stated.origin, stated.value)
            self.state(stated.origin, subject, (tg(name), body))
