"""Pages and small answers: functions that ask the graph and fill a template, each giving a whole answer.

A worker calls them by name, ``things.thing``, for a request that :mod:`web.pages` passed on.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from web.graph import GraphReader
from web.page import Made, Page, compile_templates
from web.site import Site


def answer(graph: GraphReader, folder: str, request: Mapping[str, Any]) -> Made:
    """What the function ``request["view"]`` makes of a request. HttpError for what it cannot answer."""
    site = Site(**request["site"], parameters=tuple(map(tuple, request["parameters"])))
    module, _, function = request["view"].partition(".")
    make = getattr(importlib.import_module(f"web.views.{module}"), function)
    made: Made = make(Page(graph, site, Path(folder), **request["page"]), **request["arguments"])
    return made


def prepare() -> None:
    """Load every page's module, template and words, so that the first reader need not wait for that."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    compile_templates()
