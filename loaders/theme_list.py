"""Teemaluettelo: a page that lists national themes, as bullets with their ministries or as quoted names in its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.document.lines import Document
from loaders.draft import Draft
from loaders.names import Registry, repair
from loaders.names.bodies import authorities, ministries
from loaders.prose import Prose
from loaders.prose.bullets import BULLET, items
from loaders.prose.entries import entry
from loaders.prose.funding import leads
from loaders.prose.outline import content
from loaders.prose.programme import fund_of, programme
from loaders.prose.tabled import tabled
from loaders.prose.tongues import guess
from loaders.records import (
    LeftOut,
    MinistryRole,
    Reading,
    Stated,
    Text,
    Theme,
)

NAME = "theme_list"

_TITLE = re.compile(
    r"(?:valtakunnalliset\s+teemat|riksomfattande\s+teman|landsomfattande\s+teman|nationella\s+teman|national\s+themes)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"välittävä\w{0,30}\s+toimielim.{0,500}teem|intermediate\s+body\s+for.{0,500}theme|förmedlande\s+organ\s+för.{0,500}tema",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"[”“\"](?P<name>[A-ZÅÄÖ][^”“\"]{3,200})[”“\"]")
_THEME = re.compile(r"teem\w+|tema(?:t|n|na)?\b|themes?\b|kehittämistoimenpite\w+|utvecklingsåtgärd\w+", re.IGNORECASE)
_SAME = re.compile(r"\s*(?:Temat|Teeman?|The\s+theme)\s+(?:har|on|ovat|has|was|is)\b")
_FUND = re.compile(r"(?<!\w)(?P<fund>EAKR|ESR\+?|JTF|ERDF|ESF\+?|ERUF|FRO)(?!\w)")


def recognises(document: Document) -> float:
    """A list of themes is headed by the words for national themes and lists themes, bulleted or quoted."""
    lines = content(document)
    kept = [line.text.strip() for line in lines if line.text.strip()]
    title = next((line for line in kept[:3] if _TITLE.match(line) and len(line) < 60), None)
    bullets = sum(entry(item.prose, "fi") is not None for item in items(lines) if item.bullet)
    quoted = len(_QUOTED.findall(" ".join(kept)))
    lead = any(_LEAD.search(line) for line in kept)
    listed = sum(item.bullet for item in items(lines)) if lead else sum(1 for _ in tabled(lines, "fi", None))
    if title:
        return 0.9 if bullets or quoted > 1 or listed > 1 else 0.35
    return 0.7 if lead and bullets > 1 else 0.0


def parse(document: Document) -> Reading:
    """Read a list of themes."""
    reader = _List(document, content(document))
    reader.read()
    return reader.reading()


class _List(Draft):
    """The list being read."""

    def read(self) -> None:
        """Read the bulleted themes, then those named in quotes."""
        prose = Prose.of(self.lines, paragraphs=True)
        self.lang, self.period = guess(prose.text), programme(prose)
        found = [*self._bulleted(), *tabled(self.lines, self.lang, self.period), *self._quoted(prose)]
        by_name: dict[str, Theme] = {}
        for theme in found:
            by_name.setdefault(theme.name.value.text.casefold(), theme)
        self.records += by_name.values()

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        self.title = self.first_line()
        return self.close(NAME)

    def _bulleted(self) -> Iterator[Theme]:
        body: Stated[str] | None = None
        led = False
        last = max((line.number for line in self.lines if line.text.strip()), default=0)
        for item in items(self.lines):
            prose = item.prose
            if not item.bullet:
                leading = _leading_body(prose)
                body, led = leading or body, leading is not None
                continue
            found = entry(prose, self.lang)
            if found is None:
                bare = self._bare(prose) if led and item.lines[-1].number != last else None
                self.left_out += [_no_theme(prose)] if led and bare is None else []
                if bare:
                    yield Theme(name=bare, programme=self.period, intermediate_bodies=(body,) if body else ())
                continue
            own = found.body or body
            yield Theme(
                name=found.name,
                programme=self.period,
                ministries=found.ministries,
                intermediate_bodies=(own,) if own else (),
            )

    def _bare(self, prose: Prose) -> Stated[Text] | None:
        """A theme listed without its ministries: one that is known, or one of a list that names none."""
        found = _bare(prose, self.lang)
        known = found is not None and Registry.load().theme(found.value.text) is not None
        others = any(entry(item.prose, self.lang) for item in items(self.lines) if item.bullet)
        return found if known or not others else None

    def _quoted(self, prose: Prose) -> Iterator[Theme]:
        """Themes in quotes, sentence by sentence: what a sentence says of its themes it says of each."""
        spans = list(prose.sentences())
        for index, (start, end) in enumerate(spans):
            names = list(_QUOTED.finditer(prose.text, start, end))
            if not names or not _THEME.search(prose.text, start, end):
                continue
            roles = self._roles(prose, start, end)
            following = spans[index + 1] if index + 1 < len(spans) else None
            if not roles and len(names) == 1 and following and _SAME.match(prose.text, *following):
                roles = self._roles(prose, *following)
            fund = self._fund(prose, start, end)
            for name in names:
                text = Text(repair(name["name"]).rstrip(",."), self.lang)
                yield Theme(
                    prose.stated(text, *name.span("name")), programme=self.period, fund=fund, ministries=tuple(roles)
                )

    @staticmethod
    def _roles(prose: Prose, start: int, end: int) -> list[Stated[MinistryRole]]:
        found = ministries(prose.text, start, end)
        return leads([prose.stated(MinistryRole(one.name), one.start, one.end) for one in found])

    def _fund(self, prose: Prose, start: int, end: int) -> Stated[str] | None:
        match = _FUND.search(prose.text, start, end)
        if match is None:
            return None
        notation = fund_of(match["fund"], self.period.value if self.period else None)
        return prose.stated(notation, *match.span("fund"))


def _bare(prose: Prose, lang: str) -> Stated[Text] | None:
    """A theme listed without its ministries; what ends in brackets of other words, or as a sentence does, is none."""
    mark = BULLET.match(prose.text)
    start = mark.end() if mark else 0
    words = prose.text[start:].rstrip(" ;,")
    if words.endswith((")", ".", ":")) or len(words) < 8 or not words[:1].isupper():
        return None
    return prose.stated(Text(repair(words), lang), start, start + len(words))


def _no_theme(prose: Prose) -> LeftOut:
    mark = BULLET.match(prose.text)
    start = mark.end() if mark else 0
    return prose.left_out(start, len(prose.text), "entry-without-ministry", understood=False)


def _leading_body(prose: Prose) -> Stated[str] | None:
    """The authority that a lead-in names as the intermediate body of the themes listed below it."""
    for start, end in prose.sentences():
        if _LEAD.search(prose.text[start:end]) and (found := authorities(prose.text, start, end)):
            return prose.stated(found[0].name, found[0].start, found[0].end)
    return None
