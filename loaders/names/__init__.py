"""Names of organisations and themes: repair, split, compare, and find what they stand for.

The modules: ``text`` (slugs, repair), ``parts`` (lists of names), ``keys`` (when two spellings are one name) and
``registry`` (everything already known).
"""

from loaders.names.keys import key as key
from loaders.names.keys import kind_by_form as kind_by_form
from loaders.names.keys import nominative as nominative
from loaders.names.parts import Piece as Piece
from loaders.names.parts import organisations_at_end as organisations_at_end
from loaders.names.parts import split as split
from loaders.names.registry import Match as Match
from loaders.names.registry import Registry as Registry
from loaders.names.text import repair as repair
from loaders.names.text import slug as slug
