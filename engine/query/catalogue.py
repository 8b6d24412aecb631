"""The catalogue of stored queries for others to read: Markdown in three languages, RDF, and the help of one query."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from engine.query.library import Parameter, StoredQuery
from engine.query.result import marked
from engine.words import text
from loaders.rdf.terms import BASE, DCT, RDF, RDFS, SCHEMA

SH = "http://www.w3.org/ns/shacl#"
QUERIES = f"{BASE}queries/"


def markdown(queries: Iterable[StoredQuery], lang: str = "en") -> str:
    """A table of all queries, then one section each with its parameters and SPARQL."""
    every = list(queries)
    title, name, answers, parameters, needs, limits = (
        text(f"query.{key}", lang) for key in ("title", "name", "answers", "parameters", "needs", "limits")
    )
    lines = [f"# {title}", "", f"| {name} | {answers} |", "| --- | --- |"]
    lines += [f"| [{q.name}](#{q.name}) | {marked(q.title(lang))} |" for q in every]
    for query in every:
        lines += [
            "",
            f"## {query.name}",
            "",
            marked(query.title(lang)) + (f" ({query.question})" if query.question else ""),
        ]
        lines += ["", marked(query.description)] if query.description and lang == "en" else []
        if query.params:
            lines += ["", f"{parameters}:", "", *(f"- {_parameter(p, lang)}" for p in query.params)]
        lines += ["", f"{limits}: {marked(query.limits)}"] if query.limits and lang == "en" else []
        lines += ["", f"{needs}: {', '.join(query.sources)}"] if query.sources else []
        lines += ["", "```sparql", _body(query), "```"]
    return "\n".join(lines) + "\n"


def _parameter(parameter: Parameter, lang: str) -> str:
    default = f"`{parameter.default}`" if parameter.default is not None else text("query.any", lang)
    allowed = f" ({' | '.join(parameter.allowed)})" if parameter.allowed else ""
    described = f": {marked(parameter.description)}" if parameter.description and lang == "en" else ""
    kind = parameter.scheme or text(f"parameter.{parameter.type}", lang)
    return f"`{parameter.name}` – {kind}{allowed}, {default}{described}"


def _body(query: StoredQuery) -> str:
    return "\n".join(line for line in query.text.splitlines() if not line.startswith("#+")).strip()


def turtle(queries: Iterable[StoredQuery], endpoint: str | None = None) -> str:
    """The catalogue in RDF: each query executable by SHACL's terms, with comments, keywords and prefixes."""
    triples = sorted({str(t): t for q in queries for t in _triples(q, endpoint)}.items())
    prefixes = {"sh": SH, "schema": SCHEMA, "rdfs": RDFS, "dct": DCT, "rdf": RDF}
    return (ox.serialize((t for _, t in triples), format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()


def _triples(query: StoredQuery, endpoint: str | None) -> Iterator[ox.Triple]:
    node = ox.NamedNode(QUERIES + query.name)
    form = {"SELECT": ("Select", "select"), "CONSTRUCT": ("Construct", "construct"), "ASK": ("Ask", "ask")}[query.form]

    def statement(predicate: str, value: ox.Literal | ox.NamedNode) -> ox.Triple:
        return ox.Triple(node, ox.NamedNode(predicate), value)

    yield statement(f"{RDF}type", ox.NamedNode(f"{SH}SPARQLExecutable"))
    yield statement(f"{RDF}type", ox.NamedNode(f"{SH}SPARQL{form[0]}Executable"))
    yield statement(f"{SH}{form[1]}", ox.Literal(_body(query)))
    for lang in ("en", "fi", "sv"):
        yield statement(f"{RDFS}comment", ox.Literal(query.title(lang), language=lang))
    for tag in query.tags:
        yield statement(f"{SCHEMA}keywords", ox.Literal(tag))
    if query.question:
        yield statement(f"{DCT}identifier", ox.Literal(query.question))
    if endpoint:
        yield statement(f"{SCHEMA}target", ox.NamedNode(endpoint))
    for prefix, namespace in re.findall(r"(?m)^PREFIX ([\w-]+): <([^>]+)>", query.text):
        yield statement(f"{SH}prefixes", ox.NamedNode(f"{QUERIES}prefixes/{prefix}"))
        yield from _declared(prefix, namespace)


def _declared(prefix: str, namespace: str) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"{QUERIES}prefixes/{prefix}")
    declaration = ox.NamedNode(f"{QUERIES}prefixes/{prefix}#declaration")
    uri = ox.NamedNode("http://www.w3.org/2001/XMLSchema#anyURI")
    yield ox.Triple(node, ox.NamedNode(f"{SH}declare"), declaration)
    yield ox.Triple(declaration, ox.NamedNode(f"{SH}prefix"), ox.Literal(prefix))
    yield ox.Triple(declaration, ox.NamedNode(f"{SH}namespace"), ox.Literal(namespace, datatype=uri))


def _parameter_help(parameter: Parameter) -> str:
    default = f"default {parameter.default}" if parameter.default is not None else "any unless given"
    allowed = f"; one of {', '.join(parameter.allowed)}" if parameter.allowed else ""
    described = f": {parameter.description}" if parameter.description else ""
    kind = parameter.scheme or parameter.type
    return f"  -p {parameter.name}=…  {kind} ({default}{allowed}){described}"


def query_help(query: StoredQuery) -> str:
    """The help of one query."""
    parts = [query.name, "", *(f"  {t}" for t in (query.summary, query.summary_fi, query.summary_sv) if t)]
    if query.description:
        parts += ["", textwrap.fill(query.description, 96, initial_indent="  ", subsequent_indent="  ")]
    if query.params:
        parts += ["", "Parameters", *map(_parameter_help, query.params)]
    if query.limits:
        parts += ["", textwrap.fill(f"Limits: {query.limits}", 96, subsequent_indent="  ")]
    if query.sources:
        parts += ["", f"Needs: {', '.join(query.sources)}"]
    about = [f"Tags: {', '.join(query.tags)}"] if query.tags else []
    about += [f"Question: {query.question}"] if query.question else []
    examples = "".join(f' -p {p.name}="…"' for p in query.params[:1])
    return "\n".join([*parts, "", *about, "", f"Example: teemagraafi query {query.name}{examples}"])
