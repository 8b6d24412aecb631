"""What of an HTML page is not its text: menus, banners, consent to cookies, breadcrumbs, footers."""

from __future__ import annotations

import re

from lxml import etree

_TAGS = frozenset(("nav", "menu", "footer"))
_ROLES = frozenset(
    ("navigation", "banner", "contentinfo", "dialog", "alertdialog", "search", "menu", "menubar", "toolbar", "alert")
)
_NAMED = re.compile(
    r"cookie|consent|gdpr|ev[aä]ste|breadcrumb|murupolku|skip-?(?:link|to|nav)|share-?(?:button|link|bar)|social-?(?:share|media|link)|"
    r"(?:^|[\s_-])(?:site|page|main|global)-?(?:nav|menu|footer|header)|language-?(?:menu|select|switch)|related-?(?:links|content)",
    re.IGNORECASE,
)
_SKIP = re.compile(r"\s*(?:siirry|hyppää|skip|hoppa|gå)\b.{0,12}\s(?:sisältöön|content|innehåll\w*)\s*$", re.IGNORECASE)
_ADDRESS = re.compile(r"@|\(at\)|\(a\)", re.IGNORECASE)
_BODIES = frozenset(("html", "body", "main", "article"))


def letters(element: etree._Element) -> int:
    """How many letters an element's text has, scripts not counted."""
    return sum(
        len(part.text or "") + len(part.tail or "") for part in element.iter() if part.tag not in ("script", "style")
    )


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def is_furniture(element: etree._Element, tag: str, whole: int) -> bool:
    """Whether an element is part of the page around the text; ``whole`` is how many letters the page has."""
    if tag in _TAGS or element.get("role") in _ROLES:
        return True
    if tag == "header":
        return not _within_text(element) and element.find(".//h1") is None
    if tag == "aside" or element.get("role") == "complementary":
        return _ADDRESS.search(_text(element)) is None
    if tag == "a":
        return element.get("href", "").startswith("#") and bool(_SKIP.match(_text(element)))
    named = f"{element.get('class', '')} {element.get('id', '')}"
    if tag in _BODIES or not _NAMED.search(named):
        return False
    return element.find(".//h1") is None and letters(element) < whole / 2


def _within_text(element: etree._Element) -> bool:
    return any(parent.tag in ("main", "article") or parent.get("role") == "main" for parent in element.iterancestors())
