"""Loaders: documents and lists of projects to records. ``LAYOUTS`` is the one list of the document layouts known."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from loaders.document.lines import Document
    from loaders.records import Reading

LAYOUTS = (
    "review",
    "newsletter",
    "slides",
    "theme_form",
    "call",
    "theme_list",
    "ministry_page",
    "theme_page",
    "old_theme_page",
    "project_list",
    "eura_page",
)
"""Modules of this package, one layout each; of layouts that are equally sure of a document the first reads it."""

ENOUGH = 0.5
"""A layout that is less sure than this does not read a document."""


class Layout(Protocol):
    """What a layout's module offers."""

    NAME: str

    def recognises(self, document: Document) -> float:
        """How surely the document is of this layout, 0 to 1, told by its form and wording and never by its content."""
        ...

    def parse(self, document: Document) -> Reading:
        """Read the document; raises SourceError where the form is not as expected."""
        ...


@cache
def layouts() -> tuple[Layout, ...]:
    """The layouts' modules, imported when first needed: a command's help does without them."""
    return tuple(cast("Layout", import_module(f"loaders.{name}")) for name in LAYOUTS)


def choose(document: Document) -> Layout:
    """The layout of a document; raises SourceError, naming the nearest one, where none is sure enough."""
    from loaders.errors import SourceError

    sure = [(layout.recognises(document), -index, layout) for index, layout in enumerate(layouts())]
    best, _, layout = max(sure, key=lambda one: one[:2])
    if best >= ENOUGH:
        return layout
    nearest = f"the nearest is {layout.NAME!r} ({best:.2f} of 1)" if best > 0 else f"known are {', '.join(LAYOUTS)}"
    raise SourceError(document.id, f"a document of no known layout; {nearest}")
