"""The pages of a static site: every page of the server in three languages, and each thing's data beside it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from loaders.errors import QueryError, QueryUsageError
from loaders.rdf.terms import BASE, CODE, ID, RDF, SKOS, TG
from web import catalogue, editor, formats, pages, questions, reference, turtle, words
from web.models import documents, links, lists, queries, start, things, vocabulary
from web.render import render
from web.site import StaticSite, path_of, with_page
from web.sitefiles import Folder

KINDS = {
    "theme": "Theme",
    "project": "Project",
    "organisation": "Organisation",
    "call": "Call",
    "participation": "Participation",
    "sub-theme": "SubTheme",
    "target-group": "TargetGroup",
}
"""Kinds whose things have the common page."""
_MOST = 50_000
"""Things of one kind beyond which their pages are left out: the data have them, a server shows them."""
_LONGEST = 240
"""Bytes of the longest name of a file, its suffix aside."""
_SUFFIXES = {"ttl": formats.TURTLE, "jsonld": formats.JSONLD, "nt": formats.NTRIPLES}

Progress = Callable[[str], None]
Model = dict[str, Any]


def _is_a_file_name(iri: str) -> bool:
    """Whether file systems can hold a thing's page: their names end at 255 bytes."""
    return all(len(part.encode()) <= _LONGEST for part in iri.removeprefix(BASE).split("/"))


