"""What a contact or a count is about: the theme, call or project that stands nearest, else what the page is about."""

from collections.abc import Sequence

from loaders.names import Registry
from loaders.names.registry import fold_theme
from loaders.reading.page import Page
from loaders.reading.theme_drafts import Themes
from loaders.records import About, Call, Project, Record, Theme

_MANY = 12
"""A contact of a page that lists more things than this is for none of them."""


class Subjects:
    """The themes, calls and projects of a page, each with the line it stands on."""

    def __init__(self, page: Page, records: Sequence[Record], themes: Themes) -> None:
        """Take the records that the readers of themes, projects and calls made of the page, and the parts of themes."""
        self._page, self._themes = page, themes
        self._named: list[tuple[int, About]] = []
        for record in records:
            if isinstance(record, Theme):
                self._named.append((record.name.origin.first, About("theme", record.name.value.text)))
            elif isinstance(record, Project):
                self._named.append((record.name.origin.first, About("project", record.key)))
            elif isinstance(record, Call):
                self._named.append((record.label.origin.first, About("call", record.key)))
        self._coordinating = [one for one in records if isinstance(one, Project) and one.coordination]
        self._announced = [(one.label.origin.words, About("call", one.key)) for one in records if isinstance(one, Call)]
        day = page.reference_date
        self._to_come = {c.key for c in records if isinstance(c, Call) and c.opens and day and c.opens.value > day}
        """The calls that had not opened yet."""
        self._named.sort(key=lambda one: one[0])

    def of(self, number: int, *, project: bool = True) -> About | None:
        """Give the one thing a block is about: named in its section, by the title, alone of its kind, or the nearest above.

        ``project`` tells whether it can be a single project.
        """
        kinds = ("project", "call", "theme") if project else ("call", "theme")
        one = self.part(number) or self._nearest(number, kinds)
        return one if one and one.kind in kinds else self._alone("theme") or self._above(number)

    def all(self, number: int, *, theme: bool = False) -> tuple[About, ...]:
        """Give everything a contact is for: the one thing that is meant, else all themes, calls or projects of the page.

        ``theme`` tells that the page's only theme is meant rather than a project of it: the contact coordinates it.
        """
        one = self.part(number) or (self._alone("theme") if theme else None) or self._nearest(number)
        if one:
            return (one,)
        for kind in ("theme", "call", "project"):
            same = tuple(dict.fromkeys(about for _, about in self._named if about.kind == kind))
            if same:
                return same if len(same) <= _MANY else ()
        return ()

    def coordination(self, number: int) -> About | None:
        """Give the only coordination project of the page, or of the part about a theme around a block."""
        part = self.part(number)
        own = [one.key for one in self._coordinating if part is None or one.theme in (None, part.key)]
        return About("project", own[0]) if len(own) == 1 else None

    def calls_above(self, number: int, end: int) -> list[About]:
        """Give the calls named between the heading above a block and a place in the block, in order."""
        low = self._page.section(number)[0]
        first = self._page.origin(low, low + 1).first
        high = low + len(self._page.text[low:end].rstrip())
        last = self._page.origin(high - 1, high).last
        named = [about for line, about in self._named if about.kind == "call" and first <= line <= last]
        return [about for about in named if about.key not in self._to_come]

    def calls_in(self, words: str) -> list[About]:
        """Give the calls that the words of a sentence announce."""
        return [about for announced, about in self._announced if announced in words or words in announced]

    def _nearest(self, number: int, kinds: tuple[str, ...] = ("project", "call", "theme")) -> About | None:
        """What the section of a block is about; right below the page's title, what the page is about."""
        heading = self._page.heading(number)
        title = self._page.title_block
        if heading is not None and title is not None and heading is self._page.blocks[title] and self.whole:
            return self.whole
        return self._in_section(number, kinds) or self.whole

    @property
    def whole(self) -> About | None:
        """What the whole page is about: what its title names, else its only project, only theme or only call."""
        title = self._page.title_block
        if title is not None:
            block = self._page.blocks[title]
            origin = self._page.origin(block.start, block.end)
            named = [about for line, about in self._named if origin.first <= line <= origin.last]
            named += [about for _, about in self._named if about.kind == "theme" and _in_words(about.key, origin.words)]
            if named:
                return named[0]
        return self._alone("project") or self._alone("theme") or self._alone("call")

    def part(self, number: int) -> About | None:
        """The only call of a page that announces it, or the theme that the part of the page around a block is about."""
        if self._page.of_call and (call := self._alone("call")):
            return call
        block = self._page.blocks[number]
        theme = self._themes.at(self._page.origin(block.start, block.end).first)
        return About("theme", theme) if theme else None

    def _alone(self, kind: str) -> About | None:
        same = {about for _, about in self._named if about.kind == kind}
        return same.pop() if len(same) == 1 else None

    def _in_section(self, number: int, kinds: tuple[str, ...] = ("project", "call", "theme")) -> About | None:
        """The one thing of the kinds, the first that has any, named between the heading above a block and the block's end."""
        heading = self._page.heading(number)
        if heading is None:
            return None
        low, _ = self._page.section(number)
        block = self._page.blocks[number]
        first = self._page.origin(low, min(low + 1, block.end)).first
        last = self._page.origin(block.start, block.end).last
        held = dict.fromkeys(about for line, about in self._named if first <= line <= last)
        for kind in kinds:
            same = [about for about in held if about.kind == kind]
            if same:
                return same[0] if len(same) == 1 else None
        return None

    def _above(self, number: int) -> About | None:
        """The call or theme above a block, else the first of the page; a project of a list says nothing of what follows."""
        block = self._page.blocks[number]
        at = self._page.origin(block.start, block.end).first
        for kind in ("call", "theme"):
            same = [(line, about) for line, about in self._named if about.kind == kind]
            above = [about for line, about in same if line <= at]
            if same:
                return above[-1] if above else same[0][1]
        return None


def _in_words(theme: str, words: str) -> bool:
    key = fold_theme(theme)
    return key in fold_theme(words) or (Registry.load().theme(words) or "-") == (Registry.load().theme(theme) or "")
