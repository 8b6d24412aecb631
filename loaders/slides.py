"""Esitys: slides on one national theme; the theme's name may stand nowhere in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from loaders import fields
from loaders.document.lines import Document
from loaders.draft import Draft
from loaders.names import Registry, repair, slug
from loaders.names.bodies import authorities, ministries
from loaders.prose import Prose
from loaders.prose.announcements import announcements
from loaders.prose.contacts import Reader, contacts
from loaders.prose.coordination import coordination
from loaders.prose.funding import funding
from loaders.prose.held import held
from loaders.prose.outline import content
from loaders.prose.programme import fund_of, programme
from loaders.prose.tallies import tallies
from loaders.records import (
    About,
    MinistryRole,
    PartialDate,
    Reading,
    Record,
    Stated,
    Text,
    Theme,
)

NAME = "slides"

_TITLE = re.compile(
    r"(?:(?<!\s)\s+)?Valtakunnallinen(?=\s)(?:\s+(?P<fund>ESR\+?|EAKR|JTF))?[\s-]*teema\b:?\s*(?P<name>[^•\n]*)"
)
_MINISTRY = re.compile(r"vastuuministeri\w+|vastuullinen\s+ministeriö|ohjaava\s+ministeriö", re.IGNORECASE)
_FUNDER = re.compile(r"rahoittaja\w*|rahoittava\s+viranomainen|välittävä\s+toimielin", re.IGNORECASE)
_CONTACTS = re.compile(r"Yhteystiedot|Yhteyshenkilöt?")
_SLIDES = (
    re.compile(r"Teeman\s+(?:toiminnan\s+)?tavoitteet"),
    re.compile(r"Teeman\s+sisällöt|Alateemat"),
    re.compile(r"Teeman\s+hankehaut|Hankehaut\b"),
    re.compile(r"Teemasta\s+rahoitetut\s+hankkeet|Käynnissä\s+olevien\s+hankkeiden"),
    _CONTACTS,
)
_SUB_THEMES = re.compile(r"(?:Teeman\s+sisällöt\s+)?Alateemat:?\s+")
_END = re.compile(r"Teeman\s+hanke(?:haut|haku)|Teemasta\s+rahoitet|Käynnissä\s+olev|Yhteystiedot|Yhteyshenkilö")
_ANAPHORA = re.compile(r"\s*(?:Näi(?:tä|hin|stä|den)|Nii(?:hin|stä|tä)|Tä(?:mä|ssä|hän)|Se|Ne|Lisäksi|Otetaan)\b")
_KIND = re.compile(r"(?:esitys|esittely|kalvot|diat|slides|presentation|teema|esr|eakr|jtf|valtakunnallinen|\d+)$")
_PAST = re.compile(r"päättyneestä|toteutet|käynnist(?:yi|etty)|tällä\s+hetkellä")


def recognises(document: Document) -> float:
    """Slides are a title slide of points on one theme, then slides whose titles begin with the word for theme."""
    text = "\n".join(line.text for line in content(document))
    head = text[:400]
    title = _TITLE.match(head.lstrip())
    points = len(re.findall(r"(?:^|\s)•\s", text))
    slides = sum(bool(pattern.search(text)) for pattern in _SLIDES)
    responsible = bool(_MINISTRY.search(text[:1500]))
    if title and responsible and points >= 2:
        return min(1.0, 0.5 + 0.1 * slides)
    return 0.1 * slides if title or responsible else 0.05 * slides


def parse(document: Document) -> Reading:
    """Read slides."""
    reader = _Slides(document, content(document))
    reader.read()
    return reader.reading()


@dataclass(slots=True)
class _Slides(Draft):
    """The slides being read."""

    prose: Prose = field(init=False)

    def read(self) -> None:
        """Read the theme and everything about it."""
        self.prose = Prose.of(self.lines)
        name = self._name()
        self.title, self.period = name.value.text, programme(self.prose)
        theme, date = name.value.text, self._date()
        money = funding(self.prose, theme, date)
        projects = coordination(self.prose, theme)
        calls = announcements(self.prose, theme, [])
        earlier = held(self.prose, theme, calls.calls)
        self.records = [
            Theme(
                name=name,
                programme=self.period,
                fund=self._fund(),
                ministries=tuple(self._ministries()),
                intermediate_bodies=tuple(self._bodies()),
                sub_themes=tuple(self._sub_themes()),
                coordinated_by=tuple(Stated(p.key, p.name.origin) for p in projects.projects),
            ),
            *money.money,
            *projects.projects,
            *projects.participations,
            *calls.calls,
            *earlier.calls,
            *tallies(self.prose, About("theme", theme), date),
            *self._people(theme),
        ]
        self.left_out += [*money.left_out, *calls.left_out, *earlier.left_out]

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        self.title = self.document.title or self.title
        return self.close(NAME, reference_date=self._date())

    def _name(self) -> Stated[Text]:
        """The theme's name: printed on the title slide, else the known theme whose words the slides and their file's

        name share, else what the file is called. Where it is not printed, the coverage report says so.
        """
        title = _TITLE.search(self.prose.text[:400])
        if title and (printed := title["name"].strip(" :–-")):
            return self.prose.stated(Text(repair(printed)), *title.span("name"))
        found = _known_theme(self.prose, self.document)
        if found is None:
            found = _called(self.prose, self.document), 0, title.end() if title else min(60, len(self.prose.text))
        name, start, end = found
        reason = f"theme-name-from-file: {name}"
        known = Registry.load().theme(name) is not None
        self.left_out.append(self.prose.left_out(start, end, reason, understood=known))
        return self.prose.stated(Text(name), start, end)

    def _fund(self) -> Stated[str] | None:
        title = _TITLE.search(self.prose.text[:400])
        if not title or not title["fund"]:
            return None
        notation = fund_of(title["fund"], self.period.value if self.period else None)
        return self.prose.stated(notation, *title.span("fund"))

    def _ministries(self) -> Iterator[Stated[MinistryRole]]:
        for match in _MINISTRY.finditer(self.prose.text):
            end = _line_end(self.prose.text, match.end())
            found = ministries(self.prose.text, match.end(), end)
            for body in found:
                role = MinistryRole(body.name, lead=len(found) == 1)
                yield self.prose.stated(role, match.start(), body.end)

    def _bodies(self) -> Iterator[Stated[str]]:
        for match in _FUNDER.finditer(self.prose.text):
            for body in authorities(self.prose.text, match.end(), match.end() + 80)[:1]:
                if "•" not in self.prose.text[match.end() : body.start]:
                    yield self.prose.stated(body.name, body.start, body.end)

    def _sub_themes(self) -> Iterator[Stated[str]]:
        """The sentences of the slide on sub-themes: its list marks are lost, so a sentence is a sub-theme."""
        start = _SUB_THEMES.search(self.prose.text)
        if start is None:
            return
        end = _END.search(self.prose.text, start.end())
        limit = end.start() if end else len(self.prose.text)
        for low, high in self.prose.sentences():
            low = max(low, start.end())
            words = self.prose.text[low : min(high, limit)].strip(" \n•")
            if not words or low >= limit or high <= start.end() or _ANAPHORA.match(words):
                continue
            low = self.prose.text.index(words, low)
            yield self.prose.stated(repair(words).rstrip("."), low, low + len(words))

    def _people(self, theme: str) -> Iterator[Record]:
        heads = list(_CONTACTS.finditer(self.prose.text))
        if not heads:
            return
        reader = Reader(self.prose, inline=True, start=heads[-1].end())
        yield from contacts(reader, About("theme", theme))
        self.left_out += reader.left_out

    def _date(self) -> PartialDate | None:
        """The year the slides were made in: the last one they tell of as past (no date is printed)."""
        years = []
        for start, end in self.prose.sentences():
            if _PAST.search(self.prose.text, start, end):
                words = self.prose.text[start:end]
                years += [date.value[:4] for date in fields.dates(words)]
                years += [p.end[:4] for p in fields.periods(words) if p.end and len(p.end) > 4]
        return max(years, default=None)


def _line_end(text: str, start: int) -> int:
    """Where a point of a slide ends."""
    stop = re.compile(r"•|\.\s|rahoittaj").search(text, start)
    return stop.start() if stop else len(text)


def _known_theme(prose: Prose, document: Document) -> tuple[str, int, int] | None:
    """The one known theme whose first words the slides repeat; the name the file goes by counts most."""
    called = slug(f"{document.title or ''} {document.id}")
    best: dict[str, tuple[int, str, int, int]] = {}
    for entry in Registry.load().themes.values():
        for name in (entry.labels.get("fi"), *entry.others):
            pattern = _leading_words(name) if name else None
            if not name or pattern is None:
                continue
            found = list(pattern.finditer(prose.text))
            told = pattern.search(called.replace("-", " ")) or _shares(called, name) or _whole(prose.text, name)
            score = len(found) + (6 if told else 0)
            if found and score > best.get(entry.key, (1, "", 0, 0))[0]:
                best[entry.key] = (score, entry.labels.get("fi", name), *found[0].span())
    ranked = sorted(best.values(), reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1:]


def _leading_words(name: str) -> re.Pattern[str] | None:
    """The first two telling words of a name, in any case form."""
    words = name.split()
    telling = [index for index, word in enumerate(words) if len(word) > 3][:2]
    if len(telling) < 2:
        return None
    stems = [re.escape(word[: max(4, len(word) - 3)]) + r"\w*" for word in words[: telling[1] + 1]]
    return re.compile(r"\b" + r",?\s+".join(stems), re.IGNORECASE)


def _whole(text: str, name: str) -> bool:
    """Whether the slides print a theme's whole name."""
    return re.search(r"\s+".join(map(re.escape, name.split())), text, re.IGNORECASE) is not None


def _shares(called: str, name: str) -> bool:
    """Whether the name a file goes by begins with the first two words of a theme's."""
    return "-".join(slug(name).split("-")[:2]) in called


def _called(prose: Prose, document: Document) -> str:
    """What the file is called, without the words for its kind and its year; letters as the slides print them."""
    words = re.split(r"[\s_-]+", document.title or document.id)
    while words and _KIND.match(words[-1].lower()):
        words.pop()
    wanted = slug(" ".join(words))
    tokens = list(re.finditer(r"[^\W\d_][\w-]*", prose.text))
    for first in range(len(tokens) - len(words) + 1):
        span = prose.text[tokens[first].start() : tokens[first + len(words) - 1].end()] if words else ""
        if span and slug(span) == wanted:
            return repair(span)[:1].upper() + repair(span)[1:]
    return " ".join(words).capitalize() or document.id
