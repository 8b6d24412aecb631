"""Toteutuskatsaus: the review of the national themes at a date; which part of each theme's form is what.

Each theme has a form: a table (name, contacts, ministries, period, four amounts), five parts of running text, links, and a
list of its projects. The parts are laid out as one page, which the readers of ``loaders.reading`` read.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import pairwise

from loaders import mentions, phrases
from loaders.blocks import Block, Bounds
from loaders.document.lines import Document, Line
from loaders.errors import SourceError
from loaders.mentions import Mention
from loaders.names import Registry
from loaders.outline import Outline, joined, outline
from loaders.reading import (
    amount_tables,
    calls,
    contacts,
    coordination,
    counts,
    left_out,
    money,
    persons,
    projects,
    theme_drafts,
    theme_names,
    topics,
)
from loaders.reading.page import Page
from loaders.reading.project_drafts import Draft
from loaders.reading.project_lists import ProjectList, url_key
from loaders.reading.subjects import Subjects
from loaders.reading.theme_drafts import Scope, Themes
from loaders.records import About, Call, Contact, Count, Project, Reading, Record, Side, Stated, Theme
from loaders.text import Prose, trimmed
from loaders.values.dates import dates
from loaders.values.marks import Mark, urls

NAME = "review"

_HEADINGS = 3
"""A document with the title of a review and so many headings of its parts is one, whatever its tables are."""
_CELLS = ("contacts", "ministry", "period", "money")
_LABEL_REACH = 900
_HEADING_REACH = 320
_LINKS, _LIST = 6, 7
_LIST_HEAD = 160
_NO_SPAN = (0, 0)
_KIND = re.compile(rf"\s+{phrases.whole_words('lists', 'coordination')}$", re.IGNORECASE)
"""What may stand behind a theme's name."""


def recognises(document: Document) -> bool:
    """Whether a document is a review, by its title, the form's table and the headings of its parts; never by its content."""
    lines = Lines(document)
    if all(_pattern(name).search(lines.text) for name in ("contacts", "ministry")) and forms(lines):
        return True
    headings = sum(_heading_pattern(number).search(lines.text) is not None for number in range(1, _LIST + 1))
    return headings >= _HEADINGS and _pattern("title").search(lines.text[:2000]) is not None


# the parts of the forms


class Lines:
    """The lines of a document as one text, white space collapsed, line breaks kept."""

    def __init__(self, document: Document) -> None:
        """Join the lines; the furniture of pages is left out."""
        aside = {line.number for line in document.furniture} if document.form == "text" else set()
        self.document = document
        self.lines = [line for line in document.lines if line.number not in aside]
        texts = [" ".join(line.text.split()) for line in self.lines]
        self.text = "\n".join(texts)
        self.starts = [0]
        for text in texts:
            self.starts.append(self.starts[-1] + len(text) + 1)

    @cached_property
    def addresses(self) -> list[Mark]:
        """The web addresses printed in the text, also over lines."""
        return urls(self.text)

    def index(self, offset: int) -> int:
        """Give the index of the line that holds an offset."""
        return bisect_right(self.starts, offset) - 1

    @cached_property
    def _address_lines(self) -> frozenset[int]:
        """The indexes of the lines that hold nothing but a web address, or a part of one."""
        return frozenset(
            index
            for mark in self.addresses
            for index in range(self.index(mark.start), self.index(mark.end - 1) + 1)
            if mark.start <= self.starts[index] < self.starts[index + 1] - 1 <= mark.end
        )

    def cut(self, low: int, high: int, *, addresses: bool = False) -> list[Line]:
        """Give the lines of a span, its first and last one cut; lines that are ``addresses`` only where so asked."""
        low, high = trimmed(self.text, low, high)
        lines: list[Line] = []
        for index in range(self.index(low), len(self.lines)):
            start, end = self.starts[index], self.starts[index + 1] - 1
            if start >= high:
                break
            if addresses or index not in self._address_lines:
                words = self.text[max(low, start) : min(high, end)].strip()
                whole = low <= start and end <= high
                lines.append(self.lines[index] if whole else replace(self.lines[index], text=words))
        return lines


