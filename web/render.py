"""Models to HTML: the templates and what they may call."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from loaders.rdf.terms import BASE, DCT, OWL, RDF, RDFS, SKOS, TG
from web import explanations, words
from web.pictured import Pictures
from web.site import Site

_NUMBERS = {"decimal", "integer", "int", "long", "double", "float", "nonNegativeInteger"}
_KNOWN = (
    *(RDFS, RDF, SKOS, DCT, OWL),
    *("http://www.w3.org/ns/org#", "http://www.w3.org/ns/adms#", "http://rdfs.org/ns/void#", "https://w3id.org/sssom/"),
)
"""Vocabularies whose properties the pages' texts name."""
_URL = re.compile(r"https?://[^\s<>\"]+")


class Page(Pictures):
    """What one page's template calls: names, links, texts and pictures in the page's language."""

    def __init__(self, site: Site, model: Mapping[str, Any]) -> None:
        """Names come from the model's labels."""
        self.site, self.lang = site, site.lang
        self._labels: Mapping[str, Mapping[str, str]] = model.get("labels", {})
        self._passages: Mapping[str, Any] = model.get("passages", {})

    def name(self, iri: str) -> str:
        """The name of a thing, without its language."""
        if found := words.label(self._labels.get(iri), self.lang):
            return found[0]
        key = f"property_{re.split('[#/]', iri)[-1]}"
        if iri.startswith(_KNOWN) and words.has(key):
            return self.text(key)
        if iri.startswith(BASE):
            return iri.removeprefix(TG).removeprefix(BASE).split("/", 1)[-1]
        return re.sub(r"^https?://(www\.)?", "", iri)

    def named(self, names: Mapping[str, str]) -> Markup:
        """One of several texts by language."""
        found = words.label(names, self.lang)
        return self.foreign(*found) if found else Markup("")

    def column(self, name: str) -> Markup:
        """The heading of an answer's column."""
        return self.foreign(*words.column(name, self.lang))

    def label(self, iri: str) -> Markup:
        """The name of a thing; a name in another language than the page says so."""
        found = words.label(self._labels.get(iri), self.lang)
        return self.foreign(*found) if found else escape(self.name(iri))

    def foreign(self, text: str, lang: str) -> Markup:
        """A text that may be in another language than the page."""
        if not lang or lang == self.lang:
            return escape(text)
        return Markup('<span lang="{}">{}</span>').format(lang, text)

    def link(self, iri: str) -> Markup:
        """A thing by its name, linked to its page."""
        return Markup('<a href="{}">{}</a>').format(self.site.thing(iri), self.label(iri))

    def value(self, term: Mapping[str, Any]) -> Markup:
        """A value: a link, a date, a number, a text in its language."""
        if "iri" in term:
            return self.link(term["iri"])
        text, kind = term["text"], term.get("type", "")
        if kind in words.DATES:
            return Markup('<time datetime="{}">{}</time>').format(text, words.date(text, self.lang))
        if kind in _NUMBERS:
            return Markup('<span class="number">{}</span>').format(words.number(text, self.lang))
        if kind == "anyURI" and _URL.fullmatch(text):
            return Markup('<a href="{}" rel="external">{}</a>').format(text, text)
        return self.foreign(text, term.get("lang", ""))

    def date(self, text: str) -> str:
        """A date in the form of the language."""
        return words.date(text, self.lang)

    def figure(self, kind: str) -> Markup:
        """A kind of figures in a coverage report."""
        key = f"figure_{kind}"
        return escape(self.text(key)) if words.has(key) else self.foreign(kind, "en")

    def file(self, name: str) -> str:
        """What a file of shapes is about."""
        return self.text(f"shapes_{name}") if words.has(f"shapes_{name}") else name

    def explained(self, query: Any, key: str, english: str) -> Markup:
        """What a stored query says of itself or of a parameter."""
        return self.foreign(*explanations.explanation(query.name, key, english, self.lang))

    def hint(self, english: str) -> Markup:
        """What a parameter of a stored query is for."""
        return self.foreign(*explanations.parameter(english, self.lang))

    def reason(self, told: str) -> Markup:
        """Why something of a document was not taken."""
        return self.foreign(*words.reason(told, self.lang))

    def said(self, prop: str, term: Mapping[str, Any]) -> Markup:
        """A value of a property; a value that the pages have a text for is told by that."""
        key = f"{re.split('[#/]', prop)[-1]}_{term.get('text', '')}"
        return (
            escape(self.text(key)) if key.startswith(("language_", "layout_")) and words.has(key) else self.value(term)
        )

    def all_derived(self, facts: list[Mapping[str, Any]]) -> bool:
        """Whether no document states any of the facts."""
        return not any(value.get("passages") for fact in facts for value in fact["values"])

    def place(self, place: Mapping[str, Any]) -> str:
        """Page and lines of a passage."""
        return words.place(place, self.lang)

    def ordered(self, values: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Values of one property: texts in the reader's language first, things by their names."""

        def key(value: Mapping[str, Any]) -> tuple[int, str]:
            if "iri" in value:
                return 0, words.order(self.name(value["iri"]))
            return words.rank(value["lang"], self.lang) if "lang" in value else 0, ""

        return sorted(values, key=key)

    def by_name(self, things: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Things in the order of their names."""
        return sorted(things, key=lambda thing: words.order(self.name(thing["iri"])))

    def passage(self, iri: str) -> Mapping[str, Any]:
        """A passage that the model cites."""
        found: Mapping[str, Any] = self._passages[iri]
        return found

    def thing_of(self, answer: Mapping[str, Any], row: list[Any], place: int) -> str | None:
        """What a cell of an answer names: a column ``themeLabel`` is the name of what the column ``theme`` holds."""
        column = answer["columns"][place].removesuffix("Label")
        if column == answer["columns"][place] or column not in answer["columns"]:
            return None
        identified = row[answer["columns"].index(column)]
        iri = identified.get("iri") if identified else None
        return iri if isinstance(iri, str) else None


class _Absent(jinja2.StrictUndefined):
    """What a model does not have is false and equals nothing; printing it is a fault of the template."""

    def __bool__(self) -> bool:  # type: ignore[override]
        return False

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        return isinstance(other, _Absent)

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(_Absent)


@cache
def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(Path(__file__).with_name("templates"))
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=_Absent, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["json"] = partial(json.dumps, ensure_ascii=False)
    return environment


def render(template: str, site: Site, model: Mapping[str, Any], **more: object) -> bytes:
    """One page as HTML."""
    page = Page(site, model)
    html = (
        _environment()
        .get_template(template)
        .render(p=page, site=site, path=site.path, lang=site.lang, m=model, t=page.text, languages=words.NAMES, **more)
    )
    return html.encode()
