"""Links to other datasets: proposed by rule, decided by persons, checked against newer references.

The sets themselves lie beside this module as ``<set>.sssom.tsv``; ``links.sets`` reads them into the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from links import sets as linksets
from loaders.rdf.terms import Quad


def quads(view: Sequence[Quad] = ()) -> Iterator[Quad]:
    """All shipped link sets as quads, with what they say of the things in ``view`` for the default graph."""
    return linksets.quads(view)