@dataclass(slots=True)
class Form:
    """One theme's form: its cells and numbered parts, in the text of the lines and on the page that is made of them."""

    lines: Lines
    whole: Bounds
    parts: dict[str | int, Bounds]
    name: str = ""
    spans: dict[str | int, Bounds] = field(default_factory=dict)
    """The spans of the parts in the text of the page."""
    blocks: dict[str | int, range] = field(default_factory=dict)

    @property
    def texts(self) -> list[Bounds]:
        """The spans of the parts of running text."""
        return [self.spans[number] for number in range(1, _LINKS) if number in self.spans]

    @property
    def scope(self) -> Bounds:
        """The numbers of its first and last line."""
        first, last = self.lines.index(self.whole[0]), self.lines.index(self.whole[1] - 1)
        return self.lines.lines[first].number, self.lines.lines[last].number

    def outlines(self) -> Iterator[tuple[str | int, Outline]]:
        """Give the outline of each part that holds words: running text is one block, a list keeps its lines."""
        for where, span in self.parts.items():
            lines = self.lines.cut(*span, addresses=where == _LIST)
            if where in ("contacts", "ministry"):
                lines = list(contacts.unwrapped(lines))
            elif where == "money":
                lines = [replace(line, continues=False) for line in lines]
            if where == _LINKS or not any(line.text.strip() for line in lines):
                continue
            part = replace(self.lines.document, lines=tuple(lines), furniture=())
            if where in ("contacts", "ministry", _LIST):
                yield where, outline(part, spaced=where == _LIST)
            else:
                text = Prose.of(lines)
                name = text.text if where != "name" else _KIND.sub("", text.text)
                whole = Block("line" if where != "name" else "heading", 0, len(name), level=int(where == "name"))
                yield where, Outline(part, text, (whole,))


@cache
def _pattern(concept: str, before: str = "", after: str = "") -> re.Pattern[str]:
    words = phrases.whole_words("forms", f"review.{concept}")
    return re.compile(before + words + after, re.IGNORECASE | re.MULTILINE)


def _heading_pattern(number: int) -> re.Pattern[str]:
    return _pattern(f"part.{number}", r"^(?:7\)\s*)?" if number == _LIST else "^")


def forms(lines: Lines) -> list[Form]:
    """Find the forms of all themes, in the order of the document."""
    text = lines.text
    labels = [
        match
        for match in _pattern("theme", "^", r"\s*:?").finditer(text)
        if _pattern("contacts", "^", r"\s*:?").search(text, match.end(), match.end() + _LABEL_REACH)
    ]
    bounds = [match.start() for match in labels] + [len(text)]
    return [_form(lines, span, label.end()) for span, label in zip(pairwise(bounds), labels, strict=True)]


def _form(lines: Lines, whole: Bounds, at: int) -> Form:
    """The cells and the seven parts of a form; a heading counts once, and only behind the heading before it."""
    text = lines.text
    parts: list[tuple[int, int, str | int]] = [(at, at, "name")]
    low = whole[0]
    for number in range(1, _LIST + 1):
        if match := _heading_pattern(number).search(text, low, whole[1]):
            end = _pattern("end", after=r"\s*\.?:?").search(text, match.start(), match.end() + _HEADING_REACH)
            parts.append((match.start(), max(match.end(), end.end()) if end else match.end(), number))
            low = match.end()
    table = parts[1][0] if len(parts) > 1 else whole[1]
    cells = ((name, _pattern(name, "" if name == "ministry" else "^", r"\s*:?")) for name in _CELLS)
    parts += ((*match.span(), name) for name, label in cells if (match := label.search(text, whole[0], table)))
    parts.sort(key=lambda one: one[:2])
    ends = [*(start for start, _, _ in parts[1:]), whole[1]]
    return Form(lines, whole, {name: (low, high) for (_, low, name), high in zip(parts, ends, strict=True)})


def _lay_out(lines: Lines, laid: Sequence[Form]) -> Page:
    """Lay out the parts of all forms as one page, the lines above the first form before them; a theme's name heads its form."""
    above = replace(lines.document, lines=tuple(lines.cut(0, laid[0].whole[0])), furniture=())
    outlines = [outline(above)] if above.lines else []
    at = sum(len(one.text.text) + 2 for one in outlines)
    number = sum(len(one.blocks) for one in outlines)
    aside = set(range(number))
    for form in laid:
        for where, part in form.outlines():
            form.spans[where] = (at, at + len(part.text.text))
            form.blocks[where] = range(number, number + len(part.blocks))
            aside.update(form.blocks[where] if isinstance(where, str) else ())
            outlines.append(part)
            at, number = at + len(part.text.text) + 2, number + len(part.blocks)
    page = Page(joined(lines.document, outlines))
    page.menu = frozenset(aside)
    for form in (one for one in laid if "name" in one.spans):
        page.parts.append(form.spans["name"][0])
        form.name = " ".join(page.words(form.spans["name"]).split())
    return page


# what the parts say


