"""What a text names: dates, amounts, codes, bodies, places, funds, objectives, themes. Each mention has its span."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from loaders import phrases
from loaders.names import Registry
from loaders.names.bodies import authorities as authorities
from loaders.names.bodies import ministries as ministries
from loaders.tables.funds import PERIODS
from loaders.values.dates import Date, dates, periods, yearless


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing named in a text: its value in the form the graph uses, and the span of its words."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Time:
    """A date or a period of a text; one end may be missing."""

    opens: str | None
    closes: str | None
    start: int
    end: int
    single: bool = False
    """A single date: ``opens`` and ``closes`` are the same value, and the words around it say which it is."""
    assumed: bool = False
    """Its year is not printed: it follows from the day of the page."""


def times(
    text: str, start: int = 0, end: int | None = None, *, years: bool = False, near: str | None = None
) -> list[Time]:
    """Find the periods and single dates of a span, in order.

    ``years`` also takes years that stand alone, ``near``, the day of the page, months and days without a year.
    """
    limit = len(text) if end is None else end
    part = text[start:limit]
    named = [Time(p.start, p.end, start + p.span[0], start + p.span[1]) for p in periods(part)]
    named += [Time(d.value, d.value, start + d.start, start + d.end, True) for d in dates(part, years=years)]
    if near:
        past = phrases.pattern("cues", "tense.past")
        bare = yearless(part, near, past=lambda at: past.search(part, max(0, at - 30), at + 30) is not None)
        taken = [(one.start - start, one.end - start) for one in named]
        yearly = {one.start: one.opens or "" for one in named if one.single and len(one.opens or "") == 10}
        for day in bare:  # ``14.2. ja 15.5.2031``: of the same year
            if not any(low < day.end and day.start < high for low, high in taken):
                beside = day.value[4:] != "-02-29" and _AND_DAY.match(text, start + day.end, limit)
                year = yearly.get(beside.end() if beside else -1, day.value)[:4]
                named.append(_bare(text, start, replace(day, value=year + day.value[4:])))
    return sorted(named, key=lambda one: one.start)


def _bare(text: str, start: int, day: Date) -> Time:
    """A day printed without its year, with the one before it where it ends a period (``1.–28.2.``)."""
    low, high = start + day.start, start + day.end
    first = _FIRST.search(text, max(start, low - 10), low) if len(day.value) == 10 else None
    opens = first and f"{day.value[:5]}{int(first['m'] or day.value[5:7]):02}-{int(first['d']):02}"
    if first is None or opens is None or opens > day.value:
        return Time(day.value, day.value, low, high, True, True)
    return Time(opens, day.value, first.start(), high, assumed=True)


_AND_DAY = re.compile(rf"\s*(?:,|\s{phrases.AND})\s+")
_FIRST = re.compile(r"(?<![\w./,-])(?P<d>\d{1,2})\.(?:(?P<m>\d{1,2})\.)?\s?[–—-]\s?$")
_FUNDS = {"fund.social": "ESR", "fund.regional": "EAKR", "fund.transition": "JTF"}


def funds(text: str, start: int = 0, end: int | None = None, period: str | None = None) -> list[Mention]:
    """Find the funds named; the social fund of 2021-2027 is ESR+, also where the plus was left out.

    >>> [fund.value for fund in funds("ESR- ja EAKR-hankkeet, Euroopan sosiaalirahasto plus")]
    ['ESR', 'EAKR', 'ESR+']
    """
    high = len(text) if end is None else end
    named = _all_funds(text)
    first, last = (bisect_left(named, at, key=lambda one: one.start) for at in (start, high))
    found = [one for one in named[first:last] if one.end <= high]
    this = period == "2021-2027"
    return [replace(one, value="ESR+") if this and one.value == "ESR" else one for one in found]


@lru_cache(maxsize=8)
def _all_funds(text: str) -> tuple[Mention, ...]:
    """The funds of a whole text, found once for all of its spans."""
    cues = [(cue, value) for concept, value in _FUNDS.items() for cue in phrases.find(concept, text)]
    return tuple(
        Mention("ESR+" if value == "ESR" and _PLUS.search(cue.words) else value, cue.start, cue.end)
        for cue, value in sorted(cues, key=lambda one: one[0].start)
    )


_PLUS = re.compile(r"\+|plus", re.IGNORECASE)


@cache
def _known_places() -> dict[str, dict[str, list[str]]]:
    """The regions of Finland, the counties of Sweden and the major areas by name, with their wordings by language."""
    return {**phrases.concepts("places"), **phrases.concepts("counties"), **phrases.concepts("areas")}


@cache
def _areas() -> frozenset[str]:
    """The names of the major areas: Finnish, Swedish and English."""
    entries = phrases.concepts("areas")
    return frozenset({*entries, *(words[language][0] for words in entries.values() for language in ("sv", "en"))})


def is_area(place: str) -> bool:
    """Tell whether a place is a major area of several regions (``Länsi-Suomi``)."""
    return place in _areas()


@cache
def _regions() -> tuple[re.Pattern[str], dict[str, str]]:
    groups, names = [], {}
    for number, (name, entry) in enumerate(_known_places().items()):
        for language in phrases.LANGUAGES:
            group = f"{language}{number}"
            names[group] = name if language == "fi" else entry[language][0]
            words = sorted(entry[language], key=len, reverse=True)
            groups.append(f"(?P<{group}>{'|'.join(phrases.pattern_of(one) for one in words)})")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(groups)})(?![\w-])"), names


@cache
def _own_names() -> dict[str, str]:
    known = _known_places().items()
    return {words[0]: name for name, entry in known for language in phrases.LANGUAGES if (words := entry[language])}


def own_name(place: str) -> str:
    """The name by which a region is known, of its name in any language: two that share it are one place.

    >>> own_name("Västra Finland")
    'Länsi-Suomi'
    """
    return _own_names().get(place, place)


_TOWN = r"[A-ZÅÄÖ][a-zåäö]+(?:-[A-ZÅÄÖ][a-zåäö]+)?"
_TOWNS = re.compile(rf"\s+\((?P<list>{_TOWN}(?:(?:,|,?\s+{phrases.AND})\s+{_TOWN})*)\)")


def towns(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """Find the towns listed in a bracket behind the word for towns.

    >>> [town.value for town in towns("Hakea voivat rannikon kaupunkien (Hanko, Raahe ja Kemi) järjestöt.")]
    ['Hanko', 'Raahe', 'Kemi']
    """
    limit = len(text) if end is None else end
    lists = [_TOWNS.match(text, noun.end, limit) for noun in phrases.find("noun.towns", text, start, limit)]
    names = re.compile(_TOWN)
    return [Mention(n.group(), *n.span()) for one in lists if one for n in names.finditer(text, *one.span("list"))]


_SUSPENDED = re.compile(rf"(?<![\w-])([A-ZÅÄÖ][a-zåäö]+-)(?=,|\s+{phrases.AND}\s)")


def places(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """Find the regions and areas of Finland and Sweden in a span; ``Kanta- ja Päijät-Häme`` are two. Names of bodies are none.

    >>> [place.value for place in places("Haku on auki Kanta- ja Päijät-Hämeessä sekä Uudellamaalla.")]
    ['Kanta-Häme', 'Päijät-Häme', 'Uusimaa']
    """
    limit = len(text) if end is None else end
    bodies = [(body.start, body.end) for body in authorities(text, start, limit)]
    pattern, names = _regions()
    of_region = phrases.pattern("cues", "noun.of_region")  # ``Lapin maakuntaohjelma``
    in_body = phrases.pattern("cues", "place.in_body")
    named = [
        Mention(names[match.lastgroup or ""], *match.span())
        for match in pattern.finditer(text, start, limit)
        if not any(low <= match.start() < high for low, high in bodies)
        and not of_region.match(text, match.end() + 1)
        and not in_body.fullmatch(match.group())
    ]
    for match in _SUSPENDED.finditer(text, start, limit):
        after = next((place for place in named if place.start > match.end()), None)
        whole = match[1] + after.value.rpartition("-")[2] if after else ""
        if whole in _known_places():
            named.append(Mention(whole, *match.span()))
    return sorted(named, key=lambda one: one.start)


def regions(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """Find the regions in a span, not the major areas."""
    return [place for place in places(text, start, end) if not is_area(place.value)]


_BEHIND_LEAD = re.compile(r"\.?\s*(?::\s*)?(?=\d)")
_BEHIND_FUND = re.compile(r"(?::\s*|\s+)(?=\d\.\d)")
_BEFORE_NOUN = re.compile(r"(?<![\w.])\d\.(?:\d|[a-l])(?=\.?\s*-?\s?[a-zåäö])")
"""``4.3 erityistavoitteen``, ``4.3. -erityistavoitteen``."""
_NOTATION = re.compile(
    r"(?<!EUR )(?<!€ )(?<!€)\d{1,2}\.(?:\d{1,2}(?:\.\d)?|[a-l])(?![.\d]{0,20}\d)(?!\s*(?:mil[jl]|M€|€|euro|EUR))"
)
_CHAIN = re.compile(
    rf"\.?(?:[^.,;\d\n]{{0,60}}?)?(?:\s*,\s*|\s+)(?:{phrases.whole_words('cues', 'cue.and')}\s*)?(?=\d\.\d)"
)
_ITEM = re.compile(r"[\s•–*-]*(?=\d\.\d\.?:?\s+[A-ZÅÄÖ])")


def objectives(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """Find the notations of specific objectives: behind their noun, in a chain behind it, or at the head of a line.

    >>> [one.value for one in objectives("erityistavoitteista 4.1 Polkuja töihin ja 4.3 Yhdenvertaiseen osallisuuteen")]
    ['4.1', '4.3']
    """
    limit = len(text) if end is None else end
    notations: dict[int, Mention] = {}
    nouns = phrases.find("objective.lead", text, start, limit)
    heads = [_BEHIND_LEAD.match(text, noun.end, limit) for noun in nouns]
    heads += [_BEHIND_FUND.match(text, fund.end, limit) for fund in funds(text, start, limit)]
    leads = [match.end() for match in (*heads, _ITEM.match(text, start, limit)) if match]
    for at in leads:
        notation = _NOTATION.match(text, at, limit)
        while notation:
            notations[notation.start()] = Mention(notation.group(), *notation.span())
            chain = _CHAIN.match(text, notation.end(), limit)
            notation = _NOTATION.match(text, chain.end(), limit) if chain else None
    for before in _BEFORE_NOUN.finditer(text, start, limit) if nouns else ():
        if any(noun.start >= before.end() and not text[before.end() : noun.start].strip(" .-\n") for noun in nouns):
            notations.setdefault(before.start(), Mention(before.group(), *before.span()))
    return [notations[at] for at in sorted(notations)]


@cache
def _theme_names() -> re.Pattern[str]:
    names = {name for entry in Registry.load().themes.values() for name in entry.names if len(name) > 8}
    ordered = sorted(names, key=len, reverse=True)
    source = "|".join(_inflected(r"\s+".join(re.escape(word) for word in name.split())) for name in ordered)
    return re.compile(rf"(?<![\w-])(?:{source or '(?!)'})(?![\w])", re.IGNORECASE)


def _inflected(name: str) -> str:
    """A name ending in ``-nen`` also in other cases (``… edistämisen``)."""
    return f"{name.removesuffix('nen')}(?:nen|s[a-zäö]{{1,6}})" if name.endswith("nen") else name


_CASE = re.compile(r"(?<=mi)se(?:n|ssa|sta|lle|lla)$")
"""Case endings of names that end in ``-minen``."""
_BEHIND_DASH = re.compile(r"[–—-]\s")
"""Behind a name and a dash the words ``valtakunnallinen teema`` say of it what it is, and no name follows."""
_AND_NAME = re.compile(rf"(?:,?\s+{phrases.AND}|,)\s+(?=[A-ZÅÄÖ])")
_INNER = re.compile(rf"[A-ZÅÄÖ][a-zåäö]+\s(?:(?!{phrases.AND}\s)[a-zåäö]+\s){{1,3}}(?=[A-ZÅÄÖ][a-zåäö]+\s[a-zåäö])")
"""The words of a sentence before the name in it: ``Kirjastoille sopivat parhaiten Kuuluvat äänet``."""
_FUND_BRACKET = re.compile(r"(?:(?<!\s)\s+)?\([^()]*\)$")


def _parts(text: str, low: int, high: int) -> Iterator[tuple[int, int]]:
    """The names of a list, cut at the conjunctions before capitals."""
    for cut in [*_AND_NAME.finditer(text, low, high), None]:
        yield low, cut.start() if cut else high
        low = cut.end() if cut else high


def themes(text: str, start: int = 0, end: int | None = None) -> list[Mention]:
    """Find the national themes named: those of the registry by their names, others by the word for theme beside them."""
    limit = len(text) if end is None else end
    found = [Mention(_known(m.group()), *m.span()) for m in _theme_names().finditer(text, start, limit)]
    found = [m for m in found if text[m.start].isupper() or m.end - m.start > _DISTINCT or _noun_follows(text, m.end)]
    spans = [(*span, "") for span in (*_lists(text, start, limit), *_quoted(text, start, limit))]
    for match in phrases.sentences("theme.sets", text, start, limit):
        low, high = match.span("name")
        if _LINE_BELOW.match(text, high):
            continue
        inner = _INNER.match(text, low, high) if not text[:low].rstrip(" ").rstrip("\n")[-1:].isalnum() else None
        spans += [(*part, "fi") for part in _parts(text, inner.end() if inner else low, high)]
    for own in phrases.LANGUAGES:
        named = phrases.sentences("theme.named", text, start, limit, own)
        spans += [
            (*m.span("name"), own)
            for m in named
            if m.start("name") < m.start() + 2
            or not (_BEHIND_DASH.match(text, m.start() - 2) or _apart(text, m.start("name")))
        ]
    if phrases.says("theme.announced", text):
        spans += [(*m.span("name"), "") for m in _GLUED.finditer(text, start, limit)]
    for low, high, language in spans:
        if language and any(low < one.start and high <= one.end + 1 and one.start < high for one in found):
            continue  # the noun is that of the name in quotes before it
        if language:
            low, high = _bare_name(text, low, high, language)
        labelled = phrases.label(text[low:high].partition(":")[0]) is not None
        if not labelled and not any(one.start < high and low < one.end for one in found):
            found.append(Mention(capitalised(_clean(text[low:high])), low, high))
    return sorted((one for one in found if is_theme_name(one.value)), key=lambda one: one.start)


def is_sure(text: str, one: Mention) -> bool:
    """Tell whether a known name says nothing else, or has the noun or a fund behind it; others need no word for a theme."""
    follows = _noun_follows(text, one.end)
    if Registry.load().theme(one.value) is None:
        return not follows and not phrases.says("noun.theme", text, max(0, one.start - _TELLING), one.end + _TELLING)
    bracket = text[one.end : one.end + 2] == " (" and funds(text, one.end, one.end + 8)
    return follows or len(one.value) >= _TELLING or bool(bracket)


_TELLING = 28
"""A shorter name is also said of other things (``Jatkuva oppiminen``)."""


_LINE_BELOW = re.compile(r"\n+[A-ZÅÄÖ]")
"""Behind a name: the noun begins another line."""
_GLUED = re.compile(rf"(?<![\w-])(?P<name>[A-ZÅÄÖ][a-zåäö]{{4,30}})-(?:{phrases.source('noun.theme')})(?!\w)")
"""``Työllisyys-teemaan``: on a page about national themes a theme of one word."""
_DISTINCT = 45
_CAPITAL = re.compile(r"[\s\"”“]+[A-ZÅÄÖ]")


def _apart(text: str, start: int) -> bool:
    """Tell whether a name begins the line below a short one without a colon: the word for a theme ends a heading there."""
    above, broken, between = text[max(0, start - _SHORT) : start].rpartition("\n")
    return bool(broken) and not between.strip(' "”“') and "\n" in above and not above.endswith(":")


_SHORT = 70
"""No line of a wrapped paragraph is so short."""


def _noun_follows(text: str, at: int) -> bool:
    """Tell whether the noun for a theme stands behind its name (``… -teema``)."""
    end = at + len(text[at : at + 40]) - len(text[at : at + 40].lstrip())
    return end > at and any(cue.start == end for cue in phrases.find("theme.noun", text, at, end + 40))


def _bare_name(text: str, low: int, high: int, language: str) -> tuple[int, int]:
    """A name of running text without the words before it, the verb behind it, and a fund in a bracket at its end."""
    low = _name_start(text, low, high)
    verbs = list(phrases.pattern("cues", "theme.verb", language).finditer(text, low, high))
    suffixed = bool(verbs) and _noun_follows(text, high)
    behind = _CAPITAL.match(text, verbs[-1].end()) if suffixed else None
    if suffixed:  # without a capital behind the verb the noun belongs to other words
        low = behind.end() - 1 if behind and behind.end() <= high else high
    elif verbs:
        high = verbs[0].start()
    high = low + len(text[low:high].rstrip())
    bracket = _FUND_BRACKET.search(text, low, high)
    high = bracket.start() if bracket and funds(bracket.group()) else high
    return low, low + len(text[low:high].rstrip())


_NAME_ENDS = rf",?\s+{phrases.AND}(?=\s+[\"”“A-ZÅÄÖ])"
_LIST_LEAD = re.compile(
    rf"(?:(?P<verb>[^.:;\n\"”“]{{0,40}}?\s+(?i:{phrases.source('theme.lists')}))?(?:\s*:)?|[^.\n\"”“]{{0,80}}:(?=\s*[\"”“]))\s+(?=[\"”“]?[A-ZÅÄÖ])"
)
"""What stands between the word for themes and their names: nothing, a colon, or a verb (``teemat ovat``)."""
_LISTED_NAME = re.compile(
    rf"\s*(?P<q>[\"”“])?(?P<name>[A-ZÅÄÖ](?:[^():;.\n,\"”“]|\n(?=[a-zåäö])|,(?!\s+(?:[A-ZÅÄÖ]|(?:{phrases.source('cue.relative')})\s)))"
    rf"{{2,140}}?)(?(q)[\"”“])(?:\s+\((?P<who>[^()]{{2,140}})\))?(?P<end>[;,](?=\s)|{_NAME_ENDS}|(?=\.?\s*$|\.\s|\n(?![a-zåäö])))"
)
"""A name of a list in running text: it ends at a comma or conjunction before the capital of the next, or with the sentence."""


_QUOTED = re.compile(r"[\"”“](?P<name>[A-ZÅÄÖ][^\"”“\n]{3,140})[\"”“]\s*-?\s?")


def _quoted(text: str, start: int, limit: int) -> Iterator[tuple[int, int]]:
    """Names in quotes before the word for a theme: ``the “Clean Water” theme``."""
    ends = {cue.start for cue in phrases.find("noun.theme", text, start, limit)}
    return (one.span("name") for one in _QUOTED.finditer(text, start, limit) if one.end() in ends)


_BEGINS = re.compile(r"\.\s+(?=[A-ZÅÄÖ])|\n(?![a-zåäö])")
"""Where a sentence begins, or a line that does not go on the one before."""


def _lists(text: str, start: int, limit: int) -> Iterator[tuple[int, int]]:
    """Names in running text behind the word for themes: in quotes, with their ministries in brackets, or several
    behind words for national themes or an intermediate body (``välittävänä toimielimenä teemoissa: A, B ja C``).
    """
    for cue in phrases.find("noun.theme", text, start, limit):
        lead = _LIST_LEAD.match(text, cue.end, limit)
        if lead is None:
            continue
        names, at = list[re.Match[str]](), lead.end()
        while at < limit and (name := _LISTED_NAME.match(text, at, limit)):
            names.append(name)
            at = name.end()
            if not name["end"]:
                break
        low = max((one.end() for one in _BEGINS.finditer(text, start, cue.start)), default=start)
        national = any(
            phrases.says(one, text, low, cue.end) for one in ("theme.national", "theme.body", "theme.measures")
        )
        national |= bool(ministries(text, low, cue.start))
        listed = len(names) > 1 and national and phrases.says("theme.plural", cue.words)
        steered = any(one["who"] and ministries(one["who"]) for one in names)
        low = 0
        for match in names:
            low = low or match.start("name")
            if steered and not match["who"] and match["end"].strip(" \n,").isalpha():
                continue  # the conjunction stands within a name: ``Työ ja Elämä (TEM)``
            quoted = match["q"] and (national or not lead["verb"])
            known = authorities(match["name"]) or (places(match["name"]) and not match["q"])
            if (listed or quoted or (match["who"] and ministries(match["who"]))) and not known:
                yield low, match.end("name")
            low = 0


def _known(name: str) -> str:
    """A known name in its first form; one that ends in another case of its own (``Osuvaa osaamista``) stays."""
    first = re.sub(r"(?<=mi)s[a-zäö]{1,6}$", "nen", name)
    return _clean(first if Registry.load().theme(first) else name)


def _clean(name: str) -> str:
    return _CASE.sub("nen", " ".join(name.split()).strip(' "”“–-:,'))


def capitalised(name: str) -> str:
    """A name that stands in small letters, as a name."""
    return name[:1].upper() + name[1:]


def _name_start(text: str, low: int, high: int) -> int:
    """Where a theme's name begins in running text: at the first capital behind the body, fund, call or word before it.

    Without a capital it begins behind ``valtakunnalliseen``; behind a body where it begins cannot be known.
    """
    bodies = [*authorities(text, low, high), *ministries(text, low, high)]
    national = [cue.end + 1 for cue in phrases.find("theme.national", text, low, high)]
    ends = [*national, *(body.end for body in bodies)]
    ends += [
        cue.end
        for concept in ("noun.call", "call.opens", "noun.project", "theme.announced", "role.lead")
        for cue in phrases.find(concept, text, low, high)
    ]
    ends += [one.end for one in funds(text, low, high)[:1] if one.start == low]
    capital = re.compile(r"(?<=[\s\"”“])[A-ZÅÄÖ]").search(text, max(ends), high) if ends else None
    unknown = not national and any(body.start - low < 2 for body in bodies)
    return capital.start() if capital else max([low, *national, *([high] if unknown else [])])


_NO_THEME = re.compile(r"[-–]$|\(cid:|\d{4}|€|\s\d\)\s|”.+”|\w\w\.\s+[A-ZÅÄÖ]")


def is_theme_name(name: str) -> bool:
    """Tell whether words can name a theme: they end in no project, call or conjunction, hold no year, sum or sentence's end."""
    known = Registry.load().theme(name) is not None
    other = any(cue.end == len(name) for cue in phrases.find("theme.not_at_end", name))
    fund = any(one.end - one.start == len(name) for one in funds(name))
    sought = phrases.says("noun.project", name.partition(" ")[0])  # ``Hankkeita etsitään kolmeen …kokonaisuuteen``
    return known or (
        3 < len(name) < 160 and not _NO_THEME.search(name) and name[0].isupper() and not (fund or sought or other)
    )