class Pages:
    """Writes every page of a graph into a folder."""

    def __init__(
        self,
        store: ox.Store,
        coverage: Path,
        folder: Folder,
        summary: Model,
        public: str,
        progress: Progress,
        tables: Sequence[str] = (),
    ) -> None:
        """Find out first which things will have a page, so that no link leads nowhere."""
        self.store, self.folder, self.summary, self.public, self.progress = store, folder, summary, public, progress
        self.coverage, self.tables = str(coverage), tables
        self.count = 0
        self.things = {kind: self._instances(TG + name) for kind, name in KINDS.items()}
        self.things["document"] = self._instances(f"{TG}SourceDocument")
        self.things["passage"] = self._instances(f"{TG}Passage")
        self.things["conflict"] = self._instances(f"{TG}Conflict")
        concepts = [*self._instances(f"{SKOS}Concept"), *self._instances(f"{SKOS}ConceptScheme")]
        self.things["code"] = [iri for iri in concepts if iri.startswith(CODE)]
        fixed = {
            "/",
            "/queries",
            "/editor",
            "/def",
            "/shapes",
            "/links",
            "/data",
            "/search",
            *(f"/doc/{kind}" for kind in lists.KINDS),
        }
        fixed |= {f"/queries/{name}" for name in catalogue.queries()}
        self.paths = frozenset(fixed | {p for iris in self.things.values() for iri in iris if (p := path_of(iri))})

    def _instances(self, cls: str) -> list[str]:
        found = self.store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(cls), ox.DefaultGraph())
        subjects = {quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)}
        iris = sorted(iri for iri in subjects if iri.startswith(BASE) and _is_a_file_name(iri))
        if len(iris) <= _MOST:
            return iris
        self.progress(
            f"{len(iris)} {cls.rsplit('#', 1)[-1]}: more than {_MOST}, their pages are left out; the data hold them"
        )
        return []

    def write(self) -> None:
        """Every page."""
        self._start()
        for kind in lists.KINDS:
            self._list(kind)
        for kind, iris in self.things.items():
            self.progress(f"{kind}: {len(iris)}")
            for iri in iris:
                self._thing(kind, iri)
        self._questions()
        self._reference()

    def _put(self, template: str, path: str, model: Model, number: int = 1, more: Model | None = None) -> None:
        for lang in words.LANGUAGES:
            self._put_in(lang, template, path, model, number, more)

    def _put_in(
        self, lang: str, template: str, path: str, model: Model, number: int = 1, more: Model | None = None
    ) -> None:
        place = with_page(StaticSite(lang, path, published=self.paths), number)
        self.folder.write(place.own_file(), render(template, place, model, **(more or {})))
        self.count += 1

    def _start(self) -> None:
        known = [catalogue.queries()[name] for name in pages.EXAMPLES if name in catalogue.queries()]
        answered = [(query, self._answer(query.name, pages.SHOWN)) for query in known]
        examples = [(query, answer) for query, answer in answered if answer and answer["rows"]]
        self._put("start.html", "/", {"counts": start.counts(self.store), "labels": {}}, more={"examples": examples})

    def _answer(self, name: str, most: int) -> Model | None:
        try:
            return queries.answer(self.store, name, {}, most)
        except (QueryError, QueryUsageError) as error:
            self.progress(f"{name}: {error.message}")
            return None

    def _list(self, kind: str) -> None:
        for lang in words.LANGUAGES:
            number = total = 1
            while number <= total:
                model = lists.page(self.store, kind, number, lang)
                total = model["pages"]
                self._put_in(lang, "list.html", f"/doc/{kind}", model, number)
                number += 1

    def _thing(self, kind: str, iri: str) -> None:
        path = path_of(iri)
        assert path is not None, "things of ours have pages"
        if kind == "document":
            number = total = 1
            while number <= total:
                model = documents.document(self.store, iri, number, self.coverage)
                total = model["pages"]
                self._put("document.html", path, model, number)
                number += 1
        elif kind == "passage":
            self._put("passage.html", path, documents.passage(self.store, iri))
        elif kind == "conflict":
            self._put("conflict.html", path, things.conflict_page(self.store, iri))
        else:
            model = things.thing(self.store, iri)
            self._put("thing.html", path, model, more=pages.thing_parts(model))
        self._beside(path, iri)

    def _beside(self, path: str, iri: str) -> None:
        query = (pages.PASSAGE if iri.startswith(f"{ID}passage/") else pages.THING).format(iri=iri)
        found = self.store.query(query)
        assert isinstance(found, ox.QueryTriples), "a CONSTRUCT query answers with triples"
        triples = list(found)
        for suffix, media in _SUFFIXES.items():
            self.folder.write(f"{path}.{suffix}", turtle.write(triples, media))

    def _questions(self) -> None:
        self.progress(f"questions: {len(catalogue.queries())}")
        self._put("queries.html", "/queries", {"labels": {}}, more={"topics": catalogue.by_topic()})
        for name, query in catalogue.queries().items():
            answer = self._answer(name, questions.SHOWN)
            # a workbook holds the time it was made: only what is the same every time is published
            files = [form for form in catalogue.forms(query) if form not in ("svg", "xlsx")] if answer else []
            more = {**questions.question_parts(query, answer, {}), "files": files}
            for form in files:
                self._file(f"/api/{name}.{form}", name, form)
            if more["drawn"]:
                pictures = [self._file(f"/api/{name}.{lang}.svg", name, "svg", lang) for lang in words.LANGUAGES]
                more["drawn"] = all(pictures)
            self._put("query.html", f"/queries/{name}", {"labels": {}}, more={"options": {}, "wrong": None, **more})

    def _file(self, path: str, name: str, form: str, lang: str = "en") -> bool:
        """An answer as a file; not every answer makes a picture."""
        out = io.BytesIO()
        try:
            queries.write(self.store, name, {}, form, out, lang)
        except QueryUsageError as error:
            self.progress(f"{name}.{form}: {error.message}")
            return False
        self.folder.write(path, out.getvalue())
        return True

    def _reference(self) -> None:
        terms = vocabulary.terms(self.store)
        self._put("def.html", "/def", terms)
        self._put("shapes.html", "/shapes", vocabulary.shapes(self.store))
        self._put("links.html", "/links", links.overview(self.store))
        self._put("search.html", "/search", {"labels": {}}, more={"q": ""})
        for lang in words.LANGUAGES:
            place = StaticSite(lang, "/data", published=self.paths)
            listed = [*reference.DUMPS.items(), *((name, f"dump_{name.partition('/')[0]}") for name in self.tables)]
            dumps = [(name, text, place.file(f"/data/{name}")) for name, text in listed]
            told = reference.about(self.public, self.summary, lang)
            body = render("data.html", place, {"labels": {}, **self.summary}, **told, dumps=dumps)
            self.folder.write(place.own_file(), body)
            self._editor(lang, terms)
            self.count += 2

    def _editor(self, lang: str, terms: Model) -> None:
        place = StaticSite(lang, "/editor", published=self.paths)
        setup = {
            **editor.setup_data(place, terms),
            "endpoint": place.file("/sparql"),
            "dump": place.file("/data/everything.nq"),
            "pages": place.file("/doc") + "/",
            "suffix": "/index.html" if lang == "fi" else f"/index.{lang}.html",
        }
        name = f"setup.{lang}.json"
        self.folder.write(f"/editor/{name}", json.dumps(setup, ensure_ascii=False).encode())
        listed = list(catalogue.queries().values())
        body = render(
            "editor.html", place, {"labels": {}}, asked="", queries=listed, setup_file=place.file(f"/editor/{name}")
        )
        self.folder.write(place.own_file(), body)

    def missing(self) -> bytes:
        """The page for addresses that are not there; it may be shown at any depth, so it names the site where that is known."""
        place = StaticSite("fi", "/", published=self.paths)
        return render("error.html", place, {"key": "error_404", "message": "", "labels": {}}, base=self.public)
