"""What running text says of the projects of a list: which of them coordinate, who leads them, when they begin and end."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from loaders import phrases
from loaders.blocks import Bounds
from loaders.reading import bodies
from loaders.reading.page import Page
from loaders.reading.project_drafts import Draft
from loaders.reading.project_statements import take_roles
from loaders.records import Stated
from loaders.values.dates import Date, dates, periods

_LOW = r"[a-zåäö]{1,12}"
_REACH = 60
_CLAUSE = re.compile(rf"\s+{phrases.AND}\s+(?=[A-ZÅÄÖ])|,\s+(?:sillä|ty|since)\s+")
_COORDINATES = phrases.whole_words("cues", "noun.coordinates").removeprefix(r"(?<![\w-])")
"""The source of a pattern for the noun of a coordination project, which may stand behind a hyphen."""
_BEFORE_NAME = re.compile(rf"(?<![\w-]){_COORDINATES}\s+$", re.IGNORECASE)
_BEHIND_NAME = re.compile(
    rf"\s*[-–]?\s?(?:{phrases.whole_words('cues', 'noun.theme')}\s+)?{_COORDINATES}", re.IGNORECASE
)
_SHORT = re.compile(r"\b([A-ZÅÄÖ]{3,})-?\s?(?=koordin|samordn|coordin)", re.IGNORECASE)


def name_pattern(name: str) -> str:
    """Give the source of a pattern for a name, wherever lines break and whichever dash is printed."""
    return r"\s+".join(re.sub(r"(?:\\-|–|—)", "[-–—]", re.escape(word)) for word in name.split())


def _words(page: Page, draft: Draft) -> str:
    return " ".join(page.words(draft.name or (0, 0)).split())


def complete(page: Page, drafts: Sequence[Draft], texts: Mapping[str, Sequence[Bounds]]) -> None:
    """Add to the listed projects of themes what the running ``texts`` of each theme say of them."""
    for draft in drafts:
        own = texts[_theme(draft)]
        draft.coordination = draft.coordination or _coordination(page, draft, own)
        if draft.coordination and not any(body.role for body in draft.bodies):
            draft.bodies = [_with_role(page, body, own) for body in draft.bodies]
    for theme in dict.fromkeys(map(_theme, drafts)):
        for sentence in (sentence for text in texts[theme] for sentence in page.sentences(text)):
            for draft, ends, stated in _dates(page, sentence, theme, drafts):
                if ends:
                    draft.end = draft.end or stated
                else:
                    draft.start = draft.start or stated


def _theme(draft: Draft) -> str:
    return draft.theme.value if draft.theme else ""


def _coordination(page: Page, draft: Draft, texts: Sequence[Bounds]) -> Stated[bool] | None:
    """Where a text calls a project the coordination project, or its own name says that it coordinates."""
    words = _words(page, draft)
    named = next(iter(phrases.find("noun.coordinates", words)), None)
    if named and named.end == len(words):
        return Stated(True, page.origin(*(draft.name or (0, 0))))
    name = re.compile(rf"(?<!\w){name_pattern(words)}", re.IGNORECASE)
    for low, high in texts:
        for match in name.finditer(page.text, low, high):
            start, end = match.span()
            noun = _BEFORE_NAME.search(page.text, max(low, start - _REACH), start)
            if noun and not page.text[end : end + 1].isalnum():
                return Stated(True, page.origin(noun.start(), end))
            if after := _BEHIND_NAME.match(page.text, end, high):
                return Stated(True, page.origin(start, after.end()))
    return None


def _search(page: Page, pattern: str, texts: Sequence[Bounds]) -> re.Match[str] | None:
    """Find a pattern, in any case, in the first text that holds it."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return next((match for text in texts if (match := compiled.search(page.text, *text))), None)


def _with_role(page: Page, body: bodies.Body, texts: Sequence[Bounds]) -> bodies.Body:
    """The lead that running text names: ``koordinaatiohankkeen päätoteuttaja on …``."""
    lead = phrases.whole_words("lists", "lead")
    match = _search(page, rf"{lead}\s+{_LOW}\s+{name_pattern(body.name)}(?![\w-])", texts)
    return replace(body, role="lead", role_span=match.span()) if match else body


# dates


def _dates(
    page: Page, sentence: Bounds, theme: str, drafts: Sequence[Draft]
) -> Iterator[tuple[Draft, bool, Stated[str]]]:
    """The starts and ends that a sentence gives, clause by clause; a clause without a verb goes on with the one before."""
    kind: str | None = None
    text, (low, high) = page.text, sentence
    for start, end in pairwise([low, *(m.start() for m in _CLAUSE.finditer(text, low, high)), high]):
        cues = [
            (c.start, c.end, k) for k in ("project.began", "project.ended") for c in phrases.find(k, text, start, end)
        ]
        cut = min(cues, default=None)
        kind = cut[2] if cut else kind
        if kind is None:
            continue
        who = _who(page, text[start : cut[0] if cut else end], theme, drafts)
        when = _when(page, low, cut[1] if cut else start, end) if who else None
        if who and when:
            yield who, kind == "project.ended", when


