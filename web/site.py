"""Addresses of pages, data and files, as one page writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

from engine.store import Place
from loaders.rdf.terms import BASE, CODE, ID, TG

SHAPES = f"{BASE}shapes#"
LINES = 250
"""Lines of a document on one page."""
_SAFE = "/:@!$&'()*,;=~-._"


def path_of(iri: str) -> str | None:
    """The page of a thing of ours, None for a thing of others."""
    pages = ((ID, "/doc/"), (CODE, "/doc/code/"), (TG, "/def#"), (SHAPES, "/shapes#"))
    return next((page + iri.removeprefix(base) for base, page in pages if iri.startswith(base)), None)


def iri_of(path: str) -> str:
    """The thing that a path below ``/doc/`` or ``/id/`` is the page of."""
    return CODE + path.removeprefix("code/") if path.startswith("code/") else ID + path


@lru_cache(4096)
def _written(path: str, parameters: tuple[tuple[str, object], ...]) -> str:
    """A path with parameters as an address; every page has those of the menu."""
    plain, _, fragment = path.partition("#")
    plain, _, asked = plain.partition("?")
    query = "&".join(filter(None, (asked, urlencode(parameters))))
    return f"{quote(plain, safe=_SAFE)}{'?' if query else ''}{query}{'#' + quote(fragment) if fragment else ''}"


def kind_of(iri: str) -> str:
    """The kind of a thing as its address names it (``theme``, ``project``); "" for a thing of others."""
    return iri.removeprefix(ID).partition("/")[0] if iri.startswith(ID) else ""


def line_path(place: Place) -> str:
    """The path of lines of a document: ``/doc/document/x?page=2#L1234`` or, for several lines, ``#L1234-1240``."""
    first, last = place.lineStart or 0, place.lineEnd or 0
    number = (first - 1) // LINES + 1
    page = f"?page={number}" if number > 1 else ""
    return f"/doc/document/{place.document}{page}#L{first}{f'-{last}' if last > first else ''}"


@dataclass(frozen=True, slots=True)
class Site:
    """Addresses as one page of a server writes them."""

    lang: str
    path: str
    """The page itself."""
    root: str = ""
    """What stands before every path: the folder a proxy serves us in."""
    chosen: bool = False
    """Whether the reader chose the language by name, so that links keep it."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Other parameters of the page, which its language links keep."""
    live: bool = True
    """Whether a server answers (queries with parameters, search), or this becomes a page of a static site."""

    def page(self, path: str, **parameters: object) -> str:
        """The address of a page in the language of this one."""
        return self._address(path, [*parameters.items(), *self._own])

    @property
    def _own(self) -> list[tuple[str, object]]:
        """The language as a parameter, where the reader chose it."""
        return [("lang", self.lang)] if self.chosen else []

    @property
    def _choices(self) -> list[tuple[str, str]]:
        """The parameters of the page but for its number in a list."""
        return [(name, value) for name, value in self.parameters if name != "page" and value]

    def _address(self, path: str, parameters: Sequence[tuple[str, object]]) -> str:
        return self.root + _written(path, tuple(parameters))

    def in_language(self, lang: str) -> str:
        """The address of this page in a language."""
        return self._address(self.path, [*self.parameters, ("lang", lang)])

    def thing(self, iri: str) -> str:
        """The address of a thing's page, or the thing's own address where it is not ours."""
        path = path_of(iri)
        return iri if path is None else self.page(path)

    def data(self, path: str, suffix: str) -> str:
        """The address of a page's data."""
        return f"{self.root}{quote(path, safe=_SAFE)}.{suffix}"

    def again(self, **changed: object) -> str:
        """The address of this page with some parameters changed; None or "" takes one away, and paging begins anew."""
        choices = [pair for pair in self._choices if pair[0] not in changed]
        given = [(name, value) for name, value in changed.items() if value not in (None, "")]
        return self._address(self.path, [*choices, *given, *self._own])

    def with_value(self, name: str, value: str, there: bool) -> str:
        """The address of this page with one value of a parameter added or, where it is ``there``, taken away."""
        choices = [pair for pair in self._choices if pair != (name, value)]
        return self._address(self.path, [*choices, *([] if there else [(name, value)]), *self._own])

    def table(self, suffix: str) -> str:
        """The address of this list as a file, with the same choices."""
        lang = [("lang", self.lang)] if suffix != "json" else []
        return self._address(f"{self.path}.{suffix}", [*self._choices, *lang])

    def place(self, place: Place) -> str:
        """The address of a passage: the page and the line of its document."""
        return self.page(line_path(place))

    def file(self, path: str) -> str:
        """The address of a file or of a service, which has no language."""
        return f"{self.root}{path}"
