"""What a whole page says before any single fact is read: its title, language, date, fund, themes and sections."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.mentions import Mention, Time
from loaders.names.tongues import guess
from loaders.outline import Outline
from loaders.reading.bodies import Body, is_certain, is_organisation, organisations
from loaders.reading.loose_rows import with_cells
from loaders.reading.sums import Sum
from loaders.records import About, LeftOut, Money, Objective, Origin, Stated
from loaders.values.dates import dates

_NAVIGATION = 3
"""So many short lines without a blank line between them are a menu."""
_LETTER = 8
"""The title of a newsletter is among so many first blocks."""
_LONGEST_TITLE = 100
TITLE_END = re.compile(r"(?:(?:(?<!\s)\s+)?\([^()]*\)|(?<!\s)\s+(?:19|20)\d\d\s?[–-]\s?(?:19|20)\d\d){1,9}$")
"""What may stand behind the name in a title: brackets and years."""
_TRAIL = re.compile(r"\S\s[/>›»·]\s\S")
"""What parts the steps of a trail to the page (``Etusivu > Hankkeet``)."""
_OBJECTIVE_NAME = re.compile(
    r"\.?:?[^\S\n]+(?P<name>[A-ZÅÄÖ](?:[^.,;:()\d\n]|\n(?=[a-zåäö])|(?<=[dijt]en),)*?)"
    rf"\s*(?=\.(?:\s|$)|(?<![dijt]en),|[;:()]|\n(?![a-zåäö])|\s{phrases.AND}\s\d|$)"
)
"""The name of a specific objective behind its notation, up to the end of its clause; a genitive ends no name."""


class Page:
    """An outline with what holds for the page as a whole; readers share it."""

    def __init__(self, outline: Outline) -> None:
        """Keep the outline; everything else is found when first asked for."""
        self.outline = outline
        self.text = outline.text.text
        self.blocks = tuple(with_cells(self.text, b) if b.loose and not b.label else b for b in outline.blocks)
        self.left_out: list[LeftOut] = []
        self.parts: list[int] = []
        """Where the parts of the page begin that say nothing of one another."""

    def words(self, span: Bounds | Block) -> str:
        """Give the words of a span or block."""
        return self.outline.words(span)

    def origin(self, start: int, end: int, *, private: bool = False) -> Origin:
        """Give the origin of a span."""
        return self.outline.text.origin(start, end, private=private)

    def stated(self, value: str, start: int, end: int) -> Stated[str]:
        """Give a value with the origin of its span."""
        return Stated(value, self.origin(start, end))

    def day_of(self, time: Time, value: str | None) -> Stated[str]:
        """Give one day of a time with its origin; it is but likely where its year follows from the day of the page."""
        origin = self.origin(time.start, time.end)
        return Stated(value or "", replace(origin, certainty="likely") if time.assumed else origin)

    def leave_out(self, start: int, end: int, reason: str, *, understood: bool = False) -> None:
        """Say of some words that they were seen and not read; ``reason`` is a key of ``engine/words/reasons.toml``."""
        entry = self.outline.text.left_out(start, end, reason, understood=understood)
        if entry not in self.left_out:
            self.left_out.append(entry)

    def refuse_body(self, start: int, end: int) -> None:
        """Say that a piece of a list of implementers is no name of an organisation."""
        self.leave_out(start, end, "no-organisation")

    def from_mention(self, mention: Mention) -> Stated[str]:
        """Give the value of a mention with the origin of its words."""
        return self.stated(mention.value, mention.start, mention.end)

    def authority(self, start: int, end: int) -> Stated[str] | None:
        """Give the first authority that a span names."""
        named = mentions.authorities(self.text, start, end)
        return self.stated(named[0].name, named[0].start, named[0].end) if named else None

    def objectives(self, found: Iterable[Mention]) -> tuple[Stated[Objective], ...]:
        """Give the objectives that some mentions name, with their names where the page prints these behind the notation."""
        keys = ((one, (bisect_right(self.parts, one.start), one.value)) for one in found)
        return tuple(self._named_objectives.get(key) or self._objective(one) for one, key in keys)

    @cached_property
    def _named_objectives(self) -> dict[tuple[int, str], Stated[Objective]]:
        """Each objective at the first place of a part of the page that prints its name."""
        named: dict[tuple[int, str], Stated[Objective]] = {}
        for block in self.blocks:
            for stated in map(self._objective, mentions.objectives(self.text, block.start, block.end)):
                if stated.value.name:
                    named.setdefault((bisect_right(self.parts, block.start), stated.value.notation or ""), stated)
        return named

    def _objective(self, one: Mention) -> Stated[Objective]:
        block = self.blocks[max(0, bisect_right(self._starts, one.start) - 1)]
        name = _OBJECTIVE_NAME.match(self.text, one.end, block.end) if block.kind != "row" else None
        if name is None or (name.group()[0] == "." and self.text[name.end() : name.end() + 1] == ","):  # a sentence
            return Stated(Objective(one.value), self.origin(one.start, one.end))
        low, high = name.span("name")
        high = next((cue.start for cue in phrases.find("cue.according", self.text, low, high)), high)
        words = self.text[low:high].rstrip()
        return Stated(Objective(one.value, " ".join(words.split())), self.origin(one.start, low + len(words)))

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def money(self, about: About, phase: str, one: Sum) -> Money:
        """Give the record of a sum of the page, as of the page's date."""
        return Money(
            about=about,
            phase=phase,
            amount=one.amount.value,
            as_stated=one.amount.words,
            precision=one.amount.precision,
            origin=self.origin(one.start, one.end),
            date=self.reference_date,
            approximate=one.amount.approximate,
            maximum=one.amount.maximum,
            scope=one.scope,
        )

    @cached_property
    def language(self) -> str:
        """The language of the page."""
        return guess(self.text)

    @cached_property
    def programme(self) -> Mention | None:
        """The programme period the page speaks of."""
        return mentions.programme(self.text)

    @cached_property
    def period(self) -> str | None:
        """The period's years, ``2021-2027``."""
        return self.programme.value if self.programme else None

    @cached_property
    def publisher(self) -> Body | None:
        """The organisation that the head of the page names as its own: a line of its own, or what stands before a dash."""
        for block in self.blocks[:_LETTER]:
            end = block.start + len(re.split(r"\s[–—|/-]\s", self.words(block))[0])
            named = list(organisations(self.text, block.start, end)) if end - block.start < _LONGEST_TITLE else []
            if len(named) == 1 and named[0].end >= end and is_organisation(named[0].name):
                return named[0]
        return None

    @cached_property
    def reference_date(self) -> str | None:
        """The day the page is of, or the month of a newsletter; of slides that give none, the last year they tell of as past."""
        if self.day is None and self._letter is not None:
            return self._month()
        return self.day.value if self.day else self._last_past_year() if self.only_theme else None

    @cached_property
    def day(self) -> Mention | None:
        """The day beside a word for publishing or updating, else in a line that is a date."""
        for block in self.blocks:
            words = self.text[block.start : block.end]
            if len(words) < 60 and (found := dates(words)):
                lead = words[: found[0].start].strip(" :.(")
                if not lead or phrases.label(lead) == "document.date" or phrases.means("date.as_of", lead):
                    at = (block.start + found[0].start, block.start + found[0].end)
                    return Mention(found[0].value, *at) if len(found[0].value) == 10 else None
        return None

    @cached_property
    def near(self) -> str | None:
        """The day near which days without a year lie: the page's, else the first beside the word for a call, or of one year."""
        spans = (one for one in self.outline.text.sentences() if phrases.says("noun.call", self.text, *one))
        times = (time for span in spans for time in mentions.times(self.text, *span))
        days = (day for one in times if len(day := one.opens or one.closes or "") > 4)
        years = {one.value[:4]: one.value for one in dates(self.text) if len(one.value) == 10}
        return self.day.value if self.day else next(days, min(years.values()) if len(years) == 1 else None)

    def _month(self) -> str | None:
        """The month of a newsletter: of its title, else of the name that it is kept under."""
        document = self.outline.document
        for words in (self.title, document.title, document.id):
            plain = re.sub(r"\b(kes|hein)akuu", r"\1äkuu", re.sub(r"[-_/]", " ", words or ""))
            found = [one.value for one in dates(plain) if any(c.isalpha() for c in plain[one.start : one.end])]
            printed = re.search(r"(?<!\d)(20\d\d)[ -](0[1-9]|1[0-2])(?!\d)", plain)
            if found or printed:
                return found[0] if found else f"{printed[1]}-{printed[2]}" if printed else None
        return None

    @cached_property
    def only_theme(self) -> int | None:
        """Where the words end that say, at the head of slides, that these are of a national theme, and no more."""
        return next((one.end for one in self.blocks[:3] if mentions.subtitle(self.text[: one.end])), None)

    def _last_past_year(self) -> str | None:
        """The last year that slides without a date tell of as past: they were made then."""
        past = [one for one in self.outline.text.sentences() if phrases.says("cue.past", self.text, *one)]
        years = (date.value[:4] for start, end in past for date in dates(self.text[start:end]))
        return max(years, default=None)

    @cached_property
    def menu(self) -> frozenset[int]:
        """The blocks that belong to a menu: runs of short lines before the first paragraph, and words every site has."""
        found: set[int] = set()
        run: list[int] = []
        first_text = next(
            (n for n, b in enumerate(self.blocks) if b.end - b.start > 160 or b.kind in ("field", "row")), 10**9
        )
        for number, block in enumerate([*self.blocks, None]):
            short = block is not None and block.kind == "line" and block.end - block.start < 40 and number < first_text
            if short and block is not None and not (block.gap and run):
                run.append(number)
                continue
            if block is not None and block.kind == "field":
                run = run[:-1]  # the name above a group of fields
            announced = bool(run) and run[0] > 0 and self.words(self.blocks[run[0] - 1]).endswith(":")
            if len(run) >= _NAVIGATION and not announced:
                found.update(run)
            run = [number] if short else []
        found.update(
            n
            for n, b in enumerate(self.blocks)
            if mentions.of_site(self.words(b)) and b.end - b.start < 60 and b.kind in ("line", "heading")
        )
        return frozenset(found)

    @cached_property
    def title_block(self) -> int | None:
        """The block of the page's title: its main heading, or the short line that the first sentences repeat."""
        if self._letter is not None:
            return self._letter
        best: tuple[float, int] | None = None
        paragraphs = [n for n, b in enumerate(self.blocks) if b.kind in ("line", "item") and b.end - b.start > 120]
        first = next(
            (n for n in paragraphs if any(m not in self.menu and m not in paragraphs for m in range(n))),
            len(self.blocks),
        )
        opening = " ".join(self.words(self.blocks[n]) for n in paragraphs[:4]).casefold()
        for number, block in enumerate(self.blocks[: min(first + 1, 40)]):
            if block.kind not in ("heading", "line") or number in self.menu or number in paragraphs:
                continue
            worth = self._title_worth(block, opening)
            if worth > 0 and (best is None or worth > best[0]):
                best = (worth, number)
        return best[1] if best else None

    @cached_property
    def _letter(self) -> int | None:
        """The block of the title of a newsletter; a sentence that tells of one is longer."""
        return next(
            (
                n
                for n, b in enumerate(self.blocks[:_LETTER])
                if b.end - b.start < _LONGEST_TITLE
                and phrases.says("document.letter", self.words(b))
                and " " in self.words(b)
            ),
            None,
        )

    def _title_worth(self, block: Block, opening: str) -> float:
        words = self.words(block)
        dated = self.day is not None and block.start <= self.day.start < block.end
        asks = words.endswith("?") and " " not in words
        if dated or asks or not 4 <= len(words) <= 200 or phrases.label(words) or re.fullmatch(r"[\d.\s/–-]+", words):
            return 0.0
        name, label = TITLE_END.sub("", words).casefold(), phrases.label_at_start(words)
        if label and label[0].startswith("person.") and ":" in words:
            return 0.0
        if phrases.means("heading.general", name) or (words.isupper() and self._parts_in_capitals):
            return 0.0
        worth = 1.0 + 3.0 * (block.level == 1) + 1.0 * (block.kind == "heading")
        first = re.split(r":\s|\s[–—-]\s", name)[0]
        repeated = len(first) > 5 and re.search(rf"(?<![\w-]){re.escape(first)}", opening)
        worth += (3.0 if first == name else 2.0) * bool(repeated) - 9.0 * bool(_TRAIL.search(words))
        acronym = re.search(r"\(([A-ZÅÄÖ][\w-]{1,20})\)$|^([A-ZÅÄÖ][\w-]{2,20})(?=\s[–-]\s)", words)
        worth += 3.0 * bool(acronym and (acronym[1] or acronym[2]).casefold() in opening)
        near = 2 * len(words)  # a label without a value stands twice
        others = (b for b in self.blocks[:40] if b.kind in ("heading", "line") and abs(b.start - block.start) > near)
        worth += 2.0 * any(self.words(b).startswith(words) for b in others) + 2.0 * (words.casefold() in self._window)
        worth -= (
            1.5 * words.endswith(".") + 0.5 * (len(words) < 9) + 4.0 * (not (words[0].isupper() or words[0].isdigit()))
        )
        if is_organisation(words):  # whose page it is, where another line can name what it is about
            return min(worth, 0.6) if is_certain(words) else worth - 0.4
        return worth

    @cached_property
    def _window(self) -> list[str]:
        """What a file says its title is, in small letters: without its end the site's name in ``A page - A site``."""
        parts = re.split(r"(\s*[|»]\s*|\s[–—-]\s)", " ".join((self.outline.document.title or "").casefold().split()))
        return ["".join(parts[:end]) for end in range(1, max(len(parts), 2), 2)]

    @cached_property
    def _parts_in_capitals(self) -> bool:
        """Whether the headings of the page's parts stand in capitals: one that does is no title."""
        heads = [one for b in self.blocks if b.kind == "heading" and (one := self.words(b)).isupper()]
        return len(heads) > 2 and any(phrases.says("noun.project", one) for one in heads)

    @cached_property
    def title(self) -> str | None:
        """The page's title."""
        return self.words(self.blocks[self.title_block]) if self.title_block is not None else None

    @cached_property
    def of_call(self) -> bool:
        """Whether the title names a call for proposals, or a field in its place does: the page announces it."""
        title = self.title or ""
        past = any(phrases.says(f"status.{one}", title) for one in ("selected", "funded"))
        past &= not phrases.says("call.is_open", title)
        field = self.call_name is not None and self.call_name == self.blocks[0]
        return field or (phrases.says("noun.call", title) and not past and not phrases.says("event", title))

    @cached_property
    def call_name(self) -> Block | None:
        """The one field of the page that names a call."""
        found = [one for one in self.blocks if one.kind == "field" and one.label == "call.name" and one.values]
        return found[0] if len(found) == 1 else None

    @cached_property
    def towns(self) -> list[Mention]:
        """The towns that the page lists as such."""
        return mentions.towns(self.text)

    @cached_property
    def themes(self) -> list[Mention]:
        """The national themes named anywhere on the page; one within the page's title, repeated below, is the whole title."""
        whole = self._titles
        found: dict[int, Mention] = {}
        for one in self._theme_mentions():
            inside = any(low <= one.start and one.end <= high for low, high in whole)
            for low, high in whole if inside else [(one.start, one.end)]:
                name = " ".join(self.text[low:high].split()) if inside else one.value
                found.setdefault(low, Mention(name, low, high))
        return [found[start] for start in sorted(found)]

    def _theme_mentions(self) -> list[Mention]:
        """The themes that words beside them show to be themes, and the places where the same names stand without such words."""
        shown = [one for span in self._runs() for one in mentions.themes(self.text, *span)]
        shown = [one for one in shown if self.outline.of_themes or mentions.is_sure(self.text, one)]
        names = {one.value for one in shown if " " in one.value and self.text[one.start : one.end] == one.value}
        again = [
            Mention(name, *m.span())
            for name in names
            for m in re.finditer(rf"{re.escape(name)}(?![\w-])(?<![\w-]{re.escape(name)})", self.text)
        ]
        return [*shown, *(one for one in again if not any(one.start < o.end and o.start < one.end for o in shown))]

    def _runs(self) -> Iterator[Bounds]:
        """The spans within which words belong together: each cell of a table, and the blocks between tables."""
        at = 0
        for block in self.blocks:
            if block.kind == "row":
                yield at, block.start
                yield from block.values if block.label != "header" else ()
                at = block.end
        yield at, len(self.text)

    @cached_property
    def _titles(self) -> list[Bounds]:
        """Where the page's title stands, if the text below repeats it and it can be a theme's name."""
        name = re.sub(r"(?:(?<!\s)\s+)?\([^()]*\)$", "", self.title or "")
        if not mentions.is_theme_name(name) or name.count(" ") < 1:
            return []
        source = r"\s+".join(re.escape(word) for word in name.split())
        spans = [match.span() for match in re.finditer(rf"(?<!\w){source}(?!\w)", self.text, re.IGNORECASE)]
        return spans if len(spans) > 1 else []

    def themes_in(self, start: int, end: int) -> list[Mention]:
        """Give the national themes named in a span."""
        return [one for one in self.themes if start <= one.start and one.end <= end]

    @cached_property
    def funds(self) -> list[Mention]:
        """The funds named anywhere on the page."""
        return self.funds_in(0, len(self.text))

    def funds_in(self, start: int, end: int) -> list[Mention]:
        """Give the funds named in a span; the name of a theme that holds one (``… sosiaalirahastotyössä``) names none."""
        found = mentions.funds(self.text, start, end, self.period)
        return [one for one in found if not any(name.start <= one.start < name.end for name in self.themes)]

    # sections

    def heading(self, number: int) -> Block | None:
        """Give the heading a block stands under."""
        at = self.outline.sections[number]
        return self.blocks[at] if at is not None else None

    @cached_property
    def _sections(self) -> dict[int | None, tuple[int, int]]:
        """For each heading, None before the first, the first and the last block of its section."""
        found: dict[int | None, tuple[int, int]] = {}
        for number, own in enumerate(self.outline.sections):
            found[own] = (found[own][0] if own in found else number, number)
        return found

    def section(self, number: int) -> Bounds:
        """Give the span from a block's heading to the next heading."""
        first, last = self._sections[self.outline.sections[number]]
        return self.blocks[first].start, self.blocks[last].end

    def first_of_section(self, number: int) -> int:
        """Give the number of the first block of a block's section."""
        return self._sections[self.outline.sections[number]][0]

    def labels_of_section(self, number: int) -> frozenset[str | None]:
        """Give the labels of the fields in a block's section."""
        return self._labels[self.outline.sections[number]]

    @cached_property
    def _labels(self) -> dict[int | None, frozenset[str | None]]:
        return {
            own: frozenset(block.label for block in self.blocks[first : last + 1] if block.kind == "field")
            for own, (first, last) in self._sections.items()
        }

    def heading_above(self, number: int) -> Block | None:
        """Give the heading above a block's own heading, where that one only says a fund or a region."""
        own = self.outline.sections[number]
        if not own:
            return None
        rest = self.words(self.blocks[own])
        for one in (*mentions.funds(rest), *mentions.regions(rest)):
            rest = rest[: one.start] + " " * (one.end - one.start) + rest[one.end :]
        if re.search(r"\w{4}", rest):
            return None
        above = self.outline.sections[own - 1]
        return self.heading_above(own - 1) or self.blocks[above if above is not None else own - 1]

    def before(self, number: int) -> str:
        """Give the words that introduce a block: its heading, or the three blocks above it, up to the list it stands in."""
        own, top = self.outline.sections[number], self._tops[number]
        first = own if own is not None else max(0, top - 3)
        above = self.heading_above(number)
        if own is None and self.title_block is not None and self.title_block < first:
            above = self.blocks[self.title_block]  # what introduces all of a page without headings
        lead = f"{self.words(above)}\n" if above else ""
        return lead + self.text[self.blocks[first].start : self.blocks[top].start]

    @cached_property
    def _tops(self) -> Sequence[int]:
        """The first block of the list that each block stands in; its own number where it stands in none."""
        tops: list[int] = []
        for number, block in enumerate(self.blocks):
            goes_on = number and self.blocks[number - 1].kind == block.kind and (block.kind == "item" or not block.gap)
            tops.append(tops[-1] if goes_on else number)
        return tops

    def related(self, number: int) -> bool:
        """Tell whether a block stands in a part that links to other things (``Lue myös``)."""
        return number in self._related

    @cached_property
    def _related(self) -> frozenset[int]:
        over = -1 if self.title_block is None else self.title_block  # ``Ajankohtaista`` over the title is the site's
        if phrases.means("heading.related", self.title or ""):
            over -= 1  # the title itself says that links follow
        return frozenset(number for number in range(len(self.blocks)) if self._links(number, over))

    def _links(self, number: int, over: int) -> bool:
        for above in range(number, max(over, number - 9), -1):
            block = self.blocks[above]
            words = self.words(block)
            news = phrases.label(words) == "document.news" and (words.endswith(":") or self._letter is not None)
            if above not in self.menu and len(words) < 40 and phrases.says("heading.related", words) and not news:
                return True
            if above < number and (block.kind in ("heading", "field", "row") or len(words) > 90):
                return False
        return False

    def fund(self, number: int, *, divided: bool = False) -> Mention | None:
        """Find the fund that holds for a block: its own, its section's, or the only one of a page not ``divided`` by themes."""
        spans = ((self.blocks[number].start, self.blocks[number].end), self.section(number))
        for found in (*(self.funds_in(*span) for span in spans), self.funds if not divided else []):
            if len({one.value for one in found}) == 1:
                return found[0]
        return None

    def sentence_at(self, at: int) -> Bounds:
        """Give the span of the sentence that a place of the text belongs to."""
        spans = self.outline.text.sentences()
        return spans[max(0, bisect_right(spans, (at, len(self.text))) - 1)]

    def sentences(self, part: Block | Bounds) -> Iterator[Bounds]:
        """Give the spans of the sentences of a block or span."""
        first, last = (part.start, part.end) if isinstance(part, Block) else part
        spans = self.outline.text.sentences()
        for start, end in spans[max(0, bisect_right(spans, (first, len(self.text))) - 1) :]:
            if start >= last:
                return
            low, high = max(start, first), min(end, last)
            if low < high and self.text[low:high].strip():
                yield low, high
