"""Web pages that a text names as its theme's own."""

from __future__ import annotations

import re

from loaders import fields
from loaders.records import Stated
from loaders.text import Prose

_SITE = re.compile(
    r"(?:verkkosiv\w+|internetsiv\w+|www-siv\w+|kotisiv\w+|lisätie\w+(?:\s+teema\w*)?|lue\s+lisää(?:\s+teema\w*)?|teeman\s+siv\w+|"
    r"webbplats\w*|webbsid\w+|läs\s+mer(?:\s+om\s+temat)?|mer\s+information|web\s?(?:site|pages?)|"
    r"(?:read\s+more|(?:more|further)\s+information)(?:\s+(?:on|about)\s+the\s+theme)?)[^.:\n]{0,30}:?\s*$",
    re.IGNORECASE,
)
_NOT_THE_THEMES = re.compile(r"hank[ek]|haku|hakija|projekt|utlysning|\bcall\b|ilmoittau|tilaisuu", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:[/:?#]|$)", re.IGNORECASE)
"""An address has a domain: one cut off within it is none."""
_FAR = 80


def web_pages(prose: Prose) -> list[Stated[str]]:
    """The addresses behind the words for a site or for more information on the theme, each once."""
    found: dict[str, Stated[str]] = {}
    for url in fields.urls(prose.text):
        low = max(url.start - _FAR, prose.text.rfind("\n", 0, url.start) + 1)
        before = prose.text[low : url.start]
        label = _SITE.search(before)
        whole = _HOST.match(re.sub(r"^www\.", "", url.value))
        if label and whole and not _NOT_THE_THEMES.search(re.split(r"[.!?]\s", before)[-1]):
            found.setdefault(url.value, prose.stated(url.value, *url.span))
    return list(found.values())
