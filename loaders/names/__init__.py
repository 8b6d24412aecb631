"""Names of organisations and themes: repair, split, compare, and find what they stand for.

The modules: ``text`` (slugs, repair), ``parts`` (lists of names), ``keys`` (when two spellings are one name) and
``registry`` (everything already known).
"""

from __future__ import annotations

from loaders.names.keys import key, kind_by_form, nominative
from loaders.names.parts import Piece, organisations_at_end, split
from loaders.names.registry import Match, Registry
from loaders.names.text import repair, slug

__all__ = [
    "Match",
    "Piece",
    "Registry",
    "key",
    "kind_by_form",
    "nominative",
    "organisations_at_end",
    "repair",
    "slug",
    "split",
]