def parse(document: Document) -> Reading:
    """Read a review; raises SourceError where no theme's form is in it."""
    lines = Lines(document)
    all_forms = forms(lines)
    if not all_forms:
        raise SourceError(document.id, "no form of a theme: “Valtakunnallinen teema” with its rows was expected")
    page = _lay_out(lines, all_forms)
    laid = [form for form in all_forms if "name" in form.spans]
    above = Prose.of(lines.cut(0, all_forms[0].whole[0]))
    days = [d.value for d in dates(above.text)]
    page.reference_date = next((d for d in days if len(d) == 10), days[0] if days else None)
    printed = (above.text[low:high] for low, high in above.printed())
    title = next((" ".join(line.split()) for line in printed if _pattern("title").search(line)), None)
    records = list(_records(page, laid, title or ""))
    nameless = (form for form in all_forms if "name" not in form.spans)
    for form in nameless:  # nothing in it belongs to a theme
        words = Prose.of(form.lines.cut(*form.whole))
        page.left_out.append(words.left_out(*words.printed()[0], "form-without-theme", understood=False))
    return Reading(
        layout=NAME,
        records=tuple(records),
        title=title or document.title,
        programme=page.programme.value if page.programme else None,
        reference_date=page.reference_date,
        left_out=tuple(left_out(page, records)),
    )


def _records(page: Page, laid: Sequence[Form], title: str) -> Iterator[Record]:
    """The themes with their contacts and amounts, then calls, counts and projects."""
    scopes = tuple(Scope(*one.scope, one.name) for one in laid)
    themes = Themes([], scopes)
    drafts = [draft for one in laid for draft in _projects(page, one)]
    coordination.complete(page, drafts, {one.name: [one.spans.get("contacts", _NO_SPAN), *one.texts] for one in laid})
    listed: dict[str, list[Record]] = {}
    keyed: list[tuple[str, Draft]] = []
    for draft in drafts:
        name = draft.theme.value if draft.theme else ""
        made = list(projects.of_draft(page, draft, name, listed))
        key = made[0].key if isinstance(made[0], Project) else ""
        listed[key] = made
        keyed.append((key, draft))
    all_calls = [replace(one, fund=None) for one in calls.read(page, themes, of_theme=True) if isinstance(one, Call)]
    for one in laid:
        record, people = _theme(page, one, title)
        by = coordination.coordinated_by(page, keyed, one.name, one.spans.get("contacts", _NO_SPAN))
        yield replace(record, coordinated_by=tuple(by), web_pages=tuple(_web_pages(one)))
        yield from people
        cell = one.spans.get("money", _NO_SPAN)
        yield from amount_tables.read(page, one.name, cell, one.spans["name"], one.texts)
    yield from all_calls
    yield from (
        one for form in laid for text in form.texts for one in money.of_calls(page, text, _calls_of(all_calls, form))
    )
    coordinating = [one for made in listed.values() for one in made if isinstance(one, Project) and one.coordination]
    for count in counts.read(page, Subjects(page, [*all_calls, *coordinating], themes)):
        assert isinstance(count, Count)
        yield replace(count, date=None if count.date == page.reference_date else count.date)
    for one in laid:
        low, high = one.spans.get(_LIST, _NO_SPAN)
        call = money.call_of_list(page.text[low : min(high, low + _LIST_HEAD)], _calls_of(all_calls, one))
        for item in (
            item for key, draft in keyed if draft.theme and draft.theme.value == one.name for item in listed[key]
        ):
            yield replace(item, call=call) if isinstance(item, Project) else item


def _calls_of(all_calls: Sequence[Call], form: Form) -> list[Call]:
    return [one for one in all_calls if one.theme == form.name]


def _projects(page: Page, form: Form) -> Iterator[Draft]:
    """The projects that a form lists, else the coordination project that only its running text names."""
    theme = Mention(form.name, *form.spans["name"])
    drafts: list[Draft] = []
    if _LIST in form.spans:
        drafts = ProjectList(page, *form.spans[_LIST]).read()
    if not drafts and form.texts and (coordinating := coordination.told(page, form.texts[0][0], form.texts[-1][1])):
        drafts = [coordinating]
    for draft in drafts:
        draft.theme = theme
        yield draft


_SLASH = re.compile(r"(?<=\w-)\s+/\s*(?=\w)")
"""A slash that a wrapped line parted from a suspended word: ``siirtymä- /nivelvaiheissa``."""