def subtitle(words: str) -> bool:
    """Tell whether words only say that something is a national theme (``Valtakunnallinen ESR+-teema``)."""
    bare = words
    for fund in reversed(funds(words)):
        bare = bare[: fund.start] + bare[fund.end :]
    bare = " ".join(bare.strip(" ()[]:.–-").replace(" - ", " -").split())
    return phrases.means("theme.subtitle", bare)


def of_site(words: str) -> bool:
    """Tell whether a line is one that every site has: a link over its menu, a language, a search box."""
    word = phrases.pattern("cues", "page.word").match(words)
    only = word is not None and not re.search(r"\w", words[word.end() :])
    return only or phrases.pattern("cues", "page.skip").match(words) is not None


_PERIOD = re.compile(r"(?<!\d)(20\d\d)\s?[-–—−]\s?(20\d\d)(?!\d)")
_PROGRAMMES = {
    "uudistuva ja osaava suomi": "2021-2027",
    "kestävää kasvua ja työtä": "2014-2020",
    "innovation and skills in finland": "2021-2027",
    "ett förnybart och kunnigt finland": "2021-2027",
}


def programme(text: str) -> Mention | None:
    """Find the programme period a document speaks of: its years, its name, or a fund that only one period has."""
    for match in _PERIOD.finditer(text):
        period = f"{match[1]}-{match[2]}"
        if period in PERIODS:
            return Mention(period, *match.span())
    for name, period in _PROGRAMMES.items():
        named = re.search(re.escape(name).replace(r"\ ", r"\s+"), text, re.IGNORECASE)
        if named:
            return Mention(period, *named.span())
    old = next(iter(phrases.find("programme.2014", text)), None)
    if old:
        return Mention("2014-2020", old.start, old.end)
    new = [(one.start, one.end) for one in funds(text) if one.value == "ESR+" or text[one.start : one.end] == "JTF"]
    new += [(cue.start, cue.end) for cue in phrases.find("system.name", text) if "2021" in cue.words]
    return Mention("2021-2027", *min(new)) if new else None
