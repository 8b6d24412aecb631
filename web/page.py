"""One page or other small answer: what it is asked, and what its template calls in the page's language."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlencode

import jinja2
import pyoxigraph as ox
from markupsafe import Markup, escape

from engine.query.backends import Term
from engine.query.library import StoredQuery
from engine.store import Place
from engine.words import number, reason
from loaders.rdf.terms import BASE, DCT, ID, OWL, RDF, RDFS, SKOS, TG, local_name
from web import draw, words
from web.formats import HTML, HttpError
from web.graph import GraphReader, Value, document_of, in_order, is_literal_of, text_of
from web.site import Site, kind_of

_KNOWN = (
    *(TG, RDFS, RDF, SKOS, DCT, OWL),
    *("http://www.w3.org/ns/org#", "http://www.w3.org/ns/adms#", "http://rdfs.org/ns/void#", "https://w3id.org/sssom/"),
)
"""Vocabularies whose properties the pages' texts name."""
_WHOLE = ("integer", "int", "long", "nonNegativeInteger")
_NUMBERS = (*_WHOLE, "decimal", "double", "float")
_NAMED_VALUES = ("language", "layout", "state")
"""Properties whose values the pages' texts name."""
_URL = re.compile(r"https?://[^\s<>\"]+")
_LARGEST = 10**8


@dataclass(slots=True)
class Made:
    """A whole answer."""

    body: bytes
    media: str = HTML
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def as_json(data: object, headers: dict[str, str] | None = None) -> Made:
    """Plain data as JSON."""
    return Made(json.dumps(data, ensure_ascii=False).encode(), "application/json", 200, headers or {})


def plain(term: Term | None) -> object:
    """A term as JSON has it: numbers and truth values as such, everything else as text."""
    if term is None:
        return None
    text = text_of(term)
    if is_literal_of(term, "boolean"):
        return text == "true"
    if is_literal_of(term, *_NUMBERS):
        return int(text) if text.lstrip("-").isdecimal() else float(text)
    return text


