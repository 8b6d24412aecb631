"""Every page of the shipped graph in three languages: no word of another, whole links, nobody else asked, no contact data."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zlib import crc32

import httpx
import pyoxigraph as ox
import pytest
from lxml import etree

from engine.store import current
from loaders.rdf.terms import DCT, ID, RDFS, SKOS, TG
from web.app import create_app
from web.process import Settings
from web.publish import InProcess
from web.source import Generation, public
from web.words import LANGUAGES

COMMON = {
    "fi": "ja ei tai sekä joka jotka että ovat mukaan kuin mutta myös ei mitä missä kun",
    "sv": "och är inte eller som att för med den det ett om på till från har vilka när",
    "en": "the of and is are not or with for from that which what when this has",
}
"""Words without which hardly a sentence of a language is made, and which no other of the three has."""
ENGLISH = re.compile(
    r"(?<![\w-])(documents?|passages?|amounts?|projects?|themes?|values?|years?|months?|sources?|what)(?![\w-])"
)
"""Words of the program itself, in which a text that was not translated would be."""
CODE = re.compile(r"\S*[:?/{]\w\S*|Uudistuva ja osaava Suomi")
"""Addresses, terms, variables and the programme's name within a text."""
SKIPPED = {"script", "style", "pre", "code", "q", "blockquote", "textarea", "title", "kbd"}
THING = re.compile(r"^/teemat/doc/(?!code/)[\w-]+/")
"""The page of a thing: a link to it is its name, whatever language that is in."""
SAMPLES = 2
"""Pages of each kind of thing that are read; lists, questions and reference pages are read all."""


@dataclass(slots=True)
class Page:
    """What a page says in its own language, where it links, and what it loads."""

    texts: list[str] = field(default_factory=list)
    links: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)


def read(html: str, address: str, lang: str) -> Page:
    """Read a page; text in an element of another language or of quoted words is left out."""
    page, thing, hidden = Page(), bool(THING.match(f"/teemat{address}")), [False]
    for event, element in etree.iterwalk(etree.HTML(html), events=("start", "end")):
        if event == "end":
            hidden.pop()
            _say(page, element.tail, hidden[-1])
        else:
            hidden.append(_is_hidden(element, lang, thing, hidden[-1]))
            _say(page, element.text, hidden[-1])
            _note(page, element, hidden[-1])
    return page


def _is_hidden(element: etree._Element, lang: str, thing: bool, around: bool) -> bool:
    """Whether the text of an element is quoted, a name or in another language."""
    given, skipped = element.attrib, element.tag in SKIPPED
    if "lang" in given and not skipped:
        around = given["lang"] != lang
    name = (
        (element.tag == "h1" and thing)
        or given.get("class") in ("middle", "t")
        or (element.tag == "option" and ":" in given.get("value", ""))
        or (element.tag == "a" and THING.search(given.get("href", "")))
    )
    return around or skipped or bool(name)


def _note(page: Page, element: etree._Element, hidden: bool) -> None:
    given, tag = element.attrib, element.tag
    if "id" in given:
        page.anchors.add(given["id"])
    page.texts += [given[name] for name in ("placeholder", "data-none") if name in given and not hidden]
    if tag in ("a", "form") and (target := given.get("href") or given.get("action")):
        page.links.add(target)
    if tag in ("script", "img", "link") and given.get("rel") not in ("alternate", "canonical"):
        page.loads.add(given.get("src") or given.get("href") or "")


def _say(page: Page, text: str | None, hidden: bool) -> None:
    if text and text.strip() not in ("", "ja") and "://" not in text and not hidden:
        page.texts.append(" ".join(text.split()))


def strangers(texts: list[str], lang: str) -> list[str]:
    """Texts that hold a common word of another language."""
    own = set(COMMON[lang].split())
    others = {word for other in LANGUAGES if other != lang for word in COMMON[other].split()} - own
    found = []
    for text in (CODE.sub("", text) for text in texts):
        words = set(re.findall(r"[^\W\d_]+", text.lower()))
        if words & others or (lang != "en" and ENGLISH.search(text)):
            found.append(text)
    return found


@pytest.fixture(scope="module")
def site(shipped_store: Path) -> Iterator[dict[str, tuple[str, Page]]]:
    """Address → language and page, for every page of the site (things: so many of each kind)."""
    version = current(shipped_store)
    with public(version) as data:
        settings = Settings(shipped_store, public="https://example.org/teemat")
        app = create_app(shipped_store, settings, InProcess(settings, data, Generation(version, data, ExitStack())))
        pages = asyncio.run(crawl(app))
        known = names(ox.Store.read_only(str(data)))
        for _, page in pages.values():
            page.texts = [text for text in page.texts if text not in known]
        yield pages


