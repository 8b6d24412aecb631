"""What a stored query takes and gives, as text for a person."""

from __future__ import annotations

import textwrap

from engine.query.library import Parameter, StoredQuery


def _parameter(parameter: Parameter) -> str:
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
        parts += ["", "Parameters", *map(_parameter, query.params)]
    if query.limits:
        parts += ["", textwrap.fill(f"Limits: {query.limits}", 96, subsequent_indent="  ")]
    if query.sources:
        parts += ["", f"Needs: {', '.join(query.sources)}"]
    about = [f"Tags: {', '.join(query.tags)}"] if query.tags else []
    about += [f"Question: {query.question}"] if query.question else []
    examples = "".join(f' -p {p.name}="…"' for p in query.params[:1])
    return "\n".join([*parts, "", *about, "", f"Example: teemagraafi query {query.name}{examples}"])