def _in_language(function: Callable[..., str]) -> Callable[..., str]:
    """The function as a method of a page: a value is written in the page's language."""

    def written(page: Page, *arguments: object, **values: object) -> str:
        return function(*arguments, lang=page.lang, **values)

    return written


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is made of: the graph, the request's parameters, and how addresses, names and values are written."""

    graph: GraphReader
    site: Site
    folder: Path = Path()
    """The version's folder in the store: documents' lines, coverage reports."""
    address: str = ""
    """The address of the server's root, without a slash at its end."""
    media: str = HTML
    index: str = ""
    """The search index, where the page needs one."""
    services: Sequence[str] = ()
    asked_version: str = ""
    """The version of the data that the link was to, where it named one."""
    _links: dict[str, Markup] = field(default_factory=dict, init=False, compare=False)
    """The links that :meth:`link` has made: a page names the same things many times."""

    # what is asked

    @property
    def lang(self) -> str:
        """The page's language."""
        return self.site.lang

    @property
    def version(self) -> str:
        """The name of the data's version: equal for equal documents, readers and decisions; "" over an endpoint."""

        def tag() -> str:
            manifest = self.folder / "manifest.json"
            return hashlib.sha256(manifest.read_bytes()).hexdigest()[:12] if manifest.is_file() else ""

        return self.graph.once("version", tag)

    def param(self, name: str, default: str = "") -> str:
        """The first value of a parameter."""
        return next((value for key, value in self.site.parameters if key == name), default)

    def all(self, name: str) -> list[str]:
        """All values of a parameter, empty ones left out."""
        return [value for key, value in self.site.parameters if key == name and value]

    def whole(self, name: str = "page", default: int = 1) -> int:
        """A parameter that is a whole number from 1 on; HttpError 400 for another."""
        text = self.param(name) or str(default)
        if not text.isdecimal() or not 1 <= int(text[:9]) <= _LARGEST:
            raise HttpError(400, f"{name}={text!r} is not a whole number from 1 on")
        return int(text)

    # what it answers

    def html(self, template: str, status: int = 200, **context: object) -> Made:
        """A page of a template."""
        headers = {"content-language": self.lang, "cache-control": "public, max-age=0, must-revalidate"}
        return Made(self.render(template, **context), HTML, status, headers)

    def render(self, template: str, **context: object) -> bytes:
        """The text of a template."""
        always = {"p": self, "site": self.site, "path": self.site.path, "lang": self.lang, "t": self.text}
        return _environment().get_template(template).render(**always, languages=words.NAMES, **context).encode()

    def plain(self, template: str, **context: object) -> str:
        """A text that is no page (Turtle, a list for crawlers), made of a template that escapes what it must by itself."""
        return _environment().overlay(autoescape=False).get_template(template).render(at=self.address, **context)

    def records(self, path: str, items: Sequence[object], total: int, pages: int) -> Made:
        """One page of flat records with the address of the next."""
        at = self.whole()
        asked = urlencode([*((n, v) for n, v in self.site.parameters if n != "page"), ("page", str(at + 1))])
        more = {"next": f"{self.address}{path}?{asked}"} if at < pages else {}
        return as_json({"total": total, "page": at, "pages": pages, **more, "items": items})

    # texts

    text = _in_language(words.text)
    number = _in_language(number)
    money = _in_language(words.money)
    short_money = _in_language(words.short_money)
    date = _in_language(words.full_day)
    reason = _in_language(reason)

    def maybe(self, key: str, otherwise: str) -> str:
        """A text of the pages if there is one of this name."""
        return self.text(key) if words.has(key) else otherwise

    def period(self, first: str, last: str) -> str:
        """The first and the last day of something; one alone where the other is not known."""
        return "–".join(self.date(day) for day in (first, last) if day)

    def place(self, place: Place) -> Markup:
        """Document, page and lines of a passage."""
        return Markup(f"{self.label(document_of(place))}, {escape(words.place(place, self.lang))}")

    def foreign(self, text: str, lang: str) -> Markup:
        """A text that may be in another language than the page."""
        if not lang or lang == self.lang:
            return escape(text)
        return Markup(f'<span lang="{lang}">{escape(text)}</span>')

    def named(self, names: Mapping[str, str]) -> Markup:
        """One of several texts by language."""
        return self.foreign(*(words.label(names, self.lang) or ("", "")))

    def column(self, name: str) -> Markup:
        """The heading of an answer's column."""
        return self.foreign(*words.column(name, self.lang))

    def explained(self, query: StoredQuery, key: str, english: str) -> Markup:
        """What a stored query says of itself."""
        return self.foreign(*words.explanation(query.name, key, english, self.lang))

    def hint(self, english: str) -> Markup:
        """What a parameter of a stored query is for."""
        return self.foreign(*words.parameter(english, self.lang))

    # things

    def name(self, iri: str) -> str:
        """The name of a thing, without its language."""
        return self.own_name(iri)[0]

    def own_name(self, iri: str) -> tuple[str, str]:
        """The name of a thing, and its language where that is not the page's."""
        if label := words.label(self.graph.names(iri), self.lang):
            return label[0], "" if label[1] == self.lang else label[1]
        key = f"property_{local_name(iri)}"
        if iri.startswith(_KNOWN) and words.has(key):
            return self.text(key), ""
        if iri.startswith(BASE):
            return iri.removeprefix(TG).removeprefix(BASE).split("/", 1)[-1], ""
        return re.sub(r"^https?://(www\.)?", "", iri), ""

    def label(self, iri: str) -> Markup:
        """The name of a thing; a name in another language than the page says so."""
        name, lang = self.own_name(iri)
        coded = name in iri and not self.graph.names(iri) and not words.has(f"property_{local_name(iri)}")
        return Markup(f"<code>{escape(name)}</code>") if coded else self.foreign(name, lang)

    def link(self, iri: str) -> Markup:
        """A thing by its name, linked to its page; the address alone of what a query made up."""
        if iri not in self._links:
            unknown = iri.startswith(ID) and not self.graph.names(iri) and not self.graph.known(iri)
            linked = f'<a href="{escape(self.site.thing(iri))}">{self.label(iri)}</a>' if not unknown else ""
            self._links[iri] = Markup(linked or f"<code>{escape(iri)}</code>")
        return self._links[iri]

    def said(self, term: Term, prop: str = "") -> str:
        """A value as a reader reads it: a thing's name, a date, a number with its unit, a text."""
        if isinstance(term, ox.NamedNode):
            return self.name(term.value)
        text, name = text_of(term), local_name(prop)
        if name in _NAMED_VALUES and words.has(f"{name}_{text}"):
            return self.text(f"{name}_{text}")
        if is_literal_of(term, *words.DATES):
            return self.date(text)
        if is_literal_of(term, "boolean"):
            return self.text("yes" if text == "true" else "no")
        if is_literal_of(term, "decimal") and name in words.MONEY:
            return self.money(text)
        return self.number(text) if is_literal_of(term, *_NUMBERS) else text

    def value(self, term: Term, prop: str = "") -> Markup:
        """A value with its link, its machine-readable date or its language."""
        if isinstance(term, ox.NamedNode):
            return self.link(term.value)
        shown = self.said(term, prop)
        if is_literal_of(term, *words.DATES):
            return Markup(f'<time datetime="{escape(text_of(term))}">{escape(shown)}</time>')
        if is_literal_of(term, *_NUMBERS):
            return Markup(f'<span class="number">{escape(shown)}</span>')
        if is_literal_of(term, "anyURI") and _URL.fullmatch(shown):
            return Markup(f'<a href="{escape(shown)}" rel="external">{escape(shown)}</a>')
        return self.foreign(shown, (term.language or "") if isinstance(term, ox.Literal) else "")

    def cell(self, cell: Term | None, column: str, thing: str | None) -> Markup:
        """A cell of an answer: a thing by its name for the reader; a text without a language is Finnish, as documents are."""
        if cell is None:
            return Markup("")
        if thing:
            return Markup(f'<a href="{escape(self.site.thing(thing))}">{self.label(thing)}</a>')
        if is_literal_of(cell, "string"):
            text = text_of(cell)
            known = words.value(text, self.lang)
            return escape(known) if known else self.foreign(text, "fi" if " " in text else "")
        return self.value(cell, column)

    def ordered(self, values: Iterable[Value]) -> list[Value]:
        """Values of one property: texts in the reader's language first, each once; things by their names."""

        def key(value: Value) -> tuple[int, str]:
            if isinstance(value.term, ox.NamedNode):
                return 0, words.order(self.name(value.term.value))
            language = value.term.language if isinstance(value.term, ox.Literal) else None
            return words.rank(language, self.lang) if language else 0, ""

        by_text: dict[str, list[Value]] = {}
        for value in sorted(values, key=key):
            by_text.setdefault(text_of(value.term), []).append(value)
        return [Value(same[0].term, in_order(p for v in same for p in v.places)) for same in by_text.values()]

    def by_name(self, iris: Iterable[str]) -> list[str]:
        """Things in the order of their names."""
        return sorted(iris, key=lambda iri: words.order(self.name(iri)))


def compile_templates() -> None:
    """Compile the templates and load the words of every language."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)
    for lang in words.NAMES:
        words.short_money("1000000", lang)
        words.full_day("2031-12-31", lang)


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).with_name("templates"))
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["json"] = partial(json.dumps, ensure_ascii=False)
    environment.filters["name_of"] = lambda iri, page: page.name(iri)
    environment.globals |= {"kind_of": kind_of, **{name: getattr(draw, name) for name in draw.__all__}}
    return environment
