"""What running text says of the projects of a list: which of them coordinate, who leads them, when they begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from loaders import phrases
from loaders.names.parts import split
from loaders.reading.page import Page
from loaders.records import About, Money, Participation, Project, Record, Stated, Text
from loaders.values.dates import Date, dates, periods

_LOW = r"[a-zåäö]{1,12}"
_REACH = 60
_CLAUSE = re.compile(r"\s+(?:ja|och|and)\s+(?=[A-ZÅÄÖ])|,\s+(?:sillä|ty|since)\s+")
_SHORT = re.compile(r"\b([A-ZÅÄÖ]{3,})-?\s?(?=koordin|samordn|coordin)", re.IGNORECASE)


def name_pattern(name: str) -> str:
    """Give the source of a pattern for a name, wherever lines break and whichever dash is printed."""
    return r"\s+".join(re.sub(r"(?:\\-|–|—)", "[-–—]", re.escape(word)) for word in name.split())


@dataclass(slots=True)
class Listed:
    """A project of a list with its participations and sums, and the running text of the theme that lists it."""

    project: Project
    others: list[Record]
    theme: str
    texts: Sequence[Page]
    """Pages of running text: the cells of contacts first, then the parts of the theme's description."""

    @property
    def name(self) -> str:
        """The name as printed."""
        return self.project.name.value.text

    def rename(self, key: str) -> None:
        """Give the project another key, where another theme has one of the same name."""
        self.project = replace(self.project, key=key)
        for number, one in enumerate(self.others):
            if isinstance(one, Participation):
                self.others[number] = replace(one, project=key)
            elif isinstance(one, Money):
                self.others[number] = replace(one, about=About("project", key))

    def date(self, stated: Stated[str], *, end: bool) -> None:
        """Take the start or the end of the project; the first one stated stays."""
        if end and self.project.end is None:
            self.project = replace(self.project, end=stated)
        elif not end and self.project.start is None:
            self.project = replace(self.project, start=stated)

    @property
    def acronym(self) -> str | None:
        """The short name, where one is printed."""
        return self.project.acronym.value if self.project.acronym else None


def complete(listed: Sequence[Listed]) -> None:
    """Add to listed projects what running text says of them."""
    for one in listed:
        if one.project.coordination is None:
            one.project = replace(one.project, coordination=_coordination(one))
        if one.project.coordination and not any(isinstance(p, Participation) and p.role for p in one.others):
            one.others = [_with_role(one, p) if isinstance(p, Participation) else p for p in one.others]
    themes = dict.fromkeys(one.theme for one in listed)
    for theme in themes:
        texts = next(one.texts for one in listed if one.theme == theme)
        for page in texts:
            for low, high in page.outline.text.sentences():
                for one, end, stated in _dates(page, low, high, theme, listed):
                    one.date(stated, end=end)


def _coordination(one: Listed) -> Stated[bool] | None:
    """Where a text calls a project the coordination project, or its own name says that it coordinates."""
    named = next(iter(phrases.find("noun.coordinates", one.name)), None)
    if named and named.end == len(one.name):
        return Stated(True, one.project.name.origin)
    name, noun, theme = name_pattern(one.name), _bare("noun.coordinates"), phrases.cues()["noun.theme"].pattern
    behind = rf"(?<!\w){name}\s*[-–]?\s?(?:{theme}\s+)?{noun}"
    says = re.compile(rf"{behind}|(?<![\w-]){noun}\s+{name}(?!\w)", re.IGNORECASE)
    for page in _naming(one.texts, one.name):
        match = says.search(page.text)
        if match:
            return Stated(True, page.origin(*match.span()))
    return None


def _naming(texts: Sequence[Page], name: str) -> Iterator[Page]:
    """The pages that hold the first word of a name."""
    word = name.split()[0].casefold()
    return (page for page in texts if word in _low(page.text))


@lru_cache(maxsize=256)
def _low(text: str) -> str:
    return text.casefold()


def _bare(concept: str) -> str:
    """The source of a concept's pattern that may also stand behind a hyphen."""
    return phrases.cues()[concept].pattern.removeprefix(r"(?<![\w-])")


def _with_role(one: Listed, part: Participation) -> Participation:
    """The lead that running text names: ``koordinaatiohankkeen päätoteuttaja on …``."""
    lead = phrases.pattern("lists", "lead").pattern
    says = re.compile(rf"{lead}\s+{_LOW}\s+{name_pattern(part.organisation.value)}(?![\w-])", re.IGNORECASE)
    for page in _naming(one.texts, part.organisation.value):
        match = says.search(page.text)
        if match:
            return replace(part, role=Stated("lead", page.origin(*match.span())))
    return part


# dates


