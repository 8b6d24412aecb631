"""Pages from templates: what a template may call, in the page's language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pyoxigraph as ox
from markupsafe import Markup, escape

from engine.words import reason
from loaders.rdf.terms import BASE, DCT, ID, OWL, RDF, RDFS, SKOS, TG
from web import draw, words
from web.site import Site

if TYPE_CHECKING:
    from web.source import Term
    from web.views.graph import Graph, Place, Value
    from web.views.questions import Answered
    from web.views.reference import Definition
    from web.views.things import Amount, Tie, Times

_NUMBERS = {"decimal", "integer", "int", "long", "double", "float", "nonNegativeInteger"}
_KNOWN = (
    *(RDFS, RDF, SKOS, DCT, OWL),
    *("http://www.w3.org/ns/org#", "http://www.w3.org/ns/adms#", "http://rdfs.org/ns/void#", "https://w3id.org/sssom/"),
)
"""Vocabularies whose properties the pages' texts name."""
_MONEY = frozenset(
    {"amount", "framework", "reserved", "committed", "paid", "granted", "euros", "money", "contribution"}
)
"""Properties and columns that are amounts in euros."""
_URL = re.compile(r"https?://[^\s<>\"]+")
PHASES = ("framework", "reserved", "committed", "paid")
"""Phases of money in the order it takes; a picture gives each the same colour everywhere."""


def _local(iri: str) -> str:
    return re.split("[#/]", iri)[-1]


