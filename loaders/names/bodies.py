"""Authorities named in running text, in any case form: ELY Centres and their successors, ministries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from loaders import phrases
from loaders.names.keys import nominative
from loaders.names.registry import Registry
from loaders.names.text import repair

_AUTHORITY = re.compile(
    "|".join(
        rf"(?<!\w){phrases.pattern_of(words)}(?!\w)"
        for words in sorted(phrases.wordings("sentences", "authority.named"), key=len, reverse=True)
    )
)
_MINISTRY = re.compile(
    rf"(?<![\w-])(?:(?P<fields>(?:\w+-(?:,?\s+{phrases.AND}\s+|,\s+))*\w+?)(?P<noun>ministeri(?:ö|e(?=[tr])))\w*|"
    r"Ministr(?:y|(?P<several>ies))\s+of\s+(?P<english>(?:the\s+)?[A-Z]\w+"
    r"(?:,?\s+(?:and\s+)?(?:of\s+)?(?:the\s+)?(?!Ministr)[A-Z]\w+)*)|"
    r"[A-ZÅÄÖ]{2,4}(?::[a-zäö]{1,5})?(?![\w-]))"
)
_FIELD = re.compile(r"(?<!\w)\w+(?=-|$)")
_ENGLISH_FIELD = re.compile(r"(?:the\s+)?[A-Z]\w+")


@dataclass(frozen=True, slots=True)
class Body:
    """An authority in a text: its name in the nominative and the span of its words."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def authorities(text: str, start: int = 0, end: int | None = None) -> tuple[Body, ...]:
    """Find the ELY Centres, their successors and regional councils of a span, in Finnish, Swedish or English.

    Other unions (``Kuurojen liitto``) and those of an area together (``Itä-Suomen liitot``) are none.

    >>> [body.name for body in authorities("Hämeen ja Pohjois-Pohjanmaan ELY-keskukset")]
    ['Hämeen ELY-keskus', 'Pohjois-Pohjanmaan ELY-keskus']
    """
    limit = len(text) if end is None else end
    if not phrases.may_stand("authority.named", text, start, limit, file="sentences"):
        return ()
    result: list[Body] = []
    for match in _AUTHORITY.finditer(text, start, limit):
        name = nominative(_bare(match.group()))
        plural = _PLURAL.search(name)
        if plural:
            noun = _SINGULAR[plural[1].casefold()[:4]]
            result += _elliptic(text, start, match.start(), noun)
            name = f"{name[: plural.start()].rstrip()} {noun}"
        elif name.endswith("förbund"):  # the same word for several: ``Nylands och Tavastlands förbund``
            result += _elliptic(text, start, match.start(), "förbund")
        name, end = _within_line(_owner(name), match)
        if not name.endswith("liitto") or Registry.load().type_of(name) == "regional-council":
            result.append(Body(name, match.start(), end))
        result += _second_noun(text, match, name)
    return tuple(sorted(result, key=lambda body: body.start))


def _owner(name: str) -> str:
    """A Swedish name without the ending of the genitive (``Lapplands förbunds utlysning``)."""
    return name[:-1] if name.endswith("s") and Registry.load().organisation(name[:-1]) else name


def _within_line(name: str, match: re.Match[str]) -> tuple[str, int]:
    """A name without the capital word of the next line, unless the two are the name of a region, and where it ends."""
    line, cut, last = match.group().rpartition("\n")
    words = [*line.split()[-1:], last]
    if not cut or " " in last or line.split()[-1:] in (["of"], ["i"]) or " ".join(words) in _regions():
        return name, match.end()
    shorter = nominative(_bare(line))
    return (shorter, match.start() + len(line.rstrip())) if _AUTHORITY.fullmatch(line) else (name, match.end())


@cache
def _regions() -> frozenset[str]:
    places = phrases.concepts("places").values()
    return frozenset(words for one in places for language in phrases.LANGUAGES for words in one[language])


_PLURAL = re.compile(rf"\s({phrases.whole_words('cues', 'authority.plural', 'fi')})$", re.IGNORECASE)
_SINGULAR = {
    "ely-": "ELY-keskus",
    "ely ": "ELY-keskus",
    "elyk": "ELY-keskus",
    "elin": "elinvoimakeskus",
    "liit": "liitto",
}
_TWO_WORDS = sorted(one for one in _regions() if one.endswith("s") and " " in one)  # ``Egentliga Finlands``
_AREA = rf"(?:{'|'.join([*_TWO_WORDS, phrases.AREA])})"
_AREAS = re.compile(_AREA)
_AREAS_BEFORE = re.compile(rf"(?:{_AREA}(?:,\s+|\s+{phrases.AND}\s+)){{1,30}}$")
_SECOND = re.compile(rf"\s+{phrases.AND}\s+({phrases.whole_words('cues', 'authority.second', 'fi')})")


def _elliptic(text: str, start: int, at: int, noun: str) -> list[Body]:
    """The bodies of which only the area is written: ``Hämeen ja … ELY-keskukset``."""
    before = _AREAS_BEFORE.search(text, max(start, at - 200), at)
    if before is None:
        return []
    areas = [(one.group(), *one.span()) for one in _AREAS.finditer(text, before.start(), at)]
    if noun != "förbund":
        return [Body(f"{area} {noun}", *span) for area, *span in areas if area.endswith("n")]
    return [Body(f"{area} {noun}", *span) for area, *span in areas if Registry.load().organisation(f"{area} {noun}")]


def _second_noun(text: str, match: re.Match[str], name: str) -> list[Body]:
    """A second body of the same area: ``Pohjois-Pohjanmaan liitolle ja ELY-keskukselle``."""
    second = _SECOND.match(text, match.end())
    area = name.rpartition(" ")[0]
    if second is None or not area.endswith("n"):
        return []
    return [Body(f"{area} {_SINGULAR[second[1].casefold()[:4]]}", second.start(1), second.end(1))]


def ministries(text: str, start: int = 0, end: int | None = None) -> list[Body]:
    """Ministries named in a span of a text, by name or abbreviation."""
    return list(_ministries(text, start, len(text) if end is None else end))


def _ministries(text: str, start: int, end: int) -> Iterator[Body]:
    registry = Registry.load()
    for match in _MINISTRY.finditer(text, start, end):
        if match["fields"]:
            ending = "ministeriö" if match["noun"].endswith("ö") else "ministeriet"
            yield from _of_fields(text, match, "fields", _FIELD, "", ending)
        elif match["english"]:
            yield from _of_fields(text, match, "english", _ENGLISH_FIELD, "Ministry of ", "")
        elif registry.ministry(name := nominative(repair(match.group()))):
            yield Body(name, *match.span())


def _of_fields(
    text: str, match: re.Match[str], group: str, field: re.Pattern[str], before: str, behind: str
) -> Iterator[Body]:
    """The ministries of a list whose noun stands once: ``työ- ja elinkeino- sekä ympäristöministeriö``; the longest names."""
    fields, (start, end) = list(field.finditer(text, *match.span(group))), match.span(group)
    at, found = 0, False
    while at < len(fields):
        for last in range(len(fields), at, -1):
            low, high = fields[at].start(), fields[last - 1].end()
            name = before + repair(text[low:high]) + behind
            if Registry.load().ministry(name):
                yield Body(name, match.start() if low == start else low, match.end() if high == end else high)
                at, found = last - 1, True
                break
        at += 1
        if found and before and not match["several"]:
            return


def _bare(words: str) -> str:
    return re.sub(r"^[Tt]he\s+", "", repair(words))
