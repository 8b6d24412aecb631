"""Messages about shapes for people: a shape without a name is told by the named shape that holds it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, NamedNode

from shacl.terms import Term, name_of


def spoken(message: str, parents: Mapping[Term, Term]) -> str:
    """The message with every blank node that is a shape told by the nearest shape with an IRI."""

    def told(match: re.Match[str]) -> str:
        node: Term = BlankNode(match[1])
        seen = {node}
        while isinstance(node, BlankNode) and (above := parents.get(node)) is not None and above not in seen:
            node = above
            seen.add(node)
        return f"{name_of(node)} (a shape within it)" if isinstance(node, NamedNode) else match[0]

    return re.sub(r"_:(\w+)", told, message)