class Page:
    """What one page's template calls: names, links, texts and pictures in the page's language."""

    def __init__(self, site: Site, graph: Graph | None) -> None:
        """Names come from the graph, where there is one."""
        self.site, self.lang, self._graph = site, site.lang, graph

    # texts

    def text(self, key: str, **values: object) -> str:
        """A text of the pages."""
        return words.text(key, self.lang, **values)

    def number(self, number: object) -> str:
        """A number in the form of the language."""
        return words.number(str(number), self.lang)

    def money(self, amount: object) -> str:
        """An amount in euros."""
        return words.money(str(amount), self.lang)

    def date(self, text: str) -> str:
        """A date in the form of the language."""
        return words.date(text, self.lang)

    def place(self, place: Place) -> str:
        """Page and lines of a passage."""
        return words.place(place, self.lang)

    def foreign(self, text: str, lang: str) -> Markup:
        """A text that may be in another language than the page."""
        if not lang or lang == self.lang:
            return escape(text)
        return Markup('<span lang="{}">{}</span>').format(lang, text)

    def named(self, names: Mapping[str, str]) -> Markup:
        """One of several texts by language."""
        found = words.label(names, self.lang)
        return self.foreign(*found) if found else Markup("")

    def column(self, name: str) -> Markup:
        """The heading of an answer's column."""
        return self.foreign(*words.column(name, self.lang))

    def explained(self, query: Any, key: str, english: str) -> Markup:
        """What a stored query says of itself."""
        return self.foreign(*words.explanation(query.name, key, english, self.lang))

    def hint(self, english: str) -> Markup:
        """What a parameter of a stored query is for."""
        return self.foreign(*words.parameter(english, self.lang))

    def reason(self, stated: str) -> str:
        """Why something of a document was not taken."""
        return reason(stated, self.lang)

    def maybe(self, key: str, otherwise: str) -> str:
        """A text of the pages if there is one of this name."""
        return self.text(key) if words.has(key) else otherwise

    # things

    def name(self, iri: str) -> str:
        """The name of a thing, without its language."""
        if self._graph and (found := self._graph.name(iri, self.lang)):
            return found
        key = f"property_{_local(iri)}"
        if iri.startswith((*_KNOWN, TG)) and words.has(key):
            return self.text(key)
        if iri.startswith(BASE):
            return iri.removeprefix(TG).removeprefix(BASE).split("/", 1)[-1]
        return re.sub(r"^https?://(www\.)?", "", iri)

    def label(self, iri: str) -> Markup:
        """The name of a thing; a name in another language than the page says so."""
        found = words.label(self._graph.names(iri), self.lang) if self._graph else None
        if found:
            return self.foreign(*found)
        shown = self.name(iri)
        return Markup("<code>{}</code>").format(shown) if shown in iri else escape(shown)

    def link(self, iri: str) -> Markup:
        """A thing by its name, linked to its page; the address alone of what a query made up."""
        if self._graph and iri.startswith(ID) and not self._graph.known(ox.NamedNode(iri)):
            return Markup("<code>{}</code>").format(iri)
        return Markup('<a href="{}">{}</a>').format(self.site.thing(iri), self.label(iri))

    def value(self, term: Term, prop: str = "") -> Markup:
        """A value: a link, a date, a number with its unit, a text in its language."""
        if isinstance(term, ox.NamedNode):
            return self.link(term.value)
        if not isinstance(term, ox.Literal):
            return escape(str(term))
        text, kind = term.value, term.datatype.value.rsplit("#", 1)[-1]
        name = _local(prop)
        if (key := f"{name}_{text}") and name in ("language", "layout") and words.has(key):
            return escape(self.text(key))
        if kind in words.DATES:
            return Markup('<time datetime="{}">{}</time>').format(text, words.date(text, self.lang))
        if kind == "boolean":
            return escape(self.text("yes" if text == "true" else "no"))
        if kind in _NUMBERS:
            shown = (
                words.money(text, self.lang) if name in _MONEY and kind == "decimal" else words.number(text, self.lang)
            )
            return Markup('<span class="number">{}</span>').format(shown)
        if kind == "anyURI" and _URL.fullmatch(text):
            return Markup('<a href="{}" rel="external">{}</a>').format(text, text)
        return self.foreign(text, term.language or "")

    def cell(self, answer: Answered, row: tuple[Term | None, ...], at: int) -> Markup:
        """A cell of an answer: a thing by its name for the reader; a text without a language is Finnish, as documents are."""
        cell = row[at]
        if cell is None:
            return Markup("")
        if thing := answer.thing_of(row, at):
            return Markup('<a href="{}">{}</a>').format(self.site.thing(thing), self.label(thing))
        if isinstance(cell, ox.Literal) and not cell.language and cell.datatype.value.endswith("#string"):
            known = words.value(cell.value, self.lang)
            return escape(known) if known else self.foreign(cell.value, "fi" if " " in cell.value else "")
        return self.value(cell, answer.columns[at])

    def ordered(self, values: Iterable[Value]) -> list[Value]:
        """Values of one property: texts in the reader's language first, things by their names."""

        def key(value: Value) -> tuple[int, str]:
            if isinstance(value.term, ox.NamedNode):
                return 0, words.order(self.name(value.term.value))
            language = value.term.language if isinstance(value.term, ox.Literal) else None
            return words.rank(language, self.lang) if language else 0, ""

        return sorted(values, key=key)

    def by_name(self, iris: Iterable[str]) -> list[str]:
        """Things in the order of their names."""
        return sorted(iris, key=lambda iri: words.order(self.name(iri)))

    # pictures

    def picture(self, name: str, *shown: object) -> Markup:
        """A picture of ``templates/pictures.html``."""
        return Markup(getattr(_environment().get_template("pictures.html").module, name)(*shown))

    def own_name(self, iri: str) -> tuple[str, str, str]:
        """A thing's name, its page, and the name's language where that is not the page's."""
        found = words.label(self._graph.names(iri), self.lang) if self._graph else None
        name, lang = found or (self.name(iri), "")
        return name, self.site.thing(iri), "" if lang == self.lang else lang

    def diagram(self, terms: Sequence[Definition]) -> Markup:
        """The classes and the properties between them."""
        named = {t.name: (words.label(t.labels, self.lang) or (t.name, ""))[0] for t in terms}
        return self.picture("diagram", named, self.text("diagram"))

    def money_bars(self, amounts: Sequence[Amount]) -> Markup | None:
        """The newest amounts of the phases as bars; None if there is nothing to compare."""
        newest: dict[str, Amount] = {}
        for one in amounts:
            newest.setdefault(one.phase.rsplit("/", 1)[-1], one)
        rows = [
            draw.Bar(self.name(last.phase), kind=p, number=last.amount, shown=words.short_money(last.amount, self.lang))
            for p in PHASES
            if (last := newest.get(p)) and last.amount
        ]
        return self.picture("bars", rows, self.text("money_chart")) if len(rows) > 1 else None

    def layered(self, answer: Answered, title: str) -> Markup | None:
        """The phases of money in an answer as bars one over the other; None for an answer without them."""
        measures = [phase for phase in PHASES if phase in answer.columns]
        if not answer.rows or len(measures) < 2:
            return None
        places = [answer.columns.index(measure) for measure in measures]
        named = next((n for n in range(len(answer.columns)) if answer.thing_of(answer.rows[0], n)), None)
        if named is None:
            return None
        rows = [
            draw.Layers(*self.own_name(answer.thing_of(row, named) or ""), [_text(row[at]) for at in places])
            for row in answer.rows
            if row[places[0]] is not None
        ]
        legend = [(measure, words.column(measure, self.lang)[0]) for measure in measures]
        return self.picture("layers", rows, legend, lambda amount: words.short_money(amount, self.lang), title)

    def network(self, iri: str, around: Sequence[Tie]) -> Markup:
        """A thing among its neighbours."""
        near = [
            draw.Neighbour(
                *self.own_name(tie.iri),
                tie=", ".join(self.name(p) for p in tie.properties),
                kind=tie.iri.removeprefix(BASE).split("/")[1],
            )
            for tie in around[: draw.MOST]
        ]
        more = self.text("and_more", n=self.number(len(around) - len(near))) if len(around) > len(near) else ""
        middle = draw.Named(*self.own_name(iri))
        return self.picture("neighbours", middle, draw.halves(near), self.text("neighbours_of", name=middle.name), more)

    def timeline(self, things: Sequence[Times], title: str) -> Markup:
        """Times of several things one under the other."""
        spans = [
            draw.Span(
                *self.own_name(one.iri),
                first=one.first,
                last=one.last,
                kind=one.kind,
                shown="–".join(self.date(t) for t in (one.first, one.last) if t),
            )
            for one in things
        ]
        return self.picture("timeline", spans, draw.years_of(spans), title)


def _text(cell: Term | None) -> str:
    return cell.value if isinstance(cell, ox.Literal) else ""


class _Absent(jinja2.StrictUndefined):
    """What a template was not given is false and equals nothing; printing it is a fault of the template."""

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
    environment.globals |= {name: getattr(draw, name) for name in ("tall", "share", "highest", "lines", "short")}
    return environment


def render(template: str, site: Site, graph: Graph | None, **context: object) -> bytes:
    """One page as HTML."""
    page = Page(site, graph)
    html = (
        _environment()
        .get_template(template)
        .render(p=page, site=site, path=site.path, lang=site.lang, t=page.text, languages=words.NAMES, **context)
    )
    return html.encode()


def plain(template: str, **context: object) -> str:
    """A text that is no page (Turtle, a list for crawlers), made of a template; it escapes what it must by itself."""
    environment = _environment().overlay(autoescape=False)
    return environment.get_template(template).render(**context)
