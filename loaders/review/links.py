"""Web addresses of a review: printed ones, the link annotations dumped at page ends, and what the template left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from loaders.records import Origin
from loaders.review.flow import Flow, Span
from loaders.review.form import Form

Use = Literal["printed", "annotation", "template", "mention"]


@dataclass(frozen=True, slots=True)
class Address:
    """One web or mail address: its span, the address in full, and what it stands there for."""

    start: int
    end: int
    url: str
    use: Use
    origin: Origin


_START = re.compile(r"(?<![\w@])(?:https?://|www\.|mailto:)[^\s<>\"“”|\[\]]+", re.IGNORECASE)
_NEXT = re.compile(r"\n([A-Za-z0-9%+._~=&?/#\-]+)")
_SIGN = re.compile(r"[+=%/]")
_TEMPLATE = re.compile(r"//(?:www\.)?verkkosivu\.fi|^www\.verkkosivu\.fi|@osoite\.fi", re.IGNORECASE)
_THEME_PAGE = re.compile(r"https?://[^/]+/valtakunnalliset/[^/]+/[^/?#]+/?$")


def addresses(flow: Flow, forms: Sequence[Form]) -> list[Address]:
    """All addresses in order, each whole (line breaks undone, hyphens that a break swallowed restored)."""
    spans = list(_spans(flow.raw))
    urls = [_tight(flow.raw[start:end]) for start, end in spans]
    full: dict[str, str] = {}
    for url in urls:
        full[_key(url)] = max(full.get(_key(url), ""), url, key=_fullness)
    found: list[Address] = []
    for (start, end), url in zip(spans, urls, strict=True):
        use = _use(flow, forms, found, start, end, url)
        found.append(Address(start, end, full[_key(url)], use, flow.origin(start, end)))
    return found


def printed(found: Sequence[Address], span: Span) -> list[Address]:
    """The printed addresses of a part, each once."""
    inside = [a for a in found if a.use == "printed" and span.start <= a.start < span.end]
    return list({_key(a.url): a for a in reversed(inside)}.values())[::-1]


def theme_pages(found: Sequence[Address], form: Form) -> list[Address]:
    """Pages about a theme: printed in its table or its part 6, else the programme site's page its links lead to."""
    pages = [a for cell in (form.contacts, form.ministry, form.links) for a in printed(found, cell)]
    inside = [a for a in found if form.whole.start <= a.start < form.whole.end and a.use == "annotation"]
    if not any(_THEME_PAGE.match(a.url) for a in pages):
        pages += [a for a in inside if _THEME_PAGE.match(a.url)][:1]
    return list({_key(a.url): a for a in reversed(pages)}.values())[::-1]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while match := _START.search(text, at):
        start, end = match.span()
        while following := _continuation(text, start, end):
            end = following
        end = start + len(text[start:end].rstrip(".,;:!'’”)"))
        yield start, end
        at = end


def _continuation(text: str, start: int, end: int) -> int | None:
    """Where an address ends that goes on with the first word of the next line; None where it does not go on."""
    following = _NEXT.match(text, end)
    if following is None:
        return None
    word, last = following[1], text[end - 1]
    if re.match(r"https?://|www\.|mailto:", word):
        return None
    goes_on = (last == "-" and (word[0].islower() or word[0].isdigit())) or (
        last in "/?=&" and (_SIGN.search(word) or re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]*)+", word))
    )
    return following.end() if goes_on and "://" in text[start:end] else None


def _use(flow: Flow, forms: Sequence[Form], before: list[Address], start: int, end: int, url: str) -> Use:
    if url.startswith("mailto:"):
        return "annotation"
    if _TEMPLATE.search(url):
        return "template"
    form = next((f for f in forms if f.whole.start <= start < f.whole.end), None)
    if form is None:
        return "mention"
    if form.projects and start >= form.projects.start:
        return _use_in_list(flow, form, before, start, end, url)
    if any(cell and cell.start <= start < cell.end for cell in (form.contacts, form.ministry, form.links)):
        return "printed"
    return "annotation" if start in flow.starts else "mention"


def _use_in_list(flow: Flow, form: Form, before: list[Address], start: int, end: int, url: str) -> Use:
    """In a list a project's own page follows its implementers; every other address is an annotation of the page."""
    if start not in flow.starts:
        return "mention"
    index = flow.index(start)
    own = [a.start for a in before if a.use == "printed" and a.start >= form.projects.start]
    entry = flow.raw[max([form.projects.start, *own]) : start]
    implementers = re.search(r"Toteuttajat?\s*:(?!.*(?:Kustannusarvio|Toteuttajat?\s*:))", entry, re.DOTALL)
    known = any(a.use == "printed" and _key(a.url) == _key(url) for a in before)
    dumped = flow.lines[index].page is None and flow.breaks[index] and _ends_page(flow, end)
    return "printed" if implementers and not known and not dumped else "annotation"


def _ends_page(flow: Flow, end: int) -> bool:
    """Whether nothing but addresses stands between here and the next page."""
    for index in range(flow.index(end - 1) + 1, len(flow.lines)):
        if index in flow.page_starts:
            return True
        if not _START.match(flow.raw, flow.starts[index]):
            return False
    return True


def _fullness(url: str) -> tuple[bool, int]:
    return "://" in url, len(url)


def _key(url: str) -> str:
    return re.sub(r"^https?://|-|/$", "", url.lower())


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)
