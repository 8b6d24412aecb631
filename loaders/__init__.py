"""Loaders: documents and lists of projects to records. ``LAYOUTS`` is the one list of the document layouts known."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from loaders.document.lines import Document
    from loaders.records import Reading

LAYOUTS = ("review",)
"""Modules of this package, one layout each; of layouts that are equally sure of a document the first reads it."""

ENOUGH = 0.5
"""A known form that is less sure than this leaves a document to the readers for documents of any form."""


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
    """Choose what reads a document: the form that its source description names, else a known form that is sure of it,
    else the readers for documents of any form.
    """
    described = import_module("loaders.sources").by_hash(document.sha256)
    if described is not None and described.layout in LAYOUTS:
        return layouts()[LAYOUTS.index(described.layout)]
    readers = import_module("loaders.reading")
    if described is not None and described.layout == readers.NAME:
        return cast("Layout", readers)
    sure = [(layout.recognises(document), -index, layout) for index, layout in enumerate(layouts())]
    best, _, layout = max(sure, key=lambda one: one[:2])
    return layout if best >= ENOUGH else cast("Layout", readers)