def _dates(
    page: Page, low: int, high: int, theme: str, listed: Sequence[Listed]
) -> Iterator[tuple[Listed, bool, Stated[str]]]:
    """The starts and ends that a sentence gives, clause by clause; a clause without a verb goes on with the one before."""
    kind: str | None = None
    text = page.text
    bounds = [low, *(low + m.start() for m in _CLAUSE.finditer(text[low:high])), high]
    for start, end in pairwise(bounds):
        cues = [
            (c.start, c.end, k) for k in ("project.began", "project.ended") for c in phrases.find(k, text, start, end)
        ]
        cut = min(cues, default=None)
        kind = cut[2] if cut else kind
        if kind is None:
            continue
        who = _who(text[start : cut[0] if cut else end], theme, listed)
        when = _when(page, low, cut[1] if cut else start, end) if who else None
        if who and when:
            yield who, kind == "project.ended", when


def _who(said: str, theme: str, listed: Sequence[Listed]) -> Listed | None:
    """The project a clause is about: named, or the theme's coordination project, or the theme's only one."""
    own = [one for one in listed if one.theme == theme]
    if not re.search(_bare("noun.coordinates"), said, re.IGNORECASE):
        only = own[0] if len(own) == 1 else None
        return only if only and phrases.says("project.which", said) else None
    coordinating = [one for one in listed if one.project.coordination]
    coordinating.sort(key=lambda one: (one.theme != theme, -len(one.name)))
    named = next((one for one in coordinating if _is_named(one, said)), None)
    mine = [one for one in coordinating if one.theme == theme]
    bare = phrases.pattern("lists", "coordination").search(said)
    return named or (mine[0] if bare and len(mine) == 1 else None)


def _is_named(one: Listed, said: str) -> bool:
    words = " ".join(said.split())
    stem = one.name
    last = next(iter(phrases.find("noun.coordinates", stem)), None)
    stem = stem[: last.start] if last and last.end == len(stem) else stem
    if re.search(name_pattern(stem.strip(" -–")), words, re.IGNORECASE):
        return True
    return any(
        short.upper() == short and (short == one.acronym or _abbreviates(short, one.name))
        for short in _SHORT.findall(words)
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


def told(page: Page, theme: str) -> Listed | None:
    """The coordination project that only running text names, with those who carry it out."""
    text = page.text
    lead_label, partner_label = (phrases.pattern("lists", role).pattern for role in ("lead", "partner"))
    partners = rf",?\s+(?-i:(?:{_LOW}\s+)?){partner_label}\s+(?-i:(?:{_LOW}\s+)?(?P<partners>[A-ZÅÄÖ][^.]+))"
    lead = re.search(rf"{lead_label}\s+{_LOW}\s+(?P<lead>[^.]+?)(?:{partners})?\.(?=\s|$)", text, re.IGNORECASE)
    noun = _bare("noun.coordinates")
    called = re.search(
        rf"(?P<acronym>[A-ZÅÄÖ]\w+)\s+{phrases.cues()['name.or'].pattern}\s+(?P<name>[A-ZÅÄÖ][^.:;]{{3,120}}?)\s+-(?i:{noun})",
        text,
    ) or re.search(rf"(?P<name>(?P<acronym>[A-ZÅÄÖ]\w+)-(?i:{noun}))", text)
    if lead is None or called is None:
        return None
    name = " ".join(called["name"].split())
    short = called["acronym"] if called["acronym"] not in called["name"] else None
    others: list[Record] = []
    for group, role in (("lead", "lead"), ("partners", "partner")):
        low = lead.start(group)
        for piece in split(lead[group] or ""):
            said = page.origin(lead.start() if role == "lead" else lead.end("lead"), lead.end(group))
            stated = Stated(role, said)
            others.append(Participation(name, page.stated(piece.name, low + piece.start, low + piece.end), stated))  # type: ignore[arg-type]
    project = Project(
        name,
        Stated(Text(name, page.language), page.origin(*called.span("name"))),
        theme,
        acronym=page.stated(short, *called.span("acronym")) if short else None,
        coordination=Stated(True, page.origin(*called.span())),
        group=len(others) > 1,
    )
    return Listed(project, others, theme, ())


def coordinated_by(listed: Iterable[Listed], theme: str, contacts: Page | None) -> tuple[Stated[str], ...]:
    """The coordination projects of a theme: those it lists, and those of other themes that its contacts name."""
    found: dict[str, Stated[str]] = {}
    for one in listed:
        if one.project.coordination is None:
            continue
        if one.theme == theme:
            found[one.project.key] = Stated(one.project.key, one.project.coordination.origin)
        elif contacts:
            short = rf"|\b{re.escape(one.acronym)}\s?-\s?{_bare('noun.coordinates')}" if one.acronym else ""
            match = re.search(name_pattern(one.name) + short, contacts.text, re.IGNORECASE)
            if match:
                found.setdefault(one.project.key, Stated(one.project.key, contacts.origin(*match.span())))
    return tuple(found.values())


__all__ = ["Listed", "complete", "coordinated_by", "name_pattern", "told"]
