"""Which sub-themes and target groups mean one thing: documents word them in other inflections or with a few words more."""

from __future__ import annotations

import re
from collections import defaultdict

from loaders.rdf.terms import ID, LABEL, Quad, lexical, tg

_KINDS = {tg("subTheme"): f"<{ID}sub-theme/", tg("targetGroup"): f"<{ID}target-group/"}
_STEM = 5
"""Letters of a Finnish word that its inflections share: "kehitetään", "kehitettävät"."""
_LEAST = 3
_SHARED = 0.8
_SMALL = {"ja", "sekä", "tai", "että", "jotka", "joka", "myös", "heidän", "siitä"}


def near_equal(quads: list[Quad]) -> dict[str, str]:
    """Sub-theme or target group → the one that it only words otherwise, within one theme.

    The words of the shorter must stand in the longer, up to one in five, whatever their endings; shorter than three words
    nothing is joined but equal words. "Vieraskielisten tukeminen peruspalveluissa" and "… työelämässä" stay two.
    """
    names: dict[str, set[str]] = defaultdict(set)
    of_theme: dict[tuple[str, str], set[str]] = defaultdict(set)
    for s, p, o, g in quads:
        if p in _KINDS and g and o.startswith(_KINDS[p]):
            of_theme[s, p].add(o)
        elif p == LABEL and g:
            names[s].add(lexical(o))
    stems = {node: [_stems(name) for name in sorted(names[node])] for nodes in of_theme.values() for node in nodes}
    alias: dict[str, str] = {}
    for nodes in (of_theme[key] for key in sorted(of_theme)):
        ordered = sorted(nodes, key=lambda n: (len(n), n))
        for at, node in enumerate(ordered):
            for other in ordered[:at]:
                if node not in alias and any(_alike(a, b) for a in stems[node] for b in stems[other]):
                    alias[node] = alias.get(other, other)
    return alias


def _stems(name: str) -> frozenset[str]:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", name.casefold())
    return frozenset(word[:_STEM] for word in words if word not in _SMALL and len(word) > 1)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shorter = min(len(one), len(other))
    return one == other or (shorter >= _LEAST and len(one & other) >= _SHARED * shorter)