def _theme(page: Page, form: Form, title: str) -> tuple[Theme, list[Contact]]:
    """The theme of a form with its contacts; a period that cannot be read is reported."""
    draft = theme_drafts.Draft(Mention(form.name, *form.spans["name"]))
    funds = mentions.funds(page.text, 0, len(title) + page.text.find(title)) if title else []
    draft.fund = theme_drafts.only(funds) or theme_drafts.only(mentions.funds(page.text, *form.spans["name"]))
    for start, end in [form.spans["name"], *form.texts]:
        theme_drafts.add_objectives(draft, mentions.objectives(page.text, start, end))
        draft.priority = draft.priority or next(theme_drafts.priorities(page, start, end), None)
        for sentence in page.sentences((start, end)):
            draft.groups += topics.groups_in(page, *sentence)
    period = form.spans.get("period", _NO_SPAN)
    theme_drafts.take(page, draft, "project.period", *period)
    if not (draft.start or draft.end):
        page.leave_out(*(period if period[1] else form.spans["name"]), "no-theme-period")
    for number in (1, 4):
        draft.parts = draft.parts or topics.listed(page, *form.spans.get(number, _NO_SPAN))
    _add_ministries(page, draft, form)
    people = _persons(page, draft, form)
    record = next(one for one in theme_drafts.records(page, draft) if isinstance(one, Theme))
    parts = tuple(replace(one, value=_SLASH.sub("/", one.value).strip(" .,;:")) for one in record.sub_themes)
    return replace(record, sub_themes=parts), people


def _add_ministries(page: Page, draft: theme_drafts.Draft, form: Form) -> None:
    """The ministries of a cell, each once; the lead is the one that the cell or, alone, the running text calls responsible."""
    key = Registry.load().organisation_key
    leads = {
        key(one.value.name)
        for text in form.texts
        for sentence in page.sentences(text)
        for one in theme_names.ministries(page, *sentence)
        if one.value.lead
    }
    named = theme_names.ministries(page, *form.spans.get("ministry", _NO_SPAN))
    for name, one in {key(one.value.name): one for one in named}.items():
        lead = one.value.lead or leads == {name}
        draft.ministries.append(replace(one, value=replace(one.value, lead=lead)))


def _persons(page: Page, draft: theme_drafts.Draft, form: Form) -> list[Contact]:
    """The contacts of both cells; the organisations of the funder's are the theme's intermediate bodies."""
    all_contacts: list[Contact] = []
    funders: dict[str, Stated[str]] = {}
    sides: tuple[tuple[str, Side | None], ...] = (("contacts", None), ("ministry", "ministry"))
    for cell, side in sides:
        for card in contacts.of_cell(page, form.blocks.get(cell, range(0))):
            all_contacts.append(contacts.contact(page, card, About("theme", form.name), side))
            if all_contacts[-1].side == "funder" and card.body and card.body_at:
                funders.setdefault(card.body.casefold(), page.stated(card.body, *card.body_at))
    if not any(one.side != "ministry" for one in all_contacts) and "contacts" in form.spans:
        funders = {one.value.casefold(): one for one in _unmanned(page, *form.spans["contacts"])}
    draft.bodies += funders.values()
    return all_contacts


def _unmanned(page: Page, low: int, high: int) -> list[Stated[str]]:
    """The authorities of a cell that names no person; one of a project or its staff funds it only if no other is named."""
    own: list[Stated[str]] = []
    of_projects: list[Stated[str]] = []
    for body in mentions.authorities(page.text, low, high):
        said = page.text[low : body.start]
        before = [part for part in re.split(r"[,:;…]\s*", said) if part.strip()][-1:]
        after_project = said.rstrip()[-1:] in (",", ":") and any(map(persons.is_project, before))
        of_staff = any(phrases.says("job.project", part, file="jobs") for part in before)
        (of_projects if after_project or of_staff else own).append(page.stated(body.name, body.start, body.end))
    return own or of_projects


_TEMPLATE = re.compile(r"//(?:www\.)?verkkosivu\.fi|^www\.verkkosivu\.fi|@osoite\.fi", re.IGNORECASE)
_THEME_PAGE = re.compile(r"https?://[^/]+/valtakunnalliset/[^/]+/[^/?#]+/?$")


def _web_pages(form: Form) -> Iterator[Stated[str]]:
    """Pages about a theme: printed in its table or among its links, else the programme site's page its links lead to."""
    marks = [one for one in form.lines.addresses if not _TEMPLATE.search(one.value)]
    cells = [form.parts[name] for name in ("contacts", "ministry", _LINKS) if name in form.parts]
    addresses = [one for low, high in cells for one in marks if low <= one.start < high]
    if not any(_THEME_PAGE.match(one.value) for one in addresses):
        low, high = form.whole
        addresses += [one for one in marks if low <= one.start < high and _THEME_PAGE.match(one.value)][:1]
    for mark in {url_key(one.value): one for one in reversed(addresses)}.values().__reversed__():
        same = [one.value for one in form.lines.addresses if url_key(one.value) == url_key(mark.value)]
        words = Prose.of(form.lines.cut(mark.start, mark.end, addresses=True))
        yield Stated(max(same, key=lambda url: ("://" in url, len(url))), words.origin(0, len(words.text)))