def _who(page: Page, said: str, theme: str, drafts: Sequence[Draft]) -> Draft | None:
    """The project a clause is about: named, or the theme's coordination project, or the theme's only one."""
    own = [one for one in drafts if _theme(one) == theme]
    if not re.search(_COORDINATES, said, re.IGNORECASE):
        return own[0] if len(own) == 1 and phrases.says("project.which", said) else None
    coordinating = [one for one in drafts if one.coordination]
    coordinating.sort(key=lambda one: (_theme(one) != theme, -len(_words(page, one))))
    named = next((one for one in coordinating if _is_named(page, one, said)), None)
    own = [one for one in own if one.coordination]
    bare = phrases.pattern("lists", "coordination").search(said)
    return named or (own[0] if bare and len(own) == 1 else None)


def _is_named(page: Page, draft: Draft, said: str) -> bool:
    words, name = " ".join(said.split()), _words(page, draft)
    last = next(iter(phrases.find("noun.coordinates", name)), None)
    stem = name[: last.start] if last and last.end == len(name) else name
    if re.search(name_pattern(stem.strip(" -–")), words, re.IGNORECASE):
        return True
    acronym = draft.acronym.value if draft.acronym else None
    return any(
        short.upper() == short and (short == acronym or _abbreviates(short, name)) for short in _SHORT.findall(words)
    )


def _abbreviates(acronym: str, name: str) -> bool:
    """``MEVELA`` is made of the first letters of the first words of ``Metsien, vesien ja lajien …``."""
    rest = acronym.casefold()
    for word in re.findall(r"\w+", name.casefold()):
        if not rest:
            break
        length = next((n for n in range(min(3, len(rest)), 0, -1) if word.startswith(rest[:n])), 0)
        if not length and len(word) > 4:
            return False
        rest = rest[length:]
    return not rest and len(acronym) > 3


def _when(page: Page, low: int, after: int, end: int) -> Stated[str] | None:
    """The date next to the verb; ``vuoden lopussa`` has its year from the words before."""
    text = page.text[after : min(end, after + _REACH)]
    found = dates(text, years=True)
    found += [Date(p.end, p.words, *p.span) for p in periods(text, open_ended=True) if p.end and not p.start]
    first = min(found, key=lambda date: date.start, default=None)
    years_end = next(iter(phrases.find("time.year_end", text)), None)
    if first and (years_end is None or first.start <= years_end.end):
        return page.stated(first.value, after, after + first.end)
    before = dates(page.text[low:after], years=True) if years_end else []
    if years_end is None or not before:
        return None
    return page.stated(before[-1].value[:4], low + before[-1].start, after + years_end.end)


# a project that no list shows


def told(page: Page, low: int, high: int) -> Draft | None:
    """The coordination project that only the running text of a span names, with those who carry it out."""
    other = phrases.whole_words("cues", "name.or")
    named = (
        rf"(?P<acronym>[A-ZÅÄÖ]\w+)\s+{other}\s+(?P<name>[A-ZÅÄÖ][^.:;]{{3,120}}?)\s+-(?i:{_COORDINATES})",
        rf"(?P<name>(?P<acronym>[A-ZÅÄÖ]\w+)-(?i:{_COORDINATES}))",
    )
    called = next(filter(None, (re.compile(one).search(page.text, low, high) for one in named)), None)
    led = next((one for one in page.sentences((low, high)) if phrases.says("role.lead", page.text, *one)), None)
    if called is None or led is None:
        return None
    draft = Draft(called.span("name"), coordination=Stated(True, page.origin(*called.span())))
    if called["acronym"] not in called["name"]:
        draft.acronym = page.stated(called["acronym"], *called.span("acronym"))
    take_roles(page, draft, *led)
    draft.group = len(draft.bodies) > 1
    return draft if draft.bodies else None


def coordinated_by(
    page: Page, drafts: Sequence[tuple[str, Draft]], theme: str, contacts: Bounds
) -> Iterator[Stated[str]]:
    """The coordination projects of a theme by their keys: those it lists, and those of others that its contacts name."""
    for key, draft in drafts:
        if draft.coordination is None:
            continue
        if _theme(draft) == theme:
            yield Stated(key, draft.coordination.origin)
        else:
            acronym = draft.acronym.value if draft.acronym else None
            short = rf"|\b{re.escape(acronym)}\s?-\s?{_COORDINATES}" if acronym else ""
            if match := _search(page, name_pattern(_words(page, draft)) + short, [contacts]):
                yield Stated(key, page.origin(*match.span()))
