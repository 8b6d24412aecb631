"""Toimenpidekokonaisuuden sivu: a page of 2014-2020 on one set of measures (the national themes of that period) or several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from loaders.document.lines import Document
from loaders.draft import Draft
from loaders.names import repair
from loaders.names.bodies import authorities, ministries
from loaders.prose import Prose
from loaders.prose.announcements import announcements
from loaders.prose.contents import target_groups
from loaders.prose.coordination import coordination
from loaders.prose.funding import funding, leads
from loaders.prose.listed_projects import listed_projects
from loaders.prose.objectives import objectives
from loaders.prose.outline import content
from loaders.prose.programme import fund_of, programme
from loaders.prose.roles import intermediate_bodies, responsible
from loaders.prose.tallies import tallies
from loaders.records import About, Count, MinistryRole, Reading, Stated, Text, Theme

NAME = "old_theme_page"
PERIOD = "2014-2020"

_SET = re.compile(r"toimenpidekokonaisuu\w+", re.IGNORECASE)
_TITLED = re.compile(r"kokonaisuuden\s+(?:tavoitteena|tarkoituksena)|-kokonaisuu\w+", re.IGNORECASE)
_LISTED = re.compile(r"seuraavissa\s+toimenpidekokonaisuuksissa:\s*(?P<list>[^.]+)", re.IGNORECASE)
_NAMED = re.compile(r"(?P<names>[A-ZÅÄÖ][^.,;:•]{0,200}?)\s+-toimenpidekokonaisuu\w+")
_SECOND = re.compile(r"(?<!\s)\s+(?:ja|sekä)\s+(?=[A-ZÅÄÖ])")
_SENTENCE = re.compile(r".*(?:alueella|viranomaisena|on|toimii)\s+(?=[A-ZÅÄÖ])", re.DOTALL)
_GROUP = re.compile(r"(?P<group>[A-ZÅÄÖ][a-zåäö]+)\s+-teema\b")
_FUND = re.compile(r"(?<!\w)(?P<fund>ESR|EAKR)(?=[\s-]*(?:toimin|hanke|rahoit|hank))")


def recognises(document: Document) -> float:
    """The pages of 2014-2020 speak of sets of measures where later ones speak of themes."""
    lines = [line.text.strip() for line in content(document) if line.text.strip()]
    text = " ".join(lines)
    if not lines or re.search(r"ESR\+|Hankekoodi\s*:|toimielimenä", text) or len(text) > 20_000:
        return 0.0
    sets = len(_SET.findall(text))
    titled = bool(_TITLED.search(text[:600]))
    short = len(lines[0]) < 120 and not lines[0].endswith(".")
    named = short and bool(re.search(rf"{re.escape(lines[0])}\s*(?:-\s?)?kokonaisuu", text, re.IGNORECASE))
    return min(0.9, 0.3 * min(sets, 2) + 0.25 * titled + 0.1 * short + 0.2 * named) if sets or titled else 0.0


def parse(document: Document) -> Reading:
    """Read the page."""
    reader = _Page(document, content(document))
    reader.read()
    return reader.reading()


class _Page(Draft):
    """The page being read."""

    def read(self) -> None:
        """Read the set of measures that the title names, and those that only the text names."""
        first = next((i for i, line in enumerate(self.lines) if line.text.strip()), 0)
        head, prose = Prose.of(self.lines[first : first + 1]), Prose.of(self.lines[first + 1 :], paragraphs=True)
        self.title = repair(head.text)
        self.period = self._period(prose)
        main = self._main(head, prose)
        named = [stated for stated in _names(prose) if main is None or not _same(stated, main.value.text)]
        about = About("theme", main.value.text) if main else None
        projects = coordination(prose, main.value.text if main else None)
        joint = tuple(Stated(p.key, p.name.origin) for p in projects.projects)
        if main and about:
            calls, money = announcements(prose, main.value.text, []), funding(prose, main.value.text, None)
            theme = Theme(
                name=main,
                programme=self.period,
                objectives=tuple(objectives(prose)),
                ministries=tuple(leads([*responsible(prose), *money.ministries])),
                intermediate_bodies=tuple(intermediate_bodies(prose)),
                target_groups=tuple(target_groups(prose)),
                coordinated_by=joint,
            )
            self.records += [theme, *money.money, *calls.calls, *tallies(prose, about, None)]
            self.records += listed_projects(self.lines[first + 1 :], main.value.text)
            self.left_out += [*calls.left_out, *money.left_out]
        group, fund, roles = self._from_title(head)
        for stated in named:
            body = _body(prose, stated)
            self.records.append(
                Theme(
                    name=stated,
                    programme=self.period,
                    group=group,
                    fund=fund,
                    ministries=tuple(roles),
                    intermediate_bodies=(body,) if body else (),
                    coordinated_by=tuple(j for j in joint if _beside(prose, stated, j)),
                )
            )
        self.records += [*projects.projects, *projects.participations]

    def reading(self) -> Reading:
        """What was read, with everything that was not."""
        dates = [r.date for r in self.records if isinstance(r, Count) and r.date]
        return replace(self.close(NAME, reference_date=max(dates, default=None)), programme=PERIOD)

    def _period(self, prose: Prose) -> Stated[str] | None:
        """The period as printed, else by the word that only the pages of 2014-2020 use."""
        printed = programme(prose)
        if printed:
            return printed
        word = _SET.search(prose.text) or _TITLED.search(prose.text)
        return prose.stated(PERIOD, *word.span()) if word else None

    @staticmethod
    def _main(head: Prose, prose: Prose) -> Stated[Text] | None:
        """The title, where the text speaks of it as the set of measures of the page."""
        name = re.escape(head.text.strip())
        if re.search(rf"{name}\s*(?:-\s?)?(?:kokonaisuu|toimenpide)", prose.text, re.IGNORECASE) or (
            _TITLED.search(prose.text) and not _GROUP.search(head.text)
        ):
            return head.stated(Text(repair(head.text)), 0, len(head.text))
        return None

    @staticmethod
    def _from_title(head: Prose) -> tuple[Stated[str] | None, Stated[str] | None, list[Stated[MinistryRole]]]:
        """Group, fund and ministry that the title of a page on several sets gives to each of them."""
        group, fund = _GROUP.search(head.text), _FUND.search(head.text)
        found = ministries(head.text)
        roles = [head.stated(MinistryRole(one.name, lead=len(found) == 1), one.start, one.end) for one in found]
        return (
            head.stated(group["group"], *group.span("group")) if group else None,
            head.stated(fund_of(fund["fund"], PERIOD), *fund.span("fund")) if fund else None,
            roles,
        )


def _names(prose: Prose) -> list[Stated[Text]]:
    """The sets of measures named in the text, each once."""
    found: dict[str, Stated[Text]] = {}
    for start, end in [*_listed(prose), *_suffixed(prose)]:
        words = repair(prose.text[start:end])
        found.setdefault(words.casefold(), prose.stated(Text(words), start, end))
    return list(found.values())


def _listed(prose: Prose) -> Iterator[tuple[int, int]]:
    for match in _LISTED.finditer(prose.text):
        at = match.start("list")
        for piece in re.split(r"(,\s+|(?<!\s)\s+ja\s+(?=[A-ZÅÄÖ]))", match["list"]):
            if piece.strip(" ,") not in ("", "ja"):
                yield at, at + len(piece)
            at += len(piece)


def _suffixed(prose: Prose) -> Iterator[tuple[int, int]]:
    """Names before the word: ``A ja B -toimenpidekokonaisuuksilla`` names two."""
    for match in _NAMED.finditer(prose.text):
        lead = _SENTENCE.match(match["names"])
        at = match.start("names") + (lead.end() if lead else 0)
        for piece in _SECOND.split(prose.text[at : match.end("names")]):
            start = prose.text.index(piece, at)
            yield start, start + len(piece)
            at = start + len(piece)


def _body(prose: Prose, stated: Stated[Text]) -> Stated[str] | None:
    """The authority of the sentence that names a set of measures."""
    for start, end in prose.sentences():
        if stated.value.text in repair(prose.text[start:end]) and re.search(
            r"rahoittaja|toimieli", prose.text[start:end]
        ):
            found = authorities(prose.text, start, end)
            if len(found) == 1:
                return prose.stated(found[0].name, found[0].start, found[0].end)
    return None


def _beside(prose: Prose, stated: Stated[Text], project: Stated[str]) -> bool:
    """Whether one sentence names both a set of measures and a project."""
    return any(
        stated.value.text in repair(prose.text[start:end]) and project.value in repair(prose.text[start:end])
        for start, end in prose.sentences()
    )


def _same(stated: Stated[Text], name: str) -> bool:
    return stated.value.text.casefold() == name.casefold()
