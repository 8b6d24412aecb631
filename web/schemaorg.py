"""The dataset as search engines read it: schema.org in JSON-LD, written into the data page."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup

from loaders.rdf.terms import BASE
from loaders.version import VERSION
from web.catalog import DESCRIPTIONS, DISTRIBUTIONS, TITLES

AUTHOR = "Teemagraafi contributors"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def dataset(address: str, summary: dict[str, Any], lang: str) -> Markup:
    """JSON-LD that can stand in a page: no ``<`` in it, so nothing can end the element it stands in."""
    address = address.rstrip("/")
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{address}/data#dataset",
        "name": TITLES[lang],
        "description": DESCRIPTIONS[lang],
        "inLanguage": ["fi", "sv", "en"],
        "identifier": BASE,
        "url": f"{address}/",
        "license": LICENCE,
        "version": VERSION,
        "creator": {"@type": "Organization", "name": AUTHOR},
        "isAccessibleForFree": True,
        "spatialCoverage": {"@type": "Country", "name": "Finland"},
        "distribution": [
            {"@type": "DataDownload", "contentUrl": f"{address}/data/{name}", "encodingFormat": media}
            for name, (media, _) in DISTRIBUTIONS.items()
        ],
    }
    if summary["newest"]:
        found["dateModified"] = summary["newest"]
    return Markup(json.dumps(found, ensure_ascii=False, indent=1).replace("<", "\\u003c"))


def citation(address: str, summary: dict[str, Any], lang: str) -> str:
    """How the data are cited."""
    parts = [f"{AUTHOR}: {TITLES[lang]}, {VERSION}", summary["newest"] or "", "CC BY 4.0", address]
    return ". ".join(part for part in parts if part)
