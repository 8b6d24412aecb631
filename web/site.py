"""Where things are found: addresses of pages, data and assets, on a server and on a static site."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from loaders.rdf.terms import BASE, CODE, ID, TG

SHAPES = f"{BASE}shapes#"
_SAFE = "/:@!$&'()*,;=~-._"


def path_of(iri: str) -> str | None:
    """The page of a thing of ours, None for a thing of others."""
    for base, folder in ((ID, "/doc/"), (CODE, "/doc/code/")):
        if iri.startswith(base):
            return folder + iri.removeprefix(base)
    for base, page in ((TG, "/def"), (SHAPES, "/shapes")):
        if iri.startswith(base):
            return f"{page}#{iri.removeprefix(base)}"
    return None


def iri_of(path: str) -> str:
    """The thing that a path below ``/doc/`` or ``/id/`` is the page of."""
    return CODE + path.removeprefix("code/") if path.startswith("code/") else ID + path


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
    """Whether a server answers: queries with parameters, search."""

    def page(self, path: str, **parameters: object) -> str:
        """The address of a page in the language of this one."""
        given = {**parameters, **({"lang": self.lang} if self.chosen else {})}
        return self._address(path, given)

    def _address(self, path: str, parameters: dict[str, object]) -> str:
        plain, _, fragment = path.partition("#")
        query = f"?{urlencode(parameters)}" if parameters else ""
        return f"{self.root}{quote(plain, safe=_SAFE)}{query}{'#' + quote(fragment) if fragment else ''}"

    def in_language(self, lang: str) -> str:
        """The address of this page in a language."""
        return self._address(self.path, {**dict(self.parameters), "lang": lang})

    def thing(self, iri: str) -> str:
        """The address of a thing's page, or the thing's own address where it is not ours."""
        path = path_of(iri)
        return iri if path is None else self.page(path)

    def data(self, path: str, suffix: str) -> str:
        """The address of a page's data."""
        return f"{self.root}{quote(path, safe=_SAFE)}.{suffix}"

    def file(self, path: str) -> str:
        """The address of a file or of a service, which has no language."""
        return f"{self.root}{path}"


@dataclass(frozen=True, slots=True)
class StaticSite(Site):
    """Addresses relative to one page of a static site, which may lie in any folder of any host."""

    live: bool = False
    published: frozenset[str] = frozenset()
    """Pages that the site has; others are linked by their permanent address."""

    def thing(self, iri: str) -> str:
        """The address of a thing's page if the site has it, else the thing's own address."""
        path = path_of(iri)
        return self.page(path) if path and path.partition("#")[0] in self.published else iri

    def own_file(self) -> str:
        """The file of the page itself."""
        return file_of(self.path, self.lang, self._number)

    @property
    def _number(self) -> int:
        return int(dict(self.parameters).get("page", 1))

    def in_language(self, lang: str) -> str:
        """The address of this page in a language."""
        return self._relative(file_of(self.path, lang, self._number))

    def _address(self, path: str, parameters: dict[str, object]) -> str:
        plain, _, fragment = path.partition("#")
        lang = str(parameters.get("lang", self.lang))
        number = int(str(parameters.get("page", 1)))
        target = file_of(plain, lang, number)
        return self._relative(target) + (f"#{quote(fragment)}" if fragment else "")

    def _relative(self, target: str) -> str:
        here = posixpath.dirname(self.own_file())
        return quote(posixpath.relpath(target, here or "/"), safe=_SAFE)

    def data(self, path: str, suffix: str) -> str:
        """The address of a page's data."""
        return self._relative(f"{path}.{suffix}")

    def file(self, path: str) -> str:
        """The address of a file."""
        return self._relative(path)


def file_of(path: str, lang: str, number: int = 1) -> str:
    """The file of a page on a static site: ``/doc/theme/x/index.sv.html``; Finnish is ``index.html``."""
    name = "index" + (f".{number}" if number > 1 else "") + ("" if lang == "fi" else f".{lang}") + ".html"
    return posixpath.join("/", path.strip("/"), name)


def with_page(site: StaticSite, number: int) -> StaticSite:
    """A further part of the same page."""
    return replace(site, parameters=(("page", str(number)),)) if number > 1 else site
