"""Names for what has none of its own: an amount, a participation, an identifier are called by what they are of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox

from loaders.rdf.terms import DCT, ID, RDFS, SKOS, TG
from web import words

Names = dict[str, str]

_LABELS = tuple(ox.NamedNode(iri) for iri in (f"{RDFS}label", f"{SKOS}prefLabel", f"{DCT}title"))
_ORG = "http://www.w3.org/ns/org#"
_ADMS = "http://www.w3.org/ns/adms#"


def names(store: ox.Store, node: Any) -> Names:
    """A thing's names by language: its own, else those made of its parts; none where neither is there."""
    return own(store, node) or composed(store, node)


def own(store: ox.Store, node: Any) -> Names:
    """The names a thing has, one a language."""
    found: Names = {}
    for predicate in _LABELS:
        for term in _objects(store, node, predicate.value):
            if isinstance(term, ox.Literal):
                language = term.language or ""
                found[language] = min(term.value, found.get(language, term.value))
    return found


def composed(store: ox.Store, node: Any) -> Names:
    """The names made for a thing of ours without any: its kind, which its address tells, decides of what."""
    kind = node.value.removeprefix(ID).partition("/")[0]
    make = _MAKERS.get(kind) if node.value.startswith(ID) else None
    found = {lang: make(store, node, lang) for lang in words.LANGUAGES} if make else {}
    return {lang: name for lang, name in found.items() if name}


def _objects(store: ox.Store, node: Any, predicate: str) -> list[Any]:
    found = store.quads_for_pattern(node, ox.NamedNode(predicate), None, ox.DefaultGraph())
    return sorted((quad.object for quad in found), key=str)


def _said(store: ox.Store, node: Any, predicate: str, lang: str) -> str:
    """The values of a property as a reader of a language reads them."""
    texts = []
    for term in _objects(store, node, predicate):
        if isinstance(term, ox.Literal):
            is_date = term.datatype.value.rsplit("#", 1)[-1] in words.DATES
            texts.append(words.date(term.value, lang) if is_date else term.value)
        elif found := words.label(names(store, term), lang):
            texts.append(found[0])
    return ", ".join(texts)


def _observation(store: ox.Store, node: Any, lang: str) -> str:
    what = _said(store, node, f"{TG}phase", lang) or _said(store, node, f"{TG}measure", lang)
    dated = " ".join(filter(None, [what, _said(store, node, f"{TG}referenceDate", lang)]))
    amounts = _objects(store, node, f"{TG}amount")
    dated += f", {words.number(amounts[0].value, lang)} €" if amounts and dated else ""
    about = _said(store, node, f"{TG}about", lang)
    ministry = _said(store, node, f"{TG}ministry", lang)
    return _joined(about, dated) + (f" ({ministry})" if ministry and dated else "")


def _participation(store: ox.Store, node: Any, lang: str) -> str:
    found = store.quads_for_pattern(None, ox.NamedNode(f"{TG}participation"), node, ox.DefaultGraph())
    projects = (words.label(own(store, quad.subject), lang) for quad in found)
    project = ", ".join(sorted(name[0] for name in projects if name))
    return _joined(_said(store, node, f"{TG}organisation", lang), project)


def _identifier(store: ox.Store, node: Any, lang: str) -> str:
    agency, value = (_said(store, node, p, lang) for p in (f"{_ADMS}schemaAgency", f"{SKOS}notation"))
    return f"{agency} {value}".strip()


def _conflict(store: ox.Store, node: Any, lang: str) -> str:
    what = _joined(*(_said(store, node, f"{TG}{p}", lang) for p in ("onProperty", "kind")))
    return _joined(_said(store, node, f"{TG}about", lang), what)


def _change(store: ox.Store, node: Any, lang: str) -> str:
    before, after = (_said(store, node, f"{_ORG}{p}Organization", lang) for p in ("original", "resulting"))
    date = _said(store, node, f"{DCT}date", lang)
    return _joined(date, f"{before} → {after}") if before and after else date


def _passage(store: ox.Store, node: Any, lang: str) -> str:
    place = {
        name: int(found[0].value) if (found := _objects(store, node, f"{TG}{name}")) else None
        for name in ("page", "lineStart", "lineEnd", "row")
    }
    document = _said(store, node, f"{TG}inDocument", lang)
    return f"{document}, {words.place(place, lang)}" if document else ""


def _joined(*parts: str) -> str:
    return ": ".join(filter(None, parts))


_MAKERS: dict[str, Callable[[ox.Store, Any, str], str]] = {
    "observation": _observation,
    "participation": _participation,
    "identifier": _identifier,
    "conflict": _conflict,
    "change": _change,
    "passage": _passage,
}
"""Kind of thing, as addresses name it → what makes its name."""
