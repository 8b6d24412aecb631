"""Loaders: documents and lists of projects to records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from loaders.document.lines import Document
    from loaders.records import Reading


class Layout(Protocol):
    """What reads documents: a module."""

    NAME: str

    def parse(self, document: Document) -> Reading:
        """Read the document; raises SourceError where the form is not as expected."""
        ...


def choose(document: Document) -> Layout:
    """Choose what reads a document: the form that its source description names, else a form it is recognised by, else the
    readers for documents of any form.
    """
    from loaders import reading, review, sources  # a command's help does without them
    from loaders.tables import population

    described = sources.by_hash(document.sha256)
    named = [layout for layout in (review, reading) if described is not None and described.layout == layout.NAME]
    if named:
        return named[0]
    if population.recognises(document):
        return population
    return review if review.recognises(document) else reading
