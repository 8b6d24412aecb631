"""Names of organisations and themes: repair, split, compare, and find what they stand for.

This is the door to ``name_text`` (slugs, repair), ``name_split`` (lists of names), ``name_key`` (when two spellings are
one name) and ``registry`` (everything already known).
"""

from __future__ import annotations

from loaders.name_key import key, nominative
from loaders.name_kind import kind_by_form
from loaders.name_split import Piece, organisations_at_end, split
from loaders.name_text import repair, slug
from loaders.registry import Match, Registry

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