def names(graph: ox.Store) -> set[str]:
    """What things are called in any language."""
    properties = (f"{RDFS}label", f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{DCT}title", f"{TG}acronym")
    found = (quad for p in properties for quad in graph.quads_for_pattern(None, ox.NamedNode(p), None, None))
    return {
        " ".join(quad.object.value.split())
        for quad in found
        if isinstance(quad.object, ox.Literal) and str(quad.subject).startswith(f"<{ID}")
    }


async def crawl(app: object) -> dict[str, tuple[str, Page]]:
    pages: dict[str, tuple[str, Page]] = {}
    kinds: Counter[str] = Counter()
    wanted = deque(f"/?lang={lang}" for lang in LANGUAGES)
    seen, by, broken = set(wanted), dict.fromkeys(wanted, ""), list[str]()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://site") as client:  # type: ignore[arg-type]
        while wanted:
            address = wanted.popleft()
            answer = await client.get(
                f"/teemat{address}", headers={"accept": "text/html, */*;q=0.1"}, follow_redirects=True
            )
            if answer.status_code != 200:
                broken.append(f"{address}: {answer.status_code}, linked from {by[address]}")
                continue
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            lang = answer.headers.get("content-language", "fi")
            page = read(answer.text, address, lang)
            pages[address] = (lang, page)
            for link in sorted(page.links):
                target = link.removeprefix("/teemat").partition("#")[0]
                if not link.startswith("/teemat/") or target in seen or not _is_wanted(target, kinds):
                    continue
                seen.add(target)
                by[target] = address
                wanted.append(target)
    assert broken == []
    return pages


def _is_wanted(target: str, kinds: Counter[str]) -> bool:
    """Whether a page is read: not every choice of a list, and only so many things of a kind."""
    parts = urlsplit(target)
    if "lang=" not in parts.query or re.search(r"(sort|format|about|kind|q|page)=", parts.query):
        return False
    if parts.path.startswith("/doc/") and parts.query.count("=") > 1:
        return False
    one_language = parts.path.startswith("/queries/") or re.search(r"\.\w+$", parts.path)  # questions and downloads
    if one_language and "lang=sv" not in parts.query:  # one in six in the other languages
        return crc32(parts.path.encode()) % 6 == 0
    kind = "/".join(parts.path.split("/")[:3]) if parts.path.count("/") > 2 else ""
    kinds[f"{kind} {parts.query}"] += 1
    return not kind or not parts.path.startswith("/doc/") or kinds[f"{kind} {parts.query}"] <= SAMPLES


def test_no_page_holds_a_word_of_another_language(site: dict[str, tuple[str, Page]]) -> None:
    assert len(site) > 200
    found = {(lang, text): address for address, (lang, page) in site.items() for text in strangers(page.texts, lang)}
    assert not found, "\n".join(f"{address}: {text}" for (_, text), address in sorted(found.items()))


def test_every_link_leads_to_a_page_and_to_a_place_on_it(site: dict[str, tuple[str, Page]]) -> None:
    broken = []
    for address, (_, page) in site.items():
        for link in page.links:
            target, _, anchor = link.removeprefix("/teemat").partition("#")
            other = target or address
            if anchor and other in site and "=" not in anchor and unquote(anchor) not in site[other][1].anchors:
                broken.append((address, link))
    assert broken == []


def test_no_page_loads_anything_from_elsewhere(site: dict[str, tuple[str, Page]]) -> None:
    loads = {load for _, page in site.values() for load in page.loads}
    assert all(load.startswith(("/teemat/static/", "/teemat/api/")) or not load for load in loads), loads


def test_no_page_holds_an_address_or_a_number_of_a_person(site: dict[str, tuple[str, Page]]) -> None:
    for address, (_, page) in site.items():
        for text in page.texts:
            assert not re.search(r"[\w.+-]+@[\w-]+\.\w+|^\D*\b0\d{1,2} \d{3} \d{4}\b", text), (address, text)


def test_the_check_of_languages_finds_what_is_foreign() -> None:
    assert strangers(["documents say", "Rahoitus", "om projektet"], "fi") == ["documents say", "om projektet"]
    assert strangers(["Finansiering", "ja muut"], "sv") == ["ja muut"]
